//! Differencing: what subtraction reveals of those whom no published count tells apart.

mod overlapping;
mod running;

use rayon::prelude::*;

use super::family::Link;
use super::floors::{Floor, Rule};
use super::{
    ADVERSARIES, CELL_THRESHOLD, Doc, INSIDER, Job, LARGEST, LARGEST_CIRCLE, MOST_AGAINST,
    MOST_DOUBTED, Measure, OF_COUNTS, Other, Outcome, Planning, REPEATED, Run, Statistic, UNDONE,
    parameter, real,
};
use crate::encode::Needs;
use crate::encode::flows::{Count, Flows, parts};
use crate::encode::margins::Margin;
use crate::encode::projection::{self, Projection, Wholes};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::language::Said;
use crate::release::{Absent, PointDefinition, Table, TableKind};
use crate::said;

use self::overlapping::overlapping;
use self::running::running;

pub struct Differencing;

const ID: &str = "differencing";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::differencing::PROSE,
    title: "Differencing",
    criterion: Criterion::Inference,
    question: "Which counts of a few persons, published nowhere, come out when one published count is taken from another?",
    adversary: "Has all tables of the release and of earlier ones and subtracts: the parts from their total, those who \
                arrived from those who were there, the breakdown from the whole, one table from another that counts the \
                same persons or more. An outsider is counted nowhere; an insider is one of those left, and subtracts 1 as \
                well to learn of the others.",
    definition: UNDONE,
    formula: "For a published cell T and the published cells P₁ … Pₘ nearest below it, apart from each other: the rest R = \
              T − ΣPᵢ holds between least(T) − Σ most(Pᵢ) and most(T) − Σ least(Pᵢ) persons. It is derivable below k by \
              an outsider where the first is at least 1 and the second less than k, by an insider where that holds of R − \
              1. The shortest derivation takes m + 1 counts. Of two tables with columns in common the margins over all \
              other columns are compared: what one publishes whole, less what the other publishes of it, is what the \
              other left out (R as before); of a table that is `part_of` another, those who are in the whole alone. Of \
              areas that share parts: T − P for each P within T, T − ΣPᵢ for those within T apart from each other, A + B \
              − T for what A and B have in common where both together are T, and of each smallest part that the areas \
              tell apart the least and greatest value under all counts, by linear programming. Of times that overlap, \
              with S(t) the count before t: each published count bounds S(end) − S(begin), S never falls, and what \
              follows for S(b) − S(a) is the length of the shortest path; of runs within each other the narrowest are \
              counted. Of running totals over times: the later count less the earlier of each two next to each other, where of 20 \
              such steps or more, 3 or more a cell on average, at most 1% fall and 10 or more rise.",
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
         any of them: journeys by their hour of arrival, say, are no part of those at their origin in that hour. Of one \
         column this means that the manifest is wrong, and it counts as not measured; so do two tables of which up to \
         one sum in five contradicts, unless `apart_from` gives the reason why they count other persons.",
        "Tables that have columns in common count the same persons under the same conditions as in `suppression-audit`.",
    ],
    limits: &[
        "Sums over several columns that share parts may together give more than each alone: `suppression-audit` solves \
         them together.",
        "Of areas that share parts, sets of several smallest parts are looked at in the ways of the formula, not in all. \
         Linear programming bounds whole numbers by real ones: the true range may be narrower by part of one person.",
        "Times that overlap in more than 1,000 parts are not measured. Cells that are in both of two releases are compared \
         by `release-sequence`.",
        "The search is exhaustive: every sum of the kinds named is looked at, so that a small count that comes out in one \
         of these ways is found with certainty (power 1). What is larger than `largest` or cut short counts as not \
         measured: no requirement passes.",
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
                _ if f.value.is_none() => {
                    format!("What comes out by {} was not measured.", parameter(f, "by"))
                }
                (_, "nothing") => {
                    "No published count is the sum of others, as far as the manifest says."
                        .to_owned()
                }
                (count, by) => format!(
                    "By {by}, {count} counts of fewer than {} {} come out that are published nowhere.",
                    parameter(f, "k"),
                    persons(f)
                ),
            },
        },
        Statistic {
            name: "shortest",
            title: "Shortest derivation of a small count",
            of: "published counts",
            meaning: |f| {
                format!(
                    "The shortest way to a count of fewer than {} {}, by {}, takes {} published counts.",
                    parameter(f, "k"),
                    persons(f),
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

/// Who is counted: for an insider the others.
fn persons(finding: &Finding) -> &'static str {
    match parameter(finding, "adversary") == INSIDER {
        true => "other persons (for one of those counted)",
        false => "persons",
    }
}

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
        let thresholds = planning.thresholds()?;
        let settings = Settings {
            sought: ADVERSARIES
                .into_iter()
                .flat_map(|adversary| {
                    let of = |k: &u64| Sought { adversary, k: *k };
                    thresholds.iter().map(of).collect::<Vec<Sought>>()
                })
                .collect(),
            largest: planning.count("largest")?.unwrap_or(LARGEST) as usize,
        };
        planning.check_relations()?;
        let mut jobs = Vec::new();
        for (table, described) in planning.tables(TableKind::Flows) {
            let others: Vec<(usize, Projection)> = planning
                .tables(TableKind::Flows)
                .filter(|(other, theirs)| *other != table && !are_apart(described, theirs))
                .flat_map(|(other, _)| {
                    let ways = planning.projections(table, other).into_iter();
                    ways.map(move |projection| (other, projection))
                })
                .collect();
            let mine = settings.clone();
            let time = described.roles.time.as_ref().map(|time| time.value.clone());
            let is_told_apart = described.has_sums() || time.is_some();
            let columns = described.roles.count_column();
            let point = PointDefinition::default;
            let held = others.iter().map(|(other, _)| {
                planning.held(Other::Table(*other), table, point(), Needs::of_cells())
            });
            let held: Vec<_> = held.collect();
            let ways = others.into_iter().map(|(other, projection)| {
                let by = by_table(planning, described, other, &projection.map);
                // Who left a place in an hour need not have arrived in it: journeys may be no parts.
                let theirs = &planning.release.tables[other].roles;
                let alike = theirs.place.is_some() == described.roles.place.is_some();
                (projection, by, alike)
            });
            let ways: Vec<(Projection, Said, bool)> = ways.collect();
            let run = move |flows: &Flows, others: &[&Flows]| {
                let mut outcome = within(flows, &mine, &columns);
                if let Some(time) = &time {
                    over_time(&mut outcome, flows, time, &mine, &columns);
                }
                for ((projection, by, alike), finer) in ways.iter().zip(others) {
                    let tables = [flows, *finer];
                    let more = between(tables, projection, *alike, &mine.sought, &columns, by);
                    outcome.findings.extend(more.findings);
                    outcome.not_measured.extend(more.not_measured);
                }
                let is_derived = |f: &Finding| f.statistic == "derivable_cells";
                let is_nothing = !outcome.findings.iter().any(is_derived);
                if is_nothing && outcome.not_measured.is_empty() {
                    let nothing = said!("nothing", "nichts");
                    let tally = Tally::of(&[], &mine.sought);
                    report(&mut outcome, &tally, &mine.sought, &columns, &nothing);
                }
                outcome
            };
            jobs.push(Job {
                measure: ID,
                table,
                needs: Needs::of_counts(is_told_apart || !held.is_empty()),
                run: match held.is_empty() {
                    true => Run::Table(Box::new(move |table| {
                        run(table.flows().expect("they were asked for"), &[])
                    })),
                    false => Run::Held(
                        held,
                        Box::new(move |table, others, _| {
                            let others = others.iter();
                            let others =
                                others.map(|other| other.flows().expect("they were asked for"));
                            let others: Vec<&Flows> = others.collect();
                            run(table.flows().expect("they were asked for"), &others)
                        }),
                    ),
                },
            });
            jobs.extend(self.margin_jobs(planning, table, &settings));
        }
        Ok(jobs)
    }
}

