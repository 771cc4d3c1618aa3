//! Which three findings stand on top of the report.
//!
//! The rule, from the report alone:
//! 1. Of a release that fails, the findings that fail. How far one is beyond its threshold is told as the part of the
//!    way from the threshold to the worst that could be ([`beyond`]), the unfavourable end of its interval counting,
//!    in tenths: less is no reason to prefer one.
//! 2. Among those as far beyond: hygiene first, because what should not be in a file needs no attack; then what
//!    concerns persons, by number; then the others; then exactly how far; then the order of the report.
//! 3. The first of them is taken. Each next one is the first that shares neither criterion nor table with those taken;
//!    if there is none, neither measure nor table; if there is none, not the measure; if there is none, not the table. A
//!    second finding of one measure on one table is the same fact told twice, and never taken.
//!
//! Of a release that passes: what a waiver accepted, ordered like failures; then what came closest to its threshold.

use std::collections::BTreeSet;

use crate::finding::{Finding, Outcome};
use crate::measure;
use crate::report::{Report, Verdict};

/// Findings on top.
const MOST: usize = 3;

pub fn foremost(report: &Report) -> Vec<&Finding> {
    let with = |is: fn(Outcome) -> bool| {
        let findings = report.findings.iter();
        findings.filter(move |f| f.requirement.is_some_and(|asked| is(asked.outcome)))
    };
    match report.verdict {
        Verdict::Fail => chosen(ordered(report.failures())),
        Verdict::Pass => {
            let is_accepted = |outcome| {
                use Outcome::{Fail, NotApplicable, Pass};
                !matches!(outcome, Fail | NotApplicable | Pass)
            };
            let mut all = ordered(with(is_accepted));
            let mut close: Vec<(f64, &Finding)> = with(|outcome| outcome == Outcome::Pass)
                .filter_map(|finding| Some((used(finding)?, finding)))
                .collect();
            close.sort_by(|a, b| b.0.total_cmp(&a.0));
            all.extend(close.into_iter().map(|(_, finding)| finding));
            chosen(all)
        }
    }
}

/// All that fail: first those on top, then the others, the gravest first, one of each statistic before a second.
pub fn failing(report: &Report) -> Vec<&Finding> {
    let top = chosen(ordered(report.failures()));
    let is_on_top = |finding: &Finding| top.iter().any(|other| std::ptr::eq(*other, finding));
    let mut seen: BTreeSet<String> = top.iter().map(|finding| finding.id()).collect();
    let others = ordered(report.failures());
    let others = others.into_iter().filter(|finding| !is_on_top(finding));
    let (first, more): (Vec<_>, Vec<_>) = others.partition(|finding| seen.insert(finding.id()));
    [top, first, more].concat()
}

/// Those that fail, the gravest first.
pub fn ordered<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<&'a Finding> {
    let mut all: Vec<(f64, &Finding)> = findings.map(|f| (beyond(f), f)).collect();
    let concerns = |finding: &Finding| {
        use crate::finding::Criterion::Hygiene;
        let of_persons =
            measure::statistic(finding).is_some_and(|known| known.statistic.of == "persons");
        match (
            finding.criterion,
            of_persons && finding.denominator.is_some(),
        ) {
            (Hygiene, _) => 0,
            (_, true) => 1,
            (_, false) => 2,
        }
    };
    let tenths = |beyond: f64| (beyond * 10.0).round() as i64;
    all.sort_by(|(a, left), (b, right)| {
        (tenths(*b).cmp(&tenths(*a)))
            .then_with(|| concerns(left).cmp(&concerns(right)))
            .then_with(|| b.total_cmp(a))
    });
    all.into_iter().map(|(_, finding)| finding).collect()
}

/// Step 3 of the rule.
fn chosen(mut candidates: Vec<&Finding>) -> Vec<&Finding> {
    let mut taken: Vec<&Finding> = Vec::new();
    while taken.len() < MOST && !candidates.is_empty() {
        let differs = |by: &dyn Fn(&Finding, &Finding) -> bool| {
            let is_new = |finding: &&Finding| taken.iter().all(|other| by(finding, other));
            candidates.iter().position(is_new)
        };
        let at = differs(&|a, b| a.criterion != b.criterion && a.table != b.table)
            .or_else(|| differs(&|a, b| a.measure != b.measure && a.table != b.table))
            .or_else(|| differs(&|a, b| a.measure != b.measure))
            .or_else(|| differs(&|a, b| a.measure != b.measure || a.table != b.table));
        let Some(at) = at else {
            break;
        };
        taken.push(candidates.remove(at));
    }
    taken
}

/// The part of the way from the threshold to the worst that could be: 0 at the threshold, 1 at the worst. The worst
/// share is everybody, the worst size none; where there is no worst, the threshold over the value is taken from 1.
/// What has no value is the worst.
pub fn beyond(finding: &Finding) -> f64 {
    let (Some(value), Some(asked)) = (finding.value, finding.requirement) else {
        return 1.0;
    };
    let value = value.as_f64();
    let (low, high) = finding.interval.map_or((value, value), |i| (i.low, i.high));
    let over = asked.max.map_or(0.0, |max| {
        let worst = match (finding.unit.is_proportion(), finding.denominator) {
            (true, _) => Some(1.0),
            (false, Some(all)) if finding.numerator.is_some() => Some(all as f64),
            _ => None,
        };
        match worst {
            Some(worst) if worst > max => (high - max) / (worst - max),
            _ if high > max => 1.0 - max.max(0.0) / high,
            _ => 0.0,
        }
    });
    let under = asked.min.map_or(0.0, |min| match min > 0.0 {
        true => (min - low) / min,
        false => 0.0,
    });
    over.max(under).clamp(0.0, 1.0)
}

