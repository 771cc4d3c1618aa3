//! Pseudonyms of one table that are computed from those of another: with something put before or after them, backwards,
//! by a sum or a product, in another encoding, by a hash function without a key, by a key that is added at each place or
//! by exclusive or, with their characters in another order or each replaced by another.

use std::collections::{BTreeMap, HashMap};

use crate::digest::{Encoding, Function};

/// Texts that are tried before all are.
const TRIED: usize = 64;
/// The most characters that are put before or after a pseudonym.
const LONGEST_AFFIX: usize = 24;
/// Bytes below which what is equal says nothing.
const SHORTEST: usize = 3;
/// Bytes of a digest that are compared at least.
const SHORTEST_DIGEST: usize = 4;
/// Neighbours that are looked at for a sum or a product.
const NEIGHBOURS: usize = 8;

/// Where each of the texts is among the others, if one of the ways leads from these to those or back.
pub fn places(mine: &[Vec<u8>], theirs: &[Vec<u8>]) -> Option<Vec<Option<u32>>> {
    let (mine, theirs) = (trimmed(mine), trimmed(theirs));
    forth(&mine, &theirs).or_else(|| {
        let found = forth(&theirs, &mine)?;
        let mut places = vec![None; mine.len()];
        for (at, place) in (0u32..).zip(found) {
            if let Some(place) = place {
                places[place as usize] = Some(at);
            }
        }
        Some(places)
    })
}

fn trimmed(texts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    texts
        .iter()
        .map(|text| text.trim_ascii().to_vec())
        .collect()
}

fn forth(mine: &[Vec<u8>], theirs: &[Vec<u8>]) -> Option<Vec<Option<u32>>> {
    if mine.is_empty() || theirs.is_empty() {
        return None;
    }
    let small = |texts: &[Vec<u8>]| texts.iter().map(|text| text.to_ascii_lowercase()).collect();
    let (low, their_low): (Vec<Vec<u8>>, Vec<Vec<u8>>) = (small(mine), small(theirs));
    affixes(&low, &their_low)
        .or_else(|| same(&cores(&low), &cores(&their_low)))
        .or_else(|| {
            let backwards: Vec<Vec<u8>> = low
                .iter()
                .map(|text| text.iter().rev().copied().collect())
                .collect();
            same(&backwards, &their_low)
                .or_else(|| affixes(&backwards, &their_low))
                .or_else(|| same(&cores(&backwards), &cores(&their_low)))
        })
        .or_else(|| sums(mine, theirs))
        .or_else(|| digests(mine, theirs))
        .or_else(|| keyed(&low, &their_low))
        .or_else(|| canonical(&low, &their_low))
}

/// Where texts are among others, where that is no accident.
fn same(mine: &[Vec<u8>], theirs: &[Vec<u8>]) -> Option<Vec<Option<u32>>> {
    let known: HashMap<&[u8], u32> = theirs.iter().map(Vec::as_slice).zip(0..).collect();
    if known.len() < theirs.len() || known.keys().any(|text| text.len() < SHORTEST) {
        return None;
    }
    let found: Vec<Option<u32>> = mine
        .iter()
        .map(|text| known.get(text.as_slice()).copied())
        .collect();
    let shared = found.iter().flatten().count();
    is_no_accident(shared, mine.len(), theirs.len(), space(theirs)).then_some(found)
}

/// Whether so many are equal that chance does not make them so: many or half, and more than two drawings from `space`
/// would have in common by five standard deviations.
fn is_no_accident(shared: usize, mine: usize, theirs: usize, space: f64) -> bool {
    let expected = mine as f64 * theirs as f64 / space.max(1.0);
    let is_many = shared >= 20 || 2 * shared >= mine.min(theirs);
    is_many && shared >= 2 && shared as f64 > expected + 5.0 * expected.sqrt() + 1.0
}

/// How many texts there could be: at each place as many characters as stand there.
fn space(texts: &[Vec<u8>]) -> f64 {
    let longest = texts.iter().map(Vec::len).max().unwrap_or(0);
    let different = |at: usize| {
        let mut seen = [false; 257];
        for text in texts {
            seen[text.get(at).map_or(256, |byte| usize::from(*byte))] = true;
        }
        seen.iter().filter(|seen| **seen).count() as f64
    };
    (0..longest).map(different).product()
}

