//! Names of persons, by lists of given names and surnames.
//!
//! No list is whole and many names are words: what is counted here is compared with how often texts that name nobody
//! are taken for names.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::forms::{Form, Sightings};
use super::places;

/// Given names in the main European languages, Turkish, Arabic and others in Latin letters, without marks.
const GIVEN: &str = include_str!("names/given.txt");
const SURNAMES: &str = include_str!("names/surnames.txt");

struct Lists {
    given: HashSet<Box<str>, foldhash::fast::FixedState>,
    /// Given names that are words as well: they count beside a surname only.
    words: HashSet<Box<str>, foldhash::fast::FixedState>,
    surnames: HashSet<Box<str>, foldhash::fast::FixedState>,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        let mut lists = Lists {
            given: HashSet::default(),
            words: HashSet::default(),
            surnames: HashSet::default(),
        };
        unfold(GIVEN, |name, is_word| {
            let list = if is_word {
                &mut lists.words
            } else {
                &mut lists.given
            };
            list.insert(name.into());
        });
        unfold(SURNAMES, |name, _| {
            lists.surnames.insert(name.into());
        });
        lists
    })
}

/// The lines of a sorted list that is written without what each begins alike with the one before: the first character
/// says how many letters these are. A star at the end marks a name that is a word as well.
fn unfold(list: &str, mut each: impl FnMut(&str, bool)) {
    let mut name = String::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let mut letters = line.chars();
        let alike = letters.next().and_then(|c| c.to_digit(36)).unwrap_or(0);
        let rest = letters.as_str();
        name.truncate(alike as usize);
        name.push_str(rest.trim_end_matches('*'));
        each(&name, rest.ends_with('*'));
    }
}

/// A word of a text: its letters without marks in lower case, and how it is written.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    folded: &'a str,
    /// It begins with a capital letter.
    capital: bool,
    /// What stands behind it, of `,`, `.` and other marks; a blank for none.
    mark: char,
    /// Another mark than a blank or a comma is before it.
    parted: bool,
}

impl<'a> Word<'a> {
    pub fn plain(&self) -> &'a str {
        self.folded
    }

    /// Whether it is written as names are: a capital letter, or no small and capital letters at all.
    pub fn is_name(&self) -> bool {
        self.capital
    }

    pub fn sentence_ends(&self) -> bool {
        matches!(self.mark, ';' | '!' | '?' | ':')
    }
}

