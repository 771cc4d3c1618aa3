//! Records that are equal in every column.

use std::hash::Hash;

use foldhash::HashMap;
use rayon::prelude::*;

use super::nearest::Nearest;
use crate::encode::records::{Records, Side};

/// Columns up to which the codes of a record are one key without a pointer.
const SHORT: usize = 8;

/// For each combination of the release the one of the register that is equal, at distance 0; at an infinite
/// distance nobody where there is none. Time: both sides once.
pub fn exact(records: &Records) -> Vec<Nearest> {
    let width = records.columns.len();
    if width <= SHORT {
        return equal(records, |side, at| {
            let mut key = [0u32; SHORT];
            let codes = side.codes.iter().map(|codes| codes[at]);
            key.iter_mut().zip(codes).for_each(|(to, code)| *to = code);
            key
        });
    }
    equal(records, |side, at| -> Vec<u32> {
        side.codes.iter().map(|codes| codes[at]).collect()
    })
}

fn equal<K: Hash + Eq + Sync + Send>(
    records: &Records,
    key: impl Fn(&Side, usize) -> K + Sync,
) -> Vec<Nearest> {
    let known = &records.registered;
    let places: HashMap<K, u32> = (0..known.len())
        .map(|at| (key(known, at), at as u32))
        .collect();
    let find = |at: usize| match places.get(&key(&records.released, at)) {
        Some(found) => Nearest {
            distance: 0.0,
            persons: known.persons[*found as usize],
            of: vec![*found],
        },
        None => Nearest {
            distance: f64::INFINITY,
            persons: 0,
            of: Vec::new(),
        },
    };
    (0..records.released.len())
        .into_par_iter()
        .map(find)
        .collect()
}
