//! The two sides: whose rows are known, whose are sought, and who is who in truth.

use std::borrow::Cow;
use std::ops::Range;

use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::Profiles;
use super::alignment::Move;
use crate::encode::trails::{Features, Trails};
use crate::encode::visits::Visits;
use crate::release::{Split, Tolerance};

/// Some rows of some persons of a table.
pub struct Side<'a> {
    visits: &'a Visits,
    /// What the table's features become.
    becomes: Option<Vec<u32>>,
    /// The numbers of the persons in their table.
    pub persons: Vec<u32>,
    /// Which of each person's rows, in the order of time.
    rows: Vec<Range<usize>>,
    pub profiles: Profiles,
}

/// Whose rows are known, and whose are sought among them.
pub struct Sides<'a> {
    pub known: Side<'a>,
    pub sought: Side<'a>,
    /// For each of the sought the same person among the known; `None` for whoever is not there.
    pub truth: Vec<Option<u32>>,
    pub features: Cow<'a, Features>,
    /// The counts of the sought as far as they may be mistaken; none where nothing is tolerated.
    blurred: Option<Profiles>,
    pub zone: Option<TimeZone>,
}

/// Among whom those of a later period are sought, and who is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gallery {
    /// Everybody in the later period among everybody in the earlier one, wherever else they are.
    Open,
    /// Those who are in both periods among themselves.
    Closed,
}

impl Gallery {
    /// As a parameter of a finding.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// How many persons take part, and how many cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parted {
    /// Persons with rows enough on both sides.
    pub both: u64,
    /// On the side of the known alone, of the sought alone, on neither.
    pub known_only: u64,
    pub sought_only: u64,
    pub neither: u64,
}

impl<'a> Side<'a> {
    /// The rows `of` each person of a table where they are at least `least`.
    fn new(
        trails: &'a Trails,
        persons: Vec<u32>,
        rows: Vec<Range<usize>>,
        becomes: Option<Vec<u32>>,
    ) -> Self {
        let visits = &trails.visits;
        let features = |at: usize| -> Vec<u32> {
            let rows = visits.of(persons[at] as usize)[rows[at].clone()].iter();
            match &becomes {
                None => rows.copied().collect(),
                Some(becomes) => rows.map(|feature| becomes[*feature as usize]).collect(),
            }
        };
        let profiles = Profiles::new(persons.len(), features);
        Self {
            visits,
            becomes,
            persons,
            rows,
            profiles,
        }
    }

    /// All rows of everybody who is wanted and has at least `least`.
    fn whole(
        trails: &'a Trails,
        wanted: impl Fn(u32) -> bool,
        least: u64,
        becomes: Option<Vec<u32>>,
    ) -> Self {
        let rows = |person: &u32| trails.visits.of(*person as usize).len();
        let persons = 0..trails.visits.persons() as u32;
        let persons: Vec<u32> = persons
            .filter(|person| wanted(*person) && rows(person) as u64 >= least)
            .collect();
        let rows = persons.iter().map(|person| 0..rows(person)).collect();
        Self::new(trails, persons, rows, becomes)
    }

    /// The features of a person's rows in the order of time, with the moment of each; no moments where the
    /// table has none.
    pub fn rows(&self, at: usize) -> (Vec<u32>, Vec<i64>) {
        let (person, rows) = (self.persons[at] as usize, self.rows[at].clone());
        let features = self.visits.of(person)[rows.clone()].iter();
        let features = match &self.becomes {
            None => features.copied().collect(),
            Some(becomes) => features.map(|feature| becomes[*feature as usize]).collect(),
        };
        let moments = self.visits.times(person);
        (
            features,
            moments.skip(rows.start).take(rows.len()).collect(),
        )
    }

    /// Whether rows have moments of a day.
    pub fn on_a_clock(&self) -> bool {
        self.visits.on_a_clock
    }
}

impl<'a> Sides<'a> {
    fn new(
        known: Side<'a>,
        sought: Side<'a>,
        truth: Vec<Option<u32>>,
        features: Cow<'a, Features>,
        tolerance: Tolerance,
        zone: Option<TimeZone>,
    ) -> Self {
        let blurred = (tolerance != Tolerance::default())
            .then(|| sought.profiles.blurred(&features.near(tolerance)));
        Self {
            known,
            sought,
            truth,
            features,
            blurred,
            zone,
        }
    }

    /// The counts of the sought, each shared out among the features it may have been.
    pub fn believed(&self) -> &Profiles {
        self.blurred.as_ref().unwrap_or(&self.sought.profiles)
    }

    /// A table's persons in a later period, sought among those in an earlier one: who has at least `least` rows in a
    /// period is in it.
    pub fn periods(
        trails: &'a Trails,
        split: &Split,
        gallery: Gallery,
        least: u64,
        tolerance: Tolerance,
        zone: Option<TimeZone>,
    ) -> (Self, Parted) {
        let visits = &trails.visits;
        let middle = visits.span().map(|[first, last]| {
            // The first whole second at or after the middle.
            (first + last).div_euclid(2) + (first + last).rem_euclid(2)
        });
        let parts = |person: usize| -> [Range<usize>; 2] {
            let (rows, moment) = (
                visits.of(person).len(),
                match split {
                    Split::Windows(windows) => {
                        return windows
                            .each_ref()
                            .map(|window| visits.within(person, window));
                    }
                    Split::Midpoint => middle,
                    Split::Instant(moment) => Some(*moment),
                    Split::PerPersonMedian => visits.times(person).nth(visits.of(person).len() / 2),
                },
            );
            let at = moment.map_or(rows, |moment| visits.before(person, moment));
            [0..at, at..rows]
        };
        Self::parted(trails, parts, gallery, least, tolerance, zone)
    }

