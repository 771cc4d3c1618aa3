//! Unicity: how few moments of a life are enough to find it among all others.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::floors::{Floor, Rule};
use super::{
    Doc, Drawn, Figures, Job, Measure, Outcome, Planning, Setting, Statistic, at_each_precision,
    is_of_rows, known_rows, parameter, percent, real,
};
use crate::encode::axis::Times;
use crate::encode::marked::Marked;
use crate::encode::moments::{Moments, Noise, Probe};
use crate::encode::traces::Traces;
use crate::encode::traces::several::Several;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameter, Parameters, Series, Unit};
use crate::language::Said;
use crate::release::{Release, Table, TableKind, TimeBin};
use crate::said;
use crate::stats::{Draws, Interval, median, wilson};

pub struct Unicity;

const ID: &str = "unicity";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::unicity::PROSE,
    title: "Unicity",
    criterion: Criterion::SinglingOut,
    question: "How many moments of a person's life must somebody know to find the person's trace \
               among all others? In microdata: how many of a person's rows?",
    adversary: "Knows p points of a person's trace, drawn at random from it (a shop at a certain \
                hour, a cell on a certain day), or the quasi-identifiers of p rows of a person who has several in \
                microdata (p of somebody's stays in hospital), and that the person is in the release; wants the \
                rest.",
    definition: "A trace is the set of a person's distinct points; a point is a tuple of binned \
                 attributes as the manifest defines it. Drawn points are unique when no other \
                 person's trace contains all of them. Unicity ε_p is the share of persons for whom \
                 p points drawn at random from their trace are unique. With noise \
                 the adversary is mistaken about each point: its time is moved by up to so many bins and its \
                 place to one of so many rings of neighbouring cells, each equally likely, and everybody is a \
                 candidate who has a point within as much of each that the adversary believes in. The \
                 candidates of a draw are the persons whose traces contain all its points, the person among them. \
                 Whoever has fewer than p points is known whole: over all persons ε_p draws min(p, |T_i|) points. \
                 With `precision = point` a point is what the manifest defines. With `precision = published` it is \
                 what the files say of a row: its time to the second, or as stored where that is coarser, its cell \
                 or coordinates, items and amount as they are stored, and every other flat column of the row, under \
                 `ignore` or not, but for row keys: columns other than times and coordinates in which nearly every \
                 row (95 % or more) has a value of its own. Where no point of the definition holds more than one \
                 published point, the two are the same and reported once, as `precision = both`. In microdata whose \
                 persons have several rows the points of a person are the rows by their quasi-identifiers \
                 (`rows = known`): an adversary who knows p of them stands between one who knows a single row \
                 (`rows = each` of `uniqueness`) and one who knows all (`rows = composite`). Rows that are equal \
                 count as often as they occur: whoever knows two of them looks for persons with at least two. \
                 Where every person has one row, `uniqueness` says it all, and nothing is reported here.",
    formula: "exact, p = 1: mean over persons i of |{x ∈ T_i : support(x) = 1}| / |T_i|; exact, p = 2: mean \
              over persons with two points of the share of all pairs in T_i that are in no other trace, where \
              finding that takes at most 2³¹ steps and, in microdata, no person has two equal rows; sampled: \
              unique draws / draws, over persons drawn without replacement from those with at least \
              p points, the same number of draws for each; every p-subset of a trace is equally \
              likely; over all persons: (s·u + l·ε_p) / (s + l) with s persons who have fewer than p points, u the \
              share of them whose whole trace is contained in no other, and l persons with p points or more",
    denominator: "Persons with at least p distinct points; the others are counted in \
                  `persons_with_fewer_points`, and everybody in `share_unique_all`. Where nobody has p points all \
                  are known whole, and the two shares are the same. `share_unique_pooled` counts (person, point) \
                  pairs. Rows without a subject, where the manifest leaves them out, are nobody's trace: nothing in \
                  the files ties them to each other or to a person, so whoever recognises one has found that row \
                  and no other. They count neither as persons nor as candidates. In microdata `share_unique_pooled` \
                  counts rows; weights play no part: persons of the release are counted.",
    nulls: "A null place, item or amount is a value of its own. A null time is an error. In microdata a null in a \
            quasi-identifier is a value of its own and rows are compared by equality, with `nulls = \"wildcard\"` or \
            a hierarchy as well.",
    assumptions: &[
        "At the published precision the adversary knows moments as exactly as the files tell them, to the second: a \
         receipt, a log, a photograph or a post on a network gives as much. Whoever has such a moment compares it \
         with the files, not with the manifest's bins: a release is as fine as what it publishes. A share near \
         100 % there says that the files are finer than the point, which is mended by writing them as coarse as it.",
        "The adversary's points are exact up to the bins, and drawn evenly from the trace: who knows \
         rare moments does better, who knows only home and work does worse.",
        "A person is one pseudonym. Where pseudonyms rotate, a person of a table is a person for as \
         long as the pseudonym lasts.",
    ],
    limits: &[
        "A trace that is not unique may still give away what all its candidates have in common.",
        "It speaks of the persons in the release; among a whole population fewer would be unique.",
        "The interval covers the drawing of persons and points, not the choice of the bins.",
        "Of the measures of traces this one and `km-anonymity` with m = 1 are repeated at the published precision: the others rest on the \
         same points and say how badly a trace ends that was found, and a release whose published points find \
         nobody is not made worse by them. Nested columns are not part of a point.",
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
                 most the binomial one that Wilson's interval assumes. With noise equal to a search of all \
                 traces for what may be meant, on generated points. The share over all persons is equal to a count by \
                 hand of traces of one to six points, of which fewer than p are known whole. Of rows of microdata the \
                 exact values equal to a comparison of all persons' multisets on generated tables, the sampled ones \
                 within their interval of an enumeration of all choices of rows.",
    table: Some(&Figures {
        title: "A generated operator of 45 million subscribers scaled down by 1,000, antennas alike (exploration \
                and preferential return, 114 points a month), beside the published unicity of 1.5 million \
                persons (2013): hour and antenna",
        header: &["points", "published", "generated"],
        rows: &[
            &["1", "–", "0.001"],
            &["2", "> 0.50", "0.662"],
            &["3", "–", "0.920"],
            &["4", "0.95", "0.978"],
            &["5", "–", "0.993"],
            &["8", "–", "1.000"],
            &["10", "–", "1.000"],
        ],
    }),
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
                      several times so that there are at least this many trials; of those with too few points as \
                      many",
        },
        Setting {
            key: "noisy_points",
            default: "as `points`",
            meaning: "the numbers of known points that are also tried with an adversary who is mistaken",
        },
        Setting {
            key: "noise_bins",
            default: "1",
            meaning: "bins of time by which that adversary is mistaken at most, earlier or later",
        },
        Setting {
            key: "noise_rings",
            default: "1",
            meaning: "rings of neighbouring cells by which that adversary is mistaken at most",
        },
    ],
    statistics: &[
        Statistic {
            name: "share_unique",
            title: "Unicity",
            of: "persons",
            meaning: |f| {
                let points = random_points(f);
                let mistaken = match f.parameters.get("noise") {
                    Some(noise) => format!(", mistaken by up to {noise},"),
                    None => String::new(),
                };
                match real(f) {
                    0.0 => format!(
                        "Nobody that was tried is found by whoever knows {points} of theirs{mistaken}."
                    ),
                    share => format!(
                        "For {} of the persons, whoever knows {points} of theirs{mistaken} finds {}.",
                        percent(share),
                        match is_of_rows(f) {
                            true => "all their rows",
                            false => "their whole trace",
                        }
                    ),
                }
            },
        },
        Statistic {
            name: "share_unique_all",
            title: "Unicity over all persons",
            of: "persons",
            meaning: |f| {
                let points = random_points(f);
                match real(f) {
                    0.0 => format!(
                        "Nobody that was tried was found by {points}, nor by all of theirs where they have fewer."
                    ),
                    share => format!(
                        "Of all persons, {} are found by {points} of theirs, or by all of them where they have \
                         fewer.",
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
                match is_of_rows(f) {
                    true => format!("Of all rows, {share} are like no row of anybody else."),
                    false => {
                        format!("Of all points in the traces, {share} occur in one trace only.")
                    }
                }
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
                    Some(points) => {
                        let points = points.as_f64();
                        let (known, are) = match (is_of_rows(f), points == 1.0) {
                            (true, true) => ("row", "is"),
                            (true, false) => ("rows", "are"),
                            (false, true) => ("moment", "is"),
                            (false, false) => ("moments", "are"),
                        };
                        let share = percent(share);
                        format!(
                            "{points} random {known} {are} enough to single out {share} of the persons."
                        )
                    }
                }
            },
        },
        Statistic {
            name: "median_candidates",
            title: "Median number of candidates",
            of: "persons",
            meaning: |f| {
                format!(
                    "Whoever knows {} is typically left with {} possible persons.",
                    random_points(f),
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
                    "{} persons have fewer than {p} {}: they count in `share_unique_all` alone.",
                    real(f),
                    points_or_rows(f)
                )
            },
        },
        Statistic {
            name: "share_with_fewer_points",
            title: "Share of persons with fewer points",
            of: "persons",
            meaning: |f| {
                format!(
                    "Of all persons, {} have fewer than {} {}: in `share_unique_all` they are known whole.",
                    percent(real(f)),
                    parameter(f, "points"),
                    points_or_rows(f)
                )
            },
        },
    ],
};

