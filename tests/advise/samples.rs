//! The sample release, transformed here as advised: the audit of the files says what the advice says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::{cast, concat_batches, filter_record_batch};
use arrow::datatypes::{DataType, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use reidrisk::report::advice::{Candidate, State};

use super::{advised, audited, least_persons, parquet_file, same, table};

fn naive(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("sample-data/naive")
        .join(name)
}

fn read(name: &str) -> RecordBatch {
    let file = std::fs::File::open(naive(name)).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    concat_batches(&batches[0].schema(), &batches).unwrap()
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = cast(batch.column_by_name(name).unwrap(), &DataType::Utf8).unwrap();
    let column = column.as_string::<i32>();
    (0..column.len())
        .map(|at| {
            if column.is_null(at) {
                String::new()
            } else {
                column.value(at).to_owned()
            }
        })
        .collect()
}

/// What a step makes of a column; `None` where it is left out.
fn told(column: &ArrayRef, how: &str) -> Option<ArrayRef> {
    let width = match how {
        "drop" => return None,
        "4h" => Some(14_400),
        "7d" => Some(7 * 86_400),
        "12h" => Some(43_200),
        "1d" => Some(86_400),
        "1h" => Some(3_600),
        _ => None,
    };
    if let Some(seconds) = width {
        let kind = column.data_type().clone();
        let per_second = match &kind {
            DataType::Timestamp(unit, _) => match format!("{unit:?}").as_str() {
                "Second" => 1,
                "Millisecond" => 1_000,
                "Microsecond" => 1_000_000,
                _ => 1_000_000_000,
            },
            other => panic!("{other} is no time"),
        };
        let width = seconds * per_second;
        let numbers = cast(column, &DataType::Int64).unwrap();
        let numbers = numbers.as_primitive::<Int64Type>();
        let floored = numbers
            .iter()
            .map(|n| n.map(|n| n.div_euclid(width) * width));
        let floored: ArrayRef = Arc::new(Int64Array::from_iter(floored));
        return Some(cast(&floored, &kind).unwrap());
    }
    let (way, by) = how.split_once(':').unwrap();
    let by: usize = by.parse().unwrap();
    Some(match way {
        "prefix" => {
            let column = cast(column, &DataType::Utf8).unwrap();
            let column = column.as_string::<i32>();
            Arc::new(StringArray::from_iter(
                column.iter().map(|text| text.map(|text| &text[..by])),
            ))
        }
        "band" => {
            let kind = column.data_type().clone();
            let numbers = cast(column, &DataType::Int64).unwrap();
            let numbers = numbers.as_primitive::<Int64Type>();
            let floored = numbers
                .iter()
                .map(|n| n.map(|n| n.div_euclid(by as i64) * by as i64));
            let floored: ArrayRef = Arc::new(Int64Array::from_iter(floored));
            cast(&floored, &kind).unwrap()
        }
        _ => panic!("{how} is not known here"),
    })
}

/// A table with its columns told as a candidate says; `time` is the column of times.
fn transformed(batch: &RecordBatch, candidate: &Candidate, time: &str) -> RecordBatch {
    let schema = batch.schema();
    let columns = schema
        .fields()
        .iter()
        .zip(batch.columns())
        .filter_map(|(field, column)| {
            let name = if field.name() == time {
                "time"
            } else {
                field.name()
            };
            let column = match candidate.changes.get(name) {
                Some(how) => told(column, how)?,
                None => column.clone(),
            };
            Some((field.name().as_str(), column))
        });
    RecordBatch::try_from_iter(columns.collect::<Vec<_>>()).unwrap()
}

fn write(path: &Path, batch: &RecordBatch) {
    let schema = batch.schema();
    let names = schema.fields().iter().map(|field| field.name().as_str());
    parquet_file::write(path, names.zip(batch.columns().iter().cloned()).collect());
}

const POLICY: &str = "[[require]]\nstatistic = \"k-anonymity.k\"\nmin = 11\n[[require]]\nstatistic = \
    \"uniqueness.share_unique\"\nmax = 0\n[[require]]\nstatistic = \"homogeneity-attack.share_certain\"\nwhere = { \
    certainty = 1 }\nmax = 0\n[[require]]\nstatistic = \"t-closeness.t\"\nwhere = { distance = \"equal\" }\nmax = \
    0.2\n[[require]]\nstatistic = \"unicity.share_unique\"\nwhere = { points = 4 }\nmax = 0.05\n[[require]]\nstatistic \
    = \"direct-identifiers.columns\"\nwhere = { kind = \"any\" }\nmax = 0\n[[require]]\nstatistic = \
    \"small-cells.cells\"\nwhere = { k = 11 }\nmax = 0\n";

/// The manifest of three of its tables, without what a candidate leaves out.
fn manifest(folder: &Path, left_out: &[&str], point: &str) -> String {
    let list = |names: &[&str]| {
        let kept = names.iter().filter(|name| !left_out.contains(name));
        kept.map(|name| format!("\"{name}\""))
            .collect::<Vec<_>>()
            .join(", ")
    };
    format!(
        "[release]\nseed = 20_260_302\n[[table]]\npath = \"{at}/subscribers.parquet\"\nkind = \"microdata\"\nsubject = \
         \"pseudonym\"\nquasi_identifiers = [{}]\nsensitive = [{}]\n[[table]]\npath = \"{at}/device_events.parquet\"\n\
         kind = \"trace\"\nsubject = \"pseudonym\"\ntime = \"event_at\"\nitem = [{}]\npoint = {{ time = \"{point}\", \
         item = true }}\n[[table]]\npath = \"{at}/flows.parquet\"\nkind = \"flows\"\norigin = \"from_cell\"\ndestination \
         = \"to_cell\"\ntime = \"hour\"\ncount = \"travellers\"\nextrapolation = 2.8\n",
        list(&["age", "gender", "postcode", "tariff", "handset"]),
        list(&["monthly_spend_band", "payment_status"]),
        list(&["device", "kind", "state"]),
        at = folder.display()
    )
}

#[test]
fn the_naive_release_as_advised() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("release.toml"), manifest(&naive(""), &[], "15m")).unwrap();
    std::fs::write(path("policy.toml"), POLICY).unwrap();
    let advice = advised(folder.path(), None);
    let chosen = |name: &str| {
        let table = table(&advice, name);
        assert_eq!(table.state, State::Found, "{name}");
        &table.examined[table.chosen.unwrap() as usize]
    };
    // Persons: columns told, then whoever is in a small class left out; each has one row.
    let candidate = chosen("subscribers");
    let all = read("subscribers.parquet");
    let moved = transformed(&all, candidate, "");
    let known = ["age", "gender", "postcode", "tariff", "handset"];
    let known = known
        .iter()
        .filter(|name| moved.column_by_name(name).is_some());
    let known: Vec<Vec<String>> = known.map(|name| texts(&moved, name)).collect();
    let class = |at: usize| {
        known
            .iter()
            .map(|column| column[at].as_str())
            .collect::<Vec<_>>()
    };
    let mut sizes: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    (0..moved.num_rows()).for_each(|at| *sizes.entry(class(at)).or_default() += 1);
    let below = match candidate.changes.get("suppress") {
        Some(text) => text.strip_prefix("below ").unwrap().parse().unwrap(),
        None => 0,
    };
    let stays = (0..moved.num_rows()).map(|at| Some(sizes[&class(at)] >= below));
    let moved = filter_record_batch(&moved, &stays.collect()).unwrap();
    write(&path("subscribers.parquet"), &moved);
    let share = 1.0 - moved.num_rows() as f64 / all.num_rows() as f64;
    assert!((candidate.suppressed - share).abs() < 1e-12);
    // A trace.
    let candidate = chosen("device_events");
    assert_eq!(
        candidate.changes["device"], "drop",
        "it is the address of a device"
    );
    let events = transformed(&read("device_events.parquet"), candidate, "event_at");
    write(&path("device_events.parquet"), &events);
    let point = candidate.changes.get("time").map_or("15m", String::as_str);
    // Counts: summed, then small ones left out.
    let candidate = chosen("flows");
    let flows = transformed(&read("flows.parquet"), candidate, "hour");
    let hours = cast(flows.column_by_name("hour").unwrap(), &DataType::Int64).unwrap();
    let hours = hours.as_primitive::<Int64Type>();
    let (from, to, counts) = (
        texts(&flows, "from_cell"),
        texts(&flows, "to_cell"),
        texts(&flows, "travellers"),
    );
    let mut sums: BTreeMap<(i64, &str, &str), f64> = BTreeMap::new();
    for at in 0..flows.num_rows() {
        let key = (hours.value(at), from[at].as_str(), to[at].as_str());
        *sums.entry(key).or_default() += counts[at].parse::<f64>().unwrap();
    }
    let minimum = candidate
        .changes
        .get("minimum")
        .map_or(0.0, |text| text.parse().unwrap());
    let kept = |sum: &f64| least_persons(*sum) >= minimum;
    let hour: ArrayRef = Arc::new(Int64Array::from_iter_values(sums.keys().map(|key| key.0)));
    let hour = cast(&hour, flows.column_by_name("hour").unwrap().data_type()).unwrap();
    let text = |of: fn(&(i64, &'_ str, &'_ str)) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(sums.keys().map(of)))
    };
    parquet_file::write(
        &path("flows.parquet"),
        vec![
            ("from_cell", text(|key| key.1.to_owned())),
            ("to_cell", text(|key| key.2.to_owned())),
            ("hour", hour),
            (
                "travellers",
                Arc::new(Float64Array::from_iter(
                    sums.values().map(|sum| Some(*sum).filter(kept)),
                )),
            ),
        ],
    );
    let left_out = |name: &&str| {
        let tables = ["subscribers", "device_events"];
        tables.iter().any(|table| {
            chosen(table)
                .changes
                .get(*name)
                .is_some_and(|how| how == "drop")
        })
    };
    let all = [
        "age",
        "gender",
        "postcode",
        "tariff",
        "handset",
        "monthly_spend_band",
        "payment_status",
    ];
    let items = ["device", "kind", "state"];
    let left_out: Vec<&str> = all.into_iter().chain(items).filter(left_out).collect();
    std::fs::create_dir(path("new")).unwrap();
    std::fs::write(
        path("new/release.toml"),
        manifest(folder.path(), &left_out, point),
    )
    .unwrap();
    let report = audited(&path("new/release.toml"), &path("policy.toml"));
    let compared =
        ["subscribers", "device_events", "flows"].map(|name| same(table(&advice, name), &report));
    assert!(
        compared[0] >= 4 && compared[1] >= 2 && compared[2] >= 1,
        "{compared:?}"
    );
    assert_eq!(report.verdict, advice.after, "what was said to pass passes");
    assert_eq!(report.verdict, reidrisk::report::Verdict::Pass);
}
