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
                 auf alle passt. Der Posterior gewichtet sie. Ein Datensatz passt auf die Personen, deren eigener in \
                 ihm liegt, also nicht weniger sagt: jeder von ihnen gehört er mit dem Gewicht 1/f. Einer bestimmten \
                 Person können, was immer in ihrem Datensatz unterdrückt wurde, die Datensätze gehören, die nicht \
                 mehr sagen als er. Nach dem Satz von Bayes hat unter diesen Kandidaten der eigene Datensatz sein \
                 Gewicht, geteilt durch die Summe aller; eine Summe unter 1 heißt, dass die Unterdrückung \
                 wahrscheinlichere Kandidaten beseitigt hat, eine Summe über 1 fügt Datensätze hinzu, die weniger \
                 wahrscheinlich sind als die gleichen, und wird dem Veröffentlichenden nicht gutgeschrieben. Wo nur \
                 gleiche Datensätze aufeinander passen, ist der Posterior das Prosecutor-Risiko.",
    formula: "Prosecutor: Maximum und Mittel über Personen i von max über Klassen c von i von 1/f(c); Anteil über τ \
              = |{i : Risiko(i) > τ}| / Personen; Marketer: (1/n) Σ über Datensätze r von 1/f(c(r)); Posterior: \
              Maximum und Mittel über Personen vom größten (1/f(r)) / min(1, Σ über Datensätze s, die nicht mehr \
              sagen als r, von 1/f(s)) = 1 / min(f(r), Σ f(r)/f(s)), wobei f(r) die Personen mit einem Datensatz \
              zählt, der nicht weniger sagt als r",
    denominator: "Beim Prosecutor Personen, beim Marketer Datensätze.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "Das Wissen des Angreifers ist richtig, und die Personen einer Klasse sind für ihn gleich wahrscheinlich.",
        "Für den Posterior werden Zellen ohne Ansehen der Personen, auf die ein Datensatz passt, unterdrückt oder \
         verallgemeinert: dass der Datensatz einer Person zu r wurde, ist dann für alle f(r) gleich wahrscheinlich. \
         Wer die Regel kennt, nach der unterdrückt wurde, kann allgemeinere Datensätze womöglich unterscheiden, \
         höchstens bis hinab zur Klasse derer, die r gleichen.",
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
