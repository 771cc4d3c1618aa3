//! Unicity: how few moments of a life are enough to find it among all others.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real};
use crate::encode::traces::Traces;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameter, Parameters, Sample, Series, Unit};
use crate::stats::{Draws, median, wilson};

pub struct Unicity;

const ID: &str = "unicity";

static DOC: Doc = Doc {
    id: ID,
    title: "Unicity",
    criterion: Criterion::SinglingOut,
    question: "How many moments of a person's life must somebody know to find the person's trace \
               among all others?",
    adversary: "Knows p points of a person's trace, drawn at random from it (a shop at a certain \
                hour, a cell on a certain day), and that the person is in the release; wants the \
                rest of the trace.",
    definition: "A trace is the set of a person's distinct points; a point is a tuple of binned \
                 attributes as the manifest defines it. Drawn points are unique when no other \
                 person's trace contains all of them. Unicity ε_p is the share of persons for whom \
                 p points drawn at random from their trace are unique. The candidates of a draw are \
                 the persons whose traces contain all its points, the person among them.",
    formula: "exact, p = 1: mean over persons i of |{x ∈ T_i : support(x) = 1}| / |T_i|; exact, p = 2: mean \
              over persons with two points of the share of all pairs in T_i that are in no other trace, where \
              finding that takes at most 2³¹ steps; sampled: \
              unique draws / draws, over persons drawn without replacement from those with at least \
              p points, the same number of draws for each; every p-subset of a trace is equally \
              likely",
    denominator: "Persons with at least p distinct points; the others are counted in \
                  `persons_with_fewer_points`. `share_unique_pooled` counts (person, point) pairs.",
    nulls: "A null place, item or amount is a value of its own. A null time is an error.",
    assumptions: &[
        "The adversary's points are exact up to the bins, and drawn evenly from the trace: who knows \
         rare moments does better, who knows only home and work does worse.",
        "A person is one pseudonym. Where pseudonyms rotate, a person of a table is a person for as \
         long as the pseudonym lasts.",
    ],
    limits: &[
        "A trace that is not unique may still give away what all its candidates have in common.",
        "It speaks of the persons in the release; among a whole population fewer would be unique.",
        "The interval covers the drawing of persons and points, not the choice of the bins.",
    ],
    citations: &[
        "Y.-A. de Montjoye, C. A. Hidalgo, M. Verleysen, V. D. Blondel: Unique in the Crowd: the \
         privacy bounds of human mobility. Scientific Reports 3:1376, 2013.",
        "Y.-A. de Montjoye, L. Radaelli, V. K. Singh, A. Pentland: Unique in the shopping mall: on \
         the reidentifiability of credit card metadata. Science 347(6221), 2015.",
        "E. B. Wilson: Probable inference, the law of succession, and statistical inference. JASA \
         22, 1927 (interval).",
    ],
    validation: "Exact values (p = 1 and 2) equal to a brute-force count on check-ins, taxi trips, GPS tracks and \
                 shop purchases within 1e-12; sampled values agree with full enumeration of all \
                 pairs (p = 2) and with independent sampling (p = 3 to 5). The interval is \
                 conservative: by Jensen's inequality the variance of the mean over persons is at \
                 most the binomial one that Wilson's interval assumes.",
    table: None,
    settings: &[
        Setting {
            key: "points",
            default: "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]",
            meaning: "the numbers p of known points; those a policy names are added",
        },
        Setting {
            key: "persons",
            default: "10000",
            meaning: "persons drawn for each p; all of them where there are fewer, each drawn \
                      several times so that there are at least this many trials",
        },
    ],
    statistics: &[
        Statistic {
            name: "share_unique",
            title: "Unicity",
            of: "persons",
            meaning: |f| {
                let p = parameter(f, "points");
                let points = match p.as_str() {
                    "1" => "one random moment".to_owned(),
                    p => format!("{p} random moments"),
                };
                match real(f) {
                    0.0 => format!("For nobody that was tried, {points} were enough to be found."),
                    share => format!(
                        "For {} of the persons, whoever knows {points} of theirs finds their whole trace.",
                        percent(share)
                    ),
                }
            },
        },
        Statistic {
            name: "share_unique_pooled",
            title: "Points of one person only",
            of: "(person, point) pairs, or pairs of points of a person",
            meaning: |f| {
                let share = percent(real(f));
                format!("Of all points in the traces, {share} occur in one trace only.")
            },
        },
        Statistic {
            name: "points_needed",
            title: "Points that single out so many persons",
            of: "points",
            meaning: |f| {
                let share = f.parameters.get("share").map_or(0.0, |share| match share {
                    Parameter::Number(share) => share.as_f64(),
                    Parameter::Text(_) => 0.0,
                });
                match f.value {
                    None => format!(
                        "No number of points that was tried singles out {} of the persons.",
                        percent(share)
                    ),
                    Some(points) => format!(
                        "{} random moments are enough to single out {} of the persons.",
                        points.as_f64(),
                        percent(share)
                    ),
                }
            },
        },
        Statistic {
            name: "median_candidates",
            title: "Median number of candidates",
            of: "persons",
            meaning: |f| {
                let p = parameter(f, "points");
                format!(
                    "Who knows {p} random moments is typically left with {} possible persons.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "persons_with_fewer_points",
            title: "Persons with fewer points",
            of: "persons",
            meaning: |f| {
                let p = parameter(f, "points");
                format!(
                    "{} persons have fewer than {p} points and were left out here.",
                    real(f)
                )
            },
        },
    ],
};

impl Measure for Unicity {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |p: f64| p.fract() == 0.0 && (1.0..=100.0).contains(&p);
        let default = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0];
        let points = planning.numbers(
            "points",
            "points",
            &default,
            valid,
            "whole numbers 1 to 100",
        )?;
        let persons = planning.count("persons")?;
        let settings = Settings {
            points: points.into_iter().map(|p| p as usize).collect(),
            persons: persons.unwrap_or(10_000),
            seed: planning.release.seed,
        };
        Ok(planning.trace_jobs(ID, &Needs::default(), |table| {
            let (settings, point) = (settings.clone(), table.point.parameters());
            move |encoded: &Encoded| {
                let traces = encoded.traces().expect("traces were asked for");
                let draws = Draws::new(settings.seed, ID, &encoded.name);
                measure(traces, &settings, &draws, &point, &encoded.known_columns())
            }
        }))
    }
}

