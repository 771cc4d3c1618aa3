//! k-map in German.

use super::{Prose, Spoken, number, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "k-Map gegenüber einem Register",
    question: "Unter wie vielen Personen der ganzen Grundgesamtheit verbirgt sich jede Person der Veröffentlichung?",
    adversary: "Hat ein Register der Grundgesamtheit mit einem Teil der Quasi-Identifikatoren und weiß nicht, wer \
                daraus in der Veröffentlichung ist.",
    definition: "Eine Veröffentlichung erfüllt k-Map, wenn jede Kombination von Quasi-Identifikatoren darin \
                 mindestens k Personen der Grundgesamtheit gemeinsam ist. Verglichen werden nur Spalten, die das \
                 Register hat. Wer in der Veröffentlichung ist, gehört zur Grundgesamtheit: hat das Register \
                 weniger Personen mit einer Kombination als die Veröffentlichung, so ist es unvollständig, und es \
                 gilt die Zahl der Veröffentlichung.",
    formula: "k = min über Kombinationen c der Veröffentlichung von max(F(c), f(c)); auf c passen F Personen des \
              Registers und f Personen der Veröffentlichung",
    denominator: "Personen des Registers.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "Das Register ist das der Grundgesamtheit, aus der die Veröffentlichung gezogen ist, und vom selben \
         Zeitpunkt.",
    ],
    limits: &[
        "Quasi-Identifikatoren, die das Register nicht hat, zählen nicht: ein Angreifer, der sie aus anderer \
         Quelle hat, weiß mehr.",
        "Gegenüber einem Angreifer, der weiß, dass jemand in der Veröffentlichung ist, gilt `k-anonymity`.",
    ],
    validation: "Stimmt auf erzeugten Tabellen und Registern mit einem Vergleich aller Paare von Personen überein, \
                 mit einer oder mehreren Zeilen je Person, mit Nullwerten als Platzhaltern und mit Hierarchien.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "k",
            title: "Kleinste Klasse in der Grundgesamtheit",
            of: "Personen des Registers",
            meaning: |f| match real(f) {
                1.0 => format!(
                    "Mindestens eine Person der Veröffentlichung ist die einzige der \
                     Grundgesamtheit, auf die zutrifft, was {} über sie aussagt.",
                    parameter(f, "auxiliary")
                ),
                k => format!(
                    "Jede Person der Veröffentlichung teilt, was {} aussagt, mit mindestens {} \
                     Personen der Grundgesamtheit, sie selbst mitgezählt.",
                    parameter(f, "auxiliary"),
                    number(k)
                ),
            },
        },
        Spoken {
            name: "share_unmatched",
            title: "Personen, auf die niemand im Register passt",
            of: "Personen",
            meaning: |f| match real(f) {
                0.0 => format!(
                    "Auf jede Person der Veröffentlichung passt jemand aus {}.",
                    parameter(f, "auxiliary")
                ),
                share => format!(
                    "Auf {} der Personen der Veröffentlichung passt niemand aus {}: das \
                     Register ist unvollständig oder schreibt Werte anders.",
                    percent(share),
                    parameter(f, "auxiliary")
                ),
            },
        },
    ],
};
