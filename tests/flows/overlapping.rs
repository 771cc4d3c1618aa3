//! Areas that share municipalities, weeks that begin every day.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray};
use reidrisk::finding::NotMeasured;
use reidrisk::report::Report;
use reidrisk::stats::{Draws, Trial};

use super::parquet_file::write;
use super::{audited, find, hours, value};

/// What is published of areas: a set of municipalities and their visitors, none where it was left out.
type Area = (BTreeSet<u32>, Option<i64>);

fn texts(values: impl Iterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn numbers(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(Int64Array::from_iter(values))
}

/// Counts by area, and what areas are made of.
fn publish(folder: &Path, areas: &[Area]) {
    // The file's separator must not be in a name.
    let names = |area: &BTreeSet<u32>| format!("area of {area:?}").replace(", ", " ");
    let columns = vec![
        ("area", texts(areas.iter().map(|(area, _)| names(area)))),
        ("visitors", numbers(areas.iter().map(|(_, count)| *count))),
    ];
    write(&folder.join("t.parquet"), columns);
    let lines = areas.iter().flat_map(|(area, _)| {
        let name = names(area);
        area.iter().map(move |part| format!("{name};m{part}\n"))
    });
    let lines: String = lines.collect();
    std::fs::write(folder.join("areas.csv"), lines).unwrap();
}

fn by_area(areas: &[Area], more: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    publish(folder.path(), areas);
    let manifest = format!(
        "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"flows\"\nplace = \"area\"\ncount = \"visitors\"\n\
         made_of = {{ area = \"areas.csv\" }}\n{more}\n"
    );
    audited(folder.path(), &manifest).unwrap()
}

/// Municipalities that the same areas hold, as one.
fn smallest(areas: &[Area]) -> BTreeSet<BTreeSet<u32>> {
    let all: BTreeSet<u32> = areas.iter().flat_map(|(area, _)| area.clone()).collect();
    let mut of: BTreeMap<Vec<bool>, BTreeSet<u32>> = BTreeMap::new();
    for part in all {
        let held = areas.iter().map(|(area, _)| area.contains(&part)).collect();
        of.entry(held).or_default().insert(part);
    }
    of.into_values().collect()
}

/// Counts are tried in sixths: the ends of what linear sums of four parts leave open lie on such.
const SIXTHS: i64 = 6;

/// Every way to give the smallest parts counts, in sixths, that satisfy all published ones.
fn solutions(parts: &[BTreeSet<u32>], areas: &[Area]) -> Vec<Vec<i64>> {
    let published: Vec<(Vec<bool>, i64)> = areas
        .iter()
        .filter_map(|(area, count)| {
            let inside = parts.iter().map(|part| part.is_subset(area)).collect();
            Some((inside, SIXTHS * (*count)?))
        })
        .collect();
    let mut solutions = vec![Vec::new()];
    for at in 0..parts.len() {
        let fits = |values: &Vec<i64>| {
            published.iter().all(|(inside, count)| {
                let held = values.iter().zip(inside).filter(|(_, inside)| **inside);
                let sum: i64 = held.map(|(value, _)| value).sum();
                let is_done = !inside[at + 1..].contains(&true);
                sum == *count || sum < *count && !is_done
            })
        };
        solutions = solutions
            .into_iter()
            .flat_map(|values: Vec<i64>| {
                (0..=9 * SIXTHS).map(move |value| [values.as_slice(), &[value]].concat())
            })
            .filter(fits)
            .collect();
    }
    solutions
}

/// The whole numbers that the count of a set of municipalities can be.
fn range(set: &BTreeSet<u32>, parts: &[BTreeSet<u32>], solutions: &[Vec<i64>]) -> (i64, i64) {
    let count = |values: &Vec<i64>| -> i64 {
        let inside = parts
            .iter()
            .zip(values)
            .filter(|(part, _)| part.is_subset(set));
        inside.map(|(_, count)| count).sum()
    };
    let (least, most) = (
        solutions.iter().map(count).min(),
        solutions.iter().map(count).max(),
    );
    (
        (least.unwrap() + SIXTHS - 1).div_euclid(SIXTHS),
        most.unwrap().div_euclid(SIXTHS),
    )
}

/// Random areas over four municipalities; some are left out where `hidden`.
fn country(trial: &mut Trial, hidden: bool) -> Vec<Area> {
    let truth: Vec<i64> = (0..4).map(|_| 1 + trial.below(3) as i64).collect();
    let mut areas: BTreeMap<BTreeSet<u32>, Option<i64>> = BTreeMap::new();
    for _ in 0..5 {
        let area: BTreeSet<u32> = (0..4).filter(|_| trial.below(2) == 1).collect();
        if !area.is_empty() {
            let count = area.iter().map(|part| truth[*part as usize]).sum();
            let left_out = hidden && trial.below(3) == 0;
            areas.insert(area, (!left_out).then_some(count));
        }
    }
    areas.into_iter().collect()
}

#[test]
fn differences_of_overlapping_areas_are_those_of_all_values() {
    let draws = Draws::new(5, "areas", "differencing");
    let (mut several, mut small) = (0, 0);
    for case in 0..60 {
        let areas = country(&mut draws.trial(case), false);
        let sets: BTreeSet<&BTreeSet<u32>> = areas.iter().map(|(area, _)| area).collect();
        let parts: Vec<BTreeSet<u32>> = smallest(&areas).into_iter().collect();
        if parts.iter().all(|part| sets.contains(part)) && parts.len() == sets.len() {
            continue;
        }
        let solutions = solutions(&parts, &areas);
        // One less another in it, what two have in common that a third is together, the smallest parts.
        let mut examined: BTreeSet<BTreeSet<u32>> = parts.iter().cloned().collect();
        for one in &sets {
            let within: Vec<&BTreeSet<u32>> = sets
                .iter()
                .copied()
                .filter(|other| other.is_subset(one) && other != one)
                .collect();
            for other in &within {
                examined.insert(*one - *other);
                for third in &within {
                    if &(*other | *third) == *one && !third.is_disjoint(other) {
                        examined.insert(*other & *third);
                    }
                    if third.is_disjoint(other) {
                        examined.insert(&(*one - *other) - *third);
                    }
                }
            }
        }
        examined.retain(|set| !set.is_empty() && !sets.contains(set));
        let of_all = examined.iter().filter(|set| {
            let (least, most) = range(set, &parts, &solutions);
            least >= 1 && most < 5
        });
        let of_all = of_all.count();
        let report = by_area(&areas, "");
        let found = find(
            &report,
            "differencing.derivable_cells",
            &[("k", "5"), ("by", "overlap")],
        );
        let Some(found) = found else {
            assert_eq!(of_all, 0, "case {case}: {areas:?}");
            continue;
        };
        let found = found.value.unwrap().as_f64() as usize;
        // Larger sets than the smallest parts are looked at in one way of taking them apart, parts under all.
        assert!(
            found <= of_all,
            "case {case}: {areas:?}: {found} of {of_all}"
        );
        let exact = parts.iter().filter(|part| {
            let (least, most) = range(part, &parts, &solutions);
            !sets.contains(part) && least >= 1 && most < 5
        });
        assert!(found >= exact.count(), "case {case}: {areas:?}");
        several += 1;
        small += found;
    }
    assert!(several > 30 && small > 30, "{several} {small}");
}

#[test]
fn what_overlapping_areas_leave_open_is_what_all_values_leave_open() {
    let draws = Draws::new(6, "areas", "suppression");
    let (mut measured, mut exact) = (0, 0);
    for case in 0..80 {
        let areas = country(&mut draws.trial(case), true);
        let unknown: Vec<&Area> = areas.iter().filter(|(_, count)| count.is_none()).collect();
        let parts: Vec<BTreeSet<u32>> = smallest(&areas).into_iter().collect();
        // Nothing bounds what no published area holds: all values are not to be tried.
        let bounded = |part: &BTreeSet<u32>| {
            areas
                .iter()
                .any(|(area, count)| count.is_some() && part.is_subset(area))
        };
        if unknown.is_empty() || !parts.iter().all(bounded) {
            continue;
        }
        // An area left out alone, of one part, holds one at least, as the manifest says that empty ones are not there.
        let lone = |area: &BTreeSet<u32>| parts.contains(area);
        if unknown.iter().any(|(area, _)| lone(area)) {
            continue;
        }
        let report = by_area(&areas, "absent = \"zero\"");
        let solutions = solutions(&parts, &areas);
        let ranges: Vec<(i64, i64)> = unknown
            .iter()
            .map(|(area, _)| range(area, &parts, &solutions))
            .collect();
        for (width, id, parameters) in [
            (1, "suppression-audit.exactly_recoverable", &[][..]),
            (
                2,
                "suppression-audit.within_protection",
                &[("protection", "2")][..],
            ),
            (
                5,
                "suppression-audit.within_protection",
                &[("protection", "5")][..],
            ),
        ] {
            let closer = ranges
                .iter()
                .filter(|(least, most)| most - least < width)
                .count();
            assert_eq!(
                value(&report, id, parameters),
                closer as f64,
                "case {case}: {areas:?}"
            );
            exact += usize::from(width == 1) * closer;
        }
        measured += 1;
    }
    assert!(measured > 15 && exact > 5, "{measured} {exact}");
}

#[test]
fn a_tourist_area_across_districts_gives_a_village_away() {
    let area = |parts: &[u32], count| {
        (
            parts.iter().copied().collect::<BTreeSet<u32>>(),
            Some(count),
        )
    };
    // Two districts, the area of 2 and 3 across both, and the area with the village 4 besides.
    let planted = [
        area(&[1, 2], 40),
        area(&[3, 4, 5], 60),
        area(&[2, 3], 30),
        area(&[2, 3, 4], 33),
    ];
    let report = by_area(&planted, "");
    let overlap = [
        ("by", "subtracting counts over `area` that overlap"),
        ("k", "5"),
    ];
    assert_eq!(
        value(&report, "differencing.derivable_cells", &overlap),
        1.0
    );
    assert_eq!(value(&report, "differencing.shortest", &overlap), 2.0);
    assert_eq!(value(&report, "differencing.least", &[]), 3.0);
    let clean = [
        area(&[1, 2], 40),
        area(&[3, 4, 5], 60),
        area(&[2, 3], 30),
        area(&[2, 3, 4], 53),
    ];
    let report = by_area(&clean, "");
    assert_eq!(
        value(&report, "differencing.derivable_cells", &overlap),
        0.0
    );
    assert!(find(&report, "differencing.shortest", &overlap).is_none());
    // An area with fewer persons than a part of it.
    let wrong = [area(&[1, 2], 40), area(&[1], 41), area(&[2, 3], 50)];
    let report = by_area(&wrong, "");
    assert!(value(&report, "differencing.contradictions", &[]) > 0.0);
    let found = find(&report, "differencing.derivable_cells", &overlap).unwrap();
    assert_eq!(found.value, None, "it was not measured");
}

/// Counts of weeks that begin every day.
fn weeks(days: &[i64]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let begins = 0..days.len() as i32 - 6;
    let week = |first: i32| days[first as usize..first as usize + 7].iter().sum();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("museum", texts(begins.clone().map(|_| "m".to_owned()))),
        (
            "from",
            Arc::new(Date32Array::from_iter_values(begins.clone())),
        ),
        ("visitors", numbers(begins.map(week).map(Some))),
    ];
    write(&folder.path().join("t.parquet"), columns);
    let manifest = "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"flows\"\nplace = \"museum\"\n\
                    time = \"from\"\ncount = \"visitors\"\nwindow = \"7d\"\n";
    audited(folder.path(), manifest).unwrap()
}

