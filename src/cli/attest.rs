//! `reidrisk attest`, and `--attest` of an audit.

use std::path::{Path, PathBuf};

use clap::Args;

use super::reports;
use crate::error::{Error, Result};
use crate::language::Language;
use crate::release::regular;
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
    // What contradicts itself is not vouched for.
    verify::check(&known.report)?;
    let text = attest::sign(&attest::statement(&known.report, &known.sha256), &key);
    match &arguments.out {
        Some(path) if path == Path::new("-") => super::print(&text),
        Some(path) => super::write(path, &text),
        None => super::write(&arguments.report.with_file_name("attestation.json"), &text),
    }
}

/// The key in a file.
pub fn key(path: &Path) -> Result<ed25519_dalek::SigningKey> {
    let pem = regular::text(path).map_err(|error| {
        Error::usage(format!("cannot read the key {}: {error}", path.display()))
    })?;
    attest::private_key(&pem)
}

/// Attests a report that was just made; `folder` takes the attestation.
pub fn attest(report: &Report, key: &ed25519_dalek::SigningKey, folder: &Path) -> Result<PathBuf> {
    let written = render::Format::Json.render(report, Language::English);
    let sha256 = crate::release::digest::of_text(&written);
    let text = attest::sign(&attest::statement(report, &sha256), key);
    render::write_whole(&[("attestation.json", text)], folder).map(|mut paths| paths.remove(0))
}
