//! The distinct combinations of what an adversary may know, and who has them.

use rayon::prelude::*;

use super::count::Tuples;
use super::groups::Groups;
use super::layout::Layout;
use super::traces::Traces;

/// Distinct combinations of the known attributes, in ascending order.
#[derive(Debug, Clone, Default)]
pub struct Combinations {
    /// For each attribute the code of each combination.
    pub codes: Vec<Vec<u32>>,
    /// Codes of each attribute are below this.
    pub capacity: Vec<usize>,
    /// Rows with each combination.
    pub records: Vec<u64>,
    /// Distinct persons with each combination.
    pub persons: Vec<u64>,
    /// Who they are; `None` where everybody has one combination alone, or nobody asked.
    pub members: Option<Members>,
}

/// The persons of each combination.
#[derive(Debug, Clone)]
pub struct Members {
    /// Where each combination's persons begin; one more than combinations.
    starts: Vec<usize>,
    /// Ascending within a combination.
    persons: Vec<u32>,
    /// How many there are in all.
    pub all: usize,
}

impl Members {
    /// `pairs` are distinct (combination, person), ascending.
    fn new(pairs: &[(u32, u32)], combinations: usize, all: usize) -> Self {
        let mut starts = vec![0; combinations + 1];
        for (combination, _) in pairs {
            starts[*combination as usize + 1] += 1;
        }
        for at in 0..combinations {
            starts[at + 1] += starts[at];
        }
        Self {
            starts,
            persons: pairs.iter().map(|(_, person)| *person).collect(),
            all,
        }
    }

    pub fn of(&self, combination: usize) -> &[u32] {
        &self.persons[self.starts[combination]..self.starts[combination + 1]]
    }

    /// Distinct persons who have any of these combinations.
    pub fn union(&self, parts: &[&[u32]]) -> u64 {
        let combinations = || parts.iter().flat_map(|part| part.iter());
        if combinations().count() == 1 {
            let only = combinations().next().expect("there is one");
            return self.of(*only as usize).len() as u64;
        }
        let mut persons: Vec<u32> = combinations()
            .flat_map(|combination| self.of(*combination as usize).iter().copied())
            .collect();
        persons.sort_unstable();
        persons.dedup();
        persons.len() as u64
    }
}

impl Combinations {
    /// One row is one person.
    pub fn of_rows(tuples: &Tuples, groups: &Groups, known: usize) -> Self {
        let mut combinations = Self::new(&tuples.layout, &tuples.keys, &tuples.rows, groups, known);
        combinations.persons = combinations.records.clone();
        combinations
    }

    /// Several rows a person; who has which combination only where `named`.
    pub fn of_persons(traces: &Traces, groups: &Groups, known: usize, named: bool) -> Self {
        let mut combinations = Self::new(&traces.layout, &traces.keys, &traces.rows, groups, known);
        let support = traces.support_of(groups);
        combinations.persons = support.into_iter().map(u64::from).collect();
        let pairs: u64 = combinations.persons.iter().sum();
        if named && pairs > traces.persons() as u64 {
            let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(pairs as usize);
            for person in 0..traces.persons() {
                let of = traces.groups_of(person, groups);
                pairs.extend(of.map(|group| (group, person as u32)));
            }
            pairs.sort_unstable();
            combinations.members = Some(Members::new(&pairs, groups.count, traces.persons()));
        }
        combinations
    }

    /// The persons are not counted yet.
    fn new(layout: &Layout, keys: &[u64], rows: &[u64], groups: &Groups, known: usize) -> Self {
        // A group's tuples are equal in what is known: any of them stands for all.
        let (mut first, mut records) = (vec![0; groups.count], vec![0; groups.count]);
        for (tuple, (group, rows)) in groups.of.iter().zip(rows).enumerate() {
            first[*group as usize] = tuple;
            records[*group as usize] += rows;
        }
        let words = layout.words();
        let column = |attribute| {
            let code = |tuple: &usize| layout.code(attribute, &keys[tuple * words..][..words]);
            first.iter().map(code).collect()
        };
        Self {
            codes: (0..known).into_par_iter().map(column).collect(),
            capacity: layout.capacity()[..known]
                .iter()
                .map(|codes| *codes as usize)
                .collect(),
            records,
            persons: Vec::new(),
            members: None,
        }
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The combinations of some of the attributes, and for each of the present combinations the one it
    /// becomes.
    pub fn project(&self, attributes: &[usize]) -> (Self, Vec<u32>) {
        let capacity: Vec<usize> = attributes.iter().map(|at| self.capacity[*at]).collect();
        let layout = Layout::new(
            capacity
                .iter()
                .map(|codes| (*codes).max(1) as u32)
                .collect(),
        );
        let words = layout.words();
        let mut keys = vec![0; self.len() * words];
        for (place, attribute) in attributes.iter().enumerate() {
            layout.add(place, &self.codes[*attribute], &mut keys);
        }
        let key = |at: u32| &keys[at as usize * words..][..words];
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by(|a, b| key(*a).cmp(key(*b)).then(a.cmp(b)));
        let mut projected = Self {
            codes: vec![Vec::new(); attributes.len()],
            capacity,
            ..Self::default()
        };
        let mut becomes = vec![0; self.len()];
        let mut last = None;
        for at in order {
            if last != Some(key(at)) {
                last = Some(key(at));
                projected.records.push(0);
                projected.persons.push(0);
                for (codes, attribute) in projected.codes.iter_mut().zip(attributes) {
                    codes.push(self.codes[*attribute][at as usize]);
                }
            }
            let new = projected.records.len() - 1;
            becomes[at as usize] = new as u32;
            projected.records[new] += self.records[at as usize];
            projected.persons[new] += self.persons[at as usize];
        }
        if let Some(members) = &self.members {
            let pairs = becomes.iter().enumerate().flat_map(|(at, new)| {
                let of = members.of(at).iter();
                of.map(move |person| (*new, *person))
            });
            let mut pairs: Vec<(u32, u32)> = pairs.collect();
            pairs.sort_unstable();
            pairs.dedup();
            let members = Members::new(&pairs, projected.len(), members.all);
            for (at, persons) in projected.persons.iter_mut().enumerate() {
                *persons = members.of(at).len() as u64;
            }
            projected.members = Some(members);
        }
        (projected, becomes)
    }

    /// For each person the least of `value` over their combinations, as a histogram.
    pub fn least_over_persons(&self, value: &[u64]) -> std::collections::BTreeMap<u64, u64> {
        let mut histogram = std::collections::BTreeMap::new();
        let Some(members) = &self.members else {
            for (value, persons) in value.iter().zip(&self.persons) {
                *histogram.entry(*value).or_insert(0) += persons;
            }
            histogram.retain(|_, persons| *persons > 0);
            return histogram;
        };
        let mut least = vec![u64::MAX; members.all];
        for (at, value) in value.iter().enumerate() {
            for person in members.of(at) {
                let least = &mut least[*person as usize];
                *least = (*least).min(*value);
            }
        }
        for value in least {
            *histogram.entry(value).or_insert(0) += 1;
        }
        histogram
    }
}
