//! What the manifest says of the counts of a table, tested against them.

use std::collections::{HashMap, HashSet};

use super::Tested;
use crate::encode::cover::Cover;
use crate::encode::flows::{Count, Flows, Group, parts};
use crate::release::{Absent, Counting, Table};
use crate::stats::runs::{Counted, derived};
use crate::stats::sums::ANY;

/// What is said of a table of counts.
pub struct About {
    counting: Counting,
    /// The column of counts.
    column: Vec<String>,
    time: Option<String>,
    /// What is told apart besides places and times.
    attributes: Vec<String>,
    hierarchies: Vec<String>,
    /// Why fewer persons are published than were counted.
    pub reason: Option<String>,
}

/// Rows without a count that have a value of their own of one column, at least so many and of so large a share, are
/// persons.
const FEW: usize = 20;
const OWN: f64 = 0.9;
/// Sums that are exact by chance, where counts have noise, so often once in a million times at most.
const EXACT: u64 = 20;
/// The chance at which rounding is said to be coarser than stated.
const LEVEL: f64 = 1e-6;
/// Numbers of persons whose counts are looked at for what the declaration allows.
const PERSONS: u32 = 2_000;

impl About {
    pub fn new(table: &Table) -> Self {
        let hierarchies = table.hierarchies.iter();
        Self {
            counting: table.counting.clone(),
            column: table.roles.count_column(),
            attributes: (table.roles.quasi_identifiers.iter())
                .map(|column| column.value.clone())
                .collect(),
            time: table.roles.time.as_ref().map(|time| time.value.clone()),
            hierarchies: hierarchies
                .map(|(column, _)| column.value.clone())
                .collect(),
            reason: table.counting.shrunk_because.clone(),
        }
    }

    /// The column of times, in which no value is a total.
    pub fn time(&self) -> Option<&str> {
        self.time.as_deref()
    }

    /// What each count tells by itself.
    pub fn counts(&self, flows: &Flows) -> Vec<Tested> {
        let published = || flows.counts.iter().filter(|count| !count.is_suppressed());
        let rows = |of: &dyn Fn(&Count) -> bool| -> u64 {
            let counts = published().filter(|count| of(count));
            counts.map(|count| count.rows).sum()
        };
        let mut tested = vec![self.is_counted(flows)];
        let is_multiple = |count: &Count| {
            let published = count.published.expect("it is published");
            self.counting.is_multiple(published)
        };
        let all = rows(&|_| true);
        let wrong = rows(&|count| !is_multiple(count));
        let is_coarser = wrong == 0 && self.is_coarser(flows);
        let against = if is_coarser { all } else { wrong };
        tested.push(Tested::strictly("rounding", &self.column, against, all));
        // What is no multiple says nothing of the factor.
        let wrong = rows(&|count| is_multiple(count) && !count.consistent);
        tested.push(Tested::strictly("extrapolation", &self.column, wrong, all));
        tested
    }

    /// Whether persons are counted at all.
    fn is_counted(&self, flows: &Flows) -> Tested {
        let all: u64 = flows.counts.iter().map(|count| count.rows).sum();
        let of_somebody = |count: &&Count| count.published.is_some_and(|published| published > 0.0);
        let counted: Vec<&Count> = (flows.counts.iter())
            .filter(of_somebody)
            .filter(|count| count.rows > 0)
            .collect();
        let rows: u64 = counted.iter().map(|count| count.rows).sum();
        let is_one = counted
            .iter()
            .all(|count| (count.least, count.most) == (1, 1));
        let persons = of_persons(flows, &self.attributes);
        let against = match (rows, is_one) {
            (0, _) => all,
            (2.., true) => rows,
            _ if 2 * persons > all => persons,
            _ => 0,
        };
        Tested::strictly("counts", &self.column, against, all)
    }

