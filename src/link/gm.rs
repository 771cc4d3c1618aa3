//! Where the known would have been when the sought was seen: a Gaussian for places that are near, a mixture of
//! lags for times that are off, a Markov chain for times when nobody looked.

use std::collections::HashMap;

use rayon::prelude::*;

use super::ranking::{Matcher, Ranked, Sums};
use super::{Method, Profiles, Sides};
use crate::encode::trails::Spot;
use crate::language::Said;
use crate::said;

/// The part of the likelihood that is left to chance: the sought was anywhere.
const BACKGROUND: f64 = 0.1;
/// Bins of time by which a record may be off, and gaps up to which whereabouts are filled in.
const LAGS: i64 = 1;
const GAP: i64 = 8;
/// Destinations that are kept of each place.
const NEXT: usize = 4;

/// Each of the known has whereabouts: for each bin of time a distribution over places, the shares of their
/// rows in it. A bin without rows that follows one with rows by at most 8 bins is filled in by the chain of
/// moves of all known persons from one bin with rows to their next: the 4 likeliest places after the last
/// known one. With w_t the whereabouts, the likelihood of the sought at place x in bin t is
///
/// P(x, t) = (1 − ε) Σ_lag π(lag) Σ_y w_{t+lag}(y) K_lag(x | y) + ε B(x),
///
/// K_lag a Gaussian of the distance from y to x with deviation σ (1 + |lag|), summed to 1 over the places
/// within 3 deviations; π(lag) ∝ 2^−|lag| for |lag| ≤ 1; B(x) the share of all rows of the known at x; ε = 0.1; σ the
/// median distance of a place to the nearest other one. The score is Σ rows ln(P / (ε B)): 0 for who was never
/// near. Without times all is one bin.
///
/// Whoever is known to have been elsewhere then, and whoever nothing is known of then, both have P = ε B: being seen
/// elsewhere is no penalty beyond the evidence that is missing. Wang et al. leave P the density of the mixture, so that
/// being elsewhere counts against a candidate by how far away; with ε as a floor a wrong clock or a shared account
/// does not rule anybody out.
///
/// Source: H. Wang, C. Gao, Y. Li, G. Wang, D. Jin, J. Sun, De-anonymization of mobility trajectories:
/// dissecting the gaps between theory and practice, NDSS 2018. They learn the mixture; here it is stated.
pub const METHOD: Method = Method {
    name: "gm",
    prepare: |sides| Ok(Box::new(Gm::new(sides)?)),
};

/// A bin of time and a place.
type Moment = (i64, u32);

struct Gm {
    /// Rows of each of the sought by moment.
    sought: Vec<Vec<(Moment, f64)>>,
    /// The whereabouts of each of the known, by ascending moment.
    known: Vec<Vec<(Moment, f64)>>,
    /// Who may have been there then.
    index: HashMap<Moment, Vec<(u32, f64)>>,
    /// For each lag from 0 and each place x, the places y near it with π(lag) K(x | y).
    near: Vec<Vec<Vec<(u32, f64)>>>,
    background: Vec<f64>,
}

impl Gm {
    fn new(sides: &Sides<'_>) -> Result<Self, Said> {
        let no_place = said!(
            "its places have no coordinates: they are cells by name, or there are none",
            "ihre Orte haben keine Koordinaten: sie sind Zellen mit Namen, oder es gibt keine"
        );
        let spots = sides.features.spots().ok_or(no_place.clone())?;
        let codes = sides.features.places().ok_or(no_place)?;
        let count = codes.iter().max().map_or(0, |last| *last as usize + 1);
        let mut places: Vec<Option<Spot>> = vec![None; count];
        for (code, spot) in codes.iter().zip(&spots) {
            places[*code as usize] = *spot;
        }
        let moment = |feature: u32| {
            let spot = spots[feature as usize]?;
            Some((spot.bin, codes[feature as usize]))
        };
        let rows = |profiles: &Profiles, person: usize| -> Vec<(Moment, f64)> {
            let pairs = profiles.pairs(person);
            let mut rows: Vec<(Moment, f64)> = pairs
                .filter_map(|(feature, count)| Some((moment(feature)?, count)))
                .collect();
            rows.sort_by_key(|row| row.0);
            rows
        };
        let all = |profiles: &Profiles| -> Vec<Vec<(Moment, f64)>> {
            let persons = 0..profiles.persons();
            persons.map(|person| rows(profiles, person)).collect()
        };
        let (known, sought) = (all(&sides.known.profiles), all(&sides.sought.profiles));
        Ok(Self::of(known, sought, &places))
    }

