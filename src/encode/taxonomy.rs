//! The levels above the values of a sensitive column.

use std::collections::HashMap;

use super::intern::Values;
use super::paths::{Refusal, labels};
use crate::release::hierarchy::Levels;

/// For each code of a column the node that stands for it on each level, from the values themselves up
/// to the one root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    /// `nodes[level][code]`; level 0 are the codes.
    nodes: Vec<Vec<u32>>,
}

impl Taxonomy {
    /// Null is a value of its own, below the root alone. Where the file's last level is not one value,
    /// a root is put above it.
    ///
    /// # Errors
    /// A value is not in the hierarchy.
    pub fn new(values: &Values, levels: &Levels) -> Result<Self, Refusal> {
        let labels = labels(values);
        let mut unknown = Vec::new();
        let mut chains: Vec<Option<Vec<&str>>> = Vec::new();
        for (label, code) in labels.iter().zip(0..) {
            let chain = label.as_deref().map(|label| levels.by_level(label));
            if matches!(chain, Some(None)) {
                unknown.push(code);
            }
            chains.push(chain.flatten());
        }
        if !unknown.is_empty() {
            return Err(Refusal::Unknown(unknown));
        }
        let mut nodes = vec![(0..labels.len() as u32).collect::<Vec<u32>>()];
        for level in 1..=levels.height {
            let mut numbers: HashMap<Option<&str>, u32> = HashMap::new();
            let mut of_level = Vec::with_capacity(chains.len());
            for chain in &chains {
                let next = numbers.len() as u32;
                let label = chain.as_ref().map(|chain| chain[level]);
                of_level.push(*numbers.entry(label).or_insert(next));
            }
            nodes.push(of_level);
        }
        if nodes[levels.height]
            .iter()
            .any(|node| *node != nodes[levels.height][0])
        {
            // Null beside one top is that top; several tops get a root above them.
            let tops = chains.iter().flatten().map(|chain| chain[levels.height]);
            let tops: std::collections::HashSet<&str> = tops.collect();
            match tops.len() {
                0 | 1 => nodes[levels.height].fill(0),
                _ => nodes.push(vec![0; labels.len()]),
            }
        }
        if nodes.len() == 1 {
            nodes.push(vec![0; labels.len()]);
        }
        Ok(Self { nodes })
    }

    /// Levels above the values.
    pub fn height(&self) -> usize {
        self.nodes.len() - 1
    }

    /// The node of each code on a level.
    pub fn level(&self, level: usize) -> &[u32] {
        &self.nodes[level]
    }
}

#[cfg(test)]
impl Taxonomy {
    pub fn example(nodes: Vec<Vec<u32>>) -> Self {
        Self { nodes }
    }
}
