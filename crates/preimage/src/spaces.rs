//! Identifiers that are few enough to be tried one by one, and the usual spellings of each.

mod plates;
mod telephones;

use std::sync::{Arc, LazyLock};

use jiff::civil::Date;

/// What the identifiers of a space are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    List,
    Numbers,
    BirthDates,
    Postcodes,
    MobileNumbers,
    IpAddresses,
    Plates,
    MacAddresses,
    Imsi,
    Imei,
}

impl Kind {
    pub const ALL: [Self; 10] = [
        Self::List,
        Self::Numbers,
        Self::BirthDates,
        Self::Postcodes,
        Self::MobileNumbers,
        Self::IpAddresses,
        Self::Plates,
        Self::MacAddresses,
        Self::Imsi,
        Self::Imei,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Numbers => "numbers",
            Self::BirthDates => "birth-dates",
            Self::Postcodes => "postcodes",
            Self::MobileNumbers => "mobile-numbers",
            Self::IpAddresses => "ip-addresses",
            Self::Plates => "plates",
            Self::MacAddresses => "mac-addresses",
            Self::Imsi => "imsi",
            Self::Imei => "imei",
        }
    }

    /// How much less often they are hashed to make pseudonyms than the commonest are.
    pub(crate) fn rarity(self) -> u64 {
        match self {
            Self::List | Self::Numbers | Self::BirthDates => 1,
            Self::Postcodes | Self::MobileNumbers => 1,
            Self::IpAddresses | Self::Imei => 2,
            Self::Plates | Self::MacAddresses | Self::Imsi => 4,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::List => "entries of the list given",
            Self::Numbers => "whole numbers of up to ten digits",
            Self::BirthDates => "dates of birth",
            Self::Postcodes => "postcodes",
            Self::MobileNumbers => "mobile numbers",
            Self::IpAddresses => "IPv4 addresses",
            Self::Plates => "vehicle plates",
            Self::MacAddresses => "MAC addresses",
            Self::Imsi => "SIM card numbers",
            Self::Imei => "device numbers of the types given",
        }
    }
}

/// A short text with zeros behind it: what is written together is copied whole, which is quicker than as many bytes as
/// it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Word {
    bytes: [u8; Self::LONGEST],
    length: u8,
}

impl Word {
    const LONGEST: usize = 16;

    fn of(text: &[u8]) -> Self {
        let mut bytes = [0; Self::LONGEST];
        bytes[..text.len()].copy_from_slice(text);
        Self {
            bytes,
            length: text.len() as u8,
        }
    }

    /// Of so many of the last of sixteen characters, the first in the lowest byte.
    #[inline(always)]
    fn end(text: u128, length: usize) -> Self {
        Self {
            bytes: (text >> (8 * (Self::LONGEST - length))).to_le_bytes(),
            length: length as u8,
        }
    }

    /// From one character to before another.
    #[inline(always)]
    fn part(&self, from: usize, to: usize) -> Self {
        let to = to.min(usize::from(self.length));
        let from = from.min(to);
        let before = |at: usize| {
            1u128
                .checked_shl(8 * at as u32)
                .unwrap_or(0)
                .wrapping_sub(1)
        };
        let text = u128::from_le_bytes(self.bytes) & before(to);
        Self {
            bytes: (text >> (8 * from)).to_le_bytes(),
            length: (to - from) as u8,
        }
    }
}

/// Words one after the other, and zeros behind them.
pub(crate) struct Words {
    bytes: [u8; Self::LONGEST + Word::LONGEST],
    length: usize,
}

impl Words {
    const LONGEST: usize = 64;

    /// What fits into a block, if the words do.
    #[inline(always)]
    pub(crate) fn block(&self) -> (&[u8; Self::LONGEST], usize) {
        let block = self.bytes.first_chunk().expect("it is longer");
        (block, self.length)
    }

    fn new() -> Self {
        Self {
            bytes: [0; Self::LONGEST + Word::LONGEST],
            length: 0,
        }
    }

