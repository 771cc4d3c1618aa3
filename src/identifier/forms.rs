//! The forms in which identifiers are written: which there are, and which of them a text shows.

use super::{Kind, digits, names, national, online, places, plates};

/// One form of writing. Its number is its place in a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Form {
    Email,
    Iban,
    Profile,
    Mac,
    Ipv6,
    /// `+49 171 1234567`
    PhoneInternational,
    Ipv4,
    /// `0049 171 1234567`
    PhoneAbroad,
    /// `0171 1234567`
    PhoneNational,
    /// `491711234567`, `01711234567`
    PhoneBare,
    /// `(212) 555-0123`
    PhoneAmerican,
    Imei,
    Imsi,
    Iccid,
    Card,
    Coordinates,
    Address,
    PlateGerman,
    PlateBritish,
    PlateFrench,
    PlateSpanish,
    PlateDutch,
    /// A given name and a surname of the lists, and nothing else.
    FullName,
    /// A given name and a word that is in no list.
    PartlyKnownName,
    GivenName,
    Surname,
    /// A given name and a surname among other words.
    NameInText,
    Uuid,
    GermanTax,
    GermanSocial,
    BritishHealth,
    BritishInsurance,
    AmericanSocial,
    FrenchSocial,
    SpanishIdentity,
    ItalianTax,
    DutchCitizen,
    PolishIdentity,
    SwedishIdentity,
    BelgianRegister,
    SwissSocial,
    AustrianSocial,
    FinnishIdentity,
    DanishIdentity,
    NorwegianIdentity,
    CzechIdentity,
    RomanianIdentity,
    TurkishIdentity,
    CroatianIdentity,
    BalticIdentity,
    BulgarianIdentity,
    IrishService,
    PortugueseTax,
    BrazilianTax,
    CanadianInsurance,
    AustralianTax,
    IndianIdentity,
    SouthAfricanIdentity,
    GermanHealth,
    ChineseIdentity,
    KoreanIdentity,
    /// `@name`
    Handle,
    /// `anna.schmidt82`
    UserName,
    /// Of a vehicle, by ISO 3779.
    Vin,
}

/// What one value of a form is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Basis {
    /// Nothing else looks like it: one value is enough.
    Certain,
    /// The chance that another value of the same shape passes.
    Chance(f64),
    /// As [`Self::Chance`], and its digits say nothing but how it begins: numbers that were counted up are none.
    Beginning(f64),
}

impl Form {
    pub const ALL: [Self; 64] = [
        Self::Email,
        Self::Iban,
        Self::Profile,
        Self::Mac,
        Self::Ipv6,
        Self::PhoneInternational,
        Self::Ipv4,
        Self::PhoneAbroad,
        Self::PhoneNational,
        Self::PhoneBare,
        Self::PhoneAmerican,
        Self::Imei,
        Self::Imsi,
        Self::Iccid,
        Self::Card,
        Self::Coordinates,
        Self::Address,
        Self::PlateGerman,
        Self::PlateBritish,
        Self::PlateFrench,
        Self::PlateSpanish,
        Self::PlateDutch,
        Self::FullName,
        Self::PartlyKnownName,
        Self::GivenName,
        Self::Surname,
        Self::NameInText,
        Self::Uuid,
        Self::GermanTax,
        Self::GermanSocial,
        Self::BritishHealth,
        Self::BritishInsurance,
        Self::AmericanSocial,
        Self::FrenchSocial,
        Self::SpanishIdentity,
        Self::ItalianTax,
        Self::DutchCitizen,
        Self::PolishIdentity,
        Self::SwedishIdentity,
        Self::BelgianRegister,
        Self::SwissSocial,
        Self::AustrianSocial,
        Self::FinnishIdentity,
        Self::DanishIdentity,
        Self::NorwegianIdentity,
        Self::CzechIdentity,
        Self::RomanianIdentity,
        Self::TurkishIdentity,
        Self::CroatianIdentity,
        Self::BalticIdentity,
        Self::BulgarianIdentity,
        Self::IrishService,
        Self::PortugueseTax,
        Self::BrazilianTax,
        Self::CanadianInsurance,
        Self::AustralianTax,
        Self::IndianIdentity,
        Self::SouthAfricanIdentity,
        Self::GermanHealth,
        Self::ChineseIdentity,
        Self::KoreanIdentity,
        Self::Handle,
        Self::UserName,
        Self::Vin,
    ];

