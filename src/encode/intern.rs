//! Values to codes, shared by all threads.
//!
//! Codes are handed out as values arrive, so they depend on the threads' timing while loading;
//! [`Dictionary::finish`] gives the values in their own order and the map from the codes handed out
//! to that order. Nothing after loading sees the former.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use hashbrown::HashTable;
use rayon::prelude::*;

/// A random state a process: keys are the data's, and the data may be hostile.
type State = foldhash::fast::RandomState;

const SHARD_BITS: u32 = 6;
const SHARDS: usize = 1 << SHARD_BITS;

/// The distinct values of an attribute and the codes they were given.
///
/// Memory: 16 bytes a distinct number, 32 a distinct text of up to 12 bytes, 24 and its length a
/// longer one, over the tables' load of at most 7/8.
pub struct Dictionary {
    values: Store,
    next: AtomicU32,
    null: Mutex<Option<u32>>,
}

enum Store {
    Numbers(Shards<i64>),
    /// Short texts are kept as one number, so that a look-up follows no pointer.
    Bytes(Shards<u128>, Shards<Box<[u8]>>),
}

/// Bytes of a text that is kept as a number: those that an Arrow string view holds inline.
pub const SHORT: usize = 12;

/// A text of at most [`SHORT`] bytes as its Arrow string view: from the lowest byte up its length
/// in four, then its bytes, then zeros.
fn short(text: &[u8]) -> u128 {
    let mut bytes = [0; 16];
    bytes[0] = text.len() as u8;
    bytes[4..][..text.len()].copy_from_slice(text);
    u128::from_le_bytes(bytes)
}

/// A short text's number, turned so that it sorts as the text does: its bytes on top, its length
/// last.
fn sorting(short: u128) -> u128 {
    short.swap_bytes() << 32 | short & 0xff
}

struct Shards<V> {
    state: State,
    shards: Vec<Mutex<HashTable<(V, u32)>>>,
}

/// Values in ascending order; the code of a value is its position, after null where there is one.
#[derive(Debug, Clone)]
pub struct Values {
    pub null: bool,
    pub distinct: Distinct,
}

#[derive(Debug, Clone)]
pub enum Distinct {
    Numbers(Vec<i64>),
    Bytes(Texts),
}

/// Texts one after the other in one piece of memory.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    bytes: Vec<u8>,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Texts {
    /// Of texts in ascending order.
    pub fn of(texts: &[Vec<u8>]) -> Self {
        let mut of = Self::default();
        texts.iter().for_each(|text| of.push(text));
        of
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn get(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[at]]
    }

    pub(super) fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }
}

