//! Pseudonyms that are the numbers of a count, however they are written, or the times of a clock.
//!
//! A count is recognised by its density: of the numbers in its range at least every second is there. Random values of
//! n pseudonyms from a range of M have that probability at most n·(2n/M)ⁿ⁻¹: none from a large range.

use super::{Distinct, Texts, Values};

/// Fewer numbers in a row are no scheme.
pub const FEWEST: usize = 10;
/// Where the last characters are left out, of which it is not known whether they check anything: fewer values could be
/// dense by chance.
const FEWEST_CHECKED: usize = 20;
/// What is so long is no number of a count.
const LONGEST: usize = 64;

/// The number that each value stands for, in the order of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counted {
    /// Whole numbers at the end of texts that are otherwise alike: of a count or not.
    Plain(Vec<u64>),
    /// A count: in other digits, in letters, inside a text or before a check digit.
    Written(Vec<u64>),
    /// Times of a clock.
    Clock(Vec<u64>),
}

impl Counted {
    pub fn numbers(&self) -> &[u64] {
        match self {
            Self::Plain(numbers) | Self::Written(numbers) | Self::Clock(numbers) => numbers,
        }
    }

    /// Of distinct values. Whole numbers are their own, unless they are a count before a check digit.
    pub fn read(values: &Values) -> Option<Self> {
        match &values.distinct {
            Distinct::Numbers(numbers) => before_check_digits(numbers).map(Self::Written),
            Distinct::Bytes(texts) => Self::of_texts(texts),
        }
    }

    fn of_texts(texts: &Texts) -> Option<Self> {
        let plain = suffixes(texts);
        if plain.as_ref().is_some_and(|numbers| is_dense(numbers)) {
            return plain.map(Self::Plain);
        }
        if let Some(times) = times(texts) {
            return Some(Self::Clock(times));
        }
        let written = (texts.len() >= FEWEST).then(|| written(texts)).flatten();
        written.map(Self::Written).or(plain.map(Self::Plain))
    }
}

/// Whether every second number of a range is there, each once.
pub fn is_dense(numbers: &[u64]) -> bool {
    let (Some(least), Some(most)) = (numbers.iter().min(), numbers.iter().max()) else {
        return false;
    };
    if numbers.len() < FEWEST || most - least >= 2 * numbers.len() as u64 {
        return false;
    }
    let mut seen = vec![false; (most - least) as usize + 1];
    numbers
        .iter()
        .all(|number| !std::mem::replace(&mut seen[(number - least) as usize], true))
}

/// The numbers at the end of texts that are alike but for them: `p9` comes before `p10`.
fn suffixes(texts: &Texts) -> Option<Vec<u64>> {
    let first = texts.get(texts.len().checked_sub(1)?);
    let digits = first
        .iter()
        .rev()
        .take_while(|c| c.is_ascii_digit())
        .count();
    let prefix = &first[..first.len() - digits];
    let number = |at: usize| whole(texts.get(at).strip_prefix(prefix)?);
    (0..texts.len()).map(number).collect()
}

fn whole(digits: &[u8]) -> Option<u64> {
    let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits)
        .ok()
        .filter(|_| plain)?
        .parse()
        .ok()
}

/// A count before one or two check digits: without them every number is another, and they lie close together.
fn before_check_digits(numbers: &[i64]) -> Option<Vec<u64>> {
    if numbers.len() < FEWEST_CHECKED || numbers.first().is_none_or(|least| *least < 0) {
        return None;
    }
    [10, 100].into_iter().find_map(|digits| {
        let without: Vec<u64> = numbers.iter().map(|n| *n as u64 / digits).collect();
        is_dense(&without).then_some(without)
    })
}

/// How the digits of a number are written.
#[derive(Debug, Clone, Copy)]
enum Digits {
    Base(u64),
    /// A to Z; of texts of several lengths Z is followed by AA.
    Letters {
        bijective: bool,
    },
}

impl Digits {
    fn read(self, text: &[u8]) -> Option<u64> {
        if text.is_empty() {
            return None;
        }
        text.iter().try_fold(0u64, |number, c| {
            let digit = char::from(*c).to_digit(36).map(u64::from)?;
            let (base, digit) = match self {
                Self::Base(base) => (base, Some(digit).filter(|digit| *digit < base)?),
                Self::Letters { bijective } => {
                    let letter = digit.checked_sub(10)?;
                    (26, letter + u64::from(bijective))
                }
            };
            number.checked_mul(base)?.checked_add(digit)
        })
    }
}

