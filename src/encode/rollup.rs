//! The classes of every subset of few attributes, from a table of counts with a cell for each possible
//! combination: leaving out an attribute is summing along it. Distinct persons do not add up; they are
//! counted anew for each subset, over each person's combinations.
//!
//! Time: records, some cells for each attribute; persons, subsets × (person, combination) pairs. Memory:
//! 8 bytes a cell and thread, and half as much again for what is summed from it; persons, 12 bytes a cell
//! and 4 a combination for each thread.

use rayon::prelude::*;

use super::combinations::Combinations;
use super::groups::Groups;
use super::subsets::Subset;
use super::traces::Traces;

/// Cells of the table up to which it is made: 32 MiB.
const MOST_CELLS: usize = 1 << 22;

/// Every subset, counted in records, in no order; `None` where the cells are too many.
pub fn of_rows(combinations: &Combinations) -> Option<Vec<Subset>> {
    let capacity = &combinations.capacity;
    let cells = cells(capacity, &all(capacity))?;
    let mut counts = vec![0u64; cells];
    let place = places(combinations, &all(capacity));
    for (cell, records) in place.iter().zip(&combinations.records) {
        counts[*cell as usize] = *records;
    }
    // Those with most codes are left out first, for all that is summed further is then small.
    let mut order = all(capacity);
    order.sort_by_key(|attribute| std::cmp::Reverse(capacity[*attribute]));
    Some(deeper(&counts, &all(capacity), capacity, &order))
}

/// Every subset of what is left, leaving out attributes in the order of `order`.
fn deeper(counts: &[u64], left: &[usize], capacity: &[usize], order: &[usize]) -> Vec<Subset> {
    let mut subsets = vec![of_counts(counts, left)];
    if left.len() == 1 {
        return subsets;
    }
    let children = (0..order.len()).into_par_iter().flat_map_iter(|at| {
        let summed = along(counts, left, capacity, order[at]);
        let rest: Vec<usize> = left.iter().copied().filter(|a| *a != order[at]).collect();
        deeper(&summed, &rest, capacity, &order[at + 1..])
    });
    subsets.par_extend(children);
    subsets
}

/// The counts summed over the codes of an attribute.
fn along(counts: &[u64], left: &[usize], capacity: &[usize], attribute: usize) -> Vec<u64> {
    let at = left
        .iter()
        .position(|a| *a == attribute)
        .expect("it is left");
    let inner: usize = left[at + 1..].iter().map(|a| capacity[*a]).product();
    let codes = capacity[attribute];
    let mut summed = vec![0; counts.len() / codes];
    if inner == 1 {
        for (sum, codes) in summed.iter_mut().zip(counts.chunks_exact(codes)) {
            *sum = codes.iter().sum();
        }
        return summed;
    }
    for (sums, codes) in summed
        .chunks_exact_mut(inner)
        .zip(counts.chunks_exact(codes * inner))
    {
        for counts in codes.chunks_exact(inner) {
            sums.iter_mut()
                .zip(counts)
                .for_each(|(sum, count)| *sum += count);
        }
    }
    summed
}

fn of_counts(counts: &[u64], attributes: &[usize]) -> Subset {
    let mut subset = Subset {
        attributes: attributes.to_vec(),
        classes: 0,
        squares: 0,
        smallest: u64::MAX,
        unique_persons: 0,
    };
    for count in counts.iter().filter(|count| **count > 0) {
        subset.classes += 1;
        subset.squares += u128::from(*count) * u128::from(*count);
        subset.smallest = subset.smallest.min(*count);
        subset.unique_persons += u64::from(*count == 1);
    }
    subset
}

/// The smallest class of each of `subsets` in distinct persons, and how many persons are in one of their
/// own; `None` where the cells of any are too many.
pub fn persons(
    traces: &Traces,
    groups: &Groups,
    combinations: &Combinations,
    subsets: &[&[usize]],
) -> Option<Vec<(u64, u64)>> {
    let capacity = &combinations.capacity;
    let of_subset = |attributes: &&[usize]| {
        let cells = cells(capacity, attributes)?;
        let place = places(combinations, attributes);
        // The last person seen in each cell, from 1; who comes again is not counted again.
        let mut last = vec![0u32; cells];
        let mut support = vec![0u32; cells];
        for person in 0..traces.persons() {
            let stamp = person as u32 + 1;
            for tuple in traces.of(person) {
                let cell = place[groups.of[*tuple as usize] as usize] as usize;
                support[cell] += u32::from(last[cell] != stamp);
                last[cell] = stamp;
            }
        }
        let smallest = support.iter().copied().filter(|persons| *persons > 0).min();
        let mut alone = vec![0u64; traces.persons().div_ceil(64)];
        for (stamp, _) in last
            .iter()
            .zip(&support)
            .filter(|(_, persons)| **persons == 1)
        {
            let person = *stamp as usize - 1;
            alone[person / 64] |= 1 << (person % 64);
        }
        let unique: u32 = alone.iter().map(|word| word.count_ones()).sum();
        Some((u64::from(smallest.unwrap_or(0)), u64::from(unique)))
    };
    subsets.par_iter().with_max_len(1).map(of_subset).collect()
}

fn all(capacity: &[usize]) -> Vec<usize> {
    (0..capacity.len()).collect()
}

fn cells(capacity: &[usize], attributes: &[usize]) -> Option<usize> {
    attributes.iter().try_fold(1usize, |cells, attribute| {
        let more = cells.checked_mul(capacity[*attribute].max(1))?;
        (more <= MOST_CELLS).then_some(more)
    })
}

/// The cell of each combination by some attributes: mixed radix, the last attribute fastest.
fn places(combinations: &Combinations, attributes: &[usize]) -> Vec<u32> {
    let mut places = vec![0; combinations.len()];
    for attribute in attributes {
        let capacity = combinations.capacity[*attribute] as u32;
        for (place, code) in places.iter_mut().zip(&combinations.codes[*attribute]) {
            *place = *place * capacity + code;
        }
    }
    places
}
