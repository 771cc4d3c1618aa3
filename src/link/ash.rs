//! Traces from counts alone: who is counted at one time is followed to the next.

use std::collections::BTreeMap;

use super::transport::transport;
use crate::stats::Trial;

/// The place of who is not counted anywhere.
pub const NOWHERE: u32 = u32::MAX;

/// The persons counted at each place, time by time.
#[derive(Debug, Clone)]
pub struct Counted {
    /// Places with anybody, ascending, and how many are there.
    pub bins: Vec<Bin>,
    /// Kilometres east and north of each place, where they are known.
    pub positions: Option<Vec<Option<[f64; 2]>>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    pub day: i64,
    /// Whether people are at home then.
    pub is_night: bool,
    pub persons: Vec<(u32, u32)>,
}

/// How one time is joined to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// By night whoever can stays near, by day goes on as fast as before; days are joined by entropy.
    Ash,
    /// Whoever can stays near, all the time.
    Stay,
    /// Anybody is anybody.
    Random,
}

impl Bin {
    fn total(&self) -> u32 {
        self.persons.iter().map(|(_, persons)| persons).sum()
    }

    fn at(&self, place: u32) -> u32 {
        let found = self
            .persons
            .binary_search_by_key(&place, |(place, _)| *place);
        found.map_or(0, |at| self.persons[at].1)
    }
}

impl Counted {
    /// The most persons counted at once: as many are followed.
    pub fn slots(&self) -> usize {
        let totals = self.bins.iter().map(Bin::total);
        totals.max().unwrap_or(0) as usize
    }

    /// For each slot its place at each time.
    ///
    /// Slots that are counted nowhere at a time are at a place of their own, from which they come back as though they
    /// were where they were seen last. Nobody's place before the first of a day is known.
    ///
    /// Source: F. Xu, Z. Tu, Y. Li, P. Zhang, X. Fu, D. Jin, Trajectory recovery from ash: user privacy is not preserved
    /// in aggregated mobility data, WWW 2017.
    pub fn recover(&self, follow: Follow, trial: &mut Trial) -> Vec<Vec<u32>> {
        let slots = self.slots();
        match follow {
            Follow::Random => self.at_random(slots, trial),
            Follow::Stay => self.follow(slots, 0..self.bins.len(), false),
            Follow::Ash => {
                let mut traces = vec![Vec::new(); slots];
                let mut first = 0;
                for day in self.bins.chunk_by(|a, b| a.day == b.day) {
                    let of_day = self.follow(slots, first..first + day.len(), true);
                    let joined = match first {
                        0 => (0..slots as u32).collect(),
                        _ => joined(&traces, &of_day),
                    };
                    for (trace, day) in traces.iter_mut().zip(joined) {
                        trace.extend_from_slice(&of_day[day as usize]);
                    }
                    first += day.len();
                }
                traces
            }
        }
    }

    fn at_random(&self, slots: usize, trial: &mut Trial) -> Vec<Vec<u32>> {
        let mut traces = vec![Vec::with_capacity(self.bins.len()); slots];
        for bin in &self.bins {
            let mut places = spread(bin, slots);
            for at in (1..places.len()).rev() {
                places.swap(at, trial.below(at as u64 + 1) as usize);
            }
            let pairs = traces.iter_mut().zip(places);
            pairs.for_each(|(trace, place)| trace.push(place));
        }
        traces
    }

