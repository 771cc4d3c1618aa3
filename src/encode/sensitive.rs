//! How a sensitive attribute is distributed over the equivalence classes.
//!
//! Memory: 12 bytes for each value that occurs in a class, 8 a class; for tables with several rows a
//! person 4 bytes more for each class a person is in.

use rayon::prelude::*;

use super::count::Tuples;
use super::groups::Groups;
use super::taxonomy::Taxonomy;
use super::traces::Traces;

/// The distribution of one sensitive attribute. Counts are persons: a person who has several values
/// in a class counts once for each of them.
#[derive(Debug)]
pub struct Sensitive {
    /// Where each class's values begin; one more than classes.
    starts: Vec<usize>,
    /// Codes in ascending order within a class.
    values: Vec<u32>,
    counts: Vec<u64>,
    persons: Vec<u64>,
    /// How often each code occurs: the sum of its counts over all classes.
    pub overall: Vec<u64>,
    /// Whether the values are numbers or times, whose codes are in their order.
    pub ordered: bool,
    /// The levels above the values, where the manifest names them.
    pub taxonomy: Option<Taxonomy>,
    /// Persons who stand in each class themselves, where classes are neighbourhoods and so hold others.
    own: Option<Vec<u64>>,
    /// The classes of each person; `None` where a person is one row, and so in one class.
    membership: Option<Vec<Vec<u32>>>,
}

/// One equivalence class.
#[derive(Debug, Clone, Copy)]
pub struct Class<'a> {
    /// Distinct persons.
    pub persons: u64,
    /// The sensitive values that occur, ascending.
    pub values: &'a [u32],
    /// Persons with each value.
    pub counts: &'a [u64],
}

impl Class<'_> {
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The share of the most frequent value.
    pub fn greatest_share(&self) -> f64 {
        let most = self.counts.iter().max().copied().unwrap_or(0);
        most as f64 / self.total() as f64
    }
}

impl Sensitive {
    /// One row is one person.
    pub fn of_rows(tuples: &Tuples, groups: &Groups, attribute: usize, ordered: bool) -> Self {
        let triple = |tuple: usize| {
            let pair = (groups.of[tuple], tuples.code(tuple, attribute));
            (pair, tuples.rows[tuple])
        };
        let mut triples: Vec<_> = (0..tuples.len()).into_par_iter().map(triple).collect();
        triples.par_sort_unstable();
        let mut persons = vec![0; groups.count];
        for ((class, _), rows) in &triples {
            persons[*class as usize] += rows;
        }
        let codes = tuples.layout.capacity()[attribute] as usize;
        Self::collect(triples, persons, codes, ordered, None)
    }

    /// Several rows a person.
    pub fn of_persons(traces: &Traces, groups: &Groups, attribute: usize, ordered: bool) -> Self {
        let words = traces.layout.words();
        let keys: Vec<&[u64]> = traces.keys.chunks_exact(words).collect();
        let codes: Vec<u32> = keys
            .par_iter()
            .map(|key| traces.layout.code(attribute, key))
            .collect();
        let pairs = |person: usize| {
            let of = traces.of(person).iter().map(|tuple| {
                let class = match &traces.composite {
                    Some(composite) => composite[person],
                    None => groups.of[*tuple as usize],
                };
                (class, codes[*tuple as usize])
            });
            let mut pairs: Vec<(u32, u32)> = of.collect();
            pairs.sort_unstable();
            pairs.dedup();
            pairs
        };
        let pairs: Vec<Vec<(u32, u32)>> =
            (0..traces.persons()).into_par_iter().map(pairs).collect();
        let membership: Vec<Vec<u32>> = pairs
            .par_iter()
            .map(|pairs| {
                let mut classes: Vec<u32> = pairs.iter().map(|(class, _)| *class).collect();
                classes.dedup();
                classes
            })
            .collect();
        let mut all: Vec<((u32, u32), u64)> = pairs
            .into_par_iter()
            .flat_map_iter(|pairs| pairs.into_iter().map(|pair| (pair, 1)))
            .collect();
        all.par_sort_unstable();
        let classes = membership.iter().flatten().max();
        let mut sizes = vec![0; classes.map_or(0, |last| *last as usize + 1)];
        for class in membership.iter().flatten() {
            sizes[*class as usize] += 1;
        }
        let codes = traces.layout.capacity()[attribute] as usize;
        Self::collect(all, sizes, codes, ordered, Some(membership))
    }

