//! β-likeness in German.

use super::{Prose, Spoken, fixed, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "β-Ähnlichkeit (β-Likeness)",
    question: "Um wie viel kann die Kenntnis der Gruppe die Wahrscheinlichkeit eines sensiblen Wertes erhöhen?",
    adversary: "Kennt die Quasi-Identifikatoren einer Person und weiß, dass sie in der Veröffentlichung ist; will \
                ihren sensiblen Wert und muss ihren Datensatz dafür nicht finden.",
    definition: "Der Gewinn eines Wertes in einer Klasse ist der relative Zuwachs seines Anteils gegenüber seinem \
                 Anteil in der ganzen Tabelle. Einfache β-Ähnlichkeit gilt, wenn kein Gewinn größer als β ist. \
                 Erweiterte β-Ähnlichkeit hält außerdem jeden Gewinn bei höchstens −ln p, damit häufige Werte \
                 nicht beinahe sicher werden.",
    formula: "einfach: max über Klassen und Werte von (q_s − p_s)/p_s; erweitert: das kleinste β mit (q_s − \
              p_s)/p_s ≤ min(β, −ln p_s) für jedes q_s > p_s, keines, wenn ein Gewinn −ln p_s übersteigt",
    denominator: "Personen. Wer in einer Klasse mehrere Werte hat, zählt in der Klasse und in der Tabelle einmal \
                  für jeden davon.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &[
        "Schaden richtet nur ein Zuwachs an; dass ein Wert unwahrscheinlicher wird, zählt nicht.",
    ],
    limits: &[
        "Ein Wert, der in der Tabelle nur einmal vorkommt, hat in jeder kleinen Klasse einen großen Gewinn.",
    ],
    validation: "Stimmt auf den Adult-Daten auf 1e-9 genau mit einer erschöpfenden Vergleichsrechnung überein. \
                 Eine öffentliche Bibliothek gibt für die erweiterte Fassung das größte min(Gewinn, −ln p) aus; \
                 die Definition lässt sich daran nicht prüfen.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "basic",
            title: "Größter relativer Gewinn",
            of: "Klassen",
            meaning: |f| {
                format!(
                    "In mindestens einer Gruppe ist ein Wert von {} um {} häufiger als in der \
                     ganzen Tabelle.",
                    parameter(f, "sensitive"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "enhanced_holds",
            title: "Kleinstes β, für das erweiterte β-Ähnlichkeit gilt",
            of: "Klassen",
            meaning: |f| match f.value {
                None => "Mindestens ein Wert wird in einer Gruppe so wahrscheinlich, dass \
                         erweiterte β-Ähnlichkeit für kein β gilt."
                    .to_owned(),
                Some(_) => format!(
                    "Erweiterte β-Ähnlichkeit gilt für β = {}.",
                    fixed(real(f), 3)
                ),
            },
        },
    ],
};
