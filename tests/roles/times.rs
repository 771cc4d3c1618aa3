//! Times stored as numbers have the unit that the manifest names; zones are those of the manifest, or of the files.

use std::sync::Arc;

use arrow::array::{ArrayRef, TimestampMicrosecondArray};

use super::chance::Chance;
use super::{MARCH, audited, folder, instants, reals, texts, value, whole};

const PERSONS: i64 = 40;
const EACH: i64 = 12;

fn seconds() -> Vec<i64> {
    let mut chance = Chance::new(9);
    (0..PERSONS * EACH)
        .map(|_| MARCH + chance.below(20 * 86_400))
        .collect()
}

fn trace(times: ArrayRef) -> tempfile::TempDir {
    let mut chance = Chance::new(11);
    let cells: Vec<String> = (0..PERSONS * EACH)
        .map(|_| format!("c{}", chance.below(12)))
        .collect();
    folder(vec![
        (
            "who",
            texts((0..PERSONS * EACH).map(|row| format!("p{}", row / EACH))),
        ),
        ("t", times),
        ("cell", texts(cells)),
    ])
}

fn lines(more: &str, bin: &str) -> String {
    format!(
        "kind = \"trace\"\nsubject = \"who\"\ntime = \"t\"\nplace = \"cell\"\n{more}\n\
         point = {{ time = \"{bin}\", place = \"column\" }}"
    )
}

const MEASURES: [&str; 3] = ["unicity", "home-work", "top-places"];

/// What is measured, without where and when.
fn findings(folder: &tempfile::TempDir, lines: &str) -> Vec<String> {
    let report = audited(folder, Some(lines), &MEASURES).unwrap();
    assert!(!report.findings.is_empty());
    let told = report.findings.iter();
    told.map(|f| {
        format!(
            "{} {} {:?} {:?}",
            f.measure, f.statistic, f.parameters, f.value
        )
    })
    .collect()
}

#[test]
fn numbers_with_a_unit_are_the_instants_they_count() {
    for bin in ["1d", "1h of week"] {
        let typed = findings(&trace(instants(seconds())), &lines("", bin));
        let factors = [
            ("s", 1),
            ("ms", 1_000),
            ("us", 1_000_000),
            ("ns", 1_000_000_000),
        ];
        for (unit, factor) in factors {
            let numbers = whole(seconds().into_iter().map(|second| second * factor));
            let declared = lines(&format!("time_unit = \"{unit}\""), bin);
            assert_eq!(findings(&trace(numbers), &declared), typed, "{unit} {bin}");
        }
        // Fractions of seconds as well.
        let parts = reals(seconds().into_iter().map(|second| second as f64));
        assert_eq!(
            findings(&trace(parts), &lines("time_unit = \"s\"", bin)),
            typed
        );
    }
    let days = whole(seconds().into_iter().map(|second| second / 86_400));
    let by_day = findings(&trace(days), &lines("time_unit = \"d\"", "1d"));
    let typed = findings(&trace(instants(seconds())), &lines("", "1d"));
    // Instants are published more finely than the point, days are not: there both precisions are one.
    let at_the_point = |told: &String| told.replace("\"both\"", "\"point\"");
    let unicity = |all: &[String]| -> Vec<String> {
        all.iter()
            .filter(|told| told.starts_with("unicity share_unique"))
            .map(at_the_point)
            .filter(|told| told.contains("\"point\""))
            .collect()
    };
    assert!(!unicity(&typed).is_empty());
    assert_eq!(unicity(&by_day), unicity(&typed));
}

#[test]
fn numbers_without_a_unit_have_no_bins() {
    let folder = trace(whole(seconds()));
    for lines in [
        lines("", "1d"),
        lines("", "1h of week"),
        "kind = \"trace\"\nsubject = \"who\"\ntime = \"t\"\nplace = \"cell\"".to_owned(),
    ] {
        let error = audited(&folder, Some(&lines), &["unicity"]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        let shown = format!("{error:?}");
        assert!(shown.contains("time_unit"), "{shown}");
        assert!(
            miette::Diagnostic::labels(&error).is_some(),
            "it names a line"
        );
    }
    assert!(audited(&folder, Some(&lines("", "column")), &["unicity"]).is_ok());
    // Texts have none either.
    let folder = trace(texts(
        seconds().into_iter().map(|second| format!("t{second}")),
    ));
    let error = audited(&folder, Some(&lines("", "1d")), &["unicity"]).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.message().contains("is text"), "{}", error.message());
    let error = audited(
        &folder,
        Some(&lines("time_unit = \"s\"", "1d")),
        &["unicity"],
    )
    .unwrap_err();
    assert!(
        error.message().contains("stored as numbers"),
        "{}",
        error.message()
    );
}

