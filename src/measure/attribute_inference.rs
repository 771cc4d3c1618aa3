//! How well the sensitive value of a person can be predicted from the others'.

mod forest;
mod guess;
mod nearest;
mod selected_table;

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use self::forest::Forest;
use self::guess::{Guess, Tolerance};
use self::nearest::Neighbours;
use self::selected_table::SelectedTable;

use super::floors::{Floor, Rule};
use super::{Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real};
use crate::encode::Encoded;
use crate::encode::cells::Cells;
use crate::encode::records::Compared;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Sample, Unit};
use crate::language::Said;
use crate::link::gower::{Scale, costs};
use crate::link::nearest::Cost;
use crate::release::TableKind;
use crate::release::input::Domain;
use crate::said;
use crate::stats::{Draws, Interval, wilson, wilson_expected};

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
                learns from it how the sensitive value goes with the quasi-identifiers and predicts it. May name a \
                value only where it is surest.",
    definition: "Each person is left out in turn and predicted from all others, in five ways. `naive-bayes` takes the \
                 quasi-identifiers for independent given the value. `decision-table` takes the most \
                 frequent value of the person's class, or of the table where the class is empty. \
                 `selected-table` takes the most frequent value among those who share the columns that predict best, \
                 of the best fewer columns where nobody does, and so on. `nearest-neighbour` takes the most frequent value \
                 among the nearest by Gower's distance. `random-forest` lets 60 trees vote that were grown on the persons of the \
                 other half. `best` is the strongest of the five: persons are parted into \
                 halves at random, and in each half that way is taken whose success in the other half has the highest \
                 lower limit. The columns of `selected-table` are chosen in the other half, too. \
                 Where the manifest states a tolerance for a sensitive column of numbers, a guess is right that is no \
                 farther off, and that value is named which has the most within its tolerance. \
                 The baseline names the most frequent value of the table for everybody (with a tolerance, that with the \
                 most within it). The risk is what the attack \
                 gains of what the baseline leaves.",
    formula: "naive Bayes: the value v of greatest ln n_v + Σ_a ln((n_{a,v} + 1)/(n_v + m_a)), with n_v \
              the others with v, n_{a,v} those among them who share attribute a, m_a its distinct values; \
              ties go to the first value. Columns are chosen by the share predicted right, each person without \
              themselves, from at most 20,000 persons of the other half: of all sets of one, two and three columns as \
              long as these are no more than 1,500, then the best set is extended by the best column while that \
              helps. Distance: mean over the columns of |x − y| / range for numbers and times, and of 0 or 1 for \
              everything else; a null differs from everything else by 1. Trees: each on at most 20,000 persons of the \
              other half, each taken a Poisson(1) number of times; a node is parted by the best of ⌈√d⌉ columns drawn at \
              random (more where none of these helps), at a value or, for names, into one value and the others, by \
              Gini's index, into no fewer than 5 persons. precision_at_coverage: right / named among the share of trials in which \
              `best` is surest (the share that the value named has of what its method counts; of equal ones the mean). \
              success = right / trials; \
              baseline = persons tried with the most frequent value / trials; risk = (success − baseline) / \
              (1 − baseline)",
    denominator: "Trials: persons; a person with several records is tried once for each distinct \
                  combination of quasi-identifiers and value. `nearest-neighbour` is tried on 2,000 of them, fewer \
                  (at least 200) where classes × columns × persons exceed 10¹⁰.",
    nulls: "A null is a value of its own, which can be known and predicted.",
    assumptions: &[
        "The sensitive value is a category, or a number that is to be guessed exactly or within the stated tolerance.",
        "What is true of the others is true of the person: a prediction can be right without the person \
         being in the release at all. The attack shows what the release teaches.",
    ],
    limits: &[
        "A cleverer predictor may do better: this is a lower bound of what can be inferred.",
        "The baseline is that of the table itself, and each person is left out of what is learnt (random-forest: of the \
         half that the trees are grown on): persons who are not in the release at all serve as no control here.",
        "The interval covers the drawing of the persons tried, and takes the baseline as given.",
        "Who leaves a person out tips a tie between values against them: where two values are as frequent, the attack \
         seems a little weaker than it is.",
    ],
    citations: &[
        "M. Giomi, F. Boenisch, C. Wehmeyer, B. Tasnádi: A unified framework for quantifying privacy risk \
         in synthetic data. PoPETs 2023(2) (attack against baseline).",
        "D. J. Hand, K. Yu: Idiot's Bayes: not so stupid after all? International Statistical Review \
         69(3), 2001.",
        "L. Breiman: Random forests. Machine Learning 45, 2001.",
        "R. Kohavi: The power of decision tables. ECML 1995.",
        "J. C. Gower: A general coefficient of similarity and some of its properties. Biometrics 27, 1971.",
    ],
    validation: "Equal to a brute-force computation that leaves every person out in turn, on generated \
                 tables, with one and with several records a person. On a sensitive column without any \
                 relation to the others the risk is about zero, on one that follows from them it is one: on the exclusive \
                 or of two columns beside two of noise, too, by `selected-table` and `nearest-neighbour`. On UCI Adult (30,162 persons), from the other \
                 columns, `random-forest` guesses income right in 0.823 of the cases and occupation in 0.302, the best of \
                 the others in 0.818 and 0.328; gradient-boosted trees of scikit-learn, learnt on halves, in 0.834 and \
                 0.334, and its random forest in 0.830 and 0.325.",
    table: None,
    settings: &[
        Setting {
            key: "persons",
            default: "100000",
            meaning: "persons drawn for the attack; all of them where there are fewer",
        },
        Setting {
            key: "tolerance",
            default: "{}",
            meaning: "for sensitive columns of numbers, by how much a guess may be off and still be right",
        },
    ],
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
            name: "precision_at_coverage",
            title: "Guesses that are right where the attack is surest",
            of: "trials",
            meaning: |f| {
                format!(
                    "Of the values of {} that an adversary names who names only the surest {}, {} are right; always naming \
                     the most frequent value is right in {}.",
                    parameter(f, "sensitive"),
                    percent(parameter(f, "coverage").parse().unwrap_or(0.0)),
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
        let tolerances = tolerances(planning)?;
        let mut scales = Scales::new();
        for (at, table) in planning.tables(TableKind::Microdata) {
            let columns = table.roles.quasi_identifiers.iter();
            let columns: Vec<String> = columns.map(|column| column.value.clone()).collect();
            let of_columns = planning.scales(at, &columns, &[])?;
            let named = columns
                .into_iter()
                .map(|column| (table.name.clone(), column));
            scales.extend(named.zip(of_columns));
        }
        Ok(planning.sensitive_jobs(ID, move |encoded, name| {
            let cells = encoded.cells(name).expect("the column was asked for");
            let attack = Attack {
                columns: encoded.known_columns(),
                costs: distances(encoded, &scales),
                tolerance: tolerance(encoded, name, &tolerances),
                persons,
                seed,
                draws: Draws::new(seed, ID, &encoded.name),
            };
            attack
                .measure(&cells, name)
                .unwrap_or_else(|reason| Outcome::unmeasured(ID, reason).only("sensitive", name))
        }))
    }
}

