//! Whether the few places where somebody is most often single them out.

use rayon::prelude::*;

use super::{Alike, Doc, Job, Measure, Outcome, Planning, Statistic, parameter, percent, real};
use crate::encode::visits::{Clock, Visits, Wall, counted};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameters, Unit};

pub struct TopPlaces;

const ID: &str = "top-places";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::top_places::PROSE,
    title: "Most frequent places",
    criterion: Criterion::SinglingOut,
    question: "If an adversary knows the few places where somebody is most often, is the person singled out?",
    adversary: "Knows where a person usually is: at home, at work, at the gym; looks for the trace with these \
                places on top.",
    definition: "A person's top N are the N places with most of their rows. Where the table has no places, \
                 those are its items: shops, devices. A person is unique when nobody else has the same top N, \
                 as a set or in the same order. Of the places that tie for the last rank the one that sorts \
                 first is taken; how many persons that concerns is stated. By night are the rows from 22 to 7 \
                 o'clock, by day the others, by the table's time zone.",
    formula: "share_unique = |{i : top_N(i) ≠ top_N(j) for all j ≠ i}| / |{i : i has at least N places}|",
    denominator: "Persons with at least N different places; the others are counted apart.",
    nulls: "A place that is null is a place of its own.",
    assumptions: &["The adversary knows the places as exactly as the release shows them."],
    limits: &["Who knows times as well knows more: `unicity`."],
    citations: &[
        "H. Zang, J. Bolot: Anonymization of location data does not work: a large-scale measurement study. \
         MobiCom 2011.",
    ],
    validation: "Equal to independent values on the check-ins and the taxis, N = 1 to 4, two grids, persons, \
                 uniques and ties; by night and day to brute force on generated traces.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "share_unique",
            title: "Persons with most frequent places of their own",
            of: "persons with so many places",
            meaning: |f| {
                let order = match parameter(f, "ordered").as_str() {
                    "yes" => "in their order",
                    _ => "in any order",
                };
                format!(
                    "{} of the persons are the only ones with their {} most frequent places, {order}.",
                    percent(real(f)),
                    parameter(f, "n"),
                )
            },
        },
        Statistic {
            name: "largest_class",
            title: "Most persons with the same frequent places",
            of: "persons with so many places",
            meaning: |f| {
                format!(
                    "The most common {} places are shared by {} persons.",
                    parameter(f, "n"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "ties",
            title: "Persons whose last place ties with another",
            of: "persons with so many places",
            meaning: |f| {
                format!(
                    "For {} persons another place is as frequent as the last of the {} taken.",
                    real(f),
                    parameter(f, "n")
                )
            },
        },
        Statistic {
            name: "persons_with_fewer_places",
            title: "Persons with fewer places",
            of: "persons",
            meaning: |f| {
                format!(
                    "{} persons have fewer than {} different places.",
                    real(f),
                    parameter(f, "n")
                )
            },
        },
    ],
};

/// The longest list of places.
const MOST: usize = 5;

impl Measure for TopPlaces {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        Ok(planning.visit_jobs(ID, |table, spot| {
            let zone = table.timezone.clone();
            move |visits: &Visits| measure(visits, &spot, zone.as_ref())
        }))
    }
}

fn measure(visits: &Visits, spot: &Parameters, zone: Option<&jiff::tz::TimeZone>) -> Outcome {
    let persons = 0..visits.persons();
    let whole: Vec<Ranked> = persons
        .clone()
        .into_par_iter()
        .map(|person| ranked(visits.profile(person)))
        .collect();
    let mut outcome = Outcome::default();
    report(&mut outcome, visits, spot, "all", &whole);
    if visits.on_a_clock {
        let by_night = |wall: Wall| wall.hour >= 22 || wall.hour < 7;
        for (hours, wanted) in [("night", true), ("day", false)] {
            let of_hours = persons.clone().into_par_iter().map_init(
                || Clock::new(zone),
                |clock, person| {
                    let pairs = visits.of(person).iter().zip(visits.times(person));
                    let pairs = pairs.filter(|(_, time)| by_night(clock.wall(*time)) == wanted);
                    ranked(counted(pairs.map(|(place, _)| *place).collect()))
                },
            );
            report(
                &mut outcome,
                visits,
                spot,
                hours,
                &of_hours.collect::<Vec<_>>(),
            );
        }
    }
    outcome
}

/// A person's most frequent places, the most frequent first, one more than the longest list.
type Ranked = Vec<(u32, u32)>;

fn ranked(mut profile: Vec<(u32, u32)>) -> Ranked {
    profile.sort_unstable_by_key(|(place, count)| (std::cmp::Reverse(*count), *place));
    profile.truncate(MOST + 1);
    profile.shrink_to_fit();
    profile
}

fn report(
    outcome: &mut Outcome,
    visits: &Visits,
    spot: &Parameters,
    hours: &str,
    ranked: &[Ranked],
) {
    let persons = ranked.len() as u64;
    let finding = |statistic, unit, n: usize| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(std::slice::from_ref(&visits.column))
            .parameters(spot)
            .parameter("n", n as u64)
            .parameter("hours", hours)
    };
    for n in 1..=MOST {
        let is_enough = |places: &&Ranked| places.len() >= n;
        let included = ranked.iter().filter(is_enough).count() as u64;
        for (ordered, word) in [(false, "no"), (true, "yes")] {
            let key = |places: &Ranked| {
                let mut key: Vec<u32> = places[..n].iter().map(|(place, _)| *place).collect();
                if !ordered {
                    key.sort_unstable();
                }
                key
            };
            let alike = Alike::of(ranked.len(), |person| {
                Some(&ranked[person]).filter(is_enough).map(key)
            });
            outcome.findings.push(
                finding("share_unique", Unit::Share, n)
                    .parameter("ordered", word)
                    .share(alike.unique, included),
            );
            if !ordered {
                outcome.findings.push(
                    finding("largest_class", Unit::Persons, n).count(alike.largest, Some(included)),
                );
            }
        }
        let ties = |places: &&Ranked| places.get(n).is_some_and(|next| next.1 == places[n - 1].1);
        let ties = ranked.iter().filter(is_enough).filter(ties).count() as u64;
        outcome.findings.extend([
            finding("ties", Unit::Persons, n).count(ties, Some(included)),
            finding("persons_with_fewer_places", Unit::Persons, n)
                .count(persons - included, Some(persons)),
        ]);
    }
}
