//! The sequence of releases in German.

use super::{CELL_THRESHOLD, Prose, Spoken, UNDONE, key, number, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Veröffentlichung nach Veröffentlichung",
    question: "Was verrät die Veröffentlichung zusammen mit den früheren, das keine von ihnen allein verrät?",
    adversary: "Bewahrt jede Veröffentlichung auf (`[[auxiliary]]` der Art `earlier_release`), weiß von einer \
                Person, dass sie in zweien davon ist, und setzt zusammen, was er in der einen und in der anderen \
                über sie weiß: auf wen passt beides?",
    definition: "Eine Tabelle wird der Tabelle desselben Namens jeder früheren Veröffentlichung gegenübergestellt. \
                 Eine Person ist in beiden, wenn ihr Pseudonym es ist. Die Klasse einer Person in beiden Tabellen \
                 zusammen ist die Menge der Personen in beiden, die mit ihr in der einen wie in der anderen eine \
                 Klasse teilen; bei mehreren Zeilen zählt die kleinste Klasse. Neu einmalig ist eine Person, die in \
                 keiner der Tabellen für sich einmalig ist, in beiden zusammen aber schon. Unizität mit beiden: zu \
                 p zufällig gezogenen Punkten der Spur einer Person in der Veröffentlichung kommen p aus ihrer Spur \
                 in der früheren hinzu; Kandidaten sind die Personen in beiden, die sie alle haben. Punkte und \
                 Klassen der früheren Veröffentlichung sind die ihres eigenen Manifests. Zählwerte derselben Zelle \
                 unterscheiden sich wenig, wenn sie sich sicher unterscheiden, und zwar um weniger als k Personen.",
    formula: "pseudonyms_kept = |S₂ ∩ S₁| / |S₂|. persons_newly_unique = |{i ∈ S₁ ∩ S₂ : |c₂(i)| ≥ 2, |c₁(i)| ≥ 2, \
              |c₂(i) ∩ c₁(i)| = 1}|; persons_shrunk = |{i : |c₂(i) ∩ c₁(i)| < |c₂(i)|}|; k_combined = min |c₂(i) ∩ \
              c₁(i)|. growth = Mittel über Ziehungen von [je p Punkte aus beiden hat nur eine Person] − [die p \
              Punkte der Veröffentlichung hat nur eine Person]. small_differences = |{Zellen : 0 < |n₁ − n₂| < k}|, \
              n die Personen, für die ein Zählwert steht.",
    denominator: "Bei `pseudonyms_kept` Personen der Veröffentlichung; bei Klassen Personen in beiden; bei Unizität \
                  Ziehungen von Personen in beiden; bei Unterschieden Zellen, über die beide Veröffentlichungen \
                  etwas aussagen.",
    nulls: "Ein Nullwert in einer Spalte ist ein eigener Wert, ein Nullwert als Subjekt ist niemand. Ein Zählwert, \
            der Nullwert ist, wurde unterdrückt: er wird nicht verglichen.",
    assumptions: &[
        "Wer in beiden Veröffentlichungen dasselbe Pseudonym hat, ist dieselbe Person.",
        "Der Angreifer weiß, dass die Person in beiden Veröffentlichungen ist.",
        UNDONE,
    ],
    limits: &[
        "Bleiben Pseudonyme nicht bestehen, so lassen sich Personen nur durch Verknüpfung verfolgen, siehe \
         `trace-linkage` und `opt-outs`: Klassen und Punkte zweier Veröffentlichungen werden hier dann nicht \
         zusammengesetzt.",
        "Jede frühere Veröffentlichung wird für sich genommen: drei zusammen können mehr verraten.",
        "Klassen, die überlappen (Nullwerte als Platzhalter, Hierarchien), werden nicht zusammengesetzt.",
    ],
    validation: "Klassen stimmen mit einem von Hand gerechneten Beispiel überein und auf erzeugten Tabellen, mit \
                 einer oder mehreren Zeilen je Person, mit einem Vergleich aller Paare von Personen; Unizität mit \
                 einer Suche der gezogenen Punkte in allen Spuren; eingebaute Unterschiede von Zählwerten werden \
                 gefunden, und keine, wo es keine gibt.",
    table: None,
    settings: &[
        "Zahlen p der aus jeder Veröffentlichung bekannten Punkte; hinzu kommen die, die eine Richtlinie nennt",
        "gezogene Personen für jedes p, wie bei `unicity`",
        CELL_THRESHOLD,
    ],
    statistics: &[
        Spoken {
            name: "pseudonyms_kept",
            title: "Pseudonyme, die geblieben sind",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Von den Personen haben {} ein Pseudonym, das auch in der Veröffentlichung \
                     „{}“ steht.",
                    percent(real(f)),
                    parameter(f, "auxiliary")
                )
            },
        },
        Spoken {
            name: "persons_newly_unique",
            title: "Personen, die erst mit beiden Veröffentlichungen allein sind",
            of: "Personen in beiden",
            meaning: |f| match real(f) {
                1.0 => "1 Person ist in keiner der Veröffentlichungen für sich einmalig, in \
                        beiden zusammen aber schon."
                    .to_owned(),
                persons => format!(
                    "{} Personen sind in keiner der Veröffentlichungen für sich einmalig, in \
                     beiden zusammen aber schon.",
                    number(persons)
                ),
            },
        },
        Spoken {
            name: "persons_shrunk",
            title: "Personen, deren Klasse schrumpft",
            of: "Personen in beiden",
            meaning: |f| {
                format!(
                    "Bei {} der Personen in beiden Veröffentlichungen kommen weniger andere in \
                     Betracht, sobald beide zusammengesetzt werden.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "k_combined",
            title: "Kleinste Klasse beider Veröffentlichungen zusammen",
            of: "Personen in beiden",
            meaning: |f| {
                match real(f) {
                1.0 => "Mindestens eine Person ist die einzige ihrer Art, sobald beide \
                        Veröffentlichungen zusammengesetzt werden."
                    .to_owned(),
                2.0 => "Mindestens eine Person teilt, was beide Veröffentlichungen über sie aussagen, nur mit einer \
                        einzigen anderen."
                    .to_owned(),
                k => format!(
                    "Jede Person teilt, was beide Veröffentlichungen über sie aussagen, mit \
                     mindestens {} anderen.",
                    number(k - 1.0)
                ),
            }
            },
        },
        Spoken {
            name: "median_candidates",
            title: "Median der Zahl der Kandidaten",
            of: "Personen in beiden",
            meaning: |f| {
                let of = match key(f, "releases").as_str() {
                    "both" => "aus beiden Veröffentlichungen",
                    _ => "allein aus der Veröffentlichung",
                };
                match real(f) {
                    1.0 => format!(
                        "Wer jemanden {of} kennt, für den bleibt im typischen Fall 1 mögliche \
                         Person übrig."
                    ),
                    persons => format!(
                        "Wer jemanden {of} kennt, für den bleiben im typischen Fall {} mögliche \
                         Personen übrig.",
                        number(persons)
                    ),
                }
            },
        },
        Spoken {
            name: "share_unique",
            title: "Unizität mit einer früheren Veröffentlichung",
            of: "Personen in beiden",
            meaning: |f| {
                let of = match key(f, "releases").as_str() {
                    "both" => "aus jeder der Veröffentlichungen",
                    _ => "aus der Veröffentlichung",
                };
                let points = match (key(f, "points").as_str(), key(f, "releases").as_str()) {
                    ("1", "both") => format!("genügt je ein zufälliger Moment {of}"),
                    ("1", _) => format!("genügt ein zufälliger Moment {of}"),
                    _ => format!("genügen {} zufällige Momente {of}", parameter(f, "points")),
                };
                format!(
                    "Bei {} der Personen in beiden {points}, um sie zu finden.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "growth",
            title: "Zuwachs der Unizität durch eine frühere Veröffentlichung",
            of: "Personen in beiden",
            meaning: |f| {
                format!(
                    "Sind ebenso viele Momente auch aus der früheren Veröffentlichung bekannt, \
                     je {}, so werden weitere {} der Personen gefunden.",
                    parameter(f, "points"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "small_differences",
            title: "Zählwerte, die sich um wenige Personen unterscheiden",
            of: "Zellen, über die beide Veröffentlichungen etwas aussagen",
            meaning: |f| {
                let k = parameter(f, "k");
                match (f.denominator, real(f)) {
                    (Some(0), _) => {
                        "Über keine Zelle sagen beide Veröffentlichungen etwas aus.".to_owned()
                    }
                    (_, 1.0) => format!(
                        "1 Zählwert unterscheidet sich vom früheren um weniger als {k} Personen: \
                         sie kamen oder gingen."
                    ),
                    (_, counts) => format!(
                        "{} Zählwerte unterscheiden sich von den früheren um weniger als {k} \
                         Personen: sie kamen oder gingen.",
                        number(counts)
                    ),
                }
            },
        },
    ],
};
