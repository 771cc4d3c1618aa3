//! Points as when and what: for adversaries who know them less exactly than the release tells them.
//!
//! Memory: 4 bytes a distinct point; while probes are looked for by what each point may be 4 more.

mod others;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use rayon::prelude::*;

use super::axis::{Axis, Times};
use super::intern::Values;
use super::marked::Marked;
use super::parts::parted;
use super::ranges::Ranges;
use super::traces::Traces;
use crate::stats::Trial;

/// The points of a table by their time, and within it by all else.
///
/// The first attribute of a tuple is its time, where points have one.
pub struct Moments<'a> {
    pub traces: &'a Traces,
    axes: &'a [Axis],
    values: Vec<&'a Values>,
    /// The tuples of each time. All is one time where points have none.
    when: Ranges,
    /// All else of each tuple: ascending with the tuples of one time.
    what: Vec<u32>,
    /// The codes of each `what`, in the order of the attributes.
    codes: Vec<Vec<u32>>,
}

/// How coarsely points are known.
pub struct Level {
    /// The bin of each time.
    bin: Vec<u32>,
    /// Where each bin's tuples lie.
    bins: Vec<Range<u32>>,
    /// The coarser kind of each `what`.
    kind: Vec<u32>,
    kinds: usize,
}

/// A point at some level: its bin of time, and what.
pub type Known = (u32, u32);

impl Level {
    /// A person's moments as they are at the level, ascending, each once.
    pub fn points(&self, moments: &[(u32, u32)]) -> Vec<Known> {
        let point =
            |(when, what): &(u32, u32)| (self.bin[*when as usize], self.kind[*what as usize]);
        let mut points: Vec<Known> = moments.iter().map(point).collect();
        points.sort_unstable();
        points.dedup();
        points
    }
}

/// Some known points of a person.
pub struct Probe<P> {
    pub person: u32,
    pub points: Vec<P>,
}

/// By how much an adversary may be mistaken about a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noise {
    /// Bins of time, earlier or later.
    pub bins: i64,
    /// Rings of neighbouring cells.
    pub rings: u8,
}

const NONE: u32 = u32::MAX;
/// Persons of the first round of a search.
const ROUND: usize = 1 << 13;

impl<'a> Moments<'a> {
    pub fn new(traces: &'a Traces, axes: &'a [Axis], values: Vec<&'a Values>) -> Self {
        let layout = &traces.layout;
        let tuples = traces.support.len();
        let rest = usize::from(matches!(axes.first(), Some(Axis::Time(_))));
        let when = Ranges::new(match rest {
            0 => vec![0, tuples as u32],
            _ => traces.firsts(values[0].len()),
        });
        let codes_of =
            |tuple: usize| (rest..axes.len()).map(move |at| layout.code(at, traces.key(tuple)));
        let (what, codes) = match axes.len() - rest {
            // The code says it all.
            1 => (
                (0..tuples)
                    .into_par_iter()
                    .map(|tuple| layout.code(rest, traces.key(tuple)))
                    .collect(),
                (0..values[rest].len() as u32)
                    .map(|code| vec![code])
                    .collect(),
            ),
            _ => {
                let mut all: Vec<Vec<u32>> = (0..tuples)
                    .into_par_iter()
                    .map(|tuple| codes_of(tuple).collect())
                    .collect();
                all.par_sort_unstable();
                all.dedup();
                let place = |tuple: usize| {
                    let mine: Vec<u32> = codes_of(tuple).collect();
                    all.binary_search(&mine).expect("it is one of them") as u32
                };
                ((0..tuples).into_par_iter().map(place).collect(), all)
            }
        };
        Self {
            traces,
            axes,
            values,
            when,
            what,
            codes,
        }
    }

    /// The attribute of place, where places can be near or far.
    pub fn place(&self) -> Option<(usize, &Axis)> {
        let at = self.axes.iter().position(Axis::is_place)?;
        Some((at, &self.axes[at]))
    }

    pub fn times(&self) -> Option<&Times> {
        match self.axes.first() {
            Some(Axis::Time(times)) => Some(times),
            _ => None,
        }
    }

    /// The beginning of a tuple's bin, in seconds by the clock on the wall; `None` where times are no bins of
    /// it, or come again.
    pub fn second(&self, tuple: u32) -> Option<i64> {
        let Some(Times::Bins { width, again: None }) = self.times() else {
            return None;
        };
        let time = self.when.of(tuple);
        Some(self.number(0, time as u32)? * width)
    }

