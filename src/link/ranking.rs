//! Where the true person stands among all candidates, by a score that is a sum over shared features.
//!
//! Nobody is compared who shares nothing: an inverted index gives the candidates, and bounds on what
//! features can still add say who need not be looked at any more (as MaxScore: H. Turtle, J. Flood, Query
//! evaluation: strategies and optimizations, IPM 31, 1995). Ranks are exact.
//!
//! Memory: the index holds 12 bytes a (person, feature) pair of the known; a thread 12 a known person.

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

    /// Where the true one (`own`) stands, with the `keep` best of the others.
    fn rank(&self, sought: usize, own: Option<u32>, keep: usize, scratch: &mut Scratch) -> Ranked;
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
        let mut scratch = Scratch::new(matcher.known());
        let ranked = (at * SOME..).zip(truth);
        let ranked = ranked.map(|(sought, own)| matcher.rank(sought, *own, keep, &mut scratch));
        let ranked = ranked.collect();
        progress.sought(truth.len() as u64);
        ranked
    };
    let parts = truth.par_chunks(SOME).enumerate().map(some);
    parts.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Persons that are ranked one after the other.
const SOME: usize = 512;

/// What a thread needs while it ranks.
pub struct Scratch {
    sums: Vec<f64>,
    /// The known whose sum is not 0; none where there are so many that all sums are looked through.
    touched: Vec<u32>,
    all: bool,
    /// A second sum, for scores of two levels.
    pub parts: Vec<f64>,
    pub met: Vec<u32>,
}

/// Sums that are looked at together where all are.
const BLOCK: usize = 64;

impl Scratch {
    pub fn new(known: usize) -> Self {
        Self {
            sums: vec![0.0; known],
            touched: Vec::new(),
            all: false,
            parts: Vec::new(),
            met: Vec::new(),
        }
    }

    /// Adds what speaks for one of the known: more than 0.
    pub fn add(&mut self, known: u32, weight: f64) {
        let sum = &mut self.sums[known as usize];
        if *sum == 0.0 {
            self.touched.push(known);
        }
        *sum += weight;
    }

    /// Adds the weights of many, times a factor.
    fn add_all(&mut self, (known, weights): (&[u32], &[f64]), factor: f64) {
        if self.all {
            for (known, weight) in known.iter().zip(weights) {
                self.sums[*known as usize] += factor * weight;
            }
        } else {
            for (known, weight) in known.iter().zip(weights) {
                self.add(*known, factor * weight);
            }
        }
    }

    /// Calls with everybody whose sum is more than 0 and at least `least`, which each call may raise.
    fn visit(&self, least: f64, mut each: impl FnMut(u32, f64) -> f64) {
        let mut least = least;
        if !self.all {
            for known in &self.touched {
                let sum = self.sums[*known as usize];
                if sum >= least {
                    least = each(*known, sum);
                }
            }
            return;
        }
        for (block, sums) in self.sums.chunks(BLOCK).enumerate() {
            // Few blocks hold one: to ask all of a block at once is quicker than one by one.
            let enough = least.max(f64::MIN_POSITIVE);
            if sums.iter().fold(false, |any, sum| any | (*sum >= enough)) {
                for (at, sum) in sums.iter().enumerate() {
                    if *sum > 0.0 && *sum >= least {
                        least = each((block * BLOCK + at) as u32, *sum);
                    }
                }
            }
        }
    }

    /// The `count` greatest sums, and whose they are.
    fn first(&self, count: usize) -> Vec<(f64, u32)> {
        let mut tally = Tally::new(None, count);
        self.visit(0.0, |known, sum| {
            tally.keep(sum, known);
            tally.least()
        });
        tally.others
    }

    fn clear(&mut self) {
        if self.all {
            self.sums.fill(0.0);
        }
        for known in self.touched.drain(..) {
            self.sums[known as usize] = 0.0;
        }
        self.all = false;
    }

    /// The ranking by the sums; whoever has none stands at 0.
    pub fn settle(&mut self, own: Option<u32>, keep: usize) -> Ranked {
        let mut tally = Tally::new(own.map(|own| self.sums[own as usize]), keep);
        self.visit(tally.least(), |known, sum| {
            if Some(known) != own {
                tally.add(sum, known);
            }
            tally.least()
        });
        self.rest(own, &mut tally);
        self.clear();
        tally.done()
    }

    /// Those without a sum, the true one apart.
    fn alone(&self, own: Option<u32>) -> impl Iterator<Item = u32> {
        let all = 0..self.sums.len() as u32;
        all.filter(move |known| self.sums[*known as usize] == 0.0 && Some(*known) != own)
    }