    /// Whether all counts are multiples of something that is coarser than what the manifest says, or than nothing.
    fn is_coarser(&self, flows: &Flows) -> bool {
        let published = || {
            let counts = flows.counts.iter().filter(|count| count.rows > 0);
            let counts = counts.filter_map(|count| count.published);
            counts.filter(|count| *count != 0.0)
        };
        let whole = published().all(|count| count.fract() == 0.0);
        let to = match self.counting.rounding {
            Some(rounding) => rounding.to,
            None if whole => 1.0,
            None => return false,
        };
        let multiples: HashSet<i64> = published()
            .map(|count| (count / to).round() as i64)
            .collect();
        let common = multiples
            .iter()
            .fold(0, |all, multiple| gcd(all, multiple.abs()));
        if common < 2 {
            return false;
        }
        let mut allowed: HashSet<i64> = HashSet::new();
        for persons in 1..=PERSONS {
            for chance in [0.0, 1.0] {
                let count = self.counting.publish(f64::from(persons), whole, || chance);
                allowed.insert((count / to).round() as i64);
            }
        }
        allowed.remove(&0);
        let coarse = allowed.iter().filter(|multiple| **multiple % common == 0);
        let share = coarse.count() as f64 / allowed.len().max(1) as f64;
        share.powf(multiples.len() as f64) < LEVEL
    }

    /// What counts tell of each other.
    pub fn sums(&self, flows: &Flows) -> Vec<Tested> {
        let mut tested = Vec::new();
        let (mut absent, mut exact) = ((0, 0), (0, 0));
        for (at, dimension) in flows.dimensions.iter().enumerate() {
            if !dimension.has_sums() {
                continue;
            }
            let columns = [dimension.name.clone()];
            if let Some(cover) = &dimension.cover {
                let (kind, (against, of)) = match cover.in_line {
                    true => ("window", overlapping_times(flows, at, cover)),
                    false => ("made_of", overlapping_areas(flows, at, cover)),
                };
                tested.push(Tested::mostly(kind, &columns, against, of));
                continue;
            }
            let sums = flows.groups(at, |_, group| self.of_group(flows, at, group));
            let sums = || sums.iter().flatten();
            let kind = match self.hierarchies.contains(&dimension.name) {
                true => "hierarchies",
                false => "totals",
            };
            let count = |of: &dyn Fn(&&Sum) -> bool| sums().filter(|sum| of(sum)).count() as u64;
            let against = count(&|sum| sum.is_less);
            tested.push(Tested::mostly(kind, &columns, against, count(&|_| true)));
            absent.0 += count(&|sum| sum.has_more && sum.has_absent);
            absent.1 += count(&|sum| sum.has_absent && !sum.has_suppressed);
            exact.0 += count(&|sum| sum.is_exact);
            exact.1 += count(&|sum| sum.is_complete());
        }
        if self.counting.absent == Some(Absent::Zero) && absent.1 > 0 {
            tested.push(Tested::strictly("absent", &self.column, absent.0, absent.1));
        }
        if self.counting.bounded_noise.is_some() && exact.1 > 0 {
            let against = match exact.0 == exact.1 && exact.1 >= EXACT {
                true => exact.0,
                false => 0,
            };
            tested.push(Tested::strictly("noise", &self.column, against, exact.1));
        }
        tested
    }

    fn of_group(&self, flows: &Flows, at: usize, group: Group<'_>) -> Vec<Sum> {
        let dimension = &flows.dimensions[at];
        let sum = |(whole, parts): (usize, Vec<usize>)| -> Option<Sum> {
            let total = group[whole].1;
            let raw = total.published?;
            let counts = || parts.iter().map(|part| group[*part].1);
            let published = || counts().filter(|count| !count.is_suppressed());
            published().next()?;
            let persons = |of: &dyn Fn(Count) -> u64| published().map(of).sum::<u64>();
            let has_suppressed = counts().any(|count| count.is_suppressed());
            let rest = raw - published().filter_map(|count| count.published).sum::<f64>();
            let has_absent = !dimension.missing(group, whole).is_empty();
            Some(Sum {
                is_less: total.most < persons(&|count| count.least),
                has_more: !has_suppressed && total.least > persons(&|count| count.most),
                has_absent,
                has_suppressed,
                is_exact: !has_suppressed && !has_absent && parts.len() > 1 && rest.abs() < 1e-6,
                parts: parts.len(),
            })
        };
        let sums = parts(group, dimension, |_| true).into_iter();
        sums.filter_map(sum).collect()
    }
}

