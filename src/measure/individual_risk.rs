//! The risk of each person of a weighted sample, by the class sizes that the weights suggest.

use super::{Doc, Job, Measure, Outcome, Planning, Statistic, real};
use crate::encode::weights::Weighted;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Scope, Unit};
use crate::said;

pub struct IndividualRisk;

const ID: &str = "individual-risk";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::individual_risk::PROSE,
    title: "Individual risk by weights",
    criterion: Criterion::SinglingOut,
    question: "The release is a sample, and its weights say how many persons each record stands for: how \
               probably does an adversary name the right person?",
    adversary: "Knows the quasi-identifiers of persons of the population, not who of them is in the sample, and \
                picks one of those who match a record.",
    definition: "A class has f persons in the sample and F, which is unknown, in the population. Given f, F is \
                 taken as negative binomial with success probability p = f / F̂, F̂ the sum of the weights of \
                 the class. The risk is the expectation of 1/F. A person's risk is the highest over their \
                 classes.",
    formula: "p = min(1, f/F̂), q = 1 − p; r = Σ_{h≥f} (1/h) C(h−1, f−1) p^f q^(h−f) = (p/f)·₂F₁(1, 1; f+1; q); \
              r₁ = (p/q) ln(1/p), r_f = p/((f−1)q) − (p/q) r_{f−1}; max, mean and sum over persons",
    denominator: "Persons.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "Each person of a class was sampled with the same probability, and the weights are its inverse.",
        "Weights adjusted to known totals suggest class sizes as well as those of the design.",
    ],
    limits: &[
        "It is too low for classes that are rare in the sample and in the population, often by far: the mean over 5 % \
         samples of Adult (five, equal weights) was 0.089 where the truth is 0.256 with six quasi-identifiers, 0.105 for \
         0.322 with six others and 0.035 for 0.053 with four. Compare `population-uniqueness`, and do not rest on this \
         measure alone.",
        "A person with several rows in a class counts with the mean of their different weights there.",
    ],
    citations: &[
        "R. Benedetti, L. Franconi: Statistical and technological solutions for controlled data \
         dissemination. Pre-proceedings of New Techniques and Technologies for Statistics, 1998.",
        "S. Polettini, J. Stander: A comment on “A theoretical basis for perturbation methods”. Statistics \
         and Computing 13, 2003 (closed forms).",
    ],
    validation: "Equal to the sum over the negative binomial distribution within 1e-9 for f from 1 to 60 and p \
                 from 0.001 to 0.999, and to the published closed forms for f = 1, 2, 3. Classes and sums of \
                 weights equal to brute force on generated tables.",
    table: None,
    settings: &[super::RISK_THRESHOLD],
    statistics: &[
        Statistic {
            name: "max",
            title: "Highest individual risk",
            of: "persons",
            meaning: |f| {
                format!(
                    "For the person most at risk, an adversary who does not know who was sampled is right \
                     with an estimated probability of {:.3}.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "mean",
            title: "Mean individual risk",
            of: "persons",
            meaning: |f| format!("Averaged over all persons, this risk is {:.4}.", real(f)),
        },
        Statistic {
            name: "expected",
            title: "Expected re-identifications",
            of: "persons",
            meaning: |f| {
                format!(
                    "Who tries everybody in the release is right for an expected {:.1} persons.",
                    real(f)
                )
            },
        },
        super::SHARE_ABOVE,
        Statistic {
            name: "population",
            title: "Population that the weights stand for",
            of: "persons",
            meaning: |f| {
                format!(
                    "By their weights the persons of the release stand for {:.0}.",
                    real(f)
                )
            },
        },
    ],
};

impl Measure for IndividualRisk {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let thresholds = planning.risk_thresholds()?;
        let run = move |encoded: &Encoded| {
            let columns = encoded.known_columns();
            match encoded.weighted() {
                Some(weighted) => measure(&weighted, &columns, &thresholds),
                None => {
                    let reason = said!(
                        "persons have several rows, and a class is more than equal rows",
                        "Personen haben mehrere Zeilen, und eine Klasse ist mehr als gleiche Zeilen"
                    );
                    Outcome::unmeasured(ID, reason)
                }
            }
        };
        let needs = |_: &_| Needs {
            weight: true,
            ..Needs::default()
        };
        let mut jobs = planning.microdata_jobs(ID, needs, run);
        jobs.retain(|job| planning.release.tables[job.table].roles.weight.is_some());
        Ok(jobs)
    }
}

