//! A report checked: does it agree with itself, and does the same audit give the same again?

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::audit::{Options, Stages, audit};
use crate::compare::Baseline;
use crate::error::{Error, Result};
use crate::finding::{Finding, Number, Requirement};
use crate::judge::policy::{PRESETS, Policy};
use crate::judge::{Bench, judge};
use crate::language::Said;
use crate::release::digest;
use crate::report::{COVERAGE, PolicyLine, Report};

/// Something that is not the same again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Discrepancy {
    pub what: String,
    pub reported: String,
    pub repeated: String,
}

/// Checks what can be checked without data: that this version wrote the report, and that it agrees with itself.
///
/// # Errors
/// It was written by another version, or changed after it was written.
pub fn check(report: &Report, baseline: Option<&Baseline>) -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    if report.tool.version != version {
        let message = format!(
            "the report was written by version {}, this is version {version}",
            report.tool.version
        );
        return Err(Error::usage(message).help(format!(
            "figures are the same only within a version: cargo install reidrisk --version {}",
            report.tool.version
        )));
    }
    let changed = |what: String| {
        Err(
            Error::usage(format!("the report contradicts itself: {what}"))
                .help("it was changed after it was written; ask for the original"),
        )
    };
    let names: Vec<String> = report
        .release
        .tables
        .iter()
        .map(|table| table.name.clone())
        .collect();
    let name = &report.policy.name;
    let built_in = PRESETS.iter().any(|(known, _)| known == name);
    let policy = match &report.policy.text {
        // A policy of one's own must not pass for a built-in one.
        Some(_) if built_in => return changed(format!("{name} is built in and has no text")),
        Some(text) => Policy::of_text(name, text, &names)?,
        None if built_in => Policy::load(name, &names)?,
        None => return changed(format!("it does not have the text of the policy {name}")),
    };
    if policy.sha256 != report.policy.sha256 {
        return changed(format!("the digest of the policy {name} is another"));
    }
    if let Some(finding) = report.findings.iter().find(|finding| !adds_up(finding)) {
        return changed(format!("`{}` does not add up", finding.key()));
    }
    let given = baseline.map(|baseline| &baseline.sha256);
    if given != report.policy.baseline_sha256.as_ref() {
        let message = match &report.policy.baseline_sha256 {
            Some(_) => "the report was judged with a baseline, and this is not that one",
            None => "the report was judged without a baseline",
        };
        return Err(Error::usage(message).help("name the same with --baseline"));
    }
    judged_again(report, &policy, baseline)
}

/// Whether the parts of a finding agree: a share is that of its counts, and lies in its interval.
fn adds_up(finding: &Finding) -> bool {
    let Some(value) = finding.value.map(Number::as_f64) else {
        return true;
    };
    let near = |other: f64| (value - other).abs() <= 1e-9 * value.abs().max(1.0);
    let of_counts = match (finding.numerator, finding.denominator) {
        (Some(count), Some(of)) if finding.unit.is_proportion() => {
            near(count as f64 / of.max(1) as f64)
        }
        (Some(count), Some(_)) => near(count as f64),
        _ => true,
    };
    let within = finding
        .interval
        .is_none_or(|interval| value >= interval.low - 1e-9 && value <= interval.high + 1e-9);
    of_counts && within
}

