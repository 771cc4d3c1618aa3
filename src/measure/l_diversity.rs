//! How many different sensitive values stand behind each class.

use rayon::prelude::*;

use super::{Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, real};
use crate::encode::sensitive::{Class, Sensitive};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};

pub struct LDiversity;

const ID: &str = "l-diversity";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::l_diversity::PROSE,
    title: "ℓ-diversity",
    criterion: Criterion::Inference,
    question: "Who knows to which group a person belongs: between how many sensitive values must they \
               still choose?",
    adversary: "Knows a person's quasi-identifiers and that the person is in the release; wants the sensitive \
                value, and need not find the record for it.",
    definition: "A class is distinct ℓ-diverse when at least ℓ sensitive values occur in it; entropy \
                 ℓ-diverse when the entropy of its values is at least ln ℓ; recursively (c, ℓ)-diverse \
                 when the most frequent value occurs less than c times as often as all from the ℓ-th \
                 most frequent on together. A table is as diverse as its worst class.",
    formula: "distinct: min over classes of |{s : q_s > 0}|; entropy: exp(min over classes of \
              −Σ q_s ln q_s); recursive c for ℓ: max over classes of r₁ / (r_ℓ + … + r_m) with counts \
              r₁ ≥ r₂ ≥ … ≥ r_m; the table is recursively (c, ℓ)-diverse for every greater c, and for \
              none where a class has fewer than ℓ values",
    denominator: "Persons. A person who has several values in a class counts once for each of them, in the class \
                  and in the table.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &[
        "All values are equally sensitive and nothing is known of them: who can rule out some values \
         has fewer to choose from.",
    ],
    limits: &[
        "Different values may mean the same: five kinds of cancer are five values.",
        "A value that is frequent everywhere keeps entropy low without giving anything away; \
         t-closeness compares with the whole table instead.",
    ],
    citations: &[
        "A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam: ℓ-diversity: privacy beyond \
         k-anonymity. ACM TKDD 1(1), 2007.",
    ],
    validation: "Equal to a brute-force computation on the Adult data for all sets of quasi-identifiers \
                 and sensitive columns of the oracle: counts exactly, reals within 1e-9. A public \
                 library floors the entropy and sorts the counts of the recursive variant the other \
                 way round; its values follow from those definitions.",
    table: None,
    settings: &[Setting {
        key: "l",
        default: "[2, 3, 4, 5]",
        meaning: "ℓ for `recursive_c`; those a policy names are added",
    }],
    statistics: &[
        Statistic {
            name: "distinct",
            title: "Fewest sensitive values in a class",
            of: "classes",
            meaning: |f| match real(f) {
                1.0 => format!(
                    "In at least one group everybody has the same {}: who knows the group knows it.",
                    parameter(f, "sensitive")
                ),
                values => format!(
                    "In every group there are at least {values} different values of {}.",
                    parameter(f, "sensitive")
                ),
            },
        },
        Statistic {
            name: "entropy",
            title: "Effective number of sensitive values",
            of: "classes",
            meaning: |f| {
                format!(
                    "In the least diverse group guessing {} is as hard as among {:.2} equally \
                     frequent values.",
                    parameter(f, "sensitive"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "recursive_c",
            title: "Least c of recursive (c, ℓ)-diversity",
            of: "classes",
            meaning: |f| match f.value {
                None => format!(
                    "Some group has fewer than {} values of {}: no c is enough.",
                    parameter(f, "l"),
                    parameter(f, "sensitive")
                ),
                Some(_) => format!(
                    "In the worst group the most frequent value is {:.2} times as frequent as all \
                     but the {} most frequent together.",
                    real(f),
                    parameter(f, "l").parse::<u64>().map_or(0, |l| l - 1)
                ),
            },
        },
    ],
};

impl Measure for LDiversity {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |l: f64| l.fract() == 0.0 && (2.0..=1e6).contains(&l);
        let default = [2.0, 3.0, 4.0, 5.0];
        let ls = planning.numbers("l", "l", &default, valid, "whole numbers from 2 on")?;
        let ls: Vec<u64> = ls.into_iter().map(|l| l as u64).collect();
        Ok(
            planning.distribution_jobs(ID, move |sensitive, columns, name| {
                measure(sensitive, columns, name, &ls)
            }),
        )
    }
}

fn measure(sensitive: &Sensitive, columns: &[String], name: &str, ls: &[u64]) -> Outcome {
    let finding = |statistic, unit| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(columns)
            .parameter("sensitive", name)
    };
    let distinct = sensitive.classes().map(|class| class.values.len() as u64);
    let entropy = sensitive.classes().map(|class| entropy(&class));
    let mut findings = vec![
        finding("distinct", Unit::Values).count(distinct.min().unwrap_or(0), None),
        finding("entropy", Unit::Values).value(entropy.reduce(|| f64::INFINITY, f64::min).exp()),
    ];
    for &l in ls {
        let c = sensitive.classes().map(|class| recursive_c(&class, l));
        let worst = c.reduce(|| 0.0, f64::max);
        let mut finding = finding("recursive_c", Unit::Ratio).parameter("l", l);
        if worst.is_finite() {
            finding = finding.value(worst);
        }
        findings.push(finding);
    }
    Outcome {
        findings,
        ..Outcome::default()
    }
}

/// In nats.
fn entropy(class: &Class<'_>) -> f64 {
    let total = class.total() as f64;
    let term = |count: &u64| {
        let share = *count as f64 / total;
        -share * share.ln()
    };
    class.counts.iter().map(term).sum()
}

fn recursive_c(class: &Class<'_>, l: u64) -> f64 {
    let mut counts = class.counts.to_vec();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let rest: u64 = counts.iter().skip(l as usize - 1).sum();
    counts[0] as f64 / rest as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_worked() {
        let sensitive = Sensitive::example(&[&[(0, 4), (1, 2), (2, 2)], &[(0, 3), (1, 3)]], false);
        let outcome = measure(&sensitive, &[], "s", &[2, 3]);
        let values: Vec<_> = outcome
            .findings
            .iter()
            .map(|f| f.value.map(|v| v.as_f64()))
            .collect();
        assert_eq!(values[0], Some(2.0));
        assert!(
            (values[1].unwrap() - 2.0).abs() < 1e-12,
            "two equally frequent values"
        );
        assert_eq!(values[2], Some(1.0), "4 / (2 + 2) and 3 / 3");
        assert_eq!(values[3], None, "the second class has two values");
    }
}
