//! Of which smaller areas the values of a column are made up: tourist areas of municipalities, districts of cells.

use std::path::Path;

use super::delimited::{Record, records};
use super::{digest, regular};
use crate::error::Error;

/// What each value is made up of. Unlike in a hierarchy values may share some of it and not all.
#[derive(Debug, Clone)]
pub struct MadeOf {
    pub sha256: String,
    /// A value and a part of it, in ascending order, each pair once.
    pairs: Vec<(String, String)>,
}

impl MadeOf {
    /// A file with a line for each part of a value: the value and the part, separated by `;`, `,` or tabs. No header. A
    /// value with blanks at its ends stands in quotes.
    ///
    /// # Errors
    /// The file cannot be read, or a line holds anything else. Errors name lines, never values.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        let bytes = regular::bytes(path).map_err(|error| {
            Error::usage(format!(
                "cannot read what values are made of, {shown}: {error}"
            ))
        })?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Error::usage(format!("{shown} is not UTF-8")))?;
        let mut pairs = Vec::new();
        for Record { line, cells } in records(text) {
            let [value, part] = <[String; 2]>::try_from(cells).map_err(|_| {
                Error::usage(format!("line {line} of {shown} does not hold two names"))
                    .help("each line holds a value and one part of it, such as `Harz;Goslar`")
            })?;
            pairs.push((value, part));
        }
        if pairs.is_empty() {
            return Err(Error::usage(format!("{shown} is empty")));
        }
        pairs.sort_unstable();
        pairs.dedup();
        Ok(Self {
            sha256: digest::of_text(text),
            pairs,
        })
    }

    /// Each value with each of its parts.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter();
        pairs.map(|(value, part)| (value.as_str(), part.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<MadeOf, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("areas.csv");
        std::fs::write(&path, text).unwrap();
        MadeOf::read(&path)
    }

    #[test]
    fn areas_that_share_parts() {
        let areas = read("Harz;Goslar\nHarz;Thale\nNorth, the;Goslar\nHarz;Thale\n").unwrap();
        let pairs: Vec<(&str, &str)> = areas.pairs().collect();
        assert_eq!(
            pairs,
            [
                ("Harz", "Goslar"),
                ("Harz", "Thale"),
                ("North, the", "Goslar")
            ]
        );
    }

    #[test]
    fn what_names_no_parts_is_refused_without_its_values() {
        for text in ["secret\n", "a;b\nsecret;b;c\n", ""] {
            let error = read(text).unwrap_err();
            assert!(!error.message().contains("secret"));
        }
        assert!(read("a;b\nc\n").unwrap_err().message().contains("line 2"));
    }
}
