//! The report as one HTML page for a privacy officer: no script, no request, light and dark, on screen and on A4.
//! On top what the verdict is and what matters most, then all that must change, then the criteria with all findings,
//! then what was accepted and what was not measured, then the annex.

mod annex;
mod change;
mod chapter;
mod text;

use askama::Template;
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use self::annex::{Line, Method, Unmeasured, line, methods, unmeasured};
use self::change::{Change, changes};
use self::chapter::{Chapter, Row, chapter, row};
pub use self::text::escaped;
use self::text::{Marked, marked};
use super::advice::advice;
use super::foremost::foremost;
use super::{number, outcome, sentence};
use crate::finding::{Criterion, Outcome};
use crate::report::{Report, Verdict};

const STYLE: &str = include_str!("../../templates/report.css");

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    style: &'static str,
    /// Of the style sheet: the page's policy allows no other.
    style_sha256: String,
    failed: bool,
    sentence: String,
    foremost: Vec<Foremost>,
    changes: Vec<Change>,
    tables: Vec<TableRow>,
    auxiliaries: Vec<TableRow>,
    chapters: Vec<Chapter>,
    lines: Vec<Line>,
    unmeasured: Vec<Unmeasured>,
    methods: Vec<Method>,
    population: Option<String>,
    peak: String,
    duration: String,
}

/// One of the findings on top.
struct Foremost {
    row: Row,
    /// What would bring it under its threshold; empty where it is met.
    advice: Marked,
}

struct TableRow {
    name: String,
    kind: String,
    rows: String,
    persons: String,
    points: String,
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

/// Numbers for names within the page.
#[derive(Default)]
struct Counter(usize);

impl Counter {
    fn next(&mut self) -> usize {
        self.0 += 1;
        self.0
    }
}

pub fn html(report: &Report) -> String {
    let mut counter = Counter::default();
    let page = Page {
        report,
        style: STYLE,
        style_sha256: BASE64.encode(&Sha256::digest(STYLE)),
        failed: report.verdict == Verdict::Fail,
        sentence: sentence(report),
        foremost: top(report),
        changes: changes(report),
        tables: report.release.tables.iter().map(table_row).collect(),
        auxiliaries: report.release.auxiliaries.iter().map(table_row).collect(),
        chapters: Criterion::ALL
            .into_iter()
            .map(|criterion| chapter(report, criterion, &mut counter))
            .collect(),
        lines: report.policy.requirements.iter().map(line).collect(),
        unmeasured: unmeasured(report),
        methods: methods(report),
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

fn top(report: &Report) -> Vec<Foremost> {
    let told = |finding| {
        let row = row(finding);
        let advice = match row.mark.class {
            "pass" => Marked::default(),
            _ => marked(&advice(finding, report)),
        };
        Foremost { row, advice }
    };
    foremost(report).into_iter().map(told).collect()
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

#[cfg(test)]
mod tests;
