//! The summary of a CI job, in Markdown: one screen, however many findings there are. All of them are in the
//! Markdown report.

use std::fmt::Write;

use super::foremost::failing;
use super::markdown::{escape, table_of_failing, verdict};
use crate::finding::Outcome;
use crate::language::Language;
use crate::report::Report;
use crate::say;

/// Rows of the table of what fails; forges take no summary of more than a mebibyte.
const ROWS: usize = 25;

pub fn summary(report: &Report, language: Language) -> String {
    let mut out = format!("## {}", verdict(report, language));
    let failing = failing(report);
    if !failing.is_empty() {
        out.push_str(&table_of_failing(
            failing.iter().copied().take(ROWS),
            language,
        ));
        match failing.len().saturating_sub(ROWS) {
            0 => out.push('\n'),
            more => {
                let text = match more {
                    1 => say!(
                        language,
                        "1 further finding fails.",
                        "1 weiterer Befund verfehlt die Richtlinie."
                    ),
                    more => say!(
                        language,
                        "{} further findings fail.",
                        "{} weitere Befunde verfehlen die Richtlinie.",
                        more
                    ),
                };
                let _ = writeln!(out, "\n{text}\n");
            }
        }
    }
    let mut points: Vec<String> = Vec::new();
    for line in &report.policy.requirements {
        if let Some(reason) = &line.reason {
            points.push(say!(
                language,
                "**required, but not measured:** {}: {}",
                "**gefordert, aber nicht gemessen:** {}: {}",
                super::line(line, language),
                reason
            ));
        }
    }
    let held = report.policy.requirements.iter();
    let held = held.flat_map(|line| &line.judged);
    let held = held.filter(|judged| judged.outcome == Outcome::Baseline);
    match held.count() {
        0 => {}
        1 => points.push(say!(
            language,
            "1 finding fails and is no worse than the baseline.",
            "1 Befund verfehlt die Richtlinie und ist nicht schlechter als im Ausgangsstand."
        )),
        some => points.push(say!(
            language,
            "{} findings fail and are no worse than the baseline.",
            "{} Befunde verfehlen die Richtlinie und sind nicht schlechter als im Ausgangsstand.",
            some
        )),
    }
    let waivers = report.policy.waivers.iter();
    points.extend(waivers.map(|waiver| super::waiver(waiver, language)));
    match report.not_measured.len() {
        0 => {}
        some => points.push(say!(
            language,
            "Not measured, with reasons in the report: {}.",
            "Nicht gemessen, mit Gründen im Bericht: {}.",
            some
        )),
    }
    for point in points {
        let _ = writeln!(out, "- {}", escape(&point).replace("\\*\\*", "**"));
    }
    let _ = writeln!(
        out,
        "\n<sub>{} {}, {} {}, {} {}</sub>\n",
        report.tool.name,
        report.tool.version,
        language.pick("policy", "Richtlinie"),
        escape(&report.policy.name),
        language.pick("seed", "Startwert"),
        report.settings.seed
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn it_stays_short_however_much_fails() {
        let mut report = fixture::report();
        let failing: Vec<_> = report.failures().cloned().collect();
        let many = failing.iter().cycle().take(2_000).cloned();
        report.findings.extend(many);
        let text = summary(&report, Language::English);
        assert!(text.lines().count() < 50, "{}", text.lines().count());
        assert!(text.contains("further findings fail."));
    }

    #[test]
    fn it_has_the_verdict_the_waivers_and_no_markup_of_names() {
        let text = summary(&fixture::hostile(), Language::English);
        assert!(text.starts_with("## ❌ FAIL: "));
        assert!(text.contains("is unused: nothing fails"));
        assert!(!text.contains("<script"));
        assert!(!text.contains('\u{1b}'));
    }
}
