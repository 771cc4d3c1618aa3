//! Sightings of telephones by the network.

use super::calendar::{DAY, instant};
use super::city::City;
use super::diary::{Diary, Doing};
use super::draw::Draw;
use super::people::Subscriber;

/// One telephone seen in one cell.
#[derive(Clone, Copy)]
pub struct Sighting {
    /// Index of the subscriber.
    pub who: usize,
    /// Seconds since 1970.
    pub at: i64,
    pub cell: usize,
    pub five_g: bool,
}

/// The most sightings of a telephone in a day.
const MOST_A_DAY: i64 = 14;

/// The sightings of one subscriber, in order of time.
pub fn sightings(
    draw: &mut Draw,
    city: &City,
    (index, who): (usize, &Subscriber),
    diary: &Diary,
    days: std::ops::Range<i64>,
) -> Vec<Sighting> {
    let mut seen = Vec::new();
    let end = days.end * DAY;
    for day in days {
        let mut minutes = Vec::new();
        for _ in 0..draw.around(who.activity, 3).clamp(1, MOST_A_DAY) {
            // Telephones are used by day, and report once in a while at night.
            minutes.push(if draw.percent(84) {
                day * DAY + who.wakes + draw.between(0, 990)
            } else {
                day * DAY + draw.between(0, DAY - 1)
            });
        }
        for minute in minutes {
            // Owls are up past midnight, but the data end there.
            if minute >= end {
                continue;
            }
            let Some(stay) = diary.at(minute).filter(|s| s.doing != Doing::Away) else {
                continue;
            };
            // A telephone now and then picks the next mast.
            let cell = if draw.percent(5) {
                city.neighbour(stay.cell, draw.below(3))
            } else {
                stay.cell
            };
            let modern = !who.handset.contains("iPhone 11") && !who.handset.contains("Nokia");
            seen.push(Sighting {
                who: index,
                at: instant(minute, draw.between(0, 59)),
                cell,
                five_g: modern && !city.cells[cell].old && draw.percent(80),
            });
        }
    }
    seen.sort_unstable_by_key(|s| (s.at, s.cell));
    // One sighting a second is all the network records.
    seen.dedup_by_key(|s| s.at);
    seen
}
