//! The leaks of the files in German.

use super::{Prose, Spoken, key, number, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Ungewollte Inhalte der Dateien",
    question: "Enthalten die Dateien mehr als die Felder ihrer Zeilen: Werte, die keine Zeile hat, Namen oder eine \
               Reihenfolge, die etwas verrät?",
    adversary: "Liest die Bytes der Dateien, nicht nur die Zeilen, die ein Abfrageprogramm zeigt.",
    definition: "Werte: `stale-dictionary`, Spalten mit Einträgen im Wörterbuch, die keine Zeile der Tabelle hat \
                 (meist Kategorien gestrichener Zeilen); `stale-statistics`, Spalten mit Grenzen in Statistiken \
                 oder Seitenindizes, die keine Zeile hat; `hidden-bits`, Spalten reeller Zahlen mit mehr als sechs \
                 Mustern für „keine Zahl“ oder mit Nullen beider Vorzeichen (mindestens zehn negativen, einer von zwanzig) und \
                 keiner negativen Zahl; `unreferenced-bytes`, Dateien mit mehr als 128 Bytes \
                 ungleich null, die zu keinem ihrer Teile gehören; `other-files`, Dateien neben den \
                 veröffentlichten, die das Manifest weder nennt noch begründet (`[release.beside]`): in Ordnern von \
                 Tabellen mit allem, was darin ist, und in Ordnern unterhalb des Manifests, in denen einzelne Dateien \
                 von Tabellen liegen; leere und Prüfsummen werden nicht gezählt. Daten darunter (Parquet unter \
                 jedem Namen, CSV, Archive und dergleichen, nach Bytes, Endung oder Form) sind ein Fehler, auch im \
                 Ordner des Manifests selbst. Metadaten, nach Dateien: \
                 `origin`, ein Pfad, eine Person, ein Rechner oder ein Speicherort ist dort oder in `created_by` \
                 genannt; `foreign-columns`, Spalten sind genannt, die nicht in der Datei sind; `row-index`, \
                 pandas nummeriert Zeilen anders als von 0 bis zu ihrer Zahl; `unknown-metadata`, Einträge, die \
                 kein bekanntes Schreibprogramm anlegt oder die mehr enthalten, als dessen Form vorsieht; `descriptions`, Spalten mit einem Kommentar oder eigenen \
                 Metadaten. Zweitschriften von Werten, die in den Zeilen stehen, aber ohne diese gelesen werden: \
                 `statistics`, `page-index`, `bloom-filter` von Spalten unter `ignore` oder `direct_identifiers`; \
                 `subject-statistics`, alle drei bei der Spalte der Person. Reihenfolge: `sorted-rows`, Spalten \
                 unter `ignore` oder `direct_identifiers`, nach denen Zeilen sortiert sind (eine Spalte, die nur die Zeilen in ihrer Lage \
                 nummeriert, sagt nicht mehr als diese); `time-order`, Zeilen \
                 sind nach der Zeit sortiert und die derselben Zeit, wenn von verschiedenen Personen, nicht nach \
                 der Person, oder Zeilen liegen beinahe in zeitlicher Folge; `person-order`, Spalten unter \
                 `ignore` oder `direct_identifiers`, deren Ordnung die der Personen in der Datei ist; \
                 `pseudonym-order`, Reihenfolgen (der ersten Zeit, der ersten Zeile, jeder anderen Spalte in der \
                 ersten Zeile einer Person), denen die Pseudonyme folgen, wie es hochgezählte, in der Reihenfolge \
                 einer anderen Spalte nummerierte oder aus einer Uhr gebildete tun; `pseudonym-periods`, Pseudonyme, die \
                 stündlich, täglich, wöchentlich, monatlich oder jährlich wechseln (95 % haben alle Zeilen in einem Zeitraum) und sich aus \
                 denen des Zeitraums davor berechnen lassen (auf eine der Arten von `joined-tables`) oder nach ihren Werten oder \
                 Zeilen in derselben Reihenfolge stehen, wie gleiche erste Zeilen an denselben Stellen zeigen; `tied-rows`, in Mikrodaten, in denen nichts die Person einer \
                 Zeile benennt, Zeilen, die liegen, als wären Personen nacheinander geschrieben worden: benachbarte Zeilen einer Datei \
                 gleichen sich in einer Spalte über das hinaus, wonach die Zeilen sortiert sind, in Läufen von im Mittel höchstens 200 \
                 Zeilen und fünf oder mehr je Wert, oder die Zeilen einer Datei, bei 20 \
                 Dateien oder mehr mit im Mittel höchstens 200 Zeilen, über das hinaus, wonach die Dateien geteilt sind (in 20 % der \
                 Paare, die zufällig ungleich sein könnten, und um acht Standardabweichungen), oder die Zeilen an denselben \
                 Stellen gleich langer Dateien oder sortierter Abschnitte; `row-groups`, Zeilengruppen, die dort enden, wo eine Person endet.",
    formula: "sortiert: kein Schritt aufwärts oder kein Schritt abwärts innerhalb der Zeilengruppen, und 2·Π(nᵍ − \
              sᵍ)!/nᵍ! ≤ 0,001 über Zeilen nᵍ und Schritte sᵍ der Zeilengruppen; Pseudonyme: |ρ|·√(n − 1) > z, ρ \
              nach Spearman; Zeilen: |Σaᵢ|/√Σaᵢ² > √(2 ln(2m/0,001)), aᵢ das Produkt der zentrierten Ränge der \
              mittleren Stelle einer Person in Zeilengruppen und der Spalte, m die betrachteten Reihenfolgen; \
              Zeilengruppen: P(X ≥ x) ≤ 0,001, X hypergeometrisch verteilt, x die Zahl der Grenzen bei Wechseln \
              der Person",
    denominator: "Spalten, die in den Dateien sind; bei `statistics`, `page-index`, `bloom-filter` und \
                  Reihenfolgen diejenigen unter `ignore` und `direct_identifiers` (bei `pseudonym-order` außerdem \
                  die Zeit, die erste Zeile und alle veröffentlichten Spalten); Dateien; bei `row-groups` Grenzen zwischen Zeilengruppen einer \
                  Datei.",
    nulls: "Ein Nullwert ist kein Wert von Wörterbüchern oder Grenzen. In einer Reihenfolge kommt er zuerst. \
            Zeilen ohne Person gehören niemandem.",
    assumptions: &[
        "Nach der Person sortierte Zeilen verraten nichts: so liegen sie in Daten mit Spuren meist, und die \
         Reihenfolge zufälliger Pseudonyme sagt nichts. Ebenso wenig Zeilen, die nach veröffentlichten Spalten \
         sortiert sind.",
        "Unbedenklich sind Zeilen in zufälliger Reihenfolge, nach zufälligen Pseudonymen sortierte Zeilen und nach \
         veröffentlichten Spalten sortierte Zeilen: je Art der Reihenfolge wird dann höchstens eine von tausend \
         Tabellen irrtümlich gemeldet.",
        "Grenzen von Texten, die nicht als genau bezeichnet sind, können ab 16 Bytes abgeschnitten sein; Werte \
         werden dann mit dem verglichen, was übrig ist.",
    ],
    limits: &[
        "Dass Personen in einer Datei in der Reihenfolge einer entfernten Spalte liegen (von Telefonnummern, eines \
         Registers), ist der Datei nicht anzusehen: vor dem Schreiben nach dem Pseudonym sortieren.",
        "Zeilen derselben Zeit können nach einer veröffentlichten Spalte sortiert sein; gemeldet werden sie, wenn \
         sie nicht nach der Person sortiert sind.",
        "Von Bloom-Filtern wird nur betrachtet, dass es sie gibt, und nichts, was verschlüsselt ist. Namen von \
         Personen in freiem Text haben keine Form, an der sie zu erkennen wären.",
        "Reihenfolgen werden ab 20 Personen betrachtet.",
        "Dass Pseudonyme mehrerer Zeiträume in derselben Reihenfolge stehen, zeigt sich nur, wo jeder gleich viele Personen hat \
         und sie ihn öfter als zufällig auf dieselbe Art beginnen.",
        "Kommentare zu Spalten werden von anderen Metadaten nach der Länge unterschieden: bis 120 Bytes je Spalte, 240 \
         in einem.",
    ],
    validation: "Jede Art wird in Dateien eingebaut und gefunden, und in Dateien ohne sie nicht gefunden; Einträge \
                 im Wörterbuch und Grenzen stimmen mit einer langsamen Durchsicht aller Zeilen überein; gemischte \
                 Tabellen werden nicht öfter gemeldet als angegeben.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "leaks",
            title: "Ungewollte Inhalte der Dateien",
            of: "geprüften Spalten, Dateien oder Einträgen",
            meaning: |f| {
                let kind = key(f, "kind");
                let known = KINDS.iter().find(|known| known.id == kind);
                known.map_or(String::new(), |kind| kind.meaning(f))
            },
        },
        Spoken {
            name: "values",
            title: "Werte, die in keiner Zeile stehen",
            of: "Werten",
            meaning: |f| {
                format!(
                    "Wörterbücher und Statistiken der Spalte enthalten {}: die Datei ist aus \
                     ihren Zeilen neu zu schreiben, Kategorien als einfacher Text.",
                    match real(f) {
                        1.0 => "einen Wert, den keine Zeile der Tabelle hat".to_owned(),
                        count =>
                            format!("{} Werte, die keine Zeile der Tabelle hat", number(count)),
                    }
                )
            },
        },
    ],
};

