//! Tables that count the same persons: one system, part and whole, and what the manifest says of it.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};
use reidrisk::report::Report;
use reidrisk::stats::{Draws, Trial};

use super::parquet_file::write;
use super::{audited, find, value};

/// A table of counts by some columns of texts.
pub struct Table {
    pub name: &'static str,
    pub columns: Vec<&'static str>,
    pub rows: Vec<(Vec<String>, Option<i64>)>,
    pub more: String,
}

impl Table {
    pub fn new(name: &'static str, columns: &[&'static str], more: &str) -> Self {
        Self {
            name,
            columns: columns.to_vec(),
            rows: Vec::new(),
            more: more.to_owned(),
        }
    }

    pub fn row(&mut self, values: &[&str], count: Option<i64>) {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        self.rows.push((values, count));
    }

    pub fn write(&self, folder: &Path) {
        let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
        for (at, name) in self.columns.iter().enumerate() {
            let texts = self.rows.iter().map(|(values, _)| values[at].as_str());
            columns.push((name, Arc::new(StringArray::from_iter_values(texts))));
        }
        let counts = self.rows.iter().map(|(_, count)| *count);
        columns.push(("n", Arc::new(Int64Array::from_iter(counts))));
        write(&folder.join(format!("{}.parquet", self.name)), columns);
    }

    pub fn manifest(&self) -> String {
        let others: Vec<String> = self.columns[1..]
            .iter()
            .map(|column| format!("\"{column}\""))
            .collect();
        format!(
            "[[table]]\nname = \"{0}\"\npath = \"{0}.parquet\"\nkind = \"flows\"\nplace = \"{1}\"\n\
             quasi_identifiers = [{2}]\ncount = \"n\"\n{3}\n",
            self.name,
            self.columns[0],
            others.join(", "),
            self.more
        )
    }
}

pub fn release(tables: &[&Table], more: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    tables.iter().for_each(|table| table.write(folder.path()));
    let manifest: String = tables.iter().map(|table| table.manifest()).collect();
    audited(folder.path(), &format!("{manifest}{more}")).unwrap()
}

/// A statistic of one table.
fn of(report: &Report, table: &str, id: &str, parameters: &[(&str, &str)]) -> f64 {
    let found = report.findings.iter().find(|finding| {
        let has = |(name, value): &(&str, &str)| {
            let parameter = finding.parameters.get(*name);
            parameter.is_some_and(|known| known.to_string() == *value)
        };
        finding.table == table && finding.id() == id && parameters.iter().all(has)
    });
    let found = found.unwrap_or_else(|| panic!("{table} {id} {parameters:?}"));
    found
        .value
        .unwrap_or_else(|| panic!("{table} {id} has no value"))
        .as_f64()
}

const MOST: i64 = 3;

/// An area as two tables tell it: counts by sex and by age, some left out.
struct Area {
    sexes: Vec<Option<i64>>,
    ages: Vec<Option<i64>>,
}

/// What all values from `least` to [`MOST`] leave open for the counts by sex that were left out; `None` where nothing
/// satisfies all. `own` is at least that of the cell itself.
fn ranges(area: &Area, is_part: bool, least: i64, own: i64) -> Option<Vec<(i64, i64)>> {
    let open = |counts: &[Option<i64>]| counts.iter().filter(|count| count.is_none()).count();
    let (mine, theirs) = (open(&area.sexes), open(&area.ages));
    let known = |counts: &[Option<i64>]| counts.iter().flatten().sum::<i64>();
    let mut found: Vec<Option<(i64, i64)>> = vec![None; mine];
    let mut values = vec![least; mine + theirs];
    loop {
        let one = known(&area.sexes) + values[..mine].iter().sum::<i64>();
        let other = known(&area.ages) + values[mine..].iter().sum::<i64>();
        if one == other || is_part && one <= other {
            for (found, value) in found
                .iter_mut()
                .zip(&values)
                .filter(|(_, value)| **value >= own)
            {
                let range = found.get_or_insert((*value, *value));
                *range = (range.0.min(*value), range.1.max(*value));
            }
        }
        let Some(next) = (0..values.len()).find(|at| values[*at] < MOST) else {
            break;
        };
        values[next] += 1;
        values[..next].fill(least);
    }
    if found.iter().any(Option::is_none) && own <= least {
        return None;
    }
    Some(
        found
            .into_iter()
            .map(|range| range.unwrap_or((0, 99)))
            .collect(),
    )
}

