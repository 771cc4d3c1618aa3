//! Groups of persons and their counts.

use crate::encode::presence::Presence;
use crate::stats::Trial;

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

    /// Takes a person out who was added, or puts them back.
    pub fn without(&mut self, traces: &Presence, person: u32, is_out: bool) {
        for cell in traces.of(person as usize) {
            let count = &mut self.counts[*cell as usize];
            *count = if is_out { *count - 1 } else { *count + 1 };
        }
    }

    pub fn is_empty(&self) -> bool {
        self.touched.is_empty()
    }

    pub fn of(&self, cell: u32) -> u32 {
        self.counts[cell as usize]
    }

    /// The cells somebody was added to, each once, in no order.
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

    /// Everybody.
    pub fn all(&self) -> &[u32] {
        &self.persons
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
    use crate::stats::Draws;

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
