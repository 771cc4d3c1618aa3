//! What the values of a column of flows cover, where some share a part of it and not all: tourist areas across
//! districts, weeks that begin every day.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::intern::Values;
use super::paths::labels;
use super::visits::Scale;
use crate::release::made_of::MadeOf;

/// What each value covers, in the smallest parts that the values tell apart.
#[derive(Debug, Clone)]
pub struct Cover {
    /// Of each code its parts, ascending.
    parts: Vec<Vec<u32>>,
    /// How many parts there are.
    pub count: u32,
    /// Whether parts follow each other and each value covers all from a first to a last.
    pub in_line: bool,
    /// Of each code those that it holds whole and more than which it covers, the widest first.
    within: Vec<Vec<u32>>,
    /// The codes that a value of another column is part of, by its name.
    holders: HashMap<String, Vec<u32>>,
}

impl Cover {
    /// Areas as a file describes them; what is made up of areas is made up of their parts. A value that is only ever a
    /// part covers itself; nulls are apart from all others.
    ///
    /// # Errors
    /// The values of these codes are not in the file, or made up of nothing but each other.
    pub fn of_areas(values: &Values, made_of: &MadeOf) -> Result<Self, Vec<u32>> {
        let labels = labels(values);
        let codes = labels.iter().zip(0u32..);
        let codes: HashMap<&str, u32> = codes
            .filter_map(|(label, code)| Some((label.as_deref()?, code)))
            .collect();
        let mut above: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (value, part) in made_of.pairs() {
            above.entry(part).or_default().push(value);
            above.entry(value).or_default();
        }
        let made: HashSet<&str> = made_of.pairs().map(|(value, _)| value).collect();
        let mut holders = HashMap::new();
        // Parts that the same values hold cannot be told apart.
        let mut smallest: BTreeSet<Vec<u32>> = BTreeSet::new();
        for name in above.keys() {
            let mut held: Vec<u32> = all_above(name, &above)
                .into_iter()
                .filter_map(|name| codes.get(name).copied())
                .collect();
            held.sort_unstable();
            if !made.contains(name) && !held.is_empty() {
                smallest.insert(held.clone());
            }
            holders.insert((*name).to_owned(), held);
        }
        if values.null {
            smallest.insert(vec![0]);
        }
        let mut parts = vec![Vec::new(); labels.len()];
        for (part, held) in (0..).zip(&smallest) {
            for code in held {
                parts[*code as usize].push(part);
            }
        }
        let without = parts.iter().zip(0..).filter(|(parts, _)| parts.is_empty());
        let without: Vec<u32> = without.map(|(_, code)| code).collect();
        match without.is_empty() {
            true => Ok(Self::new(parts, smallest.len() as u32, false, holders)),
            false => Err(without),
        }
    }

    /// Times that last so many seconds each. `None` where none overlap, or the values are no times.
    pub fn of_times(values: &Values, scale: Scale, window: u32) -> Option<Self> {
        let (begins, window) = (scale.all(values)?, i64::from(window));
        if scale == Scale::Binned || !begins.windows(2).any(|pair| pair[1] - pair[0] < window) {
            return None;
        }
        let ends = begins.iter().map(|begin| begin + window);
        let mut bounds: Vec<i64> = begins.iter().copied().chain(ends).collect();
        bounds.sort_unstable();
        bounds.dedup();
        // Between two bounds lies a part where some time is under way.
        let is_covered = |at: &usize| {
            let begun = begins.partition_point(|begin| *begin <= bounds[*at]);
            begun > 0 && begins[begun - 1] + window > bounds[*at]
        };
        let covered: Vec<usize> = (0..bounds.len() - 1).filter(is_covered).collect();
        let part = |bound: i64| {
            let at = bounds.partition_point(|known| *known < bound);
            covered.partition_point(|covered| *covered < at) as u32
        };
        let runs = begins
            .iter()
            .map(|begin| (part(*begin)..part(begin + window)).collect());
        let mut count = covered.len() as u32;
        let mut parts: Vec<Vec<u32>> = Vec::with_capacity(values.len());
        if values.null {
            parts.push(vec![count]);
            count += 1;
        }
        parts.extend(runs);
        Some(Self::new(parts, count, true, HashMap::new()))
    }

    fn new(
        parts: Vec<Vec<u32>>,
        count: u32,
        in_line: bool,
        holders: HashMap<String, Vec<u32>>,
    ) -> Self {
        let mut of_part: Vec<Vec<u32>> = vec![Vec::new(); count as usize];
        for (held, code) in parts.iter().zip(0u32..) {
            held.iter()
                .for_each(|part| of_part[*part as usize].push(code));
        }
        let within = |whole: &Vec<u32>| -> Vec<u32> {
            let mut shared: HashMap<u32, usize> = HashMap::new();
            for code in whole.iter().flat_map(|part| &of_part[*part as usize]) {
                *shared.entry(*code).or_default() += 1;
            }
            let size = |code: u32| parts[code as usize].len();
            let mut within: Vec<u32> = shared
                .into_iter()
                .filter(|(code, shared)| *shared == size(*code) && *shared < whole.len())
                .map(|(code, _)| code)
                .collect();
            within.sort_unstable_by_key(|code| (std::cmp::Reverse(size(*code)), *code));
            within
        };
        Self {
            within: parts.iter().map(within).collect(),
            parts,
            count,
            in_line,
            holders,
        }
    }

