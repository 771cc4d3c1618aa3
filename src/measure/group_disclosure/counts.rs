//! Groups of counts: cells that differ in a sensitive column alone.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{Disclosed, MORE, MOST, looks_sensitive};
use crate::encode::flows::{Count, Dimension, Flows};
use crate::encode::published::Published;
use crate::identifier::private::is_unknown;
use crate::release::{Absent, Table};

/// The persons of a sensitive value in a group.
#[derive(Default, Clone, Copy)]
struct Counted {
    code: u32,
    least: u64,
    most: u64,
    cells: u64,
}

pub fn disclosed(published: &Published, flows: &Flows, table: &Table) -> Vec<Disclosed> {
    let time = table.roles.time.as_ref().map(|time| time.value.as_str());
    let is_sensitive = |dimension: &Dimension| {
        let mut columns = published.columns.iter();
        let column = columns.find(|column| column.name == dimension.name);
        column.is_some_and(|column| {
            column.role == "sensitive"
                || time != Some(dimension.name.as_str()) && looks_sensitive(column, table)
        })
    };
    let sensitive: Vec<usize> = (0..flows.dimensions.len())
        .filter(|at| is_sensitive(&flows.dimensions[*at]))
        .collect();
    let of = sensitive.iter().map(|at| {
        let others: Vec<usize> = sensitive.iter().copied().filter(|of| of != at).collect();
        of_dimension(flows, table, *at, &others)
    });
    of.collect()
}

fn of_dimension(flows: &Flows, table: &Table, at: usize, others: &[usize]) -> Disclosed {
    let dimension = &flows.dimensions[at];
    // What a cell that was left out may hold at most: less than any that was not.
    let published = flows
        .counts
        .iter()
        .filter(|count| count.rows > 0 && count.least > 0);
    let most_hidden = published
        .map(|count| count.least)
        .min()
        .map_or(1, |least| least - 1)
        .max(1);
    let is_hidden = table.counting.absent == Some(Absent::Suppressed);
    let is_leaf = |dimension: usize, key: u64| {
        !flows.dimensions[dimension].wholes[flows.code(dimension, key) as usize]
    };
    let rest = |key: u64| {
        others
            .iter()
            .fold(flows.rest(at, key), |key, of| flows.rest(*of, key))
    };
    let mut cells: Vec<(u64, u32, Count)> = flows
        .cells()
        .filter(|(key, _)| others.iter().all(|of| is_leaf(*of, *key)))
        .map(|(key, count)| (rest(key), flows.code(at, key), count))
        .collect();
    cells.par_sort_unstable_by_key(|(rest, code, _)| (*rest, *code));
    let unknown: Vec<bool> = dimension
        .labels()
        .iter()
        .map(|label| label.as_deref().is_none_or(is_unknown))
        .collect();
    let leaves = |dimension: &Dimension| dimension.wholes.iter().filter(|whole| !**whole).count();
    let is_known = |code: u32| !dimension.wholes[code as usize] && !unknown[code as usize];
    // How many cells the values of the other sensitive columns make of each group and value.
    let each: u64 = others
        .iter()
        .map(|of| leaves(&flows.dimensions[*of]) as u64)
        .product();
    let hidden_most = |count: &Count| match count.is_suppressed() {
        true => most_hidden,
        false => count.most,
    };
    let mut in_table: HashMap<u32, u64> = HashMap::new();
    for (_, code, count) in cells.iter().filter(|(_, code, _)| is_known(*code)) {
        let all = in_table.entry(*code).or_default();
        *all = all.saturating_add(count.least);
    }
    in_table.retain(|_, persons| *persons > 0);
    let all: u64 = in_table.values().fold(0, |all, of| all.saturating_add(*of));
    let mut found = Disclosed {
        by: "counts",
        points: None,
        columns: flows
            .dimensions
            .iter()
            .enumerate()
            .filter(|(of, _)| *of != at && !others.contains(of))
            .map(|(_, of)| of.name.clone())
            .collect(),
        sensitive: vec![dimension.name.clone()],
        persons: 0,
        of: all,
        groups: None,
    };
    if in_table.len() < 2 {
        return found;
    }
    let (mut groups, mut revealing) = (0, 0);
    for group in cells.chunk_by(|a, b| a.0 == b.0) {
        let mut counted: Vec<Counted> = Vec::new();
        let mut total: Option<u64> = None;
        for of_code in group.chunk_by(|a, b| a.1 == b.1) {
            let code = of_code[0].1;
            let sum = |of: &dyn Fn(&Count) -> u64| {
                let counts = of_code.iter().map(|(_, _, count)| of(count));
                counts.fold(0u64, u64::saturating_add)
            };
            if is_known(code) {
                counted.push(Counted {
                    code,
                    least: sum(&|count| count.least),
                    most: sum(&hidden_most),
                    cells: of_code.len() as u64,
                });
            } else if dimension
                .above
                .get(code as usize)
                .is_some_and(Vec::is_empty)
                && of_code.iter().all(|(_, _, count)| !count.is_suppressed())
            {
                total = Some(sum(&|count| count.most));
            }
        }
        let Some(most) = counted.iter().max_by_key(|of| of.least).copied() else {
            continue;
        };
        if most.least == 0 {
            continue;
        }
        groups += 1;
        let hidden = |code: &u32| {
            let here = counted.iter().find(|of| of.code == *code);
            let (most, cells) = here.map_or((0, 0), |of| (of.most, of.cells));
            let absent = if is_hidden {
                each.saturating_sub(cells)
            } else {
                0
            };
            most.saturating_add(absent.saturating_mul(most_hidden))
        };
        let others = in_table.keys().filter(|code| **code != most.code);
        let mut rest = others.map(hidden).fold(0u64, u64::saturating_add);
        if let Some(total) = total {
            rest = rest.min(total.saturating_sub(most.least));
        }
        let share = most.least as f64 / (most.least as f64 + rest as f64);
        let in_table = in_table[&most.code] as f64 / all as f64;
        if share >= MOST && share - in_table > MORE {
            revealing += 1;
            found.persons = found.persons.saturating_add(most.least);
        }
    }
    found.groups = Some((revealing, groups));
    found
}
