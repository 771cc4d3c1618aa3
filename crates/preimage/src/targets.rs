//! Digests that are looked for among very many: a filter by their first bits, then the digests themselves.

/// What a pseudonym would be the beginning of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its bits, the first in the highest bit of the first byte; at least as many bytes as they need.
    pub bytes: Vec<u8>,
    pub bits: u32,
    /// Which of the pseudonyms it is.
    pub pseudonym: u32,
}

/// The bits of some pseudonyms, in order.
#[derive(Debug)]
pub struct Targets {
    /// Of the first 64 bits those that are compared in each.
    mask: u64,
    /// Whether the six bits that a UUID says its version and variant by are left out.
    uuid: bool,
    /// As many of the first bits as tell which bit of the filter.
    shift: u32,
    filter: Vec<u64>,
    /// The first bits of each, ascending, and where it stands.
    begins: Vec<(u64, u32)>,
    all: Vec<Target>,
}

impl Targets {
    /// Of targets of at least so many bits. Of UUIDs the bits of version and variant are not compared.
    pub fn new(all: Vec<Target>, least: u32, uuid: bool) -> Self {
        let mut mask = u64::MAX << (64 - least.clamp(1, 64));
        if uuid {
            mask &= !0xf000;
        }
        let mut begins: Vec<(u64, u32)> = all
            .iter()
            .zip(0..)
            .map(|(target, at)| (begin(&target.bytes) & mask, at))
            .collect();
        begins.sort_unstable();
        // Of 64 bits of the filter one is set: one candidate in 64 is looked for among the digests.
        let wanted = (all.len().max(1) as u64 * 64).next_power_of_two();
        let filter_bits = wanted.clamp(64, 1 << 30).trailing_zeros().min(least);
        let shift = 64 - filter_bits;
        let mut filter = vec![0u64; (1usize << filter_bits).div_ceil(64)];
        for (begin, _) in &begins {
            let bit = begin >> shift;
            filter[(bit / 64) as usize] |= 1 << (bit % 64);
        }
        Self {
            mask,
            uuid,
            shift,
            filter,
            begins,
            all,
        }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Target> {
        self.all.iter()
    }

    /// Whether a pseudonym may begin as a digest does: nearly always not, and then this is all it takes.
    #[inline(always)]
    pub fn may_hold(&self, begin: u64) -> bool {
        let bit = (begin & self.mask) >> self.shift;
        self.filter[(bit / 64) as usize] >> (bit % 64) & 1 == 1
    }

    /// Whether one has these first bits, as far as they are compared.
    pub fn has(&self, begin: u64) -> bool {
        let begin = begin & self.mask;
        let at = self.begins.partition_point(|(known, _)| *known < begin);
        self.begins
            .get(at)
            .is_some_and(|(known, _)| *known == begin)
    }

    /// The pseudonyms that begin as the digest does.
    pub fn find(&self, digest: &[u8]) -> impl Iterator<Item = u32> {
        let begin = begin(digest) & self.mask;
        let from = self.begins.partition_point(|(known, _)| *known < begin);
        let same = self.begins[from..].iter();
        let same = same.take_while(move |(known, _)| *known == begin);
        same.map(|(_, at)| &self.all[*at as usize])
            .filter(|target| is_beginning(target, digest, self.uuid))
            .map(|target| target.pseudonym)
    }
}

/// The first 64 bits.
#[inline]
pub fn begin(bytes: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = bytes.len().min(8);
    first[..length].copy_from_slice(&bytes[..length]);
    u64::from_be_bytes(first)
}

/// Whether a digest has as many bits as the target, and these first.
fn is_beginning(target: &Target, digest: &[u8], uuid: bool) -> bool {
    let (whole, rest) = (target.bits as usize / 8, target.bits % 8);
    if digest.len() * 8 < target.bits as usize {
        return false;
    }
    let mask = |at: usize| match (uuid, at) {
        (true, 6) => 0x0f,
        (true, 8) => 0x3f,
        _ => 0xff,
    };
    let same = |at: usize| (target.bytes[at] ^ digest[at]) & mask(at) == 0;
    (0..whole).all(same) && (rest == 0 || (target.bytes[whole] ^ digest[whole]) >> (8 - rest) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Function;

    /// A slow look through all of them finds the same, whatever their lengths.
    #[test]
    fn targets_are_found_and_nothing_else() {
        let digest = |n: u32| Function::Sha256.digest(&n.to_be_bytes());
        for lengths in [&[32][..], &[36], &[64, 66, 128, 256], &[40, 41]] {
            let of = |n: u32| Target {
                bytes: digest(n * 3).bytes().to_vec(),
                bits: lengths[n as usize % lengths.len()],
                pseudonym: n,
            };
            let all: Vec<Target> = (0..500).map(of).collect();
            let targets = Targets::new(all, lengths[0], false);
            for n in 0..1_600 {
                let digest = digest(n);
                let found: Vec<u32> = targets.find(digest.bytes()).collect();
                let expected: Vec<u32> = match n % 3 == 0 && n < 1_500 {
                    true => vec![n / 3],
                    false => vec![],
                };
                assert_eq!(found, expected);
                let begin = begin(digest.bytes());
                assert!(found.is_empty() || (targets.may_hold(begin) && targets.has(begin)));
            }
        }
        assert!(
            Targets::new(Vec::new(), 64, false)
                .find(&[1; 32])
                .next()
                .is_none()
        );
    }

    #[test]
    fn of_uuids_version_and_variant_do_not_count() {
        let mut bytes = Function::Md5.digest(b"x").bytes().to_vec();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let target = Target {
            bytes,
            bits: 128,
            pseudonym: 9,
        };
        let targets = Targets::new(vec![target], 64, true);
        let digest = Function::Md5.digest(b"x");
        assert_eq!(targets.find(digest.bytes()).collect::<Vec<_>>(), [9]);
        assert_eq!(targets.find(Function::Md5.digest(b"y").bytes()).count(), 0);
    }

    /// A target longer than the digest is none of it.
    #[test]
    fn no_digest_is_longer_than_it_is() {
        let bytes = Function::Md5.digest(b"x").bytes().to_vec();
        let long = Target {
            bytes: [bytes.clone(), bytes].concat(),
            bits: 256,
            pseudonym: 0,
        };
        let targets = Targets::new(vec![long], 64, false);
        assert_eq!(targets.find(Function::Md5.digest(b"x").bytes()).count(), 0);
    }
}
