//! Suppression audit: what published totals leave open for the counts that were left out.

use crate::said;
use std::collections::HashMap;

use super::floors::{Floor, Rule};
use super::{
    Doc, Job, LARGEST, LARGEST_CIRCLE, MOST_AGAINST, Measure, OF_COUNTS, Other, Outcome, Planning,
    REPEATED, Run, Setting, Statistic, UNDONE, parameter, real,
};
use crate::encode::Needs;
use crate::encode::cover::Cover;
use crate::encode::flows::{Count, Dimension, Flows, Group, parts};
use crate::encode::projection::{self, Parts, Projection, Wholes};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::release::{Absent, PointDefinition, Table, TableKind};
use crate::stats::sums::{ANY, Bound, Range, Sum, System};

pub struct SuppressionAudit;

const ID: &str = "suppression-audit";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::suppression_audit::PROSE,
    title: "Suppression audit",
    criterion: Criterion::Inference,
    question: "How close can an adversary come to a count that was left out, by the totals that were published?",
    adversary: "Knows all published counts of the table and of others whose counts are sums of them, that totals are the sums of their parts, and the threshold \
                below which counts were left out where the manifest states it.",
    definition: UNDONE,
    formula: "Each published total T with the parts Pᵢ nearest below it gives least(T) − Σ most(Pᵢ) ≤ Σ xⱼ ≤ most(T) − Σ \
              least(Pᵢ) over its unknown parts xⱼ; a total that is unknown itself is one of them, with −1. The bounds \
              of xⱼ are the least and greatest value under all of these: where they hang together as a tree by \
              narrowing one after the other, which is exact; else by linear programming. Where areas or times share \
              parts, those that no cell is of alone are unknown as well. exactly_recoverable = |{j : \
              greatest = least}|; within_protection(p) = |{j : greatest − least < p}|",
    denominator: "Unknown cells: suppressed ones (null), and where absent cells were suppressed those that a total covers.",
    nulls: OF_COUNTS,
    assumptions: &[
        "Totals are sums of their parts, each person counted once in a total for each part they are counted in.",
        "Where the manifest does not say what `absent` cells are, they are zero if suppressed cells are in the table as \
         nulls, or counts that may be of one person or of nobody are published, else suppressed.",
        "Absent are cells of values that the table has elsewhere: of an hour that nobody was counted in anywhere nothing \
         is known.",
        "Where absent cells are zero, or zeros are published, a suppressed cell holds one person at least.",
    ],
    limits: &[
        "Linear programming bounds whole numbers by real ones: in circles the true range may be narrower by part of one \
         person.",
        "Of other tables whose counts are sums of these only published counts are part of the system.",
    ],
    citations: &[
        "M. Fischetti, J.-J. Salazar-González: Models and algorithms for the 2-dimensional cell suppression problem in \
         statistical disclosure control. Mathematical Programming 84, 1999.",
        "A. Hundepool et al.: Statistical Disclosure Control. Wiley, 2012, section 4.3 (intruder's audit).",
    ],
    validation: "The bounds equal those of all assignments of whole numbers tried one by one, on generated tables with \
                 totals over rows and columns; planted cells that a total gives away are found, and none where two \
                 are left out of every row and column; the same for areas that share parts.",
    table: None,
    settings: &[
        Setting {
            key: "threshold",
            default: "none",
            meaning: "counts of fewer persons were suppressed: what an adversary knows of what is missing",
        },
        Setting {
            key: "protection",
            default: "[2, 5, 11]",
            meaning: "widths in persons that the range of an unknown count should have at least; those a policy names \
                      are added",
        },
        LARGEST_CIRCLE,
    ],
    statistics: &[
        Statistic {
            name: "suppressed",
            title: "Counts that are not known",
            of: "unknown cells",
            meaning: |f| {
                let totals = match f.parameters.get("totals") {
                    Some(tables) => format!(", and totals are in {tables} as well"),
                    None => String::new(),
                };
                format!(
                    "{} counts were left out; absent cells count as {}{totals}.",
                    real(f),
                    parameter(f, "absent")
                )
            },
        },
        Statistic {
            name: "exactly_recoverable",
            title: "Suppressed counts that totals give away",
            of: "unknown cells",
            meaning: |f| match real(f) {
                0.0 => "No count that was left out follows exactly from the totals.".to_owned(),
                count => {
                    format!("{count} counts that were left out follow exactly from the totals.")
                }
            },
        },
        Statistic {
            name: "within_protection",
            title: "Suppressed counts known too closely",
            of: "unknown cells",
            meaning: |f| {
                format!(
                    "The totals leave {} of the suppressed counts a range of fewer than {} persons.",
                    real(f),
                    parameter(f, "protection")
                )
            },
        },
        Statistic {
            name: "contradictions",
            title: "Suppressed counts that no values satisfy",
            of: "unknown cells",
            meaning: |f| match real(f) {
                0.0 => "The totals agree with their parts.".to_owned(),
                count => format!(
                    "For {count} suppressed counts no values satisfy all totals: the counts were made otherwise than the \
                     manifest says."
                ),
            },
        },
    ],
};

