//! Whether the rows of a table of counts are cells of it, or records of persons with a number that is called a count.

use std::collections::HashMap;

use super::Tested;
use crate::encode::flows::Flows;
use crate::encode::published::{Published, PublishedColumn, Rows};
use crate::release::{Release, Table};

/// Rows or pairs of rows below which nothing is concluded.
const FEW: usize = 50;
const FEWEST_PAIRS: u64 = 100;
/// So many persons are expected in a neighbouring cell before it is missed: twice what the strictest preset suppresses,
/// and twice the least that is published, as more may have been suppressed; but no more than the last.
const EXPECTED: f64 = 22.0;
const MOST_SUPPRESSED: f64 = 1_000.0;
/// Columns with more values than this have no neighbour that could be expected.
const MOST_VALUES: usize = 50;
/// The share of neighbours missing at which rows are no cells: of those that are expected so, and ten times so.
const MISSING: [(f64, f64); 2] = [(1.0, 0.9), (10.0, 0.7)];
/// Counts below this have no last digit that chance chooses.
const SMALLEST: f64 = 100.0;
/// The share of counts that end in the same digit: of 50 that chance chooses so many do once in 10⁷ tables.
const SAME_DIGIT: f64 = 0.4;
/// Below this share the columns explain nothing of the counts.
const EXPLAINED: f64 = 0.05;
const FEW_TO_EXPLAIN: usize = 200;
/// Cells that are looked at for this, evenly taken.
const MOST_TO_EXPLAIN: usize = 200_000;
/// Variance over mean above which counts differ by more than chance.
const DISPERSED: f64 = 10.0;
/// How often one person may be counted at one time before that is not believed.
const OFTEN: f64 = 100.0;
/// In seconds: times in steps below this, each in one row, are moments of events.
const MOMENT: f64 = 300.0;

/// What tells records from cells.
pub struct Records {
    population: Option<u64>,
    count: Vec<String>,
    time: Option<String>,
    /// Whether the manifest gives a reason for the column of counts.
    is_answered: bool,
    /// Whether counts were published as they were counted.
    is_plain: bool,
    table: Table,
}

impl Records {
    pub fn new(release: &Release, table: &Table) -> Self {
        let count = table.roles.count_column();
        Self {
            population: release.population,
            is_answered: count.iter().any(|name| table.harmless(name).is_some()),
            is_plain: table.counting.rounding.is_none()
                && table.counting.extrapolation == 1.0
                && table.counting.bounded_noise.is_none(),
            time: table.roles.time.as_ref().map(|time| time.value.clone()),
            table: table.clone(),
            count,
        }
    }

    pub fn tested(&self, flows: &Flows, published: Option<&Published>) -> Vec<Tested> {
        let rows = flows.len() as u64;
        let mut tested = vec![Tested::strictly("cells", &self.count, flows.repeated, rows)];
        tested.extend(self.of_population(flows));
        if let Some(published) = published {
            tested.extend(self.keys(published));
        }
        if !self.is_answered && flows.repeated == 0 {
            let cells = self.cells(flows);
            let moments = published.map_or(0, |published| self.moments(published));
            let scattered = MISSING.map(|(times, share)| {
                let (missing, expected) = cells.missing(self.coarseness(), times);
                let is_scattered =
                    expected >= FEWEST_PAIRS && missing as f64 >= share * expected as f64;
                if is_scattered { missing } else { 0 }
            });
            let against = [
                scattered[0].max(scattered[1]),
                moments,
                if self.is_plain { cells.same_digit() } else { 0 },
                cells.unexplained(),
            ];
            let against = against.into_iter().max().unwrap_or(0);
            tested.push(Tested::strictly(
                "records",
                &self.count,
                against,
                rows.max(against),
            ));
        }
        tested
    }

    fn cells(&self, flows: &Flows) -> Cells {
        Cells::of(flows, self.table.counting.extrapolation)
    }

    /// How many persons a step of the rounding stands for.
    fn coarseness(&self) -> f64 {
        let counting = &self.table.counting;
        counting
            .rounding
            .map_or(0.0, |rounding| rounding.to / counting.extrapolation)
    }

