//! The values of an attribute told more coarsely: which code each becomes, and the values these stand for.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::axis::{Axis, Times};
use super::column::{ordered_bits, per_day, per_second, real};
use super::decimal::Width;
use super::intern::{Distinct, Texts, Values};
use super::paths::labels;
use crate::release::hierarchy::Levels;
use crate::release::input::{Domain, InputColumn};
use crate::release::transformation::levels_between;
use crate::release::{Coarser, PlaceBin, TimeBin};

/// What the codes of an attribute become.
#[derive(Debug, Clone)]
pub struct Recoding {
    /// The new code of each.
    pub codes: Vec<u32>,
    pub values: Values,
    /// What the new values are, where they are those of a point.
    pub axis: Option<Axis>,
}

impl Recoding {
    /// Of numbers that take the place of those that were there; null stays what it is.
    fn of_numbers(values: &Values, number: impl Fn(i64) -> Option<i64>) -> Option<Self> {
        let Distinct::Numbers(fine) = &values.distinct else {
            return None;
        };
        let moved: Vec<i64> = fine
            .iter()
            .map(|fine| number(*fine))
            .collect::<Option<_>>()?;
        let mut distinct = moved.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let first = u32::from(values.null);
        let null = values.null.then_some(0);
        let code = |number: &i64| {
            let at = distinct.binary_search(number).expect("it is one of them");
            at as u32 + first
        };
        Some(Self {
            codes: null.into_iter().chain(moved.iter().map(code)).collect(),
            values: Values {
                null: values.null,
                distinct: Distinct::Numbers(distinct),
            },
            axis: None,
        })
    }

    /// Of texts that take the place of what was there.
    fn of_texts(values: &Values, moved: Vec<Vec<u8>>) -> Self {
        let mut places: BTreeMap<&[u8], u32> =
            moved.iter().map(|text| (text.as_slice(), 0)).collect();
        let first = u32::from(values.null);
        let mut distinct = Vec::with_capacity(places.len());
        for ((text, place), code) in places.iter_mut().zip(first..) {
            *place = code;
            distinct.push(text.to_vec());
        }
        let null = values.null.then_some(0);
        let codes = moved.iter().map(|text| places[text.as_slice()]);
        Self {
            codes: null.into_iter().chain(codes).collect(),
            values: Values {
                null: values.null,
                distinct: Distinct::Bytes(Texts::of(&distinct)),
            },
            axis: None,
        }
    }

    /// The codes that are kept of an attribute, without gaps.
    pub fn of_kept(values: &Values, kept: &[bool]) -> Self {
        let mut next = 0;
        let place = |kept: &bool| {
            let place = next;
            next += u32::from(*kept);
            place
        };
        Self {
            codes: kept.iter().map(place).collect(),
            values: values.kept(kept),
            axis: None,
        }
    }
}

/// The values of a column told as coarsely as `how` says; why they cannot be, otherwise.
///
/// Bands and the beginnings of months and years keep the type of the column; what a hierarchy names is text.
pub fn of_column(
    values: &Values,
    how: Coarser,
    column: &InputColumn,
    levels: Option<&Levels>,
) -> Result<Recoding, &'static str> {
    match how {
        Coarser::Band(width) => band(values, width, column.domain).ok_or("only numbers have bands"),
        Coarser::Prefix(length) => prefix(values, length, column.domain),
        Coarser::Month | Coarser::Year | Coarser::Decade => {
            calendar(values, how, column).ok_or("only dates have months and years")
        }
        Coarser::Level(level) => by_level(
            values,
            level,
            levels.ok_or("the manifest has no file of levels for it")?,
        ),
        Coarser::Time(_) | Coarser::Place(_) | Coarser::Drop => Err("it is no column of its own"),
    }
}

fn band(values: &Values, width: f64, domain: Option<Domain>) -> Option<Recoding> {
    let exact = Width::new(width);
    match domain? {
        // Whole numbers stay whole: a band of 2.5 is none of theirs.
        Domain::Integer if width.fract() == 0.0 && width < 2f64.powi(53) => {
            let width = width as i64;
            Recoding::of_numbers(values, |number| number.div_euclid(width).checked_mul(width))
        }
        Domain::Decimal(scale) => {
            let width = exact.units(scale)?;
            Recoding::of_numbers(values, |number| number.div_euclid(width).checked_mul(width))
        }
        Domain::Real => Recoding::of_numbers(values, |number| {
            let value = real(number);
            Some(match value.is_finite() {
                true => ordered_bits(exact.edge(exact.bin(value))),
                false => number,
            })
        }),
        _ => None,
    }
}

