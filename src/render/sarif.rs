//! SARIF 2.1.0, for code scanning: a rule a measure, a result for all that fails, is waived or is accepted by a
//! baseline, at the line of the policy that asks for it. A preset has no file: there the line is the manifest's.

use std::path::Path;

use serde_json::{Value, json};

use super::{meaning, title};
use crate::finding::{Finding, Outcome};
use crate::language::Language::English;
use crate::language::Said;
use crate::measure::{self, Doc};
use crate::printable::printable_json;
use crate::release::digest;
use crate::report::{Origin, PolicyLine, Report, Waiver};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The rule of waivers that are of no use, beside the measures.
const WAIVER: &str = "waiver";

pub fn sarif(report: &Report) -> String {
    let mut rules: Vec<Value> = measure::docs().map(rule).collect();
    rules.push(json!({
        "id": WAIVER,
        "name": "Waiver",
        "shortDescription": {"text": "A waiver is expired or unused"},
        "fullDescription": {"text": "A waiver accepts a risk until a day, for a reason, by somebody's approval. One that \
                                     is expired accepts nothing, one that is unused should go."},
        "defaultConfiguration": {"level": "warning"},
    }));
    let mut results: Vec<Value> = Vec::new();
    for line in &report.policy.requirements {
        results.extend(of_findings(report, line));
        results.extend(of_missing(report, line));
    }
    let stale = report.policy.waivers.iter();
    let stale = stale.filter(|waiver| waiver.state != "used");
    results.extend(stale.map(|waiver| of_waiver(report, waiver)));
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": report.tool.name,
                "version": report.tool.version,
                "semanticVersion": report.tool.version,
                "rules": rules,
            }},
            "automationDetails": {"id": format!("{}/", report.tool.name)},
            "invocations": [{"executionSuccessful": true}],
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {
                "release": report.release.name,
                "verdict": report.verdict,
                "policySha256": report.policy.sha256,
            },
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).expect("it has no map but by name");
    text.push('\n');
    printable_json(&text).into_owned()
}

fn rule(doc: &Doc) -> Value {
    let help = format!(
        "{}\n\nDefinition: {}\n\nFormula: {}\n\nSources: {}",
        doc.question,
        doc.definition,
        doc.formula,
        doc.citations.join("; ")
    );
    json!({
        "id": doc.id,
        "name": pascal(doc.id),
        "shortDescription": {"text": doc.title},
        "fullDescription": {"text": doc.question},
        "help": {"text": help},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["privacy", doc.criterion]},
    })
}

/// `k-anonymity` as `KAnonymity`.
fn pascal(id: &str) -> String {
    let words = id.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    });
    words.collect()
}

fn of_findings<'a>(report: &'a Report, line: &'a PolicyLine) -> impl Iterator<Item = Value> + 'a {
    let wrong = line.judged.iter();
    let wrong = wrong.filter(|judged| judged.outcome != Outcome::Pass);
    wrong.filter_map(move |judged| {
        let finding = report.findings.get(judged.finding)?;
        let asked = super::line(line, English);
        let text = format!(
            "{} on {}: {} The policy asks for {asked}.",
            title(finding, English),
            finding.table,
            meaning(finding, English)
        );
        let key = format!("{asked} | {}", finding.key());
        let at = location(report, line.origin.as_ref(), Some(&finding.table));
        let mut result = result(&finding.measure, "error", &text, &key, at);
        result["properties"] = json!({
            "statistic": finding.id(),
            "table": finding.table,
            "columns": finding.columns,
            "parameters": finding.parameters,
            "value": finding.value,
        });
        let known = judged.outcome == Outcome::Baseline;
        if report.policy.baseline_sha256.is_some() {
            result["baselineState"] = json!(if known { "unchanged" } else { "new" });
        }
        if known {
            result["level"] = json!("note");
        }
        if judged.outcome == Outcome::Waived {
            result["suppressions"] = suppressions(report, finding);
        }
        Some(result)
    })
}

/// The waivers that accept a finding.
fn suppressions(report: &Report, finding: &Finding) -> Value {
    let waivers = report.policy.waivers.iter();
    let used = waivers.filter(|waiver| waiver.state == "used" && waiver.covers(finding));
    let suppression = |waiver: &Waiver| {
        json!({
            "kind": "external",
            "status": "accepted",
            "justification": format!(
                "{} (approved by {}, until {})",
                waiver.reason, waiver.approved_by, waiver.until
            ),
        })
    };
    used.take(1).map(suppression).collect()
}

