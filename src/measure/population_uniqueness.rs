//! How many persons are unique in the population, judged from the sample.

use std::collections::BTreeMap;

use statrs::function::gamma::ln_gamma;

use super::{
    Doc, Figures, Job, Measure, Outcome, Planning, Statistic, parameter, percent, real, unseen,
};
use crate::encode::Encoded;
use crate::encode::classes::Compared;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Sample, Scope, Unit};
use crate::language::Said;
use crate::said;
use crate::stats::minimise::minimise;
use crate::stats::nested::{self, Nested, OPEN};
use crate::stats::{Draws, Interval, halves, log_linear};

pub struct PopulationUniqueness;

const ID: &str = "population-uniqueness";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::population_uniqueness::PROSE,
    title: "Population uniqueness",
    criterion: Criterion::SinglingOut,
    question: "How many persons of the whole population are the only ones with their quasi-identifiers?",
    adversary: "Finds a person with certain quasi-identifiers in the release and wants to be sure that \
                there is no other such person in the population.",
    definition: "A super-population model says how large the classes of the population are, given those \
                 of the sample. Pitman: class sizes by Pitman's sampling formula, two parameters by \
                 maximum likelihood. Zayatz: the chance that a class unique in the sample is unique in \
                 the population, with the sample's class sizes taken for the population's. SNB: class \
                 sizes one more than a negative binomial number. Dankar's rule: Pitman where at most a \
                 tenth of the population was sampled, else the lesser of Zayatz and SNB; halves of the sample follow the \
                 rule of the whole. Where all of the sample are unique each of these gives its limit, the population. Log-linear: each \
                 combination's size is Poisson with an expectation that is a product of effects of the \
                 columns, or of the columns and their pairs.",
    formula: "N persons, n of them sampled, π = n/N, s_i classes of i, u classes. Pitman: \
              Γ(θ+1)/Γ(θ+α)·N^α with (θ, α) maximising Σ_{i=1}^{u−1} ln(θ+iα) − Σ_{i=1}^{n−1} ln(θ+i) + \
              Σ_i s_i Σ_{j=1}^{i−1} ln(j−α). Zayatz: s₁P/π, P = s₁h(1)/Σ_i s_i h(i), h(i) = \
              i·C(N−i, n−1)/C(N, n). SNB: Kβ^α with K = u + s₁ Σ(1−π)^i s_i / Σ iπ(1−π)^{i−1} s_i \
              (Shlosser) and (α, β) such that, with d = (1−π)(1−β), s₁ = Kπ(β/(1−d))^α (1 + αd/(1−d)) and \
              s₂ = Kπ²αβ^α(1−β)(2+(α−1)d)/(2(1−d)^{α+2}). Log-linear: (1/π) Σ over sample uniques k of \
              exp(−(1−π)λ̂_k), πλ̂ the fitted counts. Intervals: the scatter of the estimates from 100 random \
              halves of the sample (McCarthy), widened as the limits say; log-linear: 1.96 standard deviations of the drawing of \
              uniques, U(1−π)/π + Σ p(1−p)/π²",
    denominator: "Persons of the population that the manifest states. Where persons have several rows the classes are \
                  those of all rows of a person together (`rows = composite`); row by row a person stands in several \
                  classes, of which the release is no sample, and nothing is estimated (`rows = each`).",
    nulls: "A null is a value of its own.",
    assumptions: &[
        "The persons of the release are a simple random sample of the population.",
        "Pitman is trusted for samples of at most a tenth of the population, Zayatz and SNB above that \
         (Dankar et al. 2012).",
        "Log-linear is trusted where its misfit, the expected error of the estimate under small departures \
         from the model over its deviation, lies within ±1.96 (after Skinner and Shlomo 2008): main \
         effects where they fit, else one pair more at a time, the most telling first; where none fits \
         it is not reported, nor where a column has values that more than one in twenty of the population are \
         estimated to have and the release lacks (persons alone with theirs / n · (1 − n/N), Good 1953).",
    ],
    limits: &[
        "These are estimates from a model: none is exact, and they may differ widely from each other.",
        super::WIDENED,
        "The log-linear interval covers sampling alone, and holds the truth less often than the others.",
    ],
    citations: &[
        "N. Hoshino: Applying Pitman's sampling formula to microdata disclosure risk assessment. Journal \
         of Official Statistics 17(4), 2001.",
        "L. V. Zayatz: Estimation of the percent of unique population elements on a microdata file using \
         the sample. US Bureau of the Census, SRD 91/08, 1991.",
        "G. Chen, S. Keller-McNulty: Estimation of identification disclosure risk in microdata. Journal \
         of Official Statistics 14(1), 1998 (SNB).",
        "C. J. Skinner, N. Shlomo: Assessing identification risk in survey microdata using log-linear \
         models. Journal of the American Statistical Association 103, 2008.",
        "P. J. McCarthy: Pseudo-replication: half samples. Review of the International Statistical \
         Institute 37(3), 1969 (interval).",
        "F. K. Dankar, K. El Emam, A. Neisa, T. Roffey: Estimating the re-identification risk of clinical \
         data sets. BMC Medical Informatics and Decision Making 12:66, 2012.",
    ],
    validation: "Samples of known populations: bias and coverage below. Below a tenth Zayatz and SNB can be far \
                 too high. The moments of the SNB model equal those of a direct sum over class sizes within \
                 1e-9: a public implementation multiplies where the second divides. Log-linear: on twelve \
                 generated populations each of independent and of tied columns, 0.99 and 0.98 of the truth on \
                 average, a model without and with pairs chosen as it should be.",
    table: Some(&Figures {
        title: "Estimated over true value, mean ± standard deviation of twenty samples; how many of those for which \
                there is an estimate have a 95% interval that holds the truth; the median width of the intervals. PY: Pitman–Yor population of 100,000, new for each sample; Adult: 30,162 persons of the public table; customers (4,372) of an online shop, visitors (1,083) who check in, \
                cabs (537) and weeks of households (2,650), each by attributes made from their rows",
        header: &[
            "population",
            "sample",
            "estimator",
            "estimate/truth",
            "held",
            "width",
        ],
        rows: &[
            &[
                "PY 0.5, 10",
                "5 %",
                "pitman",
                "1.04 ± 0.14",
                "20/20",
                "0.032",
            ],
            &[
                "PY 0.5, 10",
                "5 %",
                "zayatz",
                "1.06 ± 0.14",
                "20/20",
                "0.023",
            ],
            &["PY 0.5, 10", "5 %", "snb", "1.30 ± 0.16", "20/20", "0.032"],
            &[
                "PY 0.8, 50",
                "5 %",
                "pitman",
                "0.99 ± 0.04",
                "20/20",
                "0.283",
            ],
            &[
                "PY 0.8, 50",
                "5 %",
                "zayatz",
                "1.03 ± 0.04",
                "20/20",
                "0.325",
            ],
            &["PY 0.8, 50", "5 %", "snb", "1.09 ± 0.04", "20/20", "0.384"],
            &[
                "PY 0.3, 1000",
                "5 %",
                "pitman",
                "1.01 ± 0.11",
                "20/20",
                "1.000",
            ],
            &[
                "PY 0.3, 1000",
                "5 %",
                "zayatz",
                "2.45 ± 0.15",
                "20/20",
                "0.598",
            ],
            &[
                "PY 0.3, 1000",
                "5 %",
                "snb",
                "2.97 ± 0.20",
                "20/20",
                "0.668",
            ],
            &[
                "Adult 6 columns",
                "5 %",
                "pitman",
                "1.14 ± 0.10",
                "20/20",
                "1.000",
            ],
            &[
                "Adult 6 columns",
                "5 %",
                "zayatz",
                "1.88 ± 0.07",
                "20/20",
                "0.809",
            ],
            &[
                "Adult 6 columns",
                "5 %",
                "snb",
                "2.10 ± 0.07",
                "20/20",
                "0.806",
            ],
            &[
                "Adult 6 columns",
                "5 %",
                "dankar",
                "1.14 ± 0.10",
                "20/20",
                "1.000",
            ],
            &[
                "Adult 6 columns",
                "5 %",
                "log-linear",
                "1.05 ± 0.07",
                "17/20",
                "0.051",
            ],
            &[
                "Adult 6 columns",
                "20 %",
                "pitman",
                "1.15 ± 0.03",
                "20/20",
                "0.114",
            ],
            &[
                "Adult 6 columns",
                "20 %",
                "zayatz",
                "1.22 ± 0.03",
                "20/20",
                "0.170",
            ],
            &[
                "Adult 6 columns",
                "20 %",
                "snb",
                "1.23 ± 0.04",
                "20/20",
                "0.182",
            ],
            &[
                "Adult 6 columns",
                "20 %",
                "dankar",
                "1.22 ± 0.03",
                "20/20",
                "0.170",
            ],
            &[
                "Adult 6 columns",
                "20 %",
                "log-linear",
                "1.03 ± 0.02",
                "17/20",
                "0.024",
            ],
            &[
                "Adult 3 columns",
                "5 %",
                "zayatz",
                "0.73 ± 0.06",
                "20/20",
                "0.334",
            ],
            &[
                "Adult 3 columns",
                "5 %",
                "snb",
                "0.96 ± 0.15",
                "20/20",
                "0.373",
            ],
            &[
                "Adult 3 columns",
                "5 %",
                "log-linear",
                "1.01 ± 0.12",
                "18/20",
                "0.027",
            ],
            &[
                "Adult 3 columns",
                "20 %",
                "pitman",
                "0.43 ± 0.02",
                "20/20",
                "1.000",
            ],
            &[
                "Adult 3 columns",
                "20 %",
                "zayatz",
                "0.66 ± 0.03",
                "20/20",
                "0.053",
            ],
            &[
                "Adult 3 columns",
                "20 %",
                "snb",
                "0.97 ± 0.04",
                "20/20",
                "0.087",
            ],
            &[
                "Adult 3 columns",
                "20 %",
                "dankar",
                "0.66 ± 0.03",
                "20/20",
                "0.063",
            ],
            &[
                "Adult 3 columns",
                "20 %",
                "log-linear",
                "0.98 ± 0.10",
                "13/20",
                "0.012",
            ],
            &[
                "Adult 4 columns",
                "5 %",
                "pitman",
                "1.44 ± 0.16",
                "20/20",
                "1.000",
            ],
            &[
                "Adult 4 columns",
                "5 %",
                "zayatz",
                "2.23 ± 0.18",
                "20/20",
                "0.119",
            ],
            &[
                "Adult 4 columns",
                "5 %",
                "snb",
                "2.82 ± 0.26",
                "19/20",
                "0.202",
            ],
            &[
                "Adult 4 columns",
                "5 %",
                "dankar",
                "1.44 ± 0.16",
                "20/20",
                "1.000",
            ],
            &[
                "Adult 4 columns",
                "5 %",
                "log-linear",
                "1.05 ± 0.36",
                "15/20",
                "0.018",
            ],
            &[
                "Adult 4 columns",
                "20 %",
                "pitman",
                "1.31 ± 0.06",
                "20/20",
                "0.027",
            ],
            &[
                "Adult 4 columns",
                "20 %",
                "zayatz",
                "1.26 ± 0.08",
                "20/20",
                "0.035",
            ],
            &[
                "Adult 4 columns",
                "20 %",
                "snb",
                "1.34 ± 0.14",
                "20/20",
                "0.058",
            ],
            &[
                "Adult 4 columns",
                "20 %",
                "dankar",
                "1.25 ± 0.09",
                "20/20",
                "0.038",
            ],
            &[
                "Adult 4 columns",
                "20 %",
                "log-linear",
                "0.97 ± 0.07",
                "20/20",
                "0.007",
            ],
            &[
                "customers",
                "20 %",
                "pitman",
                "0.85 ± 0.12",
                "20/20",
                "1.000",
            ],
            &[
                "customers",
                "20 %",
                "zayatz",
                "1.09 ± 0.12",
                "20/20",
                "0.301",
            ],
            &["customers", "20 %", "snb", "1.10 ± 0.21", "20/20", "0.333"],
            &[
                "customers",
                "20 %",
                "dankar",
                "1.04 ± 0.15",
                "20/20",
                "0.308",
            ],
            &[
                "customers",
                "20 %",
                "log-linear",
                "0.99 ± 0.09",
                "18/20",
                "0.044",
            ],
            &[
                "customers",
                "50 %",
                "pitman",
                "0.91 ± 0.04",
                "20/20",
                "0.062",
            ],
            &[
                "customers",
                "50 %",
                "zayatz",
                "0.95 ± 0.05",
                "20/20",
                "0.073",
            ],
            &["customers", "50 %", "snb", "1.00 ± 0.07", "20/20", "0.117"],
            &[
                "customers",
                "50 %",
                "dankar",
                "0.95 ± 0.05",
                "20/20",
                "0.101",
            ],
            &[
                "customers",
                "50 %",
                "log-linear",
                "0.98 ± 0.04",
                "20/20",
                "0.022",
            ],
            &[
                "visitors",
                "20 %",
                "zayatz",
                "1.09 ± 0.07",
                "20/20",
                "0.968",
            ],
            &["visitors", "20 %", "snb", "1.08 ± 0.08", "20/20", "1.000"],
            &[
                "visitors",
                "20 %",
                "dankar",
                "1.07 ± 0.08",
                "20/20",
                "1.000",
            ],
            &[
                "visitors",
                "20 %",
                "pitman",
                "1.03 ± 0.11",
                "17/17",
                "1.000",
            ],
            &[
                "visitors",
                "50 %",
                "pitman",
                "1.03 ± 0.03",
                "20/20",
                "1.000",
            ],
            &[
                "visitors",
                "50 %",
                "zayatz",
                "1.02 ± 0.03",
                "20/20",
                "0.336",
            ],
            &["visitors", "50 %", "snb", "1.01 ± 0.03", "20/20", "0.351"],
            &[
                "visitors",
                "50 %",
                "dankar",
                "1.01 ± 0.03",
                "20/20",
                "0.345",
            ],
            &[
                "visitors",
                "50 %",
                "log-linear",
                "0.99 ± 0.03",
                "13/13",
                "0.108",
            ],
            &["cabs", "20 %", "pitman", "1.21 ± 0.38", "13/13", "1.000"],
            &["cabs", "20 %", "zayatz", "1.34 ± 0.49", "20/20", "0.588"],
            &["cabs", "20 %", "snb", "1.32 ± 0.70", "20/20", "1.000"],
            &["cabs", "20 %", "dankar", "1.17 ± 0.62", "20/20", "1.000"],
            &[
                "cabs",
                "20 %",
                "log-linear",
                "0.94 ± 0.33",
                "19/19",
                "0.093",
            ],
            &["cabs", "50 %", "pitman", "1.09 ± 0.18", "20/20", "1.000"],
            &["cabs", "50 %", "zayatz", "1.10 ± 0.26", "20/20", "0.164"],
            &["cabs", "50 %", "snb", "1.01 ± 0.38", "20/20", "0.365"],
            &["cabs", "50 %", "dankar", "0.98 ± 0.33", "20/20", "0.338"],
            &[
                "cabs",
                "50 %",
                "log-linear",
                "1.05 ± 0.15",
                "20/20",
                "0.051",
            ],
            &[
                "households by week",
                "20 %",
                "zayatz",
                "1.50 ± 0.06",
                "20/20",
                "0.831",
            ],
            &[
                "households by week",
                "20 %",
                "snb",
                "1.44 ± 0.07",
                "20/20",
                "0.788",
            ],
            &[
                "households by week",
                "20 %",
                "dankar",
                "1.44 ± 0.07",
                "20/20",
                "0.788",
            ],
            &[
                "households by week",
                "20 %",
                "log-linear",
                "1.12 ± 0.09",
                "11/20",
                "0.131",
            ],
            &[
                "households by week",
                "20 %",
                "pitman",
                "1.66 ± 0.25",
                "3/3",
                "1.000",
            ],
            &[
                "households by week",
                "50 %",
                "zayatz",
                "1.11 ± 0.03",
                "20/20",
                "0.365",
            ],
            &[
                "households by week",
                "50 %",
                "snb",
                "1.03 ± 0.04",
                "20/20",
                "0.327",
            ],
            &[
                "households by week",
                "50 %",
                "dankar",
                "1.03 ± 0.04",
                "20/20",
                "0.327",
            ],
            &[
                "households by week",
                "50 %",
                "log-linear",
                "1.03 ± 0.01",
                "18/18",
                "0.065",
            ],
            &[
                "households by week",
                "50 %",
                "pitman",
                "1.82 ± 0.21",
                "3/3",
                "1.000",
            ],
        ],
    }),
    settings: &[],
    statistics: &[
        Statistic {
            name: "unique_persons",
            title: "Unique persons in the population",
            of: "persons of the population",
            meaning: |f| {
                format!(
                    "An estimated {:.0} of the {} persons of the population share their \
                     quasi-identifiers with nobody.",
                    real(f),
                    parameter(f, "population")
                )
            },
        },
        Statistic {
            name: "share_unique",
            title: "Share of unique persons in the population",
            of: "persons of the population",
            meaning: |f| {
                format!(
                    "That is an estimated {} of the population.",
                    percent(real(f))
                )
            },
        },
    ],
};

