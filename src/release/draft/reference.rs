//! Which tables describe the values of another: a column of which each row has a value of its own, and that has all
//! values of a column there.

use std::collections::HashSet;

use super::Drafted;
use super::decide::{Layout, Where};
use super::sample::{Distinct, NULL};

/// Texts below which two columns of different names have the same ones by accident; numbers are always those of another
/// thing where their names differ.
const FEWEST: usize = 5;
/// The share of the values of the described column that the key has.
const COVERED: f64 = 0.95;

/// What a table describes.
pub struct Describes {
    pub key: usize,
    /// The other tables by their place, with the columns.
    pub columns: Vec<(usize, usize)>,
}

/// What the table at this place describes, if nothing in it is about persons.
pub fn describes(tables: &[Drafted], at: usize) -> Option<Describes> {
    let table = &tables[at];
    if !table.draft.of_nobody || !table.sample.whole {
        return None;
    }
    let keys = (0..table.input.columns.len()).filter(|key| is_key(table, *key));
    let found = keys.filter_map(|key| {
        let others = tables.iter().enumerate().filter(|(other, described)| {
            *other != at
                && (described.draft.layout != Layout::Microdata || !described.draft.of_nobody)
        });
        let columns = others.flat_map(|(other, described)| {
            let columns = candidates(described).into_iter();
            columns
                .filter(|column| holds((table, key), (described, *column)))
                .map(move |column| (other, column))
                .collect::<Vec<_>>()
        });
        let columns: Vec<(usize, usize)> = columns.collect();
        (!columns.is_empty()).then_some(Describes { key, columns })
    });
    found.max_by_key(|found| found.columns.len())
}

fn is_key(table: &Drafted, column: usize) -> bool {
    let Some(values) = &table.sample.columns[column] else {
        return false;
    };
    !values.codes.contains(&NULL)
        && values.values.len() == table.sample.rows
        && table.sample.rows > 1
}

/// The columns of a draft whose values may be described.
fn candidates(table: &Drafted) -> Vec<usize> {
    let draft = &table.draft;
    let mut columns = Vec::new();
    if let Some((Where::Cell(cell), _)) = &draft.place {
        columns.push(*cell);
    }
    if let Some((from, to, _)) = &draft.ends {
        columns.extend([*from, *to]);
    }
    let entries = [&draft.item, &draft.known, &draft.sensitive];
    let entries = entries.into_iter().flatten();
    columns.extend(entries.flat_map(|entry| &entry.columns));
    columns
}

/// Whether a key has the values of a column.
fn holds((table, key): (&Drafted, usize), (described, column): (&Drafted, usize)) -> bool {
    let sampled = |of: &Drafted, at: usize| {
        of.sample.columns[at]
            .as_ref()
            .map(|found| values(&found.values))
    };
    let (Some(keys), Some(values)) = (sampled(table, key), sampled(described, column)) else {
        return false;
    };
    let name = |of: &Drafted, at: usize| of.input.columns[at].name.to_lowercase();
    let (mine, theirs) = (name(table, key), name(described, column));
    let is_called_so = mine == theirs || theirs.ends_with(&format!("_{mine}"));
    let are_texts = values.iter().all(|value| value.parse::<f64>().is_err());
    let common = values.intersection(&keys).count();
    (is_called_so || are_texts && common >= FEWEST)
        && common > 0
        && common as f64 >= COVERED * values.len() as f64
}

fn values(distinct: &Distinct) -> HashSet<String> {
    match distinct {
        Distinct::Numbers(numbers) => numbers.iter().map(f64::to_string).collect(),
        Distinct::Texts(texts) => texts.iter().map(|(text, _)| text.clone()).collect(),
        Distinct::Bytes(bytes) => bytes.iter().map(|bytes| format!("{bytes:?}")).collect(),
    }
}