/// One kind of leak.
pub struct Kind {
    pub id: &'static str,
    /// What there is none of, one of, several of; and what to do.
    none: &'static str,
    one: &'static str,
    many: &'static str,
    advice: &'static str,
}

impl Kind {
    fn meaning(&self, finding: &Finding) -> String {
        match real(finding) {
            0.0 => format!("{}.", self.none),
            1.0 => format!("{}: {}.", self.one, self.advice),
            count => format!("{} {}: {}.", number(count), self.many, self.advice),
        }
    }
}

const ANEW: &str = "die Datei ist aus ihren Zeilen neu zu schreiben, Kategorien als einfacher Text";
const WITHOUT: &str = "die Datei ist ohne diesen Eintrag ihrer Metadaten zu schreiben";
const SHUFFLE: &str =
    "die Zeilen sind vor dem Schreiben nach einem zufälligen Pseudonym zu sortieren";

pub static KINDS: [Kind; 21] = [
    Kind {
        id: "stale-dictionary",
        none: "Jeder Wert der Wörterbücher steht in einer Zeile",
        one: "Eine Spalte hat ein Wörterbuch mit Werten, die keine Zeile hat",
        many: "Spalten haben Wörterbücher mit Werten, die keine Zeile hat",
        advice: ANEW,
    },
    Kind {
        id: "stale-statistics",
        none: "Jede Grenze der Statistiken steht in einer Zeile",
        one: "Die Statistiken einer Spalte enthalten einen Wert, den keine Zeile hat",
        many: "Spalten haben Statistiken mit Werten, die keine Zeile hat",
        advice: "die Datei ist aus ihren Zeilen neu zu schreiben",
    },
    Kind {
        id: "hidden-bits",
        none: "Keine reellen Zahlen enthalten Bits, die kein Leseprogramm zeigt",
        one: "Eine Spalte reeller Zahlen enthält Bits, die kein Leseprogramm zeigt",
        many: "Spalten reeller Zahlen enthalten Bits, die kein Leseprogramm zeigt",
        advice: "fehlende Werte als Nullwerte und Nullen ohne Vorzeichen schreiben (0,0 addieren)",
    },
    Kind {
        id: "unreferenced-bytes",
        none: "Jedes Byte der Dateien gehört zu einem ihrer Teile",
        one: "Eine Datei hat Bytes, die zu keinem ihrer Teile gehören, etwa frühere Zeilen",
        many: "Dateien haben Bytes, die zu keinem ihrer Teile gehören, etwa frühere Zeilen",
        advice: "die Datei ist neu zu schreiben, statt sie an Ort und Stelle zu ändern",
    },
    Kind {
        id: "other-files",
        none: "In den Ordnern der Veröffentlichung liegen keine anderen Dateien",
        one: "In einem Ordner der Veröffentlichung liegt eine andere Datei, die mit veröffentlicht würde",
        many: "andere Dateien liegen in Ordnern der Veröffentlichung und würden mit veröffentlicht",
        advice: "zu entfernen ist, was nicht veröffentlicht werden soll; oder das Manifest begründet es: \
                 [release.beside] \"README.md\" = \"beschreibt die Spalten\"",
    },
    Kind {
        id: "origin",
        none: "Keine Metadaten nennen einen Pfad, eine Person oder einen Rechner",
        one: "Die Metadaten einer Datei nennen einen Pfad, eine Person oder einen Rechner",
        many: "Dateien haben Metadaten, die einen Pfad, eine Person oder einen Rechner nennen",
        advice: WITHOUT,
    },
    Kind {
        id: "foreign-columns",
        none: "Keine Metadaten nennen Spalten, die nicht in der Datei sind",
        one: "Die Metadaten einer Datei nennen Spalten, die nicht in ihr sind",
        many: "Dateien haben Metadaten, die Spalten nennen, die nicht in ihnen sind",
        advice: "die Spalten sind vor dem Schreiben der Datei zu entfernen, und sie ist ohne diesen Eintrag ihrer \
                 Metadaten zu schreiben",
    },
    Kind {
        id: "row-index",
        none: "Keine Metadaten nummerieren die Zeilen anders als nach ihrer Zahl",
        one: "Die Metadaten einer Datei sagen, welche Zeilen einer längeren Tabelle in ihr sind",
        many: "Dateien haben Metadaten, die sagen, welche Zeilen einer längeren Tabelle in ihnen sind",
        advice: "die Datei ist ohne Index zu schreiben (pandas: reset_index, index=False)",
    },
    Kind {
        id: "unknown-metadata",
        none: "Alle Metadaten sind von bekannter Art",
        one: "Eine Datei hat Metadaten, die dieses Programm nicht beurteilen kann",
        many: "Dateien haben Metadaten, die dieses Programm nicht beurteilen kann",
        advice: "sie sind anzusehen, oder die Datei ist ohne diesen Eintrag ihrer Metadaten zu schreiben",
    },
    Kind {
        id: "descriptions",
        none: "Keine Spalte hat in den Metadaten eine Beschreibung",
        one: "Eine Spalte hat in den Metadaten eine Beschreibung",
        many: "Spalten haben in den Metadaten eine Beschreibung",
        advice: "zu prüfen ist, ob sie veröffentlicht werden darf, oder die Datei ist ohne sie zu schreiben",
    },
    Kind {
        id: "statistics",
        none: "Keine Spalte, die ignoriert oder direkter Identifikator ist, hat Statistiken",
        one: "Die Statistiken einer Spalte, die ignoriert oder direkter Identifikator ist, enthalten Werte von ihr",
        many: "Spalten, die ignoriert oder direkte Identifikatoren sind, haben Statistiken mit Werten von ihnen",
        advice: "die Spalte ist wegzulassen, oder die Datei ist ohne Statistiken zu ihr zu schreiben",
    },
    Kind {
        id: "page-index",
        none: "Keine Spalte, die ignoriert oder direkter Identifikator ist, hat einen Seitenindex",
        one: "Der Seitenindex einer Spalte, die ignoriert oder direkter Identifikator ist, enthält Werte von ihr",
        many: "Spalten, die ignoriert oder direkte Identifikatoren sind, haben Seitenindizes mit Werten von ihnen",
        advice: "die Spalte ist wegzulassen, oder die Datei ist ohne Seitenindex zu ihr zu schreiben",
    },
    Kind {
        id: "bloom-filter",
        none: "Keine Spalte, die ignoriert oder direkter Identifikator ist, hat einen Bloom-Filter",
        one: "Der Bloom-Filter einer Spalte, die ignoriert oder direkter Identifikator ist, verrät, ob ein Wert in \
              ihr steht",
        many: "Spalten, die ignoriert oder direkte Identifikatoren sind, haben Bloom-Filter, die verraten, ob ein \
               Wert in ihnen steht",
        advice: "die Spalte ist wegzulassen, oder die Datei ist ohne Bloom-Filter zu ihr zu schreiben",
    },
    Kind {
        id: "subject-statistics",
        none: "Die Spalte der Person hat weder Statistiken noch einen Bloom-Filter",
        one: "Statistiken oder ein Bloom-Filter enthalten Pseudonyme neben den Zeilen und werden ohne diese gelesen",
        many: "Spalten von Personen haben Statistiken oder Bloom-Filter",
        advice: "unschädlich, wenn die Pseudonyme zufällig sind; andernfalls ist die Datei ohne Statistiken dazu \
                 zu schreiben",
    },
    Kind {
        id: "sorted-rows",
        none: "Die Zeilen sind nach keiner Spalte sortiert, die ignoriert oder direkter Identifikator ist",
        one: "Die Zeilen sind nach einer Spalte sortiert, die ignoriert oder direkter Identifikator ist: die \
              Reihenfolge bleibt, wenn die Spalte entfernt wird",
        many: "Spalten, die ignoriert oder direkte Identifikatoren sind, sortieren die Zeilen: die Reihenfolge \
               bleibt, wenn sie entfernt werden",
        advice: SHUFFLE,
    },
    Kind {
        id: "time-order",
        none: "Die Reihenfolge der Zeilen sagt über Zeiten nicht mehr als die Zeiten selbst",
        one: "Die Zeilen liegen genauer in zeitlicher Folge, als ihre Zeiten sagen: wer vor wem kam, ist ablesbar",
        many: "Zeitspalten sind durch die Reihenfolge der Zeilen genauer",
        advice: "die Zeilen sind vor dem Schreiben nach Pseudonym oder nach Zeit und Pseudonym zu sortieren",
    },
    Kind {
        id: "person-order",
        none: "Die Personen liegen nicht in der Reihenfolge einer Spalte, die ignoriert oder direkter \
               Identifikator ist",
        one: "Die Personen liegen in der Reihenfolge einer Spalte, die ignoriert oder direkter Identifikator ist",
        many: "Spalten, die ignoriert oder direkte Identifikatoren sind, geben die Reihenfolge der Personen in der \
               Datei wieder",
        advice: SHUFFLE,
    },
    Kind {
        id: "pseudonym-order",
        none: "Die Pseudonyme folgen keiner Reihenfolge",
        one: "Die Pseudonyme folgen einer Reihenfolge, wie es hochgezählte, in der Reihenfolge einer anderen Spalte \
              nummerierte oder aus einer Uhr gebildete tun",
        many: "Reihenfolgen folgen die Pseudonyme, wie es hochgezählte, in der Reihenfolge anderer Spalten nummerierte \
               oder aus einer Uhr gebildete tun",
        advice: "Pseudonyme zufällig ziehen und die Zeilen mischen oder nach Pseudonym sortieren",
    },
    Kind {
        id: "pseudonym-periods",
        none: "Wechselnde Pseudonyme folgen nicht aus den vorherigen",
        one: "Ein Pseudonym folgt aus einem des Zeitraums davor",
        many: "Pseudonyme folgen aus denen des Zeitraums davor: Personen lassen sich verfolgen, als behielten sie eines",
        advice: "die Pseudonyme jedes Zeitraums zufällig ziehen und dessen Zeilen mischen oder nach Pseudonym sortieren",
    },
    Kind {
        id: "tied-rows",
        none: "Keine Zeilen sind durch ihre Lage verbunden",
        one: "Eine Zeile ist durch ihre Lage mit anderen verbunden",
        many: "Zeilen gehören ihrer Lage nach anscheinend zusammen (nebeneinander, in einer Datei oder an derselben Stelle mehrerer \
               Dateien), sodass eine Person mehrfach zählt",
        advice: "die Zeilen über alle Dateien nach veröffentlichten Spalten sortieren oder mischen; haben Personen mehrere \
                 Zeilen, sie durch ein `subject` benennen",
    },
    Kind {
        id: "row-groups",
        none: "Zeilengruppen enden nicht öfter dort, wo Personen enden, als der Zufall es ergibt",
        one: "Eine Zeilengruppe endet dort, wo eine Person endet, was der Zufall kaum ergäbe",
        many: "Zeilengruppen enden dort, wo eine Person endet, was der Zufall kaum ergäbe: sie sind Schübe von \
               Personen",
        advice: "Zeilengruppen sind in gleicher Länge zu schreiben",
    },
];
