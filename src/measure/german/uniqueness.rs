//! Sample uniqueness in German.

use super::{Prose, Spoken, number, percent, real};

pub static PROSE: Prose = Prose {
    title: "Stichproben-Einmaligkeit",
    question: "Wie viele Personen sind die einzigen der Veröffentlichung mit ihren Quasi-Identifikatoren?",
    adversary: "Kennt die Quasi-Identifikatoren einer Person und weiß, dass sie in der Veröffentlichung ist.",
    definition: "Eine Person ist einmalig, wenn mindestens einer ihrer Datensätze in einer Äquivalenzklasse von \
                 einer Person liegt: ihr selbst.",
    formula: "s₁ / n mit s₁ den Personen in einer Klasse der Größe 1 und n den Personen der Veröffentlichung",
    denominator: "Personen; bei `share_unique_classes` Klassen.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "Das Manifest nennt alle Spalten, die ein Angreifer kennen kann.",
        super::COMPARED,
    ],
    limits: &[
        "Eine in der Veröffentlichung einmalige Person muss es nicht in der Grundgesamtheit sein, aus der sie \
         stammt; Werte für die Grundgesamtheit sind eigene Maße.",
    ],
    validation: "Stimmt auf den Adult-Daten für 66 Mengen von Quasi-Identifikatoren mit GROUP BY … HAVING COUNT(*) \
                 = 1 in SQL überein.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "unique_persons",
            title: "Einmalige Personen",
            of: "Personen",
            meaning: |f| match real(f) {
                1.0 => "1 Person lässt sich von allen anderen der Veröffentlichung unterscheiden."
                    .to_owned(),
                persons => format!(
                    "{} Personen lassen sich von allen anderen der Veröffentlichung \
                     unterscheiden.",
                    number(persons)
                ),
            },
        },
        Spoken {
            name: "share_unique",
            title: "Anteil einmaliger Personen",
            of: "Personen",
            meaning: |f| {
                let share = percent(real(f));
                format!("Von allen Personen lassen sich {share} von allen anderen unterscheiden.")
            },
        },
        Spoken {
            name: "unique_classes",
            title: "Klassen von einer Person",
            of: "Klassen",
            meaning: |f| match real(f) {
                1.0 => "1 Gruppe enthält nur eine Person.".to_owned(),
                groups => format!("{} Gruppen enthalten nur eine Person.", number(groups)),
            },
        },
        Spoken {
            name: "share_unique_classes",
            title: "Anteil der Klassen von einer Person",
            of: "Klassen",
            meaning: |f| {
                format!(
                    "Von allen Gruppen enthalten {} nur eine Person.",
                    percent(real(f))
                )
            },
        },
    ],
};
