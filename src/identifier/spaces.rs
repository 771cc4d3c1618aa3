//! Spaces of identifiers that are small enough to be tried one by one, and the usual spellings of each.

use std::sync::Arc;

use jiff::civil::Date;

/// A set of identifiers, numbered.
#[derive(Debug, Clone, PartialEq)]
pub enum Space {
    /// Days from 1900 to 2029.
    BirthDates,
    /// German postcodes: five digits.
    Postcodes,
    /// German mobile numbers of the blocks (0)16x and (0)17x with seven digits.
    MobileShort,
    /// Those of the blocks (0)15x with eight digits, and of (0)160, (0)176, (0)178 with eight.
    MobileLong,
    /// German SIM card numbers: 262, an operator in use, ten digits.
    Imsi,
    /// Device numbers of these type allocation codes: six digits, with check digit or without.
    Imei(Arc<Vec<u32>>),
    /// The lines of a list.
    List(Arc<Vec<String>>),
}

/// Source: Bundesnetzagentur, Rufnummern für Mobilfunk (blocks in use).
const SHORT_BLOCKS: [u32; 13] = [
    160, 162, 163, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179,
];
const LONG_BLOCKS: [u32; 13] = [
    150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 176, 178,
];
/// Source: Bundesnetzagentur, International Mobile Subscriber Identities (network codes in use).
const OPERATORS: [u32; 14] = [1, 2, 3, 6, 7, 8, 9, 11, 12, 15, 20, 21, 22, 23];

const FIRST_DAY: Date = jiff::civil::date(1900, 1, 1);
const DAYS: u64 = 47_482;

impl Space {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::BirthDates => "birth-dates",
            Self::Postcodes => "postcodes",
            Self::MobileShort => "mobile-numbers",
            Self::MobileLong => "mobile-numbers-long",
            Self::Imsi => "imsi",
            Self::Imei(_) => "imei",
            Self::List(_) => "list",
        }
    }

    /// What is in it, in words.
    pub fn title(&self) -> &'static str {
        match self {
            Self::BirthDates => "dates of birth",
            Self::Postcodes => "postcodes",
            Self::MobileShort => "German mobile numbers (016x, 017x, seven digits)",
            Self::MobileLong => "German mobile numbers (015x and others, eight digits)",
            Self::Imsi => "SIM card numbers of German operators",
            Self::Imei(_) => "device numbers of the types given",
            Self::List(_) => "entries of the list given",
        }
    }

    /// How many identifiers there are, each in any spelling.
    pub fn size(&self) -> u64 {
        match self {
            Self::BirthDates => DAYS,
            Self::Postcodes => 100_000,
            Self::MobileShort => SHORT_BLOCKS.len() as u64 * 10_000_000,
            Self::MobileLong => LONG_BLOCKS.len() as u64 * 100_000_000,
            Self::Imsi => OPERATORS.len() as u64 * 10_000_000_000,
            Self::Imei(types) => types.len() as u64 * 1_000_000,
            Self::List(lines) => lines.len() as u64,
        }
    }

    /// The spellings, the most usual first, by an example.
    pub fn spellings(&self) -> &'static [&'static str] {
        match self {
            Self::BirthDates => &[
                "1980-12-31",
                "31.12.1980",
                "19801231",
                "31121980",
                "31/12/1980",
                "12/31/1980",
                "31.12.80",
                "1980-12-31 00:00:00",
            ],
            Self::Postcodes => &["90402", "D-90402", "DE-90402"],
            Self::MobileShort | Self::MobileLong => &[
                "+491701234567",
                "491701234567",
                "01701234567",
                "00491701234567",
                "1701234567",
                "+49 170 1234567",
                "0170 1234567",
                "0170/1234567",
                "0170-1234567",
            ],
            Self::Imsi => &["262011234567890"],
            Self::Imei(_) => &["352099001761481", "35209900176148"],
            Self::List(_) => &["as it is", "in lower case", "in upper case"],
        }
    }

    /// Writes the identifier of this number in a spelling.
    ///
    /// # Panics
    /// There are not so many identifiers or spellings.
    pub fn write(&self, number: u64, spelling: usize, text: &mut Vec<u8>) {
        text.clear();
        match self {
            Self::BirthDates => birth_date(number, spelling, text),
            Self::Postcodes => {
                text.extend([&b""[..], b"D-", b"DE-"][spelling]);
                digits(number, 5, text);
            }
            Self::MobileShort => {
                let block = SHORT_BLOCKS[(number / 10_000_000) as usize];
                mobile(block, number % 10_000_000, 7, spelling, text);
            }
            Self::MobileLong => {
                let block = LONG_BLOCKS[(number / 100_000_000) as usize];
                mobile(block, number % 100_000_000, 8, spelling, text);
            }
            Self::Imsi => {
                let operator = OPERATORS[(number / 10_000_000_000) as usize];
                text.extend(b"262");
                digits(operator.into(), 2, text);
                digits(number % 10_000_000_000, 10, text);
            }
            Self::Imei(types) => {
                digits(types[(number / 1_000_000) as usize].into(), 8, text);
                digits(number % 1_000_000, 6, text);
                if spelling == 0 {
                    text.push(check_digit(text));
                }
            }
            Self::List(lines) => {
                text.extend(lines[number as usize].as_bytes());
                match spelling {
                    0 => {}
                    1 => *text = lines[number as usize].to_lowercase().into_bytes(),
                    _ => *text = lines[number as usize].to_uppercase().into_bytes(),
                }
            }
        }
    }
}

