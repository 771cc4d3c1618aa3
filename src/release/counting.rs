//! How the counts of flows were made, as far as the manifest says: extrapolated, rounded, left out, made noisy.

use std::path::Path;

use super::Column;
use super::made_of::MadeOf;
use super::manifest::choice;
use super::point::duration;
use crate::error::{Error, Result};
use crate::settings::{At, Item, Section};

/// What the manifest says of the counts of a table of flows.
#[derive(Debug, Clone)]
pub struct Counting {
    /// Published count per counted person.
    pub extrapolation: f64,
    /// Why that is less than one, where it is.
    pub shrunk_because: Option<String>,
    pub rounding: Option<Rounding>,
    /// For each of these columns the value that stands for all.
    pub totals: Vec<(Column, At<String>)>,
    /// For each of these columns what its values are made up of.
    pub made_of: Vec<(Column, MadeOf)>,
    /// How long a count lasts from its time on, in seconds, where the manifest says so.
    pub window: Option<At<u32>>,
    pub absent: Option<Absent>,
    /// What a published zero is, where the manifest says so.
    pub zero: Option<PublishedZero>,
    /// The traces that were counted: a table or an auxiliary.
    pub counted: Option<At<String>>,
    /// The table of counts whose persons include all that are counted here.
    pub part_of: Option<At<String>>,
    /// Tables of counts that count other persons, each with the reason.
    pub apart_from: Vec<(At<String>, At<String>)>,
    pub noise: Option<Noise>,
    /// By how many persons noise of unknown distribution moved a count at most, up or down.
    pub bounded_noise: Option<f64>,
}

impl Default for Counting {
    fn default() -> Self {
        Self {
            extrapolation: 1.0,
            shrunk_because: None,
            rounding: None,
            totals: Vec::new(),
            made_of: Vec::new(),
            window: None,
            absent: None,
            zero: None,
            counted: None,
            part_of: None,
            apart_from: Vec::new(),
            noise: None,
            bounded_noise: None,
        }
    }
}

/// What a cell is that is not in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// Nobody.
    Zero,
    /// Left out for its count was small.
    Suppressed,
}

/// What a published zero is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishedZero {
    /// Nobody.
    Nobody,
    /// A count that was left out because it was small, or nobody.
    Suppressed,
}

/// To what counts were rounded after extrapolation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rounding {
    /// What became of small counts before all were rounded.
    pub small: Option<Small>,
    /// The multiple.
    pub to: f64,
    pub how: Towards,
}

/// Counts above 0 and below this were replaced by one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Small {
    pub below: f64,
    pub to: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    Nearest,
    Up,
    Down,
    /// To either of the two next multiples.
    Random,
}

impl Towards {
    const ALL: [Self; 4] = [Self::Nearest, Self::Up, Self::Down, Self::Random];

    fn as_str(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::Up => "up",
            Self::Down => "down",
            Self::Random => "random",
        }
    }

    /// How far the count before rounding may lie below the published one and above it, in multiples, and whether
    /// these ends belong to it: multiples stay as they are. Which way halves go is not known.
    fn reach(self) -> Reach {
        let closed = |below, above| Reach {
            below,
            above,
            open_below: false,
            open_above: false,
        };
        match self {
            Self::Nearest => closed(0.5, 0.5),
            Self::Up => Reach {
                open_below: true,
                ..closed(1.0, 0.0)
            },
            Self::Down => Reach {
                open_above: true,
                ..closed(0.0, 1.0)
            },
            Self::Random => Reach {
                open_below: true,
                open_above: true,
                ..closed(1.0, 1.0)
            },
        }
    }
}

/// How far the count before rounding may lie from the published one; an open end is not reached itself.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reach {
    pub below: f64,
    pub above: f64,
    pub open_below: bool,
    pub open_above: bool,
}

/// Numbers between two ends; an open end does not belong to them.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Span {
    low: f64,
    high: f64,
    open_low: bool,
    open_high: bool,
}