    /// What else a tuple says, as a number that equal ones share, below [`Self::whats`].
    pub fn what(&self, tuple: u32) -> u32 {
        self.what[tuple as usize]
    }

    pub fn whats(&self) -> usize {
        self.codes.len()
    }

    /// The amount of each `what`, null as nothing; `None` where points have none.
    pub fn amounts(&self) -> Option<Vec<f64>> {
        let rest = usize::from(self.times().is_some());
        let is_amount = |axis: &Axis| matches!(axis, Axis::Amount(_));
        let attribute = self.axes.iter().position(is_amount)?;
        let Axis::Amount(amounts) = &self.axes[attribute] else {
            return None;
        };
        let of = |codes: &Vec<u32>| {
            let number = self.number(attribute, codes[attribute - rest]);
            number.map_or(0.0, |number| amounts.value(number))
        };
        Some(self.codes.iter().map(of).collect())
    }

    fn number(&self, attribute: usize, code: u32) -> Option<i64> {
        self.values[attribute].number(code)
    }

    fn code(&self, attribute: usize, number: i64) -> Option<u32> {
        self.values[attribute].code(number)
    }

    /// Points by bins of `width` seconds (or of so many numbers), and by cells so many levels coarser.
    /// `None` where times cannot be binned so. Without times all is one bin.
    pub fn level(&self, width: i64, levels: u8) -> Option<Level> {
        let (mut bin_of, mut bins) = (Vec::new(), Vec::<Range<u32>>::new());
        let mut last = None;
        for (time, range) in self.when.iter().enumerate() {
            let bin = match (self.times(), self.number(0, time as u32)) {
                (Some(times), Some(number)) => Some(times.coarser(number, width)?),
                _ => None,
            };
            match bins.last_mut() {
                Some(open) if last == Some(bin) => open.end = range.end,
                _ => bins.push(range),
            }
            last = Some(bin);
            bin_of.push(bins.len() as u32 - 1);
        }
        let place = self.place();
        let rest = usize::from(self.times().is_some());
        let mut known: HashMap<(Option<i64>, Vec<u32>), u32> = HashMap::new();
        let mut kind = Vec::with_capacity(self.codes.len());
        for codes in &self.codes {
            let mut others = codes.clone();
            let cell = place.and_then(|(attribute, axis)| {
                let number = self.number(attribute, codes[attribute - rest])?;
                others[attribute - rest] = NONE;
                Some(axis.coarser(number, levels))
            });
            let next = known.len() as u32;
            kind.push(*known.entry((cell, others)).or_insert(next));
        }
        Some(Level {
            bin: bin_of,
            bins,
            kind,
            kinds: known.len(),
        })
    }

    /// The tuples, time by time, those of a time in an order in which those that are alike by cells up to so many
    /// levels coarser are side by side, at each level.
    pub fn side_by_side(&self, levels: u8) -> Vec<u32> {
        let place = self.place();
        let rest = usize::from(self.times().is_some());
        let key = |codes: &Vec<u32>| {
            let mut others = codes.clone();
            let cells = place.map(|(attribute, axis)| {
                let number = self.number(attribute, codes[attribute - rest]);
                others[attribute - rest] = NONE;
                let levels = (0..=levels).rev();
                levels
                    .map(|level| number.map(|number| axis.coarser(number, level)))
                    .collect()
            });
            (others, cells.unwrap_or_default())
        };
        let keys: Vec<(Vec<u32>, Vec<Option<i64>>)> = self.codes.par_iter().map(key).collect();
        let mut whats: Vec<u32> = (0..keys.len() as u32).collect();
        whats.par_sort_by(|a, b| keys[*a as usize].cmp(&keys[*b as usize]));
        let mut ranks = vec![0u32; whats.len()];
        for (rank, what) in (0u32..).zip(whats) {
            ranks[what as usize] = rank;
        }
        let mut order: Vec<u32> = (0..self.what.len() as u32).collect();
        let times = parted(&mut order, self.when.iter().map(|time| time.len()));
        let rank = |tuple: u32| ranks[self.what[tuple as usize] as usize];
        let sort = |keys: &mut Vec<u64>, tuples: &mut [u32]| {
            keys.clear();
            let key = |tuple: &u32| u64::from(rank(*tuple)) << 32 | u64::from(*tuple);
            keys.extend(tuples.iter().map(key));
            keys.sort_unstable();
            let sorted = tuples.iter_mut().zip(keys);
            sorted.for_each(|(tuple, key)| *tuple = *key as u32);
        };
        times.into_par_iter().for_each_init(Vec::new, sort);
        order
    }

