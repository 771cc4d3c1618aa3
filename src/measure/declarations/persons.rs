//! Whether the subjects of a table are persons: neither copies of fewer persons, nor names of rows.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::Tested;
use crate::encode::published::{Published, Rows};
use crate::encode::{Distinct, Encoded, Values};
use crate::release::{Table, TableKind};
use crate::stats::tail;

/// The chance below which sizes of classes are no accident.
const LEVEL: f64 = 1e-6;
/// Classes below which nothing is concluded.
const FEWEST_CLASSES: usize = 9;
/// The share of classes that a factor divides, where a few were changed.
const DIVIDED: f64 = 0.8;
const MOST_COPIES: u64 = 100;
/// Points of a trace from which on it is no accident that nobody else has them.
const FEWEST_POINTS: u64 = 4;
/// Persons whose traces are copies, at least so many and of so large a share.
const FEWEST_PERSONS: usize = 10;
const SHARE_OF_PERSONS: f64 = 0.2;
/// Stems of pseudonyms below which nothing is concluded, and how many pseudonyms one has at most on average.
const FEWEST_STEMS: usize = 20;
const MOST_OF_STEM: usize = 50;
/// The share of stems whose pseudonyms are counted without a gap.
const COUNTED: f64 = 0.8;
/// Places of a stem that look drawn, so that no two persons share them by accident.
const DRAWN_PLACES: usize = 10;

/// What is tested of a table of persons.
pub fn tested(encoded: &Encoded, table: &Table, population: Option<u64>) -> Vec<Tested> {
    let mut tested = Vec::new();
    let published = encoded.published().expect("it was asked for");
    let Some(rows) = published.rows() else {
        return tested;
    };
    if let Some(subject) = &table.roles.subject {
        let columns = [subject.value.clone()];
        let persons = rows.persons() as u64;
        let is_answered = table.harmless(&subject.value).is_some();
        let without = rows.nobodys().map_or(0, |rows| rows.len());
        let named = (rows.len() - without) as u64;
        let is_single = table.kind == TableKind::Trace
            && named >= 20
            && (persons - without as u64) * 20 >= named * 19;
        let stems = encoded.subjects().map_or(0, of_stems);
        let against = match (is_answered, is_single) {
            (true, _) => 0,
            (false, true) => persons,
            (false, false) => stems,
        };
        let of = persons.max(against);
        tested.push(Tested::strictly("subject", &columns, against, of));
    }
    // A trace may have several pseudonyms of a person, one for each day or week.
    let is_of_persons = table.kind == TableKind::Microdata;
    if let Some(population) = population.filter(|_| is_of_persons) {
        let persons = rows.persons() as u64;
        let columns: Vec<String> = (table.roles.subject.iter())
            .map(|subject| subject.value.clone())
            .collect();
        let beyond = persons.saturating_sub(population);
        tested.push(Tested::strictly("population", &columns, beyond, persons));
    }
    if table.copies.is_none() {
        let content = Content::of(published, rows, table);
        let copies = content.copies().or_else(|| match table.kind {
            TableKind::Trace => content.traces(),
            _ => None,
        });
        let (columns, against) = copies.unwrap_or_default();
        let of = rows.persons() as u64;
        tested.push(Tested::strictly(
            "copies",
            &columns,
            against,
            of.max(against),
        ));
    }
    tested
}

/// What the rows say besides whose they are.
struct Content<'a> {
    published: &'a Published,
    rows: &'a Rows,
    /// Columns that are no names of persons and no numbers of rows.
    columns: Vec<usize>,
    known: Vec<usize>,
    /// One a row: the points of a trace.
    points: Option<Vec<u64>>,
}

impl<'a> Content<'a> {
    fn of(published: &'a Published, rows: &'a Rows, table: &Table) -> Self {
        let columns = published.columns.iter().enumerate().filter(|(_, column)| {
            !["subject", "direct_identifiers"].contains(&column.role) && !column.is_row_number
        });
        let columns: Vec<usize> = columns
            .map(|(at, _)| at)
            .filter(|at| rows.column(*at).is_some())
            .collect();
        let is_known = |at: &usize| published.columns[*at].role == "quasi_identifiers";
        Self {
            published,
            rows,
            known: columns.iter().copied().filter(is_known).collect(),
            columns,
            points: (table.kind == TableKind::Trace).then(|| rows.joined(&[])),
        }
    }

