//! Every row of a trace as who, what and when: what profiles are counted from.
//!
//! What a row tells is a feature: a tuple of binned attributes, which need not be those of the points.
//!
//! Memory: for each row 8 bytes and 4 for each attribute while loading, 8 afterwards; 4 for each attribute
//! of a distinct feature.

use crate::language::Said;
use crate::said;
use arrow::array::ArrayRef;
use rayon::prelude::*;

use super::Encoded;
use super::axis::{Axis, Times};
use super::column::{Attribute, whole_numbers};
use super::intern::{Distinct, Values};
use super::register::merged;
use super::visits::{Scale, Seen, Visits};
use crate::release::{PointDefinition, Tolerance};

/// How rows become features while they are read.
pub struct Followed {
    pub features: PointDefinition,
    pub attributes: Vec<Attribute>,
    pub axes: Vec<Axis>,
    /// The decoded column of the time, and what a stored time is in seconds.
    pub time: Option<(usize, Scale)>,
}

/// The rows of one unit of work.
#[derive(Default)]
pub struct Followers {
    persons: Vec<u32>,
    /// One list an attribute.
    codes: Vec<Vec<u32>>,
    times: Vec<i64>,
}

impl Followers {
    /// Adds the rows whose person is not null: `codes` holds one list an attribute.
    pub fn push(
        &mut self,
        arrays: &[ArrayRef],
        time: Option<(usize, Scale)>,
        persons: &[u32],
        codes: &[Vec<u32>],
        null: Option<u32>,
    ) {
        let kept = |at: &usize| Some(persons[*at]) != null;
        let rows = || (0..persons.len()).filter(kept);
        self.persons.extend(rows().map(|at| persons[at]));
        self.codes.resize(codes.len(), Vec::new());
        for (mine, codes) in self.codes.iter_mut().zip(codes) {
            mine.extend(rows().map(|at| codes[at]));
        }
        if let Some((time, _)) = time {
            let mut times = Vec::with_capacity(persons.len());
            whole_numbers(&arrays[time], &mut times);
            self.times.extend(rows().map(|at| times[at]));
        }
    }
}

/// What is told of whom, and when.
#[derive(Debug)]
pub struct Trails {
    /// As the features were asked for.
    pub definition: PointDefinition,
    pub features: Features,
    /// The features of each person in the order of time.
    pub visits: Visits,
}

/// The distinct features of one or two tables.
#[derive(Debug, Clone)]
pub struct Features {
    /// For each attribute the code of each feature; features ascend with their codes.
    codes: Vec<Vec<u32>>,
    values: Vec<Values>,
    axes: Vec<Axis>,
    /// The attribute that is a place.
    place: Option<usize>,
}

/// A feature's place and time as numbers that can be compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Degrees: the middle of the cell.
    pub latitude: f64,
    pub longitude: f64,
    /// The bin of time; 0 where features have none.
    pub bin: i64,
}

impl Trails {
    /// `orders` bring the codes of each attribute, `person_order` those of the `persons` persons, into the
    /// order of values; `values` are those of each attribute.
    pub fn build(
        rows: Vec<Followers>,
        followed: Followed,
        values: Vec<Values>,
        orders: &[Vec<u32>],
        person_order: &[u32],
        persons: usize,
    ) -> Self {
        let scale = followed.time.map(|(_, scale)| scale);
        let (rows, codes) = features(rows, orders);
        let own: Vec<u32> = (0..codes[0].len() as u32).collect();
        let name = |attribute: &Attribute| attribute.name.clone();
        let names: Vec<String> = followed.attributes.iter().map(name).collect();
        let visits = Visits::build(rows, &own, person_order, persons, scale, names.join(", "));
        let definition = followed.features;
        Self {
            features: Features {
                codes,
                values,
                axes: followed.axes,
                place: definition
                    .place
                    .map(|_| usize::from(definition.time.is_some())),
            },
            definition,
            visits,
        }
    }
}

