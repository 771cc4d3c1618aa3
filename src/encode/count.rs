//! Distinct tuples with how many rows have each: what a table without a subject is reduced to while
//! it is read, so that its rows need not be kept.
//!
//! Memory: at most 4 bytes a possible tuple and thread where few are possible, 8 bytes a word and
//! 9 bytes more for each distinct tuple and thread otherwise.

use std::borrow::Borrow;
use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::HashTable;
use rayon::prelude::*;

use super::layout::Layout;

/// Possible tuples up to which they are counted by position: 16 MiB a thread.
const DENSE: u64 = 1 << 22;

/// Counts the tuples that one thread sees.
pub struct Counter {
    layout: Arc<Layout>,
    counts: Counts,
    /// Rows since the last spill; the counts are 32 bits wide.
    rows: u64,
    spilled: Vec<(Box<[u64]>, u64)>,
}

enum Counts {
    Dense(Vec<u32>),
    Hashed(Hashed),
}

struct Hashed {
    state: foldhash::fast::RandomState,
    table: HashTable<u32>,
    keys: Vec<u64>,
    counts: Vec<u32>,
}

impl Counts {
    fn new(layout: &Layout) -> Self {
        match layout.space() {
            Some(space) if space <= DENSE => Self::Dense(vec![0; space as usize]),
            _ => Self::Hashed(Hashed {
                state: Default::default(),
                table: HashTable::new(),
                keys: Vec::new(),
                counts: Vec::new(),
            }),
        }
    }

    fn add(&mut self, words: usize, key: &[u64], count: u32) {
        match self {
            Self::Dense(counts) => counts[key[0] as usize] += count,
            Self::Hashed(hashed) => hashed.add(words, key, count),
        }
    }

    fn for_each(&self, words: usize, mut tuple: impl FnMut(&[u64], u32)) {
        match self {
            Self::Dense(counts) => {
                for (key, &count) in counts.iter().enumerate() {
                    if count > 0 {
                        tuple(&[key as u64], count);
                    }
                }
            }
            Self::Hashed(hashed) => {
                let keys = hashed.keys.chunks_exact(words);
                keys.zip(&hashed.counts)
                    .for_each(|(key, &count)| tuple(key, count));
            }
        }
    }
}

impl Hashed {
    fn add(&mut self, words: usize, key: &[u64], count: u32) {
        let hash = self.state.hash_one(key);
        let keys = &self.keys;
        let found = self.table.find(hash, |&at| {
            let at = at as usize * words;
            &keys[at..at + words] == key
        });
        if let Some(&at) = found {
            self.counts[at as usize] += count;
            return;
        }
        let at = self.counts.len() as u32;
        self.keys.extend_from_slice(key);
        self.counts.push(count);
        let (keys, state) = (&self.keys, &self.state);
        self.table.insert_unique(hash, at, |&at| {
            let at = at as usize * words;
            state.hash_one(&keys[at..at + words])
        });
    }
}

impl Counter {
    pub fn new(layout: Arc<Layout>) -> Self {
        Self {
            counts: Counts::new(&layout),
            layout,
            rows: 0,
            spilled: Vec::new(),
        }
    }

    /// Counts the rows of a batch: `keys` holds one key a row, under `layout`.
    pub fn count(&mut self, layout: &Arc<Layout>, keys: &[u64]) {
        let words = layout.words();
        if !Arc::ptr_eq(layout, &self.layout) {
            self.move_to(layout);
        }
        let rows = (keys.len() / words) as u64;
        if self.rows + rows > u64::from(u32::MAX) {
            let mut spilled = std::mem::take(&mut self.spilled);
            self.counts
                .for_each(words, |key, count| spilled.push((key.into(), count.into())));
            self.spilled = spilled;
            self.counts = Counts::new(layout);
            self.rows = 0;
        }
        self.rows += rows;
        match &mut self.counts {
            Counts::Dense(counts) => keys.iter().for_each(|&key| counts[key as usize] += 1),
            Counts::Hashed(hashed) => {
                keys.chunks_exact(words)
                    .for_each(|key| hashed.add(words, key, 1));
            }
        }
    }