    /// The smallest parts of a value, ascending.
    pub fn parts(&self, code: u32) -> &[u32] {
        &self.parts[code as usize]
    }

    /// The values that lie within another and cover less, the widest first.
    pub fn within(&self, code: u32) -> &[u32] {
        &self.within[code as usize]
    }

    /// The values that one of this name is part of, itself among them where it is one.
    pub fn holders(&self, name: &str) -> &[u32] {
        self.holders.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether each value stands for others: it covers more than one part.
    pub fn wholes(&self) -> Vec<bool> {
        self.parts.iter().map(|parts| parts.len() > 1).collect()
    }

    /// Values there are.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// A value as the sum of others that lie within it apart from each other, the widest first, and of the parts that
    /// none of them covers. Only values are taken that are `there`.
    pub fn sum(&self, code: u32, there: impl Fn(u32) -> bool) -> (Vec<u32>, Vec<u32>) {
        let whole = self.parts(code);
        let mut is_taken = vec![false; whole.len()];
        let mut taken = Vec::new();
        let within = self.within(code).iter().copied();
        for part in within.filter(|code| there(*code)) {
            let place = |part: &u32| whole.binary_search(part).expect("it lies within");
            let places = || self.parts(part).iter().map(place);
            if places().all(|at| !is_taken[at]) {
                places().for_each(|at| is_taken[at] = true);
                taken.push(part);
            }
        }
        let left = whole.iter().zip(is_taken).filter(|(_, taken)| !taken);
        (taken, left.map(|(part, _)| *part).collect())
    }
}

/// A name and all that it is part of, each once.
fn all_above<'a>(name: &'a str, above: &BTreeMap<&str, Vec<&'a str>>) -> Vec<&'a str> {
    let (mut found, mut seen) = (vec![name], HashSet::from([name]));
    let mut at = 0;
    while let Some(name) = found.get(at) {
        let next = above.get(name).into_iter().flatten();
        let next: Vec<&str> = next.copied().filter(|name| seen.insert(name)).collect();
        found.extend(next);
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::intern::Distinct;
    use super::*;

    fn days(days: &[i64]) -> Values {
        Values {
            null: false,
            distinct: Distinct::Numbers(days.to_vec()),
        }
    }

    #[test]
    fn areas_that_share_municipalities() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("areas.csv");
        // District 10 is made of 1 and 2, district 20 of 3, the coast of 2 and all of district 20; 30 is not published.
        let text = "10;1\n10;2\n20;3\n20;4\n99;2\n99;20\n30;10\n30;20\n";
        std::fs::write(&path, text).unwrap();
        let made_of = MadeOf::read(&path).unwrap();
        let values = days(&[1, 10, 20, 99]);
        let cover = Cover::of_areas(&values, &made_of).unwrap();
        // 1; 2; 3 and 4, which nobody tells apart.
        assert_eq!(cover.count, 3);
        let sizes: Vec<usize> = (0..4).map(|code| cover.parts(code).len()).collect();
        assert_eq!(sizes, [1, 2, 1, 2]);
        assert_eq!(cover.within(1), [0]);
        assert_eq!(cover.within(3), [2]);
        assert_eq!(cover.holders("2"), [1, 3]);
        assert_eq!(cover.holders("20"), [2, 3]);
        let (taken, left) = cover.sum(3, |_| true);
        assert_eq!((taken.as_slice(), left.len()), ([2].as_slice(), 1));
        assert_eq!(cover.sum(3, |_| false).1.len(), 2);
        assert_eq!(
            Cover::of_areas(&days(&[1, 5, 6]), &made_of).unwrap_err(),
            [1, 2]
        );
        std::fs::write(&path, "1;2\n2;1\n").unwrap();
        let circular = MadeOf::read(&path).unwrap();
        assert_eq!(
            Cover::of_areas(&days(&[1, 2]), &circular).unwrap_err(),
            [0, 1]
        );
    }

    #[test]
    fn windows_of_three_that_begin_every_day_and_one_apart() {
        let cover = Cover::of_times(&days(&[0, 1, 2, 10]), Scale::PerDay(1), 3 * 86_400).unwrap();
        // Days 0, 1, 2, 3, 4 and days 10 to 12, which nothing tells apart.
        assert_eq!(cover.count, 6);
        assert_eq!(cover.parts(0), [0, 1, 2]);
        assert_eq!(cover.parts(2), [2, 3, 4]);
        assert_eq!(cover.parts(3), [5]);
        assert_eq!(cover.wholes(), [true, true, true, false]);
        assert!(cover.in_line && cover.within(0).is_empty());
        assert!(Cover::of_times(&days(&[0, 7, 14]), Scale::PerDay(1), 7 * 86_400).is_none());
    }
}