impl Measure for PopulationUniqueness {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let seed = planning.release.seed;
        let run = move |encoded: &Encoded, population: u64| {
            let columns = encoded.known_columns();
            let mut all = Outcome::default();
            for comparison in encoded.comparisons() {
                let compared = comparison.compared;
                if compared == Some(Compared::WithoutSubject) {
                    continue;
                }
                let classes = comparison.classes;
                let mut outcome = match super::sampled_persons(classes, population) {
                    Err(reason) => Outcome::unmeasured(ID, &reason),
                    Ok(persons) => {
                        let draws = Draws::new(seed, ID, &encoded.name);
                        let sizes = &classes.classes;
                        let mut estimates = from_classes(sizes, persons, population, seed, &draws);
                        let model = match compared {
                            Some(Compared::Composite) => Err(said!(
                                "all rows of a person together are no combination of columns",
                                "alle Zeilen einer Person zusammen sind keine Kombination von Spalten"
                            )),
                            _ => log_linear(encoded, population),
                        };
                        estimates.push(("log-linear", model));
                        report(estimates, &columns, population)
                    }
                };
                if let Some(compared) = compared {
                    outcome.say("rows", compared.as_str());
                    outcome = outcome.only("rows", compared.as_str());
                }
                all.findings.extend(outcome.findings);
                all.not_measured.extend(outcome.not_measured);
            }
            all
        };
        Ok(planning.population_jobs(ID, run))
    }
}

