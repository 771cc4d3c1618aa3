//! One slice as many that follow each other, which threads can write to at once.

/// Parts of the given lengths, from the beginning of the slice on.
///
/// # Panics
/// They are longer than the slice.
pub fn parted<T>(mut slice: &mut [T], lengths: impl IntoIterator<Item = usize>) -> Vec<&mut [T]> {
    let part = |length| {
        let (part, rest) = std::mem::take(&mut slice).split_at_mut(length);
        slice = rest;
        part
    };
    lengths.into_iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_each_other() {
        let mut numbers = [1, 2, 3, 4, 5];
        let parts = parted(&mut numbers, [2, 0, 1]);
        assert_eq!(parts, [&mut [1, 2][..], &mut [], &mut [3]]);
        assert!(parted(&mut numbers, []).is_empty());
    }
}
