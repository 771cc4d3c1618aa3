//! δ-disclosure privacy in German.

use super::{Prose, Spoken, fixed, number, parameter, real};

pub static PROSE: Prose = Prose {
    title: "δ-Offenlegung (δ-Disclosure Privacy)",
    question: "Um welchen Faktor kann die Kenntnis der Gruppe die Wahrscheinlichkeit eines sensiblen Wertes ändern?",
    adversary: "Kennt die Quasi-Identifikatoren einer Person und weiß, dass sie in der Veröffentlichung ist; will \
                ihren sensiblen Wert und muss ihren Datensatz dafür nicht finden.",
    definition: "Schutz vor δ-Offenlegung besteht, wenn in jeder Klasse jeder Wert, der darin vorkommt, weniger \
                 als e^δ-mal und mehr als e^−δ-mal so häufig ist wie in der ganzen Tabelle.",
    formula: "δ = max über Klassen und vorkommende Werte von |ln(q_s / p_s)|",
    denominator: "Personen. Wer in einer Klasse mehrere Werte hat, zählt in der Klasse und in der Tabelle einmal \
                  für jeden davon.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &[
        "Werte, die in einer Klasse fehlen, bleiben außer Betracht; streng genommen machen sie δ unendlich.",
    ],
    limits: &[
        "Dass ein Wert für eine Gruppe ausgeschlossen ist, zählt nicht: ob das vorkommt, sagt `absent_values`.",
    ],
    validation: "Stimmt auf den Adult-Daten auf 1e-9 genau mit einer erschöpfenden Vergleichsrechnung und einer \
                 öffentlichen Bibliothek überein.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "delta",
            title: "Größtes logarithmisches Verhältnis der Anteile",
            of: "Klassen",
            meaning: |f| {
                format!(
                    "In mindestens einer Gruppe ist ein Wert von {} {}-mal so häufig oder so \
                     selten wie in der ganzen Tabelle.",
                    parameter(f, "sensitive"),
                    fixed(real(f).exp(), 1)
                )
            },
        },
        Spoken {
            name: "absent_values",
            title: "Klassen, in denen ein Wert fehlt",
            of: "Klassen",
            meaning: |f| {
                format!(
                    "In {} {} lässt sich mindestens ein Wert von {} ausschließen.",
                    number(real(f)),
                    match real(f) {
                        1.0 => "Gruppe",
                        _ => "Gruppen",
                    },
                    parameter(f, "sensitive")
                )
            },
        },
    ],
};