fn area(trial: &mut Trial, zeros: bool, is_part: bool) -> Area {
    let truth: Vec<i64> = (0..9)
        .map(|_| trial.below(3) as i64 * trial.below(3) as i64)
        .collect();
    let others = |trial: &mut Trial| if is_part { trial.below(3) as i64 } else { 0 };
    let mut told = |count: i64| {
        let is_small = (1..=MOST).contains(&count) || zeros && count == 0 && trial.below(2) == 0;
        (!is_small).then_some(count)
    };
    let by = |at: usize, step: usize, count: usize| -> i64 {
        (0..count).map(|part| truth[at + part * step]).sum()
    };
    let sexes = [0, 3, 6].map(|at| by(at, 1, 3));
    let ages = [0, 1, 2].map(|at| by(at, 3, 3));
    let sexes = sexes.map(&mut told).to_vec();
    let more: Vec<i64> = (0..3).map(|_| 0).collect();
    let mut ages: Vec<i64> = ages
        .iter()
        .zip(more)
        .map(|(age, more)| age + more)
        .collect();
    ages.iter_mut().for_each(|age| *age += others(trial));
    let mut told = |count: i64| {
        let is_small = (1..=MOST).contains(&count) || zeros && count == 0 && trial.below(2) == 0;
        (!is_small).then_some(count)
    };
    Area {
        sexes,
        ages: ages.into_iter().map(&mut told).collect(),
    }
}

#[test]
fn two_tables_leave_open_what_all_values_leave_open() {
    let draws = Draws::new(5, "flows", "linked");
    let (mut exact, mut from_zero, mut insiders) = (0, 0, 0);
    for case in 0..24u64 {
        let (zeros, is_part) = (case % 2 == 1, case % 3 == 2);
        let mut trial = draws.trial(case);
        let areas: Vec<Area> = (0..100).map(|_| area(&mut trial, zeros, is_part)).collect();
        let relation = if is_part { "part_of = \"b\"" } else { "" };
        let mut a = Table::new("a", &["area", "sex"], relation);
        let mut b = Table::new("b", &["area", "age"], "");
        for (at, area) in areas.iter().enumerate() {
            let name = format!("a{at}");
            for (sex, count) in ["d", "f", "m"].iter().zip(&area.sexes) {
                a.row(&[&name, sex], *count);
            }
            for (age, count) in ["mid", "old", "young"].iter().zip(&area.ages) {
                b.row(&[&name, age], *count);
            }
        }
        let threshold = format!("[measure.suppression-audit]\nthreshold = {}\n", MOST + 1);
        let report = release(&[&a, &b], &threshold);
        let mut outsider: Vec<(i64, i64)> = Vec::new();
        let mut insider: Vec<(i64, i64)> = Vec::new();
        for area in &areas {
            let (least, known) = match ranges(area, is_part, 1, 1) {
                Some(known) => (1, known),
                None => {
                    from_zero += area.sexes.iter().filter(|count| count.is_none()).count();
                    (
                        0,
                        ranges(area, is_part, 0, 0).expect("the truth is among them"),
                    )
                }
            };
            outsider.extend(known);
            insider.extend(ranges(area, is_part, least, 1).unwrap());
        }
        let narrower = |ranges: &[(i64, i64)], width: i64| {
            ranges
                .iter()
                .filter(|(low, high)| high - low < width)
                .count() as f64
        };
        for (adversary, ranges) in [("outsider", &outsider), ("insider", &insider)] {
            let who = ("adversary", adversary);
            let found = of(
                &report,
                "a",
                "suppression-audit.exactly_recoverable",
                &[who],
            );
            assert_eq!(found, narrower(ranges, 1), "case {case} {adversary}");
            let close = [who, ("protection", "2")];
            let found = of(&report, "a", "suppression-audit.within_protection", &close);
            assert_eq!(found, narrower(ranges, 2), "case {case} {adversary}");
        }
        assert_eq!(
            of(&report, "a", "suppression-audit.contradictions", &[]),
            0.0
        );
        exact += narrower(&outsider, 1) as usize;
        insiders += narrower(&insider, 1) as usize;
    }
    assert!(
        exact > 100 && from_zero > 10 && insiders > 100,
        "{exact} {from_zero} {insiders}"
    );
}

