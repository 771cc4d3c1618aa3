//! How many pseudonyms must be met before a hash is believed, and the probability that so many are.

use statrs::distribution::{Binomial, DiscreteCDF};

/// What a search of one function in one space can see.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    /// Distinct pseudonyms.
    pub pseudonyms: u64,
    /// Bits that are compared.
    pub bits: u32,
    /// Identifiers there are.
    pub size: u64,
    /// The probability at most with which chance may be taken for a hash.
    pub level: f64,
}

impl Sight {
    /// The probability that a random pseudonym is met by so many digests.
    pub fn chance(&self, tried: u64) -> f64 {
        let expected = tried as f64 / 2f64.powi(self.bits as i32);
        -(-expected).exp_m1()
    }

    /// The least number of met pseudonyms that chance gives with at most the probability `level`; one more than there
    /// are where no number is enough.
    pub fn threshold(&self, tried: u64) -> u64 {
        let chance = self.chance(tried);
        if self.pseudonyms as f64 * chance <= self.level {
            return 1;
        }
        let Ok(met) = Binomial::new(chance, self.pseudonyms) else {
            return self.pseudonyms + 1;
        };
        let (mut low, mut high) = (1, self.pseudonyms + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            match met.sf(middle - 1) <= self.level {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        low
    }

    /// The probability that as many are met as are believed, where all pseudonyms are digests of identifiers of the
    /// space and so many of these were tried, chosen at random: 1 − (1 − m/size)ⁿ where one is enough.
    pub fn power(&self, tried: u64) -> f64 {
        let threshold = self.threshold(tried);
        if threshold > self.pseudonyms || self.size == 0 {
            return 0.0;
        }
        let (share, chance) = (tried as f64 / self.size as f64, self.chance(tried));
        let met = (share + (1.0 - share) * chance).min(1.0);
        match threshold {
            1 => -(self.pseudonyms as f64 * (-met).ln_1p()).exp_m1(),
            _ => Binomial::new(met, self.pseudonyms).map_or(0.0, |met| met.sf(threshold - 1)),
        }
    }

    /// The least number of identifiers to try for a power; none where all of them are not enough.
    pub fn needed(&self, power: f64) -> Option<u64> {
        if self.power(self.size) < power {
            return None;
        }
        let (mut low, mut high) = (0, self.size);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.power(middle) >= power {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        Some(low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(pseudonyms: u64, bits: u32, size: u64) -> Sight {
        Sight {
            pseudonyms,
            bits,
            size,
            level: 1e-6,
        }
    }

    /// 40 telephone numbers of 130 million: a thousandth of them meets one in 25 columns, 7.2 % meet one in 20 of 21.
    #[test]
    fn power_by_hand() {
        let few = sight(40, 256, 130_000_000);
        assert_eq!(few.threshold(130_000), 1);
        assert!((few.power(130_000) - (1.0 - 0.999f64.powi(40))).abs() < 1e-9);
        let needed = few.needed(0.95).unwrap();
        let expected = (1.0 - 0.05f64.powf(1.0 / 40.0)) * 130e6;
        assert!((needed as f64 - expected).abs() < 2.0, "{needed}");
        assert_eq!(few.power(few.size), 1.0);
        assert_eq!(few.power(0), 0.0);
    }

    /// Of 32 bits a million digests meet one of 4,000 pseudonyms by chance.
    #[test]
    fn what_chance_meets_is_not_believed() {
        let short = sight(4_000, 32, 10_000_000_000);
        let threshold = short.threshold(1_073_742);
        assert!((6..=12).contains(&threshold), "{threshold}");
        // One pseudonym says nothing at all of 32 bits.
        assert_eq!(sight(1, 32, 100_000_000).needed(0.95), None);
        // All of 2³² are tried: nearly two thirds are met by chance, and of true ones all.
        let all = sight(2_000, 32, 1 << 32);
        assert!(all.power(1 << 32) > 0.999 && all.threshold(1 << 32) > 1_264);
        let needed = all.needed(0.95).unwrap();
        assert!(all.power(needed) >= 0.95 && all.power(needed - 1) < 0.95);
    }

    /// Trials: as many are met as the power says, and by chance no more often than the level.
    #[test]
    fn power_is_what_trials_give() {
        let mut state = 7u64;
        let mut uniform = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        for (pseudonyms, bits, tried) in [(40, 64, 20_000), (300, 32, 3_000), (300, 20, 20_000)] {
            let sight = Sight {
                pseudonyms,
                bits,
                size: 1_000_000,
                level: 0.01,
            };
            let (threshold, chance) = (sight.threshold(tried), sight.chance(tried));
            let share = tried as f64 / sight.size as f64;
            let mut trial = |hit: f64| {
                let met = (0..pseudonyms).filter(|_| uniform() < hit).count() as u64;
                met >= threshold
            };
            let found = (0..4_000)
                .filter(|_| trial(share + (1.0 - share) * chance))
                .count();
            let power = sight.power(tried) * 4_000.0;
            assert!((found as f64 - power).abs() < 4.0 * 32.0, "{found} {power}");
            let false_ones = (0..4_000).filter(|_| trial(chance)).count();
            assert!(false_ones <= 40 + 26, "{false_ones}");
        }
    }
}
