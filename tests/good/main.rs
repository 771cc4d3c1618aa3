//! Releases that a careful publisher would make pass `strict`: a gate that cries wolf is switched off.
//!
//! They are made from the bundled sample data and, where these lie beside the checkout, from real public datasets: as
//! counts without small cells, as attributes whose rare combinations are suppressed, with columns under `ignore` that
//! single nobody out. Files of the common writers pass as well.

#[path = "../shared/parquet.rs"]
mod parquet_file;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Int64Type, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use reidrisk::audit::{Options, audit};
use reidrisk::finding::Outcome;
use reidrisk::report::{Report, Verdict};

const DAY: i64 = 86_400;
/// Fewer persons than this are too few for `strict`.
const FEWEST: usize = 11;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A real dataset beside the checkout; where it is not, the test says so. The tests of the sample data do not depend
/// on it.
fn beside(name: &str) -> Option<PathBuf> {
    let path = here("../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: the real data is not beside the checkout ({name})");
    None
}

fn read(path: &Path) -> RecordBatch {
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let folders = std::fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        files = folders
            .flat_map(|folder| std::fs::read_dir(folder).unwrap())
            .map(|entry| entry.unwrap().path())
            .collect();
    }
    let batches: Vec<RecordBatch> = files
        .iter()
        .flat_map(|file| {
            let file = std::fs::File::open(file).unwrap();
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
            reader.build().unwrap().map(Result::unwrap)
        })
        .collect();
    concat_batches(&batches[0].schema(), &batches).unwrap()
}

/// A column as texts; null as nothing.
fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = cast(batch.column_by_name(name).unwrap(), &DataType::Utf8).unwrap();
    let column = column.as_string::<i32>();
    column.iter().map(|text| text.map(str::to_owned)).collect()
}

/// A column of instants in seconds since 1970.
fn seconds(batch: &RecordBatch, name: &str) -> Vec<i64> {
    let column = batch.column_by_name(name).unwrap();
    let zone = match column.data_type() {
        DataType::Timestamp(_, zone) => zone.clone(),
        _ => None,
    };
    let column = cast(column, &DataType::Timestamp(TimeUnit::Second, zone)).unwrap();
    let column = cast(&column, &DataType::Int64).unwrap();
    column.as_primitive::<Int64Type>().values().to_vec()
}

/// Who was where, or did what, on which day.
struct Events {
    who: Vec<Option<String>>,
    when: Vec<i64>,
    what: Vec<Option<String>>,
}

impl Events {
    fn of(path: &Path, who: &str, when: &str, what: &str) -> Self {
        let batch = read(path);
        Self {
            who: texts(&batch, who),
            when: seconds(&batch, when),
            what: texts(&batch, what),
        }
    }

    /// The number of different persons of each place or thing and time, where there are enough of them.
    fn counts(&self, step: i64) -> BTreeMap<(String, i64), usize> {
        let mut persons: BTreeMap<(String, i64), BTreeSet<&str>> = BTreeMap::new();
        for ((who, when), what) in self.who.iter().zip(&self.when).zip(&self.what) {
            if let (Some(who), Some(what)) = (who, what) {
                let cell = (what.clone(), when.div_euclid(step) * step);
                persons.entry(cell).or_default().insert(who);
            }
        }
        let counts = persons.into_iter();
        let counts = counts.map(|(cell, persons)| (cell, persons.len()));
        counts.filter(|(_, count)| *count >= FEWEST).collect()
    }
}

/// Audits what was written into a folder, under `strict`.
fn audited(folder: &Path, manifest: &str) -> Report {
    let path = folder.join("release.toml");
    std::fs::write(&path, format!("[release]\nname = \"good\"\n{manifest}")).unwrap();
    let options = Options {
        paths: vec![path],
        policy: "strict".to_owned(),
        ..Options::default()
    };
    audit(&options, &()).unwrap()
}

/// # Panics
/// The release does not pass; it is said for what.
fn passes(report: &Report, what: &str) {
    let asked = report.policy.requirements.iter();
    let failed = asked.filter(|line| line.outcome == Outcome::Fail);
    let failed: Vec<String> = failed
        .map(|line| {
            let reason = line
                .reason
                .as_ref()
                .map(|reason| reason.english().to_owned());
            let columns = line.judged.iter().flat_map(|judged| {
                let finding = &report.findings[judged.finding];
                (judged.outcome == Outcome::Fail).then(|| finding.columns.clone())
            });
            let columns: Vec<_> = columns.collect();
            format!(
                "{} {:?} {columns:?} {reason:?}",
                line.statistic, line.parameters
            )
        })
        .collect();
    assert!(failed.is_empty(), "{what}: {failed:#?}");
    assert_eq!(report.verdict, Verdict::Pass, "{what}");
}

