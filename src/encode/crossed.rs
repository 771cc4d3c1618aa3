//! Tables that name no subjects in common and hold the same persons all the same: by the values of a column of each, by
//! the order of their rows, or by the attributes that both have.

mod attributes;

use std::collections::{HashMap, HashSet};

use self::attributes::{Spectra, by_attributes};
use super::holdings::{self, Holdings, Revealed};
use super::published::{Published, PublishedColumn, Rows, scattered};
use crate::release::TableKind;
use crate::release::input::Domain;

/// Values below which nothing is concluded, and rows for their order.
const FEWEST: usize = 20;
const FEWEST_ROWS: usize = 50;

/// A table whose columns are compared.
pub struct Side<'a> {
    pub kind: TableKind,
    pub published: &'a Published,
    pub rows: &'a Rows,
}

/// Two tables of the same persons.
pub struct Crossed {
    pub tables: [usize; 2],
    /// `column`, `order` or `attributes`.
    pub by: &'static str,
    /// The columns whose values are equal; none where rows follow in the same order.
    pub columns: Vec<String>,
    pub persons: u64,
    /// Of each person how many have the same quasi-identifiers in both; nothing where one is a trace.
    pub crowds: Vec<u64>,
    /// Of each sensitive column for how many of them everybody who has the same quasi-identifiers has the same value; the
    /// name of the table is left to whoever knows it.
    pub revealed: Vec<(usize, Revealed)>,
}

impl Side<'_> {
    fn column(&self, at: usize) -> &PublishedColumn {
        &self.published.columns[at]
    }

    fn known(&self) -> Vec<usize> {
        let columns = self.published.columns.iter().enumerate();
        columns
            .filter(|(_, column)| column.role == "quasi_identifiers")
            .map(|(at, _)| at)
            .collect()
    }

    /// Columns of which a value stands for a person: subjects, those that name persons, and those of
    /// which nearly each row has a value of its own; numbers of rows are none.
    fn keys(&self) -> Vec<usize> {
        let is_key = |at: &usize| {
            let column = self.column(*at);
            let Some(keys) = self.rows.column(*at) else {
                return false;
            };
            if column.role == "subject" {
                return true;
            }
            if column.is_row_number || column.role == "quasi_identifiers" {
                return false;
            }
            let spread = self.rows.spread(keys);
            let is_own = 10 * spread.values >= 9 * self.rows.len() as u64
                || 2 * spread.own_persons >= self.rows.persons() as u64
                    && 10 * spread.own_rows >= 9 * spread.filled;
            spread.values >= FEWEST as u64
                && !is_dense(column)
                && (is_own || column.names_persons())
        };
        (0..self.published.columns.len()).filter(is_key).collect()
    }

    /// The quasi-identifiers of each person: equal where all their rows are.
    fn of_persons(&self) -> Vec<u64> {
        self.rows.of_persons(&self.rows.tuple(&self.known()))
    }

    /// The sensitive columns, each with a key for all that it says of each person.
    fn sensitive(&self) -> Vec<(String, Vec<u64>)> {
        let columns = self.published.columns.iter().enumerate();
        let sensitive = columns.filter(|(_, column)| column.role == "sensitive");
        sensitive
            .filter_map(|(at, column)| {
                let keys = self.rows.column(at)?;
                Some((column.name.clone(), self.rows.of_persons(keys)))
            })
            .collect()
    }

    /// What is known, by `persons`, of each value of a column: of the person who has it, or of all rows that have it where each row is
    /// a person.
    fn of_values(&self, column: usize, persons: &[u64]) -> HashMap<u64, u64> {
        let keys = self.rows.column(column).expect("it is compared");
        let mut known: HashMap<u64, u64> = HashMap::new();
        for (row, key) in keys.iter().enumerate() {
            let person = persons[self.rows.person(row) as usize];
            match self.rows.is_anonymous() {
                true => {
                    let of = known.entry(*key).or_default();
                    *of = of.wrapping_add(scattered(person));
                }
                false => {
                    known.entry(*key).or_insert(person);
                }
            }
        }
        known.remove(&self.rows.null());
        known
    }

    /// Whether equal rows stand together, as they do where rows are in the order of what they say.
    fn is_sorted(&self) -> bool {
        let tuples = self.rows.tuple(&self.known());
        let runs = 1 + tuples.windows(2).filter(|pair| pair[0] != pair[1]).count();
        let values = self.rows.spread(&tuples).values as usize;
        20 * runs <= 21 * values
    }
}

/// Whole numbers that lie so dense that another table has the same by chance.
fn is_dense(column: &PublishedColumn) -> bool {
    let numbers = column.numbers();
    let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let step = 10f64.powi(-(column.places().unwrap_or(0) as i32));
    !numbers.is_empty() && (high - low) / step < 3.0 * numbers.len() as f64
}

