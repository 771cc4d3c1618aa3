//! The languages a report is written in, and what both must say: numbers in their form, texts in both at once.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The language of a report for people. Machines read English alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    German,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// As HTML and the command line name it.
    pub fn code(self) -> &'static str {
        self.pick("en", "de")
    }

    /// What is in this language, of the same in both.
    pub fn pick<T>(self, english: T, german: T) -> T {
        match self {
            Self::English => english,
            Self::German => german,
        }
    }

    /// A whole number, parted every three digits: `1,234,567`, `1.234.567`.
    pub fn grouped(self, count: u64) -> String {
        parted(&count.to_string(), self.pick(',', '.'))
    }

    /// A number with so many decimal places: `1,234.50`, `1.234,50`.
    pub fn fixed(self, number: f64, places: usize) -> String {
        self.written(&format!("{number:.places$}"))
    }

    /// A number with the digits it has: `0.05`, `0,05`.
    pub fn number(self, number: f64) -> String {
        self.written(&number.to_string())
    }

    /// A share or a rate whose digits are chosen: `12.5 %`, `12,5 %`.
    pub fn percent(self, percent: f64, places: usize) -> String {
        self.fixed(percent, places) + self.percent_sign()
    }

    /// What follows the digits of a percentage; in German the narrow space that breaks no line.
    pub fn percent_sign(self) -> &'static str {
        self.pick(" %", "\u{202f}%")
    }

    /// A day, given as `2026-11-25`: `25.11.2026`. Any other text is left as it is.
    pub fn day(self, iso: &str) -> String {
        match (self, iso.split('-').collect::<Vec<_>>().as_slice()) {
            (Self::German, [year, month, day])
                if [year.len(), month.len(), day.len()] == [4, 2, 2] =>
            {
                format!("{day}.{month}.{year}")
            }
            _ => iso.to_owned(),
        }
    }

    /// A moment, given in RFC 3339 and UTC: `25.11.2026, 13:10:44 UTC`.
    pub fn moment(self, rfc3339: &str) -> String {
        match (self, rfc3339.split_once('T')) {
            (Self::German, Some((day, time))) => {
                let time = time.split(['.', 'Z']).next().unwrap_or(time);
                format!("{}, {time} UTC", self.day(day))
            }
            _ => rfc3339.to_owned(),
        }
    }

    /// A number as Rust writes it, in the form of the language.
    fn written(self, plain: &str) -> String {
        let whole = plain.trim_start_matches('-').find('.');
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(digits) => ("−", digits),
            None => ("", plain),
        };
        if !digits.starts_with(|c: char| c.is_ascii_digit()) {
            return plain.to_owned();
        }
        let (whole, rest) = digits.split_at(whole.unwrap_or(digits.len()));
        let (thousands, point) = self.pick((',', "."), ('.', ","));
        let sign = self.pick(sign.replace('−', "-"), sign.to_owned());
        sign + &parted(whole, thousands) + &rest.replacen('.', point, 1)
    }
}

fn parted(digits: &str, thousands: char) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    text
}

/// A text in both languages. What is written for machines is the English; what was read from there is English in
/// both.
#[derive(Debug, Clone, Default)]
pub struct Said {
    english: Cow<'static, str>,
    /// The English, where there is none.
    german: Option<Cow<'static, str>>,
}

impl Said {
    /// The same words in two languages. [`said!`](crate::said) makes them of one set of figures.
    pub fn new(
        english: impl Into<Cow<'static, str>>,
        german: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            english: english.into(),
            german: Some(german.into()),
        }
    }

    /// [`Self::new`] of texts that are known beforehand.
    pub const fn of(english: &'static str, german: &'static str) -> Self {
        Self {
            english: Cow::Borrowed(english),
            german: Some(Cow::Borrowed(german)),
        }
    }

    /// A name: the same in every language.
    pub fn name(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            english: name.into(),
            german: None,
        }
    }

    /// Several, one after the other, with the same between them in both languages.
    pub fn joined<'a>(texts: impl IntoIterator<Item = &'a Self>, between: &str) -> Self {
        let texts: Vec<&Self> = texts.into_iter().collect();
        let all = |language| {
            let texts: Vec<&str> = texts
                .iter()
                .map(|text| text.in_language(language))
                .collect();
            texts.join(between)
        };
        Self::new(all(Language::English), all(Language::German))
    }

    pub fn english(&self) -> &str {
        &self.english
    }

    pub fn in_language(&self, language: Language) -> &str {
        match (language, &self.german) {
            (Language::German, Some(german)) => german,
            _ => &self.english,
        }
    }
}

