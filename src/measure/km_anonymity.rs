//! Whether an adversary who knows any few points of somebody is left with enough candidates.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use rayon::prelude::*;

use super::{
    Doc, Job, Measure, Outcome, Planning, Setting, Statistic, at_each_precision, is_of_rows,
    known_rows, parameter, percent, real,
};
use crate::encode::traces::Traces;
use crate::encode::traces::several::Several;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameters, Unit};
use crate::release::{Release, Table, TableKind};
use crate::said;

pub struct KmAnonymity;

const ID: &str = "km-anonymity";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::km_anonymity::PROSE,
    title: "kᵐ-anonymity",
    criterion: Criterion::SinglingOut,
    question: "Whatever few things an adversary knows of somebody's trace, or of somebody's rows in microdata: are \
               there always enough persons with all of them?",
    adversary: "Knows any m points of a person, the worst for the person included: m things bought, m moments; in \
                microdata the quasi-identifiers of any m rows of a person who has several.",
    definition: "A set of at most m points that occurs together in some trace is violated when fewer than k \
                 persons have all of it. A release has kᵐ-anonymity when no set is. A violation is minimal when \
                 no part of it is one. A person is exposed who has a violated set. In microdata whose persons have \
                 several rows the points of a person are the rows by their quasi-identifiers (`rows = known`), and \
                 rows that are equal count as often as they occur: the sets are multisets of rows, and a person has \
                 one who has at least as many rows of each kind. kᵐ-anonymity of rows stands between k-anonymity row \
                 by row (m = 1) and that of all rows of a person together, which implies it. Where every person has \
                 one row, `k-anonymity` says it all, and nothing is reported here. With `precision = point` a point of a \
                 trace is what the manifest defines. With `precision = published` it is what the files say of a row, as \
                 for `unicity`, and single points are counted (m = 1): how many persons have a point that fewer than k \
                 have. Where the two are the same they are reported once, as `precision = both`.",
    formula: "violations(m, k) = |{S : |S| = m, 1 ≤ support(S) < k}|, support(S) = |{i : S ⊆ T_i}|; \
              persons_exposed counts i with S ⊆ T_i for a violated S of at most m points",
    denominator: "Sets of exactly m points that occur; persons for `persons_exposed` and `share_exposed`: all of them, \
                  those with fewer than m points as well.",
    nulls: "A null place, item or amount is a value of its own. In microdata a null in a quasi-identifier is a value of \
            its own and rows are compared by equality, with `nulls = \"wildcard\"` or a hierarchy as well.",
    assumptions: &["The adversary's points are exact up to the bins."],
    limits: &[
        "It is the worst case over what is known: `unicity` is the average over random points.",
        "Sets of three are counted where that takes at most 2³¹ steps, pairs likewise.",
    ],
    citations: &[
        "M. Terrovitis, N. Mamoulis, P. Kalnis: Privacy-preserving anonymization of set-valued data. VLDB \
         2008.",
    ],
    validation: "Items and pairs of the purchases equal to independent counts (4,414,406 pairs that occur, \
                 2,890,640 of fewer than five persons). Up to three points, minimal sets and persons equal to \
                 an enumeration of all sets on generated traces, and of all multisets of rows on generated \
                 microdata.",
    table: None,
    settings: &[Setting {
        key: "k",
        default: "[5]",
        meaning: "values of k; those a policy names are added",
    }],
    statistics: &[
        Statistic {
            name: "itemsets",
            title: "Sets of points that occur",
            of: "sets",
            meaning: |f| {
                format!(
                    "{} different sets of {} occur with somebody.",
                    real(f),
                    points(f)
                )
            },
        },
        Statistic {
            name: "violations",
            title: "Sets of points of too few persons",
            of: "sets",
            meaning: |f| {
                format!(
                    "{} sets of {} are shared by fewer than {} persons.",
                    real(f),
                    points(f),
                    parameter(f, "k")
                )
            },
        },
        Statistic {
            name: "minimal_violations",
            title: "Sets of too few persons of which no part is one",
            of: "sets",
            meaning: |f| {
                format!(
                    "{} sets of {} are too rare although none of their parts is.",
                    real(f),
                    points(f)
                )
            },
        },
        Statistic {
            name: "persons_exposed",
            title: "Persons with a set of too few persons",
            of: "persons",
            meaning: |f| {
                format!(
                    "{} persons have up to {} that fewer than {} persons share.",
                    real(f),
                    points(f),
                    parameter(f, "k")
                )
            },
        },
        Statistic {
            name: "share_exposed",
            title: "Share of persons with a set of too few persons",
            of: "persons",
            meaning: |f| {
                format!(
                    "Of all persons, {} have up to {} that fewer than {} persons share.",
                    percent(real(f)),
                    points(f),
                    parameter(f, "k")
                )
            },
        },
    ],
};

