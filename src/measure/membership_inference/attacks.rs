//! Is the target in the group? Five ways to tell from its counts.

use foldhash::HashMap;
use rayon::prelude::*;

use super::groups::{Counts, Pool};
use super::likelihood::Expectations;
use crate::encode::frame::Frame;
use crate::encode::presence::Presence;
use crate::encode::publishing::Publishing;
use crate::progress::Progress;
use crate::stats::logistic::Logistic;
use crate::stats::roc::Scores;
use crate::stats::{Draws, Trial};

/// The attacks, in the order of their scores.
pub const ATTACKS: [&str; 5] = [
    "count-threshold",
    "two-threshold",
    "knock-knock",
    "zero-knowledge",
    "likelihood-ratio",
];
/// Persons that a cell must hold to count as one in which the target may be, for the second.
const HEIGHTS: [f32; 7] = [1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0];
/// The learned attacks look at so many cells of the target, those with the fewest of the known.
const MOST_CELLS: usize = 200;
/// Groups they learn from, without the target, and as many with it.
const LESSONS: usize = 50;
/// The weight of the penalty: at 1 features count by how far apart they lie, as though they were independent.
const PENALTY: f32 = 1.0;

/// Experiments with groups drawn from traces.
pub struct Experiments<'a> {
    pub traces: &'a Presence,
    pub pool: &'a Pool,
    pub publishing: &'a Publishing,
    pub draws: &'a Draws,
    /// Of each cell its bin of time, and its place at its time of day.
    pub spots: &'a Spots,
}

/// When and where cells are, for the marginals of an aggregate.
pub struct Spots {
    bin: Vec<u32>,
    place: Vec<u32>,
    bins: usize,
    times_of_day: usize,
    places: usize,
}

impl Spots {
    pub fn new(traces: &Presence, frame: &Frame) -> Self {
        const DAY: i64 = 86_400;
        let by_day = !frame.is_binned && (1..DAY).contains(&frame.width);
        let times_of_day = match by_day {
            true => (DAY / frame.width + i64::from(DAY % frame.width > 0)) as usize,
            false => 1,
        };
        let time_of_day = |bin: usize| match by_day {
            true => (frame.begins[bin].rem_euclid(DAY) / frame.width) as usize,
            false => 0,
        };
        let of = |cell: &u32| {
            let (bin, place) = frame.of(*cell);
            (bin as u32, (time_of_day(bin) * frame.places) as u32 + place)
        };
        let (bin, place) = traces.cells.iter().map(of).unzip();
        Self {
            bin,
            place,
            bins: frame.begins.len(),
            times_of_day,
            places: frame.places,
        }
    }
}

/// One of the persons who are sought.
struct Target {
    person: u32,
    /// Where in the pool.
    place: usize,
    /// The cells that the learned attacks look at.
    cells: Vec<u32>,
    /// Of each cell of the target how many of the known are in it.
    known: Vec<u32>,
    knock_knock: Logistic,
}

/// What one thread works with.
struct Desk {
    counts: Counts,
    marginals: Marginals,
    /// What a count says where so many of the known are: by both.
    said: HashMap<(u32, u32), f64>,
}

/// Trials are numbered by the size of the group, what they are for, and which they are.
fn number(size: usize, purpose: u64, which: usize) -> u64 {
    (size as u64) << 32 | purpose << 28 | which as u64
}

const OF_LESSONS: u64 = 1;
const OF_LEARNING: u64 = 2;
const OF_GROUPS: u64 = 3;