/// `width` digits of a number, with zeros before it.
fn digits(mut number: u64, width: usize, text: &mut Vec<u8>) {
    let start = text.len();
    text.resize(start + width, b'0');
    for digit in text[start..].iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

fn mobile(block: u32, number: u64, width: usize, spelling: usize, text: &mut Vec<u8>) {
    const WRITTEN: [(&[u8], &[u8]); 9] = [
        (b"+49", b""),
        (b"49", b""),
        (b"0", b""),
        (b"0049", b""),
        (b"", b""),
        (b"+49 ", b" "),
        (b"0", b" "),
        (b"0", b"/"),
        (b"0", b"-"),
    ];
    let (before, between) = WRITTEN[spelling];
    text.extend(before);
    digits(block.into(), 3, text);
    text.extend(between);
    digits(number, width, text);
}

fn birth_date(number: u64, spelling: usize, text: &mut Vec<u8>) {
    let day = jiff::Span::new().days(number as i64);
    let date = FIRST_DAY.checked_add(day).expect("the days end in 2029");
    let (year, month, day) = (date.year() as u64, date.month() as u64, date.day() as u64);
    let parts: &[(u64, usize, &[u8])] = match spelling {
        0 | 7 => &[(year, 4, b"-"), (month, 2, b"-"), (day, 2, b"")],
        1 => &[(day, 2, b"."), (month, 2, b"."), (year, 4, b"")],
        2 => &[(year, 4, b""), (month, 2, b""), (day, 2, b"")],
        3 => &[(day, 2, b""), (month, 2, b""), (year, 4, b"")],
        4 => &[(day, 2, b"/"), (month, 2, b"/"), (year, 4, b"")],
        5 => &[(month, 2, b"/"), (day, 2, b"/"), (year, 4, b"")],
        _ => &[(day, 2, b"."), (month, 2, b"."), (year % 100, 2, b"")],
    };
    for (number, width, after) in parts {
        digits(*number, *width, text);
        text.extend(*after);
    }
    if spelling == 7 {
        text.extend(b" 00:00:00");
    }
}

/// Of fourteen digits, by Luhn (3GPP TS 23.003, annex B).
fn check_digit(text: &[u8]) -> u8 {
    let sum: u32 = text
        .iter()
        .enumerate()
        .map(|(at, c)| {
            let digit = u32::from(c - b'0');
            match at % 2 {
                1 => digit * 2 / 10 + digit * 2 % 10,
                _ => digit,
            }
        })
        .sum();
    b'0' + ((10 - sum % 10) % 10) as u8
}

/// The numbers below a bound in a pseudorandom order: a Feistel network of four rounds over the least even number of
/// bits that holds them, walked on while it leads beyond the bound.
///
/// Source: J. Black, P. Rogaway: Ciphers with arbitrary finite domains. CT-RSA 2002 (method 2, and 3 for the walk).
#[derive(Debug, Clone, Copy)]
pub struct Shuffled {
    bound: u64,
    half: u32,
    keys: [u64; 4],
}

impl Shuffled {
    pub fn new(bound: u64, keys: [u64; 4]) -> Self {
        let bits = 64 - bound.saturating_sub(1).leading_zeros();
        Self {
            bound,
            half: bits.div_ceil(2).max(1),
            keys,
        }
    }

    /// The number at a place; every number below the bound is at one.
    pub fn at(&self, place: u64) -> u64 {
        let mut number = place;
        loop {
            number = self.permute(number);
            if number < self.bound {
                return number;
            }
        }
    }

    fn permute(&self, number: u64) -> u64 {
        let mask = (1u64 << self.half) - 1;
        let (mut left, mut right) = (number >> self.half, number & mask);
        for key in self.keys {
            let mixed = (right ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            (left, right) = (right, left ^ (mixed >> 32 & mask));
        }
        left << self.half | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::{self, Kind};
    use std::collections::BTreeSet;

    fn written(space: &Space, number: u64, spelling: usize) -> String {
        let mut text = Vec::new();
        space.write(number, spelling, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn spellings_are_as_their_examples() {
        let list = Arc::new(vec!["Anna@Example.org".to_owned()]);
        let spaces = [
            (Space::BirthDates, 29_584),
            (Space::Postcodes, 90_402),
            (Space::MobileShort, 31_234_567),
            (Space::Imsi, 1_234_567_890),
            (Space::Imei(Arc::new(vec![35_209_900])), 176_148),
        ];
        for (space, number) in spaces {
            let all = (0..space.spellings().len()).map(|at| written(&space, number, at));
            assert_eq!(
                all.collect::<Vec<_>>(),
                space.spellings(),
                "{}",
                space.as_str()
            );
        }
        assert_eq!(
            written(&Space::MobileLong, 112_345_678, 0),
            "+4915112345678"
        );
        let list = Space::List(list);
        let all: Vec<_> = (0..3).map(|at| written(&list, 0, at)).collect();
        assert_eq!(
            all,
            ["Anna@Example.org", "anna@example.org", "ANNA@EXAMPLE.ORG"]
        );
    }

    #[test]
    fn the_last_of_each_is_there() {
        for (space, last) in [
            (Space::BirthDates, "2029-12-31"),
            (Space::Postcodes, "99999"),
            (Space::MobileShort, "+491799999999"),
            (Space::MobileLong, "+4917899999999"),
            (Space::Imsi, "262239999999999"),
        ] {
            assert_eq!(written(&space, space.size() - 1, 0), last);
        }
    }

    #[test]
    fn they_are_what_they_are_called() {
        let imei = Space::Imei(Arc::new(vec![35_209_900, 86_000_001]));
        for (space, kind) in [
            (Space::MobileShort, Kind::Phone),
            (Space::MobileLong, Kind::Phone),
            (imei, Kind::Imei),
        ] {
            for step in 0..500 {
                let number = space.size() / 500 * step;
                let text = written(&space, number, 0);
                assert_eq!(identifier::recognise(&text), Some(kind), "{text}");
            }
        }
    }

    #[test]
    fn shuffled_numbers_are_all_there_once() {
        for bound in [1, 2, 3, 100, 1_000, 65_537] {
            let shuffled = Shuffled::new(bound, [1, 2, 3, 4]);
            let all: BTreeSet<u64> = (0..bound).map(|place| shuffled.at(place)).collect();
            assert_eq!(all.len() as u64, bound);
            assert!(all.iter().all(|number| *number < bound));
        }
    }

    /// A part of the order is a fair sample: of ten equal parts of the numbers each has its share.
    #[test]
    fn a_beginning_is_a_fair_sample() {
        let bound = 130_000_000;
        let mut counts = [0u32; 10];
        for keys in 0..5 {
            let shuffled = Shuffled::new(bound, [keys, 7, 11, 13]);
            for place in 0..10_000 {
                counts[(shuffled.at(place) * 10 / bound) as usize] += 1;
            }
        }
        // 5,000 expected, standard deviation 67.
        assert!(
            counts.iter().all(|count| (4_730..5_270).contains(count)),
            "{counts:?}"
        );
    }
}
