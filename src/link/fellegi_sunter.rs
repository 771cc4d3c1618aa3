//! Probabilistic linkage: how much each agreement says, by how frequent the value is.
//!
//! I. P. Fellegi, A. B. Sunter, A theory for record linkage, JASA 64 (1969), with frequencies of values (their method
//! I; W. E. Winkler, Frequency-based matching in the Fellegi–Sunter model of record linkage, 1989) and the hit-and-miss
//! model of J. B. Copas, F. J. Hilton, Record linkage: statistical models for matching computer records, JRSS A 153
//! (1990).
//!
//! Both records of a person have the same value of column j with a probability m_j; a number may else be near, by one
//! of three scales; else it is anybody's. For a pair with values a and b, q the frequencies of values in the register,
//!
//! L_j = m_j [a = b] / q(a) + Σ_s n_js e^(−|a − b| / s) / Σ_v q(v) e^(−|a − v| / s) + r_j,  m_j + Σ_s n_js + r_j = 1,
//!
//! is how much more probable b is for the same person than for anybody, and Π_j L_j for the record. Shares that are
//! not given are fitted by expectation and maximisation (A. P. Dempster, N. M. Laird, D. B. Rubin, JRSS B 39, 1977),
//! but not over all pairs: each record of the release has one match at most, and its candidates compete with each
//! other and with its having none (probability ½). A mixture over all pairs finds the class of pairs that share
//! columns which depend on each other; among the candidates of one record there is no such class to be found.

use rayon::prelude::*;

use super::gower::Scale;
use super::nearest::Cost;
use crate::encode::records::{Compared, Records};

/// Where values are mostly the same, before anything is fitted.
const KEPT: f64 = 0.9;
/// The weight of these shares in pairs of records.
const PRIOR: f64 = 2.0;
const ITERATIONS: usize = 15;
/// Shares are fitted on so many combinations at most, evenly chosen.
const FITTED_ON: usize = 4_096;
/// The scales on which numbers may be near.
const SCALES: usize = 3;
/// What is not on a scale costs at least this, so that sets of columns are told apart.
const LEAST: f64 = 1e-6;

/// What is said of a column beforehand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kept {
    /// To be fitted.
    Unknown,
    /// This share of values is the same on both sides.
    Share(f64),
    /// All are: whoever differs is somebody else.
    All,
}

/// How records of one person differ.
#[derive(Debug, Clone)]
pub struct Model {
    columns: Vec<Column>,
}

#[derive(Debug, Clone)]
struct Column {
    kept: Kept,
    /// The share of the register's records with each value, by code.
    shares: Vec<f64>,
    near: Option<Near>,
    /// Of the same, of near by each scale, of anything.
    weights: [f64; SCALES + 2],
}

/// A column of numbers.
#[derive(Debug, Clone)]
struct Near {
    /// By code; NaN is null.
    numbers: Vec<f64>,
    scales: [f64; SCALES],
    /// Of each value and scale the mean of e^(−distance / scale) over the register.
    means: Vec<[f64; SCALES]>,
    range: f64,
}

impl Near {
    fn new(numbers: Vec<f64>, records: &Records, at: usize, shares: &[f64]) -> Option<Self> {
        let mut order: Vec<usize> = (0..numbers.len())
            .filter(|code| !numbers[*code].is_nan())
            .collect();
        order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
        let range = numbers[*order.last()?] - numbers[*order.first()?];
        if !range.is_finite() || range == 0.0 {
            return None;
        }
        let gap = [&records.released, &records.registered]
            .map(|side| gap(&numbers, &side.codes[at]))
            .into_iter()
            .fold(0.0, f64::max);
        let gap = if gap > 0.0 { gap } else { range };
        let scales = [gap, 4.0 * gap, range / 16.0];
        let mut means = vec![[0.0; SCALES]; numbers.len()];
        for (scale, width) in scales.iter().enumerate() {
            // From below with the value itself, from above without.
            let (mut sum, mut last) = (0.0, f64::NEG_INFINITY);
            for code in &order {
                sum = sum * (-(numbers[*code] - last) / width).exp() + shares[*code];
                last = numbers[*code];
                means[*code][scale] = sum;
            }
            let (mut sum, mut last) = (0.0, f64::INFINITY);
            for code in order.iter().rev() {
                sum *= (-(last - numbers[*code]) / width).exp();
                means[*code][scale] += sum;
                sum += shares[*code];
                last = numbers[*code];
            }
        }
        Some(Self {
            numbers,
            scales,
            means,
            range,
        })
    }