fn points_or_rows(finding: &Finding) -> &'static str {
    match is_of_rows(finding) {
        true => "rows",
        false => "points",
    }
}

/// What the adversary knows.
fn random_points(finding: &Finding) -> String {
    let (one, many) = match is_of_rows(finding) {
        true => ("row", "rows"),
        false => ("moment", "moments"),
    };
    match parameter(finding, "points").as_str() {
        "1" => format!("one random {one}"),
        p => format!("{p} random {many}"),
    }
}

impl Measure for Unicity {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[Floor {
            key: "persons",
            rule: Rule::Least(10_000.0),
        }]
    }

    fn owes(&self, _: &str, table: &Table, _: &Release) -> bool {
        // Whether persons have several rows shows when they are read; where they have not, `uniqueness` says it all.
        table.kind == TableKind::Trace
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
        let noisy = match planning.settings {
            Some(settings) => settings.numbers("noisy_points")?.map(|given| given.value),
            None => None,
        };
        let noisy = noisy.unwrap_or_else(|| points.clone());
        let bins = steps(planning, "noise_bins", 1_000)?;
        let rings = steps(planning, "noise_rings", 20)?;
        let settings = Settings {
            points: points.into_iter().map(|p| p as usize).collect(),
            persons: persons.unwrap_or(10_000),
            noisy: noisy.into_iter().map(|p| p as usize).collect(),
            noise: Noise {
                bins: bins as i64,
                rings: rings as u8,
            },
            seed: planning.release.seed,
        };
        let needs = Needs {
            precise: true,
            ..Needs::default()
        };
        let of_rows = Settings {
            noisy: Vec::new(),
            ..settings.clone()
        };
        let mut jobs = planning.trace_jobs(ID, &needs, |table| {
            let (settings, point) = (settings.clone(), table.point.parameters());
            let exact = Settings {
                noisy: Vec::new(),
                ..settings.clone()
            };
            move |encoded: &Encoded| {
                at_each_precision(encoded, &point, |encoded, point, is_published| {
                    let settings = if is_published { &exact } else { &settings };
                    let moments = encoded.moments().expect("traces were asked for");
                    measure(&Crowd::of_trace(encoded, &moments), settings, point)
                })
            }
        });
        jobs.extend(planning.several_jobs(ID, move |encoded, several| {
            let crowd = Crowd::of_microdata(encoded, several);
            measure(&crowd, &of_rows, &known_rows())
        }));
        Ok(jobs)
    }
}

