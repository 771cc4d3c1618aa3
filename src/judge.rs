//! Findings in, verdict out. Nothing here sees data.

pub mod policy;

use crate::language::Said;
use crate::said;
use std::collections::BTreeSet;

use crate::compare::Baseline;
use crate::finding::{Finding, NotMeasured, Outcome, Parameters, Requirement};
use crate::measure;
use crate::report::{self, COVERAGE, Judged, Missing, PolicyLine, Verdict, is_about, named};
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
    /// The tables of each of which the policy must ask something; none where only a part of a release is judged.
    pub tables: &'a [String],
    /// The day on which waivers are looked at.
    pub today: jiff::civil::Date,
    /// An earlier report, whose findings are accepted as long as they get no worse.
    pub baseline: Option<&'a Baseline>,
}

/// What became of a waiver while findings were judged.
#[derive(Debug, Clone, Copy, Default)]
struct Use {
    used: bool,
    /// A finding it is for is beyond what was accepted.
    exceeded: bool,
}

/// Judges every finding, writing what is asked of it into it.
///
/// A requirement is decided on the unfavourable end of the interval, and fails where a table that
/// should have the statistic has none, or where any part of it was not measured: what was not measured never passes.
/// A table of which nothing is asked that concerns re-identification fails as well.
pub fn judge(bench: &Bench<'_>, findings: &mut [Finding]) -> Judgement {
    let Bench { policy, today, .. } = bench;
    let mut uses = vec![Use::default(); policy.waivers.len()];
    let requirements = policy.requirements.iter();
    let mut lines: Vec<PolicyLine> = requirements
        .map(|require| bench.line(require, findings, &mut uses))
        .collect();
    lines.extend(bench.coverage(&lines, findings));
    let failed = lines.iter().any(|line| line.outcome == Outcome::Fail);
    let waivers = policy
        .waivers
        .iter()
        .zip(uses)
        .map(|(waiver, of)| report::Waiver {
            statistic: waiver.statistic.clone(),
            parameters: waiver.parameters.clone(),
            columns: waiver.columns.clone(),
            table: waiver.table.clone(),
            min: waiver.min,
            max: waiver.max,
            unmeasured: waiver.unmeasured,
            until: waiver.until.to_string(),
            reason: waiver.reason.clone(),
            approved_by: waiver.approved_by.clone(),
            state: match (waiver.until < *today, of.exceeded, of.used) {
                (true, ..) => "expired",
                (false, true, _) => "exceeded",
                (false, false, true) => "used",
                (false, false, false) => "unused",
            }
            .to_owned(),
            origin: Some(waiver.origin.clone()),
        });
    let exemptions = policy.exemptions.iter().map(|exempt| report::Exemption {
        table: exempt.table.clone(),
        reason: exempt.reason.clone(),
        origin: Some(exempt.origin.clone()),
    });
    Judgement {
        verdict: if failed { Verdict::Fail } else { Verdict::Pass },
        policy: report::Policy {
            name: policy.name.clone(),
            sha256: policy.sha256.clone(),
            text: policy.text.clone(),
            as_of: (!policy.waivers.is_empty()).then(|| today.to_string()),
            baseline_sha256: bench.baseline.map(|baseline| baseline.sha256.clone()),
            baseline: bench.baseline.map(|baseline| baseline.report.clone()),
            requirements: lines,
            waivers: waivers.collect(),
            exemptions: exemptions.collect(),
        },
    }
}

