//! A criterion with all its findings: measure by measure, table by table; what fails is open, the long tail is not.

use std::collections::BTreeSet;

use super::text::{self, Marked, drawn, marked};
use super::{Counter, Mark};
use crate::finding::{Criterion, Finding, Outcome, Scope};
use crate::language::Language;
use crate::measure;
use crate::render::plot::{Plot, plots};
use crate::render::{foremost, meaning, number, parameters, title};
use crate::report::Report;
use crate::say;

pub struct Chapter {
    pub criterion: Criterion,
    pub id: String,
    pub failed: usize,
    pub asked: usize,
    pub findings: usize,
    pub measures: Vec<Part>,
}

/// A measure.
pub struct Part {
    pub id: String,
    pub title: String,
    pub question: Marked,
    /// Where the annex tells its method.
    pub method: Option<&'static str>,
    pub tables: Vec<Group>,
}

/// What a measure found on one table.
pub struct Group {
    pub id: String,
    pub table: String,
    pub open: bool,
    pub mark: Mark,
    pub headline: String,
    pub findings: usize,
    /// Columns that all findings share.
    pub columns: String,
    pub figures: Vec<Figure>,
    /// Told in full: what the policy asks about, and the first of each statistic.
    pub rows: Vec<Row>,
    /// The rest, in figures.
    pub more: Vec<Row>,
}

pub struct Figure {
    pub svg: Marked,
    pub plot: Plot,
}

/// A finding in words.
pub struct Row {
    pub table: String,
    pub title: String,
    pub id: String,
    pub parameters: Marked,
    pub columns: String,
    pub value: String,
    /// Of whom, with what certainty, what guessing gives, from how many draws.
    pub details: Vec<String>,
    pub asked: String,
    pub mark: Mark,
    pub meaning: Marked,
}

/// Findings of a group that are told in full; the others are figures.
const IN_FULL: usize = 12;

pub fn chapter(
    report: &Report,
    criterion: Criterion,
    language: Language,
    plots: &mut Counter,
) -> Chapter {
    let findings: Vec<&Finding> = (report.findings.iter())
        .filter(|finding| finding.criterion == criterion)
        .collect();
    let mut measures: Vec<(u8, Part)> = Vec::new();
    let mut seen = BTreeSet::new();
    for finding in &findings {
        if !seen.insert(finding.measure.as_str()) {
            continue;
        }
        let of: Vec<&Finding> = (findings.iter().copied())
            .filter(|other| other.measure == finding.measure)
            .collect();
        measures.push((
            urgency(&of),
            part(report, &finding.measure, &of, language, plots),
        ));
    }
    measures.sort_by_key(|(urgency, _)| *urgency);
    let outcomes = || {
        findings
            .iter()
            .filter_map(|f| Some(f.requirement?.outcome))
            .filter(|outcome| *outcome != Outcome::NotApplicable)
    };
    Chapter {
        criterion,
        id: slug(criterion.title(Language::English)),
        failed: outcomes().filter(|o| *o == Outcome::Fail).count(),
        asked: outcomes().count(),
        findings: findings.len(),
        measures: measures.into_iter().map(|(_, part)| part).collect(),
    }
}

/// What fails comes first, then what the policy asks about.
fn urgency(findings: &[&Finding]) -> u8 {
    let rank = |finding: &&Finding| match finding.requirement.map(|asked| asked.outcome) {
        Some(Outcome::Fail) => 0,
        Some(_) => 1,
        None => 2,
    };
    findings.iter().map(rank).min().unwrap_or(2)
}

fn part(
    report: &Report,
    measure: &str,
    findings: &[&Finding],
    language: Language,
    plots: &mut Counter,
) -> Part {
    let doc = measure::docs().find(|doc| doc.id == measure);
    let words = doc.map(|doc| doc.in_language(language));
    let mut tables: Vec<(u8, Group)> = Vec::new();
    let mut seen = BTreeSet::new();
    for finding in findings {
        if !seen.insert(finding.table.as_str()) {
            continue;
        }
        let of: Vec<&Finding> = (findings.iter().copied())
            .filter(|other| other.table == finding.table)
            .collect();
        tables.push((urgency(&of), group(report, &of, language, plots)));
    }
    tables.sort_by_key(|(urgency, _)| *urgency);
    Part {
        id: format!(
            "{}-{measure}",
            slug(findings[0].criterion.title(Language::English))
        ),
        title: words
            .as_ref()
            .map_or(measure, |words| words.title)
            .to_owned(),
        question: marked(words.map_or("", |words| words.question)),
        method: doc.map(|doc| doc.id),
        tables: tables.into_iter().map(|(_, group)| group).collect(),
    }
}

