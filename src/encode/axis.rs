//! What the values of an attribute of a point are: which lie near each other, and what they lie within.

use h3o::{CellIndex, Resolution};

use super::column::{geohash_bits, real};
use super::decimal::Width;

/// The numbers of an attribute, as they come out of its binning.
#[derive(Debug, Clone)]
pub enum Axis {
    Time(Times),
    /// Cells of a grid of so many degrees: (row << 32) + column.
    Degrees(f64),
    H3(Resolution),
    /// So many characters of 5 bits, longitude first.
    Geohash(u8),
    Amount(Amounts),
    /// Values without neighbours: cells by name, items.
    Names,
}

/// What the numbers of amounts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amounts {
    /// Bins of equal width: counted in widths, from the middle of each.
    Bins,
    /// Bins between edges or quantiles, by their rank; whole numbers as they are.
    Numbers,
    /// Real numbers by their ordered bits.
    Reals,
}

impl Amounts {
    /// The amount that a number stands for, in some unit of its own.
    pub fn value(self, number: i64) -> f64 {
        match self {
            Self::Bins => number as f64 + 0.5,
            Self::Numbers => number as f64,
            Self::Reals => real(number),
        }
    }
}

#[derive(Debug, Clone)]
pub enum Times {
    /// Instants, so many to the second, as they are stored: binned by UTC.
    Instants { per_second: i64 },
    /// Bins of so many seconds; so many of them until the first comes again.
    Bins { width: i64, again: Option<i64> },
    /// An hour of the week, a day number.
    Numbers,
}

impl Times {
    /// Into what bin of `width` seconds (of so many numbers, where they are no times) a number falls.
    /// Bins of which these are no multiple cannot be had: `None`.
    pub fn coarser(&self, number: i64, width: i64) -> Option<i64> {
        match self {
            Self::Instants { per_second } => Some(number.div_euclid(width * per_second)),
            Self::Bins { width: mine, .. } => {
                (width % mine == 0).then(|| number.div_euclid(width / mine))
            }
            Self::Numbers => Some(number.div_euclid(width)),
        }
    }

    /// The number `steps` bins later; instants have no bins to step over.
    pub fn later(&self, number: i64, steps: i64) -> i64 {
        match self {
            Self::Bins {
                again: Some(again), ..
            } => (number + steps).rem_euclid(*again),
            _ => number + steps,
        }
    }
}

impl Axis {
    /// Whether its values are places that lie near each other or far.
    pub fn is_place(&self) -> bool {
        matches!(self, Self::Degrees(_) | Self::H3(_) | Self::Geohash(_))
    }

    /// Latitude and longitude in degrees of the middle of a cell; `None` for what is no place.
    pub fn middle(&self, number: i64) -> Option<(f64, f64)> {
        match self {
            Self::Degrees(step) => {
                let (row, column) = grid(number);
                Some(((row as f64 + 0.5) * step, (column as f64 + 0.5) * step))
            }
            Self::H3(_) => {
                let middle = h3o::LatLng::from(h3(number)?);
                Some((middle.lat(), middle.lng()))
            }
            Self::Geohash(length) => {
                let bits = 5 * u32::from(*length);
                let (longitude, latitude) = apart(number, bits);
                let of = |number: i64, bits: u32, degrees: f64| {
                    (number as f64 + 0.5) / (1u64 << bits) as f64 * degrees - degrees / 2.0
                };
                Some((
                    of(latitude, bits / 2, 180.0),
                    of(longitude, bits.div_ceil(2), 360.0),
                ))
            }
            Self::Time(_) | Self::Amount(_) | Self::Names => None,
        }
    }

    /// The cell of a place in degrees; `None` beyond the poles, and for what is no place.
    pub fn cell_at(&self, latitude: f64, longitude: f64) -> Option<i64> {
        if !(-90.0..=90.0).contains(&latitude) || !longitude.is_finite() {
            return None;
        }
        let longitude = match (-180.0..=180.0).contains(&longitude) {
            true => longitude,
            false => (longitude + 180.0).rem_euclid(360.0) - 180.0,
        };
        match self {
            Self::Degrees(step) => {
                let step = Width::new(*step);
                Some(cell(step.bin(latitude), step.bin(longitude)))
            }
            Self::H3(resolution) => {
                let place = h3o::LatLng::new(latitude, longitude).ok()?;
                Some(u64::from(place.to_cell(*resolution)) as i64)
            }
            Self::Geohash(length) => Some(geohash_bits(latitude, longitude, usize::from(*length))),
            Self::Time(_) | Self::Amount(_) | Self::Names => None,
        }
    }