impl Span {
    fn has(self, number: f64) -> bool {
        let above = number > self.low || number == self.low && !self.open_low;
        let below = number < self.high || number == self.high && !self.open_high;
        above && below
    }

    fn reaches(self, number: f64) -> bool {
        self.high > number || self.high == number && !self.open_high
    }
}

/// The mechanism of differential privacy that made the counts noisy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Noise {
    pub mechanism: Mechanism,
    pub epsilon: f64,
    /// 0 but for the Gaussian mechanism.
    pub delta: f64,
    /// By how much one person changes the counts: their sum (Laplace, geometric) or the root of the sum of
    /// squares (Gaussian), in persons.
    pub sensitivity: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    Laplace,
    Geometric,
    Gaussian,
}

impl Mechanism {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Laplace => "laplace",
            Self::Geometric => "geometric",
            Self::Gaussian => "gaussian",
        }
    }
}

impl PublishedZero {
    const ALL: [Self; 2] = [Self::Nobody, Self::Suppressed];

    fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Suppressed => "suppressed",
        }
    }
}

impl Absent {
    const ALL: [Self; 2] = [Self::Zero, Self::Suppressed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::Suppressed => "suppressed",
        }
    }
}

impl Counting {
    /// # Errors
    /// A key says what cannot be.
    pub fn read(section: &Section<'_>, folder: &Path) -> Result<Self> {
        let (extrapolation, shrunk_because) = extrapolation(section)?;
        let absent = match section.string("absent")? {
            None => None,
            Some(text) => Some(choice(
                section,
                &text,
                "kind of absent cell",
                &Absent::ALL,
                Absent::as_str,
            )?),
        };
        let zero = match section.string("zero")? {
            None => None,
            Some(text) => Some(choice(
                section,
                &text,
                "meaning of a published zero",
                &PublishedZero::ALL,
                PublishedZero::as_str,
            )?),
        };
        let (noise, bounded_noise) = noise(section)?;
        Ok(Self {
            extrapolation,
            shrunk_because,
            rounding: rounding(section)?,
            totals: totals(section)?,
            made_of: made_of(section, folder)?,
            window: window(section)?,
            absent,
            zero,
            counted: section.string("counted")?,
            part_of: section.string("part_of")?,
            apart_from: apart_from(section)?,
            noise,
            bounded_noise,
        })
    }

    /// Whether anything is said that only flows can have.
    pub fn is_said(&self) -> bool {
        self.rounding.is_some()
            || self.has_sums()
            || self.window.is_some()
            || self.absent.is_some()
            || self.zero.is_some()
            || self.counted.is_some()
            || self.part_of.is_some()
            || !self.apart_from.is_empty()
            || self.is_noisy()
    }

    /// Whether noise was added, of whatever kind.
    pub fn is_noisy(&self) -> bool {
        self.noise.is_some() || self.bounded_noise.is_some()
    }

    /// Whether a published zero may hide persons.
    pub fn hides_zeros(&self) -> bool {
        self.zero == Some(PublishedZero::Suppressed)
    }

    /// Whether some values of a column stand for others. Which times of a `window` do only the times tell.
    pub fn has_sums(&self) -> bool {
        !self.totals.is_empty() || !self.made_of.is_empty()
    }

    /// How counts were rounded: whole ones to the nearest one where the manifest says nothing.
    fn rounded(&self, whole: bool) -> Rounding {
        self.rounding.unwrap_or(Rounding {
            small: None,
            to: if whole { 1.0 } else { 0.0 },
            how: Towards::Nearest,
        })
    }

    /// Whether counts are as they were counted: neither extrapolated nor rounded nor noisy.
    fn is_plain(&self) -> bool {
        self.rounding.is_none() && self.extrapolation == 1.0 && !self.is_noisy()
    }