#[test]
fn weeks_that_begin_every_day_give_days_away() {
    // The museum was closed for a week; then three came.
    let mut days = vec![0; 7];
    days.extend([3, 40, 35, 50, 0, 41, 52, 38]);
    let report = weeks(&days);
    let overlap = [
        ("by", "subtracting counts over `from` that overlap"),
        ("k", "5"),
    ];
    assert_eq!(
        value(&report, "differencing.derivable_cells", &overlap),
        1.0
    );
    assert_eq!(value(&report, "differencing.shortest", &overlap), 2.0);
    assert_eq!(value(&report, "differencing.least", &[]), 3.0);
    // Never closed: one week less the next is one day less another, and no day follows.
    let days: Vec<i64> = (0..15).map(|day| 30 + day % 5).collect();
    let report = weeks(&days);
    assert_eq!(
        value(&report, "differencing.derivable_cells", &overlap),
        0.0
    );
    // Wider than it takes to be looked through.
    let days = vec![30; 1_100];
    let report = weeks(&days);
    let told = |entry: &NotMeasured| entry.reason.english().contains("audit a shorter time");
    assert!(report.not_measured.iter().any(told));
}

#[test]
fn hours_are_taken_from_all_windows_that_hold_them() {
    let folder = tempfile::tempdir().unwrap();
    // Hours 0 to 5 of which the last is left out; windows of three hours that begin every hour.
    let counts = [Some(20), Some(30), Some(25), Some(40), Some(35), None];
    let columns = vec![
        ("museum", texts((0..6).map(|_| "m".to_owned()))),
        ("hour", hours(0..6)),
        ("visitors", numbers(counts.iter().copied())),
    ];
    write(&folder.path().join("hours.parquet"), columns);
    let sum = |first: usize| {
        let hours = counts[first..first + 3].iter();
        hours.map(|count| count.unwrap_or(2)).sum::<i64>()
    };
    let columns = vec![
        ("museum", texts((0..4).map(|_| "m".to_owned()))),
        ("from", hours(0..4)),
        ("visitors", numbers((0..4).map(|first| Some(sum(first))))),
    ];
    write(&folder.path().join("windows.parquet"), columns);
    let table = |name: &str, time: &str, more: &str| {
        format!(
            "[[table]]\nname = \"{name}\"\npath = \"{name}.parquet\"\nkind = \"flows\"\nplace = \"museum\"\n\
             time = \"{time}\"\ncount = \"visitors\"\n{more}\n"
        )
    };
    let tables = [
        table("hours", "hour", ""),
        table("windows", "from", "window = \"3h\""),
    ];
    let report = audited(folder.path(), &tables.concat()).unwrap();
    let by = [
        ("by", "taking `hours` summed over its times from `windows`"),
        ("k", "5"),
    ];
    // Of the window from hour 3 on two are left.
    assert_eq!(value(&report, "differencing.derivable_cells", &by), 1.0);
    assert_eq!(value(&report, "differencing.shortest", &by), 3.0);
    let of_windows = [("totals", "windows")];
    assert_eq!(
        value(
            &report,
            "suppression-audit.exactly_recoverable",
            &of_windows
        ),
        1.0
    );
    assert_eq!(value(&report, "differencing.contradictions", &by[..1]), 0.0);
}