    /// Counts of more persons than there are.
    fn of_population(&self, flows: &Flows) -> Option<Tested> {
        let population = self.population?;
        let over = |count: &&crate::encode::flows::Count| {
            !count.is_suppressed() && count.least > population
        };
        let single: u64 = flows
            .counts
            .iter()
            .filter(over)
            .map(|count| count.rows)
            .sum();
        let cells = self.cells(flows);
        let time = (flows.dimensions.iter())
            .position(|dimension| Some(&dimension.name) == self.time.as_ref());
        let mut sums: HashMap<u32, (f64, u64)> = HashMap::new();
        for (codes, count) in cells.rows() {
            let at = time.map_or(0, |time| codes[time]);
            let sum = sums.entry(at).or_default();
            *sum = (sum.0 + count, sum.1 + 1);
        }
        let most = OFTEN * population as f64;
        let together: u64 = (sums.values())
            .filter(|(sum, _)| *sum > most)
            .map(|(_, rows)| *rows)
            .sum();
        let rows = flows.len() as u64;
        Some(Tested::strictly(
            "population",
            &self.count,
            single.max(together).min(rows.max(single)),
            rows.max(single),
        ))
    }

    /// Columns that hold pseudonyms: of persons, where rows should be cells. Of columns that say what a cell is the name
    /// decides, for cells may be named by what looks drawn.
    fn keys(&self, published: &Published) -> Option<Tested> {
        let rows = published.rows()?;
        let all = rows.len() as u64;
        let dimensions = self.dimensions(published, rows);
        let is_key = |(at, column): &(usize, &PublishedColumn)| {
            let Some(keys) = rows.column(*at) else {
                return false;
            };
            let values = rows.spread(keys).values;
            let is_number = column.is_row_number && values == all;
            let is_told = match column.role {
                "ignore" => {
                    column.names_persons()
                        && (values * 20 >= all * 19 || !is_label(rows, &dimensions, keys))
                }
                _ => column.is_named_as_an_identifier(),
            };
            is_told && self.table.harmless(&column.name).is_none() && !is_number && values >= 20
        };
        let columns: Vec<(usize, &PublishedColumn)> = (published.columns.iter().enumerate())
            .map(|(at, column)| (at, &**column))
            .filter(|(_, column)| !["count", "time", "direct_identifiers"].contains(&column.role))
            .collect();
        let of = columns.len() as u64;
        let found: Vec<String> = (columns.into_iter())
            .filter(is_key)
            .map(|(_, column)| column.name.clone())
            .collect();
        (of > 0).then(|| Tested::strictly("keys", &found, found.len() as u64, of))
    }

    fn dimensions<'a>(&self, published: &Published, rows: &'a Rows) -> Vec<&'a [u64]> {
        let columns = published.columns.iter().enumerate();
        let is_dimension = |column: &PublishedColumn| {
            !["ignore", "count", "direct_identifiers"].contains(&column.role)
        };
        columns
            .filter(|(_, column)| is_dimension(column))
            .filter_map(|(at, _)| rows.column(at))
            .collect()
    }

    /// Rows, where nearly each has a moment of its own and no place has most of them.
    fn moments(&self, published: &Published) -> u64 {
        let Some(rows) = published.rows() else {
            return 0;
        };
        let all = rows.len();
        let columns = || published.columns.iter().enumerate();
        let Some((at, time)) = columns().find(|(_, column)| column.role == "time") else {
            return 0;
        };
        let is_fine = time.step().is_some_and(|step| step < MOMENT);
        let Some(keys) = rows.column(at).filter(|_| is_fine && all >= FEW) else {
            return 0;
        };
        let others: Vec<usize> = columns()
            .filter(|(_, column)| !["ignore", "count", "time"].contains(&column.role))
            .map(|(at, _)| at)
            .collect();
        let mut often: HashMap<u64, usize> = HashMap::new();
        for cell in rows.joined(&others) {
            *often.entry(cell).or_default() += 1;
        }
        let is_series = often.values().any(|rows| 2 * rows > all);
        let values = rows.spread(keys).values as usize;
        match values * 10 >= all * 9 && !is_series {
            true => all as u64,
            false => 0,
        }
    }
}