    /// `triples` are ((class, code), persons) in ascending order, with repeats.
    fn collect(
        triples: Vec<((u32, u32), u64)>,
        persons: Vec<u64>,
        codes: usize,
        ordered: bool,
        membership: Option<Vec<Vec<u32>>>,
    ) -> Self {
        let mut sensitive = Self {
            starts: vec![0; persons.len() + 1],
            values: Vec::new(),
            counts: Vec::new(),
            persons,
            overall: vec![0; codes],
            ordered,
            taxonomy: None,
            own: None,
            membership,
        };
        let mut last = None;
        for ((class, code), persons) in triples {
            sensitive.overall[code as usize] += persons;
            if last == Some((class, code)) {
                *sensitive.counts.last_mut().expect("there is one") += persons;
                continue;
            }
            sensitive.values.push(code);
            sensitive.counts.push(persons);
            sensitive.starts[class as usize + 1] = sensitive.values.len();
            last = Some((class, code));
        }
        sensitive
    }

    /// The same persons and values where classes overlap: `distributions` holds, and `sizes` counts the
    /// persons of, what matches each class.
    pub fn overlapping(self, distributions: Vec<Vec<(u32, u64)>>, sizes: Vec<u64>) -> Self {
        let mut overlapping = Self {
            starts: vec![0],
            values: Vec::new(),
            counts: Vec::new(),
            own: Some(self.persons),
            persons: sizes,
            ..self
        };
        for (value, count) in distributions.into_iter().map(|distribution| {
            distribution
                .into_iter()
                .unzip::<u32, u64, Vec<u32>, Vec<u64>>()
        }) {
            overlapping.values.extend(value);
            overlapping.counts.extend(count);
            overlapping.starts.push(overlapping.values.len());
        }
        overlapping
    }

    /// Each class as pairs of value and persons.
    pub fn pairs(&self) -> Vec<Vec<(u32, u64)>> {
        let pairs = |class: Class<'_>| {
            class
                .values
                .iter()
                .copied()
                .zip(class.counts.iter().copied())
                .collect()
        };
        self.classes().map(pairs).collect()
    }

    /// The classes, in the order of their numbers.
    pub fn classes(&self) -> impl IndexedParallelIterator<Item = Class<'_>> {
        (0..self.persons.len()).into_par_iter().map(|class| {
            let range = self.starts[class]..self.starts[class + 1];
            Class {
                persons: self.persons[class],
                values: &self.values[range.clone()],
                counts: &self.counts[range],
            }
        })
    }

    /// Persons, each once.
    pub fn persons(&self) -> u64 {
        match &self.membership {
            None => self.own().iter().sum(),
            Some(membership) => membership.len() as u64,
        }
    }

    fn own(&self) -> &[u64] {
        self.own.as_ref().unwrap_or(&self.persons)
    }

    /// The share of each code in the whole table.
    pub fn shares(&self) -> Vec<f64> {
        let total: u64 = self.overall.iter().sum();
        let share = |count: &u64| *count as f64 / total as f64;
        self.overall.iter().map(share).collect()
    }

    /// Distinct values that occur.
    pub fn distinct(&self) -> usize {
        self.overall.iter().filter(|count| **count > 0).count()
    }

    /// The mean over persons of the greatest of `value` over their classes; `None` without persons.
    pub fn mean_over_persons(&self, value: &[f64]) -> Option<f64> {
        let sum: f64 = match &self.membership {
            None => {
                let weighted = value.iter().zip(self.own());
                weighted
                    .map(|(value, persons)| value * *persons as f64)
                    .sum()
            }
            Some(membership) => membership
                .iter()
                .map(|classes| {
                    let values = classes.iter().map(|class| value[*class as usize]);
                    values.fold(f64::NEG_INFINITY, f64::max)
                })
                .sum(),
        };
        let persons = self.persons();
        (persons > 0).then(|| sum / persons as f64)
    }

    /// Persons who are in at least one of the marked classes.
    pub fn persons_in(&self, marked: &[bool]) -> u64 {
        match &self.membership {
            None => {
                let marked = marked.iter().zip(self.own());
                marked
                    .filter(|(marked, _)| **marked)
                    .map(|(_, persons)| persons)
                    .sum()
            }
            Some(membership) => {
                let any = |classes: &&Vec<u32>| classes.iter().any(|class| marked[*class as usize]);
                membership.iter().filter(any).count() as u64
            }
        }
    }
}

#[cfg(test)]
impl Sensitive {
    /// One row a person; `classes[c]` lists (code, persons) of a class.
    pub fn example(classes: &[&[(u32, u64)]], ordered: bool) -> Self {
        let mut triples = Vec::new();
        for (class, values) in classes.iter().enumerate() {
            triples.extend(
                values
                    .iter()
                    .map(|(code, count)| ((class as u32, *code), *count)),
            );
        }
        let sizes = classes
            .iter()
            .map(|values| values.iter().map(|pair| pair.1).sum())
            .collect();
        let codes = triples
            .iter()
            .map(|((_, code), _)| *code as usize + 1)
            .max()
            .unwrap_or(0);
        Self::collect(triples, sizes, codes, ordered, None)
    }
}
