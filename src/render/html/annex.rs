//! What an authority needs to follow the report: method and parameters of each measure, the policy line by line, what
//! was not measured and why.

use std::collections::{BTreeMap, BTreeSet};

use super::Mark;
use super::text::{Marked, marked};
use crate::language::{Language, Said};
use crate::measure::{self, Doc, Words};
use crate::render::line as told;
use crate::report::{PolicyLine, Report};
use crate::say;

pub struct Method {
    pub id: &'static str,
    pub words: Words,
    pub citations: &'static [&'static str],
    /// Parameters of its findings.
    pub parameters: Vec<Used>,
}

/// A parameter with the values that are named, and how many more there are.
pub struct Used {
    pub name: String,
    pub values: Vec<String>,
    pub more: String,
}

/// Values of a parameter that are named; the others are counted.
const VALUES: usize = 16;

/// The measures that found something.
pub fn methods(report: &Report, language: Language) -> Vec<Method> {
    let used = |doc: &&Doc| report.findings.iter().any(|f| f.measure == doc.id);
    measure::docs()
        .filter(used)
        .map(|doc| Method {
            id: doc.id,
            words: doc.in_language(language),
            citations: doc.citations,
            parameters: parameters(report, doc, language),
        })
        .collect()
}

fn parameters(report: &Report, doc: &Doc, language: Language) -> Vec<Used> {
    let mut known: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.measure == doc.id) {
        for (name, value) in &finding.parameters {
            let values = known.entry(name).or_default();
            let value = value.in_language(language);
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    let told = |(name, mut values): (&str, Vec<String>)| {
        let more = match values.len().saturating_sub(VALUES) {
            0 => String::new(),
            more => say!(
                language,
                " and {} more",
                " und {} weitere",
                language.grouped(more as u64)
            ),
        };
        values.truncate(VALUES);
        Used {
            name: name.to_owned(),
            values,
            more,
        }
    };
    known.into_iter().map(told).collect()
}

pub struct Line {
    pub text: String,
    pub tables: String,
    pub applied: String,
    pub mark: Mark,
    pub reason: Marked,
}

pub fn line(line: &PolicyLine, language: Language) -> Line {
    Line {
        text: told(line, language),
        tables: match line.tables.is_empty() {
            true => language
                .pick("every table that has it", "jede Tabelle, die sie hat")
                .to_owned(),
            false => line.tables.join(", "),
        },
        applied: match line.applied {
            0 => language.pick("none", "keine").to_owned(),
            some => say!(
                language,
                "{}, {} of them fail",
                "{}, davon {} verfehlt",
                some,
                line.failed
            ),
        },
        mark: Mark::of(Some(line.outcome), language),
        reason: marked(
            line.reason
                .as_ref()
                .map_or("", |said| said.in_language(language)),
        ),
    }
}

/// The role of a column, as the manifest names it, or in German words.
pub fn role(role: &str, language: Language) -> &str {
    let german = match role {
        "subject" => "Subjekt",
        "quasi_identifiers" | "quasi-identifiers" => "Quasi-Identifikatoren",
        "sensitive" => "sensibel",
        "direct_identifiers" | "direct-identifiers" => "direkte Identifikatoren",
        "time" => "Zeit",
        "place" => "Ort",
        "origin" => "Ausgangsort",
        "destination" => "Ziel",
        "item" => "Gegenstand",
        "amount" => "Betrag",
        "count" => "Zählwert",
        "weight" => "Gewicht",
        "group" => "Gruppe",
        other => other,
    };
    language.pick(role, german)
}

/// What was not measured for one reason.
pub struct Unmeasured {
    pub reason: Marked,
    pub what: Vec<(String, String)>,
}

/// By reason, in the order in which they first occur.
pub fn unmeasured(report: &Report, language: Language) -> Vec<Unmeasured> {
    let mut seen = BTreeSet::new();
    let reasons = report.not_measured.iter().map(|entry| &entry.reason);
    let reasons: Vec<&Said> = reasons.filter(|reason| seen.insert(*reason)).collect();
    let of = |reason: &Said| {
        let entries = report.not_measured.iter().filter(|e| e.reason == *reason);
        let mut what: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for entry in entries {
            let id = match &entry.statistic {
                Some(statistic) => format!("{}.{statistic}", entry.measure),
                None => entry.measure.clone(),
            };
            what.entry(id).or_default().push(&entry.table);
        }
        Unmeasured {
            reason: marked(reason.in_language(language)),
            what: what
                .into_iter()
                .map(|(id, tables)| (id, tables.join(", ")))
                .collect(),
        }
    };
    reasons.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::NotMeasured;
    use crate::render::fixture;

    #[test]
    fn what_was_not_measured_stands_by_reason() {
        let mut report = fixture::report();
        let entry = |measure: &str, table: &str, reason: &str| NotMeasured {
            measure: measure.to_owned(),
            statistic: None,
            table: table.to_owned(),
            reason: Said::name(reason.to_owned()),
        };
        report.not_measured = vec![
            entry("unicity", "a", "no points"),
            entry("suda", "a", "no columns"),
            entry("unicity", "b", "no points"),
        ];
        let groups = unmeasured(&report, Language::English);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].what, [("unicity".to_owned(), "a, b".to_owned())]);
    }

    #[test]
    fn methods_are_of_the_measures_that_were_used() {
        let report = fixture::report();
        let methods = methods(&report, Language::English);
        let unicity = methods.iter().find(|m| m.id == "unicity").unwrap();
        let points = unicity
            .parameters
            .iter()
            .find(|used| used.name == "points")
            .unwrap();
        assert_eq!(points.values.join(", "), "1, 2, 3, 4, 5");
        assert!(points.more.is_empty());
        assert!(methods.iter().all(|method| method.id != "suda"));
    }
}
