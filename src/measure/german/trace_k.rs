//! The k-anonymity of whole traces in German.

use super::{Prose, Spoken, key, number, parameter, percent, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "k-Anonymität ganzer Spuren",
    question: "Eine Veröffentlichung behauptet, jede Spur sei unter anderen verborgen: mit wie vielen Personen hat \
               jemand die ganze Spur gemeinsam, ihren Anfang, ihre Orte?",
    adversary: "Hat den ganzen Weg einer Person gesehen oder dessen erste Schritte, oder kennt alle Orte, die sie \
                aufgesucht hat.",
    definition: "Der Weg einer Person besteht aus den Orten ihrer Zeilen in zeitlicher Folge; ein Ort, der auf \
                 sich selbst folgt, zählt einmal. Personen mit demselben Weg, denselben ersten n Orten davon oder \
                 derselben Menge von Orten bilden eine Klasse. Ein Abschnitt ist ein Teil eines Wegs ohne Lücken; \
                 er ist gemeinsam, wenn ihn mindestens k Personen haben. Hat die Tabelle keine Orte, so treten \
                 ihre Gegenstände an deren Stelle.",
    formula: "k = min Klassengröße; share_unique = |{i allein in seiner Klasse}| / n; longest_shared = Median über \
              Personen der Länge ihres längsten gemeinsamen Abschnitts; share_shared = Mittel dieser Länge durch \
              die Länge des Wegs",
    denominator: "Personen; bei den ersten n Orten diejenigen, deren Weg n Orte hat.",
    nulls: "Ein Ort, der Nullwert ist, ist ein eigener Ort.",
    assumptions: &[
        "Zeilen einer Person zur selben Sekunde werden in der Reihenfolge ihrer Orte genommen.",
    ],
    limits: &[
        "Zeiten zählen nur als Reihenfolge: wer auch weiß, wann, weiß mehr.",
        "Abschnitte werden bis zu 64 Orten verfolgt.",
    ],
    validation: "Stimmt auf erzeugten Spuren mit einem Vergleich aller Wege und aller ihrer Abschnitte überein.",
    table: None,
    settings: &[
        "Zahl der Personen, die einen Abschnitt gemeinsam machen; Werte, die eine Richtlinie nennt, kommen hinzu",
    ],
    statistics: &[
        Spoken {
            name: "k",
            title: "Kleinste Zahl von Personen mit demselben Weg",
            of: "Personen",
            meaning: |f| match real(f) {
                1.0 => format!(
                    "Mindestens eine Person ist die einzige mit {}.",
                    with_what(f)
                ),
                k => format!(
                    "Jede Person hat {} mit mindestens {} Personen gemeinsam, sie selbst \
                     mitgezählt.",
                    what(f),
                    number(k)
                ),
            },
        },
        Spoken {
            name: "share_unique",
            title: "Personen mit einmaligem Weg",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Von den Personen sind {} die einzigen mit {}.",
                    percent(real(f)),
                    with_what(f)
                )
            },
        },
        Spoken {
            name: "longest_shared",
            title: "Längster mit anderen gemeinsamer Abschnitt",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Die Hälfte der Personen hat keinen Abschnitt von mehr als {} {}, der {} \
                     Personen gemeinsam ist.",
                    number(real(f)),
                    match real(f) {
                        1.0 => "Ort",
                        _ => "Orten",
                    },
                    parameter(f, "k")
                )
            },
        },
        Spoken {
            name: "share_shared",
            title: "Teil eines Wegs, der ein einziger gemeinsamer Abschnitt ist",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Im Mittel bilden {} eines Wegs einen Abschnitt, der mindestens {} Personen \
                     gemeinsam ist.",
                    percent(real(f)),
                    parameter(f, "k")
                )
            },
        },
    ],
};

/// As an object.
fn what(finding: &Finding) -> String {
    match key(finding, "of").as_str() {
        "places" => "ihre Menge von Orten".to_owned(),
        "beginning" => format!("den Anfang ihres Wegs ({})", places(finding)),
        _ => "ihren ganzen Weg".to_owned(),
    }
}

/// After a preposition of the dative.
fn with_what(finding: &Finding) -> String {
    match key(finding, "of").as_str() {
        "places" => "ihrer Menge von Orten".to_owned(),
        "beginning" => format!("dem Anfang ihres Wegs ({})", places(finding)),
        _ => "ihrem ganzen Weg".to_owned(),
    }
}

fn places(finding: &Finding) -> String {
    match parameter(finding, "length").as_str() {
        "1" => "1 Ort".to_owned(),
        length => format!("{length} Orte"),
    }
}
