//! Group disclosure: what a group gives away of everybody in it, where the attribute is not one sensitive column of
//! microdata, known of everybody: counts, traces, several rows a person, several columns, values that are mostly missing.
//!
//! How groups come about is what the kinds of tables differ in: [`persons`], [`points`], [`counts`]. Whether a group gives
//! something away is decided by [`given_away`], and for counts, which hold no sample of anything, outright.

mod counts;
mod persons;
mod points;

use super::{Doc, Job, Measure, Outcome, Planning, Run, Statistic, parameter, real};
use crate::encode::holdings::{CHANCE, Holdings};
use crate::encode::published::PublishedColumn;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::language::Language::English;
use crate::release::{Release, Table, TableKind};
use crate::said;
use crate::stats::{Draws, tail};

pub struct GroupDisclosure;

const ID: &str = "group-disclosure";

/// The share of a group, of those whose value is known, that must have a value.
const MOST: f64 = 0.8;
/// How much more frequent the value must be in the group than in the table: what `strict` asks of t-closeness.
const MORE: f64 = 0.2;
/// The chance at which the number of groups of some size and more is no accident.
const CHANCE_OF_ALL: f64 = 0.001;

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::group_disclosure::PROSE,
    title: "Group disclosure",
    criterion: Criterion::Inference,
    question: "Does belonging to a group reveal something sensitive about everybody in it, in counts, in traces, over several \
               rows or columns, or where most values are missing?",
    adversary: "Knows to which group a person belongs, by quasi-identifiers, by one or four points of a trace or by the \
                cell in which the person is counted, and wants a sensitive value; need not find the person's record.",
    definition: "Sensitive columns are those declared `sensitive`. Among the quasi-identifiers, in tables of counts among \
                 all columns but times, and in traces among items, places and ignored columns, those also count that are \
                 named like an illness, an income or a religion, or whose values are of such a kind: codes of \
                 the ICD-10 or of the ATC classification, names of illnesses, faiths, parties or sexual orientations, \
                 unless `[table.harmless]` gives a reason. A group reveals a value when at least four in five of its members of \
                 whom any value is known have it, and its share there exceeds that in the table by more than 0.2. \
                 Microdata (`by` = `class`): groups are the persons who share a row's quasi-identifiers, and those whose \
                 rows agree altogether; a person has a value who has it in at least one row, and nulls and words such as \
                 “unknown” are no value. `by` = `columns`: the same where a person has a value who has it in at least one of \
                 several sensitive columns with three or more values in common. Of a column among the quasi-identifiers, \
                 groups are made by the others. Traces (`by` = `points`): groups are the persons who share one point, or four \
                 drawn at random; everybody in the group must have the value, elsewhere than in the points themselves; of columns \
                 of items or places that are not sensitive altogether only values that name clinics, places of worship and \
                 the like are looked at. Counts (`by` = `counts`): groups are the cells that differ in the sensitive column \
                 alone, other sensitive columns summed up; the share is the least that the counts allow, where cells left out \
                 may hold one less than the smallest published count, and no more than a total leaves over. Absent cells \
                 are empty unless the manifest says `absent = \"suppressed\"`.",
    formula: "Persons and traces: with m members of known value, x of them with v, and p the share of v among all persons of \
              known value, x ≥ 0.8·m, x/m − p > 0.2, and P(Bin(m, p) ≥ x) ≤ 0.01/(groups · values), by Chernoff's bound; \
              or, where groups do not overlap, for some m₀ ≥ 2: of the groups with m ≥ m₀ at least half reveal a value \
              and four times as many as expected, E = Σ min(1, Σ_v P(Bin(m, p_v) ≥ ⌈0.8·m⌉)), with a Poisson probability \
              of 0.001 over the number of sizes at most. Counts: least n_v / (least n_v + Σ most n_w over the other \
              values w) ≥ 0.8, and that share less the share in the table > 0.2.",
    denominator: "Persons of whom a value is known; of counts the persons in all cells, each counted once a group; for four points \
                  the persons drawn; groups for `groups`.",
    nulls: "A null in a sensitive column is no value here, nor is a text that says that it is not known. In other \
            columns a null is a value of its own, and records are compared by equality. A count that is null was left out.",
    assumptions: &[
        "Values are missing, or were left out of rows, independently of what they are: whoever's value is missing is taken to be \
         like the others of the group.",
        "Under the hypothesis that a group says nothing about the value its members are a random sample of the table.",
    ],
    limits: &[
        "A value that four in five persons of the table have anyway is never counted as revealed.",
        "Groups of few known values may agree by chance and are passed over, unless most groups do.",
        "Which columns are sensitive is for the manifest to say; names and values recognise the usual ones only. \
         Where a group has one value for a reason that everybody knows (children are in no employment), \
         `[table.harmless]` says so.",
        "Counts that were left out by dropping their rows cannot be told from zeros: `absent = \"suppressed\"` says so, and \
         is believed.",
        "Of a trace one person with another value among those who share a point is enough to hide it.",
    ],
    citations: &[
        "A. Hundepool et al.: Statistical Disclosure Control. Wiley, 2012, chapter 5 (group disclosure in tables of \
         frequencies).",
        "A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam: ℓ-diversity: privacy beyond k-anonymity. ACM \
         TKDD 1(1), 2007 (homogeneity attack).",
        "H. Chernoff: A measure of asymptotic efficiency for tests of a hypothesis based on the sum of observations. \
         Ann. Math. Statist. 23(4), 1952.",
    ],
    validation: "Planted groups are found in generated microdata, traces and counts, and none where values were shuffled \
                 over persons; what the members of a group have in common equals a count over all values on random data.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "persons_disclosed",
            title: "Persons whose group reveals a sensitive value",
            of: "persons of known value",
            meaning: |f| match (f.columns.is_empty(), real(f)) {
                (true, _) => "No column is declared sensitive or looks it.".to_owned(),
                (_, 0.0) => format!(
                    "No group reveals {} {}.",
                    parameter(f, "sensitive"),
                    means(f)
                ),
                (_, persons) => format!(
                    "{} persons are in groups that reveal {} {}.",
                    English.number(persons),
                    parameter(f, "sensitive"),
                    means(f)
                ),
            },
        },
        Statistic {
            name: "groups",
            title: "Groups that reveal a sensitive value",
            of: "groups",
            meaning: |f| {
                format!(
                    "{} groups reveal {} {}.",
                    English.number(real(f)),
                    parameter(f, "sensitive"),
                    means(f)
                )
            },
        },
    ],
};