    /// Everybody in one window sought among everybody in an earlier one: those who have at least `least` rows
    /// in a window are in it.
    pub fn windows(
        trails: &'a Trails,
        [earlier, later]: [Range<i64>; 2],
        least: u64,
        tolerance: Tolerance,
        zone: Option<TimeZone>,
    ) -> Self {
        let visits = &trails.visits;
        let side = |window: Range<i64>| {
            let rows = |person: u32| visits.within(person as usize, &window);
            let all = (0..visits.persons() as u32).into_par_iter();
            let (persons, rows): (Vec<u32>, Vec<Range<usize>>) = all
                .map(|person| (person, rows(person)))
                .filter(|(_, rows)| rows.len() as u64 >= least)
                .unzip();
            Side::new(trails, persons, rows, None)
        };
        let (known, sought) = (side(earlier), side(later));
        let place = |person: &u32| known.persons.binary_search(person).ok();
        let truth = sought.persons.iter();
        let truth = truth
            .map(|person| place(person).map(|at| at as u32))
            .collect();
        let features = Cow::Borrowed(&trails.features);
        Self::new(known, sought, truth, features, tolerance, zone)
    }

    fn parted(
        trails: &'a Trails,
        parts: impl Fn(usize) -> [Range<usize>; 2] + Sync,
        gallery: Gallery,
        least: u64,
        tolerance: Tolerance,
        zone: Option<TimeZone>,
    ) -> (Self, Parted) {
        let all = (0..trails.visits.persons()).into_par_iter();
        let all: Vec<[Range<usize>; 2]> = all.map(&parts).collect();
        let mut sides = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
        let (mut truth, mut parted) = (Vec::new(), Parted::default());
        for (person, rows) in (0u32..).zip(all) {
            let enough = rows.each_ref().map(|rows| rows.len() as u64 >= least);
            let count = match enough {
                [true, true] => &mut parted.both,
                [true, false] => &mut parted.known_only,
                [false, true] => &mut parted.sought_only,
                [false, false] => &mut parted.neither,
            };
            *count += 1;
            let both = enough == [true, true];
            if enough[1] && (both || gallery == Gallery::Open) {
                truth.push(both.then_some(sides[0].0.len() as u32));
            }
            for ((side, rows), enough) in sides.iter_mut().zip(rows).zip(enough) {
                if enough && (both || gallery == Gallery::Open) {
                    side.0.push(person);
                    side.1.push(rows);
                }
            }
        }
        let [known, sought] = sides.map(|(persons, rows)| Side::new(trails, persons, rows, None));
        let features = Cow::Borrowed(&trails.features);
        let sides = Self::new(known, sought, truth, features, tolerance, zone);
        (sides, parted)
    }

    /// The persons of one table sought among those of another: everybody who has at least `least` rows. `same`
    /// says who of the sought is who of the known.
    pub fn tables(
        known: &'a Trails,
        sought: &'a Trails,
        same: &[Option<u32>],
        least: u64,
        tolerance: Tolerance,
        zone: Option<TimeZone>,
    ) -> (Self, Parted) {
        Self::among(known, sought, same, |_| true, least, tolerance, zone)
    }

    /// The same, the places and times of the sought moved.
    pub fn aligned(
        known: &'a Trails,
        sought: &'a Trails,
        same: &[Option<u32>],
        by: &Move,
        least: u64,
        tolerance: Tolerance,
        zone: Option<TimeZone>,
    ) -> (Self, Parted) {
        let (moved, becomes) = by.features(&sought.features);
        let (features, [of_known, of_moved]) = Features::joined(&known.features, &moved);
        let of_sought = becomes
            .into_iter()
            .map(|at| of_moved[at as usize])
            .collect();
        let of = (features, [of_known, of_sought]);
        Self::joined(known, sought, same, |_| true, of, least, tolerance, zone)
    }

    /// The same, of the persons `wanted` alone.
    pub fn among(
        known: &'a Trails,
        sought: &'a Trails,
        same: &[Option<u32>],
        wanted: impl Fn(u32) -> bool,
        least: u64,
        tolerance: Tolerance,
        zone: Option<TimeZone>,
    ) -> (Self, Parted) {
        let of = Features::joined(&known.features, &sought.features);
        Self::joined(known, sought, same, wanted, of, least, tolerance, zone)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what both ways to bring two tables together share"
    )]
    fn joined(
        known: &'a Trails,
        sought: &'a Trails,
        same: &[Option<u32>],
        wanted: impl Fn(u32) -> bool,
        (features, [of_known, of_sought]): (Features, [Vec<u32>; 2]),
        least: u64,
        tolerance: Tolerance,
        zone: Option<TimeZone>,
    ) -> (Self, Parted) {
        let all = (
            known.visits.persons() as u64,
            sought.visits.persons() as u64,
        );
        let known = Side::whole(known, |_| true, least, Some(of_known));
        let sought = Side::whole(sought, wanted, least, Some(of_sought));
        let place = |person: u32| known.persons.binary_search(&person).ok();
        let truth: Vec<Option<u32>> = sought
            .persons
            .iter()
            .map(|person| same[*person as usize].and_then(place).map(|at| at as u32))
            .collect();
        let both = truth.iter().flatten().count() as u64;
        let parted = Parted {
            both,
            known_only: known.persons.len() as u64 - both,
            sought_only: sought.persons.len() as u64 - both,
            neither: all.0 + all.1 - (known.persons.len() + sought.persons.len()) as u64,
        };
        let features = Cow::Owned(features);
        let sides = Self::new(known, sought, truth, features, tolerance, zone);
        (sides, parted)
    }
}
