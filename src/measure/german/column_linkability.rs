//! The linkability of two sources through the release in German.

use super::{Prose, Spoken, percent, real};

pub static PROSE: Prose = Prose {
    title: "Verknüpfbarkeit zweier Quellen durch die Veröffentlichung",
    question: "Zwei Quellen ohne gemeinsame Namen kennen jeweils einige Spalten zu einer Person: bringt die \
               Veröffentlichung sie zusammen?",
    adversary: "Hat von einigen Personen die eine Hälfte der Spalten aus einer Quelle und die andere Hälfte aus \
                einer anderen, schlägt beide Hälften in der Veröffentlichung nach und hält sie für Angaben zu \
                einer Person, wenn sie auf einen Datensatz führen.",
    definition: "Die erste Hälfte der Spalten einer Zielperson führt auf die nächstgelegenen Datensätze A der \
                 Veröffentlichung, die zweite Hälfte auf die nächstgelegenen Datensätze B, nach dem Gower-Abstand \
                 über die Spalten der Hälfte. Liegen mehrere gleich nahe, so wird je einer aus A und aus B \
                 zufällig gezogen (`ties` = apart, wie in der Arbeit unten) oder aus beiden der erste nach einer \
                 Reihenfolge aller Datensätze, die selbst zufällig gezogen ist (`ties` = in-order, was mehr \
                 verknüpft). Nennt ein `[[scenario]]` der Art `register` ein Register mit Antwortschlüssel, so \
                 sind Zielpersonen die Personen des Registers, die in der Veröffentlichung sind, und \
                 Kontrollpersonen diejenigen, die es nicht sind: was diese verknüpft, ist, was Menschen gemeinsam \
                 haben, nicht, dass sie in der Veröffentlichung sind. Ohne Register sind Zielpersonen die Personen \
                 der Veröffentlichung selbst, und es gibt keine Kontrolle: dann wird gemessen, wenn das Manifest \
                 `[measure.column-linkability]` enthält oder die Richtlinie danach fragt.",
    formula: "Eine Zielperson wird mit Wahrscheinlichkeit |A ∩ B| / (|A| |B|) verknüpft, bei in-order mit |A ∩ B| \
              / |A ∪ B|. success = Mittel über die Zielpersonen, control = Mittel über die Kontrollpersonen; risk \
              = (r_a − r_c) / (1 − r_c), mindestens 0, mit r = (s + z²/2) / (n + z²), s von n verknüpft, z = 1,96, \
              und halber Breite √((δ_a / (1 − r_c))² + (δ_c (1 − r_a) / (1 − r_c)²)²), δ die des \
              Konfidenzintervalls nach Wilson; ohne Kontrollpersonen ist r_c das Raten, 1 / Datensätze der \
              Veröffentlichung, und δ_c = 0. Gower: Σ_j d_j, d_j = |x − y| / Spannweite oder 0/1.",
    denominator: "Zielpersonen; bei `control` Kontrollpersonen.",
    nulls: "Ein Nullwert ist ein eigener Wert: sein Abstand zu jedem Wert ist 1, zum Nullwert 0.",
    assumptions: &[
        "Die beiden Quellen kennen die Spalten richtig, und jede nur ihre eigenen.",
        "Kontrollpersonen gleichen den Zielpersonen in allem außer darin, dass sie nicht in der Veröffentlichung \
         sind.",
    ],
    limits: &[
        "Die Hälften, die ein Angreifer wirklich hätte, können andere sein: sie lassen sich mit `halves` angeben.",
        "Erfolg heißt, dass die Hälften auf einen Datensatz führen, nicht, dass es der eigene der Zielperson ist.",
        "Gibt das Manifest für eine Spalte eine Hierarchie an oder passen Nullwerte auf alles, so wird nichts \
         gemessen.",
        "Der Angriff und seine Formeln sind die der unten genannten Arbeit; Software ihrer Autoren (Anonymeter) \
         steht unter einer Lizenz, die keine Patentrechte einräumt (Clear-BSD), und es gibt eine Patentanmeldung \
         (US-20230401336). Nichts aus dieser Software wird hier verwendet; bevor man sich darauf verlässt, ist \
         anwaltlicher Rat einzuholen.",
    ],
    validation: "Stimmt auf erzeugten Tabellen mit einem Vergleich mit allen Datensätzen überein. Auf 10.000 \
                 Personen der Adult-Daten, die ganz, zur Hälfte und gar nicht veröffentlicht sind, liegen die \
                 Werte innerhalb der Konfidenzintervalle der Software der Autoren (bei getrennter Ziehung); deren \
                 Risiko und Konfidenzintervall folgen aus ihren Zählwerten nach der Formel oben.",
    table: None,
    settings: &[
        "zwei Listen von Spalten: was jede der Quellen kennt",
        "Personen, die als Zielpersonen gezogen werden, und ebenso viele als Kontrollpersonen",
        "Spalten mit Zahlen, die Namen sind: sie stimmen überein oder nicht",
    ],
    statistics: &[
        Spoken {
            name: "success",
            title: "Personen, deren zwei Quellen zusammengebracht werden",
            of: "Zielpersonen",
            meaning: |f| {
                format!(
                    "Bei {} der Personen führen zwei Quellen, die verschiedene Spalten von \
                     ihnen kennen, auf einen Datensatz der Veröffentlichung; Raten erreicht das \
                     bei {}.",
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Spoken {
            name: "control",
            title: "Dasselbe bei Personen, die nicht in der Veröffentlichung sind",
            of: "Kontrollpersonen",
            meaning: |f| {
                format!(
                    "Von den Personen, die nicht in der Veröffentlichung sind, werden bei {} \
                     die Quellen dennoch zusammengebracht.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "risk",
            title: "Risiko, durch die Veröffentlichung verknüpft zu werden",
            of: "Zielpersonen",
            meaning: |f| {
                format!(
                    "Die Veröffentlichung verknüpft die Quellen von {} der Personen, die sonst \
                     nicht verknüpft würden.",
                    percent(real(f))
                )
            },
        },
    ],
};
