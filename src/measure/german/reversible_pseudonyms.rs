//! Reversible pseudonyms in German.

use super::{Prose, Spoken, fixed, key, number, percent, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Umkehrbare Pseudonyme",
    question: "Lassen sich Pseudonyme auf Telefonnummern, SIM-Karten, E-Mail-Adressen und dergleichen \
               zurückrechnen?",
    adversary: "Kennt kein Geheimnis. Probiert alle Identifikatoren einer Art mit allen üblichen Hashfunktionen und \
                Schreibweisen.",
    definition: "Pseudonyme sind die verschiedenen Werte des Subjekts und der Spalten unter `direct_identifiers` \
                 und `ignore`. An Länge und Zeichen (hexadezimal, Base64, Bytes, ganze Zahlen von 32 Bit) wird \
                 erkannt, welche Hashfunktionen ohne Schlüssel und Salt sie sein können, ganz oder gekürzt: \
                 SHA-256, MD5, SHA-1, SHA-512, SHA-224, SHA-384, BLAKE2b-512, BLAKE2b-256, BLAKE2s, BLAKE3, CRC-32. \
                 Dann werden Identifikatoren probiert: Geburtsdaten, Postleitzahlen, deutsche Mobilfunknummern, \
                 SIM-Karten-Nummern (IMSI) deutscher Betreiber, Gerätenummern (IMEI) aus `tacs`, die Einträge von \
                 `list`, in ihren üblichen Schreibweisen. Zuerst Räume, die ganz probiert werden können, dann alle \
                 nach ihrem Gewicht in pseudozufälliger Reihenfolge, und sobald eine Verbindung aus Funktion, Raum \
                 und Schreibweise mehr Pseudonyme getroffen hat, als der Zufall erwarten lässt, diese. Ein \
                 Pseudonym ist gefallen, wenn eine solche es getroffen hat oder wenn es ein Identifikator ist, der \
                 nur mit anderen Zeichen geschrieben ist (Funktion `none`). Muster: `sequential`, zehn oder mehr \
                 ganze Zahlen (auch am Ende sonst gleicher Texte), von denen in ihrem Bereich mindestens jede \
                 zweite vorkommt; `equal-steps`, gleiche Abstände; eine Form von Identifikatoren, die 95 % der \
                 Werte haben. In Spalten unter `direct_identifiers` und `ignore` zählen Nummern, wenn es \
                 mindestens halb so viele sind wie Personen. `[table.harmless]` erklärt Nummern, sofern sie keiner \
                 Reihenfolge folgen (`file-leaks`).",
    formula: "reversed = |{p : ∃ i probiert, h(i) beginnt wie p}|; gefunden: P(Poisson(n·m/2ᵇ) ≥ getroffen) ≤ \
              0,001/Kombinationen, m probiert, b die Bits eines Pseudonyms; share_of_space = m/Größe; estimated = \
              getroffen·Größe/m",
    denominator: "Verschiedene Pseudonyme einer Spalte: Personen, wenn sie das Subjekt ist.",
    nulls: "Ein Nullwert ist kein Pseudonym.",
    assumptions: &[
        "Was probiert wird, ist eine faire Stichprobe des Raums: die Reihenfolge ist pseudozufällig, nach dem \
         Startwert (Seed).",
        "Der Vergleichswert ist die Wahrscheinlichkeit, dass das Probierte zufällige Bits trifft.",
    ],
    limits: &[
        "Was nicht fällt, kann fallen, wenn jemand mehr probiert: zu beachten ist, wie viel der Räume probiert \
         wurde. Salts, Schlüssel und mehrere Runden werden nicht probiert, auch nicht Identifikatoren anderer \
         Länder.",
        "Pseudonyme verschiedener Längen, UUIDs und solche, die nicht wie zufällige Bits aussehen, werden nicht \
         probiert.",
        "Bei BLAKE2b und BLAKE2s mit eigener Länge des Hashwerts sind die Hashwerte andere.",
    ],
    validation: "Hashwerte stimmen mit den veröffentlichten Prüfvektoren überein; eingebaute Hashwerte jeder \
                 Funktion, Kodierung und jedes Raums werden gefunden, solche mit Salt und zufällige Pseudonyme \
                 nicht; von einem Teil eines Raums fallen so viele, wie er groß ist.",
    table: None,
    settings: &[
        "höchste Zahl der für eine Spalte berechneten Hashwerte",
        "statt einer Höchstzahl so lange für eine Spalte; was gefunden wird, hängt dann vom Rechner ab, und der \
         Bericht sagt das",
        "eine Textdatei mit Identifikatoren, einer je Zeile, etwa bekannte E-Mail-Adressen",
        "Typschlüssel (Type Allocation Codes, die ersten acht Ziffern) von Geräten, für IMEI",
    ],
    statistics: &[
        Spoken {
            name: "reversed",
            title: "Zurückgerechnete Pseudonyme",
            of: "Pseudonymen",
            meaning: |f| {
                let share = match (f.numerator, f.denominator) {
                    (Some(count), Some(all)) if all > 0 => percent(count as f64 / all as f64),
                    _ => percent(0.0),
                };
                let [kind, _, of_kind] = titles(f);
                let function = match key(f, "kind").as_str() {
                    "any" => "any".to_owned(),
                    _ => key(f, "function"),
                };
                match (real(f), function.as_str()) {
                    (0.0, _) => {
                        "Kein Pseudonym wurde zurückgerechnet, soweit probiert wurde.".to_owned()
                    }
                    (_, "any") => format!(
                        "{share} der Pseudonyme wurden mit dem, was hier probiert wurde, auf \
                         Identifikatoren zurückgerechnet, und wer mehr probiert, erhält mehr: \
                         sie schützen niemanden. Pseudonyme sind zufällig zu ziehen oder mit \
                         einer schlüsselabhängigen Hashfunktion zu bilden, deren Schlüssel \
                         vernichtet wird."
                    ),
                    (_, "none") => format!(
                        "{share} der Pseudonyme sind {kind} in anderen Zeichen: jeder kann sie \
                         lesen."
                    ),
                    (_, function) => format!(
                        "{share} der Pseudonyme sind Hashwerte ({function}) von {of_kind}: jeder \
                         kann sie zurückrechnen. Pseudonyme sind zufällig zu ziehen oder mit \
                         einer schlüsselabhängigen Hashfunktion zu bilden, deren Schlüssel \
                         vernichtet wird."
                    ),
                }
            },
        },
        Spoken {
            name: "share_of_space",
            title: "Probierter Anteil des Raums",
            of: "Identifikatoren",
            meaning: |f| {
                let tried = percent(real(f));
                let [_, _, kind] = titles(f);
                match key(f, "function").as_str() {
                    "any" => format!(
                        "Von {kind} wurden, in allen Funktionen und Schreibweisen, {tried} \
                         probiert."
                    ),
                    function => format!("Von {kind} wurden {tried} mit {function} probiert."),
                }
            },
        },
        Spoken {
            name: "estimated",
            title: "Pseudonyme, die voraussichtlich fallen würden",
            of: "Pseudonymen",
            meaning: |f| {
                let [_, kind, _] = titles(f);
                match fixed(real(f), 0).as_str() {
                    "1" => format!(
                        "Würden alle {kind} probiert, so würde etwa 1 Pseudonym zurückgerechnet."
                    ),
                    pseudonyms => format!(
                        "Würden alle {kind} probiert, so würden etwa {pseudonyms} Pseudonyme \
                         zurückgerechnet."
                    ),
                }
            },
        },
        Spoken {
            name: "candidates_left",
            title: "Identifikatoren, die noch zu probieren sind",
            of: "Identifikatoren",
            meaning: |f| {
                let [_, kind, _] = titles(f);
                match real(f) {
                    1.0 => format!("Wer 1 weiteren Hashwert berechnet, hat alle {kind} probiert."),
                    digests => format!(
                        "Wer {} weitere Hashwerte berechnet, hat alle {kind} probiert.",
                        number(digests)
                    ),
                }
            },
        },
        Spoken {
            name: "patterned",
            title: "Pseudonyme nach einem Muster",
            of: "Spalten",
            meaning: |f| {
                let kind = key(f, "kind");
                match (real(f), kind.as_str()) {
                    (0.0, _) if f.parameters.contains_key("excused") => {
                        "Die Pseudonyme folgen einem Muster, das die veröffentlichende Stelle \
                         begründet; eine Reihenfolge, der sie folgen, wurde nicht gefunden."
                            .to_owned()
                    }
                    (0.0, _) => "Die Pseudonyme folgen keinem Muster.".to_owned(),
                    (_, "any") => {
                        "Die Pseudonyme folgen einem Muster: sie sind zufällig zu ziehen."
                            .to_owned()
                    }
                    (_, "sequential") => format!(
                        "Die Pseudonyme sind fortlaufende Nummern, als wären Personen gezählt \
                         worden: wer die Reihenfolge der Personen kennt, weiß, wem welche Nummer \
                         gehört. {DRAW}"
                    ),
                    (_, "equal-steps") => format!(
                        "Die Pseudonyme sind Zahlen in gleichen Abständen: aus einer davon und \
                         dem Abstand ergeben sich alle anderen. {DRAW}"
                    ),
                    _ => format!(
                        "Die Pseudonyme haben die Form von {}: sie können diese selbst sein oder \
                         mit einem formerhaltenden Verfahren verschlüsselt, dessen Schlüssel \
                         alle offenlegt. Pseudonyme sind zufällig zu ziehen.",
                        form(&kind).unwrap_or("Identifikatoren")
                    ),
                }
            },
        },
    ],
};

