//! Published counts: what is small, what subtraction gives away, what totals leave open.

mod declared;
mod linked;
mod overlapping;
#[path = "../shared/parquet.rs"]
mod parquet_file;
#[path = "../shared/threads.rs"]
mod threads;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray, TimestampSecondArray};
use parquet_file::write;
use reidrisk::audit::Options;
use reidrisk::error::Error;
use reidrisk::finding::Finding;
use reidrisk::release::Counting;
use reidrisk::report::Report;
use reidrisk::stats::{Draws, Trial};

/// A published row: place, hour, gender, count.
type Row = (String, i64, String, Option<i64>);

fn hours(rows: impl Iterator<Item = i64>) -> ArrayRef {
    let hours = TimestampSecondArray::from_iter_values(rows.map(|hour| hour * 3_600));
    Arc::new(hours.with_timezone("UTC"))
}

fn footfall(path: &Path, rows: &[Row]) {
    let texts = |of: &dyn Fn(&Row) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(of)))
    };
    write(
        path,
        vec![
            ("place", texts(&|row| row.0.clone())),
            ("hour", hours(rows.iter().map(|row| row.1))),
            ("gender", texts(&|row| row.2.clone())),
            (
                "visitors",
                Arc::new(Int64Array::from_iter(rows.iter().map(|row| row.3))),
            ),
        ],
    );
}

const FOOTFALL: &str = "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"flows\"\nplace = \"place\"\n\
                        time = \"hour\"\nquasi_identifiers = [\"gender\"]\ncount = \"visitors\"\n";

/// Audits a folder's release, by one thread and by three; both must find the same.
fn audited(folder: &Path, manifest: &str) -> Result<Report, Error> {
    let path = folder.join("release.toml");
    std::fs::write(&path, manifest).unwrap();
    let only = [
        "small-cells",
        "differencing",
        "suppression-audit",
        "declarations",
    ];
    let options = Options {
        paths: vec![path],
        policy: "exploratory".to_owned(),
        only: only.map(str::to_owned).to_vec(),
        ..Options::default()
    };
    threads::audited(&options)
}

fn published(rows: &[Row], more: &str) -> Result<Report, Error> {
    let folder = tempfile::tempdir().unwrap();
    footfall(&folder.path().join("t.parquet"), rows);
    audited(folder.path(), &format!("{FOOTFALL}{more}\n"))
}

fn find<'a>(report: &'a Report, id: &str, parameters: &[(&str, &str)]) -> Option<&'a Finding> {
    report.findings.iter().find(|finding| {
        let has = |(name, value): &(&str, &str)| {
            finding
                .parameters
                .get(*name)
                .is_some_and(|p| p.to_string().contains(value))
        };
        finding.id() == id && parameters.iter().all(has)
    })
}

fn value(report: &Report, id: &str, parameters: &[(&str, &str)]) -> f64 {
    let found = find(report, id, parameters).unwrap_or_else(|| panic!("{id} {parameters:?}"));
    found.value.unwrap().as_f64()
}

const PLACES: [&str; 4] = ["A", "B", "C", "D"];
const GENDERS: [&str; 2] = ["f", "m"];

/// Counts of all cells and their totals; cells of fewer than `least` are left out.
fn table(trial: &mut Trial, most: u64, least: i64, as_null: bool) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for hour in 0..2 {
        let mut cells: BTreeMap<(String, String), i64> = BTreeMap::new();
        for place in PLACES {
            for gender in GENDERS {
                let count = trial.below(most) as i64;
                for place in [place, "all"] {
                    for gender in [gender, "all"] {
                        *cells
                            .entry((place.to_owned(), gender.to_owned()))
                            .or_default() += count;
                    }
                }
            }
        }
        for ((place, gender), count) in cells {
            let total = place == "all" || gender == "all";
            match (total || count >= least, as_null) {
                (true, _) => rows.push((place, hour, gender, Some(count))),
                (false, true) => rows.push((place, hour, gender, None)),
                (false, false) => {}
            }
        }
    }
    rows
}

const TOTALS: &str = "totals = { place = \"all\", gender = \"all\" }";

