//! Special uniques in German.

use super::{Prose, Spoken, fixed, number, percent, real};

pub static PROSE: Prose = Prose {
    title: "Erkennung besonderer Einmaligkeit (SUDA2)",
    question: "Welche Datensätze sind so ungewöhnlich, dass wenige Spalten genügen, um sie zu finden, und welche \
               Spalten machen sie dazu?",
    adversary: "Kennt einige der Quasi-Identifikatoren einer Person, gleich welche.",
    definition: "Eine minimale Stichproben-Einmaligkeit (Minimal Sample Unique, MSU) eines Datensatzes ist eine \
                 Menge von Spalten, durch die er in der Veröffentlichung einmalig ist, während er es nicht mehr \
                 ist, wenn eine davon wegfällt. Je weniger Spalten und je mehr MSUs, desto besonderer der \
                 Datensatz: jede MSU erhöht seinen Punktwert je nach ihrer Größe. Der Beitrag einer Spalte ist der \
                 Teil aller Punktwerte, der von MSUs mit dieser Spalte kommt. Haben Personen mehrere Zeilen, so ist \
                 eine MSU einer Person eine Kombination von Werten in einer ihrer Zeilen, die keine andere Person in \
                 irgendeiner Zeile hat, während jeder Teil davon auch bei anderen vorkommt; sie zählt einmal, in wie \
                 vielen Zeilen der Person sie auch steht. Der Punktwert einer Person ist die Summe über die MSUs aller \
                 ihrer Zeilen: Wer eine davon findet, hat sie alle.",
    formula: "eine MSU von j aus M Spalten zählt (M−j)! (weights = default) oder (2^(M−j) − 1)·j!(M−j)!/M! (weights \
              = legacy); Punktwert = Σ über die MSUs des Datensatzes oder \
              aller Zeilen der Person; Beitrag = Σ Punktwerte der MSUs mit der \
              Spalte / Σ Punktwerte, mit den Gewichten default; DIS = Uπ / (Uπ + D(1−π)) mit U einmaligen \
              Datensätzen, D Datensätzen in Klassen von zweien, π dem gezogenen Teil der Grundgesamtheit; DIS-SUDA \
              eines Punktwerts s = 1/(1 + (U/DIS − U)/(s^q Σ über einmalige Datensätze von s^(−q))), q = 1 + (8 − \
              M)/20",
    denominator: "Personen. Hat jede eine Zeile, so sind es Datensätze. DIS ist für einen Datensatz je Person definiert: \
                  haben Personen mehrere, so werden `dis` und `dis_suda_max` nicht gemessen.",
    nulls: super::OF_KNOWN,
    assumptions: &[
        "Für DIS: die Datensätze sind eine einfache Zufallsstichprobe der Grundgesamtheit, die das Manifest angibt.",
    ],
    limits: &[
        "Punktwerte sind relativ: sie vergleichen Datensätze einer Tabelle, mit denselben Spalten.",
        "Bei vielen Spalten werden nur MSUs bis zu einer bestimmten Größe gesucht; `largest_size` sagt, bis zu \
         welcher. Größere zählen am wenigsten.",
        "Die Beiträge der Spalten ergeben zusammen mehr als eins, denn eine MSU hat mehrere Spalten.",
        "Haben Personen mehrere Zeilen, so werden Spalten einer Zeile kombiniert, nicht die verschiedener Zeilen: was \
         mehrere Zeilen zusammen verraten, sagt `unicity`.",
    ],
    validation: "Punktwerte des veröffentlichten Beispiels von zehn Datensätzen mit vier Spalten: 6, 12, 6, 10 mit \
                 den Gewichten default und 1,75; 3,25; 1,75; 2,75 mit den Gewichten legacy; Beiträge von Hand \
                 gerechnet. MSUs stimmen auf erzeugten Tabellen, mit einer Zeile je Person und mit mehreren, mit einer \
                 Suche über alle Teilmengen überein.",
    table: None,
    settings: &["höchste Größe einer MSU"],
    statistics: &[
        Spoken {
            name: "minimal_sample_uniques",
            title: "Minimale Stichproben-Einmaligkeiten",
            of: "Personen",
            meaning: |f| match real(f) {
                1.0 => "Es gibt 1 Möglichkeit, jemanden an gerade genügend Spalten zu finden."
                    .to_owned(),
                ways => format!(
                    "Es gibt {} Möglichkeiten, jemanden an gerade genügend Spalten zu finden.",
                    number(ways)
                ),
            },
        },
        Spoken {
            name: "score_max",
            title: "Höchster SUDA-Punktwert",
            of: "Personen",
            meaning: |f| match real(f) {
                0.0 => "Niemand ist einmalig: niemand ist besonders.".to_owned(),
                score => format!(
                    "Die besonderste Person hat einen Punktwert von {}.",
                    fixed(score, 2)
                ),
            },
        },
        Spoken {
            name: "contribution",
            title: "Beitrag einer Spalte zu den Punktwerten",
            of: "Punktwerten",
            meaning: |f| {
                format!(
                    "{} ist an {} dessen beteiligt, was Personen besonders macht.",
                    f.columns.join(", "),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "dis",
            title: "Simulation des Eindringens (Data Intrusion Simulation)",
            of: "eindeutigen Zuordnungen",
            meaning: |f| {
                format!(
                    "Wer einem einmaligen Datensatz jemanden der Grundgesamtheit zuordnet, liegt \
                     mit einer geschätzten Wahrscheinlichkeit von {} richtig.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "dis_suda_max",
            title: "Höchster DIS-SUDA-Punktwert",
            of: "Datensätzen",
            meaning: |f| {
                format!(
                    "Wer dem besondersten Datensatz jemanden der Grundgesamtheit zuordnet, liegt \
                     mit einer geschätzten Wahrscheinlichkeit von {} richtig.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "largest_size",
            title: "Größte gesuchte Größe",
            of: "Spalten",
            meaning: |f| match real(f) {
                1.0 => "Gesucht wurden MSUs von höchstens 1 Spalte.".to_owned(),
                columns => format!(
                    "Gesucht wurden MSUs von bis zu {} Spalten.",
                    number(columns)
                ),
            },
        },
    ],
};