/// How groups come about, as the parameter `by` says.
fn means(finding: &Finding) -> &'static str {
    match parameter(finding, "by").as_str() {
        "columns" => "through several columns together",
        "points" => "to somebody who knows points of a trace",
        "counts" => "by counting one value only",
        _ => "of most of its members with a known value",
    }
}

impl Measure for GroupDisclosure {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let tables = planning.release.tables.iter().enumerate();
        let tables = tables.filter(|(_, table)| table.kind != TableKind::Reference);
        let jobs = tables.map(|(at, table)| {
            let is_of_counts = table.kind == TableKind::Flows;
            let draws = Draws::new(planning.release.seed, ID, &table.name);
            let table = table.clone();
            Job {
                measure: ID,
                table: at,
                needs: Needs {
                    published: true,
                    linked: !is_of_counts,
                    counts: is_of_counts,
                    cells: is_of_counts,
                    ..Needs::default()
                },
                run: Run::Table(Box::new(move |encoded| measure(encoded, &table, &draws))),
            }
        });
        Ok(jobs.collect())
    }

    fn owes(&self, statistic: &str, _: &Table, _: &Release) -> bool {
        statistic == "persons_disclosed"
    }
}

fn measure(encoded: &Encoded, table: &Table, draws: &Draws) -> Outcome {
    let published = encoded.published().expect("it was asked for");
    let disclosed = match table.kind {
        TableKind::Flows => match encoded.flows() {
            Some(flows) => counts::disclosed(published, flows, table),
            None => {
                let reason = said!("its cells are not known", "ihre Zellen sind nicht bekannt");
                return Outcome::unmeasured(ID, reason);
            }
        },
        kind => {
            let Some(rows) = published.rows() else {
                let reason = said!("its rows are not known", "ihre Zeilen sind nicht bekannt");
                return Outcome::unmeasured(ID, reason);
            };
            match kind {
                TableKind::Trace => points::disclosed(published, rows, table, draws),
                _ => persons::disclosed(published, rows, table),
            }
        }
    };
    let mut findings: Vec<Finding> = disclosed
        .into_iter()
        .flat_map(Disclosed::findings)
        .collect();
    if findings.is_empty() {
        findings.push(finding("persons_disclosed", Unit::Persons).count(0, None));
    }
    Outcome {
        findings,
        ..Outcome::default()
    }
}

