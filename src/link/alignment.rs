//! Maps and clocks that were moved, and moved back.
//!
//! A release whose coordinates, or whose times, were all moved by a constant keeps its shape: where many people are, and
//! when they are there. Whoever has traces of the same town lays one map over the other.
//!
//! The map: each pair of a busy cell of the known and one of the sought votes for the move from the second to the first,
//! by the root of the product of their rows. This is the cross-correlation of the two densities (of their roots, so that
//! a single crossing does not outvote the town) over all moves. Where the two sides are of different extent, maps scaled
//! by about the ratio of the extents stand for election too. The clock: rows of both sides in the same cell vote for the
//! difference of their bins of time, each cell with one vote in all, so that places where few ever are, at few times, say
//! most.
//!
//! A move is believed where it has more votes than no move at all by a quarter. Whether it was right is not known to the
//! adversary; what is linked after it is reported beside what is linked without.

use foldhash::HashMap;

use crate::encode::trails::{Features, Spot, Trails};

/// So many cells of each side vote, those with most rows; fewer where many scales are tried.
const CELLS: usize = 1_200;
const CELLS_TO_SCALE: usize = 300;
/// Pairs of bins that vote for the clock.
const PAIRS: u64 = 20_000_000;
/// By how much a move must win against none.
const MARGIN: f64 = 1.25;
/// Extents that differ by less are the same.
const SAME_EXTENT: f64 = 0.05;

/// What brings the places and times of the sought to those of the known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Move {
    /// Of latitude and longitude.
    pub scale: [f64; 2],
    /// In degrees.
    pub offset: [f64; 2],
    /// Of time.
    pub bins: i64,
}

impl Move {
    const NONE: Self = Self {
        scale: [1.0, 1.0],
        offset: [0.0, 0.0],
        bins: 0,
    };

    /// The move that fits best, where it fits better than none.
    pub fn find(known: &Trails, sought: &Trails) -> Option<Self> {
        let rows = [rows(known), rows(sought)];
        let mut best = Self::NONE;
        if let (Some(a), Some(b), Some(spacing)) = (
            cells(&known.features, &rows[0]),
            cells(&sought.features, &rows[1]),
            known.features.spacing(),
        ) && let Some((scale, offset)) = of_map(&a, &b, spacing)
        {
            (best.scale, best.offset) = (scale, offset);
        }
        let (moved, of_moved) = best.places(&sought.features);
        let (joined, [mine, theirs]) = Features::joined(&known.features, &moved);
        if let Some((times, cells)) = joined.times_apart() {
            let mut counts = [vec![0.0; joined.len()], vec![0.0; joined.len()]];
            for (feature, rows) in rows[0].iter().enumerate() {
                counts[0][mine[feature] as usize] += rows;
            }
            for (feature, rows) in rows[1].iter().enumerate() {
                counts[1][theirs[of_moved[feature] as usize] as usize] += rows;
            }
            best.bins = of_clock(&times, &cells, &counts);
        }
        (best != Self::NONE).then_some(best)
    }

    fn places(&self, features: &Features) -> (Features, Vec<u32>) {
        self.of(features, 0)
    }

    fn of(&self, features: &Features, bins: i64) -> (Features, Vec<u32>) {
        let Self { scale, offset, .. } = *self;
        if scale == Self::NONE.scale && offset == Self::NONE.offset && bins == 0 {
            return (features.clone(), (0..features.len() as u32).collect());
        }
        let place = |latitude: f64, longitude: f64| {
            (
                latitude * scale[0] + offset[0],
                longitude * scale[1] + offset[1],
            )
        };
        features.moved(place, bins)
    }

    /// The features of the sought once they have been moved, and what each one becomes.
    pub fn features(&self, features: &Features) -> (Features, Vec<u32>) {
        self.of(features, self.bins)
    }
}

/// Rows of each feature.
fn rows(trails: &Trails) -> Vec<f64> {
    let mut rows = vec![0.0; trails.features.len()];
    for person in 0..trails.visits.persons() {
        for feature in trails.visits.of(person) {
            rows[*feature as usize] += 1.0;
        }
    }
    rows
}

/// The cells with their rows, those with most first.
fn cells(features: &Features, rows: &[f64]) -> Option<Vec<([f64; 2], f64)>> {
    let (spots, codes) = (features.spots()?, features.places()?);
    let mut cells: HashMap<u32, (Spot, f64)> = HashMap::default();
    for ((spot, code), rows) in spots.into_iter().zip(codes).zip(rows) {
        if let Some(spot) = spot {
            cells.entry(*code).or_insert((spot, 0.0)).1 += rows;
        }
    }
    let of = |(spot, rows): (Spot, f64)| ([spot.latitude, spot.longitude], rows);
    let mut cells: Vec<([f64; 2], f64)> = cells.into_values().map(of).collect();
    cells.sort_by(|a, b| {
        let place = |at: usize| a.0[at].total_cmp(&b.0[at]);
        b.1.total_cmp(&a.1).then(place(0)).then(place(1))
    });
    (!cells.is_empty()).then_some(cells)
}

