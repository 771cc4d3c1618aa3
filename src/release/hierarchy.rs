//! Which values of a column are less specific than which: `40-49` than `43`, `101**` than `10115`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::delimited::{Record, records};
use super::{digest, regular};
use crate::error::Error;

/// How the values of a column generalise each other.
#[derive(Debug, Clone)]
pub enum Hierarchy {
    /// A file that names for each value what it generalises to.
    Levels(Levels),
    /// `40-49`, `[40, 50)`, `<20`, `65+` and plain numbers: the wider holds the narrower.
    Intervals,
    /// `101**`: a star hides one character.
    Mask,
    /// `101` is all that begins with it.
    Prefix,
}

impl Hierarchy {
    pub const KINDS: [&'static str; 3] = ["intervals", "mask", "prefix"];

    pub fn kind(&self) -> &'static str {
        match self {
            Self::Levels(_) => "levels",
            Self::Intervals => "intervals",
            Self::Mask => "mask",
            Self::Prefix => "prefix",
        }
    }

    /// The kind of this name.
    pub fn of_kind(name: &str) -> Option<Self> {
        match name {
            "intervals" => Some(Self::Intervals),
            "mask" => Some(Self::Mask),
            "prefix" => Some(Self::Prefix),
            _ => None,
        }
    }
}

/// A hierarchy as ARX writes it: a line for each value, from the value itself to what stands for all,
/// separated by `;`, `,` or tabs. No header. A value with blanks at its ends stands in quotes.
#[derive(Debug, Clone)]
pub struct Levels {
    pub path: PathBuf,
    pub sha256: String,
    /// Columns of the file less one: the height of the whole hierarchy.
    pub height: usize,
    /// Of each value and generalisation: the level it first stands on, and what it generalises to, one
    /// for each level from its own to the top.
    chains: HashMap<String, (usize, Vec<String>)>,
}

impl Levels {
    /// # Errors
    /// The file cannot be read, its lines differ in length, or a value has two different
    /// generalisations. Errors name lines, never values.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        let bytes = regular::bytes(path)
            .map_err(|error| Error::usage(format!("cannot read the hierarchy {shown}: {error}")))?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Error::usage(format!("the hierarchy {shown} is not UTF-8")))?;
        let mut levels = Self {
            path: path.to_owned(),
            sha256: digest::of_text(text),
            height: 0,
            chains: HashMap::new(),
        };
        for (at, Record { line, cells }) in records(text).into_iter().enumerate() {
            if at == 0 {
                levels.height = cells.len() - 1;
            } else if levels.height != cells.len() - 1 {
                return Err(Error::usage(format!(
                    "line {line} of the hierarchy {shown} has another number of levels than the first"
                ))
                .help("each line holds a value and what it generalises to, level by level"));
            }
            levels.add(&cells).ok_or_else(|| {
                Error::usage(format!(
                    "line {line} of the hierarchy {shown} contradicts an earlier one: the same value \
                     has two generalisations"
                ))
                .help("a value generalises to one value on each level")
            })?;
        }
        if levels.chains.is_empty() {
            return Err(Error::usage(format!("the hierarchy {shown} is empty")));
        }
        Ok(levels)
    }

    fn add(&mut self, cells: &[String]) -> Option<()> {
        for (level, cell) in cells.iter().enumerate() {
            // A value that stays what it is for some levels stands on the lowest of them.
            if level > 0 && cells[level - 1] == *cell {
                continue;
            }
            let chain = &cells[level..];
            match self.chains.get(cell) {
                None => {
                    self.chains.insert(cell.clone(), (level, chain.to_vec()));
                }
                Some((known, already)) => {
                    let mut distinct = chain.to_vec();
                    let mut before = already.clone();
                    distinct.dedup();
                    before.dedup();
                    if distinct != before {
                        return None;
                    }
                    if level < *known {
                        self.chains.insert(cell.clone(), (level, chain.to_vec()));
                    }
                }
            }
        }
        Some(())
    }

    /// Whether the file names a value but for the blanks around it.
    pub fn knows_without_blanks(&self, value: &str) -> bool {
        self.chains.keys().any(|known| known.trim() == value.trim())
    }

    /// What a value generalises to, nearest first; `None` for a value the file does not name.
    pub fn generalisations(&self, value: &str) -> Option<Vec<&str>> {
        let (_, chain) = self.chains.get(value)?;
        let mut above: Vec<&str> = chain.iter().map(String::as_str).collect();
        above.dedup();
        above.remove(0);
        Some(above)
    }

    /// The value that stands for this one on each level from 0 to [`Self::height`]; below its own
    /// level it stands for itself.
    pub fn by_level(&self, value: &str) -> Option<Vec<&str>> {
        let (level, chain) = self.chains.get(value)?;
        let below = std::iter::repeat_n(chain[0].as_str(), *level);
        Some(below.chain(chain.iter().map(String::as_str)).collect())
    }
}

