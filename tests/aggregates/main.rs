//! Attacks on counts with a known answer: who is in them, where they were, who makes up most of them; and whether noise
//! is what it is said to be.

#[path = "../shared/parquet.rs"]
mod parquet_file;
mod real;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, TimestampSecondArray};
use parquet_file::write;
use reidrisk::audit::{Options, audit};
use reidrisk::finding::{Finding, Parameter};
use reidrisk::report::Report;
use reidrisk::stats::noise::Noise;
use reidrisk::stats::{Draws, Trial};

const HOUR: i64 = 3_600;
/// 2 March 2026, a Monday, UTC.
const START: i64 = 1_772_409_600;

/// Who, when, where and how much.
type Row = (i64, i64, i64, f64);
/// Where, when and how many.
type Cell = (i64, i64, Option<f64>);

fn instants(of: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampSecondArray::from_iter_values(of).with_timezone("UTC"))
}

/// A release of one table of counts, and the traces behind it as an auxiliary.
struct Case {
    folder: tempfile::TempDir,
    more: String,
}

impl Case {
    /// `how` says in the manifest how counts were made.
    fn new(rows: &[Row], cells: &[Cell], how: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let column = |of: fn(&Row) -> i64| {
            Arc::new(Int64Array::from_iter_values(rows.iter().map(of))) as ArrayRef
        };
        write(
            &folder.path().join("traces.parquet"),
            vec![
                ("who", column(|row| row.0)),
                ("at", instants(rows.iter().map(|row| row.1))),
                ("cell", column(|row| row.2)),
                (
                    "spent",
                    Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.3))),
                ),
            ],
        );
        write(
            &folder.path().join("counts.parquet"),
            vec![
                (
                    "cell",
                    Arc::new(Int64Array::from_iter_values(
                        cells.iter().map(|cell| cell.0),
                    )),
                ),
                ("hour", instants(cells.iter().map(|cell| cell.1))),
                (
                    "visitors",
                    Arc::new(cells.iter().map(|cell| cell.2).collect::<Float64Array>()),
                ),
            ],
        );
        Self {
            folder,
            more: how.to_owned(),
        }
    }

    fn manifest(&self, settings: &str) -> String {
        let Self { more, .. } = self;
        format!(
            "[[table]]\nname = \"counts\"\npath = \"counts.parquet\"\nkind = \"flows\"\nplace = \"cell\"\n\
             time = \"hour\"\ncount = \"visitors\"\n{more}\n\
             [[auxiliary]]\nname = \"traces\"\nkind = \"traces\"\npath = \"traces.parquet\"\nsubject = \"who\"\n\
             time = \"at\"\nplace = \"cell\"\namount = \"spent\"\n{settings}"
        )
    }

    fn judged(&self, settings: &str, policy: &str, threads: Option<usize>) -> Report {
        self.read(&self.manifest(settings), policy, threads)
            .unwrap()
    }

    fn read(&self, manifest: &str, policy: &str, threads: Option<usize>) -> Result<Report, String> {
        let path: PathBuf = self.folder.path().join("release.toml");
        std::fs::write(&path, manifest).unwrap();
        let options = Options {
            paths: vec![path],
            policy: policy.to_owned(),
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

    fn audit(&self, settings: &str) -> Report {
        self.judged(settings, "exploratory", None)
    }
}

fn find<'a>(report: &'a Report, id: &str, parameters: &[(&str, Parameter)]) -> &'a Finding {
    let has = |finding: &&Finding| {
        finding.id() == id
            && parameters.iter().all(|(name, value)| {
                finding
                    .parameters
                    .get(*name)
                    .is_some_and(|found| found.matches(value))
            })
    };
    let mut findings = report.findings.iter();
    findings
        .find(has)
        .unwrap_or_else(|| panic!("no {id} {parameters:?}: {:?}", report.not_measured))
}

fn value(report: &Report, id: &str, parameters: &[(&str, Parameter)]) -> f64 {
    find(report, id, parameters).value.unwrap().as_f64()
}

/// `advantage` or `auc` of an attack on groups of a size.
fn of(report: &Report, statistic: &str, attack: &str, size: u64) -> f64 {
    let id = format!("membership-inference.{statistic}");
    value(
        report,
        &id,
        &[("attack", attack.into()), ("group_size", size.into())],
    )
}

fn reasons(report: &Report, measure: &str) -> Vec<String> {
    let entries = report.not_measured.iter();
    let entries = entries.filter(|entry| entry.measure == measure);
    entries.map(|entry| entry.reason.to_string()).collect()
}

fn trial(seed: u64) -> Trial {
    Draws::new(seed, "aggregates", "test").trial(0)
}

