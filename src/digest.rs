//! Hash functions that pseudonyms are made with, the ways digests are written, and which of both a set of pseudonyms
//! could be.

pub mod search;
pub mod targets;

use blake2::{Blake2b256, Blake2b512, Blake2s256};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};

/// A hash function without a key or salt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    Sha256,
    Md5,
    Sha1,
    Sha512,
    Sha224,
    Sha384,
    Blake2b512,
    Blake2b256,
    Blake2s,
    Blake3,
    Crc32,
}

/// What a function makes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    bytes: [u8; 64],
    length: u8,
}

impl Digest {
    fn of(digest: &[u8]) -> Self {
        let mut bytes = [0; 64];
        bytes[..digest.len()].copy_from_slice(digest);
        Self {
            bytes,
            length: digest.len() as u8,
        }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

impl Function {
    /// Those in most use first.
    pub const ALL: [Self; 11] = [
        Self::Sha256,
        Self::Md5,
        Self::Sha1,
        Self::Sha512,
        Self::Sha224,
        Self::Sha384,
        Self::Blake2b512,
        Self::Blake2b256,
        Self::Blake2s,
        Self::Blake3,
        Self::Crc32,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Md5 => "md5",
            Self::Sha1 => "sha-1",
            Self::Sha512 => "sha-512",
            Self::Sha224 => "sha-224",
            Self::Sha384 => "sha-384",
            Self::Blake2b512 => "blake2b-512",
            Self::Blake2b256 => "blake2b-256",
            Self::Blake2s => "blake2s-256",
            Self::Blake3 => "blake3",
            Self::Crc32 => "crc32",
        }
    }

    /// Bits of a digest.
    pub fn bits(self) -> u32 {
        match self {
            Self::Crc32 => 32,
            Self::Md5 => 128,
            Self::Sha1 => 160,
            Self::Sha224 => 224,
            Self::Sha256 | Self::Blake2b256 | Self::Blake2s | Self::Blake3 => 256,
            Self::Sha384 => 384,
            Self::Sha512 | Self::Blake2b512 => 512,
        }
    }

    /// The digest of a text; of CRC-32 (ISO 3309, as zlib has it) its four bytes, the highest first.
    pub fn digest(self, text: &[u8]) -> Digest {
        match self {
            Self::Sha256 => Digest::of(&Sha256::digest(text)),
            Self::Md5 => Digest::of(&Md5::digest(text)),
            Self::Sha1 => Digest::of(&Sha1::digest(text)),
            Self::Sha512 => Digest::of(&Sha512::digest(text)),
            Self::Sha224 => Digest::of(&Sha224::digest(text)),
            Self::Sha384 => Digest::of(&Sha384::digest(text)),
            Self::Blake2b512 => Digest::of(&Blake2b512::digest(text)),
            Self::Blake2b256 => Digest::of(&Blake2b256::digest(text)),
            Self::Blake2s => Digest::of(&Blake2s256::digest(text)),
            Self::Blake3 => Digest::of(blake3::hash(text).as_bytes()),
            Self::Crc32 => Digest::of(&crc32fast::hash(text).to_be_bytes()),
        }
    }
}

/// How a digest, or its beginning, is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    HexLower,
    HexUpper,
    Base64,
    Base64Url,
    Binary,
    /// A whole number: the digest's bits, the highest first.
    Number,
}

