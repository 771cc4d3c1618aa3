//! The noise of differential privacy, and whether what is seen can be it.

use super::{Trial, normal};

/// A distribution around 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Noise {
    /// Density exp(−|x|/scale) / (2 scale).
    Laplace {
        scale: f64,
    },
    /// Whole numbers, each ratio times as likely as the next one nearer to 0.
    Geometric {
        ratio: f64,
    },
    Gaussian {
        deviation: f64,
    },
}

impl Noise {
    /// P(X ≤ x).
    pub fn up_to(self, x: f64) -> f64 {
        match self {
            Self::Laplace { scale } if x < 0.0 => (x / scale).exp() / 2.0,
            Self::Laplace { scale } => 1.0 - (-x / scale).exp() / 2.0,
            Self::Geometric { ratio } => {
                let x = x.floor();
                match x < 0.0 {
                    true => ratio.powf(-x) / (1.0 + ratio),
                    false => 1.0 - ratio.powf(x + 1.0) / (1.0 + ratio),
                }
            }
            Self::Gaussian { deviation } => normal::cdf(x / deviation),
        }
    }

    /// P(X < x).
    pub fn below(self, x: f64) -> f64 {
        match self {
            Self::Geometric { .. } => self.up_to(x.ceil() - 1.0),
            _ => self.up_to(x),
        }
    }

    pub fn deviation(self) -> f64 {
        match self {
            Self::Laplace { scale } => scale * std::f64::consts::SQRT_2,
            Self::Geometric { ratio } => (2.0 * ratio).sqrt() / (1.0 - ratio),
            Self::Gaussian { deviation } => deviation,
        }
    }

    /// How dense the distribution is at x; of whole numbers the chance of the nearest one.
    pub fn density(self, x: f64) -> f64 {
        match self {
            Self::Laplace { scale } => (-x.abs() / scale).exp() / (2.0 * scale),
            Self::Geometric { ratio } => {
                (1.0 - ratio) / (1.0 + ratio) * ratio.powf(x.round().abs())
            }
            Self::Gaussian { deviation } => {
                let z = x / deviation;
                (-z * z / 2.0).exp() / (deviation * std::f64::consts::TAU.sqrt())
            }
        }
    }

    pub fn draw(self, trial: &mut Trial) -> f64 {
        self.quantile(trial.uniform())
    }

    /// The least x with P(X ≤ x) ≥ `uniform`.
    pub fn quantile(self, uniform: f64) -> f64 {
        let tail = uniform.min(1.0 - uniform);
        let sign = if uniform < 0.5 { -1.0 } else { 1.0 };
        match self {
            Self::Laplace { scale } => -sign * scale * (2.0 * tail).ln(),
            // The least x with P(X ≤ x) ≥ u; the other side mirrors it.
            Self::Geometric { ratio } => {
                let x = ((tail * (1.0 + ratio)).ln() / ratio.ln()).floor();
                sign * x.max(0.0)
            }
            Self::Gaussian { deviation } => deviation * normal::quantile(uniform),
        }
    }
}

/// The deviation of Gaussian noise that keeps (ε, δ) for a sensitivity, as it is usually set, for ε of at most 1.
///
/// Source: C. Dwork, A. Roth, The algorithmic foundations of differential privacy, 2014, theorem A.1.
pub fn usual_deviation(epsilon: f64, delta: f64, sensitivity: f64) -> f64 {
    (2.0 * (1.25 / delta).ln()).sqrt() * sensitivity / epsilon
}

/// The least deviation that does.
///
/// Source: B. Balle, Y.-X. Wang, Improving the Gaussian mechanism for differential privacy, ICML 2018, theorem 8.
pub fn least_deviation(epsilon: f64, delta: f64, sensitivity: f64) -> f64 {
    let open = |deviation: f64| {
        let (near, far) = (
            sensitivity / (2.0 * deviation),
            epsilon * deviation / sensitivity,
        );
        normal::cdf(near - far) - epsilon.exp() * normal::cdf(-near - far)
    };
    let (mut low, mut high) = (1e-6 * sensitivity, sensitivity);
    while open(high) > delta {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        match open(middle) > delta {
            true => low = middle,
            false => high = middle,
        }
    }
    high
}

