//! Persons who are tied though their pseudonyms change, or though nothing names them: by pseudonyms that follow from each
//! other, by the order of rows, by files; and what pseudonyms say of their persons.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array};
use reidrisk::audit::{Options, audit};
use reidrisk::report::Report;

use crate::parquet::write;
use crate::text;

const PERSONS: u64 = 200;
const DAYS: u64 = 4;

fn drawn(of: u64) -> u64 {
    crate::drawn(of, 0x71_ed)
}

/// Audits files of one table by one measure.
fn audited(files: Vec<Vec<(&str, ArrayRef)>>, table: &str, measure: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("t")).unwrap();
    for (at, columns) in files.into_iter().enumerate() {
        write(&folder.path().join(format!("t/{at:04}.parquet")), columns);
    }
    let manifest = folder.path().join("release.toml");
    let settings = "[measure.reversible-pseudonyms]\nbudget = 100000\n";
    let text = format!(
        "[release]\nname = \"r\"\n[[table]]\nname = \"t\"\npath = \"t\"\n{table}\n{settings}"
    );
    std::fs::write(&manifest, text).unwrap();
    let options = Options {
        paths: vec![manifest],
        policy: "exploratory".to_owned(),
        only: vec![measure.to_owned()],
        ..Options::default()
    };
    audit(&options, &()).unwrap()
}

fn value(report: &Report, statistic: &str, kind: &str) -> f64 {
    let mut findings = report.findings.iter();
    let found =
        findings.find(|f| f.statistic == statistic && f.parameters["kind"].to_string() == kind);
    found.map_or(0.0, |found| found.value.unwrap().as_f64())
}

/// A trace whose pseudonyms change every day, its rows in an order.
fn daily(pseudonym: &dyn Fn(u64, u64) -> String, order: &dyn Fn(u64, u64, u64) -> u64) -> f64 {
    let mut rows: Vec<(u64, u64, u64)> = Vec::new();
    for day in 0..DAYS {
        for person in 0..PERSONS {
            rows.extend((0..2).map(|row| (person, day, row)));
        }
    }
    rows.sort_by_key(|(person, day, row)| order(*person, *day, *row));
    // At home more often than not.
    let cell = |(person, day, row): &(u64, u64, u64)| {
        let draw = drawn(person * 977 + day * 31 + row);
        match draw % 5 {
            0 | 1 => format!("cell {}", draw / 5 % 4),
            _ => format!("cell {}", drawn(*person) % 4),
        }
    };
    let days = rows.iter().map(|(_, day, _)| 19_700 + *day as i32);
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "who",
            text(rows.iter().map(|(person, day, _)| pseudonym(*person, *day))),
        ),
        ("day", Arc::new(Date32Array::from_iter_values(days))),
        ("cell", text(rows.iter().map(cell))),
    ];
    let table = "kind = \"trace\"\nsubject = \"who\"\ntime = \"day\"\nplace = \"cell\"\n\
                 point = { time = \"1d\", place = \"column\" }";
    let report = audited(vec![columns], table, "file-leaks");
    value(&report, "leaks", "pseudonym-periods")
}

#[test]
fn pseudonyms_that_follow_from_those_of_the_day_before_are_found() {
    let shuffled = |person: u64, day: u64, row: u64| drawn(person * 7_001 + day * 11 + row);
    let base = |person: u64| drawn(person * 3);
    let random = |person: u64, day: u64| format!("{:016x}", drawn(person * 5 + day * 100_003));
    let chained: [&dyn Fn(u64, u64) -> String; 4] = [
        &|person, day| format!("{:016x}", base(person).wrapping_add(day * 7_919)),
        &|person, day| format!("{:016x}", base(person) ^ drawn(day + 900_000)),
        &|person, day| format!("{day}-{:016x}", base(person)),
        &|person, day| {
            let text = format!("{:016x}", base(person));
            format!("{}{}", &text[day as usize..], &text[..day as usize])
        },
    ];
    for (at, pseudonym) in chained.iter().enumerate() {
        assert!(daily(pseudonym, &shuffled) >= PERSONS as f64, "{at}");
    }
    // Drawn anew: in rows shuffled, by day and pseudonym, and by day and person.
    assert_eq!(daily(&random, &shuffled), 0.0);
    let by_pseudonym =
        |person: u64, day: u64, _: u64| day << 60 | drawn(person * 5 + day * 100_003) >> 4;
    assert_eq!(daily(&random, &by_pseudonym), 0.0);
    let by_person = |person: u64, day: u64, row: u64| (day * PERSONS + person) * 2 + row;
    assert!(daily(&random, &by_person) > 0.0);
}