    /// When and what a person's tuples are, in their order.
    pub fn of(&self, person: usize) -> Vec<(u32, u32)> {
        let time = |tuple: &u32| self.when.of(*tuple);
        let tuples = self.traces.of(person).iter();
        tuples
            .map(|tuple| (time(tuple) as u32, self.what(*tuple)))
            .collect()
    }

    /// What an adversary who is mistaken about a point holds for possible: an error is drawn, and whatever lies
    /// within as much of what the adversary believes is possible, the point itself among it.
    pub fn around(&self, tuple: u32, noise: Noise, trial: &mut Trial) -> Vec<u32> {
        let mut even = |count: usize| trial.below(count as u64) as usize;
        let time = self.when.of(tuple);
        let mut times = vec![time];
        if let Some((axis, number)) = self.times().zip(self.number(0, time as u32)) {
            let steps = -noise.bins..=noise.bins;
            let error = even(2 * noise.bins as usize + 1) as i64 - noise.bins;
            let believed = axis.later(number, error);
            let near = steps.filter_map(|step| self.code(0, axis.later(believed, step)));
            times.extend(near.map(|code| code as usize));
        }
        let mut whats = vec![self.what[tuple as usize]];
        let rest = usize::from(self.times().is_some());
        if let Some((attribute, axis)) = self.place() {
            let codes = &self.codes[whats[0] as usize];
            if let Some(number) = self.number(attribute, codes[attribute - rest]) {
                let near = axis.near(number, noise.rings);
                let believed = near[even(near.len())];
                for cell in axis.near(believed, noise.rings) {
                    let Some(code) = self.code(attribute, cell) else {
                        continue;
                    };
                    let mut other = codes.clone();
                    other[attribute - rest] = code;
                    whats.extend(self.codes.binary_search(&other).map(|what| what as u32));
                }
            }
        }
        times.sort_unstable();
        times.dedup();
        whats.sort_unstable();
        whats.dedup();
        let mut tuples = Vec::new();
        for time in times {
            let range = self.when.at(time);
            let (first, end) = (range.start as usize, range.end as usize);
            let found = whats.iter().filter_map(|what| {
                let at = self.what[first..end].binary_search(what).ok()?;
                Some((first + at) as u32)
            });
            tuples.extend(found);
        }
        tuples
    }

    /// Whether nobody else has, for each of the points of each probe, one of the tuples that it may be.
    pub fn alone_among(&self, probes: &[Probe<Vec<u32>>]) -> Vec<bool> {
        if probes.is_empty() {
            return Vec::new();
        }
        let support = |tuples: &Vec<u32>| -> u64 {
            let each = tuples.iter();
            each.map(|tuple| u64::from(self.traces.support[*tuple as usize]))
                .sum()
        };
        let rarest = |probe: &Probe<Vec<u32>>| -> Vec<u32> {
            let points = probe.points.iter();
            points
                .min_by_key(|tuples| (support(tuples), *tuples))
                .expect("a probe has points")
                .clone()
        };
        let mut leads: Vec<(u32, u32)> = (0u32..)
            .zip(probes)
            .flat_map(|(number, probe)| rarest(probe).into_iter().map(move |t| (t, number)))
            .collect();
        leads.par_sort_unstable();
        let marks: Vec<AtomicU32> = self.what.par_iter().map(|_| AtomicU32::new(NONE)).collect();
        let mut probes_of = Vec::new();
        for of_tuple in leads.chunk_by(|a, b| a.0 == b.0) {
            marks[of_tuple[0].0 as usize].store(probes_of.len() as u32, Relaxed);
            probes_of.push(of_tuple.iter().map(|(_, probe)| *probe).collect());
        }
        let matches = |probe: u32, person: u32, _: &[u32]| {
            let trace = self.traces.of(person as usize);
            // Of a trace only a few points lie between the first and the last of what a point may be.
            let has = |tuples: &Vec<u32>| {
                let (Some(low), Some(high)) = (tuples.first(), tuples.last()) else {
                    return false;
                };
                let first = trace.partition_point(|tuple| tuple < low);
                let mut within = trace[first..].iter().take_while(|tuple| *tuple <= high);
                within.any(|tuple| tuples.binary_search(tuple).is_ok())
            };
            probes[probe as usize].points.iter().all(has)
        };
        let leads = Leads {
            marks: &marks,
            probes_of: &probes_of,
            uses_of: &probes_of,
        };
        let persons = probes.iter().map(|probe| probe.person).collect();
        let mut search = Search::new(self.traces, persons);
        while search.round(&leads, &matches) {}
        search.alone()
    }
}

