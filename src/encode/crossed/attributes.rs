//! Two tables of the same persons that no column names and no order ties: joined by the attributes that both publish.
//!
//! Memory: 8 bytes a person and shared column, about 100 a person besides, while two tables are joined.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::{Crossed, FEWEST_ROWS, Side};
use crate::encode::holdings::{Revealed, USUAL};
use crate::encode::published::{mix, scattered};
use crate::release::TableKind;

/// What two independent tables show by chance with a probability below one in 10^9 (natural logarithm).
const BEYOND_CHANCE: f64 = 20.7;

/// A column as it lies over persons.
pub struct Spectrum {
    at: usize,
    /// Equal where two columns give the same values to as many persons each.
    fingerprint: u64,
}

fn fingerprint(keys: &[u64]) -> u64 {
    keys.iter()
        .fold(0u64, |sum, key| sum.wrapping_add(scattered(*key)))
}

/// Of each person one key for a column; texts that are written as numbers are numbers.
fn of_persons(side: &Side<'_>, at: usize) -> Option<Vec<u64>> {
    let keys = side.rows.column(at)?;
    let alias = side.column(at).keys_of_numbers();
    if alias.is_empty() {
        return Some(side.rows.of_persons(keys));
    }
    let keys: Vec<u64> = keys
        .par_iter()
        .map(|key| alias.get(key).copied().unwrap_or(*key))
        .collect();
    Some(side.rows.of_persons(&keys))
}

/// The columns of a table, found once and only where they are asked for.
pub type Spectra = OnceCell<Vec<Spectrum>>;

/// The columns of a table by which it may be joined with another.
fn spectra(side: &Side<'_>) -> Vec<Spectrum> {
    if side.kind != TableKind::Microdata || side.rows.persons() < FEWEST_ROWS {
        return Vec::new();
    }
    let columns = 0..side.published.columns.len();
    columns
        .into_par_iter()
        .filter(|at| {
            let column = side.column(*at);
            column.role != "subject" && !column.is_row_number
        })
        .filter_map(|at| {
            let fingerprint = fingerprint(&of_persons(side, at)?);
            Some(Spectrum { at, fingerprint })
        })
        .collect()
}

/// How many persons have each value.
struct Counts {
    values: usize,
    /// Whether as many have each.
    is_even: bool,
    /// Minus the logarithm of the probability that two independent samples show these counts, each at its mean: counts of
    /// mean c coincide with probability 1/sqrt(4 pi c).
    evidence: f64,
}

fn counts(keys: &[u64]) -> Counts {
    let mut sorted = keys.to_vec();
    sorted.par_sort_unstable();
    let runs = sorted.chunk_by(|a, b| a == b).map(<[u64]>::len);
    let runs: Vec<usize> = runs.collect();
    let half_log = |count: &usize| 0.5 * (4.0 * std::f64::consts::PI * *count as f64).ln();
    let all: f64 = runs.iter().map(half_log).sum();
    // The last count follows from the others.
    let last = runs.iter().max().map_or(0.0, half_log);
    Counts {
        values: runs.len(),
        is_even: runs.iter().all(|count| *count == runs[0]),
        evidence: all - last,
    }
}

/// The attributes that two tables share, as far as these agree person by person.
struct Shared {
    columns: Vec<[usize; 2]>,
    /// One key a person in each.
    keys: [Vec<u64>; 2],
}

