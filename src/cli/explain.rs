//! `reidrisk explain`: the methodology, as the measures document themselves.

use std::fmt::Write;

use crate::error::{Error, Result};
use crate::measure::{self, Doc, Figures};
use crate::settings::nearest;

/// One measure's documentation, or the list of all.
///
/// # Errors
/// There is no such measure.
pub fn explain(id: Option<&str>) -> Result<String> {
    let Some(id) = id else {
        return Ok(list());
    };
    if let Some(doc) = measure::docs().find(|doc| doc.id == id) {
        return Ok(text(doc));
    }
    let error = Error::usage(format!("there is no measure `{id}`"));
    Err(match nearest(id, measure::docs().map(|doc| doc.id)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("`reidrisk explain` lists them"),
    })
}

fn list() -> String {
    let mut out = String::new();
    for doc in measure::docs() {
        let _ = writeln!(out, "{} ({})", doc.id, doc.criterion.title().to_lowercase());
        paragraph(&mut out, doc.question);
        let names: Vec<_> = doc
            .statistics
            .iter()
            .map(|statistic| statistic.name)
            .collect();
        paragraph(&mut out, &format!("Statistics: {}", names.join(", ")));
        out.push('\n');
    }
    out
}

fn text(doc: &Doc) -> String {
    let mut out = format!("{} ({})\n", doc.title, doc.id);
    let mut section = |title: &str, texts: &[&str]| titled(&mut out, title, texts);
    section(
        "Criterion",
        &[doc.criterion.title(), doc.criterion.question()],
    );
    section("Question", &[doc.question]);
    section("Adversary", &[doc.adversary]);
    section("Definition", &[doc.definition]);
    section("Formula", &[doc.formula]);
    section("Denominator", &[doc.denominator]);
    section("Nulls", &[doc.nulls]);
    section("Assumptions", doc.assumptions);
    section("What it does not say", doc.limits);
    section("Validation", &[doc.validation]);
    if let Some(figures) = doc.table {
        out.push_str(&table(figures));
    }
    let mut section = |title: &str, texts: &[&str]| titled(&mut out, title, texts);
    section("Sources", doc.citations);
    let statistics: Vec<String> = doc
        .statistics
        .iter()
        .map(|statistic| format!("{}.{}: {}", doc.id, statistic.name, statistic.title))
        .collect();
    section(
        "Statistics",
        &statistics.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    let settings: Vec<String> = doc
        .settings
        .iter()
        .map(|setting| format!("{} = {}: {}", setting.key, setting.default, setting.meaning))
        .collect();
    let title = format!("Settings, under [measure.{}] in the manifest", doc.id);
    section(
        &title,
        &settings.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    out
}

fn titled(out: &mut String, title: &str, texts: &[&str]) {
    if !texts.is_empty() {
        let _ = writeln!(out, "\n{title}");
        texts.iter().for_each(|text| paragraph(out, text));
    }
}

/// Columns as wide as their widest cell.
fn table(figures: &Figures) -> String {
    let rows = || std::iter::once(&figures.header).chain(figures.rows);
    let width = |column: usize| rows().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..figures.header.len()).filter_map(width).collect();
    let mut out = String::from("\n");
    paragraph(&mut out, figures.title);
    for row in rows() {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        let _ = writeln!(out, "    {}", cells.join("  ").trim_end());
    }
    out
}

/// A paragraph in lines of at most 80 columns, indented by two.
fn paragraph(out: &mut String, text: &str) {
    let mut line = String::from(" ");
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > 80 {
            let _ = writeln!(out, "{line}");
            line = String::from(" ");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(out, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_explained_within_eighty_columns() {
        for doc in measure::docs() {
            let text = explain(Some(doc.id)).unwrap();
            assert!(
                text.lines().all(|line| line.chars().count() <= 80),
                "{}",
                doc.id
            );
            let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                doc.citations.iter().all(|source| flowing.contains(source)),
                "{}",
                doc.id
            );
        }
        assert!(explain(Some("k-anonymty")).is_err());
    }
}
