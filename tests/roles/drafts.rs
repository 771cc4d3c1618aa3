//! Drafts of tables as they are published: each made up, with the columns of its trade.

use std::collections::BTreeMap;

use arrow::array::ArrayRef;
use reidrisk::release::draft;

use super::chance::Chance;
use super::{MARCH, audited, folder, instants, reals, texts, value, whole};

/// Keys and what they say, of the first table of a draft: columns, or another string.
pub fn roles(columns: Vec<(&str, ArrayRef)>) -> (BTreeMap<String, Vec<String>>, String) {
    let folder = folder(columns);
    let text = draft::text(&[folder.path().join("t.parquet")], |path| {
        path.to_path_buf()
    })
    .unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once(" = "));
    let names = |value: &str| {
        value
            .split('"')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let roles = pairs.map(|(key, value)| (key.to_owned(), names(value)));
    (roles.collect(), text)
}

/// The draft says this, besides name and path; each of its lines has its reason above it.
pub fn drafted(columns: Vec<(&str, ArrayRef)>, expected: &[(&str, &[&str])]) -> String {
    let cells: Vec<ArrayRef> = columns.iter().map(|(_, array)| array.clone()).collect();
    let (mut roles, text) = roles(columns);
    roles.retain(|key, _| !["name", "path"].contains(&key.as_str()));
    let expected: BTreeMap<String, Vec<String>> = expected
        .iter()
        .map(|(key, columns)| {
            (
                key.to_string(),
                columns.iter().map(|name| name.to_string()).collect(),
            )
        })
        .collect();
    assert_eq!(roles, expected, "{text}");
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate().skip(1) {
        let told = ["destination", "time_unit", "null_subject", "name", "path"];
        if let Some((key, _)) = line.split_once(" = ")
            && !line.starts_with('#')
            && !told.contains(&key)
        {
            assert!(lines[at - 1].starts_with('#'), "{line}\n{text}");
        }
    }
    let text = text.replace("\n# ", " ");
    // No cell stands in it but those that are words of its own, names of columns or counts.
    for array in cells {
        if let Some(values) = array.as_any().downcast_ref::<arrow::array::StringArray>() {
            for value in values.iter().flatten().filter(|value| value.len() > 5) {
                assert!(!text.contains(value), "{value}: {text}");
            }
        }
    }
    text
}

pub const N: i64 = 3_000;

/// Columns of many rows, by chance.
pub struct Rows(Chance, pub i64);

impl Rows {
    pub fn new() -> Self {
        Self(Chance::new(18), N)
    }

    pub fn number(&mut self, least: i64, below: i64) -> ArrayRef {
        let numbers: Vec<i64> = (0..self.1)
            .map(|_| least + self.0.below(below - least))
            .collect();
        whole(numbers)
    }

    pub fn real(&mut self, least: f64, greatest: f64) -> ArrayRef {
        let reals_: Vec<f64> = (0..self.1)
            .map(|_| {
                least + (greatest - least) * self.0.below(1 << 40) as f64 / (1u64 << 40) as f64
            })
            .collect();
        reals(reals_)
    }

    pub fn money(&mut self, below: i64) -> ArrayRef {
        let cents: Vec<f64> = (0..self.1)
            .map(|_| (1 + self.0.below(below)) as f64 / 100.0)
            .collect();
        reals(cents)
    }

    pub fn word(&mut self, words: &[&str]) -> ArrayRef {
        let chosen: Vec<&str> = (0..self.1)
            .map(|_| words[self.0.below(words.len() as i64) as usize])
            .collect();
        texts(chosen)
    }

    pub fn of(&mut self, persons: i64, name: impl Fn(i64) -> String) -> ArrayRef {
        let chosen: Vec<String> = (0..self.1).map(|_| name(self.0.below(persons))).collect();
        texts(chosen)
    }