const HEX_LOWER: &[u8] = b"0123456789abcdef";
const HEX_UPPER: &[u8] = b"0123456789ABCDEF";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl Encoding {
    /// The characters of a text, each for as many bits.
    fn alphabet(self) -> Option<(&'static [u8], u32)> {
        match self {
            Self::HexLower => Some((HEX_LOWER, 4)),
            Self::HexUpper => Some((HEX_UPPER, 4)),
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
    &text[..text.len() - padding.min(2)]
}

/// What pseudonyms could be: the first `bits` of a function's digests, so written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    pub function: Function,
    pub encoding: Encoding,
    pub bits: u32,
}

/// Fewer bits are met too often by chance.
const FEWEST_BITS: u32 = 32;

/// What a set of distinct pseudonyms could be, by their length and characters: functions whose digests are as long
/// first, then those whose digests were cut. Nothing where they are of different lengths, look like anything but
/// random bits, or are UUIDs.
pub fn recognise<'a>(pseudonyms: impl Iterator<Item = &'a [u8]> + Clone) -> Vec<Form> {
    let mut all = pseudonyms.clone();
    let Some(first) = all.next() else {
        return Vec::new();
    };
    if pseudonyms.clone().any(|text| text.len() != first.len()) {
        return Vec::new();
    }
    let fits = |encoding: Encoding| {
        let mut all = pseudonyms.clone();
        all.all(|text| encoding.decode(text).is_some())
    };
    let has = |is: fn(&u8) -> bool| pseudonyms.clone().any(|text| text.iter().any(is));
    let encoding = if fits(Encoding::HexLower) && has(u8::is_ascii_lowercase) {
        Encoding::HexLower
    } else if fits(Encoding::HexUpper) && has(u8::is_ascii_uppercase) {
        Encoding::HexUpper
    } else if has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && (fits(Encoding::Base64) || fits(Encoding::Base64Url))
    {
        match fits(Encoding::Base64) {
            true => Encoding::Base64,
            false => Encoding::Base64Url,
        }
    } else if has(|c| !(b' '..0x7f).contains(c)) && !is_text(pseudonyms.clone()) {
        Encoding::Binary
    } else {
        return Vec::new();
    };
    let decoded = |text: &[u8]| encoding.decode(text).expect("it fits");
    let bits = decoded(first).1;
    // Random bits begin with every character: four of them where there are as many pseudonyms.
    let mut begins: Vec<u8> = pseudonyms
        .clone()
        .map(|text| decoded(text).0[0] >> 4)
        .collect();
    let wanted = (begins.len() / 2).min(4);
    begins.sort_unstable();
    begins.dedup();
    if begins.len() < wanted {
        return Vec::new();
    }
    functions(encoding, bits)
}

/// The same of whole numbers: the function of 32 bits, where they are spread over 32 bits.
pub fn recognise_numbers(pseudonyms: &[i64]) -> Vec<Form> {
    let spread = pseudonyms
        .iter()
        .filter(|number| **number >= 1 << 30)
        .count();
    let within = pseudonyms
        .iter()
        .all(|number| (0..1i64 << 32).contains(number));
    // Three of four random numbers of 32 bits are so great.
    match within && spread * 2 > pseudonyms.len() {
        true => functions(Encoding::Number, 32),
        false => Vec::new(),
    }
}

fn is_text<'a>(mut texts: impl Iterator<Item = &'a [u8]>) -> bool {
    texts.all(|text| std::str::from_utf8(text).is_ok())
}