    /// The places of each slot over some times in a row.
    fn follow(
        &self,
        slots: usize,
        bins: std::ops::Range<usize>,
        with_velocity: bool,
    ) -> Vec<Vec<u32>> {
        let mut traces: Vec<Vec<u32>> = vec![Vec::with_capacity(bins.len()); slots];
        // Where each slot was seen last, and before that.
        let mut seen = vec![[NOWHERE; 2]; slots];
        let typical = self.typical();
        for bin in &self.bins[bins] {
            let mut alike: BTreeMap<[u32; 2], Vec<usize>> = BTreeMap::new();
            let moves = with_velocity && !bin.is_night;
            for (slot, [last, before]) in seen.iter().enumerate() {
                let before = if moves { *before } else { NOWHERE };
                alike.entry([*last, before]).or_default().push(slot);
            }
            let mut demand: Vec<u32> = bin.persons.iter().map(|(_, persons)| *persons).collect();
            demand.push(slots as u32 - bin.total());
            let mut costs = Vec::with_capacity(alike.len() * demand.len());
            for [last, before] in alike.keys() {
                let to = bin.persons.iter();
                costs.extend(to.map(|(place, _)| self.cost(*last, *before, *place, typical)));
                // Whoever fits worst is not counted.
                costs.push(0.0);
            }
            let supply: Vec<u32> = alike.values().map(|slots| slots.len() as u32).collect();
            let mut alike: Vec<std::vec::IntoIter<usize>> =
                alike.into_values().map(Vec::into_iter).collect();
            for load in transport(&costs, &supply, &demand) {
                let place = bin.persons.get(load.column as usize);
                let place = place.map_or(NOWHERE, |(place, _)| *place);
                for slot in alike[load.row as usize].by_ref().take(load.amount as usize) {
                    traces[slot].push(place);
                }
            }
            for (trace, seen) in traces.iter().zip(&mut seen) {
                match trace.last() {
                    Some(&NOWHERE) | None => {}
                    Some(&place) => *seen = [place, seen[0]],
                }
            }
        }
        traces
    }

    /// How far a place is from where a slot is expected.
    fn cost(&self, last: u32, before: u32, to: u32, typical: f64) -> f64 {
        if last == NOWHERE {
            return typical;
        }
        let position = |place: u32| self.positions.as_ref()?[place as usize];
        let (Some(from), Some(to_position)) = (position(last), position(to)) else {
            return if last == to { 0.0 } else { typical };
        };
        let step = match (before != NOWHERE).then(|| position(before)).flatten() {
            Some(before) => [from[0] - before[0], from[1] - before[1]],
            None => [0.0; 2],
        };
        let [east, north] = [0, 1].map(|at| to_position[at] - from[at] - step[at]);
        east.hypot(north)
    }

    /// The mean distance of places from their middle: as far as somebody of whom nothing is known is.
    fn typical(&self) -> f64 {
        let known: Vec<[f64; 2]> = self.positions.iter().flatten().flatten().copied().collect();
        if known.is_empty() {
            return 1.0;
        }
        let count = known.len() as f64;
        let middle =
            [0, 1].map(|at| known.iter().map(|position| position[at]).sum::<f64>() / count);
        let far = known
            .iter()
            .map(|position| (position[0] - middle[0]).hypot(position[1] - middle[1]));
        (far.sum::<f64>() / count).max(f64::MIN_POSITIVE)
    }
}

/// The places of all that are counted, and of the others.
fn spread(bin: &Bin, slots: usize) -> Vec<u32> {
    let counted = bin.persons.iter();
    let mut places: Vec<u32> = counted
        .flat_map(|(place, persons)| std::iter::repeat_n(*place, *persons as usize))
        .collect();
    places.resize(slots, NOWHERE);
    places
}

/// How often a trace is where, by ascending place.
type Often = Vec<(u32, f64)>;

fn often(trace: &[u32]) -> Often {
    let mut places: Vec<u32> = trace.iter().copied().filter(|at| *at != NOWHERE).collect();
    places.sort_unstable();
    let same = places.chunk_by(|a, b| a == b);
    same.map(|same| (same[0], same.len() as f64)).collect()
}

/// The day that goes on with each trace: all together gain as little entropy as they can, each weighted by its points.
fn joined(traces: &[Vec<u32>], days: &[Vec<u32>]) -> Vec<u32> {
    let counts = |traces: &[Vec<u32>]| traces.iter().map(|trace| often(trace)).collect();
    let (known, next): (Vec<Often>, Vec<Often>) = (counts(traces), counts(days));
    let alone = |often: &Often| information(often.iter().map(|(_, n)| *n));
    let of_known: Vec<f64> = known.iter().map(alone).collect();
    let of_next: Vec<f64> = next.iter().map(alone).collect();
    let mut costs = Vec::with_capacity(known.len() * next.len());
    for (a, of_a) in known.iter().zip(&of_known) {
        for (b, of_b) in next.iter().zip(&of_next) {
            costs.push(information(together(a, b).into_iter()) - of_a - of_b);
        }
    }
    let ones = |count: usize| vec![1; count];
    let loads = transport(&costs, &ones(known.len()), &ones(next.len()));
    loads.into_iter().map(|load| load.column).collect()
}

