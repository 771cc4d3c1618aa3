//! Linkage on generated traces with a known answer: who has habits is found, whose traces are dealt out
//! anew is not found beyond guessing, and bad input is told apart from safety.

#[path = "shared/chance.rs"]
mod chance;
#[path = "shared/parquet.rs"]
mod parquet_file;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, TimestampSecondArray};
use chance::Chance;
use reidrisk::audit::{Options, audit};
use reidrisk::finding::{Finding, Parameter};
use reidrisk::report::{Report, Verdict};

const DAY: i64 = 86_400;
/// 2 March 2026, a Monday, UTC.
const START: i64 = 1_772_409_600;

/// Who, when, and where on a grid of hundredths of a degree.
type Row = (i64, i64, (i64, i64));

fn write(path: &Path, rows: &[Row]) {
    let persons = Int64Array::from_iter_values(rows.iter().map(|row| row.0));
    let times = TimestampSecondArray::from_iter_values(rows.iter().map(|row| row.1));
    let degrees = |of: fn(&Row) -> i64| {
        let values = rows.iter().map(|row| 0.005 + of(row) as f64 / 100.0);
        Arc::new(Float64Array::from_iter_values(values)) as ArrayRef
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("who", Arc::new(persons)),
        ("at", Arc::new(times.with_timezone("UTC"))),
        ("lat", degrees(|row| row.2.0)),
        ("lon", degrees(|row| row.2.1)),
    ];
    parquet_file::write(path, columns);
}

/// Persons with four places of their own in a town of 40 by 40 cells, and one where everybody goes.
fn habits(persons: i64, days: i64, each: i64, seed: u64) -> Vec<Row> {
    let mut rows = Vec::new();
    for person in 0..persons {
        let mut places = Chance::new(person as u64 + 1_000);
        let places: Vec<(i64, i64)> = (0..4)
            .map(|_| (places.below(40), places.below(40)))
            .collect();
        let mut chance = Chance::new(seed << 32 | person as u64);
        for day in 0..days {
            for _ in 0..each {
                let place = match chance.below(10) {
                    0 => (20, 20),
                    at => places[at as usize % 4],
                };
                rows.push((person, START + day * DAY + chance.below(DAY), place));
            }
        }
    }
    rows
}

/// The same rows, persons dealt out anew in each window of so many days.
fn dealt_out(rows: &[Row], persons: i64, days: i64) -> Vec<Row> {
    let dealt = |row: &Row| {
        let window = (row.1 - START) / (days * DAY);
        let mut order: Vec<i64> = (0..persons).collect();
        let mut chance = Chance::new(window as u64 + 77);
        for at in (1..persons).rev() {
            order.swap(at as usize, chance.below(at + 1) as usize);
        }
        (order[row.0 as usize], row.1, row.2)
    };
    let mut memo: Vec<Row> = rows.iter().map(dealt).collect();
    memo.sort_unstable();
    memo
}

struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn table(&self, name: &str, rows: &[Row]) -> String {
        let path = self.folder.path().join(format!("{name}.parquet"));
        write(&path, rows);
        format!(
            "name = \"{name}\"\npath = \"{name}.parquet\"\nsubject = \"who\"\ntime = \"at\"\n\
             place = {{ latitude = \"lat\", longitude = \"lon\" }}\n"
        )
    }

    fn audit(&self, manifest: &str) -> Result<Report, String> {
        self.judged(manifest, "exploratory", None)
    }

    fn judged(
        &self,
        manifest: &str,
        policy: &str,
        threads: Option<usize>,
    ) -> Result<Report, String> {
        let path: PathBuf = self.folder.path().join("release.toml");
        std::fs::write(&path, manifest).unwrap();
        let options = Options {
            paths: vec![path],
            policy: policy.to_owned(),
            only: vec!["trace-linkage".to_owned(), "pseudonym-rotation".to_owned()],
            ..Options::default()
        };
        let run = || audit(&options, &()).map_err(|error| format!("{error:?}"));
        match threads {
            None => run(),
            Some(threads) => rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(run),
        }
    }
}

fn find<'a>(report: &'a Report, id: &str, parameters: &[(&str, Parameter)]) -> Vec<&'a Finding> {
    let matches = |finding: &&Finding| {
        finding.id() == id
            && parameters.iter().all(|(name, value)| {
                let found = finding.parameters.get(*name);
                found.is_some_and(|found| found.matches(value))
            })
    };
    report.findings.iter().filter(matches).collect()
}

