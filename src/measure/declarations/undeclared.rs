//! Totals that the manifest does not name: values whose counts are the sums of all others.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Tested;
use crate::encode::flows::{Count, Flows};

/// What totals are called, in small letters.
const NAMES: [&str; 33] = [
    "all",
    "total",
    "totals",
    "overall",
    "any",
    "both",
    "both sexes",
    "grand total",
    "sum",
    "_t",
    "alle",
    "gesamt",
    "insgesamt",
    "summe",
    "zusammen",
    "gesamtsumme",
    "beide",
    "tous",
    "toutes",
    "ensemble",
    "totale",
    "tutti",
    "tutte",
    "totaal",
    "allen",
    "todos",
    "todas",
    "ambos sexos",
    "razem",
    "ogółem",
    "alla",
    "totalt",
    "yhteensä",
];

/// The logarithm of how often a value is as good as never taken for a total by chance: 10⁹ to one.
const CERTAIN: f64 = 20.723_265_836_946_41;

/// What is known of a value as a total.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    /// The logarithm of one over the chance that it is the sum of the others wherever it is.
    sums: f64,
    /// Groups in which it is that sum, may be it for all that is published, and cannot be it.
    equal: u64,
    open: u64,
    against: u64,
}

/// For each column without totals whether one of its values stands for the others.
pub fn totals(flows: &Flows, time: Option<&str>) -> Vec<Tested> {
    let dimensions = flows.dimensions.iter().enumerate();
    let plain = dimensions.filter(|(_, dimension)| {
        !dimension.has_sums()
            && dimension.cover.is_none()
            && dimension.values.len() > 1
            && time != Some(dimension.name.as_str())
    });
    let tested = plain.filter_map(|(at, dimension)| {
        let evidence = evidence(flows, at);
        let labels = dimension.labels();
        let is_called = |code: u32| {
            let label = labels[code as usize].as_deref();
            label.is_some_and(|label| NAMES.contains(&label.trim().to_lowercase().as_str()))
        };
        let limit = CERTAIN + (dimension.values.len() as f64).ln();
        let found = evidence.iter().find(|(code, evidence)| {
            let seldom =
                |against: u64, all: u64| against as f64 <= super::super::MOST_AGAINST * all as f64;
            let is_sum = evidence.sums > limit && seldom(evidence.against, evidence.equal);
            let at_least = evidence.equal + evidence.open;
            let is_named = at_least > 0 && is_called(**code) && seldom(evidence.against, at_least);
            is_sum || is_named
        });
        let columns = [dimension.name.clone()];
        found.map(|(_, evidence)| {
            let all = evidence.equal + evidence.open + evidence.against;
            Tested::strictly("totals", &columns, evidence.equal + evidence.open, all)
        })
    });
    let mut tested: Vec<Tested> = tested.collect();
    let dimensions = flows.dimensions.iter().enumerate();
    for (at, dimension) in dimensions {
        let columns = [dimension.name.clone()];
        let is_open = dimension.cover.is_none() && time != Some(dimension.name.as_str());
        if !is_open || tested.iter().any(|tested| tested.columns == columns) {
            continue;
        }
        if let Some(groups) = sum_of_some(flows, at) {
            tested.push(Tested::strictly("totals", &columns, groups, groups));
        }
    }
    tested
}

/// For each value of a column what the groups of cells that differ in it alone say of it.
fn evidence(flows: &Flows, dimension: usize) -> BTreeMap<u32, Evidence> {
    let mut cells: Vec<(u64, u32, Count)> = flows
        .cells()
        .map(|(key, count)| {
            (
                flows.rest(dimension, key),
                flows.code(dimension, key),
                count,
            )
        })
        .collect();
    cells.par_sort_by_key(|(rest, code, _)| (*rest, *code));
    let groups: Vec<&[(u64, u32, Count)]> = cells.chunk_by(|a, b| a.0 == b.0).collect();
    let of_groups: Vec<Vec<(u32, Evidence)>> = groups.into_par_iter().map(of_group).collect();
    let mut all: BTreeMap<u32, Evidence> = BTreeMap::new();
    for (code, found) in of_groups.into_iter().flatten() {
        let evidence = all.entry(code).or_default();
        evidence.sums += found.sums;
        evidence.equal += found.equal;
        evidence.open += found.open;
        evidence.against += found.against;
    }
    all
}

