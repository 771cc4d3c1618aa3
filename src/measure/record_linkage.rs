//! Whether the persons of a release are found in a register of the population.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::floors::{Floor, Rule};
use super::{
    Doc, Job, Measure, Other, Outcome, Planning, Run, Setting, Statistic, parameter, percent, real,
};
use crate::encode::records::Records;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::language::Said;
use crate::link::exact::exact;
use crate::link::fellegi_sunter::{Kept, Model};
use crate::link::gower::{Scale, costs};
use crate::link::nearest::{Cost, EPSILON, Known, Nearest, distance, nearest};
use crate::link::records::{Success, listed, named};
use crate::release::{Nulls, PointDefinition, ScenarioKind};
use crate::said;
use crate::settings::At;
use crate::stats::{Interval, wilson_expected};

pub struct RecordLinkage;

const ID: &str = "record-linkage";
const EXACT: &str = "exact";
const GOWER: &str = "gower";
const FELLEGI_SUNTER: &str = "fellegi-sunter";
const METHODS: [&str; 3] = [EXACT, GOWER, FELLEGI_SUNTER];

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::record_linkage::PROSE,
    title: "Linkage of records with a register",
    criterion: Criterion::Linkability,
    question: "If somebody held the release against a register of the population, how many persons of the release \
               would they call by their names, and how often rightly?",
    adversary: "Has a register with names (`[[scenario]]` of kind `register`) and some of the columns of the \
                release, and looks for each person of the release up who of the register fits best. Does not know \
                who of the register is in the release.",
    definition: "Compared are the quasi-identifiers that table and register both have, under the same names. exact: \
                 those fit who are equal in all of them. gower: those fit best who are nearest, where numbers \
                 differ by their difference over the range of both tables and everything else by 0 or 1. \
                 fellegi-sunter: those fit best whose values are the most probable ones for the same person, as against \
                 anybody's: agreement on a rare value says more than on a frequent one, and a number may be near. \
                 A person with several rows counts through the best of their \
                 pairs of rows. Of k who fit equally well one is named at random: the person is found with \
                 probability 1/k. A claim is made where one person alone fits best; by fellegi-sunter, where \
                 besides the pair is more probably of one person than not. The register's `subject` is the \
                 answer key: the release's subject for those who are in it, null or any other value for others.",
    formula: "recall = Σ 1/k over the persons of whose best the person is one / persons of the release who are in the \
              register; risk = (recall − b) / (1 − b), b = 1 / persons in the register; precision = right claims / \
              claims, whoever is not in the register among them. gower: Σ_j d_j, d_j = |x − y| / range or 0/1. \
              fellegi-sunter: Σ_j log2 L_j, L_j = m_j [a = b] / q(a) + Σ_s n_js e^(−|a − b|/s) / Σ_v q(v) e^(−|a − v|/s) + \
              r_j with m_j + Σ_s n_js + r_j = 1; a the value of the release, b of the register, q the shares of values in \
              the register, s (numbers only) the greater of the median gaps between neighbouring numbers of either \
              side, four times that, and a sixteenth of the range. Shares are those of the manifest (`kept`, `exact`) or \
              fitted by EM from m = 0.9, each record having one match among its candidates, each as probable as the \
              other persons of the register, or none, with probability ½. Candidates: up to 32 of those nearest by \
              gower, by log2 L without near numbers, and by it with numbers at a cost in proportion to their distance, \
              both of the latter before and after fitting. A claim needs Σ_j log2 L_j ≥ log2 of the persons in the \
              register.",
    denominator: "Persons of the release who are in the register; of precision, claims.",
    nulls: "A null is a value of its own: it agrees with null, and differs from every value (by 1 in Gower's \
            distance, where Gower leaves the comparison out).",
    assumptions: &[
        "The answer key is right, and the register holds no other columns that the release has.",
        "fellegi-sunter takes columns to be independent, given who a record is of, and each record to have one match \
         at most. What it fits is not reported: it serves to rank, and is no estimate of how often values change.",
    ],
    limits: &[
        "An adversary who knows more columns, or how values were generalised, finds more.",
        "Values are compared as they are: where the manifest gives a hierarchy for a column that both have, or \
         nulls that match anything, nothing is measured; `journalist-risk` and `k-map` compare such tables.",
        "gower and fellegi-sunter compare at most 20 columns whose codes fit into 128 bits.",
        "Of more than 32 combinations that a search finds equally near, fellegi-sunter looks at 32. Memory: up to 640 \
         bytes for each combination of the release.",
        "Of more than 64 combinations of one that fit equally well, persons of several rows count once for each.",
        "What gower takes to find grows with the sets of columns in which somebody's nearest may differ.",
    ],
    citations: &[
        "J. C. Gower: A general coefficient of similarity and some of its properties. Biometrics 27(4), 1971.",
        "I. P. Fellegi, A. B. Sunter: A theory for record linkage. JASA 64(328), 1969.",
        "W. E. Winkler: Frequency-based matching in the Fellegi–Sunter model of record linkage. Proceedings of the \
         Section on Survey Research Methods, ASA, 1989.",
        "J. B. Copas, F. J. Hilton: Record linkage: statistical models for matching computer records. JRSS A 153(3), \
         1990.",
        "A. P. Dempster, N. M. Laird, D. B. Rubin: Maximum likelihood from incomplete data via the EM \
         algorithm. JRSS B 39(1), 1977.",
        "J. Domingo-Ferrer, V. Torra: Disclosure risk assessment in statistical data protection. Journal of \
         Computational and Applied Mathematics 164–165, 2004 (record linkage as a measure of risk).",
    ],
    validation: "Nearest records equal to a comparison of all pairs on generated tables. Shares that generated records \
                 were made by are found again. Persons planted in a register are found; once values are dealt out \
                 anew, as few as by guessing. On generated registers of 2,000 persons, of whom \
                 800 are sought by eight columns that depend on each other, exact, gower and fellegi-sunter find: with one \
                 value in ten wrong 0.538, 0.902 and 0.969; with coarser numbers 0.115, 0.988 and 0.992; with noisy numbers \
                 0.034, 0.994 and 0.994; with coarser numbers and mistakes 0.130, 0.915 and 0.964; with half of the \
                 columns saying nothing 0.001, 0.040 and 0.697.",
    table: None,
    settings: &[
        Setting {
            key: "categories",
            default: "[]",
            meaning: "columns of numbers that are names (a postcode, a code of an occupation): they agree or differ",
        },
        Setting {
            key: "kept",
            default: "{}",
            meaning: "for columns of which it is known, the share of values that are the same on both sides (m)",
        },
        Setting {
            key: "exact",
            default: "[]",
            meaning: "columns in which records of one person never differ: by fellegi-sunter nobody else is compared",
        },
    ],
    statistics: &[
        Statistic {
            name: "precision",
            title: "Claims that are right",
            of: "claims",
            meaning: |f| {
                format!(
                    "By {} one person alone fits in {} cases; {} of these are right.",
                    parameter(f, "method"),
                    f.denominator.unwrap_or(0),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "recall",
            title: "Persons found in the register",
            of: "persons in both",
            meaning: |f| {
                format!(
                    "By {}, {} of the persons who are in the register are found there at first try; guessing finds \
                     {}.",
                    parameter(f, "method"),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Statistic {
            name: "risk",
            title: "Risk of being found in the register",
            of: "persons in both",
            meaning: |f| {
                format!(
                    "Beyond guessing, linkage by {} finds {} of those whom guessing does not.",
                    parameter(f, "method"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "correct_matches",
            title: "Persons expected to be found",
            of: "persons in both",
            meaning: |f| {
                format!(
                    "By {}, {:.1} persons are expected to be found.",
                    parameter(f, "method"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "claims",
            title: "Persons who are named",
            of: "persons",
            meaning: |f| {
                format!(
                    "By {} an adversary would name {} persons, each as one person alone.",
                    parameter(f, "method"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "persons_compared",
            title: "Persons of the release in the register",
            of: "persons",
            meaning: |f| format!("{} persons of the release are in the register.", real(f)),
        },
        Statistic {
            name: "persons_absent",
            title: "Persons of the release who are not in the register",
            of: "persons",
            meaning: |f| {
                format!(
                    "{} persons of the release are not in the register: whoever is named for them is wrongly \
                     named.",
                    real(f)
                )
            },
        },
    ],
};

impl Measure for RecordLinkage {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[
            Floor {
                key: "kept",
                rule: Rule::Unset,
            },
            Floor {
                key: "exact",
                rule: Rule::Unset,
            },
        ]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let mut jobs = Vec::new();
        let categories = match planning.settings {
            Some(settings) => settings.strings("categories")?,
            None => Vec::new(),
        };
        let kept = kept(planning)?;
        for scenario in &planning.release.scenarios {
            let ScenarioKind::Register(at) = scenario.kind else {
                continue;
            };
            for name in &scenario.matchers {
                if !METHODS.contains(&name.value.as_str()) {
                    let message = format!("there is no matcher `{}` of records", name.value);
                    let help = format!("there are {}", METHODS.join(", "));
                    return Err(planning.release.error_at(name, message).help(help));
                }
            }
            if let Some(first) = scenario.matchers.first() {
                let names = scenario.matchers.iter().map(|name| name.value.as_str());
                let names: Vec<&str> = names.collect();
                let line = planning.release.source.line(first.span.start);
                planning.check_matchers(&names, &METHODS, "method", line);
            }
            let wanted = |method: &&&str| {
                let mut matchers = scenario.matchers.iter();
                scenario.matchers.is_empty() || matchers.any(|name| name.value == ***method)
            };
            let (columns, scales) = planning.shared_scales(scenario.table, at, &categories)?;
            let table = &planning.release.tables[scenario.table];
            let specific = |column: &String| table.hierarchy(column).is_some();
            let kept = columns
                .iter()
                .map(|column| kept.get(column).copied().unwrap_or(Kept::Unknown));
            let attack = Attack {
                kept: kept.collect(),
                scenario: scenario.name.clone(),
                methods: METHODS.iter().filter(wanted).copied().collect(),
                columns,
                scales,
            };
            let auxiliary = &planning.release.auxiliaries[at];
            let reason = match (&table.roles.subject, &auxiliary.roles.subject) {
                _ if attack.columns.is_empty() => Some(said!(
                    "table and register have no quasi-identifier in common: give both the same names",
                    "Tabelle und Register haben keinen Quasi-Identifikator gemeinsam: beide brauchen dieselben Namen"
                )),
                (None, _) => Some(said!(
                    "the table has no subject, so that nobody can tell which match is right",
                    "die Tabelle hat keine Subjektspalte: ob eine Zuordnung stimmt, lässt sich nicht feststellen"
                )),
                (_, None) => Some(said!(
                    "the register has no answer key: give it `subject`, the release's subject for those who are in it and null for others",
                    "dem Register fehlt der Lösungsschlüssel: eine Spalte `subject` mit dem Subjekt der Veröffentlichung für Personen, die darin sind, und Nullwert für andere"
                )),
                _ if table.nulls == Nulls::Wildcard || attack.columns.iter().any(specific) => {
                    Some(said!(
                        "values of the table match others that are not equal (nulls that stand for anything, or a hierarchy), and are compared as they are here",
                        "Werte der Tabelle passen auf andere, die nicht gleich sind (Nullwerte als Platzhalter oder eine Hierarchie); hier werden sie verglichen, wie sie sind"
                    ))
                }
                _ => None,
            };
            let needs = Needs {
                tuples: true,
                ..Needs::default()
            };
            let run = match reason {
                Some(reason) => {
                    let reason = said!(
                        "scenario `{}`: {}",
                        "Szenario `{}`: {}",
                        scenario.name,
                        reason
                    );
                    let name = scenario.name.clone();
                    Run::Table(Box::new(move |_| {
                        Outcome::unmeasured(ID, &reason).only("scenario", name.as_str())
                    }))
                }
                None => {
                    let (other, point) = (Other::Auxiliary(at), PointDefinition::default());
                    let held = planning.held(other, scenario.table, point, needs.clone());
                    Run::against(held, move |release, register, _| {
                        attack.run(release, register)
                    })
                }
            };
            jobs.push(Job {
                measure: ID,
                table: scenario.table,
                needs,
                run,
            });
        }
        Ok(jobs)
    }
}

/// What the manifest says of how many values of a column are the same on both sides.
fn kept(planning: &Planning<'_>) -> Result<BTreeMap<String, Kept>> {
    let mut kept = BTreeMap::new();
    let Some(settings) = planning.settings else {
        return Ok(kept);
    };
    let is_compared = |name: &str| {
        let tables = planning.release.tables.iter();
        let mut known = tables.flat_map(|table| &table.roles.quasi_identifiers);
        known.any(|column| column.value == name)
    };
    let check = |column: &At<String>| match is_compared(column) {
        true => Ok(()),
        false => {
            let message = format!("`{}` is no quasi-identifier of any table", column.value);
            Err(settings.error(column.span.clone(), message))
        }
    };
    if let Some(section) = settings.section("kept")? {
        for column in section.keys() {
            check(&column)?;
            let share = section.number(&column.value)?.expect("the key is there");
            if share.value <= 0.0 || share.value >= 1.0 {
                let message =
                    "this is a share between 0 and 1; columns that never differ go into `exact`";
                return Err(section.error(share.span, message));
            }
            kept.insert(column.value, Kept::Share(share.value));
        }
    }
    for column in settings.strings("exact")? {
        check(&column)?;
        kept.insert(column.value, Kept::All);
    }
    Ok(kept)
}

/// A scenario with all it needs.
struct Attack {
    scenario: String,
    methods: Vec<&'static str>,
    columns: Vec<String>,
    scales: Vec<Scale>,
    /// What is said beforehand of each column.
    kept: Vec<Kept>,
}

/// Candidates of a combination that one search lists.
const CANDIDATES: usize = 32;

/// What a method finds.
struct Linked {
    success: Success,
}

impl Attack {
    fn finding(&self, statistic: &str, unit: Unit) -> Finding {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(&self.columns)
            .parameter("scenario", self.scenario.as_str())
    }

    fn run(&self, release: &Encoded, register: &Encoded) -> Outcome {
        let records = Records::new(release, register);
        let (present, persons) = (records.present(), records.released.people() as u64);
        let mut outcome = Outcome::default();
        let count = |statistic, count| {
            self.finding(statistic, Unit::Persons)
                .count(count, Some(persons))
        };
        outcome.findings.extend([
            count("persons_compared", present),
            count("persons_absent", persons - present),
        ]);
        if present == 0 {
            let reason = said!(
                "scenario `{}`: nobody of the release is in the register by its subject: are subjects written alike?",
                "Szenario `{}`: niemand aus der Veröffentlichung steht mit seinem Subjekt im Register: sind Subjekte gleich geschrieben?",
                self.scenario
            );
            let reason = Outcome::not_measured(ID, None, &reason);
            let reason = reason.parameter("scenario", self.scenario.as_str());
            outcome.not_measured.push(reason);
            return outcome;
        }
        for method in &self.methods {
            let linked = match *method {
                EXACT => Ok(self.exact(&records)),
                GOWER => self.gower(&records),
                _ => self.fellegi_sunter(&records),
            };
            match linked {
                Ok(linked) => {
                    let known = records.registered.people() as u64;
                    let findings = self.findings(method, &linked.success, known);
                    outcome.findings.extend(findings);
                }
                Err(reason) => {
                    let reason = said!(
                        "scenario `{}`, {}: {}",
                        "Szenario `{}`, {}: {}",
                        self.scenario,
                        method,
                        reason
                    );
                    let reason = Outcome::not_measured(ID, None, &reason)
                        .parameter("scenario", self.scenario.as_str())
                        .parameter("method", *method);
                    outcome.not_measured.push(reason);
                }
            }
        }
        outcome
    }

    fn exact(&self, records: &Records) -> Linked {
        let costs = vec![Cost::Equal(1.0); records.columns.len()];
        let nearest = exact(records);
        Linked {
            success: success(records, &costs, &nearest, f64::INFINITY),
        }
    }

    fn gower(&self, records: &Records) -> std::result::Result<Linked, Said> {
        let costs = costs(&records.columns, &self.scales);
        let nearest = search(records, &costs, listed(records))?;
        Ok(Linked {
            success: success(records, &costs, &nearest, f64::INFINITY),
        })
    }

    /// Candidates are those nearest by Gower's distance and by the weights, before and after shares are fitted; of
    /// these the best by the whole model.
    fn fellegi_sunter(&self, records: &Records) -> std::result::Result<Linked, Said> {
        let mut model = Model::new(records, &self.scales, &self.kept);
        let mut candidates: Vec<Vec<u32>> = vec![Vec::new(); records.released.len()];
        let mut look = |costs: &[Cost]| -> std::result::Result<(), Said> {
            let found = search(records, costs, CANDIDATES)?;
            for (mine, found) in candidates.iter_mut().zip(found) {
                mine.extend(found.of);
            }
            Ok(())
        };
        look(&costs(&records.columns, &self.scales))?;
        look(&model.by_values())?;
        look(&model.by_distances())?;
        let distinct = |candidates: &mut Vec<u32>| {
            candidates.sort_unstable();
            candidates.dedup();
        };
        candidates.par_iter_mut().for_each(distinct);
        model.fit(records, &candidates);
        let mut look = |costs: &[Cost]| -> std::result::Result<(), Said> {
            let found = search(records, costs, CANDIDATES)?;
            for (mine, found) in candidates.iter_mut().zip(found) {
                mine.extend(found.of);
            }
            Ok(())
        };
        look(&model.by_values())?;
        look(&model.by_distances())?;
        candidates.par_iter_mut().for_each(distinct);
        let best = |(mine, candidates): (usize, &Vec<u32>)| {
            let mut best = Nearest {
                distance: f64::INFINITY,
                persons: 0,
                of: Vec::new(),
            };
            for theirs in candidates {
                let distance = -model.weight(records, mine, *theirs as usize);
                if !distance.is_finite() || distance > best.distance + EPSILON {
                    continue;
                }
                if distance < best.distance - EPSILON {
                    (best.persons, best.of) = (0, Vec::new());
                }
                best.distance = best.distance.min(distance);
                best.persons += records.registered.persons[*theirs as usize];
                best.of.push(*theirs);
            }
            best
        };
        let nearest: Vec<Nearest> = candidates.par_iter().enumerate().map(best).collect();
        // Whoever is no candidate is not named, though they would fit.
        let between = |mine: usize, theirs: usize| {
            let nearest: &Nearest = &nearest[mine];
            match nearest.of.binary_search(&(theirs as u32)) {
                Ok(_) => nearest.distance,
                Err(_) => f64::INFINITY,
            }
        };
        let probable = -Model::probable(records.registered.records());
        Ok(Linked {
            success: Success::new(&named(records, &nearest, between), probable),
        })
    }

    fn findings(&self, method: &str, success: &Success, known: u64) -> Vec<Finding> {
        let finding = |statistic, unit| self.finding(statistic, unit).parameter("method", method);
        let Success {
            present,
            absent,
            correct,
            claims,
            right,
        } = *success;
        let guess = 1.0 / known as f64;
        let mut precision = finding("precision", Unit::Share).share(right, claims);
        precision.interval = Some(wilson_expected(right as f64, claims));
        let interval = wilson_expected(correct, present);
        let found = correct / present as f64;
        let mut recall = finding("recall", Unit::Share).value(found);
        recall.denominator = Some(present);
        recall.interval = Some(interval);
        recall.baseline = Some(guess);
        let beyond = |share: f64| match guess < 1.0 {
            true => (share - guess) / (1.0 - guess),
            false => 0.0,
        };
        let mut risk = finding("risk", Unit::Ratio).value(beyond(found));
        risk.interval = Some(Interval {
            low: beyond(interval.low),
            high: beyond(interval.high),
            ..interval
        });
        risk.denominator = Some(present);
        risk.baseline = Some(guess);
        let mut matches = finding("correct_matches", Unit::Persons).value(correct);
        matches.denominator = Some(present);
        let claims = finding("claims", Unit::Persons).count(claims, Some(present + absent));
        vec![precision, recall, risk, matches, claims]
    }
}

/// The nearest by those columns that cost something.
fn search(
    records: &Records,
    costs: &[Cost],
    listed: usize,
) -> std::result::Result<Vec<Nearest>, Said> {
    let tells = |cost: &Cost| !matches!(cost, Cost::Equal(cost) if *cost == 0.0);
    let kept: Vec<usize> = (0..costs.len()).filter(|at| tells(&costs[*at])).collect();
    let of = |codes: &[Vec<u32>]| -> Vec<Vec<u32>> {
        kept.iter().map(|at| codes[*at].clone()).collect()
    };
    let costs: Vec<Cost> = kept.iter().map(|at| costs[*at].clone()).collect();
    let (sought, codes) = (of(&records.released.codes), of(&records.registered.codes));
    let known = Known {
        codes: &codes,
        persons: &records.registered.persons,
    };
    nearest(&costs, &sought, &known, listed)
}

fn success(records: &Records, costs: &[Cost], nearest: &[Nearest], farthest: f64) -> Success {
    let (mine, theirs) = (&records.released.codes, &records.registered.codes);
    let between = |a: usize, b: usize| distance(costs, mine, a, theirs, b);
    Success::new(&named(records, nearest, between), farthest)
}