fn measure(weighted: &Weighted, columns: &[String], thresholds: &[f64]) -> Outcome {
    let risks: Vec<f64> = weighted
        .classes
        .iter()
        .map(|(f, sum)| risk(*f, *sum))
        .collect();
    let persons = weighted.over_persons(&risks);
    let all: u64 = persons.iter().map(|(_, persons)| persons).sum();
    if all == 0 {
        return Outcome::unmeasured(
            ID,
            said!("no row has a person", "keine Zeile gehört zu einer Person"),
        );
    }
    let finding = |statistic, unit| {
        let mut finding = Finding::new(ID, statistic, DOC.criterion, unit).columns(columns);
        finding.scope = Scope::Population;
        finding
    };
    let greatest = persons.iter().map(|(risk, _)| *risk).fold(0.0, f64::max);
    let sum: f64 = persons
        .iter()
        .map(|(risk, persons)| risk * *persons as f64)
        .sum();
    let mut mean = finding("mean", Unit::Probability).value(sum / all as f64);
    mean.denominator = Some(all);
    let mut findings = vec![
        finding("max", Unit::Probability).value(greatest),
        mean,
        finding("expected", Unit::Persons).value(sum),
        finding("population", Unit::Persons).value(weighted.population),
    ];
    for &threshold in thresholds {
        let above = persons.iter().filter(|(risk, _)| *risk > threshold);
        findings.push(
            finding("share_above", Unit::Share)
                .parameter("threshold", threshold)
                .share(above.map(|(_, persons)| persons).sum(), all),
        );
    }
    Outcome {
        findings,
        ..Outcome::default()
    }
}

/// E(1/F) for a class of `f` persons in the sample whose weights sum to `sum`.
fn risk(f: u64, sum: f64) -> f64 {
    let size = f as f64;
    let p = (size / sum).min(1.0);
    let q = 1.0 - p;
    if q == 0.0 {
        return 1.0 / size;
    }
    // The recursion is fast and, below one half, loses no digits; the series is fast elsewhere.
    if p < 0.5 && f <= 64 {
        let mut risk = -p.ln() * p / q;
        for f in 2..=f {
            risk = p / ((f - 1) as f64 * q) - p / q * risk;
        }
        return risk;
    }
    let (mut term, mut sum, mut n) = (1.0, 1.0, 0.0);
    while term > 1e-17 * sum {
        n += 1.0;
        term *= n * q / (size + n);
        sum += term;
    }
    p / size * sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::gamma::ln_gamma;

    #[test]
    fn risks_are_the_sums_over_the_negative_binomial() {
        for f in [1u64, 2, 3, 5, 20, 60] {
            for p in [0.001f64, 0.02, 0.3, 0.49, 0.51, 0.9, 0.999] {
                let (size, mut slow) = (f as f64, 0.0);
                // Far enough into the tail for nothing to be left of it.
                for more in 0..(200.0 + 60.0 * size / p) as u64 {
                    let h = size + more as f64;
                    let ln = ln_gamma(h) - ln_gamma(size) - ln_gamma(h - size + 1.0)
                        + size * p.ln()
                        + more as f64 * (1.0 - p).ln();
                    slow += ln.exp() / h;
                }
                let fast = risk(f, size / p);
                assert!(
                    (fast - slow).abs() < 1e-9 * slow.max(1e-3),
                    "{f} {p}: {fast}, not {slow}"
                );
            }
        }
    }

    #[test]
    fn closed_forms() {
        for p in [0.05f64, 0.3, 0.7] {
            let q = 1.0 - p;
            let log = (1.0 / p).ln();
            let forms = [
                p / q * log,
                p / q - (p / q).powi(2) * log,
                p / (2.0 * q) - (p / q).powi(2) + (p / q).powi(3) * log,
            ];
            for (f, form) in (1u64..).zip(forms) {
                assert!((risk(f, f as f64 / p) - form).abs() < 1e-12);
            }
        }
        assert_eq!(risk(4, 4.0), 0.25, "all of the class was sampled");
        assert_eq!(risk(4, 3.0), 0.25, "weights below one say no more");
    }
}