    fn of(
        known: Vec<Vec<(Moment, f64)>>,
        sought: Vec<Vec<(Moment, f64)>>,
        places: &[Option<Spot>],
    ) -> Self {
        // Whoever was seen only by the sought side still has a chance to have been there.
        let mut background = vec![1.0; places.len()];
        for ((_, place), rows) in known.iter().flatten() {
            background[*place as usize] += rows;
        }
        let all: f64 = background.iter().sum();
        background.iter_mut().for_each(|share| *share /= all);
        let chain = chain(&known, places.len());
        let known: Vec<Vec<(Moment, f64)>> = known
            .into_par_iter()
            .map(|rows| whereabouts(&rows, &chain))
            .collect();
        let mut index: HashMap<Moment, Vec<(u32, f64)>> = HashMap::new();
        for (person, moments) in (0u32..).zip(&known) {
            for (moment, share) in moments {
                index.entry(*moment).or_default().push((person, *share));
            }
        }
        let sigma = nearest(places);
        let chance = |lag: i64| 0.5f64.powi(lag.abs() as i32);
        let all: f64 = (-LAGS..=LAGS).map(chance).sum();
        let near = (0..=LAGS).map(|lag| {
            let mut near = kernel(places, sigma * (1 + lag) as f64);
            let weights = near.iter_mut().flatten();
            weights.for_each(|(_, weight)| *weight *= chance(lag) / all);
            near
        });
        Self {
            near: near.collect(),
            sought,
            known,
            index,
            background,
        }
    }

    /// Calls with each moment at which somebody may have been who was at `place` in `bin`, and its weight.
    fn explained(&self, (bin, place): Moment, mut each: impl FnMut(Moment, f64)) {
        for lag in -LAGS..=LAGS {
            for (from, weight) in &self.near[lag.unsigned_abs() as usize][place as usize] {
                each((bin + lag, *from), *weight);
            }
        }
    }

    fn gain(&self, (_, place): Moment, likelihood: f64) -> f64 {
        let chance = BACKGROUND * self.background[place as usize];
        ((1.0 - BACKGROUND) * likelihood / chance).ln_1p()
    }
}

impl Matcher for Gm {
    fn known(&self) -> usize {
        self.known.len()
    }

    fn score(&self, sought: usize, known: usize) -> f64 {
        let moments = &self.known[known];
        let score = |(moment, rows): &(Moment, f64)| {
            let mut likelihood = 0.0;
            self.explained(*moment, |at, weight| {
                if let Ok(place) = moments.binary_search_by_key(&at, |(moment, _)| *moment) {
                    likelihood += weight * moments[place].1;
                }
            });
            rows * self.gain(*moment, likelihood)
        };
        self.sought[sought].iter().map(score).sum()
    }

    fn rank(&self, first: usize, truth: &[Option<u32>], keep: usize) -> Vec<Ranked> {
        let mut sums = [Sums::new(self.known()), Sums::new(self.known())];
        let [scores, likelihoods] = &mut sums;
        let queries = self.sought[first..].iter().zip(truth);
        let rank = |(rows, own): (&Vec<(Moment, f64)>, &Option<u32>)| {
            for (moment, rows) in rows {
                self.explained(*moment, |at, weight| {
                    for (person, share) in self.index.get(&at).into_iter().flatten() {
                        likelihoods.add(*person, weight * share);
                    }
                });
                likelihoods.take(|person, likelihood| {
                    scores.add(person, rows * self.gain(*moment, likelihood));
                });
            }
            scores.settle(*own, keep)
        };
        queries.map(rank).collect()
    }
}

