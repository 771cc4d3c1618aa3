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

use self::annex::{Asked, Line, Method, Unmeasured, line, methods, role, standards, unmeasured};
use self::change::{Change, changes};
use self::chapter::{Chapter, Row, chapter, row};
pub use self::text::escaped;
use self::text::{Marked, marked};
use super::advice::advice;
use super::foremost::foremost;
use super::{kind, outcome, sentence};
use crate::finding::{Criterion, Finding, Outcome};
use crate::language::Language;
use crate::report::{Report, Table, Verdict};

const STYLE: &str = include_str!("../../templates/report.css");

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    language: Language,
    style: &'static str,
    /// Of the style sheet: the page's policy allows no other.
    style_sha256: String,
    failed: bool,
    sentence: String,
    /// What the baseline was; empty where there is none.
    baseline: String,
    foremost: Vec<Foremost>,
    changes: Vec<Change>,
    tables: Vec<TableRow>,
    auxiliaries: Vec<TableRow>,
    chapters: Vec<Chapter>,
    /// What fails and is no worse than in the baseline.
    held: Vec<Row>,
    lines: Vec<Line>,
    unmeasured: Vec<Unmeasured>,
    standards: Vec<Asked>,
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
    fn of(known: Option<Outcome>, language: Language) -> Self {
        let (class, text) = match known {
            Some(Outcome::Pass) => ("pass", language.pick("✓ pass", "✓ erfüllt")),
            Some(Outcome::Fail) => ("fail", language.pick("✗ fail", "✗ verfehlt")),
            Some(other) => ("other", outcome(other, language)),
            None => ("none", language.pick("not asked", "nicht gefordert")),
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

pub fn html(report: &Report, language: Language) -> String {
    let mut counter = Counter::default();
    let page = Page {
        report,
        language,
        style: STYLE,
        style_sha256: BASE64.encode(&Sha256::digest(STYLE)),
        failed: report.verdict == Verdict::Fail,
        sentence: sentence(report, language),
        baseline: super::baseline(report, language).unwrap_or_default(),
        foremost: top(report, language),
        changes: changes(report, language),
        tables: tables(&report.release.tables, language),
        auxiliaries: tables(&report.release.auxiliaries, language),
        chapters: Criterion::ALL
            .into_iter()
            .map(|criterion| chapter(report, criterion, language, &mut counter))
            .collect(),
        held: held(report, language),
        lines: report
            .policy
            .requirements
            .iter()
            .map(|asked| line(asked, language))
            .collect(),
        unmeasured: unmeasured(report, language),
        standards: standards(report, language),
        methods: methods(report, language),
        population: (report.release.population).map(|population| language.grouped(population)),
        peak: report.run.peak_rss_bytes.map_or(
            language.pick("not known", "nicht bekannt").to_owned(),
            |bytes| format!("{} MiB", language.grouped(bytes.div_ceil(1 << 20))),
        ),
        duration: format!("{} s", language.fixed(report.run.seconds, 2)),
    };
    page.render().expect("the template writes into a string")
}

fn top(report: &Report, language: Language) -> Vec<Foremost> {
    let told = |finding| {
        let row = row(finding, language);
        let advice = match row.mark.class {
            "pass" => Marked::default(),
            _ => marked(&advice(finding, report, language)),
        };
        Foremost { row, advice }
    };
    foremost(report).into_iter().map(told).collect()
}

fn held(report: &Report, language: Language) -> Vec<Row> {
    let is_held = |finding: &&Finding| {
        let outcome = finding.requirement.map(|asked| asked.outcome);
        outcome == Some(Outcome::Baseline)
    };
    let held = report.findings.iter().filter(is_held);
    held.map(|finding| row(finding, language)).collect()
}

fn tables(tables: &[Table], language: Language) -> Vec<TableRow> {
    let tables = tables.iter();
    tables.map(|table| table_row(table, language)).collect()
}

fn table_row(table: &Table, language: Language) -> TableRow {
    let count =
        |count: Option<u64>| count.map_or("–".to_owned(), |count| language.grouped(count));
    TableRow {
        name: table.name.clone(),
        kind: kind(&table.kind, language),
        rows: language.grouped(table.rows),
        persons: count(table.persons),
        points: count(table.points),
    }
}

/// What became of a waiver.
fn waived(state: &str, language: Language) -> &str {
    let german = match state {
        "used" => "genutzt",
        "unused" => "ungenutzt",
        "expired" => "abgelaufen",
        "exceeded" => "überschritten",
        other => other,
    };
    language.pick(state, german)
}

#[cfg(test)]
mod tests;
