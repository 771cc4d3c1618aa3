//! The report on the terminal: the verdict, what fails, what was measured.

use std::fmt::Write;

use comfy_table::presets::{NOTHING, UTF8_HORIZONTAL_ONLY};
use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, Width,
};

use super::foremost::failing;
use super::{meaning, number, outcome, parameters, sentence, title};
use crate::finding::{Criterion, Finding, Outcome, Parameter};
use crate::report::{Report, Verdict};

/// The report as text of at most `width` columns.
pub fn terminal(report: &Report, width: u16, colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    let (word, sign) = match report.verdict {
        Verdict::Fail => ("FAIL", Color::Red),
        Verdict::Pass => ("PASS", Color::Green),
    };
    let _ = writeln!(out, "{}", paint.bold(word, sign));
    wrap(&mut out, &clean(&report.release.name), width, "");
    wrap(&mut out, &sentence(report), width, "");
    out.push('\n');
    for table in &report.release.tables {
        let persons = match table.persons {
            Some(persons) => format!(" of {} persons", number::grouped(persons)),
            None => String::new(),
        };
        let text = format!(
            "{} ({}): {} rows{persons}",
            clean(&table.name),
            table.kind,
            number::grouped(table.rows)
        );
        wrap(&mut out, &text, width, "  ");
    }
    let failing = failing(report);
    if !failing.is_empty() {
        let _ = writeln!(out, "\n{}", paint.bold("What matters most", Color::Reset));
        for finding in failing.iter().take(3) {
            let text = format!("{}: {}", clean(&finding.table), meaning(finding));
            wrap(&mut out, &text, width, "  • ");
        }
    }
    let mut left_out = 0;
    for criterion in Criterion::ALL {
        let of: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|finding| finding.criterion == criterion)
            .collect();
        let _ = writeln!(out, "\n{}", paint.bold(criterion.title(), Color::Reset));
        if of.is_empty() {
            wrap(&mut out, "nothing was measured", width, "  ");
            continue;
        }
        let shown: Vec<&Finding> = of.iter().copied().filter(|f| is_shown(f)).collect();
        left_out += of.len() - shown.len();
        let _ = writeln!(out, "{}", table(&shown, width, colour));
    }
    if left_out > 0 {
        let text = format!("{left_out} further findings are in the written report.");
        wrap(&mut out, &text, width, "");
    }
    let unmet: Vec<_> = report
        .policy
        .requirements
        .iter()
        .filter(|line| line.reason.is_some())
        .collect();
    if !unmet.is_empty() {
        let _ = writeln!(
            out,
            "\n{}",
            paint.bold("Required, but not measured", Color::Red)
        );
        for line in unmet {
            let reason = line.reason.as_deref().unwrap_or_default();
            let text = format!("{}: {}", super::line(line), clean(reason));
            wrap(&mut out, &text, width, "  • ");
        }
    }
    if !report.not_measured.is_empty() {
        let _ = writeln!(out, "\n{}", paint.bold("Not measured", Color::Reset));
        for entry in &report.not_measured {
            let what = match &entry.statistic {
                Some(statistic) => format!("{}.{statistic}", entry.measure),
                None => entry.measure.clone(),
            };
            let text = format!(
                "{what} on {}: {}",
                clean(&entry.table),
                clean(entry.reason.english())
            );
            wrap(&mut out, &text, width, "  • ");
        }
    }
    for waiver in &report.policy.waivers {
        wrap(&mut out, &clean(&super::waiver(waiver)), width, "");
    }
    if !report.notes.is_empty() {
        let _ = writeln!(out, "\n{}", paint.bold("Notes", Color::Reset));
        for note in &report.notes {
            let text = match &note.table {
                Some(table) => format!("{}: {}", clean(table), clean(&note.text)),
                None => clean(&note.text),
            };
            wrap(&mut out, &text, width, "  • ");
        }
    }
    let _ = writeln!(out, "\nverdict: {}", paint.bold(word, sign));
    out
}