/// The estimate of a model of the columns.
fn log_linear(encoded: &Encoded, population: u64) -> std::result::Result<Estimated, Said> {
    let combinations = encoded.combinations().expect("classes were asked for");
    let table = log_linear::Table {
        codes: &combinations.codes,
        capacity: &combinations.capacity,
        counts: &combinations.persons,
    };
    unseen::check(&combinations, &encoded.known_columns(), population)?;
    let model = log_linear::uniques(&table, population)?;
    Ok(Estimated {
        uniques: model.uniques,
        interval: Some(of_variance(model.uniques, model.variance)),
        sample: None,
    })
}

/// What an estimator gives.
struct Estimated {
    uniques: f64,
    interval: Option<Interval>,
    sample: Option<Sample>,
}

type Estimates = Vec<(&'static str, std::result::Result<Estimated, Said>)>;

/// The names of the estimators that know the class sizes alone, in the order of [`Classed::all`].
const BY_CLASSES: [&str; 4] = ["pitman", "zayatz", "snb", "dankar"];

fn from_classes(
    sizes: &BTreeMap<u64, u64>,
    persons: u64,
    population: u64,
    seed: u64,
    draws: &Draws,
) -> Estimates {
    // The sample decides on the rule; its halves, of which fewer are sampled, follow.
    let few = Classed::new(sizes, population).fraction() <= FEW;
    let all = |sizes: &BTreeMap<u64, u64>| Classed::new(sizes, population).all(few);
    let of_halves = halves::of_halves(sizes, draws, all);
    let whole = all(sizes);
    let nested = Nested::new(persons, population);
    let (alone, n) = (Classed::new(sizes, population).of_size(1), persons as f64);
    let errors: Vec<[Option<f64>; 4]> = nested.estimates(draws, |trial| {
        let part = nested.part(sizes, trial);
        let estimates = Classed::new(&part, persons).all(few);
        estimates.map(|uniques| Some(nested::error(uniques? / n, alone / n, n)))
    });
    let estimated = |(at, name): (usize, &&'static str)| {
        let solved = whole[at].ok_or_else(|| {
            said!(
                "it has no solution for these classes",
                "es hat für diese Klassen keine Lösung"
            )
        });
        let all = population as f64;
        let halves = of_halves.iter().filter_map(|half| Some(half[at]? / all));
        let halves: Vec<f64> = halves.collect();
        let errors: Vec<Option<f64>> = errors.iter().map(|part| part[at]).collect();
        let estimated = solved.map(|uniques| Estimated {
            uniques,
            // An interval from the halves that happen to have a solution would be too narrow.
            interval: Some(match halves.len() == of_halves.len() {
                true => {
                    let of_halves = halves::interval(uniques / all, &halves);
                    scaled(nested.interval(uniques / all, all, &errors, of_halves), all)
                }
                false => scaled(OPEN, all),
            }),
            sample: Some(Sample {
                seed,
                persons,
                trials: halves::REPLICATES + nested::PARTS,
            }),
        });
        (*name, estimated)
    };
    BY_CLASSES.iter().enumerate().map(estimated).collect()
}

fn scaled(interval: Interval, by: f64) -> Interval {
    Interval {
        low: interval.low * by,
        high: interval.high * by,
        ..interval
    }
}

fn of_variance(uniques: f64, variance: f64) -> Interval {
    let half = 1.96 * variance.sqrt();
    Interval {
        low: uniques - half,
        high: uniques + half,
        confidence: 0.95,
    }
}

fn report(estimates: Estimates, columns: &[String], population: u64) -> Outcome {
    let mut outcome = Outcome::default();
    let all = population as f64;
    for (estimator, estimated) in estimates {
        // An estimate beyond everybody is a parameter at the edge of its model.
        let sensible = |estimated: Estimated| match (0.0..=all).contains(&estimated.uniques) {
            true => Ok(estimated),
            false => Err(said!(
                "it has no solution for these classes",
                "es hat für diese Klassen keine Lösung"
            )),
        };
        let estimated = match estimated.and_then(sensible) {
            Ok(estimated) => estimated,
            Err(why) => {
                let reason = said!("{}: {}", "{}: {}", estimator, why);
                let entry = Outcome::not_measured(ID, None, &reason);
                let entry = entry.parameter("estimator", estimator);
                outcome.not_measured.push(entry);
                continue;
            }
        };
        let finding = |statistic, unit, scale: f64| {
            let mut finding = Finding::new(ID, statistic, DOC.criterion, unit)
                .columns(columns)
                .parameter("estimator", estimator)
                .parameter("population", population)
                .value(estimated.uniques / scale);
            finding.scope = Scope::Population;
            finding.denominator = Some(population);
            finding.sample = estimated.sample;
            finding.interval = estimated.interval.map(|interval| Interval {
                low: interval.low.clamp(0.0, all) / scale,
                high: interval.high.clamp(0.0, all) / scale,
                ..interval
            });
            finding
        };
        outcome.findings.extend([
            finding("unique_persons", Unit::Persons, 1.0),
            finding("share_unique", Unit::Share, all),
        ]);
    }
    outcome
}

/// The part of the population up to which a sample is one of few persons, by Dankar's rule.
const FEW: f64 = 0.1;

/// The classes of a sample of `n` persons out of `population`.
struct Classed<'a> {
    sizes: &'a BTreeMap<u64, u64>,
    n: f64,
    population: f64,
}