/// The persons of a table with what is known of them.
struct Crowd<'a> {
    name: &'a str,
    columns: Vec<String>,
    traces: &'a Traces,
    /// Of a trace.
    moments: Option<&'a Moments<'a>>,
    /// Of microdata.
    several: Option<&'a Several>,
}

impl<'a> Crowd<'a> {
    fn of_trace(encoded: &'a Encoded, moments: &'a Moments<'a>) -> Self {
        Self {
            name: &encoded.name,
            columns: encoded.known_columns(),
            traces: moments.traces,
            moments: Some(moments),
            several: None,
        }
    }

    fn of_microdata(encoded: &'a Encoded, several: &'a Several) -> Self {
        Self {
            name: &encoded.name,
            columns: encoded.known_columns(),
            traces: &several.items,
            moments: None,
            several: Some(several),
        }
    }

    /// For one known point the mean over persons of the share of their points that nobody else has, and how many
    /// (person, point) pairs are such.
    fn single(&self) -> (f64, u64) {
        match self.several {
            Some(several) => several.alone(),
            None => exact_single(self.traces),
        }
    }

    /// What whoever drew these points knows: of rows that are equal not which of them.
    fn known(&self, points: Vec<u32>) -> Vec<u32> {
        match self.several {
            Some(several) => several.known(&points),
            None => points,
        }
    }
}

