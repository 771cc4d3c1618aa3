//! The rows of each person in the order of time: where they were (or what they bought or used, where the
//! table has no places) and when.
//!
//! Memory: 8 bytes a row and 12 a person.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::column::per_second;
use super::intern::{Distinct, Values};
use super::parts::parted;
use crate::release::TimeBin;
use crate::release::input::{Domain, InputColumn};

/// The rows of one unit of work.
#[derive(Default)]
pub struct Seen {
    pub persons: Vec<u32>,
    pub spots: Vec<u32>,
    pub times: Vec<i64>,
}

/// What stored times are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// So many to the second.
    PerSecond(i64),
    /// Days, so many to the day.
    PerDay(i64),
    /// An hour of the week, a day number: already binned, on no clock.
    Binned,
}

impl Scale {
    /// `None` for what is no time. `per_second` is that of the column's unit, where it has one.
    pub fn new(domain: Option<Domain>, per_second: Option<i64>) -> Option<Self> {
        match domain? {
            Domain::Timestamp => Some(Self::PerSecond(per_second?)),
            Domain::Date => Some(Self::PerDay(per_second.map_or(1, |units| 86_400 * units))),
            Domain::Integer => Some(Self::Binned),
            _ => None,
        }
    }

    /// That of a column.
    pub fn of(column: &InputColumn) -> Option<Self> {
        Self::new(column.domain, column.unit.map(per_second))
    }

    /// A stored time in seconds of the Unix epoch, or as it is where it is already binned.
    pub fn seconds(self, stored: i64) -> i64 {
        match self {
            Self::PerSecond(units) => stored.div_euclid(units),
            Self::PerDay(units) => stored.div_euclid(units) * 86_400,
            Self::Binned => stored,
        }
    }

    /// The seconds of all values but null; `None` where they are texts.
    pub fn all(self, values: &Values) -> Option<Vec<i64>> {
        match &values.distinct {
            Distinct::Numbers(numbers) => {
                let numbers = numbers.iter();
                Some(numbers.map(|stored| self.seconds(*stored)).collect())
            }
            Distinct::Bytes(_) => None,
        }
    }
}

/// The visits of each person, by time, then by place.
#[derive(Debug)]
pub struct Visits {
    /// Where the visits of each seat begin; one more than seats.
    offsets: Vec<u64>,
    /// The seat of each person.
    seats: Vec<u32>,
    spots: Vec<u32>,
    /// Seconds after `origin`; nothing where the table has no times.
    seconds: Vec<u32>,
    origin: i64,
    scale: Option<Scale>,
    /// Whether times are moments, not bins.
    pub on_a_clock: bool,
    /// Codes of places are below this.
    pub capacity: usize,
    /// The name of the column that says where.
    pub column: String,
}

impl Visits {
    /// `order` and `person_order` bring the codes of places and of persons into the order of values.
    pub fn build(
        rows: Vec<Seen>,
        order: &[u32],
        person_order: &[u32],
        persons: usize,
        scale: Option<Scale>,
        column: String,
    ) -> Self {
        let mut offsets = vec![0u64; persons + 1];
        let seconds = |stored: i64| scale.map_or(0, |scale| scale.seconds(stored));
        let origin = rows.par_iter().flat_map_iter(|rows| &rows.times).min();
        let origin = seconds(origin.copied().unwrap_or(0));
        let visit = |rows: &Seen, at: usize| {
            let time = rows.times.get(at).map_or(0, |time| seconds(*time) - origin);
            // 136 years from the first row; what is later counts as that.
            let time = u32::try_from(time).unwrap_or(u32::MAX);
            (time, order[rows.spots[at] as usize])
        };
        let units = rows.into_par_iter().map(|mut rows| {
            let visits = (0..rows.persons.len()).map(|at| visit(&rows, at));
            let visits: Vec<(u32, u32)> = visits.collect();
            for person in &mut rows.persons {
                *person = person_order[*person as usize];
            }
            (rows.persons, visits)
        });
        let (of, all): (Vec<Vec<u32>>, Vec<_>) = units.unzip();
        for person in of.iter().flatten() {
            offsets[*person as usize + 1] += 1;
        }
        for person in 0..persons {
            offsets[person + 1] += offsets[person];
        }
        let mut pairs = vec![(0u32, 0u32); offsets[persons] as usize];
        let mut next = offsets.clone();
        for (persons, visits) in of.into_iter().zip(all) {
            for (person, visit) in persons.into_iter().zip(visits) {
                let slot = &mut next[person as usize];
                pairs[*slot as usize] = visit;
                *slot += 1;
            }
        }
        let lengths = offsets.windows(2);
        let lengths = lengths.map(|pair| (pair[1] - pair[0]) as usize);
        let each = parted(&mut pairs, lengths);
        each.into_par_iter().for_each(|mine| mine.sort_unstable());
        let (seconds, spots): (Vec<u32>, Vec<u32>) = pairs.into_par_iter().unzip();
        let seats = (0..persons as u32).collect();
        let seconds = if scale.is_some() { seconds } else { Vec::new() };
        let time = scale.map(|scale| (scale, origin));
        Self::new(offsets, seats, spots, seconds, time, order.len(), column)
    }

