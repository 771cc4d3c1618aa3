//! How much more probable published counts are with the target than without.
//!
//! The optimal test of two simple hypotheses is that of their likelihood ratio (J. Neyman, E. S. Pearson, On the
//! problem of the most efficient tests of statistical hypotheses, Philosophical Transactions of the Royal Society A
//! 231, 1933). Here each of the others is in a cell with the cell's own probability, independently: a product of
//! Bernoulli variables. The probability is not known but for those whose traces the adversary has, of whom n of K are
//! in the cell; averaged over Jeffreys' posterior Beta(n + ½, K − n + ½) the number of others in the cell is
//! beta-binomial.

use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;

use crate::encode::publishing::Publishing;

/// Numbers of persons so much less probable than the most probable one are left out.
const NEGLIGIBLE: f64 = 1e-18;
/// No count is held to be less probable than this, neither with the target nor without: the model is not the truth.
const IMPROBABLE: f64 = 1e-12;

/// How many others are in a cell, by how many of the known are.
pub struct Expectations {
    of: HashMap<u32, Distribution>,
}

/// The probabilities of numbers from `first` on.
struct Distribution {
    first: u32,
    chances: Vec<f64>,
}

impl Expectations {
    /// Among so many others, for each number that occurs of the known.
    pub fn new<'a>(known: usize, others: usize, numbers: impl Iterator<Item = &'a u32>) -> Self {
        let mut numbers: Vec<u32> = numbers.copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        let each = |number: u32| (number, beta_binomial(number, known as u32, others as u32));
        Self {
            of: numbers
                .into_par_iter()
                .map(each)
                .collect::<Vec<_>>()
                .into_iter()
                .fold(HashMap::new(), |mut all, (number, distribution)| {
                    all.insert(number, distribution);
                    all
                }),
        }
    }

    /// ln P(seen | the target is there) − ln P(seen | the target is not), in a cell that so many of the known are in.
    pub fn says(&self, known: u32, seen: f32, publishing: &Publishing) -> f64 {
        let Distribution { first, chances } = &self.of[&known];
        let (mut with, mut without) = (0.0, 0.0);
        let mut likely = publishing.likelihood(seen, *first);
        for (others, chance) in (*first..).zip(chances) {
            without += chance * likely;
            likely = publishing.likelihood(seen, others + 1);
            with += chance * likely;
        }
        // Densities of noise may be small all over: what counts is how they compare.
        let floor = IMPROBABLE * with.max(without).max(f64::MIN_POSITIVE);
        ((with + floor) / (without + floor)).ln()
    }
}

/// Of `others` persons those in a cell in which `number` of `known` are.
///
/// From the most probable number to both sides by the ratio of neighbours, P(x + 1) / P(x) =
/// (N − x)(x + α) / ((x + 1)(N − x − 1 + β)).
fn beta_binomial(number: u32, known: u32, others: u32) -> Distribution {
    let (alpha, beta) = (
        f64::from(number) + 0.5,
        f64::from(known.saturating_sub(number)) + 0.5,
    );
    let n = f64::from(others);
    let ratio = |x: u32| {
        let x = f64::from(x);
        (n - x) * (x + alpha) / ((x + 1.0) * (n - x - 1.0 + beta))
    };
    let mut mode = (n * alpha / (alpha + beta)).floor().min(n) as u32;
    while mode < others && ratio(mode) > 1.0 {
        mode += 1;
    }
    while mode > 0 && ratio(mode - 1) < 1.0 {
        mode -= 1;
    }
    let mut below = Vec::new();
    let (mut chance, mut first) = (1.0, mode);
    while first > 0 && chance > NEGLIGIBLE {
        chance /= ratio(first - 1);
        below.push(chance);
        first -= 1;
    }
    below.reverse();
    let mut chances = below;
    chances.push(1.0);
    let (mut chance, mut last) = (1.0, mode);
    while last < others && chance > NEGLIGIBLE {
        chance *= ratio(last);
        chances.push(chance);
        last += 1;
    }
    let sum: f64 = chances.iter().sum();
    chances.iter_mut().for_each(|chance| *chance /= sum);
    Distribution { first, chances }
}

#[cfg(test)]
mod tests {
    use statrs::function::beta::ln_beta;
    use statrs::function::factorial::ln_binomial;

    use super::*;

    #[test]
    fn numbers_are_beta_binomial() {
        for (number, known, others) in [
            (0, 40, 25),
            (3, 40, 25),
            (40, 40, 25),
            (500, 900, 700),
            (0, 1, 1),
        ] {
            let Distribution { first, chances } = beta_binomial(number, known, others);
            let (a, b) = (f64::from(number) + 0.5, f64::from(known - number) + 0.5);
            for (x, chance) in (first..).zip(chances) {
                let (n, k) = (f64::from(others), f64::from(x));
                let log = ln_binomial(u64::from(others), u64::from(x)) + ln_beta(k + a, n - k + b)
                    - ln_beta(a, b);
                assert!(
                    (chance - log.exp()).abs() < 1e-9,
                    "{number} {known} {others} {x}"
                );
            }
        }
    }
}
