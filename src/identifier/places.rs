//! Where somebody lives or is: street addresses, and coordinates written as text.

use super::forms::{Form, Sightings};
use super::names::Word;

/// Ends of words that are streets, in German and Dutch.
const STREET_ENDINGS: &[&str] = &[
    "strasse",
    "str",
    "weg",
    "allee",
    "gasse",
    "damm",
    "ufer",
    "chaussee",
    "steig",
    "stieg",
    "pfad",
    "promenade",
    "straat",
    "laan",
    "gracht",
    "plein",
    "kade",
    "dijk",
    "dreef",
    "singel",
    "platz",
    "markt",
    "ring",
    "gaten",
    "gatan",
    "vagen",
    "veien",
    "gade",
    "vej",
    "katu",
    "polku",
    "kuja",
    "bulevardi",
    "tie",
];
/// Words that stand before the name of a street, and its number after it.
const STREETS_BEFORE: &[&str] = &[
    "calle", "c", "avenida", "avda", "av", "plaza", "paseo", "carrer", "camino", "ronda",
    "travesia", "via", "viale", "piazza", "corso", "largo", "vicolo", "strada", "piazzale", "rua",
    "travessa", "praca", "ul", "ulica", "al", "aleja", "plac", "osiedle", "strasse", "am", "an",
    "auf", "im", "zum", "zur", "unter", "alte", "alter", "neue", "neuer", "rue",
];
/// Those of them that are written with a small letter and mean nothing else.
const WRITTEN_SMALL: &[&str] = &[
    "ul", "ulica", "al", "aleja", "plac", "osiedle", "calle", "avda", "avenida", "paseo", "rua",
    "travessa", "piazza", "viale",
];
/// Words that stand before the name of a street in French, and its number before them.
const STREETS_AFTER_NUMBER: &[&str] = &[
    "rue",
    "avenue",
    "av",
    "boulevard",
    "bd",
    "bld",
    "place",
    "chemin",
    "impasse",
    "allee",
    "quai",
    "route",
    "cours",
    "square",
    "passage",
    "villa",
    "faubourg",
    "sentier",
    "lotissement",
    "residence",
    "hameau",
    "montee",
];
/// Words that end the name of a street in English, and its number before it.
const STREETS_LAST: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "drive",
    "dr",
    "court",
    "ct",
    "boulevard",
    "blvd",
    "way",
    "place",
    "pl",
    "terrace",
    "close",
    "crescent",
    "square",
    "sq",
    "gardens",
    "grove",
    "hill",
    "row",
    "mews",
    "highway",
    "hwy",
    "parkway",
    "pkwy",
    "circle",
    "cir",
    "walk",
    "rise",
    "broadway",
    "trail",
];

