//! Whether counts can have the noise that the manifest states, and what it promises.

use statrs::function::beta::beta_reg;

use crate::encode::flows::{Count, Flows};
use crate::encode::frame::Frame;
use crate::encode::presence::Presence;
use crate::encode::publishing::laws;
use crate::release::counting::Reach;
use crate::release::{Absent, Counting, Mechanism, Noise as Stated};
use crate::stats::noise::{Noise, evenness};
use crate::stats::{Trial, wilson};

/// The level at which noise is said not to be what was stated.
pub const LEVEL: f64 = 0.01;

/// What the mechanism promises: no attack reaches more of those who are in than of those who are not by more than
/// this share.
///
/// From P(in) ≤ e^ε P(out) + δ for both answers of any test. Source: P. Kairouz, S. Oh, P. Viswanath, The composition
/// theorem for differential privacy, ICML 2015; T. Humphries et al., Investigating membership inference attacks under
/// data dependencies, CSF 2023.
pub fn bound(epsilon: f64, delta: f64) -> f64 {
    let odds = epsilon.exp();
    match odds.is_finite() {
        true => ((odds - 1.0 + 2.0 * delta) / (odds + 1.0)).min(1.0),
        false => 1.0,
    }
}

/// The same for several releases of the same persons together, each with its own ε, δ and noise of its own.
///
/// No attack on a mechanism of (ε, δ) does better than on randomised response that answers truly with the odds e^ε and
/// gives all away with probability δ, and this holds of several together: what is left is the total variation between
/// two products of such answers, exact for this worst of all mechanisms. Source: P. Kairouz, S. Oh, P. Viswanath, The
/// composition theorem for differential privacy, ICML 2015, theorems 3.1 and 3.3.
pub fn composed(releases: &[(f64, f64)]) -> f64 {
    let whole: f64 = releases.iter().map(|(_, delta)| 1.0 - delta).product();
    // The log-likelihood ratio by chance; of equal ratios one entry.
    let mut ratios = vec![(0.0f64, 1.0f64)];
    for (epsilon, _) in releases {
        if !epsilon.exp().is_finite() {
            return 1.0;
        }
        let truly = epsilon.exp() / (1.0 + epsilon.exp());
        let answers = [(*epsilon, truly), (-epsilon, 1.0 - truly)];
        let both = ratios
            .iter()
            .flat_map(|(ratio, chance)| answers.map(|(more, of)| (ratio + more, chance * of)));
        let mut next: Vec<(f64, f64)> = both.collect();
        next.sort_by(|a, b| a.0.total_cmp(&b.0));
        ratios.clear();
        for (ratio, chance) in next {
            match ratios.last_mut() {
                Some(last) if ratio - last.0 < 1e-9 => last.1 += chance,
                _ => ratios.push((ratio, chance)),
            }
        }
        if ratios.len() > MOST_RATIOS {
            let (epsilon, delta) = basic(releases);
            return bound(epsilon, delta);
        }
    }
    let told = ratios.iter().filter(|(ratio, _)| *ratio > 0.0);
    let variation: f64 = told
        .map(|(ratio, chance)| chance * (1.0 - (-ratio).exp()))
        .sum();
    (1.0 - whole * (1.0 - variation)).clamp(0.0, 1.0)
}

/// Of more different sums of ε than this basic composition is taken.
const MOST_RATIOS: usize = 1 << 20;

/// Basic composition: the sums.
pub fn basic(releases: &[(f64, f64)]) -> (f64, f64) {
    let sum = |of: fn(&(f64, f64)) -> f64| releases.iter().map(of).sum();
    (sum(|(epsilon, _)| *epsilon), sum(|(_, delta)| *delta))
}

