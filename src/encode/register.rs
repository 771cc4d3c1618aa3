//! A table of persons against a register of the population they come from, by the columns both have.

use std::collections::BTreeMap;

use super::combinations::Combinations;
use super::intern::{Distinct, Texts, Values};
use super::paths::Paths;
use super::{Encoded, matching, paths};
use crate::error::Result;
use crate::release::{Release, Table};

/// How many persons of the release and of the register match each other's combinations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The columns by which persons are compared.
    pub columns: Vec<String>,
    /// Persons in the release.
    pub persons: u64,
    /// Persons of the release none of whose combinations occurs in the register.
    pub unmatched: u64,
    /// For each class of the release its size in the population: persons of the register, or those of
    /// the release where they are more. Persons of the release by the smallest of their classes.
    pub sizes: BTreeMap<u64, u64>,
    /// For each class of the register its persons in the release and in the register; with how many
    /// persons of the register stand in such classes.
    pub presence: BTreeMap<(u64, u64), u64>,
}

/// Compares a table with a register, on those of the table's known columns that the register has.
///
/// # Errors
/// Values do not fit the table's hierarchies.
pub fn register(
    release: &Release,
    table: &Table,
    encoded: &Encoded,
    register: &Encoded,
) -> Result<Register> {
    let known = |encoded: &Encoded| encoded.known_columns();
    let (mine, theirs) = (known(encoded), known(register));
    let columns: Vec<String> = mine
        .iter()
        .filter(|name| theirs.contains(name))
        .cloned()
        .collect();
    let place = |names: &[String], column: &String| names.iter().position(|name| name == column);
    let (mut at_mine, mut at_theirs) = (Vec::new(), Vec::new());
    for column in &columns {
        at_mine.extend(place(&mine, column));
        at_theirs.extend(place(&theirs, column));
    }
    let mut released = encoded.all_combinations().project(&at_mine).0;
    let mut registered = register.all_combinations().project(&at_theirs).0;
    let mut attributes = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let (values, my_codes, their_codes) = merged(
            &encoded.attributes[at_mine[at]].1,
            &register.attributes[at_theirs[at]].1,
        );
        recode(&mut released, at, &my_codes, values.len());
        recode(&mut registered, at, &their_codes, values.len());
        attributes.push((column.clone(), values));
    }
    let equal = || {
        attributes
            .iter()
            .map(|(_, values)| Paths::equal(values, false))
            .collect()
    };
    let paths: Vec<Paths> = paths(release, table, None, &attributes)?.unwrap_or_else(equal);
    let paths: Vec<&Paths> = paths.iter().collect();
    let released_here = matching::persons(&paths, &released, &released);
    let registered_here = matching::persons(&paths, &released, &registered);
    let released_there = matching::persons(&paths, &registered, &released);
    let registered_there = matching::persons(&paths, &registered, &registered);
    let pairs = released_here.iter().zip(&registered_here);
    let sizes: Vec<u64> = pairs.map(|(here, there)| *here.max(there)).collect();
    // The least over a person's combinations of "it does not occur".
    let occurs: Vec<u64> = registered_here
        .iter()
        .map(|count| u64::from(*count == 0))
        .collect();
    let unmatched = released.least_over_persons(&occurs);
    let mut presence = BTreeMap::new();
    let there = released_there.into_iter().zip(registered_there);
    for (pair, persons) in there.zip(&registered.persons) {
        *presence.entry(pair).or_insert(0) += persons;
    }
    Ok(Register {
        columns,
        persons: encoded.persons().unwrap_or(0),
        unmatched: unmatched.get(&1).copied().unwrap_or(0),
        sizes: released.least_over_persons(&sizes),
        presence,
    })
}

/// The values of both, and where each one's codes go.
pub fn merged(a: &Values, b: &Values) -> (Values, Vec<u32>, Vec<u32>) {
    let null = a.null || b.null;
    let places = |values: &Values, found: &dyn Fn(usize) -> usize, len: usize| -> Vec<u32> {
        let first = values.null.then_some(0);
        let first_value = u32::from(null);
        let rest = (0..len).map(|at| first_value + found(at) as u32);
        first.into_iter().chain(rest).collect()
    };
    let (distinct, mine, theirs) = match (&a.distinct, &b.distinct) {
        (Distinct::Numbers(x), Distinct::Numbers(y)) => {
            let mut all: Vec<i64> = x.iter().chain(y).copied().collect();
            all.sort_unstable();
            all.dedup();
            let find = |value: i64| all.binary_search(&value).expect("it was put in");
            let mine = places(a, &|at| find(x[at]), x.len());
            let theirs = places(b, &|at| find(y[at]), y.len());
            (Distinct::Numbers(all), mine, theirs)
        }
        (Distinct::Bytes(x), Distinct::Bytes(y)) => {
            let texts =
                |texts: &'_ Texts| (0..texts.len()).map(|at| texts.get(at).to_vec()).collect();
            let (mut all, more): (Vec<Vec<u8>>, Vec<Vec<u8>>) = (texts(x), texts(y));
            all.extend(more);
            all.sort_unstable();
            all.dedup();
            let find = |value: &[u8]| {
                let found = all.binary_search_by(|known| known.as_slice().cmp(value));
                found.expect("it was put in")
            };
            let mine = places(a, &|at| find(x.get(at)), x.len());
            let theirs = places(b, &|at| find(y.get(at)), y.len());
            (Distinct::Bytes(Texts::of(&all)), mine, theirs)
        }
        _ => unreachable!("columns of different types are refused when the measures are planned"),
    };
    (Values { null, distinct }, mine, theirs)
}

fn recode(combinations: &mut Combinations, attribute: usize, codes: &[u32], capacity: usize) {
    combinations.capacity[attribute] = capacity;
    for code in &mut combinations.codes[attribute] {
        *code = codes[*code as usize];
    }
}
