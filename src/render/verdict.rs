//! Which line of the policy decided, in words.

use std::fmt::Write;

use super::terminal::{clean, wrap};
use super::{line, meaning, number, parameters};
use crate::finding::{Finding, Outcome};
use crate::report::{Origin, PolicyLine, Report, Verdict};

/// Findings of one requirement that are told; the others are counted.
const TOLD: usize = 3;

/// Every requirement with where it is written and why it has the outcome it has, those that decide first.
pub fn explain_verdict(report: &Report, width: u16) -> String {
    let mut out = String::new();
    let deciding = report.unmet().count();
    let first = match (report.verdict, deciding) {
        (Verdict::Pass, _) => "Why this release passes: no line of the policy fails.".to_owned(),
        (Verdict::Fail, 1) => {
            "Why this release fails: one line of the policy decides it.".to_owned()
        }
        (Verdict::Fail, some) => {
            format!("Why this release fails: each of these {some} lines of the policy is enough.")
        }
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
    for asked in lines {
        let lead = format!("  {:<8} ", word(asked.outcome));
        let place = asked.origin.as_ref().map_or(String::new(), place);
        wrap(
            &mut out,
            &format!("{}{place}", clean(&line(asked))),
            width,
            &lead,
        );
        for text in reasons(report, asked) {
            wrap(&mut out, &clean(&text), width, "           ");
        }
    }
    for waiver in &report.policy.waivers {
        let place = waiver.origin.as_ref().map_or(String::new(), place);
        let text = format!("{}{place}", super::waiver(waiver));
        wrap(&mut out, &clean(&text), width, "  waiver   ");
    }
    let _ = writeln!(out);
    out
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotApplicable => "n/a",
        other => super::outcome(other),
    }
}

/// ` (gate.toml, line 7)`.
fn place(origin: &Origin) -> String {
    let what = match origin.built_in {
        true => "built-in policy ",
        false => "",
    };
    format!(" ({what}{}, line {})", clean(&origin.policy), origin.line)
}

/// Why a requirement has its outcome: what was not measured, and the findings that make it.
fn reasons(report: &Report, asked: &PolicyLine) -> Vec<String> {
    let deciding: Vec<&Finding> = asked
        .judged
        .iter()
        .filter(|judged| judged.outcome == asked.outcome)
        .filter_map(|judged| report.findings.get(judged.finding))
        .collect();
    let mut reasons: Vec<String> = asked.reason.iter().cloned().collect();
    match asked.outcome {
        Outcome::Pass => reasons.push(match deciding.len() {
            1 => "met by the one finding".to_owned(),
            some => format!("met by all {some} findings"),
        }),
        Outcome::NotApplicable => {
            reasons.push("no table of the release has what it asks about".to_owned());
        }
        _ => {
            let told = deciding.iter().take(TOLD).map(|finding| told(finding));
            reasons.extend(told);
            if deciding.len() > TOLD {
                reasons.push(format!("and {} more findings", deciding.len() - TOLD));
            }
        }
    }
    reasons
}

/// Table, parameters and value of a finding, and what it means.
fn told(finding: &Finding) -> String {
    let detail = match parameters(&finding.parameters).as_str() {
        "" => String::new(),
        detail => format!(" ({detail})"),
    };
    let end = match finding.interval.is_some() {
        true => "; the unfavourable end of the interval decides",
        false => "",
    };
    let value = number::value(finding);
    let meaning = match finding.value.is_some() {
        true => meaning(finding),
        false => "What has no value passes nothing.".to_owned(),
    };
    format!("{}{detail}: {value}{end}. {meaning}", finding.table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn the_deciding_lines_come_first_with_their_place() {
        let text = explain_verdict(&fixture::report(), 80);
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
        line.reason = Some("not measured on movements: left out".to_owned());
        let text = explain_verdict(&report, 80);
        assert!(
            text.contains("not measured on movements: left out"),
            "{text}"
        );
    }
}
