//! The worst sequence of places of a person: which few persons have been there in the same order.

use std::collections::HashMap;
use std::sync::RwLock;

use rayon::prelude::*;

use crate::encode::visits::Visits;

/// Steps taken for one person: to see where one candidate next is at one place is a step.
pub const MOST_STEPS: u64 = 1 << 26;

/// So many candidates are worth remembering how many of them are left.
const MANY: u32 = 64;
const SHARDS: usize = 64;

/// When each person was where: the positions in their traces, by place.
pub struct Order {
    persons: Vec<Places>,
    /// Who was ever at a place.
    visitors: Vec<Vec<u32>>,
    /// How many match a sequence, of those that took long to count: they are the same for everybody.
    counted: Vec<RwLock<HashMap<Box<[u32]>, u32>>>,
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

impl Order {
    pub fn new(visits: &Visits) -> Self {
        let persons = 0..visits.persons();
        let traces: Vec<&[u32]> = persons.map(|person| visits.of(person)).collect();
        Self::of(&traces, visits.capacity)
    }

    fn of(traces: &[&[u32]], capacity: usize) -> Self {
        let persons: Vec<Places> = traces.par_iter().map(|trace| Places::new(trace)).collect();
        let mut visitors = vec![Vec::new(); capacity];
        for (person, places) in (0u32..).zip(&persons) {
            for place in &places.places {
                visitors[*place as usize].push(person);
            }
        }
        Self {
            persons,
            visitors,
            counted: (0..SHARDS).map(|_| RwLock::default()).collect(),
        }
    }

    /// For k = 1 to `most` the fewest persons whose traces have k of a person's places in their order, the
    /// person among them; as far as the search comes within its steps.
    pub fn fewest(&self, person: usize, most: usize) -> Vec<u32> {
        let mine = &self.persons[person];
        let mut search = Search {
            order: self,
            mine,
            // Whoever has the whole trace matches whatever is known of it.
            floor: self.have_all(mine),
            best: u32::MAX,
            steps: 0,
        };
        let mut results = Vec::with_capacity(most);
        for rows in 1..=most {
            let mut sequence = Vec::with_capacity(rows);
            let everybody = self.persons.len() as u32;
            if search.best > search.floor
                && search.go_on(&mut sequence, everybody, 0, rows).is_none()
            {
                break;
            }
            results.push(search.best);
        }
        results
    }

    fn have_all(&self, mine: &Places) -> u32 {
        let mut trace = vec![0; mine.positions.len()];
        for (at, place) in mine.places.iter().enumerate() {
            let range = mine.starts[at] as usize..mine.starts[at + 1] as usize;
            for position in &mine.positions[range] {
                trace[*position as usize] = *place;
            }
        }
        let visitors = |place: &u32| &self.visitors[*place as usize];
        let rarest = mine.places.iter().min_by_key(|place| visitors(place).len());
        let has_all = |other: &&u32| {
            let theirs = &self.persons[**other as usize];
            let end = trace
                .iter()
                .try_fold(0, |from, place| theirs.next(*place, from).map(|at| at + 1));
            end.is_some()
        };
        rarest.map_or(0, |rarest| {
            visitors(rarest).iter().filter(has_all).count() as u32
        })
    }

    /// Who matches a sequence, not empty.
    fn matching(&self, sequence: &[u32]) -> Vec<Candidate> {
        let visitors = self.visitors[sequence[0] as usize].iter();
        let end = |other: &u32| {
            let theirs = &self.persons[*other as usize];
            let end = sequence
                .iter()
                .try_fold(0, |from, place| theirs.next(*place, from).map(|at| at + 1))?;
            Some((*other, end))
        };
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
        shard.insert(sequence.into(), count);
    }
}

struct Search<'a> {
    order: &'a Order,
    mine: &'a Places,
    floor: u32,
    best: u32,
    steps: u64,
}

impl Search<'_> {
    /// Looks for `rows` more places, from position `from` of the trace on, that leave fewer than the best of
    /// the `left` who match the sequence. `None` where it takes too many steps.
    fn go_on(&mut self, sequence: &mut Vec<u32>, left: u32, from: u32, rows: usize) -> Option<()> {
        let mut children: Vec<(u32, u32, u32)> = Vec::new();
        // Made when first needed: often all counts are known.
        let mut candidates: Option<Vec<Candidate>> = None;
        for place in &self.mine.places {
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
                self.order.visitors[*place as usize].len() as u32
            } else {
                match self.order.counted(sequence).filter(|_| left >= MANY) {
                    Some(count) => count,
                    None => {
                        let before = &sequence[..sequence.len() - 1];
                        let candidates =
                            candidates.get_or_insert_with(|| self.order.matching(before));
                        let has = |(other, from): &&Candidate| {
                            let theirs = &self.order.persons[*other as usize];
                            theirs.next(*place, *from).is_some()
                        };
                        let count = candidates.iter().filter(has).count() as u32;
                        if left >= MANY {
                            self.order.remember(sequence, count);
                        }
                        count
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
            let borrowed: Vec<&[u32]> = traces.iter().map(Vec::as_slice).collect();
            let order = Order::of(&borrowed, 5);
            for person in 0..traces.len() {
                let fast = order.fewest(person, 4);
                let slow: Vec<u32> = (1..=4).map(|rows| slow(&traces, person, rows)).collect();
                prop_assert_eq!(&fast, &slow, "person {}", person);
            }
        }
    }
}
