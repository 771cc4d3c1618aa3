//! Traces that are finer in their files than in the manifest, and traces of few moments.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray, TimestampSecondArray};
use reidrisk::finding::{Finding, Outcome};
use reidrisk::report::Report;

use crate::parquet::write;

const BEGIN: i64 = 1_767_571_200; // A Monday.
const PERSONS: i64 = 60;
const MOMENTS: i64 = 6;

fn rows() -> impl Iterator<Item = (i64, i64)> + Clone {
    (0..PERSONS).flat_map(|person| (0..MOMENTS).map(move |moment| (person, moment)))
}

fn texts(values: impl IntoIterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn instants(of: impl Fn(i64, i64) -> i64) -> ArrayRef {
    Arc::new(TimestampSecondArray::from_iter_values(
        rows().map(|(person, moment)| of(person, moment)),
    ))
}

fn riders() -> ArrayRef {
    texts(rows().map(|(person, _)| format!("r{:x}", (person + 3) * 48_611 % 65_521)))
}

/// The same hours for all, and the second of each moment one's own.
fn exact(person: i64, moment: i64) -> i64 {
    BEGIN + moment * 3_600 + (person * 59 + moment * 7) % 3_600
}

fn coarse(_: i64, moment: i64) -> i64 {
    BEGIN + moment * 3_600
}

fn manifest(more: &str) -> String {
    format!(
        "[[table]]\nname = \"rides\"\npath = \"rides.parquet\"\nkind = \"trace\"\nsubject = \"rider\"\n\
         time = \"at\"\n{more}\n"
    )
}

/// What `strict`, or another policy, makes of the unicity of four moments, for each precision.
fn unicity(folder: &Path, more: &str, policy: &str) -> Vec<(String, Outcome)> {
    let report = crate::judged(folder, &manifest(more), &["unicity"], policy);
    judged(&report, "unicity.share_unique_all")
}

fn judged(report: &Report, id: &str) -> Vec<(String, Outcome)> {
    let is = |finding: &&Finding| {
        finding.id() == id
            && finding.parameters["points"].to_string() == "4"
            && !finding.parameters.contains_key("noise")
    };
    let of = report.findings.iter().filter(is);
    let outcome = |finding: &Finding| {
        let precision = finding.parameters["precision"].to_string();
        Some((precision, finding.requirement.as_ref()?.outcome))
    };
    of.filter_map(outcome).collect()
}

fn both(point: Outcome, published: Outcome) -> Vec<(String, Outcome)> {
    vec![
        ("point".to_owned(), point),
        ("published".to_owned(), published),
    ]
}

#[test]
fn a_coarse_point_hides_no_finer_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rides.parquet");
    let stations = || texts(rows().map(|(_, moment)| format!("s{moment}")));
    let degrees = |of: fn(i64, i64) -> i64| -> ArrayRef {
        let values = rows().map(|(person, moment)| of(person, moment) as f64 / 1e5);
        Arc::new(Float64Array::from_iter_values(values))
    };
    let lat = || degrees(|person, moment| 4_800_000 + person * 1_013 + moment);
    let lon = || degrees(|person, moment| 1_100_000 + person * 977 - moment);
    let strict = |more: &str| unicity(folder.path(), more, "strict");
    // Exact times, and a place that is no part of the point.
    write(
        &path,
        vec![
            ("rider", riders()),
            ("at", instants(exact)),
            ("station", stations()),
        ],
    );
    let weeks = "place = \"station\"\npoint = { time = \"7d\" }";
    assert_eq!(strict(weeks), both(Outcome::Pass, Outcome::Fail));
    // Exact coordinates in a role, half of the globe a cell.
    let columns = vec![
        ("rider", riders()),
        ("at", instants(coarse)),
        ("lat", lat()),
        ("lon", lon()),
    ];
    write(&path, columns);
    let globe = "place = { latitude = \"lat\", longitude = \"lon\" }\npoint = { time = \"7d\", place = \"180deg\" }";
    assert_eq!(strict(globe), both(Outcome::Pass, Outcome::Fail));
    // Coordinates beside the place, and exact times beside the time: as such, as numbers and as texts.
    let seconds: ArrayRef = Arc::new(Int64Array::from_iter_values(
        rows().map(|(person, moment)| exact(person, moment) * 1_000),
    ));
    let pairs = rows().map(|(person, moment)| {
        format!(
            "{:.5},{:.5}",
            48.0 + person as f64 / 97.0,
            11.0 + moment as f64 / 89.0
        )
    });
    let beside: [Vec<(&str, ArrayRef)>; 4] = [
        vec![("lat", lat()), ("lon", lon())],
        vec![("logged", instants(exact))],
        vec![("ms", seconds)],
        vec![("spot", texts(pairs))],
    ];
    for others in beside {
        let names: Vec<String> = others
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        let mut columns = vec![
            ("rider", riders()),
            ("at", instants(coarse)),
            ("station", stations()),
        ];
        columns.extend(others);
        write(&path, columns);
        let more = format!(
            "place = \"station\"\npoint = {{ time = \"1h\", place = \"column\" }}\nignore = [{}]",
            names.join(", ")
        );
        assert_eq!(
            strict(&more),
            both(Outcome::Pass, Outcome::Fail),
            "{names:?}"
        );
        if names.len() < 2 {
            continue;
        }
        // A policy may choose.
        let chosen = |precision: &str| {
            let policy = folder.path().join("chosen.policy");
            let text = format!(
                "[[require]]\nstatistic = \"unicity.share_unique_all\"\n\
                 where = {{ points = 4, precision = \"{precision}\" }}\nmax = 0.05\n"
            );
            std::fs::write(&policy, text).unwrap();
            unicity(folder.path(), &more, policy.to_str().unwrap())
        };
        assert_eq!(chosen("point"), [("point".to_owned(), Outcome::Pass)]);
        assert_eq!(
            chosen("published"),
            [("published".to_owned(), Outcome::Fail)]
        );
    }
}

