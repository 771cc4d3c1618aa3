//! The whole report in Markdown.

use std::fmt::Write;

use super::foremost::failing;
use super::unmeasured::unmeasured;
use super::{baseline, kind, meaning, named, number, outcome, parameters, sentence};
use crate::finding::{Criterion, Finding};
use crate::language::Language;
use crate::printable::printable;
use crate::report::{Report, Verdict};
use crate::say;

pub fn markdown(report: &Report, language: Language) -> String {
    let mut out = format!("# {}", verdict(report, language));
    let failing = failing(report);
    if !failing.is_empty() {
        let fails = language.pick("What fails", "Was die Richtlinie verfehlt");
        let _ = writeln!(out, "## {fails}\n");
        out.push_str(&table_of_failing(failing.iter().copied(), language));
        out.push('\n');
    }
    let unmet = report
        .policy
        .requirements
        .iter()
        .filter(|line| line.reason.is_some());
    for line in unmet {
        let reason = line
            .reason
            .as_ref()
            .map_or("", |said| said.in_language(language));
        let unmeasured = language.pick(
            "required, but not measured:",
            "gefordert, aber nicht gemessen:",
        );
        let _ = writeln!(
            out,
            "- **{unmeasured}** {}: {}",
            escape(&super::line(line, language)),
            escape(reason)
        );
    }
    out.push_str(language.pick(
        "\n## The release\n\n| table | kind | rows | persons |\n",
        "\n## Die Veröffentlichung\n\n| Tabelle | Art | Zeilen | Personen |\n",
    ));
    out.push_str("| --- | --- | ---: | ---: |\n");
    for table in &report.release.tables {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            escape(&table.name),
            kind(&table.kind, language),
            language.grouped(table.rows),
            table
                .persons
                .map_or("–".to_owned(), |persons| language.grouped(persons))
        );
    }
    for criterion in Criterion::ALL {
        let of: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|finding| finding.criterion == criterion)
            .collect();
        let _ = writeln!(out, "\n## {}\n", criterion.title(language));
        if of.is_empty() {
            out.push_str(language.pick("Nothing was measured.\n", "Nichts wurde gemessen.\n"));
            continue;
        }
        let (asked, rest): (Vec<&Finding>, Vec<&Finding>) = of
            .into_iter()
            .partition(|finding| finding.requirement.is_some());
        findings(&mut out, &asked, language);
        if !rest.is_empty() {
            let _ = writeln!(
                out,
                "\n<details><summary>{}</summary>\n",
                say!(
                    language,
                    "{} further findings",
                    "{} weitere Befunde",
                    rest.len()
                )
            );
            findings(&mut out, &rest, language);
            out.push_str("\n</details>\n");
        }
    }
    if !report.not_measured.is_empty() {
        out.push_str(language.pick("\n## Not measured\n\n", "\n## Nicht gemessen\n\n"));
        for group in unmeasured(report) {
            let reason = escape(group.reason.in_language(language));
            let what = escape(&group.line(report, language));
            let _ = writeln!(out, "- {reason}: {what}");
        }
    }
    if !report.policy.waivers.is_empty() {
        out.push_str(language.pick("\n## Waivers\n\n", "\n## Ausnahmen\n\n"));
        for waiver in &report.policy.waivers {
            let _ = writeln!(out, "- {}", escape(&super::waiver(waiver, language)));
        }
    }
    if !report.notes.is_empty() {
        out.push_str(language.pick("\n## Notes\n\n", "\n## Hinweise\n\n"));
        for note in &report.notes {
            let table = note
                .table
                .as_ref()
                .map_or(String::new(), |name| format!("{}: ", escape(name)));
            let _ = writeln!(out, "- {table}{}", escape(note.text.in_language(language)));
        }
    }
    let _ = writeln!(
        out,
        "\n---\n{} {}, {} {} ({}), {} {}",
        report.tool.name,
        report.tool.version,
        language.pick("policy", "Richtlinie"),
        escape(&report.policy.name),
        &report.policy.sha256.get(..12).unwrap_or_default(),
        language.pick("seed", "Startwert"),
        report.settings.seed
    );
    out
}

fn findings(out: &mut String, findings: &[&Finding], language: Language) {
    if findings.is_empty() {
        return;
    }
    out.push_str(language.pick(
        "| table | statistic | value | asked | outcome |\n",
        "| Tabelle | Statistik | Wert | Gefordert | Ergebnis |\n",
    ));
    out.push_str("| --- | --- | --- | --- | --- |\n");
    for finding in findings {
        let (asked, word) = match finding.requirement {
            Some(asked) => (
                number::threshold(asked.min, asked.max, Some(finding.unit), language),
                outcome(asked.outcome, language),
            ),
            None => (String::new(), "–"),
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {asked} | {word} |",
            escape(&finding.table),
            statistic(finding, language),
            value(finding, language)
        );
    }
}

/// The verdict and the name of the release, and below it the verdict in a sentence.
pub(super) fn verdict(report: &Report, language: Language) -> String {
    let word = match report.verdict {
        Verdict::Fail => language.pick("❌ FAIL", "❌ NICHT BESTANDEN"),
        Verdict::Pass => language.pick("✅ PASS", "✅ BESTANDEN"),
    };
    let mut text = format!(
        "{word}: {}\n\n{}\n\n",
        escape(&report.release.name),
        escape(&sentence(report, language))
    );
    if let Some(baseline) = baseline(report, language) {
        text += &format!("{}\n\n", escape(&baseline));
    }
    text
}

/// Findings that fail, a row each.
pub(super) fn table_of_failing<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    language: Language,
) -> String {
    let mut out = String::new();
    out.push_str(language.pick(
        "| table | statistic | value | asked | meaning |\n",
        "| Tabelle | Statistik | Wert | Gefordert | Bedeutung |\n",
    ));
    out.push_str("| --- | --- | --- | --- | --- |\n");
    for finding in findings {
        let asked = finding.requirement.map_or(String::new(), |asked| {
            number::threshold(asked.min, asked.max, Some(finding.unit), language)
        });
        let _ = writeln!(
            out,
            "| {} | {} | {} | {asked} | {} |",
            escape(&finding.table),
            statistic(finding, language),
            value(finding, language),
            escape(&meaning(finding, language))
        );
    }
    out
}

pub(super) fn statistic(finding: &Finding, language: Language) -> String {
    let detail = parameters(&finding.parameters, language);
    let title = escape(&named(finding, language));
    if detail.is_empty() {
        title
    } else {
        format!("{title} ({})", escape(&detail))
    }
}

pub(super) fn value(finding: &Finding, language: Language) -> String {
    let parts = [
        number::denominator(finding, language),
        number::interval(finding, language),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        number::value(finding, language)
    } else {
        format!(
            "{} ({})",
            number::value(finding, language),
            parts.join("; ")
        )
    }
}

/// Names come from files: nothing in them may become markup.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn hostile_names_stay_names() {
        let text = markdown(&fixture::hostile(), Language::English);
        assert!(!text.contains("<script"));
        let header = text
            .lines()
            .find(|line| line.starts_with("| table | statistic"))
            .unwrap();
        let columns = |line: &str| line.replace("\\|", "").matches('|').count();
        for line in text
            .lines()
            .filter(|line| line.contains("script") && line.starts_with('|'))
        {
            assert!([columns(header), 5].contains(&columns(line)), "{line}");
        }
    }

    #[test]
    fn what_fails_comes_first() {
        let text = markdown(&fixture::report(), Language::English);
        assert!(text.starts_with("# ❌ FAIL: "));
        assert!(text.find("## What fails").unwrap() < text.find("## Singling out").unwrap());
    }
}
