//! What files carry beyond the cells of their rows: planted leaks of every kind are found, and clean files have none.

#[path = "shared/threads.rs"]
mod threads;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampSecondArray};
use arrow::datatypes::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion,
};
use parquet::schema::types::ColumnPath;
use reidrisk::audit::Options;
use reidrisk::error::Error;
use reidrisk::report::Report;
use reidrisk::stats::Draws;

type Columns = Vec<(&'static str, ArrayRef)>;

fn texts<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> ArrayRef {
    let values = values.into_iter().map(Some);
    Arc::new(StringArray::from_iter(values))
}

fn numbers(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn times(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampSecondArray::from_iter_values(values))
}

fn written(columns: Columns, properties: WriterProperties) -> Vec<u8> {
    with_metadata(columns, properties, &[])
}

/// A file; `described` are columns with metadata of their own.
fn with_metadata(columns: Columns, properties: WriterProperties, described: &[&str]) -> Vec<u8> {
    let field = |(name, array): &(&str, ArrayRef)| {
        let field = Field::new(*name, array.data_type().clone(), true);
        let own = [("comment".to_owned(), "as in the register".to_owned())];
        match described.contains(name) {
            true => field.with_metadata(own),
            false => field,
        }
    };
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(schema.clone(), arrays).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn plain() -> WriterPropertiesBuilder {
    WriterProperties::builder()
}

const PERSONS: &str = "kind = \"microdata\"\nquasi_identifiers = [\"city\"]\n";
const TRACE: &str = "kind = \"trace\"\nsubject = \"who\"\ntime = \"at\"\nitem = [\"what\"]\n";

fn run(path: &Path, roles: &str) -> Result<Report, Error> {
    let folder = path.parent().unwrap();
    let manifest = folder.join("release.toml");
    let name = path.file_name().unwrap().to_str().unwrap();
    let text = format!("[[table]]\nname = \"t\"\npath = \"{name}\"\n{roles}");
    std::fs::write(&manifest, text).unwrap();
    let options = Options {
        paths: vec![manifest],
        policy: "exploratory".to_owned(),
        only: vec!["file-leaks".to_owned()],
        ..Options::default()
    };
    threads::audited(&options)
}

fn audited(bytes: &[u8], roles: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    std::fs::write(&path, bytes).unwrap();
    run(&path, roles).unwrap()
}

/// The kinds of which there are leaks, and how many.
fn leaks(report: &Report) -> BTreeMap<String, u64> {
    let found = report.findings.iter().filter(|f| f.statistic == "leaks");
    let all = found.map(|f| {
        let count = f.value.unwrap().as_f64() as u64;
        (f.parameters["kind"].to_string(), count)
    });
    let all: BTreeMap<String, u64> = all.collect();
    assert_eq!(all.len(), 21, "every kind is always there");
    all.into_iter().filter(|(_, count)| *count > 0).collect()
}

fn kinds(of: &[(&str, u64)]) -> BTreeMap<String, u64> {
    of.iter()
        .map(|(kind, count)| ((*kind).to_owned(), *count))
        .collect()
}

/// How many values of no row a column has.
fn values(report: &Report, kind: &str, column: &str) -> u64 {
    let is = |f: &&reidrisk::finding::Finding| {
        f.statistic == "values" && f.columns == [column] && f.parameters["kind"].to_string() == kind
    };
    let found = report.findings.iter().find(is);
    found.map_or(0, |f| f.value.unwrap().as_f64() as u64)
}

/// Where `pattern` stands in `bytes`, the first time.
fn position(bytes: &[u8], pattern: &[u8]) -> usize {
    let mut windows = bytes.windows(pattern.len());
    windows
        .position(|window| window == pattern)
        .expect("it is there")
}

fn replace(bytes: &mut [u8], pattern: &[u8], by: &[u8]) {
    let at = position(bytes, pattern);
    bytes[at..at + by.len()].copy_from_slice(by);
}

#[test]
fn clean_files_have_no_leaks() {
    let cities = || texts((0..5_000).map(|row| format!("city {}", row * 7 % 90)));
    for properties in [
        plain(),
        plain().set_writer_version(WriterVersion::PARQUET_2_0),
        plain().set_dictionary_enabled(false),
        plain().set_statistics_enabled(EnabledStatistics::None),
        plain().set_max_row_group_row_count(Some(700)),
        plain()
            .set_data_page_row_count_limit(100)
            .set_write_batch_size(100),
        // Dictionaries that are given up half way.
        plain()
            .set_dictionary_page_size_limit(300)
            .set_write_batch_size(100),
        plain().set_bloom_filter_enabled(true),
        // Bounds that are cut.
        plain().set_statistics_truncate_length(Some(16)),
    ] {
        let long = |row: i64| format!("a long street without end, number {} ü", row * 31 % 877);
        let columns = vec![
            ("city", cities()),
            ("street", texts((0..5_000).map(long))),
            (
                "number",
                numbers((0..5_000).map(|row| row * 17 % 1_000 - 500)),
            ),
            (
                "real",
                Arc::new(arrow::array::Float64Array::from_iter(
                    (0..5_000).map(|row| (row % 3 > 0).then(|| f64::from(row % 11) * -0.0)),
                )),
            ),
        ];
        let roles = "kind = \"microdata\"\nquasi_identifiers = [\"city\", \"street\", \"number\", \"real\"]\n";
        let report = audited(&written(columns, properties.build()), roles);
        assert_eq!(leaks(&report), kinds(&[]));
    }
}

/// Eight rows, three values of them, each in one dictionary; the row with `ccc` is made one with `a`.
fn stale(version: WriterVersion, nulls: bool, statistics: EnabledStatistics) -> Vec<u8> {
    let mut rows = vec![Some("a"), Some("bb"), Some("ccc")];
    rows.extend([Some("a"); 5]);
    if nulls {
        rows.splice(1..1, [None, None]);
    }
    let cities: ArrayRef = Arc::new(StringArray::from(rows));
    let properties = plain()
        .set_writer_version(version)
        .set_statistics_enabled(statistics);
    let mut bytes = written(vec![("city", cities)], properties.build());
    // Two bits an index, one run of eight of them: 0, 1, 2, 0, 0, 0, 0, 0.
    replace(&mut bytes, &[2, 3, 0b0010_0100, 0], &[2, 3, 0b0000_0100, 0]);
    bytes
}

#[test]
fn dictionary_entries_of_no_row_are_found() {
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for nulls in [false, true] {
            let report = audited(&stale(version, nulls, EnabledStatistics::None), PERSONS);
            assert_eq!(leaks(&report), kinds(&[("stale-dictionary", 1)]));
            assert_eq!(values(&report, "stale-dictionary", "city"), 1);
            let bounded = audited(&stale(version, nulls, EnabledStatistics::Page), PERSONS);
            let both = kinds(&[("stale-dictionary", 1), ("stale-statistics", 1)]);
            assert_eq!(leaks(&bounded), both);
            assert_eq!(values(&bounded, "stale-statistics", "city"), 1);
            let text = serde_json::to_string(&bounded).unwrap();
            assert!(!text.contains("ccc"), "a report shows no value");
        }
    }
}

#[test]
fn numbers_have_dictionaries_too() {
    let rows = [11, 22, 33, 11, 11, 11, 11, 11];
    let columns = vec![("city", texts(["x"; 8])), ("number", numbers(rows))];
    let properties = plain().set_statistics_enabled(EnabledStatistics::None);
    let mut bytes = written(columns, properties.build());
    replace(&mut bytes, &[2, 3, 0b0010_0100, 0], &[2, 3, 0b0001_0100, 0]);
    let roles = "kind = \"microdata\"\nquasi_identifiers = [\"city\", \"number\"]\n";
    let report = audited(&bytes, roles);
    assert_eq!(leaks(&report), kinds(&[("stale-dictionary", 1)]));
    assert_eq!(values(&report, "stale-dictionary", "number"), 1);
}

#[test]
fn an_entry_that_another_row_group_uses_is_no_leak() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("t");
    std::fs::create_dir(&table).unwrap();
    let first = stale(WriterVersion::PARQUET_1_0, false, EnabledStatistics::Page);
    std::fs::write(table.join("1.parquet"), first).unwrap();
    let other = |city: &str, dictionary: bool| {
        let properties = plain().set_dictionary_enabled(dictionary).build();
        written(vec![("city", texts([city, "a"]))], properties)
    };
    for dictionary in [true, false] {
        std::fs::write(table.join("2.parquet"), other("ccc", dictionary)).unwrap();
        assert_eq!(leaks(&run(&table, PERSONS).unwrap()), kinds(&[]));
        std::fs::write(table.join("2.parquet"), other("cc", dictionary)).unwrap();
        let both = kinds(&[("stale-dictionary", 1), ("stale-statistics", 1)]);
        assert_eq!(leaks(&run(&table, PERSONS).unwrap()), both);
    }
}

