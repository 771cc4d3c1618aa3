//! A table beside the table of the same name in an earlier release: who is in both under one pseudonym, and how
//! few persons are left when what both tell of somebody is put together.
//!
//! Memory: 12 bytes for each pair of a person's class in the one release and in the other.

use rayon::prelude::*;

use super::traces::Traces;
use super::trails::same_persons;
use super::{Encoded, Reduced};
use crate::language::Said;
use crate::said;

/// Persons who share what is known of somebody who is in both releases, the person among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sharing {
    /// In the smallest of the person's classes in the later table, and in the earlier one.
    pub later: u64,
    pub earlier: u64,
    /// Of those in both releases the fewest who share a class of the later and one of the earlier table.
    pub both: u64,
}

/// More pairs of classes than this are not put together: some gigabytes.
const MOST_PAIRS: u64 = 1 << 28;

/// The classes of each person, and how many persons each has.
struct Memberships<'a> {
    encoded: &'a Encoded,
    traces: &'a Traces,
    sizes: Vec<u32>,
}

impl<'a> Memberships<'a> {
    fn new(encoded: &'a Encoded) -> Result<Self, Said> {
        let (Some(Reduced::Persons(traces)), Some(shared)) = (&encoded.tuples, &encoded.shared)
        else {
            return Err(said!(
                "its rows have no pseudonyms",
                "ihre Zeilen haben keine Pseudonyme"
            ));
        };
        if shared.overlap.is_some() {
            return Err(said!(
                "its classes overlap: records match that are not equal",
                "ihre Klassen überlappen: Datensätze passen aufeinander, die nicht gleich sind"
            ));
        }
        let sizes = match &traces.composite {
            None => traces.support_of(&shared.groups),
            Some(composite) => {
                let last = composite.iter().max().map_or(0, |last| *last as usize + 1);
                let mut sizes = vec![0; last];
                composite
                    .iter()
                    .for_each(|class| sizes[*class as usize] += 1);
                sizes
            }
        };
        Ok(Self {
            encoded,
            traces,
            sizes,
        })
    }

    fn of(&self, person: usize) -> Vec<u32> {
        match (&self.traces.composite, &self.encoded.shared) {
            (Some(composite), _) => vec![composite[person]],
            (None, Some(shared)) => self.traces.groups_of(person, &shared.groups).collect(),
            (None, None) => Vec::new(),
        }
    }

    /// Persons in the smallest of some classes.
    fn least(&self, classes: &[u32]) -> u64 {
        let sizes = classes.iter().map(|class| self.sizes[*class as usize]);
        u64::from(sizes.min().unwrap_or(0))
    }
}

/// What is shared by whom of those who are in both tables of microdata, in the order of the later one.
///
/// # Errors
/// A table has no pseudonyms, its classes overlap, or persons have too many rows.
pub fn sharing(later: &Encoded, earlier: &Encoded) -> Result<Vec<Sharing>, Said> {
    let (mine, theirs) = (Memberships::new(later)?, Memberships::new(earlier)?);
    let both = same_persons(later, earlier).into_iter().enumerate();
    let both: Vec<(usize, usize)> = both
        .filter_map(|(person, before)| Some((person, before? as usize)))
        .collect();
    let rows = |(person, before): &(usize, usize)| {
        (mine.traces.of(*person).len() * theirs.traces.of(*before).len()) as u64
    };
    if both.par_iter().map(rows).sum::<u64>() > MOST_PAIRS {
        return Err(said!(
            "its persons have too many rows to put two releases together",
            "ihre Personen haben zu viele Zeilen, um zwei Veröffentlichungen zusammenzuführen"
        ));
    }
    let mut pairs: Vec<(u32, u32, u32)> = Vec::new();
    let mut sharing: Vec<Sharing> = Vec::with_capacity(both.len());
    for (at, (person, before)) in (0u32..).zip(&both) {
        let (later, earlier) = (mine.of(*person), theirs.of(*before));
        sharing.push(Sharing {
            later: mine.least(&later),
            earlier: theirs.least(&earlier),
            both: u64::MAX,
        });
        for class in &later {
            pairs.extend(earlier.iter().map(|other| (*class, *other, at)));
        }
    }
    pairs.par_sort_unstable();
    for same in pairs.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        for (_, _, at) in same {
            let least = &mut sharing[*at as usize].both;
            *least = (*least).min(same.len() as u64);
        }
    }
    Ok(sharing)
}

/// Points known of somebody in each of two releases.
pub struct Known {
    pub later: Vec<u32>,
    pub earlier: Vec<u32>,
}

/// How many persons of the later table have all points of it, and how many of those have all points of the
/// earlier one there, under the same pseudonym: `before` names each person of the later table in the earlier one.
pub fn candidates(
    later: &Traces,
    earlier: &Traces,
    before: &[Option<u32>],
    known: &[Known],
) -> Vec<(u64, u64)> {
    // Whoever has all points has the rarest: only its persons need a look.
    let rarest = |known: &Known| {
        let points = known.later.iter().copied();
        points
            .min_by_key(|point| (later.support[*point as usize], *point))
            .expect("points are known")
    };
    let mut needed: Vec<u32> = known.iter().map(rarest).collect();
    needed.par_sort_unstable();
    needed.dedup();
    let having = later.having(&needed);
    let has = |traces: &Traces, person: usize, points: &[u32]| {
        let trace = traces.of(person);
        points
            .iter()
            .all(|point| trace.binary_search(point).is_ok())
    };
    let count = |known: &Known| {
        let at = needed.binary_search(&rarest(known));
        let persons = having[at.expect("its persons were collected")].iter();
        let persons = persons.filter(|person| has(later, **person as usize, &known.later));
        persons.fold((0, 0), |(alone, both), person| {
            let there = before[*person as usize]
                .is_some_and(|before| has(earlier, before as usize, &known.earlier));
            (alone + 1, both + u64::from(there))
        })
    };
    known.par_iter().map(count).collect()
}