    pub fn moments(&mut self, days: i64) -> Vec<i64> {
        (0..self.1)
            .map(|_| MARCH + self.0.below(86_400 * days))
            .collect()
    }

    pub fn running(&self, first: i64) -> ArrayRef {
        whole(first..first + self.1)
    }
}

pub fn uuid(number: i64) -> String {
    let mixed = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        mixed >> 32,
        mixed >> 16 & 0xffff,
        mixed & 0xfff,
        mixed >> 20 & 0xfff,
        mixed & 0xffff_ffff_ffff
    )
}

pub fn digest(number: i64) -> String {
    format!(
        "{:016x}",
        (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    )
    .repeat(4)
}

#[test]
fn words_within_names_make_no_subjects() {
    let mut rows = Rows::new();
    let columns = vec![
        ("patient_age", rows.number(20, 93)),
        ("Customer Type", rows.word(&["new", "returning"])),
        ("Taxi", rows.word(&["yes", "no"])),
        ("account", rows.number(1, 13)),
        ("household_weights", rows.real(100.0, 4_000.0)),
        ("town", rows.word(&["north", "south", "west"])),
    ];
    drafted(
        columns,
        &[
            ("kind", &["microdata"]),
            (
                "quasi_identifiers",
                &["patient_age", "Customer Type", "Taxi", "account", "town"],
            ),
            ("weight", &["household_weights"]),
        ],
    );
}

#[test]
fn an_age_that_was_taken_for_a_person_leaves_rows_alone() {
    let mut rows = Rows::new();
    let folder = folder(vec![
        ("patient_age", rows.number(20, 93)),
        ("sex", rows.word(&["m", "f"])),
        ("region", rows.word(&["n", "s", "e", "w"])),
        ("ward", rows.word(&["a", "b", "c"])),
    ]);
    let report = audited(&folder, None, &["uniqueness", "k-anonymity"]).unwrap();
    assert_eq!(report.release.tables[0].persons, Some(N as u64));
    assert!(value(&report, "uniqueness", "unique_persons", &[]) > 20.0);
}

#[test]
fn numbers_of_rows_are_nobodys() {
    for name in ["id", "Unnamed: 0", "__index_level_0__", "any", "lfdnr"] {
        let mut rows = Rows::new();
        let columns = vec![
            (name, rows.running(0)),
            ("age", rows.number(20, 93)),
            ("sex", rows.word(&["m", "f"])),
            ("wage", rows.number(1_000, 9_000)),
        ];
        let text = drafted(
            columns,
            &[
                ("kind", &["microdata"]),
                ("quasi_identifiers", &["age", "sex"]),
                ("sensitive", &["wage"]),
                ("ignore", &[name]),
            ],
        );
        assert!(text.contains("table.harmless"), "{text}");
    }
}

#[test]
fn advertising_ids_are_persons() {
    for name in ["maid", "idfa", "GAID", "ad_id", "ifa", "device_id"] {
        let mut rows = Rows::new();
        let columns = vec![
            (name, rows.of(120, uuid)),
            ("id_type", rows.word(&["aaid", "idfa"])),
            ("timestamp", instants(rows.moments(14))),
            ("latitude", rows.real(52.4, 52.6)),
            ("longitude", rows.real(13.2, 13.5)),
            ("horizontal_accuracy", rows.real(1.0, 60.0)),
            ("country", texts(vec!["DE"; N as usize])),
        ];
        drafted(
            columns,
            &[
                ("kind", &["trace"]),
                ("subject", &[name]),
                ("time", &["timestamp"]),
                ("place", &["latitude", "longitude"]),
                ("ignore", &["id_type", "horizontal_accuracy", "country"]),
            ],
        );
    }
}

#[test]
fn a_trace_of_a_broker_is_measured_as_one() {
    let mut rows = Rows::new();
    let folder = folder(vec![
        ("maid", rows.of(100, uuid)),
        (
            "timestamp",
            whole(rows.moments(14).into_iter().map(|second| second * 1_000)),
        ),
        ("latitude", rows.real(52.4, 52.6)),
        ("longitude", rows.real(13.2, 13.5)),
    ]);
    let report = audited(&folder, None, &["unicity"]).unwrap();
    assert_eq!(report.release.tables[0].kind, "trace");
    assert_eq!(report.release.tables[0].persons, Some(100));
    assert!(value(&report, "unicity", "share_unique", &[("points", "4")]) > 0.9);
}

#[test]
fn of_household_and_person_the_person_is_taken() {
    let mut rows = Rows::new();
    let text = drafted(
        vec![
            ("household_id", whole((0..N).map(|row| 70_000 + row / 2))),
            ("person_id", whole((0..N).map(|row| 500_000 + row))),
            ("age", rows.number(0, 95)),
            ("sex", rows.word(&["m", "f"])),
        ],
        &[
            ("kind", &["microdata"]),
            ("subject", &["person_id"]),
            ("quasi_identifiers", &["age", "sex"]),
            ("ignore", &["household_id"]),
        ],
    );
    assert!(text.contains("`household_id` is of households"), "{text}");
    // Persons counted within their household are a row each.
    drafted(
        vec![
            ("SERIALNO", whole((0..N).map(|row| 2_023_000_001 + row / 2))),
            ("person_number", whole((0..N).map(|row| 1 + row % 2))),
            ("PWGTP", rows.number(1, 300)),
            ("AGE", rows.number(0, 95)),
            ("income", rows.number(0, 200_000)),
        ],
        &[
            ("kind", &["microdata"]),
            ("quasi_identifiers", &["AGE"]),
            ("sensitive", &["income"]),
            ("weight", &["PWGTP"]),
            ("ignore", &["SERIALNO", "person_number"]),
        ],
    );
}

#[test]
fn discharges_of_a_hospital() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("record_no", rows.running(1)),
            (
                "patient_id",
                rows.of(2_400, |person| format!("P{person:06}")),
            ),
            ("age", rows.number(0, 95)),
            ("sex", rows.word(&["m", "f"])),
            ("zip", rows.word(&["101", "102", "103"])),
            (
                "admission",
                instants((0..N).map(|row| MARCH + row % 30 * 86_400)),
            ),
            ("icd10", rows.word(&["I21", "J44", "C50"])),
            ("length_of_stay", rows.number(1, 30)),
        ],
        &[
            ("kind", &["microdata"]),
            ("subject", &["patient_id"]),
            (
                "quasi_identifiers",
                &["age", "sex", "zip", "admission", "length_of_stay"],
            ),
            ("sensitive", &["icd10"]),
            ("ignore", &["record_no"]),
        ],
    );
}

