//! Intervals for proportions, and random draws that depend on a key alone: never on threads, order
//! or platform.

pub mod copula;
pub mod exceedance;
pub mod halves;
pub mod log_linear;
pub mod logistic;
pub mod mean;
pub mod minimise;
pub mod nested;
pub mod noise;
pub mod normal;
pub mod pitman_yor;
pub mod roc;
pub mod runs;
pub mod sums;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A range that holds the true value with the stated confidence.
#[derive(
    Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    /// For example 0.95.
    pub confidence: f64,
}

/// An upper bound of the probability that of `n` values `k` or more pass, each by the chance `p`.
///
/// Source: H. Chernoff: A measure of asymptotic efficiency for tests of a hypothesis based on the sum of observations.
/// Ann. Math. Statist. 23(4), 1952.
pub fn tail(k: u64, n: u64, p: f64) -> f64 {
    if n == 0 || k as f64 <= p * n as f64 {
        return 1.0;
    }
    let (share, n) = (k as f64 / n as f64, n as f64);
    let part = |q: f64, p: f64| if q == 0.0 { 0.0 } else { q * (q / p).ln() };
    (-n * (part(share, p) + part(1.0 - share, 1.0 - p))).exp()
}

/// The two-sided 95 % quantile of the standard normal distribution.
const Z95: f64 = 1.959_963_984_540_054;

/// Wilson's score interval for a proportion, 95 %.
///
/// Centre (s + z²/2)/(n + z²), half width z·√(s(n−s)/n + z²/4)/(n + z²).
/// Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
/// JASA 22 (1927).
///
/// `successes` out of `trials`; no trials leave everything open: \[0, 1\].
pub fn wilson(successes: u64, trials: u64) -> Interval {
    wilson_expected(successes as f64, trials)
}

/// The same where successes are expected ones: of several equal matches each counts for its chance.
pub fn wilson_expected(successes: f64, trials: u64) -> Interval {
    if trials == 0 {
        return Interval {
            low: 0.0,
            high: 1.0,
            confidence: 0.95,
        };
    }
    let (s, n) = (successes, trials as f64);
    let (centre, half) = wilson_score(successes, trials);
    Interval {
        // At the ends the formula is exact on paper but not in floating point.
        low: if s == 0.0 { 0.0 } else { centre - half },
        high: if s == n { 1.0 } else { centre + half },
        confidence: 0.95,
    }
}

/// The centre of [`wilson`]'s interval and half its width; of no trials the centre of everything.
pub fn wilson_score(successes: f64, trials: u64) -> (f64, f64) {
    if trials == 0 {
        return (0.5, 0.5);
    }
    let (s, n, z2) = (successes, trials as f64, Z95 * Z95);
    let centre = (s + z2 / 2.0) / (n + z2);
    let half = Z95 * (s * (n - s) / n + z2 / 4.0).sqrt() / (n + z2);
    (centre, half)
}

/// Random numbers for one trial, keyed by (seed, measure, table) and the trial's number.
///
/// The generator is ChaCha8 with the SHA-256 of the key as its key and the trial as its stream, so
/// any trial can be repeated by itself, on any machine.
pub struct Draws {
    key: [u8; 32],
}

impl Draws {
    pub fn new(seed: u64, measure: &str, table: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        for part in [measure, table] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self {
            key: hash.finalize().into(),
        }
    }

    pub fn trial(&self, trial: u64) -> Trial {
        let mut generator = ChaCha8Rng::from_seed(self.key);
        generator.set_stream(trial);
        Trial(generator)
    }
}

/// The random numbers of one trial.
pub struct Trial(ChaCha8Rng);

impl Trial {
    /// A uniform number below `bound`, without bias.
    ///
    /// Source: D. Lemire, Fast random integer generation in an interval, ACM TOMACS 29 (2019).
    ///
    /// # Panics
    /// `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "nothing lies below zero");
        let mut product = u128::from(self.0.next_u64()) * u128::from(bound);
        if (product as u64) < bound {
            let threshold = bound.wrapping_neg() % bound;
            while (product as u64) < threshold {
                product = u128::from(self.0.next_u64()) * u128::from(bound);
            }
        }
        (product >> 64) as u64
    }

    /// A uniform number above 0 and below 1.
    pub fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 12) as f64 + 0.5) / (1u64 << 52) as f64
    }

    /// A number of rare events of which `mean` are expected: by inversion of the Poisson distribution, from 30 on
    /// by its normal approximation.
    pub fn poisson(&mut self, mean: f64) -> f64 {
        if mean >= 30.0 {
            let drawn = mean + mean.sqrt() * normal::quantile(self.uniform());
            return drawn.round().max(0.0);
        }
        let (uniform, mut events) = (self.uniform(), 0.0);
        let mut chance = (-mean).exp();
        let mut sum = chance;
        while uniform > sum && events < 200.0 {
            events += 1.0;
            chance *= mean / events;
            sum += chance;
        }
        events
    }

    /// How many of `count` things are kept when each is kept with probability one half.
    pub fn half_of(&mut self, count: u64) -> u64 {
        let words = (0..count / 64).map(|_| u64::from(self.0.next_u64().count_ones()));
        let whole: u64 = words.sum();
        let rest = (1u64 << (count % 64)) - 1;
        whole + u64::from((self.0.next_u64() & rest).count_ones())
    }

    /// Leaves `count` of the items, every choice equally likely, in the order in which they were drawn.
    pub fn leave<T>(&mut self, items: &mut Vec<T>, count: usize) {
        for at in 0..count.min(items.len()) {
            let other = at + self.below((items.len() - at) as u64) as usize;
            items.swap(at, other);
        }
        items.truncate(count);
    }

    /// `count` distinct numbers below `bound`, every subset equally likely, in ascending order.
    ///
    /// Source: R. W. Floyd, in J. Bentley, Programming pearls: a sample of brilliance, CACM 30 (1987).
    ///
    /// # Panics
    /// `count` is greater than `bound`.
    pub fn subset(&mut self, count: usize, bound: u64) -> Vec<u64> {
        assert!(count as u64 <= bound, "a subset is no larger than its set");
        let mut chosen = std::collections::BTreeSet::new();
        for last in bound - count as u64..bound {
            let candidate = self.below(last + 1);
            if !chosen.insert(candidate) {
                chosen.insert(last);
            }
        }
        chosen.into_iter().collect()
    }
}

