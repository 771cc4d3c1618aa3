//! Which pseudonyms could be digests, value by value, however they are written.
//!
//! Constant beginnings and ends, padding, brackets and dashes are no part of a digest. Values are put into sets by
//! what is compared: all of 64 bits or more in one, whatever their lengths; shorter ones by their length; UUIDs with
//! a version by their version.

use std::collections::BTreeMap;

use crate::targets::{Target, Targets};
use crate::{Digest, Function};

/// How a digest, or its beginning, is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    HexLower,
    HexUpper,
    Base32,
    Base64,
    Base64Url,
    Binary,
    /// A whole number: the digest's bits, the highest first.
    Number,
}

const HEX_LOWER: &[u8] = b"0123456789abcdef";
const HEX_UPPER: &[u8] = b"0123456789ABCDEF";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl Encoding {
    /// The characters of a text, each for as many bits.
    fn alphabet(self) -> Option<(&'static [u8], u32)> {
        match self {
            Self::HexLower => Some((HEX_LOWER, 4)),
            Self::HexUpper => Some((HEX_UPPER, 4)),
            Self::Base32 => Some((BASE32, 5)),
            Self::Base64 => Some((BASE64, 6)),
            Self::Base64Url => Some((BASE64_URL, 6)),
            Self::Binary | Self::Number => None,
        }
    }

    /// The first `bits` of a digest, written; without padding. A last character that they do not fill is filled by
    /// zeros; a number has at most 64.
    pub fn encode(self, digest: &Digest, bits: u32) -> Vec<u8> {
        let bits = bits.min(digest.bytes().len() as u32 * 8);
        let bit = |at: u32| match at < bits {
            true => u64::from(digest.bytes()[at as usize / 8] >> (7 - at % 8) & 1),
            false => 0,
        };
        let number = |from: u32, count: u32| (from..from + count).fold(0, |n, at| n << 1 | bit(at));
        match self.alphabet() {
            Some((alphabet, each)) => (0..bits.div_ceil(each))
                .map(|at| alphabet[number(at * each, each) as usize])
                .collect(),
            None if self == Self::Number => number(0, bits.min(64)).to_string().into_bytes(),
            None => digest.bytes()[..bits as usize / 8].to_vec(),
        }
    }

    /// The bits that a text stands for, the first in the highest bit of the first byte, and how many. `None` where it
    /// is not so written.
    pub fn decode(self, text: &[u8]) -> Option<(Vec<u8>, u32)> {
        let Some((alphabet, each)) = self.alphabet() else {
            return match self {
                Self::Binary => Some((text.to_vec(), text.len() as u32 * 8)),
                _ => {
                    let number: u32 = std::str::from_utf8(text).ok()?.parse().ok()?;
                    Some((number.to_be_bytes().to_vec(), 32))
                }
            };
        };
        let text = without_padding(text);
        let (mut bytes, mut buffer, mut held) = (Vec::new(), 0u32, 0);
        for c in text {
            let digit = alphabet.iter().position(|known| known == c)?;
            buffer = buffer << each | digit as u32;
            held += each;
            if held >= 8 {
                held -= 8;
                bytes.push((buffer >> held) as u8);
            }
        }
        if held > 0 {
            bytes.push((buffer << (8 - held)) as u8);
        }
        Some((bytes, text.len() as u32 * each))
    }
}

fn without_padding(text: &[u8]) -> &[u8] {
    let padding = text.iter().rev().take_while(|c| **c == b'=').count();
    &text[..text.len() - padding.min(6)]
}

/// What the values of a set have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Written {
    /// As text or bytes.
    Text,
    /// As UUIDs of a version.
    Uuid(u8),
    /// As whole numbers.
    Number,
}

/// Pseudonyms that are compared with digests together.
#[derive(Debug)]
pub struct Set {
    pub written: Written,
    pub targets: Targets,
    /// Pseudonyms by how many bits of a digest they would be.
    pub by_bits: BTreeMap<u32, u64>,
    /// Targets a pseudonym, where it may be read in several ways.
    pub ways: u32,
}

/// Fewer bits are met too often by chance.
const FEWEST_BITS: u32 = 32;
/// Of fewer values it is not told which beginnings and ends are constant.
const MANY: usize = 8;
/// Hexadecimal digits of usual digests, whole or cut.
const USUAL_DIGITS: [usize; 9] = [8, 16, 32, 40, 48, 56, 64, 96, 128];