fn finding(statistic: &str, unit: Unit) -> Finding {
    Finding::new(ID, statistic, DOC.criterion, unit)
}

/// What groups of one kind reveal about a column, or several.
struct Disclosed {
    by: &'static str,
    points: Option<u64>,
    columns: Vec<String>,
    sensitive: Vec<String>,
    persons: u64,
    of: u64,
    /// Those that reveal something, of all.
    groups: Option<(u64, u64)>,
}

impl Disclosed {
    fn findings(self) -> Vec<Finding> {
        let all: Vec<String> = self
            .columns
            .iter()
            .chain(&self.sensitive)
            .cloned()
            .collect();
        let of = |statistic, unit| {
            let mut finding = finding(statistic, unit)
                .columns(&all)
                .parameter("by", self.by)
                .parameter("sensitive", self.sensitive.join(", ").as_str());
            if let Some(points) = self.points {
                finding = finding.parameter("points", points);
            }
            finding
        };
        let mut findings =
            vec![of("persons_disclosed", Unit::Persons).count(self.persons, Some(self.of))];
        if let Some((groups, all)) = self.groups {
            findings.push(of("groups", Unit::Classes).count(groups, Some(all)));
        }
        findings
    }
}

/// Whether a column that is not declared sensitive is so by its name or its values.
fn looks_sensitive(column: &PublishedColumn, table: &Table) -> bool {
    column.len() > 1 && table.harmless(&column.name).is_none() && column.is_private()
}

/// Which groups reveal a value of most of their members, and are no accident; `apart` where no person is in two.
fn given_away(holdings: &Holdings, groups: &[Vec<u32>], apart: bool) -> Vec<bool> {
    let looked_at = (groups.len() * holdings.values()) as f64;
    let common: Vec<_> = groups
        .iter()
        .map(|members| holdings.common(members, MOST, &[]))
        .collect();
    let reveals: Vec<bool> = common
        .iter()
        .map(|of| {
            of.known >= 2 && of.with > 0 && of.with as f64 / of.known as f64 - of.share > MORE
        })
        .collect();
    let mut found: Vec<bool> = common
        .iter()
        .zip(&reveals)
        .map(|(of, reveals)| *reveals && tail(of.with, of.known, of.share) * looked_at <= CHANCE)
        .collect();
    if apart {
        let sizes = common.iter().map(|of| of.known);
        let from = most_groups(
            holdings,
            &sizes.zip(reveals.iter().copied()).collect::<Vec<_>>(),
        );
        for ((found, of), reveals) in found.iter_mut().zip(&common).zip(&reveals) {
            *found |= *reveals && from.is_some_and(|from| of.known >= from);
        }
    }
    found
}

