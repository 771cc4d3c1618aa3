//! The rows of each person put where they belong while they are read.
//!
//! They are read twice: first how many each person has, then each to its seat. So nothing is held but what is kept.
//!
//! Memory: 8 bytes a row, and 12 a person for as long as rows are put.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering::Relaxed};

use arrow::array::ArrayRef;
use rayon::prelude::*;

use super::column::whole_numbers;
use super::parts::parted;
use super::visits::{Scale, Visits};

/// The decoded column of the time, and what a stored time is in seconds.
type Time = Option<(usize, Scale)>;

/// How many rows each person has, and the earliest time of all rows: from the first reading.
pub struct Turnout {
    time: Time,
    /// Rows by the code of the person, in blocks that are made when they are needed.
    rows: Vec<OnceLock<Box<[AtomicU32]>>>,
    earliest: AtomicI64,
}

/// Persons of a block.
const BLOCK: usize = 1 << 16;

impl Turnout {
    pub fn new(time: Time) -> Self {
        Self {
            time,
            rows: (0..=u32::MAX as usize / BLOCK)
                .map(|_| OnceLock::new())
                .collect(),
            earliest: AtomicI64::new(i64::MAX),
        }
    }

    /// Adds the rows whose person is not null.
    pub fn add(&self, arrays: &[ArrayRef], persons: &[u32], null: Option<u32>) {
        for run in persons
            .chunk_by(|a, b| a == b)
            .filter(|run| Some(run[0]) != null)
        {
            let person = run[0] as usize;
            let block = self.rows[person / BLOCK]
                .get_or_init(|| (0..BLOCK).map(|_| AtomicU32::new(0)).collect());
            block[person % BLOCK].fetch_add(run.len() as u32, Relaxed);
        }
        if let Some((time, scale)) = self.time {
            let rows = seconds(arrays, time, scale).into_iter().zip(persons);
            let rows = rows.filter(|(_, person)| Some(**person) != null);
            if let Some(earliest) = rows.map(|(second, _)| second).min() {
                self.earliest.fetch_min(earliest, Relaxed);
            }
        }
    }

    fn of(&self, person: usize) -> u32 {
        let block = self.rows[person / BLOCK].get();
        block.map_or(0, |block| block[person % BLOCK].load(Relaxed))
    }
}

fn seconds(arrays: &[ArrayRef], time: usize, scale: Scale) -> Vec<i64> {
    let mut times = Vec::with_capacity(arrays[time].len());
    whole_numbers(&arrays[time], &mut times);
    times
        .iter_mut()
        .for_each(|time| *time = scale.seconds(*time));
    times
}

/// A seat for each row of each person.
pub struct Seats {
    time: Time,
    /// Where the seats of each person begin, by the code of the person; one more than codes.
    offsets: Vec<u64>,
    /// How many seats of each person are taken.
    taken: Vec<AtomicU32>,
    spots: Vec<AtomicU32>,
    /// After the earliest time; none where the table has no times.
    seconds: Vec<AtomicU32>,
    earliest: i64,
}

fn fill(seats: &[AtomicU32], values: impl Iterator<Item = u32>) {
    let pairs = seats.iter().zip(values);
    pairs.for_each(|(seat, value)| seat.store(value, Relaxed));
}

/// The rows are others than at the first reading.
#[derive(Debug)]
pub struct Changed;

impl Seats {
    /// Where so many codes of persons were handed out.
    pub fn new(turnout: &Turnout, codes: usize) -> Self {
        let mut offsets = Vec::with_capacity(codes + 1);
        offsets.push(0);
        for person in 0..codes {
            offsets.push(offsets[person] + u64::from(turnout.of(person)));
        }
        let rows = offsets[codes] as usize;
        let empty = |count: usize| (0..count).map(|_| AtomicU32::new(0)).collect();
        Self {
            time: turnout.time,
            offsets,
            taken: empty(codes),
            spots: empty(rows),
            seconds: empty(if turnout.time.is_some() { rows } else { 0 }),
            earliest: turnout.earliest.load(Relaxed),
        }
    }

    /// Puts the rows whose person is not null. Null times were refused before, or are no part of the point: they
    /// count as the beginning.
    ///
    /// # Errors
    /// A person has more rows than were counted.
    pub fn put(
        &self,
        arrays: &[ArrayRef],
        persons: &[u32],
        spots: &[u32],
        null: Option<u32>,
    ) -> Result<(), Changed> {
        let seconds = self.time.map(|(time, scale)| seconds(arrays, time, scale));
        let mut row = 0;
        for run in persons.chunk_by(|a, b| a == b) {
            let rows = row..row + run.len();
            row = rows.end;
            if Some(run[0]) == null {
                continue;
            }
            let person = run[0] as usize;
            let taken = self.taken.get(person).ok_or(Changed)?;
            let taken = u64::from(taken.fetch_add(run.len() as u32, Relaxed));
            let first = self.offsets[person] + taken;
            if first + run.len() as u64 > self.offsets[person + 1] {
                return Err(Changed);
            }
            let seats = first as usize..first as usize + run.len();
            fill(
                &self.spots[seats.clone()],
                spots[rows.clone()].iter().copied(),
            );
            if let Some(seconds) = &seconds {
                // 136 years from the first row; what is later counts as that.
                let after =
                    |second: &i64| u32::try_from(second - self.earliest).unwrap_or(u32::MAX);
                fill(&self.seconds[seats], seconds[rows].iter().map(after));
            }
        }
        Ok(())
    }

