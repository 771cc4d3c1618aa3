//! With how many others somebody shares the whole trace, its beginning, its places, its longest stretch.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rayon::prelude::*;

use super::{
    Alike, Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real,
};
use crate::encode::parts::parted;
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

/// A person's places in the order of time, each run of the same one once: where in the visits it begins, and which
/// it is.
fn way(spots: &[u32]) -> impl Iterator<Item = (usize, u32)> {
    let begins = |at: &usize| *at == 0 || spots[*at] != spots[*at - 1];
    (0..spots.len()).filter(begins).map(|at| (at, spots[at]))
}

fn measure(visits: &Visits, spot: &Parameters, ks: &[f64]) -> Outcome {
    let persons = visits.persons();
    let places = |person: usize| way(visits.of(person)).map(|(_, place)| place);
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
    let whole = |person: usize| Some(places(person).collect::<Vec<u32>>());
    report("way", None, Alike::of(persons, whole));
    let set = |person: usize| {
        let mut set = visits.of(person).to_vec();
        set.sort_unstable();
        set.dedup();
        Some(set)
    };
    report("places", None, Alike::of(persons, set));
    for length in 1..=BEGINNING {
        let beginning = |person: usize| {
            let beginning: Vec<u32> = places(person).take(length).collect();
            (beginning.len() == length).then_some(beginning)
        };
        let alike = Alike::of(persons, beginning);
        if alike.persons > 0 {
            report("beginning", Some(length), alike);
        }
    }
    for &k in ks {
        let longest = longest_shared(visits, k as usize);
        let mut lengths = std::collections::BTreeMap::new();
        longest
            .iter()
            .for_each(|length| *lengths.entry(u64::from(*length)).or_insert(0) += 1);
        let part = |(person, length): (usize, &u32)| match places(person).count() {
            0 => None,
            places => Some(f64::from(*length) / places as f64),
        };
        let parts: Vec<f64> = longest.par_iter().enumerate().filter_map(part).collect();
        let mean = parts.iter().sum::<f64>() / parts.len() as f64;
        let of_k = |statistic, unit, value: f64| {
            let mut finding = finding(statistic, unit)
                .parameter("k", k as u64)
                .value(value);
            finding.denominator = Some(persons as u64);
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

/// For each person the length of their longest stretch that at least `k` persons have.
///
/// Stretches of one length are numbered, where they are shared; one place longer to the left is a place and such a
/// number. Only what is shared can be part of something longer that is.
///
/// Memory: 4 bytes a visit and 16 a person; 8 a stretch that is shared, of which there are at most as many as visits
/// over `k`; and one a visit at a time for those that may be.
fn longest_shared(visits: &Visits, k: usize) -> Vec<u32> {
    let mut stretches = Stretches::of_one(visits, k);
    let mut longest: Vec<u32> = vec![0; visits.persons()];
    for length in 1..=STRETCH {
        let any = |person: usize| stretches.of(person).iter().any(|number| *number != NONE);
        longest
            .par_iter_mut()
            .enumerate()
            .for_each(|(person, longest)| {
                if any(person) {
                    *longest = length;
                }
            });
        let shared = match length < STRETCH {
            true => stretches.longer_shared(k),
            false => Shared::default(),
        };
        if shared.is_empty() {
            break;
        }
        stretches.go_on(&shared);
    }
    longest
}

/// What is not shared, or does not begin a run of one place.
const NONE: u32 = u32::MAX;
/// Visits for each stretch of those that are looked through together.
const PART: usize = 16;
/// Persons whose stretches one thread goes on with in turn.
const TOGETHER: usize = 1 << 10;

/// The shared stretches of one length: the number of that which begins at each visit.
struct Stretches<'a> {
    visits: &'a Visits,
    /// Where the visits of each person begin; one more than persons.
    offsets: Vec<usize>,
    numbers: Vec<u32>,
}

/// A place, and the number of the stretch that follows.
type Longer = u64;

/// Longer stretches that are shared, those of each part ascending; and how many those before it have.
#[derive(Default)]
struct Shared(Vec<(u32, Vec<Longer>)>);

impl Shared {
    fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, part)| part.is_empty())
    }

    /// The part that a stretch is in, of so many.
    fn part(stretch: Longer, parts: usize) -> usize {
        // The upper bits of a product with an odd constant depend on all bits (Fibonacci hashing).
        let mixed = stretch.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        (mixed as usize * parts) >> 32
    }

    fn number(&self, stretch: Longer) -> u32 {
        let (before, part) = &self.0[Self::part(stretch, self.0.len())];
        let found = part.binary_search(&stretch);
        found.map_or(NONE, |at| before + at as u32)
    }
}

