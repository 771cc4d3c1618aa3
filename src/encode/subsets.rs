//! The equivalence classes of every subset of the attributes, without building any of them anew.
//!
//! The distinct tuples, with their rows, are parted by one attribute after the other, depth first, the
//! most separating attributes first: the parts of a subset are refined to those of each larger one. A
//! part that no attribute can split, or that stands for one person, is settled and left out from there
//! on. Where a person has several rows, persons are counted in a second walk over the distinct (person,
//! tuple) pairs.
//! The last attribute of a subset orders nothing: what it parts is only counted, code by code.
//!
//! Time: subsets × unsettled tuples. Memory: 4 bytes a tuple, for each attribute and for each
//! attribute of the subset at hand, a thread; and for each attribute the codes once more, in the narrowest integers
//! that hold them.

use std::collections::HashMap;

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
    /// Adds an element to a part of which only the size is sought. They come in ascending order.
    fn weigh(&self, tally: &mut Tally, element: u32);
    /// Whose a part of size one with this element is, where the same may be alone in several parts.
    fn alone(&self, element: u32) -> Alone;
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
    /// Whether each is one row: then nothing has to be looked up.
    one_each: bool,
    /// Whether it is kept of each subset which combinations are one row.
    keeps_alone: bool,
}

impl<'a> Records<'a> {
    fn new(of: &'a Combinations) -> Self {
        Self {
            of,
            one_each: of.records.iter().all(|records| *records == 1),
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
        if self.one_each {
            return part.len() as u64;
        }
        let records = part.iter().map(|tuple| self.of.records[*tuple as usize]);
        records.sum()
    }

    fn is_settled(&self, part: &[u32], _: u64) -> bool {
        part.len() == 1
    }

    fn weigh(&self, tally: &mut Tally, element: u32) {
        tally.size += match self.one_each {
            true => 1,
            false => self.of.records[element as usize],
        };
        tally.last = element;
    }

    fn alone(&self, element: u32) -> Alone {
        match self.keeps_alone {
            true => Alone::One(element),
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

/// Of each subset those who are alone by it and by none of its subsets, in the order of their attributes: those of fewer
/// than 64.
pub fn minimal(mut alone: Vec<(Vec<usize>, Bits)>) -> Vec<(Vec<usize>, Vec<u32>)> {
    alone.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let mask = |attributes: &[usize]| attributes.iter().fold(0u64, |mask, at| mask | 1 << at);
    let of: HashMap<u64, &Bits, foldhash::fast::FixedState> = alone
        .iter()
        .map(|(attributes, bits)| (mask(attributes), bits))
        .collect();
    let minimal = |(attributes, here): &(Vec<usize>, Bits)| {
        let mut left = here.clone();
        if attributes.len() > 1 {
            let all = mask(attributes);
            for at in attributes {
                let already = of[&(all & !(1 << at))].iter();
                left.iter_mut()
                    .zip(already)
                    .for_each(|(left, already)| *left &= !already);
            }
        }
        let mut classes = Vec::new();
        for (mut word, at) in left.into_iter().zip(0u32..) {
            while word != 0 {
                classes.push(at * 64 + word.trailing_zeros());
                word &= word - 1;
            }
        }
        (attributes.clone(), classes)
    };
    let minimal = alone.par_iter().map(minimal);
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

    fn weigh(&self, tally: &mut Tally, element: u32) {
        let person = |element: u32| self.person[element as usize];
        if tally.size == 0 || person(tally.last) != person(element) {
            tally.size += 1;
        }
        tally.last = element;
    }

    fn alone(&self, element: u32) -> Alone {
        match self.keeps_alone {
            true => Alone::Elements,
            false => Alone::One(self.person[element as usize]),
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

/// What parts contribute by their sizes.
#[derive(Clone, Copy)]
struct Sizes {
    classes: u64,
    squares: u128,
    smallest: u64,
}

/// What the settled parts contribute.
#[derive(Clone)]
struct Settled {
    sizes: Sizes,
    unique: u64,
    /// A bit for each person who is alone in a part.
    alone: Vec<u64>,
}

impl Sizes {
    fn count(&mut self, size: u64) {
        self.classes += 1;
        self.squares += u128::from(size) * u128::from(size);
        self.smallest = self.smallest.min(size);
    }
}

impl Settled {
    /// A part that is left out from here on.
    fn settle(&mut self, part: &[u32], size: u64, alone: impl Fn(u32) -> Alone) {
        self.sizes.count(size);
        if size > 1 {
            return;
        }
        match alone(part[0]) {
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

/// The codes of the elements in one attribute, in the narrowest integers: they are read in no order, and narrow ones
/// stay in the cache.
enum Codes {
    Bytes(Vec<u8>),
    Pairs(Vec<u16>),
    Words(Vec<u32>),
}

impl Codes {
    fn new(population: &impl Population, attribute: usize) -> Self {
        let codes = (0..population.len() as u32).map(|at| population.code(attribute, at));
        match population.capacity(attribute) {
            ..=0x100 => Self::Bytes(codes.map(|code| code as u8).collect()),
            0x101..=0x1_0000 => Self::Pairs(codes.map(|code| code as u16).collect()),
            _ => Self::Words(codes.collect()),
        }
    }
}

/// The size of a part so far, and its last element.
#[derive(Default, Clone, Copy)]
struct Tally {
    size: u64,
    last: u32,
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
        sizes: Sizes {
            classes: 0,
            squares: 0,
            smallest: u64::MAX,
        },
        unique: 0,
        alone: vec![0; population.persons().div_ceil(64)],
    };
    let all = Parts {
        order: (0..population.len() as u32).collect(),
        starts: vec![0, population.len() as u32],
    };
    let order = separating_first(population, known);
    let walk = Walk {
        population,
        codes: order
            .par_iter()
            .map(|attribute| Codes::new(population, *attribute))
            .collect(),
        capacities: order
            .iter()
            .map(|attribute| population.capacity(*attribute))
            .collect(),
        largest,
    };
    let mut subsets = walk.deeper(&all, &settled, &[], 0);
    for (subset, _) in &mut subsets {
        let attributes = subset.attributes.iter_mut();
        attributes.for_each(|at| *at = order[*at]);
        subset.attributes.sort_unstable();
    }
    subsets.sort_by(|(a, _), (b, _)| {
        let sizes = a.attributes.len().cmp(&b.attributes.len());
        sizes.then_with(|| a.attributes.cmp(&b.attributes))
    });
    subsets
}

/// The attributes by which the fewest pairs of elements agree first: the more subsets begin with an attribute, the sooner
/// it settles what it parts.
fn separating_first(population: &impl Population, known: usize) -> Vec<usize> {
    let agreeing = |attribute: &usize| {
        let mut counts = vec![0u64; population.capacity(*attribute)];
        for element in 0..population.len() as u32 {
            counts[population.code(*attribute, element) as usize] += 1;
        }
        let squares = counts.into_iter().map(|count| u128::from(count).pow(2));
        squares.sum::<u128>()
    };
    let mut order: Vec<usize> = (0..known).collect();
    order.sort_by_cached_key(agreeing);
    order
}

/// Attributes are counted from the most separating one.
struct Walk<'a, P> {
    population: &'a P,
    /// One an attribute.
    codes: Vec<Codes>,
    /// Codes of each attribute are below this.
    capacities: Vec<usize>,
    largest: usize,
}

/// Subsets of so many attributes are gone through by one thread each, with all that begin with them, where few elements
/// are left.
const DEEP: usize = 6;
const FEW_ELEMENTS: usize = 4096;
/// Codes for which a tally each stays in the cache.
const NEAR: usize = 2048;

impl<P: Population> Walk<'_, P> {
    /// Every subset that begins with `attributes` and goes on from attribute `next`.
    fn deeper(
        &self,
        parts: &Parts,
        settled: &Settled,
        attributes: &[usize],
        next: usize,
    ) -> Vec<(Subset, Bits)> {
        let each = next..self.codes.len();
        let with = |attribute| self.with(parts, settled, attributes, attribute);
        if attributes.len() >= DEEP && parts.order.len() < FEW_ELEMENTS {
            return each.flat_map(with).collect();
        }
        let each = each.into_par_iter().with_max_len(1);
        each.flat_map_iter(with).collect()
    }

    /// Every subset that begins with `attributes` and `attribute`.
    fn with(
        &self,
        parts: &Parts,
        settled: &Settled,
        attributes: &[usize],
        attribute: usize,
    ) -> Vec<(Subset, Bits)> {
        let attributes = [attributes, &[attribute]].concat();
        let goes_on = attributes.len() < self.largest && attribute + 1 < self.codes.len();
        let mut settled = settled.clone();
        let (finer, sizes) = match (&self.codes[attribute], goes_on) {
            (Codes::Bytes(codes), true) => self.part(parts, codes, attribute, &mut settled),
            (Codes::Pairs(codes), true) => self.part(parts, codes, attribute, &mut settled),
            (Codes::Words(codes), true) => self.part(parts, codes, attribute, &mut settled),
            (Codes::Bytes(codes), false) => self.count(parts, codes, attribute, &mut settled),
            (Codes::Pairs(codes), false) => self.count(parts, codes, attribute, &mut settled),
            (Codes::Words(codes), false) => self.count(parts, codes, attribute, &mut settled),
        };
        let subset = Subset {
            classes: sizes.classes,
            squares: sizes.squares,
            smallest: sizes.smallest,
            unique_persons: settled.unique,
            attributes,
        };
        let deeper = match goes_on {
            true => self.deeper(&finer, &settled, &subset.attributes, attribute + 1),
            false => Vec::new(),
        };
        let kept = match self.population.keeps_alone() {
            true => settled.alone,
            false => Vec::new(),
        };
        let mut subsets = vec![(subset, kept)];
        subsets.extend(deeper);
        subsets
    }

    /// Splits every part by an attribute; settled parts go to `settled`, the others are returned, and what all
    /// contribute by their sizes.
    fn part<C: Copy + Into<u32>>(
        &self,
        parts: &Parts,
        codes: &[C],
        attribute: usize,
        settled: &mut Settled,
    ) -> (Parts, Sizes) {
        let population = self.population;
        let mut finer = Parts {
            order: Vec::with_capacity(parts.order.len()),
            starts: vec![0],
        };
        let mut unsettled = Vec::new();
        let mut split = Split {
            capacity: self.capacities[attribute],
            ..Split::default()
        };
        for bounds in parts.starts.windows(2) {
            let part = &parts.order[bounds[0] as usize..bounds[1] as usize];
            split.by(part, |element| codes[element as usize].into());
            for bounds in split.starts.windows(2) {
                let part = &split.order[bounds[0]..bounds[1]];
                let size = population.size(part);
                if population.is_settled(part, size) {
                    settled.settle(part, size, |element| population.alone(element));
                    continue;
                }
                unsettled.push(size);
                finer.order.extend_from_slice(part);
                finer.starts.push(finer.order.len() as u32);
            }
        }
        let mut sizes = settled.sizes;
        unsettled.into_iter().for_each(|size| sizes.count(size));
        (finer, sizes)
    }

    /// As [`Self::part`] where nothing is split any further: parts are counted, and none is returned.
    fn count<C: Copy + Into<u32>>(
        &self,
        parts: &Parts,
        codes: &[C],
        attribute: usize,
        settled: &mut Settled,
    ) -> (Parts, Sizes) {
        let population = self.population;
        let capacity = self.capacities[attribute];
        let code = |element: u32| -> u32 { codes[element as usize].into() };
        let mut tallies: Vec<Tally> = Vec::new();
        let mut seen: Vec<u32> = Vec::new();
        let mut split = Split {
            capacity,
            ..Split::default()
        };
        for bounds in parts.starts.windows(2) {
            let part = &parts.order[bounds[0] as usize..bounds[1] as usize];
            if capacity > NEAR && part.len() * 4 < capacity {
                split.by(part, code);
                for bounds in split.starts.windows(2) {
                    let part = &split.order[bounds[0]..bounds[1]];
                    let size = population.size(part);
                    settled.settle(part, size, |element| population.alone(element));
                }
                continue;
            }
            if tallies.is_empty() {
                tallies.resize(capacity, Tally::default());
            }
            for element in part {
                let code = code(*element);
                let tally = &mut tallies[code as usize];
                if tally.size == 0 {
                    seen.push(code);
                }
                population.weigh(tally, *element);
            }
            let mut by_element = false;
            for code in &seen {
                let tally = tallies[*code as usize];
                settled.sizes.count(tally.size);
                if tally.size == 1 {
                    match population.alone(tally.last) {
                        Alone::Counted => settled.unique += 1,
                        Alone::One(person) => settled.note(person),
                        Alone::Elements => by_element = true,
                    }
                }
            }
            if by_element {
                let alone = |element: &&u32| tallies[code(**element) as usize].size == 1;
                let alone = part.iter().filter(alone);
                alone.for_each(|element| settled.note(*element));
            }
            for code in seen.drain(..) {
                tallies[code as usize] = Tally::default();
            }
        }
        let none = Parts {
            order: Vec::new(),
            starts: vec![0],
        };
        (none, settled.sizes)
    }
}

/// One part split by the codes of its elements, which keep their order.
#[derive(Default)]
struct Split {
    order: Vec<u32>,
    starts: Vec<usize>,
    /// Codes are below this.
    capacity: usize,
    /// One a code; all zero between two splits.
    counts: Vec<u32>,
    /// Codes, each with its element below it.
    pairs: Vec<u64>,
    /// The code of each element.
    codes: Vec<u32>,
}

impl Split {
    fn by(&mut self, part: &[u32], code: impl Fn(u32) -> u32) {
        self.order.clear();
        self.starts.clear();
        self.starts.push(0);
        if let [one, other] = *part {
            self.order.extend([one, other]);
            if code(one) != code(other) {
                self.starts.push(1);
            }
            self.starts.push(2);
            return;
        }
        if part.len() * 4 < self.capacity || part.len() < 24 {
            let pair = |element: &u32| u64::from(code(*element)) << 32 | u64::from(*element);
            self.pairs.clear();
            self.pairs.extend(part.iter().map(pair));
            // Elements ascend within a part: sorting the pairs keeps their order.
            self.pairs.sort_unstable();
            for (at, pair) in self.pairs.iter().enumerate() {
                if at > 0 && pair >> 32 != self.pairs[at - 1] >> 32 {
                    self.starts.push(at);
                }
                self.order.push(*pair as u32);
            }
            self.starts.push(part.len());
            return;
        }
        self.counts.resize(self.capacity, 0);
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
    let mut counts = std::collections::BTreeMap::<&Vec<u32>, u64>::new();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Draws;
    use std::collections::{BTreeMap, BTreeSet};

    const CAPACITY: [usize; 5] = [2, 7, 300, 70_000, 3_000];

    /// Distinct tuples of five attributes, of one row each or of up to three: codes of one, two and four bytes.
    fn tuples(distinct: usize, several: bool) -> Combinations {
        let mut trial = Draws::new(7, "subsets", "").trial(u64::from(several));
        let mut draw = |below: usize| trial.below(below as u64) as u32;
        let mut tuples = BTreeMap::new();
        while tuples.len() < distinct {
            // Few values of each, so that parts of all sizes are left.
            let tuple: Vec<u32> = CAPACITY
                .iter()
                .zip([2, 7, 5, 30, 90])
                .map(|(capacity, values)| draw(values) * (capacity / values) as u32)
                .collect();
            let rows = if several { 1 + draw(3) } else { 1 };
            tuples.insert(tuple, u64::from(rows));
        }
        let codes = |at: usize| tuples.keys().map(|tuple| tuple[at]).collect();
        let records: Vec<u64> = tuples.values().copied().collect();
        Combinations {
            codes: (0..CAPACITY.len()).map(codes).collect(),
            capacity: CAPACITY.to_vec(),
            persons: records.clone(),
            records,
            members: None,
        }
    }

    /// The same by the values of every tuple, subset by subset; with who is alone in each class, by `whose`.
    fn plain(
        combinations: &Combinations,
        elements: &[u32],
        size: impl Fn(&[usize]) -> u64,
        alone: impl Fn(&[usize]) -> Vec<u32>,
        largest: usize,
    ) -> Vec<(Subset, BTreeSet<u32>)> {
        let mut all = Vec::new();
        for mask in 1u32..1 << CAPACITY.len() {
            let attributes: Vec<usize> = (0..CAPACITY.len())
                .filter(|at| mask >> at & 1 == 1)
                .collect();
            if attributes.len() > largest {
                continue;
            }
            let mut classes: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
            for (at, tuple) in elements.iter().enumerate() {
                let code = |a: &usize| combinations.codes[*a][*tuple as usize];
                let values = attributes.iter().map(code).collect();
                classes.entry(values).or_default().push(at);
            }
            let sizes: Vec<u64> = classes.values().map(|class| size(class)).collect();
            let unique = classes.values().filter(|class| size(class) == 1);
            let unique: Vec<u32> = unique.flat_map(|class| alone(class)).collect();
            let distinct: BTreeSet<u32> = unique.into_iter().collect();
            let subset = Subset {
                attributes,
                classes: sizes.len() as u64,
                squares: sizes.iter().map(|size| u128::from(size * size)).sum(),
                smallest: sizes.into_iter().min().unwrap(),
                unique_persons: distinct.len() as u64,
            };
            all.push((subset, distinct));
        }
        all.sort_by_key(|(subset, _)| (subset.attributes.len(), subset.attributes.clone()));
        all
    }

    fn set(bits: &Bits) -> BTreeSet<u32> {
        let at = (0u32..64 * bits.len() as u32)
            .filter(|at| bits[*at as usize / 64] >> (at % 64) & 1 == 1);
        at.collect()
    }

    #[test]
    fn rows_are_parted_as_by_their_values() {
        for several in [false, true] {
            let combinations = tuples(3_000, several);
            let elements: Vec<u32> = (0..3_000).collect();
            let size = |class: &[usize]| class.iter().map(|at| combinations.records[*at]).sum();
            let alone = |class: &[usize]| vec![class[0] as u32];
            for largest in [1, 3, 5] {
                let expected = plain(&combinations, &elements, size, alone, largest);
                for keeps_alone in [false, true] {
                    let records = Records {
                        keeps_alone,
                        ..Records::new(&combinations)
                    };
                    let found = walk(&records, CAPACITY.len(), largest);
                    assert_eq!(found.len(), expected.len());
                    for ((subset, bits), (expected, who)) in found.iter().zip(&expected) {
                        assert_eq!(subset, expected);
                        assert!(!keeps_alone || set(bits) == *who);
                    }
                }
            }
        }
    }

    #[test]
    fn rows_of_persons_are_parted_as_by_their_values() {
        let combinations = tuples(500, false);
        let mut trial = Draws::new(8, "subsets", "").trial(0);
        let mut pairs = BTreeSet::new();
        while pairs.len() < 1_500 {
            pairs.insert((trial.below(600) as u32, trial.below(500) as u32));
        }
        let (person, tuple): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
        let size = |class: &[usize]| {
            let persons: BTreeSet<u32> = class.iter().map(|at| person[*at]).collect();
            persons.len() as u64
        };
        for (keeps_alone, largest) in [(false, 5), (false, 2), (true, 5), (true, 3)] {
            let alone = |class: &[usize]| match keeps_alone {
                true => class.iter().map(|at| *at as u32).collect(),
                false => vec![person[class[0]]],
            };
            let members = Members {
                person: person.clone(),
                tuple: tuple.clone(),
                combinations: &combinations,
                persons: 600,
                keeps_alone,
            };
            let found = walk(&members, CAPACITY.len(), largest);
            let expected = plain(&combinations, &tuple, size, alone, largest);
            assert_eq!(found.len(), expected.len());
            for ((subset, bits), (expected, who)) in found.iter().zip(&expected) {
                assert_eq!(subset, expected);
                assert!(!keeps_alone || set(bits) == *who);
            }
        }
    }
}
