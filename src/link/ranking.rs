//! Where the true person stands among all candidates, by a score that is a sum over shared features.
//!
//! Nobody is compared who shares nothing: an inverted index gives the candidates, and bounds on what
//! features can still add say who need not be looked at any more (as MaxScore: H. Turtle, J. Flood, Query
//! evaluation: strategies and optimizations, IPM 31, 1995). Ranks are exact.
//!
//! Memory: 12 bytes a (person, feature) pair of either side and 10 of the known again, in the index, which takes
//! as much again at most for where features begin.

use rayon::prelude::*;

use super::profiles::{Profiles, shared};
use crate::progress::Progress;

/// Scores that differ by less, in parts of the greater of 1 and the score, count as equal: sums of the same
/// numbers in another order differ by less.
pub const TIE: f64 = 1e-12;

/// Says how well each of the known fits one of the sought.
pub trait Matcher: Sync {
    /// How many are known.
    fn known(&self) -> usize;

    /// The score of a pair; greater fits better.
    fn score(&self, sought: usize, known: usize) -> f64;

    /// Where the true ones (`truth`, one for each of the sought from the `first` on) stand, each with the `keep`
    /// best of the others.
    fn rank(&self, first: usize, truth: &[Option<u32>], keep: usize) -> Vec<Ranked>;
}

/// Where the true person stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranked {
    /// The score of the true one; none where they are not known.
    pub own: Option<f64>,
    /// Others with a better score than the true one.
    pub better: u64,
    /// With the same score.
    pub tied: u64,
    /// The best others, best first, of equal ones those with the least number.
    pub others: Vec<(f64, u32)>,
}

impl Ranked {
    /// The chance that the true one is among the first `k`, where equals are put in any order.
    pub fn within(&self, k: u64) -> f64 {
        match self.own {
            None => 0.0,
            Some(_) => {
                let places = k.saturating_sub(self.better) as f64;
                (places / (self.tied + 1) as f64).min(1.0)
            }
        }
    }

    /// 1 + better ones + half of the equal ones.
    pub fn mean_rank(&self) -> f64 {
        1.0 + self.better as f64 + self.tied as f64 / 2.0
    }

    /// By how much the best of all is ahead of the next, and whether it is the true one. 0 where they are
    /// equal.
    pub fn lead(&self) -> (f64, bool) {
        let other = |at: usize| self.others.get(at).map(|(score, _)| *score);
        match (self.own, other(0)) {
            (Some(own), Some(best)) if own > best => (lead(own, best), true),
            (Some(own), Some(best)) => {
                let next = other(1).map_or(own, |next| next.max(own));
                (lead(best, next), false)
            }
            (Some(_), None) => (f64::INFINITY, true),
            (None, _) => (self.lead_without(), false),
        }
    }

    /// By how much the best of the others is ahead of the next of them: what an adversary would see if the
    /// true person were not there.
    pub fn lead_without(&self) -> f64 {
        match self.others[..] {
            [] => 0.0,
            [_] => f64::INFINITY,
            [(best, _), (next, _), ..] => lead(best, next),
        }
    }
}

fn lead(best: f64, next: f64) -> f64 {
    match best - next {
        lead if lead <= tolerance(best) => 0.0,
        lead => lead,
    }
}

fn tolerance(score: f64) -> f64 {
    TIE * score.abs().max(1.0)
}

