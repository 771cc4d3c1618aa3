//! The careful release: what an officer would publish who has counted first.
//!
//! Pseudonyms are random and short-lived (a day; a week for purchases), dates
//! are gone, places are districts, and what would still be rare is left out.
//! Counts are of districts and three hours, rounded, and never of few.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::calendar::{local_day_hour, week};
use super::city::DISTRICTS;
use super::devices::KINDS;
use super::draw::{Draw, Purpose};
use super::flows::{self, HOUR};
use super::generalise::{BANDS, generalise};
use super::purchases::CATEGORIES;
use super::suppress::{Trace, suppress};
use super::write::Table;
use super::{Outcome, World, text};

/// Persons that must share every combination of up to five points.
const PERSONS: u16 = 11;
/// Bins of the day, of six hours each.
const DAYPARTS: usize = 4;
/// Counts are of three hours, ...
const WIDTH: i64 = 3 * HOUR;
/// ... rounded to tens, ...
const STEP: i64 = 10;
/// ... and left out below this: rounded down, the least of them still stands
/// for more than eleven persons counted.
const FEWEST_COUNTED: i64 = 15;

pub fn write(world: &World, folder: &Path) -> Outcome {
    let draw = &mut Draw::for_purpose(Purpose::FreshPseudonyms);
    let mut pseudonyms = Pseudonyms {
        draw,
        used: BTreeSet::new(),
    };
    let agrees = |who: usize| !world.subscribers[who].objects;

    subscribers(world, &mut pseudonyms).write(&folder.join("subscribers.parquet"))?;

    let seen = world.traces.iter().flatten().filter(|s| agrees(s.who));
    let movements = traces(
        seen.map(|s| (s.who, day(s.at), world.city.cells[s.cell].district, s.at)),
        DISTRICTS.len(),
    );
    published(movements, &mut pseudonyms, "district", |district| {
        DISTRICTS[district].name
    })
    .write(&folder.join("movements.parquet"))?;

    let paid = world.purchases.iter().flatten().filter(|p| agrees(p.who));
    let purchases = traces(
        paid.map(|p| {
            let category = world.merchants[p.cell][p.merchant].category;
            (p.who, week(day(p.at)), category, p.at)
        }),
        CATEGORIES.len(),
    );
    published(purchases, &mut pseudonyms, "category", |category| {
        CATEGORIES[category].0
    })
    .write(&folder.join("purchases.parquet"))?;

    let logged = world.device_events.iter().flatten();
    let logged = logged.filter(|e| agrees(e.who));
    let events = traces(
        logged.map(|e| (e.who, day(e.at), e.kind, e.at)),
        KINDS.len(),
    );
    published(events, &mut pseudonyms, "kind", |kind| KINDS[kind])
        .write(&folder.join("device_events.parquet"))?;

    counts(world, folder)?;
    text(
        &folder.join("release.toml"),
        include_str!("../texts/coarsened.toml"),
    )
}

fn day(at: i64) -> i64 {
    local_day_hour(at).0
}

/// The part of the day: 0 from midnight, 1 from six o'clock, 2 from noon, 3
/// from 18 o'clock, local time.
pub fn daypart(at: i64) -> usize {
    local_day_hour(at).1 as usize * DAYPARTS / 24
}

/// Random pseudonyms that are used once in the whole release.
struct Pseudonyms<'a> {
    draw: &'a mut Draw,
    used: BTreeSet<String>,
}

impl Pseudonyms<'_> {
    fn fresh(&mut self) -> String {
        loop {
            let pseudonym = format!("{:010x}", self.draw.bits() >> 24);
            if self.used.insert(pseudonym.clone()) {
                return pseudonym;
            }
        }
    }
}

