//! What is published beside the declared columns: it counts, whatever the manifest says of it.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Date32Array, Float64Array, Int64Array, IntervalDayTimeArray, StringArray,
    StructArray, TimestampMillisecondArray,
};
use arrow::datatypes::{DataType, Field, IntervalDayTimeType};
use serde_json::Value;

use crate::{Ran, of_persons, of_persons_beside, says, text};

/// Only what is asked of columns that are not declared.
const POLICY: &str = "[[require]]\nstatistic = \"undeclared-columns.undecoded\"\nmax = 0\n\
    [[require]]\nstatistic = \"undeclared-columns.persons_newly_unique\"\nmax = 0\n\
    [[require]]\nstatistic = \"undeclared-columns.persons_newly_below\"\nwhere = { k = 11 }\nmax = 0\n\
    [[require]]\nstatistic = \"undeclared-columns.second_identifiers\"\nmax = 0\n\
    [[require]]\nstatistic = \"undeclared-columns.known_attributes\"\nmax = 0\n\
    [[require]]\nstatistic = \"undeclared-columns.private_attributes\"\nmax = 0\n\
    [[exempt]]\ntable = \"persons\"\nreason = \"only its undeclared columns are of interest here\"\n";

/// The same without what is asked of microdata alone.
fn of_traces() -> String {
    let of_microdata = [
        "persons_newly_below",
        "known_attributes",
        "private_attributes",
    ];
    let requirements = POLICY.split("[[");
    let requirements =
        requirements.filter(|text| !of_microdata.iter().any(|name| text.contains(name)));
    requirements.collect::<Vec<_>>().join("[[")
}

struct Audited {
    ran: Ran,
    report: Value,
}

/// Audits one table by `POLICY`; `table` is what its manifest says beyond name and path.
fn audited(columns: Vec<(&str, ArrayRef)>, table: &str) -> Audited {
    let policy = match table.contains("kind = \"trace\"") {
        true => of_traces(),
        false => POLICY.to_owned(),
    };
    let (ran, report) = of_persons(columns, table, &policy, "undeclared-columns");
    Audited { ran, report }
}

impl Audited {
    /// The value of a statistic of these columns; `None` where it was not measured.
    fn value(&self, statistic: &str, columns: &[&str], with: Option<&str>) -> Option<f64> {
        let findings = self.report["findings"].as_array().unwrap();
        let of = |finding: &&Value| {
            let empty = Vec::new();
            let names = finding["columns"].as_array().unwrap_or(&empty);
            finding["statistic"] == statistic
                && names.iter().eq(columns.iter())
                && with.is_none_or(|with| finding["parameters"]["with"] == with)
        };
        findings.iter().find(of)?["value"].as_f64()
    }

    /// Persons whom a column leaves among fewer than `k`.
    fn below(&self, columns: &[&str], with: &str, k: u64) -> Option<f64> {
        let findings = self.report["findings"].as_array().unwrap();
        let of = |finding: &&Value| {
            let names = finding["columns"].as_array();
            finding["statistic"] == "persons_newly_below"
                && names.is_some_and(|names| names.iter().eq(columns.iter()))
                && finding["parameters"]["with"] == with
                && finding["parameters"]["k"] == k
        };
        findings.iter().find(of)?["value"].as_f64()
    }

    fn newly(&self, columns: &[&str], with: &str) -> Option<f64> {
        self.value("persons_newly_unique", columns, Some(with))
    }
}

