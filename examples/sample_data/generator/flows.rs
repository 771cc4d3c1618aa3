//! Counts of people: how many were in a place, how many went from one to another.

use std::collections::BTreeMap;

use super::movements::Sighting;

/// Seconds of an hour.
pub const HOUR: i64 = 3600;
/// A telephone silent for longer than this is not said to have travelled.
const LONGEST_TRIP: i64 = 3 * HOUR;

/// Distinct persons by place and time.
pub type Footfall = BTreeMap<(usize, i64), i64>;
/// Distinct persons by origin, destination and time of arrival.
pub type Flows = BTreeMap<(usize, usize, i64), i64>;

/// Counts the visitors of every place in every bin of `width` seconds.
///
/// `traces` are the sightings of one person each; `place` maps a cell to the
/// place that is published. Bins begin at full hours of local time as long as
/// `width` divides the hour or the clock does not change.
pub fn footfall<'a>(
    traces: impl Iterator<Item = &'a [Sighting]>,
    width: i64,
    place: impl Fn(usize) -> usize,
) -> Footfall {
    let mut counts = Footfall::new();
    for trace in traces {
        let mut visited: Vec<_> = trace
            .iter()
            .map(|s| (place(s.cell), bin(s.at, width)))
            .collect();
        visited.sort_unstable();
        visited.dedup();
        for key in visited {
            *counts.entry(key).or_default() += 1;
        }
    }
    counts
}

/// Counts the travellers between places.
pub fn flows<'a>(
    traces: impl Iterator<Item = &'a [Sighting]>,
    width: i64,
    place: impl Fn(usize) -> usize,
) -> Flows {
    let mut counts = Flows::new();
    for trace in traces {
        let mut trips: Vec<_> = trace
            .windows(2)
            .filter(|pair| pair[1].at - pair[0].at <= LONGEST_TRIP)
            .map(|pair| {
                (
                    place(pair[0].cell),
                    place(pair[1].cell),
                    bin(pair[1].at, width),
                )
            })
            .filter(|(from, to, _)| from != to)
            .collect();
        trips.sort_unstable();
        trips.dedup();
        for key in trips {
            *counts.entry(key).or_default() += 1;
        }
    }
    counts
}

/// The instant at which the bin of `at` begins. Wide bins are cut at midnight
/// of UTC+1, the local time of all but the last day.
fn bin(at: i64, width: i64) -> i64 {
    (at + HOUR).div_euclid(width) * width - HOUR
}

/// The number published for `persons` counted: 2.8 inhabitants a subscriber,
/// rounded to the nearest multiple of `step`.
pub fn extrapolate(persons: i64, step: i64) -> i64 {
    (persons * 28 + 5 * step).div_euclid(10 * step) * step
}