    /// One key a person: equal where all their rows are, in these columns.
    fn persons(&self, columns: &[usize]) -> Vec<u64> {
        let mut keys = match &self.points {
            Some(points) => points.clone(),
            None => vec![1; self.rows.len()],
        };
        for column in columns {
            self.rows.join(
                &mut keys,
                self.rows.column(*column).expect("it is compared"),
            );
        }
        self.rows.of_persons(&keys)
    }

    /// The columns by which persons fall into classes whose sizes have a factor in common, and how many persons do.
    fn copies(&self) -> Option<(Vec<String>, u64)> {
        let mut sets: Vec<Vec<usize>> = vec![self.columns.clone(), self.known.clone()];
        for all in [&self.columns, &self.known] {
            let without = |left_out: &usize| -> Vec<usize> {
                all.iter().copied().filter(|at| at != left_out).collect()
            };
            if all.len() > 2 {
                sets.extend(all.iter().map(without));
            }
        }
        sets.extend(self.columns.iter().map(|at| vec![*at]));
        let mut seen: HashSet<Vec<usize>> = HashSet::new();
        sets.retain(|set| (!set.is_empty() || self.points.is_some()) && seen.insert(set.clone()));
        sets.iter().find_map(|set| {
            let sizes = sizes(self.persons(set));
            let (factor, divided) = factor(&sizes)?;
            let is_one = |size: &u64| *size == sizes[sizes.len() / 2];
            let equal = sizes.iter().filter(|size| is_one(size)).count();
            let is_equal = equal as f64 >= DIVIDED * sizes.len() as f64;
            if is_equal
                && (set.len() + usize::from(self.points.is_some()) < 2
                    || self.is_design(set, sizes.len()))
            {
                return None;
            }
            debug_assert!(factor > 1);
            let names = set
                .iter()
                .map(|at| self.published.columns[*at].name.clone());
            Some((names.collect(), divided))
        })
    }

    /// Whether classes of one size may be drawn so: by the values of one column, or by all combinations of values.
    fn is_design(&self, columns: &[usize], classes: usize) -> bool {
        if self.points.is_some() {
            return false;
        }
        let distinct = |keys: &[u64]| keys.iter().collect::<HashSet<_>>().len();
        let of_persons = columns.iter().map(|at| self.persons(&[*at]));
        let mut columns: Vec<(usize, Vec<u64>)> =
            of_persons.map(|keys| (distinct(&keys), keys)).collect();
        // What another column determines is crossed with nothing: the finer ones first.
        columns.sort_by_key(|(values, _)| std::cmp::Reverse(*values));
        let mut crossed: Vec<&(usize, Vec<u64>)> = Vec::new();
        for column in &columns {
            let mut finer = crossed.iter();
            if !finer.any(|finer| self.rows.determines(&finer.1, &column.1)) {
                crossed.push(column);
            }
        }
        let mut values = crossed.iter().map(|(values, _)| *values);
        let all = values.clone().try_fold(1usize, usize::checked_mul);
        all.is_some_and(|all| 10 * classes >= 9 * all)
            || values.any(|values| 10 * values >= 9 * classes)
    }

    /// Persons who have the very trace of somebody else, of points that nobody has who has another trace.
    fn traces(&self) -> Option<(Vec<String>, u64)> {
        let points = self.points.as_ref()?;
        let traces = self.persons(&[]);
        let mut often: HashMap<u64, u32> = HashMap::new();
        traces
            .iter()
            .for_each(|trace| *often.entry(*trace).or_default() += 1);
        let mut owner: HashMap<u64, Option<u64>> = HashMap::new();
        for (row, point) in points.iter().enumerate() {
            let trace = traces[self.rows.person(row) as usize];
            let known = owner.entry(*point).or_insert(Some(trace));
            if *known != Some(trace) {
                *known = None;
            }
        }
        let mut of = vec![(0u64, 0u64); traces.len()];
        for (row, point) in points.iter().enumerate() {
            let of = &mut of[self.rows.person(row) as usize];
            *of = (of.0 + 1, of.1 + u64::from(owner[point].is_some()));
        }
        let is_copy = |(trace, (rows, own)): (&u64, &(u64, u64))| {
            often[trace] > 1 && *rows >= FEWEST_POINTS && 2 * own >= *rows
        };
        let copies = traces.iter().zip(&of).filter(|pair| is_copy(*pair)).count();
        let is_many =
            copies >= FEWEST_PERSONS && copies as f64 >= SHARE_OF_PERSONS * traces.len() as f64;
        is_many.then_some((Vec::new(), copies as u64))
    }
}

