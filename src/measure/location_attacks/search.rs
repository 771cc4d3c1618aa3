//! The worst choice of what may be known of a person, by branch and bound over the sets of persons left.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use crate::encode::parts::parted;

/// What a person's trace says to an adversary of one kind: (thing, how often), ascending.
pub type Known = Vec<(u32, u32)>;

pub fn common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// When a person has a thing that is known of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// At all.
    Present,
    /// As often, or more often.
    AtLeast,
    /// As often.
    Exactly,
    /// As often as the other things that are known let expect: all so many times as often.
    InProportion,
}

/// How often a person has a thing: who has it more often is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Having(u64);

impl Having {
    pub fn new(person: u32, count: u32) -> Self {
        Self(u64::from(!count) << 32 | u64::from(person))
    }

    pub fn person(self) -> u32 {
        self.0 as u32
    }

    pub fn count(self) -> u32 {
        !((self.0 >> 32) as u32)
    }
}

/// Who has each thing, those who have it most often first.
///
/// Memory: 8 bytes a person and thing.
pub struct Index {
    /// Where each thing's persons begin; one more than things.
    starts: Vec<usize>,
    persons: Vec<Having>,
}

impl Index {
    /// Of so many things, below which all those are that `known` gives of each of so many persons; it is asked
    /// twice, each time with what `scratch` makes for a thread.
    pub fn new<S>(
        things: usize,
        persons: usize,
        scratch: impl Fn() -> S + Sync + Send,
        known: impl Fn(&mut S, usize) -> Known + Sync + Send,
    ) -> Self {
        let empty = |count: usize| (0..count).map(|_| AtomicU64::new(0)).collect::<Vec<_>>();
        let next = empty(things);
        (0..persons)
            .into_par_iter()
            .for_each_init(&scratch, |scratch, person| {
                for (thing, _) in known(scratch, person) {
                    next[thing as usize].fetch_add(1, Relaxed);
                }
            });
        let mut starts = vec![0];
        for (thing, next) in next.iter().enumerate() {
            starts.push(starts[thing] + next.swap(starts[thing] as u64, Relaxed) as usize);
        }
        let slots = empty(starts[things]);
        (0..persons)
            .into_par_iter()
            .for_each_init(&scratch, |scratch, person| {
                for (thing, count) in known(scratch, person) {
                    let slot = next[thing as usize].fetch_add(1, Relaxed);
                    let having = Having::new(person as u32, count);
                    slots[slot as usize].store(having.0, Relaxed);
                }
            });
        let slots = slots.into_iter().map(|slot| Having(slot.into_inner()));
        let mut persons: Vec<Having> = slots.collect();
        let lengths = starts.windows(2).map(|bounds| bounds[1] - bounds[0]);
        let of_things = parted(&mut persons, lengths).into_par_iter();
        of_things.for_each(|mine| mine.sort_unstable());
        Self { starts, persons }
    }

    /// Those who have a thing.
    pub fn having(&self, thing: u32) -> &[Having] {
        &self.persons[self.starts[thing as usize]..self.starts[thing as usize + 1]]
    }

    /// Those who have a thing so often.
    fn matching(&self, thing: u32, count: u32, matching: Matching) -> &[Having] {
        let persons = self.having(thing);
        let at_least = |count: u32| persons.partition_point(|other| other.count() >= count);
        match matching {
            Matching::Present | Matching::InProportion => persons,
            Matching::AtLeast => &persons[..at_least(count)],
            Matching::Exactly => &persons[at_least(count + 1)..at_least(count)],
        }
    }
}

/// Who may match, numbered as they come, anew for each person attacked.
pub struct Numbers {
    /// Of each person when they were last numbered, and their number.
    persons: Vec<(u32, u32)>,
    /// A person at one ratio to what is known.
    ratios: HashMap<(u32, u32, u32), usize>,
    round: u32,
    count: usize,
}

impl Numbers {
    pub fn new(persons: usize) -> Self {
        Self {
            persons: vec![(0, 0); persons],
            ratios: HashMap::new(),
            round: 0,
            count: 0,
        }
    }

