//! The report: all that renderers see, and the contract of `report.json`
//! (schema `reidrisk/report/1`).

pub mod advice;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Finding, NotMeasured, Outcome, Parameters, Series};
use crate::language::Said;

pub const SCHEMA: &str = "reidrisk/report/1";

/// Everything outside `run` is a function of input, manifest, policy and version alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Where the manifest describes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Of the manifest of the earlier release that it is a table of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest_sha256: Option<String>,
}

/// Which values of a column are less specific than which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hierarchy {
    pub column: String,
    /// `intervals`, `mask`, `prefix`, `levels` or `made_of`.
    pub kind: String,
    /// Of the file, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The role a column plays, for the annex.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Role {
    pub role: String,
    pub columns: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct File {
    /// From the folder of the manifest, or within the table's folder where the manifest lies elsewhere. Of values in
    /// the names of folders only parts of the calendar are shown: `week=11`, but `diagnosis=…1`.
    pub path: String,
    /// `path`, where it is from the folder of the manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_as: Option<String>,
    pub bytes: u64,
    pub sha256: String,
    /// Of the whole path and the bytes, where the names of folders hold values that `path` does not show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_sha256: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Settings {
    pub seed: u64,
    /// The measures that alone were run; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// The measures that were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Policy {
    /// The preset's name or the file's path.
    pub name: String,
    /// Of the text, after the digest of the preset that it extends.
    pub sha256: String,
    /// The text of the file; absent for a preset, which comes with the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The day the waivers were judged on; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// The SHA-256 of the report whose findings are accepted as long as they get no worse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_sha256: Option<String>,
    /// What that report was, so that nobody takes what it accepts for what is met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineReport>,
    pub requirements: Vec<PolicyLine>,
    pub waivers: Vec<Waiver>,
    /// Tables about which the policy, by its own word, asks nothing of re-identification.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exemptions: Vec<Exemption>,
}

/// The report that served as a baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BaselineReport {
    pub verdict: Verdict,
    /// When its audit began: RFC 3339, UTC.
    pub started: String,
}

/// A table that the policy exempts from being asked about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exemption {
    pub table: String,
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// The statistic of the line that a policy has without writing it: that something is asked of every table.
pub const COVERAGE: &str = "policy.coverage";

/// One `[[require]]` and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyLine {
    pub statistic: String,
    #[serde(rename = "where")]
    pub parameters: Parameters,
    /// The columns that findings must be about, in any order; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Empty: every table that has the statistic.
    pub tables: Vec<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// Where it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    pub outcome: Outcome,
    /// How many findings it was applied to, and how many of them fail it.
    pub applied: u64,
    pub failed: u64,
    /// Why it fails although no finding does: what was not measured never passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Said>,
    /// The findings it was applied to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judged: Vec<Judged>,
    /// The tables that should have the statistic.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<String>,
    /// Those of them that have none, or of which a part was not measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
}

/// The line of a policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// The preset's name or the file's path.
    pub policy: String,
    pub line: u64,
    /// Whether it is a preset, whose text comes with the program.
    pub built_in: bool,
}

/// What one requirement makes of one finding.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Judged {
    /// Its position among the findings, from 0.
    pub finding: usize,
    pub outcome: Outcome,
}

/// A table on which what is required was not measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    pub table: String,
    /// Whether something was measured all the same, and only a part is missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub part: bool,
    pub reason: Said,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Waiver {
    pub statistic: String,
    #[serde(
        rename = "where",
        default,
        skip_serializing_if = "Parameters::is_empty"
    )]
    pub parameters: Parameters,
    /// The columns of the findings it is for, in any order; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    pub table: Option<String>,
    /// The risk that was accepted: beyond it the waiver does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Whether it accepts that something could not be measured.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unmeasured: bool,
    pub until: String,
    pub reason: String,
    pub approved_by: String,
    /// `used`, `unused`, `expired`, or `exceeded`: a finding it is for is beyond what was accepted.
    pub state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    pub table: Option<String>,
    pub text: Said,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Pass,
    Fail,
}

/// What differs from run to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// RFC 3339, UTC.
    pub started: String,
    pub seconds: f64,
    pub threads: usize,
    pub peak_rss_bytes: Option<u64>,
    /// The manifest or the data files as they were named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
}

impl Report {
    /// The findings that fail and are not waived.
    pub fn failures(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| {
            finding
                .requirement
                .is_some_and(|requirement| requirement.outcome == Outcome::Fail)
        })
    }

    /// The requirements that fail.
    pub fn unmet(&self) -> impl Iterator<Item = &PolicyLine> {
        let lines = self.policy.requirements.iter();
        lines.filter(|line| line.outcome == Outcome::Fail)
    }
}

impl File {
    /// What it is called in the release, or in its table where that is all that is known.
    pub fn name(&self, table: &str) -> String {
        match &self.released_as {
            Some(name) => name.clone(),
            None => format!("{table}/{}", self.path),
        }
    }
}

impl Waiver {
    /// Whether it is for a finding. Whether it still holds is another question.
    pub fn covers(&self, finding: &Finding) -> bool {
        finding.id() == self.statistic
            && self
                .table
                .as_ref()
                .is_none_or(|table| *table == finding.table)
            && named(&self.parameters, &finding.parameters)
            && is_about(&self.columns, &finding.columns)
    }
}

/// Whether a finding's columns are those that a line of a policy names, in any order.
pub fn is_about(wanted: &[String], found: &[String]) -> bool {
    let all = |of: &[String], other: &[String]| of.iter().all(|name| other.contains(name));
    wanted.is_empty() || all(wanted, found) && all(found, wanted)
}

/// Whether the parameters of a finding are those that a line of a policy names.
pub fn named(wanted: &Parameters, found: &Parameters) -> bool {
    let mut wanted = wanted.iter();
    wanted.all(|(name, value)| {
        found.get(name).is_some_and(|found| {
            // What is the same by the point and as published answers whoever asks for one of the two.
            let both = name == "precision" && found.matches(&"both".into());
            both || found.matches(value)
        })
    })
}
