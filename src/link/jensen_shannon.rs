//! Jensen–Shannon divergence between what two persons do how often.

use super::profiles::shared;
use super::ranking::Products;
use super::{Method, Profiles};

/// With p and q the counts of the two over their sums, the score is
/// ln 2 − JSD(p, q) = ½ Σ_f [(p + q) ln(p + q) − p ln p − q ln q] over the features f both have: 0 where they
/// share nothing, ln 2 where they are alike.
///
/// Each term is (p + q) times the binary entropy of p / (p + q), and so at most 2 ln 2 · √(p q): the products
/// of square roots bound the score from above.
///
/// Source: F. Topsøe, Some inequalities for information divergence, IEEE Trans. IT 46 (2000); used so by the
/// AP-attack (M. Maouche et al., 2017) and HIST (J. Unnikrishnan, F. M. Naini, 2013, 2016).
pub const METHOD: Method = Method {
    name: "jensen-shannon",
    prepare: |sides| {
        let known = shares(&sides.known.profiles);
        let sought = shares(sides.believed());
        let root =
            |shares: &Profiles| shares.map(|_, _, share| (std::f64::consts::LN_2 * share).sqrt());
        let bounds = Products::new(root(&known), root(&sought), sides.features.len());
        let score = move |a: usize, b: usize| similarity(sought.of(a), known.of(b));
        Ok(Box::new(bounds.bounding(score)))
    },
};

fn shares(profiles: &Profiles) -> Profiles {
    let totals: Vec<f64> = (0..profiles.persons())
        .map(|person| profiles.total(person))
        .collect();
    profiles.map(|person, _, count| count / totals[person])
}

/// ln 2 less the divergence in nats.
fn similarity(a: (&[u32], &[f64]), b: (&[u32], &[f64])) -> f64 {
    let mut sum = 0.0;
    shared(a, b, |p, q| {
        sum += (p + q) * (p + q).ln() - p * p.ln() - q * q.ln();
    });
    sum / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_is_what_the_divergence_leaves() {
        let divergence = |p: &[f64], q: &[f64]| {
            let half = |a: &[f64], b: &[f64]| -> f64 {
                let terms = a.iter().zip(b).filter(|(x, _)| **x > 0.0);
                terms.map(|(x, y)| x * (2.0 * x / (x + y)).ln()).sum()
            };
            (half(p, q) + half(q, p)) / 2.0
        };
        let (p, q) = ([0.5, 0.25, 0.25, 0.0], [0.1, 0.0, 0.3, 0.6]);
        let sparse = |of: &[f64]| -> (Vec<u32>, Vec<f64>) {
            (0u32..)
                .zip(of.iter().copied())
                .filter(|(_, x)| *x > 0.0)
                .unzip()
        };
        let (p_sparse, q_sparse) = (sparse(&p), sparse(&q));
        let similarity = similarity((&p_sparse.0, &p_sparse.1), (&q_sparse.0, &q_sparse.1));
        let expected = std::f64::consts::LN_2 - divergence(&p, &q);
        assert!((similarity - expected).abs() < 1e-15);
    }
}