    /// As findings name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Iban => "iban",
            Self::Profile => "profile",
            Self::Mac => "mac",
            Self::Ipv6 => "ipv6",
            Self::PhoneInternational => "international",
            Self::Ipv4 => "ipv4",
            Self::PhoneAbroad => "international-00",
            Self::PhoneNational => "national",
            Self::PhoneBare => "bare-digits",
            Self::PhoneAmerican => "north-american",
            Self::Imei => "imei",
            Self::Imsi => "imsi",
            Self::Iccid => "iccid",
            Self::Card => "card",
            Self::Coordinates => "coordinates",
            Self::Address => "address",
            Self::PlateGerman => "german",
            Self::PlateBritish => "british",
            Self::PlateFrench => "french-italian",
            Self::PlateSpanish => "spanish",
            Self::PlateDutch => "dutch",
            Self::FullName => "full",
            Self::PartlyKnownName => "partly-known",
            Self::GivenName => "given",
            Self::Surname => "surname",
            Self::NameInText => "in-text",
            Self::Uuid => "uuid",
            Self::GermanTax => "de-tax-id",
            Self::GermanSocial => "de-social-insurance",
            Self::BritishHealth => "uk-nhs",
            Self::BritishInsurance => "uk-nino",
            Self::AmericanSocial => "us-ssn",
            Self::FrenchSocial => "fr-nir",
            Self::SpanishIdentity => "es-dni-nie",
            Self::ItalianTax => "it-codice-fiscale",
            Self::DutchCitizen => "nl-bsn",
            Self::PolishIdentity => "pl-pesel",
            Self::SwedishIdentity => "se-personnummer",
            Self::BelgianRegister => "be-national-register",
            Self::SwissSocial => "ch-ahv",
            Self::AustrianSocial => "at-social-insurance",
            Self::FinnishIdentity => "fi-hetu",
            Self::DanishIdentity => "dk-cpr",
            Self::NorwegianIdentity => "no-birth-number",
            Self::CzechIdentity => "cz-sk-birth-number",
            Self::RomanianIdentity => "ro-cnp",
            Self::TurkishIdentity => "tr-identity",
            Self::CroatianIdentity => "hr-oib",
            Self::BalticIdentity => "ee-lt-personal-code",
            Self::BulgarianIdentity => "bg-egn",
            Self::IrishService => "ie-pps",
            Self::PortugueseTax => "pt-nif",
            Self::BrazilianTax => "br-cpf",
            Self::CanadianInsurance => "ca-sin",
            Self::AustralianTax => "au-tfn",
            Self::IndianIdentity => "in-aadhaar",
            Self::SouthAfricanIdentity => "za-id",
            Self::GermanHealth => "de-health-insurance",
            Self::ChineseIdentity => "cn-resident-id",
            Self::KoreanIdentity => "kr-resident-number",
            Self::Handle => "handle",
            Self::UserName => "user-name",
            Self::Vin => "vin",
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            Self::Email => Kind::Email,
            Self::Iban => Kind::Iban,
            Self::Profile | Self::Handle => Kind::Profile,
            Self::Mac => Kind::MacAddress,
            Self::Ipv4 | Self::Ipv6 => Kind::IpAddress,
            Self::PhoneInternational
            | Self::PhoneAbroad
            | Self::PhoneNational
            | Self::PhoneBare
            | Self::PhoneAmerican => Kind::Phone,
            Self::Imei => Kind::Imei,
            Self::Imsi | Self::Iccid => Kind::Imsi,
            Self::Card => Kind::Card,
            Self::Coordinates => Kind::Coordinates,
            Self::Address => Kind::PostalAddress,
            Self::PlateGerman
            | Self::PlateBritish
            | Self::PlateFrench
            | Self::PlateSpanish
            | Self::PlateDutch
            | Self::Vin => Kind::Plate,
            Self::FullName
            | Self::PartlyKnownName
            | Self::GivenName
            | Self::Surname
            | Self::NameInText
            | Self::UserName => Kind::PersonName,
            Self::Uuid => Kind::Uuid,
            _ => Kind::OfficialNumber,
        }
    }

    /// What one value of it is worth. Of numbers with check digits the chance is that of random digits; of names and
    /// addresses it lies above the shares measured on texts that name nobody; of plates it is that of random letters.
    pub fn basis(self) -> Basis {
        match self {
            Self::Email
            | Self::Iban
            | Self::Profile
            | Self::Mac
            | Self::Ipv6
            | Self::PhoneInternational => Basis::Certain,
            Self::Ipv4 => Basis::Chance(0.1),
            Self::PhoneAbroad => Basis::Beginning(0.02),
            Self::PhoneNational => Basis::Chance(0.1),
            Self::PhoneBare => Basis::Beginning(0.05),
            Self::PhoneAmerican => Basis::Chance(0.1),
            Self::Imei | Self::Iccid | Self::Card => Basis::Chance(0.1),
            Self::Imsi => Basis::Beginning(0.3),
            Self::Coordinates => Basis::Chance(0.1),
            Self::Address => Basis::Chance(0.03),
            Self::Handle => Basis::Chance(0.02),
            Self::PlateGerman => Basis::Chance(0.77),
            Self::PlateBritish => Basis::Chance(0.35),
            Self::PlateFrench => Basis::Chance(0.62),
            Self::PlateSpanish => Basis::Chance(0.46),
            Self::PlateDutch => Basis::Chance(0.35),
            Self::FullName => Basis::Chance(0.05),
            Self::PartlyKnownName => Basis::Chance(0.2),
            Self::GivenName => Basis::Chance(0.25),
            Self::Surname => Basis::Chance(0.45),
            Self::NameInText => Basis::Chance(0.02),
            Self::UserName => Basis::Chance(0.05),
            // One in eleven has the check digit, and one in 150 begins as those of a large maker.
            Self::Vin => Basis::Chance(0.1),
            Self::Uuid => Basis::Certain,
            Self::GermanTax | Self::CroatianIdentity => Basis::Chance(0.1),
            Self::GermanSocial | Self::SwedishIdentity | Self::SwissSocial => Basis::Chance(0.1),
            Self::PolishIdentity | Self::SouthAfricanIdentity => Basis::Chance(0.1),
            Self::CanadianInsurance | Self::IndianIdentity => Basis::Chance(0.1),
            Self::BritishHealth | Self::DutchCitizen | Self::AustrianSocial => Basis::Chance(0.1),
            Self::DanishIdentity | Self::CzechIdentity | Self::PortugueseTax => Basis::Chance(0.1),
            Self::AustralianTax | Self::RomanianIdentity => Basis::Chance(0.1),
            Self::BalticIdentity | Self::BulgarianIdentity => Basis::Chance(0.1),
            Self::GermanHealth | Self::ChineseIdentity | Self::KoreanIdentity => Basis::Chance(0.1),
            Self::BritishInsurance => Basis::Chance(0.1),
            Self::AmericanSocial => Basis::Chance(0.1),
            Self::FrenchSocial | Self::BelgianRegister => Basis::Chance(0.02),
            Self::SpanishIdentity | Self::IrishService => Basis::Chance(0.05),
            Self::ItalianTax | Self::FinnishIdentity => Basis::Chance(0.04),
            Self::NorwegianIdentity | Self::TurkishIdentity => Basis::Chance(0.01),
            Self::BrazilianTax => Basis::Chance(0.015),
        }
    }

    fn bit(self) -> u64 {
        1 << self as u8
    }
}

