//! The summary of a CI job, in Markdown: one screen, however many findings there are. All of them are in the
//! Markdown report.

use std::fmt::Write;

use super::foremost::failing;
use super::markdown::{escape, table_of_failing, verdict};
use crate::finding::Outcome;
use crate::report::Report;

/// Rows of the table of what fails; forges take no summary of more than a mebibyte.
const ROWS: usize = 25;

pub fn summary(report: &Report) -> String {
    let mut out = format!("## {}", verdict(report));
    let failing = failing(report);
    if !failing.is_empty() {
        out.push_str(&table_of_failing(failing.iter().copied().take(ROWS)));
        match failing.len().saturating_sub(ROWS) {
            0 => out.push('\n'),
            more => {
                let _ = writeln!(out, "\n{more} further findings fail.\n");
            }
        }
    }
    let mut points: Vec<String> = Vec::new();
    for line in &report.policy.requirements {
        if let Some(reason) = &line.reason {
            points.push(format!(
                "**required, but not measured:** {}: {reason}",
                super::line(line)
            ));
        }
    }
    let held = report.policy.requirements.iter();
    let held = held.flat_map(|line| &line.judged);
    let held = held.filter(|judged| judged.outcome == Outcome::Baseline);
    match held.count() {
        0 => {}
        1 => points.push("1 finding fails and is no worse than the baseline.".to_owned()),
        some => points.push(format!(
            "{some} findings fail and are no worse than the baseline."
        )),
    }
    points.extend(report.policy.waivers.iter().map(super::waiver));
    match report.not_measured.len() {
        0 => {}
        some => points.push(format!("Not measured, with reasons in the report: {some}.")),
    }
    for point in points {
        let _ = writeln!(out, "- {}", escape(&point).replace("\\*\\*", "**"));
    }
    let _ = writeln!(
        out,
        "\n<sub>{} {}, policy {}, seed {}</sub>\n",
        report.tool.name,
        report.tool.version,
        escape(&report.policy.name),
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
        let text = summary(&report);
        assert!(text.lines().count() < 50, "{}", text.lines().count());
        assert!(text.contains("further findings fail."));
    }

    #[test]
    fn it_has_the_verdict_the_waivers_and_no_markup_of_names() {
        let text = summary(&fixture::hostile());
        assert!(text.starts_with("## ❌ FAIL: "));
        assert!(text.contains("is unused: nothing fails"));
        assert!(!text.contains("<script"));
        assert!(!text.contains('\u{1b}'));
    }
}
