//! Published counts by cell: a place, or an origin and a destination, a time, and whatever else is told apart.
//!
//! Memory: for each row 12 bytes while loading and 16 afterwards where the cells themselves are asked for, else
//! nothing but what is held once a distinct count.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::cover::Cover;
use super::intern::Values;
use super::layout::Layout;
use super::parts::parted;
use super::paths::{Refusal, labels};
use super::recoding::Recoding;
use super::traces::Rows;
use crate::language::Said;
use crate::release::Counting;
use crate::release::hierarchy::Levels;
use crate::said;

/// The cells of a table of flows.
#[derive(Debug)]
pub struct Flows {
    /// What a cell is, column by column.
    pub dimensions: Vec<Dimension>,
    /// The distinct published counts, suppressed ones first, then ascending.
    pub counts: Vec<Count>,
    layout: Layout,
    /// The key of each cell and its count, by ascending key; nothing where they were not asked for.
    cells: Vec<(u64, u32)>,
    /// Rows whose cell another row has as well.
    pub repeated: u64,
}

/// One of the columns that say what a cell is.
#[derive(Debug, Clone)]
pub struct Dimension {
    pub name: String,
    pub values: Values,
    /// For each code those whose cells hold its own as a part, the nearest first; nothing where no value stands
    /// for others.
    pub above: Vec<Vec<u32>>,
    /// Of each code whether it stands for others.
    pub wholes: Vec<bool>,
    /// What the codes cover, where some share a part of it and not all; nothing is `above` another then.
    pub cover: Option<Cover>,
}

impl Dimension {
    /// The value `total` stands for all others; `levels` say which values stand for which besides.
    ///
    /// # Errors
    /// No row has the total, or a value is not in the levels.
    pub fn new(
        name: String,
        values: Values,
        total: Option<&str>,
        levels: Option<&Levels>,
    ) -> Result<Self, Refusal> {
        let mut wholes = vec![false; values.len()];
        if total.is_none() && levels.is_none() {
            let above = Vec::new();
            return Ok(Self {
                name,
                values,
                above,
                wholes,
                cover: None,
            });
        }
        let labels = labels(&values);
        let codes: HashMap<&str, u32> = labels
            .iter()
            .zip(0..)
            .filter_map(|(label, code)| Some((label.as_deref()?, code)))
            .collect();
        let total = match total {
            None => None,
            Some(total) => Some(*codes.get(total).ok_or(Refusal::NoTotal)?),
        };
        let (mut above, mut unknown) = (Vec::with_capacity(labels.len()), Vec::new());
        for (label, code) in labels.iter().zip(0..) {
            let mut chain: Vec<u32> = Vec::new();
            if let (Some(levels), Some(label)) = (levels, label)
                && Some(code) != total
            {
                match levels.generalisations(label) {
                    None => unknown.push(code),
                    Some(names) => chain.extend(names.iter().filter_map(|name| codes.get(name))),
                }
            }
            if Some(code) != total {
                chain.retain(|code| Some(*code) != total);
                chain.extend(total);
            }
            above.push(chain);
        }
        for code in above.iter().flatten() {
            wholes[*code as usize] = true;
        }
        match unknown.is_empty() {
            true => Ok(Self {
                name,
                values,
                above,
                wholes,
                cover: None,
            }),
            false => Err(Refusal::Unknown(unknown)),
        }
    }

    /// Values that cover each other in part.
    pub fn covering(name: String, values: Values, cover: Cover) -> Self {
        Self {
            name,
            values,
            above: Vec::new(),
            wholes: cover.wholes(),
            cover: Some(cover),
        }
    }

    /// Whether some values stand for others.
    pub fn has_sums(&self) -> bool {
        self.wholes.contains(&true)
    }

    /// The codes that are not in a group and lie nearest below one of its cells. Whoever lies above another that is
    /// missing as well is counted in it.
    pub fn missing(&self, group: Group<'_>, whole: usize) -> Vec<u32> {
        let present = |code: u32| group.binary_search_by_key(&code, |(code, _)| *code).is_ok();
        let whole = group[whole].0;
        (0..self.values.len() as u32)
            .filter(|code| !self.wholes[*code as usize] && !present(*code))
            .filter(|code| {
                let mut chain = self.above[*code as usize].iter();
                chain.find(|code| present(**code)) == Some(&whole)
            })
            .collect()
    }

