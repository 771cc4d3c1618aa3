//! The margins that two tables of counts have in common: whoever is counted by area and sex in the one and by area and
//! age in the other is counted by area in both.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::flows::{Dimension, Flows};
use super::projection::Times;

/// A dimension that two tables have in common.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Its place among the dimensions of the first table and among those of the second.
    pub dimensions: [usize; 2],
    /// Where it is their time: what its values are in the first and in the second.
    pub time: Option<Times>,
}

/// One margin of a table: the sum of its cells over all that the other table does not tell apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Margin {
    /// Persons in the cells whose counts are published, at least and at most, and how many cells these are.
    pub least: u64,
    pub most: u64,
    pub published: u64,
    /// The keys of the cells whose counts were left out.
    pub unknown: Vec<u64>,
    /// Whether there may be further cells, too many to be listed.
    pub is_open: bool,
}

impl Margin {
    pub fn is_known(&self) -> bool {
        self.unknown.is_empty() && !self.is_open
    }

    /// The most persons that it can hold; `None` where nothing bounds it.
    pub fn bound(&self) -> Option<u64> {
        self.is_known().then_some(self.most)
    }
}

/// The margins that both tables have, each as the first and as the second tells it.
pub struct Margins {
    pub pairs: Vec<[Margin; 2]>,
    /// Whether it is the total alone, of all persons.
    pub is_total: bool,
}

/// Absent cells that are listed, at most.
const MOST_ABSENT: u64 = 2_000_000;

/// The logarithm of one million.
const MILLION: f64 = 13.815_510_557_964_274;

/// What the codes of one side of a pair are in both.
type Joint = Vec<Option<u32>>;

impl Margins {
    /// Tables without a dimension in common have one margin, all of their persons. `absent` says of each table whether
    /// cells that it does not have were left out. `None` where the margins cannot be told.
    pub fn new(flows: [&Flows; 2], shared: &[Pair], absent: [bool; 2]) -> Option<Self> {
        if flows.iter().any(|flows| flows.repeated > 0) {
            return None;
        }
        let mut joints: [Vec<(usize, Joint)>; 2] = [Vec::new(), Vec::new()];
        let mut sizes = Vec::new();
        for pair in shared {
            let [one, other] = [0, 1].map(|side| &flows[side].dimensions[pair.dimensions[side]]);
            let (size, joint) = joined(one, other, pair.time)?;
            sizes.push(size);
            let [mine, theirs] = joint;
            joints[0].push((pair.dimensions[0], mine));
            joints[1].push((pair.dimensions[1], theirs));
        }
        sizes.iter().try_fold(1u64, |all, size| {
            all.checked_mul(*size).filter(|all| *all < 1 << 62)
        })?;
        let [mine, theirs] = [0, 1].map(|side| Side::new(flows[side], &joints[side], &sizes));
        let (mut mine, mut theirs) = (mine?.cells(), theirs?.cells());
        mine.retain(|key, _| theirs.contains_key(key));
        theirs.retain(|key, _| mine.contains_key(key));
        let sides = [(mine, absent[0]), (theirs, absent[1])];
        let mut budget = MOST_ABSENT;
        let mut tell = |side: usize| -> Option<Vec<Margin>> {
            let (cells, absent) = &sides[side];
            let of = Side::new(flows[side], &joints[side], &sizes)?;
            let margins = cells.iter();
            Some(
                margins
                    .map(|(key, cells)| of.margin(*key, cells, *absent, &mut budget))
                    .collect(),
            )
        };
        let (mine, theirs) = (tell(0)?, tell(1)?);
        let pairs = mine.into_iter().zip(theirs);
        Some(Self {
            pairs: pairs.map(|(mine, theirs)| [mine, theirs]).collect(),
            is_total: shared.is_empty(),
        })
    }

    /// Margins of which the two tables cannot tell the same persons.
    pub fn unequal(&self) -> u64 {
        let apart = |[mine, theirs]: &&[Margin; 2]| exceeds(mine, theirs) || exceeds(theirs, mine);
        self.pairs.iter().filter(apart).count() as u64
    }

    /// Margins of which the first table tells more persons than the second.
    pub fn exceeding(&self) -> u64 {
        let more = |[mine, theirs]: &&[Margin; 2]| exceeds(mine, theirs);
        self.pairs.iter().filter(more).count() as u64
    }

    /// Margins of persons that both tables tell whole, and of which they may tell the same number.
    pub fn equal(&self) -> u64 {
        let alike = |[mine, theirs]: &&[Margin; 2]| {
            let told = mine.is_known() && theirs.is_known() && mine.most > 0;
            told && !exceeds(mine, theirs) && !exceeds(theirs, mine)
        };
        self.pairs.iter().filter(alike).count() as u64
    }

