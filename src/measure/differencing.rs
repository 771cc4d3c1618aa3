//! Differencing: what subtraction reveals of those whom no published count tells apart.

mod overlapping;

use rayon::prelude::*;

use super::floors::{Floor, Rule};
use super::{
    CELL_THRESHOLD, Doc, Job, LARGEST, LARGEST_CIRCLE, MOST_AGAINST, Measure, OF_COUNTS, Other,
    Outcome, Planning, REPEATED, Run, Statistic, UNDONE, parameter, real,
};
use crate::encode::Needs;
use crate::encode::flows::{Count, Flows, parts};
use crate::encode::projection::{self, Projection, Wholes};
use crate::error::Result;
use crate::finding::{Criterion, Finding, NotMeasured, Unit};
use crate::language::Said;
use crate::release::{PointDefinition, Table, TableKind};
use crate::said;

use self::overlapping::overlapping;

pub struct Differencing;

const ID: &str = "differencing";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::differencing::PROSE,
    title: "Differencing",
    criterion: Criterion::Inference,
    question: "Which counts of a few persons, published nowhere, come out when one published count is taken from another?",
    adversary: "Has all tables of the release and subtracts: the parts from their total, those who arrived from those who \
                were there, the breakdown from the whole.",
    definition: UNDONE,
    formula: "For a published cell T and the published cells P₁ … Pₘ nearest below it, apart from each other: the rest R = \
              T − ΣPᵢ holds between least(T) − Σ most(Pᵢ) and most(T) − Σ least(Pᵢ) persons. It is derivable below k \
              where the first is at least 1 and the second less than k. The shortest derivation takes m + 1 counts. Of \
              areas that share parts: T − P for each P within T, T − ΣPᵢ for those within T apart from each other, A + B \
              − T for what A and B have in common where both together are T, and of each smallest part that the areas \
              tell apart the least and greatest value under all counts, by linear programming. Of times that overlap, \
              with S(t) the count before t: each published count bounds S(end) − S(begin), S never falls, and what \
              follows for S(b) − S(a) is the length of the shortest path; of runs within each other the narrowest are \
              counted.",
    denominator: "Sums examined: cells of which published cells are parts; of areas that share parts the sets of smallest \
                  parts looked at, of overlapping times the runs of parts, that are not published themselves.",
    nulls: OF_COUNTS,
    assumptions: &[
        "Totals are sums of their parts: of one column the values that `totals`, `hierarchies`, `made_of` and `window` \
         name; of two tables with the same places, times and attributes the sums over what only one of them tells \
         apart, a place being the origin or the destination of flows, and over times that lie within wider ones (hours \
         within days) and places that areas are `made_of`.",
        "How wide a time is, is its `window`, and where the manifest gives none the greatest width of which all times of \
         the table lie a multiple apart.",
        "Who is counted in a part is counted in the total. Where parts are more than their total, this is wrong: \
         `contradictions` counts it. Where that is so of more than one sum in a hundred nothing is derived from \
         any of them: journeys by their hour of arrival, say, are no part of those at their origin in that hour.",
    ],
    limits: &[
        "Sums over several columns that share parts may together give more than each alone: `suppression-audit` solves \
         them together.",
        "Of areas that share parts, sets of several smallest parts are looked at in the ways of the formula, not in all. \
         Linear programming bounds whole numbers by real ones: the true range may be narrower by part of one person.",
        "Times that overlap in more than 1,000 parts are not measured. Releases are not subtracted from each other: see \
         `release-sequence`.",
    ],
    citations: &[
        "D. E. Denning, P. J. Denning, M. D. Schwartz: The tracker: a threat to statistical database security. ACM TODS \
         4(1), 1979.",
        "A. Hundepool et al.: Statistical Disclosure Control. Wiley, 2012, sections 4.3 and 5.2.",
        "R. Bellman: On a routing problem. Quarterly of Applied Mathematics 16, 1958 (bounds on differences are shortest \
         paths).",
    ],
    validation: "Equal to the subtraction of all sums one by one on generated tables with totals over several columns, \
                 with and without rounding; of areas and of times that overlap equal to what all values leave open that \
                 satisfy all counts, tried one by one; planted differences are found, and none where there are none.",
    table: None,
    settings: &[CELL_THRESHOLD, LARGEST_CIRCLE],
    statistics: &[
        Statistic {
            name: "derivable_cells",
            title: "Small counts found by subtraction",
            of: "sums examined",
            meaning: |f| match (real(f), parameter(f, "by").as_str()) {
                (_, "nothing") => {
                    "No published count is the sum of others, as far as the manifest says."
                        .to_owned()
                }
                (count, by) => format!(
                    "By {by}, {count} counts of fewer than {} persons come out that are published nowhere.",
                    parameter(f, "k")
                ),
            },
        },
        Statistic {
            name: "shortest",
            title: "Shortest derivation of a small count",
            of: "published counts",
            meaning: |f| {
                format!(
                    "The shortest way to a count of fewer than {} persons, by {}, takes {} published counts.",
                    parameter(f, "k"),
                    parameter(f, "by"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "least",
            title: "Least count found by subtraction",
            of: "persons",
            meaning: |f| {
                format!(
                    "By {} a count of {} persons comes out.",
                    parameter(f, "by"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "contradictions",
            title: "Sums whose parts are more than they",
            of: "sums examined",
            meaning: |f| match real(f) {
                0.0 => format!("By {} no total is less than its parts.", parameter(f, "by")),
                count => format!(
                    "By {} {count} sums are less than their parts: parts overlap, or the counts were made otherwise \
                     than the manifest says.",
                    parameter(f, "by")
                ),
            },
        },
    ],
};

impl Measure for Differencing {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[Floor {
            key: "largest",
            rule: Rule::Least(LARGEST as f64),
        }]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let settings = Settings {
            thresholds: planning.thresholds()?,
            largest: planning.count("largest")?.unwrap_or(LARGEST) as usize,
        };
        let mut jobs = Vec::new();
        for (table, described) in planning.tables(TableKind::Flows) {
            let others: Vec<(usize, Projection)> = planning
                .tables(TableKind::Flows)
                .filter(|(other, _)| *other != table)
                .flat_map(|(other, _)| {
                    let ways = planning.projections(table, other).into_iter();
                    ways.map(move |projection| (other, projection))
                })
                .collect();
            let sums = described.has_sums();
            let (mine, columns) = (settings.clone(), described.roles.count_column());
            let alone = others.is_empty();
            if sums || alone {
                jobs.push(Job {
                    measure: ID,
                    table,
                    needs: Needs::of_counts(sums),
                    run: Run::Table(Box::new(move |encoded| {
                        let flows = encoded.flows().expect("they were asked for");
                        within(flows, &mine, &columns, alone)
                    })),
                });
            }
            for (other, projection) in others {
                let columns = described.roles.count_column();
                let thresholds = settings.thresholds.clone();
                let by = by_table(planning, described, other, &projection.map);
                let point = PointDefinition::default();
                let held = planning.held(Other::Table(other), table, point, Needs::of_cells());
                jobs.push(Job {
                    measure: ID,
                    table,
                    needs: Needs::of_cells(),
                    run: Run::against(held, move |coarser, finer, _| {
                        let [coarser, finer] = [coarser, finer]
                            .map(|table| table.flows().expect("they were asked for"));
                        between(coarser, finer, &projection, &thresholds, &columns, &by)
                    }),
                });
            }
        }
        Ok(jobs)
    }
}

#[derive(Clone)]
struct Settings {
    thresholds: Vec<u64>,
    largest: usize,
}

/// In words, what is subtracted.
fn by_table(planning: &Planning<'_>, coarser: &Table, other: usize, map: &[usize]) -> Said {
    let finer = &planning.release.tables[other];
    let summed: Vec<String> = finer
        .roles
        .dimensions()
        .enumerate()
        .filter(|(at, _)| !map.contains(at))
        .map(|(_, column)| format!("`{}`", column.value))
        .collect();
    let summed = match (summed.is_empty(), coarser.counting.made_of.is_empty()) {
        (true, true) => said!("its times", "ihre Zeiten"),
        (true, false) => said!("the areas it tells apart", "ihre Gebiete"),
        (false, _) => Said::new(summed.join(" and "), summed.join(" und ")),
    };
    said!(
        "taking `{}` summed over {} from `{}`",
        "Abziehen der über {1} summierten Tabelle `{0}` von `{2}`",
        finer.name,
        summed,
        coarser.name
    )
}

/// What is left of a total: persons, at least and at most, and how many counts say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rest {
    /// `None` where the parts are more than the total.
    persons: Option<(u64, u64)>,
    /// `None` where all counts together say so.
    counts: Option<u64>,
}

impl Rest {
    fn new(total: Count, least: u64, most: u64, parts: u64) -> Self {
        let persons = total.most.checked_sub(least);
        Self {
            persons: persons.map(|high| (total.least.saturating_sub(most), high)),
            counts: Some(parts + 1),
        }
    }

    /// What several ways say of the same persons.
    fn together(rests: &[Self]) -> Self {
        let both = |one: (u64, u64), other: (u64, u64)| {
            let (least, most) = (one.0.max(other.0), one.1.min(other.1));
            (least <= most).then_some((least, most))
        };
        let persons = rests
            .iter()
            .try_fold((0, u64::MAX), |all, rest| both(all, rest.persons?));
        // The fewest counts that say all that is said.
        let enough = rests.iter().filter(|rest| rest.persons == persons);
        Self {
            persons,
            counts: enough.filter_map(|rest| rest.counts).min(),
        }
    }

    fn is_below(&self, k: u64) -> bool {
        self.persons
            .is_some_and(|(least, most)| least >= 1 && most < k)
    }
}

/// What subtraction in one way comes to.
#[derive(Debug, Default)]
struct Tally {
    examined: u64,
    /// Of those examined whose parts are more than they.
    against: u64,
    /// For each threshold how many small counts come out, and the fewest counts that one takes.
    small: Vec<(u64, Option<u64>)>,
    /// The least count that comes out.
    least: Option<u64>,
}

impl Tally {
    fn of(rests: &[Rest], thresholds: &[u64]) -> Self {
        let small = |k: &u64| {
            let small = || rests.iter().filter(|rest| rest.is_below(*k));
            let counts = small().filter_map(|rest| rest.counts);
            (small().count() as u64, counts.min())
        };
        let derived = rests.iter().filter_map(|rest| rest.persons);
        let least = derived.map(|(least, _)| least).filter(|least| *least > 0);
        Self {
            examined: rests.len() as u64,
            against: rests.iter().filter(|rest| rest.persons.is_none()).count() as u64,
            small: thresholds.iter().map(small).collect(),
            least: least.min(),
        }
    }

    fn sum(tallies: impl IntoIterator<Item = Self>, thresholds: &[u64]) -> Self {
        let mut all = Self {
            small: vec![(0, None); thresholds.len()],
            ..Self::default()
        };
        let least = |one: Option<u64>, other: Option<u64>| one.into_iter().chain(other).min();
        for tally in tallies {
            all.examined += tally.examined;
            all.against += tally.against;
            all.least = least(all.least, tally.least);
            for (sum, of) in all.small.iter_mut().zip(tally.small) {
                *sum = (sum.0 + of.0, least(sum.1, of.1));
            }
        }
        all
    }
}

/// `alone` where no other table can be subtracted.
fn within(flows: &Flows, settings: &Settings, columns: &[String], alone: bool) -> Outcome {
    let thresholds = settings.thresholds.as_slice();
    let summed: Vec<usize> = (0..flows.dimensions.len())
        .filter(|dimension| flows.dimensions[*dimension].has_sums())
        .collect();
    if flows.repeated > 0 {
        return Outcome::unmeasured(ID, REPEATED);
    }
    let mut outcome = Outcome::default();
    for dimension in &summed {
        let of = &flows.dimensions[*dimension];
        if let Some(cover) = &of.cover {
            let by = said!(
                "subtracting counts over `{}` that overlap",
                "Abziehen sich überschneidender Zählwerte über `{}`",
                of.name
            );
            match overlapping(flows, *dimension, cover, thresholds, settings.largest) {
                Ok(tally) => declared(&mut outcome, &tally, thresholds, columns, &by),
                Err(reason) => outcome.not_measured.extend(underived(&reason, &by)),
            }
            continue;
        }
        let rests = flows.groups(*dimension, |_, group| {
            let rest = |(whole, parts): (usize, Vec<usize>)| {
                let sum = |of: &dyn Fn(&Count) -> u64| -> u64 {
                    parts.iter().map(|part| of(&group[*part].1)).sum()
                };
                let (least, most) = (sum(&|count| count.least), sum(&|count| count.most));
                Rest::new(group[whole].1, least, most, parts.len() as u64)
            };
            let sums = parts(group, of, |count| !count.is_suppressed());
            let sums = sums.into_iter().filter(|(_, parts)| !parts.is_empty());
            sums.map(rest).collect::<Vec<Rest>>()
        });
        let rests: Vec<Rest> = rests.into_iter().flatten().collect();
        let by = said!(
            "taking the parts from their totals over `{}`",
            "Abziehen der Teile von ihren Summen über `{}`",
            of.name
        );
        let tally = Tally::of(&rests, thresholds);
        declared(&mut outcome, &tally, thresholds, columns, &by);
    }
    if summed.is_empty() && alone {
        let tally = Tally::of(&[], thresholds);
        let nothing = said!("nothing", "nichts");
        report(&mut outcome, &tally, thresholds, columns, &nothing);
    }
    outcome
}

fn between(
    flows: &Flows,
    finer: &Flows,
    projection: &Projection,
    thresholds: &[u64],
    columns: &[String],
    by: &Said,
) -> Outcome {
    if flows.repeated + finer.repeated > 0 {
        return Outcome::unmeasured(ID, REPEATED);
    }
    let Some(wholes) = Wholes::new(flows, finer, projection) else {
        return match projection.map.len() < finer.dimensions.len() {
            true => Outcome::unmeasured(
                ID,
                said!(
                    "another table with the same places has times of other widths",
                    "eine andere Tabelle mit denselben Orten hat Zeitabschnitte anderer Länge"
                ),
            ),
            // Nothing but times could be summed over, and they are none the finer.
            false => Outcome::default(),
        };
    };
    let parts = projection::parts(flows, finer, &wholes);
    let rests: Vec<Rest> = flows
        .cells()
        .zip(parts)
        .filter(|((_, total), parts)| parts.cells > 0 && !total.is_suppressed())
        .map(|((_, total), parts)| Rest::new(total, parts.least, parts.most, parts.cells))
        .collect();
    let mut outcome = Outcome::default();
    let tally = Tally::of(&rests, thresholds);
    report(&mut outcome, &tally, thresholds, columns, by);
    outcome
}

/// What is missing where one way of subtraction was not measured.
fn underived(reason: &Said, by: &Said) -> [NotMeasured; 3] {
    ["derivable_cells", "shortest", "least"].map(|statistic| {
        Outcome::not_measured(ID, Some(statistic), reason).parameter("by", by.clone())
    })
}

/// Reports sums that the manifest declares. Where the counts contradict it nothing is known of what comes out.
fn declared(
    outcome: &mut Outcome,
    tally: &Tally,
    thresholds: &[u64],
    columns: &[String],
    by: &Said,
) {
    report(outcome, tally, thresholds, columns, by);
    if tally.against as f64 > MOST_AGAINST * tally.examined as f64 {
        let reason = said!(
            "{}: {} of {} sums are less than their parts, so the counts are not the sums that the manifest declares",
            "{}: {} von {} Summen sind kleiner als ihre Teile, die Zählwerte sind also nicht die Summen, die das Manifest angibt",
            by,
            tally.against,
            tally.examined
        );
        outcome.not_measured.extend(underived(&reason, by));
    }
}

fn report(outcome: &mut Outcome, tally: &Tally, thresholds: &[u64], columns: &[String], by: &Said) {
    let finding = |statistic, unit| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(columns)
            .parameter("by", by.clone())
    };
    let all = tally.examined;
    if all > 0 {
        let against = finding("contradictions", Unit::Cells).count(tally.against, Some(all));
        outcome.findings.push(against);
    }
    if tally.against as f64 > MOST_AGAINST * all as f64 {
        return;
    }
    for (k, (count, counts)) in thresholds.iter().copied().zip(&tally.small) {
        let cells = finding("derivable_cells", Unit::Cells).parameter("k", k);
        outcome.findings.push(cells.count(*count, Some(all)));
        if let Some(counts) = counts {
            let shortest = finding("shortest", Unit::Cells).parameter("k", k);
            outcome.findings.push(shortest.value(*counts));
        }
    }
    if let Some(least) = tally.least {
        outcome
            .findings
            .push(finding("least", Unit::Persons).value(least));
    }
}