/// A total and its parts.
struct Sum {
    /// Whether it is surely less than its parts, or more.
    is_less: bool,
    has_more: bool,
    has_absent: bool,
    has_suppressed: bool,
    /// Whether what is published of it is the sum of what is published of all its parts.
    is_exact: bool,
    parts: usize,
}

impl Sum {
    /// Whether several parts are published, and all.
    fn is_complete(&self) -> bool {
        !self.has_suppressed && !self.has_absent && self.parts > 1
    }
}

/// Rows without a count, of which nearly each tells of another value of one of these columns.
fn of_persons(flows: &Flows, columns: &[String]) -> u64 {
    let without: Vec<u64> = (0..flows.len())
        .filter(|at| flows.count(*at).is_suppressed())
        .map(|at| flows.key(at))
        .collect();
    let rows = without.len();
    let dimensions = flows.dimensions.iter().enumerate();
    let mut told = dimensions.filter(|(_, dimension)| columns.contains(&dimension.name));
    let are_persons = told.any(|(at, _)| {
        let values: HashSet<u32> = without.iter().map(|key| flows.code(at, *key)).collect();
        values.len() as f64 >= OWN * rows as f64
    });
    match rows >= FEW && are_persons {
        true => rows as u64,
        false => 0,
    }
}

/// Areas of which parts that lie apart are more than they, and how many were looked at.
fn overlapping_areas(flows: &Flows, at: usize, cover: &Cover) -> (u64, u64) {
    let of_groups = flows.groups(at, |_, group| {
        let counts: HashMap<u32, Count> = (group.iter().copied())
            .filter(|(_, count)| !count.is_suppressed())
            .collect();
        let (mut against, mut of) = (0, 0);
        for (code, total) in &counts {
            let (taken, _) = cover.sum(*code, |part| counts.contains_key(&part));
            if taken.is_empty() {
                continue;
            }
            let least: u64 = taken.iter().map(|part| counts[part].least).sum();
            (against, of) = (against + u64::from(least > total.most), of + 1);
        }
        (against, of)
    });
    let add = |a: (u64, u64), b: (u64, u64)| (a.0 + b.0, a.1 + b.1);
    of_groups.into_iter().fold((0, 0), add)
}

/// Series of times whose counts no numbers of persons satisfy, and how many were looked at.
fn overlapping_times(flows: &Flows, at: usize, cover: &Cover) -> (u64, u64) {
    let parts = cover.count - u32::from(flows.dimensions[at].values.null);
    let of_groups = flows.groups(at, |_, group| {
        let published = group.iter().filter(|(_, count)| !count.is_suppressed());
        let run = |(code, count): &(u32, Count)| {
            let covered = cover.parts(*code);
            let (first, last) = (*covered.first()?, *covered.last()?);
            (last < parts).then_some(Counted {
                first,
                end: last + 1,
                least: count.least as i64,
                most: i64::try_from(count.most).unwrap_or(ANY).min(ANY),
            })
        };
        let counted: Vec<Counted> = published.filter_map(run).collect();
        let is_one = counted.len() < 2;
        (!is_one).then(|| derived(parts, &counted, &[]).is_none())
    });
    let tested = of_groups.iter().flatten();
    let against = tested.clone().filter(|wrong| **wrong).count();
    (against as u64, tested.count() as u64)
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
