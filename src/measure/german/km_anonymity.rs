//! kᵐ-anonymity in German.

use super::super::is_of_rows;
use super::{Prose, Spoken, number, parameter, percent, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "kᵐ-Anonymität",
    question: "Welche wenigen Dinge auch immer ein Angreifer über die Spur einer Person weiß, oder in Mikrodaten \
               über ihre Zeilen: gibt es stets genug Personen, auf die sie alle zutreffen?",
    adversary: "Kennt beliebige m Punkte einer Person, auch die für sie ungünstigsten: m gekaufte Dinge, m \
                Zeitpunkte; in Mikrodaten die Quasi-Identifikatoren beliebiger m Zeilen einer Person, die mehrere \
                hat.",
    definition: "Eine Menge von höchstens m Punkten, die in einer Spur zusammen vorkommt, ist verletzt, wenn \
                 weniger als k Personen sie ganz haben. Eine Veröffentlichung hat kᵐ-Anonymität, wenn keine Menge \
                 verletzt ist. Eine Verletzung ist minimal, wenn kein Teil von ihr eine ist. Gefährdet ist, wer \
                 eine verletzte Menge hat. In Mikrodaten, deren Personen mehrere Zeilen haben, sind die Punkte einer \
                 Person ihre Zeilen nach den Quasi-Identifikatoren (`rows = known`), und gleiche Zeilen zählen so \
                 oft, wie sie vorkommen: die Mengen sind Multimengen von Zeilen, und eine hat, wer von jeder Art \
                 mindestens so viele Zeilen hat. Die kᵐ-Anonymität von Zeilen steht zwischen der k-Anonymität Zeile \
                 für Zeile (m = 1) und der aller Zeilen einer Person zusammen, aus der sie folgt. Hat jede Person \
                 eine Zeile, so sagt `k-anonymity` alles, und hier wird nichts berichtet. Bei `precision = point` ist ein Punkt \
                 einer Spur, was das Manifest festlegt. Bei `precision = published` ist er, was die Dateien über eine Zeile sagen, \
                 wie bei `unicity`, und es werden einzelne Punkte gezählt (m = 1): wie viele Personen einen Punkt haben, den \
                 weniger als k haben. Ist beides dasselbe, so wird es einmal berichtet, als `precision = both`.",
    formula: "violations(m, k) = |{S : |S| = m, 1 ≤ Träger(S) < k}|, Träger(S) = |{i : S ⊆ T_i}|; persons_exposed \
              zählt i mit S ⊆ T_i für ein verletztes S von höchstens m Punkten",
    denominator: "Vorkommende Mengen von genau m Punkten; Personen bei `persons_exposed` und `share_exposed`: alle, \
                  auch die mit weniger als m Punkten.",
    nulls: "Ein Ort, Gegenstand oder Betrag, der Nullwert ist, ist ein eigener Wert. In Mikrodaten ist ein Nullwert in \
            einem Quasi-Identifikator ein eigener Wert, und Zeilen werden auf Gleichheit verglichen, auch bei \
            `nulls = \"wildcard\"` oder einer Hierarchie.",
    assumptions: &["Die Punkte des Angreifers sind genau bis auf das Raster."],
    limits: &[
        "Dies ist der ungünstigste Fall über alles, was bekannt sein kann: `unicity` ist der Mittelwert über \
         zufällige Punkte.",
        "Mengen von drei Punkten werden gezählt, wenn das höchstens 2³¹ Schritte erfordert, Paare ebenso.",
    ],
    validation: "Gegenstände und Paare der Einkäufe stimmen mit unabhängigen Auszählungen überein (4.414.406 \
                 vorkommende Paare, 2.890.640 von weniger als fünf Personen). Bis zu drei Punkten stimmen minimale \
                 Mengen und Personen auf erzeugten Spuren mit einer Aufzählung aller Mengen überein, auf erzeugten \
                 Mikrodaten mit einer aller Multimengen von Zeilen.",
    table: None,
    settings: &["Werte von k; Werte, die eine Richtlinie nennt, kommen hinzu"],
    statistics: &[
        Spoken {
            name: "itemsets",
            title: "Vorkommende Mengen von Punkten",
            of: "Mengen",
            meaning: |f| match real(f) {
                1.0 => format!("1 Menge von {} kommt bei einer Person vor.", points(f)),
                sets => format!(
                    "{} verschiedene Mengen von {} kommen bei einer Person vor.",
                    number(sets),
                    points(f)
                ),
            },
        },
        Spoken {
            name: "violations",
            title: "Mengen von Punkten mit zu wenigen Personen",
            of: "Mengen",
            meaning: |f| {
                format!(
                    "{} von {} {} weniger als {} Personen gemeinsam.",
                    sets(f),
                    points(f),
                    is(f),
                    parameter(f, "k")
                )
            },
        },
        Spoken {
            name: "minimal_violations",
            title: "Mengen mit zu wenigen Personen, von denen kein Teil eine ist",
            of: "Mengen",
            meaning: |f| {
                format!(
                    "{} von {} {} zu selten, obwohl es keiner ihrer Teile ist.",
                    sets(f),
                    points(f),
                    is(f)
                )
            },
        },
        Spoken {
            name: "persons_exposed",
            title: "Personen mit einer Menge mit zu wenigen Personen",
            of: "Personen",
            meaning: |f| {
                format!(
                    "{} {}.",
                    match real(f) {
                        1.0 => "1 Person hat".to_owned(),
                        persons => format!("{} Personen haben", number(persons)),
                    },
                    rare_points(f)
                )
            },
        },
        Spoken {
            name: "share_exposed",
            title: "Anteil der Personen mit einer Menge mit zu wenigen Personen",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Von allen Personen haben {} {}.",
                    percent(real(f)),
                    rare_points(f)
                )
            },
        },
    ],
};

fn sets(finding: &Finding) -> String {
    match real(finding) {
        1.0 => "1 Menge".to_owned(),
        sets => format!("{} Mengen", number(sets)),
    }
}

fn is(finding: &Finding) -> &'static str {
    match real(finding) {
        1.0 => "ist",
        _ => "sind",
    }
}

fn points(finding: &Finding) -> String {
    let (one, many) = match is_of_rows(finding) {
        true => ("Zeile", "Zeilen"),
        false => ("Punkt", "Punkten"),
    };
    match parameter(finding, "m").as_str() {
        "1" => format!("1 {one}"),
        m => format!("{m} {many}"),
    }
}

fn rare_points(finding: &Finding) -> String {
    let k = parameter(finding, "k");
    let (one, many) = match is_of_rows(finding) {
        true => ("Zeile, die", "Zeilen"),
        false => ("Punkt, der", "Punkte"),
    };
    match parameter(finding, "m").as_str() {
        "1" => format!("bis zu 1 {one} weniger als {k} Personen gemeinsam ist"),
        m => format!("bis zu {m} {many}, die weniger als {k} Personen gemeinsam sind"),
    }
}
