//! What the standards ask that releases are held to, and which findings answer it.

use crate::finding::Criterion;
use crate::language::Language;

/// A text that others hold releases to.
pub struct Standard {
    /// As it is cited in one word.
    pub id: &'static str,
    title: [&'static str; 2],
    pub citation: &'static str,
    pub rules: &'static [Rule],
}

/// One thing it asks.
pub struct Rule {
    /// Where it says so.
    clause: [&'static str; 2],
    /// In English and in German: as it is stated where it is public, else as its heading names it.
    text: [&'static str; 2],
    pub answered_by: AnsweredBy,
}

/// The rules that a measure's findings answer, with their standards.
pub fn answered(
    measure: &str,
    criterion: Criterion,
) -> impl Iterator<Item = (&'static Standard, &'static Rule)> {
    let rules = STANDARDS
        .iter()
        .flat_map(|standard| standard.rules.iter().map(move |rule| (standard, rule)));
    rules.filter(move |(_, rule)| rule.is_answered_by(measure, criterion))
}

/// The findings that answer a rule.
pub enum AnsweredBy {
    /// All of the measures of a criterion.
    Criterion(Criterion),
    /// All of these measures.
    Measures(&'static [&'static str]),
    /// A statistic, which the rule says how great it may be.
    AtMost(&'static str, f64),
}

impl Standard {
    pub fn title(&self, language: Language) -> &'static str {
        language.pick(self.title[0], self.title[1])
    }
}

impl Rule {
    pub fn clause(&self, language: Language) -> &'static str {
        language.pick(self.clause[0], self.clause[1])
    }

    pub fn text(&self, language: Language) -> &'static str {
        language.pick(self.text[0], self.text[1])
    }

    /// Whether a measure's findings answer it.
    pub fn is_answered_by(&self, measure: &str, criterion: Criterion) -> bool {
        match self.answered_by {
            AnsweredBy::Criterion(asked) => asked == criterion,
            AnsweredBy::Measures(measures) => measures.contains(&measure),
            AnsweredBy::AtMost(statistic, _) => statistic
                .split_once('.')
                .is_some_and(|(known, _)| known == measure),
        }
    }
}