/// The likeliest places after each place, over the moves of all persons from one bin with rows to the next.
fn chain(persons: &[Vec<(Moment, f64)>], places: usize) -> Vec<Vec<(u32, f64)>> {
    let mut moves: Vec<HashMap<u32, f64>> = vec![HashMap::new(); places];
    for rows in persons {
        let bins: Vec<&[(Moment, f64)]> = rows.chunk_by(|a, b| a.0.0 == b.0.0).collect();
        for pair in bins.windows(2) {
            // The place with most rows stands for the bin.
            let [from, to] = [pair[0], pair[1]].map(most);
            *moves[from as usize].entry(to).or_insert(0.0) += 1.0;
        }
    }
    let likeliest = |moves: HashMap<u32, f64>| {
        let mut moves: Vec<(u32, f64)> = moves.into_iter().collect();
        moves.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        moves.truncate(NEXT);
        let all: f64 = moves.iter().map(|(_, count)| count).sum();
        moves.iter_mut().for_each(|(_, count)| *count /= all);
        moves
    };
    moves.into_iter().map(likeliest).collect()
}

/// The place with most rows of a bin, of equal ones the first.
fn most(rows: &[(Moment, f64)]) -> u32 {
    let mut best = &rows[0];
    for row in rows {
        if row.1 > best.1 {
            best = row;
        }
    }
    best.0.1
}

/// Shares of each bin's rows by place, and what the chain says of the bins after it that have none.
fn whereabouts(rows: &[(Moment, f64)], chain: &[Vec<(u32, f64)>]) -> Vec<(Moment, f64)> {
    let mut moments = Vec::new();
    let mut bins = rows.chunk_by(|a, b| a.0.0 == b.0.0).peekable();
    while let Some(bin) = bins.next() {
        let all: f64 = bin.iter().map(|(_, rows)| rows).sum();
        moments.extend(bin.iter().map(|(moment, rows)| (*moment, rows / all)));
        let (time, next) = (bin[0].0.0, bins.peek().map(|next| next[0].0.0));
        let Some(next) = next else { continue };
        let mut likely = chain[most(bin) as usize].clone();
        likely.sort_by_key(|(place, _)| *place);
        for empty in time + 1..next.min(time + 1 + GAP) {
            moments.extend(
                likely
                    .iter()
                    .map(|(place, share)| ((empty, *place), *share)),
            );
        }
    }
    moments
}

/// Kilometres between two places, by a plane that touches the earth between them.
fn distance(a: Spot, b: Spot) -> f64 {
    let east = (b.longitude - a.longitude + 540.0).rem_euclid(360.0) - 180.0;
    let latitude = f64::midpoint(a.latitude, b.latitude).to_radians();
    let x = east.to_radians() * latitude.cos();
    let y = (b.latitude - a.latitude).to_radians();
    6_371.0 * x.hypot(y)
}

/// The median over places of the distance to the nearest other one, in kilometres; 1 where there is none.
fn nearest(places: &[Option<Spot>]) -> f64 {
    let there: Vec<Spot> = places.iter().flatten().copied().collect();
    // A thousand places say it.
    let step = there.len().div_ceil(1_000).max(1);
    let mut distances: Vec<f64> = there
        .par_iter()
        .step_by(step)
        .filter_map(|a| {
            let others = there.iter().filter(|b| *b != a);
            others.map(|b| distance(*a, *b)).min_by(f64::total_cmp)
        })
        .collect();
    distances.sort_by(f64::total_cmp);
    distances.get(distances.len() / 2).copied().unwrap_or(1.0)
}

