//! Times stored as numbers: what they count since the beginning of 1970 (UTC).

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, TimestampMicrosecondArray, TimestampNanosecondArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Float64Type, TimeUnit};

use jiff::tz::{Offset, TimeZone};

use super::input::Domain;

/// What a number of times counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpochUnit {
    Days,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

/// 1 January 1971 and 1 January 10000, in seconds.
const AFTER_1970: f64 = 31_536_000.0;
const AFTER_9999: f64 = 253_402_300_800.0;

impl EpochUnit {
    pub const ALL: [Self; 5] = [
        Self::Days,
        Self::Seconds,
        Self::Milliseconds,
        Self::Microseconds,
        Self::Nanoseconds,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Days => "d",
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Microseconds => "us",
            Self::Nanoseconds => "ns",
        }
    }

    /// How long one is, in seconds.
    pub fn seconds(self) -> f64 {
        match self {
            Self::Days => 86_400.0,
            Self::Seconds => 1.0,
            Self::Milliseconds => 1e-3,
            Self::Microseconds => 1e-6,
            Self::Nanoseconds => 1e-9,
        }
    }

    /// What the numbers of a column are once they are read as times; fractions of whole ones are kept to the
    /// microsecond.
    pub fn types(self, domain: Domain) -> (Domain, DataType, Option<TimeUnit>) {
        let unit = match (self, domain) {
            (Self::Nanoseconds, _) => TimeUnit::Nanosecond,
            (_, Domain::Real) | (Self::Microseconds, _) => TimeUnit::Microsecond,
            (Self::Milliseconds, _) => TimeUnit::Millisecond,
            (Self::Seconds, _) => TimeUnit::Second,
            (Self::Days, _) => return (Domain::Date, DataType::Date32, None),
        };
        let stored = DataType::Timestamp(unit, None);
        (Domain::Timestamp, stored, Some(unit))
    }

    /// Numbers as times; `None` where one of them is beyond all of these.
    pub fn times(self, numbers: &ArrayRef) -> Option<ArrayRef> {
        let strict = CastOptions {
            safe: false,
            ..CastOptions::default()
        };
        let cast = |array: &ArrayRef, to: &DataType| cast_with_options(array, to, &strict).ok();
        if !numbers.data_type().is_floating() {
            let (_, to, _) = self.types(Domain::Integer);
            let stored = match self {
                Self::Days => DataType::Int32,
                _ => DataType::Int64,
            };
            return cast(&cast(numbers, &stored)?, &to);
        }
        let numbers = cast(numbers, &DataType::Float64)?;
        let numbers = numbers.as_primitive::<Float64Type>();
        let (_, to, _) = self.types(Domain::Real);
        let per_unit = match &to {
            DataType::Timestamp(TimeUnit::Nanosecond, _) => 1.0,
            _ => (self.seconds() * 1e6).max(1.0),
        };
        let moment = |number: Option<f64>| match number.filter(|number| !number.is_nan()) {
            None => Some(None),
            Some(number) => {
                let units = (number * per_unit).round();
                (units.abs() < 2f64.powi(63)).then_some(Some(units as i64))
            }
        };
        let moments = numbers.iter().map(moment);
        let moments: Vec<Option<i64>> = moments.collect::<Option<_>>()?;
        Some(match &to {
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                Arc::new(TimestampNanosecondArray::from(moments))
            }
            _ => Arc::new(TimestampMicrosecondArray::from(moments)),
        })
    }

    /// Why the least and the greatest number of a column cannot count these.
    pub fn refuses(self, least: f64, greatest: f64) -> Option<&'static str> {
        let (least, greatest) = (least * self.seconds(), greatest * self.seconds());
        if greatest >= AFTER_9999 || least <= -AFTER_9999 {
            Some("the times would lie beyond the year 9999")
        } else if least > -AFTER_1970 && greatest < AFTER_1970 {
            Some("all times would lie within a year of the beginning of 1970")
        } else {
            None
        }
    }

    /// The unit by which the numbers lie in our time; `None` where none does.
    pub fn guess(least: f64, greatest: f64) -> Option<Self> {
        // From 1980 to 2100: no two units fit the same numbers.
        let ours = |unit: &Self| {
            let year = |number: f64| 1970.0 + number * unit.seconds() / 31_556_952.0;
            year(least) >= 1980.0 && year(greatest) <= 2100.0
        };
        Self::ALL.into_iter().find(ours)
    }
}

