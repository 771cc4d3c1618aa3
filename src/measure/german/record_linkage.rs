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
                 oder 1. fellegi-sunter: am besten passt, wessen Werte für dieselbe Person am \
                 wahrscheinlichsten sind, verglichen mit denen irgendeiner Person: Übereinstimmung in einem seltenen \
                 Wert sagt mehr als in einem häufigen, und eine Zahl kann in der Nähe liegen. Eine Person mit \
                 mehreren Zeilen zählt mit dem besten ihrer Paare von Zeilen. Von k, die gleich gut passen, wird \
                 eine zufällig genannt: die Person wird mit Wahrscheinlichkeit 1/k gefunden. Eine Behauptung wird \
                 aufgestellt, wenn eine Person allein am besten passt; bei fellegi-sunter muss das Paar außerdem \
                 eher von einer Person stammen als nicht. Das `subject` des Registers ist der Lösungsschlüssel: das \
                 Subjekt der Veröffentlichung für Personen, die darin sind, Nullwert oder ein beliebiger anderer \
                 Wert für andere.",
    formula: "recall = Σ 1/k über die Personen, die selbst unter ihren am besten Passenden sind / Personen der \
              Veröffentlichung, die im Register sind; risk = (recall − b) / (1 − b), b = 1 / Personen im Register; \
              precision = richtige Behauptungen / Behauptungen, einschließlich derer über Personen, die nicht im \
              Register sind. gower: Σ_j d_j, d_j = |x − y| / Spannweite oder 0/1. fellegi-sunter: Σ_j log2 L_j, L_j = m_j [a = b] \
              / q(a) + Σ_s n_js e^(−|a − b|/s) / Σ_v q(v) e^(−|a − v|/s) + r_j mit m_j + Σ_s n_js + r_j = 1; a der \
              Wert der Veröffentlichung, b der des Registers, q die Anteile der Werte im Register, s (nur bei Zahlen) \
              der größere der Mediane der Abstände benachbarter Zahlen beider Seiten, das Vierfache davon und ein \
              Sechzehntel der Spannweite. Die Anteile stehen im Manifest (`kept`, `exact`) oder werden durch EM von m \
              = 0,9 aus angepasst, wobei jeder Datensatz eine Entsprechung unter seinen Kandidaten hat, jeden so \
              wahrscheinlich wie die anderen Personen des Registers, oder mit Wahrscheinlichkeit ½ keine. Kandidaten: \
              je bis zu 32 der Nächsten nach gower, nach log2 L ohne nahe Zahlen und danach mit Zahlen zu Kosten im \
              Verhältnis zu ihrem Abstand, die beiden letzten vor und nach der Anpassung. Eine Behauptung verlangt \
              Σ_j log2 L_j ≥ log2 der Personen im Register.",
    denominator: "Personen der Veröffentlichung, die im Register sind; bei precision Behauptungen.",
    nulls: "Ein Nullwert ist ein eigener Wert: er stimmt mit einem Nullwert überein und unterscheidet sich von \
            jedem Wert (bei Gowers Abstand um 1, wo Gower den Vergleich auslässt).",
    assumptions: &[
        "Der Lösungsschlüssel ist richtig, und das Register hat keine weiteren Spalten der Veröffentlichung.",
        "fellegi-sunter nimmt an, dass Spalten unabhängig sind, wenn feststeht, von wem ein Datensatz ist, und dass \
         jeder Datensatz höchstens eine Entsprechung hat. Was dabei angepasst wird, steht nicht im Bericht: es dient \
         der Rangfolge und ist keine Schätzung, wie oft sich Werte ändern.",
    ],
    limits: &[
        "Ein Angreifer, der mehr Spalten kennt oder weiß, wie Werte verallgemeinert wurden, findet mehr.",
        "Werte werden verglichen, wie sie sind: gibt das Manifest für eine Spalte, die beide haben, eine Hierarchie \
         an oder Nullwerte, die auf alles passen, so wird nichts gemessen; `journalist-risk` und `k-map` \
         vergleichen solche Tabellen.",
        "gower und fellegi-sunter vergleichen höchstens 20 Spalten, deren Codes in 128 Bit passen.",
        "Von mehr als 32 Kombinationen, die eine Suche gleich nah findet, betrachtet fellegi-sunter 32. Speicher: bis zu \
         640 Byte je Kombination der Veröffentlichung.",
        "Passen zu einer Person mehr als 64 Kombinationen gleich gut, so zählen Personen mit mehreren Zeilen einmal \
         für jede.",
        "Der Aufwand von gower wächst mit den Mengen von Spalten, in denen sich der Nächste von jemandem \
         unterscheiden kann.",
    ],
    validation: "Nächste Datensätze stimmen auf erzeugten Tabellen mit einem Vergleich aller Paare überein. Anteile, \
                 nach denen Datensätze erzeugt wurden, werden wiedergefunden. In ein Register eingebaute Personen \
                 werden gefunden; sind die Werte neu verteilt, so wenige wie durch Raten. In erzeugten Registern von 2.000 Personen, von \
                 denen 800 nach acht voneinander abhängigen Spalten gesucht werden, finden exact, gower und \
                 fellegi-sunter: bei jedem zehnten Wert falsch 0,538, 0,902 und 0,969; bei gröberen Zahlen 0,115, 0,988 \
                 und 0,992; bei verrauschten Zahlen 0,034, 0,994 und 0,994; bei gröberen Zahlen und Fehlern 0,130, 0,915 \
                 und 0,964; wenn die Hälfte der Spalten nichts sagt, 0,001, 0,040 und 0,697.",
    table: None,
    settings: &[
        "Spalten mit Zahlen, die Bezeichnungen sind (eine Postleitzahl, ein Berufsschlüssel): sie stimmen überein \
         oder nicht",
        "für Spalten, von denen er bekannt ist, der Anteil der Werte, die auf beiden Seiten dieselben sind (m)",
        "Spalten, in denen sich Datensätze einer Person nie unterscheiden: bei fellegi-sunter wird sonst niemand \
         verglichen",
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
    ],
};
