//! How identification by exact values would fare in the whole population.

use crate::language::{Language, Said};
use crate::said;
use statrs::function::gamma::ln_gamma;
use std::collections::BTreeMap;

use super::{Doc, Figures, Job, Measure, Outcome, Planning, Statistic, parameter, percent, real};
use crate::encode::Encoded;
use crate::encode::classes::Classes;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Sample, Scope, Series, Unit};
use crate::stats::nested::Nested;
use crate::stats::pitman_yor::Law;
use crate::stats::{Draws, halves, nested};

pub struct ScalingLaw;

const ID: &str = "scaling-law";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::scaling_law::PROSE,
    title: "Scaling law of identification",
    criterion: Criterion::SinglingOut,
    question: "If the release held the whole population and not a sample of it: how many persons would \
               still be found by their quasi-identifiers?",
    adversary: "Knows the quasi-identifiers of everybody in the population and assigns each person at \
                random to one of the records that match.",
    definition: "Correctness is the share of persons expected to be assigned to their own record: the \
                 number of classes over the number of persons. Uniqueness is the share of persons in a \
                 class of their own. Both fall as the population grows; the law is that of a Pitman–Yor \
                 process, whose two parameters are fitted to the correctness of ever larger parts of the \
                 sample and then taken to the population.",
    formula: "κ̂(n) = (1/n) Σ over classes of 1 − C(N−s, n)/C(N, n), the expectation over all parts of n \
              of the N persons; κ(n) = [Γ(1+α)Γ(n+d+α)/(Γ(d+α)Γ(n+α)) − α]/(nd), \
              (α/n)(ψ(n+α) − ψ(α)) as d → 0; U(n) = Γ(1+α)Γ(n+d+α−1)/(Γ(d+α)Γ(n+α)); the parameters \
              h = ψ(α+1) − ψ(1−d) and γ = (ψ(1) − ψ(1−d))/h minimise the mean of ln(n)(κ̂ − κ)² over \
              n = N, N/2, N/4, … down to 10",
    denominator: "Persons of the population that the manifest states.",
    nulls: "A null is a value of its own.",
    assumptions: &[
        "The persons of the release are a simple random sample of the population.",
        "The quasi-identifiers of the population follow a Pitman–Yor process: few values that many have, \
         and a long tail.",
    ],
    limits: &[
        "It is an extrapolation. `extrapolation_error` says how far the same law, fitted to a sixteenth \
         of the persons, misses the correctness of all of them.",
        super::WIDENED,
        "It is not measured where the law misses the number of unique persons in the sample itself by more than three standard \
         errors. A small sample may not show such a misfit, and the uniqueness can then be far too low: on three columns of \
         Adult at 5% it was about a fifth of the truth.",
    ],
    citations: &[
        "L. Rocher, J. M. Hendrickx, Y.-A. de Montjoye: A scaling law to model the effectiveness of \
         identification techniques. Nature Communications 16, 2025.",
        "S. H. Hurlbert: The nonconcept of species diversity. Ecology 52(4), 1971 (expected number of \
         classes in a part of a sample).",
        "P. J. McCarthy: Pseudo-replication: half samples. Review of the International Statistical \
         Institute 37(3), 1969 (interval).",
    ],
    validation: "Parameters and extrapolated values equal to those of the golden vector n = 10, 50, 100, \
                 500 with κ = 0.99, 0.97, 0.95, 0.90 in all digits given. Expected correctness equal to the \
                 mean over all parts on hand-worked classes. On generated Pitman–Yor populations of \
                 200,000, samples of 5 % give the correctness of the population within 0.02.",
    table: Some(&Figures {
        title: "Estimated over true value, mean ± standard deviation of twenty samples; how many of those for which \
                there is an estimate have a 95% interval that holds the truth; the median width of the intervals. Adult: 30,162 persons of the public table; customers (4,372) of an online shop, visitors (1,083) who check in, \
                cabs (537) and weeks of households (2,650), each by attributes made from their rows",
        header: &[
            "population",
            "sample",
            "statistic",
            "estimate/truth",
            "held",
            "width",
        ],
        rows: &[
            &[
                "Adult 6 columns",
                "5 %",
                "correctness",
                "0.99 ± 0.06",
                "20/20",
                "0.567",
            ],
            &[
                "Adult 6 columns",
                "5 %",
                "uniqueness",
                "1.04 ± 0.10",
                "20/20",
                "0.591",
            ],
            &[
                "Adult 6 columns",
                "20 %",
                "correctness",
                "1.04 ± 0.02",
                "20/20",
                "0.111",
            ],
            &[
                "Adult 6 columns",
                "20 %",
                "uniqueness",
                "1.14 ± 0.03",
                "20/20",
                "0.130",
            ],
            &[
                "Adult 3 columns",
                "5 %",
                "correctness",
                "0.61 ± 0.01",
                "19/19",
                "0.098",
            ],
            &[
                "Adult 3 columns",
                "5 %",
                "uniqueness",
                "0.22 ± 0.01",
                "1/19",
                "0.033",
            ],
            &[
                "Adult 4 columns",
                "5 %",
                "correctness",
                "0.93 ± 0.05",
                "20/20",
                "0.099",
            ],
            &[
                "Adult 4 columns",
                "5 %",
                "uniqueness",
                "1.02 ± 0.10",
                "20/20",
                "0.090",
            ],
            &[
                "Adult 4 columns",
                "20 %",
                "correctness",
                "1.02 ± 0.03",
                "20/20",
                "0.031",
            ],
            &[
                "Adult 4 columns",
                "20 %",
                "uniqueness",
                "1.22 ± 0.05",
                "20/20",
                "0.022",
            ],
            &[
                "customers",
                "20 %",
                "correctness",
                "0.96 ± 0.06",
                "20/20",
                "0.206",
            ],
            &[
                "customers",
                "20 %",
                "uniqueness",
                "0.84 ± 0.11",
                "20/20",
                "0.175",
            ],
            &[
                "customers",
                "50 %",
                "correctness",
                "0.97 ± 0.02",
                "20/20",
                "0.064",
            ],
            &[
                "customers",
                "50 %",
                "uniqueness",
                "0.86 ± 0.04",
                "20/20",
                "0.066",
            ],
            &[
                "visitors",
                "20 %",
                "correctness",
                "0.97 ± 0.06",
                "20/20",
                "0.917",
            ],
            &[
                "visitors",
                "20 %",
                "uniqueness",
                "0.94 ± 0.11",
                "20/20",
                "0.967",
            ],
            &[
                "visitors",
                "50 %",
                "correctness",
                "1.00 ± 0.02",
                "20/20",
                "0.250",
            ],
            &[
                "visitors",
                "50 %",
                "uniqueness",
                "1.00 ± 0.03",
                "20/20",
                "0.380",
            ],
            &[
                "cabs",
                "20 %",
                "correctness",
                "0.94 ± 0.15",
                "20/20",
                "0.371",
            ],
            &[
                "cabs",
                "20 %",
                "uniqueness",
                "0.93 ± 0.32",
                "20/20",
                "0.330",
            ],
            &[
                "cabs",
                "50 %",
                "correctness",
                "0.97 ± 0.08",
                "20/20",
                "0.137",
            ],
            &[
                "cabs",
                "50 %",
                "uniqueness",
                "0.98 ± 0.16",
                "20/20",
                "0.102",
            ],
            &[
                "households by week",
                "20 %",
                "correctness",
                "1.03 ± 0.03",
                "20/20",
                "0.705",
            ],
            &[
                "households by week",
                "20 %",
                "uniqueness",
                "1.06 ± 0.07",
                "20/20",
                "0.839",
            ],
            &[
                "households by week",
                "50 %",
                "correctness",
                "1.01 ± 0.02",
                "20/20",
                "0.204",
            ],
            &[
                "households by week",
                "50 %",
                "uniqueness",
                "1.02 ± 0.03",
                "20/20",
                "0.281",
            ],
        ],
    }),
    settings: &[],
    statistics: &[
        Statistic {
            name: "correctness",
            title: "Correctness in the population",
            of: "persons of the population",
            meaning: |f| {
                format!(
                    "Among all {} persons of the population, {} would be identified correctly by exact \
                     values alone.",
                    parameter(f, "population"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "uniqueness",
            title: "Uniqueness in the population",
            of: "persons of the population",
            meaning: |f| {
                format!(
                    "Among all {} persons of the population, an estimated {} share their \
                     quasi-identifiers with nobody.",
                    parameter(f, "population"),
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
                    "Fitted to a sixteenth of the persons, the law misses the correctness of all of them \
                     by {:.3}.",
                    real(f)
                )
            },
        },
    ],
};

/// Standard errors by which the law may miss the unique persons of the sample that it was fitted to.
const MISFIT: f64 = 3.0;
/// The smallest part whose correctness is fitted.
const SMALLEST: u64 = 10;

impl Measure for ScalingLaw {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let seed = planning.release.seed;
        let run = move |encoded: &Encoded, population: u64| {
            let classes = encoded.classes().expect("classes were asked for");
            let draws = Draws::new(seed, ID, &encoded.name);
            let columns = encoded.known_columns();
            measure(classes, &columns, population, seed, &draws)
                .unwrap_or_else(|reason| Outcome::unmeasured(ID, &reason))
        };
        Ok(planning.population_jobs(ID, run))
    }
}

fn measure(
    classes: &Classes,
    columns: &[String],
    population: u64,
    seed: u64,
    draws: &Draws,
) -> std::result::Result<Outcome, Said> {
    let persons = super::sampled_persons(classes, population)?;
    let sizes = &classes.classes;
    let law = law_of(sizes, persons).ok_or(said!(
        "the law cannot be fitted to these classes",
        "das Gesetz lässt sich diesen Klassen nicht anpassen"
    ))?;
    let unique = sizes.get(&1).copied().unwrap_or(0) as f64;
    let foretold = law.uniqueness(persons as f64) * persons as f64;
    if (foretold - unique).abs() > MISFIT * (unique + 1.0).sqrt() {
        let told = |language: Language| language.number(foretold.round());
        let told = Said::new(told(Language::English), told(Language::German));
        return Err(said!(
            "the law does not fit these classes: it predicts {} unique persons in the table, which has {}",
            "das Gesetz passt nicht zu diesen Klassen: es sagt {} einmalige Personen in der Tabelle voraus, tatsächlich sind es {}",
            told,
            unique as u64
        ));
    }
    let replicates = halves::of_halves(sizes, draws, |half| {
        let persons = half.iter().map(|(size, count)| size * count).sum();
        law_of(half, persons)
    });
    let replicates: Option<Vec<Law>> = replicates.into_iter().collect();
    let replicates = replicates.ok_or(said!(
        "the law cannot be fitted to half of the persons",
        "das Gesetz lässt sich der Hälfte der Personen nicht anpassen"
    ))?;
    let nested = Nested::new(persons, population);
    let parts_of = nested.estimates(draws, |trial| {
        let part = nested.part(sizes, trial);
        let persons = part.iter().map(|(size, count)| size * count).sum();
        law_of(&part, persons)
    });
    let finding = |statistic: &str, of: &dyn Fn(&Law, f64) -> f64, truth: f64| {
        let value = of(&law, population as f64);
        let of_halves = replicates.iter().map(|law| of(law, population as f64));
        let halves = halves::interval(value, &of_halves.collect::<Vec<f64>>());
        let n = persons as f64;
        let errors = parts_of.iter().map(|law| {
            let estimated = of(law.as_ref()?, n);
            Some(nested::error(estimated, truth, n))
        });
        let errors: Vec<Option<f64>> = errors.collect();
        let mut finding = Finding::new(ID, statistic, DOC.criterion, Unit::Share)
            .columns(columns)
            .parameter("population", population)
            .value(value);
        finding.scope = Scope::Population;
        finding.denominator = Some(population);
        finding.interval = Some(nested.interval(value, population as f64, &errors, halves));
        finding.sample = Some(Sample {
            seed,
            persons,
            trials: halves::REPLICATES + nested::PARTS,
        });
        finding
    };
    let known = correctness_of(sizes, persons, persons);
    let mut findings = vec![
        finding("correctness", &Law::correctness, known),
        finding("uniqueness", &Law::uniqueness, unique / persons as f64),
    ];
    let sixteenth: Vec<(f64, f64)> = parts(sizes, persons / 16, persons);
    if let Some(early) = Law::fit(&sixteenth, Law::correctness) {
        let error =
            (early.correctness(persons as f64) - correctness_of(sizes, persons, persons)).abs();
        findings.push(
            Finding::new(ID, "extrapolation_error", DOC.criterion, Unit::Ratio)
                .columns(columns)
                .value(error),
        );
    }
    let mut curve = Series {
        measure: ID.to_owned(),
        name: "correctness".to_owned(),
        table: String::new(),
        columns: columns.to_vec(),
        parameters: Default::default(),
        x: Vec::new(),
        y: Vec::new(),
        y_low: Vec::new(),
        y_high: Vec::new(),
        x_unit: "persons".to_owned(),
        y_unit: "share".to_owned(),
    };
    let measured = parts(sizes, persons, persons);
    for (n, share) in measured.into_iter().rev() {
        curve.x.push(n);
        curve.y.push(share);
    }
    curve.x.push(population as f64);
    curve.y.push(law.correctness(population as f64));
    Ok(Outcome {
        findings,
        series: vec![curve],
        ..Outcome::default()
    })
}

fn law_of(sizes: &BTreeMap<u64, u64>, persons: u64) -> Option<Law> {
    Law::fit(&parts(sizes, persons, persons), Law::correctness)
}

/// (n, expected correctness of n of the persons) for n = `largest`, a half of it, and so on.
fn parts(sizes: &BTreeMap<u64, u64>, largest: u64, persons: u64) -> Vec<(f64, f64)> {
    let halves = std::iter::successors(Some(largest), |n| Some(n / 2));
    halves
        .take_while(|n| *n >= SMALLEST)
        .map(|n| (n as f64, correctness_of(sizes, n, persons)))
        .collect()
}

/// The expected number of classes among `n` of the `persons`, over n.
fn correctness_of(sizes: &BTreeMap<u64, u64>, n: u64, persons: u64) -> f64 {
    let (n, all) = (n as f64, persons as f64);
    let ln_absent = |size: f64| {
        if all - size < n {
            return f64::NEG_INFINITY;
        }
        ln_gamma(all - size + 1.0) - ln_gamma(all - size - n + 1.0) - ln_gamma(all + 1.0)
            + ln_gamma(all - n + 1.0)
    };
    let present = |(size, count): (&u64, &u64)| *count as f64 * -ln_absent(*size as f64).exp_m1();
    sizes.iter().map(present).sum::<f64>() / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correctness_of_parts_is_the_mean_over_all_of_them() {
        // Classes {a, a}, {b}: of the three pairs one is aa (1 class), two are ab (2 classes).
        let sizes = [(1, 1), (2, 1)].into();
        assert!((correctness_of(&sizes, 2, 3) - 5.0 / 3.0 / 2.0).abs() < 1e-12);
        assert!((correctness_of(&sizes, 3, 3) - 2.0 / 3.0).abs() < 1e-12);
        assert!((correctness_of(&sizes, 1, 3) - 1.0).abs() < 1e-12);
    }

    /// A population by the Chinese restaurant process, and a twentieth of it.
    #[test]
    fn a_known_population_is_recovered() {
        let draws = Draws::new(7, "scaling-law-test", "population");
        for (case, (d, alpha)) in [(0.5, 10.0), (0.8, 50.0), (0.2, 200.0)]
            .into_iter()
            .enumerate()
        {
            let classes = super::super::tests::restaurant(&draws, case as u64, 200_000, d, alpha);
            let mut trial = draws.trial(100 + case as u64);
            let (population, sample) = super::super::tests::sampled(&classes, 10_000, &mut trial);
            let truth = population.len() as f64 / 200_000.0;
            let mut sizes = BTreeMap::new();
            sample
                .iter()
                .for_each(|size| *sizes.entry(*size).or_insert(0) += 1);
            let law = law_of(&sizes, 10_000).unwrap();
            let estimate = law.correctness(200_000.0);
            assert!(
                (estimate - truth).abs() < 0.02,
                "{d} {alpha}: {estimate}, not {truth}"
            );
        }
    }
}