/// A count in other digits or letters, before a check digit, or inside of texts.
fn written(texts: &Texts) -> Option<Vec<u64>> {
    let all = || (0..texts.len()).map(|at| texts.get(at));
    let first = texts.get(0);
    if all().any(|text| text.len() > LONGEST) {
        return None;
    }
    let same_length = all().all(|text| text.len() == first.len());
    let (mut start, mut end) = (first.len(), first.len());
    for text in all() {
        let alike = |(a, b): &(&u8, &u8)| a == b;
        start = first.iter().zip(text).take_while(alike).count().min(start);
        end = first
            .iter()
            .rev()
            .zip(text.iter().rev())
            .take_while(alike)
            .count()
            .min(end);
    }
    if !same_length {
        // What all numbers of a count begin and end with by chance belongs to them.
        let digit = |c: &u8| c.is_ascii_alphanumeric();
        start -= first[..start].iter().rev().take_while(|c| digit(c)).count();
        let tail = &first[first.len() - end..];
        end -= tail.iter().take_while(|c| digit(c)).count();
    }
    let most = texts.len() as u64 * 2;
    let read = |digits: Digits, dropped: usize| -> Option<Vec<u64>> {
        let mut range = (u64::MAX, 0);
        let mut numbers = Vec::with_capacity(texts.len());
        for text in all() {
            let own = text.get(start..text.len().checked_sub(end + dropped)?)?;
            let number = digits.read(own)?;
            range = (range.0.min(number), range.1.max(number));
            if range.1 - range.0 >= most {
                return None;
            }
            numbers.push(number);
        }
        is_dense(&numbers).then_some(numbers)
    };
    let bijective = !same_length;
    let ways = [
        Digits::Base(10),
        Digits::Base(16),
        Digits::Letters { bijective },
        Digits::Base(36),
    ];
    let dropped = match texts.len() >= FEWEST_CHECKED {
        true => 0..=2,
        false => 0..=0,
    };
    let found = dropped.flat_map(|dropped| ways.map(|digits| (digits, dropped)));
    let found = found.filter_map(|(digits, dropped)| read(digits, dropped));
    found.into_iter().next().or_else(|| inside(texts, most))
}

/// The longest run of digits of each text, where these are a count.
fn inside(texts: &Texts, most: u64) -> Option<Vec<u64>> {
    let mut range = (u64::MAX, 0);
    let mut numbers = Vec::with_capacity(texts.len());
    for at in 0..texts.len() {
        let runs = texts.get(at).split(|c| !c.is_ascii_digit());
        let number = whole(runs.max_by_key(|run| run.len())?)?;
        range = (range.0.min(number), range.1.max(number));
        if range.1 - range.0 >= most {
            return None;
        }
        numbers.push(number);
    }
    is_dense(&numbers).then_some(numbers)
}

/// The times that pseudonyms were made at, in milliseconds since 1970 or finer, where 95 % of them say one: UUIDs of
/// versions 1, 6 and 7, ULIDs and ObjectIds. The others have none.
///
/// Sources: RFC 9562; the ULID specification; the BSON specification, ObjectId.
fn times(texts: &Texts) -> Option<Vec<u64>> {
    if texts.len() < FEWEST {
        return None;
    }
    let mut untimed = 0;
    let mut times = Vec::with_capacity(texts.len());
    for at in 0..texts.len() {
        let time = time(texts.get(at));
        untimed += usize::from(time.is_none());
        if untimed * 20 > texts.len() {
            return None;
        }
        times.push(time.unwrap_or(0));
    }
    Some(times)
}

