//! Whom an adversary names who looks every record of a release up in a register.

use rayon::prelude::*;

use super::nearest::{EPSILON, Nearest};
use crate::encode::records::Records;

/// So many combinations of one that are equally near are told apart by their persons; of more, a person counts
/// once for each combination.
pub const LISTED: usize = 64;

/// Whom the adversary may name for a person of the release.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Named {
    /// Persons of the register that fit best, equally well.
    pub candidates: u64,
    /// Whether the person themselves is among them; `None` for whoever is not in the register.
    pub own: Option<bool>,
    pub distance: f64,
}

/// How often the adversary is right.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Success {
    /// Persons of the release who are in the register, and who are not.
    pub present: u64,
    pub absent: u64,
    /// The expected number of persons found, where one of those that fit best is named at random.
    pub correct: f64,
    /// Persons for whom one person alone fits best and well enough, and for how many of them that is right.
    pub claims: u64,
    pub right: u64,
}

/// How many combinations of the nearest must be known by name.
pub fn listed(records: &Records) -> usize {
    match records.released.is_single() && records.registered.is_single() {
        true => 0,
        false => LISTED,
    }
}

/// A person's records count through the best of their pairs. `nearest` is that of each combination of the
/// release, `distance` that of two combinations.
pub fn named(
    records: &Records,
    nearest: &[Nearest],
    distance: impl Fn(usize, usize) -> f64 + Sync,
) -> Vec<Named> {
    let (released, registered) = (&records.released, &records.registered);
    let members = match listed(records) {
        0 => Vec::new(),
        _ => registered.members(),
    };
    let name = |person: usize| {
        let mine = released.of(person);
        let best = mine.iter().map(|at| nearest[*at as usize].distance);
        let best = best.fold(f64::INFINITY, f64::min);
        let tied = || {
            let mine = mine.iter().map(|at| &nearest[*at as usize]);
            mine.filter(|nearest| nearest.distance <= best + EPSILON)
        };
        let sum: u64 = tied().map(|nearest| nearest.persons).sum();
        let ids = || tied().flat_map(|nearest| nearest.of.iter().map(|at| *at as usize));
        let known: u64 = ids().map(|at| registered.persons[at]).sum();
        let candidates = match members.is_empty() || known < sum {
            true => sum,
            false => {
                let mut persons: Vec<u32> = ids().flat_map(|at| members[at].clone()).collect();
                persons.sort_unstable();
                persons.dedup();
                persons.len() as u64
            }
        };
        let own = records.same[person].map(|theirs| {
            let theirs = registered.of(theirs as usize);
            let mut pairs = mine.iter().flat_map(|a| theirs.iter().map(move |b| (a, b)));
            let near = |(a, b): (&u32, &u32)| distance(*a as usize, *b as usize) <= best + EPSILON;
            best.is_finite() && pairs.any(near)
        });
        Named {
            candidates,
            own,
            distance: best,
        }
    };
    (0..released.people()).into_par_iter().map(name).collect()
}

impl Success {
    /// Claims are made where one person alone fits best, at no more than a distance.
    pub fn new(named: &[Named], farthest: f64) -> Self {
        let mut success = Self::default();
        for named in named {
            match named.own {
                Some(own) => {
                    success.present += 1;
                    if own {
                        success.correct += 1.0 / named.candidates as f64;
                    }
                }
                None => success.absent += 1,
            }
            if named.candidates == 1 && named.distance <= farthest + EPSILON {
                success.claims += 1;
                success.right += u64::from(named.own == Some(true));
            }
        }
        success
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::records::Side;
    use crate::link::exact::exact;

    /// Persons of the release and of the register with their records; the register's person 0 is the release's 1,
    /// and so on.
    fn records(
        released: &[Vec<Vec<u32>>],
        registered: &[Vec<Vec<u32>>],
        same: &[Option<u32>],
    ) -> Records {
        let width = released[0][0].len();
        let column = |at: usize| crate::encode::records::Compared {
            name: at.to_string(),
            values: crate::encode::Values {
                null: false,
                distinct: crate::encode::Distinct::Numbers((0..9).collect()),
            },
        };
        Records {
            columns: (0..width).map(column).collect(),
            released: Side::of_rows(released),
            registered: Side::of_rows(registered),
            same: same.to_vec(),
        }
    }

    #[test]
    fn several_rows_count_through_the_best() {
        let row = |a: u32, b: u32| vec![a, b];
        let records = records(
            &[
                // Found: the second row is that of one person alone, who has it twice over in the register.
                vec![row(1, 1), row(5, 5)],
                // One of two.
                vec![row(2, 2)],
                // Not in the register, and yet somebody fits.
                vec![row(7, 7)],
                // In the register, with other values.
                vec![row(8, 8)],
            ],
            &[
                vec![row(5, 5), row(1, 1)],
                vec![row(2, 2)],
                vec![row(2, 2), row(3, 3)],
                vec![row(7, 7)],
                vec![row(0, 0)],
            ],
            &[Some(0), Some(1), None, Some(4)],
        );
        let nearest = exact(&records);
        let equal = |a: usize, b: usize| {
            let same = |at: usize| records.released.codes[at][a] == records.registered.codes[at][b];
            if same(0) && same(1) {
                0.0
            } else {
                f64::INFINITY
            }
        };
        let named = named(&records, &nearest, equal);
        let counts: Vec<u64> = named.iter().map(|named| named.candidates).collect();
        assert_eq!(counts, [1, 2, 1, 0]);
        let success = Success::new(&named, f64::INFINITY);
        let expected = Success {
            present: 3,
            absent: 1,
            correct: 1.5,
            claims: 2,
            right: 1,
        };
        assert_eq!(success, expected);
    }
}
