//! Findings in, verdict out. Nothing here sees data.

pub mod policy;

use std::collections::BTreeSet;

use crate::finding::{Finding, NotMeasured, Outcome, Requirement};
use crate::report::{self, PolicyLine, Verdict};
pub use policy::Policy;
use policy::{Require, Waive};

/// What a policy makes of the findings.
pub struct Judgement {
    pub verdict: Verdict,
    pub policy: report::Policy,
}

/// Judges every finding, writing what is asked of it into it.
///
/// A requirement is decided on the unfavourable end of the interval, and fails where a table that
/// should have the statistic has none: what was not measured never passes. `applicable` holds the
/// (statistic, table) pairs that the release calls for, whether measured or not.
pub fn judge(
    policy: &Policy,
    findings: &mut [Finding],
    not_measured: &[NotMeasured],
    applicable: &BTreeSet<(String, String)>,
    today: jiff::civil::Date,
) -> Judgement {
    let mut used = vec![false; policy.waivers.len()];
    let mut lines = Vec::new();
    for require in &policy.requirements {
        lines.push(line(
            require,
            policy,
            findings,
            not_measured,
            applicable,
            today,
            &mut used,
        ));
    }
    let failed = lines.iter().any(|line| line.outcome == Outcome::Fail);
    let waivers = policy
        .waivers
        .iter()
        .zip(used)
        .map(|(waiver, used)| report::Waiver {
            statistic: waiver.statistic.clone(),
            table: waiver.table.clone(),
            until: waiver.until.to_string(),
            reason: waiver.reason.clone(),
            approved_by: waiver.approved_by.clone(),
            state: match (waiver.until < today, used) {
                (true, _) => "expired",
                (false, true) => "used",
                (false, false) => "unused",
            }
            .to_owned(),
        });
    Judgement {
        verdict: if failed { Verdict::Fail } else { Verdict::Pass },
        policy: report::Policy {
            name: policy.name.clone(),
            sha256: policy.sha256.clone(),
            as_of: (!policy.waivers.is_empty()).then(|| today.to_string()),
            requirements: lines,
            waivers: waivers.collect(),
        },
    }
}

fn line(
    require: &Require,
    policy: &Policy,
    findings: &mut [Finding],
    not_measured: &[NotMeasured],
    applicable: &BTreeSet<(String, String)>,
    today: jiff::civil::Date,
    used: &mut [bool],
) -> PolicyLine {
    let measure = require.statistic.split('.').next().unwrap_or_default();
    // The tables that owe this statistic; each is struck off when it delivers.
    let mut owing: BTreeSet<&str> = match require.tables.is_empty() {
        true => applicable
            .iter()
            .filter(|(known, _)| *known == require.statistic)
            .map(|(_, table)| table.as_str())
            .collect(),
        false => require.tables.iter().map(String::as_str).collect(),
    };
    let nothing_to_measure = owing.is_empty();
    let owed = owing.clone();
    // What a table does not owe, a preset does not miss there.
    let is_asked = |finding: &Finding| {
        concerns(require, finding)
            && (!require.inherited
                || finding.value.is_some()
                || owed.contains(finding.table.as_str()))
    };
    let (mut applied, mut failed, mut waived) = (0, 0, 0);
    for finding in findings.iter_mut().filter(|finding| is_asked(finding)) {
        owing.remove(finding.table.as_str());
        let mut outcome = outcome(require, finding);
        if outcome == Outcome::Fail {
            let valid = |waiver: &Waive| waiver.until >= today && waives(waiver, finding);
            if let Some(at) = policy.waivers.iter().position(valid) {
                used[at] = true;
                outcome = Outcome::Waived;
            }
        }
        applied += 1;
        failed += u64::from(outcome == Outcome::Fail);
        waived += u64::from(outcome == Outcome::Waived);
        // Of several requirements on one finding, the report shows the one that fails.
        if finding
            .requirement
            .is_none_or(|known| known.outcome == Outcome::Pass)
        {
            finding.requirement = Some(Requirement {
                min: require.min,
                max: require.max,
                outcome,
            });
        }
    }
    let (outcome, reason) = if nothing_to_measure && applied == 0 && require.inherited {
        (Outcome::NotApplicable, None)
    } else if nothing_to_measure && applied == 0 {
        let reason = format!(
            "no table of the release, with the auxiliary data named, has what `{}` is measured on",
            require.statistic
        );
        (Outcome::Fail, Some(reason))
    } else if !owing.is_empty() {
        (
            Outcome::Fail,
            Some(missing(require, measure, &owing, not_measured)),
        )
    } else if failed > 0 {
        (Outcome::Fail, None)
    } else if waived > 0 {
        (Outcome::Waived, None)
    } else {
        (Outcome::Pass, None)
    };
    PolicyLine {
        statistic: require.statistic.clone(),
        parameters: require.parameters.clone(),
        tables: require.tables.clone(),
        min: require.min,
        max: require.max,
        outcome,
        applied,
        failed,
        reason,
    }
}

