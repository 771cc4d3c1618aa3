//! Probabilistic linkage: how much each agreement says, learnt from the records themselves without any key.
//!
//! I. P. Fellegi, A. B. Sunter, A theory for record linkage, JASA 64 (1969); the probabilities by expectation and
//! maximisation: A. P. Dempster, N. M. Laird, D. B. Rubin, JRSS B 39 (1977), and W. E. Winkler, Using the EM
//! algorithm for weight computation in the Fellegi–Sunter model of record linkage, ASA 1988.
//!
//! A pair of records shows a pattern: the columns in which both agree. Of the pairs of one person (a share λ of
//! all pairs) column j agrees with probability m_j, of the others with u_j, and columns are independent in
//! either. How many of all pairs show which pattern is counted without looking at pairs.

use crate::language::Said;
use crate::said;
use foldhash::HashMap;
use rayon::prelude::*;

use super::nearest::Cost;
use crate::encode::records::{Records, Side};
use crate::stats::Draws;

/// Columns that can be compared: there are 2^columns patterns.
pub const MOST_COLUMNS: usize = 20;
/// Patterns are counted exactly up to so many patterns × combinations.
const STEPS: u64 = 1 << 30;
/// Otherwise about so many pairs are looked at.
const PAIRS: u64 = 1 << 30;
/// Room up to which classes are counted by position.
const DENSE: u32 = 22;
/// Probabilities are kept this far from 0 and 1.
const LEAST: f64 = 1e-6;
/// Agreement that says less than so many bits says nothing.
const SILENT: f64 = 1e-6;
const ITERATIONS: usize = 10_000;

/// How many pairs of records show each pattern; bit j of a pattern: column j agrees.
#[derive(Debug, Clone, PartialEq)]
pub struct Patterns {
    pub pairs: Vec<u64>,
    /// Records of the release that were looked at, where these are not all.
    pub sampled: Option<u64>,
}

/// What was learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The share of pairs that are of one person.
    pub lambda: f64,
    pub m: Vec<f64>,
    pub u: Vec<f64>,
}

impl Patterns {
    /// # Errors
    /// There are too many columns.
    pub fn count(records: &Records, draws: &Draws) -> Result<Self, Said> {
        let columns = records.columns.len();
        if columns > MOST_COLUMNS {
            return Err(said!(
                "there are more than 20 columns to compare: name fewer quasi-identifiers in the register",
                "mehr als 20 Spalten wären zu vergleichen: im Register sind weniger Quasi-Identifikatoren zu nennen"
            ));
        }
        let combinations = (records.released.len() + records.registered.len()) as u64;
        Ok(match combinations << columns <= STEPS {
            true => Self::of_all(records),
            false => Self::of_sample(records, draws),
        })
    }

    /// Pairs that agree at least on S are those within the classes of S; those that agree on S alone follow by
    /// inclusion and exclusion over the supersets.
    ///
    /// Time: 2^columns × combinations.
    pub fn of_all(records: &Records) -> Self {
        let columns = records.columns.len();
        let mut pairs: Vec<u64> = (0..1u32 << columns)
            .into_par_iter()
            .map(|set| agreeing(records, set))
            .collect();
        for column in 0..columns {
            for set in 0..pairs.len() {
                if set >> column & 1 == 0 {
                    pairs[set] -= pairs[set | 1 << column];
                }
            }
        }
        Self {
            pairs,
            sampled: None,
        }
    }

