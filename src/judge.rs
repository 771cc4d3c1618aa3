//! Findings in, verdict out. Nothing here sees data.

pub mod policy;

use crate::language::Said;
use crate::said;
use std::collections::BTreeSet;

use crate::compare::Baseline;
use crate::finding::{Finding, NotMeasured, Outcome, Requirement};
use crate::report::{self, Judged, Missing, PolicyLine, Verdict, named};
pub use policy::Policy;
use policy::{Require, Waive};

/// What a policy makes of the findings.
pub struct Judgement {
    pub verdict: Verdict,
    pub policy: report::Policy,
}

/// What findings are judged by.
pub struct Bench<'a> {
    pub policy: &'a Policy,
    pub not_measured: &'a [NotMeasured],
    /// The (statistic, table) pairs that the release calls for, whether measured or not.
    pub applicable: &'a BTreeSet<(String, String)>,
    /// The day on which waivers are looked at.
    pub today: jiff::civil::Date,
    /// An earlier report, whose findings are accepted as long as they get no worse.
    pub baseline: Option<&'a Baseline>,
}

/// Judges every finding, writing what is asked of it into it.
///
/// A requirement is decided on the unfavourable end of the interval, and fails where a table that
/// should have the statistic has none: what was not measured never passes.
pub fn judge(bench: &Bench<'_>, findings: &mut [Finding]) -> Judgement {
    let Bench { policy, today, .. } = bench;
    let mut used = vec![false; policy.waivers.len()];
    let requirements = policy.requirements.iter();
    let lines: Vec<PolicyLine> = requirements
        .map(|require| bench.line(require, findings, &mut used))
        .collect();
    let failed = lines.iter().any(|line| line.outcome == Outcome::Fail);
    let waivers = policy
        .waivers
        .iter()
        .zip(used)
        .map(|(waiver, used)| report::Waiver {
            statistic: waiver.statistic.clone(),
            parameters: waiver.parameters.clone(),
            table: waiver.table.clone(),
            until: waiver.until.to_string(),
            reason: waiver.reason.clone(),
            approved_by: waiver.approved_by.clone(),
            state: match (waiver.until < *today, used) {
                (true, _) => "expired",
                (false, true) => "used",
                (false, false) => "unused",
            }
            .to_owned(),
            origin: Some(waiver.origin.clone()),
        });
    Judgement {
        verdict: if failed { Verdict::Fail } else { Verdict::Pass },
        policy: report::Policy {
            name: policy.name.clone(),
            sha256: policy.sha256.clone(),
            text: policy.text.clone(),
            as_of: (!policy.waivers.is_empty()).then(|| today.to_string()),
            baseline_sha256: bench.baseline.map(|baseline| baseline.sha256.clone()),
            requirements: lines,
            waivers: waivers.collect(),
        },
    }
}

