//! Reversible pseudonyms in German.

use super::{Prose, Spoken, fixed, key, number, percent, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Umkehrbare Pseudonyme",
    question: "Lassen sich Pseudonyme auf Telefonnummern, SIM-Karten, E-Mail-Adressen und dergleichen \
               zurückrechnen?",
    adversary: "Kennt kein Geheimnis. Probiert alle Identifikatoren einer Art mit allen üblichen Hashfunktionen und \
                Schreibweisen.",
    definition: "Pseudonyme sind die verschiedenen Werte des Subjekts und der Spalten unter `direct_identifiers` und \
                 `ignore`. Wert für Wert wird erkannt, welche davon Hashwerte sein können, ganz oder auf mindestens \
                 32 Bit gekürzt: hexadezimal in großen, kleinen oder gemischten Buchstaben und mit beliebigen \
                 Trennzeichen, Base32, Base64, Bytes, UUIDs, ganze Zahlen; was allen Werten am Anfang oder Ende \
                 gemeinsam ist und was einen Hashwert umgibt, zählt nicht dazu. Dann werden Identifikatoren ohne \
                 Schlüssel und Salt gehasht: ganze Zahlen mit bis zu zehn Ziffern, Geburtsdaten, Postleitzahlen, \
                 Mobilfunknummern Europas und Nordamerikas, IPv4-Adressen, Kfz-Kennzeichen, MAC-Adressen bekannter \
                 Hersteller, SIM-Karten-Nummern (IMSI), Gerätenummern (IMEI) aus `tacs`, die Einträge von `list`, \
                 in ihren üblichen Schreibweisen; mit SHA-256, MD5, SHA-1, SHA-512, SHA-224, SHA-384, CRC-32, mit \
                 zweien davon nacheinander und mit einem Teil des Aufwands mit SHA-3, Keccak, RIPEMD-160, BLAKE2, \
                 BLAKE3, xxHash, FNV und MurmurHash3. Zuerst kommen Listen und ganze Zahlen mit bis \
                 zu acht Ziffern, dann das Billigste, gewichtet danach, wie oft es gehasht wird, jeweils so weit, wie es nötig ist, um eine Spalte solcher Hashwerte mit einer Wahrscheinlichkeit von 95 % zu \
                 finden, in pseudozufälliger Reihenfolge; und sobald eine Verbindung aus Funktion, Raum und \
                 Schreibweise mehr Pseudonyme getroffen hat, als der Zufall erwarten lässt, wird diese weiter \
                 probiert. Ein Pseudonym ist zurückgerechnet, wenn eine solche es getroffen hat oder wenn es ein \
                 Identifikator ist, der nur mit anderen Zeichen geschrieben ist (Funktion `none`), sofern das für mindestens zwei und jedes hundertste gilt. Eine Art von \
                 Identifikatoren, die mit weniger als 95 % gefunden worden wäre, gilt als nicht gemessen, es sei \
                 denn, unter `[table.harmless]` steht, wie die Pseudonyme gebildet wurden. Muster: `sequential`, \
                 zehn oder mehr ganze Zahlen (auch am Ende sonst gleicher Texte, mit Prüfziffer, innerhalb von Texten, \
                 hexadezimal, in Buchstaben oder zur Basis 36), von denen in ihrem Bereich mindestens jede zweite \
                 vorkommt; `equal-steps`, gleiche Abstände; `clock`, 95 % der Werte sind UUIDs der Version 1, 6 oder \
                 7, ULIDs oder ObjectIds einer Zeit zwischen 1990 und 2060; `encoded`, 95 % sind druckbare Texte in \
                 Hexadezimal, Base32 oder Base64; `dates`, von 50 oder mehr haben 95 % an derselben Stelle ein Datum, aus sechs \
                 Ziffern oder aus acht mit einem Jahr von 1900 bis 2039, in mindestens sechs Monaten und an zehn Tagen des \
                 Monats, oder ein solches Jahr für sich, von 20 oder mehr; `attributes`, das Zeichen an einer Stelle hängt von einer anderen Spalte der ersten Zeile ab (χ², Cramérs \
                 V von 0,2 oder mehr), oder der Wert einer Spalte steht im Pseudonym der eigenen Zeile um 20 % der Zeilen öfter als \
                 im Pseudonym einer anderen; `blocks`, zwei bis zehn aufeinanderfolgende Stellen stimmen in mehr als doppelt so \
                 vielen Paaren von Pseudonymen überein, als wäre jede für sich gezogen, wie es Postleitzahlen, Filialen oder \
                 Initialen tun; eine Form von Identifikatoren, \
                 die 95 % der Werte haben. In Spalten unter `direct_identifiers` und `ignore` zählen Nummern und \
                 wird die Trefferwahrscheinlichkeit verlangt, wenn es mindestens halb so viele Werte sind wie \
                 Personen. `[table.harmless]` erklärt Nummern, sofern sie keiner Reihenfolge folgen (`file-leaks`).",
    formula: "reversed = |{p : ∃ i probiert, h(i) beginnt wie p}|; gefunden: mindestens t getroffen, t die kleinste \
              Zahl mit P(Binomial(n, 1 − e^(−m/2ᵇ)) ≥ t) ≤ 0,001/Kombinationen, n Pseudonyme, m probiert, b die \
              verglichenen Bits; power = P(Binomial(n, m/Größe) ≥ t), = 1 − (1 − m/Größe)ⁿ für t = 1; share_of_space \
              = m/Größe; estimated = getroffen·Größe/m",
    denominator: "Verschiedene Pseudonyme einer Spalte: Personen, wenn sie das Subjekt ist.",
    nulls: "Ein Nullwert ist kein Pseudonym.",
    assumptions: &[
        "Die Reihenfolge, in der ein Raum probiert wird, ist pseudozufällig und hängt allein von den Pseudonymen ab, \
         so dass keine Einstellung des Manifests sie wählen kann. Was probiert wird, ist dann eine faire Stichprobe \
         des Raums.",
        "Die Trefferwahrscheinlichkeit gilt für eine Spalte, in der alle Pseudonyme einer Form Hashwerte von \
         Identifikatoren eines Raums in einer Schreibweise sind; sind mehrere gemischt, ist jede seltener.",
        "Der Vergleichswert ist die Wahrscheinlichkeit, dass das Probierte zufällige Bits trifft.",
    ],
    limits: &[
        "Salts, Schlüssel und langsame Funktionen werden nicht probiert, ebenso wenig Identifikatoren anderer Arten \
         und Länder sowie Namen und E-Mail-Adressen, die nicht in `list` stehen.",
        "Die Trefferwahrscheinlichkeit wird für die gebräuchlichsten Funktionen und Schreibweisen verlangt; die \
         übrigen werden mit dem Rest probiert.",
        "Pseudonyme mit weniger als 32 Bit und aus einer Uhr gebildete UUIDs werden nicht probiert.",
        "Merkmale, die verschlüsselt oder gehasht in einem Teil des Pseudonyms stehen, werden nicht erkannt, ebenso wenig \
         solche in weniger als 50 Pseudonymen.",
        "Bei BLAKE2b und BLAKE2s mit eigener Länge des Hashwerts sind die Hashwerte andere.",
    ],
    validation: "Hashwerte stimmen mit den veröffentlichten Prüfvektoren überein; eingebaute Hashwerte jeder \
                 Funktion, Form, jedes Raums und jeder Schreibweise werden gefunden, solche mit Salt und zufällige \
                 Pseudonyme nicht; von vielen kleinen Spalten werden so viele gefunden, wie die \
                 Trefferwahrscheinlichkeit angibt.",
    table: None,
    settings: &[
        "höchste Zahl der für eine Spalte berechneten Hashwerte, solange keiner trifft, gezählt in Hashwerten von \
         SHA-256: die langsamerer Funktionen zählen mehrfach",
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
                    "any" => format!("Von {kind} wurden {tried} probiert."),
                    function => format!("Von {kind} wurden {tried} mit {function} probiert."),
                }
            },
        },
        Spoken {
            name: "power",
            title: "Wahrscheinlichkeit, mit der Hashwerte gefunden worden wären",
            of: "Suchläufen",
            meaning: |f| {
                let [_, _, kind] = titles(f);
                format!(
                    "Wären die Pseudonyme ungeschlüsselte Hashwerte von {kind}, so wäre mindestens \
                     eines mit einer Wahrscheinlichkeit von {} zurückgerechnet worden.",
                    percent(real(f))
                )
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
                        "Die Pseudonyme folgen einem Muster: sie sind zufällig zu ziehen. Enthält die Spalte keine \
                         Pseudonyme, so ist unter `[table.harmless]` zu sagen, was sie enthält."
                            .to_owned()
                    }
                    (_, "sequential") => format!(
                        "Die Pseudonyme sind fortlaufende Nummern, als wären Personen gezählt \
                         worden: wer die Reihenfolge der Personen kennt, weiß, wem welche Nummer \
                         gehört. {DRAW}"
                    ),
                    (_, "clock") => "Die Pseudonyme sind aus einer Uhr gebildet (UUIDs der Version 1, 6 oder 7, ULIDs \
                                     oder ObjectIds): jedes sagt, wann es gebildet wurde und damit, wann die Person \
                                     hinzukam. Pseudonyme zufällig ziehen, etwa als UUIDs der Version 4."
                        .to_owned(),
                    (_, "encoded") => "Die Pseudonyme sind Texte in anderen Zeichen (Hexadezimal, Base32 oder \
                                       Base64): jeder kann lesen, was sie sagen. Pseudonyme zufällig ziehen."
                        .to_owned(),
                    (_, "dates") => "Jedes Pseudonym enthält ein Datum, etwa das der Geburt oder des ersten Kontakts: wer es kennt, \
                                     findet die Person. Pseudonyme zufällig ziehen."
                        .to_owned(),
                    (_, "attributes") => "Ein Teil der Pseudonyme sagt, was eine andere Spalte über die Person sagt, und sagt es \
                                          überall, wo das Pseudonym steht. Pseudonyme zufällig ziehen; sagt der Teil nicht mehr \
                                          als die Spalte daneben, etwa ein Standort, dies unter [table.harmless] angeben."
                        .to_owned(),
                    (_, "blocks") => "Teile der Pseudonyme wiederholen sich, wie Postleitzahlen, Filialen oder Initialen es tun und \
                                      gezogene nicht: sie können etwas über die Person sagen. Pseudonyme zufällig ziehen oder \
                                      unter [table.harmless] angeben, was die Teile sind."
                        .to_owned(),
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
        "numbers" => [
            "ganze Zahlen mit bis zu zehn Ziffern",
            "ganzen Zahlen mit bis zu zehn Ziffern",
            "ganzen Zahlen mit bis zu zehn Ziffern",
        ],
        "birth-dates" => same("Geburtsdaten"),
        "postcodes" => same("Postleitzahlen"),
        "mobile-numbers" => same("Mobilfunknummern"),
        "ip-addresses" => same("IPv4-Adressen"),
        "plates" => same("Kfz-Kennzeichen"),
        "mac-addresses" => same("MAC-Adressen"),
        "imsi" => same("SIM-Karten-Nummern"),
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
        "card" => "Zahlungskartennummern",
        "profile" => "Adressen persönlicher Profile",
        "person-name" => "Personennamen",
        "postal-address" => "Postanschriften",
        "birth-date" => "Geburtsdaten",
        "official-number" => "amtlichen Nummern",
        "plate" => "Kfz-Kennzeichen oder Fahrzeug-Identifizierungsnummern",
        _ => return None,
    })
}
