//! Rows that nothing names a person of, and that lie as if persons had been written one after the other: neighbours
//! resemble each other more than the columns by which rows are sorted explain, or a file holds one person's rows, or the
//! rows at the same place of several files or sections are one person's.

use std::collections::{HashMap, HashSet};

use super::agreement::{Agreement, Placewise, chance};
use super::published::{Published, mix};

/// Neighbours, or rows of a file, are alike in so many more of the pairs than by chance, of those that could be.
const CLOSELY: f64 = 0.2;
/// Standard deviations.
const FAR: f64 = 8.0;
const FEWEST_PAIRS: f64 = 100.0;
/// Files that may be persons: so many, of so many rows at most on average, as runs in a file have.
const FEWEST_FILES: usize = 20;
const MOST_ROWS: usize = 200;
/// Runs of equal neighbours for each value, where these are persons and not a few parts that were sorted.
const RUNS_A_VALUE: usize = 5;
/// Files of one value of all columns by which they were parted.
const FILES_A_PART: f64 = 1.5;
/// Rows of a section, to be held against those of the next.
const FEWEST_ROWS: usize = 30;
/// Rows that are looked at from the beginning.
const MOST: usize = 2_000_000;

/// The columns in which rows that lie together are alike, and how many rows lie so; `files` has the rows of each file.
pub fn tied(published: &Published, files: &[usize]) -> Option<(Vec<String>, u64)> {
    let rows = published.rows()?;
    let all = rows.len();
    let is_named = !rows.is_anonymous() && rows.persons() * 20 < all * 19;
    if is_named || files.iter().sum::<usize>() != all {
        return None;
    }
    let columns = published.columns.iter().enumerate();
    let columns = columns.filter(|(_, column)| {
        !["subject", "direct_identifiers"].contains(&column.role) && !column.is_row_number
    });
    let columns: Vec<(usize, &[u64])> = columns
        .filter_map(|(at, _)| Some((at, rows.column(at)?)))
        .filter(|(_, keys)| {
            let some: HashSet<&u64> = keys.iter().take(MOST).collect();
            // What hardly repeats shows nothing.
            some.len() > 1 && some.len() * 2 <= keys.len().min(MOST)
        })
        .collect();
    let known: Vec<usize> = columns
        .iter()
        .map(|(at, _)| *at)
        .filter(|at| published.columns[*at].role == "quasi_identifiers")
        .collect();
    let keys: Vec<&[u64]> = columns.iter().map(|(_, keys)| *keys).collect();
    let name = |at: usize| published.columns[at].name.clone();
    let names = |found: &[usize]| -> Vec<String> {
        let named = found.iter().map(|at| name(columns[*at].0));
        named.collect()
    };
    let found = alike(&keys, files);
    if !found.is_empty() {
        return Some((names(&found), all as u64));
    }
    let is_known = |at: &usize| known.contains(&columns[*at].0);
    let known_keys: Vec<usize> = (0..keys.len()).filter(is_known).collect();
    let found = of_files(&keys, &known_keys, files);
    if !found.is_empty() {
        return Some((names(&found), all as u64));
    }
    let persons = at_places(&keys, &rows.tuple(&known), files);
    (persons > 0).then(|| (known.iter().map(|at| name(*at)).collect(), persons))
}

/// Sections of rows, each from its first to before the next one's.
type Sections = Vec<(usize, usize)>;

fn of_lengths(lengths: &[usize]) -> Sections {
    let mut start = 0;
    let section = |length: &usize| {
        let section = (start, start + length);
        start += length;
        section
    };
    lengths.iter().map(section).collect()
}

/// Sections within which nothing that the rows are sorted by changes, and the columns that they are sorted by.
fn sorted(keys: &[&[u64]], mut sections: Sections) -> (Sections, Vec<usize>) {
    let mut by = Vec::new();
    loop {
        let mut open = (0..keys.len()).filter(|at| !by.contains(at));
        let Some(next) = open.find(|at| is_sorted(keys[*at], &sections)) else {
            return (sections, by);
        };
        by.push(next);
        let split = sections.iter().flat_map(|(start, end)| {
            let runs = keys[next][*start..*end].chunk_by(|a, b| a == b);
            let mut from = *start;
            let runs: Vec<(usize, usize)> = runs
                .map(|run| {
                    from += run.len();
                    (from - run.len(), from)
                })
                .collect();
            runs
        });
        sections = split.collect();
    }
}