impl Bench<'_> {
    fn line(&self, require: &Require, findings: &mut [Finding], uses: &mut [Use]) -> PolicyLine {
        // The tables that owe this statistic; each is struck off when it delivers.
        let owed: BTreeSet<&str> = match require.tables.is_empty() {
            true => self
                .applicable
                .iter()
                .filter(|(known, _)| *known == require.statistic)
                .map(|(_, table)| table.as_str())
                .collect(),
            false => require.tables.iter().map(String::as_str).collect(),
        };
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
            let outcome = self.outcome(require, finding, uses);
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
        let delivered: BTreeSet<&str> = judged
            .iter()
            .map(|judged| findings[judged.finding].table.as_str())
            .collect();
        let mut missing: Vec<Missing> = (&owed | &delivered)
            .into_iter()
            .filter_map(|table| self.missing(require, table, &delivered, findings))
            .collect();
        let before = missing.len();
        missing.retain(|missing| !self.is_accepted(require, &missing.table, uses));
        let is = |outcome| judged.iter().any(|judged| judged.outcome == outcome);
        let nothing = owed.is_empty() && judged.is_empty();
        let accepted = before > missing.len();
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
        } else if is(Outcome::Waived) || accepted {
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
            columns: require.columns.clone(),
            tables: require.tables.clone(),
            min: require.min,
            max: require.max,
            origin: Some(require.origin.clone()),
            outcome,
            applied: judged.len() as u64,
            failed: failed.count() as u64,
            reason,
            judged,
            owed: owed.into_iter().map(str::to_owned).collect(),
            missing,
        }
    }

    /// What a requirement makes of a finding. Waivers that were of use are noted.
    fn outcome(&self, require: &Require, finding: &Finding, uses: &mut [Use]) -> Outcome {
        let asked = (require.min, require.max);
        if meets(asked, finding) {
            return Outcome::Pass;
        }
        let mut waived = false;
        for (waiver, of) in self.policy.waivers.iter().zip(uses) {
            if waiver.until < self.today || !waives(waiver, finding) {
                continue;
            }
            let bound = (waiver.min, waiver.max);
            // That something could not be measured is no word on what was.
            if waiver.unmeasured && bound == (None, None) {
                continue;
            }
            match bound == (None, None) || meets(bound, finding) {
                true if !waived => (waived, of.used) = (true, true),
                true => {}
                false => of.exceeded = true,
            }
        }
        if waived {
            return Outcome::Waived;
        }
        match self.baseline {
            Some(baseline) if baseline.accepts(finding, asked) => Outcome::Baseline,
            _ => Outcome::Fail,
        }
    }

    /// What is missing of a required statistic on a table that owes it or has some of it; `None` where nothing is.
    fn missing(
        &self,
        require: &Require,
        table: &str,
        delivered: &BTreeSet<&str>,
        findings: &[Finding],
    ) -> Option<Missing> {
        let entries = self.not_measured.iter();
        let entries = entries.filter(|entry| {
            entry.table == table && entry.concerns(&require.statistic, &require.parameters)
        });
        let mut reasons: Vec<Said> = Vec::new();
        for entry in entries {
            if !reasons.contains(&entry.reason) {
                reasons.push(entry.reason.clone());
            }
        }
        let part = delivered.contains(table);
        let reason = match (reasons.is_empty(), part) {
            (true, true) => return None,
            (true, false) => self.unexplained(require, table, findings),
            (false, _) => Said::joined(&reasons, "; "),
        };
        Some(Missing {
            table: table.to_owned(),
            part,
            reason,
        })
    }

    /// Why a statistic is missing where the measure itself gave no reason.
    fn unexplained(&self, require: &Require, table: &str, findings: &[Finding]) -> Said {
        let measure = measure_of(&require.statistic);
        let own = |finding: &&Finding| finding.table == table && finding.measure == measure;
        let own: Vec<&Finding> = findings.iter().filter(own).collect();
        let same: Vec<&&Finding> = own
            .iter()
            .filter(|finding| finding.id() == require.statistic)
            .collect();
        if !same.is_empty() {
            let mut others: BTreeSet<String> = BTreeSet::new();
            for name in require.parameters.keys() {
                let values = same.iter().filter_map(|one| one.parameters.get(name));
                others.extend(values.map(|value| format!("{name} = {value}")));
            }
            let others = others.into_iter().collect::<Vec<_>>().join(", ");
            return match (require.columns.is_empty(), others.is_empty()) {
                (false, _) => said!(
                    "`{}` was measured there, but not of the columns {}",
                    "`{}` wurde dort gemessen, aber nicht für die Spalten {}",
                    measure,
                    require.columns.join(", ")
                ),
                (true, true) => said!(
                    "`{}` gives no finding there that the requirement describes",
                    "`{}` ergibt dort keinen Befund, den die Anforderung beschreibt",
                    measure
                ),
                (true, false) => said!(
                    "`{}` was measured there with other parameters only: {}",
                    "`{}` wurde dort nur mit anderen Parametern gemessen: {}",
                    measure,
                    others
                ),
            };
        }
        let known: BTreeSet<&str> = own.iter().map(|one| one.statistic.as_str()).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        let mut pairs = self.applicable.iter();
        let is_planned = pairs.any(|(id, on)| on == table && measure_of(id) == measure);
        match (known.is_empty(), is_planned) {
            (false, _) => said!(
                "`{}` gives only {} there",
                "`{}` ergibt dort nur {}",
                measure,
                known
            ),
            (true, true) => said!(
                "`{}` finds nothing there that it could be measured on",
                "`{}` findet dort nichts, woran es zu messen wäre",
                measure
            ),
            (true, false) => said!(
                "`{}` does not apply to the table as the manifest describes it",
                "`{}` ist auf die Tabelle, wie das Manifest sie beschreibt, nicht anwendbar",
                measure
            ),
        }
    }

    /// Whether a waiver accepts that a statistic is not measured on a table.
    fn is_accepted(&self, require: &Require, table: &str, uses: &mut [Use]) -> bool {
        let accepts = |waiver: &Waive| {
            waiver.unmeasured
                && waiver.until >= self.today
                && waiver.statistic == require.statistic
                && waiver.table.as_ref().is_none_or(|known| known == table)
                && named(&waiver.parameters, &require.parameters)
                && is_about(&waiver.columns, &require.columns)
        };
        match self.policy.waivers.iter().position(accepts) {
            Some(at) => {
                uses[at].used = true;
                true
            }
            None => false,
        }
    }

    /// What a policy has without writing it: that it asks something of every table that concerns re-identification.
    /// `None` where it does.
    fn coverage(&self, lines: &[PolicyLine], findings: &[Finding]) -> Option<PolicyLine> {
        let about_persons = lines.iter().filter(|line| {
            let measure = measure::by_id(measure_of(&line.statistic));
            measure.is_some_and(|measure| measure.is_about_persons())
        });
        let mut covered: BTreeSet<&str> = BTreeSet::new();
        for line in about_persons {
            let judged = line.judged.iter().map(|judged| &findings[judged.finding]);
            covered.extend(judged.map(|finding| finding.table.as_str()));
            // What was asked and not measured fails on its own account.
            covered.extend(line.missing.iter().map(|missing| missing.table.as_str()));
            // What a waiver says of it was asked as well.
            if line.outcome == Outcome::Waived {
                covered.extend(line.owed.iter().map(String::as_str));
            }
        }
        // Of a table about no person it is asked whether it is one.
        let judged = lines.iter().flat_map(|line| &line.judged);
        let judged = judged.map(|judged| &findings[judged.finding]);
        let of_nobody = judged.filter(|finding| measure::declarations::is_about_no_person(finding));
        covered.extend(of_nobody.map(|finding| finding.table.as_str()));
        let open = self.tables.iter();
        let open: Vec<&String> = open
            .filter(|table| !covered.contains(table.as_str()))
            .collect();
        let exempted = |table: &str| {
            let mut exemptions = self.policy.exemptions.iter();
            exemptions.any(|exempt| exempt.table == *table)
        };
        if open.is_empty() {
            return None;
        }
        let missing: Vec<Missing> = open
            .iter()
            .filter(|table| !exempted(table))
            .map(|table| Missing {
                table: (*table).clone(),
                part: false,
                reason: said!(
                    "the policy asks nothing about re-identification of it: no requirement on singling out, linkability or inference applies",
                    "die Prüfkriterien fragen bei ihr nicht nach Re-Identifizierung: keine Anforderung zu Herausgreifen, Verknüpfbarkeit oder Inferenz ist anwendbar"
                ),
            })
            .collect();
        let why = missing.iter();
        let why = why.map(|missing| said!("{}: {}", "{}: {}", missing.table, missing.reason));
        let reason = (!missing.is_empty()).then(|| Said::joined(&why.collect::<Vec<_>>(), "; "));
        Some(PolicyLine {
            statistic: COVERAGE.to_owned(),
            parameters: Parameters::new(),
            columns: Vec::new(),
            tables: Vec::new(),
            min: None,
            max: None,
            origin: None,
            outcome: match reason {
                Some(_) => Outcome::Fail,
                None => Outcome::Waived,
            },
            applied: 0,
            failed: 0,
            reason,
            judged: Vec::new(),
            owed: open.into_iter().cloned().collect(),
            missing,
        })
    }
}

