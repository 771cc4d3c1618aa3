//! The equivalence classes of every subset of the attributes, without building any of them anew.
//!
//! The distinct tuples, with their rows, are parted by one attribute after the other, depth first:
//! the parts of a subset are refined to those of each larger one. A part that no attribute can split,
//! or that stands for one person, is settled and left out from there on. Where a person has several
//! rows, persons are counted in a second walk over the distinct (person, tuple) pairs.
//!
//! Time: subsets × unsettled tuples. Memory: 4 bytes a tuple, for each attribute and for each
//! attribute of the subset at hand, a thread.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::combinations::Combinations;
use super::groups::Groups;
use super::rollup;
use super::traces::Traces;

/// The equivalence classes of one subset of the attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subset {
    /// Positions among the attributes, ascending.
    pub attributes: Vec<usize>,
    pub classes: u64,
    /// Sum over classes of the square of their records.
    pub squares: u128,
    /// Persons in the smallest class.
    pub smallest: u64,
    /// Persons in a class of their own.
    pub unique_persons: u64,
}

/// Subsets up to which persons are counted by going through all of them for each.
const FEW: usize = 255;

/// The subsets of at most `largest` attributes of a table whose rows are persons, smaller ones first,
/// then in the order of their attributes.
pub fn of_rows(combinations: &Combinations, largest: usize) -> Vec<Subset> {
    if largest >= combinations.codes.len()
        && let Some(subsets) = rollup::of_rows(combinations)
    {
        return in_order(subsets);
    }
    let subsets = walk(
        &Records::new(combinations),
        combinations.codes.len(),
        largest,
    );
    subsets.into_iter().map(|(subset, _)| subset).collect()
}

/// The same where persons have several rows.
pub fn of_persons(
    traces: &Traces,
    groups: &Groups,
    combinations: &Combinations,
    largest: usize,
) -> Vec<Subset> {
    let by_records = of_rows(combinations, largest);
    if by_records.len() <= FEW {
        let subsets: Vec<&[usize]> = by_records.iter().map(|s| s.attributes.as_slice()).collect();
        if let Some(persons) = rollup::persons(traces, groups, combinations, &subsets) {
            return joined(by_records, persons);
        }
    }
    let members = Members::new(traces, groups, combinations);
    let by_persons = walk(&members, combinations.codes.len(), largest).into_iter();
    let persons = by_persons.map(|(subset, _)| (subset.smallest, subset.unique_persons));
    joined(by_records, persons.collect())
}

fn joined(by_records: Vec<Subset>, persons: Vec<(u64, u64)>) -> Vec<Subset> {
    let pairs = by_records.into_iter().zip(persons);
    pairs
        .map(|(records, (smallest, unique_persons))| Subset {
            smallest,
            unique_persons,
            ..records
        })
        .collect()
}

/// Smaller ones first, then in the order of their attributes.
fn in_order(mut subsets: Vec<Subset>) -> Vec<Subset> {
    let key = |subset: &Subset| (subset.attributes.len(), subset.attributes.clone());
    subsets.sort_by_cached_key(key);
    subsets
}

/// Of whom it is noted that a part of size one is theirs.
enum Alone {
    /// Of nobody: it is counted.
    Counted,
    /// Of one with this number, who may have other parts.
    One(u32),
    /// Of each element of the part.
    Elements,
}

/// What is parted: elements 0 to `len`, each with a code in every attribute.
trait Population: Sync {
    fn len(&self) -> usize;
    fn code(&self, attribute: usize, element: u32) -> u32;
    /// Codes are below this.
    fn capacity(&self, attribute: usize) -> usize;
    /// How many of what is counted stand in a part.
    fn size(&self, part: &[u32]) -> u64;
    /// Whether no attribute changes what a part contributes.
    fn is_settled(&self, part: &[u32], size: u64) -> bool;
    /// Whose a part of size one is, where the same may be alone in several parts.
    fn alone(&self, part: &[u32]) -> Alone;
    /// More than any number that is alone.
    fn persons(&self) -> usize;
    /// Whether it is kept of each subset who is alone.
    fn keeps_alone(&self) -> bool {
        false
    }
}

/// A bit for each of those that can be alone in a part.
pub type Bits = Vec<u64>;

/// Distinct combinations, counted by their rows.
struct Records<'a> {
    of: &'a Combinations,
    /// Whether it is kept of each subset which combinations are one row.
    keeps_alone: bool,
}