/// n ln n less the sum of x ln x over the parts x of n: n times the entropy of where they are.
fn information(parts: impl Iterator<Item = f64>) -> f64 {
    let (mut all, mut sum) = (0.0f64, 0.0);
    for part in parts {
        all += part;
        sum += part * part.ln();
    }
    match all > 0.0 {
        true => all * all.ln() - sum,
        false => 0.0,
    }
}

fn together(a: &Often, b: &Often) -> Vec<f64> {
    let (mut i, mut j) = (0, 0);
    let mut sums = Vec::with_capacity(a.len() + b.len());
    while i < a.len() || j < b.len() {
        let place = |of: &Often, at: usize| of.get(at).map_or(NOWHERE, |(place, _)| *place);
        let (x, y) = (place(a, i), place(b, j));
        let mut sum = 0.0;
        if x <= y {
            sum += a[i].1;
            i += 1;
        }
        if y <= x {
            sum += b[j].1;
            j += 1;
        }
        sums.push(sum);
    }
    sums
}

/// How much the counts give away by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Structure {
    /// From one time to the next.
    pub steps: u64,
    /// Those at which, if whoever can stays, there is one way only for the others to go.
    pub forced: u64,
    /// The mean share of the counted who can have stayed where they were.
    pub staying: f64,
    /// The fewest and the most persons counted at once.
    pub fewest: u64,
    pub most: u64,
}

