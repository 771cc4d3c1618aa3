//! A table of places of interest against the places of a trace.

use std::collections::HashSet;

use super::Encoded;
use super::axis::Axis;
use super::intern::Distinct;

/// Which places of a trace are of interest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landmarks {
    /// By the code of the place.
    pub marked: Vec<bool>,
    /// Distinct cells in which there is a place of interest.
    pub cells: u64,
}

/// Compares the places of a trace's points, which have some, with those of a table of places, binned alike.
pub fn landmarks(trace: &Encoded, places: &Encoded) -> Landmarks {
    // Points are time, where they have one, and place.
    let after_time = usize::from(matches!(trace.axes.first(), Some(Axis::Time(_))));
    let (mine, theirs) = (&trace.attributes[after_time].1, &places.attributes[0].1);
    let null = mine.null.then_some(false);
    let marked: Vec<bool> = match (&mine.distinct, &theirs.distinct) {
        (Distinct::Numbers(mine), Distinct::Numbers(theirs)) => {
            let theirs: HashSet<i64> = theirs.iter().copied().collect();
            let is = |place: &i64| theirs.contains(place);
            null.into_iter().chain(mine.iter().map(is)).collect()
        }
        (Distinct::Bytes(mine), Distinct::Bytes(theirs)) => {
            let theirs: HashSet<&[u8]> = (0..theirs.len()).map(|at| theirs.get(at)).collect();
            let is = |at: usize| theirs.contains(mine.get(at));
            null.into_iter().chain((0..mine.len()).map(is)).collect()
        }
        // Types that cannot be compared were refused before.
        _ => vec![false; mine.len()],
    };
    Landmarks {
        marked,
        cells: (theirs.len() - usize::from(theirs.null)) as u64,
    }
}
