//! A decision table over the columns that predict best (R. Kohavi: The power of decision tables. ECML 1995): who shares
//! them with nobody is predicted by the best fewer columns.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::encode::cells::Cells;

/// Sets of columns that are tried before one is extended column by column.
const SETS: u64 = 1_500;
/// Columns of the sets that are all tried, and of the largest.
const ALL_OF: usize = 3;
const LARGEST: usize = 8;

/// The chosen columns and, one after the other, the best fewer ones.
pub struct SelectedTable<'a> {
    cells: &'a Cells,
    layers: Vec<Layer>,
}

struct Layer {
    attributes: Vec<usize>,
    /// Persons with each value, by what they have in the columns.
    votes: HashMap<u128, Vec<(u32, u64)>>,
}

impl<'a> SelectedTable<'a> {
    /// Chooses the columns by so many persons of each cell, each predicted from the others of them; and learns from all.
    pub fn new(cells: &'a Cells, chosen_by: &[u64]) -> Self {
        let mut best_of_size: Vec<(f64, Vec<usize>)> = vec![(share(cells, chosen_by), Vec::new())];
        let columns = cells.known.len();
        let (mut sets, mut tried): (Vec<Vec<usize>>, u64) = (vec![Vec::new()], 0);
        while best_of_size.len() <= ALL_OF.min(columns) {
            let larger = sets.iter().flat_map(|set| {
                let first = set.last().map_or(0, |last| last + 1);
                (first..columns).map(|next| with(set, next))
            });
            let larger: Vec<Vec<usize>> = larger.collect();
            tried += larger.len() as u64;
            if tried > SETS && best_of_size.len() > 1 {
                break;
            }
            best_of_size.extend(best(cells, chosen_by, &larger));
            sets = larger;
        }
        while best_of_size.len() <= LARGEST.min(columns) {
            let (least, start) = &best_of_size[best_of_size.len() - 1];
            let more = (0..columns).filter(|next| !start.contains(next));
            let larger: Vec<Vec<usize>> = more.map(|next| with(start, next)).collect();
            match best(cells, chosen_by, &larger) {
                Some(found) if found.0 > *least => best_of_size.push(found),
                _ => break,
            }
        }
        let scores = best_of_size.iter().map(|(score, _)| *score);
        let highest = scores.fold(f64::NEG_INFINITY, f64::max);
        let chosen = best_of_size.iter().position(|(score, _)| *score == highest);
        best_of_size.truncate(chosen.map_or(1, |at| at + 1));
        let layers = best_of_size.into_iter().rev();
        Self {
            cells,
            layers: layers
                .map(|(_, attributes)| Layer::new(cells, attributes))
                .collect(),
        }
    }

    /// The likeliest value of a cell, by all but the person whose cells are `mine`.
    pub fn predict(&self, cell: u32, mine: &[u32]) -> Option<Vec<(usize, u64)>> {
        let cells = self.cells;
        self.layers.iter().find_map(|layer| {
            let key = |cell: u32| key(cells, &layer.attributes, cell as usize);
            let wanted = key(cell);
            let votes = layer.votes.get(&wanted)?.iter();
            let left = votes.map(|(value, persons)| {
                let own = mine
                    .iter()
                    .filter(|cell| cells.value[**cell as usize] == *value && key(**cell) == wanted);
                (*value as usize, persons - own.count() as u64)
            });
            let left: Vec<(usize, u64)> = left.collect();
            left.iter().any(|(_, persons)| *persons > 0).then_some(left)
        })
    }
}

impl Layer {
    fn new(cells: &Cells, attributes: Vec<usize>) -> Self {
        let mut votes: HashMap<u128, Vec<(u32, u64)>> = HashMap::new();
        for (at, (value, persons)) in cells.value.iter().zip(&cells.persons).enumerate() {
            let of = votes.entry(key(cells, &attributes, at)).or_default();
            match of.iter_mut().find(|(known, _)| known == value) {
                Some((_, count)) => *count += persons,
                None => of.push((*value, *persons)),
            }
        }
        votes.values_mut().for_each(|of| of.sort_unstable());
        Self { attributes, votes }
    }
}

fn with(set: &[usize], next: usize) -> Vec<usize> {
    set.iter().copied().chain([next]).collect()
}

/// What a cell has in some columns; `capacity` of up to eight columns fits where none has more than 65,536 values, and
/// sets beyond are not tried.
fn key(cells: &Cells, attributes: &[usize], at: usize) -> u128 {
    attributes.iter().fold(0, |key, attribute| {
        key * cells.capacity[*attribute] as u128 + u128::from(cells.known[*attribute][at])
    })
}

fn fits(cells: &Cells, attributes: &[usize]) -> bool {
    let mut room = attributes.iter();
    let product = room.try_fold(1u128, |room, attribute| {
        room.checked_mul(cells.capacity[*attribute] as u128)
    });
    product.is_some()
}

/// The share of persons with the most frequent value.
fn share(cells: &Cells, persons: &[u64]) -> f64 {
    let mut of_value = vec![0u64; cells.values];
    for (value, persons) in cells.value.iter().zip(persons) {
        of_value[*value as usize] += persons;
    }
    let all: u64 = of_value.iter().sum();
    let most = of_value.iter().max().copied().unwrap_or(0);
    most as f64 / all.max(1) as f64
}

/// The set by which most persons are predicted right, the first of several.
fn best(cells: &Cells, persons: &[u64], sets: &[Vec<usize>]) -> Option<(f64, Vec<usize>)> {
    let alone = share(cells, persons);
    let scored = sets.par_iter().filter(|set| fits(cells, set));
    let scored: Vec<(f64, &Vec<usize>)> = scored
        .map(|set| (score(cells, persons, set, alone), set))
        .collect();
    let best = scored
        .into_iter()
        .reduce(|a, b| if b.0 > a.0 { b } else { a })?;
    Some((best.0, best.1.clone()))
}

/// The share of persons whose value the others with the same columns have most often; who shares them with nobody counts
/// by the chance of the most frequent value, `alone`, and a tie of two by a half.
fn score(cells: &Cells, persons: &[u64], set: &[usize], alone: f64) -> f64 {
    let taken = (0..cells.value.len()).filter(|at| persons[*at] > 0);
    let mut entries: Vec<(u128, u32, u64)> = taken
        .map(|at| (key(cells, set, at), cells.value[at], persons[at]))
        .collect();
    entries.sort_unstable();
    let (mut right, mut all) = (0.0, 0);
    let mut votes: Vec<u64> = Vec::new();
    for group in entries.chunk_by(|a, b| a.0 == b.0) {
        votes.clear();
        votes.extend(
            group
                .chunk_by(|a, b| a.1 == b.1)
                .map(|same| same.iter().map(|(_, _, persons)| persons).sum::<u64>()),
        );
        let total: u64 = votes.iter().sum();
        all += total;
        if total == 1 {
            right += alone;
            continue;
        }
        // The most votes, and the most that another value has.
        let (mut most, mut second) = (0, 0);
        for count in &votes {
            (most, second) = match *count {
                count if count > most => (count, most),
                count => (most, second.max(count)),
            };
        }
        for count in &votes {
            let others = if *count == most { second } else { most };
            right += match (count - 1).cmp(&others) {
                std::cmp::Ordering::Greater => *count as f64,
                std::cmp::Ordering::Equal => *count as f64 / 2.0,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    right / all.max(1) as f64
}