impl Measure for SuppressionAudit {
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
            threshold: planning.count("threshold")?,
            protections: planning.whole_numbers("protection", &[2.0, 5.0, 11.0])?,
            largest: planning.count("largest")?.unwrap_or(LARGEST) as usize,
        };
        let job = |(table, described): (usize, &Table)| {
            let (settings, absent) = (settings.clone(), described.counting.absent);
            let columns = described.roles.count_column();
            let (mut held, mut ways) = (Vec::new(), Vec::new());
            for (other, coarser) in planning.tables(TableKind::Flows) {
                // Who was at a place need not have come from elsewhere: journeys are no parts of those.
                let alike = coarser.roles.place.is_some() == described.roles.place.is_some();
                if other == table || !alike {
                    continue;
                }
                for way in planning.projections(other, table) {
                    let point = PointDefinition::default();
                    held.push(planning.held(Other::Table(other), table, point, Needs::of_cells()));
                    ways.push((coarser.name.clone(), way));
                }
            }
            Job {
                measure: ID,
                table,
                needs: Needs::of_counts(described.has_sums() || !held.is_empty()),
                run: Run::Held(
                    held,
                    Box::new(move |table, others, _| {
                        let flows = table.flows().expect("they were asked for");
                        let totals = others.iter().zip(&ways);
                        let totals = totals.map(|(table, (name, way))| Totals {
                            name,
                            flows: table.flows().expect("they were asked for"),
                            way,
                        });
                        let totals: Vec<Totals<'_>> = totals.collect();
                        settings.measure(flows, absent, &totals, &columns)
                    }),
                ),
            }
        };
        Ok(planning.tables(TableKind::Flows).map(job).collect())
    }
}

/// A table whose counts may be sums of those that are audited, and how.
struct Totals<'a> {
    name: &'a str,
    flows: &'a Flows,
    way: &'a Projection,
}

#[derive(Clone)]
struct Settings {
    threshold: Option<u64>,
    protections: Vec<u64>,
    largest: usize,
}

/// Cells that are absent, at most: more are not put into one system.
const MOST_ABSENT: u64 = 5_000_000;