    /// Whether the tables are seen to count the same persons: all but a share of the margins that both tell whole
    /// are the same, and that would be so of others once in a million times at most.
    pub fn agree(&self, most_against: f64) -> bool {
        let known = self.known() as f64;
        self.unequal() as f64 <= most_against * known && self.evidence() > MILLION
    }

    /// Whether the tables are seen to count the same persons once absent cells are taken for left out: all margins that
    /// have none are the same, which would be so of others once in a million times at most, and no other is told by
    /// more than the other table tells.
    pub fn differ_by_absent(&self, left_out: &Self, most_against: f64) -> bool {
        let pairs = self.pairs.iter().zip(&left_out.pairs);
        let full = pairs.filter(|(told, with)| told == with);
        let full = Self {
            pairs: full.map(|(told, _)| told.clone()).collect(),
            is_total: self.is_total,
        };
        full.agree(most_against)
            && left_out.unequal() as f64 <= most_against * left_out.pairs.len() as f64
    }

    /// Whether one table tells all that both count and the other lacks no more than a share of it in its unknown cells:
    /// few tables of other persons come as close.
    pub fn complete(&self, most_lacking: f64) -> bool {
        let of_whole = |whole: &Margin, part: &Margin| {
            let is_short = whole.is_known() && !part.is_known() && !part.is_open;
            let lacking = whole.most.checked_sub(part.least);
            let few = |lacking: u64| lacking as f64 <= most_lacking * whole.most as f64;
            is_short && part.published > 0 && lacking.is_some_and(few)
        };
        let completes =
            |[mine, theirs]: &[Margin; 2]| of_whole(mine, theirs) || of_whole(theirs, mine);
        !self.pairs.is_empty() && self.pairs.iter().all(completes)
    }

    /// The logarithm of one over the chance that margins of others would be the same: of a margin of n persons told to
    /// within w by both together it is (w + 1) / (n + 1).
    fn evidence(&self) -> f64 {
        let pairs = self.pairs.iter();
        let alike = pairs.filter(|[mine, theirs]| {
            let told = mine.is_known() && theirs.is_known();
            told && !exceeds(mine, theirs) && !exceeds(theirs, mine)
        });
        let evidence = alike.map(|[mine, theirs]| {
            let width = (mine.most - mine.least) + (theirs.most - theirs.least);
            let most = mine.most.max(theirs.most);
            ((most + 1) as f64 / (width + 1) as f64).ln().max(0.0)
        });
        evidence.sum()
    }

    /// Whether one table tells no margin of more persons than the other and, of those that both tell whole, 20 or more,
    /// nine in ten of nearly as many: it may count a part of the same persons.
    pub fn is_nearly(&self, side: usize, most_lacking: f64) -> bool {
        let pairs = || self.pairs.iter().map(|pair| (&pair[side], &pair[1 - side]));
        let (mut near, mut all) = (0u64, 0u64);
        for (part, whole) in pairs().filter(|(part, whole)| part.is_known() && whole.is_known()) {
            let lacking = whole.most.saturating_sub(part.least) as f64;
            near += u64::from(lacking <= most_lacking * whole.most as f64);
            all += 1;
        }
        let exceeding = pairs().any(|(part, whole)| exceeds(part, whole));
        !exceeding && all >= 20 && near * 10 >= all * 9
    }

    /// Margins that both tables tell whole.
    pub fn known(&self) -> u64 {
        let known = |[mine, theirs]: &&[Margin; 2]| mine.is_known() && theirs.is_known();
        self.pairs.iter().filter(known).count() as u64
    }
}

/// Whether one margin surely holds more persons than another.
fn exceeds(one: &Margin, other: &Margin) -> bool {
    other.bound().is_some_and(|most| one.least > most)
}

/// How many values two dimensions have in common, and which of them each code of either is.
fn joined(one: &Dimension, other: &Dimension, time: Option<Times>) -> Option<(u64, [Joint; 2])> {
    let own = |values: usize| -> Joint { (0..values as u32).map(Some).collect() };
    let covers = one.cover.is_some() || other.cover.is_some();
    if let (Some(time), false) = (time, covers) {
        if let Some(codes) = time.coarsened(&one.values, &other.values) {
            return Some((one.values.len() as u64, [own(one.values.len()), codes]));
        }
        let codes = time.turned().coarsened(&other.values, &one.values)?;
        return Some((other.values.len() as u64, [codes, own(other.values.len())]));
    }
    if time.is_some_and(|time| time.windows[0] != time.windows[1]) {
        return None;
    }
    let codes = other.values.codes_in(&one.values);
    Some((one.values.len() as u64, [own(one.values.len()), codes]))
}