impl Values {
    /// Codes there are: distinct values, and null where it occurs.
    pub fn len(&self) -> usize {
        usize::from(self.null)
            + match &self.distinct {
                Distinct::Numbers(values) => values.len(),
                Distinct::Bytes(values) => values.len(),
            }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number that a code stands for; `None` for null and for texts.
    pub fn number(&self, code: u32) -> Option<i64> {
        let Distinct::Numbers(numbers) = &self.distinct else {
            return None;
        };
        let at = (code as usize).checked_sub(usize::from(self.null))?;
        Some(numbers[at])
    }

    /// Distinct values but null.
    pub fn known(&self) -> usize {
        self.len() - usize::from(self.null)
    }

    /// Each value but null, as it is written.
    pub fn texts(&self) -> impl Iterator<Item = Vec<u8>> {
        let places = 0..self.known();
        places.map(|at| match &self.distinct {
            Distinct::Numbers(numbers) => numbers[at].to_string().into_bytes(),
            Distinct::Bytes(texts) => texts.get(at).to_vec(),
        })
    }

    /// Those of the codes that are kept, in their order.
    pub fn kept(&self, kept: &[bool]) -> Self {
        let first = usize::from(self.null);
        let distinct = match &self.distinct {
            Distinct::Numbers(numbers) => {
                let numbers = numbers.iter().zip(&kept[first..]);
                Distinct::Numbers(
                    numbers
                        .filter(|(_, kept)| **kept)
                        .map(|(n, _)| *n)
                        .collect(),
                )
            }
            Distinct::Bytes(texts) => {
                let mut some = Texts::default();
                let places = (0..texts.len()).filter(|at| kept[first + at]);
                places.for_each(|at| some.push(texts.get(at)));
                Distinct::Bytes(some)
            }
        };
        Self {
            null: self.null && kept[0],
            distinct,
        }
    }

    /// For each value but null its place among those of others, null not counted; `None` where it is not there. A
    /// whole number is the same as the text it is written as.
    pub fn places_in(&self, others: &Self) -> Vec<Option<u32>> {
        match (&self.distinct, &others.distinct) {
            (Distinct::Numbers(mine), Distinct::Numbers(theirs)) => mine
                .iter()
                .map(|number| theirs.binary_search(number).ok().map(|at| at as u32))
                .collect(),
            (Distinct::Bytes(mine), Distinct::Bytes(theirs)) => {
                let places: HashMap<&[u8], u32> = (0..theirs.len())
                    .map(|at| (theirs.get(at), at as u32))
                    .collect();
                let find = |at: usize| places.get(mine.get(at)).copied();
                (0..mine.len()).map(find).collect()
            }
            (Distinct::Numbers(mine), Distinct::Bytes(theirs)) => {
                let places: HashMap<&[u8], u32> = (0..theirs.len())
                    .map(|at| (theirs.get(at), at as u32))
                    .collect();
                let find = |number: &i64| places.get(number.to_string().as_bytes()).copied();
                mine.iter().map(find).collect()
            }
            (Distinct::Bytes(mine), Distinct::Numbers(_)) => {
                let mut found = vec![None; mine.len()];
                for (number, place) in (0..).zip(others.places_in(self)) {
                    if let Some(place) = place {
                        found[place as usize] = Some(number);
                    }
                }
                found
            }
        }
    }

    /// The same of all codes, null among them, among the codes of others.
    pub fn codes_in(&self, others: &Self) -> Vec<Option<u32>> {
        let null = self.null.then(|| others.null.then_some(0));
        let places = self.places_in(others).into_iter();
        let codes = places.map(|place| place.map(|place| place + u32::from(others.null)));
        null.into_iter().chain(codes).collect()
    }

    /// The code of a number; `None` where it does not occur.
    pub fn code(&self, number: i64) -> Option<u32> {
        let Distinct::Numbers(numbers) = &self.distinct else {
            return None;
        };
        let at = numbers.binary_search(&number).ok()?;
        Some((at + usize::from(self.null)) as u32)
    }
}

impl Dictionary {
    pub fn numbers() -> Self {
        Self::new(Store::Numbers(Shards::new()))
    }

    pub fn bytes() -> Self {
        Self::new(Store::Bytes(Shards::new(), Shards::new()))
    }

    fn new(values: Store) -> Self {
        Self {
            values,
            next: AtomicU32::new(0),
            null: Mutex::new(None),
        }
    }

    /// Codes handed out so far: every code is below this.
    pub fn len(&self) -> u32 {
        self.next.load(Relaxed)
    }

    pub fn null(&self) -> u32 {
        let mut null = self.null.lock().expect("no holder panics");
        *null.get_or_insert_with(|| self.next.fetch_add(1, Relaxed))
    }

    /// # Panics
    /// It is a dictionary of bytes.
    pub fn number(&self, value: i64) -> u32 {
        let Store::Numbers(shards) = &self.values else {
            unreachable!("an attribute of bytes is asked for a number")
        };
        shards.intern(&value, |value| *value, &self.next)
    }

    /// The codes of many numbers, taking each lock once.
    ///
    /// # Panics
    /// It is a dictionary of bytes.
    pub fn many_numbers(&self, values: &[i64], codes: &mut [u32]) {
        let Store::Numbers(shards) = &self.values else {
            unreachable!("an attribute of bytes is asked for numbers")
        };
        shards.intern_many(|at| &values[at], |value| *value, &self.next, codes);
    }