    /// The pairs of some persons of the release, drawn at random, with everybody.
    fn of_sample(records: &Records, draws: &Draws) -> Self {
        let (released, known) = (&records.released, &records.registered);
        let wanted = PAIRS.div_ceil(known.len() as u64).max(500);
        let persons = wanted.min(released.people() as u64);
        let mut trial = draws.trial(0);
        let chosen = trial.subset(persons as usize, released.people() as u64);
        let mut sampled: HashMap<u32, u64> = HashMap::default();
        for person in chosen {
            for at in released.of(person as usize) {
                *sampled.entry(*at).or_insert(0) += 1;
            }
        }
        let records_drawn: u64 = sampled.values().sum();
        let nothing = || vec![0u64; 1 << records.columns.len()];
        let pairs = sampled
            .into_iter()
            .collect::<Vec<_>>()
            .into_par_iter()
            .fold(nothing, |mut pairs, (at, weight)| {
                let mut agree = vec![0u32; known.len()];
                for (column, (mine, theirs)) in released.codes.iter().zip(&known.codes).enumerate()
                {
                    let mine = mine[at as usize];
                    for (agree, theirs) in agree.iter_mut().zip(theirs) {
                        *agree |= u32::from(*theirs == mine) << column;
                    }
                }
                for (set, persons) in agree.iter().zip(&known.persons) {
                    pairs[*set as usize] += persons * weight;
                }
                pairs
            })
            .reduce(nothing, |mut a, b| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                a
            });
        Self {
            pairs,
            sampled: Some(records_drawn),
        }
    }

    /// The share of pairs that agree in each column.
    fn agreement(&self, columns: usize) -> Vec<f64> {
        let all: u64 = self.pairs.iter().sum();
        let share = |column: usize| {
            let agree = self.pairs.iter().enumerate();
            let agree = agree.filter(|(set, _)| set >> column & 1 == 1);
            agree.map(|(_, pairs)| *pairs as f64).sum::<f64>() / all as f64
        };
        (0..columns).map(share).collect()
    }
}

/// Pairs of records that agree at least on a set of columns.
fn agreeing(records: &Records, set: u32) -> u64 {
    let columns: Vec<usize> = (0..records.columns.len())
        .filter(|column| set >> column & 1 == 1)
        .collect();
    let bits = |column: &usize| {
        let most = records.columns[*column].values.len().max(1) as u32 - 1;
        u32::BITS - most.leading_zeros()
    };
    let width: u32 = columns.iter().map(bits).sum();
    let key = |side: &Side, at: usize| -> u128 {
        columns.iter().fold(0, |key, column| {
            key << bits(column) | u128::from(side.codes[*column][at])
        })
    };
    let (released, known) = (&records.released, &records.registered);
    if width <= DENSE {
        let mut classes = vec![0u64; 1 << width];
        for (at, persons) in released.persons.iter().enumerate() {
            classes[key(released, at) as usize] += persons;
        }
        let pairs = known.persons.iter().enumerate();
        return pairs
            .map(|(at, persons)| persons * classes[key(known, at) as usize])
            .sum();
    }
    if width <= u64::BITS {
        return within(records, |side, at| key(side, at) as u64);
    }
    if width <= u128::BITS {
        return within(records, key);
    }
    within(records, |side, at| -> Vec<u32> {
        columns
            .iter()
            .map(|column| side.codes[*column][at])
            .collect()
    })
}

fn within<K: std::hash::Hash + Eq>(records: &Records, key: impl Fn(&Side, usize) -> K) -> u64 {
    let (released, known) = (&records.released, &records.registered);
    let mut classes: HashMap<K, u64> = HashMap::default();
    for (at, persons) in released.persons.iter().enumerate() {
        *classes.entry(key(released, at)).or_insert(0) += persons;
    }
    let pairs = known.persons.iter().enumerate();
    pairs
        .map(|(at, persons)| persons * classes.get(&key(known, at)).copied().unwrap_or(0))
        .sum()
}

impl Model {
    /// Fitted to the patterns. A record has at most one match on the other side, so that λ is at most `most`.
    ///
    /// Starts at m = 0.9, u as often as all pairs agree, λ = half of `most`.
    pub fn fit(patterns: &Patterns, columns: usize, most: f64) -> Self {
        let within = |p: f64| p.clamp(LEAST, 1.0 - LEAST);
        let all: f64 = patterns.pairs.iter().map(|pairs| *pairs as f64).sum();
        let seen: Vec<(usize, f64)> = patterns
            .pairs
            .iter()
            .enumerate()
            .filter(|(_, pairs)| **pairs > 0)
            .map(|(set, pairs)| (set, *pairs as f64))
            .collect();
        let agreement = patterns.agreement(columns);
        let mut model = Self {
            lambda: most / 2.0,
            m: vec![0.9; columns],
            u: agreement.into_iter().map(within).collect(),
        };
        for _ in 0..ITERATIONS {
            let (mut matches, mut m, mut u) = (0.0, vec![0.0; columns], vec![0.0; columns]);
            for (set, pairs) in &seen {
                let matched = pairs * model.probability(*set);
                matches += matched;
                for column in (0..columns).filter(|column| set >> column & 1 == 1) {
                    m[column] += matched;
                    u[column] += pairs - matched;
                }
            }
            let of = |sums: Vec<f64>, total: f64| -> Vec<f64> {
                let share = |sum: f64| if total > 0.0 { sum / total } else { 0.5 };
                sums.into_iter().map(|sum| within(share(sum))).collect()
            };
            let next = Self {
                lambda: (matches / all).min(most),
                m: of(m, matches),
                u: of(u, all - matches),
            };
            let change = |a: &[f64], b: &[f64]| {
                let pairs = a.iter().zip(b);
                pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
            };
            let moved = change(&model.m, &next.m)
                .max(change(&model.u, &next.u))
                .max((model.lambda - next.lambda).abs() / most);
            model = next;
            if moved < 1e-9 {
                break;
            }
        }
        model
    }

