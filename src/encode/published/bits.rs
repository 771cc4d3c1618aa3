//! Bits of real numbers that no reader shows: which of many patterns stands for “not a number”, and the sign of zero.

use std::collections::BTreeSet;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Float32Type, Float64Type};

/// Patterns of “not a number” that writers leave: of either sign, quiet or signalling, and the one that R takes for missing
/// values.
const MOST_PATTERNS: usize = 6;
/// Negative zeros that are left by rounding are fewer, and have negative numbers beside them.
const FEWEST_ZEROS: u64 = 10;
const SHARE_OF_ZEROS: f64 = 0.05;

/// What is known of the bits of a column.
#[derive(Debug, Clone, Default)]
pub struct Bits {
    patterns: BTreeSet<u64>,
    zeros: u64,
    negative_zeros: u64,
    has_negative: bool,
}

impl Bits {
    pub fn look(&mut self, array: &ArrayRef) {
        match array.data_type() {
            DataType::Float64 => {
                let numbers = array.as_primitive::<Float64Type>();
                let valid = (0..numbers.len()).filter(|at| numbers.is_valid(*at));
                valid.for_each(|at| self.add(numbers.value(at), numbers.value(at).to_bits()));
            }
            DataType::Float32 => {
                let numbers = array.as_primitive::<Float32Type>();
                let valid = (0..numbers.len()).filter(|at| numbers.is_valid(*at));
                valid.for_each(|at| {
                    let bits = numbers.value(at).to_bits();
                    self.add(f64::from(numbers.value(at)), bits.into());
                });
            }
            _ => {}
        }
    }

    fn add(&mut self, number: f64, bits: u64) {
        if number.is_nan() {
            if self.patterns.len() <= MOST_PATTERNS {
                self.patterns.insert(bits);
            }
        } else if number == 0.0 {
            self.zeros += 1;
            self.negative_zeros += u64::from(number.is_sign_negative());
        } else {
            self.has_negative |= number < 0.0;
        }
    }

    /// Those of several parts together.
    pub fn of<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        parts.fold(Self::default(), |mut all, part| {
            all.patterns.extend(&part.patterns);
            all.zeros += part.zeros;
            all.negative_zeros += part.negative_zeros;
            all.has_negative |= part.has_negative;
            all
        })
    }

    /// Whether somebody may have written something into them.
    pub fn are_hidden(&self) -> bool {
        let is_signed = !self.has_negative
            && self.negative_zeros >= FEWEST_ZEROS
            && self.negative_zeros < self.zeros
            && self.negative_zeros as f64 >= SHARE_OF_ZEROS * self.zeros as f64;
        self.patterns.len() > MOST_PATTERNS || is_signed
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float32Array, Float64Array};

    use super::*;

    fn are_hidden(numbers: impl IntoIterator<Item = f64>) -> bool {
        let mut bits = Bits::default();
        let array: ArrayRef = Arc::new(Float64Array::from_iter_values(numbers));
        bits.look(&array);
        Bits::of([&bits, &Bits::default()].into_iter()).are_hidden()
    }

    #[test]
    fn patterns_and_signs_hide_what_numbers_do_not_show() {
        let pattern = |at: u64| f64::from_bits(0x7ff8_0000_0000_0000 | at);
        assert!(are_hidden((0..40).map(pattern)));
        let single = (0..40).map(|at| f32::from_bits(0x7fc0_0000 | at));
        let mut bits = Bits::default();
        let single: ArrayRef = Arc::new(Float32Array::from_iter_values(single));
        bits.look(&single);
        assert!(bits.are_hidden());
        // Missing values of R, of others, and of divisions by zero.
        let usual = [
            0x7ff0_0000_0000_07a2,
            0x7ff8_0000_0000_0000,
            0xfff8_0000_0000_0000,
        ];
        assert!(!are_hidden((0..60).map(|at| f64::from_bits(usual[at % 3]))));
        let signed = |at: u32| [0.0, -0.0, 1.5][at as usize % 3];
        assert!(are_hidden((0..60).map(signed)));
        assert!(
            !are_hidden((0..60).map(signed).chain([-0.5])),
            "rounded from below"
        );
        assert!(!are_hidden((0..60).map(|_| -0.0)));
        assert!(!are_hidden((0..600).map(|at| if at % 100 == 0 {
            -0.0
        } else {
            0.0
        })));
    }
}
