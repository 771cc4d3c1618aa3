//! Tries identifiers one by one: which pseudonyms are their digests?
//!
//! What is tried depends on the budget alone. First come the searches that a power is asked of: lists and whole numbers
//! before all others, then the cheapest first, weighted by how often people hash such things. Each is tried as far as it
//! takes to find what is there with the power [`TARGET`], and further where that costs next to nothing. Then follow, with
//! a part of what was spent, functions and spellings in less use. As soon as a combination has met more pseudonyms than
//! chance would, it is tried as far as the budget goes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::form::{Set, Written};
use crate::kernel::{Batch, LANES, LONGEST};
use crate::power::Sight;
use crate::recipe::{Namespace, Of, Recipe};
use crate::shuffled::Shuffled;
use crate::spaces::{Kind, Space};
use crate::{Function, Watch};

/// Identifiers that a thread tries at a time.
const AT_A_TIME: u64 = 1 << 13;
/// Identifiers after which is seen whether time is left.
const IN_A_ROW: u64 = 1 << 22;
/// A space of so many identifiers is tried whole.
const SMALL: u64 = 1 << 17;
/// So many identifiers are tried for nearly certain power: they cost next to nothing.
const CHEAP: u64 = 1 << 16;
/// A search that costs next to nothing misses no more than one hash in a million.
const CERTAIN: f64 = 0.999_999;
/// Whole numbers of up to eight digits are tried before all else.
const MOST_NUMBERS: u64 = 100_000_000;
/// A combination that met as many pseudonyms by chance is taken for the right one in one search of a thousand.
const LEVEL: f64 = 0.001;
/// Of this the combinations of which no power is asked have so much.
const RARE: f64 = 0.1;
/// The power that a search is to have.
pub const TARGET: f64 = 0.95;
/// The combination that was found is tried so far, and rare ones in all.
const AFTERWARDS: u64 = 1 << 27;
/// Rare combinations are tried with at least so much.
const LEAST: u64 = 1 << 25;

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Budget {
    /// Digests made.
    Digests(u64),
    /// So long; what is found then depends on the machine.
    Time(Duration),
}

/// How a text was changed before it was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Dressing {
    Plain,
    /// With a line feed behind it, as a command line hashes it.
    Line,
    /// Two bytes a character, the lower first, as some databases hash text.
    Wide,
}

/// A recipe, a space and a spelling of it, and how far they were tried.
#[derive(Debug, Clone)]
pub struct Combination {
    pub recipe: Recipe,
    /// Positions among the sets and the spaces.
    pub set: usize,
    pub space: usize,
    pub spelling: usize,
    dressing: Dressing,
    pub kind: Kind,
    /// What it can see.
    pub sight: Sight,
    pub tried: u64,
    /// The pseudonyms that were met.
    pub met: BTreeSet<u32>,
    /// Whether a search should find it.
    pub required: bool,
    /// Identifiers to try for the power that is asked: all of them where they are few or where no part is enough.
    needed: u64,
    /// Whether so many are enough.
    enough: bool,
    /// Pseudonyms of one making: those of one set whose digests are as long.
    making: (usize, u32),
}

impl Combination {
    pub fn size(&self) -> u64 {
        self.sight.size
    }

    /// The probability that a random pseudonym is met.
    pub fn chance(&self) -> f64 {
        self.sight.chance(self.tried)
    }

    pub fn power(&self) -> f64 {
        self.sight.power(self.tried)
    }

    fn is_found(&self) -> bool {
        !self.met.is_empty() && self.met.len() as u64 >= self.sight.threshold(self.tried)
    }
}

/// How well the identifiers of a kind would have been found.
#[derive(Debug, Clone, PartialEq)]
pub struct Power {
    pub kind: Kind,
    /// The least over the functions and spellings in use.
    pub power: f64,
    /// The function that has it.
    pub recipe: Recipe,
    /// Identifiers tried with it in that space, and how many there are.
    pub tried: u64,
    pub size: u64,
}

