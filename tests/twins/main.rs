//! Brute-force twins: the audit of generated tables against the slow, obvious computation, and
//! against itself for every type that can hold the same data.

mod habits;
mod joined;
mod overlap;
mod points;
mod published;
mod several;
mod suppressed;
mod undeclared;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::*;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, TimeUnit, i256};
use half::f16;
use parquet::arrow::ArrowWriter;
use parquet::data_type::{ByteArray, ByteArrayType, Int96, Int96Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use proptest::prelude::*;
use reidrisk::audit::{Options, audit};
use reidrisk::report::Report;

fn write(path: &Path, columns: &[(&str, ArrayRef)], group: usize) {
    let field =
        |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let arrays = columns.iter().map(|(_, array)| array.clone()).collect();
    let batch = RecordBatch::try_new(schema.clone(), arrays).unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(group))
        .build();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// Audits a table, by one thread and by three: both must find the same.
fn audited(folder: &Path, table: &str) -> Report {
    let manifest = folder.join("release.toml");
    // Where nobody looks at what is drawn of microdata, few draws are enough.
    let few = match table.contains("\"microdata\"") && !table.contains("[measure.unicity]") {
        true => "[measure.unicity]\npoints = [2]\npersons = 100\n",
        false => "",
    };
    let text = format!("[[table]]\nname = \"t\"\npath = \"t*.parquet\"\n{table}\n{few}");
    std::fs::write(&manifest, text).unwrap();
    let options = Options {
        paths: vec![manifest],
        policy: "exploratory".to_owned(),
        ..Options::default()
    };
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            audit(&options, &())
                .map_err(|error| format!("{error:?}"))
                .unwrap()
        })
    };
    let (one, three) = (run(1), run(3));
    assert_eq!(one.findings, three.findings);
    assert_eq!(one.series, three.series);
    one
}

/// The one finding of a statistic with these parameters, in any order. Where nothing is said of it, what the manifest
/// compares is meant, which stands first, and of points those that it defines.
fn value(
    report: &Report,
    measure: &str,
    statistic: &str,
    parameters: &[(&str, &str)],
) -> Option<f64> {
    let has = |finding: &&reidrisk::finding::Finding| {
        let known = serde_json::to_value(&finding.parameters).unwrap();
        finding.measure == measure
            && finding.statistic == statistic
            // Of an adversary who is mistaken nothing is compared here.
            && !finding.parameters.contains_key("noise")
            && parameters
                .iter()
                .all(|(key, value)| known[key].to_string().trim_matches('"') == *value)
    };
    let mut found: Vec<_> = report.findings.iter().filter(has).collect();
    let main = found.first().map(|first| first.parameters.clone());
    for name in ["rows", "precision"] {
        if parameters.iter().all(|(key, _)| *key != name) {
            let main = main.as_ref().and_then(|main| main.get(name));
            found.retain(|finding| finding.parameters.get(name) == main);
        }
    }
    assert!(
        found.len() < 2,
        "{measure}.{statistic} {parameters:?} is not one finding"
    );
    found
        .first()
        .and_then(|finding| finding.value)
        .map(|value| value.as_f64())
}

fn class_sizes(report: &Report, rows: &[(&str, &str)]) -> BTreeMap<u64, u64> {
    let is = |series: &&reidrisk::finding::Series| {
        let mut rows = rows.iter();
        series.name == "class_sizes"
            && rows.all(|(key, value)| series.parameters[*key].to_string() == *value)
    };
    let series = report.series.iter().find(is).unwrap();
    series
        .x
        .iter()
        .zip(&series.y)
        .map(|(x, y)| (*x as u64, *y as u64))
        .collect()
}

type Row = (u8, [Option<u8>; 4]);

/// What a cell is once null, NaN and -0.0 are brought together.
fn cells((_, cells): &Row) -> [Option<u8>; 4] {
    let mut cells = *cells;
    cells[2] = match cells[2] {
        Some(0) => None,
        Some(1) => Some(2),
        other => other,
    };
    cells
}

fn rows_as_columns(rows: &[Row]) -> Vec<(&'static str, ArrayRef)> {
    let column = |at: usize| rows.iter().map(move |(_, cells)| cells[at]);
    let reals = |value: u8| match value {
        0 => f64::NAN,
        1 => -0.0,
        2 => 0.0,
        other => f64::from(other) - 7.5,
    };
    vec![
        (
            "who",
            Arc::new(StringArray::from_iter_values(
                rows.iter().map(|(who, _)| format!("person {who}")),
            )),
        ),
        (
            "short",
            Arc::new(StringArray::from_iter(
                column(0).map(|cell| cell.map(|c| format!("s{c}"))),
            )),
        ),
        (
            "number",
            Arc::new(Int64Array::from_iter(
                column(1).map(|cell| cell.map(|c| i64::from(c) << 40)),
            )),
        ),
        (
            "real",
            Arc::new(Float64Array::from_iter(
                column(2).map(|cell| cell.map(reals)),
            )),
        ),
        (
            "long",
            Arc::new(StringArray::from_iter(
                column(3).map(|cell| cell.map(|c| format!("a text of many bytes {c}"))),
            )),
        ),
    ]
}

