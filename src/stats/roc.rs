//! How well a score tells two kinds apart: the area under the curve, and the advantage over guessing.

use statrs::function::beta::beta_reg;

use super::{Interval, Z95, wilson_expected};

/// The scores of what is of the kind that is sought, and of what is not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores {
    pub inside: Vec<f64>,
    pub outside: Vec<f64>,
}

/// A figure and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub interval: Interval,
}

/// How well scores tell apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// The chance that one of the sought scores above one of the others, ties counting a half.
    pub auc: Estimate,
    /// The share of the sought above a threshold less that of the others, the threshold chosen on other scores
    /// than it is judged on.
    pub advantage: Estimate,
}

impl Scores {
    /// Every second one, from the first or from the second on.
    fn half(&self, which: usize) -> Self {
        let every = |scores: &[f64]| scores.iter().skip(which).step_by(2).copied().collect();
        Self {
            inside: every(&self.inside),
            outside: every(&self.outside),
        }
    }

    /// The area under the curve and the variance of its estimate.
    ///
    /// Source: E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, Comparing the areas under two or more correlated
    /// receiver operating characteristic curves, Biometrics 44 (1988). Where the scores are apart altogether it
    /// gives no variance; then A(1 − A)/min(m, n) at Wilson's bound, the greatest there can be: Z. W. Birnbaum,
    /// O. M. Klose, Bounds for the variance of the Mann-Whitney statistic, Annals of Mathematical Statistics 28 (1957).
    fn area(&self) -> (f64, f64) {
        let (m, n) = (self.inside.len() as f64, self.outside.len() as f64);
        let shares = |of: &[f64], against: &[f64]| -> Vec<f64> {
            let mut sorted = against.to_vec();
            sorted.sort_by(f64::total_cmp);
            let below = |score: &f64| {
                let less = sorted.partition_point(|other| other < score);
                let up_to = sorted.partition_point(|other| other <= score);
                (less + up_to) as f64 / 2.0 / sorted.len() as f64
            };
            of.iter().map(below).collect()
        };
        let above = shares(&self.inside, &self.outside);
        let under = shares(&self.outside, &self.inside);
        let mean = |shares: &[f64]| shares.iter().sum::<f64>() / shares.len() as f64;
        let variance = |shares: &[f64]| {
            let mean = mean(shares);
            let squares: f64 = shares.iter().map(|share| (share - mean).powi(2)).sum();
            squares / (shares.len() as f64 - 1.0).max(1.0)
        };
        (mean(&above), variance(&above) / m + variance(&under) / n)
    }

    /// The threshold that tells best, between two scores; and how well.
    fn threshold(&self) -> (f64, f64) {
        let (m, n) = (self.inside.len() as f64, self.outside.len() as f64);
        let inside = self.inside.iter().map(|score| (*score, 1.0 / m));
        let outside = self.outside.iter().map(|score| (*score, -1.0 / n));
        let mut all: Vec<(f64, f64)> = inside.chain(outside).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (mut best, mut sum) = ((f64::INFINITY, 0.0), 0.0);
        for (at, (score, weight)) in all.iter().enumerate() {
            sum += weight;
            let next = all.get(at + 1).map_or(f64::NEG_INFINITY, |next| next.0);
            if next < *score && sum > best.1 + 1e-12 {
                let threshold = match next.is_finite() {
                    true => f64::midpoint(next, *score),
                    false => *score,
                };
                // Two scores may have no number between them.
                best = (threshold.max(next).min(*score), sum);
                if best.0 <= next {
                    best.0 = *score;
                }
            }
        }
        best
    }

    /// How many of each kind reach a threshold.
    fn reach(&self, threshold: f64) -> [u64; 2] {
        [&self.inside, &self.outside]
            .map(|scores| scores.iter().filter(|score| **score >= threshold).count() as u64)
    }
}