    /// log2 m/u and log2 (1 − m)/(1 − u): what agreement and disagreement of a column say. Nothing where
    /// agreement would speak against a match.
    pub fn weights(&self, column: usize) -> [f64; 2] {
        let (m, u) = (self.m[column], self.u[column]);
        let [agree, differ] = [(m / u).log2(), ((1.0 - m) / (1.0 - u)).log2()];
        match agree - differ > SILENT {
            true => [agree, differ],
            false => [0.0, 0.0],
        }
    }

    /// That a pair with this pattern is of one person.
    fn probability(&self, set: usize) -> f64 {
        let (mut m, mut u) = (self.lambda, 1.0 - self.lambda);
        for column in 0..self.m.len() {
            let (p, q) = (self.m[column], self.u[column]);
            match set >> column & 1 {
                1 => (m, u) = (m * p, u * q),
                _ => (m, u) = (m * (1.0 - p), u * (1.0 - q)),
            }
        }
        match m + u > 0.0 {
            true => m / (m + u),
            false => 0.0,
        }
    }

    /// The greatest weight is the least distance from agreement in all columns: what is lost where a column
    /// differs, and nothing for columns that say nothing.
    pub fn costs(&self) -> Vec<Cost> {
        let cost = |column: usize| {
            let [agree, differ] = self.weights(column);
            Cost::Equal(agree - differ)
        };
        (0..self.m.len()).map(cost).collect()
    }

    /// Whether a column says anything.
    pub fn tells(&self, column: usize) -> bool {
        self.weights(column) != [0.0, 0.0]
    }

