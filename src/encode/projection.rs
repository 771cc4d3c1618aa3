//! The cells of one table of flows as sums of cells of another that tells more apart.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use super::cover::Cover;
use super::flows::{Dimension, Flows, Places};
use super::intern::Values;
use super::paths::labels;
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
    pub time: Option<Times>,
}

/// The times of two tables of which one may be wider.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// Which of the first's dimensions is its time.
    pub dimension: usize,
    /// What times are in the first and in the second.
    pub scales: [Scale; 2],
    /// How long a count lasts in each, in seconds, where the manifest says so.
    pub windows: [Option<u32>; 2],
}

/// For each code of a finer dimension the one of the coarser that it is part of.
type Codes = Vec<Option<u32>>;

impl Projection {
    /// For each dimension of `coarser` its code for each code of that of `finer`, more than once where values of
    /// `coarser` share parts: each layer holds values that are apart. `None` where its cells are not sums of those of
    /// `finer`: nothing is summed over, or its times are bins of a width that holds no whole number of theirs.
    fn layers(&self, coarser: &Flows, finer: &Flows) -> Option<Vec<Vec<Codes>>> {
        let mut sums = self.map.len() < finer.dimensions.len();
        let mut all = Vec::with_capacity(self.map.len());
        for (mine, theirs) in self.map.iter().enumerate() {
            let (coarser, finer) = (&coarser.dimensions[mine], &finer.dimensions[*theirs]);
            let (layers, wider) = match (self.time, &coarser.cover) {
                (Some(times), _) if times.dimension == mine => times.layers(coarser, finer)?,
                (_, Some(cover)) => of_areas(cover, coarser, finer),
                _ => (vec![finer.values.codes_in(&coarser.values)], false),
            };
            sums |= wider;
            all.push(layers);
        }
        sums.then_some(all)
    }
}

/// For areas those that each value of another column is part of. An area that the other column has as well is itself,
/// and no sum.
fn of_areas(cover: &Cover, coarser: &Dimension, finer: &Dimension) -> (Vec<Codes>, bool) {
    let same = finer.values.codes_in(&coarser.values);
    let mut has = vec![false; coarser.values.len()];
    same.iter()
        .flatten()
        .for_each(|code| has[*code as usize] = true);
    let names = labels(&finer.values);
    let mut wider = false;
    let mut held = |code: usize| -> Vec<u32> {
        let name = names[code].as_deref().filter(|_| !finer.wholes[code]);
        let holders = name.map_or(&[][..], |name| cover.holders(name)).iter();
        let sums = holders.copied().filter(|holder| !has[*holder as usize]);
        let sums: Vec<u32> = sums.collect();
        wider |= !sums.is_empty();
        same[code].into_iter().chain(sums).collect()
    };
    let held: Vec<Vec<u32>> = (0..names.len()).map(&mut held).collect();
    (layered(&held), wider)
}

/// Each with at most one of those that hold it, in as many layers as it takes; a holder is in one layer.
fn layered(held: &[Vec<u32>]) -> Vec<Codes> {
    let mut layer_of: BTreeMap<u32, usize> = held.iter().flatten().map(|code| (*code, 0)).collect();
    let mut layers: Vec<Codes> = vec![vec![None; held.len()]];
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, holders) in held.iter().enumerate() {
        for holder in holders {
            members.entry(*holder).or_default().push(at);
        }
    }
    for (holder, layer) in &mut layer_of {
        let members = &members[holder];
        let is_free = |layer: &Codes| members.iter().all(|at| layer[*at].is_none());
        *layer = layers.iter().position(is_free).unwrap_or(layers.len());
        if *layer == layers.len() {
            layers.push(vec![None; held.len()]);
        }
        members
            .iter()
            .for_each(|at| layers[*layer][*at] = Some(*holder));
    }
    layers
}

impl Times {
    /// The same, the first and the second table changed.
    pub fn turned(&self) -> Self {
        let ([first, second], [one, other]) = (self.scales, self.windows);
        Self {
            dimension: self.dimension,
            scales: [second, first],
            windows: [other, one],
        }
    }

    /// The code among `coarser` times for each of `finer` ones, where these are as wide or lie within them.
    pub fn coarsened(&self, coarser: &Values, finer: &Values) -> Option<Vec<Option<u32>>> {
        self.codes(coarser, finer).map(|(codes, _)| codes)
    }

