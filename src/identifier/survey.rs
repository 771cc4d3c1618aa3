//! What the values of a column say together: how many have a form, against how many would by chance; whether its days
//! are days of birth; whether it is free text.

use super::forms::{Basis, Form, look};
use super::{Kind, Sightings};
use crate::stats::tail;

/// False alarms that are allowed for in a release of any number of columns, where chance alone is at work.
pub const FALSE_ALARMS: f64 = 0.001;

const FORMS: usize = Form::ALL.len();

/// Counts over the distinct values of a column, in any order.
#[derive(Debug, Clone)]
pub struct Survey {
    texts: u64,
    shaped: [u64; FORMS],
    seen: [u64; FORMS],
    /// Texts of several words.
    prose: u64,
    /// Texts that are days, whole; and those that say less: a year, a decade, a month.
    dated: u64,
    coarse: u64,
    /// Days with a time that is no full hour.
    timed: u64,
    days: Days,
    /// The least and the greatest number of ten digits and more.
    least: u64,
    most: u64,
}

impl Default for Survey {
    fn default() -> Self {
        Self {
            texts: 0,
            shaped: [0; FORMS],
            seen: [0; FORMS],
            prose: 0,
            dated: 0,
            coarse: 0,
            timed: 0,
            days: Days::default(),
            least: u64::MAX,
            most: 0,
        }
    }
}

/// How a column is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    Text,
    /// Whole numbers, and others of which those with a fraction are none.
    Number,
    /// Days alone: a time of the clock is no number.
    Day,
}

/// A form that more values have than chance explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    pub form: Form,
    pub seen: u64,
    pub shaped: u64,
}

impl Survey {
    /// Takes a value that no other is equal to.
    pub fn add(&mut self, text: &str, reading: Reading) {
        self.texts += 1;
        match reading {
            Reading::Number => {
                let text = text.strip_suffix(".0").unwrap_or(text);
                self.midnight(text);
                if text.bytes().all(|c| c.is_ascii_digit()) {
                    self.number(text);
                    self.count(look(text));
                }
            }
            Reading::Day => self.day(text),
            Reading::Text => {
                let text = text.trim();
                if text.bytes().all(|c| c.is_ascii_digit()) {
                    self.number(text);
                }
                self.day(text);
                self.prose += u64::from(is_prose(text));
                self.count(look(text));
            }
        }
    }

    fn count(&mut self, sightings: Sightings) {
        for (form, seen) in sightings.iter() {
            self.shaped[form as usize] += 1;
            self.seen[form as usize] += u64::from(seen);
        }
    }

    fn number(&mut self, text: &str) {
        if text.len() >= 10
            && let Ok(number) = text.parse::<u64>()
        {
            self.least = self.least.min(number);
            self.most = self.most.max(number);
        }
        self.day(text);
    }

    /// Seconds or thousandths of them since 1970 that are the beginning of a day.
    fn midnight(&mut self, text: &str) {
        const DAY: i64 = 86_400;
        let Ok(number) = text.parse::<i64>() else {
            return;
        };
        let whole = |unit: i64| number != 0 && number % (DAY * unit) == 0;
        let day = match (whole(1_000), whole(1)) {
            (true, _) if number.abs() >= 100_000 * DAY => number / DAY / 1_000,
            (_, true) => number / DAY,
            _ => return,
        };
        if (-25_567..47_483).contains(&day) && Dated::read(text).is_none() {
            self.dated += 1;
            self.days.add(day as i32);
        }
    }

    fn day(&mut self, text: &str) {
        match Dated::read(text) {
            Some(Dated::Day { day, timed }) => {
                self.dated += 1;
                self.timed += u64::from(timed);
                self.days.add(day);
            }
            Some(Dated::Coarse) => self.coarse += 1,
            None => {}
        }
    }

    /// Those of both.
    pub fn merge(mut self, other: Self) -> Self {
        self.texts += other.texts;
        for at in 0..FORMS {
            self.shaped[at] += other.shaped[at];
            self.seen[at] += other.seen[at];
        }
        self.prose += other.prose;
        self.dated += other.dated;
        self.coarse += other.coarse;
        self.timed += other.timed;
        self.days.merge(&other.days);
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
        self
    }

    /// Distinct values that were looked at.
    pub fn texts(&self) -> u64 {
        self.texts
    }

    /// How many values have the shape of a form, and how many pass.
    pub fn of(&self, form: Form) -> Match {
        Match {
            form,
            seen: self.seen[form as usize],
            shaped: self.shaped[form as usize],
        }
    }

    /// Texts of several words or of great length.
    pub fn prose(&self) -> u64 {
        self.prose
    }