/// Why a statistic is missing on the tables that owe it.
fn missing(
    require: &Require,
    measure: &str,
    owing: &BTreeSet<&str>,
    not_measured: &[NotMeasured],
) -> String {
    let why: Vec<String> = owing
        .iter()
        .map(|table| {
            let known = not_measured.iter().find(|entry| {
                entry.measure == measure
                    && entry.table == *table
                    && entry
                        .statistic
                        .as_ref()
                        .is_none_or(|name| require.statistic.ends_with(name))
            });
            match known {
                Some(entry) => format!("{table}: {}", entry.reason),
                None => format!("{table}: no such value was computed"),
            }
        })
        .collect();
    format!("not measured on {}", why.join("; "))
}

fn concerns(require: &Require, finding: &Finding) -> bool {
    finding.id() == require.statistic
        && (require.tables.is_empty() || require.tables.contains(&finding.table))
        && require.parameters.iter().all(|(name, value)| {
            finding
                .parameters
                .get(name)
                .is_some_and(|found| found.matches(value))
        })
}

fn waives(waiver: &Waive, finding: &Finding) -> bool {
    finding.id() == waiver.statistic
        && waiver
            .table
            .as_ref()
            .is_none_or(|table| *table == finding.table)
        && waiver.parameters.iter().all(|(name, value)| {
            finding
                .parameters
                .get(name)
                .is_some_and(|found| found.matches(value))
        })
}