/// Whether equal values stand together in each section, in more than one run somewhere.
fn is_sorted(keys: &[u64], sections: &Sections) -> bool {
    let mut seen = HashSet::new();
    sections.iter().all(|(start, end)| {
        seen.clear();
        let mut runs = keys[*start..*end].chunk_by(|a, b| a == b);
        runs.all(|run| seen.insert(run[0]))
    })
}

/// The columns in which neighbours within a file are alike beyond what it is sorted by.
fn alike(keys: &[&[u64]], files: &[usize]) -> Vec<usize> {
    let mut left = MOST;
    let some: Vec<usize> = files
        .iter()
        .map(|rows| {
            let taken = (*rows).min(left);
            left -= taken;
            taken
        })
        .collect();
    let (sections, by) = sorted(keys, of_lengths(&some));
    let is_alike = |at: &usize| {
        let mut excess = Agreement::default();
        let (mut runs, mut values, mut all) = (0, 0, 0);
        for (start, end) in &sections {
            let section = &keys[*at][*start..*end];
            let rows = section.len() as f64;
            if section.len() < 2 {
                continue;
            }
            let equal = section.windows(2).filter(|pair| pair[0] == pair[1]).count();
            excess.add(equal as f64, rows - 1.0, chance(section));
            runs += section.len() - equal;
            values += section.iter().collect::<HashSet<_>>().len();
            all += section.len();
        }
        // Sorted parts that were put one behind the other have few and long runs.
        let is_of_persons = runs >= RUNS_A_VALUE * values && all <= MOST_ROWS * runs;
        is_of_persons && is_found(&excess)
    };
    let open = (0..keys.len()).filter(|at| !by.contains(at));
    open.filter(is_alike).collect()
}

/// Whether so many more agree than by chance that it is no accident.
fn is_found(agreement: &Agreement) -> bool {
    let more = agreement.equal - agreement.expected;
    agreement.pairs >= FEWEST_PAIRS
        && more >= CLOSELY * (agreement.pairs - agreement.expected)
        && agreement.is_beyond(FAR)
}

/// The columns in which the rows of a file are alike beyond what the files were parted by, where files are as small as
/// persons.
fn of_files(keys: &[&[u64]], known: &[usize], files: &[usize]) -> Vec<usize> {
    let rows: usize = files.iter().sum();
    if files.len() < FEWEST_FILES || rows > MOST_ROWS * files.len() {
        return Vec::new();
    }
    // A file that goes beyond what all rows are sorted by is several.
    let (sorted_by, by) = sorted(keys, of_lengths(&[rows]));
    let starts = of_lengths(files)
        .into_iter()
        .chain(sorted_by.iter().copied());
    let mut cuts: Vec<usize> = starts.map(|(start, _)| start).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts.push(rows);
    let pieces = cuts.windows(2).map(|cut| (cut[0], cut[1]));
    let sections: Sections = pieces.filter(|(start, end)| end - start > 1).collect();
    let section_of = |row: usize| sorted_by.partition_point(|(start, _)| *start <= row);
    let is_constant = |at: &usize| {
        let constant = sections.iter().filter(|(start, end)| {
            keys[*at][*start..*end]
                .iter()
                .all(|key| *key == keys[*at][*start])
        });
        constant.count() * 20 >= sections.len() * 19
    };
    let open: Vec<usize> = (0..keys.len()).filter(|at| !by.contains(at)).collect();
    let constant: Vec<usize> = open.iter().copied().filter(is_constant).collect();
    let part = |start: usize| -> Vec<u64> {
        let sorted = [section_of(start) as u64];
        let own = constant.iter().map(|at| keys[*at][start]);
        sorted.into_iter().chain(own).collect()
    };
    let mut parts: HashMap<Vec<u64>, Vec<(usize, usize)>> = HashMap::new();
    for section in &sections {
        parts.entry(part(section.0)).or_default().push(*section);
    }
    // Whoever writes several files of a part writes what does not part them at random; a file a person leaves nothing.
    let is_parted = sections.len() as f64 <= FILES_A_PART * parts.len() as f64;
    let is_whole = known.iter().all(|at| constant.contains(at));
    if is_whole && known.len() > 2 && !is_parted {
        return constant;
    }
    let is_alike = |at: &usize| {
        let mut excess = Agreement::default();
        for sections in parts.values().filter(|sections| sections.len() > 1) {
            let all: Vec<u64> = sections
                .iter()
                .flat_map(|(start, end)| &keys[*at][*start..*end])
                .copied()
                .collect();
            let by_chance = chance(&all);
            for (start, end) in sections {
                let rows = (end - start) as f64;
                excess.add(
                    (rows - 1.0) * chance(&keys[*at][*start..*end]),
                    rows - 1.0,
                    by_chance,
                );
            }
        }
        is_found(&excess)
    };
    let open = open.iter().copied().filter(|at| !constant.contains(at));
    open.filter(is_alike).collect()
}