/// The chance that numbers drawn evenly between 0 and 1 lie as far from being even as these, or farther. Sorts them.
///
/// Source: A. N. Kolmogorov, 1933; the number of them is allowed for as in M. A. Stephens, Use of the
/// Kolmogorov–Smirnov, Cramér–von Mises and related statistics without extensive tables, Journal of the Royal
/// Statistical Society B 32 (1970).
pub fn evenness(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let n = numbers.len() as f64;
    let farthest = numbers.iter().enumerate().map(|(at, number)| {
        let (before, after) = (at as f64 / n, (at + 1) as f64 / n);
        (number - before).max(after - number)
    });
    let farthest = farthest.fold(0.0, f64::max);
    let distance = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * farthest;
    if distance < 0.2 {
        return 1.0;
    }
    let terms = (1..=100).map(|k| {
        let k = f64::from(k);
        let sign = if k % 2.0 == 1.0 { 1.0 } else { -1.0 };
        sign * (-2.0 * k * k * distance * distance).exp()
    });
    (2.0 * terms.sum::<f64>()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Draws;

    const ALL: [Noise; 3] = [
        Noise::Laplace { scale: 2.0 },
        Noise::Geometric { ratio: 0.6 },
        Noise::Gaussian { deviation: 3.0 },
    ];

    #[test]
    fn draws_have_their_distribution() {
        for (case, noise) in ALL.into_iter().enumerate() {
            let mut trial = Draws::new(3, "noise", "test").trial(case as u64);
            let drawn: Vec<f64> = (0..20_000).map(|_| noise.draw(&mut trial)).collect();
            for x in [-7.0, -2.0, -1.0, 0.0, 1.0, 3.0] {
                let share = drawn.iter().filter(|draw| **draw <= x).count() as f64 / 20_000.0;
                assert!(
                    (share - noise.up_to(x)).abs() < 0.015,
                    "{noise:?} {x}: {share}"
                );
            }
            let square = drawn.iter().map(|draw| draw * draw).sum::<f64>() / 20_000.0;
            let expected = noise.deviation().powi(2);
            assert!(
                (square / expected - 1.0).abs() < 0.08,
                "{noise:?}: {square}"
            );
        }
    }

    #[test]
    fn whole_numbers_have_the_chances_of_the_geometric_mechanism() {
        let noise = Noise::Geometric { ratio: 0.6 };
        for k in -5..=5i32 {
            let chance = noise.up_to(f64::from(k)) - noise.below(f64::from(k));
            let expected = 0.4 / 1.6 * 0.6f64.powi(k.abs());
            assert!((chance - expected).abs() < 1e-12, "{k}: {chance}");
        }
    }

    #[test]
    fn deviations_keep_what_they_promise() {
        // For ε = 1, δ = 10⁻⁵ the usual one is 4.845; the least is known to be 3.730.
        assert!((usual_deviation(1.0, 1e-5, 1.0) - 4.8448).abs() < 1e-3);
        let least = least_deviation(1.0, 1e-5, 1.0);
        assert!((least - 3.7306).abs() < 2e-3, "{least}");
        assert!((least_deviation(1.0, 1e-5, 7.0) / least - 7.0).abs() < 1e-6);
    }

    #[test]
    fn even_numbers_are_refused_as_often_as_said() {
        let draws = Draws::new(8, "evenness", "test");
        let refused = (0..2_000).filter(|case| {
            let mut trial = draws.trial(*case);
            let mut numbers: Vec<f64> = (0..50).map(|_| trial.uniform()).collect();
            evenness(&mut numbers) < 0.05
        });
        // 100 expected, standard deviation 9.7.
        let refused = refused.count();
        assert!((70..130).contains(&refused), "{refused}");
        let mut squares: Vec<f64> = (0..200).map(|n| (f64::from(n) / 200.0).powi(2)).collect();
        assert!(evenness(&mut squares) < 1e-6);
    }
}
