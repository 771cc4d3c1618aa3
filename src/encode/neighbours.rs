//! Neighbourhoods as sets of bits, one bit for each combination: quick where combinations are few, and the patterns of
//! what is less specific in them many.
//!
//! Time: a subset takes combinations² / 64 steps for each of its attributes and for each binary digit of the largest
//! weight. Memory: a bit for each combination and code of an attribute, 256 MiB at most.

use std::collections::HashMap;

use super::combinations::Combinations;
use super::matching::patterns;
use super::paths::Paths;

const MOST_BYTES: usize = 1 << 28;
/// Steps over words that take as long as to sort and search a combination among those of one pattern.
const STEPS_OF_A_PATTERN: usize = 50;

pub struct Neighbours<'a> {
    combinations: &'a Combinations,
    words: usize,
    /// For each attribute, one after the other, the combinations that match each of its codes.
    matching: Vec<Vec<u64>>,
    records: Weights,
    persons: Weights,
}

/// A number for each combination, as one set for each binary digit.
struct Weights(Vec<Vec<u64>>);

impl<'a> Neighbours<'a> {
    /// `None` where a person may be in several combinations, or where sorting takes less time or memory.
    pub fn new(combinations: &'a Combinations, paths: &[Paths]) -> Option<Self> {
        let words = combinations.len().div_ceil(64);
        let codes: usize = paths.iter().map(Paths::codes).sum();
        if combinations.members.is_some() || 3 * codes * words * 8 > MOST_BYTES {
            return None;
        }
        let records = Weights::new(&combinations.records, words);
        let persons = Weights::new(&combinations.persons, words);
        let steps = words * (paths.len() + records.0.len() + persons.0.len());
        let all: Vec<&Paths> = paths.iter().collect();
        if steps > STEPS_OF_A_PATTERN * patterns(&all, combinations).len() {
            return None;
        }
        let columns = paths.iter().zip(&combinations.codes);
        Some(Self {
            combinations,
            words,
            matching: columns
                .map(|(paths, codes)| by_code(paths, codes, words))
                .collect(),
            records,
            persons,
        })
    }

    /// For each combination the records and the persons that match it by some attributes.
    pub fn sums(&self, attributes: &[usize]) -> (Vec<u64>, Vec<u64>) {
        let mut set = vec![0u64; self.words];
        let sums = |at: usize| {
            set.fill(u64::MAX);
            for attribute in attributes {
                let code = self.combinations.codes[*attribute][at] as usize;
                let of_code = &self.matching[*attribute][code * self.words..][..self.words];
                set.iter_mut().zip(of_code).for_each(|(all, of)| *all &= of);
            }
            (self.records.sum(&set), self.persons.sum(&set))
        };
        (0..self.combinations.len()).map(sums).unzip()
    }
}

/// For each code of an attribute the combinations with a code that matches it: with one on its path, or on whose path it
/// is.
fn by_code(paths: &Paths, codes: &[u32], words: usize) -> Vec<u64> {
    let mut ids: HashMap<&[u32], usize> = HashMap::new();
    for code in 0..paths.codes() as u32 {
        let next = ids.len();
        ids.entry(paths.of(code)).or_insert(next);
    }
    // Of each path the combinations with it, and those whose path begins with it.
    let (mut with, mut within) = (vec![0u64; ids.len() * words], vec![0u64; ids.len() * words]);
    for (at, code) in codes.iter().enumerate() {
        let path = paths.of(*code);
        let bit = 1u64 << (at % 64);
        with[ids[path] * words + at / 64] |= bit;
        let beginnings = (0..=path.len()).filter_map(|length| ids.get(&path[..length]));
        beginnings.for_each(|id| within[id * words + at / 64] |= bit);
    }
    let mut matching = Vec::with_capacity(paths.codes() * words);
    for code in 0..paths.codes() as u32 {
        let path = paths.of(code);
        let from = matching.len();
        matching.extend_from_slice(&within[ids[path] * words..][..words]);
        let above = (0..path.len()).filter_map(|length| ids.get(&path[..length]));
        for id in above {
            let set = &with[id * words..][..words];
            (matching[from..].iter_mut().zip(set)).for_each(|(all, of)| *all |= of);
        }
    }
    matching
}

impl Weights {
    fn new(weights: &[u64], words: usize) -> Self {
        let most = weights.iter().copied().max().unwrap_or(0);
        let digits = u64::BITS - most.leading_zeros();
        let of_digit = |digit: u32| {
            let mut set = vec![0u64; words];
            for (at, weight) in weights.iter().enumerate() {
                set[at / 64] |= (weight >> digit & 1) << (at % 64);
            }
            set
        };
        Self((0..digits).map(of_digit).collect())
    }

    fn sum(&self, set: &[u64]) -> u64 {
        let digits = self.0.iter().zip(0u32..);
        let of_digit = |(known, digit): (&Vec<u64>, u32)| {
            let common = set.iter().zip(known);
            let count: u64 = common.map(|(a, b)| u64::from((a & b).count_ones())).sum();
            count << digit
        };
        digits.map(of_digit).sum()
    }
}
