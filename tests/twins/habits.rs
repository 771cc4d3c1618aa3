//! Rhythms, sensitive places and odd traces against slow computations from the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::*;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::{audited, value, write};
use reidrisk::report::Report;

/// A person, seconds after the beginning, a thing.
type Row = (u8, u32, u8);

const BEGIN: i64 = 1_774_000_000;

fn rows(days: u32, things: u8) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0u8..9, 0..days * 86_400, 0..things), 1..120)
}

fn columns(rows: &[Row]) -> Vec<(&'static str, ArrayRef)> {
    let times = rows.iter().map(|(_, time, _)| BEGIN + i64::from(*time));
    let amounts = rows.iter().map(|(_, _, thing)| f64::from(*thing) * 0.5);
    vec![
        (
            "who",
            Arc::new(StringArray::from_iter_values(
                rows.iter().map(|row| format!("p{}", row.0)),
            )),
        ),
        (
            "when",
            Arc::new(TimestampSecondArray::from_iter_values(times).with_timezone("UTC")),
        ),
        (
            "thing",
            Arc::new(StringArray::from_iter_values(
                rows.iter().map(|row| format!("t{}", row.2)),
            )),
        ),
        ("amount", Arc::new(Float64Array::from_iter_values(amounts))),
    ]
}

fn of(rows: &[Row], left_out: &str, roles: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let columns: Vec<_> = columns(rows)
        .into_iter()
        .filter(|(name, _)| *name != left_out)
        .collect();
    write(&folder.path().join("t.parquet"), &columns, 50);
    let common =
        "kind = \"trace\"\nsubject = \"who\"\ntime = \"when\"\ntimezone = \"Europe/Berlin\"\n";
    audited(folder.path(), &format!("{common}{roles}"))
}

/// Day and hour by the clock on the wall.
fn wall(second: i64) -> (i64, u32) {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let at = zone.to_datetime(jiff::Timestamp::from_second(second).unwrap());
    let first = jiff::civil::date(1970, 1, 1);
    let day = at.date().since(first).unwrap().get_days();
    (i64::from(day), at.hour() as u32)
}

/// Activity by person, day, hour and state: of distinct points by the hour.
type Activity = BTreeMap<u8, BTreeMap<i64, BTreeMap<(u32, u8), f64>>>;

fn activity(rows: &[Row], readings: bool) -> Activity {
    let points: BTreeSet<(u8, i64, u32, u8)> = rows
        .iter()
        .map(|(who, time, thing)| {
            let (day, hour) = wall(BEGIN + i64::from(*time));
            (*who, day, hour, *thing)
        })
        .collect();
    let mut activity = Activity::new();
    for (who, day, hour, thing) in points {
        let (state, much) = match readings {
            // The middle of a bin that is half wide.
            true => (0, f64::from(thing) + 0.5),
            false => (thing, 1.0),
        };
        let of_day = activity.entry(who).or_default().entry(day).or_default();
        *of_day.entry((hour, state)).or_insert(0.0) += much;
    }
    activity
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let n = numbers.len();
    (numbers[(n - 1) / 2] + numbers[n / 2]) / 2.0
}

fn alone<K: Ord>(keys: Vec<K>) -> f64 {
    let alone = |key: &&K| keys.iter().filter(|other| other == key).count() == 1;
    keys.iter().filter(alone).count() as f64 / keys.len() as f64
}