/// The size of each class, and the size of the smallest class of each person.
fn brute_force<K: Ord + Clone>(pairs: &[(usize, K)]) -> (BTreeMap<K, u64>, BTreeMap<usize, u64>) {
    let mut members: BTreeMap<K, BTreeSet<usize>> = BTreeMap::new();
    for (person, key) in pairs {
        members.entry(key.clone()).or_default().insert(*person);
    }
    let classes: BTreeMap<K, u64> = members
        .iter()
        .map(|(key, members)| (key.clone(), members.len() as u64))
        .collect();
    let mut persons = BTreeMap::new();
    for (person, key) in pairs {
        let size = persons.entry(*person).or_insert(u64::MAX);
        *size = (*size).min(classes[key]);
    }
    (classes, persons)
}

fn compare<K: Ord + Clone>(report: &Report, pairs: &[(usize, K)]) {
    compare_rows(report, pairs, &[]);
}

/// The same of what `rows` says was compared.
fn compare_rows<K: Ord + Clone>(report: &Report, pairs: &[(usize, K)], rows: &[(&str, &str)]) {
    let (classes, persons) = brute_force(pairs);
    let mut sizes = BTreeMap::new();
    classes
        .values()
        .for_each(|size| *sizes.entry(*size).or_insert(0) += 1);
    assert_eq!(class_sizes(report, rows), sizes);
    let all = persons.len() as f64;
    let unique = persons.values().filter(|size| **size == 1).count() as f64;
    let below = persons.values().filter(|size| **size < 5).count() as f64;
    let risk: f64 = persons.values().map(|size| 1.0 / *size as f64).sum();
    let marketer: f64 = pairs.iter().map(|(_, key)| 1.0 / classes[key] as f64).sum();
    let smallest = *classes.values().min().unwrap() as f64;
    let close = |measure, statistic, parameters: &[_], expected: f64| {
        let parameters = [parameters, rows].concat();
        let found = value(report, measure, statistic, &parameters).unwrap();
        assert!(
            (found - expected).abs() < 1e-12,
            "{measure}.{statistic}: {found}, not {expected}"
        );
    };
    close("k-anonymity", "k", &[], smallest);
    close("k-anonymity", "classes", &[], classes.len() as f64);
    close("k-anonymity", "persons_below", &[("k", "5")], below);
    close("k-anonymity", "share_below", &[("k", "5")], below / all);
    close("uniqueness", "unique_persons", &[], unique);
    close("uniqueness", "share_unique", &[], unique / all);
    close(
        "re-identification-risk",
        "prosecutor_max",
        &[],
        1.0 / smallest,
    );
    close("re-identification-risk", "prosecutor_mean", &[], risk / all);
    // Only equal records match here.
    close(
        "re-identification-risk",
        "posterior_max",
        &[],
        1.0 / smallest,
    );
    close("re-identification-risk", "posterior_mean", &[], risk / all);
    close(
        "re-identification-risk",
        "marketer",
        &[],
        marketer / pairs.len() as f64,
    );
}