impl Bench<'_> {
    fn line(&self, require: &Require, findings: &mut [Finding], used: &mut [bool]) -> PolicyLine {
        // The tables that owe this statistic; each is struck off when it delivers.
        let mut owing: BTreeSet<&str> = match require.tables.is_empty() {
            true => self
                .applicable
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
                && (!require.inherited()
                    || finding.value.is_some()
                    || owed.contains(finding.table.as_str()))
        };
        let mut judged = Vec::new();
        let concerned = findings.iter_mut().enumerate();
        for (at, finding) in concerned.filter(|(_, finding)| is_asked(finding)) {
            owing.remove(finding.table.as_str());
            let outcome = self.outcome(require, finding, used);
            judged.push(Judged {
                finding: at,
                outcome,
            });
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
        let missing: Vec<Missing> = owing
            .iter()
            .map(|table| self.missing(require, table))
            .collect();
        let is = |outcome| judged.iter().any(|judged| judged.outcome == outcome);
        let nothing = nothing_to_measure && judged.is_empty();
        let reason = match (nothing, missing.is_empty()) {
            (true, _) if !require.inherited() => Some(said!(
                "no table of the release, with the auxiliary data named, has what `{}` is measured on",
                "keine Tabelle der Veröffentlichung hat, auch mit dem genannten Zusatzwissen, woran `{}` gemessen wird",
                require.statistic
            )),
            (_, false) => Some(not_measured(&missing)),
            _ => None,
        };
        let outcome = if nothing && require.inherited() {
            Outcome::NotApplicable
        } else if reason.is_some() || is(Outcome::Fail) {
            Outcome::Fail
        } else if is(Outcome::Waived) {
            Outcome::Waived
        } else if is(Outcome::Baseline) {
            Outcome::Baseline
        } else {
            Outcome::Pass
        };
        let failed = judged.iter().filter(|one| one.outcome == Outcome::Fail);
        PolicyLine {
            statistic: require.statistic.clone(),
            parameters: require.parameters.clone(),
            tables: require.tables.clone(),
            min: require.min,
            max: require.max,
            origin: Some(require.origin.clone()),
            outcome,
            applied: judged.len() as u64,
            failed: failed.count() as u64,
            reason,
            judged,
            missing,
        }
    }

    /// What a requirement makes of a finding. Waivers that were of use are noted.
    fn outcome(&self, require: &Require, finding: &Finding, used: &mut [bool]) -> Outcome {
        let asked = (require.min, require.max);
        if meets(asked, finding) {
            return Outcome::Pass;
        }
        let valid = |waiver: &Waive| waiver.until >= self.today && waives(waiver, finding);
        if let Some(at) = self.policy.waivers.iter().position(valid) {
            used[at] = true;
            return Outcome::Waived;
        }
        match self.baseline {
            Some(baseline) if baseline.accepts(finding, asked) => Outcome::Baseline,
            _ => Outcome::Fail,
        }
    }

    /// Why a statistic is missing on a table that owes it.
    fn missing(&self, require: &Require, table: &str) -> Missing {
        let measure = require.statistic.split('.').next().unwrap_or_default();
        let known = self.not_measured.iter().find(|entry| {
            entry.measure == measure
                && entry.table == table
                && entry
                    .statistic
                    .as_ref()
                    .is_none_or(|name| require.statistic.ends_with(name))
        });
        let reason = known.map_or(
            said!(
                "no such value was computed",
                "ein solcher Wert wurde nicht berechnet"
            ),
            |entry| entry.reason.clone(),
        );
        Missing {
            table: table.to_owned(),
            reason,
        }
    }
}

fn not_measured(missing: &[Missing]) -> Said {
    let why = missing.iter();
    let why = why.map(|missing| said!("{}: {}", "{}: {}", missing.table, missing.reason));
    let why: Vec<Said> = why.collect();
    said!(
        "not measured on {}",
        "nicht gemessen bei {}",
        Said::joined(&why, "; ")
    )
}

fn concerns(require: &Require, finding: &Finding) -> bool {
    finding.id() == require.statistic
        && (require.tables.is_empty() || require.tables.contains(&finding.table))
        && named(&require.parameters, &finding.parameters)
}

fn waives(waiver: &Waive, finding: &Finding) -> bool {
    let mut table = waiver.table.iter();
    finding.id() == waiver.statistic
        && table.all(|table| *table == finding.table)
        && named(&waiver.parameters, &finding.parameters)
}

/// Whether a finding is at least `min` and at most `max`, at the unfavourable end of its interval.
pub fn meets((min, max): (Option<f64>, Option<f64>), finding: &Finding) -> bool {
    let Some((low, high)) = finding.ends() else {
        return false;
    };
    // Written so that a NaN fails.
    min.is_none_or(|min| low >= min) && max.is_none_or(|max| high <= max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Criterion, Interval, Unit};
    use crate::report::Origin;

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
                origin: Origin {
                    policy: "test".to_owned(),
                    line: 1,
                    built_in: inherited,
                },
            }],
            waivers: Vec::new(),
            text: None,
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
        let bench = Bench {
            policy,
            not_measured: &[],
            applicable: &pairs.collect(),
            today: day(2026, 11, 24),
            baseline: None,
        };
        judge(&bench, findings)
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
            assert!(reason.english().contains("movements"), "{reason}");
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
            origin: policy.requirements[0].origin.clone(),
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
