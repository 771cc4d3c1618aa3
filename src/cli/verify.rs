//! `reidrisk verify`: a report repeated, or an attestation held against published files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::{bars, reports, start_threads};
use crate::error::{Error, Result};
use crate::release::{digest, regular};
use crate::report::Verdict;
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
  reidrisk verify --attestation attestation.json --key pub.pem published/";

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
    verify::check(&report)?;
    let release = match arguments.release.is_empty() {
        true => verify::find(&report, path)?,
        false => arguments.release.clone(),
    };
    let baseline = arguments.baseline.as_deref().map(reports::baseline);
    let bars = bars(super::When::Auto, arguments.quiet);
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut own = reports::files(folder);
    own.extend(arguments.baseline.iter().chain([path]).cloned());
    let found = verify::repeat(&report, release, baseline.transpose()?, own, &bars);
    bars.clear();
    let found = found?;
    let mut text = String::new();
    for one in &found {
        let line = format!(
            "{}\n    reported {}\n    repeated {}\n",
            one.what, one.reported, one.repeated
        );
        text += &printable(&line);
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
    let (mut digests, mut refused) = (BTreeSet::new(), Vec::new());
    for file in &files {
        let digest = digest::of_file(file)?;
        match statement.names(&digest) {
            true => drop(digests.insert(digest)),
            false => refused.push(file),
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
    for file in &refused {
        text += &format!(
            "refused: {} is no file that was audited, byte for byte\n",
            file.display()
        );
    }
    if files.is_empty() {
        text += "no published file was named: the signature alone was checked\n";
    } else {
        text += &format!(
            "{} of {} files are those that were audited\n",
            files.len() - refused.len(),
            files.len()
        );
        let absent = statement.absent(&digests);
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
    say(arguments, &printable(&text))?;
    let passes = refused.is_empty() && predicate.verdict == Verdict::Pass;
    Ok(ExitCode::from(u8::from(!passes)))
}

/// The files named, and all files in the folders named, however deep.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        let unreadable =
            |error: std::io::Error| Error::data(format!("cannot read {}: {error}", path.display()));
        if path.is_dir() {
            let entries = std::fs::read_dir(path).map_err(unreadable)?;
            let inside = entries.map(|entry| entry.map(|entry| entry.path()));
            let mut inside = inside
                .collect::<std::io::Result<Vec<_>>>()
                .map_err(unreadable)?;
            inside.sort();
            found.extend(files(&inside)?);
        } else {
            found.push(path.clone());
        }
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

/// Names come from files: nothing in them may steer the terminal.
fn printable(text: &str) -> String {
    let steers = |c: char| c.is_control() && c != '\n';
    text.chars()
        .map(|c| if steers(c) { ' ' } else { c })
        .collect()
}
