//! The point: what an adversary may know of one moment in a trace.

use super::Column;
use crate::error::Result;
use crate::finding::Parameters;
use crate::settings::{At, Section};

/// A place: one column of cells, or coordinates in degrees (WGS 84): a pair of columns, or one of
/// points in well-known binary (GeoParquet), longitude first.
#[derive(Debug, Clone)]
pub enum Place {
    Cell(Column),
    Coordinates { latitude: Column, longitude: Column },
    Geometry(Column),
}

impl Place {
    pub fn columns(&self) -> Vec<&Column> {
        match self {
            Self::Cell(column) | Self::Geometry(column) => vec![column],
            Self::Coordinates {
                latitude,
                longitude,
            } => vec![latitude, longitude],
        }
    }
}

/// How times are binned: by floor division of the instant by the width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeBin {
    /// As it stands: an integer column, or every distinct instant.
    Column,
    Seconds(u32),
    /// So many seconds of what comes again: who knows the hour of the day does not know the day.
    Pattern(u32, Period),
}

/// What comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Day,
    /// From Monday on.
    Week,
    /// A day from Monday to Friday, then one of the weekend.
    DayType,
}

impl Period {
    const ALL: [Self; 3] = [Self::Day, Self::Week, Self::DayType];

    fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::DayType => "daytype",
        }
    }

    /// Days until it comes again.
    pub fn days(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::DayType => 2,
        }
    }

    /// How far into the period a moment is; `local` and the result in units of which `day` make a day,
    /// from the beginning of 1970 by the clock on the wall.
    pub fn fold(self, local: i64, day: i64) -> i64 {
        // 1 January 1970 was a Thursday.
        let of_week = (local + 3 * day).rem_euclid(7 * day);
        match self {
            Self::Day => local.rem_euclid(day),
            Self::Week => of_week,
            Self::DayType if of_week >= 5 * day => day + of_week % day,
            Self::DayType => of_week % day,
        }
    }
}

impl TimeBin {
    /// The width in seconds; `None` for times as they stand.
    pub fn width(self) -> Option<u32> {
        match self {
            Self::Column => None,
            Self::Seconds(width) | Self::Pattern(width, _) => Some(width),
        }
    }

    /// What comes again, if anything does.
    pub fn period(self) -> Option<Period> {
        match self {
            Self::Pattern(_, period) => Some(period),
            _ => None,
        }
    }

    /// The bin of a moment in seconds by the clock on the wall.
    pub fn of(self, local: i64) -> i64 {
        match self {
            Self::Column => local,
            Self::Seconds(width) => local.div_euclid(width.into()),
            Self::Pattern(width, period) => period.fold(local, 86_400) / i64::from(width),
        }
    }
}

/// Degrees: a centimetre. The rows and columns of finer grids are too many to be numbered.
pub const FINEST: f64 = 1e-7;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PlaceBin {
    Column,
    /// floor(latitude / step), floor(longitude / step), both as decimals; a step is at least [`FINEST`].
    Degrees(f64),
    H3(h3o::Resolution),
    /// Number of characters, 1 to 12.
    Geohash(u8),
}

#[derive(Debug, Clone, PartialEq)]
pub enum AmountBin {
    Column,
    /// floor(amount / width).
    Width(f64),
    /// The number of edges at or below the amount.
    Edges(Vec<f64>),
    /// So many bins with about as many rows each.
    Quantiles(u32),
}

/// Which attributes make up a point, and how coarse each is. `None`: the adversary does not know it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PointDefinition {
    pub time: Option<TimeBin>,
    pub place: Option<PlaceBin>,
    pub item: bool,
    pub amount: Option<AmountBin>,
}

impl PointDefinition {
    /// The definition as parameters of a finding.
    pub fn parameters(&self) -> Parameters {
        let mut parameters = Parameters::new();
        let mut set = |name: &str, text: String| {
            parameters.insert(name.to_owned(), text.as_str().into());
        };
        if let Some(time) = &self.time {
            set("time", time.to_string());
        }
        if let Some(place) = &self.place {
            set("place", place.to_string());
        }
        if self.item {
            set("item", "column".to_owned());
        }
        if let Some(amount) = &self.amount {
            set("amount", amount.to_string());
        }
        parameters
    }

    /// Reads `point = { time = …, place = …, item = …, amount = … }`; what is not said follows
    /// `default`.
    pub fn read(section: Option<Section<'_>>, default: Self) -> Result<Self> {
        let Some(section) = section else {
            return Ok(default);
        };
        let point = Self {
            time: match section.string("time")? {
                Some(text) => Some(time_bin(&section, &text)?),
                None => None,
            },
            place: match section.string("place")? {
                Some(text) => Some(place_bin(&section, &text)?),
                None => None,
            },
            item: section.boolean("item")?.is_some_and(|item| item.value),
            amount: amount_bin(&section)?,
        };
        if point == Self::default() {
            return Err(section.error(
                section.span(),
                "a point needs at least one of `time`, `place`, `item` and `amount`",
            ));
        }
        section.finish()?;
        Ok(point)
    }
}

impl std::fmt::Display for TimeBin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(seconds) = self.width() else {
            return f.write_str("column");
        };
        let (width, unit) = UNITS
            .iter()
            .find(|(width, _)| seconds % width == 0)
            .expect("every width is whole seconds");
        write!(f, "{}{unit}", seconds / width)?;
        match self.period() {
            Some(period) => write!(f, " of {}", period.as_str()),
            None => Ok(()),
        }
    }
}

