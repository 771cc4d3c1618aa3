//! Nulls that stand for anything, values less specific than others, and registers: every pair of rows is
//! compared.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use proptest::prelude::*;
use reidrisk::report::Report;

use super::{audited, value, write};

const PREFIXES: [&str; 6] = ["1", "10", "101", "102", "2", "20"];
const INTERVALS: [&str; 6] = ["40-49", "43", "[40, 50)", "50-59", "<60", "unknown"];
const LEVELS: [&str; 6] = ["a", "b", "c", "x", "y", "*"];
/// As ARX writes it.
const FILE: &str = "a;x;*\nb;x;*\nc;y;*\n";

/// Who, three quasi-identifiers, a sensitive value.
#[derive(Debug, Clone)]
struct Row {
    who: usize,
    cells: [Option<usize>; 3],
    value: usize,
}

fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    let cell = || prop::option::weighted(0.85, 0usize..6);
    let row = (0usize..9, [cell(), cell(), cell()], 0usize..3);
    let row = row.prop_map(|(who, cells, value)| Row { who, cells, value });
    prop::collection::vec(row, 1..most)
}

fn text(column: usize, cell: usize) -> &'static str {
    [PREFIXES, INTERVALS, LEVELS][column][cell]
}

/// Whether one of two values lies within the other, said value by value.
fn within(column: usize, a: usize, b: usize) -> bool {
    let (x, y) = (text(column, a), text(column, b));
    let pair = |p: &str, q: &str| (x, y) == (p, q) || (x, y) == (q, p);
    x == y
        || match column {
            0 => x.starts_with(y) || y.starts_with(x),
            1 => {
                let wide = |v: &str| v == "<60" && x != "unknown" && y != "unknown";
                wide(x)
                    || wide(y)
                    || pair("40-49", "43")
                    || pair("[40, 50)", "43")
                    || pair("40-49", "[40, 50)")
            }
            _ => x == "*" || y == "*" || pair("a", "x") || pair("b", "x") || pair("c", "y"),
        }
}

fn matches(a: &Row, b: &Row, columns: &[usize], hierarchies: bool, wildcard: bool) -> bool {
    columns
        .iter()
        .all(|&column| match (a.cells[column], b.cells[column]) {
            (None, None) => true,
            (None, _) | (_, None) => wildcard,
            (Some(x), Some(y)) => x == y || hierarchies && within(column, x, y),
        })
}

/// Whether a row says no less than another: what it says lies within what the other says.
fn lies_within(a: &Row, b: &Row, hierarchies: bool, wildcard: bool) -> bool {
    (0..3).all(|column| match (a.cells[column], b.cells[column]) {
        (None, None) => true,
        (_, None) => wildcard,
        (None, Some(_)) => false,
        (Some(x), Some(y)) => {
            let (narrow, wide) = (text(column, x), text(column, y));
            let below = match column {
                0 => narrow.starts_with(wide),
                1 => match wide {
                    "<60" => narrow != "unknown",
                    "40-49" => narrow == "43",
                    // What lies between 49 and 50 as well.
                    "[40, 50)" => ["40-49", "43"].contains(&narrow),
                    _ => false,
                },
                _ => match wide {
                    "*" => true,
                    "x" => ["a", "b"].contains(&narrow),
                    "y" => narrow == "c",
                    _ => false,
                },
            };
            x == y || hierarchies && below
        }
    })
}

fn arrays(rows: &[Row]) -> Vec<(&'static str, ArrayRef)> {
    let column = |column: usize| -> ArrayRef {
        let cells = rows
            .iter()
            .map(|row| row.cells[column].map(|cell| text(column, cell)));
        Arc::new(StringArray::from_iter(cells))
    };
    let numbers = |of: &dyn Fn(&Row) -> usize| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(
            rows.iter().map(|row| of(row) as i64),
        ))
    };
    vec![
        ("p", column(0)),
        ("i", column(1)),
        ("l", column(2)),
        ("value", numbers(&|row| row.value)),
        ("who", numbers(&|row| row.who)),
        (
            "weight",
            Arc::new(Float64Array::from_iter_values(rows.iter().map(weight))),
        ),
    ]
}

