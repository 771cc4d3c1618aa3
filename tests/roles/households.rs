//! Drafts of tables of persons: what is said of households, names, numbers and weights.

use super::drafts::{N, Rows, digest, drafted};
use super::{MARCH, instants, texts, whole};

#[test]
fn what_is_said_of_a_household_is_of_the_person() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("Alter", rows.number(18, 90)),
            ("Geschlecht", rows.word(&["m", "w"])),
            ("Familienstand", rows.word(&["led", "verh", "gesch"])),
            ("Haushaltsgröße", rows.number(1, 7)),
            ("Haushaltstyp", rows.word(&["h1", "h2"])),
            ("Haushaltseinkommen", rows.number(9_000, 90_000)),
            ("Familienanamnese", rows.word(&["ja", "nein"])),
            ("Kontostand", rows.money(900_000)),
        ],
        &[
            ("kind", &["microdata"]),
            (
                "quasi_identifiers",
                &[
                    "Alter",
                    "Geschlecht",
                    "Familienstand",
                    "Haushaltsgröße",
                    "Haushaltstyp",
                ],
            ),
            (
                "sensitive",
                &["Haushaltseinkommen", "Familienanamnese", "Kontostand"],
            ),
        ],
    );
    // With a number of theirs they are households.
    for name in ["Haushalts-ID", "Haushaltsnummer", "Familienschlüssel"] {
        drafted(
            vec![
                (name, whole((0..N).map(|row| 70_000 + row / 2))),
                (
                    "Versichertennummer",
                    whole((0..N).map(|row| 500_000 + row * 7 % N)),
                ),
                ("Alter", rows.number(18, 90)),
            ],
            &[
                ("kind", &["microdata"]),
                ("subject", &["Versichertennummer"]),
                ("quasi_identifiers", &["Alter"]),
                ("ignore", &[name]),
            ],
        );
    }
}

const GIVEN: [&str; 12] = [
    "Klaus", "Sabine", "Renate", "Peter", "Anna", "Thomas", "Ursula", "Monika", "Michael",
    "Stefan", "Petra", "Andreas",
];
const SURNAMES: [&str; 10] = [
    "Müller", "Schmidt", "Weber", "Fischer", "Wagner", "Becker", "Hoffmann", "Schäfer", "Koch",
    "Richter",
];

/// A register of residents: official numbers are asked about, and no excuse for them is ready.
#[test]
fn a_register_of_residents() {
    let mut rows = Rows::new();
    let text = drafted(
        vec![
            (
                "Melde-Nr",
                texts((0..N).map(|row| format!("M{:08}", row * 7_919 % 99_991))),
            ),
            ("Familienname", rows.word(&SURNAMES)),
            ("Vorname", rows.word(&GIVEN)),
            ("Geschlecht", rows.word(&["m", "w"])),
            ("Familienstand", rows.word(&["led", "verh"])),
            ("Straße", rows.word(&["Lindenallee", "Feldweg", "Am Tor"])),
            ("Hausnummer", rows.number(1, 120)),
            ("PLZ", rows.number(90_400, 90_490)),
        ],
        &[
            ("kind", &["microdata"]),
            ("subject", &["Melde-Nr"]),
            (
                "direct_identifiers",
                &["Familienname", "Vorname", "Straße", "Hausnummer"],
            ),
            ("quasi_identifiers", &["Geschlecht", "Familienstand", "PLZ"]),
        ],
    );
    assert!(!text.contains("table.harmless"), "{text}");
}

#[test]
fn numbers_of_staff_and_files_are_no_numbers_of_rows() {
    for name in [
        "emp_no",
        "staff_number",
        "Akten-Nr",
        "dossier_number",
        "case-no",
    ] {
        let mut rows = Rows::new();
        let (roles, text) = super::drafts::roles(vec![
            (name, rows.running(10_001)),
            ("gender", rows.word(&["m", "f"])),
            ("birth_year", rows.number(1950, 2005)),
            ("salary", rows.number(20_000, 90_000)),
        ]);
        assert!(!text.contains("table.harmless"), "{name}: {text}");
        if name != "case-no" {
            assert_eq!(roles["subject"], [name], "{text}");
        }
    }
    let mut rows = Rows::new();
    let (_, text) = super::drafts::roles(vec![
        ("Akten-Nr", rows.running(10_001)),
        ("gender", rows.word(&["m", "f"])),
        ("birth_year", rows.number(1950, 2005)),
    ]);
    assert!(
        text.contains("# Question: whose number is `Akten-Nr`?"),
        "{text}"
    );
}

