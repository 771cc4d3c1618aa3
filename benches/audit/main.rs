//! How far the audit is from its limit: the time to decode the columns it needs.
//!
//! `cargo bench` writes its tables below `target/bench-data` at the first run (20 million records,
//! 50 million points; about 1 GB). `REIDRISK_BENCH_ROWS` and `REIDRISK_BENCH_POINTS` set other sizes.

mod data;

use std::path::{Path, PathBuf};

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use rayon::prelude::*;
use reidrisk::audit::{Options, audit};

fn main() {
    if std::env::args().any(|argument| argument == "--generate") {
        for path in [microdata(false), microdata(true), trace()] {
            println!("{}", path.display());
        }
        return;
    }
    if std::env::args().any(|argument| argument == "--generate-records") {
        println!("{}", microdata(false).display());
        return;
    }
    if std::env::args().any(|argument| argument == "--generate-traces") {
        println!("{}", trace().display());
        return;
    }
    if std::env::args().any(|argument| argument == "--generate-linkage") {
        println!("{}", linkage().display());
        return;
    }
    divan::main();
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench-data")
}

fn size(variable: &str, default: u64) -> u64 {
    std::env::var(variable)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

fn microdata(sorted: bool) -> PathBuf {
    data::microdata(&folder(), size("REIDRISK_BENCH_ROWS", 20_000_000), sorted)
}

fn trace() -> PathBuf {
    data::trace(&folder(), size("REIDRISK_BENCH_POINTS", 50_000_000), 100)
}

/// Persons with 200 points each, 100 in each half of the time.
fn linkage() -> PathBuf {
    let persons = size("REIDRISK_BENCH_PERSONS", 100_000);
    data::trace(&folder(), persons * 200, 200)
}

const KNOWN: [&str; 6] = [
    "gender", "age_band", "region", "tariff", "handset", "segment",
];

/// Decodes columns and looks at nothing: the limit.
fn decode(path: &Path, columns: &[&str]) -> usize {
    use arrow::datatypes::{DataType, Schema};
    let file = std::fs::File::open(path).unwrap();
    let options = ArrowReaderOptions::new();
    let plain = ArrowReaderMetadata::load(&file, options).unwrap();
    let fields: Vec<_> = plain
        .schema()
        .fields()
        .iter()
        .map(|field| {
            match (
                field.data_type(),
                KNOWN.contains(&field.name().as_str()) || field.name() == "cell",
            ) {
                (DataType::Utf8, true) => field.as_ref().clone().with_data_type(
                    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
                ),
                (DataType::Utf8, false) => {
                    field.as_ref().clone().with_data_type(DataType::Utf8View)
                }
                _ => field.as_ref().clone(),
            }
        })
        .collect();
    let options = ArrowReaderOptions::new().with_schema(Schema::new(fields).into());
    let metadata = ArrowReaderMetadata::try_new(plain.metadata().clone(), options).unwrap();
    let groups = metadata.metadata().num_row_groups();
    (0..groups)
        .into_par_iter()
        .map(|group| {
            let file = std::fs::File::open(path).unwrap();
            let builder =
                ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone());
            let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
            let reader = builder
                .with_projection(mask)
                .with_row_groups(vec![group])
                .with_batch_size(16_384)
                .build()
                .unwrap();
            reader.map(|batch| batch.unwrap().num_rows()).sum::<usize>()
        })
        .sum()
}

const CLASSES: [&str; 4] = [
    "k-anonymity",
    "uniqueness",
    "re-identification-risk",
    "direct-identifiers",
];

fn audited(table: &str, only: &[&str]) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("release.toml");
    std::fs::write(&path, table).unwrap();
    let options = Options {
        paths: vec![path],
        policy: "exploratory".to_owned(),
        only: only.iter().map(|id| (*id).to_owned()).collect(),
        ..Options::default()
    };
    audit(&options, &()).unwrap().findings[0]
        .value
        .unwrap()
        .as_f64()
}

fn persons(path: &Path, subject: bool, only: &[&str]) -> f64 {
    let subject = if subject {
        "subject = \"subject\"\nignore = ["
    } else {
        "ignore = [\"subject\", "
    };
    let table = format!(
        "[[table]]\nname = \"t\"\npath = {path:?}\nkind = \"microdata\"\nquasi_identifiers = {KNOWN:?}\n\
         {subject}\"spend\", \"visits\"]\n"
    );
    audited(&table, only)
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn microdata_decode_limit(bencher: divan::Bencher) {
    let path = microdata(false);
    bencher.bench(|| decode(&path, &KNOWN));
}

#[divan::bench(sample_count = 5, sample_size = 1, args = [false, true])]
fn microdata_audit_rows(bencher: divan::Bencher, sorted: bool) {
    let path = microdata(sorted);
    bencher.bench(|| persons(&path, false, &CLASSES));
}

#[divan::bench(sample_count = 5, sample_size = 1, args = [false, true])]
fn microdata_audit_distinct_persons(bencher: divan::Bencher, sorted: bool) {
    let path = microdata(sorted);
    bencher.bench(|| persons(&path, true, &CLASSES));
}

/// All 63 subsets of the six quasi-identifiers.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn microdata_all_subsets_rows(bencher: divan::Bencher) {
    let path = microdata(false);
    bencher.bench(|| persons(&path, false, &["quasi-identifier-subsets"]));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn trace_decode_limit(bencher: divan::Bencher) {
    let path = trace();
    bencher.bench(|| decode(&path, &["pseudonym", "observed_at", "cell"]));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn trace_unicity(bencher: divan::Bencher) {
    let path = trace();
    bencher.bench(|| {
        let table = format!(
            "[[table]]\nname = \"t\"\npath = {path:?}\nkind = \"trace\"\nsubject = \"pseudonym\"\n\
             time = \"observed_at\"\nplace = \"cell\"\nignore = [\"latitude\", \"longitude\"]\n\
             [measure.unicity]\npoints = [1, 2, 3, 4, 5]\nnoisy_points = []\n"
        );
        audited(&table, &["unicity"])
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn coordinates_decode_limit(bencher: divan::Bencher) {
    let path = trace();
    let columns = ["pseudonym", "observed_at", "latitude", "longitude"];
    bencher.bench(|| decode(&path, &columns));
}

/// Five bins of time by five cells.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn trace_resolutions(bencher: divan::Bencher) {
    let path = trace();
    bencher.bench(|| {
        let table = format!(
            "[[table]]\nname = \"t\"\npath = {path:?}\nkind = \"trace\"\nsubject = \"pseudonym\"\n\
             time = \"observed_at\"\nplace = {{ latitude = \"latitude\", longitude = \"longitude\" }}\n\
             ignore = [\"cell\"]\n"
        );
        audited(&table, &["unicity-resolution"])
    });
}