/// What a search has come to.
#[derive(Debug)]
pub struct Searched {
    pub combinations: Vec<Combination>,
    /// Those of which more pseudonyms were met than by chance, by their positions.
    pub found: Vec<usize>,
    /// Digests that were made.
    pub spent: u64,
    /// Digests that all searches need of which a power is asked; none where pseudonyms are so short or few that no
    /// number is enough.
    pub needed: Option<u64>,
}

impl Searched {
    /// The power of each kind a search should find, over all pseudonyms of which nothing was found.
    pub fn powers(&self) -> Vec<Power> {
        let found: BTreeSet<(usize, u32)> = self
            .found
            .iter()
            .map(|at| self.combinations[*at].making)
            .collect();
        let mut powers: BTreeMap<Kind, Power> = BTreeMap::new();
        let open = self
            .combinations
            .iter()
            .filter(|one| one.required && !found.contains(&one.making));
        for one in open {
            let power = one.power();
            let own = Power {
                kind: one.kind,
                power,
                recipe: one.recipe,
                tried: one.tried,
                size: one.size(),
            };
            let least = powers.entry(one.kind).or_insert_with(|| own.clone());
            if power < least.power {
                *least = own;
            }
        }
        powers.into_values().collect()
    }
}

/// Searches spaces for the pseudonyms of some sets. `keys` gives the order in which a space is tried.
pub fn search(
    sets: &[Set],
    spaces: &[Space],
    budget: Budget,
    keys: &dyn Fn(u64) -> [u64; 4],
    watch: &dyn Watch,
) -> Searched {
    let orders = spaces.iter().zip(0..);
    let orders = orders.map(|(space, at)| Shuffled::new(space.size().max(1), keys(at)));
    let combinations = combinations(sets, spaces);
    let mut searching = Searching {
        sets,
        spaces,
        orders: orders.collect(),
        units: units(&combinations),
        combinations,
        left: match budget {
            Budget::Digests(digests) => digests,
            Budget::Time(_) => u64::MAX,
        },
        spent: 0,
        until: match budget {
            Budget::Digests(_) => None,
            Budget::Time(time) => Some(Instant::now() + time),
        },
        watch,
    };
    let needed = searching.needed();
    searching.run();
    Searched {
        found: searching.found(),
        needed,
        spent: searching.spent,
        combinations: searching.combinations,
    }
}

/// What is asked of a search with a recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// That it finds all kinds in their usual spellings.
    All,
    /// The kinds that are hashed most.
    Core,
    /// Those in their first spellings.
    First,
    Nothing,
}

