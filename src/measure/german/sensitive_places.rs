//! Sensitive places in German.

use super::{Prose, Spoken, number, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Sensible Orte",
    question: "Wessen Spur verrät wiederholte Besuche in Kliniken, Gotteshäusern oder Parteibüros, und wie viele \
               dieser Personen sind leicht zu finden?",
    adversary: "Hat eine Liste von Orten, die ihn interessieren; kennt außerdem p zufällige Punkte der Spur einer \
                Person und will von ihren Besuchen dort erfahren.",
    definition: "Die Orte der Liste werden in dieselben Zellen eingeordnet wie die der Spur. Eine Person ist \
                 verraten, wenn ihre Spur an mindestens `visits` Tagen nach der Ortszeit in einer solchen Zelle \
                 ist; sind Zeiten keine Tage, in so vielen verschiedenen Abschnitten; gibt es keine Zeiten, in so \
                 vielen Zeilen. Eine verratene Person ist gefunden, wenn p aus ihrer ganzen Spur gezogene Punkte in \
                 keiner anderen Spur stehen (`unicity`).",
    formula: "share_revealed = |{i : Tage von i in einer Zelle der Liste ≥ visits}| / n; share_unique = Unizität \
              ε_p über die verratenen Personen",
    denominator: "Bei `share_revealed` Personen mit einer Spur; bei `share_unique` Ziehungen verratener Personen.",
    nulls: "Ein Ort, der Nullwert ist, ist keiner der Liste.",
    assumptions: &["Wer oft in der Zelle einer Klinik ist, besucht die Klinik."],
    limits: &[
        "In weiten Zellen wohnt und arbeitet auch, wer nie an dem Ort selbst war: `share_revealed` ist dann zu \
         hoch, und auch ein Angreifer läge falsch.",
        "Mehrere solche Orte in einer Zelle lassen sich nicht unterscheiden; Tage zählen je Zelle der Liste \
         zusammen, nicht über Zellen hinweg.",
    ],
    validation: "Stimmt auf erzeugten Spuren und Orten mit einer langsamen Auszählung der Zeilen überein.",
    table: None,
    settings: &[
        "Tage in derselben Zelle der Liste, ab denen Besuche wiederholt sind",
        "Zahlen p bekannter Punkte; hinzu kommen die, die eine Richtlinie nennt",
        "gezogene Personen für jedes p, wie bei `unicity`",
    ],
    statistics: &[
        Spoken {
            name: "share_revealed",
            title: "Personen mit wiederholten Besuchen an sensiblen Orten",
            of: "Personen",
            meaning: |f| {
                let days = match parameter(f, "visits").as_str() {
                    "1" => "1 Tag".to_owned(),
                    days => format!("{days} Tagen"),
                };
                format!(
                    "Bei {} der Personen zeigt die Spur sie an mindestens {days} an einem der \
                     Orte.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "cells_visited",
            title: "Besuchte Zellen sensibler Orte",
            of: "Zellen mit einem solchen Ort",
            meaning: |f| match real(f) {
                1.0 => "Von den Zellen mit einem solchen Ort kommt 1 in den Spuren vor.".to_owned(),
                cells => format!(
                    "Von den Zellen mit einem solchen Ort kommen {} in den Spuren vor.",
                    number(cells)
                ),
            },
        },
        Spoken {
            name: "share_unique",
            title: "Unizität der Personen, die sensible Orte besuchen",
            of: "Personen mit wiederholten Besuchen",
            meaning: |f| {
                let moments = match parameter(f, "points").as_str() {
                    "1" => "1 zufälligen Moment".to_owned(),
                    points => format!("{points} zufällige Momente"),
                };
                format!(
                    "Von den Personen mit wiederholten Besuchen werden {} durch {moments} \
                     gefunden, und mit ihnen ihre Besuche.",
                    percent(real(f))
                )
            },
        },
    ],
};