fn measure_of(id: &str) -> &str {
    id.split('.').next().unwrap_or_default()
}

fn not_measured(missing: &[Missing]) -> Said {
    let of = |part: bool| -> Option<Said> {
        let mut why: Vec<(&Said, Vec<&str>)> = Vec::new();
        for missing in missing.iter().filter(|missing| missing.part == part) {
            match why
                .iter_mut()
                .find(|(reason, _)| *reason == &missing.reason)
            {
                Some((_, tables)) => tables.push(&missing.table),
                None => why.push((&missing.reason, vec![&missing.table])),
            }
        }
        let why = why.into_iter();
        let why = why.map(|(reason, tables)| said!("{}: {}", "{}: {}", tables.join(", "), reason));
        let why: Vec<Said> = why.collect();
        let joined = Said::joined(&why, "; ");
        (!why.is_empty()).then(|| match part {
            false => said!("not measured on {}", "nicht gemessen bei {}", joined),
            true => said!(
                "not measured in part on {}",
                "teilweise nicht gemessen bei {}",
                joined
            ),
        })
    };
    let both: Vec<Said> = [of(false), of(true)].into_iter().flatten().collect();
    Said::joined(&both, "; ")
}

fn concerns(require: &Require, finding: &Finding) -> bool {
    finding.id() == require.statistic
        && (require.tables.is_empty() || require.tables.contains(&finding.table))
        && named(&require.parameters, &finding.parameters)
        && is_about(&require.columns, &finding.columns)
}

