//! Traces as finely as their files tell them, and persons with few points.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use arrow::array::*;
use proptest::prelude::*;
use reidrisk::report::Report;

use super::{audited, value, write};

/// Who, second, cell, latitude and longitude in millionths of a degree.
type Row = (u8, i64, u8, [i64; 2]);

fn write_rows(path: &Path, rows: &[Row], coordinates: bool, group: usize) {
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        (
            "who",
            Arc::new(UInt8Array::from_iter_values(rows.iter().map(|row| row.0))),
        ),
        (
            "at",
            Arc::new(TimestampMicrosecondArray::from_iter_values(
                // Beyond the second it is finer than anybody knows.
                rows.iter()
                    .enumerate()
                    .map(|(at, row)| row.1 * 1_000_000 + at as i64),
            )),
        ),
        (
            "cell",
            Arc::new(StringArray::from_iter_values(
                rows.iter().map(|row| format!("c{}", row.2)),
            )),
        ),
        (
            "row_number",
            Arc::new(Int64Array::from_iter_values(0..rows.len() as i64)),
        ),
        (
            "country",
            Arc::new(StringArray::from_iter_values(rows.iter().map(|_| "here"))),
        ),
    ];
    if coordinates {
        for (at, name) in ["lat", "lon"].into_iter().enumerate() {
            let degrees = rows.iter().map(|row| row.3[at] as f64 / 1e6);
            columns.push((name, Arc::new(Float64Array::from_iter_values(degrees))));
        }
    }
    write(path, &columns, group);
}

/// The share of persons whose whole trace is contained in no other.
fn alone<P: Ord + Clone>(rows: &[Row], point: impl Fn(&Row) -> P) -> f64 {
    let of = |who: u8| -> BTreeSet<P> {
        let mine = rows.iter().filter(|row| row.0 == who);
        mine.map(&point).collect()
    };
    let persons: BTreeSet<u8> = rows.iter().map(|row| row.0).collect();
    let traces: Vec<BTreeSet<P>> = persons.iter().map(|who| of(*who)).collect();
    let is_alone = |trace: &&BTreeSet<P>| {
        let having = traces.iter().filter(|other| other.is_superset(trace));
        having.count() == 1
    };
    traces.iter().filter(is_alone).count() as f64 / traces.len() as f64
}

/// All points of everybody: by so many points nobody keeps one to themselves.
fn share(report: &Report, precision: &str) -> Option<f64> {
    let parameters = [("points", "40"), ("precision", precision)];
    value(report, "unicity", "share_unique_all", &parameters)
}

const POINT: &str = "kind = \"trace\"\nsubject = \"who\"\ntime = \"at\"\n\
                     point = { time = \"1h\" }\n";