    /// The distance up to which a pair is more probably of one person than not.
    pub fn probable(&self) -> f64 {
        let all: f64 = (0..self.m.len())
            .map(|column| self.weights(column)[0])
            .sum();
        all + (self.lambda / (1.0 - self.lambda)).log2()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::records::Compared;
    use crate::encode::{Distinct, Values};
    use proptest::prelude::*;

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

    fn rows(most: usize) -> impl Strategy<Value = Vec<Vec<Vec<u32>>>> {
        let row = prop::collection::vec(0u32..3, 4);
        prop::collection::vec(prop::collection::vec(row, 1..3), 1..most)
    }

    proptest! {
        #[test]
        fn patterns_are_those_of_all_pairs(released in rows(20), registered in rows(30)) {
            let records = records(&released, &registered, 3);
            let mut expected = vec![0u64; 16];
            let distinct = |rows: &[Vec<u32>]| {
                let mut rows = rows.to_vec();
                rows.sort_unstable();
                rows.dedup();
                rows
            };
            for a in released.iter().flat_map(|rows| distinct(rows)) {
                for b in registered.iter().flat_map(|rows| distinct(rows)) {
                    let agree = (0..4).filter(|at| a[*at] == b[*at]);
                    expected[agree.map(|at| 1usize << at).sum::<usize>()] += 1;
                }
            }
            prop_assert_eq!(&Patterns::of_all(&records).pairs, &expected);
            // All persons are drawn where a sample may be as large as that.
            let drawn = Patterns::of_sample(&records, &Draws::new(1, "m", "t"));
            prop_assert_eq!(&drawn.pairs, &expected);
        }
    }

    #[test]
    fn patterns_of_wide_columns() {
        // Keys by position, of 64 bits, of 128 and of more are one and the same.
        let mut trial = Draws::new(3, "patterns", "t").trial(0);
        let mut draw = |count: usize| -> Vec<Vec<Vec<u32>>> {
            (0..count)
                .map(|_| vec![(0..9).map(|_| trial.below(3) as u32).collect()])
                .collect()
        };
        let (a, b) = (draw(50), draw(70));
        let narrow = Patterns::of_all(&records(&a, &b, 3));
        assert_eq!(narrow.pairs.iter().sum::<u64>(), 3_500);
        assert_eq!(narrow, Patterns::of_all(&records(&a, &b, 1 << 17)));
    }

    #[test]
    fn probabilities_are_learnt() {
        // 4,000 persons on either side, 3,000 of them on both; each column is copied with its own
        // probability, and drawn anew otherwise.
        let cards = [50u64, 80, 40, 20, 60];
        let copied = [0.95, 0.9, 0.85, 0.98, 0.8];
        let mut trial = Draws::new(5, "model", "t").trial(0);
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for person in 0..5_000 {
            let row: Vec<u32> = cards.map(|card| trial.below(card) as u32).to_vec();
            let other = (0..5).map(
                |at| match trial.below(1_000) < (copied[at] * 1_000.0) as u64 {
                    true => row[at],
                    false => trial.below(cards[at]) as u32,
                },
            );
            let other: Vec<u32> = other.collect();
            if person < 4_000 {
                a.push(vec![row]);
            }
            if person >= 1_000 {
                b.push(vec![other]);
            }
        }
        let records = records(&a, &b, 80);
        let patterns = Patterns::of_all(&records);
        let model = Model::fit(&patterns, 5, 1.0 / 4_000.0);
        let lambda = 3_000.0 / 16e6;
        assert!((model.lambda / lambda - 1.0).abs() < 0.03, "{model:?}");
        for at in 0..5 {
            let chance = 1.0 / cards[at] as f64;
            let m = copied[at] + (1.0 - copied[at]) * chance;
            assert!((model.m[at] - m).abs() < 0.02, "{at}: {model:?}");
            assert!((model.u[at] / chance - 1.0).abs() < 0.01, "{at}: {model:?}");
        }
        // Whoever agrees in all columns is one person, who agrees in none is not.
        assert!(model.probability(31) > 0.99 && model.probability(0) < 1e-6);
        assert!(model.probable() > 0.0);
    }

    #[test]
    fn two_columns_by_hand() {
        // λ = 1/4, m = 0.8, 0.6, u = 0.2, 0.3 and the patterns they make: a fixed point of both steps.
        let (lambda, m, u) = (0.25, [0.8, 0.6, 0.9], [0.2, 0.3, 0.1]);
        let share = |set: usize| {
            let of = |p: [f64; 3]| -> f64 {
                let column = |at: usize| {
                    if set >> at & 1 == 1 {
                        p[at]
                    } else {
                        1.0 - p[at]
                    }
                };
                (0..3).map(column).product()
            };
            lambda * of(m) + (1.0 - lambda) * of(u)
        };
        let patterns = Patterns {
            pairs: (0..8)
                .map(|set| (share(set) * 1e12).round() as u64)
                .collect(),
            sampled: None,
        };
        let model = Model::fit(&patterns, 3, 1.0);
        assert!((model.lambda - lambda).abs() < 1e-3, "{model:?}");
        for at in 0..3 {
            assert!((model.m[at] - m[at]).abs() < 1e-3, "{model:?}");
            assert!((model.u[at] - u[at]).abs() < 1e-3, "{model:?}");
        }
        let exact = Model {
            lambda,
            m: m.to_vec(),
            u: u.to_vec(),
        };
        let [agree, differ] = exact.weights(0);
        assert!((agree - 2.0).abs() < 1e-12 && (differ + 2.0).abs() < 1e-12);
        // 0.25 · 0.8 · 0.6 · 0.9 against 0.75 · 0.2 · 0.3 · 0.1.
        let expected = 0.108 / (0.108 + 0.0045);
        assert!((exact.probability(7) - expected).abs() < 1e-12);
    }
}
