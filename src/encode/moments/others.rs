//! Whether anybody else has the points that are known of a person, as they are at a level.
//!
//! Memory: while they are looked for at most 16 bytes a tuple, 2 a pair of person and tuple, and for each thread a
//! quarter of a byte a person and 4 for each person of a point.

use std::cmp::Reverse;
use std::ops::Range;

use rayon::prelude::*;

use super::super::holders::Holders;
use super::super::traces::Traces;
use super::{Known, Level, Moments, NONE, Probe};

/// When it pays to look for others in one way or another.
#[derive(Clone, Copy)]
pub(super) struct Paying {
    /// A point that one of so many persons has is worth a bit for each person.
    pub often: usize,
    /// Bytes of such bits for each pair of person and tuple, at most.
    pub bits: usize,
    /// Persons that are passed over in the time that it takes to look into one trace.
    pub one_trace: u64,
}

pub(super) const PAYING: Paying = Paying {
    often: 256,
    bits: 2,
    one_trace: 64,
};
/// Words of bits that are gone through at a time.
const WORDS: usize = 64;
/// Probes that one thread answers in turn.
const TOGETHER: usize = 128;

impl Moments<'_> {
    /// Whether nobody else has all points of each probe, as they are at a level.
    pub fn alone(&self, level: &Level, probes: &[Probe<Known>], holders: &Holders) -> Vec<bool> {
        self.alone_by(level, probes, holders, PAYING)
    }

    pub(super) fn alone_by(
        &self,
        level: &Level,
        probes: &[Probe<Known>],
        holders: &Holders,
        paying: Paying,
    ) -> Vec<bool> {
        let mut wanted: Vec<Known> = probes
            .iter()
            .flat_map(|probe| &probe.points)
            .copied()
            .collect();
        wanted.par_sort_unstable();
        wanted.dedup();
        let found = self.found(level, &wanted, holders);
        let points = Points {
            moments: self,
            level,
            holders,
            often: Often::new(&found, holders, self.traces, paying),
            found,
            wanted,
            paying,
        };
        // Probes that share a point follow each other.
        let slots = probes
            .par_iter()
            .map(|probe| points.rarest_first(&probe.points));
        let mut asked: Vec<(Vec<u32>, u32)> = slots.zip(0..probes.len() as u32).collect();
        asked.par_sort_unstable_by_key(|(slots, probe)| (slots.get(1).copied(), *probe));
        let parts = asked.par_chunks(TOGETHER).map(|asked| {
            let mut others = Others::new(&points);
            let alone = |(slots, probe): &(Vec<u32>, u32)| {
                let person = probes[*probe as usize].person;
                (*probe, !others.have(slots, person))
            };
            asked.iter().map(alone).collect::<Vec<_>>()
        });
        let parts: Vec<Vec<(u32, bool)>> = parts.collect();
        let mut alone = vec![false; probes.len()];
        for (probe, is) in parts.into_iter().flatten() {
            alone[probe as usize] = is;
        }
        alone
    }

    /// Where the tuples of each of the wanted points are.
    fn found(&self, level: &Level, wanted: &[Known], holders: &Holders) -> Found {
        let of_bins: Vec<&[Known]> = wanted.chunk_by(|a, b| a.0 == b.0).collect();
        let of_bins: Vec<Found> = of_bins
            .into_par_iter()
            .map_init(
                || vec![NONE; level.kinds],
                |slots, points| {
                    for (at, (_, kind)) in (0u32..).zip(points) {
                        slots[*kind as usize] = at;
                    }
                    let mut runs: Vec<(u32, Range<u64>)> = Vec::new();
                    for place in level.bins[points[0].0 as usize].clone() {
                        let slot = slots[level.kind[holders.what(place) as usize] as usize];
                        if slot == NONE {
                            continue;
                        }
                        let at = holders.at(place);
                        match runs.last_mut() {
                            Some((last, run)) if *last == slot && run.end == at.start => {
                                run.end = at.end;
                            }
                            _ => runs.push((slot, at)),
                        }
                    }
                    points
                        .iter()
                        .for_each(|(_, kind)| slots[*kind as usize] = NONE);
                    Found::new(points.len(), &runs)
                },
            )
            .collect();
        let mut all = Found {
            starts: vec![0],
            pairs: Vec::with_capacity(wanted.len()),
            runs: Vec::with_capacity(of_bins.iter().map(|found| found.runs.len()).sum()),
        };
        for found in of_bins {
            let before = all.runs.len() as u32;
            all.starts
                .extend(found.starts[1..].iter().map(|start| before + start));
            all.pairs.extend(found.pairs);
            all.runs.extend(found.runs);
        }
        all
    }
}