/// Titles that stand before a surname.
const TITLES: &[&str] = &[
    "dr", "prof", "herr", "herrn", "frau", "mr", "mrs", "ms", "miss", "sir", "madam", "mme",
    "mlle", "monsieur", "madame", "sig", "signor", "signora", "sra", "srta", "senor", "senora",
    "dipl", "ing", "mag", "phd", "md", "jr", "sr", "med", "habil", "hc", "ii", "iii", "dott",
    "dottssa", "mevr", "dhr", "pan", "pani", "bay", "bayan", "rev", "hon", "lic", "univ", "msc",
    "bsc", "mba", "esq",
];
/// Titles that stand before a surname alone.
const ADDRESSES: &[&str] = &[
    "dr", "prof", "herr", "herrn", "frau", "mr", "mrs", "ms", "miss", "mme", "mlle", "monsieur",
    "madame", "signor", "signora", "senor", "senora", "sra", "mevr",
];
/// Small words within names.
const PARTICLES: &[&str] = &[
    "von", "van", "de", "der", "den", "vom", "zu", "zum", "zur", "da", "di", "del", "della",
    "dello", "dei", "du", "des", "la", "le", "las", "los", "dos", "das", "do", "ter", "ten", "te",
    "el", "al", "bin", "ibn", "bint", "abu", "y", "e", "af", "av", "mac", "mc", "o", "d", "st",
    "t",
];
/// Words of shops, places, goods and work, which are in no name of a person: English, German, French, Spanish, Italian,
/// Dutch.
const NO_NAMES: &str = "street road avenue lane square station airport museum university college school hotel hostel restaurant \
    cafe coffee bar pub grill pizza pizzeria kitchen bakery diner bistro club gym spa salon theatre theater cinema gallery library \
    hospital clinic pharmacy apotheke bank office building tower centre center mall market supermarket store stores shop shops \
    outlet garage hardware books bookshop bookstore florist deli liquor wines brewery company co corp corporation inc ltd llc llp plc gmbh ag kg ohg \
    ug se sa sas sarl srl spa bv nv oy ab as group holding holdings partners associates solutions services systems technologies \
    consulting international global stiftung verein verband ministerium amt behoerde praxis kanzlei bahnhof hauptbahnhof kirche \
    schule gymnasium kindergarten krankenhaus klinik platz strasse weg allee ring brucke tor rathaus schloss burg see berg tal \
    wald garten hafen flughafen museumsinsel stadion halle haus baeckerei metzgerei backerei friseur gasthaus gasthof brauerei \
    rue avenue boulevard gare eglise musee ecole hopital boulangerie calle plaza estacion iglesia museo escuela tienda mercado \
    via piazza stazione chiesa scuola ospedale straat plein kerk winkel markt \
    set pack pair piece pieces box bag bags case holder cup mug bowl plate tray tin jar bottle candle candles light lights lamp \
    lantern clock frame mirror cushion cover blanket towel towels apron hook hanger doormat sign wreath garland card cards wrap \
    ribbon paper notebook book pencil pen pens ruler sticker stickers stamp kit game toy doll puppet ball balloon balloons necklace \
    bracelet ring earrings brooch scarf shirt shoes boots jacket coat dress trousers jeans socks hat gloves chair table desk sofa \
    shelf cabinet drawer bed lamp cable charger adapter phone tablet laptop screen keyboard mouse printer camera speaker battery \
    bike bicycle car van truck tyre engine oil soap cream shampoo perfume brush comb tea juice beer wine water milk bread \
    cheese butter jam sugar salt pepper sauce rice pasta chocolate biscuit biscuits cake cakes fruit apple banana orange tomato potato onion \
    chicken beef pork fish egg eggs vintage retro design designs style color colour small large mini medium assorted hanging wooden metal glass \
    ceramic plastic paper cotton silver golden christmas easter birthday party wedding gift decoration decorative \
    manager engineer officer assistant consultant teacher nurse technician clerk worker operator developer analyst designer director \
    administrator supervisor specialist scientist therapist accountant lawyer solicitor barrister surveyor architect psychologist \
    physicist chemist biologist journalist editor producer broadcaster programmer artist musician photographer secretary \
    representative executive agent advisor adviser coordinator planner buyer retailer inspector driver pilot \
    kaufmann kauffrau mechaniker elektroniker techniker ingenieur leiter assistent verkaeufer fachkraft arbeiter angestellter \
    mit und oder fuer aus bei nach ohne auf im am in an zum with and or for from without of the a to on at by per avec pour sans et ou \
    con para sin y per il lo i gli un una une ein eine der die das den dem no new old mon tue wed thu fri sat sun \
    county state republic islands island united kingdom city town village district region province north south east west upper lower \
    saint san santa sankt bad new los las port fort mount lake river bay beach valley hill hills falls springs park gardens";

fn no_names() -> &'static HashSet<&'static str, foldhash::fast::FixedState> {
    static WORDS: OnceLock<HashSet<&'static str, foldhash::fast::FixedState>> = OnceLock::new();
    WORDS.get_or_init(|| NO_NAMES.split_ascii_whitespace().collect())
}

/// Ends of surnames that no other word of four letters more has, for surnames that are in no list.
const ENDINGS: &[&str] = &[
    "mann", "meyer", "meier", "maier", "bauer", "mueller", "huber", "hofer", "berger", "inger",
    "owski", "ewski", "inski", "czyk", "enko", "chuk", "escu", "eanu", "oglu", "ovic", "evic",
    "ovich", "evich", "sson", "ssen", "dottir", "poulos", "akis", "idis", "shvili", "adze", "yan",
    "etti", "ucci", "elli", "acci", "oni", "ández", "inez", "guez", "ndez", "nchez", "opez",
    "enez",
];

