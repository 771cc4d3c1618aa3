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
                 innerhalb seiner Klasse zufällig zugeordnet wird. \
                 Passen Datensätze aufeinander, die nicht gleich sind, so sind die Treffer nicht gleich \
                 wahrscheinlich: ein Datensatz, der auf wenige Personen passt, ist eher der gesuchte als einer, der \
                 auf alle passt. Der Posterior berücksichtigt das. Ein Datensatz s passt auf die Personen, deren \
                 eigener in ihm liegt, also nicht weniger sagt; f(s) ist ihre Zahl, und jeder von ihnen gehört s mit \
                 Wahrscheinlichkeit 1/f(s). Ein Angreifer, der die wahren Werte einer Person kennt, sucht Datensätze, \
                 die auf sie passen. Was immer unterdrückt wurde: darunter sind der eigene Datensatz r der Person und \
                 alle, die nicht mehr sagen als r. Nach dem Satz von Bayes ist r unter ihnen der richtige mit der \
                 Wahrscheinlichkeit 1/f(r), geteilt durch die Summe von 1/f(s) über sie. Auch Datensätze, die mehr \
                 sagen als r, können passen; sie würden sie nur senken und bleiben außer Betracht. Eine Summe über 1 \
                 bedeutet weitere, allgemeinere Datensätze, die weniger wahrscheinlich sind als r: sie zählt als 1, \
                 damit das Risiko durch sie nie unter 1/f(r) sinkt. Eine Summe unter 1 bedeutet, dass die meisten der \
                 f(r) Personen eigene, genauere Datensätze haben: r hat dann weniger Konkurrenten als Personen, auf \
                 die er passt, und das Risiko liegt über 1/f(r). Wo nur gleiche Datensätze aufeinander passen, ist die \
                 Summe 1 und der Posterior das Prosecutor-Risiko.",
    formula: "Prosecutor: Maximum und Mittel über Personen i von max über Klassen c von i von 1/f(c); Anteil über τ \
              = |{i : Risiko(i) > τ}| / Personen; Marketer: (1/n) Σ über Datensätze r von 1/f(c(r)); Posterior: \
              Maximum und Mittel über Personen vom größten (1/f(r)) / min(1, Σ über Datensätze s, die nicht mehr \
              sagen als r, von 1/f(s)) = 1 / min(f(r), Σ f(r)/f(s)), wobei f(r) die Personen mit einem Datensatz \
              zählt, der nicht weniger sagt als r",
    denominator: "Beim Prosecutor Personen, beim Marketer Datensätze.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "Das Wissen des Angreifers ist richtig, und die Personen einer Klasse sind für ihn gleich wahrscheinlich.",
        "Für den Posterior werden Zellen unterdrückt oder verallgemeinert, ohne dass es darauf ankommt, wem von den \
         Personen, auf die sie passen, sie gehören: ein Datensatz gehört dann jeder von ihnen gleich wahrscheinlich. \
         Wer die Regel kennt, nach der unterdrückt wurde, kann verschiedene Datensätze womöglich unterscheiden, \
         gleiche nie.",
        super::COMPARED,
    ],
    limits: &[
        "Ist die Veröffentlichung für den Angreifer die ganze Grundgesamtheit, so ist das F des Marketers gleich f. \
         Gegenüber einem Register der Grundgesamtheit ist das Risiko geringer: das ist das Journalisten-Risiko, ein \
         eigenes Maß.",
        "0,09 aus der EMA Policy 0070 wird verglichen, wie es dort steht: 1/11 = 0,0909 liegt darüber, verlangt \
         sind also Klassen von 12.",
    ],
    validation: "Maximum und Mittel stimmen auf den Adult-Daten für 66 Mengen von Quasi-Identifikatoren bis auf \
                 1e-12 mit 1/k und Klassen/Datensätze überein. Der Posterior stimmt auf erzeugten Tabellen mit einem \
                 Vergleich aller Paare von Zeilen überein; bei einem Angriff auf Tabellen, deren Zellen zufällig \
                 unterdrückt wurden, durch jemanden, der die ganze ursprüngliche Tabelle kennt, bleibt der Anteil \
                 der gefundenen Personen unter seinem Mittel und der keiner Person über dem ihren.",
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
        Spoken {
            name: "posterior_max",
            title: "Höchster Posterior",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Wer Datensätze danach gewichtet, auf wie wenige Personen sie passen, liegt bei der am stärksten \
                     gefährdeten Person mit Wahrscheinlichkeit {} richtig.",
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "posterior_mean",
            title: "Mittlerer Posterior",
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
