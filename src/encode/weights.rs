//! What the weights of a sample say of the classes in the population.

use std::collections::BTreeSet;

use super::groups::Groups;
use super::overlap::Overlap;
use super::traces::Traces;
use super::{Reduced, overlap};

/// The classes of a weighted sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    /// Of each class the persons in the sample, and the sum of their weights: an estimate of its persons
    /// in the population.
    pub classes: Vec<(u64, f64)>,
    /// The sum of all weights, each person's once.
    pub population: f64,
    /// Persons who stand in each class themselves.
    own: Vec<u64>,
    /// The classes of each person; `None` where everybody has one.
    membership: Option<Vec<Vec<u32>>>,
}

impl Weighted {
    /// `weights` by the codes of `attribute`. `None` where a person's rows are one key, or where persons
    /// have several rows and classes overlap.
    pub(super) fn new(
        tuples: &Reduced,
        groups: &Groups,
        overlap: Option<&Overlap>,
        attribute: usize,
        weights: &[f64],
    ) -> Option<Self> {
        let mut sums = vec![0.0; groups.count];
        let (population, own, membership) = match tuples {
            Reduced::Rows(tuples) => {
                let mut own = vec![0; groups.count];
                for (tuple, (group, rows)) in groups.of.iter().zip(&tuples.rows).enumerate() {
                    let weight = weights[tuples.code(tuple, attribute) as usize];
                    sums[*group as usize] += weight * *rows as f64;
                    own[*group as usize] += rows;
                }
                (sums.iter().sum(), own, None)
            }
            Reduced::Persons(traces) if traces.composite.is_some() => return None,
            Reduced::Persons(traces) => of_persons(traces, groups, attribute, weights, &mut sums),
        };
        let sizes: Vec<u64>;
        if let Some(overlap) = overlap {
            if overlap.combinations.members.is_some() {
                return None;
            }
            (sizes, sums) = overlap::sums(overlap, &sums);
        } else {
            sizes = own.clone();
        }
        Some(Self {
            classes: sizes.into_iter().zip(sums).collect(),
            population,
            own,
            membership,
        })
    }

    /// The greatest of a value over the classes of each person, with how many persons have it.
    pub fn over_persons(&self, value: &[f64]) -> Vec<(f64, u64)> {
        match &self.membership {
            None => value
                .iter()
                .copied()
                .zip(self.own.iter().copied())
                .collect(),
            Some(membership) => {
                let greatest = |classes: &Vec<u32>| {
                    let values = classes.iter().map(|class| value[*class as usize]);
                    (values.fold(0.0, f64::max), 1)
                };
                membership.iter().map(greatest).collect()
            }
        }
    }
}

/// A person's weight in a class is the mean of their different weights in it; in the population the mean
/// over their classes.
fn of_persons(
    traces: &Traces,
    groups: &Groups,
    attribute: usize,
    weights: &[f64],
    sums: &mut [f64],
) -> (f64, Vec<u64>, Option<Vec<Vec<u32>>>) {
    let words = traces.layout.words();
    let code = |tuple: &u32| {
        let key = &traces.keys[*tuple as usize * words..][..words];
        traces.layout.code(attribute, key)
    };
    let mut population = 0.0;
    let mut own = vec![0; groups.count];
    let mut membership = Vec::with_capacity(traces.persons());
    for person in 0..traces.persons() {
        let group = |tuple: &u32| groups.of[*tuple as usize];
        let (mut classes, mut all) = (Vec::new(), 0.0);
        for rows in traces.of(person).chunk_by(|a, b| group(a) == group(b)) {
            let different: BTreeSet<u32> = rows.iter().map(code).collect();
            let sum: f64 = different.iter().map(|code| weights[*code as usize]).sum();
            let mean = sum / different.len() as f64;
            let class = group(&rows[0]);
            sums[class as usize] += mean;
            own[class as usize] += 1;
            classes.push(class);
            all += mean;
        }
        population += all / classes.len().max(1) as f64;
        membership.push(classes);
    }
    (population, own, Some(membership))
}
