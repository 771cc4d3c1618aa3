//! All that must change for the release to pass: one entry for each requirement that fails.

use std::collections::BTreeSet;

use super::text::{Marked, asked, marked};
use crate::finding::{Finding, Outcome};
use crate::language::Language;
use crate::render::advice::advice;
use crate::render::{foremost, meaning, number, parameters, particular, title};
use crate::report::{PolicyLine, Report};

pub struct Change {
    pub title: String,
    pub asked: String,
    pub places: Vec<Place>,
    /// Tables that fail alike and are not named.
    pub more: usize,
    pub advice: Vec<Marked>,
    /// The number of the entry that is met by the same change.
    pub like: Option<usize>,
    /// Why it fails although no finding does.
    pub reason: Marked,
}

/// Where it fails, and how far.
pub struct Place {
    pub table: String,
    pub told: Marked,
    pub value: String,
    pub meaning: Marked,
}

/// Places and different pieces of advice that an entry names.
const NAMED: usize = 8;

pub fn changes(report: &Report, language: Language) -> Vec<Change> {
    let lines = report.policy.requirements.iter();
    let failing = lines.filter(|line| line.outcome == Outcome::Fail);
    let mut changes: Vec<Change> = Vec::new();
    for line in failing {
        let mut change = change(line, report, language);
        let same = |known: &Change| !change.advice.is_empty() && known.advice == change.advice;
        change.like = changes.iter().position(same).map(|at| at + 1);
        changes.push(change);
    }
    changes
}

fn change(line: &PolicyLine, report: &Report, language: Language) -> Change {
    let findings = foremost::ordered(report.failures().filter(|f| is_of(f, line)));
    let mut seen = BTreeSet::new();
    let advice = (findings.iter())
        .map(|finding| advice(finding, report, language))
        .filter(|text| seen.insert(text.clone()))
        .take(NAMED)
        .map(|text| marked(&text))
        .collect();
    let place = |(at, finding): (usize, &&Finding)| Place {
        table: finding.table.clone(),
        told: marked(&told(finding, language)),
        value: number::value(finding, language),
        // The others mean the same, of their own figure.
        meaning: match at {
            0 => marked(&meaning(finding, language)),
            _ => Marked::default(),
        },
    };
    let known = crate::measure::statistic_by_id(&line.statistic);
    Change {
        title: match (findings.first(), known) {
            (Some(finding), _) => title(finding, language),
            (None, Some(known)) => known.title(language).to_owned(),
            (None, None) => line.statistic.clone(),
        },
        asked: asked(
            line.min,
            line.max,
            findings.first().map(|finding| finding.unit),
            language,
        ),
        places: findings.iter().take(NAMED).enumerate().map(place).collect(),
        more: findings.len().saturating_sub(NAMED),
        advice,
        like: None,
        reason: marked(
            line.reason
                .as_ref()
                .map_or("", |said| said.in_language(language)),
        ),
    }
}

/// What tells a finding from the others of its line: the columns it is about, and its parameters.
fn told(finding: &Finding, language: Language) -> String {
    let columns = particular(finding, language).unwrap_or_default();
    let parameters = parameters(&finding.parameters, language);
    match columns.is_empty() || parameters.is_empty() {
        true => columns + &parameters,
        false => format!("{columns}; {parameters}"),
    }
}

/// Whether it is this line that asks something of a finding.
fn is_of(finding: &Finding, line: &PolicyLine) -> bool {
    let Some(asked) = finding.requirement else {
        return false;
    };
    let same = |(name, value)| {
        let known: Option<&crate::finding::Parameter> = finding.parameters.get(name);
        known.is_some_and(|known| known.matches(value))
    };
    finding.id() == line.statistic
        && (asked.min, asked.max) == (line.min, line.max)
        && (line.tables.is_empty() || line.tables.contains(&finding.table))
        && line.parameters.iter().all(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Said;
    use crate::render::fixture;

    #[test]
    fn every_requirement_that_fails_says_what_to_change() {
        let mut report = fixture::report();
        report.policy.requirements.push(PolicyLine {
            reason: Some(Said::name("not measured on flows")),
            applied: 0,
            failed: 0,
            statistic: "suppression-audit.exactly_recoverable".to_owned(),
            ..report.policy.requirements[0].clone()
        });
        let changes = changes(&report, Language::English);
        assert_eq!(changes.len(), 3);
        assert_eq!(changes[0].title, "Smallest class");
        assert_eq!(changes[0].asked, "at least 11");
        assert_eq!(changes[0].places[0].value, "1 person");
        assert_eq!(changes[0].advice.len(), 1);
        assert!(changes[2].places.is_empty() && changes[2].advice.is_empty());
        assert_eq!(changes[2].title, "Suppressed counts that totals give away");
        assert_eq!(changes[2].reason.to_string(), "not measured on flows");
    }
}