impl Differencing {
    /// One job for each table with which a table has margins in common.
    fn margin_jobs(&self, planning: &Planning<'_>, table: usize, settings: &Settings) -> Vec<Job> {
        let described = &planning.release.tables[table];
        let family = planning.family(table);
        let links = family.links.iter();
        let job = |link: &Link| {
            let side = link.tables.iter().position(|at| *at == 0)?;
            let other = link.tables[1 - side];
            let comparison = Comparison {
                link: link.clone(),
                side,
                absent: [0, other].map(|at| family.absent[at]),
                by: said!(
                    "comparing its margins with those of {}",
                    "Vergleichen ihrer Randsummen mit denen von {}",
                    family.names[other]
                ),
                sought: settings.sought.clone(),
                columns: described.roles.count_column(),
            };
            let held = family.held[other - 1].clone();
            Some(Job {
                measure: ID,
                table,
                needs: Needs::of_cells(),
                run: Run::against(held, move |mine, theirs, _| {
                    let tables =
                        [mine, theirs].map(|table| table.flows().expect("they were asked for"));
                    comparison.run(tables)
                }),
            })
        };
        links.filter_map(job).collect()
    }
}

/// Whether the manifest says of one table that it counts others than another.
fn are_apart(one: &Table, other: &Table) -> bool {
    let names = |table: &Table, named: &Table| {
        let mut apart = table.counting.apart_from.iter();
        apart.any(|(name, _)| name.value == named.name)
    };
    names(one, other) || names(other, one)
}

