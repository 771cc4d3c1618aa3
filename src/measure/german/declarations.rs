//! The declarations of the manifest in German.

use super::{OF_COUNTS, Prose, Spoken, key, number, parameter, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Angaben des Manifests",
    question: "Stimmt, was das Manifest über die Daten sagt, mit den Daten überein?",
    adversary: "Liest die veröffentlichten Daten, nicht das Manifest: sieht, auf welche Vielfachen gerundet wurde, welche \
                Zählwerte die Summen welcher anderen sind und welche Tabellen dieselben Personen zählen. Wer sich auf \
                eine Angabe verlässt, die nicht zutrifft, unterschätzt, was ein solcher Angreifer ermitteln kann.",
    definition: "Jede Angabe, auf die sich andere Maße stützen, wird an den veröffentlichten Daten geprüft. Bei Tabellen \
                 von Zählwerten: `counts`: mindestens ein Zählwert über 0 ist veröffentlicht, nicht alle sind von einer \
                 Person, und höchstens die Hälfte der Zeilen (ab 20) \
                 hat keinen Zählwert und, neun von zehn, einen eigenen Wert eines Quasi-Identifikators. `rounding`: jeder Zählwert ist ein Vielfaches \
                 dessen, was das Manifest nennt, und nicht alle sind Vielfache von etwas Gröberem (geprüft mit dem Faktor \
                 und der Art der Rundung, die angegeben sind); ganze Zählwerte, über die nichts angegeben ist, sind nicht \
                 alle Vielfache einer Zahl über 1. `extrapolation`: jeder Zählwert ist der einer ganzen Zahl von Personen; \
                 ein Faktor unter 1 braucht einen Grund. `totals`, `hierarchies`, `made_of`, `window`: Teile sind nicht \
                 mehr als ihre Summen, und kein Wert, der für die anderen steht, ist verschwiegen. `absent`: wo fehlende \
                 Zellen leer sein sollen, sind Summen nicht mehr als die vorhandenen Teile. `noise`: wo jeder Zählwert \
                 sein eigenes Rauschen hat, sind nicht alle Summen genau die ihrer Teile. `part_of`: keine Randsumme des \
                 Teils enthält mehr Personen als das Ganze. `apart_from`: die Randsummen beider Tabellen sind nicht \
                 dieselben.",
    formula: "contradicting(kind) = Zahl der Zählwerte, Summen oder Randsummen, die der Angabe widersprechen; \
              false_declarations(kind) = 1, wenn contradicting > 0 (`totals`, `hierarchies`, `made_of`, `window`, \
              `part_of`: wenn mehr als einer von hundert geprüften), sonst 0. Gröbere Rundung: n verschiedene Zählwerte \
              über 0, alle Vielfache des m-fachen dessen, was angegeben ist, wobei ein Anteil s der Zählwerte, die die \
              Angabe zulässt, solche Vielfachen sind: falsch, wenn sⁿ < 10⁻⁶. Verschwiegene Summe: für jede Spalte ohne \
              `totals` und jeden ihrer Werte, über die Gruppen von Zellen, die sich nur in dieser Spalte unterscheiden, \
              die Summe von ln((T + 1)/(w + 1)) über die Gruppen, in denen der Zählwert T dieses Werts die Summe der \
              übrigen ist, die auf w genau bekannt sind: falsch über ln(10⁹ · Werte), außer es widerspricht mehr als eine \
              Gruppe von hundert; ein Wert, der „all“, „total“ oder ähnlich heißt, gilt als Summe, wenn er nie weniger \
              ist als die übrigen zusammen. Gleiche Randsummen: wie bei einer verschwiegenen Summe, über Randsummen, \
              über ln(10⁶).",
    denominator: "Geprüfte Angaben für `false_declarations`; die geprüften Zählwerte, Summen oder Randsummen für \
                  `contradicting`.",
    nulls: OF_COUNTS,
    assumptions: &[
        "Die veröffentlichten Daten sind, was der Angreifer hat: wo sie dem Manifest widersprechen, ist das Manifest \
         falsch.",
        "Zählwerte, die nicht gerundet wurden, sind nicht öfter Vielfache von m, als es der Zufall will.",
    ],
    limits: &[
        "Eine Angabe, der die Daten nicht widersprechen, muss nicht zutreffen: Rauschen kann geringer sein als angegeben, \
         wenn keine Summen veröffentlicht sind, und ein Hochrechnungsfaktor ist grob gerundeten Zählwerten nicht \
         anzusehen.",
        "Summen, die mehr sind als ihre Teile, widersprechen nichts, denn manche Personen können in keinem Teil sein: \
         `differencing` sagt, wie viele es sind.",
        "Ob Personen oder etwas anderes gezählt wurde, ist Zählwerten nicht anzusehen.",
    ],
    validation: "Auf erzeugten Tabellen, auf jede Art gerundet, hochgerechnet, mit Rauschen, mit Summen und mit fehlenden \
                 Zellen, wird in 4.000 Tabellen keine wahre Beschreibung falsch genannt, und jede eingebaute falsche wird \
                 gefunden: Rundung, die nicht stattfand, feiner oder gröber war, ein falscher Faktor, falsche und \
                 verschwiegene Summen, Rauschen, das nicht zugefügt wurde, Zellen, die weggelassen wurden, wo sie leer \
                 sein sollen.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "false_declarations",
            title: "Angaben, denen die Daten widersprechen",
            of: "geprüften Angaben",
            meaning: |f| match real(f) {
                0.0 => format!(
                    "Was das Manifest über {} sagt, stimmt mit den Daten überein.",
                    subject(f)
                ),
                _ => format!(
                    "Was das Manifest über {} sagt, trifft nicht zu: {}",
                    subject(f),
                    kind(f).map_or("die Daten widersprechen ihm.", |(_, _, wrong)| *wrong)
                ),
            },
        },
        Spoken {
            name: "contradicting",
            title: "Was einer Angabe widerspricht",
            of: "geprüften Zählwerten, Summen oder Randsummen",
            meaning: |f| {
                format!(
                    "{} von {} {} widersprechen dem, was das Manifest über {} sagt.",
                    number(real(f)),
                    number(f.denominator.unwrap_or(0) as f64),
                    kind(f).map_or("Werten", |(_, tested, _)| *tested),
                    subject(f)
                )
            },
        },
    ],
};

