//! Files of one table that store a column in several ways: equal values become equal, or it is an error.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    DataType, Date64Type, Int64Type, Time32MillisecondType, Time32SecondType, TimeUnit,
};

use super::{Domain, InputColumn, unit};

/// The narrowest decimal that holds the values of both; `None` where there is none.
pub fn common_decimal(a: &DataType, b: &DataType) -> Option<DataType> {
    if a == b {
        return Some(a.clone());
    }
    let ((precision, scale), (other, its)) = (decimal(a)?, decimal(b)?);
    let places = scale.max(its);
    let before = (i16::from(precision) - i16::from(scale)).max(i16::from(other) - i16::from(its));
    let digits = u8::try_from(before + i16::from(places)).ok()?.max(1);
    match digits {
        ..=38 => Some(DataType::Decimal128(digits, places)),
        39..=76 => Some(DataType::Decimal256(digits, places)),
        _ => None,
    }
}

fn decimal(data_type: &DataType) -> Option<(u8, i8)> {
    match data_type {
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => Some((*precision, *scale)),
        DataType::Dictionary(_, values) => decimal(values),
        _ => None,
    }
}

/// The values of one file as the table has them.
///
/// # Errors
/// They cannot be told in the table's unit; the reason.
pub fn fitted(column: &InputColumn, array: &ArrayRef) -> Result<ArrayRef, String> {
    match column.domain {
        Some(Domain::Decimal(_)) if *array.data_type() != column.data_type => {
            let exact = CastOptions {
                safe: false,
                ..CastOptions::default()
            };
            cast_with_options(array, &column.data_type, &exact)
                .map_err(|_| "a decimal has more digits than its type says".to_owned())
        }
        _ => match (unit(array.data_type()), column.unit) {
            (Some(own), Some(finest)) if own != finest => match fits(array, own, finest) {
                true => Ok(array.clone()),
                false => Err(
                    "times of this file lie beyond what another file of the table can store, which has a finer unit"
                        .to_owned(),
                ),
            },
            _ => Ok(array.clone()),
        },
    }
}

/// Whether every time can be told in the finer unit in 64 bits.
fn fits(array: &ArrayRef, own: TimeUnit, finest: TimeUnit) -> bool {
    let per_second = |unit: TimeUnit| match unit {
        TimeUnit::Second => 1i64,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    };
    let factor = per_second(finest) / per_second(own);
    let all = |values: &mut dyn Iterator<Item = i64>| {
        for value in values {
            if value.checked_mul(factor).is_none() {
                return false;
            }
        }
        true
    };
    match array.data_type() {
        DataType::Timestamp(_, _) | DataType::Duration(_) | DataType::Time64(_) => {
            let data = array.to_data();
            let numbers = arrow::array::make_array(
                data.into_builder()
                    .data_type(DataType::Int64)
                    .build()
                    .expect("they are stored as whole numbers"),
            );
            all(&mut numbers.as_primitive::<Int64Type>().iter().flatten())
        }
        DataType::Date64 => all(&mut array.as_primitive::<Date64Type>().iter().flatten()),
        DataType::Time32(TimeUnit::Second) => {
            let values = array.as_primitive::<Time32SecondType>();
            all(&mut values.iter().flatten().map(i64::from))
        }
        DataType::Time32(_) => {
            let values = array.as_primitive::<Time32MillisecondType>();
            all(&mut values.iter().flatten().map(i64::from))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Decimal128Array, TimestampMicrosecondArray};
    use std::sync::Arc;

    #[test]
    fn decimals_that_hold_both() {
        let decimal = |precision, scale| DataType::Decimal128(precision, scale);
        let common = |a, b| common_decimal(&a, &b);
        assert_eq!(common(decimal(9, 2), decimal(20, 2)), Some(decimal(20, 2)));
        assert_eq!(common(decimal(9, 2), decimal(5, 4)), Some(decimal(11, 4)));
        assert_eq!(
            common(DataType::Decimal32(9, 0), decimal(38, 10)),
            Some(decimal(38, 10))
        );
        assert_eq!(
            common(decimal(38, 0), decimal(38, 10)),
            Some(DataType::Decimal256(48, 10))
        );
        let wide = DataType::Decimal256(76, 0);
        assert_eq!(common(wide, decimal(38, 10)), None);
    }

    fn column(data_type: DataType) -> InputColumn {
        InputColumn {
            name: "c".to_owned(),
            domain: Domain::of(&data_type),
            unit: unit(&data_type),
            data_type,
            partition: false,
            nulls: None,
            epoch: None,
        }
    }

    #[test]
    fn decimals_keep_their_values() {
        let array: ArrayRef = Arc::new(
            Decimal128Array::from(vec![Some(150), None, Some(-5)])
                .with_precision_and_scale(5, 2)
                .unwrap(),
        );
        let fitted = fitted(&column(DataType::Decimal128(22, 4)), &array).unwrap();
        let expected = Decimal128Array::from(vec![Some(15_000), None, Some(-500)]);
        let expected = expected.with_precision_and_scale(22, 4).unwrap();
        assert_eq!(fitted.as_ref(), &expected as &dyn Array);
    }

    #[test]
    fn times_beyond_the_finer_unit_are_an_error() {
        let nanoseconds = column(DataType::Timestamp(TimeUnit::Nanosecond, None));
        // 2262-04-11 is the last day that nanoseconds reach.
        let last = i64::MAX / 1_000;
        let of = |values: Vec<Option<i64>>| {
            let array: ArrayRef = Arc::new(TimestampMicrosecondArray::from(values));
            fitted(&nanoseconds, &array)
        };
        assert!(of(vec![Some(last), None, Some(-last)]).is_ok());
        assert!(of(vec![Some(0), Some(last + 1)]).is_err());
        assert!(of(vec![Some(-last - 1)]).is_err());
    }
}
