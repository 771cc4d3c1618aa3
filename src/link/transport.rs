//! What is here to where it is wanted, at the least cost.

/// How much goes from where to where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    pub row: u32,
    pub column: u32,
    pub amount: u32,
}

/// The transportation problem: all of each row's supply goes to columns that take no more than their demand, so that
/// the sum of `costs` (one row after another) is least. With supplies and demands of one it is the assignment problem.
///
/// One row after the other sends what it has along the cheapest way, by which others make room; prices of the full
/// columns keep all ways that are used the cheapest. Time: for each row at most rows × columns.
///
/// Source: R. Jonker, A. Volgenant, A shortest augmenting path algorithm for dense and sparse linear assignment
/// problems, Computing 38 (1987), with amounts as in L. R. Ford, D. R. Fulkerson, Flows in networks, 1962.
///
/// # Panics
/// More is supplied than is wanted.
pub fn transport(costs: &[f64], supply: &[u32], demand: &[u32]) -> Vec<Load> {
    let total = |amounts: &[u32]| amounts.iter().map(|amount| u64::from(*amount)).sum::<u64>();
    assert!(total(supply) <= total(demand), "there is room for all");
    let mut plan = Plan {
        costs,
        columns: demand.len(),
        prices: vec![0.0; demand.len()],
        room: demand.to_vec(),
        loads: vec![Vec::new(); demand.len()],
    };
    for (row, supply) in supply.iter().enumerate() {
        let mut left = *supply;
        while left > 0 {
            left -= plan.send(row, left);
        }
    }
    let loads = plan.loads.into_iter().enumerate();
    let mut loads: Vec<Load> = loads
        .flat_map(|(column, loads)| {
            loads.into_iter().map(move |(row, amount)| Load {
                row: row as u32,
                column: column as u32,
                amount,
            })
        })
        .collect();
    loads.sort_unstable_by_key(|load| (load.row, load.column));
    loads
}

struct Plan<'a> {
    costs: &'a [f64],
    columns: usize,
    /// What a place in a full column is worth, at most 0.
    prices: Vec<f64>,
    /// What each column still takes.
    room: Vec<u32>,
    /// What each column has of which row.
    loads: Vec<Vec<(usize, u32)>>,
}

