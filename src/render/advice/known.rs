//! What the report itself knows of the way under a threshold.

use crate::finding::{Finding, Parameter};
use crate::render::number;
use crate::report::Report;

/// Which column to coarsen first, and whether leaving persons out would do.
pub fn columns(finding: &Finding, report: &Report, starts: bool) -> String {
    let ranked = ranking(finding, report);
    let first = match ranked.as_slice() {
        [] => {
            let of = match finding.columns.is_empty() {
                true => "one of the quasi-identifiers".to_owned(),
                false => format!("one of {}", quoted(&finding.columns)),
            };
            format!("coarsen {of} (bands, fewer digits, groups), or drop it.")
        }
        [(most, share), rest @ ..] => {
            let next = rest.first().map_or(String::new(), |(next, share)| {
                format!(", then `{next}` ({})", number::percent(*share))
            });
            format!(
                "coarsen `{most}` (bands, fewer digits, groups) or drop it: of the columns it contributes most to singling \
                 persons out ({}){next}.",
                number::percent(*share)
            )
        }
    };
    let first = opened(&first, starts);
    match below(finding, report) {
        None => first,
        Some((k, persons, share)) if share <= 0.2 => format!(
            "{first} Or leave out the {} persons ({}) in classes of fewer than {k}.",
            number::grouped(persons),
            number::percent(share)
        ),
        Some((k, _, share)) => format!(
            "{first} To leave out the persons in classes of fewer than {k} is no way out: they are {} of all.",
            number::percent(share)
        ),
    }
}

/// The finding's columns by how much they contribute to singling persons out, the most first; those that contribute
/// nothing are left out.
fn ranking<'a>(finding: &Finding, report: &'a Report) -> Vec<(&'a str, f64)> {
    let of = |measure: &str| {
        let contributes = |other: &'a Finding| {
            let [column] = other.columns.as_slice() else {
                return None;
            };
            let is_one = other.measure == measure
                && other.statistic == "contribution"
                && other.table == finding.table
                && finding.columns.contains(column);
            let value = other.value?.as_f64();
            (is_one && value > 0.0).then_some((column.as_str(), value))
        };
        let mut ranked: Vec<_> = report.findings.iter().filter_map(contributes).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked
    };
    let ranked = of("quasi-identifier-subsets");
    match ranked.is_empty() {
        true => of("suda"),
        false => ranked,
    }
}

/// The size of class that is asked for, and how many persons, in number and share, are in smaller ones.
fn below(finding: &Finding, report: &Report) -> Option<(u64, u64, f64)> {
    let asked = finding.requirement?;
    let k = match (finding.id().as_str(), asked.min, asked.max) {
        ("k-anonymity.k", Some(min), _) => min.ceil() as u64,
        ("uniqueness.share_unique", _, Some(0.0)) => 2,
        ("re-identification-risk.prosecutor_max", _, Some(max)) if max > 0.0 => {
            (1.0 / max - 1e-9).ceil() as u64
        }
        _ => return None,
    };
    let known = report.findings.iter().find(|other| {
        other.id() == "k-anonymity.share_below"
            && other.table == finding.table
            && other.columns == finding.columns
            && (other.parameters.get("k")).is_some_and(|known| known.matches(&Parameter::from(k)))
    })?;
    Some((k, known.numerator?, known.value?.as_f64()))
}

/// Which of the resolutions that were tried would pass.
pub fn points(finding: &Finding, report: &Report, starts: bool) -> String {
    let names = match finding.columns.is_empty() {
        true => "times and places".to_owned(),
        false => quoted(&finding.columns),
    };
    let coarsen = format!("tell {names} more coarsely.");
    let otherwise = "Otherwise cut the traces into short ones under new pseudonyms that cannot be linked, or publish \
                     counts in place of traces.";
    let first = opened(&coarsen, starts);
    let tried = resolutions(finding, report);
    let (Some(max), Some(last)) = (
        finding.requirement.and_then(|asked| asked.max),
        tried.last(),
    ) else {
        return format!("{first} {otherwise}");
    };
    let enough = tried.iter().find(|(_, share)| *share <= max);
    match enough {
        Some((told, share)) => format!(
            "{first} With {told} it would pass: {} would still be singled out.",
            number::percent(*share)
        ),
        None => format!(
            "{first} None of the {} resolutions that were tried is enough: with {} still {} are singled out. {otherwise}",
            tried.len(),
            last.0,
            number::percent(last.1)
        ),
    }
}

