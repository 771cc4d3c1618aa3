//! Special uniques: records that few columns are enough to find.

use super::floors::{Floor, Rule};
use super::{Doc, Job, Measure, Outcome, Planning, Setting, Statistic, percent, real};
use crate::encode::classes::Classes;
use crate::encode::{Encoded, MinimalUniques, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Scope, Unit};
use crate::said;

pub struct Suda;

const ID: &str = "suda";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::suda::PROSE,
    title: "Special uniques detection (SUDA2)",
    criterion: Criterion::SinglingOut,
    question: "Which records are so unusual that few columns are enough to find them, and which columns \
               make them so?",
    adversary: "Knows some of the quasi-identifiers of a person, no matter which.",
    definition: "A minimal sample unique (MSU) of a record is a set of columns by which it is unique in the \
                 release, while it is not by any of them left out. The fewer columns and the more MSUs, the \
                 more special the record: each MSU adds to its score by its size. The contribution of a \
                 column is the part of all scores that comes from MSUs with this column. Where persons have several \
                 rows, an MSU of a person is a combination of values in a row of theirs that no other person has in \
                 any row, while others have each part of it; it counts once, in however many of the person's rows it \
                 stands. A person's score is the sum over the MSUs of all their rows: whoever finds one of them has \
                 them all.",
    formula: "an MSU of j of M columns scores (M−j)! (weights = default), or \
              (2^(M−j) − 1)·j!(M−j)!/M! (weights = legacy); score = Σ over the MSUs of the record, or of all rows \
              of the person; contribution \
              = Σ scores of MSUs with the column / Σ scores, by default weights; DIS = Uπ / (Uπ + D(1−π)) \
              with U unique records, D records in classes of two, π the sampled part of the population; \
              DIS-SUDA of a score s = 1/(1 + (U/DIS − U)/(s^q Σ over unique records of s^(−q))), \
              q = 1 + (8 − M)/20",
    denominator: "Persons. Where each has one row, records. DIS is defined for one record a person: where persons have \
                  several, `dis` and `dis_suda_max` are not measured.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "For DIS: the records are a simple random sample of the population that the manifest states.",
    ],
    limits: &[
        "Scores are relative: they compare records of one table, with the same columns.",
        "With many columns only MSUs up to a size are sought; `largest_size` says which. Larger ones score \
         least.",
        "Contributions of the columns add up to more than one, for an MSU has several columns.",
        "Where persons have several rows, columns of one row are combined, not those of different rows: `unicity` says \
         what several rows tell together.",
    ],
    citations: &[
        "A. M. Manning, D. J. Haglin, J. A. Keane: A recursive search algorithm for statistical disclosure \
         assessment. Data Mining and Knowledge Discovery 16(2), 2008 (SUDA2).",
        "M. J. Elliot, A. M. Manning, R. W. Ford: A computational algorithm for handling the special uniques \
         problem. Int. J. Uncertainty, Fuzziness and Knowledge-Based Systems 10(5), 2002.",
        "M. J. Elliot, A. M. Manning: Using DIS to modify the classification of special uniques. Joint \
         ECE/Eurostat work session on statistical data confidentiality, 2003 (DIS-SUDA).",
        "C. J. Skinner, M. J. Elliot: A measure of disclosure risk for microdata. Journal of the Royal \
         Statistical Society B 64(4), 2002 (DIS).",
    ],
    validation: "Scores of the published example of ten records with four columns: 6, 12, 6, 10 by default and \
                 1.75, 3.25, 1.75, 2.75 by legacy weights; contributions worked by hand. MSUs equal to a \
                 search over all subsets on generated tables, with one row a person and with several.",
    table: None,
    settings: &[Setting {
        key: "size",
        default: "all sizes, as far as 512 MiB allow",
        meaning: "the largest size of an MSU",
    }],
    statistics: &[
        Statistic {
            name: "minimal_sample_uniques",
            title: "Minimal sample uniques",
            of: "persons",
            meaning: |f| {
                format!(
                    "There are {} ways to find somebody by just enough columns.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "score_max",
            title: "Highest SUDA score",
            of: "persons",
            meaning: |f| match real(f) {
                0.0 => "Nobody is unique: nobody is special.".to_owned(),
                score => format!("The most special person has a score of {score:.2}."),
            },
        },
        Statistic {
            name: "contribution",
            title: "Contribution of a column to the scores",
            of: "scores",
            meaning: |f| {
                format!(
                    "{} takes part in {} of what makes persons special.",
                    f.columns.join(", "),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "dis",
            title: "Data intrusion simulation",
            of: "unique matches",
            meaning: |f| {
                format!(
                    "Whoever matches somebody of the population to a unique record is right with an \
                     estimated probability of {}.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "dis_suda_max",
            title: "Highest DIS-SUDA score",
            of: "records",
            meaning: |f| {
                format!(
                    "Whoever matches somebody of the population to the most special record is right with an \
                     estimated probability of {}.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "largest_size",
            title: "Largest size sought",
            of: "columns",
            meaning: |f| format!("MSUs of up to {} columns were sought.", real(f)),
        },
    ],
};

/// More columns than this are not searched.
const MOST_COLUMNS: usize = 20;
/// Bits of all subsets together: 512 MiB.
const MOST_BITS: u128 = 1 << 32;

impl Measure for Suda {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[Floor {
            key: "size",
            rule: Rule::Least(4.0),
        }]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let wanted = planning.count("size")?.map(|size| size as usize);
        let population = planning.release.population;
        let run = move |encoded: &Encoded| {
            let columns = encoded.known_columns();
            if columns.len() > MOST_COLUMNS {
                let reason = said!(
                    "more than 20 quasi-identifiers are not searched",
                    "mehr als 20 Quasi-Identifikatoren werden nicht durchsucht"
                );
                return Outcome::unmeasured(ID, reason);
            }
            let classes = encoded.classes().expect("classes were asked for");
            // A bit for each class, or for each person's row of a class.
            let pairs = encoded.traces().map_or(0, |traces| traces.pairs());
            let distinct = Classes::total(&classes.classes).max(pairs);
            let largest = wanted
                .unwrap_or(columns.len())
                .min(affordable(columns.len(), distinct));
            match encoded.minimal_uniques(largest) {
                Some(MinimalUniques { of, several: false }) => {
                    measure(&of, &columns, largest, Some(classes), population)
                }
                Some(MinimalUniques { of, several: true }) => {
                    let mut outcome = measure(&of, &columns, largest, None, population);
                    let reason = said!(
                        "persons have several records: it is defined for one record each",
                        "Personen haben mehrere Datensätze: definiert ist es für einen Datensatz je Person"
                    );
                    let missing = ["dis", "dis_suda_max"].into_iter();
                    let missing = missing.filter(|_| population.is_some());
                    let missing =
                        missing.map(|name| Outcome::not_measured(ID, Some(name), &reason));
                    outcome.not_measured.extend(missing);
                    outcome
                }
                None => {
                    let reason = said!(
                        "persons have several records, and records match that are not equal",
                        "Personen haben mehrere Datensätze, und Datensätze passen aufeinander, die nicht gleich sind"
                    );
                    Outcome::unmeasured(ID, reason)
                }
            }
        };
        Ok(planning.microdata_jobs(ID, |_| Needs::default(), run))
    }
}

/// The largest size for which a bit for each subset and class is affordable; at least one.
fn affordable(columns: usize, classes: u64) -> usize {
    let (mut subsets, mut of_size) = (0u128, 1u128);
    for size in 1..=columns {
        of_size = of_size * (columns - size + 1) as u128 / size as u128;
        subsets += of_size;
        if subsets * u128::from(classes.max(64)) > MOST_BITS {
            return (size - 1).max(1);
        }
    }
    columns
}

fn measure(
    found: &[(Vec<usize>, Vec<u32>)],
    columns: &[String],
    largest: usize,
    classes: Option<&Classes>,
    population: Option<u64>,
) -> Outcome {
    let finding =
        |statistic, unit| Finding::new(ID, statistic, DOC.criterion, unit).columns(columns);
    let intrusion = classes.zip(population).and_then(|(classes, population)| {
        let records = Classes::total(&classes.records);
        (population >= records).then(|| Intrusion::new(classes, records, population))
    });
    let combinations = found.iter().map(|(_, classes)| classes.len() as u64).sum();
    let mut findings = vec![
        finding("minimal_sample_uniques", Unit::Combinations).count(combinations, None),
        finding("largest_size", Unit::Columns).count(largest as u64, None),
    ];
    for (name, weight) in [
        ("default", default_weight as fn(usize, usize) -> f64),
        ("legacy", legacy_weight),
    ] {
        let scores = scores(found, columns.len(), weight);
        let greatest = scores.values().copied().fold(0.0, f64::max);
        findings.push(
            finding("score_max", Unit::Ratio)
                .parameter("weights", name)
                .value(greatest),
        );
        if let Some(intrusion) = &intrusion {
            let mut finding = finding("dis_suda_max", Unit::Probability)
                .parameter("weights", name)
                .parameter("population", intrusion.population);
            finding.scope = Scope::Population;
            if let Some(dis) = intrusion.dis {
                finding = finding.value(dis_suda(&scores, dis, columns.len(), greatest));
            }
            findings.push(finding);
        }
    }
    let score = |(attributes, classes): &(Vec<usize>, Vec<u32>)| {
        default_weight(columns.len(), attributes.len()) * classes.len() as f64
    };
    let all: f64 = found.iter().map(score).sum();
    for (at, column) in columns.iter().enumerate() {
        let with = found
            .iter()
            .filter(|(attributes, _)| attributes.contains(&at));
        let mut finding = Finding::new(ID, "contribution", DOC.criterion, Unit::Share)
            .columns(std::slice::from_ref(column));
        if all > 0.0 {
            finding = finding.value(with.map(score).sum::<f64>() / all);
        }
        findings.push(finding);
    }
    if let Some(intrusion) = &intrusion {
        let mut dis =
            finding("dis", Unit::Probability).parameter("population", intrusion.population);
        dis.scope = Scope::Population;
        if let Some(value) = intrusion.dis {
            dis = dis.value(value);
        }
        findings.push(dis);
    }
    Outcome {
        findings,
        ..Outcome::default()
    }
}

/// Data intrusion simulation.
struct Intrusion {
    population: u64,
    /// The probability that a unique match is right; `None` without unique records and pairs.
    dis: Option<f64>,
}

impl Intrusion {
    fn new(classes: &Classes, records: u64, population: u64) -> Self {
        let fraction = records as f64 / population as f64;
        let of_size = |size| classes.records.get(&size).copied().unwrap_or(0) as f64;
        let (unique, pairs) = (of_size(1) * fraction, of_size(2) * (1.0 - fraction));
        Self {
            population,
            dis: (unique + pairs > 0.0).then(|| unique / (unique + pairs)),
        }
    }
}

/// The probability that a match of a record of this score is right: DIS, more for the more special
/// records and less for the others; 0 for a record that is not special.
fn dis_suda(
    scores: &std::collections::BTreeMap<u32, f64>,
    dis: f64,
    columns: usize,
    score: f64,
) -> f64 {
    if score == 0.0 || dis == 0.0 {
        return 0.0;
    }
    let power = 1.0 + (8.0 - columns as f64) / 20.0;
    let unique = scores.len() as f64;
    let all: f64 = scores
        .values()
        .filter(|score| **score > 0.0)
        .map(|score| score.powf(-power))
        .sum();
    1.0 / (1.0 + (unique / dis - unique) / (score.powf(power) * all))
}

/// The score of each class, or person, that has an MSU.
fn scores(
    found: &[(Vec<usize>, Vec<u32>)],
    columns: usize,
    weight: fn(usize, usize) -> f64,
) -> std::collections::BTreeMap<u32, f64> {
    let ends = found.iter().filter_map(|(_, classes)| classes.iter().max());
    let mut scores = vec![None; ends.max().map_or(0, |last| *last as usize + 1)];
    for (attributes, classes) in found {
        let weight = weight(columns, attributes.len());
        for class in classes {
            *scores[*class as usize].get_or_insert(0.0) += weight;
        }
    }
    let scores = (0u32..).zip(scores);
    scores
        .filter_map(|(class, score)| Some((class, score?)))
        .collect()
}

fn factorial(n: usize) -> f64 {
    (1..=n).map(|factor| factor as f64).product()
}

fn default_weight(columns: usize, size: usize) -> f64 {
    factorial(columns - size)
}

fn legacy_weight(columns: usize, size: usize) -> f64 {
    let rest = columns - size;
    (2f64.powi(rest as i32) - 1.0) * factorial(size) * factorial(rest) / factorial(columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::subsets::example;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// The example of T. Benschop, C. Machingauta, M. Welch: Statistical disclosure control: a practice
    /// guide, table 4.5: residence, gender, education, labour status.
    #[test]
    fn the_published_example() {
        let rows = [
            [0, 0, 0, 0],
            [0, 0, 0, 0],
            [0, 0, 1, 1],
            [0, 1, 2, 0],
            [1, 0, 2, 2],
            [0, 1, 2, 0],
            [0, 0, 3, 1],
            [0, 1, 4, 2],
            [0, 0, 0, 1],
            [0, 0, 0, 1],
        ];
        let rows = rows.map(|row| row.to_vec());
        let found = example(&rows, 4);
        let distinct: Vec<_> = rows.iter().collect::<BTreeSet<_>>().into_iter().collect();
        let of = |weight| -> Vec<f64> {
            let scores = scores(&found, 4, weight);
            let class = |row| distinct.iter().position(|other| *other == row).unwrap() as u32;
            let score = |row| scores.get(&class(row)).copied().unwrap_or(0.0);
            rows.iter().map(score).collect()
        };
        assert_eq!(
            of(default_weight),
            [0., 0., 6., 0., 12., 0., 6., 10., 0., 0.]
        );
        let legacy = [0., 0., 1.75, 0., 3.25, 0., 1.75, 2.75, 0., 0.];
        assert!(
            of(legacy_weight)
                .iter()
                .zip(legacy)
                .all(|(a, b)| (a - b).abs() < 1e-12)
        );
    }

    /// Three records: a = 2, b = 3 and c = 6 alone; (a, b) = (1, 0) and (a, c) = (1, 0) in pairs.
    #[test]
    fn contributions_by_hand() {
        let found = example(&[vec![2, 0, 0], vec![1, 3, 6], vec![1, 0, 0]], 3);
        let columns = ["a", "b", "c"].map(str::to_owned);
        let classes = Classes {
            classes: [(1, 3)].into(),
            records: [(1, 3)].into(),
            persons: [(1, 3)].into(),
        };
        let outcome = measure(&found, &columns, 3, Some(&classes), Some(30));
        let all = |statistic: &str| -> Vec<f64> {
            let these = outcome.findings.iter().filter(|f| f.statistic == statistic);
            these.map(real).collect()
        };
        assert_eq!(all("contribution"), [0.5, 0.375, 0.375]);
        assert_eq!(all("minimal_sample_uniques"), [5.0]);
        assert_eq!(all("dis"), [1.0], "no pairs");
        assert_eq!(
            all("dis_suda_max"),
            [1.0, 1.0],
            "who is unique here is unique everywhere"
        );
    }

    #[test]
    fn dis_suda_is_dis_for_records_alike_and_more_for_the_special() {
        let alike = (0..10).map(|class| (class, 6.0)).collect();
        assert!((dis_suda(&alike, 0.2, 5, 6.0) - 0.2).abs() < 1e-12);
        // Two records of scores 1 and 4, eight columns (q = 1), DIS = 1/2: 1/(1 + 2/(s · 5/4)).
        let two = [(0, 1.0), (1, 4.0)].into();
        assert!((dis_suda(&two, 0.5, 8, 4.0) - 5.0 / 7.0).abs() < 1e-12);
        assert!((dis_suda(&two, 0.5, 8, 1.0) - 1.25 / 3.25).abs() < 1e-12);
        assert_eq!(dis_suda(&two, 0.5, 8, 0.0), 0.0);
    }

    proptest! {
        #[test]
        fn msus_are_those_of_a_full_search(
            rows in prop::collection::vec(prop::collection::vec(0u32..3, 4), 1..30),
            largest in 1usize..=4,
        ) {
            let found: BTreeSet<(Vec<usize>, Vec<u32>)> = example(&rows, largest)
                .into_iter()
                .flat_map(|(attributes, classes)| classes.into_iter().map(move |c| (attributes.clone(), c)))
                .map(|(attributes, class)| {
                    let distinct: Vec<_> = rows.iter().collect::<BTreeSet<_>>().into_iter().collect();
                    (attributes, distinct[class as usize].clone())
                })
                .collect();
            let unique = |row: &Vec<u32>, attributes: &[usize]| {
                let same = |other: &&Vec<u32>| attributes.iter().all(|a| other[*a] == row[*a]);
                rows.iter().filter(same).count() == 1
            };
            let mut expected = BTreeSet::new();
            for subset in 1..16usize {
                let attributes: Vec<usize> = (0..4).filter(|a| subset >> a & 1 == 1).collect();
                for row in rows.iter().filter(|row| unique(row, &attributes)) {
                    let minimal = (0..attributes.len()).all(|at| {
                        let mut fewer = attributes.clone();
                        fewer.remove(at);
                        fewer.is_empty() || !unique(row, &fewer)
                    });
                    if minimal && attributes.len() <= largest {
                        expected.insert((attributes.clone(), row.clone()));
                    }
                }
            }
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_is_affordable() {
        assert_eq!(affordable(7, 30_000), 7);
        assert_eq!(affordable(20, 4_000), 20, "a million subsets");
        assert!(affordable(20, 1_000_000) >= 3);
    }
}
