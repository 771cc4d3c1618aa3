//! Who has which tuple: for traces the points of each person, for microdata the attribute tuples of
//! each person.
//!
//! Memory: while loading 4 bytes for the person and 4 for the tuple of each row (8 a word of the key
//! where more than 2³² tuples are possible), and 4 a row once more when persons are gathered; afterwards
//! 4 bytes a (person, tuple) pair, 8 a person and 12 a distinct tuple (8 a word of its key, 4 for its support). While candidates
//! are counted as much a pair again at most.

pub mod several;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use foldhash::HashMap;
use rayon::prelude::*;

use super::groups::Groups;
use super::layout::Layout;
use super::marked::Marked;
use super::parts::parted;
use super::ranges::Ranges;

/// The rows of one unit of work.
pub struct Rows {
    pub layout: Arc<Layout>,
    pub keys: Keys,
    pub persons: Vec<u32>,
}

pub enum Keys {
    Narrow(Vec<u32>),
    /// `layout.words()` words a row.
    Wide(Vec<u64>),
}

impl Rows {
    pub fn new(layout: Arc<Layout>) -> Self {
        let narrow = layout.space().is_some_and(|space| space <= 1 << 32);
        Self {
            layout,
            keys: if narrow {
                Keys::Narrow(Vec::new())
            } else {
                Keys::Wide(Vec::new())
            },
            persons: Vec::new(),
        }
    }

    /// Adds the rows whose person is not null: `keys` holds one key a row.
    pub fn push(&mut self, keys: &[u64], persons: &[u32], null: Option<u32>) {
        let words = self.layout.words();
        let kept = |person: &u32| Some(*person) != null;
        self.persons.extend(persons.iter().copied().filter(kept));
        match &mut self.keys {
            Keys::Narrow(narrow) => {
                let pairs = keys.iter().zip(persons);
                narrow.extend(pairs.filter(|(_, p)| kept(p)).map(|(key, _)| *key as u32));
            }
            Keys::Wide(wide) => {
                for (key, person) in keys.chunks_exact(words).zip(persons) {
                    if kept(person) {
                        wide.extend_from_slice(key);
                    }
                }
            }
        }
    }

    fn is_under(&self, layout: &Arc<Layout>) -> bool {
        Arc::ptr_eq(&self.layout, layout)
    }

    /// The rows with what a table has for their keys.
    fn placed(self, table: &[u32]) -> Placed {
        let Keys::Narrow(mut keys) = self.keys else {
            unreachable!("keys that fill a table are narrow")
        };
        keys.iter_mut().for_each(|key| *key = table[*key as usize]);
        Placed {
            persons: self.persons,
            tuples: keys,
        }
    }

    /// Each row's key and person.
    pub fn for_each(&self, mut row: impl FnMut(&[u64], u32)) {
        match &self.keys {
            Keys::Narrow(keys) => {
                for (key, person) in keys.iter().zip(&self.persons) {
                    row(&[u64::from(*key)], *person);
                }
            }
            Keys::Wide(keys) => {
                let keys = keys.chunks_exact(self.layout.words());
                keys.zip(&self.persons)
                    .for_each(|(key, person)| row(key, *person));
            }
        }
    }
}

/// The tuples of each person, in ascending order, each once.
#[derive(Debug)]
pub struct Traces {
    pub layout: Layout,
    /// The key of each distinct tuple, ascending: `layout.words()` words a tuple.
    pub keys: Vec<u64>,
    /// Persons × 1 + 1: where each person's tuples begin.
    offsets: Vec<u64>,
    tuples: Vec<u32>,
    /// Distinct persons that have each tuple.
    pub support: Vec<u32>,
    /// Rows with each tuple, where asked for.
    pub rows: Vec<u64>,
    /// Tuples that a person has in several rows, where asked for: ascending by person, then by tuple.
    pub repeats: Vec<Repeat>,
    /// The class of each person by their multiset of tuples, where asked for.
    pub composite: Option<Vec<u32>>,
}

/// A tuple that a person has in more than one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeat {
    person: u32,
    tuple: u32,
    /// Rows beyond the first.
    more: u32,
}

/// Persons that are looked at in turn.
const PART: usize = 1 << 10;
/// The place of a tuple that is not wanted.
const ABSENT: u32 = u32::MAX;

/// What more than the sets of tuples is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// How many rows have each tuple, and which tuples a person has in several rows.
    pub rows: bool,
    /// Persons with the same multiset of tuples, as far as their first attributes go, are one class.
    pub composite: Option<usize>,
}