#[test]
fn bounds_of_no_row_are_found() {
    let cities = || vec![("city", texts(["Fuerth", "Nuernberg", "Zirndorf"]))];
    let properties = plain()
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::Chunk);
    let mut bytes = written(cities(), properties.build());
    replace(&mut bytes, b"Zirndorf", b"Fuerthxx");
    let report = audited(&bytes, PERSONS);
    assert_eq!(leaks(&report), kinds(&[("stale-statistics", 1)]));
    // Of a bound that was cut only the beginning can be compared.
    let streets = || {
        [
            "an end of a street",
            "the beginning of a street",
            "the middle of a street",
        ]
    };
    let cut = plain()
        .set_dictionary_enabled(false)
        .set_statistics_truncate_length(Some(16))
        .set_column_index_truncate_length(Some(16));
    let mut bytes = written(vec![("city", texts(streets()))], cut.build());
    assert_eq!(leaks(&audited(&bytes, PERSONS)), kinds(&[]));
    replace(&mut bytes, b"an end of a street", b"in end of a street");
    assert_eq!(
        leaks(&audited(&bytes, PERSONS)),
        kinds(&[("stale-statistics", 1)])
    );
}

#[test]
fn a_dictionary_that_contradicts_itself_is_an_error() {
    let refused = |pattern: &[u8], by: &[u8]| {
        let mut bytes = stale(WriterVersion::PARQUET_1_0, false, EnabledStatistics::None);
        replace(&mut bytes, pattern, by);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        std::fs::write(&path, bytes).unwrap();
        // The table has no other measure that reads it: what is decoded of it is decoded for the files.
        let error = run(&path, PERSONS).unwrap_err();
        assert_eq!(error.exit_code(), 3);
        let message = format!("{error:?}");
        for part in [
            "t.parquet",
            "row group 0",
            "column `city`",
            "write it again",
        ] {
            assert!(message.contains(part), "{message}");
        }
        message
    };
    // The second entry is longer than the page.
    let long = refused(&[2, 0, 0, 0, b'b', b'b'], &[0xff, 0xff, 0, 0, b'b', b'b']);
    assert!(long.contains("not as long as it says"), "{long}");
    // An index of 3 into three entries.
    let beyond = refused(&[2, 3, 0b0000_0100, 0], &[2, 3, 0b0011_0100, 0]);
    assert!(beyond.contains("beyond its dictionary"), "{beyond}");
}

