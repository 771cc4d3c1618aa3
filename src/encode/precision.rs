//! A trace as finely as its files tell it, beside the points that the manifest defines.
//!
//! The adversary compares what they know with the files. A published point is all that a row says of a moment: its
//! time to the second (as stored where that is coarser), its place, items and amount as they are stored, and every
//! other flat column of the row. Row keys are left out, for nobody knows the number of a row before having seen it;
//! but times and coordinates are known to many, and no row keys however many values they have.

use std::collections::BTreeSet;

use super::column;
use super::intern::{Distinct, Values};
use super::{Encoded, Needs, encode};
use crate::error::Result;
use crate::progress::{Progress, Unheard};
use crate::release::input::{Domain, Input, InputColumn};
use crate::release::{Column, PlaceBin, PointDefinition, Release, Table, TimeBin};

/// The share of rows with a value of their own from which on a column is a row key.
const KEY: f64 = 0.95;
/// Values that are looked at to find out what a column of texts holds.
const SAMPLE: usize = 1_000;

/// The ignored columns whose values are needed to tell row keys apart.
pub fn examined(table: &Table, input: &Input) -> Vec<String> {
    let ignored = table
        .ignore
        .iter()
        .filter(|column| is_flat(input, column).is_some());
    ignored.map(|column| column.value.clone()).collect()
}

/// The table with what its rows say as its points; `None` where no point of the definition, those of `defined`, holds
/// more than one of them.
pub fn published(
    release: &Release,
    table: &Table,
    input: &Input,
    defined: &Encoded,
    progress: &dyn Progress,
) -> Result<Option<Encoded>> {
    let Some(points) = defined.traces() else {
        return Ok(None);
    };
    let keys = row_keys(table, input, defined);
    let others: Vec<Column> = table
        .ignore
        .iter()
        .filter(|column| is_flat(input, column).is_some() && !keys.contains(&column.value))
        .cloned()
        .collect();
    if others.is_empty() && is_as_stored(table, input) {
        return Ok(None);
    }
    let table = described(table, others);
    let needs = Needs {
        tuples: true,
        defined: true,
        ..Needs::default()
    };
    // That a table is read once more is not shown.
    let encoded = encode(release, &table, input, &needs, &Unheard(progress))?;
    let finer = encoded
        .traces()
        .is_some_and(|published| published.support.len() > points.support.len());
    Ok(finer.then_some(encoded))
}

/// The table whose points are all that its rows say: every column is an item, for items are taken as they are.
fn described(table: &Table, others: Vec<Column>) -> Table {
    let mut described = table.clone();
    let roles = &mut described.roles;
    let mut items: Vec<Column> = Vec::new();
    // Where points have no times a time may be null, as an item may.
    if table.point.time.is_none() {
        items.extend(roles.time.take());
    }
    if let Some(place) = roles.place.take() {
        items.extend(place.columns().into_iter().cloned());
    }
    items.append(&mut roles.item);
    items.extend(roles.amount.take());
    items.extend(others);
    described.point = PointDefinition {
        time: table.point.time.map(|bin| match bin {
            TimeBin::Column => TimeBin::Column,
            TimeBin::Seconds(_) | TimeBin::Pattern(..) => TimeBin::Seconds(1),
        }),
        place: None,
        item: !items.is_empty(),
        amount: None,
    };
    described.roles.item = items;
    described.timezone = None;
    described
}

/// Whether the definition takes all roles as they are stored.
fn is_as_stored(table: &Table, input: &Input) -> bool {
    let (point, roles) = (&table.point, &table.roles);
    let is_number = |time: &Column| is_flat(input, time) == Some(Domain::Integer);
    let time = match (&roles.time, point.time) {
        (None, _) | (_, Some(TimeBin::Column)) => true,
        (Some(time), Some(TimeBin::Seconds(_))) => is_number(time),
        _ => false,
    };
    time && (roles.place.is_none() || point.place == Some(PlaceBin::Column))
        && (roles.item.is_empty() || point.item)
        && (roles.amount.is_none() || point.amount == Some(crate::release::AmountBin::Column))
}