#[test]
fn areas_of_one_table_are_sums_of_places_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let places = [("1", 20), ("2", 30), ("3", 40)];
    let columns = vec![
        (
            "place",
            texts(places.iter().map(|(place, _)| (*place).to_owned())),
        ),
        (
            "visitors",
            numbers(places.iter().map(|(_, count)| Some(*count))),
        ),
    ];
    write(&folder.path().join("places.parquet"), columns);
    // The coast holds 1 and 2, the lakes 2, 3 and one place more, of two persons.
    let columns = vec![
        (
            "area",
            texts(["coast", "lakes"].map(str::to_owned).into_iter()),
        ),
        ("visitors", numbers([Some(50), Some(72)].into_iter())),
    ];
    write(&folder.path().join("areas.parquet"), columns);
    std::fs::write(
        folder.path().join("areas.csv"),
        "coast,1\ncoast,2\nlakes,2\nlakes,3\nlakes,4\n",
    )
    .unwrap();
    let table = |name: &str, place: &str, more: &str| {
        format!(
            "[[table]]\nname = \"{name}\"\npath = \"{name}.parquet\"\nkind = \"flows\"\nplace = \"{place}\"\n\
             count = \"visitors\"\n{more}\n"
        )
    };
    let areas = table("areas", "area", "made_of = { area = \"areas.csv\" }");
    let report = audited(
        folder.path(),
        &[table("places", "place", ""), areas].concat(),
    )
    .unwrap();
    let by = [
        (
            "by",
            "taking `places` summed over the areas it tells apart from `areas`",
        ),
        ("k", "5"),
    ];
    assert_eq!(value(&report, "differencing.derivable_cells", &by), 1.0);
    assert_eq!(value(&report, "differencing.shortest", &by), 3.0);
    let table = &report.release.tables[1];
    assert!(
        table
            .hierarchies
            .iter()
            .any(|file| file.kind == "made_of" && file.sha256.is_some())
    );
}