/// Texts without what all of them begin and end with.
fn cores(texts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let common = |from_end: bool| -> usize {
        let first = &texts[0];
        let place = |text: &[u8], at: usize| -> Option<u8> {
            let at = if from_end {
                text.len().checked_sub(at + 1)?
            } else {
                at
            };
            text.get(at).copied()
        };
        let is_common = |at: usize| {
            let byte = place(first, at);
            byte.is_some() && texts.iter().all(|text| place(text, at) == byte)
        };
        (0..first.len()).take_while(|at| is_common(*at)).count()
    };
    let (before, after) = (common(false), common(true));
    let core = |text: &Vec<u8>| match before + after < text.len() {
        true => text[before..text.len() - after].to_vec(),
        false => text.clone(),
    };
    texts.iter().map(core).collect()
}

/// Some of many, evenly taken.
fn some<T>(all: &[T]) -> impl Iterator<Item = &T> {
    all.iter().step_by((all.len() / TRIED).max(1)).take(TRIED)
}

/// Mine with the same before and after all of them are theirs.
fn affixes(mine: &[Vec<u8>], theirs: &[Vec<u8>]) -> Option<Vec<Option<u32>>> {
    let known: HashMap<&[u8], u32> = mine.iter().map(Vec::as_slice).zip(0..).collect();
    let shortest = mine.iter().map(Vec::len).min().unwrap_or(0).max(SHORTEST);
    let mut votes: BTreeMap<(&[u8], &[u8]), usize> = BTreeMap::new();
    for text in some(theirs) {
        for before in 0..=LONGEST_AFFIX.min(text.len()) {
            for after in 0..=LONGEST_AFFIX.min(text.len() - before) {
                let core = &text[before..text.len() - after];
                if core.len() >= shortest && core.len() < text.len() && known.contains_key(core) {
                    let affixes = (&text[..before], &text[text.len() - after..]);
                    *votes.entry(affixes).or_default() += 1;
                }
            }
        }
    }
    let ((before, after), _) = votes
        .into_iter()
        .filter(|(_, often)| *often > 1)
        .max_by_key(|(_, often)| *often)?;
    let with = |text: &Vec<u8>| [before, text, after].concat();
    same(&mine.iter().map(with).collect::<Vec<_>>(), theirs)
}

/// Numbers of mine, times one number and plus another, are theirs.
fn sums(mine: &[Vec<u8>], theirs: &[Vec<u8>]) -> Option<Vec<Option<u32>>> {
    let numbers = |texts: &[Vec<u8>]| -> Option<Vec<(i128, u32)>> {
        let number = |text: &Vec<u8>| {
            std::str::from_utf8(text)
                .ok()?
                .parse::<i64>()
                .ok()
                .map(i128::from)
        };
        let numbers: Option<Vec<i128>> = texts.iter().map(number).collect();
        let mut numbers: Vec<(i128, u32)> = numbers?.into_iter().zip(0..).collect();
        numbers.sort_unstable();
        Some(numbers)
    };
    let (mine, theirs) = (numbers(mine)?, numbers(theirs)?);
    if mine.len() < 20 || theirs.len() < 20 {
        return None;
    }
    let find = |number: i128| {
        let at = theirs
            .binary_search_by_key(&number, |(known, _)| *known)
            .ok()?;
        Some(theirs[at].1)
    };
    let range = |numbers: &[(i128, u32)]| numbers[numbers.len() - 1].0 - numbers[0].0 + 1;
    // Numbers that lie dense are equal whatever is added.
    let is_dense = |numbers: &[(i128, u32)]| range(numbers) < 3 * numbers.len() as i128;
    if is_dense(&mine) || is_dense(&theirs) {
        return None;
    }
    let descending: Vec<(i128, u32)> = mine.iter().rev().copied().collect();
    for mine in [&mine, &descending] {
        let ends = [(
            mine[0].0,
            mine[mine.len() - 1].0,
            theirs[0].0,
            theirs[theirs.len() - 1].0,
        )];
        let pairs = mine.windows(2).take(NEIGHBOURS).flat_map(|a| {
            let pairs = theirs.windows(2).take(NEIGHBOURS);
            pairs.map(|b| (a[0].0, a[1].0, b[0].0, b[1].0))
        });
        for (a0, a1, b0, b1) in ends.into_iter().chain(pairs) {
            let (gap, their_gap) = (a1 - a0, b1 - b0);
            if gap == 0 || their_gap % gap != 0 {
                continue;
            }
            let factor = their_gap / gap;
            let map = |number: i128| Some(number.checked_mul(factor)? + b0 - factor * a0);
            let tried = some(mine)
                .filter_map(|(number, _)| find(map(*number)?))
                .count();
            if factor == 0 || tried < 4 {
                continue;
            }
            let mut found = vec![None; mine.len()];
            for (number, at) in mine {
                found[*at as usize] = map(*number).and_then(find);
            }
            let shared = found.iter().flatten().count();
            if is_no_accident(shared, mine.len(), theirs.len(), range(&theirs) as f64) {
                return Some(found);
            }
        }
    }
    None
}