    #[inline(always)]
    fn push(&mut self, word: &Word) {
        self.bytes[self.length..][..Word::LONGEST].copy_from_slice(&word.bytes);
        self.length += usize::from(word.length);
    }

    #[inline(always)]
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// A part of an identifier.
#[derive(Debug, Clone, PartialEq)]
enum Field {
    Words(Arc<Vec<Word>>),
    /// Decimal digits, with zeros before them.
    Digits(u32),
    /// A number from 0, below a bound, without zeros before it.
    Below(u64),
    /// From 1.
    From1(u64),
    /// Letters of an alphabet, from so many to so many of them.
    Letters(&'static [u8], u32, u32),
    /// Hexadecimal digits, upper case, eight at most.
    Hex(u32),
}

impl Field {
    fn words(words: &[&str]) -> Self {
        let words = words.iter().map(|word| Word::of(word.as_bytes()));
        Self::Words(Arc::new(words.collect()))
    }

    fn size(&self) -> u64 {
        match self {
            Self::Words(words) => words.len() as u64,
            Self::Digits(width) => 10u64.pow(*width),
            Self::Below(bound) | Self::From1(bound) => *bound,
            Self::Letters(alphabet, least, most) => (*least..=*most)
                .map(|count| (alphabet.len() as u64).pow(count))
                .sum(),
            Self::Hex(width) => 16u64.pow(*width),
        }
    }