type Cells = [([f64; 2], f64)];

/// Mean and deviation of places, by the roots of their rows.
fn extent(cells: &Cells) -> [(f64, f64); 2] {
    let all: f64 = cells.iter().map(|(_, rows)| rows.sqrt()).sum();
    [0, 1].map(|at| {
        let mean = cells
            .iter()
            .map(|(place, rows)| rows.sqrt() * place[at])
            .sum::<f64>()
            / all;
        let square = cells
            .iter()
            .map(|(place, rows)| rows.sqrt() * (place[at] - mean).powi(2))
            .sum::<f64>();
        (mean, (square / all).sqrt())
    })
}

/// Scale and offset of the map.
fn of_map(known: &Cells, sought: &Cells, spacing: f64) -> Option<([f64; 2], [f64; 2])> {
    // A degree of longitude is shorter: cells are as wide as they are high but on a grid of degrees, where this does
    // no harm.
    let none = votes(
        &known[..known.len().min(CELLS)],
        &sought[..sought.len().min(CELLS)],
        [1.0; 2],
        spacing,
    );
    let at_rest = none.at([0, 0]);
    let mut best = ([1.0; 2], none.best(), at_rest);
    let (a, b) = (extent(known), extent(sought));
    let ratios = [0, 1].map(|at| {
        if b[at].1 > 0.0 {
            a[at].1 / b[at].1
        } else {
            1.0
        }
    });
    if ratios.iter().any(|ratio| (ratio - 1.0).abs() > SAME_EXTENT) {
        let few = |cells: &'_ Cells| cells.len().min(CELLS_TO_SCALE);
        let (known, sought) = (&known[..few(known)], &sought[..few(sought)]);
        let plain = votes(known, sought, [1.0; 2], spacing);
        let (mut most, rest) = (plain.best().1, plain.at([0, 0]));
        for step in -10..=10 {
            let scale = ratios.map(|ratio| ratio * (1.0 + 0.01 * f64::from(step)));
            let found = votes(known, sought, scale, spacing).best();
            if found.1 > most * MARGIN {
                most = found.1;
                best = (scale, found, rest);
            }
        }
    }
    let (scale, (offset, votes), rest) = best;
    let is_moved = scale != [1.0; 2] || offset.iter().any(|degrees| degrees.abs() > spacing / 2.0);
    (is_moved && votes > MARGIN * rest).then_some((scale, offset))
}

/// The votes for moves of so many steps of latitude and longitude.
struct Votes {
    of: HashMap<[i32; 2], (f64, [f64; 2])>,
}

fn votes(known: &Cells, sought: &Cells, scale: [f64; 2], step: f64) -> Votes {
    let mut of: HashMap<[i32; 2], (f64, [f64; 2])> = HashMap::default();
    for (to, more) in known {
        for (from, rows) in sought {
            let offset = [0, 1].map(|at| to[at] - from[at] * scale[at]);
            let weight = (more * rows).sqrt();
            let steps = offset.map(|degrees| (degrees / step).round() as i32);
            let votes = of.entry(steps).or_insert((0.0, [0.0; 2]));
            votes.0 += weight;
            (0..2).for_each(|at| votes.1[at] += weight * offset[at]);
        }
    }
    Votes { of }
}

impl Votes {
    /// With those of the eight neighbours: a move is seldom a whole number of steps.
    fn around(&self, steps: [i32; 2]) -> (f64, [f64; 2]) {
        let mut sum = (0.0, [0.0; 2]);
        for y in -1..=1 {
            for x in -1..=1 {
                if let Some((votes, degrees)) = self.of.get(&[steps[0] + y, steps[1] + x]) {
                    sum.0 += votes;
                    (0..2).for_each(|at| sum.1[at] += degrees[at]);
                }
            }
        }
        sum
    }

    fn at(&self, steps: [i32; 2]) -> f64 {
        self.of.get(&steps).map_or(0.0, |(votes, _)| *votes)
    }

    /// The move with most votes, in degrees: the mean of those who voted for it or for its neighbours, as far as these
    /// have more than what lies around.
    fn best(&self) -> ([f64; 2], f64) {
        let mut best = ([i32::MAX; 2], f64::NEG_INFINITY);
        for (steps, (votes, _)) in &self.of {
            if *votes > best.1 || *votes == best.1 && *steps < best.0 {
                best = (*steps, *votes);
            }
        }
        let Some((votes, degrees)) = self.of.get(&best.0) else {
            return ([0.0; 2], 0.0);
        };
        // Where one move has most of the votes around it, it is that one; otherwise it lies between.
        let (all, sums) = self.around(best.0);
        let offset = match votes / all > 0.3 {
            true => degrees.map(|sum| sum / votes),
            false => sums.map(|sum| sum / all),
        };
        (offset, *votes)
    }
}

