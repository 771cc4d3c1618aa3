//! How counts of persons become what is published, and what an adversary reads off it.

use super::flows::Flows;
use super::frame::Frame;
use crate::release::counting::Reach;
use crate::release::{Absent, Counting, Mechanism, Noise as Stated};
use crate::stats::Trial;
use crate::stats::noise::{Noise, least_deviation, usual_deviation};

/// As the counts of a table were published.
#[derive(Debug, Clone)]
pub struct Publishing {
    counting: Counting,
    /// Whether all published counts are whole.
    whole: bool,
    /// Counts below are left out.
    fewest: f64,
    noise: Option<Noise>,
    /// Whether no count is below nothing.
    is_clamped: bool,
    /// What is read off the counts of few persons, where nothing is left to chance.
    few: Vec<f32>,
}

/// Where counts are noisy and rounded at random, noise is taken at so many points of equal chance.
const SHARES: u32 = 256;
/// Counts of fewer persons are looked up.
const FEW: u32 = 4_096;

impl Publishing {
    /// As the counts of a table were made. Where cells were left out, those below its least count other than 0.
    pub fn of(flows: &Flows, frame: &Frame, counting: &Counting) -> Self {
        let noise = counting.noise.as_ref().map(|stated| laws(stated)[0]);
        let published = || flows.counts.iter().filter_map(|count| count.published);
        let has_nulls = flows.counts.iter().any(|count| count.is_suppressed());
        let is_left_out = match (counting.absent, noise) {
            (Some(Absent::Zero), _) => has_nulls,
            (Some(Absent::Suppressed), _) => true,
            // Who publishes zeros, or every cell, leaves out none.
            (None, None) => {
                has_nulls || !published().any(|count| count == 0.0) && flows.len() < frame.len()
            }
            (None, Some(_)) => has_nulls,
        };
        let least = published()
            .filter(|count| *count != 0.0)
            .min_by(f64::total_cmp);
        let mut publishing = Self {
            few: Vec::new(),
            counting: counting.clone(),
            whole: published().all(|count| count.fract() == 0.0),
            fewest: match (is_left_out, least) {
                (true, Some(least)) => least,
                _ => f64::NEG_INFINITY,
            },
            noise,
            is_clamped: published().all(|count| count >= 0.0),
        };
        if !counting.is_noisy() && !counting.is_rounded_at_random() {
            let seen = |persons| publishing.read(f64::from(persons), || 0.0);
            publishing.few = (0..FEW).map(seen).collect();
        }
        publishing
    }

    /// Whether so many persons always give the same count.
    pub fn is_certain(&self) -> bool {
        !self.few.is_empty()
    }

    /// Whether cells with few persons are left out.
    pub fn leaves_out(&self) -> bool {
        self.fewest > f64::NEG_INFINITY
    }

    /// The persons an adversary reads off what is published for so many; 0 where it is left out.
    pub fn seen(&self, persons: u32, trial: &mut Trial) -> f32 {
        if let Some(seen) = self.few.get(persons as usize) {
            return *seen;
        }
        let noise = match (self.noise, self.counting.bounded_noise) {
            (Some(noise), _) => noise.draw(trial),
            // Of its distribution nothing is known: whole numbers as likely as each other.
            (None, Some(width)) => {
                let width = width.floor();
                ((2.0 * width + 1.0) * trial.uniform()).floor() - width
            }
            (None, None) => 0.0,
        };
        self.read(f64::from(persons) + noise, || trial.uniform())
    }

    /// How probable it is to see that count where so many persons are: the chance of it, or for noise that takes any
    /// value its density, which serves to compare numbers of persons.
    ///
    /// Where a count was rounded, of all that the published one can stand for; where cells are left out, of all below
    /// the least.
    pub fn likelihood(&self, seen: f32, persons: u32) -> f64 {
        let chance_of = |is_it: bool| f64::from(u8::from(is_it));
        if self.is_certain() {
            return match self.few.get(persons as usize) {
                Some(few) => chance_of(*few == seen),
                None => chance_of(self.read(f64::from(persons), || 0.0) == seen),
            };
        }
        let persons = f64::from(persons);
        match (self.noise, self.counting.bounded_noise) {
            (Some(law), _) if self.counting.is_rounded_at_random() => {
                let shares = (0..SHARES).map(|at| {
                    let noise = law.quantile((f64::from(at) + 0.5) / f64::from(SHARES));
                    self.rounded_at_random(seen, persons + noise)
                });
                shares.sum::<f64>() / f64::from(SHARES)
            }
            (Some(law), _) => self.noisy(law, seen, persons),
            (None, Some(width)) => {
                let width = width.floor() as i64;
                let shares = (-width..=width)
                    .map(|noise| self.rounded_at_random(seen, persons + noise as f64));
                shares.sum::<f64>() / (2 * width + 1) as f64
            }
            (None, None) => self.rounded_at_random(seen, persons),
        }
    }