/// How many values there could be between those of two columns of numbers; without end for texts.
fn space(a: &PublishedColumn, b: &PublishedColumn) -> f64 {
    let (numbers, more) = (a.numbers(), b.numbers());
    if numbers.is_empty() || more.is_empty() {
        return f64::INFINITY;
    }
    extent(numbers.into_iter().chain(more), [a, b])
}

/// How many values lie from the least to the greatest number, in the places that both columns have.
fn extent(numbers: impl Iterator<Item = f64>, of: [&PublishedColumn; 2]) -> f64 {
    let ends = (f64::INFINITY, f64::NEG_INFINITY);
    let (low, high) = numbers.fold(ends, |(low, high), number| {
        (low.min(number), high.max(number))
    });
    let places = of
        .map(|column| column.places().unwrap_or(0))
        .into_iter()
        .min();
    (high - low) * 10f64.powi(places.unwrap_or(0) as i32) + 1.0
}

/// Whether so many values that two sets have in common are no more than chance gives where each is drawn from `space`.
fn is_chance(common: usize, of: [usize; 2], space: f64) -> bool {
    let expected = of[0] as f64 * of[1] as f64 / space;
    common as f64 <= expected + 5.0 * expected.sqrt() + 1.0
}

/// Where one of two columns has numbers and the other texts or fractions, the key of each of these with that of the whole
/// number it is: two values are the same where their keys are, or those that these stand for.
pub fn alias(one: &PublishedColumn, other: &PublishedColumn) -> HashMap<u64, u64> {
    let is_number =
        |column: &PublishedColumn| !matches!(column.domain, Domain::Text | Domain::Bytes);
    match (is_number(one), is_number(other)) {
        (true, false) => other.keys_of_numbers(),
        (false, true) => one.keys_of_numbers(),
        (true, true) if one.domain == Domain::Real && other.domain != Domain::Real => {
            one.keys_of_numbers()
        }
        (true, true) if other.domain == Domain::Real && one.domain != Domain::Real => {
            other.keys_of_numbers()
        }
        _ => HashMap::new(),
    }
}

/// The keys of those values of a column that another has as well.
pub fn shared(of: &PublishedColumn, other: &PublishedColumn) -> Vec<u64> {
    let alias = alias(of, other);
    let same = |key: u64| alias.get(&key).copied().unwrap_or(key);
    let known: HashSet<u64> = other.keys().map(same).collect();
    of.keys()
        .filter(|key| known.contains(&same(*key)))
        .collect()
}

/// Whether two columns have more values in common than chance gives.
pub fn have_in_common(one: &PublishedColumn, other: &PublishedColumn) -> bool {
    let numbers = |column: &PublishedColumn| {
        let known = column.numbers_by_key();
        (known.len() == column.len()).then(|| known.into_values())
    };
    let space = match (numbers(one), numbers(other)) {
        (Some(mine), Some(theirs)) => extent(mine.chain(theirs), [one, other]),
        _ => f64::INFINITY,
    };
    let common = shared(one, other).len();
    !is_chance(common, [one.len(), other.len()], space)
}

