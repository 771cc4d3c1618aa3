//! Tuples of codes packed into mixed-radix keys of as few 64-bit words as the cardinalities allow.

/// How the codes of several attributes share the words of a key.
///
/// Attribute `a` with at most `capacity[a]` codes sits in word `word[a]` at `stride[a]`: the key is
/// the sum of code × stride. Attributes of one word are ordered most significant first, so that
/// keys sort as their tuples do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    capacity: Vec<u32>,
    word: Vec<usize>,
    stride: Vec<u64>,
    words: usize,
}

impl Layout {
    /// `capacity[a]` ≥ 1: the number of codes attribute `a` may take.
    pub fn new(capacity: Vec<u32>) -> Self {
        let mut word = vec![0; capacity.len()];
        let mut spaces: Vec<u64> = vec![1];
        for (attribute, &capacity) in capacity.iter().enumerate() {
            let space = spaces.last_mut().expect("there is a first word");
            match space.checked_mul(u64::from(capacity)) {
                Some(larger) => *space = larger,
                None => spaces.push(u64::from(capacity)),
            }
            word[attribute] = spaces.len() - 1;
        }
        let mut stride = vec![1; capacity.len()];
        for attribute in (0..capacity.len().saturating_sub(1)).rev() {
            if word[attribute] == word[attribute + 1] {
                stride[attribute] = stride[attribute + 1] * u64::from(capacity[attribute + 1]);
            }
        }
        Self {
            capacity,
            word,
            stride,
            words: spaces.len(),
        }
    }

    pub fn capacity(&self) -> &[u32] {
        &self.capacity
    }

    pub fn words(&self) -> usize {
        self.words
    }

    /// Keys there can be, where one word holds them.
    pub fn space(&self) -> Option<u64> {
        (self.words == 1).then(|| self.capacity.iter().map(|&c| u64::from(c)).product())
    }

    /// Adds the codes of one attribute to the keys of a batch: `keys` holds `words()` words a row.
    pub fn add(&self, attribute: usize, codes: &[u32], keys: &mut [u64]) {
        let stride = self.stride[attribute];
        if self.words == 1 {
            for (key, &code) in keys.iter_mut().zip(codes) {
                *key += u64::from(code) * stride;
            }
        } else {
            let rows = keys.chunks_exact_mut(self.words);
            for (key, &code) in rows.zip(codes) {
                key[self.word[attribute]] += u64::from(code) * stride;
            }
        }
    }

    pub fn code(&self, attribute: usize, key: &[u64]) -> u32 {
        let digits = key[self.word[attribute]] / self.stride[attribute];
        (digits % u64::from(self.capacity[attribute])) as u32
    }

    /// Whether two keys are equal in their first `known` attributes.
    pub fn same_prefix(&self, a: &[u64], b: &[u64], known: usize) -> bool {
        let Some(last) = known.checked_sub(1) else {
            return true;
        };
        let (word, stride) = (self.word[last], self.stride[last]);
        a[..word] == b[..word] && a[word] / stride == b[word] / stride
    }

    /// The same tuple under another layout, its codes replaced by `order[attribute][code]`.
    pub fn translate(&self, key: &[u64], order: &[Vec<u32>], to: &Self, out: &mut [u64]) {
        out.fill(0);
        for (attribute, order) in order.iter().enumerate() {
            let code = order[self.code(attribute, key) as usize];
            out[to.word[attribute]] += u64::from(code) * to.stride[attribute];
        }
    }

    /// What keys of one word become under another layout of one word, as [`Self::translate`] does it.
    pub fn translation<'a>(&'a self, order: &'a [Vec<u32>], to: &'a Self) -> Translation<'a> {
        Translation {
            from: self,
            order,
            to,
            last: self.capacity.last().map_or(1, |last| u64::from(*last)),
            head: None,
        }
    }

    /// The same tuple under a roomier layout.
    pub fn widen(&self, key: &[u64], to: &Self, out: &mut [u64]) {
        out.fill(0);
        for attribute in 0..self.capacity.len() {
            out[to.word[attribute]] += u64::from(self.code(attribute, key)) * to.stride[attribute];
        }
    }
}

/// Translates keys of one word one after the other: of those that differ from the one before in their last
/// attribute alone, as most ascending keys do, no other code is taken apart.
pub struct Translation<'a> {
    from: &'a Layout,
    order: &'a [Vec<u32>],
    to: &'a Layout,
    /// Capacity of the last attribute.
    last: u64,
    /// All codes of a key but the last, and what they become.
    head: Option<(u64, u64)>,
}

impl Translation<'_> {
    pub fn of(&mut self, key: u64) -> u64 {
        let (head, code) = (key / self.last, (key % self.last) as usize);
        let last = self.order.last();
        let tail = last.map_or(0, |order| u64::from(order[code]));
        if let Some((_, sum)) = self.head.filter(|(known, _)| *known == head) {
            return sum + tail;
        }
        let mut out = [0];
        self.from.translate(&[key], self.order, self.to, &mut out);
        self.head = Some((head, out[0] - tail));
        out[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_give_back_their_codes_and_sort_as_tuples(
            capacity in prop::collection::vec(1u32..=u32::MAX, 1..9),
            seed in prop::collection::vec((any::<u32>(), any::<u32>()), 9),
        ) {
            let layout = Layout::new(capacity.clone());
            let tuple = |pick: fn(&(u32, u32)) -> u32| -> Vec<u32> {
                seed.iter().zip(&capacity).map(|(s, c)| pick(s) % c).collect()
            };
            let pack = |codes: &[u32]| {
                let mut key = vec![0; layout.words()];
                for (attribute, code) in codes.iter().enumerate() {
                    layout.add(attribute, &[*code], &mut key);
                }
                key
            };
            let (a, b) = (tuple(|s| s.0), tuple(|s| s.1));
            let key = pack(&a);
            for (attribute, code) in a.iter().enumerate() {
                prop_assert_eq!(layout.code(attribute, &key), *code);
            }
            prop_assert_eq!(key.cmp(&pack(&b)), a.cmp(&b));
        }
    }

    #[test]
    fn small_tuples_need_one_word() {
        assert_eq!(
            Layout::new(vec![2, 10, 24, 8, 50, 5]).space(),
            Some(960_000)
        );
        assert_eq!(Layout::new(vec![u32::MAX; 3]).words(), 2);
        assert_eq!(Layout::new(Vec::new()).space(), Some(1));
    }
}
