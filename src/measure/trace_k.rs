//! With how many others somebody shares the whole trace, its beginning, its places, its longest stretch.

use rayon::prelude::*;

use super::{
    Alike, Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real,
};
use crate::encode::visits::Visits;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameters, Unit};

pub struct TraceK;

const ID: &str = "trace-k";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::trace_k::PROSE,
    title: "k-anonymity of whole traces",
    criterion: Criterion::SinglingOut,
    question: "A release claims that every trace is hidden among others: with how many persons does somebody \
               share the whole of it, its beginning, its places?",
    adversary: "Has seen a person's whole way, or the first steps of it, or knows all places that they went to.",
    definition: "The way of a person is the places of their rows in the order of time, a place that follows \
                 itself counted once. Persons with the same way, the same first n places of it, or the same set \
                 of places are one class. A stretch is a part of a way without gaps; it is shared when at least \
                 k persons have it. Where the table has no places, they are its items.",
    formula: "k = min class size; share_unique = |{i alone in their class}| / n; longest_shared = median over \
              persons of the length of their longest shared stretch; share_shared = mean of that over the \
              length of the way",
    denominator: "Persons; for the first n places those whose way has n places.",
    nulls: "A place that is null is a place of its own.",
    assumptions: &["Rows of one person at the same second are taken in the order of their places."],
    limits: &[
        "Times count as order only: who knows when as well knows more.",
        "Stretches are followed up to 64 places.",
    ],
    citations: &[
        "O. Abul, F. Bonchi, M. Nanni: Never walk alone: uncertainty for anonymity in moving objects databases. \
         ICDE 2008.",
        "M. Terrovitis, N. Mamoulis: Privacy preservation in the publication of trajectories. MDM 2008.",
    ],
    validation: "Equal to a comparison of all ways and all their stretches on generated traces.",
    table: None,
    settings: &[Setting {
        key: "k",
        default: "[5]",
        meaning: "persons who make a stretch shared; those a policy names are added",
    }],
    statistics: &[
        Statistic {
            name: "k",
            title: "Fewest persons with the same way",
            of: "persons",
            meaning: |f| match real(f) {
                1.0 => format!("Somebody is the only one with their {}.", what(f)),
                k => format!(
                    "Everybody shares their {} with at least {k} persons, themselves among them.",
                    what(f)
                ),
            },
        },
        Statistic {
            name: "share_unique",
            title: "Persons with a way of their own",
            of: "persons",
            meaning: |f| {
                format!(
                    "{} of the persons are the only ones with their {}.",
                    percent(real(f)),
                    what(f)
                )
            },
        },
        Statistic {
            name: "longest_shared",
            title: "Longest stretch shared with others",
            of: "persons",
            meaning: |f| {
                format!(
                    "Half of the persons share no stretch of more than {} places with {} persons.",
                    real(f),
                    parameter(f, "k")
                )
            },
        },
        Statistic {
            name: "share_shared",
            title: "Part of a way that is one shared stretch",
            of: "persons",
            meaning: |f| {
                format!(
                    "On average {} of a way is one stretch that at least {} persons share.",
                    percent(real(f)),
                    parameter(f, "k")
                )
            },
        },
    ],
};

fn what(finding: &Finding) -> String {
    match parameter(finding, "of").as_str() {
        "places" => "set of places".to_owned(),
        "beginning" => format!("first {} places", parameter(finding, "length")),
        _ => "whole way".to_owned(),
    }
}

/// The longest beginning.
const BEGINNING: usize = 5;
/// The longest stretch that is followed.
const STRETCH: u32 = 64;

impl Measure for TraceK {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |k: f64| k.fract() == 0.0 && k >= 2.0;
        let ks = planning.numbers("k", "k", &[5.0], valid, "whole numbers from 2")?;
        Ok(planning.visit_jobs(ID, |_, spot| {
            let ks = ks.clone();
            move |visits: &Visits| measure(visits, &spot, &ks)
        }))
    }
}