pub static STANDARDS: [Standard; 4] = [
    Standard {
        id: "WP216",
        title: [
            "Article 29 Working Party, Opinion 05/2014 on Anonymisation Techniques",
            "Artikel-29-Datenschutzgruppe, Stellungnahme 5/2014 zu Anonymisierungstechniken",
        ],
        citation: "Article 29 Data Protection Working Party: Opinion 05/2014 on Anonymisation Techniques, WP216, 10 April 2014.",
        rules: &[
            Rule {
                clause: ["section 3, singling out", "Abschnitt 3, Herausgreifen"],
                text: [
                    "It is not possible to isolate some or all records which identify an individual in the dataset.",
                    "Es ist nicht möglich, in einem Datenbestand einige oder alle Datensätze herauszugreifen, mit denen \
                     eine Person identifiziert werden kann.",
                ],
                answered_by: AnsweredBy::Criterion(Criterion::SinglingOut),
            },
            Rule {
                clause: ["section 3, linkability", "Abschnitt 3, Verknüpfbarkeit"],
                text: [
                    "It is not possible to link at least two records concerning the same data subject or a group of data \
                     subjects, in the same database or in two different ones.",
                    "Es ist nicht möglich, mindestens zwei Datensätze zu verknüpfen, die dieselbe Person oder \
                     Personengruppe betreffen, in derselben oder in zwei verschiedenen Datenbanken.",
                ],
                answered_by: AnsweredBy::Criterion(Criterion::Linkability),
            },
            Rule {
                clause: ["section 3, inference", "Abschnitt 3, Inferenz"],
                text: [
                    "It is not possible to deduce, with significant probability, the value of an attribute from the values \
                     of a set of other attributes.",
                    "Es ist nicht möglich, den Wert eines Merkmals mit hoher Wahrscheinlichkeit aus den Werten anderer \
                     Merkmale abzuleiten.",
                ],
                answered_by: AnsweredBy::Criterion(Criterion::Inference),
            },
            Rule {
                clause: ["section 4", "Abschnitt 4"],
                text: [
                    "Pseudonymisation is no method of anonymisation; a hash of values from a small space is found by trying \
                     all of them.",
                    "Pseudonymisierung ist kein Anonymisierungsverfahren; der Hashwert eines Wertes aus einer kleinen Menge \
                     wird durch Ausprobieren aller gefunden.",
                ],
                answered_by: AnsweredBy::Measures(&[
                    "direct-identifiers",
                    "reversible-pseudonyms",
                    "pseudonym-rotation",
                    "trace-linkage",
                ]),
            },
            Rule {
                clause: ["section 5", "Abschnitt 5"],
                text: [
                    "Where a criterion is not met, the risks of identification are evaluated thoroughly; anonymisation is no \
                     one-off exercise, and its risks are reassessed regularly.",
                    "Ist ein Kriterium nicht erfüllt, so werden die Identifizierungsrisiken eingehend bewertet; eine \
                     Anonymisierung ist nicht ein für alle Mal erledigt, ihre Risiken werden regelmäßig neu bewertet.",
                ],
                answered_by: AnsweredBy::Measures(&["release-sequence", "opt-outs"]),
            },
        ],
    },
    Standard {
        id: "ISO/IEC 27559",
        title: [
            "ISO/IEC 27559:2022, Privacy enhancing data de-identification framework",
            "ISO/IEC 27559:2022, Rahmen für die De-Identifizierung von Daten",
        ],
        citation: "ISO/IEC 27559:2022, Information security, cybersecurity and privacy protection – Privacy enhancing data \
                   de-identification framework.",
        rules: &[
            Rule {
                clause: ["7.2.4", "7.2.4"],
                text: ["Attribute types", "Arten von Merkmalen"],
                answered_by: AnsweredBy::Measures(&[
                    "direct-identifiers",
                    "undeclared-columns",
                    "declarations",
                    "file-leaks",
                    "quasi-identifier-subsets",
                ]),
            },
            Rule {
                clause: ["7.3.2", "7.3.2"],
                text: ["Maximum or average risk", "Höchstes oder mittleres Risiko"],
                answered_by: AnsweredBy::Measures(&[
                    "re-identification-risk",
                    "journalist-risk",
                    "individual-risk",
                    "location-attacks",
                ]),
            },
            Rule {
                clause: ["7.3.3", "7.3.3"],
                text: [
                    "Population or sample-based attack",
                    "Angriff auf die Grundgesamtheit oder auf die Stichprobe",
                ],
                answered_by: AnsweredBy::Measures(&[
                    "population-uniqueness",
                    "copula-uniqueness",
                    "scaling-law",
                    "unicity-population",
                    "k-map",
                    "delta-presence",
                ]),
            },
            Rule {
                clause: ["7.3.4", "7.3.4"],
                text: ["Data privacy models", "Modelle der Anonymität"],
                answered_by: AnsweredBy::Measures(&[
                    "k-anonymity",
                    "km-anonymity",
                    "trace-k",
                    "l-diversity",
                    "t-closeness",
                    "beta-likeness",
                    "delta-disclosure",
                    "alpha-k-anonymity",
                    "small-cells",
                    "dominance",
                ]),
            },
            Rule {
                clause: ["8.2.2, annex B", "8.2.2, Anhang B"],
                text: [
                    "Quantifying identifiability: identifiable uniques and identifiable groups",
                    "Identifizierbarkeit in Zahlen: identifizierbare Einzelne und identifizierbare Gruppen",
                ],
                answered_by: AnsweredBy::Measures(&[
                    "uniqueness",
                    "suda",
                    "unicity",
                    "unicity-resolution",
                    "top-places",
                    "home-work",
                    "rhythm-uniqueness",
                    "homogeneity-attack",
                    "group-disclosure",
                    "joined-tables",
                ]),
            },
            Rule {
                clause: ["8.2.3", "8.2.3"],
                text: ["Adversarial testing", "Erprobung durch Angriffe"],
                answered_by: AnsweredBy::Measures(&[
                    "trace-linkage",
                    "record-linkage",
                    "column-linkability",
                    "pseudonym-rotation",
                    "attribute-inference",
                    "sensitive-places",
                    "membership-inference",
                    "trajectory-recovery",
                    "differencing",
                    "suppression-audit",
                    "reversible-pseudonyms",
                ]),
            },
            Rule {
                clause: ["9.3.2", "9.3.2"],
                text: [
                    "After data are made available: monitoring the data environment",
                    "Nach der Bereitstellung: das Umfeld der Daten beobachten",
                ],
                answered_by: AnsweredBy::Measures(&["release-sequence", "opt-outs"]),
            },
        ],
    },
    Standard {
        id: "EMA Policy 0070",
        title: [
            "European Medicines Agency, external guidance on Policy 0070",
            "Europäische Arzneimittel-Agentur, Leitfaden zur Policy 0070",
        ],
        citation: "European Medicines Agency: External guidance on the implementation of the European Medicines Agency policy \
                   on the publication of clinical data for medicinal products for human use, EMA/90915/2016, chapter 3.",
        rules: &[Rule {
            clause: [
                "chapter 3, public release",
                "Kapitel 3, öffentliche Bereitstellung",
            ],
            text: [
                "The highest probability of re-identification of any person is at most 0.09. One in eleven is 0.0909 and \
                 above it: the smallest group that meets it has 12 persons.",
                "Die höchste Wahrscheinlichkeit der Wiedererkennung einer Person ist höchstens 0,09. Eins zu elf ist 0,0909 \
                 und liegt darüber: Die kleinste Gruppe, die dem genügt, hat 12 Personen.",
            ],
            answered_by: AnsweredBy::AtMost("re-identification-risk.prosecutor_max", 0.09),
        }],
    },
    Standard {
        id: "GDPR",
        title: [
            "General Data Protection Regulation",
            "Datenschutz-Grundverordnung",
        ],
        citation: "Regulation (EU) 2016/679 of 27 April 2016, Article 21 and recital 26.",
        rules: &[
            Rule {
                clause: ["recital 26", "Erwägungsgrund 26"],
                text: [
                    "All means reasonably likely to be used to identify a person are taken into account, such as singling \
                     out, in view of cost, time and available technology.",
                    "Alle Mittel werden berücksichtigt, die nach allgemeinem Ermessen wahrscheinlich genutzt werden, um eine \
                     Person zu identifizieren, wie das Aussondern, angesichts der Kosten, des Zeitaufwands und der \
                     verfügbaren Technologie.",
                ],
                answered_by: AnsweredBy::Measures(&[
                    "trace-linkage",
                    "record-linkage",
                    "joined-tables",
                    "pseudonym-rotation",
                    "reversible-pseudonyms",
                    "unicity",
                    "uniqueness",
                ]),
            },
            Rule {
                clause: ["Article 21", "Artikel 21"],
                text: [
                    "Data of a person who objected are processed no longer.",
                    "Daten einer Person, die widersprochen hat, werden nicht mehr verarbeitet.",
                ],
                answered_by: AnsweredBy::Measures(&["opt-outs"]),
            },
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::super::docs;
    use super::*;

    #[test]
    fn every_rule_is_answered_by_measures_there_are_and_every_measure_answers_one_of_iso_27559() {
        for rule in STANDARDS.iter().flat_map(|standard| standard.rules) {
            match rule.answered_by {
                AnsweredBy::Criterion(_) => {}
                AnsweredBy::Measures(measures) => measures.iter().for_each(|id| {
                    assert!(docs().any(|doc| doc.id == *id), "there is no measure {id}");
                }),
                AnsweredBy::AtMost(id, _) => {
                    let (measure, statistic) = id.split_once('.').unwrap();
                    let doc = docs().find(|doc| doc.id == measure).unwrap();
                    assert!(doc.statistics.iter().any(|known| known.name == statistic));
                }
            }
            assert_ne!(rule.text[0], rule.text[1]);
        }
        for doc in docs() {
            let mut rules = STANDARDS[1].rules.iter();
            assert!(
                rules.any(|rule| rule.is_answered_by(doc.id, doc.criterion)),
                "{}",
                doc.id
            );
        }
    }
}
