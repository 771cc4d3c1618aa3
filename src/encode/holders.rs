//! Who has which tuple: the traces turned round.
//!
//! Memory: 4 bytes a (person, tuple) pair and 12 a distinct tuple; while it is built 8 bytes more a distinct tuple,
//! one byte a pair, and 4 a person and thread.

use std::ops::Range;

use rayon::prelude::*;

use super::moments::Moments;
use super::parts::parted;
use super::traces::Traces;

/// The persons of each tuple, ascending; the tuples in an order in which those of one time that are alike by
/// coarser cells are side by side.
pub struct Holders {
    /// What each tuple of the order says besides its time.
    whats: Vec<u32>,
    /// Where the persons of each tuple of the order begin; one more than tuples.
    starts: Vec<u64>,
    persons: Vec<u32>,
}

/// Pairs that are turned round together, at most and at least: a part of them for each thread.
const TOGETHER: Range<u64> = 1 << 18..1 << 23;
/// Pairs whose persons are written at a time: they fit into the processor's inner cache.
const AT_A_TIME: u64 = 1 << 17;

impl Holders {
    /// For cells up to so many levels coarser.
    pub fn of(moments: &Moments<'_>, levels: u8) -> Self {
        let a_thread = moments.traces.pairs() / (8 * rayon::current_num_threads() as u64);
        let together = a_thread.clamp(TOGETHER.start, TOGETHER.end);
        Self::turned(moments, levels, together, AT_A_TIME)
    }

    /// So many pairs together, and of them so many at a time.
    pub(super) fn turned(moments: &Moments<'_>, levels: u8, together: u64, at_a_time: u64) -> Self {
        let traces = moments.traces;
        let order = moments.side_by_side(levels);
        let mut places = vec![0; order.len()];
        for (place, tuple) in (0u32..).zip(&order) {
            places[*tuple as usize] = place;
        }
        let mut starts = vec![0u64; order.len() + 1];
        for (at, tuple) in order.iter().enumerate() {
            starts[at + 1] = starts[at] + u64::from(traces.support[*tuple as usize]);
        }
        let blocks = blocks(&order, &starts, together);
        let whats = order
            .into_par_iter()
            .map(|tuple| moments.what(tuple))
            .collect();
        let mut persons = vec![0; traces.pairs() as usize];
        let a_thread = blocks.len().div_ceil(rayon::current_num_threads()).max(1);
        let room = |block: &Range<u32>| pairs(&starts, block) as usize;
        let threads = blocks.chunks(a_thread);
        let rooms = threads.clone();
        let rooms = rooms.map(|blocks| blocks.iter().map(room).sum());
        let parts: Vec<_> = threads.zip(parted(&mut persons, rooms)).collect();
        parts.into_par_iter().for_each(|(blocks, part)| {
            let mut turning = Turning::new(traces, &starts, &places, blocks[0].start);
            let parts = parted(part, blocks.iter().map(room));
            for (block, mine) in blocks.iter().zip(parts) {
                match mine.len() as u64 > 2 * together {
                    true => turning.at_once(block, mine),
                    false => turning.by_parts(block, mine, at_a_time),
                }
            }
        });
        Self {
            whats,
            starts,
            persons,
        }
    }

    /// What the tuple at a place of the order says besides its time.
    pub fn what(&self, place: u32) -> u32 {
        self.whats[place as usize]
    }

    /// Where the persons of the tuple at a place of the order are.
    pub fn at(&self, place: u32) -> Range<u64> {
        self.starts[place as usize]..self.starts[place as usize + 1]
    }

    /// The persons at a range, those of each tuple in turn.
    pub fn persons(&self, range: &Range<u64>) -> &[u32] {
        &self.persons[range.start as usize..range.end as usize]
    }
}

fn pairs(starts: &[u64], places: &Range<u32>) -> u64 {
    starts[places.end as usize] - starts[places.start as usize]
}