/// Ranks everybody sought, in parallel: the same for any number of threads. Once the user has asked to stop,
/// nobody is ranked any more.
pub fn rank_all(
    matcher: &dyn Matcher,
    truth: &[Option<u32>],
    keep: usize,
    progress: &dyn Progress,
) -> Vec<Ranked> {
    progress.seek(truth.len() as u64);
    let some = |(at, truth): (usize, &[Option<u32>])| -> Vec<Ranked> {
        if progress.cancelled() {
            return vec![Ranked::default(); truth.len()];
        }
        let ranked = matcher.rank(at * SOME, truth, keep);
        progress.sought(truth.len() as u64);
        ranked
    };
    let parts = truth.par_chunks(SOME).enumerate().map(some);
    parts.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Persons that are ranked together.
const SOME: usize = 512;

/// Sums for one of the sought after the other, where few of the known have any.
pub struct Sums {
    of: Vec<f64>,
    /// The known whose sum is not 0.
    met: Vec<u32>,
}

impl Sums {
    pub fn new(known: usize) -> Self {
        Self {
            of: vec![0.0; known],
            met: Vec::new(),
        }
    }

    /// Adds what speaks for one of the known: more than 0.
    pub fn add(&mut self, known: u32, weight: f64) {
        let sum = &mut self.of[known as usize];
        if *sum == 0.0 {
            self.met.push(known);
        }
        *sum += weight;
    }

    /// Calls with everybody who has a sum, and begins anew.
    pub fn take(&mut self, mut each: impl FnMut(u32, f64)) {
        for known in self.met.drain(..) {
            each(known, std::mem::take(&mut self.of[known as usize]));
        }
    }

    /// The ranking by the sums, which begin anew; whoever has none stands at 0.
    pub fn settle(&mut self, own: Option<u32>, keep: usize) -> Ranked {
        let mut tally = Tally::new(own.map(|own| self.of[own as usize]), keep);
        for known in &self.met {
            if Some(*known) != own {
                tally.add(self.of[*known as usize], *known);
            }
        }
        if tally.least() <= 0.0 {
            let all = 0..self.of.len() as u32;
            for known in all.filter(|known| self.of[*known as usize] == 0.0) {
                if Some(known) != own {
                    tally.add(0.0, known);
                }
            }
        }
        self.take(|_, _| {});
        tally.done()
    }
}

/// Counts who is better than the true one, and keeps the best.
struct Tally {
    own: Option<f64>,
    keep: usize,
    better: u64,
    tied: u64,
    others: Vec<(f64, u32)>,
}

impl Tally {
    fn new(own: Option<f64>, keep: usize) -> Self {
        Self {
            own,
            keep,
            better: 0,
            tied: 0,
            others: Vec::with_capacity(keep + 1),
        }
    }

    /// Scores below this change nothing.
    fn least(&self) -> f64 {
        let kept = match self.others.len() == self.keep {
            true => self.others.last().map_or(f64::INFINITY, |last| last.0),
            false => f64::NEG_INFINITY,
        };
        match self.own {
            Some(own) => kept.min(own - tolerance(own)),
            None => kept,
        }
    }

    fn add(&mut self, score: f64, known: u32) {
        if let Some(own) = self.own {
            if score > own + tolerance(own) {
                self.better += 1;
            } else if score >= own - tolerance(own) {
                self.tied += 1;
            }
        }
        self.keep(score, known);
    }

    fn keep(&mut self, score: f64, known: u32) {
        let full = self.others.len() == self.keep;
        if let Some(last) = self.others.last()
            && full
            && (score, std::cmp::Reverse(known)) <= (last.0, std::cmp::Reverse(last.1))
        {
            return;
        }
        let ahead = |other: &(f64, u32)| {
            (other.0, std::cmp::Reverse(other.1)) > (score, std::cmp::Reverse(known))
        };
        let at = self.others.partition_point(ahead);
        self.others.insert(at, (score, known));
        self.others.truncate(self.keep);
    }

    fn done(self) -> Ranked {
        Ranked {
            own: self.own,
            better: self.better,
            tied: self.tied,
            others: self.others,
        }
    }
}

/// What is taken from the sum: a factor of the sought times a handicap of the known.
struct Handicap {
    of_sought: Vec<f64>,
    of_known: Vec<f64>,
}

type Exact<'a> = Box<dyn Fn(usize, usize) -> f64 + Sync + 'a>;

/// A score that is the sum, over the features both have, of the product of a weight of each: a sparse
/// matrix product of which only the leading entries are wanted.
pub struct Products<'a> {
    known: Profiles,
    sought: Profiles,
    index: Index,
    /// For each feature how many of the known have it, and their greatest weight.
    features: Vec<(u32, f64)>,
    /// The greatest length of a known person's weights.
    length: f64,
    handicap: Option<Handicap>,
    /// The score, where the product only bounds it from above.
    exact: Option<Exact<'a>>,
}

