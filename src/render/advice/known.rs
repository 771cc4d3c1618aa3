//! What the report itself knows of the way under a threshold.

use crate::finding::{Finding, Parameter};
use crate::language::Language;
use crate::render::number;
use crate::report::Report;
use crate::say;

/// Which column to coarsen first, and whether leaving persons out would do.
pub fn columns(finding: &Finding, report: &Report, language: Language, starts: bool) -> String {
    let ranked = ranking(finding, report);
    let first = match ranked.as_slice() {
        [] => {
            let of = match finding.columns.is_empty() {
                true => language
                    .pick(
                        "one of the quasi-identifiers",
                        "einen der Quasi-Identifikatoren",
                    )
                    .to_owned(),
                false => say!(
                    language,
                    "one of {}",
                    "eine der Spalten {}",
                    quoted(&finding.columns, language)
                ),
            };
            say!(
                language,
                "coarsen {of} (bands, fewer digits, groups), or drop it.",
                "{of} vergröbern (Bänder, weniger Stellen, Gruppen) oder weglassen."
            )
        }
        [(most, share), rest @ ..] => {
            let next = rest.first().map_or(String::new(), |(next, share)| {
                say!(
                    language,
                    ", then `{next}` ({})",
                    ", danach `{next}` ({})",
                    number::percent(*share, language)
                )
            });
            say!(
                language,
                "coarsen `{most}` (bands, fewer digits, groups) or drop it: of the columns it contributes most to singling \
                 persons out ({}){next}.",
                "`{most}` vergröbern (Bänder, weniger Stellen, Gruppen) oder weglassen; von den Spalten trägt sie am \
                 meisten dazu bei, dass Personen herausgegriffen werden ({}){next}.",
                number::percent(*share, language)
            )
        }
    };
    let first = opened(&first, starts);
    match below(finding, report) {
        None => first,
        Some((k, persons, share)) if share <= 0.2 => say!(
            language,
            "{first} Or leave out the {} persons ({}) in classes of fewer than {}.",
            "{first} Oder die {} Personen ({}) in Klassen von weniger als {} auslassen.",
            language.grouped(persons),
            number::percent(share, language),
            k
        ),
        Some((k, _, share)) => say!(
            language,
            "{first} Leaving out the persons in classes of fewer than {} will not help: they are {} of all.",
            "{first} Die Personen in Klassen von weniger als {} auszulassen hilft nicht: sie machen {} aller aus.",
            k,
            number::percent(share, language)
        ),
    }
}

/// What to do about rows that are found because they are known together; nothing where each is found alone.
pub fn linked_rows(finding: &Finding, language: Language) -> Option<String> {
    let rows = finding.parameters.get("rows")?.to_string();
    ["known", "composite"].contains(&rows.as_str()).then(|| {
        say!(
            language,
            "The pseudonym ties the rows of a person together. Where nobody has to follow persons from row to row, give \
             each row a pseudonym of its own; otherwise publish fewer rows of each person, or generalise {} until many \
             persons have the same rows.",
            "Das Pseudonym verbindet die Zeilen einer Person miteinander. Wenn niemand Personen von Zeile zu Zeile folgen \
             muss, jeder Zeile ein eigenes Pseudonym geben; sonst weniger Zeilen je Person veröffentlichen oder {} \
             verallgemeinern, bis viele Personen dieselben Zeilen haben.",
            quoted(&finding.columns, language)
        )
    })
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
pub fn points(finding: &Finding, report: &Report, language: Language, starts: bool) -> String {
    let names = match finding.columns.is_empty() {
        true => language
            .pick("times and places", "Zeiten und Orte")
            .to_owned(),
        false => quoted(&finding.columns, language),
    };
    let coarsen = say!(
        language,
        "tell {names} more coarsely.",
        "{names} gröber angeben."
    );
    let otherwise = language.pick(
        "Otherwise cut the traces into short ones under new pseudonyms that cannot be linked, or publish counts in \
         place of traces.",
        "Andernfalls die Spuren in kurze unter neuen, nicht verknüpfbaren Pseudonymen zerlegen oder statt Spuren \
         Zählwerte veröffentlichen.",
    );
    // The declared points may be coarse enough: what is finer stands in the files.
    let is_published = (finding.parameters.get("precision"))
        .is_some_and(|precision| precision.to_string() == "published");
    if is_published {
        let write = language.pick(
            "write times, places and amounts into the files no finer than the `point` of the manifest has them, and \
             leave out what else changes from row to row, such as columns under `ignore`.",
            "Zeiten, Orte und Beträge nicht feiner in die Dateien schreiben, als der `point` des Manifests sie angibt, \
             und weglassen, was sich sonst von Zeile zu Zeile ändert, etwa Spalten unter `ignore`.",
        );
        return format!("{} {otherwise}", opened(write, starts));
    }
    let first = opened(&coarsen, starts);
    let tried = resolutions(finding, report, language);
    let (Some(max), Some(last)) = (
        finding.requirement.and_then(|asked| asked.max),
        tried.last(),
    ) else {
        return format!("{first} {otherwise}");
    };
    let enough = tried.iter().find(|(_, share)| *share <= max);
    match enough {
        Some((told, share)) => say!(
            language,
            "{first} With {told} it would pass: {} would still be singled out.",
            "{first} Mit {told} wäre die Anforderung erfüllt: {} würden noch herausgegriffen.",
            number::percent(*share, language)
        ),
        None => say!(
            language,
            "{first} None of the {} resolutions that were tried is enough: with {} still {} are singled out. {otherwise}",
            "{first} Keine der {} versuchten Auflösungen genügt: mit {} werden immer noch {} herausgegriffen. {otherwise}",
            tried.len(),
            last.0,
            number::percent(last.1, language)
        ),
    }
}

/// The resolutions at which unicity of this table and number of points was measured, as one would say them, with the
/// unfavourable end of the share; the finest first, as the report has them.
fn resolutions(finding: &Finding, report: &Report, language: Language) -> Vec<(String, f64)> {
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
                "column" => say!(language, "{many} as they are", "unveränderten {many}"),
                _ => say!(
                    language,
                    "{many} by {}",
                    "{many} in Schritten von {}",
                    spelled(&value, language)
                ),
            })
        };
        let told: Vec<String> = [
            ("time", language.pick("times", "Zeiten")),
            ("place", language.pick("places", "Orten")),
        ]
        .into_iter()
        .filter_map(|(name, many)| told(name, many))
        .collect();
        let value = other.value?.as_f64();
        let upper = other.interval.map_or(value, |interval| interval.high);
        (!told.is_empty()).then(|| (list(told, language), upper))
    })
    .collect()
}

