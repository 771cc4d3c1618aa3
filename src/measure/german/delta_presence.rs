//! δ-presence in German.

use super::{Prose, Spoken, fixed, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "δ-Präsenz (δ-Presence)",
    question: "Kann ein Angreifer, der ein Register der Grundgesamtheit hat, erkennen, wer in der Veröffentlichung \
               ist und wer nicht?",
    adversary: "Hat ein Register der Grundgesamtheit und will wissen, ob eine bestimmte Person daraus in der \
                Veröffentlichung ist, weil schon das etwas verrät (Patient, Schuldner).",
    definition: "Zu F Personen des Registers, die einander gleichen, hat die Veröffentlichung f passende: jede der \
                 F ist mit Wahrscheinlichkeit f/F darin. Eine Veröffentlichung hat (δmin, δmax)-Präsenz, wenn \
                 diese Wahrscheinlichkeit für alle im Register zwischen den beiden Werten liegt. Verglichen werden \
                 nur Spalten, die beide haben.",
    formula: "min und max über Personen p des Registers von min(1, f(p)/F(p)); mean der Mittelwert über sie",
    denominator: "Personen des Registers.",
    nulls: super::OF_KNOWN,
    assumptions: &["Die Veröffentlichung ist aus den Personen des Registers gezogen."],
    limits: &[
        "Ist niemand mit einer Kombination in der Veröffentlichung, so ist min gleich 0: der Angreifer weiß \
         sicher, dass diese Personen nicht darin sind. Ob das etwas verrät, hängt vom Gegenstand der \
         Veröffentlichung ab.",
    ],
    validation: "Stimmt auf erzeugten Tabellen und Registern mit einem Vergleich aller Paare von Personen überein, \
                 mit einer oder mehreren Zeilen je Person, mit Nullwerten als Platzhaltern und mit Hierarchien.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "min",
            title: "Kleinste Wahrscheinlichkeit, in der Veröffentlichung zu sein",
            of: "Personen des Registers",
            meaning: |f| {
                format!(
                    "Unter den Personen aus {} beträgt die kleinste Wahrscheinlichkeit, in der \
                     Veröffentlichung zu sein, {}.",
                    parameter(f, "auxiliary"),
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "max",
            title: "Größte Wahrscheinlichkeit, in der Veröffentlichung zu sein",
            of: "Personen des Registers",
            meaning: |f| {
                format!(
                    "Unter den Personen aus {} beträgt die größte Wahrscheinlichkeit, in der \
                     Veröffentlichung zu sein, {}.",
                    parameter(f, "auxiliary"),
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "share_certain",
            title: "Personen, die sicher in der Veröffentlichung sind",
            of: "Personen des Registers",
            meaning: |f| {
                format!(
                    "Von den Personen aus {} sind {} sicher in der Veröffentlichung.",
                    parameter(f, "auxiliary"),
                    percent(real(f))
                )
            },
        },
    ],
};
