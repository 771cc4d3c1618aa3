//! The cells of one table of flows as sums of cells of another that tells more apart.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use super::flows::{Flows, Places};
use super::intern::{Distinct, Values};
use super::visits::Scale;
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

/// How the cells of a table are sums of those of another that tells more apart.
#[derive(Debug, Clone)]
pub struct Projection {
    /// For each dimension of the first that of the second; all others of the second are summed over.
    pub map: Vec<usize>,
    /// Which of the first's dimensions is its time, and what times are in the first and in the second.
    pub time: Option<(usize, [Scale; 2])>,
}

impl Projection {
    /// For each dimension of `coarser` its code for each code of that of `finer`; `None` where its cells are not
    /// sums of those of `finer`: nothing is summed over, or its times are bins of a width that holds no whole number
    /// of theirs.
    fn codes(&self, coarser: &Flows, finer: &Flows) -> Option<Vec<Vec<Option<u32>>>> {
        let mut sums = self.map.len() < finer.dimensions.len();
        let mut all = Vec::with_capacity(self.map.len());
        for (mine, theirs) in self.map.iter().enumerate() {
            let theirs = &finer.dimensions[*theirs].values;
            let values = &coarser.dimensions[mine].values;
            let codes = match self.time {
                Some((time, scales)) if time == mine => {
                    let (codes, wider) = of_times(values, theirs, scales)?;
                    sums |= wider;
                    codes
                }
                _ => theirs.codes_in(values),
            };
            all.push(codes);
        }
        sums.then_some(all)
    }
}

/// The code among `coarser` times for each of `finer` ones, and whether the bins of the former are wider.
fn of_times(
    coarser: &Values,
    finer: &Values,
    scales: [Scale; 2],
) -> Option<(Vec<Option<u32>>, bool)> {
    let seconds = |values: &Values, scale: Scale| -> Option<Vec<i64>> {
        match &values.distinct {
            Distinct::Numbers(numbers) => Some(
                numbers
                    .iter()
                    .map(|stored| scale.seconds(*stored))
                    .collect(),
            ),
            Distinct::Bytes(_) => None,
        }
    };
    let (Some(mine), Some(theirs)) = (seconds(coarser, scales[0]), seconds(finer, scales[1]))
    else {
        // Texts tell no width: equal ones are the same.
        return (scales[0] == scales[1]).then(|| (finer.codes_in(coarser), false));
    };
    // One time alone tells no width, unless it is a day.
    let width = |times: &[i64], scale: Scale| match (width(times), scale) {
        (0, Scale::PerDay(_)) => 86_400,
        (width, _) => width,
    };
    let (wide, narrow) = (width(&mine, scales[0]), width(&theirs, scales[1]));
    if wide != narrow && (narrow == 0 || wide < narrow || wide % narrow != 0) {
        return None;
    }
    let aligned = |pair: (&i64, &i64)| wide == narrow || (pair.0 - pair.1) % narrow == 0;
    if !mine.first().zip(theirs.first()).is_none_or(aligned) {
        return None;
    }
    let code = |time: &i64| {
        let at = mine.partition_point(|begin| begin <= time).checked_sub(1)?;
        // Of bins of one width each is one alone.
        let is_in = *time == mine[at] || *time - mine[at] < wide;
        is_in.then_some(at as u32 + u32::from(coarser.null))
    };
    let null = finer.null.then(|| coarser.null.then_some(0));
    let codes = null.into_iter().chain(theirs.iter().map(code)).collect();
    Some((codes, wide > narrow))
}

/// The cells of a table that those of another are parts of.
pub struct Wholes<'a> {
    finer: &'a Flows,
    places: Places<'a>,
    /// Dimensions of the finer table with what each code adds to the key of the coarser cell; `None` where it is part
    /// of none.
    mapped: Vec<(usize, Vec<Option<u64>>)>,
    /// Those that are summed over, and which of their codes stand for others.
    summed: Vec<(usize, &'a [bool])>,
}

impl<'a> Wholes<'a> {
    /// `None` where the cells of `coarser` are not sums of those of `finer`.
    pub fn new(coarser: &'a Flows, finer: &'a Flows, projection: &Projection) -> Option<Self> {
        let map = &projection.map;
        let codes = projection.codes(coarser, finer)?;
        let addends = |(mine, codes): (usize, Vec<Option<u32>>)| {
            let codes = codes.into_iter();
            let addends = codes.map(|code| Some(coarser.addend(mine, code?)));
            (map[mine], addends.collect())
        };
        let summed = (0..finer.dimensions.len()).filter(|dimension| !map.contains(dimension));
        Some(Self {
            finer,
            places: coarser.places(),
            mapped: codes.into_iter().enumerate().map(addends).collect(),
            summed: summed
                .map(|dimension| (dimension, finer.dimensions[dimension].wholes.as_slice()))
                .filter(|(_, wholes)| wholes.contains(&true))
                .collect(),
        })
    }

    /// Where among the cells of the coarser table the one stands that a cell is part of; cells that stand for others
    /// are parts of none.
    pub fn find(&self, key: u64) -> Option<usize> {
        let code = |dimension: usize| self.finer.code(dimension, key) as usize;
        let mut summed = self.summed.iter();
        if summed.any(|(dimension, wholes)| wholes[code(*dimension)]) {
            return None;
        }
        let mut whole = 0;
        for (dimension, addends) in &self.mapped {
            whole += addends[code(*dimension)]?;
        }
        self.places.find(whole)
    }
}

/// The sums of the published cells of `finer` by the cells of `coarser`, in the order of the latter; values that stand
/// for others are not summed.
pub fn parts(coarser: &Flows, finer: &Flows, wholes: &Wholes<'_>) -> Vec<Parts> {
    let sums = || -> Vec<AtomicU64> { (0..coarser.len()).map(|_| AtomicU64::new(0)).collect() };
    let (least, most, cells) = (sums(), sums(), sums());
    finer.cells().for_each(|(key, count)| {
        if count.is_suppressed() {
            return;
        }
        if let Some(at) = wholes.find(key) {
            least[at].fetch_add(count.least, Relaxed);
            most[at].fetch_add(count.most, Relaxed);
            cells[at].fetch_add(1, Relaxed);
        }
    });
    let parts = least.into_iter().zip(most).zip(cells);
    let parts = parts.map(|((least, most), cells)| Parts {
        least: least.into_inner(),
        most: most.into_inner(),
        cells: cells.into_inner(),
    });
    parts.collect()
}
