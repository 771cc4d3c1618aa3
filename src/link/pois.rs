//! Two sources that each see a share of the same visits, visits being Poisson.

use std::collections::BTreeMap;

use super::ranking::Products;
use super::{Method, Profiles};

/// The share of a person's visits that the side with more rows a person is taken to have recorded.
const OBSERVED: f64 = 0.5;

/// Each person makes Poisson(λ_f) visits of feature f (a place in a bin of time), of which the known side
/// records each with probability p, the sought side with q, independently. The score is the log-likelihood
/// ratio of the same against two persons, summed over features: with a and b the counts of the two and
/// μ = λ_f (1 − p)(1 − q),
///
/// λ_f p q + a ln(1 − q) + b ln(1 − p) + ln Σ_k k! C(a, k) C(b, k) μ^−k.
///
/// The first and the third term are the same for all of the known, the last is 0 for features that only one
/// has. Of the two sides the one with more rows a person has recorded a half of the visits, the other as many
/// fewer as it has fewer rows a person; λ_f = rows of both sides / (p × known + q × sought persons).
///
/// Source: C. Riederer, Y. Kim, A. Chaintreau, N. Korula, S. Lattanzi, Linking users across domains with
/// location data: theory and validation, WWW 2016. The shares recorded are an assumption of ours.
pub const METHOD: Method = Method {
    name: "pois",
    prepare: |sides| {
        let features = sides.features.len();
        let (known, sought) = (&sides.known.profiles, &sides.sought.profiles);
        let [p, q] = observed(known, sought);
        let rates = rates(known, sought, [p, q], features);
        // The term depends on both counts: each feature is one for every count it has among the known.
        let mut counts: Vec<BTreeMap<u64, u32>> = vec![BTreeMap::new(); features];
        for person in 0..known.persons() {
            for (feature, count) in known.pairs(person) {
                counts[feature as usize].insert(count as u64, 0);
            }
        }
        let mut next = 0;
        for slot in counts.iter_mut().flat_map(BTreeMap::values_mut) {
            (*slot, next) = (next, next + 1);
        }
        let having = |person: usize| {
            let pairs = known.pairs(person);
            pairs
                .map(|(feature, count)| (counts[feature as usize][&(count as u64)], 1.0))
                .collect()
        };
        let terms = |person: usize| {
            let mut terms = Vec::new();
            for (feature, b) in sought.pairs(person) {
                let rate = rates[feature as usize] * (1.0 - p) * (1.0 - q);
                let of = counts[feature as usize].iter();
                terms.extend(of.map(|(a, slot)| (*slot, together(*a, b as u64, rate))));
            }
            terms
        };
        let having: Vec<_> = (0..known.persons()).map(having).collect();
        let terms: Vec<_> = (0..sought.persons()).map(terms).collect();
        let missed = -(1.0 - q).ln();
        let of_known = (0..known.persons()).map(|at| missed * known.total(at));
        let (of_known, of_sought) = (of_known.collect(), vec![1.0; sought.persons()]);
        let products = Products::new(
            Profiles::collect(having),
            Profiles::collect(terms),
            next as usize,
        );
        Ok(Box::new(products.handicapped(of_sought, of_known)))
    },
};

/// The share of visits that either side has recorded.
fn observed(known: &Profiles, sought: &Profiles) -> [f64; 2] {
    let rows = |profiles: &Profiles| {
        let all: f64 = (0..profiles.persons()).map(|at| profiles.total(at)).sum();
        all / profiles.persons().max(1) as f64
    };
    let rows = [rows(known), rows(sought)];
    let most = rows[0].max(rows[1]);
    rows.map(|rows| OBSERVED * rows / most)
}

/// Visits a person of each feature, recorded or not.
fn rates(known: &Profiles, sought: &Profiles, [p, q]: [f64; 2], features: usize) -> Vec<f64> {
    let mut rates = vec![0.0; features];
    for profiles in [known, sought] {
        for person in 0..profiles.persons() {
            for (feature, count) in profiles.pairs(person) {
                rates[feature as usize] += count;
            }
        }
    }
    let recorded = p * known.persons() as f64 + q * sought.persons() as f64;
    rates.iter_mut().for_each(|rate| *rate /= recorded);
    rates
}