    fn move_to(&mut self, layout: &Arc<Layout>) {
        let mut moved = Counts::new(layout);
        let mut wide = vec![0; layout.words()];
        self.counts.for_each(self.layout.words(), |key, count| {
            self.layout.widen(key, layout, &mut wide);
            moved.add(layout.words(), &wide, count);
        });
        for (key, _) in &mut self.spilled {
            self.layout.widen(key, layout, &mut wide);
            *key = wide.as_slice().into();
        }
        self.counts = moved;
        self.layout = layout.clone();
    }
}

/// Distinct tuples in ascending order, and the rows that have each.
#[derive(Debug)]
pub struct Tuples {
    pub layout: Layout,
    /// `layout.words()` words a tuple.
    pub keys: Vec<u64>,
    pub rows: Vec<u64>,
}

impl Tuples {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The code of one attribute in one tuple.
    pub fn code(&self, tuple: usize, attribute: usize) -> u32 {
        let words = self.layout.words();
        self.layout
            .code(attribute, &self.keys[tuple * words..(tuple + 1) * words])
    }
}

/// Merges what the threads counted; `order[attribute]` brings codes into the order of values.
pub fn merge(counters: Vec<Counter>, order: &[Vec<u32>]) -> Tuples {
    let layout = Layout::new(
        order
            .iter()
            .map(|order| order.len().max(1) as u32)
            .collect(),
    );
    let words = layout.words();
    match layout.space() {
        Some(space) if space <= DENSE => {
            let mut dense = vec![0u64; space as usize];
            let translated: Vec<Vec<(u64, u64)>> = counters
                .into_par_iter()
                .map(|counter| {
                    let mut out = [0];
                    let mut pairs = Vec::new();
                    counter.tuples(|key, rows| {
                        counter.layout.translate(key, order, &layout, &mut out);
                        pairs.push((out[0], rows));
                    });
                    pairs
                })
                .collect();
            for (key, rows) in translated.into_iter().flatten() {
                dense[key as usize] += rows;
            }
            let present = dense.iter().enumerate().filter(|(_, rows)| **rows > 0);
            let (keys, rows) = present.map(|(key, rows)| (key as u64, *rows)).unzip();
            Tuples { layout, keys, rows }
        }
        _ => {
            let (keys, rows) = match words {
                1 => sorted(counters, order, &layout, |key| [key[0]]),
                2 => sorted(counters, order, &layout, |key| [key[0], key[1]]),
                _ => sorted(counters, order, &layout, <[u64]>::to_vec),
            };
            Tuples { layout, keys, rows }
        }
    }
}

/// The distinct keys of all counters in ascending order, and their rows. `own` keeps the words of a key
/// in as few bytes as their number allows.
fn sorted<K: Ord + Send + Borrow<[u64]>>(
    counters: Vec<Counter>,
    order: &[Vec<u32>],
    layout: &Layout,
    own: impl Fn(&[u64]) -> K + Sync,
) -> (Vec<u64>, Vec<u64>) {
    let translated: Vec<Vec<(K, u64)>> = counters
        .into_par_iter()
        .map(|counter| {
            let mut out = vec![0; layout.words()];
            let mut pairs = Vec::new();
            counter.tuples(|key, rows| {
                counter.layout.translate(key, order, layout, &mut out);
                pairs.push((own(&out), rows));
            });
            pairs
        })
        .collect();
    let mut tuples: Vec<(K, u64)> = translated.into_iter().flatten().collect();
    tuples.par_sort_unstable();
    let (mut keys, mut rows) = (Vec::new(), Vec::new());
    for same in tuples.chunk_by(|a, b| a.0 == b.0) {
        keys.extend_from_slice(same[0].0.borrow());
        rows.push(same.iter().map(|(_, rows)| rows).sum());
    }
    (keys, rows)
}

impl Counter {
    fn tuples(&self, mut tuple: impl FnMut(&[u64], u64)) {
        self.counts.for_each(self.layout.words(), |key, count| {
            tuple(key, u64::from(count))
        });
        for (key, rows) in &self.spilled {
            tuple(key, *rows);
        }
    }
}