    /// About how far apart the middles of neighbouring cells are, in degrees of latitude; `None` for what is no place.
    pub fn spacing(&self) -> Option<f64> {
        match self {
            Self::Degrees(step) => Some(*step),
            // The middles of hexagons are √3 edges apart.
            Self::H3(resolution) => Some(resolution.edge_length_km() * 3f64.sqrt() / 111.2),
            Self::Geohash(length) => Some(180.0 / (1u64 << (5 * u32::from(*length) / 2)) as f64),
            Self::Time(_) | Self::Amount(_) | Self::Names => None,
        }
    }

    /// How many levels coarser cells can be made.
    pub fn levels(&self) -> u8 {
        match self {
            Self::Degrees(_) => 16,
            Self::H3(resolution) => u8::from(*resolution),
            Self::Geohash(length) => length - 1,
            Self::Time(_) | Self::Amount(_) | Self::Names => 0,
        }
    }

    /// How many cells are made one by a level.
    pub fn merged(&self) -> f64 {
        match self {
            Self::Degrees(_) => 4.0,
            Self::H3(_) => 7.0,
            Self::Geohash(_) => 32.0,
            Self::Time(_) | Self::Amount(_) | Self::Names => 1.0,
        }
    }

    /// A cell so many levels coarser: of a grid twice as wide each, of the next coarser resolution, of one
    /// character less.
    ///
    /// # Panics
    /// There are not so many levels.
    pub fn coarser(&self, number: i64, levels: u8) -> i64 {
        match self {
            Self::Degrees(_) => {
                let (row, column) = grid(number);
                cell(row >> levels, column >> levels)
            }
            Self::H3(resolution) => {
                let coarser = u8::from(*resolution) - levels;
                let coarser = Resolution::try_from(coarser).expect("it is between 0 and 15");
                let parent = h3(number).and_then(|cell| cell.parent(coarser));
                parent.map_or(number, |parent| u64::from(parent) as i64)
            }
            Self::Geohash(_) => number >> (5 * levels),
            Self::Time(_) | Self::Amount(_) | Self::Names => number,
        }
    }

    /// The cells within so many rings of one, itself among them, each once; over the 180th meridian, not
    /// over the poles.
    pub fn near(&self, number: i64, rings: u8) -> Vec<i64> {
        let rings = i64::from(rings);
        let square = || (-rings..=rings).flat_map(move |y| (-rings..=rings).map(move |x| (y, x)));
        let mut near: Vec<i64> = match self {
            Self::Degrees(step) => {
                let (row, column) = grid(number);
                let step = Width::new(*step);
                let rows = step.bin(-90.0)..=step.bin(90.0);
                let columns = (360.0 / step.value).round() as i64;
                let first = step.bin(-180.0);
                square()
                    .filter(|(y, _)| rows.contains(&(row + y)))
                    .map(|(y, x)| {
                        let column = (column + x - first).rem_euclid(columns) + first;
                        cell(row + y, column)
                    })
                    // The easternmost column of all is a meridian of its own.
                    .chain([number])
                    .collect()
            }
            Self::H3(_) => match h3(number) {
                Some(cell) => {
                    let disk: Vec<CellIndex> = cell.grid_disk(rings as u32);
                    disk.into_iter()
                        .map(|cell| u64::from(cell) as i64)
                        .collect()
                }
                None => vec![number],
            },
            Self::Geohash(length) => {
                let bits = 5 * u32::from(*length);
                let (x, y) = (bits.div_ceil(2), bits / 2);
                let (longitude, latitude) = apart(number, bits);
                square()
                    .map(|(up, right)| (latitude + up, longitude + right))
                    .filter(|(latitude, _)| (0..1 << y).contains(latitude))
                    .map(|(latitude, longitude)| {
                        together(longitude.rem_euclid(1 << x), latitude, bits)
                    })
                    .collect()
            }
            Self::Time(_) | Self::Amount(_) | Self::Names => vec![number],
        };
        near.sort_unstable();
        near.dedup();
        near
    }
}

fn grid(number: i64) -> (i64, i64) {
    let column = i64::from(number as i32);
    ((number - column) >> 32, column)
}

fn cell(row: i64, column: i64) -> i64 {
    (row << 32) + column
}

fn h3(number: i64) -> Option<CellIndex> {
    CellIndex::try_from(number as u64).ok()
}

/// The bits of longitude and of latitude: they alternate, longitude first.
fn apart(number: i64, bits: u32) -> (i64, i64) {
    let (mut longitude, mut latitude) = (0, 0);
    for at in 0..bits {
        let bit = number >> (bits - 1 - at) & 1;
        let one = if at % 2 == 0 {
            &mut longitude
        } else {
            &mut latitude
        };
        *one = *one << 1 | bit;
    }
    (longitude, latitude)
}

