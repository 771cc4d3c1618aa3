//! Where the true person stands among all candidates, by a score that is a sum over shared features.
//!
//! Nobody is compared who shares nothing: an inverted index gives the candidates, and bounds on what
//! features can still add say who need not be looked at any more (as MaxScore: H. Turtle, J. Flood, Query
//! evaluation: strategies and optimizations, IPM 31, 1995). Sums are added up in single precision; whoever they
//! cannot tell from the true person, or from the best, is scored again in double. Ranks are exact.
//!
//! Memory: 12 bytes a (person, feature) pair of either side and 6 of the known again, in the index, which takes
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

    /// Scores below this are not among the best.
    fn kept(&self) -> f64 {
        match self.others.len() == self.keep {
            true => self.others.last().map_or(f64::INFINITY, |last| last.0),
            false => f64::NEG_INFINITY,
        }
    }

    /// Scores below this change nothing.
    fn least(&self) -> f64 {
        match self.own {
            Some(own) => self.kept().min(own - tolerance(own)),
            None => self.kept(),
        }
    }

    /// Adds a score of which no more is known than that it lies between two bounds, where that is enough.
    fn add_between(&mut self, low: f64, high: f64) -> bool {
        let better = self.own.is_some_and(|own| low > own + tolerance(own));
        let enough = better && high < self.kept();
        self.better += u64::from(enough);
        enough
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
    /// The same in single precision.
    rounded: Vec<f32>,
    /// The greatest of the known.
    greatest: f64,
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
    weights: Vec<Vec<f32>>,
}

