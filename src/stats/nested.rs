//! What an estimate is off by, learnt within the sample: the sample is the population of parts of itself.
//!
//! An estimate for a population of N from a sample of n is off by chance, and by what its model gets wrong. Halves of
//! the sample show the first alone: an interval from them can miss the truth every time. Parts that are to the sample
//! as the sample is to the population show the second, for what they say of the sample can be held against the sample.
//! Errors are measured between logits, so that shares near 0 and near 1 count alike, and taken to the population by the
//! ratio of the logarithms where parts cannot be so small. The interval that chance makes is widened on both sides by
//! the largest of 39 such errors: on both, because a model that is too low for a small population can be too high for
//! a large one. The width is not derived but was chosen among seven rules by the coverage on known populations, which
//! is printed with each estimator.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::halves::half;
use super::{Draws, Interval, Trial};

/// Parts drawn: one more of the same kind is off by more than all of so many with probability 1/40.
pub const PARTS: u64 = 39;
/// Persons of a part, at least, where a sample has so many; a half has fewer where the sample is small.
const FEW: u64 = 200;
/// Persons of a sample, at least.
const FEWEST: u64 = 100;

/// How parts of a sample are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nested {
    /// How often each part is halved; none where the sample is too small to have parts.
    halvings: u32,
    /// What the logarithm of population over sample is to that of sample over part.
    stretch: f64,
}

impl Nested {
    pub fn new(persons: u64, population: u64) -> Self {
        let most = match persons < FEWEST {
            true => 0,
            false => (persons / FEW).checked_ilog2().unwrap_or(0).max(1),
        };
        let doublings = (population as f64 / persons as f64).log2().max(0.0);
        let halvings = (doublings.round() as u32).clamp(1, most.max(1)).min(most);
        Self {
            halvings,
            stretch: doublings / f64::from(halvings.max(1)),
        }
    }

    /// How many parts are drawn.
    pub fn parts(&self) -> u64 {
        match self.halvings {
            0 => 0,
            _ => PARTS,
        }
    }

    /// The persons of a part, on average, of so many.
    pub fn of(&self, persons: u64) -> u64 {
        persons >> self.halvings
    }

    /// Keeps each of `count` persons by the share of a part.
    pub fn kept(&self, count: u64, trial: &mut Trial) -> u64 {
        (0..self.halvings).fold(count, |left, _| match left {
            0 => 0,
            left => trial.half_of(left),
        })
    }

    /// A part of a sample that is given by its classes, from size to how many there are.
    pub fn part(&self, sizes: &BTreeMap<u64, u64>, trial: &mut Trial) -> BTreeMap<u64, u64> {
        (0..self.halvings).fold(sizes.clone(), |left, _| half(&left, trial))
    }

    /// What `estimate` gives for each part, in the order of parts.
    pub fn estimates<T: Send>(
        &self,
        draws: &Draws,
        estimate: impl Fn(&mut Trial) -> T + Sync,
    ) -> Vec<T> {
        (0..self.parts())
            .into_par_iter()
            .map(|part| estimate(&mut draws.trial((1 << 56) + part)))
            .collect()
    }

    /// A 95 % interval around an estimated share of `of`: `halves`, which chance alone makes, widened on both sides by
    /// the largest of the `errors` of the parts ([`error`]). Everything where there are none, or one is not known because
    /// its part had no solution.
    pub fn interval(
        &self,
        value: f64,
        of: f64,
        errors: &[Option<f64>],
        halves: Option<Interval>,
    ) -> Interval {
        let errors: Option<Vec<f64>> = errors.iter().copied().collect();
        let Some(errors) = errors.filter(|errors| !errors.is_empty()) else {
            return OPEN;
        };
        let most = errors
            .iter()
            .fold(0.0f64, |most, error| most.max(error.abs()));
        let off = self.stretch * most;
        let (low, high) = halves.map_or((value, value), |halves| (halves.low, halves.high));
        // The half person that gives none and all their odds moves nothing by itself.
        let moved = |end: f64, off: f64| match off == 0.0 {
            true => end,
            false => share(logit(end, of) + off),
        };
        let low = moved(low.max(0.0), -off).min(value);
        let high = moved(high.min(1.0), off).max(value);
        Interval {
            low,
            high,
            confidence: 0.95,
        }
    }
}

