//! The careless release: names are gone, and nothing else.

use std::path::Path;

use super::calendar::{local_day_hour, week};
use super::flows::{self, Flows, Footfall, HOUR};
use super::movements::Sighting;
use super::people::Subscriber;
use super::purchases::CATEGORIES;
use super::write::Table;
use super::{City, Outcome, World, devices, names, text};

pub fn write(world: &World, folder: &Path) -> Outcome {
    let released: Vec<&Subscriber> = world.subscribers.iter().filter(|s| s.in_naive()).collect();
    subscribers(&released).write(&folder.join("subscribers.parquet"))?;
    movements(world, folder)?;
    purchases(world).write(&folder.join("purchases.parquet"))?;
    device_events(world).write(&folder.join("device_events.parquet"))?;

    // The counts are taken from everybody, objectors too: whoever subtracts the
    // movements of this release from them is left with the objectors.
    let traces = || world.traces.iter().map(Vec::as_slice);
    let visitors = flows::footfall(traces(), HOUR, |cell| cell);
    footfall(&world.city, &visitors).write(&folder.join("footfall.parquet"))?;
    let travellers = flows::flows(traces(), HOUR, |cell| cell);
    flows(&world.city, &travellers).write(&folder.join("flows.parquet"))?;
    text(
        &folder.join("release.toml"),
        include_str!("../texts/naive.toml"),
    )
}

/// The subscribers in the order of their pseudonyms.
pub fn subscribers(released: &[&Subscriber]) -> Table {
    let mut rows = released.to_vec();
    rows.sort_by_key(|s| &s.pseudonym);
    let rows = || rows.iter();
    Table::default()
        .text("pseudonym", rows().map(|s| &s.pseudonym))
        .integer("age", rows().map(|s| s.age))
        .text("gender", rows().map(|s| s.gender))
        .text("postcode", rows().map(|s| s.postcode))
        .text("tariff", rows().map(|s| names::TARIFFS[s.tariff]))
        .text("handset", rows().map(|s| s.handset))
        .text(
            "monthly_spend_band",
            rows().map(|s| names::SPEND_BANDS[s.spend]),
        )
        .text("payment_status", rows().map(|s| names::PAYMENT[s.payment]))
}

/// One file a week, in the order of pseudonym and time.
fn movements(world: &World, folder: &Path) -> Outcome {
    let pseudonym = |s: &Sighting| &world.subscribers[s.who].pseudonym;
    let mut rows: Vec<&Sighting> = world
        .traces
        .iter()
        .flatten()
        .filter(|s| world.subscribers[s.who].in_naive())
        .collect();
    rows.sort_by_key(|s| (week_of(s), pseudonym(s), s.at));
    for rows in rows.chunk_by(|a, b| week_of(a) == week_of(b)) {
        let week = week_of(rows[0]);
        let rows = || rows.iter();
        Table::default()
            .text("pseudonym", rows().map(|s| pseudonym(s)))
            .instant("observed_at", rows().map(|s| s.at))
            .text("cell", rows().map(|s| &world.city.cells[s.cell].id))
            .text(
                "technology",
                rows().map(|s| if s.five_g { "5G" } else { "4G" }),
            )
            .write(&folder.join(format!("movements/week={week}/part-0.parquet")))?;
    }
    Ok(())
}

fn week_of(sighting: &Sighting) -> i64 {
    week(local_day_hour(sighting.at).0)
}

/// In the order of time.
fn purchases(world: &World) -> Table {
    let mut rows: Vec<_> = world
        .purchases
        .iter()
        .flatten()
        .filter(|p| world.subscribers[p.who].in_naive())
        .collect();
    rows.sort_by_key(|p| (p.at, p.who));
    let rows = || rows.iter();
    let merchant = |cell: usize, merchant: usize| &world.merchants[cell][merchant];
    Table::default()
        .text(
            "pseudonym",
            rows().map(|p| &world.subscribers[p.who].pseudonym),
        )
        .instant("paid_at", rows().map(|p| p.at))
        .text(
            "merchant",
            rows().map(|p| &merchant(p.cell, p.merchant).name),
        )
        .text(
            "category",
            rows().map(|p| CATEGORIES[merchant(p.cell, p.merchant).category].0),
        )
        .text("cell", rows().map(|p| &world.city.cells[p.cell].id))
        .price("price", rows().map(|p| p.price))
}

/// In the order of time.
fn device_events(world: &World) -> Table {
    let mut rows: Vec<_> = world
        .device_events
        .iter()
        .flatten()
        .filter(|e| world.subscribers[e.who].in_naive())
        .collect();
    rows.sort_by_key(|e| (e.at, e.who));
    let rows = || rows.iter();
    Table::default()
        .text(
            "pseudonym",
            rows().map(|e| &world.subscribers[e.who].pseudonym),
        )
        .instant("event_at", rows().map(|e| e.at))
        .text(
            "device",
            rows().map(|e| {
                let home = world.homes[e.who].as_ref();
                home.expect("events come from a home").address(e.device)
            }),
        )
        .text("kind", rows().map(|e| devices::KINDS[e.kind]))
        .text("state", rows().map(|e| e.state))
}

/// Visitors by cell and hour, however few.
pub fn footfall(city: &City, visitors: &Footfall) -> Table {
    let rows = || visitors.iter();
    Table::default()
        .text("cell", rows().map(|(&(cell, _), _)| &city.cells[cell].id))
        .instant("hour", rows().map(|(&(_, hour), _)| hour))
        .count("visitors", rows().map(|(_, &n)| flows::extrapolate(n, 1)))
}

/// Travellers by pair of cells and hour, however few.
fn flows(city: &City, travellers: &Flows) -> Table {
    let rows = || travellers.iter();
    Table::default()
        .text(
            "from_cell",
            rows().map(|(&(from, _, _), _)| &city.cells[from].id),
        )
        .text("to_cell", rows().map(|(&(_, to, _), _)| &city.cells[to].id))
        .instant("hour", rows().map(|(&(_, _, hour), _)| hour))
        .count("travellers", rows().map(|(_, &n)| flows::extrapolate(n, 1)))
}