/// As [`compare`] for classes, and the diversity of `sensitive` in them: (person, class, value).
fn compare_sensitive<K: Ord + Clone>(report: &Report, rows: &[(usize, K, Option<u8>)]) {
    let pairs: Vec<(usize, K)> = rows.iter().map(|row| (row.0, row.1.clone())).collect();
    let (_, smallest) = brute_force(&pairs);
    let k = *smallest.values().min().unwrap() as f64;
    assert_eq!(value(report, "k-anonymity", "k", &[]), Some(k));
    let mut classes: BTreeMap<K, BTreeMap<Option<u8>, BTreeSet<usize>>> = BTreeMap::new();
    for (person, class, cell) in rows {
        let class = classes.entry(class.clone()).or_default();
        class.entry(*cell).or_default().insert(*person);
    }
    let sum =
        |class: &BTreeMap<_, BTreeSet<usize>>| class.values().map(BTreeSet::len).sum::<usize>();
    let total = classes.values().map(sum).sum::<usize>() as f64;
    let mut overall: BTreeMap<Option<u8>, f64> = BTreeMap::new();
    for (cell, persons) in classes.values().flatten() {
        *overall.entry(*cell).or_default() += persons.len() as f64 / total;
    }
    let distances: BTreeMap<&K, f64> = classes
        .iter()
        .map(|(key, class)| {
            let share = |cell| class.get(cell).map_or(0, BTreeSet::len) as f64 / sum(class) as f64;
            (
                key,
                overall
                    .iter()
                    .map(|(cell, p)| (share(cell) - p).abs())
                    .sum::<f64>()
                    / 2.0,
            )
        })
        .collect();
    let mut of_person: BTreeMap<usize, f64> = BTreeMap::new();
    for (person, class, _) in rows {
        let greatest = of_person.entry(*person).or_default();
        *greatest = greatest.max(distances[class]);
    }
    let given_away: BTreeSet<usize> = rows
        .iter()
        .filter(|row| classes[&row.1].len() == 1)
        .map(|row| row.0)
        .collect();
    let persons = of_person.len() as f64;
    let fewest = classes.values().map(BTreeMap::len).min().unwrap() as f64;
    assert_eq!(value(report, "l-diversity", "distinct", &[]), Some(fewest));
    let close = |measure, statistic, parameters: &[_], expected: f64| {
        let found = value(report, measure, statistic, parameters).unwrap();
        assert!(
            (found - expected).abs() < 1e-12,
            "{measure}.{statistic}: {found}, not {expected}"
        );
    };
    let equal = [("distance", "equal")];
    close(
        "t-closeness",
        "t",
        &equal,
        distances.values().copied().fold(0.0, f64::max),
    );
    close(
        "t-closeness",
        "t_mean",
        &equal,
        of_person.values().sum::<f64>() / persons,
    );
    let certain = [("certainty", "1.0")];
    close(
        "homogeneity-attack",
        "share_certain",
        &certain,
        given_away.len() as f64 / persons,
    );
}

/// Every subset of the four columns, each from the rows themselves.
fn compare_subsets(report: &Report, rows: &[(usize, [Option<u8>; 4])]) {
    let names = ["short", "number", "real", "long"];
    for subset in 1..16usize {
        let chosen: Vec<usize> = (0..4).filter(|at| subset >> at & 1 == 1).collect();
        let pairs: Vec<(usize, Vec<_>)> = rows
            .iter()
            .map(|(person, cells)| (*person, chosen.iter().map(|at| cells[*at]).collect()))
            .collect();
        let (classes, persons) = brute_force(&pairs);
        let n = pairs.len() as f64;
        let differ = |(at, a): (usize, &(usize, Vec<_>))| {
            pairs[at + 1..].iter().filter(|b| a.1 != b.1).count()
        };
        let apart = pairs.iter().enumerate().map(differ).sum::<usize>() as f64;
        let columns: Vec<&str> = chosen.iter().map(|at| names[*at]).collect();
        let found = |statistic: &str| {
            let mut these = report.findings.iter().filter(|finding| {
                finding.measure == "quasi-identifier-subsets"
                    && finding.statistic == statistic
                    && finding.columns == columns
            });
            these.next().unwrap().value.map(|value| value.as_f64())
        };
        let unique = persons.values().filter(|size| **size == 1).count() as f64;
        assert_eq!(found("unique_persons"), Some(unique), "{columns:?}");
        let smallest = *classes.values().min().unwrap() as f64;
        assert_eq!(found("k"), Some(smallest), "{columns:?}");
        assert_eq!(
            found("distinction"),
            Some(classes.len() as f64 / n),
            "{columns:?}"
        );
        match found("separation") {
            None => assert_eq!(pairs.len(), 1),
            Some(share) => assert!((share - apart / (n * (n - 1.0) / 2.0)).abs() < 1e-12),
        }
    }
}

/// Every set of at most three points of every trace.
fn compare_sets(report: &Report, traces: &[BTreeSet<(i64, u8)>]) {
    let k = 5;
    let mut support: BTreeMap<Vec<(i64, u8)>, usize> = BTreeMap::new();
    let subsets = |trace: &BTreeSet<(i64, u8)>| -> Vec<Vec<(i64, u8)>> {
        let points: Vec<_> = trace.iter().copied().collect();
        let chosen = |bits: u32| {
            let of = points
                .iter()
                .enumerate()
                .filter(|(at, _)| bits >> at & 1 == 1);
            of.map(|(_, point)| *point).collect()
        };
        (1u32..1 << points.len())
            .filter(|bits| bits.count_ones() <= 3)
            .map(chosen)
            .collect()
    };
    for set in traces.iter().flat_map(subsets) {
        *support.entry(set).or_default() += 1;
    }
    let rare = |set: &Vec<(i64, u8)>| support[set] < k;
    for m in 1..=3 {
        let of_size = || support.keys().filter(|set| set.len() == m);
        let parts = |set: &Vec<(i64, u8)>| -> Vec<Vec<(i64, u8)>> {
            subsets(&set.iter().copied().collect())
                .into_iter()
                .filter(|part| part.len() < m)
                .collect()
        };
        let minimal = |set: &&Vec<(i64, u8)>| rare(set) && !parts(set).iter().any(rare);
        let exposed = |trace: &&BTreeSet<(i64, u8)>| {
            subsets(trace).iter().any(|set| set.len() <= m && rare(set))
        };
        let m = m.to_string();
        let found = |statistic| value(report, "km-anonymity", statistic, &[("m", &m)]);
        let count = |count: usize| Some(count as f64);
        assert_eq!(found("itemsets"), count(of_size().count()));
        assert_eq!(
            found("violations"),
            count(of_size().filter(|set| rare(set)).count())
        );
        assert_eq!(
            found("minimal_violations"),
            count(of_size().filter(minimal).count())
        );
        assert_eq!(
            found("persons_exposed"),
            count(traces.iter().filter(exposed).count())
        );
    }
}

