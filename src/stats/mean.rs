//! Intervals for the mean of a quantity between 0 and 1 over drawn persons.
//!
//! Wald's interval, the mean ± 1.96 standard errors, fails where few are drawn or few have nearly all of the
//! quantity: a sample without them has hardly any variance. Agresti and Coull add two successes and two failures to
//! a proportion first; the same four, two persons of whom all and two of whom nothing is found, are added here, and
//! Student's t stands for the normal quantile. So that the four decide nothing where values hardly vary, the interval
//! reaches from half a width below the lesser of the two means, with the four and without, to half a width above the
//! greater.
//!
//! Source: A. Agresti, B. A. Coull, Approximate is better than "exact" for interval estimation of binomial
//! proportions, The American Statistician 52 (1998); for ratios W. G. Cochran, Sampling Techniques, 3rd edition, 1977,
//! section 2.11.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::Interval;

/// Persons added of whom all is found, and as many of whom nothing is.
const ADDED: f64 = 2.0;

/// The mean; 0 of nothing, where the sum would be -0.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, value| sum + value) / values.len().max(1) as f64
}

/// A 95 % interval for the mean of independent values between 0 and 1; no values leave everything open.
pub fn of_mean(values: &[f64]) -> Interval {
    of_ratio(values, &vec![1.0; values.len()])
}

/// The same for the mean of `all` values of which these were drawn without replacement: narrower by the root of the
/// part that was not drawn, a point where all were.
pub fn of_drawn(values: &[f64], all: u64) -> Interval {
    let n = values.len() as f64;
    let mean = mean(values);
    let left = (1.0 - n / all.max(1) as f64).max(0.0).sqrt();
    let Interval { low, high, .. } = match all {
        // The mean of nobody.
        0 => Interval {
            low: 0.0,
            high: 0.0,
            confidence: 0.95,
        },
        _ => of_mean(values),
    };
    Interval {
        low: mean - (mean - low) * left,
        high: mean + (high - mean) * left,
        confidence: 0.95,
    }
}

