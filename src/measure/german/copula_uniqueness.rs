//! Uniqueness by a copula in German.

use super::{Header, Prose, Spoken, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Einmaligkeit nach einer Copula",
    question: "Jemand ist in der Veröffentlichung der Einzige seiner Art: wie wahrscheinlich ist es, dass es in \
               der ganzen Grundgesamtheit keinen zweiten gibt?",
    adversary: "Hat den einen Datensatz gefunden, der auf eine Person passt, und will sicher sein, dass es ihrer \
                ist, obwohl die Veröffentlichung nur eine Stichprobe ist.",
    definition: "Eine Gauß-Copula mit den Randverteilungen der Veröffentlichung bildet ab, wie häufig jede \
                 Kombination von Quasi-Identifikatoren in der Grundgesamtheit ist: p. Die Wahrscheinlichkeit ξ der \
                 Einmaligkeit ist die, dass keine der anderen Personen der Grundgesamtheit sie hat; die \
                 Trefferrichtigkeit κ ist die Wahrscheinlichkeit, dass ein Treffer die richtige Person ist. Beide \
                 werden über die Personen gemittelt, die in der Veröffentlichung einmalig sind; sind es mehr, als \
                 die Einstellung vorsieht, über zufällig gezogene.",
    formula: "ξ = (1−p)^(N−1); κ = (1 − (1−p)^N)/(Np); p die Wahrscheinlichkeit des Quaders der Kombination unter \
              N(0, Σ), jede Seite von Φ⁻¹ des Anteils der Werte davor bis zu dem des eigenen einschließlich; Σ_ij \
              so, dass die Transinformation des Paars die beobachtete abzüglich (r−1)(c−1)/2n ist, mit dem \
              Vorzeichen von γ nach Goodman und Kruskal; share_unique = einmalige Personen / Personen · mittleres \
              ξ",
    denominator: "In der Veröffentlichung einmalige Personen; für `share_unique` alle Personen der Veröffentlichung.",
    nulls: "Ein Nullwert ist ein eigener Wert, auch wo er nach dem Manifest auf alles passen darf.",
    assumptions: &[
        "Die Personen der Veröffentlichung sind eine einfache Zufallsstichprobe der Grundgesamtheit.",
        "Was die Spalten verbindet, ist durch Paare erfasst und durch einen monotonen Zusammenhang entlang ihrer \
         Ordnung: bei Zahlen und Zeiten der Ordnung der Werte, sonst einer, in der ansonsten ähnliche Personen \
         nahe beieinander liegen (Reciprocal Averaging).",
    ],
    limits: &[
        "Ein Wert, der in der Veröffentlichung einmal vorkommt, gilt als so häufig, wie das nahelegt; Werte, die \
         nicht vorkommen, gibt es für das Modell nicht. Hat eine Spalte Werte, die schätzungsweise mehr als jede \
         zwanzigste Person der Grundgesamtheit hat und die der Veröffentlichung fehlen (Personen, die mit ihrem allein \
         sind / n · (1 − n/N), Good 1953), so wird nicht gemessen.",
        "Höchstens 20 Quasi-Identifikatoren.",
        super::WIDENED,
    ],
    validation: "Auf Stichproben der Adult-Daten daran gemessen, welche in der Stichprobe einmalige Personen unter \
                 allen einmalig sind: Zahlen unten. Die Wahrscheinlichkeit ordnet gut, fällt an beiden Enden aber \
                 zu sicher aus; für kleine Stichproben ist ihr Mittel zu hoch. Die Wahrscheinlichkeit der Quader \
                 stimmt mit den geschlossenen Formeln für zwei Variable und für gleiche Korrelationen überein; \
                 eine erzeugte Copula wird wiedergefunden.",
    table: Some(Header {
        title: "AUC: wie gut die Wahrscheinlichkeit einmalige Personen einer Stichprobe, die unter allen einmalig sind, von den übrigen trennt. Kalibrierung: von denen, deren \
                Wahrscheinlichkeit im Mittel die zweite Zahl ist, der Anteil, der es ist. Sonst: geschätzter durch wahren Wert, Mittelwert ± Standardabweichung von zwanzig Stichproben; wie viele der \
                Konfidenzintervalle zu 95\u{202f}% die Wahrheit enthalten, wo es einen Schätzwert gibt; der Median ihrer Breite. Adult: 30.162 Personen der öffentlichen Tabelle; Kunden (4.372) eines Onlinehandels, Besucher (1.083), die einchecken, Taxis (537) und \
                Wochen von Haushalten (2.650), je nach Merkmalen aus ihren Zeilen",
        header: &[
            "Grundgesamtheit",
            "Anteil",
            "Größe",
            "Verhältnis",
            "erfasst",
            "Breite",
        ],
        words: &[
            ("calibration", "Kalibrierung"),
            ("all", "alle"),
            ("mean_uniqueness", "Wahrscheinlichkeit"),
            ("mean_correctness", "Trefferrichtigkeit"),
        ],
    }),
    settings: &["gezogene einmalige Personen"],
    statistics: &[
        Spoken {
            name: "mean_uniqueness",
            title: "Wahrscheinlichkeit, dass eine einmalige Person in der Grundgesamtheit einmalig ist",
            of: "in der Veröffentlichung einmaligen Personen",
            meaning: |f| {
                format!(
                    "Wer in der Veröffentlichung einmalig ist, ist es unter allen {} Personen \
                     der Grundgesamtheit mit einer geschätzten Wahrscheinlichkeit von \
                     durchschnittlich {}.",
                    parameter(f, "population"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "mean_correctness",
            title: "Trefferrichtigkeit bei einer einmaligen Person",
            of: "in der Veröffentlichung einmaligen Personen",
            meaning: |f| {
                format!(
                    "Wer einem einmaligen Datensatz jemanden der Grundgesamtheit zuordnet, \
                     liegt mit einer geschätzten Wahrscheinlichkeit von durchschnittlich {} \
                     richtig.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "share_unique",
            title: "In der Grundgesamtheit einmalige Personen der Veröffentlichung",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Zu schätzungsweise {} der Personen der Veröffentlichung gibt es in der \
                     Grundgesamtheit niemanden ihrer Art.",
                    percent(real(f))
                )
            },
        },
    ],
};