impl Settings {
    fn measure(
        &self,
        flows: &Flows,
        absent: Option<Absent>,
        totals: &[Totals<'_>],
        columns: &[String],
    ) -> Outcome {
        if flows.repeated > 0 {
            return Outcome::unmeasured(ID, REPEATED);
        }
        let published = |of: &dyn Fn(&Count) -> bool| {
            flows.counts.iter().any(|count| count.rows > 0 && of(count))
        };
        let zeros = published(&Count::is_zero);
        // Who publishes counts of one person leaves out none for being small.
        let is_lone = |count: &Count| count.least <= 1 && !count.is_suppressed();
        let are_zero = published(&is_lone) || published(&Count::is_suppressed);
        let absent = absent.unwrap_or(match are_zero {
            true => Absent::Zero,
            false => Absent::Suppressed,
        });
        let range = Range {
            least: i64::from(zeros || absent == Absent::Zero),
            most: self.threshold.map_or(ANY, |threshold| threshold as i64 - 1),
        };
        let Some(Assembled {
            system,
            cells,
            with,
        }) = system(flows, absent, totals, range)
        else {
            return Outcome::unmeasured(
                ID,
                said!(
                    "too many absent cells would have to be taken for suppressed: say `absent = \"zero\"` where they are",
                    "zu viele fehlende Zellen müssten als unterdrückt gelten: wo sie null bedeuten, ist `absent = \"zero\"` anzugeben"
                ),
            );
        };
        // Suppressed cells that no total covers are not in the system; nothing is known of them.
        let suppressed = flows.counts.iter().filter(|count| count.is_suppressed());
        let suppressed: u64 = suppressed.map(|count| count.rows).sum();
        let all = suppressed.max(cells.len() as u64);
        let bounds = system.solve(&cells, self.largest);
        let count =
            |of: &dyn Fn(&Bound) -> bool| bounds.iter().filter(|bound| of(bound)).count() as u64;
        let narrower = |width: u64| {
            count(&|bound| matches!(bound, Bound::Within(range) if (range.width() as u64) < width))
        };
        let finding = |statistic| {
            let finding = Finding::new(ID, statistic, DOC.criterion, Unit::Cells).columns(columns);
            let finding = finding.parameter("absent", absent.as_str());
            match with.is_empty() {
                true => finding,
                false => finding.parameter("totals", with.join(", ").as_str()),
            }
        };
        let mut outcome = Outcome::default();
        outcome
            .findings
            .push(finding("suppressed").count(all, Some(all)));
        let unsolved = count(&|bound| *bound == Bound::Unsolved);
        if unsolved > 0 {
            for statistic in ["exactly_recoverable", "within_protection"] {
                let reason = said!(
                    "{} suppressed cells hang together by totals in circles of more than `largest` = {}",
                    "{} unterdrückte Zellen hängen über Summen in Gruppen von mehr als `largest` = {} zusammen",
                    unsolved,
                    self.largest
                );
                outcome
                    .not_measured
                    .push(Outcome::not_measured(ID, Some(statistic), &reason));
            }
        } else {
            outcome
                .findings
                .push(finding("exactly_recoverable").count(narrower(1), Some(all)));
            for protection in self.protections.iter().copied() {
                let close = finding("within_protection").parameter("protection", protection);
                outcome
                    .findings
                    .push(close.count(narrower(protection), Some(all)));
            }
        }
        let against = count(&|bound| *bound == Bound::Contradiction);
        outcome
            .findings
            .push(finding("contradictions").count(against, Some(all)));
        outcome
    }
}

/// A count that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Missing {
    /// Of a cell, by its key.
    Cell(u64),
    /// Of a part of areas or times that no cell is of alone, beside the same codes of all other dimensions.
    Part {
        dimension: usize,
        rest: u64,
        part: u32,
    },
}

/// Counts that are not known, with what sums say of them.
struct Unknown {
    system: System,
    numbers: HashMap<Missing, u32>,
    /// What each cell may be by itself.
    range: Range,
}

impl Unknown {
    /// `None` where there are too many counts.
    fn add(&mut self, sums: impl IntoIterator<Item = Equation>) -> Option<()> {
        for (counts, range) in sums {
            let terms = counts.into_iter().map(|(count, sign)| {
                let next = self.system.unknowns.len() as u32;
                let number = *self.numbers.entry(count).or_insert(next);
                if number == next {
                    self.system.unknowns.push(match count {
                        Missing::Cell(_) => self.range,
                        Missing::Part { .. } => ANYBODY,
                    });
                }
                (number, sign)
            });
            let terms = terms.collect();
            self.system.sums.push(Sum { terms, range });
            if self.system.unknowns.len() as u64 > MOST_ABSENT {
                return None;
            }
        }
        Some(())
    }
}

/// What a count may be of which nothing is known.
const ANYBODY: Range = Range {
    least: 0,
    most: ANY,
};

/// What the totals say of counts that are not known.
struct Assembled<'a> {
    system: System,
    /// Those of cells, by their numbers in the system, ascending.
    cells: Vec<u32>,
    /// The names of other tables whose counts are totals of them.
    with: Vec<&'a str>,
}

