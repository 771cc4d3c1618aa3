//! The attacks of an adversary who knows the worst few places of somebody's trace.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real};
use crate::encode::visits::{Visits, counted};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameters, Sample, Unit};
use crate::release::TimeBin;
use crate::stats::{Draws, Interval};

pub struct LocationAttacks;

const ID: &str = "location-attacks";

static DOC: Doc = Doc {
    id: ID,
    title: "Location attacks",
    criterion: Criterion::SinglingOut,
    question: "If an adversary knows just those few places of a person that give the person away, how probably \
               is the trace found?",
    adversary: "Knows k places of a person's trace, the worst for the person: where they were (unique-location), \
                where and how often at least (location), where and at what time (location-time), where and \
                exactly how often (location-frequency), where and with which share of all rows \
                (location-probability), or the two most frequent places (home-work).",
    definition: "An instance is a choice of k of a person's places; a person matches it when their trace has \
                 all of it. The person's risk is 1 over the number of persons who match, for the instance for \
                 which that is highest. location: k rows, of which several may be of one place; a person \
                 matches who has each place at least as often. Who has fewer than k is attacked with all they \
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
        "Frequencies and shares match exactly: an adversary who knows them roughly finds more matches.",
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
                 on those of 200; unique-location with k = 1 and 2 on all check-ins and taxis, two grids. Equal \
                 to a trial of all choices on generated traces, k = 1 to 4.",
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
            let width = match table.point.time {
                Some(TimeBin::Seconds(seconds)) => Some(i64::from(seconds)),
                Some(TimeBin::Column) => Some(1),
                None => None,
            };
            move |visits: &Visits| {
                let draws = Draws::new(settings.seed, ID, &name);
                measure(visits, &spot, width, &settings, &draws)
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

/// What a person's trace says to an adversary of one kind: (thing, how often), ascending.
type Known = Vec<(u32, u32)>;

fn measure(
    visits: &Visits,
    spot: &Parameters,
    width: Option<i64>,
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
    let persons = || (0..visits.persons()).into_par_iter();
    let places: Vec<Known> = persons().map(|person| visits.profile(person)).collect();
    let mut outcome = Outcome::default();
    let mut report = |attack: &str, length: usize, risks: &[f64]| {
        outcome
            .findings
            .extend(findings(visits, spot, settings, attack, length, risks));
    };
    let mut run = |attack: &str, known: &[Known], matching: Matching| {
        let index = Index::new(known);
        let most = settings.lengths.iter().copied().max().unwrap_or(1);
        let fewest: Vec<Vec<u32>> = chosen
            .par_iter()
            .map_init(
                || Numbers::new(known.len()),
                |numbers, person| fewest(known, &index, matching, *person, most, numbers),
            )
            .collect();
        for &length in &settings.lengths {
            let risks: Vec<f64> = fewest
                .iter()
                .map(|fewest| 1.0 / f64::from(fewest[length - 1]))
                .collect();
            report(attack, length, &risks);
        }
    };
    run("unique-location", &places, Matching::Present);
    run("location", &places, Matching::AtLeast);
    run("location-frequency", &places, Matching::Exactly);
    let shares: Vec<_> = places.par_iter().map(shares).collect();
    run(
        "location-probability",
        &numbered(&shares),
        Matching::Present,
    );
    if let Some(width) = width {
        let bins = |person| visits.times(person).map(|time| time.div_euclid(width));
        let first = persons().flat_map_iter(bins).min().unwrap_or(0);
        let moments: Vec<Vec<(u32, u32)>> = persons()
            .map(|person| {
                // Visits span less than 2³² seconds.
                let bins = bins(person).map(|bin| (bin - first) as u32);
                visits.of(person).iter().copied().zip(bins).collect()
            })
            .collect();
        if moments.iter().any(|moments| !moments.is_empty()) {
            run("location-time", &numbered(&moments), Matching::AtLeast);
        }
    }
    let pairs: Vec<Vec<u32>> = places.par_iter().map(most_frequent_two).collect();
    let risks = home_work(&pairs, &chosen);
    report("home-work", 2, &risks);
    outcome
}

/// A person's places with their share of the rows, in lowest terms.
fn shares(profile: &Known) -> Vec<(u32, u32, u32)> {
    let total: u32 = profile.iter().map(|(_, count)| count).sum();
    let divisor = |mut a: u32, mut b: u32| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let share = |(place, count): &(u32, u32)| {
        let d = divisor(*count, total);
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
    let squares: f64 = risks.iter().map(|risk| (risk - average).powi(2)).sum();
    let half = 1.96 * (squares / (n - 1.0).max(1.0) / n).sqrt();
    let mut mean = finding("mean_risk", Unit::Probability).value(average);
    mean.denominator = Some(risks.len() as u64);
    mean.interval = sampled.then_some(Interval {
        low: (average - half).max(0.0),
        high: (average + half).min(1.0),
        confidence: 0.95,
    });
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

/// When a person has a thing that is known of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Matching {
    /// At all.
    Present,
    /// As often, or more often.
    AtLeast,
    /// As often.
    Exactly,
}

/// Who has each thing, those who have it most often first.
struct Index {
    /// Where each thing's persons begin; one more than things.
    starts: Vec<usize>,
    /// How often, and who.
    persons: Vec<(u32, u32)>,
}

impl Index {
    fn new(known: &[Known]) -> Self {
        let things = known
            .iter()
            .flatten()
            .map(|(thing, _)| *thing as usize + 1)
            .max();
        let mut starts = vec![0; things.unwrap_or(0) + 1];
        for (thing, _) in known.iter().flatten() {
            starts[*thing as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut persons = vec![(0, 0); starts[starts.len() - 1]];
        for (person, things) in known.iter().enumerate() {
            for (thing, count) in things {
                let slot = &mut next[*thing as usize];
                persons[*slot] = (*count, person as u32);
                *slot += 1;
            }
        }
        for bounds in starts.windows(2) {
            persons[bounds[0]..bounds[1]]
                .sort_unstable_by_key(|(count, person)| (std::cmp::Reverse(*count), *person));
        }
        Self { starts, persons }
    }

    /// Those who have a thing so often.
    fn matching(&self, thing: u32, count: u32, matching: Matching) -> &[(u32, u32)] {
        let persons = &self.persons[self.starts[thing as usize]..self.starts[thing as usize + 1]];
        let at_least = |count: u32| persons.partition_point(|(other, _)| *other >= count);
        match matching {
            Matching::Present => persons,
            Matching::AtLeast => &persons[..at_least(count)],
            Matching::Exactly => &persons[at_least(count + 1)..at_least(count)],
        }
    }
}

/// Persons numbered as they come, anew for each person attacked.
struct Numbers {
    /// Of each person when they were last numbered, and their number.
    of: Vec<(u32, u32)>,
    round: u32,
    count: u32,
}

impl Numbers {
    fn new(persons: usize) -> Self {
        Self {
            of: vec![(0, 0); persons],
            round: 0,
            count: 0,
        }
    }

    fn restart(&mut self) {
        self.round += 1;
        self.count = 0;
    }

    fn of(&mut self, person: u32) -> usize {
        let (round, number) = &mut self.of[person as usize];
        if *round != self.round {
            (*round, *number) = (self.round, self.count);
            self.count += 1;
        }
        *number as usize
    }
}

/// Who has a thing that may be known: of which place it is, how many rows it is.
struct List<'a> {
    place: usize,
    rows: usize,
    persons: &'a [(u32, u32)],
}

/// One thing an adversary may know: how many rows it is, and who has it.
struct Item {
    /// Of the things of one place only one is known.
    place: usize,
    rows: usize,
    bits: Vec<u64>,
}

/// For k = 1 to `most` the fewest persons that match k of a person's things, the person among them.
fn fewest(
    known: &[Known],
    index: &Index,
    matching: Matching,
    person: u32,
    most: usize,
    numbers: &mut Numbers,
) -> Vec<u32> {
    let things = &known[person as usize];
    // What is known of a place: that it is there so often. More often is rarer, and costs as many rows.
    let mut lists: Vec<List> = Vec::new();
    for (place, (thing, count)) in things.iter().enumerate() {
        match matching {
            Matching::AtLeast => {
                lists.extend((1..=(*count).min(most as u32)).map(|rows| List {
                    place,
                    rows: rows as usize,
                    persons: index.matching(*thing, rows, matching),
                }));
            }
            _ => lists.push(List {
                place,
                rows: 1,
                persons: index.matching(*thing, *count, matching),
            }),
        }
    }
    // Who has none of it is no candidate and needs no bit.
    numbers.restart();
    for (_, other) in lists.iter().flat_map(|list| list.persons) {
        numbers.of(*other);
    }
    let size = numbers.count;
    let words = size.div_ceil(64) as usize;
    let mut items = Vec::with_capacity(lists.len());
    for list in lists {
        let mut bits = vec![0u64; words];
        for (_, other) in list.persons {
            let at = numbers.of(*other);
            bits[at / 64] |= 1 << (at % 64);
        }
        let List { place, rows, .. } = list;
        items.push(Item { place, rows, bits });
    }
    let everybody = vec![u64::MAX; words];
    // Fewer than match everything that could be known there cannot be.
    let mut floor = everybody.clone();
    for item in &items {
        floor
            .iter_mut()
            .zip(&item.bits)
            .for_each(|(floor, bits)| *floor &= bits);
    }
    let floor = ones(&floor);
    let (mut best, mut results) = (u32::MAX, Vec::with_capacity(most));
    for rows in 1..=most {
        if best > floor {
            let order: Vec<usize> = (0..items.len()).collect();
            search(&items, &everybody, size, &order, rows, floor, &mut best);
        }
        results.push(best);
    }
    results
}

fn ones(bits: &[u64]) -> u32 {
    bits.iter().map(|word| word.count_ones()).sum()
}

/// Looks for `rows` rows more of the items in `order` that leave fewer than `best` of the `left` persons,
/// who are `size`.
fn search(
    items: &[Item],
    left: &[u64],
    size: u32,
    order: &[usize],
    rows: usize,
    floor: u32,
    best: &mut u32,
) {
    let both = |item: &Item| -> u32 {
        let pairs = left.iter().zip(&item.bits);
        pairs.map(|(left, bits)| (left & bits).count_ones()).sum()
    };
    let mut sized: Vec<(u32, usize)> = order
        .iter()
        .filter(|at| items[**at].rows <= rows)
        .map(|at| (both(&items[*at]), *at))
        .collect();
    sized.sort_unstable();
    let Some((least, _)) = sized.first() else {
        return;
    };
    *best = (*best).min(*least);
    if rows == 1 || *best <= floor {
        return;
    }
    for (at, (remaining, item)) in sized.iter().enumerate() {
        // What this and the next items could take away at most, were those they exclude all different.
        let excluded = sized[at..].iter().take(rows).map(|(kept, _)| size - kept);
        if size.saturating_sub(excluded.sum()) >= *best {
            return;
        }
        let item = &items[*item];
        if item.rows >= rows {
            continue;
        }
        let both: Vec<u64> = left
            .iter()
            .zip(&item.bits)
            .map(|(left, bits)| left & bits)
            .collect();
        let rest: Vec<usize> = sized[at + 1..]
            .iter()
            .map(|(_, other)| *other)
            .filter(|other| items[*other].place != item.place)
            .collect();
        search(
            items,
            &both,
            *remaining,
            &rest,
            rows - item.rows,
            floor,
            best,
        );
        if *best <= floor {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every choice of rows, every person.
    fn slow(known: &[Known], matching: Matching, person: usize, rows: usize) -> u32 {
        let mine: Vec<(u32, u32)> = known[person].clone();
        let mut choices: Vec<Vec<(u32, u32)>> = vec![Vec::new()];
        for (thing, count) in &mine {
            let most = if matching == Matching::AtLeast {
                *count
            } else {
                1
            };
            let mut more = Vec::new();
            for choice in &choices {
                for taken in 1..=most {
                    let mut longer = choice.clone();
                    longer.push((
                        *thing,
                        if matching == Matching::AtLeast {
                            taken
                        } else {
                            *count
                        },
                    ));
                    more.push(longer);
                }
            }
            choices.extend(more);
        }
        let size = |choice: &Vec<(u32, u32)>| match matching {
            Matching::AtLeast => choice.iter().map(|(_, taken)| *taken as usize).sum(),
            _ => choice.len(),
        };
        let all = choices.iter().map(size).max().unwrap();
        let wanted = rows.min(all);
        let matches = |other: &Known, choice: &Vec<(u32, u32)>| {
            choice.iter().all(|(thing, taken)| {
                other.iter().any(|(theirs, count)| {
                    theirs == thing
                        && match matching {
                            Matching::Present => true,
                            Matching::AtLeast => count >= taken,
                            Matching::Exactly => count == taken,
                        }
                })
            })
        };
        let of = choices.iter().filter(|choice| size(choice) == wanted);
        of.map(|choice| known.iter().filter(|other| matches(other, choice)).count() as u32)
            .min()
            .unwrap()
    }

    proptest! {
        #[test]
        fn the_worst_choice_is_found(
            traces in prop::collection::vec(prop::collection::vec(0u32..7, 1..9), 1..14),
        ) {
            let known: Vec<Known> = traces
                .iter()
                .map(|trace| {
                    let mut counts = std::collections::BTreeMap::new();
                    trace.iter().for_each(|thing| *counts.entry(*thing).or_insert(0) += 1);
                    counts.into_iter().collect()
                })
                .collect();
            let index = Index::new(&known);
            let mut numbers = Numbers::new(known.len());
            for matching in [Matching::Present, Matching::AtLeast, Matching::Exactly] {
                for person in 0..known.len() {
                    let fast = fewest(&known, &index, matching, person as u32, 4, &mut numbers);
                    let slow: Vec<u32> = (1..=4).map(|rows| slow(&known, matching, person, rows)).collect();
                    prop_assert_eq!(&fast, &slow, "{:?} of {}", matching, person);
                }
            }
        }
    }

    #[test]
    fn shares_in_lowest_terms_are_the_same() {
        assert_eq!(shares(&vec![(3, 2), (5, 4)]), [(3, 1, 3), (5, 2, 3)]);
        assert_eq!(shares(&vec![(3, 1), (5, 2)]), [(3, 1, 3), (5, 2, 3)]);
    }
}
