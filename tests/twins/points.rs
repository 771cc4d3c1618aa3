//! What an adversary may know of a moment: the same points, however the release writes them.

use std::sync::Arc;

use arrow::array::*;
use jiff::tz::TimeZone;

use super::{audited, value, write};
use reidrisk::report::Report;

const ROWS: usize = 400;

/// Numbers below `bound` that look random.
fn scattered(seed: u64, bound: u64) -> Vec<u64> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    (0..ROWS).map(|_| next()).collect()
}

fn column(name: &str) -> ArrayRef {
    let whole = |seed, bound| scattered(seed, bound).into_iter();
    let (latitudes, longitudes) = coordinates();
    let places = || latitudes.iter().zip(&longitudes);
    match name {
        "who" => Arc::new(Int64Array::from_iter(
            whole(1, 12).map(|who| Some(who as i64)),
        )),
        "at" => Arc::new(Int64Array::from_iter(instants().into_iter().map(Some))),
        "when" => Arc::new(TimestampSecondArray::from(instants()).with_timezone("UTC")),
        "lat" => Arc::new(Float64Array::from(latitudes)),
        "lon" => Arc::new(Float64Array::from(longitudes)),
        "wkb" => Arc::new(BinaryArray::from_iter(places().enumerate().map(
            |(at, (y, x))| {
                Some(match (y, x) {
                    (Some(y), Some(x)) => wkb(*x, *y, at % 4),
                    // An empty point is nowhere, as a null is.
                    _ if at % 2 == 0 => wkb(f64::NAN, f64::NAN, at % 4),
                    _ => return None,
                })
            },
        ))),
        "price" => Arc::new(Float64Array::from_iter(
            whole(5, 90).map(|price| (price > 4).then_some(price as f64 - 20.0)),
        )),
        _ => unreachable!(),
    }
}

/// Half a year around a change of clocks.
fn instants() -> Vec<i64> {
    let times = scattered(2, 180 * 86_400).into_iter();
    times.map(|time| 1_766_000_000 + time as i64).collect()
}

/// Around London, at the poles and on both sides of the 180th meridian; some unknown.
fn coordinates() -> (Vec<Option<f64>>, Vec<Option<f64>>) {
    let cells = scattered(3, 8).into_iter().zip(scattered(4, 5));
    cells
        .map(|(y, x)| match (y, x) {
            (0, 0) => (Some(90.0), Some(180.0)),
            (0, 1) => (Some(-90.0), Some(-180.0)),
            (0, _) => (None, None),
            (y, x) => (Some(51.5 + y as f64 / 100.0), Some(x as f64 / 50.0 - 0.05)),
        })
        .unzip()
}

/// A point in well-known binary: little or big end first, with a reference system (EWKB), with a height.
fn wkb(x: f64, y: f64, form: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    match form {
        0 => {
            bytes.extend([0, 0, 0, 0, 1]);
            bytes.extend(x.to_be_bytes());
            bytes.extend(y.to_be_bytes());
        }
        form => {
            let kind: u32 = [1, 1, 0x2000_0001, 1_001][form];
            bytes.push(1);
            bytes.extend(kind.to_le_bytes());
            if form == 2 {
                bytes.extend(4_326u32.to_le_bytes());
            }
            bytes.extend(x.to_le_bytes());
            bytes.extend(y.to_le_bytes());
            if form == 3 {
                bytes.extend(12.5f64.to_le_bytes());
            }
        }
    }
    bytes
}

/// The audit of a table with some of the columns.
fn of(columns: &[&str], roles: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let columns: Vec<(&str, ArrayRef)> = columns.iter().map(|name| (*name, column(name))).collect();
    write(&folder.path().join("t.parquet"), &columns, 97);
    audited(
        folder.path(),
        &format!("kind = \"trace\"\nsubject = \"who\"\n{roles}"),
    )
}

/// The share of points that one person alone has, over rows of (person, point), slow and obvious.
fn alone<P: Ord>(points: impl Iterator<Item = P>) -> f64 {
    let mut pairs: Vec<(u64, P)> = scattered(1, 12).into_iter().zip(points).collect();
    pairs.sort();
    pairs.dedup();
    let alone = |point: &P| pairs.iter().filter(|(_, other)| other == point).count() == 1;
    pairs.iter().filter(|(_, point)| alone(point)).count() as f64 / pairs.len() as f64
}