#[test]
fn one_cell_left_out_follows_from_the_other_table() {
    let mut a = Table::new("a", &["area", "sex"], "");
    a.row(&["north", "f"], Some(31));
    a.row(&["north", "m"], None);
    let mut b = Table::new("b", &["area", "age"], "");
    b.row(&["north", "young"], Some(20));
    b.row(&["north", "old"], Some(18));
    let report = release(&[&a, &b], "");
    assert_eq!(
        of(&report, "a", "suppression-audit.exactly_recoverable", &[]),
        1.0
    );
    let small = [
        ("k", "11"),
        ("adversary", "outsider"),
        ("by", "comparing its margins with those of `b`"),
    ];
    assert_eq!(
        of(&report, "a", "differencing.derivable_cells", &small),
        1.0
    );
    // Where one area in three differs the tables count other persons, and nothing follows.
    for (area, count) in [("east", 50), ("south", 60), ("west", 70)] {
        a.row(&[area, "f"], Some(count));
        a.row(&[area, "m"], Some(count));
        b.row(&[area, "young"], Some(count));
        b.row(&[area, "old"], Some(count + i64::from(area != "west")));
    }
    let report = release(&[&a, &b], "");
    assert_eq!(
        of(&report, "a", "suppression-audit.exactly_recoverable", &[]),
        0.0
    );
    let by = |finding: &reidrisk::finding::Finding| finding.parameters["by"].to_string();
    let of_margins = |finding: &&reidrisk::finding::Finding| {
        finding.id() == "differencing.derivable_cells" && by(finding).contains("margins")
    };
    assert!(!report.findings.iter().any(|finding| of_margins(&finding)));
}

/// Counts by area, of which one is left out, and by sex, which has no column in common with them.
#[test]
fn one_cell_left_out_follows_from_a_total_that_another_table_tells() {
    let tables = |of_men: i64, said: &str| {
        let mut a = Table::new("a", &["area"], said);
        for (area, count) in [("north", 212), ("south", 187), ("west", 93)] {
            a.row(&[area], Some(count));
        }
        a.row(&["east"], None);
        let mut b = Table::new("b", &["sex"], "");
        b.row(&["f"], Some(251));
        b.row(&["m"], Some(of_men));
        [a, b]
    };
    let figures = |[a, b]: [Table; 2]| {
        let report = release(&[&a, &b], "");
        let by = "comparing its margins with those of `b`";
        let small = [("k", "11"), ("adversary", "outsider"), ("by", by)];
        let small = find(&report, "differencing.derivable_cells", &small);
        (
            of(&report, "a", "suppression-audit.exactly_recoverable", &[]),
            small
                .and_then(|finding| finding.value)
                .map(|value| value.as_f64()),
        )
    };
    // 492 are published of 496.
    assert_eq!(figures(tables(245, "")), (1.0, Some(1.0)));
    // Of 547 a tenth is missing: found all the same, but not small.
    assert_eq!(figures(tables(295, "")), (1.0, Some(0.0)));
    // Who counts twice as many, or fewer than are published, counts others.
    assert_eq!(figures(tables(733, "")), (0.0, None));
    assert_eq!(figures(tables(240, "")), (0.0, None));
    // So does who says so.
    let apart = "apart_from = { b = \"counts employees, not inhabitants\" }";
    assert_eq!(figures(tables(245, apart)), (0.0, None));
}