/// Recipes of a set, with how many pseudonyms they could have made, their making, and what is asked.
fn recipes(set: &Set) -> Vec<(Recipe, u64, u32, Asked)> {
    let all: u64 = set.by_bits.values().sum();
    // A few values of another length are no making of their own.
    let is_many = |count: u64| count > 0 && count * 100 >= all;
    let plain = Recipe::plain;
    let mut recipes = Vec::new();
    if let Written::Uuid(version) = set.written {
        let functions: &[Function] = match version {
            3 => &[Function::Md5],
            5 => &[Function::Sha1],
            _ => &[Function::Md5, Function::Sha1, Function::Sha256],
        };
        for function in functions {
            recipes.push((plain(*function), all, 128, Asked::Core));
            if version == 3 || version == 5 {
                let named = Namespace::ALL.map(|namespace| Recipe {
                    function: *function,
                    of: Of::Named(namespace),
                });
                recipes.extend(named.map(|recipe| (recipe, all, 128, Asked::Core)));
            }
        }
        return recipes;
    }
    let is_whole = |bits: u32| {
        Function::ALL
            .iter()
            .any(|f| f.is_usual() && f.bits() == bits)
    };
    for function in Function::ALL {
        let whole = set.by_bits.get(&function.bits()).copied().unwrap_or(0);
        let shorter = set.by_bits.range(..function.bits());
        let shorter: Vec<(u32, u64)> = shorter.map(|(bits, count)| (*bits, *count)).collect();
        let cut: u64 = shorter.iter().map(|(_, count)| count).sum();
        let text = set.written == Written::Text;
        if is_many(whole) && !(set.written == Written::Number && function.is_cut()) {
            let asked = match (text, function.is_usual() || function == Function::Crc32) {
                (true, true) => Asked::All,
                _ => Asked::Nothing,
            };
            recipes.push((plain(function), whole, function.bits(), asked));
            if function.is_usual() && text {
                for of in [
                    Of::Hex(function),
                    Of::Bytes(function),
                    Of::Hex(Function::Md5),
                ] {
                    let recipe = Recipe { function, of };
                    let asked = match function {
                        Function::Sha256 | Function::Md5 | Function::Sha1 => Asked::First,
                        _ => Asked::Nothing,
                    };
                    if !recipes.iter().any(|(known, ..)| *known == recipe) {
                        recipes.push((recipe, whole, function.bits(), asked));
                    }
                }
                for of in [
                    Of::Hex(Function::Sha1),
                    Of::Hex(Function::Sha256),
                    Of::HexUpper(function),
                    Of::HexUpper(Function::Md5),
                    Of::Bytes(Function::Md5),
                ] {
                    let recipe = Recipe { function, of };
                    if !recipes.iter().any(|(known, ..)| *known == recipe) {
                        recipes.push((recipe, whole, function.bits(), Asked::Nothing));
                    }
                }
            }
        } else if whole + cut > 0
            && (function.is_cut() || whole > 0 || set.written == Written::Number)
        {
            // Digests as long as those of a usual function are rarely those of another, cut; of 128 bits they are.
            let odd: u64 = shorter
                .iter()
                .filter(|(bits, _)| !is_whole(*bits) || *bits == 128)
                .map(|(_, count)| count)
                .sum();
            let often = matches!(function, Function::Sha256 | Function::Md5 | Function::Sha1);
            let asked = match text && often && is_many(odd) {
                true => Asked::Core,
                false => Asked::Nothing,
            };
            recipes.push((plain(function), whole + cut, 0, asked));
        }
    }
    recipes
}

/// All combinations: what is in little use is not combined with what else is.
fn combinations(sets: &[Set], spaces: &[Space]) -> Vec<Combination> {
    let mut all = Vec::new();
    let all_pseudonyms: u64 = sets.iter().flat_map(|set| set.by_bits.values()).sum();
    for (at_set, set) in sets.iter().enumerate() {
        let least = set
            .targets
            .iter()
            .map(|target| target.bits)
            .min()
            .unwrap_or(0);
        let spread = set.ways.next_power_of_two().trailing_zeros();
        let bits = least.saturating_sub(spread);
        // A few odd values among others would have spaces tried to their ends.
        let own: u64 = set.by_bits.values().sum();
        let is_odd = own * 100 < all_pseudonyms;
        for (recipe, pseudonyms, making, asked) in recipes(set) {
            let asked = if is_odd { Asked::Nothing } else { asked };
            for (at_space, space) in spaces.iter().enumerate() {
                // Of more identifiers than there are pseudonyms of so many bits, several make each of them.
                let is_telling = bits >= 64 || space.size() < 1 << bits;
                for spelling in 0..space.spellings() {
                    for dressing in [Dressing::Plain, Dressing::Line, Dressing::Wide] {
                        let usual = spelling < space.usual;
                        let first = spelling < space.first;
                        let required = is_telling
                            && dressing == Dressing::Plain
                            && match asked {
                                Asked::All => usual,
                                Asked::Core => usual && space.core,
                                Asked::First => first,
                                Asked::Nothing => false,
                            };
                        let worth = match (asked, dressing) {
                            (Asked::All | Asked::Core, Dressing::Plain) => true,
                            (Asked::First | Asked::Nothing, Dressing::Plain) => usual,
                            (Asked::All | Asked::Core, _) => first,
                            _ => false,
                        };
                        if !worth || space.size() == 0 {
                            continue;
                        }
                        all.push(Combination {
                            recipe,
                            set: at_set,
                            space: at_space,
                            spelling,
                            dressing,
                            kind: space.kind,
                            sight: Sight {
                                pseudonyms,
                                bits,
                                size: space.size(),
                                level: 0.0,
                            },
                            tried: 0,
                            met: BTreeSet::new(),
                            required,
                            needed: 0,
                            enough: false,
                            making: (at_set, making),
                        });
                    }
                }
            }
        }
    }
    let required = all.iter().filter(|one| one.required).count().max(1) as f64;
    let rare = all.iter().filter(|one| !one.required).count().max(1) as f64;
    let mut known: HashMap<(u64, u32, u64, bool), Option<u64>> = HashMap::new();
    for one in &mut all {
        one.sight.level = match one.required {
            true => LEVEL * (1.0 - RARE) / required,
            false => LEVEL * RARE / rare,
        };
        let sight = one.sight;
        let key = (sight.pseudonyms, sight.bits, sight.size, one.required);
        let needed = *known.entry(key).or_insert_with(|| {
            let certain = || sight.needed(CERTAIN).map_or(0, |all| all.min(CHEAP));
            sight.needed(TARGET).map(|needed| needed.max(certain()))
        });
        one.enough = needed.is_some();
        one.needed = match sight.size <= SMALL {
            true => sight.size,
            false => needed.unwrap_or(sight.size),
        };
    }
    all
}

