//! Which of ranges that follow each other a number is in.
//!
//! Memory: 4 bytes a range, and up to 32 more for the table that says where to look.

use std::ops::Range;

/// Ranges of numbers from 0, each beginning where the last one ends; some may be empty.
pub struct Ranges {
    /// Where each range begins, and the end of the last one.
    starts: Vec<u32>,
    /// For every so many numbers the range of the first of them.
    first: Vec<u32>,
    /// A number's place among those is the number without so many low bits.
    shift: u32,
}

/// Ranges that are gone through one by one.
const FEW: usize = 4;

impl Ranges {
    /// From where each begins and the end of the last one: ascending, the first 0.
    pub fn new(starts: Vec<u32>) -> Self {
        let end = starts[starts.len() - 1];
        // Some four for each range: most numbers are in the range of the first of theirs, or the next one.
        let shift = (end / (4 * starts.len() as u32)).max(1).ilog2();
        let range = |number: u32| starts.partition_point(|start| *start <= number) - 1;
        let numbers = (0..=end >> shift).map(|at| (at << shift).min(end.saturating_sub(1)));
        Self {
            first: numbers.map(|number| range(number) as u32).collect(),
            shift,
            starts,
        }
    }

    /// The range at a place.
    pub fn at(&self, place: usize) -> Range<u32> {
        self.starts[place]..self.starts[place + 1]
    }

    pub fn iter(&self) -> impl Iterator<Item = Range<u32>> {
        self.starts.windows(2).map(|pair| pair[0]..pair[1])
    }

    /// The place of the range that a number below the last end is in.
    pub fn of(&self, number: u32) -> usize {
        let at = (number >> self.shift) as usize;
        let mut place = self.first[at] as usize;
        let next = self.first.get(at + 1);
        if next.is_none_or(|next| *next as usize > place + FEW) {
            let rest = &self.starts[place + 1..self.starts.len() - 1];
            return place + rest.partition_point(|start| *start <= number);
        }
        while self.starts[place + 1] <= number {
            place += 1;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_number_is_in_its_range(
            lengths in prop::collection::vec(prop_oneof![0u32..3, 0u32..400], 1..40),
        ) {
            let mut starts = vec![0];
            for length in &lengths {
                starts.push(starts[starts.len() - 1] + length);
            }
            let ranges = Ranges::new(starts);
            let expected = lengths.iter().enumerate().flat_map(|(place, length)| vec![place; *length as usize]);
            for (number, place) in (0u32..).zip(expected) {
                prop_assert_eq!(ranges.of(number), place);
                prop_assert!(ranges.at(place).contains(&number));
            }
        }
    }
}