/// Twelve areas by sex and by age, with some counts of the first left out; those of the second differ by `more`.
fn areas(left_out: &[usize], more: impl Fn(usize) -> i64, said: [&str; 2]) -> [Table; 2] {
    let mut a = Table::new("a", &["area", "sex"], said[0]);
    let mut b = Table::new("b", &["area", "age"], said[1]);
    for at in 0..12 {
        let area = format!("area {at}");
        let count = 40 + 7 * at as i64;
        a.row(&[&area, "f"], Some(count));
        a.row(
            &[&area, "m"],
            (!left_out.contains(&at)).then_some(count - 30),
        );
        b.row(&[&area, "young"], Some(count - 11));
        b.row(&[&area, "old"], Some(count - 19 + more(at)));
    }
    [a, b]
}

#[test]
fn what_is_said_of_two_tables_is_tested() {
    let declared = |report: &Report, table: &str, kind: &str| {
        of(
            report,
            table,
            "declarations.false_declarations",
            &[("kind", kind)],
        )
    };
    // Said to count others, and the same in every area: not believed.
    let [a, b] = areas(
        &[0],
        |_| 0,
        ["apart_from = { b = \"counts households\" }", ""],
    );
    let report = release(&[&a, &b], "");
    assert_eq!(declared(&report, "a", "apart_from"), 1.0);
    assert_eq!(
        of(&report, "a", "suppression-audit.exactly_recoverable", &[]),
        1.0
    );
    let reason = find(
        &report,
        "declarations.false_declarations",
        &[("kind", "apart_from")],
    );
    assert_eq!(
        reason.unwrap().parameters["reason"].to_string(),
        "counts households"
    );
    // They do count others.
    let others = |at: usize| 5 + 3 * at as i64;
    let [a, b] = areas(
        &[0],
        others,
        ["apart_from = { b = \"counts households\" }", ""],
    );
    let report = release(&[&a, &b], "");
    assert_eq!(declared(&report, "a", "apart_from"), 0.0);
    assert_eq!(
        of(&report, "a", "suppression-audit.exactly_recoverable", &[]),
        0.0
    );
    // A part: in each area 5, 8, 11 and so on are in the whole alone.
    let [a, b] = areas(&[], others, ["part_of = \"b\"", ""]);
    let report = release(&[&a, &b], "");
    assert_eq!(declared(&report, "a", "part_of"), 0.0);
    let by = "comparing its margins with those of `b`";
    let small = |k: &'static str, adversary: &'static str| {
        let parameters = [("k", k), ("adversary", adversary), ("by", by)];
        of(&report, "a", "differencing.derivable_cells", &parameters)
    };
    assert_eq!(
        (small("11", "outsider"), small("11", "insider")),
        (2.0, 3.0)
    );
    // The part is more than the whole.
    let [a, b] = areas(&[], |_| -1, ["part_of = \"b\"", ""]);
    let report = release(&[&a, &b], "");
    assert_eq!(declared(&report, "a", "part_of"), 1.0);
    // A part bounds what was left out: of 10 men at most as many as there are in the whole.
    let [a, b] = areas(&[0], |_| 4, ["part_of = \"b\"", ""]);
    let report = release(&[&a, &b], "");
    let close = [("protection", "11")];
    assert_eq!(
        of(&report, "a", "suppression-audit.within_protection", &close),
        0.0
    );
    let [a, b] = areas(
        &[0],
        |at| if at == 0 { -1 } else { 4 },
        ["part_of = \"b\"", ""],
    );
    let report = release(&[&a, &b], "");
    assert_eq!(
        of(&report, "a", "suppression-audit.within_protection", &close),
        1.0
    );
}

#[test]
fn cells_said_to_be_of_nobody_are_unknown_where_another_table_tells_of_them() {
    let [mut a, b] = areas(&[3], |_| 0, ["absent = \"zero\"", ""]);
    a.rows.retain(|(_, count)| count.is_some());
    let report = release(&[&a, &b], "");
    assert_eq!(
        of(&report, "a", "suppression-audit.exactly_recoverable", &[]),
        1.0
    );
    let by = ("by", "comparing its margins with those of `b`");
    let large = [("k", "11"), ("adversary", "outsider"), by];
    // 40 + 21 − 30 = 31 men: not few.
    assert_eq!(
        of(&report, "a", "differencing.derivable_cells", &large),
        0.0
    );
}