/// What the policy asks about, and the first statistic of each measure and table.
fn is_shown(finding: &Finding) -> bool {
    finding.requirement.is_some()
        || match finding.id().as_str() {
            "k-anonymity.classes" | "uniqueness.unique_persons" => true,
            "re-identification-risk.prosecutor_mean" | "k-map.k" | "journalist-risk.mean" => true,
            "home-work.share_unique" => true,
            "l-diversity.distinct" | "t-closeness.t" => true,
            "homogeneity-attack.share_certain" | "attribute-inference.risk" => true,
            "direct-identifiers.share_matching" => true,
            "small-cells.k" => true,
            "membership-inference.advantage_at_table" | "membership-inference.noise_consistent" => {
                true
            }
            "trace-linkage.strongest" | "pseudonym-rotation.stitched_share" => true,
            "quasi-identifier-subsets.smallest_size" => finding.value.is_some(),
            "unicity.share_unique" => {
                let is = |name: &str, wanted: &dyn Fn(&Parameter) -> bool| {
                    finding.parameters.get(name).is_some_and(wanted)
                };
                is("method", &|method| method.matches(&"sampled".into()))
                    && is("points", &|p| {
                        (1..=5u64).any(|shown| p.matches(&shown.into()))
                    })
            }
            _ => false,
        }
}

fn table(findings: &[&Finding], width: u16, colour: bool) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(["table", "statistic", "value", "asked", ""]);
    if colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let mut findings = findings.to_vec();
    let rank = |finding: &&Finding| match finding.requirement.map(|r| r.outcome) {
        Some(Outcome::Fail) => 0,
        Some(Outcome::Waived) => 1,
        Some(_) => 2,
        None => 3,
    };
    findings.sort_by_key(rank);
    for finding in findings {
        let mut what = title(finding);
        let detail = parameters(&finding.parameters);
        if ["share_matching", "smallest_size"].contains(&finding.statistic.as_str()) {
            what = format!("{what}: {}", clean(&finding.columns.join(", ")));
        }
        if !detail.is_empty() {
            what = format!("{what} ({detail})");
        }
        let mut value = number::value(finding);
        if let Some(interval) = finding.interval {
            let range = number::range(interval.low, interval.high);
            value = format!("{value} ({range})");
        }
        let (asked, word) = match finding.requirement {
            Some(asked) => (
                number::threshold(asked.min, asked.max, Some(finding.unit)),
                outcome(asked.outcome),
            ),
            None => (String::new(), "–"),
        };
        let mut mark = Cell::new(word);
        if colour {
            mark = match finding.requirement.map(|r| r.outcome) {
                Some(Outcome::Fail) => mark.fg(Color::Red).add_attribute(Attribute::Bold),
                Some(Outcome::Pass) => mark.fg(Color::Green),
                Some(_) => mark.fg(Color::Yellow),
                None => mark,
            };
        }
        table.add_row(vec![
            Cell::new(clean(&finding.table)),
            Cell::new(what),
            Cell::new(value),
            Cell::new(asked),
            mark,
        ]);
    }
    // A long name of a table must not squeeze the numbers.
    if let Some(names) = table.column_mut(0) {
        names.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(22)));
    }
    table
}

struct Paint {
    colour: bool,
}

impl Paint {
    fn bold(&self, text: &str, colour: Color) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match colour {
            Color::Red => "1;31",
            Color::Green => "1;32",
            _ => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// Names come from files: nothing in them may steer the terminal.
pub(super) fn clean(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match shown.char_indices().nth(400) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    }
}

/// Writes `text` in lines of at most `width` columns; the first begins with `lead`, the others are
/// indented as far.
pub(super) fn wrap(out: &mut String, text: &str, width: u16, lead: &str) {
    let mut table = Table::new();
    let indent = lead.chars().count();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width.saturating_sub(indent as u16).max(20))
        .add_row([text]);
    table.force_no_tty();
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
    }
    for (at, line) in table.lines().enumerate() {
        let lead = if at == 0 {
            lead.to_owned()
        } else {
            " ".repeat(indent)
        };
        let _ = writeln!(out, "{lead}{}", line.trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn fits_eighty_columns_without_colour() {
        for width in [60, 80, 120] {
            for report in [fixture::report(), fixture::hostile()] {
                let text = terminal(&report, width, false);
                assert!(!text.contains('\u{1b}'), "no escape codes");
                for line in text.lines() {
                    assert!(line.chars().count() <= width.into(), "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn the_verdict_is_the_first_and_the_last_word() {
        let text = terminal(&fixture::report(), 80, false);
        assert!(text.starts_with("FAIL\n"));
        assert!(text.trim_end().ends_with("verdict: FAIL"));
        assert!(terminal(&fixture::report(), 80, true).contains("\u{1b}[1;31mFAIL"));
    }

    #[test]
    fn criteria_without_findings_say_so() {
        let text = terminal(&fixture::report(), 80, false);
        let at = text.find("Linkability").unwrap();
        assert!(text[at..].starts_with("Linkability\n  nothing was measured"));
    }
}
