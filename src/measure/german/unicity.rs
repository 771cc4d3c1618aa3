//! Unicity in German.

use super::super::is_of_rows;
use super::{Header, Prose, Spoken, key, number, parameter, percent, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Unizität (Einzigartigkeit von Spuren)",
    question: "Wie viele Momente im Leben einer Person muss jemand kennen, um ihre Spur unter allen anderen zu \
               finden? In Mikrodaten: wie viele der Zeilen einer Person?",
    adversary: "Kennt p zufällig gezogene Punkte der Spur einer Person (ein Geschäft zu einer bestimmten Stunde, \
                eine Zelle an einem bestimmten Tag) oder in Mikrodaten die Quasi-Identifikatoren von p Zeilen einer \
                Person, die mehrere hat (p ihrer Aufenthalte im Krankenhaus), und weiß, dass sie in der \
                Veröffentlichung ist; will den Rest.",
    definition: "Eine Spur ist die Menge der verschiedenen Punkte einer Person; ein Punkt ist ein Tupel gerasterter \
                 Merkmale, wie das Manifest ihn festlegt. Gezogene Punkte sind einmalig, wenn keine Spur einer \
                 anderen Person sie alle enthält. Die Unizität ε_p ist der Anteil der Personen, bei denen p \
                 zufällig aus ihrer Spur gezogene Punkte einmalig sind. Mit Fehlern (Noise) irrt sich der Angreifer \
                 bei jedem Punkt: dessen Zeit wird um bis zu so viele Abschnitte verschoben und dessen Ort in einen \
                 von so vielen Ringen benachbarter Zellen, alles gleich wahrscheinlich; Kandidat ist jede Person, \
                 die zu jedem Punkt, von dem der Angreifer ausgeht, einen Punkt in diesem Umkreis hat. Die \
                 Kandidaten einer Ziehung sind die Personen, deren Spuren alle ihre Punkte enthalten, die Person \
                 selbst mitgezählt. Wer weniger als p Punkte hat, ist ganz bekannt: über alle Personen zieht ε_p \
                 min(p, |T_i|) Punkte. Bei `precision = point` ist ein Punkt, was das Manifest festlegt. Bei \
                 `precision = published` ist er, was die Dateien über eine Zeile sagen: ihre Zeit auf die Sekunde \
                 oder, wenn sie gröber gespeichert ist, wie sie dasteht, Zelle oder Koordinaten, Gegenstände und \
                 Betrag, wie sie gespeichert sind, und jede weitere flache Spalte der Zeile, ob unter `ignore` oder \
                 nicht, außer Zeilenschlüsseln: Spalten, die weder Zeiten noch Koordinaten enthalten und in denen \
                 fast jede Zeile (95 % oder mehr) einen eigenen Wert hat. Umfasst kein Punkt der Festlegung mehr \
                 als einen veröffentlichten, so sind beide dasselbe und werden einmal berichtet, als \
                 `precision = both`. In Mikrodaten, deren Personen mehrere Zeilen haben, sind die Punkte einer \
                 Person ihre Zeilen nach den Quasi-Identifikatoren (`rows = known`): Ein Angreifer, der p davon \
                 kennt, steht zwischen einem, der eine einzelne Zeile kennt (`rows = each` bei `uniqueness`), und \
                 einem, der alle kennt (`rows = composite`). Gleiche Zeilen zählen so oft, wie sie vorkommen: Wer \
                 zwei davon kennt, sucht Personen mit mindestens zweien. Hat jede Person eine Zeile, so sagt \
                 `uniqueness` alles, und hier wird nichts berichtet.",
    formula: "genau, p = 1: Mittel über Personen i von |{x ∈ T_i : Träger(x) = 1}| / |T_i|; genau, p = 2: Mittel \
              über Personen mit zwei Punkten vom Anteil aller Paare in T_i, die in keiner anderen Spur stehen, wenn \
              es höchstens 2³¹ Schritte erfordert, das zu ermitteln, und in Mikrodaten keine Person zwei gleiche \
              Zeilen hat; als Stichprobe: einmalige Ziehungen / \
              Ziehungen, über Personen, ohne Zurücklegen aus denen mit mindestens p Punkten gezogen, für jede \
              gleich viele Ziehungen; jede Teilmenge einer Spur von p Punkten ist gleich wahrscheinlich; über alle \
              Personen: (s·u + l·ε_p) / (s + l) mit s Personen, die weniger als p Punkte haben, u dem Anteil derer \
              unter ihnen, deren ganze Spur in keiner anderen enthalten ist, und l Personen mit p oder mehr Punkten",
    denominator: "Personen mit mindestens p verschiedenen Punkten; die übrigen zählt `persons_with_fewer_points`, alle \
                  zusammen `share_unique_all`. Hat niemand p Punkte, so sind alle ganz bekannt, und beide Anteile \
                  sind gleich. `share_unique_pooled` zählt Paare aus Person und Punkt. Zeilen ohne Subjekt, die das \
                  Manifest ausschließt, sind niemandes Spur: nichts in den Dateien verbindet sie miteinander oder \
                  mit einer Person, so dass, wer eine wiedererkennt, diese Zeile und keine andere gefunden hat. Sie \
                  zählen weder als Personen noch als Kandidaten. In Mikrodaten zählt `share_unique_pooled` Zeilen; \
                  Gewichte spielen keine Rolle: gezählt werden Personen der Veröffentlichung.",
    nulls: "Ein Ort, Gegenstand oder Betrag, der Nullwert ist, ist ein eigener Wert. Ein Nullwert als Zeit ist ein \
            Fehler. In Mikrodaten ist ein Nullwert in einem Quasi-Identifikator ein eigener Wert, und Zeilen werden \
            auf Gleichheit verglichen, auch bei `nulls = \"wildcard\"` oder einer Hierarchie.",
    assumptions: &[
        "In der veröffentlichten Genauigkeit kennt der Angreifer Momente so genau, wie die Dateien sie nennen, auf die \
         Sekunde: ein Kassenbon, ein Protokoll, ein Foto oder ein Beitrag in einem Netzwerk gibt das her. Wer einen \
         solchen Moment hat, vergleicht ihn mit den Dateien, nicht mit dem Raster des Manifests: eine \
         Veröffentlichung ist so fein wie das, was sie enthält. Ein Anteil nahe 100 % sagt dort, dass die Dateien \
         feiner sind als der Punkt; abgeholfen ist dem, wenn sie so grob geschrieben werden wie er.",
        "Die Punkte des Angreifers sind genau bis auf das Raster und gleichmäßig aus der Spur gezogen: wer seltene \
         Momente kennt, erreicht mehr, wer nur Wohn- und Arbeitsort kennt, weniger.",
        "Eine Person ist ein Pseudonym. Wechseln Pseudonyme, so ist eine Person der Tabelle eine Person, solange \
         das Pseudonym besteht.",
    ],
    limits: &[
        "Auch eine Spur, die nicht einmalig ist, kann preisgeben, was alle ihre Kandidaten gemeinsam haben.",
        "Es gilt für die Personen der Veröffentlichung; in einer ganzen Grundgesamtheit wären weniger einmalig.",
        "Das Konfidenzintervall erfasst die Ziehung von Personen und Punkten, nicht die Wahl des Rasters.",
        "Von den Maßen für Spuren werden nur dieses und `km-anonymity` mit m = 1 in der veröffentlichten Genauigkeit wiederholt: die anderen beruhen \
         auf denselben Punkten und sagen, was an einer gefundenen Spur hängt, und eine Veröffentlichung, deren \
         veröffentlichte Punkte niemanden finden lassen, wird durch sie nicht schlechter. Verschachtelte Spalten \
         gehören nicht zu einem Punkt.",
    ],
    validation: "Genaue Werte (p = 1 und 2) stimmen auf Check-ins, Taxifahrten, GPS-Spuren und Einkäufen bis auf \
                 1e-12 mit einer erschöpfenden Auszählung überein; Werte aus Stichproben mit der vollständigen \
                 Aufzählung aller Paare (p = 2) und mit unabhängigen Stichproben (p = 3 bis 5). Das \
                 Konfidenzintervall ist eher zu weit: nach der Jensenschen Ungleichung ist die Varianz des Mittels \
                 über Personen höchstens die binomiale, die das Intervall von Wilson annimmt. Mit Fehlern stimmt es \
                 auf erzeugten Punkten mit einer Suche in allen Spuren nach dem überein, was gemeint sein kann. Der Anteil \
                 über alle Personen stimmt mit einer Zählung von Hand überein, an Spuren von einem bis sechs \
                 Punkten, von denen weniger als p ganz bekannt sind. Für Zeilen von Mikrodaten stimmen die genauen \
                 Werte auf erzeugten Tabellen mit einem Vergleich der Multimengen aller Personen überein, die aus \
                 Stichproben innerhalb ihres Konfidenzintervalls mit einer Aufzählung aller Auswahlen von Zeilen.",
    table: Some(Header {
        title: "Ein erzeugter Netzbetreiber mit 45 Millionen Teilnehmern, um den Faktor 1.000 verkleinert, die \
                Antennen ebenso (Erkundung und bevorzugte Rückkehr, 114 Punkte im Monat), neben der \
                veröffentlichten Unizität von 1,5 Millionen Personen (2013): Stunde und Antenne",
        header: &["Punkte", "veröffentlicht", "erzeugt"],
        words: &[],
    }),
    settings: &[
        "Zahlen p bekannter Punkte; hinzu kommen die, die eine Richtlinie nennt",
        "gezogene Personen für jedes p; alle, wenn es weniger sind, jede mehrmals gezogen, so dass es mindestens so \
         viele Versuche sind; von denen mit zu wenigen Punkten ebenso viele",
        "Zahlen bekannter Punkte, die auch mit einem Angreifer versucht werden, der sich irrt",
        "Zeitabschnitte, um die sich dieser Angreifer höchstens irrt, früher oder später",
        "Ringe benachbarter Zellen, um die sich dieser Angreifer höchstens irrt",
    ],
    statistics: &[
        Spoken {
            name: "share_unique",
            title: "Unizität",
            of: "Personen",
            meaning: |f| {
                let mistaken = match f.parameters.get("noise") {
                    Some(_) => format!(" mit einem Fehler von bis zu {}", parameter(f, "noise")),
                    None => String::new(),
                };
                let whole = match is_of_rows(f) {
                    true => "alle ihre Zeilen",
                    false => "ihre ganze Spur",
                };
                match real(f) {
                    0.0 => format!(
                        "Bei niemandem, der versucht wurde, genügt es, {}{mistaken} zu kennen, um die \
                         Person zu finden.",
                        random_points(f)
                    ),
                    share => format!(
                        "Bei {} der Personen findet, wer {}{mistaken} kennt, {whole}.",
                        percent(share),
                        random_points(f)
                    ),
                }
            },
        },
        Spoken {
            name: "share_unique_all",
            title: "Unizität über alle Personen",
            of: "Personen",
            meaning: |f| {
                let moments = random_points(f);
                match real(f) {
                    0.0 => format!(
                        "Niemand, der versucht wurde, ließ sich durch {moments} finden, auch nicht durch alle \
                         eigenen, wo es weniger sind."
                    ),
                    share => format!(
                        "Von allen Personen lassen sich {} durch {moments} finden oder durch alle eigenen, wo es \
                         weniger sind.",
                        percent(share)
                    ),
                }
            },
        },
        Spoken {
            name: "share_unique_pooled",
            title: "Punkte von nur einer Person",
            of: "Paaren aus Person und Punkt oder Paaren von Punkten einer Person",
            meaning: |f| {
                let share = percent(real(f));
                match is_of_rows(f) {
                    true => format!(
                        "Von allen Zeilen gleichen {share} keiner Zeile einer anderen Person."
                    ),
                    false => {
                        format!(
                            "Von allen Punkten der Spuren kommen {share} in nur einer Spur vor."
                        )
                    }
                }
            },
        },
        Spoken {
            name: "points_needed",
            title: "Punkte, die so viele Personen herausgreifen",
            of: "Punkten",
            meaning: |f| {
                let share = percent(key(f, "share").parse().unwrap_or(0.0));
                match f.value.map(|points| points.as_f64()) {
                    None => format!(
                        "Keine Zahl von Punkten, die versucht wurde, greift {share} der Personen \
                         heraus."
                    ),
                    Some(1.0) => format!(
                        "1 {} genügt, um {share} der Personen herauszugreifen.",
                        match is_of_rows(f) {
                            true => "zufällige Zeile",
                            false => "zufälliger Moment",
                        }
                    ),
                    Some(points) => format!(
                        "{} zufällige {} genügen, um {share} der Personen herauszugreifen.",
                        number(points),
                        match is_of_rows(f) {
                            true => "Zeilen",
                            false => "Momente",
                        }
                    ),
                }
            },
        },
        Spoken {
            name: "median_candidates",
            title: "Median der Zahl der Kandidaten",
            of: "Personen",
            meaning: |f| {
                let moments = random_points(f);
                match real(f) {
                    1.0 => format!(
                        "Wer {moments} kennt, für den bleibt im typischen Fall 1 mögliche Person \
                         übrig."
                    ),
                    persons => format!(
                        "Wer {moments} kennt, für den bleiben im typischen Fall {} mögliche \
                         Personen übrig.",
                        number(persons)
                    ),
                }
            },
        },
        Spoken {
            name: "persons_with_fewer_points",
            title: "Personen mit weniger Punkten",
            of: "Personen",
            meaning: |f| {
                let points = points_or_rows(f);
                match real(f) {
                    1.0 => {
                        format!(
                            "1 Person hat weniger als {points}: sie zählt nur in `share_unique_all`."
                        )
                    }
                    persons => format!(
                        "{} Personen haben weniger als {points}: sie zählen nur in `share_unique_all`.",
                        number(persons)
                    ),
                }
            },
        },
        Spoken {
            name: "share_with_fewer_points",
            title: "Anteil der Personen mit weniger Punkten",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Von allen Personen haben {} weniger als {}: in `share_unique_all` sind sie ganz bekannt.",
                    percent(real(f)),
                    points_or_rows(f)
                )
            },
        },
    ],
};

fn points_or_rows(finding: &Finding) -> String {
    let (one, many) = match is_of_rows(finding) {
        true => ("Zeile", "Zeilen"),
        false => ("Punkt", "Punkte"),
    };
    match parameter(finding, "points").as_str() {
        "1" => format!("1 {one}"),
        points => format!("{points} {many}"),
    }
}

/// What the adversary knows, as an object.
fn random_points(finding: &Finding) -> String {
    let (one, many) = match is_of_rows(finding) {
        true => ("eine zufällige Zeile", "Zeilen"),
        false => ("einen zufälligen Moment", "Momente"),
    };
    match parameter(finding, "points").as_str() {
        "1" => one.to_owned(),
        points => format!("{points} zufällige {many}"),
    }
}