/// The rest of each total over a column, and the counts it takes, one by one.
fn rests(rows: &[Row], over_place: bool, counting: &Counting) -> Vec<(i64, i64, usize)> {
    let persons = |row: &Row| {
        let (least, most) = counting.persons(row.3.unwrap() as f64, true).unwrap();
        (least as i64, most as i64)
    };
    let parts = |total: &Row| -> Vec<Row> {
        let is_part = |row: &&Row| {
            let (mine, theirs, rest) = match over_place {
                true => (&row.0, &total.0, row.2 == total.2),
                false => (&row.2, &total.2, row.0 == total.0),
            };
            rest && row.1 == total.1 && mine != theirs && row.3.is_some()
        };
        rows.iter().filter(is_part).cloned().collect()
    };
    let is_total =
        |row: &&Row| (if over_place { &row.0 } else { &row.2 }) == "all" && row.3.is_some();
    rows.iter()
        .filter(is_total)
        .map(|total| (persons(total), parts(total)))
        .filter(|(_, parts)| !parts.is_empty())
        .map(|((least, most), parts)| {
            let low: i64 = parts.iter().map(|part| persons(part).0).sum();
            let high: i64 = parts.iter().map(|part| persons(part).1).sum();
            (least - high, most - low, parts.len() + 1)
        })
        .collect()
}

#[test]
fn differences_are_those_of_all_sums_one_by_one() {
    let draws = Draws::new(7, "flows", "differences");
    for case in 0..12u64 {
        let mut trial = draws.trial(case);
        let rounded = case % 3 == 1;
        let mut rows = table(&mut trial, 14, 3 * (case % 2) as i64, case % 4 < 2);
        let more = if rounded {
            format!("{TOTALS}\nrounding = 3")
        } else {
            TOTALS.to_owned()
        };
        if rounded {
            for count in rows.iter_mut().filter_map(|row| row.3.as_mut()) {
                *count = (*count + 1) / 3 * 3;
            }
        }
        let manifest = format!(
            "[[table]]\npath = \"t\"\nkind = \"flows\"\nplace = \"p\"\ncount = \"c\"\n{more}"
        )
        .replace(TOTALS, "");
        let source = reidrisk::error::Source {
            name: "m".into(),
            text: manifest.into(),
        };
        let release = reidrisk::release::manifest::parse(source, Path::new(""), None).unwrap();
        let counting = &release.tables[0].counting;
        let report = published(&rows, &more).unwrap();
        for (over_place, by) in [(true, "`place`"), (false, "`gender`")] {
            let rests = rests(&rows, over_place, counting);
            let examined = find(&report, "differencing.contradictions", &[("by", by)]).unwrap();
            assert_eq!(examined.denominator, Some(rests.len() as u64));
            assert_eq!(examined.value.unwrap().as_f64(), 0.0);
            for k in [2i64, 5, 11] {
                let small = || rests.iter().filter(|rest| rest.0 >= 1 && rest.1 < k);
                let parameters = [("by", by), ("k", &*k.to_string())];
                let found = report.findings.iter().find(|f| {
                    f.id() == "differencing.derivable_cells"
                        && f.parameters["by"].to_string().contains(by)
                        && f.parameters["k"].to_string() == k.to_string()
                });
                assert_eq!(
                    found.unwrap().value.unwrap().as_f64(),
                    small().count() as f64
                );
                if let Some(shortest) = small().map(|rest| rest.2).min() {
                    let found = value(&report, "differencing.shortest", &parameters);
                    assert_eq!(found, shortest as f64);
                }
            }
        }
    }
}

