//! Digests of many short texts at once: of each the first 64 bits, which is all that most of them are looked at for.
//!
//! Where the machine has vectors of 512 bits, sixteen texts are hashed side by side. Elsewhere MD5 is, in code that the
//! compiler turns into instructions on vectors, and SHA-256 and SHA-1 are computed one by one by the instructions that
//! most machines have for them.

#[cfg(target_arch = "x86_64")]
mod vectors;

use crate::Function;
use crate::recipe::{Of, Recipe};

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

    /// A text with zeros behind it.
    ///
    /// # Panics
    /// As [`push`](Self::push) does.
    #[inline(always)]
    pub fn push_block(&mut self, block: &[u8; 64], length: usize) {
        assert!(length <= LONGEST, "the text is longer");
        let own = &mut self.blocks[self.count];
        *own = *block;
        own[length] = 0x80;
        self.lengths[self.count] = length as u8;
        self.count += 1;
    }

    pub fn text(&self, at: usize) -> &[u8] {
        &self.blocks[at][..usize::from(self.lengths[at])]
    }

    /// The first 64 bits of the digest of each text.
    pub fn begins(&mut self, recipe: Recipe, begins: &mut [u64; LANES]) {
        #[cfg(target_arch = "x86_64")]
        if vectors::knows(recipe) && vectors::is_available() {
            let words = self.words();
            let bits = self.lengths.map(|length| u32::from(length) * 8);
            let words = words.first_chunk().expect("sixteen words");
            // SAFETY: the machine has the instructions.
            #[expect(unsafe_code)]
            unsafe {
                vectors::begins(recipe, words, &bits, begins);
            }
            return;
        }
        self.begins_anywhere(recipe, begins);
    }

    /// The same on any machine.
    fn begins_anywhere(&mut self, recipe: Recipe, begins: &mut [u64; LANES]) {
        let function = match recipe.of {
            Of::Text => Some(recipe.function),
            _ => None,
        };
        match function {
            Some(Function::Md5) => {
                let mut words = self.words();
                words[14] = self.lengths.map(|length| u32::from(length) * 8);
                let [a, b] = md5(&words);
                for ((begin, a), b) in begins.iter_mut().zip(a).zip(b) {
                    *begin = u64::from(a.swap_bytes()) << 32 | u64::from(b.swap_bytes());
                }
            }
            Some(Function::Sha256) => {
                for (at, begin) in begins.iter_mut().enumerate().take(self.count) {
                    let mut state = SHA256;
                    sha2::block_api::compress256(&mut state, &[self.big_endian(at)]);
                    *begin = u64::from(state[0]) << 32 | u64::from(state[1]);
                }
            }
            Some(Function::Sha1) => {
                for (at, begin) in begins.iter_mut().enumerate().take(self.count) {
                    let mut state = SHA1;
                    sha1::block_api::compress(&mut state, &[self.big_endian(at)]);
                    *begin = u64::from(state[0]) << 32 | u64::from(state[1]);
                }
            }
            _ => {
                for (at, begin) in begins.iter_mut().enumerate().take(self.count) {
                    *begin = crate::targets::begin(recipe.digest(self.text(at)).bytes());
                }
            }
        }
    }

    /// The words of each block, the lowest byte first, by lanes.
    #[inline(always)]
    fn words(&self) -> [[u32; LANES]; 16] {
        let longest = self.lengths[..self.count].iter().max();
        let used = usize::from(longest.copied().unwrap_or(0)) / 4 + 1;
        let mut words = [[0u32; LANES]; 16];
        for (at, block) in self.blocks.iter().enumerate().take(self.count) {
            for (word, bytes) in words[..used].iter_mut().zip(block.as_chunks::<4>().0) {
                word[at] = u32::from_le_bytes(*bytes);
            }
        }
        words
    }

    /// A block with the length of its text at its end, the highest byte first.
    #[inline(always)]
    fn big_endian(&self, at: usize) -> [u8; 64] {
        let mut block = self.blocks[at];
        let bits = u16::from(self.lengths[at]) * 8;
        block[62..].copy_from_slice(&bits.to_be_bytes());
        block
    }
}