/// The same for the sum of `parts` over that of `wholes`, each part at most its whole.
pub fn of_ratio(parts: &[f64], wholes: &[f64]) -> Interval {
    let open = Interval {
        low: 0.0,
        high: 1.0,
        confidence: 0.95,
    };
    let (n, whole) = (wholes.len() as f64, wholes.iter().sum::<f64>());
    // NaN is refused as well.
    if whole.partial_cmp(&0.0) != Some(std::cmp::Ordering::Greater) {
        return open;
    }
    let sum: f64 = parts.iter().sum();
    let (all, size) = (n + 2.0 * ADDED, whole / n);
    let ratio = (sum + ADDED * size) / (all * size);
    let pairs = parts.iter().zip(wholes);
    let squares: f64 = pairs.map(|(part, of)| (part - ratio * of).powi(2)).sum();
    let added = ADDED * size * size * ((1.0 - ratio).powi(2) + ratio * ratio);
    let student = StudentsT::new(0.0, 1.0, all - 1.0).expect("there are degrees of freedom");
    let error = ((squares + added) * all / (all - 1.0)).sqrt() / (all * size);
    let half = student.inverse_cdf(0.975) * error;
    let value = sum / whole;
    Interval {
        low: (ratio.min(value) - half).max(0.0),
        high: (ratio.max(value) + half).min(1.0),
        ..open
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::stats::{Draws, Trial, normal};
    use rayon::prelude::*;

    /// Persons of a sample.
    const SIZES: [usize; 4] = [5, 20, 100, 1_000];
    /// Samples of each size.
    const SAMPLES: u64 = 2_000;

    type Value = fn(&mut Trial) -> f64;

    fn exponential(trial: &mut Trial) -> f64 {
        -trial.uniform().ln()
    }

    /// The risk of one among a lognormal number of candidates.
    fn one_of(trial: &mut Trial, middle: f64, spread: f64) -> f64 {
        let normal = normal::quantile(trial.uniform());
        1.0 / (middle.ln() + spread * normal).exp().ceil()
    }

    /// Distributions, mostly skewed, each with what a table calls it.
    pub const DISTRIBUTIONS: [(&str, Value); 8] = [
        ("1 in 50, else 0", |trial| f64::from(trial.uniform() < 0.02)),
        ("1 in 2, else 0", |trial| f64::from(trial.uniform() < 0.5)),
        ("1 in 100, else 0.01", |trial| {
            match trial.uniform() < 0.01 {
                true => 1.0,
                false => 0.01,
            }
        }),
        ("1 in 10, else 0.5", |trial| match trial.uniform() < 0.1 {
            true => 1.0,
            false => 0.5,
        }),
        ("1/k, median 20", |trial| one_of(trial, 20.0, 1.5)),
        ("1/k, median 150", |trial| one_of(trial, 150.0, 2.0)),
        ("exponential, 0.02", |trial| {
            (0.02 * exponential(trial)).min(1.0)
        }),
        ("even", Trial::uniform),
    ];

    /// The mean of a distribution: exact, or of two million draws.
    fn mean(at: usize) -> f64 {
        match at {
            0 => 0.02,
            1 => 0.5,
            2 => 0.01 * 1.0 + 0.99 * 0.01,
            3 => 0.55,
            6 => 0.02,
            7 => 0.5,
            _ => {
                let draws = Draws::new(11, "means", &at.to_string());
                let some = |part: u64| -> f64 {
                    let mut trial = draws.trial(part);
                    (0..20_000).map(|_| DISTRIBUTIONS[at].1(&mut trial)).sum()
                };
                let parts: Vec<f64> = (0..100).into_par_iter().map(some).collect();
                parts.iter().sum::<f64>() / 2_000_000.0
            }
        }
    }

    fn wald(values: &[f64]) -> Interval {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let half = 1.96 * (squares / (n - 1.0) / n).sqrt();
        Interval {
            low: mean - half,
            high: mean + half,
            confidence: 0.95,
        }
    }

    /// For each distribution, at each size, the share of samples whose interval holds the mean: ours, and Wald's.
    pub fn coverage() -> Vec<[[f64; 4]; 2]> {
        let of = |at: usize| {
            let truth = mean(at);
            let value = DISTRIBUTIONS[at].1;
            let of_size = |size: usize| {
                let draws = Draws::new(size as u64, "coverage of means", &at.to_string());
                let held = |sample: u64| {
                    let mut trial = draws.trial(sample);
                    let values: Vec<f64> = (0..size).map(|_| value(&mut trial)).collect();
                    [of_mean(&values), wald(&values)]
                        .map(|interval| u64::from(interval.low <= truth && truth <= interval.high))
                };
                let held = (0..SAMPLES).into_par_iter().map(held);
                held.reduce(|| [0, 0], |a, b| [a[0] + b[0], a[1] + b[1]])
                    .map(|held| held as f64 / SAMPLES as f64)
            };
            let sizes = SIZES.map(of_size);
            [0, 1].map(|which| sizes.map(|both| both[which]))
        };
        (0..DISTRIBUTIONS.len()).map(of).collect()
    }

    /// 95 % are held, up to what 2,000 samples leave open (standard deviation 0.5 %) and what a share of few
    /// persons, which moves in steps, allows.
    #[test]
    fn the_interval_covers_where_that_of_wald_does_not() {
        let coverage = coverage();
        for ([ours, _], (name, _)) in coverage.iter().zip(DISTRIBUTIONS) {
            assert!(ours.iter().all(|held| *held >= 0.935), "{name}: {ours:?}");
        }
        let worst = coverage.iter().flat_map(|[_, wald]| wald);
        assert!(worst.copied().fold(1.0, f64::min) < 0.1);
    }

    #[test]
    fn hand_worked() {
        // Of no values, or of none at all, nothing is known.
        assert_eq!((of_mean(&[]).low, of_mean(&[]).high), (0.0, 1.0));
        assert_eq!(of_ratio(&[0.0], &[0.0]).high, 1.0);
        // 16 zeros: (0 + 2)/20 = 0.1, variance (2·0.81 + 18·0.01)/19, t of 19 degrees of freedom 2.0930.
        let zeros = of_mean(&[0.0; 16]);
        let half = 2.093_024 * ((2.0 * 0.81 + 18.0 * 0.01) / 19.0_f64 / 20.0).sqrt();
        assert_eq!(zeros.low, 0.0);
        assert!((zeros.high - (0.1 + half)).abs() < 1e-6, "{zeros:?}");
        // Of two of a thousand little is known, of two of two all.
        let drawn = of_drawn(&[0.2, 0.6], 1_000);
        assert!(drawn.low < 0.05 && drawn.high > 0.75, "{drawn:?}");
        let all = of_drawn(&[0.2, 0.6], 2);
        assert_eq!((all.low, all.high), (0.4, 0.4));
        assert_eq!(of_drawn(&[], 0).high, 0.0);
        // A ratio of equal wholes is a mean.
        let parts = [1.0, 3.0, 0.0, 2.0, 4.0];
        let mean = of_mean(&parts.map(|part| part / 4.0));
        let ratio = of_ratio(&parts, &[4.0; 5]);
        assert!((mean.low - ratio.low).abs() < 1e-12 && (mean.high - ratio.high).abs() < 1e-12);
    }
}
