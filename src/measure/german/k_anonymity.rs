//! k-anonymity in German.

use super::{Prose, Spoken, fixed, number, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "k-Anonymität",
    question: "Wie klein ist die kleinste Gruppe von Personen, die in allen Quasi-Identifikatoren übereinstimmen?",
    adversary: "Kennt die Quasi-Identifikatoren einer Person und weiß, dass sie in der Veröffentlichung ist; will \
                ihre Datensätze finden.",
    definition: "Eine Äquivalenzklasse ist die Menge der Datensätze, die in jedem Quasi-Identifikator gleich sind. \
                 Ihre Größe ist die Zahl der verschiedenen Personen mit einem Datensatz darin. Eine Tabelle ist \
                 k-anonym, wenn jede Klasse mindestens k Personen enthält.",
    formula: "k = min über Klassen c von |Personen(c)|; Anteil unter k = |{i : min über die Klassen c der Person i \
              von |Personen(c)| < k}| / Personen",
    denominator: "Personen: verschiedene Subjekte; ohne Subjektspalte ist jeder Datensatz eine Person. Eine Person \
                  mit mehreren Datensätzen zählt einmal, in der kleinsten Klasse, in der sie vorkommt; bei \
                  `rows = composite` bilden alle Datensätze einer Person zusammen (als Multimenge) ihre eine Klasse.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        super::COMPARED,
        "Das Manifest nennt alle Spalten, die ein Angreifer kennen kann, als Quasi-Identifikatoren.",
        "Werte werden genau verglichen: nichts wird vergröbert.",
    ],
    limits: &[
        "Es sagt nichts darüber, was ein Angreifer ohne Herausgreifen erfährt: eine Klasse, deren Personen alle \
         denselben sensiblen Wert haben, gibt diesen Wert preis (Inferenz).",
        "Es gilt für die Personen der Veröffentlichung, nicht für die Grundgesamtheit, aus der sie stammen.",
    ],
    validation: "Stimmt für 66 Mengen von Quasi-Identifikatoren der Adult-Daten Klasse für Klasse mit GROUP BY in \
                 SQL überein und auf erzeugten Tabellen mit mehreren Datensätzen je Person mit einer erschöpfenden \
                 Zählung.",
    table: None,
    settings: &[
        "Schwellen für `persons_below`, `records_below` und `share_below`; hinzu kommen die, die eine Richtlinie nennt",
    ],
    statistics: &[
        Spoken {
            name: "k",
            title: "Kleinste Klasse",
            of: "Personen",
            meaning: |f| {
                match real(f) {
                1.0 => "Mindestens eine Person teilt ihre Quasi-Identifikatoren mit niemandem: wer sie kennt, \
                        findet ihren Datensatz mit Sicherheit."
                    .to_owned(),
                2.0 => "Mindestens eine Person teilt ihre Quasi-Identifikatoren nur mit einer einzigen anderen.".to_owned(),
                k => format!(
                    "Jede Person teilt ihre Quasi-Identifikatoren mit mindestens {} anderen.",
                    number(k - 1.0)
                ),
            }
            },
        },
        Spoken {
            name: "classes",
            title: "Äquivalenzklassen",
            of: "Personen",
            meaning: |f| match real(f) {
                1.0 => "Nach den Quasi-Identifikatoren bilden alle Personen 1 Gruppe.".to_owned(),
                classes => format!(
                    "Nach den Quasi-Identifikatoren zerfallen die Personen in {} Gruppen.",
                    number(classes)
                ),
            },
        },
        Spoken {
            name: "average_class_size",
            title: "Mittlere Klassengröße",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Im Mittel umfasst eine Gruppe {} Personen.",
                    fixed(real(f), 1)
                )
            },
        },
        Spoken {
            name: "persons_below",
            title: "Personen in Klassen unter k",
            of: "Personen",
            meaning: |f| {
                let k = parameter(f, "k");
                match real(f) {
                    1.0 => format!(
                        "1 Person verbirgt sich unter weniger als {k}, sie selbst mitgezählt."
                    ),
                    persons => format!(
                        "{} Personen verbergen sich unter weniger als {k}, sie selbst mitgezählt.",
                        number(persons)
                    ),
                }
            },
        },
        Spoken {
            name: "records_below",
            title: "Datensätze in Klassen unter k",
            of: "Datensätzen",
            meaning: |f| {
                let k = parameter(f, "k");
                match real(f) {
                    1.0 => {
                        format!("1 Datensatz liegt in einer Gruppe von weniger als {k} Personen.")
                    }
                    records => format!(
                        "{} Datensätze liegen in Gruppen von weniger als {k} Personen.",
                        number(records)
                    ),
                }
            },
        },
        Spoken {
            name: "share_below",
            title: "Anteil der Personen in Klassen unter k",
            of: "Personen",
            meaning: |f| {
                let k = parameter(f, "k");
                format!(
                    "Von allen Personen verbergen sich {} unter weniger als {k}.",
                    percent(real(f))
                )
            },
        },
    ],
};
