//! Which combinations match, where some values are less specific than others.
//!
//! A code's path leads from its most general value to itself; two codes match where they agree as far as
//! the shorter path goes. Combinations are sorted by pattern, the lengths of their paths. Between two
//! patterns matching is equality of what both paths reach, so it is found by sorting and searching.
//!
//! Time: patterns × combinations × log combinations. Memory: 4 bytes and a key of the attributes for each
//! combination.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::combinations::Combinations;
use super::layout::Layout;
use super::paths::Paths;

/// Calls `each` for every combination of `a`, with those of `b` that match it (one list a pattern) and
/// the sum of `weight` over them.
pub fn matching<R: Send>(
    paths: &[&Paths],
    a: &Combinations,
    b: &Combinations,
    weight: &[u64],
    each: impl Fn(usize, &[&[u32]], u64) -> R + Sync,
) -> Vec<R> {
    matching_where(paths, a, b, weight, |_, _| true, each)
}

/// As [`matching`], among those patterns alone, mine and theirs, that are to be `compared`.
pub fn matching_where<R: Send>(
    paths: &[&Paths],
    a: &Combinations,
    b: &Combinations,
    weight: &[u64],
    compared: impl Fn(&[usize], &[usize]) -> bool + Sync,
    each: impl Fn(usize, &[&[u32]], u64) -> R + Sync,
) -> Vec<R> {
    let theirs = patterns(paths, b);
    let mut found: Vec<(u32, R)> = Vec::with_capacity(a.len());
    for (pattern, mine) in patterns(paths, a) {
        let indexes: Vec<Index> = theirs
            .par_iter()
            .filter(|(other, _)| compared(&pattern, other))
            .map(|(other, theirs)| {
                let depths = pattern
                    .iter()
                    .zip(other)
                    .map(|(mine, other)| *mine.min(other));
                Index::new(paths, depths.collect(), b, theirs, weight)
            })
            .collect();
        let answers = mine.into_par_iter().with_min_len(256).map_init(
            || (Vec::new(), Vec::new()),
            |(key, parts), at| {
                parts.clear();
                let mut sum = 0;
                for index in &indexes {
                    index.key(paths, a, at, key);
                    if let Some(range) = index.find(key) {
                        sum += index.sums[range.end] - index.sums[range.start];
                        parts.push(&index.order[range]);
                    }
                }
                (at, each(at as usize, parts, sum))
            },
        );
        found.par_extend(answers);
    }
    found.par_sort_unstable_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, answer)| answer).collect()
}

/// For each combination of `a` the distinct persons of `b` who match it.
pub fn persons(paths: &[&Paths], a: &Combinations, b: &Combinations) -> Vec<u64> {
    matching(paths, a, b, &b.persons, |_, parts, sum| match &b.members {
        None => sum,
        Some(members) => members.union(parts),
    })
}

/// The combinations by the lengths of their paths.
pub fn patterns(paths: &[&Paths], of: &Combinations) -> BTreeMap<Vec<usize>, Vec<u32>> {
    let mut patterns: BTreeMap<Vec<usize>, Vec<u32>> = BTreeMap::new();
    let mut pattern = vec![0; paths.len()];
    for at in 0..of.len() {
        for ((depth, paths), codes) in pattern.iter_mut().zip(paths).zip(&of.codes) {
            *depth = paths.of(codes[at]).len();
        }
        match patterns.get_mut(&pattern) {
            Some(list) => list.push(at as u32),
            None => {
                patterns.insert(pattern.clone(), vec![at as u32]);
            }
        }
    }
    patterns
}

/// Combinations of one pattern, sorted by the values they have at certain depths.
struct Index {
    depths: Vec<usize>,
    layout: Layout,
    keys: Vec<u64>,
    order: Vec<u32>,
    /// The weight before each place of `order`; one more than combinations.
    sums: Vec<u64>,
}