    /// The codes of many texts of at most [`SHORT`] bytes each, given as Arrow string views, taking
    /// each lock once.
    ///
    /// # Panics
    /// It is a dictionary of numbers.
    pub fn many_views(&self, views: &[u128], codes: &mut [u32]) {
        let Store::Bytes(shorts, _) = &self.values else {
            unreachable!("an attribute of numbers is asked for bytes")
        };
        shorts.intern_many(|at| &views[at], |view| *view, &self.next, codes);
    }

    /// The codes of many texts, taking each lock once.
    ///
    /// # Panics
    /// It is a dictionary of numbers.
    pub fn many_texts<'a>(&self, value: impl Fn(usize) -> &'a [u8], codes: &mut [u32]) {
        let Store::Bytes(shorts, longs) = &self.values else {
            unreachable!("an attribute of numbers is asked for bytes")
        };
        let mut numbers = Vec::with_capacity(codes.len());
        let mut longer = Vec::new();
        for at in 0..codes.len() {
            let text = value(at);
            match text.len() <= SHORT {
                true => numbers.push(short(text)),
                false => longer.push(at),
            }
        }
        let mut found = vec![0; numbers.len()];
        shorts.intern_many(|at| &numbers[at], |number| *number, &self.next, &mut found);
        let mut found_longer = vec![0; longer.len()];
        let long = |at: usize| value(longer[at]);
        longs.intern_many(
            long,
            |text: &[u8]| text.into(),
            &self.next,
            &mut found_longer,
        );
        let mut rest = longer.iter().zip(found_longer).peekable();
        let mut found = found.into_iter();
        for (at, code) in codes.iter_mut().enumerate() {
            *code = match rest.next_if(|(place, _)| **place == at) {
                Some((_, found)) => found,
                None => found.next().expect("a text is short or longer"),
            };
        }
    }

    /// The values in ascending order, and for each code handed out the place of its value: a map
    /// that is the same whatever the threads did.
    pub fn finish(self) -> (Values, Vec<u32>) {
        let null = self.null.into_inner().expect("no holder panics");
        let mut order = vec![0; self.next.into_inner() as usize];
        let first = u32::from(null.is_some());
        if let Some(null) = null {
            order[null as usize] = 0;
        }
        let distinct = match self.values {
            Store::Numbers(shards) => {
                let mut pairs = shards.into_pairs();
                pairs.par_sort_unstable();
                Distinct::Numbers(place(pairs, first, &mut order))
            }
            Store::Bytes(shorts, longs) => {
                let (mut shorts, mut longs) = (shorts.into_pairs(), longs.into_pairs());
                shorts
                    .iter_mut()
                    .for_each(|(view, _)| *view = sorting(*view));
                shorts.par_sort_unstable();
                longs.par_sort_unstable();
                let mut longs = longs.into_iter().peekable();
                let mut texts = Texts::default();
                let mut place = |text: &[u8], code: u32| {
                    order[code as usize] = first + texts.len() as u32;
                    texts.push(text);
                };
                for (number, code) in shorts {
                    let bytes = number.to_be_bytes();
                    let text = &bytes[..usize::from(bytes[15])];
                    while let Some((long, code)) = longs.next_if(|(long, _)| **long < *text) {
                        place(&long, code);
                    }
                    place(text, code);
                }
                longs.for_each(|(long, code)| place(&long, code));
                Distinct::Bytes(texts)
            }
        };
        let values = Values {
            null: null.is_some(),
            distinct,
        };
        (values, order)
    }
}

fn place<V>(pairs: impl IntoIterator<Item = (V, u32)>, first: u32, order: &mut [u32]) -> Vec<V> {
    pairs
        .into_iter()
        .zip(first..)
        .map(|((value, code), position)| {
            order[code as usize] = position;
            value
        })
        .collect()
}

