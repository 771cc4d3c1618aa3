//! Gower's distance (J. C. Gower, A general coefficient of similarity and some of its properties, Biometrics 27,
//! 1971): the mean over the columns of |x − y| / range for numbers, and of 0 or 1 for everything else.
//!
//! The range is that of both tables. Nearest by the mean is nearest by the sum, which is what is searched. Gower
//! leaves a comparison out where a value is missing; here a null differs from every value by 1 and from another
//! null by 0, as a null is a value of its own: a record of many nulls would be near to everybody otherwise.

use super::nearest::Cost;
use crate::encode::records::Compared;

/// What two values of a column cost; `numbers` are those of its codes, where it is one of numbers.
pub fn cost(numbers: Option<Vec<f64>>) -> Cost {
    let Some(mut numbers) = numbers else {
        return Cost::Equal(1.0);
    };
    let present = || numbers.iter().copied().filter(|number| !number.is_nan());
    let low = present().fold(f64::INFINITY, f64::min);
    let range = present().fold(f64::NEG_INFINITY, f64::max) - low;
    if !range.is_finite() || range == 0.0 {
        return Cost::Equal(1.0);
    }
    numbers
        .iter_mut()
        .for_each(|number| *number = (*number - low) / range);
    Cost::Number(numbers)
}

/// How the values of a column are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Names,
    /// Whole numbers, decimals and times, by what is stored.
    Numbers,
    Reals,
}

/// The costs of columns on these scales.
pub fn costs(columns: &[Compared], scales: &[Scale]) -> Vec<Cost> {
    let columns = columns.iter().zip(scales);
    columns
        .map(|(column, scale)| match scale {
            Scale::Names => cost(None),
            _ => cost(Some(column.numbers(*scale == Scale::Reals))),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::nearest::{Known, distance, nearest};

    #[test]
    fn by_hand() {
        // Age 20 to 60, sex, income with a null; the first code of a column with nulls is null.
        let costs = [
            cost(Some(vec![20.0, 30.0, 40.0, 60.0])),
            cost(None),
            cost(Some(vec![f64::NAN, 1_000.0, 3_000.0])),
        ];
        // 40, m, null and 20, f, 1000.
        let sought = [vec![2, 0], vec![0, 1], vec![0, 1]];
        // 30, m, 3000; 60, f, null; 30, f, 3000.
        let codes = [vec![1, 3, 1], vec![0, 1, 1], vec![2, 0, 2]];
        let of = |a: usize| [0, 1, 2].map(|b| distance(&costs, &sought, a, &codes, b));
        assert_eq!(of(0), [0.25 + 1.0, 0.5 + 1.0, 0.25 + 1.0 + 1.0]);
        assert_eq!(of(1), [0.25 + 1.0 + 1.0, 1.0 + 1.0, 0.25 + 1.0]);
        let known = Known {
            codes: &codes,
            persons: &[1, 1, 4],
        };
        let found = nearest(&costs, &sought, &known, 1).unwrap();
        assert_eq!((found[0].distance, found[0].persons), (1.25, 1));
        assert_eq!((found[1].distance, found[1].persons), (1.25, 4));
        assert_eq!((&found[0].of, &found[1].of), (&vec![0], &vec![2]));
    }

    #[test]
    fn numbers_without_range_are_names() {
        assert!(matches!(cost(Some(vec![5.0])), Cost::Equal(_)));
        assert!(matches!(
            cost(Some(vec![5.0, f64::INFINITY])),
            Cost::Equal(_)
        ));
        assert!(matches!(
            cost(Some(vec![f64::NAN, 5.0, 6.0])),
            Cost::Number(_)
        ));
    }
}
