//! Sixteen digests at once by the instructions that x86-64 machines have for vectors of 512 bits.
//!
//! Words of digests and blocks are kept as numbers whose highest byte comes first in the text, also for MD5.
//!
//! Sources: RFC 1321, FIPS 180-4.

#![expect(unsafe_code, reason = "vectors are read from memory and written to it")]

use std::arch::x86_64::*;

use super::{LANES, MD5, SHA1, SHA224, SHA256, SHA384, SHA512, WORDS_MD5, WORDS_SHA512};
use crate::Function;
use crate::recipe::{Of, Recipe};

/// One word of each of sixteen blocks.
type Word = __m512i;
type Block = [Word; 16];

/// Whether this machine has the instructions.
pub fn is_available() -> bool {
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw")
}

/// Whether a recipe is made of functions that are known here.
pub fn knows(recipe: Recipe) -> bool {
    let narrow = |f: Function| {
        matches!(
            f,
            Function::Md5 | Function::Sha1 | Function::Sha256 | Function::Sha224
        )
    };
    let wide = |f: Function| matches!(f, Function::Sha512 | Function::Sha384);
    match recipe.of {
        Of::Text => narrow(recipe.function) || wide(recipe.function),
        Of::Hex(inner) | Of::HexUpper(inner) | Of::Bytes(inner) => {
            narrow(recipe.function) && narrow(inner)
        }
        Of::Named(_) => false,
    }
}

/// The first 64 bits of the digest of each block's text. The words of a block are given by lanes, without its length.
#[target_feature(enable = "avx512f,avx512bw")]
pub fn begins(
    recipe: Recipe,
    words: &[[u32; LANES]; 14],
    bits: &[u32; LANES],
    begins: &mut [u64; LANES],
) {
    let zero = _mm512_setzero_si512();
    let mut block = [zero; 16];
    for (word, lanes) in block.iter_mut().zip(words) {
        *word = swapped(load(lanes));
    }
    block[15] = load(bits);
    if matches!(recipe.function, Function::Sha512 | Function::Sha384) {
        return sha512(recipe.function, &block, begins);
    }
    let digest = match recipe.of {
        Of::Text | Of::Named(_) => digest(recipe.function, block),
        Of::Bytes(inner) => {
            let inside = digest(inner, block);
            let count = inner.bits() as usize / 32;
            digest(recipe.function, padded(&inside[..count]))
        }
        Of::Hex(inner) => of_hex(recipe.function, inner, block, b"0123456789abcdef"),
        Of::HexUpper(inner) => of_hex(recipe.function, inner, block, b"0123456789ABCDEF"),
    };
    let (high, low) = (store(digest[0]), store(digest[1]));
    for (begin, (high, low)) in begins.iter_mut().zip(high.into_iter().zip(low)) {
        *begin = u64::from(high) << 32 | u64::from(low);
    }
}

#[target_feature(enable = "avx512f")]
fn load(lanes: &[u32; LANES]) -> Word {
    // SAFETY: 64 bytes may be read there, and no alignment is needed.
    unsafe { _mm512_loadu_si512(lanes.as_ptr().cast()) }
}

#[target_feature(enable = "avx512f")]
fn store(word: Word) -> [u32; LANES] {
    let mut lanes = [0; LANES];
    // SAFETY: 64 bytes may be written there, and no alignment is needed.
    unsafe { _mm512_storeu_si512(lanes.as_mut_ptr().cast(), word) };
    lanes
}

#[target_feature(enable = "avx512f")]
fn all(word: u32) -> Word {
    _mm512_set1_epi32(word as i32)
}

#[target_feature(enable = "avx512f")]
fn add(a: Word, b: Word) -> Word {
    _mm512_add_epi32(a, b)
}

/// The bytes of each word in the other order.
#[target_feature(enable = "avx512f,avx512bw")]
fn swapped(word: Word) -> Word {
    let order = _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    _mm512_shuffle_epi8(word, _mm512_broadcast_i32x4(order))
}

