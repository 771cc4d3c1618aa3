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
    tested.collect()
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
