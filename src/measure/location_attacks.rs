//! The attacks of an adversary who knows the worst few places of somebody's trace.

mod search;
mod sequence;

use crate::said;
use std::collections::HashMap;

use rayon::prelude::*;

use self::search::{Index, Known, Matching, Numbers, common_divisor, fewest};
use self::sequence::Order;
use super::{Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real};
use crate::encode::visits::{Clock, Visits, counted};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameters, Sample, Unit};
use crate::release::TimeBin;
use crate::stats::Draws;

pub struct LocationAttacks;

const ID: &str = "location-attacks";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::location_attacks::PROSE,
    title: "Location attacks",
    criterion: Criterion::SinglingOut,
    question: "If an adversary knows just those few places of a person that give the person away, how probably \
               is the trace found?",
    adversary: "Knows k places of a person's trace, the worst for the person: where they were (unique-location), \
                where and how often at least (location), where and at what time (location-time), where and \
                exactly how often (location-frequency), where and with which share of all rows \
                (location-probability), where and how often in proportion to each other \
                (location-proportion), where and in which order (location-sequence), or the two most frequent places (home-work).",
    definition: "An instance is a choice of k of a person's places; a person matches it when their trace has \
                 all of it. The person's risk is 1 over the number of persons who match, for the instance for \
                 which that is highest. location: k rows, of which several may be of one place; a person \
                 matches who has each place at least as often. location-sequence: k rows in the order of time; a \
                 person matches whose trace has their places in this order, others between them or not. Who has fewer than k is attacked with all they \
                 have. Where the table has no places, they are its items.",
    formula: "risk(i) = max over instances b of i of 1 / |{j : j matches b}|; mean_risk = (1/n) Σ risk(i); \
              share_certain = |{i : risk(i) = 1}| / n",
    denominator: "Persons; a random choice of them where there are more than the setting says.",
    nulls: "A place that is null is a place of its own.",
    assumptions: &[
        "The adversary happens to know the worst places of everybody: an upper end. `unicity` is the average \
         over random points.",
    ],
    limits: &[
        "The highest risk is found by branch and bound over the sets of persons left, not by trying all \
         instances; the result is the same.",
        "Sequences are searched within a number of steps a person; where it is not enough, the attack is listed \
         as not measured.",
        "Rows of the same time have no order: sequences take them by place.",
        "Frequencies, shares and proportions match exactly: an adversary who knows them roughly finds more matches.",
    ],
    citations: &[
        "R. Pellungrini, L. Pappalardo, F. Pratesi, A. Monreale: A data mining approach to assess privacy risk \
         in human mobility data. ACM TIST 9(3), 2017.",
        "F. Pratesi, A. Monreale, R. Trasarti, F. Giannotti, D. Pedreschi, T. Yanagihara: PRUDEnce: a system \
         for assessing privacy risk vs utility in data sharing ecosystems. Transactions on Data Privacy 11, \
         2018.",
        "L. Pappalardo, F. Simini, G. Barlacchi, R. Pellungrini: scikit-mobility: a Python library for the \
         analysis, generation, and risk assessment of mobility data. Journal of Statistical Software 103, \
         2022.",
    ],
    validation: "location, unique-location, location-frequency and location-time equal to an independent brute \
                 force on check-ins of 12 persons (k = 2 and 3) and of 20 (k = 2), mean and certainty; home-work \
                 on those of 200; unique-location with k = 1 and 2 on all check-ins and taxis, two grids. Each \
                 attack but home-work equal to a trial of all choices on generated traces, k = 1 to 4.",
    table: None,
    settings: &[
        Setting {
            key: "persons",
            default: "2000",
            meaning: "persons attacked",
        },
        Setting {
            key: "length",
            default: "[1, 2, 3, 4]",
            meaning: "the numbers k of known places; those a policy names are added",
        },
    ],
    statistics: &[
        Statistic {
            name: "mean_risk",
            title: "Mean risk of a location attack",
            of: "persons",
            meaning: |f| {
                format!(
                    "Averaged over persons, who knows the worst {} finds the trace with probability {:.3} \
                     ({}).",
                    parameter(f, "length"),
                    real(f),
                    parameter(f, "attack")
                )
            },
        },
        Statistic {
            name: "max_risk",
            title: "Highest risk of a location attack",
            of: "persons",
            meaning: |f| {
                format!(
                    "For the person most at risk that probability is {:.3} ({}).",
                    real(f),
                    parameter(f, "attack")
                )
            },
        },
        Statistic {
            name: "share_certain",
            title: "Persons whom a location attack finds for certain",
            of: "persons",
            meaning: |f| {
                format!(
                    "{} of the persons are found for certain by their worst {} ({}).",
                    percent(real(f)),
                    parameter(f, "length"),
                    parameter(f, "attack")
                )
            },
        },
    ],
};