/// Whether words are the address of a house: a street and its number, in the order of German, Dutch, English, French,
/// Spanish, Italian, Portuguese, Polish or the Scandinavian languages.
pub fn look_for_address(words: &[Word<'_>], sightings: &mut Sightings) {
    let numbered = words.iter().any(|word| is_house(word.plain()));
    if !numbered || words.len() < 2 || words.len() > 64 {
        return;
    }
    sightings.shape(Form::Address);
    for (at, word) in words.iter().enumerate() {
        let text = word.plain();
        let house = |at: usize| words.get(at).is_some_and(|word| is_house(word.plain()));
        let named = |at: usize| words.get(at).is_some_and(|word| is_name(word.plain()));
        // Musterstraße 12
        let ends = STREET_ENDINGS.iter().any(|ending| {
            text.len() > ending.len() + 2 && text.ends_with(ending) && !ending.is_empty()
        });
        let parted = matches!(
            text,
            "strasse" | "str" | "weg" | "allee" | "platz" | "gasse" | "ring" | "damm" | "ufer"
        ) && at > 0;
        if (ends || parted) && word.is_name() && house(at + 1) && !word.sentence_ends() {
            return sightings.see(Form::Address);
        }
        // 12 High Street
        if is_house(text) {
            let street = (at + 1..=at + 4).find(|at| {
                words
                    .get(*at)
                    .is_some_and(|word| STREETS_LAST.contains(&word.plain()))
            });
            if let Some(street) = street
                && street > at + 1
                && (at + 1..street).all(named)
                && words[at + 1].is_name()
                && words[street].is_name()
            {
                return sightings.see(Form::Address);
            }
            // 12 bis, rue de la Paix
            let next = at
                + 1
                + usize::from(
                    words
                        .get(at + 1)
                        .is_some_and(|word| matches!(word.plain(), "bis" | "ter" | "quater")),
                );
            if words
                .get(next)
                .is_some_and(|word| STREETS_AFTER_NUMBER.contains(&word.plain()))
                && named(next + 1)
            {
                return sightings.see(Form::Address);
            }
        }
        // Calle Mayor, 12
        if STREETS_BEFORE.contains(&text)
            && (word.is_name() || WRITTEN_SMALL.contains(&text))
            && named(at + 1)
            && words[at + 1].is_name()
        {
            let number = (at + 2..=at + 5).find(|at| house(*at));
            // Short words stand before other things as well: the number follows the name at once.
            let most = if text.len() <= 4
                && !matches!(
                    text,
                    "via" | "rua" | "ul" | "al" | "c" | "av" | "avda" | "rue"
                ) {
                at + 2
            } else {
                at + 5
            };
            if number.is_some_and(|number| number <= most && (at + 2..number).all(named)) {
                return sightings.see(Form::Address);
            }
        }
    }
}

/// `12`, `12a`, `12-14`, `12/3`
fn is_house(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let is_letter = rest.len() <= 1 && rest.bytes().all(|c| c.is_ascii_lowercase());
    let is_range = rest.len() <= 5
        && rest.starts_with(['-', '/'])
        && rest[1..].bytes().all(|c| c.is_ascii_alphanumeric());
    (1..=4).contains(&digits) && !text.starts_with('0') && (is_letter || is_range)
}

fn is_name(text: &str) -> bool {
    text.len() >= 2 && text.bytes().all(|c| c.is_ascii_alphabetic() || c == b'-' || c == b'\'')
        || text.len() == 1 && text.bytes().all(|c| c.is_ascii_alphabetic())
        // 42nd
        || matches!(text.len(), 3..=5) && ["st", "nd", "rd", "th"].iter().any(|end| text.ends_with(end)) && text.as_bytes()[0].is_ascii_digit()
}

/// Looks for a pair of degrees: decimal with three places or more (a hundred metres), in degrees and minutes, as WKT or
/// as an URI (RFC 5870).
/// A full plus code: fourteen metres on the ground.
///
/// Source: Google: Open Location Code, specification.
pub fn look_for_plus_code(text: &str, sightings: &mut Sightings) {
    let is_code = |word: &str| {
        word.split_once('+').is_some_and(|(area, rest)| {
            let letters = area.bytes().chain(rest.bytes());
            area.len() == 8
                && matches!(rest.len(), 2 | 3)
                && letters
                    .map(|c| c.to_ascii_uppercase())
                    .all(|c| b"23456789CFGHJMPQRVWX".contains(&c))
        })
    };
    if text.split([' ', ',', ';']).any(is_code) {
        sightings.see(Form::Coordinates);
    }
}

pub fn look_for_coordinates(text: &str, sightings: &mut Sightings) {
    if text.contains('°') {
        let mut marks = text.match_indices('°').take(2);
        let both = marks.next().is_some() && marks.next().is_some();
        let fine = text.contains(['\'', '′', '"', '″']) || text.contains('.') || text.contains(',');
        sightings.check(Form::Coordinates, both && fine);
        return;
    }
    let bytes = text.as_bytes();
    if bytes.iter().filter(|c| **c == b'.').take(2).count() < 2 {
        return;
    }
    let lower = text
        .get(..12.min(text.len()))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_wkt = lower.starts_with("point") || lower.starts_with("srid");
    let mut at = 0;
    let mut last: Option<(f64, usize, usize)> = None;
    let mut tried = 0;
    while at < bytes.len() && tried < 64 {
        let Some((value, places, end)) = decimal(bytes, at) else {
            at += 1;
            continue;
        };
        tried += 1;
        if let Some((first, first_places, before)) = last {
            let between = &text[before..at];
            let parted = !between.is_empty()
                && between.len() <= 12
                && between
                    .trim_matches(|c: char| {
                        c.is_whitespace()
                            || ",;|/&".contains(c)
                            || "lonlatgitudexyEWNS=:".contains(c)
                    })
                    .is_empty();
            if parted && first_places >= 3 && places >= 3 {
                let is = |latitude: f64, longitude: f64| {
                    latitude.abs() <= 90.0 && longitude.abs() <= 180.0
                };
                let is_pair = is(first, value) || (is_wkt && is(value, first));
                sightings.check(Form::Coordinates, is_pair && first_places >= 3);
            }
        }
        last = Some((value, places, end));
        at = end;
    }
}

/// A decimal number that begins here: its value, its places and where it ends.
fn decimal(bytes: &[u8], at: usize) -> Option<(f64, usize, usize)> {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    if before.is_some_and(|c| c.is_ascii_digit() || c == b'.' || c == b'-' || c == b'+') {
        return None;
    }
    let signed = usize::from(matches!(bytes[at], b'-' | b'+'));
    let whole = bytes[at + signed..]
        .iter()
        .take_while(|c| c.is_ascii_digit())
        .count();
    let point = at + signed + whole;
    if !(1..=3).contains(&whole) || bytes.get(point) != Some(&b'.') {
        return None;
    }
    let places = bytes[point + 1..]
        .iter()
        .take_while(|c| c.is_ascii_digit())
        .count();
    let end = point + 1 + places;
    let text = std::str::from_utf8(&bytes[at..end]).ok()?;
    let goes_on =
        bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    (places > 0 && !goes_on).then_some((text.parse().ok()?, places, end))
}