/// Judges the findings of a report by its policy, and holds what comes of it against what the report says.
///
/// # Errors
/// It is something else.
fn judged_again(report: &Report, policy: &Policy, baseline: Option<&Baseline>) -> Result<()> {
    let name = &policy.name;
    let today = jiff::tz::TimeZone::UTC
        .to_datetime(jiff::Timestamp::now())
        .date();
    let as_of = match &report.policy.as_of {
        None => today,
        Some(day) => day.parse().map_err(|_| no_day())?,
    };
    let tables: Vec<String> = report
        .release
        .tables
        .iter()
        .map(|table| table.name.clone())
        .collect();
    let lines = report.policy.requirements.iter();
    let owed = lines
        .filter(|line| line.statistic != COVERAGE)
        .flat_map(|line| {
            let tables = line.owed.iter();
            tables.map(|table| (line.statistic.clone(), table.clone()))
        });
    let bench = Bench {
        policy,
        not_measured: &report.not_measured,
        applicable: &owed.collect(),
        tables: &tables,
        today: as_of,
        baseline,
    };
    let mut findings = report.findings.clone();
    findings
        .iter_mut()
        .for_each(|finding| finding.requirement = None);
    let again = judge(&bench, &mut findings);
    let changed = |what: String| {
        Err(
            Error::usage(format!("the report contradicts itself: {what}"))
                .help("it was changed after it was written; ask for the original"),
        )
    };
    let (old, new) = (&report.policy.requirements, &again.policy.requirements);
    for at in 0..old.len().max(new.len()) {
        if old.get(at).map(outlined) != new.get(at).map(outlined) {
            let line = new
                .get(at)
                .or(old.get(at))
                .expect("one of them has so many");
            let place = line.origin.as_ref().map_or(0, |origin| origin.line);
            return changed(format!(
                "the outcome of `{}` (line {place} of {name}) does not follow from its findings",
                line.statistic
            ));
        }
    }
    if report.verdict != again.verdict {
        return changed("the verdict does not follow from the requirements".to_owned());
    }
    let asked = |findings: &[Finding]| -> Vec<Option<Requirement>> {
        findings.iter().map(|finding| finding.requirement).collect()
    };
    if asked(&report.findings) != asked(&findings) {
        return changed(format!(
            "what is asked of its findings is not what {name} asks"
        ));
    }
    if report.policy.waivers != again.policy.waivers {
        return changed(format!("its waivers are not those of {name}"));
    }
    if report.policy.exemptions != again.policy.exemptions
        || report.policy.as_of != again.policy.as_of
        || report.policy.baseline != again.policy.baseline
    {
        return changed(format!("it does not say what {name} and its baseline say"));
    }
    Ok(())
}

fn no_day() -> Error {
    Error::usage("the report says no day on which the waivers were judged")
}

/// A line without the words for why something is missing, which take the release to find again.
fn outlined(line: &PolicyLine) -> PolicyLine {
    let mut line = line.clone();
    line.reason = line.reason.map(|_| Said::default());
    for missing in &mut line.missing {
        missing.reason = Said::default();
    }
    line
}

/// Where the release of a report lies: as it was named when it was audited, from the current folder; else a manifest
/// of the same name and digest beside the report or in a folder above it. A manifest of another digest is taken only
/// where it lies in one of the first two places.
///
/// # Errors
/// It is not to be found.
pub fn find(report: &Report, path: &Path) -> Result<Vec<PathBuf>> {
    let named: Vec<PathBuf> = report.run.paths.iter().map(PathBuf::from).collect();
    let Some(manifest) = &report.release.manifest else {
        return match !named.is_empty() && named.iter().all(|path| path.exists()) {
            true => Ok(named),
            false => Err(missing("the data files")),
        };
    };
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let above = path.ancestors().skip(1).map(|folder| folder.join(manifest));
    let near: Vec<PathBuf> = named.into_iter().chain(above).collect();
    let is_meant = |path: &&PathBuf| {
        let digest = digest::of_file(path);
        digest.is_ok_and(|digest| digest == report.release.manifest_sha256)
    };
    let there = || near.iter().filter(|path| path.is_file());
    let first = near.iter().take(2).find(|path| path.is_file());
    let found = there().find(is_meant).or(first);
    match found {
        Some(path) => Ok(vec![path.clone()]),
        None => Err(missing(&format!("the manifest {manifest}"))),
    }
}

fn missing(what: &str) -> Error {
    Error::usage(format!("{what} of the report is not to be found from here"))
        .help("name it: reidrisk verify report.json --release release.toml")
}

/// Repeats the audit of a report on the release in `paths`, and gives what is not the same.
///
/// # Errors
/// The report contradicts itself, or the release cannot be read.
pub fn repeat(
    report: &Report,
    paths: Vec<PathBuf>,
    baseline: Option<Baseline>,
    own: Vec<PathBuf>,
    stages: &dyn Stages,
) -> Result<Vec<Discrepancy>> {
    check(report, baseline.as_ref())?;
    let as_of = match &report.policy.as_of {
        None => None,
        Some(day) => Some(day.parse().map_err(|_| no_day())?),
    };
    let options = Options {
        paths,
        policy: report.policy.name.clone(),
        policy_text: report.policy.text.clone(),
        as_of,
        baseline,
        seed: Some(report.settings.seed),
        only: report.settings.only.clone(),
        skip: report.settings.skip.clone(),
        own,
        memory_limit: None,
    };
    let again = audit(&options, stages)?;
    // As it would be read from its file: numbers that JSON cannot say are none.
    let again = serde_json::to_value(&again).expect("a report has no map but by name");
    let reported = serde_json::to_value(report).expect("a report has no map but by name");
    Ok(discrepancies(&reported, &again))
}