/// What answers numbers that may have been counted up.
const DRAW: &str = "Pseudonyme sind zufällig aus einem großen Bereich zu ziehen. Wurden diese Nummern in zufälliger \
                    Reihenfolge und nur für diese Veröffentlichung vergeben, so ist das im Manifest unter \
                    [table.harmless] anzugeben; eine Reihenfolge, der sie folgen, zählt dann trotzdem.";

/// What the identifiers of a finding are: by itself, after "alle", and after "von".
fn titles(finding: &Finding) -> [&'static str; 3] {
    let kind = key(finding, "kind");
    let same = |title| [title; 3];
    match kind.as_str() {
        "birth-dates" => same("Geburtsdaten"),
        "postcodes" => same("Postleitzahlen"),
        "mobile-numbers" => [
            "deutsche Mobilfunknummern (016x, 017x, sieben Ziffern)",
            "deutschen Mobilfunknummern (016x, 017x, sieben Ziffern)",
            "deutschen Mobilfunknummern (016x, 017x, sieben Ziffern)",
        ],
        "mobile-numbers-long" => [
            "deutsche Mobilfunknummern (015x und andere, acht Ziffern)",
            "deutschen Mobilfunknummern (015x und andere, acht Ziffern)",
            "deutschen Mobilfunknummern (015x und andere, acht Ziffern)",
        ],
        "imsi" => same("SIM-Karten-Nummern deutscher Betreiber"),
        "imei" => same("Gerätenummern der angegebenen Typen"),
        "list" => [
            "Einträge der angegebenen Liste",
            "Einträge der angegebenen Liste",
            "Einträgen der angegebenen Liste",
        ],
        other => same(form(other).unwrap_or("Identifikatoren")),
    }
}

/// What the values of a form are.
fn form(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "email" => "E-Mail-Adressen",
        "iban" => "Bankkontonummern (IBAN)",
        "imei" => "Gerätenummern (IMEI)",
        "imsi" => "SIM-Karten-Nummern (IMSI)",
        "phone" => "Telefonnummern",
        "mac-address" => "MAC-Adressen von Geräten",
        "ip-address" => "IP-Adressen",
        _ => return None,
    })
}
