//! What `advise` found, on the terminal and as Markdown.

use std::fmt::Write;

use super::markdown::escape;
use super::terminal::{clean, wrap};
use super::{number, outcome, parameters};
use crate::finding::Outcome;
use crate::language::Language;
use crate::measure;
use crate::report::Verdict;
use crate::report::advice::{Advice, Advised, Asked, Candidate, Found, Otherwise, State};

/// What is advised is told in English alone.
const LANGUAGE: Language = Language::English;
/// Entries of a frontier that are told; all are in the JSON form.
const TOLD: usize = 8;

/// As text of at most `width` columns.
pub fn advised(advice: &Advice, width: u16) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", word(advice.after));
    wrap(&mut out, &clean(&advice.release), width, "");
    wrap(&mut out, &sentence(advice), width, "");
    for table in &advice.tables {
        let _ = writeln!(out);
        let head = format!("{} ({})", clean(&table.table), table.kind);
        let _ = writeln!(out, "{head}");
        let _ = writeln!(out, "{}", "─".repeat(width.into()));
        wrap(&mut out, &state(table), width, "");
        for note in &table.notes {
            wrap(&mut out, &clean(note), width, "");
        }
        if let Some(candidate) = chosen(table) {
            for (name, how) in &candidate.changes {
                wrap(&mut out, &format!("{}: {how}", clean(name)), width, "  • ");
            }
            wrap(&mut out, &cost(candidate), width, "  ");
        }
        let changed = |asked: &&Asked| {
            asked.before.outcome == Outcome::Fail || asked.after.outcome == Outcome::Fail
        };
        let lines: Vec<&Asked> = table.requirements.iter().filter(changed).collect();
        if !lines.is_empty() {
            let _ = writeln!(out);
        }
        for asked in lines {
            wrap(&mut out, &line(asked), width, "  ");
        }
        if table.frontier.len() > 1 {
            let _ = writeln!(out, "\n  Risk against loss (above 1 something fails)");
            for candidate in shown(table) {
                wrap(&mut out, &frontier(candidate), width, "  ");
            }
        }
    }
    if !advice.otherwise.is_empty() {
        let _ = writeln!(out, "\nMust be changed otherwise");
        for entry in &advice.otherwise {
            wrap(&mut out, &clean(&other(entry)), width, "  • ");
        }
    }
    let _ = writeln!(out, "\nadvice: {}", word(advice.after));
    out
}

/// What no transformation changes, and where.
fn other(entry: &Otherwise) -> String {
    let tables = match entry.tables.is_empty() {
        true => "the release".to_owned(),
        false => entry.tables.join(", "),
    };
    let what = statistic(&entry.statistic, &parameters(&entry.parameters, LANGUAGE));
    format!("{tables}: {what}: {}", entry.advice)
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "PASS",
        Verdict::Fail => "FAIL",
    }
}

fn sentence(advice: &Advice) -> String {
    let policy = clean(&advice.policy);
    let tables = advice.tables.iter();
    let is_enough = |table: &&Advised| matches!(table.state, State::Found | State::Passes);
    let enough = tables.filter(is_enough).count();
    match (advice.before, advice.after, advice.tried) {
        (_, Verdict::Pass, true) => {
            format!("Transformed as given, the release passes the policy “{policy}”.")
        }
        (_, Verdict::Fail, true) => {
            format!("Transformed as given, the release does not pass the policy “{policy}”.")
        }
        (Verdict::Pass, ..) => format!("The release passes the policy “{policy}” as it is."),
        (_, Verdict::Pass, _) => format!(
            "Transformed as follows, the release passes the policy “{policy}”. No data were changed."
        ),
        _ => format!(
            "No transformation alone makes the release pass the policy “{policy}”. Of {} tables {enough} pass what a \
             transformation can change with what follows; what else must change stands at the end.",
            advice.tables.len()
        ),
    }
}

fn chosen(table: &Advised) -> Option<&Candidate> {
    table.examined.get(table.chosen? as usize)
}

/// What became of a table, and how far it was searched.
fn state(table: &Advised) -> String {
    let sizes = match table.checked {
        0 => String::new(),
        checked => format!(
            "{} were looked at for the sizes of classes, ",
            LANGUAGE.grouped(checked)
        ),
    };
    let extent = format!(
        "of {} combinations {sizes}{} were judged",
        LANGUAGE.grouped(table.lattice),
        LANGUAGE.grouped(table.judged)
    );
    match (table.state, table.lattice, table.complete) {
        (State::Passes, ..) => {
            "Nothing fails that telling it more coarsely could change.".to_owned()
        }
        (State::NotSearched, ..) => "Something fails; it was not searched.".to_owned(),
        (State::Found, 0, _) => "As given, all that could be judged passes:".to_owned(),
        (State::Fails, 0, _) => "As given, something fails:".to_owned(),
        (State::Found, _, true) => {
            format!(
                "The cheapest of all combinations that pass ({extent}, no other can be cheaper):"
            )
        }
        (State::Found, _, false) => {
            format!("The cheapest of those examined, for the budget ran out ({extent}):")
        }
        (State::Fails, _, true) => format!("No combination passes ({extent}). Nearest comes:"),
        (State::Fails, _, false) => {
            format!(
                "None of those examined passes, and the budget ran out ({extent}). Nearest comes:"
            )
        }
    }
}

