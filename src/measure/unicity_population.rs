//! Unicity among a whole population, from that among the persons in the release.

use std::collections::BTreeMap;

use rayon::prelude::*;
use statrs::function::gamma::ln_gamma;

use super::floors::{Floor, Rule};
use super::{
    Doc, Drawn, Figures, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent,
    real,
};
use crate::encode::traces::Traces;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameters, Scope, Series, Unit};
use crate::language::Said;
use crate::said;
use crate::stats::nested::Nested;
use crate::stats::pitman_yor::Law;
use crate::stats::{Draws, halves, nested};

pub struct UnicityPopulation;

const ID: &str = "unicity-population";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::unicity_population::PROSE,
    title: "Unicity in the population",
    criterion: Criterion::SinglingOut,
    question: "How many moments of a person's life would find the person if the release held everybody?",
    adversary: "As for `unicity`: knows p random points of a person's trace; but looks for it among the traces \
                of the whole population.",
    definition: "The unicity of n persons is the expected share of persons, of a random choice of n of those in \
                 the release, whose p drawn points nobody else of the choice has. It is computed for n = all, a \
                 half, a quarter and so on; the law of Pitman and Yor is fitted to it and read at the \
                 population.",
    formula: "a draw with c candidates among P persons is unique among n with probability \
              C(P − c, n − 1) / C(P − 1, n − 1); U(n) = its mean over draws; fitted: \
              U(n) = Γ(1+α) Γ(n+d+α−1) / (Γ(d+α) Γ(n+α)) by least squares, errors weighed by ln n",
    denominator: "Persons of the population; draws for the measured part.",
    nulls: "As for `unicity`.",
    assumptions: &[
        "The persons in the release are a random sample of the population, and their traces are as long as \
         those of the others.",
        "Traces of the rest of the population fall together as those of the sample do when it grows.",
    ],
    limits: &[
        "It is an extrapolation, by a law that was made for classes and not for sets of points: \
         `extrapolation_error` says how well it would have foretold the release from a sixteenth of it.",
        super::WIDENED,
        "For small releases it is too high, by up to a third on real check-ins.",
    ],
    citations: &[
        "L. Rocher, J. M. Hendrickx, Y.-A. de Montjoye: A scaling law to model the effectiveness of \
         identification techniques. Nature Communications 16, 2025.",
        "A. Farzanehfar, F. Houssiau, Y.-A. de Montjoye: The risk of re-identification remains high even in \
         country-scale location datasets. Patterns 2(3), 2021 (unicity against the number of persons).",
    ],
    validation: "The share among n persons equal to the mean over all choices of n on a hand-worked case. On a \
                 generated operator a twentieth of the persons predicts the unicity of all within 0.01; \
                 the table says how far the law is off on real traces.",
    table: Some(&Figures {
        title: "Estimated over true value, mean ± standard deviation of twenty samples; how many of those for which \
                there is an estimate have a 95% interval that holds the truth; the median width of the intervals. Purchases by month and article (4,372 customers), check-ins by week and 0.05° (1,083), fares of cabs by day and 0.02° (537); \
                2 or 4 points known",
        header: &[
            "population",
            "sample",
            "points",
            "estimate/truth",
            "held",
            "width",
        ],
        rows: &[
            &["generated operator", "5 %", "4", "1.00", "1/1", "0.612"],
            &["purchases", "20 %", "2", "1.18 ± 0.16", "19/20", "0.563"],
            &["purchases", "20 %", "4", "1.02 ± 0.05", "20/20", "0.545"],
            &["check-ins", "20 %", "2", "1.34 ± 0.10", "20/20", "0.281"],
            &["check-ins", "20 %", "4", "1.07 ± 0.05", "20/20", "0.481"],
            &["check-ins", "50 %", "2", "1.18 ± 0.06", "20/20", "0.136"],
            &["check-ins", "50 %", "4", "1.04 ± 0.04", "20/20", "0.214"],
            &["taxis", "20 %", "2", "1.08 ± 0.09", "20/20", "0.044"],
            &["taxis", "20 %", "4", "1.06 ± 0.07", "20/20", "0.111"],
            &["taxis", "50 %", "2", "1.06 ± 0.06", "20/20", "0.019"],
            &["taxis", "50 %", "4", "1.03 ± 0.02", "20/20", "0.052"],
        ],
    }),
    settings: &[
        Setting {
            key: "points",
            default: "[4]",
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
            name: "share_unique",
            title: "Unicity in the population",
            of: "persons of the population",
            meaning: |f| {
                format!(
                    "Were all {} persons of the population in the release, {} random moments would still \
                     single out an estimated {} of them.",
                    parameter(f, "population"),
                    parameter(f, "points"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "extrapolation_error",
            title: "Error of an extrapolation by sixteen",
            of: "persons",
            meaning: |f| {
                format!(
                    "Fitted to a sixteenth of the persons, the law misses the unicity of all of them by {:.3}.",
                    real(f)
                )
            },
        },
    ],
};

/// The smallest part whose unicity is fitted.
const SMALLEST: u64 = 10;

impl Measure for UnicityPopulation {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[Floor {
            key: "persons",
            rule: Rule::Least(10_000.0),
        }]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |p: f64| p.fract() == 0.0 && (1.0..=100.0).contains(&p);
        let points =
            planning.numbers("points", "points", &[4.0], valid, "whole numbers 1 to 100")?;
        let persons = planning.count("persons")?.unwrap_or(10_000);
        let (seed, population) = (planning.release.seed, planning.release.population);
        Ok(planning.trace_jobs(ID, &Needs::default(), |table| {
            let (points, point) = (points.clone(), table.point.parameters());
            move |encoded: &Encoded| {
                let traces = encoded.traces().expect("traces were asked for");
                let all = traces.persons() as u64;
                let population = match population {
                    None => {
                        return Outcome::unmeasured(ID, said!("the manifest states no population", "das Manifest nennt keine Grundgesamtheit"));
                    }
                    Some(population) if population < all => {
                        let reason = said!("the manifest states a population of {}, fewer than the {} persons of the table", "das Manifest nennt eine Grundgesamtheit von {}, weniger als die {} Personen der Tabelle", population, all);
                        return Outcome::unmeasured(ID, &reason);
                    }
                    Some(population) => population,
                };
                let draws = Draws::new(seed, ID, &encoded.name);
                let columns = encoded.known_columns();
                let mut outcome = Outcome::default();
                for p in &points {
                    let drawn = Drawn::new(traces, |_| true, *p as usize, persons, seed, &draws);
                    let measured = drawn
                        .ok_or_else(|| said!("no person has {} points", "keine Person hat {} Punkte", p))
                        .and_then(|drawn| measure(traces, drawn, population, &draws));
                    match measured {
                        Ok(measured) => measured.report(*p, &point, &columns, &mut outcome),
                        Err(reason) => {
                            let entry = Outcome::not_measured(ID, None, &reason);
                            let entry = entry.parameter("points", *p as u64);
                            outcome.not_measured.push(entry);
                        }
                    }
                }
                outcome
            }
        }))
    }
}

/// Draws by how many candidates they leave.
type Candidates = BTreeMap<u64, u64>;

struct Measured {
    population: u64,
    law: Law,
    replicates: Vec<Law>,
    nested: Nested,
    /// Of the parts; `None` where the law cannot be fitted.
    errors: Vec<Option<f64>>,
    error: Option<f64>,
    curve: Vec<(f64, f64)>,
    sample: crate::finding::Sample,
}

fn measure(
    traces: &Traces,
    drawn: Drawn,
    population: u64,
    draws: &Draws,
) -> std::result::Result<Measured, Said> {
    let persons = traces.persons() as u64;
    let mut candidates = Candidates::new();
    for count in traces.candidates(&drawn.points) {
        *candidates.entry(u64::from(count)).or_insert(0) += 1;
    }
    let curve = parts(&candidates, persons, persons);
    let law = Law::fit(&curve, Law::uniqueness).ok_or(said!(
        "the law cannot be fitted to these traces",
        "das Gesetz lässt sich diesen Spuren nicht anpassen"
    ))?;
    let nested = Nested::new(persons, population);
    let choices = Choices::new(traces.persons(), nested, draws);
    let mut fitted = choices.laws(traces, &drawn);
    let of_parts = fitted.split_off(halves::REPLICATES as usize);
    let replicates: Option<Vec<Law>> = fitted.into_iter().collect();
    let replicates = replicates.ok_or(said!(
        "the law cannot be fitted to half of the persons",
        "das Gesetz lässt sich der Hälfte der Personen nicht anpassen"
    ))?;
    let error = |law: Option<Law>| {
        let estimated = law?.uniqueness(persons as f64);
        Some(nested::error(estimated, curve[0].1, persons as f64))
    };
    let errors = of_parts.into_iter().map(error).collect();
    let sixteenth = Law::fit(&parts(&candidates, persons / 16, persons), Law::uniqueness);
    Ok(Measured {
        population,
        error: sixteenth.map(|law| (law.uniqueness(persons as f64) - curve[0].1).abs()),
        law,
        replicates,
        nested,
        errors,
        curve,
        sample: drawn.sample,
    })
}

impl Measured {
    fn report(self, p: f64, point: &Parameters, columns: &[String], outcome: &mut Outcome) {
        let of = |law: &Law| law.uniqueness(self.population as f64);
        let halves: Vec<f64> = self.replicates.iter().map(of).collect();
        let value = of(&self.law);
        let finding = |statistic, unit| {
            Finding::new(ID, statistic, DOC.criterion, unit)
                .columns(columns)
                .parameters(point)
                .parameter("points", p as u64)
        };
        let mut share = finding("share_unique", Unit::Share)
            .parameter("population", self.population)
            .value(value);
        share.scope = Scope::Population;
        share.denominator = Some(self.population);
        let halves = halves::interval(value, &halves);
        let all = self.population as f64;
        share.interval = Some(self.nested.interval(value, all, &self.errors, halves));
        share.sample = Some(self.sample);
        outcome.findings.push(share);
        if let Some(error) = self.error {
            let error = finding("extrapolation_error", Unit::Ratio).value(error);
            outcome.findings.push(error);
        }
        let mut parameters = point.clone();
        parameters.insert("points".to_owned(), (p as u64).into());
        let last = (self.population as f64, value);
        let curve = || self.curve.iter().rev().chain([&last]);
        outcome.series.push(Series {
            measure: ID.to_owned(),
            name: "unicity_by_persons".to_owned(),
            table: String::new(),
            columns: columns.to_vec(),
            parameters,
            x: curve().map(|(n, _)| *n).collect(),
            y: curve().map(|(_, share)| *share).collect(),
            y_low: Vec::new(),
            y_high: Vec::new(),
            x_unit: "persons".to_owned(),
            y_unit: "share".to_owned(),
        });
    }
}

/// (n, expected unicity of n of the persons) for n = `largest`, a half of it, and so on.
fn parts(candidates: &Candidates, largest: u64, persons: u64) -> Vec<(f64, f64)> {
    let halves = std::iter::successors(Some(largest), |n| Some(n / 2));
    halves
        .take_while(|n| *n >= SMALLEST)
        .map(|n| (n as f64, unicity_of(candidates, n, persons)))
        .collect()
}

/// The chance that none of the other candidates of a draw is among the n − 1 others, on average.
fn unicity_of(candidates: &Candidates, n: u64, persons: u64) -> f64 {
    let ln_choose = |from: f64, take: f64| {
        ln_gamma(from + 1.0) - ln_gamma(take + 1.0) - ln_gamma(from - take + 1.0)
    };
    let (all, others) = (persons as f64, n as f64 - 1.0);
    let unique = |(count, draws): (&u64, &u64)| {
        let left = all - *count as f64;
        let chance = match left < others {
            true => 0.0,
            false => (ln_choose(left, others) - ln_choose(all - 1.0, others)).exp(),
        };
        chance * *draws as f64
    };
    let draws: u64 = candidates.values().sum();
    candidates.iter().map(unique).sum::<f64>() / draws as f64
}

/// Halves and parts of the persons, drawn whole: who has many points takes many others along. 24 bytes a person.
struct Choices {
    /// Of each person in which choices they are, a bit each.
    of: Vec<[u64; WORDS]>,
    count: usize,
}

/// Words that hold a bit for each half and each part.
const WORDS: usize = (halves::REPLICATES + nested::PARTS).div_ceil(64) as usize;
/// Candidates that are looked at for the choices, at most: of more draws every second, third and so on is taken.
const MOST_CANDIDATES: u64 = 1 << 22;

impl Choices {
    fn new(persons: usize, nested: Nested, draws: &Draws) -> Self {
        let count = (halves::REPLICATES + nested.parts()) as usize;
        let of_choice = |choice: usize| -> Vec<bool> {
            let mut trial = draws.trial((1 << 55) + choice as u64);
            let is_half = choice < halves::REPLICATES as usize;
            let kept = |_| match is_half {
                true => trial.half_of(1) == 1,
                false => nested.kept(1, &mut trial) == 1,
            };
            (0..persons).map(kept).collect()
        };
        let mut of = vec![[0; WORDS]; persons];
        let chosen: Vec<Vec<bool>> = (0..count).into_par_iter().map(of_choice).collect();
        for (choice, chosen) in chosen.into_iter().enumerate() {
            for (of, is_in) in of.iter_mut().zip(chosen) {
                of[choice / 64] |= u64::from(is_in) << (choice % 64);
            }
        }
        Self { of, count }
    }

    fn has(&self, person: u32, choice: usize) -> bool {
        self.of[person as usize][choice / 64] >> (choice % 64) & 1 == 1
    }

    /// The law of each choice, fitted to the unicity of ever fewer of its persons.
    fn laws(&self, traces: &Traces, drawn: &Drawn) -> Vec<Option<Law>> {
        let candidates: u64 = (drawn.points.iter())
            .map(|probe| traces.most_candidates(probe))
            .sum();
        let step = candidates.div_ceil(MOST_CANDIDATES).max(1) as usize;
        let (probes, owners): (Vec<&Vec<u32>>, Vec<u32>) = (drawn.points.iter())
            .zip(&drawn.persons)
            .step_by(step)
            .unzip();
        let counts = traces.matching(&probes, |persons| {
            let mut counts = vec![0u32; self.count];
            for person in persons {
                for (word, bits) in self.of[*person as usize].iter().enumerate() {
                    let mut bits = *bits;
                    while bits != 0 {
                        counts[word * 64 + bits.trailing_zeros() as usize] += 1;
                        bits &= bits - 1;
                    }
                }
            }
            counts
        });
        let law = |choice: usize| {
            let persons = (0..self.of.len() as u32).filter(|person| self.has(*person, choice));
            let persons = persons.count() as u64;
            let mut candidates = Candidates::new();
            for (owner, counts) in owners.iter().zip(&counts) {
                if self.has(*owner, choice) {
                    *candidates.entry(counts[choice].into()).or_insert(0) += 1;
                }
            }
            let is_empty = candidates.is_empty();
            let curve = parts(&candidates, persons, persons);
            Law::fit(&curve, Law::uniqueness).filter(|_| !is_empty)
        };
        (0..self.count).into_par_iter().map(law).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unicity_of_parts_is_the_mean_over_all_of_them() {
        // Of four persons a draw leaves two: in one of three pairs with its own person the other is there.
        let candidates = [(2, 1)].into();
        assert!((unicity_of(&candidates, 2, 4) - 2.0 / 3.0).abs() < 1e-12);
        assert!((unicity_of(&candidates, 3, 4) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(unicity_of(&candidates, 4, 4), 0.0);
        assert!((unicity_of(&candidates, 1, 4) - 1.0).abs() < 1e-12);
        let two: Candidates = [(1, 1), (4, 1)].into();
        assert!((unicity_of(&two, 2, 4) - 0.5).abs() < 1e-12);
    }
}
