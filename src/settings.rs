//! TOML with its positions kept: every value knows the bytes it came from, every key that nobody
//! asked for is an error that names the nearest known one.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Error, Result, Source};

/// A value and the bytes of the text it was read from.
#[derive(Debug, Clone)]
pub struct At<T> {
    pub value: T,
    pub span: Range<usize>,
}

impl<T> At<T> {
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> At<U> {
        At {
            value: f(self.value),
            span: self.span,
        }
    }
}

impl<T> std::ops::Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// A parsed document. Open it with [`Document::root`].
pub struct Document<'a> {
    source: &'a Source,
    root: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    /// # Errors
    /// The text is not TOML; the error points at the line.
    pub fn parse(source: &'a Source) -> Result<Self> {
        let root = DeTable::parse(&source.text).map_err(|error| {
            let wrong = Error::usage(format!(
                "{} is not valid TOML: {}",
                source.name,
                error.message()
            ));
            match error.span() {
                Some(span) => wrong.at(source, span, "here"),
                None => wrong,
            }
        })?;
        Ok(Self { source, root })
    }

    pub fn root(&self) -> Section<'_> {
        Section::new(
            self.source,
            String::new(),
            self.root.get_ref(),
            self.root.span(),
        )
    }
}

/// One TOML table, read key by key. Call [`Section::finish`] when every known key has been asked
/// for: what is left is unknown.
pub struct Section<'a> {
    source: &'a Source,
    path: String,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    asked: RefCell<Vec<String>>,
}

/// Lists of strings, each with its place.
pub type Lists = Vec<Vec<At<String>>>;

/// An item of a list that holds numbers beside sections.
pub enum Item<'a> {
    Number(At<f64>),
    Section(Section<'a>),
}