impl Index {
    fn new(
        paths: &[&Paths],
        depths: Vec<usize>,
        of: &Combinations,
        combinations: &[u32],
        weight: &[u64],
    ) -> Self {
        let room = depths.iter().zip(paths).map(|(depth, paths)| match depth {
            0 => 1,
            _ => paths.codes().max(1) as u32,
        });
        let mut index = Self {
            layout: Layout::new(room.collect()),
            depths,
            keys: Vec::new(),
            order: Vec::new(),
            sums: vec![0],
        };
        let words = index.layout.words();
        let (mut key, mut keys) = (Vec::new(), Vec::with_capacity(combinations.len() * words));
        for at in combinations {
            index.key(paths, of, *at, &mut key);
            keys.extend_from_slice(&key);
        }
        let of_place = |place: u32| &keys[place as usize * words..][..words];
        let mut places: Vec<u32> = (0..combinations.len() as u32).collect();
        places.sort_unstable_by(|a, b| of_place(*a).cmp(of_place(*b)).then(a.cmp(b)));
        for place in places {
            let at = combinations[place as usize];
            index.keys.extend_from_slice(of_place(place));
            index.order.push(at);
            index
                .sums
                .push(index.sums[index.sums.len() - 1] + weight[at as usize]);
        }
        index
    }

    fn key(&self, paths: &[&Paths], of: &Combinations, at: u32, key: &mut Vec<u64>) {
        key.clear();
        key.resize(self.layout.words(), 0);
        for (attribute, depth) in self.depths.iter().enumerate() {
            if *depth > 0 {
                let code = of.codes[attribute][at as usize];
                let node = paths[attribute].of(code)[*depth - 1];
                self.layout.add(attribute, &[node], key);
            }
        }
    }

    /// Where the combinations with this key stand.
    fn find(&self, key: &[u64]) -> Option<std::ops::Range<usize>> {
        let words = self.layout.words();
        let at = |place: usize| &self.keys[place * words..][..words];
        let partition = |before: &dyn Fn(&[u64]) -> bool| {
            let (mut low, mut high) = (0, self.order.len());
            while low < high {
                let middle = low.midpoint(high);
                if before(at(middle)) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            low
        };
        let start = partition(&|other| other < key);
        let end = partition(&|other| other <= key);
        (start < end).then_some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::intern::{Dictionary, Values};
    use crate::release::hierarchy::Hierarchy;
    use proptest::prelude::*;

    const TEXTS: [&str; 8] = ["", "1", "10", "101", "102", "11", "2", "20"];

    fn values() -> Values {
        let dictionary = Dictionary::bytes();
        dictionary.null();
        let mut codes = vec![0; TEXTS.len()];
        dictionary.many_texts(|at| TEXTS[at].as_bytes(), &mut codes);
        dictionary.finish().0
    }

    proptest! {
        #[test]
        fn matches_are_those_of_all_pairs(
            a in prop::collection::vec((0u32..9, 0u32..9, 1u64..5), 1..40),
            b in prop::collection::vec((0u32..9, 0u32..9, 1u64..5), 1..40),
        ) {
            let values = values();
            let first = Paths::new(&values, &Hierarchy::Prefix, true).unwrap();
            let second = Paths::equal(&values, true);
            let combinations = |rows: &[(u32, u32, u64)]| Combinations {
                codes: vec![
                    rows.iter().map(|row| row.0).collect(),
                    rows.iter().map(|row| row.1).collect(),
                ],
                capacity: vec![9, 9],
                records: rows.iter().map(|row| row.2).collect(),
                persons: rows.iter().map(|row| row.2).collect(),
                members: None,
            };
            let (left, right) = (combinations(&a), combinations(&b));
            let found = matching(&[&first, &second], &left, &right, &right.persons, |at, parts, sum| {
                let mut all: Vec<u32> = parts.iter().flat_map(|part| part.iter().copied()).collect();
                all.sort_unstable();
                (at, all, sum)
            });
            // Code 0 is null, the others stand for the texts in ascending order.
            let prefix = |x: u32, y: u32| {
                x == 0 || y == 0 || {
                    let (x, y) = (TEXTS[x as usize - 1], TEXTS[y as usize - 1]);
                    x.starts_with(y) || y.starts_with(x)
                }
            };
            for (at, (mine, all, sum)) in found.into_iter().enumerate() {
                prop_assert_eq!(mine, at);
                let expected: Vec<u32> = (0..b.len() as u32)
                    .filter(|other| {
                        let (x, y) = (a[at], b[*other as usize]);
                        prefix(x.0, y.0) && (x.1 == y.1 || x.1 == 0 || y.1 == 0)
                    })
                    .collect();
                prop_assert_eq!(sum, expected.iter().map(|other| b[*other as usize].2).sum::<u64>());
                prop_assert_eq!(all, expected);
            }
        }
    }
}
