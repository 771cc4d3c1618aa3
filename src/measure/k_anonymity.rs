//! k-anonymity: how small the smallest crowd is that a person hides in.

use super::{Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real};
use crate::encode::classes::Classes;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Series, Unit};
use crate::said;

pub struct KAnonymity;

const ID: &str = "k-anonymity";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::k_anonymity::PROSE,
    title: "k-anonymity",
    criterion: Criterion::SinglingOut,
    question: "How small is the smallest group of persons who share all quasi-identifiers?",
    adversary: "Knows a person's quasi-identifiers and that the person is in the release; wants to \
                find the person's records.",
    definition: "An equivalence class is the set of records that are equal in every \
                 quasi-identifier. Its size is the number of distinct persons with a record in it. \
                 A table is k-anonymous when every class holds at least k persons.",
    formula: "k = min over classes c of |persons(c)|; share below k = |{i : min over classes c of \
              person i of |persons(c)| < k}| / persons",
    denominator: "Persons: distinct subjects; without a subject column each record is one person. \
                  A person with several records counts once, in the smallest class they are in; with \
                  `rows = composite` a person's multiset of records is their one class.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        super::COMPARED,
        "The manifest names all columns that an adversary may know as quasi-identifiers.",
        "Values are compared exactly: no generalisation is applied.",
    ],
    limits: &[
        "It says nothing about what an adversary learns without singling out: a class whose persons \
         all share a sensitive value gives that value away (inference).",
        "It speaks of the persons in the release, not of the population they were drawn from.",
    ],
    citations: &[
        "P. Samarati, L. Sweeney: Protecting privacy when disclosing information: k-anonymity and \
         its enforcement through generalization and suppression. SRI-CSL-98-04, 1998.",
        "L. Sweeney: k-anonymity: a model for protecting privacy. Int. J. Uncertainty, Fuzziness and \
         Knowledge-Based Systems 10(5), 2002.",
    ],
    validation: "Equal, class by class, to SQL GROUP BY on the Adult data for 66 sets of \
                 quasi-identifiers, and to a brute-force count on generated tables with several \
                 records a person.",
    table: None,
    settings: &[Setting {
        key: "k",
        default: "[2, 5, 11]",
        meaning: "thresholds for `persons_below`, `records_below` and `share_below`; those a policy \
                  names are added",
    }],
    statistics: &[
        Statistic {
            name: "k",
            title: "Smallest class",
            of: "persons",
            meaning: |f| match real(f) {
                1.0 => "At least one person shares their quasi-identifiers with nobody: who knows \
                        them finds this person's record with certainty."
                    .to_owned(),
                2.0 => "At least one person shares their quasi-identifiers with only one other."
                    .to_owned(),
                k => format!(
                    "Every person shares their quasi-identifiers with at least {} others.",
                    k - 1.0
                ),
            },
        },
        Statistic {
            name: "classes",
            title: "Equivalence classes",
            of: "persons",
            meaning: |f| {
                format!(
                    "The quasi-identifiers divide the persons into {} groups.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "average_class_size",
            title: "Average class",
            of: "persons",
            meaning: |f| format!("On average a group holds {:.1} persons.", real(f)),
        },
        Statistic {
            name: "persons_below",
            title: "Persons in classes below k",
            of: "persons",
            meaning: |f| {
                let k = parameter(f, "k");
                format!(
                    "{} persons hide among fewer than {k}, themselves included.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "records_below",
            title: "Records in classes below k",
            of: "records",
            meaning: |f| {
                let k = parameter(f, "k");
                format!(
                    "{} records lie in groups of fewer than {k} persons.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "share_below",
            title: "Share of persons in classes below k",
            of: "persons",
            meaning: |f| {
                let k = parameter(f, "k");
                format!(
                    "Of all persons, {} hide among fewer than {k}.",
                    percent(real(f))
                )
            },
        },
    ],
};

impl Measure for KAnonymity {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |k: f64| k.fract() == 0.0 && k >= 2.0;
        let ks = planning.numbers("k", "k", &[2.0, 5.0, 11.0], valid, "whole numbers from 2")?;
        let ks: Vec<u64> = ks.into_iter().map(|k| k as u64).collect();
        Ok(planning.class_jobs(ID, move |of, columns| measure(of.classes, columns, &ks)))
    }
}

fn measure(classes: &Classes, columns: &[String], ks: &[u64]) -> Outcome {
    let finding =
        |statistic, unit| Finding::new(ID, statistic, DOC.criterion, unit).columns(columns);
    let persons = Classes::total(&classes.persons);
    let records = Classes::total(&classes.records);
    let count = Classes::total(&classes.classes);
    // A person with records in several classes is counted in each of them.
    let memberships: u64 = classes
        .classes
        .iter()
        .map(|(size, count)| size * count)
        .sum();
    let Some(smallest) = classes.smallest() else {
        let reason = said!("no row has a person", "keine Zeile gehört zu einer Person");
        return Outcome::unmeasured(ID, reason);
    };
    let mut findings = vec![
        finding("k", Unit::Persons).count(smallest, None),
        finding("classes", Unit::Classes).count(count, None),
        finding("average_class_size", Unit::PersonsPerClass)
            .value(memberships as f64 / count as f64),
    ];
    for &k in ks {
        let below = Classes::below(&classes.persons, k);
        findings.extend([
            finding("persons_below", Unit::Persons)
                .parameter("k", k)
                .count(below, Some(persons)),
            finding("records_below", Unit::Records)
                .parameter("k", k)
                .count(Classes::below(&classes.records, k), Some(records)),
            finding("share_below", Unit::Share)
                .parameter("k", k)
                .share(below, persons),
        ]);
    }
    let series = Series {
        measure: ID.to_owned(),
        name: "class_sizes".to_owned(),
        table: String::new(),
        columns: columns.to_vec(),
        parameters: Default::default(),
        x: classes.classes.keys().map(|size| *size as f64).collect(),
        y: classes
            .classes
            .values()
            .map(|count| *count as f64)
            .collect(),
        y_low: Vec::new(),
        y_high: Vec::new(),
        x_unit: "persons".to_owned(),
        y_unit: "classes".to_owned(),
    };
    Outcome {
        findings,
        series: vec![series],
        not_measured: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_worked_classes() {
        // Classes of 1 and 9 persons: the example of the definition.
        let sizes = [(1, 1), (9, 1)].into();
        let classes = Classes {
            classes: sizes,
            records: [(1, 1), (9, 9)].into(),
            persons: [(1, 1), (9, 9)].into(),
        };
        let outcome = measure(&classes, &[], &[5, 11]);
        let value = |name: &str, k: Option<u64>| {
            let found = outcome.findings.iter().find(|finding| {
                finding.statistic == name
                    && k.is_none_or(|k| finding.parameters["k"].matches(&k.into()))
            });
            found.and_then(|finding| finding.value).unwrap().as_f64()
        };
        assert_eq!(value("k", None), 1.0);
        assert_eq!(value("average_class_size", None), 5.0);
        assert_eq!(value("persons_below", Some(5)), 1.0);
        assert_eq!(value("share_below", Some(5)), 0.1);
        assert_eq!(value("share_below", Some(11)), 1.0);
    }
}