fn functions(encoding: Encoding, bits: u32) -> Vec<Form> {
    if bits < FEWEST_BITS {
        return Vec::new();
    }
    // A last character may have more bits than are left of the digest.
    let spare = encoding.alphabet().map_or(0, |(_, each)| each - 1);
    let is_whole =
        |function: &Function| (function.bits()..=function.bits() + spare).contains(&bits);
    let cut = |function: &Function| {
        function.bits() > bits && *function != Function::Crc32 && encoding != Encoding::Number
    };
    let whole = Function::ALL.into_iter().filter(is_whole);
    let cut = Function::ALL.into_iter().filter(cut);
    whole
        .chain(cut)
        .map(|function| Form {
            function,
            encoding,
            bits: bits.min(function.bits()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

    fn hex(function: Function, text: &str) -> String {
        HEXLOWER.encode(function.digest(text.as_bytes()).bytes())
    }

    /// The published digests of "abc": RFC 1321, FIPS 180-4, RFC 7693, the test vectors of BLAKE3 (of nothing), and
    /// the check value of CRC-32 (of the nine digits).
    #[test]
    fn published_digests() {
        use Function::*;
        for (function, text, begins) in [
            (Md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
            (Sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                Sha224,
                "abc",
                "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
            ),
            (
                Sha256,
                "abc",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                Sha384,
                "abc",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163",
            ),
            (
                Sha512,
                "abc",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2",
            ),
            (
                Blake2b512,
                "abc",
                "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b7",
            ),
            (
                Blake2s,
                "abc",
                "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a29",
            ),
            (
                Blake3,
                "",
                "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7",
            ),
            (Crc32, "123456789", "cbf43926"),
        ] {
            assert!(
                hex(function, text).starts_with(begins),
                "{}",
                function.as_str()
            );
        }
        for function in Function::ALL {
            let digest = function.digest(b"x");
            assert_eq!(digest.bytes().len() as u32 * 8, function.bits());
        }
    }

    #[test]
    fn encodings_are_those_of_the_library() {
        let digest = Function::Sha1.digest(b"abc");
        let bytes = digest.bytes();
        for (encoding, text) in [
            (Encoding::HexLower, HEXLOWER.encode(bytes)),
            (Encoding::HexUpper, HEXUPPER.encode(bytes)),
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

    fn of(texts: &[Vec<u8>]) -> Vec<Form> {
        recognise(texts.iter().map(Vec::as_slice))
    }

    #[test]
    fn digests_are_recognised_however_written() {
        for function in Function::ALL {
            for encoding in [
                Encoding::HexLower,
                Encoding::HexUpper,
                Encoding::Base64,
                Encoding::Base64Url,
                Encoding::Binary,
            ] {
                if function == Function::Crc32 && encoding != Encoding::HexLower {
                    continue;
                }
                let digests = (0..50).map(|n: u32| function.digest(&n.to_be_bytes()));
                let digests: Vec<Digest> = digests.collect();
                let written = |bits| -> Vec<Vec<u8>> {
                    digests
                        .iter()
                        .map(|digest| encoding.encode(digest, bits))
                        .collect()
                };
                let found = of(&written(function.bits()));
                let expected = Form {
                    function,
                    encoding,
                    bits: function.bits(),
                };
                assert!(found.contains(&expected), "{expected:?}: {found:?}");
                if function.bits() > 96 {
                    let cut = of(&written(96));
                    assert!(
                        cut.contains(&Form {
                            bits: 96,
                            ..expected
                        }),
                        "{cut:?}"
                    );
                }
            }
        }
        let first = of(&[b"900150983cd24fb0d6963f7d28e17f72".to_vec()]);
        assert_eq!(
            first[0].function,
            Function::Md5,
            "what is as long comes first"
        );
    }

    #[test]
    fn what_is_no_digest_is_not_taken_for_one() {
        let texts = |texts: &[&str]| -> Vec<Vec<u8>> {
            texts.iter().map(|text| text.as_bytes().to_vec()).collect()
        };
        for no in [
            texts(&[
                "550e8400-e29b-41d4-a716-446655440000",
                "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
            ]),
            texts(&["00000001", "00000002", "00000003"]),
            texts(&["491701234567", "491707654321"]),
            texts(&["anna", "otto"]),
            texts(&["deadbeef", "deadbeefcafe"]),
            texts(&["abcdef", "fedcba"]),
            texts(&[
                "00000a1", "00000a2", "00000a3", "00000a4", "00000a5", "00000a6", "00000a7",
                "00000a8",
            ]),
            texts(&["Müller 1", "Möller 2"]),
            vec![],
            vec![vec![]],
        ] {
            assert_eq!(of(&no), [], "{no:?}");
        }
        assert_eq!(recognise_numbers(&[1, 2, 3, 4]), []);
        assert_eq!(recognise_numbers(&[4_000_000_000, 3_000_000_000, -1]), []);
        assert_eq!(recognise_numbers(&[4_000_000_000, 3_000_000_000]).len(), 1);
    }
}