/// The median of a histogram: `counts` maps a value to how often it occurs. For an even number of
/// observations the mean of the middle two. `None` without observations.
pub fn median(counts: &std::collections::BTreeMap<u64, u64>) -> Option<f64> {
    let total: u64 = counts.values().sum();
    let at = |rank: u64| {
        let mut seen = 0;
        counts.iter().find_map(|(value, count)| {
            seen += count;
            (seen > rank).then_some(*value as f64)
        })
    };
    Some((at((total.checked_sub(1)?) / 2)? + at(total / 2)?) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_agrees_with_newcombe_1998() {
        // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score).
        for (s, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let interval = wilson(s, n);
            assert!((interval.low - low).abs() < 5e-5, "{interval:?}");
            assert!((interval.high - high).abs() < 5e-5, "{interval:?}");
        }
    }

    #[test]
    fn wilson_at_the_ends() {
        assert_eq!(wilson(0, 10).low, 0.0);
        assert_eq!(wilson(10, 10).high, 1.0);
        assert_eq!((wilson(0, 0).low, wilson(0, 0).high), (0.0, 1.0));
    }

    #[test]
    fn draws_depend_on_the_key_alone() {
        let draws =
            |seed, measure, trial| Draws::new(seed, measure, "t").trial(trial).below(1 << 40);
        assert_eq!(draws(1, "unicity", 7), draws(1, "unicity", 7));
        assert_ne!(draws(1, "unicity", 7), draws(1, "unicity", 8));
        assert_ne!(draws(1, "unicity", 7), draws(2, "unicity", 7));
        assert_ne!(draws(1, "unicity", 7), draws(1, "linkage", 7));
    }

    #[test]
    fn draws_are_the_same_on_every_machine() {
        // A frozen value: if it changes, published reports can no longer be repeated.
        let mut trial = Draws::new(20161, "unicity", "movements").trial(0);
        assert_eq!(trial.subset(4, 100), FROZEN);
    }
    const FROZEN: [u64; 4] = [34, 40, 65, 82];

    #[test]
    fn subsets_are_uniform() {
        let draws = Draws::new(3, "test", "t");
        let mut seen = std::collections::BTreeMap::new();
        for trial in 0..20_000 {
            *seen.entry(draws.trial(trial).subset(2, 5)).or_insert(0u32) += 1;
        }
        assert_eq!(seen.len(), 10, "all pairs of five occur");
        // 2,000 expected for each, standard deviation 42.
        assert!(
            seen.values().all(|count| (1_790..2_210).contains(count)),
            "{seen:?}"
        );
    }

    #[test]
    fn rare_events_have_their_mean_and_variance() {
        for mean in [0.0, 0.3, 4.0, 29.0, 300.0] {
            let mut trial = Draws::new(9, "poisson", "test").trial(mean as u64);
            let drawn: Vec<f64> = (0..20_000).map(|_| trial.poisson(mean)).collect();
            let found = drawn.iter().sum::<f64>() / 20_000.0;
            let squares = drawn
                .iter()
                .map(|events| (events - mean).powi(2))
                .sum::<f64>()
                / 20_000.0;
            assert!(
                (found - mean).abs() <= 4.0 * (mean / 20_000.0).sqrt(),
                "{mean}: {found}"
            );
            assert!((squares - mean).abs() <= 0.06 * mean, "{mean}: {squares}");
        }
    }

    #[test]
    fn median_of_a_histogram() {
        let counts = |pairs: &[(u64, u64)]| median(&pairs.iter().copied().collect());
        assert_eq!(counts(&[(1, 3), (9, 1)]), Some(1.0));
        assert_eq!(counts(&[(1, 2), (4, 2)]), Some(2.5));
        assert_eq!(counts(&[]), None);
    }
}