impl<'a> Section<'a> {
    fn new(source: &'a Source, path: String, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self {
            source,
            path,
            table,
            span,
            asked: RefCell::default(),
        }
    }

    pub fn source(&self) -> &'a Source {
        self.source
    }

    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The keys that are there, in the order of the text's sorted map.
    pub fn keys(&self) -> Vec<At<String>> {
        let keys = self.table.keys();
        keys.map(|key| At {
            value: key.get_ref().to_string(),
            span: key.span(),
        })
        .collect()
    }

    fn value(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key.to_owned());
        self.table
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(_, value)| value)
    }

    fn named(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// An error about the value at `span`.
    pub fn error(&self, span: Range<usize>, message: impl Into<String>) -> Error {
        Error::usage(message).at(self.source, span, "")
    }

    /// An error about this whole section: a key it needs is missing.
    pub fn missing(&self, key: &str, why: &str) -> Error {
        Error::usage(format!("`{}` is missing: {why}", self.named(key))).at(
            self.source,
            self.span.clone(),
            "in this section",
        )
    }

    fn expected(&self, key: &str, what: &str, value: &Spanned<DeValue<'a>>) -> Error {
        self.error(
            value.span(),
            format!(
                "`{}` must be {what}, not {} {}",
                self.named(key),
                article(value.get_ref().type_str()),
                value.get_ref().type_str()
            ),
        )
    }

    pub fn string(&self, key: &str) -> Result<Option<At<String>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        match value.get_ref().as_str() {
            Some(text) => Ok(Some(At {
                value: text.to_owned(),
                span: value.span(),
            })),
            None => Err(self.expected(key, "a string", value)),
        }
    }

    /// A string, or a list of strings.
    pub fn strings(&self, key: &str) -> Result<Vec<At<String>>> {
        let Some(value) = self.value(key) else {
            return Ok(Vec::new());
        };
        let one = |value: &Spanned<DeValue<'a>>| match value.get_ref().as_str() {
            Some(text) => Ok(At {
                value: text.to_owned(),
                span: value.span(),
            }),
            None => Err(self.expected(key, "a list of strings", value)),
        };
        match value.get_ref().as_array() {
            Some(values) => values.iter().map(one).collect(),
            None => Ok(vec![one(value)?]),
        }
    }

    /// A list of lists of strings.
    pub fn string_lists(&self, key: &str) -> Result<Option<At<Lists>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let one = |value: &Spanned<DeValue<'a>>| {
            let text = value.get_ref().as_str().map(str::to_owned);
            text.map(|text| At {
                value: text,
                span: value.span(),
            })
        };
        let list = |value: &Spanned<DeValue<'a>>| {
            let values = value.get_ref().as_array()?.iter();
            values.map(one).collect::<Option<Vec<_>>>()
        };
        let lists = value.get_ref().as_array();
        let lists = lists.and_then(|lists| lists.iter().map(list).collect());
        match lists {
            Some(lists) => Ok(Some(At {
                value: lists,
                span: value.span(),
            })),
            None => Err(self.expected(key, "lists of strings", value)),
        }
    }

    pub fn boolean(&self, key: &str) -> Result<Option<At<bool>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        match value.get_ref().as_bool() {
            Some(flag) => Ok(Some(At {
                value: flag,
                span: value.span(),
            })),
            None => Err(self.expected(key, "true or false", value)),
        }
    }

    /// A whole number of at least `least`.
    pub fn integer(&self, key: &str, least: u64) -> Result<Option<At<u64>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|digits| u64::from_str_radix(digits.as_str(), digits.radix()).ok())
            .filter(|number| *number >= least);
        match number {
            Some(number) => Ok(Some(At {
                value: number,
                span: value.span(),
            })),
            None => Err(self.error(
                value.span(),
                format!(
                    "`{}` must be a whole number of at least {least}",
                    self.named(key)
                ),
            )),
        }
    }

    /// A finite number, whole or not.
    pub fn number(&self, key: &str) -> Result<Option<At<f64>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        match finite(value.get_ref()) {
            Some(number) => Ok(Some(At {
                value: number,
                span: value.span(),
            })),
            None => Err(self.expected(key, "a finite number", value)),
        }
    }

    /// A list of finite numbers (one number counts as a list of one).
    pub fn numbers(&self, key: &str) -> Result<Option<At<Vec<f64>>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let numbers: Option<Vec<f64>> = match value.get_ref().as_array() {
            Some(values) => values.iter().map(|value| finite(value.get_ref())).collect(),
            None => finite(value.get_ref()).map(|number| vec![number]),
        };
        match numbers {
            Some(numbers) => Ok(Some(At {
                value: numbers,
                span: value.span(),
            })),
            None => Err(self.expected(key, "a list of finite numbers", value)),
        }
    }

    /// A date such as 2026-12-31, as TOML writes it.
    pub fn date(&self, key: &str) -> Result<Option<At<jiff::civil::Date>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let date = value
            .get_ref()
            .as_datetime()
            .filter(|datetime| datetime.time.is_none())
            .and_then(|datetime| datetime.date)
            .and_then(|date| {
                let year = i16::try_from(date.year).ok()?;
                let month = i8::try_from(date.month).ok()?;
                jiff::civil::Date::new(year, month, i8::try_from(date.day).ok()?).ok()
            });
        match date {
            Some(date) => Ok(Some(At {
                value: date,
                span: value.span(),
            })),
            None => Err(self.expected(key, "a date such as 2026-12-31", value)),
        }
    }

    /// Whether a key is given, whatever it says.
    pub fn is_there(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref() == key)
    }

    pub fn is_string(&self, key: &str) -> bool {
        self.table
            .iter()
            .any(|(name, value)| name.get_ref() == key && value.get_ref().is_str())
    }

    pub fn is_section(&self, key: &str) -> bool {
        self.table
            .iter()
            .any(|(name, value)| name.get_ref() == key && value.get_ref().is_table())
    }

    pub fn is_list(&self, key: &str) -> bool {
        self.table
            .iter()
            .any(|(name, value)| name.get_ref() == key && value.get_ref().is_array())
    }

    /// The items of a list of numbers and sections, with the place of the whole.
    pub fn items(&self, key: &str) -> Result<Option<At<Vec<Item<'a>>>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let one = |item: &'a Spanned<DeValue<'a>>| {
            let span = item.span();
            if let Some(table) = item.get_ref().as_table() {
                let section = Section::new(self.source, self.named(key), table, span);
                return Some(Item::Section(section));
            }
            let value = finite(item.get_ref())?;
            Some(Item::Number(At { value, span }))
        };
        let items = value.get_ref().as_array();
        match items.and_then(|items| items.iter().map(one).collect()) {
            Some(items) => Ok(Some(At {
                value: items,
                span: value.span(),
            })),
            None => Err(self.expected(key, "a list of numbers and sections", value)),
        }
    }

    pub fn section(&self, key: &str) -> Result<Option<Section<'a>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        match value.get_ref().as_table() {
            Some(table) => Ok(Some(Section::new(
                self.source,
                self.named(key),
                table,
                value.span(),
            ))),
            None => Err(self.expected(key, "a section", value)),
        }
    }

    /// The tables of an array of tables (`[[key]]`).
    pub fn sections(&self, key: &str) -> Result<Vec<Section<'a>>> {
        let Some(value) = self.value(key) else {
            return Ok(Vec::new());
        };
        let Some(values) = value.get_ref().as_array() else {
            return Err(self.expected(key, &format!("a list of [[{key}]] sections"), value));
        };
        values
            .iter()
            .map(|value| match value.get_ref().as_table() {
                Some(table) => Ok(Section::new(
                    self.source,
                    self.named(key),
                    table,
                    value.span(),
                )),
                None => Err(self.expected(key, &format!("a list of [[{key}]] sections"), value)),
            })
            .collect()
    }

    /// # Errors
    /// A key is there that nobody asked for; the error names the nearest one that is known.
    pub fn finish(self) -> Result<()> {
        let asked = self.asked.borrow();
        let Some(unknown) = self.keys().into_iter().find(|key| !asked.contains(key)) else {
            return Ok(());
        };
        let section = if self.path.is_empty() {
            "at the top level".to_owned()
        } else {
            format!("in `{}`", self.path)
        };
        let error = Error::usage(format!("unknown key `{}` {section}", unknown.value)).at(
            self.source,
            unknown.span.clone(),
            "not known here",
        );
        Err(match nearest(&unknown, asked.iter().map(String::as_str)) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => {
                let mut known = asked.clone();
                known.sort_unstable();
                known.dedup();
                error.help(format!("known keys here: {}", known.join(", ")))
            }
        })
    }
}