/// Each row's feature, and for each attribute the codes of the features, which ascend.
fn features(rows: Vec<Followers>, orders: &[Vec<u32>]) -> (Vec<Seen>, Vec<Vec<u32>>) {
    let mut seen: Vec<Seen> = Vec::with_capacity(rows.len());
    let mut rest: Vec<Vec<Vec<u32>>> = Vec::with_capacity(rows.len());
    for unit in rows {
        let mut codes = unit.codes.into_iter();
        let mut spots = codes.next().unwrap_or_default();
        spots
            .par_iter_mut()
            .for_each(|code| *code = orders[0][*code as usize]);
        rest.push(codes.collect());
        seen.push(Seen {
            persons: unit.persons,
            spots,
            times: unit.times,
        });
    }
    let mut codes: Vec<Vec<u32>> = vec![(0..orders[0].len() as u32).collect()];
    for (attribute, order) in orders.iter().enumerate().skip(1) {
        let pair = |spot: u32, code: u32| u64::from(spot) << 32 | u64::from(order[code as usize]);
        let units = || seen.par_iter().zip(&rest);
        let mut pairs: Vec<u64> = units()
            .flat_map(|(seen, rest)| {
                let rows = seen.spots.par_iter().zip(&rest[attribute - 1]);
                rows.map(|(spot, code)| pair(*spot, *code))
            })
            .collect();
        pairs.par_sort_unstable();
        pairs.dedup();
        seen.par_iter_mut().zip(&rest).for_each(|(seen, rest)| {
            let rows = seen.spots.par_iter_mut().zip(&rest[attribute - 1]);
            rows.for_each(|(spot, code)| {
                let found = pairs.binary_search(&pair(*spot, *code));
                *spot = found.expect("it is one of them") as u32;
            });
        });
        for known in &mut codes {
            *known = pairs
                .iter()
                .map(|pair| known[(pair >> 32) as usize])
                .collect();
        }
        codes.push(pairs.into_iter().map(|pair| pair as u32).collect());
    }
    (seen, codes)
}