fn cost(candidate: &Candidate) -> String {
    let of = match candidate.cells_left_out {
        Some(_) => "of what was counted",
        None => "of the persons",
    };
    let mut text = format!(
        "Cost: loss {:.3}; {} of the information of what can be changed, {} {of} left out",
        candidate.loss,
        number::percent(candidate.coarsening, LANGUAGE),
        number::percent(candidate.suppressed, LANGUAGE)
    );
    if let Some(cells) = candidate.cells_left_out {
        let _ = write!(text, ", {} of the cells", number::percent(cells, LANGUAGE));
    }
    if let Some(pairs) = candidate.discernibility {
        let pairs = LANGUAGE.grouped(pairs.round() as u64);
        let _ = write!(text, "; discernibility {pairs}");
    }
    if let Some(bits) = candidate.bits {
        let _ = write!(text, "; {bits:.1} bits of a point");
    }
    text
}

fn statistic(id: &str, parameters: &str) -> String {
    let title = measure::statistic_by_id(id).map_or(id, |known| known.title(LANGUAGE));
    match parameters {
        "" => title.to_owned(),
        told => format!("{title} ({told})"),
    }
}

fn value(found: &Found) -> String {
    match (&found.finding, found.outcome) {
        (Some(finding), _) => number::value(finding, LANGUAGE),
        (None, Outcome::NotApplicable) => "left out".to_owned(),
        (None, _) => "not measured".to_owned(),
    }
}

/// A requirement before and after.
fn line(asked: &Asked) -> String {
    let unit = asked.before.finding.as_ref().map(|finding| finding.unit);
    format!(
        "{}: {} → {} ({} {})",
        statistic(&asked.statistic, &parameters(&asked.parameters, LANGUAGE)),
        value(&asked.before),
        value(&asked.after),
        number::threshold(asked.min, asked.max, unit, LANGUAGE),
        outcome(asked.after.outcome, LANGUAGE)
    )
}

/// Of a long frontier some, its ends and what was chosen among them.
fn shown(table: &Advised) -> Vec<&Candidate> {
    let all = &table.frontier;
    let last = all.len() - 1;
    let is_shown = |place: usize| {
        let step = all.len().div_ceil(TOLD).max(1);
        place == 0
            || place == last
            || place.is_multiple_of(step)
            || Some(all[place]) == table.chosen
    };
    let places = (0..all.len()).filter(|place| is_shown(*place));
    places
        .map(|place| &table.examined[all[place] as usize])
        .collect()
}

fn frontier(candidate: &Candidate) -> String {
    let risk = candidate
        .risk
        .map_or("∞".to_owned(), |risk| format!("{risk:.3}"));
    let changes = candidate.changes.iter();
    let changes: Vec<String> = changes
        .map(|(name, how)| format!("{} {how}", clean(name)))
        .collect();
    let changes = match changes.is_empty() {
        true => "as it is".to_owned(),
        false => changes.join(", "),
    };
    format!("risk {risk:>8}  loss {:.3}  {changes}", candidate.loss)
}

/// As Markdown.
pub fn advised_markdown(advice: &Advice) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# Advice: {}\n", escape(&advice.release));
    let _ = writeln!(
        out,
        "**{}.** {}\n",
        word(advice.after),
        escape(&sentence(advice))
    );
    for table in &advice.tables {
        let _ = writeln!(
            out,
            "## {} ({})\n\n{}\n",
            escape(&table.table),
            table.kind,
            escape(&state(table))
        );
        for note in &table.notes {
            let _ = writeln!(out, "{}\n", escape(note));
        }
        if let Some(candidate) = chosen(table) {
            for (name, how) in &candidate.changes {
                let _ = writeln!(out, "- {}: {how}", escape(name));
            }
            let _ = writeln!(out, "\n{}\n", cost(candidate));
        }
        if !table.requirements.is_empty() {
            out += "| requirement | asked | before | after | |\n|---|---|---|---|---|\n";
        }
        for asked in &table.requirements {
            let unit = asked.before.finding.as_ref().map(|finding| finding.unit);
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                escape(&statistic(
                    &asked.statistic,
                    &parameters(&asked.parameters, LANGUAGE)
                )),
                number::threshold(asked.min, asked.max, unit, LANGUAGE),
                value(&asked.before),
                value(&asked.after),
                outcome(asked.after.outcome, LANGUAGE)
            );
        }
        if table.frontier.len() > 1 {
            out += "\nRisk is how far the worst requirement is from its threshold; above 1 it fails.\n\n";
            out += "| risk | loss | left out | changes |\n|---|---|---|---|\n";
            for at in &table.frontier {
                let candidate = &table.examined[*at as usize];
                let changes = candidate.changes.iter();
                let changes: Vec<String> =
                    changes.map(|(name, how)| format!("{name} {how}")).collect();
                let risk = candidate
                    .risk
                    .map_or("∞".to_owned(), |risk| format!("{risk:.3}"));
                let _ = writeln!(
                    out,
                    "| {risk} | {:.3} | {} | {} |",
                    candidate.loss,
                    number::percent(candidate.suppressed, LANGUAGE),
                    escape(&changes.join(", "))
                );
            }
        }
        out.push('\n');
    }
    if !advice.otherwise.is_empty() {
        out += "## Must be changed otherwise\n\n";
        for entry in &advice.otherwise {
            let _ = writeln!(out, "- {}", escape(&other(entry)));
        }
    }
    out
}