    #[inline(always)]
    fn write(&self, number: u64) -> Word {
        match self {
            Self::Words(words) => words[number as usize],
            Self::Digits(width) => digits(number, *width as usize),
            Self::Below(_) => plain(number),
            Self::From1(_) => plain(number + 1),
            Self::Letters(alphabet, least, _) => letters(number, alphabet, *least),
            Self::Hex(width) => hexadecimal(number as u32, *width as usize),
        }
    }
}

/// `width` digits of a number, with zeros before it.
#[inline(always)]
fn digits(number: u64, width: usize) -> Word {
    const EIGHT: u64 = 100_000_000;
    match width {
        ..=8 => Word::end(u128::from(eight_digits(number as u32)) << 64, width),
        _ => {
            let high = eight_digits((number / EIGHT) as u32);
            let low = eight_digits((number % EIGHT) as u32);
            Word::end(u128::from(low) << 64 | u128::from(high), width)
        }
    }
}

/// The digits of a number below 100,000,000 as characters, the first in the lowest byte: by halves, each in its part
/// of one word.
#[inline(always)]
fn eight_digits(number: u32) -> u64 {
    const HUNDREDS: u64 = 0x0000_007f_0000_007f;
    const TENS: u64 = 0x000f_000f_000f_000f;
    let halves = u64::from(number / 10_000) | u64::from(number % 10_000) << 32;
    let hundreds = (halves * 10_486) >> 20 & HUNDREDS;
    let pairs = hundreds | (halves - hundreds * 100) << 16;
    let tens = (pairs * 103) >> 10 & TENS;
    (tens | (pairs - tens * 10) << 8) + 0x3030_3030_3030_3030
}

#[inline(always)]
fn plain(number: u64) -> Word {
    digits(
        number,
        number.checked_ilog10().map_or(1, |log| log as usize + 1),
    )
}

fn letters(mut number: u64, alphabet: &[u8], mut count: u32) -> Word {
    let letters = alphabet.len() as u64;
    while number >= letters.pow(count) {
        number -= letters.pow(count);
        count += 1;
    }
    let (mut text, mut number) = (0, number as u32);
    for _ in 0..count {
        text = text << 8 | u128::from(alphabet[(number % letters as u32) as usize]);
        number /= letters as u32;
    }
    Word {
        bytes: text.to_le_bytes(),
        length: count as u8,
    }
}

/// Upper case.
#[inline(always)]
fn hexadecimal(number: u32, width: usize) -> Word {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let mut spread = u64::from(number);
    spread = (spread | spread << 16) & 0x0000_ffff_0000_ffff;
    spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ff;
    spread = (spread | spread << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let beyond_nine = (spread + ONES * 6) >> 4 & ONES;
    let text = spread + ONES * u64::from(b'0') + beyond_nine * u64::from(b'A' - b'9' - 1);
    Word::end(u128::from(text.swap_bytes()) << 64, width)
}

/// How the fields of an identifier are written: text, and fields or parts of them.
#[derive(Debug, Clone, PartialEq)]
struct Spelling {
    tokens: Vec<Token>,
    lower: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Text(Word),
    Field(usize),
    /// Of a field, from one character to before another.
    Part(usize, usize, usize),
}

impl Spelling {
    /// Of a pattern such as `+49 {0} {1:0-3} {1:3-7}`; in lower case where it begins with `lower:`.
    fn of(pattern: &str) -> Self {
        let (lower, mut rest) = match pattern.strip_prefix("lower:") {
            Some(rest) => (true, rest),
            None => (false, pattern),
        };
        let mut tokens = Vec::new();
        while let Some((before, after)) = rest.split_once('{') {
            let (field, behind) = after.split_once('}').expect("a brace is closed");
            if !before.is_empty() {
                tokens.push(Token::Text(Word::of(before.as_bytes())));
            }
            let number = |text: &str| text.parse::<usize>().expect("a number");
            tokens.push(match field.split_once(':') {
                None => Token::Field(number(field)),
                Some((field, range)) => {
                    let (from, to) = range.split_once('-').expect("a range");
                    Token::Part(number(field), number(from), number(to))
                }
            });
            rest = behind;
        }
        if !rest.is_empty() {
            tokens.push(Token::Text(Word::of(rest.as_bytes())));
        }
        Self { tokens, lower }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    /// Fields, how many of each there are, and how they are spelled.
    Fields(Vec<Field>, Vec<u64>, Vec<Spelling>),
    /// Days from 1900 to 2029.
    Dates,
    Addresses,
    /// Numbers as their bytes, not as text.
    Bytes(u64),
    /// Device numbers of type allocation codes: six digits, with check digit or without.
    Devices(Arc<Vec<u32>>),
    Lines(Arc<Vec<String>>),
}

/// A set of identifiers, numbered, with the ways they are written, the most usual first.
#[derive(Debug, Clone, PartialEq)]
pub struct Space {
    pub kind: Kind,
    /// Where the identifiers are from, where that matters.
    pub region: &'static str,
    shape: Shape,
    /// In so many of the spellings a search is to find them.
    pub usual: usize,
    /// In so many also where the text was hashed twice.
    pub first: usize,
    /// Whether a search is to find them where digests were cut as well.
    pub core: bool,
}

const FIRST_DAY: Date = jiff::civil::date(1900, 1, 1);
const DAYS: u64 = 47_482;

/// Source: ITU-T E.212, operational bulletins: large networks, beginning of their SIM card numbers.
const NETWORKS: [&str; 10] = [
    "26201", "26202", "26203", "20801", "23410", "23430", "21407", "22201", "310260", "310410",
];

/// What people write before a running number.
const BEFORE: [&str; 24] = [
    "user",
    "user_",
    "user-",
    "User",
    "u",
    "U",
    "id",
    "ID",
    "id_",
    "customer",
    "customer_",
    "Customer",
    "cust",
    "C",
    "C-",
    "K",
    "K-",
    "P",
    "P-",
    "M",
    "MA",
    "E",
    "S",
    "#",
];

impl Space {
    fn new(kind: Kind, region: &'static str, shape: Shape, usual: usize) -> Self {
        Self {
            kind,
            region,
            shape,
            usual,
            first: 0,
            core: true,
        }
    }

    fn fields(
        kind: Kind,
        region: &'static str,
        fields: Vec<Field>,
        usual: &[&str],
        more: &[&str],
    ) -> Self {
        let spellings = usual
            .iter()
            .chain(more)
            .map(|pattern| Spelling::of(pattern));
        let sizes = fields.iter().map(Field::size).collect();
        let shape = Shape::Fields(fields, sizes, spellings.collect());
        Self::new(kind, region, shape, usual.len())
    }

    fn first(self, first: usize) -> Self {
        Self { first, ..self }
    }

    fn whole(self) -> Self {
        Self {
            core: false,
            ..self
        }
    }

    /// Those that need no list: whole numbers first.
    pub fn all() -> Vec<Self> {
        let mut all = Self::numbers();
        all.push(Self::dates());
        all.extend(Self::postcodes());
        all.extend(telephones::all());
        all.push(Self::new(Kind::IpAddresses, "", Shape::Addresses, 1));
        all.extend(plates::all());
        all.push(Self::mac_addresses());
        all.extend(NETWORKS.map(|network| {
            let fields = vec![
                Field::words(&[network]),
                Field::Digits(15 - network.len() as u32),
            ];
            Self::fields(Kind::Imsi, network, fields, &["{0}{1}"], &[]).whole()
        }));
        all
    }

    /// Whole numbers of each width with zeros before them, or whatever people put before a running number.
    pub fn numbers() -> Vec<Self> {
        let width = |width| {
            let more: &[&str] = if width <= 7 { &["{0}.0"] } else { &[] };
            Self::fields(
                Kind::Numbers,
                "",
                vec![Field::Digits(width)],
                &["{0}"],
                more,
            )
            // A digest of a digest costs as much as eight: of long numbers that is left out.
            .first(usize::from(width <= 8))
        };
        let mut all: Vec<Self> = (1..=10).map(width).collect();
        all.push(Self::new(Kind::Numbers, "", Shape::Bytes(10_000_000), 0));
        let before = vec![Field::words(&BEFORE), Field::Below(1_000_000)];
        all.push(Self::fields(Kind::Numbers, "", before, &["{0}{1}"], &[]));
        let before = vec![Field::words(&BEFORE), Field::Digits(6)];
        all.push(Self::fields(Kind::Numbers, "", before, &[], &["{0}{1}"]));
        all
    }

    pub fn dates() -> Self {
        Self::new(Kind::BirthDates, "", Shape::Dates, DATES.len()).first(4)
    }

    /// Those of four and five digits alone are whole numbers.
    pub fn postcodes() -> Vec<Self> {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        // No C, I, K, M, O or V.
        const INWARD: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";
        vec![
            Self::fields(Kind::Postcodes, "", vec![Field::Digits(5)], &["{0}"], &[]).first(1),
            Self::fields(
                Kind::Postcodes,
                "DE",
                vec![Field::Digits(5)],
                &["D-{0}", "DE-{0}"],
                &["DE {0}"],
            ),
            Self::fields(
                Kind::Postcodes,
                "AT",
                vec![Field::Digits(4)],
                &["A-{0}", "AT-{0}"],
                &[],
            ),
            Self::fields(
                Kind::Postcodes,
                "CH",
                vec![Field::Digits(4)],
                &["CH-{0}"],
                &[],
            ),
            Self::fields(
                Kind::Postcodes,
                "NL",
                vec![Field::Digits(4), Field::Letters(LETTERS, 2, 2)],
                &["{0} {1}", "{0}{1}"],
                &["lower:{0}{1}"],
            ),
            Self::fields(
                Kind::Postcodes,
                "GB",
                vec![
                    Field::Letters(LETTERS, 1, 2),
                    Field::From1(99),
                    Field::Digits(1),
                    Field::Letters(INWARD, 2, 2),
                ],
                &["{0}{1} {2}{3}", "{0}{1}{2}{3}"],
                &["lower:{0}{1}{2}{3}"],
            ),
            Self::fields(
                Kind::Postcodes,
                "CA",
                vec![
                    Field::Letters(LETTERS, 1, 1),
                    Field::Digits(1),
                    Field::Letters(LETTERS, 1, 1),
                    Field::Digits(1),
                    Field::Letters(LETTERS, 1, 1),
                    Field::Digits(1),
                ],
                &["{0}{1}{2} {3}{4}{5}", "{0}{1}{2}{3}{4}{5}"],
                &[],
            ),
        ]
    }

    /// Of one region and its networks' blocks.
    pub fn mobile_numbers(region: &str) -> Vec<Self> {
        let all = telephones::all().into_iter();
        all.filter(|space| space.region == region).collect()
    }

    pub fn mac_addresses() -> Self {
        static VENDORS: LazyLock<Arc<Vec<Word>>> = LazyLock::new(|| {
            let lines = include_str!("spaces/vendors.txt").lines();
            let lines = lines.filter(|line| !line.starts_with('#'));
            let words = lines.flat_map(str::split_whitespace);
            Arc::new(words.map(|word| Word::of(word.as_bytes())).collect())
        });
        const COLONS: &str = "{0:0-2}:{0:2-4}:{0:4-6}:{1:0-2}:{1:2-4}:{1:4-6}";
        let lower = |pattern: &str| format!("lower:{pattern}");
        const DASHES: &str = "{0:0-2}-{0:2-4}-{0:4-6}-{1:0-2}-{1:2-4}-{1:4-6}";
        let (colons, bare) = (lower(COLONS), lower("{0}{1}"));
        let usual = [colons.as_str(), COLONS];
        let more = [
            bare.as_str(),
            "{0}{1}",
            DASHES,
            "lower:{0:0-4}.{0:4-6}{1:0-2}.{1:2-6}",
        ];
        let fields = vec![Field::Words(VENDORS.clone()), Field::Hex(6)];
        Self::fields(Kind::MacAddresses, "", fields, &usual, &more).whole()
    }

    pub fn list(lines: Vec<String>) -> Self {
        Self::new(Kind::List, "", Shape::Lines(Arc::new(lines)), 3).first(3)
    }

    pub fn devices(types: Vec<u32>) -> Self {
        Self::new(Kind::Imei, "", Shape::Devices(Arc::new(types)), 2).whole()
    }

    /// How many identifiers there are, each in any spelling.
    pub fn size(&self) -> u64 {
        match &self.shape {
            Shape::Fields(_, sizes, _) => sizes.iter().product(),
            Shape::Dates => DAYS,
            Shape::Addresses => 1 << 32,
            Shape::Bytes(size) => *size,
            Shape::Devices(types) => types.len() as u64 * 1_000_000,
            Shape::Lines(lines) => lines.len() as u64,
        }
    }

    pub fn spellings(&self) -> usize {
        match &self.shape {
            Shape::Fields(_, _, spellings) => spellings.len(),
            Shape::Dates => DATES.len(),
            Shape::Addresses => 1,
            Shape::Bytes(_) => 4,
            Shape::Devices(_) => 2,
            Shape::Lines(_) => 3,
        }
    }

    /// Writes the identifier of this number in a spelling.
    ///
    /// # Panics
    /// There are not so many identifiers or spellings.
    pub fn write(&self, number: u64, spelling: usize, text: &mut Vec<u8>) {
        text.clear();
        match &self.shape {
            Shape::Bytes(_) => match spelling {
                0 => text.extend((number as u32).to_le_bytes()),
                1 => text.extend((number as u32).to_be_bytes()),
                2 => text.extend(number.to_le_bytes()),
                _ => text.extend(number.to_be_bytes()),
            },
            Shape::Lines(lines) => {
                let line = &lines[number as usize];
                match spelling {
                    0 => text.extend(line.as_bytes()),
                    1 => text.extend(line.to_lowercase().as_bytes()),
                    _ => text.extend(line.to_uppercase().as_bytes()),
                }
            }
            _ => {
                let words = self.words(number, spelling).expect("they are of words");
                text.extend_from_slice(words.as_slice());
            }
        }
    }

    /// The same of identifiers that are made of short words.
    #[inline(always)]
    pub(crate) fn words(&self, number: u64, spelling: usize) -> Option<Words> {
        match &self.shape {
            Shape::Fields(fields, sizes, spellings) => {
                Some(fields_of(fields, sizes, &spellings[spelling], number))
            }
            Shape::Dates => Some(birth_date(number, DATES[spelling])),
            Shape::Addresses => {
                let mut words = Words::new();
                let [octets @ .., last] = (number as u32).to_be_bytes();
                for octet in octets {
                    words.push(&OCTETS[usize::from(octet)]);
                }
                words.push(&plain(last.into()));
                Some(words)
            }
            Shape::Devices(types) => {
                let mut words = Words::new();
                words.push(&digits(types[(number / 1_000_000) as usize].into(), 8));
                words.push(&digits(number % 1_000_000, 6));
                if spelling == 0 {
                    let check = check_digit(words.as_slice());
                    words.push(&Word::of(&[check]));
                }
                Some(words)
            }
            Shape::Bytes(_) | Shape::Lines(_) => None,
        }
    }
}

/// Each octet with a full stop behind it.
static OCTETS: LazyLock<[Word; 256]> =
    LazyLock::new(|| std::array::from_fn(|octet| Word::of(format!("{octet}.").as_bytes())));

#[inline(always)]
fn fields_of(fields: &[Field], sizes: &[u64], spelling: &Spelling, mut number: u64) -> Words {
    let mut written = [Word::of(b""); 6];
    for (at, field) in fields.iter().enumerate().rev() {
        // The first needs no division.
        let own = match at {
            0 => number,
            _ => {
                let own = number % sizes[at];
                number /= sizes[at];
                own
            }
        };
        written[at] = field.write(own);
        if spelling.lower {
            written[at].bytes.make_ascii_lowercase();
        }
    }
    let mut words = Words::new();
    for token in &spelling.tokens {
        match token {
            Token::Text(word) => words.push(word),
            Token::Field(field) => words.push(&written[*field]),
            Token::Part(field, from, to) => words.push(&written[*field].part(*from, *to)),
        }
    }
    words
}

/// How dates are written: `y` year, `m` month, `d` day, with two digits or four; `n` and `j` month and day without
/// zeros before them.
const DATES: [&str; 12] = [
    "yyyy-mm-dd",
    "dd.mm.yyyy",
    "yyyymmdd",
    "dd/mm/yyyy",
    "ddmmyyyy",
    "mm/dd/yyyy",
    "yyyy/mm/dd",
    "dd-mm-yyyy",
    "dd.mm.yy",
    "yyyy-mm-dd 00:00:00",
    "yyyy-mm-ddT00:00:00",
    "j.n.yyyy",
];

fn birth_date(number: u64, pattern: &str) -> Words {
    let day = jiff::Span::new().days(number as i64);
    let date = FIRST_DAY.checked_add(day).expect("the days end in 2029");
    let (year, month, day) = (date.year() as u64, date.month() as u64, date.day() as u64);
    let bytes = pattern.as_bytes();
    let mut words = Words::new();
    for run in bytes.chunk_by(|a, b| a == b) {
        words.push(&match (run[0], run.len()) {
            (b'y', 2) => digits(year % 100, 2),
            (b'y', _) => digits(year, 4),
            (b'm', _) => digits(month, 2),
            (b'd', _) => digits(day, 2),
            (b'n', _) => plain(month),
            (b'j', _) => plain(day),
            _ => Word::of(run),
        });
    }
    words
}

/// Of fourteen digits, by Luhn (3GPP TS 23.003, annex B).
fn check_digit(text: &[u8]) -> u8 {
    let luhn = |(at, c): (usize, &u8)| {
        let digit = u32::from(c - b'0');
        match at % 2 {
            1 => digit * 2 / 10 + digit * 2 % 10,
            _ => digit,
        }
    };
    let sum: u32 = text.iter().enumerate().map(luhn).sum();
    b'0' + ((10 - sum % 10) % 10) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn written(space: &Space, number: u64, spelling: usize) -> String {
        let mut text = Vec::new();
        space.write(number, spelling, &mut text);
        String::from_utf8(text).unwrap()
    }

    fn all(space: &Space, number: u64) -> Vec<String> {
        (0..space.spellings())
            .map(|at| written(space, number, at))
            .collect()
    }

    #[test]
    fn spellings_by_examples() {
        assert_eq!(
            all(&Space::dates(), 29_584),
            [
                "1980-12-31",
                "31.12.1980",
                "19801231",
                "31/12/1980",
                "31121980",
                "12/31/1980",
                "1980/12/31",
                "31-12-1980",
                "31.12.80",
                "1980-12-31 00:00:00",
                "1980-12-31T00:00:00",
                "31.12.1980",
            ]
        );
        assert_eq!(written(&Space::dates(), 3, 11), "4.1.1900");
        assert_eq!(all(&Space::numbers()[6], 1_234), ["0001234", "0001234.0"]);
        let devices = Space::devices(vec![35_209_900]);
        assert_eq!(
            all(&devices, 176_148),
            ["352099001761481", "35209900176148"]
        );
        let list = Space::list(vec!["Anna@Example.org".to_owned()]);
        assert_eq!(
            all(&list, 0),
            ["Anna@Example.org", "anna@example.org", "ANNA@EXAMPLE.ORG"]
        );
        let mac = Space::mac_addresses();
        let first = all(&mac, 0xab_cdef);
        assert_eq!(first.len(), 6);
        assert!(
            first[0].ends_with(":ab:cd:ef") && first[1].ends_with(":AB:CD:EF"),
            "{first:?}"
        );
        assert_eq!(first[2], first[0].replace(':', ""));
        assert_eq!(first[4], first[1].replace(':', "-"));
        let dots = first[5].replace('.', "");
        assert_eq!((dots, first[5].len()), (first[2].clone(), 14));
        let ip = Space::all()
            .into_iter()
            .find(|space| space.kind == Kind::IpAddresses)
            .unwrap();
        assert_eq!(written(&ip, 0xc0a8_0001, 0), "192.168.0.1");
        assert_eq!(written(&ip, u64::from(u32::MAX), 0), "255.255.255.255");
    }

    /// Telephone numbers and plates as people write them.
    #[test]
    fn well_known_spellings_are_there() {
        let spaces = Space::all();
        for (kind, region, texts) in [
            (
                Kind::MobileNumbers,
                "DE",
                &[
                    "+491701234567",
                    "491701234567",
                    "01701234567",
                    "00491701234567",
                    "+49 170 1234567",
                    "0170 1234567",
                    "0170/1234567",
                    "0170-1234567",
                    "+4915112345678",
                    "0151 12345678",
                ][..],
            ),
            (
                Kind::MobileNumbers,
                "FR",
                &[
                    "+33612345678",
                    "0612345678",
                    "06 12 34 56 78",
                    "0033612345678",
                ],
            ),
            (
                Kind::MobileNumbers,
                "GB",
                &["+447912345678", "07912345678", "07912 345678"],
            ),
            (
                Kind::MobileNumbers,
                "ES",
                &["+34612345678", "612345678", "612 345 678"],
            ),
            (
                Kind::MobileNumbers,
                "IT",
                &["+393331234567", "3331234567", "333 1234567"],
            ),
            (
                Kind::MobileNumbers,
                "AT",
                &["+436641234567", "06641234567", "0664 1234567"],
            ),
            (
                Kind::MobileNumbers,
                "CH",
                &["+41791234567", "0791234567", "079 123 45 67"],
            ),
            (
                Kind::MobileNumbers,
                "US",
                &[
                    "+12125550123",
                    "12125550123",
                    "2125550123",
                    "(212) 555-0123",
                    "212-555-0123",
                    "212.555.0123",
                    "+1 212-555-0123",
                ],
            ),
            (
                Kind::Plates,
                "DE",
                &["M-AB 1234", "M AB 1234", "MAB1234", "M-AB1234"],
            ),
            (Kind::Plates, "FR", &["AB-123-CD", "AB123CD"]),
            (Kind::Plates, "GB", &["AB12 CDE", "AB12CDE"]),
            (Kind::Plates, "ES", &["1234 BCD", "1234BCD"]),
            (Kind::Plates, "IT", &["AB 123 CD", "AB123CD"]),
            (Kind::Imsi, "26201", &["262011234567890"]),
        ] {
            let of: Vec<&Space> = spaces
                .iter()
                .filter(|s| (s.kind, s.region) == (kind, region))
                .collect();
            for text in texts {
                let found = of.iter().any(|space| is_there(space, text));
                assert!(found, "{text}");
            }
        }
    }

    /// Whether one of many identifiers, spread over the space, is spelled like a text: letters and digits in the same
    /// places, and of telephone numbers the same first digits.
    fn is_there(space: &Space, text: &str) -> bool {
        let kind = |c: char| match c {
            '0'..='9' => '0',
            'A'..='Z' => 'A',
            other => other,
        };
        let of = |text: &str| text.chars().map(kind).collect::<String>();
        let begins = match space.kind {
            Kind::MobileNumbers | Kind::Imsi => 4,
            _ => 0,
        };
        let steps = 20_000.min(space.size());
        (0..space.spellings()).any(|spelling| {
            (0..steps).any(|step| {
                let own = written(space, space.size() / steps * step, spelling);
                own.starts_with(&text[..begins]) && of(&own) == of(text)
            })
        })
    }

    /// Every number writes an identifier of its own in every spelling, down to the last.
    #[test]
    fn numbers_are_identifiers_and_no_two_the_same() {
        let mut spaces = Space::all();
        spaces.push(Space::devices(vec![35_209_900, 86_000_001]));
        for space in &spaces {
            let size = space.size();
            for spelling in 0..space.spellings() {
                let mut text = Vec::new();
                let numbers = (0..500)
                    .map(|step| size / 500 * step)
                    .chain(size - size.min(20)..size);
                let numbers: BTreeSet<u64> = numbers.collect();
                let texts: BTreeSet<Vec<u8>> = numbers
                    .iter()
                    .map(|number| {
                        space.write(*number, spelling, &mut text);
                        text.clone()
                    })
                    .collect();
                let two_digits = space.kind == Kind::BirthDates && spelling == 8;
                assert!(
                    two_digits || texts.len() == numbers.len(),
                    "{space:?} {spelling}"
                );
            }
            assert!(space.usual <= space.spellings() && space.first <= space.usual);
        }
    }

    /// What is to be found within a minute is not larger than it can be.
    #[test]
    fn spaces_are_as_large_as_they_are_said_to_be() {
        let spaces = Space::all();
        let size = |kind| -> f64 {
            let of_kind = spaces.iter().filter(|space| space.kind == kind);
            of_kind
                .map(|space| space.size() as f64 * space.usual as f64)
                .sum()
        };
        for (kind, most) in [
            (Kind::Numbers, 1.2e10),
            (Kind::BirthDates, 1e6),
            (Kind::Postcodes, 1e9),
            (Kind::MobileNumbers, 6e10),
            (Kind::IpAddresses, 4.3e9),
            (Kind::Plates, 3e10),
            (Kind::MacAddresses, 1e11),
            (Kind::Imsi, 1.1e11),
        ] {
            let size = size(kind);
            assert!(size > most / 20.0 && size <= most, "{kind:?}: {size:e}");
        }
    }
}