const KNOWN: &str =
    "kind = \"microdata\"\nquasi_identifiers = [\"short\", \"number\", \"real\", \"long\"]";

fn a_row() -> impl Strategy<Value = Row> {
    let cell = || prop::option::weighted(0.9, 0u8..4);
    (0u8..12, [cell(), cell(), cell(), cell()])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn classes_are_those_of_brute_force(
        rows in prop::collection::vec(a_row(), 1..90),
        group in 5usize..50,
    ) {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("t.parquet"), &rows_as_columns(&rows), group);
        let each: Vec<_> = rows.iter().map(cells).enumerate().collect();
        compare(&audited(folder.path(), &format!("{KNOWN}\nignore = [\"who\"]")), &each);
        let persons: Vec<_> = rows.iter().map(|row| (usize::from(row.0), cells(row))).collect();
        let by_row = audited(folder.path(), &format!("{KNOWN}\nsubject = \"who\""));
        compare(&by_row, &persons);
        let of_rows = persons.clone();
        let mut multisets: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for (person, cells) in persons {
            multisets.entry(person).or_default().push(cells);
        }
        multisets.values_mut().for_each(|cells| cells.sort());
        let multisets: Vec<_> = multisets.into_iter().collect();
        let composite = format!("{KNOWN}\nsubject = \"who\"\ncomposite = true");
        let composite = audited(folder.path(), &composite);
        compare(&composite, &multisets);
        // Both ways are told, whichever the manifest prefers, where somebody has several rows.
        if multisets.len() < rows.len() {
            for report in [&by_row, &composite] {
                compare_rows(report, &of_rows, &[("rows", "each")]);
                compare_rows(report, &multisets, &[("rows", "composite")]);
            }
        } else {
            let told = |report: &Report| report.findings.iter().any(|f| f.parameters.contains_key("rows"));
            assert!(!told(&by_row) && !told(&composite));
        }
        let alone: Vec<_> = rows.iter().map(cells).enumerate().collect();
        compare_subsets(&audited(folder.path(), &format!("{KNOWN}\nignore = [\"who\"]")), &alone);
        let several: Vec<_> = rows.iter().map(|row| (usize::from(row.0), cells(row))).collect();
        compare_subsets(&audited(folder.path(), &format!("{KNOWN}\nsubject = \"who\"")), &several);
        // The last column as a sensitive one: the classes are those of the others.
        let less = KNOWN.replace(", \"long\"]", "]\nsensitive = [\"long\"]");
        let three = |cells: [Option<u8>; 4]| [cells[0], cells[1], cells[2]];
        let value = |cells: [Option<u8>; 4]| cells[3];
        let each: Vec<_> = each.into_iter().map(|(row, cells)| (row, three(cells), value(cells))).collect();
        compare_sensitive(&audited(folder.path(), &format!("{less}\nignore = [\"who\"]")), &each);
        let persons: Vec<_> = rows
            .iter()
            .map(|row| (usize::from(row.0), three(cells(row)), value(cells(row))))
            .collect();
        compare_sensitive(&audited(folder.path(), &format!("{less}\nsubject = \"who\"")), &persons);
        let multisets: Vec<_> = multisets
            .into_iter()
            .flat_map(|(person, cells)| {
                let mut key: Vec<_> = cells.iter().map(|cells| three(*cells)).collect();
                key.sort();
                cells.into_iter().map(move |cells| (person, key.clone(), value(cells)))
            })
            .collect();
        let composite = format!("{less}\nsubject = \"who\"\ncomposite = true");
        compare_sensitive(&audited(folder.path(), &composite), &multisets);
    }

    /// Rows of nobody are judged among themselves and the persons equal to them, and hide nobody.
    #[test]
    fn rows_without_subject_are_judged(
        rows in prop::collection::vec((a_row(), prop::bool::weighted(0.3)), 2..60),
        group in 5usize..50,
    ) {
        let named: Vec<_> = rows.iter().filter(|row| !row.1).map(|row| row.0).collect();
        prop_assume!(!named.is_empty() && named.len() < rows.len());
        let all: Vec<Row> = rows.iter().map(|row| row.0).collect();
        let mut columns = rows_as_columns(&all);
        let who = rows.iter().map(|(row, of_nobody)| (!of_nobody).then(|| format!("person {}", row.0)));
        columns[0].1 = Arc::new(StringArray::from_iter(who));
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("t.parquet"), &columns, group);
        let table = format!("{KNOWN}\nsubject = \"who\"\nnull_subject = \"exclude\"");
        let report = audited(folder.path(), &table);
        let persons: Vec<_> = named.iter().map(|row| (usize::from(row.0), cells(row))).collect();
        compare(&report, &persons);
        let of_nobody: Vec<_> = rows.iter().filter(|row| row.1).map(|row| cells(&row.0)).collect();
        let crowd = |cells: &[Option<u8>; 4]| {
            let equal: BTreeSet<_> = persons.iter().filter(|(_, known)| known == cells).map(|(who, _)| who).collect();
            equal.len() + of_nobody.iter().filter(|other| *other == cells).count()
        };
        let sizes: Vec<usize> = of_nobody.iter().map(crowd).collect();
        let rows = [("rows", "without-subject")];
        let found = |measure, statistic| value(&report, measure, statistic, &rows).unwrap();
        prop_assert_eq!(found("k-anonymity", "k"), *sizes.iter().min().unwrap() as f64);
        let alone = sizes.iter().filter(|size| **size == 1).count();
        prop_assert_eq!(found("uniqueness", "unique_persons"), alone as f64);
        let share = alone as f64 / of_nobody.len() as f64;
        prop_assert!((found("uniqueness", "share_unique") - share).abs() < 1e-12);
        let risk = 1.0 / *sizes.iter().min().unwrap() as f64;
        prop_assert_eq!(found("re-identification-risk", "prosecutor_max"), risk);
    }

    /// Nine columns of some two hundred values each: more tuples than one 64-bit word can tell apart.
    #[test]
    fn wide_keys_are_those_of_brute_force(
        picks in prop::collection::vec((0usize..250, 0usize..20, prop::bool::weighted(0.1)), 300..400),
        group in 20usize..200,
    ) {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let cell = |row: &(usize, usize, bool), column: usize| {
            let other = row.2 && column == row.1 % 9;
            (row.0 * (2 * column + 1) + usize::from(other)) as i64
        };
        let mut columns: Vec<(&str, ArrayRef)> = names
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let cells = picks.iter().map(|row| cell(row, at));
                (*name, Arc::new(Int64Array::from_iter_values(cells)) as ArrayRef)
            })
            .collect();
        let persons = picks.iter().map(|row| row.1 as i64);
        columns.push(("who", Arc::new(Int64Array::from_iter_values(persons))));
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("t.parquet"), &columns, group);
        let tuple = |row| (0..9).map(|at| cell(row, at)).collect::<Vec<_>>();
        let known = format!("kind = \"microdata\"\nquasi_identifiers = {names:?}");
        let each: Vec<_> = picks.iter().map(tuple).enumerate().collect();
        compare(&audited(folder.path(), &format!("{known}\nignore = [\"who\"]")), &each);
        let persons: Vec<_> = picks.iter().map(|row| (row.1, tuple(row))).collect();
        compare(&audited(folder.path(), &format!("{known}\nsubject = \"who\"")), &persons);
    }

    /// Everybody has three points: three known points are all of them, whatever is drawn.
    #[test]
    fn unicity_is_that_of_brute_force(
        traces in prop::collection::vec(prop::collection::btree_set((0i64..5, 0u8..3), 3), 1..25),
        group in 5usize..50,
    ) {
        let rows: Vec<_> = traces
            .iter()
            .enumerate()
            .flat_map(|(person, points)| points.iter().map(move |point| (person, *point)))
            .collect();
        let columns: [(&str, ArrayRef); 3] = [
            ("who", Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.0 as i32)))),
            (
                "at",
                Arc::new(TimestampSecondArray::from_iter_values(
                    rows.iter().map(|row| (row.1.0 - 2) * 3600 + (row.0 as i64 * 977) % 3600),
                )),
            ),
            (
                "cell",
                Arc::new(StringArray::from_iter_values(rows.iter().map(|row| format!("c{}", row.1.1)))),
            ),
        ];
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("t.parquet"), &columns, group);
        let report = audited(
            folder.path(),
            "kind = \"trace\"\nsubject = \"who\"\ntime = \"at\"\nplace = \"cell\"\n\
             point = { time = \"1h\", place = \"column\" }",
        );
        compare_sets(&report, &traces);
        let having = |points: &[(i64, u8)]| {
            let has_all = |trace: &&BTreeSet<(i64, u8)>| points.iter().all(|point| trace.contains(point));
            traces.iter().filter(has_all).count()
        };
        let alone = |trace: &BTreeSet<(i64, u8)>| trace.iter().filter(|point| having(&[**point]) == 1).count();
        let pooled = traces.iter().map(alone).sum::<usize>() as f64 / rows.len() as f64;
        let mean = traces.iter().map(|trace| alone(trace) as f64 / 3.0).sum::<f64>() / traces.len() as f64;
        let whole = |trace: &&BTreeSet<_>| having(&trace.iter().copied().collect::<Vec<_>>()) == 1;
        let three = traces.iter().filter(whole).count() as f64 / traces.len() as f64;
        let exact = [("points", "1"), ("method", "exact")];
        let found = |statistic, parameters: &[_]| value(&report, "unicity", statistic, parameters).unwrap();
        assert!((found("share_unique", &exact) - mean).abs() < 1e-12);
        assert!((found("share_unique_pooled", &exact) - pooled).abs() < 1e-12);
        let pairs = |trace: &BTreeSet<(i64, u8)>| -> Vec<[(i64, u8); 2]> {
            let points: Vec<_> = trace.iter().copied().collect();
            vec![[points[0], points[1]], [points[0], points[2]], [points[1], points[2]]]
        };
        let alone = |trace| pairs(trace).iter().filter(|pair| having(&pair[..]) == 1).count() as f64 / 3.0;
        let two = traces.iter().map(alone).sum::<f64>() / traces.len() as f64;
        let exact = [("points", "2"), ("method", "exact")];
        assert!((found("share_unique", &exact) - two).abs() < 1e-12);
        assert!((found("share_unique_pooled", &exact) - two).abs() < 1e-12);
        let sampled = [("points", "3"), ("method", "sampled")];
        assert!((found("share_unique", &sampled) - three).abs() < 1e-12);
        // Nobody has four: all are known whole.
        for statistic in ["share_unique", "share_unique_all"] {
            assert!((found(statistic, &[("points", "4")]) - three).abs() < 1e-12);
        }
    }
}