/// How well the best of several ways to score tells: which it is, and the threshold, is chosen on every second score
/// and judged on the others, and the other way round. All ways score the same things in the same order, at least two
/// of each kind.
pub fn told(ways: &[Scores]) -> Told {
    let halves = |which: usize| ways.iter().map(move |way| way.half(which));
    let (mut differences, mut variances) = ([0.0; 2], [0.0; 2]);
    let mut areas = [(0.0, 0.0); 2];
    for test in 0..2 {
        let fitted = halves(1 - test).map(|half| half.threshold());
        let (best, (threshold, _)) = fitted
            .enumerate()
            // Of equal ways the first.
            .reduce(|best, next| if next.1.1 > best.1.1 { next } else { best })
            .expect("there is a way to score");
        let half = ways[best].half(test);
        let [hits, alarms] = half.reach(threshold);
        let sizes = [half.inside.len() as u64, half.outside.len() as u64];
        let [reached, alarmed] = [
            hits as f64 / sizes[0] as f64,
            alarms as f64 / sizes[1] as f64,
        ];
        differences[test] = reached - alarmed;
        variances[test] = agresti_caffo(hits, sizes[0]) + agresti_caffo(alarms, sizes[1]);
        areas[test] = half.area();
    }
    let (area, variance) = match ways {
        [way] => way.area(),
        _ => (
            f64::midpoint(areas[0].0, areas[1].0),
            (areas[0].1 + areas[1].1) / 4.0,
        ),
    };
    let fewest = ways[0].inside.len().min(ways[0].outside.len()) as u64;
    Told {
        auc: Estimate {
            value: area,
            interval: match variance > 0.0 {
                true => within(area, variance.sqrt(), 0.0),
                false => wilson_expected(area * fewest as f64, fewest),
            },
        },
        advantage: {
            let value = f64::midpoint(differences[0], differences[1]);
            // A threshold that is chosen where one half happens to differ is judged well where the other does: the
            // halves err alike, at most as one.
            let error = f64::midpoint(variances[0].sqrt(), variances[1].sqrt());
            Estimate {
                value,
                interval: within(value, error, -1.0),
            }
        },
    }
}

/// The share of the sought that score above all but a share `alarms` of the others: the true positive rate at that
/// false positive rate, and its 95 % interval. Where there are several ways to score, each half of the scores is
/// judged by the way that does best on the other. `None` where a single false alarm is already more than `alarms`.
///
/// The threshold is one of the scores of the others, and its own rate of false alarms is uncertain: the interval
/// goes from a threshold that has at most `alarms` to one that has at least as many, each with a confidence of
/// 98.75 % by the binomial distribution of how many lie above a quantile, and takes at each the end of Wilson's
/// interval of the share of the sought at 98.75 % on its side: together 95 %, whatever the distribution of scores.
pub fn reached_at(ways: &[Scores], alarms: f64) -> Option<Estimate> {
    if let [way] = ways {
        return way.reached_at(alarms);
    }
    let halves = [0, 1].map(|test| {
        let of = |which: usize| ways.iter().map(move |way| way.half(which));
        let fitted = of(1 - test).map(|half| half.reached_at(alarms).map(|found| found.value));
        let best = fitted.enumerate().reduce(|best, next| {
            // Of equal ways the first.
            if next.1 > best.1 { next } else { best }
        })?;
        ways[best.0].half(test).reached_at(alarms)
    });
    let [Some(first), Some(second)] = halves else {
        return None;
    };
    Some(Estimate {
        value: f64::midpoint(first.value, second.value),
        interval: Interval {
            low: f64::midpoint(first.interval.low, second.interval.low),
            high: f64::midpoint(first.interval.high, second.interval.high),
            confidence: 0.95,
        },
    })
}