#[test]
fn where_some_margins_differ_it_is_asked() {
    let [a, b] = areas(&[0], |at| i64::from(at == 5), ["", ""]);
    let report = release(&[&a, &b], "");
    let asked = |measure: &str| {
        let mut entries = report.not_measured.iter();
        entries.any(|entry| {
            entry.measure == measure
                && entry.table == "a"
                && entry.reason.english().contains("`apart_from`")
        })
    };
    assert!(asked("differencing") && asked("suppression-audit"));
    let found = find(&report, "suppression-audit.exactly_recoverable", &[]).unwrap();
    assert_eq!(found.value, None);
    let [a, b] = areas(
        &[0],
        |at| i64::from(at == 5),
        ["", "apart_from = { a = \"one day later\" }"],
    );
    let report = release(&[&a, &b], "");
    assert!(
        report
            .not_measured
            .iter()
            .all(|entry| !entry.reason.english().contains("apart_from"))
    );
}

#[test]
fn an_earlier_release_gives_away_what_was_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let before = folder.path().join("before");
    std::fs::create_dir(&before).unwrap();
    let [whole, b] = areas(&[], |_| 0, ["", ""]);
    let mut by_area = Table::new("a", &["area", "year"], "");
    for (values, count) in &whole.rows {
        // Another year, and so other cells.
        by_area.row(&[&values[0], "2024"], count.map(|count| count / 2));
    }
    let mut seen = std::collections::BTreeSet::new();
    by_area
        .rows
        .retain(|(values, _)| seen.insert(values[0].clone()));
    by_area.write(&before);
    b.write(&before);
    let manifest = by_area.manifest() + &b.manifest();
    std::fs::write(before.join("release.toml"), manifest).unwrap();
    let [a, _] = areas(&[2], |_| 0, ["", ""]);
    a.write(folder.path());
    let earlier = "[[auxiliary]]\nname = \"spring\"\nkind = \"earlier_release\"\npath = \"before/release.toml\"\n";
    let report = audited(folder.path(), &format!("{}{earlier}", a.manifest())).unwrap();
    assert_eq!(
        of(&report, "a", "suppression-audit.exactly_recoverable", &[]),
        1.0
    );
    let with = find(
        &report,
        "suppression-audit.exactly_recoverable",
        &[("totals", "spring")],
    );
    assert!(with.is_some());
}

#[test]
fn relations_are_refused_where_they_cannot_be() {
    let refused = |said: [&str; 2], parts: &[&str]| {
        let [a, b] = areas(&[], |_| 0, said);
        let folder = tempfile::tempdir().unwrap();
        a.write(folder.path());
        b.write(folder.path());
        let manifest = a.manifest() + &b.manifest();
        let error = audited(folder.path(), &manifest).unwrap_err();
        let text = format!("{:?}", miette::Report::new(error));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
    };
    refused(
        ["part_of = \"c\"", ""],
        &["no other table of counts `c`", "did you mean `b`?"],
    );
    refused(["part_of = \"a\"", ""], &["cannot be related to itself"]);
    refused(
        ["part_of = \"b\"", "part_of = \"a\""],
        &["would be part of itself"],
    );
    refused(
        ["apart_from = { b = \" \" }", ""],
        &["say why the two tables"],
    );
    refused(
        ["part_of = \"b\"\napart_from = { b = \"others\" }", ""],
        &["cannot be part of a table that it is apart from"],
    );
    refused(
        ["extrapolation = 0.5", ""],
        &["below 1", "factor = 0.5, reason"],
    );
    refused(
        ["extrapolation = { factor = 0.5 }", ""],
        &["`table.extrapolation.reason` is missing"],
    );
    refused(["noise = { mechanism = \"bounded\" }", ""], &["width"]);
    refused(
        ["noise = { mechanism = \"keys\" }", ""],
        &["`keys` is no mechanism", "bounded"],
    );
    refused(
        ["zero = \"unknown\"", ""],
        &["is no meaning of a published zero", "suppressed"],
    );
    refused(
        ["rounding = [3, 5]", ""],
        &["two stages of rounding", "below = 3, to = 0"],
    );
    refused(
        ["rounding = [{ below = 3, to = 4 }, 5]", ""],
        &["a number from 0 to `below`"],
    );
    refused(
        ["rounding = [{ below = 0, to = 0 }, 5]", ""],
        &["`below` must be greater than 0"],
    );
    refused(["rounding = [{ to = 0 }, 5]", ""], &["below` is missing"]);
    refused(
        ["rounding = [{ below = 3, to = 0, at = 1 }, 5]", ""],
        &["unknown key `at`"],
    );
}

