//! What stands beside the counts of a table without a role of its own: numbers of a part of those who are counted or of
//! a whole that they are part of, and anything else that is told of each cell.

use std::collections::HashMap;

use super::Tested;
use super::records::is_label;
use crate::encode::published::{Published, PublishedColumn, Rows};
use crate::release::{Release, Table, TableKind};

/// Rows below which nothing is concluded.
const FEW: usize = 10;
/// Counts of fewer persons are small by the strictest preset.
const SMALL: f64 = 11.0;
/// The share of cells that the other columns must tell apart, so that a number is one of a cell.
const TOLD_APART: f64 = 0.99;
/// The share of rows in which a part is no more than the count.
const WITHIN: f64 = 0.99;
/// The share of rows in which a whole is more than the count by few persons: of other numbers few come so near.
const NEAR: f64 = 0.1;
/// The share of a total that may be left out of what is published of it, and of the totals that are so near.
const LACKING: f64 = 0.1;
const NEARLY_ALL: f64 = 0.9;
/// How far numbers in proportion to counts are rounded.
const ALIKE: f64 = 0.01;
/// Values of a column below which no total is recognised.
const FEW_TOTALS: usize = 5;
/// The logarithm of the chance at which shares of whole numbers are no accident: one in a million.
const CHANCE: f64 = -13.815_510_557_964_274;

pub struct Parts {
    /// Columns that another table of the same file declares as its counts, and those with a reason.
    answered: Vec<String>,
    columns: Vec<String>,
    /// The multiple that counts were rounded to; 0 where they were not.
    rounded_to: f64,
}

impl Parts {
    pub fn new(release: &Release, table: &Table) -> Self {
        let others = release.tables.iter().filter(|other| {
            other.kind == TableKind::Flows
                && other.name != table.name
                && other.path.value == table.path.value
        });
        let counted = others.flat_map(|other| other.roles.count_column());
        let harmless = table
            .harmless
            .iter()
            .map(|(column, _)| column.value.clone());
        Self {
            answered: counted.chain(harmless).collect(),
            columns: table.roles.count_column(),
            rounded_to: (table.counting.rounding.as_ref()).map_or(0.0, |rounding| rounding.to),
        }
    }

    /// What is found of all columns together, by kind.
    pub fn tested(&self, published: &Published) -> Vec<Tested> {
        let Some(rows) = published.rows() else {
            return Vec::new();
        };
        let columns = || published.columns.iter().enumerate();
        let Some(counts) = counts(published, rows) else {
            return Vec::new();
        };
        let dimensions: Vec<usize> = columns()
            .filter(|(_, column)| !["ignore", "count", "direct_identifiers"].contains(&column.role))
            .map(|(at, _)| at)
            .collect();
        let is_open = |column: &PublishedColumn| {
            ["ignore", "quasi_identifiers", "sensitive"].contains(&column.role)
                && !self.answered.contains(&column.root)
                && !self.answered.contains(&column.name)
        };
        let (mut parts, mut details) = (Found::default(), Found::default());
        for (at, column) in columns().filter(|(_, column)| is_open(column)) {
            let Some(keys) = rows.column(at) else {
                continue;
            };
            let others: Vec<usize> = dimensions.iter().copied().filter(|of| *of != at).collect();
            if others.is_empty() {
                continue;
            }
            let of = numbers(column, keys);
            let spread = rows.spread(keys);
            let is_of_cells = spread.values > 1 && is_of_cells(rows, keys, &others);
            let is_own = spread.own_rows == rows.len() as u64;
            let pairs: Vec<(f64, f64)> = (of.iter().zip(&counts))
                .filter_map(|(number, count)| Some(((*number)?, (*count)?)))
                .collect();
            let places = column.places().unwrap_or(0);
            // Texts that are no numbers tell none.
            let told = match of.iter().any(Option::is_some) {
                true => totals(rows, &others, keys, &of, &counts, self.rounded_to)
                    .max(proportions(rows, &others, &of, &counts)),
                false => 0,
            };
            let small = match is_of_cells && !is_own {
                true => small(&pairs, places),
                false => 0,
            };
            let told = told.max(small);
            if told > 0 {
                parts.add(&column.name, told);
                continue;
            }
            // What is measured of a cell has decimals or hardly comes twice: degrees, hours, prices. Keys of cells are each
            // in one row.
            let hardly_repeats = !pairs.is_empty() && 2 * spread.values >= rows.len() as u64;
            let is_quantity = places > 0 || hardly_repeats;
            // Where one column alone tells cells apart the others are its attributes: of goods, of areas.
            let are_attributes = others.len() < 2 || is_quantity || is_own || column.is_row_number;
            let is_plain = column.nested || !are_attributes;
            if column.role == "ignore" && is_plain && is_of_cells {
                details.add(&column.name, rows.len() as u64);
            }
        }
        let all = rows.len() as u64;
        [("parts", parts), ("details", details)]
            .map(|(kind, found)| {
                let columns = match found.columns.is_empty() {
                    true => &self.columns,
                    false => &found.columns,
                };
                Tested::strictly(kind, columns, found.against, all)
            })
            .into()
    }
}