impl Experiments<'_> {
    /// The scores of each attack, one list for each way it has, with groups of so many persons and so many targets,
    /// each in a group and out of one; `None` where the user has asked to stop.
    pub fn scores(
        &self,
        size: usize,
        trials: usize,
        progress: &dyn Progress,
    ) -> Option<Vec<Vec<Scores>>> {
        let targets = self.targets(size, trials);
        let known = targets.iter().flat_map(|target| &target.known);
        let expectations = Expectations::new(self.pool.known, size - 1, known);
        let each = |desk: &mut Desk, trial: usize| {
            if progress.cancelled() {
                return None;
            }
            let target = &targets[trial % targets.len()];
            let scored = [true, false]
                .map(|inside| self.try_one(size, trial, target, inside, &expectations, desk));
            progress.sought(1);
            Some(scored)
        };
        let desk = || Desk {
            counts: Counts::new(self.traces),
            marginals: Marginals::new(self.spots),
            said: HashMap::default(),
        };
        let scored: Option<Vec<[Vec<f64>; 2]>> =
            (0..trials).into_par_iter().map_init(desk, each).collect();
        let scored = scored?;
        let list = |way: usize| Scores {
            inside: scored.iter().map(|[inside, _]| inside[way]).collect(),
            outside: scored.iter().map(|[_, outside]| outside[way]).collect(),
        };
        let last = HEIGHTS.len();
        Some(vec![
            // A height of one person is the first attack.
            vec![list(0)],
            (0..last).map(list).collect(),
            vec![list(last)],
            vec![list(last + 1)],
            vec![list(last + 2)],
        ])
    }

    /// The targets, with what the adversary learned of each from groups of the persons it knows.
    fn targets(&self, size: usize, trials: usize) -> Vec<Target> {
        let mut counts = Counts::new(self.traces);
        let known = self
            .pool
            .acquaintances(self.pool.known, &mut self.draws.trial(0));
        known
            .iter()
            .for_each(|person| counts.add(self.traces, *person));
        let unknown = self.pool.unknown();
        let chosen: Vec<Vec<u32>> = unknown
            .iter()
            .take(trials)
            .map(|person| {
                let mut cells = self.traces.of(*person as usize).to_vec();
                cells.sort_by_key(|cell| (counts.of(*cell), *cell));
                cells.truncate(MOST_CELLS);
                cells
            })
            .collect();
        let of_known: Vec<Vec<u32>> = unknown
            .iter()
            .take(trials)
            .map(|person| {
                let cells = self.traces.of(*person as usize).iter();
                cells.map(|cell| counts.of(*cell)).collect()
            })
            .collect();
        let lessons: Vec<Vec<u32>> = (0..LESSONS)
            .into_par_iter()
            .map_init(
                || Counts::new(self.traces),
                |counts, lesson| {
                    let mut trial = self.draws.trial(number(size, OF_LESSONS, lesson));
                    counts.clear();
                    for person in self.pool.acquaintances(size - 1, &mut trial) {
                        counts.add(self.traces, person);
                    }
                    let cells = chosen.iter().flatten();
                    cells.map(|cell| counts.of(*cell)).collect()
                },
            )
            .collect();
        let starts: Vec<usize> = chosen
            .iter()
            .scan(0, |end, cells| {
                *end += cells.len();
                Some(*end - cells.len())
            })
            .collect();
        let learn = |(at, cells): (usize, Vec<u32>)| {
            let mut trial = self.draws.trial(number(size, OF_LEARNING, at));
            let width = cells.len();
            let of = |lesson: &[u32]| lesson[starts[at]..starts[at] + width].to_vec();
            let without = lessons.iter().map(|lesson| of(lesson));
            Target {
                person: unknown[at],
                place: self.pool.known + at,
                knock_knock: learned(without, width, self.publishing, &mut trial),
                known: of_known[at].clone(),
                cells,
            }
        };
        chosen.into_par_iter().enumerate().map(learn).collect()
    }

    /// Counts a group with the target or without.
    fn count(
        &self,
        size: usize,
        target: &Target,
        inside: bool,
        counts: &mut Counts,
        trial: &mut Trial,
    ) {
        // Everybody is counted once, and only the target taken out.
        if size == self.pool.len() {
            if counts.is_empty() {
                let all = self.pool.all();
                all.iter()
                    .for_each(|person| counts.add(self.traces, *person));
            }
            if !inside {
                counts.without(self.traces, target.person, true);
            }
            return;
        }
        counts.clear();
        for person in self.pool.others(size - 1, target.place, trial) {
            counts.add(self.traces, person);
        }
        if inside {
            counts.add(self.traces, target.person);
        }
    }

    /// One group, with the target or without: all scores.
    fn try_one(
        &self,
        size: usize,
        trial: usize,
        target: &Target,
        inside: bool,
        expectations: &Expectations,
        desk: &mut Desk,
    ) -> Vec<f64> {
        let which = trial * 2 + usize::from(inside);
        let mut trial = self.draws.trial(number(size, OF_GROUPS, which));
        self.count(size, target, inside, &mut desk.counts, &mut trial);
        desk.marginals
            .read(&desk.counts, self.spots, self.publishing, &mut trial);
        let own = self.traces.of(target.person as usize);
        let seen: Vec<f32> = own
            .iter()
            .map(|cell| match desk.counts.of(*cell) {
                // Nobody was read with the others only where somebody is.
                0 => self.publishing.seen(0, &mut trial),
                _ => desk.marginals.seen[*cell as usize],
            })
            .collect();
        let reach = |height: &f32| {
            let reaching = seen.iter().filter(|seen| **seen >= height - 0.5).count();
            reaching as f64 / seen.len() as f64
        };
        let mut scores: Vec<f64> = HEIGHTS.iter().map(reach).collect();
        let of = |cell: &u32| seen[own.binary_search(cell).expect("it is one of them")];
        let features: Vec<f32> = target.cells.iter().map(|cell| feature(of(cell))).collect();
        scores.push(target.knock_knock.score(&features));
        let expected: Vec<f64> = target
            .cells
            .iter()
            .map(|cell| {
                desk.marginals.expected(*cell, self.spots) * (size - 1) as f64 / size as f64
            })
            .collect();
        let lessons: Vec<Vec<u32>> = (0..LESSONS)
            .map(|_| {
                expected
                    .iter()
                    .map(|mean| trial.poisson(*mean) as u32)
                    .collect()
            })
            .collect();
        let width = target.cells.len();
        let fitted = learned(lessons.into_iter(), width, self.publishing, &mut trial);
        scores.push(fitted.score(&features));
        let said = target.known.iter().zip(&seen).map(|(known, seen)| {
            let key = (*known, seen.to_bits());
            let said = || expectations.says(*known, *seen, self.publishing);
            *desk.said.entry(key).or_insert_with(said)
        });
        scores.push(said.sum());
        if size == self.pool.len() && !inside {
            desk.counts.without(self.traces, target.person, false);
        }
        scores
    }
}