impl<'a> Classed<'a> {
    fn new(sizes: &'a BTreeMap<u64, u64>, population: u64) -> Self {
        let persons: u64 = sizes.iter().map(|(size, count)| size * count).sum();
        Self {
            sizes,
            n: persons as f64,
            population: population as f64,
        }
    }

    /// By Pitman, Zayatz, SNB and Dankar's rule for samples of `few` or of many.
    fn all(&self, few: bool) -> [Option<f64>; 4] {
        // Where nobody of the sample is like another the models run to their edge: nobody of the population is.
        if self.classes() >= self.n {
            return [Some(self.population); 4];
        }
        let solved = |uniques: &f64| (0.0..=self.population).contains(uniques);
        let [pitman, zayatz, snb] =
            [self.pitman(), self.zayatz(), self.snb()].map(|uniques| uniques.filter(solved));
        let dankar = match (few, zayatz, snb) {
            (true, ..) => pitman,
            (false, Some(zayatz), Some(snb)) => Some(zayatz.min(snb)),
            _ => None,
        };
        [pitman, zayatz, snb, dankar]
    }

    fn of_size(&self, size: u64) -> f64 {
        self.sizes.get(&size).copied().unwrap_or(0) as f64
    }

    fn classes(&self) -> f64 {
        self.sizes.values().sum::<u64>() as f64
    }