/// How many rows stand at the same place of a file, or of a section by which rows are sorted, as one of the section before
/// that is known by the same; nothing where that is no more than chance, or where sections are sorted themselves.
fn at_places(keys: &[&[u64]], known: &[u64], files: &[usize]) -> u64 {
    let whole = of_lengths(&[known.len()]);
    let by_value = (0..keys.len())
        .filter(|at| is_sorted(keys[*at], &whole))
        .map(|at| {
            let runs: Vec<usize> = keys[at].chunk_by(|a, b| a == b).map(<[u64]>::len).collect();
            (of_lengths(&runs), Some(at))
        });
    let sections = by_value.chain([(of_lengths(files), None)]);
    let of_sections = sections.map(|(sections, by)| {
        // What sections are sorted by says nothing within them.
        let content = |row: usize| -> u64 {
            let of_row = keys.iter().enumerate().filter(|(at, _)| Some(*at) != by);
            let of_row = of_row.map(|(_, keys)| keys[row]);
            match by {
                Some(_) => of_row.fold(0, mix),
                None => known[row],
            }
        };
        let mut places = Placewise::default();
        for pair in sections.windows(2) {
            let [before, after] = [pair[0], pair[1]]
                .map(|(start, end)| (start..end).map(content).collect::<Vec<u64>>());
            if before.len() == after.len() && before.len() >= FEWEST_ROWS {
                places.add(&before, &after);
            }
        }
        match is_found(&places.agreement) && places.is_unsorted() {
            true => places.agreement.pairs as u64,
            false => 0,
        }
    });
    of_sections.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Draws, Trial};

    /// Persons with three attributes and rows of their own, in files.
    struct Planted {
        columns: Vec<Vec<u64>>,
        persons: Vec<u64>,
    }

    impl Planted {
        fn new(trial: &mut Trial, persons: u64) -> Self {
            let mut planted = Self {
                columns: vec![Vec::new(); 4],
                persons: Vec::new(),
            };
            for person in 0..persons {
                let own: Vec<u64> = [3, 2, 4]
                    .iter()
                    .map(|values| trial.below(*values))
                    .collect();
                for _ in 0..2 + trial.below(9) {
                    planted
                        .columns
                        .iter_mut()
                        .zip(&own)
                        .for_each(|(column, own)| column.push(*own));
                    planted.columns[3].push(trial.below(3));
                    planted.persons.push(person);
                }
            }
            planted
        }

        fn ordered(&self, key: impl Fn(usize) -> u64) -> Vec<Vec<u64>> {
            let mut order: Vec<usize> = (0..self.persons.len()).collect();
            order.sort_by_key(|row| key(*row));
            let column = |column: &Vec<u64>| order.iter().map(|row| column[*row]).collect();
            self.columns.iter().map(column).collect()
        }
    }

    fn found(columns: &[Vec<u64>], files: &[usize]) -> (bool, bool) {
        let keys: Vec<&[u64]> = columns.iter().map(Vec::as_slice).collect();
        (
            !alike(&keys, files).is_empty(),
            !of_files(&keys, &[0, 1, 2], files).is_empty(),
        )
    }

    #[test]
    fn persons_in_a_row_are_found_and_sorted_rows_are_not() {
        for case in 0..12 {
            let mut trial = Draws::new(case, "together", "").trial(0);
            let planted = Planted::new(&mut trial, 300);
            let rows = planted.persons.len();
            let random: Vec<u64> = (0..rows).map(|_| trial.below(u64::MAX)).collect();
            let value = |row: usize, columns: &[usize]| {
                columns
                    .iter()
                    .fold(0, |sum, at| sum * 5 + planted.columns[*at][row])
            };
            let lengths = |of: &dyn Fn(usize) -> u64| -> Vec<usize> {
                let mut often: std::collections::BTreeMap<u64, usize> = Default::default();
                (0..rows).for_each(|row| *often.entry(of(row)).or_default() += 1);
                often.into_values().collect()
            };
            let person = |row: usize| planted.persons[row];
            assert_eq!(found(&planted.ordered(person), &[rows]), (true, false));
            // Within what the rows are sorted by, too.
            let by_area = planted.ordered(|row| value(row, &[2]) << 32 | person(row));
            assert_eq!(found(&by_area, &[rows]), (true, false));
            let shuffled = planted.ordered(|row| random[row]);
            assert_eq!(found(&shuffled, &[rows]), (false, false));
            for by in [&[0][..], &[2, 1], &[3, 0, 2], &[0, 1, 2, 3]] {
                let sorted = planted.ordered(|row| value(row, by) << 40 | random[row] >> 40);
                assert_eq!(found(&sorted, &[rows]), (false, false), "{by:?}");
                let by_value = lengths(&|row| value(row, by));
                assert_eq!(found(&sorted, &by_value), (false, false), "{by:?}");
                // In small parts, each sorted or not.
                let parts: Vec<usize> = std::iter::repeat_n(50, rows / 50)
                    .chain([rows % 50])
                    .collect();
                assert_eq!(found(&sorted, &parts), (false, false), "{by:?}");
                assert_eq!(found(&shuffled, &parts), (false, false));
            }
            // Three sorted parts, one behind the other.
            let third = |row: usize| random[row] % 3;
            let put = planted
                .ordered(|row| third(row) << 60 | value(row, &[2]) << 50 | random[row] >> 16);
            assert_eq!(found(&put, &[rows]), (false, false));
            let files = lengths(&person);
            assert!(found(&planted.ordered(person), &files).1);
        }
    }

    #[test]
    fn the_same_persons_at_the_same_places_are_found() {
        for case in 0..20 {
            let mut trial = Draws::new(case, "together", "places").trial(0);
            let persons: Vec<[u64; 2]> =
                (0..100).map(|_| [trial.below(3), trial.below(4)]).collect();
            let mut days: Vec<Vec<usize>> = vec![(0..100).collect(); 6];
            let columns = |days: &[Vec<usize>]| -> Vec<Vec<u64>> {
                let rows = || {
                    days.iter()
                        .enumerate()
                        .flat_map(|(day, rows)| rows.iter().map(move |at| (day, *at)))
                };
                vec![
                    rows().map(|(day, _)| day as u64).collect(),
                    rows().map(|(_, at)| persons[at][0]).collect(),
                    rows().map(|(_, at)| persons[at][1]).collect(),
                ]
            };
            let places = |columns: &[Vec<u64>], files: &[usize]| {
                let keys: Vec<&[u64]> = columns.iter().map(Vec::as_slice).collect();
                let known: Vec<u64> = columns[1]
                    .iter()
                    .zip(&columns[2])
                    .map(|(a, b)| a * 9 + b)
                    .collect();
                at_places(&keys, &known, files)
            };
            assert!(places(&columns(&days), &[600]) > 0);
            assert!(places(&columns(&days), &[100; 6]) > 0);
            for day in &mut days {
                (1..100).for_each(|at| day.swap(at, trial.below(at as u64 + 1) as usize));
            }
            assert_eq!(places(&columns(&days), &[600]), 0);
            assert_eq!(places(&columns(&days), &[100; 6]), 0);
            for day in &mut days {
                day.sort_by_key(|at| persons[*at]);
            }
            assert_eq!(
                places(&columns(&days), &[100; 6]),
                0,
                "sorted by what is published"
            );
        }
    }
}