/// Where the persons of some points are among the holders, one point after the other.
struct Found {
    /// Where the runs of each point begin; one more than points.
    starts: Vec<u32>,
    /// The pairs with the tuples of each point: a person with several of them counts several times, for it only
    /// says where to look.
    pairs: Vec<u64>,
    runs: Vec<Range<u64>>,
}

impl Found {
    /// From the runs and the point of each.
    fn new(points: usize, of_points: &[(u32, Range<u64>)]) -> Self {
        let (mut starts, mut pairs) = (vec![0; points + 1], vec![0; points]);
        for (point, run) in of_points {
            starts[*point as usize + 1] += 1;
            pairs[*point as usize] += run.end - run.start;
        }
        for point in 0..points {
            starts[point + 1] += starts[point];
        }
        let mut fill = starts.clone();
        let mut runs = vec![0..0; of_points.len()];
        for (point, run) in of_points {
            let slot = &mut fill[*point as usize];
            runs[*slot as usize] = run.clone();
            *slot += 1;
        }
        Self {
            starts,
            pairs,
            runs,
        }
    }

    /// By what points are ordered: those that fewer have come first.
    fn rarity(&self, point: u32) -> (u64, u32) {
        (self.pairs[point as usize], point)
    }

    /// Where those who have a point are.
    fn runs(&self, point: u32) -> &[Range<u64>] {
        let start = |at: u32| self.starts[at as usize] as usize;
        &self.runs[start(point)..start(point + 1)]
    }
}

/// A bit for each person, for the points that most have.
struct Often {
    /// The row of bits of each point.
    rows: Vec<u32>,
    bits: Vec<u64>,
    /// Of a row.
    words: usize,
}

impl Often {
    fn new(found: &Found, holders: &Holders, traces: &Traces, paying: Paying) -> Self {
        let words = traces.persons().div_ceil(64);
        let worth = |point: &u32| {
            let pairs = found.pairs[*point as usize] as usize;
            pairs * paying.often >= traces.persons()
        };
        let mut often: Vec<u32> = (0..found.pairs.len() as u32).filter(worth).collect();
        often.sort_unstable_by_key(|point| Reverse(found.rarity(*point)));
        often.truncate(traces.pairs() as usize * paying.bits / (8 * words.max(1)));
        let mut rows = vec![NONE; found.pairs.len()];
        for (row, point) in (0u32..).zip(&often) {
            rows[*point as usize] = row;
        }
        let mut bits = vec![0u64; often.len() * words];
        let each = bits.par_chunks_mut(words.max(1)).zip(often);
        each.for_each(|(bits, point)| {
            let runs = found.runs(point).iter();
            for person in runs.flat_map(|run| holders.persons(run)) {
                bits[*person as usize / 64] |= 1 << (person % 64);
            }
        });
        Self { rows, bits, words }
    }

    /// The bits of a point; `None` where few have it.
    fn row(&self, point: u32) -> Option<&[u64]> {
        match self.rows[point as usize] {
            NONE => None,
            row => Some(&self.bits[row as usize * self.words..][..self.words]),
        }
    }
}

/// Whether anybody but `person` has a bit in each of the rows.
fn is_in_all(rows: &[&[u64]], person: u32) -> bool {
    let own = person as usize / 64;
    let mut all = [0; WORDS];
    let words = rows[0].len();
    (0..words).step_by(WORDS).any(|first| {
        let end = (first + WORDS).min(words);
        let all = &mut all[..end - first];
        all.copy_from_slice(&rows[0][first..end]);
        for row in &rows[1..] {
            let both = all.iter_mut().zip(&row[first..end]);
            both.for_each(|(all, row)| *all &= row);
        }
        if (first..end).contains(&own) {
            all[own - first] &= !(1 << (person % 64));
        }
        all.iter().fold(0, |any, word| any | word) != 0
    })
}

/// The points that the probes at a level ask for, ascending, each once.
struct Points<'a> {
    moments: &'a Moments<'a>,
    level: &'a Level,
    holders: &'a Holders,
    wanted: Vec<Known>,
    found: Found,
    often: Often,
    paying: Paying,
}