#[derive(Clone)]
struct Settings {
    sought: Vec<Sought>,
    largest: usize,
}

/// What counts are too small, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sought {
    adversary: &'static str,
    k: u64,
}

impl Sought {
    /// From how many persons on, and up to how many: an insider takes away the own 1.
    fn range(self) -> (u64, u64) {
        let own = u64::from(self.adversary == INSIDER);
        (1 + own, self.k - 1 + own)
    }
}

/// Two tables whose margins are compared.
struct Comparison {
    link: Link,
    /// Which of the two the table is that is measured.
    side: usize,
    /// What the manifests say of absent cells of it and of the other.
    absent: [Option<Absent>; 2],
    by: Said,
    sought: Vec<Sought>,
    columns: Vec<String>,
}

impl Comparison {
    /// Nothing where counts of one table are sums of those of the other, which is looked at elsewhere, or where the two
    /// are seen to count other persons.
    fn run(&self, [mine, theirs]: [&Flows; 2]) -> Outcome {
        let mut tables = [mine, theirs];
        if self.side == 1 {
            tables.reverse();
        }
        let [first, second] = tables;
        let is_sum = |ways: &[Projection], coarser: &Flows, finer: &Flows| {
            ways.iter()
                .any(|way| Wholes::new(coarser, finer, way).is_some())
        };
        let [down, up] = &self.link.sums;
        if first.repeated + second.repeated > 0
            || is_sum(down, first, second)
            || is_sum(up, second, first)
        {
            return Outcome::default();
        }
        let left_out = |flows: &Flows, stated: Option<Absent>| {
            let has_nulls = flows.counts.iter().any(|count| count.is_suppressed());
            stated.map_or(!has_nulls && flows.leaves_out_few(), |absent| {
                absent == Absent::Suppressed
            })
        };
        let mut absent = [
            left_out(mine, self.absent[0]),
            left_out(theirs, self.absent[1]),
        ];
        if self.side == 1 {
            absent.reverse();
        }
        let Some(mut margins) = self.link.margins([first, second], absent) else {
            return Outcome::default();
        };
        let part = self.link.part(&margins);
        let is_same = match self.link.is_believed(&margins) {
            true => true,
            false if part.is_some() => false,
            false => {
                let all = self.link.margins([first, second], [true, true]);
                let all = all.filter(|all| margins.differ_by_absent(all, MOST_AGAINST));
                if let Some(all) = all {
                    margins = all;
                    true
                } else {
                    let mut outcome = Outcome::default();
                    let mut open = margins.pairs.iter().map(|pair| &pair[self.side]);
                    if self.link.is_doubtful(&margins) && open.any(|mine| !mine.is_known()) {
                        let sums = (margins.unequal(), margins.pairs.len() as u64);
                        doubt(&mut outcome, sums, &self.sought, &self.columns, &self.by);
                    }
                    return outcome;
                }
            }
        };
        let rest = |pair: &[Margin; 2]| -> Option<Rest> {
            let (mine, theirs) = (&pair[self.side], &pair[1 - self.side]);
            let is_open = match is_same {
                true => !mine.is_known(),
                // Whoever is in the whole and not in the part.
                false => part == Some(self.side),
            };
            (is_open && theirs.is_known()).then(|| Rest {
                persons: (theirs.most.checked_sub(mine.least))
                    .map(|most| (theirs.least.saturating_sub(mine.most), most)),
                counts: Some(mine.published + theirs.published),
            })
        };
        let rests: Vec<Rest> = margins.pairs.iter().filter_map(rest).collect();
        let mut outcome = Outcome::default();
        let tally = Tally::of(&rests, &self.sought);
        report(&mut outcome, &tally, &self.sought, &self.columns, &self.by);
        outcome
    }
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

