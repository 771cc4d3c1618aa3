//! Whose sensitive value follows from their class alone.

use rayon::prelude::*;

use super::{Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real};
use crate::encode::sensitive::Sensitive;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};

pub struct HomogeneityAttack;

const ID: &str = "homogeneity-attack";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::homogeneity_attack::PROSE,
    title: "Homogeneity attack",
    criterion: Criterion::Inference,
    question: "For how many persons does the group alone give the sensitive value away?",
    adversary: "Knows a person's quasi-identifiers and that the person is in the release; wants the sensitive \
                value, and need not find the record for it.",
    definition: "A class gives a value away with certainty x when one value has at least the share x of \
                 it. At x = 1 everybody in the class has the same value; classes of one person always \
                 do.",
    formula: "|{i : max over classes c of i, max over s of q_s(c) ≥ x}| / persons",
    denominator: "Persons; a person in several classes counts when any of them gives the value away.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &["The sensitive value in the release is the true one."],
    limits: &[
        "A value that most people have anyway is given away without the release: compare the baseline, \
         the share of the most frequent value in the table.",
    ],
    citations: &[
        "A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam: ℓ-diversity: privacy beyond \
         k-anonymity. ACM TKDD 1(1), 2007 (homogeneity attack).",
    ],
    validation: "Records in classes of one sensitive value equal to the brute-force count on the Adult \
                 data for all sets of the oracle.",
    table: None,
    settings: &[Setting {
        key: "certainty",
        default: "[0.9, 1]",
        meaning: "x, above 0 and up to 1; those a policy names are added",
    }],
    statistics: &[Statistic {
        name: "share_certain",
        title: "Persons whose value is given away",
        of: "persons",
        meaning: |f| {
            let share = percent(real(f));
            let what = parameter(f, "sensitive");
            match parameter(f, "certainty").as_str() {
                "1" => {
                    format!("For {share} of the persons the group alone tells {what} for certain.")
                }
                certainty => format!(
                    "For {share} of the persons the group alone tells {what} with a probability of \
                     at least {certainty}."
                ),
            }
        },
    }],
};

impl Measure for HomogeneityAttack {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |certainty: f64| certainty > 0.0 && certainty <= 1.0;
        let expected = "numbers above 0 and up to 1";
        let certainties =
            planning.numbers("certainty", "certainty", &[0.9, 1.0], valid, expected)?;
        Ok(
            planning.distribution_jobs(ID, move |sensitive, columns, name| {
                measure(sensitive, columns, name, &certainties)
            }),
        )
    }
}

fn measure(sensitive: &Sensitive, columns: &[String], name: &str, certainties: &[f64]) -> Outcome {
    let most: Vec<f64> = sensitive
        .classes()
        .map(|class| class.greatest_share())
        .collect();
    let baseline = sensitive.shares().into_iter().fold(0.0, f64::max);
    let findings = certainties.iter().map(|&certainty| {
        let marked: Vec<bool> = most.iter().map(|most| *most >= certainty).collect();
        let mut finding = Finding::new(ID, "share_certain", DOC.criterion, Unit::Share)
            .columns(columns)
            .parameter("sensitive", name)
            .parameter("certainty", certainty)
            .share(sensitive.persons_in(&marked), sensitive.persons());
        finding.baseline = Some(if baseline >= certainty { 1.0 } else { 0.0 });
        finding
    });
    Outcome {
        findings: findings.collect(),
        ..Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_worked() {
        let sensitive =
            Sensitive::example(&[&[(0, 3)], &[(0, 9), (1, 1)], &[(0, 3), (1, 4)]], false);
        let outcome = measure(&sensitive, &[], "s", &[0.9, 1.0]);
        let shares: Vec<f64> = outcome.findings.iter().map(real).collect();
        assert_eq!(shares, [13.0 / 20.0, 3.0 / 20.0]);
    }
}
