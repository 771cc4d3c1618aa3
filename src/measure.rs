//! The measures: their documentation, their registry and the contract between a measure and the audit.

use crate::finding::{Criterion, Finding};

/// What a measure is, in the words an authority reads. Written once; the command line, the report's
/// annex and the documentation all show this text.
pub struct Doc {
    pub id: &'static str,
    pub title: &'static str,
    pub criterion: Criterion,
    /// The question it answers, for a privacy officer.
    pub question: &'static str,
    /// What the adversary knows and wants.
    pub adversary: &'static str,
    pub definition: &'static str,
    pub formula: &'static str,
    /// Who or what is counted.
    pub denominator: &'static str,
    pub nulls: &'static str,
    pub assumptions: &'static [&'static str],
    /// What it does not say.
    pub limits: &'static [&'static str],
    pub citations: &'static [&'static str],
    /// How it was validated.
    pub validation: &'static str,
    pub settings: &'static [Setting],
    pub statistics: &'static [Statistic],
}

/// A key of `[measure.<id>]` in the manifest.
pub struct Setting {
    pub key: &'static str,
    pub default: &'static str,
    pub meaning: &'static str,
}

/// One statistic of a measure.
pub struct Statistic {
    pub name: &'static str,
    pub title: &'static str,
    /// What this very number means, in a sentence a lawyer understands.
    pub meaning: fn(&Finding) -> String,
}

/// The documentation of every measure, in the order of the report.
pub fn docs() -> impl Iterator<Item = &'static Doc> {
    DOCS.iter()
}

static DOCS: &[Doc] = &[];

/// The statistic a finding reports.
pub fn statistic(finding: &Finding) -> Option<&'static Statistic> {
    let doc = docs().find(|doc| doc.id == finding.measure)?;
    doc.statistics
        .iter()
        .find(|statistic| statistic.name == finding.statistic)
}