/// The sizes of the classes, ascending.
fn sizes(mut persons: Vec<u64>) -> Vec<u64> {
    persons.par_sort_unstable();
    let classes = persons.chunk_by(|a, b| a == b);
    let mut sizes: Vec<u64> = classes.map(|class| class.len() as u64).collect();
    sizes.sort_unstable();
    sizes
}

/// The greatest number above 1 that divides so many of the sizes that chance does not do it, and how many persons are in
/// classes that it divides. A size is a multiple of m with a chance of at most 2/m, and of 0.6; the chance that a share s
/// of n sizes are is at most exp(−n·D), D the divergence of s from it (Chernoff).
pub fn factor(sizes: &[u64]) -> Option<(u64, u64)> {
    if sizes.len() < FEWEST_CLASSES {
        return None;
    }
    (2..=MOST_COPIES).rev().find_map(|factor| {
        let divided = || sizes.iter().filter(|size| size.is_multiple_of(factor));
        let (count, all) = (divided().count() as u64, sizes.len() as u64);
        let chance = (2.0 / factor as f64).min(0.6);
        let is_many = count as f64 >= DIVIDED * all as f64;
        let is_chance = tail(count, all, chance) > LEVEL;
        (is_many && !is_chance).then(|| (factor, divided().sum()))
    })
}

/// How many of the subjects are a stem that others have as well and a counter; nothing where that may be chance.
pub fn of_stems(subjects: &Values) -> u64 {
    let texts: Vec<String> = match &subjects.distinct {
        Distinct::Numbers(numbers) => numbers.iter().map(i64::to_string).collect(),
        Distinct::Bytes(texts) => (0..texts.len())
            .map(|at| String::from_utf8_lossy(texts.get(at)).trim().to_owned())
            .collect(),
    };
    if texts.len() < FEWEST_STEMS || texts.iter().any(|text| !text.is_ascii()) {
        return 0;
    }
    fn is_separator(c: char) -> bool {
        !c.is_ascii_alphanumeric()
    }
    let at_last = |text: &str| text.rfind(is_separator);
    let at_first = |text: &str| text.find(is_separator);
    type Split<'a> = Box<dyn Fn(&'a str) -> Option<(&'a str, &'a str)>>;
    let mut splits: Vec<(bool, Split<'_>)> = vec![
        (
            true,
            Box::new(move |text| at_last(text).map(|at| (&text[..at], &text[at + 1..]))),
        ),
        (
            true,
            Box::new(move |text| at_first(text).map(|at| (&text[at + 1..], &text[..at]))),
        ),
        (
            true,
            Box::new(move |text| at_first(text).map(|at| (&text[..at], &text[at + 1..]))),
        ),
        (
            true,
            Box::new(move |text| at_last(text).map(|at| (&text[at + 1..], &text[..at]))),
        ),
    ];
    for places in 1..=3 {
        splits.push((
            false,
            Box::new(move |text| {
                let at = text.len().checked_sub(places).filter(|at| *at > 0)?;
                Some((&text[..at], &text[at..]))
            }),
        ));
        splits.push((
            false,
            Box::new(move |text| (text.len() > places).then(|| (&text[places..], &text[..places]))),
        ));
    }
    // A stem that looks drawn is one whatever follows.
    for from_end in [false, true] {
        if let Some(length) = drawn_places(&texts, from_end) {
            splits.push((
                true,
                Box::new(move |text| match from_end {
                    false => (text.len() > length).then(|| text.split_at(length)),
                    true => {
                        let at = text.len().checked_sub(length).filter(|at| *at > 0)?;
                        Some((&text[at..], &text[..at]))
                    }
                }),
            ));
        }
    }
    let found = splits
        .iter()
        .map(|(is_kept, split)| repeated(&texts, *is_kept, split));
    found.max().unwrap_or(0)
}