/// By how much guesses of a column may be off: its table, its name, the greatest difference, and how its numbers are
/// stored: reals, or so many to one.
type Stated = (String, String, f64, Option<f64>);

fn tolerances(planning: &Planning<'_>) -> Result<Vec<Stated>> {
    let mut stated = Vec::new();
    let Some(settings) = planning.settings else {
        return Ok(stated);
    };
    let Some(section) = settings.section("tolerance")? else {
        return Ok(stated);
    };
    for column in section.keys() {
        let off = section.number(&column.value)?.expect("the key is there");
        if off.value <= 0.0 {
            return Err(section.error(off.span, "a tolerance is greater than 0"));
        }
        let before = stated.len();
        for (at, table) in planning.tables(TableKind::Microdata) {
            let mut sensitive = table.roles.sensitive.iter();
            if sensitive.all(|name| name.value != column.value) {
                continue;
            }
            let input = &planning.inputs[at];
            let domain = input.column(&column.value);
            let divisor = match domain.and_then(|at| input.columns[at].domain) {
                Some(Domain::Real) => None,
                Some(Domain::Integer | Domain::Unsigned) => Some(1.0),
                Some(Domain::Decimal(scale)) => Some(10f64.powi(i32::from(scale))),
                _ => {
                    let message = format!("`{}` is no column of numbers", column.value);
                    return Err(section.error(column.span, message));
                }
            };
            stated.push((table.name.clone(), column.value.clone(), off.value, divisor));
        }
        if stated.len() == before {
            let message = format!(
                "`{}` is no sensitive column of a table of records",
                column.value
            );
            return Err(section.error(column.span, message));
        }
    }
    Ok(stated)
}