/// Persons of a town of so many cells: at home by night, at work by day, elsewhere in the evening.
fn town(persons: i64, cells: u64, days: i64, seed: u64) -> Vec<Row> {
    let mut trial = trial(seed);
    let mut rows = Vec::new();
    for person in 0..persons {
        let [home, work] = [(), ()].map(|()| trial.below(cells) as i64);
        for day in 0..days {
            for (hour, place) in [(3, home), (8, work), (13, work), (22, home)] {
                // Now and then a telephone is off.
                if trial.below(5) > 0 {
                    rows.push((person, START + (day * 24 + hour) * HOUR + 60, place, 1.0));
                }
            }
            let elsewhere = trial.below(cells) as i64;
            rows.push((
                person,
                START + (day * 24 + 18) * HOUR + 1_799,
                elsewhere,
                1.0,
            ));
        }
    }
    rows
}

/// Distinct persons of each cell and hour.
fn counted(rows: &[Row]) -> BTreeMap<(i64, i64), u64> {
    let distinct: BTreeSet<(i64, i64, i64)> = rows
        .iter()
        .map(|row| (row.2, row.1.div_euclid(HOUR) * HOUR, row.0))
        .collect();
    let mut counts = BTreeMap::new();
    for (cell, hour, _) in distinct {
        *counts.entry((cell, hour)).or_insert(0) += 1;
    }
    counts
}

fn published(rows: &[Row], publish: impl Fn(u64) -> Option<f64>) -> Vec<Cell> {
    let counts = counted(rows).into_iter();
    let cells = counts.filter_map(|((cell, hour), n)| Some((cell, hour, Some(publish(n)?))));
    cells.collect()
}

/// All cells at all hours that occur, with noise.
fn noisy(rows: &[Row], seed: u64, publish: impl Fn(u64, &mut Trial) -> Option<f64>) -> Vec<Cell> {
    let counts = counted(rows);
    let places: BTreeSet<i64> = counts.keys().map(|(place, _)| *place).collect();
    let hours: BTreeSet<i64> = counts.keys().map(|(_, hour)| *hour).collect();
    let mut trial = trial(seed);
    let mut cells = Vec::new();
    for place in &places {
        for hour in &hours {
            let n = counts.get(&(*place, *hour)).copied().unwrap_or(0);
            if let Some(count) = publish(n, &mut trial) {
                cells.push((*place, *hour, Some(count)));
            }
        }
    }
    cells
}

const COUNTED: &str = "counted = \"traces\"";
const FEW: &str = "[measure.membership-inference]\ntargets = 100\ngroup_size = [10, 50]\n";
const ATTACKS: [&str; 5] = [
    "count-threshold",
    "two-threshold",
    "knock-knock",
    "zero-knowledge",
    "likelihood-ratio",
];

#[test]
fn members_are_found_and_the_less_the_larger_the_group() {
    let rows = town(300, 12, 7, 1);
    let cells = published(&rows, |n| Some(n as f64));
    let report = Case::new(&rows, &cells, COUNTED).audit(FEW);
    for attack in ATTACKS {
        let auc = |size| of(&report, "auc", attack, size);
        println!("{attack}: {:.3} {:.3} {:.3}", auc(10), auc(50), auc(300));
        assert!(auc(10) > 0.9, "{attack}");
        assert!(auc(10) > auc(300) + 0.05, "{attack}");
    }
    // Ten persons in twelve cells: nobody else is where and when the target is.
    assert!(of(&report, "advantage", "knock-knock", 10) > 0.8);
    let explained = value(&report, "membership-inference.counts_explained", &[]);
    assert_eq!(explained, 1.0);
    let strongest = value(&report, "membership-inference.advantage_at_table", &[]);
    for attack in ATTACKS {
        assert!(strongest >= of(&report, "advantage", attack, 300));
    }
}

/// Persons who are here and there as it happens, in some places more than in others: in half of the hours of a day.
fn passers_by(persons: i64, seed: u64) -> Vec<Row> {
    let mut trial = trial(seed);
    let mut rows = Vec::new();
    for person in 0..persons {
        for hour in (0..24)
            .filter(|_| trial.below(2) == 0)
            .collect::<Vec<i64>>()
        {
            let place = trial.below(30).min(trial.below(30)) as i64;
            rows.push((person, START + hour * HOUR + 60, place, 1.0));
        }
    }
    rows
}

