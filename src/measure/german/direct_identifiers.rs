//! Direct identifiers in German.

use super::{Prose, Spoken, key, number, percent, real};

pub static PROSE: Prose = Prose {
    title: "Direkte Identifikatoren",
    question: "Enthält eine Spalte Telefonnummern, E-Mail-Adressen oder dergleichen?",
    adversary: "Liest die Datei.",
    definition: "Eine Spalte enthält direkte Identifikatoren, wenn das Manifest sie so nennt (`declared`), wenn \
                 ihr Name es sagt (`name`) oder wenn der Anteil ihrer verschiedenen Werte, die die Form einer Art \
                 haben, sowohl `share` übersteigt als auch das Dreifache dessen, was der Zufall ergäbe. Bei E-Mail-Adressen, Kontonummern und MAC-Adressen genügt ein einziger Wert. Formen: \
                 E-Mail, IBAN (Länge nach Land, MOD 97-10), IMEI (Luhn), IMSI (Landeskennzahl nach E.212), \
                 Telefonnummer (E.164, deutsche nationale Schreibweise), MAC- und IP-Adresse.",
    formula: "share(Art) = |{v ∈ verschiedene Werte : Form(v) = Art}| / |verschiedene Werte|",
    denominator: "Spalten; bei `share_matching` die verschiedenen Werte einer Spalte ohne den Nullwert.",
    nulls: "Nullwerte werden übergangen.",
    assumptions: &[
        "Jede veröffentlichte Spalte wird untersucht, welche Rolle sie auch hat, auch solche unter `ignore` und Werte \
         in Ordnernamen, und von einer verschachtelten Spalte jedes Blatt; ein Blatt heißt nach seinem Pfad, etwa \
         `contact.phone` oder `tags.element`. Zahlen, Daten und Zeiten werden so untersucht, wie man sie läse: \
         491701234567,0 als 491701234567.",
        "Wo die verschiedenen Werte einer Spalte mehr als 64 MiB einnehmen, bezieht sich der Anteil auf eine \
         Zufallsstichprobe daraus; die übrigen werden dennoch Wert für Wert untersucht, und eine Form, die der Zufall \
         nicht erzeugen kann, wird gemeldet, wo immer sie vorkommt.",
    ],
    limits: &[
        "Namen und Anschriften von Personen haben keine Form: sie werden nur am Namen der Spalte erkannt.",
        "Pseudonyme, die sich zurückrechnen lassen (Hashwerte ohne Salt), sind Gegenstand eines eigenen Maßes.",
        "Eine Form kann zufällig zutreffen; deshalb wird der Anteil der zutreffenden Werte berichtet.",
    ],
    validation: "Veröffentlichte Beispielnummern jeder Art werden erkannt; Datumsangaben, Hashwerte, UUIDs, \
                 Funkzellen, Koordinaten, Postleitzahlen und Zählwerte nicht; zufällige Ziffern bestehen so oft, \
                 wie der Zufall es ergibt.",
    table: None,
    settings: &["kleinster Anteil der verschiedenen Werte einer Spalte, der die Form haben muss"],
    statistics: &[
        Spoken {
            name: "columns",
            title: "Spalten mit direkten Identifikatoren",
            of: "Spalten",
            meaning: |f| {
                let kind = f.parameters.get("kind").map(ToString::to_string);
                let (one, many) = match kind.as_deref() {
                    Some("declared") => (
                        ", die das Manifest selbst als direkten Identifikator nennt",
                        ", die das Manifest selbst als direkte Identifikatoren nennt",
                    ),
                    Some("name") => (
                        ", deren Name sagt, dass sie Personen identifiziert",
                        ", deren Namen sagen, dass sie Personen identifizieren",
                    ),
                    Some("any") | None => (
                        " mit direkten Identifikatoren",
                        " mit direkten Identifikatoren",
                    ),
                    Some(kind) => {
                        let title = title(kind);
                        return match real(f) {
                            0.0 => format!("Keine Spalte enthält {title}."),
                            1.0 => format!("Eine Spalte enthält {title}: sie ist zu entfernen."),
                            count => format!(
                                "{} Spalten enthalten {title}: sie sind zu entfernen.",
                                number(count)
                            ),
                        };
                    }
                };
                match real(f) {
                    0.0 => format!("Es gibt keine Spalte{one}."),
                    1.0 => format!("Es gibt eine Spalte{one}: sie ist zu entfernen."),
                    count => format!(
                        "Es gibt {} Spalten{many}: sie sind zu entfernen.",
                        number(count)
                    ),
                }
            },
        },
        Spoken {
            name: "share_matching",
            title: "Werte mit der Form eines Identifikators",
            of: "verschiedenen Werten",
            meaning: |f| {
                format!(
                    "Von den verschiedenen Werten der Spalte sehen {} wie {} aus.",
                    percent(real(f)),
                    title(&key(f, "kind"))
                )
            },
        },
    ],
};

/// What the values of a kind are.
fn title(kind: &str) -> &'static str {
    match kind {
        "email" => "E-Mail-Adressen",
        "iban" => "Bankkontonummern (IBAN)",
        "imei" => "Gerätenummern (IMEI)",
        "imsi" => "SIM-Karten-Nummern (IMSI)",
        "phone" => "Telefonnummern",
        "mac-address" => "MAC-Adressen von Geräten",
        "ip-address" => "IP-Adressen",
        "person-name" => "Namen von Personen",
        "postal-address" => "Postanschriften",
        "birth-date" => "Geburtsdaten",
        "official-number" => "behördlich vergebene Nummern",
        _ => "Identifikatoren",
    }
}
