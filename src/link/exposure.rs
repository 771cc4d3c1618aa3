//! Which kind of persons are found again: by how much there is of them, how far they go, how evenly.

use std::cmp::Ordering;

use super::{Ranked, Sides};
use crate::encode::trails::Spot;
use crate::language::Said;
use crate::said;

/// A quantity by which persons are parted into thirds.
pub struct Exposure {
    pub by: Said,
    /// Of the lowest, the middle and the highest third: the expected number of right first matches, and
    /// persons.
    pub thirds: [(f64, u64); 3],
}

/// The thirds of those who are present, by rows, entropy of what they do and, where places have
/// coordinates, radius of gyration.
pub fn exposures(sides: &Sides, ranked: &[Ranked]) -> Vec<Exposure> {
    let profiles = &sides.sought.profiles;
    let rows = |person: usize| profiles.total(person);
    let entropy = |person: usize| {
        let total = profiles.total(person);
        let shares = profiles.of(person).1.iter().map(|count| count / total);
        -shares.map(|share| share * share.ln()).sum::<f64>()
    };
    let mut exposures = vec![
        thirds(said!("rows", "Zeilen"), ranked, rows),
        thirds(said!("entropy", "Entropie"), ranked, entropy),
    ];
    if let Some(spots) = sides.features.spots() {
        let radius = |person: usize| radius_of_gyration(profiles.pairs(person), &spots);
        let by = said!("radius of gyration", "Gyrationsradius");
        exposures.push(thirds(by, ranked, radius));
    }
    exposures
}

fn thirds(by: Said, ranked: &[Ranked], of: impl Fn(usize) -> f64) -> Exposure {
    let present = ranked.iter().enumerate();
    let present = present.filter(|(_, ranked)| ranked.own.is_some());
    let mut persons: Vec<(f64, f64)> = present
        .map(|(person, ranked)| (of(person), ranked.within(1)))
        .collect();
    persons.sort_by(|a, b| match a.0.total_cmp(&b.0) {
        Ordering::Equal => a.1.total_cmp(&b.1),
        order => order,
    });
    let third = |at: usize| {
        let count = persons.len();
        let mine = &persons[at * count / 3..(at + 1) * count / 3];
        let right = mine.iter().map(|(_, right)| right).sum();
        (right, mine.len() as u64)
    };
    Exposure {
        by,
        thirds: [0, 1, 2].map(third),
    }
}

/// √(mean squared distance of rows from their centre of mass), in kilometres; rows without a place are left
/// out. By a plane that touches the earth (of radius 6,371 km) at the first row: good for a country.
///
/// Source: M. C. González, C. A. Hidalgo, A.-L. Barabási, Understanding individual human mobility patterns,
/// Nature 453 (2008).
fn radius_of_gyration(rows: impl Iterator<Item = (u32, f64)>, spots: &[Option<Spot>]) -> f64 {
    let mut origin: Option<Spot> = None;
    let (mut count, mut sum, mut squares) = (0.0, [0.0; 2], 0.0);
    for (feature, rows) in rows {
        let Some(spot) = spots[feature as usize] else {
            continue;
        };
        let origin = *origin.get_or_insert(spot);
        let east = (spot.longitude - origin.longitude + 540.0).rem_euclid(360.0) - 180.0;
        let x = east.to_radians() * origin.latitude.to_radians().cos() * 6_371.0;
        let y = (spot.latitude - origin.latitude).to_radians() * 6_371.0;
        count += rows;
        sum = [sum[0] + rows * x, sum[1] + rows * y];
        squares += rows * (x * x + y * y);
    }
    if count == 0.0 {
        return 0.0;
    }
    let centre = sum.map(|sum| sum / count);
    let variance = squares / count - centre[0].powi(2) - centre[1].powi(2);
    variance.max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_places_a_degree_apart() {
        let spot = |latitude, longitude| {
            Some(Spot {
                latitude,
                longitude,
                bin: 0,
            })
        };
        // A degree of latitude is 111.19 km: the centre of two places is half of it from each.
        let spots = [spot(10.0, 20.0), spot(11.0, 20.0), None];
        let rows = [(0, 3.0), (1, 3.0), (2, 5.0)];
        let radius = radius_of_gyration(rows.into_iter(), &spots);
        assert!((radius - 55.597).abs() < 1e-3, "{radius}");
        // Over the 180th meridian.
        let spots = [spot(0.0, 179.5), spot(0.0, -179.5)];
        let radius = radius_of_gyration([(0, 1.0), (1, 1.0)].into_iter(), &spots);
        assert!((radius - 55.597).abs() < 1e-3, "{radius}");
    }
}