fn waives(waiver: &Waive, finding: &Finding) -> bool {
    let mut table = waiver.table.iter();
    finding.id() == waiver.statistic
        && table.all(|table| *table == finding.table)
        && named(&waiver.parameters, &finding.parameters)
        && is_about(&waiver.columns, &finding.columns)
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
                columns: Vec::new(),
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
            floors: Default::default(),
            exemptions: Vec::new(),
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
            tables: &[],
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
            columns: Vec::new(),
            table: Some("movements".to_owned()),
            min: None,
            max: None,
            unmeasured: false,
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

    /// What was not measured of a table of which something was.
    #[test]
    fn what_is_partly_not_measured_is_not_measured() {
        let entry = |points: u64| {
            NotMeasured {
                measure: "unicity".to_owned(),
                statistic: Some("share_unique".to_owned()),
                table: "movements".to_owned(),
                reason: Said::name("nobody has so many points"),
                ..NotMeasured::default()
            }
            .parameter("points", points)
        };
        let judged = |policy: &Policy, missing: &[NotMeasured]| {
            let owed = HERE
                .iter()
                .map(|(id, table)| ((*id).to_owned(), (*table).to_owned()));
            let bench = Bench {
                policy,
                not_measured: missing,
                applicable: &owed.collect(),
                tables: &[],
                today: day(2026, 11, 24),
                baseline: None,
            };
            judge(&bench, &mut [unicity(0.01, 0.0, 0.02)])
        };
        let mut policy = require("unicity.share_unique", None, Some(0.05), true);
        let judgement = judged(&policy, &[entry(7)]);
        assert_eq!(judgement.verdict, Verdict::Fail);
        let line = &judgement.policy.requirements[0];
        assert!(line.missing[0].part && line.failed == 0);
        let reason = line.reason.clone().unwrap();
        assert!(
            reason
                .english()
                .contains("not measured in part on movements: nobody"),
            "{reason}"
        );
        // What a requirement does not ask about does not fail it.
        policy.requirements[0]
            .parameters
            .insert("points".to_owned(), 4_u64.into());
        assert_eq!(judged(&policy, &[entry(7)]).verdict, Verdict::Pass);
        assert_eq!(judged(&policy, &[entry(4)]).verdict, Verdict::Fail);
        // Unless somebody accepts that it could not be measured.
        let waiver = waiver(&policy);
        policy.waivers.push(Waive {
            unmeasured: true,
            ..waiver
        });
        let judgement = judged(&policy, &[entry(4)]);
        assert_eq!(judgement.verdict, Verdict::Pass);
        assert_eq!(judgement.policy.requirements[0].outcome, Outcome::Waived);
    }

    fn waiver(policy: &Policy) -> Waive {
        Waive {
            statistic: "unicity.share_unique".to_owned(),
            parameters: Default::default(),
            columns: Vec::new(),
            table: None,
            min: None,
            max: None,
            unmeasured: false,
            until: day(2026, 12, 31),
            reason: "internal".to_owned(),
            approved_by: "DPO".to_owned(),
            origin: policy.requirements[0].origin.clone(),
        }
    }

    #[test]
    fn a_waiver_holds_as_far_as_its_bound() {
        let mut policy = require("unicity.share_unique", None, Some(0.05), false);
        let bounded = Waive {
            max: Some(0.2),
            ..waiver(&policy)
        };
        policy.waivers.push(bounded);
        for (high, expected, state) in [
            (0.2, Verdict::Pass, "used"),
            (0.21, Verdict::Fail, "exceeded"),
            (0.04, Verdict::Pass, "unused"),
        ] {
            let judgement = verdict(&policy, &mut [unicity(0.03, 0.01, high)], HERE);
            assert_eq!(judgement.verdict, expected, "{high}");
            assert_eq!(judgement.policy.waivers[0].state, state, "{high}");
        }
    }

    #[test]
    fn something_is_asked_of_every_table() {
        let of = |policy: &Policy, tables: &[&str], findings: &mut [Finding]| {
            let tables: Vec<String> = tables.iter().map(|table| (*table).to_owned()).collect();
            let owed = HERE
                .iter()
                .map(|(id, table)| ((*id).to_owned(), (*table).to_owned()));
            let bench = Bench {
                policy,
                not_measured: &[],
                applicable: &owed.collect(),
                tables: &tables,
                today: day(2026, 11, 24),
                baseline: None,
            };
            judge(&bench, findings)
        };
        let mut policy = require("unicity.share_unique", None, Some(0.05), true);
        let measured = || [unicity(0.01, 0.0, 0.02)];
        assert_eq!(
            of(&policy, &["movements"], &mut measured()).verdict,
            Verdict::Pass
        );
        let judgement = of(&policy, &["movements", "shops"], &mut measured());
        assert_eq!(judgement.verdict, Verdict::Fail);
        let line = judgement.policy.requirements.last().unwrap();
        assert_eq!(
            (line.statistic.as_str(), line.missing[0].table.as_str()),
            (COVERAGE, "shops")
        );
        policy.exemptions.push(policy::Exempt {
            table: "shops".to_owned(),
            reason: "a list of shops".to_owned(),
            origin: policy.requirements[0].origin.clone(),
        });
        let judgement = of(&policy, &["movements", "shops"], &mut measured());
        assert_eq!(judgement.verdict, Verdict::Pass);
        assert_eq!(judgement.policy.exemptions[0].reason, "a list of shops");
        // What is said of files says nothing of persons.
        let policy = require("direct-identifiers.columns", None, Some(0.0), true);
        let mut names = Finding::new(
            "direct-identifiers",
            "columns",
            Criterion::Hygiene,
            Unit::Columns,
        )
        .count(0, None);
        names.table = "movements".to_owned();
        assert_eq!(
            of(&policy, &["movements"], &mut [names]).verdict,
            Verdict::Fail
        );
    }
}
