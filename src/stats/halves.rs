//! Half-samples: how far an estimate from a sample would have come out otherwise.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Draws, Interval, Trial};

/// Half-samples drawn for an interval.
pub const REPLICATES: u64 = 100;

/// What `estimate` gives for random halves of a sample; the sample is given by its classes, from size to
/// how many there are. `None` where it has no solution.
pub fn of_halves<T: Send>(
    sizes: &BTreeMap<u64, u64>,
    draws: &Draws,
    estimate: impl Fn(&BTreeMap<u64, u64>) -> T + Sync,
) -> Vec<T> {
    (0..REPLICATES)
        .into_par_iter()
        .map(|replicate| estimate(&half(sizes, &mut draws.trial(replicate))))
        .collect()
}

/// Each person is kept with probability one half.
pub(super) fn half(sizes: &BTreeMap<u64, u64>, trial: &mut Trial) -> BTreeMap<u64, u64> {
    let mut half = BTreeMap::new();
    for (size, count) in sizes {
        // Most classes are small and there are many of a size: counted by position.
        let mut small = [0u64; 256];
        for _ in 0..*count {
            let kept = trial.half_of(*size);
            match small.get_mut(kept as usize) {
                Some(classes) => *classes += 1,
                None => *half.entry(kept).or_insert(0) += 1,
            }
        }
        for (kept, classes) in (0u64..).zip(small).filter(|(_, classes)| *classes > 0) {
            *half.entry(kept).or_insert(0) += classes;
        }
    }
    half.remove(&0);
    half
}

/// A 95 % interval around `value` from the estimates of half-samples: these scatter about their mean as
/// `value` does about its own. `None` without half-samples.
///
/// Source: P. J. McCarthy, Pseudo-replication: half samples, Review of the International Statistical
/// Institute 37 (1969).
pub fn interval(value: f64, halves: &[f64]) -> Option<Interval> {
    let mean = halves.iter().sum::<f64>() / halves.len() as f64;
    let mut errors: Vec<f64> = halves.iter().map(|half| half - mean).collect();
    errors.sort_by(f64::total_cmp);
    let last = errors.len().checked_sub(1)? as f64;
    let at = |share: f64| errors[(last * share).round() as usize];
    Some(Interval {
        low: (value - at(0.975)).min(value),
        high: (value - at(0.025)).max(value),
        confidence: 0.95,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_halves() {
        let sizes = [(1, 4_000), (5, 300), (1_000, 2)].into();
        let draws = Draws::new(1, "halves", "test");
        let persons = of_halves(&sizes, &draws, |half| {
            half.iter().map(|(size, count)| size * count).sum::<u64>() as f64
        });
        let mean = persons.iter().sum::<f64>() / persons.len() as f64;
        // 7,500 persons: 3,750 expected, standard deviation 43, of the mean 4.3.
        assert!((mean - 3_750.0).abs() < 15.0, "{mean}");
        let interval = interval(7_500.0, &persons).unwrap();
        assert!(
            interval.low < 7_430.0 && interval.high > 7_570.0,
            "{interval:?}"
        );
        assert!(super::interval(1.0, &[]).is_none());
    }
}
