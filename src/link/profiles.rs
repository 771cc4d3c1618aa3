//! How often each person of a side shows which feature.

use rayon::prelude::*;

use crate::encode::parts::parted;

/// Sparse counts: for each person of a side features, ascending, with how often each occurs.
///
/// Memory: 12 bytes a (person, feature) pair, 8 a person.
#[derive(Debug, Default)]
pub struct Profiles {
    /// Where each person's features begin; one more than persons.
    starts: Vec<usize>,
    features: Vec<u32>,
    /// Whole numbers, unless a tolerance has shared them out.
    counts: Vec<f64>,
}

impl Profiles {
    /// Of the features of each person's rows.
    pub fn new(persons: usize, rows: impl Fn(usize) -> Vec<u32> + Sync) -> Self {
        Self::of_all(persons, |person, pairs| {
            let mut rows = rows(person);
            rows.sort_unstable();
            let same = rows.chunk_by(|a, b| a == b);
            pairs.extend(same.map(|same| (same[0], same.len() as f64)));
        })
    }

    /// `add` appends a person's pairs, by ascending feature.
    fn of_all(persons: usize, add: impl Fn(usize, &mut Vec<(u32, f64)>) + Sync) -> Self {
        let firsts: Vec<usize> = (0..persons).step_by(SOME).collect();
        let some = |first: &usize| {
            let (mut pairs, mut ends) = (Vec::new(), Vec::with_capacity(SOME));
            for person in *first..(first + SOME).min(persons) {
                add(person, &mut pairs);
                ends.push(pairs.len());
            }
            let (features, counts): (Vec<u32>, Vec<f64>) = pairs.into_iter().unzip();
            (ends, features, counts)
        };
        let parts: Vec<_> = firsts.par_iter().map(some).collect();
        let all = parts.iter().map(|(_, features, _)| features.len()).sum();
        let mut profiles = Self {
            starts: Vec::with_capacity(persons + 1),
            features: Vec::with_capacity(all),
            counts: Vec::with_capacity(all),
        };
        profiles.starts.push(0);
        for (ends, features, counts) in parts {
            let first = profiles.features.len();
            let ends = ends.into_iter().map(|end| first + end);
            profiles.starts.extend(ends);
            profiles.features.extend_from_slice(&features);
            profiles.counts.extend_from_slice(&counts);
        }
        profiles
    }

    /// Of each person's pairs of feature and weight, by ascending feature.
    pub fn collect(persons: Vec<Vec<(u32, f64)>>) -> Self {
        Self::of_all(persons.len(), |person, pairs| {
            pairs.extend_from_slice(&persons[person]);
        })
    }

    pub fn persons(&self) -> usize {
        self.starts.len() - 1
    }

    /// A person's features, ascending, and the count of each.
    pub fn of(&self, person: usize) -> (&[u32], &[f64]) {
        let range = self.starts[person]..self.starts[person + 1];
        (&self.features[range.clone()], &self.counts[range])
    }

    /// A person's features with their counts.
    pub fn pairs(&self, person: usize) -> impl Iterator<Item = (u32, f64)> {
        let (features, counts) = self.of(person);
        features.iter().copied().zip(counts.iter().copied())
    }

    pub fn total(&self, person: usize) -> f64 {
        self.of(person).1.iter().sum()
    }

    /// Distinct persons with each of `features` features.
    pub fn support(&self, features: usize) -> Vec<u32> {
        let mut support = vec![0; features];
        self.features
            .iter()
            .for_each(|feature| support[*feature as usize] += 1);
        support
    }

    /// The same with each weight replaced.
    pub fn map(&self, weight: impl Fn(usize, u32, f64) -> f64 + Sync) -> Self {
        let mut counts = self.counts.clone();
        let lengths = self.starts.windows(2).map(|bounds| bounds[1] - bounds[0]);
        let each = parted(&mut counts, lengths);
        each.into_par_iter().enumerate().for_each(|(person, mine)| {
            let features = &self.features[self.starts[person]..];
            for (count, feature) in mine.iter_mut().zip(features) {
                *count = weight(person, *feature, *count);
            }
        });
        Self {
            starts: self.starts.clone(),
            features: self.features.clone(),
            counts,
        }
    }

    /// Each count shared out evenly among the features near its own: who may be mistaken by so much holds
    /// each of them for equally likely.
    pub fn blurred(&self, near: &[Vec<u32>]) -> Self {
        Self::of_all(self.persons(), |person, pairs| {
            let mut shares: Vec<(u32, f64)> = Vec::new();
            for (feature, count) in self.pairs(person) {
                let near = &near[feature as usize];
                let share = count / near.len() as f64;
                shares.extend(near.iter().map(|feature| (*feature, share)));
            }
            shares.sort_unstable_by_key(|(feature, _)| *feature);
            let same = shares.chunk_by(|a, b| a.0 == b.0);
            let sum = |same: &[(u32, f64)]| same.iter().map(|(_, share)| share).sum();
            pairs.extend(same.map(|same| (same[0].0, sum(same))));
        })
    }
}

/// Persons that are counted together.
const SOME: usize = 4096;

/// Calls with each feature that two profiles share, and its weight in both.
pub fn shared((a, x): (&[u32], &[f64]), (b, y): (&[u32], &[f64]), mut each: impl FnMut(f64, f64)) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                each(x[i], y[j]);
                (i, j) = (i + 1, j + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(profiles: &Profiles) -> Vec<Vec<(u32, f64)>> {
        (0..profiles.persons())
            .map(|person| profiles.pairs(person).collect())
            .collect()
    }

    #[test]
    fn rows_are_counted() {
        let rows = [vec![3, 1, 3], vec![], vec![1]];
        let profiles = Profiles::new(3, |person| rows[person].clone());
        assert_eq!(
            pairs(&profiles),
            [vec![(1, 1.0), (3, 2.0)], vec![], vec![(1, 1.0)]]
        );
        assert_eq!((profiles.total(0), profiles.total(1)), (3.0, 0.0));
        assert_eq!(profiles.support(4), [0, 2, 0, 1]);
    }

    #[test]
    fn a_blur_keeps_the_sum() {
        let profiles = Profiles::new(1, |_| vec![0, 0, 1]);
        let near = [vec![0, 1], vec![0, 1, 2]];
        let blurred = profiles.blurred(&near);
        let third = 1.0 / 3.0;
        assert_eq!(
            pairs(&blurred),
            [vec![(0, 1.0 + third), (1, 1.0 + third), (2, third)]]
        );
        assert!((blurred.total(0) - 3.0).abs() < 1e-12);
    }
}
