//! Ridge logistic regression with two kinds of examples.

/// A fitted classifier: the log-odds of the first kind.
#[derive(Debug, Clone)]
pub struct Logistic {
    weights: Vec<f32>,
    intercept: f32,
}

/// Steps of the accelerated gradient: the penalty is a good part of the curvature, so that few do.
const STEPS: usize = 40;
/// Steps of the power method for the greatest curvature.
const POWERS: usize = 8;

impl Logistic {
    /// Fits to `examples`, `width` numbers each, of which every second is of the second kind: log-loss a mean over
    /// the examples, and half of `penalty` times the sum of squared weights of features brought to mean 0 and
    /// variance 1.
    ///
    /// Source: Y. Nesterov, A method of solving a convex programming problem with convergence rate O(1/k²), Soviet
    /// Mathematics Doklady 27 (1983).
    pub fn fit(examples: &mut [f32], width: usize, penalty: f32) -> Self {
        let count = examples.len() / width;
        let (means, scales) = standardise(examples, width);
        let curvature = 0.25 * greatest_square(examples, width).max(1.0) * 1.1 + penalty;
        let (mut weights, mut intercept) = (vec![0f32; width], 0f32);
        let (mut ahead, mut ahead_intercept) = (weights.clone(), 0f32);
        let mut momentum = 1f32;
        let mut gradient = vec![0f32; width];
        for _ in 0..STEPS {
            gradient.fill(0.0);
            let mut slope = 0f32;
            for (at, example) in examples.chunks_exact(width).enumerate() {
                let odds = dot(example, &ahead) + ahead_intercept;
                let wanted = if at % 2 == 0 { 1.0 } else { 0.0 };
                let error = (1.0 / (1.0 + (-odds).exp()) - wanted) / count as f32;
                slope += error;
                let pairs = gradient.iter_mut().zip(example);
                pairs.for_each(|(gradient, feature)| *gradient += error * feature);
            }
            let next_momentum = f32::midpoint(1.0, (1.0 + 4.0 * momentum * momentum).sqrt());
            let onward = (momentum - 1.0) / next_momentum;
            for at in 0..width {
                let next = ahead[at] - (gradient[at] + penalty * ahead[at]) / curvature;
                ahead[at] = next + onward * (next - weights[at]);
                weights[at] = next;
            }
            let next = ahead_intercept - slope / curvature;
            ahead_intercept = next + onward * (next - intercept);
            (intercept, momentum) = (next, next_momentum);
        }
        // The features as they are, from here on.
        for (at, weight) in weights.iter_mut().enumerate() {
            *weight /= scales[at];
            intercept -= *weight * means[at];
        }
        Self { weights, intercept }
    }

    /// The log-odds of an example.
    pub fn score(&self, example: &[f32]) -> f64 {
        f64::from(dot(example, &self.weights) + self.intercept)
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Eight sums at a time, which the processor adds at once.
    let (mut sums, whole) = ([0f32; 8], a.len() / 8 * 8);
    for (a, b) in a[..whole].chunks_exact(8).zip(b[..whole].chunks_exact(8)) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest = a[whole..].iter().zip(&b[whole..]);
    sums.iter().sum::<f32>() + rest.map(|(a, b)| a * b).sum::<f32>()
}

/// Brings each feature to mean 0 and variance 1; one that never varies becomes 0.
fn standardise(examples: &mut [f32], width: usize) -> (Vec<f32>, Vec<f32>) {
    let count = (examples.len() / width) as f32;
    let mut means = vec![0f32; width];
    for example in examples.chunks_exact(width) {
        means
            .iter_mut()
            .zip(example)
            .for_each(|(mean, feature)| *mean += feature / count);
    }
    let mut scales = vec![0f32; width];
    for example in examples.chunks_exact(width) {
        for at in 0..width {
            scales[at] += (example[at] - means[at]).powi(2) / count;
        }
    }
    for scale in &mut scales {
        *scale = if *scale > 1e-12 { scale.sqrt() } else { 1.0 };
    }
    for example in examples.chunks_exact_mut(width) {
        for at in 0..width {
            example[at] = (example[at] - means[at]) / scales[at];
        }
    }
    (means, scales)
}

/// The greatest mean square of the examples along any direction.
fn greatest_square(examples: &[f32], width: usize) -> f32 {
    let count = (examples.len() / width) as f32;
    let mut along = vec![1f32 / (width as f32).sqrt(); width];
    // Where the first direction happens to see nothing.
    along[0] += 0.5;
    let mut square = 0.0;
    for _ in 0..POWERS {
        let length = dot(&along, &along).sqrt().max(f32::MIN_POSITIVE);
        along.iter_mut().for_each(|part| *part /= length);
        let mut next = vec![0f32; width];
        for example in examples.chunks_exact(width) {
            let seen = dot(example, &along) / count;
            next.iter_mut()
                .zip(example)
                .for_each(|(next, feature)| *next += seen * feature);
        }
        square = dot(&next, &next).sqrt();
        along = next;
    }
    // The power method comes from below; no more than all features together.
    (square * 1.5).min(width as f32 + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Draws, normal};

    /// Examples whose first feature tells and whose others do not.
    fn examples(count: usize, width: usize, shift: f32) -> Vec<f32> {
        let mut trial = Draws::new(5, "logistic", "test").trial(width as u64);
        let mut examples: Vec<f32> = (0..count * width)
            .map(|_| normal::quantile(trial.uniform()) as f32)
            .collect();
        for example in examples.chunks_exact_mut(2 * width) {
            example[0] += shift;
        }
        examples
    }

    #[test]
    fn the_gradient_is_nothing_where_it_settles() {
        for (width, penalty) in [(1, 0.1), (5, 1.0), (40, 1.0)] {
            let raw = examples(200, width, 1.0);
            let mut standardised = raw.clone();
            let (means, scales) = standardise(&mut standardised, width);
            let fitted = Logistic::fit(&mut raw.clone(), width, penalty);
            for at in 0..width {
                let weight = fitted.weights[at] * scales[at];
                let errors = raw.chunks_exact(width).enumerate().map(|(row, example)| {
                    let odds = fitted.score(example);
                    let wanted = if row % 2 == 0 { 1.0 } else { 0.0 };
                    let feature = f64::from((example[at] - means[at]) / scales[at]);
                    (1.0 / (1.0 + (-odds).exp()) - wanted) * feature / 200.0
                });
                let gradient = errors.sum::<f64>() + f64::from(penalty * weight);
                assert!(gradient.abs() < 2e-3, "{width} {at}: {gradient}");
            }
        }
    }

    #[test]
    fn what_tells_is_told() {
        let fitted = Logistic::fit(&mut examples(400, 20, 3.0), 20, 1.0);
        let fresh = examples(1_000, 21, 0.0);
        let mut right = 0;
        for (row, example) in fresh.chunks_exact(21).enumerate() {
            let mut example = example[..20].to_vec();
            if row % 2 == 0 {
                example[0] += 3.0;
            }
            right += u32::from((fitted.score(&example) > 0.0) == (row % 2 == 0));
        }
        // Of the best there is, Φ(1.5) = 93.3 %, some is lost to the features that tell nothing.
        assert!(right > 900, "{right}");
    }
}
