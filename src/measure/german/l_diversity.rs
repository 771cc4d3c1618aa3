//! ℓ-diversity in German.

use super::{Prose, Spoken, fixed, key, number, parameter, real};

pub static PROSE: Prose = Prose {
    title: "ℓ-Diversität",
    question: "Zwischen wie vielen sensiblen Werten muss noch wählen, wer weiß, zu welcher Gruppe eine Person gehört?",
    adversary: "Kennt die Quasi-Identifikatoren einer Person und weiß, dass sie in der Veröffentlichung ist; will \
                ihren sensiblen Wert und muss ihren Datensatz dafür nicht finden.",
    definition: "Eine Klasse ist nach der Zahl der Werte ℓ-divers, wenn darin mindestens ℓ sensible Werte \
                 vorkommen; nach der Entropie ℓ-divers, wenn die Entropie ihrer Werte mindestens ln ℓ ist; \
                 rekursiv (c, ℓ)-divers, wenn der häufigste Wert weniger als c-mal so oft vorkommt wie alle vom \
                 ℓ-häufigsten an zusammen. Eine Tabelle ist so divers wie ihre schlechteste Klasse.",
    formula: "Zahl der Werte: min über Klassen von |{s : q_s > 0}|; Entropie: exp(min über Klassen von −Σ q_s ln \
              q_s); rekursives c zu ℓ: max über Klassen von r₁ / (r_ℓ + … + r_m) mit Zählwerten r₁ ≥ r₂ ≥ … ≥ r_m; \
              die Tabelle ist rekursiv (c, ℓ)-divers für jedes größere c und für keines, wenn eine Klasse weniger \
              als ℓ Werte hat",
    denominator: "Personen. Wer in einer Klasse mehrere Werte hat, zählt in der Klasse und in der Tabelle einmal \
                  für jeden davon.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &[
        "Alle Werte sind gleich sensibel, und über sie ist nichts bekannt: wer einige Werte ausschließen kann, hat \
         weniger zur Wahl.",
    ],
    limits: &[
        "Verschiedene Werte können dasselbe bedeuten: fünf Arten von Krebs sind fünf Werte.",
        "Ein Wert, der überall häufig ist, hält die Entropie niedrig, ohne etwas zu verraten; die t-Nähe \
         vergleicht stattdessen mit der ganzen Tabelle.",
    ],
    validation: "Stimmt auf den Adult-Daten für alle geprüften Mengen von Quasi-Identifikatoren und sensiblen \
                 Spalten mit einer erschöpfenden Vergleichsrechnung überein: Zählwerte genau, reelle Zahlen auf \
                 1e-9. Eine öffentliche Bibliothek rundet die Entropie ab und sortiert die Zählwerte der \
                 rekursiven Fassung umgekehrt; ihre Werte ergeben sich aus diesen Definitionen.",
    table: None,
    settings: &["ℓ für `recursive_c`; Werte, die eine Richtlinie nennt, kommen hinzu"],
    statistics: &[
        Spoken {
            name: "distinct",
            title: "Kleinste Zahl sensibler Werte in einer Klasse",
            of: "Klassen",
            meaning: |f| match real(f) {
                1.0 => format!(
                    "In mindestens einer Gruppe haben alle denselben Wert von {}: wer die \
                     Gruppe kennt, kennt ihn.",
                    parameter(f, "sensitive")
                ),
                values => format!(
                    "In jeder Gruppe gibt es mindestens {} verschiedene Werte von {}.",
                    number(values),
                    parameter(f, "sensitive")
                ),
            },
        },
        Spoken {
            name: "entropy",
            title: "Wirksame Zahl sensibler Werte",
            of: "Klassen",
            meaning: |f| {
                format!(
                    "In der am wenigsten diversen Gruppe ist der Wert von {} so schwer zu \
                     erraten wie unter {} gleich häufigen Werten.",
                    parameter(f, "sensitive"),
                    fixed(real(f), 2)
                )
            },
        },
        Spoken {
            name: "recursive_c",
            title: "Kleinstes c der rekursiven (c, ℓ)-Diversität",
            of: "Klassen",
            meaning: |f| match f.value {
                None => format!(
                    "Mindestens eine Gruppe hat weniger als {} Werte von {}: kein c reicht aus.",
                    parameter(f, "l"),
                    parameter(f, "sensitive")
                ),
                Some(_) => {
                    let first = key(f, "l").parse::<u64>().map_or(0, |l| l - 1);
                    format!(
                        "In der schlechtesten Gruppe ist der häufigste Wert {}-mal so häufig \
                         wie alle bis auf {} zusammen.",
                        fixed(real(f), 2),
                        match first {
                            1 => "1, den häufigsten,".to_owned(),
                            first => format!("die {first} häufigsten"),
                        }
                    )
                }
            },
        },
    ],
};