/// What is found of the noise.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Check {
    /// The chance that stated noise gives counts as far from what is expected, or farther.
    pub chance: f64,
    pub cells: u64,
    /// The root of the mean square of the noise over what it should be; only where persons are known.
    pub ratio: Option<f64>,
    /// Whether cells of one person are published so much more often than cells of nobody that no noise as stated
    /// does it; only where persons are known.
    pub tells_nobody: Option<bool>,
}

impl Check {
    pub fn is_consistent(&self) -> bool {
        self.chance >= LEVEL && self.tells_nobody != Some(true)
    }
}

struct Cell {
    published: Option<f64>,
    persons: u32,
}

/// Against the persons who were counted.
pub fn with_traces(
    flows: &Flows,
    frame: &Frame,
    traces: &Presence,
    counting: &Counting,
    trial: &mut Trial,
) -> Option<Check> {
    let stated = counting.noise.as_ref()?;
    if counting.is_rounded_at_random() {
        return None;
    }
    let persons = traces.counts();
    let cell = |(cell, count): (u32, Option<Count>)| Cell {
        published: published(count, counting),
        persons: match traces.cells.binary_search(&cell) {
            Ok(at) => persons[at],
            Err(_) => 0,
        },
    };
    let cells: Vec<Cell> = frame.counts(flows).into_iter().map(cell).collect();
    let shown = || {
        let shown = cells
            .iter()
            .filter_map(|cell| Some((cell.published?, cell.persons)));
        shown.map(|(published, persons)| (published, f64::from(persons)))
    };
    let count = shown().count() as u64;
    if count == 0 {
        return None;
    }
    let (whole, is_clamped) = (
        shown().all(|(published, _)| published.fract() == 0.0),
        shown().all(|(published, _)| published >= 0.0),
    );
    let Reach {
        below,
        above,
        open_below,
        open_above,
    } = counting.reach(whole);
    // What lies at an open end is published as another count.
    let under = |law: Noise, end: f64| match open_below {
        true => law.up_to(end),
        false => law.below(end),
    };
    let up_to = |law: Noise, end: f64| match open_above {
        true => law.below(end),
        false => law.up_to(end),
    };
    let in_persons = |published: f64| published / counting.extrapolation;
    // Counts below the least were left out, so that the others are given to be above it.
    let is_left_out = cells.iter().any(|cell| cell.published.is_none());
    let least = shown()
        .map(|(published, _)| published)
        .fold(f64::INFINITY, f64::min);
    let even = |law: Noise, trial: &mut Trial| -> f64 {
        let mut numbers: Vec<f64> = shown()
            .map(|(published, persons)| {
                let cut = match is_left_out {
                    true => under(law, in_persons(least - below) - persons),
                    false => 0.0,
                };
                let from = match is_clamped && published == 0.0 {
                    true => 0.0,
                    false => under(law, in_persons(published - below) - persons),
                };
                let to = up_to(law, in_persons(published + above) - persons);
                let drawn = from.max(cut) + trial.uniform() * (to - from.max(cut));
                (drawn - cut) / (1.0 - cut).max(f64::MIN_POSITIVE)
            })
            .collect();
        evenness(&mut numbers)
    };
    let laws = laws(stated);
    let chances: Vec<f64> = laws.iter().map(|law| even(*law, trial)).collect();
    let likeliest = (0..laws.len())
        .reduce(|best, next| {
            if chances[next] > chances[best] {
                next
            } else {
                best
            }
        })
        .expect("there is one");
    let law = laws[likeliest];
    // Far from where counts were cut off.
    let free: Vec<f64> = shown()
        .filter(|(_, persons)| {
            let far = 4.0 * law.deviation();
            !(is_clamped || is_left_out) || *persons - far > in_persons(least).max(0.0)
        })
        .map(|(published, persons)| in_persons(published) - persons)
        .collect();
    let expected = law.deviation().powi(2) + in_persons(below + above).powi(2) / 12.0;
    let square = free.iter().map(|noise| noise * noise).sum::<f64>() / free.len() as f64;
    Some(Check {
        chance: chances[likeliest],
        cells: count,
        ratio: (!free.is_empty()).then(|| (square / expected).sqrt()),
        tells_nobody: Some(tells_nobody(&cells, stated)),
    })
}