/// The resolutions at which unicity of this table and number of points was measured, as one would say them, with the
/// unfavourable end of the share; the finest first, as the report has them.
fn resolutions(finding: &Finding, report: &Report) -> Vec<(String, f64)> {
    let points = finding.parameters.get("points");
    let of = report.findings.iter().filter(|other| {
        other.id() == "unicity-resolution.share_unique"
            && other.table == finding.table
            && other.parameters.get("points") == points
    });
    of.filter_map(|other| {
        let told = |name: &str, many: &str| {
            let value = other.parameters.get(name)?.to_string();
            Some(match value.as_str() {
                "column" => format!("{many} as they are"),
                _ => format!("{many} by {}", spelled(&value)),
            })
        };
        let told: Vec<String> = [("time", "times"), ("place", "places")]
            .into_iter()
            .filter_map(|(name, many)| told(name, many))
            .collect();
        let value = other.value?.as_f64();
        let upper = other.interval.map_or(value, |interval| interval.high);
        (!told.is_empty()).then(|| (list(told), upper))
    })
    .collect()
}

/// `15min` as `15 minutes`, `1d` as `1 day`, `4 of column` as `4 of their steps`.
fn spelled(resolution: &str) -> String {
    let digits = resolution.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &resolution[digits.len()..] {
        "s" => "second",
        "min" => "minute",
        "h" => "hour",
        "d" => "day",
        _ => return resolution.replace("column", "their steps"),
    };
    match digits {
        "1" => format!("1 {unit}"),
        _ => format!("{digits} {unit}s"),
    }
}

/// How many counts are too small, and what to do about as many.
pub fn counts(finding: &Finding) -> String {
    let k = finding
        .parameters
        .get("k")
        .map_or("the threshold".to_owned(), |k| format!("{k}"));
    let share = match (finding.numerator, finding.denominator) {
        (Some(few), Some(all)) if all > 0 => few as f64 / all as f64,
        _ => {
            return format!(
                "Publish no count of fewer than {k} persons: merge places or times, or suppress such counts and, \
                 in each published sum, a second one."
            );
        }
    };
    match share > 0.2 {
        true => format!(
            "Publish `{}` by larger places and longer hours until few counts are below {k}, then suppress those that are \
             left: now it would be {} of all counts.",
            finding.table,
            number::percent(share)
        ),
        false => format!(
            "Suppress the {} counts below {k} ({} of all) in `{}`, and a second one in each sum that is published.",
            number::grouped(finding.numerator.unwrap_or_default()),
            number::percent(share),
            finding.table
        ),
    }
}

/// `a, b and c`.
fn list(mut names: Vec<String>) -> String {
    match (names.pop(), names.is_empty()) {
        (None, _) => String::new(),
        (Some(last), true) => last,
        (Some(last), false) => format!("{} and {last}", names.join(", ")),
    }
}

/// Names of columns as the report writes them.
pub fn quoted(columns: &[String]) -> String {
    list(columns.iter().map(|column| format!("`{column}`")).collect())
}

/// A text that starts a sentence, or goes on with one.
fn opened(text: &str, starts: bool) -> String {
    let mut letters = text.chars();
    match (starts, letters.next()) {
        (true, Some(first)) => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolutions_are_spelled_out() {
        for (told, text) in [
            ("15min", "15 minutes"),
            ("1d", "1 day"),
            ("4 of column", "4 of their steps"),
            ("geohash 5", "geohash 5"),
        ] {
            assert_eq!(spelled(told), text);
        }
    }
}