fn is_surname(word: &str) -> bool {
    let lists = lists();
    lists.surnames.contains(word)
        || (word.len() >= 8 && ENDINGS.iter().any(|ending| word.ends_with(ending)))
        || word
            .split_once('-')
            .is_some_and(|(a, b)| lists.surnames.contains(a) && lists.surnames.contains(b))
}

/// A given name that is no other word.
fn is_given(word: &str) -> bool {
    let lists = lists();
    lists.given.contains(word)
        || word.split_once('-').is_some_and(|(a, b)| {
            let known = |part: &str| lists.given.contains(part) || lists.words.contains(part);
            known(a) && known(b)
        })
}

fn is_ambiguous(word: &str) -> bool {
    lists().words.contains(word)
}

/// The most words that are looked at in one text.
const MOST: usize = 2_048;

/// Looks for names of persons and addresses of houses in a text that was cleaned.
pub fn look(text: &str, numerals: usize, sightings: &mut Sightings) {
    // One word of digits and letters is a code.
    let bytes = text.as_bytes();
    let parted = bytes.iter().any(|c| matches!(c, b' ' | b',' | b'_' | b'.'));
    if !parted && (numerals > 0 || text.len() > 40) {
        return;
    }
    let mut folded = String::with_capacity(text.len() + 8);
    let mut spans: Vec<(usize, usize, bool, char, bool)> = Vec::new();
    split(text, &mut folded, &mut spans);
    let words: Vec<Word<'_>> = spans
        .iter()
        .map(|&(start, end, capital, mark, parted)| Word {
            folded: &folded[start..end],
            capital,
            mark,
            parted,
        })
        .collect();
    if numerals > 0 {
        places::look_for_address(&words, sightings);
    }
    // A short number beside a name is a counter; more of them are something else.
    let is_number = |word: &Word<'_>| word.folded.bytes().all(|c| c.is_ascii_digit());
    let numbers = words.iter().filter(|word| is_number(word)).count();
    let rest: Vec<Word<'_>> = words
        .iter()
        .filter(|word| !is_number(word))
        .copied()
        .collect();
    if (1..=7).contains(&rest.len()) && numbers <= 1 && numerals <= 6 && whole(&rest, sightings) {
        return;
    }
    if words.len() >= 3 {
        in_text(&words, sightings);
    }
}

/// Looks whether one word is a name by which persons log in: a given name and a surname, or an initial and a surname, with
/// a mark between them or none, and a few digits behind.
pub fn look_for_user_name(text: &str, sightings: &mut Sightings) {
    if !text.is_ascii() || text.len() > 30 {
        return;
    }
    let lower = text.to_ascii_lowercase();
    let name = lower.trim_end_matches(|c: char| c.is_ascii_digit());
    let name = name.strip_suffix(['.', '_', '-']).unwrap_or(name);
    let is_letters = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphabetic());
    let first = |part: &str| is_given(part) || is_ambiguous(part);
    let both = |a: &str, b: &str| first(a) && is_surname(b);
    if let Some((a, b)) = name.split_once(['.', '_', '-']) {
        if a.len() + b.len() < 5 || !is_letters(a) || !is_letters(b) {
            return;
        }
        let initial = |a: &str, b: &str| a.len() == 1 && b.len() >= 4 && is_surname(b);
        let is_name = both(a, b) || both(b, a) || initial(a, b) || initial(b, a);
        sightings.check(Form::UserName, is_name);
    } else if is_letters(name) && (7..=24).contains(&name.len()) {
        let is_name = (3..=name.len() - 4).any(|at| {
            let (a, b) = name.split_at(at);
            both(a, b) || (b.len() >= 4 && at >= 4 && both(b, a))
        });
        sightings.check(Form::UserName, is_name);
    }
}

