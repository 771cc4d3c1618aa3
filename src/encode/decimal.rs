//! Bins of numbers as they are written: 35.8 by 0.1 is the lower edge of bin 358, although 35.8 / 0.1 is less than
//! 358 in binary.
//!
//! A float stands for the shortest decimal that reads as it (what every writer of numbers prints), a whole number for
//! itself, a decimal column for its digits. Values, widths and edges are compared as such decimals, without rounding and without a tolerance.

use std::cmp::Ordering;

use arrow::datatypes::i256;

/// Powers of ten that a float holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// No two decimals of 15 digits read as the same float.
const DISTINCT: f64 = 1e15;

/// digits · 10^−places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    pub digits: i128,
    pub places: i32,
}

impl Decimal {
    /// The shortest decimal that reads as this float, or the whole number that it is; `None` for what is not finite.
    pub fn of(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        if value.fract() == 0.0 && value.abs() < 1e18 {
            return Some(Self {
                digits: value as i128,
                places: 0,
            });
        }
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e')?;
        let (whole, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{rest}").parse().ok()?;
        let exponent: i32 = exponent.parse().ok()?;
        Some(Self {
            digits,
            places: rest.len() as i32 - exponent,
        })
    }

    /// The whole number of times that a positive number goes into it, rounded down; the least or greatest number
    /// where it is beyond them.
    fn floor(self, by: Self) -> i64 {
        let apart = by.places - self.places;
        let scaled = |digits: i128, apart: i32| {
            let power = 10i128.checked_pow(apart.unsigned_abs())?;
            digits.checked_mul(power)
        };
        let quotient = match apart {
            0.. => match scaled(self.digits, apart) {
                Some(digits) => digits.div_euclid(by.digits),
                // Nothing but zero stays small when it is multiplied so often; divisors have 17 digits.
                None => self.digits.signum() * i128::MAX,
            },
            _ => match scaled(by.digits, apart) {
                Some(divisor) => self.digits.div_euclid(divisor),
                None => self.digits.signum().min(0),
            },
        };
        quotient.clamp(i64::MIN.into(), i64::MAX.into()) as i64
    }

    /// The least whole number of units of a decimal place that is not below it.
    fn least_units(self, places: i8) -> i256 {
        let apart = i32::from(places) - self.places;
        let digits = i256::from_i128(self.digits);
        let power = i256::from_i128(10).checked_pow(apart.unsigned_abs());
        let end = match self.digits.signum() {
            1 => i256::MAX,
            0 => i256::ZERO,
            _ => i256::MIN,
        };
        match (apart, power) {
            (0.., Some(power)) => digits.checked_mul(power).unwrap_or(end),
            (0.., None) => end,
            (_, Some(power)) => {
                let above = digits.wrapping_rem(power) > i256::ZERO;
                let quotient = digits.wrapping_div(power);
                if above {
                    quotient.wrapping_add(i256::ONE)
                } else {
                    quotient
                }
            }
            (_, None) => i256::from_i128(i128::from(self.digits > 0)),
        }
    }
}

/// The width of bins that begin at zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Width {
    pub value: f64,
    decimal: Decimal,
    /// The digits, and the power of ten that divides them, where both are exact as floats.
    simple: Option<(f64, f64)>,
}

impl Width {
    /// # Panics
    /// It is not positive and finite.
    pub fn new(value: f64) -> Self {
        let decimal = Decimal::of(value).filter(|width| width.digits > 0);
        let decimal = decimal.expect("widths were checked to be positive");
        let power = usize::try_from(decimal.places);
        let power = power.ok().and_then(|places| POWERS.get(places));
        let digits = decimal.digits as f64;
        Self {
            value,
            decimal,
            simple: power
                .filter(|_| digits < DISTINCT)
                .map(|power| (digits, *power)),
        }
    }

    /// The bin of a number.
    ///
    /// The quotient of floats is off by far less than a half, so that the bin is the whole number nearest to it, n, or
    /// the one below. Which of them is decided by the edge between them: n times the width has 15 digits at most, is
    /// read as the nearest float without error (both factors are exact, and division rounds correctly), and no other
    /// such decimal reads as that float. So the value lies at or above the edge where the float does.
    pub fn bin(&self, value: f64) -> i64 {
        let nearest = (value / self.value).round();
        if let Some((digits, power)) = self.simple {
            let edge = nearest * digits;
            if edge.abs() < DISTINCT {
                return nearest as i64 - i64::from(value < edge / power);
            }
        }
        match Decimal::of(value) {
            Some(value) => value.floor(self.decimal),
            None => nearest as i64,
        }
    }