    /// The values as texts; nothing for null.
    pub fn labels(&self) -> Vec<Option<String>> {
        let labels = labels(&self.values).into_iter();
        labels.map(|label| label.map(Into::into)).collect()
    }

    /// The code that stands for all others.
    pub fn top(&self) -> Option<u32> {
        let above = self.above.iter().enumerate();
        // Of the total itself nothing is above.
        let mut tops = above.filter(|(_, above)| above.is_empty());
        let (top, _) = tops.next()?;
        let top = top as u32;
        let mut others = self.above.iter().enumerate();
        let under =
            |(code, above): (usize, &Vec<u32>)| code as u32 == top || above.last() == Some(&top);
        (tops.next().is_none() && others.all(under) && self.above.len() > 1).then_some(top)
    }
}

/// A published count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    /// As it was published; `None` where it was left out (null, or a zero that means so).
    pub published: Option<f64>,
    /// The persons it stands for, at least and at most; anything where it was left out.
    pub least: u64,
    pub most: u64,
    /// Whether a whole number of persons gives it, as counts were made.
    pub consistent: bool,
    /// Rows that publish it.
    pub rows: u64,
    /// Whether it was left out by publishing a zero in its place, so that it may be of nobody.
    pub as_zero: bool,
}

impl Count {
    fn new(published: f64, rows: u64, counting: &Counting, whole: bool) -> Self {
        let as_zero = published == 0.0 && counting.hides_zeros();
        if published.is_nan() || as_zero {
            return Self {
                published: None,
                least: 0,
                most: u64::MAX,
                consistent: true,
                rows,
                as_zero,
            };
        }
        let persons = counting.persons(published, whole);
        let near = (published / counting.extrapolation).max(0.0);
        let (least, most) = persons.unwrap_or((near.floor() as u64, near.ceil() as u64));
        Self {
            published: Some(published),
            least,
            most,
            consistent: persons.is_some(),
            rows,
            as_zero,
        }
    }

    pub fn is_suppressed(&self) -> bool {
        self.published.is_none()
    }

    pub fn is_zero(&self) -> bool {
        self.published == Some(0.0)
    }

    /// Whether persons are counted, and perhaps fewer than `k`.
    pub fn is_below(&self, k: u64) -> bool {
        !self.is_suppressed() && !self.is_zero() && self.least < k
    }
}

/// The distinct counts of a column of counts, by their codes in the order of values, with the rows of each.
pub fn counts(values: &[f64], rows: &[u64], counting: &Counting) -> Vec<Count> {
    let whole = values
        .iter()
        .all(|value| value.is_nan() || value.fract() == 0.0);
    let pairs = values.iter().zip(rows);
    pairs
        .map(|(value, rows)| Count::new(*value, *rows, counting, whole))
        .collect()
}

/// The distinct counts of cells, those left out first, then ascending; and which of them each cell has.
fn distinct(cells: &[(u64, f64)], counting: &Counting) -> (Vec<Count>, Vec<u32>) {
    // NaN, which stands for what was left out, is positive here and would come last.
    let order = |a: &f64, b: &f64| b.is_nan().cmp(&a.is_nan()).then(a.total_cmp(b));
    let mut values: Vec<f64> = cells
        .iter()
        .map(|(_, published)| *published + 0.0)
        .collect();
    values.sort_by(order);
    values.dedup_by(|a, b| order(a, b).is_eq());
    let mut rows = vec![0u64; values.len()];
    let of = cells.iter().map(|(_, published)| {
        let published = *published + 0.0;
        let at = values.binary_search_by(|value| order(value, &published));
        let at = at.expect("it is one of them");
        rows[at] += 1;
        at as u32
    });
    let of = of.collect();
    (self::counts(&values, &rows, counting), of)
}

/// Where the cells of flows stand among all.
pub enum Places<'a> {
    /// By their keys.
    Table(Vec<u32>),
    Sorted(&'a Flows),
}

impl Places<'_> {
    const NOWHERE: u32 = u32::MAX;

    pub fn find(&self, key: u64) -> Option<usize> {
        match self {
            Self::Table(places) => {
                let at = places[key as usize];
                (at != Self::NOWHERE).then_some(at as usize)
            }
            Self::Sorted(flows) => flows.find(key),
        }
    }
}

/// Cells that differ in one dimension alone: each one's code there and its count.
pub type Group<'a> = &'a [(u32, Count)];

