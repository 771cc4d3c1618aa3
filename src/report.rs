//! The report: all that renderers see, and the contract of `report.json`
//! (schema `reidrisk/report/1`).

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, NotMeasured, Parameters, Series};

pub const SCHEMA: &str = "reidrisk/report/1";

/// Everything outside `run` is a function of input, manifest, policy and version alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub schema: String,
    pub tool: Tool,
    pub release: Release,
    pub settings: Settings,
    pub policy: Policy,
    pub findings: Vec<Finding>,
    pub series: Vec<Series>,
    pub not_measured: Vec<NotMeasured>,
    /// What a reader should know about how the data was read: roles drafted, rows left out.
    pub notes: Vec<Note>,
    pub verdict: Verdict,
    pub run: Run,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    pub name: String,
    /// Null where roles were drafted from the data because there is no manifest.
    pub manifest: Option<String>,
    /// SHA-256 of the manifest, or of the drafted one.
    pub manifest_sha256: String,
    /// Persons the subjects were drawn from, as the manifest states it.
    pub population: Option<u64>,
    pub tables: Vec<Table>,
    /// What the adversary has besides, as far as a measure used it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auxiliaries: Vec<Table>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    /// `microdata`, `trace` or `flows`.
    pub kind: String,
    pub rows: u64,
    /// Distinct subjects; rows where there is no subject column; null for flows.
    pub persons: Option<u64>,
    /// Distinct (person, point) pairs, for traces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<u64>,
    /// Rows left out because their subject is null and the manifest says so.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rows_without_subject: u64,
    pub roles: Vec<Role>,
    pub files: Vec<File>,
    /// What null matches, where it is not null alone: `wildcard`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nulls: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hierarchies: Vec<Hierarchy>,
    /// Of the manifest of the earlier release that it is a table of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest_sha256: Option<String>,
}

/// Which values of a column are less specific than which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hierarchy {
    pub column: String,
    /// `intervals`, `mask`, `prefix` or `levels`.
    pub kind: String,
    /// Of the file, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The role a column plays, for the annex.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Role {
    pub role: String,
    pub columns: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct File {
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub seed: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// The preset's name or the file's path.
    pub name: String,
    pub sha256: String,
    /// The day the waivers were judged on; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    pub requirements: Vec<PolicyLine>,
    pub waivers: Vec<Waiver>,
}

/// One `[[require]]` and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicyLine {
    pub statistic: String,
    #[serde(rename = "where")]
    pub parameters: Parameters,
    /// Empty: every table that has the statistic.
    pub tables: Vec<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub outcome: crate::finding::Outcome,
    /// How many findings it was applied to, and how many of them fail it.
    pub applied: u64,
    pub failed: u64,
    /// Why it fails although no finding does: what was not measured never passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiver {
    pub statistic: String,
    pub table: Option<String>,
    pub until: String,
    pub reason: String,
    pub approved_by: String,
    /// `used`, `unused` or `expired`.
    pub state: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    pub table: Option<String>,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Pass,
    Fail,
}

/// What differs from run to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// RFC 3339, UTC.
    pub started: String,
    pub seconds: f64,
    pub threads: usize,
    pub peak_rss_bytes: Option<u64>,
}

impl Report {
    /// The findings that fail and are not waived.
    pub fn failures(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| {
            finding
                .requirement
                .is_some_and(|requirement| requirement.outcome == crate::finding::Outcome::Fail)
        })
    }
}
