//! Whether the pair of home and work singles somebody out.

use std::collections::HashMap;

use rayon::prelude::*;

use super::floors::{Floor, Rule};
use super::{Doc, Job, Measure, Outcome, Planning, Setting, Statistic, percent, real};
use crate::encode::visits::{Clock, Visits, counted};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameters, Unit};
use crate::said;

pub struct HomeWork;

const ID: &str = "home-work";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::home_work::PROSE,
    title: "Home and work",
    criterion: Criterion::SinglingOut,
    question: "If an adversary knows where somebody lives and works, is the person singled out?",
    adversary: "Knows home and place of work of a person, from a telephone book and a professional network; \
                looks for the trace that sleeps there and works there.",
    definition: "Home is the place with most of a person's rows by night, work that with most from Monday to \
                 Friday by office hours, by the table's time zone; of places that tie the one that sorts \
                 first. A person is unique when nobody else has the same pair.",
    formula: "share_unique = |{i : (home, work)(i) ≠ (home, work)(j) for all j ≠ i}| / |{i with both}|",
    denominator: "Persons with rows in both; the others are counted apart.",
    nulls: "A place that is null is a place of its own.",
    assumptions: &[
        "People are at home by night and at work by office hours: true of most, not of all.",
    ],
    limits: &["The adversary knows home and work as exactly as the release shows them."],
    citations: &[
        "P. Golle, K. Partridge: On the anonymity of home/work location pairs. Pervasive 2009.",
    ],
    validation: "Equal to independent values on the check-ins, two grids: persons with home, with both, unique \
                 pairs, unique homes, largest class.",
    table: None,
    settings: &[
        Setting {
            key: "night",
            default: "[22, 7]",
            meaning: "the hours of home: from, and to before",
        },
        Setting {
            key: "office",
            default: "[9, 17]",
            meaning: "the hours of work on weekdays: from, and to before",
        },
    ],
    statistics: &[
        Statistic {
            name: "share_unique",
            title: "Persons with a home and work of their own",
            of: "persons with home and work",
            meaning: |f| {
                format!(
                    "{} of the persons are the only ones with their home and work.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "share_unique_home",
            title: "Persons with a home of their own",
            of: "persons with a home",
            meaning: |f| {
                format!(
                    "{} of the persons are the only ones at their home.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "largest_class",
            title: "Most persons with the same home and work",
            of: "persons with home and work",
            meaning: |f| format!("The most common pair is shared by {} persons.", real(f)),
        },
        Statistic {
            name: "persons_without",
            title: "Persons without home or work",
            of: "persons",
            meaning: |f| {
                format!(
                    "{} persons have no rows by night or none by office hours.",
                    real(f)
                )
            },
        },
    ],
};

impl Measure for HomeWork {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[
            Floor {
                key: "night",
                rule: Rule::Exactly(&[22.0, 7.0]),
            },
            Floor {
                key: "office",
                rule: Rule::Exactly(&[9.0, 17.0]),
            },
        ]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let night = hours(planning, "night", [22, 7])?;
        let office = hours(planning, "office", [9, 17])?;
        let mut jobs = planning.visit_jobs(ID, |table, spot| {
            let zone = table.timezone.clone();
            move |visits: &Visits| match visits.on_a_clock {
                true => measure(visits, &spot, zone.as_ref(), night, office),
                false => Outcome::unmeasured(
                    ID,
                    said!(
                        "its times are no moments of a day",
                        "ihre Zeiten sind keine Tageszeiten"
                    ),
                ),
            }
        });
        // Shops and devices are no homes.
        jobs.retain(|job| planning.release.tables[job.table].point.place.is_some());
        Ok(jobs)
    }
}

/// Hours from one to before another, over midnight where the first is later.
type Hours = [u8; 2];

fn hours(planning: &Planning<'_>, key: &str, default: Hours) -> Result<Hours> {
    let Some(settings) = planning.settings else {
        return Ok(default);
    };
    let Some(given) = settings.numbers(key)? else {
        return Ok(default);
    };
    match given.value[..] {
        [from, to]
            if [from, to]
                .iter()
                .all(|hour| hour.fract() == 0.0 && (0.0..=24.0).contains(hour)) =>
        {
            Ok([from as u8, to as u8])
        }
        _ => Err(settings.error(given.span, format!("`{key}` takes two hours from 0 to 24"))),
    }
}

fn within([from, to]: Hours, hour: u8) -> bool {
    match from <= to {
        true => (from..to).contains(&hour),
        false => hour >= from || hour < to,
    }
}

fn measure(
    visits: &Visits,
    spot: &Parameters,
    zone: Option<&jiff::tz::TimeZone>,
    night: Hours,
    office: Hours,
) -> Outcome {
    let most_frequent = |spots: Vec<u32>| {
        let counted = counted(spots).into_iter();
        counted
            .min_by_key(|(place, count)| (std::cmp::Reverse(*count), *place))
            .map(|(place, _)| place)
    };
    let pair = |clock: &mut Clock, person: usize| {
        let (mut home, mut work) = (Vec::new(), Vec::new());
        for (place, time) in visits.of(person).iter().zip(visits.times(person)) {
            let wall = clock.wall(time);
            if within(night, wall.hour) {
                home.push(*place);
            }
            if wall.weekday < 5 && within(office, wall.hour) {
                work.push(*place);
            }
        }
        (most_frequent(home), most_frequent(work))
    };
    let pairs: Vec<(Option<u32>, Option<u32>)> = (0..visits.persons())
        .into_par_iter()
        .map_init(|| Clock::new(zone), pair)
        .collect();
    let (mut homes, mut both) = (HashMap::new(), HashMap::new());
    for (home, work) in &pairs {
        if let Some(home) = home {
            *homes.entry(*home).or_insert(0u64) += 1;
            if let Some(work) = work {
                *both.entry((*home, *work)).or_insert(0u64) += 1;
            }
        }
    }
    let finding = |statistic, unit| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(std::slice::from_ref(&visits.column))
            .parameters(spot)
    };
    let (with_home, with_both): (u64, u64) = (homes.values().sum(), both.values().sum());
    let alone = both.values().filter(|count| **count == 1).count() as u64;
    let home_alone = homes.values().filter(|count| **count == 1).count() as u64;
    let largest = both.values().copied().max().unwrap_or(0);
    let persons = pairs.len() as u64;
    Outcome {
        findings: vec![
            finding("share_unique", Unit::Share).share(alone, with_both),
            finding("share_unique_home", Unit::Share).share(home_alone, with_home),
            finding("largest_class", Unit::Persons).count(largest, Some(with_both)),
            finding("persons_without", Unit::Persons).count(persons - with_both, Some(persons)),
        ],
        ..Outcome::default()
    }
}
