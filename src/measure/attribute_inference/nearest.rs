//! The value that is most frequent among the nearest others, by Gower's distance.

use super::Model;
use crate::link::nearest::{Cost, EPSILON};

/// Comparisons of values that are made at most, and persons that are tried for all that.
const COMPARISONS: u64 = 10_000_000_000;
const LEAST: u64 = 200;
const MOST: u64 = 2_000;

/// The classes of a table, their values side by side.
pub struct Neighbours<'a> {
    model: &'a Model<'a>,
    columns: Vec<Column>,
}

enum Column {
    /// What a disagreement costs, and the code of each class.
    Codes(f64, Vec<u32>),
    /// The place of each class on the scale; NaN is null.
    Places(Vec<f64>),
}

impl<'a> Neighbours<'a> {
    pub fn new(model: &'a Model<'a>, costs: &[Cost]) -> Self {
        let firsts = &model.classes[..model.classes.len() - 1];
        let columns = model.cells.known.iter().zip(costs);
        let columns = columns.map(|(codes, cost)| {
            let codes = firsts.iter().map(|at| codes[*at]);
            match cost {
                Cost::Equal(cost) => Column::Codes(*cost, codes.collect()),
                Cost::Valued(_) => unreachable!("columns of classes have one cost"),
                Cost::Number(places) => {
                    Column::Places(codes.map(|code| places[code as usize]).collect())
                }
            }
        });
        Self {
            model,
            columns: columns.collect(),
        }
    }

    /// How many persons are tried, of so many.
    pub fn targets(&self, of: u64) -> u64 {
        let classes = self.model.classes.len() as u64 - 1;
        let each = (classes * self.columns.len() as u64).max(1);
        (COMPARISONS / each).clamp(LEAST, MOST).min(of)
    }

    /// How many of the nearest persons have each value, without the one whose cells are `mine`.
    pub fn predict(&self, cell: u32, mine: &[u32]) -> Vec<(usize, u64)> {
        let (model, cells) = (self.model, self.model.cells);
        let own = model.class_of(cell);
        let votes = |class: usize| {
            let range = model.classes[class]..model.classes[class + 1];
            range.map(move |at| {
                let left_out = mine.contains(&(at as u32));
                (
                    cells.value[at] as usize,
                    cells.persons[at] - u64::from(left_out),
                )
            })
        };
        let has_others = |class: usize| votes(class).any(|(_, persons)| persons > 0);
        if has_others(own) {
            return votes(own).collect();
        }
        let mut distances = vec![0.0; model.classes.len() - 1];
        for column in &self.columns {
            match column {
                Column::Codes(cost, codes) => {
                    let mine = codes[own];
                    let pairs = distances.iter_mut().zip(codes);
                    pairs.for_each(|(sum, code)| *sum += if *code == mine { 0.0 } else { *cost });
                }
                Column::Places(places) => {
                    let mine = places[own];
                    let pairs = distances.iter_mut().zip(places);
                    pairs.for_each(|(sum, place)| {
                        let difference = (place - mine).abs();
                        *sum += match difference.is_nan() {
                            true if place.is_nan() && mine.is_nan() => 0.0,
                            true => 1.0,
                            false => difference,
                        };
                    });
                }
            }
        }
        let mut nearest = f64::INFINITY;
        for (class, distance) in distances.iter().enumerate() {
            if *distance < nearest && has_others(class) {
                nearest = *distance;
            }
        }
        let mut of_value = vec![0u64; cells.values];
        for (class, distance) in distances.iter().enumerate() {
            if *distance <= nearest + EPSILON {
                votes(class).for_each(|(value, persons)| of_value[value] += persons);
            }
        }
        of_value.into_iter().enumerate().collect()
    }
}
