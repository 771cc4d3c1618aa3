//! Values that may match without being equal: the less specific and all that lies below it.

use std::borrow::Cow;
use std::collections::HashMap;

use super::intern::{Distinct, Values};
use crate::release::hierarchy::{Bounds, Hierarchy, Levels};

/// For each code of an attribute the codes that stand for it, from the most general to its own. Two
/// codes match where one lies on the path to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Where each code's path begins in `nodes`; one more than codes.
    starts: Vec<u32>,
    nodes: Vec<u32>,
}

/// Why values do not form a hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The values of these codes are not in the hierarchy's file.
    Unknown(Vec<u32>),
    /// No value is the one that the manifest says stands for all.
    NoTotal,
    /// Two values share some but not all of what lies below them.
    Overlapping,
}

impl Paths {
    /// Every value matches itself alone; with `wildcard` null matches all.
    pub fn equal(values: &Values, wildcard: bool) -> Self {
        let codes = 0..values.len() as u32;
        let path = |code: u32| match values.null && wildcard && code == 0 {
            true => Vec::new(),
            false => vec![code],
        };
        Self::collect(codes.map(path))
    }

    /// # Errors
    /// The values do not fit the hierarchy.
    pub fn new(values: &Values, hierarchy: &Hierarchy, wildcard: bool) -> Result<Self, Refusal> {
        let labels = labels(values);
        let mut paths = match hierarchy {
            Hierarchy::Levels(levels) => by_levels(&labels, levels)?,
            Hierarchy::Intervals => intervals(&labels)?,
            Hierarchy::Mask => masks(&labels)?,
            Hierarchy::Prefix => prefixes(&labels),
        };
        if values.null {
            paths[0] = if wildcard { Vec::new() } else { vec![0] };
        }
        Ok(Self::collect(paths.into_iter()))
    }

    fn collect(paths: impl Iterator<Item = Vec<u32>>) -> Self {
        let mut all = Self {
            starts: vec![0],
            nodes: Vec::new(),
        };
        for path in paths {
            all.nodes.extend(path);
            all.starts.push(all.nodes.len() as u32);
        }
        all
    }

    /// The codes there are.
    pub fn codes(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn of(&self, code: u32) -> &[u32] {
        &self.nodes[self.starts[code as usize] as usize..self.starts[code as usize + 1] as usize]
    }

    /// Whether two codes match only where they are equal.
    pub fn is_equality(&self) -> bool {
        (0..self.codes() as u32).all(|code| self.of(code) == [code])
    }
}

/// The values as texts, null as `None`.
pub fn labels(values: &Values) -> Vec<Option<Cow<'_, str>>> {
    let null = values.null.then_some(None);
    let mut labels: Vec<Option<Cow<str>>> = null.into_iter().collect();
    match &values.distinct {
        Distinct::Numbers(numbers) => {
            labels.extend(numbers.iter().map(|number| Some(number.to_string().into())));
        }
        Distinct::Bytes(texts) => {
            let text = |at| Some(String::from_utf8_lossy(texts.get(at)));
            labels.extend((0..texts.len()).map(text));
        }
    }
    labels
}

fn labelled<'a>(labels: &'a [Option<Cow<'_, str>>]) -> impl Iterator<Item = (u32, &'a str)> {
    let pairs = labels.iter().zip(0u32..);
    pairs.filter_map(|(label, code)| Some((code, label.as_deref()?)))
}