/// Which codes of a dimension make up a margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Summed {
    /// The one that stands for all others.
    Total(u32),
    /// All that stand for no others.
    Parts,
}

/// A table and what of it is summed up.
struct Side<'a> {
    flows: &'a Flows,
    shared: &'a [(usize, Joint)],
    sizes: &'a [u64],
    /// The dimensions that are summed over.
    summed: Vec<(usize, Summed)>,
}

impl<'a> Side<'a> {
    /// `None` where cells overlap over which sums would have to be taken.
    fn new(flows: &'a Flows, shared: &'a [(usize, Joint)], sizes: &'a [u64]) -> Option<Self> {
        let is_shared = |at: &usize| shared.iter().any(|(dimension, _)| dimension == at);
        let rest = (0..flows.dimensions.len()).filter(|at| !is_shared(at));
        let mut summed = Vec::new();
        for at in rest {
            let dimension = &flows.dimensions[at];
            if dimension.cover.is_some() {
                return None;
            }
            let how = dimension.top().map_or(Summed::Parts, Summed::Total);
            summed.push((at, how));
        }
        Some(Self {
            flows,
            shared,
            sizes,
            summed,
        })
    }

    fn key(&self, cell: u64) -> Option<u64> {
        let mut key = 0;
        for ((dimension, joint), size) in self.shared.iter().zip(self.sizes) {
            let code = joint[self.flows.code(*dimension, cell) as usize]?;
            key = key * size + u64::from(code);
        }
        Some(key)
    }

    /// Whether a cell is a total, as far as there are totals, and whether it is a part.
    fn is(&self, cell: u64) -> (bool, bool) {
        let (mut is_total, mut is_part) = (true, true);
        for (dimension, how) in &self.summed {
            let code = self.flows.code(*dimension, cell);
            let stands_for_others = self.flows.dimensions[*dimension].wholes[code as usize];
            is_part &= !stands_for_others;
            is_total &= match how {
                Summed::Total(total) => code == *total,
                Summed::Parts => !stands_for_others,
            };
        }
        (is_total, is_part)
    }

    /// The cells of each margin: its totals where it has some, else its parts.
    fn cells(&self) -> BTreeMap<u64, Vec<u64>> {
        let has_totals = (self.summed.iter()).any(|(_, how)| matches!(how, Summed::Total(_)));
        let cells = self.flows.cells().filter_map(|(cell, _)| {
            let (is_total, is_part) = self.is(cell);
            (is_total || is_part)
                .then(|| Some((self.key(cell)?, is_part && !(is_total && has_totals), cell)))?
        });
        let mut cells: Vec<(u64, bool, u64)> = cells.collect();
        cells.par_sort_unstable();
        let margins = cells.chunk_by(|a, b| a.0 == b.0).map(|cells| {
            // Totals stand first.
            let first = cells[0].1;
            let told = cells.iter().take_while(|cell| cell.1 == first);
            (cells[0].0, told.map(|cell| cell.2).collect())
        });
        margins.collect()
    }

    fn margin(&self, key: u64, cells: &[u64], absent: bool, budget: &mut u64) -> Margin {
        let mut margin = Margin::default();
        for cell in cells {
            let at = self.flows.find(*cell).expect("it is one of them");
            let count = self.flows.count(at);
            match count.is_suppressed() {
                true => margin.unknown.push(*cell),
                false => {
                    margin.least += count.least;
                    margin.most = margin.most.saturating_add(count.most);
                    margin.published += 1;
                }
            }
        }
        if absent {
            self.absent(key, cells, &mut margin, budget);
        }
        margin
    }

    /// Adds the cells that were left out without a row.
    fn absent(&self, mut key: u64, cells: &[u64], margin: &mut Margin, budget: &mut u64) {
        let of_totals = self.is(cells[0]).0;
        let mut choices: Vec<(usize, Vec<u32>)> = Vec::new();
        for ((dimension, joint), size) in self.shared.iter().zip(self.sizes).rev() {
            let code = Some((key % size) as u32);
            key /= size;
            let codes = (0..joint.len() as u32).filter(|at| joint[*at as usize] == code);
            choices.push((*dimension, codes.collect()));
        }
        for (dimension, how) in &self.summed {
            let codes = match how {
                Summed::Total(total) if of_totals => vec![*total],
                _ => {
                    let wholes = &self.flows.dimensions[*dimension].wholes;
                    (0..wholes.len() as u32)
                        .filter(|code| !wholes[*code as usize])
                        .collect()
                }
            };
            choices.push((*dimension, codes));
        }
        let possible = choices.iter();
        let possible = possible.fold(1u64, |all, (_, codes)| {
            all.saturating_mul(codes.len() as u64)
        });
        if possible > *budget {
            margin.is_open |= possible > cells.len() as u64;
            return;
        }
        *budget -= possible;
        let mut keys = vec![0u64];
        for (dimension, codes) in &choices {
            let with = |key: &u64| {
                let key = *key;
                (codes.iter()).map(move |code| key + self.flows.addend(*dimension, *code))
            };
            keys = keys.iter().flat_map(with).collect();
        }
        let missing = keys
            .into_iter()
            .filter(|key| self.flows.find(*key).is_none());
        margin.unknown.extend(missing);
    }
}