/// The tables that hold the same persons, two by two.
pub fn crossed(sides: &[Side<'_>]) -> Vec<Crossed> {
    let keys: Vec<Vec<usize>> = sides.iter().map(|side| side.keys()).collect();
    let spectra: Vec<Spectra> = sides.iter().map(|_| Spectra::new()).collect();
    let mut found = Vec::new();
    for later in 0..sides.len() {
        for earlier in 0..later {
            let tables = [earlier, later];
            let by_column = by_column(tables.map(|at| &sides[at]), tables.map(|at| &keys[at][..]));
            let by_order = || by_order(tables.map(|at| &sides[at]));
            let by_attributes =
                || by_attributes(tables.map(|at| &sides[at]), tables.map(|at| &spectra[at]));
            found.extend(
                by_column
                    .or_else(by_order)
                    .or_else(by_attributes)
                    .map(|crossed| Crossed { tables, ..crossed }),
            );
        }
    }
    found
}

/// By the pair of columns that have the most values in common.
fn by_column([a, b]: [&Side<'_>; 2], keys: [&[usize]; 2]) -> Option<Crossed> {
    let mut best: Option<Crossed> = None;
    let values = |side: &Side<'_>, keys: &[usize]| -> Vec<(usize, HashMap<u64, u64>)> {
        let persons = side.of_persons();
        let keys = keys.iter();
        keys.map(|at| (*at, side.of_values(*at, &persons)))
            .collect()
    };
    let their_values = values(b, keys[1]);
    for (mine_at, known) in values(a, keys[0]) {
        for (theirs, their) in &their_values {
            let (one, other) = (a.column(mine_at), b.column(*theirs));
            // Tables under the same subjects are joined by them.
            if one.role == "subject" && other.role == "subject" {
                continue;
            }
            let alias = alias(one, other);
            let as_number = |key: &u64| alias.get(key).copied().unwrap_or(*key);
            let mine: HashMap<u64, u64> = known
                .iter()
                .map(|(key, of)| (as_number(key), *of))
                .collect();
            let matched = their.iter().filter_map(|(key, of)| {
                Some((as_number(key), *key, *mine.get(&as_number(key))?, *of))
            });
            let matched: Vec<(u64, u64, u64, u64)> = matched.collect();
            let pairs: Vec<(u64, u64)> = matched.iter().map(|of| (of.2, of.3)).collect();
            let smaller = mine.len().min(their.len());
            let is_chance = is_chance(pairs.len(), [mine.len(), their.len()], space(one, other));
            let is_least = best
                .as_ref()
                .is_some_and(|best| best.persons >= pairs.len() as u64);
            if pairs.len() < FEWEST || 2 * pairs.len() < smaller || is_chance || is_least {
                continue;
            }
            let (mut of_pairs, mut told) = (Vec::new(), Vec::new());
            if let (TableKind::Microdata, TableKind::Microdata) = (a.kind, b.kind) {
                of_pairs = crowds(&pairs);
                let of_side = |side: &Side<'_>, column: usize| {
                    let sensitive = side.sensitive().into_iter();
                    let values =
                        sensitive.map(|(name, persons)| (name, side.of_values(column, &persons)));
                    values.collect::<Vec<_>>()
                };
                for (name, values) in of_side(a, mine_at) {
                    let values: HashMap<u64, u64> = values
                        .into_iter()
                        .map(|(key, value)| (as_number(&key), value))
                        .collect();
                    let values = matched.iter().map(|of| values.get(&of.0).copied());
                    told.push((0, name, values.collect::<Vec<_>>()));
                }
                for (name, values) in of_side(b, *theirs) {
                    let values = matched.iter().map(|of| values.get(&of.1).copied());
                    told.push((1, name, values.collect()));
                }
            }
            best = Some(Crossed {
                tables: [0; 2],
                by: "column",
                columns: vec![one.name.clone(), other.name.clone()],
                persons: pairs.len() as u64,
                crowds: of_pairs,
                revealed: revealed(&pairs, told),
            });
        }
    }
    best
}

/// As many rows of persons without names, in an order that neither table gives by itself.
fn by_order([a, b]: [&Side<'_>; 2]) -> Option<Crossed> {
    let is_of_rows = |side: &Side<'_>| {
        side.kind == TableKind::Microdata
            && side.rows.is_anonymous()
            && side.rows.len() >= FEWEST_ROWS
            && !side.is_sorted()
    };
    let is_same = a.rows.len() == b.rows.len() && is_of_rows(a) && is_of_rows(b);
    is_same.then(|| {
        let pairs: Vec<(u64, u64)> = a.of_persons().into_iter().zip(b.of_persons()).collect();
        let told = [a, b].into_iter().enumerate().flat_map(|(at, side)| {
            let sensitive = side.sensitive().into_iter();
            sensitive.map(move |(name, values)| (at, name, values.into_iter().map(Some).collect()))
        });
        Crossed {
            tables: [0; 2],
            by: "order",
            columns: Vec::new(),
            persons: pairs.len() as u64,
            crowds: crowds(&pairs),
            revealed: revealed(&pairs, told.collect()),
        }
    })
}

/// Of each pair how many are equal to it.
fn crowds(pairs: &[(u64, u64)]) -> Vec<u64> {
    let mut often: HashMap<(u64, u64), u64> = HashMap::new();
    pairs
        .iter()
        .for_each(|pair| *often.entry(*pair).or_default() += 1);
    let mut crowds: Vec<u64> = pairs.iter().map(|pair| often[pair]).collect();
    crowds.sort_unstable();
    crowds
}

/// For how many of these pairs of what is known all that are equal have the same value in a column of one of the tables.
fn revealed(
    pairs: &[(u64, u64)],
    told: Vec<(usize, String, Vec<Option<u64>>)>,
) -> Vec<(usize, Revealed)> {
    let mut of_pairs: HashMap<(u64, u64), u64> = HashMap::new();
    let mut keys: Vec<(u64, u32)> = Vec::with_capacity(pairs.len());
    for (pair, at) in pairs.iter().zip(0..) {
        let next = of_pairs.len() as u64;
        keys.push((*of_pairs.entry(*pair).or_insert(next), at));
    }
    let groups: Vec<Vec<u32>> = holdings::groups(&mut keys).collect();
    let of_column = |(side, column, values): (usize, String, Vec<Option<u64>>)| {
        let values = (0u32..).zip(values);
        let known = values.filter_map(|(at, value)| Some((at, value?)));
        let holdings = Holdings::new(pairs.len(), known.collect());
        let certain = groups.iter().filter(|members| holdings.is_certain(members));
        let revealed = Revealed {
            table: String::new(),
            column,
            trace: None,
            persons: certain.map(|members| members.len() as u64).sum(),
        };
        (side, revealed)
    };
    told.into_iter().map(of_column).collect()
}