/// Where tuples lead.
struct Leads<'a> {
    /// The mark of each tuple.
    marks: &'a [AtomicU32],
    /// The probes that a person with a tuple of a mark may match: each probe at one mark at least that all who
    /// match it have.
    probes_of: &'a [Vec<u32>],
    /// The probes for which a mark is looked at.
    uses_of: &'a [Vec<u32>],
}

/// A search of all traces for whoever else matches probes, in rounds, each as long as all before: what they have
/// settled is not looked for any more.
struct Search<'a> {
    traces: &'a Traces,
    /// Whose each probe is.
    persons: Vec<u32>,
    found: Vec<AtomicBool>,
    /// The person that is looked at next.
    first: usize,
}

impl<'a> Search<'a> {
    fn new(traces: &'a Traces, persons: Vec<u32>) -> Self {
        Self {
            traces,
            found: persons.iter().map(|_| AtomicBool::new(false)).collect(),
            persons,
            first: 0,
        }
    }

    fn is_open(&self, probe: u32) -> bool {
        !self.found[probe as usize].load(Relaxed)
    }

    /// The persons of the next round.
    fn next(&self) -> Range<u32> {
        let end = self.first + self.first.max(ROUND);
        self.first as u32..end.min(self.traces.persons()) as u32
    }

    /// Whether nobody but the probe's own person matches it.
    fn alone(self) -> Vec<bool> {
        let found = self.found.into_iter();
        found.map(|found| !found.into_inner()).collect()
    }

    /// One more round; false where there is nothing left to look for. `matches` says of a probe and a person
    /// whether the person matches it; it is given for each mark who was last seen to have it.
    fn round(
        &mut self,
        leads: &Leads<'_>,
        matches: &(impl Fn(u32, u32, &[u32]) -> bool + Sync),
    ) -> bool {
        let persons = self.next();
        // A bit for each tuple says whether it leads anywhere: those fit where the marks would not.
        let leads_on: Vec<bool> = leads
            .uses_of
            .par_iter()
            .map(|probes| probes.iter().any(|probe| self.is_open(*probe)))
            .collect();
        let on = Marked::of(leads.marks.len(), |tuple| {
            match leads.marks[tuple].load(Relaxed) {
                NONE => false,
                mark => leads_on[mark as usize],
            }
        });
        if persons.is_empty() || on.is_empty() {
            return false;
        }
        let looked_at = persons.len();
        let look = |stamps: &mut Vec<u32>, met: &mut Vec<u32>, person: u32| {
            met.clear();
            let trace = self.traces.of(person as usize).iter();
            for tuple in trace.filter(|tuple| on.has(**tuple)) {
                let mark = leads.marks[*tuple as usize].load(Relaxed);
                if stamps[mark as usize] != person {
                    stamps[mark as usize] = person;
                    met.push(mark);
                }
            }
            for probe in met.iter().flat_map(|mark| &leads.probes_of[*mark as usize]) {
                let own = self.persons[*probe as usize] == person;
                if !own && self.is_open(*probe) && matches(*probe, person, stamps) {
                    self.found[*probe as usize].store(true, Relaxed);
                }
            }
        };
        let scratch = || (vec![NONE; leads.probes_of.len()], Vec::new());
        let persons = persons.into_par_iter().with_min_len(1 << 10);
        persons.for_each_init(scratch, |(stamps, met), person| look(stamps, met, person));
        self.first += looked_at;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::holders::Holders;
    use super::super::intern::{Distinct, Values};
    use super::super::layout::Layout;
    use super::super::traces::{Rows, Wanted};
    use super::others::Paying;
    use super::*;
    use crate::stats::Draws;
    use proptest::prelude::*;
    use std::sync::Arc;

    /// An hour, a cell of a grid (row, column), an item.
    type Point = (u32, (u32, u32), u32);

    const SIDE: u32 = 7;
    const HOURS: u32 = 12;
    const ITEMS: u32 = 2;

    fn numbers(numbers: impl Iterator<Item = i64>) -> Values {
        Values {
            null: false,
            distinct: Distinct::Numbers(numbers.collect()),
        }
    }

    fn values() -> [Values; 3] {
        let cells =
            (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (i64::from(y) << 32) + i64::from(x)));
        [
            numbers((0..HOURS).map(i64::from)),
            numbers(cells),
            numbers((0..ITEMS).map(i64::from)),
        ]
    }

