//! Two reports compared, on the terminal.

use std::fmt::Write;

use super::terminal::{clean, wrap};
use super::{number, outcome, parameters};
use crate::compare::{Change, Difference, Head, Lone, Pair, Place, Side};
use crate::finding::{Criterion, Finding};
use crate::language::Language::English;
use crate::report::Verdict;

/// Entries of one kind that are told; the rest is counted. All are in the JSON form.
const TOLD: usize = 40;

pub fn difference(found: &Difference, width: u16) -> String {
    let mut out = String::new();
    wrap(&mut out, &head("before", &found.before), width, "");
    wrap(&mut out, &head("now", &found.now), width, "");
    let kinds = [
        (Change::Worse, "Rose: for the worse, beyond the interval"),
        (Change::Better, "Fell: for the better, beyond the interval"),
        (Change::Moved, "Moved, neither for better nor for worse"),
        (Change::Within, "Another value, within the interval"),
    ];
    for (kind, title) in kinds {
        let of = found.changed.iter().filter(|pair| pair.change == kind);
        let lines: Vec<String> = of.map(pair).collect();
        section(&mut out, title, &lines, width);
    }
    let (new, gone): (Vec<String>, Vec<String>) = (
        found.appeared.iter().map(lone).collect(),
        found.vanished.iter().map(lone).collect(),
    );
    section(&mut out, "Appeared", &new, width);
    section(&mut out, "Vanished", &gone, width);
    let _ = writeln!(
        out,
        "\n{} findings are the same",
        English.grouped(found.same)
    );
    let verdict = match found.rose {
        true => "risk rose",
        false => "no risk rose",
    };
    let _ = writeln!(out, "{verdict}");
    out
}

fn head(when: &str, head: &Head) -> String {
    let word = match head.verdict {
        Verdict::Pass => "PASS",
        Verdict::Fail => "FAIL",
    };
    let text = format!("{when}: {}, policy {}: {word}", head.release, head.policy);
    clean(&text)
}

fn section(out: &mut String, title: &str, lines: &[String], width: u16) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}");
    for line in lines.iter().take(TOLD) {
        wrap(out, &clean(line), width, "  • ");
    }
    if lines.len() > TOLD {
        let _ = writeln!(out, "  and {} more", lines.len() - TOLD);
    }
}

fn pair(pair: &Pair) -> String {
    let change = match (pair.before.outcome, pair.now.outcome) {
        (Some(before), Some(now)) if before != now => {
            format!(
                " ({} before, now {})",
                outcome(before, English),
                outcome(now, English)
            )
        }
        (_, Some(now)) => format!(" ({})", outcome(now, English)),
        _ => String::new(),
    };
    format!(
        "{}: {} → {}{change}",
        place(&pair.place),
        value(&pair.before),
        value(&pair.now)
    )
}

fn lone(lone: &Lone) -> String {
    let mark = match (lone.rise, lone.side.outcome) {
        (true, Some(now)) => format!(" ({}; counts as a rise)", outcome(now, English)),
        (_, Some(now)) => format!(" ({})", outcome(now, English)),
        _ => String::new(),
    };
    format!("{}: {}{mark}", place(&lone.place), value(&lone.side))
}

fn place(place: &Place) -> String {
    let mut text = format!("{} of {}", place.id, place.table);
    if !place.columns.is_empty() {
        text += &format!(" ({})", place.columns.join(", "));
    }
    match parameters(&place.parameters, English).as_str() {
        "" => text,
        told => format!("{text}, {told}"),
    }
}

/// A value as other reports show it.
fn value(side: &Side) -> String {
    let mut finding = Finding::new("", "", Criterion::Hygiene, side.unit);
    finding.value = side.value;
    number::value(&finding, English)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare;
    use crate::render::fixture;

    #[test]
    fn what_rose_comes_first_and_fits_the_terminal() {
        let before = fixture::report();
        let mut now = before.clone();
        now.findings[0].value = Some(0.into());
        now.findings[1].value = Some(1_800.into());
        now.findings.remove(2);
        let text = difference(&compare::difference(&before, &now), 80);
        let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}: {text}"));
        assert!(at("Rose") < at("1 person → 0 persons"));
        assert!(at("1 person → 0 persons") < at("Moved"));
        assert!(at("Moved") < at("Vanished"));
        assert!(text.ends_with("risk rose\n"));
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
    }
}
