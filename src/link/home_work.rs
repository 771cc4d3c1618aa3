//! Who sleeps and works where the other does.

use super::ranking::Products;
use super::{Method, Profiles, Side, Sides};
use crate::encode::visits::{Clock, counted};
use crate::said;

/// 1 for the same place by night (22 to 7), 1 for the same place by weekday office hours (9 to 17): of each
/// the place with most rows, of equal ones the first in the order of places. Ties are many.
///
/// Source: P. Golle, K. Partridge, On the anonymity of home/work location pairs, Pervasive 2009.
pub const METHOD: Method = Method {
    name: "home-work",
    prepare: |sides| {
        let (Some(places), true, true) = (
            sides.features.places(),
            sides.known.on_a_clock(),
            sides.sought.on_a_clock(),
        ) else {
            return Err(said!(
                "its rows have no place, or no time of day",
                "ihre Zeilen haben keinen Ort oder keine Tageszeit"
            ));
        };
        let known = anchors(&sides.known, sides, places);
        let sought = anchors(&sides.sought, sides, places);
        // A home is one feature, a place of work another.
        let all = places
            .iter()
            .max()
            .map_or(0, |last| 2 * (*last as usize + 1));
        Ok(Box::new(Products::new(known, sought, all)))
    },
};

fn anchors(side: &Side, sides: &Sides, places: &[u32]) -> Profiles {
    let mut clock = Clock::new(sides.zone.as_ref());
    let mut of = |person: usize| -> Vec<(u32, f64)> {
        let (features, moments) = side.rows(person);
        let (mut nights, mut days) = (Vec::new(), Vec::new());
        for (feature, moment) in features.into_iter().zip(moments) {
            let (place, wall) = (places[feature as usize], clock.wall(moment));
            if wall.hour >= 22 || wall.hour < 7 {
                nights.push(place);
            }
            if wall.weekday < 5 && (9..17).contains(&wall.hour) {
                days.push(place);
            }
        }
        let most = |spots: Vec<u32>| {
            let counted = counted(spots).into_iter();
            counted.min_by_key(|(place, count)| (std::cmp::Reverse(*count), *place))
        };
        let home = most(nights).map(|(place, _)| (2 * place, 1.0));
        let work = most(days).map(|(place, _)| (2 * place + 1, 1.0));
        let mut anchors: Vec<(u32, f64)> = home.into_iter().chain(work).collect();
        anchors.sort_unstable_by_key(|(anchor, _)| *anchor);
        anchors
    };
    Profiles::collect((0..side.persons.len()).map(&mut of).collect())
}