/// From which number of known members on so many groups reveal a value that it is no accident, if from any.
fn most_groups(holdings: &Holdings, groups: &[(u64, bool)]) -> Option<u64> {
    let mut sizes: Vec<u64> = groups.iter().map(|(known, _)| *known).collect();
    sizes.retain(|known| *known >= 2);
    sizes.sort_unstable();
    sizes.dedup();
    let by_holders = holdings.by_holders();
    let chance = |known: u64| -> f64 {
        let enough = (MOST * known as f64 - 1e-9).ceil() as u64;
        let of = by_holders.iter().map(|(holders, values)| {
            let share = *holders as f64 / holdings.persons as f64;
            match 1.0 - share > MORE {
                true => *values as f64 * tail(enough, known, share),
                false => 0.0,
            }
        });
        of.sum::<f64>().min(1.0)
    };
    let mut of_sizes: Vec<(u64, u64, u64)> = sizes.iter().map(|size| (*size, 0, 0)).collect();
    for (known, reveals) in groups.iter().filter(|(known, _)| *known >= 2) {
        let at = sizes.binary_search(known).expect("it is one of them");
        of_sizes[at].1 += 1;
        of_sizes[at].2 += u64::from(*reveals);
    }
    let (mut all, mut found, mut expected, mut from) = (0, 0, 0.0, None);
    for (size, groups, reveals) in of_sizes.iter().rev() {
        all += groups;
        found += reveals;
        expected += *groups as f64 * chance(*size);
        let is_accident = 2 * found < all
            || (found as f64) < 4.0 * expected
            || poisson_tail(found, expected) * sizes.len() as f64 > CHANCE_OF_ALL;
        if found > 0 && !is_accident {
            from = Some(*size);
        }
    }
    from
}

/// An upper bound of the probability that so many or more occur where so many are expected (Chernoff).
fn poisson_tail(found: u64, expected: f64) -> f64 {
    let found = found as f64;
    if found <= expected {
        return 1.0;
    }
    if expected == 0.0 {
        return 0.0;
    }
    (found - expected - found * (found / expected).ln()).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Persons of `groups` groups of `size`, of whom each has the value that `value` gives, or none.
    fn example(
        groups: usize,
        size: usize,
        value: impl Fn(usize, usize) -> Option<u64>,
    ) -> (Holdings, Vec<Vec<u32>>) {
        let person = |group: usize, at: usize| (group * size + at) as u32;
        let pairs = (0..groups).flat_map(|group| (0..size).map(move |at| (group, at)));
        let pairs = pairs.filter_map(|(group, at)| Some((person(group, at), value(group, at)?)));
        let holdings = Holdings::new(groups * size, pairs.collect());
        let members = |group| (0..size).map(|at| person(group, at)).collect();
        (holdings, (0..groups).map(members).collect())
    }

    fn found(groups: usize, size: usize, value: impl Fn(usize, usize) -> Option<u64>) -> usize {
        let (holdings, groups) = example(groups, size, value);
        let found = given_away(&holdings, &groups, true);
        found.into_iter().filter(|found| *found).count()
    }

    #[test]
    fn one_group_of_few_known_values_and_a_decoy() {
        // In each group 20 of 100 are known; in the first all but one have the same value.
        let value = |group: usize, at: usize| {
            (at < 20).then(|| match (group, at) {
                (0, 1..) => 0,
                _ => (group * 7 + at * 13) as u64 % 10,
            })
        };
        assert_eq!(found(40, 100, value), 1);
        assert_eq!(found(40, 100, |group, at| value(group + 1, at)), 0);
    }

    #[test]
    fn two_known_values_that_agree_in_most_groups() {
        // Two of eleven are known, and agree in every group: no single group is beyond chance.
        let agree = |group: usize, at: usize| (at < 2).then_some(group as u64 % 10);
        assert_eq!(found(200, 11, agree), 200);
        let mut state = 1u64;
        let mut drawn = Vec::new();
        for _ in 0..400 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            drawn.push((state >> 33) % 10);
        }
        let shuffled = |group: usize, at: usize| (at < 2).then(|| drawn[group * 2 + at]);
        assert_eq!(found(200, 11, shuffled), 0);
        // One known value agrees with itself.
        assert_eq!(
            found(200, 11, |group, at| (at < 1).then_some(group as u64 % 10)),
            0
        );
    }

    #[test]
    fn what_nearly_everybody_has_is_not_revealed() {
        let usual = |group: usize, at: usize| Some(u64::from(group >= 85 && at.is_multiple_of(2)));
        assert_eq!(found(100, 40, usual), 0);
    }

    #[test]
    fn tails() {
        assert_eq!(poisson_tail(3, 4.0), 1.0);
        assert_eq!(poisson_tail(3, 0.0), 0.0);
        // P(Pois(1) ≥ 5) = 0.00366.
        assert!((0.00366..0.03).contains(&poisson_tail(5, 1.0)));
    }
}