    fn fraction(&self) -> f64 {
        self.n / self.population
    }

    fn pitman(&self) -> Option<f64> {
        let (n, u) = (self.n, self.classes());
        // One class leaves the parameters open.
        if u <= 1.0 {
            return None;
        }
        let ln_likelihood = |theta: f64, alpha: f64| {
            let within: f64 = self
                .sizes
                .iter()
                .map(|(size, count)| {
                    *count as f64 * (ln_gamma(*size as f64 - alpha) - ln_gamma(1.0 - alpha))
                })
                .sum();
            let classes = (u - 1.0) * alpha.ln() + ln_gamma(theta / alpha + u)
                - ln_gamma(theta / alpha + 1.0);
            classes - (ln_gamma(theta + n) - ln_gamma(theta + 1.0)) + within
        };
        // Searched over ln θ and the logit of α, where every point is allowed.
        let parameters = |[a, b]: [f64; 2]| (a.exp(), 1.0 / (1.0 + (-b).exp()));
        let loss = |at: [f64; 2]| {
            let (theta, alpha) = parameters(at);
            -ln_likelihood(theta, alpha) / n
        };
        let (at, _) = minimise([u.ln(), 0.0], [1.0, 1.0], loss)?;
        let (theta, alpha) = parameters(at);
        // α = 0 is the edge of the model (Ewens); a search that runs there has no maximum inside.
        if alpha < 1e-6 {
            return None;
        }
        Some((ln_gamma(theta + 1.0) - ln_gamma(theta + alpha) + alpha * self.population.ln()).exp())
    }