/// `15min` as `15 minutes`, `1d` as `1 day`, `4 of column` as `4 of their steps`.
fn spelled(resolution: &str, language: Language) -> String {
    let digits = resolution.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &resolution[digits.len()..] {
        "s" => [["second", "seconds"], ["Sekunde", "Sekunden"]],
        "min" => [["minute", "minutes"], ["Minute", "Minuten"]],
        "h" => [["hour", "hours"], ["Stunde", "Stunden"]],
        "d" => [["day", "days"], ["Tag", "Tagen"]],
        _ => return of_steps(resolution, language),
    };
    let [english, german] = unit;
    let [one, many] = language.pick(english, german);
    match digits {
        "1" => format!("1 {one}"),
        _ => format!("{digits} {many}"),
    }
}

/// `4 of column` as `4 of their steps`; anything else, such as a resolution of H3, is what it is called.
fn of_steps(resolution: &str, language: Language) -> String {
    match (language, resolution.strip_suffix(" of column")) {
        (Language::German, Some(steps)) => format!("je {steps} der vorhandenen"),
        _ => resolution.replace("column", "their steps"),
    }
}

/// How many counts are too small, and what to do about as many.
pub fn counts(finding: &Finding, language: Language) -> String {
    let k = finding.parameters.get("k").map_or_else(
        || language.pick("the threshold", "der Schwelle").to_owned(),
        |k| k.in_language(language),
    );
    let share = match (finding.numerator, finding.denominator) {
        (Some(few), Some(all)) if all > 0 => few as f64 / all as f64,
        _ => {
            return match finding.parameters.contains_key("k") {
                true => say!(
                    language,
                    "Publish no count of fewer than {k} persons: merge places or times, or suppress such counts and, \
                     in each published sum, a second one.",
                    "Keinen Zählwert von weniger als {k} Personen veröffentlichen: Orte oder Zeiten zusammenfassen oder \
                     solche Zählwerte unterdrücken und in jeder veröffentlichten Summe einen zweiten."
                ),
                false => say!(
                    language,
                    "Publish no count of fewer than {k} persons: merge places or times, or suppress such counts and, \
                     in each published sum, a second one.",
                    "Keinen Zählwert unterhalb {k} veröffentlichen: Orte oder Zeiten zusammenfassen oder solche \
                     Zählwerte unterdrücken und in jeder veröffentlichten Summe einen zweiten."
                ),
            };
        }
    };
    match share > 0.2 {
        true => say!(
            language,
            "Publish `{}` by larger places and longer hours until few counts are below {k}, then suppress those that are \
             left: now it would be {} of all counts.",
            "`{}` nach größeren Orten und längeren Zeitabschnitten veröffentlichen, bis wenige Zählwerte unter {k} liegen, \
             dann die übrigen unterdrücken: jetzt wären es {} aller Zählwerte.",
            finding.table,
            number::percent(share, language)
        ),
        false => say!(
            language,
            "Suppress the {} counts below {k} ({} of all) in `{}`, and a second one in each sum that is published.",
            "Die {} Zählwerte unter {k} ({} aller) in `{}` unterdrücken, und in jeder veröffentlichten Summe einen zweiten.",
            language.grouped(finding.numerator.unwrap_or_default()),
            number::percent(share, language),
            finding.table
        ),
    }
}

/// `a, b and c`.
fn list(mut names: Vec<String>, language: Language) -> String {
    match (names.pop(), names.is_empty()) {
        (None, _) => String::new(),
        (Some(last), true) => last,
        (Some(last), false) => say!(language, "{} and {last}", "{} und {last}", names.join(", ")),
    }
}

/// Names of columns as the report writes them.
pub fn quoted(columns: &[String], language: Language) -> String {
    let columns = columns.iter().map(|column| format!("`{column}`"));
    list(columns.collect(), language)
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
            assert_eq!(spelled(told, Language::English), text);
        }
    }
}