impl<'a> Records<'a> {
    fn new(of: &'a Combinations) -> Self {
        Self {
            of,
            keeps_alone: false,
        }
    }
}

impl Population for Records<'_> {
    fn len(&self) -> usize {
        self.of.len()
    }

    fn code(&self, attribute: usize, element: u32) -> u32 {
        self.of.codes[attribute][element as usize]
    }

    fn capacity(&self, attribute: usize) -> usize {
        self.of.capacity[attribute]
    }

    fn size(&self, part: &[u32]) -> u64 {
        let records = part.iter().map(|tuple| self.of.records[*tuple as usize]);
        records.sum()
    }

    fn is_settled(&self, part: &[u32], _: u64) -> bool {
        part.len() == 1
    }

    fn alone(&self, part: &[u32]) -> Alone {
        match self.keeps_alone {
            true => Alone::One(part[0]),
            false => Alone::Counted,
        }
    }

    fn persons(&self) -> usize {
        if self.keeps_alone { self.len() } else { 0 }
    }

    fn keeps_alone(&self) -> bool {
        self.keeps_alone
    }
}

/// The minimal sample uniques of a table where each person has one row: for each subset of at most
/// `largest` attributes the classes (over all known attributes) that are one row, unique by these
/// attributes and by none of them left out.
///
/// Memory: a bit for each subset and class.
pub fn minimal_uniques(combinations: &Combinations, largest: usize) -> Vec<(Vec<usize>, Vec<u32>)> {
    let records = Records {
        keeps_alone: true,
        ..Records::new(combinations)
    };
    let walked = walk(&records, combinations.codes.len(), largest).into_iter();
    minimal(
        walked
            .map(|(subset, alone)| (subset.attributes, alone))
            .collect(),
    )
}

/// The minimal sample uniques of a table where persons may have several rows: for each subset of at most `largest`
/// attributes the persons with a row whose values in these attributes no other person has in a row, while of no part of
/// them that is so. A person stands there once for each such combination of values.
///
/// Memory: a bit for each subset and distinct (person, tuple) pair.
pub fn minimal_uniques_of_persons(
    traces: &Traces,
    groups: &Groups,
    combinations: &Combinations,
    largest: usize,
) -> Vec<(Vec<usize>, Vec<u32>)> {
    let members = Members {
        keeps_alone: true,
        ..Members::new(traces, groups, combinations)
    };
    let walked = walk(&members, combinations.codes.len(), largest).into_iter();
    let walked = walked.map(|(subset, alone)| (subset.attributes, alone));
    let found = minimal(walked.collect()).into_par_iter();
    // Rows of a person that have the same values are one combination.
    let of_persons = |(attributes, elements): (Vec<usize>, Vec<u32>)| {
        let values = |element: &u32| -> Vec<u32> {
            let codes = attributes.iter();
            codes
                .map(|attribute| members.code(*attribute, *element))
                .collect()
        };
        let mut combinations: Vec<(u32, Vec<u32>)> = elements
            .iter()
            .map(|element| (members.person[*element as usize], values(element)))
            .collect();
        combinations.sort_unstable();
        combinations.dedup();
        let persons = combinations.into_iter().map(|(person, _)| person).collect();
        (attributes, persons)
    };
    found.map(of_persons).collect()
}

/// Of each subset those who are alone by it and by none of its subsets.
pub fn minimal(alone: BTreeMap<Vec<usize>, Bits>) -> Vec<(Vec<usize>, Vec<u32>)> {
    let minimal = |(attributes, here): (&Vec<usize>, &Bits)| {
        let mut left = here.clone();
        if attributes.len() > 1 {
            for at in 0..attributes.len() {
                let mut fewer = attributes.clone();
                fewer.remove(at);
                let already = alone[&fewer].iter();
                left.iter_mut()
                    .zip(already)
                    .for_each(|(left, already)| *left &= !already);
            }
        }
        let bits = left.iter().zip(0u32..).flat_map(|(word, at)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| at * 64 + bit)
        });
        (attributes.clone(), bits.collect::<Vec<u32>>())
    };
    let each: Vec<_> = alone.iter().collect();
    let minimal = each.into_par_iter().map(minimal);
    minimal.filter(|(_, classes)| !classes.is_empty()).collect()
}

/// Distinct (person, tuple) pairs in the order of persons, counted by their persons.
struct Members<'a> {
    person: Vec<u32>,
    tuple: Vec<u32>,
    combinations: &'a Combinations,
    persons: usize,
    /// Whether it is kept of each subset which pairs are those of one person alone.
    keeps_alone: bool,
}

