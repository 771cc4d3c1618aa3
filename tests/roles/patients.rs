//! Drafts of tables of clinics, insurers and schools, and of things that only look like persons.

use reidrisk::release::draft;

use super::drafts::{N, Rows, drafted};
use super::{folder, instants, texts, whole};

#[test]
fn values_of_a_laboratory_are_sensitive() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("time", rows.number(40, 4_500)),
            ("status", rows.number(0, 3)),
            ("age", rows.real(26.0, 79.0)),
            ("sex", rows.word(&["f", "m"])),
            ("bili", rows.real(0.3, 28.0)),
            ("albumin", rows.real(1.9, 4.7)),
            ("alk.phos", rows.number(280, 13_000)),
            ("stage", rows.number(1, 5)),
        ],
        &[
            ("kind", &["microdata"]),
            ("quasi_identifiers", &["age", "sex"]),
            (
                "sensitive",
                &["time", "status", "bili", "albumin", "alk.phos", "stage"],
            ),
        ],
    );
    // Of one such name alone nothing follows.
    drafted(
        vec![
            ("age", rows.number(18, 80)),
            ("sex", rows.word(&["f", "m"])),
            ("height", rows.number(150, 200)),
            ("bmi", rows.real(17.0, 45.0)),
            ("status", rows.word(&["single", "married"])),
        ],
        &[
            ("kind", &["microdata"]),
            (
                "quasi_identifiers",
                &["age", "sex", "height", "bmi", "status"],
            ),
        ],
    );
}

#[test]
fn a_panel_of_years_is_no_trace() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("id", whole((0..N).map(|row| 100 + row / 5))),
            ("year", whole((0..N).map(|row| 1984 + row % 5))),
            ("age", rows.number(25, 65)),
            ("female", rows.number(0, 2)),
            ("docvis", rows.number(0, 40)),
            ("hospvis", rows.number(0, 6)),
        ],
        &[
            ("kind", &["microdata"]),
            ("subject", &["id"]),
            ("quasi_identifiers", &["year", "age", "female"]),
            ("sensitive", &["docvis", "hospvis"]),
        ],
    );
}

#[test]
fn admissions_and_diagnoses_of_patients() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("subject_id", rows.number(10_000, 10_700)),
            ("hadm_id", rows.number(20_000_000, 20_001_200)),
            ("seq_num", rows.number(1, 20)),
            ("gender", rows.word(&["F", "M"])),
            ("icd_code", rows.word(&["E119", "K219", "B20"])),
            (
                "dod",
                rows.of(200, |day| {
                    format!("2153-{:02}-{:02}", 1 + day % 12, 1 + day % 28)
                }),
            ),
        ],
        &[
            ("kind", &["microdata"]),
            ("subject", &["subject_id"]),
            ("quasi_identifiers", &["gender"]),
            ("sensitive", &["icd_code", "dod"]),
            ("ignore", &["hadm_id", "seq_num"]),
        ],
    );
    drafted(
        vec![
            ("subject_id", rows.number(10_000, 10_700)),
            ("hadm_id", whole((0..N).map(|row| 20_000_000 + row * 7 % N))),
            ("admittime", instants(rows.moments(900))),
            ("admission_type", rows.word(&["URGENT", "ELECTIVE"])),
            ("marital_status", rows.word(&["M", "S", "W"])),
            ("hospital_expire_flag", rows.number(0, 2)),
        ],
        &[
            ("kind", &["microdata"]),
            ("subject", &["subject_id"]),
            (
                "quasi_identifiers",
                &["admittime", "admission_type", "marital_status"],
            ),
            ("sensitive", &["hospital_expire_flag"]),
            ("ignore", &["hadm_id"]),
        ],
    );
}

#[test]
fn debts_frauds_and_marks_are_sensitive() {
    let mut rows = Rows::new();
    drafted(
        vec![
            ("SeriousDlqin2yrs", rows.number(0, 2)),
            ("age", rows.number(18, 90)),
            ("sex", rows.word(&["f", "m"])),
            ("fraud_reported", rows.word(&["Y", "N"])),
            ("total_claim_amount", rows.number(100, 90_000)),
            ("inkomen", rows.number(9_000, 90_000)),
            ("patologia", rows.word(&["asma", "diabete"])),
        ],
        &[
            ("kind", &["microdata"]),
            ("quasi_identifiers", &["age", "sex"]),
            (
                "sensitive",
                &[
                    "SeriousDlqin2yrs",
                    "fraud_reported",
                    "total_claim_amount",
                    "inkomen",
                    "patologia",
                ],
            ),
        ],
    );
    drafted(
        vec![
            ("school", rows.word(&["GP", "MS"])),
            ("age", rows.number(15, 20)),
            ("sex", rows.word(&["f", "m"])),
            ("G1", rows.number(0, 21)),
            ("G2", rows.number(0, 21)),
        ],
        &[
            ("kind", &["microdata"]),
            ("quasi_identifiers", &["school", "age", "sex"]),
            ("sensitive", &["G1", "G2"]),
        ],
    );
}

#[test]
fn machines_houses_and_catalogues_are_asked_about() {
    let mut rows = Rows::new();
    let machines = vec![
        ("price", rows.number(900, 5_000)),
        ("speed", rows.number(25, 100)),
        ("ram", rows.number(2, 32)),
        ("screen", rows.number(14, 18)),
        ("ads", rows.number(40, 340)),
    ];
    let houses = vec![
        ("crim", rows.real(0.0, 80.0)),
        ("zn", rows.real(0.0, 90.0)),
        ("rm", rows.real(3.0, 9.0)),
        ("age", rows.real(3.0, 100.0)),
        ("tax", rows.number(180, 720)),
        ("medv", rows.real(5.0, 50.0)),
    ];
    let catalogue = vec![
        ("product_id", whole((0..N).map(|row| row + 1))),
        ("name", texts((0..N).map(|row| format!("Widget {row}")))),
        ("category", rows.word(&["c1", "c2"])),
        ("price", rows.money(9_000)),
    ];
    for columns in [machines, houses, catalogue] {
        let folder = folder(columns);
        let paths = [folder.path().join("t.parquet")];
        let text = draft::text(&paths, |path| path.to_path_buf()).unwrap();
        assert!(
            text.contains("# Question: is this table about persons?"),
            "{text}"
        );
    }
}
