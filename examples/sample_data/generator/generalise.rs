//! Generalisation of the subscribers' attributes until every class is large
//! and mixed enough.

use std::collections::BTreeMap;

use super::names::HANDSETS;
use super::people::Subscriber;

/// Persons a class must have. The usual demand is 11; the rest is margin.
const SMALLEST_CLASS: usize = 15;
/// Persons of a class that must be in each band of spending ...
const FEWEST_PER_BAND: usize = 2;
/// ... and how far the shares of the bands may be from those of all, in per
/// cent of persons who would have to change bands (t-closeness).
const LARGEST_DISTANCE: usize = 20;

/// What is published of a subscriber. The tariff is not: it gives away what
/// somebody spends, and how somebody pays is too seldom anything but on time.
pub struct Row {
    pub age_band: &'static str,
    pub gender: &'static str,
    pub postcode3: &'static str,
    pub handset: &'static str,
    pub spend: usize,
}

/// Bands of spending, coarser than the operator's own.
pub const BANDS: [&str; 3] = ["0-19", "20-34", "35+"];

/// Bands of age, each of about a quarter of the subscribers.
pub fn age_band(age: i64) -> &'static str {
    match age {
        ..=29 => "under 30",
        30..=44 => "30-44",
        45..=59 => "45-59",
        _ => "60 and over",
    }
}

/// The first three digits of a postcode.
pub fn postcode3(postcode: &'static str) -> &'static str {
    &postcode[..3]
}

fn row(subscriber: &Subscriber) -> Row {
    Row {
        age_band: age_band(subscriber.age),
        gender: subscriber.gender,
        postcode3: postcode3(subscriber.postcode),
        handset: maker_class(subscriber.handset),
        spend: subscriber.spend.saturating_sub(1).min(2),
    }
}

/// The maker where very many use it, otherwise `other`.
fn maker_class(handset: &str) -> &'static str {
    let maker = |model: &'static str| model.split(' ').next().unwrap_or(model);
    let of = |wanted: &str| -> u32 {
        let models = HANDSETS.iter().filter(|(model, _)| maker(model) == wanted);
        models.map(|&(_, weight)| weight).sum()
    };
    let all: u32 = HANDSETS.iter().map(|&(_, weight)| weight).sum();
    HANDSETS
        .iter()
        .map(|&(model, _)| maker(model))
        .find(|&maker| handset.starts_with(maker) && of(maker) * 5 >= all)
        .unwrap_or("other")
}

/// The published rows.
///
/// Where one class among the people of the same age, gender and postcode is too
/// small or too much of one kind, all of them lose their handset; where they
/// are still too few together, they are left out. Age, gender and postcode stay
/// as they are: one rule for all rows keeps them comparable with a register.
pub fn generalise<'a>(subscribers: impl Iterator<Item = &'a Subscriber>) -> Vec<Row> {
    let mut groups: BTreeMap<_, Vec<Row>> = BTreeMap::new();
    for row in subscribers.map(row) {
        let key = (row.age_band, row.gender, row.postcode3);
        groups.entry(key).or_default().push(row);
    }
    loop {
        // Leaving out a group changes what all the others are compared with.
        let all = bands(groups.values().flatten());
        let before = groups.len();
        groups.retain(|_, rows| safe(bands(rows.iter()), all));
        if groups.len() < before {
            continue;
        }
        for rows in groups.values_mut() {
            let mut classes: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
            for row in rows.iter() {
                classes.entry(row.handset).or_default().push(row);
            }
            if !classes.into_values().all(|class| safe(bands(class), all)) {
                rows.iter_mut().for_each(|row| row.handset = "any");
            }
        }
        return groups.into_values().flatten().collect();
    }
}

fn bands<'a>(rows: impl IntoIterator<Item = &'a Row>) -> [usize; BANDS.len()] {
    let mut counts = [0; BANDS.len()];
    for row in rows {
        counts[row.spend] += 1;
    }
    counts
}

fn safe(class: [usize; BANDS.len()], all: [usize; BANDS.len()]) -> bool {
    let (persons, everybody): (usize, usize) = (class.iter().sum(), all.iter().sum());
    // Half the sum of the differences in share, as a whole number of
    // 1 / (persons * everybody).
    let apart: usize = class
        .iter()
        .zip(all)
        .map(|(&here, there)| (here * everybody).abs_diff(there * persons))
        .sum();
    persons >= SMALLEST_CLASS
        && class.iter().all(|&n| n >= FEWEST_PER_BAND)
        && apart * 100 <= 2 * LARGEST_DISTANCE * persons * everybody
}