/// So many points, or rows.
fn points(finding: &Finding) -> String {
    let (one, many) = match is_of_rows(finding) {
        true => ("row", "rows"),
        false => ("point", "points"),
    };
    match parameter(finding, "m").as_str() {
        "1" => format!("1 {one}"),
        m => format!("{m} {many}"),
    }
}

/// Points of a set at most.
const MOST_POINTS: u64 = 3;
/// Steps that may be taken to count the sets of a size.
const MOST_STEPS: u64 = 1 << 31;

impl Measure for KmAnonymity {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn owes(&self, _: &str, table: &Table, _: &Release) -> bool {
        // Whether persons have several rows shows when they are read; where they have not, `k-anonymity` says it all.
        table.kind == TableKind::Trace
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |k: f64| k.fract() == 0.0 && k >= 2.0;
        let ks = planning.numbers("k", "k", &[5.0], valid, "whole numbers from 2")?;
        let needs = Needs {
            precise: true,
            ..Needs::default()
        };
        let of = move |traces: &Traces, several: Option<&Several>, asked: &Asked<'_>| {
            let mut outcome = Outcome::default();
            for k in &ks {
                measure(&mut outcome, Sets::new(traces, several, *k as u32), asked);
            }
            outcome
        };
        let mut jobs = planning.trace_jobs(ID, &needs, |table| {
            let (of, point) = (of.clone(), table.point.parameters());
            move |encoded: &Encoded| {
                at_each_precision(encoded, &point, |encoded, point, is_published| {
                    let asked = Asked {
                        point,
                        columns: &encoded.known_columns(),
                        most: if is_published { 1 } else { MOST_POINTS },
                    };
                    let traces = encoded.traces().expect("traces were asked for");
                    of(traces, None, &asked)
                })
            }
        });
        jobs.extend(planning.several_jobs(ID, move |encoded, several| {
            let asked = Asked {
                point: &known_rows(),
                columns: &encoded.known_columns(),
                most: MOST_POINTS,
            };
            of(&several.items, Some(several), &asked)
        }));
        Ok(jobs)
    }
}

/// What sets are counted, and how that is said.
struct Asked<'a> {
    point: &'a Parameters,
    columns: &'a [String],
    /// The points of a set at most.
    most: u64,
}

/// What is found of the sets of one size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Found {
    occur: u64,
    violated: u64,
    minimal: u64,
}

impl std::ops::Add for Found {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            occur: self.occur + other.occur,
            violated: self.violated + other.violated,
            minimal: self.minimal + other.minimal,
        }
    }
}