fn tolerance(encoded: &Encoded, name: &str, stated: &[Stated]) -> Option<Tolerance> {
    let mut stated = stated.iter();
    let (.., off, divisor) =
        stated.find(|(table, column, ..)| *table == encoded.name && column == name)?;
    let (_, values) = encoded.attributes.iter().find(|(known, _)| known == name)?;
    let column = Compared {
        name: name.to_owned(),
        values: values.clone(),
    };
    let numbers = column.numbers(divisor.is_none());
    Some(Tolerance::new(numbers, off * divisor.unwrap_or(1.0)))
}

/// How the values of each column of each table are compared.
type Scales = BTreeMap<(String, String), Scale>;

/// What the values of each known column are apart.
fn distances(encoded: &Encoded, scales: &Scales) -> Vec<Cost> {
    let attributes = encoded.attributes[..encoded.known].iter();
    let compared = attributes.map(|(name, values)| {
        let scale = scales.get(&(encoded.name.clone(), name.clone()));
        let compared = Compared {
            name: name.clone(),
            values: values.clone(),
        };
        (compared, scale.copied().unwrap_or(Scale::Names))
    });
    let (compared, scales): (Vec<Compared>, Vec<Scale>) = compared.unzip();
    costs(&compared, &scales)
}

/// The ways in which values are predicted.
const METHODS: [&str; 5] = [
    "naive-bayes",
    "decision-table",
    "selected-table",
    "nearest-neighbour",
    "random-forest",
];
/// Where the one is that is tried on few.
const NEAREST: usize = 3;
/// Persons by whom the columns of a table are chosen, and trees are grown.
const CHOOSING: u64 = 20_000;
/// The shares of trials for which precision is stated.
const COVERAGES: [f64; 3] = [0.1, 0.25, 0.5];
/// Draws of the trees of either half.
const OF_TREES: [u64; 2] = [1_000, 2_000];

struct Attack {
    columns: Vec<String>,
    costs: Vec<Cost>,
    tolerance: Option<Tolerance>,
    persons: u64,
    seed: u64,
    draws: Draws,
}

/// What was made of one try: its half, how often it was made, and by each method whether it was right and how sure;
/// by neighbours as often as it was made by them.
struct Made {
    half: usize,
    times: [u64; METHODS.len()],
    right: [bool; METHODS.len()],
    sure: [f64; METHODS.len()],
}

/// A prediction to be made: the cell, the cells of the person, the half that it belongs to, how often it is made, and
/// how often by neighbours.
struct Try<'a> {
    cell: u32,
    mine: Cow<'a, [u32]>,
    half: usize,
    times: u64,
    near: u64,
}

/// Predictions that were right, and all, of each half by each method; and those that the most frequent value gets right.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Right {
    right: [[u64; METHODS.len()]; 2],
    trials: [[u64; METHODS.len()]; 2],
    baseline: u64,
}

impl Right {
    fn add(mut self, other: Self) -> Self {
        for half in 0..2 {
            for method in 0..METHODS.len() {
                self.right[half][method] += other.right[half][method];
                self.trials[half][method] += other.trials[half][method];
            }
        }
        self.baseline += other.baseline;
        self
    }

    fn of(&self, method: usize) -> (u64, u64) {
        let sum = |of: &[[u64; METHODS.len()]; 2]| of[0][method] + of[1][method];
        (sum(&self.right), sum(&self.trials))
    }