#[test]
fn a_german_survey() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("Geschlecht", rows.word(&["männlich", "weiblich"])),
            ("Alter", rows.number(18, 90)),
            ("Bundesland", rows.word(&["Berlin", "Bayern", "Sachsen"])),
            (
                "Konfession",
                rows.word(&["evangelisch", "katholisch", "keine"]),
            ),
            ("Nettoeinkommen", rows.number(500, 8_000)),
            ("Hochrechnungsfaktor", rows.real(200.0, 3_000.0)),
        ],
        &[
            ("kind", &["microdata"]),
            ("quasi_identifiers", &["Geschlecht", "Alter", "Bundesland"]),
            ("sensitive", &["Konfession", "Nettoeinkommen"]),
            ("weight", &["Hochrechnungsfaktor"]),
        ],
    );
}

#[test]
fn purchases_with_a_card() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("card_no", rows.of(250, digest)),
            ("purchased_at", instants(rows.moments(60))),
            (
                "article",
                rows.word(&["flour", "yeast", "nappies", "cheese"]),
            ),
            ("quantity", rows.number(1, 5)),
            ("price", rows.money(3_000)),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["card_no"]),
            ("time", &["purchased_at"]),
            ("item", &["article"]),
            ("amount", &["quantity"]),
            ("ignore", &["price"]),
        ],
    );
}

