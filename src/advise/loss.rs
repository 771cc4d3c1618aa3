//! What is lost: the information of a value that is told more coarsely.
//!
//! Non-uniform entropy: of a value x that is told as g, −log₂ P(x | g) bits are lost, P by how often values occur in
//! the table (A. Gionis, T. Tassa: k-Anonymization with Minimal Loss of Information. IEEE Transactions on Knowledge
//! and Data Engineering 21(2), 2009; T. de Waal, L. Willenborg: Information Loss through Global Recoding and Local
//! Suppression. Netherlands Official Statistics 14, 1999). Summed over all records and divided by what the values hold
//! in all, it is the share of a column's information that is lost.

/// Bits that all occurrences hold.
pub fn held(counts: &[u64]) -> f64 {
    let all: u64 = counts.iter().sum();
    bits(counts, |_| all)
}

/// Bits that are lost where `codes` says which coarser code each becomes.
pub fn lost(counts: &[u64], codes: &[u32]) -> f64 {
    let most = codes.iter().max().map_or(0, |most| *most as usize + 1);
    let mut coarse = vec![0u64; most];
    for (count, code) in counts.iter().zip(codes) {
        coarse[*code as usize] += count;
    }
    bits(counts, |at| coarse[codes[at] as usize])
}

fn bits(counts: &[u64], within: impl Fn(usize) -> u64) -> f64 {
    let counts = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    let bits = counts.map(|(at, count)| *count as f64 * (within(at) as f64 / *count as f64).log2());
    // A sum of nothing is −0.
    bits.sum::<f64>() + 0.0
}

/// The share of the information that is lost; nothing of what holds none.
pub fn share(counts: &[u64], codes: &[u32]) -> f64 {
    match held(counts) {
        0.0 => 0.0,
        held => lost(counts, codes) / held,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Four values alike: two bits each; told in two pairs, one bit each is lost.
        assert_eq!(held(&[1, 1, 1, 1]), 8.0);
        assert_eq!(share(&[1, 1, 1, 1], &[0, 0, 1, 1]), 0.5);
        assert_eq!(share(&[1, 1, 1, 1], &[0, 1, 2, 3]), 0.0);
        assert_eq!(share(&[1, 1, 1, 1], &[0, 0, 0, 0]), 1.0);
        // The rare one told with the frequent one: 3·log₂(4/3) + log₂ 4.
        let lost = 3.0 * (4.0f64 / 3.0).log2() + 2.0;
        assert!((super::lost(&[3, 1], &[0, 0]) - lost).abs() < 1e-12);
        assert_eq!(
            share(&[7], &[0]),
            0.0,
            "what is always the same says nothing"
        );
    }
}
