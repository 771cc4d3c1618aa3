//! Equivalence classes, reduced to what the measures of singling out need: how many classes,
//! records and persons there are of each class size.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::count::Tuples;
use super::groups::Groups;
use super::layout::Layout;
use super::posterior::Posterior;
use super::traces::Traces;

/// The classes of a table. Sizes are in persons; every map goes from a class size to a count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Classes {
    pub classes: BTreeMap<u64, u64>,
    pub records: BTreeMap<u64, u64>,
    /// Each person once, at the smallest class they have a record in: their highest risk.
    pub persons: BTreeMap<u64, u64>,
}

/// What of a table with subjects is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// Each row of a person.
    Each,
    /// All rows of a person together.
    Composite,
    /// The rows that name no subject.
    WithoutSubject,
}

impl Compared {
    /// As a parameter of a finding.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::Composite => "composite",
            Self::WithoutSubject => "without-subject",
        }
    }
}

/// Classes, and what was compared to make them, where that is not the only way.
pub struct Comparison<'a> {
    pub compared: Option<Compared>,
    pub classes: &'a Classes,
    /// Where records match that are not equal.
    pub posterior: Option<&'a Posterior>,
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
        match &traces.composite {
            Some(composite) => Self::of_multisets(composite),
            None => Self::of_each(traces, groups),
        }
    }

    /// The same row by row, whatever the manifest says.
    pub fn of_each(traces: &Traces, groups: &Groups) -> Self {
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
    pub fn of_multisets(composite: &[u32]) -> Self {
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

    /// Of the rows that name no subject: each stands for a person of its own, among the others of them and the
    /// persons of the table that are equal in the `known` attributes. They make nobody else's class larger.
    pub fn of_unnamed(unnamed: &Tuples, traces: &Traces, groups: &Groups, known: usize) -> Self {
        let own = Groups::by_prefix(&unnamed.layout, &unnamed.keys, known);
        let codes = |layout: &Layout, key: &[u64]| -> Vec<u32> {
            let attributes = 0..known;
            attributes
                .map(|attribute| layout.code(attribute, key))
                .collect()
        };
        // Rows, and the persons beside them.
        let mut classes: BTreeMap<Vec<u32>, (u64, u64)> = BTreeMap::new();
        let mut rows = vec![0u64; own.count];
        for (group, more) in own.of.iter().zip(&unnamed.rows) {
            rows[*group as usize] += more;
        }
        let words = unnamed.layout.words();
        for (group, key) in own.of.iter().zip(unnamed.keys.chunks_exact(words)) {
            let of = codes(&unnamed.layout, key);
            classes.entry(of).or_insert((rows[*group as usize], 0));
        }
        let support = traces.support_of(groups);
        let mut last = None;
        for (tuple, group) in groups.of.iter().enumerate() {
            if last.replace(*group) == Some(*group) {
                continue;
            }
            let of = codes(&traces.layout, traces.key(tuple));
            if let Some((_, persons)) = classes.get_mut(&of) {
                *persons += u64::from(support[*group as usize]);
            }
        }
        let mut reduced = Self::default();
        for (rows, persons) in classes.into_values() {
            *reduced.classes.entry(rows + persons).or_insert(0) += 1;
            *reduced.records.entry(rows + persons).or_insert(0) += rows;
        }
        reduced.persons = reduced.records.clone();
        reduced
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
