//! Cosine of term frequency times inverse document frequency: rare places say more.

use rayon::prelude::*;

use super::ranking::Products;
use super::{Method, Profiles, Sides};

/// tf = count, idf(f) = ln((1 + n) / (1 + df(f))) + 1 with df the persons with feature f among the n known;
/// the score is the cosine of the two vectors.
///
/// Source: G. Salton, C. Buckley, Term-weighting approaches in automatic text retrieval, IPM 24 (1988);
/// smoothed as is usual, so that what all have weighs 1 and what nobody has is finite.
pub const METHOD: Method = Method {
    name: "tfidf-cosine",
    prepare: |sides| {
        let features = sides.features.len();
        let idf = idf(sides);
        let weighted = |profiles: &Profiles| {
            unit(&profiles.map(|_, feature, count| count * idf[feature as usize]))
        };
        let known = weighted(&sides.known.profiles);
        let sought = weighted(sides.believed());
        Ok(Box::new(Products::new(known, sought, features)))
    },
};

fn idf(sides: &Sides) -> Vec<f64> {
    let known = &sides.known.profiles;
    let persons = known.persons() as f64;
    let support = known.support(sides.features.len());
    let idf = |df: &u32| ((1.0 + persons) / (1.0 + f64::from(*df))).ln() + 1.0;
    support.iter().map(idf).collect()
}

/// Each person's weights over their length.
fn unit(profiles: &Profiles) -> Profiles {
    let length = |person: usize| -> f64 {
        let squares = profiles.of(person).1.iter().map(|weight| weight * weight);
        squares.sum::<f64>().sqrt()
    };
    let all = (0..profiles.persons()).into_par_iter();
    let lengths: Vec<f64> = all.map(length).collect();
    profiles.map(|person, _, weight| weight / lengths[person])
}
