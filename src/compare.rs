//! Two reports: what rose, what fell, what appeared, and whether that is for the worse.

mod direction;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::finding::{Finding, Number, Outcome, Unit};
use crate::report::{BaselineReport, Report, Verdict};
pub use direction::{Worse, worse_of};

/// The findings of a report, by what tells one from another.
fn by_key(findings: &[Finding]) -> BTreeMap<String, &Finding> {
    let keyed = findings.iter().map(|finding| (finding.key(), finding));
    keyed.collect()
}

/// Which way a threshold says is worse.
fn worse_by((min, max): (Option<f64>, Option<f64>)) -> Option<Worse> {
    match (min, max) {
        (Some(_), None) => Some(Worse::Lower),
        (None, Some(_)) => Some(Worse::Higher),
        _ => None,
    }
}

/// How far a finding has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// For the worse, and further than the intervals of both explain.
    Worse,
    /// For the better, further than the intervals explain.
    Better,
    /// Another value, further than the intervals explain, of which neither way is worse.
    Moved,
    /// Another value within the interval.
    Within,
    Same,
}

/// Compares the intervals of a finding then and now: only where they do not overlap did it change. A figure without
/// an interval is exact. A value that is no more, or was not, cannot be compared: it is the same where both lack it,
/// else it has moved, for the worse where there is none now.
fn change(before: &Finding, now: &Finding, worse: Worse) -> Change {
    let (Some((low, high)), Some((low_now, high_now))) = (before.ends(), now.ends()) else {
        return match (before.value, now.value) {
            (None, None) => Change::Same,
            (Some(_), None) if worse != Worse::Neither => Change::Worse,
            _ => Change::Moved,
        };
    };
    let (rose, fell) = (low_now > high, high_now < low);
    match (rose, fell, worse) {
        (true, _, Worse::Higher) | (_, true, Worse::Lower) => Change::Worse,
        (true, _, Worse::Lower) | (_, true, Worse::Higher) => Change::Better,
        (true, _, _) | (_, true, _) => Change::Moved,
        _ if before.value.map(Number::as_f64) == now.value.map(Number::as_f64) => Change::Same,
        _ => Change::Within,
    }
}

/// The findings of an earlier report that a release may have as long as they get no worse.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// Of the report's file.
    pub sha256: String,
    /// What the report was.
    pub report: BaselineReport,
    release: String,
    tables: Vec<String>,
    policy: String,
    findings: BTreeMap<String, Finding>,
}

impl Baseline {
    pub fn new(report: Report, sha256: String) -> Self {
        let keyed = report.findings.into_iter();
        let tables = report.release.tables.into_iter();
        Self {
            sha256,
            report: BaselineReport {
                verdict: report.verdict,
                started: report.run.started,
            },
            release: report.release.name,
            tables: tables.map(|table| table.name).collect(),
            policy: report.policy.sha256,
            findings: keyed.map(|finding| (finding.key(), finding)).collect(),
        }
    }

    /// Whether the report may serve a release of this name and these tables that is judged by a policy.
    ///
    /// # Errors
    /// It is of another release, or was judged by another policy.
    pub fn check(&self, release: &str, tables: &[String], policy_sha256: &str) -> Result<()> {
        let other = |what: String| {
            Err(Error::usage(format!("the baseline does not fit: {what}")).help(
                "a baseline is an earlier report of the same release, tables and policy: audit once without it, and \
                 take that report",
            ))
        };
        if self.release != release {
            return other(format!(
                "it is a report of the release “{}”, and this is “{release}”",
                self.release
            ));
        }
        if self.tables != tables {
            return other(format!(
                "it has the tables {}, and this release has {}",
                self.tables.join(", "),
                tables.join(", ")
            ));
        }
        if self.policy != policy_sha256 {
            return other("it was judged by another policy".to_owned());
        }
        Ok(())
    }

