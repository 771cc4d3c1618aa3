//! Joined tables in German.

use super::{Prose, Spoken, fixed, number, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Verknüpfte Tabellen",
    question: "Sind Personen noch in einer Gruppe verborgen, wenn die Tabellen der Veröffentlichung verknüpft werden?",
    adversary: "Hat alle Tabellen der Veröffentlichung und kennt die Quasi-Identifikatoren einer Person in jeder von \
                ihnen; verknüpft die Tabellen über gemeinsame Pseudonyme, über solche, die eine Tabelle aus denen einer anderen \
                berechnet, über andere Spalten, die dieselben Personen benennen, oder Zeile für Zeile.",
    definition: "Tabellen sind verknüpft, wenn sie dieselben Subjekte nennen, wie auch immer ihre Spalten heißen. \
                 Subjekte werden verglichen, wie sie geschrieben sind, ganze Zahlen auch mit Texten; verknüpft das \
                 nichts, so nach ihren Buchstaben und Ziffern allein, in Kleinschreibung und ohne führende Nullen, \
                 solange dadurch keine zwei Subjekte einer Tabelle gleich werden. Ein gleicher Text verknüpft zwei \
                 Tabellen. Ganze Zahlen können zufällig gleich sein: sie verknüpfen zwei Tabellen, wenn mindestens die \
                 Hälfte derer der kleineren Tabelle gleich ist oder mehr, als wenn beide zufällig aus ihrem gemeinsamen \
                 Bereich gezogen wären (um mehr als fünf Standardabweichungen und eins). Verknüpft auch das nichts, so werden \
                 Subjekte verknüpft, die auseinander folgen: durch dieselben Zeichen davor oder dahinter, rückwärts, \
                 durch eine Summe oder ein Produkt, durch einen Schlüssel, der an jeder Stelle addiert oder mit exklusivem Oder verknüpft wird, \
                 mit ihren Zeichen in anderer Reihenfolge oder jedes durch ein anderes ersetzt, in hexadezimaler Schreibweise oder Base64 oder als Hashwerte oder deren Anfänge nach 11 Funktionen \
                 ohne Schlüssel (wie in `reversible-pseudonyms`). Wer in zwei oder mehr \
                 verknüpften Tabellen der Art microdata vorkommt, wird nach allen zugleich verglichen: in jeder nach \
                 der Klasse aller eigenen Zeilen zusammen. Die Gruppe einer Person sind alle, die in allen diesen \
                 Tabellen vorkommen, womöglich auch in weiteren, und in jeder dieselbe Klasse haben. Tabellen der Art \
                 microdata, die Dateien oder gleiche Kopien von Dateien gemeinsam haben, werden Zeile für Zeile \
                 verknüpft: die Zeilen jeder von ihnen werden nach den Quasi-Identifikatoren aller verglichen, unter \
                 jedem Subjekt, das eine der Tabellen nennt, und alle Zeilen einer Person zusammen. Zwei Tabellen werden auch \
                 über je eine Spalte verknüpft (`by` = `column`), deren Werte Personen benennen und von denen eine nicht \
                 das Subjekt ist: mindestens 20 Werte und die Hälfte derer der kleineren Spalte sind gleich, und mehr, als der Zufall erklärt; solche \
                 Spalten sind Subjekte, Spalten jeder Rolle außer Quasi-Identifikatoren mit eigenem Wert für neun von \
                 zehn Zeilen oder Personen und solche mit Namen oder Form eines Pseudonyms. Zwei Tabellen der Art microdata ohne Subjekte mit gleich vielen Zeilen, \
                 mindestens 50, werden nach der Reihenfolge der Zeilen verknüpft (`by` = `order`), außer es stehen in einer von \
                 ihnen gleiche Zeilen beieinander. Verknüpft nichts davon zwei Tabellen der Art microdata mit gleich vielen Personen, \
                 mindestens 50, so werden sie über gemeinsame Attribute verknüpft (`by` = `attributes`): Spalten, deren Werte \
                 in beiden Tabellen gleich viele Personen haben, auch in Kombination. Solche Spalten zeigen, dass die Personen \
                 dieselben sind, wenn zwei unabhängige Tabellen seltener als einmal in 10^9 Fällen zufällig so übereinstimmten und kein \
                 gleichmäßiger Versuchsplan die Übereinstimmung erklärt; Spalten mit verschiedenen Namen brauchen das jede für sich. Was beide Tabellen \
                 über eine Person aussagen, ist sicher, wenn alle mit denselben gemeinsamen Attributen in einer der Tabellen dieselben \
                 Quasi-Identifikatoren haben. Die Gruppe einer solchen Person ist die größte Zahl von Personen, die in beiden diese \
                 Quasi-Identifikatoren haben können: die Summe der jeweils kleineren der beiden Anzahlen über die Werte der gemeinsamen Attribute; \
                 `persons_disclosed` lässt dort aus, was eine der Tabellen allein verrät. Haben eine Spur und eine Tabelle der Art microdata gemeinsame Subjekte, so ist \
                 `share_unique_with_points` der Anteil der Personen, die in der Spur herausgreift, wer ihre Klasse in der Tabelle und 1 oder \
                 4 ihrer Punkte kennt, zufällig gezogen und so fein wie veröffentlicht; bei wem es nicht mehr sind, alle. Haben Spuren gemeinsame Subjekte, \
                 so wird dasselbe für Personen in zwei oder mehr von ihnen gefragt, mit Punkten aus allen zusammen und mit der Klasse, \
                 wenn es eine gibt. `persons_disclosed` zählt die \
                 Personen, in deren Gruppe alle denselben Wert einer sensiblen Spalte mindestens einmal haben, und die Personen einer Spur, die einen Punkt mit \
                 anderen gemeinsam haben, die alle denselben Wert in einer anderen Tabelle haben, wenn das kein Zufall ist (wie in \
                 `group-disclosure`); einen Wert, den vier von fünf Personen der Tabelle haben, verrät keine Gruppe.",
    formula: "Gruppe(i) = |{j : T_j ⊇ T_i, Klasse_t(j) = Klasse_t(i) für alle t in T_i}|, T_i die Tabellen, in denen \
              Person i vorkommt; über Attribute Gruppe = Summe über s von min(n_1(q_1, s), n_2(q_2, s)), s die gemeinsamen Attribute, q_t die \
              Quasi-Identifikatoren in Tabelle t; k = Minimum, höchstes Risiko = Maximum von 1/Gruppe, über Personen in zwei oder mehr \
              Tabellen",
    denominator: "Personen in zwei oder mehr verknüpften Tabellen der Art microdata (`by = subject`) oder alle Personen \
                  einer Tabelle, die Dateien mit anderen gemeinsam hat (`by = row`), oder alle, die beide Tabellen haben (`by = column`, \
                  `by = order`), oder die, bei denen sicher ist, was beide aussagen (`by = attributes`); bei `persons_linked` alle Personen \
                  in zwei oder mehr verknüpften Tabellen, auch Spuren.",
    nulls: "Ein Nullwert ist ein eigener Wert. Verknüpfte Tabellen werden auf Gleichheit verglichen, auch wenn in einer \
            Tabelle Nullwerte oder Hierarchien passen. Zeilen ohne Subjekt gehören zu keiner Verknüpfung über Subjekte.",
    assumptions: &[
        "Gleiche Subjekte in zwei Tabellen sind eine Person. Hat jede Tabelle eigene, zufällig gezogene Pseudonyme, so \
         wird nichts verknüpft; fortlaufende Nummern, die in jeder Tabelle neu beginnen, lassen sich von gemeinsamen \
         nicht unterscheiden und gelten als gemeinsam.",
        "Wer nur in einer Tabelle vorkommt, wird nach ihr allein beurteilt: der Angreifer weiß nicht, wer in den anderen \
         fehlt.",
    ],
    limits: &[
        "Eine Spur, die über eine andere Spalte als das Subjekt verknüpft ist, gilt als nicht gemessen.",
        "Tabellen in anderer Reihenfolge, deren Personen sich nur teilweise decken, wie bei zwei Erhebungswellen, oder die \
         gemeinsame Attribute nur verschieden genau angeben, werden ohne eine Spalte, die die Personen benennt, nicht erkannt, ebenso wenig Pseudonyme, die eine Tabelle aus denen einer anderen mit einer eigentlichen Verschlüsselung bildet.",
        "Zwei gemischte Tabellen mit gleich vielen Zeilen gelten als eine: wer eine von ihnen nach ihrem Inhalt sortiert, ist \
         davor sicher.",
    ],
    validation: "Stimmt mit einem Vergleich aller Paare von Personen überein, auf drei erzeugten Tabellen, die einen Teil \
                 ihrer Subjekte gemeinsam haben, und auf einer Datei, die als zwei Tabellen angegeben ist. Tabellen mit \
                 eigenen Pseudonymen werden nicht verknüpft, ob es Texte oder zufällig gezogene Zahlen sind. Gruppen über Attribute stimmen mit einem Vergleich aller Paare von Zeilen überein. Gemeinsame \
                 Pseudonyme werden auch in anderen Typen und Schreibweisen gefunden.",
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
                    "Werden die Tabellen verknüpft, so gleicht mindestens eine Person niemandem sonst."
                        .to_owned()
                }
                2.0 => "Werden die Tabellen verknüpft, so gleicht mindestens eine Person nur einer einzigen anderen."
                    .to_owned(),
                k => format!(
                    "Auch wenn die Tabellen verknüpft werden, gleicht jede Person mindestens {} anderen.",
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
                        "Werden die Tabellen verknüpft, so gehört 1 Person zu einer Gruppe von weniger als {k}."
                    ),
                    persons => format!(
                        "Werden die Tabellen verknüpft, so gehören {} Personen zu Gruppen von weniger als {k}.",
                        number(persons)
                    ),
                }
            },
        },
        Spoken {
            name: "share_unique",
            title: "Anteil eindeutig identifizierbarer Personen, Tabellen verknüpft",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Werden die Tabellen verknüpft, so sind {} der Personen in ihnen eindeutig identifizierbar.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "share_unique_with_points",
            title: "Anteil eindeutig identifizierbarer Personen, bekannt nach Merkmalen und Punkten",
            of: "gezogenen Personen",
            meaning: |f| {
                format!(
                    "Wer die Merkmale einer Person und {} zufällige ihrer Punkte kennt, greift {} der Personen heraus.",
                    parameter(f, "points"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "persons_disclosed",
            title: "Personen, deren Gruppe einen sensiblen Wert verrät, Tabellen verknüpft",
            of: "Personen",
            meaning: |f| match (real(f), f.parameters.contains_key("sensitive")) {
                (_, false) => {
                    "Keine sensible Spalte steht in Tabellen, die sich verknüpfen lassen."
                        .to_owned()
                }
                (0.0, _) => format!(
                    "Auch wenn die Tabellen verknüpft werden, verrät keine Gruppe {}.",
                    parameter(f, "sensitive")
                ),
                (1.0, _) => format!(
                    "Werden die Tabellen verknüpft, so gehört 1 Person zu einer Gruppe, die {} aller in ihr verrät.",
                    parameter(f, "sensitive")
                ),
                (persons, _) => format!(
                    "Werden die Tabellen verknüpft, so gehören {} Personen zu Gruppen, die {} aller in ihnen verraten.",
                    number(persons),
                    parameter(f, "sensitive")
                ),
            },
        },
        Spoken {
            name: "risk_max",
            title: "Höchstes Risiko, Tabellen verknüpft",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Wer die Tabellen verknüpft, findet die am stärksten gefährdete Person mit Wahrscheinlichkeit \
                     {}.",
                    fixed(real(f), 3)
                )
            },
        },
    ],
};