impl Points<'_> {
    /// Where the points of a probe are, in the order of how many have them.
    fn rarest_first(&self, points: &[Known]) -> Vec<u32> {
        let slot = |point: &Known| {
            let at = self.wanted.binary_search(point);
            at.expect("it is wanted") as u32
        };
        let mut slots: Vec<u32> = points.iter().map(slot).collect();
        slots.sort_unstable_by_key(|slot| self.found.rarity(*slot));
        slots
    }

    /// Those who have a point, in runs.
    fn having(&self, slot: u32) -> impl Iterator<Item = &[u32]> {
        let runs = self.found.runs(slot).iter();
        runs.map(|run| self.holders.persons(run))
    }

    fn has(&self, person: u32, slot: u32) -> bool {
        let (bin, kind) = self.wanted[slot as usize];
        let (bin, trace) = (
            &self.level.bins[bin as usize],
            self.moments.traces.of(person as usize),
        );
        let first = trace.partition_point(|tuple| *tuple < bin.start);
        let mut within = trace[first..].iter().take_while(|tuple| **tuple < bin.end);
        within.any(|tuple| self.level.kind[self.moments.what[*tuple as usize] as usize] == kind)
    }
}

/// Looks for others who have points, one probe after the other.
struct Others<'a> {
    points: &'a Points<'a>,
    /// A bit for each person who has the point that is marked.
    bits: Vec<u64>,
    marked: Option<u32>,
    /// A bit for each person who is left of a probe, all 0 before and after.
    left: Vec<u64>,
    /// Those who have a point: copied first, memory brings many at a time.
    copied: Vec<u32>,
}

impl<'a> Others<'a> {
    fn new(points: &'a Points<'a>) -> Self {
        let words = points.moments.traces.persons().div_ceil(64);
        Self {
            points,
            bits: vec![0; words],
            marked: None,
            left: vec![0; words],
            copied: Vec::new(),
        }
    }

    /// Whether anybody but a person has all of some points, the rarest first.
    fn have(&mut self, slots: &[u32], person: u32) -> bool {
        let points = self.points;
        let few = slots.partition_point(|slot| points.often.row(*slot).is_none());
        let rows = slots[few..]
            .iter()
            .filter_map(|slot| points.often.row(*slot));
        let rows: Vec<&[u64]> = rows.collect();
        let Some((rarest, slots)) = slots[..few].split_first() else {
            return is_in_all(&rows, person);
        };
        let Some((second, slots)) = slots.split_first() else {
            self.copy(*rarest);
            let is_left =
                |other: &u32| *other != person && rows.iter().all(|row| is_in(row, *other));
            return self.copied.iter().any(is_left);
        };
        self.mark(*second);
        self.copy(*rarest);
        let is_left = |other: &&u32| {
            let (bits, other) = (&self.bits, **other);
            is_in(bits, other) && other != person && rows.iter().all(|row| is_in(row, other))
        };
        let mut others = self.copied.iter().filter(is_left);
        if slots.is_empty() {
            return others.next().is_some();
        }
        let mut left: Vec<u32> = others.copied().collect();
        for (at, slot) in slots.iter().enumerate() {
            if left.len() as u64 * points.paying.one_trace < points.found.pairs[*slot as usize] {
                let has = |other: &u32| slots[at..].iter().all(|slot| points.has(*other, *slot));
                return left.iter().any(has);
            }
            for other in &left {
                self.left[*other as usize / 64] |= 1 << (other % 64);
            }
            self.copy(*slot);
            let have = self.copied.iter().copied();
            let have = have.filter(|other| is_in(&self.left, *other)).collect();
            left.iter()
                .for_each(|other| self.left[*other as usize / 64] = 0);
            left = have;
        }
        !left.is_empty()
    }

    fn copy(&mut self, slot: u32) {
        self.copied.clear();
        for run in self.points.having(slot) {
            self.copied.extend_from_slice(run);
        }
    }

    /// Marks those who have a point.
    fn mark(&mut self, slot: u32) {
        if self.marked == Some(slot) {
            return;
        }
        match self.marked {
            Some(last) if self.points.found.pairs[last as usize] < self.bits.len() as u64 / 8 => {
                for other in self.points.having(last).flatten() {
                    self.bits[*other as usize / 64] = 0;
                }
            }
            _ => self.bits.fill(0),
        }
        self.copy(slot);
        for other in &self.copied {
            self.bits[*other as usize / 64] |= 1 << (other % 64);
        }
        self.marked = Some(slot);
    }
}

fn is_in(bits: &[u64], person: u32) -> bool {
    bits[person as usize / 64] >> (person % 64) & 1 == 1
}
