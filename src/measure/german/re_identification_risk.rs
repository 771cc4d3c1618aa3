//! The re-identification risk in German.

use super::{Prose, Spoken, fixed, percent, real};

pub static PROSE: Prose = Prose {
    title: "Wiedererkennungsrisiko",
    question: "Wie wahrscheinlich ist es, dass ein Angreifer, der die Quasi-Identifikatoren kennt, die richtige \
               Person nennt?",
    adversary: "Der Prosecutor weiß, dass eine bestimmte Person in der Veröffentlichung ist, und sucht ihren \
                Datensatz. Der Marketer will so viele Datensätze wie möglich wiedererkennen und nimmt Fehler in \
                Kauf.",
    definition: "Innerhalb einer Klasse von f Personen kann der Prosecutor nur raten: das Risiko ist 1/f. Das \
                 Risiko einer Person ist das höchste über ihre Datensätze. Das Marketer-Risiko ist der Anteil der \
                 Datensätze, die voraussichtlich der richtigen Person zugeordnet werden, wenn jeder Datensatz \
                 innerhalb seiner Klasse zufällig zugeordnet wird.",
    formula: "Prosecutor: Maximum und Mittel über Personen i von max über Klassen c von i von 1/f(c); Anteil über τ \
              = |{i : Risiko(i) > τ}| / Personen; Marketer: (1/n) Σ über Datensätze r von 1/f(c(r))",
    denominator: "Beim Prosecutor Personen, beim Marketer Datensätze.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "Das Wissen des Angreifers ist richtig, und die Personen einer Klasse sind für ihn gleich wahrscheinlich.",
    ],
    limits: &[
        "Ist die Veröffentlichung für den Angreifer die ganze Grundgesamtheit, so ist das F des Marketers gleich f. \
         Gegenüber einem Register der Grundgesamtheit ist das Risiko geringer: das ist das Journalisten-Risiko, ein \
         eigenes Maß.",
        "0,09 aus der EMA Policy 0070 wird verglichen, wie es dort steht: 1/11 = 0,0909 liegt darüber, verlangt \
         sind also Klassen von 12.",
    ],
    validation: "Maximum und Mittel stimmen auf den Adult-Daten für 66 Mengen von Quasi-Identifikatoren bis auf \
                 1e-12 mit 1/k und Klassen/Datensätze überein.",
    table: None,
    settings: &[super::RISK_THRESHOLD],
    statistics: &[
        Spoken {
            name: "prosecutor_max",
            title: "Höchstes Prosecutor-Risiko",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Bei der am stärksten gefährdeten Person nennt ein Angreifer den richtigen \
                     Datensatz mit Wahrscheinlichkeit {}.",
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "prosecutor_mean",
            title: "Mittleres Prosecutor-Risiko",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Im Mittel über alle Personen beträgt diese Wahrscheinlichkeit {}.",
                    fixed(real(f), 4)
                )
            },
        },
        super::SHARE_ABOVE,
        Spoken {
            name: "marketer",
            title: "Marketer-Risiko",
            of: "Datensätzen",
            meaning: |f| {
                format!(
                    "Wer jeden Datensatz einer Person zuordnet, liegt bei {} der Datensätze \
                     richtig.",
                    percent(real(f))
                )
            },
        },
    ],
};
