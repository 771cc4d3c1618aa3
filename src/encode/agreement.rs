//! How much oftener rows agree than by chance: in pairs, and place by place of two sequences.

use std::collections::HashMap;

/// The share of the changes from one to the next that random order has.
const UNSORTED: f64 = 0.9;

/// Pairs that agree, those that would by chance, and those that are.
#[derive(Debug, Default)]
pub struct Agreement {
    pub equal: f64,
    pub expected: f64,
    variance: f64,
    pub pairs: f64,
}

impl Agreement {
    pub fn add(&mut self, equal: f64, pairs: f64, chance: f64) {
        self.equal += equal;
        self.expected += pairs * chance;
        self.variance += pairs * chance * (1.0 - chance);
        self.pairs += pairs;
    }

    /// Whether more agree than expected by more than so many standard deviations.
    pub fn is_beyond(&self, deviations: f64) -> bool {
        self.equal - self.expected > deviations * self.variance.max(1.0).sqrt()
    }
}

/// Sequences held against each other place by place.
#[derive(Debug, Default)]
pub struct Placewise {
    pub agreement: Agreement,
    /// From one place to the next of the first of the two, and those that random order has.
    changes: f64,
    changes_by_chance: f64,
}

impl Placewise {
    /// Two of the same length, of two or more.
    pub fn add(&mut self, before: &[u64], after: &[u64]) {
        let count = before.len() as f64;
        let often = frequencies(before);
        let met = |key: &u64| often.get(key).copied().unwrap_or(0) as f64;
        let chance = after.iter().map(met).sum::<f64>() / count / count;
        let equal = before.iter().zip(after).filter(|(a, b)| a == b).count();
        self.agreement.add(equal as f64, count, chance);
        let changes = before.windows(2).filter(|pair| pair[0] != pair[1]).count();
        self.changes += changes as f64;
        self.changes_by_chance += (count - 1.0) * (1.0 - chance_of(&often, count));
    }

    /// Whether the sequences are in no order of their own.
    pub fn is_unsorted(&self) -> bool {
        self.changes >= UNSORTED * self.changes_by_chance
    }
}

fn frequencies(keys: &[u64]) -> HashMap<u64, u64> {
    let mut often = HashMap::new();
    keys.iter()
        .for_each(|key| *often.entry(*key).or_default() += 1);
    often
}

fn chance_of(often: &HashMap<u64, u64>, count: f64) -> f64 {
    let pairs: u64 = often.values().map(|often| often * (often - 1)).sum();
    pairs as f64 / (count * (count - 1.0))
}

/// The chance that two different ones agree.
pub fn chance(keys: &[u64]) -> f64 {
    chance_of(&frequencies(keys), keys.len() as f64)
}