/// In units of 100 ns since 1970.
fn time(text: &[u8]) -> Option<u64> {
    /// 1990 and 2060: random bits are nearly always elsewhere.
    const PLAUSIBLE: std::ops::Range<u64> = 631_152_000..2_840_140_800;
    /// From 15 October 1582 to 1970.
    const GREGORIAN: u64 = 0x01b2_1dd2_1381_4000;
    const SECOND: u64 = 10_000_000;
    let text = text.trim_ascii();
    let hex = |text: &[u8]| {
        text.iter().try_fold(0u128, |number, c| {
            Some(number << 4 | u128::from(char::from(*c).to_digit(16)?))
        })
    };
    let is_uuid = text.len() == 36 && [8, 13, 18, 23].iter().all(|at| text[*at] == b'-');
    let bare: Vec<u8> = match is_uuid {
        true => text.iter().copied().filter(|c| *c != b'-').collect(),
        false => text.to_vec(),
    };
    let ticks = match bare.len() {
        32 => {
            let bits = hex(&bare)?;
            if bits >> 62 & 0b11 != 0b10 {
                return None;
            }
            let (low, middle, high) = (bits >> 96, bits >> 80 & 0xffff, bits >> 64 & 0xfff);
            match bits >> 76 & 0xf {
                1 => ((high << 48 | middle << 32 | low) as u64).checked_sub(GREGORIAN)?,
                6 => ((low << 28 | middle << 12 | high) as u64).checked_sub(GREGORIAN)?,
                7 => ((bits >> 80) as u64).checked_mul(10_000)?,
                _ => return None,
            }
        }
        26 => {
            const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
            let digit = |c: &u8| {
                let place = CROCKFORD
                    .iter()
                    .position(|known| *known == c.to_ascii_uppercase());
                place.map(|place| place as u64)
            };
            let digits: Vec<u64> = bare.iter().map(digit).collect::<Option<_>>()?;
            let time = digits[..10].iter().fold(0, |time, digit| time << 5 | digit);
            time.checked_mul(10_000)?
        }
        24 => (hex(&bare)? >> 64) as u64 * SECOND,
        _ => return None,
    };
    PLAUSIBLE.contains(&(ticks / SECOND)).then_some(ticks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Draws;

    fn values(texts: &[String]) -> Values {
        let mut texts: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        texts.sort();
        texts.dedup();
        Values {
            null: false,
            distinct: Distinct::Bytes(Texts::of(&texts)),
        }
    }

    fn luhn(number: u64) -> u64 {
        let digit = |(at, c): (usize, char)| {
            let digit = u64::from(c.to_digit(10).unwrap());
            match at % 2 {
                0 => digit * 2 / 10 + digit * 2 % 10,
                _ => digit,
            }
        };
        let sum: u64 = number
            .to_string()
            .chars()
            .rev()
            .enumerate()
            .map(digit)
            .sum();
        (10 - sum % 10) % 10
    }

    fn letters(mut number: u64, width: usize) -> String {
        let mut text = Vec::new();
        while text.len() < width {
            text.push(b'a' + (number % 26) as u8);
            number /= 26;
        }
        text.reverse();
        String::from_utf8(text).unwrap()
    }

    fn columns_of_a_sheet(mut number: u64) -> String {
        let mut text = Vec::new();
        while number > 0 {
            text.push(b'A' + ((number - 1) % 26) as u8);
            number = (number - 1) / 26;
        }
        text.reverse();
        String::from_utf8(text).unwrap()
    }

    fn base36(mut number: u64) -> String {
        let mut text = Vec::new();
        for _ in 0..6 {
            text.push(b"0123456789abcdefghijklmnopqrstuvwxyz"[(number % 36) as usize]);
            number /= 36;
        }
        text.reverse();
        String::from_utf8(text).unwrap()
    }

    /// The numbers are read in the order in which they were counted.
    #[test]
    fn counts_are_read_however_they_are_written() {
        let ways: [(&str, &dyn Fn(u64) -> String); 13] = [
            ("decimal", &|n| format!("p{n}")),
            ("hexadecimal", &|n| format!("{n:x}")),
            ("eight digits", &|n| format!("{n:08x}")),
            ("upper case", &|n| format!("ID-{n:06X}")),
            ("letters", &|n| letters(n, 5)),
            ("columns of a sheet", &columns_of_a_sheet),
            ("base 36", &base36),
            ("inside", &|n| format!("user-{n:06}-x")),
            ("inside, and what differs", &|n| {
                format!("u{}-{n:06}-{}", n % 3, n * 7 % 5)
            }),
            ("Luhn", &|n| format!("{n:07}{}", luhn(n))),
            ("mod 11", &|n| {
                format!("{n:07}{}", ["X", "3", "5", "7"][n as usize % 4])
            }),
            ("mod 97", &|n| format!("{n:07}{:02}", 98 - n * 100 % 97)),
            ("a letter behind", &|n| {
                format!("{n:07}{}", letters(n * 7 % 23, 1))
            }),
        ];
        for (name, write) in ways {
            for (from, count) in [(1, 20), (40_001, 500)] {
                let texts: Vec<String> = (from..from + count).map(write).collect();
                let values = values(&texts);
                let read = Counted::read(&values).unwrap_or_else(|| panic!("{name}"));
                assert!(is_dense(read.numbers()), "{name} {count}");
                let Distinct::Bytes(sorted) = &values.distinct else {
                    unreachable!()
                };
                let mut by_number: Vec<(u64, &[u8])> = read
                    .numbers()
                    .iter()
                    .copied()
                    .zip((0..sorted.len()).map(|at| sorted.get(at)))
                    .collect();
                by_number.sort();
                let counted: Vec<&[u8]> = by_number.into_iter().map(|(_, text)| text).collect();
                let expected: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
                assert_eq!(counted, expected, "{name} {count}");
            }
        }
        let numbers: Vec<i64> = (5_000..5_300).map(|n| (n * 10 + luhn(n)) as i64).collect();
        let checked = Values {
            null: false,
            distinct: Distinct::Numbers(numbers),
        };
        assert!(matches!(Counted::read(&checked), Some(Counted::Written(_))));
    }

    /// A second apart: their times follow each other though they are sorted otherwise.
    #[test]
    fn clocks_are_read() {
        let start = 1_700_000_000_000u64;
        let v1 = |n: u64| {
            let ticks = (start + n * 1_000) * 10_000 + 0x01b2_1dd2_1381_4000;
            let (low, middle, high) = (ticks & 0xffff_ffff, ticks >> 32 & 0xffff, ticks >> 48);
            format!("{low:08x}-{middle:04x}-1{high:03x}-a123-0242ac120002")
        };
        let v7 = |n: u64| {
            let time = start + n * 1_000;
            format!(
                "{:08x}-{:04x}-7abc-b{:03x}-0242ac120002",
                time >> 16,
                time & 0xffff,
                n * 7 % 4_096
            )
        };
        let ulid = |n: u64| {
            let mut time = start + n * 1_000;
            let mut text = vec![b'Z'; 26];
            for at in (0..10).rev() {
                text[at] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[(time % 32) as usize];
                time /= 32;
            }
            String::from_utf8(text).unwrap()
        };
        let object = |n: u64| format!("{:08x}5f3e1a2b3c4d5e6f", start / 1_000 + n);
        let ways: [&dyn Fn(u64) -> String; 4] = [&v1, &v7, &ulid, &object];
        for write in ways {
            let texts: Vec<String> = (0..700).map(write).collect();
            let values = values(&texts);
            let Distinct::Bytes(sorted) = &values.distinct else {
                unreachable!()
            };
            let Some(Counted::Clock(times)) = Counted::read(&values) else {
                // All ObjectIds of one machine within a short time are a count.
                assert!(
                    Counted::read(&values).is_some_and(|read| is_dense(read.numbers())),
                    "{}",
                    texts[0]
                );
                continue;
            };
            let mut by_time: Vec<(u64, &[u8])> = times
                .into_iter()
                .zip((0..sorted.len()).map(|at| sorted.get(at)))
                .collect();
            by_time.sort();
            let found: Vec<&[u8]> = by_time.into_iter().map(|(_, text)| text).collect();
            let expected: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
            assert_eq!(found, expected);
        }
    }

    /// Random pseudonyms are no count and of no clock, in 3,000 columns.
    #[test]
    fn random_pseudonyms_are_not_counted() {
        const FORMS: [(&[u8], usize); 10] = [
            (b"0123456789abcdef", 8),
            (b"0123456789abcdef", 16),
            (b"0123456789abcdef", 24),
            (b"0123456789ABCDEF", 32),
            (b"0123456789abcdef", 64),
            (b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
            (b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", 26),
            (
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                22,
            ),
            (b"0123456789", 12),
            (b"abcdefghijklmnopqrstuvwxyz", 10),
        ];
        for trial in 0..1_000u64 {
            let draws = Draws::new(trial, "counted", "random");
            let mut draw = draws.trial(0);
            for count in [20, 100] {
                let (alphabet, width) = FORMS[trial as usize % FORMS.len()];
                let one = |_| -> String {
                    (0..width)
                        .map(|_| char::from(alphabet[draw.below(alphabet.len() as u64) as usize]))
                        .collect()
                };
                let texts: Vec<String> = (0..count).map(one).collect();
                let read = Counted::read(&values(&texts));
                let is_count = read.is_some_and(|read| match read {
                    Counted::Plain(numbers) => is_dense(&numbers),
                    Counted::Written(_) | Counted::Clock(_) => true,
                });
                assert!(!is_count, "{trial} {count}");
            }
            let uuid = |_| {
                let (high, low) = (draw.below(u64::MAX), draw.below(u64::MAX));
                let high = high & !0xf000 | 0x4000;
                let low = low >> 2 | 1 << 63;
                let hex = format!("{high:016x}{low:016x}");
                format!(
                    "{}-{}-{}-{}-{}",
                    &hex[..8],
                    &hex[8..12],
                    &hex[12..16],
                    &hex[16..20],
                    &hex[20..]
                )
            };
            let texts: Vec<String> = (0..20).map(uuid).collect();
            assert_eq!(Counted::read(&values(&texts)), None);
        }
    }
}