    fn is_within(&self, range: (u64, u64)) -> bool {
        self.persons
            .is_some_and(|(least, most)| range.0 <= least && most <= range.1)
    }
}

/// What subtraction in one way comes to.
#[derive(Debug, Default)]
struct Tally {
    examined: u64,
    /// Of those examined whose parts are more than they.
    against: u64,
    /// For each kind that is sought how many small counts come out, and the fewest counts that one takes.
    small: Vec<(u64, Option<u64>)>,
    /// The least count that comes out.
    least: Option<u64>,
}

impl Tally {
    fn of(rests: &[Rest], sought: &[Sought]) -> Self {
        let small = |sought: &Sought| {
            let small = || rests.iter().filter(|rest| rest.is_within(sought.range()));
            let counts = small().filter_map(|rest| rest.counts);
            (small().count() as u64, counts.min())
        };
        let derived = rests.iter().filter_map(|rest| rest.persons);
        let least = derived.map(|(least, _)| least).filter(|least| *least > 0);
        Self {
            examined: rests.len() as u64,
            against: rests.iter().filter(|rest| rest.persons.is_none()).count() as u64,
            small: sought.iter().map(small).collect(),
            least: least.min(),
        }
    }

    /// Whether so many parts are more than their totals that these are no sums of them.
    fn contradicts_itself(&self) -> bool {
        self.against as f64 > MOST_AGAINST * self.examined as f64
    }

    /// Whether they are, and yet so few that they may be of the same persons.
    fn is_doubtful(&self) -> bool {
        self.contradicts_itself() && self.against as f64 <= MOST_DOUBTED * self.examined as f64
    }