/// Whether most of some pseudonyms could be digests.
pub fn is_digest<'a>(pseudonyms: impl Iterator<Item = &'a [u8]>) -> bool {
    let texts: Vec<&[u8]> = pseudonyms.collect();
    let sets = of_texts(&texts);
    let recognised: u64 = sets.iter().flat_map(|set| set.by_bits.values()).sum();
    recognised * 2 > texts.len() as u64
}

/// The sets of distinct texts.
pub fn of_texts<T: AsRef<[u8]>>(texts: &[T]) -> Vec<Set> {
    let mut sorted = Sorted::default();
    let mut runs: BTreeMap<usize, Vec<(u32, Vec<u8>)>> = BTreeMap::new();
    let mut others: Vec<(u32, &[u8])> = Vec::new();
    for (text, at) in texts.iter().zip(0..) {
        let text = trimmed(text.as_ref());
        if let Some(bytes) = uuid(text) {
            sorted.uuids.push((at, bytes));
        } else if let Some(run) = hexadecimal(text) {
            runs.entry(run.len()).or_default().push((at, run));
        } else {
            others.push((at, text));
        }
    }
    for (_, run) in runs {
        // A few short runs among many values stand there by chance, as within base64.
        let is_odd = run[0].1.len() < 16 && run.len() * 100 < texts.len();
        if is_odd || !looks_hexadecimal(&run) {
            others.extend(
                run.iter()
                    .map(|(at, _)| (*at, trimmed(texts[*at as usize].as_ref()))),
            );
            continue;
        }
        for (at, digits) in without_constants(run) {
            let cut = match USUAL_DIGITS.contains(&digits.len()) || digits.len() < 16 {
                true => digits.len(),
                // A beginning of few values may be taken for digits of the digest.
                false if texts.len() < MANY => {
                    let mut usual = USUAL_DIGITS.iter().rev();
                    *usual
                        .find(|usual| **usual < digits.len())
                        .unwrap_or(&digits.len())
                }
                false => digits.len(),
            };
            let digits = &digits[digits.len() - cut..];
            if let Some((bytes, bits)) = Encoding::HexLower.decode(digits) {
                sorted.push(at, bytes, bits);
            }
        }
    }
    let mut by_length: BTreeMap<usize, Vec<(u32, Vec<u8>)>> = BTreeMap::new();
    for (at, text) in others {
        let bare = without_padding(text).to_vec();
        by_length.entry(bare.len()).or_default().push((at, bare));
    }
    for (_, texts) in by_length {
        sorted.of_length(texts);
    }
    sorted.sets()
}

/// The sets of distinct whole numbers: the first 32, 64 or anything between of the bits of a digest.
pub fn of_numbers(numbers: &[i64]) -> Vec<Set> {
    let (Some(least), Some(most)) = (numbers.iter().min(), numbers.iter().max()) else {
        return Vec::new();
    };
    // Three of four random numbers of so many bits are so great.
    let spread = |bound: u64| {
        let great = numbers
            .iter()
            .filter(|number| number.unsigned_abs() >= bound);
        great.count() * 2 > numbers.len()
    };
    let signed = *least < 0;
    let within = i64::from(i32::MIN)..=i64::from(i32::MAX);
    let of = |bits: u32, ways: &dyn Fn(u64) -> Vec<(u64, u32)>| {
        let targets = numbers.iter().zip(0..).flat_map(|(number, pseudonym)| {
            ways(*number as u64)
                .into_iter()
                .map(move |(begin, bits)| Target {
                    bytes: begin.to_be_bytes().to_vec(),
                    bits,
                    pseudonym,
                })
        });
        let targets: Vec<Target> = targets.collect();
        let least = targets
            .iter()
            .map(|target| target.bits)
            .min()
            .unwrap_or(bits);
        vec![Set {
            written: Written::Number,
            ways: (targets.len() / numbers.len().max(1)) as u32,
            targets: Targets::new(targets, least, false),
            by_bits: [(bits, numbers.len() as u64)].into(),
        }]
    };
    if signed && within.contains(least) && within.contains(most) {
        return match spread(1 << 29) {
            true => of(32, &|n| {
                vec![
                    (n << 32, 32),
                    (u64::from((n as u32).swap_bytes()) << 32, 32),
                ]
            }),
            false => Vec::new(),
        };
    }
    if signed {
        return match spread(1 << 61) {
            true => of(64, &|n| vec![(n, 64), (n.swap_bytes(), 64)]),
            false => Vec::new(),
        };
    }
    let bits = 64 - most.unsigned_abs().leading_zeros();
    if bits < FEWEST_BITS || numbers.len() < 2 || !spread(1 << (bits - 2)) {
        return Vec::new();
    }
    match bits {
        32 => of(32, &|n| {
            vec![
                (n << 32, 32),
                (u64::from((n as u32).swap_bytes()) << 32, 32),
            ]
        }),
        // Without the sign, or all but the last bit of 64.
        63 => of(63, &|n| vec![(n, 64), (n | 1 << 63, 64), (n << 1, 63)]),
        // So many hexadecimal digits.
        bits => {
            let whole = bits.div_ceil(4) * 4;
            of(whole, &|n| vec![(n << (64 - whole), whole)])
        }
    }
}