fn numbers(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

/// Twenty towns of ten persons each.
fn towns() -> ArrayRef {
    text((0..200).map(|row| format!("town {}", row / 10)))
}

const TOWNS: &str = "kind = \"microdata\"\nquasi_identifiers = [\"town\"]\n";

#[test]
fn a_leaf_of_a_nested_column_singles_out() {
    let height: ArrayRef = Arc::new(Float64Array::from_iter_values(
        (0..200).map(|row| 150.0 + f64::from((row * 77) % 200) / 8.0),
    ));
    let fields = vec![
        (
            Arc::new(Field::new("height", DataType::Float64, true)),
            height,
        ),
        (
            Arc::new(Field::new("unit", DataType::Utf8, true)),
            text((0..200).map(|_| "cm")),
        ),
    ];
    let body: ArrayRef = Arc::new(StructArray::from(fields));
    let nested = audited(
        vec![("town", towns()), ("body", body)],
        &format!("{TOWNS}ignore = [\"body\"]\n"),
    );
    assert_eq!(nested.ran.code, 1);
    assert_eq!(nested.newly(&["body.height"], "declared"), Some(200.0));
    assert_eq!(nested.newly(&["body.unit"], "declared"), Some(0.0));
    assert_eq!(nested.value("examined", &[], None), Some(3.0));
    let places = nested.value("decimal_places", &["body.height"], None);
    assert_eq!(places, Some(3.0));
    says(
        &nested.ran.out,
        &["All 3 published columns were decoded and scanned."],
    );
}

#[test]
fn what_is_the_same_in_every_class_singles_nobody_out() {
    let columns = || {
        vec![
            ("town", towns()),
            ("weather", text((0..200).map(|_| "rain"))),
            ("number", numbers(1..201)),
            (
                "season",
                text((0..200).map(|row| ["summer", "winter"][row % 2])),
            ),
        ]
    };
    let clean = audited(
        columns(),
        &format!("{TOWNS}ignore = [\"weather\", \"number\", \"season\"]\n"),
    );
    assert_eq!(clean.ran.code, 0, "{}", clean.ran.out);
    assert_eq!(clean.newly(&["weather", "season"], "all"), Some(0.0));
    let unasked = clean.newly(&["number"], "declared");
    assert_eq!(unasked, None, "rows have an order anyway");
    assert_eq!(
        clean.value("persons_unique", &["number"], None),
        Some(200.0)
    );
    // Only together do two columns single out.
    let mut columns = columns();
    columns.push(("a", numbers((0..200).map(|row| row % 5))));
    columns.push(("b", numbers((0..200).map(|row| row % 10 / 5))));
    let ignored = "ignore = [\"weather\", \"number\", \"season\", \"a\", \"b\"]";
    let joined = audited(columns, &format!("{TOWNS}{ignored}\n"));
    assert_eq!(joined.newly(&["a"], "declared"), Some(0.0));
    assert_eq!(joined.newly(&["b"], "declared"), Some(0.0));
    let all = joined.newly(&["weather", "season", "a", "b"], "all");
    assert_eq!(all, Some(200.0));
    assert_eq!(joined.ran.code, 1);
}

#[test]
fn a_reason_answers_for_a_column_and_is_shown() {
    let columns = vec![
        ("town", towns()),
        (
            "ticket",
            numbers((0..200).map(|row| row * 7919 % 1_000_003)),
        ),
    ];
    let reason = "drawn at random for this file and kept nowhere";
    let told = audited(
        columns,
        &format!("{TOWNS}ignore = [\"ticket\"]\n[table.harmless]\nticket = \"{reason}\"\n"),
    );
    assert_eq!(told.ran.code, 0, "{}", told.ran.out);
    assert_eq!(told.newly(&[], "all"), Some(0.0));
    assert_eq!(told.value("harmless", &["ticket"], None), Some(1.0));
    assert_eq!(told.value("persons_unique", &["ticket"], None), Some(200.0));
    says(
        &told.ran.out,
        &[
            "All 2 published columns were decoded and scanned. The manifest declares: 1 ignored, 1 harmless.",
            reason,
        ],
    );
}

#[test]
fn a_second_identifier_is_told() {
    let rows = 0..400usize;
    let table = "kind = \"microdata\"\nsubject = \"customer\"\nquasi_identifiers = [\"town\"]\n";
    let columns = |device: ArrayRef| {
        vec![
            (
                "customer",
                text(rows.clone().map(|row| format!("c{}", row / 4))),
            ),
            (
                "town",
                text(rows.clone().map(|row| format!("town {}", row / 40))),
            ),
            ("device", device),
        ]
    };
    let device = text(rows.clone().map(|row| format!("d{}", row / 2 * 31 % 401)));
    let second = audited(
        columns(device),
        &format!("{table}sensitive = [\"device\"]\n"),
    );
    assert_eq!(
        second.value("second_identifiers", &["device"], None),
        Some(1.0)
    );
    assert_eq!(second.ran.code, 1);
    // Devices that the ten persons of a town have all used identify nobody, one by one or together.
    let shared = text(
        rows.clone()
            .map(|row| format!("d{}", row / 40 * 4 + row % 4)),
    );
    let shared = audited(
        columns(shared),
        &format!("{table}sensitive = [\"device\"]\n"),
    );
    assert_eq!(shared.value("second_identifiers", &[], None), Some(0.0));
    assert_eq!(shared.ran.code, 0, "{}", shared.ran.out);
}

#[test]
fn groups_that_an_ignored_column_splits_are_told() {
    // Towns of twenty, of which an ignored column leaves pairs: nobody is alone, and nobody among eleven.
    let columns = || {
        let town = text((0..200).map(|row| format!("town {}", row / 20)));
        let number = numbers((0..200).map(|row| row % 10));
        vec![("town", town), ("badge", number)]
    };
    let pairs = audited(columns(), &format!("{TOWNS}ignore = [\"badge\"]\n"));
    assert_eq!(pairs.newly(&["badge"], "declared"), Some(0.0));
    let below = |with: &str| pairs.below(&["badge"], with, 11);
    assert_eq!(below("declared"), Some(200.0));
    assert_eq!(below("all"), Some(200.0));
    assert_eq!(pairs.below(&["badge"], "all", 2), None);
    assert_eq!(pairs.ran.code, 1);
    // A weight is published as well.
    let weighted = audited(columns(), &format!("{TOWNS}weight = \"badge\"\n"));
    assert_eq!(weighted.below(&["badge"], "declared", 11), Some(200.0));
    assert_eq!(weighted.ran.code, 1);
}

#[test]
fn who_is_alone_only_as_written_hides_no_ignored_column() {
    // Each has an interval of their own, and all intervals match: by the hierarchy nobody is alone until the badge
    // is known.
    let intervals = |row: usize| format!("20-{}", 40 + row);
    let badge = |of: i64| numbers((0..60).map(move |row| row * 7 % of));
    let hierarchy = "[table.hierarchies]\nage = \"age.csv\"\n";
    let table = "kind = \"microdata\"\nquasi_identifiers = [\"age\"]\nignore = [\"badge\"]\n";
    let audited = |badge: ArrayRef| {
        let ages: ArrayRef = text((0..60).map(intervals));
        let lines: Vec<String> = (0..60)
            .map(|row| {
                (row..row + 60)
                    .map(|level| intervals(level.min(59)))
                    .collect::<Vec<_>>()
                    .join(";")
            })
            .collect();
        let files = [("age.csv", lines.join("\n"))];
        let columns = vec![("age", ages), ("badge", badge)];
        let table = format!("{table}{hierarchy}");
        let (ran, report) =
            of_persons_beside(&files, columns, &table, POLICY, "undeclared-columns");
        Audited { ran, report }
    };
    let shared = audited(badge(1));
    assert_eq!(shared.newly(&["badge"], "matched"), Some(0.0));
    let own = audited(badge(61));
    assert_eq!(
        own.newly(&["badge"], "declared"),
        Some(0.0),
        "alone as written"
    );
    assert!(own.newly(&["badge"], "matched").unwrap() > 30.0);
    assert_eq!(own.ran.code, 1);
}

#[test]
fn rows_that_name_nobody_are_examined() {
    // 400 rows of subjects, and 4,000 that were excluded, each tour of four under one number.
    let is_named = |row: &usize| *row < 400;
    let rows = 0..4400usize;
    let mixed = |row: usize| {
        let mixed = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as i64
    };
    let subjects: ArrayRef = Arc::new(StringArray::from_iter(
        rows.clone()
            .map(|row| is_named(&row).then(|| format!("s{}", row / 4))),
    ));
    let columns = |tour: ArrayRef| {
        let shops = rows.clone().map(|row| format!("shop {}", mixed(row) % 20));
        vec![
            ("who", subjects.clone()),
            ("shop", text(shops)),
            ("tour", tour),
        ]
    };
    let table = "kind = \"microdata\"\nsubject = \"who\"\nnull_subject = \"exclude\"\n\
                 quasi_identifiers = [\"shop\"]\nignore = [\"tour\"]\n";
    let tied = audited(
        columns(numbers(rows.clone().map(|row| row as i64 / 4 * 617 % 1100))),
        table,
    );
    assert!(tied.newly(&["tour"], "subject").unwrap() > 100.0);
    assert_eq!(tied.ran.code, 1);
    let loose = audited(columns(numbers(rows.clone().map(|_| 7))), table);
    assert_eq!(loose.newly(&["tour"], "subject"), None);
    assert_eq!(loose.ran.code, 0, "{}", loose.ran.out);
}

#[test]
fn a_number_of_each_person_is_no_quantity() {
    let mixed = |row: i64| ((row + 1) * 6_364_136_223 + 1_442_695) % 89_999_999;
    let columns = |name: &'static str, values: Vec<i64>| {
        vec![("town", towns()), (name, numbers(values.into_iter()))]
    };
    let table = |name: &str| format!("{TOWNS}sensitive = [\"{name}\"]\n");
    let drawn: Vec<i64> = (0..200).map(|row| 10_000_000 + mixed(row)).collect();
    let drawn = audited(columns("reference", drawn), &table("reference"));
    assert_eq!(
        drawn.value("second_identifiers", &["reference"], None),
        Some(1.0)
    );
    assert_eq!(drawn.ran.code, 1);
    // Salaries differ as well, but lie close together, with few that are high.
    let salary = |row: i64| (11_000.0 * (mixed(row) as f64 / 3e7).exp()) as i64 * 3 + row % 3;
    let salaries: Vec<i64> = (0..200).map(salary).collect();
    let salaries = audited(columns("salary", salaries), &table("salary"));
    assert_eq!(salaries.value("second_identifiers", &[], None), Some(0.0));
    assert_eq!(salaries.ran.code, 0, "{}", salaries.ran.out);
}