    /// Of persons who were at these places one after the other, of so many places.
    #[cfg(test)]
    pub fn of_traces(traces: &[Vec<u32>], places: u32) -> Self {
        let rows = (0u32..).zip(traces);
        let rows = rows.flat_map(|(person, trace)| trace.iter().map(move |place| (person, *place)));
        let (persons, spots): (Vec<u32>, Vec<u32>) = rows.unzip();
        let times = (0..persons.len() as i64).collect();
        let seen = Seen {
            persons,
            spots,
            times,
        };
        let own = |count: u32| (0..count).collect::<Vec<u32>>();
        let (order, person_order) = (own(places), own(traces.len() as u32));
        let (scale, column) = (Some(Scale::Binned), "place".to_owned());
        Self::build(
            vec![seen],
            &order,
            &person_order,
            traces.len(),
            scale,
            column,
        )
    }

    /// From the visits of each seat in their order, and what stored times were and the earliest of them.
    pub(super) fn new(
        offsets: Vec<u64>,
        seats: Vec<u32>,
        spots: Vec<u32>,
        seconds: Vec<u32>,
        time: Option<(Scale, i64)>,
        capacity: usize,
        column: String,
    ) -> Self {
        let scale = time.map(|(scale, _)| scale);
        Self {
            offsets,
            seats,
            spots,
            seconds,
            origin: time.map_or(0, |(_, origin)| origin),
            scale,
            on_a_clock: matches!(scale, Some(Scale::PerSecond(_))),
            capacity,
            column,
        }
    }

    pub fn persons(&self) -> usize {
        self.seats.len()
    }

    /// What the stored times were; `None` where there are none.
    pub fn scale(&self) -> Option<Scale> {
        self.scale
    }

    fn range(&self, person: usize) -> std::ops::Range<usize> {
        let seat = self.seats[person] as usize;
        self.offsets[seat] as usize..self.offsets[seat + 1] as usize
    }

    /// Whether there are times, which say what came after what.
    pub fn in_order(&self) -> bool {
        self.scale.is_some()
    }

    /// Whether times are numbers on no clock.
    pub fn is_binned(&self) -> bool {
        self.scale == Some(Scale::Binned)
    }

    /// Where a person was, in the order of time.
    pub fn of(&self, person: usize) -> &[u32] {
        &self.spots[self.range(person)]
    }

    /// Nothing where the table has no times.
    fn seconds_of(&self, person: usize) -> &[u32] {
        match self.seconds.is_empty() {
            true => &[],
            false => &self.seconds[self.range(person)],
        }
    }

    /// Moments of a person's visits as seconds of the Unix epoch; none where the table has no times.
    pub fn times(&self, person: usize) -> impl Iterator<Item = i64> + '_ {
        self.seconds_of(person)
            .iter()
            .map(|second| self.origin + i64::from(*second))
    }

    /// The first and last moment of all visits; `None` where there are none, or no times.
    pub fn span(&self) -> Option<[i64; 2]> {
        let first = self.seconds.par_iter().min()?;
        let last = self.seconds.par_iter().max()?;
        Some([first, last].map(|second| self.origin + i64::from(*second)))
    }

    /// How many of a person's visits are before a moment.
    pub fn before(&self, person: usize, moment: i64) -> usize {
        let seconds = self.seconds_of(person);
        seconds.partition_point(|second| self.origin + i64::from(*second) < moment)
    }

    /// Which of a person's visits are at or after the start of a window and before its end.
    pub fn within(&self, person: usize, window: &std::ops::Range<i64>) -> std::ops::Range<usize> {
        self.before(person, window.start)..self.before(person, window.end)
    }

    /// The bins of a person's visits, as `bin` makes them by the clocks of a zone; days have no zone, and what
    /// is binned already stays as it is.
    pub fn bins<'a>(
        &'a self,
        person: usize,
        bin: TimeBin,
        clock: &'a mut Clock,
    ) -> impl Iterator<Item = i64> + 'a {
        let scale = self.scale;
        self.times(person).map(move |second| match scale {
            Some(Scale::PerSecond(_)) => bin.of(clock.local(second)),
            Some(Scale::PerDay(_)) => bin.of(second),
            _ => second,
        })
    }

    /// How often a person was where, by ascending place.
    pub fn profile(&self, person: usize) -> Vec<(u32, u32)> {
        counted(self.of(person).to_vec())
    }
}