fn value(report: &Report, id: &str, parameters: &[(&str, Parameter)]) -> f64 {
    let found = find(report, id, parameters);
    assert_eq!(found.len(), 1, "{id} {parameters:?}");
    found[0].value.unwrap().as_f64()
}

const MATCHERS: [&str; 7] = [
    "tfidf-cosine",
    "jensen-shannon",
    "co-occurrence",
    "wyci",
    "pois",
    "gm",
    "ensemble",
];

fn by(matcher: &str) -> [(&'static str, Parameter); 1] {
    [("matcher", matcher.into())]
}

#[test]
fn who_has_habits_is_found_in_the_next_period() {
    let case = Case::new();
    let table = case.table("moves", &habits(150, 20, 4, 1));
    let manifest = format!(
        "[[table]]\nkind = \"trace\"\n{table}[[scenario]]\nkind = \"periods\"\ntable = \"moves\"\none_to_one = true\n"
    );
    let report = case.audit(&manifest).unwrap();
    for matcher in MATCHERS {
        let top1 = value(&report, "trace-linkage.top1", &by(matcher));
        assert!(top1 > 0.9, "{matcher}: {top1}");
        let found = find(&report, "trace-linkage.top1", &by(matcher));
        assert_eq!(found[0].baseline, Some(1.0 / 150.0));
        let risk = value(&report, "trace-linkage.risk", &by(matcher));
        assert!((risk - (top1 - 1.0 / 150.0) / (1.0 - 1.0 / 150.0)).abs() < 1e-12);
    }
    let assigned = value(&report, "trace-linkage.recall", &by("tfidf-cosine"));
    assert!(assigned > 0.9);
    // Whoever is sure is right.
    let sure = [("matcher", "tfidf-cosine".into()), ("coverage", 0.5.into())];
    let precision = value(&report, "trace-linkage.precision_at_coverage", &sure);
    assert!(precision > 0.98, "{precision}");
    assert!(value(&report, "trace-linkage.false_claims", &sure) < 0.2);
}

#[test]
fn whose_traces_are_dealt_out_anew_is_found_by_chance_alone() {
    let case = Case::new();
    let rows = dealt_out(&habits(300, 20, 4, 2), 300, 10);
    let table = case.table("moves", &rows);
    let manifest = format!(
        "[[table]]\nkind = \"trace\"\n{table}[[scenario]]\nkind = \"periods\"\ntable = \"moves\"\nsplit = \"2026-03-12\"\n"
    );
    let report = case.audit(&manifest).unwrap();
    for matcher in MATCHERS.into_iter().chain(["home-work"]) {
        for (name, k) in [("top1", 1.0), ("top10", 10.0)] {
            let found = find(&report, &format!("trace-linkage.{name}"), &by(matcher));
            let interval = found[0].interval.unwrap();
            let guess = k / 300.0;
            assert!(
                interval.low <= guess && guess <= interval.high,
                "{matcher} {name}: {interval:?}"
            );
        }
    }
}

/// A third of the persons are in one period alone: in the open gallery they are candidates, or sought in vain.
#[test]
fn who_is_in_one_period_alone_is_in_the_open_gallery() {
    let case = Case::new();
    let (persons, days) = (120, 10);
    let is_early = |at: i64| at < START + days / 2 * DAY;
    let rows: Vec<Row> = habits(persons, days, 1, 8)
        .into_iter()
        .filter(|(person, at, _)| match person % 6 {
            0 => is_early(*at),
            1 => !is_early(*at),
            _ => true,
        })
        .collect();
    let table = case.table("moves", &rows);
    let manifest = format!(
        "[[table]]\nkind = \"trace\"\n{table}[[scenario]]\nkind = \"periods\"\ntable = \"moves\"\n\
         split = \"2026-03-07\"\nfeatures = {{ place = \"0.01deg\" }}\nmatchers = [\"co-occurrence\"]\n"
    );
    let report = case.judged(&manifest, "exploratory", Some(1)).unwrap();
    let again = case.judged(&manifest, "exploratory", Some(3)).unwrap();
    assert_eq!(report.findings, again.findings);
    let places = |person: i64, early: bool| -> BTreeSet<(i64, i64)> {
        let mine = rows
            .iter()
            .filter(|row| row.0 == person && is_early(row.1) == early);
        mine.map(|row| row.2).collect()
    };
    let period = |early: bool| -> Vec<(i64, BTreeSet<(i64, i64)>)> {
        let all = (0..persons).map(|person| (person, places(person, early)));
        all.filter(|(_, places)| !places.is_empty()).collect()
    };
    let (earlier, later) = (period(true), period(false));
    let is_in = |side: &[(i64, BTreeSet<(i64, i64)>)], person: i64| {
        side.iter().any(|(other, _)| *other == person)
    };
    assert!(earlier.len() < 105 && later.len() < 105);
    for gallery in ["open", "closed"] {
        let known: Vec<_> = earlier
            .iter()
            .filter(|(person, _)| gallery == "open" || is_in(&later, *person))
            .collect();
        let (mut right, mut rank, mut present) = (0.0, 0.0, 0.0);
        for (person, places) in later.iter().filter(|(person, _)| is_in(&earlier, *person)) {
            let shared = |(_, theirs): &&&(i64, BTreeSet<_>)| places.intersection(theirs).count();
            let own = known.iter().find(|(other, _)| other == person).unwrap();
            let others = || known.iter().filter(|(other, _)| other != person);
            let better = others()
                .filter(|other| shared(other) > shared(&own))
                .count() as f64;
            let equal = others()
                .filter(|other| shared(other) == shared(&own))
                .count() as f64;
            right += ((1.0 - better) / (1.0 + equal)).clamp(0.0, 1.0);
            rank += 1.0 + better + equal / 2.0;
            present += 1.0;
        }
        let by = [
            ("gallery", gallery.into()),
            ("matcher", "co-occurrence".into()),
        ];
        let near = |name: &str, expected: f64| {
            let found = value(&report, &format!("trace-linkage.{name}"), &by);
            assert!(
                (found - expected).abs() < 1e-12,
                "{gallery} {name}: {found}, not {expected}"
            );
        };
        near("top1", right / present);
        near("mean_rank", rank / present);
        let top1 = find(&report, "trace-linkage.top1", &by)[0];
        assert_eq!(top1.baseline, Some(1.0 / known.len() as f64));
        assert_eq!(top1.denominator, Some(present as u64));
        // Of those who are sought some are nowhere among the known: whoever names all of them is wrong there.
        let all = [by[0].clone(), by[1].clone(), ("coverage", 1.0.into())];
        let claims = find(&report, "trace-linkage.precision_at_coverage", &all)[0];
        let sought = match gallery {
            "open" => later.len() as u64,
            _ => present as u64,
        };
        assert_eq!(claims.denominator, Some(sought));
        assert_eq!(find(&report, "trace-linkage.strongest", &by).len(), 1);
    }
}

#[test]
fn pseudonyms_that_change_hide_nobody_with_habits() {
    let case = Case::new();
    let rows = habits(60, 12, 5, 3);
    let scenario = "[[scenario]]\nkind = \"rotation\"\ntable = \"moves\"\nevery = [\"3d\"]\n";
    let habitual = case.table("moves", &rows);
    let manifest = format!("[[table]]\nkind = \"trace\"\n{habitual}{scenario}");
    let report = case.audit(&manifest).unwrap();
    let every = [("rotation", Parameter::from("3d"))];
    assert!(value(&report, "pseudonym-rotation.top1", &every) > 0.9);
    assert!(value(&report, "pseudonym-rotation.stitched_share", &every) > 0.8);
    // Four windows: three links in a row at most.
    let links = value(&report, "pseudonym-rotation.mean_links", &every);
    assert!((1.5..=2.0).contains(&links), "{links}");
    let dealt = case.table("moves", &dealt_out(&rows, 60, 3));
    let manifest = format!("[[table]]\nkind = \"trace\"\n{dealt}{scenario}");
    let report = case.audit(&manifest).unwrap();
    let top1 = find(&report, "pseudonym-rotation.top1", &every)[0];
    let (interval, guess) = (top1.interval.unwrap(), top1.baseline.unwrap());
    assert!(interval.low <= guess && guess <= interval.high, "{top1:?}");
    // A quarter of a trace lies in one window: no link is needed for it.
    let stitched = find(&report, "pseudonym-rotation.stitched_share", &every)[0];
    let beyond = stitched.value.unwrap().as_f64() - stitched.baseline.unwrap();
    assert!((0.0..0.1).contains(&beyond), "{stitched:?}");
}

/// The same moments seen by somebody else: an hour off and a cell off, of a half of the persons.
fn seen_by_others(rows: &[Row], persons: i64) -> Vec<Row> {
    let mut chance = Chance::new(9);
    let mut seen = Vec::new();
    for (person, at, (y, x)) in rows {
        let off = [
            chance.below(3) - 1,
            chance.below(3) - 1,
            chance.below(3) - 1,
        ];
        if person % 2 == 0 && chance.below(3) == 0 {
            seen.push((*person, at + off[0] * 3_600, (y + off[1], x + off[2])));
        }
    }
    // And persons whom the release does not have.
    for person in persons..persons + persons / 2 {
        for _ in 0..20 {
            let place = (chance.below(40), chance.below(40));
            seen.push((person, START + chance.below(20 * DAY), place));
        }
    }
    seen
}

#[test]
fn identified_traces_are_found_although_times_and_cells_are_off() {
    let case = Case::new();
    let rows = habits(200, 20, 3, 4);
    let table = case.table("moves", &rows);
    let known = case.table("known", &seen_by_others(&rows, 200));
    let run = |more: &str| {
        let manifest = format!(
            "[[table]]\nkind = \"trace\"\n{table}[[auxiliary]]\nkind = \"traces\"\n{known}\
             [[scenario]]\nkind = \"auxiliary\"\ntable = \"moves\"\nauxiliary = \"known\"\n{more}"
        );
        case.audit(&manifest).unwrap()
    };
    let exact = run("matchers = [\"co-occurrence\", \"gm\"]\n");
    let tolerant = run("matchers = [\"co-occurrence\"]\ntolerance = { time = 1, place = 1 }\n");
    let sides = |side: &str| {
        value(
            &exact,
            "trace-linkage.persons_apart",
            &[("side", side.into())],
        )
    };
    assert_eq!(value(&exact, "trace-linkage.persons_compared", &[]), 100.0);
    assert_eq!((sides("known"), sides("sought")), (100.0, 100.0));
    let top1 = |report: &Report, matcher| value(report, "trace-linkage.top1", &by(matcher));
    assert!(top1(&tolerant, "co-occurrence") > top1(&exact, "co-occurrence"));
    assert!(top1(&tolerant, "co-occurrence") > 0.95);
    assert!(top1(&exact, "gm") > 0.95);
    // Half of the sought are not there: whoever names everybody is right in a half of the cases at most.
    let at = |report: &Report, name: &str, coverage: f64| {
        let at = [
            ("matcher", "co-occurrence".into()),
            ("coverage", coverage.into()),
        ];
        value(report, &format!("trace-linkage.{name}"), &at)
    };
    assert!(at(&tolerant, "precision_at_coverage", 1.0) <= 0.5);
    assert!(at(&tolerant, "precision_at_coverage", 0.25) > 0.95);
    assert!(at(&tolerant, "recall_at_coverage", 1.0) > 0.95);
}

/// A release whose coordinates and times were all moved by a constant is linked like one whose were not.
#[test]
fn maps_and_clocks_that_were_moved_are_moved_back() {
    let rows = habits(150, 12, 4, 14);
    // The same persons' other moments, by somebody who knows their names.
    let (even, odd): (Vec<(usize, Row)>, Vec<_>) = rows
        .iter()
        .copied()
        .enumerate()
        .partition(|(at, _)| at % 3 > 0);
    let of = |rows: &[(usize, Row)]| rows.iter().map(|(_, row)| *row).collect::<Vec<Row>>();
    let (known, plain) = (of(&even), of(&odd));
    let moved = |(y, x): (i64, i64), seconds: i64| -> Vec<Row> {
        let row = |row: &Row| (row.0, row.1 + seconds, (row.2.0 + y, row.2.1 + x));
        plain.iter().map(row).collect()
    };
    let run = |release: &[Row], more: &str| {
        let case = Case::new();
        let table = case.table("moves", release);
        let known = case.table("known", &known);
        let manifest = format!(
            "[[table]]\nkind = \"trace\"\n{table}[[auxiliary]]\nkind = \"traces\"\n{known}\
             [[scenario]]\nkind = \"auxiliary\"\ntable = \"moves\"\nauxiliary = \"known\"\n\
             matchers = [\"tfidf-cosine\", \"pois\", \"wyci\"]\n{more}"
        );
        case.audit(&manifest).unwrap()
    };
    let top1 = |report: &Report, aligned: bool, matcher: &str| {
        let found = find(report, "trace-linkage.top1", &by(matcher));
        let is_aligned =
            |finding: &&&Finding| finding.parameters.contains_key("aligned") == aligned;
        let mut found = found.iter().filter(is_aligned);
        found.next().map(|finding| finding.value.unwrap().as_f64())
    };
    let place = "features = { place = \"0.01deg\" }\n";
    let as_it_is = run(&plain, place);
    assert_eq!(top1(&as_it_is, true, "wyci"), None, "nothing was moved");
    let shifted = run(&moved((317, -41), 0), place);
    for matcher in ["tfidf-cosine", "pois", "wyci"] {
        let [plain, found] = [(&as_it_is, false), (&shifted, true)]
            .map(|(report, aligned)| top1(report, aligned, matcher).unwrap());
        println!("{matcher}: {plain:.3}, moved back {found:.3}");
        assert!(
            plain > 0.9 && (found - plain).abs() < 1e-9,
            "{matcher}: {plain} {found}"
        );
        assert!(top1(&shifted, false, matcher).unwrap() < 0.05);
    }
    let shift = value(&shifted, "trace-linkage.map_shift", &[]);
    assert!((shift - 3.17f64.hypot(0.41)).abs() < 1e-6, "{shift}");
    // Maps of which one is as large again, and clocks: everybody is seen by two at once.
    let scaled: Vec<Row> = plain
        .iter()
        .map(|(who, at, (y, x))| (*who, *at, (2 * y + 100, 2 * x)))
        .collect();
    let scaled = run(&scaled, place);
    let found = top1(&scaled, true, "tfidf-cosine");
    assert!(found.is_some_and(|found| found > 0.8), "{found:?}");
    let hours = "features = { time = \"1h\", place = \"0.01deg\" }\n";
    let seen_by_two = known.clone();
    let moved_clock: Vec<Row> = seen_by_two
        .iter()
        .map(|row| (row.0, row.1 + 29 * 3_600, row.2))
        .collect();
    let clocks = run(&moved_clock, hours);
    // What is moved are the traces from elsewhere, to where the release is.
    assert_eq!(value(&clocks, "trace-linkage.clock_shift", &[]), 29.0);
    assert!(top1(&clocks, true, "wyci").unwrap() > 0.99);
    assert!(top1(&clocks, false, "wyci").unwrap() < 0.9);
    // Persons dealt out anew: maps are moved back, and nobody is found beyond guessing.
    let dealt: Vec<Row> = moved((317, -41), 0)
        .iter()
        .map(|row| ((row.0 * 37 + 5) % 150, row.1, row.2))
        .collect();
    let mut dealt = dealt;
    dealt.sort_unstable();
    let nobody = run(&dealt, place);
    for matcher in ["tfidf-cosine", "pois", "wyci"] {
        let found = find(&nobody, "trace-linkage.top1", &by(matcher));
        for finding in found {
            let low = finding.interval.unwrap().low;
            assert!(low <= finding.baseline.unwrap(), "{finding:?}");
        }
    }
}

#[test]
fn two_products_of_a_release_are_one_trace() {
    let case = Case::new();
    let all = habits(120, 20, 4, 5);
    let (even, odd): (Vec<(usize, Row)>, Vec<_>) =
        all.into_iter().enumerate().partition(|(at, _)| at % 2 == 0);
    let rows = |rows: Vec<(usize, Row)>| rows.into_iter().map(|(_, row)| row).collect::<Vec<Row>>();
    let moves = case.table("moves", &rows(even));
    let pays = case.table("pays", &rows(odd));
    let manifest = format!(
        "[[table]]\nkind = \"trace\"\n{moves}[[table]]\nkind = \"trace\"\n{pays}\
         [[scenario]]\nkind = \"products\"\ntable = \"moves\"\nother = \"pays\"\n\
         features = {{ place = \"0.01deg\" }}\n"
    );
    let report = case.audit(&manifest).unwrap();
    assert!(value(&report, "trace-linkage.top1", &by("jensen-shannon")) > 0.9);
    let unmeasured = report.not_measured.iter();
    let of_pays =
        unmeasured.filter(|entry| entry.table == "pays" && entry.measure == "trace-linkage");
    assert_eq!(of_pays.count(), 0, "the scenario names both tables");
}

#[test]
fn tables_without_a_place_in_common_tell_nothing() {
    let case = Case::new();
    let rows = habits(50, 10, 3, 7);
    // Elsewhere, and in an order of which no move makes the other.
    let far: Vec<Row> = rows
        .iter()
        .map(|(who, at, (y, x))| {
            let place = (1_000 + (y * 619 + x * 347) % 997, (x * 283 + y * 431) % 499);
            (*who, *at, place)
        })
        .collect();
    let (here, there) = (case.table("here", &rows), case.table("there", &far));
    let manifest = format!(
        "[[table]]\nkind = \"trace\"\n{here}[[table]]\nkind = \"trace\"\n{there}\
         [[scenario]]\nkind = \"products\"\ntable = \"here\"\nother = \"there\"\n\
         features = {{ place = \"0.01deg\" }}\n\
         matchers = [\"tfidf-cosine\", \"jensen-shannon\", \"co-occurrence\", \"gm\"]\n"
    );
    let report = case.audit(&manifest).unwrap();
    for matcher in ["tfidf-cosine", "jensen-shannon", "co-occurrence", "gm"] {
        for finding in find(&report, "trace-linkage.top1", &by(matcher)) {
            let top1 = finding.value.unwrap().as_f64();
            match finding.parameters.contains_key("aligned") {
                false => assert!((top1 - 0.02).abs() < 1e-12, "{matcher}: {top1}"),
                true => assert!(finding.interval.unwrap().low <= 0.02, "{finding:?}"),
            }
        }
    }
}

#[test]
fn all_alike_are_found_by_guessing_alone() {
    let case = Case::new();
    let rows: Vec<Row> = (0..40)
        .flat_map(|person| (0..6).map(move |day| (person, START + day * DAY, (day % 3, 7))))
        .collect();
    let table = case.table("moves", &rows);
    let manifest = format!(
        "[[table]]\nkind = \"trace\"\n{table}[[scenario]]\nkind = \"periods\"\ntable = \"moves\"\n"
    );
    let report = case.audit(&manifest).unwrap();
    for matcher in MATCHERS.into_iter().take(6) {
        let top1 = value(&report, "trace-linkage.top1", &by(matcher));
        assert!((top1 - 1.0 / 40.0).abs() < 1e-12, "{matcher}: {top1}");
        assert_eq!(
            value(&report, "trace-linkage.mean_rank", &by(matcher)),
            20.5
        );
        let sure = [("matcher", matcher.into()), ("precision", 0.95.into())];
        assert_eq!(
            value(&report, "trace-linkage.coverage_at_precision", &sure),
            0.0
        );
    }
}

#[test]
fn the_same_for_any_number_of_threads() {
    let case = Case::new();
    let table = case.table("moves", &habits(80, 10, 3, 6));
    let manifest = format!(
        "[[table]]\nkind = \"trace\"\n{table}[[scenario]]\nkind = \"periods\"\ntable = \"moves\"\none_to_one = true\n\
         [[scenario]]\nkind = \"rotation\"\ntable = \"moves\"\nevery = [\"1d\", \"2d\"]\n"
    );
    let run = |threads| {
        let report = case
            .judged(&manifest, "exploratory", Some(threads))
            .unwrap();
        serde_json::to_string(&(report.findings, report.series, report.not_measured)).unwrap()
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn nobody_on_both_sides_is_not_measured_and_fails() {
    let case = Case::new();
    let rows: Vec<Row> = (0..20)
        .map(|person| (person, START + person * DAY, (1, person)))
        .collect();
    let table = case.table("moves", &rows);
    let policy = case.folder.path().join("policy.toml");
    let text = "[[require]]\nstatistic = \"trace-linkage.top1\"\nmax = 0.1\n";
    std::fs::write(&policy, text).unwrap();
    // Periods without common persons, and one before all rows.
    for more in ["", "split = \"2020-01-01\"\n"] {
        let manifest = format!(
            "[[table]]\nkind = \"trace\"\n{table}[[scenario]]\nkind = \"periods\"\ntable = \"moves\"\n{more}"
        );
        let report = case
            .judged(&manifest, policy.to_str().unwrap(), None)
            .unwrap();
        assert_eq!(report.verdict, Verdict::Fail);
        let reason = &report.not_measured.iter();
        let mut reasons = reason.clone().map(|entry| entry.reason.english());
        assert!(
            reasons.any(|reason| reason.contains("nobody has rows enough on both sides")),
            "{:?}",
            report.not_measured
        );
    }
    // One scenario that cannot be measured is not made up for by another that can.
    let case = Case::new();
    let policy = case.folder.path().join("policy.toml");
    let habitual = case.table("others", &habits(30, 6, 3, 8));
    let manifest = format!(
        "[[table]]\nkind = \"trace\"\n{habitual}[[scenario]]\nkind = \"periods\"\ntable = \"others\"\n\
         [[scenario]]\nname = \"before\"\nkind = \"periods\"\ntable = \"others\"\nsplit = \"2020-01-01\"\n"
    );
    std::fs::write(&policy, text.replace("0.1", "1")).unwrap();
    let report = case
        .judged(&manifest, policy.to_str().unwrap(), None)
        .unwrap();
    assert_eq!(report.verdict, Verdict::Fail);
}

#[test]
fn traces_without_a_scenario_are_said_to_be_unmeasured() {
    let case = Case::new();
    let table = case.table("moves", &habits(5, 2, 2, 1));
    let report = case
        .audit(&format!("[[table]]\nkind = \"trace\"\n{table}"))
        .unwrap();
    let mut unmeasured = report.not_measured.iter();
    let entry = unmeasured
        .find(|entry| entry.measure == "trace-linkage")
        .unwrap();
    assert_eq!(entry.reason, "the manifest declares no [[scenario]] for it");
}

#[test]
fn wrong_scenarios_are_told_with_what_to_do() {
    let case = Case::new();
    let table = case.table("moves", &habits(5, 2, 2, 1));
    let known = case.table("known", &habits(5, 2, 2, 2));
    for (scenario, message) in [
        ("table = \"moves\"", "`scenario.kind` is missing"),
        (
            "kind = \"windows\"\ntable = \"moves\"",
            "`windows` is no kind of scenario",
        ),
        (
            "kind = \"periods\"\ntable = \"movs\"",
            "there is no trace table `movs`",
        ),
        (
            "kind = \"periods\"\ntable = \"moves\"\nmatchers = [\"cosine\"]",
            "there is no matcher `cosine` here",
        ),
        (
            "kind = \"periods\"\ntable = \"moves\"\nfeatures = { item = true }",
            "the features need `item`, which `moves` does not have",
        ),
        (
            "kind = \"periods\"\ntable = \"moves\"\nsplit = \"noon\"",
            "`noon` is no moment",
        ),
        (
            "kind = \"periods\"\ntable = \"moves\"\nwindows = [\"2026-03-02\", \"2026-03-01\"]",
            "`windows` are two periods",
        ),
        (
            "kind = \"auxiliary\"\ntable = \"moves\"\nauxiliary = \"unknown\"",
            "there is no auxiliary `unknown`",
        ),
        (
            "kind = \"products\"\ntable = \"moves\"\nother = \"moves\"",
            "a table is not compared with itself",
        ),
        (
            "kind = \"rotation\"\ntable = \"moves\"\nevery = [\"daily\"]",
            "`daily` is no length of time",
        ),
        (
            "kind = \"periods\"\ntable = \"moves\"\nmatcher = [\"gm\"]",
            "matchers",
        ),
        (
            "kind = \"periods\"\ntable = \"moves\"\n[[scenario]]\nkind = \"periods\"\ntable = \"moves\"",
            "there are two scenarios `periods` of this table",
        ),
    ] {
        let manifest = format!(
            "[[table]]\nkind = \"trace\"\n{table}[[auxiliary]]\nkind = \"traces\"\n{known}[[scenario]]\n{scenario}\n"
        );
        let error = case.audit(&manifest).unwrap_err();
        assert!(error.contains(message), "{scenario}: {error}");
    }
}
