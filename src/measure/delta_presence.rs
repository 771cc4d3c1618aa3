//! Whether somebody of a register is in the release at all.

use super::{Doc, Job, Measure, Outcome, Planning, Statistic, parameter, percent, real};
use crate::encode::register::Register;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Scope, Unit};

pub struct DeltaPresence;

const ID: &str = "delta-presence";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::delta_presence::PROSE,
    title: "δ-presence",
    criterion: Criterion::Inference,
    question: "Can an adversary with a register of the population tell who is in the release and who is not?",
    adversary: "Has a register of the population and wants to know whether a certain person of it is in the \
                release, because being there says something (a patient, a debtor).",
    definition: "Of the F persons of the register who match each other, f are matched by the release: each of \
                 them is in it with probability f/F. A release has (δmin, δmax)-presence when this probability \
                 lies between the two for everybody in the register. Only the columns that both have are \
                 compared.",
    formula: "min and max over persons p of the register of min(1, f(p)/F(p)); mean the average over them",
    denominator: "Persons of the register.",
    nulls: super::OF_KNOWN,
    assumptions: &["The release is drawn from the persons of the register."],
    limits: &[
        "Where nobody of a combination is in the release, min is 0: the adversary is certain that those \
         persons are not in it. Whether that tells anything depends on what the release is about.",
    ],
    citations: &[
        "M. E. Nergiz, M. Atzori, C. Clifton: Hiding the presence of individuals from shared databases. \
         SIGMOD 2007.",
    ],
    validation: "Equal to a comparison of all pairs of persons on generated tables and registers, one row or \
                 several a person, with nulls as wildcards and with hierarchies.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "min",
            title: "Lowest probability of being in the release",
            of: "persons of the register",
            meaning: |f| {
                format!(
                    "The person of {} least likely to be in the release is in it with probability {:.3}.",
                    parameter(f, "auxiliary"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "max",
            title: "Highest probability of being in the release",
            of: "persons of the register",
            meaning: |f| {
                format!(
                    "The person of {} most likely to be in the release is in it with probability {:.3}.",
                    parameter(f, "auxiliary"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "share_certain",
            title: "Persons certain to be in the release",
            of: "persons of the register",
            meaning: |f| {
                format!(
                    "Of {}, {} are certain to be in the release.",
                    parameter(f, "auxiliary"),
                    percent(real(f))
                )
            },
        },
    ],
};

impl Measure for DeltaPresence {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        planning.register_jobs(ID, measure)
    }
}

fn measure(register: &Register, name: &str) -> Outcome {
    let finding = |statistic, unit| {
        let mut finding = Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(&register.columns)
            .parameter("auxiliary", name);
        finding.scope = Scope::Population;
        finding
    };
    let presence = |(here, there): &(u64, u64)| (*here as f64 / *there as f64).min(1.0);
    let all = register.presence.values().sum();
    let (mut least, mut greatest, mut certain) = (1.0f64, 0.0f64, 0);
    for (pair, persons) in &register.presence {
        least = least.min(presence(pair));
        greatest = greatest.max(presence(pair));
        certain += if pair.0 >= pair.1 { *persons } else { 0 };
    }
    Outcome {
        findings: vec![
            finding("min", Unit::Probability).value(least),
            finding("max", Unit::Probability).value(greatest),
            finding("share_certain", Unit::Share).share(certain, all),
        ],
        ..Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_worked() {
        // Classes of the register: 4 of 10 in the release, 2 of 2, none of 8.
        let register = Register {
            columns: Vec::new(),
            persons: 6,
            unmatched: 0,
            sizes: [(10, 4), (2, 2)].into(),
            presence: [((4, 10), 10), ((2, 2), 2), ((0, 8), 8)].into(),
        };
        let values: Vec<f64> = measure(&register, "r").findings.iter().map(real).collect();
        assert_eq!(values, [0.0, 1.0, 0.1]);
    }
}