/// Sums of so many fit the second cache.
const BLOCK: usize = 1 << 13;
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
            let (mut people, mut weights) = (vec![0u16; all], vec![0.0f32; all]);
            let mut fill = starts.clone();
            for person in persons {
                for (feature, weight) in known.pairs(person) {
                    let slot = &mut fill[feature as usize];
                    people[*slot as usize] = (person - first) as u16;
                    weights[*slot as usize] = weight as f32;
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
    fn of(&self, block: usize, feature: u32) -> (&[u16], &[f32]) {
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
    /// By how much a sum in single precision differs from the score at most.
    error: f64,
    tally: Tally,
}

/// What comparing needs again and again.
struct Room {
    /// Of a block.
    sums: Box<[f32; MOST]>,
    /// Whose sum reached what matters, some of them several times.
    reached: Vec<u16>,
    /// The weights of one of the sought, by feature.
    dense: Vec<f64>,
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
            rounded: of_known.iter().map(|handicap| *handicap as f32).collect(),
            greatest: of_known.iter().copied().fold(0.0, f64::max),
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
            error: self.error(sought, features.len(), left[0]),
            features,
            left,
            tally: Tally::new(score, keep),
        }
    }

    /// By how much a sum of so many products, none of them negative, differs in single precision from what it is
    /// in double: each addition, product and weight is rounded by half of epsilon. Twice as much is allowed for.
    ///
    /// Source: N. Higham, Accuracy and Stability of Numerical Algorithms (2002), section 4.2.
    fn error(&self, sought: usize, products: usize, sum: f64) -> f64 {
        let handicap = self.handicap.as_ref().map_or(0.0, |handicap| {
            handicap.of_sought[sought] * handicap.greatest
        });
        let roundings = (products + 4) as f64;
        let relative = f64::from(f32::EPSILON) * roundings * (sum + handicap);
        // What is too small for a number of single precision.
        relative + f64::from(f32::MIN_POSITIVE) * roundings
    }

    /// The score of one of the sought, whose weights `dense` holds by feature.
    fn score_of(&self, sought: usize, dense: &[f64], known: usize) -> f64 {
        if let Some(exact) = &self.exact {
            return exact(sought, known);
        }
        let products = self.known.pairs(known);
        let sum = products.map(|(feature, weight)| dense[feature as usize] * weight);
        self.less_handicap(sum.sum(), sought, known)
    }

    fn less_handicap(&self, sum: f64, sought: usize, known: usize) -> f64 {
        match &self.handicap {
            Some(handicap) => sum - handicap.of_sought[sought] * handicap.of_known[known],
            None => sum,
        }
    }

    /// How many of a query's features are added up in a block, and what those after them can add: a feature that
    /// so many have is left out where it, and what comes after it, can bring nobody far enough who has none of
    /// those before.
    fn used(&self, block: usize, query: &Query, persons: usize) -> (usize, f64) {
        let least = query.tally.least();
        let features = query.features.len();
        let weak = query.left[..features].partition_point(|left| *left >= least);
        let often = |at: &usize| {
            let (having, _) = self.index.of(block, query.features[*at].0);
            having.len() * 16 > persons
        };
        match (weak..features).find(often) {
            Some(at) => (at, query.left[at]),
            None => (features, 0.0),
        }
    }

    /// Compares one of the sought with a block of the known. The room's sums and weights are all 0 before and
    /// after.
    fn compare(&self, block: usize, query: &mut Query, room: &mut Room) {
        let first = block * self.index.block;
        let persons = self.index.block.min(self.known.persons() - first);
        let (used, left) = self.used(block, query, persons);
        let lacks = query.error + left;
        // Of a sum that does not reach it the score does not reach what matters.
        let enough = |tally: &Tally| ((tally.least() - lacks) as f32).next_down();
        // Whoever has no sum may matter as well, or a sum is not all.
        let everybody = self.handicap.is_some() || enough(&query.tally) <= 0.0;
        let reach = match everybody {
            true => f32::INFINITY,
            false => enough(&query.tally),
        };
        let Room {
            sums,
            reached,
            dense,
        } = room;
        let mut met = 0;
        for (feature, weight) in &query.features[..used] {
            let (having, weights) = self.index.of(block, *feature);
            met += having.len();
            let weight = *weight as f32;
            for (person, of_known) in having.iter().zip(weights) {
                let sum = &mut sums[usize::from(*person)];
                *sum += weight * of_known;
                if *sum >= reach {
                    reached.push(*person);
                }
            }
        }
        let Query {
            tally,
            own,
            sought,
            error,
            features,
            ..
        } = query;
        let look = |at: usize, sum: f32, tally: &mut Tally| {
            let known = (first + at) as u32;
            let sum = f64::from(sum);
            let low = match self.exact {
                Some(_) => f64::NEG_INFINITY,
                None => sum - *error,
            };
            if Some(known) != *own && !tally.add_between(low, sum + lacks) {
                tally.add(self.score_of(*sought, dense, known as usize), known);
            }
        };
        if !everybody {
            for person in reached.drain(..).map(usize::from) {
                let sum = std::mem::take(&mut sums[person]);
                if sum >= enough(tally) {
                    look(person, sum, tally);
                }
            }
            match met * 16 < persons {
                // Few have a sum: they are found again by the features.
                true => {
                    for (feature, _) in &features[..used] {
                        let (having, _) = self.index.of(block, *feature);
                        having.iter().for_each(|at| sums[usize::from(*at)] = 0.0);
                    }
                }
                false => sums[..persons].fill(0.0),
            }
            return;
        }
        let sums = &mut sums[..persons];
        if let Some(handicap) = &self.handicap {
            let factor = handicap.of_sought[*sought] as f32;
            let pairs = sums.iter_mut().zip(&handicap.rounded[first..]);
            pairs.for_each(|(sum, handicap)| *sum -= factor * handicap);
        }
        for (part, sums) in sums.chunks_mut(TOGETHER).enumerate() {
            // Few parts hold one: to ask all of a part at once is quicker than one by one.
            let least = enough(tally);
            let any = |any: bool, sum: &f32| any | (*sum >= least);
            if sums.iter().fold(false, any) {
                for (at, sum) in sums.iter().enumerate() {
                    if *sum >= enough(tally) {
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
        self.less_handicap(sum, sought, known)
    }

    fn rank(&self, first: usize, truth: &[Option<u32>], keep: usize) -> Vec<Ranked> {
        let queries = (first..).zip(truth);
        let mut queries: Vec<Query> = queries
            .map(|(sought, own)| self.query(sought, *own, keep))
            .collect();
        let mut room = Room {
            sums: vec![0.0; MOST].try_into().expect("it is as long"),
            reached: Vec::new(),
            dense: vec![0.0; self.features.len()],
        };
        for block in 0..self.index.starts.len() {
            for query in &mut queries {
                for (feature, weight) in &query.features {
                    room.dense[*feature as usize] = *weight;
                }
                self.compare(block, query, &mut room);
                for (feature, _) in &query.features {
                    room.dense[*feature as usize] = 0.0;
                }
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
