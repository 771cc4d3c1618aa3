//! What counts of runs of parts, one after the other, say of every other run: weeks that begin every day say something
//! of the days.
//!
//! With S(t) the count of all parts before t a run's count is S(end) − S(first). Bounds on counts, and that no part
//! holds fewer than nobody, are then bounds on differences of two unknowns, and the narrowest that follow from all
//! together are the lengths of shortest paths between the two (R. Bellman: On a routing problem. Quarterly of Applied
//! Mathematics 16, 1958; T. H. Cormen et al.: Introduction to Algorithms, section 24.4, difference constraints). They are
//! exact, also for whole numbers.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A published count of the parts from the first to before the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub first: u32,
    pub end: u32,
    /// Persons, at least and at most.
    pub least: i64,
    pub most: i64,
}

/// What follows for a run that no count was published of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    pub first: u32,
    pub end: u32,
    pub least: i64,
    /// [`i64::MAX`] where nothing bounds it.
    pub most: i64,
    /// The published counts that it takes to say so.
    pub counts: u32,
}

/// A step from one bound of parts to another: by how much S may rise at most.
#[derive(Debug, Clone, Copy)]
struct Step {
    from: u32,
    to: u32,
    rise: i64,
    /// The count that says so; none where it is that no part holds fewer than nobody.
    count: Option<u32>,
}

/// All steps, by where they begin and by where they end.
struct Steps {
    steps: Vec<Step>,
    out: Vec<Vec<u32>>,
    into: Vec<Vec<u32>>,
    /// Of each bound of parts a value of S that satisfies all, as small as can be and as great as can be.
    feasible: [Vec<i64>; 2],
}

impl Steps {
    /// `None` where no counts satisfy all.
    fn new(parts: u32, counted: &[Counted]) -> Option<Self> {
        let mut steps: Vec<Step> = Vec::with_capacity(parts as usize + 2 * counted.len());
        steps.extend((0..parts).map(|part| Step {
            from: part + 1,
            to: part,
            rise: 0,
            count: None,
        }));
        for (count, run) in (0..).zip(counted) {
            let (first, end) = (run.first, run.end);
            let count = Some(count);
            steps.push(Step {
                from: first,
                to: end,
                rise: run.most,
                count,
            });
            steps.push(Step {
                from: end,
                to: first,
                rise: -run.least,
                count,
            });
        }
        let bounds = parts as usize + 1;
        let (mut out, mut into) = (vec![Vec::new(); bounds], vec![Vec::new(); bounds]);
        for (at, step) in (0..).zip(&steps) {
            out[step.from as usize].push(at);
            into[step.to as usize].push(at);
        }
        let least = solution(&steps, &out, true)?;
        let most = solution(&steps, &into, false)?;
        Some(Self {
            steps,
            out,
            into,
            feasible: [least, most],
        })
    }

    /// Whether a run may hold so many under all counts, as far as two solutions tell.
    fn may_hold(&self, first: u32, end: u32, (least, most): (i64, i64)) -> bool {
        let mut counts = self
            .feasible
            .iter()
            .map(|s| s[end as usize] - s[first as usize]);
        counts.all(|count| (least..=most).contains(&count))
    }

    /// The shortest ways from a bound to all others, or from all others to it: their length with the fewest counts
    /// besides those that are `known`, and the last step of each.
    fn shortest(&self, source: u32, forward: bool, known: &[u32]) -> Vec<Option<(i64, u32, u32)>> {
        let height = |bound: u32| self.feasible[0][bound as usize];
        let next = match forward {
            true => &self.out,
            false => &self.into,
        };
        let mut found: Vec<Option<(i64, u32, u32)>> = vec![None; self.feasible[0].len()];
        let mut queue = BinaryHeap::from([Reverse((0i64, 0u32, source, u32::MAX))]);
        while let Some(Reverse((length, counts, bound, last))) = queue.pop() {
            if found[bound as usize].is_some() {
                continue;
            }
            found[bound as usize] = Some((length, counts, last));
            for at in &next[bound as usize] {
                let step = self.steps[*at as usize];
                let other = match forward {
                    true => step.to,
                    false => step.from,
                };
                if found[other as usize].is_none() {
                    // No step is negative when measured from a solution.
                    let rise = step.rise + height(step.from) - height(step.to);
                    let is_new = step.count.is_some_and(|count| !known.contains(&count));
                    let counts = counts + u32::from(is_new);
                    queue.push(Reverse((length + rise, counts, other, *at)));
                }
            }
        }
        for (bound, found) in (0..).zip(&mut found) {
            if let Some((length, ..)) = found {
                *length += match forward {
                    true => height(bound) - height(source),
                    false => height(source) - height(bound),
                };
            }
        }
        found
    }