#[test]
fn units_that_cannot_be_true_are_refused() {
    let folder = trace(whole(seconds()));
    for unit in ["ms", "us", "ns", "d"] {
        let lines = lines(&format!("time_unit = \"{unit}\""), "1d");
        let error = audited(&folder, Some(&lines), &["unicity"]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(
            error.message().contains("cannot be times"),
            "{}",
            error.message()
        );
        let shown = format!("{error:?}");
        assert!(
            shown.contains("time_unit = \\\"s\\\"") || shown.contains("time_unit = \"s\""),
            "{shown}"
        );
    }
    let typed = trace(instants(seconds()));
    let error = audited(
        &typed,
        Some(&lines("time_unit = \"s\"", "1d")),
        &["unicity"],
    )
    .unwrap_err();
    assert!(
        error.message().contains("its type says"),
        "{}",
        error.message()
    );
    let hours = trace(whole(
        seconds().into_iter().map(|second| second / 3_600 % 168),
    ));
    assert!(
        audited(
            &hours,
            Some(&lines("time_unit = \"s\"", "1h")),
            &["unicity"]
        )
        .is_err()
    );
    let error = audited(
        &typed,
        Some(
            "kind = \"microdata\"\nquasi_identifiers = [\"cell\"]\nignore = [\"who\", \"t\"]\ntime_unit = \"s\"",
        ),
        &[],
    );
    assert!(error.unwrap_err().message().contains("there is no `time`"));
}

#[test]
fn counts_by_numbers_with_a_unit_have_windows() {
    let cells = || (0..5i64).flat_map(|place| (0..20i64).map(move |day| (place, day)));
    let folder = folder(vec![
        ("place", whole(cells().map(|(place, _)| place))),
        ("day", whole(cells().map(|(_, day)| MARCH + day * 86_400))),
        ("n", whole(cells().map(|(place, day)| 40 + place + day))),
    ]);
    let lines = |more: &str| {
        format!(
            "kind = \"flows\"\nplace = \"place\"\ntime = \"day\"\ncount = \"n\"\nwindow = \"7d\"\n{more}"
        )
    };
    assert!(
        audited(
            &folder,
            Some(&lines("time_unit = \"s\"")),
            &["differencing"]
        )
        .is_ok()
    );
    let error = audited(&folder, Some(&lines("")), &["differencing"]).unwrap_err();
    assert!(
        error.message().contains("neither timestamps nor dates"),
        "{}",
        error.message()
    );
}

fn zoned(zone: Option<&str>) -> ArrayRef {
    let micros = seconds().into_iter().map(|second| second * 1_000_000);
    let array = TimestampMicrosecondArray::from_iter_values(micros);
    match zone {
        Some(zone) => Arc::new(array.with_timezone(zone)),
        None => Arc::new(array),
    }
}

#[test]
fn the_zone_of_the_file_is_used_where_the_manifest_names_none() {
    let unique = |zone: Option<&str>, more: &str| {
        let report = audited(&trace(zoned(zone)), Some(&lines(more, "1d")), &["unicity"]).unwrap();
        let notes: Vec<String> = report
            .notes
            .iter()
            .map(|note| format!("{:?}", note.text))
            .collect();
        (
            value(
                &report,
                "unicity",
                "share_unique",
                &[("points", "2"), ("method", "exact")],
            ),
            notes.join("\n"),
        )
    };
    let (by_manifest, said) = unique(Some("UTC"), "timezone = \"Pacific/Auckland\"");
    assert!(!said.contains("UTC"), "{said}");
    let (by_file, said) = unique(Some("Pacific/Auckland"), "");
    assert_eq!(by_file, by_manifest);
    assert!(said.contains("Pacific/Auckland"), "{said}");
    for zone in [Some("UTC"), Some("+00:00"), None] {
        let (utc, said) = unique(zone, "");
        assert_ne!(utc, by_file);
        assert!(said.contains("those of UTC"), "{said}");
    }
    // What the manifest says counts.
    let (stated, _) = unique(Some("Pacific/Auckland"), "timezone = \"UTC\"");
    assert_eq!(stated, unique(None, "").0);
    let (fixed, said) = unique(Some("+13:00"), "");
    assert_eq!(fixed, by_file);
    assert!(said.contains("+13"), "{said}");
}
