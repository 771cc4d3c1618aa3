//! What a measure says: findings, series for the plots, and what it could not measure.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::{Language, Said, Say};
pub use crate::stats::Interval;

/// The three criteria of WP29 Opinion 05/2014, and hygiene for what should not be in a file at all.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Criterion {
    SinglingOut,
    Linkability,
    Inference,
    Hygiene,
}

impl Criterion {
    pub const ALL: [Self; 4] = [
        Self::SinglingOut,
        Self::Linkability,
        Self::Inference,
        Self::Hygiene,
    ];

    pub fn title(self, language: Language) -> &'static str {
        match self {
            Self::SinglingOut => language.pick("Singling out", "Herausgreifen"),
            Self::Linkability => language.pick("Linkability", "Verknüpfbarkeit"),
            Self::Inference => language.pick("Inference", "Inferenz"),
            Self::Hygiene => language.pick("Hygiene", "Hygiene"),
        }
    }

    /// The question of the criterion, in the words of the Opinion where it has one.
    pub fn question(self, language: Language) -> &'static str {
        match self {
            Self::SinglingOut => language.pick(
                "Is it possible to isolate some or all records of a person in the release?",
                "Ist es möglich, einige oder alle Datensätze einer Person in der Veröffentlichung zu isolieren?",
            ),
            Self::Linkability => language.pick(
                "Is it possible to link records that concern the same person or group of persons?",
                "Ist es möglich, Datensätze zu verknüpfen, die dieselbe Person oder Personengruppe betreffen?",
            ),
            Self::Inference => language.pick(
                "Is it possible to deduce, with significant probability, the value of an attribute?",
                "Ist es möglich, den Wert eines Merkmals mit erheblicher Wahrscheinlichkeit abzuleiten?",
            ),
            Self::Hygiene => language.pick(
                "Does the release contain what should never be in it?",
                "Enthält die Veröffentlichung, was nie in ihr stehen dürfte?",
            ),
        }
    }
}

/// What a value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    Persons,
    Records,
    Classes,
    Columns,
    Points,
    /// Cells of flows.
    Cells,
    /// Pairs of a record and a set of columns.
    Combinations,
    /// What the manifest says of the data.
    Declarations,
    Files,
    RowGroups,
    /// Distinct values of a column; an effective number of them need not be whole.
    Values,
    /// A mean: persons in a class.
    PersonsPerClass,
    /// Between 0 and 1, of what the denominator counts.
    Share,
    /// Between 0 and 1: the chance of one named event.
    Probability,
    /// A number without unit: one quantity over another of its kind, or a distance.
    Ratio,
}

impl Unit {
    /// The noun for a count, one or many; nothing for a share or a probability.
    pub fn noun(self, one: bool, language: Language) -> &'static str {
        let [english, german] = match self {
            Self::Persons => [["person", "persons"], ["Person", "Personen"]],
            Self::Records => [["record", "records"], ["Datensatz", "Datensätze"]],
            Self::Classes => [["class", "classes"], ["Klasse", "Klassen"]],
            Self::Columns => [["column", "columns"], ["Spalte", "Spalten"]],
            Self::Points => [["point", "points"], ["Punkt", "Punkte"]],
            Self::Cells => [["cell", "cells"], ["Zelle", "Zellen"]],
            Self::Files => [["file", "files"], ["Datei", "Dateien"]],
            Self::RowGroups => [
                ["row group", "row groups"],
                ["Zeilengruppe", "Zeilengruppen"],
            ],
            Self::Combinations => [
                ["combination", "combinations"],
                ["Kombination", "Kombinationen"],
            ],
            Self::Declarations => [["declaration", "declarations"], ["Angabe", "Angaben"]],
            Self::Values => [["value", "values"], ["Wert", "Werte"]],
            Self::PersonsPerClass => [["persons a class"; 2], ["Personen je Klasse"; 2]],
            Self::Share | Self::Probability | Self::Ratio => [[""; 2]; 2],
        };
        let [single, several] = language.pick(english, german);
        match one {
            true => single,
            false => several,
        }
    }

    pub fn is_proportion(self) -> bool {
        matches!(self, Self::Share | Self::Probability)
    }
}

/// Whether a value speaks of the persons in the release or of the population they come from. The
/// two are never compared by one threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    Sample,
    Population,
}

