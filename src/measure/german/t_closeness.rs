//! t-closeness in German.

use super::{Prose, Spoken, fixed, parameter, real};

pub static PROSE: Prose = Prose {
    title: "t-Nähe (t-Closeness)",
    question: "Wie viel verrät es über den sensiblen Wert einer Person, ihre Gruppe zu kennen, über das hinaus, was \
               alle von der ganzen Tabelle wissen?",
    adversary: "Kennt die Quasi-Identifikatoren einer Person und weiß, dass sie in der Veröffentlichung ist; will \
                den sensiblen Wert und braucht den Datensatz dafür nicht zu finden.",
    definition: "Der Abstand einer Klasse ist die geringste Arbeit, die die Verteilung ihrer sensiblen Werte in die \
                 der Tabelle überführt (Earth Mover's Distance). Equal: alle Werte sind gleich weit voneinander \
                 entfernt. Ordered: der Abstand zweier Werte ist die Zahl der Ränge zwischen ihnen durch die Zahl \
                 der Werte weniger eins, Nullwerte zuerst; nur für Zahlen und Zeiten. Hierarchical: der Abstand \
                 zweier Werte ist die Stufe, auf der sie eins werden, durch die Höhe der Hierarchie; wenn das \
                 Manifest für die Spalte eine Datei nennt. `by_scale`: ordered bei Zahlen und Zeiten mit mehr als 20 \
                 verschiedenen Werten, die sich fast von Person zu Person unterscheiden, sonst equal. Eine Tabelle hat t-Nähe, wenn keine Klasse weiter \
                 entfernt ist als t.",
    formula: "equal: ½ Σ_s |q_s − p_s|; ordered: 1/(m−1) Σ_i |Σ_{j≤i} (q_j − p_j)| über die m verschiedenen Werte \
              in aufsteigender Reihenfolge; hierarchical: 1/(2H) Σ über Stufen unter der Wurzel H, Σ über deren \
              Knoten N, |q_N − p_N|; t = max über Klassen; t_mean = Mittel über Personen des größten über ihre \
              Klassen",
    denominator: "Personen. Eine Person mit mehreren Werten in einer Klasse zählt einmal für jeden davon, in der \
                  Klasse und in der Tabelle.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &["Die Verteilung in der ganzen Tabelle ist kein schützenswertes Geheimnis."],
    limits: &[
        "Verglichen wird mit der Tabelle, nicht mit der Grundgesamtheit.",
        "Kleine Klassen sind schon durch Zufall weit von der Tabelle entfernt, nach dem Abstand equal umso weiter, je mehr \
         Werte es gibt.",
        "Schlüssel von mehr als 20 Kategorien, die als Zahlen gespeichert sind, werden gemessen, als hätten sie eine \
         Ordnung: sie sind als Text zu speichern.",
    ],
    validation: "Stimmt auf den Adult-Daten bis auf 1e-9 mit einer erschöpfenden Berechnung und mit einer \
                 öffentlichen Bibliothek überein, im größten und im mittleren Wert, equal und ordered; auf \
                 erzeugten Klassen stimmt der Abstand ordered mit der Summe des Lehrbuchs überein, der Abstand \
                 hierarchical mit der Arbeit, wie Li et al. sie Knoten für Knoten zählen.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "t",
            title: "Größter Abstand einer Klasse",
            of: "Klassen",
            meaning: |f| {
                format!(
                    "In der Gruppe, die am meisten verrät, weicht die Verteilung von {} um {} \
                     von der in der ganzen Tabelle ab, auf einer Skala von 0 (nichts ist zu \
                     erfahren) bis 1.",
                    parameter(f, "sensitive"),
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "t_mean",
            title: "Mittlerer Abstand einer Klasse",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Im Mittel über alle Personen weicht ihre Gruppe um {} von der ganzen \
                     Tabelle ab.",
                    fixed(real(f), 3)
                )
            },
        },
    ],
};
