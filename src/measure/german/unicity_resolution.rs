//! Unicity by resolution in German.

use super::{Header, Prose, Spoken, fixed, number, parameter, percent, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Unizität nach Auflösung",
    question: "Wie grob müssen Zeiten und Orte angegeben sein, damit wenige Momente eine Person nicht mehr \
               herausgreifen?",
    adversary: "Wie bei `unicity`: kennt p zufällige Punkte der Spur einer Person, so grob, wie sie angegeben \
                würden.",
    definition: "Die Unizität von p gezogenen Punkten mit Zeiten in weiteren Abschnitten und Orten in weiteren \
                 Zellen, für jedes Paar der beiden. Weitere Zellen: bei einem Raster in Grad sind 2 × 2 Zellen \
                 eine, bei H3 und bei Geohash wird die nächstgröbere Auflösung genommen; jede Stufe kommt zur \
                 vorigen hinzu. Für alle Paare werden dieselben Personen gezogen.",
    formula: "share_unique wie bei `unicity`. Nach kleinsten Quadraten über alle Paare angepasst: ε = α − x^β mit x \
              = (Abschnitte der feinsten Zeit in einem Abschnitt) × (Zellen des feinsten Orts in einer Zelle); \
              `decay_exponent` = β, `decay_level` = α, `decay_misfit` = √(Mittel der quadrierten Abweichungen)",
    denominator: "Ziehungen von Personen mit p Punkten bei dieser Auflösung; `persons_with_fewer_points` der \
                  gezogenen haben weniger.",
    nulls: "Wie bei `unicity`.",
    assumptions: &[
        "Eine Veröffentlichung in gröberer Auflösung enthielte dieselben Zeilen, gröber: nicht weniger und keine \
         anderen.",
    ],
    limits: &[
        "Orte, die eine Spalte von Zellen benennt, haben keine Nachbarn: ihre Auflösung bleibt, wie sie ist.",
        "Zeitabschnitte, die kein Vielfaches dessen sind, was die Veröffentlichung oder die Festlegung hat, lassen \
         sich nicht bilden; Zeitpunkte, die genommen werden, wie sie sind, werden nach UTC eingeteilt.",
        "Das Gesetz beschreibt die Anteile, es erklärt sie nicht: zu beachten ist `decay_misfit`.",
    ],
    validation: "Wer bei einer Auflösung allein ist, stimmt auf erzeugten Punkten mit einer Suche in allen Spuren \
                 überein; gröbere Zellen mit der Einteilung danach (Grad, H3, Geohash). Auf Check-ins und Taxis \
                 stimmt der Eintrag bei der Auflösung der Veröffentlichung mit der vollständigen Aufzählung aller \
                 Paare überein (p = 2).",
    table: Some(Header {
        title: "Ein erzeugter Netzbetreiber mit 45 Millionen Teilnehmern, um den Faktor 1.000 verkleinert, die \
                Antennen ebenso (Erkundung und bevorzugte Rückkehr, 114 Punkte im Monat), neben dem \
                veröffentlichten Abfall (2013)",
        header: &["Größe", "veröffentlicht", "erzeugt"],
        words: &[
            ("exponent", "Exponent"),
            ("0.088 (misfit 0.188)", "0,088 (Fehlanpassung 0,188)"),
        ],
    }),
    settings: &[
        "Zahlen p bekannter Punkte; hinzu kommen die, die eine Richtlinie nennt",
        "Zeitabschnitte; Datumsangaben werden zu 1, 2, 7, 14 und 28 Tagen zusammengefasst, Zahlen zu 1, 2, 4, 8 und \
         16",
        "wie viele gröbere Zellen außer denen der Festlegung versucht werden",
        "gezogene Personen, wie bei `unicity`",
    ],
    statistics: &[
        Spoken {
            name: "share_unique",
            title: "Unizität bei einer Auflösung",
            of: "Personen",
            meaning: |f| {
                let told = [("time", "Zeit"), ("place", "Ort")].map(|(name, german)| {
                    (f.parameters.get(name)).map(|_| format!("{german} {}", resolution(f, name)))
                });
                let told: Vec<String> = told.into_iter().flatten().collect();
                let moments = match parameter(f, "points").as_str() {
                    "1" => "greift 1 zufälliger Moment".to_owned(),
                    points => format!("greifen {points} zufällige Momente"),
                };
                format!(
                    "Bei der Auflösung {} {moments} {} der Personen heraus.",
                    told.join(", "),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "persons_with_fewer_points",
            title: "Gezogene Personen mit weniger Punkten",
            of: "gezogenen Personen",
            meaning: |f| {
                let points = match parameter(f, "points").as_str() {
                    "1" => "1 Punkt".to_owned(),
                    points => format!("{points} Punkte"),
                };
                match real(f) {
                    1.0 => format!(
                        "Von den gezogenen Personen hat 1 weniger als {points} bei der \
                         Auflösung, bei der das die meisten betrifft."
                    ),
                    persons => format!(
                        "Von den gezogenen Personen haben {} weniger als {points} bei der \
                         Auflösung, bei der das die meisten betrifft.",
                        number(persons)
                    ),
                }
            },
        },
        Spoken {
            name: "decay_exponent",
            title: "Exponent des Abfalls mit der Auflösung",
            of: "",
            meaning: |f| {
                format!(
                    "Die Unizität fällt mit der Potenz {} der Auflösung: ist sie klein, so nimmt \
                     es wenig weg, Punkte zehnmal so grob zu machen.",
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "decay_level",
            title: "Niveau des Abfalls mit der Auflösung",
            of: "",
            meaning: |f| {
                format!(
                    "Das Gesetz beginnt bei einer Unizität von {}.",
                    fixed(real(f) - 1.0, 3)
                )
            },
        },
        Spoken {
            name: "decay_misfit",
            title: "Fehlanpassung des Abfallgesetzes",
            of: "",
            meaning: |f| {
                format!(
                    "Im Mittel verfehlt das Gesetz die gemessenen Anteile um {}.",
                    fixed(real(f), 3)
                )
            },
        },
    ],
};

/// A bin of time or place as it is named, without what is English in its name.
fn resolution(f: &Finding, name: &str) -> String {
    let named = parameter(f, name);
    match named.split_once(" of ") {
        None if named == "column" => "wie in der Spalte".to_owned(),
        Some((count, "column")) => format!("je {count} Werte der Spalte"),
        Some((width, "day")) => format!("{width} des Tages"),
        Some((width, "week")) => format!("{width} der Woche"),
        Some((width, "daytype")) => format!("{width} der Tagesart"),
        _ => named,
    }
}
