//! Naive Bayes: how likely the sought's rows would be if the known had made them.

use super::Method;
use super::ranking::Products;

/// The weight of what a person was never seen to do.
const PRIOR: f64 = 0.1;

/// Σ over the rows of the sought of ln((n_r + a) / (n + aR)): n_r rows of the known with the row's feature, n rows of
/// the known in all, R the features that anybody of either side shows, a = 0.1: what a candidate was never seen to do
/// is a place of either side, so that a feature that only the sought show has a probability too, and the probabilities
/// of each candidate add up to 1. Written as what shared features add to a person of whom nothing is known:
/// Σ_f c_f ln(1 + n_f / a) − (Σ_f c_f) ln((n + aR) / (aR)), of which the last is least for those with few rows.
///
/// Source: L. Rossi, M. Musolesi, It's the way you check-in: identifying users in location-based social
/// networks, COSN 2014 (their L is the set of all venues).
pub const METHOD: Method = Method {
    name: "wyci",
    prepare: |sides| {
        let features = sides.features.len();
        let (known, sought) = (&sides.known.profiles, sides.believed());
        // The table may know features of rows that are on neither side.
        let mut is_shown = vec![false; features];
        for profiles in [known, &sides.sought.profiles] {
            for person in 0..profiles.persons() {
                profiles
                    .pairs(person)
                    .for_each(|(feature, _)| is_shown[feature as usize] = true);
            }
        }
        let shown = is_shown.iter().filter(|shown| **shown).count();
        let smooth = PRIOR * shown as f64;
        let handicap = |person: usize| ((known.total(person) + smooth) / smooth).ln();
        let of_known: Vec<f64> = (0..known.persons()).map(handicap).collect();
        let of_sought: Vec<f64> = (0..sought.persons()).map(|at| sought.total(at)).collect();
        let weights = known.map(|_, _, count| (count / PRIOR).ln_1p());
        let counts = sought.map(|_, _, count| count);
        let products = Products::new(weights, counts, features);
        Ok(Box::new(products.handicapped(of_sought, of_known)))
    },
};
