//! Undeclared columns in German.

use super::{Prose, Spoken, key, number, percent, real};

pub static PROSE: Prose = Prose {
    title: "Nicht deklarierte Spalten",
    question: "Machen Spalten, die das Manifest ignoriert, Personen eindeutig identifizierbar?",
    adversary: "Weiß, was eine Spalte unter `ignore` über eine Person sagt, denn sie steht in der Datei, und kennt \
                außerdem die deklarierten Merkmale.",
    definition: "Ein Wert oder eine Kombination von Werten macht eine Person eindeutig identifizierbar, wenn keine \
                 andere Person eine Zeile damit hat. Für jede Spalte unter `ignore` und jedes Blatt einer \
                 verschachtelten zählt `persons_unique` die Personen, die die Spalte allein herausgreift, und \
                 `persons_newly_unique` die, die nicht schon durch die deklarierten Merkmale herausgegriffen werden: \
                 in Mikrodaten durch die Spalte zusammen mit den Quasi-Identifikatoren (`with` = `declared`), dann \
                 durch alle solchen Spalten zusammen mit ihnen (`all`); in einer Spur durch die Spalte allein \
                 (`alone`) und durch alle zusammen, ohne die Punkte (`together`). In Mikrodaten ohne Subjekt oder mit \
                 einem eigenen für fast jede Zeile gilt eine Spalte, deren Werte sich wie die eines Pseudonyms wiederholen, auch als Subjekt (`subject`): \
                 ihre Zeilen gehören dann zu einer Person. Eine Spalte ist ein zweiter Identifikator, wenn Personen \
                 ihre Werte über mehrere Zeilen behalten und keine andere Person sie hat.",
    formula: "|{p : ∃ Zeile r von p, keine andere Person hat (deklariert, C)(r)} \\ {p : ∃ Zeile r von p, keine \
              andere Person hat deklariert(r)}|",
    denominator: "Personen; bei `distinct_share` Zeilen; Spalten, wo Spalten gezählt werden.",
    nulls: "Ein Nullwert ist ein eigener Wert, NaN gilt als Nullwert, -0,0 als 0,0. Ein Blatt mit mehreren Werten in \
            einer Zeile zählt als deren Folge.",
    assumptions: &[
        "Eine Spalte, deren Werte die Nummern der Zeilen in ihrer Datei sind, sagt nicht mehr als die Reihenfolge der \
         Zeilen und wird übergangen. Einen anderen zufälligen Zeilenschlüssel kann die Prüfung nicht von einer \
         Kundennummer unterscheiden: greift eine Spalte Personen heraus, deren Werte niemand kennen kann, so sagt es \
         `[table.harmless]` mit einer Begründung, die der Bericht zeigt.",
        "Wiederholung wie bei einem Pseudonym: mindestens 20 Werte, im Mittel von höchstens 200 Zeilen, die keine \
         Funktion der Quasi-Identifikatoren sind oder Namen oder Form eines Pseudonyms haben.",
    ],
    limits: &[
        "Gleichheit wird wie geschrieben verglichen: Hierarchien und `nulls = \"wildcard\"` lassen keine Zeilen \
         aufeinander passen.",
        "Von den Spalten einer Spur, die sich von Zeile zu Zeile ändern, zählt nur, was sie ohne die Punkte \
         herausgreifen.",
        "Formen von Identifikatoren in diesen Spalten meldet `direct-identifiers`.",
    ],
    validation: "Stimmt auf zufälligen Tabellen mit dem Vergleich aller Paare von Zeilen überein.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "examined",
            title: "Untersuchte veröffentlichte Spalten",
            of: "Spalten",
            meaning: |f| {
                format!(
                    "{} veröffentlichte Spalten, darunter Blätter verschachtelter, wurden dekodiert und untersucht.",
                    number(real(f))
                )
            },
        },
        Spoken {
            name: "undecoded",
            title: "Veröffentlichte Spalten, die sich nicht dekodieren lassen",
            of: "Spalten",
            meaning: |f| match real(f) {
                0.0 => "Jede veröffentlichte Spalte ließ sich dekodieren.".to_owned(),
                count => format!(
                    "{} veröffentlichte Spalten enthalten Werte, die sich nicht dekodieren lassen: über sie ist \
                     nichts bekannt.",
                    number(count)
                ),
            },
        },
        Spoken {
            name: "harmless",
            title: "Als unbedenklich deklarierte Spalten",
            of: "Spalten",
            meaning: |f| {
                format!(
                    "Das Manifest erklärt {} Spalten für unbedenklich.",
                    number(real(f))
                )
            },
        },
        Spoken {
            name: "distinct_share",
            title: "Verschiedene Werte je Zeile",
            of: "Zeilen",
            meaning: |f| {
                format!(
                    "Die Spalte hat so viele verschiedene Werte wie {} der Zeilen.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "persons_unique",
            title: "Durch eine Spalte allein herausgegriffene Personen",
            of: "Personen",
            meaning: |f| {
                format!(
                    "{} Personen haben in dieser Spalte einen Wert, den sonst niemand hat.",
                    number(real(f))
                )
            },
        },
        Spoken {
            name: "persons_newly_unique",
            title: "Durch nicht deklarierte Spalten herausgegriffene Personen",
            of: "Personen",
            meaning: |f| {
                let how = match key(f, "with").as_str() {
                    "subject" => "wenn die Spalte das Pseudonym ist, nach dem sie aussieht",
                    "alone" => "durch die Spalte allein",
                    "together" => "durch alle diese Spalten zusammen",
                    "all" => "durch alle diese Spalten mit den deklarierten",
                    _ => "durch die Spalte mit den deklarierten",
                };
                match real(f) {
                    0.0 => format!("Niemand wird zusätzlich eindeutig identifizierbar, {how}."),
                    count => format!(
                        "{} Personen werden zusätzlich eindeutig identifizierbar, {how}: der Spalte eine Rolle \
                         geben, sie entfernen oder unter `harmless` begründen, warum niemand sie kennen kann.",
                        number(count)
                    ),
                }
            },
        },
        Spoken {
            name: "decimal_places",
            title: "Veröffentlichte Nachkommastellen",
            of: "Werten",
            meaning: |f| {
                format!(
                    "Zahlen werden mit bis zu {} Nachkommastellen veröffentlicht.",
                    number(real(f))
                )
            },
        },
        Spoken {
            name: "time_step",
            title: "Schrittweite veröffentlichter Zeiten",
            of: "Sekunden",
            meaning: |f| {
                format!(
                    "Zeiten werden in Schritten von {} Sekunden veröffentlicht.",
                    number(real(f))
                )
            },
        },
        Spoken {
            name: "second_identifiers",
            title: "Identifikatoren neben dem Subjekt",
            of: "Spalten",
            meaning: |f| {
                match real(f) {
                0.0 => "Keine Spalte identifiziert Personen neben dem Subjekt.".to_owned(),
                1.0 => "Eine Spalte identifiziert Personen neben dem Subjekt: jede Person behält einen Wert, den \
                        sonst niemand hat."
                    .to_owned(),
                count => format!(
                    "{} Spalten identifizieren Personen neben dem Subjekt: jede Person behält einen Wert, den sonst \
                     niemand hat.",
                    number(count)
                ),
            }
            },
        },
        Spoken {
            name: "dependent",
            title: "Spalten, die eine andere Spalte bestimmt",
            of: "Spalten",
            meaning: |f| {
                format!(
                    "{} Spalten sind Funktion einer anderen Spalte.",
                    number(real(f))
                )
            },
        },
    ],
};
