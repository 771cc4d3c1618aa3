//! The individual risk by weights in German.

use super::{Prose, Spoken, fixed, real};

pub static PROSE: Prose = Prose {
    title: "Individuelles Risiko nach Gewichten",
    question: "Die Veröffentlichung ist eine Stichprobe, und ihre Gewichte sagen, für wie viele Personen jeder \
               Datensatz steht: mit welcher Wahrscheinlichkeit nennt ein Angreifer die richtige Person?",
    adversary: "Kennt die Quasi-Identifikatoren von Personen der Grundgesamtheit, nicht aber, wer von ihnen in der \
                Stichprobe ist, und wählt eine von denen, auf die ein Datensatz passt.",
    definition: "Eine Klasse hat f Personen in der Stichprobe und F, unbekannt, in der Grundgesamtheit. Bei \
                 gegebenem f gilt F als negativ binomialverteilt mit Erfolgswahrscheinlichkeit p = f / F̂, dabei \
                 F̂ die Summe der Gewichte der Klasse. Das Risiko ist der Erwartungswert von 1/F. Das Risiko einer \
                 Person ist das höchste über ihre Klassen.",
    formula: "p = min(1, f/F̂), q = 1 − p; r = Σ_{h≥f} (1/h) C(h−1, f−1) p^f q^(h−f) = (p/f)·₂F₁(1, 1; f+1; q); r₁ \
              = (p/q) ln(1/p), r_f = p/((f−1)q) − (p/q) r_{f−1}; max, mean und Summe über Personen",
    denominator: "Personen.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "Alle Personen einer Klasse kamen mit derselben Wahrscheinlichkeit in die Stichprobe, und die Gewichte \
         sind deren Kehrwert.",
        "An bekannte Randsummen angepasste Gewichte geben die Klassengrößen ebenso gut wieder wie die des \
         Stichprobenplans.",
    ],
    limits: &[
        "Für Klassen, die in der Stichprobe und in der Grundgesamtheit selten sind, ist es zu niedrig, oft bei weitem: \
         das Mittel über 5-%-Stichproben der Adult-Daten (fünf, mit gleichen Gewichten) war 0,089, wo 0,256 richtig ist, \
         bei sechs Quasi-Identifikatoren, 0,105 statt 0,322 bei sechs anderen und 0,035 statt 0,053 bei vieren. Zum \
         Vergleich dient `population-uniqueness`; auf dieses Maß allein ist kein Verlass.",
        "Eine Person mit mehreren Zeilen in einer Klasse zählt dort mit dem Mittel ihrer verschiedenen Gewichte.",
    ],
    validation: "Stimmt für f von 1 bis 60 und p von 0,001 bis 0,999 auf 1e-9 genau mit der Summe über die \
                 negative Binomialverteilung überein und für f = 1, 2, 3 mit den veröffentlichten geschlossenen \
                 Formeln. Klassen und Summen der Gewichte stimmen auf erzeugten Tabellen mit einer erschöpfenden \
                 Vergleichsrechnung überein.",
    table: None,
    settings: &[super::RISK_THRESHOLD],
    statistics: &[
        Spoken {
            name: "max",
            title: "Höchstes individuelles Risiko",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Bei der am stärksten gefährdeten Person liegt ein Angreifer, der nicht \
                     weiß, wer in die Stichprobe kam, mit einer geschätzten Wahrscheinlichkeit \
                     von {} richtig.",
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "mean",
            title: "Mittleres individuelles Risiko",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Im Mittel über alle Personen beträgt dieses Risiko {}.",
                    fixed(real(f), 4)
                )
            },
        },
        Spoken {
            name: "expected",
            title: "Erwartete Wiedererkennungen",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Wer es bei allen Personen der Veröffentlichung versucht, liegt im \
                     Erwartungswert bei {} Personen richtig.",
                    fixed(real(f), 1)
                )
            },
        },
        super::SHARE_ABOVE,
        Spoken {
            name: "population",
            title: "Grundgesamtheit, für die die Gewichte stehen",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Nach ihren Gewichten stehen die Personen der Veröffentlichung für {}.",
                    fixed(real(f), 0)
                )
            },
        },
    ],
};
