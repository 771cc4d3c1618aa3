//! What comes out of counts of areas or times that overlap.

use std::collections::{BTreeMap, HashMap};

use super::{Rest, Sought, Tally};
use crate::encode::cover::Cover;
use crate::encode::flows::{Count, Flows, Group};
use crate::language::Said;
use crate::said;
use crate::stats::runs::{Counted, Derived, derived};
use crate::stats::sums::{ANY, Bound, Range, Sum, System};

/// Parts of times that shortest paths are looked for between, at most: time grows with their square.
const MOST_PARTS: u32 = 1_000;

/// # Errors
/// In plain words, why nothing is measured.
pub fn overlapping(
    flows: &Flows,
    dimension: usize,
    cover: &Cover,
    sought: &[Sought],
    largest: usize,
) -> Result<Tally, Said> {
    let name = &flows.dimensions[dimension].name;
    if cover.in_line {
        let parts = cover.count - u32::from(flows.dimensions[dimension].values.null);
        if parts > MOST_PARTS {
            return Err(said!(
                "the times of `{}` overlap in {} parts, and more than {} are not looked through: audit a shorter time",
                "die Zeiten von `{}` überschneiden sich in {} Teilen, und mehr als {} werden nicht durchsucht: eine \
                 kürzere Zeit ist zu prüfen",
                name,
                parts,
                MOST_PARTS
            ));
        }
        let tallies = flows.groups(dimension, |_, group| in_line(group, cover, parts, sought));
        return Ok(Tally::sum(tallies, sought));
    }
    let geometry = Geometry::new(cover);
    let groups = flows.groups(dimension, |_, group| {
        areas(group, cover, &geometry, sought, largest)
    });
    let unsolved: u64 = groups.iter().map(|(_, unsolved)| unsolved).sum();
    if unsolved > 0 {
        return Err(said!(
            "{} parts of areas of `{}` hang together in circles of more than `largest` = {}",
            "{} Teile von Gebieten von `{}` hängen in Kreisen von mehr als `largest` = {} zusammen",
            unsolved,
            name,
            largest
        ));
    }
    let tallies = groups.into_iter().map(|(tally, _)| tally);
    Ok(Tally::sum(tallies, sought))
}

fn published<'a>(group: Group<'a>) -> impl Iterator<Item = (u32, Count)> + 'a {
    let counts = group.iter().copied();
    counts.filter(|(_, count)| !count.is_suppressed())
}

/// No count is greater where it was not left out.
fn most(count: Count) -> i64 {
    i64::try_from(count.most).unwrap_or(ANY).min(ANY)
}

/// Times that overlap: every run of parts, by all counts together.
fn in_line(group: Group<'_>, cover: &Cover, parts: u32, sought: &[Sought]) -> Tally {
    let run = |(code, count): (u32, Count)| {
        let covered = cover.parts(code);
        let (first, last) = (*covered.first()?, *covered.last()?);
        let counted = Counted {
            first,
            end: last + 1,
            least: count.least as i64,
            most: most(count),
        };
        // Rows without a time lie beside all.
        (last < parts).then_some(counted)
    };
    let counted: Vec<Counted> = published(group).filter_map(run).collect();
    let runs = u64::from(parts) * (u64::from(parts) + 1) / 2;
    let mut tally = Tally {
        examined: runs - counted.len() as u64,
        ..Tally::default()
    };
    let ranges = sought.iter().map(|sought| sought.range());
    let ranges: Vec<(i64, i64)> = ranges
        .map(|(least, most)| (least as i64, most as i64))
        .collect();
    let Some(derived) = derived(parts, &counted, &ranges) else {
        tally.against = tally.examined;
        return tally;
    };
    let small = |runs: &Vec<Derived>| {
        let counts = runs.iter().map(|run| u64::from(run.counts));
        (runs.len() as u64, counts.min())
    };
    tally.small = derived.iter().map(small).collect();
    let least = derived.iter().flatten().map(|run| run.least as u64);
    tally.least = least.min();
    tally
}

/// How the areas of a column lie to each other.
struct Geometry {
    /// A number of 64 bits for each part, drawn once; that of a set of parts is their exclusive or. Two sets have the
    /// same one in one of 2⁶⁴ cases.
    parts: Vec<u64>,
    /// Of each code that of its parts.
    areas: Vec<u64>,
    /// Two areas that share parts and a third that both together are.
    unions: Vec<[u32; 3]>,
}

impl Geometry {
    fn new(cover: &Cover) -> Self {
        let parts: Vec<u64> = (1..=u64::from(cover.count)).map(scattered).collect();
        let of = |set: &[u32]| set.iter().fold(0, |all, part| all ^ parts[*part as usize]);
        let codes = 0..cover.len() as u32;
        let mut unions = Vec::new();
        for whole in codes.clone() {
            let (within, size) = (cover.within(whole), cover.parts(whole).len());
            for (at, one) in within.iter().enumerate() {
                let one_size = cover.parts(*one).len();
                // The widest come first: the narrower ones fill the whole no more.
                let others = within[at + 1..].iter();
                let others =
                    others.take_while(|other| one_size + cover.parts(**other).len() > size);
                for other in others {
                    let mut all = [cover.parts(*one), cover.parts(*other)].concat();
                    all.sort_unstable();
                    all.dedup();
                    if all.len() == size {
                        unions.push([*one, *other, whole]);
                    }
                }
            }
        }
        Self {
            areas: codes.map(|code| of(cover.parts(code))).collect(),
            parts,
            unions,
        }
    }
}

