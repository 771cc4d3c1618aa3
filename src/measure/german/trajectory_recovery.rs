//! Traces recovered from counts in German.

use super::{FALL, Header, OF_COUNTS, Prose, Spoken, key, parameter, percent, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Rekonstruktion von Bewegungsspuren aus Zählwerten",
    question: "Lassen sich aus Zählwerten nach Ort und Zeit Spuren einzelner Personen zusammensetzen, obwohl kein \
               Zählwert jemanden benennt?",
    adversary: "Hat allein die veröffentlichten Zählwerte und weiß, dass Menschen nachts zu Hause bleiben, sich \
                tagsüber weiterbewegen wie zuvor und Tag für Tag dasselbe tun.",
    definition: "Verfolgt werden so viele Plätze, wie Personen höchstens zugleich gezählt sind; wer zu einer Zeit \
                 nicht gezählt ist, ist nirgends, was ein eigener Ort ist, und kommt zurück wie von dort, wo er \
                 zuletzt gesehen wurde. Von jeder Zeit zur nächsten werden die Plätze den gezählten Personen so \
                 zugeteilt, dass die Summe der Kosten am kleinsten ist: bei Nacht (0 bis 6 Uhr) der Abstand vom \
                 letzten Ort, bei Tag der von dort, wohin der letzte Schritt weitergeführt hätte; haben die Orte \
                 keine Koordinaten (Zellen von H3 haben welche), 0 für Bleiben und 1 für Gehen. Jeder Tag wird für \
                 sich rekonstruiert; Tage werden so verbunden, dass die Entropie aller Orte, nach Punkten \
                 gewichtet, am wenigsten wächst. Liegen die gezählten Spuren vor (`counted`), so wird der Angriff \
                 ausgeführt: auf den Zählwerten aller ihrer Personen oder so vieler zufällig gezogener, \
                 veröffentlicht wie die Tabelle, und seine Spuren werden den Personen eins zu eins so zugeordnet, \
                 dass die meisten Punkte übereinstimmen. Sonst wird nichts rekonstruiert und nur der Aufbau der \
                 Zählwerte berichtet.",
    formula: "accuracy = Σ Punkte von Personen, die die ihnen zugeordneten Spuren haben / Σ Punkte von Personen, \
              wobei ein Punkt ein Ort zu einer Zeit ist. share_unique_recovered = Spuren, deren n häufigste Orte \
              keine andere Spur hat / Spuren mit n Orten; share_unique_right = diejenigen davon, deren Orte die n \
              häufigsten der zugeordneten Person sind / einmalige. staying = Mittel über Schritte von Σ_Orte \
              min(c_t, c_(t+1)) / max(Σ c_t, Σ c_(t+1)). forced_steps = Schritte, bei denen Personen höchstens \
              einen Ort verlassen oder höchstens zu einem kommen, wenn bleibt, wer kann; nirgends ist ein Ort. \
              variation = (meiste − wenigste) / meiste zugleich gezählte Personen. lone_cells = Zählwerte von einer \
              Person / Zählwerte.",
    denominator: "Punkte von Personen; rekonstruierte Spuren; Schritte von einer Zeit zur nächsten; veröffentlichte \
                  Zellen außer 0.",
    nulls: OF_COUNTS,
    assumptions: &[
        FALL,
        "Personen werden je Ort und Zeit einmal gezählt. Wer zu einer Zeit an mehreren Orten ist, ist dann mehrere \
         Plätze.",
        "Veröffentlichte Zählwerte werden mit dem Faktor der Hochrechnung auf Personen zurückgeführt, auf die \
         nächste ganze Zahl.",
    ],
    limits: &[
        "Die Zuordnung zu den Personen ist die bestmögliche, die ein Angreifer nicht hat: was Raten durch sie \
         erreicht, ist der Vergleichswert.",
        "Wenige Personen sind leichter zu verfolgen als viele: der Wert für eine Gruppe sagt nichts über eine \
         größere Tabelle. Die Größen sind zu vergleichen.",
        "Eine unabhängige Nachprüfung bezweifelt die Werte des Aufsatzes (73 bis 91\u{202f}%): sie hängen davon ab, \
         wie oft Personen gesehen werden.",
        "Andere Arten des Verfolgens können mehr erreichen: die Werte sagen, was mindestens möglich ist.",
        "Es ist keine Suche, die erfolglos bleiben kann: Spuren werden in jedem Fall zusammengesetzt, und `accuracy` sagt, mit \
         Intervall, wie richtig sie sind. Was ein besserer Angriff rekonstruieren würde, ist damit nicht begrenzt.",
    ],
    validation: "Personen einer erzeugten Stadt, die jeden Tag dasselbe tun, werden aus ihren Zählwerten \
                 rekonstruiert; solche, die zufällig irgendwohin gehen, nicht besser als durch Raten. Die Zuteilung \
                 jedes Schritts kostet so wenig wie die beste aller Permutationen. Auf wirklichen Spuren, von uns \
                 gezählt, wird weit weniger rekonstruiert, als der Aufsatz angibt, wie auch die Nachprüfung fand: \
                 wo Personen ab und zu gesehen werden, kaum mehr als durch Raten; wo sie zu jeder Stunde gesehen \
                 werden, ein Drittel. Die Annahme, dass bleibt, wer kann, erreicht so viel wie das Verfahren des \
                 Aufsatzes. Das Konfidenzintervall von `accuracy` ist das eines Verhältnisses über Personen, gebildet \
                 wie das eines Mittelwerts bei `location-attacks`.",
    table: Some(Header {
        title: "Zählwerte aus wirklichen Spuren (dieselben wie bei `membership-inference`): Genauigkeit bei 300 \
                Personen",
        header: &["Zählwerte", "ash", "es bleibt, wer kann", "Raten"],
        words: &[
            ("check-ins by hour", "Check-ins je Stunde"),
            ("check-ins by week", "Check-ins je Woche"),
            ("taxis every hour", "Taxis je Stunde"),
            ("taxis of a day", "Taxis eines Tages"),
        ],
    }),
    settings: &[
        "Personen, die aus den Spuren gezogen und neu gezählt werden, wenn es mehr gibt; alle, wenn es weniger sind",
        "häufigste Orte, durch die eine rekonstruierte Spur einmalig ist",
    ],
    statistics: &[
        Spoken {
            name: "accuracy",
            title: "Aus den Zählwerten rekonstruierte Punkte",
            of: "Punkten von Personen",
            meaning: |f| {
                let by = match key(f, "attack").as_str() {
                    "ash" => "durch das Verfolgen der Personen von Zählwert zu Zählwert",
                    _ => "durch die Annahme, dass bleibt, wer kann,",
                };
                format!(
                    "Aus den Zählwerten von {} lässt sich {by} zu {} rekonstruieren, wo sie wann \
                     waren; durch Raten zu {}.",
                    persons(f),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Spoken {
            name: "share_unique_recovered",
            title: "Einmalige rekonstruierte Spuren",
            of: "rekonstruierten Spuren",
            meaning: |f| {
                let places = match parameter(f, "n").as_str() {
                    "1" => "ihrem häufigsten Ort (n = 1): wer ihn".to_owned(),
                    n => format!("ihren {n} häufigsten Orten: wer diese"),
                };
                format!(
                    "Von den aus den Zählwerten von {} rekonstruierten Spuren sind {} die \
                     einzigen mit {places} kennt, findet den Rest.",
                    persons(f),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "share_unique_right",
            title: "Einmalige rekonstruierte Spuren mit den richtigen Orten",
            of: "einmaligen rekonstruierten Spuren",
            meaning: |f| {
                let places = match parameter(f, "n").as_str() {
                    "1" => "den häufigsten Ort (n = 1)".to_owned(),
                    n => format!("die {n} häufigsten Orte"),
                };
                format!(
                    "Von den einmaligen rekonstruierten Spuren haben {} {places} der Person, zu \
                     der sie gehören.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "lone_cells",
            title: "Zählwerte von einer Person",
            of: "veröffentlichten Zellen außer 0",
            meaning: |f| {
                format!(
                    "{} der Zählwerte können von einer einzigen Person sein, die dort ganz \
                     allein gesehen wird.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "forced_steps",
            title: "Schritte mit nur einer Möglichkeit",
            of: "Schritten",
            meaning: |f| {
                format!(
                    "Bei {} der Schritte von einer Zeit zur nächsten lassen die Zählwerte nur \
                     eine Möglichkeit, wenn bleibt, wer kann.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "staying",
            title: "Personen, die geblieben sein können",
            of: "Schritten",
            meaning: |f| {
                format!(
                    "Von einer Zeit zur nächsten können {} der gezählten Personen geblieben \
                     sein, wo sie waren: je mehr, desto leichter sind sie zu verfolgen.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "variation",
            title: "Schwankung der Zahl gezählter Personen",
            of: "höchstens zugleich gezählten Personen",
            meaning: |f| {
                format!(
                    "Die Zahl der zugleich gezählten Personen schwankt um {} der höchsten: wer \
                     fehlt, wird verfolgt, als wäre er an einem eigenen Ort.",
                    percent(real(f))
                )
            },
        },
    ],
};

/// In the dative.
fn persons(f: &Finding) -> String {
    match parameter(f, "persons").as_str() {
        "1" => "1 Person".to_owned(),
        persons => format!("{persons} Personen"),
    }
}
