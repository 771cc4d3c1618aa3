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
    /// Controls without themselves whose lead is no less than the greatest of those who should be gone.
    pub ahead: u64,
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
        let greatest = gone.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let ahead = without.iter().filter(|lead| **lead >= greatest).count();
        Some(Self {
            threshold,
            sought: gone.len() as u64,
            claimed: above(gone),
            recognised: above(with),
            ahead: ahead as u64,
        })
    }

    /// How many claims there would be on average if nobody was there.
    pub fn expected(&self) -> f64 {
        self.threshold.chance() * self.sought as f64
    }

    /// The chance of what was found if nobody was there: of one person, of a lead with this rank among the controls;
    /// of several, twice the lesser of the chance of so many claims or more and of that the greatest lead has this rank.
    pub fn p_value(&self) -> f64 {
        let place = self.ahead + 1;
        let ranked = match place > self.threshold.controls {
            true => 1.0,
            false => Threshold {
                place,
                ..self.threshold
            }
            .chance_of(1, self.sought),
        };
        match self.sought {
            0 => 1.0,
            1 => ranked,
            _ => {
                let claims = self.threshold.chance_of(self.claimed, self.sought);
                (2.0 * claims.min(ranked)).min(1.0)
            }
        }
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
        // At least one of two above the greatest of four, by claims and by the greatest lead: of six, the first is one
        // of the two in a third of all orders.
        assert_eq!(relinking.ahead, 0);
        assert!((relinking.p_value() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(Relinking::new(&all, gone, 0.1), None);
    }

    #[test]
    fn of_one_person_the_rank_is_what_counts() {
        let controls: Vec<f64> = (0..199).map(f64::from).collect();
        let p_value = |gone: &[f64]| {
            let relinking = Relinking::of_leads(gone, controls.clone(), &controls, 0.1);
            relinking.unwrap().p_value()
        };
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        near(p_value(&[500.0]), 1.0 / 200.0);
        near(p_value(&[198.0]), 2.0 / 200.0);
        near(p_value(&[100.5]), 99.0 / 200.0);
        near(p_value(&[-1.0]), 1.0);
        // Of two the greater is above all 199 with 2/201; tried in two ways.
        near(p_value(&[500.0, 3.0]), 4.0 / 201.0);
    }

    /// Where nobody is there, a p-value of at most `p` is found no more often than that.
    #[test]
    fn it_is_seldom_small_by_chance() {
        let mut trial = crate::stats::Draws::new(1, "opt-outs", "t").trial(0);
        for sought in [1, 2, 7] {
            let mut below = [0u32; 3];
            for _ in 0..4_000 {
                let mut leads = |count| (0..count).map(|_| trial.uniform()).collect::<Vec<f64>>();
                let (gone, controls) = (leads(sought), leads(60));
                let found = Relinking::of_leads(&gone, controls.clone(), &controls, 0.1).unwrap();
                for (count, p) in below.iter_mut().zip([0.02, 0.05, 0.2]) {
                    *count += u32::from(found.p_value() <= p);
                }
            }
            for (count, p) in below.into_iter().zip([0.02, 0.05, 0.2]) {
                let expected: f64 = 4_000.0 * p;
                assert!(
                    f64::from(count) <= expected + 3.5 * expected.sqrt(),
                    "{sought} {p}: {count}"
                );
            }
        }
    }
}
