//! Membership in aggregates in German.

use super::{FALL, Header, Prose, Spoken, fixed, key, number, parameter, percent, real};
use crate::finding::{Finding, Parameter};

pub static PROSE: Prose = Prose {
    title: "Zugehörigkeit zu den Gezählten (Membership Inference)",
    question: "Kann jemand, der weiß, wo eine Person war, an den Zählwerten erkennen, ob sie unter den Gezählten ist?",
    adversary: "Kennt Orte und Zeiten der Zielperson und die Regeln, nach denen gezählt wird. Bei knock-knock und \
                likelihood-ratio hat er außerdem die Spuren eines Teils der anderen; bei allen übrigen Angriffen \
                nichts als die veröffentlichten Zählwerte.",
    definition: "Ein Versuch: eine Gruppe von m Personen, die Zielperson und m − 1 zufällig gezogene andere, oder \
                 diese anderen ohne die Zielperson, wird gezählt und veröffentlicht wie die Tabelle: \
                 hochgerechnet, gerundet, mit Rauschen wie angegeben, ohne Zellen, deren Zählwert unter dem \
                 kleinsten der Tabelle läge (sofern Zellen weggelassen werden). Jeder Angriff ergibt einen \
                 Punktwert. Jede Zielperson wird einmal in einer Gruppe und einmal außerhalb einer anderen \
                 versucht. Die größte Gruppe ist die der Tabelle selbst: alle Personen der Spuren, oder alle außer \
                 der Zielperson.",
    formula: "count-threshold: Anteil der Zellen der Zielperson mit mindestens einer Person. two-threshold: Anteil \
              mit mindestens h, h aus 1, 2, 3, 5, 10, 20, 50. knock-knock: logarithmierte Chance (Log-Odds) einer \
              logistischen Ridge-Regression über die Wurzeln der Zählwerte in den Zellen der Zielperson (höchstens \
              200, die am wenigsten besuchten), angepasst an 50 Gruppen bekannter Personen ohne die Zielperson und \
              dieselben mit ihr; zero-knowledge: dasselbe, angepasst an Zählwerte synthetischer Personen: jede \
              Zelle Poisson-verteilt mit Mittel A_t · A_(s,τ) / A_τ der veröffentlichten Zählwerte A selbst, t die \
              Zeit, s der Ort, τ die Tageszeit. likelihood-ratio: Σ_c ln (Σ_x P(x) L(a_c | x + 1) / Σ_x P(x) \
              L(a_c | x)) über alle Zellen c der Zielperson, a_c der veröffentlichte Wert, P die \
              Beta-Binomialverteilung der Zahl der m − 1 anderen in der Zelle, mit den Parametern n_c + ½ und \
              K − n_c + ½, wenn n_c der K bekannten Personen darin sind, L(a | x) die Wahrscheinlichkeit (bei \
              Rauschen mit beliebigen Werten die Dichte), dass für x Personen a veröffentlicht wird: 1 oder 0 bei \
              genauen Zählwerten; bei gerundeten, ob x im Intervall von a liegt; bei Rauschen, was dessen \
              Verteilung in diesem Intervall hat; bei einer weggelassenen Zelle in allem, was unter dem kleinsten \
              Zählwert liegt. auc = P(Punktwert innen > Punktwert außen) + ½ P(gleich). \
              advantage = P(Punktwert innen ≥ θ) − P(Punktwert außen ≥ θ), θ (und h) auf einer Hälfte der Versuche \
              gewählt, auf der anderen beurteilt, und umgekehrt. tpr_at_fpr: Anteil der Punktwerte innen, die über allen \
              bis auf einen Anteil f der Punktwerte außen liegen. precision = π tpr / (π tpr + f (1 − π)) bei der \
              Basisrate π, dem Anteil der Mitglieder unter denen, nach denen gefragt wird. advantage_bound = \
              (e^ε − 1 + 2δ)/(e^ε + 1); advantage_bound_composed = 1 − Π (1 − δ_i) (1 − v), v die Totalvariation \
              zwischen den Produkten von Antworten, die mit Chance e^(ε_i) wahr sind, und deren Gegenteil, über alle \
              Tabellen mit Rauschen zu denselben Personen. Das \
              Rauschen veröffentlichter Zählwerte c über Personen n, c/e − n, wird durch die angegebene Verteilung \
              zu Zahlen, die zwischen 0 und 1 gleichverteilt sind (gerundete Zählwerte irgendwo zwischen den \
              beiden Enden; Nullen irgendwo darunter, wenn kein Zählwert negativ ist; unter der Bedingung der \
              Veröffentlichung, wenn Zellen weggelassen werden): noise_p_value ist der des Tests von Kolmogorow \
              und Smirnow.",
    denominator: "Versuche; bei `counts_explained` veröffentlichte Zellen, bei `persons_beyond_sensitivity` Personen.",
    nulls: "Ein Nullwert als Ort ist ein eigener Ort. Ein Nullwert als Zählwert wurde weggelassen. Zeilen, deren \
            Ort oder Zeit die Tabelle nicht hat, bleiben außer Betracht, ebenso Personen ohne jede andere Zeile.",
    assumptions: &[
        FALL,
        "Die von `counted` genannten Spuren sind die gezählten, jede Person einmal je Zelle: `counts_explained` \
         sagt, wie weit das die veröffentlichten Zählwerte ergibt.",
        "Alle außer der Zielperson können beliebige Personen sein: ein Angreifer, der von einigen sicher weiß, \
         dass sie dabei sind, hat eine kleinere Gruppe zu unterscheiden.",
        "Das Rauschen des Mechanismus wird für jede Zelle gesondert gezogen, und `sensitivity` ist die der ganzen \
         Spur einer Person.",
        "likelihood-ratio hält die anderen für unabhängig, und jede Person in jeder Zelle: unter solchen ist es der \
         stärkste Angriff. Wo sich Tag für Tag dieselben treffen, sagen seine Zellen mehrmals dasselbe, und knock-knock \
         oder zero-knowledge finden womöglich mehr.",
        "Tabellen zählen dieselben Personen, sofern `apart_from` nichts anderes sagt, und ihr Rauschen wird \
         unabhängig gezogen.",
    ],
    limits: &[
        "Andere Angriffe können mehr erreichen: die Werte sagen, was mindestens möglich ist. Die Schranke gilt für \
         alle, wenn das Rauschen das angegebene ist und die Sensitivität alles abdeckt, was eine Person beiträgt.",
        "Eine Schwelle gilt für alle Zielpersonen; eine eigene für jede kann mehr verraten.",
        "In Gruppen mit mehr Personen, als der Angreifer kennt, kommen in denen, aus denen er lernt, einige \
         mehrfach vor.",
        "Ohne Spuren (`counted`) wird nur geprüft, wie Rauschen in jedem Fall aussehen muss: zu viele Nullen, zu \
         viele Zählwerte weit unter null. Zu wenig Rauschen ist dann nicht zu erkennen.",
        "Zählwerte von Fahrten von Ausgangsorten zu Zielen werden nicht angegriffen.",
        "Tabellen werden einzeln angegriffen; was mehrere zusammen verraten, ist durch die Komposition beschränkt, \
         wenn alle Rauschen haben, und unbeschränkt, wenn eine keines hat.",
        "Bei wenigen falsch Positiven ist die Schwelle selbst unsicher: mit 2.000 Zielpersonen ist das untere Ende des \
         Intervalls bei einer Falsch-positiv-Rate von 0,1 % immer 0, was auch gefunden wird, weil von keiner Schwelle \
         feststeht, dass sie so wenige durchlässt; das obere Ende, an dem Anforderungen geprüft werden, gilt \
         trotzdem. Mit weniger Zielpersonen als 1/f wird nichts gemessen.",
        "Teststärke: eine Anforderung wird am oberen Ende des 95-%-Intervalls geprüft, sodass ein Angriff, dessen wahrer \
         Vorteil über der Schranke liegt, in höchstens 2,5 % der Prüfungen durchgeht (Teststärke 0,975), wie wenige \
         Versuche es auch sind: wenige machen das Intervall weit, und die Anforderung ist nicht erfüllt. Dass von einem \
         Angriff kein Vorteil gegenüber dem Raten zu sehen ist (`vanishing_size`), sagt weniger: bei 500 Zielpersonen wird \
         ein Vorteil von 0,12 mit einer Teststärke von 0,95 gesehen, ein kleinerer seltener.",
    ],
    validation: "Die Fläche ist gleich dem Anteil aller Paare; ihr Konfidenzintervall enthält die Wahrheit in 95 \
                 von 100 erzeugten Fällen, das des Vorteils öfter. In erzeugten Städten werden Mitglieder \
                 gefunden, umso weniger, je größer die Gruppe; sind alle Zählwerte weggelassen oder verbirgt \
                 Rauschen alles, so sind Fehlalarme nicht häufiger als angegeben. Rauschen jedes Mechanismus, \
                 gerundet, hochgerechnet, bei null abgeschnitten oder unter einer Schwelle weggelassen, wird \
                 anerkannt; die Hälfte davon, keines, Rauschen nur für besetzte Zellen oder nach einem anderen \
                 Gesetz nicht.",
    table: Some(Header {
        title: "Zählwerte aus wirklichen Spuren: Check-ins in New York (Foursquare) je Stunde in Zellen von H3 der \
                Auflösung 7 und je Woche in Zellen der Auflösung 5, auf Zehner gerundet, ohne die unter zwanzig; \
                Taxis in San Francisco (Cabspotting) je Stunde, jedes dort gezählt, wo es zuletzt gesehen wurde, \
                und je sechs Stunden eines Tages, in Zellen der Auflösungen 7 und 6: der stärkste Angriff bei der \
                Größe der Tabelle",
        header: &["Zählwerte", "Personen", "Angriff", "Vorteil"],
        words: &[
            ("check-ins by hour", "Check-ins je Stunde"),
            ("check-ins by week", "Check-ins je Woche"),
            ("taxis every hour", "Taxis je Stunde"),
            ("taxis of a day", "Taxis eines Tages"),
        ],
    }),
    settings: &[
        "Personen in einer Gruppe, bis zur Hälfte aller; Werte, die eine Richtlinie nennt, kommen hinzu, dazu die \
         Größe der Tabelle",
        "Versuche jeder Größe mit einer Zielperson in der Gruppe, und ebenso viele mit ihr außerhalb; bei der \
         Größe der Tabelle viermal so viele, jede Zielperson einmal, wenn nichts dem Zufall überlassen ist",
        "Anteil der Personen, deren Spuren der Angreifer von knock-knock hat; Zielpersonen sind andere",
        "Anteile der Mitglieder unter denen, nach denen ein Angreifer fragt; für sie wird die Genauigkeit angegeben",
        "höchste Zahl von Personen, aus denen Gruppen gezogen werden; gibt es mehr, so stehen diese zusammen für \
         die Tabelle, die eine Person besser verbirgt, außer wenn Zellen mit wenigen weggelassen werden",
    ],
    statistics: &[
        Spoken {
            name: "auc",
            title: "Fläche unter der Kurve (AUC)",
            of: "Versuchen",
            meaning: |f| {
                format!(
                    "In Gruppen von {} Personen gibt {} einer Person, die dazugehört, mit \
                     Wahrscheinlichkeit {} einen höheren Punktwert als einer, die nicht \
                     dazugehört; Raten ergibt 0,5.",
                    parameter(f, "group_size"),
                    parameter(f, "attack"),
                    fixed(real(f), 2)
                )
            },
        },
        Spoken {
            name: "advantage",
            title: "Vorteil eines Angreifers gegenüber dem Raten",
            of: "Versuchen",
            meaning: |f| format!("Bei Zählwerten {}", advantage(f)),
        },
        Spoken {
            name: "advantage_at_table",
            title: "Vorteil bei der Größe der Tabelle, stärkster Angriff",
            of: "Versuchen",
            meaning: |f| {
                format!(
                    "Bei Gruppen von der Größe der Tabelle, oder des Teils von ihr, aus dem \
                     gezogen wird, und Zählwerten {}",
                    advantage(f)
                )
            },
        },
        Spoken {
            name: "tpr_at_fpr",
            title: "Erkannte Mitglieder bei gegebener Falsch-positiv-Rate",
            of: "Versuchen",
            meaning: |f| {
                format!(
                    "Bei der Größe der Tabelle erkennt {} {} der Mitglieder und hält dabei {} aller anderen für \
                     Mitglieder.",
                    parameter(f, "attack"),
                    percent(real(f)),
                    percent(share(f, "false_positive_rate"))
                )
            },
        },
        Spoken {
            name: "precision",
            title: "Zutreffende Behauptungen, stärkster Angriff",
            of: "Versuchen",
            meaning: |f| {
                format!(
                    "Sind {} derer, nach denen gefragt wird, Mitglieder, und werden {} der anderen dafür gehalten, so \
                     sind {} derer, die {} nennt, wirklich Mitglieder.",
                    percent(share(f, "base_rate")),
                    percent(share(f, "false_positive_rate")),
                    percent(real(f)),
                    parameter(f, "attack")
                )
            },
        },
        Spoken {
            name: "vanishing_size",
            title: "Gruppengröße, bei der der Vorteil verschwindet",
            of: "Personen",
            meaning: |f| match f.value {
                Some(_) => format!(
                    "Ab Gruppen von {} Personen ist nicht zu erkennen, dass {} mehr erreicht \
                     als Raten.",
                    number(real(f)),
                    parameter(f, "attack")
                ),
                None => format!(
                    "Bei jeder versuchten Gruppengröße erreicht {} mehr als Raten.",
                    parameter(f, "attack")
                ),
            },
        },
        Spoken {
            name: "counts_explained",
            title: "Zählwerte, die sich aus den Spuren ergeben",
            of: "veröffentlichten Zellen",
            meaning: |f| {
                format!(
                    "Bei {} der veröffentlichten Zählwerte ergeben die von `counted` genannten \
                     Spuren eben diesen Zählwert.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "advantage_bound",
            title: "Schranke des Vorteils durch Differential Privacy",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Haben die Zählwerte das angegebene Rauschen (ε = {}), so hat kein Angriff \
                     einen Vorteil von mehr als {}.",
                    parameter(f, "epsilon"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "advantage_bound_composed",
            title: "Schranke des Vorteils aus allen Tabellen mit Rauschen zusammen",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Aus allen {} Tabellen mit Rauschen zusammen (ε = {} in der Summe) hat kein Angriff einen Vorteil \
                     von mehr als {}, wenn jede das angegebene Rauschen hat.",
                    parameter(f, "tables"),
                    parameter(f, "epsilon"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "noise_consistent",
            title: "Ob das Rauschen das des angegebenen Mechanismus ist",
            of: "veröffentlichten Zellen",
            meaning: |f| {
                let by = match key(f, "basis").as_str() {
                    "traces" => "gemessen an den gezählten Personen",
                    _ => "allein nach den Zählwerten, was wenig besagt",
                };
                match real(f) {
                    1.0 => format!("Die Zählwerte können das angegebene Rauschen haben, {by}."),
                    _ => format!(
                        "Die Zählwerte können das angegebene Rauschen nicht haben, {by}: die \
                         Schranke gilt für sie nicht."
                    ),
                }
            },
        },
        Spoken {
            name: "noise_p_value",
            title: "Wahrscheinlichkeit solchen Rauschens beim angegebenen Mechanismus",
            of: "veröffentlichten Zellen",
            meaning: |f| {
                format!(
                    "Rauschen wie angegeben liegt mit Wahrscheinlichkeit {} so weit vom \
                     Erwarteten entfernt oder weiter; unter 0,01 wird es nicht anerkannt.",
                    fixed(real(f), 3)
                )
            },
        },
        Spoken {
            name: "noise_ratio",
            title: "Rauschen im Verhältnis zum angegebenen",
            of: "veröffentlichten Zellen",
            meaning: |f| {
                format!(
                    "Das Rauschen der Zählwerte ist {}-mal so breit, wie der angegebene \
                     Mechanismus es macht.",
                    fixed(real(f), 2)
                )
            },
        },
        Spoken {
            name: "persons_beyond_sensitivity",
            title: "Personen, die mehr beitragen als die angegebene Sensitivität",
            of: "Personen",
            meaning: |f| match real(f) {
                0.0 => "Niemand trägt zu den Zählwerten mehr bei, als die angegebene \
                        Sensitivität zulässt."
                    .to_owned(),
                share => format!(
                    "Von den Personen tragen {} zu den Zählwerten mehr bei, als die angegebene \
                     Sensitivität zulässt: für sie gilt die Zusage der Differential Privacy \
                     nicht.",
                    percent(share)
                ),
            },
        },
    ],
};

fn share(f: &Finding, name: &str) -> f64 {
    match f.parameters.get(name) {
        Some(Parameter::Number(number)) => number.as_f64(),
        _ => f64::NAN,
    }
}

fn advantage(f: &Finding) -> String {
    format!(
        "von {} Personen liegt der Anteil der Mitglieder, die {} erkennt, um {} über dem Anteil anderer, die es \
         für Mitglieder hält.",
        parameter(f, "group_size"),
        parameter(f, "attack"),
        percent(real(f)).replace("\u{202f}%", " Prozentpunkte")
    )
}