/// Of subjects split into stem and rest how many have a stem that repeats: where the rests of a stem are counted up, or
/// where stems look drawn and so are `drawn` by themselves.
fn repeated<'a>(
    texts: &'a [String],
    drawn: bool,
    split: impl Fn(&'a str) -> Option<(&'a str, &'a str)>,
) -> u64 {
    let mut stems: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut all = 0;
    for (stem, rest) in texts.iter().filter_map(|text| split(text)) {
        stems.entry(stem).or_default().push(rest);
        all += 1;
    }
    let several: Vec<&Vec<&str>> = stems.values().filter(|rests| rests.len() > 1).collect();
    let persons: usize = several.iter().map(|rests| rests.len()).sum();
    let is_stem = 10 * all >= 9 * texts.len()
        && stems.len() >= FEWEST_STEMS
        && 2 * persons >= texts.len()
        && all <= MOST_OF_STEM * stems.len()
        && !follow(stems.keys());
    if !is_stem {
        return 0;
    }
    let counted = several.iter().filter(|rests| is_counted(rests)).count();
    let is_counted = counted as f64 >= COUNTED * several.len() as f64;
    let keys = || {
        stems
            .keys()
            .map(|stem| (*stem).to_owned())
            .collect::<Vec<_>>()
    };
    match is_counted || drawn && drawn_places(&keys(), false).is_some() {
        true => persons as u64,
        false => 0,
    }
}

/// Whether numbers or letters follow each other without a gap.
fn is_counted(rests: &[&str]) -> bool {
    let number = |rest: &&str| -> Option<u64> {
        let digits = rest.bytes().all(|byte| byte.is_ascii_digit());
        match (digits, rest.as_bytes()) {
            (true, [_, ..]) => rest.parse().ok(),
            (false, [letter]) => Some(u64::from(letter.to_ascii_lowercase())),
            _ => None,
        }
    };
    let Some(mut numbers) = rests.iter().map(number).collect::<Option<Vec<u64>>>() else {
        return false;
    };
    numbers.sort_unstable();
    numbers.windows(2).all(|pair| pair[1] == pair[0] + 1)
}

/// Whether stems are themselves counted up, as those of running numbers are.
fn follow<'a>(stems: impl Iterator<Item = &'a &'a str>) -> bool {
    let stems: Vec<&str> = stems.copied().collect();
    let first = stems.first().map_or("", |stem| stem);
    let last = stems.last().map_or("", |stem| stem);
    let common = first
        .bytes()
        .zip(last.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let common = first[..common]
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .len();
    let numbers = stems.iter().map(|stem| stem[common..].parse::<u64>().ok());
    let Some(mut numbers) = numbers.collect::<Option<Vec<u64>>>() else {
        return false;
    };
    numbers.sort_unstable();
    let (Some(low), Some(high)) = (numbers.first(), numbers.last()) else {
        return false;
    };
    high - low < 2 * numbers.len() as u64
}

