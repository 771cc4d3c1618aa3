//! Undeclared columns in German.

use super::{Prose, Spoken, key, number, percent, real};
use crate::finding::Finding;

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
                 (`alone`) und durch alle zusammen, ohne die Punkte (`together`). Ein Gewicht (`weight`) von Mikrodaten \
                 ist eine solche Spalte. `persons_newly_below` zählt in Mikrodaten die, denen in diesen Spalten weniger \
                 als k Personen gleichen, sie selbst mitgezählt, in den deklarierten allein aber mindestens k. Wo \
                 durch Hierarchien oder `nulls = \"wildcard\"` ungleiche Datensätze aufeinander passen, wird beides \
                 auch nach den Mengen von `re-identification-risk` gezählt: denen der Tabelle, deren flache \
                 ignorierte Spalten Quasi-Identifikatoren sind, gegen die der Tabelle, wie sie deklariert ist \
                 (`matched`). Unter Zeilen ohne Subjekt oder mit fast je einem eigenen gilt eine Spalte, deren Werte sich wie die eines Pseudonyms \
                 wiederholen, auch als Subjekt (`subject`): ihre Zeilen gehören dann zu einer Person. Eine Spalte ist \
                 ein zweiter Identifikator, wenn Personen ihre Werte über mehrere Zeilen behalten und keine andere \
                 Person sie hat; wo eine Person eine Zeile hat, wenn sie ein Text oder eine ganze Zahl ist, von der \
                 jede Zeile ihre eigene hat, und kein Quasi-Identifikator: von ganzen Zahlen die, die wie ein \
                 Pseudonym heißen oder gleichmäßig von der kleinsten bis zur größten streuen, wie es Messwerte nicht tun. Stimmen alle Zeilen von \
                 Mikrodaten in den Quasi-Identifikatoren überein, ist also nichts deklariert, was ein Angreifer weiß, so \
                 gelten auch Spalten unter `sensitive` als nicht deklariert. `known_attributes` zählt die Spalten von \
                 Mikrodaten unter `sensitive`, die wie ein Alter, ein Geschlecht, eine Geburt oder eine Postleitzahl \
                 heißen und mehr als einen Wert haben; `private_attributes` die Spalten von Mikrodaten unter `ignore`, die wie \
                 eine Krankheit, ein Einkommen, eine Religion oder Ähnliches heißen oder deren Werte von dieser Art sind (Codes der ICD-10 oder der \
                 ATC-Klassifikation, Namen von Krankheiten, Religionen, Parteien, sexuellen Orientierungen), und mehr als einen Wert haben. Haben \
                 Personen mehrere Zeilen, so vergleicht `with` = `rows` alle Zeilen einer Person zusammen, nach den Spalten von \
                 `all`; bei vier oder mehr Zeilen je Person auch nach jenen Spalten unter `sensitive`, deren Namen und Werte nicht zeigen, dass sie es sind.",
    formula: "|{p : ∃ Zeile r von p, keine andere Person hat (deklariert, C)(r)} \\ {p : ∃ Zeile r von p, keine \
              andere Person hat deklariert(r)}|; bei `persons_newly_below` weniger als k Personen statt einer. \
              Gleichmäßig: größter Abstand der Verteilung von der Gleichverteilung unter 1,36/√n, n ≥ 100 \
              (Kolmogorow–Smirnow, 5 %).",
    denominator: "Personen; bei `distinct_share` Zeilen; Spalten, wo Spalten gezählt werden.",
    nulls: "Ein Nullwert ist ein eigener Wert, NaN gilt als Nullwert, -0,0 als 0,0. Ein Blatt mit mehreren Werten in \
            einer Zeile zählt als deren Folge. Eine Zeile ohne Subjekt ist eine Person für sich, was auch immer \
            `null_subject` sagt: sie ist veröffentlicht.",
    assumptions: &[
        "Eine Spalte, deren Werte die Nummern der Zeilen in ihrer Datei sind, sagt nicht mehr als die Reihenfolge der \
         Zeilen und wird übergangen. Einen anderen zufälligen Zeilenschlüssel kann die Prüfung nicht von einer \
         Kundennummer unterscheiden: greift eine Spalte Personen heraus, deren Werte niemand kennen kann, so sagt es \
         `[table.harmless]` mit einer Begründung, die der Bericht zeigt.",
        "Wiederholung wie bei einem Pseudonym: mindestens 20 Werte, im Mittel von höchstens 200 Zeilen, die keine \
         Funktion der Quasi-Identifikatoren sind oder Namen oder Form eines Pseudonyms haben.",
    ],
    limits: &[
        "Gleichheit wird wie geschrieben verglichen, außer bei `matched`, wo verschachtelte Spalten fehlen.",
        "Ein Blatt einer verschachtelten Spalte einer Spur gehört zu keinem Punkt. Was es zu den Punkten und den \
         flachen Spalten unter `ignore` hinzufügt, wird nicht gemessen, sofern diese es nicht bestimmen.",
        "Von den Spalten einer Spur, die sich von Zeile zu Zeile ändern, zählt nur, was sie ohne die Punkte \
         herausgreifen.",
        "Formen von Identifikatoren in diesen Spalten meldet `direct-identifiers`.",
    ],
    validation: "Stimmt auf zufälligen Tabellen mit dem Vergleich aller Paare von Zeilen überein.",
    table: None,
    settings: &[
        "Schwellen für `persons_newly_below`; die in den Prüfkriterien genannten kommen hinzu",
    ],
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
                let how = means(f);
                match real(f) {
                    0.0 => format!("Niemand wird erst {how} eindeutig identifizierbar."),
                    count => format!(
                        "{} Personen werden erst {how} eindeutig identifizierbar: der Spalte eine Rolle \
                         geben, sie entfernen oder unter `harmless` begründen, warum niemand sie kennen kann.",
                        number(count)
                    ),
                }
            },
        },
        Spoken {
            name: "persons_newly_below",
            title: "Personen in Gruppen unter k durch nicht deklarierte Spalten",
            of: "Personen",
            meaning: |f| {
                let (how, k) = (means(f), key(f, "k"));
                match real(f) {
                    0.0 => format!(
                        "Niemand gerät zusätzlich in eine Gruppe von weniger als {k}, {how}."
                    ),
                    count => format!(
                        "{} Personen geraten erst {how} in Gruppen von weniger als {k}: der Spalte eine Rolle \
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
            name: "known_attributes",
            title: "Sensible Spalten, die andere kennen",
            of: "Spalten",
            meaning: |f| {
                match real(f) {
                0.0 => "Keine sensible Spalte heißt wie ein Alter, ein Geschlecht, eine Geburt oder eine Postleitzahl."
                    .to_owned(),
                1.0 => "Eine sensible Spalte heißt wie ein Alter, ein Geschlecht, eine Geburt oder eine Postleitzahl, die \
                        andere kennen: unter `quasi_identifiers` aufführen oder unter `harmless` begründen, warum \
                        niemand sie kennen kann."
                    .to_owned(),
                count => format!(
                    "{} sensible Spalten heißen wie ein Alter, ein Geschlecht, eine Geburt oder eine Postleitzahl, die \
                     andere kennen: unter `quasi_identifiers` aufführen oder unter `harmless` begründen, warum \
                     niemand sie kennen kann.",
                    number(count)
                ),
            }
            },
        },
        Spoken {
            name: "private_attributes",
            title: "Ignorierte Spalten, die sensibel sind",
            of: "Spalten",
            meaning: |f| {
                match real(f) {
                0.0 => "Keine ignorierte Spalte heißt wie eine Krankheit, ein Einkommen, eine Religion oder Ähnliches oder enthält solche Werte."
                    .to_owned(),
                1.0 => "Eine ignorierte Spalte heißt wie eine Krankheit, ein Einkommen, eine Religion oder Ähnliches oder enthält solche Werte: unter \
                        `sensitive` aufführen, damit gemessen wird, was Gruppen davon verraten, oder unter `harmless` \
                        begründen, warum sie über niemanden etwas sagt."
                    .to_owned(),
                count => format!(
                    "{} ignorierte Spalten heißen wie eine Krankheit, ein Einkommen, eine Religion oder Ähnliches oder enthalten solche Werte: unter \
                     `sensitive` aufführen, damit gemessen wird, was Gruppen davon verraten, oder unter `harmless` \
                     begründen, warum sie über niemanden etwas sagen.",
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

fn means(finding: &Finding) -> &'static str {
    match key(finding, "with").as_str() {
        "subject" => "durch die Spalte als Pseudonym, nach dem sie aussieht,",
        "alone" => "durch die Spalte allein",
        "together" => "durch alle diese Spalten zusammen",
        "all" => "durch alle diese Spalten zusammen mit den deklarierten",
        "rows" => {
            "durch alle Zeilen einer Person zusammen, in diesen und den deklarierten Spalten,"
        }
        "matched" => {
            "durch alle diese Spalten zusammen mit den deklarierten, wo ungleiche Datensätze aufeinander passen,"
        }
        _ => "durch die Spalte zusammen mit den deklarierten",
    }
}
