//! Digests that are looked for among very many: a filter by their first bits, then the digests themselves.

use super::{Digest, Form};

/// The bits of some pseudonyms, in order.
pub struct Targets {
    bits: u32,
    /// As many of the first bits as tell which bit of the filter.
    shift: u32,
    filter: Vec<u64>,
    /// The first 64 bits, or as many as there are, of each, ascending, and which pseudonym it is.
    begins: Vec<(u64, u32)>,
    /// All bits of each pseudonym.
    whole: Vec<Vec<u8>>,
}

impl Targets {
    /// Of pseudonyms of a form. `None` where one is not so written.
    pub fn new<'a>(form: &Form, pseudonyms: impl Iterator<Item = &'a [u8]>) -> Option<Self> {
        let whole: Option<Vec<Vec<u8>>> = pseudonyms
            .map(|text| form.encoding.decode(text).map(|(bytes, _)| bytes))
            .collect();
        let whole = whole?;
        let mut begins: Vec<(u64, u32)> = whole
            .iter()
            .zip(0..)
            .map(|(bytes, at)| (begin(bytes, form.bits), at))
            .collect();
        begins.sort_unstable();
        // Of 64 bits of the filter one is set: one candidate in 64 is looked for among the digests.
        let wanted = (whole.len().max(1) as u64 * 64).next_power_of_two();
        let filter_bits = wanted.clamp(64, 1 << 30).trailing_zeros().min(form.bits);
        let shift = 64 - filter_bits;
        let mut filter = vec![0u64; (1usize << filter_bits).div_ceil(64)];
        for (begin, _) in &begins {
            let bit = begin >> shift;
            filter[(bit / 64) as usize] |= 1 << (bit % 64);
        }
        Some(Self {
            bits: form.bits,
            shift,
            filter,
            begins,
            whole,
        })
    }

    pub fn len(&self) -> usize {
        self.whole.len()
    }

    pub fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    /// Whether a pseudonym may begin as the digest does: nearly always not, and then this is all it takes.
    #[inline]
    pub fn may_hold(&self, digest: &Digest) -> bool {
        let bit = begin(digest.bytes(), self.bits) >> self.shift;
        self.filter[(bit / 64) as usize] >> (bit % 64) & 1 == 1
    }

    /// The pseudonyms that begin as the digest does.
    pub fn find(&self, digest: &Digest) -> Vec<u32> {
        if !self.may_hold(digest) {
            return Vec::new();
        }
        let begin = begin(digest.bytes(), self.bits);
        let from = self.begins.partition_point(|(known, _)| *known < begin);
        let same = self.begins[from..]
            .iter()
            .take_while(|(known, _)| *known == begin);
        let is = |at: &u32| is_beginning(&self.whole[*at as usize], digest.bytes(), self.bits);
        same.map(|(_, at)| *at).filter(is).collect()
    }
}

#[inline]
fn begin(bytes: &[u8], bits: u32) -> u64 {
    let mut first = [0; 8];
    let length = bytes.len().min(8);
    first[..length].copy_from_slice(&bytes[..length]);
    let kept = bits.min(64);
    u64::from_be_bytes(first) & (u64::MAX << (64 - kept))
}

/// Whether the first bits of both are the same.
fn is_beginning(a: &[u8], b: &[u8], bits: u32) -> bool {
    let (whole, rest) = (bits as usize / 8, bits % 8);
    a[..whole] == b[..whole] && (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::{Encoding, Function};

    /// A slow look through all of them finds the same.
    #[test]
    fn targets_are_found_and_nothing_else() {
        for (encoding, bits) in [
            (Encoding::HexLower, 32),
            (Encoding::HexLower, 36),
            (Encoding::HexUpper, 60),
            (Encoding::Base64, 66),
            (Encoding::Base64Url, 128),
            (Encoding::Binary, 256),
        ] {
            let form = Form {
                function: Function::Sha256,
                encoding,
                bits,
            };
            let digest = |n: u32| form.function.digest(&n.to_be_bytes());
            let texts: Vec<Vec<u8>> = (0..500)
                .map(|n| encoding.encode(&digest(n * 3), bits))
                .collect();
            let targets = Targets::new(&form, texts.iter().map(Vec::as_slice)).unwrap();
            for n in 0..1_600 {
                let written = encoding.encode(&digest(n), bits);
                let slow: Vec<u32> = (0..500)
                    .filter(|at| texts[*at as usize] == written)
                    .collect();
                assert_eq!(targets.find(&digest(n)), slow);
                assert!(slow.is_empty() || targets.may_hold(&digest(n)));
                assert_eq!(slow.len(), usize::from(n % 3 == 0 && n < 1_500));
            }
        }
    }

    #[test]
    fn of_nothing_nothing_is_found() {
        let form = Form {
            function: Function::Crc32,
            encoding: Encoding::Number,
            bits: 32,
        };
        let none = Targets::new(&form, std::iter::empty()).unwrap();
        assert!(none.is_empty() && none.find(&form.function.digest(b"x")).is_empty());
        assert!(Targets::new(&form, [b"x".as_slice()].into_iter()).is_none());
    }
}