/// The forms whose shape a text has, and those that it passes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sightings {
    shaped: u64,
    seen: u64,
}

impl Sightings {
    pub fn shape(&mut self, form: Form) {
        self.shaped |= form.bit();
    }

    pub fn see(&mut self, form: Form) {
        self.shaped |= form.bit();
        self.seen |= form.bit();
    }

    /// The shape is there; what is seen besides depends.
    pub fn check(&mut self, form: Form, passes: bool) {
        match passes {
            true => self.see(form),
            false => self.shape(form),
        }
    }

    pub fn is_shaped(self, form: Form) -> bool {
        self.shaped & form.bit() != 0
    }

    pub fn sees(self, form: Form) -> bool {
        self.seen & form.bit() != 0
    }

    /// The forms whose shape is there, each with whether it passes.
    pub fn iter(self) -> impl Iterator<Item = (Form, bool)> {
        let mut shaped = self.shaped;
        std::iter::from_fn(move || {
            let at = (shaped != 0).then(|| shaped.trailing_zeros())?;
            shaped &= shaped - 1;
            let form = Form::ALL[at as usize];
            Some((form, self.sees(form)))
        })
    }
}

/// Bytes of a text that are looked at: what is longer is free text, and is told as such.
const LONGEST: usize = 1 << 14;

