//! Release after release: what the candidate tells together with what is out already.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::floors::{Floor, Rule};
use super::{
    CELL_THRESHOLD, Doc, Drawn, Job, Measure, Outcome, Planning, Predecessor, REPEATED, Run,
    Setting, Statistic, UNDONE, check_cells, parameter, percent, real, same_cells, zero,
};
use crate::encode::changes::{Zero, changes};
use crate::encode::succession::{self, Known, Sharing};
use crate::encode::trails::same_persons;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, NotMeasured, Parameters, Unit};
use crate::language::Said;
use crate::release::{Release, Table, TableKind};
use crate::said;
use crate::stats::{Draws, median, wilson};

pub struct ReleaseSequence;

const ID: &str = "release-sequence";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::release_sequence::PROSE,
    title: "Release after release",
    criterion: Criterion::Linkability,
    question: "What does the release tell together with the earlier ones that neither tells alone?",
    adversary: "Keeps every release (`[[auxiliary]]` of kind `earlier_release`), knows of somebody that they are in two of \
                them, and puts together what it knows of them in the one and in the other: who fits both?",
    definition: "A table is held against the table of the same name of each earlier release. A person is in both when \
                 their pseudonym is. The class of a person in both tables together is the set of persons in both who \
                 share a class with them in the one and in the other; of several rows the smallest class counts. A \
                 person is newly unique who has company in each table alone and none in both together. Unicity with \
                 both: p points drawn at random from a person's trace in the release are joined by p from their \
                 trace in the earlier one; the candidates are the persons in both who have them all. Points and \
                 classes of the earlier release are as its own manifest defines them. Counts of the same cell differ \
                 little when they surely differ, and by fewer than k persons.",
    formula: "pseudonyms_kept = |S₂ ∩ S₁| / |S₂|. persons_newly_unique = |{i ∈ S₁ ∩ S₂ : |c₂(i)| ≥ 2, |c₁(i)| ≥ 2, \
              |c₂(i) ∩ c₁(i)| = 1}|; persons_shrunk = |{i : |c₂(i) ∩ c₁(i)| < |c₂(i)|}|; k_combined = min |c₂(i) ∩ c₁(i)|. \
              growth = mean over draws of [p points of each are one person's alone] − [the p points of the release are]. \
              small_differences = |{cells : 0 < |n₁ − n₂| < k}|, n the persons a count stands for.",
    denominator: "Persons of the release for `pseudonyms_kept`; persons in both for classes; draws of persons in both for \
                  unicity; cells that both releases tell of for differences.",
    nulls: "A null in a column is a value of its own, a null subject is nobody. A count that is null was suppressed: it is \
            not compared.",
    assumptions: &[
        "Who has one pseudonym in both releases is one person.",
        "The adversary knows that the person is in both releases.",
        UNDONE,
    ],
    limits: &[
        "Where pseudonyms do not stay persons can be followed by linkage only, see `trace-linkage` and `opt-outs`: \
         classes and points of two releases are then not put together here.",
        "Each earlier release is taken alone: three releases together may tell more.",
        "Classes that overlap (nulls as wildcards, hierarchies) are not put together.",
    ],
    citations: &[
        "K. Wang, B. C. M. Fung: Anonymizing sequential releases. KDD 2006.",
        "S. R. Ganta, S. P. Kasiviswanathan, A. Smith: Composition attacks and auxiliary information in data privacy. \
         KDD 2008 (intersection of candidate sets).",
        "X. Xiao, Y. Tao: m-invariance: towards privacy preserving re-publication of dynamic datasets. SIGMOD 2007.",
        "Y.-A. de Montjoye, C. A. Hidalgo, M. Verleysen, V. D. Blondel: Unique in the Crowd. Scientific Reports 3:1376, \
         2013 (unicity).",
    ],
    validation: "Classes equal to an example worked by hand and to a comparison of all pairs of persons on generated \
                 tables, one row or several a person; unicity equal to a search of all traces for the points drawn; \
                 planted differences of counts are found, and none where there are none.",
    table: None,
    settings: &[
        Setting {
            key: "points",
            default: "[1, 2, 3, 4]",
            meaning: "the numbers p of points known of each release; those a policy names are added",
        },
        Setting {
            key: "persons",
            default: "10000",
            meaning: "persons drawn for each p, as for `unicity`",
        },
        CELL_THRESHOLD,
    ],
    statistics: &[
        Statistic {
            name: "pseudonyms_kept",
            title: "Pseudonyms that stayed",
            of: "persons",
            meaning: |f| {
                format!(
                    "Of the persons {} have a pseudonym that is in the release “{}” as well.",
                    percent(real(f)),
                    parameter(f, "auxiliary")
                )
            },
        },
        Statistic {
            name: "persons_newly_unique",
            title: "Persons alone only with both releases",
            of: "persons in both",
            meaning: |f| {
                format!(
                    "{} persons have company in each release alone and none in both together.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "persons_shrunk",
            title: "Persons whose class shrinks",
            of: "persons in both",
            meaning: |f| {
                format!(
                    "For {} of the persons in both releases fewer others come into question once both are put together.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "k_combined",
            title: "Smallest class of both releases together",
            of: "persons in both",
            meaning: |f| {
                match real(f) {
                1.0 => "At least one person is the only one of their kind once both releases are put together.".to_owned(),
                2.0 => "At least one person shares what both releases tell of them with only one other.".to_owned(),
                k => format!("Everybody shares what both releases tell of them with at least {} others.", k - 1.0),
            }
            },
        },
        Statistic {
            name: "median_candidates",
            title: "Median number of candidates",
            of: "persons in both",
            meaning: |f| {
                let of = match parameter(f, "releases").as_str() {
                    "both" => "both releases",
                    _ => "the release alone",
                };
                format!(
                    "Who knows somebody in {of} is typically left with {} possible persons.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "share_unique",
            title: "Unicity with an earlier release",
            of: "persons in both",
            meaning: |f| {
                let points = match parameter(f, "points").as_str() {
                    "1" => "one random moment".to_owned(),
                    p => format!("{p} random moments"),
                };
                let of = match parameter(f, "releases").as_str() {
                    "both" => "from each release find",
                    _ => "from the release find",
                };
                format!(
                    "For {} of the persons in both, {points} {of} them.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "growth",
            title: "Growth of unicity by an earlier release",
            of: "persons in both",
            meaning: |f| {
                format!(
                    "As many moments known of the earlier release, {} each, find {} more of the persons.",
                    parameter(f, "points"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "small_differences",
            title: "Counts that differ by a few persons",
            of: "cells that both releases tell of",
            meaning: |f| match f.denominator {
                Some(0) => "No cell is told of by both releases.".to_owned(),
                _ => format!(
                    "{} counts differ from the earlier ones by fewer than {} persons: they came or went.",
                    real(f),
                    parameter(f, "k")
                ),
            },
        },
    ],
};

impl Measure for ReleaseSequence {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[Floor {
            key: "persons",
            rule: Rule::Least(10_000.0),
        }]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let settings = Settings {
            points: planning
                .numbers(
                    "points",
                    "points",
                    &[1.0, 2.0, 3.0, 4.0],
                    |p| p.fract() == 0.0 && (1.0..=100.0).contains(&p),
                    "whole numbers 1 to 100",
                )?
                .into_iter()
                .map(|p| p as usize)
                .collect(),
            persons: planning.count("persons")?.unwrap_or(10_000),
            thresholds: planning.thresholds()?,
            seed: planning.release.seed,
        };
        let mut jobs = Vec::new();
        for (table, described) in planning.release.tables.iter().enumerate() {
            for earlier in planning.predecessors(described) {
                let sequence = Sequence {
                    earlier: earlier.name.to_owned(),
                    settings: settings.clone(),
                    point: described.point.parameters(),
                };
                jobs.push(match described.kind {
                    TableKind::Flows => of_counts(planning, table, &earlier, sequence)?,
                    _ => of_persons(planning, table, &earlier, sequence)?,
                });
            }
        }
        Ok(jobs)
    }

    fn owes(&self, statistic: &str, table: &Table, _: &Release) -> bool {
        match statistic {
            "pseudonyms_kept" => table.roles.subject.is_some(),
            // Where nobody is in both releases under one pseudonym nothing is put together.
            "k_combined" | "share_unique" => false,
            "median_candidates" => table.kind.is_of_persons(),
            "growth" => table.kind == TableKind::Trace,
            "small_differences" => table.kind == TableKind::Flows,
            _ => table.kind == TableKind::Microdata,
        }
    }
}

#[derive(Clone)]
struct Settings {
    points: Vec<usize>,
    persons: u64,
    thresholds: Vec<u64>,
    seed: u64,
}

/// A table and the earlier release it is held against.
struct Sequence {
    earlier: String,
    settings: Settings,
    /// The definition of the table's points.
    point: Parameters,
}

fn of_persons(
    planning: &Planning<'_>,
    table: usize,
    earlier: &Predecessor<'_>,
    sequence: Sequence,
) -> Result<Job> {
    if let Some(subject) = &earlier.table.roles.subject {
        planning.check_names(
            table,
            (subject, earlier.input),
            earlier.release,
            earlier.name,
        )?;
    }
    let needs = Needs {
        tuples: true,
        ..Needs::default()
    };
    Ok(Job {
        measure: ID,
        table,
        needs: needs.clone(),
        run: Run::Held(
            vec![earlier.held(needs)],
            Box::new(move |table, others, _| sequence.persons(table, others[0])),
        ),
    })
}

fn of_counts(
    planning: &Planning<'_>,
    table: usize,
    earlier: &Predecessor<'_>,
    sequence: Sequence,
) -> Result<Job> {
    let described = &planning.release.tables[table];
    let unmeasured = |reason: Said| {
        let name = earlier.name.to_owned();
        Job::without(ID, table, move || {
            Outcome::unmeasured(ID, &reason).only("auxiliary", name.as_str())
        })
    };
    let map = match same_cells(described, earlier.table) {
        Ok(map) => map,
        Err(reason) => {
            return Ok(unmeasured(said!(
                "`{}`: {}",
                "`{}`: {}",
                earlier.name,
                reason
            )));
        }
    };
    check_cells(planning, table, earlier)?;
    let needs = Needs::of_cells();
    let zero = zero(described, earlier.table);
    let dimensions = described.roles.dimensions();
    let columns: Vec<String> = dimensions.map(|column| column.value.clone()).collect();
    Ok(Job {
        measure: ID,
        table,
        needs: needs.clone(),
        run: Run::Held(
            vec![earlier.held(needs)],
            Box::new(move |table, others, _| {
                sequence.counts(table, others[0], &map, zero, &columns)
            }),
        ),
    })
}

impl Sequence {
    fn finding(&self, statistic: &str, unit: Unit) -> Finding {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .parameter("auxiliary", self.earlier.as_str())
    }

    /// A statistic that says nothing of this earlier release.
    fn missing(&self, statistic: &str, reason: &Said) -> NotMeasured {
        let entry = Outcome::not_measured(ID, Some(statistic), reason);
        entry.parameter("auxiliary", self.earlier.as_str())
    }

    fn persons(&self, table: &Encoded, earlier: &Encoded) -> Outcome {
        let name = &self.earlier;
        let (Some(subjects), Some(_)) = (table.subjects(), earlier.subjects()) else {
            let reason = said!(
                "`{}`: it has no pseudonyms in both releases",
                "`{}`: nicht beide Veröffentlichungen haben Pseudonyme",
                name
            );
            return Outcome {
                not_measured: vec![self.missing("pseudonyms_kept", &reason)],
                ..Outcome::default()
            };
        };
        let before = same_persons(table, earlier);
        let both = before.iter().flatten().count() as u64;
        let kept = self
            .finding("pseudonyms_kept", Unit::Share)
            .share(both, subjects.known() as u64);
        let mut outcome = match (both, table.kind) {
            (0, kind) => self.apart(kind),
            (_, TableKind::Microdata) => self.classes(table, earlier),
            _ => self.traces(table, earlier, &before),
        };
        outcome.findings.insert(0, kept);
        outcome
    }

    /// Nobody can be followed by a pseudonym, and nothing of anybody be put together under one.
    fn apart(&self, kind: TableKind) -> Outcome {
        let reason = said!(
            "`{}`: no pseudonym is in both releases, so that persons can be followed by linkage only",
            "`{}`: kein Pseudonym steht in beiden Veröffentlichungen, Personen lassen sich also nur durch Verknüpfung verfolgen",
            self.earlier
        );
        let statistics: &[&str] = match kind {
            TableKind::Microdata => &["persons_newly_unique", "persons_shrunk"],
            _ => &["growth"],
        };
        let entry = |statistic: &&str| self.missing(statistic, &reason);
        Outcome {
            not_measured: statistics.iter().map(entry).collect(),
            ..Outcome::default()
        }
    }

    fn classes(&self, table: &Encoded, earlier: &Encoded) -> Outcome {
        let sharing = match succession::sharing(table, earlier) {
            Ok(sharing) => sharing,
            Err(reason) => {
                return Outcome::unmeasured(
                    ID,
                    &said!("`{}`: {}", "`{}`: {}", self.earlier, reason),
                )
                .only("auxiliary", self.earlier.as_str());
            }
        };
        let columns = table.known_columns();
        let all = sharing.len() as u64;
        let count =
            |is: &dyn Fn(&Sharing) -> bool| sharing.iter().filter(|of| is(of)).count() as u64;
        let finding = |statistic, unit| self.finding(statistic, unit).columns(&columns);
        let newly = count(&|of| of.later >= 2 && of.earlier >= 2 && of.both == 1);
        let shrunk = count(&|of| of.both < of.later);
        let least = sharing.iter().map(|of| of.both).min().unwrap_or(0);
        let middle = |releases: &str, of: fn(&Sharing) -> u64| {
            let mut sizes = BTreeMap::new();
            sharing
                .iter()
                .for_each(|sharing| *sizes.entry(of(sharing)).or_insert(0) += 1);
            let mut middle = finding("median_candidates", Unit::Persons)
                .parameter("releases", releases)
                .value(median(&sizes).unwrap_or(0.0));
            middle.denominator = Some(all);
            middle
        };
        Outcome {
            findings: vec![
                finding("persons_newly_unique", Unit::Persons).count(newly, Some(all)),
                finding("persons_shrunk", Unit::Share).share(shrunk, all),
                finding("k_combined", Unit::Persons).value(least),
                middle("candidate", |of| of.later),
                middle("both", |of| of.both),
            ],
            ..Outcome::default()
        }
    }

    fn traces(&self, table: &Encoded, earlier: &Encoded, before: &[Option<u32>]) -> Outcome {
        let mine = table.traces().expect("traces were asked for");
        let theirs = earlier.traces().expect("traces were asked for");
        let columns = table.known_columns();
        let draws = Draws::new(self.settings.seed, ID, &table.name);
        let second = Draws::new(self.settings.seed, "release-sequence-earlier", &table.name);
        let mut outcome = Outcome::default();
        for &p in &self.settings.points {
            let enough = |person: u32| {
                let before = before[person as usize];
                before.is_some_and(|before| theirs.of(before as usize).len() >= p)
            };
            let seed = self.settings.seed;
            let Some(drawn) = Drawn::new(mine, enough, p, self.settings.persons, seed, &draws)
            else {
                for statistic in ["share_unique", "growth"] {
                    let reason = said!(
                        "`{}`: nobody has {} points in both",
                        "`{}`: niemand hat in beiden {} Punkte",
                        self.earlier,
                        p
                    );
                    let entry = self.missing(statistic, &reason);
                    outcome
                        .not_measured
                        .push(entry.parameter("points", p as u64));
                }
                continue;
            };
            let pairs = drawn.persons.par_iter().zip(drawn.points).enumerate();
            let known = pairs.map(|(number, (person, later))| {
                let before = before[*person as usize].expect("they are in both") as usize;
                let trace = theirs.of(before);
                let mut trial = second.trial(((p as u64) << 56) + number as u64);
                let places = trial.subset(p, trace.len() as u64);
                let earlier = places.into_iter().map(|place| trace[place as usize]);
                Known {
                    later,
                    earlier: earlier.collect(),
                }
            });
            let known: Vec<Known> = known.collect();
            let candidates = succession::candidates(mine, theirs, before, &known);
            let finding = |statistic, unit| {
                let mut finding = self
                    .finding(statistic, unit)
                    .columns(&columns)
                    .parameters(&self.point)
                    .parameter("points", p as u64);
                finding.sample = Some(drawn.sample);
                finding
            };
            outcome
                .findings
                .extend(found(&candidates, drawn.sample.trials, &finding));
        }
        outcome
    }

    fn counts(
        &self,
        table: &Encoded,
        earlier: &Encoded,
        map: &[usize],
        zero: Zero,
        columns: &[String],
    ) -> Outcome {
        let later = table.flows().expect("they were asked for");
        let before = earlier.flows().expect("they were asked for");
        if later.repeated + before.repeated > 0 {
            return Outcome::unmeasured(ID, REPEATED).only("auxiliary", self.earlier.as_str());
        }
        let changes = changes(later, before, map, zero);
        let small = |k: &u64| {
            let small = changes.iter().filter(|change| change.is_below(*k));
            self.finding("small_differences", Unit::Cells)
                .columns(columns)
                .parameter("k", *k)
                .count(small.count() as u64, Some(changes.len() as u64))
        };
        Outcome {
            findings: self.settings.thresholds.iter().map(small).collect(),
            ..Outcome::default()
        }
    }
}

/// Unicity by the release alone and by both, and what the second adds. A draw that is alone in the release is
/// alone in both.
fn found(
    candidates: &[(u64, u64)],
    trials: u64,
    finding: &dyn Fn(&'static str, Unit) -> Finding,
) -> Vec<Finding> {
    let unique =
        |of: fn(&(u64, u64)) -> u64| candidates.iter().filter(|draw| of(draw) == 1).count() as u64;
    let middle = |of: fn(&(u64, u64)) -> u64| {
        let mut sizes = BTreeMap::new();
        candidates
            .iter()
            .for_each(|draw| *sizes.entry(of(draw)).or_insert(0) += 1);
        median(&sizes).unwrap_or(0.0)
    };
    let (alone, both) = (unique(|draw| draw.0), unique(|draw| draw.1));
    let mut findings = Vec::new();
    for (releases, unique, middle) in [
        ("candidate", alone, middle(|draw| draw.0)),
        ("both", both, middle(|draw| draw.1)),
    ] {
        let of = |finding: Finding| finding.parameter("releases", releases);
        let mut share = of(finding("share_unique", Unit::Share)).share(unique, trials);
        share.interval = Some(wilson(unique, trials));
        findings.push(share);
        findings.push(of(finding("median_candidates", Unit::Persons)).value(middle));
    }
    // Draws that are alone with both only: a proportion.
    let mut growth = finding("growth", Unit::Share).share(both - alone, trials);
    growth.interval = Some(wilson(both - alone, trials));
    findings.push(growth);
    findings
}