/// An interval of numbers: its lower end with 1 where the end is left out, its upper end with −1 where
/// that is left out.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Bounds {
    pub low: (f64, i8),
    pub high: (f64, i8),
}

impl Bounds {
    /// Whether every number of `other` is one of this.
    pub fn holds(&self, other: &Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    pub fn apart(&self, other: &Self) -> bool {
        self.high < other.low || other.high < self.low
    }

    /// `None` for what is no interval and no number.
    pub fn parse(text: &str) -> Option<Self> {
        const ALL: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
        let text = text.trim();
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
        if let Some(number) = number(text) {
            return Some(Self {
                low: (number, 0),
                high: (number, 0),
            });
        }
        let above = |low, out| {
            Some(Self {
                low: (low, out),
                high: (ALL.1, 0),
            })
        };
        let below = |high, out| {
            Some(Self {
                low: (ALL.0, 0),
                high: (high, out),
            })
        };
        for (sign, up, out) in [
            (">=", true, 0),
            ("≥", true, 0),
            (">", true, 1),
            ("<=", false, 0),
            ("≤", false, 0),
            ("<", false, -1),
        ] {
            if let Some(rest) = text.strip_prefix(sign) {
                let end = number(rest)?;
                return if up { above(end, out) } else { below(end, out) };
            }
        }
        if text == "*" {
            return above(ALL.0, 0);
        }
        if let Some(low) = text.strip_suffix('+') {
            return above(number(low)?, 0);
        }
        let first = text.chars().next()?;
        let last = text.chars().next_back()?;
        if "[(]".contains(first) && "])[".contains(last) && text.len() > 2 {
            let (low, high) = text[1..text.len() - 1].split_once([',', ';'])?;
            let (low, high) = (number(low)?, number(high)?);
            return (low <= high).then_some(Self {
                low: (low, i8::from(first != '[')),
                high: (high, -i8::from(last != ']')),
            });
        }
        // The first sign may belong to the number.
        let dash = text
            .char_indices()
            .skip(1)
            .find(|(_, c)| ['-', '–'].contains(c))
            .map(|(at, c)| (at, c.len_utf8()))
            .or_else(|| text.find("..").map(|at| (at, 2)))?;
        let (low, high) = (number(&text[..dash.0])?, number(&text[dash.0 + dash.1..])?);
        (low <= high).then_some(Self {
            low: (low, 0),
            high: (high, 0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(text: &str) -> Result<Levels, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("h.csv");
        std::fs::write(&path, text).unwrap();
        Levels::read(&path)
    }

    #[test]
    fn a_hierarchy_as_arx_writes_it() {
        let levels = levels("81667;8166*;816**;*\n81675;8167*;816**;*\n*;*;*;*\n").unwrap();
        assert_eq!(levels.height, 3);
        assert_eq!(
            levels.generalisations("81667").unwrap(),
            ["8166*", "816**", "*"]
        );
        assert_eq!(levels.generalisations("816**").unwrap(), ["*"]);
        assert_eq!(levels.generalisations("*").unwrap(), [""; 0]);
        assert!(levels.generalisations("9").is_none());
        assert_eq!(
            levels.by_level("8166*").unwrap(),
            ["8166*", "8166*", "816**", "*"]
        );
    }

    #[test]
    fn what_is_no_hierarchy_is_refused_without_its_values() {
        let two = levels("secret;a;*\nsecret;b;*\n").unwrap_err();
        assert!(two.message().contains("line 2") && !two.message().contains("secret"));
        let ragged = levels("secret;a;*\nhidden;*\n").unwrap_err();
        assert!(ragged.message().contains("line 2") && !ragged.message().contains("hidden"));
        assert!(levels("").is_err());
    }

    #[test]
    fn intervals_as_people_write_them() {
        let holds = |wide: &str, narrow: &str| {
            Bounds::parse(wide)
                .unwrap()
                .holds(&Bounds::parse(narrow).unwrap())
        };
        for wide in [
            "40-49", "[40, 50)", "[40,50[", "40..49", "40–49", ">=40", "<50", "40+", "*",
        ] {
            assert!(holds(wide, "43") && holds(wide, wide), "{wide}");
            assert!(!holds("43", wide), "{wide}");
        }
        assert!(!holds("(40, 50]", "40") && holds("(40, 50]", "50") && !holds("<50", "50"));
        assert!(holds("-20--10", "-15") && holds("-5-5", "0"));
        assert!(holds("40-49", "45-49") && !holds("40-49", "45-54"));
        for text in ["unknown", "", "9-1", "a-b", "[1]", "NaN", "-"] {
            assert!(Bounds::parse(text).is_none(), "{text}");
        }
    }
}
