//! Whether persons who should be gone are still there under other names: what is claimed of them, held against
//! what would be claimed of persons who are known to be others.
//!
//! A claim is a best match that is ahead of the runner-up by more than a threshold. Whoever is known on both sides
//! is a control twice: without their own match they show how often a claim is false, with it how often a true one
//! is made.

use super::Ranked;
use crate::stats::exceedance::Threshold;

/// The claims about some persons, and about the controls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relinking {
    pub threshold: Threshold,
    pub sought: u64,
    pub claimed: u64,
    /// Controls who are claimed to be who they are.
    pub recognised: u64,
}

impl Relinking {
    /// `sought` says who of the ranked should be gone; of the others those with a match of their own are controls.
    /// `None` where these are too few to tell claims from chance at the `level`.
    pub fn new(ranked: &[Ranked], sought: impl Fn(usize) -> bool, level: f64) -> Option<Self> {
        let (mut gone, mut without, mut with) = (Vec::new(), Vec::new(), Vec::new());
        for (at, ranked) in ranked.iter().enumerate() {
            match (sought(at), ranked.own) {
                (true, _) => gone.push(ranked.lead_without()),
                (false, Some(_)) => {
                    without.push(ranked.lead_without());
                    // Whoever is taken for another is not recognised, however far ahead that one is.
                    let (lead, right) = ranked.lead();
                    with.push(if right { lead } else { f64::NEG_INFINITY });
                }
                (false, None) => {}
            }
        }
        Self::of_leads(&gone, without, &with, level)
    }

    /// By how far ahead, or how good, each match is: of those who should be gone, and of the controls without
    /// themselves and with. `None` as [`Self::new`] has it.
    pub fn of_leads(gone: &[f64], mut without: Vec<f64>, with: &[f64], level: f64) -> Option<Self> {
        let threshold = Threshold::at_level(without.len() as u64, level)?;
        without.sort_by(|a, b| b.total_cmp(a));
        let least = without[threshold.place as usize - 1];
        let above = |leads: &[f64]| leads.iter().filter(|lead| **lead > least).count() as u64;
        Some(Self {
            threshold,
            sought: gone.len() as u64,
            claimed: above(gone),
            recognised: above(with),
        })
    }

    /// How many claims there would be on average if nobody was there.
    pub fn expected(&self) -> f64 {
        self.threshold.chance() * self.sought as f64
    }

    /// The chance of so many claims or more if nobody was there.
    pub fn p_value(&self) -> f64 {
        self.threshold.chance_of(self.claimed, self.sought)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(own: Option<f64>, others: &[f64]) -> Ranked {
        let better = |own: f64| others.iter().filter(|other| **other > own).count() as u64;
        Ranked {
            own,
            better: own.map_or(0, better),
            tied: 0,
            others: others.iter().map(|score| (*score, 0)).collect(),
        }
    }

    #[test]
    fn claims_by_hand() {
        // Four controls: without themselves leads of 0.1, 0.3, 0, 0.2; the second is recognised, by 0.4.
        let all = [
            ranked(Some(0.5), &[0.4, 0.3]),
            ranked(Some(1.0), &[0.6, 0.3]),
            ranked(Some(0.2), &[0.5, 0.5]),
            ranked(Some(0.1), &[0.9, 0.7]),
            // Nobody's control: not known on both sides.
            ranked(None, &[0.9, 0.1]),
            ranked(None, &[0.8, 0.55]),
            ranked(None, &[0.8, 0.45]),
        ];
        let gone = |at: usize| at >= 5;
        let relinking = Relinking::new(&all, gone, 0.2).unwrap();
        assert_eq!(
            (relinking.threshold.controls, relinking.threshold.place),
            (4, 1)
        );
        assert_eq!((relinking.sought, relinking.claimed), (2, 1));
        assert_eq!((relinking.recognised, relinking.expected()), (1, 0.4));
        // At least one of two above the greatest of four: 1 − (4/6)(…): of 15 orders 9 begin with one of four.
        assert!((relinking.p_value() - (1.0 - 4.0 / 6.0)).abs() < 1e-12);
        assert_eq!(Relinking::new(&all, gone, 0.1), None);
    }
}
