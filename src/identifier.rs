//! Recognises direct identifiers: by the form of a value, by the name of a column.
//!
//! A form is no proof: one number in ten passes a check digit by chance, and a pseudonym may look
//! like anything. The measure that calls this compares the share of values that match with what
//! chance would give ([`Kind::chance`]).

pub use reidrisk_preimage::spaces;

use std::net::{Ipv4Addr, Ipv6Addr};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Email,
    Iban,
    Imei,
    Imsi,
    Phone,
    MacAddress,
    IpAddress,
    PersonName,
    PostalAddress,
    BirthDate,
    OfficialNumber,
}

impl Kind {
    /// Kinds that a value's form can show.
    pub const BY_FORM: [Self; 7] = [
        Self::Email,
        Self::Iban,
        Self::Imei,
        Self::Imsi,
        Self::Phone,
        Self::MacAddress,
        Self::IpAddress,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Iban => "iban",
            Self::Imei => "imei",
            Self::Imsi => "imsi",
            Self::Phone => "phone",
            Self::MacAddress => "mac-address",
            Self::IpAddress => "ip-address",
            Self::PersonName => "person-name",
            Self::PostalAddress => "postal-address",
            Self::BirthDate => "birth-date",
            Self::OfficialNumber => "official-number",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Email => "e-mail addresses",
            Self::Iban => "bank account numbers (IBAN)",
            Self::Imei => "device numbers (IMEI)",
            Self::Imsi => "SIM card numbers (IMSI)",
            Self::Phone => "telephone numbers",
            Self::MacAddress => "MAC addresses of devices",
            Self::IpAddress => "IP addresses",
            Self::PersonName => "names of persons",
            Self::PostalAddress => "postal addresses",
            Self::BirthDate => "dates of birth",
            Self::OfficialNumber => "numbers issued by an authority",
        }
    }

    /// The probability that a random value of the right length and characters has this form.
    pub fn chance(self) -> f64 {
        match self {
            Self::Imei => 0.1,        // one check digit
            Self::Imsi => 0.25,       // about a quarter of the codes 000–999 are assigned countries
            Self::Iban => 1.0 / 97.0, // two check digits modulo 97
            Self::Phone => 0.01,      // digits that begin like a German mobile number
            _ => 0.0,
        }
    }
}

/// What the form of a value says it is; of several kinds the one with the strongest check.
pub fn recognise(value: &str) -> Option<Kind> {
    let value = value.trim();
    if has_email(value) {
        return Some(Kind::Email);
    }
    if !(7..=254).contains(&value.len()) || !value.is_ascii() {
        return None;
    }
    let text = value.as_bytes();
    if is_email(value) {
        Some(Kind::Email)
    } else if is_iban(text) {
        Some(Kind::Iban)
    } else if is_mac(text) {
        Some(Kind::MacAddress)
    } else if is_ip(value) {
        Some(Kind::IpAddress)
    } else if is_imei(text) {
        Some(Kind::Imei)
    } else if is_imsi(text) {
        Some(Kind::Imsi)
    } else if is_phone(text) {
        Some(Kind::Phone)
    } else {
        None
    }
}

/// Whether an e-mail address stands anywhere in a text, such as in a URL or a sentence. Of a long text the beginning is
/// looked at.
fn has_email(text: &str) -> bool {
    const LONGEST: usize = 1 << 14;
    if !text.contains('@') {
        return false;
    }
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let parts = |c: char| c.is_whitespace() || "\"<>()[],;:|/?&=".contains(c);
    let mut words = text[..end].split(parts);
    words.any(|word| is_email(word.trim_matches(['.', '\''])))
}

/// RFC 5321 addr-spec without quoted local parts and address literals.
fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else {
        return false;
    };
    let atom = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&c);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || c == b'-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    (1..=64).contains(&local.len())
        && local.bytes().all(atom)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.contains('.')
        && domain.split('.').all(label)
        && top.len() >= 2
        && top.bytes().all(|c| c.is_ascii_alphabetic())
}

/// Lengths by country, ISO 13616 (SWIFT registry).
const IBAN_LENGTHS: &[(&[u8; 2], u8)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NL", 18),
    (b"NO", 15),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
];

