//! The rows of persons who have several, for an adversary who knows some of them.
//!
//! A person is the multiset of their rows. It becomes a set: the first row with some values is one item, the second
//! with the same values another, and so on. Whoever has j rows of a kind has the items 1 to j of it, so that a multiset
//! of rows is contained in another when its items are.
//!
//! Memory: 4 bytes a row, 8 a person, 8 an item.

use rayon::prelude::*;

use super::{Traces, support};
use crate::encode::groups::Groups;
use crate::encode::layout::Layout;

/// The rows of each person by the attributes that are known.
#[derive(Debug)]
pub struct Several {
    /// Items as tuples, those of a kind of rows one after the other.
    pub items: Traces,
    /// The first item of each item's kind.
    first: Vec<u32>,
}

impl Several {
    /// Rows of the same group are of one kind.
    pub fn new(traces: &Traces, groups: &Groups) -> Self {
        let rows = || Rows::new(traces, groups);
        // The most rows of a kind that anybody has.
        let mut most = vec![0u32; groups.count];
        for (_, group, count) in rows() {
            let most = &mut most[group as usize];
            *most = count.max(*most);
        }
        let mut begins = vec![0u32];
        for (group, most) in most.iter().enumerate() {
            begins.push(begins[group] + most);
        }
        let mut first = Vec::with_capacity(begins[groups.count] as usize);
        for range in begins.windows(2) {
            first.extend(std::iter::repeat_n(
                range[0],
                (range[1] - range[0]) as usize,
            ));
        }
        let (mut offsets, mut tuples) = (vec![0u64], Vec::new());
        for (person, group, count) in rows() {
            while offsets.len() <= person as usize {
                offsets.push(tuples.len() as u64);
            }
            let begin = begins[group as usize];
            tuples.extend(begin..begin + count);
        }
        offsets.resize(traces.persons() + 1, tuples.len() as u64);
        let items = first.len();
        Self {
            items: Traces {
                layout: Layout::new(vec![items.max(1) as u32]),
                keys: (0..items as u64).collect(),
                offsets,
                support: support(&tuples, items),
                tuples,
                rows: Vec::new(),
                repeats: Vec::new(),
                composite: None,
            },
            first,
        }
    }

    /// Whether nobody has two rows of a kind: each item is a kind then.
    pub fn are_distinct(&self) -> bool {
        (0u32..)
            .zip(&self.first)
            .all(|(item, first)| item == *first)
    }

    /// The first item of an item's kind.
    pub fn first(&self, item: u32) -> u32 {
        self.first[item as usize]
    }

    /// Whether an item is the first of its kind.
    pub fn is_first(&self, item: u32) -> bool {
        self.first[item as usize] == item
    }

    /// The items of so many rows of each kind: those of an adversary who knows these rows, whichever of a kind they
    /// are. `items` ascend, and so do those.
    pub fn known(&self, items: &[u32]) -> Vec<u32> {
        let mut known: Vec<u32> = Vec::with_capacity(items.len());
        for item in items {
            let first = self.first[*item as usize];
            let next = match known.last() {
                Some(last) if self.first[*last as usize] == first => last + 1,
                _ => first,
            };
            known.push(next);
        }
        known
    }

    /// The mean over persons of the share of their rows whose kind nobody else has, and how many rows are such.
    pub fn alone(&self) -> (f64, u64) {
        let alone = |person: usize| {
            let mine = self.items.of(person).iter();
            let single = |item: &&u32| {
                let first = self.first[**item as usize];
                self.items.support[first as usize] == 1
            };
            mine.filter(single).count()
        };
        let persons = self.items.persons();
        let counts: Vec<usize> = (0..persons).into_par_iter().map(alone).collect();
        // Summed in the order of persons: floating-point sums depend on it.
        let shares = counts.iter().enumerate().map(|(person, count)| {
            let rows = self.items.of(person).len().max(1);
            *count as f64 / rows as f64
        });
        let mean = shares.sum::<f64>() / persons.max(1) as f64;
        (mean, counts.iter().sum::<usize>() as u64)
    }
}

/// Person, group and how many rows of it the person has: ascending, each pair once.
struct Rows<'a> {
    traces: &'a Traces,
    groups: &'a Groups,
    person: usize,
    at: usize,
    repeats: &'a [super::Repeat],
}

impl<'a> Rows<'a> {
    fn new(traces: &'a Traces, groups: &'a Groups) -> Self {
        Self {
            traces,
            groups,
            person: 0,
            at: 0,
            repeats: &traces.repeats,
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = (u32, u32, u32);

    fn next(&mut self) -> Option<Self::Item> {
        while self.at == self.traces.tuples.len()
            || self.at as u64 >= self.traces.offsets[self.person + 1]
        {
            self.person += 1;
            if self.person >= self.traces.persons() {
                return None;
            }
        }
        let end = self.traces.offsets[self.person + 1] as usize;
        let group = self.groups.of[self.traces.tuples[self.at] as usize];
        let mut count = 0;
        while self.at < end && self.groups.of[self.traces.tuples[self.at] as usize] == group {
            let tuple = self.traces.tuples[self.at];
            count += 1;
            if let [repeat, rest @ ..] = self.repeats
                && (repeat.person as usize, repeat.tuple) == (self.person, tuple)
            {
                count += repeat.more;
                self.repeats = rest;
            }
            self.at += 1;
        }
        Some((self.person as u32, group, count))
    }
}