#[test]
fn readings_of_meters() {
    let mut rows = Rows::new();
    drafted(
        vec![
            (
                "meter_id",
                texts((0..N).map(|row| format!("M{:05}", row / 50))),
            ),
            (
                "reading_time",
                instants((0..N).map(|row| MARCH + row % 50 * 1_800)),
            ),
            ("kWh", rows.money(90)),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["meter_id"]),
            ("time", &["reading_time"]),
            ("amount", &["kWh"]),
            ("point", &["1h", "column"]),
        ],
    );
}

#[test]
fn rides_on_shared_bikes() {
    let mut rows = Rows::new();
    let begins = rows.moments(30);
    drafted(
        vec![
            (
                "ride_id",
                texts((0..N).map(|row| digest(row)[..16].to_uppercase())),
            ),
            ("started_at", instants(begins.clone())),
            (
                "ended_at",
                instants(begins.into_iter().map(|begin| begin + 900)),
            ),
            ("start_station_id", rows.number(100, 180)),
            ("end_station_id", rows.number(100, 180)),
            ("start_lat", rows.real(52.4, 52.6)),
            ("start_lng", rows.real(13.2, 13.5)),
            ("member_casual", rows.word(&["annual", "single"])),
        ],
        &[
            ("kind", &["microdata"]),
            (
                "quasi_identifiers",
                &[
                    "started_at",
                    "ended_at",
                    "start_station_id",
                    "end_station_id",
                    "start_lat",
                    "start_lng",
                    "member_casual",
                ],
            ),
            ("ignore", &["ride_id"]),
        ],
    );
}

#[test]
fn records_of_calls() {
    let mut rows = Rows::new();
    drafted(
        vec![
            (
                "caller_id",
                rows.of(200, |person| format!("{:08x}", person * 7_919)),
            ),
            (
                "callee_id",
                rows.of(200, |person| format!("{:08x}", person * 7_919)),
            ),
            ("call_start", whole(rows.moments(14))),
            ("duration", rows.number(1, 3_000)),
            ("cell_id", rows.number(1_000, 1_090)),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["caller_id"]),
            ("time", &["call_start"]),
            ("time_unit", &["s"]),
            ("place", &["cell_id"]),
            ("amount", &["duration"]),
            ("ignore", &["callee_id"]),
        ],
    );
}

#[test]
fn journeys_between_zones_are_counts() {
    let mut chance = Chance::new(3);
    let zones: Vec<String> = (0..20).map(|zone| format!("zone-{zone:02}")).collect();
    let cells = || {
        zones
            .iter()
            .flat_map(|from| zones.iter().map(move |to| (from, to)))
    };
    drafted(
        vec![
            ("o_zone", texts(cells().map(|(from, _)| from))),
            ("d_zone", texts(cells().map(|(_, to)| to))),
            (
                "trips",
                whole(cells().map(|_| chance.below(400)).collect::<Vec<_>>()),
            ),
        ],
        &[
            ("kind", &["flows"]),
            ("origin", &["o_zone"]),
            ("destination", &["d_zone"]),
            ("count", &["trips"]),
        ],
    );
    let with_hours = || cells().flat_map(|pair| (0..4).map(move |hour| (pair, hour)));
    drafted(
        vec![
            ("Origen", texts(with_hours().map(|((from, _), _)| from))),
            ("Destino", texts(with_hours().map(|((_, to), _)| to))),
            (
                "Fecha",
                instants(with_hours().map(|(_, hour)| MARCH + hour * 3_600)),
            ),
            (
                "Viajes",
                whole(with_hours().map(|_| chance.below(400)).collect::<Vec<_>>()),
            ),
        ],
        &[
            ("kind", &["flows"]),
            ("time", &["Fecha"]),
            ("origin", &["Origen"]),
            ("destination", &["Destino"]),
            ("count", &["Viajes"]),
        ],
    );
}

