//! Lists that settings name: one entry a line.

use std::path::Path;

use super::regular;
use crate::error::{Error, Result};

/// The lines of a text file, without white space around them, empty ones and repetitions, in order.
///
/// # Errors
/// There is no such file, it is no text, or has no lines.
pub fn read(path: &Path) -> Result<Vec<String>> {
    let text = regular::text(path).map_err(|error| {
        Error::usage(format!("cannot read the list {}: {error}", path.display()))
            .help("a list is a text file in UTF-8, one entry a line")
    })?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let mut lines: Vec<String> = lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines.dedup();
    match lines.is_empty() {
        true => Err(Error::usage(format!(
            "the list {} is empty",
            path.display()
        ))),
        false => Ok(lines),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_trimmed_and_once_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        std::fs::write(
            &path,
            "\u{feff}b@example.org\r\n\n a@example.org \nb@example.org",
        )
        .unwrap();
        assert_eq!(read(&path).unwrap(), ["a@example.org", "b@example.org"]);
        std::fs::write(&path, " \n").unwrap();
        assert!(read(&path).unwrap_err().message().contains("is empty"));
        let missing = read(&folder.path().join("none.txt")).unwrap_err();
        assert_eq!(missing.exit_code(), 2);
    }
}