/// A block of some words, and no more.
#[target_feature(enable = "avx512f")]
fn padded(words: &[Word]) -> Block {
    let mut block = [_mm512_setzero_si512(); 16];
    block[..words.len()].copy_from_slice(words);
    block[words.len()] = all(1 << 31);
    block[15] = all(words.len() as u32 * 32);
    block
}

#[target_feature(enable = "avx512f,avx512bw")]
fn of_hex(function: Function, inner: Function, block: Block, digits: &[u8; 16]) -> [Word; 8] {
    let inside = digest(inner, block);
    let count = inner.bits() as usize / 32;
    let mut text = [_mm512_setzero_si512(); 16];
    for (pair, word) in text.as_chunks_mut::<2>().0.iter_mut().zip(&inside[..count]) {
        *pair = [
            hexadecimal(_mm512_srli_epi32::<16>(*word), digits),
            hexadecimal(*word, digits),
        ];
    }
    if count * 2 < 14 {
        return digest(function, padded(&text[..count * 2]));
    }
    // Its padding fills another block.
    let bits = all(count as u32 * 64);
    let mut rest = [_mm512_setzero_si512(); 16];
    match count * 2 {
        16 => rest[0] = all(1 << 31),
        filled => text[filled] = all(1 << 31),
    }
    rest[15] = bits;
    digest_of(function, &[text, rest])
}

/// The four digits of the lower half of each word.
#[target_feature(enable = "avx512f,avx512bw")]
fn hexadecimal(word: Word, digits: &[u8; 16]) -> Word {
    let halves = _mm512_or_si512(
        _mm512_slli_epi32::<8>(_mm512_and_si512(word, all(0xff00))),
        _mm512_and_si512(word, all(0xff)),
    );
    let nibbles = _mm512_or_si512(
        _mm512_slli_epi32::<4>(_mm512_and_si512(halves, all(0x00f0_00f0))),
        _mm512_and_si512(halves, all(0x000f_000f)),
    );
    let table = u128::from_le_bytes(*digits);
    let table = _mm_set_epi64x((table >> 64) as i64, table as i64);
    _mm512_shuffle_epi8(_mm512_broadcast_i32x4(table), nibbles)
}

#[target_feature(enable = "avx512f,avx512bw")]
fn digest(function: Function, block: Block) -> [Word; 8] {
    digest_of(function, &[block])
}

/// The digests of blocks that are padded, with the length of the text in their last words.
#[target_feature(enable = "avx512f,avx512bw")]
fn digest_of(function: Function, blocks: &[Block]) -> [Word; 8] {
    let zero = _mm512_setzero_si512();
    let mut state = [zero; 8];
    let start: &[u32] = match function {
        Function::Md5 => &MD5,
        Function::Sha1 => &SHA1,
        Function::Sha224 => &SHA224,
        _ => &SHA256,
    };
    for (word, start) in state.iter_mut().zip(start) {
        *word = all(*start);
    }
    for (at, block) in blocks.iter().enumerate() {
        match function {
            Function::Md5 => md5(&mut state, block, at + 1 == blocks.len()),
            Function::Sha1 => sha1(&mut state, block),
            _ => sha256(&mut state, block),
        }
    }
    if function == Function::Md5 {
        for word in &mut state[..4] {
            *word = swapped(*word);
        }
    }
    state
}

#[target_feature(enable = "avx512f")]
fn choose(if_one: Word, then: Word, otherwise: Word) -> Word {
    _mm512_ternarylogic_epi32::<0xca>(if_one, then, otherwise)
}

#[target_feature(enable = "avx512f")]
fn majority(a: Word, b: Word, c: Word) -> Word {
    _mm512_ternarylogic_epi32::<0xe8>(a, b, c)
}