/// Columns of both whose values as many persons have each, also jointly, where chance and design do not explain it.
fn shared([a, b]: [&Side<'_>; 2], [mine, theirs]: [&[Spectrum]; 2]) -> Option<Shared> {
    let mut free: Vec<&Spectrum> = theirs.iter().collect();
    let mut pairs = Vec::new();
    for one in mine {
        let name = |side: &Side<'_>, of: &Spectrum| side.column(of.at).name.to_lowercase();
        let has = |other: &&Spectrum| other.fingerprint == one.fingerprint;
        let of_name = |other: &&Spectrum| has(other) && name(b, other) == name(a, one);
        let named = free.iter().position(of_name);
        let Some(place) = named.or_else(|| free.iter().position(has)) else {
            continue;
        };
        let keys = of_persons(a, one.at)?;
        let counts = counts(&keys);
        let is_telling = counts.evidence > BEYOND_CHANCE && !counts.is_even;
        // Under another name, equal counts of a few values are an accident.
        if counts.values < 2 || named.is_none() && !is_telling {
            continue;
        }
        let other = free.remove(place).at;
        pairs.push((
            counts.is_even,
            counts.values,
            [one.at, other],
            [keys, of_persons(b, other)?],
        ));
    }
    // What a design may have made even comes last, so that it cannot keep out what shows the persons.
    pairs.sort_by_key(|(is_even, values, at, _)| (*is_even, std::cmp::Reverse(*values), *at));
    let mut joint = [vec![0; a.rows.persons()], vec![0; b.rows.persons()]];
    let (mut columns, mut cells) = (Vec::new(), 1.0);
    for (_, values, at, keys) in pairs {
        let more = [0, 1].map(|side: usize| -> Vec<u64> {
            let keys = joint[side].par_iter().zip(&keys[side]);
            keys.map(|(joint, key)| mix(*joint, *key)).collect()
        });
        if fingerprint(&more[0]) == fingerprint(&more[1]) {
            joint = more;
            columns.push(at);
            cells *= values as f64;
        }
    }
    let counts = counts(&joint[0]);
    let is_design = counts.is_even && 2.0 * counts.values as f64 > cells;
    (counts.evidence > BEYOND_CHANCE && !is_design).then_some(Shared {
        columns,
        keys: joint,
    })
}

/// The persons of a table who have the same quasi-identifiers and the same shared attributes.
struct Cell {
    known: u64,
    shared: u64,
    persons: u64,
    /// Of each sensitive column the value that all of them have, if they do.
    values: Vec<Option<u64>>,
}

/// The cells of a table, those of the same quasi-identifiers one after the other.
struct Cells {
    cells: Vec<Cell>,
    of_known: HashMap<u64, std::ops::Range<usize>>,
    at: HashMap<(u64, u64), usize>,
    /// Of each sensitive column the value that nearly everybody has, if there is one.
    usual: Vec<Option<u64>>,
}

impl Cells {
    fn new(known: &[u64], shared: &[u64], sensitive: &[Vec<u64>]) -> Self {
        let mut order: Vec<(u64, u64, u32)> = known
            .iter()
            .zip(shared)
            .zip(0..)
            .map(|((known, shared), person)| (*known, *shared, person))
            .collect();
        order.par_sort_unstable();
        let cells: Vec<Cell> = order
            .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
            .map(|members| {
                let of_column = |values: &Vec<u64>| {
                    let first = values[members[0].2 as usize];
                    let mut all = members.iter().map(|member| values[member.2 as usize]);
                    all.all(|value| value == first).then_some(first)
                };
                Cell {
                    known: members[0].0,
                    shared: members[0].1,
                    persons: members.len() as u64,
                    values: sensitive.iter().map(of_column).collect(),
                }
            })
            .collect();
        let mut of_known: HashMap<u64, std::ops::Range<usize>> = HashMap::new();
        for (at, cell) in cells.iter().enumerate() {
            of_known.entry(cell.known).or_insert(at..at).end = at + 1;
        }
        let usual = |values: &Vec<u64>| {
            let mut often: HashMap<u64, usize> = HashMap::new();
            values
                .iter()
                .for_each(|value| *often.entry(*value).or_default() += 1);
            let is_usual = |(_, often): &(u64, usize)| *often as f64 >= USUAL * values.len() as f64;
            often.into_iter().find(is_usual).map(|(value, _)| value)
        };
        Self {
            at: (0..)
                .zip(&cells)
                .map(|(at, cell)| ((cell.known, cell.shared), at))
                .collect(),
            of_known,
            usual: sensitive.iter().map(usual).collect(),
            cells,
        }
    }

    fn of(&self, known: u64) -> &[Cell] {
        &self.cells[self.of_known[&known].clone()]
    }

    /// Whether some cells show one value of a column that not nearly everybody has.
    fn is_certain<'a>(&self, column: usize, mut cells: impl Iterator<Item = &'a Cell>) -> bool {
        let Some(value) = cells.next().and_then(|cell| cell.values[column]) else {
            return false;
        };
        self.usual[column] != Some(value) && cells.all(|cell| cell.values[column] == Some(value))
    }

    /// Of each value of the shared attributes how many persons have it, and their quasi-identifiers where all have the same.
    fn by_shared(&self) -> HashMap<u64, Vec<(u64, u64)>> {
        let mut by_shared: HashMap<u64, Vec<(u64, u64)>> = HashMap::new();
        for cell in &self.cells {
            let of = by_shared.entry(cell.shared).or_default();
            of.push((cell.known, cell.persons));
        }
        by_shared
    }
}

