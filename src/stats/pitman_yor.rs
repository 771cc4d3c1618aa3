//! How the shares of persons that are unique, or found by guessing, fall with the number of persons.
//!
//! Source: L. Rocher, J. M. Hendrickx, Y.-A. de Montjoye, A scaling law to model the effectiveness of
//! identification techniques, Nature Communications 16, 2025.

use statrs::function::gamma::{digamma, inv_digamma, ln_gamma};

use super::minimise::minimise;

/// A Pitman–Yor process: discount `d` in [0, 1), concentration `alpha` > −d.
#[derive(Debug, Clone, Copy)]
pub struct Law {
    pub d: f64,
    pub alpha: f64,
}

impl Law {
    /// The law whose `share` is nearest to what was measured at each n, errors weighed by ln n. `None` with fewer
    /// than three points (n, share), or where the fit does not settle.
    pub fn fit(points: &[(f64, f64)], share: fn(&Self, f64) -> f64) -> Option<Self> {
        if points.len() < 3 {
            return None;
        }
        let loss = |[h, gamma]: [f64; 2]| {
            let Some(law) = Self::from_shape(h, gamma) else {
                return f64::INFINITY;
            };
            let errors = points
                .iter()
                .map(|(n, measured)| n.ln() * (measured - share(&law, *n)).powi(2));
            errors.sum::<f64>() / points.len() as f64
        };
        let ([h, gamma], _) = minimise([12.0, 0.26], [2.0, 0.1], loss)?;
        Self::from_shape(h, gamma)
    }

    fn from_shape(h: f64, gamma: f64) -> Option<Self> {
        if !(h > 0.0 && (0.0..=1.0).contains(&gamma)) {
            return None;
        }
        let law = Self {
            d: 1.0 - inv_digamma(digamma(1.0) - gamma * h),
            alpha: inv_digamma(digamma(1.0) + (1.0 - gamma) * h) - 1.0,
        };
        (law.d < 1.0 && law.d > -1e-9 && law.alpha > -law.d - 1e-9).then_some(law)
    }

    /// Expected share of n persons whom who guesses among all that are alike identifies correctly.
    pub fn correctness(&self, n: f64) -> f64 {
        let Self { d, alpha } = *self;
        if d < 1e-7 {
            if alpha < 1e-7 {
                return 1.0 / n;
            }
            return alpha / n * (digamma(n + alpha) - digamma(alpha));
        }
        let grown = ln_gamma(1.0 + alpha) + ln_gamma(n + d + alpha)
            - ln_gamma(d + alpha)
            - ln_gamma(n + alpha);
        (grown.exp() - alpha) / (n * d)
    }

    /// Expected share of n persons who are like nobody else.
    pub fn uniqueness(&self, n: f64) -> f64 {
        let Self { d, alpha } = *self;
        if d + alpha < 1e-9 {
            return 0.0;
        }
        let ln = ln_gamma(1.0 + alpha) + ln_gamma(n + d + alpha - 1.0)
            - ln_gamma(d + alpha)
            - ln_gamma(n + alpha);
        ln.exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_vector() {
        let points = [(10.0, 0.99), (50.0, 0.97), (100.0, 0.95), (500.0, 0.90)];
        let law = Law::fit(&points, Law::correctness).unwrap();
        let h = digamma(law.alpha + 1.0) - digamma(1.0 - law.d);
        let gamma = (digamma(1.0) - digamma(1.0 - law.d)) / h;
        assert!(
            (h - 25.629).abs() < 5e-4 && (gamma - 0.8586).abs() < 5e-5,
            "{h} {gamma}"
        );
        for (n, share) in [
            (1e3, 0.87505),
            (1e4, 0.79166),
            (1e5, 0.71372),
            (1e6, 0.64309),
        ] {
            let ours = law.correctness(n);
            assert!((ours - share).abs() < 5e-6, "{n}: {ours}, not {share}");
        }
    }
}
