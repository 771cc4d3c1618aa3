//! Seeded random draws, the same on every platform.
//!
//! Only integer arithmetic: a draw never depends on a libm or on the word size.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The one seed of the sample data.
const SEED: u64 = 20_260_302;

/// What a stream of random numbers is for.
///
/// Each purpose has a stream of its own, so that a change in one part of the
/// generator leaves the others as they were.
#[derive(Clone, Copy)]
pub enum Purpose {
    City = 1,
    Population,
    Subscribers,
    Days,
    Sightings,
    Purchases,
    Devices,
    Auxiliary,
    EarlierDays,
    EarlierSightings,
    EarlierSubscribers,
    FreshPseudonyms,
}

/// A source of random draws.
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of random numbers for `purpose`.
    pub fn for_purpose(purpose: Purpose) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(SEED);
        rng.set_stream(purpose as u64);
        Self(rng)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in `0..n`; the bias of 2^-32 times `n` is of no account here.
    pub fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.0.next_u32()) * n as u64) >> 32) as usize
    }

    /// A number in `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    /// True in `percent` of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// True in `per_mille` of a thousand cases.
    pub fn per_mille(&mut self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }

    /// A bell-shaped number around `mean`, never further than `2 * spread` away:
    /// the sum of four uniform draws.
    pub fn around(&mut self, mean: i64, spread: i64) -> i64 {
        let sum: i64 = (0..4).map(|_| self.between(-spread, spread)).sum();
        mean + sum / 2
    }

    /// An index drawn in proportion to `weights`.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: usize = weights.iter().map(|&w| w as usize).sum();
        let mut left = self.below(total);
        for (index, &weight) in weights.iter().enumerate() {
            if left < weight as usize {
                return index;
            }
            left -= weight as usize;
        }
        unreachable!("the draw is below the sum of the weights")
    }

    /// One element of `choices`.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Fisher–Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
