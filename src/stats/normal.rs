//! Probabilities of the normal distribution, of one, two and several variables.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use statrs::function::erf::{erfc, erfc_inv};

/// P(Z ≤ z).
pub fn cdf(z: f64) -> f64 {
    erfc(-z * FRAC_1_SQRT_2) / 2.0
}

/// The z for which P(Z ≤ z) = p; infinite for 0 and 1.
pub fn quantile(p: f64) -> f64 {
    match p {
        p if p <= 0.0 => f64::NEG_INFINITY,
        p if p >= 1.0 => f64::INFINITY,
        p => -std::f64::consts::SQRT_2 * erfc_inv(2.0 * p),
    }
}

/// P(X ≤ h, Y ≤ k) for standard normal X, Y of correlation `r`, |r| < 1.
///
/// Φ(h)Φ(k) + 1/2π ∫ exp(−(h² + k² − 2hk sin t)/(2 cos² t)) dt from 0 to arcsin r, by Gauss–Legendre.
/// Source: R. L. Plackett, A reduction formula for normal multivariate integrals, Biometrika 41 (1954).
pub fn cdf2(h: f64, k: f64, r: f64) -> f64 {
    if h == f64::NEG_INFINITY || k == f64::NEG_INFINITY {
        return 0.0;
    }
    let apart = cdf(h) * cdf(k);
    if h == f64::INFINITY || k == f64::INFINITY {
        return apart;
    }
    let end = r.asin();
    let f = |t: f64| {
        let cos = t.cos();
        (-(h * h + k * k - 2.0 * h * k * t.sin()) / (2.0 * cos * cos)).exp()
    };
    const PANELS: usize = 4;
    let half = end / (2 * PANELS) as f64;
    let panels = (0..PANELS).map(|panel| {
        let middle = half * (2 * panel + 1) as f64;
        let pairs = NODES.iter().zip(WEIGHTS);
        pairs
            .map(|(x, w)| w * (f(middle - half * x) + f(middle + half * x)))
            .sum::<f64>()
    });
    (apart + half * panels.sum::<f64>() / (2.0 * PI)).clamp(0.0, 1.0)
}

/// The ten-point Gauss–Legendre rule on [−1, 1]: positive nodes.
const NODES: [f64; 5] = [
    0.148_874_338_981_631_2,
    0.433_395_394_129_247_2,
    0.679_409_568_299_024_4,
    0.865_063_366_688_984_5,
    0.973_906_528_517_171_7,
];
const WEIGHTS: [f64; 5] = [
    0.295_524_224_714_752_9,
    0.269_266_719_309_996_4,
    0.219_086_362_515_982_04,
    0.149_451_349_150_580_6,
    0.066_671_344_308_688_14,
];

/// The lower triangle L with L·Lᵀ = `matrix`, which is symmetric; `None` where it is not positive
/// definite.
pub fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest: f64 = matrix[i][j] - dot;
            lower[i][j] = match i == j {
                true if rest <= 1e-9 => return None,
                true => rest.sqrt(),
                false => rest / lower[j][j],
            };
        }
    }
    Some(lower)
}

/// Points of the quasi-random rule.
const POINTS: usize = 512;

/// P(`low` < X ≤ `high`) for standard normal X whose correlations have the Cholesky factor `lower`.
///
/// One variable after the other, each given those before it, over points of a Richtmyer lattice folded at
/// one half: the same for every call.
///
/// Source: A. Genz, Numerical computation of multivariate normal probabilities, Journal of Computational
/// and Graphical Statistics 1 (1992).
pub fn rectangle(low: &[f64], high: &[f64], lower: &[Vec<f64>]) -> f64 {
    let n = low.len();
    let steps: Vec<f64> = primes()
        .take(n)
        .map(|prime| (prime as f64).sqrt().fract())
        .collect();
    let mut y = vec![0.0; n];
    let mut sum = 0.0;
    for point in 1..=POINTS {
        let mut mass = 1.0;
        for i in 0..n {
            let given: f64 = (0..i).map(|j| lower[i][j] * y[j]).sum();
            let from = cdf((low[i] - given) / lower[i][i]);
            let to = cdf((high[i] - given) / lower[i][i]);
            mass *= (to - from).max(0.0);
            if mass == 0.0 {
                break;
            }
            let at = (point as f64 * steps[i]).fract();
            let folded = (2.0 * at - 1.0).abs();
            // Kept off the ends, where the quantile is infinite.
            y[i] = quantile((from + folded * (to - from)).clamp(1e-15, 1.0 - 1e-15));
        }
        sum += mass;
    }
    sum / POINTS as f64
}

fn primes() -> impl Iterator<Item = u32> {
    (2..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_variables() {
        // At the origin it is 1/4 + arcsin(r)/2π.
        for r in [-0.95, -0.3f64, 0.0, 0.5, 0.99] {
            assert!((cdf2(0.0, 0.0, r) - (0.25 + r.asin() / (2.0 * PI))).abs() < 1e-12);
        }
        // Against Φ2 = ∫ φ(x) Φ((k − rx)/√(1−r²)) dx by small steps.
        for (h, k, r) in [(0.5, -1.0, 0.7), (-2.0, 1.5, -0.6), (1.0, 1.2, 0.95)] {
            let step = 1e-4;
            let slow: f64 = (0..((h + 9.0) / step) as usize)
                .map(|at| {
                    let x = -9.0 + (at as f64 + 0.5) * step;
                    let density = (-x * x / 2.0).exp() / (2.0 * PI).sqrt();
                    density * cdf((k - r * x) / f64::sqrt(1.0 - r * r)) * step
                })
                .sum();
            assert!((cdf2(h, k, r) - slow).abs() < 1e-7, "{h} {k} {r}");
        }
    }

    #[test]
    fn rectangles() {
        let correlation = |r: f64, n: usize| -> Vec<Vec<f64>> {
            let row = |i: usize| (0..n).map(|j| if i == j { 1.0 } else { r }).collect();
            (0..n).map(row).collect()
        };
        let lower = cholesky(&correlation(0.6, 2)).unwrap();
        let exact = cdf2(0.7, 0.4, 0.6) - cdf2(-0.2, 0.4, 0.6) - cdf2(0.7, -1.0, 0.6)
            + cdf2(-0.2, -1.0, 0.6);
        let ours = rectangle(&[-0.2, -1.0], &[0.7, 0.4], &lower);
        assert!((ours - exact).abs() < 1e-3 * exact, "{ours} {exact}");
        // All of n equally correlated by one half are negative with probability 1/(n+1).
        for n in 2..7 {
            let lower = cholesky(&correlation(0.5, n)).unwrap();
            let ours = rectangle(&vec![f64::NEG_INFINITY; n], &vec![0.0; n], &lower);
            let exact = 1.0 / (n + 1) as f64;
            assert!((ours - exact).abs() < 5e-3 * exact, "{n}: {ours}");
        }
        assert!(cholesky(&correlation(-0.6, 3)).is_none());
    }

    #[test]
    fn quantiles_turn_probabilities_back() {
        for p in [1e-12, 0.01, 0.5, 0.7, 1.0 - 1e-9] {
            assert!((cdf(quantile(p)) - p).abs() < 1e-12, "{p}");
        }
    }
}