#[target_feature(enable = "avx512f")]
fn parity(a: Word, b: Word, c: Word) -> Word {
    _mm512_ternarylogic_epi32::<0x96>(a, b, c)
}

macro_rules! sha256_step {
    ($words:ident, $add:ident, $at:literal, $a:ident, $b:ident, $c:ident, $d:ident, $e:ident, $f:ident, $g:ident, $h:ident) => {
        let sum = parity(
            _mm512_ror_epi32::<6>($e),
            _mm512_ror_epi32::<11>($e),
            _mm512_ror_epi32::<25>($e),
        );
        let mixed = add(
            add(
                add($h, add(all(($add[$at] >> 32) as u32), $words[$at])),
                choose($e, $f, $g),
            ),
            sum,
        );
        let sum = parity(
            _mm512_ror_epi32::<2>($a),
            _mm512_ror_epi32::<13>($a),
            _mm512_ror_epi32::<22>($a),
        );
        $d = add($d, mixed);
        $h = add(add(mixed, majority($a, $b, $c)), sum);
    };
}

#[target_feature(enable = "avx512f")]
fn sha256(state: &mut [Word; 8], block: &Block) {
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    let mut w = *block;
    let parts = WORDS_SHA512[..64].as_chunks::<16>().0;
    for (part, k) in parts.iter().enumerate() {
        if part > 0 {
            for at in 0..16 {
                let (early, late) = (w[(at + 1) % 16], w[(at + 14) % 16]);
                let early = parity(
                    _mm512_ror_epi32::<7>(early),
                    _mm512_ror_epi32::<18>(early),
                    _mm512_srli_epi32::<3>(early),
                );
                let late = parity(
                    _mm512_ror_epi32::<17>(late),
                    _mm512_ror_epi32::<19>(late),
                    _mm512_srli_epi32::<10>(late),
                );
                w[at] = add(add(w[at], early), add(w[(at + 9) % 16], late));
            }
        }
        sha256_step!(w, k, 0, a, b, c, d, e, f, g, h);
        sha256_step!(w, k, 1, h, a, b, c, d, e, f, g);
        sha256_step!(w, k, 2, g, h, a, b, c, d, e, f);
        sha256_step!(w, k, 3, f, g, h, a, b, c, d, e);
        sha256_step!(w, k, 4, e, f, g, h, a, b, c, d);
        sha256_step!(w, k, 5, d, e, f, g, h, a, b, c);
        sha256_step!(w, k, 6, c, d, e, f, g, h, a, b);
        sha256_step!(w, k, 7, b, c, d, e, f, g, h, a);
        sha256_step!(w, k, 8, a, b, c, d, e, f, g, h);
        sha256_step!(w, k, 9, h, a, b, c, d, e, f, g);
        sha256_step!(w, k, 10, g, h, a, b, c, d, e, f);
        sha256_step!(w, k, 11, f, g, h, a, b, c, d, e);
        sha256_step!(w, k, 12, e, f, g, h, a, b, c, d);
        sha256_step!(w, k, 13, d, e, f, g, h, a, b, c);
        sha256_step!(w, k, 14, c, d, e, f, g, h, a, b);
        sha256_step!(w, k, 15, b, c, d, e, f, g, h, a);
    }
    for (word, own) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = add(*word, own);
    }
}

#[target_feature(enable = "avx512f")]
fn sha1(state: &mut [Word; 8], block: &Block) {
    let [mut a, mut b, mut c, mut d, mut e, ..] = *state;
    let mut w = *block;
    for at in 0..80 {
        if at >= 16 {
            let three = parity(w[(at + 13) % 16], w[(at + 8) % 16], w[(at + 2) % 16]);
            w[at % 16] = _mm512_rol_epi32::<1>(_mm512_xor_si512(three, w[at % 16]));
        }
        let (mixed, k) = match at {
            0..20 => (choose(b, c, d), 0x5a82_7999),
            20..40 => (parity(b, c, d), 0x6ed9_eba1),
            40..60 => (majority(b, c, d), 0x8f1b_bcdc),
            _ => (parity(b, c, d), 0xca62_c1d6),
        };
        let sum = add(
            add(e, add(all(k), w[at % 16])),
            add(mixed, _mm512_rol_epi32::<5>(a)),
        );
        (e, d, c, b, a) = (d, c, _mm512_rol_epi32::<30>(b), a, sum);
    }
    for (word, own) in state.iter_mut().zip([a, b, c, d, e]) {
        *word = add(*word, own);
    }
}