/// The known by block and feature: the sums of a block stay within reach of the processor while many of the
/// sought are compared with it.
struct Index {
    /// Persons of a block.
    block: usize,
    /// For each block where the persons of each feature begin; one more than features.
    starts: Vec<Vec<u32>>,
    /// Counted from the first of their block.
    persons: Vec<Vec<u16>>,
    weights: Vec<Vec<f64>>,
}

/// Sums of so many fit the second cache.
const BLOCK: usize = 1 << 14;
/// Persons of a block at most: a number of 16 bits is one of them.
const MOST: usize = 1 << 16;
/// Sums that are asked together whether one of them is of interest.
const TOGETHER: usize = 64;

impl Index {
    fn new(known: &Profiles, features: usize) -> Self {
        let pairs: usize = (0..known.persons()).map(|at| known.of(at).0.len()).sum();
        // Where blocks begin takes no more room than what is in them.
        let mut block = BLOCK;
        while block < MOST && known.persons().div_ceil(block) * features > 2 * pairs {
            block *= 2;
        }
        Self::of_blocks(known, features, block)
    }

    fn of_blocks(known: &Profiles, features: usize, block: usize) -> Self {
        let firsts: Vec<usize> = (0..known.persons()).step_by(block).collect();
        let of_block = |first: &usize| {
            let persons = *first..(first + block).min(known.persons());
            let mut starts = vec![0u32; features + 1];
            for person in persons.clone() {
                for feature in known.of(person).0 {
                    starts[*feature as usize + 1] += 1;
                }
            }
            for feature in 0..features {
                starts[feature + 1] += starts[feature];
            }
            let all = starts[features] as usize;
            let (mut people, mut weights) = (vec![0u16; all], vec![0.0; all]);
            let mut fill = starts.clone();
            for person in persons {
                for (feature, weight) in known.pairs(person) {
                    let slot = &mut fill[feature as usize];
                    people[*slot as usize] = (person - first) as u16;
                    weights[*slot as usize] = weight;
                    *slot += 1;
                }
            }
            (starts, (people, weights))
        };
        let (starts, (persons, weights)): (Vec<_>, (Vec<_>, Vec<_>)) =
            firsts.par_iter().map(of_block).unzip();
        Self {
            block,
            starts,
            persons,
            weights,
        }
    }

    /// Who of a block has a feature, and the weight of each.
    fn of(&self, block: usize, feature: u32) -> (&[u16], &[f64]) {
        let starts = &self.starts[block][feature as usize..];
        let range = starts[0] as usize..starts[1] as usize;
        (
            &self.persons[block][range.clone()],
            &self.weights[block][range],
        )
    }
}

/// One of the sought.
struct Query {
    sought: usize,
    own: Option<u32>,
    /// Features that anybody has, rare ones first, with their weights.
    features: Vec<(u32, f64)>,
    /// What each feature and those after it can add at most.
    left: Vec<f64>,
    tally: Tally,
}

impl<'a> Products<'a> {
    /// Of weights greater than 0. `features` is more than any feature.
    pub fn new(known: Profiles, sought: Profiles, features: usize) -> Self {
        let mut of = vec![(0, 0.0f64); features];
        let mut length = 0.0f64;
        for person in 0..known.persons() {
            let mut squares = 0.0;
            for (feature, weight) in known.pairs(person) {
                let (count, greatest) = &mut of[feature as usize];
                *count += 1;
                *greatest = greatest.max(weight);
                squares += weight * weight;
            }
            length = length.max(squares.sqrt());
        }
        Self {
            index: Index::new(&known, features),
            known,
            sought,
            features: of,
            length,
            handicap: None,
            exact: None,
        }
    }