    /// The method of each half: that which does best in the other.
    fn chosen(&self) -> [Option<usize>; 2] {
        [0, 1].map(|half: usize| {
            let other = 1 - half;
            let lower = |method: &usize| match self.trials[other][*method] {
                0 => 0.0,
                trials => wilson(self.right[other][*method], trials).low,
            };
            (0..METHODS.len())
                .filter(|method| self.trials[half][*method] > 0)
                .reduce(|a, b| if lower(&b) > lower(&a) { b } else { a })
        })
    }

    fn best(&self) -> (u64, u64) {
        let of_half = |half: usize| {
            self.chosen()[half].map_or((0, 0), |best| {
                (self.right[half][best], self.trials[half][best])
            })
        };
        let (a, b) = (of_half(0), of_half(1));
        (a.0 + b.0, a.1 + b.1)
    }
}

impl Attack {
    fn measure(&self, cells: &Cells, name: &str) -> std::result::Result<Outcome, Said> {
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
        let tried = self.persons.min(everybody);
        let (right, made) = self.attack(&model, tried, everybody);
        let trials = right.of(0).1;
        let baseline = right.baseline as f64 / trials as f64;
        let all = METHODS.iter().enumerate();
        let all = all.map(|(at, method)| (*method, right.of(at)));
        let mut findings = Vec::new();
        for (method, (right_by, trials)) in std::iter::once(("best", right.best())).chain(all) {
            let finding = |statistic| {
                let mut finding = Finding::new(ID, statistic, DOC.criterion, Unit::Share)
                    .columns(&self.columns)
                    .parameter("sensitive", name)
                    .parameter("method", method);
                finding.baseline = Some(baseline);
                if tried < everybody || method == METHODS[NEAREST] {
                    finding.sample = Some(Sample {
                        seed: self.seed,
                        persons: tried,
                        trials,
                    });
                }
                finding
            };
            let interval = wilson(right_by, trials);
            let mut success = finding("success").share(right_by, trials);
            success.interval = Some(interval);
            let beyond = |rate: f64| (rate - baseline) / (1.0 - baseline);
            let mut risk = finding("risk");
            if baseline < 1.0 {
                risk = risk.value(beyond(right_by as f64 / trials as f64));
                risk.interval = Some(Interval {
                    low: beyond(interval.low),
                    high: beyond(interval.high),
                    confidence: interval.confidence,
                });
            }
            risk.denominator = Some(trials);
            findings.extend([success, risk]);
        }
        for (coverage, right_of, named) in surest(&made, right.chosen()) {
            let mut precision =
                Finding::new(ID, "precision_at_coverage", DOC.criterion, Unit::Share)
                    .columns(&self.columns)
                    .parameter("sensitive", name)
                    .parameter("method", "best")
                    .parameter("coverage", coverage)
                    .value(right_of / named as f64);
            precision.denominator = Some(named);
            precision.interval = Some(wilson_expected(right_of, named));
            precision.baseline = Some(baseline);
            findings.push(precision);
        }
        Ok(Outcome {
            findings,
            ..Outcome::default()
        })
    }