#[test]
fn a_planted_difference_is_found_and_nothing_where_there_is_none() {
    let row = |place: &str, gender: &str, count| (place.to_owned(), 0, gender.to_owned(), count);
    let clean = [
        row("A", "f", Some(20)),
        row("A", "m", Some(30)),
        row("A", "all", Some(50)),
    ];
    let more = "totals = { gender = \"all\" }";
    let report = published(&clean, more).unwrap();
    assert_eq!(
        value(&report, "differencing.derivable_cells", &[("k", "11")]),
        0.0
    );
    assert_eq!(value(&report, "small-cells.cells", &[("k", "11")]), 0.0);
    // One person of a gender that is told apart nowhere.
    let planted = [
        clean[0].clone(),
        clean[1].clone(),
        row("A", "all", Some(51)),
    ];
    let report = published(&planted, more).unwrap();
    assert_eq!(
        value(&report, "differencing.derivable_cells", &[("k", "2")]),
        1.0
    );
    assert_eq!(value(&report, "differencing.shortest", &[("k", "2")]), 3.0);
    assert_eq!(value(&report, "differencing.least", &[]), 1.0);
    // More parts than the total: nothing follows.
    let wrong = [
        clean[0].clone(),
        clean[1].clone(),
        row("A", "all", Some(49)),
    ];
    let report = published(&wrong, more).unwrap();
    assert_eq!(value(&report, "differencing.contradictions", &[]), 1.0);
    let found = find(&report, "differencing.derivable_cells", &[]).unwrap();
    assert_eq!(found.value, None, "it was not measured");
}

#[test]
fn regions_within_regions() {
    let folder = tempfile::tempdir().unwrap();
    let levels = "A;north;city\nB;north;city\nC;south;city\nD;south;city\n";
    std::fs::write(folder.path().join("regions.csv"), levels).unwrap();
    let row = |place: &str, count| (place.to_owned(), 0, "x".to_owned(), count);
    // North without B, which was left out; the city without the south: its places count.
    let rows = [
        row("A", Some(40)),
        row("B", None),
        row("north", Some(43)),
        row("C", Some(20)),
        row("D", Some(30)),
        row("city", Some(95)),
    ];
    footfall(&folder.path().join("t.parquet"), &rows);
    let manifest = format!("{FOOTFALL}hierarchies = {{ place = \"regions.csv\" }}\n");
    let report = audited(folder.path(), &manifest).unwrap();
    // 43 − 40 = 3 and 95 − 43 − 20 − 30 = 2.
    assert_eq!(
        value(&report, "differencing.derivable_cells", &[("k", "5")]),
        2.0
    );
    assert_eq!(
        value(&report, "differencing.derivable_cells", &[("k", "2")]),
        0.0
    );
    assert_eq!(value(&report, "differencing.shortest", &[("k", "5")]), 2.0);
    assert_eq!(
        value(&report, "suppression-audit.exactly_recoverable", &[]),
        1.0
    );
}

#[test]
fn journeys_are_taken_from_those_who_were_there() {
    let folder = tempfile::tempdir().unwrap();
    let text = |values: &[&str]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
    let number = |values: &[i64]| -> ArrayRef { Arc::new(Int64Array::from(values.to_vec())) };
    write(
        &folder.path().join("t.parquet"),
        vec![
            ("place", text(&["A", "A", "B"])),
            ("hour", hours([0, 1, 0].into_iter())),
            ("visitors", number(&[30, 30, 30])),
        ],
    );
    // In A in hour 0 are 28 who came, so 2 who were there before; in hour 1 nobody came of whom we know.
    write(
        &folder.path().join("f.parquet"),
        vec![
            ("from", text(&["B", "C", "A", "C"])),
            ("to", text(&["A", "A", "B", "D"])),
            ("hour", hours([0, 0, 0, 1].into_iter())),
            ("travellers", number(&[12, 16, 12, 40])),
        ],
    );
    let flows = "[[table]]\nname = \"f\"\npath = \"f.parquet\"\nkind = \"flows\"\norigin = \"from\"\n\
                 destination = \"to\"\ntime = \"hour\"\ncount = \"travellers\"\n";
    let places = FOOTFALL.replace("quasi_identifiers = [\"gender\"]\n", "");
    let report = audited(folder.path(), &format!("{places}{flows}")).unwrap();
    let arrived = [("by", "summed over `from`"), ("k", "5")];
    assert_eq!(
        value(&report, "differencing.derivable_cells", &arrived),
        1.0
    );
    assert_eq!(value(&report, "differencing.shortest", &arrived), 3.0);
    let left = [("by", "summed over `to`"), ("k", "5")];
    assert_eq!(value(&report, "differencing.derivable_cells", &left), 0.0);
    // By days: 30 were in A, 28 of them came in the first hour.
    let daily = vec![
        ("place", text(&["A", "B"])),
        ("hour", hours([0, 24].into_iter())),
        ("visitors", number(&[30, 30])),
    ];
    write(&folder.path().join("t.parquet"), daily);
    let report = audited(folder.path(), &format!("{places}{flows}")).unwrap();
    assert_eq!(
        value(&report, "differencing.derivable_cells", &arrived),
        1.0
    );
    // Of times five hours apart no whole number makes a day.
    write(
        &folder.path().join("f.parquet"),
        vec![
            ("from", text(&["B", "C"])),
            ("to", text(&["A", "A"])),
            ("hour", hours([0, 5].into_iter())),
            ("travellers", number(&[12, 16])),
        ],
    );
    let report = audited(folder.path(), &format!("{places}{flows}")).unwrap();
    assert!(find(&report, "differencing.derivable_cells", &[("by", "summed")]).is_none());
    let told = |entry: &reidrisk::finding::NotMeasured| {
        entry.reason.english().contains("times of other widths")
    };
    assert!(report.not_measured.iter().any(told));
}

