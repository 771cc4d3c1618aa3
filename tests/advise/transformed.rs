//! Tables transformed here, row by row, are audited; `advise --try` says the same of what they were transformed from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, StringArray, TimestampSecondArray,
};
use jiff::civil::Date;
use reidrisk::report::advice::State;
use reidrisk::stats::Draws;

use super::{advised, asks, audited, least_persons, parquet_file, same, table};

/// A row about a person.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    who: String,
    age: Option<i64>,
    postcode: String,
    born: i32,
    income: f64,
    ward: String,
    illness: String,
    pay: i64,
}

fn rows(persons: u64, most: u64, seed: u64) -> Vec<Row> {
    let draws = Draws::new(seed, "advise", "persons");
    let mut all = Vec::new();
    for person in 0..persons {
        let mut trial = draws.trial(person);
        for _ in 0..1 + trial.below(most) {
            let ward = trial.below(6);
            all.push(Row {
                who: format!("p{person:05}"),
                age: (trial.below(30) > 0).then(|| 18 + trial.below(60) as i64),
                postcode: format!("1{:04}", trial.below(4) * 2_000 + trial.below(3)),
                born: trial.below(9_000) as i32 - 3_000,
                income: trial.below(400) as f64 / 8.0 - 5.0,
                ward: format!("{}.{}", ward / 3, ward % 3),
                illness: format!("i{}", trial.below(3) * trial.below(2)),
                pay: trial.below(5) as i64,
            });
        }
    }
    all
}

fn write(path: &Path, rows: &[Row], without: &[&str]) {
    let text = |of: fn(&Row) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(of)))
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("who", text(|row| &row.who)),
        (
            "age",
            Arc::new(Int64Array::from_iter(rows.iter().map(|row| row.age))),
        ),
        ("postcode", text(|row| &row.postcode)),
        (
            "born",
            Arc::new(Date32Array::from_iter_values(
                rows.iter().map(|row| row.born),
            )),
        ),
        (
            "income",
            Arc::new(Float64Array::from_iter_values(
                rows.iter().map(|row| row.income),
            )),
        ),
        ("ward", text(|row| &row.ward)),
        ("illness", text(|row| &row.illness)),
        (
            "pay",
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.pay))),
        ),
    ];
    let kept = columns
        .into_iter()
        .filter(|(name, _)| !without.contains(name));
    parquet_file::write(path, kept.collect());
}

fn manifest(subject: bool, without: &[&str]) -> String {
    let kept = |names: &[&str]| -> Vec<String> {
        let kept = names.iter().filter(|name| !without.contains(name));
        kept.map(|name| format!("\"{name}\"")).collect()
    };
    let known = kept(&["age", "postcode", "born", "income", "ward"]).join(", ");
    let sensitive = kept(&["illness", "pay"]).join(", ");
    let of = if subject { "subject = \"who\"\n" } else { "" };
    let ward = if without.contains(&"ward") {
        ""
    } else {
        "[table.hierarchies]\nward = \"wards.csv\"\n"
    };
    format!(
        "[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\nkind = \"microdata\"\n{of}\
         quasi_identifiers = [{known}]\nsensitive = [{sensitive}]\n{ward}"
    )
}

const WARDS: &str = "0.0;zero;*\n0.1;zero;*\n0.2;zero;*\n1.0;one;*\n1.1;one;*\n1.2;one;*\nzero;zero;*\none;one;*\n*;*;*\n";

const OF_PERSONS: [&str; 17] = [
    "k-anonymity.k",
    "k-anonymity.classes",
    "k-anonymity.average_class_size",
    "k-anonymity.share_below where={k=5}",
    "uniqueness.unique_persons",
    "uniqueness.share_unique",
    "re-identification-risk.prosecutor_mean",
    "re-identification-risk.marketer",
    "quasi-identifier-subsets.unique_persons",
    "suda.dis",
    "l-diversity.distinct",
    "l-diversity.entropy",
    "t-closeness.t where={distance=\"equal\"}",
    "t-closeness.t where={distance=\"ordered\"}",
    "beta-likeness.basic",
    "homogeneity-attack.share_certain where={certainty=1}",
    "alpha-k-anonymity.alpha",
];

