//! How counts of persons become what is published, and what an adversary reads off it.

use super::flows::Flows;
use super::frame::Frame;
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
}
