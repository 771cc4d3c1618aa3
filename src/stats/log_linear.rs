//! Poisson log-linear models of a contingency table, and what they say of a sample's uniques.

use rayon::prelude::*;

use crate::language::{Language, Said};
use crate::said;

/// A contingency table of a sample: the observed combinations of some attributes and their counts.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// For each attribute the code of each combination.
    pub codes: &'a [Vec<u32>],
    /// Codes of each attribute are below this.
    pub capacity: &'a [usize],
    /// Persons with each combination.
    pub counts: &'a [u64],
}

/// What a model says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Pairs of attributes whose effects are in the model.
    pub pairs: usize,
    /// Persons unique in the population.
    pub uniques: f64,
    /// The variance of the drawing of them.
    pub variance: f64,
    /// How far the sample's uniques that are unique in the population are overestimated, over the
    /// standard deviation of that when the model is true: beyond ±1.96 it does not fit.
    pub misfit: f64,
}

/// Cells that are gone through for the independence model.
const MOST_CELLS: usize = 1 << 26;
/// Cells times pairs of attributes times rounds for all models with pairs together.
const MOST_WORK: usize = 1 << 30;
/// Rounds of proportional fitting, and how many persons a margin may be off when it has settled.
const ROUNDS: usize = 300;
const SETTLED: f64 = 0.05;

/// Judges the persons unique in a population of `population` by the simplest of a row of models that
/// fits: main effects, then one pair of attributes more at a time, the most telling first.
///
/// F_k ~ Poisson(λ_k), f_k ~ Poisson(πλ_k), ln λ_k linear: a sample unique is unique in the population
/// with probability exp(−(1−π)λ_k), and a unique of the population is in the sample with probability π.
/// The misfit is the expected error of Σ exp(−(1−π)λ̂_k) over the sample's uniques, expanded to second
/// order in λ − λ̂ and with (f−μ̂)/π and ((f−μ̂)²−f)/π² for its powers, over its deviation under the model.
///
/// Source: C. J. Skinner, N. Shlomo, Assessing identification risk in survey microdata using log-linear
/// models, JASA 103 (2008); the expansion is carried one term further than theirs, pairs are ranked by
/// their likelihood ratio less their degrees of freedom.
///
/// # Errors
/// The cells are too many, or no model fits; in words.
pub fn uniques(table: &Table<'_>, population: u64) -> Result<Estimate, Said> {
    let cells = table.capacity.iter().try_fold(1usize, |cells, more| {
        cells
            .checked_mul(*more)
            .filter(|cells| *cells <= MOST_CELLS)
    });
    let Some(cells) = cells else {
        return Err(said!(
            "there are too many possible combinations to go through",
            "es gibt zu viele mögliche Kombinationen, um alle durchzugehen"
        ));
    };
    let fraction = table.counts.iter().sum::<u64>() as f64 / population as f64;
    let independent = Independent::new(table);
    let first = estimate(table, cells, fraction, 0, |cell| independent.at(cell));
    let fits = |estimate: &Estimate| estimate.misfit.abs() <= 1.96;
    if fits(&first) {
        return Ok(first);
    }
    let mut margins = Vec::new();
    let (mut fitted, mut work, mut last) = (Vec::new(), MOST_WORK, first);
    for margin in pairs(table, &independent) {
        margins.push(margin);
        if fitted.is_empty() {
            if cells > work {
                break;
            }
            fitted = (0..cells).map(|cell| independent.at(cell)).collect();
        }
        if fit(table, &mut fitted, &margins, &mut work).is_none() {
            break;
        }
        last = estimate(table, cells, fraction, margins.len(), |cell| fitted[cell]);
        if fits(&last) {
            return Ok(last);
        }
    }
    let [first, pairs, last] = [first.misfit, last.pairs as f64, last.misfit];
    let told = |language: Language| {
        let [first, last] = [first, last].map(|misfit| language.fixed(misfit, 1));
        [first, language.number(pairs), last]
    };
    let [[first_en, pairs_en, last_en], [first_de, pairs_de, last_de]] = Language::ALL.map(told);
    Err(Said::new(
        format!(
            "no model that was tried fits (main effects: misfit {first_en}; {pairs_en} pairs of columns: {last_en})"
        ),
        format!(
            "kein geprüftes Modell passt (Haupteffekte: Abweichung {first_de}; {pairs_de} Paare von Spalten: {last_de})"
        ),
    ))
}

