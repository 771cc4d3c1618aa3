//! How well the sensitive value of a person can be predicted from the others'.

use rayon::prelude::*;

use super::floors::{Floor, Rule};
use super::{Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real};
use crate::encode::cells::Cells;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Sample, Unit};
use crate::language::Said;
use crate::said;
use crate::stats::{Draws, Interval, wilson};

pub struct AttributeInference;

const ID: &str = "attribute-inference";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::attribute_inference::PROSE,
    title: "Attribute inference",
    criterion: Criterion::Inference,
    question: "How often does somebody who knows a person's quasi-identifiers, and studies everybody \
               else in the release, guess the sensitive value right?",
    adversary: "Knows a person's quasi-identifiers and has the release without that person's records; \
                learns from it how the sensitive value goes with the quasi-identifiers and predicts it.",
    definition: "Each person is left out in turn and predicted from all others. `naive-bayes` takes the \
                 quasi-identifiers for independent given the value; `decision-table` takes the most \
                 frequent value of the person's class, or of the table where the class is empty. The \
                 baseline predicts the most frequent value of all others. The risk is what the attack \
                 gains of what the baseline leaves.",
    formula: "naive Bayes: the value v of greatest ln n_v + Σ_a ln((n_{a,v} + 1)/(n_v + m_a)), with n_v \
              the others with v, n_{a,v} those among them who share attribute a, m_a its distinct values; \
              ties go to the first value. success = right / trials; risk = (success − baseline) / \
              (1 − baseline)",
    denominator: "Trials: persons; a person with several records is tried once for each distinct \
                  combination of quasi-identifiers and value.",
    nulls: "A null is a value of its own, which can be known and predicted.",
    assumptions: &[
        "The sensitive value is a category, or a number that is to be guessed exactly.",
        "What is true of the others is true of the person: a prediction can be right without the person \
         being in the release at all. The attack shows what the release teaches.",
    ],
    limits: &[
        "A cleverer predictor may do better: this is a lower bound of what can be inferred.",
        "The interval covers the drawing of the persons tried, and takes the baseline as given.",
    ],
    citations: &[
        "M. Giomi, F. Boenisch, C. Wehmeyer, B. Tasnádi: A unified framework for quantifying privacy risk \
         in synthetic data. PoPETs 2023(2) (attack against baseline).",
        "D. J. Hand, K. Yu: Idiot's Bayes: not so stupid after all? International Statistical Review \
         69(3), 2001.",
        "R. Kohavi: The power of decision tables. ECML 1995.",
    ],
    validation: "Equal to a brute-force computation that leaves every person out in turn, on generated \
                 tables, with one and with several records a person. On a sensitive column without any \
                 relation to the others the risk is about zero, on one that follows from them it is one.",
    table: None,
    settings: &[Setting {
        key: "persons",
        default: "100000",
        meaning: "persons drawn for the attack; all of them where there are fewer",
    }],
    statistics: &[
        Statistic {
            name: "success",
            title: "Values guessed right",
            of: "trials",
            meaning: |f| {
                format!(
                    "From a person's quasi-identifiers and the other people's records, {} is guessed right \
                     in {} of the cases; always naming the most frequent value is right in {}.",
                    parameter(f, "sensitive"),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Statistic {
            name: "risk",
            title: "Risk of inference beyond guessing",
            of: "trials",
            meaning: |f| match real(f) {
                risk if risk <= 0.0 => format!(
                    "For {} the attack is no better than naming the most frequent value.",
                    parameter(f, "sensitive")
                ),
                risk => format!(
                    "Of the values of {} that mere guessing gets wrong, the attack gets {} right.",
                    parameter(f, "sensitive"),
                    percent(risk)
                ),
            },
        },
    ],
};

/// Counters of naive Bayes, beyond which a column is no category.
const MOST_COUNTERS: usize = 50_000_000;

impl Measure for AttributeInference {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[Floor {
            key: "persons",
            rule: Rule::Least(100_000.0),
        }]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let persons = planning.count("persons")?;
        let persons = persons.unwrap_or(100_000);
        let seed = planning.release.seed;
        Ok(planning.sensitive_jobs(ID, move |encoded, name| {
            let cells = encoded.cells(name).expect("the column was asked for");
            let draws = Draws::new(seed, ID, &encoded.name);
            let columns = encoded.known_columns();
            measure(&cells, &columns, name, persons, seed, &draws)
                .unwrap_or_else(|reason| Outcome::unmeasured(ID, reason).only("sensitive", name))
        }))
    }
}

fn measure(
    cells: &Cells,
    columns: &[String],
    name: &str,
    persons: u64,
    seed: u64,
    draws: &Draws,
) -> std::result::Result<Outcome, Said> {
    let everybody = match &cells.members {
        Some(members) => members.len() as u64,
        None => cells.persons.iter().sum(),
    };
    if everybody < 2 {
        return Err(said!(
            "there is nobody else to learn from",
            "es gibt niemand anderen, von dem zu lernen wäre"
        ));
    }
    let model = Model::new(cells).ok_or(said!(
        "the column has too many values to be predicted",
        "die Spalte hat zu viele Werte, um vorhergesagt zu werden"
    ))?;
    let tried = persons.min(everybody);
    let right = model.attack(tried, everybody, draws);
    let baseline = right.baseline as f64 / right.trials as f64;
    let mut findings = Vec::new();
    for (method, right_by) in [
        ("naive-bayes", right.naive_bayes),
        ("decision-table", right.decision_table),
    ] {
        let finding = |statistic| {
            let mut finding = Finding::new(ID, statistic, DOC.criterion, Unit::Share)
                .columns(columns)
                .parameter("sensitive", name)
                .parameter("method", method);
            finding.baseline = Some(baseline);
            if tried < everybody {
                finding.sample = Some(Sample {
                    seed,
                    persons: tried,
                    trials: right.trials,
                });
            }
            finding
        };
        let interval = wilson(right_by, right.trials);
        let mut success = finding("success").share(right_by, right.trials);
        success.interval = Some(interval);
        let beyond = |rate: f64| (rate - baseline) / (1.0 - baseline);
        let mut risk = finding("risk");
        if baseline < 1.0 {
            risk = risk.value(beyond(right_by as f64 / right.trials as f64));
            risk.interval = Some(Interval {
                low: beyond(interval.low),
                high: beyond(interval.high),
                confidence: interval.confidence,
            });
        }
        risk.denominator = Some(right.trials);
        findings.extend([success, risk]);
    }
    Ok(Outcome {
        findings,
        ..Outcome::default()
    })
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Right {
    trials: u64,
    naive_bayes: u64,
    decision_table: u64,
    baseline: u64,
}

impl Right {
    fn add(self, other: Self) -> Self {
        Self {
            trials: self.trials + other.trials,
            naive_bayes: self.naive_bayes + other.naive_bayes,
            decision_table: self.decision_table + other.decision_table,
            baseline: self.baseline + other.baseline,
        }
    }
}

/// What is counted over everybody; whoever is predicted is taken out again.
struct Model<'a> {
    cells: &'a Cells,
    /// Persons with each value.
    of_value: Vec<u64>,
    /// For each attribute, persons with each (code, value).
    of_pair: Vec<Vec<u64>>,
    /// Distinct codes that occur of each attribute.
    distinct: Vec<f64>,
    /// Where the cells of each class begin.
    classes: Vec<usize>,
}

impl<'a> Model<'a> {
    fn new(cells: &'a Cells) -> Option<Self> {
        let counters: usize = cells
            .capacity
            .iter()
            .map(|codes| codes * cells.values)
            .sum();
        if counters > MOST_COUNTERS {
            return None;
        }
        let mut of_value = vec![0; cells.values];
        for (value, persons) in cells.value.iter().zip(&cells.persons) {
            of_value[*value as usize] += persons;
        }
        let mut of_pair = Vec::new();
        let mut distinct = Vec::new();
        for (codes, capacity) in cells.known.iter().zip(&cells.capacity) {
            let mut counts = vec![0; capacity * cells.values];
            let mut seen = vec![false; *capacity];
            for (at, code) in codes.iter().enumerate() {
                seen[*code as usize] = true;
                counts[*code as usize * cells.values + cells.value[at] as usize] +=
                    cells.persons[at];
            }
            of_pair.push(counts);
            distinct.push(seen.iter().filter(|seen| **seen).count() as f64);
        }
        let mut classes: Vec<usize> = (0..cells.class.len())
            .filter(|at| *at == 0 || cells.class[*at] != cells.class[at - 1])
            .collect();
        classes.push(cells.class.len());
        Some(Self {
            cells,
            of_value,
            of_pair,
            distinct,
            classes,
        })
    }

    /// Tries `tried` of the persons, drawn without replacement.
    fn attack(&self, tried: u64, everybody: u64, draws: &Draws) -> Right {
        let chosen = match tried < everybody {
            true => Some(draws.trial(0).subset(tried as usize, everybody)),
            false => None,
        };
        let sum = |a: Right, b: Right| a.add(b);
        match &self.cells.members {
            Some(members) => {
                let chosen = chosen.unwrap_or_else(|| (0..everybody).collect());
                let tries = chosen.par_iter().map(|person| {
                    let mine = &members[*person as usize];
                    let tries = mine.iter().map(|cell| self.predict(*cell, mine));
                    tries.fold(Right::default(), Right::add)
                });
                tries.reduce(Right::default, sum)
            }
            None => {
                // Everybody in a cell is predicted alike: how many of those chosen are in each?
                let mut tries = self.cells.persons.clone();
                if let Some(chosen) = chosen {
                    tries.fill(0);
                    let (mut cell, mut end) = (0, self.cells.persons[0]);
                    for person in chosen {
                        while person >= end {
                            cell += 1;
                            end += self.cells.persons[cell];
                        }
                        tries[cell] += 1;
                    }
                }
                let each = tries
                    .par_iter()
                    .enumerate()
                    .filter(|(_, tries)| **tries > 0);
                let each = each.map(|(cell, tries)| {
                    let one = self.predict(cell as u32, &[cell as u32]);
                    Right {
                        trials: *tries,
                        naive_bayes: one.naive_bayes * tries,
                        decision_table: one.decision_table * tries,
                        baseline: one.baseline * tries,
                    }
                });
                each.reduce(Right::default, sum)
            }
        }
    }

    /// Predicts the value of a cell from everybody but one person, whose cells are `mine`.
    fn predict(&self, cell: u32, mine: &[u32]) -> Right {
        let cells = self.cells;
        let at = cell as usize;
        let mut of_value = self.of_value.clone();
        mine.iter()
            .for_each(|cell| of_value[cells.value[*cell as usize] as usize] -= 1);
        let most = most_frequent(of_value.iter().copied().enumerate());
        let class = cells.class[at];
        let of_class = self.classes.partition_point(|start| *start <= at) - 1;
        let range = self.classes[of_class]..self.classes[of_class + 1];
        let others = range.map(|other| {
            let left_out = mine.contains(&(other as u32));
            let persons = cells.persons[other] - u64::from(left_out);
            debug_assert_eq!(cells.class[other], class);
            (cells.value[other] as usize, persons)
        });
        let in_class = most_frequent(others).or(most);
        let score = |value: usize| {
            let with = of_value[value] as f64;
            let known = self.of_pair.iter().zip(&cells.known).zip(&self.distinct);
            let terms = known.map(|((counts, codes), distinct)| {
                let code = codes[at];
                let taken = mine.iter().filter(|cell| {
                    codes[**cell as usize] == code && cells.value[**cell as usize] as usize == value
                });
                let both = counts[code as usize * cells.values + value] - taken.count() as u64;
                ((both as f64 + 1.0) / (with + distinct)).ln()
            });
            with.ln() + terms.sum::<f64>()
        };
        let possible = (0..cells.values).filter(|value| of_value[*value] > 0);
        let scored = possible.map(|value| (value, score(value)));
        let likeliest = scored.reduce(|a, b| if b.1 > a.1 { b } else { a });
        let truth = Some(cells.value[at] as usize);
        Right {
            trials: 1,
            naive_bayes: u64::from(likeliest.map(|(value, _)| value) == truth),
            decision_table: u64::from(in_class == truth),
            baseline: u64::from(most == truth),
        }
    }
}

/// The first of the most frequent values; `None` where all are absent.
fn most_frequent(counts: impl Iterator<Item = (usize, u64)>) -> Option<usize> {
    let present = counts.filter(|(_, count)| *count > 0);
    let most = present.reduce(|a, b| if b.1 > a.1 { b } else { a });
    most.map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// (person, two known codes, value) of each record.
    type Record = (u32, [u32; 2], u32);

    fn cells(records: &[Record], several: bool) -> Cells {
        let mut persons: BTreeMap<([u32; 2], u32), BTreeSet<usize>> = BTreeMap::new();
        for (row, (person, known, value)) in records.iter().enumerate() {
            let who = if several { *person as usize } else { row };
            persons.entry((*known, *value)).or_default().insert(who);
        }
        let classes: BTreeSet<[u32; 2]> = persons.keys().map(|(known, _)| *known).collect();
        let class = |known| classes.iter().position(|other| other == known).unwrap() as u32;
        let mut members: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (cell, who) in persons.values().enumerate() {
            who.iter()
                .for_each(|who| members.entry(*who).or_default().push(cell as u32));
        }
        Cells {
            known: (0..2)
                .map(|a| persons.keys().map(|(known, _)| known[a]).collect())
                .collect(),
            capacity: vec![4, 4],
            class: persons.keys().map(|(known, _)| class(known)).collect(),
            value: persons.keys().map(|(_, value)| *value).collect(),
            values: 4,
            persons: persons.values().map(|who| who.len() as u64).collect(),
            members: several.then(|| members.into_values().collect()),
        }
    }

    /// Leaves every person out and learns anew from the rest.
    fn brute_force(records: &[Record], several: bool) -> Right {
        let trials: BTreeSet<(usize, [u32; 2], u32)> = records
            .iter()
            .enumerate()
            .map(|(row, r)| (if several { r.0 as usize } else { row }, r.1, r.2))
            .collect();
        let first_most = |values: Vec<u32>| {
            let count = |v: u32| values.iter().filter(|other| **other == v).count();
            (0..4)
                .filter(|v| count(*v) > 0)
                .max_by_key(|v| (count(*v), std::cmp::Reverse(*v)))
        };
        let mut right = Right::default();
        for (person, known, value) in &trials {
            let others: Vec<_> = trials.iter().filter(|other| other.0 != *person).collect();
            let most = first_most(others.iter().map(|other| other.2).collect());
            let class = others.iter().filter(|other| other.1 == *known);
            let in_class = first_most(class.map(|other| other.2).collect()).or(most);
            let score = |v: u32| {
                let with: Vec<_> = others.iter().filter(|other| other.2 == v).collect();
                let mut score = (with.len() as f64).ln();
                let mut terms = 0.0;
                for (a, code) in known.iter().enumerate() {
                    let distinct: BTreeSet<u32> = trials.iter().map(|other| other.1[a]).collect();
                    let both = with.iter().filter(|other| other.1[a] == *code).count();
                    terms +=
                        ((both as f64 + 1.0) / (with.len() as f64 + distinct.len() as f64)).ln();
                }
                score += terms;
                score
            };
            let mut likeliest = None;
            for v in (0..4).filter(|v| others.iter().any(|other| other.2 == *v)) {
                if likeliest.is_none_or(|(_, best)| score(v) > best) {
                    likeliest = Some((v, score(v)));
                }
            }
            right = right.add(Right {
                trials: 1,
                naive_bayes: u64::from(likeliest.map(|l| l.0) == Some(*value)),
                decision_table: u64::from(in_class == Some(*value)),
                baseline: u64::from(most == Some(*value)),
            });
        }
        right
    }

    proptest! {
        #[test]
        fn leaving_out_by_counting_is_leaving_out(
            records in prop::collection::vec((0u32..9, [0u32..4, 0u32..4], 0u32..4), 2..40),
            several: bool,
        ) {
            let cells = cells(&records, several);
            let everybody = match &cells.members {
                Some(members) => members.len() as u64,
                None => records.len() as u64,
            };
            let draws = Draws::new(1, ID, "t");
            let ours = Model::new(&cells).unwrap().attack(everybody, everybody, &draws);
            prop_assert_eq!(ours, brute_force(&records, several));
        }
    }

    #[test]
    fn what_follows_is_found_and_noise_is_not() {
        let mut trial = Draws::new(5, ID, "noise").trial(0);
        let mut records = |value: &dyn Fn(u64, u64, u64) -> u64| -> Vec<Record> {
            (0..4_000)
                .map(|row| {
                    let (a, b, c) = (trial.below(4), trial.below(4), trial.below(4));
                    (row, [a as u32, b as u32], value(a, b, c) as u32)
                })
                .collect()
        };
        let risk = |records: &[Record], method: &str| {
            let draws = Draws::new(1, ID, "t");
            let outcome = measure(&cells(records, false), &[], "s", 1_000, 1, &draws).unwrap();
            let found = outcome
                .findings
                .iter()
                .find(|f| f.statistic == "risk" && parameter(f, "method") == method);
            real(found.unwrap())
        };
        let follows = records(&|a, _, _| a);
        let noise = records(&|_, _, c| c);
        for method in ["naive-bayes", "decision-table"] {
            assert_eq!(risk(&follows, method), 1.0);
            assert!(
                risk(&noise, method).abs() < 0.06,
                "{}",
                risk(&noise, method)
            );
        }
        // Exclusive or: no attribute tells anything by itself, both together tell all.
        let both = records(&|a, b, _| (a ^ b) & 1);
        assert_eq!(risk(&both, "decision-table"), 1.0);
        assert!(risk(&both, "naive-bayes") < 0.2);
    }
}