/// Country, length and check digits (ISO/IEC 7064, MOD 97-10); spaces as in print.
fn is_iban(text: &[u8]) -> bool {
    let letters = || {
        text.iter()
            .filter(|c| **c != b' ')
            .map(u8::to_ascii_uppercase)
    };
    let mut start = letters();
    let (Some(a), Some(b)) = (start.next(), start.next()) else {
        return false;
    };
    let length = IBAN_LENGTHS.iter().find(|(country, _)| **country == [a, b]);
    if length.is_none_or(|(_, length)| letters().count() != usize::from(*length)) {
        return false;
    }
    let mut remainder = 0u32;
    for c in letters().skip(4).chain(letters().take(4)) {
        remainder = match c {
            b'0'..=b'9' => remainder * 10 + u32::from(c - b'0'),
            b'A'..=b'Z' => remainder * 100 + u32::from(c - b'A') + 10,
            _ => return false,
        } % 97;
    }
    remainder == 1
}

/// IEEE 802: six octets with colons or hyphens, or three groups with dots. Twelve bare hexadecimal
/// digits are not taken for one: pseudonyms look like that.
fn is_mac(text: &[u8]) -> bool {
    let grouped = |separator: u8, size: usize| {
        let groups = text.split(|c| *c == separator);
        let good = |group: &[u8]| group.len() == size && group.iter().all(u8::is_ascii_hexdigit);
        groups.clone().count() == 12 / size && groups.clone().all(good)
    };
    match text.len() {
        17 => grouped(b':', 2) || grouped(b'-', 2),
        14 => grouped(b'.', 4),
        _ => false,
    }
}

/// RFC 4291 and dotted quads. Quads with small numbers only, such as 1.2.3.4, are as likely
/// versions.
fn is_ip(value: &str) -> bool {
    if let Ok(address) = value.parse::<Ipv4Addr>() {
        return address.octets().iter().any(|octet| *octet > 31);
    }
    value.contains(':') && value.parse::<Ipv6Addr>().is_ok()
}

/// 15 digits with a Luhn check digit (3GPP TS 23.003), bare or as 2-6-6-1 with separators. The
/// 16 digits of an IMEISV have no check digit and are not recognised.
fn is_imei(text: &[u8]) -> bool {
    let separated = text.len() == 18 && [2, 9, 16].iter().all(|at| b"- /".contains(&text[*at]));
    if !(text.len() == 15 || separated) {
        return false;
    }
    let mut digits = [0; 15];
    let mut count = 0;
    for c in text.iter().filter(|c| !(separated && b"- /".contains(c))) {
        if !c.is_ascii_digit() || count == 15 {
            return false;
        }
        digits[count] = u32::from(c - b'0');
        count += 1;
    }
    let luhn = |(at, digit): (usize, &u32)| match at % 2 {
        1 => digit * 2 / 10 + digit * 2 % 10,
        _ => *digit,
    };
    count == 15
        && digits.iter().any(|digit| *digit != 0)
        && digits.iter().enumerate().map(luhn).sum::<u32>() % 10 == 0
}

/// 15 digits that begin with a mobile country code in a range the ITU assigns (E.212: 2 Europe,
/// 3 North America, 4 Asia, 5 Oceania, 6 Africa, 7 South America), and for Germany (262) with a
/// network code in use.
fn is_imsi(text: &[u8]) -> bool {
    const ASSIGNED: [std::ops::RangeInclusive<u16>; 6] = [
        202..=297,
        302..=376,
        400..=470,
        502..=555,
        602..=659,
        702..=750,
    ];
    if text.len() != 15 || !text.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |digits: &[u8]| digits.iter().fold(0, |n, c| n * 10 + u16::from(c - b'0'));
    match number(&text[..3]) {
        262 => matches!(
            number(&text[3..5]),
            1..=23 | 42 | 43 | 60 | 73 | 74 | 78 | 92
        ),
        country => ASSIGNED.iter().any(|range| range.contains(&country)),
    }
}