/// A count is exact, a real number is not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Number {
    Count(u64),
    Real(f64),
}

impl Number {
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Count(count) => count as f64,
            Self::Real(real) => real,
        }
    }
}

impl Say for Number {
    fn say(&self, language: Language) -> String {
        match self {
            Self::Count(count) => count.say(language),
            Self::Real(real) => real.say(language),
        }
    }
}

impl From<u64> for Number {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<f64> for Number {
    fn from(real: f64) -> Self {
        Self::Real(real)
    }
}

/// The value of a parameter such as `points` = 4 or `method` = sampled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Parameter {
    Number(Number),
    Text(Said),
}

impl Parameter {
    /// Whether a policy that says `other` means this value: 4 and 4.0 are the same.
    pub fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.as_f64() == b.as_f64(),
            (Self::Text(a), Self::Text(b)) => a == b,
            _ => false,
        }
    }

    /// As a report in this language tells it.
    pub fn in_language(&self, language: Language) -> String {
        match (self, language) {
            (_, Language::English) => self.to_string(),
            (Self::Number(number), _) => number.say(language),
            (Self::Text(text), _) => text.say(language),
        }
    }
}

impl std::fmt::Display for Parameter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(Number::Count(count)) => write!(f, "{count}"),
            Self::Number(Number::Real(real)) => write!(f, "{real}"),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl From<u64> for Parameter {
    fn from(count: u64) -> Self {
        Self::Number(Number::Count(count))
    }
}

impl From<f64> for Parameter {
    fn from(real: f64) -> Self {
        Self::Number(Number::Real(real))
    }
}

impl From<&str> for Parameter {
    fn from(text: &str) -> Self {
        Self::Text(Said::name(text.to_owned()))
    }
}

impl From<Said> for Parameter {
    fn from(text: Said) -> Self {
        Self::Text(text)
    }
}

pub type Parameters = BTreeMap<String, Parameter>;

/// How a sampled value was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sample {
    pub seed: u64,
    /// Persons drawn.
    pub persons: u64,
    /// Trials in all: persons × draws of each.
    pub trials: u64,
}

/// One number, with all that is needed to know what it means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub measure: String,
    pub statistic: String,
    pub criterion: Criterion,
    pub table: String,
    pub columns: Vec<String>,
    pub parameters: Parameters,
    /// Null where the definition gives no finite value.
    pub value: Option<Number>,
    pub unit: Unit,
    pub numerator: Option<u64>,
    pub denominator: Option<u64>,
    pub interval: Option<Interval>,
    /// What guessing would give, for attacks.
    pub baseline: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
    pub scope: Scope,
    /// What the policy asks of it, once judged; absent where the policy asks nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<Requirement>,
}

impl Finding {
    /// A finding about the persons in the release. The rest is set field by field.
    pub fn new(measure: &str, statistic: &str, criterion: Criterion, unit: Unit) -> Self {
        Self {
            measure: measure.to_owned(),
            statistic: statistic.to_owned(),
            criterion,
            table: String::new(),
            columns: Vec::new(),
            parameters: Parameters::new(),
            value: None,
            unit,
            numerator: None,
            denominator: None,
            interval: None,
            baseline: None,
            sample: None,
            scope: Scope::Sample,
            requirement: None,
        }
    }

    pub fn columns(mut self, columns: &[String]) -> Self {
        self.columns = columns.to_vec();
        self
    }

    pub fn parameter(mut self, name: &str, value: impl Into<Parameter>) -> Self {
        self.parameters.insert(name.to_owned(), value.into());
        self
    }