fn prefix(
    values: &Values,
    length: usize,
    domain: Option<Domain>,
) -> Result<Recoding, &'static str> {
    let (Some(Domain::Text), Distinct::Bytes(texts)) = (domain, &values.distinct) else {
        return Err("only texts have first characters");
    };
    let cut = |at: usize| {
        let text = String::from_utf8_lossy(texts.get(at));
        let end = text.char_indices().nth(length);
        end.map_or(text.as_bytes(), |(end, _)| &text.as_bytes()[..end])
            .to_vec()
    };
    Ok(Recoding::of_texts(
        values,
        (0..texts.len()).map(cut).collect(),
    ))
}

/// The first day of the month, the year, the ten years of a day counted from the beginning of 1970.
fn first_day(day: i64, how: Coarser) -> Option<i64> {
    let epoch = Date::constant(1970, 1, 1);
    let date = epoch
        .checked_add(jiff::Span::new().try_days(day).ok()?)
        .ok()?;
    let first = match how {
        Coarser::Month => Date::new(date.year(), date.month(), 1),
        Coarser::Year => Date::new(date.year(), 1, 1),
        _ => Date::new(date.year().div_euclid(10) * 10, 1, 1),
    };
    let span = epoch.until((jiff::Unit::Day, first.ok()?)).ok()?;
    Some(i64::from(span.get_days()))
}

fn calendar(values: &Values, how: Coarser, column: &InputColumn) -> Option<Recoding> {
    let day = match column.domain? {
        Domain::Date => per_day(column.unit),
        Domain::Timestamp => 86_400 * per_second(column.unit?),
        _ => return None,
    };
    Recoding::of_numbers(values, |stored| {
        first_day(stored.div_euclid(day), how)?.checked_mul(day)
    })
}

fn by_level(values: &Values, level: usize, levels: &Levels) -> Result<Recoding, &'static str> {
    let named = |label: &str| -> Option<Vec<u8>> {
        let above = levels.by_level(label)?;
        Some(above.get(level)?.as_bytes().to_vec())
    };
    let labels = labels(values);
    let moved = labels.iter().flatten().map(|label| named(label));
    let moved: Option<Vec<Vec<u8>>> = moved.collect();
    let moved = moved.ok_or("a value is not in its hierarchy")?;
    Ok(Recoding::of_texts(values, moved))
}

/// The times of points in wider bins; `None` where their own do not make such bins.
pub fn of_times(values: &Values, axis: &Axis, bin: TimeBin) -> Option<Recoding> {
    let (Axis::Time(times), TimeBin::Seconds(width)) = (axis, bin) else {
        return None;
    };
    let width = i64::from(width);
    if let Times::Numbers | Times::Bins { again: Some(_), .. } = times {
        return None;
    }
    let mut moved = Recoding::of_numbers(values, |number| times.coarser(number, width))?;
    moved.axis = Some(Axis::Time(Times::Bins { width, again: None }));
    Some(moved)
}

/// The cells of points in coarser ones; `None` where theirs do not make such cells.
pub fn of_places(values: &Values, axis: &Axis, own: PlaceBin, bin: PlaceBin) -> Option<Recoding> {
    let levels = levels_between(own, bin)?;
    let mut moved = Recoding::of_numbers(values, |number| Some(axis.coarser(number, levels)))?;
    moved.axis = Some(match bin {
        PlaceBin::Degrees(step) => Axis::Degrees(step),
        PlaceBin::H3(resolution) => Axis::H3(resolution),
        PlaceBin::Geohash(length) => Axis::Geohash(length),
        PlaceBin::Column => return None,
    });
    Some(moved)
}

/// The times of counts by the beginnings of wider bins, by UTC, as they are stored; `None` where they are no times.
pub fn of_instants(values: &Values, bin: TimeBin, column: &InputColumn) -> Option<Recoding> {
    let TimeBin::Seconds(width) = bin else {
        return None;
    };
    let width = i64::from(width);
    let width = match column.domain? {
        Domain::Timestamp => width.checked_mul(per_second(column.unit?))?,
        Domain::Date if width % 86_400 == 0 => width / 86_400 * per_day(column.unit),
        _ => return None,
    };
    Recoding::of_numbers(values, |stored| stored.div_euclid(width).checked_mul(width))
}

/// The seconds by which times of counts are apart, or a multiple; `None` where they are no times, or one alone.
pub fn seconds_apart(values: &Values, column: &InputColumn) -> Option<u32> {
    let Distinct::Numbers(numbers) = &values.distinct else {
        return None;
    };
    let apart = super::width(numbers);
    let seconds = match column.domain? {
        Domain::Timestamp => apart / per_second(column.unit?),
        Domain::Date => apart / per_day(column.unit) * 86_400,
        _ => return None,
    };
    u32::try_from(seconds).ok().filter(|seconds| *seconds > 0)
}
