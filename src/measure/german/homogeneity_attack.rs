//! The homogeneity attack in German.

use super::{Prose, Spoken, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Homogenitätsangriff",
    question: "Bei wie vielen Personen verrät schon die Gruppe den sensiblen Wert?",
    adversary: "Kennt die Quasi-Identifikatoren einer Person und weiß, dass sie in der Veröffentlichung ist; will \
                ihren sensiblen Wert und muss ihren Datensatz dafür nicht finden.",
    definition: "Eine Klasse verrät einen Wert mit Sicherheit x, wenn ein Wert darin mindestens den Anteil x hat. \
                 Bei x = 1 haben alle in der Klasse denselben Wert; Klassen von einer Person immer.",
    formula: "|{i : max über Klassen c von i, max über s von q_s(c) ≥ x}| / Personen",
    denominator: "Personen; eine Person in mehreren Klassen zählt, wenn eine davon den Wert verrät.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &["Der sensible Wert in der Veröffentlichung ist der wahre."],
    limits: &[
        "Ein Wert, den ohnehin die meisten haben, ist auch ohne die Veröffentlichung bekannt: dazu der \
         Vergleichswert, der Anteil des häufigsten Wertes in der Tabelle.",
    ],
    validation: "Die Datensätze in Klassen mit nur einem sensiblen Wert stimmen auf den Adult-Daten mit einer \
                 erschöpfenden Auszählung überein, für alle geprüften Spaltenmengen.",
    table: None,
    settings: &["x, über 0 und bis 1; Werte, die eine Richtlinie nennt, kommen hinzu"],
    statistics: &[Spoken {
        name: "share_certain",
        title: "Personen, deren Wert verraten wird",
        of: "Personen",
        meaning: |f| {
            let share = percent(real(f));
            let what = parameter(f, "sensitive");
            match parameter(f, "certainty").as_str() {
                "1" => format!(
                    "Bei {share} der Personen verrät schon die Gruppe den Wert von {what} mit \
                     Sicherheit."
                ),
                certainty => format!(
                    "Bei {share} der Personen verrät schon die Gruppe den Wert von {what} mit \
                     einer Wahrscheinlichkeit von mindestens {certainty}."
                ),
            }
        },
    }],
};
