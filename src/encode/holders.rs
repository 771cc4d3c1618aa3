//! Who has which tuple: the traces turned round.
//!
//! Memory: 4 bytes a (person, tuple) pair and 12 a distinct tuple; while it is built 4 bytes more a distinct tuple,
//! and 4 a person and thread.

use std::ops::Range;

use rayon::prelude::*;

use super::moments::Moments;
use super::traces::Traces;

/// The persons of each tuple, ascending; the tuples in an order in which those of one time that are alike by
/// coarser cells are side by side.
pub struct Holders {
    order: Vec<u32>,
    /// Where the persons of each tuple of the order begin; one more than tuples.
    starts: Vec<u64>,
    persons: Vec<u32>,
}

/// Pairs whose persons are filled in together: they fit into the processor's outer cache, and each person still
/// has some of them.
const TOGETHER: u64 = 1 << 21;

impl Holders {
    /// For cells up to so many levels coarser.
    pub fn of(moments: &Moments<'_>, levels: u8) -> Self {
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
        let blocks = blocks(&order, &starts);
        let mut persons = vec![0; starts[order.len()] as usize];
        let mut rest = persons.as_mut_slice();
        let a_thread = blocks.len().div_ceil(rayon::current_num_threads()).max(1);
        let mut parts = Vec::new();
        for blocks in blocks.chunks(a_thread) {
            let room: u64 = blocks.iter().map(|block| pairs(&starts, block)).sum();
            let (part, after) = std::mem::take(&mut rest).split_at_mut(room as usize);
            parts.push((blocks, part));
            rest = after;
        }
        let parts = parts.into_par_iter();
        parts.for_each(|(blocks, part)| fill(traces, &starts, &places, blocks, part));
        Self {
            order,
            starts,
            persons,
        }
    }

    /// The tuple at a place of the order.
    pub fn tuple(&self, place: u32) -> u32 {
        self.order[place as usize]
    }

    /// The persons of the tuples at a range of places, those of each tuple in turn.
    pub fn having(&self, places: &Range<u32>) -> &[u32] {
        let start = |place: u32| self.starts[place as usize] as usize;
        &self.persons[start(places.start)..start(places.end)]
    }
}

fn pairs(starts: &[u64], places: &Range<u32>) -> u64 {
    starts[places.end as usize] - starts[places.start as usize]
}

/// Parts of the order that are ranges of tuples, too.
fn blocks(order: &[u32], starts: &[u64]) -> Vec<Range<u32>> {
    let (mut blocks, mut first, mut greatest) = (Vec::new(), 0, 0);
    for (end, tuple) in (1u32..).zip(order) {
        greatest = greatest.max(*tuple);
        let block = first..end;
        let is_last = end as usize == order.len();
        if is_last || greatest < end && pairs(starts, &block) >= TOGETHER {
            blocks.push(block);
            first = end;
        }
    }
    blocks
}

/// Fills in the persons of some blocks, one block at a time: person by person, each going on in the trace from
/// where the last block ended.
fn fill(
    traces: &Traces,
    starts: &[u64],
    places: &[u32],
    blocks: &[Range<u32>],
    mut part: &mut [u32],
) {
    let begin = |person| {
        traces
            .of(person)
            .partition_point(|tuple| *tuple < blocks[0].start) as u32
    };
    let mut begun: Vec<u32> = (0..traces.persons()).map(begin).collect();
    for block in blocks {
        let room = pairs(starts, block) as usize;
        let (mine, rest) = std::mem::take(&mut part).split_at_mut(room);
        part = rest;
        let first = starts[block.start as usize];
        let next = starts[block.start as usize..block.end as usize].iter();
        let mut next: Vec<u64> = next.map(|start| start - first).collect();
        for (person, begun) in (0u32..).zip(&mut begun) {
            let trace = &traces.of(person as usize)[*begun as usize..];
            for tuple in trace.iter().take_while(|tuple| **tuple < block.end) {
                let slot = &mut next[(places[*tuple as usize] - block.start) as usize];
                mine[*slot as usize] = person;
                *slot += 1;
                *begun += 1;
            }
        }
    }
}
