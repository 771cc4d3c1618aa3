//! What was not measured, by reason: one reason often holds for many measures and tables.

use std::collections::BTreeMap;

use crate::language::{Language, Said};
use crate::printable::printable;
use crate::report::Report;
use crate::say;

/// What was not measured for one reason: the ids of measures or statistics, each with its tables.
pub struct Unmeasured<'a> {
    pub reason: &'a Said,
    pub what: BTreeMap<String, Vec<&'a str>>,
}

/// By reason, in the order in which they first occur.
pub fn unmeasured(report: &Report) -> Vec<Unmeasured<'_>> {
    let mut groups: Vec<Unmeasured<'_>> = Vec::new();
    let mut known: BTreeMap<&Said, usize> = BTreeMap::new();
    for entry in &report.not_measured {
        let at = *known.entry(&entry.reason).or_insert_with(|| {
            let (reason, what) = (&entry.reason, BTreeMap::new());
            groups.push(Unmeasured { reason, what });
            groups.len() - 1
        });
        let id = match &entry.statistic {
            Some(statistic) => format!("{}.{statistic}", entry.measure),
            None => entry.measure.clone(),
        };
        groups[at].what.entry(id).or_default().push(&entry.table);
    }
    groups
}

impl Unmeasured<'_> {
    /// In one line: the measures, each with its tables where others of the report have it.
    pub fn line(&self, report: &Report, language: Language) -> String {
        let is_of_all = |id: &str, tables: &[&str]| {
            let measure = id.split('.').next().unwrap_or_default();
            let findings = report.findings.iter();
            let measured = findings.map(|finding| (&finding.measure, &finding.table));
            let entries = report.not_measured.iter();
            let entries = entries.map(|entry| (&entry.measure, &entry.table));
            let mut of = measured.chain(entries).filter(|(of, _)| *of == measure);
            of.all(|(_, table)| tables.contains(&table.as_str()))
        };
        let what = self
            .what
            .iter()
            .map(|(id, tables)| match is_of_all(id, tables) {
                true => id.clone(),
                false => {
                    let tables: Vec<_> = tables.iter().map(|table| printable(table)).collect();
                    say!(language, "{id} on {}", "{id} bei {}", tables.join(", "))
                }
            });
        what.collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::NotMeasured;
    use crate::render::fixture;

    #[test]
    fn tables_stand_where_others_have_the_measure() {
        let mut report = fixture::report();
        report.findings.clear();
        let entry = |measure: &str, table: &str, reason: &str| NotMeasured {
            measure: measure.to_owned(),
            table: table.to_owned(),
            reason: Said::name(reason.to_owned()),
            ..NotMeasured::default()
        };
        report.not_measured = vec![
            entry("unicity", "a", "left out"),
            entry("suda", "a", "left out"),
            entry("suda", "b", "no columns"),
            entry("unicity", "b", "left out"),
        ];
        let groups = unmeasured(&report);
        let lines = groups
            .iter()
            .map(|group| group.line(&report, Language::English));
        let lines: Vec<String> = lines.collect();
        assert_eq!(lines, ["suda on a; unicity", "suda on b"]);
    }
}