#[test]
fn visitors_of_cells_are_counts() {
    let mut chance = Chance::new(4);
    let cells = || (0..30i64).flat_map(|cell| (0..48i64).map(move |hour| (cell, hour)));
    drafted(
        vec![
            ("cell", whole(cells().map(|(cell, _)| cell))),
            (
                "hour",
                instants(cells().map(|(_, hour)| MARCH + hour * 3_600)),
            ),
            (
                "visitors",
                whole(cells().map(|_| chance.below(900)).collect::<Vec<_>>()),
            ),
        ],
        &[
            ("kind", &["flows"]),
            ("time", &["hour"]),
            ("place", &["cell"]),
            ("count", &["visitors"]),
        ],
    );
    let cells = || {
        let places = (0..25i64).flat_map(|place| (0..2i64).map(move |sex| (place, sex)));
        places.flat_map(|cell| (0..14i64).map(move |day| (cell, day)))
    };
    drafted(
        vec![
            (
                "Gemeinde",
                texts(cells().map(|((place, _), _)| format!("Dorf {place:02}"))),
            ),
            (
                "Geschlecht",
                texts(cells().map(|((_, sex), _)| ["m", "w"][sex as usize])),
            ),
            (
                "Datum",
                instants(cells().map(|(_, day)| MARCH + day * 86_400)),
            ),
            (
                "Anzahl",
                whole(cells().map(|_| chance.below(900)).collect::<Vec<_>>()),
            ),
        ],
        &[
            ("kind", &["flows"]),
            ("time", &["Datum"]),
            ("place", &["Gemeinde"]),
            ("quasi_identifiers", &["Geschlecht"]),
            ("count", &["Anzahl"]),
        ],
    );
}

#[test]
fn rides_in_taxis_are_no_counts() {
    let mut rows = Rows::new();
    let begins = rows.moments(30);
    drafted(
        vec![
            ("tpep_pickup_datetime", instants(begins.clone())),
            (
                "tpep_dropoff_datetime",
                instants(begins.into_iter().map(|begin| begin + 917)),
            ),
            ("passenger_count", rows.number(1, 6)),
            ("PULocationID", rows.number(1, 260)),
            ("DOLocationID", rows.number(1, 260)),
            ("payment_type", rows.number(1, 5)),
            ("fare_amount", rows.money(9_000)),
        ],
        &[
            ("kind", &["microdata"]),
            (
                "quasi_identifiers",
                &[
                    "tpep_pickup_datetime",
                    "tpep_dropoff_datetime",
                    "passenger_count",
                    "PULocationID",
                    "DOLocationID",
                    "payment_type",
                    "fare_amount",
                ],
            ),
        ],
    );
}

#[test]
fn visits_to_a_web_site() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("cookie_id", rows.of(300, digest)),
            (
                "ip_address",
                texts((0..N).map(|row| format!("10.7.{}.{}", row / 256, row % 256))),
            ),
            (
                "ts",
                texts(rows.moments(20).into_iter().map(|second| {
                    format!(
                        "2026-03-{:02}T07:{:02}:00Z",
                        1 + second / 86_400 % 20,
                        second / 60 % 60
                    )
                })),
            ),
            ("url", rows.word(&["/basket", "/imprint", "/vacancies"])),
            ("status", rows.number(200, 205)),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["cookie_id"]),
            ("direct_identifiers", &["ip_address"]),
            ("time", &["ts"]),
            ("item", &["url", "status"]),
            ("point", &["column"]),
        ],
    );
}

