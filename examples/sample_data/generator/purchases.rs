//! Payments by telephone in shops near where people are.

use super::calendar::{DAY, instant};
use super::city::City;
use super::diary::{Diary, Doing, Stay};
use super::draw::Draw;
use super::people::Subscriber;

/// Category, shops against the other categories, names, and price in cents:
/// least and most.
type Category = (&'static str, u32, &'static [&'static str], (i64, i64));

pub const CATEGORIES: [Category; 9] = [
    (
        "supermarket",
        22,
        &["Frischmarkt Rednitz", "Kaufgut", "Regalo"],
        (350, 9_500),
    ),
    (
        "bakery",
        22,
        &["Backstube Zeltner", "Brotzeit Löhner"],
        (120, 1_450),
    ),
    (
        "restaurant",
        18,
        &["Gasthaus Krone", "Trattoria Isola", "Imbiss Ada"],
        (650, 6_800),
    ),
    ("drugstore", 9, &["Drogerie Blume"], (195, 4_500)),
    (
        "pharmacy",
        7,
        &["Apotheke am Eck", "Löwenzahn-Apotheke"],
        (395, 6_500),
    ),
    (
        "clothing",
        7,
        &["Modehaus Ammon", "Faden & Stoff"],
        (990, 15_900),
    ),
    ("fuel", 6, &["Tankhof"], (1_500, 9_800)),
    ("kiosk", 6, &["Kiosk Pinguin"], (100, 1_800)),
    (
        "leisure",
        5,
        &["Lichtspiele Noris", "Kletterhalle Sandstein"],
        (750, 3_900),
    ),
];

/// A shop.
pub struct Merchant {
    pub name: String,
    pub category: usize,
}

/// The shops of every cell.
pub fn merchants(draw: &mut Draw, city: &City) -> Vec<Vec<Merchant>> {
    let weights = CATEGORIES.map(|category| category.1);
    let mut branch = 0;
    let shops = |_| {
        (0..draw.between(2, 5))
            .map(|_| {
                let category = draw.weighted(&weights);
                branch += 1;
                let name = draw.pick(CATEGORIES[category].2);
                Merchant {
                    name: format!("{name} {branch:03}"),
                    category,
                }
            })
            .collect()
    };
    city.cells.iter().map(shops).collect()
}

/// One payment.
pub struct Purchase {
    pub who: usize,
    /// Seconds since 1970.
    pub at: i64,
    pub cell: usize,
    /// Index among the merchants of the cell.
    pub merchant: usize,
    /// In cents.
    pub price: i64,
}

/// The payments of one subscriber.
pub fn purchases(
    draw: &mut Draw,
    merchants: &[Vec<Merchant>],
    (index, who): (usize, &Subscriber),
    diary: &Diary,
) -> Vec<Purchase> {
    let mut paid = Vec::new();
    for stay in &diary.stays {
        let likely = match stay.doing {
            Doing::Leisure => 70,
            Doing::Working => 18,
            Doing::Travelling => 14,
            // At home they pay at the corner shop.
            Doing::AtHome if stay.to - stay.from > 180 => 38,
            Doing::AtHome | Doing::Away => 0,
        };
        if !draw.percent(likely) {
            continue;
        }
        let Some(minute) = shopping_minute(draw, stay) else {
            continue;
        };
        let shops = &merchants[stay.cell];
        // Most people have a shop of their own in a cell.
        let merchant = if draw.percent(65) {
            (who.inhabitant + stay.cell) % shops.len()
        } else {
            draw.below(shops.len())
        };
        let (least, most) = CATEGORIES[shops[merchant].category].3;
        // The lesser of two draws: small amounts are the more frequent.
        let price = draw.between(least, most).min(draw.between(least, most));
        let price = if draw.percent(60) {
            price / 10 * 10 + 9
        } else {
            price
        };
        paid.push(Purchase {
            who: index,
            at: instant(minute, draw.between(0, 59)),
            cell: stay.cell,
            merchant,
            price,
        });
    }
    paid
}

/// A minute of the stay at which shops are open.
fn shopping_minute(draw: &mut Draw, stay: &Stay) -> Option<i64> {
    let minute = draw.between(stay.from, stay.to - 1);
    (370..1380)
        .contains(&minute.rem_euclid(DAY))
        .then_some(minute)
}