fn finite(value: &DeValue<'_>) -> Option<f64> {
    let number = if let Some(digits) = value.as_integer() {
        i64::from_str_radix(digits.as_str(), digits.radix()).ok()? as f64
    } else {
        value.as_float()?.as_str().parse().ok()?
    };
    number.is_finite().then_some(number)
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    }
}

/// The known word that `word` was probably meant to be.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source {
            name: "test.toml".into(),
            text: text.into(),
        }
    }

    #[test]
    fn unknown_key_names_the_nearest() {
        let source = source("[release]\npopulaton = 5\n");
        let document = Document::parse(&source).unwrap();
        let root = document.root();
        let release = root.section("release").unwrap().unwrap();
        assert!(release.integer("population", 1).unwrap().is_none());
        let error = release.finish().unwrap_err();
        assert_eq!(error.message(), "unknown key `populaton` in `release`");
        assert!(format!("{error:?}").contains("did you mean `population`?"));
    }

    #[test]
    fn wrong_type_is_named() {
        let source = source("name = 5\nrate = \"x\"\nnan = nan\n");
        let document = Document::parse(&source).unwrap();
        let root = document.root();
        assert_eq!(
            root.string("name").unwrap_err().message(),
            "`name` must be a string, not an integer"
        );
        assert!(root.number("rate").is_err());
        assert!(root.number("nan").is_err(), "NaN is not a threshold");
    }

    #[test]
    fn nearest_does_not_guess_wildly() {
        assert_eq!(nearest("subjct", ["subject", "sensitive"]), Some("subject"));
        assert_eq!(nearest("zebra", ["subject", "sensitive"]), None);
    }
}
