//! How many of some values exceed a threshold that others set.
//!
//! Source: E. J. Gumbel, H. von Schelling, The distribution of the number of exceedances, Annals of
//! Mathematical Statistics 21 (1950).

use statrs::function::gamma::ln_gamma;

/// A threshold set by `controls` values: the greatest but `above` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    pub controls: u64,
    /// The threshold's place among the controls from the greatest down: at least 1.
    pub place: u64,
}

impl Threshold {
    /// The one that a further value of the same kind exceeds with probability `level` at most; `None` where the
    /// controls are too few for it.
    pub fn at_level(controls: u64, level: f64) -> Option<Self> {
        let place = (level * (controls + 1) as f64).floor() as u64;
        (place >= 1).then_some(Self { controls, place })
    }

    /// The chance that a further value of the same kind exceeds it: place / (controls + 1).
    pub fn chance(self) -> f64 {
        self.place as f64 / (self.controls + 1) as f64
    }

    /// The chance that `least` or more of `values` exceed it where all values and controls are of one kind: in any
    /// order with the same chance. Where some are equal and those equal to the threshold do not count, it is less.
    ///
    /// P(x) = C(x + j − 1, x) · C(n − x + m − j, n − x) / C(n + m, n), n values, m controls, place j.
    pub fn chance_of(self, least: u64, values: u64) -> f64 {
        let (n, m, j) = (values as f64, self.controls as f64, self.place as f64);
        let ln_choose = |of: f64, some: f64| {
            ln_gamma(of + 1.0) - ln_gamma(some + 1.0) - ln_gamma(of - some + 1.0)
        };
        let all = ln_choose(n + m, n);
        let exactly = |x: u64| {
            let x = x as f64;
            (ln_choose(x + j - 1.0, x) + ln_choose(n - x + m - j, n - x) - all).exp()
        };
        // The shorter sum, so that little is lost.
        let sum = match least <= values / 2 {
            true => 1.0 - (0..least).map(exactly).sum::<f64>(),
            false => (least..=values).map(exactly).sum::<f64>(),
        };
        sum.clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All orders of values and controls: which of the places, from the greatest down, are values.
    fn slow(values: u32, controls: u32, place: u32, least: u32) -> f64 {
        let all = values + controls;
        let orders = (0u32..1 << all).filter(|order| order.count_ones() == values);
        let (mut enough, mut count) = (0, 0);
        for order in orders {
            let (mut seen, mut above) = (0, 0);
            for at in 0..all {
                match order >> at & 1 {
                    1 => above += 1,
                    _ => seen += 1,
                }
                if seen == place {
                    break;
                }
            }
            count += 1;
            enough += u32::from(above >= least);
        }
        f64::from(enough) / f64::from(count)
    }

    #[test]
    fn chances_are_those_of_all_orders() {
        for (values, controls) in [(1, 5), (4, 6), (7, 3), (5, 9)] {
            for place in 1..=controls {
                let threshold = Threshold {
                    controls: controls.into(),
                    place: place.into(),
                };
                for least in 0..=values {
                    let fast = threshold.chance_of(least.into(), values.into());
                    let slow = slow(values, controls, place, least);
                    assert!(
                        (fast - slow).abs() < 1e-12,
                        "{values} {controls} {place} {least}"
                    );
                }
                let one = slow(1, controls, place, 1);
                assert!((threshold.chance() - one).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn few_controls_set_no_threshold() {
        assert_eq!(Threshold::at_level(18, 0.05), None);
        let threshold = Threshold::at_level(1_959, 0.05).unwrap();
        assert_eq!(threshold.place, 98);
        assert!(threshold.chance() <= 0.05);
        // With many controls the number above is binomial.
        let many = Threshold::at_level(9_999_999, 0.05).unwrap();
        let binomial = 1.0 - 0.95f64.powi(40) - 40.0 * 0.05 * 0.95f64.powi(39);
        assert!((many.chance_of(2, 40) - binomial).abs() < 1e-5);
    }
}
