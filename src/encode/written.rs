//! What pseudonyms say of their persons because it was written into them: dates, values of other columns, and parts that
//! repeat as postcodes, branches and initials do.
//!
//! Looked at are letters and digits alone, at their places from the beginning and from the end, of at most
//! [`SAMPLE`] pseudonyms.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::published::{Published, PublishedColumn, Rows};
use crate::release::input::Domain;

const SAMPLE: usize = 5_000;
/// Pseudonyms below which nothing is concluded.
const FEWEST: usize = 50;
/// Places that are looked at.
const LONGEST: usize = 40;
/// The share of pseudonyms that must have a date at the same place.
const DATED: f64 = 0.95;
/// The chance at which a column and a place of the pseudonyms go together by accident, over all such pairs.
const LEVEL: f64 = 1e-6;
/// How closely they must: Cramér's V.
const CLOSELY: f64 = 0.2;
/// The share of pseudonyms that must hold their own person's value beyond those that hold another's.
const HELD: f64 = 0.2;
/// How much oftener than by chance parts must repeat, and in how many pairs at least.
const OFTENER: f64 = 2.0;
const FEWEST_PAIRS: u64 = 20;
const LONGEST_PART: usize = 10;
/// Standard deviations.
const FAR: f64 = 8.0;

/// Year, month and day of digits in some order.
type Order = fn(&[u8]) -> Option<(u32, u32, u32)>;

/// Some, evenly taken.
fn sampled<T>(all: &[T]) -> impl Iterator<Item = &T> {
    all.iter().step_by(all.len().div_ceil(SAMPLE).max(1))
}

/// Letters and digits of each of some.
fn plain(texts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    sampled(texts).map(|text| letters(text)).collect()
}

fn letters(text: &[u8]) -> Vec<u8> {
    let kept = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
    kept.copied().collect()
}

/// Whether nearly all hold a date at the same place: eight digits with a year from 1900 to 2039, or six, in any of the
/// usual orders; or a year that stands by itself. Of random digits one in two thousand is such a date, or one in twenty-seven.
pub fn holds_dates(texts: &[Vec<u8>]) -> bool {
    if holds_years(texts) {
        return true;
    }
    let texts = plain(texts);
    if texts.len() < FEWEST {
        return false;
    }
    let longest = texts.iter().map(Vec::len).max().unwrap_or(0).min(LONGEST);
    let orders: [(usize, Order); 5] = [
        (8, |d| {
            Some((whole(&d[..4])?, whole(&d[4..6])?, whole(&d[6..])?))
        }),
        (8, |d| {
            Some((whole(&d[4..])?, whole(&d[2..4])?, whole(&d[..2])?))
        }),
        (8, |d| {
            Some((whole(&d[4..])?, whole(&d[..2])?, whole(&d[2..4])?))
        }),
        (6, |d| {
            Some((1900 + whole(&d[..2])?, whole(&d[2..4])?, whole(&d[4..])?))
        }),
        (6, |d| {
            Some((1900 + whole(&d[4..])?, whole(&d[2..4])?, whole(&d[..2])?))
        }),
    ];
    let places = (0..longest).flat_map(|at| [(at, false), (at, true)]);
    places.into_iter().any(|(at, from_end)| {
        orders.iter().any(|(width, read)| {
            let most = texts.len() - (texts.len() as f64 * DATED).ceil() as usize;
            let (mut others, mut days) = (0, BTreeSet::new());
            for text in &texts {
                let date = part(text, at, *width, from_end).and_then(read);
                match date.filter(|(year, month, day)| {
                    (1900..2040).contains(year)
                        && (1..=12).contains(month)
                        && (1..=31).contains(day)
                }) {
                    Some(date) => {
                        days.insert(date);
                    }
                    None => others += 1,
                }
                if others > most {
                    return false;
                }
            }
            // A day that all have in common is nobody's, and numbers in a row are no dates.
            let months: BTreeSet<u32> = days.iter().map(|(_, month, _)| *month).collect();
            let of_month: BTreeSet<u32> = days.iter().map(|(_, _, day)| *day).collect();
            months.len() >= 6 && of_month.len() >= 10
        })
    })
}