impl Features {
    pub fn len(&self) -> usize {
        self.codes[0].len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn key(&self, feature: usize) -> Vec<u32> {
        self.codes.iter().map(|codes| codes[feature]).collect()
    }

    fn find(&self, key: &[u32]) -> Option<u32> {
        let (mut low, mut high) = (0, self.len());
        for (codes, code) in self.codes.iter().zip(key) {
            let within = &codes[low..high];
            let first = within.partition_point(|known| known < code);
            let end = within.partition_point(|known| known <= code);
            (low, high) = (low + first, low + end);
        }
        (low < high).then_some(low as u32)
    }

    fn number(&self, attribute: usize, code: u32) -> Option<i64> {
        self.values[attribute].number(code)
    }

    fn code(&self, attribute: usize, number: i64) -> Option<u32> {
        self.values[attribute].code(number)
    }

    /// The features within a tolerance of each one, itself among them, ascending.
    pub fn near(&self, tolerance: Tolerance) -> Vec<Vec<u32>> {
        let near = |feature: usize| {
            let mut keys = vec![self.key(feature)];
            for (attribute, axis) in self.axes.iter().enumerate() {
                let Some(number) = self.number(attribute, keys[0][attribute]) else {
                    continue;
                };
                let numbers: Vec<i64> = match axis {
                    Axis::Time(Times::Instants { .. }) => continue,
                    Axis::Time(times) => (-tolerance.bins..=tolerance.bins)
                        .map(|step| times.later(number, step))
                        .collect(),
                    Axis::Degrees(_) | Axis::H3(_) | Axis::Geohash(_) => {
                        axis.near(number, tolerance.rings)
                    }
                    Axis::Amount(_) | Axis::Names => continue,
                };
                let codes: Vec<u32> = numbers
                    .into_iter()
                    .filter_map(|number| self.code(attribute, number))
                    .collect();
                keys = keys
                    .iter()
                    .flat_map(|key| {
                        codes.iter().map(|code| {
                            let mut key = key.clone();
                            key[attribute] = *code;
                            key
                        })
                    })
                    .collect();
            }
            let mut near: Vec<u32> = keys.iter().filter_map(|key| self.find(key)).collect();
            near.sort_unstable();
            near.dedup();
            near
        };
        (0..self.len()).into_par_iter().map(near).collect()
    }

    /// Where and when each feature is; `None` where its place is null. `None` for all where places are
    /// names, or where features have none.
    pub fn spots(&self) -> Option<Vec<Option<Spot>>> {
        let place = self.place.filter(|at| self.axes[*at].is_place())?;
        let time = matches!(self.axes.first(), Some(Axis::Time(_)));
        let spot = |feature: usize| {
            let number = self.number(place, self.codes[place][feature])?;
            let (latitude, longitude) = self.axes[place].middle(number)?;
            let bin = match time {
                true => self.number(0, self.codes[0][feature]).unwrap_or(0),
                false => 0,
            };
            Some(Spot {
                latitude,
                longitude,
                bin,
            })
        };
        Some((0..self.len()).map(spot).collect())
    }

    /// The place of each feature, as numbers that equal ones share; `None` where features have none.
    pub fn places(&self) -> Option<&[u32]> {
        Some(&self.codes[self.place?])
    }

    /// The values of the places, and the code among them of each feature; `None` where features have none.
    pub fn place_values(&self) -> Option<(&Values, &[u32])> {
        let place = self.place?;
        Some((&self.values[place], &self.codes[place]))
    }

    /// The amount of each feature, 0 where it is null; `None` where features have none.
    ///
    /// # Errors
    /// Amounts have more digits than a number of 64 bits.
    pub fn amounts(&self) -> Result<Option<Vec<f64>>, Said> {
        let Some(Axis::Amount(amounts)) = self.axes.last() else {
            return Ok(None);
        };
        let attribute = self.axes.len() - 1;
        if matches!(self.values[attribute].distinct, Distinct::Bytes(_)) {
            return Err(said!(
                "amounts have more than 18 digits",
                "Beträge haben mehr als 18 Stellen"
            ));
        }
        let value = |code: &u32| {
            let number = self.number(attribute, *code);
            number.map_or(0.0, |number| amounts.value(number))
        };
        Ok(Some(self.codes[attribute].iter().map(value).collect()))
    }

    /// About how far apart places are, in degrees of latitude; `None` where they are names, or there are none.
    pub fn spacing(&self) -> Option<f64> {
        self.axes[self.place?].spacing()
    }

    /// Of each feature its bin of time, and a number that features share which differ in it alone; `None` where
    /// features have no time.
    pub fn times_apart(&self) -> Option<(Vec<i64>, Vec<u32>)> {
        if !matches!(self.axes.first(), Some(Axis::Time(_))) {
            return None;
        }
        let times = (0..self.len()).map(|at| self.number(0, self.codes[0][at]).unwrap_or(0));
        let rest =
            |at: &usize| -> Vec<u32> { self.codes[1..].iter().map(|codes| codes[*at]).collect() };
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by_cached_key(rest);
        let mut numbers = vec![0; self.len()];
        let mut next = 0;
        for pair in order.windows(2) {
            next += u32::from(rest(&pair[0]) != rest(&pair[1]));
            numbers[pair[1]] = next;
        }
        Some((times.collect(), numbers))
    }

    /// The features as they are once places and times have been moved, and what each one becomes. What has no place
    /// to go to stays where it is.
    pub fn moved(&self, place: impl Fn(f64, f64) -> (f64, f64), bins: i64) -> (Self, Vec<u32>) {
        let mut values = self.values.clone();
        let mut codes = self.codes.clone();
        for (attribute, axis) in self.axes.iter().enumerate() {
            let there = |number: i64| match axis {
                Axis::Time(times) => times.later(number, bins),
                _ => axis
                    .middle(number)
                    .map(|(latitude, longitude)| place(latitude, longitude))
                    .and_then(|(latitude, longitude)| axis.cell_at(latitude, longitude))
                    .unwrap_or(number),
            };
            let is_moved = match axis {
                Axis::Time(_) => bins != 0,
                _ => axis.is_place(),
            };
            let Distinct::Numbers(numbers) = &self.values[attribute].distinct else {
                continue;
            };
            if !is_moved {
                continue;
            }
            let moved: Vec<i64> = numbers.iter().map(|number| there(*number)).collect();
            let mut distinct = moved.clone();
            distinct.sort_unstable();
            distinct.dedup();
            let first = u32::from(values[attribute].null);
            for code in &mut codes[attribute] {
                if let Some(at) = code.checked_sub(first) {
                    let at = distinct.binary_search(&moved[at as usize]);
                    *code = first + at.expect("it was put in") as u32;
                }
            }
            values[attribute].distinct = Distinct::Numbers(distinct);
        }
        let key = |at: usize| -> Vec<u32> { codes.iter().map(|codes| codes[at]).collect() };
        let mut all: Vec<Vec<u32>> = (0..self.len()).map(key).collect();
        all.sort_unstable();
        all.dedup();
        let find = |at| all.binary_search(&key(at)).expect("it was put in") as u32;
        let becomes = (0..self.len()).map(find).collect();
        let moved = Self {
            codes: (0..codes.len())
                .map(|attribute| all.iter().map(|key| key[attribute]).collect())
                .collect(),
            values,
            axes: self.axes.clone(),
            place: self.place,
        };
        (moved, becomes)
    }

    /// The features of two tables as one, and what each one's become.
    pub fn joined(a: &Self, b: &Self) -> (Self, [Vec<u32>; 2]) {
        let pairs = a.values.iter().zip(&b.values);
        let merged: Vec<(Values, Vec<u32>, Vec<u32>)> =
            pairs.map(|(mine, theirs)| merged(mine, theirs)).collect();
        let key = |features: &Self, feature: usize, second: bool| -> Vec<u32> {
            let codes = features.key(feature).into_iter().zip(&merged);
            codes
                .map(|(code, (_, mine, theirs))| match second {
                    false => mine[code as usize],
                    true => theirs[code as usize],
                })
                .collect()
        };
        let keys = |features: &Self, second| -> Vec<Vec<u32>> {
            let all = 0..features.len();
            all.map(|feature| key(features, feature, second)).collect()
        };
        let (mine, theirs) = (keys(a, false), keys(b, true));
        let mut all: Vec<Vec<u32>> = mine.iter().chain(&theirs).cloned().collect();
        all.sort_unstable();
        all.dedup();
        let place = |keys: Vec<Vec<u32>>| -> Vec<u32> {
            let find = |key| all.binary_search(&key).expect("it was put in") as u32;
            keys.into_iter().map(find).collect()
        };
        let becomes = [place(mine), place(theirs)];
        let attributes = 0..merged.len();
        let joined = Self {
            codes: attributes
                .map(|attribute| all.iter().map(|key| key[attribute]).collect())
                .collect(),
            values: merged.into_iter().map(|(values, _, _)| values).collect(),
            axes: a.axes.clone(),
            place: a.place,
        };
        (joined, becomes)
    }
}

/// For each person of `a` the same person of `b`, by the subjects of the two tables; `None` for those that
/// only `a` has.
pub fn same_persons(a: &Encoded, b: &Encoded) -> Vec<Option<u32>> {
    let (Some((_, mine)), Some((_, theirs))) = (&a.subjects, &b.subjects) else {
        return Vec::new();
    };
    mine.places_in(theirs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::intern::Distinct;

    fn numbers(numbers: &[i64]) -> Values {
        Values {
            null: false,
            distinct: Distinct::Numbers(numbers.to_vec()),
        }
    }

    fn grid(row: i64, column: i64) -> i64 {
        (row << 32) + column
    }

    /// Hours and cells.
    fn told(hours: &[i64], cells: &[i64], keys: &[[u32; 2]]) -> Features {
        Features {
            codes: vec![
                keys.iter().map(|key| key[0]).collect(),
                keys.iter().map(|key| key[1]).collect(),
            ],
            values: vec![numbers(hours), numbers(cells)],
            axes: vec![
                Axis::Time(Times::Bins {
                    width: 3_600,
                    again: Some(24),
                }),
                Axis::Degrees(1.0),
            ],
            place: Some(1),
        }
    }

    #[test]
    fn tuples_of_three_attributes_are_features() {
        let rows = vec![
            Followers {
                persons: vec![0, 0],
                codes: vec![vec![1, 0], vec![0, 0], vec![5, 5]],
                times: Vec::new(),
            },
            Followers {
                persons: vec![1],
                codes: vec![vec![1], vec![0], vec![4]],
                times: Vec::new(),
            },
        ];
        let orders = [vec![0, 1], vec![0], vec![0, 1, 2, 3, 4, 5]];
        let (seen, codes) = features(rows, &orders);
        assert_eq!(codes, [vec![0, 1, 1], vec![0, 0, 0], vec![5, 4, 5]]);
        assert_eq!(
            (&seen[0].spots[..], &seen[1].spots[..]),
            (&[2, 0][..], &[1][..])
        );
    }

    #[test]
    fn near_features_are_within_bins_and_rings() {
        let cells = [grid(0, 0), grid(0, 1), grid(5, 5)];
        let features = told(
            &[0, 1, 23],
            &cells,
            &[[0, 0], [0, 2], [1, 1], [2, 0], [2, 2]],
        );
        let tolerance = |bins, rings| features.near(Tolerance { bins, rings });
        assert_eq!(
            tolerance(0, 0),
            [vec![0], vec![1], vec![2], vec![3], vec![4]]
        );
        // 23 o'clock and midnight are neighbours.
        assert_eq!(tolerance(1, 0)[0], [0, 3]);
        assert_eq!(tolerance(1, 1)[0], [0, 2, 3]);
        assert_eq!(tolerance(1, 1)[1], [1, 4]);
    }

    #[test]
    fn features_of_two_tables_are_joined_by_value() {
        let a = told(&[3, 7], &[grid(0, 0), grid(2, 2)], &[[0, 0], [1, 1]]);
        let b = told(
            &[3, 5],
            &[grid(0, 0), grid(1, 1)],
            &[[0, 0], [1, 0], [1, 1]],
        );
        let (joined, [mine, theirs]) = Features::joined(&a, &b);
        assert_eq!(joined.len(), 4);
        assert_eq!(mine[0], theirs[0], "three o'clock at the same place");
        assert_eq!((mine, theirs), (vec![0, 3], vec![0, 1, 2]));
        let spots = joined.spots().unwrap();
        assert_eq!(
            spots[3],
            Some(Spot {
                latitude: 2.5,
                longitude: 2.5,
                bin: 7
            })
        );
    }
}
