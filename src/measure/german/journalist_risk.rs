//! The journalist risk in German.

use super::{Prose, Spoken, fixed, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Journalisten-Risiko",
    question: "Ein Angreifer mit einem Register der ganzen Grundgesamtheit greift einen Datensatz heraus und nennt \
               eine Person: mit welcher Wahrscheinlichkeit liegt er richtig?",
    adversary: "Der Journalist will zeigen, dass sich irgendjemand wiedererkennen lässt, gleich wer. Er hat ein \
                Register der Grundgesamtheit und weiß nicht, wer daraus in der Veröffentlichung ist.",
    definition: "Von den F Personen der Grundgesamtheit, auf die ein Datensatz passt, ist jede gleich \
                 wahrscheinlich die richtige: das Risiko ist 1/F. Das Risiko einer Person ist das höchste über \
                 ihre Datensätze. Verglichen werden nur Spalten, die das Register hat. Wer in der Veröffentlichung \
                 ist, gehört zur Grundgesamtheit: hat das Register weniger Personen mit einer Kombination als die \
                 Veröffentlichung, so gilt die Zahl der Veröffentlichung.",
    formula: "max und mean über Personen i der Veröffentlichung von max über Kombinationen c von i von 1/max(F(c), \
              f(c)); auf c passen F Personen des Registers und f Personen der Veröffentlichung",
    denominator: "Personen der Veröffentlichung.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "Das Register ist das der Grundgesamtheit, aus der die Veröffentlichung gezogen ist, und vom selben \
         Zeitpunkt.",
        "Was der Angreifer weiß, trifft zu.",
    ],
    limits: &[
        "Quasi-Identifikatoren, die das Register nicht hat, zählen nicht: ein Angreifer, der sie aus anderer \
         Quelle hat, weiß mehr.",
        "Für Personen, von denen bekannt ist, dass sie in der Veröffentlichung sind, gilt das höhere \
         Prosecutor-Risiko: `re-identification-risk`.",
    ],
    validation: "Stimmt auf erzeugten Tabellen und Registern mit einem Vergleich aller Paare von Personen überein, \
                 mit einer oder mehreren Zeilen je Person, mit Nullwerten als Platzhaltern und mit Hierarchien.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "max",
            title: "Höchstes Journalisten-Risiko",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Wer für die am stärksten gefährdete Person einen Treffer aus {} nennt, \
                     liegt mit Wahrscheinlichkeit {} richtig.",
                    parameter(f, "auxiliary"),
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "mean",
            title: "Mittleres Journalisten-Risiko",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Wer alle Personen der Veröffentlichung in {} nachschlägt, liegt im \
                     Erwartungswert bei {} von ihnen richtig.",
                    parameter(f, "auxiliary"),
                    percent(real(f))
                )
            },
        },
    ],
};
