//! Numbers in an order that depends on keys alone.

/// The numbers below a bound in a pseudorandom order: a Feistel network of four rounds over pairs x·b + y, x below a
/// and y below b, where a·b is the least that holds them all; walked on while it leads beyond the bound.
///
/// Source: J. Black, P. Rogaway: Ciphers with arbitrary finite domains. CT-RSA 2002 (method 3, and 2 for the walk).
#[derive(Debug, Clone, Copy)]
pub struct Shuffled {
    bound: u64,
    /// a and b.
    high: u64,
    low: u64,
    keys: [u64; 4],
}

impl Shuffled {
    pub fn new(bound: u64, keys: [u64; 4]) -> Self {
        let low = ((bound as f64).sqrt() as u64).max(1);
        Self {
            bound,
            high: bound.div_ceil(low).max(1),
            low,
            keys,
        }
    }

    /// The number at a place; every number below the bound is at one.
    pub fn at(&self, place: u64) -> u64 {
        let mut number = place;
        loop {
            let (x, y) = self.permute(number / self.low, number % self.low);
            number = x * self.low + y;
            if number < self.bound {
                return number;
            }
        }
    }

    /// The numbers at so many places from one on.
    pub fn from(&self, place: u64, count: usize, numbers: &mut Vec<u64>) {
        numbers.clear();
        let (mut x, mut y) = (place / self.low, place % self.low);
        for _ in 0..count {
            let (mixed_x, mixed_y) = self.permute(x, y);
            let number = mixed_x * self.low + mixed_y;
            // Beyond the bound are few: no more than the last row of pairs.
            numbers.push(match number < self.bound {
                true => number,
                false => self.at(number),
            });
            y += 1;
            if y == self.low {
                (x, y) = (x + 1, 0);
            }
        }
    }

    #[inline(always)]
    fn permute(&self, mut x: u64, mut y: u64) -> (u64, u64) {
        for pair in self.keys.chunks_exact(2) {
            x += mixed(y ^ pair[0], self.high);
            x -= if x >= self.high { self.high } else { 0 };
            y += mixed(x ^ pair[1], self.low);
            y -= if y >= self.low { self.low } else { 0 };
        }
        (x, y)
    }
}

/// A number below a bound that depends on all bits of another.
#[inline(always)]
fn mixed(number: u64, bound: u64) -> u64 {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 32).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((u128::from(mixed) * u128::from(bound)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn shuffled_numbers_are_all_there_once() {
        for bound in [1, 2, 3, 7, 99, 100, 101, 1_000, 65_537, 99_999] {
            let shuffled = Shuffled::new(bound, [1, 2, 3, 4]);
            let all: BTreeSet<u64> = (0..bound).map(|place| shuffled.at(place)).collect();
            assert_eq!(all.len() as u64, bound);
            assert!(all.iter().all(|number| *number < bound));
            let mut at_once = Vec::new();
            shuffled.from(bound / 3, (bound - bound / 3) as usize, &mut at_once);
            let one_by_one: Vec<u64> = (bound / 3..bound).map(|at| shuffled.at(at)).collect();
            assert_eq!(at_once, one_by_one);
        }
    }

    /// A part of the order is a fair sample: of ten equal parts of the numbers each has its share, and of the last
    /// digits each.
    #[test]
    fn a_beginning_is_a_fair_sample() {
        for bound in [130_000_000, 4_294_967_296, 999_983] {
            let (mut parts, mut digits) = ([0u32; 10], [0u32; 10]);
            for keys in 0..5 {
                let shuffled = Shuffled::new(bound, [keys, 7, 11, 13]);
                for place in 0..10_000 {
                    let number = shuffled.at(place);
                    parts[(number * 10 / bound) as usize] += 1;
                    digits[(number % 10) as usize] += 1;
                }
            }
            // 5,000 expected, standard deviation 67.
            let fair =
                |counts: &[u32; 10]| counts.iter().all(|count| (4_730..5_270).contains(count));
            assert!(fair(&parts) && fair(&digits), "{parts:?} {digits:?}");
        }
    }

    /// Of 2,000 numbers in a row, and of 2,000 a thousand apart, a part of the order meets as many as it should.
    #[test]
    fn whatever_lies_together_is_met_like_anything_else() {
        let bound = 10_000_000_000;
        for step in [1, 10, 1_000] {
            let mut met = 0;
            for keys in 0..20 {
                let shuffled = Shuffled::new(bound, [keys, keys + 5, 17, 19]);
                let mut numbers = Vec::new();
                shuffled.from(0, 2_000_000, &mut numbers);
                let is =
                    |n: &&u64| **n >= 4_000_000_000 && (**n - 4_000_000_000).is_multiple_of(step);
                let within = |n: &&u64| (**n - 4_000_000_000) / step < 200_000;
                met += numbers.iter().filter(is).filter(within).count();
            }
            // 800 expected, standard deviation 28.
            assert!((690..910).contains(&met), "{step}: {met}");
        }
    }
}
