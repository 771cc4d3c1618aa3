//! By what factor a class changes the chance of a sensitive value.

use rayon::prelude::*;

use super::{Doc, Job, Measure, Outcome, Planning, Statistic, parameter, real};
use crate::encode::sensitive::Sensitive;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};

pub struct DeltaDisclosure;

const ID: &str = "delta-disclosure";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::delta_disclosure::PROSE,
    title: "δ-disclosure privacy",
    criterion: Criterion::Inference,
    question: "By what factor may knowing somebody's group change the chance of a sensitive value?",
    adversary: "Knows a person's quasi-identifiers and that the person is in the release; wants the sensitive \
                value, and need not find the record for it.",
    definition: "δ-disclosure privacy holds when in every class every value that is present is less than \
                 e^δ times as frequent, and more than e^−δ times, as in the whole table.",
    formula: "δ = max over classes and present values of |ln(q_s / p_s)|",
    denominator: "Persons. A person who has several values in a class counts once for each of them, in the class \
                  and in the table.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &["Values absent from a class are left out; strictly they make δ infinite."],
    limits: &[
        "That a value is impossible for a group is not counted: `absent_values` says whether it \
         happens.",
    ],
    citations: &[
        "J. Brickell, V. Shmatikov: The cost of privacy: destruction of data-mining utility in \
         anonymized data publishing. KDD 2008.",
    ],
    validation: "Equal within 1e-9 to a brute-force computation and to a public library on the Adult data.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "delta",
            title: "Greatest log ratio of shares",
            of: "classes",
            meaning: |f| {
                format!(
                    "In some group a value of {} is {:.1} times as frequent, or as rare, as in the \
                     whole table.",
                    parameter(f, "sensitive"),
                    real(f).exp()
                )
            },
        },
        Statistic {
            name: "absent_values",
            title: "Classes that lack a value",
            of: "classes",
            meaning: |f| {
                format!(
                    "In {} groups at least one value of {} can be ruled out.",
                    real(f),
                    parameter(f, "sensitive")
                )
            },
        },
    ],
};

impl Measure for DeltaDisclosure {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        Ok(planning.distribution_jobs(ID, measure))
    }
}

fn measure(sensitive: &Sensitive, columns: &[String], name: &str) -> Outcome {
    let (shares, distinct) = (sensitive.shares(), sensitive.distinct());
    let greatest = sensitive.classes().map(|class| {
        let total = class.total() as f64;
        let pairs = class.values.iter().zip(class.counts);
        pairs
            .map(|(value, count)| (*count as f64 / total / shares[*value as usize]).ln().abs())
            .fold(0.0, f64::max)
    });
    let lacking = sensitive
        .classes()
        .filter(|class| class.values.len() < distinct);
    let finding = |statistic, unit| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(columns)
            .parameter("sensitive", name)
    };
    let findings = vec![
        finding("delta", Unit::Ratio).value(greatest.reduce(|| 0.0, f64::max)),
        finding("absent_values", Unit::Classes).count(
            lacking.count() as u64,
            Some(sensitive.classes().len() as u64),
        ),
    ];
    Outcome {
        findings,
        ..Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_worked() {
        let sensitive =
            Sensitive::example(&[&[(0, 3), (1, 1)], &[(0, 1), (1, 3)], &[(0, 2)]], false);
        let outcome = measure(&sensitive, &[], "s");
        // Shares 0.6 and 0.4: 0.25/0.6, 0.25/0.4, 1/0.6; the greatest is ln 2.4.
        assert!((real(&outcome.findings[0]) - 2.4f64.ln()).abs() < 1e-12);
        assert_eq!(real(&outcome.findings[1]), 1.0);
    }
}
