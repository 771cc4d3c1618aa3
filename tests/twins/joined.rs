//! Tables under the same pseudonyms against a comparison of all pairs of persons.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::*;
use proptest::prelude::*;

use super::{audited, value, write};

/// Rows of one table: who, and what is said of them.
type Rows = Vec<(u8, u8, u8)>;

/// Under names that nobody takes for numbers.
fn write_rows(path: &Path, rows: &Rows, group: usize) {
    let columns: [(&str, ArrayRef); 3] = [
        (
            "who",
            Arc::new(StringArray::from_iter_values(
                rows.iter().map(|row| format!("p{}q", row.0)),
            )),
        ),
        (
            "a",
            Arc::new(UInt8Array::from_iter_values(rows.iter().map(|row| row.1))),
        ),
        (
            "b",
            Arc::new(UInt8Array::from_iter_values(rows.iter().map(|row| row.2))),
        ),
    ];
    write(path, &columns, group);
}

/// What a table says of each person: all their rows, in any order.
fn told(rows: &Rows) -> BTreeMap<u8, Vec<(u8, u8)>> {
    let mut told: BTreeMap<u8, Vec<(u8, u8)>> = BTreeMap::new();
    for (who, a, b) in rows {
        told.entry(*who).or_default().push((*a, *b));
    }
    told.values_mut().for_each(|rows| rows.sort_unstable());
    told
}

/// Of each person in two tables or more how many have the same in all of these.
fn crowds(tables: &[Rows]) -> Vec<usize> {
    let told: Vec<_> = tables.iter().map(told).collect();
    let everybody: BTreeSet<u8> = told.iter().flat_map(|of| of.keys().copied()).collect();
    let fits = |person: &u8, other: &u8| {
        let mut tables = told.iter();
        tables.all(|of| {
            of.get(person)
                .is_none_or(|mine| of.get(other) == Some(mine))
        })
    };
    let several = |person: &&u8| told.iter().filter(|of| of.contains_key(person)).count() > 1;
    let persons = everybody.iter().filter(several);
    persons
        .map(|person| everybody.iter().filter(|other| fits(person, other)).count())
        .collect()
}

fn rows(persons: u8) -> impl Strategy<Value = Rows> {
    prop::collection::vec((0..persons, 0u8..2, 0u8..2), 1..24)
}

fn described(name: &str, known: &str) -> String {
    format!(
        "[[table]]\nname = \"{name}\"\npath = \"{name}.parquet\"\nkind = \"microdata\"\nsubject = \"who\"\n\
         quasi_identifiers = [{known}]\n"
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn persons_are_compared_by_all_tables(
        tables in (rows(12), rows(16), rows(9)),
        group in 3usize..30,
    ) {
        let tables = [tables.0, tables.1, tables.2];
        let folder = tempfile::tempdir().unwrap();
        for (name, rows) in ["t", "u", "v"].iter().zip(&tables) {
            write_rows(&folder.path().join(format!("{name}.parquet")), rows, group);
        }
        let manifest = format!(
            "kind = \"microdata\"\nsubject = \"who\"\nquasi_identifiers = [\"a\", \"b\"]\n{}{}",
            described("u", "\"a\", \"b\""),
            described("v", "\"a\", \"b\""),
        );
        let report = audited(folder.path(), &manifest);
        let crowds = crowds(&tables);
        // Not all tables need be joined with each other: then there are two groups, or none.
        let found = |name, parameters: &[(&str, &str)]| value(&report, "joined-tables", name, parameters);
        if crowds.is_empty() {
            prop_assert_eq!(found("k", &[]), None);
            prop_assert_eq!(found("persons_below", &[("k", "11")]), Some(0.0));
        } else {
            let below = |k: usize| crowds.iter().filter(|crowd| **crowd < k).count() as f64;
            let all = crowds.len() as f64;
            let smallest = *crowds.iter().min().unwrap() as f64;
            prop_assert_eq!(found("persons_linked", &[]), Some(all));
            prop_assert_eq!(found("k", &[]), Some(smallest));
            prop_assert_eq!(found("risk_max", &[]), Some(1.0 / smallest));
            prop_assert_eq!(found("share_unique", &[]), Some(below(2) / all));
            for k in [2usize, 5, 11] {
                let number = k.to_string();
                prop_assert_eq!(found("persons_below", &[("k", number.as_str())]), Some(below(k)));
            }
        }
    }

    /// One file as two tables, each with one of its columns.
    #[test]
    fn a_file_that_is_named_twice_is_compared_by_all_columns(
        rows in rows(10),
        group in 3usize..30,
        named in (any::<bool>(), any::<bool>()),
    ) {
        let folder = tempfile::tempdir().unwrap();
        write_rows(&folder.path().join("t.parquet"), &rows, group);
        let subject = |named: bool| if named { "subject = \"who\"\n" } else { "" };
        let ignore = |named: bool| if named { "" } else { ", \"who\"" };
        let manifest = format!(
            "kind = \"microdata\"\n{}quasi_identifiers = [\"a\"]\nignore = [\"b\"{}]\n\
             [[table]]\nname = \"u\"\npath = \"t.parquet\"\nkind = \"microdata\"\n{}\
             quasi_identifiers = [\"b\"]\nignore = [\"a\"{}]\n",
            subject(named.0), ignore(named.0), subject(named.1), ignore(named.1),
        );
        let report = audited(folder.path(), &manifest);
        // What is told of each person; where no table names them, of each row.
        let told: Vec<Vec<(u8, u8)>> = match named.0 || named.1 {
            true => told(&rows).into_values().collect(),
            false => rows.iter().map(|row| vec![(row.1, row.2)]).collect(),
        };
        let crowd = |mine: &Vec<(u8, u8)>| told.iter().filter(|other| *other == mine).count();
        let crowds: Vec<usize> = told.iter().map(crowd).collect();
        let unique = crowds.iter().filter(|crowd| **crowd == 1).count() as f64 / crowds.len() as f64;
        let by_row = [("by", "row")];
        let smallest = *crowds.iter().min().unwrap() as f64;
        prop_assert_eq!(value(&report, "joined-tables", "k", &by_row), Some(smallest));
        let found = value(&report, "joined-tables", "share_unique", &by_row).unwrap();
        prop_assert!((found - unique).abs() < 1e-12);
    }
}
