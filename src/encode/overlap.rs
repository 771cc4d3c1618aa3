//! A table where a record may match what is not equal to it: nulls that stand for anything, values
//! less specific than others. Each combination has a neighbourhood, all that match it, in the place of
//! an equivalence class; neighbourhoods overlap.

use rayon::prelude::*;

use super::classes::Classes;
use super::combinations::Combinations;
use super::matching::{self, matching};
use super::neighbours::Neighbours;
use super::paths::Paths;
use super::subsets::{self, Subset};

/// A table whose records match what they are not equal to.
pub struct Overlap {
    /// One a known attribute.
    pub paths: Vec<Paths>,
    pub combinations: Combinations,
}

/// For each neighbourhood its persons, everybody having one combination, and the sum of a number over
/// its combinations.
pub fn sums(overlap: &Overlap, of: &[f64]) -> (Vec<u64>, Vec<f64>) {
    let Overlap {
        paths,
        combinations,
    } = overlap;
    let paths: Vec<&Paths> = paths.iter().collect();
    let persons = &combinations.persons;
    let each = |_: usize, parts: &[&[u32]], persons: u64| {
        let all = parts.iter().flat_map(|part| part.iter());
        (persons, all.map(|at| of[*at as usize]).sum::<f64>())
    };
    matching(&paths, combinations, combinations, persons, each)
        .into_iter()
        .unzip()
}

/// The neighbourhoods as classes: one for each combination; a person's is the smallest of theirs.
pub fn classes(combinations: &Combinations, paths: &[Paths]) -> (Classes, Vec<u64>) {
    let paths: Vec<&Paths> = paths.iter().collect();
    let sizes = matching::persons(&paths, combinations, combinations);
    let mut classes = Classes {
        persons: combinations.least_over_persons(&sizes),
        ..Classes::default()
    };
    for (size, records) in sizes.iter().zip(&combinations.records) {
        *classes.classes.entry(*size).or_insert(0) += 1;
        *classes.records.entry(*size).or_insert(0) += records;
    }
    (classes, sizes)
}

/// For each neighbourhood how often each value occurs in it. `own` lists of each combination who has
/// which value: distinct (person, value), where a person is in one combination alone distinct values
/// with their persons.
pub fn distributions(
    combinations: &Combinations,
    paths: &[Paths],
    own: &[Vec<(u32, u64)>],
) -> Vec<Vec<(u32, u64)>> {
    let paths: Vec<&Paths> = paths.iter().collect();
    let shared = combinations.members.is_some();
    let of = |_: usize, parts: &[&[u32]], _: u64| {
        let mut all: Vec<(u32, u64)> = parts
            .iter()
            .flat_map(|part| part.iter())
            .flat_map(|at| own[*at as usize].iter().copied())
            .collect();
        all.sort_unstable();
        let mut counted: Vec<(u32, u64)> = Vec::new();
        if shared {
            // (value, person): each once.
            all.dedup();
        }
        for (value, more) in all {
            let more = if shared { 1 } else { more };
            match counted.last_mut() {
                Some((last, count)) if *last == value => *count += more,
                _ => counted.push((value, more)),
            }
        }
        counted
    };
    matching(
        &paths,
        combinations,
        combinations,
        &combinations.persons,
        of,
    )
}

/// Every subset of at most `largest` attributes, smaller ones first, then in the order of their
/// attributes; with a bit for each combination that is alone by it.
fn walk(combinations: &Combinations, paths: &[Paths], largest: usize) -> Vec<(Subset, Vec<u64>)> {
    let neighbours = Neighbours::new(combinations, paths);
    let subset = |attributes: &Vec<usize>| {
        let (projected, becomes) = combinations.project(attributes);
        let found = match &neighbours {
            Some(neighbours) => by_bits(neighbours, combinations, attributes),
            None => by_sorting(&projected, &becomes, paths, attributes),
        };
        let squares = found.records.iter().zip(&combinations.records);
        let mut alone = vec![0; combinations.len().div_ceil(64)];
        for (at, records) in found.records.iter().enumerate() {
            if *records == 1 {
                alone[at / 64] |= 1 << (at % 64);
            }
        }
        let subset = Subset {
            attributes: attributes.clone(),
            classes: projected.len() as u64,
            squares: squares
                .map(|(all, own)| u128::from(*all) * u128::from(*own))
                .sum(),
            smallest: found.smallest,
            unique_persons: found.unique_persons,
        };
        (subset, alone)
    };
    chosen(paths.len(), largest)
        .par_iter()
        .map(subset)
        .collect()
}