/// Counts vary by their square root.
fn feature(seen: f32) -> f32 {
    seen.max(0.0).sqrt()
}

/// Learns to tell the counts of groups from the same with one person more in each cell.
fn learned(
    without: impl Iterator<Item = Vec<u32>>,
    width: usize,
    publishing: &Publishing,
    trial: &mut Trial,
) -> Logistic {
    let mut examples = Vec::with_capacity(2 * LESSONS * width);
    for counts in without {
        let mut push = |more: u32| {
            let seen = counts
                .iter()
                .map(|count| publishing.seen(count + more, trial));
            examples.extend(seen.map(feature));
        };
        push(1);
        push(0);
    }
    Logistic::fit(&mut examples, width, PENALTY)
}

/// The sums of an aggregate by bin of time, by place at a time of day, and by time of day.
struct Marginals {
    /// One a cell; what was seen of the last aggregate where somebody was.
    seen: Vec<f32>,
    bins: Vec<f64>,
    places: Vec<f64>,
    times_of_day: Vec<f64>,
}

impl Marginals {
    fn new(spots: &Spots) -> Self {
        Self {
            seen: vec![0.0; spots.bin.len()],
            bins: vec![0.0; spots.bins],
            places: vec![0.0; spots.places * spots.times_of_day],
            times_of_day: vec![0.0; spots.times_of_day],
        }
    }

    /// Reads an aggregate: whatever there is in cells in which somebody is.
    fn read(&mut self, counts: &Counts, spots: &Spots, publishing: &Publishing, trial: &mut Trial) {
        for sums in [&mut self.bins, &mut self.places, &mut self.times_of_day] {
            sums.fill(0.0);
        }
        let occupied = counts.touched().iter().filter(|cell| counts.of(**cell) > 0);
        for cell in occupied {
            let seen = publishing.seen(counts.of(*cell), trial);
            self.seen[*cell as usize] = seen;
            let persons = f64::from(seen).max(0.0);
            let (bin, place) = (spots.bin[*cell as usize], spots.place[*cell as usize]);
            self.bins[bin as usize] += persons;
            self.places[place as usize] += persons;
            self.times_of_day[place as usize / spots.places] += persons;
        }
    }

    /// The persons expected in a cell where places depend on the time of day alone.
    fn expected(&self, cell: u32, spots: &Spots) -> f64 {
        let (bin, place) = (spots.bin[cell as usize], spots.place[cell as usize]);
        let of_time = self.times_of_day[place as usize / spots.places];
        match of_time > 0.0 {
            true => self.bins[bin as usize] * self.places[place as usize] / of_time,
            false => 0.0,
        }
    }
}
