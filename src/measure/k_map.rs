//! The smallest class of the release as it stands in the population.

use super::{Doc, Job, Measure, Outcome, Planning, Statistic, parameter, percent, real};
use crate::encode::register::Register;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Scope, Unit};

pub struct KMap;

const ID: &str = "k-map";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::k_map::PROSE,
    title: "k-map against a register",
    criterion: Criterion::SinglingOut,
    question: "Among how many persons of the whole population does everybody in the release hide?",
    adversary: "Has a register of the population with some of the quasi-identifiers, and does not know who of \
                it is in the release.",
    definition: "A release has k-map when each combination of quasi-identifiers in it is shared by at least k \
                 persons of the population. Only the columns that the register has are compared. Whoever is in \
                 the release is in the population: where the register holds fewer persons of a combination \
                 than the release, it is incomplete, and the release's count is taken.",
    formula: "k = min over the release's combinations c of max(F(c), f(c)); F persons of the register, f \
              persons of the release that match c",
    denominator: "Persons of the register.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "The register is that of the population from which the release was drawn, of the same time.",
    ],
    limits: &[
        "Quasi-identifiers that the register lacks do not count: an adversary who has them from elsewhere \
         knows more.",
        "Against an adversary who knows that somebody is in the release, `k-anonymity` counts.",
    ],
    citations: &[
        "L. Sweeney: Computational disclosure control. PhD thesis, MIT, 2001 (k-map).",
        "K. El Emam, F. K. Dankar: Protecting privacy using k-anonymity. J. Am. Med. Inform. Assoc. 15(5), \
         2008.",
    ],
    validation: "Equal to a comparison of all pairs of persons on generated tables and registers, one row or \
                 several a person, with nulls as wildcards and with hierarchies.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "k",
            title: "Smallest class in the population",
            of: "persons of the register",
            meaning: |f| match real(f) {
                1.0 => format!(
                    "Somebody in the release is the only person of the population with what {} tells of \
                     them.",
                    parameter(f, "auxiliary")
                ),
                k => format!(
                    "Everybody in the release shares what {} tells with at least {} persons of the \
                     population, themselves among them.",
                    parameter(f, "auxiliary"),
                    k
                ),
            },
        },
        Statistic {
            name: "share_unmatched",
            title: "Persons who match nobody in the register",
            of: "persons",
            meaning: |f| match real(f) {
                0.0 => format!(
                    "Everybody in the release matches somebody in {}.",
                    parameter(f, "auxiliary")
                ),
                share => format!(
                    "{} of the persons in the release match nobody in {}: the register is incomplete or \
                     writes values otherwise.",
                    percent(share),
                    parameter(f, "auxiliary")
                ),
            },
        },
    ],
};

impl Measure for KMap {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        planning.register_jobs(ID, measure)
    }
}

fn measure(register: &Register, name: &str) -> Outcome {
    let finding = |statistic, unit| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(&register.columns)
            .parameter("auxiliary", name)
    };
    let mut k = finding("k", Unit::Persons);
    k.scope = Scope::Population;
    if let Some(smallest) = register.sizes.keys().next() {
        k = k.count(*smallest, None);
    }
    let unmatched = finding("share_unmatched", Unit::Share);
    Outcome {
        findings: vec![k, unmatched.share(register.unmatched, register.persons)],
        ..Outcome::default()
    }
}