    /// The forms that more values have than chance explains, in a release of so many columns. A UUID is told by its
    /// form alone: whether it is somebody's depends on whether it comes again.
    pub fn matches(&self, columns: usize) -> Vec<Match> {
        let level = FALSE_ALARMS / (FORMS * columns.max(1)) as f64;
        let forms = Form::ALL.into_iter().map(|form| self.of(form));
        forms.filter(|found| self.is_more(found, level)).collect()
    }

    fn is_more(&self, found: &Match, level: f64) -> bool {
        let (seen, shaped) = (found.seen as f64, found.shaped as f64);
        let beyond = |chance: f64| {
            seen > 1.1 * chance * shaped && tail(found.seen, found.shaped, chance) < level
        };
        match found.form.basis() {
            Basis::Certain => found.seen > 0,
            Basis::Chance(chance) => beyond(chance),
            // Numbers that were counted up all begin alike.
            Basis::Beginning(chance) => {
                let room = self.most.saturating_sub(self.least) as f64;
                beyond(chance) && (self.most < self.least || room >= 50.0 * seen)
            }
        }
    }

    /// Whether the days are days of birth: nearly all values are days, many different ones over decades of people now
    /// living, on any day of the month, and on weekends as often as births are. Two decades are enough where they end
    /// before children were born who are at school now; over twice as many hardly anything else goes on.
    pub fn is_of_births(&self) -> bool {
        const DECADES: i32 = 20 * 365;
        let days = &self.days;
        if self.texts < 20
            || self.dated * 10 < self.texts * 9
            || self.timed * 10 > self.dated
            || days.count() < 20
        {
            return false;
        }
        let (early, late) = (days.quantile(0.05), days.quantile(0.95));
        let (first, last) = (Days::of(1905, 1, 1), Days::of(2016, 1, 1));
        let weekends = days.share(|day| matches!((day + 4).rem_euclid(7), 0 | 6));
        let spread = late - early;
        (spread >= 2 * DECADES || (spread >= DECADES && late <= last))
            && early >= first
            && days.days_of_month() >= 10
            && weekends >= 0.15
    }

    /// Whether no value says a day: years, decades, months; or days that stand for one.
    pub fn is_coarse(&self) -> bool {
        let rounded = self.dated >= 3 && self.days.days_of_month() <= 1;
        self.texts > 0 && (self.dated == 0 || rounded) && self.dated + self.coarse == self.texts
    }
}

/// Whether a text is written in words: at least four of them and thirty letters, or so long that nobody knows what it
/// holds.
fn is_prose(text: &str) -> bool {
    if text.len() >= 200 {
        return true;
    }
    if text.len() < 30 {
        return false;
    }
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).take(2).count() == 2;
    let words = text.split_whitespace().filter(is_word).take(4).count();
    // Chinese, Japanese and Thai write no blanks.
    let unparted = || {
        text.chars()
            .filter(|c| c.is_alphabetic() && (*c as u32) >= 0xe00)
            .take(15)
            .count()
            == 15
    };
    words == 4 || unparted()
}

/// What a text says of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dated {
    /// The day, counted from 1970, and whether a time that is no full hour stands beside it.
    Day {
        day: i32,
        timed: bool,
    },
    Coarse,
}