#[test]
fn what_areas_and_windows_cannot_say_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let area = |parts: &[u32]| (parts.iter().copied().collect::<BTreeSet<u32>>(), Some(9));
    let refused = |more: &str, parts: &[&str]| {
        publish(folder.path(), &[area(&[1, 2]), area(&[2, 3])]);
        if !more.contains("areas.csv") {
            // What the manifest does not name must not lie there.
            std::fs::remove_file(folder.path().join("areas.csv")).unwrap();
        }
        let manifest = format!(
            "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"flows\"\nplace = \"area\"\n\
             count = \"visitors\"\n{more}\n"
        );
        let error = audited(folder.path(), &manifest).unwrap_err();
        let text = format!("{:?}", miette::Report::new(error));
        let text = text.replace(['│', '\n'], " ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("area of"));
    };
    refused(
        "made_of = { area = \"areas.csv\" }\ntotals = { area = \"all\" }",
        &["`area` has `made_of`", "leave out the rest"],
    );
    refused(
        "made_of = { visitors = \"areas.csv\" }",
        &["`visitors` is no column that says what a cell is"],
    );
    std::fs::write(folder.path().join("other.csv"), "north;1\n").unwrap();
    refused(
        "made_of = { area = \"other.csv\" }",
        &[
            "says of 2 values of column `area` neither what they are made of",
            "add a line",
        ],
    );
    std::fs::remove_file(folder.path().join("other.csv")).unwrap();
    refused("window = \"7d\"", &["the table has no `time`"]);
    refused("window = \"7d\"\ntime = \"visitors\"\n", &["`visitors`"]);
}
