//! Recognises direct identifiers: by the form of a value, by the name of a column, by what a whole column looks like.
//!
//! A form is no proof: one number in ten passes a check digit by chance, and a pseudonym may look
//! like anything. A [`Survey`] counts the values of a column that have a form and compares them with what chance would
//! give.

mod digits;
pub mod forms;
mod names;
mod national;
mod online;
mod places;
mod plates;
pub mod private;
pub mod survey;
mod titles;

pub use forms::{Basis, Form, Sightings, look};
pub use reidrisk_preimage::spaces;
pub use survey::Survey;
pub use titles::{is_advertising_id, recognise_name};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Email,
    Iban,
    Imei,
    Imsi,
    Phone,
    MacAddress,
    IpAddress,
    Card,
    Profile,
    PersonName,
    PostalAddress,
    BirthDate,
    OfficialNumber,
    Plate,
    Coordinates,
    Uuid,
}

impl Kind {
    /// Kinds that one value's form can show.
    pub const BY_FORM: [Self; 7] = [
        Self::Email,
        Self::Iban,
        Self::Imei,
        Self::Imsi,
        Self::Phone,
        Self::MacAddress,
        Self::IpAddress,
    ];
    pub const ALL: [Self; 16] = [
        Self::Email,
        Self::Iban,
        Self::Imei,
        Self::Imsi,
        Self::Phone,
        Self::MacAddress,
        Self::IpAddress,
        Self::Card,
        Self::Profile,
        Self::PersonName,
        Self::PostalAddress,
        Self::BirthDate,
        Self::OfficialNumber,
        Self::Plate,
        Self::Coordinates,
        Self::Uuid,
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
            Self::Card => "card",
            Self::Profile => "profile",
            Self::PersonName => "person-name",
            Self::PostalAddress => "postal-address",
            Self::BirthDate => "birth-date",
            Self::OfficialNumber => "official-number",
            Self::Plate => "plate",
            Self::Coordinates => "coordinates",
            Self::Uuid => "uuid",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Email => "e-mail addresses",
            Self::Iban => "bank account numbers (IBAN)",
            Self::Imei => "device numbers (IMEI)",
            Self::Imsi => "SIM card numbers (IMSI, ICCID)",
            Self::Phone => "telephone numbers",
            Self::MacAddress => "MAC addresses of devices",
            Self::IpAddress => "IP addresses",
            Self::Card => "payment card numbers",
            Self::Profile => "addresses of personal profiles",
            Self::PersonName => "names of persons",
            Self::PostalAddress => "postal addresses",
            Self::BirthDate => "dates of birth",
            Self::OfficialNumber => "numbers issued by an authority",
            Self::Plate => "vehicle registration plates or identification numbers",
            Self::Coordinates => "coordinates written as text",
            Self::Uuid => "repeated UUIDs, such as identifiers of devices",
        }
    }

    /// The probability that a random value of the right length and characters has this form: of the form of the kind
    /// that says least.
    pub fn chance(self) -> f64 {
        let forms = Form::ALL.into_iter().filter(|form| form.kind() == self);
        forms
            .map(|form| match form.basis() {
                Basis::Certain => 0.0,
                Basis::Chance(chance) | Basis::Beginning(chance) => chance,
            })
            .fold(0.0, f64::max)
    }

    /// Whether a reason in the manifest can answer for a column that seems to hold it: where no value proves anything.
    pub fn is_excusable(self) -> bool {
        matches!(
            self,
            Self::PersonName
                | Self::PostalAddress
                | Self::BirthDate
                | Self::Plate
                | Self::Coordinates
                | Self::Uuid
                | Self::OfficialNumber
                | Self::Imsi
                | Self::IpAddress
        )
    }
}

/// What a value says it is; of several kinds the one with the strongest check. What chance or a list of names decides
/// is not told from one value: for that there is a [`Survey`].
pub fn recognise(value: &str) -> Option<Kind> {
    const STRONGEST: [Form; 15] = [
        Form::Email,
        Form::Iban,
        Form::Mac,
        Form::Ipv6,
        Form::PhoneInternational,
        Form::Ipv4,
        Form::Imei,
        Form::Card,
        Form::Iccid,
        Form::Imsi,
        Form::PhoneAbroad,
        Form::PhoneNational,
        Form::PhoneBare,
        Form::PhoneAmerican,
        Form::Profile,
    ];
    let sightings = look(value);
    STRONGEST
        .into_iter()
        .find(|form| sightings.sees(*form))
        .map(Form::kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_each_kind() {
        for (value, kind) in [
            ("anna.muster+x@example.org", Kind::Email),
            ("o'neill@mail.example.co.uk", Kind::Email),
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
            .filter(|n| look(&n.to_string()).sees(Form::Imei))
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
        for odd in ["\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", "🙂🙂🙂🙂🙂🙂🙂"] {
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
