//! Everybody to one alone: the assignment of the sought to the known with the greatest sum of scores.

use std::collections::VecDeque;

/// The auction algorithm on sparse candidates: who is not assigned bids for the candidate worth most to them
/// after its price, and raises the price to where the second best would be worth as much. Whoever would gain
/// nothing stays without.
///
/// `candidates` are those of each of the sought with what each is worth, more than 0; prices rise by at least
/// `step`. The sum is within `step` a person of the greatest.
///
/// Source: D. P. Bertsekas, The auction algorithm: a distributed relaxation method for the assignment problem,
/// Annals of Operations Research 14 (1988).
pub fn assign(candidates: &[Vec<(u32, f64)>], known: usize, step: f64) -> Vec<Option<u32>> {
    let mut prices = vec![0.0; known];
    let mut holder: Vec<Option<u32>> = vec![None; known];
    let mut assigned: Vec<Option<u32>> = vec![None; candidates.len()];
    let mut bidders: VecDeque<u32> = (0..candidates.len() as u32).collect();
    while let Some(bidder) = bidders.pop_front() {
        let (mut best, mut second) = (None, 0.0f64);
        for (candidate, worth) in &candidates[bidder as usize] {
            let gain = worth - prices[*candidate as usize];
            match best {
                Some((_, most)) if gain <= most => second = second.max(gain),
                Some((_, most)) => {
                    second = second.max(most);
                    best = Some((*candidate, gain));
                }
                None => best = Some((*candidate, gain)),
            }
        }
        let Some((candidate, gain)) = best.filter(|(_, gain)| *gain > 0.0) else {
            continue;
        };
        prices[candidate as usize] += gain - second + step;
        assigned[bidder as usize] = Some(candidate);
        if let Some(other) = holder[candidate as usize].replace(bidder) {
            assigned[other as usize] = None;
            bidders.push_back(other);
        }
    }
    assigned
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The greatest sum over all assignments.
    fn slow(candidates: &[Vec<(u32, f64)>], taken: &mut Vec<u32>) -> f64 {
        let Some((first, rest)) = candidates.split_first() else {
            return 0.0;
        };
        let mut best = slow(rest, taken);
        for (candidate, worth) in first {
            if !taken.contains(candidate) {
                taken.push(*candidate);
                best = best.max(worth + slow(rest, taken));
                taken.pop();
            }
        }
        best
    }

    proptest! {
        #[test]
        fn the_sum_is_the_greatest(
            candidates in prop::collection::vec(prop::collection::btree_map(0u32..6, 1u32..20, 0..5), 0..7),
        ) {
            let candidates: Vec<Vec<(u32, f64)>> = candidates
                .into_iter()
                .map(|of| of.into_iter().map(|(c, worth)| (c, f64::from(worth))).collect())
                .collect();
            let assigned = assign(&candidates, 6, 1e-3);
            let mut used: Vec<u32> = assigned.iter().flatten().copied().collect();
            used.sort_unstable();
            prop_assert!(used.windows(2).all(|pair| pair[0] != pair[1]));
            let worth = |(of, to): (&Vec<(u32, f64)>, &Option<u32>)| match to {
                Some(to) => of.iter().find(|(c, _)| c == to).unwrap().1,
                None => 0.0,
            };
            let sum: f64 = candidates.iter().zip(&assigned).map(worth).sum();
            let greatest = slow(&candidates, &mut Vec::new());
            prop_assert!((sum - greatest).abs() <= 1e-3 * 7.0, "{} {}", sum, greatest);
        }
    }
}
