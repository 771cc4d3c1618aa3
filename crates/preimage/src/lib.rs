//! Pseudonyms that are hashes without a key of identifiers that can be tried one by one.
//!
//! [`form`] tells which pseudonyms could be digests, however they are written; [`spaces`] are the identifiers that
//! people hash, in their usual spellings; [`search`] tries them and says with what [`power`] it would have found them.
//!
//! A crate of its own so that it is optimised in every build: what it does in a second takes minutes otherwise.

// Vectors are loaded and stored, and their instructions chosen, in `kernel` alone.
#![deny(unsafe_code)]

pub mod form;
mod kernel;
pub mod power;
pub mod recipe;
pub mod search;
pub mod shuffled;
pub mod spaces;
pub mod targets;

use blake2::{Blake2b256, Blake2b512, Blake2s256};
use md5::Md5;
use ripemd::Ripemd160;
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512, Sha512_256};
use sha3::{Keccak256, Sha3_256, Sha3_512};

pub use form::{Encoding, is_digest};

/// A hash function without a key or salt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    Sha256,
    Md5,
    Sha1,
    Sha512,
    Sha224,
    Sha384,
    Sha3of256,
    Sha3of512,
    Keccak256,
    Sha512of256,
    Ripemd160,
    Blake2b512,
    Blake2b256,
    Blake2s,
    Blake3,
    Xxh64,
    /// As Spark's `xxhash64` has it: with the seed 42.
    Xxh64Spark,
    Fnv64,
    Crc32,
    Xxh32,
    Fnv32,
    /// As Spark's `hash` has it of text: with the seed 42, the last bytes one by one.
    Murmur3Spark,
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
    pub const ALL: [Self; 22] = [
        Self::Sha256,
        Self::Md5,
        Self::Sha1,
        Self::Sha512,
        Self::Sha224,
        Self::Sha384,
        Self::Sha3of256,
        Self::Sha3of512,
        Self::Keccak256,
        Self::Sha512of256,
        Self::Ripemd160,
        Self::Blake2b512,
        Self::Blake2b256,
        Self::Blake2s,
        Self::Blake3,
        Self::Xxh64,
        Self::Xxh64Spark,
        Self::Fnv64,
        Self::Crc32,
        Self::Xxh32,
        Self::Fnv32,
        Self::Murmur3Spark,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Md5 => "md5",
            Self::Sha1 => "sha-1",
            Self::Sha512 => "sha-512",
            Self::Sha224 => "sha-224",
            Self::Sha384 => "sha-384",
            Self::Sha3of256 => "sha3-256",
            Self::Sha3of512 => "sha3-512",
            Self::Keccak256 => "keccak-256",
            Self::Sha512of256 => "sha-512/256",
            Self::Ripemd160 => "ripemd-160",
            Self::Blake2b512 => "blake2b-512",
            Self::Blake2b256 => "blake2b-256",
            Self::Blake2s => "blake2s-256",
            Self::Blake3 => "blake3",
            Self::Xxh64 => "xxh64",
            Self::Xxh64Spark => "xxh64 (seed 42)",
            Self::Fnv64 => "fnv-1a-64",
            Self::Crc32 => "crc32",
            Self::Xxh32 => "xxh32",
            Self::Fnv32 => "fnv-1a-32",
            Self::Murmur3Spark => "murmur3 (seed 42)",
        }
    }

    /// Bits of a digest.
    pub fn bits(self) -> u32 {
        match self {
            Self::Crc32 | Self::Xxh32 | Self::Fnv32 | Self::Murmur3Spark => 32,
            Self::Xxh64 | Self::Xxh64Spark | Self::Fnv64 => 64,
            Self::Md5 => 128,
            Self::Sha1 | Self::Ripemd160 => 160,
            Self::Sha224 => 224,
            Self::Sha256
            | Self::Sha3of256
            | Self::Keccak256
            | Self::Sha512of256
            | Self::Blake2b256
            | Self::Blake2s
            | Self::Blake3 => 256,
            Self::Sha384 => 384,
            Self::Sha512 | Self::Sha3of512 | Self::Blake2b512 => 512,
        }
    }

    /// Whether people hash identifiers with it rather than anything else.
    pub fn is_usual(self) -> bool {
        matches!(
            self,
            Self::Sha256 | Self::Md5 | Self::Sha1 | Self::Sha512 | Self::Sha224 | Self::Sha384
        )
    }

    /// What a digest of a short text costs, in blocks of SHA-256.
    pub(crate) fn cost(self) -> u64 {
        match self {
            Self::Sha3of256 | Self::Sha3of512 | Self::Keccak256 => 10,
            Self::Sha512of256 => 4,
            Self::Ripemd160 => 3,
            Self::Sha512 | Self::Sha384 => 2,
            Self::Blake2b512 | Self::Blake2b256 | Self::Blake2s => 2,
            _ => 1,
        }
    }

    /// Whether its digests are cut by those who find them too long.
    pub fn is_cut(self) -> bool {
        self.bits() > 64
    }

    /// The digest of a text; of a number its bytes, the highest first.
    pub fn digest(self, text: &[u8]) -> Digest {
        match self {
            Self::Sha256 => Digest::of(&Sha256::digest(text)),
            Self::Md5 => Digest::of(&Md5::digest(text)),
            Self::Sha1 => Digest::of(&Sha1::digest(text)),
            Self::Sha512 => Digest::of(&Sha512::digest(text)),
            Self::Sha224 => Digest::of(&Sha224::digest(text)),
            Self::Sha384 => Digest::of(&Sha384::digest(text)),
            Self::Sha3of256 => Digest::of(&Sha3_256::digest(text)),
            Self::Sha3of512 => Digest::of(&Sha3_512::digest(text)),
            Self::Keccak256 => Digest::of(&Keccak256::digest(text)),
            Self::Sha512of256 => Digest::of(&Sha512_256::digest(text)),
            Self::Ripemd160 => Digest::of(&Ripemd160::digest(text)),
            Self::Blake2b512 => Digest::of(&Blake2b512::digest(text)),
            Self::Blake2b256 => Digest::of(&Blake2b256::digest(text)),
            Self::Blake2s => Digest::of(&Blake2s256::digest(text)),
            Self::Blake3 => Digest::of(blake3::hash(text).as_bytes()),
            Self::Xxh64 => Digest::of(&xxhash_rust::xxh64::xxh64(text, 0).to_be_bytes()),
            Self::Xxh64Spark => Digest::of(&xxhash_rust::xxh64::xxh64(text, 42).to_be_bytes()),
            Self::Fnv64 => Digest::of(&fnv64(text).to_be_bytes()),
            Self::Crc32 => Digest::of(&crc32fast::hash(text).to_be_bytes()),
            Self::Xxh32 => Digest::of(&xxhash_rust::xxh32::xxh32(text, 0).to_be_bytes()),
            Self::Fnv32 => Digest::of(&fnv32(text).to_be_bytes()),
            Self::Murmur3Spark => Digest::of(&murmur3_of_spark(text, 42).to_be_bytes()),
        }
    }
}

/// Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake: The FNV non-cryptographic hash algorithm (IETF draft).
fn fnv64(text: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    text.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

fn fnv32(text: &[u8]) -> u32 {
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    text.iter().fold(0x811c_9dc5, step)
}

/// Source: Apache Spark, `Murmur3_x86_32.hashUnsafeBytes`: after the words of four bytes each byte that is left counts
/// as a signed word.
fn murmur3_of_spark(text: &[u8], seed: u32) -> u32 {
    let mix = |hash: u32, word: u32| {
        let word = word
            .wrapping_mul(0xcc9e_2d51)
            .rotate_left(15)
            .wrapping_mul(0x1b87_3593);
        (hash ^ word)
            .rotate_left(13)
            .wrapping_mul(5)
            .wrapping_add(0xe654_6b64)
    };
    let words = text.chunks_exact(4);
    let rest = words.remainder();
    let whole = words.map(|word| u32::from_le_bytes(word.try_into().expect("four bytes")));
    let last = rest.iter().map(|byte| i32::from(*byte as i8) as u32);
    let mut hash = whole.chain(last).fold(seed, mix);
    hash ^= text.len() as u32;
    hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    hash ^ hash >> 16
}

/// Watches a long search. `()` watches nothing.
pub trait Watch: Sync {
    /// So many more digests are to be made.
    fn attempt(&self, digests: u64);

    /// So many of them have been.
    fn attempted(&self, digests: u64);

    /// The user has asked to stop.
    fn cancelled(&self) -> bool;
}

impl Watch for () {
    fn attempt(&self, _: u64) {}
    fn attempted(&self, _: u64) {}

    fn cancelled(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    /// The published digests of "abc": RFC 1321, FIPS 180-4, FIPS 202, RFC 7693, the test vectors of BLAKE3 (of
    /// nothing), RIPEMD-160, FNV (of "a") and xxHash (of nothing), and the check value of CRC-32 (of the nine digits).
    #[test]
    fn published_digests() {
        use Function::*;
        for (function, text, begins) in [
            (Md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
            (Sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (Sha224, "abc", "23097d223405d8228642a477bda255b32aadbce4"),
            (Sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a3"),
            (Sha384, "abc", "cb00753f45a35e8bb5a03d699ac65007272c32ab"),
            (Sha512, "abc", "ddaf35a193617abacc417349ae20413112e6fa4e"),
            (
                Sha512of256,
                "abc",
                "53048e2681941ef99b2e29b76b4c7dabe4c2d0c6",
            ),
            (Sha3of256, "abc", "3a985da74fe225b2045c172d6bd390bd855f086e"),
            (Sha3of512, "abc", "b751850b1a57168a5693cd924b6b096e08f62182"),
            (Keccak256, "abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e3"),
            (Ripemd160, "abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
            (
                Blake2b512,
                "abc",
                "ba80a53f981c4d0d6a2797b69f12f6e94c212f14",
            ),
            (Blake2s, "abc", "508c5e8c327c14e2e1a72ba34eeb452f37458b20"),
            (Blake3, "", "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9"),
            (Fnv32, "a", "e40c292c"),
            (Fnv64, "a", "af63dc4c8601ec8c"),
            (Xxh32, "", "02cc5d05"),
            (Xxh64, "", "ef46db3751d8e999"),
            (Crc32, "123456789", "cbf43926"),
        ] {
            let digest = HEXLOWER.encode(function.digest(text.as_bytes()).bytes());
            assert!(
                digest.starts_with(begins),
                "{}: {digest}",
                function.as_str()
            );
        }
        for function in Function::ALL {
            let digest = function.digest(b"x");
            assert_eq!(digest.bytes().len() as u32 * 8, function.bits());
        }
    }

    /// The first values that Spark's documentation shows of `hash` and `xxhash64`, of the text alone.
    #[test]
    fn murmur3_of_whole_words_is_the_published_one() {
        // SMHasher's verification of "" and of four bytes with the seed 0.
        assert_eq!(murmur3_of_spark(b"", 0), 0);
        assert_eq!(murmur3_of_spark(b"", 1), 0x514e_28b7);
        assert_eq!(murmur3_of_spark(b"test", 0), 0xba6b_d213);
    }
}
