//! Which values each person has in a column, or in several, and what the persons of a group have in common.
//!
//! Memory: 12 bytes for each value of a person while loading, 8 afterwards, and 8 a person.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::stats::tail;

/// The values of persons.
#[derive(Debug)]
pub struct Holdings {
    starts: Vec<usize>,
    /// The distinct values of each person, ascending.
    values: Vec<u64>,
    /// Persons of whom any value is known.
    pub persons: u64,
    /// Persons who have each value.
    holders: HashMap<u64, u64>,
}

/// Of a sensitive column for how many persons everybody in their group has the same value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revealed {
    pub table: String,
    pub column: String,
    /// The trace whose points make the groups, if any does.
    pub trace: Option<String>,
    pub persons: u64,
}

/// A value that more persons of the table than this share have is revealed by no group.
pub const USUAL: f64 = 0.8;
/// The chance at which a single group is no accident, divided by the groups and values that are looked at.
pub const CHANCE: f64 = 0.01;

/// What is most telling of a group: the rarest of the values that nearly all of whom any is known have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Common {
    /// Members of whom any value is known, and those of them who have this one.
    pub known: u64,
    pub with: u64,
    /// The share of the persons of the table who have it, of whom any is known.
    pub share: f64,
}

impl Holdings {
    /// Of `persons` persons, from pairs of person and value in whatever order.
    pub fn new(persons: usize, mut pairs: Vec<(u32, u64)>) -> Self {
        pairs.par_sort_unstable();
        pairs.dedup();
        let mut holdings = Self {
            starts: vec![0; persons + 1],
            values: Vec::with_capacity(pairs.len()),
            persons: 0,
            holders: HashMap::new(),
        };
        for of_person in pairs.chunk_by(|a, b| a.0 == b.0) {
            holdings.persons += 1;
            for (_, value) in of_person {
                holdings.values.push(*value);
                *holdings.holders.entry(*value).or_default() += 1;
            }
            holdings.starts[of_person[0].0 as usize + 1] = holdings.values.len();
        }
        for at in 1..holdings.starts.len() {
            holdings.starts[at] = holdings.starts[at].max(holdings.starts[at - 1]);
        }
        holdings
    }

    pub fn of(&self, person: u32) -> &[u64] {
        let person = person as usize;
        &self.values[self.starts[person]..self.starts[person + 1]]
    }

    /// Distinct values.
    pub fn values(&self) -> usize {
        self.holders.len()
    }

    /// How many values so many persons have each, by the number of persons.
    pub fn by_holders(&self) -> Vec<(u64, u64)> {
        let mut counts: HashMap<u64, u64> = HashMap::new();
        for holders in self.holders.values() {
            *counts.entry(*holders).or_default() += 1;
        }
        let mut counts: Vec<(u64, u64)> = counts.into_iter().collect();
        counts.sort_unstable();
        counts
    }

    /// Whether all members of a group have a value that not nearly everybody has.
    pub fn is_certain(&self, members: &[u32]) -> bool {
        let common = self.common(members, 1.0, &[]);
        common.known > 0 && common.with == members.len() as u64 && common.share < USUAL
    }

    /// The same of two members or more, where it is no accident: by the chance that members drawn from the table all have
    /// the value, `looked_at` groups and values being looked at.
    pub fn is_certain_beyond_chance(&self, members: &[u32], looked_at: f64) -> bool {
        let common = self.common(members, 1.0, &[]);
        common.known >= 2
            && common.with == common.known
            && common.share < USUAL
            && tail(common.known, common.known, common.share) * looked_at <= CHANCE
    }

    fn share(&self, value: u64) -> f64 {
        self.holders[&value] as f64 / self.persons as f64
    }