#[test]
fn metadata_is_looked_through() {
    let of = |key: &str, value: &str| {
        let entry = KeyValue::new(key.to_owned(), value.to_owned());
        let properties = plain().set_key_value_metadata(Some(vec![entry])).build();
        let columns = vec![("city", texts(["x", "y", "x"]))];
        audited(&written(columns, properties), PERSONS)
    };
    let pandas = |column: &str, stop: u64| {
        format!(
            r#"{{"index_columns": [{{"kind": "range", "name": null, "start": 0, "stop": {stop}, "step": 1}}],
            "columns": [{{"name": "{column}", "field_name": "{column}", "metadata": null}}]}}"#
        )
    };
    assert_eq!(leaks(&of("pandas", &pandas("city", 3))), kinds(&[]));
    let foreign = of("pandas", &pandas("msisdn", 3));
    assert_eq!(leaks(&foreign), kinds(&[("foreign-columns", 1)]));
    let text = serde_json::to_string(&foreign).unwrap();
    assert!(
        text.contains("pandas") && !text.contains("msisdn"),
        "the key, not the value"
    );
    assert_eq!(
        leaks(&of("pandas", &pandas("city", 9))),
        kinds(&[("row-index", 1)])
    );
    let path = of("org.apache.spark.version", "/home/amuster/spark-3.5");
    let both = kinds(&[("origin", 1), ("unknown-metadata", 1)]);
    assert_eq!(leaks(&path), both);
    assert!(!serde_json::to_string(&path).unwrap().contains("amuster"));
    assert_eq!(
        leaks(&of("job", "nightly")),
        kinds(&[("unknown-metadata", 1)])
    );
    let spark = r#"{"type":"struct","fields":[{"name":"city","type":"string","nullable":true,
                   "metadata":{"comment":"of birth"}}]}"#;
    let described = of("org.apache.spark.sql.parquet.row.metadata", spark);
    assert_eq!(leaks(&described), kinds(&[("descriptions", 1)]));
    let writer = plain().set_created_by("nightly export by amuster on ws-17".to_owned());
    let columns = || vec![("city", texts(["x"]))];
    let report = audited(&written(columns(), writer.build()), PERSONS);
    assert_eq!(leaks(&report), kinds(&[("origin", 1)]));
    let arrow = with_metadata(columns(), plain().build(), &["city"]);
    assert_eq!(
        leaks(&audited(&arrow, PERSONS)),
        kinds(&[("descriptions", 1)])
    );
}

