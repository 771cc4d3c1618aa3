//! Subjects that are no persons: few persons written several times under new names, and names of rows.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array};
use serde_json::Value;

use crate::{of_persons, text};

const POLICY: &str = "[[require]]\nstatistic = \"declarations.false_declarations\"\nmax = 0\n\
    [[exempt]]\ntable = \"persons\"\nreason = \"only its declarations are of interest here\"\n";

fn drawn(of: u64) -> u64 {
    crate::drawn(of, 0x1234_5678)
}

/// The kinds of declarations that are false.
fn wrong(columns: Vec<(&str, ArrayRef)>, table: &str) -> Vec<String> {
    let (_, report) = of_persons(columns, table, POLICY, "declarations");
    let findings = report["findings"].as_array().unwrap();
    let is_false =
        |finding: &&Value| finding["statistic"] == "false_declarations" && finding["value"] == 1.0;
    let kind = |finding: &Value| finding["parameters"]["kind"].as_str().unwrap().to_owned();
    findings.iter().filter(is_false).map(kind).collect()
}

const PATIENTS: &str = "kind = \"microdata\"\nsubject = \"patient\"\n\
                        quasi_identifiers = [\"age\", \"postcode\", \"sex\"]\nsensitive = [\"result\"]\n";

/// Patients, each written so many times; some rows have another age than their copies.
fn patients(
    persons: u64,
    copies: impl Fn(u64) -> u64,
    changed: u64,
) -> Vec<(&'static str, ArrayRef)> {
    let rows: Vec<(u64, u64)> = (0..persons)
        .flat_map(|person| (0..copies(person)).map(move |copy| (person, copy)))
        .collect();
    let of = |person: u64, what: u64| drawn(person * 10 + what);
    let age = |(at, (person, _)): (usize, &(u64, u64))| {
        let is_changed = changed > 0 && drawn(at as u64 + 77).is_multiple_of(changed);
        (18 + (of(*person, 1) + u64::from(is_changed)) % 70) as i64
    };
    vec![
        (
            "patient",
            text((0..rows.len()).map(|at| format!("k{:015x}", drawn(at as u64) >> 4))),
        ),
        (
            "age",
            Arc::new(Int64Array::from_iter_values(
                rows.iter().enumerate().map(age),
            )),
        ),
        (
            "postcode",
            text(rows.iter().map(|row| format!("{:05}", of(row.0, 2) % 400))),
        ),
        (
            "sex",
            text(
                rows.iter()
                    .map(|row| ["f", "m"][of(row.0, 3) as usize % 2].to_owned()),
            ),
        ),
        // Drawn for each copy.
        (
            "result",
            text(
                rows.iter()
                    .map(|row| ["pos", "neg"][drawn(row.0 * 100 + row.1) as usize % 2].to_owned()),
            ),
        ),
    ]
}

#[test]
fn persons_written_several_times_hide_nobody() {
    assert_eq!(wrong(patients(70, |_| 11, 0), PATIENTS), ["copies"]);
    assert_eq!(wrong(patients(70, |_| 24, 0), PATIENTS), ["copies"]);
    assert_eq!(wrong(patients(300, |_| 2, 0), PATIENTS), ["copies"]);
    // Whatever their numbers have in common, and with a few values changed.
    assert_eq!(
        wrong(patients(90, |person| 12 * (1 + person % 3), 0), PATIENTS),
        ["copies"]
    );
    assert_eq!(wrong(patients(70, |_| 11, 150), PATIENTS), ["copies"]);
    // A reason answers and is shown.
    let table =
        format!("{PATIENTS}copies = \"each patient stands for as many as the weight said\"\n");
    let (ran, _) = of_persons(patients(70, |_| 11, 0), &table, POLICY, "declarations");
    crate::says(&ran.out, &["as many as the weight said"]);
    assert!(wrong(patients(70, |_| 11, 0), &table).is_empty());
}

#[test]
fn persons_who_are_alike_are_no_copies() {
    assert!(wrong(patients(700, |_| 1, 0), PATIENTS).is_empty());
    // In classes whose sizes are as they come.
    for seed in 0..8 {
        let sizes = move |person: u64| 11 + drawn(seed * 1_000 + person) % 23;
        let found = wrong(patients(60, sizes, 0), PATIENTS);
        assert!(found.is_empty(), "{seed}: {found:?}");
    }
    // As many persons of each crossing, beside a code of one of its columns and a constant.
    let crossed = (0..5 * 3 * 2 * 22u64).map(|row| (row / 22, row % 22));
    let column = |of: &dyn Fn(u64) -> String| text(crossed.clone().map(|row| of(row.0)));
    let columns = vec![
        (
            "patient",
            text(
                crossed
                    .clone()
                    .map(|row| format!("k{:015x}", drawn(row.0 * 99 + row.1 + 7) >> 4)),
            ),
        ),
        ("age", column(&|cell| format!("{}0s", cell % 5))),
        ("postcode", column(&|cell| format!("{}xxxx", cell / 5 % 3))),
        ("code", column(&|cell| format!("C{}", cell / 5 % 3))),
        (
            "sex",
            column(&|cell| ["f", "m"][cell as usize / 15].to_owned()),
        ),
        ("unit", column(&|_| "EUR".to_owned())),
        (
            "result",
            text(
                crossed
                    .clone()
                    .map(|row| ["pos", "neg"][row.1 as usize % 2].to_owned()),
            ),
        ),
    ];
    let table = format!("{PATIENTS}ignore = [\"code\", \"unit\"]\n");
    assert!(wrong(columns, &table).is_empty());
    // A sample with as many persons of each stratum.
    let strata = (0..40 * 12).map(|row| (row % 40, row / 40));
    let columns = vec![
        (
            "patient",
            text(
                strata
                    .clone()
                    .map(|row| format!("k{:015x}", drawn(row.0 * 99 + row.1) >> 4)),
            ),
        ),
        (
            "age",
            text(strata.clone().map(|row| format!("{}0s", 2 + row.0 % 5))),
        ),
        (
            "postcode",
            text(strata.clone().map(|row| format!("{}xx", row.0 / 5))),
        ),
        ("sex", text(strata.clone().map(|_| "all".to_owned()))),
        (
            "result",
            text(
                strata.map(|row| ["pos", "neg"][drawn(row.0 * 31 + row.1) as usize % 2].to_owned()),
            ),
        ),
    ];
    assert!(wrong(columns, PATIENTS).is_empty());
}