/// The range of each unknown cell under all totals, by trying all values.
fn ranges(rows: &[Row], least: i64, most: i64) -> Vec<(i64, i64)> {
    let unknown: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].3.is_none()).collect();
    let mut values = vec![least; unknown.len()];
    let mut ranges: Vec<(i64, i64)> = vec![(i64::MAX, i64::MIN); unknown.len()];
    loop {
        let mut filled = rows.to_vec();
        for (at, value) in unknown.iter().zip(&values) {
            filled[*at].3 = Some(*value);
        }
        let holds = |over_place: bool| {
            let rests = rests(&filled, over_place, &Counting::default());
            rests.iter().all(|rest| rest.0 == 0)
        };
        if holds(true) && holds(false) {
            for (range, value) in ranges.iter_mut().zip(&values) {
                *range = (range.0.min(*value), range.1.max(*value));
            }
        }
        let Some(next) = (0..values.len()).find(|at| values[*at] < most) else {
            return ranges;
        };
        values[next] += 1;
        values[..next].fill(least);
    }
}

#[test]
fn what_totals_leave_open_is_what_all_values_leave_open() {
    let draws = Draws::new(11, "flows", "suppression");
    let mut measured = 0;
    for case in 0..60u64 {
        let rows = table(&mut draws.trial(case), 12, 4, true);
        // The brute force tries all values of one hour at a time.
        let of_hour =
            |hour| -> Vec<Row> { rows.iter().filter(|row| row.1 == hour).cloned().collect() };
        let unknown = |rows: &[Row]| rows.iter().filter(|row| row.3.is_none()).count();
        if [0, 1].iter().any(|hour| unknown(&of_hour(*hour)) > 6) || unknown(&rows) == 0 {
            continue;
        }
        measured += 1;
        let more =
            format!("{TOTALS}\nabsent = \"zero\"\n[measure.suppression-audit]\nthreshold = 4");
        let zeros = rows.iter().any(|row| row.3 == Some(0));
        let report = published(&rows, &more).unwrap();
        assert!(!zeros || unknown(&rows) > 0);
        // A count of 0 is suppressed as well, of which an adversary who takes them for persons knows nothing.
        let feasible = rows.iter().all(|row| row.3.is_some()) || !has_zero(&draws, case);
        if !feasible {
            continue;
        }
        let ranges: Vec<(i64, i64)> = [0, 1]
            .iter()
            .flat_map(|hour| ranges(&of_hour(*hour), 1, 3))
            .collect();
        let narrower = |width: i64| ranges.iter().filter(|(a, b)| b - a < width).count() as f64;
        assert_eq!(
            value(&report, "suppression-audit.suppressed", &[]),
            ranges.len() as f64
        );
        assert_eq!(
            value(&report, "suppression-audit.exactly_recoverable", &[]),
            narrower(1)
        );
        let close = [("protection", "2")];
        assert_eq!(
            value(&report, "suppression-audit.within_protection", &close),
            narrower(2)
        );
    }
    assert!(measured > 10, "{measured}");
}

