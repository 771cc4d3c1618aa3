//! (α, k)-anonymity in German.

use super::{Prose, Spoken, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "(α, k)-Anonymität",
    question: "Wie sicher kann sich jemand eines sensiblen Wertes sein, der nur die Gruppe kennt?",
    adversary: "Kennt die Quasi-Identifikatoren einer Person und weiß, dass sie in der Veröffentlichung ist; will \
                ihren sensiblen Wert und muss ihren Datensatz dafür nicht finden.",
    definition: "Eine Tabelle ist (α, k)-anonym, wenn sie k-anonym ist und kein sensibler Wert in einer Klasse \
                 einen größeren Anteil als α hat.",
    formula: "α = max über Klassen und Werte von q_s; k ist `k-anonymity.k`",
    denominator: "Personen. Wer in einer Klasse mehrere Werte hat, zählt in der Klasse und in der Tabelle einmal \
                  für jeden davon.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &[
        "Jeder Wert gilt als sensibel; sind es nur einige, so ist das wahre α höchstens so groß wie dieses.",
    ],
    limits: &["Ein Wert, der in der ganzen Tabelle häufig ist, ist auch in jeder Klasse häufig."],
    validation: "Stimmt auf den Adult-Daten auf 1e-9 genau mit einer erschöpfenden Vergleichsrechnung und einer \
                 öffentlichen Bibliothek überein.",
    table: None,
    settings: &[],
    statistics: &[Spoken {
        name: "alpha",
        title: "Größter Anteil eines sensiblen Wertes in einer Klasse",
        of: "Personen",
        meaning: |f| {
            format!(
                "In mindestens einer Gruppe haben {} der Personen denselben Wert von {}.",
                percent(real(f)),
                parameter(f, "sensitive")
            )
        },
    }],
};