#[test]
fn what_others_know_is_not_sensitive_alone() {
    let age = || numbers((0..200).map(|row| 20 + row % 60));
    let state = || text((0..200).map(|row| ["well", "ill"][row % 2]));
    let sensitive = |name: &str, more: &str| {
        let columns = vec![("town", towns()), (name, age()), ("state", state())];
        audited(
            columns,
            &format!("{TOWNS}sensitive = [\"{name}\", \"state\"]\n{more}"),
        )
    };
    let named = sensitive("patient_age", "");
    assert_eq!(
        named.value("known_attributes", &["patient_age"], None),
        Some(1.0)
    );
    assert_eq!(named.ran.code, 1);
    let answered = sensitive(
        "patient_age",
        "[table.harmless]\npatient_age = \"age of the tissue sample in days\"\n",
    );
    assert_eq!(answered.ran.code, 0, "{}", answered.ran.out);
    assert_eq!(sensitive("glucose", "").ran.code, 0);
    // Beside a quasi-identifier that says nothing, whatever singles out was not declared.
    let country = || text((0..200).map(|_| "DE"));
    let constant = |name: &str, values: ArrayRef| {
        let columns = vec![("country", country()), (name, values), ("state", state())];
        let table = "kind = \"microdata\"\nquasi_identifiers = [\"country\"]\n";
        audited(
            columns,
            &format!("{table}sensitive = [\"{name}\", \"state\"]\n"),
        )
    };
    let job = constant("job", numbers((0..200).map(|row| row * row % 211)));
    assert!(job.newly(&["job", "state"], "all").unwrap() > 0.0);
    assert_eq!(job.ran.code, 1);
    let few = constant("job", numbers((0..200).map(|row| row % 4)));
    assert_eq!(few.ran.code, 0, "{}", few.ran.out);
}