/// Whether a column says the same wherever one column, or two of several, do; those of which nearly each row has a value
/// of its own determine anything.
pub(super) fn is_label(rows: &Rows, dimensions: &[&[u64]], keys: &[u64]) -> bool {
    let repeats = |keys: &[u64]| 2 * rows.spread(keys).values <= rows.len() as u64;
    let determines = |of: &[u64]| rows.determines(of, keys) && repeats(of);
    let single = || dimensions.iter().any(|column| determines(column));
    let pairs = || {
        let mut firsts = dimensions.iter().enumerate();
        firsts.any(|(at, first)| {
            let mut seconds = dimensions[at + 1..].iter();
            seconds.any(|second| {
                let mut joined = first.to_vec();
                rows.join(&mut joined, second);
                determines(&joined)
            })
        })
    };
    match dimensions.len() {
        0 | 1 => false,
        2 => single(),
        _ => single() || pairs(),
    }
}

/// The cells of a table that stand for no others and have a published count above 0.
struct Cells {
    /// The codes of each cell, one dimension after the other.
    codes: Vec<Vec<u32>>,
    values: Vec<usize>,
    /// Published counts over the factor of extrapolation.
    counts: Vec<f64>,
}

impl Cells {
    fn of(flows: &Flows, extrapolation: f64) -> Self {
        let dimensions = flows.dimensions.len();
        let mut cells = Self {
            codes: vec![Vec::new(); dimensions],
            values: (flows.dimensions.iter())
                .map(|dimension| dimension.values.len())
                .collect(),
            counts: Vec::new(),
        };
        for at in 0..flows.len() {
            let key = flows.key(at);
            let code = |dimension: usize| flows.code(dimension, key);
            let is_whole = (0..dimensions)
                .any(|dimension| flows.dimensions[dimension].wholes[code(dimension) as usize]);
            let count = flows.count(at).published.filter(|count| *count > 0.0);
            let Some(count) = count.filter(|_| !is_whole) else {
                continue;
            };
            for (dimension, codes) in cells.codes.iter_mut().enumerate() {
                codes.push(code(dimension));
            }
            cells.counts.push(count / extrapolation);
        }
        cells
    }

    fn len(&self) -> usize {
        self.counts.len()
    }

    fn rows(&self) -> impl Iterator<Item = (Vec<u32>, f64)> {
        (0..self.len()).map(|at| {
            let codes = self.codes.iter().map(|codes| codes[at]);
            (codes.collect(), self.counts[at])
        })
    }

    /// Values of a dimension that some cell has.
    fn present(&self, dimension: usize) -> usize {
        let mut there = vec![false; self.values[dimension]];
        self.codes[dimension]
            .iter()
            .for_each(|code| there[*code as usize] = true);
        there.iter().filter(|there| **there).count()
    }

    /// Whether one dimension says the same wherever another does.
    fn determines(&self, first: usize, second: usize) -> bool {
        let mut known: Vec<Option<u32>> = vec![None; self.values[first]];
        let mut pairs = self.codes[first].iter().zip(&self.codes[second]);
        pairs.all(|(first, second)| *known[*first as usize].get_or_insert(*second) == *second)
    }

    /// The dimensions that are labels of others whose values repeat, and those that others determine at all.
    fn labels(&self) -> (Vec<bool>, Vec<bool>) {
        let all = self.codes.len();
        let present: Vec<usize> = (0..all).map(|dimension| self.present(dimension)).collect();
        let (mut labels, mut determined) = (vec![false; all], vec![false; all]);
        for repeats in [true, false] {
            for of in 0..all {
                let found = (0..all).any(|by| {
                    by != of
                        && !labels[by]
                        && !determined[by]
                        && (2 * present[by] <= self.len()) == repeats
                        && present[by] >= present[of]
                        && self.determines(by, of)
                });
                match repeats {
                    true => labels[of] = found,
                    false => determined[of] = found && !labels[of],
                }
            }
        }
        (labels, determined)
    }