impl<'a> Members<'a> {
    fn new(traces: &Traces, groups: &Groups, combinations: &'a Combinations) -> Self {
        let (mut person, mut tuple) = (Vec::new(), Vec::new());
        for who in 0..traces.persons() {
            for group in traces.groups_of(who, groups) {
                person.push(who as u32);
                tuple.push(group);
            }
        }
        Self {
            person,
            tuple,
            combinations,
            persons: traces.persons(),
            keeps_alone: false,
        }
    }
}

impl Population for Members<'_> {
    fn len(&self) -> usize {
        self.person.len()
    }

    fn code(&self, attribute: usize, element: u32) -> u32 {
        self.combinations.codes[attribute][self.tuple[element as usize] as usize]
    }

    fn capacity(&self, attribute: usize) -> usize {
        self.combinations.capacity[attribute]
    }

    /// A part is in the order of persons, for parting keeps the order.
    fn size(&self, part: &[u32]) -> u64 {
        let changes = part
            .windows(2)
            .filter(|pair| self.person[pair[0] as usize] != self.person[pair[1] as usize]);
        1 + changes.count() as u64
    }

    fn is_settled(&self, _: &[u32], size: u64) -> bool {
        size == 1
    }

    fn alone(&self, part: &[u32]) -> Alone {
        match self.keeps_alone {
            true => Alone::Elements,
            false => Alone::One(self.person[part[0] as usize]),
        }
    }

    fn persons(&self) -> usize {
        match self.keeps_alone {
            true => self.len(),
            false => self.persons,
        }
    }

    fn keeps_alone(&self) -> bool {
        self.keeps_alone
    }
}

/// What the settled parts contribute.
#[derive(Clone)]
struct Settled {
    classes: u64,
    squares: u128,
    smallest: u64,
    unique: u64,
    /// A bit for each person who is alone in a part.
    alone: Vec<u64>,
}

impl Settled {
    fn count(&mut self, size: u64) {
        self.classes += 1;
        self.squares += u128::from(size) * u128::from(size);
        self.smallest = self.smallest.min(size);
    }

    fn settle(&mut self, part: &[u32], size: u64, alone: Alone) {
        self.count(size);
        if size > 1 {
            return;
        }
        match alone {
            Alone::Counted => self.unique += 1,
            Alone::One(person) => self.note(person),
            Alone::Elements => part.iter().for_each(|element| self.note(*element)),
        }
    }

    fn note(&mut self, alone: u32) {
        let (word, bit) = (&mut self.alone[alone as usize / 64], 1 << (alone % 64));
        self.unique += u64::from(*word & bit == 0);
        *word |= bit;
    }
}

/// Parts that may still be split: where each begins in `order`, and the end.
struct Parts {
    order: Vec<u32>,
    starts: Vec<u32>,
}

/// Every subset of at most `largest` attributes, smaller ones first, then in the order of their
/// attributes; with who is alone, where that is kept.
fn walk<P: Population>(population: &P, known: usize, largest: usize) -> Vec<(Subset, Bits)> {
    let settled = Settled {
        classes: 0,
        squares: 0,
        smallest: u64::MAX,
        unique: 0,
        alone: vec![0; population.persons().div_ceil(64)],
    };
    let all = Parts {
        order: (0..population.len() as u32).collect(),
        starts: vec![0, population.len() as u32],
    };
    let walk = Walk {
        population,
        known,
        largest,
    };
    let mut subsets = walk.deeper(&all, &settled, &[], 0);
    subsets.sort_by(|(a, _), (b, _)| {
        let sizes = a.attributes.len().cmp(&b.attributes.len());
        sizes.then_with(|| a.attributes.cmp(&b.attributes))
    });
    subsets
}

struct Walk<'a, P> {
    population: &'a P,
    known: usize,
    largest: usize,
}