    /// How far the count before rounding may lie from the published one.
    pub fn reach(&self, whole: bool) -> Reach {
        if self.is_plain() {
            return Reach::default();
        }
        let rounding = self.rounded(whole);
        let reach = rounding.how.reach();
        Reach {
            below: reach.below * rounding.to,
            above: reach.above * rounding.to,
            // Counts that were not rounded are what they are.
            open_below: reach.open_below && rounding.to > 0.0,
            open_above: reach.open_above && rounding.to > 0.0,
        }
    }

    /// Whether a published count is one that the stated rounding gives: a multiple.
    pub fn is_multiple(&self, published: f64) -> bool {
        self.rounding
            .is_none_or(|rounding| is_multiple(published, rounding.to))
    }

    /// The counts before rounding that a published one can stand for; `None` where there are none.
    fn before(&self, published: f64, whole: bool) -> Option<Span> {
        let reach = self.reach(whole);
        let span = Span {
            low: published - reach.below,
            high: published + reach.above,
            open_low: reach.open_below,
            open_high: reach.open_above,
        };
        if !self.is_multiple(published) {
            return None;
        }
        let Some(small) = self.rounding.and_then(|rounding| rounding.small) else {
            return Some(span);
        };
        // Counts between 0 and the bound are what became of them, or are not what they seem.
        let (of_none, of_small) = (span.has(0.0), span.has(small.to));
        let of_many = span.reaches(small.below);
        let (low, open_low) = match (of_none, of_small, span.low < small.below) {
            (true, ..) => (0.0, false),
            (_, true, _) => (0.0, true),
            (_, _, true) => (small.below, false),
            _ => (span.low, span.open_low),
        };
        let (high, open_high) = match (of_many, of_small, of_none) {
            (true, ..) => (span.high, span.open_high),
            (_, true, _) => (small.below, true),
            (.., true) => (0.0, false),
            _ => return None,
        };
        Some(Span {
            low,
            high,
            open_low,
            open_high,
        })
    }

    /// How many persons a published count can stand for, at least and at most: those whose extrapolated and
    /// rounded number it is, noise of known width allowed for. Whole counts were rounded to the nearest one where the
    /// manifest says nothing. `None` where no whole number of persons gives it.
    pub fn persons(&self, published: f64, whole: bool) -> Option<(u64, u64)> {
        let span = self.before(published, whole)?;
        // A count is a sum of few: numbers of double precision differ by less from what was meant.
        let slack = 1e-9 * published.abs().max(1.0);
        let noise = self.bounded_noise.unwrap_or(0.0);
        let persons = |count: f64| count / self.extrapolation;
        let least = match span.open_low {
            false => (persons(span.low - slack) - noise).ceil(),
            true => (persons(span.low + slack) - noise).floor() + 1.0,
        };
        let most = match span.open_high {
            false => (persons(span.high + slack) + noise).floor(),
            true => (persons(span.high - slack) + noise).ceil() - 1.0,
        };
        let least = least.max(0.0);
        (least <= most).then_some((least as u64, most as u64))
    }

    /// What is published for so many persons, `whole` where all counts are; `chance` is a number between 0 and 1
    /// that decides where counts are rounded at random.
    pub fn publish(&self, persons: f64, whole: bool, chance: impl FnOnce() -> f64) -> f64 {
        let Rounding { small, to, how } = self.rounded(whole);
        let count = match (persons * self.extrapolation, small) {
            (count, Some(small)) if count > 0.0 && count < small.below => small.to,
            (count, _) => count,
        };
        if to == 0.0 {
            return count;
        }
        let multiples = count / to;
        // What is a multiple but for the last bit stays one.
        let near = multiples.round();
        let multiples = match (multiples - near).abs() < 1e-9 {
            true => near,
            false => multiples,
        };
        to * match how {
            Towards::Nearest => multiples.round(),
            Towards::Up => multiples.ceil(),
            Towards::Down => multiples.floor(),
            // Up as often as it lies nearer to the multiple above: right on average.
            Towards::Random => {
                multiples.floor() + f64::from(u8::from(chance() < multiples.fract()))
            }
        }
    }

    /// Whether counts are rounded to either of the two next multiples.
    pub fn is_rounded_at_random(&self) -> bool {
        self.rounding
            .is_some_and(|rounding| rounding.how == Towards::Random)
    }
}