/// The persons of whom it is certain what both tables say, by their quasi-identifiers in each, ascending.
fn certain(a: &Cells, b: &Cells) -> Vec<((u64, u64), u64)> {
    let theirs = b.by_shared();
    let mut certain: HashMap<(u64, u64), u64> = HashMap::new();
    for (shared, mine) in a.by_shared() {
        let Some(theirs) = theirs.get(&shared) else {
            continue;
        };
        // Where all are alike in one table, it does not matter who is who in the other.
        let pairs = match (&mine[..], &theirs[..]) {
            ([(known, _)], others) => others.iter().map(|of| ((*known, of.0), of.1)).collect(),
            (others, [(known, _)]) => others.iter().map(|of| ((of.0, *known), of.1)).collect(),
            _ => Vec::new(),
        };
        for (pair, persons) in pairs {
            *certain.entry(pair).or_default() += persons;
        }
    }
    let mut certain: Vec<_> = certain.into_iter().collect();
    certain.sort_unstable();
    certain
}

/// The cells of both that can hold the same persons, who are known by quasi-identifiers in each.
fn candidates<'a>([a, b]: [&'a Cells; 2], (known, other): (u64, u64)) -> Vec<(&'a Cell, &'a Cell)> {
    let (mine, theirs) = (a.of(known), b.of(other));
    match mine.len() <= theirs.len() {
        true => {
            let cell = |cell: &'a Cell| Some((cell, &b.cells[*b.at.get(&(other, cell.shared))?]));
            mine.iter().filter_map(cell).collect()
        }
        false => {
            let cell = |cell: &'a Cell| Some((&a.cells[*a.at.get(&(known, cell.shared))?], cell));
            theirs.iter().filter_map(cell).collect()
        }
    }
}

/// At most so many persons can be in these cells of both.
fn crowd(candidates: &[(&Cell, &Cell)]) -> u64 {
    let least = candidates.iter().map(|(a, b)| a.persons.min(b.persons));
    least.sum()
}