    /// The counts on the shortest way between a bound and the source of the ways.
    fn counts(&self, ways: &[Option<(i64, u32, u32)>], mut bound: u32, forward: bool) -> Vec<u32> {
        let mut counts = Vec::new();
        while let Some((_, _, last)) = ways[bound as usize].filter(|(_, _, last)| *last != u32::MAX)
        {
            let step = self.steps[last as usize];
            counts.extend(step.count);
            bound = match forward {
                true => step.from,
                false => step.to,
            };
        }
        counts
    }

    /// How many counts it takes to bound a run from both sides: those of the one side, and of the other the fewest
    /// besides them.
    fn taken(&self, first: u32, end: u32) -> u32 {
        let both = [true, false].map(|forward| {
            let one = self.counts(&self.shortest(first, forward, &[]), end, forward);
            let other = self.shortest(first, !forward, &one);
            let mut all = [one, self.counts(&other, end, !forward)].concat();
            all.sort_unstable();
            all.dedup();
            all.len() as u32
        });
        both[0].min(both[1])
    }
}

/// A value of S for each bound that satisfies all steps, by Bellman and Ford from a bound before all, or to one after
/// all; `None` where there is none. `next` says which steps go on from each bound.
fn solution(steps: &[Step], next: &[Vec<u32>], forward: bool) -> Option<Vec<i64>> {
    let bounds = next.len();
    let mut lengths = vec![0i64; bounds];
    let mut often = vec![0usize; bounds];
    let mut waits = vec![true; bounds];
    let mut queue: VecDeque<usize> = (0..bounds).collect();
    while let Some(bound) = queue.pop_front() {
        waits[bound] = false;
        often[bound] += 1;
        if often[bound] > bounds + 1 {
            return None;
        }
        for at in &next[bound] {
            let step = steps[*at as usize];
            let other = match forward {
                true => step.to,
                false => step.from,
            } as usize;
            let length = lengths[bound] + step.rise;
            if length < lengths[other] {
                lengths[other] = length;
                if !std::mem::replace(&mut waits[other], true) {
                    queue.push_back(other);
                }
            }
        }
    }
    match forward {
        true => Some(lengths),
        false => Some(lengths.into_iter().map(|length| -length).collect()),
    }
}