impl Measure for LocationAttacks {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |k: f64| k.fract() == 0.0 && (1.0..=6.0).contains(&k);
        let default = [1.0, 2.0, 3.0, 4.0];
        let lengths =
            planning.numbers("length", "length", &default, valid, "whole numbers 1 to 6")?;
        let persons = planning.count("persons")?;
        let settings = Settings {
            lengths: lengths.into_iter().map(|k| k as usize).collect(),
            persons: persons.unwrap_or(2_000),
            seed: planning.release.seed,
        };
        Ok(planning.visit_jobs(ID, |table, spot| {
            let (settings, name) = (settings.clone(), table.name.clone());
            let (time, zone) = (table.point.time, table.timezone.clone());
            move |visits: &Visits| {
                let draws = Draws::new(settings.seed, ID, &name);
                let time = time.map(|bin| (bin, Clock::new(zone.as_ref())));
                measure(visits, &spot, time, &settings, &draws)
            }
        }))
    }
}

#[derive(Clone)]
struct Settings {
    lengths: Vec<usize>,
    persons: u64,
    seed: u64,
}

fn measure(
    visits: &Visits,
    spot: &Parameters,
    time: Option<(TimeBin, Clock)>,
    settings: &Settings,
    draws: &Draws,
) -> Outcome {
    let all = visits.persons() as u64;
    let chosen: Vec<u32> = match settings.persons >= all {
        true => (0..all as u32).collect(),
        false => {
            let chosen = draws.trial(0).subset(settings.persons as usize, all);
            chosen.into_iter().map(|person| person as u32).collect()
        }
    };
    let persons = (0..visits.persons()).into_par_iter();
    let places: Vec<Known> = persons.map(|person| visits.profile(person)).collect();
    let (mut outcome, mut unmeasured) = (Outcome::default(), Vec::new());
    let mut report = |attack: &str, length: usize, risks: &[f64]| {
        outcome
            .findings
            .extend(findings(visits, spot, settings, attack, length, risks));
    };
    let most = settings.lengths.iter().copied().max().unwrap_or(1);
    let mut by_length = |attack: &str, fewest: &[Vec<u32>]| {
        for &length in &settings.lengths {
            let risk = |fewest: &Vec<u32>| 1.0 / f64::from(fewest[length - 1]);
            let risks: Vec<f64> = fewest.iter().map(risk).collect();
            report(attack, length, &risks);
        }
    };
    let mut run = |attack: &str, known: &[Known], matching: Matching| {
        let index = Index::new(known);
        let of = |numbers: &mut Numbers, person: &u32| {
            fewest(known, &index, matching, *person, most, numbers)
        };
        let persons = chosen.par_iter().map_init(|| Numbers::new(known.len()), of);
        by_length(attack, &persons.collect::<Vec<_>>());
    };
    run("unique-location", &places, Matching::Present);
    run("location", &places, Matching::AtLeast);
    run("location-frequency", &places, Matching::Exactly);
    run("location-proportion", &places, Matching::InProportion);
    let shares: Vec<_> = places.par_iter().map(shares).collect();
    run(
        "location-probability",
        &numbered(&shares),
        Matching::Present,
    );
    if let Some((bin, mut clock)) = time {
        let bins: Vec<Vec<i64>> = (0..visits.persons())
            .map(|person| visits.bins(person, bin, &mut clock).collect())
            .collect();
        let moments: Vec<Vec<(u32, i64)>> = bins
            .into_iter()
            .enumerate()
            .map(|(person, bins)| visits.of(person).iter().copied().zip(bins).collect())
            .collect();
        if moments.iter().any(|moments| !moments.is_empty()) {
            run("location-time", &numbered(&moments), Matching::AtLeast);
        }
    }
    if visits.in_order() {
        let order = Order::new(visits);
        let found = chosen
            .par_iter()
            .map(|person| order.fewest(*person as usize, most));
        let found: Vec<Vec<u32>> = found.collect();
        for &length in &settings.lengths {
            let missing = found.iter().filter(|found| found.len() < length).count();
            if missing > 0 {
                let reason = said!(
                    "location-sequence: for {} of {} persons the worst sequence of {} was not found within {} steps",
                    "location-sequence: für {} von {} Personen wurde die ungünstigste Folge von {} in {} Schritten nicht gefunden",
                    missing,
                    chosen.len(),
                    length,
                    sequence::MOST_STEPS
                );
                unmeasured.push(Outcome::not_measured(ID, None, &reason));
                continue;
            }
            let risk = |fewest: &Vec<u32>| 1.0 / f64::from(fewest[length - 1]);
            let risks: Vec<f64> = found.iter().map(risk).collect();
            report("location-sequence", length, &risks);
        }
    }
    let pairs: Vec<Vec<u32>> = places.par_iter().map(most_frequent_two).collect();
    let risks = home_work(&pairs, &chosen);
    report("home-work", 2, &risks);
    outcome.not_measured = unmeasured;
    outcome
}