/// Two tables of attributes that hold as many persons, joined by the attributes they share.
pub fn by_attributes(sides: [&Side<'_>; 2], known: [&Spectra; 2]) -> Option<Crossed> {
    let [a, b] = sides;
    let subjects = sides.map(|side| {
        let mut columns = side.published.columns.iter();
        columns.find(|column| column.role == "subject")
    });
    let is_named_alike = match subjects {
        [Some(one), Some(other)] => super::have_in_common(one, other),
        _ => false,
    };
    // Tables under the same subjects are joined by them.
    if a.rows.persons() != b.rows.persons() || is_named_alike {
        return None;
    }
    let spectra = [0, 1].map(|side: usize| known[side].get_or_init(|| spectra(sides[side])));
    let shared = shared(sides, spectra.map(Vec::as_slice))?;
    // Nothing is revealed by a value that the adversary knows from the other table.
    let is_known = |side: usize, name: &str| {
        let mut shared = shared.columns.iter();
        shared.any(|of| {
            sides[side].column(of[side]).name == name
                && sides[1 - side].column(of[1 - side]).role == "quasi_identifiers"
        })
    };
    let sensitive: [Vec<(String, Vec<u64>)>; 2] = [0, 1].map(|side: usize| {
        let columns = sides[side].sensitive().into_iter();
        columns.filter(|(name, _)| !is_known(side, name)).collect()
    });
    let cells = [0, 1].map(|side: usize| {
        let values: Vec<Vec<u64>> = sensitive[side].iter().map(|of| of.1.clone()).collect();
        Cells::new(&sides[side].of_persons(), &shared.keys[side], &values)
    });
    let certain = certain(&cells[0], &cells[1]);
    if certain.is_empty() {
        return None;
    }
    let both = [&cells[0], &cells[1]];
    let of_pair = |((known, other), _): &((u64, u64), u64)| {
        let candidates = candidates(both, (*known, *other));
        let reveals = |side: usize| -> Vec<bool> {
            let of = both[side];
            let all = of.of([*known, *other][side]);
            let column = |column: usize| {
                let here = candidates.iter().map(|pair| [pair.0, pair.1][side]);
                of.is_certain(column, here) && !of.is_certain(column, all.iter())
            };
            (0..of.usual.len()).map(column).collect()
        };
        (crowd(&candidates), [reveals(0), reveals(1)])
    };
    let found: Vec<(u64, [Vec<bool>; 2])> = certain.par_iter().map(of_pair).collect();
    let persons = || certain.iter().map(|(_, persons)| *persons).zip(&found);
    let mut crowds: Vec<u64> = persons()
        .flat_map(|(persons, (crowd, _))| std::iter::repeat_n(*crowd, persons as usize))
        .collect();
    crowds.sort_unstable();
    let mut revealed = Vec::new();
    for (side, columns) in sensitive.iter().enumerate() {
        for (at, (column, _)) in columns.iter().enumerate() {
            let told = persons().filter(|(_, (_, reveals))| reveals[side][at]);
            let of = Revealed {
                table: String::new(),
                column: column.clone(),
                trace: None,
                persons: told.map(|(persons, _)| persons).sum(),
            };
            revealed.push((side, of));
        }
    }
    let mut seen = HashSet::new();
    let names = shared.columns.iter().flat_map(|of| {
        let name = |side: usize| sides[side].column(of[side]).name.clone();
        [name(0), name(1)]
    });
    Some(Crossed {
        tables: [0; 2],
        by: "attributes",
        columns: names.filter(|name| seen.insert(name.clone())).collect(),
        persons: crowds.len() as u64,
        crowds,
        revealed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(of: u64) -> u64 {
        scattered(of.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Every pair of rows held against every other.
    #[test]
    fn crowds_are_those_of_all_pairs_of_rows() {
        const PERSONS: usize = 120;
        for salt in 0..8u64 {
            let keys = |what: u64, of: u64| -> Vec<u64> {
                let persons = 0..PERSONS as u64;
                persons
                    .map(|person| drawn(person * 31 + what * 7919 + salt * 104_729) % of)
                    .collect()
            };
            let (a, b, s) = (keys(0, 5), keys(1, 4), keys(2, 60 + 30 * salt));
            // The second table lies in another order.
            let order: Vec<usize> = (0..PERSONS).rev().collect();
            let turned = |of: &[u64]| -> Vec<u64> { order.iter().map(|at| of[*at]).collect() };
            let (b_there, s_there) = (turned(&b), turned(&s));
            let cells = [Cells::new(&a, &s, &[]), Cells::new(&b_there, &s_there, &[])];
            let found = certain(&cells[0], &cells[1]);
            let mut expected: HashMap<(u64, u64), u64> = HashMap::new();
            for person in 0..PERSONS {
                let alike = |other: &usize| s[*other] == s[person];
                let same_here = (0..PERSONS)
                    .filter(alike)
                    .all(|other| a[other] == a[person]);
                let same_there = (0..PERSONS)
                    .filter(alike)
                    .all(|other| b[other] == b[person]);
                if same_here || same_there {
                    *expected.entry((a[person], b[person])).or_default() += 1;
                }
            }
            let mut expected: Vec<_> = expected.into_iter().collect();
            expected.sort_unstable();
            assert_eq!(found, expected);
            for (pair, _) in found {
                let values: HashSet<u64> = s.iter().copied().collect();
                let most = values.iter().map(|value| {
                    let here = (0..PERSONS).filter(|at| s[*at] == *value && a[*at] == pair.0);
                    let there =
                        (0..PERSONS).filter(|at| s_there[*at] == *value && b_there[*at] == pair.1);
                    here.count().min(there.count()) as u64
                });
                let bound: u64 = most.sum();
                let truly = (0..PERSONS).filter(|at| (a[*at], b[*at]) == pair).count() as u64;
                let found = crowd(&candidates([&cells[0], &cells[1]], pair));
                assert_eq!(found, bound);
                assert!(found >= truly);
            }
        }
    }

    #[test]
    fn equal_counts_of_few_or_even_values_are_no_evidence() {
        let two: Vec<u64> = (0..1000).map(|at| at % 3 / 2).collect();
        assert!(counts(&two).evidence < BEYOND_CHANCE);
        let even: Vec<u64> = (0..1000).map(|at| at % 50).collect();
        assert!(counts(&even).is_even);
        let uneven: Vec<u64> = (0..1000).map(|at| drawn(at) % 50).collect();
        assert!(counts(&uneven).evidence > BEYOND_CHANCE && !counts(&uneven).is_even);
    }
}