const RIDERS: &str = "kind = \"trace\"\nsubject = \"rider\"\ntime = \"day\"\nplace = \"stop\"\n\
                      point = { time = \"1d\", place = \"column\" }\n";

/// Riders, the trace of each that of another person; all stops and days of a `city` are used by many.
fn riders(
    names: &[String],
    trace: impl Fn(u64) -> u64,
    stops: u64,
) -> Vec<(&'static str, ArrayRef)> {
    let rows: Vec<(u64, u64)> = (0..names.len() as u64)
        .flat_map(|rider| (0..6).map(move |moment| (rider, moment)))
        .collect();
    let of = |row: &(u64, u64), what: u64| drawn(trace(row.0) * 100 + row.1 * 2 + what);
    vec![
        (
            "rider",
            text(rows.iter().map(|row| names[row.0 as usize].clone())),
        ),
        (
            "day",
            Arc::new(Date32Array::from_iter_values(
                rows.iter().map(|row| 20_000 + (of(row, 0) % 40) as i32),
            )),
        ),
        (
            "stop",
            text(
                rows.iter()
                    .map(|row| format!("stop {}", of(row, 1) % stops)),
            ),
        ),
    ]
}

#[test]
fn whole_traces_of_others_are_copies() {
    let names: Vec<String> = (0..330)
        .map(|rider| format!("r{:015x}", drawn(rider) >> 4))
        .collect();
    // Each eleven times; each in a number of its own; none.
    assert_eq!(
        wrong(riders(&names, |rider| rider / 11, 900), RIDERS),
        ["copies"]
    );
    assert_eq!(
        wrong(
            riders(&names, |rider| (rider as f64).sqrt() as u64, 900),
            RIDERS
        ),
        ["copies"]
    );
    assert!(wrong(riders(&names, |rider| rider, 900), RIDERS).is_empty());
    assert!(wrong(riders(&names, |rider| rider, 3), RIDERS).is_empty());
}

#[test]
fn subjects_written_anew_for_each_row_name_no_persons() {
    let stem = |row: u64| format!("{:09x}", drawn(row / 6) >> 28);
    let columns = |name: &dyn Fn(u64) -> String| {
        vec![
            ("rider", text((0..900).map(name))),
            (
                "day",
                Arc::new(Date32Array::from_iter_values(
                    (0..900).map(|row| 20_000 + row % 9),
                )) as ArrayRef,
            ),
            (
                "stop",
                text((0..900u64).map(|row| format!("stop {}", drawn(row) % 4))),
            ),
        ]
    };
    // Of a trace a person of one row is none.
    let random = |row: u64| format!("r{:015x}", drawn(row) >> 4);
    assert_eq!(wrong(columns(&random), RIDERS), ["subject"]);
    // Where each has some rows, by the stem.
    let stems: [&dyn Fn(u64) -> String; 4] = [
        &|row| format!("{}-{}", stem(row), row % 6 / 2),
        &|row| format!("{}_{}", row % 6 / 2 + 1, stem(row)),
        &|row| format!("{}x{}", stem(row), row % 6 / 2),
        &|row| format!("{}.{}", stem(row), char::from(b'a' + (row % 6 / 2) as u8)),
    ];
    for name in stems {
        assert_eq!(wrong(columns(name), RIDERS), ["subject"], "{}", name(0));
    }
    let answered = format!(
        "{RIDERS}[table.harmless]\nrider = \"number of the rider in the group of a guide\"\n"
    );
    assert!(wrong(columns(stems[0]), &answered).is_empty());
    // Two rows each under drawn names.
    let pairs = |row: u64| format!("r{:015x}", drawn(row / 2) >> 4);
    assert!(wrong(columns(&pairs), RIDERS).is_empty());
}

#[test]
fn a_table_holds_no_more_persons_than_the_population() {
    let folder = tempfile::tempdir().unwrap();
    crate::parquet::write(
        &folder.path().join("persons.parquet"),
        patients(500, |_| 1, 0),
    );
    let is_false = |population: u64| {
        let manifest = format!(
            "population = {population}\n[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\n{PATIENTS}"
        );
        let report = crate::judged(folder.path(), &manifest, &["declarations"], "strict");
        let of = |finding: &&reidrisk::finding::Finding| {
            finding.statistic == "false_declarations"
                && finding.parameters["kind"].matches(&"population".into())
        };
        let found = report.findings.iter().find(of).unwrap();
        found.value.unwrap().as_f64() == 1.0
    };
    assert!(is_false(499));
    assert!(!is_false(500));
}
