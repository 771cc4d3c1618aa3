//! Two sources that know different columns of the same person, brought together by a release.
//!
//! The first source's columns lead to the nearest records of the release, and so do the second's. Where one record
//! is nearest to both, it tells that the two sources speak of one person. With A and B the nearest of either,
//! whoever draws one of each finds one record with probability |A ∩ B| / (|A| |B|); whoever takes of each the first
//! in one order of all records, drawn at random, finds it with probability |A ∩ B| / |A ∪ B|.

use crate::language::Said;
use foldhash::HashMap;
use rayon::prelude::*;

use super::nearest::{Cost, Known, nearest};
use crate::encode::records::Side;

/// So many targets are searched for at once: their nearest records are kept meanwhile.
const AT_ONCE: usize = 500;

/// Some of the columns of the records of a release.
struct Half {
    columns: Vec<usize>,
    codes: Vec<Vec<u32>>,
    /// Records with each combination of these columns.
    records: Vec<u64>,
    /// The combination of these columns of each combination of all.
    becomes: Vec<u32>,
    /// The combinations of all columns of each combination of these.
    of: Vec<Vec<u32>>,
}

impl Half {
    fn new(released: &Side, columns: &[usize]) -> Self {
        let mut places: HashMap<Vec<u32>, u32> = HashMap::default();
        let mut half = Self {
            columns: columns.to_vec(),
            codes: vec![Vec::new(); columns.len()],
            records: Vec::new(),
            becomes: Vec::with_capacity(released.len()),
            of: Vec::new(),
        };
        for (at, persons) in released.persons.iter().enumerate() {
            let key: Vec<u32> = columns.iter().map(|of| released.codes[*of][at]).collect();
            let place = *places.entry(key).or_insert_with_key(|key| {
                for (codes, code) in half.codes.iter_mut().zip(key) {
                    codes.push(*code);
                }
                half.records.push(0);
                half.of.push(Vec::new());
                half.of.len() as u32 - 1
            });
            half.becomes.push(place);
            half.records[place as usize] += persons;
            half.of[place as usize].push(at as u32);
        }
        half
    }

    /// For each target the combinations that are nearest, ascending.
    fn nearest(&self, costs: &[Cost], targets: &[Vec<u32>]) -> Result<Vec<Vec<u32>>, Said> {
        let costs: Vec<Cost> = self.columns.iter().map(|at| costs[*at].clone()).collect();
        let codes = |at: &usize| targets.iter().map(|target| target[*at]).collect();
        let sought: Vec<Vec<u32>> = self.columns.iter().map(codes).collect();
        let known = Known {
            codes: &self.codes,
            persons: &self.records,
        };
        let mut found: Vec<Vec<u32>> = nearest(&costs, &sought, &known, usize::MAX)?
            .into_iter()
            .map(|nearest| nearest.of)
            .collect();
        found.par_iter_mut().for_each(|of| of.sort_unstable());
        Ok(found)
    }
}

/// The probability that two halves lead to one record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linked {
    /// Where each search draws among the nearest by itself.
    pub apart: f64,
    /// Where both take the first in one order of the records.
    pub in_order: f64,
}