/// Splits a text into words of letters and digits, with hyphens and apostrophes within them.
fn split(text: &str, folded: &mut String, spans: &mut Vec<(usize, usize, bool, char, bool)>) {
    let mut start = 0;
    let mut capital = false;
    let mut parted = false;
    let mut inside = false;
    for c in text.chars() {
        let joins = inside && matches!(c, '-' | '\'');
        if c.is_alphanumeric() || joins || is_mark(c) {
            if !inside {
                inside = true;
                start = folded.len();
                capital = c.is_uppercase();
            }
            if c != '\'' {
                fold(c, folded);
            }
            continue;
        }
        if inside {
            while folded.ends_with('-') && folded.len() > start {
                folded.pop();
            }
            if folded.len() > start {
                spans.push((start, folded.len(), capital, c, parted));
            }
            folded.push(' ');
            inside = false;
            parted = false;
            if spans.len() >= MOST {
                return;
            }
        } else if let Some(last) = spans.last_mut()
            && (last.3 == ' ' || last.3 == '.')
            && !c.is_whitespace()
        {
            last.3 = c;
        }
        parted |= !matches!(c, ' ' | ',' | '.');
    }
    if inside && folded.len() > start {
        spans.push((start, folded.len(), capital, ' ', parted));
    }
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// A letter in lower case, without its marks.
fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for c in c.to_lowercase() {
        let plain = match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ấ'..='ặ' => "a",
            'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => "c",
            'ď' | 'đ' | 'ð' => "d",
            'è'..='ë' | 'ē' | 'ę' | 'ě' | 'ė' | 'ĕ' | 'ə' | 'ẹ'..='ệ' => "e",
            'ğ' | 'ģ' | 'ĝ' | 'ġ' | 'ǧ' => "g",
            'ħ' | 'ĥ' => "h",
            'ì'..='ï' | 'ī' | 'į' | 'ı' | 'ĩ' | 'ỉ' | 'ị' => "i",
            'ķ' => "k",
            'ł' | 'ľ' | 'ļ' | 'ĺ' => "l",
            'ñ' | 'ń' | 'ň' | 'ņ' => "n",
            'ò'..='ö' | 'ø' | 'ő' | 'ō' | 'ơ' | 'ọ'..='ợ' => "o",
            'ř' | 'ŕ' => "r",
            'ś' | 'š' | 'ş' | 'ș' | 'ŝ' => "s",
            'ß' => "ss",
            'ť' | 'ţ' | 'ț' => "t",
            'ù'..='ü' | 'ů' | 'ű' | 'ū' | 'ų' | 'ư' | 'ụ'..='ự' => "u",
            'ŵ' => "w",
            'ý' | 'ÿ' | 'ŷ' | 'ỳ' => "y",
            'ź' | 'ż' | 'ž' => "z",
            'æ' => "ae",
            'œ' => "oe",
            'þ' => "th",
            c if is_mark(c) => "",
            c => {
                out.push(c);
                ""
            }
        };
        out.push_str(plain);
    }
}

/// Whether the words are a name and nothing else, or have the shape of one; those of a longer text do not.
fn whole(words: &[Word<'_>], sightings: &mut Sightings) -> bool {
    let is_letters = |word: &Word<'_>| {
        word.folded
            .bytes()
            .all(|c| c.is_ascii_alphabetic() || c == b'-' || c >= 0x80)
    };
    if !words.iter().all(is_letters) {
        return false;
    }
    let titled = words.iter().any(|word| ADDRESSES.contains(&word.folded)) && words.len() > 1;
    let is_title = |word: &Word<'_>| TITLES.contains(&word.folded);
    let core: Vec<Word<'_>> = words
        .iter()
        .filter(|word| !is_title(word))
        .copied()
        .collect();
    let is_particle = |word: &Word<'_>| PARTICLES.contains(&word.folded);
    let named: Vec<Word<'_>> = core
        .iter()
        .filter(|word| !is_particle(word))
        .copied()
        .collect();
    if named.is_empty() || named.len() > 5 {
        return false;
    }
    let stop = core
        .iter()
        .any(|word| !is_particle(word) && no_names().contains(word.folded));
    if let [word] = named.as_slice() {
        if core.len() > 2 {
            return false;
        }
        if titled {
            sightings.check(Form::FullName, !stop && is_surname(word.folded));
        } else {
            let long = word.folded.len() >= 2;
            sightings.check(Form::GivenName, long && !stop && (is_given(word.folded)));
            sightings.check(Form::Surname, long && !stop && is_surname(word.folded));
        }
        return true;
    }
    let (first, last) = (&named[0], &named[named.len() - 1]);
    let initial = |word: &Word<'_>| word.folded.len() == 1;
    let given = |word: &Word<'_>| is_given(word.folded);
    let either = |word: &Word<'_>| is_given(word.folded) || is_ambiguous(word.folded);
    let surname = |word: &Word<'_>| is_surname(word.folded);
    let comma = named.iter().position(|word| word.mark == ',');
    let (full, part) = match comma {
        Some(at) if at + 1 < named.len() => {
            let (before, after) = (&named[..=at], &named[at + 1..]);
            let known = before.iter().any(surname);
            (
                known && either(&after[0]),
                given(&after[0]) || (known && initial(&after[0])),
            )
        }
        _ => {
            let rest = &named[1..];
            let full = (either(first)
                && !rest.is_empty()
                && (surname(last) || (named.len() > 2 && rest.iter().any(surname))))
                || (named.len() <= 3
                    && surname(first)
                    && !initial(last)
                    && given(last)
                    && (named.len() == 2 || given(&named[1])));
            let part = given(first)
                || (named.len() == 2 && given(last))
                || (initial(first) && surname(last))
                || (initial(last) && surname(first));
            (full, part)
        }
    };
    let full = !stop && full;
    sightings.check(Form::FullName, full);
    sightings.check(Form::PartlyKnownName, !stop && (full || part));
    true
}