fn check_rhythms(rows: &[Row], readings: bool, report: &Report) {
    let activity = activity(rows, readings);
    let (mut hours, mut ends, mut quiet, mut absent) = (vec![], vec![], vec![], 0);
    for days in activity.values() {
        let (first, last) = (*days.keys().next().unwrap(), *days.keys().last().unwrap());
        let total = |day: i64| days.get(&day).map_or(0.0, |day| day.values().sum::<f64>());
        let mean_hour = days.keys().map(|day| total(*day)).sum::<f64>() / days.len() as f64 / 24.0;
        let mut profile = Vec::new();
        for hour in 0..24 {
            for state in 0..10 {
                let of = days.values().filter_map(|day| day.get(&(hour, state)));
                let (count, sum) = (of.clone().count(), of.sum::<f64>());
                profile.push(match readings {
                    true => match sum / days.len() as f64 {
                        mean if mean < 0.5 * mean_hour => 0,
                        mean if mean <= 1.5 * mean_hour => 1,
                        _ => 2,
                    },
                    false if count == 0 => 0,
                    false if 2 * count as i64 > last - first => 2,
                    false => 1,
                });
            }
        }
        hours.push(profile);
        let active = |day: &BTreeMap<(u32, u8), f64>| -> Vec<f64> {
            let sums = (0..24).filter(|hour| {
                let sum: f64 = day
                    .iter()
                    .filter(|((h, _), _)| h == hour)
                    .map(|(_, a)| a)
                    .sum();
                sum > if readings { mean_hour } else { 0.0 }
            });
            sums.map(f64::from).collect()
        };
        let active: Vec<Vec<f64>> = days
            .values()
            .map(active)
            .filter(|a| !a.is_empty())
            .collect();
        let of = |end: fn(&[f64]) -> f64| median(active.iter().map(|hours| end(hours)).collect());
        ends.push((
            (of(|h| h[0]) * 2.0) as i64,
            (of(|h| h[h.len() - 1]) * 2.0) as i64,
        ));
        let usual = median(days.keys().map(|day| total(*day)).collect());
        let is_quiet = |day: &i64| !days.contains_key(day) || total(*day) < 0.25 * usual;
        let mine: Vec<i64> = (first..=last).filter(is_quiet).collect();
        absent += usize::from(mine.windows(2).any(|pair| pair[0] + 1 == pair[1]));
        quiet.push(mine);
    }
    let share = |profile: &str| {
        value(
            report,
            "rhythm-uniqueness",
            "share_unique",
            &[("profile", profile)],
        )
        .unwrap()
    };
    let persons = activity.len() as f64;
    assert_eq!(share("hours"), alone(hours));
    assert_eq!(share("first-last"), alone(ends));
    assert_eq!(share("quiet-days"), alone(quiet));
    let away = value(report, "rhythm-uniqueness", "share_absent", &[]).unwrap();
    assert_eq!(away, absent as f64 / persons);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn rhythms_of_events_and_of_readings(rows in rows(9, 3)) {
        let events = of(&rows, "amount", "item = [\"thing\"]\npoint = { time = \"1h\", item = true }");
        check_rhythms(&rows, false, &events);
        let readings = of(&rows, "thing", "amount = \"amount\"\npoint = { time = \"1h\", amount = 0.5 }");
        check_rhythms(&rows, true, &readings);
    }

    #[test]
    fn who_was_at_sensitive_places_on_several_days(rows in rows(5, 6), marked in 0u8..64) {
        let folder = tempfile::tempdir().unwrap();
        let of_trace: Vec<_> = columns(&rows).into_iter().filter(|(name, _)| *name != "amount").collect();
        write(&folder.path().join("t.parquet"), &of_trace, 50);
        let places = (0u8..7).filter(|place| *place == 6 || marked >> place & 1 == 1);
        let cells: ArrayRef = Arc::new(StringArray::from_iter_values(places.map(|place| format!("t{place}"))));
        write(&folder.path().join("places.parquet"), &[("cell", cells)], 50);
        let report = audited(
            folder.path(),
            "kind = \"trace\"\nsubject = \"who\"\ntime = \"when\"\ntimezone = \"Europe/Berlin\"\nplace = \"thing\"\n\
             [[auxiliary]]\nname = \"pois\"\nkind = \"places\"\npath = \"places.parquet\"\nplace = \"cell\"",
        );
        let mut days: BTreeMap<u8, BTreeMap<u8, BTreeSet<i64>>> = BTreeMap::new();
        for (who, time, place) in &rows {
            let of = days.entry(*who).or_default();
            if marked >> place & 1 == 1 {
                of.entry(*place).or_default().insert(wall(BEGIN + i64::from(*time)).0);
            }
        }
        let repeated = days.values().filter(|places| places.values().any(|days| days.len() > 1));
        let share = value(&report, "sensitive-places", "share_revealed", &[]).unwrap();
        prop_assert_eq!(share, repeated.count() as f64 / days.len() as f64);
        let visited: BTreeSet<u8> = rows.iter().map(|row| row.2).filter(|p| marked >> p & 1 == 1).collect();
        let cells = value(&report, "sensitive-places", "cells_visited", &[]).unwrap();
        prop_assert_eq!(cells, visited.len() as f64);
    }
}

/// One person with a hundred thousand points, one with one, one who did the same again and again.
#[test]
fn odd_traces_are_measured_and_short_ones_counted() {
    let mut rows: Vec<Row> = (0..100_000u32)
        .rev()
        .map(|at| (0, at * 20, (at % 251) as u8))
        .collect();
    rows.push((1, 5, 7));
    rows.extend([(2, 90, 3); 50]);
    let report = of(
        &rows,
        "amount",
        "place = \"thing\"\npoint = { time = \"1h\", place = \"column\" }",
    );
    assert_eq!(report.release.tables[0].persons, Some(3));
    let fewer = |p: &str| {
        value(
            &report,
            "unicity",
            "persons_with_fewer_points",
            &[("points", p)],
        )
    };
    assert_eq!((fewer("1"), fewer("2")), (Some(0.0), Some(2.0)));
    // Both of the others are where the first was in that hour.
    let one = value(
        &report,
        "location-attacks",
        "max_risk",
        &[("attack", "location-time"), ("length", "1")],
    );
    assert!(one.is_some());
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.text.english().contains("before the row above"))
    );
    let exact = [("points", "1"), ("method", "exact")];
    let points = report.release.tables[0].points.unwrap();
    let pooled = value(&report, "unicity", "share_unique_pooled", &exact).unwrap();
    let mut all: BTreeMap<(i64, u8), BTreeSet<u8>> = BTreeMap::new();
    for (who, time, place) in &rows {
        let hour = (BEGIN + i64::from(*time)).div_euclid(3_600);
        all.entry((hour, *place)).or_default().insert(*who);
    }
    assert_eq!(
        points,
        all.values().map(|who| who.len() as u64).sum::<u64>()
    );
    let alone = all.values().filter(|who| who.len() == 1).count();
    assert_eq!(pooled, alone as f64 / points as f64);
}