/// Two values twice, one three times, null once, in every type that tells four apart.
#[test]
fn every_type_holds_the_same_classes() {
    let pattern = [
        Some(3),
        Some(1),
        Some(3),
        None,
        Some(2),
        Some(1),
        Some(2),
        Some(3),
    ];
    let numbers: ArrayRef = Arc::new(Int32Array::from(pattern.to_vec()));
    let texts: ArrayRef = Arc::new(StringArray::from_iter(
        pattern.map(|cell| cell.map(|c| format!("text {c}"))),
    ));
    let berlin = || Some(Arc::from("Europe/Berlin"));
    let mut arrays: Vec<ArrayRef> = vec![
        numbers.clone(),
        texts.clone(),
        Arc::new(Float16Array::from_iter(
            pattern.map(|cell| cell.map(|c| f16::from_f64(f64::from(c)))),
        )),
        Arc::new(
            Decimal256Array::from_iter(pattern.map(|cell| cell.map(|c| i256::from(c - 2))))
                .with_precision_and_scale(50, 3)
                .unwrap(),
        ),
        Arc::new(
            FixedSizeBinaryArray::try_from_sparse_iter_with_size(
                pattern.iter().map(|cell| cell.map(|c| vec![c as u8; 20])),
                20,
            )
            .unwrap(),
        ),
    ];
    let of_numbers = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
        DataType::Float32,
        DataType::Float64,
        DataType::Decimal32(9, 2),
        DataType::Decimal64(18, 2),
        DataType::Decimal128(10, 2),
        DataType::Decimal128(38, 2),
        DataType::Date32,
        DataType::Time32(TimeUnit::Second),
        DataType::Time32(TimeUnit::Millisecond),
    ];
    arrays.extend(of_numbers.iter().map(|to| cast(&numbers, to).unwrap()));
    let long = cast(&numbers, &DataType::Int64).unwrap();
    let of_long = [
        DataType::Date64,
        DataType::Time64(TimeUnit::Microsecond),
        DataType::Time64(TimeUnit::Nanosecond),
        DataType::Timestamp(TimeUnit::Second, None),
        DataType::Timestamp(TimeUnit::Millisecond, berlin()),
        DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::from("+05:30"))),
        DataType::Timestamp(TimeUnit::Nanosecond, None),
        DataType::Duration(TimeUnit::Second),
        DataType::Duration(TimeUnit::Nanosecond),
    ];
    arrays.extend(of_long.iter().map(|to| cast(&long, to).unwrap()));
    let dictionary = |keys, values| DataType::Dictionary(Box::new(keys), Box::new(values));
    let of_texts = [
        DataType::LargeUtf8,
        DataType::Utf8View,
        DataType::Binary,
        DataType::LargeBinary,
        DataType::BinaryView,
        dictionary(DataType::Int8, DataType::Utf8),
        dictionary(DataType::UInt16, DataType::LargeUtf8),
        dictionary(DataType::Int32, DataType::Binary),
    ];
    arrays.extend(of_texts.iter().map(|to| cast(&texts, to).unwrap()));
    arrays.push(cast(&numbers, &dictionary(DataType::Int32, DataType::Int32)).unwrap());
    for array in arrays {
        let data_type = array.data_type().clone();
        // A dictionary page, and none: readers take different paths.
        for group in [3, 100] {
            let folder = tempfile::tempdir().unwrap();
            write(
                &folder.path().join("t.parquet"),
                &[("known", array.clone())],
                group,
            );
            let report = audited(
                folder.path(),
                "kind = \"microdata\"\nquasi_identifiers = [\"known\"]",
            );
            let sizes = BTreeMap::from([(1, 1), (2, 2), (3, 1)]);
            assert_eq!(class_sizes(&report, &[]), sizes, "{data_type}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let flags = BooleanArray::from(vec![Some(true), Some(false), None, Some(true)]);
    write(
        &folder.path().join("t.parquet"),
        &[("known", Arc::new(flags))],
        3,
    );
    let report = audited(
        folder.path(),
        "kind = \"microdata\"\nquasi_identifiers = [\"known\"]",
    );
    assert_eq!(class_sizes(&report, &[]), BTreeMap::from([(1, 2), (2, 1)]));
}

/// Seconds since 1970 of a small trace around the end of summer time, when Berlin's clocks showed the
/// hour from two to three twice.
const INSTANTS: [i64; 6] = [
    1_792_887_300, // 25 October 2026, 00:15 UTC, 02:15 in Berlin
    1_792_890_900, // 01:15 UTC, 02:15 again
    1_792_887_310,
    1_792_894_500,
    -1,
    -3_599,
];

fn write_trace(path: &Path, persons: std::ops::Range<usize>, times: ArrayRef) {
    let range = persons.clone();
    let rows = range.len();
    let columns: [(&str, ArrayRef); 3] = [
        (
            "who",
            Arc::new(Int64Array::from_iter_values(persons.map(|at| at as i64))),
        ),
        ("at", times.slice(range.start, rows)),
        (
            "cell",
            Arc::new(StringArray::from_iter_values((0..rows).map(|_| "here"))),
        ),
    ];
    write(path, &columns, 2);
}

fn share_alone(folder: &Path, more: &str) -> f64 {
    let table = format!(
        "kind = \"trace\"\nsubject = \"who\"\ntime = \"at\"\nplace = \"cell\"\n\
         point = {{ time = \"1h\", place = \"column\" }}\n{more}"
    );
    let parameters = [("points", "1"), ("method", "exact")];
    value(
        &audited(folder, &table),
        "unicity",
        "share_unique",
        &parameters,
    )
    .unwrap()
}

#[test]
fn an_instant_is_the_same_in_every_unit_and_zone() {
    let seconds: ArrayRef = Arc::new(TimestampSecondArray::from(INSTANTS.to_vec()));
    for unit in [
        TimeUnit::Second,
        TimeUnit::Millisecond,
        TimeUnit::Microsecond,
        TimeUnit::Nanosecond,
    ] {
        for zone in [None, Some("UTC"), Some("Europe/Berlin"), Some("-03:30")] {
            let to = DataType::Timestamp(unit, zone.map(Arc::from));
            // The instant stays; only how it would be shown changes.
            let times = cast(
                &cast(&seconds, &DataType::Timestamp(unit, None)).unwrap(),
                &DataType::Int64,
            )
            .unwrap();
            let times = cast(&times, &to).unwrap();
            let folder = tempfile::tempdir().unwrap();
            write_trace(&folder.path().join("t.parquet"), 0..6, times);
            // Hours from 00:00 UTC (two persons), 01:00, 02:00, and two in the last hour of 1969.
            assert_eq!(
                share_alone(folder.path(), "timezone = \"UTC\""),
                2.0 / 6.0,
                "{to}"
            );
            // In local time two hours fall into one.
            assert_eq!(
                share_alone(folder.path(), "timezone = \"Europe/Berlin\""),
                1.0 / 6.0,
                "{to}"
            );
            // Where the manifest names no zone that of the file holds.
            let of_file = match zone {
                None | Some("UTC") => 2.0 / 6.0,
                Some("Europe/Berlin") => 1.0 / 6.0,
                _ => continue,
            };
            assert_eq!(share_alone(folder.path(), ""), of_file, "{to}");
        }
    }
}

#[test]
fn files_of_different_units_are_brought_together() {
    let folder = tempfile::tempdir().unwrap();
    let seconds: ArrayRef = Arc::new(TimestampSecondArray::from(INSTANTS.to_vec()));
    let finer = cast(&seconds, &DataType::Timestamp(TimeUnit::Microsecond, None)).unwrap();
    write_trace(&folder.path().join("t1.parquet"), 0..2, seconds);
    write_trace(&folder.path().join("t2.parquet"), 2..6, finer);
    assert_eq!(share_alone(folder.path(), ""), 2.0 / 6.0);
}

/// INT96: nanoseconds of the day and the Julian day, as Impala and old Spark write instants.
#[test]
fn legacy_int96_instants_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let schema =
        "message trace { required int64 who; required int96 at; required binary cell (UTF8); }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let file = std::fs::File::create(folder.path().join("t.parquet")).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Default::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let persons: Vec<i64> = (0..6).collect();
    let typed = column.typed::<parquet::data_type::Int64Type>();
    typed.write_batch(&persons, None, None).unwrap();
    column.close().unwrap();
    let instants = INSTANTS.map(|second| {
        let nanoseconds = second.rem_euclid(86_400) as u64 * 1_000_000_000;
        let day = (second.div_euclid(86_400) + 2_440_588) as u32;
        let mut instant = Int96::new();
        instant.set_data(nanoseconds as u32, (nanoseconds >> 32) as u32, day);
        instant
    });
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<Int96Type>()
        .write_batch(&instants, None, None)
        .unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let here = vec![ByteArray::from("here"); 6];
    column
        .typed::<ByteArrayType>()
        .write_batch(&here, None, None)
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    assert_eq!(share_alone(folder.path(), ""), 2.0 / 6.0);
}

/// Columns that are the same for all or different for all, and more of them than anybody can search.
#[test]
fn extremes_are_measured_or_said_not_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..800).map(|at| format!("c{at}")).collect();
    let mut columns: Vec<(&str, ArrayRef)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let cells = (0..300i64).map(|row| (row * (at as i64 + 3)) / 7 % 5);
            (
                name.as_str(),
                Arc::new(Int64Array::from_iter_values(cells)) as ArrayRef,
            )
        })
        .collect();
    let all_distinct = Int64Array::from_iter_values(0..300);
    columns.push(("distinct", Arc::new(all_distinct)));
    let constant = StringArray::from_iter_values((0..300).map(|_| "x"));
    columns.push(("constant", Arc::new(constant)));
    write(&folder.path().join("t.parquet"), &columns, 100);
    let population = |persons: u64, known: &[&str], sensitive: &str| {
        let used = |name: &&&str| !known.contains(name) && **name != sensitive;
        let others: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let ignored: Vec<&&str> = others.iter().filter(used).collect();
        let table = format!(
            "kind = \"microdata\"\nquasi_identifiers = {known:?}\nsensitive = [{sensitive:?}]\n\
             ignore = {ignored:?}\n[release]\npopulation = {persons}"
        );
        audited(folder.path(), &table)
    };
    let reasons = |report: &Report, measure: &str| -> Vec<String> {
        let of = report
            .not_measured
            .iter()
            .filter(|entry| entry.measure == measure);
        of.map(|entry| entry.reason.to_string()).collect()
    };

    let distinct = population(10_000, &["distinct"], "c0");
    assert_eq!(
        value(&distinct, "uniqueness", "share_unique", &[]),
        Some(1.0)
    );
    // In a population of which nobody is like another, as far as the sample tells.
    assert_eq!(
        value(
            &distinct,
            "population-uniqueness",
            "share_unique",
            &[("estimator", "pitman")]
        ),
        Some(1.0)
    );
    let unseen = reasons(&distinct, "population-uniqueness");
    assert!(
        unseen
            .iter()
            .any(|reason| reason.contains("log-linear: an estimated 97 % of the population")),
        "{unseen:?}"
    );
    assert!(value(&distinct, "suda", "score_max", &[("weights", "default")]).is_some());

    let constant = population(10_000, &["constant"], "c0");
    assert_eq!(value(&constant, "k-anonymity", "k", &[]), Some(300.0));
    assert_eq!(
        value(&constant, "t-closeness", "t", &[("distance", "equal")]),
        Some(0.0)
    );
    assert_eq!(
        value(&constant, "suda", "score_max", &[("weights", "default")]),
        Some(0.0)
    );
    let one_value = population(10_000, &["c0", "c1"], "constant");
    assert_eq!(value(&one_value, "l-diversity", "distinct", &[]), Some(1.0));
    assert_eq!(
        value(
            &one_value,
            "attribute-inference",
            "risk",
            &[("method", "naive-bayes")]
        ),
        None,
        "guessing is always right: there is nothing to gain"
    );

    let too_small = population(299, &["c0", "c1"], "c2");
    for measure in ["population-uniqueness", "scaling-law"] {
        let reasons = reasons(&too_small, measure);
        assert!(
            reasons[0].contains("fewer than the 300 persons"),
            "{reasons:?}"
        );
    }

    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let wide = population(10_000, &known, "constant");
    assert_eq!(
        value(&wide, "quasi-identifier-subsets", "largest_size", &[]),
        Some(1.0)
    );
    assert!(reasons(&wide, "suda")[0].contains("more than 20"));
}