impl Scores {
    fn reached_at(&self, alarms: f64) -> Option<Estimate> {
        let mut outside = self.outside.clone();
        outside.sort_by(|a, b| b.total_cmp(a));
        let n = outside.len() as u64;
        let allowed = (n as f64 * alarms + 1e-9).floor() as usize;
        if allowed == 0 {
            return None;
        }
        let all = self.inside.len() as u64;
        // With k false alarms, and no more where scores are equal.
        let above = |k: usize| match outside.get(k) {
            Some(bar) => self.inside.iter().filter(|score| *score > bar).count() as u64,
            None => all,
        };
        let value = above(allowed) as f64 / all as f64;
        // P(X ≤ k), X of n with chance `alarms`.
        let up_to = |k: usize| match (k as u64) < n {
            true => beta_reg((n - k as u64) as f64, k as f64 + 1.0, 1.0 - alarms),
            false => 1.0,
        };
        let strict = (0..=allowed).rev().find(|k| up_to(*k) <= SIDE);
        let lax = (allowed..=n as usize).find(|k| 1.0 - up_to(*k) <= SIDE);
        let at_least = |k: usize| match k {
            0 => above(0),
            k => {
                let bar = outside[(k - 1).min(outside.len() - 1)];
                self.inside.iter().filter(|score| **score >= bar).count() as u64
            }
        };
        Some(Estimate {
            value,
            interval: Interval {
                low: strict
                    .map_or(0.0, |k| one_sided(above(k), all).0)
                    .min(value),
                high: lax
                    .map_or(1.0, |k| one_sided(at_least(k + 1), all).1)
                    .max(value),
                confidence: 0.95,
            },
        })
    }
}

/// What each of four ways to be wrong is given of the 5 %.
const SIDE: f64 = 0.0125;

/// Wilson's interval with 1.25 % beyond either end.
fn one_sided(successes: u64, trials: u64) -> (f64, f64) {
    let z = super::normal::quantile(1.0 - SIDE);
    let (n, share) = (trials as f64, successes as f64 / trials as f64);
    let centre = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    ((centre - half).max(0.0), (centre + half).min(1.0))
}

fn within(value: f64, error: f64, least: f64) -> Interval {
    Interval {
        low: (value - Z95 * error).max(least),
        high: (value + Z95 * error).min(1.0),
        confidence: 0.95,
    }
}