    fn zayatz(&self) -> Option<f64> {
        let s1 = self.of_size(1);
        if s1 == 0.0 {
            return Some(0.0);
        }
        // ln h(i), without the factor C(N, n) that cancels.
        let ln_h = |size: f64| {
            let rest = self.population - size;
            if rest < self.n - 1.0 {
                return f64::NEG_INFINITY;
            }
            size.ln() + ln_gamma(rest + 1.0) - ln_gamma(rest - self.n + 2.0)
        };
        let first = ln_h(1.0);
        let terms = self
            .sizes
            .iter()
            .map(|(size, count)| *count as f64 * (ln_h(*size as f64) - first).exp());
        Some(s1 * (s1 / terms.sum::<f64>()) / self.fraction())
    }

    fn snb(&self) -> Option<f64> {
        let (s1, s2, pi) = (self.of_size(1), self.of_size(2), self.fraction());
        if s1 == 0.0 {
            return Some(0.0);
        }
        let missed = self
            .sizes
            .iter()
            .map(|(i, s)| (1.0 - pi).powf(*i as f64) * *s as f64);
        let once = self
            .sizes
            .iter()
            .map(|(i, s)| *i as f64 * pi * (1.0 - pi).powf(*i as f64 - 1.0) * *s as f64);
        let k = self.classes() + s1 * missed.sum::<f64>() / once.sum::<f64>();
        let loss = |[a, b]: [f64; 2]| {
            let (alpha, beta) = (a.exp(), 1.0 / (1.0 + (-b).exp()));
            let (one, two) = snb_moments(k, pi, alpha, beta);
            ((one - s1) / s1).powi(2) + ((two - s2) / s2.max(1.0)).powi(2)
        };
        let ([a, b], residual) = minimise([0.0, 0.0], [1.0, 1.0], loss)?;
        let (alpha, beta) = (a.exp(), 1.0 / (1.0 + (-b).exp()));
        // Two equations, two unknowns: a solution leaves nothing over.
        (residual < 1e-8).then(|| k * beta.powf(alpha))
    }
}