/// What of two reports, outside `run`, is not the same.
fn discrepancies(reported: &Value, repeated: &Value) -> Vec<Discrepancy> {
    let mut found = Vec::new();
    fields(
        "release",
        &reported["release"],
        &repeated["release"],
        &["tables", "auxiliaries"],
        &mut found,
    );
    for list in ["tables", "auxiliaries"] {
        let (old, new) = (&reported["release"][list], &repeated["release"][list]);
        entries(
            old,
            new,
            &|table| format!("table {}", text(&table["name"])),
            &mut found,
        );
    }
    fields(
        "settings",
        &reported["settings"],
        &repeated["settings"],
        &[],
        &mut found,
    );
    fields(
        "policy",
        &reported["policy"],
        &repeated["policy"],
        &["requirements"],
        &mut found,
    );
    let line = |line: &Value| {
        let origin = &line["origin"];
        format!(
            "{} (line {} of {})",
            text(&line["statistic"]),
            origin["line"],
            text(&origin["policy"])
        )
    };
    entries(
        &reported["policy"]["requirements"],
        &repeated["policy"]["requirements"],
        &line,
        &mut found,
    );
    entries(
        &reported["findings"],
        &repeated["findings"],
        &|finding| key(finding, "statistic"),
        &mut found,
    );
    entries(
        &reported["series"],
        &repeated["series"],
        &|series| key(series, "name"),
        &mut found,
    );
    let unmeasured = |entry: &Value| {
        let of = &entry["statistic"];
        format!(
            "not measured: {} {} of {}",
            text(&entry["measure"]),
            text(of),
            text(&entry["table"])
        )
    };
    entries(
        &reported["not_measured"],
        &repeated["not_measured"],
        &unmeasured,
        &mut found,
    );
    fields(
        "report",
        reported,
        repeated,
        &[
            "release",
            "settings",
            "policy",
            "findings",
            "series",
            "not_measured",
            "run",
        ],
        &mut found,
    );
    found
}

/// What tells a finding or a series from others.
fn key(entry: &Value, name: &str) -> String {
    let mut key = format!(
        "{}.{} of {}",
        text(&entry["measure"]),
        text(&entry[name]),
        text(&entry["table"])
    );
    if let Some(columns) = entry["columns"]
        .as_array()
        .filter(|columns| !columns.is_empty())
    {
        let columns: Vec<String> = columns.iter().map(text).collect();
        key += &format!(" ({})", columns.join(", "));
    }
    for (name, value) in entry["parameters"].as_object().into_iter().flatten() {
        key += &format!(", {name} = {}", text(value));
    }
    key
}

/// Entries of two lists, matched by what they are called; of several with one name by their order.
fn entries(
    old: &Value,
    new: &Value,
    name: &dyn Fn(&Value) -> String,
    found: &mut Vec<Discrepancy>,
) {
    let keyed = |list: &Value| {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut keyed: BTreeMap<(String, usize), Value> = BTreeMap::new();
        for entry in list.as_array().into_iter().flatten() {
            let name = name(entry);
            let count = seen.entry(name.clone()).or_default();
            keyed.insert((name, *count), entry.clone());
            *count += 1;
        }
        keyed
    };
    let (old, new) = (keyed(old), keyed(new));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for key in keys {
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) => fields(&key.0, old, new, &[], found),
            (old, _) => {
                let (there, absent) = ("there".to_owned(), "absent".to_owned());
                let (reported, repeated) = match old {
                    Some(_) => (there, absent),
                    None => (absent, there),
                };
                found.push(Discrepancy {
                    what: key.0.clone(),
                    reported,
                    repeated,
                });
            }
        }
    }
}

/// The fields of one object that are not the same.
fn fields(what: &str, old: &Value, new: &Value, but: &[&str], found: &mut Vec<Discrepancy>) {
    let empty = serde_json::Map::new();
    let (old, new) = (
        old.as_object().unwrap_or(&empty),
        new.as_object().unwrap_or(&empty),
    );
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names
        .into_iter()
        .filter(|name| !but.contains(&name.as_str()))
    {
        let (old, new) = (old.get(name), new.get(name));
        if old != new {
            found.push(Discrepancy {
                what: format!("{what}: {name}"),
                reported: shown(old),
                repeated: shown(new),
            });
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A value in few words.
fn shown(value: Option<&Value>) -> String {
    let whole = value.map_or("nothing".to_owned(), |value| match value {
        Value::Null => "nothing".to_owned(),
        other => text(other),
    });
    match whole.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &whole[..end]),
        None => whole,
    }
}