/// By how many bins the clock of the sought is to be moved: 0 where no other number has more votes by a quarter.
fn of_clock(times: &[i64], cells: &[u32], counts: &[Vec<f64>; 2]) -> i64 {
    let groups = cells.iter().max().map_or(0, |last| *last as usize + 1);
    let mut by_cell: Vec<[Vec<(i64, f64)>; 2]> = vec![Default::default(); groups];
    for (feature, cell) in cells.iter().enumerate() {
        for (side, counts) in counts.iter().enumerate() {
            if counts[feature] > 0.0 {
                by_cell[*cell as usize][side].push((times[feature], counts[feature]));
            }
        }
    }
    let pairs = |[mine, theirs]: &[Vec<(i64, f64)>; 2]| mine.len() as u64 * theirs.len() as u64;
    by_cell.retain(|cell| pairs(cell) > 0);
    // Where few are at few times the votes are few and sure.
    by_cell.sort_by_key(pairs);
    let mut votes: HashMap<i64, f64> = HashMap::default();
    let mut left = PAIRS;
    for cell in by_cell {
        let Some(rest) = left.checked_sub(pairs(&cell)) else {
            break;
        };
        left = rest;
        let [mine, theirs] = &cell;
        let sum = |side: &[(i64, f64)]| side.iter().map(|(_, rows)| rows).sum::<f64>();
        let whole = sum(mine) * sum(theirs);
        for (at, rows) in mine {
            for (other, more) in theirs {
                *votes.entry(at - other).or_default() += rows * more / whole;
            }
        }
    }
    let rest = votes.get(&0).copied().unwrap_or(0.0);
    let mut best = (0_i64, rest);
    for (bins, votes) in votes {
        // Of equal ones the nearest.
        let is_nearer = (bins.abs(), bins) < (best.0.abs(), best.0);
        if votes > best.1 + 1e-9 || votes > best.1 - 1e-9 && is_nearer {
            best = (bins, votes);
        }
    }
    match best.1 > MARGIN * rest {
        true => best.0,
        false => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Draws;

    fn town(seed: u64, cells: usize) -> Vec<([f64; 2], f64)> {
        let mut trial = Draws::new(seed, "alignment", "t").trial(0);
        let mut town: Vec<([f64; 2], f64)> = (0..cells)
            .map(|_| {
                let place = [0, 1].map(|_| 0.005 + trial.below(60) as f64 * 0.01);
                (place, (1.0 / trial.uniform().max(0.002)).ceil())
            })
            .collect();
        town.sort_by(|a, b| b.1.total_cmp(&a.1));
        town
    }

    #[test]
    fn maps_are_moved_back() {
        let known = town(1, 400);
        assert_eq!(of_map(&known, &known, 0.01), None);
        for (scale, offset) in [
            ([1.0, 1.0], [0.2, -0.07]),
            ([1.0, 1.0], [12.0, 3.5]),
            ([0.8, 0.8], [1.0, 0.0]),
        ] {
            let undo = |place: [f64; 2]| [0, 1].map(|at| (place[at] - offset[at]) / scale[at]);
            let sought: Vec<_> = known
                .iter()
                .map(|(place, rows)| (undo(*place), *rows))
                .collect();
            let (found, by) = of_map(&known, &sought, 0.01).unwrap();
            for at in 0..2 {
                assert!((found[at] - scale[at]).abs() < 0.01, "{found:?}");
                // At the middle of the town.
                let middle = undo([0.3; 2])[at];
                let there = middle * found[at] + by[at];
                assert!(
                    (there - 0.3).abs() < 0.006,
                    "{scale:?} {offset:?}: {found:?} {by:?}"
                );
            }
        }
        // Another town is not the same one moved, as far as votes can tell: nothing much is won.
        let other = town(2, 400);
        let none = votes(&known, &known, [1.0; 2], 0.01).best().1;
        assert!(votes(&known, &other, [1.0; 2], 0.01).best().1 < 0.5 * none);
    }

    #[test]
    fn clocks_are_moved_back() {
        let mut trial = Draws::new(3, "alignment", "t").trial(0);
        let (mut times, mut cells) = (Vec::new(), Vec::new());
        let mut counts = [Vec::new(), Vec::new()];
        for cell in 0..50 {
            for _ in 0..6 {
                let at = trial.below(500) as i64;
                for (side, moved) in [(0, 0), (1, -29)] {
                    times.push(at + moved);
                    cells.push(cell);
                    counts[side].push(1.0);
                    counts[1 - side].push(0.0);
                }
            }
        }
        assert_eq!(of_clock(&times, &cells, &counts), 29);
        let both = [counts[0].clone(), counts[0].clone()];
        assert_eq!(of_clock(&times, &cells, &both), 0);
    }
}