fn is_flat(input: &Input, column: &Column) -> Option<Domain> {
    let source = source(input, column)?;
    source.domain.filter(|domain| *domain != Domain::Null)
}

fn source<'a>(input: &'a Input, column: &Column) -> Option<&'a InputColumn> {
    Some(&input.columns[input.column(column)?])
}

/// The ignored columns in which nearly every row has a value of its own that is neither time nor coordinate.
fn row_keys(table: &Table, input: &Input, defined: &Encoded) -> BTreeSet<String> {
    let is_key = |column: &&Column| {
        let (Some(values), Some(source)) = (defined.values(column), source(input, column)) else {
            return false;
        };
        let own = values.known() as f64 >= KEY * input.rows as f64;
        own && !is_moment(source, values) && !is_position(table, input, defined, column, values)
    };
    let keys = table.ignore.iter().filter(is_key);
    keys.map(|column| column.value.clone()).collect()
}

/// Whether values are times: by their type, as seconds or parts of them since 1970, or as they are written.
fn is_moment(source: &InputColumn, values: &Values) -> bool {
    match source.domain {
        Some(Domain::Timestamp | Domain::Date | Domain::Time) => true,
        Some(Domain::Integer | Domain::Unsigned | Domain::Real | Domain::Decimal(_)) => {
            is_since_1970(&reals(source, values))
        }
        Some(Domain::Text) => {
            let is_written = |text: &str| {
                text.parse::<jiff::civil::DateTime>().is_ok()
                    || text.parse::<jiff::Timestamp>().is_ok()
                    || text
                        .parse::<f64>()
                        .is_ok_and(|number| is_since_1970(&[number]))
            };
            mostly(values, |text| {
                std::str::from_utf8(text).is_ok_and(is_written)
            })
        }
        _ => false,
    }
}

/// Whether all of ascending numbers lie within 1998 and 2096, in seconds, or in thousandths, millionths or
/// billionths of them.
fn is_since_1970(numbers: &[f64]) -> bool {
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
        return false;
    };
    let units = [1.0, 1e3, 1e6, 1e9];
    units
        .iter()
        .any(|unit| *first >= 9e8 * unit && *last < 4e9 * unit)
}

/// Whether values are coordinates: as a column or as texts they are called so or written so, or two columns of
/// fractions side by side could be latitudes and longitudes.
fn is_position(
    table: &Table,
    input: &Input,
    defined: &Encoded,
    column: &Column,
    values: &Values,
) -> bool {
    if words(column).any(|word| NAMES.contains(&word.as_str())) {
        return true;
    }
    let Some(source) = source(input, column) else {
        return false;
    };
    match source.domain {
        Some(Domain::Text) => mostly(values, |text| {
            std::str::from_utf8(text).is_ok_and(is_written_position)
        }),
        // A point in well-known binary: the order of bytes, a kind and two numbers at least.
        Some(Domain::Bytes) => mostly(values, |bytes| bytes.len() >= 21 && bytes[0] <= 1),
        Some(Domain::Real) => {
            let beside = |other: &&Column| {
                let places = input.column(column).zip(input.column(other));
                places.is_some_and(|(a, b)| a.abs_diff(b) == 1)
            };
            let mut others = table.ignore.iter().filter(beside);
            let mine = reals(source, values);
            others.any(|other| {
                let theirs = self::source(input, other).zip(defined.values(other));
                theirs.is_some_and(|(source, values)| {
                    source.domain == Some(Domain::Real)
                        && are_degrees(&mine, &reals(source, values))
                })
            })
        }
        _ => false,
    }
}

/// What columns of coordinates and of small cells are called.
const NAMES: [&str; 24] = [
    "lat",
    "lats",
    "latitude",
    "lon",
    "lons",
    "lng",
    "long",
    "longitude",
    "breite",
    "breitengrad",
    "länge",
    "laenge",
    "längengrad",
    "laengengrad",
    "coord",
    "coords",
    "coordinate",
    "coordinates",
    "koordinaten",
    "geom",
    "geometry",
    "geohash",
    "h3",
    "quadkey",
];

