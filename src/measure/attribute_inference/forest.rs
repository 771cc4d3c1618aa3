//! A random forest (L. Breiman: Random forests. Machine Learning 45, 2001) over the codes of the columns.
//!
//! Each tree is grown on persons drawn anew (each a Poisson(1) number of times), each node parts them by one of √d
//! columns drawn at random, more where none of these parts them: at a code (codes stand in the order of values), or, for
//! names, into those of one value and the others; by Gini's index. Of each leaf the shares of values are kept.
//!
//! Memory: for each tree the nodes, fewer than two for five persons, and the values of each leaf.

use rayon::prelude::*;

use crate::encode::cells::Cells;
use crate::link::nearest::Cost;
use crate::stats::{Draws, Trial};

const TREES: usize = 60;
/// Persons of a leaf.
const LEAST: f64 = 5.0;
const DEEPEST: usize = 30;

pub struct Forest<'a> {
    cells: &'a Cells,
    trees: Vec<Vec<Node>>,
}

enum Node {
    Parted {
        column: usize,
        by: Parting,
        /// Those it holds for, and the others.
        children: [u32; 2],
    },
    Leaf(Vec<(u32, f64)>),
}

#[derive(Clone, Copy)]
enum Parting {
    UpTo(u32),
    Is(u32),
}

impl Parting {
    fn holds(self, code: u32) -> bool {
        match self {
            Self::UpTo(last) => code <= last,
            Self::Is(one) => code == one,
        }
    }
}

impl<'a> Forest<'a> {
    /// Learns from so many persons of each cell.
    pub fn new(
        cells: &'a Cells,
        costs: &[Cost],
        learnt_from: &[u64],
        draws: &Draws,
        first: u64,
    ) -> Self {
        let there: Vec<u32> = (0..cells.persons.len() as u32)
            .filter(|cell| learnt_from[*cell as usize] > 0)
            .collect();
        let grow = |tree: usize| {
            let mut trial = draws.trial(first + tree as u64);
            let weight = |cell: &u32| trial.poisson(learnt_from[*cell as usize] as f64);
            let weights: Vec<f64> = there.iter().map(weight).collect();
            let drawn: Vec<(u32, f64)> = there.iter().copied().zip(weights).collect();
            let mut drawn: Vec<(u32, f64)> = drawn
                .into_iter()
                .filter(|(_, weight)| *weight > 0.0)
                .collect();
            let mut growing = Growing {
                cells,
                costs,
                trial,
                nodes: Vec::new(),
                sums: vec![0.0; cells.values],
                left: vec![0.0; cells.values],
            };
            growing.grow(&mut drawn, 0);
            growing.nodes
        };
        Self {
            cells,
            trees: (0..TREES).into_par_iter().map(grow).collect(),
        }
    }

    /// The values that the trees name for a cell, with the sums of their shares.
    pub fn votes(&self, cell: u32) -> Vec<(usize, f64)> {
        let mut votes: Vec<(usize, f64)> = Vec::new();
        for nodes in self.trees.iter().filter(|nodes| !nodes.is_empty()) {
            let mut at = 0;
            let leaf = loop {
                match &nodes[at] {
                    Node::Leaf(leaf) => break leaf,
                    Node::Parted {
                        column,
                        by,
                        children: [yes, no],
                    } => {
                        let code = self.cells.known[*column][cell as usize];
                        at = if by.holds(code) { *yes } else { *no } as usize;
                    }
                }
            };
            votes.extend(leaf.iter().map(|(value, share)| (*value as usize, *share)));
        }
        votes.sort_by_key(|(value, _)| *value);
        votes.dedup_by(|next, last| {
            let is_same = next.0 == last.0;
            if is_same {
                last.1 += next.1;
            }
            is_same
        });
        votes
    }
}

struct Growing<'a> {
    cells: &'a Cells,
    costs: &'a [Cost],
    trial: Trial,
    nodes: Vec<Node>,
    /// Persons with each value, all zero between uses.
    sums: Vec<f64>,
    left: Vec<f64>,
}

/// The best parting so far: its score, the column and how.
type Best = Option<(f64, usize, Parting)>;