fn first(born: i32, of: fn(Date) -> Date) -> i32 {
    let epoch = Date::constant(1970, 1, 1);
    let date = epoch
        .checked_add(jiff::Span::new().days(i64::from(born)))
        .unwrap();
    epoch.until((jiff::Unit::Day, of(date))).unwrap().get_days()
}

fn class(row: &Row, without: &[&str]) -> String {
    let told = [
        ("age", format!("{:?}", row.age)),
        ("postcode", row.postcode.clone()),
        ("born", row.born.to_string()),
        ("income", row.income.to_string()),
        ("ward", row.ward.clone()),
    ];
    let kept = told.iter().filter(|(name, _)| !without.contains(name));
    kept.map(|(_, text)| text.as_str())
        .collect::<Vec<_>>()
        .join("|")
}

/// Leaves out whoever has a row in a class of fewer, again and again. Without subjects each row is a person.
fn suppress(rows: &mut Vec<Row>, below: usize, subject: bool, without: &[&str]) {
    loop {
        let mut classes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (at, row) in rows.iter().enumerate() {
            let who = if subject {
                row.who.clone()
            } else {
                at.to_string()
            };
            classes.entry(class(row, without)).or_default().insert(who);
        }
        let small = |row: &Row| classes[&class(row, without)].len() < below;
        let gone: BTreeSet<String> = rows
            .iter()
            .filter(|row| small(row))
            .map(|row| row.who.clone())
            .collect();
        let before = rows.len();
        rows.retain(|row| match subject {
            true => !gone.contains(&row.who),
            false => !small(row),
        });
        if rows.len() == before {
            return;
        }
    }
}