impl Traces {
    pub fn persons(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Distinct (person, tuple) pairs.
    pub fn pairs(&self) -> u64 {
        self.tuples.len() as u64
    }

    /// A person's tuples, ascending, each once.
    pub fn of(&self, person: usize) -> &[u32] {
        &self.tuples[self.offsets[person] as usize..self.offsets[person + 1] as usize]
    }

    /// Builds the traces from the rows; `order` brings the codes of attributes, and
    /// `person_order` those of the `persons` persons, into the order of their values.
    pub fn build(
        rows: Vec<Rows>,
        order: &[Vec<u32>],
        person_order: &[u32],
        persons: usize,
        wanted: Wanted,
    ) -> Self {
        let layout = Layout::new(
            order
                .iter()
                .map(|order| order.len().max(1) as u32)
                .collect(),
        );
        let (placed, distinct) = placed(rows, order, &layout);
        let repeated: Vec<AtomicU64> = match wanted.rows {
            true => (0..distinct.len()).map(|_| AtomicU64::new(0)).collect(),
            false => Vec::new(),
        };
        let buckets = Buckets::of(persons);
        // Each unit's rows are freed as soon as they are dealt out.
        let dealt: Vec<Dealt> = placed
            .into_par_iter()
            .map(|placed| Dealt::new(placed, person_order, &buckets))
            .collect();
        let rows_of = |bucket| dealt.iter().map(|dealt| dealt.count(bucket)).sum();
        let rows: Vec<usize> = (0..buckets.count).map(rows_of).collect();
        let (mut offsets, mut tuples) = gathered(&rows, |bucket, place| {
            let range = buckets.persons(bucket, persons);
            gather(&dealt, bucket, range, wanted.rows, &repeated, place)
        });
        drop(dealt);
        let keys = distinct.into_keys();
        let composite = wanted.composite.map(|known| {
            let groups = Groups::by_prefix(&layout, &keys, known);
            multisets(&offsets, &tuples, &groups.of)
        });
        let repeats = match wanted.rows {
            true => take_repeats(&mut offsets, &mut tuples),
            false => Vec::new(),
        };
        let support = support(&tuples, keys.len() / layout.words());
        let pairs = support.iter().zip(repeated);
        let rows = pairs.map(|(support, repeated)| u64::from(*support) + repeated.into_inner());
        Self {
            keys,
            layout,
            offsets,
            tuples,
            rows: rows.collect(),
            support,
            repeats,
            composite,
        }
    }

    /// Whether a person has more than one row.
    pub fn has_several_rows(&self) -> bool {
        !self.repeats.is_empty() || self.tuples.len() > self.persons()
    }

    /// The class of each person by all their rows together: persons with the same multiset of groups are one class,
    /// numbered without gaps. `None` where nobody has several rows.
    pub fn multisets(&self, groups: &Groups) -> Option<Vec<u32>> {
        if !self.has_several_rows() {
            return None;
        }
        if self.repeats.is_empty() {
            return Some(multisets(&self.offsets, &self.tuples, &groups.of));
        }
        let (offsets, tuples) = self.with_repeats();
        Some(multisets(&offsets, &tuples, &groups.of))
    }

    /// The tuples of all persons as often as they have rows with them, and where each person's begin.
    fn with_repeats(&self) -> (Vec<u64>, Vec<u32>) {
        let more: usize = self.repeats.iter().map(|repeat| repeat.more as usize).sum();
        let mut tuples = Vec::with_capacity(self.tuples.len() + more);
        let mut offsets = vec![0];
        let mut repeats = self.repeats.iter().peekable();
        for person in 0..self.persons() {
            for tuple in self.of(person) {
                let is_this =
                    |repeat: &&Repeat| (repeat.person as usize, repeat.tuple) == (person, *tuple);
                let more = repeats.next_if(is_this).map_or(0, |repeat| repeat.more);
                tuples.extend(std::iter::repeat_n(*tuple, 1 + more as usize));
            }
            offsets.push(tuples.len() as u64);
        }
        (offsets, tuples)
    }

    /// The keys of the tuples with the codes of the first attribute replaced by `coarser[code]`, and their layout.
    fn coarser_first(&self, coarser: &[u32]) -> (Layout, Vec<u64>) {
        let mut capacity = self.layout.capacity().to_vec();
        let orders: Vec<Vec<u32>> = capacity
            .iter()
            .enumerate()
            .map(|(attribute, capacity)| match attribute {
                0 => coarser.to_vec(),
                _ => (0..*capacity).collect(),
            })
            .collect();
        capacity[0] = coarser.last().map_or(1, |last| last + 1);
        let layout = Layout::new(capacity);
        let (words, wide) = (layout.words(), self.layout.words());
        let mut moved = vec![0u64; self.support.len() * words];
        moved
            .par_chunks_mut(words)
            .zip(self.keys.par_chunks(wide))
            .for_each(|(out, key)| self.layout.translate(key, &orders, &layout, out));
        (layout, moved)
    }

    /// The key of a tuple: `layout.words()` words.
    pub fn key(&self, tuple: usize) -> &[u64] {
        let words = self.layout.words();
        &self.keys[tuple * words..][..words]
    }

    /// Where the tuples of each of so many codes of the first attribute begin, and the end of the last.
    pub fn firsts(&self, codes: usize) -> Vec<u32> {
        let first = |code: u32| {
            let (mut low, mut high) = (0, self.support.len());
            while low < high {
                let middle = usize::midpoint(low, high);
                match self.layout.code(0, self.key(middle)) < code {
                    true => low = middle + 1,
                    false => high = middle,
                }
            }
            low as u32
        };
        (0..=codes as u32).map(first).collect()
    }

    /// The codes of a tuple but the first.
    fn but_first(&self, tuple: u32) -> impl Iterator<Item = u32> {
        let key = self.key(tuple as usize);
        let attributes = 1..self.layout.capacity().len();
        attributes.map(|attribute| self.layout.code(attribute, key))
    }

    /// How many tuples differ by more than the first of their codes.
    fn distinct_but_first(&self, tuples: &[u32]) -> usize {
        let mut tuples = tuples.to_vec();
        tuples.sort_unstable_by(|a, b| self.but_first(*a).cmp(self.but_first(*b)));
        tuples.dedup_by(|a, b| self.but_first(*a).eq(self.but_first(*b)));
        tuples.len()
    }

    /// Distinct (person, tuple) pairs of [`Self::with_coarser_first`].
    pub fn pairs_with_coarser_first(&self, coarser: &[u32]) -> u64 {
        let firsts = self.firsts(coarser.len());
        let begins = |code: &usize| *code == 0 || coarser[*code] != coarser[*code - 1];
        let starts = (0..coarser.len()).filter(begins).map(|code| firsts[code]);
        let ranges = Ranges::new(starts.chain(firsts.last().copied()).collect());
        let parts = (0..self.persons()).into_par_iter().step_by(PART);
        let pairs = parts.map(|first| {
            let (mut pairs, mut two) = (0, Vec::new());
            let mut close = |tuples: &[u32]| match tuples {
                // Compared later, many at a time: memory brings their keys together.
                [a, b] => two.push((*a, *b)),
                [] | [_] => pairs += tuples.len(),
                _ => pairs += self.distinct_but_first(tuples),
            };
            for person in first..(first + PART).min(self.persons()) {
                let (trace, mut start, mut range) = (self.of(person), 0, usize::MAX);
                for (at, tuple) in trace.iter().enumerate() {
                    let next = ranges.of(*tuple);
                    if next != range {
                        close(&trace[start..at]);
                        (start, range) = (at, next);
                    }
                }
                close(&trace[start..]);
            }
            let alike = |(a, b): &&(u32, u32)| self.but_first(*a).eq(self.but_first(*b));
            (pairs + 2 * two.len() - two.iter().filter(alike).count()) as u64
        });
        pairs.sum()
    }

    /// The same traces with the codes of the first attribute replaced by `coarser[code]`, which ascend with
    /// them.
    pub fn with_coarser_first(&self, coarser: &[u32]) -> Self {
        let (layout, moved) = self.coarser_first(coarser);
        let words = layout.words();
        let key = |tuple: u32| &moved[tuple as usize * words..][..words];
        let mut order: Vec<u32> = (0..self.support.len() as u32).collect();
        order.par_sort_unstable_by(|a, b| key(*a).cmp(key(*b)));
        let mut place = vec![0u32; order.len()];
        let (mut keys, mut next) = (Vec::new(), 0);
        for same in order.chunk_by(|a, b| key(*a) == key(*b)) {
            same.iter().for_each(|tuple| place[*tuple as usize] = next);
            keys.extend_from_slice(key(same[0]));
            next += 1;
        }
        drop(order);
        let buckets = Buckets::of(self.persons());
        let range = |bucket| {
            let persons = buckets.persons(bucket, self.persons());
            self.offsets[persons.start] as usize..self.offsets[persons.end] as usize
        };
        let rows: Vec<usize> = (0..buckets.count)
            .map(|bucket| range(bucket).len())
            .collect();
        let (offsets, tuples) = gathered(&rows, |bucket, tuples| {
            let fine = self.tuples[range(bucket)].iter();
            let moved = tuples.iter_mut().zip(fine);
            moved.for_each(|(tuple, fine)| *tuple = place[*fine as usize]);
            let persons = buckets.persons(bucket, self.persons());
            let lengths = persons.map(|person| self.of(person).len());
            kept_once(tuples, lengths, |_, _| 1)
        });
        Self {
            support: support(&tuples, next as usize),
            layout,
            keys,
            offsets,
            tuples,
            rows: Vec::new(),
            repeats: Vec::new(),
            composite: None,
        }
    }

    /// The same persons with other tuples, of ascending `keys` under `layout`: each becomes that at its `place`.
    /// Persons that do not `stay` are left out, and so are tuples that nobody has then; with the `periods` of the
    /// tuples a person is another in each of them.
    pub fn moved(
        &self,
        layout: Layout,
        keys: Vec<u64>,
        place: &[u32],
        stay: Option<&[bool]>,
        periods: Option<&[i64]>,
    ) -> Self {
        let stays = |person: &usize| stay.is_none_or(|stay| stay[*person]);
        let persons: Vec<usize> = (0..self.persons()).filter(stays).collect();
        let by_row = !self.rows.is_empty();
        let repeated = by_row.then(|| self.with_repeats());
        let parts = |person: &usize| {
            let mine = match &repeated {
                Some((offsets, tuples)) => {
                    &tuples[offsets[*person] as usize..offsets[*person + 1] as usize]
                }
                None => self.of(*person),
            };
            let mut all: Vec<(i64, u32)> = mine
                .iter()
                .map(|tuple| {
                    let tuple = *tuple as usize;
                    (periods.map_or(0, |periods| periods[tuple]), place[tuple])
                })
                .collect();
            all.sort_unstable();
            all
        };
        let parts: Vec<Vec<(i64, u32)>> = persons.par_iter().map(parts).collect();
        let (mut offsets, mut tuples) = (vec![0u64], Vec::new());
        for all in &parts {
            for part in all.chunk_by(|a, b| a.0 == b.0) {
                tuples.extend(part.iter().map(|(_, tuple)| *tuple));
                offsets.push(tuples.len() as u64);
            }
        }
        let mut repeats = take_repeats(&mut offsets, &mut tuples);
        if !by_row {
            repeats.clear();
        }
        let words = layout.words();
        let distinct = keys.len() / words;
        let mut rows = vec![0u64; if self.rows.is_empty() { 0 } else { distinct }];
        match (stay, self.rows.is_empty()) {
            (_, true) => {}
            (None, _) => {
                for (place, count) in place.iter().zip(&self.rows) {
                    rows[*place as usize] += count;
                }
            }
            // Of those who stay each row is a tuple of its own: persons are left out where that is so.
            (Some(_), _) => {
                for tuple in persons.iter().flat_map(|person| self.of(*person)) {
                    rows[place[*tuple as usize] as usize] += 1;
                }
            }
        }
        let support = support(&tuples, distinct);
        if support.iter().all(|persons| *persons > 0) {
            return Self {
                layout,
                keys,
                offsets,
                tuples,
                support,
                rows,
                repeats,
                composite: None,
            };
        }
        let has = |at: &usize| support[*at] > 0;
        let mut places = vec![ABSENT; distinct];
        for (next, at) in (0u32..).zip((0..distinct).filter(has)) {
            places[at] = next;
        }
        tuples
            .iter_mut()
            .for_each(|tuple| *tuple = places[*tuple as usize]);
        for repeat in &mut repeats {
            repeat.tuple = places[repeat.tuple as usize];
        }
        let kept = |at: usize| keys[at * words..][..words].iter().copied();
        Self {
            keys: (0..distinct).filter(has).flat_map(kept).collect(),
            layout,
            offsets,
            tuples,
            rows: match rows.is_empty() {
                true => rows,
                false => (0..distinct).filter(has).map(|at| rows[at]).collect(),
            },
            support: support
                .iter()
                .copied()
                .filter(|persons| *persons > 0)
                .collect(),
            repeats,
            composite: None,
        }
    }

    /// The groups of a person's tuples, ascending, each once: groups ascend with the tuples.
    pub fn groups_of(&self, person: usize, groups: &Groups) -> impl Iterator<Item = u32> {
        let mut last = None;
        let of = self
            .of(person)
            .iter()
            .map(|tuple| groups.of[*tuple as usize]);
        of.filter(move |group| last.replace(*group) != Some(*group))
    }

    /// For each group who has which value of an attribute: distinct (value, person), ascending.
    pub fn values_of(&self, groups: &Groups, attribute: usize) -> Vec<Vec<(u32, u64)>> {
        let mut values = vec![Vec::new(); groups.count];
        for person in 0..self.persons() {
            for tuple in self.of(person) {
                let at = *tuple as usize;
                let code = self.layout.code(attribute, self.key(at));
                values[groups.of[at] as usize].push((code, person as u64));
            }
        }
        values.par_iter_mut().for_each(|pairs| {
            pairs.sort_unstable();
            pairs.dedup();
        });
        values
    }

    /// Distinct persons with a tuple of each group.
    pub fn support_of(&self, groups: &Groups) -> Vec<u32> {
        if groups.count == self.support.len() {
            return self.support.clone();
        }
        let support: Vec<AtomicU32> = (0..groups.count).map(|_| AtomicU32::new(0)).collect();
        let persons = (0..self.persons()).into_par_iter().with_min_len(1 << 12);
        persons.for_each(|person| {
            for group in self.groups_of(person, groups) {
                support[group as usize].fetch_add(1, Relaxed);
            }
        });
        support.into_iter().map(AtomicU32::into_inner).collect()
    }

    /// The persons who have each of `wanted` tuples (ascending, each once): one list a tuple, each
    /// ascending.
    pub fn having(&self, wanted: &[u32]) -> Vec<Vec<u32>> {
        let places = self.places(wanted);
        // Most tuples are not wanted: bits of them all fit where their places would not.
        let asked = Marked::of(self.support.len(), |tuple| places[tuple] != ABSENT);
        let chunk = self
            .persons()
            .div_ceil(rayon::current_num_threads() * 4)
            .max(1);
        let pairs: Vec<Vec<(u32, u32)>> = (0..self.persons())
            .into_par_iter()
            .step_by(chunk)
            .map(|first| {
                let mut found = Vec::new();
                for person in first..(first + chunk).min(self.persons()) {
                    let mine = self.of(person).iter();
                    let mine = mine.filter(|tuple| asked.has(**tuple));
                    found.extend(mine.map(|tuple| (places[*tuple as usize], person as u32)));
                }
                found
            })
            .collect();
        let mut lists: Vec<Vec<u32>> = wanted
            .iter()
            .map(|tuple| Vec::with_capacity(self.support[*tuple as usize] as usize))
            .collect();
        for (place, person) in pairs.into_iter().flatten() {
            lists[place as usize].push(person);
        }
        lists
    }

    /// For each tuple its place among the wanted ones; [`ABSENT`] for the others.
    fn places(&self, wanted: &[u32]) -> Vec<u32> {
        let mut places = vec![ABSENT; self.support.len()];
        for (place, tuple) in (0u32..).zip(wanted) {
            places[*tuple as usize] = place;
        }
        places
    }

    /// How many persons have all tuples of each probe. A probe is a set of tuples, not empty.
    pub fn candidates(&self, probes: &[Vec<u32>]) -> Vec<u32> {
        let support = |tuple: u32| self.support[tuple as usize];
        // Whoever has all tuples has the rarest: only its persons need a look.
        // Where even that is common, persons are bits. The tuples that are common have 32 persons in each 1,024 or
        // more: their bits take no more room than the tuples of all.
        let is_common = |tuple: u32| u64::from(support(tuple)) * 32 >= self.persons() as u64;
        let distinct = |mut tuples: Vec<u32>| {
            tuples.par_sort_unstable();
            tuples.dedup();
            tuples
        };
        let open = || {
            let several = probes.iter().filter(|probe| probe.len() > 1);
            several.map(|probe| (probe, self.rarest(probe)))
        };
        let rare = open().map(|(_, rare)| rare);
        let needed = distinct(
            rare.filter(|rare| support(*rare) > 1 && !is_common(*rare))
                .collect(),
        );
        let having = self.having(&needed);
        let common = open().filter(|(_, rare)| support(*rare) > 1 && is_common(*rare));
        let common = distinct(
            common
                .flat_map(|(probe, _)| probe.iter().copied())
                .collect(),
        );
        let crowds = self.crowds(&common);
        let words = self.persons().div_ceil(64);
        let crowd = |tuple: &u32| {
            let at = common.binary_search(tuple).expect("it was collected");
            &crowds[at * words..][..words]
        };
        let together = |joined: &mut Vec<u64>, probe: &Vec<u32>| {
            joined.clear();
            joined.resize(words, u64::MAX);
            for tuple in probe {
                let pairs = joined.iter_mut().zip(crowd(tuple));
                pairs.for_each(|(joined, theirs)| *joined &= theirs);
            }
            joined.iter().map(|word| word.count_ones()).sum()
        };
        probes
            .par_iter()
            .map_init(Vec::new, |joined, probe| {
                let rare = self.rarest(probe);
                if support(rare) == 1 || probe.len() == 1 {
                    return support(rare);
                }
                if is_common(rare) {
                    return together(joined, probe);
                }
                let at = needed.binary_search(&rare).expect("it was collected");
                let has_all = |person: &&u32| self.has_all(**person, probe, rare);
                having[at].iter().filter(has_all).count() as u32
            })
            .collect()
    }

    /// What `of` makes of the persons who have all tuples of a probe, ascending; one for each probe.
    pub fn matching<T: Send>(
        &self,
        probes: &[&Vec<u32>],
        of: impl Fn(&[u32]) -> T + Sync,
    ) -> Vec<T> {
        let mut needed: Vec<u32> = probes.iter().map(|probe| self.rarest(probe)).collect();
        needed.par_sort_unstable();
        needed.dedup();
        let having = self.having(&needed);
        let matching = |probe: &&Vec<u32>| {
            let rare = self.rarest(probe);
            let at = needed.binary_search(&rare).expect("it was collected");
            let persons = having[at].iter().copied();
            let persons = persons.filter(|person| self.has_all(*person, probe, rare));
            of(&persons.collect::<Vec<u32>>())
        };
        probes.par_iter().map(matching).collect()
    }

    /// Whether a person who has the rarest tuple of a probe has the others too.
    fn has_all(&self, person: u32, probe: &[u32], rare: u32) -> bool {
        let trace = self.of(person as usize);
        let mut others = probe.iter().filter(|tuple| **tuple != rare);
        others.all(|tuple| trace.binary_search(tuple).is_ok())
    }

    /// The tuple of a probe that fewest persons have.
    fn rarest(&self, probe: &[u32]) -> u32 {
        let tuples = probe.iter().copied();
        tuples
            .min_by_key(|tuple| (self.support[*tuple as usize], *tuple))
            .expect("a probe is not empty")
    }

    /// At most how many persons have all tuples of a probe.
    pub fn most_candidates(&self, probe: &[u32]) -> u64 {
        self.support[self.rarest(probe) as usize].into()
    }

    /// The persons who have each of `wanted` tuples (ascending, each once), a bit each: as many words a tuple.
    fn crowds(&self, wanted: &[u32]) -> Vec<u64> {
        let words = self.persons().div_ceil(64);
        let bits: Vec<AtomicU64> = (0..wanted.len() * words)
            .map(|_| AtomicU64::new(0))
            .collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let places = self.places(wanted);
        (0..words).into_par_iter().for_each(|word| {
            for person in word * 64..(word * 64 + 64).min(self.persons()) {
                for tuple in self.of(person) {
                    let place = places[*tuple as usize];
                    if place != ABSENT {
                        bits[place as usize * words + word].fetch_or(1 << (person % 64), Relaxed);
                    }
                }
            }
        });
        bits.into_iter().map(AtomicU64::into_inner).collect()
    }
}

impl Traces {
    /// For each person how many pairs of their tuples somebody else has as well; `None` where to find out
    /// would take more than `most` steps.
    ///
    /// For every other person who has tuples in common a bit for each of the person's tuples; the pairs of a
    /// tuple are those of all who have it, joined.
    pub fn shared_pairs(&self, most: u64) -> Option<Vec<u64>> {
        // To look another person up takes as long as to join some words. Every trace has one word at least: tuples
        // that many share tell at once that it is too much.
        let least = |support: &u32| {
            let support = u64::from(*support);
            17 * support * support.saturating_sub(1)
        };
        let least = self.support.par_iter().map(least);
        if least.reduce(|| 0, u64::saturating_add) > most {
            return None;
        }
        let words = |person: usize| 16 + self.of(person).len().div_ceil(64) as u64;
        let steps = |person: usize| {
            let others = self
                .of(person)
                .iter()
                .map(|tuple| u64::from(self.support[*tuple as usize]) - 1);
            others.sum::<u64>() * words(person)
        };
        let all: u64 = (0..self.persons()).into_par_iter().map(steps).sum();
        if all > most {
            return None;
        }
        let shared: Vec<u32> = (0..self.support.len() as u32)
            .filter(|tuple| self.support[*tuple as usize] > 1)
            .collect();
        let having = self.having(&shared);
        let places = self.places(&shared);
        let place = |tuple: u32| match places[tuple as usize] {
            ABSENT => None,
            place => Some(place as usize),
        };
        let count = |person: usize| {
            let mine = self.of(person);
            let words = mine.len().div_ceil(64);
            // The bits of each other person, in the order in which they were met.
            let mut met: HashMap<u32, usize> = HashMap::default();
            let mut bits: Vec<u64> = Vec::new();
            for (at, tuple) in mine.iter().enumerate() {
                let Some(place) = place(*tuple) else { continue };
                for other in having[place]
                    .iter()
                    .filter(|other| **other as usize != person)
                {
                    let new = met.len();
                    let theirs = *met.entry(*other).or_insert(new);
                    if theirs == new {
                        bits.resize((new + 1) * words, 0);
                    }
                    bits[theirs * words + at / 64] |= 1 << (at % 64);
                }
            }
            let (mut pairs, mut joined) = (0u64, vec![0u64; words]);
            for (at, tuple) in mine.iter().enumerate() {
                let Some(place) = place(*tuple) else { continue };
                joined.fill(0);
                for other in having[place]
                    .iter()
                    .filter(|other| **other as usize != person)
                {
                    let theirs = &bits[met[other] * words..][..words];
                    joined
                        .iter_mut()
                        .zip(theirs)
                        .for_each(|(joined, theirs)| *joined |= theirs);
                }
                let ones: u32 = joined.iter().map(|word| word.count_ones()).sum();
                // Without the tuple itself; each pair is met from both of its ends.
                let itself = joined[at / 64] >> (at % 64) & 1;
                pairs += u64::from(ones) - itself;
            }
            pairs / 2
        };
        Some((0..self.persons()).into_par_iter().map(count).collect())
    }
}

/// The rows of a unit: whose they are, by the code the person was read under, and which of the distinct
/// tuples they have.
struct Placed {
    persons: Vec<u32>,
    tuples: Vec<u32>,
}

/// The rows with their tuples in place of their keys, and the keys of the tuples.
fn placed(rows: Vec<Rows>, order: &[Vec<u32>], layout: &Layout) -> (Vec<Placed>, Distinct) {
    let layout = Arc::new(layout.clone());
    let dense = dense(&rows, &layout);
    let rows: Vec<Rows> = rows
        .into_par_iter()
        .map(
            |rows| match dense.iter().any(|dense| rows.is_under(dense)) {
                true => rows,
                false => translate(rows, order, &layout),
            },
        )
        .collect();
    let (tables, distinct) = match dense.is_empty() {
        true => (Tables(Vec::new()), Distinct::of(&rows, &layout)),
        false => Tables::new(&rows, dense, order, &layout),
    };
    let rows = rows.into_par_iter();
    let placed = rows.map(|rows| match tables.of(&rows.layout) {
        Some(table) => rows.placed(table),
        None => distinct.place(rows),
    });
    (placed.collect(), distinct)
}

/// The layouts that have no more possible keys than rows were read under them, where a bit for each final key is
/// affordable.
fn dense(rows: &[Rows], layout: &Layout) -> Vec<Arc<Layout>> {
    if layout
        .space()
        .is_none_or(|space| space > Distinct::affordable(rows))
    {
        return Vec::new();
    }
    let mut read: Vec<(Arc<Layout>, usize)> = Vec::new();
    for rows in rows {
        match read.iter_mut().find(|(known, _)| rows.is_under(known)) {
            Some((_, count)) => *count += rows.persons.len(),
            None => read.push((rows.layout.clone(), rows.persons.len())),
        }
    }
    read.retain(|(read, rows)| read.space().is_some_and(|space| space <= *rows as u64));
    read.into_iter().map(|(read, _)| read).collect()
}

/// For each dense layout the place of each of its keys among the distinct tuples: 4 bytes a key that could be.
struct Tables(Vec<(Arc<Layout>, Vec<u32>)>);

impl Tables {
    /// The rows of other layouts than the `dense` have their final keys.
    fn new(
        rows: &[Rows],
        dense: Vec<Arc<Layout>>,
        order: &[Vec<u32>],
        layout: &Arc<Layout>,
    ) -> (Self, Distinct) {
        let bits = used(rows, layout);
        let used: Vec<Vec<u64>> = dense.iter().map(|dense| used(rows, dense)).collect();
        let bits: Vec<AtomicU64> = bits.into_iter().map(AtomicU64::new).collect();
        for (read, used) in dense.iter().zip(&used) {
            used.par_chunks(WORDS).enumerate().for_each(|(at, used)| {
                let mut translation = read.translation(order, layout);
                ones(used, |place| {
                    let key = translation.of((at * WORDS * 64 + place) as u64);
                    bits[(key / 64) as usize].fetch_or(1 << (key % 64), Relaxed);
                });
            });
        }
        let distinct = Distinct::of_bits(bits.into_iter().map(AtomicU64::into_inner).collect());
        let table = |(read, used): (Arc<Layout>, Vec<u64>)| {
            let mut table = vec![ABSENT; used.len() * 64];
            let parts = table.par_chunks_mut(WORDS * 64).zip(used.par_chunks(WORDS));
            parts.enumerate().for_each(|(at, (table, used))| {
                let mut translation = read.translation(order, layout);
                ones(used, |place| {
                    let key = translation.of((at * WORDS * 64 + place) as u64);
                    table[place] = distinct.position(&[key]);
                });
            });
            (read, table)
        };
        (
            Self(dense.into_iter().zip(used).map(table).collect()),
            distinct,
        )
    }