    /// The times of `coarser` that each of `finer` lies in, and whether they are wider.
    fn layers(&self, coarser: &Dimension, finer: &Dimension) -> Option<(Vec<Codes>, bool)> {
        if finer.cover.is_some() {
            // What overlaps adds up to nothing.
            return None;
        }
        if coarser.cover.is_none() {
            let (codes, wider) = self.codes(&coarser.values, &finer.values)?;
            return Some((vec![codes], wider));
        }
        let [wide, narrow] = [0, 1].map(|side| self.windows[side].map(i64::from));
        let begins = self.scales[0].all(&coarser.values)?;
        let theirs = self.scales[1].all(&finer.values)?;
        let narrow = narrow.or_else(|| bin_width(&theirs, self.scales[1]))?;
        let wide = wide?;
        let first = u32::from(coarser.values.null);
        let apart = |begin: &i64| (begin - theirs[0]) % narrow == 0;
        if wide % narrow != 0 || theirs.is_empty() || !begins.iter().all(apart) {
            return None;
        }
        let held = |time: &i64| -> Vec<u32> {
            let after = begins.partition_point(|begin| *begin <= *time - wide);
            let until = begins.partition_point(|begin| begin <= time);
            (after..until).map(|at| at as u32 + first).collect()
        };
        let null = finer
            .values
            .null
            .then(|| (first > 0).then_some(0).into_iter().collect());
        let held: Vec<Vec<u32>> = null.into_iter().chain(theirs.iter().map(held)).collect();
        Some((layered(&held), wide > narrow))
    }

    /// The code among `coarser` times for each of `finer` ones, and whether the bins of the former are wider.
    fn codes(&self, coarser: &Values, finer: &Values) -> Option<(Codes, bool)> {
        let scales = self.scales;
        let (Some(mine), Some(theirs)) = (scales[0].all(coarser), scales[1].all(finer)) else {
            // Texts tell no width: equal ones are the same.
            return (scales[0] == scales[1]).then(|| (finer.codes_in(coarser), false));
        };
        let width = |side: usize, times: &[i64]| {
            let stated = self.windows[side].map(i64::from);
            stated
                .or_else(|| bin_width(times, scales[side]))
                .unwrap_or(0)
        };
        let (wide, narrow) = (width(0, &mine), width(1, &theirs));
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
}

/// How wide times are: the greatest width of which all lie a multiple apart. One time alone tells none, unless it is a
/// day.
fn bin_width(times: &[i64], scale: Scale) -> Option<i64> {
    match (width(times), scale) {
        (0, Scale::PerDay(_)) => Some(86_400),
        (0, _) => None,
        (width, _) => Some(width),
    }
}

/// The cells of a table that those of another are parts of.
pub struct Wholes<'a> {
    finer: &'a Flows,
    places: Places<'a>,
    /// Of values that share parts each layer holds some that are apart.
    layers: Vec<Layer>,
    /// Those that are summed over, and which of their codes stand for others.
    summed: Vec<(usize, &'a [bool])>,
}

/// Dimensions of the finer table with what each code adds to the key of the coarser cell; `None` where it is part of
/// none.
type Layer = Vec<(usize, Vec<Option<u64>>)>;

impl<'a> Wholes<'a> {
    /// `None` where the cells of `coarser` are not sums of those of `finer`.
    pub fn new(coarser: &'a Flows, finer: &'a Flows, projection: &Projection) -> Option<Self> {
        let map = &projection.map;
        let mut layers: Vec<Layer> = vec![Vec::new()];
        for (mine, of_dimension) in projection.layers(coarser, finer)?.into_iter().enumerate() {
            let addends = |codes: &Codes| -> Vec<Option<u64>> {
                let codes = codes.iter();
                codes
                    .map(|code| Some(coarser.addend(mine, (*code)?)))
                    .collect()
            };
            let of_dimension: Vec<Vec<Option<u64>>> = of_dimension.iter().map(addends).collect();
            layers = (layers.iter())
                .flat_map(|layer| {
                    of_dimension.iter().map(|addends| {
                        let mut layer = layer.clone();
                        layer.push((map[mine], addends.clone()));
                        layer
                    })
                })
                .collect();
        }
        let summed = (0..finer.dimensions.len()).filter(|dimension| !map.contains(dimension));
        Some(Self {
            finer,
            places: coarser.places(),
            layers,
            summed: summed
                .map(|dimension| (dimension, finer.dimensions[dimension].wholes.as_slice()))
                .filter(|(_, wholes)| wholes.contains(&true))
                .collect(),
        })
    }

    /// Where among the cells of the coarser table those stand that a cell is part of; cells that stand for others are
    /// parts of none.
    pub fn find(&self, key: u64) -> impl Iterator<Item = usize> {
        let code = move |dimension: usize| self.finer.code(dimension, key) as usize;
        let mut summed = self.summed.iter();
        let is_whole = summed.any(|(dimension, wholes)| wholes[code(*dimension)]);
        let layers = match is_whole {
            true => &[],
            false => self.layers.as_slice(),
        };
        layers.iter().filter_map(move |layer| {
            let mut whole = 0;
            for (dimension, addends) in layer {
                whole += addends[code(*dimension)]?;
            }
            self.places.find(whole)
        })
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
        for at in wholes.find(key) {
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