/// Whether a number is one of the multiples, but for the last bits.
fn is_multiple(number: f64, of: f64) -> bool {
    let multiples = number / of;
    (multiples - multiples.round()).abs() <= 1e-9 * multiples.abs().max(1.0)
}

/// `extrapolation = 2.8`, or `{ factor = 0.5, reason = "…" }` where fewer are published than were counted.
fn extrapolation(section: &Section<'_>) -> Result<(f64, Option<String>)> {
    let positive = |section: &Section<'_>, factor: At<f64>| match factor.value > 0.0 {
        true => Ok(factor),
        false => Err(section.error(factor.span, "`extrapolation` must be greater than 0")),
    };
    if !section.is_section("extrapolation") {
        let Some(factor) = section.number("extrapolation")? else {
            return Ok((1.0, None));
        };
        let factor = positive(section, factor)?;
        if factor.value < 1.0 {
            let message = "an `extrapolation` below 1 says that fewer persons are published than were counted";
            return Err(section.error(factor.span, message).help(format!(
                "leave it out if every count is of the persons counted; if not, give the reason, which the report \
                 shows: extrapolation = {{ factor = {}, reason = \"…\" }}",
                factor.value
            )));
        }
        return Ok((factor.value, None));
    }
    let Some(inner) = section.section("extrapolation")? else {
        return Ok((1.0, None));
    };
    let factor = inner
        .number("factor")?
        .ok_or_else(|| inner.missing("factor", "the published count per counted person"))?;
    let factor = positive(&inner, factor)?;
    let reason = inner.string("reason")?;
    let reason = match (factor.value < 1.0, reason) {
        (true, None) => {
            let why = "why fewer persons are published than were counted";
            return Err(inner.missing("reason", why));
        }
        (_, Some(reason)) if reason.value.trim().is_empty() => {
            return Err(inner.error(reason.span, "the reason is empty"));
        }
        (_, reason) => reason.map(|reason| reason.value),
    };
    inner.finish()?;
    Ok((factor.value, reason))
}

/// `apart_from = { visitors = "counts vehicles" }`.
fn apart_from(section: &Section<'_>) -> Result<Vec<(At<String>, At<String>)>> {
    let Some(inner) = section.section("apart_from")? else {
        return Ok(Vec::new());
    };
    let table = |table: At<String>| {
        let reason = inner.string(&table)?.expect("the key is there");
        if reason.value.trim().is_empty() {
            let message = "say why the two tables count other persons: the report shows the reason";
            return Err(inner.error(reason.span, message));
        }
        Ok((table, reason))
    };
    inner.keys().into_iter().map(table).collect()
}

/// `rounding = 5`, `{ to = 5, how = "up" }`, or in two stages `[{ below = 3, to = 0 }, 5]`.
fn rounding(section: &Section<'_>) -> Result<Option<Rounding>> {
    if section.is_list("rounding") {
        return stages(section).map(Some);
    }
    if section.is_section("rounding") {
        let inner = section.section("rounding")?.expect("it is there");
        return multiple(inner).map(Some);
    }
    let Some(to) = section.number("rounding")? else {
        return Ok(None);
    };
    Ok(Some(Rounding {
        small: None,
        to: positive(section, to)?,
        how: Towards::Nearest,
    }))
}

fn positive(section: &Section<'_>, to: At<f64>) -> Result<f64> {
    match to.value > 0.0 {
        true => Ok(to.value),
        false => Err(section.error(to.span, "counts are rounded to a multiple greater than 0")),
    }
}

/// `{ to = 5, how = "up" }`.
fn multiple(inner: Section<'_>) -> Result<Rounding> {
    let to = inner
        .number("to")?
        .ok_or_else(|| inner.missing("to", "the multiple that counts were rounded to"))?;
    let how = match inner.string("how")? {
        None => Towards::Nearest,
        Some(text) => choice(
            &inner,
            &text,
            "way to round",
            &Towards::ALL,
            Towards::as_str,
        )?,
    };
    let to = positive(&inner, to)?;
    inner.finish()?;
    Ok(Rounding {
        small: None,
        to,
        how,
    })
}

