//! Microdata whose ignored columns an adversary knows as well, where records match that are not equal.
//!
//! Where only equal records match, the columns that are published are compared row by row. A hierarchy, or a null that
//! matches anything, lets an adversary take more records for a person's than are equal to it: who stands alone among
//! the equal ones need not among those.

use super::published::Published;
use super::{Encoded, Needs, encode};
use crate::error::Result;
use crate::progress::{Progress, Unheard};
use crate::release::input::{Domain, Input};
use crate::release::{Column, Release, Table};

/// The table with its flat ignored columns among the quasi-identifiers; `None` where records match only if they are
/// equal, or where nothing is ignored that could tell more. Row numbers, and what the manifest calls harmless, are left
/// out.
pub fn joined(
    release: &Release,
    table: &Table,
    input: &Input,
    (declared, published): (&Encoded, &Published),
    progress: &dyn Progress,
) -> Result<Option<Encoded>> {
    if !declared.overlaps() {
        return Ok(None);
    }
    let is_telling = |column: &&Column| {
        let mut flat = published.columns.iter().filter(|column| !column.nested);
        let source = flat.find(|published| published.root == column.value);
        source.is_some_and(|source| {
            source.domain != Domain::Null
                && !source.is_row_number
                && table.harmless(&source.name).is_none()
        })
    };
    let known: Vec<Column> = table.ignore.iter().filter(is_telling).cloned().collect();
    if known.is_empty() {
        return Ok(None);
    }
    let mut described = table.clone();
    described
        .ignore
        .retain(|column| known.iter().all(|known| known.value != column.value));
    described.roles.quasi_identifiers.extend(known);
    described.roles.sensitive.clear();
    let needs = Needs {
        tuples: true,
        defined: true,
        ..Needs::default()
    };
    // That a table is read once more is not shown.
    encode(release, &described, input, &needs, &Unheard(progress)).map(Some)
}