/// Where cells are independent of each other, how many of the others are in each is all there is to know: no other
/// attack finds more, and counts rounded or noisy still say something.
#[test]
fn the_likelihood_ratio_finds_at_least_what_others_find() {
    let rows = passers_by(400, 9);
    let tens = "counted = \"traces\"\nrounding = 4\nabsent = \"zero\"";
    let noise = "counted = \"traces\"\nnoise = { mechanism = \"geometric\", epsilon = 15, sensitivity = 15 }";
    let law = Noise::Geometric {
        ratio: (-1f64).exp(),
    };
    let cases = [
        ("exact", COUNTED, published(&rows, |n| Some(n as f64)), 0.25),
        (
            "rounded",
            tens,
            published(&rows, |n| Some((n as f64 / 4.0).round() * 4.0)),
            0.05,
        ),
        (
            "noisy",
            noise,
            noisy(&rows, 5, |n, trial| Some(n as f64 + law.draw(trial))),
            0.1,
        ),
    ];
    for (name, how, cells, least) in cases {
        let report = Case::new(&rows, &cells, how)
            .audit("[measure.membership-inference]\ntargets = 100\ngroup_size = [100]\n");
        for size in [100, 400] {
            let of = |attack: &str| of(&report, "auc", attack, size);
            let all = ATTACKS.map(of);
            println!("{name} {size}: {all:.3?}");
            // Within what chance makes of two hundred targets.
            assert!(
                all.iter().all(|auc| all[4] > auc - 0.04),
                "{name} {size}: {all:?}"
            );
        }
        let found = find(&report, "membership-inference.advantage_at_table", &[]);
        assert!(found.value.unwrap().as_f64() > least, "{name}: {found:?}");
        // The same at few false positives, and what that is worth where members are few.
        let rate = |attack: &str| {
            let parameters = [
                ("attack", attack.into()),
                ("false_positive_rate", 0.01.into()),
            ];
            find(&report, "membership-inference.tpr_at_fpr", &parameters)
        };
        let best = ATTACKS.map(|attack| rate(attack).value.unwrap().as_f64());
        let best = best.into_iter().fold(0.0, f64::max);
        for base in [0.5, 0.1, 0.01] {
            let parameters = [
                ("base_rate", base.into()),
                ("false_positive_rate", 0.01.into()),
            ];
            let precision = find(&report, "membership-inference.precision", &parameters);
            let expected = match best > 0.0 {
                true => base * best / (base * best + 0.01 * (1.0 - base)),
                false => 0.0,
            };
            let found = precision.value.unwrap().as_f64();
            assert!(
                (found - expected).abs() < 1e-12,
                "{name}: {found} {expected}"
            );
            let interval = precision.interval.unwrap();
            assert!(interval.low <= found && found <= interval.high);
        }
        // Four hundred targets cannot tell of one false alarm in a thousand.
        let missing = reasons(&report, "membership-inference");
        assert!(
            missing
                .iter()
                .any(|reason| reason.contains("false positive rate of 0.001"))
        );
    }
}

#[test]
fn tables_with_noise_are_bounded_together() {
    let rows = town(60, 8, 1, 3);
    let law = Noise::Laplace { scale: 5.0 };
    let cells = noisy(&rows, 7, |n, trial| Some(n as f64 + law.draw(trial)));
    let how =
        "counted = \"traces\"\nnoise = { mechanism = \"laplace\", epsilon = 1, sensitivity = 5 }";
    let case = Case::new(&rows, &cells, how);
    std::fs::copy(
        case.folder.path().join("counts.parquet"),
        case.folder.path().join("again.parquet"),
    )
    .unwrap();
    let again = |more: &str| {
        format!(
            "{FEW}[[table]]\nname = \"again\"\npath = \"again.parquet\"\nkind = \"flows\"\nplace = \"cell\"\n\
             time = \"hour\"\ncount = \"visitors\"\n\
             noise = {{ mechanism = \"laplace\", epsilon = 2, sensitivity = 5 }}\n{more}"
        )
    };
    let report = case.audit(&again(""));
    let bound = find(
        &report,
        "membership-inference.advantage_bound_composed",
        &[],
    );
    // Randomised response of ε = 1 and of ε = 2: the second decides.
    let truly = |epsilon: f64| epsilon.exp() / (1.0 + epsilon.exp());
    let expected = 2.0 * truly(2.0) - 1.0;
    assert!(
        (bound.value.unwrap().as_f64() - expected).abs() < 1e-9,
        "{bound:?}"
    );
    assert!(bound.parameters["epsilon"].matches(&3.into()));
    assert!(bound.parameters["tables"].matches(&2.into()));
    let apart = again("apart_from = { counts = \"other persons\" }\n");
    let report = case.audit(&apart);
    assert!(
        report
            .findings
            .iter()
            .all(|finding| finding.statistic != "advantage_bound_composed")
    );
}

#[test]
fn where_everything_is_left_out_nothing_is_found() {
    let rows = town(200, 200, 7, 2);
    // One cell with many, put in; all others are there without their counts, for they hold fewer.
    let mut cells = published(&rows, |n| Some(n as f64));
    cells.iter_mut().for_each(|cell| cell.2 = None);
    cells[0].2 = Some(40.0);
    let report = Case::new(&rows, &cells, COUNTED).audit(FEW);
    for attack in ATTACKS {
        for size in [10, 50] {
            assert_eq!(of(&report, "auc", attack, size), 0.5, "{attack}");
            assert_eq!(of(&report, "advantage", attack, size), 0.0, "{attack}");
        }
        let id = "membership-inference.vanishing_size";
        assert_eq!(value(&report, id, &[("attack", attack.into())]), 10.0);
    }
}