/// How many persons of the population a row stands for.
fn weight(row: &Row) -> f64 {
    [1.5, 4.0, 40.25][(row.who + row.value) % 3]
}

fn close(report: &Report, id: (&str, &str), parameters: &[(&str, &str)], expected: f64) {
    let found = value(report, id.0, id.1, parameters).unwrap_or_else(|| panic!("no {id:?}"));
    assert!(
        (found - expected).abs() < 1e-12,
        "{id:?}: {found}, not {expected}"
    );
}

/// The slow computation: `person` tells whose row it is, `same` which rows match by some columns.
struct Twin<'a> {
    rows: &'a [Row],
    person: &'a dyn Fn(usize) -> usize,
    same: &'a dyn Fn(&Row, &Row, &[usize]) -> bool,
    /// Whether the first says no less than the second.
    within: &'a dyn Fn(&Row, &Row) -> bool,
}

impl Twin<'_> {
    fn neighbours(&self, row: usize, columns: &[usize]) -> BTreeSet<usize> {
        let of = (0..self.rows.len())
            .filter(|at| (self.same)(&self.rows[row], &self.rows[*at], columns));
        of.map(|at| (self.person)(at)).collect()
    }

    /// For each person the least of a number over their rows.
    fn least(&self, of_row: &[usize]) -> BTreeMap<usize, usize> {
        let mut least = BTreeMap::new();
        for (row, number) in of_row.iter().enumerate() {
            let mine = least.entry((self.person)(row)).or_insert(usize::MAX);
            *mine = (*mine).min(*number);
        }
        least
    }

    fn compare(&self, report: &Report) {
        let all = [0, 1, 2];
        let n = self.rows.len();
        let sizes: Vec<usize> = (0..n).map(|row| self.neighbours(row, &all).len()).collect();
        let of_person = self.least(&sizes);
        let persons = of_person.len() as f64;
        let tuples: BTreeMap<_, usize> = self
            .rows
            .iter()
            .zip(&sizes)
            .map(|(row, size)| (row.cells, *size))
            .collect();
        let mean = tuples.values().sum::<usize>() as f64 / tuples.len() as f64;
        let count = |below: usize| of_person.values().filter(|size| **size < below).count() as f64;
        let risk = |sizes: &mut dyn Iterator<Item = &usize>| {
            sizes.map(|size| 1.0 / *size as f64).sum::<f64>()
        };
        let smallest = *sizes.iter().min().unwrap() as f64;
        close(report, ("k-anonymity", "k"), &[], smallest);
        close(report, ("k-anonymity", "classes"), &[], tuples.len() as f64);
        close(report, ("k-anonymity", "average_class_size"), &[], mean);
        close(
            report,
            ("k-anonymity", "persons_below"),
            &[("k", "5")],
            count(5),
        );
        close(report, ("uniqueness", "unique_persons"), &[], count(2));
        let mean = risk(&mut of_person.values()) / persons;
        close(
            report,
            ("re-identification-risk", "prosecutor_mean"),
            &[],
            mean,
        );
        let marketer = risk(&mut sizes.iter()) / n as f64;
        close(
            report,
            ("re-identification-risk", "marketer"),
            &[],
            marketer,
        );
        self.compare_posterior(report);
        self.compare_values(report);
        self.compare_weights(report);
        self.compare_subsets(report);
    }

    /// One over the crowd of the person's worst row: the persons it fits, or the rows that may be theirs, each weighed
    /// by how few it fits.
    fn compare_posterior(&self, report: &Report) {
        let n = self.rows.len();
        let fits: Vec<f64> = (0..n)
            .map(|row| {
                let of = (0..n).filter(|at| (self.within)(&self.rows[*at], &self.rows[row]));
                of.map(|at| (self.person)(at))
                    .collect::<BTreeSet<_>>()
                    .len() as f64
            })
            .collect();
        let mut risks: BTreeMap<usize, f64> = BTreeMap::new();
        for row in 0..n {
            let mut weights: BTreeMap<usize, f64> = BTreeMap::new();
            for at in (0..n).filter(|at| (self.within)(&self.rows[row], &self.rows[*at])) {
                let mine = weights.entry((self.person)(at)).or_default();
                *mine = mine.max(fits[row] / fits[at]);
            }
            let crowd = fits[row].min(weights.values().sum());
            let risk = risks.entry((self.person)(row)).or_default();
            *risk = risk.max(1.0 / crowd);
        }
        let mean = risks.values().sum::<f64>() / risks.len() as f64;
        let max = risks.values().copied().fold(0.0, f64::max);
        close(
            report,
            ("re-identification-risk", "posterior_max"),
            &[],
            max,
        );
        close(
            report,
            ("re-identification-risk", "posterior_mean"),
            &[],
            mean,
        );
    }

    fn compare_values(&self, report: &Report) {
        let all = [0, 1, 2];
        // Distinct (person, tuple, value): what is in the table.
        let facts: BTreeSet<_> = self
            .rows
            .iter()
            .enumerate()
            .map(|(at, row)| ((self.person)(at), row.cells, row.value))
            .collect();
        let share = |value: usize| {
            facts.iter().filter(|fact| fact.2 == value).count() as f64 / facts.len() as f64
        };
        let mut fewest = usize::MAX;
        let (mut furthest, mut told) = (BTreeMap::new(), BTreeMap::new());
        for (at, row) in self.rows.iter().enumerate() {
            let near = self
                .rows
                .iter()
                .enumerate()
                .filter(|(_, other)| (self.same)(row, other, &all));
            let has: BTreeSet<_> = near
                .map(|(at, other)| (other.value, (self.person)(at)))
                .collect();
            let values: BTreeSet<_> = has.iter().map(|pair| pair.0).collect();
            let part = |value: usize| {
                has.iter().filter(|pair| pair.0 == value).count() as f64 / has.len() as f64
            };
            let distance = (0..3)
                .map(|value| (part(value) - share(value)).abs())
                .sum::<f64>()
                / 2.0;
            fewest = fewest.min(values.len());
            let person = (self.person)(at);
            let mine: &mut f64 = furthest.entry(person).or_default();
            *mine = mine.max(distance);
            *told.entry(person).or_insert(false) |= values.len() == 1;
        }
        let persons = told.len() as f64;
        close(report, ("l-diversity", "distinct"), &[], fewest as f64);
        let equal = [("distance", "equal")];
        close(
            report,
            ("t-closeness", "t"),
            &equal,
            furthest.values().copied().fold(0.0, f64::max),
        );
        close(
            report,
            ("t-closeness", "t_mean"),
            &equal,
            furthest.values().sum::<f64>() / persons,
        );
        let certain = told.values().filter(|told| **told).count() as f64 / persons;
        close(
            report,
            ("homogeneity-attack", "share_certain"),
            &[("certainty", "1.0")],
            certain,
        );
    }

    fn compare_weights(&self, report: &Report) {
        let all = [0, 1, 2];
        // The different weights of each person in each class of equal rows.
        let mut weights: BTreeMap<_, BTreeSet<u64>> = BTreeMap::new();
        let mut classes: BTreeMap<usize, BTreeSet<[Option<usize>; 3]>> = BTreeMap::new();
        for (at, row) in self.rows.iter().enumerate() {
            let person = (self.person)(at);
            weights
                .entry((person, row.cells))
                .or_default()
                .insert(weight(row).to_bits());
            classes.entry(person).or_default().insert(row.cells);
        }
        let mean = |key: &(usize, [Option<usize>; 3])| {
            let weights = &weights[key];
            weights
                .iter()
                .map(|bits| f64::from_bits(*bits))
                .sum::<f64>()
                / weights.len() as f64
        };
        let one_class = classes.values().all(|classes| classes.len() == 1);
        let overlaps = report
            .notes
            .iter()
            .any(|note| note.text.english().contains("overlap"));
        if overlaps && !one_class {
            assert_eq!(value(report, "individual-risk", "max", &[]), None);
            return;
        }
        let risk = |row: &Row| {
            let in_class: BTreeSet<_> = (0..self.rows.len())
                .filter(|at| (self.same)(row, &self.rows[*at], &all))
                .map(|at| ((self.person)(at), self.rows[at].cells))
                .collect();
            let f = in_class.len();
            let p = f as f64 / in_class.iter().map(&mean).sum::<f64>();
            // E(1/F) by the negative binomial distribution, term by term.
            let (mut term, mut sum) = (p.powi(f as i32), 0.0);
            for h in f..20_000 {
                sum += term / h as f64;
                term *= (1.0 - p) * h as f64 / (h + 1 - f) as f64;
            }
            sum
        };
        let mut of_person: BTreeMap<usize, f64> = BTreeMap::new();
        for (at, row) in self.rows.iter().enumerate() {
            let greatest = of_person.entry((self.person)(at)).or_default();
            *greatest = greatest.max(risk(row));
        }
        let near = |statistic: &str, expected: f64| {
            let found = value(report, "individual-risk", statistic, &[]).unwrap();
            assert!(
                (found - expected).abs() < 1e-9,
                "{statistic}: {found}, not {expected}"
            );
        };
        near("max", of_person.values().copied().fold(0.0, f64::max));
        near("expected", of_person.values().sum());
        let population = classes.iter().map(|(person, classes)| {
            let of_classes = classes.iter().map(|class| mean(&(*person, *class)));
            of_classes.sum::<f64>() / classes.len() as f64
        });
        near("population", population.sum());
    }

    fn compare_subsets(&self, report: &Report) {
        let n = self.rows.len();
        let names = ["p", "i", "l"];
        let mut alone: BTreeMap<Vec<usize>, Vec<bool>> = BTreeMap::new();
        for subset in 1..8usize {
            let columns: Vec<usize> = (0..3).filter(|at| subset >> at & 1 == 1).collect();
            let sizes: Vec<usize> = (0..n)
                .map(|row| self.neighbours(row, &columns).len())
                .collect();
            let same = |row: usize| {
                let others = self.rows.iter();
                others
                    .filter(|other| (self.same)(&self.rows[row], other, &columns))
                    .count()
            };
            let pairs: usize = (0..n).map(|row| same(row) - 1).sum();
            let named: Vec<&str> = columns.iter().map(|at| names[*at]).collect();
            let found = |statistic: &str| {
                let mut these = report.findings.iter().filter(|finding| {
                    finding.measure == "quasi-identifier-subsets"
                        && finding.statistic == statistic
                        && finding.columns == named
                });
                these.next().unwrap().value.map(|value| value.as_f64())
            };
            let unique = self
                .least(&sizes)
                .values()
                .filter(|size| **size == 1)
                .count();
            assert_eq!(found("unique_persons"), Some(unique as f64), "{named:?}");
            assert_eq!(
                found("k"),
                sizes.iter().min().map(|size| *size as f64),
                "{named:?}"
            );
            if let Some(separation) = found("separation") {
                let expected = 1.0 - pairs as f64 / (n * (n - 1)) as f64;
                assert!((separation - expected).abs() < 1e-12, "{named:?}");
            }
            alone.insert(columns.clone(), (0..n).map(|row| same(row) == 1).collect());
        }
        let persons: BTreeSet<usize> = (0..n).map(|row| (self.person)(row)).collect();
        if persons.len() < n {
            return;
        }
        let minimal = |columns: &Vec<usize>, row: usize| {
            let fewer = |left_out: usize| {
                let rest: Vec<usize> = columns
                    .iter()
                    .copied()
                    .filter(|at| *at != left_out)
                    .collect();
                alone.get(&rest).is_some_and(|alone| alone[row])
            };
            alone[columns][row] && !columns.iter().any(|at| fewer(*at))
        };
        let found = alone
            .keys()
            .map(|columns| (0..n).filter(|row| minimal(columns, *row)).count());
        close(
            report,
            ("suda", "minimal_sample_uniques"),
            &[],
            found.sum::<usize>() as f64,
        );
    }

    /// Against a register that has the first two columns.
    fn compare_register(&self, report: &Report, register: &[Row]) {
        let columns = [0, 1];
        let there = |row: &Row| {
            register
                .iter()
                .filter(|other| (self.same)(row, other, &columns))
                .count()
        };
        let sizes: Vec<usize> = (0..self.rows.len())
            .map(|at| there(&self.rows[at]).max(self.neighbours(at, &columns).len()))
            .collect();
        let strangers: Vec<usize> = self
            .rows
            .iter()
            .map(|row| usize::from(there(row) == 0))
            .collect();
        let strangers = self
            .least(&strangers)
            .values()
            .filter(|strange| **strange == 1)
            .count();
        let of_person = self.least(&sizes);
        let persons = of_person.len();
        let named = [("auxiliary", "register")];
        if strangers == persons {
            assert_eq!(value(report, "k-map", "k", &named), None);
            return;
        }
        let smallest = *of_person.values().min().unwrap() as f64;
        close(report, ("k-map", "k"), &named, smallest);
        close(
            report,
            ("k-map", "share_unmatched"),
            &named,
            strangers as f64 / persons as f64,
        );
        close(report, ("journalist-risk", "max"), &named, 1.0 / smallest);
        let mean = of_person
            .values()
            .map(|size| 1.0 / *size as f64)
            .sum::<f64>()
            / persons as f64;
        close(report, ("journalist-risk", "mean"), &named, mean);
        let presence: Vec<f64> = register
            .iter()
            .map(|row| {
                let here =
                    (0..self.rows.len()).filter(|at| (self.same)(row, &self.rows[*at], &columns));
                let here: BTreeSet<usize> = here.map(|at| (self.person)(at)).collect();
                (here.len() as f64 / there(row) as f64).min(1.0)
            })
            .collect();
        let least = presence.iter().copied().fold(1.0, f64::min);
        let greatest = presence.iter().copied().fold(0.0, f64::max);
        close(report, ("delta-presence", "min"), &named, least);
        close(report, ("delta-presence", "max"), &named, greatest);
        let certain = presence.iter().filter(|p| **p == 1.0).count() as f64 / presence.len() as f64;
        close(report, ("delta-presence", "share_certain"), &named, certain);
    }
}