macro_rules! md5_round {
    ($w:ident, $from:literal, $f:expr, $times:literal, $plus:literal, $by:expr, $a:ident, $b:ident, $c:ident, $d:ident) => {
        for four in 0..4 {
            let k = |at: usize| all(WORDS_MD5[$from + four * 4 + at]);
            let w = |at: usize| $w[((four * 4 + at) * $times + $plus) % 16];
            const BY: [i32; 4] = $by;
            $a = add(
                $b,
                _mm512_rol_epi32::<{ BY[0] }>(add(add($a, $f($b, $c, $d)), add(k(0), w(0)))),
            );
            $d = add(
                $a,
                _mm512_rol_epi32::<{ BY[1] }>(add(add($d, $f($a, $b, $c)), add(k(1), w(1)))),
            );
            $c = add(
                $d,
                _mm512_rol_epi32::<{ BY[2] }>(add(add($c, $f($d, $a, $b)), add(k(2), w(2)))),
            );
            $b = add(
                $c,
                _mm512_rol_epi32::<{ BY[3] }>(add(add($b, $f($c, $d, $a)), add(k(3), w(3)))),
            );
        }
    };
}

#[target_feature(enable = "avx512f,avx512bw")]
fn md5(state: &mut [Word; 8], block: &Block, last: bool) {
    let [mut a, mut b, mut c, mut d, ..] = *state;
    let mut w = *block;
    for word in &mut w {
        *word = swapped(*word);
    }
    // The length of the text comes with its lower half first.
    if last {
        (w[14], w[15]) = (block[15], block[14]);
    }
    // c where d, or else b; c ^ (b | !d).
    let choose_other = |b, c, d| choose(d, b, c);
    let odd = |b, c, d| _mm512_ternarylogic_epi32::<0x39>(b, c, d);
    md5_round!(w, 0, choose, 1, 0, [7, 12, 17, 22], a, b, c, d);
    md5_round!(w, 16, choose_other, 5, 1, [5, 9, 14, 20], a, b, c, d);
    md5_round!(w, 32, parity, 3, 5, [4, 11, 16, 23], a, b, c, d);
    md5_round!(w, 48, odd, 7, 0, [6, 10, 15, 21], a, b, c, d);
    for (word, own) in state.iter_mut().zip([a, b, c, d]) {
        *word = add(*word, own);
    }
}

macro_rules! sha512_step {
    ($words:ident, $add:ident, $at:literal, $a:ident, $b:ident, $c:ident, $d:ident, $e:ident, $f:ident, $g:ident, $h:ident) => {
        let sum = parity(
            _mm512_ror_epi64::<14>($e),
            _mm512_ror_epi64::<18>($e),
            _mm512_ror_epi64::<41>($e),
        );
        let k = _mm512_set1_epi64($add[$at] as i64);
        let mixed = _mm512_add_epi64($h, _mm512_add_epi64(k, $words[$at]));
        let mixed = _mm512_add_epi64(_mm512_add_epi64(mixed, choose($e, $f, $g)), sum);
        let sum = parity(
            _mm512_ror_epi64::<28>($a),
            _mm512_ror_epi64::<34>($a),
            _mm512_ror_epi64::<39>($a),
        );
        $d = _mm512_add_epi64($d, mixed);
        $h = _mm512_add_epi64(_mm512_add_epi64(mixed, majority($a, $b, $c)), sum);
    };
}