    /// Tries `tried` of the persons, drawn without replacement.
    fn attack(&self, model: &Model<'_>, tried: u64, everybody: u64) -> (Right, Vec<Made>) {
        let neighbours = Neighbours::new(model, &self.costs);
        let tries = self.tries(model.cells, neighbours.targets(tried), tried, everybody);
        let of_halves = [0, 1].map(|half| self.chosen_by(model.cells, &tries, half));
        let tables = of_halves
            .each_ref()
            .map(|of| SelectedTable::new(model.cells, of));
        let forests = [0, 1].map(|half: usize| {
            let (of, first) = (&of_halves[half], OF_TREES[half]);
            Forest::new(model.cells, &self.costs, of, &self.draws, first)
        });
        let tolerance = self.tolerance.as_ref();
        let by_count = |votes: Vec<(usize, u64)>| {
            let votes = votes
                .into_iter()
                .map(|(value, persons)| (value, persons as f64));
            Guess::of(votes.collect(), tolerance)
        };
        let most = by_count(model.of_value.iter().copied().enumerate().collect());
        let each = |one: &Try<'_>| {
            let truth = model.cells.value[one.cell as usize] as usize;
            let is_right =
                |guess: Option<Guess>| guess.is_some_and(|guess| guess.is_right(truth, tolerance));
            let [naive_bayes, decision_table] = model.predict(one.cell, &one.mine, tolerance);
            let selected = tables[1 - one.half]
                .predict(one.cell, &one.mine)
                .map(by_count);
            let near = match one.near {
                0 => None,
                _ => by_count(neighbours.predict(one.cell, &one.mine)),
            };
            let forest = Guess::of(forests[1 - one.half].votes(one.cell), tolerance);
            let guesses = [
                naive_bayes,
                decision_table,
                selected.flatten(),
                near,
                forest,
            ];
            let mut right = Right {
                baseline: u64::from(is_right(most)) * one.times,
                ..Right::default()
            };
            let mut made = Made {
                half: one.half,
                times: [one.times; METHODS.len()],
                right: guesses.map(is_right),
                sure: guesses.map(|guess| guess.map_or(0.0, |guess| guess.share)),
            };
            made.times[NEAREST] = one.near;
            for (method, times) in made.times.into_iter().enumerate() {
                right.trials[one.half][method] = times;
                right.right[one.half][method] = u64::from(made.right[method]) * times;
            }
            (right, made)
        };
        let all: Vec<(Right, Made)> = tries.par_iter().map(each).collect();
        let mut sum = Right::default();
        let mut made = Vec::with_capacity(all.len());
        for (right, one) in all {
            sum = sum.add(right);
            made.push(one);
        }
        (sum, made)
    }

    fn tries<'a>(&self, cells: &'a Cells, near: u64, tried: u64, everybody: u64) -> Vec<Try<'a>> {
        let chosen = match tried < everybody {
            true => self.draws.trial(0).subset(tried as usize, everybody),
            false => (0..everybody).collect(),
        };
        let mut coins = self.draws.trial(1);
        let halves: Vec<usize> = chosen.iter().map(|_| coins.below(2) as usize).collect();
        let mut is_near = vec![false; chosen.len()];
        let targets = match near < tried {
            true => self.draws.trial(2).subset(near as usize, tried),
            false => (0..tried).collect(),
        };
        targets.iter().for_each(|at| is_near[*at as usize] = true);
        let persons = chosen.iter().zip(halves).zip(is_near);
        match &cells.members {
            Some(members) => persons
                .flat_map(|((person, half), is_near)| {
                    let mine = &members[*person as usize];
                    mine.iter().map(move |cell| Try {
                        cell: *cell,
                        mine: mine.into(),
                        half,
                        times: 1,
                        near: u64::from(is_near),
                    })
                })
                .collect(),
            None => {
                // Everybody in a cell is predicted alike: how many of those chosen are in each?
                let mut counts = vec![[[0u64; 2]; 2]; cells.persons.len()];
                let (mut cell, mut end) = (0, cells.persons[0]);
                for ((person, half), is_near) in persons {
                    while *person >= end {
                        cell += 1;
                        end += cells.persons[cell];
                    }
                    counts[cell][half][0] += 1;
                    counts[cell][half][1] += u64::from(is_near);
                }
                let of_half = |(cell, counts): (usize, [[u64; 2]; 2])| {
                    counts
                        .into_iter()
                        .enumerate()
                        .map(move |(half, [times, near])| Try {
                            cell: cell as u32,
                            mine: vec![cell as u32].into(),
                            half,
                            times,
                            near,
                        })
                };
                let all = counts.into_iter().enumerate().flat_map(of_half);
                all.filter(|one| one.times > 0).collect()
            }
        }
    }

    /// How many of the persons tried in one half, at most [`CHOOSING`], are in each cell.
    fn chosen_by(&self, cells: &Cells, tries: &[Try<'_>], half: usize) -> Vec<u64> {
        let of_half: Vec<&Try<'_>> = tries.iter().filter(|one| one.half == half).collect();
        let all: u64 = of_half.iter().map(|one| one.times).sum();
        let mut persons = vec![0; cells.persons.len()];
        if all <= CHOOSING {
            of_half
                .iter()
                .for_each(|one| persons[one.cell as usize] += one.times);
            return persons;
        }
        let chosen = self
            .draws
            .trial(3 + half as u64)
            .subset(CHOOSING as usize, all);
        let (mut at, mut end) = (0, of_half[0].times);
        for person in chosen {
            while person >= end {
                at += 1;
                end += of_half[at].times;
            }
            persons[of_half[at].cell as usize] += 1;
        }
        persons
    }
}