/// `[{ below = 3, to = 0 }, 5]`: first what became of small counts, then the multiple that all were rounded to.
fn stages(section: &Section<'_>) -> Result<Rounding> {
    let items = section.items("rounding")?.expect("it is there");
    let span = items.span.clone();
    let wrong = || {
        let message = "two stages of rounding are what became of small counts, then a multiple";
        section
            .error(span.clone(), message)
            .help("write them as rounding = [{ below = 3, to = 0 }, 5]")
    };
    let mut items = items.value.into_iter();
    let (Some(Item::Section(first)), Some(second), None) =
        (items.next(), items.next(), items.next())
    else {
        return Err(wrong());
    };
    let below = first
        .number("below")?
        .ok_or_else(|| first.missing("below", "the count from which on counts stayed"))?;
    let to = first
        .number("to")?
        .ok_or_else(|| first.missing("to", "what smaller counts became"))?;
    if below.value <= 0.0 {
        return Err(first.error(below.span, "`below` must be greater than 0"));
    }
    if to.value < 0.0 || to.value > below.value {
        return Err(first.error(to.span, "small counts become a number from 0 to `below`"));
    }
    let small = Small {
        below: below.value,
        to: to.value,
    };
    first.finish()?;
    let rounding = match second {
        Item::Number(to) => Rounding {
            small: None,
            to: positive(section, to)?,
            how: Towards::Nearest,
        },
        Item::Section(second) => multiple(second)?,
    };
    Ok(Rounding {
        small: Some(small),
        ..rounding
    })
}

/// `totals = { age_band = "all" }`.
fn totals(section: &Section<'_>) -> Result<Vec<(Column, At<String>)>> {
    let Some(inner) = section.section("totals")? else {
        return Ok(Vec::new());
    };
    let column = |column: Column| {
        let value = inner.string(&column)?.expect("the key is there");
        Ok((column, value))
    };
    inner.keys().into_iter().map(column).collect()
}

/// `made_of = { region = "areas.csv" }`.
fn made_of(section: &Section<'_>, folder: &Path) -> Result<Vec<(Column, MadeOf)>> {
    let Some(inner) = section.section("made_of")? else {
        return Ok(Vec::new());
    };
    let column = |column: Column| {
        let file = inner.string(&column)?.expect("the key is there");
        let at_line = |error: Error| error.at(inner.source(), file.span.clone(), "named here");
        let made_of = MadeOf::read(&folder.join(&file.value)).map_err(at_line)?;
        Ok((column, made_of))
    };
    inner.keys().into_iter().map(column).collect()
}

/// `window = "7d"`.
fn window(section: &Section<'_>) -> Result<Option<At<u32>>> {
    let Some(text) = section.string("window")? else {
        return Ok(None);
    };
    match duration(&text) {
        Some(seconds) => Ok(Some(text.map(|_| seconds))),
        None => Err(section
            .error(text.span, "not a length of time")
            .help("write how long a count lasts, such as \"1h\", \"1d\" or \"7d\"")),
    }
}