/// Laplace noise so wide that nothing can be told: the interval of the advantage lies above nothing no more often
/// than it says.
#[test]
fn false_alarms_are_as_rare_as_said() {
    let (mut alarms, mut tried) = (0, 0);
    for seed in 0..30 {
        let rows = town(120, 12, 2, 100 + seed);
        let law = Noise::Laplace { scale: 1_000.0 };
        let cells = noisy(&rows, seed, |n, trial| Some(n as f64 + law.draw(trial)));
        let how = "counted = \"traces\"\nnoise = { mechanism = \"laplace\", epsilon = 0.01, sensitivity = 10 }";
        let report = Case::new(&rows, &cells, how).audit(FEW);
        let advantages = report
            .findings
            .iter()
            .filter(|f| f.statistic == "advantage");
        for finding in advantages {
            tried += 1;
            alarms += u32::from(finding.interval.unwrap().low > 0.0);
        }
    }
    println!("{alarms} alarms of {tried}");
    // At most two and a half in a hundred, 11 of 450; attacks on the same counts err together.
    assert!(tried == 450 && alarms <= 18, "{alarms} of {tried}");
}

#[test]
fn noise_keeps_the_advantage_below_its_bound() {
    let rows = town(200, 8, 1, 3);
    for epsilon in [0.2, 1.0, 4.0] {
        // Five cells a person and day.
        let law = Noise::Laplace {
            scale: 5.0 / epsilon,
        };
        let cells = noisy(&rows, 7, |n, trial| Some(n as f64 + law.draw(trial)));
        let how = format!(
            "counted = \"traces\"\nnoise = {{ mechanism = \"laplace\", epsilon = {epsilon:?}, sensitivity = 5 }}"
        );
        let report = Case::new(&rows, &cells, &how).audit(FEW);
        let bound = value(&report, "membership-inference.advantage_bound", &[]);
        let odds = f64::exp(epsilon);
        assert!((bound - (odds - 1.0) / (odds + 1.0)).abs() < 1e-12);
        for attack in ATTACKS {
            for size in [10, 50, 200] {
                let parameters = [("attack", attack.into()), ("group_size", size.into())];
                let found = find(&report, "membership-inference.advantage", &parameters);
                assert!(
                    found.interval.unwrap().low <= bound,
                    "{attack} {size} {epsilon}"
                );
            }
        }
        assert_eq!(
            value(&report, "membership-inference.noise_consistent", &[]),
            1.0
        );
        assert_eq!(
            value(
                &report,
                "membership-inference.persons_beyond_sensitivity",
                &[]
            ),
            0.0
        );
    }
}

/// Tables of counts with noise, and what is found of it.
fn noise_of(how: &str, cells: &[Cell], rows: &[Row]) -> Report {
    let case = Case::new(rows, cells, how);
    let only = "[measure.membership-inference]\ntargets = 4\ngroup_size = [2]\n";
    case.audit(only)
}

fn consistent(report: &Report) -> bool {
    value(report, "membership-inference.noise_consistent", &[]) == 1.0
}

#[test]
fn noise_that_is_not_what_it_is_said_to_be_is_found() {
    let rows = town(150, 20, 4, 4);
    let stated = |mechanism: &str, more: &str| {
        format!(
            "counted = \"traces\"\nnoise = {{ mechanism = \"{mechanism}\", epsilon = 0.5{more} }}"
        )
    };
    let laplace = stated("laplace", "");
    let law = Noise::Laplace { scale: 2.0 };
    let as_said = noise_of(
        &laplace,
        &noisy(&rows, 1, |n, t| Some(n as f64 + law.draw(t))),
        &rows,
    );
    assert!(consistent(&as_said));
    let ratio = value(&as_said, "membership-inference.noise_ratio", &[]);
    assert!((ratio - 1.0).abs() < 0.15, "{ratio}");
    // One person a cell, twenty in all: one promised less.
    assert_eq!(
        value(
            &as_said,
            "membership-inference.persons_beyond_sensitivity",
            &[]
        ),
        1.0
    );

    let half = Noise::Laplace { scale: 1.0 };
    let too_little = noise_of(
        &laplace,
        &noisy(&rows, 2, |n, t| Some(n as f64 + half.draw(t))),
        &rows,
    );
    assert!(!consistent(&too_little));
    let none = noise_of(&laplace, &published(&rows, |n| Some(n as f64)), &rows);
    assert!(!consistent(&none));
    assert_eq!(value(&none, "membership-inference.noise_ratio", &[]), 0.0);

    // Nobody gets no noise: whoever sees a count knows that somebody was there.
    let sparse = town(150, 100, 4, 4);
    let cells = noisy(&sparse, 3, |n, t| (n > 0).then(|| n as f64 + law.draw(t)));
    let occupied = noise_of(&laplace, &cells, &sparse);
    assert!(!consistent(&occupied));

    let gaussian = stated("gaussian", ", delta = 1e-5");
    for deviation in [
        reidrisk::stats::noise::usual_deviation(0.5, 1e-5, 1.0),
        reidrisk::stats::noise::least_deviation(0.5, 1e-5, 1.0),
    ] {
        let law = Noise::Gaussian { deviation };
        let cells = noisy(&rows, 5, |n, t| Some(n as f64 + law.draw(t)));
        assert!(consistent(&noise_of(&gaussian, &cells, &rows)));
    }
    // Half of what it takes, and another law of the same width.
    let narrow = Noise::Gaussian { deviation: 3.6 };
    let cells = noisy(&rows, 6, |n, t| Some(n as f64 + narrow.draw(t)));
    assert!(!consistent(&noise_of(&gaussian, &cells, &rows)));
    let normal = Noise::Gaussian {
        deviation: law.deviation(),
    };
    let cells = noisy(&rows, 6, |n, t| Some(n as f64 + normal.draw(t)));
    assert!(!consistent(&noise_of(&laplace, &cells, &rows)));
}

