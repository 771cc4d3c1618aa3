//! Numbers that authorities give to persons, with their check digits.
//!
//! Each is told apart by its shape (length, letters, a day of birth within it, digits that no number of it has) and
//! then checked: among texts of the shape those of chance pass as often as [`Form::basis`] says.

use super::digits::is_luhn;
use super::forms::{Form, Sightings};

/// Numbers that are looked at in one text.
const MOST: usize = 48;

/// Looks for all of them in a text that was cleaned.
pub fn look(text: &str, letters: bool, sightings: &mut Sightings) {
    let mut compact = [0u8; 20];
    if let Some(count) = whole(text.as_bytes(), &mut compact) {
        one(&compact[..count], text.as_bytes(), sightings);
        return;
    }
    if !letters && text.len() < 24 {
        return;
    }
    // Within other text a number stands in one piece, or in groups of digits.
    let bytes = text.as_bytes();
    let mut found = 0;
    let mut at = 0;
    while at < bytes.len() && found < MOST {
        let begins = bytes[at].is_ascii_alphanumeric()
            && at
                .checked_sub(1)
                .is_none_or(|before| !bytes[before].is_ascii_alphanumeric());
        if !begins {
            at += 1;
            continue;
        }
        let piece = bytes[at..]
            .iter()
            .position(|c| !c.is_ascii_alphanumeric() && !b"-./".contains(c));
        let piece = &bytes[at..piece.map_or(bytes.len(), |end| at + end)];
        let piece = &piece[..piece.len()
            - piece
                .iter()
                .rev()
                .take_while(|c| !c.is_ascii_alphanumeric())
                .count()];
        if (9..=24).contains(&piece.len())
            && piece.iter().any(u8::is_ascii_digit)
            && let Some(count) = whole(piece, &mut compact)
        {
            found += 1;
            one(&compact[..count], piece, sightings);
        }
        let groups = groups(&bytes[at..]);
        if groups > piece.len()
            && let Some(count) = whole(&bytes[at..at + groups], &mut compact)
        {
            found += 1;
            one(&compact[..count], &bytes[at..at + groups], sightings);
        }
        at += piece.len().max(groups).max(1);
    }
}

/// Bytes of groups of digits with single blanks between them.
fn groups(bytes: &[u8]) -> usize {
    let mut last = 0;
    for (at, c) in bytes.iter().enumerate().take(24) {
        match c {
            c if c.is_ascii_digit() => last = at + 1,
            b' ' if last == at => {}
            _ => break,
        }
    }
    last
}

/// The letters and digits of a text that has nothing else but what parts them; `None` where they are too many, or where
/// something else is there.
fn whole(text: &[u8], compact: &mut [u8; 20]) -> Option<usize> {
    let mut count = 0;
    for c in text {
        match c {
            c if c.is_ascii_alphanumeric() => {
                *compact.get_mut(count)? = c.to_ascii_uppercase();
                count += 1;
            }
            b' ' | b'-' | b'.' | b'/' | b'+' => {}
            _ => return None,
        }
    }
    (count >= 8).then_some(count)
}

/// Whether two digits of a year, a month and a day are a day.
fn is_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn two(text: &[u8], at: usize) -> u32 {
    u32::from(text[at] - b'0') * 10 + u32::from(text[at + 1] - b'0')
}

fn number(text: &[u8]) -> u64 {
    text.iter().fold(0, |n, c| n * 10 + u64::from(c - b'0'))
}

fn weighted(text: &[u8], weights: &[u32]) -> u32 {
    text.iter()
        .zip(weights)
        .map(|(c, weight)| u32::from(c - b'0') * weight)
        .sum()
}

fn digit(text: &[u8], at: usize) -> u32 {
    u32::from(text[at] - b'0')
}

fn one(compact: &[u8], written: &[u8], sightings: &mut Sightings) {
    if is_written_day(written) {
        return;
    }
    let letters = compact.iter().filter(|c| c.is_ascii_alphabetic()).count();
    match letters {
        0 => of_digits(compact, written, sightings),
        _ => with_letters(compact, written, sightings),
    }
}

