//! Dominance in German.

use super::{FALL, Prose, Spoken, number, parameter, percent, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Dominanz",
    question: "In welchen Zellen machen eine oder zwei Personen so viel aus, dass andere, oder die zweite von \
               ihnen, erkennen können, was sie getan haben?",
    adversary: "Kennt die Summe einer Zelle und, als Beteiligter, den eigenen Beitrag: was übrig bleibt, ist \
                beinahe der Beitrag des größten Beteiligten.",
    definition: FALL,
    formula: "Beiträge x1 ≥ x2 ≥ … von Personen zu einer Zelle mit Summe X: die Zahl der Zeilen einer Person darin \
              oder, wenn die Spuren einen `amount` haben, die Summe ihrer Beträge ohne Vorzeichen. Die (n, \
              k)-Regel: eine Zelle ist dominiert, wenn x1 + … + xn > k/100 · X. Die p-%-Regel: wenn X − x1 − x2 < \
              p/100 · x1. share = Zellen / alle Zellen mit Beiträgen.",
    denominator: "Zellen mit Beiträgen.",
    nulls: "Ein Nullwert als Ort ist ein eigener Ort; ein Nullwert als Betrag trägt nichts bei. Zeilen, deren Ort \
            oder Zeit die Tabelle nicht hat, bleiben außer Betracht.",
    assumptions: &[
        "Gezählt werden Zeilen oder Beträge. Werden verschiedene Personen gezählt, so trägt jede eins bei: dann \
         ist eine Zelle dominiert, wenn sie wenige enthält, und das sagt `small-cells`.",
        "Die n größten Beteiligten können ihr Wissen zusammenlegen; bei der p-%-Regel handelt der zweitgrößte allein.",
    ],
    limits: &[
        "Betrachtet werden die Beiträge, nicht das Veröffentlichte: Rundung oder Rauschen kann eine dominierte \
         Zelle schützen.",
        "Ohne die gezählten Spuren (`counted`) wird nichts gemessen.",
    ],
    validation: "Stimmt auf erzeugten Spuren Zelle für Zelle mit den Regeln über sortierten Beiträgen überein, \
                 nach Zeilen und nach Beträgen; eingebaute dominierte Zellen werden gefunden, und keine, wenn zehn \
                 Personen gleich viel beitragen.",
    table: None,
    settings: &[
        "wie viele Personen das meiste einer Zelle ausmachen; Werte, die eine Richtlinie nennt, kommen hinzu",
        "wie viel von einer Zelle, ein Wert für jedes `n` (n = 1: 75\u{202f}%, n = 2: 85\u{202f}%)",
        "auf wie viel Prozent genau der zweitgrößte Beteiligte den größten Beitrag erkennen darf",
    ],
    statistics: &[
        Spoken {
            name: "cells",
            title: "Dominierte Zellen",
            of: "Zellen mit Beiträgen",
            meaning: |f| {
                format!(
                    "In {} {} mehr als {}\u{202f}% des Ganzen bei.",
                    cells(f),
                    persons(f),
                    parameter(f, "percent")
                )
            },
        },
        Spoken {
            name: "share",
            title: "Anteil dominierter Zellen",
            of: "Zellen mit Beiträgen",
            meaning: |f| {
                format!(
                    "In {} der Zellen {} mehr als {}\u{202f}% des Ganzen bei.",
                    percent(real(f)),
                    persons(f),
                    parameter(f, "percent")
                )
            },
        },
        Spoken {
            name: "p_percent_cells",
            title: "Zellen, deren größten Beitrag der zweite Beteiligte erkennen kann",
            of: "Zellen mit Beiträgen",
            meaning: |f| {
                format!(
                    "In {} kann der zweitgrößte Beteiligte den größten Beitrag auf {}\u{202f}% \
                     genau erkennen.",
                    cells(f),
                    parameter(f, "p")
                )
            },
        },
        Spoken {
            name: "p_percent_share",
            title: "Anteil der Zellen, deren größten Beitrag der zweite Beteiligte erkennen kann",
            of: "Zellen mit Beiträgen",
            meaning: |f| {
                format!(
                    "In {} der Zellen kann der zweitgrößte Beteiligte den größten Beitrag auf \
                     {}\u{202f}% genau erkennen.",
                    percent(real(f)),
                    parameter(f, "p")
                )
            },
        },
    ],
};

fn cells(f: &Finding) -> String {
    match real(f) {
        1.0 => "1 Zelle".to_owned(),
        cells => format!("{} Zellen", number(cells)),
    }
}

fn persons(f: &Finding) -> String {
    match parameter(f, "n").as_str() {
        "1" => "trug eine einzige Person".to_owned(),
        n => format!("trugen {n} Personen zusammen"),
    }
}
