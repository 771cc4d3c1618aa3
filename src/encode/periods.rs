//! Pseudonyms that change from one period to the next, and follow from those of the period before: computed from them, or
//! in the same order.

use std::collections::BTreeMap;

use super::agreement::Placewise;
use super::computed;

/// Subjects of a period, below which nothing is concluded.
const FEWEST: usize = 20;
/// The share of subjects all of whose rows lie in one period, where pseudonyms change with it.
const WITHIN: f64 = 0.95;
/// Subjects by which the zone of the periods is told.
const MOST_FOR_ZONE: usize = 5_000;
/// Pairs of periods that are looked at.
const MOST_PAIRS: usize = 8;
/// Subjects at the same place of two periods must have the same first row so much oftener than by chance.
const OFTENER: f64 = 1.2;
const FAR: f64 = 6.0;

/// A subject and where its rows lie.
pub struct Life {
    pub text: Vec<u8>,
    pub first_time: i64,
    pub last_time: i64,
    pub first_row: u64,
    /// Equal where what the first row says besides its time is.
    pub content: u64,
}

/// How many subjects follow from those of the period before, `lives` in the order of the subjects, `per_day` units of
/// time in a day. Nothing where subjects do not change by hours, days, weeks, months or years.
pub fn followed(lives: &[Life], per_day: i64) -> u64 {
    let widths = [
        Width::Hour,
        Width::Day,
        Width::Week,
        Width::Month,
        Width::Year,
    ];
    let of_width = widths
        .into_iter()
        .filter_map(|width| periods(lives, width, per_day));
    of_width
        .map(|periods| of_periods(lives, &periods))
        .max()
        .unwrap_or(0)
}

#[derive(Clone, Copy)]
enum Width {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Width {
    /// No period is longer, in units of time.
    fn longest(self, per_day: i64) -> i64 {
        match self {
            Self::Hour => (per_day / 24).max(1),
            Self::Day => per_day,
            Self::Week => 7 * per_day,
            Self::Month => 31 * per_day,
            Self::Year => 366 * per_day,
        }
    }