impl Flows {
    /// `orders` and `count_order` bring the codes of each dimension and of the counts into the order of values.
    ///
    /// # Errors
    /// There are more possible cells than a number of 64 bits tells apart.
    pub fn build(
        rows: Vec<Rows>,
        dimensions: Vec<Dimension>,
        orders: &[Vec<u32>],
        count_order: &[u32],
        counts: Vec<Count>,
    ) -> Result<Self, Said> {
        let capacity = |dimension: &Dimension| dimension.values.len().max(1) as u32;
        let layout = Layout::new(dimensions.iter().map(capacity).collect());
        if layout.words() > 1 {
            return Err(said!(
                "its columns have too many values to tell all cells apart",
                "ihre Spalten haben zu viele Werte, um alle Zellen zu unterscheiden"
            ));
        }
        let all = rows.iter().map(|rows| rows.persons.len()).sum();
        let mut cells = vec![(0u64, 0u32); all];
        let lengths: Vec<usize> = rows.iter().map(|rows| rows.persons.len()).collect();
        let units = rows.into_iter().zip(parted(&mut cells, lengths));
        let units: Vec<(Rows, &mut [(u64, u32)])> = units.collect();
        // Each unit is freed as soon as its cells are written.
        units.into_par_iter().for_each(|(rows, cells)| {
            let from = Arc::clone(&rows.layout);
            let (mut out, mut cells) = ([0u64], cells.iter_mut());
            rows.for_each(|key, count| {
                from.translate(key, orders, &layout, &mut out);
                *cells.next().expect("one a row") = (out[0], count_order[count as usize]);
            });
        });
        if !cells.par_windows(2).all(|pair| pair[0] <= pair[1]) {
            cells.par_sort_unstable();
        }
        let same = |pair: &&[(u64, u32)]| pair[0].0 == pair[1].0;
        Ok(Self {
            repeated: cells.windows(2).filter(same).count() as u64,
            dimensions,
            counts,
            layout,
            cells,
        })
    }

    /// How much is counted of each code of a dimension, as it is published, to whole numbers.
    pub fn occurrences(&self, dimension: usize) -> Vec<u64> {
        let mut counted = vec![0.0f64; self.dimensions[dimension].values.len()];
        for (key, count) in &self.cells {
            let published = self.counts[*count as usize].published;
            counted[self.code(dimension, *key) as usize] += published.unwrap_or(0.0).max(0.0);
        }
        counted.into_iter().map(|sum| sum.round() as u64).collect()
    }

    /// What is published in all; counts that noise made negative are nothing.
    pub fn published(&self) -> f64 {
        let published = self.cells.iter().map(|(_, count)| {
            let published = self.counts[*count as usize].published;
            published.unwrap_or(0.0).max(0.0)
        });
        published.sum()
    }

    /// The share of cells whose count is left out; nothing of no cells.
    pub fn left_out(&self) -> f64 {
        let suppressed = |(_, count): &&(u64, u32)| self.counts[*count as usize].is_suppressed();
        let suppressed = self.cells.iter().filter(suppressed).count();
        suppressed as f64 / self.cells.len().max(1) as f64
    }

    /// The same cells by `dimensions` that are told more coarsely as `recodings` say: what is published of cells that
    /// become one is summed, as far as it is published; then counts of fewer than `minimum` persons are left out.
    pub fn told(
        &self,
        dimensions: Vec<Dimension>,
        recodings: &[Option<&Recoding>],
        minimum: Option<u64>,
        counting: &Counting,
    ) -> Self {
        let capacity = |dimension: &Dimension| dimension.values.len().max(1) as u32;
        let layout = Layout::new(dimensions.iter().map(capacity).collect());
        let moved = |key: u64| {
            let mut out = [0];
            for (dimension, recoding) in recodings.iter().enumerate() {
                let code = self.code(dimension, key);
                let code = recoding.map_or(code, |recoding| recoding.codes[code as usize]);
                layout.add(dimension, &[code], &mut out);
            }
            out[0]
        };
        let cells = self.cells.par_iter().map(|(key, count)| {
            let published = self.counts[*count as usize].published;
            (moved(*key), published.unwrap_or(f64::NAN))
        });
        let mut cells: Vec<(u64, f64)> = cells.collect();
        if recodings.iter().any(Option::is_some) {
            cells.par_sort_by_key(|(key, _)| *key);
            let sums = cells.chunk_by(|a, b| a.0 == b.0).map(|parts| {
                let known = parts.iter().filter(|(_, part)| !part.is_nan());
                let sum = known.map(|(_, part)| *part).reduce(|a, b| a + b);
                (parts[0].0, sum.unwrap_or(f64::NAN))
            });
            cells = sums.collect();
        }
        if let Some(minimum) = minimum {
            let (counts, of) = distinct(&cells, counting);
            for ((_, published), count) in cells.iter_mut().zip(of) {
                if counts[count as usize].is_below(minimum) {
                    *published = f64::NAN;
                }
            }
        }
        let (counts, of) = distinct(&cells, counting);
        let keys = cells.into_iter().map(|(key, _)| key);
        let mut cells: Vec<(u64, u32)> = keys.zip(of).collect();
        cells.par_sort_unstable();
        let same = |pair: &&[(u64, u32)]| pair[0].0 == pair[1].0;
        Self {
            repeated: cells.windows(2).filter(same).count() as u64,
            dimensions,
            counts,
            layout,
            cells,
        }
    }