impl<'a> Stretches<'a> {
    /// Those of one place: its code is its number.
    fn of_one(visits: &'a Visits, k: usize) -> Self {
        let mut offsets = vec![0];
        for person in 0..visits.persons() {
            offsets.push(offsets[person] + visits.of(person).len());
        }
        let visitors: Vec<AtomicU32> = (0..visits.capacity).map(|_| AtomicU32::new(0)).collect();
        let count = |places: &mut Vec<u32>, person: usize| {
            places.clear();
            places.extend(visits.of(person));
            places.sort_unstable();
            places.dedup();
            for place in places {
                visitors[*place as usize].fetch_add(1, Relaxed);
            }
        };
        (0..visits.persons())
            .into_par_iter()
            .for_each_init(Vec::new, count);
        let mut stretches = Self {
            visits,
            numbers: vec![NONE; offsets[visits.persons()]],
            offsets,
        };
        stretches.for_each(|spots, numbers| {
            for (at, place) in way(spots) {
                if visitors[place as usize].load(Relaxed) as usize >= k {
                    numbers[at] = place;
                }
            }
        });
        stretches
    }

    /// For the visits of each person, and the numbers at them.
    fn for_each(&mut self, each: impl Fn(&[u32], &mut [u32]) + Sync) {
        let (visits, offsets) = (self.visits, &self.offsets);
        let firsts = (0..visits.persons()).step_by(TOGETHER);
        let persons = firsts.map(|first| first..(first + TOGETHER).min(visits.persons()));
        let rooms = persons.clone();
        let rooms = rooms.map(|persons| offsets[persons.end] - offsets[persons.start]);
        let parts = parted(&mut self.numbers, rooms);
        let parts: Vec<_> = persons.zip(parts).collect();
        parts.into_par_iter().for_each(|(persons, part)| {
            let lengths = persons.clone().map(|person| visits.of(person).len());
            for (person, mine) in persons.zip(parted(part, lengths)) {
                each(visits.of(person), mine);
            }
        });
    }

    fn of(&self, person: usize) -> &[u32] {
        &self.numbers[self.offsets[person]..self.offsets[person + 1]]
    }

    /// A person's stretches that are one longer, as far as they may be shared.
    fn longer(&self, person: usize) -> impl Iterator<Item = Longer> {
        let numbers = self.of(person);
        let starts = || way(self.visits.of(person));
        let pairs = starts().zip(starts().skip(1));
        pairs.filter_map(|((at, place), (next, _))| longer(numbers[at], place, numbers[next]))
    }

    /// The longer stretches that at least `k` persons have.
    fn longer_shared(&self, k: usize) -> Shared {
        let persons = || (0..self.visits.persons()).into_par_iter();
        let all: usize = persons().map(|person| self.longer(person).count()).sum();
        let parts = (all * PART).div_ceil(self.numbers.len().max(1)).max(1);
        let (mut shared, mut before) = (Vec::with_capacity(parts), 0);
        for part in 0..parts {
            let of_person = |person: usize| {
                let mine = self.longer(person);
                let mut mine: Vec<Longer> = mine
                    .filter(|stretch| Shared::part(*stretch, parts) == part)
                    .collect();
                mine.sort_unstable();
                mine.dedup();
                mine
            };
            let mut stretches: Vec<Longer> = persons().flat_map_iter(of_person).collect();
            stretches.par_sort_unstable();
            let same = stretches.chunk_by(|a, b| a == b);
            let same = same.filter(|same| same.len() >= k).map(|same| same[0]);
            let found: Vec<Longer> = same.collect();
            let next = before + found.len() as u32;
            shared.push((std::mem::replace(&mut before, next), found));
        }
        Shared(shared)
    }

    /// Goes on with the longer stretches.
    fn go_on(&mut self, shared: &Shared) {
        self.for_each(|spots, numbers| {
            let mut last: Option<(usize, u32)> = None;
            for (at, place) in way(spots) {
                // What follows still has the number of the shorter one.
                if let Some((last, place)) = last {
                    let longer = longer(numbers[last], place, numbers[at]);
                    numbers[last] = longer.map_or(NONE, |stretch| shared.number(stretch));
                }
                last = Some((at, place));
            }
            if let Some((last, _)) = last {
                numbers[last] = NONE;
            }
        });
    }
}

/// One place longer than what follows, where that is shared and so is what begins with the place.
fn longer(number: u32, place: u32, following: u32) -> Option<Longer> {
    let may_be = number != NONE && following != NONE;
    may_be.then_some(u64::from(place) << 32 | u64::from(following))
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
            let visits = Visits::of_traces(&ways, 3);
            let ways: Vec<Vec<u32>> = ways.into_iter().map(|mut way| { way.dedup(); way }).collect();
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
            prop_assert_eq!(longest_shared(&visits, k as usize), slow);
        }
    }
}