/// Known points of which nobody has as many, so that all are known whole.
const MEASURE: &str = "[measure.unicity]\npoints = [2, 40]\npersons = 100\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn points_are_as_fine_as_the_files(
        rows in prop::collection::vec(
            (0u8..8, 0i64..9_000, 0u8..3, [0i64..1_000_000, 0i64..1_000_000]),
            24..40,
        ),
        group in 5usize..50,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        write_rows(&path, &rows, true, group);
        // The place has a role and is in no point; coordinates are ignored; the number of a row tells nothing.
        let with = format!("{POINT}place = \"cell\"\nignore = [\"lat\", \"lon\", \"row_number\", \"country\"]\n{MEASURE}");
        let report = audited(folder.path(), &with);
        prop_assert!((share(&report, "point").unwrap() - alone(&rows, |row| row.1.div_euclid(3_600))).abs() < 1e-12);
        let published = alone(&rows, |row| (row.1, row.2, row.3));
        prop_assert!((share(&report, "published").unwrap() - published).abs() < 1e-12);
        prop_assert_eq!(share(&report, "both"), None);
        // Without them the second and the cell are what is told.
        write_rows(&path, &rows, false, group);
        let without = format!("{POINT}place = \"cell\"\nignore = [\"row_number\", \"country\"]\n{MEASURE}");
        let report = audited(folder.path(), &without);
        let published = alone(&rows, |row| (row.1, row.2));
        let expected = share(&report, "published").or_else(|| share(&report, "both"));
        prop_assert!((expected.unwrap() - published).abs() < 1e-12);
    }

    /// Whoever has fewer points than the adversary knows is known whole.
    #[test]
    fn nobody_drops_out(
        traces in prop::collection::vec(prop::collection::btree_set(0u8..7, 1..7), 2..30),
        group in 5usize..50,
    ) {
        let rows: Vec<(usize, u8)> = traces
            .iter()
            .enumerate()
            .flat_map(|(who, trace)| trace.iter().map(move |point| (who, *point)))
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let columns: [(&str, ArrayRef); 2] = [
            ("who", Arc::new(UInt64Array::from_iter_values(rows.iter().map(|row| row.0 as u64)))),
            ("cell", Arc::new(UInt8Array::from_iter_values(rows.iter().map(|row| row.1)))),
        ];
        write(&folder.path().join("t.parquet"), &columns, group);
        let table = "kind = \"trace\"\nsubject = \"who\"\nplace = \"cell\"\n";
        // So many draws that each is near its mean.
        let report = audited(folder.path(), &format!("{table}[measure.unicity]\npersons = 4000\n"));
        let having = |points: &BTreeSet<u8>| traces.iter().filter(|trace| trace.is_superset(points)).count();
        for p in 1usize..=7 {
            let unique = |trace: &BTreeSet<u8>| -> f64 {
                let points: Vec<u8> = trace.iter().copied().collect();
                let drawn = p.min(points.len()) as u32;
                let subsets = (1u32..1 << points.len()).filter(|bits| bits.count_ones() == drawn);
                let subset = |bits: u32| -> BTreeSet<u8> {
                    let of = points.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
                    of.map(|(_, point)| *point).collect()
                };
                let alone = subsets.clone().filter(|bits| having(&subset(*bits)) == 1).count();
                alone as f64 / subsets.count() as f64
            };
            let expected = traces.iter().map(unique).sum::<f64>() / traces.len() as f64;
            let number = p.to_string();
            let parameters = [("points", number.as_str())];
            let found = value(&report, "unicity", "share_unique_all", &parameters).unwrap();
            // Six standard errors of 4,000 draws.
            prop_assert!((found - expected).abs() < 0.048, "{}: {} {}", p, found, expected);
            let short = traces.iter().filter(|trace| trace.len() < p).count();
            let told = value(&report, "unicity", "persons_with_fewer_points", &parameters);
            prop_assert_eq!(told, Some(short as f64));
            // Those who are known whole are counted, not drawn.
            if short == traces.len() {
                prop_assert!((found - expected).abs() < 1e-12);
            }
        }
    }
}

/// What is published is what the point says: told once.
#[test]
fn files_as_coarse_as_the_point_are_measured_once() {
    let rows: Vec<Row> = (0..60)
        .map(|at| (at % 12, i64::from(at / 12) * 3_600, at % 2, [0, 0]))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let columns: [(&str, ArrayRef); 4] = [
        (
            "who",
            Arc::new(UInt8Array::from_iter_values(rows.iter().map(|row| row.0))),
        ),
        (
            "at",
            Arc::new(TimestampMillisecondArray::from_iter_values(
                // The middle of each hour.
                rows.iter().map(|row| row.1 * 1_000 + 1_800_000),
            )),
        ),
        (
            "cell",
            Arc::new(UInt8Array::from_iter_values(rows.iter().map(|row| row.2))),
        ),
        (
            "weather",
            Arc::new(StringArray::from_iter_values(
                rows.iter().map(|row| format!("w{}", row.1 / 7_200)),
            )),
        ),
    ];
    write(&folder.path().join("t.parquet"), &columns, 20);
    let table = format!("{POINT}place = \"cell\"\nignore = [\"weather\"]\n")
        .replace("time = \"1h\"", "time = \"1h\", place = \"column\"");
    let report = audited(folder.path(), &table);
    let precisions: BTreeSet<String> = report
        .findings
        .iter()
        .filter(|finding| finding.measure == "unicity")
        .map(|finding| finding.parameters["precision"].to_string())
        .collect();
    assert_eq!(precisions, BTreeSet::from(["both".to_owned()]));
}