/// The transformation as `advise` reads it, and what it does to a row.
type Case = (&'static str, fn(&mut Row), &'static [&'static str]);

const CASES: [Case; 5] = [
    (
        "columns = { age = \"band:10\", postcode = \"prefix:2\", born = \"year\", income = \"band:12.5\", ward = \"level:1\" }",
        |row| {
            row.age = row.age.map(|age| age.div_euclid(10) * 10);
            row.postcode.truncate(2);
            row.born = first(row.born, |date| Date::new(date.year(), 1, 1).unwrap());
            row.income = (row.income / 12.5).floor() * 12.5;
            row.ward = if row.ward.starts_with('0') {
                "zero"
            } else {
                "one"
            }
            .to_owned();
        },
        &[],
    ),
    (
        "columns = { age = \"band:20\", born = \"decade\", income = \"drop\", postcode = \"drop\" }",
        |row| {
            row.age = row.age.map(|age| age.div_euclid(20) * 20);
            row.born = first(row.born, |date| {
                Date::new(date.year() / 10 * 10, 1, 1).unwrap()
            });
        },
        &["income", "postcode"],
    ),
    (
        "columns = { age = \"drop\", born = \"month\", income = \"drop\", pay = \"drop\", postcode = \"drop\", ward = \"level:2\" }",
        |row| {
            row.born = first(row.born, |date| {
                Date::new(date.year(), date.month(), 1).unwrap()
            });
            row.ward = "*".to_owned();
        },
        &["age", "income", "pay", "postcode"],
    ),
    (
        "columns = { born = \"drop\", income = \"drop\", ward = \"drop\", postcode = \"drop\" }",
        |_| {},
        &["born", "income", "ward", "postcode"],
    ),
    ("columns = { illness = \"drop\" }", |_| {}, &["illness"]),
];

fn microdata(subject: bool, most: u64, below: Option<usize>, nulls: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let all = rows(400, most, 1);
    write(
        &at("persons.parquet"),
        &all,
        if subject { &[] } else { &["who"] },
    );
    let manifest = |without: &[&str]| {
        let nulls = format!("kind = \"microdata\"\nnulls = \"{nulls}\"");
        manifest(subject, without).replace("kind = \"microdata\"", &nulls)
    };
    std::fs::write(at("release.toml"), manifest(&[])).unwrap();
    std::fs::write(at("wards.csv"), WARDS).unwrap();
    std::fs::write(at("policy.toml"), asks(&OF_PERSONS)).unwrap();
    for (columns, change, without) in CASES {
        let given = match below {
            Some(below) => format!("{columns}\nsuppress = {{ below = {below} }}"),
            None => columns.to_owned(),
        };
        let given = format!("[[transform]]\ntable = \"persons\"\n{given}\n");
        let advice = advised(folder.path(), Some(&given));
        let inner = at("transformed");
        std::fs::create_dir_all(&inner).unwrap();
        let mut moved = all.clone();
        moved.iter_mut().for_each(change);
        if let Some(below) = below {
            suppress(&mut moved, below, subject, without);
        }
        // Where nobody is left there is no table to compare with.
        if moved.is_empty() {
            continue;
        }
        let mut left_out = without.to_vec();
        left_out.extend((!subject).then_some("who"));
        write(&inner.join("persons.parquet"), &moved, &left_out);
        // What the manifest does not name must not lie there.
        match without.contains(&"ward") {
            true => _ = std::fs::remove_file(inner.join("wards.csv")),
            false => std::fs::write(inner.join("wards.csv"), WARDS).unwrap(),
        }
        std::fs::write(inner.join("release.toml"), manifest(without)).unwrap();
        let report = audited(&inner.join("release.toml"), &at("policy.toml"));
        let compared = same(table(&advice, "persons"), &report);
        // Not all are defined where classes overlap.
        let least = if nulls == "value" { 14 } else { 10 };
        assert!(compared >= least, "{columns}: {compared} statistics");
        let candidate = &table(&advice, "persons").examined[1];
        let persons = |rows: &[Row]| match subject {
            true => rows
                .iter()
                .map(|row| &row.who)
                .collect::<BTreeSet<_>>()
                .len(),
            false => rows.len(),
        };
        let share = 1.0 - persons(&moved) as f64 / persons(&all) as f64;
        assert!((candidate.suppressed - share).abs() < 1e-12, "{columns}");
    }
}

#[test]
fn rows_that_are_persons() {
    microdata(false, 1, None, "value");
    microdata(false, 1, Some(4), "value");
}

#[test]
fn one_row_a_person() {
    microdata(true, 1, None, "value");
    microdata(true, 1, Some(4), "value");
}

#[test]
fn several_rows_a_person() {
    microdata(true, 3, None, "value");
    microdata(true, 3, Some(3), "value");
}

/// The class of who has no age is all that match it otherwise.
#[test]
fn nulls_that_match_anything() {
    microdata(false, 1, None, "wildcard");
    microdata(true, 3, None, "wildcard");
}

/// A row of a trace: person, second, latitude, longitude, shop, kind.
type Visit = (String, i64, f64, f64, String, String);

fn visits(persons: u64) -> Vec<Visit> {
    let draws = Draws::new(2, "advise", "visits");
    let mut all = Vec::new();
    for person in 0..persons {
        let mut trial = draws.trial(person);
        for _ in 0..6 + trial.below(20) {
            let shop = trial.below(9);
            all.push((
                format!("p{person:04}"),
                1_700_000_000 + trial.below(20 * 86_400) as i64,
                48.0 + trial.below(50) as f64 / 271.0,
                -11.0 + trial.below(50) as f64 / 311.0,
                format!("s{shop}"),
                format!("k{}", shop % 3),
            ));
        }
    }
    all
}

fn write_visits(path: &Path, visits: &[Visit], without: &[&str]) {
    let text = |of: fn(&Visit) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(visits.iter().map(of)))
    };
    let real = |of: fn(&Visit) -> f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(visits.iter().map(of)))
    };
    let times = visits.iter().map(|visit| visit.1);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("who", text(|visit| &visit.0)),
        (
            "at",
            Arc::new(TimestampSecondArray::from_iter_values(times)),
        ),
        ("lat", real(|visit| visit.2)),
        ("lon", real(|visit| visit.3)),
        ("shop", text(|visit| &visit.4)),
        ("kind", text(|visit| &visit.5)),
    ];
    let kept = columns
        .into_iter()
        .filter(|(name, _)| !without.contains(name));
    parquet_file::write(path, kept.collect());
}