#[test]
fn suppressed_zeros_are_tried_before_contradiction_is_said() {
    // Nobody is left for two cells of the last row, and all others follow.
    let totals = "totals = { area = \"all\", group = \"all\" }";
    let mut a = Table::new("a", &["area", "group"], totals);
    let counts: [[Option<i64>; 4]; 4] = [
        [None, None, Some(31), Some(47)],
        [None, Some(28), None, Some(41)],
        [Some(52), None, None, Some(52)],
        [Some(69), Some(40), Some(40), Some(140)],
    ];
    for (area, counts) in ["x", "y", "z", "all"].iter().zip(counts) {
        for (group, count) in ["p", "q", "r", "all"].iter().zip(counts) {
            a.row(&[area, group], count);
        }
    }
    let contradicting = release(&[&a], "");
    // Nobody in the third row: q = 12 and r' = 9, so that p = 4 and p' = 4, and not 17 together.
    assert!(of(&contradicting, "a", "suppression-audit.contradictions", &[]) > 0.0);
    let found = find(&contradicting, "suppression-audit.exactly_recoverable", &[]).unwrap();
    assert_eq!(
        found.value, None,
        "what contradicts itself passes no requirement"
    );
    // Rows: p + q = 16, p' + r' = 26, nobody; columns: p + p' = 20, q = 12, r' = 10.
    let mut feasible = Table::new("a", &["area", "group"], totals);
    let truth = [[4, 12, 31], [16, 28, 10], [52, 0, 0]];
    let hidden = [
        [true, true, false],
        [true, false, true],
        [false, true, true],
    ];
    for (row, area) in ["x", "y", "z"].iter().enumerate() {
        for (column, group) in ["p", "q", "r"].iter().enumerate() {
            let count = truth[row][column];
            feasible.row(&[area, group], (!hidden[row][column]).then_some(count));
        }
        feasible.row(&[area, "all"], Some(truth[row].iter().sum()));
    }
    for (column, group) in ["p", "q", "r"].iter().enumerate() {
        feasible.row(
            &["all", group],
            Some(truth.iter().map(|row| row[column]).sum()),
        );
    }
    feasible.row(&["all", "all"], Some(truth.iter().flatten().sum()));
    let report = release(&[&feasible], "");
    assert_eq!(
        of(&report, "a", "suppression-audit.exactly_recoverable", &[]),
        6.0
    );
    assert_eq!(
        of(&report, "a", "suppression-audit.possibly_zero", &[]),
        6.0
    );
    assert_eq!(
        of(&report, "a", "suppression-audit.contradictions", &[]),
        0.0
    );
    // An insider of an empty cell there is none.
    let insider = [("adversary", "insider")];
    assert_eq!(
        of(
            &report,
            "a",
            "suppression-audit.exactly_recoverable",
            &insider
        ),
        4.0
    );
}

#[test]
fn zeros_that_mean_suppressed_are_unknown() {
    let mut a = Table::new(
        "a",
        &["area", "sex"],
        "totals = { sex = \"all\" }\nzero = \"suppressed\"",
    );
    let rows = [("x", 30, 0, 34), ("y", 30, 0, 30), ("z", 30, 25, 55)];
    for (area, f, m, all) in rows {
        a.row(&[area, "f"], Some(f));
        a.row(&[area, "m"], Some(m));
        a.row(&[area, "all"], Some(all));
    }
    let report = release(&[&a], "");
    assert_eq!(of(&report, "a", "small-cells.suppressed", &[]), 2.0);
    assert_eq!(of(&report, "a", "small-cells.zeros", &[]), 0.0);
    // Four men in x; a zero that is one gives nobody away.
    assert_eq!(
        of(&report, "a", "suppression-audit.exactly_recoverable", &[]),
        1.0
    );
    a.more = "totals = { sex = \"all\" }".to_owned();
    let report = release(&[&a], "");
    assert_eq!(of(&report, "a", "small-cells.zeros", &[]), 2.0);
}