/// Publishes counts by place or thing and time, beside columns that say nothing of anybody: a constant, the weather of
/// the day, a code and a long description of each thing.
fn counts_pass(events: &Events, step: i64, what: &str) {
    let counts = events.counts(step);
    assert!(counts.len() >= 20, "{what}: {} cells are few", counts.len());
    let cells: Vec<_> = counts.keys().collect();
    let names: BTreeSet<&String> = cells.iter().map(|(name, _)| name).collect();
    let code = |name: &String| names.range::<String, _>(..name.clone()).count();
    let of_name = |text: &dyn Fn(&String) -> String| -> ArrayRef {
        let texts = cells.iter().map(|(name, _)| text(name));
        Arc::new(StringArray::from_iter_values(texts))
    };
    let times = cells.iter().map(|(_, time)| *time);
    let when: ArrayRef = match step % DAY {
        0 => Arc::new(Date32Array::from_iter_values(
            times.clone().map(|time| (time / DAY) as i32),
        )),
        _ => {
            let instants = times.clone();
            let instants = arrow::array::TimestampSecondArray::from_iter_values(instants);
            Arc::new(instants.with_timezone("UTC"))
        }
    };
    let rain = times.map(|time| (time / DAY) % 7);
    let folder = tempfile::tempdir().unwrap();
    let count = counts.values().map(|count| *count as i64);
    parquet_file::write(
        &folder.path().join("counts.parquet"),
        vec![
            ("what", of_name(&Clone::clone)),
            ("from", when),
            ("persons", Arc::new(Int64Array::from_iter_values(count))),
            ("source", of_name(&|_| "network".to_owned())),
            ("rain_mm", Arc::new(Int64Array::from_iter_values(rain))),
            ("code", of_name(&|name| format!("A-{:04}", code(name)))),
            (
                "description",
                of_name(&|name| {
                    format!(
                        "Entry {} of the catalogue: the number of different persons who were counted there at least \
                         once in the time that begins with the first column, as the network saw them.",
                        code(name)
                    )
                }),
            ),
        ],
    );
    let manifest = "[[table]]\nname = \"counts\"\npath = \"counts.parquet\"\nkind = \"flows\"\nplace = \"what\"\n\
                    time = \"from\"\ncount = \"persons\"\nabsent = \"suppressed\"\n\
                    ignore = [\"source\", \"rain_mm\", \"code\", \"description\"]\n";
    passes(&audited(folder.path(), manifest), what);
}

/// Publishes attributes of persons with rare combinations suppressed, beside a constant and a code of an attribute.
fn attributes_pass(columns: &[(&str, Vec<String>)], what: &str) {
    let rows = columns[0].1.len();
    let tuple = |row: usize| -> Vec<&str> {
        let values = columns.iter().map(|(_, values)| values[row].as_str());
        values.collect()
    };
    let mut classes: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for row in 0..rows {
        *classes.entry(tuple(row)).or_default() += 1;
    }
    let mut kept: Vec<usize> = (0..rows)
        .filter(|row| classes[&tuple(*row)] >= FEWEST)
        .collect();
    assert!(
        kept.len() * 10 >= rows * 9,
        "{what}: too much is suppressed"
    );
    // In the order of the values: that of the source says something.
    kept.sort_by_key(|row| tuple(*row));
    let of = |text: &dyn Fn(usize) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(
            kept.iter().map(|row| text(*row)),
        ))
    };
    let mut written: Vec<(&str, ArrayRef)> = Vec::new();
    for (name, values) in columns {
        written.push((name, of(&|row| values[row].clone())));
    }
    let first: BTreeSet<&String> = columns[0].1.iter().collect();
    written.push(("wave", of(&|_| "2026-1".to_owned())));
    written.push((
        "tariff_code",
        of(&|row| {
            let before = first.range::<String, _>(..columns[0].1[row].clone());
            format!("T{:02}", before.count())
        }),
    ));
    let folder = tempfile::tempdir().unwrap();
    parquet_file::write(&folder.path().join("persons.parquet"), written);
    let names: Vec<String> = columns
        .iter()
        .map(|(name, _)| format!("{name:?}"))
        .collect();
    let manifest = format!(
        "[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\nkind = \"microdata\"\nquasi_identifiers = [{}]\n\
         ignore = [\"wave\", \"tariff_code\"]\n",
        names.join(", ")
    );
    passes(&audited(folder.path(), &manifest), what);
}

