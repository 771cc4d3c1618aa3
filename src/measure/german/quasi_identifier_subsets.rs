//! Subsets of the quasi-identifiers in German.

use super::{Prose, Spoken, key, number, percent, real};

pub static PROSE: Prose = Prose {
    title: "Teilmengen der Quasi-Identifikatoren",
    question: "Welche der Quasi-Identifikatoren, und wie wenige davon, muss jemand kennen, um Personen \
               herauszugreifen?",
    adversary: "Kennt manche der Quasi-Identifikatoren einer Person, nicht alle, und weiß, dass sie in der \
                Veröffentlichung ist.",
    definition: "Für jede Teilmenge von höchstens m Quasi-Identifikatoren: die Personen, die in ihrer Klasse allein \
                 sind, die kleinste Klasse, und wie gut die Spalten Datensätze unterscheiden. Unterscheidung \
                 (Distinction) ist der Anteil verschiedener Tupel an den Datensätzen; Trennung (Separation) der \
                 Anteil der Paare von Datensätzen, die in mindestens einer Spalte verschieden sind. Der Beitrag \
                 einer Spalte ist, was sie zum Anteil einmaliger Personen hinzufügt, im Mittel über alle \
                 untersuchten Teilmengen, die sie enthalten.",
    formula: "einmalige Personen |{i : eine Klasse c von i hat Personen(c) = 1}|; k = min Personen(c); \
              Unterscheidung u/n bei n Datensätzen in u Klassen; Trennung 1 − Σ f(f−1) / (n(n−1)) mit f Datensätzen \
              einer Klasse; Beitrag von a: Mittel über S ∋ a von (einmalige(S) − einmalige(S∖{a})) / Personen",
    denominator: "Bei `unique_persons`, `k` und `contribution` Personen; bei `distinction` Datensätze; bei \
                  `separation` Paare von Datensätzen.",
    nulls: super::OF_KNOWN,
    assumptions: &["Jede Teilmenge ist mit gleicher Wahrscheinlichkeit bekannt."],
    limits: &[
        "Eine Spalte, die allein niemanden herausgreift, kann zusammen mit einer anderen alle herausgreifen.",
        "Sind es viele Spalten, so lassen sich nur kleine Teilmengen untersuchen; `largest_size` sagt, wie kleine. \
         Mehr Spalten greifen mindestens ebenso viele heraus.",
    ],
    validation: "Einmalige Personen, k, Unterscheidung und Trennung stimmen auf den Adult-Daten für 66 Teilmengen \
                 bis auf 1e-12 mit GROUP BY in SQL überein, auf erzeugten Tabellen mit einer erschöpfenden \
                 Auszählung, auch bei mehreren Datensätzen je Person.",
    table: None,
    settings: &[
        "höchste Größe m einer Teilmenge",
        "Anteile von Personen für `smallest_size`; hinzu kommen die, die eine Richtlinie nennt",
    ],
    statistics: &[
        Spoken {
            name: "unique_persons",
            title: "Einmalige Personen",
            of: "Personen",
            meaning: |f| {
                let alone = (f.denominator).map_or(0.0, |persons| real(f) / persons as f64);
                format!(
                    "Wer {} kennt, findet {} der Personen.",
                    f.columns.join(", "),
                    percent(alone)
                )
            },
        },
        Spoken {
            name: "k",
            title: "Kleinste Klasse",
            of: "Personen",
            meaning: |f| {
                let columns = f.columns.join(", ");
                match real(f) {
                    1.0 => {
                        format!("Wer {columns} kennt, für den bleibt mindestens 1 Person übrig.")
                    }
                    k => format!(
                        "Wer {columns} kennt, für den bleiben mindestens {} Personen übrig.",
                        number(k)
                    ),
                }
            },
        },
        Spoken {
            name: "distinction",
            title: "Unterscheidung (Distinction)",
            of: "Datensätzen",
            meaning: |f| {
                format!(
                    "Die Zahl der Kombinationen dieser Werte beträgt {} der Zahl der Datensätze.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "separation",
            title: "Trennung (Separation)",
            of: "Paaren von Datensätzen",
            meaning: |f| {
                format!(
                    "Von allen Paaren von Datensätzen sind {} in diesen Spalten verschieden.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "smallest_size",
            title: "Spalten, die genügen",
            of: "Spalten",
            meaning: |f| {
                let share = percent(key(f, "share").parse().unwrap_or(0.0));
                match (f.value, f.columns.len()) {
                    (None, _) => format!(
                        "Keine untersuchte Kombination von Spalten greift mehr als {share} der \
                         Personen heraus."
                    ),
                    (Some(_), 1) => format!(
                        "{} greift allein mehr als {share} der Personen heraus.",
                        f.columns.join(", ")
                    ),
                    (Some(_), _) => format!(
                        "{} greifen zusammen mehr als {share} der Personen heraus; weniger \
                         Spalten tun es nicht.",
                        f.columns.join(", ")
                    ),
                }
            },
        },
        Spoken {
            name: "contribution",
            title: "Beitrag einer Spalte",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Wer auch {} kennt, greift im Mittel weitere {} der Personen heraus.",
                    f.columns.join(", "),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "largest_size",
            title: "Größte untersuchte Teilmenge",
            of: "Spalten",
            meaning: |f| match real(f) {
                1.0 => "Alle Kombinationen von höchstens 1 Spalte wurden untersucht.".to_owned(),
                columns => format!(
                    "Alle Kombinationen von bis zu {} Spalten wurden untersucht.",
                    number(columns)
                ),
            },
        },
    ],
};
