//! Those who objected in German.

use super::{Prose, Spoken, fixed, key, number, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Personen, die widersprochen haben",
    question: "Wer hat der Verwendung seiner Daten widersprochen, und ist er aus der Veröffentlichung verschwunden \
               oder noch darin: mit seinem Pseudonym, unter einem neuen oder als Unterschied zweier Zählwerte?",
    adversary: "Hat die Liste der Personen, die widersprochen haben, die früheren Veröffentlichungen und \
                möglicherweise Spuren dieser Personen von damals; nennt zu jeder früheren Spur diejenige der \
                Veröffentlichung, die am besten zu ihr passt, und zieht die Zählwerte der Veröffentlichung von den \
                früher veröffentlichten ab.",
    definition: "Noch enthalten ist, wer auf einer Liste (`[[auxiliary]]` der Art `opt_outs`) steht und Subjekt \
                 einer Tabelle ist: mit dem Pseudonym der Liste oder mit dem Wert einer der üblichen Funktionen \
                 ohne Schlüssel und Salt (MD5, SHA-1, SHA-2, BLAKE, CRC-32), angewandt auf dieses Pseudonym oder \
                 auf einen direkten Identifikator der Liste, geschrieben und gekürzt, wie die Subjekte aussehen. \
                 Wieder verknüpft ist, wer nicht enthalten ist, zu wessen Spur in einer früheren Veröffentlichung \
                 (der Tabelle desselben Namens) oder in Zusatzwissen der Art `traces` aber eine beste Entsprechung \
                 besteht, deren Vorsprung vor der zweitbesten eine Schwelle übersteigt. Die Schwelle ergibt sich \
                 aus Kontrollpersonen, die nicht widersprochen haben und in beiden dasselbe Pseudonym tragen; jede \
                 wird gesucht, ohne dass ihre eigene Spur unter den bekannten ist, und die Schwelle ist der \
                 Vorsprung, den ein Anteil `level` von ihnen übertrifft. Dieselben Personen mit ihrer eigenen Spur \
                 zeigen die Trennschärfe: wie viele genannt würden, und zwar richtig. Ableitbar ist eine Zelle von \
                 Zählwerten, vor und nach dem Widerspruch veröffentlicht, die danach genau eine Person weniger hat \
                 und in der eine Person war, die widersprochen hat. Anscheinend gezählt ist, zu wessen Spur aus der \
                 Zeit der Zählwerte (Zusatzwissen der Art `traces`) die Zählwerte besser passen, als eine Schwelle \
                 vorgibt; gemessen wird, wie viele Personen mehr in den Zellen der Spur sind als gewöhnlich an \
                 denselben Orten. Kontrollpersonen sind Personen derselben Spuren, die nicht widersprochen haben \
                 und unter den Gezählten (`counted`) sind: ist ihre eigene Spur aus den Zählwerten herausgenommen, \
                 so legen sie die Schwelle fest; mit ihr zeigen sie die Trennschärfe.",
    formula: "present = |{o : o oder h(o) für eine Funktion h ist ein Subjekt}|; `how = pseudonym, written otherwise` zählt die, die es in anderer \
              Groß- und Kleinschreibung, mit anderen Trennzeichen, Klammern oder führenden Nullen sind (ab 4 Buchstaben und Ziffern), sonst die Subjekte, deren Hashwert in der Liste steht. Behauptungen X = |{o : \
              Vorsprung(o) > t}|, t der j-größte Vorsprung von m Kontrollpersonen, j = ⌊level · (m + 1)⌋. Ist \
              niemand enthalten, so sind die Vorsprünge derer, die widersprochen haben, und der Kontrollpersonen \
              gleichartig, und P(X = x) = C(x + j − 1, x) C(n − x + m − j, n − x) / C(n + m, n) bei n Gesuchten; \
              liegen r Kontrollen nicht weniger weit vorn als der größte Vorsprung unter denen, die widersprochen haben, so \
              hat dieser seinen Rang durch Zufall mit R = 1 − C(m, r + 1) / C(n + m, r + 1), bei einer Person (r + 1)/(m \
              + 1); relinked_p_value = R bei einer, min(1, 2 min(P(X ≥ Behauptungen), R)) bei mehreren, mal der Zahl der \
              Abgleichverfahren. Vergleichswert: n j / (m \
              + 1). relinked_risk = (X/n − level) / (1 − level). fit(o) = Mittel über die Zellen c der Spur von o \
              von ln((n_c + 0,1)/(u_c + 0,1)), n_c die aus dem veröffentlichten Zählwert abgelesenen Personen, 0, \
              wenn keiner da ist, und u_c deren Mittel über alle Zeiten an seinem Ort; counted = |{o : fit(o) > t}| \
              mit t und counted_p_value wie bei den Vorsprüngen. derivable = |{Zellen : kleinste(vorher) − \
              größte(nachher) = 1 = größte(vorher) − kleinste(nachher)}|.",
    denominator: "Bei `present` die Personen, die widersprochen haben; bei `relinked` diejenigen davon, die eine \
                  Spur haben, mit der sie gesucht werden können, und nicht mit ihrem Pseudonym enthalten sind; bei \
                  `counted` diejenigen mit einer Spur in den Zellen der Zählwerte; bei `relinked_power` und \
                  `counted_power` Kontrollpersonen; bei `derivable` Zellen, über die beide Veröffentlichungen etwas \
                  aussagen.",
    nulls: "Ein Nullwert in einer Liste bezeichnet niemanden, und ein Nullwert als Subjekt ist niemand. Ein \
            Zählwert, der Nullwert ist, wurde unterdrückt: er wird nicht verglichen. Ein Nullwert als Ort ist ein \
            eigener Wert.",
    assumptions: &[
        "Die Liste bezeichnet Personen so wie die Tabelle oder, bei `relinked`, wie die frühere Veröffentlichung: \
         eine Zahl und der Text, als der sie geschrieben ist, gelten als gleich.",
        "Wer in beiden Veröffentlichungen dasselbe Pseudonym hat, ist dieselbe Person. Trifft das nicht zu, so \
         werden die Kontrollpersonen nicht erkannt: `relinked_power` ist dann gering.",
        "Wer widersprochen hat, hat Gewohnheiten wie diejenigen, die nicht widersprochen haben.",
        "Die von `counted` genannten Spuren sind die gezählten: ohne die eigene Spur einer Kontrollperson sind die \
         Zählwerte so, wie sie ohne diese Person veröffentlicht worden wären.",
        "In einer Zelle, die in einer Tabelle fehlt, ist niemand, sofern nicht `absent = \"suppressed\"` etwas \
         anderes sagt oder keine andere Zelle der Tabelle ihren Ort oder ihre Zeit hat.",
    ],
    limits: &[
        "Auch wenn niemand enthalten ist, wird es von einem Anteil `level` derer, die widersprochen haben, \
         behauptet; wer das ist, wird nicht gesagt, denn jede einzelne Behauptung kann falsch sein. Ob es mehr sind \
         als das, sagt `relinked_p_value`.",
        "Bei geringer Trennschärfe wird wenig gefunden: die Veröffentlichung kann die Personen noch enthalten, aber \
         wer darin ist, ist für diesen Angreifer dann schwer wieder zu verknüpfen. Andere Abgleichverfahren können \
         mehr erreichen.",
        "Haben alle Pseudonyme gewechselt, so gibt es keine Kontrollpersonen, und keine Behauptung ist vom Zufall \
         zu unterscheiden: das wird nicht gemessen. Hat die frühere Veröffentlichung andere Spalten (Zellen, wo \
         jetzt Bezirke stehen), so lässt sich nichts vergleichen, und keine Anforderung verlangt es: anzugeben ist \
         eine frühere Veröffentlichung, die ebenso vergröbert ist wie die neue.",
        "Zählwerte von Personen, die widersprochen haben, in größeren Gruppen werden nicht gesucht: zu kleinen \
         Unterschieden siehe `release-sequence`.",
        "Je größer die Zählwerte, desto weniger sagen sie über eine Person: `counted_power` gibt an, wie viel sie \
         hätten verraten können. `membership-inference` versucht stärkere Angriffe, die lernen.",
    ],
    validation: "Eingebaute Personen werden mit ihrem Pseudonym, unter neuen Pseudonymen, in Zählwerten und in \
                 Unterschieden gefunden; auf erzeugten Veröffentlichungen ohne sie hat der Anteil falscher Alarme \
                 über viele Startwerte das angegebene Niveau. Die Wahrscheinlichkeit so vieler Behauptungen stimmt \
                 mit einer Auszählung aller Anordnungen überein.",
    table: None,
    settings: &[
        "Anteil der nicht enthaltenen Personen, von denen behauptet werden darf, sie seien enthalten",
        "Abgleichverfahren, die frühere Spuren wieder verknüpfen",
        "gezogene Kontrollpersonen, wenn es mehr gibt",
    ],
    statistics: &[
        Spoken {
            name: "present",
            title: "Personen, die widersprochen haben und noch enthalten sind",
            of: "Personen, die widersprochen haben",
            meaning: |f| {
                let how = match key(f, "how").as_str() {
                    "pseudonym" => "unter dem Pseudonym".to_owned(),
                    "pseudonym, hashed" => "unter einem Hashwert des Pseudonyms".to_owned(),
                    "pseudonym, written otherwise" => {
                        "unter einer anderen Schreibweise des Pseudonyms oder unter einem Pseudonym, dessen Hashwert in der Liste steht,".to_owned()
                    }
                    how => format!(
                        "unter dem, was die Person bezeichnet ({}), unverändert oder als \
                         Hashwert",
                        how.strip_suffix(", hashed").unwrap_or(how)
                    ),
                };
                match real(f) {
                    0.0 => format!(
                        "Niemand von denen, die widersprochen haben, ist {how} in der Tabelle."
                    ),
                    1.0 => format!("1 Person, die widersprochen hat, ist {how} in der Tabelle."),
                    count => format!(
                        "{} Personen, die widersprochen haben, sind {how} in der Tabelle.",
                        number(count)
                    ),
                }
            },
        },
        Spoken {
            name: "relinked",
            title: "Personen, die widersprochen haben und mit einem neuen Pseudonym verknüpft \
                    werden",
            of: "gesuchten Personen, die widersprochen haben",
            meaning: |f| {
                let persons = match real(f) {
                    1.0 => "1 Person, die widersprochen hat,".to_owned(),
                    count => format!("{} Personen, die widersprochen haben,", number(count)),
                };
                format!(
                    "Nach {} passen die früheren Spuren von {persons} so gut zu jemandem in der \
                     Tabelle, als wären sie noch darin; wäre niemand darin, so träfe das im \
                     Mittel auf {} zu.",
                    parameter(f, "matcher"),
                    fixed(f.baseline.unwrap_or(0.0), 1)
                )
            },
        },
        Spoken {
            name: "relinked_p_value",
            title: "Wahrscheinlichkeit so vieler Verknüpfungen, wenn niemand enthalten wäre",
            of: "gesuchten Personen, die widersprochen haben",
            meaning: |f| {
                format!(
                    "Wäre niemand von denen, die widersprochen haben, in der Tabelle, so fände {} mit einer \
                     Wahrscheinlichkeit von {} ebenso viel: so viele wieder verknüpft, oder eine Person so weit vor \
                     allen anderen.",
                    parameter(f, "matcher"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "relinked_risk",
            title: "Verknüpfungen über den Zufall hinaus",
            of: "gesuchten Personen, die widersprochen haben",
            meaning: |f| {
                format!(
                    "Über das hinaus, was der Zufall ergibt, werden {} derer, die widersprochen \
                     haben, durch {} wieder verknüpft.",
                    percent(real(f).max(0.0)),
                    parameter(f, "matcher")
                )
            },
        },
        Spoken {
            name: "relinked_power",
            title: "Trennschärfe der Verknüpfung",
            of: "Kontrollpersonen",
            meaning: |f| {
                format!(
                    "Von Personen, die bekanntermaßen enthalten sind, würden {} durch {} richtig \
                     wieder verknüpft.",
                    percent(real(f)),
                    parameter(f, "matcher")
                )
            },
        },
        Spoken {
            name: "counted",
            title: "Personen, die widersprochen haben und anscheinend gezählt sind",
            of: "Personen, die widersprochen haben und eine Spur in den Zellen haben",
            meaning: |f| match f.denominator {
                Some(0) => "Keine Spur einer Person, die widersprochen hat, liegt in den Zellen \
                            der Zählwerte."
                    .to_owned(),
                _ => {
                    let persons = match real(f) {
                        1.0 => "1 Person, die widersprochen hat,".to_owned(),
                        count => format!("{} Personen, die widersprochen haben,", number(count)),
                    };
                    format!(
                        "Die Zählwerte passen zu den Spuren von {persons} so gut, als wären sie \
                         mitgezählt; wäre niemand mitgezählt, so träfe das im Mittel auf {} zu.",
                        fixed(f.baseline.unwrap_or(0.0), 1)
                    )
                }
            },
        },
        Spoken {
            name: "counted_p_value",
            title: "Wahrscheinlichkeit so vieler anscheinend Gezählter, wenn niemand gezählt \
                    wäre",
            of: "Personen, die widersprochen haben und eine Spur in den Zellen haben",
            meaning: |f| {
                format!(
                    "Wäre niemand von denen, die widersprochen haben, mitgezählt, so passten die \
                     Zählwerte mit einer Wahrscheinlichkeit von {} zu ebenso vielen ihrer \
                     Spuren.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "counted_power",
            title: "Trennschärfe beim Erkennen der Gezählten",
            of: "Kontrollpersonen",
            meaning: |f| {
                format!(
                    "Von Personen, die bekanntermaßen mitgezählt sind, würden {} an den \
                     Zählwerten erkannt.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "derivable",
            title: "Zählwerte, die eine Person verloren haben, wo eine Person war, die \
                    widersprochen hat",
            of: "Zellen, über die beide Veröffentlichungen etwas aussagen",
            meaning: |f| {
                let counts = match real(f) {
                    1.0 => "1 Zählwert liegt um eine Person niedriger als vorher".to_owned(),
                    count => format!(
                        "{} Zählwerte liegen um eine Person niedriger als vorher",
                        number(count)
                    ),
                };
                match (f.denominator, key(f, "whose").as_str()) {
                    (Some(0), _) => {
                        "Über keine Zelle sagen beide Veröffentlichungen etwas aus.".to_owned()
                    }
                    (_, "anybody") => format!(
                        "{counts}: ohne Spuren derer, die widersprochen haben, kann jeder davon \
                         auf sie zurückgehen."
                    ),
                    _ => format!("{counts}, wo jemand war, der widersprochen hat."),
                }
            },
        },
    ],
};
