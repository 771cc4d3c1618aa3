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

/// A part of an identifier.
#[derive(Debug, Clone, PartialEq)]
enum Field {
    Words(Arc<Vec<Box<[u8]>>>),
    /// Decimal digits, with zeros before them.
    Digits(u32),
    /// A number from 0, below a bound, without zeros before it.
    Below(u64),
    /// From 1.
    From1(u64),
    /// Letters of an alphabet, from so many to so many of them.
    Letters(&'static [u8], u32, u32),
    /// Hexadecimal digits, upper case.
    Hex(u32),
}

impl Field {
    fn words(words: &[&str]) -> Self {
        Self::Words(Arc::new(
            words
                .iter()
                .map(|word| Box::from(word.as_bytes()))
                .collect(),
        ))
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

    #[inline]
    fn write(&self, mut number: u64, text: &mut Vec<u8>) {
        match self {
            Self::Words(words) => text.extend_from_slice(&words[number as usize]),
            Self::Digits(width) => digits(number, *width as usize, text),
            Self::Below(_) => plain(number, text),
            Self::From1(_) => plain(number + 1, text),
            Self::Letters(alphabet, least, _) => {
                let (mut count, letters) = (*least, alphabet.len() as u64);
                while number >= letters.pow(count) {
                    number -= letters.pow(count);
                    count += 1;
                }
                let start = text.len();
                text.resize(start + count as usize, 0);
                for letter in text[start..].iter_mut().rev() {
                    *letter = alphabet[(number % letters) as usize];
                    number /= letters;
                }
            }
            Self::Hex(width) => {
                let start = text.len();
                text.resize(start + *width as usize, 0);
                for digit in text[start..].iter_mut().rev() {
                    *digit = b"0123456789ABCDEF"[(number & 15) as usize];
                    number >>= 4;
                }
            }
        }
    }
}

/// `width` digits of a number, with zeros before it.
#[inline]
fn digits(mut number: u64, width: usize, text: &mut Vec<u8>) {
    let start = text.len();
    text.resize(start + width, b'0');
    let text = &mut text[start..];
    let mut at = width;
    while at >= 2 {
        let pair = (number % 100) as usize * 2;
        number /= 100;
        text[at - 2..at].copy_from_slice(&PAIRS[pair..pair + 2]);
        at -= 2;
    }
    if at == 1 {
        text[0] = b'0' + (number % 10) as u8;
    }
}

const PAIRS: [u8; 200] = {
    let mut pairs = [b'0'; 200];
    let mut at = 0;
    while at < 100 {
        pairs[at * 2] += (at / 10) as u8;
        pairs[at * 2 + 1] += (at % 10) as u8;
        at += 1;
    }
    pairs
};

fn plain(number: u64, text: &mut Vec<u8>) {
    let width = number.checked_ilog10().map_or(1, |log| log as usize + 1);
    digits(number, width, text);
}

/// How the fields of an identifier are written: text, and fields or parts of them.
#[derive(Debug, Clone, PartialEq)]
struct Spelling {
    tokens: Vec<Token>,
    lower: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Text(Box<[u8]>),
    /// A field, from one character to before another.
    Field(usize, usize, Option<usize>),
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
                tokens.push(Token::Text(before.as_bytes().into()));
            }
            let number = |text: &str| text.parse::<usize>().expect("a number");
            tokens.push(match field.split_once(':') {
                None => Token::Field(number(field), 0, None),
                Some((field, range)) => {
                    let (from, to) = range.split_once('-').expect("a range");
                    Token::Field(number(field), number(from), Some(number(to)))
                }
            });
            rest = behind;
        }
        if !rest.is_empty() {
            tokens.push(Token::Text(rest.as_bytes().into()));
        }
        Self { tokens, lower }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Fields(Vec<Field>, Vec<Spelling>),
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
        let shape = Shape::Fields(fields, spellings.collect());
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
        static VENDORS: LazyLock<Arc<Vec<Box<[u8]>>>> = LazyLock::new(|| {
            let lines = include_str!("spaces/vendors.txt").lines();
            let lines = lines.filter(|line| !line.starts_with('#'));
            let words = lines.flat_map(str::split_whitespace);
            Arc::new(words.map(|word| Box::from(word.as_bytes())).collect())
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
            Shape::Fields(fields, _) => fields.iter().map(Field::size).product(),
            Shape::Dates => DAYS,
            Shape::Addresses => 1 << 32,
            Shape::Bytes(size) => *size,
            Shape::Devices(types) => types.len() as u64 * 1_000_000,
            Shape::Lines(lines) => lines.len() as u64,
        }
    }

