//! Home and work in German.

use super::{Prose, Spoken, number, percent, real};

pub static PROSE: Prose = Prose {
    title: "Wohn- und Arbeitsort",
    question: "Wird eine Person herausgegriffen, wenn ein Angreifer weiß, wo sie wohnt und arbeitet?",
    adversary: "Kennt Wohnort und Arbeitsplatz einer Person aus einem Telefonbuch und einem beruflichen Netzwerk; \
                sucht die Spur, die dort schläft und dort arbeitet.",
    definition: "Wohnort ist der Ort mit den meisten Zeilen einer Person bei Nacht, Arbeitsort der mit den meisten \
                 von Montag bis Freitag zu Bürozeiten, nach der Zeitzone der Tabelle; bei Gleichstand der Ort, der \
                 in der Sortierung zuerst kommt. Eine Person ist einmalig, wenn niemand sonst dasselbe Paar hat.",
    formula: "share_unique = |{i : (Wohnort, Arbeitsort)(i) ≠ (Wohnort, Arbeitsort)(j) für alle j ≠ i}| / |{i mit \
              beiden}|",
    denominator: "Personen mit Zeilen in beiden Zeiten; die übrigen werden gesondert gezählt.",
    nulls: "Ein Ort, der Nullwert ist, ist ein eigener Ort.",
    assumptions: &[
        "Menschen sind nachts zu Hause und zu Bürozeiten bei der Arbeit: das gilt für die meisten, nicht für alle.",
    ],
    limits: &[
        "Der Angreifer kennt Wohn- und Arbeitsort so genau, wie die Veröffentlichung sie zeigt.",
    ],
    validation: "Stimmt auf den Check-ins mit unabhängig berechneten Werten überein, mit zwei Rastern: Personen \
                 mit Wohnort, mit beiden, einmalige Paare, einmalige Wohnorte, größte Klasse.",
    table: None,
    settings: &[
        "die Stunden zu Hause: Beginn und Ende (ausschließlich)",
        "die Stunden bei der Arbeit von Montag bis Freitag: Beginn und Ende (ausschließlich)",
    ],
    statistics: &[
        Spoken {
            name: "share_unique",
            title: "Personen mit einmaligem Paar aus Wohn- und Arbeitsort",
            of: "Personen mit Wohn- und Arbeitsort",
            meaning: |f| {
                format!(
                    "Von den Personen sind {} die einzigen mit ihrem Wohn- und Arbeitsort.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "share_unique_home",
            title: "Personen mit einmaligem Wohnort",
            of: "Personen mit Wohnort",
            meaning: |f| {
                format!(
                    "Von den Personen sind {} die einzigen an ihrem Wohnort.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "largest_class",
            title: "Höchste Zahl von Personen mit demselben Wohn- und Arbeitsort",
            of: "Personen mit Wohn- und Arbeitsort",
            meaning: |f| match real(f) {
                1.0 => "Das häufigste Paar hat 1 Person.".to_owned(),
                persons => format!("Das häufigste Paar haben {} Personen.", number(persons)),
            },
        },
        Spoken {
            name: "persons_without",
            title: "Personen ohne Wohn- oder Arbeitsort",
            of: "Personen",
            meaning: |f| match real(f) {
                1.0 => "1 Person hat keine Zeile bei Nacht oder keine zu Bürozeiten.".to_owned(),
                persons => format!(
                    "{} Personen haben keine Zeile bei Nacht oder keine zu Bürozeiten.",
                    number(persons)
                ),
            },
        },
    ],
};