    /// Adds those without a sum, where they change anything.
    fn rest(&self, own: Option<u32>, tally: &mut Tally) {
        if tally.least() <= 0.0 {
            let count = self.alone(own).count() as u64;
            tally.add_equal(0.0, count, self.alone(own));
        }
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

    fn compare(&mut self, score: f64, count: u64) {
        if let Some(own) = self.own {
            if score > own + tolerance(own) {
                self.better += count;
            } else if score >= own - tolerance(own) {
                self.tied += count;
            }
        }
    }

    fn add(&mut self, score: f64, known: u32) {
        self.compare(score, 1);
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

    /// So many others with one score, of whom `some` are the first.
    fn add_equal(&mut self, score: f64, count: u64, some: impl Iterator<Item = u32>) {
        self.compare(score, count);
        if self.others.len() < self.keep || self.others.last().is_some_and(|last| last.0 <= score) {
            for known in some.take(self.keep.min(count as usize)) {
                self.keep(score, known);
            }
        }
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
    /// The known by ascending handicap.
    order: Vec<u32>,
}

type Exact<'a> = Box<dyn Fn(usize, usize) -> f64 + Sync + 'a>;

/// A score that is the sum, over the features both have, of the product of a weight of each: a sparse
/// matrix product of which only the leading entries are wanted.
pub struct Products<'a> {
    known: Profiles,
    sought: Profiles,
    /// The known by feature.
    index: Profiles,
    /// The greatest weight of each feature among the known.
    greatest: Vec<f64>,
    /// The greatest length of a known person's weights.
    length: f64,
    handicap: Option<Handicap>,
    /// The score, where the product only bounds it from above.
    exact: Option<Exact<'a>>,
}

/// Features of more of the known are left out where they cannot matter.
const LONG: usize = 1 << 10;

impl<'a> Products<'a> {
    /// Of weights greater than 0. `features` is more than any feature.
    pub fn new(known: Profiles, sought: Profiles, features: usize) -> Self {
        let index = known.transposed(features);
        let most = |weights: &[f64]| weights.iter().copied().fold(0.0, f64::max);
        let greatest = (0..features).map(|feature| most(index.of(feature).1));
        let greatest: Vec<f64> = greatest.collect();
        let square = |person: usize| known.of(person).1.iter().map(|w| w * w).sum::<f64>();
        let squares = (0..known.persons()).map(square);
        let length = squares.fold(0.0, f64::max).sqrt();
        Self {
            known,
            sought,
            index,
            greatest,
            length,
            handicap: None,
            exact: None,
        }
    }

    /// Takes from each score the product of two handicaps, both at least 0.
    pub fn handicapped(mut self, of_sought: Vec<f64>, of_known: Vec<f64>) -> Self {
        let mut order: Vec<u32> = (0..of_known.len() as u32).collect();
        order.par_sort_by(|a, b| of_known[*a as usize].total_cmp(&of_known[*b as usize]));
        self.handicap = Some(Handicap {
            of_sought,
            of_known,
            order,
        });
        self
    }

    /// The products are bounds of this score, which is 0 for who shares nothing.
    pub fn bounding(mut self, exact: impl Fn(usize, usize) -> f64 + Sync + 'a) -> Self {
        self.exact = Some(Box::new(exact));
        self
    }

    fn product(&self, sought: usize, known: usize) -> f64 {
        let mut sum = 0.0;
        let add = |a: f64, b: f64| sum += a * b;
        shared(self.sought.of(sought), self.known.of(known), add);
        sum
    }

    fn taken(&self, sought: usize, known: usize) -> f64 {
        match &self.handicap {
            Some(handicap) => handicap.of_sought[sought] * handicap.of_known[known],
            None => 0.0,
        }
    }

    /// The least that is taken from any score.
    fn least_taken(&self, sought: usize) -> f64 {
        let least = self
            .handicap
            .as_ref()
            .and_then(|handicap| handicap.order.first());
        least.map_or(0.0, |known| self.taken(sought, *known as usize))
    }

    /// Adds up the products, rare features first. Returns what the features left out can add at most: they
    /// are left out where nobody who has none of the others can reach `enough`, nor three more who were met.
    fn gather(&self, sought: usize, enough: f64, keep: usize, scratch: &mut Scratch) -> f64 {
        let mut features: Vec<(usize, u32, f64)> = self
            .sought
            .pairs(sought)
            .map(|(feature, weight)| (self.index.of(feature as usize).0.len(), feature, weight))
            .filter(|(count, ..)| *count > 0)
            .collect();
        features.sort_unstable_by_key(|(count, feature, _)| (*count, *feature));
        let pairs: usize = features.iter().map(|(count, ..)| count).sum();
        scratch.all = pairs * 8 > scratch.sums.len();
        // What each feature and those after it can add: by their greatest weights, or by the length of
        // the longest of the known (Cauchy and Schwarz).
        let mut left = vec![0.0; features.len() + 1];
        let (mut sum, mut square) = (0.0, 0.0);
        for (at, (_, feature, weight)) in features.iter().enumerate().rev() {
            sum += weight * self.greatest[*feature as usize];
            square += weight * weight;
            let by_length: f64 = f64::sqrt(square) * self.length;
            left[at] = by_length.min(sum);
        }
        for (at, (count, feature, weight)) in features.iter().enumerate() {
            if *count >= LONG && left[at] < enough && left[at] < self.kept(sought, keep, scratch) {
                return left[at];
            }
            scratch.add_all(self.index.of(*feature as usize), *weight);
        }
        0.0
    }

    /// A score that at least `keep` of those met so far have, the true one apart.
    fn kept(&self, sought: usize, keep: usize, scratch: &Scratch) -> f64 {
        let first = scratch.first(keep + 1);
        if first.len() <= keep {
            return 0.0;
        }
        let scores = first.into_iter().map(|(sum, known)| match &self.exact {
            Some(exact) => exact(sought, known as usize),
            None => sum,
        });
        let mut scores: Vec<f64> = scores.collect();
        // One of them may be the true one.
        scores.sort_by(f64::total_cmp);
        scores[0]
    }
}

impl Matcher for Products<'_> {
    fn known(&self) -> usize {
        self.known.persons()
    }

    fn score(&self, sought: usize, known: usize) -> f64 {
        match &self.exact {
            Some(exact) => exact(sought, known),
            None => self.product(sought, known) - self.taken(sought, known),
        }
    }

    fn rank(&self, sought: usize, own: Option<u32>, keep: usize, scratch: &mut Scratch) -> Ranked {
        let score = own.map(|own| self.score(sought, own as usize));
        let mut tally = Tally::new(score, keep);
        // Handicaps differ from person to person: with them everything is added up.
        let enough = match (&self.handicap, score) {
            (None, Some(score)) => score - tolerance(score),
            (None, None) => f64::INFINITY,
            (Some(_), _) => f64::NEG_INFINITY,
        };
        let left = self.gather(sought, enough, keep, scratch);
        if self.exact.is_some() || left > 0.0 {
            self.refine(sought, own, left, scratch, &mut tally);
        } else {
            // The least that is taken from anybody: sums that fall short by it need no look.
            let taken = self.least_taken(sought);
            scratch.visit(tally.least() + taken, |known, sum| {
                if Some(known) != own {
                    tally.add(sum - self.taken(sought, known as usize), known);
                }
                tally.least() + taken
            });
        }
        match &self.handicap {
            _ if left > 0.0 => {}
            None => scratch.rest(own, &mut tally),
            // Ascending handicap: as soon as one changes nothing, none after it does.
            Some(handicap) => {
                for known in handicap.order.iter().copied() {
                    let score = -self.taken(sought, known as usize);
                    if score < tally.least() {
                        break;
                    }
                    if scratch.sums[known as usize] == 0.0 && Some(known) != own {
                        tally.add(score, known);
                    }
                }
            }
        }
        scratch.clear();
        tally.done()
    }
}

impl Products<'_> {
    /// Sums that bound the scores, or lack what `left` says at most: those with the greatest are scored
    /// first, so that few of the others need to be.
    fn refine(
        &self,
        sought: usize,
        own: Option<u32>,
        left: f64,
        scratch: &Scratch,
        tally: &mut Tally,
    ) {
        let first = scratch.first(tally.keep + 1);
        for (_, known) in first.iter().filter(|(_, known)| Some(*known) != own) {
            tally.add(self.score(sought, *known as usize), *known);
        }
        // A bound is rounded as well.
        let bound = |least: f64| least * (1.0 - 1e-9) - left;
        scratch.visit(bound(tally.least()), |known, _| {
            if Some(known) != own && first.iter().all(|(_, other)| *other != known) {
                tally.add(self.score(sought, known as usize), known);
            }
            bound(tally.least())
        });
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
        let mut scratch = Scratch::new(matcher.known());
        let persons = (0..matcher.known() as u32).map(Some);
        for own in std::iter::once(None).chain(persons) {
            let fast = matcher.rank(sought, own, keep, &mut scratch);
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
                (0..2 * LONG as u64).map(|at| person(at, side)).collect()
            };
            let unit = |profiles: Profiles| {
                let length = |person: usize| profiles.of(person).1.iter().map(|w| w * w).sum::<f64>().sqrt();
                let lengths: Vec<f64> = (0..profiles.persons()).map(length).collect();
                profiles.map(|person, _, weight| weight / lengths[person])
            };
            let known = unit(Profiles::collect(side(0)));
            let sought = unit(Profiles::collect(side(1)));
            let matcher = Products::new(known, sought, FEATURES);
            let mut scratch = Scratch::new(matcher.known());
            for at in [0usize, 5, 900] {
                for own in [Some(at as u32), Some(3), None] {
                    let fast = matcher.rank(at, own, 3, &mut scratch);
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