impl Structure {
    pub fn of(counted: &Counted) -> Self {
        let totals = || counted.bins.iter().map(|bin| u64::from(bin.total()));
        let mut structure = Self {
            fewest: totals().min().unwrap_or(0),
            most: totals().max().unwrap_or(0),
            ..Self::default()
        };
        let mut shares = 0.0;
        for pair in counted.bins.windows(2) {
            let [now, next] = [&pair[0], &pair[1]];
            let here = now.persons.iter();
            let stay: u32 = here.map(|(place, n)| (*n).min(next.at(*place))).sum();
            let gone = now.persons.iter().filter(|(place, n)| next.at(*place) < *n);
            let come = next.persons.iter().filter(|(place, n)| now.at(*place) < *n);
            // Nowhere is a place as well.
            let (mut gone, mut come) = (gone.count(), come.count());
            gone += usize::from(now.total() < next.total());
            come += usize::from(next.total() < now.total());
            structure.steps += 1;
            structure.forced += u64::from(gone <= 1 || come <= 1);
            shares += f64::from(stay) / f64::from(now.total().max(next.total()).max(1));
        }
        structure.staying = shares / structure.steps.max(1) as f64;
        structure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Draws;

    fn bin(day: i64, is_night: bool, persons: &[(u32, u32)]) -> Bin {
        Bin {
            day,
            is_night,
            persons: persons.to_vec(),
        }
    }

    fn trial() -> Trial {
        Draws::new(1, "ash", "test").trial(0)
    }

    /// Places on a line, a kilometre apart.
    fn line(bins: Vec<Bin>) -> Counted {
        Counted {
            bins,
            positions: Some((0..20).map(|at| Some([f64::from(at), 0.0])).collect()),
        }
    }

    fn sorted(mut traces: Vec<Vec<u32>>) -> Vec<Vec<u32>> {
        traces.sort_unstable();
        traces
    }

    #[test]
    fn two_who_pass_each_other_keep_their_way() {
        // One goes east from 0, one west from 6, by two a step: they meet at 3 and pass.
        let bins = (0..4).map(|at| {
            let (east, west) = (2 * at, 6 - 2 * at);
            let mut persons = vec![(east, 1), (west, 1)];
            persons.sort_unstable();
            bin(0, false, &persons)
        });
        let counted = line(bins.collect());
        let passed = counted.recover(Follow::Ash, &mut trial());
        assert_eq!(sorted(passed), [vec![0, 2, 4, 6], vec![6, 4, 2, 0]]);
        let near = counted.recover(Follow::Stay, &mut trial());
        assert_eq!(sorted(near), [vec![0, 2, 2, 0], vec![6, 4, 4, 6]]);
    }

    #[test]
    fn days_are_joined_by_habits() {
        // Two persons at 3 by night; by day one is at 5, one at 9. Two at 12 and 15.
        let day = |day| {
            [
                bin(day, true, &[(3, 2)]),
                bin(day, false, &[(5, 1), (9, 1)]),
            ]
        };
        let counted = line((0..3).flat_map(day).collect());
        let traces = sorted(counted.recover(Follow::Ash, &mut trial()));
        assert_eq!(traces, [vec![3, 5, 3, 5, 3, 5], vec![3, 9, 3, 9, 3, 9]]);
    }

    #[test]
    fn whoever_is_not_counted_comes_back_where_they_were() {
        let counted = line(vec![
            bin(0, true, &[(2, 1), (8, 1)]),
            bin(0, true, &[(8, 1)]),
            bin(0, true, &[(2, 1), (8, 1)]),
        ]);
        let traces = sorted(counted.recover(Follow::Ash, &mut trial()));
        assert_eq!(traces, [vec![2, NOWHERE, 2], vec![8, 8, 8]]);
    }

    #[test]
    fn every_way_gives_the_counts_back() {
        let draws = Draws::new(2, "ash", "test");
        for case in 0..20 {
            let mut trial = draws.trial(case);
            let bins = (0..12).map(|at| {
                let persons = (0..6).filter_map(|place| {
                    let persons = trial.below(4) as u32;
                    (persons > 0).then_some((place, persons))
                });
                bin(at / 4, at % 4 == 0, &persons.collect::<Vec<_>>())
            });
            let mut counted = line(bins.collect());
            if case % 2 == 0 {
                counted.positions = None;
            }
            for follow in [Follow::Ash, Follow::Stay, Follow::Random] {
                let traces = counted.recover(follow, &mut trial);
                assert_eq!(traces.len(), counted.slots());
                for (at, bin) in counted.bins.iter().enumerate() {
                    let here: Vec<u32> = traces.iter().map(|trace| trace[at]).collect();
                    let back: Vec<(u32, u32)> = often(&here)
                        .into_iter()
                        .map(|(place, n)| (place, n as u32))
                        .collect();
                    assert_eq!(back, bin.persons);
                }
            }
        }
    }

    #[test]
    fn information_by_hand() {
        // Two at one place and two at another: four bits and their logarithm.
        let even = information([2.0, 2.0].into_iter());
        assert!((even - 4.0 * 2f64.ln()).abs() < 1e-12);
        assert_eq!(information([5.0].into_iter()), 0.0);
        assert_eq!(
            together(&vec![(1, 2.0), (4, 1.0)], &vec![(2, 3.0), (4, 5.0)]),
            [2.0, 3.0, 6.0]
        );
    }

    #[test]
    fn structure_by_hand() {
        let counted = line(vec![
            bin(0, false, &[(1, 2), (2, 1)]),
            // One went from 1 to 3.
            bin(0, false, &[(1, 1), (2, 1), (3, 1)]),
            // All three places lose, three others gain.
            bin(0, false, &[(4, 1), (5, 1), (6, 1)]),
            // One is gone, the others stayed.
            bin(0, false, &[(4, 1), (5, 1)]),
        ]);
        let structure = Structure::of(&counted);
        assert_eq!((structure.steps, structure.forced), (3, 2));
        assert_eq!((structure.fewest, structure.most), (2, 3));
        assert!((structure.staying - (2.0 / 3.0 + 0.0 + 2.0 / 3.0) / 3.0).abs() < 1e-12);
    }
}
