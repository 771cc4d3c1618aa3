//! Reports that were written before, read again.

use std::path::{Path, PathBuf};

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

/// The report that `--baseline` names.
pub fn baseline(path: &Path) -> Result<Baseline> {
    let Known { report, sha256 } = read(path)?;
    Ok(Baseline::new(report, sha256))
}