/// Theirs are mine in another encoding, or digests of them.
fn digests(mine: &[Vec<u8>], theirs: &[Vec<u8>]) -> Option<Vec<Option<u32>>> {
    let encodings = [
        Encoding::HexLower,
        Encoding::HexUpper,
        Encoding::Base64,
        Encoding::Base64Url,
        Encoding::Binary,
        Encoding::Number,
    ];
    for encoding in encodings {
        // What all begin with, such as `sha256:`, is no part of a digest.
        for texts in [theirs.to_vec(), cores(theirs)] {
            let decoded = texts.iter().map(|text| {
                let (bytes, bits) = encoding.decode(text)?;
                Some(bytes[..bits as usize / 8].to_vec())
            });
            let Some(decoded) = decoded.collect::<Option<Vec<Vec<u8>>>>() else {
                continue;
            };
            let shortest = decoded.iter().map(Vec::len).min().unwrap_or(0);
            if shortest < SHORTEST_DIGEST {
                continue;
            }
            let is_other = encoding != Encoding::Binary;
            let found = is_other.then(|| same(mine, &decoded)).flatten();
            if found.is_some() {
                return found;
            }
            let begins: HashMap<&[u8], u32> = decoded
                .iter()
                .map(|digest| &digest[..shortest])
                .zip(0..)
                .collect();
            for function in Function::ALL {
                if function.bits() / 8 < shortest as u32 {
                    continue;
                }
                let digest = |text: &Vec<u8>| function.digest(text).bytes()[..shortest].to_vec();
                let find = |text: &Vec<u8>| begins.get(digest(text).as_slice()).copied();
                if some(mine).filter_map(find).count() < 2 {
                    continue;
                }
                let found: Vec<Option<u32>> = mine.iter().map(find).collect();
                let shared = found.iter().flatten().count();
                let space = 256f64.powi(shortest.min(32) as i32);
                if is_no_accident(shared, mine.len(), theirs.len(), space) {
                    return Some(found);
                }
            }
        }
    }
    None
}

/// Theirs of which a key is sought, and mine that are held against each of them.
const SOUGHT: usize = 16;
const HELD: usize = 1 << 17;
/// Keys that are tried, those first that most pairs have in common.
const KEYS: usize = 3;

/// How a key joins a pseudonym.
#[derive(Clone, Copy, PartialEq)]
enum Join {
    /// At each place, modulo the number of characters.
    Sum(u8),
    /// At each place.
    Xor,
    /// As one number in hexadecimal.
    Number,
}