    /// The lower edge of a bin.
    pub fn edge(&self, bin: i64) -> f64 {
        if let Some((digits, power)) = self.simple {
            let edge = bin as f64 * digits;
            if edge.abs() < DISTINCT {
                return edge / power;
            }
        }
        let edge = i128::from(bin).checked_mul(self.decimal.digits);
        let text = edge.map(|edge| format!("{edge}e{}", -self.decimal.places));
        let exact = text.and_then(|text| text.parse().ok());
        exact.unwrap_or(bin as f64 * self.value)
    }

    /// How many units of the last of so many places it is; `None` where it is no whole number of them.
    pub fn units(&self, places: i8) -> Option<i64> {
        let apart = i32::from(places) - self.decimal.places;
        let digits = match apart {
            0.. => (self.decimal.digits).checked_mul(10i128.checked_pow(apart.unsigned_abs())?)?,
            _ => {
                let power = 10i128.checked_pow(apart.unsigned_abs())?;
                (self.decimal.digits % power == 0).then_some(self.decimal.digits / power)?
            }
        };
        i64::try_from(digits).ok()
    }

    /// The bins of numbers that are stored as so many units of a decimal place.
    pub fn of_units(&self, places: i8) -> UnitWidth {
        // stored · 10^−places ÷ digits · 10^−own places.
        let apart = self.decimal.places - i32::from(places);
        let power = |places: i32| i256::from_i128(10).checked_pow(places.unsigned_abs());
        let digits = i256::from_i128(self.decimal.digits);
        let (factor, divisor) = match apart {
            0.. => (power(apart), Some(digits)),
            _ => (
                Some(i256::ONE),
                power(apart).and_then(|power| power.checked_mul(digits)),
            ),
        };
        let small = |number: Option<i256>| number?.to_i128().and_then(|n| i64::try_from(n).ok());
        UnitWidth {
            small: small(factor).zip(small(divisor)),
            factor,
            divisor,
        }
    }
}

/// The width of bins of whole units: what they are multiplied by and divided by.
#[derive(Debug, Clone, Copy)]
pub struct UnitWidth {
    small: Option<(i64, i64)>,
    /// `None` where it has more digits than any column.
    factor: Option<i256>,
    divisor: Option<i256>,
}

impl UnitWidth {
    pub fn bin(&self, stored: i64) -> i64 {
        if let Some((factor, divisor)) = self.small
            && let Some(product) = stored.checked_mul(factor)
        {
            return product.div_euclid(divisor);
        }
        self.wide(i256::from_i128(stored.into()))
    }

    pub fn wide(&self, stored: i256) -> i64 {
        let sign = match stored.cmp(&i256::ZERO) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        };
        let most = if sign < 0 { i64::MIN } else { i64::MAX };
        let Some(divisor) = self.divisor else {
            // Wider than all numbers of the column.
            return sign.min(0);
        };
        let product = self.factor.and_then(|factor| stored.checked_mul(factor));
        let Some(product) = product else {
            return if sign == 0 { 0 } else { most };
        };
        let quotient = product.wrapping_div(divisor);
        let below = product.wrapping_rem(divisor) < i256::ZERO;
        let bin = quotient.to_i128().and_then(|n| i64::try_from(n).ok());
        bin.map_or(most, |bin| bin - i64::from(below))
    }
}

/// Edges of bins, ascending: the bin of a number is how many of them are at or below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Edges(pub Vec<f64>);

impl Edges {
    /// Decimals stand in the order of the floats they are read as.
    pub fn bin(&self, value: f64) -> i64 {
        self.0.partition_point(|edge| *edge <= value) as i64
    }

    /// The same of numbers that are stored as so many units of a decimal place.
    pub fn of_units(&self, places: i8) -> UnitEdges {
        let edges = self.0.iter().filter_map(|edge| Decimal::of(*edge));
        UnitEdges(edges.map(|edge| edge.least_units(places)).collect())
    }
}

/// For each edge the least number of units at or above it.
#[derive(Debug, Clone)]
pub struct UnitEdges(Vec<i256>);

impl UnitEdges {
    pub fn wide(&self, stored: i256) -> i64 {
        self.0.partition_point(|edge| *edge <= stored) as i64
    }
}

/// How amounts are put into bins.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins {
    Width(Width),
    Edges(Edges),
}

impl Bins {
    pub fn bin(&self, value: f64) -> i64 {
        match self {
            Self::Width(width) => width.bin(value),
            Self::Edges(edges) => edges.bin(value),
        }
    }

    pub fn of_units(&self, places: i8) -> UnitBins {
        match self {
            Self::Width(width) => UnitBins::Width(width.of_units(places)),
            Self::Edges(edges) => UnitBins::Edges(edges.of_units(places)),
        }
    }
}

