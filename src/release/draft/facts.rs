//! What the sampled values of a column are: how many, how often, of what form.

use super::sample::{Column, Distinct, NULL, Sample};
use super::words::Words;
use crate::identifier::survey::{Reading, Survey};
use crate::identifier::{self, Kind};
use crate::release::EpochUnit;
use crate::release::input::{Domain, InputColumn};

/// Distinct values whose form is looked at.
const LOOKED_AT: usize = 5_000;
/// Values that must be of one form for a column to be.
const MOST: f64 = 0.95;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Uuid,
    /// A digest, or a random text as long.
    Hash,
    /// A date with a time of day, as text.
    Instant,
    /// A date, as text or as a number of eight digits.
    Day,
    /// A number, as text.
    Number,
    /// A cell of the H3 grid.
    H3,
    /// A point in well-known binary.
    Point,
    /// Sentences.
    Prose,
    Other,
}

/// What the numbers of a column are, also where they are written as texts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numbers {
    pub least: f64,
    pub greatest: f64,
    /// Over the rows.
    pub mean: f64,
    pub whole: bool,
    /// The share of the distinct ones with three decimal places or more.
    pub fine: f64,
}

pub struct Facts<'a> {
    pub source: &'a InputColumn,
    pub words: Words,
    /// Rows with a value.
    pub rows: usize,
    pub nulls: usize,
    pub distinct: usize,
    /// Rows that have the value of the row above.
    pub repeats: usize,
    pub form: Form,
    pub numbers: Option<Numbers>,
    /// Whole numbers each one greater than the one above.
    pub running: bool,
    /// Of texts: what forms of identifiers they have, and the length of the longest.
    pub survey: Survey,
    pub longest: usize,
}

impl<'a> Facts<'a> {
    pub fn of(source: &'a InputColumn, column: Option<&Column>, sample: &Sample) -> Self {
        let mut facts = Self {
            source,
            words: Words::of(&source.name),
            rows: 0,
            nulls: 0,
            distinct: 0,
            repeats: 0,
            form: Form::Other,
            numbers: None,
            running: false,
            survey: Survey::default(),
            longest: 0,
        };
        let Some(column) = column else {
            return facts;
        };
        let mut counts = vec![0u32; column.values.len()];
        for code in &column.codes {
            match *code {
                NULL => facts.nulls += 1,
                code => counts[code as usize] += 1,
            }
        }
        facts.rows = column.codes.len() - facts.nulls;
        facts.distinct = counts.len();
        let pairs = column.codes.windows(2);
        facts.repeats = pairs
            .filter(|pair| pair[0] == pair[1] && pair[0] != NULL)
            .count();
        facts.form = form(&column.values);
        if let Distinct::Texts(texts) = &column.values {
            for (text, length) in &texts[..texts.len().min(LOOKED_AT)] {
                facts.survey.add(text, Reading::Text);
                facts.longest = facts.longest.max(*length);
            }
        }
        let read: Option<Vec<f64>> = match &column.values {
            Distinct::Numbers(numbers) => Some(numbers.clone()),
            Distinct::Texts(texts) if facts.form == Form::Number => {
                let numbers = texts.iter().filter_map(|(text, _)| number(text));
                Some(numbers.collect())
            }
            _ => None,
        };
        facts.numbers = read.as_ref().and_then(|read| numbers(read, &counts));
        if let (Distinct::Numbers(numbers), Some(true)) =
            (&column.values, facts.numbers.map(|numbers| numbers.whole))
        {
            if facts.form == Form::Other && facts.is_of_days(numbers) {
                facts.form = Form::Day;
            }
            let steps = (1..column.codes.len()).filter(|at| !sample.pieces.contains(at));
            let step = |at: usize| match (column.codes[at - 1], column.codes[at]) {
                (NULL, _) | (_, NULL) => false,
                (a, b) => numbers[b as usize] - numbers[a as usize] == 1.0,
            };
            facts.running = facts.rows > 1 && facts.nulls == 0 && steps.clone().all(step);
        }
        facts
    }