/// Mine and one key for all are theirs, letters and digits of one length.
fn keyed(mine: &[Vec<u8>], theirs: &[Vec<u8>]) -> Option<Vec<Option<u32>>> {
    let digits = |texts: &[Vec<u8>]| -> Option<Vec<Vec<u8>>> {
        let digits = texts.iter().map(|text| {
            let places = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
            let digit = |byte: &u8| char::from(*byte).to_digit(36).map(|digit| digit as u8);
            places.map(digit).collect::<Option<Vec<u8>>>()
        });
        digits.collect()
    };
    let (mut mine, mut theirs) = (digits(mine)?, digits(theirs)?);
    let length = mine[0].len();
    let mut all = mine.iter().chain(&theirs);
    if mine.len() < 20 || theirs.len() < 20 || all.any(|one| one.len() != length) {
        return None;
    }
    // What all of both have in common is no part of a key.
    let (one, all) = (mine[0].clone(), || mine.iter().chain(&theirs));
    let different: Vec<usize> = (0..length)
        .filter(|at| all().any(|other| other[*at] != one[*at]))
        .collect();
    if different.len() < SHORTEST {
        return None;
    }
    for texts in [&mut mine, &mut theirs] {
        for text in texts {
            *text = different.iter().map(|at| text[*at]).collect();
        }
    }
    let all = mine.iter().chain(&theirs).flatten();
    let most = all.copied().max().unwrap_or(0);
    let joins: &[Join] = match most {
        ..10 => &[Join::Sum(10)],
        10..16 => &[Join::Xor, Join::Sum(16), Join::Number],
        _ => &[Join::Sum(36)],
    };
    let known: HashMap<&[u8], u32> = theirs.iter().map(Vec::as_slice).zip(0..).collect();
    let space = space(&theirs);
    let best = joins.iter().filter_map(|join| {
        let mut keys: Vec<(u128, u32, u32)> = Vec::new();
        let step = (theirs.len() / SOUGHT).max(1);
        for at in (0..theirs.len()).step_by(step).take(SOUGHT) {
            for (place, one) in mine.iter().enumerate().take(HELD) {
                keys.push((join.voted(one, &theirs[at]), place as u32, at as u32));
            }
        }
        keys.sort_unstable();
        let mut votes: Vec<&[(u128, u32, u32)]> = keys.chunk_by(|a, b| a.0 == b.0).collect();
        votes.retain(|vote| vote.len() > 1);
        votes.sort_by_key(|vote| std::cmp::Reverse(vote.len()));
        votes.iter().take(KEYS).find_map(|vote| {
            let (_, place, at) = vote[0];
            let key = join.key(&mine[place as usize], &theirs[at as usize]);
            // No key at all is for others to find.
            if key.iter().all(|digit| *digit == 0) {
                return None;
            }
            let found: Vec<Option<u32>> = mine
                .iter()
                .map(|one| known.get(join.with(one, &key).as_slice()).copied())
                .collect();
            let shared = found.iter().flatten().count();
            let expected = mine.len() as f64 * theirs.len() as f64 / space;
            let is_many = 4 * shared >= mine.len().min(theirs.len());
            let is_chance = (shared as f64) < 3.0 * expected + 20.0;
            (is_many && !is_chance).then_some(found)
        })
    });
    // Sums without a carry are mostly those with one.
    best.max_by_key(|found| found.iter().flatten().count())
}

impl Join {
    /// What leads from one to the other.
    fn key(self, from: &[u8], to: &[u8]) -> Vec<u8> {
        let mut lack = 0;
        let mut key: Vec<u8> = (0..from.len())
            .rev()
            .map(|at| match self {
                Self::Sum(base) => (to[at] + base - from[at]) % base,
                Self::Xor => to[at] ^ from[at],
                Self::Number => {
                    let digit = to[at] + 32 - from[at] - lack;
                    lack = u8::from(to[at] < from[at] + lack);
                    digit % 16
                }
            })
            .collect();
        key.reverse();
        key
    }

    fn with(self, one: &[u8], key: &[u8]) -> Vec<u8> {
        let mut carry = 0;
        let mut joined: Vec<u8> = (0..one.len())
            .rev()
            .map(|at| match self {
                Self::Sum(base) => (one[at] + key[at]) % base,
                Self::Xor => one[at] ^ key[at],
                Self::Number => {
                    let digit = one[at] + key[at] + carry;
                    carry = digit / 16;
                    digit % 16
                }
            })
            .collect();
        joined.reverse();
        joined
    }

    /// The last places of the key as one number.
    fn voted(self, from: &[u8], to: &[u8]) -> u128 {
        let start = from.len().saturating_sub(20);
        let key = self.key(&from[start..], &to[start..]);
        key.iter()
            .fold(0, |number, digit| number << 6 | u128::from(*digit))
    }
}

/// What is left of a text.
type Way<'a> = &'a dyn Fn(&Vec<u8>) -> Vec<u8>;

