//! Groups of persons, and what an adversary sees of their counts.

use crate::encode::flows::Flows;
use crate::encode::frame::Frame;
use crate::encode::presence::Presence;
use crate::release::{Absent, Counting};
use crate::stats::Trial;
use crate::stats::noise::Noise;

/// How counts of persons become what is published, and what an adversary reads off it.
#[derive(Debug, Clone)]
pub struct Rule {
    counting: Counting,
    /// Whether all published counts are whole.
    whole: bool,
    /// Counts below are left out.
    fewest: f64,
    noise: Option<Noise>,
    /// Whether no count is below nothing.
    is_clamped: bool,
}

impl Rule {
    /// As the counts of a table were made. Where cells were left out, those below its least count other than 0.
    pub fn of(flows: &Flows, frame: &Frame, counting: &Counting, noise: Option<Noise>) -> Self {
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
        Self {
            counting: counting.clone(),
            whole: published().all(|count| count.fract() == 0.0),
            fewest: match (is_left_out, least) {
                (true, Some(least)) => least,
                _ => f64::NEG_INFINITY,
            },
            noise,
            is_clamped: published().all(|count| count >= 0.0),
        }
    }

    /// The persons an adversary reads off what is published for so many; 0 where it is left out.
    pub fn seen(&self, persons: u32, trial: &mut Trial) -> f32 {
        let mut count = f64::from(persons);
        if let Some(noise) = self.noise {
            count += noise.draw(trial);
        }
        let mut published = self.counting.publish(count, self.whole, || trial.uniform());
        if self.is_clamped {
            published = published.max(0.0);
        }
        if published < self.fewest {
            return 0.0;
        }
        (published / self.counting.extrapolation) as f32
    }
}

/// The counts of one group after another.
pub struct Counts {
    /// One a cell that anybody was ever in.
    counts: Vec<u32>,
    touched: Vec<u32>,
}

impl Counts {
    pub fn new(traces: &Presence) -> Self {
        Self {
            counts: vec![0; traces.cells.len()],
            touched: Vec::new(),
        }
    }

    /// Forgets the group before.
    pub fn clear(&mut self) {
        for cell in self.touched.drain(..) {
            self.counts[cell as usize] = 0;
        }
    }

    pub fn add(&mut self, traces: &Presence, person: u32) {
        for cell in traces.of(person as usize) {
            let count = &mut self.counts[*cell as usize];
            if *count == 0 {
                self.touched.push(*cell);
            }
            *count += 1;
        }
    }

    pub fn of(&self, cell: u32) -> u32 {
        self.counts[cell as usize]
    }

    /// The cells with somebody in them, each once, in no order.
    pub fn touched(&self) -> &[u32] {
        &self.touched
    }
}

/// The persons of the experiments, in an order drawn at random.
pub struct Pool {
    persons: Vec<u32>,
    /// The traces of so many of them, the first, the adversary has.
    pub known: usize,
}

impl Pool {
    /// Of the persons with any cell at most `most`, of whom the adversary knows such a share.
    pub fn draw(traces: &Presence, most: usize, share: f64, trial: &mut Trial) -> Self {
        let all = 0..traces.persons() as u32;
        let mut persons: Vec<u32> = all
            .filter(|who| !traces.of(*who as usize).is_empty())
            .collect();
        for at in (1..persons.len()).rev() {
            persons.swap(at, trial.below(at as u64 + 1) as usize);
        }
        persons.truncate(most);
        let known = (persons.len() as f64 * share).round() as usize;
        Self {
            known: known.clamp(1, persons.len().saturating_sub(1).max(1)),
            persons,
        }
    }

    pub fn len(&self) -> usize {
        self.persons.len()
    }

    /// Those whose traces the adversary does not have: one of them is the target.
    pub fn unknown(&self) -> &[u32] {
        &self.persons[self.known..]
    }

    /// So many others than the person at a place, each at most once.
    pub fn others(&self, count: usize, without: usize, trial: &mut Trial) -> Vec<u32> {
        let places = trial.subset(count, self.persons.len() as u64 - 1);
        let place =
            |place: u64| self.persons[place as usize + usize::from(place >= without as u64)];
        places.into_iter().map(place).collect()
    }

    /// So many of the known; some several times where there are fewer.
    pub fn acquaintances(&self, count: usize, trial: &mut Trial) -> Vec<u32> {
        let known = &self.persons[..self.known];
        if count <= known.len() {
            let places = trial.subset(count, known.len() as u64);
            return places
                .into_iter()
                .map(|place| known[place as usize])
                .collect();
        }
        let draw = |_| known[trial.below(known.len() as u64) as usize];
        (0..count).map(draw).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::flows;
    use crate::stats::Draws;

    fn rule(published: &[f64], counting: Counting, cells: usize) -> Rule {
        let rows = vec![1; published.len()];
        let mut flows = Flows::of_counts(flows::counts(published, &rows, &counting));
        flows.dimensions = vec![flows::Dimension {
            name: "cell".to_owned(),
            values: crate::encode::Values {
                null: false,
                distinct: crate::encode::Distinct::Numbers((0..cells as i64).collect()),
            },
            above: Vec::new(),
        }];
        let axes = crate::encode::frame::Axes {
            place: 0,
            time: None,
        };
        let frame = Frame::new(&flows, axes).unwrap();
        Rule::of(&flows, &frame, &counting, None)
    }

    #[test]
    fn counts_are_seen_as_they_are_published() {
        let mut trial = Draws::new(1, "groups", "test").trial(0);
        let mut seen = |rule: &Rule, persons: u32| rule.seen(persons, &mut trial);
        let extrapolated = Counting {
            extrapolation: 2.8,
            ..Counting::default()
        };
        // 3, 6, 42 for one, two and fifteen persons; nothing is left out, for one person is there.
        let plain = rule(&[3.0, 6.0, 42.0], extrapolated.clone(), 9);
        assert_eq!(seen(&plain, 0), 0.0);
        assert_eq!(seen(&plain, 1), (3.0 / 2.8) as f32);
        // The least count is 40: 13 persons give it, 12 do not.
        let tens = Counting {
            rounding: Some(crate::release::counting::Rounding {
                to: 10.0,
                how: crate::release::counting::Towards::Nearest,
            }),
            ..extrapolated
        };
        let few = rule(&[40.0, 250.0], tens.clone(), 9);
        assert_eq!((seen(&few, 12), seen(&few, 13)), (0.0, (40.0 / 2.8) as f32));
        // Unless absent cells are nobody's.
        let zero = Counting {
            absent: Some(Absent::Zero),
            ..tens
        };
        assert_eq!(seen(&rule(&[40.0], zero, 9), 5), (10.0 / 2.8) as f32);
    }

    #[test]
    fn others_are_others() {
        let pool = Pool {
            persons: (100..120).collect(),
            known: 8,
        };
        let draws = Draws::new(2, "groups", "test");
        for case in 0..200 {
            let mut trial = draws.trial(case);
            let without = (case % 20) as usize;
            let mut others = pool.others(12, without, &mut trial);
            others.sort_unstable();
            others.dedup();
            assert!(others.len() == 12 && !others.contains(&(100 + without as u32)));
            let known = |count: usize, trial: &mut Trial| pool.acquaintances(count, trial);
            assert!(known(30, &mut trial).iter().all(|person| *person < 108));
            let mut all = known(8, &mut trial);
            all.sort_unstable();
            assert_eq!(all, (100..108).collect::<Vec<u32>>());
        }
        assert_eq!(pool.unknown().len(), 12);
    }
}
