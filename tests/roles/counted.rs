//! Drafts of tables of counts: known by their values, whatever their columns are called.

use arrow::array::ArrayRef;
use reidrisk::release::draft;

use super::chance::Chance;
use super::drafts::{Rows, drafted};
use super::{MARCH, audited, folder, instants, reals, texts, whole};

/// Thirty places by a week of hours.
fn cells() -> impl Iterator<Item = (i64, i64)> + Clone {
    (0..30i64).flat_map(|place| (0..168i64).map(move |hour| (place, hour)))
}

fn places(prefix: &str) -> ArrayRef {
    texts(cells().map(|(place, _)| format!("{prefix}{place:02}")))
}

fn hours() -> ArrayRef {
    instants(cells().map(|(_, hour)| MARCH + hour * 3_600))
}

fn numbers(seed: u64, below: i64) -> ArrayRef {
    let mut chance = Chance::new(seed);
    whole(cells().map(|_| chance.below(below)).collect::<Vec<_>>())
}

/// The tables of a draft, each as its lines that say something.
fn tables(columns: Vec<(&str, ArrayRef)>) -> Vec<Vec<String>> {
    let folder = folder(columns);
    let text = draft::text(&[folder.path().join("t.parquet")], |path| {
        path.to_path_buf()
    })
    .unwrap();
    let tables = text.split("[[table]]").skip(1);
    let lines = |table: &str| -> Vec<String> {
        let told = table
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty() && !line.starts_with("path"));
        told.map(str::to_owned).collect()
    };
    tables.map(lines).collect()
}

#[test]
fn persons_counted_by_place_and_hour_are_no_subjects() {
    for (place, time, count) in [
        ("zona", "hora", "personas"),
        ("Messstelle", "Datum", "Personenfrequenz"),
        ("iris", "heure", "nb_visiteurs"),
        ("Standort", "Zeitpunkt", "Passanten_gesamt"),
        ("location_name", "timestamp", "pedestrians_count"),
        ("quadkey", "date_time", "n_crisis"),
        ("Zählstelle", "Stunde", "AnzahlFußgänger"),
        // Nothing but the values says that it is one.
        ("aire", "moment", "K1"),
    ] {
        drafted(
            vec![
                (place, places("p")),
                (time, hours()),
                (count, numbers(5, 900)),
            ],
            &[
                ("kind", &["flows"]),
                ("time", &[time]),
                ("place", &[place]),
                ("count", &[count]),
            ],
        );
    }
}

#[test]
fn persons_counted_by_district_alone_are_no_subjects() {
    let districts = || texts((0..40).map(|at| format!("d{at:02}")));
    let column = |seed: u64| {
        let mut chance = Chance::new(seed);
        whole((0..40).map(|_| 300 + chance.below(700)).collect::<Vec<_>>())
    };
    for count in ["personen", "Einwohner", "insgesamt"] {
        drafted(
            vec![("bezirk", districts()), (count, column(6))],
            &[
                ("kind", &["flows"]),
                ("place", &["bezirk"]),
                ("count", &[count]),
            ],
        );
    }
}

#[test]
fn residents_by_district_age_and_sex_are_counted() {
    let mut chance = Chance::new(7);
    let cells = || {
        let ages = (0..30i64).flat_map(|place| (0..3i64).map(move |age| (place, age)));
        ages.flat_map(|(place, age)| (0..2i64).map(move |sex| (place, age, sex)))
    };
    drafted(
        vec![
            (
                "Stadtteil",
                texts(cells().map(|cell| format!("{:02}", cell.0))),
            ),
            (
                "Altersgruppe",
                texts(cells().map(|cell| format!("a{}", cell.1))),
            ),
            (
                "Geschlecht",
                texts(cells().map(|cell| ["m", "w"][cell.2 as usize])),
            ),
            (
                "Einwohner",
                whole(
                    cells()
                        .map(|_| 100 + chance.below(9_000))
                        .collect::<Vec<_>>(),
                ),
            ),
            (
                "Ausländeranteil",
                reals(cells().map(|cell| 3.7 + cell.0 as f64 / 7.0 + cell.1 as f64)),
            ),
        ],
        &[
            ("kind", &["flows"]),
            ("place", &["Stadtteil"]),
            ("quasi_identifiers", &["Altersgruppe", "Geschlecht"]),
            ("count", &["Einwohner"]),
            ("ignore", &["Ausländeranteil"]),
        ],
    );
}

#[test]
fn journeys_are_known_by_their_areas() {
    let mut chance = Chance::new(8);
    let areas: Vec<String> = (0..30).map(|at| format!("0956400{at:02}")).collect();
    let ends = || areas.iter().flat_map(|a| areas.iter().map(move |b| (a, b)));
    for (from, to, count) in [
        ("Wohnort", "Arbeitsort", "Auspendler"),
        ("Startgebiet", "Zielgebiet", "Fahrten"),
        ("h_geocode", "w_geocode", "S000"),
    ] {
        drafted(
            vec![
                (from, texts(ends().map(|ends| ends.0))),
                (to, texts(ends().map(|ends| ends.1))),
                (
                    count,
                    whole(ends().map(|_| chance.below(500)).collect::<Vec<_>>()),
                ),
            ],
            &[
                ("kind", &["flows"]),
                ("origin", &[from]),
                ("destination", &[to]),
                ("count", &[count]),
            ],
        );
    }
}