/// Whether a cell that was left out is empty in truth.
fn has_zero(draws: &Draws, case: u64) -> bool {
    let rows = table(&mut draws.trial(case), 12, 0, true);
    rows.iter().any(|row| row.3 == Some(0))
}

#[test]
fn absent_cells_are_unknown_where_they_were_suppressed() {
    let row =
        |place: &str, gender: &str, count| (place.to_owned(), 0, gender.to_owned(), Some(count));
    // Of A only the women are there: the men follow. Of B nobody: two share the total.
    let rows = [
        row("A", "f", 20),
        row("A", "all", 23),
        row("B", "all", 5),
        row("C", "f", 20),
        row("C", "m", 20),
        row("C", "all", 40),
    ];
    let totals = "totals = { gender = \"all\" }\n";
    let report = published(&rows, &format!("{totals}absent = \"suppressed\"")).unwrap();
    let audit = |statistic: &str, parameters: &[(&str, &str)]| {
        value(
            &report,
            &format!("suppression-audit.{statistic}"),
            parameters,
        )
    };
    assert_eq!(audit("suppressed", &[("absent", "suppressed")]), 3.0);
    assert_eq!(audit("exactly_recoverable", &[]), 1.0);
    assert_eq!(audit("within_protection", &[("protection", "11")]), 3.0);
    let report = published(&rows, &format!("{totals}absent = \"zero\"")).unwrap();
    assert_eq!(
        value(
            &report,
            "suppression-audit.suppressed",
            &[("absent", "zero")]
        ),
        0.0
    );
}

#[test]
fn circles_too_large_are_not_measured() {
    let mut rows: Vec<Row> = Vec::new();
    for place in ["A", "B"] {
        for gender in GENDERS {
            rows.push((place.to_owned(), 0, gender.to_owned(), None));
        }
        rows.push((place.to_owned(), 0, "all".to_owned(), Some(5)));
    }
    for gender in GENDERS {
        rows.push(("all".to_owned(), 0, gender.to_owned(), Some(5)));
    }
    let report = published(
        &rows,
        &format!("{TOTALS}\n[measure.suppression-audit]\nlargest = 3"),
    )
    .unwrap();
    let found = find(&report, "suppression-audit.exactly_recoverable", &[]).unwrap();
    assert_eq!(found.value, None);
    let told =
        |entry: &reidrisk::finding::NotMeasured| entry.reason.english().contains("in circles");
    assert!(report.not_measured.iter().any(told));
    let report = published(&rows, TOTALS).unwrap();
    assert_eq!(
        value(&report, "suppression-audit.exactly_recoverable", &[]),
        0.0
    );
    assert_eq!(
        value(
            &report,
            "suppression-audit.within_protection",
            &[("protection", "5")]
        ),
        4.0
    );
}

#[test]
fn wrong_flows_are_told_with_what_to_do() {
    let row = |count| ("A".to_owned(), 0, "f".to_owned(), count);
    let refused = |rows: &[Row], more: &str, parts: &[&str]| {
        let error = published(rows, more).unwrap_err();
        let text = format!("{:?}", miette::Report::new(error));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
    };
    let good = [row(Some(3))];
    refused(
        &[row(Some(-1))],
        "",
        &["column `visitors` is negative", "`noise`"],
    );
    refused(
        &good,
        "totals = { gender = \"everybody\" }",
        &["no row of column `gender` has this value"],
    );
    refused(
        &good,
        "totals = { visitors = \"all\" }",
        &["`visitors` is no column that says what a cell is"],
    );
    refused(
        &good,
        "made_of = { visitors = \"areas.csv\" }",
        &["cannot read what values are made of"],
    );
    refused(
        &good,
        "window = \"a week\"",
        &["not a length of time", "\"7d\""],
    );
    refused(
        &good,
        "window = \"7d\"\ntotals = { hour = \"all\" }",
        &["`hour` has a `window`", "leave out its totals"],
    );
    refused(&good, "rounding = 0", &["a multiple greater than 0"]);
    refused(
        &good,
        "rounding = { to = 5, how = \"upwards\" }",
        &["`upwards` is no way to round", "nearest, up, down"],
    );
    refused(
        &good,
        "absent = \"nothing\"",
        &["`nothing` is no kind of absent cell", "suppressed"],
    );
    refused(
        &good,
        "counted = \"movements\"",
        &["there are no traces `movements`", "kind trace"],
    );
    refused(&good, "noise = { mechanism = \"laplace\" }", &["epsilon"]);
    refused(
        &good,
        "[measure.small-cells]\nk = [0]",
        &["whole numbers from 1 on"],
    );
    // Twice the same cell.
    let report = published(&[row(Some(3)), row(Some(4))], "totals = { gender = \"f\" }").unwrap();
    let told =
        |entry: &reidrisk::finding::NotMeasured| entry.reason.english().contains("more than once");
    assert_eq!(
        report
            .not_measured
            .iter()
            .filter(|entry| told(entry))
            .count(),
        3
    );
    assert_eq!(value(&report, "small-cells.cells", &[("k", "5")]), 2.0);
}