    /// The chance that a count is read as `seen`, which of the two next multiples it becomes being left to chance.
    fn rounded_at_random(&self, seen: f32, persons: f64) -> f64 {
        let [up, down] = [0.0, 1.0].map(|chance| self.read(persons, || chance));
        if up == down {
            return f64::from(u8::from(up == seen));
        }
        let to = self.counting.rounding.map_or(1.0, |rounding| rounding.to);
        let share = (persons * self.counting.extrapolation / to).rem_euclid(1.0);
        match (up == seen, down == seen) {
            (true, _) => share,
            (_, true) => 1.0 - share,
            _ => 0.0,
        }
    }

    /// The chance or the density of a count whose noise has a law.
    fn noisy(&self, law: Noise, seen: f32, persons: f64) -> f64 {
        let seen = f64::from(seen);
        let Reach {
            below,
            above,
            open_below,
            open_above,
        } = self.counting.reach(self.whole);
        let in_persons = |count: f64| count / self.counting.extrapolation;
        // What is read is a number of single precision: the ends between whole numbers are meant to lie next to it.
        let slack = match law {
            Noise::Geometric { .. } => 1e-5 * seen.abs().max(1.0),
            Noise::Laplace { .. } | Noise::Gaussian { .. } => 0.0,
        };
        let up_to = |end: f64| match open_above {
            true => law.below(end - slack),
            false => law.up_to(end + slack),
        };
        let under = |end: f64| match open_below {
            true => law.up_to(end + slack),
            false => law.below(end - slack),
        };
        let high = seen + in_persons(above) - persons;
        if self.leaves_out() && seen == 0.0 {
            return under(in_persons(self.fewest - below) - persons);
        }
        if self.is_clamped && seen == 0.0 {
            return up_to(high);
        }
        let low = seen - in_persons(below) - persons;
        match below + above > 0.0 {
            true => up_to(high) - under(low),
            false => law.density(seen - persons),
        }
    }

    fn read(&self, persons: f64, chance: impl FnOnce() -> f64) -> f32 {
        let mut published = self.counting.publish(persons, self.whole, chance);
        if self.is_clamped {
            published = published.max(0.0);
        }
        match published < self.fewest {
            true => 0.0,
            false => (published / self.counting.extrapolation) as f32,
        }
    }
}