/// Whether one of the first numbers within nearly all texts is a year, and these are twenty or more.
fn holds_years(texts: &[Vec<u8>]) -> bool {
    let texts: Vec<&Vec<u8>> = sampled(texts).collect();
    let year = |text: &[u8], at: usize| {
        let mut numbers = text
            .split(|byte| !byte.is_ascii_digit())
            .filter(|run| !run.is_empty());
        let number = numbers.nth(at).filter(|number| number.len() == 4)?;
        whole(number).filter(|year| (1900..2040).contains(year))
    };
    texts.len() >= FEWEST
        && (0..4).any(|at| {
            let years = texts.iter().filter_map(|text| year(text, at));
            let years: Vec<u32> = years.collect();
            let different: BTreeSet<&u32> = years.iter().collect();
            years.len() as f64 >= DATED * texts.len() as f64 && different.len() >= 20
        })
}

fn part(text: &[u8], at: usize, width: usize, from_end: bool) -> Option<&[u8]> {
    let at = match from_end {
        true => text.len().checked_sub(at + width)?,
        false => at,
    };
    text.get(at..at + width)
}

fn whole(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, byte| {
        Some(number * 10 + char::from(*byte).to_digit(10)?)
    })
}

/// Whether some part repeats far oftener than it would if its places were drawn each for itself: pairs of pseudonyms that
/// agree in it are counted, against the product over its places of the chance that two agree there.
pub fn repeats(texts: &[Vec<u8>]) -> bool {
    let mut texts = plain(texts);
    let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
    for text in &texts {
        *lengths.entry(text.len()).or_default() += 1;
    }
    let Some((length, often)) = lengths.into_iter().max_by_key(|(_, often)| *often) else {
        return false;
    };
    if often < 2 * FEWEST || often * 20 < texts.len() * 19 {
        return false;
    }
    texts.retain(|text| text.len() == length);
    let count = texts.len() as f64;
    // That two, and three, agree at a place.
    let agree: Vec<(f64, f64)> = (0..length.min(LONGEST))
        .map(|at| {
            let mut often = [0u32; 256];
            texts
                .iter()
                .for_each(|text| often[usize::from(text[at])] += 1);
            let shares = || often.iter().map(|often| f64::from(*often) / count);
            (
                shares().map(|p| p.powi(2)).sum(),
                shares().map(|p| p.powi(3)).sum(),
            )
        })
        .collect();
    (0..agree.len()).any(|first| {
        (2..=LONGEST_PART.min(agree.len() - first)).any(|width| {
            let places = &agree[first..first + width];
            let (two, three) = places
                .iter()
                .fold((1.0, 1.0), |(a, b), (two, three)| (a * two, b * three));
            let mut often: HashMap<&[u8], u64> = HashMap::new();
            for text in &texts {
                *often.entry(&text[first..first + width]).or_default() += 1;
            }
            let pairs: u64 = often.values().map(|often| often * (often - 1) / 2).sum();
            let all = count * (count - 1.0) / 2.0;
            let variance = all * (two - two * two)
                + count * (count - 1.0) * (count - 2.0) * (three - two * two).max(0.0);
            let expected = all * two;
            pairs >= FEWEST_PAIRS
                && pairs as f64 > OFTENER * expected
                && pairs as f64 > expected + FAR * variance.max(expected).sqrt()
        })
    })
}

/// The columns that go with a part of the pseudonyms in a column, whose values at most, or whose own characters, stand
/// there.
pub fn followed(published: &Published, name: &str) -> Vec<String> {
    let columns = || published.columns.iter().enumerate();
    let Some(rows) = published.rows() else {
        return Vec::new();
    };
    let Some((own, column)) = columns().find(|(_, column)| column.name == name) else {
        return Vec::new();
    };
    let Some(keys) = rows.column(own) else {
        return Vec::new();
    };
    let firsts = first_rows(rows, keys);
    let texts = column.texts_by_key();
    let pairs = firsts.iter().filter_map(|row| {
        let text = texts.get(&keys[*row])?.to_ascii_lowercase();
        Some((*row, letters(text.as_bytes())))
    });
    let (firsts, texts): (Vec<usize>, Vec<Vec<u8>>) = pairs.unzip();
    if texts.len() < FEWEST {
        return Vec::new();
    }
    let others = columns().filter(|(at, other)| {
        *at != own
            && !["subject", "direct_identifiers"].contains(&other.role)
            && !other.is_row_number
    });
    let others: Vec<(&PublishedColumn, Vec<u64>)> = others
        .filter_map(|(at, other)| {
            let keys = rows.column(at)?;
            Some((
                other.as_ref(),
                firsts.iter().map(|row| keys[*row]).collect(),
            ))
        })
        .collect();
    let level = LEVEL / (2 * LONGEST * others.len().max(1)) as f64;
    let is_followed = |(other, values): &&(&PublishedColumn, Vec<u64>)| {
        goes_with(&texts, values, level) || is_held(&texts, other, values)
    };
    let found = others.iter().filter(is_followed);
    found.map(|(other, _)| other.name.clone()).collect()
}