const TABLE: &str = "kind = \"microdata\"\nquasi_identifiers = [\"p\", \"i\", \"l\"]\nsensitive = [\"value\"]\nweight = \"weight\"";
const HIERARCHIES: &str = "hierarchies = { p = \"prefix\", i = \"intervals\", l = \"levels.csv\" }";
const REGISTER: &str = "[[auxiliary]]\nname = \"register\"\nkind = \"population\"\n\
                        path = \"register.parquet\"\nquasi_identifiers = [\"p\", \"i\"]\n\
                        ignore = [\"l\", \"value\", \"who\", \"weight\"]";

fn compare_all(folder: &Path, rows: &[Row], register: &[Row]) {
    for (hierarchies, wildcard) in [(false, false), (false, true), (true, false), (true, true)] {
        // A file that the manifest does not name must not lie there.
        let levels = folder.join("levels.csv");
        match hierarchies {
            true => std::fs::write(levels, FILE).unwrap(),
            false => _ = std::fs::remove_file(levels),
        }
        let same =
            |a: &Row, b: &Row, columns: &[usize]| matches(a, b, columns, hierarchies, wildcard);
        let within = |a: &Row, b: &Row| lies_within(a, b, hierarchies, wildcard);
        let kind = match (hierarchies, wildcard) {
            (true, true) => format!("{HIERARCHIES}\nnulls = \"wildcard\""),
            (true, false) => HIERARCHIES.to_owned(),
            (false, true) => "nulls = \"wildcard\"".to_owned(),
            (false, false) => String::new(),
        };
        let by_row = |row: usize| row;
        let by_person = |row: usize| rows[row].who;
        for (role, person) in [
            ("ignore = [\"who\"]", &by_row as &dyn Fn(usize) -> usize),
            ("subject = \"who\"", &by_person),
        ] {
            let report = audited(folder, &format!("{TABLE}\n{role}\n{kind}\n{REGISTER}"));
            let twin = Twin {
                rows,
                person,
                same: &same,
                within: &within,
            };
            twin.compare(&report);
            twin.compare_register(&report, register);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn neighbourhoods_are_those_of_all_pairs(rows in rows(50), register in rows(60)) {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("t.parquet"), &arrays(&rows), 20);
        write(&folder.path().join("register.parquet"), &arrays(&register), 20);
        compare_all(folder.path(), &rows, &register);
    }
}
