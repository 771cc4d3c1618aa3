//! Repeated visits to places that say much of a person: clinics, places of worship, party offices.

use rayon::prelude::*;

use super::floors::{Floor, Rule};
use super::{
    Doc, Drawn, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real,
};
use crate::encode::Encoded;
use crate::encode::landmarks::Landmarks;
use crate::encode::visits::{Clock, Visits};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameters, Unit};
use crate::release::TimeBin;
use crate::said;
use crate::stats::{Draws, wilson};

pub struct SensitivePlaces;

const ID: &str = "sensitive-places";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::sensitive_places::PROSE,
    title: "Sensitive places",
    criterion: Criterion::Inference,
    question: "Whose trace reveals repeated visits to clinics, places of worship or party offices, and how many \
               of those persons are easily found?",
    adversary: "Has a list of places of interest; knows p random points of a person's trace besides, and wants \
                to learn of the person's visits there.",
    definition: "The places of the list are binned as those of the trace. A person is revealed when their trace \
                 is in such a cell on at least `visits` days by the clock on the wall; where times are no days, \
                 in so many distinct bins; where there are no times, in so many rows. A revealed person is found \
                 when p points drawn from their whole trace are in no other trace (`unicity`).",
    formula: "share_revealed = |{i : days of i in a cell of the list ≥ visits}| / n; share_unique = unicity ε_p \
              over the revealed persons",
    denominator: "Persons with a trace for `share_revealed`; draws of revealed persons for `share_unique`.",
    nulls: "A place that is null is none of the list.",
    assumptions: &["Who is often in the cell of a clinic visits the clinic."],
    limits: &[
        "In wide cells lives and works who never was at the place itself: `share_revealed` is then too high, and \
         an adversary would be wrong, too.",
        "Several places of interest in one cell cannot be told apart; days in all cells of the list count \
         together per cell, not across cells.",
    ],
    citations: &[
        "S. Gambs, M.-O. Killijian, M. Núñez del Prado Cortez: Show me how you move and I will tell you who you \
         are. Transactions on Data Privacy 4(2), 2011.",
        "Regulation (EU) 2016/679, Article 9 (special categories of personal data).",
    ],
    validation: "Equal to a slow count from the rows on generated traces and places.",
    table: None,
    settings: &[
        Setting {
            key: "visits",
            default: "2",
            meaning: "days at the same cell of the list from which on visits are repeated",
        },
        Setting {
            key: "points",
            default: "[2, 3, 4]",
            meaning: "the numbers p of known points; those a policy names are added",
        },
        Setting {
            key: "persons",
            default: "10000",
            meaning: "persons drawn for each p, as for `unicity`",
        },
    ],
    statistics: &[
        Statistic {
            name: "share_revealed",
            title: "Persons with repeated visits to sensitive places",
            of: "persons",
            meaning: |f| {
                format!(
                    "The traces of {} of the persons show them on {} days or more at one of the places.",
                    percent(real(f)),
                    parameter(f, "visits")
                )
            },
        },
        Statistic {
            name: "cells_visited",
            title: "Cells of sensitive places that anybody visited",
            of: "cells with such a place",
            meaning: |f| {
                format!(
                    "Of the cells with such a place {} occur in the traces.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "share_unique",
            title: "Unicity of those who visit sensitive places",
            of: "persons with repeated visits",
            meaning: |f| {
                format!(
                    "Of the persons with repeated visits {} are found by {} random moments, and their visits with \
                     them.",
                    percent(real(f)),
                    parameter(f, "points")
                )
            },
        },
    ],
};

impl Measure for SensitivePlaces {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[
            Floor {
                key: "visits",
                rule: Rule::Most(2.0),
            },
            Floor {
                key: "persons",
                rule: Rule::Least(10_000.0),
            },
        ]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |p: f64| p.fract() == 0.0 && (1.0..=100.0).contains(&p);
        let default = [2.0, 3.0, 4.0];
        let points = planning.numbers(
            "points",
            "points",
            &default,
            valid,
            "whole numbers 1 to 100",
        )?;
        let settings = Settings {
            points: points.into_iter().map(|p| p as usize).collect(),
            visits: planning.count("visits")?.unwrap_or(2),
            persons: planning.count("persons")?.unwrap_or(10_000),
            seed: planning.release.seed,
        };
        planning.place_jobs(ID, |table, auxiliary| {
            let (settings, point) = (settings.clone(), table.point.parameters());
            let (zone, auxiliary) = (table.timezone.clone(), auxiliary.to_owned());
            move |encoded: &Encoded, landmarks: &Landmarks| {
                let Some(visits) = encoded.visits().filter(|visits| visits.persons() > 0) else {
                    return Outcome::unmeasured(
                        ID,
                        said!("no row has a person", "keine Zeile gehört zu einer Person"),
                    )
                    .only("auxiliary", auxiliary.as_str());
                };
                let clock = || Clock::new(zone.as_ref());
                let revealed = (0..visits.persons())
                    .into_par_iter()
                    .map_init(clock, |clock, person| {
                        is_revealed(visits, person, landmarks, settings.visits, clock)
                    });
                let revealed: Vec<bool> = revealed.collect();
                measure(encoded, &revealed, landmarks, &settings, &point, &auxiliary)
            }
        })
    }
}