/// A number scattered over all of 64 bits (S. Vigna's SplitMix64).
fn scattered(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Areas that overlap: one less another within it, less all that lie within it apart, what two have in common, and the
/// smallest parts by all counts together. And how many of the latter hang together by too many.
fn areas(
    group: Group<'_>,
    cover: &Cover,
    geometry: &Geometry,
    sought: &[Sought],
    largest: usize,
) -> (Tally, u64) {
    let counts: HashMap<u32, Count> = published(group).collect();
    let count = |code: u32| counts.get(&code).copied();
    let mut sets: BTreeMap<u64, Vec<Rest>> = BTreeMap::new();
    let (mut filled, mut overfilled) = (0, 0);
    let mut system = Atoms::new();
    for (code, total) in published(group) {
        for part in cover.within(code) {
            if let Some(part_count) = count(*part) {
                let set = geometry.areas[code as usize] ^ geometry.areas[*part as usize];
                let rest = Rest::new(total, part_count.least, part_count.most, 1);
                sets.entry(set).or_default().push(rest);
            }
        }
        let (taken, left) = cover.sum(code, |part| counts.contains_key(&part));
        let sum =
            |of: &dyn Fn(Count) -> u64| -> u64 { taken.iter().map(|part| of(counts[part])).sum() };
        let (least, most) = (sum(&|count| count.least), sum(&|count| count.most));
        let rest = Rest::new(total, least, most, taken.len() as u64);
        if left.is_empty() {
            filled += 1;
            overfilled += u64::from(rest.persons.is_none_or(|(least, _)| least > 0));
            continue;
        }
        if taken.len() > 1 {
            let set = left
                .iter()
                .fold(0, |all, part| all ^ geometry.parts[*part as usize]);
            sets.entry(set).or_default().push(rest);
        }
        system.add(&left, total, (least, most));
    }
    for [one, other, union] in &geometry.unions {
        if let (Some(a), Some(b), Some(whole)) = (count(*one), count(*other), count(*union)) {
            let of = |code: &u32| geometry.areas[*code as usize];
            let high = (a.most.saturating_add(b.most)).checked_sub(whole.least);
            let low = (a.least + b.least).saturating_sub(whole.most);
            let rest = Rest {
                persons: high.map(|high| (low, high)),
                counts: Some(3),
            };
            sets.entry(of(one) ^ of(other) ^ of(union))
                .or_default()
                .push(rest);
        }
    }
    let (parts, unsolved) = system.solve(largest);
    for (part, bound) in parts {
        let persons = match bound {
            Bound::Within(range) => Some((range.least as u64, range.most as u64)),
            Bound::Contradiction => None,
            Bound::Unsolved => continue,
        };
        let rest = Rest {
            persons,
            counts: None,
        };
        sets.entry(geometry.parts[part as usize])
            .or_default()
            .push(rest);
    }
    // What is published is not derived.
    for code in counts.keys() {
        sets.remove(&geometry.areas[*code as usize]);
    }
    let rests: Vec<Rest> = sets
        .into_values()
        .map(|rests| Rest::together(&rests))
        .collect();
    let mut tally = Tally::of(&rests, sought);
    tally.examined += filled;
    tally.against += overfilled;
    (tally, unsolved)
}

/// The smallest parts of areas as unknown counts.
struct Atoms {
    system: System,
    numbers: BTreeMap<u32, u32>,
}

impl Atoms {
    fn new() -> Self {
        Self {
            system: System::default(),
            numbers: BTreeMap::new(),
        }
    }

    /// The parts of a total that are not among those published persons.
    fn add(&mut self, left: &[u32], total: Count, published: (u64, u64)) {
        let terms = left.iter().map(|part| {
            let next = self.numbers.len() as u32;
            let number = *self.numbers.entry(*part).or_insert(next);
            if number == next {
                self.system.unknowns.push(Range {
                    least: 0,
                    most: ANY,
                });
            }
            (number, 1)
        });
        let terms = terms.collect();
        let range = Range {
            least: total.least as i64 - published.1.min(ANY as u64) as i64,
            most: most(total) - published.0 as i64,
        };
        self.system.sums.push(Sum { terms, range });
    }

    /// What is known of each part, and how many hang together by too many.
    fn solve(&self, largest: usize) -> (Vec<(u32, Bound)>, u64) {
        let bounds = self.system.solve(&self.system.all(), largest);
        let unsolved = bounds.iter().filter(|bound| **bound == Bound::Unsolved);
        let unsolved = unsolved.count() as u64;
        let parts = self.numbers.iter();
        let parts = parts.map(|(part, number)| (*part, bounds[*number as usize]));
        (parts.collect(), unsolved)
    }
}
