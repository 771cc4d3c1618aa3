//! Tries the identifiers of small spaces one by one: which pseudonyms are their digests?
//!
//! What is tried depends on the budget alone. It goes first to spaces that can be tried whole, then to all functions,
//! spaces and spellings by their weight, in the pseudorandom order of [`Shuffled`], and as soon as one of them has
//! met more pseudonyms than chance would, to that one.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use statrs::distribution::{DiscreteCDF, Poisson};

use super::targets::Targets;
use super::{Form, Function};
use crate::identifier::spaces::{Shuffled, Space};
use crate::progress::Progress;
use crate::stats::Draws;

/// Identifiers that a thread tries at a time.
const AT_A_TIME: u64 = 1 << 14;
/// In so many rounds the budget is spent; after each is seen whether something was met.
const ROUNDS: u64 = 8;
/// A space of so many identifiers is tried whole, if half of the budget allows.
const SMALL: u64 = 200_000;
/// A combination that met as many pseudonyms by chance is taken for the right one in one search of a thousand.
const LEVEL: f64 = 0.001;

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Budget {
    /// Digests made.
    Digests(u64),
    /// So long; what is found then depends on the machine.
    Time(Duration),
}

/// A function, a space and a spelling of it, and how far they were tried.
#[derive(Debug, Clone)]
pub struct Combination {
    pub form: Form,
    /// Position among the spaces.
    pub space: usize,
    pub spelling: usize,
    pub size: u64,
    pub tried: u64,
    /// The pseudonyms that were met.
    pub met: BTreeSet<u32>,
    weight: u64,
}

impl Combination {
    /// The probability that a random pseudonym is met.
    pub fn chance(&self) -> f64 {
        let expected = self.tried as f64 / 2f64.powi(self.form.bits as i32);
        -(-expected).exp_m1()
    }
}

/// What a search has come to.
#[derive(Debug)]
pub struct Searched {
    pub combinations: Vec<Combination>,
    /// Those of which more pseudonyms were met than by chance, by their positions.
    pub found: Vec<usize>,
}

/// Searches spaces for distinct pseudonyms of some forms. `draws` gives the order.
pub fn search<'a>(
    pseudonyms: impl Iterator<Item = &'a [u8]> + Clone,
    forms: &[Form],
    spaces: &[Space],
    budget: Budget,
    draws: &Draws,
    progress: &dyn Progress,
) -> Searched {
    let order = |(space, at): (&Space, u64)| {
        let mut trial = draws.trial(at);
        Shuffled::new(space.size(), std::array::from_fn(|_| trial.below(u64::MAX)))
    };
    let orders: Vec<Shuffled> = spaces.iter().zip(0..).map(order).collect();
    // One set of pseudonyms a form of writing: the functions share it.
    let first = forms.first();
    let Some(targets) = first.and_then(|form| Targets::new(form, pseudonyms)) else {
        return Searched {
            combinations: Vec::new(),
            found: Vec::new(),
        };
    };
    let mut searching = Searching {
        targets,
        spaces,
        orders,
        combinations: combinations(forms, spaces),
        progress,
    };
    searching.run(budget);
    let found = searching.found();
    Searched {
        combinations: searching.combinations,
        found,
    }
}

/// All of them, with weights: usual functions and spellings count more, huge spaces less.
fn combinations(forms: &[Form], spaces: &[Space]) -> Vec<Combination> {
    let mut all = Vec::new();
    for (at, space) in spaces.iter().enumerate() {
        let of_space = match space {
            Space::Imsi => 1,
            Space::MobileLong | Space::Imei(_) => 4,
            _ => 8,
        };
        for form in forms {
            let usual = [Function::Sha256, Function::Md5, Function::Sha1];
            let of_form = match form.function {
                function if function.bits() == form.bits => 12,
                function if usual.contains(&function) => 8,
                _ => 1,
            };
            for spelling in 0..space.spellings().len() {
                all.push(Combination {
                    form: *form,
                    space: at,
                    spelling,
                    size: space.size(),
                    tried: 0,
                    met: BTreeSet::new(),
                    weight: of_space * of_form * of_spelling(spelling),
                });
            }
        }
    }
    all
}

/// Spellings come in the order of their use.
fn of_spelling(spelling: usize) -> u64 {
    match spelling {
        0 | 1 => 6,
        2 | 3 => 3,
        _ => 1,
    }
}

struct Searching<'a> {
    targets: Targets,
    spaces: &'a [Space],
    orders: Vec<Shuffled>,
    combinations: Vec<Combination>,
    progress: &'a dyn Progress,
}