/// E.164 with + or 00; German national numbers written with 0; and bare digits only where they begin
/// like a German mobile number (49 15x, 16x, 17x), since other digits may be anything.
fn is_phone(text: &[u8]) -> bool {
    if !text
        .iter()
        .all(|c| c.is_ascii_digit() || b"+ -/().".contains(c))
    {
        return false;
    }
    let mut digits = [0; 20];
    let mut count = 0;
    for c in text.iter().filter(|c| c.is_ascii_digit()) {
        if count == digits.len() {
            return false;
        }
        digits[count] = *c;
        count += 1;
    }
    let digits = &digits[..count];
    let separators = text.len() - count;
    let mobile = |rest: &[u8]| rest.len() >= 10 && rest[0] == b'1' && b"567".contains(&rest[1]);
    if text[0] == b'+' {
        return (8..=15).contains(&count) && digits[0] != b'0' && separators <= 8;
    }
    if text.contains(&b'+') {
        return false;
    }
    if let Some(international) = digits
        .strip_prefix(b"00")
        .filter(|_| text.starts_with(b"00"))
    {
        return (8..=15).contains(&international.len()) && international[0] != b'0';
    }
    if let Some(national) = digits.strip_prefix(b"0") {
        let dated = separators == 2 && text.iter().filter(|c| b"-.".contains(c)).count() == 2;
        // A decimal number or a date is no number to call.
        return (9..=12).contains(&national.len())
            && !dated
            && !text.contains(&b'.')
            && (mobile(national) || (separators > 0 && b"23456789".contains(&national[0])));
    }
    separators == 0 && (12..=13).contains(&count) && digits.strip_prefix(b"49").is_some_and(mobile)
}

/// What the name of a column says it holds, in English or German.
pub fn recognise_name(column: &str) -> Option<Kind> {
    let words = words(column);
    let has = |word: &str| words.iter().any(|known| known == word);
    let pair = |a: &str, b: &str| words.windows(2).any(|pair| pair[0] == a && pair[1] == b);
    // Words that make of the rest a class, a share or a count: no identifier.
    const COARSE: &[&str] = &[
        "domain", "share", "count", "band", "type", "kind", "class", "group", "tariff", "tarif",
        "provider", "anbieter", "anzahl", "anteil", "model", "hash", "year", "jahr", "version",
    ];
    if COARSE.iter().any(|word| has(word)) {
        return None;
    }
    let any = |list: &[&str]| list.iter().any(|word| has(word));
    if any(&["email", "mailadresse", "emailadresse"]) || pair("e", "mail") {
        Some(Kind::Email)
    } else if any(&["iban", "kontonummer"]) || pair("account", "number") {
        Some(Kind::Iban)
    } else if has("imei") {
        Some(Kind::Imei)
    } else if has("imsi") {
        Some(Kind::Imsi)
    } else if any(&[
        "msisdn",
        "phone",
        "telephone",
        "telefon",
        "telefonnummer",
        "handynummer",
        "rufnummer",
        "mobilnummer",
    ]) || pair("mobile", "number")
    {
        Some(Kind::Phone)
    } else if any(&["mac", "macaddress"]) {
        Some(Kind::MacAddress)
    } else if any(&["ip", "ipaddress", "ipv4", "ipv6"]) {
        Some(Kind::IpAddress)
    } else if any(&[
        "surname",
        "firstname",
        "lastname",
        "fullname",
        "vorname",
        "nachname",
        "familienname",
        "kundenname",
        "forename",
    ]) || pair("first", "name")
        || pair("last", "name")
        || pair("full", "name")
        || pair("family", "name")
        || pair("given", "name")
        || pair("customer", "name")
    {
        Some(Kind::PersonName)
    } else if any(&[
        "street",
        "strasse",
        "straße",
        "hausnummer",
        "anschrift",
        "adresse",
    ]) || (has("address") && words.len() <= 2)
    {
        Some(Kind::PostalAddress)
    } else if any(&["birthdate", "dob", "geburtsdatum", "birthday"])
        || pair("birth", "date")
        || pair("date", "birth")
        || words.windows(3).any(|w| w == ["date", "of", "birth"])
    {
        Some(Kind::BirthDate)
    } else if any(&[
        "passport",
        "ssn",
        "personalausweis",
        "ausweisnummer",
        "steuernummer",
        "sozialversicherungsnummer",
    ]) || pair("social", "security")
        || pair("steuer", "id")
        || pair("tax", "id")
        || pair("national", "id")
    {
        Some(Kind::OfficialNumber)
    } else {
        None
    }
}

