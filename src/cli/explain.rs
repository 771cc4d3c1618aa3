//! `reidrisk explain`: the methodology, as the measures document themselves.

use std::fmt::Write;

use crate::error::Result;
use crate::language::Language;
use crate::measure::standards::answered;
use crate::measure::{self, Doc, Shown};
use crate::say;

/// One measure's documentation, or the list of all.
///
/// # Errors
/// There is no such measure.
pub fn explain(id: Option<&str>, language: Language) -> Result<String> {
    let Some(id) = id else {
        return Ok(list(language));
    };
    if let Some(doc) = measure::docs().find(|doc| doc.id == id) {
        return Ok(text(doc, language));
    }
    Err(measure::unknown(id))
}

fn list(language: Language) -> String {
    let mut out = String::new();
    for doc in measure::docs() {
        let criterion = doc.criterion.title(language);
        // German nouns are capitals in the middle of a line too.
        let criterion = language.pick(criterion.to_lowercase(), criterion.to_owned());
        let _ = writeln!(out, "{} ({criterion})", doc.id);
        paragraph(&mut out, doc.in_language(language).question);
        let names: Vec<_> = doc
            .statistics
            .iter()
            .map(|statistic| statistic.name)
            .collect();
        let statistics = language.pick("Statistics", "Statistiken");
        paragraph(&mut out, &format!("{statistics}: {}", names.join(", ")));
        out.push('\n');
    }
    out
}

fn text(doc: &'static Doc, language: Language) -> String {
    let words = doc.in_language(language);
    let mut out = format!("{} ({})\n", words.title, doc.id);
    let mut section = |english, german, texts: &[&str]| {
        titled(&mut out, language.pick(english, german), texts);
    };
    let criterion = [
        doc.criterion.title(language),
        doc.criterion.question(language),
    ];
    section("Criterion", "Kriterium", &criterion);
    section("Question", "Frage", &[words.question]);
    section("Adversary", "Angreifer", &[words.adversary]);
    section("Definition", "Definition", &[words.definition]);
    section("Formula", "Formel", &[words.formula]);
    section("Denominator", "Bezugsgröße", &[words.denominator]);
    section("Nulls", "Nullwerte", &[words.nulls]);
    section("Assumptions", "Annahmen", words.assumptions);
    section("What it does not say", "Was es nicht besagt", words.limits);
    section("Validation", "Validierung", &[words.validation]);
    if let Some(figures) = &words.table {
        out.push_str(&table(figures));
    }
    let mut section = |title: &str, texts: &[String]| {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        titled(&mut out, title, &texts);
    };
    let rules: Vec<String> = answered(doc.id, doc.criterion)
        .map(|(standard, rule)| {
            let (clause, text) = (rule.clause(language), rule.text(language));
            format!("{}, {clause}: {text}", standard.id)
        })
        .collect();
    section(
        language.pick("Rules it answers", "Regeln, die es beantwortet"),
        &rules,
    );
    let sources: Vec<String> = doc.citations.iter().map(|&source| source.into()).collect();
    section(language.pick("Sources", "Quellen"), &sources);
    let statistics = words.statistics.iter();
    let statistics: Vec<String> = statistics
        .map(|(name, title)| format!("{}.{name}: {title}", doc.id))
        .collect();
    section(language.pick("Statistics", "Statistiken"), &statistics);
    let settings = words.settings.iter();
    let settings: Vec<String> = settings
        .map(|(setting, meaning)| format!("{} = {}: {meaning}", setting.key, setting.default))
        .collect();
    let title = say!(
        language,
        "Settings, under [measure.{}] in the manifest",
        "Einstellungen, unter [measure.{}] im Manifest",
        doc.id
    );
    section(&title, &settings);
    out
}

fn titled(out: &mut String, title: &str, texts: &[&str]) {
    if !texts.is_empty() {
        let _ = writeln!(out, "\n{title}");
        texts.iter().for_each(|text| paragraph(out, text));
    }
}

/// Columns as wide as their widest cell.
fn table(figures: &Shown) -> String {
    let header: Vec<String> = figures.header.iter().map(|&cell| cell.into()).collect();
    let rows = || std::iter::once(&header).chain(&figures.rows);
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
        let all = || measure::docs().flat_map(|doc| Language::ALL.map(|language| (doc, language)));
        for (doc, language) in all() {
            let text = explain(Some(doc.id), language).unwrap();
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
        assert!(explain(Some("k-anonymty"), Language::German).is_err());
    }
}
