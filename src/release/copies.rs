//! Whether two tables are read from the same files, or from copies of them.

use std::path::PathBuf;

use super::digest;
use super::input::Input;
use crate::error::Result;

/// Whether the files of two tables are the same, or equal byte by byte, in whatever order.
///
/// # Errors
/// A file cannot be read.
pub fn are_same(a: &Input, b: &Input) -> Result<bool> {
    let sizes = |input: &Input| -> Vec<u64> {
        let mut sizes: Vec<u64> = input.files.iter().map(|file| file.bytes).collect();
        sizes.sort_unstable();
        sizes
    };
    if sizes(a) != sizes(b) {
        return Ok(false);
    }
    let paths = |input: &Input| -> Option<Vec<PathBuf>> {
        let files = input.files.iter();
        let mut paths: Vec<PathBuf> = files
            .map(|file| file.path.canonicalize().ok())
            .collect::<Option<_>>()?;
        paths.sort_unstable();
        Some(paths)
    };
    if paths(a)
        .zip(paths(b))
        .is_some_and(|(mine, theirs)| mine == theirs)
    {
        return Ok(true);
    }
    let digests = |input: &Input| -> Result<Vec<String>> {
        let files = input.files.iter();
        let mut digests: Vec<String> = files
            .map(|file| digest::of_file(&file.path))
            .collect::<Result<_>>()?;
        digests.sort_unstable();
        Ok(digests)
    };
    Ok(digests(a)? == digests(b)?)
}
