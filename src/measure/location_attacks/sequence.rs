//! The worst sequence of places of a person: which few persons have been there in the same order.

use std::ops::Range;
use std::sync::RwLock;

use foldhash::HashMap;
use rayon::prelude::*;

use super::search::{Having, Index};
use crate::encode::visits::Visits;

/// Steps taken for one person: to see where one candidate next is at one place is a step.
pub const MOST_STEPS: u64 = 1 << 26;

/// So many candidates are worth remembering how many of them are left.
const MANY: u32 = 64;
const SHARDS: usize = 64;
/// Rows of a trace that is gone through rather than looked up.
const SHORT: usize = 256;
/// Visits for each count that is remembered, but that some are in any case.
const REMEMBERED: Range<usize> = 64..1 << 16;

/// When each person was where.
///
/// Memory: 8 bytes a person and place of those who are attacked, of traces that are not short 4 a visit and 8 a
/// place, and one a visit for counts that are remembered.
pub struct Order<'a> {
    visits: &'a Visits,
    /// Rows of a short trace, as [`SHORT`].
    short: usize,
    /// The places of traces that are not short.
    places: HashMap<u32, Places>,
    /// Who was ever at a place, of the places of those who are attacked.
    visitors: Index,
    /// How many match a sequence, of those that took long to count: they are the same for everybody.
    counted: Vec<RwLock<HashMap<Box<[u32]>, u32>>>,
    /// How many of them each shard remembers.
    remembered: usize,
}

/// One person's places, ascending, and at which positions of the trace each stands.
struct Places {
    places: Vec<u32>,
    starts: Vec<u32>,
    positions: Vec<u32>,
}

impl Places {
    fn new(trace: &[u32]) -> Self {
        let mut by_place: Vec<(u32, u32)> = trace.iter().copied().zip(0..).collect();
        by_place.sort_unstable();
        let (mut places, mut starts) = (Vec::new(), Vec::new());
        for (at, (place, _)) in by_place.iter().enumerate() {
            if places.last() != Some(place) {
                places.push(*place);
                starts.push(at as u32);
            }
        }
        starts.push(by_place.len() as u32);
        Self {
            places,
            starts,
            positions: by_place.into_iter().map(|(_, position)| position).collect(),
        }
    }

    /// The first position of a place from `from` on.
    fn next(&self, place: u32, from: u32) -> Option<u32> {
        let at = self.places.binary_search(&place).ok()?;
        let mine = &self.positions[self.starts[at] as usize..self.starts[at + 1] as usize];
        mine.get(mine.partition_point(|position| *position < from))
            .copied()
    }
}

/// A person who matches so far, and where in their trace the search goes on.
type Candidate = (u32, u32);

/// For each place which of a person's it is; of one person after the other.
pub struct Slots(Vec<u32>);

const NONE: u32 = u32::MAX;

impl Slots {
    /// Of so many places.
    pub fn new(places: usize) -> Self {
        Self(vec![NONE; places])
    }
}

impl<'a> Order<'a> {
    pub fn new(visits: &'a Visits, chosen: &[u32]) -> Self {
        Self::with_short(visits, chosen, SHORT)
    }

    fn with_short(visits: &'a Visits, chosen: &[u32], short: usize) -> Self {
        let mut is_wanted = vec![false; visits.capacity];
        for person in chosen {
            for place in visits.of(*person as usize) {
                is_wanted[*place as usize] = true;
            }
        }
        let wanted = |person: usize| {
            let mut profile = visits.profile(person);
            profile.retain(|(place, _)| is_wanted[*place as usize]);
            profile
        };
        let visitors = Index::new(
            visits.capacity,
            visits.persons(),
            || (),
            |(), person| wanted(person),
        );
        let persons = || (0..visits.persons()).into_par_iter();
        let is_long = |person: &usize| visits.of(*person).len() > short;
        let long = persons().filter(is_long);
        let places = long.map(|person| (person as u32, Places::new(visits.of(person))));
        let rows: usize = persons().map(|person| visits.of(person).len()).sum();
        Self {
            visits,
            short,
            places: places.collect::<Vec<_>>().into_iter().collect(),
            visitors,
            counted: (0..SHARDS).map(|_| RwLock::default()).collect(),
            remembered: (rows / REMEMBERED.start).max(REMEMBERED.end) / SHARDS,
        }
    }