fn measure(outcome: &mut Outcome, mut sets: Sets<'_>, asked: &Asked<'_>) {
    let (persons, k) = (sets.traces.persons() as u64, sets.k);
    if persons == 0 {
        outcome.not_measured.push(Outcome::not_measured(
            ID,
            None,
            said!("no row has a person", "keine Zeile gehört zu einer Person"),
        ));
        return;
    }
    let mut affordable = true;
    for m in 1..=asked.most {
        // Triples are counted from the pairs.
        affordable &= m == 1 || sets.steps(m) <= MOST_STEPS;
        let found = affordable.then(|| match m {
            1 => sets.single(),
            2 => sets.pairs(),
            _ => sets.triples(),
        });
        let exposed = sets
            .exposed
            .iter()
            .filter(|exposed| exposed.load(Relaxed))
            .count() as u64;
        let finding = |statistic, unit| {
            Finding::new(ID, statistic, DOC.criterion, unit)
                .columns(asked.columns)
                .parameters(asked.point)
                .parameter("m", m)
                .parameter("k", u64::from(k))
        };
        match found {
            Some(found) => outcome.findings.extend([
                finding("itemsets", Unit::Combinations).count(found.occur, None),
                finding("violations", Unit::Combinations).count(found.violated, Some(found.occur)),
                finding("minimal_violations", Unit::Combinations)
                    .count(found.minimal, Some(found.occur)),
            ]),
            None => {
                let reason = match sets.several {
                    None => said!(
                        "there are too many sets of {} points to count them all",
                        "es gibt zu viele Mengen von {} Punkten, um sie alle zu zählen",
                        m
                    ),
                    Some(_) => said!(
                        "there are too many sets of {} rows to count them all",
                        "es gibt zu viele Mengen von {} Zeilen, um sie alle zu zählen",
                        m
                    ),
                };
                let mut missing = vec!["itemsets", "violations", "minimal_violations"];
                if exposed < persons {
                    missing.extend(["persons_exposed", "share_exposed"]);
                }
                outcome
                    .not_measured
                    .extend(missing.into_iter().map(|statistic| {
                        Outcome::not_measured(ID, Some(statistic), &reason)
                            .parameter("m", m)
                            .parameter("k", u64::from(k))
                    }));
            }
        }
        // Who is exposed by fewer points is so by more: once all are, no set needs to be counted.
        if found.is_some() || exposed == persons {
            outcome.findings.extend([
                finding("persons_exposed", Unit::Persons).count(exposed, Some(persons)),
                finding("share_exposed", Unit::Share).share(exposed, persons),
            ]);
        }
    }
}

/// The sets of points of some traces.
struct Sets<'a> {
    traces: &'a Traces,
    /// Where points are rows of microdata, of which several may be of a kind: a set has the second of a kind only with
    /// the first.
    several: Option<&'a Several>,
    k: u32,
    /// The persons with each point, once more than single points are counted.
    having: Vec<Vec<u32>>,
    /// Persons with a violated set, as far as was counted.
    exposed: Vec<AtomicBool>,
}

impl<'a> Sets<'a> {
    fn new(traces: &'a Traces, several: Option<&'a Several>, k: u32) -> Self {
        Self {
            traces,
            several,
            k,
            having: Vec::new(),
            exposed: (0..traces.persons())
                .map(|_| AtomicBool::new(false))
                .collect(),
        }
    }

    /// Sets of m points in all traces together.
    fn steps(&self, m: u64) -> u64 {
        let of = |person: usize| {
            let points = self.traces.of(person).len() as u64;
            (0..m).fold(1u64, |sets, at| {
                sets.saturating_mul(points.saturating_sub(at)) / (at + 1)
            })
        };
        let each = (0..self.traces.persons()).into_par_iter().map(of);
        each.reduce(|| 0, u64::saturating_add)
    }

    fn expose(&self, person: u32) {
        self.exposed[person as usize].store(true, Relaxed);
    }

    /// Whether a set may begin with a point.
    fn begins(&self, point: u32) -> bool {
        self.several.is_none_or(|several| several.is_first(point))
    }

    fn single(&self) -> Found {
        let support = &self.traces.support;
        let is_rare = |point: u32| self.begins(point) && support[point as usize] < self.k;
        let all = || 0..support.len() as u32;
        let violated = all().filter(|point| is_rare(*point)).count() as u64;
        let persons = (0..self.traces.persons() as u32).into_par_iter();
        persons.for_each(|person| {
            let mut trace = self.traces.of(person as usize).iter();
            if trace.any(|point| is_rare(*point)) {
                self.expose(person);
            }
        });
        Found {
            occur: all().filter(|point| self.begins(*point)).count() as u64,
            violated,
            minimal: violated,
        }
    }

    /// A person's points that may follow one of them in a set.
    fn after(&self, person: u32, point: u32) -> impl Iterator<Item = &u32> {
        let trace = self.traces.of(person as usize);
        let after = trace[trace.partition_point(|other| *other <= point)..].iter();
        after.filter(move |next| **next == point + 1 || self.begins(**next))
    }

    /// A part of a set: one of its points, of rows of a kind the first.
    fn alone(&self, point: u32) -> u32 {
        self.several.map_or(point, |several| several.first(point))
    }

