//! The linkage of traces in German.

use super::{Prose, Spoken, fixed, key, number, parameter, percent, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Verknüpfung von Spuren",
    question: "Ließe sich dieselbe Person wiederfinden, wenn die Pseudonyme wegfielen: in einem späteren Zeitraum, \
               in einer anderen Tabelle, in Spuren, die jemand aus anderer Quelle hat?",
    adversary: "Hat zwei Mengen von Spuren ohne gemeinsame Namen (`[[scenario]]` des Manifests: zwei Zeiträume \
                einer Tabelle, zwei Tabellen oder eine Tabelle und Spuren bekannter Personen) und nennt zu jeder \
                gesuchten die bekannte, die am besten passt.",
    definition: "Jede Person hat ein Profil: wie viele ihrer Zeilen welches Merkmal zeigen (einen Ort, einen \
                 Gegenstand, mit ihrem Zeitabschnitt, wenn das Szenario es sagt). Jede gesuchte wird von jedem \
                 Abgleichverfahren mit allen bekannten verglichen; Personen mit weniger als `min_rows` Zeilen auf \
                 einer Seite nehmen dort nicht teil und werden gezählt. Bei zwei Zeiträumen ist die Menge der \
                 Kandidaten offen: Alle Personen des späteren werden unter allen des früheren gesucht, ob sie in \
                 beiden vorkommen oder nicht (`gallery = open`). Daneben steht die geschlossene Menge derer, die in \
                 beiden vorkommen (`gallery = closed`); kommt niemand in nur einem Zeitraum vor, so sind beide \
                 gleich und stehen einmal da, als offene. Lässt das Szenario Fehler zu, so wird jeder \
                 Zählwert der gesuchten gleichmäßig auf die Merkmale innerhalb so vieler Zeitabschnitte und Ringe \
                 von Zellen verteilt. Werden zwei Tabellen verglichen, so legt der Angreifer eine Karte und eine Uhr über \
                 die andere; wo eine Verschiebung (der Orte um einen festen Betrag, auch mit einem Maßstab; der \
                 Zeiten um einen festen Betrag) sie um ein Viertel besser zur Deckung bringt als keine, wird danach \
                 noch einmal jede Person gesucht (`aligned`). Nennt der Angreifer nur einige, so kommen die zuerst, bei denen die beste \
                 Entsprechung der zweitbesten am weitesten voraus ist (ihr Vorsprung); bei gleichem Vorsprung \
                 kommen falsche zuerst.",
    formula: "top_k = Mittel über die Enthaltenen von max(0, min(1, (k − b) / (1 + e))) mit b anderen, die besser \
              passen, und e, die gleich gut passen; mean_reciprocal_rank = Mittel von 1/Rang; hit_precision = \
              Mittel von 1 − min(r, k)/k, r der Rang ab 0; beide im Mittel über die Plätze, die sich Gleiche \
              teilen. risk = (top1 − 1/n) / (1 − 1/n), n bekannte. precision_at_coverage = richtige / aufgestellte \
              unter den sichersten Behauptungen für einen solchen Anteil der Gesuchten; recall_at_coverage = \
              richtige / enthaltene. false_claims = Anteil der Gesuchten, die ebenso sicher genannt würden, wenn \
              sie nicht unter den Bekannten wären. tfidf-cosine: tf = Anzahl, idf = ln((1 + n)/(1 + df)) + 1, df \
              der Bekannten, Kosinus. jensen-shannon: kleinste Divergenz der Anteile der Zeilen. co-occurrence: \
              verschiedene gemeinsame Merkmale. wyci: Σ ln((n_r + a)/(n + aR)) über die Zeilen der Gesuchten, a = \
              0,1, R die Merkmale, die irgendjemand auf einer der beiden Seiten zeigt. pois: logarithmiertes Likelihood-Verhältnis Poisson-verteilter Besuche, \
              aufgezeichnet mit Wahrscheinlichkeit p auf der Seite der Bekannten, q auf der der Gesuchten (0,5, wo \
              es mehr Zeilen je Person gibt, auf der anderen entsprechend weniger): λpq + a ln(1 − q) + b ln(1 − p) \
              + ln Σ_k k! C(a,k) C(b,k) (λ(1 − p)(1 − q))^−k. home-work: derselbe Ort bei Nacht (22 bis 7 Uhr) und \
              zu Bürozeiten an Werktagen (9 bis 17 Uhr). gm: Σ Zeilen ln(P/(εB)), P = (1 − ε) Σ_lag π(lag) Σ_y w(y) \
              K(x | y) + εB, K eine Gauß-Funktion des Abstands, Verzögerungen von einem Abschnitt, Lücken von bis \
              zu 8 Abschnitten aufgefüllt nach den Bewegungen aller, ε = 0,1: wer zu der Zeit anderswo war, hat P = εB wie \
              jemand, der da nicht gesehen wurde, nicht weniger. ensemble: bedingtes Logit über die \
              Punktwerte der anderen, angepasst an eine Hälfte der Gesuchten, beurteilt an der anderen, unter den \
              zehn besten von jedem. Verschiebungen: der Orte die größte Σ √(n_c n_c′) über Paare der 1.200 \
              belebtesten Zellen beider Seiten mit derselben Differenz; der Zeiten die größte Σ über Zellen von \
              Σ n_t n_t′ / Σ n n′ mit derselben Differenz von Abschnitten. recall und precision: richtige durch enthaltene und durch genannte, wenn jede \
              Person nur einer zugeteilt wird (Auktion unter den zehn besten, bis auf ein Tausendstel des mittleren \
              Werts eines Kandidaten).",
    denominator: "Die Gesuchten, die unter den Bekannten sind; bei den Werten zu coverage, precision und \
                  false_claims alle Gesuchten.",
    nulls: "Ein Nullwert ist ein eigenes Merkmal.",
    assumptions: &[
        "Der Lösungsschlüssel ist richtig: dasselbe Subjekt auf beiden Seiten ist dieselbe Person.",
        "Alle, die teilnehmen, haben `min_rows` Zeilen auf einer Seite: andere werden nicht verknüpft und sind auch \
         nicht sicher.",
        "wyci hält Zeilen für unabhängig nach den Gewohnheiten einer Person gezogen; ein Merkmal, das nur die Gesuchten \
         zeigen, ist bei jedem Kandidaten mit gleich vielen Zeilen gleich wahrscheinlich.",
        "gm rechnet einem Kandidaten nicht an, dass er zu der Zeit anderswo gesehen wurde (in der veröffentlichten Form \
         zählt das nach der Entfernung): falsche Uhren und geteilte Konten schließen niemanden aus.",
        "pois nimmt an, dass beide Seiten dieselben Besuche aufzeichnen; bei zwei Zeiträumen vergleicht es \
         stattdessen Gewohnheiten.",
    ],
    limits: &[
        "Andere Abgleichverfahren können mehr erreichen: die Werte sagen, was mindestens möglich ist.",
        "Verschiebungen werden an Orten mit Koordinaten gefunden und an Zeiten, die zu den Merkmalen gehören; eine \
         Verschiebung um weniger als eine halbe Zelle wird nicht rückgängig gemacht, und wer nah am Rand einer Zelle \
         ist, kann in der nächsten landen.",
        "Die Reihenfolge, in der Orte aufeinander folgen, wird nicht ausgewertet. An Zeiträumen wirklicher Spuren mit \
         Zellen von 0,01 Grad brachte sie gegenüber dem Ensemble keinen Gewinn: eine Markow-Kette der Bewegungen jeder \
         Person mit Rückgriff auf ihre Orte fand an Check-ins in New York 0,564 von 935 Personen wieder (Ensemble 0,619) \
         und von 505 Taxis in San Francisco 0,002 (0,161); Bewegungen als Merkmale von tfidf-cosine 0,494 \
         und 0,044.",
        "`strongest` ist das größte top1 der einzelnen Abgleichverfahren: das beste von mehreren liegt ein wenig zu \
         hoch.",
        "Gleich sind Punktwerte, die sich um weniger als 1e-12 unterscheiden.",
    ],
    validation: "tfidf-cosine und jensen-shannon stimmen auf Check-ins (drei Arten von Merkmalen), Taxis, Einkäufen \
                 im Internet und intelligenten Stromzählern mit unabhängig berechneten Werten überein, \
                 einschließlich Personen, Gleichständen und mittlerem Rang, in der geschlossenen Menge. Die offene \
                 stimmt auf erzeugten Gewohnheiten, bei denen ein Drittel der Personen in nur einem Zeitraum \
                 vorkommt, mit einem Vergleich aller Paare von Personen überein. Ränge stimmen auf erzeugten Profilen \
                 mit einem Vergleich aller Paare überein, pois mit einer Summe über alle Zahlen von Besuchen.",
    table: None,
    settings: &[
        "Anteile der Gesuchten, für die ein Angreifer Behauptungen aufstellt; hinzu kommen die, die eine Richtlinie \
         nennt",
    ],
    statistics: &[
        Spoken {
            name: "top1",
            title: "Beim ersten Versuch wiedergefundene Personen",
            of: "gesuchten Personen",
            meaning: |f| {
                format!(
                    "Durch {} werden {} der Personen beim ersten Versuch wiedergefunden; durch \
                     Raten {}.",
                    parameter(f, "matcher"),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Spoken {
            name: "strongest",
            title: "Durch das stärkste Abgleichverfahren wiedergefundene Personen",
            of: "gesuchten Personen",
            meaning: |f| {
                format!(
                    "Im Szenario „{}“ werden {} der Personen beim ersten Versuch wiedergefunden; \
                     durch Raten {}.",
                    parameter(f, "scenario"),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Spoken {
            name: "persons_fitted",
            title: "Personen, an die das Ensemble angepasst wurde",
            of: "Personen auf beiden Seiten",
            meaning: |f| match real(f) {
                1.0 => "Das Ensemble wurde an 1 Person angepasst und an den übrigen beurteilt."
                    .to_owned(),
                persons => format!(
                    "Das Ensemble wurde an {} Personen angepasst und an den übrigen beurteilt.",
                    number(persons)
                ),
            },
        },
        Spoken {
            name: "top5",
            title: "Personen unter den fünf besten",
            of: "gesuchten Personen",
            meaning: |f| among(f, "fünf"),
        },
        Spoken {
            name: "top10",
            title: "Personen unter den zehn besten",
            of: "gesuchten Personen",
            meaning: |f| among(f, "zehn"),
        },
        Spoken {
            name: "risk",
            title: "Risiko, wiedergefunden zu werden",
            of: "gesuchten Personen",
            meaning: |f| {
                format!(
                    "Über das Raten hinaus findet der Angriff durch {} noch {} derer, die durch \
                     Raten nicht gefunden werden.",
                    parameter(f, "matcher"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "mean_reciprocal_rank",
            title: "Mittlerer reziproker Rang",
            of: "gesuchten Personen",
            meaning: |f| {
                format!(
                    "1 hieße, dass alle beim ersten Versuch gefunden werden; der Wert ist {}.",
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "hit_precision",
            title: "Trefferpräzision (Hit-Precision)",
            of: "gesuchten Personen",
            meaning: |f| {
                format!(
                    "Jede beim ersten Versuch gefundene Person zählt 1, spätere zählen weniger, \
                     nach Platz {} keine: im Mittel {}.",
                    parameter(f, "k"),
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "mean_rank",
            title: "Mittlerer Rang der wahren Person",
            of: "gesuchten Personen",
            meaning: |f| {
                format!(
                    "Die wahre Person steht im Mittel auf Platz {}.",
                    fixed(real(f), 1)
                )
            },
        },
        Spoken {
            name: "precision_at_coverage",
            title: "Richtige Behauptungen, wo der Angreifer sie wagt",
            of: "Behauptungen",
            meaning: |f| {
                format!(
                    "Ein Angreifer, der die sichersten {} der Personen nennt, hat in {} dieser \
                     Fälle recht.",
                    coverage(f),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "recall_at_coverage",
            title: "Gefundene Personen, wo der Angreifer es wagt",
            of: "gesuchten Personen",
            meaning: |f| {
                format!(
                    "Ein Angreifer, der die sichersten {} nennt, findet {} derer, die enthalten \
                     sind.",
                    coverage(f),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "coverage_at_precision",
            title: "Nahezu sicher genannte Personen",
            of: "gesuchten Personen",
            meaning: |f| {
                format!(
                    "In den {} der Fälle, in denen der Angreifer es wagt, hat er in mindestens \
                     {} recht.",
                    percent(real(f)),
                    share(f, "precision")
                )
            },
        },
        Spoken {
            name: "false_claims",
            title: "Genannte Personen, die nicht enthalten sind",
            of: "gesuchten Personen",
            meaning: |f| {
                format!(
                    "Von Personen, die nicht unter den Bekannten sind, würde ein Angreifer {} \
                     nennen, der von denen, die es sind, {} nennt.",
                    percent(real(f)),
                    coverage(f)
                )
            },
        },
        Spoken {
            name: "recall",
            title: "Wiedergefundene Personen, jede nur einer zugeteilt",
            of: "gesuchten Personen",
            meaning: |f| {
                format!(
                    "Wird niemand zweimal genannt, so findet {} {} der Personen.",
                    parameter(f, "matcher"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "precision",
            title: "Richtige Nennungen, jede Person nur einer zugeteilt",
            of: "genannten Personen",
            meaning: |f| {
                format!(
                    "Wird niemand zweimal genannt, so sind {} der Nennungen von {} richtig.",
                    percent(real(f)),
                    parameter(f, "matcher")
                )
            },
        },
        Spoken {
            name: "top1_of_group",
            title: "Wer wiedergefunden wird",
            of: "Personen der Gruppe",
            meaning: |f| {
                format!(
                    "Vom Drittel der Personen mit {} werden {} beim ersten Versuch \
                     wiedergefunden.",
                    group(f),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "map_shift",
            title: "Um wie viel Karten verschoben scheinen",
            of: "Spuren beider Seiten",
            meaning: |f| {
                format!(
                    "Die Karten beider Seiten passen am besten, wenn eine um {} Grad verschoben wird; was danach gefunden \
                     wird, steht als `aligned` im Bericht.",
                    fixed(real(f), 4)
                )
            },
        },
        Spoken {
            name: "map_scale",
            title: "Um wie viel Karten gestreckt scheinen",
            of: "Spuren beider Seiten",
            meaning: |f| {
                format!(
                    "Die Karten beider Seiten passen am besten, wenn eine mit dem Faktor {} gestreckt wird.",
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "clock_shift",
            title: "Um wie viel Uhren verstellt scheinen",
            of: "Spuren beider Seiten",
            meaning: |f| {
                format!(
                    "Die Zeiten beider Seiten passen am besten, wenn eine um {} Zeitabschnitte verschoben wird.",
                    number(real(f))
                )
            },
        },
        Spoken {
            name: "persons_compared",
            title: "Personen auf beiden Seiten",
            of: "Personen",
            meaning: |f| match real(f) {
                1.0 => "1 Person ist auf beiden Seiten und wurde gesucht.".to_owned(),
                persons => format!(
                    "{} Personen sind auf beiden Seiten und wurden gesucht.",
                    number(persons)
                ),
            },
        },
        Spoken {
            name: "persons_apart",
            title: "Personen, die nicht verglichen werden konnten",
            of: "Personen",
            meaning: |f| {
                let side = match key(f, "side").as_str() {
                    "known" => "nur auf der Seite der Bekannten genug Zeilen",
                    "sought" => "nur auf der Seite der Gesuchten genug Zeilen",
                    _ => "auf keiner der Seiten genug Zeilen",
                };
                match real(f) {
                    1.0 => format!("1 Person hat {side}."),
                    persons => format!("{} Personen haben {side}.", number(persons)),
                }
            },
        },
    ],
};

fn among(f: &Finding, words: &str) -> String {
    format!(
        "Durch {} kommen {} der Personen unter die {words} besten; durch Raten {}.",
        parameter(f, "matcher"),
        percent(real(f)),
        percent(f.baseline.unwrap_or(0.0))
    )
}

/// A parameter that is a share, in words.
fn share(f: &Finding, name: &str) -> String {
    percent(key(f, name).parse().unwrap_or(0.0))
}

fn coverage(f: &Finding) -> String {
    share(f, "coverage")
}

/// What the persons of a third have, in the dative.
fn group(f: &Finding) -> String {
    let (by, group) = (key(f, "by"), key(f, "group"));
    let known = match (by.as_str(), group.as_str()) {
        ("rows", "lowest") => "den wenigsten Zeilen",
        ("rows", "middle") => "einer mittleren Zahl von Zeilen",
        ("rows", "highest") => "den meisten Zeilen",
        ("entropy", "lowest") => "der niedrigsten Entropie",
        ("entropy", "middle") => "einer mittleren Entropie",
        ("entropy", "highest") => "der höchsten Entropie",
        ("radius of gyration", "lowest") => "dem kleinsten Gyrationsradius",
        ("radius of gyration", "middle") => "einem mittleren Gyrationsradius",
        ("radius of gyration", "highest") => "dem größten Gyrationsradius",
        _ => return format!("{} ({})", parameter(f, "by"), parameter(f, "group")),
    };
    known.to_owned()
}