#[cfg(test)]
mod tests {
    use super::super::flows::Dimension;
    use super::super::flows::tests::table;
    use super::*;

    fn pair(one: usize, other: usize) -> Pair {
        Pair {
            dimensions: [one, other],
            time: None,
        }
    }

    #[test]
    fn areas_that_both_tables_tell() {
        // By area and sex, one count left out; by area and age.
        let by_sex = table(
            &[("area", &["A", "B"]), ("sex", &["f", "m"])],
            &[(&[0, 0], 30.0), (&[0, 1], f64::NAN), (&[1, 0], 20.0)],
            &[],
        );
        let by_age = table(
            &[("age", &["old", "young"]), ("area", &["A", "B", "C"])],
            &[
                (&[0, 0], 25.0),
                (&[1, 0], 15.0),
                (&[1, 1], 20.0),
                (&[0, 2], 9.0),
            ],
            &[],
        );
        let margins = |absent| Margins::new([&by_sex, &by_age], &[pair(0, 1)], absent).unwrap();
        let both = margins([false, false]).pairs;
        assert_eq!(both.len(), 2, "C is told by one alone");
        assert_eq!((both[0][0].least, both[0][0].unknown.len()), (30, 1));
        assert_eq!((both[0][1].least, both[0][1].published), (40, 2));
        assert!(both[1][0].is_known() && both[1][1].is_known());
        let left_out = margins([true, false]).pairs;
        // B has a second sex that was left out.
        assert_eq!(left_out[1][0].unknown, [by_sex.key_of(&[1, 1])]);
        assert_eq!(margins([true, false]).unequal(), 0);
        assert_eq!(margins([false, false]).equal(), 1);
    }

    #[test]
    fn tables_with_nothing_else_in_common_have_one_total() {
        let areas = |left_out: f64| {
            table(
                &[("area", &["A", "B", "C"])],
                &[(&[0], 60.0), (&[1], left_out), (&[2], 36.0)],
                &[],
            )
        };
        let sexes = table(&[("sex", &["f", "m"])], &[(&[0], 45.0), (&[1], 55.0)], &[]);
        let margins = |areas: &Flows| Margins::new([areas, &sexes], &[], [false; 2]).unwrap();
        let short = margins(&areas(f64::NAN));
        assert_eq!(
            (short.pairs[0][0].least, short.pairs[0][1].least),
            (96, 100)
        );
        assert!(short.complete(0.04) && !short.complete(0.03));
        // What is told whole by both leaves nothing open.
        assert!(!margins(&areas(4.0)).complete(0.1));
        assert!(!margins(&areas(5.0)).complete(0.1));
        let none = Margins {
            pairs: Vec::new(),
            is_total: false,
        };
        assert!(!none.complete(0.1));
    }

    #[test]
    fn totals_are_taken_where_they_are() {
        let mut totals = table(
            &[("area", &["A", "B"]), ("sex", &["all", "f", "m"])],
            &[
                (&[0, 0], 42.0),
                (&[0, 1], 40.0),
                (&[1, 1], 7.0),
                (&[1, 2], 8.0),
            ],
            &[],
        );
        let sexes = totals.dimensions[1].clone();
        totals.dimensions[1] = Dimension::new(sexes.name, sexes.values, Some("all"), None).unwrap();
        let areas = table(&[("area", &["A", "B"])], &[(&[0], 42.0), (&[1], 15.0)], &[]);
        let margins = Margins::new([&totals, &areas], &[pair(0, 0)], [false, false]).unwrap();
        let told: Vec<(u64, u64)> = (margins.pairs.iter())
            .map(|[mine, _]| (mine.least, mine.published))
            .collect();
        assert_eq!(told, [(42, 1), (15, 2)]);
        assert_eq!((margins.equal(), margins.unequal()), (2, 0));
    }
}