#[test]
fn what_is_sensitive_is_not_ignored() {
    // It singles nobody out, and who lives in a town has it or not.
    let of_towns = |values: [&'static str; 2]| text((0..200).map(move |row| values[row % 10 % 2]));
    let ignored = |name: &str, values: [&'static str; 2], more: &str| {
        let columns = vec![("town", towns()), (name, of_towns(values))];
        audited(columns, &format!("{TOWNS}ignore = [\"{name}\"]\n{more}"))
    };
    let named = ignored("hiv_diagnosis", ["positive", "negative"], "");
    assert_eq!(
        named.value("private_attributes", &["hiv_diagnosis"], None),
        Some(1.0)
    );
    assert_eq!(named.ran.code, 1);
    let reason = "[table.harmless]\nhiv_diagnosis = \"of the ward's own check of its equipment\"\n";
    let answered = ignored("hiv_diagnosis", ["positive", "negative"], reason);
    assert_eq!(answered.ran.code, 0, "{}", answered.ran.out);
    let region = ignored("region", ["north", "south"], "");
    assert_eq!(region.ran.code, 0, "{}", region.ran.out);
    let constant = ignored("hiv_diagnosis", ["negative", "negative"], "");
    assert_eq!(constant.ran.code, 0, "{}", constant.ran.out);
}

#[test]
fn a_nested_field_beside_the_points_of_a_trace_is_not_measured() {
    let rows = 0..600i64;
    let columns = |latitude: ArrayRef| {
        let fields = vec![(
            Arc::new(Field::new("latitude", latitude.data_type().clone(), true)),
            latitude,
        )];
        let at = rows.clone().map(|row| row % 20 * 86_400_000);
        let at: ArrayRef = Arc::new(TimestampMillisecondArray::from_iter_values(at));
        vec![
            (
                "user",
                text(rows.clone().map(|row| format!("u{}", row / 20))),
            ),
            ("at", at),
            (
                "cell",
                text(rows.clone().map(|row| format!("cell {}", row % 3))),
            ),
            ("where", Arc::new(StructArray::from(fields)) as ArrayRef),
        ]
    };
    let table = "kind = \"trace\"\nsubject = \"user\"\ntime = \"at\"\nplace = \"cell\"\nignore = [\"where\"]\n\
                 point = { time = \"1d\", place = \"column\" }\n";
    let fine = audited(
        columns(numbers(rows.clone().map(|row| row / 20 % 4))),
        table,
    );
    assert_eq!(fine.ran.code, 1);
    says(
        &fine.report["not_measured"].to_string(),
        &["`where.latitude` lies in a nested column"],
    );
    // What the points say already is no more.
    let coarse = audited(columns(numbers(rows.clone().map(|row| row % 3))), table);
    assert_eq!(coarse.ran.code, 0, "{}", coarse.ran.out);
}

#[test]
fn rows_of_a_person_are_tied_by_an_ignored_pseudonym() {
    // Each row is one of many like it; the four rows of a visitor are not.
    let rows = 0..4000usize;
    let shop = |row: usize| {
        let mixed = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) % 20
    };
    let columns = vec![
        (
            "visitor",
            text(
                rows.clone()
                    .map(|row| format!("x{:04}", row / 4 * 617 % 1000)),
            ),
        ),
        (
            "shop",
            text(rows.clone().map(|row| format!("shop {}", shop(row)))),
        ),
    ];
    let table = "kind = \"microdata\"\nquasi_identifiers = [\"shop\"]\nignore = [\"visitor\"]\n";
    let tied = audited(columns, table);
    assert!(tied.newly(&["visitor"], "subject").unwrap() > 100.0);
    assert_eq!(tied.ran.code, 1);
}