    fn axes(again: Option<i64>) -> Vec<Axis> {
        let times = Times::Bins {
            width: 3_600,
            again,
        };
        vec![Axis::Time(times), Axis::Degrees(1.0), Axis::Names]
    }

    fn traces(persons: &[Vec<Point>]) -> Traces {
        let capacity = vec![HOURS, SIDE * SIDE, ITEMS];
        let layout = Arc::new(Layout::new(capacity.clone()));
        let mut rows = Rows::new(layout.clone());
        for (person, points) in (0u32..).zip(persons) {
            for (hour, (y, x), item) in points {
                let mut key = [0];
                for (attribute, code) in [*hour, y * SIDE + x, *item].into_iter().enumerate() {
                    layout.add(attribute, &[code], &mut key);
                }
                rows.push(&key, &[person], None);
            }
        }
        let orders: Vec<Vec<u32>> = capacity.iter().map(|n| (0..*n).collect()).collect();
        let own: Vec<u32> = (0..persons.len() as u32).collect();
        Traces::build(vec![rows], &orders, &own, persons.len(), Wanted::default())
    }

    fn generated() -> impl Strategy<Value = Vec<Vec<Point>>> {
        let point = (0..HOURS, (0..SIDE, 0..SIDE), 0..ITEMS);
        prop::collection::vec(prop::collection::vec(point, 1..12), 1..20)
    }

    fn points_of(moments: &Moments<'_>, tuple: u32) -> Point {
        let key = &moments.traces.keys[tuple as usize..][..1];
        let code = |attribute| moments.traces.layout.code(attribute, key);
        (code(0), (code(1) / SIDE, code(1) % SIDE), code(2))
    }