/// How often each place occurs, by ascending place.
pub fn counted(mut spots: Vec<u32>) -> Vec<(u32, u32)> {
    spots.sort_unstable();
    let same = spots.chunk_by(|a, b| a == b);
    same.map(|same| (same[0], same.len() as u32)).collect()
}

/// Hour and weekday by the clocks of a time zone.
pub struct Clock {
    zone: TimeZone,
    /// Offsets from UTC, by the quarter of a year that begins at a multiple of 90 days, as long as one
    /// holds for all of it.
    known: HashMap<i64, Option<i64>>,
}

/// A moment as the clock on the wall shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wall {
    /// 0 to 23.
    pub hour: u8,
    /// 0 is Monday.
    pub weekday: u8,
    /// Days since 1 January 1970.
    pub day: i64,
}

impl Clock {
    pub fn new(zone: Option<&TimeZone>) -> Self {
        Self {
            zone: zone.cloned().unwrap_or(TimeZone::UTC),
            known: HashMap::new(),
        }
    }

    pub fn wall(&mut self, second: i64) -> Wall {
        let local = self.local(second);
        let day = local.div_euclid(86_400);
        Wall {
            hour: (local.rem_euclid(86_400) / 3_600) as u8,
            // 1 January 1970 was a Thursday.
            weekday: (day + 3).rem_euclid(7) as u8,
            day,
        }
    }

    /// Seconds from the beginning of 1970 by the clock on the wall.
    pub fn local(&mut self, second: i64) -> i64 {
        const SPAN: i64 = 90 * 86_400;
        let offset = |zone: &TimeZone, second: i64| {
            let at = jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::MAX);
            i64::from(zone.to_offset(at).seconds())
        };
        let span = second.div_euclid(SPAN);
        let zone = &self.zone;
        let known = self.known.entry(span).or_insert_with(|| {
            let first = jiff::Timestamp::from_second(span * SPAN).ok()?;
            let next = zone.following(first).next();
            let holds = next.is_none_or(|next| next.timestamp().as_second() >= (span + 1) * SPAN);
            holds.then(|| offset(zone, span * SPAN))
        });
        second + known.unwrap_or_else(|| offset(zone, second))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_by_person_and_time() {
        let rows = vec![
            Seen {
                persons: vec![7, 3, 7],
                spots: vec![1, 0, 0],
                times: vec![90_000, 10_000, 10_500],
            },
            Seen {
                persons: vec![3],
                spots: vec![1],
                times: vec![-500],
            },
        ];
        // Code 3 is person 1, code 7 person 0; place codes 0 and 1 change places.
        let mut person_order = vec![0; 8];
        person_order[3] = 1;
        let scale = Some(Scale::PerSecond(1_000));
        let visits = Visits::build(rows, &[1, 0], &person_order, 2, scale, "cell".to_owned());
        assert_eq!((visits.of(0), visits.of(1)), (&[1, 0][..], &[0, 1][..]));
        assert_eq!(visits.times(0).collect::<Vec<_>>(), [10, 90]);
        assert_eq!(visits.times(1).collect::<Vec<_>>(), [-1, 10]);
        assert_eq!(visits.profile(0), [(0, 1), (1, 1)]);
    }

    #[test]
    fn clocks_change() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let mut clock = Clock::new(Some(&zone));
        // 29 March 2026: 00:59:59 UTC is 01:59:59 in Berlin, a second later it is 03:00:00.
        let change = 1_774_746_000;
        assert_eq!(clock.wall(change - 1).hour, 1);
        assert_eq!(
            clock.wall(change),
            Wall {
                hour: 3,
                weekday: 6,
                day: 20_541
            }
        );
        let mut utc = Clock::new(None);
        assert_eq!(
            utc.wall(-1),
            Wall {
                hour: 23,
                weekday: 2,
                day: -1
            }
        );
    }
}
