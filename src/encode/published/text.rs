//! Values as a person would read them.

use std::borrow::Cow;

use arrow::datatypes::TimeUnit;

use super::super::column::{per_second, real};
use crate::release::input::Domain;

/// What the numbers of a column mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Form {
    pub domain: Domain,
    pub unit: Option<TimeUnit>,
    /// Stored in single or half precision: the shortest text that gives the same number back is shorter.
    pub single: bool,
}

impl Form {
    /// A number of the column as it is written.
    pub fn number(&self, stored: i64) -> String {
        match self.domain {
            Domain::Boolean => (stored != 0).to_string(),
            Domain::Unsigned => (stored as u64).to_string(),
            // Neither `Display` writes an exponent.
            Domain::Real if self.single => (real(stored) as f32).to_string(),
            Domain::Real => real(stored).to_string(),
            Domain::Decimal(scale) => decimal(stored, scale),
            Domain::Date => date(stored, self.unit),
            Domain::Time => time(stored, self.unit),
            Domain::Timestamp => timestamp(stored, self.unit),
            _ => stored.to_string(),
        }
    }

    /// Decimal places that a number of the column has.
    pub fn places(&self, stored: i64) -> usize {
        let text = self.number(stored);
        text.split_once('.').map_or(0, |(_, places)| places.len())
    }
}

/// Bytes as text: UTF-8, or UTF-16 of Latin letters, padded with zeros or not; `None` where they are neither.
pub fn bytes(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let end = bytes.iter().rposition(|byte| *byte != 0);
    let trimmed = &bytes[..end.map_or(0, |end| end + 1)];
    let plain = || std::str::from_utf8(trimmed).ok().map(Cow::Borrowed);
    if trimmed.len() < 3 || !trimmed.contains(&0) {
        return plain();
    }
    // One byte in two is zero, the other a letter.
    let first = usize::from(trimmed[0] == 0);
    let mut letters = trimmed.iter().skip(first).step_by(2);
    let mut zeros = trimmed.iter().skip(1 - first).step_by(2);
    match zeros.all(|byte| *byte == 0) && letters.clone().all(|byte| *byte != 0) {
        true => Some(Cow::Owned(
            letters.by_ref().map(|byte| *byte as char).collect(),
        )),
        false => plain(),
    }
}

/// Without the zeros at its end that stand for nothing.
fn decimal(stored: i64, scale: i8) -> String {
    let Ok(places) = usize::try_from(scale) else {
        return format!("{stored}{}", "0".repeat(usize::from(scale.unsigned_abs())));
    };
    let sign = if stored < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", stored.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    match part.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}.{part}"),
    }
}

fn date(stored: i64, unit: Option<TimeUnit>) -> String {
    let days = match unit {
        Some(unit) => stored.div_euclid(86_400 * per_second(unit)),
        None => stored,
    };
    day(days).unwrap_or_else(|| stored.to_string())
}

fn day(days: i64) -> Option<String> {
    let span = jiff::Span::new().try_days(days).ok()?;
    let day = jiff::civil::date(1970, 1, 1).checked_add(span).ok()?;
    Some(day.to_string())
}

fn time(stored: i64, unit: Option<TimeUnit>) -> String {
    let per_second = per_second(unit.unwrap_or(TimeUnit::Second));
    let seconds = stored.div_euclid(per_second);
    let clock = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    );
    clock + &part(stored.rem_euclid(per_second), per_second)
}

fn timestamp(stored: i64, unit: Option<TimeUnit>) -> String {
    let per_second = per_second(unit.unwrap_or(TimeUnit::Second));
    let seconds = stored.div_euclid(per_second);
    let Some(day) = day(seconds.div_euclid(86_400)) else {
        return stored.to_string();
    };
    let rest = seconds.rem_euclid(86_400);
    let clock = time(rest, Some(TimeUnit::Second));
    format!(
        "{day}T{clock}{}Z",
        part(stored.rem_euclid(per_second), per_second)
    )
}

/// Parts of a second, as many digits as are needed.
fn part(stored: i64, per_second: i64) -> String {
    if stored == 0 {
        return String::new();
    }
    let digits = per_second.ilog10() as usize;
    let text = format!("{stored:0>digits$}");
    format!(".{}", text.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::super::super::column::ordered_bits;
    use super::*;

    fn form(domain: Domain, unit: Option<TimeUnit>) -> Form {
        Form {
            domain,
            unit,
            single: false,
        }
    }

    #[test]
    fn numbers_as_they_are_read() {
        let real = |value: f64| form(Domain::Real, None).number(ordered_bits(value));
        assert_eq!(real(491_701_234_567.0), "491701234567");
        assert_eq!(real(-0.1), "-0.1");
        assert_eq!(real(1e21), "1000000000000000000000");
        let single = Form {
            single: true,
            ..form(Domain::Real, None)
        };
        assert_eq!(single.number(ordered_bits(f64::from(52.52f32))), "52.52");
        assert_eq!(single.places(ordered_bits(f64::from(52.52f32))), 2);
        let decimal = |stored, scale| form(Domain::Decimal(scale), None).number(stored);
        assert_eq!(decimal(49_170_123_456_700, 2), "491701234567");
        assert_eq!(decimal(-1_205, 3), "-1.205");
        assert_eq!(decimal(-5, 2), "-0.05");
        assert_eq!(decimal(12, -3), "12000");
        assert_eq!(
            form(Domain::Unsigned, None).number(-1),
            "18446744073709551615"
        );
        assert_eq!(form(Domain::Integer, None).number(-1), "-1");
    }

    #[test]
    fn times_as_they_are_read() {
        use TimeUnit::*;
        assert_eq!(form(Domain::Date, None).number(20_514), "2026-03-02");
        assert_eq!(form(Domain::Date, None).number(-1), "1969-12-31");
        let date = form(Domain::Date, Some(Millisecond));
        assert_eq!(date.number(20_514 * 86_400_000), "2026-03-02");
        let time = form(Domain::Time, Some(Microsecond));
        assert_eq!(time.number(36_672_500_000), "10:11:12.5");
        let at = form(Domain::Timestamp, Some(Millisecond));
        assert_eq!(at.number(1_772_446_272_007), "2026-03-02T10:11:12.007Z");
        assert_eq!(at.number(-1), "1969-12-31T23:59:59.999Z");
        let far = form(Domain::Timestamp, Some(Second));
        assert_eq!(far.number(i64::MAX), i64::MAX.to_string());
    }

    #[test]
    fn texts_in_bytes() {
        assert_eq!(bytes(b"anna@example.org\0\0").unwrap(), "anna@example.org");
        let wide: Vec<u8> = "anna".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(bytes(&wide).unwrap(), "anna");
        let wide: Vec<u8> = "anna".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(bytes(&wide).unwrap(), "anna");
        let wide: Vec<u8> = "Jürgen".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(bytes(&wide).unwrap(), "Jürgen");
        assert_eq!(bytes(&[0xff, 0xfe, 0x01]), None);
        assert_eq!(bytes("Jürgen".as_bytes()).unwrap(), "Jürgen");
        assert_eq!(bytes(&[]).unwrap(), "");
    }
}
