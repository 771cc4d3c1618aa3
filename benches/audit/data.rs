//! The generated tables of the benchmarks, written once below `target/`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray, TimestampSecondArray,
};
use arrow::datatypes::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

/// Rows of a row group.
const GROUP: usize = 1_000_000;

/// A well-mixed number for each (row, column): splitmix64.
fn mixed(row: u64, column: u64) -> u64 {
    let mut z = (row * 16 + column)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One of `count` values, small ones more often: the lesser of two draws.
fn skewed(row: u64, column: u64, count: u64) -> u64 {
    let draw = mixed(row, column);
    (draw % count).min(draw / count % count)
}

fn degrees(rows: std::ops::Range<u64>, line: impl Fn(u64) -> u64) -> ArrayRef {
    let values = rows.map(|row| 10.005 + line(row) as f64 / 100.0);
    Arc::new(Float64Array::from_iter_values(values))
}

fn words(rows: std::ops::Range<u64>, prefix: &str, value: impl Fn(u64) -> u64) -> ArrayRef {
    let values = rows.map(|row| format!("{prefix}{}", value(row)));
    Arc::new(StringArray::from_iter_values(values))
}

fn write(
    path: &Path,
    rows: u64,
    columns: impl Fn(std::ops::Range<u64>) -> Vec<(&'static str, ArrayRef)>,
) {
    let part = path.with_extension("part");
    let mut writer = None;
    for first in (0..rows).step_by(GROUP) {
        let columns = columns(first..(first + GROUP as u64).min(rows));
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, array)| Field::new(*name, array.data_type().clone(), false))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let writer = writer.get_or_insert_with(|| {
            let properties = WriterProperties::builder()
                .set_compression(Compression::ZSTD(ZstdLevel::default()))
                .set_max_row_group_row_count(Some(GROUP))
                .build();
            ArrowWriter::try_new(
                File::create(&part).unwrap(),
                schema.clone(),
                Some(properties),
            )
            .unwrap()
        });
        let arrays = columns.into_iter().map(|(_, array)| array).collect();
        writer
            .write(&RecordBatch::try_new(schema, arrays).unwrap())
            .unwrap();
    }
    writer.expect("there are rows").close().unwrap();
    std::fs::rename(part, path).unwrap();
}

/// A table of `rows` records of `rows / 20` persons: six quasi-identifiers with 2, 10, 24, 8, 50 and
/// 5 values, in random order or sorted by subject.
pub fn microdata(folder: &Path, rows: u64, sorted: bool) -> PathBuf {
    let path = folder.join(format!(
        "microdata-{rows}{}.parquet",
        if sorted { "-sorted" } else { "" }
    ));
    if path.exists() {
        return path;
    }
    std::fs::create_dir_all(folder).unwrap();
    let persons = rows / 20;
    write(&path, rows, |range| {
        let subject = move |row| {
            if sorted {
                row / 20
            } else {
                mixed(row, 0) % persons
            }
        };
        vec![
            (
                "subject",
                words(range.clone(), "p", move |row| 10_000_000 + subject(row)),
            ),
            ("gender", words(range.clone(), "g", |row| mixed(row, 1) % 2)),
            (
                "age_band",
                words(range.clone(), "a", |row| mixed(row, 2) % 10),
            ),
            (
                "region",
                words(range.clone(), "r", |row| skewed(row, 3, 24)),
            ),
            ("tariff", words(range.clone(), "t", |row| mixed(row, 4) % 8)),
            (
                "handset",
                words(range.clone(), "h", |row| skewed(row, 5, 50)),
            ),
            (
                "segment",
                words(range.clone(), "s", |row| mixed(row, 6) % 5),
            ),
            (
                "spend",
                Arc::new(Float64Array::from_iter_values(
                    range
                        .clone()
                        .map(|row| (mixed(row, 7) % 10_000) as f64 / 100.0),
                )),
            ),
            (
                "visits",
                Arc::new(Int32Array::from_iter_values(
                    range.map(|row| (mixed(row, 8) % 365) as i32),
                )),
            ),
        ]
    });
    path
}

/// A trace of `points` points, `each` of a person, sorted by person: four weeks, 5,000 cells, of
/// which each person sees some thirty; a cell is also a pair of coordinates on a grid of a hundredth of a
/// degree.
pub fn trace(folder: &Path, points: u64, each: u64) -> PathBuf {
    let path = folder.join(match each {
        100 => format!("traces-{points}.parquet"),
        _ => format!("traces-{points}-{each}.parquet"),
    });
    if path.exists() {
        return path;
    }
    std::fs::create_dir_all(folder).unwrap();
    write(&path, points, |range| {
        let cell = |row: u64| mixed(row / each * 31 + skewed(row, 1, 31), 2) % 5_000;
        let seconds = range
            .clone()
            .map(|row| 1_772_409_600 + (mixed(row, 3) % 2_419_200) as i64);
        vec![
            (
                "pseudonym",
                words(range.clone(), "p", |row| 10_000_000 + row / each),
            ),
            (
                "observed_at",
                Arc::new(TimestampSecondArray::from_iter_values(seconds).with_timezone("UTC")),
            ),
            ("cell", words(range.clone(), "c", cell)),
            ("latitude", degrees(range.clone(), |row| cell(row) / 72)),
            ("longitude", degrees(range, |row| cell(row) % 72)),
        ]
    });
    path
}