/// Of the unknown cells each may be in `range` by itself; `None` where they are too many.
fn system<'a>(
    flows: &Flows,
    absent: Absent,
    totals: &[Totals<'a>],
    range: Range,
) -> Option<Assembled<'a>> {
    let mut unknown = Unknown {
        system: System::default(),
        numbers: HashMap::new(),
        range,
    };
    let dimensions = flows.dimensions.iter().enumerate();
    for (dimension, of) in dimensions.filter(|(_, of)| of.has_sums()) {
        if let Some(cover) = &of.cover {
            let sums = flows.groups(dimension, |rest, group| {
                overlapping(flows, dimension, cover, absent, rest, group)
            });
            unknown.add(sums.into_iter().flatten())?;
            continue;
        }
        let sums = flows.groups(dimension, |rest, group| {
            let sums = parts(group, of, |_| true);
            let missing: Vec<Vec<u32>> = match absent {
                Absent::Zero => vec![Vec::new(); sums.len()],
                Absent::Suppressed => {
                    let places = |whole: &(usize, Vec<usize>)| missing(group, whole.0, of);
                    sums.iter().map(places).collect()
                }
            };
            let of_group = |(sum, missing): ((usize, Vec<usize>), Vec<u32>)| {
                equation(flows, dimension, rest, group, sum, &missing)
            };
            sums.into_iter()
                .zip(missing)
                .filter_map(of_group)
                .collect::<Vec<_>>()
        });
        unknown.add(sums.into_iter().flatten())?;
    }
    let mut with = Vec::new();
    for other in totals {
        let Some(across) = Across::new(flows, other) else {
            continue;
        };
        if !with.contains(&other.name) {
            with.push(other.name);
        }
        unknown.add(across.equations(absent)?)?;
    }
    let Unknown {
        mut system,
        numbers,
        ..
    } = unknown;
    let mut cells = Vec::with_capacity(numbers.len());
    for (count, number) in &numbers {
        let Missing::Cell(key) = count else {
            continue;
        };
        cells.push(*number);
        // A total that was left out may be of more than any single cell.
        let mut dimensions = flows.dimensions.iter().enumerate();
        if dimensions.any(|(dimension, of)| of.wholes[flows.code(dimension, *key) as usize]) {
            system.unknowns[*number as usize] = ANYBODY;
        }
    }
    cells.sort_unstable();
    Some(Assembled {
        system,
        cells,
        with,
    })
}

/// Published counts of another table that are sums of cells.
struct Across<'a> {
    flows: &'a Flows,
    coarser: &'a Flows,
    wholes: Wholes<'a>,
    /// Of each cell of the other table what is published of it.
    parts: Vec<Parts>,
}

impl<'a> Across<'a> {
    /// `None` where they are no such sums.
    fn new(flows: &'a Flows, totals: &Totals<'a>) -> Option<Self> {
        if totals.flows.repeated > 0 {
            return None;
        }
        let wholes = Wholes::new(totals.flows, flows, totals.way)?;
        let across = Self {
            flows,
            coarser: totals.flows,
            parts: projection::parts(totals.flows, flows, &wholes),
            wholes,
        };
        let known =
            (0..across.coarser.len()).filter(|at| !across.coarser.count(*at).is_suppressed());
        let examined = known.filter(|at| across.parts[*at].cells > 0);
        let (mut all, mut against) = (0, 0);
        for at in examined {
            (all, against) = (all + 1, against + usize::from(across.is_less(at)));
        }
        (against as f64 <= MOST_AGAINST * f64::from(all)).then_some(across)
    }

    fn is_less(&self, at: usize) -> bool {
        self.coarser.count(at).most < self.parts[at].least
    }

    /// What each published count says of the unknown cells among its parts; `None` where too many are absent.
    fn equations(&self, absent: Absent) -> Option<Vec<Equation>> {
        let flows = self.flows;
        let suppressed = (0..flows.len()).filter(|at| flows.count(*at).is_suppressed());
        let mut unknown: Vec<(usize, u64)> = suppressed
            .flat_map(|at| {
                self.wholes
                    .find(flows.key(at))
                    .map(move |whole| (whole, flows.key(at)))
            })
            .collect();
        if absent == Absent::Suppressed {
            let sizes = || flows.dimensions.iter().map(|of| of.values.len() as u64);
            let possible = sizes().try_fold(1u64, u64::checked_mul)?;
            if possible > MOST_ABSENT + flows.len() as u64 {
                return None;
            }
            let key = |mut number: u64| {
                let code = |size: u64| {
                    let code = (number % size) as u32;
                    number /= size;
                    code
                };
                flows.key_of(&sizes().map(code).collect::<Vec<u32>>())
            };
            let missing = (0..possible)
                .map(key)
                .filter(|key| flows.find(*key).is_none());
            unknown.extend(
                missing.flat_map(|key| self.wholes.find(key).map(move |whole| (whole, key))),
            );
        }
        unknown.sort_unstable();
        let of_total = |cells: &[(usize, u64)]| {
            let at = cells[0].0;
            let (total, parts) = (self.coarser.count(at), self.parts[at]);
            if total.is_suppressed() || self.is_less(at) {
                return None;
            }
            let range = Range {
                least: total.least as i64 - parts.most as i64,
                most: total.most as i64 - parts.least as i64,
            };
            let terms = cells.iter().map(|(_, key)| (Missing::Cell(*key), 1));
            Some((terms.collect(), range))
        };
        let totals = unknown.chunk_by(|a, b| a.0 == b.0);
        Some(totals.filter_map(of_total).collect())
    }
}

