//! `reidrisk verify`: a report repeated, or an attestation held against published files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::{bars, reports, start_threads};
use crate::attest::{Known, Predicate};
use crate::error::{Error, Result};
use crate::printable::printable;
use crate::release::{digest, regular};
use crate::report::{Verdict, Waiver};
use crate::{attest, verify};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Verify {
    /// The report.json; with --attestation the published files or their folder
    #[arg(required_unless_present = "attestation", value_name = "REPORT")]
    paths: Vec<PathBuf>,
    /// The release.toml or the data files of the report [default: where they were, seen from here; else beside the
    /// report or above it]
    #[arg(long, value_name = "RELEASE", num_args = 1.., conflicts_with = "attestation")]
    release: Vec<PathBuf>,
    /// The report that was the baseline, where the report was judged with one
    #[arg(long, value_name = "REPORT", conflicts_with = "attestation")]
    baseline: Option<PathBuf>,
    /// An attestation.json: check its signature, and that the published files are those it names
    #[arg(long, value_name = "FILE", requires = "key")]
    attestation: Option<PathBuf>,
    /// The public key in PEM that must have signed the attestation
    #[arg(long, value_name = "PUB.PEM", requires = "attestation")]
    key: Option<PathBuf>,
    /// The policy by which the attested audit must have judged, by the SHA-256 that its report says
    #[arg(long, value_name = "HEX", requires = "attestation")]
    policy_sha256: Option<String>,
    /// Refuse an attested audit that accepted anything for being no worse than in an earlier report
    #[arg(long, requires = "attestation")]
    no_baseline: bool,
    /// Refuse an attested audit of whose policy a waiver accepted anything, or exempted a table
    #[arg(long, requires = "attestation")]
    no_waivers: bool,
    /// Threads [default: one a processor]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Write nothing but errors; the exit code says the rest
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Exit codes: 0 the same, or the published files are those that passed; 1 something differs, or a
published file is not what passed; 2 the report or attestation was changed, is of another version or
not signed by the key; 3 data could not be read.

Examples:
  reidrisk verify reports/week-12/report.json
  reidrisk verify report.json --release data/release.toml
  reidrisk verify --attestation attestation.json --key pub.pem published/
  reidrisk verify --attestation attestation.json --key pub.pem --policy-sha256 3f1c… --no-waivers published/";

pub fn run(arguments: &Verify) -> Result<ExitCode> {
    start_threads(arguments.threads)?;
    match (&arguments.attestation, &arguments.key) {
        (Some(attestation), Some(key)) => published(arguments, attestation, key),
        _ => repeated(arguments),
    }
}

fn repeated(arguments: &Verify) -> Result<ExitCode> {
    let [path] = &arguments.paths[..] else {
        return Err(Error::usage("verify takes one report.json")
            .help("where the data lies is said by --release"));
    };
    let report = reports::read(path)?.report;
    let baseline = arguments.baseline.as_deref().map(reports::baseline);
    let baseline = baseline.transpose()?;
    verify::check(&report, baseline.as_ref())?;
    let release = match arguments.release.is_empty() {
        true => verify::find(&report, path)?,
        false => arguments.release.clone(),
    };
    let bars = bars(super::When::Auto, arguments.quiet);
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut own = reports::files(folder);
    own.extend(arguments.baseline.iter().chain([path]).cloned());
    let found = verify::repeat(&report, release, baseline, own, &bars);
    bars.clear();
    let found = found?;
    let mut text = String::new();
    for one in &found {
        let line = format!(
            "{}\n    reported {}\n    repeated {}\n",
            one.what, one.reported, one.repeated
        );
        text += &line;
    }
    text += &match found.len() {
        0 => format!(
            "the same: {} findings, {} series and the verdict, from the same files\n",
            report.findings.len(),
            report.series.len()
        ),
        1 => "1 difference\n".to_owned(),
        some => format!("{some} differences\n"),
    };
    say(arguments, &text)?;
    Ok(ExitCode::from(u8::from(!found.is_empty())))
}

fn published(arguments: &Verify, attestation: &Path, key: &Path) -> Result<ExitCode> {
    let key = attest::public_key(&read(key)?)?;
    let statement = attest::open(&read(attestation)?, &key)?;
    let files = files(&arguments.paths)?;
    if files.is_empty() && !arguments.paths.is_empty() {
        return Err(Error::usage("there is no file in what is to be checked"));
    }
    let (mut names, mut refused) = (BTreeSet::new(), Vec::new());
    for file in &files {
        let shown = file.path.display();
        match statement.knows(&digest::of_file(&file.path)?, &file.above, &file.below) {
            Known::Audited(name) => drop(names.insert(name.to_owned())),
            Known::Elsewhere(name) => refused.push(format!(
                "{shown} is {name}, which was audited, under another path: folders can be data"
            )),
            Known::Unknown => refused.push(format!(
                "{shown} is no file that was audited, byte for byte"
            )),
        }
    }
    let predicate = &statement.predicate;
    let word = match predicate.verdict {
        Verdict::Pass => "PASS",
        Verdict::Fail => "FAIL",
    };
    let mut text = format!(
        "signed by the key {}\n{}, policy {} ({}), {} {}: {word}\n",
        attest::key_id(&key).get(..16).unwrap_or_default(),
        predicate.release,
        predicate.policy.name,
        predicate.policy.sha256.get(..16).unwrap_or_default(),
        predicate.tool.name,
        predicate.tool.version,
    );
    text += &accepted(predicate);
    for file in &refused {
        text += &format!("refused: {}\n", printable(file));
    }
    if files.is_empty() {
        text += "no published file was named: the signature alone was checked\n";
    } else {
        text += &format!(
            "{} of {} files are those that were audited\n",
            files.len() - refused.len(),
            files.len()
        );
        let absent = statement.absent(&names);
        if !absent.is_empty() {
            text += &format!(
                "audited, but not among these files: {}\n",
                absent.join(", ")
            );
        }
    }
    if predicate.verdict == Verdict::Fail {
        text += "the audit failed: these files must not be published\n";
    }
    let unmet = unmet(arguments, predicate);
    for one in &unmet {
        text += &format!("refused: {one}\n");
    }
    say(arguments, &text)?;
    let passes = refused.is_empty() && unmet.is_empty() && predicate.verdict == Verdict::Pass;
    Ok(ExitCode::from(u8::from(!passes)))
}

/// What the audit accepted, and what it did not measure.
fn accepted(predicate: &Predicate) -> String {
    let policy = &predicate.policy;
    let mut text = match (&policy.baseline_sha256, &policy.baseline) {
        (None, _) => "no baseline\n".to_owned(),
        (Some(sha256), baseline) => {
            let what = baseline.as_ref().map_or(String::new(), |known| {
                let word = match known.verdict {
                    Verdict::Pass => "passed",
                    Verdict::Fail => "failed",
                };
                format!(", which {word} on {}", printable(&known.started))
            });
            let sha256 = sha256.get(..16).unwrap_or_default();
            format!(
                "baseline: what fails was accepted where it is no worse than in report {sha256}{what}\n"
            )
        }
    };
    if policy.waivers.is_empty() {
        text += "no waivers\n";
    }
    for waiver in &policy.waivers {
        let table = waiver.table.as_ref();
        text += &printable(&format!(
            "waiver ({}): {}{}, until {}: {}; approved by {}",
            waiver.state,
            waiver.statistic,
            table.map_or(String::new(), |table| format!(" on {table}")),
            waiver.until,
            waiver.reason,
            waiver.approved_by
        ));
        text.push('\n');
    }
    for exempt in &policy.exemptions {
        let line = format!(
            "nothing was asked of the table {}: {}",
            exempt.table, exempt.reason
        );
        text += &printable(&line);
        text.push('\n');
    }
    for (what, measures) in [("only", &predicate.only), ("without", &predicate.skip)] {
        if !measures.is_empty() {
            text += &format!("audited {what} {}\n", printable(&measures.join(", ")));
        }
    }
    for entry in &predicate.not_measured {
        let statistic = entry.statistic.as_ref();
        text += &printable(&format!(
            "not measured: {}{} on {}: {}",
            entry.measure,
            statistic.map_or(String::new(), |name| format!(".{name}")),
            entry.table,
            entry.reason
        ));
        text.push('\n');
    }
    text
}

/// What was demanded of an attested audit and does not hold.
fn unmet(arguments: &Verify, predicate: &Predicate) -> Vec<String> {
    let policy = &predicate.policy;
    let mut unmet = Vec::new();
    if let Some(wanted) = &arguments.policy_sha256
        && !wanted.trim().eq_ignore_ascii_case(&policy.sha256)
    {
        unmet.push(format!(
            "the audit judged by a policy of the digest {}, which is another",
            printable(&policy.sha256)
        ));
    }
    if arguments.no_baseline && policy.baseline_sha256.is_some() {
        unmet.push("the audit was judged with a baseline".to_owned());
    }
    let is_used = |waiver: &Waiver| waiver.state == "used";
    if arguments.no_waivers && policy.waivers.iter().any(is_used) {
        unmet.push("the audit accepted something by a waiver".to_owned());
    }
    if arguments.no_waivers && !policy.exemptions.is_empty() {
        unmet.push("the policy exempts a table".to_owned());
    }
    unmet
}

/// A file that was named, or lies in a folder that was.
struct Published {
    path: PathBuf,
    /// The parts of its path down to the folder that was named, and those below it.
    above: Vec<String>,
    below: Vec<String>,
}

/// The files named, and all files in the folders named, however deep.
fn files(paths: &[PathBuf]) -> Result<Vec<Published>> {
    let parts = |path: &Path| -> Vec<String> {
        let parts = path.components();
        let parts = parts.filter(|part| matches!(part, std::path::Component::Normal(_)));
        parts
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect()
    };
    let mut found = Vec::new();
    for path in paths {
        let whole = std::fs::canonicalize(path)
            .map_err(|error| Error::data(format!("cannot read {}: {error}", path.display())))?;
        let above = match whole.is_dir() {
            true => parts(&whole),
            false => parts(whole.parent().unwrap_or(&whole)),
        };
        for file in walk(path)? {
            let below = match file.strip_prefix(path) {
                Ok(inside) if !inside.as_os_str().is_empty() => parts(inside),
                _ => parts(Path::new(whole.file_name().unwrap_or_default())),
            };
            found.push(Published {
                path: file,
                above: above.clone(),
                below,
            });
        }
    }
    Ok(found)
}

fn walk(path: &Path) -> Result<Vec<PathBuf>> {
    let unreadable =
        |error: std::io::Error| Error::data(format!("cannot read {}: {error}", path.display()));
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).map_err(unreadable)?;
    let inside = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut inside = inside
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(unreadable)?;
    inside.sort();
    let mut found = Vec::new();
    for path in inside {
        found.extend(walk(&path)?);
    }
    Ok(found)
}

fn read(path: &Path) -> Result<String> {
    regular::text(path)
        .map_err(|error| Error::usage(format!("cannot read {}: {error}", path.display())))
}

fn say(arguments: &Verify, text: &str) -> Result<()> {
    match arguments.quiet {
        true => Ok(()),
        false => super::print(text),
    }
}