/// A person's places with their share of the rows, in lowest terms.
fn shares(profile: &Known) -> Vec<(u32, u32, u32)> {
    let total: u32 = profile.iter().map(|(_, count)| count).sum();
    let share = |(place, count): &(u32, u32)| {
        let d = common_divisor(*count, total);
        (*place, count / d, total / d)
    };
    profile.iter().map(share).collect()
}

/// Things numbered, the same for all persons, with how often each has them.
fn numbered<T: Ord + Copy + Send + Sync>(moments: &[Vec<T>]) -> Vec<Known> {
    let mut all: Vec<T> = moments.iter().flatten().copied().collect();
    all.par_sort_unstable();
    all.dedup();
    let number = |moment: &T| all.binary_search(moment).expect("it is one of them") as u32;
    let each = moments.par_iter();
    each.map(|moments| counted(moments.iter().map(number).collect()))
        .collect()
}

fn most_frequent_two(profile: &Known) -> Vec<u32> {
    let mut ranked = profile.clone();
    ranked.sort_unstable_by_key(|(place, count)| (std::cmp::Reverse(*count), *place));
    let mut two: Vec<u32> = ranked.into_iter().take(2).map(|(place, _)| place).collect();
    two.sort_unstable();
    two
}

/// A person matches whose own two hold those known.
fn home_work(pairs: &[Vec<u32>], chosen: &[u32]) -> Vec<f64> {
    let (mut same, mut with): (HashMap<&Vec<u32>, u32>, HashMap<u32, u32>) = Default::default();
    for pair in pairs {
        *same.entry(pair).or_insert(0) += 1;
        pair.iter()
            .for_each(|place| *with.entry(*place).or_insert(0) += 1);
    }
    let matches = |person: &u32| {
        let pair = &pairs[*person as usize];
        match pair[..] {
            [only] => with[&only],
            _ => same[pair],
        }
    };
    chosen
        .iter()
        .map(|person| 1.0 / f64::from(matches(person)))
        .collect()
}

fn findings(
    visits: &Visits,
    spot: &Parameters,
    settings: &Settings,
    attack: &str,
    length: usize,
    risks: &[f64],
) -> Vec<Finding> {
    let n = risks.len() as f64;
    let all = visits.persons() as u64;
    let sampled = (risks.len() as u64) < all;
    let finding = |statistic, unit| {
        let mut finding = Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(std::slice::from_ref(&visits.column))
            .parameters(spot)
            .parameter("attack", attack)
            .parameter("length", length as u64);
        finding.sample = sampled.then_some(Sample {
            seed: settings.seed,
            persons: risks.len() as u64,
            trials: risks.len() as u64,
        });
        finding
    };
    let average = risks.iter().sum::<f64>() / n;
    let mut mean = finding("mean_risk", Unit::Probability).value(average);
    mean.denominator = Some(risks.len() as u64);
    mean.interval = sampled.then(|| crate::stats::of_mean(risks));
    let greatest = risks.iter().copied().fold(0.0, f64::max);
    let certain = risks.iter().filter(|risk| **risk == 1.0).count() as u64;
    let mut share = finding("share_certain", Unit::Share).share(certain, risks.len() as u64);
    share.interval = sampled.then(|| crate::stats::wilson(certain, risks.len() as u64));
    vec![
        mean,
        finding("max_risk", Unit::Probability).value(greatest),
        share,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_in_lowest_terms_are_the_same() {
        assert_eq!(shares(&vec![(3, 2), (5, 4)]), [(3, 1, 3), (5, 2, 3)]);
        assert_eq!(shares(&vec![(3, 1), (5, 2)]), [(3, 1, 3), (5, 2, 3)]);
    }
}