/// Without white space, quotes and brackets around it.
fn trimmed(text: &[u8]) -> &[u8] {
    let is = |c: &u8| c.is_ascii_whitespace() || b"\"'{}<>()[]".contains(c);
    // Bytes that are no text have no white space.
    if text
        .iter()
        .any(|c| !(b' '..0x7f).contains(c) && !c.is_ascii_whitespace())
    {
        return text;
    }
    let start = text.iter().position(|c| !is(c)).unwrap_or(text.len());
    let end = text.iter().rposition(|c| !is(c)).map_or(start, |at| at + 1);
    &text[start..end]
}

/// The bytes of a text that is a UUID with its dashes, whatever stands before and behind it.
fn uuid(text: &[u8]) -> Option<Vec<u8>> {
    let is = |window: &[u8]| {
        window.iter().enumerate().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => *c == b'-',
            _ => c.is_ascii_hexdigit(),
        })
    };
    let found = text.windows(36).rev().find(|window| is(window))?;
    let digits: Vec<u8> = found
        .iter()
        .filter(|c| **c != b'-')
        .map(u8::to_ascii_lowercase)
        .collect();
    Some(Encoding::HexLower.decode(&digits)?.0)
}

/// The longest run of hexadecimal digits, in lower case; of a text of nothing but such digits and separators all.
/// Fewer than sixteen may well be part of another word: they count where no letter or digit stands beside them.
fn hexadecimal(text: &[u8]) -> Option<Vec<u8>> {
    let digits = || text.iter().filter(|c| c.is_ascii_hexdigit());
    let separated = |c: &u8| c.is_ascii_hexdigit() || b"-: ".contains(c);
    if digits().count() >= 24 && text.iter().all(separated) {
        return Some(digits().map(u8::to_ascii_lowercase).collect());
    }
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_hexdigit);
    let starts = (0..text.len()).filter(|at| is_digit(*at) && (*at == 0 || !is_digit(at - 1)));
    let run = |start: usize| start..(start..).find(|at| !is_digit(*at)).expect("a text ends");
    let longest = starts.map(run).max_by_key(|run| run.len())?;
    let beside = [longest.start.checked_sub(1), Some(longest.end)];
    let mut beside = beside.into_iter().flatten().filter_map(|at| text.get(at));
    let is_word = beside.any(u8::is_ascii_alphanumeric);
    let is_run = longest.len() >= 16 || (longest.len() >= FEWEST_BITS as usize / 4 && !is_word);
    is_run.then(|| text[longest].to_ascii_lowercase())
}

/// Whether runs of hexadecimal digits of one length are more than decimal numbers and words.
fn looks_hexadecimal(runs: &[(u32, Vec<u8>)]) -> bool {
    let lettered = |(_, run): &&(u32, Vec<u8>)| run.iter().any(u8::is_ascii_alphabetic);
    let numbered = |(_, run): &&(u32, Vec<u8>)| run.iter().any(u8::is_ascii_digit);
    // Of eight random digits one in 43 values has no letter.
    let enough = |count: usize| count * 10 + 9 >= runs.len() * 8 && count > 0;
    enough(runs.iter().filter(lettered).count())
        && enough(runs.iter().filter(numbered).count())
        && (runs[0].1.len() >= 16 || is_spread(runs))
}