fn together(longitude: i64, latitude: i64, bits: u32) -> i64 {
    let (mut x, mut y) = (bits.div_ceil(2), bits / 2);
    (0..bits).fold(0, |number, at| {
        let bit = if at % 2 == 0 {
            x -= 1;
            longitude >> x & 1
        } else {
            y -= 1;
            latitude >> y & 1
        };
        number << 1 | bit
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(axis: &Axis, latitude: f64, longitude: f64) -> i64 {
        axis.cell_at(latitude, longitude).unwrap()
    }

    proptest! {
        /// Whoever goes a little way is in a near cell, also over the 180th meridian.
        #[test]
        fn a_step_leads_into_a_near_cell(
            latitude in -89.0..89.0f64,
            longitude in -180.0..180.0f64,
            north in -1.0..1.0f64,
            east in -1.0..1.0f64,
        ) {
            for (axis, step) in [
                (Axis::Degrees(0.01), 0.01),
                (Axis::Degrees(0.25), 0.25),
                // A geohash of 5 characters is 0.044 degrees square.
                (Axis::Geohash(5), 0.0439),
                (Axis::H3(Resolution::Seven), 0.005),
            ] {
                let mut to = longitude + east * step;
                if to >= 180.0 { to -= 360.0 } else if to < -180.0 { to += 360.0 }
                let near = axis.near(number(&axis, latitude, longitude), 1);
                prop_assert!(near.contains(&number(&axis, latitude + north * step, to)));
            }
        }

        /// Within a coarser cell lies what lies within its finer ones.
        #[test]
        fn coarser_cells_hold_the_finer(
            latitude in -89.9..89.9f64,
            longitude in -179.9..179.9f64,
            levels in 0u8..4,
        ) {
            for (fine, coarse) in [
                (Axis::Degrees(0.125), Axis::Degrees(0.125 * f64::from(1u8 << levels))),
                (Axis::Geohash(7), Axis::Geohash(7 - levels)),
            ] {
                let fine_number = number(&fine, latitude, longitude);
                prop_assert_eq!(fine.coarser(fine_number, levels), number(&coarse, latitude, longitude));
            }
            // Hexagons do not nest exactly; a cell's parent is the one its centre lies in.
            let mut cell = number(&Axis::H3(Resolution::Nine), latitude, longitude);
            let finest = cell;
            for level in 1..=levels {
                let centre = h3o::LatLng::from(h3(cell).unwrap());
                let resolution: Resolution = (9 - level).try_into().unwrap();
                cell = number(&Axis::H3(resolution), centre.lat(), centre.lng());
            }
            prop_assert_eq!(Axis::H3(Resolution::Nine).coarser(finest, levels), cell);
        }
    }

    #[test]
    fn rings_end_at_the_poles_and_go_on_over_the_meridian() {
        let grid = Axis::Degrees(1.0);
        assert_eq!(grid.near(cell(0, -180), 1).len(), 9);
        assert!(grid.near(cell(0, -180), 1).contains(&cell(0, 179)));
        assert!(grid.near(cell(0, 179), 1).contains(&cell(1, -180)));
        // The pole itself is a row of its own.
        assert_eq!(grid.near(cell(90, 5), 1).len(), 6);
        assert_eq!(grid.near(cell(-90, 5), 1).len(), 6);
        assert!(grid.near(cell(3, 180), 1).contains(&cell(3, 180)));
        assert_eq!(Axis::Names.near(7, 1), [7]);
    }

    #[test]
    fn the_middle_of_a_cell_lies_in_it() {
        for axis in [
            Axis::Degrees(0.01),
            Axis::H3(Resolution::Nine),
            Axis::Geohash(7),
            Axis::Geohash(6),
        ] {
            let place = number(&axis, -33.868, 151.209);
            let (latitude, longitude) = axis.middle(place).unwrap();
            assert_eq!(number(&axis, latitude, longitude), place);
        }
        assert_eq!(Axis::Names.middle(3), None);
    }

    #[test]
    fn hours_come_again() {
        let hours = Times::Bins {
            width: 3_600,
            again: Some(24),
        };
        assert_eq!(hours.later(23, 1), 0);
        assert_eq!(hours.later(0, -2), 22);
        assert_eq!(hours.coarser(23, 14_400), Some(5));
        assert_eq!(hours.coarser(23, 5_400), None);
        assert_eq!(Times::Numbers.coarser(-1, 2), Some(-1));
    }
}