/// ln Σ_k k! C(a, k) C(b, k) μ^−k: how much more likely a and b records are if some are of the same visits.
fn together(a: u64, b: u64, rate: f64) -> f64 {
    // The ratio of one term to that before: (a − k)(b − k) / ((k + 1) μ). Terms are kept relative to the
    // greatest so far, since they can be very large.
    let (mut term, mut greatest, mut sum) = (0.0f64, 0.0f64, 1.0f64);
    for k in 0..a.min(b) {
        let ratio = (a - k) as f64 * (b - k) as f64 / ((k + 1) as f64 * rate);
        term += ratio.ln();
        if term > greatest {
            sum = sum * (greatest - term).exp() + 1.0;
            greatest = term;
        } else {
            sum += (term - greatest).exp();
        }
    }
    greatest + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The probability of a and b records of Poisson(λ) visits, by adding up over the number of visits.
    fn joint(a: u64, b: u64, rate: f64, [p, q]: [f64; 2]) -> f64 {
        let ln_factorial = |n: u64| (1..=n).map(|i| (i as f64).ln()).sum::<f64>();
        let binomial = |n: u64, k: u64, p: f64| {
            let choose = ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
            (choose + k as f64 * p.ln() + (n - k) as f64 * (1.0 - p).ln()).exp()
        };
        let poisson = |n: u64| (n as f64 * rate.ln() - rate - ln_factorial(n)).exp();
        let visits = a.max(b)..a.max(b) + 80;
        visits
            .map(|n| poisson(n) * binomial(n, a, p) * binomial(n, b, q))
            .sum()
    }

    fn alone(a: u64, rate: f64, p: f64) -> f64 {
        (0..=a).fold(0.0, |_, _| {
            let mean = rate * p;
            let ln = a as f64 * mean.ln() - mean - (1..=a).map(|i| (i as f64).ln()).sum::<f64>();
            ln.exp()
        })
    }

    #[test]
    fn the_score_is_the_likelihood_ratio() {
        let [p, q] = [0.5, 0.2];
        for (a, b, rate) in [
            (0, 0, 0.7),
            (1, 1, 0.01),
            (2, 1, 0.3),
            (3, 5, 2.0),
            (0, 4, 1.0),
        ] {
            let ratio = joint(a, b, rate, [p, q]) / (alone(a, rate, p) * alone(b, rate, q));
            let score = rate * p * q
                + a as f64 * (1.0 - q).ln()
                + b as f64 * (1.0 - p).ln()
                + together(a, b, rate * (1.0 - p) * (1.0 - q));
            assert!(
                (score - ratio.ln()).abs() < 1e-9,
                "{a} {b}: {score} {}",
                ratio.ln()
            );
        }
    }

    #[test]
    fn who_has_fewer_rows_has_recorded_less() {
        let known = Profiles::new(2, |_| vec![0, 0, 1, 1]);
        let sought = Profiles::new(3, |_| vec![1]);
        let [p, q] = observed(&known, &sought);
        assert_eq!([p, q], [0.5, 0.125]);
        // 4 and 7 rows of 2 × 0.5 + 3 × 0.125 persons' visits.
        assert_eq!(
            rates(&known, &sought, [p, q], 2),
            [4.0 / 1.375, 7.0 / 1.375]
        );
    }

    #[test]
    fn by_hand() {
        // One record each at a place with μ = 1/4: 1 + 4 = 5. Two and one: 1 + 2·4 = 9. Two and two:
        // 1 + 4·4 + 2·16 = 49.
        assert!((together(1, 1, 0.25) - 5f64.ln()).abs() < 1e-15);
        assert!((together(2, 1, 0.25) - 9f64.ln()).abs() < 1e-15);
        assert!((together(2, 2, 0.25) - 49f64.ln()).abs() < 1e-14);
        assert_eq!(together(0, 3, 0.25), 0.0);
        // Terms far beyond what a number holds.
        assert!(together(500, 500, 1e-9).is_finite());
    }
}
