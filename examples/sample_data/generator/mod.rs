//! The generator of the sample data.
//!
//! First a [`World`] is lived through: a city, its people, four weeks of their
//! lives. Then three parties write files about it: a careless release officer
//! ([`naive`]), a careful one ([`coarsened`]), and an adversary who collects
//! what else can be had ([`auxiliary`]).

use std::error::Error;
use std::fs;
use std::path::Path;

mod auxiliary;
mod calendar;
mod city;
mod coarsened;
mod devices;
mod diary;
mod draw;
mod flows;
mod generalise;
mod movements;
mod naive;
mod names;
mod people;
mod purchases;
mod suppress;
mod write;

use calendar::DAYS;
use city::City;
use devices::{DeviceEvent, Home};
use diary::Diary;
use draw::{Draw, Purpose};
use movements::Sighting;
use people::{Inhabitant, Subscriber};
use purchases::{Merchant, Purchase};

type Outcome = Result<(), Box<dyn Error>>;

/// Everything that is true. Vectors by subscriber have the subscribers' order.
struct World {
    city: City,
    people: Vec<Inhabitant>,
    subscribers: Vec<Subscriber>,
    diaries: Vec<Diary>,
    traces: Vec<Vec<Sighting>>,
    /// By cell.
    merchants: Vec<Vec<Merchant>>,
    purchases: Vec<Vec<Purchase>>,
    homes: Vec<Option<Home>>,
    device_events: Vec<Vec<DeviceEvent>>,
}

impl World {
    fn live() -> Self {
        let city = City::build();
        let people = people::inhabitants(&city);
        let subscribers = people::subscribers(&city, &people);
        let everyone = || subscribers.iter().enumerate();

        let draw = &mut Draw::for_purpose(Purpose::Days);
        let diaries: Vec<Diary> = subscribers
            .iter()
            .map(|who| Diary::live(draw, &city, who, DAYS))
            .collect();

        let draw = &mut Draw::for_purpose(Purpose::Sightings);
        let traces = everyone()
            .map(|who| movements::sightings(draw, &city, who, &diaries[who.0], DAYS))
            .collect();

        let draw = &mut Draw::for_purpose(Purpose::Purchases);
        let merchants = purchases::merchants(draw, &city);
        let purchases = everyone()
            .map(|who| purchases::purchases(draw, &merchants, who, &diaries[who.0]))
            .collect();

        let draw = &mut Draw::for_purpose(Purpose::Devices);
        let homes: Vec<Option<Home>> = subscribers
            .iter()
            .map(|who| who.smart_home.then(|| Home::furnish(draw)))
            .collect();
        let device_events = everyone()
            .map(|who| match &homes[who.0] {
                Some(home) => devices::events(draw, who, home, &diaries[who.0]),
                None => Vec::new(),
            })
            .collect();
        Self {
            city,
            people,
            subscribers,
            diaries,
            traces,
            merchants,
            purchases,
            homes,
            device_events,
        }
    }
}

/// Writes the sample data under `out`.
///
/// # Errors
/// A folder or file cannot be written.
pub fn generate(out: &Path) -> Outcome {
    let world = World::live();
    naive::write(&world, &out.join("naive"))?;
    coarsened::write(&world, &out.join("coarsened"))?;
    auxiliary::write(&world, &out.join("auxiliary"))?;
    text(&out.join("README.md"), include_str!("../texts/README.md"))
}

/// Writes a text file, and the folders it lies in.
fn text(path: &Path, content: &str) -> Outcome {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, content)?)
}
