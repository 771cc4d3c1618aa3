//! The report as one HTML page: no script, no request, light and dark, on screen and on A4.

use askama::Template;

use super::plot::{Plot, plot};
use super::{meaning, number, outcome, parameters, sentence, title, worst};
use crate::finding::{Criterion, Finding, Outcome, Scope};
use crate::measure::{self, Doc};
use crate::report::{Report, Verdict};

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    failed: bool,
    sentence: String,
    worst: Vec<Row>,
    tables: Vec<TableRow>,
    auxiliaries: Vec<TableRow>,
    chapters: Vec<Chapter>,
    lines: Vec<Line>,
    docs: Vec<&'static Doc>,
    population: Option<String>,
    peak: String,
    duration: String,
}

struct Chapter {
    criterion: Criterion,
    rows: Vec<Row>,
    /// Findings that stand in the machine-readable report alone.
    left_out: usize,
    plots: Vec<(String, Plot)>,
}

/// A finding in words.
struct Row {
    table: String,
    title: String,
    id: String,
    parameters: String,
    columns: String,
    value: String,
    details: Vec<String>,
    asked: String,
    mark: Mark,
    meaning: String,
}

struct TableRow {
    name: String,
    kind: String,
    rows: String,
    persons: String,
    points: String,
}

struct Line {
    text: String,
    tables: String,
    applied: String,
    mark: Mark,
    reason: String,
}

/// An outcome as text and as a class of the style sheet: never by colour alone.
struct Mark {
    class: &'static str,
    text: &'static str,
}

impl Mark {
    fn of(known: Option<Outcome>) -> Self {
        let (class, text) = match known {
            Some(Outcome::Pass) => ("pass", "✓ pass"),
            Some(Outcome::Fail) => ("fail", "✗ fail"),
            Some(other) => ("other", outcome(other)),
            None => ("none", "not asked"),
        };
        Self { class, text }
    }
}

pub fn html(report: &Report) -> String {
    let page = Page {
        report,
        failed: report.verdict == Verdict::Fail,
        sentence: sentence(report),
        worst: worst(report).into_iter().take(3).map(row).collect(),
        tables: report.release.tables.iter().map(table_row).collect(),
        auxiliaries: report.release.auxiliaries.iter().map(table_row).collect(),
        chapters: Criterion::ALL
            .into_iter()
            .map(|criterion| chapter(report, criterion))
            .collect(),
        lines: report.policy.requirements.iter().map(line).collect(),
        docs: measure::docs()
            .filter(|doc| {
                report
                    .findings
                    .iter()
                    .any(|finding| finding.measure == doc.id)
            })
            .collect(),
        population: report.release.population.map(number::grouped),
        peak: report
            .run
            .peak_rss_bytes
            .map_or("not known".to_owned(), |bytes| {
                format!("{} MiB", number::grouped(bytes.div_ceil(1 << 20)))
            }),
        duration: format!("{:.2} s", report.run.seconds),
    };
    page.render().expect("the template writes into a string")
}

fn chapter(report: &Report, criterion: Criterion) -> Chapter {
    let of = || {
        report
            .findings
            .iter()
            .filter(move |finding| finding.criterion == criterion)
    };
    let rank = |finding: &&Finding| match finding.requirement.map(|r| r.outcome) {
        Some(Outcome::Fail) => 0,
        Some(_) => 1,
        None => 2,
    };
    let (mut findings, left_out) = super::shown(of());
    findings.sort_by_key(rank);
    let series = report.series.iter().filter(|series| {
        measure::docs().any(|doc| doc.id == series.measure && doc.criterion == criterion)
    });
    Chapter {
        criterion,
        rows: findings.into_iter().map(row).collect(),
        left_out,
        plots: series
            .filter_map(|series| Some((series.table.clone(), plot(series, &report.findings)?)))
            .collect(),
    }
}

fn row(finding: &Finding) -> Row {
    let sample = finding.sample.map(|sample| {
        format!(
            "{} draws of {} persons, seed {}",
            number::grouped(sample.trials),
            number::grouped(sample.persons),
            sample.seed
        )
    });
    let baseline = finding
        .baseline
        .map(|baseline| format!("guessing gives {}", number::percent(baseline)));
    // What was looked up in a register was counted.
    let scope = match finding.parameters.contains_key("auxiliary") {
        true => "of the population, as far as the register knows it",
        false => "an estimate for the population, not a count",
    };
    let scope = (finding.scope == Scope::Population).then(|| scope.to_owned());
    let parts = [
        scope,
        number::denominator(finding),
        number::interval(finding),
        baseline,
        sample,
    ];
    Row {
        table: finding.table.clone(),
        title: title(finding),
        id: finding.id(),
        parameters: parameters(&finding.parameters),
        columns: finding.columns.join(", "),
        value: number::value(finding),
        details: parts.into_iter().flatten().collect(),
        asked: finding.requirement.map_or(String::new(), |asked| {
            number::threshold(asked.min, asked.max, Some(finding.unit))
        }),
        mark: Mark::of(finding.requirement.map(|asked| asked.outcome)),
        meaning: meaning(finding),
    }
}

fn table_row(table: &crate::report::Table) -> TableRow {
    let count = |count: Option<u64>| count.map_or("–".to_owned(), number::grouped);
    TableRow {
        name: table.name.clone(),
        kind: table.kind.clone(),
        rows: number::grouped(table.rows),
        persons: count(table.persons),
        points: count(table.points),
    }
}

fn line(line: &crate::report::PolicyLine) -> Line {
    Line {
        text: super::line(line),
        tables: match line.tables.is_empty() {
            true => "every table that has it".to_owned(),
            false => line.tables.join(", "),
        },
        applied: match line.applied {
            0 => "none".to_owned(),
            some => format!("{some}, {} of them fail", line.failed),
        },
        mark: Mark::of(Some(line.outcome)),
        reason: line.reason.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn the_page_asks_for_nothing_from_outside() {
        for report in [fixture::report(), fixture::hostile()] {
            let page = html(&report);
            assert!(!page.contains("<script") && !page.contains("<link"));
            for attribute in ["src=\"", "href=\"", "url(", "@import"] {
                for (at, _) in page.match_indices(attribute) {
                    let target = &page[at + attribute.len()..][..1];
                    assert_eq!(target, "#", "{attribute} at {at}");
                }
            }
        }
    }

    #[test]
    fn hostile_names_stay_names() {
        let page = html(&fixture::hostile());
        assert!(
            page.contains("&#60;script&#62;"),
            "the name is shown, escaped"
        );
    }

    #[test]
    fn criteria_without_findings_say_so() {
        let page = html(&fixture::report());
        // Of linkability alone there is none.
        let silent = "No measure of this criterion was run";
        assert_eq!(page.matches(silent).count(), 1);
        assert!(page.contains("must not be published"));
    }
}