/// Rounded, extrapolated, cut at zero, left out below a threshold: true noise is refused in one case of a hundred.
#[test]
fn true_noise_is_believed_however_it_was_published() {
    let rows = town(150, 20, 4, 5);
    let laplace = Noise::Laplace { scale: 2.0 };
    let geometric = Noise::Geometric {
        ratio: f64::exp(-0.5),
    };
    type Publish = Box<dyn Fn(u64, &mut Trial) -> Option<f64>>;
    let ways: Vec<(&str, &str, Publish)> = vec![
        (
            "laplace",
            "",
            Box::new(move |n, t| Some((n as f64 + laplace.draw(t)).round())),
        ),
        (
            "laplace",
            "",
            Box::new(move |n, t| Some((n as f64 + laplace.draw(t)).max(0.0))),
        ),
        (
            "laplace",
            "extrapolation = 2.8\nrounding = 5",
            Box::new(move |n, t| Some(((n as f64 + laplace.draw(t)) * 2.8 / 5.0).round() * 5.0)),
        ),
        (
            "laplace",
            "absent = \"suppressed\"",
            Box::new(move |n, t| Some(n as f64 + laplace.draw(t)).filter(|count| *count >= 4.0)),
        ),
        (
            "geometric",
            "",
            Box::new(move |n, t| Some(n as f64 + geometric.draw(t))),
        ),
        (
            "geometric",
            "absent = \"zero\"",
            Box::new(move |n, t| Some(n as f64 + geometric.draw(t)).filter(|count| *count > 0.0)),
        ),
    ];
    let mut refused = 0;
    for (mechanism, more, publish) in &ways {
        for seed in 0..5 {
            let cells = noisy(&rows, 40 + seed, publish);
            let how = format!(
                "{COUNTED}\n{more}\nnoise = {{ mechanism = \"{mechanism}\", epsilon = 0.5 }}"
            );
            let report = noise_of(&how, &cells, &rows);
            if !consistent(&report) {
                println!("refused: {mechanism} {more}");
                refused += 1;
            }
        }
    }
    // 0.3 of 30 expected.
    assert!(refused <= 2, "{refused}");
}

#[test]
fn without_traces_only_what_no_noise_does_is_found() {
    let rows = town(150, 100, 4, 6);
    let how = "noise = { mechanism = \"laplace\", epsilon = 0.5 }";
    let law = Noise::Laplace { scale: 2.0 };
    let as_said = noise_of(
        how,
        &noisy(&rows, 1, |n, t| Some(n as f64 + law.draw(t))),
        &rows,
    );
    assert!(consistent(&as_said));
    let missing = reasons(&as_said, "membership-inference");
    assert!(missing.iter().all(|reason| reason.contains("`counted`")) && missing.len() == 6);
    // Every empty cell is exactly zero.
    let zeros = noisy(&rows, 2, |n, t| {
        Some(if n == 0 { 0.0 } else { n as f64 + law.draw(t) })
    });
    assert!(!consistent(&noise_of(how, &zeros, &rows)));
    // Noise ten times as wide.
    let wide = Noise::Laplace { scale: 20.0 };
    let cells = noisy(&rows, 3, |n, t| Some(n as f64 + wide.draw(t)));
    assert!(!consistent(&noise_of(how, &cells, &rows)));
}

