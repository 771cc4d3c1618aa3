//! What pseudonyms are made by: a function of a text, or of another digest of it.

use crate::{Digest, Function};

/// What a function is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Of {
    Text,
    /// Another digest in hexadecimal digits.
    Hex(Function),
    HexUpper(Function),
    /// Another digest as it is.
    Bytes(Function),
    /// The text behind the namespace of a UUID.
    Named(Namespace),
}

/// Source: RFC 9562, 6.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    Dns,
    Url,
    Oid,
    X500,
}

impl Namespace {
    pub const ALL: [Self; 4] = [Self::Dns, Self::Url, Self::Oid, Self::X500];

    fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Url => "url",
            Self::Oid => "oid",
            Self::X500 => "x500",
        }
    }

    /// They differ in one byte.
    fn bytes(self) -> [u8; 16] {
        let fourth = match self {
            Self::Dns => 0x10,
            Self::Url => 0x11,
            Self::Oid => 0x12,
            Self::X500 => 0x14,
        };
        [
            0x6b, 0xa7, 0xb8, fourth, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4,
            0x30, 0xc8,
        ]
    }
}

/// A function and what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipe {
    pub function: Function,
    pub of: Of,
}

impl Recipe {
    pub fn plain(function: Function) -> Self {
        Self {
            function,
            of: Of::Text,
        }
    }

    /// What one of its digests costs, in blocks of SHA-256.
    pub fn cost(self) -> u64 {
        let outer = self.function.cost();
        match self.of {
            Of::Text | Of::Named(_) => outer,
            Of::Bytes(inner) => inner.cost() + outer,
            Of::Hex(inner) | Of::HexUpper(inner) => {
                let block = match self.function.bits() {
                    ..=256 => 64,
                    _ => 128,
                };
                let blocks = (u64::from(inner.bits() / 4) + 9).div_ceil(block);
                inner.cost() + outer * blocks
            }
        }
    }

    pub fn name(self) -> String {
        let function = self.function.as_str();
        match self.of {
            Of::Text => function.to_owned(),
            Of::Hex(inner) => format!("{function}(hex({}))", inner.as_str()),
            Of::HexUpper(inner) => format!("{function}(HEX({}))", inner.as_str()),
            Of::Bytes(inner) => format!("{function}(bytes({}))", inner.as_str()),
            Of::Named(namespace) => format!("{function}(uuid {})", namespace.as_str()),
        }
    }

    pub fn digest(self, text: &[u8]) -> Digest {
        match self.of {
            Of::Text => self.function.digest(text),
            Of::Bytes(inner) => self.function.digest(inner.digest(text).bytes()),
            Of::Hex(inner) => self.of_hex(inner, text, b"0123456789abcdef"),
            Of::HexUpper(inner) => self.of_hex(inner, text, b"0123456789ABCDEF"),
            Of::Named(namespace) => {
                let mut named = namespace.bytes().to_vec();
                named.extend(text);
                self.function.digest(&named)
            }
        }
    }

    fn of_hex(self, inner: Function, text: &[u8], digits: &[u8; 16]) -> Digest {
        let digest = inner.digest(text);
        let mut hex = [0; 128];
        let pairs = hex.as_chunks_mut::<2>().0;
        for (pair, byte) in pairs.iter_mut().zip(digest.bytes()) {
            *pair = [
                digits[usize::from(byte >> 4)],
                digits[usize::from(byte & 15)],
            ];
        }
        self.function.digest(&hex[..digest.bytes().len() * 2])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{HEXLOWER, HEXUPPER};

    #[test]
    fn digests_of_digests() {
        let recipe = |of| Recipe {
            function: Function::Sha256,
            of,
        };
        let md5 = Function::Md5.digest(b"abc");
        let sha256 = |text: &[u8]| Function::Sha256.digest(text);
        assert_eq!(
            recipe(Of::Bytes(Function::Md5)).digest(b"abc"),
            sha256(md5.bytes())
        );
        let hex = HEXLOWER.encode(md5.bytes());
        assert_eq!(
            recipe(Of::Hex(Function::Md5)).digest(b"abc"),
            sha256(hex.as_bytes())
        );
        let hex = HEXUPPER.encode(md5.bytes());
        assert_eq!(
            recipe(Of::HexUpper(Function::Md5)).digest(b"abc"),
            sha256(hex.as_bytes())
        );
        assert_eq!(
            recipe(Of::Hex(Function::Sha512)).name(),
            "sha-256(hex(sha-512))"
        );
    }

    /// The examples of RFC 9562, A.2 and A.4: the UUIDs of www.example.com, but for version and variant.
    #[test]
    fn names_of_uuids() {
        for (function, begins) in [
            (Function::Md5, "5df418813aed"),
            (Function::Sha1, "2ed6657de927"),
        ] {
            let recipe = Recipe {
                function,
                of: Of::Named(Namespace::Dns),
            };
            let digest = HEXLOWER.encode(recipe.digest(b"www.example.com").bytes());
            assert!(digest.starts_with(begins), "{digest}");
        }
    }
}