    /// A part of a set: two of its points, of rows of a kind the first ones.
    fn pair(&self, a: u32, b: u32) -> (u32, u32) {
        match self.several {
            None => (a, b),
            Some(several) => {
                let known = several.known(&[a, b]);
                (known[0], known[1])
            }
        }
    }

    fn pairs(&mut self) -> Found {
        let all: Vec<u32> = (0..self.traces.support.len() as u32).collect();
        self.having = self.traces.having(&all);
        self.sum(|first, seen| {
            let persons = &self.having[first as usize];
            let mut found = Found::default();
            seen.count(persons.iter().map(|person| self.after(*person, first)));
            for second in &seen.met {
                let support = seen.counts[*second as usize];
                found.occur += 1;
                if support < self.k {
                    found.violated += 1;
                    let parts = [first, self.alone(*second)];
                    let apart = |part: &u32| self.traces.support[*part as usize] >= self.k;
                    found.minimal += u64::from(parts.iter().all(apart));
                }
            }
            for person in persons {
                let rare = |second: &u32| seen.counts[*second as usize] < self.k;
                if self.after(*person, first).any(rare) {
                    self.expose(*person);
                }
            }
            seen.clear();
            found
        })
    }

    fn triples(&self) -> Found {
        let frequent = self.frequent_pairs();
        self.sum(|first, seen| {
            let mut found = Found::default();
            // The persons with each second point.
            let mut with: Vec<(u32, u32)> = Vec::new();
            for person in &self.having[first as usize] {
                with.extend(self.after(*person, first).map(|second| (*second, *person)));
            }
            with.sort_unstable();
            for same in with.chunk_by(|a, b| a.0 == b.0) {
                let second = same[0].0;
                seen.count(same.iter().map(|(_, person)| self.after(*person, second)));
                for third in &seen.met {
                    let support = seen.counts[*third as usize];
                    found.occur += 1;
                    if support < self.k {
                        found.violated += 1;
                        let pairs = [(first, second), (first, *third), (second, *third)];
                        let pairs = pairs.map(|(a, b)| self.pair(a, b));
                        found.minimal +=
                            u64::from(pairs.iter().all(|pair| frequent.contains(pair)));
                    }
                }
                for (_, person) in same {
                    let rare = |third: &u32| seen.counts[*third as usize] < self.k;
                    if self.after(*person, second).any(rare) {
                        self.expose(*person);
                    }
                }
                seen.clear();
            }
            found
        })
    }

    /// The pairs that at least k persons have.
    fn frequent_pairs(&self) -> HashSet<(u32, u32)> {
        let of = |seen: &mut Seen, first: u32| {
            let persons = self.having[first as usize].iter();
            seen.count(persons.map(|person| self.after(*person, first)));
            let frequent = seen
                .met
                .iter()
                .filter(|second| seen.counts[**second as usize] >= self.k);
            let pairs: Vec<(u32, u32)> = frequent.map(|second| (first, *second)).collect();
            seen.clear();
            pairs
        };
        let points = self.traces.support.len();
        let pairs = (0..points as u32)
            .into_par_iter()
            .filter(|first| self.begins(*first))
            .map_init(|| Seen::new(points), of)
            .flatten_iter();
        pairs.collect()
    }

    /// What `of` finds of the sets that begin with each point, summed.
    fn sum(&self, of: impl Fn(u32, &mut Seen) -> Found + Sync) -> Found {
        let points = self.traces.support.len();
        (0..points as u32)
            .into_par_iter()
            .filter(|first| self.begins(*first))
            .map_init(|| Seen::new(points), |seen, first| of(first, seen))
            .reduce(Found::default, std::ops::Add::add)
    }
}

/// How often each point was met.
struct Seen {
    counts: Vec<u32>,
    met: Vec<u32>,
}

impl Seen {
    fn new(points: usize) -> Self {
        Self {
            counts: vec![0; points],
            met: Vec::new(),
        }
    }

    fn count<'a>(&mut self, traces: impl Iterator<Item = impl Iterator<Item = &'a u32>>) {
        for point in traces.flatten() {
            let count = &mut self.counts[*point as usize];
            if *count == 0 {
                self.met.push(*point);
            }
            *count += 1;
        }
    }

    fn clear(&mut self) {
        for point in self.met.drain(..) {
            self.counts[point as usize] = 0;
        }
    }
}