/// Mine are theirs with their characters in another order, or each replaced by another.
fn canonical(mine: &[Vec<u8>], theirs: &[Vec<u8>]) -> Option<Vec<Option<u32>>> {
    let sorted = |text: &Vec<u8>| -> Vec<u8> {
        let mut text = text.clone();
        text.sort_unstable();
        text
    };
    // Of each place at which place its character stands first.
    let pattern = |text: &Vec<u8>| -> Vec<u8> {
        let first = |byte: &u8| text.iter().position(|other| other == byte);
        text.iter().filter_map(first).map(|at| at as u8).collect()
    };
    let ways: [Way<'_>; 2] = [&sorted, &pattern];
    ways.into_iter().find_map(|way| {
        let (mine, theirs) = [mine, theirs]
            .map(|texts| texts.iter().map(way).collect::<Vec<Vec<u8>>>())
            .into();
        let known: HashMap<&[u8], u32> = theirs.iter().map(Vec::as_slice).zip(0..).collect();
        let own: std::collections::HashSet<&[u8]> = mine.iter().map(Vec::as_slice).collect();
        // Where hardly two of one side agree, no more of both do by chance.
        let is_own = |different: usize, all: usize| 100 * different >= 99 * all;
        if !is_own(known.len(), theirs.len()) || !is_own(own.len(), mine.len()) {
            return None;
        }
        let find = |text: &Vec<u8>| known.get(text.as_slice()).copied();
        let found: Vec<Option<u32>> = mine.iter().map(find).collect();
        let shared = found.iter().flatten().count();
        (shared >= 20 && 4 * shared >= mine.len().min(theirs.len())).then_some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Draws, Trial};

    fn drawn(trial: &mut Trial, alphabet: &[u8], length: u64) -> Vec<u8> {
        (0..length)
            .map(|_| alphabet[trial.below(alphabet.len() as u64) as usize])
            .collect()
    }

    const DIGITS: &[u8] = b"0123456789";
    const HEX: &[u8] = b"0123456789abcdef";
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// Pseudonyms of a form that many use.
    fn pseudonym(trial: &mut Trial, form: u64, person: usize) -> Vec<u8> {
        match form {
            0 => drawn(trial, HEX, 16),
            1 => [b"P".to_vec(), drawn(trial, DIGITS, 8)].concat(),
            2 => drawn(trial, LETTERS, 11),
            3 => trial.below(1 << 40).to_string().into_bytes(),
            4 => drawn(trial, HEX, 64),
            5 => drawn(trial, HEX, 8),
            6 => format!("{}", 1_000_000 + trial.below(9_000_000)).into_bytes(),
            7 => format!("K{:05}", person * 7 + trial.below(7) as usize).into_bytes(),
            _ => [drawn(trial, HEX, 8), b"-".to_vec(), drawn(trial, HEX, 12)].concat(),
        }
    }

    fn set(trial: &mut Trial, form: u64, persons: usize) -> Vec<Vec<u8>> {
        let mut texts: Vec<Vec<u8>> = (0..persons)
            .map(|person| pseudonym(trial, form, person))
            .collect();
        texts.sort();
        texts.dedup();
        texts
    }

    #[test]
    fn pseudonyms_drawn_anew_are_not_computed() {
        let draws = Draws::new(4, "joined-tables", "drawn");
        for case in 0..243u64 {
            let mut trial = draws.trial(case);
            let persons = [30, 400, 2_000][case as usize / 81];
            let (a, b) = (case % 9, case / 9 % 9);
            // Numbers in steps of seven are nearly counted up, in both alike.
            if a == 7 && b == 7 {
                continue;
            }
            let (mine, theirs) = (set(&mut trial, a, persons), set(&mut trial, b, persons));
            assert!(
                places(&mine, &theirs).is_none(),
                "case {case}: forms {a} and {b}"
            );
        }
    }

    #[test]
    fn computed_pseudonyms_are_found_with_their_persons() {
        let draws = Draws::new(4, "joined-tables", "computed");
        let hex = |bytes: &[u8]| -> Vec<u8> {
            bytes
                .iter()
                .flat_map(|byte| format!("{byte:02x}").into_bytes())
                .collect()
        };
        let number = |text: &[u8]| std::str::from_utf8(text).unwrap().parse::<i64>().unwrap();
        type Way<'a> = Box<dyn Fn(&[u8]) -> Vec<u8> + 'a>;
        let ways: Vec<(u64, Way<'_>)> = vec![
            (0, Box::new(|text| [b"B-", text].concat())),
            (2, Box::new(|text| [text, b"/2024".as_slice()].concat())),
            (0, Box::new(|text| [b"x:", text, b":1".as_slice()].concat())),
            (8, Box::new(|text| text.iter().rev().copied().collect())),
            (1, Box::new(|text| [b"Q", &text[1..]].concat())),
            (
                6,
                Box::new(|text| (number(text) + 77_777_777).to_string().into_bytes()),
            ),
            (
                3,
                Box::new(|text| (number(text) * 13 - 5).to_string().into_bytes()),
            ),
            (
                6,
                Box::new(|text| (99_999_999 - number(text)).to_string().into_bytes()),
            ),
            (
                1,
                Box::new(|text| hex(Function::Sha256.digest(text).bytes())),
            ),
            (
                6,
                Box::new(|text| hex(&Function::Md5.digest(text).bytes()[..8])),
            ),
            (
                2,
                Box::new(|text| hex(Function::Sha1.digest(text).bytes()).to_ascii_uppercase()),
            ),
            (
                0,
                Box::new(|text| hex(Function::Crc32.digest(text).bytes())),
            ),
            (
                0,
                Box::new(|text| Encoding::Base64.encode(&Function::Sha256.digest(text), 256)),
            ),
            (2, Box::new(hex)),
            (
                0,
                Box::new(|text| {
                    let number = u64::from_str_radix(std::str::from_utf8(text).unwrap(), 16);
                    format!("{:016x}", number.unwrap() ^ 0x0123_4567_89ab_cdef).into_bytes()
                }),
            ),
            (
                0,
                Box::new(|text| {
                    let number = u64::from_str_radix(std::str::from_utf8(text).unwrap(), 16);
                    format!("{:016x}", number.unwrap().wrapping_add(7_919)).into_bytes()
                }),
            ),
            (
                1,
                Box::new(|text| {
                    let key = b"31415926";
                    let digit = |(c, key): (&u8, &u8)| (c - b'0' + key - b'0') % 10 + b'0';
                    let digits = text[1..].iter().zip(key).map(digit);
                    [b'P'].into_iter().chain(digits).collect()
                }),
            ),
            (0, Box::new(|text| [&text[5..], &text[..5]].concat())),
            (
                4,
                Box::new(|text| {
                    let other =
                        |c: &u8| HEX[(char::from(*c).to_digit(16).unwrap() * 7 % 16) as usize];
                    text.iter().map(other).collect()
                }),
            ),
            (
                0,
                Box::new(|text| {
                    [
                        b"sha256:".to_vec(),
                        hex(Function::Sha256.digest(text).bytes()),
                    ]
                    .concat()
                }),
            ),
        ];
        for (at, (form, way)) in ways.iter().enumerate() {
            for share in [1.0, 0.4] {
                let mut trial = draws.trial(at as u64);
                let mine = set(&mut trial, *form, 300);
                let mut others = set(&mut trial, *form, 300);
                let kept = (mine.len() as f64 * share) as usize;
                others.truncate(mine.len() - kept);
                let mut theirs: Vec<Vec<u8>> = mine[..kept]
                    .iter()
                    .chain(&others)
                    .map(|text| way(text))
                    .collect();
                theirs.sort();
                theirs.dedup();
                for (from, to, is_back) in [(&mine, &theirs, false), (&theirs, &mine, true)] {
                    let found = places(from, to).unwrap_or_else(|| panic!("way {at} {share}"));
                    let right = |(one, place): (&Vec<u8>, &Option<u32>)| {
                        place.is_some_and(|place| {
                            let other = &to[place as usize];
                            if is_back {
                                way(other) == *one
                            } else {
                                way(one) == *other
                            }
                        })
                    };
                    let right = from.iter().zip(&found).filter(|pair| right(*pair)).count();
                    assert!(right >= kept, "way {at} {share}: {right} of {kept}");
                }
            }
        }
    }
}
