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
                 dieselben. Ob die Zeilen überhaupt Zellen sind und nicht Datensätze von Personen mit einer Zahl, die \
                 Zählwert heißt: `cells`: keine Zelle hat mehrere Zeilen. `population`: kein Zählwert übersteigt die \
                 angegebene Grundgesamtheit, und die Zellen einer Zeit zusammen übersteigen sie nicht um das 100-Fache. \
                 `keys`: keine Spalte unter `ignore` enthält Pseudonyme, dem Namen nach oder weil ihre Werte zufällig gezogen sind, \
                 außer sie ist eine Bezeichnung der angegebenen Spalten, und keine angegebene Spalte mit 20 Werten oder mehr heißt wie \
                 eine Nummer von Personen (`customer_id`). `records`: wo eine Zelle in einer benachbarten \
                 mindestens 22 Personen erwarten lässt, gibt es Nachbarn; Zählwerte hängen von den angegebenen Spalten ab; \
                 ganze Zählwerte enden nicht auf dieselbe Ziffer; und nicht jede Zeile hat ihren eigenen Zeitpunkt. \
                 `parts`: keine Spalte, die nicht als Zählwert angegeben ist, sagt, wie viele der Gezählten, weniger als \
                 11, etwas Weiteres sind, oder was in einer Summe fehlt. `details`: keine Spalte unter `ignore` sagt etwas über \
                 einzelne Zellen. Bei Tabellen \
                 von Personen: `population`: in Mikrodaten sind es nicht mehr, als sie nennt. `subject`: ein Subjekt ist eine Person, eine Spur hat also von den meisten mehr als eine \
                 Zeile, und keine zwei Subjekte sind derselbe Stamm mit einem Zähler oder anderem Ende (`a7f-1`, `a7f-2`). \
                 `copies`: die Personen sind nicht wenige, die unter anderen Namen wiederholt sind: die Größen der Klassen von Personen, \
                 deren Zeilen in allen veröffentlichten Spalten, in den Quasi-Identifikatoren, in diesen ohne eine Spalte \
                 oder in einer Spalte übereinstimmen, haben keinen gemeinsamen Teiler; und keine ganzen Spuren sind gleich, \
                 deren Punkte sonst niemand hat. Bei Tabellen über niemanden (`reference`): `describes`: jede Zeile beschreibt einen anderen Wert, der in \
                 einer der Spalten vorkommt, die sie beschreiben soll, fügt also den Zeilen mit diesem Wert nur hinzu, was aus \
                 einer angegebenen Spalte folgt. `no_person`: keine andere Spalte enthält Subjekte der Veröffentlichung, oder Pseudonyme dem Namen nach oder weil ihre Werte zufällig gezogen sind, und wo \
                 ein Quasi-Identifikator beschrieben wird, ist keine dem Namen oder den Werten nach privat. `parts`: keine sagt, wie viele Personen \
                 bei einem Wert gezählt wurden, wo die Zählwerte weniger sagen.",
    formula: "contradicting(kind) = Zahl der Zählwerte, Summen oder Randsummen, die der Angabe widersprechen; \
              false_declarations(kind) = 1, wenn contradicting > 0 (`totals`, `hierarchies`, `made_of`, `window`, \
              `part_of`: wenn mehr als einer von hundert geprüften), sonst 0. Gröbere Rundung: n verschiedene Zählwerte \
              über 0, alle Vielfache des m-fachen dessen, was angegeben ist, wobei ein Anteil s der Zählwerte, die die \
              Angabe zulässt, solche Vielfachen sind: falsch, wenn sⁿ < 10⁻⁶. Verschwiegene Summe: für jede Spalte ohne \
              `totals` und jeden ihrer Werte, über die Gruppen von Zellen, die sich nur in dieser Spalte unterscheiden, \
              die Summe von ln((T + 1)/(w + 1)) über die Gruppen, in denen der Zählwert T dieses Werts die Summe der \
              übrigen ist, die auf w genau bekannt sind: falsch über ln(10⁹ · Werte), außer es widerspricht mehr als eine \
              Gruppe von hundert; oder wenn von höchstens 64 Werten mit genauen Zählwerten einer in jeder Gruppe die Summe von zwei \
              oder mehr derer mit kleineren Gesamtsummen ist, durch Elimination mit einer einzigen Lösung, in mindestens fünf \
              Gruppen mit Personen mehr als deren Rang; ein Wert, der „all“, „total“ oder ähnlich heißt, gilt als Summe, wenn er nie weniger \
              ist als die übrigen zusammen. Gleiche Randsummen: wie bei einer verschwiegenen Summe, über Randsummen, \
              über ln(10⁶). `records`: falsch, wenn eines von vier gilt. (1) Für jede Spalte d mit 2 bis 50 Werten, die \
              keine Funktion einer anderen ist, lässt eine Zelle mit Zählwert c und Wert v bei d = w c·N(w)/N(v) Personen \
              erwarten, N(v) die Summe der Zählwerte von v und w der häufigste andere Wert; von allen Zellen und Spalten mit einer \
              Erwartung von 22 oder mehr und vom Doppelten des kleinsten Zählwerts oder 1.000, mindestens 100, haben 90 % keine Zelle, die sich nur in d unterscheidet, oder 70 %, wo 10-mal so viele zu erwarten sind. (2) \
              Bei 200 Zellen oder mehr, deren Zählwerte eine Varianz über dem 10-Fachen ihres Mittels haben, hat der \
              Logarithmus des Zählwerts ein bereinigtes R² unter 0,05 auf je einen Effekt jedes Werts jeder Spalte. (3) Von 50 ganzen \
              Zählwerten ab 100, weder gerundet noch hochgerechnet, enden 40 % auf dieselbe Ziffer, aber nicht alle auf 0. (4) Von 50 Zeilen oder \
              mehr haben neun von zehn eine eigene Zeit, in Schritten unter fünf Minuten, und höchstens die Hälfte \
              liegt an einem Ort. `parts`: bei Spalten unter `ignore`, `quasi_identifiers` oder `sensitive`, die keine andere Spalte und \
              keine zwei von mehreren bestimmen, wenn die übrigen angegebenen Spalten 99 % der Zeilen unterscheiden: ganze Zahlen x, in 99 % der \
              Zeilen höchstens der Zählwert n, falsch, wenn in einer Zeile 1 ≤ x ≤ 10 oder 1 ≤ n − x ≤ 10; oder mindestens n, falsch, wenn in \
              10 % der Zeilen 1 ≤ x − n ≤ 10; oder Anteile x von 1 oder 100, auf eine Einheit u genau, wenn x·n in jeder Zeile mit n·u/2 ≤ \
              0,1 bis auf n·u/2 eine ganze Zahl ist, das Produkt von 2·(n·u/2) über diese Zeilen unter 10⁻⁶ liegt und x·n oder n − x·n 1 bis 10 beträgt; oder Zahlen, die eine andere Spalte bestimmt, mit 5 Werten oder mehr, von denen \
              neun von zehn x die Summe ihrer Zählwerte ist oder höchstens ein Zehntel mehr, und bei einem mehr; oder Zahlen, bei denen n/x für jeden Wert \
              einer anderen Spalte auf 1 % gleich ist, wenn n in einer Zeile fehlt, oder die als Anteile von 1 oder 100 eine Gesamtzahl nennen, von der höchstens ein Zehntel \
              fehlt; bei Rundung auf Vielfache von m und c Zählwerten eines Werts, die zusammen mindestens 10·m·c sind, dürfen Summen außerdem um m·c \
              abweichen; mehr sagen diejenigen, die um mindestens 1 abweichen. In einer Tabelle `reference` werden dieselben Summen zu jedem \
              Schlüssel und jeder Zahl gesucht. `details`: von Spalten unter `ignore`, außer Zahlen mit Nachkommastellen \
              oder verschiedenen Werten in der Hälfte der Zeilen und Werten, die je in einer Zeile stehen, diejenigen, die keine andere Spalte und keine zwei von mehreren bestimmen, wenn die angegebenen \
              Spalten 99 % der Zeilen unterscheiden und mindestens zwei sind; und alle solchen verschachtelten Spalten. `subject`: falsch, wenn 95 % von 20 Zeilen einer Spur oder mehr ein eigenes Subjekt haben; oder wenn bei 20 \
              Stämmen oder mehr mit im Mittel höchstens 50 Subjekten die Hälfte aller Subjekte einen gemeinsamen Stamm hat und die Enden \
              von 80 % dieser Stämme lückenlose Zahlen oder Buchstaben sind oder der Stamm 10 Stellen hat, die gezogen \
              aussehen (8 verschiedene Zeichen, keines in einem Drittel). Stämme sind, was dem ersten oder letzten \
              Trennzeichen vorangeht oder folgt, oder alles bis auf 1 bis 3 Zeichen an einem Ende. `copies`: falsch, wenn \
              eine Zahl m von 2 bis 100 einen Anteil s der Größen von n Klassen teilt, n ≥ 9 und s ≥ 0,8, und exp(−n·D) < \
              10⁻⁶, D die Kullback-Leibler-Divergenz von s gegen min(0,6, 2/m); haben 80 % dieselbe Größe, nur, wenn keine \
              einzelne Spalte und keine volle Kreuzung von Spalten diese Klassen ergibt. Spuren: falsch, wenn 20 % der Personen, \
              mindestens 10, 4 Zeilen oder mehr haben, genau die Zeilen einer anderen, und die Hälfte davon an Punkten, die nur Personen mit \
              derselben Spur haben. `describes`: contradicting = Zeilen ohne Schlüssel, mit dem Schlüssel einer früheren Zeile oder mit einem, der in \
              keiner der beschriebenen Spalten vorkommt. `no_person`: contradicting = Spalten, die mit den Subjekten einer Tabelle mehr als e + 5·√e + 1 \
              Werte gemeinsam haben, e = |A|·|B|/S mit den Größen der beiden Wertemengen und der Zahl S der Werte vom kleinsten bis zum \
              größten, ohne Grenze bei Texten, die keine Zahlen sind (e = 0); die Pseudonyme enthalten, bei 20 Werten oder mehr; oder die privat sind.",
    denominator: "Geprüfte Angaben für `false_declarations`; die geprüften Zählwerte, Summen oder Randsummen für \
                  `contradicting`.",
    nulls: OF_COUNTS,
    assumptions: &[
        "Die veröffentlichten Daten sind, was der Angreifer hat: wo sie dem Manifest widersprechen, ist das Manifest \
         falsch.",
        "Zählwerte, die nicht gerundet wurden, sind nicht öfter Vielfache von m, als es der Zufall will.",
        "Sind Zählwerte von Personen so ungewöhnlich wie Datensätze (`records`), oder benennt ein Schlüssel eine Zelle und \
         keine Person (`keys`), so sagt `[table.harmless]` zur Spalte der Zählwerte, was gezählt wurde, oder zum \
         Schlüssel, was er benennt.",
        "Personen können sich aus gutem Grund gleichen, etwa durch ausgeschriebene Gewichte oder gemittelte Gruppen gleicher Größe; \
         `copies` sagt, welcher es ist. Sind Subjekte mit gemeinsamem Stamm verschiedene Personen, etwa Patienten eines \
         Zentrums, so sagt `[table.harmless]` das zum Subjekt.",
    ],
    limits: &[
        "Eine Angabe, der die Daten nicht widersprechen, muss nicht zutreffen: Rauschen kann geringer sein als angegeben, \
         wenn keine Summen veröffentlicht sind, und ein Hochrechnungsfaktor ist grob gerundeten Zählwerten nicht \
         anzusehen.",
        "Summen, die mehr sind als ihre Teile, widersprechen nichts, denn manche Personen können in keinem Teil sein: \
         `differencing` sagt, wie viele es sind.",
        "Ob Personen oder etwas anderes gezählt wurde, ist Zählwerten nicht anzusehen. Eine Tabelle von Personen, in der \
         jeder Ort eine Zeile hat, ist von einer Tabelle von Orten mit ihren Merkmalen nicht zu unterscheiden.",
        "Kopien, bei denen in mehr als jeder fünften Klasse Werte geändert sind, und Kopien jeder Person in anderer Zahl werden nur in \
         Spuren gefunden.",
    ],
    validation: "Auf erzeugten Tabellen, auf jede Art gerundet, hochgerechnet, mit Rauschen, mit Summen und mit fehlenden \
                 Zellen, wird in 4.000 Tabellen keine wahre Beschreibung falsch genannt, und jede eingebaute falsche wird \
                 gefunden: Rundung, die nicht stattfand, feiner oder gröber war, ein falscher Faktor, falsche und \
                 verschwiegene Summen, Rauschen, das nicht zugefügt wurde, Zellen, die weggelassen wurden, wo sie leer \
                 sein sollen. Von 371 Tabellen von Zählwerten aus echten Daten (eine Volkszählung, Check-ins, \
                 Taxifahrten, Einkäufe, Stromzähler; eine bis fünf Spalten, Zellen ab 5 oder 11 Personen), an denen die Schranken von `records` \
                 festgelegt wurden, gilt nach (1) bis (3) keine als Tabelle von Datensätzen; von Personen, je eine Zeile, mit Beträgen als \
                 Zählwerten werden die gefunden, deren Merkmale die meisten voneinander unterscheiden. Von 203 Tabellen mit Merkmalen \
                 aus einer Volkszählung und aus Einkäufen gilt keine als Kopien. Pseudonyme zehn \
                 üblicher Formen haben in 300 Tabellen keinen Stamm, Größen durch Zufall in 4.000 keinen Teiler; eingebaute \
                 Stämme und Kopien werden gefunden.",
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
        "cells",
        "Zeilen",
        "mehrere Zeilen gehören zu derselben Zelle. Hat eine Spalte, die sie unterscheidet, keine Rolle, so braucht sie eine; \
         sind die Zeilen Personen oder Ereignisse, so ist die Tabelle als `microdata` oder `trace` anzugeben.",
    ),
    (
        "population",
        "Zeilen oder Personen",
        "es sind mehr Personen gezählt oder in der Tabelle, als `population` nennt. Sind die Zahlen Beträge und die Zeilen Personen, so ist die Tabelle \
         als `microdata` anzugeben; sonst ist `population` oder `extrapolation` zu berichtigen.",
    ),
    (
        "keys",
        "Spalten",
        "eine Spalte benennt Personen, die Zeilen sind also Datensätze und keine Zählwerte. Sie ist zu \
         entfernen, die Tabelle als `microdata` oder `trace` anzugeben, oder unter `[table.harmless]` ist zu sagen, was \
         die Spalte sonst benennt.",
    ),
    (
        "records",
        "Zeilen",
        "die Zeilen sehen aus wie Datensätze von Personen oder Ereignissen, nicht wie Zählwerte von Zellen: neben häufigen \
         Zellen fehlen die Nachbarn, oder die Zahlen hängen von nichts ab, enden wie Preise oder haben je einen eigenen Zeitpunkt. \
         Die Tabelle ist als `microdata` oder `trace` anzugeben; sind es Zählwerte von Personen, so ist unter \
         `[table.harmless]` zur Spalte der Zählwerte zu sagen, was gezählt wurde.",
    ),
    (
        "parts",
        "Zeilen",
        "eine Spalte, die nicht als Zählwert angegeben ist, sagt als Zahl oder Anteil, wie viele der Gezählten etwas Weiteres \
         sind, und in manchen Zeilen sind das weniger als 11. Die Datei ist ein zweites Mal anzugeben, mit dieser Spalte als \
         `count` und der ersten Tabelle unter `part_of`, damit sie wie Zählwerte untersucht wird; zählt sie keine Personen, \
         so ist unter `[table.harmless]` zu sagen, was sie zählt.",
    ),
    (
        "details",
        "Zeilen",
        "eine ignorierte Spalte sagt über jede Zelle etwas, das keine angegebene Spalte bestimmt, etwa wer darin war. Sie ist zu \
         entfernen, braucht eine Rolle, oder unter `[table.harmless]` ist zu sagen, was sie bedeutet.",
    ),
    (
        "subject",
        "Subjekten",
        "die Subjekte benennen Zeilen und keine Personen. Alle Zeilen einer Person brauchen dasselbe Pseudonym; ist jede Zeile \
         eine andere Person, so ist die Tabelle als `microdata` anzugeben, und bedeutet ein Stamm etwas anderes, so ist \
         unter `[table.harmless]` zum Subjekt zu sagen, was.",
    ),
    (
        "copies",
        "Personen",
        "die Personen sehen aus wie weniger, die unter anderen Namen wiederholt sind und niemanden verbergen: Klassen haben Größen mit \
         gemeinsamem Teiler, oder ganze Spuren sind gleich. Jede Person ist einmal zu veröffentlichen; gleichen sie sich aus \
         einem Grund, so ist er als `copies` anzugeben.",
    ),
    (
        "describes",
        "Zeilen",
        "eine Zeile hat keinen Schlüssel, den einer anderen Zeile oder einen, der in dem, was die Tabelle beschreibt, nicht \
         vorkommt. Zu veröffentlichen ist eine Zeile je Wert, der vorkommt; sind die Zeilen Personen, so ist die \
         Tabelle als `microdata` anzugeben.",
    ),
    (
        "no_person",
        "ignorierten Spalten",
        "eine Spalte enthält Subjekte der Veröffentlichung oder andere Pseudonyme oder sagt etwas Privates über eine Gruppe von Personen. Sie ist zu \
         entfernen oder in der Tabelle der Personen als das anzugeben, was sie ist; sieht sie nur so aus, so ist unter \
         `[table.harmless]` zu sagen, was sie enthält.",
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
        "keine ganze Zahl von Personen ergibt mit dem Faktor (1, wo keiner angegeben ist) diese Zählwerte. Wurden sie \
         hochgerechnet, so sind der Faktor mit allen Stellen anzugeben und die Rundung (`rounding`), die darauf folgte.",
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