impl Growing<'_> {
    fn grow(&mut self, drawn: &mut [(u32, f64)], depth: usize) -> u32 {
        let place = self.nodes.len() as u32;
        let shares = self.shares(drawn);
        let all: f64 = drawn.iter().map(|(_, weight)| weight).sum();
        self.nodes.push(Node::Leaf(shares));
        let Node::Leaf(shares) = &self.nodes[place as usize] else {
            unreachable!("it was just pushed");
        };
        if shares.len() < 2 || all < 2.0 * LEAST || depth == DEEPEST {
            return place;
        }
        let Some((_, column, by)) = self.best(drawn, all) else {
            return place;
        };
        let codes = &self.cells.known[column];
        drawn.sort_unstable_by_key(|(cell, _)| (!by.holds(codes[*cell as usize]), *cell));
        let middle = drawn.partition_point(|(cell, _)| by.holds(codes[*cell as usize]));
        let (yes, no) = drawn.split_at_mut(middle);
        let children = [self.grow(yes, depth + 1), self.grow(no, depth + 1)];
        self.nodes[place as usize] = Node::Parted {
            column,
            by,
            children,
        };
        place
    }

    fn shares(&mut self, drawn: &[(u32, f64)]) -> Vec<(u32, f64)> {
        let mut there = Vec::new();
        let mut all = 0.0;
        for (cell, weight) in drawn {
            let value = self.cells.value[*cell as usize];
            if self.sums[value as usize] == 0.0 {
                there.push(value);
            }
            self.sums[value as usize] += weight;
            all += weight;
        }
        there.sort_unstable();
        let share = |value: u32| {
            let sum = std::mem::take(&mut self.sums[value as usize]);
            (value, sum / all)
        };
        there.into_iter().map(share).collect()
    }

    fn best(&mut self, drawn: &mut [(u32, f64)], all: f64) -> Best {
        let mut columns: Vec<usize> = (0..self.cells.known.len()).collect();
        for at in (1..columns.len()).rev() {
            columns.swap(at, self.trial.below(at as u64 + 1) as usize);
        }
        let enough = (columns.len() as f64).sqrt().ceil() as usize;
        let mut best = None;
        for (at, column) in columns.into_iter().enumerate() {
            if at >= enough && best.is_some() {
                break;
            }
            self.by_column(drawn, all, column, &mut best);
        }
        best
    }

    /// Σ n² / n of both sides, the greatest: Gini's index is least there.
    fn by_column(&mut self, drawn: &mut [(u32, f64)], all: f64, column: usize, best: &mut Best) {
        let (codes, values) = (&self.cells.known[column], &self.cells.value);
        drawn.sort_unstable_by_key(|(cell, _)| (codes[*cell as usize], *cell));
        let mut squares = 0.0;
        for (cell, weight) in drawn.iter() {
            let sum = &mut self.sums[values[*cell as usize] as usize];
            squares += weight * (2.0 * *sum + weight);
            *sum += weight;
        }
        let whole = squares / all;
        let are_names = !matches!(self.costs[column], Cost::Number(_));
        let (mut below, mut below_squares, mut above_squares) = (0.0, 0.0, squares);
        let mut offer = |score: f64, by: Parting| {
            let least = best.map_or(whole * (1.0 + 1e-9), |(score, ..)| score);
            if score > least {
                *best = Some((score, column, by));
            }
        };
        let groups: Vec<&[(u32, f64)]> = drawn
            .chunk_by(|a, b| codes[a.0 as usize] == codes[b.0 as usize])
            .collect();
        for group in &groups {
            let code = codes[group[0].0 as usize];
            if are_names {
                // Of the group alone: its squares, and those of the others.
                let (mut mine, mut own, mut cross) = (0.0, 0.0, 0.0);
                let mut counted: Vec<(usize, f64)> = Vec::new();
                for (cell, weight) in *group {
                    counted.push((values[*cell as usize] as usize, *weight));
                    mine += weight;
                }
                counted.sort_by_key(|(value, _)| *value);
                for same in counted.chunk_by(|a, b| a.0 == b.0) {
                    let sum: f64 = same.iter().map(|(_, weight)| weight).sum();
                    own += sum * sum;
                    cross += sum * self.sums[same[0].0];
                }
                let rest = all - mine;
                if mine >= LEAST && rest >= LEAST {
                    let others = squares - 2.0 * cross + own;
                    offer(own / mine + others / rest, Parting::Is(code));
                }
            }
            for (cell, weight) in *group {
                let value = values[*cell as usize] as usize;
                let left = self.left[value];
                let right = self.sums[value] - left;
                below_squares += weight * (2.0 * left + weight);
                above_squares -= weight * (2.0 * right - weight);
                self.left[value] += weight;
                below += weight;
            }
            if below >= LEAST && all - below >= LEAST {
                let score = below_squares / below + above_squares / (all - below);
                offer(score, Parting::UpTo(code));
            }
        }
        for (cell, _) in drawn.iter() {
            let value = values[*cell as usize] as usize;
            self.sums[value] = 0.0;
            self.left[value] = 0.0;
        }
    }
}