/// How many guesses are right among those that are surest, by the method chosen in each half: the share of trials, those
/// that are right, and those named. Of equally sure ones each is as right as all of them.
fn surest(made: &[Made], chosen: [Option<usize>; 2]) -> Vec<(f64, f64, u64)> {
    let mut all: Vec<(f64, u64, bool)> = made
        .iter()
        .filter_map(|one| {
            let method = chosen[one.half]?;
            Some((one.sure[method], one.times[method], one.right[method]))
        })
        .filter(|(_, times, _)| *times > 0)
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let trials: u64 = all.iter().map(|(_, times, _)| times).sum();
    let of = |coverage: f64| {
        let wanted = (trials as f64 * coverage).ceil() as u64;
        let (mut named, mut right) = (0, 0.0);
        for same in all.chunk_by(|a, b| a.0 == b.0) {
            let times: u64 = same.iter().map(|(_, times, _)| times).sum();
            let of_them: u64 = same.iter().filter(|one| one.2).map(|one| one.1).sum();
            let taken = times.min(wanted - named);
            right += of_them as f64 * taken as f64 / times as f64;
            named += taken;
            if named == wanted {
                break;
            }
        }
        (coverage, right, named)
    };
    let found = COVERAGES.iter().map(|coverage| of(*coverage));
    found.filter(|(_, _, named)| *named > 0).collect()
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

    /// The class of a cell.
    fn class_of(&self, cell: u32) -> usize {
        self.classes
            .partition_point(|start| *start <= cell as usize)
            - 1
    }

    /// Predicts the value of a cell from everybody but one person, whose cells are `mine`: by naive Bayes and by the
    /// decision table.
    fn predict(
        &self,
        cell: u32,
        mine: &[u32],
        tolerance: Option<&Tolerance>,
    ) -> [Option<Guess>; 2] {
        let cells = self.cells;
        let at = cell as usize;
        let mut of_value = self.of_value.clone();
        mine.iter()
            .for_each(|cell| of_value[cells.value[*cell as usize] as usize] -= 1);
        let counted = |votes: &mut dyn Iterator<Item = (usize, u64)>| {
            let votes = votes.map(|(value, persons)| (value, persons as f64));
            Guess::of(votes.collect(), tolerance)
        };
        let class = cells.class[at];
        let of_class = self.class_of(cell);
        let range = self.classes[of_class]..self.classes[of_class + 1];
        let mut others = range.map(|other| {
            let left_out = mine.contains(&(other as u32));
            let persons = cells.persons[other] - u64::from(left_out);
            debug_assert_eq!(cells.class[other], class);
            (cells.value[other] as usize, persons)
        });
        let in_class =
            counted(&mut others).or_else(|| counted(&mut of_value.iter().copied().enumerate()));
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
        let scored: Vec<(usize, f64)> = possible.map(|value| (value, score(value))).collect();
        [Guess::of_logarithms(scored, tolerance), in_class]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

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

    fn attack(persons: u64) -> Attack {
        Attack {
            columns: Vec::new(),
            costs: vec![Cost::Equal(1.0), Cost::Number(vec![0.0, 0.3, 0.5, 1.0])],
            tolerance: None,
            persons,
            seed: 1,
            draws: Draws::new(1, ID, "t"),
        }
    }

    /// Leaves every person out and learns anew from the rest: trials, right by naive Bayes, by the decision table and by
    /// the nearest, and by the most frequent value of all.
    fn brute_force(records: &[Record], several: bool) -> [u64; 5] {
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
        let commonest = first_most(trials.iter().map(|trial| trial.2).collect());
        let mut right = [0; 5];
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
            let apart = |other: &([u32; 2], u32)| {
                let place = |code: u32| [0.0, 0.3, 0.5, 1.0][code as usize];
                let numbers: f64 = place(other.0[1]) - place(known[1]);
                f64::from(u8::from(other.0[0] != known[0])) + numbers.abs()
            };
            let pairs: Vec<([u32; 2], u32)> = others.iter().map(|o| (o.1, o.2)).collect();
            let nearest = pairs.iter().map(&apart).fold(f64::INFINITY, f64::min);
            let near = pairs.iter().filter(|other| apart(other) <= nearest + 1e-9);
            let near = first_most(near.map(|other| other.1).collect());
            let predicted = [likeliest.map(|l| l.0), in_class, near, commonest];
            right[0] += 1;
            for (count, value_of) in right[1..].iter_mut().zip(predicted) {
                *count += u64::from(value_of == Some(*value));
            }
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
            let model = Model::new(&cells).unwrap();
            let (ours, _) = attack(everybody).attack(&model, everybody, everybody);
            let (naive_bayes, trials) = ours.of(0);
            let found = [trials, naive_bayes, ours.of(1).0, ours.of(3).0, ours.baseline];
            prop_assert_eq!(found, brute_force(&records, several));
        }
    }

    /// Rows of two columns and a value that is made from what was drawn.
    fn drawn(rows: u32, value: &dyn Fn([u64; 3]) -> u64) -> Vec<Record> {
        let mut trial = Draws::new(5, ID, "noise").trial(0);
        let row = |row| {
            let drawn = [0; 3].map(|_: u64| trial.below(4));
            (row, [drawn[0] as u32, drawn[1] as u32], value(drawn) as u32)
        };
        (0..rows).map(row).collect()
    }

    fn risk(cells: &Cells, costs: Vec<Cost>, method: &str) -> f64 {
        let attack = Attack {
            costs,
            ..attack(1_000)
        };
        let outcome = attack.measure(cells, "s").unwrap();
        let found = outcome
            .findings
            .iter()
            .find(|f| f.statistic == "risk" && parameter(f, "method") == method);
        real(found.unwrap())
    }

    fn names(columns: usize) -> Vec<Cost> {
        vec![Cost::Equal(1.0); columns]
    }

    #[test]
    fn what_follows_is_found_and_noise_is_not() {
        let all = METHODS.iter().chain([&"best"]);
        for method in all.clone() {
            let follows = cells(&drawn(4_000, &|[a, _, _]| a), false);
            assert_eq!(risk(&follows, names(2), method), 1.0, "{method}");
            let noise = cells(&drawn(4_000, &|[_, _, c]| c), false);
            let of_noise = risk(&noise, names(2), method);
            assert!(of_noise < 0.06, "{method}: {of_noise}");
            // What is more frequent in one half is less so in the other: trees grown on noise do worse than nothing.
            let least = if *method == "random-forest" {
                -0.12
            } else {
                -0.06
            };
            assert!(of_noise > least, "{method}: {of_noise}");
        }
        // Exclusive or: no attribute tells anything by itself, both together tell all.
        let both = cells(&drawn(4_000, &|[a, b, _]| (a ^ b) & 1), false);
        assert_eq!(risk(&both, names(2), "decision-table"), 1.0);
        assert!(risk(&both, names(2), "naive-bayes") < 0.2);
        assert_eq!(risk(&both, names(2), "best"), 1.0);
        // Two arms of exactly the same size, drawn without regard to anything: who is left out tips the balance, and
        // nothing is gained by it.
        let mut trial = Draws::new(7, ID, "arms").trial(0);
        let first = trial.subset(1_000, 2_000);
        let arm = |row: u32| u32::from(first.binary_search(&u64::from(row)).is_ok());
        let arms: Vec<Record> = (0..2_000)
            .map(|row| {
                (
                    row,
                    [trial.below(4) as u32, trial.below(3) as u32],
                    arm(row),
                )
            })
            .collect();
        for method in all {
            let of_arms = risk(&cells(&arms, false), names(2), method);
            assert!(of_arms < 0.08, "{method}: {of_arms}");
        }
    }

    /// A number that follows from a column but for little: exactly it is seldom right, within a tolerance always; and what
    /// has nothing to do with the columns is not found within one either.
    #[test]
    fn numbers_are_guessed_within_a_tolerance() {
        let mut trial = Draws::new(8, ID, "tolerance").trial(0);
        let mut table = |of: &dyn Fn(u32, u32) -> u32| {
            let records: Vec<([u32; 2], u32)> = (0..2_000)
                .map(|_| {
                    let [a, b, off] = [4, 4, 7].map(|most| trial.below(most) as u32);
                    ([a, b], of(a, off))
                })
                .collect();
            let mut records = records;
            records.sort_unstable();
            let class = |known: [u32; 2]| known[0] * 4 + known[1];
            Cells {
                known: (0..2)
                    .map(|at| records.iter().map(|one| one.0[at]).collect())
                    .collect(),
                capacity: vec![4, 4],
                class: records.iter().map(|one| class(one.0)).collect(),
                value: records.iter().map(|one| one.1).collect(),
                values: 80,
                persons: vec![1; records.len()],
                members: None,
            }
        };
        let found = |cells: &Cells, tolerance: Option<f64>| {
            let numbers: Vec<f64> = (0..80).map(f64::from).collect();
            let attack = Attack {
                costs: names(2),
                tolerance: tolerance.map(|off| Tolerance::new(numbers, off)),
                ..attack(2_000)
            };
            attack.measure(cells, "s").unwrap().findings
        };
        let value = |findings: &[Finding], statistic: &str, method: &str| {
            let mut findings = findings.iter();
            let of = |f: &&Finding| f.statistic == statistic && parameter(f, "method") == method;
            real(findings.find(of).unwrap())
        };
        let follows = table(&|a, off| a * 20 + off);
        let (exactly, within) = (found(&follows, None), found(&follows, Some(3.0)));
        for method in METHODS.iter().chain([&"best"]) {
            assert!(value(&exactly, "success", method) < 0.3, "{method}");
            assert_eq!(value(&within, "success", method), 1.0, "{method}");
            assert!(value(&within, "risk", method) > 0.99);
        }
        let sure = value(&within, "precision_at_coverage", "best");
        assert_eq!(sure, 1.0);
        let noise = table(&|_, off| off * 5);
        let within = found(&noise, Some(3.0));
        for method in METHODS.iter().chain([&"best"]) {
            let risk = value(&within, "risk", method);
            assert!(risk.abs() < 0.06, "{method}: {risk}");
        }
    }

    /// Half of the persons have a value that follows from a column, of the others nothing is known: whoever names only
    /// what is surest is right.
    #[test]
    fn the_surest_guesses_are_the_right_ones() {
        let rows = drawn(4_000, &|[a, _, c]| if a < 2 { a } else { c });
        let outcome = Attack {
            costs: names(2),
            ..attack(4_000)
        }
        .measure(&cells(&rows, false), "s")
        .unwrap();
        let at = |coverage: &str| {
            let mut findings = outcome.findings.iter();
            let of = |f: &&Finding| {
                f.statistic == "precision_at_coverage" && parameter(f, "coverage") == coverage
            };
            real(findings.find(of).unwrap())
        };
        assert_eq!(at("0.1"), 1.0);
        assert_eq!(at("0.25"), 1.0);
        assert!(at("0.5") > 0.95);
    }

    /// Four columns, of which the value is the exclusive or of two and the others have as many values as rows.
    #[test]
    fn few_columns_among_noise_are_found() {
        let mut trial = Draws::new(6, ID, "noise").trial(0);
        let rows: Vec<([u32; 4], u32)> = (0..600)
            .map(|row| {
                let (a, b) = (trial.below(2) as u32, trial.below(2) as u32);
                ([a, b, row, row * 7 % 600], a ^ b)
            })
            .collect();
        let of = |column: usize| rows.iter().map(|row| row.0[column]).collect();
        let cells = Cells {
            known: (0..4).map(of).collect(),
            capacity: vec![2, 2, 600, 600],
            class: (0..600).collect(),
            value: rows.iter().map(|row| row.1).collect(),
            values: 2,
            persons: vec![1; 600],
            members: None,
        };
        for method in ["selected-table", "nearest-neighbour", "best"] {
            assert!(risk(&cells, names(4), method) > 0.9, "{method}");
        }
        for method in ["naive-bayes", "decision-table"] {
            assert!(risk(&cells, names(4), method) < 0.3, "{method}");
        }
    }
}
