//! Columns that name persons: by their own name, or by values that look drawn.

use super::PublishedColumn;
use crate::release::input::Domain;

/// What persons, or what stands for one, are called.
const PERSONS: &[&str] = &[
    "user",
    "customer",
    "client",
    "kunde",
    "kunden",
    "patient",
    "person",
    "subject",
    "member",
    "account",
    "device",
    "household",
    "visitor",
    "session",
    "subscriber",
    "participant",
];
/// What names one by itself.
const IDENTIFIERS: &[&str] = &["pid", "uid", "maid", "idfa", "gaid", "aaid", "pseudonym"];

const MORE_PERSONS: &[&str] = &["card", "employee"];
const MORE_IDENTIFIERS: &[&str] = &["imsi", "msisdn"];

/// Whether a word of its name says that a column holds pseudonyms.
pub fn is_named_as_a_pseudonym(column: &PublishedColumn) -> bool {
    let name = column.name.to_lowercase();
    let mut words = words(&name);
    words.any(|word| PERSONS.contains(&word) || IDENTIFIERS.contains(&word))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric())
}

/// Whether a column names persons, or holds values that chance has drawn, as pseudonyms are.
pub fn names_persons(column: &PublishedColumn) -> bool {
    let is_text = matches!(column.domain, Domain::Text | Domain::Bytes);
    let name = column.name.to_lowercase();
    let is_of_persons = || is_of_persons(&name);
    is_named_as_an_identifier(column) || is_text && (is_of_persons() || is_drawn(column))
}

/// Whether the name of a column says that it holds numbers or names of persons.
pub fn is_named_as_an_identifier(column: &PublishedColumn) -> bool {
    const NUMBERS: &[&str] = &["id", "no", "nr", "number", "key", "nummer", "code", "hash"];
    let name = column.name.to_lowercase();
    let has = |list: &[&str]| words(&name).any(|word| list.contains(&word));
    let joined = || {
        let mut persons = PERSONS.iter().chain(MORE_PERSONS);
        persons.any(|person| {
            let rest = name.strip_prefix(person);
            rest.is_some_and(|rest| NUMBERS.contains(&rest))
        })
    };
    has(IDENTIFIERS) || has(MORE_IDENTIFIERS) || is_of_persons(&name) && has(NUMBERS) || joined()
}

fn is_of_persons(name: &str) -> bool {
    words(name).any(|word| PERSONS.contains(&word) || MORE_PERSONS.contains(&word))
}

/// Whether the values of a column look as if chance had drawn them: of letters and digits alone, with eight places or
/// more in which at least eight different ones stand.
fn is_drawn(column: &PublishedColumn) -> bool {
    const MOST: usize = 1_000;
    let step = (column.len() / MOST).max(1);
    let texts: Vec<Vec<u8>> = (0..column.len())
        .step_by(step)
        .filter_map(|at| column.text(at).map(|text| text.trim().as_bytes().to_vec()))
        .collect();
    let is_token = |text: &&Vec<u8>| {
        text.iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_+/=".contains(byte))
    };
    let has_digit = |text: &&Vec<u8>| text.iter().any(u8::is_ascii_digit);
    let has_letter = |text: &&Vec<u8>| text.iter().any(u8::is_ascii_alphabetic);
    let share = |is: &dyn Fn(&&Vec<u8>) -> bool, percent: usize| {
        texts.iter().filter(|text| is(text)).count() * 100 >= texts.len() * percent
    };
    if texts.len() < 20
        || !share(&is_token, 95)
        || !share(&has_digit, 40)
        || !share(&has_letter, 40)
    {
        return false;
    }
    let shortest = texts.iter().map(Vec::len).min().unwrap_or(0);
    let varied = (0..shortest).filter(|at| {
        let mut found = [false; 256];
        texts
            .iter()
            .for_each(|text| found[usize::from(text[*at])] = true);
        found.iter().filter(|found| **found).count() >= 8
    });
    varied.count() >= 8
}
