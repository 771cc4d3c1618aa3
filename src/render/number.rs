//! Numbers as people read them.

use crate::finding::{Finding, Number, Unit};

/// 1234567 as `1,234,567`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share as a percentage: never `0 %` where there is something, never `100 %` where there is not
/// everything.
pub fn percent(share: f64) -> String {
    if share < 0.0 {
        return format!("−{}", percent(-share));
    }
    if share == 0.0 || share == 1.0 {
        return format!("{} %", share * 100.0);
    }
    let percent = share * 100.0;
    // Nothing but a risk below guessing is so far off: its sign was taken away above.
    if percent > 100.0 {
        return format!("{percent:.1} %");
    }
    let rare = percent.min(100.0 - percent);
    let places = match rare {
        r if r >= 1.0 => 1,
        r if r >= 0.095 => 2,
        r if r >= 0.000_95 => 4,
        _ if percent > 50.0 => return "> 99.999 %".to_owned(),
        _ => return "< 0.001 %".to_owned(),
    };
    format!("{percent:.places$} %")
}

/// Two ends of an interval of shares: `98.5–98.9 %`.
pub fn range(low: f64, high: f64) -> String {
    let low = percent(low);
    format!("{}–{}", low.trim_end_matches(" %"), percent(high))
}

/// A number that is no share.
pub fn plain(number: Number) -> String {
    match number {
        Number::Count(count) => grouped(count),
        Number::Real(real) if real.fract() == 0.0 && real.abs() < 1e15 => grouped(real as u64),
        Number::Real(real) if real.abs() >= 100.0 => {
            let tenths = (real * 10.0).round() as u64;
            format!("{}.{}", grouped(tenths / 10), tenths % 10)
        }
        Number::Real(real) => format!("{real:.3}"),
    }
}

/// The value with its unit: `12.3 %`, `4 persons`.
pub fn value(finding: &Finding) -> String {
    let Some(value) = finding.value else {
        return "no value".to_owned();
    };
    match finding.unit {
        Unit::Share => percent(value.as_f64()),
        Unit::Probability => probability(value.as_f64()),
        Unit::Ratio => plain(value),
        unit => format!("{} {}", plain(value), unit.noun(value.as_f64() == 1.0)),
    }
}

/// A probability with three significant digits.
pub fn probability(value: f64) -> String {
    if value == 0.0 || value == 1.0 {
        return format!("{value}");
    }
    let places = (2 - value.abs().log10().floor() as i32).clamp(3, 9) as usize;
    let text = format!("{value:.places$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Of how many of what: `1,234 of 30,162 persons`.
pub fn denominator(finding: &Finding) -> Option<String> {
    let denominator = finding.denominator?;
    let of = crate::measure::counted(finding);
    Some(match finding.numerator {
        Some(numerator) => format!("{} of {} {of}", grouped(numerator), grouped(denominator)),
        None => format!("over {} {of}", grouped(denominator)),
    })
}

/// `95 % interval 2.1 % to 3.4 %`.
pub fn interval(finding: &Finding) -> Option<String> {
    let interval = finding.interval?;
    let end = |value| match finding.unit.is_proportion() {
        true => percent(value),
        false => plain(Number::Real(value)),
    };
    let confidence = interval.confidence * 100.0;
    Some(format!(
        "{confidence} % interval {} to {}",
        end(interval.low),
        end(interval.high)
    ))
}

/// `≥ 11`, `≤ 5 %`. Without a unit, the numbers as the policy has them.
pub fn threshold(min: Option<f64>, max: Option<f64>, unit: Option<Unit>) -> String {
    let one = |value: f64| match unit {
        Some(Unit::Share) => percent(value),
        Some(Unit::Probability) => probability(value),
        _ => probability_or_count(value),
    };
    match (min, max) {
        (Some(min), Some(max)) => format!("{} to {}", one(min), one(max)),
        (Some(min), None) => format!("≥ {}", one(min)),
        (None, Some(max)) => format!("≤ {}", one(max)),
        (None, None) => String::new(),
    }
}

fn probability_or_count(value: f64) -> String {
    if value.fract() == 0.0 && value >= 0.0 {
        grouped(value as u64)
    } else {
        probability(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_lie() {
        for (share, text) in [
            (0.0, "0 %"),
            (1e-9, "< 0.001 %"),
            (0.000_05, "0.0050 %"),
            (0.001, "0.10 %"),
            (0.0123, "1.2 %"),
            (0.5, "50.0 %"),
            (0.995, "99.50 %"),
            (0.999_99, "99.9990 %"),
            (0.999_999_9, "> 99.999 %"),
            (1.0, "100 %"),
        ] {
            assert_eq!(percent(share), text, "{share}");
        }
    }

    #[test]
    fn counts_are_grouped() {
        for (count, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (45_000_000, "45,000,000"),
        ] {
            assert_eq!(grouped(count), text);
        }
        assert_eq!(plain(Number::Real(418.9167)), "418.9");
        assert_eq!(plain(Number::Real(1_234.0)), "1,234");
        assert_eq!(plain(Number::Real(2.5)), "2.500");
    }

    #[test]
    fn probabilities_keep_their_digits() {
        for (value, text) in [
            (1.0, "1"),
            (0.5, "0.5"),
            (1.0 / 11.0, "0.0909"),
            (0.002_387, "0.00239"),
            (6.63e-5, "0.0000663"),
        ] {
            assert_eq!(probability(value), text);
        }
    }

    #[test]
    fn thresholds() {
        assert_eq!(threshold(Some(11.0), None, Some(Unit::Persons)), "≥ 11");
        assert_eq!(threshold(None, Some(0.05), Some(Unit::Share)), "≤ 5.0 %");
        assert_eq!(
            threshold(None, Some(1.0 / 11.0), Some(Unit::Probability)),
            "≤ 0.0909"
        );
        assert_eq!(threshold(None, Some(0.05), None), "≤ 0.05");
    }
}
