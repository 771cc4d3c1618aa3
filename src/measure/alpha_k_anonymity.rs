//! How certain a single sensitive value is within a class.

use rayon::prelude::*;

use super::{Doc, Job, Measure, Outcome, Planning, Statistic, parameter, percent, real};
use crate::encode::sensitive::Sensitive;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};

pub struct AlphaKAnonymity;

const ID: &str = "alpha-k-anonymity";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::alpha_k_anonymity::PROSE,
    title: "(α, k)-anonymity",
    criterion: Criterion::Inference,
    question: "How sure can somebody be of a sensitive value who knows only the group?",
    adversary: "Knows a person's quasi-identifiers and that the person is in the release; wants the sensitive \
                value, and need not find the record for it.",
    definition: "A table is (α, k)-anonymous when it is k-anonymous and no sensitive value has a share of \
                 more than α in any class.",
    formula: "α = max over classes and values of q_s; k is `k-anonymity.k`",
    denominator: "Persons. A person who has several values in a class counts once for each of them, in the class \
                  and in the table.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &[
        "Every value is sensitive; where only some are, the true α is at most this one.",
    ],
    limits: &["A value that is frequent in the whole table is frequent in every class."],
    citations: &[
        "R. C.-W. Wong, J. Li, A. W.-C. Fu, K. Wang: (α, k)-anonymity: an enhanced k-anonymity model for \
         privacy-preserving data publishing. KDD 2006.",
    ],
    validation: "Equal within 1e-9 to a brute-force computation and to a public library on the Adult data.",
    table: None,
    settings: &[],
    statistics: &[Statistic {
        name: "alpha",
        title: "Greatest share of a sensitive value in a class",
        of: "persons",
        meaning: |f| {
            format!(
                "In some group {} of the persons have the same {}.",
                percent(real(f)),
                parameter(f, "sensitive")
            )
        },
    }],
};

impl Measure for AlphaKAnonymity {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        Ok(planning.distribution_jobs(ID, measure))
    }
}

fn measure(sensitive: &Sensitive, columns: &[String], name: &str) -> Outcome {
    let greatest = sensitive.classes().map(|class| class.greatest_share());
    let finding = Finding::new(ID, "alpha", DOC.criterion, Unit::Share)
        .columns(columns)
        .parameter("sensitive", name)
        .value(greatest.reduce(|| 0.0, f64::max));
    Outcome {
        findings: vec![finding],
        ..Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_worked() {
        let sensitive = Sensitive::example(&[&[(0, 3), (1, 1)], &[(0, 9), (1, 11)]], false);
        assert_eq!(real(&measure(&sensitive, &[], "s").findings[0]), 0.75);
    }
}