    /// How much more probable b is near a than anywhere, by each scale.
    fn ratios(&self, a: u32, b: u32) -> [f64; SCALES] {
        let distance = (self.numbers[a as usize] - self.numbers[b as usize]).abs();
        let mut ratios = [0.0; SCALES];
        // Null is near to nothing.
        if distance.is_nan() {
            return ratios;
        }
        for (scale, ratio) in ratios.iter_mut().enumerate() {
            let mean = self.means[a as usize][scale];
            if mean > 0.0 {
                *ratio = (-distance / self.scales[scale]).exp() / mean;
            }
        }
        ratios
    }
}

/// The median gap between neighbouring numbers that occur.
fn gap(numbers: &[f64], codes: &[u32]) -> f64 {
    let mut there: Vec<f64> = codes.iter().map(|code| numbers[*code as usize]).collect();
    there.retain(|number| !number.is_nan());
    there.sort_by(f64::total_cmp);
    there.dedup();
    let mut gaps: Vec<f64> = there.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied().unwrap_or(0.0)
}

impl Column {
    fn new(records: &Records, at: usize, column: &Compared, scale: Scale, kept: Kept) -> Self {
        let register = &records.registered;
        let mut shares = vec![0.0; column.values.len()];
        for (code, persons) in register.codes[at].iter().zip(&register.persons) {
            shares[*code as usize] += *persons as f64;
        }
        let all: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= all);
        let near = match scale {
            Scale::Names => None,
            _ => Near::new(column.numbers(scale == Scale::Reals), records, at, &shares),
        };
        let mut column = Self {
            kept,
            shares,
            near,
            weights: [0.0; SCALES + 2],
        };
        column.weights = column.parted(match kept {
            Kept::Unknown => KEPT,
            Kept::Share(share) => share,
            Kept::All => 1.0,
        });
        column
    }

    /// So much for the same, the rest evenly for all else.
    fn parted(&self, kept: f64) -> [f64; SCALES + 2] {
        let mut weights = [0.0; SCALES + 2];
        weights[0] = kept;
        let rest = 1.0 - kept;
        match &self.near {
            None => weights[SCALES + 1] = rest,
            Some(_) => weights[1..].fill(rest / (SCALES + 1) as f64),
        }
        weights
    }

    /// The parts of L, each by its weight.
    fn parts(&self, a: u32, b: u32) -> [f64; SCALES + 2] {
        let mut parts = [0.0; SCALES + 2];
        if a == b {
            let share = self.shares[a as usize];
            parts[0] = if share > 0.0 {
                self.weights[0] / share
            } else {
                0.0
            };
        }
        if let Some(near) = &self.near {
            for (scale, ratio) in near.ratios(a, b).into_iter().enumerate() {
                parts[scale + 1] = self.weights[scale + 1] * ratio;
            }
        }
        parts[SCALES + 1] = self.weights[SCALES + 1];
        parts
    }

    fn ratio(&self, a: u32, b: u32) -> f64 {
        self.parts(a, b).iter().sum()
    }

    /// By the code of the sought what is lost, in bits, where the known has another value.
    fn costs(&self) -> Vec<f64> {
        let far = self.weights[1..].iter().sum::<f64>();
        let cost = |code: usize| match (self.kept, self.shares[code] > 0.0) {
            (Kept::All, _) => f64::INFINITY,
            // Nobody of the register has it.
            (_, false) => 0.0,
            _ => {
                let agree = self.ratio(code as u32, code as u32);
                (agree / far.max(f64::MIN_POSITIVE))
                    .log2()
                    .clamp(LEAST, 1e3)
            }
        };
        (0..self.shares.len()).map(cost).collect()
    }

    /// Fits the weights to sums of what each part explains.
    fn fit(&mut self, sums: &[f64; SCALES + 2]) {
        let start = match self.kept {
            Kept::All => return,
            Kept::Unknown => self.parted(KEPT),
            Kept::Share(share) => self.parted(share),
        };
        let mut weights = [0.0; SCALES + 2];
        for ((weight, sum), start) in weights.iter_mut().zip(sums).zip(start) {
            *weight = sum + PRIOR * start;
        }
        let fixed = match self.kept {
            Kept::Share(share) => Some(share),
            _ => None,
        };
        let all: f64 = weights.iter().sum();
        let rest = all - weights[0];
        for (at, weight) in weights.iter_mut().enumerate() {
            *weight = match (fixed, at) {
                (Some(share), 0) => share,
                (Some(share), _) if rest > 0.0 => (1.0 - share) * *weight / rest,
                _ => *weight / all,
            };
        }
        self.weights = weights;
    }
}

