//! Small cells in German.

use super::{CELL_THRESHOLD, OF_COUNTS, Prose, Spoken, UNDONE, number, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Kleine Zellen",
    question: "Welche veröffentlichten Zählwerte stehen für so wenige Personen, dass sie etwas über diese aussagen?",
    adversary: "Kennt den Faktor der Hochrechnung und die Regel der Rundung; ein Käufer kann sie an den Zählwerten \
                selbst ablesen: alle sind Vielfache von etwas.",
    definition: UNDONE,
    formula: "cells(k) = |{Zellen : c ≠ 0 und kleinstes n < k}|; share(k) = cells(k) / |{Zellen : c ≠ 0}|; \
              persons(k) = Summe des jeweils größten n über diese Zellen; k = kleinstes n über Zellen mit c ≠ 0",
    denominator: "Bei `cells` und `share` veröffentlichte Zellen, deren Zählwert nicht 0 ist; bei `persons` die \
                  Personen in allen veröffentlichten Zellen, jede einmal je Zelle gezählt; bei `zeros`, \
                  `suppressed` und `inconsistent` alle Zeilen.",
    nulls: OF_COUNTS,
    assumptions: &[
        "Jeder Zählwert zählt Personen. Eine Zelle, die Fahrten oder Besuche zählt, kann für weniger Personen \
         stehen, als sie angibt.",
        "Lässt die Rundung mehrere Zahlen von Personen offen, so gilt die kleinste: klein ist eine Zelle, die es \
         sein kann.",
    ],
    limits: &[
        "Auch eine Null sagt etwas: niemand aus einer bekannten Gruppe war dort. Nullen werden gesondert gezählt.",
        "Zellen, die nicht klein sind, können durch Abziehen kleine ergeben: `differencing`, `suppression-audit`.",
        "Nennt das Manifest `noise`, so sind die Zählwerte nicht die der Personen: was sie verraten, sagt \
         `membership-inference`.",
    ],
    validation: "Stimmt auf erzeugten Zählwerten mit jeder Art der Rundung, mit und ohne Hochrechnung, mit einer \
                 Auszählung Zeile für Zeile überein; eingebaute Zellen mit einer Person werden gefunden, und keine, \
                 wenn jede k oder mehr enthält.",
    table: None,
    settings: &[CELL_THRESHOLD],
    statistics: &[
        Spoken {
            name: "cells",
            title: "Kleine Zellen",
            of: "veröffentlichten Zellen",
            meaning: |f| {
                let of = number(f.denominator.unwrap_or(0) as f64);
                let k = parameter(f, "k");
                match real(f) {
                    1.0 => format!(
                        "1 von {of} veröffentlichten Zählwerten kann für weniger als {k} \
                         Personen stehen."
                    ),
                    cells => format!(
                        "{} von {of} veröffentlichten Zählwerten können für weniger als {k} \
                         Personen stehen.",
                        number(cells)
                    ),
                }
            },
        },
        Spoken {
            name: "share",
            title: "Anteil kleiner Zellen",
            of: "veröffentlichten Zellen",
            meaning: |f| {
                format!(
                    "Von den veröffentlichten Zählwerten können {} für weniger als {} Personen \
                     stehen.",
                    percent(real(f)),
                    parameter(f, "k")
                )
            },
        },
        Spoken {
            name: "persons",
            title: "Personen in kleinen Zellen",
            of: "Personen, einmal je Zelle",
            meaning: |f| {
                let persons = match real(f) {
                    1.0 => "1 Person".to_owned(),
                    persons => format!("{} Personen", number(persons)),
                };
                format!(
                    "Die Zellen mit weniger als {} Personen stehen zusammen für {persons}, \
                     einmal gezählt in jeder Zelle, zu der sie gehören.",
                    parameter(f, "k")
                )
            },
        },
        Spoken {
            name: "k",
            title: "Personen in der kleinsten Zelle",
            of: "Personen",
            meaning: |f| match real(f) {
                1.0 => "Der kleinste veröffentlichte Zählwert kann für 1 Person stehen.".to_owned(),
                persons => format!(
                    "Der kleinste veröffentlichte Zählwert kann für {} Personen stehen.",
                    number(persons)
                ),
            },
        },
        Spoken {
            name: "zeros",
            title: "Als null veröffentlichte Zellen",
            of: "Zellen",
            meaning: |f| match real(f) {
                1.0 => "1 Zelle sagt ausdrücklich, dass niemand dort war.".to_owned(),
                cells => format!(
                    "{} Zellen sagen ausdrücklich, dass niemand dort war.",
                    number(cells)
                ),
            },
        },
        Spoken {
            name: "suppressed",
            title: "Unterdrückte Zellen",
            of: "Zellen",
            meaning: |f| match real(f) {
                1.0 => "1 Zelle ist ohne ihren Zählwert vorhanden.".to_owned(),
                cells => format!(
                    "{} Zellen sind ohne ihren Zählwert vorhanden.",
                    number(cells)
                ),
            },
        },
        Spoken {
            name: "inconsistent",
            title: "Zählwerte, die sich aus keiner Zahl von Personen ergeben",
            of: "Zellen",
            meaning: |f| match real(f) {
                0.0 => "Jeder Zählwert ist der einer ganzen Zahl von Personen, hochgerechnet und \
                        gerundet, wie das Manifest es sagt."
                    .to_owned(),
                1.0 => "1 Zählwert ergibt sich aus keiner ganzen Zahl von Personen: er wurde \
                        anders hochgerechnet oder gerundet, als das Manifest sagt. Er wird für \
                        die nächstliegende Zahl genommen."
                    .to_owned(),
                count => format!(
                    "{} Zählwerte ergeben sich aus keiner ganzen Zahl von Personen: sie wurden \
                     anders hochgerechnet oder gerundet, als das Manifest sagt. Sie werden für \
                     die nächstliegenden Zahlen genommen.",
                    number(count)
                ),
            },
        },
    ],
};