/// What is known of a share of which nothing is.
pub const OPEN: Interval = Interval {
    low: 0.0,
    high: 1.0,
    confidence: 0.95,
};

/// How far an estimated share is above the true one, both shares of `of`, between logits.
pub fn error(estimated: f64, truth: f64, of: f64) -> f64 {
    logit(estimated, of) - logit(truth, of)
}

/// The logarithm of the odds, half a person added on both sides so that none and all have one.
fn logit(share: f64, of: f64) -> f64 {
    ((share * of + 0.5) / ((1.0 - share) * of + 0.5)).ln()
}

fn share(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_to_the_sample_as_the_sample_is_to_the_population() {
        let nested = Nested::new(8_000, 64_000);
        assert_eq!((nested.of(8_000), nested.stretch), (1_000, 1.0));
        // No part has fewer than 200 persons where the sample has enough; the rest is taken on.
        let nested = Nested::new(1_000, 1_024_000);
        assert_eq!((nested.of(1_000), nested.stretch), (250, 5.0));
        let nested = Nested::new(100, 400);
        assert_eq!((nested.of(100), nested.stretch), (50, 2.0));
        // Where nearly everybody is in the sample, errors count for little.
        let nested = Nested::new(1_000, 1_000);
        assert_eq!((nested.of(1_000), nested.stretch), (500, 0.0));
        let none = Nested::new(99, 1_000_000);
        assert_eq!(none.parts(), 0);
        assert_eq!(none.interval(0.5, 1e6, &[], None), OPEN);
    }

    #[test]
    fn parts_hold_their_share_of_the_persons() {
        let nested = Nested::new(8_000, 64_000);
        let draws = Draws::new(1, "nested", "test");
        let sizes: BTreeMap<u64, u64> = [(1, 4_000), (4, 1_000)].into();
        let persons = nested.estimates(&draws, |trial| {
            let part = nested.part(&sizes, trial);
            part.iter().map(|(size, count)| size * count).sum::<u64>() as f64
        });
        let mean = persons.iter().sum::<f64>() / persons.len() as f64;
        // 1,000 expected, standard deviation 30, of the mean 5.
        assert!((mean - 1_000.0).abs() < 20.0, "{mean}");
        let kept = nested.estimates(&draws, |trial| nested.kept(8_000, trial) as f64);
        let mean = kept.iter().sum::<f64>() / kept.len() as f64;
        assert!((mean - 1_000.0).abs() < 20.0, "{mean}");
    }

    #[test]
    fn an_estimate_that_is_always_off_is_known_to_be() {
        let nested = Nested::new(8_000, 64_000);
        // Odds twice the true ones, each time; for a larger population they might be half of them.
        let doubled = Some(f64::ln(2.0));
        let interval = nested.interval(0.5, 1e9, &[doubled; 39], None);
        assert!((interval.low - 1.0 / 3.0).abs() < 1e-6, "{interval:?}");
        assert!((interval.high - 2.0 / 3.0).abs() < 1e-6, "{interval:?}");
        let halves = Interval {
            low: 0.4,
            high: 0.6,
            confidence: 0.95,
        };
        let interval = nested.interval(0.5, 1e9, &[doubled; 39], Some(halves));
        assert!((interval.low - 0.25).abs() < 1e-6, "{interval:?}");
        assert!((interval.high - 0.75).abs() < 1e-6, "{interval:?}");
        assert_eq!(nested.interval(0.5, 1e9, &[doubled, None], None), OPEN);
        // None and all have odds.
        assert!(error(0.0, 1.0, 100.0).is_finite());
        let all = nested.interval(1.0, 100.0, &[Some(0.0); 39], None);
        assert_eq!((all.low, all.high), (1.0, 1.0));
    }
}