impl std::fmt::Display for PlaceBin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Column => f.write_str("column"),
            Self::Degrees(step) => write!(f, "{step}deg"),
            Self::H3(resolution) => write!(f, "h3:{}", u8::from(*resolution)),
            Self::Geohash(length) => write!(f, "geohash:{length}"),
        }
    }
}

impl std::fmt::Display for AmountBin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Column => f.write_str("column"),
            Self::Width(width) => write!(f, "{width}"),
            Self::Edges(edges) => {
                let edges: Vec<_> = edges.iter().map(f64::to_string).collect();
                write!(f, "edges {}", edges.join(" "))
            }
            Self::Quantiles(bins) => write!(f, "quantiles:{bins}"),
        }
    }
}

/// Widest first, so that a width is written in the widest unit that divides it.
const UNITS: [(u32, &str); 5] = [
    (86_400, "d"),
    (3_600, "h"),
    (60, "min"),
    (60, "m"),
    (1, "s"),
];

fn time_bin(section: &Section<'_>, text: &At<String>) -> Result<TimeBin> {
    if text.value == "column" {
        return Ok(TimeBin::Column);
    }
    let error = |message: &str| {
        section.error(text.span.clone(), message).help(
            "for example \"15min\", \"1h\", \"6h\", \"1d\" or \"7d\"; \"1h of day\", \"1h of week\" or \
             \"1h of daytype\" (weekday or weekend) for what comes again; or \"column\" to take the \
             column as it is",
        )
    };
    let (bin, period) = match text.split_once(" of ") {
        None => (text.as_str(), None),
        Some((bin, name)) => {
            let period = Period::ALL.into_iter().find(|p| p.as_str() == name.trim());
            let period = period.ok_or_else(|| error("nothing of this name comes again"))?;
            (bin.trim(), Some(period))
        }
    };
    let width = duration(bin)
        .ok_or_else(|| error("a time bin is a whole number with a unit, of at most 136 years"))?;
    Ok(match period {
        None => TimeBin::Seconds(width),
        Some(period) if period.days() * 86_400 % i64::from(width) == 0 => {
            TimeBin::Pattern(width, period)
        }
        Some(_) => return Err(error("the bins do not divide what comes again")),
    })
}

/// A whole number with a unit, as seconds.
pub fn duration(text: &str) -> Option<u32> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (width, _) = UNITS
        .iter()
        .find(|(_, name)| *name == &text[digits.len()..])?;
    let count = digits.trim().parse::<u32>().ok()?;
    count.checked_mul(*width).filter(|seconds| *seconds > 0)
}

/// A way to bin places, as it is written.
pub fn place_of(text: &str) -> Option<PlaceBin> {
    if text == "column" {
        Some(PlaceBin::Column)
    } else if let Some(step) = text.strip_suffix("deg") {
        let step = step.trim().parse().ok();
        step.filter(|step: &f64| (FINEST..=180.0).contains(step))
            .map(PlaceBin::Degrees)
    } else if let Some(resolution) = text.strip_prefix("h3:") {
        let resolution = resolution.parse::<u8>().ok();
        resolution
            .and_then(|resolution| h3o::Resolution::try_from(resolution).ok())
            .map(PlaceBin::H3)
    } else if let Some(length) = text.strip_prefix("geohash:") {
        let length = length.parse().ok();
        length
            .filter(|length| (1..=12).contains(length))
            .map(PlaceBin::Geohash)
    } else {
        None
    }
}

fn place_bin(section: &Section<'_>, text: &At<String>) -> Result<PlaceBin> {
    place_of(text).ok_or_else(|| {
        section
            .error(text.span.clone(), "not a way to bin places")
            .help(
                "write \"column\" for a column of cells; \"0.01deg\" (0.0000001 to 180), \"h3:9\" (0 to 15) or \
             \"geohash:6\" (1 to 12) for coordinates",
            )
    })
}

fn amount_bin(section: &Section<'_>) -> Result<Option<AmountBin>> {
    if section.is_string("amount") {
        let text = section.string("amount")?.expect("it is there");
        let bins = text.strip_prefix("quantiles:");
        let bins = bins.and_then(|bins| bins.parse().ok());
        return match (text.value.as_str(), bins) {
            ("column", _) => Ok(Some(AmountBin::Column)),
            (_, Some(bins)) if bins >= 2 => Ok(Some(AmountBin::Quantiles(bins))),
            _ => Err(section.error(text.span, "not a way to bin amounts").help(
                "write a width such as 10, edges such as [0, 10, 50], \"quantiles:10\" for bins with \
                 as many rows each, or \"column\"",
            )),
        };
    }
    let Some(numbers) = section.numbers("amount")? else {
        return Ok(None);
    };
    match numbers.value.as_slice() {
        [width] if *width > 0.0 => Ok(Some(AmountBin::Width(*width))),
        edges if edges.len() > 1 && edges.is_sorted_by(|a, b| a < b) => {
            Ok(Some(AmountBin::Edges(edges.to_vec())))
        }
        _ => Err(section.error(
            numbers.span,
            "amounts are binned by one positive width, or by edges in ascending order",
        )),
    }
}
