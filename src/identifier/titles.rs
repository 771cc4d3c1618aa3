//! What the names of columns say.

use super::Kind;

/// What the name of a column says it holds, in English or German.
pub fn recognise_name(column: &str) -> Option<Kind> {
    let words = words(column);
    let has = |word: &str| words.iter().any(|known| known == word);
    let pair = |a: &str, b: &str| words.windows(2).any(|pair| pair[0] == a && pair[1] == b);
    // Words that make of the rest a class, a share or a count: no identifier.
    const COARSE: &[&str] = &[
        "domain",
        "share",
        "count",
        "band",
        "type",
        "kind",
        "class",
        "group",
        "tariff",
        "tarif",
        "provider",
        "anbieter",
        "anzahl",
        "anteil",
        "model",
        "hash",
        "year",
        "jahr",
        "version",
        "decade",
        "jahrzehnt",
        "month",
        "monat",
        "quarter",
        "quartal",
        "verified",
        "status",
        "length",
        "flag",
    ];
    if COARSE.iter().any(|word| has(word)) {
        return None;
    }
    let any = |list: &[&str]| list.iter().any(|word| has(word));
    if any(&["email", "mailadresse", "emailadresse"]) || pair("e", "mail") {
        Some(Kind::Email)
    } else if any(&["iban", "kontonummer"]) || pair("account", "number") {
        Some(Kind::Iban)
    } else if any(&[
        "creditcard",
        "cardnumber",
        "kreditkarte",
        "kreditkartennummer",
        "pan",
    ]) || pair("card", "number")
        || pair("credit", "card")
    {
        Some(Kind::Card)
    } else if any(&[
        "licenseplate",
        "licenceplate",
        "numberplate",
        "kfzkennzeichen",
        "autokennzeichen",
    ]) || pair("license", "plate")
        || pair("licence", "plate")
        || pair("number", "plate")
        || pair("plate", "number")
        || pair("kfz", "kennzeichen")
    {
        Some(Kind::Plate)
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

/// Whether the name of a column says that it holds the advertising ids of devices.
pub fn is_advertising_id(column: &str) -> bool {
    let words = words(column);
    let pair = |a: &str, b: &str| words.windows(2).any(|pair| pair[0] == a && pair[1] == b);
    const NAMES: &[&str] = &[
        "maid",
        "idfa",
        "idfv",
        "gaid",
        "aaid",
        "adid",
        "ifa",
        "rida",
        "advertisingid",
        "androidid",
        "deviceid",
    ];
    words.iter().any(|word| NAMES.contains(&word.as_str()))
        || pair("ad", "id")
        || pair("advertising", "id")
        || pair("advertiser", "id")
        || pair("android", "id")
        || pair("device", "id")
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