    fn of(&self, layout: &Arc<Layout>) -> Option<&[u32]> {
        let known = self.0.iter().find(|(known, _)| Arc::ptr_eq(known, layout));
        known.map(|(_, table)| table.as_slice())
    }
}

/// Words of bits that are gone through at a time.
const WORDS: usize = 1 << 10;

/// A bit for each possible key of a layout of one word: whether a row that is under it has that.
fn used(rows: &[Rows], layout: &Arc<Layout>) -> Vec<u64> {
    let space = layout.space().expect("it has one word");
    let bits: Vec<AtomicU64> = (0..space.div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
    let rows = rows.par_iter().filter(|rows| rows.is_under(layout));
    rows.for_each(|rows| {
        rows.for_each(|key, _| {
            let (word, bit) = (&bits[(key[0] / 64) as usize], 1 << (key[0] % 64));
            if word.load(Relaxed) & bit == 0 {
                word.fetch_or(bit, Relaxed);
            }
        });
    });
    bits.into_iter().map(AtomicU64::into_inner).collect()
}

/// The places of the bits that are set, ascending.
fn ones(words: &[u64], mut found: impl FnMut(usize)) {
    for (at, word) in words.iter().enumerate() {
        let mut rest = *word;
        while rest != 0 {
            found(at * 64 + rest.trailing_zeros() as usize);
            rest &= rest - 1;
        }
    }
}

/// Brings the keys of a unit's rows into their final form.
fn translate(rows: Rows, order: &[Vec<u32>], layout: &Arc<Layout>) -> Rows {
    let mut moved = Rows::new(layout.clone());
    let mut out = vec![0; layout.words()];
    moved.keys = match (rows.keys, moved.keys) {
        (Keys::Narrow(mut keys), Keys::Narrow(_)) => {
            for key in &mut keys {
                rows.layout
                    .translate(&[u64::from(*key)], order, layout, &mut out);
                *key = out[0] as u32;
            }
            Keys::Narrow(keys)
        }
        (keys, mut target) => {
            let wide = match keys {
                Keys::Wide(wide) => wide,
                Keys::Narrow(narrow) => narrow.into_iter().map(u64::from).collect(),
            };
            for key in wide.chunks_exact(rows.layout.words()) {
                rows.layout.translate(key, order, layout, &mut out);
                match &mut target {
                    Keys::Narrow(keys) => keys.push(out[0] as u32),
                    Keys::Wide(keys) => keys.extend_from_slice(&out),
                }
            }
            target
        }
    };
    moved.persons = rows.persons;
    moved
}

/// The distinct keys, and the position of each among them.
enum Distinct {
    /// A bit for each possible key, and the number of set bits before each 64 of them.
    Bits {
        bits: Vec<u64>,
        before: Vec<u32>,
    },
    Sorted {
        words: usize,
        keys: Vec<u64>,
    },
}

impl Distinct {
    /// The most keys for which a bit each is affordable: at most as much as 4 bytes a row.
    fn affordable(rows: &[Rows]) -> u64 {
        let rows: usize = rows.iter().map(|rows| rows.persons.len()).sum();
        (rows as u64 * 32).max(1 << 24)
    }

    fn of_bits(bits: Vec<u64>) -> Self {
        let mut total = 0;
        let before = bits
            .iter()
            .map(|word| {
                let before = total;
                total += word.count_ones();
                before
            })
            .collect();
        Self::Bits { bits, before }
    }

    fn of(rows: &[Rows], layout: &Arc<Layout>) -> Self {
        match layout.space() {
            Some(space) if space <= Self::affordable(rows) => Self::of_bits(used(rows, layout)),
            _ => {
                let words = layout.words();
                let mut keys: Vec<Box<[u64]>> = Vec::new();
                for rows in rows {
                    let mut some: Vec<Box<[u64]>> = Vec::with_capacity(rows.persons.len());
                    rows.for_each(|key, _| some.push(key.into()));
                    some.par_sort_unstable();
                    some.dedup();
                    keys.extend(some);
                }
                keys.par_sort();
                keys.dedup();
                Self::Sorted {
                    words,
                    keys: keys.into_iter().flatten().collect(),
                }
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Bits { bits, before } => {
                let last = bits.last().map_or(0, |word| word.count_ones());
                before.last().map_or(0, |before| before + last) as usize
            }
            Self::Sorted { words, keys } => keys.len() / words,
        }
    }

    fn position(&self, key: &[u64]) -> u32 {
        match self {
            Self::Bits { bits, before } => {
                let (word, bit) = ((key[0] / 64) as usize, key[0] % 64);
                before[word] + (bits[word] & ((1 << bit) - 1)).count_ones()
            }
            Self::Sorted { words, keys } => {
                let (mut low, mut high) = (0, keys.len() / words);
                while low < high {
                    let middle = usize::midpoint(low, high);
                    if &keys[middle * words..(middle + 1) * words] < key {
                        low = middle + 1;
                    } else {
                        high = middle;
                    }
                }
                low as u32
            }
        }
    }

    /// The rows with the places of their keys.
    fn place(&self, rows: Rows) -> Placed {
        let mut tuples = Vec::with_capacity(rows.persons.len());
        rows.for_each(|key, _| tuples.push(self.position(key)));
        Placed {
            persons: rows.persons,
            tuples,
        }
    }

    fn into_keys(self) -> Vec<u64> {
        let distinct = self.len();
        match self {
            Self::Bits { bits, .. } => {
                let mut keys = Vec::with_capacity(distinct);
                ones(&bits, |key| keys.push(key as u64));
                keys
            }
            Self::Sorted { keys, .. } => keys,
        }
    }
}

/// Persons parted into runs, each small enough for its rows to be put in order within the
/// processor's cache: scattering all rows over all persons at once would miss it at every row.
struct Buckets {
    count: usize,
    /// A person's bucket is the person's number without so many low bits.
    shift: u32,
}

impl Buckets {
    const MOST: usize = 512;

    fn of(persons: usize) -> Self {
        let mut shift = 10;
        while (persons >> shift) >= Self::MOST {
            shift += 1;
        }
        Self {
            count: persons.div_ceil(1 << shift).max(1),
            shift,
        }
    }

    fn persons(&self, bucket: usize, persons: usize) -> std::ops::Range<usize> {
        let first = bucket << self.shift;
        first..(first + (1 << self.shift)).min(persons)
    }
}

/// The rows of a unit, those of one bucket side by side.
struct Dealt {
    starts: Vec<usize>,
    persons: Vec<u32>,
    tuples: Vec<u32>,
}

impl Dealt {
    fn new(placed: Placed, person_order: &[u32], buckets: &Buckets) -> Self {
        let Placed {
            mut persons,
            tuples,
        } = placed;
        persons
            .iter_mut()
            .for_each(|person| *person = person_order[*person as usize]);
        let bucket = |person: u32| (person >> buckets.shift) as usize;
        // Files sorted by person are dealt already.
        if persons.is_sorted_by_key(|person| bucket(*person)) {
            let start = |first| persons.partition_point(|person| bucket(*person) < first);
            return Self {
                starts: (0..=buckets.count).map(start).collect(),
                persons,
                tuples,
            };
        }
        let mut starts = vec![0; buckets.count + 1];
        for person in &persons {
            starts[bucket(*person) + 1] += 1;
        }
        for bucket in 0..buckets.count {
            starts[bucket + 1] += starts[bucket];
        }
        let mut fill = starts.clone();
        let mut dealt = Self {
            starts,
            persons: vec![0; persons.len()],
            tuples: vec![0; persons.len()],
        };
        for (person, tuple) in persons.into_iter().zip(tuples) {
            let slot = &mut fill[bucket(person)];
            dealt.persons[*slot] = person;
            dealt.tuples[*slot] = tuple;
            *slot += 1;
        }
        dealt
    }

    fn count(&self, bucket: usize) -> usize {
        self.starts[bucket + 1] - self.starts[bucket]
    }

    /// The rows of a bucket, those of one person that follow each other at once.
    fn runs(&self, bucket: usize) -> impl Iterator<Item = (u32, &[u32])> {
        let range = self.starts[bucket]..self.starts[bucket + 1];
        let mut tuples = &self.tuples[range.clone()];
        let runs = self.persons[range].chunk_by(|a, b| a == b);
        runs.map(move |run| {
            let (mine, rest) = tuples.split_at(run.len());
            tuples = rest;
            (run[0], mine)
        })
    }
}

/// Puts the tuples of each person of a bucket in ascending order at the beginning of `place`, which has room for
/// all rows, and says how many each has; each once, unless repeats are kept. `repeated`, where not empty, gains
/// for each tuple the rows beyond a person's first.
fn gather(
    dealt: &[Dealt],
    bucket: usize,
    range: std::ops::Range<usize>,
    repeats: bool,
    repeated: &[AtomicU64],
    place: &mut [u32],
) -> Vec<u32> {
    let runs = || dealt.iter().flat_map(|dealt| dealt.runs(bucket));
    let mut starts = vec![0usize; range.len() + 1];
    for (person, run) in runs() {
        starts[person as usize - range.start + 1] += run.len();
    }
    for person in 0..range.len() {
        starts[person + 1] += starts[person];
    }
    let mut fill = starts.clone();
    for (person, run) in runs() {
        let slot = &mut fill[person as usize - range.start];
        place[*slot..][..run.len()].copy_from_slice(run);
        *slot += run.len();
    }
    let rows = starts.windows(2).map(|pair| pair[1] - pair[0]);
    kept_once(place, rows, |tuple, rows| {
        if let Some(repeated) = repeated.get(tuple as usize).filter(|_| rows > 1) {
            repeated.fetch_add(rows as u64 - 1, Relaxed);
        }
        if repeats { rows } else { 1 }
    })
}

/// Sorts the tuples of each person, of which there are so many `rows`, and keeps of equal ones as many as `keep`
/// says of a tuple and its rows: at the beginning of `tuples`. How many are left to each.
fn kept_once(
    tuples: &mut [u32],
    rows: impl Iterator<Item = usize>,
    keep: impl Fn(u32, usize) -> usize,
) -> Vec<u32> {
    let (mut start, mut kept) = (0, 0);
    let kept_of = |rows| {
        let (first, end) = (kept, start + rows);
        tuples[start..end].sort_unstable();
        while start < end {
            let tuple = tuples[start];
            let same = tuples[start..end].iter().take_while(|t| **t == tuple);
            let rows = same.count();
            let keep = keep(tuple, rows);
            tuples[kept..kept + keep].fill(tuple);
            kept += keep;
            start += rows;
        }
        (kept - first) as u32
    };
    rows.map(kept_of).collect()
}

/// The tuples of all persons, and where each person's begin. `gather` puts those of a bucket at the beginning of
/// the place it is given, which has room for so many `rows`, and says how many each person has.
fn gathered(
    rows: &[usize],
    gather: impl Fn(usize, &mut [u32]) -> Vec<u32> + Sync,
) -> (Vec<u64>, Vec<u32>) {
    let mut tuples = vec![0; rows.iter().sum()];
    let places = parted(&mut tuples, rows.iter().copied());
    let lengths: Vec<Vec<u32>> = places
        .into_par_iter()
        .enumerate()
        .map(|(bucket, place)| gather(bucket, place))
        .collect();
    let mut offsets = vec![0];
    let (mut start, mut kept) = (0, 0);
    for (lengths, rows) in lengths.into_iter().zip(rows) {
        let first = kept;
        for length in lengths {
            kept += length as usize;
            offsets.push(kept as u64);
        }
        tuples.copy_within(start..start + (kept - first), first);
        start += rows;
    }
    tuples.truncate(kept);
    tuples.shrink_to_fit();
    (offsets, tuples)
}

/// How many persons have each of the `distinct` tuples: `tuples` holds those of all persons.
fn support(tuples: &[u32], distinct: usize) -> Vec<u32> {
    let threads = rayon::current_num_threads();
    if distinct * threads > tuples.len() {
        let support: Vec<AtomicU32> = (0..distinct).map(|_| AtomicU32::new(0)).collect();
        tuples.par_iter().with_min_len(1 << 16).for_each(|tuple| {
            support[*tuple as usize].fetch_add(1, Relaxed);
        });
        return support.into_iter().map(AtomicU32::into_inner).collect();
    }
    // Few tuples that many share: a count a thread costs less than threads that meet at one count.
    let chunks = tuples.par_chunks(tuples.len().div_ceil(threads).max(1));
    let counted: Vec<Vec<u32>> = chunks
        .map(|tuples| {
            let mut support = vec![0; distinct];
            tuples
                .iter()
                .for_each(|tuple| support[*tuple as usize] += 1);
            support
        })
        .collect();
    let mut counted = counted.into_iter();
    let mut support = counted.next().unwrap_or_default();
    for more in counted {
        support.iter_mut().zip(more).for_each(|(a, b)| *a += b);
    }
    support.resize(distinct, 0);
    support
}

/// The class of each person: those with the same multiset of groups are one, numbered without gaps. `group` is that of
/// each tuple.
fn multisets(offsets: &[u64], tuples: &[u32], group: &[u32]) -> Vec<u32> {
    let of = |person: u32| {
        let range = offsets[person as usize] as usize..offsets[person as usize + 1] as usize;
        tuples[range].iter().map(|tuple| group[*tuple as usize])
    };
    let mut order: Vec<u32> = (0..offsets.len() as u32 - 1).collect();
    order.par_sort_unstable_by(|a, b| of(*a).cmp(of(*b)));
    let mut classes = vec![0; order.len()];
    let same = |a: &u32, b: &u32| of(*a).eq(of(*b));
    for (class, persons) in order.chunk_by(same).enumerate() {
        persons
            .iter()
            .for_each(|person| classes[*person as usize] = class as u32);
    }
    classes
}

/// Keeps each tuple of a person once, and says which were there more often. Equal tuples of a person stand side by
/// side.
fn take_repeats(offsets: &mut [u64], tuples: &mut Vec<u32>) -> Vec<Repeat> {
    let mut repeats: Vec<Repeat> = Vec::new();
    let mut kept = 0;
    let mut start = 0;
    for (person, offset) in offsets[1..].iter_mut().enumerate() {
        let end = *offset as usize;
        let first = kept;
        for at in start..end {
            let tuple = tuples[at];
            if kept == first || tuples[kept - 1] != tuple {
                tuples[kept] = tuple;
                kept += 1;
                continue;
            }
            let person = person as u32;
            match repeats.last_mut() {
                Some(last) if (last.person, last.tuple) == (person, tuple) => last.more += 1,
                _ => repeats.push(Repeat {
                    person,
                    tuple,
                    more: 1,
                }),
            }
        }
        start = end;
        *offset = kept as u64;
    }
    tuples.truncate(kept);
    tuples.shrink_to_fit();
    repeats
}
