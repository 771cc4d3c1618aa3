//! The audit of suppression in German.

use super::{LARGEST_CIRCLE, OF_COUNTS, Prose, Spoken, UNDONE, key, number, parameter, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Prüfung der Unterdrückung",
    question: "Wie genau kann ein Angreifer einen weggelassenen Zählwert aus den veröffentlichten Summen bestimmen?",
    adversary: "Kennt alle veröffentlichten Zählwerte der Tabelle, jeder anderen Tabelle der Veröffentlichung und früherer \
                Veröffentlichungen, die dieselben Personen zählt, weiß, dass Summen aus ihren Teilen bestehen, und kennt \
                die Schwelle, unter der Zählwerte weggelassen wurden, wenn das Manifest sie angibt. Ein Außenstehender \
                (outsider) ist nirgends gezählt; ein Beteiligter (insider) ist in einer unterdrückten Zelle gezählt und \
                zieht 1 ab, um zu erfahren, wie viele andere in ihr sind.",
    definition: UNDONE,
    formula: "Jede veröffentlichte Summe T mit den nächsten Teilen Pᵢ unter ihr ergibt kleinste(T) − Σ größte(Pᵢ) ≤ Σ xⱼ ≤ \
              größte(T) − Σ kleinste(Pᵢ) über ihre unbekannten Teile xⱼ; eine Summe, die selbst unbekannt ist, ist einer \
              davon, mit −1. Haben Gebiete oder Zeiten gemeinsame Teile, so sind auch diejenigen unbekannt, von denen \
              keine Zelle allein ist. Zwei Tabellen mit gemeinsamen Spalten werden über alle anderen Spalten summiert (wo \
              eine Summe veröffentlicht ist, gilt sie); für jede Randsumme, die beide haben, liegt Σ xⱼ der einen − Σ yⱼ \
              der anderen zwischen kleinste − größte und größte − kleinste dessen, was sie veröffentlichen. Ist eine \
              Tabelle Teil (`part_of`) der anderen, so ist die Differenz höchstens das. All dies ist ein System. Die \
              Schranken von xⱼ sind der kleinste und der größte Wert unter allem: hängen Unbekannte als Baum zusammen, so \
              durch schrittweises Einengen, was genau ist; sonst durch lineare Optimierung. Eine unterdrückte Zelle \
              enthält mindestens eine Person, wo die Tabelle das nahelegt; erfüllen dann keine Zählwerte das System, so \
              wird für die zusammenhängenden Zellen 0 versucht, dann das System ohne andere Tabellen; erst dann gilt es \
              als Widerspruch. exactly_recoverable = |{j : größter = kleinster}|; within_protection(p) = |{j : größter − \
              kleinster < p}|; für einen Beteiligten ist der kleinste mindestens 1.",
    denominator: "Unbekannte Zellen: unterdrückte (Nullwert, oder eine Null, wo `zero = \"suppressed\"`) und, wenn fehlende \
                  Zellen unterdrückt wurden, diejenigen, die eine Summe erfasst.",
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
         eine Person, es sei denn, das widerspricht den Summen.",
        "Tabellen mit gemeinsamen Spalten zählen dieselben Personen, wenn höchstens eine von hundert gemeinsamen \
         Randsummen nicht dieselbe sein kann, es sei denn, das Manifest sagt mit `part_of` oder `apart_from` etwas \
         anderes; sind fast alle Randsummen dieselben, so wird ihm das nicht geglaubt. Tabellen einer Veröffentlichung \
         ohne eine solche Spalte oder ohne einen gemeinsamen Wert darin haben eine einzige Randsumme, die Gesamtzahl: sie zählen dieselben Personen, wenn die \
         eine sie ganz nennt und dem, was die andere veröffentlicht, höchstens 10 % davon fehlen, es sei denn, das \
         Manifest sagt mit `apart_from` etwas anderes.",
    ],
    limits: &[
        "Lineare Optimierung begrenzt ganze Zahlen durch reelle: bei Kreisen von Summen kann der wahre Bereich um \
         den Teil einer Person enger sein.",
        "Die Suche ist vollständig: jede unbekannte Zelle, die eine Summe oder Randsumme erfasst, wird eingegrenzt, sodass \
         eine Zelle, die sich auf diese Weise ermitteln lässt, mit Sicherheit gefunden wird (Teststärke 1). Was in \
         größeren Kreisen als `largest` zusammenhängt und was sich widerspricht, gilt als nicht gemessen: keine \
         Anforderung ist dann erfüllt.",
        "Ein Beteiligter wird für die Zelle betrachtet, in der er ist; was aus der Kenntnis der eigenen Zelle für andere \
         folgt, nicht.",
        "Tabellen werden über gleiche Werte von Spalten derselben Rolle oder desselben Namens verbunden und über Zeiten, \
         die innerhalb längerer liegen; Randsummen über Gebiete verschiedener Ebenen nur, wenn eine Tabelle die Summe der \
         anderen ist.",
    ],
    validation: "Die Schranken stimmen auf erzeugten Tabellen mit Summen über Zeilen und Spalten, auf Paaren von Tabellen \
                 mit gemeinsamen Randsummen und auf Teilen und Ganzen mit denen aller einzeln probierten Belegungen mit \
                 ganzen Zahlen überein; eingebaute Zellen, die eine Summe oder eine andere Tabelle preisgibt, werden \
                 gefunden, und keine, wenn in jeder Zeile und Spalte zwei weggelassen sind oder die andere Tabelle andere \
                 Personen zählt; ebenso für Gebiete mit gemeinsamen Teilen.",
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
            meaning: |f| match (f.value, real(f)) {
                (None, _) => UNKNOWN.to_owned(),
                (_, 0.0) => format!("{} ermittelt keinen weggelassenen Zählwert genau.", who(f)),
                (_, 1.0) => format!("{} ermittelt 1 weggelassenen Zählwert genau.", who(f)),
                (_, counts) => format!(
                    "{} ermittelt {} weggelassene Zählwerte genau.",
                    who(f),
                    number(counts)
                ),
            },
        },
        Spoken {
            name: "within_protection",
            title: "Zu genau bekannte unterdrückte Zählwerte",
            of: "unbekannten Zellen",
            meaning: |f| match (f.value, real(f)) {
                (None, _) => UNKNOWN.to_owned(),
                (_, 1.0) => format!(
                    "{} engt 1 unterdrückten Zählwert auf einen Bereich von weniger als {} Personen ein.",
                    who(f),
                    parameter(f, "protection")
                ),
                (_, counts) => format!(
                    "{} engt {} unterdrückte Zählwerte auf einen Bereich von weniger als {} Personen ein.",
                    who(f),
                    number(counts),
                    parameter(f, "protection")
                ),
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
        Spoken {
            name: "possibly_zero",
            title: "Unterdrückte Zählwerte, die von niemandem sein können",
            of: "unbekannten Zellen",
            meaning: |f| match real(f) {
                0.0 => "Keine Summe legt nahe, dass ein unterdrückter Zählwert von niemandem ist."
                    .to_owned(),
                counts => format!(
                    "Unterdrückte Zählwerte, die nicht alle von jemandem sein können: {}; auch Nullen wurden unterdrückt.",
                    number(counts)
                ),
            },
        },
        Spoken {
            name: "disagreeing",
            title: "Unterdrückte Zählwerte, über die Tabellen uneins sind",
            of: "unbekannten Zellen",
            meaning: |f| match real(f) {
                0.0 => "Die Tabellen, die dieselben Personen zählen, stimmen miteinander überein."
                    .to_owned(),
                counts => format!(
                    "Unterdrückte Zählwerte, zu denen keine Werte der Tabelle und der anderen passen: {}; diese zählen dort \
                     andere Personen und bleiben außer Betracht.",
                    number(counts)
                ),
            },
        },
    ],
};

const UNKNOWN: &str = "Wie genau unterdrückte Zählwerte bekannt sind, ist nicht von allen bekannt.";

/// Who works it out.
fn who(finding: &Finding) -> &'static str {
    match key(finding, "adversary") == "insider" {
        true => "Wer selbst in der Zelle gezählt ist,",
        false => "Wer nur die veröffentlichten Zählwerte hat,",
    }
}
