//! Which columns an adversary needs.

use std::collections::BTreeMap;

use super::floors::{Floor, Rule};
use super::{Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real};
use crate::encode::subsets::Subset;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::release::Table;
use crate::said;

pub struct QuasiIdentifierSubsets;

const ID: &str = "quasi-identifier-subsets";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::quasi_identifier_subsets::PROSE,
    title: "Subsets of the quasi-identifiers",
    criterion: Criterion::SinglingOut,
    question: "Which of the quasi-identifiers, and how few of them, must somebody know to single \
               persons out?",
    adversary: "Knows some of a person's quasi-identifiers, not all, and that the person is in the \
                release.",
    definition: "For every subset of at most m quasi-identifiers: the persons whose class is theirs \
                 alone, the smallest class, and how well the columns tell records apart. Distinction \
                 is the share of distinct tuples among the records; separation the share of pairs of \
                 records that differ in at least one column. The contribution of a column is what it \
                 adds to the share of unique persons, on average over all examined subsets that hold \
                 it.",
    formula: "unique persons |{i : some class c of i has persons(c) = 1}|; k = min persons(c); \
              distinction u/n over n records in u classes; separation 1 − Σ f(f−1) / (n(n−1)) with f \
              the records of a class; contribution of a: mean over S ∋ a of \
              (unique(S) − unique(S∖{a})) / persons",
    denominator: "Persons for `unique_persons`, `k` and `contribution`; records for `distinction`; \
                  pairs of records for `separation`.",
    nulls: super::OF_KNOWN,
    assumptions: &["Every subset is as likely to be known as any other."],
    limits: &[
        "A column that alone singles out nobody may single out everybody together with another.",
        "Where the columns are many only small subsets can be examined; `largest_size` says how small. \
         More columns single out at least as many.",
    ],
    citations: &[
        "L. Sweeney: Simple demographics often identify people uniquely. Carnegie Mellon University, \
         Data Privacy Working Paper 3, 2000.",
        "R. Motwani, Y. Xu: Efficient algorithms for masking and finding quasi-identifiers. SDM workshop \
         on practical privacy-preserving data mining, 2008 (distinction, separation).",
    ],
    validation: "Unique persons, k, distinction and separation equal to SQL GROUP BY on the Adult data \
                 for 66 subsets, within 1e-12; to a brute-force count on generated tables, also with \
                 several records a person.",
    table: None,
    settings: &[
        Setting {
            key: "size",
            default: "4; all sizes up to seven columns; less where there would be over 50,000 subsets",
            meaning: "the largest size m of a subset",
        },
        Setting {
            key: "share",
            default: "[0.01, 0.05, 0.2]",
            meaning: "shares of persons for `smallest_size`; those a policy names are added",
        },
    ],
    statistics: &[
        Statistic {
            name: "unique_persons",
            title: "Unique persons",
            of: "persons",
            meaning: |f| {
                let alone = f
                    .denominator
                    .map_or(0.0, |persons| real(f) / persons as f64);
                format!(
                    "Who knows {} finds {} of the persons.",
                    f.columns.join(", "),
                    percent(alone)
                )
            },
        },
        Statistic {
            name: "k",
            title: "Smallest class",
            of: "persons",
            meaning: |f| {
                format!(
                    "Who knows {} is left with at least {} persons.",
                    f.columns.join(", "),
                    real(f)
                )
            },
        },
        Statistic {
            name: "distinction",
            title: "Distinction",
            of: "records",
            meaning: |f| {
                format!(
                    "There are {} as many combinations of these values as records.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "separation",
            title: "Separation",
            of: "pairs of records",
            meaning: |f| {
                format!(
                    "Of all pairs of records, {} differ in these columns.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "smallest_size",
            title: "Columns that suffice",
            of: "columns",
            meaning: |f| {
                let share = percent(parameter(f, "share").parse().unwrap_or(0.0));
                match f.value {
                    None => format!(
                        "No examined combination of columns singles out more than {share} of the \
                         persons."
                    ),
                    Some(_) => format!(
                        "{} single out more than {share} of the persons; fewer columns do not.",
                        f.columns.join(", ")
                    ),
                }
            },
        },
        Statistic {
            name: "contribution",
            title: "Contribution of a column",
            of: "persons",
            meaning: |f| {
                format!(
                    "Knowing {} as well singles out {} more of the persons on average.",
                    f.columns.join(", "),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "largest_size",
            title: "Largest examined subset",
            of: "columns",
            meaning: |f| {
                format!(
                    "All combinations of up to {} columns were examined.",
                    real(f)
                )
            },
        },
    ],
};

/// Subsets up to which all sizes are examined, and more than which none is without being asked for.
const ALL: u64 = 127;
const MOST: u64 = 50_000;

impl Measure for QuasiIdentifierSubsets {
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
        let valid = |share: f64| (0.0..1.0).contains(&share);
        let expected = "numbers from 0 to below 1";
        let default = [0.01, 0.05, 0.2];
        let shares = planning.numbers("share", "share", &default, valid, expected)?;
        let largest = move |columns: usize| {
            let size = wanted.unwrap_or_else(|| feasible(columns as u64));
            size.min(columns)
        };
        let needs = |table: &Table| Needs {
            subsets: largest(table.roles.quasi_identifiers.len()),
            ..Needs::default()
        };
        let run = move |encoded: &Encoded| {
            let persons = encoded.persons().unwrap_or(0);
            let records = encoded.rows - encoded.rows_without_subject;
            if persons == 0 {
                return Outcome::unmeasured(
                    ID,
                    said!("no row has a person", "keine Zeile gehört zu einer Person"),
                );
            }
            let columns = encoded.known_columns();
            match encoded.subsets(largest(columns.len())) {
                Some(subsets) => measure(&subsets, &columns, persons, records, &shares),
                None => {
                    let reason = said!(
                        "with `composite = true` a person's records are one key; subsets of such keys are not examined",
                        "mit `composite = true` bilden die Datensätze einer Person einen Schlüssel; Teilmengen solcher \
                         Schlüssel werden nicht untersucht"
                    );
                    Outcome::unmeasured(ID, reason)
                }
            }
        };
        Ok(planning.microdata_jobs(ID, needs, run))
    }
}

/// The largest size for which the subsets of `columns` columns are not too many.
fn feasible(columns: u64) -> usize {
    if columns < 64 && (1 << columns) - 1 <= ALL {
        return columns as usize;
    }
    let (mut subsets, mut of_size) = (0u64, 1u64);
    for size in 1..=4u64.min(columns) {
        of_size = of_size.saturating_mul(columns - size + 1) / size;
        subsets = subsets.saturating_add(of_size);
        if subsets > MOST {
            return (size as usize - 1).max(1);
        }
    }
    4
}

fn measure(
    subsets: &[Subset],
    columns: &[String],
    persons: u64,
    records: u64,
    shares: &[f64],
) -> Outcome {
    let names = |attributes: &[usize]| -> Vec<String> {
        attributes.iter().map(|at| columns[*at].clone()).collect()
    };
    let finding = |statistic, unit, attributes: &[usize]| {
        Finding::new(ID, statistic, DOC.criterion, unit).columns(&names(attributes))
    };
    let mut findings = Vec::new();
    let size = subsets.last().map_or(0, |subset| subset.attributes.len());
    let all: Vec<usize> = (0..columns.len()).collect();
    findings.push(finding("largest_size", Unit::Columns, &all).count(size as u64, None));
    for &share in shares {
        let singles_out = |subset: &&Subset| subset.unique_persons as f64 > share * persons as f64;
        let enough: Vec<&Subset> = subsets.iter().filter(singles_out).collect();
        let least = enough.first().map(|subset| subset.attributes.len());
        // Of the smallest that are enough, the one that singles out most.
        let best = enough
            .into_iter()
            .take_while(|subset| Some(subset.attributes.len()) == least)
            .reduce(|a, b| {
                if b.unique_persons > a.unique_persons {
                    b
                } else {
                    a
                }
            });
        let mut finding = match best {
            Some(best) => finding("smallest_size", Unit::Columns, &best.attributes)
                .count(best.attributes.len() as u64, None),
            None => finding("smallest_size", Unit::Columns, &[]),
        };
        finding = finding.parameter("share", share);
        findings.push(finding);
    }
    for (at, contribution) in contributions(subsets, columns.len(), persons)
        .into_iter()
        .enumerate()
    {
        let mut finding = finding("contribution", Unit::Share, &[at]).value(contribution);
        finding.denominator = Some(persons);
        findings.push(finding);
    }
    let mut ranked: Vec<&Subset> = subsets.iter().collect();
    ranked.sort_by_key(|subset| {
        let unique = std::cmp::Reverse(subset.unique_persons);
        (subset.attributes.len(), unique, subset.attributes.clone())
    });
    let n = u128::from(records);
    for subset in ranked {
        let of = &subset.attributes;
        let same = subset.squares - n;
        let mut separation = finding("separation", Unit::Share, of);
        if records > 1 {
            separation = separation.value(1.0 - same as f64 / (n * (n - 1)) as f64);
        }
        findings.extend([
            finding("unique_persons", Unit::Persons, of)
                .count(subset.unique_persons, Some(persons)),
            finding("k", Unit::Persons, of).count(subset.smallest, None),
            finding("distinction", Unit::Share, of).share(subset.classes, records),
            separation,
        ]);
    }
    Outcome {
        findings,
        ..Outcome::default()
    }
}

/// For each column the mean, over the subsets that hold it, of what it adds to the share of unique
/// persons.
fn contributions(subsets: &[Subset], columns: usize, persons: u64) -> Vec<f64> {
    let unique: BTreeMap<&[usize], u64> = subsets
        .iter()
        .map(|subset| (subset.attributes.as_slice(), subset.unique_persons))
        .collect();
    // Who knows nothing singles out nobody, unless there is nobody else.
    let nothing = u64::from(persons == 1);
    let mut sums = vec![(0u64, 0u64); columns];
    for subset in subsets {
        for (at, attribute) in subset.attributes.iter().enumerate() {
            let mut without = subset.attributes.clone();
            without.remove(at);
            let before = unique.get(without.as_slice()).copied().unwrap_or(nothing);
            let (gain, count) = &mut sums[*attribute];
            *gain += subset.unique_persons - before;
            *count += 1;
        }
    }
    let mean = |(gain, count): (u64, u64)| gain as f64 / count.max(1) as f64 / persons as f64;
    sums.into_iter().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_are_feasible() {
        assert_eq!(feasible(6), 6);
        assert_eq!(feasible(7), 7);
        assert_eq!(feasible(8), 4);
        assert_eq!(feasible(25), 4, "15,275 subsets");
        assert_eq!(feasible(60), 3);
        assert_eq!(feasible(800), 1);
    }

    #[test]
    fn hand_worked() {
        // Four persons: (0, 0), (0, 1), (1, 0), (1, 0).
        let subset = |attributes: &[usize], classes, squares, smallest, unique_persons| Subset {
            attributes: attributes.to_vec(),
            classes,
            squares,
            smallest,
            unique_persons,
        };
        let subsets = [
            subset(&[0], 2, 8, 2, 0),
            subset(&[1], 2, 10, 1, 1),
            subset(&[0, 1], 3, 6, 1, 2),
        ];
        let columns = ["a".to_owned(), "b".to_owned()];
        let outcome = measure(&subsets, &columns, 4, 4, &[0.3]);
        let found = |statistic: &str| -> Vec<(String, f64)> {
            let these = outcome.findings.iter().filter(|f| f.statistic == statistic);
            these.map(|f| (f.columns.join("+"), real(f))).collect()
        };
        assert_eq!(found("smallest_size"), [("a+b".to_owned(), 2.0)]);
        assert_eq!(
            found("contribution"),
            [("a".to_owned(), 0.125), ("b".to_owned(), 0.375)]
        );
        assert_eq!(found("separation")[2], ("a+b".to_owned(), 1.0 - 2.0 / 12.0));
        assert_eq!(found("distinction")[2].1, 0.75);
    }
}