/// Rows in the order of their pseudonyms, which is a random order: the order
/// of the register they come from would tell who is who.
fn subscribers(world: &World, pseudonyms: &mut Pseudonyms) -> Table {
    let agreeing = world.subscribers.iter().filter(|s| !s.objects);
    let mut rows: Vec<_> = generalise(agreeing)
        .into_iter()
        .map(|row| (pseudonyms.fresh(), row))
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let rows = || rows.iter();
    Table::default()
        .text("pseudonym", rows().map(|(pseudonym, _)| pseudonym))
        .text("age_band", rows().map(|(_, row)| row.age_band))
        .text("gender", rows().map(|(_, row)| row.gender))
        .text("postcode3", rows().map(|(_, row)| row.postcode3))
        .text("handset_class", rows().map(|(_, row)| row.handset))
        .text(
            "monthly_spend_band",
            rows().map(|(_, row)| BANDS[row.spend]),
        )
}

/// Gathers (person, period of one pseudonym, what, when) into traces over the
/// points (what, part of the day), and suppresses what is too rare.
fn traces(records: impl Iterator<Item = (usize, i64, usize, i64)>, kinds: usize) -> Vec<Trace> {
    let mut gathered: BTreeMap<(usize, i64), u64> = BTreeMap::new();
    for (person, period, what, at) in records {
        let point = what * DAYPARTS + daypart(at);
        *gathered.entry((person, period)).or_default() |= 1 << point;
    }
    let mut traces = gathered
        .into_iter()
        .map(|((person, _), points)| Trace { person, points })
        .collect();
    suppress(&mut traces, kinds * DAYPARTS, PERSONS);
    traces
}

/// One row a point, in the order of fresh pseudonyms.
fn published(
    traces: Vec<Trace>,
    pseudonyms: &mut Pseudonyms,
    what: &'static str,
    name: impl Fn(usize) -> &'static str,
) -> Table {
    let mut traces: Vec<_> = traces
        .into_iter()
        .map(|trace| (pseudonyms.fresh(), trace.points))
        .collect();
    traces.sort();
    let mut rows = Vec::new();
    for (pseudonym, points) in &traces {
        let mut own: Vec<(usize, &str)> = (0..64)
            .filter(|point| points >> point & 1 == 1)
            .map(|point| (point % DAYPARTS, name(point / DAYPARTS)))
            .collect();
        own.sort_unstable();
        rows.extend(own.into_iter().map(|(part, name)| (pseudonym, part, name)));
    }
    let rows = || rows.iter();
    Table::default()
        .text("pseudonym", rows().map(|&(pseudonym, _, _)| pseudonym))
        .integer("daypart", rows().map(|&(_, part, _)| part as i64))
        .text(what, rows().map(|&(_, _, name)| name))
}

/// Footfall and flows of districts.
fn counts(world: &World, folder: &Path) -> Outcome {
    let traces = || {
        let all = world.subscribers.iter().zip(&world.traces);
        all.filter(|(who, _)| !who.objects)
            .map(|(_, trace)| trace.as_slice())
    };
    let district = |cell: usize| world.city.cells[cell].district;
    let name = |district: usize| DISTRICTS[district].name;

    let mut visitors = flows::footfall(traces(), WIDTH, district);
    visitors.retain(|_, &mut persons| persons >= FEWEST_COUNTED);
    let rows = || visitors.iter();
    Table::default()
        .text("district", rows().map(|(&(place, _), _)| name(place)))
        .instant("three_hours_from", rows().map(|(&(_, from), _)| from))
        .count(
            "visitors",
            rows().map(|(_, &n)| flows::extrapolate(n, STEP)),
        )
        .write(&folder.join("footfall.parquet"))?;

    let mut travellers = flows::flows(traces(), WIDTH, district);
    travellers.retain(|_, &mut persons| persons >= FEWEST_COUNTED);
    let rows = || travellers.iter();
    Table::default()
        .text(
            "from_district",
            rows().map(|(&(origin, _, _), _)| name(origin)),
        )
        .text("to_district", rows().map(|(&(_, to, _), _)| name(to)))
        .instant("three_hours_from", rows().map(|(&(_, _, from), _)| from))
        .count(
            "travellers",
            rows().map(|(_, &n)| flows::extrapolate(n, STEP)),
        )
        .write(&folder.join("flows.parquet"))
}
