//! By how much a class raises the chance of a sensitive value.

use rayon::prelude::*;

use super::{Doc, Job, Measure, Outcome, Planning, Statistic, parameter, percent, real};
use crate::encode::sensitive::Sensitive;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};

pub struct BetaLikeness;

const ID: &str = "beta-likeness";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::beta_likeness::PROSE,
    title: "β-likeness",
    criterion: Criterion::Inference,
    question: "By how much may knowing somebody's group raise the chance of a sensitive value?",
    adversary: "Knows a person's quasi-identifiers and that the person is in the release; wants the sensitive \
                value, and need not find the record for it.",
    definition: "The gain of a value in a class is the relative rise of its share over its share in the \
                 whole table. Basic β-likeness holds when no gain is greater than β. Enhanced \
                 β-likeness also keeps every gain at or below −ln p, so that frequent values cannot \
                 become near certain.",
    formula: "basic: max over classes and values of (q_s − p_s)/p_s; enhanced: the least β with \
              (q_s − p_s)/p_s ≤ min(β, −ln p_s) for every q_s > p_s, none where some gain exceeds −ln p_s",
    denominator: "Persons. A person who has several values in a class counts once for each of them, in the class \
                  and in the table.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &["A rise is what harms; that a value becomes less likely is not counted."],
    limits: &["A value that occurs once in the table has a great gain in any small class."],
    citations: &[
        "J. Cao, P. Karras: Publishing microdata with a robust privacy guarantee. PVLDB 5(11), 2012.",
    ],
    validation: "Equal within 1e-9 to a brute-force computation on the Adult data. A public library \
                 reports for the enhanced variant the greatest min(gain, −ln p), which is no test of the \
                 definition.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "basic",
            title: "Greatest relative gain",
            of: "classes",
            meaning: |f| {
                format!(
                    "In some group a value of {} is {} more frequent than in the whole table.",
                    parameter(f, "sensitive"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "enhanced_holds",
            title: "Least β for which enhanced β-likeness holds",
            of: "classes",
            meaning: |f| match f.value {
                None => {
                    "Some value becomes so likely in some group that enhanced β-likeness holds \
                         for no β."
                        .to_owned()
                }
                Some(_) => format!("Enhanced β-likeness holds for β = {:.3}.", real(f)),
            },
        },
    ],
};

impl Measure for BetaLikeness {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        Ok(planning.distribution_jobs(ID, measure))
    }
}

fn measure(sensitive: &Sensitive, columns: &[String], name: &str) -> Outcome {
    let shares = sensitive.shares();
    // The greatest gain, and whether every gain is at most −ln p.
    let gains = sensitive.classes().map(|class| {
        let total = class.total() as f64;
        let pairs = class.values.iter().zip(class.counts);
        pairs.fold((0.0, true), |(greatest, holds), (value, count)| {
            let share = shares[*value as usize];
            let gain = (*count as f64 / total - share) / share;
            (
                f64::max(greatest, gain),
                holds && (gain <= 0.0 || gain <= -share.ln()),
            )
        })
    });
    let (greatest, holds) = gains.reduce(|| (0.0, true), |a, b| (a.0.max(b.0), a.1 && b.1));
    let finding = |statistic| {
        Finding::new(ID, statistic, DOC.criterion, Unit::Ratio)
            .columns(columns)
            .parameter("sensitive", name)
    };
    let mut enhanced = finding("enhanced_holds");
    if holds {
        enhanced = enhanced.value(greatest);
    }
    Outcome {
        findings: vec![finding("basic").value(greatest), enhanced],
        ..Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_worked() {
        // Table: 4 and 4. The first class 3 : 1, a gain of one half; −ln ½ = 0.69 allows it.
        let mild = Sensitive::example(&[&[(0, 3), (1, 1)], &[(0, 1), (1, 3)]], false);
        let values = |sensitive| -> Vec<Option<f64>> {
            let outcome = measure(sensitive, &[], "s");
            outcome
                .findings
                .iter()
                .map(|f| f.value.map(|v| v.as_f64()))
                .collect()
        };
        assert_eq!(values(&mild), [Some(0.5), Some(0.5)]);
        let certain = Sensitive::example(&[&[(0, 4)], &[(1, 4)]], false);
        assert_eq!(values(&certain), [Some(1.0), None]);
    }
}