impl<P: Population> Walk<'_, P> {
    /// Every subset that begins with `attributes` and goes on from attribute `next`.
    fn deeper(
        &self,
        parts: &Parts,
        settled: &Settled,
        attributes: &[usize],
        next: usize,
    ) -> Vec<(Subset, Bits)> {
        let each = (next..self.known).into_par_iter().with_max_len(1);
        each.flat_map_iter(|attribute| {
            let mut attributes = attributes.to_vec();
            attributes.push(attribute);
            let goes_on = attributes.len() < self.largest && attribute + 1 < self.known;
            let mut settled = settled.clone();
            let finer = self.part(parts, attribute, &mut settled, goes_on);
            let mut total = settled.clone();
            for size in finer.1 {
                total.count(size);
            }
            let subset = Subset {
                attributes: attributes.clone(),
                classes: total.classes,
                squares: total.squares,
                smallest: total.smallest,
                unique_persons: total.unique,
            };
            let kept = match self.population.keeps_alone() {
                true => total.alone,
                false => Vec::new(),
            };
            let mut subsets = vec![(subset, kept)];
            if goes_on {
                subsets.extend(self.deeper(&finer.0, &settled, &attributes, attribute + 1));
            }
            subsets
        })
        .collect()
    }

    /// Splits every part by an attribute; settled parts go to `settled`, the others and their sizes
    /// are returned, the parts themselves only where they are `kept`.
    fn part(
        &self,
        parts: &Parts,
        attribute: usize,
        settled: &mut Settled,
        kept: bool,
    ) -> (Parts, Vec<u64>) {
        let code = |element: u32| self.population.code(attribute, element);
        let capacity = self.population.capacity(attribute);
        let mut finer = Parts {
            order: Vec::new(),
            starts: vec![0],
        };
        let mut sizes = Vec::new();
        let mut split = Split {
            counts: vec![0; capacity],
            ..Split::default()
        };
        for bounds in parts.starts.windows(2) {
            let part = &parts.order[bounds[0] as usize..bounds[1] as usize];
            split.by(part, code);
            for bounds in split.starts.windows(2) {
                let part = &split.order[bounds[0]..bounds[1]];
                let size = self.population.size(part);
                if self.population.is_settled(part, size) {
                    settled.settle(part, size, self.population.alone(part));
                    continue;
                }
                sizes.push(size);
                if kept {
                    finer.order.extend_from_slice(part);
                    finer.starts.push(finer.order.len() as u32);
                }
            }
        }
        (finer, sizes)
    }
}

/// One part split by the codes of its elements, which keep their order.
#[derive(Default)]
struct Split {
    order: Vec<u32>,
    starts: Vec<usize>,
    /// One a code; all zero between two splits.
    counts: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    /// The code of each element.
    codes: Vec<u32>,
}

impl Split {
    fn by(&mut self, part: &[u32], code: impl Fn(u32) -> u32) {
        self.order.clear();
        self.starts.clear();
        self.starts.push(0);
        if part.len() * 4 < self.counts.len() || part.len() < 24 {
            let pairs = part.iter().map(|element| (code(*element), *element));
            self.pairs.clear();
            self.pairs.extend(pairs);
            // Elements ascend within a part: sorting the pairs keeps their order.
            self.pairs.sort_unstable();
            for (at, pair) in self.pairs.iter().enumerate() {
                if at > 0 && pair.0 != self.pairs[at - 1].0 {
                    self.starts.push(at);
                }
                self.order.push(pair.1);
            }
            self.starts.push(part.len());
            return;
        }
        self.codes.clear();
        self.codes.extend(part.iter().map(|element| code(*element)));
        for code in &self.codes {
            self.counts[*code as usize] += 1;
        }
        let mut sum = 0;
        for count in &mut self.counts {
            let here = *count;
            *count = sum;
            sum += here;
            if here > 0 {
                self.starts.push(sum as usize);
            }
        }
        self.order.resize(part.len(), 0);
        for (element, code) in part.iter().zip(&self.codes) {
            let slot = &mut self.counts[*code as usize];
            self.order[*slot as usize] = *element;
            *slot += 1;
        }
        self.counts.fill(0);
    }
}

#[cfg(test)]
pub fn example(rows: &[Vec<u32>], largest: usize) -> Vec<(Vec<usize>, Vec<u32>)> {
    let mut counts: BTreeMap<&Vec<u32>, u64> = BTreeMap::new();
    rows.iter()
        .for_each(|row| *counts.entry(row).or_insert(0) += 1);
    let column = |attribute: usize| counts.keys().map(|row| row[attribute]).collect();
    let records: Vec<u64> = counts.values().copied().collect();
    let combinations = Combinations {
        codes: (0..rows[0].len()).map(column).collect(),
        capacity: vec![16; rows[0].len()],
        persons: records.clone(),
        records,
        members: None,
    };
    minimal_uniques(&combinations, largest)
}