/// Looks for a given name that a surname follows, both with capital letters, among other words.
fn in_text(words: &[Word<'_>], sightings: &mut Sightings) {
    sightings.shape(Form::NameInText);
    let stop = |word: &Word<'_>| no_names().contains(word.folded) || TITLES.contains(&word.folded);
    for (at, pair) in words.windows(2).enumerate() {
        let [a, b] = pair else { continue };
        let adjacent = matches!(a.mark, ' ') && !b.parted;
        if !adjacent || !a.capital || !b.capital || a.folded.len() < 3 || b.folded.len() < 3 {
            continue;
        }
        if stop(a) || stop(b) || !is_given(a.folded) || !is_surname(b.folded) {
            continue;
        }
        // Of a place or a firm: `Anna Berger GmbH`, `Max Planck Street`.
        if words
            .get(at + 2)
            .is_some_and(|next| b.mark == ' ' && !next.parted && next.capital && stop(next))
        {
            continue;
        }
        return sightings.see(Form::NameInText);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_whole_and_sorted() {
        for (list, least) in [(GIVEN, 9_000), (SURNAMES, 18_000)] {
            let mut last = String::new();
            let mut count = 0;
            unfold(list, |name, _| {
                assert!(last.as_str() < name, "{name} after {last}");
                assert!(name.bytes().all(|c| c.is_ascii_lowercase()), "{name}");
                last = name.to_owned();
                count += 1;
            });
            assert!(count > least, "{count}");
        }
        assert!(GIVEN.len() + SURNAMES.len() < 300_000, "they stay small");
    }

    #[test]
    fn letters_lose_their_marks() {
        for (text, plain) in [
            ("Müller", "muller"),
            ("STRAUSS", "strauss"),
            ("Weiß", "weiss"),
            ("Øst", "ost"),
            ("Wałęsa", "walesa"),
            ("José", "jose"),
            ("Jose\u{301}", "jose"),
            ("İpek", "ipek"),
        ] {
            let mut out = String::new();
            text.chars().for_each(|c| fold(c, &mut out));
            assert_eq!(out, plain);
        }
    }

    #[test]
    fn user_names_are_made_of_names() {
        let look = |text: &str| {
            let mut sightings = Sightings::default();
            look_for_user_name(text, &mut sightings);
            (
                sightings.is_shaped(Form::UserName),
                sightings.sees(Form::UserName),
            )
        };
        for name in [
            "anna.berger",
            "Berger_Anna84",
            "j-schneider",
            "schneider.j",
            "annaberger1984",
            "peterschmidt",
        ] {
            assert_eq!(look(name), (true, true), "{name}");
        }
        for other in ["blue.kitchen", "northwind7", "q.z", "windows-server"] {
            assert!(!look(other).1, "{other}");
        }
        // What has no such shape does not count as tried.
        for other in ["a1b2c3", "4711", "three.part.name", "Müller"] {
            assert_eq!(look(other), (false, false), "{other}");
        }
    }
}
