//! What `advise` found: which transformations were looked at, what each would leave of risk and cost, and what no
//! transformation changes (schema `reidrisk/advice/1`).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Tool, Verdict};
use crate::finding::{Finding, Outcome, Parameters};

pub const SCHEMA: &str = "reidrisk/advice/1";

/// A function of input, manifest, policy, options and version alone, unless time was limited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Advice {
    pub schema: String,
    pub tool: Tool,
    /// The name of the release.
    pub release: String,
    /// SHA-256 of the manifest, or of the drafted one.
    pub manifest_sha256: String,
    pub policy: String,
    pub policy_sha256: String,
    /// The share of persons of a table that may be left out at most.
    pub suppress: f64,
    /// Candidates of a table that were to be judged at most.
    pub budget: u64,
    /// A transformation was given and judged; nothing was searched.
    pub tried: bool,
    pub tables: Vec<Advised>,
    /// What fails and must be changed otherwise.
    pub otherwise: Vec<Otherwise>,
    /// What the policy makes of the release as it is.
    pub before: Verdict,
    /// And once it is transformed: it passes only where nothing must be changed otherwise.
    pub after: Verdict,
}

/// What became of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing fails that a transformation could change.
    Passes,
    /// A transformation was found, or the given one judged, under which all of that passes.
    Found,
    /// None was found, or under the given one something fails.
    Fails,
    /// It was not searched: a note says why.
    NotSearched,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Advised {
    pub table: String,
    /// `microdata`, `trace` or `flows`.
    pub kind: String,
    pub state: State,
    /// What can be changed, each with its steps from as it is to not at all.
    pub dimensions: Vec<Dimension>,
    /// Combinations of steps there are.
    pub lattice: u64,
    /// Of them looked at for the sizes of classes alone.
    pub checked: u64,
    /// Of them judged by all that the policy asks.
    pub judged: u64,
    /// Whether no combination that was not looked at can be cheaper: the one found is the cheapest there is.
    pub complete: bool,
    pub notes: Vec<String>,
    /// What the policy asks of the table and a transformation can change, before and after.
    pub requirements: Vec<Asked>,
    /// In the order in which they were looked at; the table as it is comes first.
    pub examined: Vec<Candidate>,
    /// The cheapest that passes, else the one with least risk, by its place among the examined.
    pub chosen: Option<u64>,
    /// Those than which none has both less risk and less loss, from the riskiest.
    pub frontier: Vec<u64>,
}

/// Something that can be told more coarsely, step by step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dimension {
    pub name: String,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// As `advice.toml` writes it; `as it is` for the first.
    pub how: String,
    /// The share of its information that is lost.
    pub loss: f64,
}

/// A requirement and the finding that meets it worst.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    pub statistic: String,
    pub parameters: Parameters,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub before: Found,
    pub after: Found,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Found {
    pub outcome: Outcome,
    /// Null where nothing was measured.
    pub finding: Option<Finding>,
}

/// A combination of steps that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// What is changed and how; empty for the table as it is.
    pub changes: BTreeMap<String, String>,
    /// What is lost in all: s + (1 − s) · g.
    pub loss: f64,
    /// g: the mean over what can be changed of the share of its information that is lost (non-uniform entropy).
    pub coarsening: f64,
    /// s: the share of persons, of counts that of the counted, that is left out.
    pub suppressed: f64,
    /// Pairs of records told alike, those left out counted with all (microdata).
    pub discernibility: Option<f64>,
    /// The share of cells whose count is left out (flows).
    pub cells_left_out: Option<f64>,
    /// Information lost of a point, in bits (traces).
    pub bits: Option<f64>,
    /// How far the worst requirement is from its threshold: above 1 it fails. Null where it is without bound.
    pub risk: Option<f64>,
    /// Whether it was judged by all that the policy asks; if not it failed before, and its risk is at least this.
    pub judged: bool,
    pub passes: bool,
    /// The statistics that fail.
    pub failing: Vec<String>,
}

/// What a transformation does not change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Otherwise {
    /// Those that fail; none where it is about no one table.
    pub tables: Vec<String>,
    pub statistic: String,
    pub parameters: Parameters,
    /// What to do.
    pub advice: String,
}