#[test]
fn an_insider_is_left_with_one_other() {
    let totals = "totals = { sex = \"all\" }";
    let derived = |rest: i64, k: &'static str, adversary: &'static str| {
        let mut a = Table::new("a", &["area", "sex"], totals);
        for (sex, count) in [("f", 30), ("m", 40), ("all", 70 + rest)] {
            a.row(&["x", sex], Some(count));
        }
        let report = release(&[&a], "");
        value(
            &report,
            "differencing.derivable_cells",
            &[("k", k), ("adversary", adversary)],
        )
    };
    assert_eq!(
        (derived(2, "2", "outsider"), derived(2, "2", "insider")),
        (0.0, 1.0)
    );
    assert_eq!(
        (derived(1, "2", "outsider"), derived(1, "2", "insider")),
        (1.0, 0.0)
    );
    assert_eq!(
        (derived(11, "11", "outsider"), derived(11, "11", "insider")),
        (0.0, 1.0)
    );
    assert_eq!(
        (derived(12, "11", "outsider"), derived(12, "11", "insider")),
        (0.0, 0.0)
    );
}

#[test]
fn one_sided_rounding_leaves_somebody() {
    // 60 to 62 are counted, 57 to 59 of them women: 1 to 5 are left.
    let mut a = Table::new(
        "a",
        &["area", "sex"],
        "totals = { sex = \"all\" }\nrounding = { to = 3, how = \"down\" }\nabsent = \"suppressed\"",
    );
    for (sex, count) in [("f", 57), ("all", 60)] {
        a.row(&["x", sex], Some(count));
    }
    let report = release(&[&a], "");
    assert_eq!(
        value(&report, "differencing.derivable_cells", &[("k", "11")]),
        1.0
    );
    a.more = a.more.replace("\"down\"", "\"up\"");
    // 58 to 60, of them 55 to 57: the same.
    let report = release(&[&a], "");
    assert_eq!(
        value(&report, "differencing.derivable_cells", &[("k", "11")]),
        1.0
    );
    a.more = a.more.replace("\"up\"", "\"random\"");
    // 58 to 62, of them 55 to 59: perhaps nobody.
    let report = release(&[&a], "");
    assert_eq!(
        value(&report, "differencing.derivable_cells", &[("k", "11")]),
        0.0
    );
}

#[test]
fn parts_over_what_was_not_measured_have_no_value() {
    // Areas that share parts in a circle, and sexes that do not.
    let mut a = Table::new(
        "a",
        &["area", "sex"],
        "totals = { sex = \"all\" }\nmade_of = { area = \"areas.csv\" }",
    );
    for area in ["X", "Y", "Z"] {
        for (sex, count) in [("f", 30), ("m", 30), ("all", 60)] {
            a.row(&[area, sex], Some(count));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("areas.csv"),
        "X;1\nX;2\nY;2\nY;3\nZ;3\nZ;1\n",
    )
    .unwrap();
    a.write(folder.path());
    let limited = format!("{}[measure.differencing]\nlargest = 1\n", a.manifest());
    let report = audited(folder.path(), &limited).unwrap();
    let overlapping = find(
        &report,
        "differencing.derivable_cells",
        &[("by", "overlap")],
    )
    .unwrap();
    assert_eq!(overlapping.value, None);
    assert!(
        report
            .not_measured
            .iter()
            .any(|entry| entry.measure == "differencing")
    );
    let report = audited(folder.path(), &a.manifest()).unwrap();
    assert_eq!(
        value(
            &report,
            "differencing.derivable_cells",
            &[("by", "overlap"), ("k", "11")]
        ),
        0.0
    );
}