    /// Whether no count that may be of one person or of nobody is published, so that absent cells may be of few.
    pub fn leaves_out_few(&self) -> bool {
        let mut counts = self.counts.iter();
        !counts.any(|count| count.rows > 0 && !count.is_suppressed() && count.least <= 1)
    }

    /// Of the counts alone.
    pub fn of_counts(counts: Vec<Count>) -> Self {
        Self {
            dimensions: Vec::new(),
            counts,
            layout: Layout::new(vec![1]),
            cells: Vec::new(),
            repeated: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The key and count of each cell, by ascending key.
    pub fn cells(&self) -> impl IndexedParallelIterator<Item = (u64, Count)> {
        let cells = self.cells.par_iter();
        cells.map(|(key, count)| (*key, self.counts[*count as usize]))
    }

    /// Where a cell's key stands among all.
    pub fn find(&self, key: u64) -> Option<usize> {
        self.cells.binary_search_by_key(&key, |(key, _)| *key).ok()
    }

    /// What a code in a dimension adds to a key: a key is the sum over its codes.
    pub fn addend(&self, dimension: usize, code: u32) -> u64 {
        let mut key = [0];
        self.layout.add(dimension, &[code], &mut key);
        key[0]
    }

    /// Where the cells stand, to be looked up often.
    pub fn places(&self) -> Places<'_> {
        let most = (8 * self.cells.len() as u64).max(1 << 16);
        let space = self.layout.space().filter(|space| *space <= most);
        let Some(space) = space else {
            return Places::Sorted(self);
        };
        let mut places = vec![Places::NOWHERE; space as usize];
        for (at, (key, _)) in (0u32..).zip(&self.cells) {
            places[*key as usize] = at;
        }
        Places::Table(places)
    }

    /// The count of the cell that stands there.
    pub fn count(&self, at: usize) -> Count {
        self.counts[self.cells[at].1 as usize]
    }

    pub fn key(&self, at: usize) -> u64 {
        self.cells[at].0
    }

    /// The code of a cell in a dimension.
    pub fn code(&self, dimension: usize, key: u64) -> u32 {
        self.layout.code(dimension, &[key])
    }

    /// The key of a cell by its codes.
    pub fn key_of(&self, codes: &[u32]) -> u64 {
        let mut key = [0];
        for (dimension, code) in codes.iter().enumerate() {
            self.layout.add(dimension, &[*code], &mut key);
        }
        key[0]
    }

    /// The key without what a dimension adds to it, which cells share that differ in that dimension alone.
    pub fn rest(&self, dimension: usize, key: u64) -> u64 {
        key - self.addend(dimension, self.code(dimension, key))
    }

    /// The key of a cell by its code in a dimension and the key without it.
    pub fn with(&self, dimension: usize, rest: u64, code: u32) -> u64 {
        rest + self.addend(dimension, code)
    }

    /// Calls with the cells that differ in one dimension alone, for all groups with a cell that
    /// stands for others, and collects what comes of it by ascending key of what they share. Other groups are never
    /// put together.
    pub fn groups<T: Send>(
        &self,
        dimension: usize,
        each: impl Fn(u64, Group<'_>) -> T + Sync,
    ) -> Vec<T> {
        let wholes = &self.dimensions[dimension].wholes;
        let cells = self.cells.par_iter();
        let mut rests: Vec<u64> = cells
            .filter(|(key, _)| wholes[self.code(dimension, *key) as usize])
            .map(|(key, _)| self.rest(dimension, *key))
            .collect();
        rests.par_sort_unstable();
        rests.dedup();
        self.gathered(dimension, |rest| rests.binary_search(&rest).is_ok(), each)
    }

    /// The same for all groups, each with its cells in the order of the values of the dimension.
    pub fn series<T: Send>(
        &self,
        dimension: usize,
        each: impl Fn(u64, Group<'_>) -> T + Sync,
    ) -> Vec<T> {
        self.gathered(dimension, |_| true, each)
    }

    fn gathered<T: Send>(
        &self,
        dimension: usize,
        is: impl Fn(u64) -> bool + Sync,
        each: impl Fn(u64, Group<'_>) -> T + Sync,
    ) -> Vec<T> {
        let cells = self.cells.par_iter();
        let mut members: Vec<(u64, u32, u32)> = cells
            .map(|(key, count)| (self.rest(dimension, *key), *key, *count))
            .filter(|(rest, ..)| is(*rest))
            .map(|(rest, key, count)| (rest, self.code(dimension, key), count))
            .collect();
        members.par_sort_unstable();
        let groups: Vec<&[(u64, u32, u32)]> = members.chunk_by(|a, b| a.0 == b.0).collect();
        let each = |members: &[(u64, u32, u32)]| {
            let group: Vec<(u32, Count)> = members
                .iter()
                .map(|(_, code, count)| (*code, self.counts[*count as usize]))
                .collect();
            each(members[0].0, &group)
        };
        groups.into_par_iter().map(each).collect()
    }
}

/// Of the cells of a group those that stand for others, each with its parts: those nearest below it, apart from each other, by their places in the group. Cells that are not `seen` are neither.
pub fn parts(
    group: Group<'_>,
    dimension: &Dimension,
    seen: impl Fn(&Count) -> bool,
) -> Vec<(usize, Vec<usize>)> {
    let place = |code: u32| {
        let at = group.binary_search_by_key(&code, |(code, _)| *code).ok()?;
        seen(&group[at].1).then_some(at)
    };
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, (code, count)) in group.iter().enumerate() {
        if !seen(count) {
            continue;
        }
        if dimension.wholes[*code as usize] {
            parts.entry(at).or_default();
        }
        let mut above = dimension.above[*code as usize].iter();
        if let Some(whole) = above.find_map(|code| place(*code)) {
            parts.entry(whole).or_default().push(at);
        }
    }
    parts.into_iter().collect()
}

#[cfg(test)]
pub mod tests {
    use super::super::intern::{Distinct, Texts};
    use super::*;

    /// A table of counts by the values of some dimensions, each cell by its codes; null where a count is not a number.
    pub fn table(
        dimensions: &[(&str, &[&str])],
        cells: &[(&[u32], f64)],
        counting: &[Counting],
    ) -> Flows {
        let dimension = |(name, values): &(&str, &[&str])| {
            let values = Values {
                null: false,
                distinct: Distinct::Bytes(Texts::of(
                    &(values.iter())
                        .map(|text| text.as_bytes().to_vec())
                        .collect::<Vec<_>>(),
                )),
            };
            Dimension::new((*name).to_owned(), values, None, None).unwrap()
        };
        let dimensions: Vec<Dimension> = dimensions.iter().map(dimension).collect();
        let capacity = |dimension: &Dimension| dimension.values.len().max(1) as u32;
        let layout = Layout::new(dimensions.iter().map(capacity).collect());
        let key = |codes: &[u32]| {
            let mut key = [0];
            for (dimension, code) in codes.iter().enumerate() {
                layout.add(dimension, &[*code], &mut key);
            }
            key[0]
        };
        let published: Vec<(u64, f64)> = (cells.iter())
            .map(|(codes, published)| (key(codes), *published))
            .collect();
        let counting = counting.first().cloned().unwrap_or_default();
        let (counts, of) = distinct(&published, &counting);
        let keys = published.into_iter().map(|(key, _)| key);
        let mut cells: Vec<(u64, u32)> = keys.zip(of).collect();
        cells.sort_unstable();
        Flows {
            repeated: 0,
            dimensions,
            counts,
            layout,
            cells,
        }
    }
}