#[test]
fn traces() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let all = visits(150);
    write_visits(&at("visits.parquet"), &all, &[]);
    let manifest = |point: &str, roles: &str| {
        format!(
            "[[table]]\nname = \"visits\"\npath = \"visits.parquet\"\nkind = \"trace\"\nsubject = \"who\"\n{roles}\n\
             point = {{ {point} }}\n"
        )
    };
    let roles = "time = \"at\"\nplace = { latitude = \"lat\", longitude = \"lon\" }\nitem = [\"shop\", \"kind\"]";
    std::fs::write(
        at("release.toml"),
        manifest("time = \"1h\", place = \"0.01deg\", item = true", roles),
    )
    .unwrap();
    let policy = asks(&[
        "unicity.share_unique where={points=1}",
        "unicity.share_unique where={points=2}",
        "unicity.share_unique where={points=4}",
        "unicity.median_candidates where={points=1}",
    ]);
    std::fs::write(at("policy.toml"), policy).unwrap();
    let middle = |value: &mut f64, step: f64| *value = ((*value / step).floor() + 0.5) * step;
    let place = "place = { latitude = \"lat\", longitude = \"lon\" }";
    type Change = Box<dyn Fn(&mut Visit)>;
    let cases: Vec<(&str, Change, &[&str], String)> = vec![
        (
            "time = \"4h\"\nplace = \"0.04deg\"\ncolumns = { shop = \"drop\" }",
            Box::new(move |visit| {
                visit.1 = visit.1.div_euclid(14_400) * 14_400;
                middle(&mut visit.2, 0.04);
                middle(&mut visit.3, 0.04);
            }),
            &["shop"],
            manifest(
                "time = \"4h\", place = \"0.04deg\", item = true",
                &format!("time = \"at\"\n{place}\nitem = [\"kind\"]"),
            ),
        ),
        (
            "time = \"1d\"\nplace = \"drop\"\nrotation = \"7d\"",
            Box::new(|visit| {
                visit.0 = format!("{} {:05}", visit.0, visit.1.div_euclid(7 * 86_400));
                visit.1 = visit.1.div_euclid(86_400) * 86_400;
            }),
            &["lat", "lon"],
            manifest(
                "time = \"1d\", item = true",
                "time = \"at\"\nitem = [\"shop\", \"kind\"]",
            ),
        ),
        (
            "time = \"drop\"\nrotation = \"1d\"\ncolumns = { kind = \"drop\", shop = \"drop\" }\nplace = \"0.16deg\"",
            Box::new(move |visit| {
                visit.0 = format!("{} {:05}", visit.0, visit.1.div_euclid(86_400));
                middle(&mut visit.2, 0.16);
                middle(&mut visit.3, 0.16);
            }),
            &["at", "shop", "kind"],
            manifest("place = \"0.16deg\"", place),
        ),
    ];
    for (given, change, without, described) in cases {
        let advice = advised(
            folder.path(),
            Some(&format!("[[transform]]\ntable = \"visits\"\n{given}\n")),
        );
        let inner = at("transformed");
        std::fs::create_dir_all(&inner).unwrap();
        let mut moved = all.clone();
        moved.iter_mut().for_each(&*change);
        write_visits(&inner.join("visits.parquet"), &moved, without);
        std::fs::write(inner.join("release.toml"), described).unwrap();
        let report = audited(&inner.join("release.toml"), &at("policy.toml"));
        assert!(same(table(&advice, "visits"), &report) >= 2, "{given}");
    }
}

/// Time, place, count.
type Cell = (i64, String, Option<f64>);

fn write_cells(path: &Path, cells: &[Cell]) {
    let times = cells.iter().map(|cell| cell.0);
    let places = cells.iter().map(|cell| &cell.1);
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "from",
            Arc::new(TimestampSecondArray::from_iter_values(times)),
        ),
        ("cell", Arc::new(StringArray::from_iter_values(places))),
        (
            "seen",
            Arc::new(Float64Array::from_iter(cells.iter().map(|cell| cell.2))),
        ),
    ];
    parquet_file::write(path, columns);
}