/// Attributes of persons who have several rows, in an order or a file each.
fn rows_of_persons(order: &dyn Fn(u64, u64) -> u64, is_file: bool) -> f64 {
    let mut rows: Vec<(u64, u64)> = (0..PERSONS)
        .flat_map(|person| (0..3 + drawn(person) % 7).map(move |row| (person, row)))
        .collect();
    rows.sort_by_key(|(person, row)| order(*person, *row));
    let columns = |rows: &[(u64, u64)]| -> Vec<(&'static str, ArrayRef)> {
        let of = |salt: u64, values: u64| {
            text(
                rows.iter()
                    .map(|(person, _)| format!("v{}", drawn(person * 13 + salt) % values)),
            )
        };
        let amount = rows
            .iter()
            .map(|(person, row)| format!("a{}", drawn(person * 17 + row) % 3));
        vec![
            ("age", of(1, 4)),
            ("sex", of(2, 2)),
            ("area", of(3, 3)),
            ("amount", text(amount)),
        ]
    };
    let files: Vec<_> = match is_file {
        true => rows.chunk_by(|a, b| a.0 == b.0).map(columns).collect(),
        false => vec![columns(&rows)],
    };
    let table = "kind = \"microdata\"\nquasi_identifiers = [\"age\", \"sex\", \"area\"]\nsensitive = [\"amount\"]";
    value(&audited(files, table, "file-leaks"), "leaks", "tied-rows")
}

#[test]
fn rows_of_persons_without_names_are_tied_by_where_they_lie() {
    let shuffled = |person: u64, row: u64| drawn(person * 7_001 + row);
    let by_person = |person: u64, row: u64| person * 100 + row;
    let sorted = |person: u64, row: u64| {
        let area = drawn(person * 13 + 3) % 3;
        let age = drawn(person * 13 + 1) % 4;
        (area << 4 | age) << 50 | drawn(person * 7_001 + row) >> 14
    };
    assert_eq!(rows_of_persons(&shuffled, false), 0.0);
    assert_eq!(rows_of_persons(&sorted, false), 0.0);
    assert!(rows_of_persons(&by_person, false) > 0.0);
}

/// The patterns of pseudonyms beside an area and a sex.
fn patterns(pseudonym: &dyn Fn(u64, &str, &str) -> String) -> Vec<String> {
    let persons: Vec<u64> = (0..600).collect();
    let area = |person: u64| ["north", "south", "west"][(drawn(person * 13) % 3) as usize];
    let sex = |person: u64| ["f", "m"][(drawn(person * 19) % 2) as usize];
    let who = persons
        .iter()
        .map(|person| pseudonym(*person, area(*person), sex(*person)));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("who", text(who)),
        ("area", text(persons.iter().map(|person| area(*person)))),
        ("sex", text(persons.iter().map(|person| sex(*person)))),
    ];
    let table = "kind = \"microdata\"\nsubject = \"who\"\nquasi_identifiers = [\"area\", \"sex\"]";
    let report = audited(vec![columns], table, "reversible-pseudonyms");
    let found = report
        .findings
        .iter()
        .filter(|f| f.statistic == "patterned");
    let found = found.filter(|f| f.value.unwrap().as_f64() > 0.0);
    let kinds = found.map(|f| f.parameters["kind"].to_string());
    kinds.filter(|kind| kind != "any").collect()
}

#[test]
fn attributes_within_pseudonyms_are_found() {
    let random = |person: u64| format!("{:016x}", drawn(person * 23));
    let born = |person: u64| {
        (
            1_940 + drawn(person * 29) % 65,
            1 + drawn(person * 31) % 12,
            1 + drawn(person * 37) % 28,
        )
    };
    assert!(patterns(&|person, _, _| random(person)).is_empty());
    assert!(patterns(&|person, _, _| (drawn(person * 41) % 90_000_000).to_string()).is_empty());
    let dated = patterns(&|person, _, _| {
        let (year, month, day) = born(person);
        format!("{}{year}{month:02}{day:02}", &random(person)[..6])
    });
    assert_eq!(dated, ["dates"]);
    let yearly = patterns(&|person, _, _| format!("{}|{}", born(person).0, random(person)));
    assert_eq!(yearly, ["dates"]);
    let sexed = patterns(&|person, _, sex| {
        format!("{}{sex}{}", &random(person)[..4], &random(person)[4..])
    });
    assert_eq!(sexed, ["attributes"]);
    let placed = patterns(&|person, area, _| format!("{}-{area}", random(person)));
    assert!(placed.contains(&"attributes".to_owned()), "{placed:?}");
    let coded = patterns(&|person, _, _| {
        format!(
            "{}{}",
            10_115 + 223 * (drawn(person * 43) % 90),
            random(person)
        )
    });
    assert_eq!(coded, ["blocks"]);
}