fn of_group(group: &[(u64, u32, Count)]) -> Vec<(u32, Evidence)> {
    let published: Vec<&(u64, u32, Count)> = (group.iter())
        .filter(|(_, _, count)| !count.is_suppressed())
        .collect();
    let is_whole = published.len() == group.len();
    let sum = |of: &dyn Fn(&Count) -> u64| published.iter().map(|cell| of(&cell.2)).sum::<u64>();
    let (least, most) = (sum(&|count| count.least), sum(&|count| count.most));
    let positive = published.iter().filter(|cell| cell.2.least > 0).count();
    let of_cell = |(_, code, total): &&(u64, u32, Count)| {
        let (rest_least, rest_most) = (least - total.least, most - total.most);
        let others = positive - usize::from(total.least > 0);
        if others == 0 {
            return None;
        }
        let mut found = Evidence::default();
        let may_equal = rest_least <= total.most && total.least <= rest_most;
        match (is_whole && others > 1, may_equal, rest_least <= total.most) {
            (true, true, _) => {
                let width = (total.most - total.least) + (rest_most - rest_least);
                let sums = ((total.most + 1) as f64 / (width + 1) as f64).ln();
                (found.equal, found.sums) = (1, sums.max(0.0));
            }
            // Fewer parts may be there than there are.
            (_, _, true) => found.open = 1,
            _ => found.against = 1,
        }
        Some((*code, found))
    };
    published.iter().filter_map(of_cell).collect()
}

/// A prime below 2⁶¹: what is a sum modulo it, over counts as small as these, is one.
const PRIME: u64 = (1 << 61) - 1;
/// Values of a column that are held against each other, and groups that are.
const MOST_VALUES: usize = 64;
const MOST_GROUPS: usize = 400;
/// Groups in which a sum must hold beyond those that any number of values would satisfy.
const BEYOND: usize = 5;

/// A value that is the sum of some of the others in every group of cells that differ in the column alone, and the groups in
/// which it is more than nobody. By elimination modulo a prime, the least values first, so that parts come before their
/// totals: what is a sum of values with one solution, all of them once or not at all, in more groups than there are
/// values, is so by no accident.
fn sum_of_some(flows: &Flows, dimension: usize) -> Option<u64> {
    let wholes = &flows.dimensions[dimension].wholes;
    let values = wholes.len();
    if !(3..=MOST_VALUES).contains(&values) {
        return None;
    }
    // Nothing of groups in which a count is not exact.
    type Counts = Vec<Option<u64>>;
    let mut groups: BTreeMap<u64, Option<Counts>> = BTreeMap::new();
    let cells: Vec<(u64, Count)> = flows.cells().collect();
    for (key, count) in cells {
        // What is declared to stand for others says nothing new.
        let code = flows.code(dimension, key) as usize;
        if wholes[code] {
            continue;
        }
        let group = groups.entry(flows.rest(dimension, key));
        let group = group.or_insert_with(|| Some(vec![None; values]));
        match (
            &mut *group,
            count.least == count.most && !count.is_suppressed(),
        ) {
            (Some(counts), true) => {
                let of = &mut counts[code];
                *of = Some(of.unwrap_or(0) + count.least);
            }
            _ => *group = None,
        }
    }
    let groups: Vec<Vec<Option<u64>>> = groups.into_values().flatten().collect();
    let is_whole = |counts: &&Vec<Option<u64>>| {
        let mut all = counts.iter().zip(wholes);
        all.all(|(count, is_whole)| count.is_some() || *is_whole)
    };
    let whole: Vec<&Vec<Option<u64>>> = groups.iter().filter(is_whole).collect();
    // Where cells of nobody are left out no group is whole.
    let chosen: Vec<&Vec<Option<u64>>> = match whole.len() >= values + BEYOND {
        true => whole,
        false => groups.iter().collect(),
    };
    let step = chosen.len().div_ceil(MOST_GROUPS).max(1);
    let chosen: Vec<Vec<u64>> = chosen
        .into_iter()
        .step_by(step)
        .map(|counts| counts.iter().map(|count| count.unwrap_or(0)).collect())
        .collect();
    summed(&chosen)
}

