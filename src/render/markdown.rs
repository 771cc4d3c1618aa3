//! The whole report in Markdown.

use std::fmt::Write;

use super::foremost::failing;
use super::{meaning, number, outcome, parameters, sentence, title};
use crate::finding::{Criterion, Finding};
use crate::report::{Report, Verdict};

pub fn markdown(report: &Report) -> String {
    let mut out = format!("# {}", verdict(report));
    let failing = failing(report);
    if !failing.is_empty() {
        out.push_str("## What fails\n\n");
        out.push_str(&table_of_failing(failing.iter().copied()));
        out.push('\n');
    }
    let unmet = report
        .policy
        .requirements
        .iter()
        .filter(|line| line.reason.is_some());
    for line in unmet {
        let reason = line.reason.as_deref().unwrap_or_default();
        let _ = writeln!(
            out,
            "- **required, but not measured:** {}: {}",
            escape(&super::line(line)),
            escape(reason)
        );
    }
    out.push_str(
        "\n## The release\n\n| table | kind | rows | persons |\n| --- | --- | ---: | ---: |\n",
    );
    for table in &report.release.tables {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            escape(&table.name),
            table.kind,
            number::grouped(table.rows),
            table.persons.map_or("–".to_owned(), number::grouped)
        );
    }
    for criterion in Criterion::ALL {
        let of: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|finding| finding.criterion == criterion)
            .collect();
        let _ = writeln!(out, "\n## {}\n", criterion.title());
        if of.is_empty() {
            out.push_str("Nothing was measured.\n");
            continue;
        }
        let (asked, rest): (Vec<&Finding>, Vec<&Finding>) = of
            .into_iter()
            .partition(|finding| finding.requirement.is_some());
        findings(&mut out, &asked);
        if !rest.is_empty() {
            let _ = writeln!(
                out,
                "\n<details><summary>{} further findings</summary>\n",
                rest.len()
            );
            findings(&mut out, &rest);
            out.push_str("\n</details>\n");
        }
    }
    if !report.not_measured.is_empty() {
        out.push_str("\n## Not measured\n\n");
        for entry in &report.not_measured {
            let _ = writeln!(
                out,
                "- {}{} on {}: {}",
                entry.measure,
                entry
                    .statistic
                    .as_ref()
                    .map_or(String::new(), |name| format!(".{name}")),
                escape(&entry.table),
                escape(entry.reason.english())
            );
        }
    }
    if !report.policy.waivers.is_empty() {
        out.push_str("\n## Waivers\n\n");
        for waiver in &report.policy.waivers {
            let _ = writeln!(out, "- {}", escape(&super::waiver(waiver)));
        }
    }
    if !report.notes.is_empty() {
        out.push_str("\n## Notes\n\n");
        for note in &report.notes {
            let table = note
                .table
                .as_ref()
                .map_or(String::new(), |name| format!("{}: ", escape(name)));
            let _ = writeln!(out, "- {table}{}", escape(&note.text));
        }
    }
    let _ = writeln!(
        out,
        "\n---\n{} {}, policy {} ({}), seed {}",
        report.tool.name,
        report.tool.version,
        escape(&report.policy.name),
        &report.policy.sha256.get(..12).unwrap_or_default(),
        report.settings.seed
    );
    out
}

fn findings(out: &mut String, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    out.push_str("| table | statistic | value | asked | outcome |\n");
    out.push_str("| --- | --- | --- | --- | --- |\n");
    for finding in findings {
        let (asked, word) = match finding.requirement {
            Some(asked) => (
                number::threshold(asked.min, asked.max, Some(finding.unit)),
                outcome(asked.outcome),
            ),
            None => (String::new(), "–"),
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {asked} | {word} |",
            escape(&finding.table),
            statistic(finding),
            value(finding)
        );
    }
}

/// The verdict and the name of the release, and below it the verdict in a sentence.
pub(super) fn verdict(report: &Report) -> String {
    let word = match report.verdict {
        Verdict::Fail => "❌ FAIL",
        Verdict::Pass => "✅ PASS",
    };
    format!(
        "{word}: {}\n\n{}\n\n",
        escape(&report.release.name),
        escape(&sentence(report))
    )
}

/// Findings that fail, a row each.
pub(super) fn table_of_failing<'a>(findings: impl Iterator<Item = &'a Finding>) -> String {
    let mut out = String::new();
    out.push_str("| table | statistic | value | asked | meaning |\n");
    out.push_str("| --- | --- | --- | --- | --- |\n");
    for finding in findings {
        let asked = finding.requirement.map_or(String::new(), |asked| {
            number::threshold(asked.min, asked.max, Some(finding.unit))
        });
        let _ = writeln!(
            out,
            "| {} | {} | {} | {asked} | {} |",
            escape(&finding.table),
            statistic(finding),
            value(finding),
            escape(&meaning(finding))
        );
    }
    out
}

pub(super) fn statistic(finding: &Finding) -> String {
    let detail = parameters(&finding.parameters);
    let title = escape(&title(finding));
    if detail.is_empty() {
        title
    } else {
        format!("{title} ({})", escape(&detail))
    }
}

pub(super) fn value(finding: &Finding) -> String {
    let parts = [number::denominator(finding), number::interval(finding)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        number::value(finding)
    } else {
        format!("{} ({})", number::value(finding), parts.join("; "))
    }
}

/// Names come from files: nothing in them may become markup.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' => escaped.extend(['\\', c]),
            c if c.is_control() => escaped.push(' '),
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
        let text = markdown(&fixture::hostile());
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
        let text = markdown(&fixture::report());
        assert!(text.starts_with("# ❌ FAIL: "));
        assert!(text.find("## What fails").unwrap() < text.find("## Singling out").unwrap());
    }
}
