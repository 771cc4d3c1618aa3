//! How often the matcher is right, and how often when it is sure.

use super::Ranked;

/// The shares of right matches over all who were sought.
pub struct Success<'a> {
    ranked: &'a [Ranked],
    /// How many of the sought are among the known.
    pub present: u64,
    /// How many are known.
    pub known: u64,
}

/// What an adversary who names the best match would say, surest first.
pub struct Claims {
    /// The lead over the runner-up, and the chance to be right: 1 or 0 where there is a lead.
    claims: Vec<(f64, f64)>,
    /// For each of them the lead there would be if the person were not known, descending.
    without: Vec<f64>,
    present: u64,
}

impl<'a> Success<'a> {
    pub fn new(ranked: &'a [Ranked], known: usize) -> Self {
        Self {
            ranked,
            present: ranked.iter().filter(|ranked| ranked.own.is_some()).count() as u64,
            known: known as u64,
        }
    }

    fn present(&self) -> impl Iterator<Item = &Ranked> {
        self.ranked.iter().filter(|ranked| ranked.own.is_some())
    }

    fn mean(&self, of: impl Fn(&Ranked) -> f64) -> f64 {
        self.present().map(of).sum::<f64>() / self.present as f64
    }

    /// The expected number of the present whose true match is among the first `k`, equals in any order.
    pub fn top(&self, k: u64) -> f64 {
        self.present().map(|ranked| ranked.within(k)).sum()
    }

    /// What guessing gives: `k` names out of all that are known.
    pub fn guessed(&self, k: u64) -> f64 {
        (k as f64 / self.known as f64).min(1.0)
    }

    /// The mean of 1 / rank, equals in any order.
    pub fn mean_reciprocal_rank(&self) -> f64 {
        self.mean(|ranked| over_ties(ranked, |rank| 1.0 / (rank as f64 + 1.0)))
    }

    /// The mean of 1 − min(r, k) / k with r the rank counted from 0, equals in any order.
    pub fn hit_precision(&self, k: u64) -> f64 {
        let of = |rank: u64| 1.0 - rank.min(k) as f64 / k as f64;
        self.mean(|ranked| over_ties(ranked, of))
    }

    pub fn mean_rank(&self) -> f64 {
        self.mean(Ranked::mean_rank)
    }

    pub fn claims(&self) -> Claims {
        let claim = |ranked: &Ranked| (ranked.lead().0, ranked.within(1));
        let mut claims: Vec<(f64, f64)> = self.ranked.iter().map(claim).collect();
        // Of equal leads it cannot be told which claims would be made: those that are wrong come first.
        claims.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1)));
        let mut without: Vec<f64> = self.ranked.iter().map(Ranked::lead_without).collect();
        without.sort_by(|a, b| b.total_cmp(a));
        Claims {
            claims,
            without,
            present: self.present,
        }
    }
}

/// The mean of what each rank (from 0) gives over those the true one may have among its equals.
fn over_ties(ranked: &Ranked, of: impl Fn(u64) -> f64) -> f64 {
    // Far down one rank is like the next.
    const MANY: u64 = 10_000;
    let ranks = ranked.better..=ranked.better + ranked.tied;
    let step = (ranked.tied / MANY + 1) as usize;
    let (sum, count) = ranks.step_by(step).fold((0.0, 0u64), |(sum, count), rank| {
        (sum + of(rank), count + 1)
    });
    sum / count as f64
}

impl Claims {
    pub fn all(&self) -> u64 {
        self.claims.len() as u64
    }

    /// How many claims make a share of all who are sought.
    fn dared(&self, coverage: f64) -> usize {
        (coverage * self.claims.len() as f64).ceil() as usize
    }

    /// The expected number of right claims among the surest, and how many these are.
    pub fn right(&self, coverage: f64) -> (f64, u64) {
        let dared = self.dared(coverage);
        let right = self.claims[..dared].iter().map(|(_, right)| right).sum();
        (right, dared as u64)
    }

    /// The right claims among the surest over all who are known.
    pub fn recall(&self, coverage: f64) -> Option<f64> {
        (self.present > 0).then(|| self.right(coverage).0 / self.present as f64)
    }

    /// The greatest share of the sought for whom claims are made that are right with this precision.
    pub fn coverage(&self, precision: f64) -> f64 {
        let (mut right, mut dared) = (0.0, 0);
        for (at, (_, credit)) in self.claims.iter().enumerate() {
            right += credit;
            if right >= precision * (at + 1) as f64 {
                dared = at + 1;
            }
        }
        dared as f64 / self.claims.len() as f64
    }

    /// How many persons would be named if they were not known, by whoever claims for such a share of those
    /// who are: as sure, and always wrong.
    pub fn false_claims(&self, coverage: f64) -> u64 {
        let Some(dared) = self.dared(coverage).checked_sub(1) else {
            return 0;
        };
        let least = self.claims[dared].0;
        self.without.partition_point(|lead| *lead >= least) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(own: Option<f64>, better: u64, tied: u64, others: &[f64]) -> Ranked {
        Ranked {
            own,
            better,
            tied,
            others: others.iter().map(|score| (*score, 0)).collect(),
        }
    }

    #[test]
    fn shares_by_hand() {
        let all = [
            ranked(Some(0.9), 0, 0, &[0.2, 0.1]),
            ranked(Some(0.5), 0, 1, &[0.5, 0.1]),
            ranked(Some(0.3), 2, 0, &[0.8, 0.4]),
            // Not known: whoever is named is wrong.
            ranked(None, 0, 0, &[0.6, 0.5]),
        ];
        let success = Success::new(&all, 10);
        assert_eq!((success.present, success.guessed(5)), (3, 0.5));
        assert_eq!([1, 2, 3].map(|k| success.top(k)), [1.5, 2.0, 3.0]);
        let reciprocal = (1.0 + (1.0 + 0.5) / 2.0 + 1.0 / 3.0) / 3.0;
        assert!((success.mean_reciprocal_rank() - reciprocal).abs() < 1e-15);
        let hit = (1.0 + (1.0 + 0.8) / 2.0 + 0.6) / 3.0;
        assert!((success.hit_precision(5) - hit).abs() < 1e-15);
        assert!((success.mean_rank() - (1.0 + 1.5 + 3.0) / 3.0).abs() < 1e-15);
        // Leads 0.7 (right), 0.4 (wrong), 0.1 (not there), 0 (half right).
        let claims = success.claims();
        assert_eq!(claims.right(0.25), (1.0, 1));
        assert_eq!(claims.right(0.5), (1.0, 2));
        assert_eq!(claims.right(1.0), (1.5, 4));
        assert_eq!(claims.recall(1.0), Some(0.5));
        assert_eq!((claims.coverage(0.9), claims.coverage(0.5)), (0.25, 0.5));
        // If they were not there: leads 0.1, 0.4, 0.4, 0.1.
        assert_eq!([0.25, 0.5, 0.75].map(|c| claims.false_claims(c)), [0, 2, 4]);
    }
}
