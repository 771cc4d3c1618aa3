//! The counts of a table of flows beside those of an earlier release: cell by cell, and where some persons were.

use std::collections::HashSet;

use rayon::prelude::*;

use super::flows::{Count, Flows};
use super::intern::Distinct;
use super::trails::Trails;
use super::visits::Scale;
use super::width;

/// A cell that two releases tell of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its codes in the later table.
    pub codes: Vec<u32>,
    /// The persons counted in the earlier release, at least and at most, and in the later one.
    pub earlier: (u64, u64),
    pub later: (u64, u64),
}

impl Change {
    /// How many persons fewer are counted in the later release, at least and at most.
    pub fn lost(&self) -> (i64, i64) {
        let less =
            |a: u64, b: u64| i64::try_from(i128::from(a) - i128::from(b)).unwrap_or(i64::MAX);
        (
            less(self.earlier.0, self.later.1),
            less(self.earlier.1, self.later.0),
        )
    }

    /// Whether the counts surely differ, and surely by fewer than `k` persons.
    pub fn is_below(&self, k: u64) -> bool {
        let k = i64::try_from(k).unwrap_or(i64::MAX);
        let (least, most) = self.lost();
        (least >= 1 && most < k) || (most <= -1 && least > -k)
    }
}

/// Whether a cell that a table does not have is one of nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zero {
    pub later: bool,
    pub earlier: bool,
}

/// The cells that both tables tell of; `map` names for each dimension of the later one that of the earlier. A cell
/// that one table does not have is one of nobody, where it says so and has each of its values in other cells.
pub fn changes(later: &Flows, earlier: &Flows, map: &[usize], zero: Zero) -> Vec<Change> {
    let (mut there, mut here) = (Vec::new(), Vec::new());
    for (dimension, theirs) in map.iter().enumerate() {
        let mine = &later.dimensions[dimension].values;
        let theirs = &earlier.dimensions[*theirs].values;
        there.push(mine.codes_in(theirs));
        here.push(theirs.codes_in(mine));
    }
    let range = |count: Count| (count.least, count.most);
    let nobody = (0, 0);
    let of_later = later.cells().filter_map(|(key, count)| {
        let codes: Vec<u32> = (0..map.len()).map(|at| later.code(at, key)).collect();
        let mut other = vec![0; map.len()];
        for (at, code) in codes.iter().enumerate() {
            other[map[at]] = there[at][*code as usize]?;
        }
        let earlier = match earlier.find(earlier.key_of(&other)) {
            Some(at) => earlier.count(at),
            None if zero.earlier => Count {
                published: Some(0.0),
                least: 0,
                most: 0,
                consistent: true,
                rows: 0,
                as_zero: false,
            },
            None => return None,
        };
        let told = !count.is_suppressed() && !earlier.is_suppressed();
        told.then(|| Change {
            codes,
            earlier: range(earlier),
            later: range(count),
        })
    });
    let mut changes: Vec<Change> = of_later.collect();
    if zero.later {
        let gone = earlier.cells().filter_map(|(key, count)| {
            let mut codes = vec![0; map.len()];
            for (at, theirs) in map.iter().enumerate() {
                codes[at] = here[at][earlier.code(*theirs, key) as usize]?;
            }
            let gone = later.find(later.key_of(&codes)).is_none() && !count.is_suppressed();
            gone.then(|| Change {
                codes,
                earlier: range(count),
                later: nobody,
            })
        });
        changes.par_extend(gone);
    }
    changes
}

/// What of a cell of flows says where and when.
#[derive(Debug, Clone)]
pub struct Cell {
    /// One place, or those where a journey begins and where it ends.
    pub places: Vec<usize>,
    /// The dimension of the time, and what a stored time is in seconds.
    pub time: Option<(usize, Scale)>,
}

/// The cells in which some persons were.
pub struct Whereabouts {
    dimensions: Vec<usize>,
    seen: HashSet<Vec<u32>>,
}

impl Whereabouts {
    /// Those of the persons `who` whose rows `trails` holds: by place, a journey being a row and the row before it,
    /// and by the last of the table's times at or before the row's, as far as its bins are wide. Where times of the
    /// two are not of one kind cells are taken at any time.
    pub fn new(
        flows: &Flows,
        cell: &Cell,
        trails: &Trails,
        who: impl Fn(usize) -> bool + Sync,
    ) -> Self {
        let visits = &trails.visits;
        let fits = |scale: Scale| {
            matches!(
                (scale, visits.scale()),
                (
                    Scale::PerSecond(_) | Scale::PerDay(_),
                    Some(Scale::PerSecond(_))
                ) | (Scale::PerDay(_), Some(Scale::PerDay(_)))
                    | (Scale::Binned, Some(Scale::Binned))
            )
        };
        let time = cell.time.filter(|(_, scale)| fits(*scale));
        let bins = time.and_then(|(at, scale)| Bins::new(flows, at, scale));
        let mut dimensions = cell.places.clone();
        dimensions.extend(time.filter(|_| bins.is_some()).map(|(at, _)| at));
        let places: Vec<Vec<Option<u32>>> = cell
            .places
            .iter()
            .map(|at| {
                let theirs = &flows.dimensions[*at].values;
                let mine = trails.features.place_values();
                mine.map_or_else(Vec::new, |(mine, _)| mine.codes_in(theirs))
            })
            .collect();
        let of_features = trails.features.places().unwrap_or(&[]);
        let persons = (0..visits.persons()).into_par_iter();
        let seen = persons
            .filter(|person| who(*person))
            .flat_map_iter(|person| {
                let spots = visits.of(person);
                let mut times = visits.times(person);
                let mut keys: Vec<Vec<u32>> = Vec::new();
                for at in 0..spots.len() {
                    let moment = times.next();
                    let place = |row: usize, end: usize| -> Option<u32> {
                        let code = of_features[spots[row] as usize];
                        places[end][code as usize]
                    };
                    let key = || -> Option<Vec<u32>> {
                        let mut key = match places.len() {
                            1 => vec![place(at, 0)?],
                            _ => vec![place(at.checked_sub(1)?, 0)?, place(at, 1)?],
                        };
                        if let Some(bins) = &bins {
                            key.push(bins.code(moment?)?);
                        }
                        Some(key)
                    };
                    keys.extend(key());
                }
                keys
            });
        Self {
            dimensions,
            seen: seen.collect(),
        }
    }

    pub fn has(&self, codes: &[u32]) -> bool {
        let key: Vec<u32> = self.dimensions.iter().map(|at| codes[*at]).collect();
        self.seen.contains(&key)
    }
}

/// The times of a table of flows in seconds.
struct Bins {
    starts: Vec<i64>,
    /// The greatest that all of them are apart by a multiple of; 0 where there is one alone.
    width: i64,
    first_code: u32,
}

impl Bins {
    fn new(flows: &Flows, dimension: usize, scale: Scale) -> Option<Self> {
        let values = &flows.dimensions[dimension].values;
        let Distinct::Numbers(numbers) = &values.distinct else {
            return None;
        };
        let starts: Vec<i64> = numbers
            .iter()
            .map(|stored| scale.seconds(*stored))
            .collect();
        Some(Self {
            width: width(&starts),
            starts,
            first_code: u32::from(values.null),
        })
    }

    fn code(&self, moment: i64) -> Option<u32> {
        let at = self.starts.partition_point(|start| *start <= moment);
        let at = at.checked_sub(1)?;
        let within = self.width == 0 || moment - self.starts[at] < self.width;
        within.then_some(at as u32 + self.first_code)
    }
}