/// The words of a name, in small letters: `pickupLat`, `pickup_lat`.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && was_small) {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            let word = words.last_mut().expect("there is a first");
            word.extend(letter.to_lowercase());
        }
        was_small = letter.is_lowercase();
    }
    words.into_iter().filter(|word| !word.is_empty())
}

/// `52.51,13.40`, `52.51; 13.40`, `POINT (13.40 52.51)`, `SRID=4326;POINT(13.40 52.51)`.
fn is_written_position(text: &str) -> bool {
    let text = text.trim();
    let text = match text.split_once(';') {
        Some((system, rest)) if system.to_ascii_uppercase().starts_with("SRID=") => rest.trim(),
        _ => text,
    };
    let text = text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c.is_whitespace());
    let text = text.trim_matches(|c: char| "()[]{}".contains(c) || c.is_whitespace());
    let parts = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
    let numbers: Vec<Option<f64>> = parts
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect();
    let degrees = |number: &Option<f64>| number.is_some_and(|number| number.abs() <= 180.0);
    (2..=3).contains(&numbers.len()) && numbers[..2].iter().all(degrees)
}

/// Whether two columns could be latitudes and longitudes: within the range of degrees, and told to more than three
/// decimals.
fn are_degrees(a: &[f64], b: &[f64]) -> bool {
    let within = |numbers: &[f64], most: f64| numbers.iter().all(|number| number.abs() <= most);
    let fine = |numbers: &[f64]| {
        let fine = |number: &&f64| (*number * 1e3 - (*number * 1e3).round()).abs() > 1e-6;
        numbers.iter().filter(fine).count() * 2 > numbers.len()
    };
    within(a, 180.0)
        && within(b, 180.0)
        && (within(a, 90.0) || within(b, 90.0))
        && fine(a)
        && fine(b)
}

/// Whether 95 % of the values, or of some that are spread evenly over them, are so.
fn mostly(values: &Values, is: impl Fn(&[u8]) -> bool) -> bool {
    let Distinct::Bytes(texts) = &values.distinct else {
        return false;
    };
    let step = texts.len().div_ceil(SAMPLE).max(1);
    let (mut seen, mut are) = (0usize, 0usize);
    for at in (0..texts.len()).step_by(step) {
        seen += 1;
        are += usize::from(is(texts.get(at)));
    }
    seen > 0 && are * 100 >= seen * 95
}

/// The values as numbers, ascending, without null.
fn reals(source: &InputColumn, values: &Values) -> Vec<f64> {
    let is_real = source.domain == Some(Domain::Real);
    let divisor = match source.domain {
        Some(Domain::Decimal(scale)) => 10f64.powi(scale.into()),
        _ => 1.0,
    };
    if matches!(values.distinct, Distinct::Bytes(_)) {
        return Vec::new();
    }
    let mut reals = column::reals(values, is_real, divisor);
    reals.drain(..usize::from(values.null));
    reals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_as_they_are_written() {
        for text in [
            "52.51,13.40",
            "52.51; 13.40",
            "POINT (13.40 52.51)",
            "SRID=4326;POINT(13.40 52.51)",
            "[13.4, 52.5]",
            "POINT Z (13.4 52.5 34)",
        ] {
            assert!(is_written_position(text), "{text}");
        }
        for text in [
            "",
            "52.51",
            "a,b",
            "1999,13",
            "A1 B2 C3",
            "2026-03-01 12:00",
        ] {
            assert!(!is_written_position(text), "{text}");
        }
    }

    #[test]
    fn words_of_names() {
        let of = |name: &str| words(name).collect::<Vec<_>>();
        assert_eq!(of("pickupLat"), ["pickup", "lat"]);
        assert_eq!(of("start_lng"), ["start", "lng"]);
        assert_eq!(of("platform"), ["platform"]);
    }

    #[test]
    fn times_since_1970() {
        assert!(is_since_1970(&[1.7e9, 1.8e9]));
        assert!(is_since_1970(&[1.7e18, 1.8e18]));
        assert!(!is_since_1970(&[1.0, 1.8e9]));
        assert!(!is_since_1970(&[]));
    }
}