/// The present generalisations of each, and itself.
fn by_levels(labels: &[Option<Cow<'_, str>>], levels: &Levels) -> Result<Vec<Vec<u32>>, Refusal> {
    let codes: HashMap<&str, u32> = labelled(labels)
        .map(|(code, label)| (label, code))
        .collect();
    let mut paths = vec![Vec::new(); labels.len()];
    let mut unknown = Vec::new();
    for (code, label) in labelled(labels) {
        match levels.generalisations(label) {
            None => unknown.push(code),
            Some(above) => {
                let above = above.into_iter().rev();
                let present = above.filter_map(|label| codes.get(label).copied());
                paths[code as usize] = present.chain([code]).collect();
            }
        }
    }
    match unknown.is_empty() {
        true => Ok(paths),
        false => Err(Refusal::Unknown(unknown)),
    }
}

/// The intervals around each, the widest first, and itself. Intervals of one extent are one, and what
/// is no interval stands alone.
fn intervals(labels: &[Option<Cow<'_, str>>]) -> Result<Vec<Vec<u32>>, Refusal> {
    let mut paths: Vec<Vec<u32>> = (0..labels.len() as u32).map(|code| vec![code]).collect();
    let mut bounds: Vec<(Bounds, u32)> = labelled(labels)
        .filter_map(|(code, label)| Some((Bounds::parse(label)?, code)))
        .collect();
    // From the left, the wider first: what holds an interval stands before it.
    let order = |a: &(Bounds, u32), b: &(Bounds, u32)| {
        let low = a.0.low.partial_cmp(&b.0.low);
        let high = b.0.high.partial_cmp(&a.0.high);
        let (low, high) = (low.expect("no end is NaN"), high.expect("no end is NaN"));
        low.then(high).then(a.1.cmp(&b.1))
    };
    bounds.sort_by(order);
    let mut open: Vec<(Bounds, u32)> = Vec::new();
    for (bound, code) in bounds {
        while open.last().is_some_and(|(last, _)| last.apart(&bound)) {
            open.pop();
        }
        if open.last().is_some_and(|(last, _)| !last.holds(&bound)) {
            return Err(Refusal::Overlapping);
        }
        if open.last().is_none_or(|(last, _)| *last != bound) {
            open.push((bound, code));
        }
        paths[code as usize] = open.iter().map(|(_, code)| *code).collect();
    }
    Ok(paths)
}

/// The values that hide more of each, those that hide most first, and itself.
fn masks(labels: &[Option<Cow<'_, str>>]) -> Result<Vec<Vec<u32>>, Refusal> {
    let hides_all = |label: &str| !label.is_empty() && label.chars().all(|c| c == '*');
    // Any number of stars and nothing else stands for every value, however long.
    let mut code: HashMap<Vec<char>, u32> = HashMap::new();
    let mut patterns: Vec<Vec<bool>> = Vec::new();
    let mut all = None;
    for (at, label) in labelled(labels) {
        if hides_all(label) {
            all.get_or_insert(at);
            continue;
        }
        let label: Vec<char> = label.chars().collect();
        let pattern: Vec<bool> = label.iter().map(|c| *c == '*').collect();
        if pattern.contains(&true) && !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
        code.insert(label, at);
    }
    let stars = |pattern: &Vec<bool>| pattern.iter().filter(|star| **star).count();
    patterns.sort_by_key(|pattern| std::cmp::Reverse(stars(pattern)));
    let mut paths = vec![Vec::new(); labels.len()];
    for (at, label) in labelled(labels) {
        let path: &mut Vec<u32> = &mut paths[at as usize];
        path.extend(all);
        if hides_all(label) {
            continue;
        }
        let label: Vec<char> = label.chars().collect();
        let mut last: Option<&Vec<bool>> = None;
        for pattern in patterns
            .iter()
            .filter(|pattern| pattern.len() == label.len())
        {
            let hides = |c: &char, star: &bool| *c == '*' || *star;
            let hidden: Vec<char> = label
                .iter()
                .zip(pattern)
                .map(|(c, star)| if hides(c, star) { '*' } else { *c })
                .collect();
            let wider = label
                .iter()
                .zip(pattern)
                .all(|(c, star)| *c != '*' || *star);
            let Some(code) = code.get(&hidden).filter(|code| wider && **code != at) else {
                continue;
            };
            if last.is_some_and(|last| {
                pattern
                    .iter()
                    .zip(last)
                    .any(|(mine, theirs)| *mine && !theirs)
            }) {
                return Err(Refusal::Overlapping);
            }
            path.push(*code);
            last = Some(pattern);
        }
        path.push(at);
    }
    Ok(paths)
}

/// The values that each begins with, the shortest first: the last is itself.
fn prefixes(labels: &[Option<Cow<'_, str>>]) -> Vec<Vec<u32>> {
    let mut paths = vec![Vec::new(); labels.len()];
    let mut sorted: Vec<(u32, &str)> = labelled(labels).collect();
    sorted.sort_by_key(|(_, label)| *label);
    let mut open: Vec<(u32, &str)> = Vec::new();
    for (code, label) in sorted {
        while open
            .last()
            .is_some_and(|(_, last)| !label.starts_with(last))
        {
            open.pop();
        }
        open.push((code, label));
        paths[code as usize] = open.iter().map(|(code, _)| *code).collect();
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::intern::Dictionary;

    fn values(texts: &[&str]) -> Values {
        let dictionary = Dictionary::bytes();
        let mut codes = vec![0; texts.len()];
        dictionary.many_texts(|at| texts[at].as_bytes(), &mut codes);
        dictionary.finish().0
    }

    /// Pairs of different values that match, by their texts.
    fn matches(texts: &[&str], hierarchy: Hierarchy) -> Result<Vec<String>, Refusal> {
        let values = values(texts);
        let paths = Paths::new(&values, &hierarchy, false)?;
        let labels = labels(&values);
        let mut found = Vec::new();
        for a in 0..values.len() as u32 {
            for b in a + 1..values.len() as u32 {
                let depth = paths.of(a).len().min(paths.of(b).len());
                if paths.of(a)[..depth] == paths.of(b)[..depth] {
                    let text = |code: u32| labels[code as usize].as_deref().unwrap();
                    found.push(format!("{} {}", text(a), text(b)));
                }
            }
        }
        Ok(found)
    }

    #[test]
    fn what_matches() {
        let prefix = matches(&["101", "1011", "10115", "102", "10"], Hierarchy::Prefix);
        let expected = [
            "10 101",
            "10 1011",
            "10 10115",
            "10 102",
            "101 1011",
            "101 10115",
            "1011 10115",
        ];
        assert_eq!(prefix.unwrap(), expected);
        let mask = matches(
            &["10115", "1011*", "101**", "102**", "*", "99"],
            Hierarchy::Mask,
        );
        let expected = [
            "* 101**",
            "* 1011*",
            "* 10115",
            "* 102**",
            "* 99",
            "101** 1011*",
            "101** 10115",
            "1011* 10115",
        ];
        assert_eq!(mask.unwrap(), expected);
        let intervals = ["40-49", "[40, 50)", "40..49", "43", "50", "unknown"];
        let expected = [
            "40-49 40..49",
            "40-49 43",
            "40-49 [40, 50)",
            "40..49 43",
            "40..49 [40, 50)",
            "43 [40, 50)",
        ];
        assert_eq!(matches(&intervals, Hierarchy::Intervals).unwrap(), expected);
    }

    #[test]
    fn what_is_no_hierarchy() {
        let overlapping = matches(&["40-49", "45-54"], Hierarchy::Intervals);
        assert_eq!(overlapping.unwrap_err(), Refusal::Overlapping);
        let crossed = matches(&["1*5", "**5", "1**", "125"], Hierarchy::Mask);
        assert_eq!(crossed.unwrap_err(), Refusal::Overlapping);
    }
}