/// Random characters differ nearly everywhere: in four of five places there are several, where there are several
/// values.
fn is_spread(texts: &[(u32, Vec<u8>)]) -> bool {
    let texts = match texts.len() >= MANY {
        true => without_constants(texts.to_vec()),
        false => texts.to_vec(),
    };
    let wanted = (texts.len() / 2).clamp(1, 4);
    let places = texts[0].1.len();
    let several = (0..places).filter(|place| {
        let mut known = [false; 256];
        let mut count = 0;
        for (_, text) in &texts {
            let seen = &mut known[usize::from(text[*place])];
            count += usize::from(!*seen);
            *seen = true;
            if count >= wanted {
                return true;
            }
        }
        false
    });
    several.count() * 5 >= places * 4
}

/// Texts of one length without the characters at the beginning and at the end that all of many have.
fn without_constants(texts: Vec<(u32, Vec<u8>)>) -> Vec<(u32, Vec<u8>)> {
    if texts.len() < MANY {
        return texts;
    }
    let first = texts[0].1.clone();
    let is_constant = |at: &usize| texts.iter().all(|(_, text)| text[*at] == first[*at]);
    let start = (0..first.len()).take_while(is_constant).count();
    let end = (start..first.len()).rev().take_while(is_constant).count();
    let end = first.len() - end;
    let cut = |(at, text): (u32, Vec<u8>)| (at, text[start..end].to_vec());
    texts.into_iter().map(cut).collect()
}

/// Pseudonyms by what they are compared with.
#[derive(Default)]
struct Sorted {
    wide: Vec<Target>,
    narrow: BTreeMap<u32, Vec<Target>>,
    uuids: Vec<(u32, Vec<u8>)>,
}

impl Sorted {
    fn push(&mut self, pseudonym: u32, bytes: Vec<u8>, bits: u32) {
        // A last character may have more bits than are left of a digest.
        let lengths = Function::ALL.map(Function::bits);
        let whole = (bits.saturating_sub(5)..bits)
            .rev()
            .find(|less| lengths.contains(less));
        let bits = match lengths.contains(&bits) || bits.is_multiple_of(8) {
            true => bits,
            false => whole.unwrap_or(bits),
        };
        let target = Target {
            bytes,
            bits,
            pseudonym,
        };
        match bits {
            ..FEWEST_BITS => {}
            FEWEST_BITS..64 => self.narrow.entry(bits).or_default().push(target),
            _ => self.wide.push(target),
        }
    }