/// Counts by place and hour over two days, some left out as null or altogether, and all of them by place and day and
/// by hour alone; the days as days of the calendar or as instants.
struct ByDay {
    hours: Vec<(&'static str, i64, Option<i64>)>,
    as_null: bool,
    as_dates: bool,
}

impl ByDay {
    fn new(trial: &mut Trial, as_null: bool, as_dates: bool) -> Self {
        let places = ["A", "B"].into_iter();
        let cells = places.flat_map(|place| [6, 7, 8, 30, 31, 32].map(|hour| (place, hour)));
        let counts = cells.map(|(place, hour)| {
            let count = 1 + trial.below(4) as i64;
            (
                place,
                hour,
                (trial.below(3) > 0).then_some(count).ok_or(count),
            )
        });
        // A count that is left out is an error here: its truth.
        let counts: Vec<_> = counts.collect();
        let mut hours: Vec<(&str, i64, Option<i64>)> = counts
            .iter()
            .map(|(place, hour, count)| (*place, *hour, count.ok()))
            .collect();
        let truth: Vec<i64> = counts
            .iter()
            .map(|cell| cell.2.unwrap_or_else(|left| left))
            .collect();
        for (cell, truth) in hours.clone().iter().zip(truth) {
            // Days begin at negative numbers, so that they are told from hours.
            hours.push((cell.0, -1 - cell.1.div_euclid(24), Some(truth)));
        }
        Self {
            hours,
            as_null,
            as_dates,
        }
    }

    fn hourly(&self) -> Vec<(&'static str, i64, Option<i64>)> {
        self.hours
            .iter()
            .filter(|cell| cell.1 >= 0)
            .copied()
            .collect()
    }

    fn daily(&self) -> BTreeMap<(&'static str, i64), i64> {
        let mut days = BTreeMap::new();
        for (place, day, count) in self.hours.iter().filter(|cell| cell.1 < 0) {
            *days.entry((*place, -1 - day)).or_default() += count.unwrap();
        }
        days
    }

    fn audited(&self) -> Report {
        let folder = tempfile::tempdir().unwrap();
        let texts = |of: &mut dyn Iterator<Item = &'static str>| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(of))
        };
        let hourly = self.hourly().into_iter();
        let hourly: Vec<_> = hourly
            .filter(|cell| self.as_null || cell.2.is_some())
            .collect();
        write(
            &folder.path().join("hours.parquet"),
            vec![
                ("place", texts(&mut hourly.iter().map(|cell| cell.0))),
                ("at", hours(hourly.iter().map(|cell| cell.1))),
                (
                    "visitors",
                    Arc::new(Int64Array::from_iter(hourly.iter().map(|cell| cell.2))),
                ),
            ],
        );
        let daily = self.daily();
        let days = daily.keys().map(|(_, day)| *day);
        let days: ArrayRef = match self.as_dates {
            true => Arc::new(Date32Array::from_iter_values(days.map(|day| day as i32))),
            false => hours(days.map(|day| 24 * day)),
        };
        write(
            &folder.path().join("days.parquet"),
            vec![
                ("place", texts(&mut daily.keys().map(|(place, _)| *place))),
                ("day", days),
                (
                    "visitors",
                    Arc::new(Int64Array::from_iter_values(daily.values().copied())),
                ),
            ],
        );
        let table = |name: &str, time: &str, more: &str| {
            format!(
                "[[table]]\nname = \"{name}\"\npath = \"{name}.parquet\"\nkind = \"flows\"\nplace = \"place\"\n\
                 time = \"{time}\"\ncount = \"visitors\"\n{more}\n"
            )
        };
        let absent = if self.as_null {
            ""
        } else {
            "absent = \"suppressed\""
        };
        let tables = [table("hours", "at", absent), table("days", "day", "")];
        audited(folder.path(), &tables.concat()).unwrap()
    }
}

