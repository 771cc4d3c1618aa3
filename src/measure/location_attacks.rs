//! The attacks of an adversary who knows the worst few places of somebody's trace.

mod search;
mod sequence;

use crate::said;
use std::hash::Hash;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use foldhash::HashMap;
use jiff::tz::TimeZone;
use rayon::prelude::*;

use self::search::{Index, Known, Matching, Numbers, common_divisor, fewest};
use self::sequence::{Order, Slots};
use super::floors::{Floor, Rule};
use super::{
    Doc, Figures, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real,
};
use crate::encode::visits::{Clock, Visits};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameters, Sample, Unit};
use crate::release::TimeBin;
use crate::stats::Draws;
use crate::stats::mean::of_mean;

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
        "A. Agresti, B. A. Coull: Approximate is better than “exact” for interval estimation of binomial proportions. \
         The American Statistician 52, 1998 (interval of a mean).",
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
                 attack but home-work equal to a trial of all choices on generated traces, k = 1 to 4. The interval \
                 of a mean is Agresti and Coull's for values between 0 and 1: two persons at risk 1 and two at risk 0 \
                 are added, Student's t takes the place of the normal quantile, and the interval reaches from half a \
                 width below the lesser of the two means, with those four and without, to half a width above the \
                 greater. The table says how often it covers.",
    table: Some(&Figures {
        title: "Shares of 2,000 samples of 5, 20, 100 and 1,000 persons whose interval of a mean holds the mean of all, in \
                percent: values of 1 for one person in so many and else the other number, 1/k for a lognormal k, \
                exponential of this mean, even from 0 to 1; after the slash the interval of Wald",
        header: &["values", "5", "20", "100", "1,000"],
        rows: &[
            &[
                "1 in 50, else 0",
                "100.0 / 9.2",
                "100.0 / 33.7",
                "99.9 / 87.2",
                "97.0 / 95.0",
            ],
            &[
                "1 in 2, else 0",
                "100.0 / 93.5",
                "95.9 / 95.9",
                "94.1 / 94.1",
                "95.0 / 94.5",
            ],
            &[
                "1 in 100, else 0.01",
                "100.0 / 4.9",
                "100.0 / 16.7",
                "100.0 / 62.1",
                "98.2 / 92.8",
            ],
            &[
                "1 in 10, else 0.5",
                "100.0 / 38.4",
                "100.0 / 87.2",
                "97.4 / 93.6",
                "95.2 / 95.0",
            ],
            &[
                "1/k, median 20",
                "100.0 / 71.5",
                "99.8 / 84.4",
                "99.6 / 92.0",
                "97.9 / 95.9",
            ],
            &[
                "1/k, median 150",
                "100.0 / 55.6",
                "100.0 / 72.8",
                "100.0 / 86.7",
                "97.8 / 94.7",
            ],
            &[
                "exponential, 0.02",
                "100.0 / 81.9",
                "100.0 / 91.2",
                "100.0 / 94.2",
                "100.0 / 95.5",
            ],
            &[
                "even",
                "100.0 / 87.8",
                "98.9 / 93.7",
                "95.9 / 94.0",
                "95.2 / 95.2",
            ],
        ],
    }),
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

    fn floors(&self) -> &'static [Floor] {
        &[Floor {
            key: "persons",
            rule: Rule::Least(2_000.0),
        }]
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
                let time = time.map(|bin| (bin, zone.as_ref()));
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
    time: Option<(TimeBin, Option<&TimeZone>)>,
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
    let mut run = |attack: &str, worth: &Worth, matching: Matching| {
        let of = |numbers: &mut Numbers, things: &Known| {
            fewest(things, &worth.index, matching, most, numbers)
        };
        let chosen = worth.known.par_iter().with_min_len(16);
        let found = chosen.map_init(|| Numbers::new(visits.persons()), of);
        by_length(attack, &found.collect::<Vec<_>>());
    };
    let nothing = || ();
    let places = Worth::new(visits.persons(), &chosen, nothing, |(), person| {
        visits.profile(person)
    });
    run("unique-location", &places, Matching::Present);
    run("location", &places, Matching::AtLeast);
    run("location-frequency", &places, Matching::Exactly);
    run("location-proportion", &places, Matching::InProportion);
    drop(places);
    let probabilities = Worth::new(visits.persons(), &chosen, nothing, |(), person| {
        let shares = shares(&visits.profile(person)).into_iter();
        shares.map(|share| (share, 1)).collect()
    });
    run("location-probability", &probabilities, Matching::Present);
    drop(probabilities);
    if let Some((bin, zone)) = time.filter(|_| visits.in_order()) {
        let clock = || Clock::new(zone);
        let moments = Worth::new(visits.persons(), &chosen, clock, |clock, person| {
            let bins = visits.bins(person, bin, clock);
            let mut moments: Vec<(u32, i64)> =
                visits.of(person).iter().copied().zip(bins).collect();
            moments.sort_unstable();
            let same = moments.chunk_by(|a, b| a == b);
            same.map(|same| (same[0], same.len() as u32)).collect()
        });
        run("location-time", &moments, Matching::AtLeast);
    }
    if visits.in_order() {
        let order = Order::new(visits, &chosen);
        let slots = || Slots::new(visits.capacity);
        let attacked = chosen.par_iter().with_min_len(16);
        let found = attacked.map_init(slots, |slots, person| {
            order.fewest(*person as usize, most, slots)
        });
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
                let entry = Outcome::not_measured(ID, None, &reason);
                let entry = entry.parameter("attack", "location-sequence");
                unmeasured.push(entry.parameter("length", length as u64));
                continue;
            }
            let risk = |fewest: &Vec<u32>| 1.0 / f64::from(fewest[length - 1]);
            let risks: Vec<f64> = found.iter().map(risk).collect();
            report("location-sequence", length, &risks);
        }
    }
    let risks = home_work(visits, &chosen);
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

