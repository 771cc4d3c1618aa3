//! The point: what an adversary may know of one moment in a trace.

use super::Column;
use crate::error::Result;
use crate::finding::Parameters;
use crate::settings::{At, Section};

/// A place: one column of cells, or a pair of coordinates in degrees (WGS 84).
#[derive(Debug, Clone)]
pub enum Place {
    Cell(Column),
    Coordinates { latitude: Column, longitude: Column },
}

impl Place {
    pub fn columns(&self) -> Vec<&Column> {
        match self {
            Self::Cell(column) => vec![column],
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
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PlaceBin {
    Column,
    /// floor(latitude / step), floor(longitude / step).
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
        let Self::Seconds(seconds) = *self else {
            return f.write_str("column");
        };
        let (width, unit) = UNITS
            .iter()
            .find(|(width, _)| seconds % width == 0)
            .expect("every width is whole seconds");
        write!(f, "{}{unit}", seconds / width)
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
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = &text[digits.len()..];
    let width = UNITS.iter().find(|(_, name)| *name == unit);
    let count = digits.trim().parse::<u32>().ok().filter(|count| *count > 0);
    match (count, width) {
        (Some(count), Some((width, _))) if count.checked_mul(*width).is_some() => {
            Ok(TimeBin::Seconds(count * width))
        }
        _ => Err(section
            .error(text.span.clone(), "a time bin is a whole number with a unit")
            .help("for example \"15min\", \"1h\", \"6h\", \"1d\" or \"7d\"; or \"column\" to take the column as it is")),
    }
}

fn place_bin(section: &Section<'_>, text: &At<String>) -> Result<PlaceBin> {
    let bin = if text.value == "column" {
        Some(PlaceBin::Column)
    } else if let Some(step) = text.strip_suffix("deg") {
        let step = step.trim().parse().ok();
        step.filter(|step: &f64| *step > 0.0 && *step <= 180.0)
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
    };
    bin.ok_or_else(|| {
        section
            .error(text.span.clone(), "not a way to bin places")
            .help(
                "write \"column\" for a column of cells; \"0.01deg\", \"h3:9\" (0 to 15) or \
             \"geohash:6\" (1 to 12) for coordinates",
            )
    })
}

fn amount_bin(section: &Section<'_>) -> Result<Option<AmountBin>> {
    if section.is_string("amount") {
        let text = section.string("amount")?.expect("it is there");
        return match text.value.as_str() {
            "column" => Ok(Some(AmountBin::Column)),
            _ => Err(section
                .error(text.span, "not a way to bin amounts")
                .help("write a width such as 10, edges such as [0, 10, 50], or \"column\"")),
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