#[test]
fn dominance_is_that_of_each_cell_by_itself() {
    let mut trial = trial(9);
    let mut rows = town(60, 5, 3, 8);
    rows.iter_mut()
        .for_each(|row| row.3 = (trial.below(400) as f64 - 40.0) / 8.0);
    let cells = published(&rows, |n| Some(n as f64));
    let settings = "[measure.dominance]\nn = [1, 3]\npercent = [60, 80]\np = 20\n";
    let report = Case::new(&rows, &cells, COUNTED).audit(settings);
    let mut sums: BTreeMap<(i64, i64), BTreeMap<i64, f64>> = BTreeMap::new();
    for (who, at, cell, amount) in &rows {
        let hour = at.div_euclid(HOUR);
        *sums
            .entry((*cell, hour))
            .or_default()
            .entry(*who)
            .or_default() += amount;
    }
    let (mut all, mut one, mut three, mut told) = (0, 0, 0, 0);
    for of in sums.values() {
        let mut x: Vec<f64> = of
            .values()
            .map(|amount| amount.abs())
            .filter(|x| *x > 0.0)
            .collect();
        if x.is_empty() {
            continue;
        }
        x.sort_by(|a, b| b.total_cmp(a));
        let sum: f64 = x.iter().sum();
        all += 1;
        one += u64::from(x[0] > 0.6 * sum);
        three += u64::from(x.iter().take(3).sum::<f64>() > 0.8 * sum);
        told += u64::from(sum - x.iter().take(2).sum::<f64>() < 0.2 * x[0]);
    }
    let counts = |statistic: &str, parameters: &[(&str, Parameter)]| {
        let found = find(&report, &format!("dominance.{statistic}"), parameters);
        (found.numerator.unwrap(), found.denominator.unwrap())
    };
    assert_eq!(counts("cells", &[("n", 1.into())]), (one, all));
    assert_eq!(
        counts("cells", &[("n", 3.into()), ("percent", 80.0.into())]),
        (three, all)
    );
    assert_eq!(counts("p_percent_cells", &[]), (told, all));
    assert!(one > 0 && three > one && told > 0 && three < all);
}

#[test]
fn planted_dominance_is_found_and_none_where_all_are_alike() {
    let alike = |who: i64, cell: i64| (who, START + cell * HOUR, cell, 2.0);
    let mut rows: Vec<Row> = (0..10)
        .flat_map(|who| (0..6).map(move |cell| alike(who, cell)))
        .collect();
    let cells = published(&rows, |n| Some(n as f64));
    let dominated = |rows: &[Row]| {
        let report = Case::new(rows, &cells, COUNTED).audit("");
        ["cells", "p_percent_cells"]
            .map(|statistic| value(&report, &format!("dominance.{statistic}"), &[]))
    };
    assert_eq!(dominated(&rows), [0.0, 0.0]);
    // One spends a hundred times as much in two of the six cells; the second greatest knows to within 16 of 200.
    rows[0].3 = 200.0;
    rows[1].3 = 200.0;
    assert_eq!(dominated(&rows), [2.0, 2.0]);
}

/// Persons with a home and a work of their own, each counted every hour.
fn habits(persons: i64, days: i64, place: impl Fn(i64, i64, i64) -> i64) -> Vec<Row> {
    let hours = || (0..days).flat_map(|day| (0..24).map(move |hour| (day, hour)));
    let of = |who: i64| hours().map(move |(day, hour)| (who, day, hour));
    let rows = (0..persons).flat_map(of);
    rows.map(|(who, day, hour)| {
        (
            who,
            START + (day * 24 + hour) * HOUR,
            place(who, day, hour),
            1.0,
        )
    })
    .collect()
}

fn recovered(report: &Report, statistic: &str, attack: &str) -> Finding {
    let id = format!("trajectory-recovery.{statistic}");
    find(report, &id, &[("attack", attack.into())]).clone()
}

#[test]
fn persons_of_habit_are_recovered_from_counts() {
    // Forty persons, homes and works shared by two each, but no two share both.
    let place = |who: i64, _, hour: i64| match hour {
        0..=7 | 19..=23 => who / 2,
        _ => 100 + (who + 1) / 2 % 20,
    };
    let rows = habits(40, 5, place);
    let cells = published(&rows, |n| Some(n as f64));
    let report = Case::new(&rows, &cells, COUNTED).audit("");
    let accuracy = recovered(&report, "accuracy", "ash");
    let (found, guessed) = (accuracy.value.unwrap().as_f64(), accuracy.baseline.unwrap());
    println!("habits: {found:.3}, guessing {guessed:.3}");
    // Who goes from which home to which work is not told: no more than the hours at home can be found.
    assert!(found > 0.5 && found > guessed + 0.4);
    assert!(accuracy.interval.unwrap().low > guessed);
    // Everybody leaves for a work of their own at an hour of their own and comes back at one: all are found.
    let place = |who: i64, _, hour: i64| match hour > who && hour <= who + 12 {
        true => 100 + who,
        false => who % 2,
    };
    let rows = habits(11, 4, place);
    let cells = published(&rows, |n| Some(n as f64));
    let report = Case::new(&rows, &cells, COUNTED).audit("");
    assert_eq!(value(&report, "trajectory-recovery.forced_steps", &[]), 1.0);
    let accuracy = recovered(&report, "accuracy", "ash");
    let (found, guessed) = (accuracy.value.unwrap().as_f64(), accuracy.baseline.unwrap());
    println!("one at a time: {found:.3}, guessing {guessed:.3}");
    assert!(found == 1.0 && guessed < 0.6);
}