/// The time zone of this name, as files write it: of the IANA database, or an offset such as `+02:00`.
pub fn zone(name: &str) -> Option<TimeZone> {
    let seconds = || {
        let (sign, rest) = match name.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let digits = rest.replace(':', "");
        let number = |at: std::ops::Range<usize>| digits.get(at)?.parse::<i32>().ok();
        let (hours, minutes) = (
            number(0..2)?,
            number(2..4).or((digits.len() == 2).then_some(0))?,
        );
        (digits.len() <= 4 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
    };
    let utc = [
        "UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z", "Zulu", "Etc/Zulu", "UCT", "Etc/UCT",
    ];
    if utc.iter().any(|utc| utc.eq_ignore_ascii_case(name)) || seconds() == Some(0) {
        return Some(TimeZone::UTC);
    }
    match seconds() {
        Some(seconds) => Some(TimeZone::fixed(Offset::from_seconds(seconds).ok()?)),
        None => TimeZone::get(name).ok(),
    }
}

/// What a time zone is called.
pub fn name_of(zone: &TimeZone) -> Option<String> {
    match zone.iana_name() {
        Some(name) => Some(name.to_owned()),
        None => zone.to_fixed_offset().ok().map(|offset| offset.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Float64Array, Int64Array, UInt64Array};
    use arrow::datatypes::{Date32Type, TimestampMicrosecondType, TimestampSecondType};

    #[test]
    fn numbers_become_times() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1_772_391_921), None]));
        let times = EpochUnit::Seconds.times(&numbers).unwrap();
        assert_eq!(
            times.as_primitive::<TimestampSecondType>().value(0),
            1_772_391_921
        );
        assert!(times.is_null(1));
        let days: ArrayRef = Arc::new(Int64Array::from(vec![20_514]));
        let days = EpochUnit::Days.times(&days).unwrap();
        assert_eq!(days.as_primitive::<Date32Type>().value(0), 20_514);
        let parts: ArrayRef = Arc::new(Float64Array::from(vec![1_772_391_921.25, f64::NAN]));
        let parts = EpochUnit::Seconds.times(&parts).unwrap();
        let parts = parts.as_primitive::<TimestampMicrosecondType>();
        assert_eq!(parts.value(0), 1_772_391_921_250_000);
        assert!(parts.is_null(1));
        let beyond: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX]));
        assert!(EpochUnit::Seconds.times(&beyond).is_none());
        let beyond: ArrayRef = Arc::new(Int64Array::from(vec![1_772_391_921]));
        assert!(EpochUnit::Days.times(&beyond).is_some());
    }

    #[test]
    fn units_that_cannot_be_true() {
        let now = 1_772_391_921.0;
        for (unit, factor) in [
            (EpochUnit::Days, 1.0 / 86_400.0),
            (EpochUnit::Seconds, 1.0),
            (EpochUnit::Milliseconds, 1e3),
            (EpochUnit::Microseconds, 1e6),
            (EpochUnit::Nanoseconds, 1e9),
        ] {
            let (least, greatest) = (now * factor, (now + 86_400.0 * 30.0) * factor);
            assert_eq!(EpochUnit::guess(least, greatest), Some(unit));
            for other in EpochUnit::ALL {
                let refused = other.refuses(least, greatest).is_some();
                assert_eq!(refused, other != unit, "{other:?} of {unit:?}");
            }
        }
        // Hours of the week count no seconds of ours; old times and ends that never come do.
        assert!(EpochUnit::Seconds.refuses(0.0, 167.0).is_some());
        assert_eq!(EpochUnit::guess(0.0, 167.0), None);
        assert_eq!(EpochUnit::Days.refuses(-30_000.0, 20_000.0), None);
        assert_eq!(EpochUnit::Seconds.refuses(now, 253_402_214_400.0), None);
    }

    #[test]
    fn zones_as_files_name_them() {
        for utc in ["UTC", "Etc/UTC", "+00:00", "-0000", "GMT"] {
            assert_eq!(zone(utc), Some(TimeZone::UTC), "{utc}");
        }
        let name = |text: &str| name_of(&zone(text)?);
        assert_eq!(name("Europe/Berlin").as_deref(), Some("Europe/Berlin"));
        assert_eq!(name("+05:30").as_deref(), Some("+05:30"));
        assert_eq!(name("-08").as_deref(), Some("-08"));
        for none in ["", "nowhere", "+5", "+1:00:00", "+05:75", "+99:00"] {
            assert_eq!(zone(none), None, "{none}");
        }
    }
}