/// Columns of which something is the matter, and in how many rows at most.
#[derive(Default)]
struct Found {
    columns: Vec<String>,
    against: u64,
}

impl Found {
    fn add(&mut self, column: &str, against: u64) {
        self.columns.push(column.to_owned());
        self.against = self.against.max(against);
    }
}

/// Rows by the value of a column.
fn groups(keys: &[u64]) -> HashMap<u64, Vec<usize>> {
    let mut groups: HashMap<u64, Vec<usize>> = HashMap::new();
    for (row, key) in keys.iter().enumerate() {
        groups.entry(*key).or_default().push(row);
    }
    groups
}

/// How many totals a column tells that another column determines: of each of its values all persons, of whom more than
/// are published.
fn totals(
    rows: &Rows,
    others: &[usize],
    keys: &[u64],
    numbers: &[Option<f64>],
    counts: &[Option<f64>],
    to: f64,
) -> u64 {
    let dimensions = others.iter().filter_map(|at| rows.column(*at));
    let determining = dimensions.filter(|dimension| rows.determines(dimension, keys));
    let told = determining.map(|dimension| total_of_each(dimension, numbers, counts, to));
    told.max().unwrap_or(0)
}

/// How many values of a dimension have a number, the same in all their rows, that is the total of their counts, where
/// fewer are published or each count was rounded to multiples of `to` (0 where it was not): most of these numbers are
/// that, and some tell more than the counts do.
pub(super) fn total_of_each(
    dimension: &[u64],
    numbers: &[Option<f64>],
    counts: &[Option<f64>],
    to: f64,
) -> u64 {
    let (mut near, mut open, mut all) = (0, 0, 0);
    for of_value in groups(dimension).values() {
        let Some(total) = numbers[of_value[0]] else {
            continue;
        };
        let published = of_value.iter().filter_map(|row| counts[*row]);
        let (counted, told) = published.fold((0.0, 0.0), |(counted, told), count| {
            (counted + 1.0, told + count)
        });
        let lacking = total - told;
        // Rounding by so much that any number would do shows nothing.
        let rounded = Some(to * counted).filter(|rounded| *rounded <= LACKING * told);
        let rounded = rounded.unwrap_or(0.0);
        all += 1;
        near +=
            usize::from(told > 0.0 && (-rounded..=LACKING * total + rounded).contains(&lacking));
        open += u64::from(lacking >= 1.0 || rounded > 0.0 && lacking <= -1.0);
    }
    match all >= FEW_TOTALS && near as f64 >= NEARLY_ALL * all as f64 {
        true => open,
        false => 0,
    }
}

/// How many counts that were left out a column tells: where, within each value of another column, it is in proportion to
/// the counts that were not, and so tells the others, or as a share what all are together.
fn proportions(
    rows: &Rows,
    others: &[usize],
    numbers: &[Option<f64>],
    counts: &[Option<f64>],
) -> u64 {
    let most = numbers
        .iter()
        .flatten()
        .fold(0.0f64, |most, number| most.max(*number));
    let whole = match most {
        _ if most <= 1.0 => Some(1.0),
        _ if most <= 100.0 => Some(100.0),
        _ => None,
    };
    let hidden =
        |row: &&usize| counts[**row].is_none() && numbers[**row].is_some_and(|number| number > 0.0);
    let told = |dimension: &[u64]| -> u64 {
        let (mut alike, mut all, mut open) = (0usize, 0usize, 0u64);
        for of_value in groups(dimension).values() {
            let ratios = of_value.iter().filter_map(|row| {
                let (number, count) = (numbers[*row]?, counts[*row]?);
                (number > 0.0 && count > 0.0).then_some((number, count / number))
            });
            let ratios: Vec<(f64, f64)> = ratios.collect();
            let largest = ratios.iter().max_by(|a, b| a.0.total_cmp(&b.0));
            let Some((_, best)) = largest.filter(|_| ratios.len() > 1) else {
                continue;
            };
            all += 1;
            if ratios
                .iter()
                .any(|(_, ratio)| (ratio / best - 1.0).abs() > ALIKE)
            {
                continue;
            }
            alike += 1;
            let lacking = whole.map(|whole| {
                let total = best * whole;
                let told: f64 = of_value.iter().filter_map(|row| counts[*row]).sum();
                (total - told, total)
            });
            let is_short =
                lacking.is_some_and(|(lacking, total)| (0.75..=LACKING * total).contains(&lacking));
            open += of_value.iter().filter(hidden).count() as u64 + u64::from(is_short);
        }
        match all >= FEW_TOTALS && alike as f64 >= NEARLY_ALL * all as f64 {
            true => open,
            false => 0,
        }
    };
    let dimensions = others.iter().filter_map(|at| rows.column(*at));
    dimensions.map(told).max().unwrap_or(0)
}