    fn restart(&mut self) {
        self.ratios.clear();
        self.round += 1;
        self.count = 0;
    }

    fn of(&mut self, person: u32) -> usize {
        let (round, number) = &mut self.persons[person as usize];
        if *round != self.round {
            (*round, *number) = (self.round, self.count as u32);
            self.count += 1;
        }
        *number as usize
    }

    fn at_ratio(&mut self, person: u32, theirs: u32, mine: u32) -> usize {
        let divisor = common_divisor(theirs, mine);
        let ratio = (person, theirs / divisor, mine / divisor);
        let number = *self.ratios.entry(ratio).or_insert(self.count);
        self.count = self.ratios.len();
        number
    }
}

/// Who has a thing that may be known: of which place it is, how many rows it is.
struct List<'a> {
    place: usize,
    rows: usize,
    persons: &'a [Having],
    /// How often it is known to be.
    count: u32,
}

/// One thing an adversary may know: how many rows it is, and who has it.
struct Item {
    /// Of the things of one place only one is known.
    place: usize,
    rows: usize,
    bits: Vec<u64>,
}

/// For k = 1 to `most` the fewest persons that match k of a person's `things`, the person among them.
pub fn fewest(
    things: &Known,
    index: &Index,
    matching: Matching,
    most: usize,
    numbers: &mut Numbers,
) -> Vec<u32> {
    // What is known of a place: that it is there so often. More often is rarer, and costs as many rows.
    let mut lists: Vec<List> = Vec::new();
    for (place, (thing, count)) in things.iter().enumerate() {
        let counts = match matching {
            Matching::AtLeast => 1..=(*count).min(most as u32),
            _ => *count..=*count,
        };
        lists.extend(counts.map(|count| List {
            place,
            rows: match matching {
                Matching::AtLeast => count as usize,
                _ => 1,
            },
            persons: index.matching(*thing, count, matching),
            count,
        }));
    }
    // Who has none of it is no candidate and needs no bit.
    numbers.restart();
    let mut number = |list: &List<'_>, other: &Having| match matching {
        Matching::InProportion => numbers.at_ratio(other.person(), other.count(), list.count),
        _ => numbers.of(other.person()),
    };
    let numbered: Vec<Vec<usize>> = lists
        .iter()
        .map(|list| {
            list.persons
                .iter()
                .map(|other| number(list, other))
                .collect()
        })
        .collect();
    let size = numbers.count as u32;
    let words = size.div_ceil(64) as usize;
    let mut items = Vec::with_capacity(lists.len());
    for (list, numbered) in lists.into_iter().zip(numbered) {
        let mut bits = vec![0u64; words];
        for at in numbered {
            bits[at / 64] |= 1 << (at % 64);
        }
        let List { place, rows, .. } = list;
        items.push(Item { place, rows, bits });
    }
    let everybody = vec![u64::MAX; words];
    // Fewer than match everything that could be known there cannot be.
    let mut floor = everybody.clone();
    for item in &items {
        floor
            .iter_mut()
            .zip(&item.bits)
            .for_each(|(floor, bits)| *floor &= bits);
    }
    let floor = ones(&floor);
    let (mut best, mut results) = (u32::MAX, Vec::with_capacity(most));
    for rows in 1..=most {
        if best > floor {
            let order: Vec<usize> = (0..items.len()).collect();
            search(&items, &everybody, size, &order, rows, floor, &mut best);
        }
        results.push(best);
    }
    results
}

fn ones(bits: &[u64]) -> u32 {
    bits.iter().map(|word| word.count_ones()).sum()
}