/// The observed counts of a pair of attributes.
struct Margin {
    pair: (usize, usize),
    counts: Vec<f64>,
}

/// All pairs, the most telling first.
fn pairs(table: &Table<'_>, independent: &Independent<'_>) -> Vec<Margin> {
    let attributes = table.capacity.len();
    let mut ranked = Vec::new();
    for a in 0..attributes {
        for b in a + 1..attributes {
            let mut counts = vec![0.0; table.capacity[a] * table.capacity[b]];
            for (at, count) in table.counts.iter().enumerate() {
                let (x, y) = (table.codes[a][at] as usize, table.codes[b][at] as usize);
                counts[x * table.capacity[b] + y] += *count as f64;
            }
            let expected = |cell: usize| {
                let (x, y) = (cell / table.capacity[b], cell % table.capacity[b]);
                independent.total * independent.shares[a][x] * independent.shares[b][y]
            };
            let present = counts.iter().enumerate().filter(|(_, count)| **count > 0.0);
            let ratio: f64 = present
                .map(|(cell, count)| count * (count / expected(cell)).ln())
                .sum();
            let freedom = (table.capacity[a] - 1) * (table.capacity[b] - 1);
            let margin = Margin {
                pair: (a, b),
                counts,
            };
            ranked.push((ratio - freedom as f64, margin));
        }
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.into_iter().map(|(_, margin)| margin).collect()
}

impl Table<'_> {
    /// The number of an observed combination's cell: mixed radix, the last attribute fastest.
    fn cell(&self, combination: usize) -> usize {
        let codes = self.codes.iter().zip(self.capacity);
        codes.fold(0, |cell, (codes, capacity)| {
            cell * capacity + codes[combination] as usize
        })
    }

    /// The distance in cells of neighbouring codes of an attribute.
    fn stride(&self, attribute: usize) -> usize {
        self.capacity[attribute + 1..].iter().product()
    }
}

/// Expected counts under independence: the product of the margins' shares.
struct Independent<'a> {
    capacity: &'a [usize],
    total: f64,
    shares: Vec<Vec<f64>>,
}

impl<'a> Independent<'a> {
    fn new(table: &Table<'a>) -> Self {
        let total = table.counts.iter().sum::<u64>() as f64;
        let shares = table
            .codes
            .iter()
            .zip(table.capacity)
            .map(|(codes, capacity)| {
                let mut shares = vec![0.0; *capacity];
                for (code, count) in codes.iter().zip(table.counts) {
                    shares[*code as usize] += *count as f64 / total;
                }
                shares
            });
        Self {
            capacity: table.capacity,
            total,
            shares: shares.collect(),
        }
    }

    fn at(&self, cell: usize) -> f64 {
        let (mut rest, mut expected) = (cell, self.total);
        for (capacity, shares) in self.capacity.iter().zip(&self.shares).rev() {
            expected *= shares[rest % capacity];
            rest /= capacity;
        }
        expected
    }
}