/// The first row of each value, of some values.
fn first_rows(rows: &Rows, keys: &[u64]) -> Vec<usize> {
    let mut seen = std::collections::HashSet::new();
    let is_first = |row: &usize| keys[*row] != rows.null() && seen.insert(keys[*row]);
    let firsts: Vec<usize> = (0..keys.len()).filter(is_first).collect();
    sampled(&firsts).copied().collect()
}

/// Whether the character at some place depends on a value: Pearson's χ² where at least five are expected of each pair.
fn goes_with(texts: &[Vec<u8>], values: &[u64], level: f64) -> bool {
    let least = (5.0 * texts.len() as f64).sqrt() as usize;
    let (value, value_count) = merged(values, least);
    if value_count < 2 {
        return false;
    }
    let longest = texts.iter().map(Vec::len).max().unwrap_or(0).min(LONGEST);
    let places = (0..longest).flat_map(|at| [(at, false), (at, true)]);
    places.into_iter().any(|(at, from_end)| {
        let characters: Vec<u64> = texts
            .iter()
            .map(|text| part(text, at, 1, from_end).map_or(256, |part| u64::from(part[0])))
            .collect();
        let (character, character_count) = merged(&characters, least);
        if character_count < 2 {
            return false;
        }
        let mut often = vec![0f64; value_count * character_count];
        for (value, character) in value.iter().zip(&character) {
            often[value * character_count + character] += 1.0;
        }
        let count = texts.len() as f64;
        let of_value: Vec<f64> = often
            .chunks(character_count)
            .map(|row| row.iter().sum())
            .collect();
        let of_character: Vec<f64> = (0..character_count)
            .map(|at| often.iter().skip(at).step_by(character_count).sum())
            .collect();
        let statistic: f64 = often
            .iter()
            .enumerate()
            .map(|(at, often)| {
                let expected =
                    of_value[at / character_count] * of_character[at % character_count] / count;
                (often - expected).powi(2) / expected
            })
            .sum();
        let freedom = ((value_count - 1) * (character_count - 1)) as f64;
        let narrower = (value_count.min(character_count) - 1) as f64;
        let closely = (statistic / count / narrower).sqrt();
        let chance = ChiSquared::new(freedom).map_or(1.0, |chi| chi.sf(statistic));
        closely >= CLOSELY && chance <= level
    })
}

/// The values as numbers from 0, those that are too few as one, or left with the commonest where they are few together.
fn merged(values: &[u64], least: usize) -> (Vec<usize>, usize) {
    let mut often: BTreeMap<u64, usize> = BTreeMap::new();
    values
        .iter()
        .for_each(|value| *often.entry(*value).or_default() += 1);
    let rest: usize = often.values().filter(|often| **often < least).sum();
    let kept = often.iter().filter(|(_, often)| **often >= least);
    let number: HashMap<u64, usize> = kept.map(|(value, _)| *value).zip(0..).collect();
    let last = match rest >= least {
        true => number.len(),
        false => 0,
    };
    let count = number.len() + usize::from(rest >= least);
    let numbers = values
        .iter()
        .map(|value| number.get(value).copied().unwrap_or(last));
    (numbers.collect(), count)
}