fn outcome(require: &Require, finding: &Finding) -> Outcome {
    let Some(value) = finding.value else {
        return Outcome::Fail;
    };
    let (low, high) = match finding.interval {
        Some(interval) => (interval.low, interval.high),
        None => (value.as_f64(), value.as_f64()),
    };
    // Written so that a NaN fails.
    let kept =
        require.min.is_none_or(|min| low >= min) && require.max.is_none_or(|max| high <= max);
    if kept { Outcome::Pass } else { Outcome::Fail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Criterion, Interval, Unit};

    fn unicity(share: f64, low: f64, high: f64) -> Finding {
        let mut finding = Finding::new(
            "unicity",
            "share_unique",
            Criterion::SinglingOut,
            Unit::Share,
        )
        .parameter("points", 4)
        .value(share);
        finding.table = "movements".to_owned();
        finding.interval = Some(Interval {
            low,
            high,
            confidence: 0.95,
        });
        finding
    }

    fn require(statistic: &str, min: Option<f64>, max: Option<f64>, inherited: bool) -> Policy {
        Policy {
            name: "test".to_owned(),
            sha256: String::new(),
            requirements: vec![Require {
                statistic: statistic.to_owned(),
                parameters: Default::default(),
                tables: Vec::new(),
                min,
                max,
                inherited,
            }],
            waivers: Vec::new(),
        }
    }

    fn verdict(
        policy: &Policy,
        findings: &mut [Finding],
        applicable: &[(&str, &str)],
    ) -> Judgement {
        let pairs = applicable
            .iter()
            .map(|(m, t)| ((*m).to_owned(), (*t).to_owned()));
        judge(policy, findings, &[], &pairs.collect(), day(2026, 11, 24))
    }

    fn day(year: i16, month: i8, day: i8) -> jiff::civil::Date {
        jiff::civil::Date::new(year, month, day).unwrap()
    }

    const HERE: &[(&str, &str)] = &[("unicity.share_unique", "movements")];

    #[test]
    fn the_unfavourable_end_decides() {
        let policy = require("unicity.share_unique", None, Some(0.05), false);
        let mut findings = [unicity(0.045, 0.041, 0.052)];
        assert_eq!(verdict(&policy, &mut findings, HERE).verdict, Verdict::Fail);
        let mut findings = [unicity(0.045, 0.041, 0.05)];
        assert_eq!(verdict(&policy, &mut findings, HERE).verdict, Verdict::Pass);
        let policy = require("unicity.share_unique", Some(0.045), None, false);
        assert_eq!(verdict(&policy, &mut findings, HERE).verdict, Verdict::Fail);
    }

    #[test]
    fn what_was_not_measured_never_passes() {
        for inherited in [true, false] {
            let policy = require("unicity.share_unique", None, Some(1.0), inherited);
            let judgement = verdict(&policy, &mut [], HERE);
            assert_eq!(judgement.verdict, Verdict::Fail);
            let reason = judgement.policy.requirements[0].reason.clone().unwrap();
            assert!(reason.contains("movements"), "{reason}");
        }
        let mut nan = [unicity(f64::NAN, f64::NAN, f64::NAN)];
        let policy = require("unicity.share_unique", None, Some(1.0), false);
        assert_eq!(verdict(&policy, &mut nan, HERE).verdict, Verdict::Fail);
    }

    #[test]
    fn a_preset_asks_nothing_of_kinds_that_are_not_there() {
        let policy = require("unicity.share_unique", None, Some(0.05), true);
        let judgement = verdict(&policy, &mut [], &[("k-anonymity.k", "adult")]);
        assert_eq!(judgement.verdict, Verdict::Pass);
        assert_eq!(
            judgement.policy.requirements[0].outcome,
            Outcome::NotApplicable
        );
        let policy = require("unicity.share_unique", None, Some(0.05), false);
        assert_eq!(
            verdict(&policy, &mut [], &[]).verdict,
            Verdict::Fail,
            "asked for by name"
        );
    }

    #[test]
    fn what_no_table_owes_is_judged_where_it_was_measured() {
        for inherited in [true, false] {
            let policy = require("unicity.share_unique", None, Some(0.05), inherited);
            let mut findings = [unicity(0.9, 0.8, 0.95)];
            assert_eq!(verdict(&policy, &mut findings, &[]).verdict, Verdict::Fail);
            let mut findings = [unicity(0.01, 0.0, 0.02)];
            assert_eq!(verdict(&policy, &mut findings, &[]).verdict, Verdict::Pass);
            // Tried in vain: only what was asked for by name fails.
            let tried = Finding {
                value: None,
                ..unicity(0.0, 0.0, 0.0)
            };
            let expected = match inherited {
                true => Outcome::NotApplicable,
                false => Outcome::Fail,
            };
            for (applicable, expected) in [(&[][..], expected), (HERE, Outcome::Fail)] {
                let judgement = verdict(&policy, &mut [tried.clone()], applicable);
                assert_eq!(judgement.policy.requirements[0].outcome, expected);
            }
        }
    }

    #[test]
    fn waivers_hold_to_their_last_day() {
        let mut policy = require("unicity.share_unique", None, Some(0.05), false);
        policy.waivers.push(Waive {
            statistic: "unicity.share_unique".to_owned(),
            parameters: Default::default(),
            table: Some("movements".to_owned()),
            until: day(2026, 11, 24),
            reason: "internal".to_owned(),
            approved_by: "DPO".to_owned(),
        });
        let mut findings = [unicity(0.9, 0.8, 0.95)];
        let judgement = verdict(&policy, &mut findings, HERE);
        assert_eq!(judgement.verdict, Verdict::Pass);
        assert_eq!(judgement.policy.waivers[0].state, "used");
        policy.waivers[0].until = day(2026, 11, 23);
        let mut findings = [unicity(0.9, 0.8, 0.95)];
        let judgement = verdict(&policy, &mut findings, HERE);
        assert_eq!(judgement.verdict, Verdict::Fail);
        assert_eq!(judgement.policy.waivers[0].state, "expired");
    }
}