    fn sum(tallies: impl IntoIterator<Item = Self>, sought: &[Sought]) -> Self {
        let mut all = Self {
            small: vec![(0, None); sought.len()],
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

/// What comes out of the counts of the table alone.
fn within(flows: &Flows, settings: &Settings, columns: &[String]) -> Outcome {
    let sought = settings.sought.as_slice();
    let summed: Vec<usize> = (0..flows.dimensions.len())
        .filter(|dimension| flows.dimensions[*dimension].has_sums())
        .collect();
    if flows.repeated > 0 {
        return Outcome::unmeasured(ID, REPEATED);
    }
    let mut outcome = Outcome::default();
    for dimension in &summed {
        let of = &flows.dimensions[*dimension];
        let (by, tally) = match &of.cover {
            Some(cover) => {
                let by = said!(
                    "subtracting counts over `{}` that overlap",
                    "Abziehen sich überschneidender Zählwerte über `{}`",
                    of.name
                );
                let tally = overlapping(flows, *dimension, cover, sought, settings.largest);
                (by, tally)
            }
            None => {
                let by = said!(
                    "taking the parts from their totals over `{}`",
                    "Abziehen der Teile von ihren Summen über `{}`",
                    of.name
                );
                (by, Ok(parts_of(flows, *dimension, sought)))
            }
        };
        match tally {
            Ok(tally) if tally.contradicts_itself() => {
                report(&mut outcome, &tally, sought, columns, &by);
                let reason = said!(
                    "over `{}`, {} of {} sums are less than their parts, so that nothing can be derived: what the manifest says of the totals of `{}` does not hold",
                    "über `{}` sind {} von {} Summen kleiner als ihre Teile, sodass sich nichts ableiten lässt: was das Manifest über die Summen von `{}` sagt, trifft nicht zu",
                    of.name,
                    tally.against,
                    tally.examined,
                    of.name
                );
                missing(&mut outcome, reason, sought, columns, &by);
            }
            Ok(tally) => report(&mut outcome, &tally, sought, columns, &by),
            Err(reason) => missing(&mut outcome, reason, sought, columns, &by),
        }
    }
    outcome
}

/// What comes out of counts that are running totals over times.
fn over_time(
    outcome: &mut Outcome,
    flows: &Flows,
    time: &str,
    settings: &Settings,
    columns: &[String],
) {
    let mut dimensions = flows.dimensions.iter();
    let dimension = dimensions.position(|dimension| dimension.name == time);
    let tally = dimension.and_then(|dimension| running(flows, dimension, &settings.sought));
    if let Some(tally) = tally {
        let by = said!(
            "subtracting running totals over `{}`",
            "Abziehen fortlaufender Summen über `{}`",
            time
        );
        report(outcome, &tally, &settings.sought, columns, &by);
    }
}

/// The totals of a dimension less their parts.
fn parts_of(flows: &Flows, dimension: usize, sought: &[Sought]) -> Tally {
    let of = &flows.dimensions[dimension];
    let rests = flows.groups(dimension, |_, group| {
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
    Tally::of(&rests, sought)
}

/// `alike` where both tables count persons at places, or both journeys.
fn between(
    [flows, finer]: [&Flows; 2],
    projection: &Projection,
    alike: bool,
    sought: &[Sought],
    columns: &[String],
    by: &Said,
) -> Outcome {
    let mut outcome = Outcome::default();
    if flows.repeated + finer.repeated > 0 {
        missing(&mut outcome, REPEATED, sought, columns, by);
        return outcome;
    }
    let Some(wholes) = Wholes::new(flows, finer, projection) else {
        if projection.map.len() < finer.dimensions.len() {
            let widths = said!(
                "another table with the same places has times of other widths",
                "eine andere Tabelle mit denselben Orten hat Zeitabschnitte anderer Länge"
            );
            return Outcome::unmeasured(ID, widths);
        }
        // Nothing but times could be summed over, and they are none the finer.
        return outcome;
    };
    let parts = projection::parts(flows, finer, &wholes);
    let rests: Vec<Rest> = flows
        .cells()
        .zip(parts)
        .filter(|((_, total), parts)| parts.cells > 0 && !total.is_suppressed())
        .map(|((_, total), parts)| Rest::new(total, parts.least, parts.most, parts.cells))
        .collect();
    let tally = Tally::of(&rests, sought);
    // Where they count other persons nothing is derived from both together.
    report(&mut outcome, &tally, sought, columns, by);
    if alike && tally.is_doubtful() {
        doubt(
            &mut outcome,
            (tally.against, tally.examined),
            sought,
            columns,
            by,
        );
    }
    outcome
}

/// Two tables seem to count the same persons, but not everywhere.
fn doubt(
    outcome: &mut Outcome,
    (against, all): (u64, u64),
    sought: &[Sought],
    columns: &[String],
    by: &Said,
) {
    let reason = said!(
        "{}: {} of {} sums contradict each other; where the two tables count different persons, say so with `apart_from` and the reason, else correct them",
        "{}: {} von {} Summen widersprechen einander; zählen die beiden Tabellen verschiedene Personen, so ist das mit `apart_from` und dem Grund anzugeben, sonst sind sie zu berichtigen",
        by,
        against,
        all
    );
    missing(outcome, reason, sought, columns, by);
}

/// A part that was not measured: a finding without a value, which no requirement passes, and the reason.
fn missing(outcome: &mut Outcome, reason: Said, sought: &[Sought], columns: &[String], by: &Said) {
    for sought in sought {
        let finding = Finding::new(ID, "derivable_cells", DOC.criterion, Unit::Cells);
        outcome.findings.push(
            finding
                .columns(columns)
                .parameter("by", by.clone())
                .parameter("adversary", sought.adversary)
                .parameter("k", sought.k),
        );
    }
    let entry = |statistic| {
        Outcome::not_measured(ID, Some(statistic), reason.clone()).parameter("by", by.clone())
    };
    let statistics = ["derivable_cells", "shortest", "least"];
    outcome.not_measured.extend(statistics.map(entry));
}

fn report(outcome: &mut Outcome, tally: &Tally, sought: &[Sought], columns: &[String], by: &Said) {
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
    if tally.contradicts_itself() {
        return;
    }
    for (sought, (count, counts)) in sought.iter().zip(&tally.small) {
        let of = |finding: Finding| {
            finding
                .parameter("adversary", sought.adversary)
                .parameter("k", sought.k)
        };
        let cells = of(finding("derivable_cells", Unit::Cells));
        outcome.findings.push(cells.count(*count, Some(all)));
        if let Some(counts) = counts {
            let shortest = of(finding("shortest", Unit::Cells));
            outcome.findings.push(shortest.value(*counts));
        }
    }
    if let Some(least) = tally.least {
        outcome
            .findings
            .push(finding("least", Unit::Persons).value(least));
    }
}