impl From<&Said> for Said {
    fn from(said: &Said) -> Self {
        said.clone()
    }
}

/// A text in both languages of the same arguments, numbers in the form of each:
/// `said!("{} rows of {}", "{} Zeilen von {}", 1_234, name)`.
#[macro_export]
macro_rules! said {
    ($english:literal, $german:literal $(,)?) => {
        $crate::language::Said::of($english, $german)
    };
    ($english:literal, $german:literal, $($argument:expr),+ $(,)?) => {{
        use $crate::language::{Language, Say as _};
        $crate::language::Said::new(
            format!($english, $($argument.say(Language::English)),+),
            format!($german, $($argument.say(Language::German)),+),
        )
    }};
}

/// A text in one language, of words in both and the same arguments: `say!(language, "{} rows", "{} Zeilen", count)`.
#[macro_export]
macro_rules! say {
    ($language:expr, $english:literal, $german:literal $(, $argument:expr)* $(,)?) => {{
        #[allow(unused_imports, reason = "there may be no argument")]
        use $crate::language::{Language, Say as _};
        let language: Language = $language;
        match language {
            Language::English => format!($english $(, $argument.say(language))*),
            Language::German => format!($german $(, $argument.say(language))*),
        }
    }};
}

/// What a text in two languages can be made of.
pub trait Say {
    fn say(&self, language: Language) -> String;
}

impl Say for Said {
    fn say(&self, language: Language) -> String {
        self.in_language(language).to_owned()
    }
}

impl<T: Say + ?Sized> Say for &T {
    fn say(&self, language: Language) -> String {
        (**self).say(language)
    }
}

macro_rules! say_names {
    ($($name:ty),+) => {$(
        impl Say for $name {
            fn say(&self, _: Language) -> String {
                // A name, as it comes from a file or a manifest.
                crate::printable::printable(self).into_owned()
            }
        }
    )+};
}

macro_rules! say_numbers {
    ($($number:ty),+) => {$(
        impl Say for $number {
            fn say(&self, language: Language) -> String {
                match language {
                    Language::English => self.to_string(),
                    Language::German => language.written(&self.to_string()),
                }
            }
        }
    )+};
}

say_names!(str, String);
say_numbers!(u16, u32, u64, usize, i64, f64);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

// Two are the same where the machines are told the same.
impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.english == other.english
    }
}

impl Eq for Said {}

impl PartialOrd for Said {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Said {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.english.cmp(&other.english)
    }
}

impl PartialEq<str> for Said {
    fn eq(&self, other: &str) -> bool {
        self.english == other
    }
}

impl PartialEq<&str> for Said {
    fn eq(&self, other: &&str) -> bool {
        self.english == *other
    }
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.english)
    }
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::name)
    }
}

impl JsonSchema for Said {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_form_of_the_language() {
        let [english, german] = Language::ALL;
        for (count, de, en) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (45_000_000, "45.000.000", "45,000,000"),
        ] {
            assert_eq!(
                (english.grouped(count), german.grouped(count)),
                (en.into(), de.into())
            );
        }
        assert_eq!(german.fixed(1234.5, 2), "1.234,50");
        assert_eq!(english.fixed(1234.5, 2), "1,234.50");
        assert_eq!(german.number(0.05), "0,05");
        assert_eq!(german.number(-1234.0), "−1.234");
        assert_eq!(german.number(f64::INFINITY), "inf");
        assert_eq!(german.percent(12.5, 1), "12,5\u{202f}%");
    }

    #[test]
    fn days_and_moments() {
        let [english, german] = Language::ALL;
        assert_eq!(german.day("2026-11-25"), "25.11.2026");
        assert_eq!(english.day("2026-11-25"), "2026-11-25");
        assert_eq!(german.day("some-day-else"), "some-day-else");
        let moment = "2026-11-25T13:10:44Z";
        assert_eq!(german.moment(moment), "25.11.2026, 13:10:44 UTC");
        assert_eq!(english.moment(moment), moment);
    }

    #[test]
    fn a_text_is_english_for_machines() {
        let nothing = said!("no row", "keine Zeile");
        let said = said!("{} rows: {}", "{} Zeilen: {}", 1_234_u64, nothing);
        assert_eq!(said.in_language(Language::English), "1234 rows: no row");
        assert_eq!(
            said.in_language(Language::German),
            "1.234 Zeilen: keine Zeile"
        );
        let text = serde_json::to_string(&said).unwrap();
        assert_eq!(text, "\"1234 rows: no row\"");
        let read: Said = serde_json::from_str(&text).unwrap();
        assert_eq!(read, said);
        assert_eq!(read.in_language(Language::German), "1234 rows: no row");
    }
}