#[test]
fn copies_of_hidden_columns_are_found() {
    let columns = || {
        vec![
            ("city", texts((0..40).map(|row| format!("{}", row % 3)))),
            ("who", numbers((0..40).map(|row| row * 17 % 41))),
            (
                "mail",
                texts((0..40).map(|row| format!("{}", row * 13 % 47))),
            ),
            (
                "note",
                texts((0..40).map(|row| format!("{}", row * 11 % 43))),
            ),
        ]
    };
    let roles = format!(
        "{PERSONS}subject = \"who\"\ndirect_identifiers = [\"mail\"]\nignore = [\"note\"]\n"
    );
    let of = |properties: WriterPropertiesBuilder| {
        leaks(&audited(&written(columns(), properties.build()), &roles))
    };
    let without = || plain().set_statistics_enabled(EnabledStatistics::None);
    assert_eq!(of(without()), kinds(&[]));
    let pages = kinds(&[
        ("statistics", 2),
        ("page-index", 2),
        ("subject-statistics", 1),
    ]);
    assert_eq!(
        of(plain().set_statistics_enabled(EnabledStatistics::Page)),
        pages
    );
    let chunks = of(plain().set_statistics_enabled(EnabledStatistics::Chunk));
    assert_eq!((chunks["statistics"], chunks["subject-statistics"]), (2, 1));
    let mail = ColumnPath::from("mail");
    let bloom = without().set_column_bloom_filter_enabled(mail, true);
    assert_eq!(of(bloom), kinds(&[("bloom-filter", 1)]));
}

#[test]
fn leftover_bytes_and_other_files_are_found() {
    let bytes = written(vec![("city", texts(["x", "y"]))], plain().build());
    let footer = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap());
    let end = bytes.len() - 8 - footer as usize;
    let with = |inserted: &[u8]| {
        let changed = [&bytes[..end], inserted, &bytes[end..]].concat();
        leaks(&audited(&changed, PERSONS))
    };
    assert_eq!(with(&[7; 500]), kinds(&[("unreferenced-bytes", 1)]));
    assert_eq!(with(&[0; 5_000]), kinds(&[]), "padding says nothing");
    assert_eq!(with(&[7; 60]), kinds(&[]), "a header that is not counted");

    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("t");
    std::fs::create_dir(&table).unwrap();
    std::fs::write(table.join("1.parquet"), &bytes).unwrap();
    std::fs::write(table.join("_SUCCESS"), "").unwrap();
    let sums = vec![7; 4 * bytes.len().div_ceil(512)];
    let sums = [&b"crc\0"[..], &512u32.to_be_bytes(), &sums].concat();
    std::fs::write(table.join(".1.parquet.crc"), sums).unwrap();
    assert_eq!(leaks(&run(&table, PERSONS).unwrap()), kinds(&[]));
    std::fs::create_dir(table.join(".hidden")).unwrap();
    std::fs::write(table.join(".hidden/notes.txt"), "nothing").unwrap();
    std::fs::write(table.join("README.md"), "columns").unwrap();
    assert_eq!(
        leaks(&run(&table, PERSONS).unwrap()),
        kinds(&[("other-files", 2)])
    );
}