/// `noise = { mechanism = "laplace", epsilon = 1.0, sensitivity = 1 }`, or `{ mechanism = "bounded", width = 5 }`: by
/// how many persons a count was moved at most.
fn noise(section: &Section<'_>) -> Result<(Option<Noise>, Option<f64>)> {
    let Some(inner) = section.section("noise")? else {
        return Ok((None, None));
    };
    let mechanism = inner.string("mechanism")?.ok_or_else(|| {
        inner.missing(
            "mechanism",
            "one of laplace, geometric, gaussian, or bounded with its `width`",
        )
    })?;
    let positive = |key: &str, why: &str, default: Option<f64>| -> Result<f64> {
        match (inner.number(key)?, default) {
            (Some(given), _) if given.value > 0.0 => Ok(given.value),
            (Some(given), _) => {
                Err(inner.error(given.span, format!("`{key}` must be greater than 0")))
            }
            (None, Some(default)) => Ok(default),
            (None, None) => Err(inner.missing(key, why)),
        }
    };
    if mechanism.value == BOUNDED {
        let why = "by how many persons a count was moved at most, up or down";
        let width = positive("width", why, None)?;
        inner.finish()?;
        return Ok((None, Some(width)));
    }
    let known = [
        Some(Mechanism::Laplace),
        Some(Mechanism::Geometric),
        Some(Mechanism::Gaussian),
        None,
    ];
    let mechanism = choice(&inner, &mechanism, "mechanism", &known, |mechanism| {
        mechanism.map_or(BOUNDED, Mechanism::as_str)
    })?;
    let mechanism = mechanism.expect("bounded noise was read");
    let epsilon = positive("epsilon", "how much one person may change the odds", None)?;
    let delta = match mechanism {
        Mechanism::Gaussian => positive("delta", "what the Gaussian mechanism leaves open", None)?,
        _ => 0.0,
    };
    let sensitivity = positive("sensitivity", "", Some(1.0))?;
    inner.finish()?;
    let noise = Noise {
        mechanism,
        epsilon,
        delta,
        sensitivity,
    };
    Ok((Some(noise), None))
}

