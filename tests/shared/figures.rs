//! The figures of a text: what a translation must keep.

use std::collections::BTreeSet;

/// The figures of a text without the marks of its language, and without those in backticks.
pub fn figures(text: &str, thousands: char, point: char) -> BTreeSet<String> {
    let plain: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let letters: Vec<char> = plain.chars().collect();
    let is_digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    // Three digits, and no more, follow a mark that parts thousands.
    let parts = |at: usize| (1..=3).all(|next| is_digit(at + next)) && !is_digit(at + 4);
    let belongs = |at: usize| match letters.get(at) {
        Some(mark) if *mark == thousands => parts(at),
        Some(mark) if *mark == point => is_digit(at + 1),
        _ => is_digit(at),
    };
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < letters.len() {
        let start = at;
        while belongs(at) && (is_digit(at) || at > start) {
            at += 1;
        }
        let number: String = letters[start..at]
            .iter()
            .filter(|letter| **letter != thousands)
            .map(|letter| if *letter == point { '.' } else { *letter })
            .collect();
        match number.is_empty() {
            true => at += 1,
            false => {
                found.insert(number);
            }
        }
    }
    found
}