/// For each of some ranges, from 1 on, the runs of `parts` of which no count was published, but which all counts together
/// say hold a number of persons in it; of such that lie within each other the narrowest alone, and none that holds a
/// published one of that kind. `None` where no counts satisfy all. By descending first part.
///
/// Time: for each part at which a run may begin the shortest ways through one step a part and two a count.
pub fn derived(
    parts: u32,
    counted: &[Counted],
    sought: &[(i64, i64)],
) -> Option<Vec<Vec<Derived>>> {
    let steps = Steps::new(parts, counted)?;
    let mut published: Vec<(u32, u32)> = counted.iter().map(|run| (run.first, run.end)).collect();
    published.sort_unstable();
    let mut derived = vec![Vec::new(); sought.len()];
    let mut narrowest = vec![parts + 1; sought.len()];
    for first in (0..parts).rev() {
        let mut ways = None;
        for (at, range) in sought.iter().copied().enumerate() {
            let ends = first + 1..narrowest[at];
            for end in ends.filter(|end| steps.may_hold(first, *end, range)) {
                let (up, down) = ways.get_or_insert_with(|| {
                    let both = [true, false];
                    let [up, down] = both.map(|forward| steps.shortest(first, forward, &[]));
                    (up, down)
                });
                let most = up[end as usize].map_or(i64::MAX, |(length, ..)| length);
                let least = down[end as usize].map_or(0, |(length, ..)| -length);
                if least < range.0 || most > range.1 {
                    continue;
                }
                narrowest[at] = end;
                if published.binary_search(&(first, end)).is_err() {
                    derived[at].push(Derived {
                        first,
                        end,
                        least,
                        most,
                        counts: steps.taken(first, end),
                    });
                }
                break;
            }
        }
    }
    Some(derived)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MOST: i64 = 3;

    /// What all counts of parts from 0 to [`MOST`] that satisfy all say of each run.
    fn slow(
        parts: u32,
        counted: &[Counted],
        sought: (i64, i64),
    ) -> Option<Vec<(u32, u32, i64, i64)>> {
        let mut ranges = std::collections::BTreeMap::new();
        let mut values = vec![0i64; parts as usize];
        let sum = |values: &[i64], first: u32, end: u32| -> i64 {
            values[first as usize..end as usize].iter().sum()
        };
        loop {
            let fits =
                |run: &Counted| (run.least..=run.most).contains(&sum(&values, run.first, run.end));
            if counted.iter().all(fits) {
                for first in 0..parts {
                    for end in first + 1..=parts {
                        let count = sum(&values, first, end);
                        let range = ranges.entry((first, end)).or_insert((count, count));
                        *range = (range.0.min(count), range.1.max(count));
                    }
                }
            }
            let Some(next) = values.iter().position(|value| *value < MOST) else {
                break;
            };
            values[next] += 1;
            values[..next].fill(0);
        }
        if ranges.is_empty() {
            return None;
        }
        let is_small = |range: &(i64, i64)| range.0 >= sought.0 && range.1 <= sought.1;
        let small: Vec<(u32, u32)> = ranges
            .iter()
            .filter(|(_, range)| is_small(range))
            .map(|(run, _)| *run)
            .collect();
        let narrowest = small.iter().filter(|run| {
            let mut others = small.iter().filter(|other| other != run);
            !others.any(|other| run.0 <= other.0 && other.1 <= run.1)
        });
        let published =
            |run: &(u32, u32)| counted.iter().any(|known| (known.first, known.end) == *run);
        let mut found: Vec<(u32, u32, i64, i64)> = narrowest
            .filter(|run| !published(run))
            .map(|run| (run.0, run.1, ranges[run].0, ranges[run].1))
            .collect();
        found.reverse();
        Some(found)
    }

    proptest! {
        #[test]
        fn all_that_follows_and_nothing_else(
            truth in prop::collection::vec(0i64..=MOST, 5),
            runs in prop::collection::vec((0u32..5, 1u32..5, 0i64..2), 0..6),
            wrong in prop::option::weighted(0.1, 0usize..6),
        ) {
            // That no part holds more than the most is published as well, for both to know the same.
            let mut counted: Vec<Counted> = (0..5)
                .map(|first| Counted { first, end: first + 1, least: 0, most: MOST })
                .collect();
            for (first, length, slack) in runs {
                let end = (first + length).min(5);
                let count: i64 = truth[first as usize..end as usize].iter().sum();
                counted.push(Counted { first, end, least: (count - slack).max(0), most: count + slack });
            }
            if let Some(run) = wrong.and_then(|at| counted.get_mut(5 + at)) {
                (run.least, run.most) = (run.least + 4, run.most + 4);
            }
            let sought = [(1, 1), (1, 2), (1, 4), (2, 2), (2, 5)];
            let fast = derived(5, &counted, &sought);
            for (at, range) in sought.into_iter().enumerate() {
                let fast = fast.as_ref().map(|all| {
                    let runs = all[at].iter();
                    runs.map(|run| (run.first, run.end, run.least, run.most)).collect::<Vec<_>>()
                });
                prop_assert_eq!(fast, slow(5, &counted, range));
            }
        }
    }

    #[test]
    fn a_chain_of_moving_weeks_that_begins_with_nobody() {
        // Seven days from day t on; nobody in the first week, then one on day 7, three on day 9.
        let truth = [0, 0, 0, 0, 0, 0, 0, 1, 0, 3, 20];
        let week = |first: u32| {
            let count = truth[first as usize..first as usize + 7].iter().sum();
            Counted {
                first,
                end: first + 7,
                least: count,
                most: count,
            }
        };
        let weeks: Vec<Counted> = (0..5).map(week).collect();
        let found = derived(11, &weeks, &[(1, 4)]).unwrap();
        let found: Vec<_> = found[0]
            .iter()
            .map(|run| (run.first, run.end, run.least, run.most, run.counts))
            .collect();
        // Day 7 is week 1 less the week before, day 9 week 3 less week 2.
        assert_eq!(found, [(9, 10, 3, 3, 3), (7, 8, 1, 1, 2)]);
    }
}
