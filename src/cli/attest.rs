//! `reidrisk attest`, and `--attest` of an audit.

use std::path::{Path, PathBuf};

use clap::Args;

use super::reports;
use crate::error::{Error, Result};
use crate::language::Language;
use crate::release::{digest, regular};
use crate::report::Report;
use crate::{attest, render, verify};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Attest {
    /// The report.json to attest
    report: PathBuf,
    /// A private Ed25519 key: PKCS#8 in PEM
    #[arg(long, value_name = "KEY.PEM")]
    key: PathBuf,
    /// Where the attestation goes; - is stdout [default: attestation.json beside the report]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The report that was the baseline, where the report was judged with one
    #[arg(long, value_name = "REPORT")]
    baseline: Option<PathBuf>,
    /// Write the short form instead, an in-toto Simple Verification Result [default: attestation-svr.json]
    #[arg(long)]
    svr: bool,
}

const EXAMPLES: &str = "\
Signed is what the report says, once it agrees with itself: repeat a report that somebody else made with
`reidrisk verify` before you put your name to it.

Examples:
  openssl genpkey -algorithm ed25519 -out key.pem
  openssl pkey -in key.pem -pubout -out pub.pem
  reidrisk attest reports/week-12/report.json --key key.pem
  reidrisk verify --attestation reports/week-12/attestation.json --key pub.pem published/";

pub fn run(arguments: &Attest) -> Result<()> {
    let key = key(&arguments.key)?;
    let known = reports::read(&arguments.report)?;
    let baseline = arguments.baseline.as_deref().map(reports::baseline);
    // What contradicts itself is not vouched for.
    verify::check(&known.report, baseline.transpose()?.as_ref())?;
    let [whole, short] = attestations(&known.report, &known.sha256, &key);
    let (name, text) = match arguments.svr {
        false => whole,
        true => short,
    };
    match &arguments.out {
        Some(path) if path == Path::new("-") => super::print(&text),
        Some(path) => super::write(path, &text),
        None => super::write(&arguments.report.with_file_name(name), &text),
    }
}

/// The key in a file.
pub fn key(path: &Path) -> Result<ed25519_dalek::SigningKey> {
    let pem = regular::text(path).map_err(|error| {
        Error::usage(format!("cannot read the key {}: {error}", path.display()))
    })?;
    attest::private_key(&pem)
}

/// What a report is attested by, of which `sha256` is that of its file: all that it says, and the short form.
pub fn attestations(
    report: &Report,
    sha256: &str,
    key: &ed25519_dalek::SigningKey,
) -> [(&'static str, String); 2] {
    let whole = attest::sign(&attest::statement(report, sha256), key);
    let short = attest::sign(&attest::svr(report), key);
    [("attestation.json", whole), ("attestation-svr.json", short)]
}

/// Attests a report that was just made.
pub fn attest(report: &Report, key: &ed25519_dalek::SigningKey) -> [(&'static str, String); 2] {
    let written = render::Format::Json.render(report, Language::English);
    attestations(report, &digest::of_text(&written), key)
}