/// The subsets of at most `largest` of so many attributes, smaller ones first.
fn chosen(known: usize, largest: usize) -> Vec<Vec<usize>> {
    let mut chosen: Vec<Vec<usize>> = vec![Vec::new()];
    let mut next = 0;
    while next < chosen.len() {
        let attributes = chosen[next].clone();
        let first = attributes.last().map_or(0, |last| last + 1);
        if attributes.len() < largest {
            chosen.extend((first..known).map(|more| {
                let mut attributes = attributes.clone();
                attributes.push(more);
                attributes
            }));
        }
        next += 1;
    }
    chosen.split_off(1)
}

/// The neighbourhoods by a subset of the attributes.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    /// For each combination the records that match it.
    records: Vec<u64>,
    smallest: u64,
    unique_persons: u64,
}

fn by_sorting(
    projected: &Combinations,
    becomes: &[u32],
    paths: &[Paths],
    attributes: &[usize],
) -> Found {
    let paths: Vec<&Paths> = attributes.iter().map(|at| &paths[*at]).collect();
    let sizes = matching::persons(&paths, projected, projected);
    let records = matching(
        &paths,
        projected,
        projected,
        &projected.records,
        |_, _, sum| sum,
    );
    let persons = projected.least_over_persons(&sizes);
    Found {
        records: becomes.iter().map(|new| records[*new as usize]).collect(),
        smallest: sizes.iter().min().copied().unwrap_or(0),
        unique_persons: persons.get(&1).copied().unwrap_or(0),
    }
}

fn by_bits(
    neighbours: &Neighbours<'_>,
    combinations: &Combinations,
    attributes: &[usize],
) -> Found {
    let (records, sizes) = neighbours.sums(attributes);
    let alone = sizes.iter().zip(&combinations.persons);
    Found {
        smallest: sizes.iter().min().copied().unwrap_or(0),
        unique_persons: alone
            .filter(|(size, _)| **size == 1)
            .map(|(_, own)| own)
            .sum(),
        records,
    }
}

pub fn subsets(combinations: &Combinations, paths: &[Paths], largest: usize) -> Vec<Subset> {
    let walked = walk(combinations, paths, largest);
    walked.into_iter().map(|(subset, _)| subset).collect()
}

/// As [`subsets::minimal_uniques`]: who has no other match by some attributes, and has one by any fewer.
pub fn minimal_uniques(
    combinations: &Combinations,
    paths: &[Paths],
    largest: usize,
) -> Vec<(Vec<usize>, Vec<u32>)> {
    let walked = walk(combinations, paths, largest).into_iter();
    let alone = walked.map(|(subset, alone)| (subset.attributes, alone));
    subsets::minimal(alone.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    use crate::encode::intern::{Distinct, Texts, Values};
    use crate::release::hierarchy::Hierarchy;
    use proptest::prelude::*;

    /// Combinations of three attributes, each with a null that may match anything and a hierarchy of prefixes.
    fn table(rows: &[(Vec<u32>, u64)]) -> (Combinations, Vec<Paths>) {
        let texts = ["1", "12", "123", "13", "2"];
        let mut known = Texts::default();
        texts.iter().for_each(|text| known.push(text.as_bytes()));
        let values = Values {
            null: true,
            distinct: Distinct::Bytes(known),
        };
        let paths = Paths::new(&values, &Hierarchy::Prefix, true).unwrap();
        let distinct: BTreeMap<Vec<u32>, u64> = rows.iter().cloned().collect();
        let codes = |at: usize| distinct.keys().map(|row| row[at]).collect();
        let combinations = Combinations {
            codes: (0..3).map(codes).collect(),
            capacity: vec![texts.len() + 1; 3],
            records: distinct.values().copied().collect(),
            persons: distinct.values().copied().collect(),
            members: None,
        };
        (combinations, vec![paths.clone(), paths.clone(), paths])
    }

    proptest! {
        #[test]
        fn bits_find_what_sorting_finds(
            rows in prop::collection::vec((prop::collection::vec(0u32..6, 3), 1u64..9), 1..90),
        ) {
            let (combinations, paths) = table(&rows);
            let neighbours = Neighbours::new(&combinations, &paths).expect("the combinations are few");
            for attributes in chosen(3, 3) {
                let (projected, becomes) = combinations.project(&attributes);
                prop_assert_eq!(
                    by_bits(&neighbours, &combinations, &attributes),
                    by_sorting(&projected, &becomes, &paths, &attributes)
                );
            }
        }
    }
}
