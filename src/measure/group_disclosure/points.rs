//! Groups of a trace: the persons who share a point, or several.

use std::collections::HashMap;

use rayon::prelude::*;

use super::persons::pairs;
use super::{Disclosed, MORE, looks_sensitive};
use crate::encode::holdings::{self, CHANCE, Holdings};
use crate::encode::published::{Published, PublishedColumn, Rows};
use crate::identifier::private::{is_telling, is_unknown};
use crate::release::Table;
use crate::stats::{Draws, tail};

/// Points that somebody knows; persons drawn, and how often for each.
const POINTS: usize = 4;
const DRAWN: usize = 2_000;
const TIMES: usize = 5;

/// What a group is asked to have in common.
struct Asked {
    at: usize,
    holdings: Holdings,
    /// The value that a point says itself, where the column is part of it.
    said: Option<HashMap<u64, u64>>,
}

pub fn disclosed(
    published: &Published,
    rows: &Rows,
    table: &Table,
    draws: &Draws,
) -> Vec<Disclosed> {
    let points = rows.joined(&[]);
    let columns = published.columns.iter().enumerate();
    let asked: Vec<Asked> = columns
        .filter_map(|(at, column)| Asked::new(rows, table, (at, column), &points))
        .collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let pairs = points.iter().zip(0usize..);
    let mut pairs: Vec<(u64, u32)> = pairs.map(|(key, row)| (*key, rows.person(row))).collect();
    let groups: Vec<Vec<u32>> = holdings::groups(&mut pairs).collect();
    let mut keys: Vec<u64> = pairs.iter().map(|(key, _)| *key).collect();
    keys.dedup();
    let holders: HashMap<u64, &Vec<u32>> = keys.iter().copied().zip(&groups).collect();
    let own = own_points(rows, &points);
    let drawn = drawn(rows, draws);
    let found = asked.iter().flat_map(|asked| {
        let single = asked.by_one(&keys, &groups);
        let several = asked.by_several(&own, &drawn, &holders, draws);
        [(1, single), (POINTS as u64, several)].map(|(points, (persons, of, groups))| Disclosed {
            by: "points",
            points: Some(points),
            columns: Vec::new(),
            sensitive: vec![published.columns[asked.at].name.clone()],
            persons,
            of,
            groups,
        })
    });
    found.collect()
}

type Found = (u64, u64, Option<(u64, u64)>);

impl Asked {
    fn new(
        rows: &Rows,
        table: &Table,
        (at, column): (usize, &PublishedColumn),
        points: &[u64],
    ) -> Option<Self> {
        let keys = rows.values(at)?;
        let is_of_points = ["item", "place"].contains(&column.role);
        let is_whole = match column.role {
            "sensitive" => true,
            "ignore" | "item" | "place" => looks_sensitive(column, table),
            _ => return None,
        };
        let mut pairs = pairs(rows, column, at);
        if !is_whole {
            if !is_of_points || table.harmless(&column.name).is_some() {
                return None;
            }
            let telling = column.keys_of_texts(|text| is_telling(text) && !is_unknown(text));
            pairs.retain(|(_, key)| telling.contains(key));
        }
        if pairs.is_empty() {
            return None;
        }
        let mut holdings = Holdings::new(rows.persons(), pairs);
        // Whoever was in no such place is known not to have been.
        if is_of_points {
            holdings.persons = rows.persons() as u64;
        }
        let said = is_of_points.then(|| {
            let pairs = points.iter().zip(keys);
            pairs.map(|(point, key)| (*point, *key)).collect()
        });
        Some(Self { at, holdings, said })
    }

    fn said(&self, point: u64) -> Option<u64> {
        self.said.as_ref()?.get(&point).copied()
    }

    /// Whether all these persons have a value that the points do not say.
    fn is_given_away(&self, members: &[u32], points: &[u64], looked_at: f64) -> bool {
        // Whoever is alone is singled out, which is asked elsewhere.
        if members.len() < 2 {
            return false;
        }
        let said: Vec<u64> = points
            .iter()
            .filter_map(|point| self.said(*point))
            .collect();
        let common = self.holdings.common(members, 1.0, &said);
        let all = members.len() as u64;
        let known = match self.said {
            Some(_) => all,
            None => common.known,
        };
        known >= 2
            && common.with == known
            && 1.0 - common.share > MORE
            && tail(known, known, common.share) * looked_at <= CHANCE
    }

    fn by_one(&self, keys: &[u64], groups: &[Vec<u32>]) -> Found {
        let looked_at = (groups.len() * self.holdings.values()) as f64;
        let pairs = keys.par_iter().zip(groups);
        let found: Vec<bool> = pairs
            .map(|(key, members)| self.is_given_away(members, &[*key], looked_at))
            .collect();
        let mut persons: Vec<u32> = groups
            .iter()
            .zip(&found)
            .filter(|(_, found)| **found)
            .flat_map(|(members, _)| members)
            .copied()
            .collect();
        persons.sort_unstable();
        persons.dedup();
        let count = found.iter().filter(|found| **found).count() as u64;
        (
            persons.len() as u64,
            self.holdings.persons,
            Some((count, groups.len() as u64)),
        )
    }

    fn by_several(
        &self,
        own: &[Vec<u64>],
        drawn: &[(u64, u32)],
        holders: &HashMap<u64, &Vec<u32>>,
        draws: &Draws,
    ) -> Found {
        let looked_at = (drawn.len() * TIMES * self.holdings.values()) as f64;
        let is_found = |(rank, person): &&(u64, u32)| {
            let own = &own[*person as usize];
            let mut trial = draws.trial(1 + rank);
            let times = if own.len() <= POINTS { 1 } else { TIMES };
            (0..times).any(|_| {
                let mut chosen = own.clone();
                trial.leave(&mut chosen, POINTS);
                chosen.sort_by_key(|point| holders[point].len());
                let fits = |person: &&u32| {
                    let others = chosen[1..].iter();
                    others
                        .clone()
                        .all(|point| holders[point].binary_search(person).is_ok())
                };
                let members = holders[&chosen[0]].iter().filter(fits);
                let members: Vec<u32> = members.copied().collect();
                self.is_given_away(&members, &chosen, looked_at)
            })
        };
        let persons = drawn.par_iter().filter(is_found).count() as u64;
        (persons, drawn.len() as u64, None)
    }
}

/// The points of each person, each once, in the order of their rows.
fn own_points(rows: &Rows, points: &[u64]) -> Vec<Vec<u64>> {
    let mut own: Vec<Vec<u64>> = vec![Vec::new(); rows.persons()];
    for (row, point) in points.iter().enumerate() {
        own[rows.person(row) as usize].push(*point);
    }
    own.par_iter_mut().for_each(|own| {
        let mut seen = std::collections::HashSet::new();
        own.retain(|point| seen.insert(*point));
    });
    own
}

/// The persons who are drawn, each with their place in the order of first rows: they are numbered by keys, which are
/// others in each run.
fn drawn(rows: &Rows, draws: &Draws) -> Vec<(u64, u32)> {
    let mut seen = vec![false; rows.persons()];
    let mut persons: Vec<(u64, u32)> = Vec::new();
    for person in (0..rows.len()).map(|row| rows.person(row)) {
        if !std::mem::replace(&mut seen[person as usize], true) {
            persons.push((persons.len() as u64, person));
        }
    }
    if persons.len() > DRAWN {
        draws.trial(0).leave(&mut persons, DRAWN);
    }
    persons
}
