//! Which columns are places: coordinates in degrees or metres, and cells.

use super::decide::{SOME, Table};
use super::facts::{Facts, Form};
use super::words::*;
use crate::release::input::Domain;

#[derive(Debug, Clone)]
pub struct Pair {
    pub latitude: usize,
    pub longitude: usize,
    pub swapped: bool,
    /// Numbers written as texts, which have no grid.
    pub texts: bool,
}

impl Pair {
    pub fn columns(&self) -> [usize; 2] {
        [self.latitude, self.longitude]
    }
}

/// Latitudes and longitudes, each with its own, in the order of the columns.
pub fn coordinates(table: &Table<'_>) -> Vec<Pair> {
    let within = |facts: &Facts, most: f64| {
        let numbers = facts
            .numbers
            .filter(|_| facts.distinct > 1 || table.sample.rows < SOME);
        numbers.is_some_and(|numbers| numbers.least >= -most && numbers.greatest <= most)
    };
    let usable = |facts: &Facts| {
        matches!(
            facts.source.domain,
            Some(Domain::Real | Domain::Integer | Domain::Decimal(_))
        ) || facts.form == Form::Number
    };
    let named = |list: &'static [&'static str]| {
        table.all(move |facts| usable(facts) && facts.words.any(list))
    };
    let (latitudes, longitudes) = (named(LATITUDES), named(LONGITUDES));
    let mut pairs: Vec<Pair> = Vec::new();
    let mut gone: Vec<usize> = Vec::new();
    for latitude in latitudes {
        let rest = |at: usize, list: &[&str]| {
            let words = table.facts[at].words.without(list);
            words
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<String>>()
        };
        let own = rest(latitude, LATITUDES);
        let free = longitudes
            .iter()
            .filter(|at| !gone.contains(at) && **at != latitude);
        let free: Vec<usize> = free.copied().collect();
        let same = free.iter().find(|at| rest(**at, LONGITUDES) == own);
        let Some(longitude) = same.or(free.first()).copied() else {
            continue;
        };
        let (a, b) = (&table.facts[latitude], &table.facts[longitude]);
        let texts = a.is_text() || b.is_text();
        if within(a, 90.0) && within(b, 180.0) {
            pairs.push(Pair {
                latitude,
                longitude,
                swapped: false,
                texts,
            });
        } else if within(a, 180.0) && within(b, 90.0) {
            pairs.push(Pair {
                latitude: longitude,
                longitude: latitude,
                swapped: true,
                texts,
            });
        } else {
            continue;
        }
        gone.push(longitude);
    }
    // x and y in degrees: most with three decimal places.
    let (xs, ys) = (named(EASTINGS), named(NORTHINGS));
    for (x, y) in xs.into_iter().zip(ys) {
        let fine = |at: usize| {
            table.facts[at]
                .numbers
                .is_some_and(|numbers| numbers.fine > 0.5)
        };
        let texts = table.facts[x].is_text() || table.facts[y].is_text();
        if within(&table.facts[y], 90.0) && within(&table.facts[x], 180.0) && fine(x) && fine(y) {
            pairs.push(Pair {
                latitude: y,
                longitude: x,
                swapped: false,
                texts,
            });
        }
    }
    pairs.sort_by_key(|pair| pair.latitude.min(pair.longitude));
    pairs
}

/// Coordinates in metres, or degrees as whole numbers: pairs by name that are none in degrees.
pub fn projected(table: &Table<'_>) -> Vec<usize> {
    let far = |facts: &Facts| {
        let numbers = facts.numbers.filter(|_| facts.is_number());
        numbers.is_some_and(|numbers| numbers.greatest.abs().max(numbers.least.abs()) > 180.0)
    };
    let named =
        |list: &'static [&'static str]| table.all(move |facts| far(facts) && facts.words.any(list));
    let mut found = Vec::new();
    for (a, b) in [(EASTINGS, NORTHINGS), (LONGITUDES, LATITUDES)] {
        let (a, b) = (named(a), named(b));
        if !a.is_empty() && !b.is_empty() {
            found.extend(a.into_iter().chain(b));
        }
    }
    found
}

/// Columns of cells by name or form, the finest first.
pub fn cells(table: &Table<'_>, taken: &dyn Fn(&usize) -> bool) -> Vec<usize> {
    let mut cells = table.all(|facts| {
        let by_name =
            facts.words.any(PLACES) && !facts.words.any(AMOUNTS) && !facts.words.any(DEMOGRAPHICS);
        let kinds = facts.is_text()
            || matches!(
                facts.source.domain,
                Some(Domain::Integer | Domain::Unsigned | Domain::Bytes)
            );
        let told = facts.distinct > 1 || table.sample.rows < SOME;
        (facts.form == Form::H3 || by_name && kinds)
            && told
            && !facts.is_unique()
            && !matches!(
                facts.form,
                Form::Prose | Form::Point | Form::Instant | Form::Day
            )
    });
    cells.retain(|at| !taken(at));
    cells.sort_by_key(|at| std::cmp::Reverse(table.facts[*at].distinct));
    cells
}
