//! Unicity in the population in German.

use super::{Header, Prose, Spoken, fixed, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Unizität in der Grundgesamtheit",
    question: "Wie viele Momente im Leben einer Person würden sie finden, wenn die Veröffentlichung alle enthielte?",
    adversary: "Wie bei `unicity`: kennt p zufällige Punkte der Spur einer Person; sucht sie aber unter den Spuren \
                der ganzen Grundgesamtheit.",
    definition: "Die Unizität von n Personen ist der zu erwartende Anteil der Personen einer zufälligen Auswahl von \
                 n aus der Veröffentlichung, deren p gezogene Punkte niemand sonst in der Auswahl hat. Sie wird für \
                 n = alle, die Hälfte, ein Viertel und so weiter berechnet; das Gesetz von Pitman und Yor wird \
                 daran angepasst und für die Grundgesamtheit abgelesen.",
    formula: "eine Ziehung mit c Kandidaten unter P Personen ist unter n einmalig mit Wahrscheinlichkeit C(P − c, n \
              − 1) / C(P − 1, n − 1); U(n) = deren Mittel über Ziehungen; angepasst: U(n) = Γ(1+α) Γ(n+d+α−1) / \
              (Γ(d+α) Γ(n+α)) nach kleinsten Quadraten, Fehler mit ln n gewichtet",
    denominator: "Personen der Grundgesamtheit, die das Manifest angibt; beim gemessenen Teil Ziehungen.",
    nulls: "Wie bei `unicity`.",
    assumptions: &[
        "Die Personen der Veröffentlichung sind eine Zufallsstichprobe der Grundgesamtheit, und ihre Spuren sind so \
         lang wie die der anderen.",
        "Die Spuren der übrigen Grundgesamtheit fallen zusammen, wie es die der Stichprobe tun, wenn sie wächst.",
    ],
    limits: &[
        "Es ist eine Hochrechnung nach einem Gesetz, das für Klassen und nicht für Mengen von Punkten gemacht ist: \
         `extrapolation_error` sagt, wie gut es die Veröffentlichung aus einem Sechzehntel davon vorhergesagt \
         hätte.",
        super::WIDENED,
        "Bei kleinen Veröffentlichungen liegt es zu hoch, bei wirklichen Check-ins um bis zu ein Drittel.",
    ],
    validation: "Der Anteil unter n Personen stimmt in einem von Hand gerechneten Fall mit dem Mittel über alle \
                 Auswahlen von n überein. Bei einem erzeugten Netzbetreiber sagt ein Zwanzigstel der Personen die \
                 Unizität aller bis auf 0,01 vorher; wie weit das Gesetz auf wirklichen Spuren danebenliegt, sagt die Tabelle.",
    table: Some(Header {
        title: "Geschätzter durch wahren Wert, Mittelwert ± Standardabweichung von zwanzig Stichproben; wie viele der \
                Konfidenzintervalle zu 95\u{202f}% die Wahrheit enthalten, wo es einen Schätzwert gibt; der Median ihrer Breite. Käufe nach Monat und Artikel (4.372 Kunden), Check-ins nach Woche und 0,05° (1.083), Taxifahrten nach Tag und 0,02° (537); \
                2 oder 4 Punkte bekannt",
        header: &[
            "Grundgesamtheit",
            "Anteil",
            "Punkte",
            "Verhältnis",
            "erfasst",
            "Breite",
        ],
        words: &[
            ("generated operator", "erzeugter Netzbetreiber"),
            ("purchases", "Käufe"),
            ("check-ins", "Check-ins"),
            ("taxis", "Taxifahrten"),
        ],
    }),
    settings: &[
        "Zahlen p bekannter Punkte; hinzu kommen die, die eine Richtlinie nennt",
        "gezogene Personen für jedes p, wie bei `unicity`",
    ],
    statistics: &[
        Spoken {
            name: "share_unique",
            title: "Unizität in der Grundgesamtheit",
            of: "Personen der Grundgesamtheit",
            meaning: |f| {
                let moments = match parameter(f, "points").as_str() {
                    "1" => "griffe 1 zufälliger Moment".to_owned(),
                    points => format!("griffen {points} zufällige Momente"),
                };
                format!(
                    "Wären alle {} Personen der Grundgesamtheit in der Veröffentlichung, so \
                     {moments} noch schätzungsweise {} von ihnen heraus.",
                    parameter(f, "population"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "extrapolation_error",
            title: "Fehler einer Hochrechnung auf das Sechzehnfache",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Angepasst an ein Sechzehntel der Personen, verfehlt das Gesetz die Unizität \
                     aller um {}.",
                    fixed(real(f), 3)
                )
            },
        },
    ],
};
