//! Group disclosure in German.

use super::{Prose, Spoken, key, number, parameter, real};
use crate::finding::Finding;

pub static PROSE: Prose = Prose {
    title: "Gruppenoffenlegung",
    question: "Verrät die Zugehörigkeit zu einer Gruppe etwas Sensibles über alle in ihr: in Zählwerten, in Spuren, über \
               mehrere Zeilen oder Spalten oder wo die meisten Werte fehlen?",
    adversary: "Weiß, zu welcher Gruppe eine Person gehört, nach Quasi-Identifikatoren, nach einem oder vier Punkten einer \
                Spur oder nach der Zelle, in der sie gezählt ist, und will einen sensiblen Wert; muss den Datensatz der \
                Person dafür nicht finden.",
    definition: "Sensibel sind die Spalten unter `sensitive`. Unter den Quasi-Identifikatoren, in Tabellen von Zählwerten \
                 unter allen Spalten außer Zeiten und in Spuren unter Dingen, Orten und ignorierten Spalten gelten auch \
                 jene als sensibel, die wie eine Krankheit, ein Einkommen oder eine Religion heißen oder deren Werte von dieser Art sind: \
                 Codes der ICD-10 oder der ATC-Klassifikation, Namen von Krankheiten, Religionen, Parteien oder \
                 sexuellen Orientierungen, sofern `[table.harmless]` keine Begründung gibt. Eine Gruppe verrät einen Wert, \
                 wenn ihn mindestens vier von fünf ihrer Mitglieder haben, von denen überhaupt ein Wert bekannt ist, und \
                 sein Anteil in ihr den in der Tabelle um mehr als 0,2 übersteigt. Mikrodaten (`by` = `class`): Gruppen sind \
                 die Personen, die in den Quasi-Identifikatoren einer Zeile übereinstimmen, und die, deren Zeilen insgesamt \
                 übereinstimmen; einen Wert hat, wer ihn in mindestens einer Zeile hat, und Nullwerte und Wörter wie \
                 „unbekannt“ sind kein Wert. `by` = `columns`: dasselbe, wenn einen Wert hat, wer ihn in mindestens einer \
                 von mehreren sensiblen Spalten hat, die drei oder mehr Werte gemeinsam haben. Bei einer Spalte unter den \
                 Quasi-Identifikatoren bilden die übrigen die Gruppen. Spuren (`by` = `points`): Gruppen sind die Personen, \
                 die einen Punkt gemeinsam haben oder vier zufällig gezogene; alle in der Gruppe müssen den Wert haben, und zwar \
                 anderswo als in den Punkten selbst; bei Spalten von Dingen oder Orten, die nicht im Ganzen sensibel sind, \
                 zählen nur Werte, die Kliniken, Gotteshäuser und Ähnliches benennen. Zählwerte (`by` = `counts`): Gruppen \
                 sind die Zellen, die sich nur in der sensiblen Spalte unterscheiden, über andere sensible Spalten summiert; \
                 der Anteil ist der kleinste, den die Zählwerte zulassen, wobei ausgelassene Zellen eins weniger als den \
                 kleinsten veröffentlichten Zählwert enthalten können und nicht mehr, als eine Summe übrig lässt. Fehlende \
                 Zellen sind leer, sofern das Manifest nicht `absent = \"suppressed\"` sagt.",
    formula: "Personen und Spuren: bei m Mitgliedern mit bekanntem Wert, von denen x den Wert v haben, und dem Anteil p von v \
              an allen Personen mit bekanntem Wert gilt x ≥ 0,8·m, x/m − p > 0,2 und P(Bin(m, p) ≥ x) ≤ 0,01/(Gruppen · \
              Werte), nach der Schranke von Chernoff; oder, wo Gruppen sich nicht überschneiden, für ein m₀ ≥ 2: von den \
              Gruppen mit m ≥ m₀ verrät mindestens die Hälfte einen Wert und viermal so viele wie erwartet, E = Σ min(1, \
              Σ_v P(Bin(m, p_v) ≥ ⌈0,8·m⌉)), mit einer Poisson-Wahrscheinlichkeit von höchstens 0,001 durch die Zahl der Größen. \
              Zählwerte: kleinstes n_v / (kleinstes n_v + Σ größte n_w über die anderen Werte w) ≥ 0,8, und dieser Anteil \
              weniger dem in der Tabelle > 0,2.",
    denominator: "Personen, von denen ein Wert bekannt ist; bei Zählwerten die Personen in allen Zellen, jede einmal je \
                  Gruppe; bei vier Punkten die gezogenen Personen; bei `groups` Gruppen.",
    nulls: "Ein Nullwert in einer sensiblen Spalte ist hier kein Wert, ebenso wenig ein Text, der sagt, dass er unbekannt ist. In anderen \
            Spalten ist ein Nullwert ein eigener Wert, und Datensätze werden auf Gleichheit verglichen. Ein Zählwert, der \
            null ist, wurde ausgelassen.",
    assumptions: &[
        "Werte fehlen oder wurden in Zeilen ausgelassen, unabhängig davon, wie sie lauten: wessen Wert fehlt, der gilt als \
         wie die anderen der Gruppe.",
        "Unter der Hypothese, dass eine Gruppe nichts über den Wert sagt, sind ihre Mitglieder eine zufällige Stichprobe \
         der Tabelle.",
    ],
    limits: &[
        "Ein Wert, den ohnehin vier von fünf Personen der Tabelle haben, gilt nie als verraten.",
        "Gruppen mit wenigen bekannten Werten können zufällig übereinstimmen und werden übergangen, außer bei den meisten \
         Gruppen ist es so.",
        "Welche Spalten sensibel sind, muss das Manifest sagen; Namen und Werte lassen nur die üblichen erkennen. Hat eine \
         Gruppe aus einem Grund, den alle kennen, einen einzigen Wert (Kinder sind nicht erwerbstätig), so sagt es \
         `[table.harmless]`.",
        "Zählwerte, deren Zeilen weggelassen wurden, lassen sich von Nullen nicht unterscheiden: `absent = \"suppressed\"` \
         sagt es, und es wird geglaubt.",
        "In einer Spur genügt eine Person mit einem anderen Wert unter denen, die einen Punkt gemeinsam haben, um ihn zu \
         verbergen.",
    ],
    validation: "Eingepflanzte Gruppen werden in erzeugten Mikrodaten, Spuren und Zählwerten gefunden und keine, wo die Werte \
                 unter den Personen vertauscht wurden; was die Mitglieder einer Gruppe gemeinsam haben, stimmt auf \
                 zufälligen Daten mit einer Auszählung aller Werte überein.",
    table: None,
    settings: &[],
    statistics: &[
        Spoken {
            name: "persons_disclosed",
            title: "Personen, deren Gruppe einen sensiblen Wert verrät",
            of: "Personen mit bekanntem Wert",
            meaning: |f| match (f.columns.is_empty(), real(f)) {
                (true, _) => {
                    "Keine Spalte ist als sensibel angegeben oder sieht danach aus.".to_owned()
                }
                (_, 0.0) => format!(
                    "Keine Gruppe verrät {} {}.",
                    parameter(f, "sensitive"),
                    means(f)
                ),
                (_, 1.0) => format!(
                    "1 Person gehört zu einer Gruppe, die {} {} verrät.",
                    parameter(f, "sensitive"),
                    means(f)
                ),
                (_, persons) => format!(
                    "{} Personen gehören zu Gruppen, die {} {} verraten.",
                    number(persons),
                    parameter(f, "sensitive"),
                    means(f)
                ),
            },
        },
        Spoken {
            name: "groups",
            title: "Gruppen, die einen sensiblen Wert verraten",
            of: "Gruppen",
            meaning: |f| match real(f) {
                1.0 => format!(
                    "1 Gruppe verrät {} {}.",
                    parameter(f, "sensitive"),
                    means(f)
                ),
                groups => format!(
                    "{} Gruppen verraten {} {}.",
                    number(groups),
                    parameter(f, "sensitive"),
                    means(f)
                ),
            },
        },
    ],
};

fn means(finding: &Finding) -> &'static str {
    match key(finding, "by").as_str() {
        "columns" => "durch mehrere Spalten zusammen",
        "points" => "an jemanden, der Punkte einer Spur kennt,",
        "counts" => "durch Zählwerte eines einzigen Wertes",
        _ => "von den meisten Mitgliedern, deren Wert bekannt ist,",
    }
}
