//! Known rows of persons who have several in microdata, against a comparison of all multisets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::*;
use proptest::prelude::*;
use reidrisk::report::Report;

use super::{audited, value, write};

type Kind = (Option<u8>, u8, u8);
/// How many rows of each kind.
type Multiset = BTreeMap<Kind, usize>;

fn multiset<'a>(rows: impl Iterator<Item = &'a Kind>) -> Multiset {
    let mut of = Multiset::new();
    rows.for_each(|kind| *of.entry(*kind).or_default() += 1);
    of
}

/// Persons who have at least as many rows of each kind.
fn support(persons: &[Vec<Kind>], known: &Multiset) -> usize {
    let has = |rows: &&Vec<Kind>| {
        let theirs = multiset(rows.iter());
        known
            .iter()
            .all(|(kind, count)| theirs.get(kind).is_some_and(|theirs| theirs >= count))
    };
    persons.iter().filter(has).count()
}

/// All choices of so many rows of a person, as multisets, each as often as it can be chosen.
fn choices(rows: &[Kind], count: usize) -> Vec<Multiset> {
    let chosen = (0u32..1 << rows.len()).filter(|bits| bits.count_ones() as usize == count);
    let of = |bits: u32| {
        let mine = rows.iter().enumerate();
        let mine = mine.filter(move |(at, _)| bits >> at & 1 == 1);
        multiset(mine.map(|(_, kind)| kind))
    };
    chosen.map(of).collect()
}

fn unicity(report: &Report, statistic: &str, points: usize, more: &[(&str, &str)]) -> Option<f64> {
    let points = points.to_string();
    let mut parameters = vec![("rows", "known"), ("points", points.as_str())];
    parameters.extend(more);
    value(report, "unicity", statistic, &parameters)
}

fn near(found: Option<f64>, expected: f64, tolerance: f64, what: &str) {
    let found = found.unwrap_or_else(|| panic!("{what} was not measured"));
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found} and {expected}"
    );
}

fn compare_unicity(report: &Report, persons: &[Vec<Kind>]) {
    let all = persons.len() as f64;
    let alone = |rows: &[Kind], count: usize| {
        let choices = choices(rows, count);
        let unique = choices.iter().filter(|known| support(persons, known) == 1);
        unique.count() as f64 / choices.len() as f64
    };
    let exact = [("method", "exact")];
    let single: Vec<f64> = persons.iter().map(|rows| alone(rows, 1)).collect();
    let mean = single.iter().sum::<f64>() / all;
    near(
        unicity(report, "share_unique", 1, &exact),
        mean,
        1e-12,
        "one row",
    );
    let rows: usize = persons.iter().map(Vec::len).sum();
    let pooled = single
        .iter()
        .zip(persons)
        .map(|(share, rows)| share * rows.len() as f64);
    let pooled = pooled.sum::<f64>() / rows as f64;
    near(
        unicity(report, "share_unique_pooled", 1, &exact),
        pooled,
        1e-12,
        "pooled",
    );
    let distinct = persons
        .iter()
        .all(|rows| multiset(rows.iter()).len() == rows.len());
    let pairs: Vec<f64> = persons
        .iter()
        .filter(|rows| rows.len() > 1)
        .map(|rows| alone(rows, 2))
        .collect();
    let mean = pairs.iter().sum::<f64>() / pairs.len() as f64;
    match distinct {
        true => near(
            unicity(report, "share_unique", 2, &exact),
            mean,
            1e-12,
            "two rows",
        ),
        false => assert_eq!(unicity(report, "share_unique", 2, &exact), None),
    }
    let sampled = [("method", "sampled")];
    for p in [2, 3, 7] {
        let fewer: Vec<_> = persons.iter().filter(|rows| rows.len() < p).collect();
        let more: Vec<_> = persons.iter().filter(|rows| rows.len() >= p).collect();
        let whole = fewer
            .iter()
            .filter(|rows| alone(rows, rows.len()) == 1.0)
            .count() as f64;
        let drawn: f64 = more.iter().map(|rows| alone(rows, p)).sum();
        // Ten thousand draws: a standard deviation of 0.5 % at most.
        let expected = (whole + drawn) / all;
        near(
            unicity(report, "share_unique_all", p, &sampled),
            expected,
            0.025,
            "all",
        );
        match more.is_empty() {
            true => near(
                unicity(report, "share_unique", p, &sampled),
                whole / all,
                1e-12,
                "whole",
            ),
            false => {
                let expected = drawn / more.len() as f64;
                near(
                    unicity(report, "share_unique", p, &sampled),
                    expected,
                    0.025,
                    "drawn",
                );
            }
        }
        let found = |statistic| unicity(report, statistic, p, &[]);
        near(
            found("persons_with_fewer_points"),
            fewer.len() as f64,
            0.0,
            "fewer",
        );
        near(
            found("share_with_fewer_points"),
            fewer.len() as f64 / all,
            1e-12,
            "share of fewer",
        );
    }
}

