//! The value that is named, and how sure whoever names it can be.

/// By how much a guess of a number may be off.
#[derive(Debug, Clone)]
pub struct Tolerance {
    /// Of each value; NaN for null.
    numbers: Vec<f64>,
    off: f64,
}

impl Tolerance {
    pub fn new(numbers: Vec<f64>, off: f64) -> Self {
        Self {
            numbers,
            // Decimals that differ by just so much do so but for the last bits.
            off: off * (1.0 + 1e-9),
        }
    }

    fn holds(&self, a: usize, b: usize) -> bool {
        a == b || (self.numbers[a] - self.numbers[b]).abs() <= self.off
    }
}

/// A value, and its share of what was counted: with a tolerance, of all within it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    pub value: usize,
    pub share: f64,
}

impl Guess {
    /// The value with most votes, of equal ones the first; with a tolerance, that with most within it.
    pub fn of(mut votes: Vec<(usize, f64)>, tolerance: Option<&Tolerance>) -> Option<Self> {
        votes.retain(|(_, weight)| *weight > 0.0);
        let all: f64 = votes.iter().map(|(_, weight)| weight).sum();
        if let Some(tolerance) = tolerance {
            votes = within(votes, tolerance);
        }
        let most = votes
            .into_iter()
            .reduce(|a, b| if b.1 > a.1 { b } else { a });
        most.map(|(value, weight)| Self {
            value,
            share: weight / all,
        })
    }

    /// The same from logarithms of weights.
    pub fn of_logarithms(scored: Vec<(usize, f64)>, tolerance: Option<&Tolerance>) -> Option<Self> {
        let likeliest = scored.iter().copied();
        let (value, most) = likeliest.reduce(|a, b| if b.1 > a.1 { b } else { a })?;
        let weights = scored
            .into_iter()
            .map(|(value, score)| (value, (score - most).exp()));
        match tolerance {
            Some(_) => Self::of(weights.collect(), tolerance),
            None => Some(Self {
                value,
                share: 1.0 / weights.map(|(_, weight)| weight).sum::<f64>(),
            }),
        }
    }

    pub fn is_right(self, truth: usize, tolerance: Option<&Tolerance>) -> bool {
        match tolerance {
            Some(tolerance) => tolerance.holds(self.value, truth),
            None => self.value == truth,
        }
    }
}

/// For each value the votes of all within its tolerance, in the order of numbers, what is no number first.
fn within(mut votes: Vec<(usize, f64)>, tolerance: &Tolerance) -> Vec<(usize, f64)> {
    let number = |value: usize| tolerance.numbers[value];
    votes.sort_by(|a, b| {
        let (x, y) = (number(a.0), number(b.0));
        (!x.is_nan(), x)
            .partial_cmp(&(!y.is_nan(), y))
            .unwrap_or(a.0.cmp(&b.0))
    });
    // One class may have a value in several cells.
    let (mut low, mut high, mut sum) = (0, 0, 0.0);
    let mut found = Vec::with_capacity(votes.len());
    let first = votes.partition_point(|(value, _)| number(*value).is_nan());
    let nulls: f64 = votes[..first].iter().map(|(_, weight)| weight).sum();
    found.extend(votes[..first].iter().map(|(value, _)| (*value, nulls)));
    let votes = &votes[first..];
    for (value, _) in votes {
        let here = number(*value);
        while high < votes.len() && number(votes[high].0) - here <= tolerance.off {
            sum += votes[high].1;
            high += 1;
        }
        while here - number(votes[low].0) > tolerance.off {
            sum -= votes[low].1;
            low += 1;
        }
        found.push((*value, sum));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_the_most_is_named() {
        let tolerance = Tolerance::new(vec![f64::NAN, 0.0, 1.0, 2.0, 10.0, 11.5], 1.0);
        let votes = vec![(0, 2.0), (5, 4.0), (1, 2.0), (3, 2.0), (2, 1.0), (4, 3.0)];
        let guess = Guess::of(votes.clone(), Some(&tolerance)).unwrap();
        // From 0 to 2 are five of fourteen.
        assert_eq!((guess.value, guess.share), (2, 5.0 / 14.0));
        assert!(guess.is_right(1, Some(&tolerance)) && guess.is_right(3, Some(&tolerance)));
        assert!(!guess.is_right(0, Some(&tolerance)) && !guess.is_right(4, Some(&tolerance)));
        let exactly = Guess::of(votes, None).unwrap();
        assert_eq!((exactly.value, exactly.share), (5, 4.0 / 14.0));
        assert_eq!(Guess::of(vec![(1, 0.0)], None), None);
        let of = Guess::of_logarithms(vec![(1, -1.0), (2, -1.0 + 3f64.ln())], None).unwrap();
        assert!(of.value == 2 && (of.share - 0.75).abs() < 1e-12);
    }
}