/// Combinations that try the same texts: each is written once.
#[derive(Debug, Clone)]
struct Unit {
    space: usize,
    of: Vec<usize>,
    required: bool,
}

fn units(combinations: &[Combination]) -> Vec<Unit> {
    let mut units: BTreeMap<(bool, usize, usize, Dressing), Vec<usize>> = BTreeMap::new();
    for (at, one) in combinations.iter().enumerate() {
        let key = (one.required, one.space, one.spelling, one.dressing);
        units.entry(key).or_default().push(at);
    }
    let unit = |((required, space, ..), of): ((bool, usize, usize, Dressing), _)| Unit {
        space,
        of,
        required,
    };
    units.into_iter().map(unit).collect()
}

struct Searching<'a> {
    sets: &'a [Set],
    spaces: &'a [Space],
    orders: Vec<Shuffled>,
    combinations: Vec<Combination>,
    units: Vec<Unit>,
    left: u64,
    spent: u64,
    until: Option<Instant>,
    watch: &'a dyn Watch,
}

impl Searching<'_> {
    fn run(&mut self) {
        let units = std::mem::take(&mut self.units);
        let mut planned: Vec<(bool, bool, u64, usize)> = units
            .iter()
            .enumerate()
            .map(|(at, unit)| {
                let first = &self.combinations[unit.of[0]];
                let space = &self.spaces[unit.space];
                // Of numbers most are short; of what is hashed less often as much power is worth less.
                let plainly = first.spelling < space.first && first.dressing == Dressing::Plain;
                let early = match space.kind {
                    Kind::List => true,
                    Kind::Numbers => unit.required && space.size() <= MOST_NUMBERS,
                    // All days are few, whatever the function.
                    Kind::BirthDates => !unit.required && plainly,
                    _ => false,
                };
                let spelling = if first.spelling < space.first { 1 } else { 2 };
                let weight = space.kind.rarity() * spelling;
                let worth = self.cost(unit).saturating_mul(weight);
                (!unit.required, !early, worth, at)
            })
            .collect();
        planned.sort_unstable();
        let asked: u64 = units
            .iter()
            .filter(|unit| unit.required)
            .map(|unit| self.cost(unit))
            .fold(0, u64::saturating_add);
        self.watch.attempt(match self.until {
            None => asked.min(self.left),
            Some(_) => 0,
        });
        let (required, rare): (Vec<_>, Vec<_>) = planned.into_iter().partition(|(rare, ..)| !rare);
        for (.., at) in required {
            self.unit(&units[at], u64::MAX);
        }
        let mut more = match self.until {
            None => (self.spent / 4).clamp(LEAST, AFTERWARDS),
            Some(_) => u64::MAX,
        };
        // The cheapest come first, and most of them are cheap.
        for (.., at) in rare {
            let before = self.spent;
            self.unit(&units[at], more);
            more -= (self.spent - before).min(more);
        }
    }

    /// Digests that it takes to try a unit as far as its combinations need.
    fn cost(&self, unit: &Unit) -> u64 {
        let costs = unit.of.iter().map(|at| {
            let one = &self.combinations[*at];
            one.needed.saturating_mul(one.recipe.cost())
        });
        costs.fold(0, u64::saturating_add)
    }

    fn needed(&self) -> Option<u64> {
        let mut all = 0u64;
        for unit in self.units.iter().filter(|unit| unit.required) {
            if !unit.of.iter().all(|at| self.combinations[*at].enough) {
                return None;
            }
            all = all.saturating_add(self.cost(unit));
        }
        Some(all)
    }

    /// Tries a unit as far as its combinations need, with at most so many digests, but for pseudonyms of which the
    /// making is known; what is found is tried further.
    fn unit(&mut self, unit: &Unit, most: u64) {
        let known: BTreeSet<(usize, u32)> = self
            .found()
            .iter()
            .map(|at| self.combinations[*at].making)
            .collect();
        let open = |at: &&usize| !known.contains(&self.combinations[**at].making);
        let mut of: Vec<usize> = unit.of.iter().filter(open).copied().collect();
        // Those that need most come last: each is tried as far as it needs.
        of.sort_by_key(|at| self.combinations[*at].needed);
        let mut most = most;
        while let Some(first) = of.first() {
            let to = self.combinations[*first].needed;
            let before = self.spent;
            self.attempt(&of, to, most);
            most -= (self.spent - before).min(most);
            if self.combinations[*first].tried < to {
                break;
            }
            of.retain(|at| self.combinations[*at].needed > to);
        }
        let found = unit
            .of
            .iter()
            .filter(|at| self.combinations[**at].is_found());
        let found: Vec<usize> = found
            .filter(|at| !known.contains(&self.combinations[**at].making))
            .copied()
            .collect();
        for at in found {
            self.exploit(at);
        }
    }

    /// Tries further what was found, and what is next to it: other widths and blocks, and of few identifiers all
    /// spellings.
    fn exploit(&mut self, at: usize) {
        let found = self.combinations[at].clone();
        let region = self.spaces[found.space].region;
        let mut next: Vec<usize> = (0..self.combinations.len())
            .filter(|at| {
                let one = &self.combinations[*at];
                (one.set, one.recipe, one.kind) == (found.set, found.recipe, found.kind)
                    && one.dressing == found.dressing
                    && (one.spelling == found.spelling || one.size() <= SMALL)
                    && self.spaces[one.space].region == region
            })
            .collect();
        next.sort_by_key(|other| self.combinations[*other].size());
        let before = self.spent;
        let most = match self.until {
            None => AFTERWARDS,
            Some(_) => u64::MAX,
        };
        for at in std::iter::once(at).chain(next) {
            let left = most - (self.spent - before).min(most);
            let size = self.combinations[at].size();
            self.attempt(&[at], size, left);
        }
    }

    /// Tries the next identifiers of combinations of the same texts up to a place, with at most so many digests.
    fn attempt(&mut self, of: &[usize], to: u64, most: u64) {
        let Some(least) = of.iter().map(|at| self.combinations[*at].tried).min() else {
            return;
        };
        let (mut from, mut most) = (least, most.min(self.left));
        while from < to && !self.is_over() {
            let open = |at: &&usize| self.combinations[**at].tried <= from;
            let open: Vec<usize> = of.iter().filter(open).copied().collect();
            // As far as all of them go together.
            let until = of.iter().map(|at| self.combinations[*at].tried);
            let until = until
                .filter(|tried| *tried > from)
                .min()
                .unwrap_or(u64::MAX);
            let each: u64 = open
                .iter()
                .map(|at| self.combinations[*at].recipe.cost())
                .sum();
            let count = (to.min(until) - from).min(IN_A_ROW).min(most / each.max(1));
            if count == 0 {
                return;
            }
            self.range(&open, from, count);
            let digests = count * each;
            most -= digests;
            self.left -= digests.min(self.left);
            self.spent += digests;
            from += count;
        }
    }

    fn is_over(&self) -> bool {
        self.watch.cancelled() || self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Tries so many identifiers from a place on with some combinations.
    fn range(&mut self, of: &[usize], from: u64, count: u64) {
        let first = &self.combinations[of[0]];
        let tries: Vec<Try<'_>> = of
            .iter()
            .map(|at| Try {
                at: *at,
                recipe: self.combinations[*at].recipe,
                targets: &self.sets[self.combinations[*at].set].targets,
            })
            .collect();
        let texts = Texts {
            space: &self.spaces[first.space],
            order: &self.orders[first.space],
            spelling: first.spelling,
            dressing: first.dressing,
        };
        let watch = self.watch;
        let each: u64 = tries.iter().map(|one| one.recipe.cost()).sum();
        let part = |at: usize| {
            if watch.cancelled() {
                return Vec::new();
            }
            let start = from + at as u64 * AT_A_TIME;
            let length = AT_A_TIME.min(from + count - start);
            let met = texts.part(start, length as usize, &tries);
            watch.attempted(length * each);
            met
        };
        let parts = count.div_ceil(AT_A_TIME) as usize;
        let parts = (0..parts).into_par_iter().with_max_len(1);
        let met: Vec<(usize, u32)> = parts.flat_map_iter(part).collect();
        for at in of {
            self.combinations[*at].tried = from + count;
        }
        for (at, pseudonym) in met {
            self.combinations[at].met.insert(pseudonym);
        }
    }

    fn found(&self) -> Vec<usize> {
        let all = self.combinations.iter().enumerate();
        all.filter(|(_, one)| one.is_found())
            .map(|(at, _)| at)
            .collect()
    }
}