/// Parts of the order that are ranges of tuples, too.
fn blocks(order: &[u32], starts: &[u64], together: u64) -> Vec<Range<u32>> {
    let (mut blocks, mut first, mut greatest) = (Vec::new(), 0, 0);
    for (end, tuple) in (1u32..).zip(order) {
        greatest = greatest.max(*tuple);
        let block = first..end;
        let is_last = end as usize == order.len();
        if is_last || greatest < end && pairs(starts, &block) >= together {
            blocks.push(block);
            first = end;
        }
    }
    blocks
}

/// One thread's part in turning traces round: block by block, and in each person by person, who goes on in the
/// trace from where the last block ended.
struct Turning<'a> {
    traces: &'a Traces,
    starts: &'a [u64],
    /// Where in the order each tuple is.
    places: &'a [u32],
    begun: Vec<u32>,
    /// The pairs of a block as tuple and person, those of one part of it side by side.
    parted: Vec<(u32, u32)>,
}

impl<'a> Turning<'a> {
    fn new(traces: &'a Traces, starts: &'a [u64], places: &'a [u32], first: u32) -> Self {
        let begin = |person| traces.of(person).partition_point(|tuple| *tuple < first) as u32;
        Self {
            traces,
            starts,
            places,
            begun: (0..traces.persons()).map(begin).collect(),
            parted: Vec::new(),
        }
    }

    /// Each pair of a block, persons ascending.
    fn for_each(&mut self, block: &Range<u32>, mut pair: impl FnMut(u32, u32)) {
        for (person, begun) in (0u32..).zip(&mut self.begun) {
            let trace = &self.traces.of(person as usize)[*begun as usize..];
            for tuple in trace.iter().take_while(|tuple| **tuple < block.end) {
                pair(*tuple, person);
                *begun += 1;
            }
        }
    }

    /// Writes the persons of a block where they belong: one that is too large to be parted, for all is of one time.
    fn at_once(&mut self, block: &Range<u32>, mine: &mut [u32]) {
        let mut slots = Slots::new(self.starts, self.places, block, mine);
        self.for_each(block, |tuple, person| slots.write(tuple, person));
    }

    /// The same by parts, each of which fits into the cache.
    fn by_parts(&mut self, block: &Range<u32>, mine: &mut [u32], at_a_time: u64) {
        let mut parted = std::mem::take(&mut self.parted);
        parted.clear();
        parted.resize(mine.len(), (0, 0));
        // Equal ranges of tuples: what part a tuple is in is a shift.
        let parts = (mine.len() as u64).div_ceil(at_a_time).max(1);
        let shift = (block.len() as u64)
            .div_ceil(parts)
            .next_power_of_two()
            .ilog2();
        let support = &self.traces.support[block.start as usize..block.end as usize];
        let mut next = 0;
        let start = |part: &[u32]| {
            let start = next;
            next += part.iter().map(|support| *support as usize).sum::<usize>();
            start
        };
        let mut fill: Vec<usize> = support.chunks(1 << shift).map(start).collect();
        self.for_each(block, |tuple, person| {
            let slot = &mut fill[((tuple - block.start) >> shift) as usize];
            parted[*slot] = (tuple, person);
            *slot += 1;
        });
        let mut slots = Slots::new(self.starts, self.places, block, mine);
        for (tuple, person) in &parted {
            slots.write(*tuple, *person);
        }
        self.parted = parted;
    }
}

/// Where the persons of a block go.
struct Slots<'a> {
    places: &'a [u32],
    /// The first place of the block.
    first: u32,
    /// Where the next person of each place goes.
    next: Vec<u64>,
    persons: &'a mut [u32],
}

impl<'a> Slots<'a> {
    fn new(starts: &[u64], places: &'a [u32], block: &Range<u32>, persons: &'a mut [u32]) -> Self {
        let starts = &starts[block.start as usize..block.end as usize];
        let next = starts.iter().map(|start| start - starts[0]);
        Self {
            places,
            first: block.start,
            next: next.collect(),
            persons,
        }
    }

    fn write(&mut self, tuple: u32, person: u32) {
        let slot = &mut self.next[(self.places[tuple as usize] - self.first) as usize];
        self.persons[*slot as usize] = person;
        *slot += 1;
    }
}