#[derive(Clone)]
struct Settings {
    points: Vec<usize>,
    visits: u64,
    persons: u64,
    seed: u64,
}

fn is_revealed(
    visits: &Visits,
    person: usize,
    landmarks: &Landmarks,
    wanted: u64,
    clock: &mut Clock,
) -> bool {
    let is_marked = |place: &u32| landmarks.marked[*place as usize];
    let spots = visits.of(person);
    if !spots.iter().any(is_marked) {
        return false;
    }
    let mut days: Vec<(u32, i64)> = match visits.in_order() {
        true => {
            let days = visits.bins(person, TimeBin::Seconds(86_400), clock);
            spots.iter().copied().zip(days).collect()
        }
        false => spots.iter().copied().zip(0..).collect(),
    };
    days.retain(|(place, _)| is_marked(place));
    days.sort_unstable();
    days.dedup();
    let of_places = days.chunk_by(|a, b| a.0 == b.0);
    of_places
        .into_iter()
        .any(|days| days.len() as u64 >= wanted)
}

fn measure(
    encoded: &Encoded,
    revealed: &[bool],
    landmarks: &Landmarks,
    settings: &Settings,
    point: &Parameters,
    auxiliary: &str,
) -> Outcome {
    let traces = encoded.traces().expect("traces were asked for");
    let columns = encoded.known_columns();
    let finding = |statistic, unit| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(&columns)
            .parameters(point)
            .parameter("auxiliary", auxiliary)
            .parameter("visits", settings.visits)
    };
    let count = revealed.iter().filter(|revealed| **revealed).count() as u64;
    let visited = landmarks.marked.iter().filter(|marked| **marked).count() as u64;
    let mut outcome = Outcome::default();
    outcome.findings.extend([
        finding("share_revealed", Unit::Share).share(count, revealed.len() as u64),
        finding("cells_visited", Unit::Values).count(visited, Some(landmarks.cells)),
    ]);
    let draws = Draws::new(settings.seed, ID, &encoded.name);
    for &p in &settings.points {
        let among = |person: u32| revealed[person as usize];
        let drawn = Drawn::new(traces, among, p, settings.persons, settings.seed, &draws);
        let Some(drawn) = drawn else {
            if count > 0 {
                let reason = said!(
                    "no person with repeated visits has {} points",
                    "keine Person mit wiederholten Besuchen hat {} Punkte",
                    p
                );
                let entry = Outcome::not_measured(ID, Some("share_unique"), &reason)
                    .parameter("auxiliary", auxiliary)
                    .parameter("points", p as u64);
                outcome.not_measured.push(entry);
            } else {
                // Nobody is revealed: nobody who is can be found.
                outcome.findings.push(
                    finding("share_unique", Unit::Share)
                        .parameter("points", p as u64)
                        .value(0.0),
                );
            }
            continue;
        };
        let candidates = traces.candidates(&drawn.points);
        let unique = candidates.iter().filter(|count| **count == 1).count() as u64;
        let mut share = finding("share_unique", Unit::Share)
            .parameter("points", p as u64)
            .share(unique, drawn.sample.trials);
        share.interval = Some(wilson(unique, drawn.sample.trials));
        share.sample = Some(drawn.sample);
        outcome.findings.push(share);
    }
    outcome
}