/// For each target, a row of codes, the probability that its two halves lead to one record.
///
/// # Errors
/// There are too many columns, or they have too many values.
pub fn linked(
    released: &Side,
    halves: &[Vec<usize>; 2],
    costs: &[Cost],
    targets: &[Vec<u32>],
) -> Result<Vec<Linked>, Said> {
    let [first, second] = halves
        .each_ref()
        .map(|columns| Half::new(released, columns));
    let mut linked = Vec::with_capacity(targets.len());
    for targets in targets.chunks(AT_ONCE) {
        let (a, b) = (
            first.nearest(costs, targets)?,
            second.nearest(costs, targets)?,
        );
        let pairs = a.into_par_iter().zip(b);
        let shares = pairs.map(|(a, b)| {
            let count = |half: &Half, of: &[u32]| -> u64 {
                of.iter().map(|at| half.records[*at as usize]).sum()
            };
            let (near_a, near_b) = (count(&first, &a), count(&second, &b));
            // Those of the smaller side, looked for on the other.
            let common = |half: &Half, of: &[u32], other: &Half, there: &[u32]| -> u64 {
                let combinations = of.iter().flat_map(|at| &half.of[*at as usize]);
                combinations
                    .filter(|at| there.binary_search(&other.becomes[**at as usize]).is_ok())
                    .map(|at| released.persons[*at as usize])
                    .sum()
            };
            let both = match near_a <= near_b {
                true => common(&first, &a, &second, &b),
                false => common(&second, &b, &first, &a),
            };
            let both = both as f64;
            let (near_a, near_b) = (near_a as f64, near_b as f64);
            match near_a * near_b > 0.0 {
                true => Linked {
                    apart: both / (near_a * near_b),
                    in_order: both / (near_a + near_b - both),
                },
                false => Linked {
                    apart: 0.0,
                    in_order: 0.0,
                },
            }
        });
        linked.par_extend(shares);
    }
    Ok(linked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::nearest::{EPSILON, distance};
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        let rows = [[0, 0], [0, 1], [1, 0], [0, 1]];
        let rows: Vec<Vec<Vec<u32>>> = rows.iter().map(|row| vec![row.to_vec()]).collect();
        let released = Side::of_rows(&rows);
        let costs = [Cost::Equal(1.0), Cost::Equal(1.0)];
        let targets = [vec![0, 0], vec![1, 0], vec![0, 1], vec![1, 1], vec![5, 0]];
        let found = linked(&released, &[vec![0], vec![1]], &costs, &targets).unwrap();
        // A {0,1,3} and B {0,2}; {2} and {0,2}; {0,1,3} and {1,3}; {2} and {1,3}; all and {0,2}.
        let in_order: Vec<f64> = found.iter().map(|linked| linked.in_order).collect();
        assert_eq!(in_order, [0.25, 0.5, 2.0 / 3.0, 0.0, 0.5]);
        let apart: Vec<f64> = found.iter().map(|linked| linked.apart).collect();
        assert_eq!(apart, [1.0 / 6.0, 0.5, 1.0 / 3.0, 0.0, 0.25]);
    }

    proptest! {
        #[test]
        fn halves_are_those_of_all_records(
            rows in prop::collection::vec(prop::collection::vec(0u32..4, 4), 1..60),
            targets in prop::collection::vec(prop::collection::vec(0u32..4, 4), 1..20),
        ) {
            let persons: Vec<Vec<Vec<u32>>> = rows.iter().map(|row| vec![row.clone()]).collect();
            let third = |code: u32| f64::from(code) / 3.0;
            let costs = [
                Cost::Equal(1.0),
                Cost::Number((0..4).map(third).collect()),
                Cost::Equal(1.0),
                Cost::Number((0..4).map(third).collect()),
            ];
            let halves = [vec![0, 1], vec![2, 3]];
            let found = linked(&Side::of_rows(&persons), &halves, &costs, &targets).unwrap();
            for (target, found) in targets.iter().zip(found) {
                let near = |half: &[usize]| -> Vec<bool> {
                    let of = |row: &Vec<u32>| -> f64 {
                        let columns = half.iter().map(|at| {
                            let codes = |row: &[u32]| [vec![row[*at]]];
                            distance(&costs[*at..=*at], &codes(target), 0, &codes(row), 0)
                        });
                        columns.sum()
                    };
                    let all: Vec<f64> = rows.iter().map(of).collect();
                    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
                    all.iter().map(|distance| *distance <= least + EPSILON).collect()
                };
                let (a, b) = (near(&halves[0]), near(&halves[1]));
                let pairs = || a.iter().zip(&b);
                let both = pairs().filter(|(a, b)| **a && **b).count() as f64;
                let any = pairs().filter(|(a, b)| **a || **b).count() as f64;
                prop_assert!((found.in_order - both / any).abs() < 1e-12);
                let count = |near: &[bool]| near.iter().filter(|near| **near).count() as f64;
                prop_assert!((found.apart - both / count(&a) / count(&b)).abs() < 1e-12);
            }
        }
    }
}
