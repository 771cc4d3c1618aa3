//! The report on the terminal: the verdict, what fails, what was measured.

use std::fmt::Write;

use comfy_table::presets::{NOTHING, UTF8_HORIZONTAL_ONLY};
use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, Width,
};

use super::foremost::foremost;
use super::unmeasured::{unmeasured, unmet};
use super::{baseline, kind, meaning, named, number, outcome, parameters, sentence};
use crate::finding::{Criterion, Finding, Outcome, Parameter};
use crate::language::Language;
use crate::printable::printable;
use crate::report::{Report, Verdict};
use crate::say;

/// The report as text of at most `width` columns.
pub fn terminal(report: &Report, language: Language, width: u16, colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    let (word, sign) = match report.verdict {
        Verdict::Fail => (language.pick("FAIL", "NICHT BESTANDEN"), Color::Red),
        Verdict::Pass => (language.pick("PASS", "BESTANDEN"), Color::Green),
    };
    let _ = writeln!(out, "{}", paint.bold(word, sign));
    wrap(&mut out, &clean(&report.release.name), width, "");
    wrap(&mut out, &sentence(report, language), width, "");
    if let Some(text) = baseline(report, language) {
        wrap(&mut out, &text, width, "");
    }
    out.push('\n');
    for table in &report.release.tables {
        let persons = match table.persons {
            Some(persons) => say!(
                language,
                " of {} persons",
                " von {} Personen",
                language.grouped(persons)
            ),
            None => String::new(),
        };
        let text = say!(
            language,
            "{} ({}): {} rows{persons}",
            "{} ({}): {} Zeilen{persons}",
            clean(&table.name),
            kind(&table.kind, language),
            language.grouped(table.rows)
        );
        wrap(&mut out, &text, width, "  ");
    }
    if report.verdict == Verdict::Fail && report.failures().next().is_some() {
        let most = language.pick("What matters most", "Das Wichtigste");
        let _ = writeln!(out, "\n{}", paint.bold(most, Color::Reset));
        for finding in foremost(report) {
            let text = format!("{}: {}", clean(&finding.table), meaning(finding, language));
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
        let _ = writeln!(
            out,
            "\n{}",
            paint.bold(criterion.title(language), Color::Reset)
        );
        if of.is_empty() {
            let nothing = language.pick("nothing was measured", "nichts wurde gemessen");
            wrap(&mut out, nothing, width, "  ");
            continue;
        }
        let shown: Vec<&Finding> = of.iter().copied().filter(|f| is_shown(f)).collect();
        left_out += of.len() - shown.len();
        let _ = writeln!(out, "{}", table(&shown, language, width, colour));
    }
    if left_out > 0 {
        let text = say!(
            language,
            "{} further findings are in the written report.",
            "{} weitere Befunde stehen im geschriebenen Bericht.",
            left_out
        );
        wrap(&mut out, &text, width, "");
    }
    let unmet = unmet(report);
    if !unmet.is_empty() {
        let _ = writeln!(
            out,
            "\n{}",
            paint.bold(
                language.pick(
                    "Required, but not measured",
                    "Gefordert, aber nicht gemessen"
                ),
                Color::Red
            )
        );
        for group in unmet {
            wrap(&mut out, &clean(&group.line(language)), width, "  • ");
        }
    }
    if !report.not_measured.is_empty() {
        let _ = writeln!(
            out,
            "\n{}",
            paint.bold(
                language.pick("Not measured", "Nicht gemessen"),
                Color::Reset
            )
        );
        for group in unmeasured(report) {
            let reason = clean(group.reason.in_language(language));
            let what = group.line(report, language);
            wrap(&mut out, &format!("{reason}: {what}"), width, "  • ");
        }
    }
    for waiver in &report.policy.waivers {
        wrap(
            &mut out,
            &clean(&super::waiver(waiver, language)),
            width,
            "",
        );
    }
    if !report.notes.is_empty() {
        let _ = writeln!(
            out,
            "\n{}",
            paint.bold(language.pick("Notes", "Hinweise"), Color::Reset)
        );
        for note in &report.notes {
            let text = match &note.table {
                Some(table) => format!(
                    "{}: {}",
                    clean(table),
                    clean(note.text.in_language(language))
                ),
                None => clean(note.text.in_language(language)),
            };
            wrap(&mut out, &text, width, "  • ");
        }
    }
    if report.verdict == Verdict::Fail {
        let text = language.pick(
            "report.html says for each failing finding what to change; `reidrisk advise` searches for the smallest \
             changes that suffice.",
            "Was zu ändern ist, steht in report.html bei jedem Befund, der nicht bestanden ist; `reidrisk advise` sucht \
             die kleinsten Änderungen.",
        );
        out.push('\n');
        wrap(&mut out, text, width, "");
    }
    let _ = writeln!(
        out,
        "\n{}: {}",
        language.pick("verdict", "Urteil"),
        paint.bold(word, sign)
    );
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
            "homogeneity-attack.share_certain" => true,
            "attribute-inference.risk" => {
                let method = finding.parameters.get("method");
                method.is_some_and(|method| method.matches(&"best".into()))
            }
            "direct-identifiers.share_matching" => true,
            "small-cells.k" => true,
            "membership-inference.advantage_at_table" | "membership-inference.noise_consistent" => {
                true
            }
            // Of the galleries of two periods the open one.
            "trace-linkage.strongest" => {
                let gallery = finding.parameters.get("gallery");
                gallery.is_none_or(|gallery| gallery.matches(&"open".into()))
            }
            "pseudonym-rotation.stitched_share" => true,
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

fn table(findings: &[&Finding], language: Language, width: u16, colour: bool) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(language.pick(
            ["table", "statistic", "value", "asked", ""],
            ["Tabelle", "Statistik", "Wert", "Gefordert", ""],
        ));
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
        let mut what = named(finding, language);
        let detail = parameters(&finding.parameters, language);
        if !detail.is_empty() {
            what = format!("{what} ({detail})");
        }
        let mut value = number::value(finding, language);
        if let Some(interval) = finding.interval {
            let range = number::range(interval.low, interval.high, language);
            value = format!("{value} ({range})");
        }
        let (asked, word) = match finding.requirement {
            Some(asked) => (
                number::threshold(asked.min, asked.max, Some(finding.unit), language),
                outcome(asked.outcome, language),
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
            Cell::new(printable(&what)),
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

/// A name in one line, and not too long a one.
pub(super) fn clean(text: &str) -> String {
    let shown = printable(text).into_owned();
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
        .add_row([printable(text)]);
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
                for language in Language::ALL {
                    let text = terminal(&report, language, width, false);
                    assert!(!text.contains('\u{1b}'), "no escape codes");
                    for line in text.lines() {
                        assert!(line.chars().count() <= width.into(), "{width}: {line}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_verdict_is_the_first_and_the_last_word() {
        let text = terminal(&fixture::report(), Language::English, 80, false);
        assert!(text.starts_with("FAIL\n"));
        assert!(text.trim_end().ends_with("verdict: FAIL"));
        assert!(
            terminal(&fixture::report(), Language::English, 80, true).contains("\u{1b}[1;31mFAIL")
        );
    }

    #[test]
    fn criteria_without_findings_say_so() {
        let text = terminal(&fixture::report(), Language::English, 80, false);
        let at = text.find("Linkability").unwrap();
        assert!(text[at..].starts_with("Linkability\n  nothing was measured"));
    }
}
