//! Running totals: counts that never fall from one time to the next, such as the cases so far. Two of them give away
//! who was added in between.

use super::{MOST_AGAINST, Rest, Sought, Tally};
use crate::encode::flows::{Count, Flows};

/// Steps from one time to the next below which nothing is concluded, in all and of one cell on average.
const FEWEST: u64 = 20;
const FEWEST_OF_A_CELL: u64 = 3;

/// What was added from each time to the next, where the counts are running totals over the times of a dimension; `None`
/// where they are not.
///
/// Counts that are none fall as often as they rise, or for a trend nearly so wherever a step is small against their
/// scatter: of twenty steps one in 2²⁰ such tables has none that falls.
pub fn running(flows: &Flows, dimension: usize, sought: &[Sought]) -> Option<Tally> {
    let of = &flows.dimensions[dimension];
    if flows.repeated > 0 || of.has_sums() || of.cover.is_some() {
        return None;
    }
    let null = of.values.null.then_some(0);
    let series = flows.series(dimension, |_, group| {
        let counts = group.iter().copied();
        let known = counts.filter(|(code, count)| Some(*code) != null && !count.is_suppressed());
        let known: Vec<_> = known.map(|(_, count)| count).collect();
        let step = |pair: &[Count]| {
            let rises = pair[1].published > pair[0].published;
            (Rest::new(pair[1], pair[0].least, pair[0].most, 1), rises)
        };
        known.windows(2).map(step).collect::<Vec<(Rest, bool)>>()
    });
    let cells = series.iter().filter(|steps| !steps.is_empty()).count() as u64;
    let steps: Vec<(Rest, bool)> = series.into_iter().flatten().collect();
    let all = steps.len() as u64;
    let falls = steps
        .iter()
        .filter(|(rest, _)| rest.persons.is_none())
        .count();
    let rises = steps.iter().filter(|(_, rises)| *rises).count();
    let is_running = all >= FEWEST.max(FEWEST_OF_A_CELL * cells)
        && falls as f64 <= MOST_AGAINST * all as f64
        && rises as u64 >= FEWEST / 2;
    let rests: Vec<Rest> = steps.into_iter().map(|(rest, _)| rest).collect();
    is_running.then(|| Tally::of(&rests, sought))
}

#[cfg(test)]
mod tests {
    use super::super::super::{INSIDER, OUTSIDER};
    use super::*;
    use crate::encode::flows::tests::table;
    use crate::release::Counting;
    use crate::release::counting::{Rounding, Towards};

    const DAYS: [&str; 8] = ["01", "02", "03", "04", "05", "06", "07", "08"];

    /// Whether counts of four areas on eight days are running totals, and how many small ones come out for an outsider
    /// (k = 11) and an insider (k = 2).
    fn small(count: &dyn Fn(u32, u32) -> f64, counting: &[Counting]) -> Option<[u64; 2]> {
        let codes: Vec<[u32; 2]> = (0..4)
            .flat_map(|area| (0..8).map(move |day| [area, day]))
            .collect();
        let cells: Vec<(&[u32], f64)> = (codes.iter())
            .map(|codes| (&codes[..], count(codes[0], codes[1])))
            .collect();
        let dimensions: [(&str, &[&str]); 2] = [("area", &["A", "B", "C", "D"]), ("day", &DAYS)];
        let flows = table(&dimensions, &cells, counting);
        let of = |adversary, k| Sought { adversary, k };
        let tally = running(&flows, 1, &[of(OUTSIDER, 11), of(INSIDER, 2)])?;
        Some([tally.small[0].0, tally.small[1].0])
    }

    #[test]
    fn what_was_added_to_running_totals_comes_out() {
        let exact = || [Counting::default()];
        // Each day 0, 1 and 2 more, in turn.
        let so_far = |area: u32, day: u32| {
            f64::from(80 + 40 * area + (0..day).map(|day| day % 3).sum::<u32>())
        };
        // Of the seven steps 0, 1, 2, 0, 1, 2, 0 four are of somebody, and two of two.
        assert_eq!(small(&so_far, &exact()), Some([16, 8]));
        // Many are added each day.
        assert_eq!(
            small(&|area, day| f64::from(80 + area + 30 * day), &exact()),
            Some([0, 0])
        );
        // Of counts rounded to fives 5 more are 1 to 9 persons; of those rounded to twenties 20 more are 1 to 39.
        let rounded = |to: f64, by: u32| {
            let counting = Counting {
                rounding: Some(Rounding {
                    small: None,
                    to,
                    how: Towards::Nearest,
                }),
                ..Counting::default()
            };
            let count =
                |area: u32, day: u32| to * (f64::from(80 + 40 * area + by * day) / to).round();
            small(&count, &[counting]).map(|[outsider, _]| outsider)
        };
        assert_eq!(rounded(5.0, 5), Some(28));
        assert_eq!(rounded(20.0, 9), Some(0));
    }

    #[test]
    fn counts_that_fall_are_no_running_totals() {
        let exact = || [Counting::default()];
        let of_day = |area: u32, day: u32| f64::from(80 + 40 * area + (day * 7 + area * 3) % 5);
        assert_eq!(small(&of_day, &exact()), None);
        // Always the same.
        assert_eq!(small(&|area, _| f64::from(80 + area), &exact()), None);
    }
}