impl Plan<'_> {
    fn cost(&self, row: usize, column: usize) -> f64 {
        self.costs[row * self.columns + column] - self.prices[column]
    }

    /// Sends as much of a row as goes one way, at most `left`: how much.
    fn send(&mut self, row: usize, left: u32) -> u32 {
        // The cheapest way to each column, by which row it comes and which column that row leaves.
        let mut ways: Vec<(f64, usize, Option<usize>)> = (0..self.columns)
            .map(|column| (self.cost(row, column), row, None))
            .collect();
        let mut open: Vec<usize> = (0..self.columns).collect();
        let mut passed: Vec<usize> = Vec::new();
        let end = loop {
            let cheapest = (0..open.len())
                .reduce(|best, next| {
                    let of = |at: usize| ways[open[at]].0;
                    if of(next) < of(best) { next } else { best }
                })
                .expect("some column has room");
            let column = open.swap_remove(cheapest);
            if self.room[column] > 0 {
                break column;
            }
            passed.push(column);
            let so_far = ways[column].0;
            for (mover, _) in &self.loads[column] {
                let leaving = so_far - self.cost(*mover, column);
                for other in &open {
                    let cost = leaving + self.cost(*mover, *other);
                    if cost < ways[*other].0 {
                        ways[*other] = (cost, *mover, Some(column));
                    }
                }
            }
        };
        for column in passed {
            self.prices[column] += ways[column].0 - ways[end].0;
        }
        let mut amount = left.min(self.room[end]);
        let mut at = end;
        while let (_, mover, Some(from)) = ways[at] {
            let load = self.loads[from].iter().find(|(row, _)| *row == mover);
            amount = amount.min(load.expect("it is there").1);
            at = from;
        }
        self.room[end] -= amount;
        let mut at = end;
        loop {
            let (_, mover, from) = ways[at];
            match self.loads[at].iter_mut().find(|(row, _)| *row == mover) {
                Some((_, load)) => *load += amount,
                None => self.loads[at].push((mover, amount)),
            }
            let Some(from) = from else { break };
            let loads = &mut self.loads[from];
            let place = loads.iter().position(|(row, _)| *row == mover);
            let place = place.expect("it is there");
            loads[place].1 -= amount;
            if loads[place].1 == 0 {
                loads.swap_remove(place);
            }
            at = from;
        }
        amount
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The least cost over all ways to send one after the other.
    fn slow(costs: &[f64], columns: usize, supply: &mut [u32], demand: &mut [u32]) -> f64 {
        let Some(row) = supply.iter().position(|left| *left > 0) else {
            return 0.0;
        };
        supply[row] -= 1;
        let mut best = f64::INFINITY;
        for column in 0..columns {
            if demand[column] > 0 {
                demand[column] -= 1;
                let cost = costs[row * columns + column] + slow(costs, columns, supply, demand);
                best = best.min(cost);
                demand[column] += 1;
            }
        }
        supply[row] += 1;
        best
    }

    proptest! {
        #[test]
        fn the_cost_is_the_least(
            supply in prop::collection::vec(0u32..3, 1..5),
            demand in prop::collection::vec(0u32..4, 1..5),
            costs in prop::collection::vec(0u32..12, 16),
        ) {
            let columns = demand.len();
            let costs: Vec<f64> = costs.iter().map(|cost| f64::from(*cost) - 4.0).collect();
            prop_assume!(supply.iter().sum::<u32>() <= demand.iter().sum());
            prop_assume!(supply.iter().sum::<u32>() <= 7);
            let costs = &costs[..supply.len() * columns];
            let loads = transport(costs, &supply, &demand);
            let (mut sent, mut taken) = (vec![0; supply.len()], vec![0; columns]);
            let mut cost = 0.0;
            for Load { row, column, amount } in &loads {
                prop_assert!(*amount > 0);
                sent[*row as usize] += amount;
                taken[*column as usize] += amount;
                cost += f64::from(*amount) * costs[*row as usize * columns + *column as usize];
            }
            prop_assert_eq!(&sent, &supply);
            prop_assert!(taken.iter().zip(&demand).all(|(taken, demand)| taken <= demand));
            let least = slow(costs, columns, &mut supply.clone(), &mut demand.clone());
            prop_assert!((cost - least).abs() < 1e-9, "{} {}", cost, least);
        }
    }

    #[test]
    fn amounts_go_as_their_persons_would_one_by_one() {
        // The same problem with every row and column taken apart into ones.
        for case in 0..30u64 {
            let mut trial = crate::stats::Draws::new(4, "transport", "test").trial(case);
            let mut some = |n: usize, most: u64| -> Vec<u32> {
                (0..n).map(|_| trial.below(most) as u32).collect()
            };
            let (supply, mut demand) = (some(12, 5), some(9, 6));
            let short = supply
                .iter()
                .sum::<u32>()
                .saturating_sub(demand.iter().sum());
            demand[0] += short;
            let costs: Vec<f64> = some(12 * 9, 50).into_iter().map(f64::from).collect();
            let costs = &costs[..];
            let sum = |costs: &[f64], columns: usize, loads: &[Load]| -> f64 {
                let cost = |load: &Load| {
                    let at = load.row as usize * columns + load.column as usize;
                    costs[at] * f64::from(load.amount)
                };
                loads.iter().map(cost).sum()
            };
            let together = sum(costs, 9, &transport(costs, &supply, &demand));
            let apart = |amounts: &[u32]| -> Vec<usize> {
                let each = amounts.iter().enumerate();
                each.flat_map(|(at, amount)| vec![at; *amount as usize])
                    .collect()
            };
            let (rows, columns) = (apart(&supply), apart(&demand));
            let single: Vec<f64> = rows
                .iter()
                .flat_map(|row| columns.iter().map(move |column| costs[row * 9 + column]))
                .collect();
            let ones = |count: usize| vec![1; count];
            let loads = transport(&single, &ones(rows.len()), &ones(columns.len()));
            assert_eq!(together, sum(&single, columns.len(), &loads));
        }
    }
}