    pub fn spellings(&self) -> usize {
        match &self.shape {
            Shape::Fields(_, spellings) => spellings.len(),
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
    #[inline]
    pub fn write(&self, number: u64, spelling: usize, text: &mut Vec<u8>) {
        text.clear();
        match &self.shape {
            Shape::Fields(fields, spellings) => {
                fields_of(fields, &spellings[spelling], number, text);
            }
            Shape::Dates => birth_date(number, DATES[spelling], text),
            Shape::Addresses => {
                for (at, octet) in (number as u32).to_be_bytes().into_iter().enumerate() {
                    if at > 0 {
                        text.push(b'.');
                    }
                    plain(octet.into(), text);
                }
            }
            Shape::Bytes(_) => match spelling {
                0 => text.extend((number as u32).to_le_bytes()),
                1 => text.extend((number as u32).to_be_bytes()),
                2 => text.extend(number.to_le_bytes()),
                _ => text.extend(number.to_be_bytes()),
            },
            Shape::Devices(types) => {
                digits(types[(number / 1_000_000) as usize].into(), 8, text);
                digits(number % 1_000_000, 6, text);
                if spelling == 0 {
                    text.push(check_digit(text));
                }
            }
            Shape::Lines(lines) => {
                let line = &lines[number as usize];
                match spelling {
                    0 => text.extend(line.as_bytes()),
                    1 => text.extend(line.to_lowercase().as_bytes()),
                    _ => text.extend(line.to_uppercase().as_bytes()),
                }
            }
        }
    }
}

#[inline]
fn fields_of(fields: &[Field], spelling: &Spelling, mut number: u64, text: &mut Vec<u8>) {
    // One field is the commonest case: it needs no division.
    let mut numbers = [0u64; 8];
    for (field, own) in fields.iter().zip(&mut numbers).skip(1).rev() {
        let size = field.size();
        *own = number % size;
        number /= size;
    }
    numbers[0] = number;
    for token in &spelling.tokens {
        match token {
            Token::Text(words) => text.extend_from_slice(words),
            Token::Field(field, 0, None) => fields[*field].write(numbers[*field], text),
            Token::Field(field, from, to) => {
                let start = text.len();
                fields[*field].write(numbers[*field], text);
                let length = text.len() - start;
                text.truncate(start + to.unwrap_or(length).min(length));
                text.drain(start..start + (*from).min(text.len() - start));
            }
        }
    }
    if spelling.lower {
        text.make_ascii_lowercase();
    }
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

fn birth_date(number: u64, pattern: &str, text: &mut Vec<u8>) {
    let day = jiff::Span::new().days(number as i64);
    let date = FIRST_DAY.checked_add(day).expect("the days end in 2029");
    let (year, month, day) = (date.year() as u64, date.month() as u64, date.day() as u64);
    let bytes = pattern.as_bytes();
    for run in bytes.chunk_by(|a, b| a == b) {
        match (run[0], run.len()) {
            (b'y', 2) => digits(year % 100, 2, text),
            (b'y', _) => digits(year, 4, text),
            (b'm', _) => digits(month, 2, text),
            (b'd', _) => digits(day, 2, text),
            (b'n', _) => plain(month, text),
            (b'j', _) => plain(day, text),
            _ => text.extend_from_slice(run),
        }
    }
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
