//! Attribute inference in German.

use crate::finding::{Finding, Parameter};

use super::{Prose, Spoken, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Erschließen von Merkmalen (Attribute Inference)",
    question: "Wie oft errät den sensiblen Wert einer Person, wer ihre Quasi-Identifikatoren kennt und alle \
               anderen in der Veröffentlichung auswertet?",
    adversary: "Kennt die Quasi-Identifikatoren einer Person und hat die Veröffentlichung ohne die Datensätze \
                dieser Person; lernt daraus, wie der sensible Wert mit den Quasi-Identifikatoren zusammenhängt, \
                und sagt ihn voraus. Kann einen Wert nur dort nennen, wo er am sichersten ist.",
    definition: "Jede Person wird der Reihe nach ausgelassen und aus allen anderen vorhergesagt, auf fünf Arten. \
                 `naive-bayes` nimmt die Quasi-Identifikatoren bei gegebenem Wert als unabhängig an. `decision-table` \
                 nimmt den häufigsten Wert der Klasse der Person oder, wenn diese leer ist, der Tabelle. \
                 `selected-table` nimmt den häufigsten Wert unter denen, die die Spalten teilen, die am besten \
                 vorhersagen, wo es niemand tut, die besten wenigeren, und so fort. `nearest-neighbour` nimmt den \
                 häufigsten Wert unter den nach Gowers Abstand Nächsten. `random-forest` lässt 60 Bäume abstimmen, die an den Personen der \
                 anderen Hälfte gewachsen sind. `best` ist die stärkste der fünf: die Personen \
                 werden zufällig in Hälften geteilt, und in jeder wird die Art genommen, deren Erfolg in der anderen die \
                 höchste untere Grenze hat. Auch die Spalten von `selected-table` werden in der anderen Hälfte gewählt. \
                 Gibt das Manifest für eine sensible Spalte mit Zahlen eine Toleranz an, so ist richtig, was nicht weiter \
                 danebenliegt, und genannt wird der Wert, der innerhalb seiner Toleranz am meisten hat. \
                 Der Vergleichswert nennt für alle den häufigsten Wert der Tabelle (mit einer Toleranz den, der innerhalb \
                 davon am meisten hat). Das Risiko ist, was der Angriff von \
                 dem gewinnt, was der Vergleichswert übrig lässt.",
    formula: "naives Bayes-Verfahren: der Wert v mit dem größten ln n_v + Σ_a ln((n_{a,v} + 1)/(n_v + m_a)), dabei \
              n_v die anderen mit v, n_{a,v} diejenigen darunter, die das Merkmal a teilen, m_a die Zahl seiner \
              verschiedenen Werte; bei Gleichstand der erste Wert. Spalten werden nach dem Anteil gewählt, der richtig \
              vorhergesagt wird, jede Person ohne sich selbst, anhand von höchstens 20.000 Personen der anderen Hälfte: \
              unter allen Mengen von einer, zwei und drei Spalten, solange es nicht mehr als 1.500 sind, danach wird die \
              beste Menge um die beste Spalte erweitert, solange das hilft. Abstand: Mittel über die Spalten von \
              |x − y| / Spannweite bei Zahlen und Zeiten und von 0 oder 1 bei allem anderen; ein Nullwert ist von allem \
              anderen um 1 entfernt. Bäume: jeder an höchstens 20.000 Personen der anderen Hälfte, jede Poisson(1)-verteilt oft \
              genommen; ein Knoten wird nach der besten von ⌈√d⌉ zufällig gezogenen Spalten geteilt (nach mehr, wo davon \
              keine hilft), an einem Wert oder, bei Bezeichnungen, in einen Wert und die anderen, nach Ginis Index, mit nicht \
              weniger als 5 Personen je Teil. precision_at_coverage: richtige / genannte unter dem Anteil der Versuche, in \
              denen `best` am sichersten ist (nach dem Anteil, den der genannte Wert an dem hat, was sein Verfahren zählt; \
              von gleich sicheren das Mittel). success = richtige / Versuche; baseline = versuchte Personen mit dem häufigsten \
              Wert / Versuche; risk = (success − Vergleichswert) / (1 − Vergleichswert)",
    denominator: "Versuche: Personen; eine Person mit mehreren Datensätzen wird einmal für jede verschiedene \
                  Kombination von Quasi-Identifikatoren und Wert versucht. `nearest-neighbour` wird an 2.000 von ihnen \
                  versucht, an weniger (mindestens 200), wo Klassen × Spalten × Personen 10¹⁰ übersteigen.",
    nulls: "Ein Nullwert ist ein eigener Wert, der bekannt sein und vorhergesagt werden kann.",
    assumptions: &[
        "Der sensible Wert ist eine Kategorie oder eine Zahl, die genau oder innerhalb der angegebenen Toleranz zu \
         erraten ist.",
        "Was für die anderen gilt, gilt für die Person: eine Vorhersage kann zutreffen, ohne dass die Person \
         überhaupt in der Veröffentlichung ist. Der Angriff zeigt, was die Veröffentlichung lehrt.",
    ],
    limits: &[
        "Ein klügeres Verfahren kann mehr erreichen: dies ist eine untere Schranke dessen, was sich erschließen \
         lässt.",
        "Der Vergleichswert ist der der Tabelle selbst, und jede Person ist von dem ausgenommen, woraus gelernt wird \
         (random-forest: von der Hälfte, an der die Bäume wachsen): Personen, die gar nicht in der Veröffentlichung sind, \
         dienen hier nicht zum Vergleich.",
        "Das Konfidenzintervall erfasst die Ziehung der versuchten Personen und nimmt den Vergleichswert als gegeben.",
        "Wer eine Person auslässt, entscheidet einen Gleichstand von Werten gegen sie: wo zwei Werte gleich häufig sind, \
         erscheint der Angriff etwas schwächer, als er ist.",
    ],
    validation: "Stimmt auf erzeugten Tabellen mit einem und mit mehreren Datensätzen je Person mit einer \
                 erschöpfenden Vergleichsrechnung überein, die jede Person der Reihe nach auslässt. Bei einer \
                 sensiblen Spalte ohne jeden Zusammenhang mit den anderen ist das Risiko etwa null, bei einer, die \
                 aus ihnen folgt, ist es eins: auch beim exklusiven Oder zweier Spalten neben zweien aus Rauschen, mit \
                 `selected-table` und `nearest-neighbour`. Auf UCI Adult (30.162 Personen) errät \
                 `random-forest` aus den übrigen Spalten das Einkommen in 0,823 der Fälle und den Beruf in 0,302, die beste \
                 der anderen Arten in 0,818 und 0,328; Gradient Boosting von scikit-learn, an Hälften gelernt, in 0,834 \
                 und 0,334, dessen Random Forest in 0,830 und 0,325.",
    table: None,
    settings: &[
        "Personen, die für den Angriff gezogen werden; alle, wenn es weniger sind",
        "für sensible Spalten mit Zahlen, um wie viel eine Angabe danebenliegen darf und noch richtig ist",
    ],
    statistics: &[
        Spoken {
            name: "success",
            title: "Richtig erratene Werte",
            of: "Versuchen",
            meaning: |f| {
                format!(
                    "Aus den Quasi-Identifikatoren einer Person und den Datensätzen der anderen \
                     wird der Wert von {} in {} der Fälle richtig erraten; wer stets den \
                     häufigsten Wert nennt, liegt in {} der Fälle richtig.",
                    parameter(f, "sensitive"),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Spoken {
            name: "precision_at_coverage",
            title: "Richtige Angaben, wo der Angriff am sichersten ist",
            of: "Versuchen",
            meaning: |f| {
                format!(
                    "Von den Werten von {}, die ein Angreifer nennt, der nur die sichersten {} nennt, sind {} richtig; wer \
                     stets den häufigsten Wert nennt, liegt in {} der Fälle richtig.",
                    parameter(f, "sensitive"),
                    percent(number(f, "coverage")),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Spoken {
            name: "risk",
            title: "Inferenzrisiko über bloßes Raten hinaus",
            of: "Versuchen",
            meaning: |f| match real(f) {
                risk if risk <= 0.0 => format!(
                    "Bei {} ist der Angriff nicht besser, als den häufigsten Wert zu nennen.",
                    parameter(f, "sensitive")
                ),
                risk => format!(
                    "Von den Werten von {}, die bloßes Raten verfehlt, trifft der Angriff {}.",
                    parameter(f, "sensitive"),
                    percent(risk)
                ),
            },
        },
    ],
};

fn number(f: &Finding, name: &str) -> f64 {
    match f.parameters.get(name) {
        Some(Parameter::Number(number)) => number.as_f64(),
        _ => f64::NAN,
    }
}