/// What is asked of a table and was not measured; or of a release that has no such table.
fn of_missing<'a>(report: &'a Report, line: &'a PolicyLine) -> impl Iterator<Item = Value> + 'a {
    let asked = super::line(line, English);
    let measure = line.statistic.split('.').next().unwrap_or_default();
    let nowhere = line
        .missing
        .is_empty()
        .then_some(line.reason.as_ref().map(Said::english));
    let nowhere = nowhere.flatten().map(|reason| (None, reason));
    let missing = line.missing.iter();
    let missing = missing.map(|one| (Some(one.table.as_str()), one.reason.english()));
    missing.chain(nowhere).map(move |(table, reason)| {
        let of = table.map_or(String::new(), |table| format!(" on {table}"));
        let text = format!("Not measured{of}: {reason}. The policy asks for {asked}.");
        let at = location(report, line.origin.as_ref(), table);
        let key = format!("{asked} | not measured{of}");
        let mut result = result(measure, "error", &text, &key, at);
        if report.policy.baseline_sha256.is_some() {
            result["baselineState"] = json!("new");
        }
        result
    })
}

fn of_waiver(report: &Report, waiver: &Waiver) -> Value {
    let text = super::waiver(waiver, English);
    let key = format!("waiver | {text}");
    let at = location(report, waiver.origin.as_ref(), waiver.table.as_deref());
    let mut result = result(WAIVER, "warning", &text, &key, at);
    if report.policy.baseline_sha256.is_some() {
        result["baselineState"] = json!("new");
    }
    result
}

/// The fingerprint depends on what was asked of what, not on the figure that was found.
fn result(rule: &str, level: &str, text: &str, key: &str, location: Value) -> Value {
    json!({
        "ruleId": rule,
        "ruleIndex": index(rule),
        "level": level,
        "kind": "fail",
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"reidriskFinding/v1": digest::of_text(key)},
    })
}

fn index(rule: &str) -> usize {
    let position = measure::docs().position(|doc| doc.id == rule);
    position.unwrap_or_else(|| measure::docs().count())
}

/// The policy's line; of a preset, which has no file, the line where the manifest describes the table.
fn location(report: &Report, origin: Option<&Origin>, table: Option<&str>) -> Value {
    let written = origin.filter(|origin| !origin.built_in);
    let (path, line) = match written {
        Some(origin) => (origin.policy.as_str(), origin.line),
        None => {
            let path = report
                .run
                .paths
                .first()
                .or(report.release.manifest.as_ref());
            let mut tables = report.release.tables.iter();
            let table = tables.find(|known| Some(known.name.as_str()) == table);
            let line = table.and_then(|table| table.line).unwrap_or(1);
            (path.map_or("release.toml", String::as_str), line)
        }
    };
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(path)},
        "region": {"startLine": line},
    }})
}

/// A path as a reference that is relative where the path is: what scanners expect of files in a repository.
fn uri(path: &str) -> String {
    let root = match Path::new(path).is_absolute() {
        true => "file://",
        false => "",
    };
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut uri = String::from(root);
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(byte.into());
            }
            byte => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    fn log(report: &Report) -> Value {
        serde_json::from_str(&sarif(report)).unwrap()
    }

    #[test]
    fn every_result_names_its_rule_and_fails_by_a_line() {
        let report = fixture::report();
        let log = log(&report);
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        let failing = report.policy.requirements.iter();
        let failing: u64 = failing.map(|line| line.failed).sum();
        assert_eq!(results.len() as u64, failing + 1, "and an unused waiver");
        for result in results {
            let at = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(run["tool"]["driver"]["rules"][at]["id"], result["ruleId"]);
        }
        let place = &results[0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "data/release.toml");
        assert_eq!(place["region"]["startLine"], 6, "of the table");
    }

    #[test]
    fn fingerprints_outlive_the_figures() {
        let print =
            |report: &Report| log(report)["runs"][0]["results"][0]["partialFingerprints"].clone();
        let report = fixture::report();
        let mut other = report.clone();
        let failing = other.policy.requirements[0].judged[0].finding;
        other.findings[failing].value = Some(2.into());
        assert_eq!(print(&report), print(&other));
        other.findings[failing].table = "others".to_owned();
        assert_ne!(print(&report), print(&other));
    }

    #[test]
    fn what_is_waived_is_suppressed_and_what_is_known_is_unchanged() {
        let mut report = fixture::report();
        let judged = &mut report.policy.requirements[0].judged[0];
        judged.outcome = Outcome::Waived;
        let finding = report.findings[judged.finding].clone();
        report.policy.waivers[0] = Waiver {
            statistic: finding.id(),
            table: None,
            state: "used".to_owned(),
            ..report.policy.waivers[0].clone()
        };
        let waived = log(&report)["runs"][0]["results"][0].clone();
        let why = waived["suppressions"][0]["justification"].as_str().unwrap();
        assert!(
            why.contains("internal recipients only (approved by DPO"),
            "{why}"
        );
        report.policy.requirements[0].judged[0].outcome = Outcome::Baseline;
        report.policy.baseline_sha256 = Some("c".repeat(64));
        let results = log(&report)["runs"][0]["results"].clone();
        assert_eq!(results[0]["baselineState"], "unchanged");
        assert_eq!(results[0]["level"], "note");
        assert_eq!(results[1]["baselineState"], "new");
    }

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("./a b/ü.toml"), "a%20b/%C3%BC.toml");
        assert_eq!(uri("/data/p.toml"), "file:///data/p.toml");
    }
}