    /// Of all cells beside which a frequent one is to be expected, in each column of few values, how many have none at
    /// all that differs from them in this column alone; and how many there are.
    fn missing(&self, coarseness: f64, times: f64) -> (u64, u64) {
        let all = self.codes.len();
        let least = self.counts.iter().copied().fold(f64::INFINITY, f64::min);
        let most = MOST_SUPPRESSED.max(4.0 * coarseness);
        let enough = times * (2.0 * least).clamp(EXPECTED, most);
        if self.len() < FEW || all < 2 {
            return (0, 0);
        }
        let (labels, determined) = self.labels();
        let (mut missing, mut expected) = (0, 0);
        for dimension in (0..all).filter(|at| !labels[*at] && !determined[*at]) {
            let present = self.present(dimension);
            let others: Vec<usize> = (0..all)
                .filter(|at| *at != dimension && !labels[*at])
                .collect();
            if !(2..=MOST_VALUES).contains(&present) || others.is_empty() {
                continue;
            }
            let mut sums = vec![0.0; self.values[dimension]];
            for (code, count) in self.codes[dimension].iter().zip(&self.counts) {
                sums[*code as usize] += count;
            }
            let mut order = sums.clone();
            order.sort_by(|a, b| b.total_cmp(a));
            let (first, second) = (order[0], order[1]);
            let line = |at: usize| -> Vec<u32> {
                others.iter().map(|other| self.codes[*other][at]).collect()
            };
            let mut lines: HashMap<Vec<u32>, u64> = HashMap::new();
            for at in 0..self.len() {
                *lines.entry(line(at)).or_default() += 1;
            }
            for at in 0..self.len() {
                let own = sums[self.codes[dimension][at] as usize];
                let other = if own >= first { second } else { first };
                if self.counts[at] * other / own >= enough {
                    expected += 1;
                    missing += u64::from(lines[&line(at)] == 1);
                }
            }
        }
        (missing, expected)
    }

    /// Counts that end in the same digit, where more do than chance would have it.
    fn same_digit(&self) -> u64 {
        let mut digits = [0u64; 10];
        let large = self
            .counts
            .iter()
            .filter(|count| **count >= SMALLEST && count.fract() == 0.0);
        large.for_each(|count| digits[(count % 10.0) as usize] += 1);
        let all: u64 = digits.iter().sum();
        let most = digits.into_iter().max().unwrap_or(0);
        // Counts that are all multiples of ten were rounded.
        match all as usize >= FEW && digits[0] < all && most as f64 >= SAME_DIGIT * all as f64 {
            true => most,
            false => 0,
        }
    }

    /// All cells, where the counts differ by more than chance and by nothing that the columns say: the adjusted
    /// coefficient of determination of the logarithm of counts by the sum of an effect of each value.
    fn unexplained(&self) -> u64 {
        let step = self.len().div_ceil(MOST_TO_EXPLAIN).max(1);
        let taken: Vec<usize> = (0..self.len()).step_by(step).collect();
        let n = taken.len();
        let effects: usize = (0..self.codes.len())
            .map(|dimension| self.present(dimension).saturating_sub(1))
            .sum();
        let is_wide = (0..self.codes.len()).any(|dimension| 5 * self.present(dimension) > n);
        if n < FEW_TO_EXPLAIN || is_wide || 2 * effects > n || effects == 0 {
            return 0;
        }
        let mean = taken.iter().map(|at| self.counts[*at]).sum::<f64>() / n as f64;
        let squares: f64 = taken
            .iter()
            .map(|at| (self.counts[*at] - mean).powi(2))
            .sum();
        if squares / (n - 1) as f64 <= DISPERSED * mean {
            return 0;
        }
        let mut rest: Vec<f64> = taken.iter().map(|at| self.counts[*at].ln()).collect();
        let center = rest.iter().sum::<f64>() / n as f64;
        rest.iter_mut().for_each(|rest| *rest -= center);
        let total: f64 = rest.iter().map(|rest| rest * rest).sum();
        for _ in 0..20 {
            for (codes, values) in self.codes.iter().zip(&self.values) {
                let mut means = vec![(0.0, 0u64); *values];
                for (at, rest) in taken.iter().zip(&rest) {
                    let mean = &mut means[codes[*at] as usize];
                    *mean = (mean.0 + rest, mean.1 + 1);
                }
                for (at, rest) in taken.iter().zip(&mut rest) {
                    let (sum, rows) = means[codes[*at] as usize];
                    *rest -= sum / rows as f64;
                }
            }
        }
        let left: f64 = rest.iter().map(|rest| rest * rest).sum();
        let explained = 1.0 - (left / (n - 1 - effects) as f64) / (total / (n - 1) as f64);
        match explained < EXPLAINED {
            true => self.len() as u64,
            false => 0,
        }
    }
}