/// Columns that are as coarse as the point, and the number of a row: measured once, and nothing fails.
#[test]
fn what_is_as_coarse_as_the_point_is_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    let number = Int64Array::from_iter_values(0..PERSONS * MOMENTS);
    write(
        &folder.path().join("rides.parquet"),
        vec![
            ("rider", riders()),
            ("at", instants(coarse)),
            (
                "station",
                texts(rows().map(|(_, moment)| format!("s{moment}"))),
            ),
            (
                "weather",
                texts(rows().map(|(_, moment)| format!("w{}", moment / 2))),
            ),
            ("row", Arc::new(number) as ArrayRef),
        ],
    );
    let more = "place = \"station\"\npoint = { time = \"1h\", place = \"column\" }\nignore = [\"weather\", \"row\"]";
    for policy in ["strict", "point.policy", "published.policy"] {
        let place = folder.path().join(policy);
        let name = policy.split('.').next().unwrap();
        let text = format!(
            "[[require]]\nstatistic = \"unicity.share_unique_all\"\n\
             where = {{ points = 4, precision = \"{name}\" }}\nmax = 0.05\n"
        );
        let policy = match policy {
            "strict" => policy,
            _ => {
                std::fs::write(&place, text).unwrap();
                place.to_str().unwrap()
            }
        };
        let found = unicity(folder.path(), more, policy);
        assert_eq!(found, [("both".to_owned(), Outcome::Pass)], "{policy}");
    }
}