impl Searching<'_> {
    fn run(&mut self, budget: Budget) {
        let (total, until) = match budget {
            Budget::Digests(total) => (total, None),
            Budget::Time(time) => (1 << 22, Some(Instant::now() + time)),
        };
        self.progress.attempt(match until {
            None => total.min(self.left()),
            Some(_) => 0,
        });
        let all = 0..self.combinations.len();
        let small = all.filter(|at| self.combinations[*at].size <= SMALL);
        let small: Vec<usize> = small.collect();
        let mut left = total - self.spend(total / 2, &small);
        for round in (1..=ROUNDS).rev() {
            left -= self.spend_well(left / round);
        }
        while until.is_some_and(|until| Instant::now() < until)
            && !self.progress.cancelled()
            && self.left() > 0
        {
            self.spend_well(total);
        }
    }

    /// Identifiers that have not been tried.
    fn left(&self) -> u64 {
        let left = self.combinations.iter().map(|one| one.size - one.tried);
        left.sum()
    }

    /// Spends so much on what was found, and on everything where nothing was.
    fn spend_well(&mut self, budget: u64) -> u64 {
        let found = self.found();
        // Once the right one is tried whole, others need not be.
        let on = match found.is_empty() {
            true => (0..self.combinations.len()).collect(),
            false => found,
        };
        self.spend(budget, &on)
    }

    /// Spends at most so much on some combinations, by their weights; how much it was.
    fn spend(&mut self, budget: u64, on: &[usize]) -> u64 {
        let mut spent = 0;
        loop {
            let is_open = |at: &usize| {
                let one = &self.combinations[*at];
                one.tried < one.size
            };
            let open: Vec<usize> = on.iter().copied().filter(is_open).collect();
            let weights: u64 = open.iter().map(|at| self.combinations[*at].weight).sum();
            let left = budget - spent;
            if open.is_empty() || left < weights || self.progress.cancelled() {
                return spent;
            }
            for at in open {
                let one = &self.combinations[at];
                let share = u128::from(left) * u128::from(one.weight) / u128::from(weights);
                let count = (share as u64).min(one.size - one.tried);
                self.attempt(at, count);
                spent += count;
            }
        }
    }

    /// Tries the next so many identifiers of one combination.
    fn attempt(&mut self, at: usize, count: u64) {
        let one = &self.combinations[at];
        let (space, order) = (&self.spaces[one.space], &self.orders[one.space]);
        let (first, last) = (one.tried, one.tried + count);
        let part = |start: u64| {
            let mut met = Vec::new();
            let mut text = Vec::with_capacity(64);
            let end = (start + AT_A_TIME).min(last);
            if self.progress.cancelled() {
                return met;
            }
            for place in start..end {
                space.write(order.at(place), one.spelling, &mut text);
                let digest = one.form.function.digest(&text);
                if self.targets.may_hold(&digest) {
                    met.extend(self.targets.find(&digest));
                }
            }
            self.progress.attempted(end - start);
            met
        };
        let parts = count.div_ceil(AT_A_TIME) as usize;
        let met: Vec<u32> = (0..parts)
            .into_par_iter()
            .with_max_len(1)
            .flat_map_iter(|at| part(first + at as u64 * AT_A_TIME))
            .collect();
        let one = &mut self.combinations[at];
        one.tried = last;
        one.met.extend(met);
    }

    fn found(&self) -> Vec<usize> {
        let level = LEVEL / self.combinations.len().max(1) as f64;
        let all = self.combinations.iter().enumerate();
        let found = all.filter(|(_, one)| {
            let expected = one.chance() * self.targets.len() as f64;
            exceeds(one.met.len() as u64, expected, level)
        });
        found.map(|(at, _)| at).collect()
    }
}

