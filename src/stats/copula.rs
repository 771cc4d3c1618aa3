//! A Gaussian copula over discrete attributes: how frequent each combination is in the population that a
//! sample was drawn from.

use rayon::prelude::*;

use super::normal;

/// The fitted model.
#[derive(Debug, Clone)]
pub struct Copula {
    /// For each attribute the quantile at which each code ends, by code; where it begins.
    ends: Vec<Vec<(f64, f64)>>,
    /// The Cholesky factor of the correlations.
    lower: Vec<Vec<f64>>,
}

/// Codes of an attribute that are told apart when correlations are fitted.
const BINS: usize = 24;

impl Copula {
    /// Fits the margins to the shares of the codes, each correlation to the mutual information of its pair.
    ///
    /// `codes[attribute][combination]`, `capacity` above all codes of an attribute, `counts` persons with
    /// each combination, `ordered` whether the codes of an attribute are in an order that means
    /// something: others are put into an order in which persons who are alike otherwise are near. Where the correlations do not belong to any
    /// distribution they are shrunk towards none.
    pub fn fit(codes: &[Vec<u32>], capacity: &[usize], counts: &[u64], ordered: &[bool]) -> Self {
        let scores = scores(codes, capacity, counts, ordered);
        let attributes: Vec<Attribute> = codes
            .iter()
            .zip(&scores)
            .map(|(codes, scores)| Attribute::new(codes, counts, scores))
            .collect();
        let n = attributes.len();
        let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).collect();
        let fitted: Vec<f64> = pairs
            .par_iter()
            .map(|(i, j)| correlation(&attributes[*i], &attributes[*j], codes, (*i, *j), counts))
            .collect();
        let matrix = |kept: f64| {
            let mut matrix = vec![vec![0.0; n]; n];
            for (i, row) in matrix.iter_mut().enumerate() {
                row[i] = 1.0;
            }
            for ((i, j), r) in pairs.iter().zip(&fitted) {
                matrix[*i][*j] = r * kept;
                matrix[*j][*i] = r * kept;
            }
            matrix
        };
        let shrunk =
            (0..=100).find_map(|step| normal::cholesky(&matrix(1.0 - f64::from(step) / 100.0)));
        Self {
            ends: attributes
                .into_iter()
                .map(|attribute| attribute.ends)
                .collect(),
            lower: shrunk.expect("no correlations at all are those of a distribution"),
        }
    }

    /// The share of the population with this combination of codes.
    pub fn mass(&self, combination: &[u32]) -> f64 {
        let bounds = self
            .ends
            .iter()
            .zip(combination)
            .map(|(ends, code)| ends[*code as usize]);
        let (low, high): (Vec<f64>, Vec<f64>) = bounds.unzip();
        normal::rectangle(&low, &high, &self.lower)
    }
}

/// One margin.
struct Attribute {
    /// Where each code begins and ends, as quantiles.
    ends: Vec<(f64, f64)>,
    /// The bin of each code.
    bin: Vec<usize>,
    /// Where the bins end, as quantiles; the last is infinite.
    cuts: Vec<f64>,
}

impl Attribute {
    fn new(codes: &[u32], counts: &[u64], scores: &[f64]) -> Self {
        let capacity = scores.len();
        let mut frequency = vec![0u64; capacity];
        for (code, count) in codes.iter().zip(counts) {
            frequency[*code as usize] += count;
        }
        let total: u64 = frequency.iter().sum();
        let mut order: Vec<usize> = (0..capacity).collect();
        order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(a.cmp(b)));
        let mut attribute = Self {
            ends: vec![(0.0, 0.0); capacity],
            bin: vec![0; capacity],
            cuts: Vec::new(),
        };
        let (mut seen, mut low, mut full) = (0, f64::NEG_INFINITY, 0);
        for code in order {
            seen += frequency[code];
            let high = normal::quantile(seen as f64 / total as f64);
            attribute.ends[code] = (low, high);
            attribute.bin[code] = attribute.cuts.len();
            low = high;
            full += frequency[code];
            if full * BINS as u64 >= total {
                attribute.cuts.push(high);
                full = 0;
            }
        }
        match attribute.cuts.last_mut() {
            Some(last) if full == 0 => *last = f64::INFINITY,
            _ => attribute.cuts.push(f64::INFINITY),
        }
        let bins = attribute.cuts.len();
        attribute
            .bin
            .iter_mut()
            .for_each(|bin| *bin = (*bin).min(bins - 1));
        attribute
    }
}

