//! Reports that were written before, read again.

use std::path::{Path, PathBuf};

use crate::attest;
use crate::compare::Baseline;
use crate::error::{Error, Result};
use crate::release::{digest, regular};
use crate::render::Format;
use crate::report::{Report, SCHEMA};

/// A report and the SHA-256 of its file.
pub struct Known {
    pub report: Report,
    pub sha256: String,
}

/// Reads a `report.json`.
///
/// # Errors
/// The file cannot be read, is no report, or is one of another schema.
pub fn read(path: &Path) -> Result<Known> {
    let shown = path.display();
    let text = regular::text(path)
        .map_err(|error| Error::usage(format!("cannot read the report {shown}: {error}")))?;
    let wrong = |why: String| {
        Error::usage(format!(
            "{shown} is no report that this version can read: {why}"
        ))
        .help("name a report.json as `reidrisk audit --format json` writes it")
    };
    let value: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| wrong(place(&error)))?;
    match value.get("schema").and_then(|schema| schema.as_str()) {
        Some(SCHEMA) => {}
        Some(other) => return Err(wrong(format!("its schema is `{other}`, not `{SCHEMA}`"))),
        None => return Err(wrong("it names no schema".to_owned())),
    }
    let report: Report = serde_json::from_str(&text).map_err(|error| wrong(place(&error)))?;
    Ok(Known {
        report,
        sha256: digest::of_text(&text),
    })
}

/// The files that an audit writes into a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let names = Format::ALL.map(Format::file_name);
    let names = names.into_iter().chain(["attestation.json"]);
    names.map(|name| folder.join(name)).collect()
}

/// Where a text is wrong. What it says there is not shown.
fn place(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Data => "something is missing or of another kind",
        _ => "it is not JSON",
    };
    format!("{what}, line {}, column {}", error.line(), error.column())
}

/// The report that was a baseline: another report says which by its digest.
pub fn baseline(path: &Path) -> Result<Baseline> {
    let Known { report, sha256 } = read(path)?;
    Ok(Baseline::new(report, sha256))
}

/// What vouches for a baseline.
pub struct Voucher<'a> {
    /// The digest of its file, from who approved it.
    pub sha256: Option<&'a str>,
    /// An attestation of it, and the key that must have signed it.
    pub attestation: Option<(&'a Path, &'a Path)>,
}

/// The report that `--baseline` names, once something vouches for it: it accepts what fails, and anybody can write one.
///
/// # Errors
/// Nothing vouches for it, or for another report than this.
pub fn vouched(path: &Path, voucher: &Voucher<'_>) -> Result<Baseline> {
    let Known { report, sha256 } = read(path)?;
    let shown = path.display();
    if let Some(given) = voucher.sha256
        && !given.trim().eq_ignore_ascii_case(&sha256)
    {
        let message =
            format!("{shown} is not the baseline of the digest given: its own is {sha256}");
        return Err(Error::usage(message).help("ask who approved the baseline for the file"));
    }
    if let Some((attestation, key)) = voucher.attestation {
        let text = |path: &Path| {
            std::fs::read_to_string(path)
                .map_err(|error| Error::usage(format!("cannot read {}: {error}", path.display())))
        };
        let statement = attest::open(&text(attestation)?, &attest::public_key(&text(key)?)?)?;
        if statement.predicate.report_sha256 != sha256 {
            let message = format!("the attestation is of another report than {shown}");
            return Err(Error::usage(message).help("name the attestation.json of the baseline"));
        }
    }
    if voucher.sha256.is_none() && voucher.attestation.is_none() {
        let message = format!("nothing vouches for the baseline {shown}");
        return Err(Error::usage(message).help(
            "who may write a report could accept anything by it: give the digest that was approved \
             (--baseline-sha256), or an attestation of it and its key (--baseline-attestation, --baseline-key)",
        ));
    }
    Ok(Baseline::new(report, sha256))
}