/// Whether so many are met by chance with at most this probability, where so many are expected.
fn exceeds(met: u64, expected: f64, level: f64) -> bool {
    let Some(below) = met.checked_sub(1) else {
        return false;
    };
    match Poisson::new(expected) {
        Ok(chance) => chance.sf(below) <= level,
        // Nothing was to be expected.
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::{Encoding, recognise};

    fn hashed(function: Function, texts: &[String], digits: u32) -> Vec<Vec<u8>> {
        let digests = texts.iter().map(|text| function.digest(text.as_bytes()));
        digests
            .map(|digest| Encoding::HexLower.encode(&digest, digits * 4))
            .collect()
    }

    fn searched(pseudonyms: &[Vec<u8>], spaces: &[Space], budget: u64) -> Searched {
        let texts = || pseudonyms.iter().map(Vec::as_slice);
        let forms = recognise(texts());
        let draws = Draws::new(1, "search", "test");
        search(
            texts(),
            &forms,
            spaces,
            Budget::Digests(budget),
            &draws,
            &(),
        )
    }

    fn numbers(count: usize, spelling: usize) -> Vec<String> {
        let draws = Draws::new(2, "search", "numbers");
        let (space, mut trial) = (Space::MobileShort, draws.trial(spelling as u64));
        let number = |_| {
            let mut text = Vec::new();
            space.write(trial.below(space.size()), spelling, &mut text);
            String::from_utf8(text).unwrap()
        };
        (0..count).map(number).collect()
    }

    #[test]
    fn every_function_is_found() {
        let postcodes: Vec<String> = (0..200).map(|n| format!("{:05}", n * 457)).collect();
        for function in Function::ALL {
            let digits = function.bits() / 4;
            for digits in [digits, digits.min(20)] {
                let pseudonyms = hashed(function, &postcodes, digits);
                // Of functions and spellings there are several: the budget is for all of them.
                let searched = searched(&pseudonyms, &[Space::Postcodes], 4_000_000);
                let found: Vec<_> = searched
                    .found
                    .iter()
                    .map(|at| &searched.combinations[*at])
                    .collect();
                assert_eq!(found.len(), 1, "{}", function.as_str());
                assert_eq!((found[0].form.function, found[0].spelling), (function, 0));
                assert_eq!((found[0].tried, found[0].met.len()), (100_000, 200));
            }
        }
    }

    /// Of a part of a space as many fall as the part is large.
    #[test]
    fn a_part_of_a_space_is_a_fair_sample() {
        let numbers = numbers(4_000, 2);
        let pseudonyms = hashed(Function::Md5, &numbers, 32);
        let searched = searched(&pseudonyms, &[Space::MobileShort], 4_000_000);
        let [at] = searched.found[..] else {
            panic!("one is the right one: {:?}", searched.found)
        };
        let one = &searched.combinations[at];
        assert_eq!((one.form.function, one.spelling), (Function::Md5, 2));
        // The rest of the budget was spent on it.
        assert!(one.tried > 2_000_000, "{}", one.tried);
        let expected = 4_000.0 * one.tried as f64 / one.size as f64;
        let off = (one.met.len() as f64 - expected).abs();
        assert!(
            off < 4.0 * expected.sqrt(),
            "{} of {expected}",
            one.met.len()
        );
        for at in &one.met {
            let digest = Function::Md5.digest(numbers[*at as usize].as_bytes());
            let text = Encoding::HexLower.encode(&digest, 128);
            assert_eq!(text, pseudonyms[*at as usize]);
        }
    }

    #[test]
    fn random_pseudonyms_do_not_fall() {
        let draws = Draws::new(3, "search", "random");
        for (case, digits) in [8, 8, 8, 8, 10, 16, 32, 64].into_iter().enumerate() {
            let mut trial = draws.trial(case as u64);
            let pseudonym = |_| {
                let digits = (0..digits).map(|_| b"0123456789abcdef"[trial.below(16) as usize]);
                digits.collect::<Vec<u8>>()
            };
            let pseudonyms: BTreeSet<Vec<u8>> = (0..5_000).map(pseudonym).collect();
            let pseudonyms: Vec<Vec<u8>> = pseudonyms.into_iter().collect();
            let spaces = [Space::Postcodes, Space::MobileShort];
            let searched = searched(&pseudonyms, &spaces, 2_000_000);
            assert!(searched.found.is_empty(), "{digits} digits");
            if digits == 8 {
                // Chance meets some, and they are not taken for more.
                assert!(searched.combinations.iter().any(|one| !one.met.is_empty()));
            }
        }
    }

    #[test]
    fn salted_and_keyed_digests_do_not_fall() {
        let salted: Vec<String> = numbers(500, 0)
            .iter()
            .map(|n| format!("pepper{n}"))
            .collect();
        let pseudonyms = hashed(Function::Sha256, &salted, 64);
        let searched = searched(&pseudonyms, &[Space::MobileShort], 1_000_000);
        assert!(searched.found.is_empty());
    }

    #[test]
    fn no_more_than_the_budget_is_tried() {
        let pseudonyms = hashed(Function::Sha1, &numbers(100, 0), 40);
        for budget in [0, 10, 1_000, 100_000] {
            let searched = searched(&pseudonyms, &[Space::BirthDates, Space::Imsi], budget);
            let tried: u64 = searched.combinations.iter().map(|one| one.tried).sum();
            assert!(tried <= budget, "{tried} of {budget}");
            assert!(
                budget < 100_000 || tried * 10 > budget * 9,
                "{tried} of {budget}"
            );
        }
    }
}