#[test]
fn names_are_known_by_their_values() {
    let mut rows = Rows::new();
    let full = rows.of(1_200, |person| {
        let (a, b) = (person as usize % 12, person as usize / 12 % 10);
        format!("{} {} {}", GIVEN[a], GIVEN[(a + 5) % 12], SURNAMES[b])
    });
    drafted(
        vec![
            ("Name", full.clone()),
            ("Job Title", rows.word(&["Clerk", "Officer"])),
            ("Total Pay", rows.money(9_000_000)),
            ("age", rows.number(18, 70)),
            ("phone_service", rows.word(&["Yes", "No"])),
            ("address", rows.word(&["R", "U"])),
        ],
        &[
            ("kind", &["microdata"]),
            ("direct_identifiers", &["Name"]),
            (
                "quasi_identifiers",
                &["Job Title", "age", "phone_service", "address"],
            ),
            ("sensitive", &["Total Pay"]),
        ],
    );
    // What is called a name and is none.
    drafted(
        vec![
            ("age", rows.number(18, 70)),
            ("sex", rows.word(&["m", "f"])),
            ("name", rows.of(90, |number| format!("Widget {number}"))),
        ],
        &[
            ("kind", &["microdata"]),
            ("quasi_identifiers", &["age", "sex", "name"]),
        ],
    );
}

#[test]
fn weights_of_surveys_in_many_languages() {
    for (name, least, greatest) in [
        ("hweight", 50.0, 400.0),
        ("pspwght", 0.2, 4.0),
        ("COEFF", 120.0, 300.0),
        ("Gewichtungsfaktor", 0.4, 3.0),
        ("poids_sondage", 5.0, 60.0),
        ("peso_campionario", 20.0, 90.0),
        ("weegfactor", 0.5, 2.0),
    ] {
        let mut rows = Rows::new();
        drafted(
            vec![
                ("idno", whole((0..N).map(|row| 10_000 + row * 7 % N))),
                ("age", rows.number(18, 90)),
                ("sex", rows.word(&["m", "f"])),
                ("reddito", rows.number(9_000, 90_000)),
                (name, rows.real(least, greatest)),
            ],
            &[
                ("kind", &["microdata"]),
                ("subject", &["idno"]),
                ("quasi_identifiers", &["age", "sex"]),
                ("sensitive", &["reddito"]),
                ("weight", &[name]),
            ],
        );
    }
}

/// A labour force survey: persons by the number of their household and their place in it.
#[test]
fn persons_within_households() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("HHNUM", whole((0..N).map(|row| 1 + row / 3))),
            ("HHSEQNUM", whole((0..N).map(|row| 1 + row % 3))),
            ("SEX", rows.number(1, 3)),
            ("AGE", rows.number(15, 95)),
            ("INCDECIL", rows.number(1, 11)),
        ],
        &[
            ("kind", &["microdata"]),
            ("quasi_identifiers", &["SEX", "AGE"]),
            ("sensitive", &["INCDECIL"]),
            ("ignore", &["HHNUM", "HHSEQNUM"]),
        ],
    );
}

#[test]
fn a_country_is_no_place_of_a_visit_to_a_web_site() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("cookie_id", rows.of(300, digest)),
            ("event_ts", instants(rows.moments(14))),
            ("url", rows.of(200, |page| format!("/p/{page}"))),
            ("event_name", rows.word(&["view", "click"])),
            ("device", rows.word(&["d1", "d2"])),
            ("country", rows.word(&["FR", "DE"])),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["cookie_id"]),
            ("time", &["event_ts"]),
            ("item", &["url", "event_name"]),
            ("ignore", &["device", "country"]),
        ],
    );
}

#[test]
fn shops_and_stops_are_places_and_ends_of_journeys_no_items() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("Kunden_ID", rows.number(10_000, 10_300)),
            ("Kaufdatum", instants(rows.moments(60))),
            ("Artikel", rows.of(90, |number| format!("a{number}"))),
            ("Menge", rows.number(1, 5)),
            ("Filiale", rows.word(&["N1", "N2", "N3"])),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["Kunden_ID"]),
            ("time", &["Kaufdatum"]),
            ("place", &["Filiale"]),
            ("item", &["Artikel"]),
            ("amount", &["Menge"]),
        ],
    );
    drafted(
        vec![
            ("id_carte", rows.of(300, digest)),
            ("date_validation", instants(rows.moments(14))),
            ("arret", rows.of(60, |stop| format!("s{stop}"))),
            ("titre", rows.word(&["t1", "t2"])),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["id_carte"]),
            ("time", &["date_validation"]),
            ("place", &["arret"]),
            ("ignore", &["titre"]),
        ],
    );
    let begins: Vec<i64> = rows.moments(14);
    drafted(
        vec![
            ("user", rows.of(300, digest)),
            ("start_time", instants(begins.iter().copied())),
            ("start_lat", rows.real(52.4, 52.6)),
            ("start_lon", rows.real(13.2, 13.5)),
            (
                "end_time",
                instants(begins.iter().map(|begin| begin - MARCH % 7 + 900)),
            ),
            ("end_lat", rows.real(52.4, 52.6)),
            ("end_lon", rows.real(13.2, 13.5)),
        ],
        &[
            ("kind", &["trace"]),
            ("subject", &["user"]),
            ("time", &["start_time"]),
            ("place", &["start_lat", "start_lon"]),
            ("ignore", &["end_lat", "end_lon", "end_time"]),
        ],
    );
}