/// Rows of (person, second, what, note).
type Row = (i64, i64, i64, i64);

fn trace(rows: &[Row], groups: usize) -> Vec<u8> {
    let columns = vec![
        ("who", numbers(rows.iter().map(|row| row.0))),
        ("at", times(rows.iter().map(|row| row.1))),
        ("what", numbers(rows.iter().map(|row| row.2))),
        ("note", numbers(rows.iter().map(|row| row.3))),
    ];
    let properties = plain()
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(Some(groups));
    written(columns, properties.build())
}

fn by_order(rows: &[Row], groups: usize) -> BTreeMap<String, u64> {
    leaks(&audited(
        &trace(rows, groups),
        &format!("{TRACE}ignore = [\"note\"]\n"),
    ))
}

/// Sixty persons with random pseudonyms, one of which is busier than the other; times, things and notes by chance.
fn innocent(draws: &Draws, case: u64) -> Vec<Row> {
    let mut trial = draws.trial(case);
    let mut rows = Vec::new();
    for _ in 0..60 {
        let who = trial.below(1 << 40) as i64;
        let note = trial.below(1_000) as i64;
        let since = trial.below(5_000) as i64;
        for _ in 0..1 + trial.below(9) {
            // Who came late has few rows and late times.
            let at = since + trial.below(5_000) as i64;
            rows.push((who, at, trial.below(5) as i64, note));
        }
    }
    for at in (1..rows.len()).rev() {
        rows.swap(at, trial.below(at as u64 + 1) as usize);
    }
    rows
}

#[test]
fn innocent_orders_are_reported_as_seldom_as_stated() {
    let draws = Draws::new(3, "file-leaks", "test");
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for case in 0..200 {
        let mut rows = innocent(&draws, case);
        match case % 4 {
            1 => rows.sort_by_key(|row| (row.0, row.1)),
            2 => rows.sort_by_key(|row| (row.2, row.0)),
            3 => rows.sort_by_key(|row| (row.1, row.0)),
            _ => {}
        }
        by_order(&rows, 50)
            .into_keys()
            .for_each(|kind| *found.entry(kind).or_insert(0) += 1);
    }
    // One in a thousand of each kind: more than two of two hundred would be a chance of 0.001.
    assert!(found.values().all(|count| *count <= 2), "{found:?}");
}

#[test]
fn orders_that_tell_something_are_found() {
    let draws = Draws::new(4, "file-leaks", "test");
    for case in 0..5 {
        let rows = innocent(&draws, case);
        // By a column that is not to be there.
        let mut sorted = rows.clone();
        sorted.sort_by_key(|row| row.3);
        assert!(
            by_order(&sorted, 1_000).contains_key("sorted-rows"),
            "{case}"
        );
        // Nearly so.
        let mut nearly = rows.clone();
        nearly.sort_by_key(|row| row.3 / 50);
        let kinds = by_order(&nearly, 1_000);
        assert!(!kinds.contains_key("sorted-rows") && kinds.contains_key("person-order"));
        // By exact times that are then cut to hours.
        let mut hours = rows.clone();
        hours.sort_by_key(|row| row.1);
        hours.iter_mut().for_each(|row| row.1 -= row.1 % 3_600);
        assert!(by_order(&hours, 1_000).contains_key("time-order"), "{case}");
        hours.sort_by_key(|row| (row.1, row.0));
        assert!(
            !by_order(&hours, 1_000).contains_key("time-order"),
            "{case}"
        );
        // By times that are then moved a little, so that rows are nearly in their order.
        let mut moved = rows.clone();
        moved.sort_by_key(|row| row.1);
        let mut trial = draws.trial(1_000 + case);
        moved
            .iter_mut()
            .for_each(|row| row.1 += trial.below(600) as i64);
        assert!(by_order(&moved, 1_000).contains_key("time-order"), "{case}");
        // By pseudonyms that were counted up as persons first came.
        let mut counted = rows.clone();
        counted.sort_by_key(|row| row.1);
        let mut known = BTreeMap::new();
        for row in &mut counted {
            let next = known.len() as i64;
            row.0 = *known.entry(row.0).or_insert(next);
        }
        assert!(by_order(&counted, 1_000)["pseudonym-order"] >= 1, "{case}");
        // Shuffled, and still the pseudonyms tell who came first.
        counted.sort_by_key(|row| row.1 * 7_919 % 10_007);
        assert!(by_order(&counted, 1_000)["pseudonym-order"] >= 1, "{case}");
    }
}