/// Whether the other columns tell the rows apart, and neither any of them nor two explain the values.
fn is_of_cells(rows: &Rows, keys: &[u64], others: &[usize]) -> bool {
    let all = rows.len() as f64;
    let joined = rows.spread(&rows.joined(others));
    let of_dimensions: Vec<&[u64]> = others.iter().filter_map(|at| rows.column(*at)).collect();
    joined.own_rows as f64 >= TOLD_APART * all && !is_label(rows, &of_dimensions, keys)
}

/// The published count of each row; `None` where there is no column of counts.
pub(super) fn counts(published: &Published, rows: &Rows) -> Option<Vec<Option<f64>>> {
    let mut columns = published.columns.iter().enumerate();
    let (at, count) = columns.find(|(_, column)| column.role == "count")?;
    Some(numbers(count, rows.column(at)?))
}

/// The number of each row.
fn numbers(column: &PublishedColumn, keys: &[u64]) -> Vec<Option<f64>> {
    let known = column.numbers_by_key();
    keys.iter().map(|key| known.get(key).copied()).collect()
}

/// In how many rows fewer persons than is safe are told by a number and the count beside it.
fn small(pairs: &[(f64, f64)], places: usize) -> u64 {
    if pairs.len() < FEW || pairs.iter().any(|(number, _)| *number < 0.0) {
        return 0;
    }
    let all = pairs.len() as f64;
    let of = |is: &dyn Fn(f64, f64) -> bool| {
        pairs
            .iter()
            .filter(|(number, count)| is(*number, *count))
            .count()
    };
    let is_few = |persons: f64| (1.0..SMALL).contains(&persons);
    if pairs.iter().all(|(number, _)| number.fract() == 0.0) {
        let few = of(&|part, count| is_few(part) || is_few(count - part)) as u64;
        if of(&|part, count| part <= count) as f64 >= WITHIN * all {
            return few;
        }
        let near = of(&|whole, count| is_few(whole - count));
        let is_whole = of(&|whole, count| whole >= count) as f64 >= WITHIN * all;
        return if is_whole && near as f64 >= NEAR * all {
            near as u64
        } else {
            0
        };
    }
    // Shares, of one or of a hundred.
    let most = pairs
        .iter()
        .fold(0.0f64, |most, (number, _)| most.max(*number));
    let of_hundred = match most {
        _ if most <= 1.0 => 1.0,
        _ if most <= 100.0 => 100.0,
        _ => return 0,
    };
    let unit = 0.5 * 10f64.powi(-(places.min(15) as i32));
    let (mut ln_chance, mut few) = (0.0, 0);
    for (share, count) in pairs
        .iter()
        .filter(|(share, count)| *share > 0.0 && *count > 0.0)
    {
        let (part, width) = (share * count / of_hundred, count * unit / of_hundred);
        let tolerance = width + 1e-9 * count;
        if tolerance > 0.1 {
            continue;
        }
        if (part - part.round()).abs() > tolerance {
            return 0;
        }
        ln_chance += (2.0 * tolerance).ln();
        few += u64::from(is_few(part.round()) || is_few((count - part).round()));
    }
    if ln_chance < CHANCE { few } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_wholes_and_shares_of_few() {
        let counts = || (0..40u32).map(|at| f64::from(50 + 7 * at));
        let pairs = |number: &dyn Fn(usize, f64) -> f64| -> Vec<(f64, f64)> {
            let numbers = counts().enumerate();
            numbers
                .map(|(at, count)| (number(at, count), count))
                .collect()
        };
        // 0 to 3 in each row; all but as many.
        let few = |at: usize| (at % 4) as f64;
        assert_eq!(small(&pairs(&|at, _| few(at)), 0), 30);
        assert_eq!(small(&pairs(&|at, count| count - few(at)), 0), 30);
        // The whole is declared as a number of nothing.
        assert_eq!(small(&pairs(&|at, count| count + few(at)), 0), 30);
        // Many are a part, and many are left.
        assert_eq!(small(&pairs(&|_, count| (count / 2.0).round()), 0), 0);
        // Shares, exact and to six places; of a hundred to four.
        let to =
            |places: i32, number: f64| (number * 10f64.powi(places)).round() / 10f64.powi(places);
        assert_eq!(small(&pairs(&|at, count| few(at) / count), 15), 30);
        assert_eq!(small(&pairs(&|at, count| to(6, few(at) / count)), 6), 30);
        assert_eq!(
            small(&pairs(&|at, count| to(4, 100.0 * few(at) / count)), 4),
            30
        );
        // To two places they tell of no number.
        assert_eq!(small(&pairs(&|at, count| to(2, few(at) / count)), 2), 0);
        // Degrees, areas and numbers far above the counts are neither.
        assert_eq!(small(&pairs(&|at, _| 12.5 + 0.37 * at as f64), 2), 0);
        assert_eq!(small(&pairs(&|at, _| at as f64 - 3.0), 0), 0);
        assert_eq!(small(&pairs(&|at, _| (10_000 + 31 * at) as f64), 0), 0);
        assert_eq!(small(&pairs(&|at, _| few(at))[..9], 0), 0);
    }
}
