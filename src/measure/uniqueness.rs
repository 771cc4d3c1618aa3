//! Sample uniqueness: persons whom nobody in the release resembles.

use super::{Doc, Job, Measure, Outcome, Planning, Statistic, percent, real};
use crate::encode::classes::Classes;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};

pub struct Uniqueness;

const ID: &str = "uniqueness";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::uniqueness::PROSE,
    title: "Sample uniqueness",
    criterion: Criterion::SinglingOut,
    question: "How many persons are the only one in the release with their quasi-identifiers?",
    adversary: "Knows a person's quasi-identifiers and that the person is in the release.",
    definition: "A person is unique when at least one of their records is in an equivalence class of \
                 one person: themselves.",
    formula: "s₁ / n with s₁ the persons in a class of size 1 and n the persons in the release",
    denominator: "Persons; classes for `share_unique_classes`.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "The manifest names all columns that an adversary may know.",
        super::COMPARED,
    ],
    limits: &[
        "A person unique in the release need not be unique in the population it was drawn \
               from; population figures are measures of their own.",
    ],
    citations: &[
        "P. Samarati: Protecting respondents' identities in microdata release. IEEE TKDE 13(6), 2001.",
        "Article 29 Working Party: Opinion 05/2014 on Anonymisation Techniques (WP216), singling out.",
    ],
    validation: "Equal to SQL GROUP BY … HAVING COUNT(*) = 1 on the Adult data for 66 sets of \
                 quasi-identifiers.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "unique_persons",
            title: "Unique persons",
            of: "persons",
            meaning: |f| {
                format!(
                    "{} persons can be told apart from everybody else in the release.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "share_unique",
            title: "Share of unique persons",
            of: "persons",
            meaning: |f| {
                let share = percent(real(f));
                format!("Of all persons, {share} can be told apart from everybody else.")
            },
        },
        Statistic {
            name: "unique_classes",
            title: "Classes of one person",
            of: "classes",
            meaning: |f| format!("{} groups hold a single person.", real(f)),
        },
        Statistic {
            name: "share_unique_classes",
            title: "Share of classes of one person",
            of: "classes",
            meaning: |f| format!("Of all groups, {} hold a single person.", percent(real(f))),
        },
    ],
};

impl Measure for Uniqueness {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        Ok(planning.class_jobs(ID, |of, columns| measure(of.classes, columns)))
    }
}

fn measure(classes: &Classes, columns: &[String]) -> Outcome {
    let finding =
        |statistic, unit| Finding::new(ID, statistic, DOC.criterion, unit).columns(columns);
    let persons = Classes::total(&classes.persons);
    let unique = Classes::below(&classes.persons, 2);
    let count = Classes::total(&classes.classes);
    let alone = Classes::below(&classes.classes, 2);
    Outcome {
        findings: vec![
            finding("unique_persons", Unit::Persons).count(unique, Some(persons)),
            finding("share_unique", Unit::Share).share(unique, persons),
            finding("unique_classes", Unit::Classes).count(alone, Some(count)),
            finding("share_unique_classes", Unit::Share).share(alone, count),
        ],
        ..Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_with_several_records_counts_once() {
        // Two classes of one person each, both of the same person; one class of four others.
        let classes = Classes {
            classes: [(1, 2), (4, 1)].into(),
            records: [(1, 2), (4, 4)].into(),
            persons: [(1, 1), (4, 4)].into(),
        };
        let outcome = measure(&classes, &[]);
        let values: Vec<_> = outcome.findings.iter().map(real).collect();
        assert_eq!(values, [1.0, 0.2, 2.0, 2.0 / 3.0]);
    }
}
