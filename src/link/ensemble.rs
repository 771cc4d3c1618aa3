//! All matchers together, weighted by how they did on persons that are not judged.

use rayon::prelude::*;

use super::{Matcher, Ranked, rank_all};
use crate::progress::Progress;
use crate::stats::Draws;

/// Candidates of each matcher that come into question.
const POOL: usize = 10;
/// Keeps weights finite where a matcher never errs.
const RIDGE: f64 = 1e-3;
const STEPS: usize = 30;

/// The weights, and the ranks of the persons they were not fitted on.
pub struct Ensemble {
    /// One a matcher.
    pub weights: Vec<f64>,
    pub fitted: u64,
    /// For each of the judged.
    pub ranked: Vec<Ranked>,
}

/// The candidates of one of the sought: of each how far every matcher puts it behind the best one, and
/// where the true one is among them.
struct Pool {
    candidates: Vec<u32>,
    /// The best score of each matcher.
    best: Vec<f64>,
    /// As many a candidate as there are matchers.
    behind: Vec<f64>,
    own: Option<usize>,
    present: bool,
}

/// A half of the sought, drawn by `draws`, fits the weights of a conditional logit model: the chance that a
/// candidate is the true one is proportional to exp(Σ w_m x_m), x_m the score of matcher m less the best score
/// it gives, over the mean distance from its best to its tenth. The other half is judged: each by the union of
/// the ten best candidates of every matcher. Where the true one is not among them, it counts as last.
///
/// Source: D. McFadden, Conditional logit analysis of qualitative choice behavior, 1974; fitted by Newton's
/// method with a penalty of 0.0005 Σ w². `None` where nobody can be fitted or judged.
pub fn ensemble(
    matchers: &[Box<dyn Matcher + '_>],
    truth: &[Option<u32>],
    draws: &Draws,
    progress: &dyn Progress,
) -> Option<Ensemble> {
    let mut pools: Vec<Pool> = truth.iter().map(|own| Pool::new(own.is_some())).collect();
    for matcher in matchers {
        // The adversary does not know who the true one is: it has a place like any other.
        let ranked = rank_all(matcher.as_ref(), &vec![None; truth.len()], POOL, progress);
        for (pool, ranked) in pools.iter_mut().zip(ranked) {
            pool.best
                .push(ranked.others.first().map_or(0.0, |(score, _)| *score));
            let others = ranked.others.iter().map(|(_, candidate)| *candidate);
            pool.candidates.extend(others);
        }
    }
    let sought = pools.par_iter_mut().zip(truth).enumerate();
    sought.for_each(|(sought, (pool, own))| pool.compare(matchers, sought, *own));
    let fits = |sought: usize| draws.trial(sought as u64).below(2) == 0;
    let halves = pools.into_iter().enumerate();
    let (fit, judged): (Vec<(usize, Pool)>, Vec<_>) = halves.partition(|(at, _)| fits(*at));
    let (mut fit, mut judged): (Vec<Pool>, Vec<Pool>) = (
        fit.into_iter().map(|(_, pool)| pool).collect(),
        judged.into_iter().map(|(_, pool)| pool).collect(),
    );
    fit.retain(|pool| pool.own.is_some());
    if fit.is_empty() || judged.iter().all(|pool| !pool.present) {
        return None;
    }
    let spreads = spreads(&fit, matchers.len());
    for pool in fit.iter_mut().chain(&mut judged) {
        for of_candidate in pool.behind.chunks_exact_mut(matchers.len()) {
            let pairs = of_candidate.iter_mut().zip(&spreads);
            pairs.for_each(|(behind, spread)| *behind /= spread);
        }
    }
    let weights = fitted(&fit, matchers.len());
    let ranked = judged.iter().map(|pool| pool.judge(&weights));
    Some(Ensemble {
        ranked: ranked.collect(),
        fitted: fit.len() as u64,
        weights,
    })
}

/// For each matcher the mean distance from its best to the last of the pool.
fn spreads(pools: &[Pool], matchers: usize) -> Vec<f64> {
    let spread = |matcher: usize| {
        let farthest = pools.iter().map(|pool| {
            let behind = pool.behind.iter().skip(matcher).step_by(matchers);
            -behind.copied().fold(0.0, f64::min)
        });
        let mean = farthest.sum::<f64>() / pools.len() as f64;
        if mean > 0.0 { mean } else { 1.0 }
    };
    (0..matchers).map(spread).collect()
}

impl Pool {
    fn new(present: bool) -> Self {
        Self {
            candidates: Vec::new(),
            best: Vec::new(),
            behind: Vec::new(),
            own: None,
            present,
        }
    }

    /// How far every matcher puts each candidate behind its best.
    fn compare(&mut self, matchers: &[Box<dyn Matcher + '_>], sought: usize, own: Option<u32>) {
        self.candidates.sort_unstable();
        self.candidates.dedup();
        for candidate in &self.candidates {
            let pairs = matchers.iter().zip(&self.best);
            let behind =
                pairs.map(|(matcher, best)| matcher.score(sought, *candidate as usize) - best);
            self.behind.extend(behind);
        }
        self.own = own.and_then(|own| self.candidates.binary_search(&own).ok());
    }

    fn scores(&self, weights: &[f64]) -> Vec<f64> {
        let of = |behind: &[f64]| weights.iter().zip(behind).map(|(w, x)| w * x).sum();
        self.behind.chunks_exact(weights.len()).map(of).collect()
    }

    fn judge(&self, weights: &[f64]) -> Ranked {
        let scores = self.scores(weights);
        let own = self.own.map(|own| scores[own]);
        let mut others: Vec<(f64, u32)> = scores
            .iter()
            .copied()
            .zip(self.candidates.iter().copied())
            .enumerate()
            .filter(|(at, _)| Some(*at) != self.own)
            .map(|(_, other)| other)
            .collect();
        others.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let count = |of: &dyn Fn(f64, f64) -> bool| match own {
            Some(own) => others.iter().filter(|(score, _)| of(*score, own)).count() as u64,
            None => 0,
        };
        let tolerance = super::ranking::TIE;
        let (better, tied) = match own {
            None => (others.len() as u64, 0),
            Some(_) => (
                count(&|score, own| score > own + tolerance),
                count(&|score, own| (score - own).abs() <= tolerance),
            ),
        };
        Ranked {
            // Below everybody in the pool, where the true one is known but not among them.
            own: own.or(self.present.then_some(f64::NEG_INFINITY)),
            better,
            tied,
            others,
        }
    }
}

/// The weights with the greatest penalised likelihood.
fn fitted(pools: &[Pool], matchers: usize) -> Vec<f64> {
    let mut weights = vec![1.0; matchers];
    for _ in 0..STEPS {
        let of = |pool: &Pool| slope(pool, &weights);
        let parts: Vec<(Vec<f64>, Vec<f64>)> = pools.par_iter().map(of).collect();
        // Added up in the order of persons: floating-point sums depend on it.
        let mut gradient: Vec<f64> = weights.iter().map(|w| -RIDGE * w).collect();
        let mut curvature = vec![0.0; matchers * matchers];
        (0..matchers).for_each(|at| curvature[at * matchers + at] = RIDGE);
        for (slope, curve) in parts {
            gradient.iter_mut().zip(slope).for_each(|(a, b)| *a += b);
            curvature.iter_mut().zip(curve).for_each(|(a, b)| *a += b);
        }
        let mut step = solved(curvature, gradient);
        let likelihood = likelihood(pools, &weights);
        weights = loop {
            let pairs = weights.iter().zip(&step);
            let next: Vec<f64> = pairs.map(|(weight, step)| weight + step).collect();
            // A whole step can lead too far where the likelihood is far from a parabola.
            if is_short(&step) || self::likelihood(pools, &next) >= likelihood {
                break next;
            }
            step.iter_mut().for_each(|step| *step /= 2.0);
        };
        if is_short(&step) {
            break;
        }
    }
    weights
}

fn is_short(step: &[f64]) -> bool {
    step.iter().all(|step| step.abs() < 1e-9)
}

/// The logarithm of the penalised likelihood.
fn likelihood(pools: &[Pool], weights: &[f64]) -> f64 {
    let of = |pool: &Pool| {
        let scores = pool.scores(weights);
        let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let all: f64 = scores.iter().map(|score| (score - greatest).exp()).sum();
        scores[pool.own.expect("only such pools are fitted")] - greatest - all.ln()
    };
    let parts: Vec<f64> = pools.par_iter().map(of).collect();
    let penalty: f64 = weights.iter().map(|weight| weight * weight).sum();
    parts.iter().sum::<f64>() - RIDGE / 2.0 * penalty
}

/// What one person adds to the gradient of the likelihood, and to its negated second derivatives.
fn slope(pool: &Pool, weights: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let matchers = weights.len();
    let scores = pool.scores(weights);
    let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let chances: Vec<f64> = scores
        .iter()
        .map(|score| (score - greatest).exp())
        .collect();
    let all: f64 = chances.iter().sum();
    let of = |candidate: usize| &pool.behind[candidate * matchers..][..matchers];
    let mut mean = vec![0.0; matchers];
    for (candidate, chance) in chances.iter().enumerate() {
        let pairs = mean.iter_mut().zip(of(candidate));
        pairs.for_each(|(mean, x)| *mean += chance / all * x);
    }
    let mut curve = vec![0.0; matchers * matchers];
    for (candidate, chance) in chances.iter().enumerate() {
        for a in 0..matchers {
            for b in 0..matchers {
                let spread = (of(candidate)[a] - mean[a]) * (of(candidate)[b] - mean[b]);
                curve[a * matchers + b] += chance / all * spread;
            }
        }
    }
    let own = of(pool.own.expect("only such pools are fitted"));
    let slope = own.iter().zip(&mean).map(|(x, mean)| x - mean).collect();
    (slope, curve)
}

/// The solution of a positive definite system, by elimination.
fn solved(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for at in 0..size {
        for below in at + 1..size {
            let factor = matrix[below * size + at] / matrix[at * size + at];
            for column in at..size {
                matrix[below * size + column] -= factor * matrix[at * size + column];
            }
            right[below] -= factor * right[at];
        }
    }
    for at in (0..size).rev() {
        let known: f64 = (at + 1..size)
            .map(|c| matrix[at * size + c] * right[c])
            .sum();
        right[at] = (right[at] - known) / matrix[at * size + at];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Profiles;
    use crate::link::ranking::Products;

    #[test]
    fn a_system_is_solved() {
        let solution = solved(vec![4.0, 1.0, 1.0, 3.0], vec![1.0, 2.0]);
        assert!((solution[0] - 1.0 / 11.0).abs() < 1e-15);
        assert!((solution[1] - 7.0 / 11.0).abs() < 1e-15);
    }

    #[test]
    fn noise_takes_nothing_from_a_good_matcher() {
        // One matcher is right four times of five, to the other all are alike but for noise.
        let draws = Draws::new(1, "ensemble", "t");
        let persons = 600;
        let known = Profiles::new(persons, |person| vec![person as u32]);
        let right = |person: usize| -> Vec<(u32, f64)> {
            let mut trial = draws.trial(person as u64);
            let found = trial.below(5) > 0;
            let other = trial.below(persons as u64) as u32;
            let mut pairs = std::collections::BTreeMap::from([(person as u32, 0.5)]);
            pairs.insert(if found { person as u32 } else { other }, 1.0);
            pairs.into_iter().collect()
        };
        let noise = |side: u64| {
            let of = |person: usize| -> Vec<(u32, f64)> {
                let mut trial = draws.trial(side << 32 | person as u64);
                let mut weight = || 0.1 + trial.below(1_000) as f64 / 1_000.0;
                (0..20).map(|feature| (feature, weight())).collect()
            };
            Profiles::collect((0..persons).map(of).collect())
        };
        let sought = Profiles::collect((0..persons).map(right).collect());
        let matchers: Vec<Box<dyn Matcher>> = vec![
            Box::new(Products::new(known, sought, persons)),
            Box::new(Products::new(noise(1), noise(2), persons)),
        ];
        let truth: Vec<Option<u32>> = (0..persons as u32).map(Some).collect();
        // Halves drawn apart from who is right.
        let halves = Draws::new(2, "ensemble", "t");
        let ensemble = ensemble(&matchers, &truth, &halves, &()).unwrap();
        assert!(ensemble.weights[0] > 1.0, "{:?}", ensemble.weights);
        let right: f64 = ensemble.ranked.iter().map(|ranked| ranked.within(1)).sum();
        let share = right / ensemble.ranked.len() as f64;
        assert!((0.7..0.9).contains(&share), "{share}");
        assert!((200..400).contains(&ensemble.ranked.len()));
    }
}