/// Source: RFC 1321, 3.3.
const MD5: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
/// Source: FIPS 180-4, 5.3.
const SHA1: [u32; 5] = [
    0x6745_2301,
    0xefcd_ab89,
    0x98ba_dcfe,
    0x1032_5476,
    0xc3d2_e1f0,
];
const SHA224: [u32; 8] = [
    0xc105_9ed8,
    0x367c_d507,
    0x3070_dd17,
    0xf70e_5939,
    0xffc0_0b31,
    0x6858_1511,
    0x64f9_8fa7,
    0xbefa_4fa4,
];
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
const SHA384: [u64; 8] = [
    0xcbbb_9d5d_c105_9ed8,
    0x629a_292a_367c_d507,
    0x9159_015a_3070_dd17,
    0x152f_ecd8_f70e_5939,
    0x6733_2667_ffc0_0b31,
    0x8eb4_4a87_6858_1511,
    0xdb0c_2e0d_64f9_8fa7,
    0x47b5_481d_befa_4fa4,
];
const SHA512: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// Source: RFC 1321, 3.4.
const WORDS_MD5: [u32; 64] = [
    0xd76a_a478,
    0xe8c7_b756,
    0x2420_70db,
    0xc1bd_ceee,
    0xf57c_0faf,
    0x4787_c62a,
    0xa830_4613,
    0xfd46_9501,
    0x6980_98d8,
    0x8b44_f7af,
    0xffff_5bb1,
    0x895c_d7be,
    0x6b90_1122,
    0xfd98_7193,
    0xa679_438e,
    0x49b4_0821,
    0xf61e_2562,
    0xc040_b340,
    0x265e_5a51,
    0xe9b6_c7aa,
    0xd62f_105d,
    0x0244_1453,
    0xd8a1_e681,
    0xe7d3_fbc8,
    0x21e1_cde6,
    0xc337_07d6,
    0xf4d5_0d87,
    0x455a_14ed,
    0xa9e3_e905,
    0xfcef_a3f8,
    0x676f_02d9,
    0x8d2a_4c8a,
    0xfffa_3942,
    0x8771_f681,
    0x6d9d_6122,
    0xfde5_380c,
    0xa4be_ea44,
    0x4bde_cfa9,
    0xf6bb_4b60,
    0xbebf_bc70,
    0x289b_7ec6,
    0xeaa1_27fa,
    0xd4ef_3085,
    0x0488_1d05,
    0xd9d4_d039,
    0xe6db_99e5,
    0x1fa2_7cf8,
    0xc4ac_5665,
    0xf429_2244,
    0x432a_ff97,
    0xab94_23a7,
    0xfc93_a039,
    0x655b_59c3,
    0x8f0c_cc92,
    0xffef_f47d,
    0x8584_5dd1,
    0x6fa8_7e4f,
    0xfe2c_e6e0,
    0xa301_4314,
    0x4e08_11a1,
    0xf753_7e82,
    0xbd3a_f235,
    0x2ad7_d2bb,
    0xeb86_d391,
];
/// Source: FIPS 180-4, 4.2.3; those of SHA-256 are their upper halves.
const WORDS_SHA512: [u64; 80] = [
    0x428a_2f98_d728_ae22,
    0x7137_4491_23ef_65cd,
    0xb5c0_fbcf_ec4d_3b2f,
    0xe9b5_dba5_8189_dbbc,
    0x3956_c25b_f348_b538,
    0x59f1_11f1_b605_d019,
    0x923f_82a4_af19_4f9b,
    0xab1c_5ed5_da6d_8118,
    0xd807_aa98_a303_0242,
    0x1283_5b01_4570_6fbe,
    0x2431_85be_4ee4_b28c,
    0x550c_7dc3_d5ff_b4e2,
    0x72be_5d74_f27b_896f,
    0x80de_b1fe_3b16_96b1,
    0x9bdc_06a7_25c7_1235,
    0xc19b_f174_cf69_2694,
    0xe49b_69c1_9ef1_4ad2,
    0xefbe_4786_384f_25e3,
    0x0fc1_9dc6_8b8c_d5b5,
    0x240c_a1cc_77ac_9c65,
    0x2de9_2c6f_592b_0275,
    0x4a74_84aa_6ea6_e483,
    0x5cb0_a9dc_bd41_fbd4,
    0x76f9_88da_8311_53b5,
    0x983e_5152_ee66_dfab,
    0xa831_c66d_2db4_3210,
    0xb003_27c8_98fb_213f,
    0xbf59_7fc7_beef_0ee4,
    0xc6e0_0bf3_3da8_8fc2,
    0xd5a7_9147_930a_a725,
    0x06ca_6351_e003_826f,
    0x1429_2967_0a0e_6e70,
    0x27b7_0a85_46d2_2ffc,
    0x2e1b_2138_5c26_c926,
    0x4d2c_6dfc_5ac4_2aed,
    0x5338_0d13_9d95_b3df,
    0x650a_7354_8baf_63de,
    0x766a_0abb_3c77_b2a8,
    0x81c2_c92e_47ed_aee6,
    0x9272_2c85_1482_353b,
    0xa2bf_e8a1_4cf1_0364,
    0xa81a_664b_bc42_3001,
    0xc24b_8b70_d0f8_9791,
    0xc76c_51a3_0654_be30,
    0xd192_e819_d6ef_5218,
    0xd699_0624_5565_a910,
    0xf40e_3585_5771_202a,
    0x106a_a070_32bb_d1b8,
    0x19a4_c116_b8d2_d0c8,
    0x1e37_6c08_5141_ab53,
    0x2748_774c_df8e_eb99,
    0x34b0_bcb5_e19b_48a8,
    0x391c_0cb3_c5c9_5a63,
    0x4ed8_aa4a_e341_8acb,
    0x5b9c_ca4f_7763_e373,
    0x682e_6ff3_d6b2_b8a3,
    0x748f_82ee_5def_b2fc,
    0x78a5_636f_4317_2f60,
    0x84c8_7814_a1f0_ab72,
    0x8cc7_0208_1a64_39ec,
    0x90be_fffa_2363_1e28,
    0xa450_6ceb_de82_bde9,
    0xbef9_a3f7_b2c6_7915,
    0xc671_78f2_e372_532b,
    0xca27_3ece_ea26_619c,
    0xd186_b8c7_21c0_c207,
    0xeada_7dd6_cde0_eb1e,
    0xf57d_4f7f_ee6e_d178,
    0x06f0_67aa_7217_6fba,
    0x0a63_7dc5_a2c8_98a6,
    0x113f_9804_bef9_0dae,
    0x1b71_0b35_131c_471b,
    0x28db_77f5_2304_7d84,
    0x32ca_ab7b_40c7_2493,
    0x3c9e_be0a_15c9_bebc,
    0x431d_67c4_9c10_0d4c,
    0x4cc5_d4be_cb3e_42b6,
    0x597f_299c_fc65_7e2a,
    0x5fcb_6fab_3ad6_faec,
    0x6c44_198c_4a47_5817,
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
                    .wrapping_add(WORDS_MD5[$add])
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
    let [mut a, mut b, mut c, mut d] = MD5.map(|word| [word; LANES]);
    step!(choose, words, a, b, c, d, 0, 0, 7);
    step!(choose, words, d, a, b, c, 1, 1, 12);
    step!(choose, words, c, d, a, b, 2, 2, 17);
    step!(choose, words, b, c, d, a, 3, 3, 22);
    step!(choose, words, a, b, c, d, 4, 4, 7);
    step!(choose, words, d, a, b, c, 5, 5, 12);
    step!(choose, words, c, d, a, b, 6, 6, 17);
    step!(choose, words, b, c, d, a, 7, 7, 22);
    step!(choose, words, a, b, c, d, 8, 8, 7);
    step!(choose, words, d, a, b, c, 9, 9, 12);
    step!(choose, words, c, d, a, b, 10, 10, 17);
    step!(choose, words, b, c, d, a, 11, 11, 22);
    step!(choose, words, a, b, c, d, 12, 12, 7);
    step!(choose, words, d, a, b, c, 13, 13, 12);
    step!(choose, words, c, d, a, b, 14, 14, 17);
    step!(choose, words, b, c, d, a, 15, 15, 22);
    step!(choose_other, words, a, b, c, d, 1, 16, 5);
    step!(choose_other, words, d, a, b, c, 6, 17, 9);
    step!(choose_other, words, c, d, a, b, 11, 18, 14);
    step!(choose_other, words, b, c, d, a, 0, 19, 20);
    step!(choose_other, words, a, b, c, d, 5, 20, 5);
    step!(choose_other, words, d, a, b, c, 10, 21, 9);
    step!(choose_other, words, c, d, a, b, 15, 22, 14);
    step!(choose_other, words, b, c, d, a, 4, 23, 20);
    step!(choose_other, words, a, b, c, d, 9, 24, 5);
    step!(choose_other, words, d, a, b, c, 14, 25, 9);
    step!(choose_other, words, c, d, a, b, 3, 26, 14);
    step!(choose_other, words, b, c, d, a, 8, 27, 20);
    step!(choose_other, words, a, b, c, d, 13, 28, 5);
    step!(choose_other, words, d, a, b, c, 2, 29, 9);
    step!(choose_other, words, c, d, a, b, 7, 30, 14);
    step!(choose_other, words, b, c, d, a, 12, 31, 20);
    step!(parity, words, a, b, c, d, 5, 32, 4);
    step!(parity, words, d, a, b, c, 8, 33, 11);
    step!(parity, words, c, d, a, b, 11, 34, 16);
    step!(parity, words, b, c, d, a, 14, 35, 23);
    step!(parity, words, a, b, c, d, 1, 36, 4);
    step!(parity, words, d, a, b, c, 4, 37, 11);
    step!(parity, words, c, d, a, b, 7, 38, 16);
    step!(parity, words, b, c, d, a, 10, 39, 23);
    step!(parity, words, a, b, c, d, 13, 40, 4);
    step!(parity, words, d, a, b, c, 0, 41, 11);
    step!(parity, words, c, d, a, b, 3, 42, 16);
    step!(parity, words, b, c, d, a, 6, 43, 23);
    step!(parity, words, a, b, c, d, 9, 44, 4);
    step!(parity, words, d, a, b, c, 12, 45, 11);
    step!(parity, words, c, d, a, b, 15, 46, 16);
    step!(parity, words, b, c, d, a, 2, 47, 23);
    step!(odd, words, a, b, c, d, 0, 48, 6);
    step!(odd, words, d, a, b, c, 7, 49, 10);
    step!(odd, words, c, d, a, b, 14, 50, 15);
    step!(odd, words, b, c, d, a, 5, 51, 21);
    step!(odd, words, a, b, c, d, 12, 52, 6);
    step!(odd, words, d, a, b, c, 3, 53, 10);
    step!(odd, words, c, d, a, b, 10, 54, 15);
    step!(odd, words, b, c, d, a, 1, 55, 21);
    step!(odd, words, a, b, c, d, 8, 56, 6);
    step!(odd, words, d, a, b, c, 15, 57, 10);
    step!(odd, words, c, d, a, b, 6, 58, 15);
    step!(odd, words, b, c, d, a, 13, 59, 21);
    step!(odd, words, a, b, c, d, 4, 60, 6);
    step!(odd, words, d, a, b, c, 11, 61, 10);
    step!(odd, words, c, d, a, b, 2, 62, 15);
    step!(odd, words, b, c, d, a, 9, 63, 21);
    for lane in 0..LANES {
        a[lane] = a[lane].wrapping_add(MD5[0]);
        b[lane] = b[lane].wrapping_add(MD5[1]);
    }
    [a, b]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Side by side each text has the digest it has alone, whatever stood in its place before: with the instructions of
    /// this machine and without.
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
        let usual = Function::ALL.into_iter().filter(|f| f.is_usual());
        let usual: Vec<Function> = usual.collect();
        let mut recipes: Vec<Recipe> = Function::ALL.map(Recipe::plain).to_vec();
        for function in usual.iter().copied() {
            for inner in usual.iter().copied() {
                let of = [Of::Hex(inner), Of::HexUpper(inner), Of::Bytes(inner)];
                recipes.extend(of.map(|of| Recipe { function, of }));
            }
        }
        for texts in texts.chunks(LANES).chain(texts.chunks(5)) {
            batch.clear();
            texts.iter().for_each(|text| batch.push(text));
            for recipe in &recipes {
                let (mut begins, mut anywhere) = ([0; LANES], [0; LANES]);
                batch.begins(*recipe, &mut begins);
                batch.begins_anywhere(*recipe, &mut anywhere);
                for (at, text) in texts.iter().enumerate() {
                    let digest = recipe.digest(text);
                    let alone = crate::targets::begin(digest.bytes());
                    assert_eq!(
                        (begins[at], anywhere[at]),
                        (alone, alone),
                        "{}",
                        recipe.name()
                    );
                }
            }
        }
    }
}