    /// Texts of one length that are no hexadecimal digits.
    fn of_length(&mut self, texts: Vec<(u32, Vec<u8>)>) {
        let is_binary = |text: &[u8]| text.iter().any(|c| !(b' '..0x7f).contains(c));
        if texts.iter().all(|(_, text)| is_binary(text))
            && texts
                .iter()
                .any(|(_, text)| std::str::from_utf8(text).is_err())
        {
            for (at, text) in texts {
                let bits = text.len() as u32 * 8;
                self.push(at, text, bits);
            }
            return;
        }
        let texts = without_constants(texts);
        let is_hex = |text: &[u8]| text.iter().all(u8::is_ascii_hexdigit);
        if texts[0].1.len() >= FEWEST_BITS as usize / 4
            && texts.iter().all(|(_, text)| is_hex(text))
        {
            let lower = |(at, text): &(u32, Vec<u8>)| (*at, text.to_ascii_lowercase());
            let runs: Vec<(u32, Vec<u8>)> = texts.iter().map(lower).collect();
            if looks_hexadecimal(&runs) {
                for (at, run) in runs {
                    let (bytes, bits) = Encoding::HexLower.decode(&run).expect("it is hexadecimal");
                    self.push(at, bytes, bits);
                }
                return;
            }
        }
        if texts[0].1.len() < 11 || !is_spread(&texts) {
            return;
        }
        let count = |is: fn(&u8) -> bool| -> usize {
            texts
                .iter()
                .map(|(_, text)| text.iter().filter(|c| is(c)).count())
                .sum()
        };
        let (all, digits) = (count(|_| true), count(u8::is_ascii_digit));
        let (upper, lower) = (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
        // Of random characters of base64 10 in 64 are digits, of base32 6 in 32.
        if digits == 0 || (all >= 200 && !(all / 12..=all / 3).contains(&digits)) {
            return;
        }
        let encoding = match (upper > 0, lower > 0) {
            (true, true) => [Encoding::Base64, Encoding::Base64Url]
                .into_iter()
                .find(|encoding| {
                    texts
                        .iter()
                        .all(|(_, text)| encoding.decode(text).is_some())
                }),
            _ => Some(Encoding::Base32),
        };
        let Some(encoding) = encoding else { return };
        for (at, text) in texts {
            let text = match encoding {
                Encoding::Base32 => text.to_ascii_uppercase(),
                _ => text,
            };
            if let Some((bytes, bits)) = encoding.decode(&text) {
                self.push(at, bytes, bits);
            }
        }
    }

    fn sets(mut self) -> Vec<Set> {
        let mut versions: BTreeMap<u8, Vec<Target>> = BTreeMap::new();
        let is_variant = |bytes: &[u8]| bytes[8] >> 6 == 0b10;
        let version = |bytes: &[u8]| bytes[6] >> 4;
        let uuids = std::mem::take(&mut self.uuids);
        // Random bits give every version and variant; UUIDs that are called so have one.
        let proper = uuids
            .iter()
            .filter(|(_, bytes)| is_variant(bytes) && (1..=8).contains(&version(bytes)));
        let is_proper = proper.count() * 10 >= uuids.len() * 9;
        for (at, bytes) in uuids {
            match version(&bytes) {
                _ if !is_proper || !is_variant(&bytes) => self.push(at, bytes, 128),
                // They are made from a clock.
                1 | 2 | 6 | 7 => {}
                version => versions.entry(version).or_default().push(Target {
                    bytes,
                    bits: 128,
                    pseudonym: at,
                }),
            }
        }
        let by_bits = |targets: &[Target]| {
            let mut by_bits = BTreeMap::new();
            for target in targets {
                *by_bits.entry(target.bits).or_insert(0) += 1;
            }
            by_bits
        };
        let set = |written, targets: Vec<Target>, least| Set {
            written,
            by_bits: by_bits(&targets),
            targets: Targets::new(targets, least, matches!(written, Written::Uuid(_))),
            ways: 1,
        };
        let mut sets = Vec::new();
        if !self.wide.is_empty() {
            sets.push(set(Written::Text, self.wide, 64));
        }
        let narrow = self.narrow.into_iter();
        sets.extend(narrow.map(|(bits, targets)| set(Written::Text, targets, bits)));
        let uuids = versions.into_iter();
        sets.extend(uuids.map(|(version, targets)| set(Written::Uuid(version), targets, 64)));
        sets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

    #[test]
    fn encodings_are_those_of_the_library() {
        let digest = Function::Sha1.digest(b"abc");
        let bytes = digest.bytes();
        for (encoding, text) in [
            (Encoding::HexLower, HEXLOWER.encode(bytes)),
            (Encoding::HexUpper, HEXUPPER.encode(bytes)),
            (Encoding::Base32, BASE32_NOPAD.encode(bytes)),
            (Encoding::Base64, BASE64_NOPAD.encode(bytes)),
            (Encoding::Base64Url, BASE64URL_NOPAD.encode(bytes)),
        ] {
            assert_eq!(encoding.encode(&digest, 160), text.as_bytes());
            let (decoded, bits) = encoding.decode(text.as_bytes()).unwrap();
            assert_eq!((&decoded[..20], bits / 8), (bytes, 20));
        }
        assert_eq!(
            Encoding::HexLower.decode(b"abc"),
            Some((vec![0xab, 0xc0], 12))
        );
        assert_eq!(Encoding::HexLower.decode(b"abg"), None);
        let crc = Function::Crc32.digest(b"123456789");
        assert_eq!(Encoding::Number.encode(&crc, 32), b"3421780262");
        assert_eq!(
            Encoding::Number.decode(b"3421780262"),
            Some((crc.bytes().to_vec(), 32))
        );
    }

    /// Texts that differ in all their bytes: weak functions make of others digests that begin alike.
    fn text(n: u32) -> [u8; 4] {
        n.wrapping_mul(0x9e37_79b1).to_be_bytes()
    }

    /// How many of some pseudonyms are met by the digests they were made of.
    fn met(function: Function, written: &[Vec<u8>]) -> usize {
        let sets = of_texts(written);
        let mut met: Vec<u32> = (0..written.len() as u32)
            .flat_map(|n| {
                let digest = function.digest(&text(n));
                let found: Vec<u32> = sets
                    .iter()
                    .flat_map(|set| set.targets.find(digest.bytes()))
                    .collect();
                found
            })
            .collect();
        met.sort_unstable();
        met.dedup();
        met.len()
    }

    fn digests(function: Function, count: u32) -> Vec<Digest> {
        (0..count).map(|n| function.digest(&text(n))).collect()
    }

    #[test]
    fn digests_are_recognised_however_written() {
        for function in Function::ALL {
            for encoding in [
                Encoding::HexLower,
                Encoding::HexUpper,
                Encoding::Base32,
                Encoding::Base64,
                Encoding::Base64Url,
                Encoding::Binary,
            ] {
                let hex = matches!(encoding, Encoding::HexLower | Encoding::HexUpper);
                if function.bits() < 66 && !hex {
                    continue;
                }
                let digests = digests(function, 60);
                for bits in [function.bits(), function.bits().min(120)] {
                    let of = |digest: &Digest| encoding.encode(digest, bits);
                    let written: Vec<Vec<u8>> = digests.iter().map(of).collect();
                    assert_eq!(
                        met(function, &written),
                        60,
                        "{function:?} {encoding:?} {bits}"
                    );
                }
            }
        }
    }

    /// What is around a digest, and how its digits are put, hides nothing; few values neither.
    #[test]
    fn dressed_digests_are_recognised() {
        let hex = |digest: &Digest| HEXLOWER.encode(digest.bytes());
        type Dress = Box<dyn Fn(usize, String) -> String>;
        let dressings: [(&str, Dress); 13] = [
            ("prefix", Box::new(|_, hex| format!("u_{hex}"))),
            ("function", Box::new(|_, hex| format!("sha256:{hex}"))),
            (
                "hexadecimal prefix",
                Box::new(|_, hex| format!("0xcafe{hex}")),
            ),
            ("digits", Box::new(|_, hex| format!("id{hex}"))),
            ("suffix", Box::new(|_, hex| format!("{hex}@example.org"))),
            ("hexadecimal suffix", Box::new(|_, hex| format!("{hex}00"))),
            ("upper", Box::new(|_, hex| hex.to_uppercase())),
            (
                "mixed",
                Box::new(|at, hex| match at % 2 {
                    0 => hex.to_uppercase(),
                    _ => hex,
                }),
            ),
            (
                "country",
                Box::new(|at, hex| format!("{}-{hex}", ["DE", "FR", "UK"][at % 3])),
            ),
            (
                "letter before a short one",
                Box::new(|_, hex| format!("u{}", &hex[..12])),
            ),
            ("line end", Box::new(|_, hex| format!("{hex}\n"))),
            ("quotes", Box::new(|_, hex| format!("\"{hex}\""))),
            (
                "colons",
                Box::new(|_, hex| {
                    let pairs: Vec<&str> = (0..hex.len() / 2)
                        .map(|at| &hex[at * 2..at * 2 + 2])
                        .collect();
                    pairs.join(":")
                }),
            ),
        ];
        for (name, dress) in &dressings {
            for function in [Function::Sha256, Function::Md5] {
                for count in [2, 40] {
                    if count == 2
                        && [
                            "hexadecimal prefix",
                            "hexadecimal suffix",
                            "letter before a short one",
                        ]
                        .contains(name)
                    {
                        continue;
                    }
                    let digests = digests(function, count);
                    let written = digests
                        .iter()
                        .enumerate()
                        .map(|(at, digest)| dress(at, hex(digest)));
                    let written: Vec<Vec<u8>> = written.map(String::into_bytes).collect();
                    assert_eq!(met(function, &written), count as usize, "{name} {count}");
                }
            }
        }
    }

    #[test]
    fn mixtures_are_told_apart_value_by_value() {
        let mut written: Vec<Vec<u8>> = Vec::new();
        for (at, digest) in digests(Function::Sha256, 90).iter().enumerate() {
            let text = match at % 3 {
                0 => HEXLOWER.encode(digest.bytes()),
                1 => format!("x-{}", &HEXLOWER.encode(digest.bytes())[..32]),
                _ => BASE64_NOPAD.encode(digest.bytes()),
            };
            written.push(text.into_bytes());
        }
        written[7] = b"unknown".to_vec();
        written[8] = b"-".to_vec();
        assert_eq!(met(Function::Sha256, &written), 88);
    }

    fn as_uuid(bytes: &[u8], version: Option<u8>) -> Vec<u8> {
        let mut bytes = bytes[..16].to_vec();
        if let Some(version) = version {
            bytes[6] = bytes[6] & 0x0f | version << 4;
            bytes[8] = bytes[8] & 0x3f | 0x80;
        }
        let hex = HEXLOWER.encode(&bytes);
        let parts = [
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..],
        ];
        parts.join("-").into_bytes()
    }

    #[test]
    fn uuids_are_hashes_too() {
        for version in [None, Some(3), Some(4), Some(5), Some(8)] {
            let digests = digests(Function::Sha1, 50);
            let written: Vec<Vec<u8>> = digests
                .iter()
                .map(|d| as_uuid(d.bytes(), version))
                .collect();
            assert_eq!(met(Function::Sha1, &written), 50, "{version:?}");
            let braced = written
                .iter()
                .map(|text| [b"{", text.as_slice(), b"}"].concat());
            assert_eq!(
                met(Function::Sha1, &braced.collect::<Vec<_>>()),
                50,
                "{version:?}"
            );
        }
        let clock: Vec<Vec<u8>> = digests(Function::Sha1, 50)
            .iter()
            .map(|d| as_uuid(d.bytes(), Some(7)))
            .collect();
        assert!(of_texts(&clock).is_empty(), "they are made from a clock");
    }

    #[test]
    fn numbers_are_beginnings_of_digests() {
        let begin = |n: u32| crate::targets::begin(Function::Md5.digest(&text(n)).bytes());
        type Way = Box<dyn Fn(u64) -> i64>;
        let ways: [(&str, Way); 8] = [
            ("32 bits", Box::new(|b| (b >> 32) as i64)),
            (
                "32 bits with a sign",
                Box::new(|b| i64::from((b >> 32) as i32)),
            ),
            (
                "32 bits, the lowest byte first",
                Box::new(|b| i64::from(((b >> 32) as u32).swap_bytes())),
            ),
            ("64 bits", Box::new(|b| b as i64)),
            ("the lowest byte first", Box::new(|b| b.swap_bytes() as i64)),
            (
                "without the sign",
                Box::new(|b| (b & i64::MAX as u64) as i64),
            ),
            ("without the last bit", Box::new(|b| (b >> 1) as i64)),
            ("fifteen digits", Box::new(|b| (b >> 4) as i64)),
        ];
        for (name, way) in ways {
            let numbers: Vec<i64> = (0..200).map(|n| way(begin(n))).collect();
            let sets = of_numbers(&numbers);
            let found = (0..200u32).filter(|n| {
                let digest = Function::Md5.digest(&text(*n));
                sets.iter()
                    .any(|set| set.targets.find(digest.bytes()).any(|at| at == *n))
            });
            assert_eq!(found.count(), 200, "{name}");
        }
        assert!(of_numbers(&[1, 2, 3, 4]).is_empty());
        assert!(of_numbers(&[4_000_000_000, 3_000_000_000, -1]).is_empty());
        assert!(of_numbers(&(0..1_000).collect::<Vec<_>>()).is_empty());
        assert!(of_numbers(&(0..1_000).map(|n| 10_000_000 + n * 7).collect::<Vec<_>>()).is_empty());
        assert!(of_numbers(&[]).is_empty());
    }

    #[test]
    fn what_is_no_digest_is_not_taken_for_one() {
        let many = |of: &dyn Fn(u32) -> String| -> Vec<String> { (0..300).map(of).collect() };
        for no in [
            many(&|n| format!("{n:08}")),
            many(&|n| format!("P-{n}")),
            many(&|n| format!("4917012{n:05}")),
            many(&|n| format!("user{n}@example.org")),
            many(&|n| format!("2026-03-{:02} {:02}:00:00", n % 28 + 1, n / 28)),
            many(&|n| format!("{}.{}", n * 7, n)),
            many(&|n| format!("{n:07}a")),
            many(&|n| format!("Musterstraße {n}")),
            many(&|n| format!("Shop of wonderful things number {n}")),
            many(&|n| ["red", "green", "blue"][n as usize % 3].to_owned()),
            vec!["deadbeef".to_owned(), "cafebabe".to_owned()],
            vec!["anna".to_owned(), "otto".to_owned()],
            vec![String::new()],
            vec![],
        ] {
            let sets = of_texts(&no.iter().map(String::as_bytes).collect::<Vec<_>>());
            assert!(sets.is_empty(), "{:?}", no.first());
        }
    }
}