    pub fn parameters(mut self, parameters: &Parameters) -> Self {
        let copied = parameters
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()));
        self.parameters.extend(copied);
        self
    }

    /// A count, out of `denominator` where there is one.
    pub fn count(mut self, count: u64, denominator: Option<u64>) -> Self {
        self.value = Some(count.into());
        self.denominator = denominator;
        self.numerator = denominator.map(|_| count);
        self
    }

    pub fn value(mut self, value: impl Into<Number>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// `numerator` of `denominator`; no value where the denominator is zero.
    pub fn share(mut self, numerator: u64, denominator: u64) -> Self {
        self.value = (denominator > 0).then(|| (numerator as f64 / denominator as f64).into());
        self.numerator = Some(numerator);
        self.denominator = Some(denominator);
        self
    }

    /// The full id that policies use: `measure.statistic`.
    pub fn id(&self) -> String {
        format!("{}.{}", self.measure, self.statistic)
    }

    /// What tells it from all other findings of a report, and finds it again in the next one: id, table, columns
    /// and parameters, but no value.
    pub fn key(&self) -> String {
        key(&self.id(), &self.table, &self.columns, &self.parameters)
    }

    /// The two ends of the interval; the value itself where it is no sampled one.
    pub fn ends(&self) -> Option<(f64, f64)> {
        let value = self.value?.as_f64();
        Some(match self.interval {
            Some(interval) => (interval.low, interval.high),
            None => (value, value),
        })
    }
}

/// What the policy asks of a finding and whether it is met.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Pass,
    Fail,
    /// It fails, and a valid waiver accepts that.
    Waived,
    /// It fails, and is no worse than in the report that the audit was given as a baseline.
    Baseline,
    /// A preset asks it of a kind of table that the release does not have.
    NotApplicable,
}

/// A curve or histogram behind a plot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Series {
    pub measure: String,
    pub name: String,
    pub table: String,
    pub columns: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: Parameters,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    /// Bounds of `y`, where it is sampled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub y_low: Vec<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub y_high: Vec<f64>,
    pub x_unit: String,
    pub y_unit: String,
}

impl Series {
    /// As [`Finding::key`].
    pub fn key(&self) -> String {
        let id = format!("{}.{}", self.measure, self.name);
        key(&id, &self.table, &self.columns, &self.parameters)
    }
}

fn key(id: &str, table: &str, columns: &[String], parameters: &Parameters) -> String {
    let mut key = format!("{id} of {table}");
    if !columns.is_empty() {
        key += &format!(" ({})", columns.join(", "));
    }
    for (name, value) in parameters {
        key += &format!(", {name} = {value}");
    }
    key
}

/// What could not be measured, and why. A requirement on any part of it fails.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct NotMeasured {
    pub measure: String,
    /// Absent where it holds of all statistics of the measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistic: Option<String>,
    pub table: String,
    /// The part of the statistic that is missing, by the parameters its findings would have; empty: all of it.
    #[serde(
        rename = "where",
        default,
        skip_serializing_if = "Parameters::is_empty"
    )]
    pub parameters: Parameters,
    pub reason: Said,
}

impl NotMeasured {
    /// Narrows it to findings of this parameter.
    pub fn parameter(mut self, name: &str, value: impl Into<Parameter>) -> Self {
        self.parameters.insert(name.to_owned(), value.into());
        self
    }

    /// Narrows it to findings of these parameters.
    pub fn parameters(mut self, parameters: &Parameters) -> Self {
        let copied = parameters.iter();
        let copied = copied.map(|(name, value)| (name.clone(), value.clone()));
        self.parameters.extend(copied);
        self
    }

    /// Whether findings of `measure.statistic` with these parameters are missing by it, whatever the table. A
    /// parameter that only one side names tells them apart no further.
    pub fn concerns(&self, id: &str, parameters: &Parameters) -> bool {
        let Some((measure, statistic)) = id.split_once('.') else {
            return false;
        };
        let agrees = |(name, value): (&String, &Parameter)| {
            let asked = parameters.get(name);
            asked.is_none_or(|asked| asked.matches(value))
        };
        self.measure == measure
            && self.statistic.as_ref().is_none_or(|name| name == statistic)
            && self.parameters.iter().all(agrees)
    }

    /// The order in which a report lists them.
    fn order(&self) -> (&str, Option<&str>, &str, &Said, String) {
        let of = |(name, value): (&String, &Parameter)| format!("{name} = {value}");
        let parameters: Vec<String> = self.parameters.iter().map(of).collect();
        let statistic = self.statistic.as_deref();
        let place = (self.measure.as_str(), statistic, self.table.as_str());
        let (measure, statistic, table) = place;
        let parameters = parameters.join(", ");
        (measure, statistic, table, &self.reason, parameters)
    }
}

impl PartialEq for NotMeasured {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl Eq for NotMeasured {}

impl PartialOrd for NotMeasured {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for NotMeasured {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}