#[derive(Clone)]
struct Settings {
    points: Vec<usize>,
    persons: u64,
    seed: u64,
}

fn measure(
    traces: &Traces,
    settings: &Settings,
    draws: &Draws,
    point: &Parameters,
    columns: &[String],
) -> Outcome {
    let mut outcome = Outcome::default();
    let finding = |statistic, unit| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(columns)
            .parameters(point)
    };
    let persons = traces.persons() as u64;
    if settings.points.contains(&1) {
        let exact = |statistic, unit| {
            finding(statistic, unit)
                .parameter("points", 1)
                .parameter("method", "exact")
        };
        let (mean, unique) = exact_single(traces);
        let mut share = exact("share_unique", Unit::Share).value(mean);
        share.denominator = Some(persons);
        outcome.findings.extend([
            share,
            exact("share_unique_pooled", Unit::Share).share(unique, traces.pairs()),
        ]);
    }
    let mut curve = Series {
        measure: ID.to_owned(),
        name: "unicity_curve".to_owned(),
        table: String::new(),
        columns: columns.to_vec(),
        parameters: point.clone(),
        x: Vec::new(),
        y: Vec::new(),
        y_low: Vec::new(),
        y_high: Vec::new(),
        x_unit: "points".to_owned(),
        y_unit: "share".to_owned(),
    };
    if settings.points.contains(&2) {
        outcome.findings.extend(exact_pairs(traces, &finding));
    }
    for &p in &settings.points {
        let sampled = |statistic, unit| {
            finding(statistic, unit)
                .parameter("points", p as u64)
                .parameter("method", "sampled")
        };
        let eligible: Vec<u32> = (0..traces.persons() as u32)
            .filter(|person| traces.of(*person as usize).len() >= p)
            .collect();
        outcome.findings.push(
            finding("persons_with_fewer_points", Unit::Persons)
                .parameter("points", p as u64)
                .count(persons - eligible.len() as u64, Some(persons)),
        );
        if eligible.is_empty() {
            for statistic in ["share_unique", "median_candidates"] {
                let reason = format!("no person has {p} points");
                outcome
                    .not_measured
                    .push(Outcome::not_measured(ID, Some(statistic), &reason));
            }
            continue;
        }
        let (probes, sample) = draw(traces, &eligible, p, settings, draws);
        let candidates = traces.candidates(&probes);
        let unique = candidates.iter().filter(|count| **count == 1).count() as u64;
        let interval = wilson(unique, sample.trials);
        let mut share = sampled("share_unique", Unit::Share).share(unique, sample.trials);
        share.interval = Some(interval);
        share.sample = Some(sample);
        curve.x.push(p as f64);
        curve.y.push(real(&share));
        curve.y_low.push(interval.low);
        curve.y_high.push(interval.high);
        let mut sizes = BTreeMap::new();
        for count in &candidates {
            *sizes.entry(u64::from(*count)).or_insert(0) += 1;
        }
        outcome
            .series
            .push(candidate_sizes(&sizes, p, point, columns));
        let middle = median(&sizes).expect("there are draws");
        let mut middle = sampled("median_candidates", Unit::Persons).value(middle);
        middle.denominator = Some(persons);
        middle.sample = Some(sample);
        outcome.findings.extend([share, middle]);
    }
    if !curve.x.is_empty() {
        for share in LEVELS {
            let enough = curve.y.iter().position(|unique| *unique >= share);
            let mut needed = finding("points_needed", Unit::Points).parameter("share", share);
            if let Some(at) = enough {
                needed = needed.count(curve.x[at] as u64, None);
            }
            outcome.findings.push(needed);
        }
        outcome.series.push(curve);
    }
    outcome
}