/// Brings expected counts to the observed margins of pairs, by iterative proportional fitting from where
/// they are; `None` where that does not settle, or takes more `work` than is left.
fn fit(table: &Table<'_>, fitted: &mut [f64], margins: &[Margin], work: &mut usize) -> Option<()> {
    for _ in 0..ROUNDS {
        *work = work.checked_sub(fitted.len() * margins.len())?;
        let mut furthest = 0.0f64;
        for Margin {
            pair: (a, b),
            counts,
        } in margins
        {
            let (wide, narrow) = (table.stride(*a), table.stride(*b));
            let (x, y) = (table.capacity[*a], table.capacity[*b]);
            let place = |cell: usize| cell / wide % x * y + cell / narrow % y;
            let mut sums = vec![0.0; counts.len()];
            for (cell, value) in fitted.iter().enumerate() {
                sums[place(cell)] += value;
            }
            let pairs = || counts.iter().zip(&sums);
            let gap = pairs().map(|(observed, sum)| (observed - sum).abs());
            furthest = furthest.max(gap.fold(0.0, f64::max));
            let ratio = pairs().map(|(observed, sum)| match *sum > 0.0 {
                true => observed / sum,
                false => 0.0,
            });
            let ratio: Vec<f64> = ratio.collect();
            let cells = fitted.par_iter_mut().enumerate().with_min_len(1 << 14);
            cells.for_each(|(cell, value)| *value *= ratio[place(cell)]);
        }
        if furthest < SETTLED {
            return Some(());
        }
    }
    None
}

fn estimate(
    table: &Table<'_>,
    cells: usize,
    fraction: f64,
    pairs: usize,
    expected: impl Fn(usize) -> f64 + Sync,
) -> Estimate {
    let misfit = Misfit { fraction };
    // Chunks of a fixed size, so that the sums do not depend on the threads.
    const CHUNK: usize = 1 << 14;
    let chunks: Vec<(f64, f64)> = (0..cells.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let (mut bias, mut variance) = (0.0, 0.0);
            for cell in chunk * CHUNK..((chunk + 1) * CHUNK).min(cells) {
                let mu = expected(cell);
                if mu > 0.0 {
                    bias += misfit.bias(mu, 0.0);
                    variance += misfit.variance(mu);
                }
            }
            (bias, variance)
        })
        .collect();
    let mut bias: f64 = chunks.iter().map(|(bias, _)| bias).sum();
    let variance: f64 = chunks.iter().map(|(_, variance)| variance).sum();
    let (mut unique, mut doubt) = (0.0, 0.0);
    for (at, count) in table.counts.iter().enumerate() {
        let mu = expected(table.cell(at));
        bias += misfit.bias(mu, *count as f64) - misfit.bias(mu, 0.0);
        if *count == 1 {
            let alone = (-(1.0 - fraction) * mu / fraction).exp();
            unique += alone;
            doubt += alone * (1.0 - alone);
        }
    }
    let uniques = unique / fraction;
    Estimate {
        pairs,
        uniques,
        variance: uniques * (1.0 - fraction) / fraction + doubt / (fraction * fraction),
        misfit: if variance > 0.0 {
            bias / variance.sqrt()
        } else {
            0.0
        },
    }
}

struct Misfit {
    fraction: f64,
}

impl Misfit {
    /// What a cell of `mu` expected and `f` observed contributes to the expected error.
    fn bias(&self, mu: f64, f: f64) -> f64 {
        let (first, second) = self.factors(mu);
        first * (f - mu) + second * ((f - mu).powi(2) - f)
    }

    /// Its variance under the model: f − μ and (f−μ)² − f are orthogonal, of variance μ and 2μ².
    fn variance(&self, mu: f64) -> f64 {
        let (first, second) = self.factors(mu);
        first * first * mu + 2.0 * second * second * mu * mu
    }