/// Whether pseudonyms hold the text of their own person's value, oftener than that of another person's.
fn is_held(texts: &[Vec<u8>], other: &PublishedColumn, values: &[u64]) -> bool {
    let known = other.texts_by_key();
    let is_time = matches!(other.domain, Domain::Date | Domain::Timestamp);
    // Of each value all that may stand for it.
    let written = |value: &u64| -> Vec<Vec<u8>> {
        let Some(text) = known.get(value) else {
            return Vec::new();
        };
        let plain = letters(text.to_ascii_lowercase().as_bytes());
        let date: Vec<&[u8]> = match is_time && plain.len() >= 8 {
            true => vec![&plain[..4], &plain[4..6], &plain[6..8]],
            false => Vec::new(),
        };
        match &date[..] {
            [year, month, day] => vec![
                [*year, *month, *day].concat(),
                [*day, *month, *year].concat(),
                [*month, *day, *year].concat(),
                [&year[2..], *month, *day].concat(),
            ],
            _ => vec![plain],
        }
    };
    let written: Vec<Vec<Vec<u8>>> = values.iter().map(written).collect();
    let holds = |text: &[u8], values: &[Vec<u8>]| {
        let mut values = values.iter().filter(|value| value.len() >= 2);
        values.any(|value| text.windows(value.len()).any(|part| part == &value[..]))
    };
    let count = texts.len();
    let share = |ahead: usize| {
        let held = (0..count).filter(|at| holds(&texts[*at], &written[(at + ahead) % count]));
        held.count() as f64 / count as f64
    };
    let (own, another) = (share(0), share(count / 3 + 1));
    let deviation = (own * (1.0 - own) + another * (1.0 - another)) / count as f64;
    own - another >= HELD && own - another > FAR * deviation.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Draws, Trial};

    fn drawn(trial: &mut Trial, alphabet: &[u8], length: usize) -> String {
        let one = |_| char::from(alphabet[trial.below(alphabet.len() as u64) as usize]);
        (0..length).map(one).collect()
    }

    const HEX: &[u8] = b"0123456789abcdef";
    const DIGITS: &[u8] = b"0123456789";
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    fn all(count: usize, seed: u64, one: impl Fn(&mut Trial, usize) -> String) -> Vec<Vec<u8>> {
        let mut trial = Draws::new(seed, "written", "").trial(0);
        let texts: BTreeSet<String> = (0..count).map(|at| one(&mut trial, at)).collect();
        texts.into_iter().map(String::into_bytes).collect()
    }

    fn date(trial: &mut Trial) -> (u64, u64, u64) {
        (
            1930 + trial.below(75),
            1 + trial.below(12),
            1 + trial.below(28),
        )
    }

    #[test]
    fn dates_are_found_wherever_they_stand() {
        let ways: [&dyn Fn(&mut Trial) -> String; 7] = [
            &|trial| {
                let (y, ..) = date(trial);
                format!(
                    "{}|{y}|{}",
                    10_000 + trial.below(90_000),
                    drawn(trial, HEX, 8)
                )
            },
            &|trial| {
                let (y, m, d) = date(trial);
                format!(
                    "{}{y}{m:02}{d:02}{}",
                    drawn(trial, DIGITS, 5),
                    drawn(trial, DIGITS, 3)
                )
            },
            &|trial| {
                let (y, m, d) = date(trial);
                format!("{}-{y}-{m:02}-{d:02}", drawn(trial, HEX, 6))
            },
            &|trial| {
                let (y, m, d) = date(trial);
                format!("{d:02}{m:02}{y}{}", drawn(trial, HEX, 8))
            },
            &|trial| {
                let (y, m, d) = date(trial);
                format!(
                    "{}{:02}{m:02}{d:02}{}",
                    drawn(trial, HEX, 5),
                    y % 100,
                    drawn(trial, HEX, 5)
                )
            },
            &|trial| {
                let (y, m, d) = date(trial);
                let length = 3 + trial.below(5) as usize;
                format!(
                    "{}{d:02}.{m:02}.{:02}",
                    drawn(trial, LETTERS, length),
                    y % 100
                )
            },
            &|trial| {
                let (y, m, d) = date(trial);
                format!("{m:02}/{d:02}/{y}/{}", drawn(trial, HEX, 4))
            },
        ];
        for (at, way) in ways.iter().enumerate() {
            for count in [60, 2_000] {
                let texts = all(count, at as u64, |trial, _| way(trial));
                assert!(holds_dates(&texts), "{at} {count}");
            }
        }
    }

    #[test]
    fn parts_that_repeat_are_found() {
        let ways: [&dyn Fn(&mut Trial) -> String; 3] = [
            // One of 400 postcodes, of 300 pairs of initials, of 40 branches.
            &|trial| {
                let code = 10_000 + 223 * trial.below(400);
                format!("{code}{}", drawn(trial, DIGITS, 8))
            },
            &|trial| {
                let at = trial.below(60) * 7_919;
                let initial = |at: u64| char::from(b'A' + (at % 26) as u8);
                format!(
                    "{}{}{}",
                    initial(at),
                    initial(at / 26),
                    drawn(trial, DIGITS, 6)
                )
            },
            &|trial| {
                let branch = 101 + 91 * trial.below(40);
                format!(
                    "{}{branch:04}{}",
                    drawn(trial, HEX, 4),
                    drawn(trial, HEX, 6)
                )
            },
        ];
        for (at, way) in ways.iter().enumerate() {
            let texts = all(2_000, at as u64, |trial, _| way(trial));
            assert!(repeats(&texts), "{at}");
        }
    }

    type Way<'a> = &'a dyn Fn(&mut Trial, usize) -> String;

    /// Random pseudonyms of the usual forms, numbers of odd ranges, counts, and numbers with check digits.
    #[test]
    fn random_pseudonyms_hold_nothing() {
        let ways: [Way<'_>; 14] = [
            &|trial, _| drawn(trial, HEX, 16),
            &|trial, _| drawn(trial, HEX, 64),
            &|trial, _| drawn(trial, DIGITS, 8),
            &|trial, _| drawn(trial, DIGITS, 12),
            &|trial, _| drawn(trial, LETTERS, 11),
            &|trial, _| drawn(trial, b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 13),
            &|trial, _| format!("P-{}", drawn(trial, DIGITS, 7)),
            &|trial, _| (1_000_000_000 + trial.below(1_147_483_648)).to_string(),
            &|trial, _| format!("{:010}", trial.below(1_050_000_000)),
            &|trial, _| trial.below(3_000_000).to_string(),
            &|_, at| format!("C{:06}", at + 1),
            &|trial, at| format!("K{:05}", at as u64 * 7 + trial.below(7)),
            &|trial, _| {
                let number = 10_000_000 + trial.below(90_000_000);
                format!("{number}{:02}", 98 - number * 100 % 97)
            },
            &|trial, _| {
                let hex = drawn(trial, HEX, 30);
                let (a, b) = (&hex[..8], &hex[8..12]);
                format!(
                    "{a}-{b}-4{}-a{}-{}",
                    &hex[12..15],
                    &hex[15..18],
                    &hex[18..30]
                )
            },
        ];
        for trial in 0..9 {
            for (at, way) in ways.iter().enumerate() {
                let count = [60, 400, 2_000][trial as usize % 3];
                let texts = all(count, 100 + trial, way);
                assert!(!holds_dates(&texts), "{at} {count}");
                assert!(!repeats(&texts), "{at} {count}");
            }
        }
    }

    #[test]
    fn values_of_other_columns_go_with_places_and_random_ones_do_not() {
        let level = LEVEL / 800.0;
        for seed in 0..21 {
            let mut trial = Draws::new(seed, "written", "columns").trial(0);
            let count = [80, 700, 2_000][seed as usize % 3];
            let kinds = 2 + seed % 7;
            let values: Vec<u64> = (0..count).map(|_| trial.below(kinds)).collect();
            let random: Vec<Vec<u8>> = values
                .iter()
                .map(|_| drawn(&mut trial, HEX, 16).into_bytes())
                .collect();
            assert!(!goes_with(&random, &values, level), "{seed}");
            let marked = values
                .iter()
                .zip(&random)
                .map(|(value, text)| [&text[..7], &[b'a' + *value as u8], &text[7..]].concat());
            // Of so few each value is too rare to say something.
            let is_enough = count >= 10 * (kinds * kinds) as usize;
            assert!(
                goes_with(&marked.collect::<Vec<_>>(), &values, level) || !is_enough,
                "{seed}"
            );
        }
    }
}