/// `2023-11-05`, `05.11.2023 10:00`: a day is no number.
fn is_written_day(text: &[u8]) -> bool {
    let groups: Vec<usize> = text
        .split(|c| !c.is_ascii_digit())
        .map(<[u8]>::len)
        .collect();
    text.iter().any(|c| b"-./".contains(c))
        && matches!(groups.as_slice(), [4, 2, 2, ..] | [2, 2, 4, ..])
}

fn of_digits(text: &[u8], written: &[u8], sightings: &mut Sightings) {
    // All the same digit passes many checks and is nobody's.
    if text.iter().all(|c| *c == text[0]) {
        return;
    }
    match text.len() {
        9 => of_nine(text, written, sightings),
        10 => of_ten(text, written, sightings),
        11 => of_eleven(text, sightings),
        12 => {
            if matches!(text[0], b'2'..=b'9') {
                sightings.check(Form::IndianIdentity, verhoeff(text));
            }
            if matches!(&text[..2], b"19" | b"20") && is_day(two(text, 4), two(text, 6)) {
                sightings.check(Form::SwedishIdentity, is_luhn(&text[2..]));
            }
        }
        13 => {
            if text.starts_with(b"756") {
                let sum = weighted(text, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]);
                sightings.check(Form::SwissSocial, sum.is_multiple_of(10));
            }
            if is_day(two(text, 2), two(text, 4))
                && matches!(text[10], b'0' | b'1')
                && matches!(text[11], b'8' | b'9')
            {
                sightings.check(Form::SouthAfricanIdentity, is_luhn(text));
            }
            // Issued so until October 2020; then the digits after the first of the second group became random.
            if is_day(two(text, 2), two(text, 4)) && matches!(text[6], b'1'..=b'8') {
                let sum = weighted(text, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
                let check = (11 - sum % 11) % 10;
                sightings.check(Form::KoreanIdentity, check == digit(text, 12));
            }
            if matches!(text[0], b'1'..=b'8')
                && is_day(two(text, 3), two(text, 5))
                && (1..=52).contains(&two(text, 7))
            {
                let sum = weighted(text, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
                let check = if sum == 10 { 1 } else { sum };
                sightings.check(Form::RomanianIdentity, check == digit(text, 12));
            }
        }
        15 => french(text, sightings),
        18 => chinese(text, sightings),
        _ => {}
    }
}

fn of_nine(text: &[u8], written: &[u8], sightings: &mut Sightings) {
    let layout: Vec<usize> = written.split(|c| *c == b'-').map(<[u8]>::len).collect();
    if layout == [3, 2, 4] {
        let (area, group, serial) = (number(&text[..3]), number(&text[3..5]), number(&text[5..]));
        let is_one = !matches!(area, 0 | 666 | 900..) && group > 0 && serial > 0;
        sightings.check(Form::AmericanSocial, is_one);
        return;
    }
    let sum = weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2]);
    sightings.check(
        Form::DutchCitizen,
        (sum + 11 - digit(text, 8)).is_multiple_of(11),
    );
    if matches!(text[0], b'1' | b'2' | b'3') || text.starts_with(b"45") {
        let rest = sum % 11;
        let check = if rest < 2 { 0 } else { 11 - rest };
        sightings.check(Form::PortugueseTax, check == digit(text, 8));
    }
    if matches!(text[0], b'1'..=b'7' | b'9') {
        sightings.check(Form::CanadianInsurance, is_luhn(text));
    }
    let sum = weighted(text, &[1, 4, 3, 7, 5, 8, 6, 9, 10]);
    sightings.check(Form::AustralianTax, sum.is_multiple_of(11));
}

