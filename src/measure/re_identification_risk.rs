//! The probability that an adversary names the right person.

use super::{Doc, Job, Measure, Outcome, Planning, Statistic, percent, real};
use crate::encode::classes::{Classes, Comparison};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::said;

pub struct ReIdentificationRisk;

const ID: &str = "re-identification-risk";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::re_identification_risk::PROSE,
    title: "Re-identification risk",
    criterion: Criterion::SinglingOut,
    question: "How probable is it that an adversary who knows the quasi-identifiers names the right \
               person?",
    adversary: "The prosecutor knows that a certain person is in the release and looks for their \
                record. The marketer wants to re-identify as many records as possible and does not \
                mind mistakes.",
    definition: "Within a class of f persons the prosecutor can only guess: the risk is 1/f. A \
                 person's risk is the highest over their records. The marketer's risk is the share \
                 of records expected to be assigned to the right person when every record is \
                 assigned at random within its class. \
                 Where records match that are not equal, matches are not equally likely: a record that fits few \
                 persons is likelier to be the one sought than a record that fits everybody. The posterior takes \
                 account of that. A record s fits the persons whose own record lies within it, that is, says no less; \
                 f(s) is their number, and s belongs to each of them with probability 1/f(s). An adversary who knows a \
                 person's true values looks for records that fit them. Whatever was suppressed, these include the \
                 person's own record r and all records that say no more than r. By Bayes' rule r is the right one of \
                 them with probability 1/f(r) divided by the sum of 1/f(s) over them. Records that say more than r may \
                 fit as well; they would only lower it, and are left out. A sum above 1 means more general records \
                 besides, which are less likely than r: it counts as 1, so that they never take the risk below 1/f(r). \
                 A sum below 1 means that most of the f(r) persons have more specific records of their own: r then has \
                 fewer rivals than persons it fits, and the risk is above 1/f(r). Where only equal records match, the \
                 sum is 1 and the posterior is the prosecutor's risk.",
    formula: "prosecutor: max and mean over persons i of max over classes c of i of 1/f(c); share \
              above τ = |{i : risk(i) > τ}| / persons; marketer: (1/n) Σ over records r of 1/f(c(r)); \
              posterior: max and mean over persons of the greatest of (1/f(r)) / min(1, Σ over records s that say \
              no more than r of 1/f(s)) = 1 / min(f(r), Σ f(r)/f(s)), where f(r) counts the persons with a record \
              that says no less than r",
    denominator: "Persons for the prosecutor; records for the marketer.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "The adversary's knowledge is correct and the persons of a class are equally \
                    likely to them.",
        "For the posterior, cells are suppressed or generalised without regard to which of the persons they fit they \
         belong to: a record is then as likely to be that of any of them. An adversary who knows the rule by which \
         cells were suppressed may tell apart records that differ, but never those that are equal.",
        super::COMPARED,
    ],
    limits: &[
        "With the release as the adversary's whole population the marketer's F equals f. Against a \
         population register the risk is lower: that is journalist risk, a measure of its own.",
        "0.09 as in EMA Policy 0070 is compared as stated: 1/11 = 0.0909 is above it, so it asks for \
         classes of 12.",
    ],
    citations: &[
        "K. El Emam, F. K. Dankar: Protecting privacy using k-anonymity. J. Am. Med. Inform. Assoc. \
         15(5), 2008 (prosecutor, journalist).",
        "F. K. Dankar, K. El Emam: A method for evaluating marketer re-identification risk. PAIS 2010.",
        "European Medicines Agency: External guidance on the implementation of Policy 0070.",
    ],
    validation: "Maximum and mean equal to 1/k and classes/records on the Adult data for 66 sets of \
                 quasi-identifiers, within 1e-12. The posterior is equal to a comparison of all pairs of rows on \
                 generated tables; in an attack on tables whose cells were suppressed at random, by an adversary \
                 who knows the whole table as it was, the share of persons found stays below its mean and that of \
                 no person exceeds theirs.",
    table: None,
    settings: &[super::RISK_THRESHOLD],
    statistics: &[
        Statistic {
            name: "prosecutor_max",
            title: "Highest prosecutor risk",
            of: "persons",
            meaning: |f| {
                format!(
                    "For the person most at risk, an adversary names the right record with \
                     probability {:.3}.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "prosecutor_mean",
            title: "Mean prosecutor risk",
            of: "persons",
            meaning: |f| {
                format!(
                    "Averaged over all persons, this probability is {:.4}.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "posterior_max",
            title: "Highest posterior",
            of: "persons",
            meaning: |f| {
                format!(
                    "Weighing records by how few persons they fit, an adversary is right about the person most at \
                     risk with probability {:.3}.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "posterior_mean",
            title: "Mean posterior",
            of: "persons",
            meaning: |f| {
                format!(
                    "Averaged over all persons, this probability is {:.4}.",
                    real(f)
                )
            },
        },
        super::SHARE_ABOVE,
        Statistic {
            name: "marketer",
            title: "Marketer risk",
            of: "records",
            meaning: |f| {
                format!(
                    "Who assigns every record to some person is right for {} of the records.",
                    percent(real(f))
                )
            },
        },
    ],
};

impl Measure for ReIdentificationRisk {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let thresholds = planning.risk_thresholds()?;
        Ok(planning.class_jobs(ID, move |of, columns| measure(of, columns, &thresholds)))
    }
}

fn measure(of: &Comparison<'_>, columns: &[String], thresholds: &[f64]) -> Outcome {
    let classes = of.classes;
    let finding =
        |statistic, unit| Finding::new(ID, statistic, DOC.criterion, unit).columns(columns);
    let persons = Classes::total(&classes.persons);
    let (Some(smallest), Some(mean), Some(marketer)) = (
        classes.smallest(),
        Classes::mean_risk(&classes.persons),
        Classes::mean_risk(&classes.records),
    ) else {
        let reason = said!("no row has a person", "keine Zeile gehört zu einer Person");
        return Outcome::unmeasured(ID, reason);
    };
    let highest = 1.0 / smallest as f64;
    let (best, average) = match of.posterior {
        Some(posterior) => (posterior.max, posterior.mean),
        None => (highest, mean),
    };
    let mut findings = vec![
        finding("prosecutor_max", Unit::Probability).value(highest),
        finding("prosecutor_mean", Unit::Probability).value(mean),
        finding("posterior_max", Unit::Probability).value(best),
        finding("posterior_mean", Unit::Probability).value(average),
    ];
    findings[1].denominator = Some(persons);
    findings[3].denominator = Some(persons);
    for &threshold in thresholds {
        let risky = classes
            .persons
            .iter()
            .filter(|(size, _)| 1.0 / **size as f64 > threshold);
        findings.push(
            finding("share_above", Unit::Share)
                .parameter("threshold", threshold)
                .share(risky.map(|(_, persons)| persons).sum(), persons),
        );
    }
    let mut marketer = finding("marketer", Unit::Share).value(marketer);
    marketer.denominator = Some(Classes::total(&classes.records));
    findings.push(marketer);
    Outcome {
        findings,
        ..Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(classes: &Classes) -> Comparison<'_> {
        Comparison {
            compared: None,
            classes,
            posterior: None,
        }
    }

    #[test]
    fn the_denominator_is_persons_not_classes() {
        // Classes {1, 9}: 0.2 over records, 0.556 over classes.
        let classes = Classes {
            classes: [(1, 1), (9, 1)].into(),
            records: [(1, 1), (9, 9)].into(),
            persons: [(1, 1), (9, 9)].into(),
        };
        let outcome = measure(&of(&classes), &[], &[0.09, 0.2]);
        let values: Vec<_> = outcome.findings.iter().map(real).collect();
        assert_eq!(values, [1.0, 0.2, 1.0, 0.2, 1.0, 0.1, 0.2]);
    }

    #[test]
    fn one_eleventh_is_above_nine_percent() {
        let eleven = Classes {
            classes: [(11, 1)].into(),
            records: [(11, 11)].into(),
            persons: [(11, 11)].into(),
        };
        let outcome = measure(&of(&eleven), &[], &[0.09]);
        assert_eq!(real(&outcome.findings[4]), 1.0);
    }
}