impl Model {
    /// Before anything is fitted.
    pub fn new(records: &Records, scales: &[Scale], kept: &[Kept]) -> Self {
        let columns = records.columns.iter().enumerate();
        let columns = columns.zip(scales.iter().zip(kept));
        Self {
            columns: columns
                .map(|((at, column), (scale, kept))| {
                    Column::new(records, at, column, *scale, *kept)
                })
                .collect(),
        }
    }

    /// log2 Π_j L_j of a combination of the release and one of the register.
    pub fn weight(&self, records: &Records, mine: usize, theirs: usize) -> f64 {
        let (a, b) = (&records.released.codes, &records.registered.codes);
        let columns = self.columns.iter().zip(a.iter().zip(b));
        columns
            .map(|(column, (a, b))| column.ratio(a[mine], b[theirs]).log2())
            .sum()
    }

    /// What differences cost in a search for candidates: each value by its own frequency.
    pub fn by_values(&self) -> Vec<Cost> {
        let columns = self.columns.iter();
        columns.map(|column| Cost::Valued(column.costs())).collect()
    }

    /// The same, but numbers by their distance: an eighth of the range costs what a difference does on the mean.
    pub fn by_distances(&self) -> Vec<Cost> {
        let cost = |column: &Column| match (&column.near, column.kept) {
            (Some(near), Kept::Unknown | Kept::Share(_)) => {
                let costs = column.costs();
                let mean: f64 = costs.iter().zip(&column.shares).map(|(c, q)| c * q).sum();
                let bits = 8.0 * mean / near.range;
                Cost::Number(near.numbers.iter().map(|number| number * bits).collect())
            }
            _ => Cost::Valued(column.costs()),
        };
        self.columns.iter().map(cost).collect()
    }

    /// Fits the shares that are not given to records and their candidates.
    ///
    /// Time: combinations × candidates × columns × 15, of 4,096 combinations at most.
    pub fn fit(&mut self, records: &Records, candidates: &[Vec<u32>]) {
        let count = records.released.len();
        let step = count.div_ceil(FITTED_ON).max(1);
        let chosen: Vec<usize> = (0..count).step_by(step).collect();
        let nobody = records.registered.persons.iter().sum::<u64>() as f64;
        for _ in 0..ITERATIONS {
            let each = |mine: &usize| self.explained(records, *mine, &candidates[*mine], nobody);
            let explained: Vec<Vec<[f64; SCALES + 2]>> = chosen.par_iter().map(each).collect();
            for (at, column) in self.columns.iter_mut().enumerate() {
                let mut sums = [0.0; SCALES + 2];
                for of in &explained {
                    sums.iter_mut()
                        .zip(of[at])
                        .for_each(|(sum, part)| *sum += part);
                }
                column.fit(&sums);
            }
        }
    }

    /// What each part of each column explains of one combination's match.
    fn explained(
        &self,
        records: &Records,
        mine: usize,
        candidates: &[u32],
        nobody: f64,
    ) -> Vec<[f64; SCALES + 2]> {
        let (a, b) = (&records.released.codes, &records.registered.codes);
        let weights: Vec<f64> = candidates
            .iter()
            .map(|theirs| {
                let persons = records.registered.persons[*theirs as usize] as f64;
                self.weight(records, mine, *theirs as usize) + persons.log2()
            })
            .collect();
        let greatest = weights.iter().copied().fold(nobody.log2(), f64::max);
        let all = (nobody.log2() - greatest).exp2()
            + weights
                .iter()
                .map(|weight| (weight - greatest).exp2())
                .sum::<f64>();
        let persons = records.released.persons[mine] as f64;
        let mut sums = vec![[0.0; SCALES + 2]; self.columns.len()];
        for (theirs, weight) in candidates.iter().zip(weights) {
            let chance = persons * (weight - greatest).exp2() / all;
            if chance < 1e-9 {
                continue;
            }
            for (at, column) in self.columns.iter().enumerate() {
                let parts = column.parts(a[at][mine], b[at][*theirs as usize]);
                let whole: f64 = parts.iter().sum();
                let pairs = sums[at].iter_mut().zip(parts);
                pairs.for_each(|(sum, part)| *sum += chance * part / whole);
            }
        }
        sums
    }