/// Expected classes of one and of two persons in the sample, when each of `k` classes of the population
/// holds 1 + NB(α, β) persons and each person is sampled with probability π.
fn snb_moments(k: f64, pi: f64, alpha: f64, beta: f64) -> (f64, f64) {
    let d = (1.0 - pi) * (1.0 - beta);
    let one = k * pi * (beta / (1.0 - d)).powf(alpha) * (1.0 + alpha * d / (1.0 - d));
    let two = k * pi * pi * alpha * beta.powf(alpha) * (1.0 - beta) * (2.0 + (alpha - 1.0) * d)
        / (2.0 * (1.0 - d).powf(alpha + 2.0));
    (one, two)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Draws;

    /// E s_i = k Σ_F P(F) C(F, i) π^i (1−π)^{F−i}, with P(F) = C(F+α−2, F−1) β^α (1−β)^{F−1}.
    #[test]
    fn snb_moments_are_the_direct_sums() {
        for (pi, alpha, beta) in [(0.1, 0.5, 0.2), (0.3, 2.0, 0.5), (0.05, 1.0, 0.1)] {
            let (mut one, mut two) = (0.0, 0.0);
            for size in 1..3_000 {
                let f = f64::from(size);
                let ln_p = ln_gamma(f + alpha - 1.0) - ln_gamma(f) - ln_gamma(alpha)
                    + alpha * f64::ln(beta)
                    + (f - 1.0) * f64::ln(1.0 - beta);
                one += ln_p.exp() * f * pi * (1.0 - pi).powf(f - 1.0);
                two += ln_p.exp() * f * (f - 1.0) / 2.0 * pi * pi * (1.0 - pi).powf(f - 2.0);
            }
            let ours = snb_moments(1.0, pi, alpha, beta);
            assert!((ours.0 - one).abs() < 1e-9, "{} {one}", ours.0);
            assert!((ours.1 - two).abs() < 1e-9, "{} {two}", ours.1);
        }
    }

    /// The figures of the documentation: estimate over truth, mean ± deviation, and how many of twenty
    /// intervals hold the truth.
    #[test]
    fn known_populations_are_recovered_on_average() {
        let draws = Draws::new(11, "population-uniqueness-test", "population");
        let mut missing = Vec::new();
        for (case, (d, alpha)) in [(0.5, 10.0), (0.8, 50.0), (0.3, 1_000.0)]
            .into_iter()
            .enumerate()
        {
            let mut ratios = [Vec::new(), Vec::new(), Vec::new()];
            let mut covered = [0; 3];
            let mut widths = [Vec::new(), Vec::new(), Vec::new()];
            for repeat in 0..20 {
                let number = case as u64 * 1_000 + repeat * 2;
                let classes = super::super::tests::restaurant(&draws, number, 100_000, d, alpha);
                let mut trial = draws.trial(number + 1);
                let (population, sample) =
                    super::super::tests::sampled(&classes, 5_000, &mut trial);
                let truth = population.iter().filter(|size| **size == 1).count() as f64;
                let mut sizes = BTreeMap::new();
                sample
                    .iter()
                    .for_each(|size| *sizes.entry(*size).or_insert(0) += 1);
                let halves = Draws::new(number, "population-uniqueness-test", "halves");
                let estimates = from_classes(&sizes, 5_000, 100_000, 0, &halves);
                for (at, (_, estimated)) in estimates.into_iter().take(3).enumerate() {
                    let estimated = estimated.unwrap();
                    ratios[at].push(estimated.uniques / truth);
                    let holds = |i: Interval| i.low <= truth && truth <= i.high;
                    let interval = estimated.interval.unwrap();
                    covered[at] += u32::from(holds(interval));
                    widths[at].push((interval.high - interval.low) / 100_000.0);
                }
            }
            let found = ratios.iter().zip(covered).zip(widths);
            for (name, ((of, covered), mut widths)) in BY_CLASSES.iter().zip(found) {
                widths.sort_by(f64::total_cmp);
                let mean = of.iter().sum::<f64>() / of.len() as f64;
                let spread =
                    (of.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / of.len() as f64).sqrt();
                let figure = format!("{mean:.2} ± {spread:.2}");
                let (covered, width) = (format!("{covered}/20"), format!("{:.3}", widths[10]));
                let population = format!("PY {d}, {alpha}");
                let row = [population.as_str(), "5 %", name, &figure, &covered, &width];
                if !DOC.table.is_some_and(|table| table.has(&row)) {
                    missing.push(format!("{row:?}"));
                }
            }
        }
        assert!(missing.is_empty(), "not in the documentation: {missing:#?}");
    }

    #[test]
    fn where_all_are_unique_the_limit_is_the_population() {
        let draws = Draws::new(1, ID, "t");
        for (_, estimated) in from_classes(&[(1, 400)].into(), 400, 10_000, 1, &draws) {
            let estimated = estimated.unwrap();
            assert_eq!(estimated.uniques, 10_000.0);
            let interval = estimated.interval.unwrap();
            assert_eq!((interval.low, interval.high), (10_000.0, 10_000.0));
        }
    }

    #[test]
    fn halves_follow_the_rule_of_the_whole() {
        // 15 % were sampled, 7.5 % are in a half: Zayatz or SNB decide in all of them.
        let sizes: BTreeMap<u64, u64> = [(1, 300), (2, 150), (3, 80), (4, 40), (5, 21)].into();
        let persons: u64 = sizes.iter().map(|(size, count)| size * count).sum();
        let draws = Draws::new(1, ID, "t");
        let estimates = from_classes(&sizes, persons, persons * 100 / 15, 1, &draws);
        let interval = |at: usize| estimates[at].1.as_ref().unwrap().interval.unwrap();
        let (zayatz, snb, dankar) = (interval(1), interval(2), interval(3));
        let [widest, narrowest] = [zayatz.high.max(snb.high), zayatz.low.min(snb.low)];
        assert!(dankar.high <= widest + 1e-9 && dankar.low >= narrowest - 1e-9);
        let close = |a: Interval| (a.high - a.low) / (dankar.high - dankar.low);
        assert!(
            [zayatz, snb]
                .iter()
                .any(|one| (close(*one) - 1.0).abs() < 1e-6)
        );
    }

    #[test]
    fn what_has_no_solution_is_not_a_number() {
        let outcome = |sizes: &[(u64, u64)]| {
            let sizes: BTreeMap<u64, u64> = sizes.iter().copied().collect();
            let draws = Draws::new(1, "population-uniqueness-test", "edges");
            report(from_classes(&sizes, 50, 1_000, 1, &draws), &[], 1_000)
        };
        let all_alike = outcome(&[(50, 1)]);
        assert!(
            all_alike
                .not_measured
                .iter()
                .any(|entry| entry.reason.english().contains("pitman"))
        );
        let nobody_alone = outcome(&[(10, 50)]);
        let zayatz = nobody_alone
            .findings
            .iter()
            .find(|f| parameter(f, "estimator") == "zayatz");
        assert_eq!(real(zayatz.unwrap()), 0.0);
    }
}