/// The same of whole units of a decimal place.
#[derive(Debug, Clone)]
pub enum UnitBins {
    Width(UnitWidth),
    Edges(UnitEdges),
}

impl UnitBins {
    pub fn bin(&self, stored: i64) -> i64 {
        match self {
            Self::Width(width) => width.bin(stored),
            Self::Edges(edges) => edges.wide(i256::from_i128(stored.into())),
        }
    }

    pub fn wide(&self, stored: i256) -> i64 {
        match self {
            Self::Width(width) => width.wide(stored),
            Self::Edges(edges) => edges.wide(stored),
        }
    }
}

/// The decimal that a single-precision float stands for, as a double.
pub fn of_single(value: f32) -> f64 {
    let wide = f64::from(value);
    if wide.fract() == 0.0 {
        return wide;
    }
    // Between powers of two the floats on both sides are equally far away, so that the nearest decimal of the fewest
    // places is the shortest. Up to eight places the products are exact.
    if value.to_bits() & 0x007f_ffff != 0 {
        for power in &POWERS[..9] {
            let decimal = (wide * power).round() / power;
            if decimal as f32 == value {
                return decimal;
            }
        }
    }
    let text = format!("{value:e}");
    text.parse().unwrap_or(wide)
}

/// So many units of a decimal place, as the nearest float.
pub fn of_units(stored: f64, places: i8) -> f64 {
    match usize::try_from(places).ok().and_then(|at| POWERS.get(at)) {
        Some(power) if stored.abs() < DISTINCT => stored / power,
        _ => {
            let text = format!("{stored}e{}", -i32::from(places));
            text.parse().unwrap_or(f64::NAN)
        }
    }
}