/// Each kind of declaration: what is tested one by one, in the dative, and what is the matter where it is false.
pub static KINDS: &[(&str, &str, &str)] = &[
    (
        "counts",
        "Zeilen",
        "dies ist keine Tabelle von Zählwerten. Ihre Zeilen zählen niemanden oder je eine Person, oder sie haben keinen \
         Zählwert und je einen eigenen Wert. Sind ihre Zeilen Personen, so ist sie als `microdata` anzugeben; \
         sonst sind die Zeilen ohne Zählwert wegzulassen.",
    ),
    (
        "rounding",
        "Zählwerten",
        "Zählwerte, die keine Vielfachen davon sind, wurden nicht so gerundet, und sind alle Vielfache von mehr, so \
         wurden sie gröber gerundet. Anzugeben ist die Rundung (`rounding`), die alle Zählwerte der Tabelle durchlaufen \
         haben, auch die Summen.",
    ),
    (
        "extrapolation",
        "Zählwerten",
        "keine ganze Zahl von Personen ergibt mit dem Faktor diese Zählwerte. Anzugeben sind der Faktor mit allen Stellen \
         und die Rundung (`rounding`), die darauf folgte.",
    ),
    (
        "totals",
        "Summen",
        "Teile sind mehr als die Summe, oder ein Wert ist die Summe aller anderen und nicht angegeben. Unter `totals` ist \
         der Wert zu nennen, der für alle anderen der Spalte steht.",
    ),
    (
        "hierarchies",
        "Summen",
        "Werte, die unter einem anderen liegen, sind öfter gezählt als er. Die Datei der Hierarchie ist zu berichtigen.",
    ),
    (
        "made_of",
        "Summen",
        "Teile eines Gebiets sind öfter gezählt als es selbst. Die Datei, die sagt, woraus Gebiete bestehen, ist zu \
         berichtigen.",
    ),
    (
        "window",
        "Reihen sich überschneidender Zählwerte",
        "keine Zahlen von Personen passen zu allen Zählwerten, die sich überschneiden. Anzugeben ist, wie lange ein \
         Zählwert von seiner Zeit an gilt.",
    ),
    (
        "absent",
        "Summen mit fehlenden Zellen",
        "Summen enthalten mehr Personen als die vorhandenen Zellen, fehlende können also nicht alle leer sein. Anzugeben \
         ist `absent = \"suppressed\"`, oder die fehlenden Zellen sind zu veröffentlichen.",
    ),
    (
        "noise",
        "Summen",
        "alle Summen sind genau die ihrer Teile, was eigenes Rauschen in jedem Zählwert nicht zulässt. Entweder wurde \
         keines zugefügt, oder Summen wurden aus verrauschten Teilen gebildet: dann sagen sie nichts, weichen um mehr ab \
         als die angegebene Breite (`width`) und können wegfallen.",
    ),
    (
        "part_of",
        "Randsummen",
        "im Teil sind mehr Personen gezählt als im Ganzen. `part_of` ist zu berichtigen, oder mit `apart_from` ist zu \
         sagen, warum die beiden Tabellen verschiedene Personen zählen.",
    ),
    (
        "apart_from",
        "Randsummen",
        "die beiden Tabellen haben dieselben Randsummen, sodass ein Angreifer annimmt, dass sie dieselben Personen zählen. \
         Die Zeile ist zu streichen.",
    ),
];

fn kind(finding: &Finding) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let id = key(finding, "kind");
    KINDS.iter().find(|(kind, ..)| *kind == id)
}

/// In words, of what the manifest says it.
fn subject(finding: &Finding) -> String {
    let by = match finding.parameters.get("with") {
        Some(_) => format!(" ({})", parameter(finding, "with")),
        None => String::new(),
    };
    format!("`{}`{by}", key(finding, "kind"))
}
