//! What was not measured, by reason: one reason often holds for many measures and tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::language::{Language, Said};
use crate::printable::printable;
use crate::report::{PolicyLine, Report};
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

/// The measure of a statistic.
fn measure_of(id: &str) -> &str {
    id.split('.').next().unwrap_or_default()
}

/// What a policy requires and was not measured for one reason.
pub struct Unmet<'a> {
    pub reason: &'a Said,
    pub lines: Vec<&'a PolicyLine>,
}

/// By reason, in the order of the policy. Lines that lack several things for several reasons stand alone.
pub fn unmet(report: &Report) -> Vec<Unmet<'_>> {
    let mut groups: Vec<Unmet<'_>> = Vec::new();
    for line in &report.policy.requirements {
        let Some(told) = &line.reason else {
            continue;
        };
        let mut missing = line.missing.iter().map(|missing| &missing.reason);
        let shared = missing
            .next()
            .filter(|first| missing.all(|other| other == *first));
        let known = groups.iter_mut().find(|group| Some(group.reason) == shared);
        match known {
            Some(group) => group.lines.push(line),
            None => groups.push(Unmet {
                reason: shared.unwrap_or(told),
                lines: vec![line],
            }),
        }
    }
    groups
}

impl Unmet<'_> {
    /// Lines of one reason that are all named; of more the measures are.
    const FEW: usize = 3;

    pub fn line(&self, language: Language) -> String {
        if let [line] = self.lines.as_slice() {
            let told = line.reason.as_ref().unwrap_or(self.reason);
            let asked = super::line(line, language);
            return format!("{asked}: {}", told.in_language(language));
        }
        let reason = self.reason.in_language(language);
        if self.lines.len() <= Self::FEW {
            let lines = self.lines.iter().map(|line| super::line(line, language));
            return format!("{reason}: {}", lines.collect::<Vec<_>>().join("; "));
        }
        let measures = self.lines.iter().map(|line| measure_of(&line.statistic));
        let measures: BTreeSet<&str> = measures.collect();
        let measures: Vec<&str> = measures.into_iter().collect();
        say!(
            language,
            "{reason}: {} requirements on {}",
            "{reason}: {} Anforderungen an {}",
            self.lines.len(),
            measures.join(", ")
        )
    }
}

impl Unmeasured<'_> {
    /// In one line: the measures, each with its tables where others of the report have it.
    pub fn line(&self, report: &Report, language: Language) -> String {
        let is_of_all = |id: &str, tables: &[&str]| {
            let measure = measure_of(id);
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
    use crate::report::Missing;

    #[test]
    fn requirements_of_one_reason_are_one_line() {
        let mut report = fixture::report();
        let line = |statistic: &str, reasons: &[&str]| {
            let missing = reasons.iter().map(|reason| Missing {
                table: "a".to_owned(),
                part: false,
                reason: Said::name((*reason).to_owned()),
            });
            PolicyLine {
                statistic: statistic.to_owned(),
                reason: Some(Said::name(format!("told of {statistic}"))),
                missing: missing.collect(),
                ..report.policy.requirements[0].clone()
            }
        };
        let lines = vec![
            line("suda.keys", &["left out"]),
            line("unicity.share", &["left out", "left out"]),
            line("uniqueness.share", &["no columns", "left out"]),
        ];
        report.policy.requirements = lines.clone();
        let told = |report: &Report| -> Vec<String> {
            let groups = unmet(report);
            groups
                .iter()
                .map(|group| group.line(Language::English))
                .collect()
        };
        let lines_of = told(&report);
        assert_eq!(lines_of.len(), 2);
        assert!(
            lines_of[0].starts_with("left out: suda.keys"),
            "{lines_of:?}"
        );
        assert!(lines_of[0].contains("; unicity.share"), "{lines_of:?}");
        assert!(lines_of[1].starts_with("uniqueness.share"), "{lines_of:?}");
        assert!(
            lines_of[1].ends_with("told of uniqueness.share"),
            "{lines_of:?}"
        );
        report.policy.requirements.extend(lines[..2].to_vec());
        assert_eq!(
            told(&report)[0],
            "left out: 4 requirements on suda, unicity"
        );
    }

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