    /// Eight digits that are a date: 20260301.
    fn is_of_days(&self, numbers: &[f64]) -> bool {
        let is_day = |number: &f64| {
            let number = *number as i64;
            let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
            (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
        };
        self.source.domain == Some(Domain::Integer)
            && numbers.len() > 1
            && numbers.iter().all(is_day)
    }

    /// Whether each row has another value.
    pub fn is_unique(&self) -> bool {
        self.rows > 1 && self.distinct == self.rows
    }

    pub fn is_constant(&self) -> bool {
        self.distinct <= 1
    }

    /// Rows a value, on average.
    pub fn each(&self) -> f64 {
        self.rows as f64 / self.distinct.max(1) as f64
    }

    pub fn is_number(&self) -> bool {
        matches!(
            self.source.domain,
            Some(Domain::Real | Domain::Integer | Domain::Decimal(_) | Domain::Unsigned)
        )
    }

    pub fn is_time(&self) -> bool {
        matches!(self.source.domain, Some(Domain::Timestamp | Domain::Date))
    }

    pub fn is_text(&self) -> bool {
        self.source.domain == Some(Domain::Text)
    }

    /// Whether a number of persons or things could stand here.
    pub fn counts(&self) -> bool {
        let numbers = self.numbers.filter(|_| self.is_number());
        numbers.is_some_and(|numbers| numbers.least >= 0.0 && numbers.greatest > 1.0)
    }

    /// Whether the values could be pseudonyms.
    pub fn could_be_pseudonyms(&self) -> bool {
        let numbers = match (self.source.domain, self.numbers) {
            (Some(Domain::Text), _) => true,
            (Some(Domain::Bytes), _) => self.form != Form::Point,
            (Some(Domain::Integer | Domain::Unsigned), Some(numbers)) => numbers.least >= 0.0,
            (Some(Domain::Decimal(_) | Domain::Real), Some(numbers)) => {
                numbers.whole && numbers.least >= 0.0
            }
            _ => false,
        };
        numbers
            && !matches!(
                self.form,
                Form::Prose | Form::Instant | Form::Day | Form::H3
            )
    }

    /// The unit in which the numbers are times of ours.
    pub fn epoch(&self) -> Option<EpochUnit> {
        let fits = matches!(
            self.source.domain,
            Some(Domain::Integer | Domain::Unsigned | Domain::Real)
        );
        let numbers = self.numbers.filter(|_| fits && self.distinct > 1)?;
        let unit = EpochUnit::guess(numbers.least, numbers.greatest)?;
        // Telephone numbers and random numbers of ten digits are spread over a century.
        let years = (numbers.greatest - numbers.least) * unit.seconds() / 31_556_952.0;
        (years <= 40.0).then_some(unit)
    }

    /// The share of the texts that have the form of a kind which most have.
    pub fn share_of(&self, kind: Kind) -> f64 {
        let forms = identifier::forms::Form::ALL
            .into_iter()
            .filter(|form| form.kind() == kind);
        let seen = forms.map(|form| self.survey.of(form).seen).max();
        seen.unwrap_or(0) as f64 / (self.survey.texts() as f64).max(1.0)
    }

    /// How many values, and how often; no value.
    pub fn told(&self) -> String {
        match (self.is_unique(), self.distinct) {
            (true, _) => format!("another value in each of {} rows", self.rows),
            (_, 1) => format!("one value in {} rows", self.rows),
            (_, distinct) => format!(
                "{distinct} values in {} rows, {} rows each on average",
                self.rows,
                rounded(self.each())
            ),
        }
    }
}

pub fn rounded(number: f64) -> String {
    match number < 10.0 {
        true => format!("{number:.1}"),
        false => format!("{number:.0}"),
    }
}

fn numbers(read: &[f64], counts: &[u32]) -> Option<Numbers> {
    if read.is_empty() {
        return None;
    }
    let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
    for number in read {
        (least, greatest) = (least.min(*number), greatest.max(*number));
    }
    let rows: f64 = counts.iter().map(|count| f64::from(*count)).sum();
    let sum: f64 = read
        .iter()
        .zip(counts)
        .map(|(number, count)| number * f64::from(*count))
        .sum();
    let fine = |number: &&f64| {
        let hundreds = **number * 100.0;
        (hundreds - hundreds.round()).abs() > 1e-6 * hundreds.abs().max(1.0) / 100.0
    };
    Some(Numbers {
        least,
        greatest,
        mean: sum / rows.max(1.0),
        whole: read.iter().all(|number| number.fract() == 0.0),
        fine: read.iter().filter(fine).count() as f64 / read.len() as f64,
    })
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.trim_start_matches(['+', '-']);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

fn form(values: &Distinct) -> Form {
    match values {
        Distinct::Numbers(_) => Form::Other,
        Distinct::Bytes(bytes) => {
            let points = bytes.iter().take(LOOKED_AT).filter(|bytes| is_point(bytes));
            let of = bytes.len().min(LOOKED_AT);
            match (points.count() as f64) >= MOST * of as f64 && of > 0 {
                true => Form::Point,
                false => Form::Other,
            }
        }
        Distinct::Texts(texts) => {
            let looked = &texts[..texts.len().min(LOOKED_AT)];
            type Test = fn(&str, usize) -> bool;
            let is = |form: Test| {
                let of = looked.iter().filter(|(text, length)| form(text, *length));
                !looked.is_empty() && of.count() as f64 >= MOST * looked.len() as f64
            };
            let forms: [(Form, Test); 7] = [
                (Form::Uuid, |text, _| is_uuid(text)),
                (Form::H3, |text, _| is_h3(text)),
                (Form::Day, |text, _| day(text) == Some(text.len())),
                (Form::Instant, |text, _| is_instant(text)),
                (Form::Number, |text, length| {
                    length <= 40 && number(text).is_some()
                }),
                (Form::Hash, is_hash),
                (Form::Prose, |text, length| {
                    length >= 30 && text.split_whitespace().count() >= 5
                }),
            ];
            let found = forms.into_iter().find(|(_, form)| is(*form));
            found.map_or(Form::Other, |(form, _)| form)
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let text = text.trim_start_matches('{').trim_end_matches('}');
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 5
        && parts.iter().zip(lengths).all(|(part, length)| {
            part.len() == length && part.bytes().all(|c| c.is_ascii_hexdigit())
        })
}

fn is_hash(text: &str, length: usize) -> bool {
    let letters = text.chars().any(|c| c.is_ascii_alphabetic());
    let digits = text.chars().any(|c| c.is_ascii_digit());
    length >= 16
        && letters
        && digits
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+/=_-".contains(c))
}

fn is_h3(text: &str) -> bool {
    let cell = u64::from_str_radix(text, 16)
        .ok()
        .filter(|_| text.len() == 15);
    cell.is_some_and(|cell| h3o::CellIndex::try_from(cell).is_ok())
}

fn is_point(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(0 | 1))
        && matches!(bytes.len(), 21 | 25 | 29 | 33 | 37)
        && match bytes[0] {
            1 => bytes[1] == 1 || bytes[1] % 10 == 9,
            _ => bytes[4] == 1 || bytes[4] % 10 == 9,
        }
}

/// How long the date is that a text begins with: 2026-03-01, 2026/03/01, 20260301, 01.03.2026, 03/01/2026.
fn day(text: &str) -> Option<usize> {
    let digits = |from: usize, to: usize| -> Option<u32> {
        let part = text.get(from..to)?;
        part.bytes()
            .all(|c| c.is_ascii_digit())
            .then(|| part.parse().ok())?
    };
    let separator = |at: usize| text.as_bytes().get(at).copied();
    let year = |year: u32| (1800..2200).contains(&year);
    if let (Some(b'-' | b'/' | b'.'), Some(true)) = (separator(4), digits(0, 4).map(year))
        && separator(7) == separator(4)
    {
        let (month, day) = (digits(5, 7)?, digits(8, 10)?);
        return ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(10);
    }
    if let (Some(b'.' | b'/' | b'-'), Some(a), Some(b)) = (separator(2), digits(0, 2), digits(3, 5))
        && separator(5) == separator(2)
    {
        let fits = (1..=31).contains(&a) && (1..=31).contains(&b) && a.min(b) <= 12;
        return (fits && year(digits(6, 10)?)).then_some(10);
    }
    let (month, day) = (digits(4, 6)?, digits(6, 8)?);
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
    (fits && year(digits(0, 4)?)).then_some(8)
}

fn is_instant(text: &str) -> bool {
    let Some(rest) = day(text).and_then(|end| text.get(end..)) else {
        return false;
    };
    let clock = rest.trim_start_matches(['T', 't', ' ']);
    let clock = clock.as_bytes();
    rest.len() > clock.len()
        && clock.len() >= 4
        && clock[..2].iter().all(u8::is_ascii_digit)
        && (clock[2] == b':' || clock[2].is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Form {
        let texts = texts.iter().map(|text| (text.to_string(), text.len()));
        form(&Distinct::Texts(texts.collect()))
    }

    #[test]
    fn texts_are_told_by_their_form() {
        for (text, expected) in [
            ("6fa459ea-ee8a-3ca4-894e-db77e160355e", Form::Uuid),
            ("2026-03-01T07:15:00Z", Form::Instant),
            ("01.03.2026 07:15", Form::Instant),
            ("2026-03-01", Form::Day),
            ("03/31/2026", Form::Day),
            ("20260301", Form::Day),
            ("20260301T0715", Form::Instant),
            ("52.5200", Form::Number),
            ("-13.4", Form::Number),
            ("8928308280fffff", Form::H3),
            ("9f86d081884c7d659a2feaa0c55ad015", Form::Hash),
            (
                "the parcel was left with the neighbour on Monday",
                Form::Prose,
            ),
            ("Harz", Form::Other),
            ("MAC000002", Form::Other),
            ("nan", Form::Other),
        ] {
            assert_eq!(of(&[text]), expected, "{text}");
        }
        assert_eq!(of(&[]), Form::Other);
    }

    #[test]
    fn numbers_have_decimal_places() {
        let of = |read: &[f64]| numbers(read, &vec![1; read.len()]).unwrap();
        assert_eq!(of(&[35.8, 139.75]).fine, 0.0);
        assert_eq!(of(&[35.812, -122.39724]).fine, 1.0);
        assert!(of(&[3.0, 1e15]).whole && !of(&[0.5]).whole);
    }
}
