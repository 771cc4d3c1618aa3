//! How the counts of flows were made, as far as the manifest says: extrapolated, rounded, left out, made noisy.

use std::path::Path;

use super::Column;
use super::made_of::MadeOf;
use super::manifest::choice;
use super::point::duration;
use crate::error::{Error, Result};
use crate::settings::{At, Section};

/// What the manifest says of the counts of a table of flows.
#[derive(Debug, Clone)]
pub struct Counting {
    /// Published count per counted person.
    pub extrapolation: f64,
    pub rounding: Option<Rounding>,
    /// For each of these columns the value that stands for all.
    pub totals: Vec<(Column, At<String>)>,
    /// For each of these columns what its values are made up of.
    pub made_of: Vec<(Column, MadeOf)>,
    /// How long a count lasts from its time on, in seconds, where the manifest says so.
    pub window: Option<At<u32>>,
    pub absent: Option<Absent>,
    /// The traces that were counted: a table or an auxiliary.
    pub counted: Option<At<String>>,
    pub noise: Option<Noise>,
}

impl Default for Counting {
    fn default() -> Self {
        Self {
            extrapolation: 1.0,
            rounding: None,
            totals: Vec::new(),
            made_of: Vec::new(),
            window: None,
            absent: None,
            counted: None,
            noise: None,
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

/// To what counts were rounded after extrapolation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rounding {
    /// The multiple.
    pub to: f64,
    pub how: Towards,
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

    /// How much the count before rounding may lie below the published one and above it, in multiples.
    fn reach(self) -> (f64, f64) {
        match self {
            Self::Nearest => (0.5, 0.5),
            Self::Up => (1.0, 0.0),
            Self::Down => (0.0, 1.0),
            Self::Random => (1.0, 1.0),
        }
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
    const ALL: [Self; 3] = [Self::Laplace, Self::Geometric, Self::Gaussian];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Laplace => "laplace",
            Self::Geometric => "geometric",
            Self::Gaussian => "gaussian",
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
        let extrapolation = match section.number("extrapolation")? {
            None => 1.0,
            Some(factor) if factor.value > 0.0 => factor.value,
            Some(factor) => {
                return Err(section.error(factor.span, "`extrapolation` must be greater than 0"));
            }
        };
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
        Ok(Self {
            extrapolation,
            rounding: rounding(section)?,
            totals: totals(section)?,
            made_of: made_of(section, folder)?,
            window: window(section)?,
            absent,
            counted: section.string("counted")?,
            noise: noise(section)?,
        })
    }

    /// Whether anything is said that only flows can have.
    pub fn is_said(&self) -> bool {
        self.rounding.is_some()
            || self.has_sums()
            || self.window.is_some()
            || self.absent.is_some()
            || self.counted.is_some()
            || self.noise.is_some()
    }

    /// Whether some values of a column stand for others. Which times of a `window` do only the times tell.
    pub fn has_sums(&self) -> bool {
        !self.totals.is_empty() || !self.made_of.is_empty()
    }

    /// How counts were rounded: whole ones to the nearest one where the manifest says nothing.
    fn rounded(&self, whole: bool) -> Rounding {
        self.rounding.unwrap_or(Rounding {
            to: if whole { 1.0 } else { 0.0 },
            how: Towards::Nearest,
        })
    }

    /// How much the count before rounding may lie below the published one and above it.
    pub fn reach(&self, whole: bool) -> (f64, f64) {
        let rounding = self.rounded(whole);
        match (self.rounding, self.extrapolation, self.noise) {
            // Counted, not computed.
            (None, 1.0, None) => (0.0, 0.0),
            _ => {
                let (below, above) = rounding.how.reach();
                (below * rounding.to, above * rounding.to)
            }
        }
    }

    /// How many persons a published count can stand for, at least and at most: those whose extrapolated and
    /// rounded number it is. Whole counts were rounded to the nearest one where the manifest says nothing. `None`
    /// where no whole number of persons gives it.
    pub fn persons(&self, published: f64, whole: bool) -> Option<(u64, u64)> {
        let (below, above) = self.reach(whole);
        // A count is a sum of few: numbers of double precision differ by less from what was meant.
        let slack = 1e-9 * published.abs().max(1.0);
        let least = (published - below - slack) / self.extrapolation;
        let most = (published + above + slack) / self.extrapolation;
        let (least, most) = (least.ceil().max(0.0), most.floor());
        (least <= most).then_some((least as u64, most as u64))
    }

    /// What is published for so many persons, `whole` where all counts are; `chance` is a number between 0 and 1
    /// that decides where counts are rounded at random.
    pub fn publish(&self, persons: f64, whole: bool, chance: impl FnOnce() -> f64) -> f64 {
        let Rounding { to, how } = self.rounded(whole);
        let count = persons * self.extrapolation;
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

/// `rounding = 5` or `{ to = 5, how = "up" }`.
fn rounding(section: &Section<'_>) -> Result<Option<Rounding>> {
    let positive = |section: &Section<'_>, to: At<f64>| match to.value > 0.0 {
        true => Ok(to.value),
        false => Err(section.error(to.span, "counts are rounded to a multiple greater than 0")),
    };
    if !section.is_section("rounding") {
        let to = section.number("rounding")?;
        return to
            .map(|to| {
                Ok(Rounding {
                    to: positive(section, to)?,
                    how: Towards::Nearest,
                })
            })
            .transpose();
    }
    let Some(inner) = section.section("rounding")? else {
        return Ok(None);
    };
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
    Ok(Some(Rounding { to, how }))
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

/// `noise = { mechanism = "laplace", epsilon = 1.0, sensitivity = 1 }`.
fn noise(section: &Section<'_>) -> Result<Option<Noise>> {
    let Some(inner) = section.section("noise")? else {
        return Ok(None);
    };
    let mechanism = inner
        .string("mechanism")?
        .ok_or_else(|| inner.missing("mechanism", "one of laplace, geometric, gaussian"))?;
    let mechanism = choice(
        &inner,
        &mechanism,
        "mechanism",
        &Mechanism::ALL,
        Mechanism::as_str,
    )?;
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
    let epsilon = positive("epsilon", "how much one person may change the odds", None)?;
    let delta = match mechanism {
        Mechanism::Gaussian => positive("delta", "what the Gaussian mechanism leaves open", None)?,
        _ => 0.0,
    };
    let sensitivity = positive("sensitivity", "", Some(1.0))?;
    inner.finish()?;
    Ok(Some(Noise {
        mechanism,
        epsilon,
        delta,
        sensitivity,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(extrapolation: f64, rounding: Option<(f64, Towards)>) -> Counting {
        Counting {
            extrapolation,
            rounding: rounding.map(|(to, how)| Rounding { to, how }),
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
        assert_eq!(fives(Towards::Up), Some((5, 10)));
        assert_eq!(fives(Towards::Down), Some((10, 15)));
        assert_eq!(fives(Towards::Random), Some((5, 15)));
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
