//! Direct identifiers in German.

use super::{Prose, Spoken, key, number, percent, real};

pub static PROSE: Prose = Prose {
    title: "Direkte Identifikatoren",
    question: "Enthält eine Spalte Namen, Telefonnummern, E-Mail-Adressen oder dergleichen?",
    adversary: "Liest die Datei.",
    definition: "Eine Spalte enthält direkte Identifikatoren, wenn das Manifest sie so nennt (`declared`), wenn ihr Name \
                 es sagt (`name`), es sei denn, ihre mindestens 50 Werte sind höchstens fünf verschiedene ohne die Form, oder \
                 wenn ihre Werte es tun, es sei denn, mindestens 11 Personen haben alle denselben (in mindestens 50 Zeilen). Jeder verschiedene Wert wird mit 64 Formen von 16 Arten \
                 verglichen. Eine Form, die sonst nichts hat (E-Mail-Adresse, IBAN, MAC-Adresse, IPv6-Adresse, \
                 internationale Telefonnummer, Adresse eines persönlichen Profils), wird schon bei \
                 einem Wert gemeldet. Bei jeder anderen Form haben `shaped` Werte die Länge und die Zeichen, und `seen` \
                 davon bestehen die Prüfung (eine Prüfziffer, ein Nummernkreis, eine Namensliste): die Form wird \
                 gemeldet, wenn `seen` das 1,1-Fache des durch Zufall Erwarteten übersteigt und ein Binomialtest den Zufall zum \
                 Niveau 0,001 für die ganze Tabelle verwirft, geteilt durch die Zahl der Formen und Spalten. UUIDs \
                 werden gemeldet, wenn die Spalte wie eine Werbekennung heißt oder wenn mindestens 95 % der Zeilen einen \
                 Wert haben, der einer einzigen Person gehört und wiederkehrt. Datumsangaben sind Geburtsdaten, wenn \
                 90 % der Werte Tage sind, auf zehn Monatstage oder mehr und zu mindestens 15 % auf Wochenenden fallen und die \
                 mittleren 90 % davon 40 Jahre umspannen oder 20, die spätestens 2016 enden. Texte werden auch rückwärts, nach ROT13, \
                 hexadezimal, als Base64 und Base32 gelesen: was sie dann sagen, zählt wie im Klartext, ab zwei Werten bei Formen, die \
                 sonst nichts hat, und bei anderen ab zehn und einem von hundert. Namen von Spalten, Dateien, Ordnern und Tabellen sowie Wörter der Metadaten, die ein \
                 Subjekt trägt, sind Pseudonyme (`pseudonym`).",
    formula: "P(X ≥ seen), X ~ Bin(shaped, Zufall), beschränkt durch exp(-shaped·KL(seen/shaped ‖ Zufall)) < \
              0,001 / (64 · Spalten)",
    denominator: "Spalten; bei `share_matching` die verschiedenen Werte einer Spalte ohne den Nullwert.",
    nulls: "Nullwerte werden übergangen.",
    assumptions: &[
        "Die Namen der Spalten, der der Tabelle, die ihrer Dateien und deren Ordner darin sowie, was die Metadaten der Dateien \
         in freien Worten sagen, etwa Beschreibungen von Spalten, werden wie Werte einer Spalte untersucht: im Ganzen und in bis zu \
         vier aufeinanderfolgenden Wörtern.",
        "Jede veröffentlichte Spalte wird untersucht, welche Rolle sie auch hat, auch solche unter `ignore` und Werte \
         in Ordnernamen, und von einer verschachtelten Spalte jedes Blatt; ein Blatt heißt nach seinem Pfad, etwa \
         `contact.phone` oder `tags.element`. Zahlen, Daten und Zeiten werden so untersucht, wie man sie läse: \
         491701234567,0 als 491701234567. Uhrzeiten, Dauern sowie Daten und Zeitpunkte, die überwiegend vor 1900, nach \
         2100 oder, nicht um Mitternacht, in den 1970er Jahren liegen, werden außerdem als die gespeicherten Zahlen \
         untersucht.",
        "Wo die verschiedenen Werte einer Spalte mehr als 64 MiB einnehmen, wird eine Zufallsstichprobe daraus geprüft; \
         die übrigen werden dennoch Wert für Wert untersucht, und eine Form, die der Zufall \
         nicht erzeugen kann, wird gemeldet, wo immer sie vorkommt.",
        "Vor- und Nachnamen werden anhand von Listen der wichtigsten europäischen Sprachen, des Türkischen und weiterer \
         Sprachen in lateinischer Schrift erkannt (10.700 und 20.200, aus Faker, MIT). Als Zufall gilt für sie eine \
         Schranke über dem Anteil der Orts-, Geschäfts- und Warennamen, den die Listen für Personennamen halten. \
         Benutzernamen aus solchen Namen (`anna.berger84`) zählen als Personennamen, Fahrzeug-Identifizierungsnummern \
         (ISO 3779) als Kennzeichen.",
    ],
    limits: &[
        "Ein Name, der in keiner Liste steht, oder in einer anderen Schrift wird nicht erkannt, ebenso wenige Werte einer \
         Art, die der Zufall erklärt: in einer Tabelle mit 20 Spalten braucht es 7 verschiedene Telefonnummern in \
         nationaler Schreibweise oder Nummern mit Prüfziffer, 7 volle Namen, von denen die Listen 90 % kennen, 25 \
         Vornamen, von denen sie 75 % kennen, oder 54 deutsche Kennzeichen. Weniger werden gefunden, wo der Zufall nie \
         eine erzeugt.",
        "Pseudonyme, die sich zurückrechnen lassen (Hashwerte ohne Salt), sind Gegenstand eines eigenen Maßes.",
        "Freitext wird nach allen Formen durchsucht; was ein Satz über eine Person verrät, lässt sich so aber nicht \
         erkennen. Eine Spalte langer Texte, von denen mindestens die Hälfte verschieden ist, gilt deshalb als nicht \
         gemessen.",
        "Namen, Anschriften, Geburtsdaten, Kennzeichen, Koordinaten, UUIDs, SIM-Karten-Nummern (wie die von Funkzellen), \
         IP-Adressen (wie Versionen) und behördliche Nummern können der Form nach \
         etwas anderes sein; eine Begründung unter `[table.harmless]` entlastet die Spalte, steht im Bericht und wird \
         unter `set_aside` gezählt. E-Mail-Adressen, Telefon-, Konto-, Karten- und Gerätenummern lassen sich nicht \
         entschuldigen.",
    ],
    validation: "Veröffentlichte Beispielnummern jeder Art werden erkannt; Datumsangaben, Hashwerte, \
                 Funkzellen, Koordinaten, Postleitzahlen und Zählwerte nicht; zufällige Ziffern bestehen so oft, \
                 wie der Zufall es ergibt. Keine Spalte aus neun öffentlichen Datensätzen zu Personen, Bewegungen und \
                 Käufen und keine der Städtelisten von 14 Ländern (GeoNames) wird für Namen gehalten. Von Namen aus den \
                 Listen der US-Volkszählung, die hier nicht verwendet werden, werden 75 % der Vornamen und 90 % der \
                 vollen Namen erkannt und beide Spalten gemeldet; eine Spalte, die nur seltene Nachnamen enthält, nicht.",
    table: None,
    settings: &[],
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
                    Some("pseudonym") => {
                        return match real(f) {
                            0.0 => "Keine Spalte, Datei oder Tabelle heißt nach einem Pseudonym.",
                            _ => "Namen von Spalten, Dateien oder Tabellen oder die Metadaten enthalten Pseudonyme: umbenennen oder ohne sie schreiben.",
                        }
                        .to_owned();
                    }
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
            name: "set_aside",
            title: "Zurückgestellte Spalten",
            of: "Spalten",
            meaning: |f| {
                let why = match key(f, "why").as_str() {
                    "constant" => {
                        "in jeder Zeile steht derselbe Wert, er gehört also niemandem im Besonderen"
                    }
                    "category" => {
                        "der Name spricht für direkte Identifikatoren, es gibt aber höchstens fünf verschiedene Werte, und keiner hat die Form"
                    }
                    "coarse" => {
                        "der Name spricht für Geburtsdaten, die Werte sind aber nur Jahre, Jahrzehnte oder Monate"
                    }
                    _ => {
                        "die Werte sehen wie direkte Identifikatoren aus, das Manifest erklärt sie aber für unbedenklich"
                    }
                };
                match real(f) {
                    1.0 => format!("Eine Spalte wurde zurückgestellt: {why}."),
                    count => format!("{} Spalten wurden zurückgestellt: {why}.", number(count)),
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
        "imsi" => "SIM-Karten-Nummern (IMSI, ICCID)",
        "phone" => "Telefonnummern",
        "mac-address" => "MAC-Adressen von Geräten",
        "ip-address" => "IP-Adressen",
        "person-name" => "Namen von Personen",
        "postal-address" => "Postanschriften",
        "birth-date" => "Geburtsdaten",
        "card" => "Zahlungskartennummern",
        "profile" => "Adressen persönlicher Profile",
        "plate" => "Kfz-Kennzeichen oder Fahrzeug-Identifizierungsnummern",
        "coordinates" => "als Text geschriebene Koordinaten",
        "uuid" => "wiederkehrende UUIDs, etwa Gerätekennungen",
        "official-number" => "behördlich vergebene Nummern",
        _ => "Identifikatoren",
    }
}