/// The words of a name: parted by anything that is no letter or digit, and where lower case meets
/// upper; in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in name.chars() {
        let breaks = !c.is_alphanumeric() || (c.is_uppercase() && after_lower);
        if breaks && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words
                .last_mut()
                .expect("there is one")
                .extend(c.to_lowercase());
        }
        after_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_each_kind() {
        for (value, kind) in [
            ("anna.muster+x@example.org", Kind::Email),
            ("o'neill@mail.example.co.uk", Kind::Email),
            ("mailto:anna.muster@example.org", Kind::Email),
            (
                "https://example.org/?to=anna.muster@example.org&x=1",
                Kind::Email,
            ),
            ("Rückruf Anna Muster, anna.muster@example.org.", Kind::Email),
            ("DE89370400440532013000", Kind::Iban),
            ("GB82 WEST 1234 5698 7654 32", Kind::Iban),
            ("fr1420041010050500013m02606", Kind::Iban),
            ("490154203237518", Kind::Imei),
            ("49-015420-323751-8", Kind::Imei),
            ("262011234567890", Kind::Imsi),
            ("+49 170 1234567", Kind::Phone),
            ("0049-911-1234567", Kind::Phone),
            ("(0911) 12345-67", Kind::Phone),
            ("0911/1234567", Kind::Phone),
            ("01701234567", Kind::Phone),
            ("491701234567", Kind::Phone),
            ("+1 (212) 555-0123", Kind::Phone),
            ("00:1A:2b:3c:4d:5e", Kind::MacAddress),
            ("001a.2b3c.4d5e", Kind::MacAddress),
            ("192.168.0.17", Kind::IpAddress),
            ("2001:db8::ff00:42:8329", Kind::IpAddress),
        ] {
            assert_eq!(recognise(value), Some(kind), "{value}");
        }
    }

    #[test]
    fn near_misses() {
        for value in [
            "DE89370400440532013001",               // wrong check digits
            "490154203237517",                      // wrong Luhn digit, and 490 is no country
            "900011234567890",                      // no mobile country code
            "d41d8cd98f00b204",                     // a pseudonym
            "001a2b3c4d5e",                         // another
            "550e8400-e29b-41d4-a716-446655440000", // a UUID
            "2026-03-02 10:11:12",
            "02.03.2026",
            "2026-03-02",
            "10:11:12",
            "90402",
            "8928308280fffff", // an H3 cell
            "52.5200",
            "0.0123456789",
            "1772442672000",
            "1234567",
            "1.2.3.4",
            "user@localhost",
            "a@b@c",
            "@example.org",
            "",
            "+",
            "+49",
            "straße 12345 äöü",
        ] {
            assert_eq!(recognise(value), None, "{value}");
        }
    }

    #[test]
    fn check_digits_pass_by_chance_as_often_as_stated() {
        let numbers = (0..100_000u64).map(|n| 350_000_000_000_000 + n * 7_919);
        let share = numbers
            .filter(|n| is_imei(n.to_string().as_bytes()))
            .count() as f64
            / 1e5;
        assert!((share - Kind::Imei.chance()).abs() < 0.005, "{share}");
    }

    #[test]
    fn names_of_columns() {
        for (name, kind) in [
            ("msisdn", Kind::Phone),
            ("customerPhone", Kind::Phone),
            ("mobile_number", Kind::Phone),
            ("E-Mail", Kind::Email),
            ("Vorname", Kind::PersonName),
            ("first_name", Kind::PersonName),
            ("Date of birth", Kind::BirthDate),
            ("geburtsdatum", Kind::BirthDate),
            ("device_mac", Kind::MacAddress),
            ("ip_address", Kind::IpAddress),
            ("home.address", Kind::PostalAddress),
            ("steuer_id", Kind::OfficialNumber),
        ] {
            assert_eq!(recognise_name(name), Some(kind), "{name}");
        }
        for name in [
            "email_domain",
            "mobile_tariff",
            "merchant_name",
            "cell_name",
            "file_name",
            "age",
            "item",
            "venue_id",
            "zip",
            "postcode",
            "birth_year",
            "phone_model",
            "macro",
            "trip",
            "name",
            "ip_version",
            "",
            "__",
        ] {
            assert_eq!(recognise_name(name), None, "{name}");
        }
    }

    #[test]
    fn no_text_makes_it_fail() {
        for odd in [
            "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
            "＋４９１７０１２３４５６７",
            "🙂🙂🙂🙂🙂🙂🙂",
        ] {
            assert_eq!(recognise(odd), None);
        }
        let long = "9".repeat(100_000);
        assert_eq!((recognise(&long), recognise_name(&long)), (None, None));
        for length in 0..40 {
            for c in ['0', '+', '-', '.', ':', '@', 'D', ' ', '('] {
                recognise(&c.to_string().repeat(length));
                recognise(&format!("+{}", c.to_string().repeat(length)));
                recognise(&format!("00{}", c.to_string().repeat(length)));
            }
        }
    }
}