/// A whole number up to `most`; 1 where none is given.
fn steps(planning: &Planning<'_>, key: &str, most: u64) -> Result<u64> {
    let Some(settings) = planning.settings else {
        return Ok(1);
    };
    match settings.integer(key, 0)? {
        None => Ok(1),
        Some(given) if given.value <= most => Ok(given.value),
        Some(given) => Err(settings.error(
            given.span,
            format!("`{key}` takes whole numbers up to {most}"),
        )),
    }
}

#[derive(Clone)]
struct Settings {
    points: Vec<usize>,
    persons: u64,
    /// The numbers of points that are also tried by an adversary who is mistaken, and by how much.
    noisy: Vec<usize>,
    noise: Noise,
    seed: u64,
}

/// What an adversary may be mistaken by, where the points have neighbours; in words, too.
fn noise(moments: &Moments<'_>, settings: &Settings) -> Option<(Said, Noise)> {
    let (bins, time) = match moments.times() {
        Some(Times::Bins { width, .. }) => {
            let seconds = settings.noise.bins * width;
            let seconds = u32::try_from(seconds).ok()?;
            (
                settings.noise.bins,
                Some(TimeBin::Seconds(seconds).to_string()),
            )
        }
        Some(Times::Numbers) => (settings.noise.bins, Some(settings.noise.bins.to_string())),
        // To be mistaken by one instant is not to be mistaken.
        Some(Times::Instants { .. }) | None => (0, None),
    };
    let rings = match moments.place() {
        Some(_) => settings.noise.rings,
        None => 0,
    };
    let time = time.filter(|_| bins > 0);
    let time = time.map(|time| Said::name(format!("±{time}")));
    let place = (rings > 0).then(|| match rings {
        1 => said!("1 ring of cells", "1 Ring von Zellen"),
        rings => said!(
            "{} rings of cells",
            "{} Ringen von Zellen",
            u32::from(rings)
        ),
    });
    let name = match (time, place) {
        (Some(time), Some(place)) => said!("{} and {}", "{} und {}", time, place),
        (time, place) => time.or(place)?,
    };
    Some((name, Noise { bins, rings }))
}

