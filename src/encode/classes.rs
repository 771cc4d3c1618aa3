//! Equivalence classes, reduced to what the measures of singling out need: how many classes,
//! records and persons there are of each class size.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::count::Tuples;
use super::groups::Groups;
use super::traces::Traces;

/// The classes of a table. Sizes are in persons; every map goes from a class size to a count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Classes {
    pub classes: BTreeMap<u64, u64>,
    pub records: BTreeMap<u64, u64>,
    /// Each person once, at the smallest class they have a record in: their highest risk.
    pub persons: BTreeMap<u64, u64>,
}

impl Classes {
    /// One row is one person.
    pub fn of_rows(tuples: &Tuples, groups: &Groups) -> Self {
        let mut sizes = vec![0u64; groups.count];
        for (group, rows) in groups.of.iter().zip(&tuples.rows) {
            sizes[*group as usize] += rows;
        }
        let mut classes = BTreeMap::new();
        for size in sizes {
            *classes.entry(size).or_insert(0) += 1;
        }
        let records: BTreeMap<u64, u64> = classes
            .iter()
            .map(|(size, count)| (*size, size * count))
            .collect();
        Self {
            classes,
            persons: records.clone(),
            records,
        }
    }

    /// Several rows a person: a class's size is its number of distinct persons.
    pub fn of_persons(traces: &Traces, groups: &Groups) -> Self {
        if let Some(composite) = &traces.composite {
            return Self::of_multisets(composite);
        }
        let support = traces.support_of(groups);
        let mut rows = vec![0u64; groups.count];
        for (group, more) in groups.of.iter().zip(&traces.rows) {
            rows[*group as usize] += more;
        }
        let mut reduced = Self::default();
        for (size, rows) in support.iter().zip(&rows) {
            let size = u64::from(*size);
            *reduced.classes.entry(size).or_insert(0) += 1;
            *reduced.records.entry(size).or_insert(0) += rows;
        }
        let smallest = |person| {
            let sizes = traces.of(person).iter();
            let groups = sizes.map(|tuple| groups.of[*tuple as usize]);
            groups.map(|group| support[group as usize]).min()
        };
        reduced.persons = (0..traces.persons())
            .into_par_iter()
            .with_min_len(1 << 12)
            .filter_map(smallest)
            .fold(BTreeMap::new, |mut sizes: BTreeMap<u64, u64>, size| {
                *sizes.entry(u64::from(size)).or_insert(0) += 1;
                sizes
            })
            .reduce(BTreeMap::new, |mut a, b| {
                for (size, persons) in b {
                    *a.entry(size).or_insert(0) += persons;
                }
                a
            });
        reduced
    }

    /// A person's multiset of tuples is one key, and their one record; `composite` numbers them.
    fn of_multisets(composite: &[u32]) -> Self {
        let mut sizes = vec![0u64; composite.iter().max().map_or(0, |last| *last as usize + 1)];
        for class in composite {
            sizes[*class as usize] += 1;
        }
        let mut classes = BTreeMap::new();
        for size in sizes {
            *classes.entry(size).or_insert(0) += 1;
        }
        let persons: BTreeMap<u64, u64> = classes
            .iter()
            .map(|(size, count)| (*size, size * count))
            .collect();
        Self {
            classes,
            records: persons.clone(),
            persons,
        }
    }

    /// Persons in the smallest class; `None` without classes.
    pub fn smallest(&self) -> Option<u64> {
        self.classes.keys().next().copied()
    }

    pub fn total(map: &BTreeMap<u64, u64>) -> u64 {
        map.values().sum()
    }

    /// How many of `map` stand in classes smaller than `k`.
    pub fn below(map: &BTreeMap<u64, u64>, k: u64) -> u64 {
        map.range(..k).map(|(_, count)| count).sum()
    }

    /// Mean of 1/size over what `map` counts; `None` where it counts nothing.
    pub fn mean_risk(map: &BTreeMap<u64, u64>) -> Option<f64> {
        let total = Self::total(map);
        let sum: f64 = map
            .iter()
            .map(|(size, count)| *count as f64 / *size as f64)
            .sum();
        (total > 0).then(|| sum / total as f64)
    }
}