#[test]
fn persons_without_habits_are_not_recovered() {
    let draws = Draws::new(21, "aggregates", "nowhere");
    let place = |who: i64, day: i64, hour: i64| {
        draws
            .trial((who * 1_000 + day * 24 + hour) as u64)
            .below(15) as i64
    };
    let rows = habits(60, 3, place);
    let cells = published(&rows, |n| Some(n as f64));
    let report = Case::new(&rows, &cells, COUNTED).audit("");
    for attack in ["ash", "stay"] {
        let accuracy = recovered(&report, "accuracy", attack);
        let (found, guessed) = (accuracy.value.unwrap().as_f64(), accuracy.baseline.unwrap());
        println!("no habits, {attack}: {found:.3}, guessing {guessed:.3}");
        assert!((found - guessed).abs() < 0.02);
        let (low, high) = accuracy.interval.map(|i| (i.low, i.high)).unwrap();
        assert!(low <= guessed + 0.01 && guessed - 0.01 <= high);
    }
}

#[test]
fn without_traces_only_the_structure_is_reported() {
    let rows = habits(10, 2, |who, day, hour| who + (hour / 12 + day) % 2);
    let cells = published(&rows, |n| Some(n as f64));
    let report = Case::new(&rows, &cells, "").audit("");
    let reasons = reasons(&report, "trajectory-recovery");
    assert!(
        reasons.len() == 3
            && reasons
                .iter()
                .all(|r| r.contains("structure of the counts alone"))
    );
    // All go one place on and back, at three of the 47 steps; those between lose one and gain one, then none.
    let forced = find(&report, "trajectory-recovery.forced_steps", &[]);
    assert_eq!((forced.numerator, forced.denominator), (Some(47), Some(47)));
    let lone = find(&report, "trajectory-recovery.lone_cells", &[]);
    assert_eq!(lone.value.unwrap().as_f64(), 1.0);
    assert_eq!(value(&report, "trajectory-recovery.variation", &[]), 0.0);
}

#[test]
fn what_cannot_be_measured_is_said() {
    let rows = town(40, 5, 2, 1);
    let cells = published(&rows, |n| Some(n as f64));
    let unknown = Case::new(&rows, &cells, "").audit("");
    for measure in ["membership-inference", "dominance"] {
        let reasons = reasons(&unknown, measure);
        assert!(
            reasons.len() == 1 && reasons[0].contains("`counted`"),
            "{reasons:?}"
        );
    }
    let case = Case::new(&rows, &cells, COUNTED);
    let other = case
        .manifest("")
        .replace("time = \"at\"\nplace", "ignore = [\"at\"]\nplace");
    let report = case.read(&other, "exploratory", None).unwrap();
    assert!(reasons(&report, "dominance")[0].contains("no times"));
    for (settings, complaint) in [
        ("[measure.dominance]\nn = [1]\n", "go together"),
        (
            "[measure.dominance]\nn = [0]\npercent = [50]\n",
            "whole numbers",
        ),
        (
            "[measure.membership-inference]\nknown = 1\n",
            "between 0 and 1",
        ),
        (
            "[measure.membership-inference]\ngroup_size = 1\n",
            "from 2 on",
        ),
    ] {
        let error = case
            .read(&case.manifest(settings), "exploratory", None)
            .err()
            .unwrap();
        assert!(error.contains(complaint), "{error}");
    }
    // Five persons in thirty of the cells are no town.
    let few: Vec<Row> = rows.iter().copied().filter(|row| row.0 < 5).collect();
    let report = Case::new(&few, &cells, COUNTED).audit("");
    assert!(reasons(&report, "membership-inference")[0].contains("fewer than 20"));
}

#[test]
fn results_do_not_depend_on_the_threads() {
    let rows = town(60, 8, 3, 5);
    let law = Noise::Laplace { scale: 2.0 };
    let cells = noisy(&rows, 1, |n, t| Some(n as f64 + law.draw(t)));
    let how = format!("{COUNTED}\nnoise = {{ mechanism = \"laplace\", epsilon = 0.5 }}");
    let case = Case::new(&rows, &cells, &how);
    let findings = |threads| {
        let report = case.judged(FEW, "exploratory", Some(threads));
        serde_json::to_string(&(report.findings, report.series)).unwrap()
    };
    assert_eq!(findings(1), findings(3));
}

