//! Distinct values under a bound on memory.
//!
//! While the distinct values of a column fit into the bound they are all kept. Beyond it those are kept whose hash
//! begins with a number of zero bits that is as small as the bound allows: each distinct value has the same chance to
//! be among them however often it occurs, and the choice depends on the set of values alone, not on the order in which
//! threads bring them. Values that are not kept are told to the caller, who can look at them before they are gone.
//! Source: P. B. Gibbons: Distinct Sampling for Highly-Accurate Answers to Distinct Values Queries and Event Reports,
//! VLDB 2001.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::SeqCst};

use foldhash::quality::FixedState;
use hashbrown::HashTable;

/// Bytes that the distinct values of one column take at most.
pub const MOST: u64 = 64 << 20;

const SHARDS: usize = 64;

/// The hash that chooses: the same in every run.
const CHOICE: FixedState = FixedState::with_seed(0x7265_6964);

/// The distinct values of one column, or a sample of them.
pub struct Sample<V> {
    shards: Vec<Mutex<HashTable<(u64, V)>>>,
    /// So many zero bits begin the hash of each value that is kept.
    level: AtomicU32,
    bytes: AtomicU64,
    raising: Mutex<()>,
    most: u64,
}

/// The memory a value takes.
pub trait Weigh {
    fn bytes(&self) -> u64;
}

impl Weigh for i64 {
    fn bytes(&self) -> u64 {
        32
    }
}

impl Weigh for Box<[u8]> {
    fn bytes(&self) -> u64 {
        40 + self.len() as u64
    }
}

impl<V: Hash + Eq + Ord + Weigh> Sample<V> {
    pub fn new(most: u64) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            level: AtomicU32::new(0),
            bytes: AtomicU64::new(0),
            raising: Mutex::new(()),
            most,
        }
    }

    /// Adds a value by its hash, whatever hash the caller has; `lost` is told of those that are not kept, this one or
    /// others.
    pub fn add<B>(&self, hash: u64, value: &B, own: impl Fn(&B) -> V, lost: &dyn Fn(&B))
    where
        B: Hash + Eq + ?Sized,
        V: Borrow<B>,
    {
        if !chosen(value, self.level.load(SeqCst)) {
            return lost(value);
        }
        let shard = &self.shards[(hash >> 32) as usize % SHARDS];
        let mut table = shard.lock().expect("no holder panics");
        // Whoever raises the level goes through this shard after that.
        if !chosen(value, self.level.load(SeqCst)) {
            drop(table);
            return lost(value);
        }
        let same = |(known, kept): &(u64, V)| *known == hash && kept.borrow() == value;
        if table.find(spread(hash), same).is_some() {
            return;
        }
        let kept = own(value);
        let bytes = kept.bytes();
        table.insert_unique(spread(hash), (hash, kept), |(hash, _)| spread(*hash));
        drop(table);
        if self.bytes.fetch_add(bytes, SeqCst) + bytes > self.most {
            self.raise(lost);
        }
    }

    /// Leaves out values until the rest fits.
    fn raise<B>(&self, lost: &dyn Fn(&B))
    where
        B: Hash + Eq + ?Sized,
        V: Borrow<B>,
    {
        let _alone = self.raising.lock().expect("no holder panics");
        while self.bytes.load(SeqCst) > self.most {
            let level = self.level.fetch_add(1, SeqCst) + 1;
            for shard in &self.shards {
                let mut table = shard.lock().expect("no holder panics");
                let (mut gone, mut freed) = (Vec::new(), 0);
                let leaves = |(_, value): &mut (u64, V)| !chosen((*value).borrow(), level);
                for (_, value) in table.extract_if(leaves) {
                    freed += value.bytes();
                    gone.push(value);
                }
                drop(table);
                self.bytes.fetch_sub(freed, SeqCst);
                gone.iter().for_each(|value| lost(value.borrow()));
            }
        }
    }

    /// The values that are kept, ascending, and how many zero bits chose them.
    pub fn finish(self) -> (Vec<V>, u32) {
        let shards = self.shards.into_iter();
        let tables = shards.flat_map(|shard| shard.into_inner().expect("no holder panics"));
        let mut values: Vec<V> = tables.map(|(_, value)| value).collect();
        values.sort_unstable();
        (values, self.level.into_inner())
    }
}

fn chosen<B: Hash + ?Sized>(value: &B, level: u32) -> bool {
    level == 0 || CHOICE.hash_one(value).leading_zeros() >= level
}

/// The shard has used some bits of the hash, the table takes its highest and lowest.
fn spread(hash: u64) -> u64 {
    hash.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rayon::prelude::*;

    use super::*;

    fn sampled(values: &[i64], most: u64, threads: usize) -> (Vec<i64>, u32, BTreeSet<i64>) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let hash = foldhash::quality::RandomState::default();
        let sample = Sample::new(most);
        let lost = Mutex::new(BTreeSet::new());
        pool.build().unwrap().install(|| {
            values.par_iter().with_max_len(64).for_each(|value| {
                sample.add(
                    hash.hash_one(value),
                    value,
                    |value| *value,
                    &|gone: &i64| {
                        lost.lock().unwrap().insert(*gone);
                    },
                );
            });
        });
        let (kept, level) = sample.finish();
        (kept, level, lost.into_inner().unwrap())
    }

    #[test]
    fn all_are_kept_where_they_fit() {
        let values: Vec<i64> = (0..3_000).map(|n| n % 1_000 - 500).collect();
        let (kept, level, lost) = sampled(&values, 1_000 * 32, 3);
        assert_eq!((kept.len(), level, lost.len()), (1_000, 0, 0));
        assert!(kept.is_sorted());
    }

    #[test]
    fn a_sample_depends_on_the_set_alone() {
        let mut values: Vec<i64> = (0..40_000).map(|n| (n * 7_919) % 20_000).collect();
        let first = sampled(&values, 1_000 * 32, 1);
        assert!(
            first.0.len() <= 1_000 && first.0.len() > 300,
            "{}",
            first.0.len()
        );
        assert!(first.1 >= 4);
        for threads in [2, 5] {
            values.rotate_left(4_321);
            values.reverse();
            assert_eq!(sampled(&values, 1_000 * 32, threads), first);
        }
        let kept: BTreeSet<i64> = first.0.iter().copied().collect();
        assert_eq!(
            &kept | &first.2,
            (0..20_000).collect(),
            "each is kept or told"
        );
        assert!(kept.is_disjoint(&first.2));
    }
}