/// The mechanism of which nothing is known but how far it moves a count.
const BOUNDED: &str = "bounded";

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(extrapolation: f64, rounding: Option<(f64, Towards)>) -> Counting {
        Counting {
            extrapolation,
            rounding: rounding.map(|(to, how)| Rounding {
                small: None,
                to,
                how,
            }),
            ..Counting::default()
        }
    }

    #[test]
    fn persons_behind_counts_by_hand() {
        let plain = counting(1.0, None);
        assert_eq!(plain.persons(3.0, true), Some((3, 3)));
        assert_eq!(plain.persons(0.5, false), None);
        // 2.8, 5.6, 8.4 and so on, rounded to the nearest whole number.
        let extrapolated = counting(2.8, None);
        assert_eq!(extrapolated.persons(3.0, true), Some((1, 1)));
        assert_eq!(extrapolated.persons(4.0, true), None);
        assert_eq!(extrapolated.persons(28.0, true), Some((10, 10)));
        assert_eq!(extrapolated.persons(2.8, false), Some((1, 1)));
        let tens = counting(2.8, Some((10.0, Towards::Nearest)));
        assert_eq!(tens.persons(40.0, true), Some((13, 16)));
        assert_eq!(tens.persons(0.0, true), Some((0, 1)));
        let fives = |how| counting(1.0, Some((5.0, how))).persons(10.0, true);
        assert_eq!(fives(Towards::Nearest), Some((8, 12)));
        // One-sided rounding does not reach the next multiple, which stays what it is.
        assert_eq!(fives(Towards::Up), Some((6, 10)));
        assert_eq!(fives(Towards::Down), Some((10, 14)));
        assert_eq!(fives(Towards::Random), Some((6, 14)));
        // What is no multiple was not rounded so.
        assert_eq!(
            counting(1.0, Some((5.0, Towards::Nearest))).persons(7.0, true),
            None
        );
        // Noise of known width, alone and before rounding.
        let mut noisy = counting(1.0, None);
        noisy.bounded_noise = Some(5.0);
        assert_eq!(noisy.persons(3.0, true), Some((0, 8)));
        noisy.rounding = counting(1.0, Some((10.0, Towards::Up))).rounding;
        assert_eq!(noisy.persons(30.0, true), Some((16, 35)));
    }

    #[test]
    fn two_stages_by_hand() {
        let staged = |below: f64, small: f64, to: f64, how| {
            let mut counting = counting(1.0, Some((to, how)));
            let small = Some(Small { below, to: small });
            counting.rounding = counting
                .rounding
                .map(|rounding| Rounding { small, ..rounding });
            move |published: f64| counting.persons(published, true)
        };
        let fives = staged(3.0, 0.0, 5.0, Towards::Nearest);
        assert_eq!(fives(0.0), Some((0, 2)));
        assert_eq!(fives(5.0), Some((3, 7)));
        assert_eq!(fives(10.0), Some((8, 12)));
        // Below ten nobody, then to fives: 5 is published of none.
        let tens = staged(10.0, 0.0, 5.0, Towards::Nearest);
        assert_eq!(tens(0.0), Some((0, 9)));
        assert_eq!(tens(5.0), None);
        assert_eq!(tens(10.0), Some((10, 12)));
        // One and two become three, and stay a multiple.
        let threes = staged(3.0, 3.0, 3.0, Towards::Down);
        assert_eq!(threes(0.0), Some((0, 0)));
        assert_eq!(threes(3.0), Some((1, 5)));
        assert_eq!(threes(6.0), Some((6, 8)));
    }

    #[test]
    fn bounds_are_the_least_and_the_most_that_give_a_count() {
        let small = Small {
            below: 4.0,
            to: 0.0,
        };
        for how in Towards::ALL {
            for (factor, to) in [(1.0, 5.0), (2.8, 10.0), (2.8, 1.0), (1.0, 3.0), (1.0, 1.0)] {
                for small in [None, Some(small), Some(Small { to: 4.0, ..small })] {
                    let mut counting = counting(factor, Some((to, how)));
                    counting.rounding = Some(Rounding { small, to, how });
                    let mut given: std::collections::BTreeMap<i64, Vec<u64>> = Default::default();
                    for persons in 0..400u64 {
                        for chance in [0.0, 0.999_999_999] {
                            let count = counting.publish(persons as f64, true, || chance);
                            given
                                .entry((count / to).round() as i64)
                                .or_default()
                                .push(persons);
                        }
                    }
                    // Counts near the end are also those of persons that were not tried.
                    for (multiple, persons) in
                        given.iter().filter(|(at, _)| **at as f64 * to < 300.0)
                    {
                        let found = counting.persons(*multiple as f64 * to, true).unwrap();
                        let (least, most) =
                            (persons.iter().min().unwrap(), persons.iter().max().unwrap());
                        let ties = how == Towards::Nearest;
                        assert!(
                            found.0 <= *least && *most <= found.1,
                            "{found:?} {persons:?}"
                        );
                        // Which way a half goes is not known: there one more may give it.
                        let slack = u64::from(ties);
                        assert!(
                            least - found.0 <= slack && found.1 - most <= slack,
                            "{how:?} {factor} {to} {small:?} {multiple}: {found:?} {persons:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn every_number_of_persons_is_among_those_its_count_stands_for() {
        for how in [
            Towards::Nearest,
            Towards::Up,
            Towards::Down,
            Towards::Random,
        ] {
            for (factor, to) in [(1.0, 5.0), (2.8, 10.0), (2.8, 1.0), (3.7, 0.5)] {
                let counting = counting(factor, Some((to, how)));
                for persons in 0..200u64 {
                    let multiples = persons as f64 * factor / to;
                    let near = multiples.round();
                    let multiples = if (multiples - near).abs() < 1e-9 {
                        near
                    } else {
                        multiples
                    };
                    let published: Vec<f64> = match how {
                        Towards::Nearest => vec![multiples.round()],
                        Towards::Up => vec![multiples.ceil()],
                        Towards::Down => vec![multiples.floor()],
                        Towards::Random => vec![multiples.floor(), multiples.ceil()],
                    };
                    for multiple in published {
                        let (least, most) = counting.persons(multiple * to, false).unwrap();
                        assert!((least..=most).contains(&persons));
                    }
                    for chance in [0.0, 0.999_999] {
                        let count = counting.publish(persons as f64, false, || chance);
                        let (least, most) = counting.persons(count, false).unwrap();
                        assert!((least..=most).contains(&persons), "{persons} as {count}");
                    }
                }
            }
        }
    }
}