    /// The rows of each person by time, then by place. `order` brings the codes of places into the order of values,
    /// `person_order` those of persons but null.
    ///
    /// # Errors
    /// A person has fewer rows than were counted.
    pub fn visits(
        self,
        order: &[u32],
        person_order: &[u32],
        null: Option<usize>,
        column: String,
    ) -> Result<Visits, Changed> {
        let lengths = self.offsets.windows(2).map(|pair| pair[1] - pair[0]);
        let taken = self
            .taken
            .iter()
            .map(|taken| u64::from(taken.load(Relaxed)));
        if !lengths.eq(taken) {
            return Err(Changed);
        }
        let own = |seats: Vec<AtomicU32>| -> Vec<u32> {
            seats.into_iter().map(AtomicU32::into_inner).collect()
        };
        let (mut spots, mut seconds) = (own(self.spots), own(self.seconds));
        spots
            .par_iter_mut()
            .for_each(|spot| *spot = order[*spot as usize]);
        let lengths = self.offsets.windows(2);
        let lengths: Vec<usize> = lengths.map(|pair| (pair[1] - pair[0]) as usize).collect();
        // Without times nobody has any.
        let timed = lengths.iter().map(|length| match self.time {
            Some(_) => *length,
            None => 0,
        });
        let times = parted(&mut seconds, timed);
        let parts = parted(&mut spots, lengths.iter().copied());
        let parts: Vec<_> = parts.into_iter().zip(times).collect();
        let sort = |keys: &mut Vec<u64>, (spots, seconds): (&mut [u32], &mut [u32])| {
            if seconds.is_empty() {
                spots.sort_unstable();
                return;
            }
            keys.clear();
            let visits = seconds.iter().zip(&*spots);
            keys.extend(visits.map(|(second, spot)| u64::from(*second) << 32 | u64::from(*spot)));
            keys.sort_unstable();
            for ((spot, second), key) in spots.iter_mut().zip(seconds).zip(keys) {
                (*spot, *second) = (*key as u32, (*key >> 32) as u32);
            }
        };
        let parts = parts.into_par_iter().with_min_len(1 << 8);
        parts.for_each_init(Vec::new, sort);
        let mut seats = vec![0; self.taken.len() - usize::from(null.is_some())];
        for (code, person) in (0u32..).zip(person_order) {
            if Some(code as usize) != null {
                seats[*person as usize] = code;
            }
        }
        Ok(Visits::new(
            self.offsets,
            seats,
            spots,
            seconds,
            self.time.map(|(_, scale)| (scale, self.earliest)),
            order.len(),
            column,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::super::visits::Seen;
    use super::*;
    use arrow::array::Int64Array;
    use proptest::prelude::*;
    use std::sync::Arc;

    const NULL: u32 = 2;

    /// A person, a place, a time.
    type Row = (u32, u32, i64);

    fn batch(rows: &[Row]) -> (Vec<ArrayRef>, Vec<u32>, Vec<u32>) {
        let times: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.2)));
        let (persons, spots) = rows.iter().map(|row| (row.0, row.1)).unzip();
        (vec![times], persons, spots)
    }

    proptest! {
        #[test]
        fn everybody_sits_where_visits_are_by_person_and_time(
            rows in prop::collection::vec((0u32..5, 0u32..4, -9i64..9), 0..40),
            batches in 1usize..9,
            is_timed in any::<bool>(),
        ) {
            let time = is_timed.then_some((0, Scale::PerSecond(2)));
            let (order, person_order) = ([2, 0, 3, 1], [1, 0, 0, 3, 2]);
            let turnout = Turnout::new(time);
            for rows in rows.chunks(batches) {
                let (arrays, persons, _) = batch(rows);
                turnout.add(&arrays, &persons, Some(NULL));
            }
            let seats = Seats::new(&turnout, 5);
            // In which order batches come says nothing.
            for rows in rows.chunks(batches).rev() {
                let (arrays, persons, spots) = batch(rows);
                seats.put(&arrays, &persons, &spots, Some(NULL)).unwrap();
            }
            let column = "place".to_owned();
            let visits = seats.visits(&order, &person_order, Some(NULL as usize), column.clone());
            let visits = visits.unwrap();
            let named = rows.iter().filter(|row| row.0 != NULL);
            let seen = Seen {
                persons: named.clone().map(|row| row.0).collect(),
                spots: named.clone().map(|row| row.1).collect(),
                times: named.filter(|_| is_timed).map(|row| row.2).collect(),
            };
            let scale = time.map(|(_, scale)| scale);
            let slow = Visits::build(vec![seen], &order, &person_order, 4, scale, column);
            prop_assert_eq!(visits.persons(), slow.persons());
            for person in 0..4 {
                prop_assert_eq!(visits.of(person), slow.of(person));
                prop_assert!(visits.times(person).eq(slow.times(person)));
            }
        }
    }

    #[test]
    fn rows_that_change_between_the_readings_are_noticed() {
        let (arrays, persons, spots) = batch(&[(0, 0, 5), (0, 1, 6), (1, 0, 7)]);
        let turnout = Turnout::new(None);
        turnout.add(&arrays, &persons, None);
        let seats = || Seats::new(&turnout, 2);
        let whole = seats();
        whole.put(&arrays, &persons, &spots, None).unwrap();
        whole.put(&arrays, &[1], &[0], None).unwrap_err();
        let unknown = seats();
        unknown.put(&arrays, &[2], &[0], None).unwrap_err();
        let short = seats();
        short.put(&arrays, &persons[..2], &spots, None).unwrap();
        let column = "place".to_owned();
        short.visits(&[0, 1], &[0, 1], None, column).unwrap_err();
    }
}
