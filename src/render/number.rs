//! Numbers as people read them, in their language.

use crate::finding::{Finding, Number, Unit};
use crate::language::Language;
use crate::say;

/// A share as a percentage: never `0 %` where there is something, never `100 %` where there is not
/// everything.
pub fn percent(share: f64, language: Language) -> String {
    if share < 0.0 {
        return format!("−{}", percent(-share, language));
    }
    let percent = share * 100.0;
    if share == 0.0 || share == 1.0 {
        return language.percent(percent, 0);
    }
    // Nothing but a risk below guessing is so far off: its sign was taken away above.
    if percent > 100.0 {
        return language.percent(percent, 1);
    }
    let rare = percent.min(100.0 - percent);
    let places = match rare {
        r if r >= 1.0 => 1,
        r if r >= 0.095 => 2,
        r if r >= 0.000_95 => 4,
        _ if percent > 50.0 => return format!("> {}", language.percent(99.999, 3)),
        _ => return format!("< {}", language.percent(0.001, 3)),
    };
    language.percent(percent, places)
}

/// Two ends of an interval of shares: `98.5–98.9 %`.
pub fn range(low: f64, high: f64, language: Language) -> String {
    let low = percent(low, language);
    let sign = language.percent_sign();
    format!("{}–{}", low.trim_end_matches(sign), percent(high, language))
}

/// A number that is no share.
pub fn plain(number: Number, language: Language) -> String {
    match number {
        Number::Count(count) => language.grouped(count),
        Number::Real(real) if real.fract() == 0.0 && real.abs() < 1e15 => {
            language.grouped(real as u64)
        }
        Number::Real(real) if real.abs() >= 100.0 => language.fixed(real, 1),
        Number::Real(real) => language.fixed(real, 3),
    }
}

/// The value with its unit: `12.3 %`, `4 persons`.
pub fn value(finding: &Finding, language: Language) -> String {
    let Some(value) = finding.value else {
        return language.pick("no value", "kein Wert").to_owned();
    };
    match finding.unit {
        Unit::Share => percent(value.as_f64(), language),
        Unit::Probability => probability(value.as_f64(), language),
        Unit::Ratio => plain(value, language),
        unit => {
            let noun = unit.noun(value.as_f64() == 1.0, language);
            format!("{} {noun}", plain(value, language))
        }
    }
}

/// A probability with three significant digits.
pub fn probability(value: f64, language: Language) -> String {
    if value == 0.0 || value == 1.0 {
        return format!("{value}");
    }
    let places = (2 - value.abs().log10().floor() as i32).clamp(3, 9) as usize;
    let text = language.fixed(value, places);
    let text = text.trim_end_matches('0');
    text.trim_end_matches(['.', ',']).to_owned()
}

/// Of how many of what: `1,234 of 30,162 persons`.
pub fn denominator(finding: &Finding, language: Language) -> Option<String> {
    let denominator = language.grouped(finding.denominator?);
    let of = crate::measure::counted(finding, language);
    Some(match finding.numerator {
        Some(numerator) => say!(
            language,
            "{} of {denominator} {of}",
            "{} von {denominator} {of}",
            language.grouped(numerator)
        ),
        None => say!(
            language,
            "over {denominator} {of}",
            "unter {denominator} {of}"
        ),
    })
}

/// `95 % interval 2.1 % to 3.4 %`.
pub fn interval(finding: &Finding, language: Language) -> Option<String> {
    let interval = finding.interval?;
    let end = |value| match finding.unit.is_proportion() {
        true => percent(value, language),
        false => plain(Number::Real(value), language),
    };
    let confidence = language.number(interval.confidence * 100.0);
    Some(say!(
        language,
        "{confidence} % interval {} to {}",
        "Konfidenzintervall zu {confidence}\u{202f}%: {} bis {}",
        end(interval.low),
        end(interval.high)
    ))
}

/// `≥ 11`, `≤ 5 %`. Without a unit, the numbers as the policy has them.
pub fn threshold(
    min: Option<f64>,
    max: Option<f64>,
    unit: Option<Unit>,
    language: Language,
) -> String {
    let one = |value: f64| match unit {
        Some(Unit::Share) => percent(value, language),
        Some(Unit::Probability) => probability(value, language),
        _ => probability_or_count(value, language),
    };
    match (min, max) {
        (Some(min), Some(max)) => say!(language, "{} to {}", "{} bis {}", one(min), one(max)),
        (Some(min), None) => format!("≥ {}", one(min)),
        (None, Some(max)) => format!("≤ {}", one(max)),
        (None, None) => String::new(),
    }
}

fn probability_or_count(value: f64, language: Language) -> String {
    if value.fract() == 0.0 && value >= 0.0 {
        language.grouped(value as u64)
    } else {
        probability(value, language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, German};

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
            assert_eq!(percent(share, English), text, "{share}");
        }
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(plain(Number::Real(418.9167), English), "418.9");
        assert_eq!(plain(Number::Real(1_234.0), English), "1,234");
        assert_eq!(plain(Number::Real(2.5), English), "2.500");
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
            assert_eq!(probability(value, English), text);
        }
    }

    #[test]
    fn thresholds() {
        assert_eq!(
            threshold(Some(11.0), None, Some(Unit::Persons), English),
            "≥ 11"
        );
        assert_eq!(
            threshold(None, Some(0.05), Some(Unit::Share), English),
            "≤ 5.0 %"
        );
        assert_eq!(
            threshold(None, Some(1.0 / 11.0), Some(Unit::Probability), English),
            "≤ 0.0909"
        );
        assert_eq!(threshold(None, Some(0.05), None, English), "≤ 0.05");
    }

    #[test]
    fn german_numbers_have_commas() {
        for (share, text) in [
            (0.0, "0\u{202f}%"),
            (1e-9, "< 0,001\u{202f}%"),
            (0.0123, "1,2\u{202f}%"),
            (0.999_999_9, "> 99,999\u{202f}%"),
            (-0.5, "−50,0\u{202f}%"),
        ] {
            assert_eq!(percent(share, German), text, "{share}");
        }
        assert_eq!(plain(Number::Real(1_418.916_7), German), "1.418,9");
        assert_eq!(probability(0.002_387, German), "0,00239");
        assert_eq!(range(0.021, 0.034, German), "2,1–3,4\u{202f}%");
        assert_eq!(threshold(None, Some(0.05), None, German), "≤ 0,05");
    }
}