#[test]
fn days_give_away_the_hour_that_is_missing() {
    let draws = Draws::new(3, "days", "hours");
    let mut given_away = 0;
    for case in 0..12 {
        let (as_null, as_dates) = (case % 2 == 0, case % 3 == 0);
        let counts = ByDay::new(&mut draws.trial(case), as_null, as_dates);
        let report = counts.audited();
        // Of each day what is left of its total, and the hours that are missing: of those that are seen anywhere.
        let seen = |hour: i64| {
            let mut cells = counts.hourly().into_iter();
            as_null || cells.any(|cell| cell.1 == hour && cell.2.is_some())
        };
        let rests: Vec<(i64, i64)> = counts
            .daily()
            .into_iter()
            .map(|((place, day), total)| {
                let hourly = counts.hourly().into_iter();
                let of_day = hourly.filter(|cell| cell.0 == place && cell.1.div_euclid(24) == day);
                of_day.fold((total, 0), |(rest, missing), cell| match cell.2 {
                    Some(count) => (rest - count, missing),
                    None => (rest, missing + i64::from(seen(cell.1))),
                })
            })
            .collect();
        let small = rests
            .iter()
            .filter(|(rest, _)| (1..5).contains(rest))
            .count();
        let derivable = value(
            &report,
            "differencing.derivable_cells",
            &[("k", "5"), ("by", "its times")],
        );
        assert_eq!(derivable, small as f64, "case {case}");
        // A cell that is null holds one at least; one that is absent may be empty.
        let least = i64::from(as_null);
        let closer = |width: i64| -> i64 {
            let of_day = rests.iter().filter(|(_, missing)| *missing > 0);
            let close = of_day.filter(|(rest, missing)| match missing {
                1 => width > 0,
                missing => rest - least * missing < width,
            });
            close.map(|(_, missing)| missing).sum()
        };
        let unknown: i64 = rests.iter().map(|(_, missing)| missing).sum();
        if unknown == 0 {
            continue;
        }
        let found = |statistic: &str, parameters: &[(&str, &str)]| {
            value(
                &report,
                &format!("suppression-audit.{statistic}"),
                parameters,
            )
        };
        let of_days = ("totals", "days");
        assert_eq!(
            found("suppressed", &[of_days]),
            unknown as f64,
            "case {case}"
        );
        assert_eq!(
            found("exactly_recoverable", &[of_days]),
            closer(1) as f64,
            "case {case}"
        );
        for protection in [2, 5] {
            let asked = [of_days, ("protection", &protection.to_string())];
            assert_eq!(
                found("within_protection", &asked),
                closer(protection) as f64,
                "case {case}"
            );
        }
        given_away += closer(1);
    }
    assert!(given_away > 10, "{given_away}");
}

#[test]
fn what_is_no_sum_of_the_other_table_is_left_out_of_the_system() {
    // Half of the days are less than their hours.
    let mut counts = ByDay::new(&mut Draws::new(4, "days", "hours").trial(0), true, false);
    for cell in counts
        .hours
        .iter_mut()
        .filter(|cell| cell.1 < 0 && cell.0 == "A")
    {
        cell.2 = Some(0);
    }
    let report = counts.audited();
    assert!(
        find(
            &report,
            "suppression-audit.suppressed",
            &[("totals", "days")]
        )
        .is_none()
    );
    assert!(
        value(
            &report,
            "differencing.contradictions",
            &[("by", "its times")]
        ) > 0.0
    );
    // They count other persons, so that there is nothing to derive.
    let by = [("by", "its times")];
    assert!(find(&report, "differencing.derivable_cells", &by).is_none());
}