    /// Takes from each score the product of two handicaps, both at least 0.
    pub fn handicapped(mut self, of_sought: Vec<f64>, of_known: Vec<f64>) -> Self {
        self.handicap = Some(Handicap {
            of_sought,
            of_known,
        });
        self
    }

    /// The products are bounds of this score, which is 0 for who shares nothing.
    pub fn bounding(mut self, exact: impl Fn(usize, usize) -> f64 + Sync + 'a) -> Self {
        self.exact = Some(Box::new(exact));
        self
    }

    fn query(&self, sought: usize, own: Option<u32>, keep: usize) -> Query {
        let count = |feature: u32| self.features[feature as usize].0;
        let mut features: Vec<(u32, f64)> = self
            .sought
            .pairs(sought)
            .filter(|(feature, _)| count(*feature) > 0)
            .collect();
        features.sort_unstable_by_key(|(feature, _)| (count(*feature), *feature));
        // By the greatest weights, or by the length of the longest of the known (Cauchy and Schwarz).
        let mut left = vec![0.0; features.len() + 1];
        let (mut sum, mut square) = (0.0, 0.0);
        for (at, (feature, weight)) in features.iter().enumerate().rev() {
            sum += weight * self.features[*feature as usize].1;
            square += weight * weight;
            left[at] = (f64::sqrt(square) * self.length).min(sum);
        }
        let score = own.map(|own| self.score(sought, own as usize));
        Query {
            sought,
            own,
            features,
            left,
            tally: Tally::new(score, keep),
        }
    }

    /// Compares one of the sought with a block of the known, whose sums are all 0 before and after.
    fn compare(&self, block: usize, query: &mut Query, all: &mut [f64; MOST]) {
        let first = block * self.index.block;
        let persons = self.index.block.min(self.known.persons() - first);
        let factor = self.handicap.as_ref().map(|handicap| {
            (
                handicap.of_sought[query.sought],
                &handicap.of_known[first..],
            )
        });
        let (mut used, mut left, mut met) = (query.features.len(), 0.0, 0);
        for (at, (feature, weight)) in query.features.iter().enumerate() {
            let (having, weights) = self.index.of(block, *feature);
            // A feature that so many have is not added up where it, and what comes after it, can bring nobody
            // far enough who has none of those before.
            if having.len() * 16 > persons && query.left[at] < query.tally.least() {
                (used, left) = (at, query.left[at]);
                break;
            }
            met += having.len();
            for (person, of_known) in having.iter().zip(weights) {
                all[usize::from(*person)] += weight * of_known;
            }
        }
        // Sums that only bound the score, or lack what is left.
        let rough = self.exact.is_some() || left > 0.0;
        // A bound is rounded as well.
        let least = |tally: &Tally| match rough {
            true => tally.least() - 1e-9 * tally.least().abs() - left,
            false => tally.least(),
        };
        let Query {
            tally, own, sought, ..
        } = query;
        let look = |at: usize, sum: f64, tally: &mut Tally| {
            let known = (first + at) as u32;
            if Some(known) != *own {
                tally.add(
                    match rough {
                        true => self.score(*sought, known as usize),
                        false => sum,
                    },
                    known,
                );
            }
        };
        let alone = factor.is_some() || least(tally) <= 0.0;
        if !alone && met * 8 < persons {
            // Few have a sum: they are found again by the features.
            for (feature, _) in &query.features[..used] {
                for person in self.index.of(block, *feature).0 {
                    let sum = std::mem::take(&mut all[usize::from(*person)]);
                    if sum > 0.0 && sum >= least(tally) {
                        look(usize::from(*person), sum, tally);
                    }
                }
            }
            return;
        }
        let sums = &mut all[..persons];
        if let Some((factor, handicaps)) = factor {
            let pairs = sums.iter_mut().zip(handicaps);
            pairs.for_each(|(sum, handicap)| *sum -= factor * handicap);
        }
        for (part, sums) in sums.chunks_mut(TOGETHER).enumerate() {
            // Few parts hold one: to ask all of a part at once is quicker than one by one.
            let enough = least(tally);
            let any = |any: bool, sum: &f64| any | (*sum >= enough);
            if sums.iter().fold(false, any) {
                for (at, sum) in sums.iter().enumerate() {
                    if *sum >= least(tally) {
                        look(part * TOGETHER + at, *sum, tally);
                    }
                }
            }
            sums.fill(0.0);
        }
    }
}

