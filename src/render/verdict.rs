//! Which line of the policy decided, in words.

use std::fmt::Write;

use super::terminal::{clean, wrap};
use super::{line, meaning, number, parameters};
use crate::finding::{Finding, Outcome};
use crate::language::{Language, Say};
use crate::report::{Origin, PolicyLine, Report, Verdict};
use crate::say;

/// Findings of one requirement that are told; the others are counted.
const TOLD: usize = 3;

/// Every requirement with where it is written and why it has the outcome it has, those that decide first.
pub fn explain_verdict(report: &Report, language: Language, width: u16) -> String {
    let mut out = String::new();
    let deciding = report.unmet().count();
    let first = match (report.verdict, deciding) {
        (Verdict::Pass, _) => say!(
            language,
            "Why this release passes: no line of the policy fails.",
            "Warum diese Veröffentlichung besteht: jede Zeile der Richtlinie ist erfüllt."
        ),
        (Verdict::Fail, 1) => say!(
            language,
            "Why this release fails: one line of the policy decides it.",
            "Warum diese Veröffentlichung nicht besteht: eine Zeile der Richtlinie entscheidet."
        ),
        (Verdict::Fail, some) => say!(
            language,
            "Why this release fails: each of these {} lines of the policy is enough.",
            "Warum diese Veröffentlichung nicht besteht: jede dieser {} Zeilen der Richtlinie genügt dafür.",
            some
        ),
    };
    wrap(&mut out, &first, width, "");
    let mut lines: Vec<&PolicyLine> = report.policy.requirements.iter().collect();
    let rank = |line: &&PolicyLine| match line.outcome {
        Outcome::Fail => 0,
        Outcome::Waived => 1,
        Outcome::Baseline => 2,
        Outcome::Pass => 3,
        Outcome::NotApplicable => 4,
    };
    lines.sort_by_key(rank);
    // As wide as the widest outcome.
    let indent = language.pick(8, 13);
    for asked in lines {
        let lead = format!("  {:<1$} ", word(asked.outcome, language), indent);
        let place = (asked.origin.as_ref()).map_or(String::new(), |origin| place(origin, language));
        wrap(
            &mut out,
            &format!("{}{place}", clean(&line(asked, language))),
            width,
            &lead,
        );
        for text in reasons(report, asked, language) {
            wrap(&mut out, &clean(&text), width, &" ".repeat(indent + 3));
        }
    }
    for waiver in &report.policy.waivers {
        let place =
            (waiver.origin.as_ref()).map_or(String::new(), |origin| place(origin, language));
        let text = format!("{}{place}", super::waiver(waiver, language));
        let lead = format!("  {:<1$} ", language.pick("waiver", "Ausnahme"), indent);
        wrap(&mut out, &clean(&text), width, &lead);
    }
    let _ = writeln!(out);
    out
}

fn word(outcome: Outcome, language: Language) -> &'static str {
    match outcome {
        Outcome::NotApplicable => language.pick("n/a", "entfällt"),
        other => super::outcome(other, language),
    }
}

/// ` (gate.toml, line 7)`.
fn place(origin: &Origin, language: Language) -> String {
    let what = match origin.built_in {
        true => language.pick("built-in policy ", "mitgelieferte Richtlinie "),
        false => "",
    };
    let (policy, line) = (clean(&origin.policy), origin.line);
    say!(
        language,
        " ({what}{policy}, line {line})",
        " ({what}{policy}, Zeile {line})"
    )
}

/// Why a requirement has its outcome: what was not measured, and the findings that make it.
fn reasons(report: &Report, asked: &PolicyLine, language: Language) -> Vec<String> {
    let deciding: Vec<&Finding> = asked
        .judged
        .iter()
        .filter(|judged| judged.outcome == asked.outcome)
        .filter_map(|judged| report.findings.get(judged.finding))
        .collect();
    let reason = asked.reason.iter();
    let mut reasons: Vec<String> = reason.map(|reason| reason.say(language)).collect();
    match asked.outcome {
        Outcome::Pass => reasons.push(match deciding.len() {
            1 => say!(
                language,
                "met by the one finding",
                "vom einzigen Befund erfüllt"
            ),
            some => say!(
                language,
                "met by all {} findings",
                "von allen {} Befunden erfüllt",
                some
            ),
        }),
        Outcome::NotApplicable => {
            reasons.push(say!(
                language,
                "no table of the release has what it asks about",
                "keine Tabelle der Veröffentlichung hat, wonach sie fragt"
            ));
        }
        _ => {
            let told = deciding
                .iter()
                .take(TOLD)
                .map(|finding| told(finding, language));
            reasons.extend(told);
            match deciding.len().saturating_sub(TOLD) {
                0 => {}
                1 => reasons.push(say!(
                    language,
                    "and 1 more finding",
                    "und 1 weiterer Befund"
                )),
                more => reasons.push(say!(
                    language,
                    "and {} more findings",
                    "und {} weitere Befunde",
                    more
                )),
            }
        }
    }
    reasons
}

/// Table, parameters and value of a finding, and what it means.
fn told(finding: &Finding, language: Language) -> String {
    let detail = match parameters(&finding.parameters, language).as_str() {
        "" => String::new(),
        detail => format!(" ({detail})"),
    };
    let end = match finding.interval.is_some() {
        true => language.pick(
            "; the unfavourable end of the interval decides",
            "; es entscheidet das ungünstige Ende des Konfidenzintervalls",
        ),
        false => "",
    };
    let value = number::value(finding, language);
    let meaning = match finding.value.is_some() {
        true => meaning(finding, language),
        false => say!(
            language,
            "What has no value passes nothing.",
            "Was keinen Wert hat, besteht nicht."
        ),
    };
    format!("{}{detail}: {value}{end}. {meaning}", finding.table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Said;
    use crate::render::fixture;

    #[test]
    fn the_deciding_lines_come_first_with_their_place() {
        let text = explain_verdict(&fixture::report(), Language::English, 80);
        assert!(text.starts_with("Why this release fails: each of these 2 lines"));
        let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flowing.contains("FAIL k-anonymity.k ≥ 11 (built-in policy strict, line 41)"));
        assert!(flowing.find("FAIL").unwrap() < flowing.find("pass direct-id").unwrap());
        assert!(flowing.contains("The waiver for unicity.share_unique on movements"));
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
    }

    #[test]
    fn what_was_not_measured_is_said() {
        let mut report = fixture::report();
        let line = &mut report.policy.requirements[2];
        line.outcome = Outcome::Fail;
        line.reason = Some(Said::name("not measured on movements: left out"));
        let text = explain_verdict(&report, Language::English, 80);
        assert!(
            text.contains("not measured on movements: left out"),
            "{text}"
        );
    }
}