    /// The weight from which on a pair is more probably of one person than not, where it is one of so many.
    pub fn probable(persons: u64) -> f64 {
        (persons as f64).log2()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::records::Side;
    use crate::encode::{Distinct, Values};
    use crate::stats::Draws;

    fn records(released: &[Vec<Vec<u32>>], registered: &[Vec<Vec<u32>>], values: i64) -> Records {
        let width = released[0][0].len();
        let column = |at: usize| Compared {
            name: at.to_string(),
            values: Values {
                null: false,
                distinct: Distinct::Numbers((0..values).collect()),
            },
        };
        Records {
            columns: (0..width).map(column).collect(),
            released: Side::of_rows(released),
            registered: Side::of_rows(registered),
            same: vec![None; released.len()],
        }
    }

    #[test]
    fn weights_by_hand() {
        // Of four in the register three have 0, one has 1.
        let register: Vec<Vec<Vec<u32>>> = [0, 0, 0, 1]
            .iter()
            .map(|value| vec![vec![*value]])
            .collect();
        let records = records(&[vec![vec![0]], vec![vec![1]]], &register, 2);
        let model = Model::new(&records, &[Scale::Names], &[Kept::Share(0.8)]);
        let find = |side: &Side, value: u32| {
            side.codes[0]
                .iter()
                .position(|code| *code == value)
                .unwrap()
        };
        let weight = |a: u32, b: u32| {
            let (a, b) = (find(&records.released, a), find(&records.registered, b));
            model.weight(&records, a, b).exp2()
        };
        assert!((weight(0, 0) - (0.8 / 0.75 + 0.2)).abs() < 1e-12);
        assert!((weight(1, 1) - (0.8 / 0.25 + 0.2)).abs() < 1e-12);
        assert!((weight(0, 1) - 0.2).abs() < 1e-12);
        // Over all of the register it is 1 on the mean: nothing is said of a person by the register alone.
        assert!((0.75 * weight(1, 0) + 0.25 * weight(1, 1) - 1.0).abs() < 1e-12);
        let blocks = Model::new(&records, &[Scale::Names], &[Kept::All]);
        let (a, b) = (find(&records.released, 0), find(&records.registered, 1));
        assert_eq!(blocks.weight(&records, a, b), f64::NEG_INFINITY);
    }

    #[test]
    fn near_numbers_are_weighed_against_the_register() {
        let mut trial = Draws::new(5, "near", "t").trial(0);
        let mut draw = |count: usize| -> Vec<Vec<Vec<u32>>> {
            (0..count)
                .map(|_| vec![vec![trial.below(40) as u32 / 3 * 2]])
                .collect()
        };
        let (released, registered) = (draw(50), draw(200));
        let records = records(&released, &registered, 40);
        let model = Model::new(&records, &[Scale::Numbers], &[Kept::Unknown]);
        // The mean over the register is 1, of whatever value.
        let side = &records.registered;
        for mine in 0..records.released.len() {
            let sum: f64 = (0..side.len())
                .map(|theirs| {
                    model.weight(&records, mine, theirs).exp2() * side.persons[theirs] as f64
                })
                .sum();
            let mean = sum / 200.0;
            let there = model.columns[0].shares[records.released.codes[0][mine] as usize] > 0.0;
            assert!(!there || (mean - 1.0).abs() < 1e-9, "{mean}");
        }
    }

    #[test]
    fn shares_that_records_were_made_by_are_found_again() {
        // A register of 800, of whom 300 are sought; a value is copied with a probability, and drawn anew otherwise.
        let copied = [0.95, 0.6, 0.85, 0.98, 0.9, 0.75];
        let values = [50u64, 80, 40, 60, 70, 30];
        let mut trial = Draws::new(5, "model", "t").trial(0);
        let register: Vec<Vec<Vec<u32>>> = (0..800)
            .map(|_| vec![values.map(|card| trial.below(card) as u32).to_vec()])
            .collect();
        let sought: Vec<Vec<Vec<u32>>> = register[..300]
            .iter()
            .map(|rows| {
                let row = rows[0].iter().enumerate().map(|(at, value)| {
                    match trial.uniform() < copied[at] {
                        true => *value,
                        false => trial.below(values[at]) as u32,
                    }
                });
                vec![row.collect()]
            })
            .collect();
        let records = records(&sought, &register, 80);
        let mut model = Model::new(&records, &[Scale::Names; 6], &[Kept::Unknown; 6]);
        let all: Vec<u32> = (0..records.registered.len() as u32).collect();
        model.fit(&records, &vec![all; records.released.len()]);
        for (column, copied) in model.columns.iter().zip(copied) {
            assert!(
                (column.weights[0] - copied).abs() < 0.07,
                "{:?}",
                column.weights
            );
        }
    }
}