/// The findings on the points of a table, with what they are as parameters.
fn measure(crowd: &Crowd<'_>, settings: &Settings, point: &Parameters) -> Outcome {
    let (traces, columns) = (crowd.traces, &crowd.columns);
    let draws_of = |what| Draws::new(settings.seed, what, crowd.name);
    let (draws, noisy) = (&draws_of(ID), &draws_of("unicity-noise"));
    let mistaken_by = crowd.moments.and_then(|moments| noise(moments, settings));
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
        let (mean, unique) = crowd.single();
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
    // Of pairs of rows some are of one kind: they are drawn alone.
    let are_points = crowd.several.is_none_or(Several::are_distinct);
    if settings.points.contains(&2) && are_points {
        outcome.findings.extend(exact_pairs(traces, &finding));
    }
    // What all numbers of points have drawn is looked for at once: to look through all traces costs more than to
    // look for some more.
    let drawn =
        |p: &usize| Drawn::new(traces, |_| true, *p, settings.persons, settings.seed, draws);
    let mut drawn: Vec<Option<Drawn>> = settings.points.iter().map(drawn).collect();
    let points = drawn.iter_mut().flatten();
    let points: Vec<Vec<u32>> = points
        .flat_map(|drawn| std::mem::take(&mut drawn.points))
        .map(|points| crowd.known(points))
        .collect();
    let candidates = traces.candidates(&points);
    let most = settings.points.iter().copied().max().unwrap_or(0);
    let whole = Whole::of(traces, most, settings.persons, draws);
    let (mut points, mut candidates) = (points.into_iter(), candidates.as_slice());
    let (mut probes, mut mistaken): (Vec<Probe<Vec<u32>>>, Vec<_>) = (Vec::new(), Vec::new());
    for (&p, drawn) in settings.points.iter().zip(drawn) {
        let sampled = |statistic, unit| {
            finding(statistic, unit)
                .parameter("points", p as u64)
                .parameter("method", "sampled")
        };
        let fewer = |person: &usize| traces.of(*person).len() < p;
        let fewer = (0..traces.persons()).filter(fewer).count() as u64;
        outcome.findings.extend([
            finding("persons_with_fewer_points", Unit::Persons)
                .parameter("points", p as u64)
                .count(fewer, Some(persons)),
            finding("share_with_fewer_points", Unit::Share)
                .parameter("points", p as u64)
                .share(fewer, persons),
        ]);
        let known_whole = whole.fewer_than(p);
        let Some(Drawn {
            persons: of,
            sample,
            ..
        }) = drawn
        else {
            // Everybody is known whole.
            for statistic in ["share_unique", "share_unique_all"] {
                let share = sampled(statistic, Unit::Share);
                outcome.findings.push(known_whole.and(share, persons, None));
            }
            let reason = said!("no person has {} points", "keine Person hat {} Punkte", p);
            outcome.not_measured.push(
                Outcome::not_measured(ID, Some("median_candidates"), &reason)
                    .parameter("points", p as u64)
                    .parameter("method", "sampled"),
            );
            continue;
        };
        let (mine, others) = candidates.split_at(of.len());
        candidates = others;
        let points: Vec<Vec<u32>> = points.by_ref().take(of.len()).collect();
        let unique = mine.iter().filter(|count| **count == 1).count() as u64;
        let interval = wilson(unique, sample.trials);
        let mut share = sampled("share_unique", Unit::Share).share(unique, sample.trials);
        share.interval = Some(interval);
        share.sample = Some(sample);
        curve.x.push(p as f64);
        curve.y.push(real(&share));
        curve.y_low.push(interval.low);
        curve.y_high.push(interval.high);
        let mut sizes = BTreeMap::new();
        for count in mine {
            *sizes.entry(u64::from(*count)).or_insert(0) += 1;
        }
        outcome
            .series
            .push(candidate_sizes(&sizes, p, point, columns));
        let middle = median(&sizes).expect("there are draws");
        let mut middle = sampled("median_candidates", Unit::Persons).value(middle);
        middle.denominator = Some(persons);
        middle.sample = Some(sample);
        let all = sampled("share_unique_all", Unit::Share);
        let all = known_whole.and(all, persons, Some((real(&share), interval)));
        let all = Finding {
            sample: Some(sample),
            ..all
        };
        outcome.findings.extend([share, all, middle]);
        let wanted = settings.noisy.contains(&p);
        let noise = crowd.moments.zip(mistaken_by.as_ref()).filter(|_| wanted);
        if let Some((moments, (_, noise))) = noise {
            let believed = of.into_par_iter().zip(points).enumerate();
            let believed = believed.map(|(number, (person, points))| {
                let mut trial = noisy.trial(((p as u64) << 56) + number as u64);
                let mut around = |tuple| moments.around(tuple, *noise, &mut trial);
                Probe {
                    person,
                    points: points.into_iter().map(&mut around).collect(),
                }
            });
            probes.par_extend(believed);
            mistaken.push((p, sample));
        }
    }
    let alone = crowd.moments.map(|moments| moments.alone_among(&probes));
    let alone = alone.unwrap_or_default();
    let mut rest = alone.as_slice();
    for (p, sample) in mistaken {
        let (mine, others) = rest.split_at(sample.trials as usize);
        rest = others;
        let unique = mine.iter().filter(|alone| **alone).count() as u64;
        let mut share = finding("share_unique", Unit::Share)
            .parameter("points", p as u64)
            .parameter("method", "sampled")
            .share(unique, sample.trials);
        if let Some((name, _)) = &mistaken_by {
            share = share.parameter("noise", name.clone());
        }
        share.interval = Some(wilson(unique, sample.trials));
        share.sample = Some(sample);
        outcome.findings.push(share);
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

const CONFIDENCE: f64 = 0.95;

/// The persons who have fewer points than the adversary may know, all or some drawn at random: how many points each
/// has, and whether nobody else has all of them.
struct Whole {
    /// For each number of points persons with so many.
    persons: Vec<u64>,
    drawn: Vec<(usize, bool)>,
    /// Whether they are all.
    all: bool,
}

/// Those of them with fewer points than some number.
struct Fewer {
    persons: u64,
    drawn: u64,
    unique: u64,
    all: bool,
}

impl Whole {
    fn of(traces: &Traces, most: usize, wanted: u64, draws: &Draws) -> Self {
        let mut persons = vec![0; most];
        let mut short: Vec<u32> = Vec::new();
        for person in 0..traces.persons() {
            let points = traces.of(person).len();
            if (1..most).contains(&points) {
                persons[points] += 1;
                short.push(person as u32);
            }
        }
        let all = short.len() as u64 <= wanted;
        if !all {
            // Beyond the numbers of points, which draw the others.
            let mut trial = draws.trial(u64::from(u8::MAX) << 56);
            let places = trial.subset(wanted as usize, short.len() as u64);
            short = places
                .into_iter()
                .map(|place| short[place as usize])
                .collect();
        }
        let of = |person: &u32| traces.of(*person as usize).to_vec();
        let points: Vec<Vec<u32>> = short.iter().map(of).collect();
        let candidates = traces.candidates(&points);
        let drawn = points.iter().zip(candidates);
        Self {
            persons,
            drawn: drawn
                .map(|(points, candidates)| (points.len(), candidates == 1))
                .collect(),
            all,
        }
    }

    fn fewer_than(&self, p: usize) -> Fewer {
        let drawn = self.drawn.iter().filter(|(points, _)| *points < p);
        Fewer {
            persons: self.persons.iter().take(p).sum(),
            drawn: drawn.clone().count() as u64,
            unique: drawn.filter(|(_, unique)| *unique).count() as u64,
            all: self.all,
        }
    }
}

impl Fewer {
    /// The share of the `persons` of a table that are unique: these, and those with points enough, of whom a share was
    /// found, if there are such.
    fn and(&self, finding: Finding, persons: u64, others: Option<(f64, Interval)>) -> Finding {
        let exactly = |share| Interval {
            low: share,
            high: share,
            confidence: CONFIDENCE,
        };
        let (share, interval) = match (self.drawn, self.persons) {
            (0, 0) => (0.0, exactly(0.0)),
            // So few are so short that none was drawn: the worst is assumed of them.
            (0, _) => (1.0, exactly(1.0)),
            (drawn, _) => {
                let share = self.unique as f64 / drawn as f64;
                let interval = match self.all {
                    true => exactly(share),
                    false => wilson(self.unique, drawn),
                };
                (share, interval)
            }
        };
        let (rest, other) = others.unwrap_or((0.0, exactly(0.0)));
        let mine = self.persons as f64 / persons.max(1) as f64;
        let theirs = persons.saturating_sub(self.persons) as f64 / persons.max(1) as f64;
        let both = |mine_of: f64, theirs_of: f64| mine * mine_of + theirs * theirs_of;
        let mut finding = finding.value(both(share, rest));
        finding.denominator = Some(persons);
        if others.is_some() || !self.all {
            finding.interval = Some(Interval {
                low: both(interval.low, other.low),
                high: both(interval.high, other.high),
                confidence: CONFIDENCE,
            });
        }
        finding
    }
}

/// Shares of persons for which it is said how many points single them out.
const LEVELS: [f64; 3] = [0.5, 0.9, 0.95];
/// Steps that may be taken to count all pairs: some seconds.
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
    let single = Marked::of(traces.support.len(), |point| traces.support[point] == 1);
    let alone = |person: usize| {
        let trace = traces.of(person).iter();
        trace.filter(|point| single.has(**point)).count()
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