/// What is published for a cell: where absent cells are zeros, 0 for them.
fn published(count: Option<Count>, counting: &Counting) -> Option<f64> {
    match (count, counting.absent) {
        (Some(count), _) => count.published,
        (None, Some(Absent::Zero)) => Some(0.0),
        (None, _) => None,
    }
}

/// Whether P(published | one person) ≤ e^ε P(published | nobody) + δ is broken beyond chance.
fn tells_nobody(cells: &[Cell], stated: &Stated) -> bool {
    let of = |persons: u32| {
        let all = cells.iter().filter(move |cell| cell.persons == persons);
        let shown = all.clone().filter(|cell| cell.published.is_some()).count() as u64;
        (shown, all.count() as u64)
    };
    let ((nobody, cells_of_nobody), (one, cells_of_one)) = (of(0), of(1));
    if cells_of_nobody == 0 || cells_of_one == 0 {
        return false;
    }
    let most = wilson(nobody, cells_of_nobody).high;
    let least = wilson(one, cells_of_one).low;
    least > stated.epsilon.exp() * most + stated.delta
}

/// By the counts alone: zeros are no more frequent, and counts far below zero no more frequent, than the noise allows
/// even if all cells were empty.
pub fn without_traces(flows: &Flows, frame: Option<&Frame>, counting: &Counting) -> Option<Check> {
    let stated = counting.noise.as_ref()?;
    if counting.is_rounded_at_random() {
        return None;
    }
    let rows = |of: &dyn Fn(f64) -> bool| -> u64 {
        let counts = flows.counts.iter();
        let counts = counts.filter(|count| count.published.is_some_and(of));
        counts.map(|count| count.rows).sum()
    };
    let absent = match (frame, counting.absent) {
        (Some(frame), Some(Absent::Zero)) => {
            let cells = frame.counts(flows);
            cells.iter().filter(|(_, count)| count.is_none()).count() as u64
        }
        _ => 0,
    };
    let cells = rows(&|_| true) + absent;
    if cells == 0 {
        return None;
    }
    let published = || flows.counts.iter().filter_map(|count| count.published);
    let whole = published().all(|count| count.fract() == 0.0);
    let is_clamped = published().all(|count| count >= 0.0);
    let Reach {
        below,
        above,
        open_below,
        open_above,
    } = counting.reach(whole);
    let up_to = |law: &Noise, end: f64| match open_above {
        true => law.below(end),
        false => law.up_to(end),
    };
    let chance = |law: &Noise| {
        let from = match is_clamped {
            true => 0.0,
            false if open_below => law.up_to(-below / counting.extrapolation),
            false => law.below(-below / counting.extrapolation),
        };
        let of_zero = up_to(law, above / counting.extrapolation) - from;
        let zeros = at_least(rows(&|count| count == 0.0) + absent, cells, of_zero);
        let far = -2.0 * law.deviation() * counting.extrapolation;
        let of_far = up_to(law, (far + above) / counting.extrapolation);
        let low = at_least(rows(&|count| count <= far), cells, of_far);
        (2.0 * zeros.min(low)).min(1.0)
    };
    Some(Check {
        chance: laws(stated).iter().map(chance).fold(0.0, f64::max),
        cells,
        ratio: None,
        tells_nobody: None,
    })
}

/// P(X ≥ k) for X of n with chance p.
fn at_least(k: u64, n: u64, p: f64) -> f64 {
    match (k, p) {
        (0, _) => 1.0,
        (_, p) if p <= 0.0 => 0.0,
        (_, p) if p >= 1.0 => 1.0,
        _ => beta_reg(k as f64, (n - k) as f64 + 1.0, p),
    }
}

