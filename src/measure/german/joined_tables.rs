//! Joined tables in German.

use super::{Prose, Spoken, fixed, number, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Verknüpfte Tabellen",
    question: "Verbirgt sich eine Person noch in einer Gruppe, wenn die Tabellen der Veröffentlichung verknüpft werden?",
    adversary: "Hat alle Tabellen der Veröffentlichung und kennt die Quasi-Identifikatoren einer Person in jeder von \
                ihnen; verknüpft die Tabellen über gemeinsame Pseudonyme oder, wenn sie dieselbe Datei sind, Zeile \
                für Zeile.",
    definition: "Verknüpft sind Tabellen, die dieselben Subjekte nennen, wie immer ihre Spalten heißen: jeder gleiche \
                 Text ist dasselbe Subjekt; ganze Zahlen sind es, wenn mindestens die Hälfte derer der kleineren Tabelle \
                 gleich ist oder mehr, als der Zufall gleich machte, wären beide zufällig aus ihrem gemeinsamen Bereich \
                 gezogen (um mehr als fünf Standardabweichungen und eins). Wer in zwei oder mehr verknüpften Tabellen der \
                 Art microdata vorkommt, wird nach allen zugleich verglichen: nach der Klasse aller eigenen Zeilen \
                 zusammen in jeder. Die Gruppe einer Person sind alle, die in allen diesen Tabellen vorkommen, \
                 womöglich auch in weiteren, und in jeder dieselbe Klasse haben. Mikrodaten, von denen eine kein \
                 Subjekt hat und die aus denselben Dateien oder gleichen Kopien gelesen werden, werden Zeile für Zeile \
                 verknüpft: ihre Klassen sind die nach den Quasi-Identifikatoren aller.",
    formula: "Gruppe(i) = |{j : T_j ⊇ T_i, Klasse_t(j) = Klasse_t(i) für alle t in T_i}|, T_i die Tabellen, in denen \
              Person i vorkommt; k = Minimum, höchstes Risiko = Maximum von 1/Gruppe, über Personen in zwei oder mehr \
              Tabellen",
    denominator: "Personen, die in zwei oder mehr verknüpften Tabellen mit Merkmalen vorkommen oder in Zeilen von \
                  Tabellen, die dieselbe Datei sind; bei `persons_linked` alle Personen, die in zwei oder mehr \
                  verknüpften Tabellen vorkommen.",
    nulls: "Ein Nullwert ist ein eigener Wert. Werte werden auf Gleichheit verglichen, auch wenn in einer Tabelle \
            Nullwerte oder Hierarchien passen: sicherer sind verknüpfte Tabellen nie.",
    assumptions: &[
        "Gleiche Subjekte in zwei Tabellen sind eine Person. Haben Tabellen eigene, zufällig gezogene Pseudonyme, so wird \
         nichts verknüpft; fortlaufende Nummern, die in jeder Tabelle neu beginnen, lassen sich von gemeinsamen nicht \
         unterscheiden und gelten als gemeinsam.",
        "Wer nur in einer Tabelle vorkommt, wird nach ihr allein beurteilt: der Angreifer weiß nicht, wer anderswo fehlt.",
    ],
    limits: &[
        "Eine Spur, die Pseudonyme mit einer Tabelle von Merkmalen teilt, nennt `persons_linked`: wer in der einen \
         gefunden wird, ist auch in der anderen gefunden. Was beide zusammen ergeben, Quasi-Identifikatoren neben \
         Punkten, wird nicht gemessen.",
        "Tabellen ohne Subjekte, die dieselben Personen in anderer Reihenfolge oder in einer anderen Datei enthalten, \
         werden nicht erkannt.",
    ],
    validation: "Stimmt auf erzeugten Tabellen, die einen Teil ihrer Subjekte gemeinsam haben, mit einem Vergleich aller \
                 Paare von Personen überein; Tabellen mit eigenen Pseudonymen werden nicht verknüpft, ob es Texte oder \
                 zufällig gezogene Zahlen sind.",
    table: None,
    settings: &["Schwellen für `persons_below`; hinzu kommen die, die eine Richtlinie nennt"],
    statistics: &[
        Spoken {
            name: "persons_linked",
            title: "Personen in mehreren Tabellen",
            of: "Personen",
            meaning: |f| {
                let tables = parameter(f, "tables");
                match real(f) {
                    1.0 => format!(
                        "1 Person kommt in mehreren dieser Tabellen unter demselben Pseudonym vor: {tables}."
                    ),
                    persons => format!(
                        "{} Personen kommen in mehreren dieser Tabellen unter demselben Pseudonym vor: {tables}.",
                        number(persons)
                    ),
                }
            },
        },
        Spoken {
            name: "k",
            title: "Kleinste Klasse verknüpfter Tabellen",
            of: "Personen",
            meaning: |f| {
                match real(f) {
                1.0 => {
                    "Sind die Tabellen verknüpft, so gleicht mindestens eine Person niemandem sonst."
                        .to_owned()
                }
                k => format!(
                    "Sind die Tabellen verknüpft, so gleicht jede Person mindestens {} anderen.",
                    number(k - 1.0)
                ),
            }
            },
        },
        Spoken {
            name: "persons_below",
            title: "Personen in Klassen unter k, Tabellen verknüpft",
            of: "Personen",
            meaning: |f| {
                let k = parameter(f, "k");
                match real(f) {
                    1.0 => format!(
                        "Sind die Tabellen verknüpft, so verbirgt sich 1 Person unter weniger als {k}, sie selbst \
                         mitgezählt."
                    ),
                    persons => format!(
                        "Sind die Tabellen verknüpft, so verbergen sich {} Personen unter weniger als {k}, sie selbst \
                         mitgezählt.",
                        number(persons)
                    ),
                }
            },
        },
        Spoken {
            name: "share_unique",
            title: "Anteil einmaliger Personen, Tabellen verknüpft",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Sind die Tabellen verknüpft, so lassen sich {} der Personen in ihnen von allen anderen \
                     unterscheiden.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "risk_max",
            title: "Höchstes Risiko, Tabellen verknüpft",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Wer die Tabellen verknüpft, nennt bei der am stärksten gefährdeten Person den richtigen Datensatz \
                     mit Wahrscheinlichkeit {}.",
                    fixed(real(f), 3)
                )
            },
        },
    ],
};
