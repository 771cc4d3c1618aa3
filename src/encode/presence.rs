//! The traces behind the counts of flows, in the cells of the flows: who was counted where and when.
//!
//! Memory: for each person and cell 8 bytes, 16 where rows have amounts; 8 for each cell anybody was in.

use crate::language::Said;
use crate::said;
use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::flows::Flows;
use super::frame::Frame;
use super::register::merged;
use super::trails::Trails;
use super::visits::Clock;

#[derive(Debug)]
pub struct Presence {
    /// The cells of the frame that anybody was in, ascending.
    pub cells: Vec<u32>,
    /// Where among the cells of the flows each of them is; `None` where it is not published at all.
    pub published: Vec<Option<u32>>,
    /// Persons and one more: where each person's cells begin.
    offsets: Vec<u64>,
    of: Vec<u32>,
    rows: Vec<u32>,
    /// Nothing where rows have no amounts.
    amounts: Vec<f64>,
    /// Rows at no place or time of the flows.
    pub rows_apart: u64,
}

/// A person's rows in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stay {
    cell: u32,
    rows: u32,
    amount: f64,
}

impl Presence {
    /// The rows of traces in the cells of a frame; dates are those of `zone`.
    ///
    /// # Errors
    /// In plain words, why rows and cells cannot be brought together.
    pub fn new(
        flows: &Flows,
        frame: &Frame,
        trails: &Trails,
        zone: Option<&TimeZone>,
    ) -> Result<Self, Said> {
        let visits = &trails.visits;
        let timed = !frame.begins.contains(&i64::MIN);
        if timed && !visits.in_order() {
            return Err(said!(
                "the traces have no times, the counts have",
                "die Spuren haben keine Zeiten, die Zählwerte schon"
            ));
        }
        if timed && visits.is_binned() != frame.is_binned {
            return Err(said!(
                "times are numbers on one side and moments on the other",
                "Zeiten sind auf der einen Seite Zahlen, auf der anderen Zeitpunkte"
            ));
        }
        if timed && !frame.of_days && !frame.is_binned && !visits.on_a_clock {
            return Err(said!(
                "the traces have dates, the counts are of hours",
                "die Spuren haben Tage, die Zählwerte gelten für Stunden"
            ));
        }
        let (values, of_feature) = trails.features.place_values().ok_or(said!(
            "the traces have no places",
            "die Spuren haben keine Orte"
        ))?;
        let mut place = vec![None; values.len()];
        let (joined, mine, theirs) = merged(frame.values(flows), values);
        let mut back = vec![None; joined.len()];
        for (code, at) in (0u32..).zip(mine) {
            back[at as usize] = (!frame.is_whole(code)).then_some(code);
        }
        for (place, at) in place.iter_mut().zip(theirs) {
            *place = back[at as usize];
        }
        let amounts = trails.features.amounts()?;
        let local = frame.of_days && visits.on_a_clock;
        let stays = |clock: &mut Clock, person: usize| -> (Vec<Stay>, u64) {
            let mut times = visits.times(person);
            let (mut stays, mut apart) = (Vec::new(), 0);
            for feature in visits.of(person) {
                let moment = match (times.next(), timed) {
                    (Some(moment), true) if local => clock.local(moment),
                    (Some(moment), true) => moment,
                    _ => i64::MIN,
                };
                let at = frame.bin(moment);
                let place = place[of_feature[*feature as usize] as usize];
                let (Some(bin), Some(place)) = (at, place) else {
                    apart += 1;
                    continue;
                };
                stays.push(Stay {
                    cell: frame.cell(bin, place),
                    rows: 1,
                    amount: amounts
                        .as_ref()
                        .map_or(0.0, |amounts| amounts[*feature as usize]),
                });
            }
            (together(stays), apart)
        };
        let all: Vec<(Vec<Stay>, u64)> = (0..visits.persons())
            .into_par_iter()
            .map_init(|| Clock::new(zone), stays)
            .collect();
        Ok(Self::gather(flows, frame, all, amounts.is_some()))
    }

    fn gather(flows: &Flows, frame: &Frame, all: Vec<(Vec<Stay>, u64)>, amounts: bool) -> Self {
        let stays = || all.par_iter().flat_map_iter(|(stays, _)| stays);
        let mut cells: Vec<u32> = stays().map(|stay| stay.cell).collect();
        cells.par_sort_unstable();
        cells.dedup();
        let published = cells
            .par_iter()
            .map(|cell| frame.find(flows, *cell).map(|at| at as u32))
            .collect();
        let find = |stay: &Stay| cells.binary_search(&stay.cell).expect("it was put in") as u32;
        let mut offsets = vec![0];
        offsets.extend(all.iter().scan(0, |end, (stays, _)| {
            *end += stays.len() as u64;
            Some(*end)
        }));
        Self {
            published,
            offsets,
            of: stays().map(find).collect(),
            rows: stays().map(|stay| stay.rows).collect(),
            amounts: match amounts {
                true => stays().map(|stay| stay.amount).collect(),
                false => Vec::new(),
            },
            rows_apart: all.iter().map(|(_, apart)| apart).sum(),
            cells,
        }
    }

    pub fn persons(&self) -> usize {
        self.offsets.len() - 1
    }

    fn range(&self, person: usize) -> std::ops::Range<usize> {
        self.offsets[person] as usize..self.offsets[person + 1] as usize
    }

    /// The cells a person was in, ascending, as places among `cells`.
    pub fn of(&self, person: usize) -> &[u32] {
        &self.of[self.range(person)]
    }

    /// What each person adds to each of their cells: their rows, or the sums of their amounts where rows have
    /// some.
    pub fn contributions(&self, person: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        let range = self.range(person);
        range.map(|at| {
            let contribution = match self.amounts.get(at) {
                Some(amount) => *amount,
                None => f64::from(self.rows[at]),
            };
            (self.of[at], contribution)
        })
    }

    pub fn has_amounts(&self) -> bool {
        !self.amounts.is_empty()
    }

    /// All rows of persons in cells.
    pub fn rows(&self) -> u64 {
        self.rows.par_iter().map(|rows| u64::from(*rows)).sum()
    }

    /// How many persons were in each of `cells`.
    pub fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.cells.len()];
        self.of.iter().for_each(|cell| counts[*cell as usize] += 1);
        counts
    }
}

/// Stays by cell, one a cell.
fn together(mut stays: Vec<Stay>) -> Vec<Stay> {
    stays.sort_by_key(|stay| stay.cell);
    let same = stays.chunk_by(|a, b| a.cell == b.cell);
    same.map(|same| Stay {
        cell: same[0].cell,
        rows: same.len() as u32,
        amount: same.iter().map(|stay| stay.amount).sum(),
    })
    .collect()
}