    /// The first position of a place in a person's trace from `from` on.
    fn next(&self, person: u32, place: u32, from: u32) -> Option<u32> {
        let trace = self.visits.of(person as usize);
        match trace.len() > self.short {
            true => self.places[&person].next(place, from),
            false => {
                let mut rest = trace[from as usize..].iter();
                let at = rest.position(|other| *other == place)?;
                Some(from + at as u32)
            }
        }
    }

    /// Where a sequence ends in a person's trace, if it is there.
    fn end(&self, person: u32, sequence: &[u32]) -> Option<u32> {
        let mut places = sequence.iter();
        places.try_fold(0, |from, place| {
            self.next(person, *place, from).map(|at| at + 1)
        })
    }

    /// For k = 1 to `most` the fewest persons whose traces have k of a person's places in their order, the
    /// person among them; as far as the search comes within its steps.
    pub fn fewest(&self, person: usize, most: usize, slots: &mut Slots) -> Vec<u32> {
        let trace = self.visits.of(person);
        let mine = Places::new(trace);
        for (slot, place) in (0u32..).zip(&mine.places) {
            slots.0[*place as usize] = slot;
        }
        let mut search = Search {
            order: self,
            mine: &mine,
            slots: &slots.0,
            // Whoever has the whole trace matches whatever is known of it.
            floor: self.have_all(trace, &mine.places),
            best: u32::MAX,
            steps: 0,
        };
        let mut results = Vec::with_capacity(most);
        for rows in 1..=most {
            let mut sequence = Vec::with_capacity(rows);
            let everybody = self.visits.persons() as u32;
            if search.best > search.floor
                && search.go_on(&mut sequence, everybody, 0, rows).is_none()
            {
                break;
            }
            results.push(search.best);
        }
        for place in &mine.places {
            slots.0[*place as usize] = NONE;
        }
        results
    }

    fn have_all(&self, trace: &[u32], places: &[u32]) -> u32 {
        let visitors = |place: &u32| self.visitors.having(*place);
        let rarest = places.iter().min_by_key(|place| visitors(place).len());
        let has_all = |other: &&Having| self.end(other.person(), trace).is_some();
        rarest.map_or(0, |rarest| {
            visitors(rarest).iter().filter(has_all).count() as u32
        })
    }

    /// Who matches a sequence, not empty.
    fn matching(&self, sequence: &[u32]) -> Vec<Candidate> {
        let visitors = self.visitors.having(sequence[0]).iter();
        let end = |other: &Having| Some((other.person(), self.end(other.person(), sequence)?));
        visitors.filter_map(end).collect()
    }

    fn shard(&self, sequence: &[u32]) -> &RwLock<HashMap<Box<[u32]>, u32>> {
        let sum = sequence
            .iter()
            .fold(0u32, |sum, place| sum.wrapping_mul(31).wrapping_add(*place));
        &self.counted[sum as usize % SHARDS]
    }

    fn counted(&self, sequence: &[u32]) -> Option<u32> {
        let shard = self.shard(sequence).read().expect("no holder panics");
        shard.get(sequence).copied()
    }

    fn remember(&self, sequence: &[u32], count: u32) {
        let mut shard = self.shard(sequence).write().expect("no holder panics");
        if shard.len() < self.remembered {
            shard.insert(sequence.into(), count);
        }
    }
}

struct Search<'a> {
    order: &'a Order<'a>,
    mine: &'a Places,
    /// For each place which of `mine` it is.
    slots: &'a [u32],
    floor: u32,
    best: u32,
    steps: u64,
}

