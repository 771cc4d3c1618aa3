//! The linkage of records in German.

use super::{Prose, Spoken, fixed, number, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Datensatzverknüpfung mit einem Register",
    question: "Hielte jemand die Veröffentlichung gegen ein Register der Grundgesamtheit: wie viele Personen der \
               Veröffentlichung würde er beim Namen nennen, und wie oft richtig?",
    adversary: "Hat ein Register mit Namen (`[[scenario]]` der Art `register`) und einem Teil der Spalten der \
                Veröffentlichung und sucht zu jeder Person der Veröffentlichung, wer im Register am besten passt. \
                Weiß nicht, wer aus dem Register in der Veröffentlichung ist.",
    definition: "Verglichen werden die Quasi-Identifikatoren, die Tabelle und Register unter denselben Namen haben. \
                 exact: es passt, wer in allen gleich ist. gower: am besten passt, wer am nächsten liegt; Zahlen \
                 unterscheiden sich dabei um ihre Differenz durch die Spannweite beider Tabellen, alles andere um 0 \
                 oder 1. fellegi-sunter: am besten passt, wessen Übereinstimmungen am meisten wiegen; wie viel eine \
                 Übereinstimmung wiegt, wird aus den Datensätzen ohne jeden Schlüssel gelernt. Eine Person mit \
                 mehreren Zeilen zählt mit dem besten ihrer Paare von Zeilen. Von k, die gleich gut passen, wird \
                 eine zufällig genannt: die Person wird mit Wahrscheinlichkeit 1/k gefunden. Eine Behauptung wird \
                 aufgestellt, wenn eine Person allein am besten passt; bei fellegi-sunter muss das Paar außerdem \
                 eher von einer Person stammen als nicht. Das `subject` des Registers ist der Lösungsschlüssel: das \
                 Subjekt der Veröffentlichung für Personen, die darin sind, Nullwert oder ein beliebiger anderer \
                 Wert für andere.",
    formula: "recall = Σ 1/k über die Personen, die selbst unter ihren am besten Passenden sind / Personen der \
              Veröffentlichung, die im Register sind; risk = (recall − b) / (1 − b), b = 1 / Personen im Register; \
              precision = richtige Behauptungen / Behauptungen, einschließlich derer über Personen, die nicht im \
              Register sind. gower: Σ_j d_j, d_j = |x − y| / Spannweite oder 0/1. fellegi-sunter: Σ_j log2 m_j/u_j, \
              wo Spalte j übereinstimmt, Σ_j log2 (1 − m_j)/(1 − u_j), wo nicht; m_j und u_j, die \
              Wahrscheinlichkeiten, dass sie in einem Paar von einer Person und von zweien übereinstimmt, und λ, \
              der Anteil der Paare von einer Person, maximieren Π_γ (λ Π_j m_j^γj (1 − m_j)^(1−γj) + (1 − λ) Π_j \
              u_j^γj (1 − u_j)^(1−γj))^n_γ über die Zahlen n_γ der Paare mit Muster γ, durch EM von m = 0,9 und u = \
              Übereinstimmung aller Paare aus, λ höchstens 1 / die größere Zahl von Datensätzen.",
    denominator: "Personen der Veröffentlichung, die im Register sind; bei precision Behauptungen.",
    nulls: "Ein Nullwert ist ein eigener Wert: er stimmt mit einem Nullwert überein und unterscheidet sich von \
            jedem Wert (bei Gowers Abstand um 1, wo Gower den Vergleich auslässt).",
    assumptions: &[
        "Der Lösungsschlüssel ist richtig, und das Register hat keine weiteren Spalten der Veröffentlichung.",
        "fellegi-sunter nimmt an, dass Spalten bei Paaren von einer Person und bei Paaren von zweien unabhängig \
         sind und jeder Datensatz höchstens eine Entsprechung hat. Eine Spalte, in der Übereinstimmung gegen eine \
         Entsprechung spricht, wird ausgelassen.",
        "m und u werden zwischen 0,000001 und 0,999999 gehalten.",
    ],
    limits: &[
        "Ein Angreifer, der mehr Spalten kennt oder weiß, wie Werte vergröbert wurden, findet mehr.",
        "Werte werden verglichen, wie sie sind: gibt das Manifest für eine Spalte, die beide haben, eine Hierarchie \
         an oder Nullwerte, die auf alles passen, so wird nichts gemessen; `journalist-risk` und `k-map` \
         vergleichen solche Tabellen.",
        "gower und fellegi-sunter vergleichen höchstens 20 Spalten, deren Codes in 128 Bit passen. Ergeben Muster × \
         Kombinationen mehr als 2^30, so sind die Muster die einer Zufallsauswahl von Personen der Veröffentlichung \
         mit dem ganzen Register; die Auswahl wird angegeben.",
        "Passen zu einer Person mehr als 64 Kombinationen gleich gut, so zählen Personen mit mehreren Zeilen einmal \
         für jede.",
        "Der Aufwand von gower wächst mit den Mengen von Spalten, in denen sich der Nächste von jemandem \
         unterscheiden kann.",
    ],
    validation: "Nächste Datensätze stimmen auf erzeugten Tabellen mit einem Vergleich aller Paare überein, die \
                 Zahlen der Muster mit einer Auszählung aller Paare. Wahrscheinlichkeiten, nach denen Datensätze \
                 erzeugt wurden, werden wiedergefunden. In ein Register eingebaute Personen werden gefunden; sind \
                 die Werte neu verteilt, so wenige wie durch Raten.",
    table: None,
    settings: &[
        "Spalten mit Zahlen, die Bezeichnungen sind (eine Postleitzahl, ein Berufsschlüssel): sie stimmen überein \
         oder nicht",
    ],
    statistics: &[
        Spoken {
            name: "precision",
            title: "Behauptungen, die richtig sind",
            of: "Behauptungen",
            meaning: |f| {
                let cases = match f.denominator.unwrap_or(0) {
                    1 => "1 Fall".to_owned(),
                    cases => format!("{} Fällen", number(cases as f64)),
                };
                format!(
                    "Nach {} passt in {cases} eine Person allein; davon sind {} richtig.",
                    parameter(f, "method"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "recall",
            title: "Im Register gefundene Personen",
            of: "Personen in beiden",
            meaning: |f| {
                format!(
                    "Durch {} werden {} der Personen, die im Register sind, dort beim ersten \
                     Versuch gefunden; durch Raten {}.",
                    parameter(f, "method"),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Spoken {
            name: "risk",
            title: "Risiko, im Register gefunden zu werden",
            of: "Personen in beiden",
            meaning: |f| {
                format!(
                    "Über das Raten hinaus findet die Verknüpfung durch {} noch {} derer, die \
                     durch Raten nicht gefunden werden.",
                    parameter(f, "method"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "correct_matches",
            title: "Personen, die voraussichtlich gefunden werden",
            of: "Personen in beiden",
            meaning: |f| {
                format!(
                    "Die zu erwartende Zahl der durch {} gefundenen Personen beträgt {}.",
                    parameter(f, "method"),
                    fixed(real(f), 1)
                )
            },
        },
        Spoken {
            name: "claims",
            title: "Personen, die genannt werden",
            of: "Personen",
            meaning: |f| {
                let method = parameter(f, "method");
                match real(f) {
                    1.0 => format!(
                        "Durch {method} würde ein Angreifer 1 Person benennen, und zwar \
                         eindeutig."
                    ),
                    persons => format!(
                        "Durch {method} würde ein Angreifer {} Personen benennen, jede \
                         eindeutig.",
                        number(persons)
                    ),
                }
            },
        },
        Spoken {
            name: "persons_compared",
            title: "Personen der Veröffentlichung, die im Register sind",
            of: "Personen",
            meaning: |f| match real(f) {
                1.0 => "1 Person der Veröffentlichung ist im Register.".to_owned(),
                persons => format!(
                    "{} Personen der Veröffentlichung sind im Register.",
                    number(persons)
                ),
            },
        },
        Spoken {
            name: "persons_absent",
            title: "Personen der Veröffentlichung, die nicht im Register sind",
            of: "Personen",
            meaning: |f| match real(f) {
                1.0 => "1 Person der Veröffentlichung ist nicht im Register: wer auch immer für \
                        sie genannt wird, wird zu Unrecht genannt."
                    .to_owned(),
                persons => format!(
                    "{} Personen der Veröffentlichung sind nicht im Register: wer auch immer für \
                     sie genannt wird, wird zu Unrecht genannt.",
                    number(persons)
                ),
            },
        },
        Spoken {
            name: "lambda",
            title: "Gelernter Anteil der Paare von einer Person",
            of: "Paaren von Datensätzen",
            meaning: |f| {
                let share = format!("{:.3e}", real(f)).replacen('.', ",", 1);
                format!(
                    "Ohne jeden Schlüssel wird gelernt, dass ein Anteil von {share} aller Paare \
                     von Datensätzen von einer Person ist."
                )
            },
        },
        Spoken {
            name: "m",
            title: "Gelernte Übereinstimmung der Paare von einer Person",
            of: "Paaren von Datensätzen",
            meaning: |f| {
                format!(
                    "Die Spalte stimmt in {} der Paare von einer Person überein, wie ohne jeden \
                     Schlüssel gelernt wird.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "u",
            title: "Gelernte Übereinstimmung der Paare von zwei Personen",
            of: "Paaren von Datensätzen",
            meaning: |f| {
                format!(
                    "Die Spalte stimmt in {} der Paare von zwei Personen überein, wie ohne jeden \
                     Schlüssel gelernt wird.",
                    percent(real(f))
                )
            },
        },
    ],
};