#[test]
fn events_of_a_clinical_trial() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("STUDYID", texts(vec!["S"; N as usize])),
            ("USUBJID", rows.of(240, |person| format!("S-{person:04}"))),
            ("AETERM", rows.word(&["headache", "nausea", "exanthema"])),
            (
                "AESTDTC",
                texts((0..N).map(|row| format!("2025-{:02}-{:02}", 1 + row % 12, 1 + row % 28))),
            ),
            ("AGE", rows.number(18, 80)),
            ("SEX", rows.word(&["M", "F"])),
            ("ARM", rows.word(&["A", "B"])),
        ],
        &[
            ("kind", &["microdata"]),
            ("subject", &["USUBJID"]),
            ("quasi_identifiers", &["AESTDTC", "AGE", "SEX", "ARM"]),
            ("sensitive", &["AETERM"]),
            ("ignore", &["STUDYID"]),
        ],
    );
}

#[test]
fn subscribers_of_a_network() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("subscriber_hash", texts((0..N).map(digest))),
            ("age_band", rows.word(&["18-29", "30-44", "45+"])),
            ("gender", rows.word(&["m", "f"])),
            ("postcode3", rows.word(&["101", "102", "103"])),
            ("handset", rows.word(&["p1", "p2", "p3"])),
            ("monthly_spend", rows.money(9_000)),
        ],
        &[
            ("kind", &["microdata"]),
            ("subject", &["subscriber_hash"]),
            (
                "quasi_identifiers",
                &["age_band", "gender", "postcode3", "handset"],
            ),
            ("sensitive", &["monthly_spend"]),
        ],
    );
}

#[test]
fn coordinates_are_never_passed_over() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("age", rows.number(20, 93)),
            ("home_lat", rows.real(52.4, 52.6)),
            ("home_lon", rows.real(13.2, 13.5)),
            ("credit_score", rows.number(300, 850)),
        ],
        &[
            ("kind", &["microdata"]),
            ("quasi_identifiers", &["age", "home_lat", "home_lon"]),
            ("sensitive", &["credit_score"]),
        ],
    );
    // Texts have no grid, and metres are no degrees.
    let latitudes = texts((0..N).map(|row| format!("48.8{:03}", row % 997)));
    let longitudes = texts((0..N).map(|row| format!("2.3{:03}", row % 991)));
    drafted(
        vec![
            (
                "Numéro_Abonné",
                rows.of(150, |person| format!("A{person:05}")),
            ),
            ("Horodatage", instants(rows.moments(30))),
            ("Latitude", latitudes),
            ("Longitude", longitudes),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["Numéro_Abonné"]),
            ("time", &["Horodatage"]),
            ("item", &["Latitude", "Longitude"]),
        ],
    );
    drafted(
        vec![
            ("person", rows.number(10_000, 10_100)),
            ("ts", instants(rows.moments(30))),
            ("easting", rows.number(380_000, 400_000)),
            ("northing", rows.number(5_810_000, 5_830_000)),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["person"]),
            ("time", &["ts"]),
            ("item", &["easting", "northing"]),
        ],
    );
    // Swapped columns are told, and taken for what they are.
    let text = drafted(
        vec![
            ("user_id", rows.number(10_000, 10_100)),
            ("ts", instants(rows.moments(30))),
            ("lat", rows.real(139.6, 139.9)),
            ("lon", rows.real(35.6, 35.9)),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["user_id"]),
            ("time", &["ts"]),
            ("place", &["lon", "lat"]),
        ],
    );
    assert!(text.contains("are swapped"), "{text}");
}