#[test]
fn counts() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let draws = Draws::new(3, "advise", "counts");
    let mut cells: Vec<Cell> = Vec::new();
    for hour in 0..120 {
        let mut trial = draws.trial(hour);
        for cell in 0..6 {
            let count = trial.below(16) as f64;
            let known = trial.below(12) > 0;
            cells.push((
                hour as i64 * 3_600,
                format!("c{cell}"),
                known.then_some((count * 2.8).round()),
            ));
        }
    }
    write_cells(&at("seen.parquet"), &cells);
    let manifest = "[[table]]\nname = \"seen\"\npath = \"seen.parquet\"\nkind = \"flows\"\nplace = \"cell\"\n\
                    time = \"from\"\ncount = \"seen\"\nextrapolation = 2.8\n";
    std::fs::write(at("release.toml"), manifest).unwrap();
    let policy = asks(&[
        "small-cells.cells where={k=11}",
        "small-cells.share where={k=5}",
        "small-cells.k",
        "suppression-audit.exactly_recoverable",
    ]);
    std::fs::write(at("policy.toml"), policy).unwrap();
    for (given, width, minimum) in [
        ("minimum = 5", 3_600, Some(5)),
        ("time = \"4h\"", 14_400, None),
        ("time = \"1d\"\nminimum = 11", 86_400, Some(11)),
    ] {
        let advice = advised(
            folder.path(),
            Some(&format!("[[transform]]\ntable = \"seen\"\n{given}\n")),
        );
        let mut sums: BTreeMap<(i64, String), Option<f64>> = BTreeMap::new();
        for (time, cell, count) in &cells {
            let sum = sums
                .entry((time.div_euclid(width) * width, cell.clone()))
                .or_default();
            *sum = match (*sum, count) {
                (None, count) => *count,
                (sum, None) => sum,
                (Some(sum), Some(count)) => Some(sum + count),
            };
        }
        let told = sums.into_iter().map(|((time, cell), sum)| {
            let few = |sum: &f64| {
                minimum
                    .is_none_or(|minimum| *sum == 0.0 || least_persons(*sum) >= f64::from(minimum))
            };
            (time, cell, sum.filter(few))
        });
        let told: Vec<Cell> = told.collect();
        let inner = at("transformed");
        std::fs::create_dir_all(&inner).unwrap();
        write_cells(&inner.join("seen.parquet"), &told);
        std::fs::write(inner.join("release.toml"), manifest).unwrap();
        let report = audited(&inner.join("release.toml"), &at("policy.toml"));
        assert!(same(table(&advice, "seen"), &report) >= 3, "{given}");
        let sum = |cells: &[Cell]| cells.iter().filter_map(|cell| cell.2).sum::<f64>();
        let share = 1.0 - sum(&told) / sum(&cells);
        assert!((table(&advice, "seen").examined[1].suppressed - share).abs() < 1e-12);
        assert_eq!(
            table(&advice, "seen").state,
            State::Fails,
            "nothing meets what is asked"
        );
    }
}

/// Whoever has a register tells it as coarsely as the table.
#[test]
fn a_register_told_alike() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let population = rows(900, 1, 4);
    let sample: Vec<Row> = population.iter().step_by(3).cloned().collect();
    let without = ["who", "postcode", "born", "income"];
    let register = ["who", "postcode", "born", "income", "illness", "pay"];
    let manifest = |known: &str| {
        format!(
            "[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\nkind = \"microdata\"\nquasi_identifiers = \
             [{known}]\nsensitive = [\"illness\", \"pay\"]\n[table.hierarchies]\nward = \"wards.csv\"\n[[auxiliary]]\n\
             name = \"residents\"\nkind = \"population\"\npath = \"residents.parquet\"\nquasi_identifiers = [{known}]\n"
        )
    };
    let both = |folder: &Path, sample: &[Row], population: &[Row]| {
        std::fs::create_dir_all(folder).unwrap();
        write(&folder.join("persons.parquet"), sample, &without);
        write(&folder.join("residents.parquet"), population, &register);
        std::fs::write(folder.join("wards.csv"), WARDS).unwrap();
        std::fs::write(folder.join("release.toml"), manifest("\"age\", \"ward\"")).unwrap();
    };
    both(folder.path(), &sample, &population);
    let statistics = [
        "k-map.k",
        "journalist-risk.max",
        "journalist-risk.mean",
        "delta-presence.max",
    ];
    std::fs::write(at("policy.toml"), asks(&statistics)).unwrap();
    let given =
        "[[transform]]\ntable = \"persons\"\ncolumns = { age = \"band:5\", ward = \"level:1\" }\n";
    let advice = advised(folder.path(), Some(given));
    let told = |rows: &[Row]| {
        let mut rows = rows.to_vec();
        for row in &mut rows {
            row.age = row.age.map(|age| age.div_euclid(5) * 5);
            row.ward = if row.ward.starts_with('0') {
                "zero"
            } else {
                "one"
            }
            .to_owned();
        }
        rows
    };
    both(&at("transformed"), &told(&sample), &told(&population));
    let report = audited(&at("transformed/release.toml"), &at("policy.toml"));
    assert_eq!(same(table(&advice, "persons"), &report), 4);
}
