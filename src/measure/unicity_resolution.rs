//! Unicity against how coarsely times and places are told.

use rayon::prelude::*;

use super::floors::{Floor, Rule};
use super::{
    Doc, Figures, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real,
};
use crate::encode::axis::Times;
use crate::encode::holders::Holders;
use crate::encode::moments::{Known, Level, Moments, Probe};
use crate::encode::{Encoded, Needs, common_divisor};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameters, Sample, Series, Unit};
use crate::language::Said;
use crate::release::point::duration;
use crate::release::{PlaceBin, PointDefinition, TimeBin};
use crate::said;
use crate::stats::minimise::minimise;
use crate::stats::{Draws, wilson};

pub struct UnicityResolution;

const ID: &str = "unicity-resolution";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::unicity_resolution::PROSE,
    title: "Unicity by resolution",
    criterion: Criterion::SinglingOut,
    question: "How coarse must times and places be told for few moments not to single out a person any more?",
    adversary: "As for `unicity`: knows p random points of a person's trace, as coarsely as they would be told.",
    definition: "The unicity of p drawn points with times in wider bins and places in wider cells, for every \
                 pair of the two. Wider cells: of a grid in degrees 2 × 2 cells are one, of H3 and of geohash the \
                 next coarser resolution is taken; each level adds to the one before. The same persons are drawn \
                 for all pairs.",
    formula: "share_unique as `unicity`. Fitted by least squares over all pairs: ε = α − x^β, where x = (bins of \
              the finest time in a bin) × (cells of the finest place in a cell); `decay_exponent` = β, \
              `decay_level` = α, `decay_misfit` = √(mean squared residual)",
    denominator: "Draws of persons with p points at that resolution; `persons_with_fewer_points` of those drawn \
                  have fewer.",
    nulls: "As for `unicity`.",
    assumptions: &[
        "A release at a coarser resolution would hold the same rows, coarser: not fewer, and not others.",
    ],
    limits: &[
        "Places named by a column of cells have no neighbours: their resolution stays as it is.",
        "Bins of time that are no multiple of what the release or the definition has cannot be made; instants \
         taken as they stand are binned by UTC.",
        "The law describes the shares, it does not explain them: look at `decay_misfit`.",
    ],
    citations: &[
        "Y.-A. de Montjoye, C. A. Hidalgo, M. Verleysen, V. D. Blondel: Unique in the Crowd: the privacy bounds \
         of human mobility. Scientific Reports 3:1376, 2013.",
    ],
    validation: "Who is alone at a resolution equal to a search of all traces on generated points; coarser cells \
                 equal to binning by them (degrees, H3, geohash). On check-ins and taxis the entry at the release's \
                 own resolution agrees with full enumeration of all pairs (p = 2).",
    table: Some(&Figures {
        title: "A generated operator of 45 million subscribers scaled down by 1,000, antennas alike (exploration \
                and preferential return, 114 points a month), beside the published decay (2013)",
        header: &["quantity", "published", "generated"],
        rows: &[&["exponent", "0.1", "0.088 (misfit 0.188)"]],
    }),
    settings: &[
        Setting {
            key: "points",
            default: "[4]",
            meaning: "the numbers p of known points; those a policy names are added",
        },
        Setting {
            key: "times",
            default: "[\"15min\", \"1h\", \"4h\", \"12h\", \"1d\"]",
            meaning: "the bins of time; dates are put into 1, 2, 7, 14 and 28 days, numbers into 1, 2, 4, 8 and 16",
        },
        Setting {
            key: "coarser",
            default: "4",
            meaning: "how many coarser cells are tried besides those of the definition",
        },
        Setting {
            key: "persons",
            default: "10000",
            meaning: "persons drawn, as for `unicity`",
        },
    ],
    statistics: &[
        Statistic {
            name: "share_unique",
            title: "Unicity at a resolution",
            of: "persons",
            meaning: |f| {
                let told =
                    ["time", "place"].map(|name| f.parameters.get(name).map(|at| (name, at)));
                let told = told.into_iter().flatten();
                let told: Vec<String> = told.map(|(name, at)| format!("{name} {at}")).collect();
                format!(
                    "Told by {}, {} random moments single out {} of the persons.",
                    told.join(" and "),
                    parameter(f, "points"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "persons_with_fewer_points",
            title: "Persons drawn that have fewer points",
            of: "persons drawn",
            meaning: |f| {
                format!(
                    "{} of the persons drawn have fewer than {} points at the resolution where most have not.",
                    real(f),
                    parameter(f, "points")
                )
            },
        },
        Statistic {
            name: "decay_exponent",
            title: "Exponent of the decay with resolution",
            of: "",
            meaning: |f| {
                format!(
                    "Unicity falls as the power {:.3} of the resolution: to make points ten times as coarse takes \
                     little away where this is small.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "decay_level",
            title: "Level of the decay with resolution",
            of: "",
            meaning: |f| format!("The law begins at a unicity of {:.3}.", real(f) - 1.0),
        },
        Statistic {
            name: "decay_misfit",
            title: "Misfit of the decay law",
            of: "",
            meaning: |f| {
                format!(
                    "On average the law misses the measured shares by {:.3}.",
                    real(f)
                )
            },
        },
    ],
};

impl Measure for UnicityResolution {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[
            Floor {
                key: "persons",
                rule: Rule::Least(10_000.0),
            },
            Floor {
                key: "times",
                rule: Rule::Unset,
            },
            Floor {
                key: "coarser",
                rule: Rule::Least(4.0),
            },
        ]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |p: f64| p.fract() == 0.0 && (1.0..=100.0).contains(&p);
        let points =
            planning.numbers("points", "points", &[4.0], valid, "whole numbers 1 to 100")?;
        let persons = planning.count("persons")?.unwrap_or(10_000);
        let mut times = vec![900, 3_600, 14_400, 43_200, 86_400];
        let mut coarser = 4;
        if let Some(settings) = planning.settings {
            let given = settings.strings("times")?;
            if !given.is_empty() {
                times.clear();
            }
            for text in given {
                let width = duration(&text).ok_or_else(|| {
                    settings.error(
                        text.span.clone(),
                        "a time bin is a whole number with a unit",
                    )
                })?;
                times.push(width);
            }
            if let Some(given) = settings.integer("coarser", 0)? {
                coarser = given.value.min(15) as u8;
            }
        }
        times.sort_unstable();
        times.dedup();
        let divisor = times.iter().fold(0, |divisor, width| {
            common_divisor(divisor, i64::from(*width))
        });
        let needs = Needs {
            finer: Some(divisor as u32),
            ..Needs::default()
        };
        let settings = Settings {
            points: points.into_iter().map(|p| p as usize).collect(),
            times,
            coarser,
            persons,
            seed: planning.release.seed,
        };
        Ok(planning.trace_jobs(ID, &needs, |table| {
            let (settings, point) = (settings.clone(), table.point.clone());
            move |encoded: &Encoded| {
                let moments = encoded.finer_moments().expect("traces were asked for");
                let draws = Draws::new(settings.seed, ID, &encoded.name);
                measure(
                    &moments,
                    &settings,
                    &point,
                    &encoded.known_columns(),
                    &draws,
                )
            }
        }))
    }
}

#[derive(Clone)]
struct Settings {
    points: Vec<usize>,
    times: Vec<u32>,
    coarser: u8,
    persons: u64,
    seed: u64,
}

/// Widths of the bins of time, with their names; one without either where points have no time.
fn widths(
    moments: &Moments<'_>,
    settings: &Settings,
    point: &PointDefinition,
) -> Vec<(i64, Option<String>)> {
    let period = point.time.and_then(TimeBin::period);
    let named = |width: i64| {
        let seconds = u32::try_from(width).ok()?;
        let bin = match period {
            // What does not divide what comes again is no bin of it.
            Some(period) if period.days() * 86_400 % width != 0 => return None,
            Some(period) => TimeBin::Pattern(seconds, period),
            None => TimeBin::Seconds(seconds),
        };
        Some((width, Some(bin.to_string())))
    };
    let asked = settings.times.iter().map(|width| i64::from(*width));
    match moments.times() {
        None => vec![(1, None)],
        Some(Times::Numbers) => [1, 2, 4, 8, 16]
            .map(|count| match count {
                1 => (1, Some("column".to_owned())),
                count => (count, Some(format!("{count} of column"))),
            })
            .into(),
        Some(Times::Instants { .. }) => asked.filter_map(named).collect(),
        Some(Times::Bins { width: finest, .. }) => {
            let own = point.time.and_then(TimeBin::width).map(i64::from);
            let own = own.map(|own| own.max(*finest));
            let mut widths: Vec<i64> = asked
                .chain(own)
                .filter(|width| width % finest == 0)
                .collect();
            widths.sort_unstable();
            widths.dedup();
            if widths.len() < 2 || finest % 86_400 == 0 {
                widths = [1, 2, 7, 14, 28].map(|count| count * finest).into();
            }
            widths.into_iter().filter_map(named).collect()
        }
    }
}

/// A resolution in words: its name, where it has one in every language.
fn spelled(name: &str) -> Said {
    let german = match (name, name.strip_suffix(" of column")) {
        ("column", _) => "den Werten der Spalte".to_owned(),
        (_, Some(steps)) => format!("je {steps} Werten der Spalte"),
        _ => name.to_owned(),
    };
    Said::new(name.to_owned(), german)
}

/// The places so many levels coarser, by name; nothing where points have no place.
fn cells(point: &PointDefinition, level: u8) -> Option<String> {
    let bin = match point.place? {
        PlaceBin::Degrees(step) => PlaceBin::Degrees(step * f64::from(1u32 << level)),
        PlaceBin::H3(resolution) => {
            let coarser = u8::from(resolution) - level;
            PlaceBin::H3(coarser.try_into().expect("it is coarser than a resolution"))
        }
        PlaceBin::Geohash(length) => PlaceBin::Geohash(length - level),
        PlaceBin::Column => PlaceBin::Column,
    };
    Some(bin.to_string())
}

fn measure(
    moments: &Moments<'_>,
    settings: &Settings,
    point: &PointDefinition,
    columns: &[String],
    draws: &Draws,
) -> Outcome {
    let (levels, merged) = match moments.place() {
        Some((_, axis)) => (axis.levels().min(settings.coarser), axis.merged()),
        None => (0, 1.0),
    };
    let widths = widths(moments, settings, point);
    let mut outcome = Outcome::default();
    let holders = Holders::of(moments, levels);
    for &p in &settings.points {
        let mut matrix = Matrix::new(moments, &holders, p, settings, draws);
        let mut curve: Vec<(f64, f64)> = Vec::new();
        let finding = |statistic, unit, parameters: &Parameters| {
            Finding::new(ID, statistic, DOC.criterion, unit)
                .columns(columns)
                .parameters(parameters)
                .parameter("points", p as u64)
        };
        for (width, time) in &widths {
            for (level, (unique, sample)) in (0u8..).zip(matrix.entries(*width, levels)) {
                let mut parameters = point.parameters();
                let told = [("time", time.clone()), ("place", cells(point, level))];
                for (name, text) in told {
                    if let Some(text) = text {
                        parameters.insert(name.to_owned(), text.as_str().into());
                    }
                }
                if sample.trials == 0 {
                    let told: Vec<Said> = ["time", "place"]
                        .into_iter()
                        .filter_map(|name| Some(spelled(&parameters.get(name)?.to_string())))
                        .collect();
                    let told = match told.as_slice() {
                        [time, place] => said!("{} and {}", "{} und {}", time, place),
                        told => Said::joined(told, ""),
                    };
                    let reason = said!(
                        "no person has {} points by {}",
                        "keine Person hat {} Punkte bei {}",
                        p,
                        told
                    );
                    let entry = Outcome::not_measured(ID, Some("share_unique"), &reason)
                        .parameters(&parameters)
                        .parameter("points", p as u64);
                    outcome.not_measured.push(entry);
                    continue;
                }
                let interval = wilson(unique, sample.trials);
                let mut share =
                    finding("share_unique", Unit::Share, &parameters).share(unique, sample.trials);
                share.interval = Some(interval);
                share.sample = Some(sample);
                let finest = widths[0].0 as f64;
                let coarser = *width as f64 / finest * merged.powi(i32::from(level));
                curve.push((coarser, real(&share)));
                outcome.findings.push(share);
            }
        }
        let parameters = Parameters::new();
        outcome.findings.push(
            finding("persons_with_fewer_points", Unit::Persons, &parameters)
                .count(matrix.most_without, Some(matrix.chosen.len() as u64)),
        );
        match decay(&curve) {
            Some(law) => {
                let values = [law.exponent, law.level, law.misfit];
                let names = ["decay_exponent", "decay_level", "decay_misfit"];
                let law = names.into_iter().zip(values);
                outcome.findings.extend(
                    law.map(|(name, value)| finding(name, Unit::Ratio, &parameters).value(value)),
                );
            }
            None => {
                let reason = said!(
                    "with {} points too few resolutions differ to fit a law to",
                    "mit {} Punkten unterscheiden sich zu wenige Auflösungen, um ein Gesetz anzupassen",
                    p
                );
                let entries = ["decay_exponent", "decay_level", "decay_misfit"].map(|statistic| {
                    Outcome::not_measured(ID, Some(statistic), &reason)
                        .parameter("points", p as u64)
                });
                outcome.not_measured.extend(entries);
            }
        }
        curve.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut parameters = point.parameters();
        parameters.insert("points".to_owned(), (p as u64).into());
        outcome.series.push(Series {
            measure: ID.to_owned(),
            name: "unicity_by_resolution".to_owned(),
            table: String::new(),
            columns: columns.to_vec(),
            parameters,
            x: curve.iter().map(|(coarser, _)| *coarser).collect(),
            y: curve.iter().map(|(_, share)| *share).collect(),
            y_low: Vec::new(),
            y_high: Vec::new(),
            x_unit: "times as coarse".to_owned(),
            y_unit: "share".to_owned(),
        });
    }
    outcome
}

/// The draws that all entries for one number of points share.
struct Matrix<'a> {
    moments: &'a Moments<'a>,
    holders: &'a Holders,
    p: usize,
    chosen: Vec<u32>,
    repeats: u64,
    seed: u64,
    draws: &'a Draws,
    /// The most persons of any entry that have fewer points.
    most_without: u64,
}

impl<'a> Matrix<'a> {
    fn new(
        moments: &'a Moments<'a>,
        holders: &'a Holders,
        p: usize,
        settings: &Settings,
        draws: &'a Draws,
    ) -> Self {
        let enough = |person: &u32| moments.traces.of(*person as usize).len() >= p;
        let eligible: Vec<u32> = (0..moments.traces.persons() as u32)
            .filter(enough)
            .collect();
        let persons = settings.persons.min(eligible.len() as u64);
        let chosen: Vec<u32> = match persons == eligible.len() as u64 {
            true => eligible,
            false => {
                let mut trial = draws.trial((p as u64) << 56);
                let places = trial.subset(persons as usize, eligible.len() as u64);
                let place = |place: u64| eligible[place as usize];
                places.into_iter().map(place).collect()
            }
        };
        Self {
            moments,
            holders,
            p,
            repeats: settings.persons.div_ceil(persons.max(1)),
            chosen,
            seed: settings.seed,
            draws,
            most_without: 0,
        }
    }

    /// How many draws are unique, of how many, for cells of the definition and up to so many levels coarser;
    /// nothing where times cannot be binned so.
    fn entries(&mut self, width: i64, levels: u8) -> Vec<(u64, Sample)> {
        let levels = (0..=levels).map_while(|level| self.moments.level(width, level));
        let levels: Vec<Level> = levels.collect();
        let drawn = self.chosen.par_iter().map(|person| {
            let moments = self.moments.of(*person as usize);
            let of_level = |level: &Level| self.probes(*person, &level.points(&moments));
            levels.iter().map(of_level).collect::<Vec<_>>()
        });
        let mut drawn: Vec<Vec<Vec<Probe<Known>>>> = drawn.collect();
        let mut entries = Vec::with_capacity(levels.len());
        for (at, level) in levels.iter().enumerate() {
            let without = drawn.iter().filter(|levels| levels[at].is_empty()).count() as u64;
            self.most_without = self.most_without.max(without);
            let mine = drawn
                .iter_mut()
                .flat_map(|levels| std::mem::take(&mut levels[at]));
            let probes: Vec<Probe<Known>> = mine.collect();
            let alone = self.moments.alone(level, &probes, self.holders);
            let unique = alone.into_iter().filter(|alone| *alone).count() as u64;
            let sample = Sample {
                seed: self.seed,
                persons: self.chosen.len() as u64 - without,
                trials: probes.len() as u64,
            };
            entries.push((unique, sample));
        }
        entries
    }

    /// What is known of a person in each draw; nothing where they have fewer points.
    fn probes(&self, person: u32, points: &[Known]) -> Vec<Probe<Known>> {
        if points.len() < self.p {
            return Vec::new();
        }
        let stream = (self.p as u64) << 56;
        let draw = |repeat| {
            let number = stream + ((u64::from(person) + 1) << 20) + repeat;
            let places = self.draws.trial(number).subset(self.p, points.len() as u64);
            let point = |place: u64| points[place as usize];
            Probe {
                person,
                points: places.into_iter().map(point).collect(),
            }
        };
        (0..self.repeats).map(draw).collect()
    }
}

struct Decay {
    exponent: f64,
    level: f64,
    misfit: f64,
}

/// ε = α − x^β through the shares at so many times coarser points; `None` where fewer than three differ.
fn decay(curve: &[(f64, f64)]) -> Option<Decay> {
    let mut coarser: Vec<f64> = curve.iter().map(|(coarser, _)| *coarser).collect();
    coarser.sort_by(f64::total_cmp);
    coarser.dedup();
    if coarser.len() < 3 {
        return None;
    }
    let loss = |[level, exponent]: [f64; 2]| {
        let errors = curve.iter();
        let errors = errors.map(|(x, share)| (share - (level - x.powf(exponent))).powi(2));
        errors.sum::<f64>() / curve.len() as f64
    };
    let ([level, exponent], misfit) = minimise([1.0 + curve[0].1, 0.05], [0.1, 0.05], loss)?;
    Some(Decay {
        exponent,
        level,
        misfit: misfit.sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_law_is_found() {
        let law = |x: f64| (x, 1.95 - x.powf(0.1));
        let curve: Vec<(f64, f64)> = [1.0, 4.0, 16.0, 64.0, 256.0].map(law).into();
        let found = decay(&curve).unwrap();
        assert!((found.exponent - 0.1).abs() < 1e-6 && (found.level - 1.95).abs() < 1e-6);
        assert!(found.misfit < 1e-6);
        assert!(decay(&curve[..2]).is_none());
    }
}
