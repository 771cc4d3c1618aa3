//! The audit of suppression in German.

use super::{LARGEST_CIRCLE, OF_COUNTS, Prose, Spoken, UNDONE, key, number, parameter, real};

pub static PROSE: Prose = Prose {
    title: "Prüfung der Unterdrückung",
    question: "Wie genau kann ein Angreifer einen weggelassenen Zählwert aus den veröffentlichten Summen bestimmen?",
    adversary: "Kennt alle veröffentlichten Zählwerte der Tabelle und anderer, deren Zählwerte Summen von ihnen \
                sind, weiß, dass Summen aus ihren Teilen bestehen, und kennt die Schwelle, unter der Zählwerte \
                weggelassen wurden, wenn das Manifest sie angibt.",
    definition: UNDONE,
    formula: "Jede veröffentlichte Summe T mit den nächsten Teilen Pᵢ unter ihr ergibt kleinste(T) − Σ größte(Pᵢ) ≤ \
              Σ xⱼ ≤ größte(T) − Σ kleinste(Pᵢ) über ihre unbekannten Teile xⱼ; eine Summe, die selbst unbekannt \
              ist, ist einer davon, mit −1. Die Schranken von xⱼ sind der kleinste und der größte Wert unter all \
              diesen Bedingungen: hängen sie als Baum zusammen, so durch schrittweises Einengen, was genau ist; \
              sonst durch lineare Optimierung. Haben Gebiete oder Zeiten gemeinsame Teile, so sind auch diejenigen \
              unbekannt, von denen keine Zelle allein ist. exactly_recoverable = |{j : größter = kleinster}|; \
              within_protection(p) = |{j : größter − kleinster < p}|",
    denominator: "Unbekannte Zellen: unterdrückte (Nullwert) und, wenn fehlende Zellen unterdrückt wurden, \
                  diejenigen, die eine Summe erfasst.",
    nulls: OF_COUNTS,
    assumptions: &[
        "Summen sind Summen ihrer Teile; jede Person wird in einer Summe einmal für jeden Teil gezählt, in dem sie \
         gezählt ist.",
        "Sagt das Manifest nicht, was fehlende Zellen (`absent`) sind, so sind sie leer (niemand), wenn \
         unterdrückte Zellen als Nullwerte in der Tabelle stehen oder Zählwerte veröffentlicht sind, die von einer \
         Person oder von niemandem sein können; sonst unterdrückt.",
        "Fehlende Zellen sind solche mit Werten, die sonst in der Tabelle vorkommen: über eine Stunde, in der \
         nirgends jemand gezählt wurde, ist nichts bekannt.",
        "Sind fehlende Zellen leer oder werden Nullen veröffentlicht, so enthält eine unterdrückte Zelle mindestens \
         eine Person.",
    ],
    limits: &[
        "Lineare Optimierung begrenzt ganze Zahlen durch reelle: bei Kreisen von Summen kann der wahre Bereich um \
         den Teil einer Person enger sein.",
        "Von anderen Tabellen, deren Zählwerte Summen von diesen sind, gehen nur veröffentlichte Zählwerte in das \
         System ein.",
    ],
    validation: "Die Schranken stimmen auf erzeugten Tabellen mit Summen über Zeilen und Spalten mit denen aller \
                 einzeln probierten Belegungen mit ganzen Zahlen überein; eingebaute Zellen, die eine Summe \
                 preisgibt, werden gefunden, und keine, wenn in jeder Zeile und Spalte zwei weggelassen sind; \
                 ebenso für Gebiete mit gemeinsamen Teilen.",
    table: None,
    settings: &[
        "Zählwerte von weniger Personen wurden unterdrückt: was ein Angreifer von den fehlenden weiß",
        "Breiten in Personen, die der Bereich eines unbekannten Zählwerts mindestens haben soll; hinzu kommen die, \
         die eine Richtlinie nennt",
        LARGEST_CIRCLE,
    ],
    statistics: &[
        Spoken {
            name: "suppressed",
            title: "Nicht bekannte Zählwerte",
            of: "unbekannten Zellen",
            meaning: |f| {
                let absent = match key(f, "absent").as_str() {
                    "suppressed" => "unterdrückt".to_owned(),
                    "zero" => "leer".to_owned(),
                    other => other.to_owned(),
                };
                let totals = match f.parameters.get("totals") {
                    Some(_) => format!(", und Summen stehen auch in {}", parameter(f, "totals")),
                    None => String::new(),
                };
                match real(f) {
                    1.0 => format!(
                        "1 Zählwert wurde weggelassen; fehlende Zellen gelten als \
                         {absent}{totals}."
                    ),
                    counts => format!(
                        "{} Zählwerte wurden weggelassen; fehlende Zellen gelten als \
                         {absent}{totals}.",
                        number(counts)
                    ),
                }
            },
        },
        Spoken {
            name: "exactly_recoverable",
            title: "Unterdrückte Zählwerte, die Summen preisgeben",
            of: "unbekannten Zellen",
            meaning: |f| match real(f) {
                0.0 => "Kein weggelassener Zählwert ergibt sich genau aus den Summen.".to_owned(),
                1.0 => "1 weggelassener Zählwert ergibt sich genau aus den Summen.".to_owned(),
                counts => format!(
                    "{} weggelassene Zählwerte ergeben sich genau aus den Summen.",
                    number(counts)
                ),
            },
        },
        Spoken {
            name: "within_protection",
            title: "Zu genau bekannte unterdrückte Zählwerte",
            of: "unbekannten Zellen",
            meaning: |f| {
                let width = parameter(f, "protection");
                match real(f) {
                    1.0 => format!(
                        "Die Summen lassen für 1 unterdrückten Zählwert nur einen Bereich von \
                         weniger als {width} Personen."
                    ),
                    counts => format!(
                        "Die Summen lassen für {} unterdrückte Zählwerte nur einen Bereich von \
                         weniger als {width} Personen.",
                        number(counts)
                    ),
                }
            },
        },
        Spoken {
            name: "contradictions",
            title: "Unterdrückte Zählwerte, zu denen keine Werte passen",
            of: "unbekannten Zellen",
            meaning: |f| match real(f) {
                0.0 => "Die Summen stimmen mit ihren Teilen überein.".to_owned(),
                1.0 => "Für 1 unterdrückten Zählwert erfüllen keine Werte alle Summen: die \
                        Zählwerte wurden anders gebildet, als das Manifest sagt."
                    .to_owned(),
                counts => format!(
                    "Für {} unterdrückte Zählwerte erfüllen keine Werte alle Summen: die \
                     Zählwerte wurden anders gebildet, als das Manifest sagt.",
                    number(counts)
                ),
            },
        },
    ],
};