/// The same of the counts of each group, one for each value.
fn summed(groups: &[Vec<u64>]) -> Option<u64> {
    let values = groups.first()?.len();
    let column = |value: usize| -> Vec<u64> { groups.iter().map(|counts| counts[value]).collect() };
    let mut order: Vec<usize> = (0..values).collect();
    order.sort_by_key(|value| column(*value).iter().sum::<u64>());
    // Each with the place of its first number, which is 1, and how it is made of the values.
    let mut basis: Vec<(usize, Vec<u64>, Vec<u64>)> = Vec::new();
    for value in order {
        let counts = column(value);
        let persons = counts.iter().filter(|count| **count > 0).count();
        let mut left: Vec<u64> = counts.iter().map(|count| count % PRIME).collect();
        let mut made = vec![0; values];
        made[value] = 1;
        for (place, row, of) in &basis {
            let factor = left[*place];
            if factor > 0 {
                subtract(&mut left, row, factor);
                subtract(&mut made, of, factor);
            }
        }
        if let Some(place) = left.iter().position(|number| *number > 0) {
            let inverse = power(left[place], PRIME - 2);
            let scale = |numbers: &mut Vec<u64>| {
                numbers
                    .iter_mut()
                    .for_each(|number| *number = times(*number, inverse));
            };
            scale(&mut left);
            scale(&mut made);
            basis.push((place, left, made));
            continue;
        }
        // The value less its parts is nothing.
        let parts: Vec<u64> = (0..values)
            .filter(|of| *of != value)
            .map(|of| made[of])
            .collect();
        let is_sum = parts.iter().all(|part| *part == 0 || *part == PRIME - 1);
        let several = parts.iter().filter(|part| **part > 0).count() > 1;
        if is_sum && several && persons >= basis.len() + BEYOND {
            return Some(persons as u64);
        }
    }
    None
}

fn times(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut base, mut power) = (base, 1);
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = times(power, base);
        }
        base = times(base, base);
        exponent /= 2;
    }
    power
}

/// Subtracts a multiple of a row.
fn subtract(from: &mut [u64], row: &[u64], factor: u64) {
    for (number, of) in from.iter_mut().zip(row) {
        *number = (*number + PRIME - times(*of, factor)) % PRIME;
    }
}

#[cfg(test)]
mod sums_of_some {
    use super::*;
    use crate::stats::Draws;

    #[test]
    fn totals_of_some_values_are_found_and_counts_alone_are_none() {
        let draws = Draws::new(5, "declarations", "sums of some");
        for case in 0..200 {
            let mut trial = draws.trial(case);
            let values = 3 + case as usize % 9;
            let groups = values + 2 + BEYOND + case as usize % 20;
            let scale = [4, 60, 3_000][case as usize % 3];
            let counts: Vec<Vec<u64>> = (0..groups)
                .map(|_| (0..values).map(|_| trial.below(scale)).collect())
                .collect();
            assert_eq!(summed(&counts), None, "{case}");
            // Two or more of them, and all of them beside.
            let parts = 2 + trial.below(values as u64 - 1) as usize;
            let with = |all: bool| -> Vec<Vec<u64>> {
                let group = |counts: &Vec<u64>| {
                    let some: u64 = counts[..parts].iter().sum();
                    let mut group = [vec![some], counts.clone()].concat();
                    group.extend(all.then(|| counts.iter().sum::<u64>()));
                    group
                };
                counts.iter().map(group).collect()
            };
            let is_enough = |counts: &[Vec<u64>]| {
                let persons = counts.iter().filter(|counts| counts[0] > 0).count();
                persons >= values + BEYOND
            };
            for all in [false, true] {
                let planted = with(all);
                assert!(
                    summed(&planted).is_some() || !is_enough(&planted),
                    "{case} {all}"
                );
            }
        }
    }
}