/// What is worth knowing: the things of those who are attacked, and who else has them.
struct Worth {
    /// The numbered things of each person who is attacked, and how often they have them.
    known: Vec<Known>,
    index: Index,
}

impl Worth {
    /// `things` are those of a person, each once and ascending, with how often the person has each; they are made
    /// anew whenever they are looked at, with what `scratch` makes for a thread.
    fn new<T: Ord + Copy + Hash + Send + Sync, S>(
        persons: usize,
        chosen: &[u32],
        scratch: impl Fn() -> S + Sync + Send,
        things: impl Fn(&mut S, usize) -> Vec<(T, u32)> + Sync + Send,
    ) -> Self {
        let theirs = chosen.par_iter();
        let theirs = theirs.map_init(&scratch, |scratch, person| {
            things(scratch, *person as usize)
        });
        let theirs: Vec<Vec<(T, u32)>> = theirs.collect();
        let mut all: Vec<T> = theirs.iter().flatten().map(|(thing, _)| *thing).collect();
        all.par_sort_unstable();
        all.dedup();
        let numbers: HashMap<T, u32> = all.iter().copied().zip(0..).collect();
        let numbered = |things: Vec<(T, u32)>| -> Known {
            let known = things.into_iter();
            let known = known.filter_map(|(thing, count)| Some((*numbers.get(&thing)?, count)));
            known.collect()
        };
        let known = |scratch: &mut S, person| numbered(things(scratch, person));
        Self {
            index: Index::new(all.len(), persons, &scratch, known),
            known: theirs.into_iter().map(numbered).collect(),
        }
    }
}

/// The two most frequent places of a person, ascending; of who has one alone there is no second.
fn most_frequent_two(mut profile: Known) -> (u32, Option<u32>) {
    profile.sort_unstable_by_key(|(place, count)| (std::cmp::Reverse(*count), *place));
    match profile[..] {
        [(first, _), (second, _), ..] => (first.min(second), Some(first.max(second))),
        [(only, _)] => (only, None),
        [] => unreachable!("who has no row is no person"),
    }
}

/// A person matches whose own two hold those known.
fn home_work(visits: &Visits, chosen: &[u32]) -> Vec<f64> {
    type Pair = (u32, Option<u32>);
    let pair = |person: usize| most_frequent_two(visits.profile(person));
    let known: Vec<Pair> = chosen
        .par_iter()
        .map(|person| pair(*person as usize))
        .collect();
    let matches: HashMap<Pair, AtomicU32> = known
        .iter()
        .map(|pair| (*pair, AtomicU32::new(0)))
        .collect();
    let count = |pair: Pair| {
        if let Some(matches) = matches.get(&pair) {
            matches.fetch_add(1, Relaxed);
        }
    };
    (0..visits.persons()).into_par_iter().for_each(|person| {
        let (first, second) = pair(person);
        count((first, None));
        if let Some(second) = second {
            count((second, None));
            count((first, Some(second)));
        }
    });
    let risk = |pair: &Pair| 1.0 / f64::from(matches[pair].load(Relaxed));
    known.iter().map(risk).collect()
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
    mean.interval = sampled.then(|| of_mean(risks));
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

    /// The table is of the intervals as they are.
    #[test]
    fn intervals_cover_as_often_as_the_table_says() {
        use crate::stats::mean::tests::{DISTRIBUTIONS, coverage};
        let rows: Vec<Vec<String>> = DISTRIBUTIONS
            .iter()
            .zip(coverage())
            .map(|((name, _), [ours, wald])| {
                let cells = ours.iter().zip(wald);
                let cells =
                    cells.map(|(ours, wald)| format!("{:.1} / {:.1}", 100.0 * ours, 100.0 * wald));
                std::iter::once((*name).to_owned()).chain(cells).collect()
            })
            .collect();
        assert_eq!(rows, DOC.table.unwrap().rows);
    }

    #[test]
    fn shares_in_lowest_terms_are_the_same() {
        assert_eq!(shares(&vec![(3, 2), (5, 4)]), [(3, 1, 3), (5, 2, 3)]);
        assert_eq!(shares(&vec![(3, 1), (5, 2)]), [(3, 1, 3), (5, 2, 3)]);
    }
}