impl Dated {
    fn read(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if !(2..=35).contains(&bytes.len()) {
            return None;
        }
        if let Some(day) = in_words(text) {
            return Some(day);
        }
        if !text.is_ascii() {
            return None;
        }
        let number = |from: usize, to: usize| -> Option<i32> {
            let digits = bytes.get(from..to)?;
            let all = digits.iter().all(u8::is_ascii_digit);
            all.then(|| digits.iter().fold(0, |n, c| n * 10 + i32::from(c - b'0')))
        };
        let is_year = |year: i32| (1850..=2100).contains(&year);
        let mark = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
        let separator = |c: u8| matches!(c, b'-' | b'/' | b'.');
        let whole = |year: i32, month: i32, day: i32, end: usize| -> Option<Self> {
            let (month, day) = if month > 12 {
                (day, month)
            } else {
                (month, day)
            };
            if !is_year(year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
                return None;
            }
            let rest = &bytes[end..];
            let clock = rest
                .iter()
                .skip_while(|c| !c.is_ascii_digit())
                .copied()
                .collect::<Vec<u8>>();
            // Midnight in another zone is a full hour as well.
            let timed =
                clock.len() >= 4 && clock[2..].iter().take(6).any(|c| (b'1'..=b'9').contains(c));
            (rest.is_empty() || matches!(rest[0], b'T' | b' ')).then(|| Self::Day {
                day: Days::of(year, month, day),
                timed,
            })
        };
        if let Some(year) = number(0, 4) {
            if separator(mark(4)) && mark(7) == mark(4) && bytes.len() >= 10 {
                return whole(year, number(5, 7)?, number(8, 10)?, 10);
            }
            if bytes.len() == 8 && number(0, 8).is_some() {
                return whole(year, number(4, 6)?, number(6, 8)?, 8);
            }
            let month = bytes.len() == 7
                && separator(mark(4))
                && number(5, 7).is_some_and(|month| (1..=12).contains(&month));
            let years = bytes.len() == 9 && number(5, 9).is_some();
            let decade = bytes.len() <= 6
                && bytes[4..]
                    .iter()
                    .all(|c| matches!(c, b's' | b'e' | b'r' | b'\'' | b'+'));
            return (is_year(year) && (bytes.len() == 4 || month || years || decade))
                .then_some(Self::Coarse);
        }
        // 198x, 80s, 80-89, 1.
        let is_decade = bytes.len() == 4
            && number(0, 3).is_some_and(|n| (185..=210).contains(&n))
            && matches!(bytes[3], b'x' | b'X' | b'*' | b'?');
        let is_range = bytes.len() <= 7
            && bytes[0].is_ascii_digit()
            && bytes
                .iter()
                .all(|c| c.is_ascii_digit() || matches!(c, b'-' | b'+' | b's' | b'<' | b'>'));
        if is_decade || is_range || (bytes.len() <= 3 && number(0, bytes.len()).is_some()) {
            return Some(Self::Coarse);
        }
        // 05.11.1985, 5.11.1985, 5/11/1985
        let mut at = 0;
        let mut parts = [0; 2];
        for part in &mut parts {
            let end = at
                + bytes[at..]
                    .iter()
                    .take_while(|c| c.is_ascii_digit())
                    .count();
            if !(1..=2).contains(&(end - at)) || !separator(mark(end)) {
                return None;
            }
            *part = number(at, end)?;
            at = end + 1;
        }
        // 05.11.85: of a year in two digits all parts have two.
        if bytes.len() == 8 && at == 6 {
            let year = number(6, 8)?;
            let century = if year > 26 { 1900 } else { 2000 };
            return whole(century + year, parts[1], parts[0], 8);
        }
        whole(number(at, at + 4)?, parts[1], parts[0], at + 4)
    }
}

/// The first three letters of the months in English, German, French, Spanish, Italian and Dutch. Other words begin so,
/// too: a column of days is told by nearly all of its values.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen"],
    &["feb", "fév", "fev"],
    &["mar", "mär", "mrz", "maa", "mrt"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mag", "mei"],
    &["jun", "jui", "giu"],
    &["jul", "lug"],
    &["aug", "aoû", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt", "ott"],
    &["nov"],
    &["dec", "dez", "déc", "dic"],
];

/// `Jul 22, 1957`, `22. Juli 1957`, `22-JUL-1957`.
fn in_words(text: &str) -> Option<Dated> {
    let mut parts = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty());
    let three = [parts.next()?, parts.next()?, parts.next()?];
    let (mut day, mut month, mut year) = (None, None, None);
    for part in three {
        match part.parse::<i32>() {
            Ok(number) if part.len() <= 2 => day = Some(number),
            Ok(number) if part.len() == 4 => year = Some(number),
            Ok(_) => return None,
            Err(_) => {
                let lower = part.to_lowercase();
                // `juin` and `juillet` begin alike.
                let is_july = lower.starts_with("juil");
                let known = MONTHS
                    .iter()
                    .position(|names| names.iter().any(|name| lower.starts_with(name)))?;
                month = Some(if is_july { 7 } else { known as i32 + 1 });
            }
        }
    }
    let (day, month, year) = (day?, month?, year?);
    let is_day = (1..=31).contains(&day) && (1850..=2100).contains(&year);
    let timed = parts.any(|part| part.bytes().any(|c| (b'1'..=b'9').contains(&c)));
    is_day.then(|| Dated::Day {
        day: Days::of(year, month, day),
        timed,
    })
}

/// A set of days from 1850 to 2100.
#[derive(Debug, Clone, Default)]
struct Days {
    /// Empty as long as there are none.
    bits: Vec<u64>,
}

const FIRST: i32 = -43_829;
const SPAN: usize = 92_500;

