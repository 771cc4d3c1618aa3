//! The gate that machines obey: formats for CI, reports repeated and compared, attestations, schemas.

mod attest;
mod copies;
mod counts;
mod formats;
mod identifiers;
mod inference;
mod joined;
mod moments;
mod persons;
mod policies;
mod recipes;
mod reference;
mod reports;
mod schemas;
mod tied;
mod undeclared;

#[path = "../shared/chance.rs"]
mod chance;
#[path = "../shared/parquet.rs"]
mod parquet;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use assert_cmd::Command;
use reidrisk::audit::{Options, audit};
use reidrisk::report::Report;
use serde_json::Value;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What a run wrote and how it ended.
struct Ran {
    code: i32,
    out: String,
    /// Folded to one line, without the drawing of excerpts.
    err: String,
}

fn reidrisk(arguments: &[&str]) -> Ran {
    run(Path::new(ROOT), arguments)
}

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::cargo_bin("reidrisk").unwrap();
    let command = command
        .env("NO_COLOR", "1")
        .env_remove("GITHUB_STEP_SUMMARY");
    let output = command
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(!err.contains("panicked"), "{err}");
    let words = err.replace(['│', '╰', '╭', '─', '▶'], " ");
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: words.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

/// A number as if drawn at random, the same for the same two.
fn drawn(of: u64, salt: u64) -> u64 {
    let mixed = (of.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// A column of texts.
fn text<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// Audits one table `persons` by one measure and a policy, as the command does; `table` is what its manifest says beyond
/// name and path. How the run ended, and its report.
fn of_persons(
    columns: Vec<(&str, ArrayRef)>,
    table: &str,
    policy: &str,
    measure: &str,
) -> (Ran, Value) {
    of_persons_beside(&[], columns, table, policy, measure)
}

/// The same with these files beside the manifest, each by its name and text.
fn of_persons_beside(
    files: &[(&str, String)],
    columns: Vec<(&str, ArrayRef)>,
    table: &str,
    policy: &str,
    measure: &str,
) -> (Ran, Value) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    parquet::write(&folder.path().join("persons.parquet"), columns);
    let head = "[release]\nname = \"Persons\"\n[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\n";
    std::fs::write(folder.path().join("release.toml"), format!("{head}{table}")).unwrap();
    std::fs::write(folder.path().join("gate.toml"), policy).unwrap();
    let ran = run(
        folder.path(),
        &[
            "audit",
            "release.toml",
            "--policy",
            "gate.toml",
            "--only",
            measure,
            "--out",
            "out",
            "--format",
            "json,terminal,html",
        ],
    );
    assert!(ran.code < 2, "{}", ran.err);
    let text = std::fs::read_to_string(folder.path().join("out/report.json")).unwrap();
    (ran, serde_json::from_str(&text).unwrap())
}

/// Audits what was written into a folder by some measures.
fn judged(folder: &Path, manifest: &str, only: &[&str], policy: &str) -> Report {
    let path = folder.join("release.toml");
    std::fs::write(&path, format!("[release]\nname = \"release\"\n{manifest}")).unwrap();
    let options = Options {
        paths: vec![path],
        policy: policy.to_owned(),
        only: only.iter().map(|measure| (*measure).to_owned()).collect(),
        ..Options::default()
    };
    audit(&options, &()).unwrap()
}

/// A folder with a copy of the table of subscribers of a sample, its manifest and a policy.
struct Place {
    folder: TempDir,
}

/// Asks for what the naive sample fails.
const STRICT: &str = "[[require]]\nstatistic = \"k-anonymity.k\"\nmin = 11\n\
                      [[require]]\nstatistic = \"uniqueness.share_unique\"\nmax = 0.995\n";

/// Only what these tests look at: quick.
const ONLY: &str = "k-anonymity,uniqueness";

impl Place {
    fn new(policy: &str) -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let sample = Path::new(ROOT).join("sample-data/naive/subscribers.parquet");
        std::fs::create_dir(place.path("data")).unwrap();
        std::fs::copy(sample, place.path("data/subscribers.parquet")).unwrap();
        place.write("data/release.toml", MANIFEST);
        place.write("gate.toml", policy);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        run(self.folder.path(), arguments)
    }

    /// Audits by `gate.toml` into `out`.
    fn audit(&self, more: &[&str]) -> Ran {
        let usual = [
            "audit",
            "data/release.toml",
            "--policy",
            "gate.toml",
            "--out",
            "out",
            "--only",
            ONLY,
        ];
        self.run(&[&usual, more].concat())
    }
}

const MANIFEST: &str = r#"[release]
name = "Subscribers"

[[table]]
name = "subscribers"
path = "subscribers.parquet"
kind = "microdata"
subject = "pseudonym"
quasi_identifiers = ["age", "gender", "postcode", "tariff", "handset"]
sensitive = ["monthly_spend_band", "payment_status"]
"#;

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(flowing.contains(part), "no `{part}` in: {flowing}");
    }
}