fn pooled(report: &Report) -> f64 {
    let parameters = [("points", "1"), ("method", "exact")];
    value(report, "unicity", "share_unique_pooled", &parameters).unwrap()
}

/// Findings without the names of columns, and without what counts them.
fn numbers(report: &Report) -> Vec<(String, serde_json::Value, Option<f64>)> {
    let findings = report
        .findings
        .iter()
        .filter(|f| !["direct-identifiers", "undeclared-columns"].contains(&f.measure.as_str()));
    findings
        .map(|f| {
            let parameters = serde_json::to_value(&f.parameters).unwrap();
            (f.id(), parameters, f.value.map(|value| value.as_f64()))
        })
        .collect()
}

#[test]
fn points_in_well_known_binary_are_their_coordinates() {
    for place in ["0.01deg", "0.1deg", "h3:7", "geohash:5"] {
        let point = format!("point = {{ time = \"6h\", place = \"{place}\" }}\ntime = \"when\"\n");
        let pair = of(
            &["who", "when", "lat", "lon"],
            &format!("{point}place = {{ latitude = \"lat\", longitude = \"lon\" }}"),
        );
        let geometry = of(
            &["who", "when", "wkb"],
            &format!("{point}place = {{ geometry = \"wkb\" }}"),
        );
        assert_eq!(numbers(&pair), numbers(&geometry), "{place}");
    }
}

#[test]
fn what_comes_again_is_counted_by_the_clock_on_the_wall() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let local = || {
        let walls = instants().into_iter().map(|second| {
            let instant = jiff::Timestamp::from_second(second).unwrap();
            zone.to_datetime(instant)
        });
        walls.collect::<Vec<_>>()
    };
    let of_bin = |bin: &str| {
        of(
            &["who", "when"],
            &format!(
                "time = \"when\"\ntimezone = \"Europe/Berlin\"\npoint = {{ time = \"{bin}\" }}"
            ),
        )
    };
    let hours = local().into_iter().map(|t| t.hour());
    assert_eq!(pooled(&of_bin("1h of day")), alone(hours));
    let quarters = local().into_iter().map(|t| {
        let day = t.weekday().to_monday_zero_offset();
        (day, t.hour(), t.minute() / 15)
    });
    assert_eq!(pooled(&of_bin("15min of week")), alone(quarters));
    let days = local()
        .into_iter()
        .map(|t| t.weekday().to_monday_zero_offset());
    assert_eq!(pooled(&of_bin("1d of week")), alone(days));
    let kinds = local().into_iter().map(|t| {
        let weekend = t.weekday().to_monday_zero_offset() >= 5;
        (weekend, t.hour() / 2, t.minute() / 60)
    });
    assert_eq!(pooled(&of_bin("2h of daytype")), alone(kinds));
}

#[test]
fn quantiles_hold_as_many_rows_each() {
    let prices: Vec<Option<f64>> = {
        let column = column("price");
        let column = column.as_primitive::<arrow::datatypes::Float64Type>();
        column.iter().collect()
    };
    let known: Vec<f64> = prices.iter().flatten().copied().collect();
    for bins in [2usize, 4, 10, 1_000] {
        let report = of(
            &["who", "price"],
            &format!("amount = \"price\"\npoint = {{ amount = \"quantiles:{bins}\" }}"),
        );
        // The bin that the rows below do not fill.
        let bin = |price: &f64| {
            let below = known.iter().filter(|other| *other < price).count();
            below * bins / known.len()
        };
        let expected = alone(prices.iter().map(|price| price.as_ref().map(bin)));
        assert_eq!(pooled(&report), expected, "{bins}");
    }
}

#[test]
fn whole_numbers_are_times_already_binned() {
    let stamps = of(
        &["who", "when"],
        "time = \"when\"\npoint = { time = \"1s\" }",
    );
    let numbers = of(
        &["who", "at"],
        "time = \"at\"\npoint = { time = \"column\" }",
    );
    assert_eq!(pooled(&stamps), pooled(&numbers));
    let counted = of(
        &["who", "at"],
        "time = \"at\"\ntime_unit = \"s\"\npoint = { time = \"1s\" }",
    );
    assert_eq!(pooled(&stamps), pooled(&counted));
}
