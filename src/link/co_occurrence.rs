//! How many features two persons have in common: with times and places, how often they were together.

use super::Method;
use super::ranking::Products;

/// The number of distinct features of the known that the sought has, or may have by the tolerance.
///
/// Source: the simplest of the spatio-temporal matchings compared by H. Wang et al., De-anonymization of
/// mobility trajectories, NDSS 2018 (MSQ counts the same with places far apart against a pair).
pub const METHOD: Method = Method {
    name: "co-occurrence",
    prepare: |sides| {
        let once = |_: usize, _: u32, _: f64| 1.0;
        let known = sides.known.profiles.map(once);
        let sought = sides.believed().map(once);
        Ok(Box::new(Products::new(known, sought, sides.features.len())))
    },
};
