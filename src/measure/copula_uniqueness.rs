//! How likely it is that somebody unique in the sample is unique in the population.

use rayon::prelude::*;

use super::floors::{Floor, Rule};
use super::{
    Doc, Figures, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real,
    unseen,
};
use crate::encode::combinations::Combinations;
use crate::encode::{Distinct, Encoded};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Sample, Scope, Unit};
use crate::language::Said;
use crate::said;
use crate::stats::copula::Copula;
use crate::stats::mean::{mean, of_drawn};
use crate::stats::nested::{self, Nested};
use crate::stats::{Draws, Interval, Trial};

pub struct CopulaUniqueness;

const ID: &str = "copula-uniqueness";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::copula_uniqueness::PROSE,
    title: "Uniqueness by a copula",
    criterion: Criterion::SinglingOut,
    question: "Somebody is the only one of their kind in the release: how likely is it that there is no other \
               in the whole population?",
    adversary: "Has found the one record that matches a person, and wants to be sure that it is theirs although \
                the release is but a sample.",
    definition: "A Gaussian copula with the margins of the release models how frequent each combination of \
                 quasi-identifiers is in the population, p. The likelihood of uniqueness ξ is the probability \
                 that none of the other persons of the population has it; the correctness κ is the \
                 probability that a match is the right person. Both are averaged over the persons who are \
                 unique in the release; drawn at random, where they are more than the setting says.",
    formula: "ξ = (1−p)^(N−1); κ = (1 − (1−p)^N)/(Np); p the probability of the combination's box under \
              N(0, Σ), each side from Φ⁻¹ of the share of the codes before to that with its own; Σ_ij such that \
              the mutual information of the pair is the observed one less (r−1)(c−1)/2n, with the sign of \
              Goodman and Kruskal's γ; share_unique = unique persons / persons · mean ξ",
    denominator: "Persons unique in the release; all persons of the release for `share_unique`.",
    nulls: "A null is a value of its own, also where the manifest lets it match anything.",
    assumptions: &[
        "The persons of the release are a simple random sample of the population.",
        "What ties the columns together is captured by pairs, and by a monotone association along their \
         order: of the values for numbers and times, for the rest an order in which persons alike otherwise \
         are near (reciprocal averaging).",
    ],
    limits: &[
        "A value seen once in the release is taken to be as frequent as that suggests; values not seen do not \
         exist for the model. Where a column has values that more than one in twenty of the population are estimated \
         to have and the release lacks (persons alone with theirs / n · (1 − n/N), Good 1953), it is not measured.",
        "At most 20 quasi-identifiers.",
        super::WIDENED,
    ],
    citations: &[
        "L. Rocher, J. M. Hendrickx, Y.-A. de Montjoye: Estimating the success of re-identifications in \
         incomplete datasets using generative models. Nature Communications 10, 2019.",
        "I. J. Good: The population frequencies of species and the estimation of population parameters. Biometrika 40, \
         1953.",
        "A. Genz: Numerical computation of multivariate normal probabilities. Journal of Computational and \
         Graphical Statistics 1, 1992.",
        "M. O. Hill: Reciprocal averaging: an eigenvector method of ordination. Journal of Ecology 61, 1973.",
        "G. A. Miller: Note on the bias of information estimates. Information Theory in Psychology, 1955.",
    ],
    validation: "On samples of Adult, held to whom of the sample's unique persons are unique among all: figures \
                 below. The likelihood ranks well and is too sure of itself at both ends; its mean is too high \
                 for small samples. Mass of boxes equal to the closed forms for two variables and for equal \
                 correlations; a generated copula is recovered.",
    table: Some(&Figures {
        title: "AUC: how well the likelihood tells unique persons of a sample who are unique among all from those who are not. Calibration: \
                of those whose likelihood is the second figure on average, the share that are. The rest: estimated over true value, mean ± standard deviation of twenty samples; \
                how many of those for which there is an estimate have a 95% interval that holds the truth; the median width of the intervals. Adult: 30,162 persons of the public table; customers (4,372) of an online shop, visitors (1,083) who check in, \
                cabs (537) and weeks of households (2,650), each by attributes made from their rows",
        header: &[
            "population",
            "sample",
            "figure",
            "estimate/truth",
            "held",
            "width",
        ],
        rows: &[
            &["Adult 6 columns", "1 %", "AUC", "0.84", "–", "–"],
            &["Adult 6 columns", "5 %", "AUC", "0.90", "–", "–"],
            &["Adult 6 columns", "10 %", "AUC", "0.77", "–", "–"],
            &["Adult 6 columns", "33 %", "AUC", "0.73", "–", "–"],
            &[
                "Adult 6 columns",
                "all",
                "calibration",
                "0.04: 0.15",
                "–",
                "–",
            ],
            &[
                "Adult 6 columns",
                "all",
                "calibration",
                "0.30: 0.40",
                "–",
                "–",
            ],
            &[
                "Adult 6 columns",
                "all",
                "calibration",
                "0.50: 0.52",
                "–",
                "–",
            ],
            &[
                "Adult 6 columns",
                "all",
                "calibration",
                "0.71: 0.61",
                "–",
                "–",
            ],
            &[
                "Adult 6 columns",
                "all",
                "calibration",
                "0.96: 0.74",
                "–",
                "–",
            ],
            &[
                "Adult 6 columns",
                "5 %",
                "mean_uniqueness",
                "1.31 ± 0.12",
                "20/20",
                "0.563",
            ],
            &[
                "Adult 6 columns",
                "5 %",
                "mean_correctness",
                "1.16 ± 0.06",
                "20/20",
                "0.542",
            ],
            &[
                "Adult 6 columns",
                "20 %",
                "mean_uniqueness",
                "1.11 ± 0.05",
                "20/20",
                "0.370",
            ],
            &[
                "Adult 6 columns",
                "20 %",
                "mean_correctness",
                "1.04 ± 0.03",
                "20/20",
                "0.296",
            ],
            &[
                "Adult 3 columns",
                "5 %",
                "mean_uniqueness",
                "0.99 ± 0.07",
                "20/20",
                "0.617",
            ],
            &[
                "Adult 3 columns",
                "5 %",
                "mean_correctness",
                "0.99 ± 0.03",
                "20/20",
                "0.560",
            ],
            &[
                "Adult 3 columns",
                "20 %",
                "mean_uniqueness",
                "0.99 ± 0.02",
                "20/20",
                "0.346",
            ],
            &[
                "Adult 3 columns",
                "20 %",
                "mean_correctness",
                "0.99 ± 0.01",
                "20/20",
                "0.268",
            ],
            &[
                "Adult 4 columns",
                "5 %",
                "mean_uniqueness",
                "3.32 ± 0.84",
                "12/20",
                "0.563",
            ],
            &[
                "Adult 4 columns",
                "5 %",
                "mean_correctness",
                "1.75 ± 0.17",
                "15/20",
                "0.476",
            ],
            &[
                "Adult 4 columns",
                "20 %",
                "mean_uniqueness",
                "1.68 ± 0.14",
                "18/20",
                "0.473",
            ],
            &[
                "Adult 4 columns",
                "20 %",
                "mean_correctness",
                "1.22 ± 0.05",
                "19/20",
                "0.309",
            ],
            &[
                "customers",
                "20 %",
                "mean_uniqueness",
                "1.54 ± 0.15",
                "18/20",
                "0.522",
            ],
            &[
                "customers",
                "20 %",
                "mean_correctness",
                "1.21 ± 0.07",
                "20/20",
                "0.338",
            ],
            &[
                "customers",
                "50 %",
                "mean_uniqueness",
                "1.11 ± 0.05",
                "20/20",
                "0.334",
            ],
            &[
                "customers",
                "50 %",
                "mean_correctness",
                "1.01 ± 0.03",
                "20/20",
                "0.200",
            ],
            &[
                "visitors",
                "50 %",
                "mean_uniqueness",
                "0.97 ± 0.01",
                "13/13",
                "0.184",
            ],
            &[
                "visitors",
                "50 %",
                "mean_correctness",
                "0.98 ± 0.01",
                "13/13",
                "0.127",
            ],
            &[
                "cabs",
                "20 %",
                "mean_uniqueness",
                "0.89 ± 0.34",
                "19/19",
                "0.945",
            ],
            &[
                "cabs",
                "20 %",
                "mean_correctness",
                "0.88 ± 0.12",
                "19/19",
                "0.925",
            ],
            &[
                "cabs",
                "50 %",
                "mean_uniqueness",
                "0.87 ± 0.15",
                "20/20",
                "0.582",
            ],
            &[
                "cabs",
                "50 %",
                "mean_correctness",
                "0.90 ± 0.06",
                "20/20",
                "0.498",
            ],
            &[
                "households by week",
                "20 %",
                "mean_uniqueness",
                "1.16 ± 0.04",
                "20/20",
                "0.739",
            ],
            &[
                "households by week",
                "20 %",
                "mean_correctness",
                "1.07 ± 0.02",
                "20/20",
                "0.628",
            ],
            &[
                "households by week",
                "50 %",
                "mean_uniqueness",
                "0.96 ± 0.02",
                "20/20",
                "0.242",
            ],
            &[
                "households by week",
                "50 %",
                "mean_correctness",
                "0.97 ± 0.01",
                "20/20",
                "0.164",
            ],
        ],
    }),
    settings: &[Setting {
        key: "persons",
        default: "1000",
        meaning: "unique persons drawn",
    }],
    statistics: &[
        Statistic {
            name: "mean_uniqueness",
            title: "Likelihood that a unique person is unique in the population",
            of: "persons unique in the release",
            meaning: |f| {
                format!(
                    "Who is unique in the release is so among all {} persons of the population with an \
                     estimated probability of {} on average.",
                    parameter(f, "population"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "mean_correctness",
            title: "Correctness of a match of a unique person",
            of: "persons unique in the release",
            meaning: |f| {
                format!(
                    "Who matches somebody of the population to a unique record is right with an estimated \
                     probability of {} on average.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "share_unique",
            title: "Persons of the release unique in the population",
            of: "persons",
            meaning: |f| {
                format!(
                    "An estimated {} of the persons in the release have no other like them in the \
                     population.",
                    percent(real(f))
                )
            },
        },
    ],
};

/// More columns than this are not modelled.
const MOST_COLUMNS: usize = 20;

impl Measure for CopulaUniqueness {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[Floor {
            key: "persons",
            rule: Rule::Least(1_000.0),
        }]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let wanted = planning.count("persons")?;
        let wanted = wanted.unwrap_or(1_000);
        let seed = planning.release.seed;
        let run = move |encoded: &Encoded, population: u64| {
            measure(encoded, population, seed, wanted)
                .unwrap_or_else(|reason| Outcome::unmeasured(ID, &reason))
        };
        Ok(planning.population_jobs(ID, run))
    }
}

fn measure(
    encoded: &Encoded,
    population: u64,
    seed: u64,
    wanted: u64,
) -> std::result::Result<Outcome, Said> {
    let classes = encoded.classes().expect("classes were asked for");
    let persons = super::sampled_persons(classes, population)?;
    if encoded.known > MOST_COLUMNS {
        return Err(said!(
            "more than {} quasi-identifiers are not modelled",
            "mehr als {} Quasi-Identifikatoren werden nicht modelliert",
            MOST_COLUMNS
        ));
    }
    let combinations = encoded.combinations().expect("classes were asked for");
    unseen::check(&combinations, &encoded.known_columns(), population)?;
    let known = encoded.attributes[..encoded.known].iter();
    let ordered: Vec<bool> = known
        .map(|(_, values)| matches!(values.distinct, Distinct::Numbers(_)))
        .collect();
    let draws = Draws::new(seed, ID, &encoded.name);
    let unique: Vec<usize> = (0..combinations.len())
        .filter(|at| combinations.persons[*at] == 1)
        .collect();
    let drawn: Vec<usize> = match unique.len() as u64 <= wanted {
        true => unique.clone(),
        false => {
            let chosen = draws.trial(0).subset(wanted as usize, unique.len() as u64);
            chosen.into_iter().map(|at| unique[at as usize]).collect()
        }
    };
    let copula = fit(&combinations, &ordered);
    let pairs: Vec<(f64, f64)> = drawn
        .par_iter()
        .map(|at| {
            let codes: Vec<u32> = combinations.codes.iter().map(|codes| codes[*at]).collect();
            likelihoods(copula.mass(&codes), population)
        })
        .collect();
    let nested = Nested::new(persons, population);
    let errors = nested.estimates(&draws, |trial| {
        error(&combinations, &ordered, nested, trial)
    });
    let columns = encoded.known_columns();
    let finding = |statistic, unit| {
        let mut finding = Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(&columns)
            .parameter("population", population);
        finding.scope = Scope::Population;
        finding.sample = Some(Sample {
            seed,
            persons: drawn.len() as u64,
            trials: drawn.len() as u64,
        });
        finding
    };
    let of = |statistic, value: &dyn Fn(&(f64, f64)) -> f64| {
        let values: Vec<f64> = pairs.iter().map(value).collect();
        let mean = mean(&values);
        let drawn = of_drawn(&values, unique.len() as u64);
        let errors: Vec<Option<f64>> = errors
            .iter()
            .map(|part| Some(value(part.as_ref()?)))
            .collect();
        let interval = nested.interval(mean, unique.len() as f64, &errors, Some(drawn));
        let mut finding = finding(statistic, Unit::Probability).value(mean);
        finding.denominator = Some(unique.len() as u64);
        finding.interval = Some(interval);
        (finding, mean, interval)
    };
    let (uniqueness, mean, interval) = of("mean_uniqueness", &|pair| pair.0);
    let (correctness, ..) = of("mean_correctness", &|pair| pair.1);
    let part = unique.len() as f64 / persons as f64;
    let mut share = finding("share_unique", Unit::Share).value(part * mean);
    share.denominator = Some(persons);
    share.interval = Some(Interval {
        low: part * interval.low,
        high: part * interval.high,
        ..interval
    });
    Ok(Outcome {
        findings: vec![uniqueness, correctness, share],
        ..Outcome::default()
    })
}

fn fit(combinations: &Combinations, ordered: &[bool]) -> Copula {
    let Combinations {
        codes,
        capacity,
        persons,
        ..
    } = combinations;
    Copula::fit(codes, capacity, persons, ordered)
}

/// Unique persons of a part whose likelihoods are computed.
const OF_PART: usize = 50;

/// How far above the truth the means of ξ and κ are, by which a part of the sample speaks of the sample. `None` where
/// nobody is unique in the part.
fn error(
    sample: &Combinations,
    ordered: &[bool],
    nested: Nested,
    trial: &mut Trial,
) -> Option<(f64, f64)> {
    let kept = sample
        .persons
        .iter()
        .map(|count| nested.kept(*count, trial));
    let kept: Vec<u64> = kept.collect();
    let present: Vec<usize> = (0..kept.len()).filter(|at| kept[*at] > 0).collect();
    let codes = sample.codes.iter();
    let codes = codes.map(|codes| dense(present.iter().map(|at| codes[*at]).collect()));
    let (codes, capacity): (Vec<Vec<u32>>, Vec<usize>) = codes.unzip();
    let counts: Vec<u64> = present.iter().map(|at| kept[*at]).collect();
    let unique: Vec<usize> = (0..counts.len()).filter(|at| counts[*at] == 1).collect();
    if unique.is_empty() {
        return None;
    }
    let copula = Copula::fit(&codes, &capacity, &counts, ordered);
    let persons: u64 = sample.persons.iter().sum();
    let drawn = trial.subset(OF_PART.min(unique.len()), unique.len() as u64);
    let estimated: Vec<(f64, f64)> = (drawn.into_iter())
        .map(|at| {
            let of = |codes: &Vec<u32>| codes[unique[at as usize]];
            let codes: Vec<u32> = codes.iter().map(of).collect();
            likelihoods(copula.mass(&codes), persons)
        })
        .collect();
    // Of so many in the sample who have the combination one is right.
    let size = |at: &usize| sample.persons[present[*at]] as f64;
    let alone = unique.iter().filter(|at| size(at) == 1.0).count() as f64;
    let right: f64 = unique.iter().map(|at| 1.0 / size(at)).sum();
    let n = unique.len() as f64;
    let of = |value: fn(&(f64, f64)) -> f64| mean(&estimated.iter().map(value).collect::<Vec<_>>());
    Some((
        nested::error(of(|pair| pair.0), alone / n, n),
        nested::error(of(|pair| pair.1), right / n, n),
    ))
}

/// Codes renumbered without gaps, in their order, and how many there are.
fn dense(codes: Vec<u32>) -> (Vec<u32>, usize) {
    let mut known = codes.clone();
    known.sort_unstable();
    known.dedup();
    let place = |code: u32| known.partition_point(|known| *known < code) as u32;
    (codes.into_iter().map(place).collect(), known.len())
}

/// ξ and κ of a combination that a share `p` of the population has.
fn likelihoods(p: f64, population: u64) -> (f64, f64) {
    let n = population as f64;
    if p <= 0.0 {
        return (1.0, 1.0);
    }
    let uniqueness = ((n - 1.0) * (-p).ln_1p()).exp();
    let correctness = -(n * (-p).ln_1p()).exp_m1() / (n * p);
    (uniqueness, correctness.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likelihoods_by_hand() {
        // One of two persons: alone where the other differs; a match is right with 1 − p/2.
        let (uniqueness, correctness) = likelihoods(0.3, 2);
        assert!((uniqueness - 0.7).abs() < 1e-12);
        assert!((correctness - 0.85).abs() < 1e-12);
        assert_eq!(likelihoods(0.0, 10), (1.0, 1.0));
        let (rare, right) = likelihoods(1e-12, 45_000_000);
        assert!(rare > 0.9999 && right > 0.9999 && right <= 1.0);
    }
}