#[test]
fn times_are_known_by_their_values() {
    for (unit, factor) in [
        ("s", 1),
        ("ms", 1_000),
        ("us", 1_000_000),
        ("ns", 1_000_000_000),
    ] {
        let mut rows = Rows::new();
        let moments: Vec<i64> = rows.moments(30);
        drafted(
            vec![
                ("id_usager", rows.number(10_000, 10_300)),
                (
                    "date_heure",
                    whole(moments.into_iter().map(|second| second * factor)),
                ),
                ("commune", rows.word(&["c1", "c2", "c3", "c4"])),
            ],
            &[
                ("kind", &["trace"]),
                ("subject", &["id_usager"]),
                ("time", &["date_heure"]),
                ("time_unit", &[unit]),
                ("place", &["commune"]),
            ],
        );
    }
    // Dates as numbers of eight digits are taken as they are.
    let mut rows = Rows::new();
    let days: Vec<i64> = (0..N).map(|row| 20_260_301 + row % 28).collect();
    drafted(
        vec![
            ("client_id", rows.number(1_000, 1_300)),
            ("date", whole(days)),
            ("merchant", rows.word(&["baker", "butcher", "florist"])),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["client_id"]),
            ("time", &["date"]),
            ("item", &["merchant"]),
            ("point", &["column"]),
        ],
    );
}

#[test]
fn a_body_is_no_weight_of_a_survey() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("patient_id", rows.running(1)),
            ("sex", rows.word(&["m", "f"])),
            ("height", rows.number(150, 200)),
            ("weight", rows.real(45.0, 120.0)),
            ("diagnosis", rows.word(&["d1", "d2"])),
        ],
        &[
            ("kind", &["microdata"]),
            ("subject", &["patient_id"]),
            ("quasi_identifiers", &["sex", "height", "weight"]),
            ("sensitive", &["diagnosis"]),
        ],
    );
}

#[test]
fn tables_about_things_are_asked_about() {
    let mut rows = Rows::new();
    let weather = |rows: &mut Rows| {
        vec![
            ("station", whole((0..N).map(|row| row / 100))),
            (
                "time",
                instants((0..N).map(|row| MARCH + row % 100 * 3_600)),
            ),
            ("temperature", rows.real(-5.0, 25.0)),
            ("humidity", rows.real(20.0, 100.0)),
        ]
    };
    let goods = |rows: &mut Rows| {
        vec![
            ("sku", texts((0..N).map(|row| format!("A{row:05}")))),
            ("brand", rows.word(&["b1", "b2", "b3"])),
            ("price", rows.money(9_000)),
            ("stock", rows.number(0, 99)),
        ]
    };
    let timetable = |rows: &mut Rows| {
        vec![
            ("trip_id", rows.number(0, 300)),
            ("stop_id", rows.number(0, 200)),
            (
                "arrival_time",
                rows.of(900, |minute| {
                    format!("{:02}:{:02}:00", 5 + minute / 60, minute % 60)
                }),
            ),
            ("route", rows.word(&["M1", "X9"])),
        ]
    };
    for columns in [weather(&mut rows), goods(&mut rows), timetable(&mut rows)] {
        let folder = folder(columns);
        let paths = [folder.path().join("t.parquet")];
        let text = draft::text(&paths, |path| path.to_path_buf()).unwrap();
        assert!(
            text.contains("# Question: is this table about persons?"),
            "{text}"
        );
        let error = audited(&folder, None, &[]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(
            error
                .message()
                .contains("does not look like one about persons")
        );
    }
}

/// A sample of a table that is too large to be read whole is the same at every call, and decides alike.
#[test]
fn large_tables_are_sampled() {
    let rows = 240_000i64;
    let persons = texts((0..rows).map(|row| format!("u{:06}", row * 7_919 % 6_000)));
    let columns = vec![
        ("user", persons),
        ("at", instants((0..rows).map(|row| MARCH + row * 11))),
        (
            "lat",
            reals((0..rows).map(|row| 52.0 + (row % 9_973) as f64 / 1e4)),
        ),
        (
            "lon",
            reals((0..rows).map(|row| 13.0 + (row % 8_887) as f64 / 1e4)),
        ),
    ];
    let (first, text) = roles(columns.clone());
    assert_eq!(first["kind"], ["trace"], "{text}");
    assert_eq!(first["subject"], ["user"]);
    assert!(
        text.contains("100000 of 240000 rows were looked at"),
        "{text}"
    );
    assert_eq!(roles(columns).0["place"], first["place"]);
}