#[test]
fn ignored_columns_of_a_trace_single_out_without_its_points() {
    let rows = 0..600i64;
    let columns = |height: ArrayRef| {
        vec![
            (
                "user",
                text(rows.clone().map(|row| format!("u{}", row / 20))),
            ),
            (
                "at",
                Arc::new(TimestampMillisecondArray::from_iter_values(
                    rows.clone().map(|row| row % 20 * 86_400_000),
                )) as ArrayRef,
            ),
            (
                "cell",
                text(rows.clone().map(|row| format!("cell {}", row % 3))),
            ),
            ("height", height),
        ]
    };
    let table = "kind = \"trace\"\nsubject = \"user\"\ntime = \"at\"\nplace = \"cell\"\nignore = [\"height\"]\n";
    let own = audited(
        columns(numbers(rows.clone().map(|row| 150 + row / 20))),
        table,
    );
    assert_eq!(own.newly(&["height"], "alone"), Some(30.0));
    assert_eq!(own.ran.code, 1);
    let shared = audited(
        columns(numbers(rows.clone().map(|row| 150 + row % 4))),
        table,
    );
    assert_eq!(shared.newly(&["height"], "alone"), Some(0.0));
    assert_eq!(shared.ran.code, 0, "{}", shared.ran.out);
}

#[test]
fn what_cannot_be_decoded_is_not_measured() {
    let spans: ArrayRef = Arc::new(IntervalDayTimeArray::from_iter_values(
        (0..200).map(|row| IntervalDayTimeType::make_value(row, 0)),
    ));
    let undecoded = audited(
        vec![("town", towns()), ("stay", spans)],
        &format!("{TOWNS}ignore = [\"stay\"]\n"),
    );
    assert_eq!(undecoded.value("undecoded", &["stay"], None), Some(1.0));
    assert_eq!(undecoded.ran.code, 1);
    says(
        &undecoded.ran.out,
        &["1 of 2 published columns were decoded and scanned, the others cannot be decoded"],
    );
    let not_measured = undecoded.report["not_measured"].to_string();
    says(&not_measured, &["cannot be decoded: column `stay`"]);
}

#[test]
fn how_finely_ignored_times_are_published_is_told() {
    let at: ArrayRef = Arc::new(TimestampMillisecondArray::from_iter_values(
        (0..200).map(|row| row % 7 * 900_000),
    ));
    let born: ArrayRef = Arc::new(Date32Array::from_iter_values((0..200).map(|row| row % 9)));
    let told = audited(
        vec![("town", towns()), ("at", at), ("day", born)],
        &format!("{TOWNS}ignore = [\"at\", \"day\"]\n"),
    );
    assert_eq!(told.value("time_step", &["at"], None), Some(900.0));
    assert_eq!(told.value("time_step", &["day"], None), Some(86_400.0));
}

/// The rules by which nothing of the sort is published.
#[test]
fn presets_ask_for_what_is_undeclared() {
    for preset in ["strict", "ema-0070"] {
        let path = Path::new(crate::ROOT).join(format!("src/judge/presets/{preset}.toml"));
        let policy = std::fs::read_to_string(path).unwrap();
        says(
            &policy,
            &[
                "undeclared-columns.undecoded",
                "undeclared-columns.persons_newly_unique",
            ],
        );
    }
}