fn group(
    report: &Report,
    findings: &[&Finding],
    language: Language,
    counter: &mut Counter,
) -> Group {
    let first = findings[0];
    let urgent = urgency(findings);
    let failing = foremost::ordered(
        (findings.iter().copied())
            .filter(|f| f.requirement.is_some_and(|r| r.outcome == Outcome::Fail)),
    );
    let asked = findings
        .iter()
        .find(|finding| finding.requirement.is_some());
    let head = failing.first().or(asked).copied().unwrap_or(first);
    let common = match findings.iter().all(|f| f.columns == first.columns) {
        true => first.columns.join(", "),
        false => String::new(),
    };
    let figures = plots(report, &first.measure, &first.table, language)
        .into_iter()
        .map(|plot| Figure {
            svg: drawn(plot.named(&format!("plot-{}", counter.next()))),
            plot,
        });
    let figures = figures.collect();
    let (mut full, rest) = told(findings);
    full.sort_by_key(|finding| urgency(&[finding]));
    let row = |finding: &Finding| {
        let mut row = row(finding, language);
        if !common.is_empty() {
            row.columns.clear();
        }
        row
    };
    Group {
        id: format!("group-{}", counter.next()),
        table: first.table.clone(),
        open: urgent == 0,
        mark: Mark::of(head.requirement.map(|asked| asked.outcome), language),
        headline: match head.requirement {
            Some(asked) => say!(
                language,
                "{}: {}, asked for: {}",
                "{}: {}, gefordert: {}",
                title(head, language),
                number::value(head, language),
                text::asked(asked.min, asked.max, Some(head.unit), language)
            ),
            None => format!(
                "{}: {}",
                title(head, language),
                number::value(head, language)
            ),
        },
        findings: findings.len(),
        figures,
        rows: full.into_iter().map(row).collect(),
        more: rest.into_iter().map(row).collect(),
        columns: common,
    }
}

/// The findings that are told in full, at most [`IN_FULL`], and the rest.
fn told<'a>(findings: &[&'a Finding]) -> (Vec<&'a Finding>, Vec<&'a Finding>) {
    let mut seen: BTreeSet<&str> = (findings.iter())
        .filter(|finding| finding.requirement.is_some())
        .map(|finding| finding.statistic.as_str())
        .collect();
    let mut ranked: Vec<&Finding> = findings.to_vec();
    ranked.sort_by_key(|finding| urgency(&[finding]));
    let (mut full, mut rest) = (Vec::new(), Vec::new());
    for finding in ranked {
        let is_told = finding.requirement.is_some() || seen.insert(&finding.statistic);
        match is_told && full.len() < IN_FULL {
            true => full.push(finding),
            false => rest.push(finding),
        }
    }
    (full, rest)
}

pub fn row(finding: &Finding, language: Language) -> Row {
    let sample = finding.sample.map(|sample| {
        say!(
            language,
            "{} draws of {} persons, seed {}",
            "{} Ziehungen aus {} Personen, Startwert {}",
            language.grouped(sample.trials),
            language.grouped(sample.persons),
            sample.seed.to_string()
        )
    });
    let baseline = finding.baseline.map(|baseline| {
        say!(
            language,
            "guessing gives {}",
            "Raten ergibt {}",
            number::percent(baseline, language)
        )
    });
    // What was looked up in a register was counted.
    let scope = match finding.parameters.contains_key("auxiliary") {
        true => language.pick(
            "of the population, as far as the register knows it",
            "für die Grundgesamtheit, soweit das Register sie kennt",
        ),
        false => language.pick(
            "an estimate for the population, not a count",
            "eine Schätzung für die Grundgesamtheit, keine Zählung",
        ),
    };
    let scope = (finding.scope == Scope::Population).then(|| scope.to_owned());
    let parts = [
        scope,
        number::denominator(finding, language),
        number::interval(finding, language),
        baseline,
        sample,
    ];
    Row {
        table: finding.table.clone(),
        title: title(finding, language),
        id: finding.id(),
        parameters: marked(&parameters(&finding.parameters, language)),
        columns: finding.columns.join(", "),
        value: number::value(finding, language),
        details: parts.into_iter().flatten().collect(),
        asked: finding.requirement.map_or(String::new(), |asked| {
            text::asked(asked.min, asked.max, Some(finding.unit), language)
        }),
        mark: Mark::of(finding.requirement.map(|asked| asked.outcome), language),
        meaning: marked(&meaning(finding, language)),
    }
}

/// A name as part of an address within the page.
fn slug(name: &str) -> String {
    let letter = |c: char| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_lowercase(),
        false => '-',
    };
    name.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;
    use crate::render::html::tests::crowded;

    #[test]
    fn no_finding_is_lost() {
        for report in [fixture::report(), crowded(1_000)] {
            let mut counter = Counter::default();
            let mut all = 0;
            for criterion in Criterion::ALL {
                for part in chapter(&report, criterion, Language::English, &mut counter).measures {
                    for group in part.tables {
                        assert_eq!(group.rows.len() + group.more.len(), group.findings);
                        assert!(group.rows.len() <= IN_FULL);
                        all += group.findings;
                    }
                }
            }
            assert_eq!(all, report.findings.len());
        }
    }

    #[test]
    fn what_fails_is_open_and_first() {
        let report = fixture::report();
        let chapter = chapter(
            &report,
            Criterion::SinglingOut,
            Language::English,
            &mut Counter::default(),
        );
        let open: Vec<bool> = (chapter.measures.iter())
            .flat_map(|part| part.tables.iter().map(|group| group.open))
            .collect();
        assert!(open.contains(&true) && open.contains(&false));
        assert!(open.is_sorted_by(|a, b| a >= b), "{open:?}");
        for group in chapter.measures.iter().flat_map(|part| &part.tables) {
            assert_eq!(group.open, group.mark.class == "fail");
            assert_eq!(group.open, group.headline.contains("asked for"));
        }
    }
}
