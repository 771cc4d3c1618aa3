//! Numbers that machines and accounts have, anywhere in a text: telephones, devices, SIM cards, payment cards, bank
//! accounts.

use super::forms::{Form, Sightings};

/// Characters a number has at most, with what parts its groups.
const LONGEST: usize = 42;
/// Numbers that are looked at in one text.
const MOST: usize = 64;

/// Looks for all of them in a text that was cleaned.
pub fn look(text: &str, sightings: &mut Sightings) {
    runs(text, |run, alone| number(run, alone, sightings));
    ibans(text, sightings);
}

/// Stretches of digits with single marks between them, such as are written within one number. `alone` says that
/// the stretch is the whole text.
fn runs(text: &str, mut each: impl FnMut(&[u8], bool)) {
    let bytes = text.as_bytes();
    let is_mark = |c: u8| b" -/().".contains(&c);
    let mut at = 0;
    let mut found = 0;
    while at < bytes.len() && found < MOST {
        let c = bytes[at];
        let before = at.checked_sub(1).map(|before| bytes[before]);
        let within = before.is_some_and(|c| c.is_ascii_alphanumeric() || c >= 0x80 || c == b'_');
        let begins = c.is_ascii_digit()
            || c == b'+'
            || (c == b'(' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit));
        if !begins || within {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        let mut last = if c.is_ascii_digit() { at + 1 } else { at };
        while end < bytes.len() && end - at < LONGEST {
            match bytes[end] {
                c if c.is_ascii_digit() => last = end + 1,
                c if is_mark(c) && end - last < 3 => {}
                _ => break,
            }
            end += 1;
        }
        // A letter that follows at once makes it a code.
        let after = bytes.get(last);
        let is_code = after.is_some_and(|c| c.is_ascii_alphabetic() || *c == b'_' || *c >= 0x80);
        // Decimal places of nought are no digits of the number.
        let mut run = &bytes[at..last.max(at)];
        if let Some(point) = run.iter().position(|c| *c == b'.')
            && run[..point].iter().all(u8::is_ascii_digit)
            && run[point + 1..].iter().all(|c| *c == b'0')
        {
            run = &run[..point];
        }
        if !is_code && run.len() >= 7 {
            found += 1;
            each(run, at == 0 && last == bytes.len());
        }
        at = last.max(at + 1);
    }
}

fn number(run: &[u8], alone: bool, sightings: &mut Sightings) {
    let mut digits = [0u8; LONGEST];
    let mut count = 0;
    for c in run.iter().filter(|c| c.is_ascii_digit()) {
        digits[count] = *c;
        count += 1;
    }
    let digits = &digits[..count];
    if is_date(run) {
        return;
    }
    let marks = run
        .iter()
        .filter(|c| !c.is_ascii_digit() && **c != b'+')
        .count();
    phone(run, digits, marks, alone, sightings);
    if marks > 0 && !is_grouped(run, digits.len()) {
        return;
    }
    match count {
        15 => {
            let luhn = is_luhn(digits);
            let is_card = matches!(&digits[..2], b"34" | b"37");
            match is_card {
                true => sightings.check(Form::Card, luhn),
                false => sightings.check(Form::Imei, luhn && digits.iter().any(|c| *c != b'0')),
            }
            sightings.check(Form::Imsi, marks == 0 && is_imsi(digits));
        }
        13..=19 if is_issued(digits) => sightings.check(Form::Card, is_luhn(digits)),
        19 | 20 if digits.starts_with(b"89") => sightings.check(Form::Iccid, is_luhn(digits)),
        _ => {}
    }
}

