//! Files that are there twice: within a table they make persons out of nobody, between tables they join them.

use std::collections::HashMap;

use super::Table;
use super::input::{Input, InputFile};
use crate::error::{Error, Result};

/// Refuses files of one table that are the same, or equal byte for byte.
///
/// Equal files in folders that give them different values are told apart by these, as long as the values count: those
/// of a column under `ignore` do not.
///
/// # Errors
/// There are some, or a file cannot be read.
pub fn refuse(table: &Table, input: &Input) -> Result<()> {
    let files: Vec<&InputFile> = input.files.iter().collect();
    for (a, b) in equal(&files)? {
        let (a, b) = (files[a], files[b]);
        let ignored = |column: &String| table.ignore.iter().any(|known| known.value == *column);
        let pairs = a.partition().iter().zip(b.partition());
        let apart: Vec<&String> = pairs
            .filter(|(mine, theirs)| mine != theirs)
            .map(|((column, _), _)| column)
            .collect();
        let same = a.identity().is_some() && a.identity() == b.identity();
        if !same && apart.iter().any(|column| !ignored(column)) {
            continue;
        }
        let (what, rows) = match same {
            true => (
                "the same file is named twice",
                "narrow the glob or remove the link",
            ),
            false => ("two files are equal, byte for byte", "remove the copy"),
        };
        let help = match apart[..] {
            [] => format!("its persons would count twice; {rows}"),
            _ => format!(
                "its persons would count twice; {rows}, or, if the folders tell persons apart, give `{}` a role \
                 instead of listing it under `ignore`",
                apart[0]
            ),
        };
        return Err(Error::data(format!(
            "{what}: {} and {}",
            a.label.display(),
            b.label.display()
        ))
        .help(help));
    }
    Ok(())
}

/// The pairs of tables that have a file in common, or files that are equal byte for byte: whoever has both has one
/// table, whatever the manifest says.
///
/// # Errors
/// A file cannot be read.
pub fn shared(inputs: &[Input]) -> Result<Vec<(usize, usize)>> {
    let (mut files, mut tables) = (Vec::new(), Vec::new());
    for (table, input) in inputs.iter().enumerate() {
        files.extend(&input.files);
        tables.extend(input.files.iter().map(|_| table));
    }
    let pairs = equal(&files)?.into_iter();
    let mut pairs: Vec<(usize, usize)> = pairs
        .map(|(a, b)| (tables[a].min(tables[b]), tables[a].max(tables[b])))
        .filter(|(a, b)| a != b)
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

/// The pairs of equal files that have rows. Only files of one length are read.
fn equal(files: &[&InputFile]) -> Result<Vec<(usize, usize)>> {
    let mut lengths: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, file) in files.iter().enumerate() {
        if file.rows() > 0 {
            lengths.entry(file.bytes).or_default().push(at);
        }
    }
    let mut pairs = Vec::new();
    for alike in lengths.values().filter(|alike| alike.len() > 1) {
        for (at, &b) in alike.iter().enumerate() {
            for &a in &alike[..at] {
                let (one, other) = (files[a], files[b]);
                let same = one.identity().is_some() && one.identity() == other.identity();
                if same || one.sha256()? == other.sha256()? {
                    pairs.push((a, b));
                }
            }
        }
    }
    pairs.sort_unstable();
    Ok(pairs)
}