fn compare_sets(report: &Report, persons: &[Vec<Kind>]) {
    let k = 5;
    let sets: Vec<Vec<Multiset>> = (1..=3)
        .map(|m| {
            let mut sets: Vec<Multiset> =
                persons.iter().flat_map(|rows| choices(rows, m)).collect();
            sets.sort();
            sets.dedup();
            sets
        })
        .collect();
    let rare = |set: &Multiset| support(persons, set) < k;
    for m in 1..=3 {
        let these = &sets[m - 1];
        let within = |part: &Multiset, set: &Multiset| {
            part.iter()
                .all(|(kind, count)| set.get(kind).is_some_and(|more| more >= count))
        };
        let minimal = |set: &&Multiset| {
            let mut parts = sets[..m - 1].iter().flatten();
            rare(set) && !parts.any(|part| within(part, set) && rare(part))
        };
        let exposed = |rows: &&Vec<Kind>| (1..=m).any(|size| choices(rows, size).iter().any(rare));
        let text = m.to_string();
        let parameters = [("rows", "known"), ("m", text.as_str())];
        let found = |statistic| value(report, "km-anonymity", statistic, &parameters);
        for (statistic, expected) in [
            ("itemsets", these.len()),
            ("violations", these.iter().filter(|set| rare(set)).count()),
            ("minimal_violations", these.iter().filter(minimal).count()),
            ("persons_exposed", persons.iter().filter(exposed).count()),
        ] {
            near(
                found(statistic),
                expected as f64,
                0.0,
                &format!("{statistic} of {m}"),
            );
        }
    }
}

/// Combinations of values that rows of one person alone have, while each part of them is in a row of somebody else.
fn compare_special(report: &Report, persons: &[Vec<Kind>]) {
    let values = |columns: u8, kind: &Kind| {
        let all = [kind.0.unwrap_or(9), kind.1, kind.2];
        let of = (0..3).filter(move |column| columns >> column & 1 == 1);
        of.map(|column| all[column as usize]).collect::<Vec<u8>>()
    };
    let is_alone = |person: usize, columns: u8, wanted: &Vec<u8>| {
        let mut others = persons.iter().enumerate();
        !others.any(|(other, rows)| {
            other != person && rows.iter().any(|kind| values(columns, kind) == *wanted)
        })
    };
    let special = |person: usize| -> BTreeSet<(u8, Vec<u8>)> {
        let mut found = BTreeSet::new();
        for kind in &persons[person] {
            for columns in 1..8u8 {
                let alone = |columns: u8| is_alone(person, columns, &values(columns, kind));
                let mut parts = (1..columns).filter(|part| part & columns == *part);
                if alone(columns) && !parts.any(alone) {
                    found.insert((columns, values(columns, kind)));
                }
            }
        }
        found
    };
    let all: Vec<_> = (0..persons.len()).map(special).collect();
    let count = all.iter().map(BTreeSet::len).sum::<usize>();
    let found = |statistic, parameters: &[_]| value(report, "suda", statistic, parameters);
    near(
        found("minimal_sample_uniques", &[]),
        count as f64,
        0.0,
        "special",
    );
    // (3 − j)! for j columns.
    let score = |of: &BTreeSet<(u8, Vec<u8>)>| -> u32 {
        let each = of.iter();
        each.map(|(columns, _)| [2, 1, 1][columns.count_ones() as usize - 1])
            .sum()
    };
    let greatest = all.iter().map(score).max().unwrap();
    let by_default = found("score_max", &[("weights", "default")]);
    near(by_default, f64::from(greatest), 1e-12, "score");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn known_rows_are_compared_as_multisets(
        persons in prop::collection::vec(
            prop::collection::vec((prop::option::weighted(0.8, 0u8..2), 0u8..2, 0u8..2, 0u8..4), 1..7),
            2..14,
        ),
        group in 5usize..50,
        composite: bool,
    ) {
        // The rows of a person lie apart.
        let longest = persons.iter().map(Vec::len).max().unwrap();
        let rows = || {
            (0..longest).flat_map(|at| {
                let mine = persons.iter().enumerate();
                mine.filter_map(move |(person, rows)| Some((person, *rows.get(at)?)))
            })
        };
        let who = StringArray::from_iter_values(rows().map(|(person, _)| format!("p{person}q")));
        let columns: [(&str, ArrayRef); 5] = [
            ("who", Arc::new(who)),
            ("a", Arc::new(UInt8Array::from_iter(rows().map(|(_, row)| row.0)))),
            ("b", Arc::new(UInt8Array::from_iter_values(rows().map(|(_, row)| row.1)))),
            ("c", Arc::new(UInt8Array::from_iter_values(rows().map(|(_, row)| row.2)))),
            ("secret", Arc::new(UInt8Array::from_iter_values(rows().map(|(_, row)| row.3)))),
        ];
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("t.parquet"), &columns, group);
        let report = audited(
            folder.path(),
            &format!(
                "kind = \"microdata\"\nsubject = \"who\"\nquasi_identifiers = [\"a\", \"b\", \"c\"]\n\
                 sensitive = [\"secret\"]\ncomposite = {composite}\n\
                 [measure.unicity]\npoints = [1, 2, 3, 7]\n"
            ),
        );
        let known: Vec<Vec<Kind>> = persons
            .iter()
            .map(|rows| rows.iter().map(|row| (row.0, row.1, row.2)).collect())
            .collect();
        let told = |finding: &reidrisk::finding::Finding| {
            ["unicity", "km-anonymity"].contains(&finding.measure.as_str())
        };
        match longest {
            1 => prop_assert!(!report.findings.iter().any(told)),
            _ => {
                compare_unicity(&report, &known);
                compare_sets(&report, &known);
            }
        }
        compare_special(&report, &known);
    }
}
