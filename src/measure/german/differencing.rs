//! Differencing in German.

use super::{
    CELL_THRESHOLD, LARGEST_CIRCLE, OF_COUNTS, Prose, Spoken, UNDONE, key, number, parameter, real,
};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Differenzbildung",
    question: "Welche nirgends veröffentlichten Zählwerte weniger Personen ergeben sich, wenn man einen \
               veröffentlichten Zählwert von einem anderen abzieht?",
    adversary: "Hat alle Tabellen der Veröffentlichung und früherer und subtrahiert: die Teile von ihrer Summe, die \
                Angekommenen von den Anwesenden, die Aufgliederung vom Ganzen, eine Tabelle von einer anderen, die \
                dieselben Personen zählt oder mehr. Ein Außenstehender (outsider) ist nirgends gezählt; ein Beteiligter \
                (insider) ist einer der Übrigen und zieht auch noch 1 ab, um von den anderen zu erfahren.",
    definition: UNDONE,
    formula: "Für eine veröffentlichte Zelle T und die nächsten veröffentlichten, überschneidungsfreien Zellen P₁ \
              … Pₘ darunter: der Rest R = T − ΣPᵢ enthält zwischen min(T) − Σ max(Pᵢ) und max(T) − Σ min(Pᵢ) \
              Personen. Für einen Außenstehenden ist er unter k ableitbar, wenn das Erste mindestens 1 und das Zweite \
              kleiner als k ist, für einen Beteiligten, wenn das für R − 1 gilt. Die kürzeste Ableitung braucht m + 1 \
              Zählwerte. Bei zwei Tabellen mit gemeinsamen Spalten werden die Randsummen über alle anderen Spalten \
              verglichen: was die eine ganz veröffentlicht, abzüglich dessen, was die andere davon veröffentlicht, ist, \
              was die andere weggelassen hat (R wie zuvor); ist eine Tabelle Teil (`part_of`) der anderen, so sind es \
              diejenigen, die nur im Ganzen sind. Bei Gebieten mit gemeinsamen Teilen: T − P für jedes P in \
              T, T − ΣPᵢ für die überschneidungsfreien in T, A + B − T für das, was A und B gemeinsam haben, wenn beide \
              zusammen T sind, und für jeden kleinsten Teil, den die Gebiete unterscheiden, der kleinste und der größte \
              Wert unter allen Zählwerten, durch lineare Optimierung. Bei sich überschneidenden Zeiten, mit S(t) als dem \
              Zählwert vor t: jeder veröffentlichte Zählwert begrenzt S(Ende) − S(Anfang), S fällt nie, und was für S(b) \
              − S(a) folgt, ist die Länge des kürzesten Weges; von ineinander liegenden Abschnitten zählen die engsten. Bei \
              fortlaufenden Summen über Zeiten: der spätere Zählwert abzüglich des früheren von je zwei benachbarten, wenn von 20 \
              solchen Schritten oder mehr, im Mittel 3 oder mehr je Zelle, höchstens 1 % fallen und 10 oder mehr steigen.",
    denominator: "Geprüfte Summen: Zellen, von denen veröffentlichte Zellen Teile sind; bei Gebieten mit gemeinsamen \
                  Teilen die betrachteten Mengen kleinster Teile, bei sich überschneidenden Zeiten die Abschnitte aus \
                  Teilen, die selbst nicht veröffentlicht sind.",
    nulls: OF_COUNTS,
    assumptions: &[
        "Summen setzen sich aus ihren Teilen zusammen: bei einer Spalte aus den Werten, die `totals`, `hierarchies`, \
         `made_of` und `window` nennen; bei zwei Tabellen mit denselben Orten, Zeiten und Merkmalen aus den Summen über \
         das, was nur eine von ihnen unterscheidet, wobei ein Ort Ausgangsort oder Ziel von Strömen sein kann, und \
         über Zeiten, die innerhalb längerer liegen (Stunden innerhalb von Tagen), und Orte, aus denen Gebiete nach \
         `made_of` bestehen.",
        "Als Dauer einer Zeitangabe gilt ihr `window` und, wenn das Manifest keines angibt, die größte, von der alle \
         Zeiten der Tabelle um ein Vielfaches auseinander liegen.",
        "Wer in einem Teil gezählt ist, ist in der Summe gezählt. Sind Teile mehr als ihre Summe, so trifft das \
         nicht zu: `contradictions` zählt es. Gilt das bei mehr als einer von hundert Summen, so wird aus keiner \
         von ihnen etwas abgeleitet: Fahrten nach der Stunde ihrer Ankunft etwa sind kein Teil derer an ihrem \
         Ausgangsort in dieser Stunde. Bei einer Spalte heißt das, dass das Manifest falsch ist, und es gilt als nicht \
         gemessen; ebenso bei zwei Tabellen, bei denen bis zu eine von fünf Summen widerspricht, es sei denn, \
         `apart_from` nennt den Grund, aus dem sie andere Personen zählen.",
        "Tabellen mit gemeinsamen Spalten zählen unter denselben Bedingungen dieselben Personen wie bei \
         `suppression-audit`.",
    ],
    limits: &[
        "Summen über mehrere Spalten mit gemeinsamen Teilen können zusammen mehr verraten als jede allein: \
         `suppression-audit` löst sie gemeinsam.",
        "Bei Gebieten mit gemeinsamen Teilen werden Mengen mehrerer kleinster Teile auf die Arten der Formel betrachtet, \
         nicht auf alle. Lineare Optimierung begrenzt ganze Zahlen durch reelle: der wahre Bereich kann um den Teil \
         einer Person enger sein.",
        "Zeiten, die sich in mehr als 1.000 Teilen überschneiden, werden nicht gemessen. Zellen, die in zwei \
         Veröffentlichungen stehen, vergleicht `release-sequence`.",
        "Die Suche ist vollständig: jede Summe der genannten Arten wird betrachtet, sodass ein kleiner Zählwert, der sich \
         auf eine dieser Weisen ergibt, mit Sicherheit gefunden wird (Teststärke 1). Was größer ist als `largest` oder \
         abgebrochen wird, gilt als nicht gemessen: keine Anforderung ist dann erfüllt.",
    ],
    validation: "Stimmt auf erzeugten Tabellen mit Summen über mehrere Spalten, mit und ohne Rundung, mit der \
                 einzelnen Subtraktion aller Summen überein, bei Gebieten und Zeiten, die sich überschneiden, mit dem, was \
                 alle einzeln probierten Werte offenlassen, die zu allen Zählwerten passen; eingebaute Differenzen werden gefunden, und keine, wo \
                 es keine gibt.",
    table: None,
    settings: &[CELL_THRESHOLD, LARGEST_CIRCLE],
    statistics: &[
        Spoken {
            name: "derivable_cells",
            title: "Durch Subtraktion gefundene kleine Zählwerte",
            of: "geprüften Summen",
            meaning: |f| match real(f) {
                _ if f.value.is_none() => {
                    format!("Was sich durch {} ergibt, wurde nicht gemessen.", by(f))
                }
                _ if is_by_nothing(f) => {
                    "Kein veröffentlichter Zählwert ist die Summe anderer, soweit das Manifest \
                     davon sagt."
                        .to_owned()
                }
                1.0 => format!(
                    "Durch {} ergibt sich 1 Zählwert von weniger als {} {}, der nirgends \
                     veröffentlicht ist.",
                    by(f),
                    parameter(f, "k"),
                    persons(f)
                ),
                count => format!(
                    "Durch {} ergeben sich {} Zählwerte von weniger als {} {}, die \
                     nirgends veröffentlicht sind.",
                    by(f),
                    number(count),
                    parameter(f, "k"),
                    persons(f)
                ),
            },
        },
        Spoken {
            name: "shortest",
            title: "Kürzeste Ableitung eines kleinen Zählwertes",
            of: "veröffentlichten Zählwerten",
            meaning: |f| {
                format!(
                    "Der kürzeste Weg zu einem Zählwert von weniger als {} {}, durch {}, \
                     braucht {} veröffentlichte Zählwerte.",
                    parameter(f, "k"),
                    persons(f),
                    by(f),
                    number(real(f))
                )
            },
        },
        Spoken {
            name: "least",
            title: "Kleinster durch Subtraktion gefundener Zählwert",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Durch {} ergibt sich ein Zählwert von {}.",
                    by(f),
                    match real(f) {
                        1.0 => "1 Person".to_owned(),
                        persons => format!("{} Personen", number(persons)),
                    }
                )
            },
        },
        Spoken {
            name: "contradictions",
            title: "Summen, deren Teile mehr sind als sie",
            of: "geprüften Summen",
            meaning: |f| match real(f) {
                0.0 => format!(
                    "Geprüft durch {}: keine Summe ist kleiner als ihre Teile.",
                    by(f)
                ),
                count => format!(
                    "Geprüft durch {}: {} kleiner als ihre Teile; Teile überschneiden sich, \
                     oder es wurde anders gezählt, als das Manifest sagt.",
                    by(f),
                    match count {
                        1.0 => "1 Summe ist".to_owned(),
                        count => format!("{} Summen sind", number(count)),
                    }
                ),
            },
        },
    ],
};

/// Who is counted: for an insider the others.
fn persons(finding: &Finding) -> &'static str {
    match key(finding, "adversary") == "insider" {
        true => "anderen Personen (für einen der Gezählten)",
        false => "Personen",
    }
}

/// Whether there is nothing to subtract.
fn is_by_nothing(finding: &Finding) -> bool {
    key(finding, "by") == "nothing"
}

/// What is subtracted, after "durch".
fn by(finding: &Finding) -> String {
    parameter(finding, "by")
}
