//! What ignored columns single out: every pair of rows is compared.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, ListArray, StringArray};
use arrow::datatypes::Int64Type;
use proptest::prelude::*;
use reidrisk::report::Report;

use super::{audited, write};

/// Who, two declared attributes, two ignored ones and a list of numbers that is ignored too.
#[derive(Debug, Clone)]
struct Row {
    who: usize,
    declared: [Option<i64>; 2],
    ignored: [Option<i64>; 2],
    list: Option<Vec<i64>>,
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let cell = || prop::option::weighted(0.85, 0i64..5);
    let list = prop::option::weighted(0.85, prop::collection::vec(0i64..2, 0..3));
    let row = (0usize..8, [cell(), cell()], [cell(), cell()], list);
    let row = row.prop_map(|(who, declared, ignored, list)| Row {
        who,
        declared,
        ignored,
        // A list without values holds nothing that null does not.
        list: list.filter(|list| !list.is_empty()),
    });
    prop::collection::vec(row, 2..24)
}

type Cells = Vec<Option<Vec<i64>>>;

/// The ignored cells of a row that are asked for: the first, the second, the list.
fn ignored(row: &Row, columns: &[usize]) -> Cells {
    let cells = columns.iter().map(|column| match column {
        2 => row.list.clone(),
        column => row.ignored[*column].map(|value| vec![value]),
    });
    cells.collect()
}

fn declared(row: &Row) -> Cells {
    let cells = row.declared.iter();
    cells.map(|cell| cell.map(|value| vec![value])).collect()
}

/// Which persons have a row whose cells fewer than `k` persons have, themselves included.
fn among_few(people: &[usize], cells: &[Cells], k: usize) -> Vec<bool> {
    let count = people.iter().max().unwrap() + 1;
    let is_one = |row: usize| {
        let like = people
            .iter()
            .zip(cells)
            .filter(|(_, other)| **other == cells[row]);
        let mut like: Vec<usize> = like.map(|(who, _)| *who).collect();
        like.sort_unstable();
        like.dedup();
        like.len() < k
    };
    let of = |person: usize| (0..people.len()).any(|row| people[row] == person && is_one(row));
    (0..count).map(of).collect()
}

/// Persons whom the second leaves among fewer than `k` and the first does not.
fn newly(people: &[usize], before: &[Cells], now: &[Cells], k: usize) -> f64 {
    let (before, now) = (among_few(people, before, k), among_few(people, now, k));
    let pairs = before.iter().zip(&now);
    pairs.filter(|(before, now)| **now && !**before).count() as f64
}

fn found(report: &Report, statistic: &str, columns: &[&str], with: Option<&str>) -> f64 {
    found_below(report, statistic, columns, with, None)
}

fn found_below(
    report: &Report,
    statistic: &str,
    columns: &[&str],
    with: Option<&str>,
    k: Option<usize>,
) -> f64 {
    let has = |finding: &&reidrisk::finding::Finding| {
        let known = serde_json::to_value(&finding.parameters).unwrap();
        finding.measure == "undeclared-columns"
            && finding.statistic == statistic
            && finding.columns == columns
            && with.is_none_or(|with| known["with"] == with)
            && k.is_none_or(|k| known["k"] == k)
    };
    let found: Vec<_> = report.findings.iter().filter(has).collect();
    assert_eq!(found.len(), 1, "{statistic} of {columns:?} with {with:?}");
    found[0].value.unwrap().as_f64()
}

fn text(cells: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(StringArray::from_iter(
        cells.map(|cell| cell.map(|value| format!("value {value}"))),
    ))
}

fn check(folder: &Path, rows: &[Row], is_anonymous: bool) {
    // Numbers that do not start where a row number could.
    let number = rows.iter().map(|row| row.ignored[1].map(|v| v * v + 90));
    let lists = rows.iter().map(|row| {
        let list = row.list.as_ref()?;
        Some(
            list.iter()
                .map(|value| Some(*value * 3))
                .collect::<Vec<_>>(),
        )
    });
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("who", text(rows.iter().map(|row| Some(row.who as i64)))),
        ("town", text(rows.iter().map(|row| row.declared[0]))),
        ("job", text(rows.iter().map(|row| row.declared[1]))),
        ("note", text(rows.iter().map(|row| row.ignored[0]))),
        ("code", Arc::new(Int64Array::from_iter(number))),
        (
            "list",
            Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(lists)),
        ),
    ];
    let columns: Vec<_> = columns.into_iter().skip(is_anonymous.into()).collect();
    write(&folder.join("t.parquet"), &columns, 5);
    let subject = match is_anonymous {
        true => "",
        false => "subject = \"who\"\n",
    };
    let table = format!(
        "kind = \"microdata\"\n{subject}quasi_identifiers = [\"town\", \"job\"]\n\
         ignore = [\"note\", \"code\", \"list\"]"
    );
    let report = audited(folder, &table);
    let people: Vec<usize> = match is_anonymous {
        true => (0..rows.len()).collect(),
        // Persons are those who have a row.
        false => {
            let mut known: Vec<usize> = rows.iter().map(|row| row.who).collect();
            known.sort_unstable();
            known.dedup();
            let place = |row: &Row| known.binary_search(&row.who).unwrap();
            rows.iter().map(place).collect()
        }
    };
    let base: Vec<Cells> = rows.iter().map(declared).collect();
    let joined = |columns: &[usize]| -> Vec<Cells> {
        let with = |row: &Row| [declared(row), ignored(row, columns)].concat();
        rows.iter().map(with).collect()
    };
    let names = ["note", "code", "list.element"];
    // A number that rises by one with each row tells no more than the order of rows, and is not asked about.
    let firsts: Vec<Option<i64>> = rows
        .iter()
        .zip(0..)
        .map(|(row, at)| row.ignored[1].map(|v| v * v + 90 - at))
        .collect();
    let is_number = firsts[0].is_some() && firsts.iter().all(|first| *first == firsts[0]);
    let asked: Vec<usize> = (0..3).filter(|column| *column != 1 || !is_number).collect();
    for (column, name) in names.into_iter().enumerate() {
        let name = [name];
        let cells: Vec<Cells> = rows.iter().map(|row| ignored(row, &[column])).collect();
        let singled = among_few(&people, &cells, 2)
            .iter()
            .filter(|is| **is)
            .count();
        assert_eq!(
            found(&report, "persons_unique", &name, None),
            singled as f64
        );
        let mut values = cells.clone();
        values.sort_unstable();
        values.dedup();
        assert_eq!(
            found(&report, "distinct_share", &name, None),
            values.len() as f64 / rows.len() as f64
        );
        if asked.contains(&column) {
            assert_eq!(
                found(&report, "persons_newly_unique", &name, Some("declared")),
                newly(&people, &base, &joined(&[column]), 2)
            );
            assert_eq!(
                found_below(
                    &report,
                    "persons_newly_below",
                    &name,
                    Some("declared"),
                    Some(5)
                ),
                newly(&people, &base, &joined(&[column]), 5)
            );
        }
    }
    let all: Vec<&str> = asked.iter().map(|column| names[*column]).collect();
    assert_eq!(
        found(&report, "persons_newly_unique", &all, Some("all")),
        newly(&people, &base, &joined(&asked), 2)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn ignored_columns_single_out_whom_a_comparison_of_all_rows_finds(rows in rows(), is_anonymous: bool) {
        let folder = tempfile::tempdir().unwrap();
        check(folder.path(), &rows, is_anonymous);
    }
}