    /// The period of a time, after so many hours are added to it.
    fn of(self, time: i64, hours: i64, per_day: i64) -> i64 {
        let time = time + hours * per_day / 24;
        let day = time.div_euclid(per_day);
        let civil = || {
            let days = i32::try_from(day).unwrap_or(0).clamp(-700_000, 2_900_000);
            jiff::civil::Date::constant(1970, 1, 1).saturating_add(jiff::Span::new().days(days))
        };
        match self {
            Self::Hour => time.div_euclid((per_day / 24).max(1)),
            Self::Day => day,
            // A Monday.
            Self::Week => (day + 3).div_euclid(7),
            Self::Month => {
                let date = civil();
                i64::from(date.year()) * 12 + i64::from(date.month())
            }
            Self::Year => i64::from(civil().year()),
        }
    }
}

/// The subjects of each period, where nearly all have theirs; times of any zone.
fn periods(lives: &[Life], width: Width, per_day: i64) -> Option<Vec<Vec<usize>>> {
    let zones = match (width, per_day) {
        (Width::Hour, 1) => return None,
        (Width::Hour, _) | (_, 1) => 0..=0,
        _ => -12..=14,
    };
    let is_short =
        |life: &&Life| life.last_time.saturating_sub(life.first_time) <= width.longest(per_day);
    let is_most = |count: usize, all: usize| count as f64 >= WITHIN * all as f64;
    if !is_most(lives.iter().filter(is_short).count(), lives.len()) {
        return None;
    }
    let within = |lives: &mut dyn Iterator<Item = &Life>, hours: i64| {
        let period = |time: i64| width.of(time, hours, per_day);
        lives
            .filter(|life| period(life.first_time) == period(life.last_time))
            .count()
    };
    // The zone is told by some of them.
    let step = lives.len().div_ceil(MOST_FOR_ZONE).max(1);
    let zones = zones.map(|hours| (within(&mut lives.iter().step_by(step), hours), hours));
    let (_, hours) = zones.max_by_key(|(within, hours)| (*within, -hours.abs()))?;
    if !is_most(within(&mut lives.iter(), hours), lives.len()) {
        return None;
    }
    let mut periods: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (at, life) in lives.iter().enumerate() {
        let period = width.of(life.first_time, hours, per_day);
        periods.entry(period).or_default().push(at);
    }
    let periods: Vec<Vec<usize>> = periods.into_values().collect();
    (periods.len() > 1).then_some(periods)
}

fn of_periods(lives: &[Life], periods: &[Vec<usize>]) -> u64 {
    let is_large = |pair: &&[Vec<usize>]| pair.iter().all(|period| period.len() >= FEWEST);
    let pairs = || periods.windows(2).filter(is_large).take(MOST_PAIRS);
    let computed: u64 = pairs()
        .map(|pair| {
            let texts = |period: &[usize]| -> Vec<Vec<u8>> {
                period.iter().map(|at| lives[*at].text.clone()).collect()
            };
            let places = computed::places(&texts(&pair[0]), &texts(&pair[1]));
            places.map_or(0, |places| places.iter().flatten().count() as u64)
        })
        .sum();
    if computed > 0 {
        return computed;
    }
    let by_rows: Vec<Vec<usize>> = periods
        .iter()
        .map(|period| {
            let mut period = period.clone();
            period.sort_by_key(|at| lives[*at].first_row);
            period
        })
        .collect();
    in_order(lives, periods).max(in_order(lives, &by_rows))
}

/// How many subjects stand at the same place of their period as somebody of the period before who has the same first row,
/// where they do so oftener than by chance; nothing where each period is in the order of its rows.
fn in_order(lives: &[Life], periods: &[Vec<usize>]) -> u64 {
    let pairs = periods.windows(2);
    let pairs = pairs.filter(|pair| pair[0].len() == pair[1].len() && pair[0].len() >= FEWEST);
    let contents =
        |period: &[usize]| -> Vec<u64> { period.iter().map(|at| lives[*at].content).collect() };
    let mut places = Placewise::default();
    for pair in pairs {
        places.add(&contents(&pair[0]), &contents(&pair[1]));
    }
    let met = &places.agreement;
    let is_often = met.equal > OFTENER * met.expected && met.is_beyond(FAR);
    match places.is_unsorted() && is_often {
        true => met.pairs as u64,
        false => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Draws, Trial};

    /// A subject of a person on a day.
    type Way<'a> = &'a dyn Fn(&mut Trial, u64, u64) -> String;

    const DAYS: u64 = 4;
    const PERSONS: u64 = 300;

    fn hex(trial: &mut Trial, places: usize) -> String {
        (0..places)
            .map(|_| char::from(b"0123456789abcdef"[trial.below(16) as usize]))
            .collect()
    }

    /// Lives of persons under another subject each day, who begin it at home more often than not.
    fn lives(
        trial: &mut Trial,
        subject: &dyn Fn(&mut Trial, u64, u64) -> String,
        row: &dyn Fn(&mut Trial, u64, u64) -> u64,
    ) -> Vec<Life> {
        let homes: Vec<u64> = (0..PERSONS).map(|_| trial.below(5)).collect();
        let mut lives = Vec::new();
        for day in 0..DAYS {
            for person in 0..PERSONS {
                let content = match trial.below(2) {
                    0 => homes[person as usize],
                    _ => trial.below(5),
                };
                let start = (day * 86_400) as i64;
                lives.push(Life {
                    text: subject(trial, person, day).into_bytes(),
                    first_time: start + trial.below(40_000) as i64,
                    last_time: start + 40_000 + trial.below(40_000) as i64,
                    first_row: row(trial, person, day),
                    content,
                });
            }
        }
        lives.sort_by(|a, b| a.text.cmp(&b.text));
        lives
    }

    #[test]
    fn chained_pseudonyms_are_found_and_drawn_ones_are_not() {
        let draws = Draws::new(3, "periods", "");
        for case in 0..10 {
            let mut trial = draws.trial(case);
            let bases: Vec<u64> = (0..PERSONS).map(|_| trial.below(u64::MAX)).collect();
            let mut keys: Vec<u64> = (0..DAYS).map(|_| trial.below(u64::MAX)).collect();
            keys[0] = 0;
            let ranked: Vec<Vec<String>> = (0..DAYS)
                .map(|_| {
                    let mut drawn: Vec<String> =
                        (0..PERSONS).map(|_| hex(&mut trial, 16)).collect();
                    drawn.sort();
                    drawn
                })
                .collect();
            let any = |trial: &mut Trial, _: u64, _: u64| trial.below(1 << 40);
            let chained: [Way<'_>; 5] = [
                &|_, person, day| format!("{:016x}", bases[person as usize] ^ keys[day as usize]),
                &|_, person, day| {
                    format!("{:016x}", bases[person as usize].wrapping_add(day * 7_919))
                },
                &|_, person, day| (bases[person as usize] / 4 + day).to_string(),
                &|_, person, day| {
                    let text = format!("{:016x}", bases[person as usize]);
                    format!("{}{}", &text[day as usize..], &text[..day as usize])
                },
                &|_, person, day| ranked[day as usize][person as usize].clone(),
            ];
            let way = chained[case as usize % 5];
            let found = followed(&lives(&mut trial, way, &any), 86_400);
            assert!(found >= PERSONS, "{case}: {found}");
            let drawn = |trial: &mut Trial, _: u64, _: u64| hex(trial, 16);
            let placed = |_: &mut Trial, person: u64, day: u64| day * PERSONS + person;
            assert_eq!(
                followed(&lives(&mut trial, &drawn, &any), 86_400),
                0,
                "{case}"
            );
            assert!(
                followed(&lives(&mut trial, &drawn, &placed), 86_400) > 0,
                "{case}"
            );
            // Subjects that are kept change by no period.
            let kept =
                |_: &mut Trial, person: u64, _: u64| format!("{:016x}", bases[person as usize]);
            let mut kept = lives(&mut trial, &kept, &any);
            kept.dedup_by(|next, life| {
                let is_same = next.text == life.text;
                if is_same {
                    life.first_time = life.first_time.min(next.first_time);
                    life.last_time = life.last_time.max(next.last_time);
                }
                is_same
            });
            assert_eq!(followed(&kept, 86_400), 0, "{case}");
        }
    }
}
