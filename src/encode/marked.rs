//! Some of a table's tuples: a bit each, which stays in the processor's cache where four bytes each would not.

use rayon::prelude::*;

pub struct Marked(Vec<u64>);

impl Marked {
    /// Those of so many tuples of which `is` holds.
    pub fn of(tuples: usize, is: impl Fn(usize) -> bool + Sync) -> Self {
        let word = |first: usize| {
            let bits = (first..(first + 64).min(tuples)).zip(0u32..);
            bits.fold(0, |word, (tuple, bit)| word | u64::from(is(tuple)) << bit)
        };
        let words = (0..tuples.div_ceil(64)).into_par_iter();
        Self(words.with_min_len(1 << 8).map(|at| word(at * 64)).collect())
    }

    pub fn has(&self, tuple: u32) -> bool {
        self.0[tuple as usize / 64] >> (tuple % 64) & 1 == 1
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tuple_has_a_bit_of_its_own() {
        for tuples in [0, 1, 63, 64, 65, 1_000] {
            let marked = Marked::of(tuples, |tuple| tuple % 3 == 1);
            let expected = |tuple: u32| tuple % 3 == 1;
            assert!((0..tuples as u32).all(|tuple| marked.has(tuple) == expected(tuple)));
            assert_eq!(marked.is_empty(), tuples < 2);
        }
    }
}
