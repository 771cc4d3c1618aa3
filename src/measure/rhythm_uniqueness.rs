//! The rhythm of a person's days: what devices, meters and purchases tell of who is at home, and when.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::floors::{Floor, Rule};
use super::{
    Alike, Doc, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent, real,
};
use crate::encode::axis::Times;
use crate::encode::moments::Moments;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameters, Sample, Unit};
use crate::said;
use crate::stats::Draws;
use crate::stats::mean::of_mean;

pub struct RhythmUniqueness;

const ID: &str = "rhythm-uniqueness";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::rhythm_uniqueness::PROSE,
    title: "Uniqueness of daily rhythms",
    criterion: Criterion::SinglingOut,
    question: "Does the rhythm of somebody's days give the person away, and does it tell when nobody is at home?",
    adversary: "Knows a person's habits (when the lights go on, when the house is quiet), or has watched one \
                single day; wants the person's trace, or to know when the person is away.",
    definition: "A point belongs to an hour of a day by the clock on the wall. Where points have an amount and \
                 nothing else an hour's activity is the sum of its amounts, and there is one state; otherwise it \
                 is its number of points, and what they say besides the time is their state. Profile `hours`: for \
                 each hour of the day and state, whether it is active on no day, on fewer than half, or on at \
                 least half of the days from the first to the last; of amounts, whether the hour's mean is below \
                 half of the person's mean hour, up to one and a half of it, or above. Profile `first-last`: the \
                 hour in which activity (for amounts: activity above the person's mean hour) typically begins and \
                 ends, as medians over days. Profile `quiet-days`: the days between the first and the last whose \
                 activity is below `quiet` times that of the person's median day. A rhythm is unique when no \
                 other person has the same. `day_identified`: one day of a person, drawn at random, is compared \
                 with the mean day of everybody in a crowd, the person's own without that day, by the cosine \
                 over hours and states; success is to find the person nearest, ties count 1 over their number.",
    formula: "share_unique = |{i : no j ≠ i has profile(j) = profile(i)}| / n; day_identified = mean success; \
              day_risk = (success − baseline) / (1 − baseline), baseline = 1 / crowd; share_absent = \
              |{i : i has a stretch of at least `away` quiet days}| / n",
    denominator: "Persons; for the attack by a day those drawn, with at least two days.",
    nulls: "A null state is a state of its own; a null amount is no activity.",
    assumptions: &[
        "Who is active in the trace is at home, and who is quiet is not: so burglars reason, and often rightly.",
    ],
    limits: &[
        "The attack by a day is against a crowd drawn from the release; among all persons it succeeds less often.",
        "Amounts count by the middle of their bins.",
        "It needs times on a clock, in bins of at most an hour.",
    ],
    citations: &[
        "A. Molina-Markham, P. Shenoy, K. Fu, E. Cecchet, D. Irwin: Private memoirs of a smart meter. ACM \
         BuildSys, 2010.",
        "M. Jawurek, M. Johns, K. Rieck: Smart metering de-pseudonymization. ACSAC, 2011.",
    ],
    validation: "Equal to a slow computation from the rows on generated events and readings. The interval of a mean over \
                 persons covers as the table of `location-attacks` says.",
    table: None,
    settings: &[
        Setting {
            key: "quiet",
            default: "0.25",
            meaning: "below so many times the activity of the person's median day a day is quiet",
        },
        Setting {
            key: "away",
            default: "2",
            meaning: "quiet days in a row that tell that nobody is at home",
        },
        Setting {
            key: "persons",
            default: "1000",
            meaning: "persons of whom the adversary has watched a day",
        },
        Setting {
            key: "crowd",
            default: "10000",
            meaning: "persons among whom they are looked for",
        },
    ],
    statistics: &[
        Statistic {
            name: "share_unique",
            title: "Unique rhythms",
            of: "persons",
            meaning: |f| {
                let what = match parameter(f, "profile").as_str() {
                    "hours" => "is active at the hours of the day in a way",
                    "first-last" => "begins and ends the day at hours",
                    _ => "has just those quiet days",
                };
                format!(
                    "{} of the persons: nobody else {what} that they have.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "smallest_class",
            title: "Fewest persons with the same rhythm",
            of: "persons",
            meaning: |f| format!("The rarest rhythm is that of {} persons.", real(f)),
        },
        Statistic {
            name: "day_identified",
            title: "Persons found by one day",
            of: "persons",
            meaning: |f| {
                format!(
                    "Who has watched a person for one day finds the person among {} others in {} of the cases.",
                    parameter(f, "crowd"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "day_risk",
            title: "Risk of being found by one day",
            of: "persons",
            meaning: |f| {
                format!(
                    "Beyond guessing, a day gives {} of the persons away.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "share_absent",
            title: "Persons whose absence shows",
            of: "persons",
            meaning: |f| {
                format!(
                    "Of {} of the persons the trace tells that nobody was at home for {} days in a row.",
                    percent(real(f)),
                    parameter(f, "away")
                )
            },
        },
    ],
};

impl Measure for RhythmUniqueness {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[
            Floor {
                key: "quiet",
                rule: Rule::Exactly(&[0.25]),
            },
            Floor {
                key: "away",
                rule: Rule::Exactly(&[2.0]),
            },
            Floor {
                key: "persons",
                rule: Rule::Least(1_000.0),
            },
            Floor {
                key: "crowd",
                rule: Rule::Least(10_000.0),
            },
        ]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let mut quiet = 0.25;
        if let Some(settings) = planning.settings
            && let Some(given) = settings.number("quiet")?
        {
            if !(0.0..=1.0).contains(&given.value) {
                return Err(settings.error(given.span, "`quiet` takes a number from 0 to 1"));
            }
            quiet = given.value;
        }
        let settings = Settings {
            quiet,
            away: planning.count("away")?.unwrap_or(2),
            persons: planning.count("persons")?.unwrap_or(1_000),
            crowd: planning.count("crowd")?.unwrap_or(10_000),
            seed: planning.release.seed,
        };
        let mut jobs = planning.trace_jobs(ID, &Needs::default(), |table| {
            let (settings, point) = (settings.clone(), table.point.parameters());
            move |encoded: &Encoded| {
                let moments = encoded.moments().expect("traces were asked for");
                match moments.times() {
                    Some(Times::Bins { width, again: None }) if *width <= 3_600 => {}
                    _ => {
                        let reason = said!("its times are no bins of at most an hour on a clock", "ihre Zeiten sind keine Abschnitte von höchstens einer Stunde nach der Uhr");
                        return Outcome::unmeasured(ID, reason);
                    }
                }
                let draws = Draws::new(settings.seed, ID, &encoded.name);
                measure(
                    &moments,
                    &settings,
                    &point,
                    &encoded.known_columns(),
                    &draws,
                )
            }
        });
        // Where people are is the matter of other measures.
        jobs.retain(|job| {
            let point = &planning.release.tables[job.table].point;
            point.place.is_none() && point.time.is_some()
        });
        Ok(jobs)
    }
}

#[derive(Clone)]
struct Settings {
    quiet: f64,
    away: u64,
    persons: u64,
    crowd: u64,
    seed: u64,
}

/// The activity of one day by (hour × states + state), ascending.
type Day = Vec<(u32, f64)>;

fn total(day: &Day) -> f64 {
    day.iter().map(|(_, activity)| activity).sum()
}

/// A person's days with points, by number since 1970.
type Days = BTreeMap<i64, Day>;

struct Rhythms<'a> {
    moments: &'a Moments<'a>,
    /// The amount of each state, where amounts are all that points say.
    amounts: Option<Vec<f64>>,
    states: u32,
}

impl<'a> Rhythms<'a> {
    fn new(moments: &'a Moments<'a>, columns: usize) -> Self {
        // Time and amount alone.
        let amounts = moments.amounts().filter(|_| columns == 2);
        Self {
            moments,
            states: match amounts {
                Some(_) => 1,
                None => moments.whats() as u32,
            },
            amounts,
        }
    }

    fn days(&self, person: usize) -> Days {
        let mut days: BTreeMap<i64, BTreeMap<u32, f64>> = BTreeMap::new();
        for tuple in self.moments.traces.of(person) {
            let second = self.moments.second(*tuple).expect("times are on a clock");
            let hour = (second.rem_euclid(86_400) / 3_600) as u32;
            let what = self.moments.what(*tuple);
            let (state, activity) = match &self.amounts {
                Some(amounts) => (0, amounts[what as usize]),
                None => (what, 1.0),
            };
            let day = days.entry(second.div_euclid(86_400)).or_default();
            *day.entry(hour * self.states + state).or_insert(0.0) += activity;
        }
        let day = |(day, hours): (i64, BTreeMap<u32, f64>)| (day, hours.into_iter().collect());
        days.into_iter().map(day).collect()
    }

    /// How active each hour and state is, where it is not as quiet as can be.
    fn hours(&self, days: &Days) -> Vec<(u32, u8)> {
        let mut sums: BTreeMap<u32, (u64, f64)> = BTreeMap::new();
        for (slot, activity) in days.values().flatten() {
            let (count, sum) = sums.entry(*slot).or_insert((0, 0.0));
            *count += 1;
            *sum += activity;
        }
        let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value())
        else {
            return Vec::new();
        };
        let span = (last - first + 1) as u64;
        let mean_hour = days.values().map(total).sum::<f64>() / days.len() as f64 / 24.0;
        let level = |(slot, (count, sum)): (u32, (u64, f64))| {
            let level = match &self.amounts {
                None if 2 * count >= span => 2,
                None => 1,
                Some(_) => match sum / days.len() as f64 {
                    mean if mean < 0.5 * mean_hour => 0,
                    mean if mean <= 1.5 * mean_hour => 1,
                    _ => 2,
                },
            };
            (slot, level)
        };
        sums.into_iter()
            .map(level)
            .filter(|(_, level)| *level > 0)
            .collect()
    }

    /// The hours in which days typically begin and end, doubled: medians lie between hours.
    fn first_last(&self, days: &Days) -> (u32, u32) {
        let hours: f64 = days.values().map(total).sum();
        let mean_hour = hours / days.len() as f64 / 24.0;
        let ends = days.values().filter_map(|day| {
            let mut of_hours: BTreeMap<u32, f64> = BTreeMap::new();
            for (slot, activity) in day {
                *of_hours.entry(slot / self.states).or_insert(0.0) += activity;
            }
            let active = |activity: f64| self.amounts.is_none() || activity > mean_hour;
            let mut active = of_hours
                .into_iter()
                .filter(|(_, activity)| active(*activity));
            let first = active.next()?.0;
            Some((first, active.next_back().map_or(first, |(hour, _)| hour)))
        });
        let (mut firsts, mut lasts): (Vec<u32>, Vec<u32>) = ends.unzip();
        let doubled_median = |hours: &mut Vec<u32>| {
            hours.sort_unstable();
            match hours.len() {
                0 => u32::MAX,
                n => hours[(n - 1) / 2] + hours[n / 2],
            }
        };
        (doubled_median(&mut firsts), doubled_median(&mut lasts))
    }
}

/// The days between the first and the last that are quiet.
fn quiet_days(days: &Days, quiet: f64) -> Vec<i64> {
    let mut totals: Vec<f64> = days.values().map(total).collect();
    totals.sort_by(f64::total_cmp);
    let n = totals.len();
    if n == 0 {
        return Vec::new();
    }
    let median = f64::midpoint(totals[(n - 1) / 2], totals[n / 2]);
    let mut found = Vec::new();
    let mut before: Option<i64> = None;
    for (day, hours) in days {
        found.extend(before.map_or(*day, |before| before + 1)..*day);
        if total(hours) < quiet * median {
            found.push(*day);
        }
        before = Some(*day);
    }
    found
}

fn longest_stretch(days: &[i64]) -> u64 {
    let stretches = days.chunk_by(|a, b| a + 1 == *b);
    stretches
        .map(|stretch| stretch.len() as u64)
        .max()
        .unwrap_or(0)
}

fn measure(
    moments: &Moments<'_>,
    settings: &Settings,
    point: &Parameters,
    columns: &[String],
    draws: &Draws,
) -> Outcome {
    let persons = moments.traces.persons();
    if persons == 0 {
        return Outcome::unmeasured(
            ID,
            said!("no row has a person", "keine Zeile gehört zu einer Person"),
        );
    }
    let rhythms = Rhythms::new(moments, columns.len());
    let finding = |statistic, unit| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(columns)
            .parameters(point)
    };
    type Rhythm = (Vec<(u32, u8)>, (u32, u32), Vec<i64>);
    let of_person = |person: usize| -> Rhythm {
        let days = rhythms.days(person);
        let quiet = quiet_days(&days, settings.quiet);
        (rhythms.hours(&days), rhythms.first_last(&days), quiet)
    };
    let all: Vec<Rhythm> = (0..persons).into_par_iter().map(of_person).collect();
    let mut outcome = Outcome::default();
    let profiles = [
        ("hours", Alike::of(all.len(), |person| Some(&all[person].0))),
        (
            "first-last",
            Alike::of(all.len(), |person| Some(&all[person].1)),
        ),
        (
            "quiet-days",
            Alike::of(all.len(), |person| Some(&all[person].2)),
        ),
    ];
    for (profile, alike) in profiles {
        let of = |finding: Finding| finding.parameter("profile", profile);
        outcome.findings.extend([
            of(finding("share_unique", Unit::Share)).share(alike.unique, alike.persons),
            of(finding("smallest_class", Unit::Persons)).count(alike.smallest, Some(alike.persons)),
        ]);
    }
    let absent = |(_, _, quiet): &&Rhythm| longest_stretch(quiet) >= settings.away;
    let absent = all.iter().filter(absent).count() as u64;
    outcome.findings.push(
        finding("share_absent", Unit::Share)
            .parameter("away", settings.away)
            .share(absent, persons as u64),
    );
    match by_a_day(&rhythms, settings, draws) {
        Some((successes, crowd)) => {
            let trials = successes.len() as u64;
            let mean = successes.iter().sum::<f64>() / trials as f64;
            let baseline = 1.0 / crowd as f64;
            let beyond = |success: f64| ((success - baseline) / (1.0 - baseline)).max(0.0);
            let interval = of_mean(&successes);
            for (statistic, value, low, high) in [
                ("day_identified", mean, interval.low, interval.high),
                (
                    "day_risk",
                    beyond(mean),
                    beyond(interval.low),
                    beyond(interval.high),
                ),
            ] {
                let mut found = finding(statistic, Unit::Share)
                    .parameter("crowd", crowd)
                    .value(value);
                found.denominator = Some(trials);
                found.interval = Some(crate::stats::Interval {
                    low,
                    high,
                    ..interval
                });
                found.baseline = (statistic == "day_identified").then_some(baseline);
                found.sample = Some(Sample {
                    seed: settings.seed,
                    persons: trials,
                    trials,
                });
                outcome.findings.push(found);
            }
        }
        None => outcome.not_measured.push(Outcome::not_measured(
            ID,
            Some("day_identified"),
            said!(
                "fewer than two persons have two days",
                "weniger als zwei Personen haben zwei Tage"
            ),
        )),
    }
    outcome
}

/// For each person attacked the chance that one of the person's days leads to the person; and how many persons
/// there were to choose from. `None` where there are fewer than two.
fn by_a_day(rhythms: &Rhythms<'_>, settings: &Settings, draws: &Draws) -> Option<(Vec<f64>, u64)> {
    let persons = rhythms.moments.traces.persons() as u64;
    let mut trial = draws.trial(0);
    let crowd: Vec<u64> = match settings.crowd >= persons {
        true => (0..persons).collect(),
        false => trial.subset(settings.crowd as usize, persons),
    };
    let crowd: Vec<(u64, Days)> = crowd
        .into_par_iter()
        .map(|person| (person, rhythms.days(person as usize)))
        .filter(|(_, days)| days.len() > 1)
        .collect();
    if crowd.len() < 2 {
        return None;
    }
    let count = settings.persons.min(crowd.len() as u64) as usize;
    let targets = trial.subset(count, crowd.len() as u64);
    // Cosines do not depend on lengths: the sum of days does for their mean.
    let sum = |days: &Days, without: Option<i64>| {
        let mut sum: HashMap<u32, f64> = HashMap::new();
        for (_, hours) in days.iter().filter(|(day, _)| Some(**day) != without) {
            for (slot, activity) in hours {
                *sum.entry(*slot).or_insert(0.0) += activity;
            }
        }
        let mut sum: Vec<(u32, f64)> = sum.into_iter().collect();
        sum.sort_unstable_by_key(|(slot, _)| *slot);
        let length = sum.iter().map(|(_, v)| v * v).sum::<f64>().sqrt();
        if length > 0.0 {
            sum.iter_mut().for_each(|(_, v)| *v /= length);
        }
        sum
    };
    let means: Vec<Day> = crowd.par_iter().map(|(_, days)| sum(days, None)).collect();
    let mut index: HashMap<u32, Vec<(u32, f64)>> = HashMap::new();
    for (at, mean) in (0u32..).zip(&means) {
        for (slot, value) in mean {
            index.entry(*slot).or_default().push((at, *value));
        }
    }
    let attack = |target: &u64| {
        let (person, days) = &crowd[*target as usize];
        let mut trial = draws.trial(1 + person);
        let at = trial.below(days.len() as u64) as usize;
        let (day, hours) = days.iter().nth(at).expect("it is one of the days");
        let mut scores = vec![0.0; crowd.len()];
        for (slot, activity) in hours {
            for (other, value) in index.get(slot).into_iter().flatten() {
                scores[*other as usize] += activity * value;
            }
        }
        let others = sum(days, Some(*day));
        let own = hours.iter().filter_map(|(slot, activity)| {
            let at = others.binary_search_by_key(slot, |(slot, _)| *slot).ok()?;
            Some(activity * others[at].1)
        });
        let own: f64 = own.sum();
        scores[*target as usize] = own;
        // Sums in another order differ in their last digits.
        let near = |score: &f64| (score - own).abs() <= 1e-9 * own.abs().max(1.0);
        if scores.iter().any(|score| *score > own && !near(score)) {
            return 0.0;
        }
        1.0 / scores.iter().filter(|score| near(score)).count() as f64
    };
    let successes = targets.par_iter().map(attack).collect();
    Some((successes, crowd.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_days_by_hand() {
        let day = |activity: f64| vec![(8, activity)];
        // Days 3 and 4 have nothing, day 6 nearly nothing; the median day is 10.
        let days: Days = [(1, 10.0), (2, 12.0), (5, 10.0), (6, 1.0), (7, 10.0)]
            .map(|(at, activity)| (at, day(activity)))
            .into();
        assert_eq!(quiet_days(&days, 0.25), [3, 4, 6]);
        assert_eq!(quiet_days(&days, 0.05), [3, 4]);
        assert_eq!(longest_stretch(&[3, 4, 6]), 2);
        assert_eq!(longest_stretch(&[]), 0);
    }
}