    proptest! {
        #[test]
        fn alone_at_a_level_is_alone_among_all(
            persons in generated(),
            hours in prop::sample::select(vec![1i64, 3, 4, 12]),
            level in 0u8..3,
            p in 1usize..4,
        ) {
            let (traces, axes, values) = (traces(&persons), axes(None), values());
            let moments = Moments::new(&traces, &axes, values.iter().collect());
            let at = moments.level(hours * 3_600, level).unwrap();
            let coarse = |(hour, (y, x), item): &Point| {
                (i64::from(*hour) / hours, y >> level, x >> level, *item)
            };
            let (mut probes, mut known) = (Vec::new(), Vec::new());
            for (person, points) in (0u32..).zip(&persons) {
                let mut own: Vec<_> = points.iter().map(coarse).collect();
                own.sort_unstable();
                own.dedup();
                let mine = at.points(&moments.of(person as usize));
                prop_assert_eq!(mine.len(), own.len());
                // The same points on both sides: what of a person's own points maps to each.
                let chosen: Vec<Known> = mine.iter().copied().take(p).collect();
                let theirs: Vec<_> = points
                    .iter()
                    .map(coarse)
                    .filter(|point| {
                        let tuple = traces.of(person as usize).iter().find(|tuple| {
                            coarse(&points_of(&moments, **tuple)) == *point
                        });
                        let bin = at.bins.partition_point(|bin| bin.end <= *tuple.unwrap());
                        let kind = at.kind[moments.what(*tuple.unwrap()) as usize];
                        chosen.contains(&(bin as u32, kind))
                    })
                    .collect();
                probes.push(Probe { person, points: chosen });
                known.push(theirs);
            }
            let expected: Vec<bool> = (0..persons.len())
                .map(|person| {
                    let others = (0..persons.len()).filter(|other| *other != person);
                    others.into_iter().all(|other| {
                        let theirs: Vec<_> = persons[other].iter().map(coarse).collect();
                        !known[person].iter().all(|point| theirs.contains(point))
                    })
                })
                .collect();
            let holders = Holders::of(&moments, level);
            // By a bit for each person for all points, for some, for none; with and without a look into traces.
            for (often, bits, one_trace) in [(64, 9, 64), (64, 2, 1), (3, 9, 1), (0, 9, 64), (0, 9, 0)] {
                let paying = Paying { often, bits, one_trace };
                prop_assert_eq!(&moments.alone_by(&at, &probes, &holders, paying), &expected);
            }
        }

        #[test]
        fn turned_round_in_any_parts_everybody_is_where_their_tuples_are(
            persons in generated(),
            level in 0u8..3,
            together in 1u64..40,
            at_a_time in 1u64..9,
        ) {
            let (traces, axes, values) = (traces(&persons), axes(None), values());
            let moments = Moments::new(&traces, &axes, values.iter().collect());
            let holders = Holders::turned(&moments, level, together, at_a_time);
            for (place, tuple) in (0u32..).zip(moments.side_by_side(level)) {
                let with = (0..persons.len() as u32).filter(|person| traces.of(*person as usize).contains(&tuple));
                prop_assert_eq!(holders.persons(&holders.at(place)), with.collect::<Vec<u32>>());
                prop_assert_eq!(holders.what(place), moments.what(tuple));
            }
        }

        #[test]
        fn what_may_be_is_near_and_the_point_is_among_it(
            persons in generated(),
            bins in 0i64..3,
            rings in 0u8..3,
            again in prop::sample::select(vec![None, Some(i64::from(HOURS))]),
        ) {
            let (traces, axes, values) = (traces(&persons), axes(again), values());
            let moments = Moments::new(&traces, &axes, values.iter().collect());
            let draws = Draws::new(1, "moments", "test");
            let noise = Noise { bins, rings };
            let apart = |a: u32, b: u32| i64::from(a.abs_diff(b));
            let mut probes = Vec::new();
            for person in 0..persons.len() as u32 {
                let mut trial = draws.trial(person.into());
                let trace = traces.of(person as usize);
                let points: Vec<Vec<u32>> = trace
                    .iter()
                    .take(2)
                    .map(|tuple| moments.around(*tuple, noise, &mut trial))
                    .collect();
                for (tuple, around) in trace.iter().zip(&points) {
                    prop_assert!(around.contains(tuple));
                    let (hour, (y, x), item) = points_of(&moments, *tuple);
                    for other in around {
                        let (other_hour, (other_y, other_x), other_item) = points_of(&moments, *other);
                        let hours = apart(hour, other_hour);
                        let hours = again.map_or(hours, |again| hours.min(again - hours));
                        // What is believed is as far from the truth as what may be is from what is believed.
                        prop_assert!(hours <= 2 * bins && item == other_item);
                        prop_assert!(apart(y, other_y).max(apart(x, other_x)) <= 2 * i64::from(rings));
                    }
                }
                probes.push(Probe { person, points });
            }
            let expected: Vec<bool> = probes
                .iter()
                .map(|probe| {
                    let others = (0..persons.len()).filter(|other| *other != probe.person as usize);
                    others.into_iter().all(|other| {
                        let trace = traces.of(other);
                        let has = |around: &Vec<u32>| around.iter().any(|tuple| trace.contains(tuple));
                        !probe.points.iter().all(has)
                    })
                })
                .collect();
            prop_assert_eq!(moments.alone_among(&probes), expected);
        }

        #[test]
        fn coarser_times_are_those_of_coarser_rows(persons in generated(), hours in 1u32..5) {
            let coarser: Vec<u32> = (0..HOURS).map(|hour| hour / hours).collect();
            let fine = traces(&persons).with_coarser_first(&coarser);
            prop_assert_eq!(traces(&persons).pairs_with_coarser_first(&coarser), fine.pairs());
            let told: Vec<Vec<Point>> = persons
                .iter()
                .map(|points| points.iter().map(|(hour, cell, item)| (hour / hours, *cell, *item)).collect())
                .collect();
            let told = traces(&told);
            prop_assert_eq!(&fine.support, &told.support);
            for person in 0..persons.len() {
                prop_assert_eq!(fine.of(person), told.of(person));
            }
        }
    }
}