/// A day, with a time or without, or a range of years.
fn is_date(run: &[u8]) -> bool {
    let groups: Vec<&[u8]> = run
        .split(|c| !c.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .collect();
    let number = |group: &[u8]| {
        group
            .iter()
            .fold(0u32, |n, c| n.saturating_mul(10) + u32::from(c - b'0'))
    };
    let year = |group: &[u8]| group.len() == 4 && (1800..2200).contains(&number(group));
    let short = |group: &[u8], most: u32| group.len() <= 2 && (1..=most).contains(&number(group));
    match groups.as_slice() {
        [a, b, c, ..] if year(a) => short(b, 12) && short(c, 31),
        [a, b, c, ..] if year(c) => short(a, 31) && short(b, 31),
        [a, b] => year(a) && year(b),
        _ => false,
    }
}

/// Groups as numbers are printed in: all but the last of one size from three to four, or those of an IMEI.
fn is_grouped(run: &[u8], count: usize) -> bool {
    let groups: Vec<usize> = run
        .split(|c| b" -/.".contains(c))
        .map(<[u8]>::len)
        .collect();
    if run
        .iter()
        .any(|c| !c.is_ascii_digit() && !b" -/.".contains(c))
    {
        return false;
    }
    let even = |size: usize| {
        let last = groups.len() - 1;
        groups[..last].iter().all(|group| *group == size)
            && groups[last] <= size
            && groups[last] > 0
    };
    match groups.as_slice() {
        [2, 6, 6, 1] | [4, 6, 5] | [4, 6, 4] | [6, 13] => true,
        _ => count >= 13 && (even(4) || even(3)),
    }
}

/// The check digit of Luhn (ISO/IEC 7812-1, annex B), which stands last.
pub fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = (digits.iter().rev().enumerate())
        .map(|(at, c)| match (at % 2, u32::from(c - b'0')) {
            (1, digit) => digit * 2 / 10 + digit * 2 % 10,
            (_, digit) => digit,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether a payment card of this length is issued under such a number (ISO/IEC 7812, ranges as the schemes publish
/// them).
fn is_issued(digits: &[u8]) -> bool {
    let first = |count: usize| {
        digits[..count]
            .iter()
            .fold(0, |n, c| n * 10 + u32::from(c - b'0'))
    };
    match (digits.len(), first(4)) {
        (13 | 16 | 19, 4000..=4999) => true,     // Visa
        (16, 5100..=5599 | 2221..=2720) => true, // Mastercard
        (16..=19, 6011 | 6440..=6599 | 6200..=6299 | 8100..=8199) => true, // Discover, UnionPay
        (16..=19, 3528..=3589) => true,          // JCB
        (14, 3000..=3059 | 3600..=3699 | 3800..=3999) => true, // Diners Club
        (16, 3000..=3059 | 3600..=3699 | 3800..=3999) => true,
        (16, 2200..=2204 | 6054 | 9792) => true, // Mir, Troy
        (16, 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763) => true, // Maestro
        _ => false,
    }
}

/// 15 digits that begin with a mobile country code that the ITU has assigned (E.212), and for the countries whose
/// networks are listed here with a network in use.
fn is_imsi(digits: &[u8]) -> bool {
    const ASSIGNED: [std::ops::RangeInclusive<u32>; 6] = [
        202..=297,
        302..=376,
        400..=470,
        502..=555,
        602..=659,
        702..=750,
    ];
    let number = |digits: &[u8]| digits.iter().fold(0, |n, c| n * 10 + u32::from(c - b'0'));
    let network = number(&digits[3..5]);
    match number(&digits[..3]) {
        262 => matches!(network, 1..=23 | 42 | 43 | 60 | 73 | 74 | 78 | 92),
        208 => matches!(network, 1..=31 | 86 | 88..=98),
        222 => matches!(network, 1..=10 | 30 | 33..=39 | 43..=56 | 77 | 88 | 98 | 99),
        214 => matches!(network, 1..=38),
        234 => matches!(network, 0..=39 | 50..=58 | 70..=78 | 86 | 94),
        204 => matches!(network, 0..=33 | 60..=69 | 91 | 98),
        232 => matches!(network, 1..=29 | 91 | 92),
        228 => matches!(network, 1..=12 | 50..=74 | 98 | 99),
        260 => matches!(network, 0..=49 | 90 | 98),
        206 => matches!(network, 0..=8 | 10 | 20..=40 | 48..=50 | 99),
        country => ASSIGNED.iter().any(|range| range.contains(&country)),
    }
}

/// Countries by the beginning of their numbers (E.164), and how many digits follow it at least and at most.
const COUNTRIES: &[(&str, std::ops::RangeInclusive<usize>)] = &[
    ("1", 10..=10),
    ("20", 8..=10),
    ("27", 9..=9),
    ("30", 10..=10),
    ("31", 9..=9),
    ("32", 8..=9),
    ("33", 9..=9),
    ("34", 9..=9),
    ("36", 8..=9),
    ("39", 6..=11),
    ("40", 9..=9),
    ("41", 9..=9),
    ("43", 7..=13),
    ("44", 9..=10),
    ("45", 8..=8),
    ("46", 7..=10),
    ("47", 8..=8),
    ("48", 9..=9),
    ("49", 7..=13),
    ("51", 8..=9),
    ("52", 10..=10),
    ("53", 8..=8),
    ("54", 10..=11),
    ("55", 10..=11),
    ("56", 9..=9),
    ("57", 10..=10),
    ("58", 10..=10),
    ("60", 8..=10),
    ("61", 9..=9),
    ("62", 8..=12),
    ("63", 9..=10),
    ("64", 8..=10),
    ("65", 8..=8),
    ("66", 8..=9),
    ("7", 10..=10),
    ("81", 9..=10),
    ("82", 8..=10),
    ("84", 9..=10),
    ("86", 10..=11),
    ("90", 10..=10),
    ("91", 10..=10),
    ("92", 9..=10),
    ("93", 9..=9),
    ("94", 9..=9),
    ("95", 8..=10),
    ("98", 10..=10),
    ("21", 9..=10),
    ("22", 8..=11),
    ("23", 7..=11),
    ("24", 7..=10),
    ("25", 7..=10),
    ("26", 7..=10),
    ("29", 5..=8),
    ("35", 7..=11),
    ("37", 7..=10),
    ("38", 8..=10),
    ("42", 9..=9),
    ("50", 7..=9),
    ("59", 7..=10),
    ("67", 6..=9),
    ("68", 5..=8),
    ("85", 8..=10),
    ("88", 8..=12),
    ("96", 8..=10),
    ("97", 8..=10),
    ("99", 8..=10),
];

/// Whether digits that begin with the code of a country are as long as numbers there are.
fn is_of_country(digits: &[u8]) -> bool {
    COUNTRIES.iter().any(|(code, lengths)| {
        let rest = digits.strip_prefix(code.as_bytes());
        // Of three digits are the codes of most countries that begin with these two.
        rest.is_some_and(|rest| lengths.contains(&rest.len()) && rest[0] != b'0')
            || (code.len() == 2
                && code == &"39"
                && digits.starts_with(b"390")
                && (9..=13).contains(&digits.len()))
    })
}

/// Whether digits with the code of their country are a mobile number there.
fn is_mobile_abroad(digits: &[u8]) -> bool {
    let is = |code: &[u8], lengths: std::ops::RangeInclusive<usize>, begin: fn(&[u8]) -> bool| {
        let rest = digits.strip_prefix(code);
        rest.is_some_and(|rest| lengths.contains(&rest.len()) && begin(rest))
    };
    is(b"49", 10..=11, is_german_mobile)
        || is(b"44", 10..=10, |rest| rest[0] == b'7' && rest[1] >= b'1')
        || is(b"33", 9..=9, |rest| matches!(rest[0], b'6' | b'7'))
        || is(b"34", 9..=9, |rest| matches!(rest[0], b'6' | b'7'))
        || is(b"39", 9..=10, |rest| rest[0] == b'3' && rest[1] >= b'2')
        || is(b"31", 9..=9, |rest| rest[0] == b'6' && rest[1] >= b'1')
        || is(b"41", 9..=9, |rest| {
            rest[0] == b'7' && matches!(rest[1], b'5'..=b'9')
        })
        || is(b"43", 10..=11, |rest| {
            rest[0] == b'6' && matches!(rest[1], b'5'..=b'9')
        })
        || is(b"32", 9..=9, |rest| {
            rest[0] == b'4' && matches!(rest[1], b'5'..=b'9')
        })
        || is(b"48", 9..=9, |rest| matches!(rest[0], b'4'..=b'8'))
        || is(b"46", 9..=9, |rest| rest[0] == b'7')
        || is(b"90", 10..=10, |rest| rest[0] == b'5')
        || is(b"351", 9..=9, |rest| rest[0] == b'9')
        || is(b"420", 9..=9, |rest| matches!(rest[0], b'6' | b'7'))
}

fn is_german_mobile(rest: &[u8]) -> bool {
    rest.len() >= 10 && rest[0] == b'1' && matches!(rest[1], b'5' | b'6' | b'7')
}

/// National numbers with their 0 that are mobile in Germany, the United Kingdom, France, the Netherlands,
/// Switzerland, Austria or Belgium.
fn is_mobile_at_home(national: &[u8]) -> bool {
    match national.len() {
        9 => {
            matches!(national[0], b'6')
                || (national[0] == b'7' && matches!(national[1], b'3'..=b'9'))
                || (national[0] == b'4' && matches!(national[1], b'5'..=b'9'))
        }
        10 => {
            is_german_mobile(national)
                || (national[0] == b'7' && national[1] >= b'1')
                || is_austrian(national)
        }
        11 => is_german_mobile(national) || is_austrian(national),
        _ => false,
    }
}

fn is_austrian(national: &[u8]) -> bool {
    national[0] == b'6' && matches!(national[1], b'5'..=b'9')
}

/// Mobile numbers as they are written in Brazil, `(11) 91234-5678`, in Russia, `8 (912) 345-67-89`, and in China,
/// `138 1234 5678`.
fn is_written_abroad(run: &[u8], digits: &[u8], sizes: &[usize]) -> bool {
    match sizes {
        [2, 5, 4] => run[0] == b'(' && digits[2] == b'9',
        [1, 3, 3, 2, 2] => digits.starts_with(b"89") || digits.starts_with(b"79"),
        [3, 4, 4] => digits[0] == b'1' && digits[1] >= b'3',
        _ => false,
    }
}

fn phone(run: &[u8], digits: &[u8], marks: usize, alone: bool, sightings: &mut Sightings) {
    if run[0] == b'+' {
        // `+49 (0)171`
        let trunk = run.windows(3).position(|window| window == b"(0)");
        let is_one = match trunk {
            None => is_of_country(digits),
            Some(at) => {
                let before = run[..at].iter().filter(|c| c.is_ascii_digit()).count();
                let mut without = digits.to_vec();
                without.remove(before);
                is_of_country(&without)
            }
        };
        if is_one && marks <= 8 && digits.len() >= 9 && !run.contains(&b'.')
            || is_one && run.iter().filter(|c| **c == b'.').count() >= 2
        {
            sightings.see(Form::PhoneInternational);
        }
        return;
    }
    if run.contains(&b'+') {
        return;
    }
    let groups = || {
        run.split(|c| !c.is_ascii_digit())
            .filter(|group| !group.is_empty())
    };
    let decimal = run.iter().filter(|c| **c == b'.').count() == 1;
    if digits.starts_with(b"00") {
        if (11..=17).contains(&digits.len()) && run.starts_with(b"00") && !decimal {
            let rest = &digits[2..];
            let is_one = is_mobile_abroad(rest) || (marks > 0 && is_of_country(rest));
            sightings.check(Form::PhoneAbroad, is_one);
        }
        return;
    }
    if marks > 0 && !decimal && (8..=13).contains(&digits.len()) {
        // `0171 1234567`, `030/12345678`, `06 12 34 56 78`; all digits of a number with its groups are its shape.
        let begins = groups().next().unwrap_or_default();
        let sizes: Vec<usize> = groups().map(<[u8]>::len).collect();
        let pairs = sizes.len() == 5 && sizes.iter().all(|size| *size == 2);
        let is_national = digits[0] == b'0'
            && ((2..=6).contains(&begins.len()) || run[0] == b'(')
            && (9..=12).contains(&(digits.len() - 1))
            && (is_german_mobile(&digits[1..]) || matches!(digits[1], b'2'..=b'9'))
            && (pairs || sizes.len() <= 4);
        let is_one = is_national || is_written_abroad(run, digits, &sizes);
        sightings.check(Form::PhoneNational, is_one);
        let american = match digits.len() {
            10 => sizes == [3, 3, 4],
            11 => digits[0] == b'1' && sizes == [1, 3, 3, 4],
            _ => false,
        };
        let area = &digits[digits.len().saturating_sub(10)..];
        let is_area = american && area[0] >= b'2' && area[3] >= b'2' && area[1] != b'9';
        sightings.check(Form::PhoneAmerican, is_area);
    }
    if marks == 0
        && (10..=13).contains(&digits.len())
        && (alone || digits[0] == b'0' || digits.starts_with(b"49"))
    {
        let is_one = match digits.strip_prefix(b"0") {
            Some(national) => is_mobile_at_home(national),
            None => {
                is_mobile_abroad(digits)
                    // A whole number has lost its 0.
                    || digits.len() == 11 && digits[0] == b'1' && matches!(digits[1], b'5' | b'6' | b'7')
            }
        };
        // Midnights in milliseconds are days.
        let value = digits
            .iter()
            .fold(0u64, |n, c| n * 10 + u64::from(c - b'0'));
        sightings.check(Form::PhoneBare, is_one && !value.is_multiple_of(86_400_000));
    }
}

/// Lengths by country, ISO 13616 (SWIFT registry), and how many of the characters after the check digits are digits:
/// all of them; all after so many letters; or most.
#[derive(Clone, Copy)]
enum Account {
    Digits,
    AfterLetters(usize),
    Mixed,
}

const IBANS: &[(&str, usize, Account)] = &[
    ("AD", 24, Account::Digits),
    ("AE", 23, Account::Digits),
    ("AL", 28, Account::Mixed),
    ("AT", 20, Account::Digits),
    ("AZ", 28, Account::Mixed),
    ("BA", 20, Account::Digits),
    ("BE", 16, Account::Digits),
    ("BG", 22, Account::AfterLetters(4)),
    ("BH", 22, Account::Mixed),
    ("BI", 27, Account::Digits),
    ("BR", 29, Account::Mixed),
    ("BY", 28, Account::Mixed),
    ("CH", 21, Account::Digits),
    ("CR", 22, Account::Digits),
    ("CY", 28, Account::Digits),
    ("CZ", 24, Account::Digits),
    ("DE", 22, Account::Digits),
    ("DJ", 27, Account::Digits),
    ("DK", 18, Account::Digits),
    ("DO", 28, Account::Mixed),
    ("EE", 20, Account::Digits),
    ("EG", 29, Account::Digits),
    ("ES", 24, Account::Digits),
    ("FI", 18, Account::Digits),
    ("FK", 18, Account::AfterLetters(2)),
    ("FO", 18, Account::Digits),
    ("FR", 27, Account::Mixed),
    ("GB", 22, Account::AfterLetters(4)),
    ("GE", 22, Account::AfterLetters(2)),
    ("GI", 23, Account::Mixed),
    ("GL", 18, Account::Digits),
    ("GR", 27, Account::Mixed),
    ("GT", 28, Account::Mixed),
    ("HR", 21, Account::Digits),
    ("HU", 28, Account::Digits),
    ("IE", 22, Account::AfterLetters(4)),
    ("IL", 23, Account::Digits),
    ("IQ", 23, Account::AfterLetters(4)),
    ("IS", 26, Account::Digits),
    ("IT", 27, Account::AfterLetters(1)),
    ("JO", 30, Account::Mixed),
    ("KW", 30, Account::Mixed),
    ("KZ", 20, Account::Mixed),
    ("LB", 28, Account::Mixed),
    ("LC", 32, Account::Mixed),
    ("LI", 21, Account::Digits),
    ("LT", 20, Account::Digits),
    ("LU", 20, Account::Digits),
    ("LV", 21, Account::Mixed),
    ("LY", 25, Account::Digits),
    ("MC", 27, Account::Mixed),
    ("MD", 24, Account::Mixed),
    ("ME", 22, Account::Digits),
    ("MK", 19, Account::Mixed),
    ("MN", 20, Account::Digits),
    ("MR", 27, Account::Digits),
    ("MT", 31, Account::Mixed),
    ("MU", 30, Account::Mixed),
    ("NI", 28, Account::Mixed),
    ("NL", 18, Account::AfterLetters(4)),
    ("NO", 15, Account::Digits),
    ("OM", 23, Account::Mixed),
    ("PK", 24, Account::Mixed),
    ("PL", 28, Account::Digits),
    ("PS", 29, Account::Mixed),
    ("PT", 25, Account::Digits),
    ("QA", 29, Account::Mixed),
    ("RO", 24, Account::Mixed),
    ("RS", 22, Account::Digits),
    ("SA", 24, Account::Digits),
    ("SC", 31, Account::Mixed),
    ("SD", 18, Account::Digits),
    ("SE", 24, Account::Digits),
    ("SI", 19, Account::Digits),
    ("SK", 24, Account::Digits),
    ("SM", 27, Account::AfterLetters(1)),
    ("SO", 23, Account::Digits),
    ("ST", 25, Account::Digits),
    ("SV", 28, Account::Mixed),
    ("TL", 23, Account::Digits),
    ("TN", 24, Account::Digits),
    ("TR", 26, Account::Digits),
    ("UA", 29, Account::Mixed),
    ("VA", 22, Account::Digits),
    ("VG", 24, Account::AfterLetters(4)),
    ("XK", 20, Account::Digits),
];

/// Country, length, structure and check digits (ISO/IEC 7064, MOD 97-10), in one piece or in groups of four.
fn ibans(text: &str, sightings: &mut Sightings) {
    let bytes = text.as_bytes();
    let mut tried = 0;
    for at in 0..bytes.len().saturating_sub(14) {
        let is_start = bytes[at].is_ascii_alphabetic()
            && bytes[at + 1].is_ascii_alphabetic()
            && at
                .checked_sub(1)
                .is_none_or(|before| !bytes[before].is_ascii_alphanumeric());
        if !is_start || tried == MOST {
            continue;
        }
        tried += 1;
        let country = [
            bytes[at].to_ascii_uppercase(),
            bytes[at + 1].to_ascii_uppercase(),
        ];
        let Some((_, length, account)) =
            IBANS.iter().find(|(known, ..)| known.as_bytes() == country)
        else {
            continue;
        };
        let mut compact = [0u8; 34];
        let mut count = 0;
        let mut end = at;
        while end < bytes.len() && count < *length {
            match bytes[end] {
                c if c.is_ascii_alphanumeric() => {
                    compact[count] = c.to_ascii_uppercase();
                    count += 1;
                }
                b' ' | b'-' if bytes[end - 1].is_ascii_alphanumeric() => {}
                _ => break,
            }
            end += 1;
        }
        let goes_on = bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
        if count == *length && !goes_on && is_iban(&compact[..count], *account) {
            sightings.see(Form::Iban);
        }
    }
}

fn is_iban(compact: &[u8], account: Account) -> bool {
    let (check, rest) = (&compact[2..4], &compact[4..]);
    let all_digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    let fits = match account {
        Account::Digits => all_digits(rest),
        Account::AfterLetters(count) => {
            rest[..count].iter().all(u8::is_ascii_alphabetic) && all_digits(&rest[count..])
        }
        Account::Mixed => rest.iter().filter(|c| c.is_ascii_digit()).count() * 5 >= rest.len() * 3,
    };
    if !all_digits(check) || !fits {
        return false;
    }
    let mut remainder = 0u32;
    for c in rest.iter().chain(&compact[..4]) {
        remainder = match c {
            b'0'..=b'9' => remainder * 10 + u32::from(c - b'0'),
            _ => remainder * 100 + u32::from(c - b'A') + 10,
        } % 97;
    }
    remainder == 1
}
