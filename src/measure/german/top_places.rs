//! The most frequent places in German.

use super::{Prose, Spoken, key, number, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Häufigste Orte",
    question: "Wird eine Person herausgegriffen, wenn ein Angreifer die wenigen Orte kennt, an denen sie am \
               häufigsten ist?",
    adversary: "Weiß, wo eine Person gewöhnlich ist: zu Hause, bei der Arbeit, beim Sport; sucht die Spur, in der \
                diese Orte an der Spitze stehen.",
    definition: "Die häufigsten N einer Person sind die N Orte mit den meisten ihrer Zeilen. Hat die Tabelle keine \
                 Orte, so sind es ihre Gegenstände: Geschäfte, Geräte. Eine Person ist einmalig, wenn niemand sonst \
                 dieselben häufigsten N hat, als Menge oder in derselben Reihenfolge. Von den Orten, die sich den \
                 letzten Rang teilen, wird der genommen, der in der Sortierung zuerst kommt; wie viele Personen das \
                 betrifft, wird angegeben. Nacht sind die Zeilen von 22 bis 7 Uhr, Tag die übrigen, nach der \
                 Zeitzone der Tabelle.",
    formula: "share_unique = |{i : top_N(i) ≠ top_N(j) für alle j ≠ i}| / |{i : i hat mindestens N Orte}|",
    denominator: "Personen mit mindestens N verschiedenen Orten; die übrigen werden gesondert gezählt.",
    nulls: "Ein Ort, der Nullwert ist, ist ein eigener Ort.",
    assumptions: &["Der Angreifer kennt die Orte so genau, wie die Veröffentlichung sie zeigt."],
    limits: &["Wer auch Zeiten kennt, weiß mehr: `unicity`."],
    validation: "Stimmt auf den Check-ins und den Taxis mit unabhängig berechneten Werten überein, N = 1 bis 4, \
                 zwei Raster, Personen, Einmalige und Gleichstände; bei Nacht und Tag auf erzeugten Spuren mit \
                 einer erschöpfenden Auszählung.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "share_unique",
            title: "Personen mit einmaligen häufigsten Orten",
            of: "Personen mit so vielen Orten",
            meaning: |f| {
                let order = match key(f, "ordered").as_str() {
                    "yes" => "in deren Reihenfolge",
                    _ => "in beliebiger Reihenfolge",
                };
                let places = match parameter(f, "n").as_str() {
                    "1" => "ihrem häufigsten Ort (n = 1)".to_owned(),
                    n => format!("ihren {n} häufigsten Orten"),
                };
                format!(
                    "Von den Personen sind {} die einzigen mit {places}, {order}.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "largest_class",
            title: "Größte Zahl von Personen mit denselben häufigsten Orten",
            of: "Personen mit so vielen Orten",
            meaning: |f| {
                let persons = match real(f) {
                    1.0 => "hat 1 Person".to_owned(),
                    persons => format!("haben {} Personen gemeinsam", number(persons)),
                };
                match parameter(f, "n").as_str() {
                    "1" => format!("Den verbreitetsten häufigsten Ort (n = 1) {persons}."),
                    n => format!("Die verbreitetste Auswahl der {n} häufigsten Orte {persons}."),
                }
            },
        },
        Spoken {
            name: "ties",
            title: "Personen, deren letzter Ort gleichauf mit einem anderen liegt",
            of: "Personen mit so vielen Orten",
            meaning: |f| {
                let persons = match real(f) {
                    1.0 => "1 Person".to_owned(),
                    persons => format!("{} Personen", number(persons)),
                };
                format!(
                    "Bei {persons} ist ein anderer Ort ebenso häufig wie der letzte der {} \
                     genommenen.",
                    parameter(f, "n")
                )
            },
        },
        Spoken {
            name: "persons_with_fewer_places",
            title: "Personen mit weniger Orten",
            of: "Personen",
            meaning: |f| {
                let places = match parameter(f, "n").as_str() {
                    "1" => "1 Ort".to_owned(),
                    n => format!("{n} verschiedene Orte"),
                };
                match real(f) {
                    1.0 => format!("1 Person hat weniger als {places}."),
                    persons => format!("{} Personen haben weniger als {places}.", number(persons)),
                }
            },
        },
    ],
};
