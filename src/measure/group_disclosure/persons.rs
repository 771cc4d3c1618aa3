//! Groups of microdata: the persons who share quasi-identifiers.

use std::collections::HashSet;

use super::{Disclosed, given_away, looks_sensitive};
use crate::encode::holdings::{self, Holdings};
use crate::encode::published::{Published, PublishedColumn, Rows};
use crate::identifier::private::is_unknown;
use crate::release::Table;

/// Values in common from which on two columns tell the same kind of thing.
const IN_COMMON: usize = 3;

/// The persons who share a row, and those who share all, as far as that is something else.
struct Groups {
    columns: Vec<String>,
    of_rows: Vec<Vec<u32>>,
    of_persons: Vec<Vec<u32>>,
}

pub fn disclosed(published: &Published, rows: &Rows, table: &Table) -> Vec<Disclosed> {
    let columns = || published.columns.iter().enumerate();
    let of_role = |role: &'static str| {
        let of =
            columns().filter(move |(at, column)| column.role == role && rows.column(*at).is_some());
        of.map(|(at, _)| at)
    };
    let known: Vec<usize> = of_role("quasi_identifiers").collect();
    let sensitive: Vec<usize> = of_role("sensitive").collect();
    let (suspected, others): (Vec<usize>, Vec<usize>) = known
        .iter()
        .partition(|at| looks_sensitive(&published.columns[**at], table));
    let mut found = Vec::new();
    if !sensitive.is_empty() {
        let groups = Groups::new(published, rows, &known);
        let mut single: Vec<(usize, HashSet<u64>)> = Vec::new();
        for at in sensitive {
            found.extend(groups.disclosed("class", published, rows, &[at]));
            single.push((at, values(rows, at)));
        }
        for alike in alike(&single) {
            found.extend(groups.disclosed("columns", published, rows, &alike));
        }
    }
    if !suspected.is_empty() && !others.is_empty() {
        let groups = Groups::new(published, rows, &others);
        for at in suspected {
            found.extend(groups.disclosed("class", published, rows, &[at]));
        }
    }
    found
}

impl Groups {
    fn new(published: &Published, rows: &Rows, columns: &[usize]) -> Self {
        let keys = rows.tuple(columns);
        let pairs = keys.iter().zip(0usize..);
        let mut pairs: Vec<(u64, u32)> = pairs.map(|(key, row)| (*key, rows.person(row))).collect();
        let of_rows = holdings::groups(&mut pairs).collect();
        let several = rows.persons() < rows.len();
        let of_persons = match several {
            true => {
                let keys = rows.of_persons(&keys).into_iter().zip(0..);
                holdings::groups(&mut keys.collect()).collect()
            }
            false => Vec::new(),
        };
        let name = |at: &usize| published.columns[*at].name.clone();
        Self {
            columns: columns.iter().map(name).collect(),
            of_rows,
            of_persons,
        }
    }

    fn disclosed(
        &self,
        by: &'static str,
        published: &Published,
        rows: &Rows,
        sensitive: &[usize],
    ) -> Option<Disclosed> {
        let pairs = sensitive
            .iter()
            .flat_map(|at| pairs(rows, &published.columns[*at], *at));
        let holdings = Holdings::new(rows.persons(), pairs.collect());
        if holdings.persons == 0 {
            return None;
        }
        let several = !self.of_persons.is_empty();
        let mut marked = vec![false; rows.persons()];
        let mut groups = 0;
        for (of, apart) in [(&self.of_rows, !several), (&self.of_persons, true)] {
            let found = given_away(&holdings, of, apart);
            for (members, _) in of.iter().zip(found).filter(|(_, found)| *found) {
                groups += 1;
                let known = members
                    .iter()
                    .filter(|person| !holdings.of(**person).is_empty());
                known.for_each(|person| marked[*person as usize] = true);
            }
        }
        let name = |at: &usize| published.columns[*at].name.clone();
        Some(Disclosed {
            by,
            points: None,
            columns: self.columns.clone(),
            sensitive: sensitive.iter().map(name).collect(),
            persons: marked.iter().filter(|marked| **marked).count() as u64,
            of: holdings.persons,
            groups: Some((groups, (self.of_rows.len() + self.of_persons.len()) as u64)),
        })
    }
}

/// The values of a column that are known, with whose they are.
pub(super) fn pairs(rows: &Rows, column: &PublishedColumn, at: usize) -> Vec<(u32, u64)> {
    let unknown = column.keys_of_texts(is_unknown);
    let keys = rows.values(at).unwrap_or_default().iter().zip(0usize..);
    let known = keys.filter(|(key, _)| **key != rows.null() && !unknown.contains(key));
    known.map(|(key, row)| (rows.person(row), *key)).collect()
}

fn values(rows: &Rows, at: usize) -> HashSet<u64> {
    let keys = rows.column(at).unwrap_or_default().iter();
    keys.copied().filter(|key| *key != rows.null()).collect()
}

/// The sets of columns that tell the same kind of thing.
fn alike(columns: &[(usize, HashSet<u64>)]) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let mut taken = HashSet::new();
    for (place, (at, values)) in columns.iter().enumerate() {
        if taken.contains(at) {
            continue;
        }
        let others = columns[place + 1..].iter();
        let alike = others.filter(|(_, theirs)| values.intersection(theirs).count() >= IN_COMMON);
        let set: Vec<usize> = std::iter::once(*at)
            .chain(alike.map(|(at, _)| *at))
            .collect();
        if set.len() > 1 {
            taken.extend(set.iter().copied());
            sets.push(set);
        }
    }
    sets
}