    /// Whether the earlier report has the finding, with a value, and it is no worse now by the threshold (`min`,
    /// `max`), beyond the intervals of both. Where both are given neither way is worse: the value must not have moved.
    pub fn accepts(&self, finding: &Finding, asked: (Option<f64>, Option<f64>)) -> bool {
        let Some(before) = self.findings.get(&finding.key()) else {
            return false;
        };
        let known = before.value.is_some() && finding.value.is_some();
        let worse = worse_by(asked);
        let change = change(before, finding, worse.unwrap_or(Worse::Neither));
        known && change != Change::Worse && (worse.is_some() || change != Change::Moved)
    }
}

/// A finding that both reports have.
#[derive(Debug, Clone, Serialize)]
pub struct Pair {
    #[serde(flatten)]
    pub place: Place,
    pub change: Change,
    pub worse: Worse,
    pub before: Side,
    pub now: Side,
}

/// A finding that one report alone has.
#[derive(Debug, Clone, Serialize)]
pub struct Lone {
    #[serde(flatten)]
    pub place: Place,
    /// Whether it counts as a rise: it is new and fails, or it was asked for and is no longer measured on a table that
    /// is still there.
    pub rise: bool,
    pub side: Side,
}

/// What tells a finding from others.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    pub id: String,
    pub table: String,
    pub columns: Vec<String>,
    pub parameters: crate::finding::Parameters,
}

/// A finding's value and what the policy made of it.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    pub value: Option<Number>,
    pub unit: Unit,
    pub interval: Option<crate::finding::Interval>,
    pub outcome: Option<Outcome>,
}

/// A report against an earlier one.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// Name, policy and verdict of the earlier report.
    pub before: Head,
    pub now: Head,
    /// For the worse first.
    pub changed: Vec<Pair>,
    pub appeared: Vec<Lone>,
    pub vanished: Vec<Lone>,
    /// Findings of the same value.
    pub same: u64,
    /// Whether risk rose: what decides the exit code.
    pub rose: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Head {
    pub release: String,
    pub policy: String,
    pub verdict: Verdict,
    pub version: String,
}

/// What is different `now`.
pub fn difference(before: &Report, now: &Report) -> Difference {
    let (old, new) = (by_key(&before.findings), by_key(&now.findings));
    let mut changed: Vec<Pair> = Vec::new();
    let mut same = 0;
    for (key, finding) in &new {
        let Some(known) = old.get(key) else { continue };
        let pair = pair(known, finding);
        match pair.change {
            Change::Same => same += 1,
            _ => changed.push(pair),
        }
    }
    changed.sort_by_key(|pair| pair.change);
    let lone = |own: &BTreeMap<String, &Finding>,
                other: &BTreeMap<String, &Finding>,
                rise: &dyn Fn(&Finding) -> bool| {
        let alone = own.iter().filter(|(key, _)| !other.contains_key(*key));
        let lone = alone.map(|(_, finding)| Lone {
            place: place(finding),
            rise: rise(finding),
            side: side(finding),
        });
        lone.collect::<Vec<_>>()
    };
    let is_there = |name: &str| now.release.tables.iter().any(|table| table.name == name);
    let fails = |finding: &Finding| {
        let asked = finding.requirement;
        asked.is_some_and(|asked| asked.outcome == Outcome::Fail)
    };
    let appeared = lone(&new, &old, &fails);
    let lost = |finding: &Finding| finding.requirement.is_some() && is_there(&finding.table);
    let vanished = lone(&old, &new, &lost);
    let rose = changed.iter().any(|pair| pair.change == Change::Worse)
        || appeared.iter().chain(&vanished).any(|lone| lone.rise);
    Difference {
        before: head(before),
        now: head(now),
        changed,
        appeared,
        vanished,
        same,
        rose,
    }
}