/// How many persons are in more cells than the stated sensitivity allows for.
pub fn beyond(traces: &Presence, stated: &Stated) -> (u64, u64) {
    let changes = |person: usize| {
        let cells = traces.of(person).len() as f64;
        match stated.mechanism {
            Mechanism::Gaussian => cells.sqrt(),
            Mechanism::Laplace | Mechanism::Geometric => cells,
        }
    };
    let persons = (0..traces.persons()).filter(|person| !traces.of(*person).is_empty());
    let all: Vec<f64> = persons.map(changes).collect();
    let most = stated.sensitivity * (1.0 + 1e-9);
    let beyond = all.iter().filter(|change| **change > most).count();
    (beyond as u64, all.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_met_by_the_best_test_of_one_cell() {
        // Laplace noise, one person more or less: the best threshold lies between, and tells 1 − e^(−ε/2).
        for epsilon in [0.1, 1.0, 3.0] {
            let law = laws(&Stated {
                mechanism: Mechanism::Laplace,
                epsilon,
                delta: 0.0,
                sensitivity: 1.0,
            })[0];
            let told = law.up_to(0.5) - law.up_to(-0.5);
            assert!((told - (1.0 - (-epsilon / 2.0).exp())).abs() < 1e-12);
            assert!(told <= bound(epsilon, 0.0));
        }
        // The geometric mechanism meets it exactly.
        let law = laws(&Stated {
            mechanism: Mechanism::Geometric,
            epsilon: 0.7,
            delta: 0.0,
            sensitivity: 1.0,
        })[0];
        let told = law.up_to(0.0) - law.up_to(-1.0);
        assert!((told - bound(0.7, 0.0)).abs() < 1e-12);
        assert_eq!(bound(1e9, 0.0), 1.0);
        assert_eq!(bound(0.0, 0.25), 0.25);
    }

    #[test]
    fn several_releases_tell_no_more_than_composition_allows() {
        // One alone; two by hand: both say the same with (p² − q²), and otherwise nothing.
        assert!((composed(&[(0.7, 0.01)]) - bound(0.7, 0.01)).abs() < 1e-12);
        let p = 1f64.exp() / (1.0 + 1f64.exp());
        let two = p * p - (1.0 - p) * (1.0 - p);
        assert!((composed(&[(1.0, 0.0), (1.0, 0.0)]) - two).abs() < 1e-12);
        for releases in [
            vec![(0.5, 0.0); 12],
            vec![(0.1, 1e-6), (0.9, 0.0), (0.3, 1e-3)],
        ] {
            let (epsilon, delta) = basic(&releases);
            let most = releases
                .iter()
                .map(|(e, d)| bound(*e, *d))
                .fold(0.0, f64::max);
            let found = composed(&releases);
            assert!(
                most < found && found < bound(epsilon, delta),
                "{releases:?}: {found}"
            );
        }
        // The geometric mechanism twice: its best test lies at the sum where the ratios cross.
        let law = Noise::Geometric {
            ratio: (-0.7f64).exp(),
        };
        let (mut variation, reach) = (0.0, 60);
        for a in -reach..=reach {
            for b in -reach..=reach {
                let chance = |shift: f64| {
                    law.density(f64::from(a) - shift) * law.density(f64::from(b) - shift)
                };
                variation += (chance(1.0) - chance(0.0)).max(0.0);
            }
        }
        assert!(
            (composed(&[(0.7, 0.0), (0.7, 0.0)]) - variation).abs() < 1e-9,
            "{variation}"
        );
    }

    #[test]
    fn tails_of_the_binomial_distribution() {
        // 1 − 0.75³ and 0.25³.
        assert!((at_least(1, 3, 0.25) - 0.578_125).abs() < 1e-12);
        assert!((at_least(3, 3, 0.25) - 0.015_625).abs() < 1e-12);
        assert_eq!(at_least(0, 3, 0.25), 1.0);
    }
}