    /// The rarest of the values that at least `most` of the members with any have, `but` for some; `known` and `with` are
    /// 0 where nobody has any, `with` alone where there is none.
    pub fn common(&self, members: &[u32], most: f64, but: &[u64]) -> Common {
        let known = members
            .iter()
            .filter(|person| !self.of(**person).is_empty());
        let mut known: Vec<u32> = known.copied().collect();
        let enough = (most * known.len() as f64 - 1e-9).ceil().max(1.0) as usize;
        let mut common = Common {
            known: known.len() as u64,
            with: 0,
            share: 1.0,
        };
        // What so many have one of the first has whom the others leave over.
        let others = known.len() - enough.min(known.len());
        known.sort_by_key(|person| self.of(*person).len());
        let mut candidates: Vec<u64> = known
            .iter()
            .take(others + 1)
            .flat_map(|person| self.of(*person))
            .copied()
            .filter(|value| !but.contains(value))
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut lacking = vec![0usize; candidates.len()];
        for person in &known {
            if candidates.is_empty() {
                break;
            }
            let of = self.of(*person);
            for (value, lacking) in candidates.iter().zip(&mut lacking) {
                *lacking += usize::from(of.binary_search(value).is_err());
            }
            let mut kept = lacking.iter().map(|lacking| *lacking <= others);
            candidates.retain(|_| kept.next() == Some(true));
            lacking.retain(|lacking| *lacking <= others);
        }
        for (value, lacking) in candidates.iter().zip(&lacking) {
            let (with, share) = (common.known - *lacking as u64, self.share(*value));
            if (share, common.with) < (common.share, with) || common.with == 0 {
                (common.with, common.share) = (with, share);
            }
        }
        common
    }
}

/// The members of each group, of one key a row or person: each person once in a group, groups in whatever order.
pub fn groups(pairs: &mut Vec<(u64, u32)>) -> impl Iterator<Item = Vec<u32>> {
    pairs.par_sort_unstable();
    pairs.dedup();
    let groups = pairs.chunk_by(|a, b| a.0 == b.0);
    groups.map(|group| group.iter().map(|(_, person)| *person).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_common_value() {
        let pairs = vec![
            (0, 1),
            (0, 2),
            (1, 2),
            (1, 1),
            (1, 1),
            (2, 1),
            (3, 3),
            (5, 1),
        ];
        let holdings = Holdings::new(6, pairs);
        assert_eq!((holdings.persons, holdings.values()), (5, 3));
        assert_eq!(holdings.by_holders(), [(1, 1), (2, 1), (4, 1)]);
        // All of the first two have both; the second value is the rarer one. Of person 4 nothing is known.
        let common = holdings.common(&[0, 1, 4], 1.0, &[]);
        assert_eq!((common.known, common.with, common.share), (2, 2, 0.4));
        let common = holdings.common(&[0, 1], 1.0, &[2]);
        assert_eq!((common.with, common.share), (2, 0.8));
        // Three in four are enough, or not.
        assert_eq!(holdings.common(&[0, 1, 2, 3], 0.75, &[]).with, 3);
        assert_eq!(holdings.common(&[0, 1, 2, 3], 0.8, &[]).with, 0);
        assert_eq!(holdings.common(&[4], 0.9, &[]).known, 0);
    }

    #[test]
    fn like_a_count_of_all_values() {
        let mut state = 7u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % below
        };
        for _ in 0..200 {
            let pairs: Vec<(u32, u64)> = (0..30).map(|_| (next(9) as u32, next(4))).collect();
            let holdings = Holdings::new(9, pairs.clone());
            let members: Vec<u32> = (0..9).filter(|_| next(2) == 0).collect();
            let has = |person: u32, value: u64| pairs.contains(&(person, value));
            let known = |person: &&u32| (0..4).any(|value| has(**person, value));
            let count = members.iter().filter(known).count();
            let with = |value: u64| members.iter().filter(|of| has(**of, value)).count();
            let all = |value: u64| (0..9).filter(|of| has(*of, value)).count();
            let enough = |value: &u64| with(*value) as f64 >= 0.7 * count as f64;
            let best = (0..4u64).filter(enough).filter(|value| with(*value) > 0);
            let rarest = best.map(all).min();
            let common = holdings.common(&members, 0.7, &[]);
            assert_eq!(common.known, count as u64);
            match rarest {
                Some(rarest) if count > 0 => {
                    let share = rarest as f64 / holdings.persons as f64;
                    assert_eq!(common.share, share);
                    assert!(common.with as f64 >= 0.7 * count as f64);
                }
                _ => assert_eq!(common.with, 0),
            }
        }
    }
}