/// Looks for `rows` rows more of the items in `order` that leave fewer than `best` of the `left` persons,
/// who are `size`.
fn search(
    items: &[Item],
    left: &[u64],
    size: u32,
    order: &[usize],
    rows: usize,
    floor: u32,
    best: &mut u32,
) {
    let both = |item: &Item| -> u32 {
        let pairs = left.iter().zip(&item.bits);
        pairs.map(|(left, bits)| (left & bits).count_ones()).sum()
    };
    let mut sized: Vec<(u32, usize)> = order
        .iter()
        .filter(|at| items[**at].rows <= rows)
        .map(|at| (both(&items[*at]), *at))
        .collect();
    sized.sort_unstable();
    let Some((least, _)) = sized.first() else {
        return;
    };
    *best = (*best).min(*least);
    if rows == 1 || *best <= floor {
        return;
    }
    for (at, (remaining, item)) in sized.iter().enumerate() {
        // What this and the next items could take away at most, were those they exclude all different.
        let excluded = sized[at..].iter().take(rows).map(|(kept, _)| size - kept);
        if size.saturating_sub(excluded.sum()) >= *best {
            return;
        }
        let item = &items[*item];
        if item.rows >= rows {
            continue;
        }
        let both: Vec<u64> = left
            .iter()
            .zip(&item.bits)
            .map(|(left, bits)| left & bits)
            .collect();
        let rest: Vec<usize> = sized[at + 1..]
            .iter()
            .map(|(_, other)| *other)
            .filter(|other| items[*other].place != item.place)
            .collect();
        search(
            items,
            &both,
            *remaining,
            &rest,
            rows - item.rows,
            floor,
            best,
        );
        if *best <= floor {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every choice of rows, every person.
    fn slow(known: &[Known], matching: Matching, person: usize, rows: usize) -> u32 {
        let mine: Vec<(u32, u32)> = known[person].clone();
        let mut choices: Vec<Vec<(u32, u32)>> = vec![Vec::new()];
        for (thing, count) in &mine {
            let most = if matching == Matching::AtLeast {
                *count
            } else {
                1
            };
            let mut more = Vec::new();
            for choice in &choices {
                for taken in 1..=most {
                    let mut longer = choice.clone();
                    longer.push((
                        *thing,
                        if matching == Matching::AtLeast {
                            taken
                        } else {
                            *count
                        },
                    ));
                    more.push(longer);
                }
            }
            choices.extend(more);
        }
        let size = |choice: &Vec<(u32, u32)>| match matching {
            Matching::AtLeast => choice.iter().map(|(_, taken)| *taken as usize).sum(),
            _ => choice.len(),
        };
        let all = choices.iter().map(size).max().unwrap();
        let wanted = rows.min(all);
        let count_of = |other: &Known, thing: u32| {
            let found = other.iter().find(|(theirs, _)| *theirs == thing);
            found.map_or(0, |(_, count)| *count)
        };
        let matches = |other: &Known, choice: &Vec<(u32, u32)>| {
            let (first, taken_first) = choice[0];
            choice.iter().all(|(thing, taken)| {
                let count = count_of(other, *thing);
                match matching {
                    Matching::Present => count > 0,
                    Matching::AtLeast => count >= *taken,
                    Matching::Exactly => count == *taken,
                    Matching::InProportion => {
                        count > 0 && count * taken_first == count_of(other, first) * taken
                    }
                }
            })
        };
        let of = choices.iter().filter(|choice| size(choice) == wanted);
        of.map(|choice| known.iter().filter(|other| matches(other, choice)).count() as u32)
            .min()
            .unwrap()
    }

    proptest! {
        #[test]
        fn the_worst_choice_is_found(
            traces in prop::collection::vec(prop::collection::vec(0u32..7, 1..9), 1..14),
        ) {
            let known: Vec<Known> = traces
                .iter()
                .map(|trace| {
                    let mut counts = std::collections::BTreeMap::new();
                    trace.iter().for_each(|thing| *counts.entry(*thing).or_insert(0) += 1);
                    counts.into_iter().collect()
                })
                .collect();
            let index = Index::new(7, known.len(), || (), |(), person| known[person].clone());
            let mut numbers = Numbers::new(known.len());
            let all = [
                Matching::Present,
                Matching::AtLeast,
                Matching::Exactly,
                Matching::InProportion,
            ];
            for matching in all {
                for person in 0..known.len() {
                    let fast = fewest(&known[person], &index, matching, 4, &mut numbers);
                    let slow: Vec<u32> = (1..=4).map(|rows| slow(&known, matching, person, rows)).collect();
                    prop_assert_eq!(&fast, &slow, "{:?} of {}", matching, person);
                }
            }
        }
    }
}