#[test]
fn row_groups_of_whole_persons_are_found() {
    let persons = |rows_each: i64| -> Vec<Row> {
        (0..900)
            .map(|row| {
                (
                    row / rows_each * 7_919 % 907,
                    row * 37 % 1_009,
                    row % 5,
                    row * 31 % 997,
                )
            })
            .collect()
    };
    let mut rows = persons(30);
    rows.sort_by_key(|row| row.0);
    assert_eq!(by_order(&rows, 90), kinds(&[("row-groups", 9)]));
    assert_eq!(by_order(&rows, 77), kinds(&[]));
    let mut single = persons(1);
    single.sort_by_key(|row| row.0);
    assert_eq!(
        by_order(&single, 90),
        kinds(&[]),
        "where every row is a person"
    );
}

/// Orders are told by the first rows of persons: most row groups of long traces have none.
#[test]
fn row_groups_where_nobody_is_new_are_read() {
    let rows: Vec<Row> = (0..1_200)
        .map(|row| {
            let wide = row * 7_919_000_003 % 1_000_000_007_000;
            (row / 400 * 61 % 97, wide, wide / 3, wide / 7)
        })
        .collect();
    // Of 19 groups three have somebody's first row.
    assert_eq!(by_order(&rows, 64), kinds(&[]));
}

#[test]
fn numbers_at_the_end_of_pseudonyms_are_read_as_numbers() {
    let draws = Draws::new(5, "file-leaks", "test");
    let mut rows = innocent(&draws, 1);
    rows.sort_by_key(|row| row.1);
    rows.iter_mut().zip(0..).for_each(|(row, at)| row.1 = at);
    let mut known = BTreeMap::new();
    let pseudonyms: Vec<String> = rows
        .iter()
        .map(|row| {
            let next = known.len() + 1;
            format!("person-{}", known.entry(row.0).or_insert(next))
        })
        .collect();
    let columns = |pseudonyms: &[String]| -> Columns {
        vec![
            ("who", texts(pseudonyms)),
            ("at", times(rows.iter().map(|row| row.1))),
            ("what", numbers(rows.iter().map(|row| row.2))),
        ]
    };
    let of = |pseudonyms: &[String]| {
        let properties = plain()
            .set_statistics_enabled(EnabledStatistics::None)
            .build();
        leaks(&audited(&written(columns(pseudonyms), properties), TRACE))
    };
    assert_eq!(
        of(&pseudonyms),
        kinds(&[("pseudonym-order", 2)]),
        "of first time and of first row"
    );
    // Drawn anew, they are in no order.
    let random: Vec<String> = rows
        .iter()
        .map(|row| format!("person-{}", row.0 % 1_000_003))
        .collect();
    assert_eq!(of(&random), kinds(&[]));
}

#[test]
fn long_row_groups_are_cut_among_threads_without_a_trace() {
    // Sorted by the note, which is no number of the rows, but for two rows where a thread's part begins.
    let mut rows: Vec<Row> = (0..600_000)
        .map(|row| (row * 7_919 % 1_009, row * 31 % 9_973, row % 5, 2 * row))
        .collect();
    assert_eq!(by_order(&rows, 1_000_000)["sorted-rows"], 1);
    rows.swap(262_143, 262_144);
    assert!(!by_order(&rows, 1_000_000).contains_key("sorted-rows"));
}