/// Rounds of reciprocal averaging.
const AVERAGINGS: usize = 30;

/// A number for each code by which the codes of an attribute are ordered: their place where they are
/// ordered, else such that persons who are alike in the other attributes have near codes.
///
/// Reciprocal averaging: a person's score is the mean of those of their codes, a code's that of its
/// persons; attributes brought to mean 0 and variance 1 each round. It settles on the first axis of
/// multiple correspondence analysis.
///
/// Source: M. O. Hill, Reciprocal averaging: an eigenvector method of ordination, Journal of Ecology 61
/// (1973).
fn scores(
    codes: &[Vec<u32>],
    capacity: &[usize],
    counts: &[u64],
    ordered: &[bool],
) -> Vec<Vec<f64>> {
    let total = counts.iter().sum::<u64>() as f64;
    let frequencies: Vec<Vec<f64>> = codes
        .iter()
        .zip(capacity)
        .map(|(codes, capacity)| {
            let mut frequency = vec![0.0; *capacity];
            for (code, count) in codes.iter().zip(counts) {
                frequency[*code as usize] += *count as f64;
            }
            frequency
        })
        .collect();
    let standardise = |scores: &mut Vec<f64>, frequency: &[f64]| {
        let moment = |power: i32, scores: &[f64]| {
            let sum: f64 = scores
                .iter()
                .zip(frequency)
                .map(|(s, f)| f * s.powi(power))
                .sum();
            sum / total
        };
        let mean = moment(1, scores);
        scores.iter_mut().for_each(|score| *score -= mean);
        let deviation = moment(2, scores).sqrt().max(1e-12);
        scores.iter_mut().for_each(|score| *score /= deviation);
    };
    // From the order there is: of the values, of the frequency.
    let mut scores: Vec<Vec<f64>> = frequencies
        .iter()
        .zip(ordered)
        .map(|(frequency, ordered)| {
            let mut scores: Vec<f64> = match ordered {
                true => (0..frequency.len()).map(|code| code as f64).collect(),
                false => frequency.iter().map(|f| -f).collect(),
            };
            standardise(&mut scores, frequency);
            scores
        })
        .collect();
    for _ in 0..AVERAGINGS {
        let persons: Vec<f64> = (0..counts.len())
            .map(|at| {
                codes
                    .iter()
                    .zip(&scores)
                    .map(|(codes, scores)| scores[codes[at] as usize])
                    .sum()
            })
            .collect();
        for (attribute, scores) in scores.iter_mut().enumerate() {
            if ordered[attribute] {
                continue;
            }
            let mut sums = vec![0.0; scores.len()];
            for ((code, count), person) in codes[attribute].iter().zip(counts).zip(&persons) {
                let others = person - scores[*code as usize];
                sums[*code as usize] += *count as f64 * others;
            }
            for ((score, sum), frequency) in
                scores.iter_mut().zip(sums).zip(&frequencies[attribute])
            {
                *score = sum / frequency.max(1.0);
            }
            standardise(scores, &frequencies[attribute]);
        }
    }
    scores
}