impl<V: Hash + Eq> Shards<V> {
    fn new() -> Self {
        Self {
            state: State::default(),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }

    /// The shard takes the high bits, the table within it the low ones.
    fn shard(hash: u64) -> usize {
        (hash >> (64 - SHARD_BITS)) as usize
    }

    fn intern<B>(&self, value: &B, own: impl Fn(&B) -> V, next: &AtomicU32) -> u32
    where
        B: Hash + Eq + ?Sized,
        V: std::borrow::Borrow<B>,
    {
        let hash = self.state.hash_one(value);
        let mut table = self.shards[Self::shard(hash)]
            .lock()
            .expect("no holder panics");
        self.find(&mut table, hash, value, &own, next)
    }

    fn find<B>(
        &self,
        table: &mut HashTable<(V, u32)>,
        hash: u64,
        value: &B,
        own: &impl Fn(&B) -> V,
        next: &AtomicU32,
    ) -> u32
    where
        B: Hash + Eq + ?Sized,
        V: std::borrow::Borrow<B>,
    {
        if let Some((_, code)) = table.find(hash, |(known, _)| known.borrow() == value) {
            return *code;
        }
        let code = next.fetch_add(1, Relaxed);
        assert!(code < u32::MAX - 1, "at most 2^32 - 2 distinct values");
        table.insert_unique(hash, (own(value), code), |(known, _)| {
            self.state.hash_one(known.borrow())
        });
        code
    }

    fn intern_many<'a, B>(
        &self,
        value: impl Fn(usize) -> &'a B,
        own: impl Fn(&B) -> V,
        next: &AtomicU32,
        codes: &mut [u32],
    ) where
        B: Hash + Eq + ?Sized + 'a,
        V: std::borrow::Borrow<B>,
    {
        let count = codes.len();
        let hashes: Vec<u64> = (0..count)
            .map(|at| self.state.hash_one(value(at)))
            .collect();
        let mut starts = [0u32; SHARDS + 1];
        for hash in &hashes {
            starts[Self::shard(*hash) + 1] += 1;
        }
        for shard in 0..SHARDS {
            starts[shard + 1] += starts[shard];
        }
        let mut order = vec![0u32; count];
        let mut fill = starts;
        for (at, hash) in hashes.iter().enumerate() {
            let slot = &mut fill[Self::shard(*hash)];
            order[*slot as usize] = at as u32;
            *slot += 1;
        }
        for shard in 0..SHARDS {
            let mine = &order[starts[shard] as usize..starts[shard + 1] as usize];
            if mine.is_empty() {
                continue;
            }
            let mut table = self.shards[shard].lock().expect("no holder panics");
            for &at in mine {
                let at = at as usize;
                codes[at] = self.find(&mut table, hashes[at], value(at), &own, next);
            }
        }
    }

    fn into_pairs(self) -> Vec<(V, u32)> {
        let tables = self.shards.into_iter();
        tables
            .flat_map(|shard| shard.into_inner().expect("no holder panics"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_end_in_the_order_of_values() {
        let dictionary = Dictionary::numbers();
        let codes = [
            dictionary.number(7),
            dictionary.null(),
            dictionary.number(-3),
        ];
        assert_eq!(dictionary.number(7), codes[0], "a value keeps its code");
        let (values, order) = dictionary.finish();
        assert!(values.null);
        assert!(matches!(&values.distinct, Distinct::Numbers(n) if n == &[-3, 7]));
        assert_eq!(codes.map(|code| order[code as usize]), [2, 0, 1]);
    }

    #[test]
    fn many_and_one_agree() {
        let dictionary = Dictionary::bytes();
        let texts: Vec<String> = (0..5_000)
            .map(|n| format!("text {}", "x".repeat(n % 977 % 30) + &(n % 977).to_string()))
            .collect();
        let mut codes = vec![0; texts.len()];
        dictionary.many_texts(|at| texts[at].as_bytes(), &mut codes);
        for (text, code) in texts.iter().zip(&codes) {
            let mut again = [0];
            dictionary.many_texts(|_| text.as_bytes(), &mut again);
            assert_eq!(again[0], *code);
        }
        let (values, order) = dictionary.finish();
        assert_eq!(values.len(), 977);
        let Distinct::Bytes(sorted) = &values.distinct else {
            panic!("texts are bytes")
        };
        assert!((1..sorted.len()).all(|at| sorted.get(at - 1) < sorted.get(at)));
        let placed = |at: usize| sorted.get(order[codes[at] as usize] as usize);
        assert!((0..texts.len()).all(|at| placed(at) == texts[at].as_bytes()));
    }
}
