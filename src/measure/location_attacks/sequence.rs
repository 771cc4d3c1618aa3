//! The worst sequence of places of a person: which few persons have been there in the same order.

use rayon::prelude::*;

use crate::encode::visits::Visits;

/// Steps taken for one person: to see where one candidate next is at one place is a step.
pub const MOST_STEPS: u64 = 1 << 26;

/// When each person was where: the positions in their traces, by place.
pub struct Order {
    persons: Vec<Places>,
    /// Who was ever at a place.
    visitors: Vec<Vec<u32>>,
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
        Self { persons, visitors }
    }

    /// For k = 1 to `most` the fewest persons whose traces have k of a person's places in their order, the
    /// person among them; as far as the search comes within its steps.
    pub fn fewest(&self, person: usize, most: usize) -> Vec<u32> {
        let mine = &self.persons[person];
        let mut search = Search {
            order: self,
            mine,
            floor: 0,
            best: u32::MAX,
            steps: 0,
        };
        let mut results = Vec::with_capacity(most);
        // Whoever has the whole trace matches whatever is known of it.
        search.floor = search.have_all();
        for rows in 1..=most {
            if search.best > search.floor && search.first(rows).is_none() {
                break;
            }
            results.push(search.best);
        }
        results
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
    fn have_all(&self) -> u32 {
        let mut trace = vec![0; self.mine.positions.len()];
        for (at, place) in self.mine.places.iter().enumerate() {
            let range = self.mine.starts[at] as usize..self.mine.starts[at + 1] as usize;
            for position in &self.mine.positions[range] {
                trace[*position as usize] = *place;
            }
        }
        let visitors = |place: &u32| &self.order.visitors[*place as usize];
        let Some(rarest) = self
            .mine
            .places
            .iter()
            .min_by_key(|place| visitors(place).len())
        else {
            return 0;
        };
        let has_all = |other: &&u32| {
            let theirs = &self.order.persons[**other as usize];
            let end = trace
                .iter()
                .try_fold(0, |from, place| theirs.next(*place, from).map(|at| at + 1));
            end.is_some()
        };
        visitors(rarest).iter().filter(has_all).count() as u32
    }

    fn first(&mut self, rows: usize) -> Option<()> {
        let mut children: Vec<(u32, &[u32])> = self
            .mine
            .places
            .iter()
            .map(|place| (*place, self.order.visitors[*place as usize].as_slice()))
            .collect();
        children.sort_by_key(|(place, visitors)| (visitors.len(), *place));
        for (place, visitors) in children {
            self.best = self.best.min(visitors.len() as u32);
            if rows > 1 && self.best > self.floor {
                self.steps += visitors.len() as u64;
                let left: Vec<Candidate> = visitors
                    .iter()
                    .filter_map(|other| {
                        let at = self.order.persons[*other as usize].next(place, 0)?;
                        Some((*other, at + 1))
                    })
                    .collect();
                let from = self.mine.next(place, 0)? + 1;
                self.go_on(&left, from, rows - 1)?;
            }
            if self.best <= self.floor {
                break;
            }
        }
        Some(())
    }

    /// Looks for `rows` more places from position `from` of the trace on that leave fewer than the best of
    /// those left.
    fn go_on(&mut self, left: &[Candidate], from: u32, rows: usize) -> Option<()> {
        let mut children: Vec<(u32, u32, Vec<Candidate>)> = Vec::new();
        for place in &self.mine.places {
            let Some(at) = self.mine.next(*place, from) else {
                continue;
            };
            self.steps += left.len() as u64;
            if self.steps > MOST_STEPS {
                return None;
            }
            let next = |(other, from): &Candidate| {
                let at = self.order.persons[*other as usize].next(*place, *from)?;
                Some((*other, at + 1))
            };
            let kept: Vec<Candidate> = left.iter().filter_map(next).collect();
            self.best = self.best.min(kept.len() as u32);
            if self.best <= self.floor {
                return Some(());
            }
            if rows > 1 {
                children.push((*place, at, kept));
            }
        }
        children.sort_by_key(|(place, _, kept)| (kept.len(), *place));
        for (_, at, kept) in children {
            self.go_on(&kept, at + 1, rows - 1)?;
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
