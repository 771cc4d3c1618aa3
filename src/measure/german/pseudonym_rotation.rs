//! The rotation of pseudonyms in German.

use super::{Prose, Spoken, fixed, key, percent, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Pseudonymwechsel",
    question: "Wenn Pseudonyme jeden Tag, jede Woche oder jeden Monat wechselten: wie viel der Spur einer Person \
               ließe sich noch zusammensetzen?",
    adversary: "Sieht alle Zeitfenster, in jedem alle Personen unter einem anderen Pseudonym, und verknüpft jedes \
                Pseudonym eines Fensters mit dem des Fensters davor, das am besten dazu passt.",
    definition: "Fenster von der Breite des Zeitabstands folgen aufeinander, von Mitternacht (Ortszeit) des ersten \
                 Tages an. In einem Fenster ist, wer darin mindestens `min_rows` Zeilen hat. Jede Person eines \
                 Fensters wird unter allen gesucht, die im Fenster davor sind; Profile und Abgleichverfahren sind \
                 die von `trace-linkage`. Eine Verknüpfung gilt als sicher, wenn die wahre Person besser passt als \
                 alle anderen. Eine Folge von Fenstern ist zusammengesetzt, wenn jedes mit dem davor sicher \
                 verknüpft ist; wer in einem Fenster fehlt, unterbricht sie.",
    formula: "top1 = Mittel über Personen des Anteils richtiger unter ihren Verknüpfungen (1/(Gleichwertige + 1), \
              wenn die wahre unter den besten ist); stitched_share = Mittel über Personen von Zeilen in ihrer \
              längsten Folge / alle ihre Zeilen; dessen Vergleichswert: Zeilen in ihrem längsten Fenster / alle \
              ihre Zeilen. mean_links = Σ_j richtige Folgen von j Verknüpfungen / Verknüpfungen",
    denominator: "top1: Personen mit einer möglichen Verknüpfung, die also in zwei aufeinanderfolgenden Fenstern \
                  sind; stitched_share: alle Personen.",
    nulls: "Ein Nullwert ist ein eigenes Merkmal.",
    assumptions: &[
        "Alle Pseudonyme wechseln zugleich am Ende jedes Fensters; wechseln sie jedes zu eigener Zeit, so verrät \
         sie der Wechsel selbst.",
        "Der Angreifer verknüpft Fenster für Fenster; wer alle Fenster zusammen verwendet, erreicht mehr.",
    ],
    limits: &[
        "Das Maß sagt, was wäre, wenn Pseudonyme wechselten: die Tabelle wird unter ihren eigenen Pseudonymen \
         betrachtet, die länger gelten müssen als der Zeitabstand.",
        "Eine Zeitumstellung verschiebt die Fenster bis zur nächsten um eine Stunde.",
    ],
    validation: "Folgen und Ketten an von Hand gerechneten Fällen geprüft; Abgleichverfahren wie bei \
                 `trace-linkage`. Auf erzeugten Spuren mit eigenen Gewohnheiten wird jede Person zusammengesetzt, \
                 auf Spuren, die in jedem Fenster neu verteilt werden, keine über das Raten hinaus. Das Konfidenzintervall eines \
                 Mittelwerts über Personen enthält den wahren Wert so oft, wie die Tabelle bei `location-attacks` \
                 sagt.",
    table: None,
    settings: &[
        "hat ein Zeitabstand mehr Fenster als diese, so wird er nicht verknüpft und steht unter „nicht gemessen“",
    ],
    statistics: &[
        Spoken {
            name: "top1",
            title: "Mit dem vorigen verknüpfte Pseudonyme",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Bei neuen Pseudonymen im Abstand von {} werden {} der Wechsel durchschaut; \
                     Raten durchschaut {}.",
                    distance(f),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Spoken {
            name: "stitched_share",
            title: "Anteil einer Spur, der sich zusammensetzen lässt",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Bei neuen Pseudonymen im Abstand von {} lassen sich im Mittel {} der \
                     Zeilen einer Person wieder zusammensetzen; ohne jede Verknüpfung wären es \
                     {}.",
                    distance(f),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Spoken {
            name: "mean_links",
            title: "Verknüpfungen, bevor eine Kette abreißt",
            of: "Verknüpfungen",
            meaning: |f| {
                format!(
                    "Bei neuen Pseudonymen im Abstand von {} wird eine Person im Mittel über {} \
                     Wechsel verfolgt.",
                    distance(f),
                    fixed(real(f), 1)
                )
            },
        },
    ],
};

/// As `7d` is written, "7 Tagen".
fn distance(finding: &Finding) -> String {
    let width = key(finding, "rotation");
    let digits = width.find(|c: char| !c.is_ascii_digit());
    let (count, unit) = width.split_at(digits.unwrap_or(width.len()));
    let unit = match (unit, count) {
        ("d", "1") => "Tag",
        ("d", _) => "Tagen",
        ("h", "1") => "Stunde",
        ("h", _) => "Stunden",
        ("min" | "m", "1") => "Minute",
        ("min" | "m", _) => "Minuten",
        ("s", "1") => "Sekunde",
        ("s", _) => "Sekunden",
        _ => return width,
    };
    format!("{count} {unit}")
}