/// The decimal that a half-precision float stands for, as a double: of the fewest digits by which `reads` knows it.
pub fn of_half(value: f64, reads: impl Fn(f64) -> bool) -> f64 {
    let nearest = |digits: usize| format!("{value:.digits$e}").parse().ok();
    let mut shorter = (0..5).filter_map(nearest);
    shorter.find(|decimal| reads(*decimal)).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Digits and places read from how a number is printed, and the bin by long division in texts: nothing of it is
    /// shared with the code it checks.
    fn by_hand(value: &str, width: &str) -> i64 {
        let parts = |text: &str| {
            let (sign, text) = match text.strip_prefix('-') {
                Some(rest) => (-1, rest),
                None => (1, text),
            };
            let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
            (sign, whole.to_owned(), rest.to_owned())
        };
        let ((sign, a, b), (_, c, d)) = (parts(value), parts(width));
        let places = b.len().max(d.len());
        let number = |whole: &str, rest: &str| -> Vec<u8> {
            let text = format!("{whole}{rest:0<places$}");
            text.bytes().map(|digit| digit - b'0').collect()
        };
        let divisor = number(&c, &d)
            .iter()
            .fold(0u128, |n, digit| n * 10 + u128::from(*digit));
        let (mut quotient, mut rest) = (0i128, 0u128);
        for digit in number(&a, &b) {
            rest = rest * 10 + u128::from(digit);
            quotient = quotient * 10 + (rest / divisor) as i128;
            rest %= divisor;
        }
        let floor = match sign {
            1 => quotient,
            _ => -quotient - i128::from(rest > 0),
        };
        i64::try_from(floor).unwrap()
    }

    #[test]
    fn a_value_on_the_edge_of_a_bin_lies_in_it() {
        for (value, width, bin) in [
            (35.8, 0.1, 358),
            (35.7, 0.1, 357),
            (0.3, 0.1, 3),
            (-0.3, 0.1, -3),
            (-35.8, 0.1, -358),
            (-35.81, 0.1, -359),
            (0.7, 0.1, 7),
            (1.1, 0.1, 11),
            (4.35, 0.01, 435),
            (1.005, 0.005, 201),
            (179.99, 0.01, 17_999),
            (139.7, 0.05, 2_794),
            (0.0, 0.1, 0),
            (-0.0, 0.1, 0),
            (-1e-300, 0.1, -1),
            (1e300, 0.1, i64::MAX),
            (-1e300, 0.1, i64::MIN),
            (2.5e20, 1e20, 2),
            (9_007_199_254_740_993.0, 1.0, 9_007_199_254_740_992),
        ] {
            assert_eq!(Width::new(width).bin(value), bin, "{value} by {width}");
        }
        for (value, bin) in [(35.8f32, 358), (0.3, 3), (-0.7, -7), (139.7, 1_397)] {
            assert_eq!(Width::new(0.1).bin(of_single(value)), bin, "{value}");
        }
        for (value, bin) in [(0.3, 3), (35.8, 358), (-0.7, -7)] {
            let half = half::f16::from_f64(value);
            let decimal = of_half(half.to_f64(), |other| half::f16::from_f64(other) == half);
            assert_eq!(Width::new(0.1).bin(decimal), bin, "{value}");
        }
    }

    #[test]
    fn decimals_of_any_width_are_divided_exactly() {
        for (stored, places, width, bin) in [
            (358, 1, 0.1, 358),
            (-358, 1, 0.1, -358),
            (3_580, 2, 0.1, 358),
            (-3_581, 2, 0.1, -359),
            (3, 0, 0.1, 30),
            (7, -2, 0.5, 1_400),
            (i64::MAX, 0, 0.001, i64::MAX),
            (i64::MIN, 18, 1.0, -10),
            (1, 38, 1.0, 0),
            (-1, 38, 1.0, -1),
        ] {
            let width = Width::new(width).of_units(places);
            assert_eq!(width.bin(stored), bin, "{stored} {places}");
            assert_eq!(width.wide(i256::from_i128(stored.into())), bin);
        }
        let wide = i256::from_string(&format!("15{}", "0".repeat(69))).unwrap();
        assert_eq!(Width::new(0.5).of_units(70).wide(wide), 3);
    }

    #[test]
    fn widths_in_units_of_a_decimal_place() {
        assert_eq!(Width::new(0.07).units(2), Some(7));
        assert_eq!(Width::new(0.07).units(1), None);
        assert_eq!(Width::new(20.0).units(-1), Some(2));
        assert_eq!(Width::new(1e30).units(0), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Decimals of any length on an edge, near one or anywhere.
        #[test]
        fn bins_are_those_of_long_division(
            digits in -9_999_999_999i64..9_999_999_999,
            places in 0usize..12,
            width in 1u64..99_999,
            width_places in 0usize..8,
            ulps in -2i64..=2,
        ) {
            let width = format!("{}", width as f64 / 10f64.powi(width_places as i32));
            let at: f64 = format!("{digits}e-{places}").parse().unwrap();
            let near = f64::from_bits((at.to_bits() as i64 + if at == 0.0 { 0 } else { ulps }) as u64);
            let on = Width::new(width.parse().unwrap()).edge(digits % 1_000_000);
            for value in [at, near, on] {
                let exact = Width::new(width.parse().unwrap());
                prop_assert_eq!(exact.bin(value), by_hand(&format!("{value}"), &width), "{} by {}", value, width);
                prop_assert_eq!(
                    Decimal::of(value).unwrap().floor(exact.decimal),
                    by_hand(&format!("{value}"), &width)
                );
            }
            let bin = digits % 1_000_000;
            prop_assert_eq!(Width::new(width.parse().unwrap()).bin(on), bin);
        }

        /// The shortest decimal of a float of single precision is the one it is printed as.
        #[test]
        fn singles_are_the_decimals_they_are_printed_as(bits in any::<u32>(), digits in -99_999i32..99_999, places in 0i32..6) {
            for value in [f32::from_bits(bits), (f64::from(digits) / 10f64.powi(places)) as f32] {
                let printed = format!("{value}").parse::<f64>().unwrap();
                match value.fract() == 0.0 {
                    true => prop_assert_eq!(of_single(value), f64::from(value)),
                    false if value.is_finite() => prop_assert_eq!(of_single(value), printed),
                    false => {}
                }
            }
        }

        /// Edges are met by the same amounts whatever type these are stored as.
        #[test]
        fn edges_are_met_by_floats_and_decimals_alike(
            edges in prop::collection::btree_set(-9_999i64..9_999, 2..8),
            edge_places in 0u32..4,
            stored in -99_999i64..99_999,
            places in 0i8..5,
        ) {
            let number = |digits: i64, places: u32| -> f64 { format!("{digits}e-{places}").parse().unwrap() };
            let edges = Edges(edges.iter().map(|edge| number(*edge, edge_places)).collect());
            let bins = Bins::Edges(edges.clone()).of_units(places);
            prop_assert_eq!(bins.bin(stored), edges.bin(number(stored, places as u32)));
            let scale = 10i64.pow(edge_places);
            let below = edges.0.iter().filter(|edge| {
                let digits = (**edge * scale as f64).round() as i64;
                i128::from(digits) * 10i128.pow(places as u32) <= i128::from(stored) * i128::from(scale)
            });
            prop_assert_eq!(bins.bin(stored), below.count() as i64);
        }
    }
}