/// Eight lanes at a time: their words are twice as long.
#[target_feature(enable = "avx512f")]
fn sha512(function: Function, block: &Block, begins: &mut [u64; LANES]) {
    let start = match function {
        Function::Sha384 => &SHA384,
        _ => &SHA512,
    };
    for (half, begins) in begins.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        let mut w = [_mm512_setzero_si512(); 16];
        for (at, word) in w.iter_mut().enumerate().take(8) {
            let (high, low) = match at {
                7 => (block[14], _mm512_setzero_si512()),
                _ => (block[at * 2], block[at * 2 + 1]),
            };
            *word = joined(half, high, low);
        }
        w[15] = joined(half, _mm512_setzero_si512(), block[15]);
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] =
            start.map(|word| _mm512_set1_epi64(word as i64));
        for (part, k) in WORDS_SHA512.as_chunks::<16>().0.iter().enumerate() {
            if part > 0 {
                for at in 0..16 {
                    let (early, late) = (w[(at + 1) % 16], w[(at + 14) % 16]);
                    let early = parity(
                        _mm512_ror_epi64::<1>(early),
                        _mm512_ror_epi64::<8>(early),
                        _mm512_srli_epi64::<7>(early),
                    );
                    let late = parity(
                        _mm512_ror_epi64::<19>(late),
                        _mm512_ror_epi64::<61>(late),
                        _mm512_srli_epi64::<6>(late),
                    );
                    let sum = _mm512_add_epi64(w[(at + 9) % 16], late);
                    w[at] = _mm512_add_epi64(_mm512_add_epi64(w[at], early), sum);
                }
            }
            sha512_step!(w, k, 0, a, b, c, d, e, f, g, h);
            sha512_step!(w, k, 1, h, a, b, c, d, e, f, g);
            sha512_step!(w, k, 2, g, h, a, b, c, d, e, f);
            sha512_step!(w, k, 3, f, g, h, a, b, c, d, e);
            sha512_step!(w, k, 4, e, f, g, h, a, b, c, d);
            sha512_step!(w, k, 5, d, e, f, g, h, a, b, c);
            sha512_step!(w, k, 6, c, d, e, f, g, h, a, b);
            sha512_step!(w, k, 7, b, c, d, e, f, g, h, a);
            sha512_step!(w, k, 8, a, b, c, d, e, f, g, h);
            sha512_step!(w, k, 9, h, a, b, c, d, e, f, g);
            sha512_step!(w, k, 10, g, h, a, b, c, d, e, f);
            sha512_step!(w, k, 11, f, g, h, a, b, c, d, e);
            sha512_step!(w, k, 12, e, f, g, h, a, b, c, d);
            sha512_step!(w, k, 13, d, e, f, g, h, a, b, c);
            sha512_step!(w, k, 14, c, d, e, f, g, h, a, b);
            sha512_step!(w, k, 15, b, c, d, e, f, g, h, a);
        }
        let first = _mm512_add_epi64(a, _mm512_set1_epi64(start[0] as i64));
        // The lower half of a word comes first in memory.
        for (begin, pair) in begins.iter_mut().zip(store(first).as_chunks::<2>().0) {
            *begin = u64::from(pair[1]) << 32 | u64::from(pair[0]);
        }
    }
}

/// Words of 64 bits of eight of the lanes.
#[target_feature(enable = "avx512f")]
fn joined(half: usize, high: Word, low: Word) -> Word {
    let part = |word| match half {
        0 => _mm512_extracti64x4_epi64::<0>(word),
        _ => _mm512_extracti64x4_epi64::<1>(word),
    };
    let high = _mm512_slli_epi64::<32>(_mm512_cvtepu32_epi64(part(high)));
    _mm512_or_si512(high, _mm512_cvtepu32_epi64(part(low)))
}
