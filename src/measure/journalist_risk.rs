//! The probability that an adversary who finds somebody of a register in the release is right.

use super::{Doc, Job, Measure, Outcome, Planning, Statistic, parameter, percent, real};
use crate::encode::classes::Classes;
use crate::encode::register::Register;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Scope, Unit};
use crate::said;

pub struct JournalistRisk;

const ID: &str = "journalist-risk";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::journalist_risk::PROSE,
    title: "Journalist risk",
    criterion: Criterion::SinglingOut,
    question: "An adversary with a register of the whole population picks a record and names a person: how \
               probably is that right?",
    adversary: "The journalist wants to show that somebody, no matter who, can be re-identified. They have a \
                register of the population, and do not know who of it is in the release.",
    definition: "Of the F persons of the population that match a record each is as likely as the other: the \
                 risk is 1/F. A person's risk is the highest over their records. Only the columns that the \
                 register has are compared. Whoever is in the release is in the population: where the \
                 register holds fewer persons of a combination than the release, the release's count is \
                 taken.",
    formula: "max and mean over persons i of the release of max over combinations c of i of \
              1/max(F(c), f(c)); F persons of the register, f persons of the release that match c",
    denominator: "Persons of the release.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "The register is that of the population from which the release was drawn, of the same time.",
        "The adversary's knowledge is correct.",
    ],
    limits: &[
        "Quasi-identifiers that the register lacks do not count: an adversary who has them from elsewhere \
         knows more.",
        "Who is known to be in the release runs the prosecutor's risk, which is higher: \
         `re-identification-risk`.",
    ],
    citations: &[
        "K. El Emam, F. K. Dankar: Protecting privacy using k-anonymity. J. Am. Med. Inform. Assoc. 15(5), \
         2008 (prosecutor, journalist).",
        "K. El Emam: Guide to the De-Identification of Personal Health Information. CRC Press, 2013.",
    ],
    validation: "Equal to a comparison of all pairs of persons on generated tables and registers, one row or \
                 several a person, with nulls as wildcards and with hierarchies.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "max",
            title: "Highest journalist risk",
            of: "persons",
            meaning: |f| {
                format!(
                    "For the person most at risk, who names a match from {} is right with probability \
                     {:.3}.",
                    parameter(f, "auxiliary"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "mean",
            title: "Mean journalist risk",
            of: "persons",
            meaning: |f| {
                format!(
                    "Who looks up everybody of the release in {} is right for an expected {}.",
                    parameter(f, "auxiliary"),
                    percent(real(f))
                )
            },
        },
    ],
};

impl Measure for JournalistRisk {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        planning.register_jobs(ID, measure)
    }
}

fn measure(register: &Register, name: &str) -> Outcome {
    let finding = |statistic, value: f64| {
        let mut finding = Finding::new(ID, statistic, DOC.criterion, Unit::Probability)
            .columns(&register.columns)
            .parameter("auxiliary", name)
            .value(value);
        finding.scope = Scope::Population;
        finding
    };
    let Some((smallest, average)) = register
        .sizes
        .keys()
        .next()
        .zip(Classes::mean_risk(&register.sizes))
    else {
        return Outcome::unmeasured(
            ID,
            said!("no row has a person", "keine Zeile gehört zu einer Person"),
        );
    };
    let mut mean = finding("mean", average);
    mean.denominator = Some(register.persons);
    Outcome {
        findings: vec![finding("max", 1.0 / *smallest as f64), mean],
        ..Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_worked() {
        // Nine persons in classes of 18 in the register, one in a class of 2.
        let register = Register {
            columns: Vec::new(),
            persons: 10,
            unmatched: 0,
            sizes: [(18, 9), (2, 1)].into(),
            presence: Default::default(),
        };
        let values: Vec<f64> = measure(&register, "r").findings.iter().map(real).collect();
        assert_eq!(values[0], 0.5);
        assert!((values[1] - 0.1).abs() < 1e-12);
    }
}