/// Whoever has fewer moments than the adversary knows is known whole, and counts.
#[test]
fn short_traces_are_not_left_out() {
    let folder = tempfile::tempdir().unwrap();
    // Of 300 persons 30 have four days that they share, and the others two.
    let days = |person: i64| if person < 30 { 0..4i64 } else { 0..2 };
    let of = || (0..300i64).flat_map(move |person| days(person).map(move |day| (person, day)));
    for (own, expected) in [(true, Outcome::Fail), (false, Outcome::Pass)] {
        let shop = of().map(|(person, day)| match own && person >= 30 {
            true => format!("s{person}"),
            false => format!("s{day}"),
        });
        let at = TimestampSecondArray::from_iter_values(of().map(|(_, day)| BEGIN + day * 86_400));
        write(
            &folder.path().join("rides.parquet"),
            vec![
                (
                    "rider",
                    texts(of().map(|(person, _)| format!("r{:x}", (person + 3) * 48_611 % 65_521))),
                ),
                ("at", Arc::new(at) as ArrayRef),
                ("shop", texts(shop)),
            ],
        );
        let more = "place = \"shop\"\npoint = { time = \"1d\", place = \"column\" }";
        let report = crate::judged(folder.path(), &manifest(more), &["unicity"], "strict");
        assert_eq!(
            judged(&report, "unicity.share_unique"),
            [("both".to_owned(), Outcome::Pass)]
        );
        assert_eq!(
            judged(&report, "unicity.share_unique_all"),
            [("both".to_owned(), expected)]
        );
    }
    // Nobody has four: all are known whole.
    let of = || (0..200i64).flat_map(|person| (0..2i64).map(move |day| (person, day)));
    let at = TimestampSecondArray::from_iter_values(of().map(|(_, day)| BEGIN + day * 86_400));
    let riders: BTreeSet<i64> = of()
        .map(|(person, _)| (person + 3) * 48_611 % 65_521)
        .collect();
    assert_eq!(riders.len(), 200);
    write(
        &folder.path().join("rides.parquet"),
        vec![
            (
                "rider",
                texts(of().map(|(person, _)| format!("r{:x}", (person + 3) * 48_611 % 65_521))),
            ),
            ("at", Arc::new(at) as ArrayRef),
            ("shop", texts(of().map(|(person, _)| format!("s{person}")))),
        ],
    );
    let more = "place = \"shop\"\npoint = { time = \"1d\", place = \"column\" }";
    let found = unicity(folder.path(), more, "strict");
    assert_eq!(found, [("both".to_owned(), Outcome::Fail)]);
}

/// 120 hours that everybody shares, and one more that is a person's own: drawn moments hardly ever hit it.
#[test]
fn one_rare_moment_of_a_long_trace_is_told() {
    const COMMON: i64 = 120;
    let folder = tempfile::tempdir().unwrap();
    let judged = |own: &dyn Fn(i64) -> i64, seconds: &dyn Fn(i64) -> i64, point: &str| {
        let rows = || (0..PERSONS).flat_map(|person| (0..=COMMON).map(move |at| (person, at)));
        let riders = rows().map(|(person, _)| format!("r{:x}", (person + 3) * 48_611 % 65_521));
        let at = rows().map(|(person, at)| match at {
            COMMON => BEGIN + own(person) * 3_600 + seconds(person),
            at => BEGIN + at * 3_600,
        });
        let columns = vec![
            ("rider", texts(riders)),
            (
                "at",
                Arc::new(TimestampSecondArray::from_iter_values(at)) as ArrayRef,
            ),
        ];
        write(&folder.path().join("rides.parquet"), columns);
        let measures = ["unicity", "km-anonymity"];
        let report = crate::judged(folder.path(), &manifest(point), &measures, "strict");
        let of = |statistic: &str| -> Vec<Outcome> {
            let lines = report.policy.requirements.iter();
            let lines = lines.filter(|line| line.statistic == statistic);
            lines.map(|line| line.outcome).collect()
        };
        let missing = report.not_measured.iter();
        let missing = missing.filter(|missing| missing.parameters.contains_key("m"));
        assert!(missing.count() <= 5);
        (of("unicity.share_unique"), of("km-anonymity.share_exposed"))
    };
    let hours = "point = { time = \"1h\" }";
    let (pass, fail) = (vec![Outcome::Pass], vec![Outcome::Fail]);
    let alone = judged(&|person| COMMON + person, &|_| 0, hours);
    assert_eq!(alone, (pass.clone(), fail.clone()));
    // Two share each moment, and only those who know the second are alone with it.
    let shared = |person: i64| COMMON + person / 2;
    assert_eq!(judged(&shared, &|_| 0, hours), (pass.clone(), pass.clone()));
    assert_eq!(judged(&shared, &|person| person % 2, hours), (pass, fail));
}