    fn factors(&self, mu: f64) -> (f64, f64) {
        let pi = self.fraction;
        let lambda = mu / pi;
        let common = (1.0 - pi) * (-lambda).exp();
        (
            common * lambda,
            common / pi * (1.0 - mu - lambda * (1.0 - pi) / 2.0),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Draws, Trial};
    use std::collections::BTreeMap;

    /// Draws from the distribution of these shares.
    fn draw(trial: &mut Trial, shares: &[f64]) -> u32 {
        let mut at = trial.below(1 << 53) as f64 / (1u64 << 53) as f64 * shares.iter().sum::<f64>();
        for (code, share) in (0u32..).zip(shares) {
            at -= share;
            if at < 0.0 {
                return code;
            }
        }
        shares.len() as u32 - 1
    }

    fn zipf(codes: usize, power: f64) -> Vec<f64> {
        (1..=codes).map(|rank| (rank as f64).powf(-power)).collect()
    }

    /// Persons of a population with four attributes; with `tied` the second and the fourth hang on the
    /// first.
    fn persons(trial: &mut Trial, many: usize, tied: bool) -> Vec<[u32; 4]> {
        let person = |trial: &mut Trial| {
            let a = draw(trial, &zipf(12, 1.0));
            let tie = |code: u32, codes: u32| if tied { (code + a) % codes } else { code };
            let b = tie(draw(trial, &zipf(20, 1.5)), 20);
            let c = draw(trial, &zipf(15, 0.8));
            let d = tie(draw(trial, &zipf(10, 1.5)), 10);
            [a, b, c, d]
        };
        (0..many).map(|_| person(trial)).collect()
    }

    fn counted(persons: impl Iterator<Item = [u32; 4]>) -> (Vec<Vec<u32>>, Vec<u64>) {
        let mut counts: BTreeMap<[u32; 4], u64> = BTreeMap::new();
        persons.for_each(|person| *counts.entry(person).or_insert(0) += 1);
        let column = |at: usize| counts.keys().map(|person| person[at]).collect();
        (
            (0..4).map(column).collect(),
            counts.values().copied().collect(),
        )
    }

    #[test]
    fn known_populations_are_recovered_by_the_model_that_fits() {
        let draws = Draws::new(5, "log-linear-test", "population");
        for (tied, repeats) in [(false, 12), (true, 12)] {
            let (mut ratios, mut chosen) = (Vec::new(), 0);
            for repeat in 0..repeats {
                let mut trial = draws.trial(repeat * 2 + u64::from(tied));
                let all = persons(&mut trial, 60_000, tied);
                let truth = counted(all.iter().copied())
                    .1
                    .iter()
                    .filter(|n| **n == 1)
                    .count();
                let sample = trial.subset(6_000, 60_000);
                let (codes, counts) = counted(sample.iter().map(|at| all[*at as usize]));
                let table = Table {
                    codes: &codes,
                    capacity: &[12, 20, 15, 10],
                    counts: &counts,
                };
                if let Ok(estimate) = uniques(&table, 60_000) {
                    chosen += u64::from((estimate.pairs > 0) == tied);
                    ratios.push(estimate.uniques / truth as f64);
                }
            }
            let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
            assert!(
                ratios.len() >= 9 && chosen >= 9,
                "{tied}: {chosen} of {}",
                ratios.len()
            );
            assert!((mean - 1.0).abs() < 0.05, "{tied}: {mean}");
        }
    }

    /// Of pairs, the fitted margins are the observed ones.
    #[test]
    fn fitted_margins_are_the_observed_ones() {
        let mut trial = Draws::new(6, "log-linear-test", "margins").trial(0);
        let (codes, counts) = counted(persons(&mut trial, 500, true).into_iter());
        let capacity = [12, 20, 15, 10];
        let table = Table {
            codes: &codes,
            capacity: &capacity,
            counts: &counts,
        };
        let independent = Independent::new(&table);
        let cells: usize = capacity.iter().product();
        let mut fitted: Vec<f64> = (0..cells).map(|cell| independent.at(cell)).collect();
        let margins = pairs(&table, &independent);
        fit(&table, &mut fitted, &margins, &mut MOST_WORK.clone()).unwrap();
        for (a, b) in [(0, 1), (1, 3), (2, 3)] {
            let mut margins: BTreeMap<(usize, usize), (f64, f64)> = BTreeMap::new();
            for (cell, value) in fitted.iter().enumerate() {
                let code = |at: usize| cell / table.stride(at) % capacity[at];
                margins.entry((code(a), code(b))).or_default().0 += value;
            }
            for (at, count) in counts.iter().enumerate() {
                let pair = (codes[a][at] as usize, codes[b][at] as usize);
                margins.entry(pair).or_default().1 += *count as f64;
            }
            assert!(
                margins
                    .values()
                    .all(|(ours, observed)| (ours - observed).abs() < 0.06)
            );
        }
    }
}
