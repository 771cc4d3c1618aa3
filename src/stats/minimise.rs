//! The least value of a function of two parameters, without its derivatives.

/// Where the function is least and how great it is there; `None` where the search does not settle.
///
/// The simplex method with the usual coefficients (reflection 1, expansion 2, contraction ½, shrinking
/// ½), begun again once from where it settled, so that a simplex that collapsed too early does not pass
/// for a minimum. Infinite values mark what is not allowed; `start` must be allowed.
///
/// Source: J. A. Nelder, R. Mead, A simplex method for function minimization, The Computer Journal 7
/// (1965).
pub fn minimise(
    start: [f64; 2],
    step: [f64; 2],
    f: impl Fn([f64; 2]) -> f64,
) -> Option<([f64; 2], f64)> {
    let (first, _) = settle(start, step, &f)?;
    settle(first, step.map(|step| step / 4.0), &f)
}

const MOST: usize = 2_000;

fn settle(
    start: [f64; 2],
    step: [f64; 2],
    f: &impl Fn([f64; 2]) -> f64,
) -> Option<([f64; 2], f64)> {
    let value = |at: [f64; 2]| match f(at) {
        value if value.is_nan() => f64::INFINITY,
        value => value,
    };
    let corners = [
        start,
        [start[0] + step[0], start[1]],
        [start[0], start[1] + step[1]],
    ];
    let mut simplex = corners.map(|at| (at, value(at)));
    // From `worst` through the middle of the others, so many times as far.
    let along = |middle: [f64; 2], worst: [f64; 2], times: f64| {
        let at = [0, 1].map(|i| middle[i] + times * (middle[i] - worst[i]));
        (at, value(at))
    };
    for _ in 0..MOST {
        simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
        let [best, middling, worst] = simplex;
        let width = [0, 1].map(|i| {
            (worst.0[i] - best.0[i])
                .abs()
                .max((middling.0[i] - best.0[i]).abs())
        });
        let narrow = [0, 1]
            .iter()
            .all(|&i| width[i] <= 1e-10 * best.0[i].abs().max(1e-3));
        if narrow {
            return best.1.is_finite().then_some(best);
        }
        let middle = [0, 1].map(|i| f64::midpoint(best.0[i], middling.0[i]));
        let reflected = along(middle, worst.0, 1.0);
        if reflected.1 < best.1 {
            let expanded = along(middle, worst.0, 2.0);
            simplex[2] = if expanded.1 < reflected.1 {
                expanded
            } else {
                reflected
            };
        } else if reflected.1 < middling.1 {
            simplex[2] = reflected;
        } else {
            let outside = reflected.1 < worst.1;
            let contracted = along(middle, worst.0, if outside { 0.5 } else { -0.5 });
            if contracted.1 < worst.1.min(reflected.1) {
                simplex[2] = contracted;
            } else {
                for corner in &mut simplex[1..] {
                    let at = [0, 1].map(|i| f64::midpoint(best.0[i], corner.0[i]));
                    *corner = (at, value(at));
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_rosenbrock_s_valley() {
        let valley = |[x, y]: [f64; 2]| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
        let (at, value) = minimise([-1.2, 1.0], [0.5, 0.5], valley).unwrap();
        assert!((at[0] - 1.0).abs() < 1e-6 && (at[1] - 1.0).abs() < 1e-6 && value < 1e-12);
    }

    #[test]
    fn says_where_there_is_no_minimum() {
        assert!(minimise([0.0, 0.0], [1.0, 1.0], |[x, y]| -x - y).is_none());
    }
}
