//! Recovered traces against those of the persons who were counted.

use std::collections::HashMap;

use crate::encode::frame::Frame;
use crate::encode::presence::Presence;
use crate::link::ash::NOWHERE;
use crate::link::transport::transport;
use crate::stats::mean::of_ratio;
use crate::stats::roc::Estimate;

/// The persons of a group with their points: each one's places and times.
pub struct Truth {
    /// For each person bins and places, ascending.
    points: Vec<Vec<(u32, u32)>>,
}

/// How well persons were recovered.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovered {
    /// The share of the persons' points that the traces matched with them have, with its 95 % interval.
    pub accuracy: Estimate,
    /// The person that each trace is matched with; none where there are more traces than persons.
    pub person_of: Vec<Option<u32>>,
}

/// How many recovered traces nobody else has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unique {
    /// Traces with so many places.
    pub traces: u64,
    pub unique: u64,
    /// Of the unique ones those whose places are those of the person they are matched with.
    pub right: u64,
}

impl Truth {
    pub fn new(frame: &Frame, traces: &Presence, persons: &[u32]) -> Self {
        let point = |cell: &u32| {
            let (bin, place) = frame.of(traces.cells[*cell as usize]);
            (bin as u32, place)
        };
        let of = |person: &u32| {
            let mut points: Vec<(u32, u32)> =
                traces.of(*person as usize).iter().map(point).collect();
            points.sort_unstable();
            points
        };
        Self {
            points: persons.iter().map(of).collect(),
        }
    }

    /// The best match of recovered traces and persons, each with one at most, and how good it is.
    pub fn judge(&self, recovered: &[Vec<u32>]) -> Recovered {
        let (persons, traces) = (self.points.len(), recovered.len());
        let mut at: HashMap<(u32, u32), Vec<u32>> = HashMap::new();
        for (trace, places) in (0u32..).zip(recovered) {
            let points = (0u32..).zip(places).filter(|(_, place)| **place != NOWHERE);
            for (bin, place) in points {
                at.entry((bin, *place)).or_default().push(trace);
            }
        }
        // The fewer are the rows: all of them find a column.
        let across = traces < persons;
        let columns = persons.max(traces);
        let mut common = vec![0.0; persons * traces];
        for (person, points) in self.points.iter().enumerate() {
            for trace in points.iter().filter_map(|point| at.get(point)).flatten() {
                let (row, column) = match across {
                    true => (*trace as usize, person),
                    false => (person, *trace as usize),
                };
                common[row * columns + column] -= 1.0;
            }
        }
        let ones = |count: usize| vec![1; count];
        let loads = transport(&common, &ones(persons.min(traces)), &ones(columns));
        let (mut person_of, mut right) = (vec![None; traces], vec![0.0; persons]);
        for load in loads {
            let (row, column) = (load.row as usize, load.column as usize);
            let (person, trace) = if across { (column, row) } else { (row, column) };
            person_of[trace] = Some(person as u32);
            right[person] = -common[row * columns + column];
        }
        let points = self.points.iter().map(|points| points.len() as f64);
        Recovered {
            accuracy: ratio(&right, &points.collect::<Vec<f64>>()),
            person_of,
        }
    }

    /// Of the recovered traces with at least `n` places those that alone have their `n` most frequent ones.
    pub fn unique(&self, recovered: &[Vec<u32>], person_of: &[Option<u32>], n: usize) -> Unique {
        let tops: Vec<Option<Vec<u32>>> = recovered
            .iter()
            .map(|trace| top(trace.iter().copied().filter(|place| *place != NOWHERE), n))
            .collect();
        let mut holders: HashMap<&Vec<u32>, u64> = HashMap::new();
        for top in tops.iter().flatten() {
            *holders.entry(top).or_default() += 1;
        }
        let mut unique = Unique {
            traces: tops.iter().flatten().count() as u64,
            unique: 0,
            right: 0,
        };
        for (places, person) in tops.iter().zip(person_of) {
            let Some(places) = places.as_ref().filter(|top| holders[top] == 1) else {
                continue;
            };
            unique.unique += 1;
            let of_person = person.and_then(|person| {
                let points = &self.points[person as usize];
                top(points.iter().map(|(_, place)| *place), n)
            });
            unique.right += u64::from(of_person.as_ref() == Some(places));
        }
        unique
    }
}

/// The `n` most frequent places, ascending; of equally frequent ones those with the least codes. `None` where there
/// are fewer.
fn top(places: impl Iterator<Item = u32>, n: usize) -> Option<Vec<u32>> {
    let mut places: Vec<u32> = places.collect();
    places.sort_unstable();
    let mut often: Vec<(std::cmp::Reverse<usize>, u32)> = places
        .chunk_by(|a, b| a == b)
        .map(|same| (std::cmp::Reverse(same.len()), same[0]))
        .collect();
    often.sort_unstable();
    let mut top: Vec<u32> = often.iter().take(n).map(|(_, place)| *place).collect();
    top.sort_unstable();
    (top.len() == n).then_some(top)
}