/// Shares of persons for which it is said how many points single them out.
const LEVELS: [f64; 3] = [0.5, 0.9, 0.95];
/// Steps that may be taken to count all pairs: about a second.
const MOST_STEPS: u64 = 1 << 31;

/// Unicity of two points, over all pairs; nothing where they are too many.
fn exact_pairs(traces: &Traces, finding: &dyn Fn(&'static str, Unit) -> Finding) -> Vec<Finding> {
    let Some(shared) = traces.shared_pairs(MOST_STEPS) else {
        return Vec::new();
    };
    let pairs = |person: usize| {
        let points = traces.of(person).len() as u64;
        points * points.saturating_sub(1) / 2
    };
    let (mut sum, mut persons, mut unique, mut all) = (0.0, 0, 0, 0);
    for (person, shared) in shared
        .into_iter()
        .enumerate()
        .filter(|(person, _)| pairs(*person) > 0)
    {
        let mine = pairs(person);
        sum += (mine - shared) as f64 / mine as f64;
        persons += 1;
        unique += mine - shared;
        all += mine;
    }
    if persons == 0 {
        return Vec::new();
    }
    let exact = |statistic| {
        finding(statistic, Unit::Share)
            .parameter("points", 2)
            .parameter("method", "exact")
    };
    let mut share = exact("share_unique").value(sum / persons as f64);
    share.denominator = Some(persons);
    vec![share, exact("share_unique_pooled").share(unique, all)]
}

/// Upper ends of the bins of candidate sets.
const BINS: [u64; 9] = [1, 2, 5, 10, 20, 50, 100, 1_000, u64::MAX];

/// How many draws leave how many candidates.
fn candidate_sizes(
    sizes: &BTreeMap<u64, u64>,
    p: usize,
    point: &Parameters,
    columns: &[String],
) -> Series {
    let greatest = sizes.keys().next_back().copied().unwrap_or(1);
    let mut draws = vec![0u64; BINS.len()];
    for (size, count) in sizes {
        draws[BINS.partition_point(|end| end < size)] += count;
    }
    let used = BINS.partition_point(|end| *end < greatest) + 1;
    let mut parameters = point.clone();
    parameters.insert("points".to_owned(), (p as u64).into());
    Series {
        measure: ID.to_owned(),
        name: "candidate_sizes".to_owned(),
        table: String::new(),
        columns: columns.to_vec(),
        parameters,
        x: BINS[..used]
            .iter()
            .map(|end| (*end).min(greatest) as f64)
            .collect(),
        y: draws[..used].iter().map(|draws| *draws as f64).collect(),
        y_low: Vec::new(),
        y_high: Vec::new(),
        x_unit: "persons at most".to_owned(),
        y_unit: "draws".to_owned(),
    }
}

/// The mean over persons of the share of their points that nobody else has, and how many (person,
/// point) pairs are such.
fn exact_single(traces: &Traces) -> (f64, u64) {
    let alone = |person: usize| {
        let trace = traces.of(person).iter();
        trace
            .filter(|point| traces.support[**point as usize] == 1)
            .count()
    };
    let counts: Vec<usize> = (0..traces.persons()).into_par_iter().map(alone).collect();
    // Summed in the order of persons: floating-point sums depend on it.
    let shares = counts
        .iter()
        .enumerate()
        .filter(|(person, _)| !traces.of(*person).is_empty())
        .map(|(person, count)| *count as f64 / traces.of(person).len() as f64);
    let mean = shares.sum::<f64>() / traces.persons() as f64;
    (mean, counts.iter().sum::<usize>() as u64)
}

/// Draws persons, and p points of each: every person as often as any other.
fn draw(
    traces: &Traces,
    eligible: &[u32],
    p: usize,
    settings: &Settings,
    draws: &Draws,
) -> (Vec<Vec<u32>>, Sample) {
    // Trials are numbered p, person, draw; number 0 of each p draws the persons.
    let stream = (p as u64) << 56;
    let wanted = settings.persons.min(eligible.len() as u64);
    let chosen: Vec<u32> = if wanted == eligible.len() as u64 {
        eligible.to_vec()
    } else {
        let places = draws
            .trial(stream)
            .subset(wanted as usize, eligible.len() as u64);
        places
            .into_iter()
            .map(|place| eligible[place as usize])
            .collect()
    };
    let repeats = settings.persons.div_ceil(wanted);
    let probes = chosen
        .par_iter()
        .flat_map_iter(|person| {
            let trace = traces.of(*person as usize);
            (0..repeats).map(move |repeat| {
                let number = stream + ((u64::from(*person) + 1) << 20) + repeat;
                let places = draws.trial(number).subset(p, trace.len() as u64);
                places
                    .into_iter()
                    .map(|place| trace[place as usize])
                    .collect()
            })
        })
        .collect();
    let sample = Sample {
        seed: settings.seed,
        persons: wanted,
        trials: wanted * repeats,
    };
    (probes, sample)
}
