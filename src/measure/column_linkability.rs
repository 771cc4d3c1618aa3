//! Whether a release tells that two sources with different columns speak of one person.

use super::floors::{Floor, Rule};
use super::{Doc, Job, Measure, Other, Outcome, Planning, Run, Setting, Statistic, percent, real};
use crate::encode::records::Records;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Sample, Unit};
use crate::language::Said;
use crate::link::column_halves::linked;
use crate::link::gower::{Scale, costs};
use crate::release::{Column, Nulls, PointDefinition, ScenarioKind, TableKind};
use crate::said;
use crate::stats::{Draws, Interval, wilson_expected, wilson_score};

pub struct ColumnLinkability;

const ID: &str = "column-linkability";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::column_linkability::PROSE,
    title: "Linkability of two sources through the release",
    criterion: Criterion::Linkability,
    question: "Two sources without common names each know some columns of a person: does the release bring them \
               together?",
    adversary: "Holds half of the columns of some persons from one source and the other half from another, looks \
                both halves up in the release, and takes them to be of one person where they lead to one record.",
    definition: "The first half of a target's columns leads to the nearest records A of the release, the second half \
                 to the nearest records B, by Gower's distance over the columns of the half. Where \
                 several are equally near, one of A and one of B is drawn at random (`ties` = apart, as in the \
                 paper), or of both the first in one order of all records, itself drawn at random (`ties` = \
                 in-order, which links more). Where a `[[scenario]]` of kind `register` names a \
                 register with an answer key, the targets are persons of the register who are in the release, and \
                 controls persons of it who are not: what links them is what people have in common, not that they \
                 are in the release. Without a register the targets are persons of the release itself, and there \
                 is no control: then it is measured where the manifest has `[measure.column-linkability]` or the \
                 policy asks for it.",
    formula: "A target is linked with probability |A ∩ B| / (|A| |B|), or |A ∩ B| / |A ∪ B| in order. success = mean over \
              the targets, control = mean over the controls; \
              risk = (r_a − r_c) / (1 − r_c), at least 0, with r = (s + z²/2) / (n + z²), s of n linked, z = 1.96, and \
              half width √((δ_a / (1 − r_c))² + (δ_c (1 − r_a) / (1 − r_c)²)²), δ that of Wilson's interval; \
              without controls r_c is the guess, 1 / records of the release, and δ_c = 0. Gower: \
              Σ_j d_j, d_j = |x − y| / range or 0/1.",
    denominator: "Targets; of `control`, controls.",
    nulls: "A null is a value of its own: it differs from every value by 1, and from null by 0.",
    assumptions: &[
        "The two sources know the columns rightly, and each of them only its own.",
        "Controls are like the targets in all but being in the release.",
    ],
    limits: &[
        "Halves that an adversary would really hold may be others: name them by `halves`.",
        "Success says that the halves lead to one record, not that it is the target's own.",
        "Where the manifest gives a hierarchy for a column, or nulls that match anything, nothing is measured.",
        "The attack and its formulas are those of the paper below; software of its authors (Anonymeter) is \
         published under a licence that grants no patents (Clear-BSD), with a patent application \
         (US-20230401336). Nothing of that software is used here; ask a lawyer before you rely on that.",
    ],
    citations: &[
        "M. Giomi, F. Boenisch, C. Wehmeyer, B. Tasnádi: A unified framework for quantifying privacy risk in \
         synthetic data. PoPETs 2023(2).",
        "J. C. Gower: A general coefficient of similarity and some of its properties. Biometrics 27(4), 1971.",
    ],
    validation: "Equal to a comparison with all records on generated tables. On 10,000 persons of the Adult data, \
                 released whole, half and not at all, within the intervals of the authors' software (ties apart); \
                 its risk and interval follow from its counts by the formula above.",
    table: None,
    settings: &[
        Setting {
            key: "halves",
            default: "the first half of the columns, and the second",
            meaning: "two lists of columns: what either source knows",
        },
        Setting {
            key: "targets",
            default: "2000",
            meaning: "persons drawn as targets, and as many as controls",
        },
        Setting {
            key: "categories",
            default: "[]",
            meaning: "columns of numbers that are names: they agree or differ",
        },
    ],
    statistics: &[
        Statistic {
            name: "success",
            title: "Persons whose two sources are brought together",
            of: "targets",
            meaning: |f| {
                format!(
                    "For {} of the persons two sources that know different columns of them lead to one record of \
                     the release; guessing does so for {}.",
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Statistic {
            name: "control",
            title: "The same for persons who are not in the release",
            of: "controls",
            meaning: |f| {
                format!(
                    "Of persons who are not in the release, {} have their sources brought together all the same.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "risk",
            title: "Risk of being linked through the release",
            of: "targets",
            meaning: |f| {
                format!(
                    "Being in the release links the sources of {} of the persons who would not be linked otherwise.",
                    percent(real(f))
                )
            },
        },
    ],
};

impl Measure for ColumnLinkability {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[
            Floor {
                key: "targets",
                rule: Rule::Least(2_000.0),
            },
            Floor {
                key: "halves",
                rule: Rule::Unset,
            },
        ]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let (mut halves, mut categories) = (None, Vec::new());
        if let Some(settings) = planning.settings {
            categories = settings.strings("categories")?;
            halves = settings.string_lists("halves")?;
            if let Some(given) = &halves {
                check_halves(planning, &given.value).map_err(|message| {
                    let error = settings.error(given.span.clone(), message);
                    error.help("write halves = [[\"age\", \"sex\"], [\"education\"]]")
                })?;
            }
        }
        let targets = planning.count("targets")?.unwrap_or(2_000);
        let asked = planning.settings.is_some() || !planning.demands.is_empty();
        let scenarios = planning.release.scenarios.iter();
        let registers = scenarios.filter_map(|scenario| match scenario.kind {
            ScenarioKind::Register(at) => Some((scenario.table, Some((at, &scenario.name)))),
            _ => None,
        });
        let mut wanted: Vec<(usize, Option<(usize, &String)>)> = registers.collect();
        if asked {
            for (table, _) in planning.tables(TableKind::Microdata) {
                if wanted.iter().all(|(known, _)| *known != table) {
                    wanted.push((table, None));
                }
            }
        }
        let mut jobs = Vec::new();
        for (at, register) in wanted {
            let table = &planning.release.tables[at];
            let (columns, scales) = match register {
                Some((register, _)) => planning.shared_scales(at, register, &categories)?,
                None => {
                    let columns = table.roles.quasi_identifiers.iter();
                    let columns: Vec<String> = columns.map(|column| column.value.clone()).collect();
                    let scales = planning.scales(at, &columns, &categories)?;
                    (columns, scales)
                }
            };
            let specific = columns
                .iter()
                .any(|column| table.hierarchy(column).is_some());
            let named = halves.as_ref().map(|halves| &halves.value);
            let halves = match halves_of(&columns, named) {
                Ok(_) if specific || table.nulls == Nulls::Wildcard => Err(said!(
                    "values of the table match others that are not equal (nulls that stand for anything, or a hierarchy), and are compared as they are here",
                    "Werte der Tabelle passen auf andere, die nicht gleich sind (Nullwerte als Platzhalter oder eine Hierarchie); hier werden sie verglichen, wie sie sind"
                )),
                halves => halves,
            };
            // A register without a key, or a table without subjects, has no controls that are known to be such.
            let keyed = register.filter(|(register, _)| {
                let theirs = &planning.release.auxiliaries[*register].roles.subject;
                table.roles.subject.is_some() && theirs.is_some()
            });
            let attack = |halves| Attack {
                scenario: keyed.map(|(_, name)| name.clone()),
                columns: columns.clone(),
                scales: scales.clone(),
                halves,
                targets,
                seed: planning.release.seed,
                table: table.name.clone(),
            };
            let needs = Needs {
                tuples: true,
                ..Needs::default()
            };
            let run = match (halves, keyed) {
                (Err(reason), _) => Run::Table(Box::new(move |_| Outcome::unmeasured(ID, &reason))),
                (Ok(halves), Some((register, _))) => {
                    let attack = attack(halves);
                    let (other, point) = (Other::Auxiliary(register), PointDefinition::default());
                    let held = planning.held(other, at, point, needs.clone());
                    Run::against(held, move |release, register, _| {
                        attack.with_register(release, register)
                    })
                }
                (Ok(halves), None) => {
                    let attack = attack(halves);
                    Run::Table(Box::new(move |release| attack.alone(release)))
                }
            };
            jobs.push(Job {
                measure: ID,
                table: at,
                needs,
                run,
            });
        }
        Ok(jobs)
    }
}

fn check_halves(
    planning: &Planning<'_>,
    halves: &[Vec<Column>],
) -> std::result::Result<(), String> {
    if halves.len() != 2 || halves.iter().any(Vec::is_empty) {
        return Err("`halves` are two lists of columns".to_owned());
    }
    let all: Vec<&Column> = halves.iter().flatten().collect();
    for (at, column) in all.iter().enumerate() {
        let mut tables = planning.tables(TableKind::Microdata);
        let known = |name: &Column| name.value == column.value;
        if !tables.any(|(_, table)| table.roles.quasi_identifiers.iter().any(known)) {
            return Err(format!("`{}` is no quasi-identifier", column.value));
        }
        if all[..at]
            .iter()
            .any(|earlier| earlier.value == column.value)
        {
            return Err(format!("`{}` is named twice", column.value));
        }
    }
    Ok(())
}

/// The places of the columns of either half.
fn halves_of(
    columns: &[String],
    named: Option<&Vec<Vec<Column>>>,
) -> std::result::Result<[Vec<usize>; 2], Said> {
    let Some(named) = named else {
        return match columns.len() {
            0 | 1 => Err(said!(
                "there are not two columns to know from two sources",
                "es gibt keine zwei Spalten, die aus zwei Quellen bekannt sein könnten"
            )),
            count => Ok([
                (0..count.div_ceil(2)).collect(),
                (count.div_ceil(2)..count).collect(),
            ]),
        };
    };
    let place = |column: &Column| columns.iter().position(|name| *name == column.value);
    let half = |half: &Vec<Column>| half.iter().map(place).collect::<Option<Vec<usize>>>();
    match (half(&named[0]), half(&named[1])) {
        (Some(first), Some(second)) => Ok([first, second]),
        _ => Err(said!(
            "a column of `halves` is not among those that are compared",
            "eine Spalte aus `halves` gehört nicht zu den verglichenen"
        )),
    }
}

struct Attack {
    scenario: Option<String>,
    columns: Vec<String>,
    scales: Vec<Scale>,
    halves: [Vec<usize>; 2],
    targets: u64,
    seed: u64,
    table: String,
}

/// Of records that are equally near, each search draws one; or both take the first in one order.
const TIES: [&str; 2] = ["apart", "in-order"];

/// How many of some persons are linked.
#[derive(Clone, Copy)]
struct Rate {
    /// One for each way to treat ties.
    linked: [f64; 2],
    of: u64,
}

impl Attack {
    fn with_register(&self, release: &Encoded, register: &Encoded) -> Outcome {
        let records = Records::new(release, register);
        let mut present: Vec<u32> = records.same.iter().flatten().copied().collect();
        present.sort_unstable();
        if present.is_empty() {
            let reason = said!(
                "nobody of the release is in the register by its subject: are subjects written alike?",
                "niemand aus der Veröffentlichung steht mit seinem Subjekt im Register: sind Subjekte gleich geschrieben?"
            );
            return Outcome::unmeasured(ID, reason);
        }
        let mut absent: Vec<u32> = (0..records.registered.people() as u32).collect();
        absent.retain(|person| present.binary_search(person).is_err());
        let success = self.rate(&records, &present, 0);
        let control = self.rate(&records, &absent, 1);
        self.outcome(&records, success, control)
    }

    fn alone(&self, release: &Encoded) -> Outcome {
        let records = Records::alone(release);
        let persons: Vec<u32> = (0..records.released.people() as u32).collect();
        if persons.is_empty() {
            return Outcome::unmeasured(
                ID,
                said!("no row has a person", "keine Zeile gehört zu einer Person"),
            );
        }
        let success = self.rate(&records, &persons, 0);
        self.outcome(
            &records,
            success,
            Ok(Rate {
                linked: [0.0; 2],
                of: 0,
            }),
        )
    }

    /// Of persons drawn at random, each with one of their rows.
    fn rate(
        &self,
        records: &Records,
        persons: &[u32],
        trial: u64,
    ) -> std::result::Result<Rate, Said> {
        let side = match self.scenario {
            Some(_) => &records.registered,
            None => &records.released,
        };
        let mut trial = Draws::new(self.seed, ID, &self.table).trial(trial);
        let wanted = self.targets.min(persons.len() as u64);
        let chosen = trial.subset(wanted as usize, persons.len() as u64);
        let targets: Vec<Vec<u32>> = chosen
            .into_iter()
            .map(|at| {
                let rows = side.of(persons[at as usize] as usize);
                let row = rows[trial.below(rows.len() as u64) as usize] as usize;
                side.codes.iter().map(|codes| codes[row]).collect()
            })
            .collect();
        let costs = costs(&records.columns, &self.scales);
        let shares = linked(&records.released, &self.halves, &costs, &targets)?;
        Ok(Rate {
            linked: [
                shares.iter().map(|linked| linked.apart).sum(),
                shares.iter().map(|linked| linked.in_order).sum(),
            ],
            of: wanted,
        })
    }

    fn outcome(
        &self,
        records: &Records,
        success: std::result::Result<Rate, Said>,
        control: std::result::Result<Rate, Said>,
    ) -> Outcome {
        let (success, control) = match (success, control) {
            (Ok(success), Ok(control)) => (success, control),
            (Err(reason), _) | (_, Err(reason)) => return Outcome::unmeasured(ID, reason),
        };
        let guess = 1.0 / records.released.records() as f64;
        let finding = |statistic, unit, of: u64, ties: usize| {
            let mut finding =
                Finding::new(ID, statistic, DOC.criterion, unit).columns(&self.columns);
            if let Some(scenario) = &self.scenario {
                finding = finding.parameter("scenario", scenario.as_str());
            }
            let halves = self.halves.each_ref().map(|half| {
                let names: Vec<&str> = half.iter().map(|at| self.columns[*at].as_str()).collect();
                names.join(", ")
            });
            finding = finding
                .parameter("halves", halves.join(" | ").as_str())
                .parameter("ties", TIES[ties]);
            finding.denominator = Some(of);
            finding.sample = Some(Sample {
                seed: self.seed,
                persons: of,
                trials: of,
            });
            finding
        };
        let share = |statistic, rate: Rate, ties: usize| {
            let linked = rate.linked[ties];
            let mut share = finding(statistic, Unit::Share, rate.of, ties);
            share = share.value(linked / rate.of as f64);
            share.interval = Some(wilson_expected(linked, rate.of));
            share.baseline = Some(guess);
            share
        };
        let mut outcome = Outcome::default();
        for ties in 0..TIES.len() {
            outcome.findings.push(share("success", success, ties));
            let mut against = (guess, 0.0);
            if control.of > 0 {
                outcome.findings.push(share("control", control, ties));
                against = wilson_score(control.linked[ties], control.of);
            }
            let attack = wilson_score(success.linked[ties], success.of);
            let (value, interval) = beyond(attack, against);
            let mut risk = finding("risk", Unit::Ratio, success.of, ties).value(value);
            risk.interval = Some(interval);
            risk.baseline = Some(against.0);
            outcome.findings.push(risk);
        }
        if control.of == 0 {
            let reason = match self.scenario {
                None => {
                    said!(
                        "no register tells how persons who are not in the release fare: the risk is that beyond guessing",
                        "kein Register zeigt, wie es Personen ergeht, die nicht in der Veröffentlichung sind: das Risiko ist das über das Raten hinaus"
                    )
                }
                Some(_) => {
                    said!(
                        "everybody of the register is in the release: the risk is that beyond guessing",
                        "alle aus dem Register sind in der Veröffentlichung: das Risiko ist das über das Raten hinaus"
                    )
                }
            };
            let reason = Outcome::not_measured(ID, Some("control"), reason);
            outcome.not_measured.push(reason);
        }
        outcome
    }
}

/// (r_a − r_c) / (1 − r_c) of two rates with their half widths, and its interval by the propagation of errors.
fn beyond((attack, of_attack): (f64, f64), (control, of_control): (f64, f64)) -> (f64, Interval) {
    if control >= 1.0 {
        let nothing = Interval {
            low: 0.0,
            high: 1.0,
            confidence: 0.95,
        };
        return (0.0, nothing);
    }
    let risk = (attack - control) / (1.0 - control);
    let half =
        (of_attack / (1.0 - control)).hypot(of_control * (1.0 - attack) / (1.0 - control).powi(2));
    let within = |value: f64| value.clamp(0.0, 1.0);
    let interval = Interval {
        low: within(risk - half),
        high: within(risk + half),
        confidence: 0.95,
    };
    (within(risk), interval)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risk_as_published_software_has_it() {
        // 22 of 1,000 against none of 1,000; 11; none against one.
        for (linked, control, risk, low, high) in [
            (
                22.0,
                0.0,
                0.02195782495981244,
                0.012495967195044361,
                0.03141968272458052,
            ),
            (
                11.0,
                0.0,
                0.01097891247990622,
                0.003985984655755114,
                0.017971840304057324,
            ),
            (0.0, 1.0, 0.0, 0.0, 0.0023491156025509516),
        ] {
            let rate = |linked| wilson_score(linked, 1_000);
            let (found, interval) = beyond(rate(linked), rate(control));
            assert!((found - risk).abs() < 1e-9, "{found}");
            assert!((interval.low - low).abs() < 1e-9, "{interval:?}");
            assert!((interval.high - high).abs() < 1e-9, "{interval:?}");
        }
    }

    #[test]
    fn halves_by_default() {
        let columns = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(halves_of(&columns, None), Ok([vec![0, 1], vec![2]]));
        assert!(halves_of(&columns[..1], None).is_err());
    }
}