/// What a text is tried with.
struct Try<'a> {
    at: usize,
    recipe: Recipe,
    targets: &'a crate::targets::Targets,
}

/// The texts of a space in one spelling.
struct Texts<'a> {
    space: &'a Space,
    order: &'a Shuffled,
    spelling: usize,
    dressing: Dressing,
}

impl Texts<'_> {
    /// Tries a part of them; which combination met which pseudonym.
    fn part(&self, start: u64, count: usize, tries: &[Try<'_>]) -> Vec<(usize, u32)> {
        let (mut met, mut numbers) = (Vec::new(), Vec::new());
        let (mut text, mut batch) = (Vec::with_capacity(64), Batch::new());
        self.order.from(start, count, &mut numbers);
        for number in numbers {
            let words = match self.dressing {
                Dressing::Plain => self.space.words(number, self.spelling),
                _ => None,
            };
            if let Some(words) = words {
                let (block, length) = words.block();
                batch.push_block(block, length);
                if batch.is_full() {
                    self.all(tries, &mut batch, &mut met);
                }
                continue;
            }
            self.space.write(number, self.spelling, &mut text);
            match self.dressing {
                Dressing::Plain => {}
                Dressing::Line => text.push(b'\n'),
                Dressing::Wide => {
                    let wide = String::from_utf8_lossy(&text);
                    text = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
                }
            }
            if text.len() > LONGEST {
                tries.iter().for_each(|one| one.alone(&text, &mut met));
                continue;
            }
            batch.push(&text);
            if batch.is_full() {
                self.all(tries, &mut batch, &mut met);
            }
        }
        self.all(tries, &mut batch, &mut met);
        met
    }

    fn all(&self, tries: &[Try<'_>], batch: &mut Batch, met: &mut Vec<(usize, u32)>) {
        tries.iter().for_each(|one| one.together(batch, met));
        batch.clear();
    }
}

impl Try<'_> {
    fn together(&self, batch: &mut Batch, met: &mut Vec<(usize, u32)>) {
        let mut begins = [0; LANES];
        batch.begins(self.recipe, &mut begins);
        for (at, begin) in begins.into_iter().enumerate().take(batch.len()) {
            if self.targets.may_hold(begin) && self.targets.has(begin) {
                self.alone(batch.text(at), met);
            }
        }
    }

    fn alone(&self, text: &[u8], met: &mut Vec<(usize, u32)>) {
        let digest = self.recipe.digest(text);
        let begin = crate::targets::begin(digest.bytes());
        if self.targets.may_hold(begin) {
            let found = self.targets.find(digest.bytes());
            met.extend(found.map(|pseudonym| (self.at, pseudonym)));
        }
    }
}

#[cfg(test)]
mod tests;
