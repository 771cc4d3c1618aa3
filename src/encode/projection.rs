//! The cells of one table of flows as sums of cells of another that tells more apart.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use super::flows::Flows;
use super::intern::Distinct;
use super::width;

/// What is published of the parts of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// Their persons, at least and at most; each counted once a part.
    pub least: u64,
    pub most: u64,
    /// Cells that are parts.
    pub cells: u64,
}

/// The sums of the published cells of `finer` by the cells of `coarser`, in the order of the latter. `map` names for
/// each dimension of `coarser` that of `finer`; all others are summed over, but for values that stand for
/// others.
pub fn parts(coarser: &Flows, finer: &Flows, map: &[usize]) -> Vec<Parts> {
    // The code in the coarser table for each code of the finer one.
    let codes: Vec<Vec<Option<u32>>> = map
        .iter()
        .zip(&coarser.dimensions)
        .map(|(theirs, mine)| finer.dimensions[*theirs].values.codes_in(&mine.values))
        .collect();
    let summed: Vec<(usize, &Vec<bool>)> = (0..finer.dimensions.len())
        .filter(|dimension| !map.contains(dimension))
        .map(|dimension| (dimension, &finer.dimensions[dimension].wholes))
        .collect();
    let sums = || -> Vec<AtomicU64> { (0..coarser.len()).map(|_| AtomicU64::new(0)).collect() };
    let (least, most, cells) = (sums(), sums(), sums());
    finer.cells().for_each(|(key, count)| {
        let is_whole = |(dimension, wholes): &(usize, &Vec<bool>)| {
            wholes[finer.code(*dimension, key) as usize]
        };
        if count.is_suppressed() || summed.iter().any(is_whole) {
            return;
        }
        let code =
            |(theirs, codes): (&usize, &Vec<Option<u32>>)| codes[finer.code(*theirs, key) as usize];
        let mine: Option<Vec<u32>> = map.iter().zip(&codes).map(code).collect();
        let Some(at) = mine.and_then(|codes| coarser.find(coarser.key_of(&codes))) else {
            return;
        };
        least[at].fetch_add(count.least, Relaxed);
        most[at].fetch_add(count.most, Relaxed);
        cells[at].fetch_add(1, Relaxed);
    });
    let parts = least.into_iter().zip(most).zip(cells);
    parts
        .map(|((least, most), cells)| Parts {
            least: least.into_inner(),
            most: most.into_inner(),
            cells: cells.into_inner(),
        })
        .collect()
}

/// Whether the distinct numbers of two dimensions are bins of one width, as far as their differences tell: hours
/// beside days are not.
pub fn same_width(a: &Flows, mine: usize, b: &Flows, theirs: usize) -> bool {
    let of = |flows: &Flows, dimension: usize| match &flows.dimensions[dimension].values.distinct {
        Distinct::Numbers(numbers) => width(numbers),
        Distinct::Bytes(_) => 0,
    };
    of(a, mine) == of(b, theirs)
}