fn pair(before: &Finding, now: &Finding) -> Pair {
    let by = |finding: &Finding| {
        let asked = finding.requirement?;
        worse_by((asked.min, asked.max))
    };
    let worse = by(now)
        .or_else(|| by(before))
        .unwrap_or_else(|| worse_of(&now.id()));
    Pair {
        place: place(now),
        change: change(before, now, worse),
        worse,
        before: side(before),
        now: side(now),
    }
}

fn place(finding: &Finding) -> Place {
    Place {
        id: finding.id(),
        table: finding.table.clone(),
        columns: finding.columns.clone(),
        parameters: finding.parameters.clone(),
    }
}

fn side(finding: &Finding) -> Side {
    Side {
        value: finding.value,
        unit: finding.unit,
        interval: finding.interval,
        outcome: finding.requirement.map(|asked| asked.outcome),
    }
}

fn head(report: &Report) -> Head {
    Head {
        release: report.release.name.clone(),
        policy: report.policy.name.clone(),
        verdict: report.verdict,
        version: report.tool.version.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Interval;

    fn finding(value: Option<f64>, interval: Option<(f64, f64)>) -> Finding {
        let mut finding = Finding::new(
            "unicity",
            "share_unique",
            crate::finding::Criterion::SinglingOut,
            Unit::Share,
        );
        finding.value = value.map(Number::Real);
        finding.interval = interval.map(|(low, high)| Interval {
            low,
            high,
            confidence: 0.95,
        });
        finding
    }

    #[test]
    fn only_intervals_that_do_not_meet_are_a_change() {
        let before = finding(Some(0.5), Some((0.4, 0.6)));
        for (now, expected) in [
            (finding(Some(0.5), Some((0.4, 0.6))), Change::Same),
            (finding(Some(0.65), Some((0.6, 0.7))), Change::Within),
            (finding(Some(0.7), Some((0.61, 0.8))), Change::Worse),
            (finding(Some(0.61), None), Change::Worse),
            (finding(Some(0.3), Some((0.2, 0.39))), Change::Better),
            (finding(None, None), Change::Worse),
        ] {
            assert_eq!(change(&before, &now, Worse::Higher), expected);
        }
        let now = finding(Some(0.3), Some((0.2, 0.39)));
        assert_eq!(change(&before, &now, Worse::Lower), Change::Worse);
        assert_eq!(change(&before, &now, Worse::Neither), Change::Moved);
        let none = finding(None, None);
        assert_eq!(change(&none, &none, Worse::Higher), Change::Same);
        assert_eq!(change(&none, &before, Worse::Higher), Change::Moved);
    }

    #[test]
    fn a_baseline_accepts_what_it_has_and_what_got_no_worse() {
        let baseline = |value| Baseline {
            sha256: String::new(),
            report: BaselineReport {
                verdict: Verdict::Fail,
                started: String::new(),
            },
            release: String::new(),
            tables: Vec::new(),
            policy: String::new(),
            findings: [finding(value, None)].map(|one| (one.key(), one)).into(),
        };
        let accepts = |before, now, asked| baseline(before).accepts(&finding(now, None), asked);
        let (most, least) = ((None, Some(0.1)), (Some(0.9), None));
        assert!(accepts(Some(0.5), Some(0.5), most));
        assert!(accepts(Some(0.5), Some(0.4), most));
        assert!(!accepts(Some(0.5), Some(0.6), most));
        assert!(accepts(Some(0.5), Some(0.6), least));
        assert!(!accepts(Some(0.5), Some(0.4), least));
        assert!(!accepts(None, None, most), "no value is never accepted");
        assert!(!accepts(None, Some(0.5), most));
        assert!(!accepts(Some(0.5), None, most));
        let both = (Some(0.1), Some(0.2));
        assert!(accepts(Some(0.5), Some(0.5), both));
        assert!(!accepts(Some(0.5), Some(0.4), both));
        let mut other = finding(Some(0.5), None);
        other.table = "another".to_owned();
        assert!(!baseline(Some(0.5)).accepts(&other, most));
    }
}