fn measure(visits: &Visits, spot: &Parameters, ks: &[f64]) -> Outcome {
    let way = |person: usize| {
        let mut way = visits.of(person).to_vec();
        way.dedup();
        way
    };
    let ways: Vec<Vec<u32>> = (0..visits.persons()).into_par_iter().map(way).collect();
    let finding = |statistic, unit| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(std::slice::from_ref(&visits.column))
            .parameters(spot)
    };
    let mut outcome = Outcome::default();
    let mut report = |of: &str, length: Option<usize>, alike: Alike| {
        let named = |finding: Finding| {
            let finding = finding.parameter("of", of);
            match length {
                Some(length) => finding.parameter("length", length as u64),
                None => finding,
            }
        };
        outcome.findings.extend([
            named(finding("k", Unit::Persons)).count(alike.smallest, None),
            named(finding("share_unique", Unit::Share)).share(alike.unique, alike.persons),
        ]);
    };
    report("way", None, Alike::of(ways.iter()));
    let places: Vec<Vec<u32>> = ways
        .par_iter()
        .map(|way| {
            let mut places = way.clone();
            places.sort_unstable();
            places.dedup();
            places
        })
        .collect();
    report("places", None, Alike::of(places.iter()));
    for length in 1..=BEGINNING {
        let alike = Alike::of(ways.iter().filter_map(|way| way.get(..length)));
        if alike.persons > 0 {
            report("beginning", Some(length), alike);
        }
    }
    for &k in ks {
        let longest = longest_shared(&ways, k as u32);
        let mut lengths = std::collections::BTreeMap::new();
        longest
            .iter()
            .for_each(|length| *lengths.entry(u64::from(*length)).or_insert(0) += 1);
        let parts = longest.iter().zip(&ways).filter(|(_, way)| !way.is_empty());
        let parts: Vec<f64> = parts
            .map(|(length, way)| f64::from(*length) / way.len() as f64)
            .collect();
        let mean = parts.iter().sum::<f64>() / parts.len() as f64;
        let persons = ways.len() as u64;
        let of_k = |statistic, unit, value: f64| {
            let mut finding = finding(statistic, unit)
                .parameter("k", k as u64)
                .value(value);
            finding.denominator = Some(persons);
            finding
        };
        let middle = crate::stats::median(&lengths).expect("there are persons");
        outcome.findings.extend([
            of_k("longest_shared", Unit::Points, middle),
            of_k("share_shared", Unit::Share, mean),
        ]);
    }
    outcome
}

/// For each way the length of its longest stretch that at least `k` ways have.
///
/// Stretches of one length are numbered; one place longer is such a number and a place. Only what is
/// shared can be part of something longer that is.
fn longest_shared(ways: &[Vec<u32>], k: u32) -> Vec<u32> {
    let mut longest = vec![0; ways.len()];
    // Where stretches begin that are shared so far, and the number of each.
    let mut begun: Vec<Vec<(u32, u32)>> = ways
        .iter()
        .map(|way| (0..way.len() as u32).map(|at| (at, 0)).collect())
        .collect();
    for length in 1..=STRETCH {
        let longer = |person: usize| {
            let way = &ways[person];
            let next = begun[person].iter().filter_map(|(at, number)| {
                let place = way.get((at + length - 1) as usize)?;
                Some((*at, (*number, *place)))
            });
            next.collect::<Vec<(u32, (u32, u32))>>()
        };
        let stretches: Vec<Vec<(u32, (u32, u32))>> =
            (0..ways.len()).into_par_iter().map(longer).collect();
        let of_each = stretches.par_iter().flat_map_iter(|stretches| {
            let mut distinct: Vec<(u32, u32)> =
                stretches.iter().map(|(_, stretch)| *stretch).collect();
            distinct.sort_unstable();
            distinct.dedup();
            distinct
        });
        let mut all: Vec<(u32, u32)> = of_each.collect();
        all.par_sort_unstable();
        let shared: Vec<(u32, u32)> = all
            .chunk_by(|a, b| a == b)
            .filter(|same| same.len() >= k as usize)
            .map(|same| same[0])
            .collect();
        if shared.is_empty() {
            break;
        }
        let kept = |stretches: Vec<(u32, (u32, u32))>| {
            let numbered = stretches.into_iter().filter_map(|(at, stretch)| {
                Some((at, shared.binary_search(&stretch).ok()? as u32))
            });
            numbered.collect::<Vec<(u32, u32)>>()
        };
        begun = stretches.into_par_iter().map(kept).collect();
        for (longest, begun) in longest.iter_mut().zip(&begun) {
            if !begun.is_empty() {
                *longest = length;
            }
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn stretches_are_those_of_all_pairs(
            ways in prop::collection::vec(prop::collection::vec(0u32..3, 0..9), 1..14),
            k in 2u32..5,
        ) {
            let has = |way: &Vec<u32>, stretch: &[u32]| way.windows(stretch.len()).any(|part| part == stretch);
            let slow: Vec<u32> = ways
                .iter()
                .map(|way| {
                    let shared = |length: &usize| {
                        way.windows(*length).any(|stretch| {
                            ways.iter().filter(|other| has(other, stretch)).count() >= k as usize
                        })
                    };
                    (1..=way.len()).rev().find(shared).unwrap_or(0) as u32
                })
                .collect();
            prop_assert_eq!(longest_shared(&ways, k), slow);
        }
    }
}