/// What a text shows. The time it takes grows with the length of the text, up to a bound.
pub fn look(text: &str) -> Sightings {
    let mut sightings = Sightings::default();
    if text.len() < 2 {
        return sightings;
    }
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = cleaned(text[..end].trim());
    let text = text.as_ref();
    let (mut numerals, mut letters, mut marks) = (0usize, 0usize, 0usize);
    for byte in text.bytes() {
        numerals += usize::from(byte.is_ascii_digit());
        letters += usize::from(byte.is_ascii_alphabetic() || byte >= 0x80);
        marks += usize::from(matches!(byte, b'@' | b'/' | b':' | b'-' | b'.'));
    }
    if marks > 0 {
        online::look(text, &mut sightings);
    }
    if letters + numerals >= 10 && text.contains('+') {
        places::look_for_plus_code(text, &mut sightings);
    }
    if numerals >= 6 {
        digits::look(text, &mut sightings);
        national::look(text, letters > 0, &mut sightings);
        places::look_for_coordinates(text, &mut sightings);
    }
    if letters >= 8 && text.contains(" dot ") {
        online::spelt_out(text, &mut sightings);
    }
    if letters >= 2 {
        if (1..=9).contains(&numerals) && text.len() <= 12 {
            plates::look(text, &mut sightings);
        }
        names::look(text, numerals, &mut sightings);
        if numerals <= 4 {
            names::look_for_user_name(text, &mut sightings);
        }
        if numerals >= 3 {
            plates::look_for_vin(text, &mut sightings);
        }
    }
    sightings
}

/// Full-width letters, foreign digits, spaces and dashes as ASCII has them, what has no width left out, and an `@` that
/// was spelt out put back.
pub fn cleaned(text: &str) -> std::borrow::Cow<'_, str> {
    let spelt = |c: u8| matches!(c, b'(' | b'[' | b'%');
    if text.is_ascii() && !text.bytes().any(spelt) {
        return text.into();
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{ff01}'..='\u{ff5e}' => {
                let ascii = char::from_u32(c as u32 - 0xff01 + 0x21);
                clean.extend(ascii);
            }
            '\u{660}'..='\u{669}' => clean.extend(char::from_digit(c as u32 - 0x660, 10)),
            '\u{6f0}'..='\u{6f9}' => clean.extend(char::from_digit(c as u32 - 0x6f0, 10)),
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            '\u{2010}'..='\u{2015}' | '\u{2212}' => clean.push('-'),
            '\u{2018}' | '\u{2019}' | '\u{b4}' => clean.push('\''),
            c if c.is_whitespace() => clean.push(' '),
            c => clean.push(c),
        }
    }
    for (spelt, meant) in [
        ("%40", "@"),
        ("(at)", "@"),
        ("[at]", "@"),
        ("(dot)", "."),
        ("[dot]", "."),
        ("(punkt)", "."),
    ] {
        if let Some(first) = spelt.bytes().next()
            && clean.as_bytes().contains(&first)
        {
            clean = without_case(&clean, spelt, meant);
        }
    }
    clean.into()
}

/// Replaces a piece of ASCII, and the blanks around it, whatever its case.
fn without_case(text: &str, piece: &str, by: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if !lower.contains(piece) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in lower.match_indices(piece) {
        out.push_str(text[from..at].trim_end());
        out.push_str(by);
        let rest = &text[at + piece.len()..];
        from = text.len() - rest.trim_start().len();
    }
    if from <= text.len() {
        out.push_str(&text[from..]);
    }
    out
}
