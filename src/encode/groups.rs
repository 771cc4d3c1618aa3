//! The equivalence class of each distinct tuple, where a tuple holds more than the columns that make
//! the classes: the sensitive ones stand last.

use super::layout::Layout;

/// A partition of the distinct tuples.
#[derive(Debug)]
pub struct Groups {
    /// The group of each tuple. Groups are numbered in the order of their tuples, without gaps.
    pub of: Vec<u32>,
    pub count: usize,
}

impl Groups {
    /// Tuples equal in their first `known` attributes are one group. `keys` holds the distinct tuples
    /// in ascending order, `layout.words()` words each.
    pub fn by_prefix(layout: &Layout, keys: &[u64], known: usize) -> Self {
        let mut of = Vec::with_capacity(keys.len() / layout.words());
        let mut last: Option<&[u64]> = None;
        let mut count = 0;
        for key in keys.chunks_exact(layout.words()) {
            if !last.is_some_and(|last| layout.same_prefix(last, key, known)) {
                count += 1;
            }
            of.push(count as u32 - 1);
            last = Some(key);
        }
        Self { of, count }
    }
}
