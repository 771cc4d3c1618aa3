//! Digests of many short texts at once: of each the first 64 bits, which is all that most of them are looked at for.
//!
//! MD5 is computed for sixteen texts side by side, which the compiler turns into instructions on vectors. SHA-256 and
//! SHA-1 are computed one by one by the instructions that most machines have for them.

use crate::Function;

/// Texts that are hashed side by side.
pub const LANES: usize = 16;
/// Longer texts do not fit into one block with their padding.
pub const LONGEST: usize = 55;

/// Texts that wait to be hashed, each in a block of its own, padded but for its length.
pub struct Batch {
    blocks: [[u8; 64]; LANES],
    lengths: [u8; LANES],
    count: usize,
}

impl Batch {
    pub fn new() -> Self {
        Self {
            blocks: [[0; 64]; LANES],
            lengths: [0; LANES],
            count: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_full(&self) -> bool {
        self.count == LANES
    }

    pub fn clear(&mut self) {
        self.count = 0;
    }

    /// # Panics
    /// The text is longer than [`LONGEST`], or the batch is full.
    pub fn push(&mut self, text: &[u8]) {
        let block = &mut self.blocks[self.count];
        let before = usize::from(self.lengths[self.count]);
        block[..text.len()].copy_from_slice(text);
        block[text.len()] = 0x80;
        if before > text.len() {
            block[text.len() + 1..=before].fill(0);
        }
        self.lengths[self.count] = text.len() as u8;
        self.count += 1;
    }

    pub fn text(&self, at: usize) -> &[u8] {
        &self.blocks[at][..usize::from(self.lengths[at])]
    }

    /// The first 64 bits of the digest of each text.
    pub fn begins(&mut self, function: Function, begins: &mut [u64; LANES]) {
        match function {
            Function::Md5 => self.md5(begins),
            Function::Sha256 => {
                for (at, begin) in begins.iter_mut().enumerate().take(self.count) {
                    let mut state = SHA256;
                    sha2::block_api::compress256(&mut state, &[self.big_endian(at)]);
                    *begin = u64::from(state[0]) << 32 | u64::from(state[1]);
                }
            }
            Function::Sha1 => {
                for (at, begin) in begins.iter_mut().enumerate().take(self.count) {
                    let mut state = SHA1;
                    sha1::block_api::compress(&mut state, &[self.big_endian(at)]);
                    *begin = u64::from(state[0]) << 32 | u64::from(state[1]);
                }
            }
            other => {
                for (at, begin) in begins.iter_mut().enumerate().take(self.count) {
                    *begin = crate::targets::begin(other.digest(self.text(at)).bytes());
                }
            }
        }
    }

    /// A block with the length of its text at its end, the highest byte first.
    #[inline(always)]
    fn big_endian(&self, at: usize) -> [u8; 64] {
        let mut block = self.blocks[at];
        let bits = u16::from(self.lengths[at]) * 8;
        block[62..].copy_from_slice(&bits.to_be_bytes());
        block
    }

    fn md5(&self, begins: &mut [u64; LANES]) {
        let longest = self.lengths[..self.count].iter().max();
        let used = usize::from(longest.copied().unwrap_or(0)) / 4 + 1;
        let mut words = [[0u32; LANES]; 16];
        for (at, block) in self.blocks.iter().enumerate().take(self.count) {
            for (word, bytes) in words[..used].iter_mut().zip(block.as_chunks::<4>().0) {
                word[at] = u32::from_le_bytes(*bytes);
            }
            words[14][at] = u32::from(self.lengths[at]) * 8;
        }
        let [a, b] = md5(&words);
        for ((begin, a), b) in begins.iter_mut().zip(a).zip(b) {
            *begin = u64::from(a.swap_bytes()) << 32 | u64::from(b.swap_bytes());
        }
    }
}

/// Source: FIPS 180-4, 5.3.
const SHA256: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];
const SHA1: [u32; 5] = [
    0x6745_2301,
    0xefcd_ab89,
    0x98ba_dcfe,
    0x1032_5476,
    0xc3d2_e1f0,
];

macro_rules! choose {
    ($b:expr, $c:expr, $d:expr) => {
        $d ^ ($b & ($c ^ $d))
    };
}

macro_rules! choose_other {
    ($b:expr, $c:expr, $d:expr) => {
        $c ^ ($d & ($b ^ $c))
    };
}

macro_rules! parity {
    ($b:expr, $c:expr, $d:expr) => {
        $b ^ $c ^ $d
    };
}

macro_rules! odd {
    ($b:expr, $c:expr, $d:expr) => {
        $c ^ ($b | !$d)
    };
}

macro_rules! step {
    ($f:ident, $words:ident, $a:ident, $b:ident, $c:ident, $d:ident, $word:literal, $add:literal, $by:literal) => {
        for lane in 0..LANES {
            $a[lane] = $b[lane].wrapping_add(
                $a[lane]
                    .wrapping_add($f!($b[lane], $c[lane], $d[lane]))
                    .wrapping_add($add)
                    .wrapping_add($words[$word][lane])
                    .rotate_left($by),
            );
        }
    };
}

/// The first two words of the digests of one block a lane.
///
/// Source: RFC 1321, 3.4.
#[inline(always)]
fn md5(words: &[[u32; LANES]; 16]) -> [[u32; LANES]; 2] {
    let mut a = [0x6745_2301_u32; LANES];
    let mut b = [0xefcd_ab89_u32; LANES];
    let mut c = [0x98ba_dcfe_u32; LANES];
    let mut d = [0x1032_5476_u32; LANES];
    step!(choose, words, a, b, c, d, 0, 0xd76a_a478, 7);
    step!(choose, words, d, a, b, c, 1, 0xe8c7_b756, 12);
    step!(choose, words, c, d, a, b, 2, 0x2420_70db, 17);
    step!(choose, words, b, c, d, a, 3, 0xc1bd_ceee, 22);
    step!(choose, words, a, b, c, d, 4, 0xf57c_0faf, 7);
    step!(choose, words, d, a, b, c, 5, 0x4787_c62a, 12);
    step!(choose, words, c, d, a, b, 6, 0xa830_4613, 17);
    step!(choose, words, b, c, d, a, 7, 0xfd46_9501, 22);
    step!(choose, words, a, b, c, d, 8, 0x6980_98d8, 7);
    step!(choose, words, d, a, b, c, 9, 0x8b44_f7af, 12);
    step!(choose, words, c, d, a, b, 10, 0xffff_5bb1, 17);
    step!(choose, words, b, c, d, a, 11, 0x895c_d7be, 22);
    step!(choose, words, a, b, c, d, 12, 0x6b90_1122, 7);
    step!(choose, words, d, a, b, c, 13, 0xfd98_7193, 12);
    step!(choose, words, c, d, a, b, 14, 0xa679_438e, 17);
    step!(choose, words, b, c, d, a, 15, 0x49b4_0821, 22);
    step!(choose_other, words, a, b, c, d, 1, 0xf61e_2562, 5);
    step!(choose_other, words, d, a, b, c, 6, 0xc040_b340, 9);
    step!(choose_other, words, c, d, a, b, 11, 0x265e_5a51, 14);
    step!(choose_other, words, b, c, d, a, 0, 0xe9b6_c7aa, 20);
    step!(choose_other, words, a, b, c, d, 5, 0xd62f_105d, 5);
    step!(choose_other, words, d, a, b, c, 10, 0x0244_1453, 9);
    step!(choose_other, words, c, d, a, b, 15, 0xd8a1_e681, 14);
    step!(choose_other, words, b, c, d, a, 4, 0xe7d3_fbc8, 20);
    step!(choose_other, words, a, b, c, d, 9, 0x21e1_cde6, 5);
    step!(choose_other, words, d, a, b, c, 14, 0xc337_07d6, 9);
    step!(choose_other, words, c, d, a, b, 3, 0xf4d5_0d87, 14);
    step!(choose_other, words, b, c, d, a, 8, 0x455a_14ed, 20);
    step!(choose_other, words, a, b, c, d, 13, 0xa9e3_e905, 5);
    step!(choose_other, words, d, a, b, c, 2, 0xfcef_a3f8, 9);
    step!(choose_other, words, c, d, a, b, 7, 0x676f_02d9, 14);
    step!(choose_other, words, b, c, d, a, 12, 0x8d2a_4c8a, 20);
    step!(parity, words, a, b, c, d, 5, 0xfffa_3942, 4);
    step!(parity, words, d, a, b, c, 8, 0x8771_f681, 11);
    step!(parity, words, c, d, a, b, 11, 0x6d9d_6122, 16);
    step!(parity, words, b, c, d, a, 14, 0xfde5_380c, 23);
    step!(parity, words, a, b, c, d, 1, 0xa4be_ea44, 4);
    step!(parity, words, d, a, b, c, 4, 0x4bde_cfa9, 11);
    step!(parity, words, c, d, a, b, 7, 0xf6bb_4b60, 16);
    step!(parity, words, b, c, d, a, 10, 0xbebf_bc70, 23);
    step!(parity, words, a, b, c, d, 13, 0x289b_7ec6, 4);
    step!(parity, words, d, a, b, c, 0, 0xeaa1_27fa, 11);
    step!(parity, words, c, d, a, b, 3, 0xd4ef_3085, 16);
    step!(parity, words, b, c, d, a, 6, 0x0488_1d05, 23);
    step!(parity, words, a, b, c, d, 9, 0xd9d4_d039, 4);
    step!(parity, words, d, a, b, c, 12, 0xe6db_99e5, 11);
    step!(parity, words, c, d, a, b, 15, 0x1fa2_7cf8, 16);
    step!(parity, words, b, c, d, a, 2, 0xc4ac_5665, 23);
    step!(odd, words, a, b, c, d, 0, 0xf429_2244, 6);
    step!(odd, words, d, a, b, c, 7, 0x432a_ff97, 10);
    step!(odd, words, c, d, a, b, 14, 0xab94_23a7, 15);
    step!(odd, words, b, c, d, a, 5, 0xfc93_a039, 21);
    step!(odd, words, a, b, c, d, 12, 0x655b_59c3, 6);
    step!(odd, words, d, a, b, c, 3, 0x8f0c_cc92, 10);
    step!(odd, words, c, d, a, b, 10, 0xffef_f47d, 15);
    step!(odd, words, b, c, d, a, 1, 0x8584_5dd1, 21);
    step!(odd, words, a, b, c, d, 8, 0x6fa8_7e4f, 6);
    step!(odd, words, d, a, b, c, 15, 0xfe2c_e6e0, 10);
    step!(odd, words, c, d, a, b, 6, 0xa301_4314, 15);
    step!(odd, words, b, c, d, a, 13, 0x4e08_11a1, 21);
    step!(odd, words, a, b, c, d, 4, 0xf753_7e82, 6);
    step!(odd, words, d, a, b, c, 11, 0xbd3a_f235, 10);
    step!(odd, words, c, d, a, b, 2, 0x2ad7_d2bb, 15);
    step!(odd, words, b, c, d, a, 9, 0xeb86_d391, 21);
    for lane in 0..LANES {
        a[lane] = a[lane].wrapping_add(0x6745_2301);
        b[lane] = b[lane].wrapping_add(0xefcd_ab89);
    }
    [a, b]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Side by side each text has the digest it has alone, whatever stood in its place before.
    #[test]
    fn side_by_side_as_one_by_one() {
        let mut batch = Batch::new();
        let texts: Vec<Vec<u8>> = (0..200usize)
            .map(|n| {
                (0..n * 7 % (LONGEST + 1))
                    .map(|at| (n * 31 + at * 7) as u8)
                    .collect()
            })
            .collect();
        for texts in texts.chunks(LANES).chain(texts.chunks(5)) {
            batch.clear();
            texts.iter().for_each(|text| batch.push(text));
            for function in Function::ALL {
                let mut begins = [0; LANES];
                batch.begins(function, &mut begins);
                for (text, begin) in texts.iter().zip(begins) {
                    let digest = function.digest(text);
                    assert_eq!(
                        begin,
                        crate::targets::begin(digest.bytes()),
                        "{}",
                        function.as_str()
                    );
                }
            }
        }
    }
}