/// The sum of `parts` over that of `wholes`, with the interval that persons drawn at random give.
fn ratio(parts: &[f64], wholes: &[f64]) -> Estimate {
    Estimate {
        value: parts.iter().sum::<f64>() / wholes.iter().sum::<f64>(),
        interval: of_ratio(parts, wholes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Draws, Interval, Trial};

    fn truth(points: &[&[(u32, u32)]]) -> Truth {
        Truth {
            points: points.iter().map(|points| points.to_vec()).collect(),
        }
    }

    #[test]
    fn a_match_by_hand() {
        let truth = truth(&[&[(0, 1), (1, 1), (2, 4)], &[(0, 2), (2, 2)], &[(1, 9)]]);
        let recovered = [
            vec![2, NOWHERE, 4],
            vec![1, 1, 2],
            vec![NOWHERE, 9, NOWHERE],
        ];
        let judged = truth.judge(&recovered);
        // Two points of the first, one of the second, the one of the third.
        assert_eq!(judged.person_of, [Some(1), Some(0), Some(2)]);
        assert!((judged.accuracy.value - 4.0 / 6.0).abs() < 1e-12);
        // Places 1 and 2 are those of the second trace alone, but the person has 1 and 4.
        let unique = truth.unique(&recovered, &judged.person_of, 2);
        assert_eq!((unique.traces, unique.unique, unique.right), (2, 2, 0));
        let one = truth.unique(&recovered, &judged.person_of, 1);
        assert_eq!((one.traces, one.unique, one.right), (3, 3, 3));
    }

    fn some(trial: &mut Trial, count: usize, bins: u32) -> Vec<Vec<u32>> {
        let mut place = || match trial.below(5) {
            4 => NOWHERE,
            place => place as u32,
        };
        (0..count)
            .map(|_| (0..bins).map(|_| place()).collect())
            .collect()
    }

    /// The most points in common over all ways to give each person a trace.
    fn slow(common: &[Vec<u32>], taken: &mut Vec<usize>) -> u32 {
        let Some((first, rest)) = common.split_first() else {
            return 0;
        };
        let mut best = slow(rest, taken);
        for (trace, points) in first.iter().enumerate() {
            if !taken.contains(&trace) {
                taken.push(trace);
                best = best.max(points + slow(rest, taken));
                taken.pop();
            }
        }
        best
    }

    #[test]
    fn the_match_is_the_best_of_all() {
        let draws = Draws::new(6, "truth", "test");
        for case in 0..40 {
            let mut trial = draws.trial(case);
            let (persons, traces) = (1 + case as usize % 5, 2 + case as usize % 4);
            let of_persons = some(&mut trial, persons, 6);
            let recovered = some(&mut trial, traces, 6);
            let points: Vec<Vec<(u32, u32)>> = of_persons
                .iter()
                .map(|places| {
                    let points = (0u32..).zip(places.iter().copied());
                    points.filter(|(_, place)| *place != NOWHERE).collect()
                })
                .collect();
            let all: usize = points.iter().map(Vec::len).sum();
            let same = |a: &Vec<u32>, b: &Vec<u32>| {
                let pairs = a.iter().zip(b);
                pairs.filter(|(a, b)| a == b && **a != NOWHERE).count() as u32
            };
            let common: Vec<Vec<u32>> = of_persons
                .iter()
                .map(|person| recovered.iter().map(|trace| same(person, trace)).collect())
                .collect();
            let judged = Truth { points }.judge(&recovered);
            let best = f64::from(slow(&common, &mut Vec::new()));
            assert!((judged.accuracy.value * all as f64 - best).abs() < 1e-9);
        }
    }

    #[test]
    fn the_interval_holds_the_truth() {
        // Persons with one to eight points, each recovered with a chance of their own, three in five on average.
        let draws = Draws::new(7, "ratio", "test");
        let held = (0..500).filter(|case| {
            let mut trial = draws.trial(*case);
            let (mut parts, mut wholes) = (Vec::new(), Vec::new());
            for _ in 0..80 {
                let points = 1 + trial.below(8);
                let chance = 0.3 + 0.6 * trial.uniform();
                let right = (0..points).filter(|_| trial.uniform() < chance).count();
                parts.push(right as f64);
                wholes.push(points as f64);
            }
            let Interval { low, high, .. } = ratio(&parts, &wholes).interval;
            low <= 0.6 && 0.6 <= high
        });
        // 475 expected, standard deviation 4.9.
        let held = held.count();
        assert!((455..=492).contains(&held), "{held}");
    }
}