fn of_ten(text: &[u8], written: &[u8], sightings: &mut Sightings) {
    // Issued from 400 000 000 on, and for Northern Ireland from 320; what begins otherwise may be an ISBN, whose check
    // is the same.
    if matches!(text[0], b'4' | b'6' | b'7') || (text[0] == b'3' && matches!(text[1], b'2'..=b'9'))
    {
        let rest = weighted(text, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        let check = match rest {
            0 => 0,
            rest => 11 - rest,
        };
        sightings.check(Form::BritishHealth, check == digit(text, 9));
    }
    if text[0] != b'0' && is_day(two(text, 6), two(text, 4)) {
        let sum = weighted(text, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11;
        sightings.check(Form::AustrianSocial, sum == digit(text, 3));
    }
    let is_swedish_mark = written.len() == 10 || matches!(written.get(6), Some(b'-' | b'+'));
    if is_day(two(text, 2), two(text, 4)) && is_swedish_mark {
        sightings.check(Form::SwedishIdentity, is_luhn(text));
    }
    if is_day(two(text, 2), two(text, 0)) && is_swedish_mark {
        let sum = weighted(text, &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
        sightings.check(Form::DanishIdentity, sum.is_multiple_of(11));
    }
    let month = two(text, 2);
    if (is_day(month % 50, two(text, 4)) || is_day((month + 80) % 100 % 50, two(text, 4)))
        && (written.get(6) == Some(&b'/') || written.len() == 10)
    {
        sightings.check(Form::CzechIdentity, number(text).is_multiple_of(11));
    }
    if is_day(month % 20, two(text, 4)) && month < 60 && written.len() == 10 {
        let sum = weighted(text, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
        sightings.check(Form::BulgarianIdentity, sum == digit(text, 9));
    }
}

fn of_eleven(text: &[u8], sightings: &mut Sightings) {
    // ISO/IEC 7064, MOD 11,10.
    let mut product = 10;
    for c in &text[..10] {
        let sum = (u32::from(c - b'0') + product) % 10;
        product = if sum == 0 { 10 } else { sum } * 2 % 11;
    }
    let check = (11 - product) % 10 == digit(text, 10);
    let mut counts = [0; 10];
    text[..10]
        .iter()
        .for_each(|c| counts[usize::from(c - b'0')] += 1);
    let repeated: Vec<u32> = counts.iter().copied().filter(|count| *count > 1).collect();
    if text[0] != b'0' && matches!(repeated.as_slice(), [2 | 3]) {
        sightings.check(Form::GermanTax, check);
    }
    sightings.check(Form::CroatianIdentity, check);
    if is_day(two(text, 2) % 20, two(text, 4)) {
        let sum = weighted(text, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
        sightings.check(Form::PolishIdentity, sum.is_multiple_of(10));
    }
    if is_day(two(text, 2), two(text, 4)) {
        let base = number(&text[..9]);
        let check = u64::from(two(text, 9));
        let is = |base: u64| 97 - base % 97 == check;
        sightings.check(Form::BelgianRegister, is(base) || is(base + 2_000_000_000));
    }
    // Days of those without a number of the register are 40 more, months of made-up ones too.
    if is_day(two(text, 2) % 40, two(text, 0) % 40) {
        let first = weighted(text, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]);
        let second = weighted(text, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
        sightings.check(
            Form::NorwegianIdentity,
            first.is_multiple_of(11) && second.is_multiple_of(11),
        );
    }
    if text[0] != b'0' {
        let odd: u32 = (0..9).step_by(2).map(|at| digit(text, at)).sum();
        let even: u32 = (1..8).step_by(2).map(|at| digit(text, at)).sum();
        let tenth = (odd * 7 + 100 - even) % 10;
        let eleventh = (odd + even + digit(text, 9)) % 10;
        sightings.check(
            Form::TurkishIdentity,
            tenth == digit(text, 9) && eleventh == digit(text, 10),
        );
    }
    let check = |count: usize| {
        let sum: u32 = (0..count)
            .map(|at| digit(text, at) * (count as u32 + 1 - at as u32))
            .sum();
        match sum * 10 % 11 {
            10 => 0,
            rest => rest,
        }
    };
    sightings.check(
        Form::BrazilianTax,
        check(9) == digit(text, 9) && check(10) == digit(text, 10),
    );
    if matches!(text[0], b'1'..=b'6') && is_day(two(text, 3), two(text, 5)) {
        let first = weighted(text, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
        let second = weighted(text, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
        let check = match (first, second) {
            (10, 10) => 0,
            (10, second) => second,
            (first, _) => first,
        };
        sightings.check(Form::BalticIdentity, check == digit(text, 10));
    }
}

/// Sex, year, month, department (20 is 2A and 2B), commune, number, and a key modulo 97.
fn french(text: &[u8], sightings: &mut Sightings) {
    let corsica = match &text[5..7] {
        b"2A" => Some(19),
        b"2B" => Some(18),
        _ => None,
    };
    let rest = [&text[..5], &text[7..]].concat();
    if !rest.iter().all(u8::is_ascii_digit)
        || (corsica.is_none() && !text[5..7].iter().all(u8::is_ascii_digit))
    {
        return;
    }
    let month = two(text, 3);
    if !matches!(text[0], b'1' | b'2') || !(matches!(month, 1..=12 | 20 | 30..=42 | 50..)) {
        return;
    }
    let department = corsica.unwrap_or_else(|| u64::from(two(text, 5)));
    let number = (number(&text[..5]) * 100 + department) * 1_000_000 + number(&text[7..13]);
    sightings.check(
        Form::FrenchSocial,
        97 - number % 97 == u64::from(two(text, 13)),
    );
}

/// The digit that Verhoeff's check wants, by the group of the pentagon.
fn verhoeff(text: &[u8]) -> bool {
    const TURN: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let product = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let mut check = 0;
    for (at, c) in text.iter().rev().enumerate() {
        let turned = (0..at % 8).fold(c - b'0', |digit, _| TURN[usize::from(digit)]);
        check = product(check, turned);
    }
    check == 0
}

fn with_letters(text: &[u8], written: &[u8], sightings: &mut Sightings) {
    let is = |pattern: &str| {
        text.len() == pattern.len()
            && text
                .iter()
                .zip(pattern.bytes())
                .all(|(c, wanted)| match wanted {
                    b'9' => c.is_ascii_digit(),
                    _ => c.is_ascii_alphabetic(),
                })
    };
    const SPANISH: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    match text.len() {
        8 | 9 if is("9999999A") || is("9999999AA") => {
            let second = text.get(8).map_or(0, |c| match c {
                b'A'..=b'I' => u32::from(c - b'A') + 1,
                _ => 0,
            });
            let sum = weighted(text, &[8, 7, 6, 5, 4, 3, 2]) + 9 * second;
            let check = b"WABCDEFGHIJKLMNOPQRSTUV"[(sum % 23) as usize];
            sightings.check(Form::IrishService, check == text[7]);
        }
        9 if is("99999999A") => {
            let check = SPANISH[(number(&text[..8]) % 23) as usize];
            sightings.check(Form::SpanishIdentity, check == text[8]);
        }
        9 if matches!(text[0], b'X' | b'Y' | b'Z') && is("A9999999A") => {
            let value = u64::from(text[0] - b'X') * 10_000_000 + number(&text[1..8]);
            sightings.check(
                Form::SpanishIdentity,
                SPANISH[(value % 23) as usize] == text[8],
            );
        }
        9 if is("AA999999A") => {
            let first = !matches!(text[0], b'D' | b'F' | b'I' | b'Q' | b'U' | b'V');
            let second = !matches!(text[1], b'D' | b'F' | b'I' | b'O' | b'Q' | b'U' | b'V');
            let unused = matches!(
                &text[..2],
                b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ"
            );
            let is_one = first && second && !unused && matches!(text[8], b'A'..=b'D');
            sightings.check(Form::BritishInsurance, is_one);
        }
        12 if is("99999999A999") => german_social(text, sightings),
        10 if is("A999999999") => german_health(text, sightings),
        10 | 11 => finnish(written, sightings),
        15 => french(text, sightings),
        16 => italian(text, sightings),
        18 if is("99999999999999999A") => chinese(text, sightings),
        _ => {}
    }
}

/// A letter, which stands for the two digits of its place, eight digits, and a check digit of modulus 10.
fn german_health(text: &[u8], sightings: &mut Sightings) {
    let letter = u32::from(text[0] - b'A') + 1;
    let digits = [letter / 10, letter % 10];
    let digits = digits
        .into_iter()
        .chain(text[1..9].iter().map(|c| u32::from(c - b'0')));
    let across = |value: u32| value / 10 + value % 10;
    let sum: u32 = digits
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, factor)| across(digit * factor))
        .sum();
    sightings.check(Form::GermanHealth, sum % 10 == digit(text, 9));
}

/// Area, day of birth, serial number, check character: ISO 7064, MOD 11-2.
fn chinese(text: &[u8], sightings: &mut Sightings) {
    let is_century = matches!(&text[6..8], b"19" | b"20");
    if text[0] == b'0' || !is_century || !is_day(two(text, 10), two(text, 12)) {
        return;
    }
    let sum = weighted(text, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    let check = b"10X98765432"[(sum % 11) as usize];
    sightings.check(Form::ChineseIdentity, check == text[17]);
}

/// Area, day of birth, first letter of the name at birth, serial number, check digit (VKVV).
fn german_social(text: &[u8], sightings: &mut Sightings) {
    let day = two(text, 2);
    // Where numbers ran out 50 was added to the day.
    if !is_day(two(text, 4), day % 50) || day > 81 {
        return;
    }
    let letter = u32::from(text[8] - b'A') + 1;
    let mut digits = [0u32; 12];
    for (at, place) in (0..8).chain([10, 11]).zip([0, 1, 2, 3, 4, 5, 6, 7, 10, 11]) {
        digits[place] = digit(text, if at < 8 { at } else { at - 1 });
    }
    digits[8] = letter / 10;
    digits[9] = letter % 10;
    const FACTORS: [u32; 12] = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
    let across = |value: u32| value / 10 + value % 10;
    let sum: u32 = digits
        .iter()
        .zip(FACTORS)
        .map(|(digit, factor)| across(digit * factor))
        .sum();
    sightings.check(Form::GermanSocial, sum % 10 == digit(text, 11));
}

/// Day of birth, a mark for the century, number, check character modulo 31.
fn finnish(written: &[u8], sightings: &mut Sightings) {
    if written.len() != 11
        || !written[..6]
            .iter()
            .chain(&written[7..10])
            .all(u8::is_ascii_digit)
    {
        return;
    }
    let mark = written[6].to_ascii_uppercase();
    if !matches!(mark, b'-' | b'+' | b'A'..=b'F' | b'U'..=b'Y')
        || !is_day(two(written, 2), two(written, 0))
    {
        return;
    }
    let value = number(&written[..6]) * 1_000 + number(&written[7..10]);
    let check = b"0123456789ABCDEFHJKLMNPRSTUVWXY"[(value % 31) as usize];
    sightings.check(
        Form::FinnishIdentity,
        check == written[10].to_ascii_uppercase(),
    );
}

/// Six letters of the names, year, month, day and sex, place of birth, check letter.
fn italian(text: &[u8], sightings: &mut Sightings) {
    let is_digit = |c: u8| c.is_ascii_digit() || b"LMNPQRSTUV".contains(&c);
    let letter = |c: u8| c.is_ascii_alphabetic();
    let shape = text[..6].iter().all(|c| letter(*c))
        && [6, 7, 9, 10, 12, 13, 14]
            .iter()
            .all(|at| is_digit(text[*at]))
        && b"ABCDEHLMPRST".contains(&text[8])
        && letter(text[11])
        && letter(text[15]);
    if !shape {
        return;
    }
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let place = |c: u8| match c {
        b'0'..=b'9' => usize::from(c - b'0'),
        _ => usize::from(c - b'A'),
    };
    let sum: u32 = (0..15)
        .map(|at| match at % 2 {
            0 => ODD[place(text[at])],
            _ => place(text[at]) as u32,
        })
        .sum();
    sightings.check(Form::ItalianTax, b'A' + (sum % 26) as u8 == text[15]);
}

#[cfg(test)]
mod tests {
    use super::super::forms::{Form, look};

    /// The examples of the authorities, and what one wrong digit makes of them.
    #[test]
    fn examples_of_the_authorities() {
        for (form, right, wrong) in [
            (Form::GermanHealth, "A123456780", "A123456781"),
            (
                Form::ChineseIdentity,
                "11010519491231002X",
                "110105194912310021",
            ),
            (Form::KoreanIdentity, "800101-1234560", "800101-1234561"),
            (Form::GermanTax, "86095742719", "86095742718"),
            (Form::PolishIdentity, "44051401359", "44051401358"),
        ] {
            assert!(look(right).sees(form), "{form:?}");
            assert!(
                look(wrong).is_shaped(form) && !look(wrong).sees(form),
                "{form:?}"
            );
        }
    }
}