/// How long a beginning (or an end) of the texts is in which ten places look drawn: eight different characters or more
/// stand in each, none in more than a third of the texts. `None` where texts have no ten of them.
fn drawn_places(texts: &[String], from_end: bool) -> Option<usize> {
    let shortest = texts.iter().map(String::len).min()?;
    let mut drawn = 0;
    for at in 0..shortest {
        let mut often = [0usize; 128];
        for text in texts {
            let place = if from_end { text.len() - 1 - at } else { at };
            often[usize::from(text.as_bytes()[place]) & 127] += 1;
        }
        let different = often.iter().filter(|often| **often > 0).count();
        let most = often.iter().max().copied().unwrap_or(0);
        drawn += usize::from(different >= 8 && 3 * most <= texts.len());
        if drawn == DRAWN_PLACES {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::Texts;
    use crate::stats::Draws;

    fn of(texts: Vec<String>) -> u64 {
        let mut texts: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
        texts.sort();
        texts.dedup();
        of_stems(&Values {
            null: false,
            distinct: Distinct::Bytes(Texts::of(&texts)),
        })
    }

    const HEX: &[u8] = b"0123456789abcdef";
    const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// Pseudonyms of the common forms are none but names of persons.
    #[test]
    fn drawn_pseudonyms_have_no_stems() {
        let draws = Draws::new(3, "declarations", "stems");
        let mut asked = 0;
        for case in 0..300u64 {
            let mut trial = draws.trial(case);
            let persons = [40, 300, 3_000][case as usize % 3];
            let mut from = |alphabet: &[u8], length: usize| -> String {
                let letters =
                    (0..length).map(|_| alphabet[trial.below(alphabet.len() as u64) as usize]);
                letters.map(char::from).collect()
            };
            let texts: Vec<String> = (0..persons)
                .map(|person| match case / 3 % 10 {
                    0 => from(HEX, 16),
                    1 => from(HEX, 32),
                    2 => format!(
                        "{}-{}-4{}-a{}-{}",
                        from(HEX, 8),
                        from(HEX, 4),
                        from(HEX, 3),
                        from(HEX, 3),
                        from(HEX, 12)
                    ),
                    3 => from(BASE64, 11),
                    4 => from(BASE64, 22),
                    5 => format!("P{}", from(b"0123456789", 6)),
                    6 => format!("P{person:06}"),
                    7 => from(b"0123456789", 4),
                    8 => from(HEX, 8),
                    _ => format!("user_{}", from(b"abcdefghijklmnopqrstuvwxyz234567", 13)),
                })
                .collect();
            asked += 1;
            assert_eq!(of(texts.clone()), 0, "case {case}: {}", texts[0]);
        }
        assert_eq!(asked, 300);
    }

    #[test]
    fn stems_with_counters_are_found() {
        let draws = Draws::new(3, "declarations", "counters");
        for case in 0..120u64 {
            let mut trial = draws.trial(case);
            let mut texts = Vec::new();
            for _ in 0..[60, 400][case as usize % 2] {
                let mut from = |alphabet: &[u8], length: usize| -> String {
                    let letters =
                        (0..length).map(|_| alphabet[trial.below(alphabet.len() as u64) as usize]);
                    letters.map(char::from).collect()
                };
                let short = from(HEX, 7);
                let number = from(b"123456789", 6);
                let letters = from(b"ghjkmnpqrstvwxz", 8);
                let long = from(HEX, 12);
                for row in 1..=2 + trial.below(5) {
                    texts.push(match case / 2 % 8 {
                        0 => format!("{short}-{row}"),
                        1 => format!("{row:02}_{short}"),
                        2 => format!("{letters}{row}"),
                        3 => format!("{number}{row}"),
                        4 => format!("{row}{letters}"),
                        5 => format!("{short}/{}", char::from(b'a' + row as u8)),
                        6 => format!("{long}-{:08x}", trial.below(1 << 32)),
                        _ => format!("{:06x}{long}", trial.below(1 << 24)),
                    });
                }
            }
            let found = of(texts.clone());
            assert!(
                10 * found >= 9 * texts.len() as u64,
                "case {case}: {} {found}",
                texts[0]
            );
        }
    }

    /// Equal to trying every number on every multiset of sizes; sizes that chance makes have no factor.
    #[test]
    fn sizes_by_chance_have_no_factor() {
        let draws = Draws::new(3, "declarations", "sizes");
        for case in 0..4_000u64 {
            let mut trial = draws.trial(case);
            let classes: i32 = [9, 30, 200, 1_000][case as usize % 4];
            let least = [1, 2, 11][case as usize / 4 % 3];
            let mean = [0.5, 3.0, 20.0, 300.0][case as usize / 12 % 4];
            let size = |trial: &mut crate::stats::Trial| {
                least + (-(1.0 - trial.uniform()).ln() * mean) as u64
            };
            let sizes: Vec<u64> = (0..classes).map(|_| size(&mut trial)).collect();
            // Where classes are all of the least size they are equal, which is judged by itself.
            let equal = sizes.iter().filter(|size| **size == least).count();
            if 2 * equal > sizes.len() {
                continue;
            }
            assert_eq!(factor(&sizes), None, "case {case}");
            for copies in [2, 3, 11, 40] {
                let copied: Vec<u64> = sizes.iter().map(|size| size * copies).collect();
                let found = factor(&copied);
                let enough = (2.0 / copies as f64).min(0.6).powi(classes) < LEVEL;
                assert_eq!(found.is_some(), enough, "case {case} {copies}");
                assert!(found.is_none_or(|(_, persons)| 2 * persons >= copied.iter().sum::<u64>()));
            }
        }
    }
}
