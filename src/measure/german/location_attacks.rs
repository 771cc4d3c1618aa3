//! The location attacks in German.

use super::{Header, Prose, Spoken, fixed, parameter, percent, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Angriffe mit bekannten Orten",
    question: "Wenn ein Angreifer gerade die wenigen Orte einer Person kennt, die sie verraten: mit welcher \
               Wahrscheinlichkeit findet er ihre Spur?",
    adversary: "Kennt k Orte der Spur einer Person, die für sie ungünstigsten: wo sie war (unique-location), wo \
                und wie oft mindestens (location), wo und zu welcher Zeit (location-time), wo und genau wie oft \
                (location-frequency), wo und mit welchem Anteil an allen Zeilen (location-probability), wo und wie \
                oft im Verhältnis zueinander (location-proportion), wo und in welcher Reihenfolge \
                (location-sequence), oder die beiden häufigsten Orte (home-work).",
    definition: "Ein Fall ist eine Auswahl von k Orten einer Person; er passt auf eine Person, wenn ihre Spur \
                 alles davon enthält. Das Risiko der Person ist 1 durch die Zahl der Personen, auf die ein Fall \
                 passt, und zwar für den Fall, bei dem dies am höchsten ist. location: k Zeilen, von denen mehrere \
                 denselben Ort haben können; es passt, wer jeden Ort mindestens so oft hat. location-sequence: k \
                 Zeilen in zeitlicher Folge; es passt, wessen Spur deren Orte in dieser Reihenfolge enthält, \
                 gleich ob andere dazwischen liegen. Wer weniger als k hat, wird mit allen angegriffen. Hat die \
                 Tabelle keine Orte, so treten ihre Gegenstände an deren Stelle.",
    formula: "Risiko(i) = max über Fälle b von i von 1 / |{j : b passt auf j}|; mean_risk = (1/n) Σ Risiko(i); \
              share_certain = |{i : Risiko(i) = 1}| / n",
    denominator: "Personen; eine Zufallsauswahl, wenn es mehr sind, als die Einstellung vorsieht.",
    nulls: "Ein Ort, der Nullwert ist, ist ein eigener Ort.",
    assumptions: &[
        "Der Angreifer kennt gerade die ungünstigsten Orte aller Personen: ein oberes Ende des Risikos. `unicity` \
         ist der Mittelwert über zufällige Punkte.",
    ],
    limits: &[
        "Das höchste Risiko wird durch Verzweigen und Begrenzen über die verbleibenden Personenmengen gefunden, \
         nicht durch Probieren aller Fälle; das Ergebnis ist dasselbe.",
        "Folgen werden je Person in einer begrenzten Zahl von Schritten gesucht; reicht sie nicht, so steht der \
         Angriff unter „nicht gemessen“.",
        "Zeilen derselben Zeit haben keine Reihenfolge: Folgen ordnen sie nach dem Ort.",
        "Häufigkeiten, Anteile und Verhältnisse müssen genau übereinstimmen: ein Angreifer, der sie ungefähr \
         kennt, findet mehr Personen, auf die sie passen.",
    ],
    validation: "location, unique-location, location-frequency und location-time stimmen auf Check-ins von 12 \
                 Personen (k = 2 und 3) und von 20 (k = 2) mit einer unabhängigen erschöpfenden Berechnung \
                 überein, in Mittelwert und sicheren Treffern; home-work auf denen von 200; unique-location mit k \
                 = 1 und 2 auf allen Check-ins und Taxis, zwei Raster. Jeder Angriff außer home-work stimmt auf \
                 erzeugten Spuren mit dem Probieren aller Auswahlen überein, k = 1 bis 4. Das Konfidenzintervall \
                 eines Mittelwerts ist das von Agresti und Coull, für Werte zwischen 0 und 1: zwei Personen mit Risiko \
                 1 und zwei mit Risiko 0 kommen hinzu, Students t tritt an die Stelle des Quantils der \
                 Normalverteilung, und das Intervall reicht von einer halben Breite unter dem kleineren der beiden \
                 Mittelwerte, mit diesen vier und ohne sie, bis zu einer halben Breite über dem größeren. Wie oft es \
                 den wahren Wert enthält, sagt die Tabelle.",
    table: Some(Header {
        title: "Anteile von 2.000 Stichproben von 5, 20, 100 und 1.000 Personen, deren Konfidenzintervall eines \
                Mittelwerts den Mittelwert aller enthält, in Prozent: Werte von 1 bei einer von so vielen Personen (1 zu …) und \
                sonst der anderen Zahl, 1/k bei lognormalem k, exponentiell mit diesem Mittelwert, gleichverteilt von 0 \
                bis 1; hinter dem Schrägstrich das Intervall von Wald",
        header: &["Werte", "5", "20", "100", "1.000"],
        words: &[
            ("1 in 50, else 0", "1 zu 50, sonst 0"),
            ("1 in 2, else 0", "1 zu 2, sonst 0"),
            ("1 in 100, else 0.01", "1 zu 100, sonst 0,01"),
            ("1 in 10, else 0.5", "1 zu 10, sonst 0,5"),
            ("1/k, median 20", "1/k, Median 20"),
            ("1/k, median 150", "1/k, Median 150"),
            ("exponential, 0.02", "exponentiell, 0,02"),
            ("even", "gleichverteilt"),
        ],
    }),
    settings: &[
        "angegriffene Personen",
        "die Zahlen k bekannter Orte; Werte, die eine Richtlinie nennt, kommen hinzu",
    ],
    statistics: &[
        Spoken {
            name: "mean_risk",
            title: "Mittleres Risiko eines Angriffs mit bekannten Orten",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Im Mittel über die Personen {} einen Angreifer mit Wahrscheinlichkeit {} \
                     zur Spur ({}).",
                    match parameter(f, "length").as_str() {
                        "1" => "führt 1 Ort, der ungünstigste,".to_owned(),
                        length => format!("führen die {length} ungünstigsten Orte"),
                    },
                    fixed(real(f), 3),
                    parameter(f, "attack")
                )
            },
        },
        Spoken {
            name: "max_risk",
            title: "Höchstes Risiko eines Angriffs mit bekannten Orten",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Bei der am stärksten gefährdeten Person beträgt diese Wahrscheinlichkeit \
                     {} ({}).",
                    fixed(real(f), 3),
                    parameter(f, "attack")
                )
            },
        },
        Spoken {
            name: "share_certain",
            title: "Personen, die ein Angriff mit bekannten Orten sicher findet",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Von den Personen werden {} durch {} sicher gefunden ({}).",
                    percent(real(f)),
                    by_worst(f),
                    parameter(f, "attack")
                )
            },
        },
    ],
};

fn by_worst(finding: &Finding) -> String {
    match parameter(finding, "length").as_str() {
        "1" => "1 Ort, ihren ungünstigsten,".to_owned(),
        length => format!("ihre {length} ungünstigsten Orte"),
    }
}