#[test]
fn files_of_the_common_writers_pass() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(here("tests/good/writers"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "parquet"))
        .collect();
    files.sort();
    assert_eq!(files.len(), 12);
    for file in files {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(&file, folder.path().join("members.parquet")).unwrap();
        let manifest = "[[table]]\nname = \"members\"\npath = \"members.parquet\"\nkind = \"microdata\"\n\
                        quasi_identifiers = [\"age_band\", \"gender\"]\nignore = [\"season\", \"rain_mm\", \"published\"]\n";
        let report = audited(folder.path(), manifest);
        passes(&report, &file.file_name().unwrap().to_string_lossy());
        assert_eq!(report.release.tables[0].rows, 144);
    }
}

#[test]
fn counts_of_the_sample_data_pass() {
    let naive = here("sample-data/naive");
    for (file, when, what, step) in [
        ("movements", "observed_at", "cell", DAY),
        ("purchases.parquet", "paid_at", "category", DAY),
        ("device_events.parquet", "event_at", "kind", DAY),
    ] {
        let events = Events::of(&naive.join(file), "pseudonym", when, what);
        counts_pass(&events, step, file);
    }
}

#[test]
fn attributes_of_the_sample_data_pass() {
    let batch = read(&here("sample-data/naive/subscribers.parquet"));
    let of = |name: &str| -> Vec<String> {
        let texts = texts(&batch, name).into_iter();
        texts.map(Option::unwrap_or_default).collect()
    };
    let band = |age: String| match age.parse::<u32>() {
        Ok(age) => format!("{}-{}", age / 20 * 20, age / 20 * 20 + 19),
        Err(_) => age,
    };
    let ages: Vec<String> = of("age").into_iter().map(band).collect();
    attributes_pass(
        &[("gender", of("gender")), ("age_band", ages)],
        "subscribers",
    );
}

/// The columns that the optimum of ARX leaves of it, at 11 persons a class.
#[test]
fn adult_without_its_fine_columns_passes() {
    let Some(path) = beside("adult.parquet") else {
        return;
    };
    let batch = read(&path);
    let columns = ["sex", "race", "marital-status", "workclass"];
    let columns = columns.map(|name| {
        let values = texts(&batch, name).into_iter();
        (name, values.map(Option::unwrap_or_default).collect())
    });
    attributes_pass(&columns, "adult");
}

#[test]
fn check_ins_by_category_and_week_pass() {
    let Some(path) = beside("foursquare_nyc.parquet") else {
        return;
    };
    let events = Events::of(&path, "user_id", "ts", "category_id");
    counts_pass(&events, 7 * DAY, "check-ins");
}

#[test]
fn taxis_by_cell_and_hour_pass() {
    let Some(path) = beside("cabspotting_events.parquet") else {
        return;
    };
    let mut events = Events::of(&path, "cab_id", "ts", "event");
    let batch = read(&path);
    let degrees = |name: &str| -> Vec<i64> {
        let column = cast(batch.column_by_name(name).unwrap(), &DataType::Float64).unwrap();
        let column = column.as_primitive::<arrow::datatypes::Float64Type>();
        let cells = column
            .values()
            .iter()
            .map(|degrees| (degrees * 50.0).floor());
        cells.map(|cell| cell as i64).collect()
    };
    let (rows, columns) = (degrees("lat"), degrees("lon"));
    for (at, what) in events.what.iter_mut().enumerate() {
        *what = Some(format!("cell {} {}", rows[at], columns[at]));
    }
    counts_pass(&events, 3_600, "taxis");
}

#[test]
fn purchases_by_country_and_week_pass() {
    let Some(path) = beside("online_retail.parquet") else {
        return;
    };
    let events = Events::of(&path, "customer_id", "ts", "country");
    counts_pass(&events, 7 * DAY, "purchases by country");
    // A category is what the last word of a description names.
    let mut events = Events::of(&path, "customer_id", "ts", "item");
    for what in &mut events.what {
        let last = what
            .as_deref()
            .and_then(|item| item.split_whitespace().last());
        *what = last.map(str::to_owned);
    }
    counts_pass(&events, 7 * DAY, "purchases by category");
}

#[test]
fn meters_by_street_and_day_pass() {
    let Some(path) = beside("lcl_smart_meter_2013_a.parquet") else {
        return;
    };
    let mut events = Events::of(&path, "household_id", "ts", "household_id");
    for what in &mut events.what {
        let sum: u32 = what.iter().flat_map(|id| id.bytes()).map(u32::from).sum();
        *what = Some(["Chestnut Row", "Mill Lane"][sum as usize % 2].to_owned());
    }
    counts_pass(&events, DAY, "meters");
}
