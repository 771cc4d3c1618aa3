//! What an authority needs to follow the report: method and parameters of each measure, the policy line by line, what
//! was not measured and why.

use std::collections::{BTreeMap, BTreeSet};

use super::Mark;
use super::text::{Marked, marked};
use crate::language::Said;
use crate::measure::{self, Doc};
use crate::render::{line as told, number};
use crate::report::{PolicyLine, Report};

pub struct Method {
    pub doc: &'static Doc,
    /// Parameters of its findings, with the values they have.
    pub parameters: Vec<(String, String)>,
}

/// Values of a parameter that are named; the others are counted.
const VALUES: usize = 16;

/// The measures that found something.
pub fn methods(report: &Report) -> Vec<Method> {
    let used = |doc: &&Doc| report.findings.iter().any(|f| f.measure == doc.id);
    measure::docs()
        .filter(used)
        .map(|doc| Method {
            doc,
            parameters: parameters(report, doc),
        })
        .collect()
}

fn parameters(report: &Report, doc: &Doc) -> Vec<(String, String)> {
    let mut known: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.measure == doc.id) {
        for (name, value) in &finding.parameters {
            let values = known.entry(name).or_default();
            let value = value.to_string();
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    let listed = |values: Vec<String>| {
        let more = values.len().saturating_sub(VALUES);
        let mut text = values[..values.len() - more].join(", ");
        if more > 0 {
            text += &format!(" and {} more", number::grouped(more as u64));
        }
        text
    };
    let names = known.into_iter();
    names
        .map(|(name, values)| (name.to_owned(), listed(values)))
        .collect()
}

pub struct Line {
    pub text: String,
    pub tables: String,
    pub applied: String,
    pub mark: Mark,
    pub reason: Marked,
}

pub fn line(line: &PolicyLine) -> Line {
    Line {
        text: told(line),
        tables: match line.tables.is_empty() {
            true => "every table that has it".to_owned(),
            false => line.tables.join(", "),
        },
        applied: match line.applied {
            0 => "none".to_owned(),
            some => format!("{some}, {} of them fail", line.failed),
        },
        mark: Mark::of(Some(line.outcome)),
        reason: marked(line.reason.as_deref().unwrap_or_default()),
    }
}

/// What was not measured for one reason.
pub struct Unmeasured {
    pub reason: Marked,
    pub what: Vec<(String, String)>,
}

/// By reason, in the order in which they first occur.
pub fn unmeasured(report: &Report) -> Vec<Unmeasured> {
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
            reason: marked(reason.english()),
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
            reason: reason.to_owned(),
        };
        report.not_measured = vec![
            entry("unicity", "a", "no points"),
            entry("suda", "a", "no columns"),
            entry("unicity", "b", "no points"),
        ];
        let groups = unmeasured(&report);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].what, [("unicity".to_owned(), "a, b".to_owned())]);
    }

    #[test]
    fn methods_are_of_the_measures_that_were_used() {
        let report = fixture::report();
        let methods = methods(&report);
        let unicity = methods.iter().find(|m| m.doc.id == "unicity").unwrap();
        assert!(
            (unicity.parameters).contains(&("points".to_owned(), "1, 2, 3, 4, 5".to_owned())),
            "{:?}",
            unicity.parameters
        );
        assert!(methods.iter().all(|method| method.doc.id != "suda"));
    }
}