/// A town of which every third of the first 150 persons objected; `is_counted` says whether they are in the counts all
/// the same. The traces of these 150 are at hand by name, every second row of them.
fn objected(
    seed: u64,
    is_counted: bool,
    publish: impl Fn(u64) -> Option<f64>,
    how: &str,
) -> Report {
    let rows = town(600, 600, 7, seed);
    let objects = |who: i64| who < 150 && who % 3 == 0;
    let remaining: Vec<Row> = rows.iter().filter(|row| !objects(row.0)).copied().collect();
    let cells = published(if is_counted { &rows } else { &remaining }, publish);
    let case = Case::new(&remaining, &cells, &format!("{COUNTED}\n{how}"));
    let named: Vec<&Row> = rows.iter().filter(|row| row.0 < 150).step_by(2).collect();
    let column = |of: fn(&Row) -> i64| {
        Arc::new(Int64Array::from_iter_values(
            named.iter().map(|row| of(row)),
        )) as ArrayRef
    };
    write(
        &case.folder.path().join("named.parquet"),
        vec![
            ("account", column(|row| row.0)),
            ("at", instants(named.iter().map(|row| row.1))),
            ("cell", column(|row| row.2)),
        ],
    );
    let listed = (0..150).filter(|who| objects(*who));
    write(
        &case.folder.path().join("list.parquet"),
        vec![("who", Arc::new(Int64Array::from_iter_values(listed)))],
    );
    let more = "[[auxiliary]]\nname = \"named\"\nkind = \"traces\"\npath = \"named.parquet\"\nsubject = \"account\"\n\
                time = \"at\"\nplace = \"cell\"\n\
                [[auxiliary]]\nname = \"list\"\nkind = \"opt_outs\"\npath = \"list.parquet\"\nsubject = \"who\"\n";
    let options = Options {
        paths: vec![case.folder.path().join("release.toml")],
        policy: "exploratory".to_owned(),
        only: vec!["opt-outs".to_owned()],
        ..Options::default()
    };
    std::fs::write(&options.paths[0], case.manifest(more)).unwrap();
    audit(&options, &()).unwrap()
}

#[test]
fn who_objected_and_is_counted_all_the_same_is_noticed() {
    let plain = |n: u64| Some(n as f64);
    let report = objected(11, true, plain, "");
    let counted = find(&report, "opt-outs.counted", &[]);
    assert_eq!(counted.denominator, Some(50));
    let found = |statistic: &str| value(&report, &format!("opt-outs.{statistic}"), &[]);
    println!(
        "{} of 50, power {}",
        found("counted"),
        found("counted_power")
    );
    assert!(found("counted_power") > 0.8);
    assert!(found("counted") > 35.0);
    assert!(found("counted_p_value") < 1e-6);
    // Cells of fewer than five are left out, the others rounded to fives: nothing can be told.
    let rounded = |n: u64| (n >= 5).then(|| (n as f64 / 5.0).round() * 5.0);
    let report = objected(11, true, rounded, "rounding = 5\nabsent = \"suppressed\"");
    assert!(value(&report, "opt-outs.counted_power", &[]) < 0.2);
    assert!(value(&report, "opt-outs.counted_p_value", &[]) > 0.01);
}

#[test]
fn who_is_not_counted_is_claimed_no_more_often_than_said() {
    let (mut claims, mut alarms) = (0.0, 0);
    const TOWNS: u64 = 40;
    for seed in 0..TOWNS {
        let report = objected(100 + seed, false, |n| Some(n as f64), "");
        claims += value(&report, "opt-outs.counted", &[]);
        alarms += u32::from(value(&report, "opt-outs.counted_p_value", &[]) < 0.05);
    }
    // 5 of 101 of 50 persons in 40 towns are 99, with a deviation of 12 beside that of the thresholds.
    println!("{claims} claims, {alarms} alarms");
    assert!((50.0..160.0).contains(&claims), "{claims}");
    assert!(alarms <= 6, "{alarms}");
}

#[test]
fn without_traces_by_name_counts_are_not_asked_for_who_objected() {
    let rows = town(60, 10, 2, 3);
    let case = Case::new(&rows, &published(&rows, |n| Some(n as f64)), COUNTED);
    write(
        &case.folder.path().join("list.parquet"),
        vec![("who", Arc::new(Int64Array::from_iter_values(0..9)))],
    );
    let list = "[[auxiliary]]\nname = \"list\"\nkind = \"opt_outs\"\npath = \"list.parquet\"\nsubject = \"who\"\n";
    let report = case.audit(list);
    let said = reasons(&report, "opt-outs");
    assert!(
        said.iter()
            .any(|reason| reason.contains("but those that were counted")),
        "{said:?}"
    );
}