/// The correlation for which the model's mutual information is the observed one, with the sign of the
/// association of the ranks. Of the observed information the part that chance alone gives is taken off.
fn correlation(
    a: &Attribute,
    b: &Attribute,
    codes: &[Vec<u32>],
    (i, j): (usize, usize),
    counts: &[u64],
) -> f64 {
    let (rows, columns) = (a.cuts.len(), b.cuts.len());
    let mut joint = vec![vec![0.0; columns]; rows];
    let total = counts.iter().sum::<u64>() as f64;
    for (at, count) in counts.iter().enumerate() {
        let (x, y) = (codes[i][at] as usize, codes[j][at] as usize);
        joint[a.bin[x]][b.bin[y]] += *count as f64 / total;
    }
    // Miller and Madow: the information of independent attributes is (r−1)(c−1)/2n on average.
    let chance = ((rows - 1) * (columns - 1)) as f64 / (2.0 * total);
    let observed = (information(&joint) - chance).max(0.0);
    let model = |r: f64| {
        let corner = |row: usize, column: usize| match (row, column) {
            (0, _) | (_, 0) => 0.0,
            _ => normal::cdf2(a.cuts[row - 1], b.cuts[column - 1], r),
        };
        let corners: Vec<Vec<f64>> = (0..=rows)
            .map(|row| (0..=columns).map(|column| corner(row, column)).collect())
            .collect();
        let cell = |row: usize, column: usize| {
            corners[row + 1][column + 1] - corners[row][column + 1] - corners[row + 1][column]
                + corners[row][column]
        };
        let cells: Vec<Vec<f64>> = (0..rows)
            .map(|row| {
                (0..columns)
                    .map(|column| cell(row, column).max(0.0))
                    .collect()
            })
            .collect();
        information(&cells)
    };
    let sign = if association(&joint) < 0.0 { -1.0 } else { 1.0 };
    let (mut low, mut high) = (0.0, 0.98);
    if observed == 0.0 || rows < 2 || columns < 2 {
        return 0.0;
    }
    for _ in 0..20 {
        let middle = f64::midpoint(low, high);
        if model(sign * middle) < observed {
            low = middle;
        } else {
            high = middle;
        }
    }
    sign * low
}

/// Mutual information in nats.
fn information(joint: &[Vec<f64>]) -> f64 {
    let rows: Vec<f64> = joint.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> = (0..joint[0].len())
        .map(|column| joint.iter().map(|row| row[column]).sum())
        .collect();
    let mut sum = 0.0;
    for (row, p_row) in joint.iter().zip(&rows) {
        for (p, p_column) in row.iter().zip(&columns) {
            if *p > 0.0 {
                sum += p * (p / (p_row * p_column)).ln();
            }
        }
    }
    sum.max(0.0)
}

/// Concordant less discordant pairs of persons (Goodman and Kruskal): the sign of the association.
fn association(joint: &[Vec<f64>]) -> f64 {
    let columns = joint[0].len();
    // The mass above and left of each cell, less that above and right.
    let mut above = vec![0.0; columns];
    let mut sum = 0.0;
    for row in joint {
        let all: f64 = above.iter().sum();
        let mut left = 0.0;
        for (p, here) in row.iter().zip(&above) {
            sum += p * (left - (all - left - here));
            left += here;
        }
        above.iter_mut().zip(row).for_each(|(above, p)| *above += p);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two ordered attributes whose joint distribution is that of a copula of correlation −0.7.
    #[test]
    fn a_copula_is_recovered() {
        let cuts: Vec<f64> = [0.1, 0.35, 0.6, 0.9, 1.0].map(normal::quantile).to_vec();
        let (mut codes, mut counts) = (vec![Vec::new(), Vec::new()], Vec::new());
        for x in 0..5u32 {
            for y in 0..5u32 {
                let at = |x: u32, y: u32| match (x, y) {
                    (0, _) | (_, 0) => 0.0,
                    _ => normal::cdf2(cuts[x as usize - 1], cuts[y as usize - 1], -0.7),
                };
                let mass = at(x + 1, y + 1) - at(x, y + 1) - at(x + 1, y) + at(x, y);
                codes[0].push(x);
                codes[1].push(y);
                counts.push((mass * 1e6).round() as u64);
            }
        }
        let copula = Copula::fit(&codes, &[5, 5], &counts, &[true, true]);
        assert!(
            (copula.lower[1][0] + 0.7).abs() < 0.01,
            "{:?}",
            copula.lower
        );
        for at in 0..25 {
            let mass = copula.mass(&[codes[0][at], codes[1][at]]);
            let truth = counts[at] as f64 / 1e6;
            assert!((mass - truth).abs() < 0.03 * truth + 1e-4, "{mass} {truth}");
        }
    }

    #[test]
    fn independent_attributes_have_no_correlation() {
        let codes = vec![vec![0, 0, 1, 1, 2, 2], vec![0, 1, 0, 1, 0, 1]];
        let counts = [10, 20, 10, 20, 30, 60];
        let copula = Copula::fit(&codes, &[3, 2], &counts, &[false, false]);
        assert_eq!(copula.lower[1][0], 0.0);
        assert!((copula.mass(&[2, 1]) - 0.4).abs() < 1e-9);
        assert!((copula.mass(&[0, 0]) - 10.0 / 150.0).abs() < 1e-9);
    }
}