#[test]
fn a_count_of_a_part_is_a_table_of_its_own() {
    let all: Vec<i64> = {
        let mut chance = Chance::new(9);
        cells().map(|_| 20 + chance.below(60)).collect()
    };
    for (count, part) in [
        ("cases", "deaths"),
        ("visitors", "visitors_under_18"),
        ("AnzahlFall", "AnzahlTodesfall"),
        ("insgesamt", "davon_hiv"),
    ] {
        let parts = whole(all.iter().enumerate().map(|(at, _)| at as i64 % 7));
        let columns = vec![
            ("district", places("D")),
            ("date", hours()),
            (part, parts),
            (count, whole(all.iter().copied())),
        ];
        let tables = tables(columns.clone());
        let own = |name: &str, count: &str, more: &[&str], ignored: &str| {
            let mut lines = vec![
                format!("name = \"{name}\""),
                "kind = \"flows\"".to_owned(),
                "time = \"date\"".to_owned(),
                "place = \"district\"".to_owned(),
                format!("count = \"{count}\""),
            ];
            lines.extend(more.iter().map(|line| line.to_string()));
            lines.push(format!("ignore = [\"{ignored}\"]"));
            lines
        };
        let second = format!("t-{part}");
        assert_eq!(
            tables,
            [
                own("t", count, &[], part),
                own(&second, part, &["part_of = \"t\""], count),
            ]
        );
        // The draft is a manifest as it stands.
        let report = audited(&folder(columns), None, &["differencing"]).unwrap();
        let names: Vec<&str> = report
            .release
            .tables
            .iter()
            .map(|t| t.name.as_str())
            .collect();
        assert_eq!(names, ["t", second.as_str()]);
    }
    // Women are no part of the men, however few they are.
    let pivot = tables(vec![
        ("district", places("D")),
        ("date", hours()),
        ("men", whole(all.iter().copied())),
        ("women", whole(all.iter().map(|men| men / 2))),
    ]);
    assert_eq!(pivot.len(), 2);
    assert!(!pivot[1].iter().any(|line| line.starts_with("part_of")));
    // Who goes in and who comes out are not part of each other.
    let tables = tables(vec![
        ("station", places("S")),
        ("hour", hours()),
        ("entries", numbers(1, 500)),
        ("exits", numbers(2, 500)),
    ]);
    assert_eq!(tables.len(), 2);
    assert!(tables[1].contains(&"count = \"exits\"".to_owned()));
    assert!(!tables[1].iter().any(|line| line.starts_with("part_of")));
}

#[test]
fn weather_beside_counts_is_ignored() {
    let mut rows = Rows::new();
    rows.1 = 30 * 168;
    drafted(
        vec![
            ("Standort", places("p")),
            ("Zeitpunkt", hours()),
            ("Passanten", numbers(3, 900)),
            ("Temperatur", rows.real(-5.0, 25.0)),
            ("weather_condition", rows.word(&["w1", "w2", "w3"])),
        ],
        &[
            ("kind", &["flows"]),
            ("time", &["Zeitpunkt"]),
            ("place", &["Standort"]),
            ("count", &["Passanten"]),
            ("ignore", &["Temperatur", "weather_condition"]),
        ],
    );
}

#[test]
fn readings_and_stays_are_no_counts() {
    // Measurements of an instrument: no whole numbers of anybody.
    let mut rows = Rows::new();
    rows.1 = 30 * 168;
    let readings = vec![
        ("sensor", places("s")),
        ("time", hours()),
        ("pm10", rows.real(1.0, 90.0)),
    ];
    // A person a day.
    let steps = vec![
        ("user_id", places("u")),
        ("date", hours()),
        ("steps", numbers(4, 20_000)),
    ];
    // Persons whose combinations happen to be their own.
    rows.1 = 200;
    let persons = vec![
        ("town", rows.word(&["a", "b", "c", "d"])),
        ("age", rows.number(18, 95)),
        ("visits", rows.number(0, 20)),
        ("bmi", rows.real(17.0, 45.0)),
    ];
    for columns in [readings, steps, persons] {
        for table in tables(columns) {
            assert!(!table.contains(&"kind = \"flows\"".to_owned()), "{table:?}");
        }
    }
}

/// Where neither names nor values tell, the question says what else the table may be.
#[test]
fn the_question_offers_counts() {
    let mut rows = Rows::new();
    let folder = folder(vec![
        ("alpha", rows.number(-50, 50)),
        ("beta", rows.number(-50, 50)),
    ]);
    let text = draft::text(&[folder.path().join("t.parquet")], |path| {
        path.to_path_buf()
    })
    .unwrap();
    let text = text.replace("\n# ", " ");
    assert!(text.contains("publish the file apart"), "{text}");
    assert!(text.contains("kind = \"flows\""), "{text}");
}
