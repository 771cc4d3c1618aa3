//! What the program takes columns for: drafted roles, units and zones of times, edges of bins, codes with blanks.

#[path = "../shared/chance.rs"]
mod chance;
#[path = "../shared/parquet.rs"]
mod parquet_file;

mod counted;
mod drafts;
mod edges;
mod households;
mod padded;
mod patients;
mod times;

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray};
use reidrisk::audit::{Options, audit};
use reidrisk::error::Error;
use reidrisk::report::Report;
use tempfile::TempDir;

/// 1 March 2026, in seconds since 1970.
pub const MARCH: i64 = 1_772_323_200;

pub fn texts<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

pub fn whole(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

pub fn reals(values: impl IntoIterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values))
}

/// Instants by their seconds since 1970.
pub fn instants(seconds: impl IntoIterator<Item = i64>) -> ArrayRef {
    let micros = seconds.into_iter().map(|second| second * 1_000_000);
    Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC"))
}

/// A folder with `t.parquet` of these columns.
pub fn folder(columns: Vec<(&str, ArrayRef)>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    parquet_file::write(&folder.path().join("t.parquet"), columns);
    folder
}

/// Audits the table by a manifest's lines about it, or without one.
pub fn audited(folder: &TempDir, lines: Option<&str>, only: &[&str]) -> Result<Report, Error> {
    let path = match lines {
        None => folder.path().join("t.parquet"),
        Some(lines) => {
            let manifest = folder.path().join("release.toml");
            let text = format!("[[table]]\nname = \"t\"\npath = \"t.parquet\"\n{lines}\n");
            std::fs::write(&manifest, text).unwrap();
            manifest
        }
    };
    audit(&options(path, only), &())
}

fn options(path: PathBuf, only: &[&str]) -> Options {
    Options {
        paths: vec![path],
        policy: "exploratory".to_owned(),
        only: only.iter().map(|measure| (*measure).to_owned()).collect(),
        ..Options::default()
    }
}

/// The value of the first finding of a statistic with these parameters.
pub fn value(report: &Report, measure: &str, statistic: &str, with: &[(&str, &str)]) -> f64 {
    let fits = |f: &&reidrisk::finding::Finding| {
        f.measure == measure
            && f.statistic == statistic
            && with.iter().all(|(key, wanted)| {
                let value = f.parameters.get(*key).map(|value| value.to_string());
                value.is_some_and(|value| value.trim_matches('"') == *wanted)
            })
    };
    let found = report.findings.iter().find(fits);
    found
        .and_then(|finding| Some(finding.value?.as_f64()))
        .unwrap_or_else(|| panic!("{measure}.{statistic} {with:?}"))
}