impl Matcher for Products<'_> {
    fn known(&self) -> usize {
        self.known.persons()
    }

    fn score(&self, sought: usize, known: usize) -> f64 {
        if let Some(exact) = &self.exact {
            return exact(sought, known);
        }
        let mut sum = 0.0;
        let add = |a: f64, b: f64| sum += a * b;
        shared(self.sought.of(sought), self.known.of(known), add);
        match &self.handicap {
            Some(handicap) => sum - handicap.of_sought[sought] * handicap.of_known[known],
            None => sum,
        }
    }

    fn rank(&self, first: usize, truth: &[Option<u32>], keep: usize) -> Vec<Ranked> {
        let queries = (first..).zip(truth);
        let mut queries: Vec<Query> = queries
            .map(|(sought, own)| self.query(sought, *own, keep))
            .collect();
        let mut sums: Box<[f64; MOST]> = vec![0.0; MOST].try_into().expect("it is as long");
        for block in 0..self.index.starts.len() {
            for query in &mut queries {
                self.compare(block, query, &mut sums);
            }
        }
        queries
            .into_iter()
            .map(|query| query.tally.done())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FEATURES: usize = 40;

    fn side() -> impl Strategy<Value = Vec<Vec<(u32, f64)>>> {
        let weights = prop::collection::btree_map(0..FEATURES as u32, 1u32..6, 0..8);
        let person = weights.prop_map(|weights| {
            let pairs = weights.into_iter();
            pairs.map(|(f, w)| (f, f64::from(w) / 4.0)).collect()
        });
        prop::collection::vec(person, 1..30)
    }

    /// All pairs, one after the other.
    fn slow(matcher: &dyn Matcher, sought: usize, own: Option<u32>, keep: usize) -> Ranked {
        let mut scores: Vec<(f64, u32)> = (0..matcher.known() as u32)
            .map(|known| (matcher.score(sought, known as usize), known))
            .collect();
        let own = own.map(|own| scores.remove(own as usize).0);
        let count =
            |of: &dyn Fn(f64) -> bool| scores.iter().filter(|(score, _)| of(*score)).count() as u64;
        let ranked = |own: f64| {
            (
                count(&|score| score > own + tolerance(own)),
                count(&|score| (score - own).abs() <= tolerance(own)),
            )
        };
        let (better, tied) = own.map_or((0, 0), ranked);
        scores.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scores.truncate(keep);
        Ranked {
            own,
            better,
            tied,
            others: scores,
        }
    }

    fn agree(matcher: &dyn Matcher, sought: usize, keep: usize) -> Result<(), TestCaseError> {
        let persons = (0..matcher.known() as u32).map(Some);
        for own in std::iter::once(None).chain(persons) {
            let fast = matcher.rank(sought, &[own], keep).remove(0);
            let slow = slow(matcher, sought, own, keep);
            prop_assert_eq!(fast.own, slow.own);
            prop_assert_eq!((fast.better, fast.tied), (slow.better, slow.tied));
            let scores = |ranked: &Ranked| -> Vec<f64> {
                ranked.others.iter().map(|(score, _)| *score).collect()
            };
            let pairs = scores(&fast).into_iter().zip(scores(&slow));
            prop_assert_eq!(fast.others.len(), slow.others.len());
            for (fast, slow) in pairs {
                prop_assert!((fast - slow).abs() <= 1e-9, "{} {}", fast, slow);
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn ranks_are_those_of_all_pairs(
            known in side(),
            sought in side(),
            keep in 1usize..5,
            handicaps in prop::collection::vec(0u32..4, 60),
        ) {
            let sides = || (Profiles::collect(known.clone()), Profiles::collect(sought.clone()));
            let handicap = |at: usize| f64::from(handicaps[at]) / 2.0;
            let (a, b) = sides();
            let plain = Products::new(a, b, FEATURES);
            let (a, b) = sides();
            let handicapped = Products::new(a, b, FEATURES).handicapped(
                (0..sought.len()).map(handicap).collect(),
                (0..known.len()).map(|at| handicap(at + 30)).collect(),
            );
            let (a, b) = sides();
            let (c, d) = sides();
            // Of each shared feature the lesser weight, bounded by the product of the square roots.
            let root = |profiles: Profiles| profiles.map(|_, _, weight| weight.sqrt());
            let bounded = Products::new(root(a), root(b), FEATURES).bounding(move |x, y| {
                let mut sum = 0.0;
                shared(d.of(x), c.of(y), |a: f64, b: f64| sum += a.min(b));
                sum
            });
            for at in 0..sought.len() {
                agree(&plain, at, keep)?;
                agree(&handicapped, at, keep)?;
                agree(&bounded, at, keep)?;
            }
        }

        /// Places that everybody has been to are left out where they cannot matter, and the ranks stay.
        #[test]
        fn places_of_everybody_change_no_rank(seed in 0u64..50) {
            let draws = crate::stats::Draws::new(seed, "ranking", "t");
            let person = |at: u64, side: u64| -> Vec<(u32, f64)> {
                // A place of everybody, two of one's own kind, some at random.
                let mut trial = draws.trial(at << 1 | side);
                let mut features: std::collections::BTreeMap<u32, f64> =
                    [(0, 1.0), (1 + (at % 7) as u32, 3.0), (8 + (at % 11) as u32, 3.0)].into();
                for _ in 0..3 {
                    features.insert(19 + trial.below(21) as u32, 1.0);
                }
                features.into_iter().collect()
            };
            let side = |side| -> Vec<Vec<(u32, f64)>> {
                (0..2_000).map(|at| person(at, side)).collect()
            };
            let unit = |profiles: Profiles| {
                let length = |person: usize| profiles.of(person).1.iter().map(|w| w * w).sum::<f64>().sqrt();
                let lengths: Vec<f64> = (0..profiles.persons()).map(length).collect();
                profiles.map(|person, _, weight| weight / lengths[person])
            };
            let known = unit(Profiles::collect(side(0)));
            let sought = unit(Profiles::collect(side(1)));
            let mut matcher = Products::new(known, sought, FEATURES);
            // Several blocks, the last of them smaller.
            matcher.index = Index::of_blocks(&matcher.known, FEATURES, 600);
            for at in [0usize, 5, 900] {
                for own in [Some(at as u32), Some(3), None] {
                    let fast = matcher.rank(at, &[own], 3).remove(0);
                    let slow = slow(&matcher, at, own, 3);
                    prop_assert_eq!((fast.better, fast.tied), (slow.better, slow.tied));
                    prop_assert!((fast.others[2].0 - slow.others[2].0).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn ties_share_the_places() {
        let ranked = Ranked {
            own: Some(0.5),
            better: 1,
            tied: 3,
            others: vec![(0.9, 4), (0.5, 1)],
        };
        assert_eq!(
            [1, 2, 3, 5, 10].map(|k| ranked.within(k)),
            [0.0, 0.25, 0.5, 1.0, 1.0]
        );
        assert_eq!(ranked.mean_rank(), 3.5);
        assert_eq!(ranked.lead(), (0.4, false));
        assert_eq!(ranked.lead_without(), 0.4);
        let first = Ranked {
            own: Some(0.9),
            others: vec![(0.9 - 1e-15, 4)],
            ..Ranked::default()
        };
        assert_eq!(first.lead().0, 0.0);
    }
}