impl Search<'_> {
    /// For each of the person's places how many of those who match a sequence come to it afterwards.
    fn next_places(&self, sequence: &[u32]) -> Vec<u32> {
        let places = &self.mine.places;
        let (mut counts, mut last) = (vec![0; places.len()], vec![NONE; places.len()]);
        for (other, from) in self.order.matching(sequence) {
            let rest = &self.order.visits.of(other as usize)[from as usize..];
            if rest.len() > self.order.short {
                for (count, place) in counts.iter_mut().zip(places) {
                    *count += u32::from(self.order.next(other, *place, from).is_some());
                }
                continue;
            }
            for place in rest {
                let slot = self.slots[*place as usize];
                if slot != NONE && last[slot as usize] != other {
                    last[slot as usize] = other;
                    counts[slot as usize] += 1;
                }
            }
        }
        counts
    }

    /// Looks for `rows` more places, from position `from` of the trace on, that leave fewer than the best of
    /// the `left` who match the sequence. `None` where it takes too many steps.
    fn go_on(&mut self, sequence: &mut Vec<u32>, left: u32, from: u32, rows: usize) -> Option<()> {
        let mut children: Vec<(u32, u32, u32)> = Vec::new();
        // Made when first needed: often all counts are known.
        let mut counts: Option<Vec<u32>> = None;
        for (slot, place) in self.mine.places.iter().enumerate() {
            let Some(at) = self.mine.next(*place, from) else {
                continue;
            };
            // As many as without remembering, so that it ends in the same place for any number of threads.
            self.steps += u64::from(left);
            if self.steps > MOST_STEPS {
                return None;
            }
            sequence.push(*place);
            let kept = if sequence.len() == 1 {
                self.order.visitors.having(*place).len() as u32
            } else {
                match self.order.counted(sequence).filter(|_| left >= MANY) {
                    Some(count) => count,
                    None => {
                        let before = &sequence[..sequence.len() - 1];
                        let counts = counts.get_or_insert_with(|| self.next_places(before));
                        if left >= MANY {
                            self.order.remember(sequence, counts[slot]);
                        }
                        counts[slot]
                    }
                }
            };
            sequence.pop();
            self.best = self.best.min(kept);
            if self.best <= self.floor {
                return Some(());
            }
            children.push((kept, *place, at));
        }
        if rows == 1 {
            return Some(());
        }
        children.sort_unstable();
        for (kept, place, at) in children {
            sequence.push(place);
            self.go_on(sequence, kept, at + 1, rows - 1)?;
            sequence.pop();
            if self.best <= self.floor {
                break;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn has(trace: &[u32], wanted: &[u32]) -> bool {
        let mut rest = trace.iter();
        wanted.iter().all(|place| rest.any(|other| other == place))
    }

    /// Every choice of rows, every person.
    fn slow(traces: &[Vec<u32>], person: usize, rows: usize) -> u32 {
        let mine = &traces[person];
        let rows = rows.min(mine.len());
        let choices = (0u32..1 << mine.len()).filter(|choice| choice.count_ones() as usize == rows);
        let matches = |choice: u32| {
            let wanted: Vec<u32> = (0..mine.len())
                .filter(|at| choice >> at & 1 == 1)
                .map(|at| mine[at])
                .collect();
            traces.iter().filter(|trace| has(trace, &wanted)).count() as u32
        };
        choices.map(matches).min().unwrap()
    }

    proptest! {
        #[test]
        fn the_worst_sequence_is_found(
            traces in prop::collection::vec(prop::collection::vec(0u32..5, 1..9), 1..12),
        ) {
            let own: Vec<u32> = (0..traces.len() as u32).collect();
            let visits = Visits::of_traces(&traces, 5);
            let mut slots = Slots::new(5);
            for short in [SHORT, 3, 0] {
                let order = Order::with_short(&visits, &own, short);
                for person in 0..traces.len() {
                    let fast = order.fewest(person, 4, &mut slots);
                    let slow: Vec<u32> = (1..=4).map(|rows| slow(&traces, person, rows)).collect();
                    prop_assert_eq!(&fast, &slow, "person {}", person);
                }
            }
        }
    }
}