/// For each place x the places y within three deviations, with the chance to be seen at x when at y.
fn kernel(places: &[Option<Spot>], sigma: f64) -> Vec<Vec<(u32, f64)>> {
    // Places by bands of latitude, so that few are compared.
    let degrees = (3.0 * sigma / 6_371.0).to_degrees();
    let band = |spot: Spot| (spot.latitude / degrees).floor() as i64;
    let mut bands: HashMap<i64, Vec<(u32, Spot)>> = HashMap::new();
    for (at, spot) in places.iter().enumerate() {
        if let Some(spot) = spot {
            bands
                .entry(band(*spot))
                .or_default()
                .push((at as u32, *spot));
        }
    }
    let around = |spot: Spot| -> Vec<(u32, f64)> {
        let close = (-1..=1).filter_map(|step| bands.get(&(band(spot) + step)));
        let mut close: Vec<(u32, f64)> = close
            .flatten()
            .map(|(at, other)| (*at, distance(spot, *other) / sigma))
            .filter(|(_, deviations)| *deviations <= 3.0)
            .map(|(at, deviations)| (at, (-deviations * deviations / 2.0).exp()))
            .collect();
        close.sort_by_key(|(at, _)| *at);
        close
    };
    let weights: Vec<Vec<(u32, f64)>> = places
        .par_iter()
        .map(|spot| spot.map_or(Vec::new(), around))
        .collect();
    let sums: Vec<f64> = weights
        .iter()
        .map(|near| near.iter().map(|(_, weight)| weight).sum())
        .collect();
    // Distances are the same both ways; each y shares out 1.
    weights
        .into_iter()
        .map(|near| {
            let near = near.into_iter();
            near.map(|(y, weight)| (y, weight / sums[y as usize]))
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three places on the equator, one kilometre apart.
    fn places() -> Vec<Option<Spot>> {
        let degree = 1.0 / 6_371.0f64.to_radians();
        (0..3)
            .map(|at| {
                Some(Spot {
                    latitude: 0.0,
                    longitude: f64::from(at) * degree,
                    bin: 0,
                })
            })
            .collect()
    }

    #[test]
    fn by_hand() {
        // Person 0 is at place 0 in bin 5, person 1 at place 2 in bin 6 and at place 0 in bin 9; the sought
        // was at place 1 in bin 5.
        let known = vec![vec![((5, 0), 2.0)], vec![((6, 2), 1.0), ((9, 0), 1.0)]];
        let gm = Gm::of(known, vec![vec![((5, 1), 1.0)]], &places());
        // σ is 1 km. With e1 = exp(−1/2), e2 = exp(−2): seen at 1 when at 0: e1 / (1 + e1 + e2). A bin off,
        // with twice the deviation: f1 = exp(−1/8), f2 = exp(−1/2): f1 / (1 + f1 + f2).
        let (e1, e2) = ((-0.5f64).exp(), (-2.0f64).exp());
        let (f1, f2) = ((-0.125f64).exp(), (-0.5f64).exp());
        // π(0) = 1/2, π(±1) = 1/4. Rows of the known: 3 at place 0, 1 at place 2, and one more each: B(1) is
        // 1 of 7.
        let score = |likelihood: f64| (1.0 + 0.9 * likelihood / (0.1 / 7.0)).ln();
        let first = score(0.5 * e1 / (1.0 + e1 + e2));
        let second = score(0.25 * f1 / (1.0 + f1 + f2));
        assert!(
            (gm.score(0, 0) - first).abs() < 1e-6,
            "{} {first}",
            gm.score(0, 0)
        );
        assert!((gm.score(0, 1) - second).abs() < 1e-6);
        let ranked = gm.rank(0, &[Some(1)], 2).remove(0);
        assert_eq!((ranked.better, ranked.tied), (1, 0));
        assert!((ranked.others[0].0 - first).abs() < 1e-6);
    }

    #[test]
    fn gaps_are_filled_in_by_the_moves_of_all() {
        // From place 0 everybody goes to 1; the person is at 0 in bin 1 and at 2 in bin 4.
        let moves = [
            vec![((0, 0), 1.0), ((1, 1), 1.0)],
            vec![((1, 0), 1.0), ((4, 2), 1.0)],
        ];
        let chain = chain(&moves, 3);
        assert_eq!(chain[0], [(1, 0.5), (2, 0.5)]);
        let filled = whereabouts(&moves[1], &chain);
        let half = |bin| [((bin, 1), 0.5), ((bin, 2), 0.5)];
        let mut expected = vec![((1, 0), 1.0)];
        expected.extend([half(2), half(3)].concat());
        expected.push(((4, 2), 1.0));
        assert_eq!(filled, expected);
    }
}
