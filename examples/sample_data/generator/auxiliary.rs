//! What an adversary can have besides the release.

use std::path::Path;

use super::calendar::{DAY, DAYS, EARLIER_DAYS, instant};
use super::city::DISTRICTS;
use super::coarsened::daypart;
use super::diary::{Diary, Doing};
use super::draw::{Draw, Purpose};
use super::flows::{self, HOUR};
use super::generalise::{age_band, postcode3};
use super::people::{self, Inhabitant, Subscriber};
use super::write::Table;
use super::{Outcome, World, movements, naive, text};

/// Persons whom another source has seen.
const KNOWN: usize = 150;

pub fn write(world: &World, folder: &Path) -> Outcome {
    let draw = &mut Draw::for_purpose(Purpose::Auxiliary);
    population_register(draw, world).write(&folder.join("population_register.parquet"))?;
    known_traces(draw, world).write(&folder.join("known_traces.parquet"))?;
    opt_outs(world).write(&folder.join("opt_outs.parquet"))?;
    places(world).write(&folder.join("places.parquet"))?;
    cells(world).write(&folder.join("cells.parquet"))?;
    earlier_release(world, &folder.join("earlier"))
}

/// Everybody in the city, by name. Bands and short postcodes are what anybody
/// could work out from it; they are there to be matched with either release.
fn population_register(draw: &mut Draw, world: &World) -> Table {
    let mut rows: Vec<&Inhabitant> = world.people.iter().collect();
    draw.shuffle(&mut rows);
    let postcode = |p: &Inhabitant| world.city.cells[p.home].postcode;
    let rows = || rows.iter();
    Table::default()
        .text("first_name", rows().map(|p| p.first_name))
        .text("surname", rows().map(|p| p.surname))
        .integer("birth_year", rows().map(|p| p.birth_year))
        .integer("age", rows().map(|p| p.age))
        .text("gender", rows().map(|p| p.gender))
        .text("postcode", rows().map(|p| postcode(p)))
        .text("age_band", rows().map(|p| age_band(p.age)))
        .text("postcode3", rows().map(|p| postcode3(postcode(p))))
}

/// What another source, such as a navigation service, knows of some persons.
/// Clocks are some minutes off, and positions fall into the next cell at times.
fn known_traces(draw: &mut Draw, world: &World) -> Table {
    let mut candidates: Vec<usize> = (0..world.subscribers.len())
        .filter(|&who| !world.subscribers[who].objects && world.traces[who].len() > 100)
        .collect();
    draw.shuffle(&mut candidates);
    let mut rows = Vec::new();
    for &who in &candidates[..KNOWN] {
        for _ in 0..draw.between(25, 50) {
            let minute = draw.between(DAYS.start, DAYS.end - 1) * DAY + draw.between(390, 1380);
            let stay = world.diaries[who].at(minute);
            let Some(stay) = stay.filter(|s| s.doing != Doing::Away) else {
                continue;
            };
            let cell = if draw.percent(10) {
                world.city.neighbour(stay.cell, draw.below(3))
            } else {
                stay.cell
            };
            let at = instant(minute + draw.around(0, 5), draw.between(0, 59));
            rows.push((who, at, cell));
        }
    }
    rows.sort_unstable_by_key(|&(who, at, _)| (account(world, who), at));
    let rows = || rows.iter();
    let district = |cell: usize| DISTRICTS[world.city.cells[cell].district].name;
    Table::default()
        .text("account", rows().map(|&(who, _, _)| account(world, who)))
        .text(
            "pseudonym",
            rows().map(|&(who, _, _)| &world.subscribers[who].pseudonym),
        )
        .instant("observed_at", rows().map(|&(_, at, _)| at))
        .text("cell", rows().map(|&(_, _, c)| &world.city.cells[c].id))
        .integer("daypart", rows().map(|&(_, at, _)| daypart(at) as i64))
        .text("district", rows().map(|&(_, _, c)| district(c)))
}

/// An address under the domain reserved for examples.
fn account(world: &World, who: usize) -> String {
    let index = world.subscribers[who].inhabitant;
    let person = &world.people[index];
    let mut account = String::new();
    let name = format!("{}.{}", person.first_name, person.surname);
    for letter in name.to_lowercase().chars() {
        match letter {
            'ä' => account.push_str("ae"),
            'ö' => account.push_str("oe"),
            'ü' => account.push_str("ue"),
            'ß' => account.push_str("ss"),
            'ş' => account.push('s'),
            'ı' => account.push('i'),
            _ => account.push(letter),
        }
    }
    // The number keeps namesakes apart.
    format!("{account}{index}@example.org")
}

/// In the naive release's pseudonyms, in their order.
fn opt_outs(world: &World) -> Table {
    let objectors = world.subscribers.iter().filter(|s| s.objects);
    let mut pseudonyms: Vec<&String> = objectors.map(|s| &s.pseudonym).collect();
    pseudonyms.sort();
    Table::default().text("pseudonym", pseudonyms.iter())
}

fn places(world: &World) -> Table {
    let rows = || world.city.places.iter();
    Table::default()
        .text("name", rows().map(|p| p.name))
        .text("kind", rows().map(|p| p.kind))
        .text("cell", rows().map(|p| &world.city.cells[p.cell].id))
        .text(
            "district",
            rows().map(|p| DISTRICTS[world.city.cells[p.cell].district].name),
        )
        .degrees("latitude", rows().map(|p| p.latitude))
        .degrees("longitude", rows().map(|p| p.longitude))
}

fn cells(world: &World) -> Table {
    let mut rows: Vec<_> = world.city.cells.iter().collect();
    rows.sort_by_key(|c| &c.id);
    let rows = || rows.iter();
    Table::default()
        .text("cell", rows().map(|c| &c.id))
        .text("district", rows().map(|c| DISTRICTS[c.district].name))
        .degrees("latitude", rows().map(|c| c.latitude))
        .degrees("longitude", rows().map(|c| c.longitude))
}

/// The two weeks before, released as carelessly as the naive release, and
/// before anybody had objected.
fn earlier_release(world: &World, folder: &Path) -> Outcome {
    let draw = &mut Draw::for_purpose(Purpose::EarlierSubscribers);
    let mut earlier: Vec<Subscriber> = Vec::new();
    for subscriber in &world.subscribers {
        // The others have come to the operator since.
        if draw.percent(96) {
            earlier.push(people::as_of_earlier(draw, &world.city, subscriber));
        }
    }
    naive::subscribers(&earlier.iter().collect::<Vec<_>>())
        .write(&folder.join("subscribers.parquet"))?;

    let (days, sightings) = (
        &mut Draw::for_purpose(Purpose::EarlierDays),
        &mut Draw::for_purpose(Purpose::EarlierSightings),
    );
    let traces: Vec<_> = earlier
        .iter()
        .enumerate()
        .map(|who| {
            let diary = Diary::live(days, &world.city, who.1, EARLIER_DAYS);
            movements::sightings(sightings, &world.city, who, &diary, EARLIER_DAYS)
        })
        .collect();
    let visitors = flows::footfall(traces.iter().map(Vec::as_slice), HOUR, |cell| cell);
    naive::footfall(&world.city, &visitors).write(&folder.join("footfall.parquet"))?;
    text(
        &folder.join("release.toml"),
        include_str!("../texts/earlier.toml"),
    )
}
