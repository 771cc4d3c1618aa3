//! The combinations of steps, and which of them are known to pass or fail because a more or less specific one does.

/// A step of each of some dimensions: the first is as it is, the last is not at all.
pub struct Lattice {
    /// What is lost by each step of each dimension, ascending.
    losses: Vec<Vec<f64>>,
}

/// What is known of a combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    Unknown,
    Passes,
    Fails,
}

impl Lattice {
    pub fn new(losses: Vec<Vec<f64>>) -> Self {
        Self { losses }
    }

    /// Combinations there are.
    pub fn len(&self) -> usize {
        self.losses.iter().map(Vec::len).product()
    }

    /// The step of each dimension: mixed radix, the last fastest.
    pub fn steps(&self, mut at: usize) -> Vec<usize> {
        let mut steps = vec![0; self.losses.len()];
        for (step, losses) in steps.iter_mut().zip(&self.losses).rev() {
            *step = at % losses.len();
            at /= losses.len();
        }
        steps
    }

    pub fn place(&self, steps: &[usize]) -> usize {
        let pairs = steps.iter().zip(&self.losses);
        pairs.fold(0, |at, (step, losses)| at * losses.len() + step)
    }

    /// What is lost: the mean over the dimensions that have something to lose.
    pub fn loss(&self, steps: &[usize]) -> f64 {
        let losses = steps.iter().zip(&self.losses);
        let sum: f64 = losses.map(|(step, losses)| losses[*step]).sum();
        let some = |losses: &&Vec<f64>| losses.last().is_some_and(|last| *last > 0.0);
        sum / self.losses.iter().filter(some).count().max(1) as f64
    }

    /// All combinations, those that lose least first; of equals the one with the lower steps.
    pub fn by_loss(&self) -> Vec<(f64, usize)> {
        let mut all: Vec<(f64, usize)> = (0..self.len())
            .map(|at| (self.loss(&self.steps(at)), at))
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        all
    }

    /// Tags all that are at least (`up`) or at most as coarse as a combination.
    fn spread(&self, tags: &mut [Tag], from: usize, up: bool) {
        let from = self.steps(from);
        let ranges = from.iter().zip(&self.losses);
        let ranges: Vec<std::ops::Range<usize>> = ranges
            .map(|(step, losses)| match up {
                true => *step..losses.len(),
                false => 0..*step + 1,
            })
            .collect();
        let mut at: Vec<usize> = ranges.iter().map(|range| range.start).collect();
        loop {
            tags[self.place(&at)] = match up {
                true => Tag::Passes,
                false => Tag::Fails,
            };
            let Some(next) = (0..at.len()).rev().find(|d| at[*d] + 1 < ranges[*d].end) else {
                return;
            };
            at[next] += 1;
            for later in next + 1..at.len() {
                at[later] = ranges[later].start;
            }
        }
    }

    /// From a combination to coarser ones of which nothing is known, each a step further where that loses least.
    fn path(&self, tags: &[Tag], from: usize) -> Vec<usize> {
        let mut path = vec![from];
        loop {
            let steps = self.steps(*path.last().expect("it begins somewhere"));
            let further = (0..steps.len()).filter_map(|dimension| {
                let losses = &self.losses[dimension];
                let next = losses.get(steps[dimension] + 1)?;
                let mut further = steps.clone();
                further[dimension] += 1;
                let at = self.place(&further);
                (tags[at] == Tag::Unknown).then_some((next - losses[steps[dimension]], at))
            });
            match further.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))) {
                Some((_, next)) => path.push(next),
                None => return path,
            }
        }
    }

    /// Finds out whether a combination passes a test that no coarser one fails where it does: by halving a path to
    /// coarser ones, and telling from each that was tested all that are coarser or more specific (predictive tagging).
    pub fn settle<E>(
        &self,
        tags: &mut [Tag],
        of: usize,
        mut passes: impl FnMut(usize) -> Result<bool, E>,
    ) -> Result<(), E> {
        while tags[of] == Tag::Unknown {
            let path = self.path(tags, of);
            let (mut low, mut high) = (0, path.len());
            while low < high {
                let middle = (low + high) / 2;
                let passed = passes(path[middle])?;
                self.spread(tags, path[middle], passed);
                match passed {
                    true => high = middle,
                    false => low = middle + 1,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Draws;

    #[test]
    fn tagging_says_what_testing_all_says() {
        let draws = Draws::new(1, "lattice", "");
        for case in 0..200 {
            let mut trial = draws.trial(case);
            let dimensions = 1 + trial.below(4) as usize;
            let losses = |count: u64| (0..count).map(|step| step as f64 / count as f64).collect();
            let lattice = Lattice::new(
                (0..dimensions)
                    .map(|_| losses(1 + trial.below(4)))
                    .collect(),
            );
            // Whatever is at least as coarse as one of some combinations passes.
            let least: Vec<Vec<usize>> = (0..trial.below(3))
                .map(|_| lattice.steps(trial.below(lattice.len() as u64) as usize))
                .collect();
            let passes = |at: usize| {
                let steps = lattice.steps(at);
                let coarser = |least: &Vec<usize>| least.iter().zip(&steps).all(|(a, b)| a <= b);
                least.iter().any(coarser)
            };
            let mut tags = vec![Tag::Unknown; lattice.len()];
            let mut tested = 0;
            for (_, at) in lattice.by_loss() {
                let test = |at: usize| {
                    tested += 1;
                    Ok::<bool, ()>(passes(at))
                };
                lattice.settle(&mut tags, at, test).unwrap();
                assert_eq!(tags[at] == Tag::Passes, passes(at), "{case}: {at}");
            }
            assert!(tested <= lattice.len());
        }
    }

    #[test]
    fn places_and_steps_are_each_others() {
        let lattice = Lattice::new(vec![vec![0.0, 1.0], vec![0.0, 0.2, 1.0], vec![0.0]]);
        assert_eq!(lattice.len(), 6);
        for at in 0..6 {
            assert_eq!(lattice.place(&lattice.steps(at)), at);
        }
        let order: Vec<usize> = lattice.by_loss().into_iter().map(|(_, at)| at).collect();
        assert_eq!(order, [0, 1, 2, 3, 4, 5]);
    }
}