/// The codes that are not in a group and lie nearest below one of its cells. Whoever lies above another that is missing
/// as well is counted in it.
fn missing(group: Group<'_>, whole: usize, of: &Dimension) -> Vec<u32> {
    let present = |code: u32| group.binary_search_by_key(&code, |(code, _)| *code).is_ok();
    let whole = group[whole].0;
    (0..of.values.len() as u32)
        .filter(|code| !of.wholes[*code as usize] && !present(*code))
        .filter(|code| {
            let mut chain = of.above[*code as usize].iter();
            chain.find(|code| present(**code)) == Some(&whole)
        })
        .collect()
}

type Equation = (Vec<(Missing, i64)>, Range);

/// What the counts of areas or times that overlap say of those that are missing; nothing where none is.
fn overlapping(
    flows: &Flows,
    dimension: usize,
    cover: &Cover,
    absent: Absent,
    rest: u64,
    group: Group<'_>,
) -> Vec<Equation> {
    let counts: HashMap<u32, Count> = group.iter().copied().collect();
    let codes = 0..cover.len() as u32;
    let alone = codes.filter(|code| cover.parts(*code).len() == 1);
    let alone: HashMap<u32, u32> = alone.map(|code| (cover.parts(code)[0], code)).collect();
    let is_absent = |code: &u32| !counts.contains_key(code);
    let missing = absent == Absent::Suppressed && alone.values().any(is_absent);
    if !missing && !group.iter().any(|(_, count)| count.is_suppressed()) {
        return Vec::new();
    }
    let cell = |code: u32| Missing::Cell(flows.with(dimension, rest, code));
    let equation = |(code, total): &(u32, Count)| {
        let (taken, left) = cover.sum(*code, |part| counts.contains_key(&part));
        let (mut terms, mut least, mut most) = (Vec::new(), 0i64, 0i64);
        for part in taken {
            let count = counts[&part];
            match count.is_suppressed() {
                true => terms.push((cell(part), 1)),
                false => (least, most) = (least + count.least as i64, most + count.most as i64),
            }
        }
        terms.extend(
            left.into_iter()
                .filter_map(|part| match (alone.get(&part), absent) {
                    (Some(_), Absent::Zero) => None,
                    (Some(code), Absent::Suppressed) => Some((cell(*code), 1)),
                    (None, _) => {
                        let part = Missing::Part {
                            dimension,
                            rest,
                            part,
                        };
                        Some((part, 1))
                    }
                }),
        );
        bounded(terms, (least, most), *total, cell(*code))
    };
    let wholes = group
        .iter()
        .filter(|(code, _)| cover.parts(*code).len() > 1);
    wholes.filter_map(equation).collect()
}

/// What a total says of its unknown parts, those that are known being so many persons at least and at most; `None` where
/// all is known.
fn bounded(
    mut terms: Vec<(Missing, i64)>,
    (least, most): (i64, i64),
    total: Count,
    whole: Missing,
) -> Option<Equation> {
    let range = match total.is_suppressed() {
        true => {
            terms.push((whole, -1));
            Range {
                least: -most,
                most: -least,
            }
        }
        false => Range {
            least: total.least as i64 - most,
            most: total.most as i64 - least,
        },
    };
    (!terms.is_empty()).then_some((terms, range))
}

/// What a total says of its unknown parts; `None` where there are none.
fn equation(
    flows: &Flows,
    dimension: usize,
    rest: u64,
    group: Group<'_>,
    (whole, parts): (usize, Vec<usize>),
    missing: &[u32],
) -> Option<Equation> {
    let cell = |code: u32| Missing::Cell(flows.with(dimension, rest, code));
    let mut terms: Vec<(Missing, i64)> = Vec::new();
    let (mut least, mut most) = (0i64, 0i64);
    for (code, count) in parts.into_iter().map(|part| group[part]) {
        match count.is_suppressed() {
            true => terms.push((cell(code), 1)),
            false => (least, most) = (least + count.least as i64, most + count.most as i64),
        }
    }
    terms.extend(missing.iter().map(|code| (cell(*code), 1)));
    let (code, total) = group[whole];
    bounded(terms, (least, most), total, cell(code))
}
