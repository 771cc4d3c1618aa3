//! What a subscriber does, day by day: the truth from which every table is drawn.

use super::calendar::{DAY, Minute, weekday};
use super::city::City;
use super::draw::Draw;
use super::people::{Occupation, Subscriber};

#[derive(Clone, Copy, PartialEq)]
pub enum Doing {
    AtHome,
    Working,
    Leisure,
    Travelling,
    /// Out of the city; the network does not see them.
    Away,
}

/// A time spent in one cell, in minutes of local time.
#[derive(Clone, Copy)]
pub struct Stay {
    pub from: Minute,
    pub to: Minute,
    pub cell: usize,
    pub doing: Doing,
}

/// The stays of one subscriber, without a gap, in order of time.
pub struct Diary {
    pub stays: Vec<Stay>,
}

impl Diary {
    /// Lives through `days`.
    pub fn live(
        draw: &mut Draw,
        city: &City,
        who: &Subscriber,
        days: std::ops::Range<i64>,
    ) -> Self {
        let mut life = Life {
            city,
            stays: Vec::new(),
            since: days.start * DAY,
            cell: who.home,
            doing: Doing::AtHome,
        };
        for day in days.clone() {
            life.day(draw, who, day);
        }
        life.close(days.end * DAY);
        Self { stays: life.stays }
    }

    /// The stay at a minute.
    pub fn at(&self, minute: Minute) -> Option<&Stay> {
        let next = self.stays.partition_point(|stay| stay.to <= minute);
        self.stays.get(next).filter(|stay| stay.from <= minute)
    }
}

/// A diary in the making.
struct Life<'a> {
    city: &'a City,
    stays: Vec<Stay>,
    since: Minute,
    cell: usize,
    doing: Doing,
}

impl Life<'_> {
    fn close(&mut self, at: Minute) {
        if at > self.since {
            self.stays.push(Stay {
                from: self.since,
                to: at,
                cell: self.cell,
                doing: self.doing,
            });
            self.since = at;
        }
    }

    /// Leaves for `cell` at `at`, or as soon as the present stay has begun.
    fn go(&mut self, at: Minute, cell: usize, doing: Doing) {
        self.close(at.max(self.since + 10));
        if cell != self.cell && doing != Doing::Away && self.doing != Doing::Away {
            let (from, to) = (&self.city.cells[self.cell], &self.city.cells[cell]);
            let apart =
                (from.latitude - to.latitude).abs() + (from.longitude - to.longitude).abs() * 2 / 3;
            self.cell = self.city.midway(self.cell, cell);
            self.doing = Doing::Travelling;
            // 1000 micro-degrees are some 110 metres: about 15 km an hour.
            self.close(self.since + 8 + apart / 2_300);
        }
        self.cell = cell;
        self.doing = doing;
    }

    /// Goes somewhere for a while and then home.
    fn outing(&mut self, at: Minute, cell: usize, minutes: i64, home: usize) {
        self.go(at, cell, Doing::Leisure);
        self.go(self.since + minutes, home, Doing::AtHome);
    }

    fn day(&mut self, draw: &mut Draw, who: &Subscriber, day: i64) {
        let start = day * DAY;
        if who.absent(day) {
            if self.doing != Doing::Away {
                self.go(start + 540 + draw.around(0, 120), who.home, Doing::Away);
            }
            return;
        }
        if self.doing == Doing::Away {
            self.go(start + draw.between(30, 600), who.home, Doing::AtHome);
        }
        let weekday = weekday(day);
        let working = weekday < 5 && !draw.percent(4);
        let at_desk = weekday < 5 && who.home_office[weekday as usize];
        let wakes = start + who.wakes + draw.around(0, 15);
        match who.occupation {
            Occupation::Office if working && !at_desk => self.office_day(draw, who, wakes),
            Occupation::Pupil if working => {
                self.go(wakes + 45, who.work, Doing::Working);
                let long = [0, 2, 3].contains(&weekday);
                let ends = if long { 930 } else { 790 };
                self.go(start + ends + draw.around(0, 15), who.home, Doing::AtHome);
            }
            Occupation::Student if working && draw.percent(75) => {
                let ends = wakes + draw.between(240, 480);
                self.go(wakes + draw.between(45, 120), who.work, Doing::Working);
                self.go(ends, who.home, Doing::AtHome);
            }
            Occupation::Shift if weekday < 6 && !draw.percent(18) => {
                // The shift turns with the week; colleagues are in other turns.
                let turn = (day.div_euclid(7) + who.inhabitant as i64).rem_euclid(3);
                let begins = start + [350, 820, 1290][turn as usize];
                self.go(begins + draw.around(-35, 8), who.work, Doing::Working);
                self.go(begins + 485 + draw.around(0, 8), who.home, Doing::AtHome);
                if turn == 2 {
                    return;
                }
            }
            _ => self.free_day(draw, who, wakes, weekday),
        }
        self.evening(draw, who, start, weekday);
    }

    fn office_day(&mut self, draw: &mut Draw, who: &Subscriber, wakes: Minute) {
        self.go(wakes + 50 + draw.around(0, 10), who.work, Doing::Working);
        let begins = self.since;
        if draw.percent(35) {
            let lunch = self.city.neighbour(who.work, draw.below(3));
            self.go(begins + 230 + draw.around(0, 20), lunch, Doing::Leisure);
            self.go(self.since + 30, who.work, Doing::Working);
        }
        let ends = begins + 500 + draw.around(0, 40);
        if draw.percent(25) {
            // By way of the shops.
            let shop = who.favourites[0];
            self.outing(ends, shop, draw.between(15, 50), who.home);
        } else {
            self.go(ends, who.home, Doing::AtHome);
        }
    }

    fn free_day(&mut self, draw: &mut Draw, who: &Subscriber, wakes: Minute, weekday: i64) {
        let late = if weekday >= 5 { 60 } else { 0 };
        if draw.percent(55) {
            let cell = self.favourite(draw, who);
            let minutes = draw.between(30, 110);
            self.outing(
                wakes + late + draw.between(60, 200),
                cell,
                minutes,
                who.home,
            );
        }
        if draw.percent(50) {
            let cell = self.favourite(draw, who);
            let minutes = draw.between(45, 200);
            self.outing(
                wakes + late + draw.between(360, 480),
                cell,
                minutes,
                who.home,
            );
        }
    }

    fn evening(&mut self, draw: &mut Draw, who: &Subscriber, start: Minute, weekday: i64) {
        match who.habit {
            Some(habit) if habit.weekday == weekday && draw.percent(90) => {
                self.outing(start + habit.minute, habit.cell, 75, who.home);
            }
            _ => {}
        }
        if !draw.percent(who.goes_out) {
            return;
        }
        let cell = self.favourite(draw, who);
        let party = (weekday == 4 || weekday == 5) && who.age < 35 && draw.percent(50);
        let (at, minutes) = if party {
            (start + 1230 + draw.around(0, 40), draw.between(180, 400))
        } else {
            (start + 1090 + draw.around(0, 45), draw.between(50, 170))
        };
        self.outing(at, cell, minutes, who.home);
    }

    /// Mostly one of the favourite places, the first most often.
    fn favourite(&self, draw: &mut Draw, who: &Subscriber) -> usize {
        if draw.percent(10) {
            return self.city.leisure(draw, who.home);
        }
        let weights = [8, 4, 3, 2, 1];
        who.favourites[draw.weighted(&weights[..who.favourites.len()])]
    }
}