/// The variance of a share, with one success and one failure added so that it is never nothing.
///
/// Source: A. Agresti, B. Caffo, Simple and effective confidence intervals for proportions and differences of
/// proportions result from adding two successes and two failures, The American Statistician 54 (2000).
fn agresti_caffo(successes: u64, trials: u64) -> f64 {
    let n = trials as f64 + 2.0;
    let share = (successes as f64 + 1.0) / n;
    share * (1.0 - share) / n
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Draws, normal};

    /// The share of all pairs.
    fn slow(scores: &Scores) -> f64 {
        let pairs = scores
            .inside
            .iter()
            .flat_map(|a| scores.outside.iter().map(move |b| (a, b)));
        let won = pairs.map(|(a, b)| match a.partial_cmp(b) {
            Some(std::cmp::Ordering::Greater) => 1.0,
            Some(std::cmp::Ordering::Equal) => 0.5,
            _ => 0.0,
        });
        won.sum::<f64>() / (scores.inside.len() * scores.outside.len()) as f64
    }

    /// Normal scores, those of the sought higher by `shift`, rounded so that some are tied.
    fn normal_scores(case: u64, each: usize, shift: f64) -> Scores {
        let mut trial = Draws::new(11, "roc", "test").trial(case);
        let mut score = |shift: f64| ((normal::quantile(trial.uniform()) + shift) * 20.0).round();
        Scores {
            inside: (0..each).map(|_| score(shift)).collect(),
            outside: (0..each).map(|_| score(0.0)).collect(),
        }
    }

    #[test]
    fn the_area_is_the_share_of_all_pairs() {
        for case in 0..50 {
            let scores = normal_scores(case, 7 + case as usize, 0.5);
            assert!((scores.area().0 - slow(&scores)).abs() < 1e-12);
        }
    }

    #[test]
    fn the_threshold_is_the_best_of_all() {
        for case in 0..50 {
            let scores = normal_scores(case, 20, 0.7);
            let (threshold, gain) = scores.threshold();
            let all = scores.inside.iter().chain(&scores.outside);
            let advantage = |threshold: f64| {
                let [hits, alarms] = scores.reach(threshold);
                (hits as f64 - alarms as f64) / 20.0
            };
            let best = all.map(|score| advantage(*score)).fold(0.0, f64::max);
            assert!((gain - best).abs() < 1e-9 && (advantage(threshold) - best).abs() < 1e-9);
        }
    }

    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        // Shifted by one: area Φ(1/√2), greatest difference 2Φ(1/2) − 1; by nothing: ½ and 0.
        for (shift, area, most) in [
            (
                1.0,
                normal::cdf(std::f64::consts::FRAC_1_SQRT_2),
                2.0 * normal::cdf(0.5) - 1.0,
            ),
            (0.0, 0.5, 0.0),
        ] {
            let (mut held, mut held_advantage) = (0, 0);
            for case in 0..400 {
                let found = told(&[normal_scores(1_000 + case, 200, shift)]);
                let holds = |estimate: Estimate, truth: f64| {
                    let Interval { low, high, .. } = estimate.interval;
                    u32::from(low <= truth && truth <= high)
                };
                held += holds(found.auc, area);
                held_advantage += holds(found.advantage, most);
            }
            // 380 expected, standard deviation 4.4; of the advantage more.
            assert!((366..=394).contains(&held), "{shift}: {held}");
            assert!(held_advantage >= 372, "{shift}: {held_advantage}");
        }
    }

    #[test]
    fn rates_at_few_false_alarms_hold_the_truth_as_often_as_they_say() {
        // Shifted by two: 1 − Φ(z − 2) above the quantile z.
        for (alarms, each, z) in [(0.01, 600, 2.326_347_9), (0.001, 6_000, 3.090_232_3)] {
            let truth = 1.0 - normal::cdf(z - 2.0);
            let (mut held, mut sum, cases) = (0, 0.0, 200);
            for case in 0..cases {
                let mut trial = Draws::new(12, "roc", "rates").trial(case);
                let mut score = |shift: f64| normal::quantile(trial.uniform()) + shift;
                let scores = Scores {
                    inside: (0..each).map(|_| score(2.0)).collect(),
                    outside: (0..each).map(|_| score(0.0)).collect(),
                };
                let found = reached_at(&[scores], alarms).unwrap();
                sum += found.value;
                let Interval { low, high, .. } = found.interval;
                held += u32::from(low <= truth && truth <= high);
            }
            // 190 expected at least.
            assert!(held >= 188, "{alarms}: {held}");
            let mean = sum / cases as f64;
            assert!((mean - truth).abs() < 0.03, "{alarms}: {mean} {truth}");
        }
        let none = normal_scores(1, 90, 5.0);
        assert_eq!(reached_at(std::slice::from_ref(&none), 0.01), None);
        // What scores alike is never told.
        let same = Scores {
            inside: vec![1.0; 500],
            outside: vec![1.0; 500],
        };
        let found = reached_at(&[same], 0.01).unwrap();
        assert_eq!((found.value, found.interval.low), (0.0, 0.0));
    }

    #[test]
    fn of_several_ways_the_telling_one_is_chosen() {
        let (blind, telling) = (normal_scores(1, 300, 0.0), normal_scores(2, 300, 2.0));
        let alone = told(std::slice::from_ref(&telling));
        let both = told(&[blind, telling]);
        assert!((both.auc.value - alone.auc.value).abs() < 0.02);
        assert_eq!(both.advantage, alone.advantage);
    }

    #[test]
    fn scores_that_are_apart_are_told_but_not_beyond_doubt() {
        let scores = |inside: f64| Scores {
            inside: vec![inside; 40],
            outside: vec![0.0; 40],
        };
        let apart = told(&[scores(1.0)]);
        assert_eq!((apart.auc.value, apart.advantage.value), (1.0, 1.0));
        assert!(apart.auc.interval.low < 0.95 && apart.advantage.interval.low < 0.99);
        let same = told(&[scores(0.0)]);
        assert_eq!((same.auc.value, same.advantage.value), (0.5, 0.0));
        assert!(same.advantage.interval.low < 0.0 && same.advantage.interval.high > 0.0);
    }
}