/// The distributions that the mechanism may have used, that with the least noise first.
pub fn laws(stated: &Stated) -> Vec<Noise> {
    let Stated {
        mechanism,
        epsilon,
        delta,
        sensitivity,
    } = *stated;
    match mechanism {
        Mechanism::Laplace => vec![Noise::Laplace {
            scale: sensitivity / epsilon,
        }],
        Mechanism::Geometric => vec![Noise::Geometric {
            ratio: (-epsilon / sensitivity).exp(),
        }],
        Mechanism::Gaussian => {
            let least = least_deviation(epsilon, delta, sensitivity);
            let usual = usual_deviation(epsilon, delta, sensitivity);
            let deviations = [Some(least), (usual > least).then_some(usual)];
            let law = |deviation| Noise::Gaussian { deviation };
            deviations.into_iter().flatten().map(law).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::flows::{Dimension, counts};
    use crate::encode::frame::Axes;
    use crate::encode::intern::{Distinct, Values};
    use crate::release::counting::{Rounding, Towards};
    use crate::stats::Draws;

    fn publishing(published: &[f64], counting: Counting, cells: usize) -> Publishing {
        let rows = vec![1; published.len()];
        let mut flows = Flows::of_counts(counts(published, &rows, &counting));
        let places = Values {
            null: false,
            distinct: Distinct::Numbers((0..cells as i64).collect()),
        };
        flows.dimensions = vec![Dimension::new("cell".to_owned(), places, None, None).unwrap()];
        let axes = Axes {
            place: 0,
            time: None,
        };
        let frame = Frame::new(&flows, axes).unwrap();
        Publishing::of(&flows, &frame, &counting)
    }

    #[test]
    fn counts_are_seen_as_they_are_published() {
        let mut trial = Draws::new(1, "groups", "test").trial(0);
        let mut seen = |publishing: &Publishing, persons: u32| publishing.seen(persons, &mut trial);
        let extrapolated = Counting {
            extrapolation: 2.8,
            ..Counting::default()
        };
        // 3, 6, 42 for one, two and fifteen persons; nothing is left out, for one person is there.
        let plain = publishing(&[3.0, 6.0, 42.0], extrapolated.clone(), 9);
        assert_eq!(seen(&plain, 0), 0.0);
        assert_eq!(seen(&plain, 1), (3.0 / 2.8) as f32);
        // The least count is 40: 13 persons give it, 12 do not.
        let tens = Counting {
            rounding: Some(Rounding {
                small: None,
                to: 10.0,
                how: Towards::Nearest,
            }),
            ..extrapolated
        };
        let few = publishing(&[40.0, 250.0], tens.clone(), 9);
        assert_eq!((seen(&few, 12), seen(&few, 13)), (0.0, (40.0 / 2.8) as f32));
        // Unless absent cells are nobody's.
        let zero = Counting {
            absent: Some(Absent::Zero),
            ..tens
        };
        assert_eq!(seen(&publishing(&[40.0], zero, 9), 5), (10.0 / 2.8) as f32);
    }

    /// What is said of chances holds for what is drawn, however counts are published.
    #[test]
    fn likelihoods_are_the_shares_of_what_is_seen() {
        let noise = |mechanism| {
            Some(Stated {
                mechanism,
                epsilon: 0.5,
                delta: 0.0,
                sensitivity: 1.0,
            })
        };
        let to = |to: f64, how| {
            Some(Rounding {
                small: None,
                to,
                how,
            })
        };
        let cases = [
            Counting {
                noise: noise(Mechanism::Geometric),
                ..Counting::default()
            },
            Counting {
                noise: noise(Mechanism::Laplace),
                rounding: to(3.0, Towards::Nearest),
                extrapolation: 2.0,
                ..Counting::default()
            },
            Counting {
                noise: noise(Mechanism::Laplace),
                rounding: to(5.0, Towards::Random),
                ..Counting::default()
            },
            Counting {
                rounding: to(10.0, Towards::Random),
                ..Counting::default()
            },
            Counting {
                bounded_noise: Some(2.0),
                ..Counting::default()
            },
            Counting {
                rounding: to(4.0, Towards::Up),
                ..Counting::default()
            },
        ];
        let mut trial = Draws::new(4, "likelihood", "test").trial(0);
        for (case, counting) in cases.into_iter().enumerate() {
            // With and without cells left out; never below zero.
            for published in [&[0.0, 12.0, 60.0][..], &[60.0, 120.0]] {
                let publishing = publishing(published, counting.clone(), 9);
                for persons in [0, 1, 7, 23] {
                    let mut seen: std::collections::BTreeMap<u32, u32> = Default::default();
                    for _ in 0..20_000 {
                        let count = publishing.seen(persons, &mut trial);
                        // Of nothing there are two signs.
                        *seen.entry((count + 0.0).to_bits()).or_default() += 1;
                    }
                    let mut whole = 0.0;
                    for (count, times) in seen {
                        let share = f64::from(times) / 20_000.0;
                        let chance = publishing.likelihood(f32::from_bits(count), persons);
                        whole += chance;
                        assert!(
                            (share - chance).abs() < 0.015,
                            "{case} {published:?} {persons}: {share} {chance}"
                        );
                    }
                    assert!(
                        (0.98..1.0 + 1e-6).contains(&whole),
                        "{case} {persons}: {whole}"
                    );
                }
            }
        }
        // Counts that take any value: their densities compare.
        let laplace = Counting {
            noise: noise(Mechanism::Laplace),
            ..Counting::default()
        };
        let publishing = publishing(&[-1.5, 3.25], laplace, 9);
        let ratio = publishing.likelihood(6.5, 7) / publishing.likelihood(6.5, 9);
        assert!(
            (ratio - f64::exp(0.5 * (2.5 - 0.5))).abs() < 1e-9,
            "{ratio}"
        );
    }
}