impl Days {
    /// Days since 1970-01-01 of the Gregorian calendar.
    fn of(year: i32, month: i32, day: i32) -> i32 {
        // Source: H. Hinnant: chrono-compatible low-level date algorithms, days_from_civil.
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    fn add(&mut self, day: i32) {
        let Some(place) = usize::try_from(day - FIRST)
            .ok()
            .filter(|place| *place < SPAN)
        else {
            return;
        };
        if self.bits.is_empty() {
            self.bits = vec![0; SPAN.div_ceil(64)];
        }
        self.bits[place / 64] |= 1 << (place % 64);
    }

    fn merge(&mut self, other: &Self) {
        if self.bits.is_empty() {
            self.bits.clone_from(&other.bits);
            return;
        }
        for (mine, theirs) in self.bits.iter_mut().zip(&other.bits) {
            *mine |= theirs;
        }
    }

    fn iter(&self) -> impl Iterator<Item = i32> {
        let words = self.bits.iter().enumerate();
        words.flat_map(|(at, word)| {
            let bits = (0..64).filter(move |bit| word >> bit & 1 == 1);
            bits.map(move |bit| FIRST + (at * 64 + bit) as i32)
        })
    }

    fn count(&self) -> usize {
        self.bits
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    fn quantile(&self, share: f64) -> i32 {
        let place = (share * (self.count().saturating_sub(1)) as f64) as usize;
        self.iter().nth(place).unwrap_or(0)
    }

    fn share(&self, is: impl Fn(i32) -> bool) -> f64 {
        self.iter().filter(|day| is(*day)).count() as f64 / self.count().max(1) as f64
    }

    /// How many different days of the month there are.
    fn days_of_month(&self) -> u32 {
        let mut seen = 0u32;
        for day in self.iter() {
            // The day of the month, by the same algorithm the other way.
            let shifted = day + 719_468;
            let of_era = shifted.rem_euclid(146_097);
            let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
            let of_year = of_era - (365 * year + year / 4 - year / 100);
            let month = (5 * of_year + 2) / 153;
            seen |= 1 << (of_year - (153 * month + 2) / 5);
        }
        seen.count_ones()
    }
}

/// The kinds that decide about a column, each with the form that most values have.
pub fn kinds(matches: &[Match]) -> Vec<(Kind, Match)> {
    let mut kinds: Vec<(Kind, Match)> = Vec::new();
    for found in matches {
        let kind = found.form.kind();
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, best)) if best.seen >= found.seen => {}
            Some((_, best)) => *best = *found,
            None => kinds.push((kind, *found)),
        }
    }
    kinds
}

#[cfg(test)]
mod days {
    use super::{Dated, Days, Reading, Survey};

    #[test]
    fn days_are_read_however_they_are_written() {
        let wanted = Days::of(1957, 7, 22);
        for text in [
            "1957-07-22",
            "22.07.1957",
            "7/22/1957",
            "19570722",
            "Jul 22, 1957",
            "22. Juli 1957",
            "22-JUL-1957",
            "22 juillet 1957",
            "22.07.57",
        ] {
            let day = match Dated::read(text) {
                Some(Dated::Day { day, timed: false }) => day,
                _ => panic!("{text}"),
            };
            assert_eq!(day, wanted, "{text}");
        }
        for text in [
            "1.30.12",
            "table 12 1957",
            "12 Main Street",
            "2.4.57",
            "22 07 57",
        ] {
            assert!(
                !matches!(Dated::read(text), Some(Dated::Day { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn days_since_1970_in_seconds_are_days() {
        let mut survey = Survey::default();
        for text in [
            "-392688000",
            "-392688000000",
            "665366400",
            "0",
            "86401",
            "12",
        ] {
            survey.add(text, Reading::Number);
        }
        assert_eq!((survey.dated, survey.days.count()), (3, 2));
    }
}

#[cfg(test)]
mod power {
    use super::super::forms::{Basis, Form};
    use super::{FALSE_ALARMS, FORMS};
    use crate::stats::tail;

    /// How many values of a form it takes, of which a share passes, in a table of 20 columns.
    fn needed(form: Form, share: f64) -> u64 {
        let level = FALSE_ALARMS / (FORMS * 20) as f64;
        let (Basis::Chance(chance) | Basis::Beginning(chance)) = form.basis() else {
            return 1;
        };
        let is_found = |n: &u64| tail((share * *n as f64).round() as u64, *n, chance) < level;
        // From there on, whatever rounding does.
        (1..1_000).rev().take_while(is_found).last().unwrap()
    }

    #[test]
    fn as_few_values_are_found_as_the_methodology_says() {
        assert_eq!(needed(Form::Email, 1.0), 1);
        assert_eq!(needed(Form::PhoneNational, 1.0), 7);
        assert_eq!(needed(Form::GermanHealth, 1.0), 7);
        assert_eq!(needed(Form::FullName, 0.9), 7);
        assert_eq!(needed(Form::GivenName, 0.75), 25);
        assert_eq!(needed(Form::PlateGerman, 1.0), 54);
    }
}