/// How much of what is allowed is used up; none where nothing is allowed.
fn used(finding: &Finding) -> Option<f64> {
    let (value, asked) = (finding.value?.as_f64(), finding.requirement?);
    let (low, high) = finding.interval.map_or((value, value), |i| (i.low, i.high));
    match (asked.min, asked.max) {
        (_, Some(max)) if max > 0.0 => Some(high / max),
        (Some(min), _) if low > 0.0 => Some(min / low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Criterion, Requirement, Unit};
    use crate::render::fixture;

    fn failing(measure: &str, statistic: &str, criterion: Criterion, table: &str) -> Finding {
        let mut finding = Finding::new(measure, statistic, criterion, Unit::Share).share(9, 10);
        finding.table = table.to_owned();
        finding.requirement = Some(Requirement {
            min: None,
            max: Some(0.0),
            outcome: Outcome::Fail,
        });
        finding
    }

    fn ids(findings: &[&Finding]) -> Vec<String> {
        let name = |f: &&Finding| format!("{} {}", f.id(), f.table);
        findings.iter().map(name).collect()
    }

    #[test]
    fn all_that_fail_are_told_each_statistic_before_a_second_of_it() {
        let report = fixture::report();
        let (all, top) = (super::failing(&report), foremost(&report));
        assert_eq!(all.len(), report.failures().count());
        assert_eq!(ids(&all[..top.len()]), ids(&top));
        let distinct: BTreeSet<String> = all.iter().map(|finding| finding.id()).collect();
        let others = &all[top.len()..];
        let mut seen: BTreeSet<String> = top.iter().map(|finding| finding.id()).collect();
        let fresh = others
            .iter()
            .take_while(|finding| seen.insert(finding.id()));
        let fresh = fresh.count();
        assert_eq!(seen, distinct, "whoever comes later was told before");
        let farther = |pair: &[&Finding]| beyond(pair[0]) > beyond(pair[1]) - 0.1;
        assert!(others[..fresh].windows(2).all(farther));
    }

    #[test]
    fn how_far_beyond_is_between_nothing_and_the_worst() {
        let asked = |mut finding: Finding, min, max| {
            let outcome = Outcome::Fail;
            finding.requirement = Some(Requirement { min, max, outcome });
            beyond(&finding)
        };
        let new = |unit| Finding::new("k-anonymity", "k", Criterion::SinglingOut, unit);
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        near(
            asked(new(Unit::Persons).count(1, None), Some(11.0), None),
            10.0 / 11.0,
        );
        near(asked(new(Unit::Share).share(3, 4), None, Some(0.5)), 0.5);
        near(
            asked(new(Unit::Cells).count(30, Some(40)), None, Some(0.0)),
            0.75,
        );
        near(
            asked(new(Unit::Columns).count(1, None), None, Some(0.0)),
            1.0,
        );
        near(asked(new(Unit::Ratio).value(0.8), None, Some(0.2)), 0.75);
        near(asked(new(Unit::Ratio).value(0.1), None, Some(0.2)), 0.0);
        near(asked(new(Unit::Ratio), None, Some(0.2)), 1.0);
        let mut sampled = new(Unit::Share).share(3, 4);
        sampled.interval = Some(crate::stats::wilson(3, 4));
        assert!(
            asked(sampled, None, Some(0.5)) > 0.5,
            "the unfavourable end counts"
        );
    }

    #[test]
    fn the_three_differ_where_they_can() {
        use Criterion::{Hygiene, Inference, SinglingOut};
        let mut report = fixture::report();
        report.findings = vec![
            failing("uniqueness", "share_unique", SinglingOut, "a"),
            failing("uniqueness", "share_unique", SinglingOut, "b"),
            failing("unicity", "share_unique", SinglingOut, "a"),
            failing("homogeneity-attack", "share_certain", Inference, "b"),
            failing("reversible-pseudonyms", "reversed", Hygiene, "a"),
        ];
        // Hygiene first; then another table and criterion; then another measure, there is no third table.
        assert_eq!(
            ids(&foremost(&report)),
            [
                "reversible-pseudonyms.reversed a",
                "uniqueness.share_unique b",
                "unicity.share_unique a"
            ]
        );
        report.findings.truncate(2);
        assert_eq!(
            foremost(&report).len(),
            2,
            "variants, where there is nothing else"
        );
        report.findings[1].table = "a".to_owned();
        assert_eq!(foremost(&report).len(), 1, "one fact is told once");
    }

    #[test]
    fn of_a_release_that_passes_what_came_closest() {
        let mut report = fixture::report();
        report.verdict = Verdict::Pass;
        report.findings = [0.1, 0.04, 0.0]
            .into_iter()
            .zip(["a", "b", "c"])
            .map(|(value, table)| {
                let mut finding =
                    failing("uniqueness", "share_unique", Criterion::SinglingOut, table);
                finding = finding.value(value);
                let asked = finding.requirement.as_mut().unwrap();
                asked.max = Some(if table == "c" { 0.0 } else { 0.2 });
                asked.outcome = Outcome::Pass;
                finding
            })
            .collect();
        let shown = ids(&foremost(&report));
        assert_eq!(
            shown,
            ["uniqueness.share_unique a", "uniqueness.share_unique b"]
        );
        report.findings[1].requirement.as_mut().unwrap().outcome = Outcome::Waived;
        assert!(ids(&foremost(&report))[0].ends_with('b'), "waivers first");
    }
}
