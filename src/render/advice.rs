//! What would bring a finding under its threshold, in words: one line of a table for each measure, and what the
//! report itself knows of it (the column that contributes most, the first resolution that would pass, how many
//! persons or cells are too few).

mod known;

use self::known::{columns, counts, linked_rows, points, quoted};
use crate::finding::Finding;
use crate::language::Language;
use crate::report::Report;

/// What the report can say besides the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lever {
    /// The quasi-identifiers: which contributes most, and how many persons are in classes too small.
    Columns,
    /// Times and places: which resolution would pass.
    Points,
    /// Published counts: how many are too small.
    Counts,
    /// The words alone.
    Words,
}

use Lever::{Columns, Counts, Points, Words};

/// Of what, what is known besides, and the words in both languages.
type Line = (&'static str, Lever, &'static str, &'static str);

const OTHER_NOISE: [&str; 2] = [
    "The noise is not that of the stated mechanism: add the noise that was stated, or state what was added.",
    "Das Rauschen ist nicht das des angegebenen Mechanismus: das angegebene Rauschen zufügen oder angeben, \
     welches zugefügt wurde.",
];

/// `measure`, `measure.statistic` or `measure.statistic.kind`, the more special first; `{columns}` are those of the finding, `{sensitive}` its
/// sensitive column, `{table}` its table.
const ADVICE: &[Line] = &[
    ("k-anonymity", Columns, "", ""),
    ("uniqueness", Columns, "", ""),
    ("re-identification-risk", Columns, "", ""),
    ("quasi-identifier-subsets", Columns, "", ""),
    ("suda", Columns, "", ""),
    ("population-uniqueness", Columns, "", ""),
    ("copula-uniqueness", Columns, "", ""),
    ("scaling-law", Columns, "", ""),
    ("individual-risk", Columns, "", ""),
    (
        "joined-tables",
        Words,
        "Whoever has several of these tables joins them: give each table pseudonyms of its own so that they cannot be \
         linked, publish fewer of the columns {columns}, or generalise them. Tables read from the same file are one \
         table: declare all their quasi-identifiers together.",
        "Wer mehrere dieser Tabellen hat, verknüpft sie: jeder Tabelle eigene Pseudonyme geben, sodass sie sich nicht \
         verknüpfen lassen, weniger der Spalten {columns} veröffentlichen oder sie verallgemeinern. Tabellen aus \
         derselben Datei sind eine Tabelle: alle ihre Quasi-Identifikatoren zusammen angeben.",
    ),
    (
        "journalist-risk",
        Columns,
        "What the register knows too is what counts here: {columns}.",
        "Hier zählt, was auch das Register kennt: {columns}.",
    ),
    (
        "k-map",
        Columns,
        "What the register knows too is what counts here: {columns}.",
        "Hier zählt, was auch das Register kennt: {columns}.",
    ),
    (
        "record-linkage",
        Columns,
        "What the register knows too is what counts here: {columns}.",
        "Hier zählt, was auch das Register kennt: {columns}.",
    ),
    (
        "delta-presence",
        Columns,
        "Where everybody of a kind is in the release, being of that kind proves presence: publish a random part of the \
         persons, or",
        "Sind alle einer Art in der Veröffentlichung, so beweist die Zugehörigkeit zu dieser Art die \
         Anwesenheit: einen zufälligen Teil der Personen veröffentlichen oder",
    ),
    (
        "l-diversity",
        Columns,
        "Every class needs several values of {sensitive}: merge values of {sensitive} that must not be told apart \
         only if their group is itself harmless, or drop the column. Otherwise",
        "Jede Klasse braucht mehrere Werte von {sensitive}: Werte von {sensitive}, die nicht unterscheidbar \
         sein dürfen, nur dann zusammenfassen, wenn ihre Gruppe selbst unverfänglich ist, oder die Spalte \
         weglassen. Andernfalls",
    ),
    (
        "t-closeness",
        Columns,
        "Every class must look like the whole table in {sensitive}: larger classes do, small ones cannot. Drop \
         {sensitive}, or publish it in a table of its own without the other columns. Otherwise",
        "Jede Klasse muss in {sensitive} der ganzen Tabelle gleichen: große Klassen tun das, kleine können es \
         nicht. {sensitive} weglassen oder in einer eigenen Tabelle ohne die anderen Spalten veröffentlichen. \
         Andernfalls",
    ),
    (
        "beta-likeness",
        Columns,
        "Every class must look like the whole table in {sensitive}: drop {sensitive}, or merge its rare values. \
         Otherwise",
        "Jede Klasse muss in {sensitive} der ganzen Tabelle gleichen: {sensitive} weglassen oder die seltenen \
         Werte zusammenfassen. Andernfalls",
    ),
    (
        "delta-disclosure",
        Columns,
        "Every class must hold every value of {sensitive}: drop {sensitive}, or merge its rare values. Otherwise",
        "Jede Klasse muss jeden Wert von {sensitive} enthalten: {sensitive} weglassen oder die seltenen Werte \
         zusammenfassen. Andernfalls",
    ),
    (
        "alpha-k-anonymity",
        Columns,
        "No value of {sensitive} may fill a class: drop {sensitive}, or merge its values. Otherwise",
        "Kein Wert von {sensitive} darf eine Klasse ausfüllen: {sensitive} weglassen oder Werte zusammenfassen. \
         Andernfalls",
    ),
    (
        "homogeneity-attack",
        Columns,
        "A class whose persons all share one value of {sensitive} gives it away: drop {sensitive}, leave such classes \
         out, or make the classes larger:",
        "Eine Klasse, deren Personen alle denselben Wert von {sensitive} haben, gibt ihn preis: {sensitive} \
         weglassen, solche Klassen auslassen oder die Klassen vergrößern:",
    ),
    (
        "group-disclosure",
        Words,
        "Members of a group all share a value of {sensitive}: merge the group with others, drop {sensitive}, or leave such \
         groups out. Of counts, merge cells along the other columns; where rows of small counts were dropped, say so with \
         absent = \"suppressed\". Where everybody knows why the group has one value, state it under `harmless`.",
        "In einer Gruppe haben alle denselben Wert von {sensitive}: die Gruppe mit anderen zusammenfassen, {sensitive} \
         weglassen oder solche Gruppen auslassen. Bei Zählwerten Zellen entlang der anderen Spalten zusammenfassen; \
         wurden Zeilen kleiner Zählwerte weggelassen, es mit absent = \"suppressed\" sagen. Wissen alle, warum die Gruppe \
         nur einen Wert hat, es unter `harmless` begründen.",
    ),
    (
        "attribute-inference",
        Columns,
        "The other columns predict {sensitive}: drop {sensitive}, tell it in broader bands, or",
        "Die anderen Spalten sagen {sensitive} voraus: {sensitive} weglassen, in breiteren Bändern angeben oder",
    ),
    (
        "column-linkability",
        Words,
        "The two sources agree in too much: publish fewer of the columns {columns} in one of them, or tell them more \
         coarsely.",
        "Die beiden Quellen stimmen in zu vielem überein: in einer von ihnen weniger der Spalten {columns} \
         veröffentlichen oder sie gröber angeben.",
    ),
    ("unicity", Points, "", ""),
    ("unicity-resolution", Points, "", ""),
    ("unicity-population", Points, "", ""),
    ("km-anonymity", Points, "", ""),
    (
        "trace-k",
        Points,
        "Cut the traces into shorter ones under new pseudonyms that cannot be linked, or",
        "Die Spuren in kürzere unter neuen, nicht verknüpfbaren Pseudonymen zerlegen oder",
    ),
    (
        "top-places",
        Words,
        "The places where somebody is most often are the person: tell {columns} more coarsely (larger cells, districts), \
         leave out the nights, or change the pseudonym so often that no place becomes the most frequent.",
        "An den Orten, an denen jemand am häufigsten ist, ist die Person zu erkennen: {columns} gröber angeben \
         (größere Zellen, Bezirke), die Nächte auslassen oder das Pseudonym so oft wechseln, dass kein Ort zum \
         häufigsten wird.",
    ),
    (
        "home-work",
        Words,
        "Home and work are the person: tell {columns} by districts, cut off the surroundings of the places where a trace \
         spends its nights and its working hours, or publish counts in place of traces.",
        "An Wohn- und Arbeitsort ist die Person zu erkennen: {columns} nach Bezirken angeben, die Umgebung der \
         Orte abschneiden, an denen eine Spur ihre Nächte und ihre Arbeitszeit verbringt, oder statt Spuren \
         Zählwerte veröffentlichen.",
    ),
    (
        "location-attacks",
        Words,
        "Publish {columns} more coarsely, drop places with few visitors, or shorten the traces under new pseudonyms.",
        "{columns} gröber angeben, Orte mit wenigen Besuchern weglassen oder die Spuren unter neuen Pseudonymen \
         kürzen.",
    ),
    (
        "rhythm-uniqueness",
        Words,
        "The hours at which things happen are as telling as a name: tell {columns} by parts of the day or by days, or \
         publish counts per day in place of events.",
        "Die Stunden, zu denen etwas geschieht, verraten so viel wie ein Name: {columns} nach Tagesabschnitten \
         oder Tagen angeben oder statt der Ereignisse Zählwerte je Tag veröffentlichen.",
    ),
    (
        "sensitive-places",
        Words,
        "Drop the rows at the sensitive places and around them, or merge their cells with ones that many persons visit \
         for harmless reasons.",
        "Die Zeilen an den sensiblen Orten und in deren Umgebung weglassen oder ihre Zellen mit solchen \
         zusammenfassen, die viele Personen aus unverfänglichen Gründen besuchen.",
    ),
    (
        "trace-linkage",
        Words,
        "Persons are found again by their habits, whatever they are called: tell places and times more coarsely, change \
         pseudonyms more often, release shorter periods, or publish counts in place of traces. A new pseudonym alone does \
         not help.",
        "Personen werden an ihren Gewohnheiten wiedererkannt, wie immer sie heißen: Orte und Zeiten gröber \
         angeben, Pseudonyme öfter wechseln, kürzere Zeiträume veröffentlichen oder statt Spuren Zählwerte. Ein \
         neues Pseudonym allein hilft nicht.",
    ),
    (
        "pseudonym-rotation",
        Words,
        "Change pseudonyms more often, at moments when nothing is recorded, and never for everybody at the place where \
         they were last seen; tell places more coarsely.",
        "Pseudonyme öfter wechseln, zu Zeiten, zu denen nichts aufgezeichnet wird, und nie bei allen an dem \
         Ort, an dem sie zuletzt gesehen wurden; Orte gröber angeben.",
    ),
    (
        "release-sequence",
        Words,
        "Draw new pseudonyms for each release, keep the same bands and cells from release to release, and do not publish \
         again what hardly changed.",
        "Für jede Veröffentlichung neue Pseudonyme ziehen, Bänder und Zellen von einer zur nächsten beibehalten \
         und nicht erneut veröffentlichen, was sich kaum geändert hat.",
    ),
    (
        "opt-outs.present",
        Words,
        "Delete every row of the persons on the list of objections from all tables that still hold any, by all identifiers under \
         which they occur, before pseudonyms are drawn; then build all other tables and counts from what is left.",
        "Alle Zeilen der Personen auf der Liste der Widersprüche aus allen Tabellen löschen, die noch welche \
         enthalten, nach allen Identifikatoren, unter denen sie vorkommen, und bevor Pseudonyme gezogen werden; \
         dann alle übrigen Tabellen und Zählwerte aus dem bilden, was bleibt.",
    ),
    (
        "opt-outs.derivable",
        Words,
        "The counts before and after the objection differ by one person: publish the counts anew for both periods, \
         rounded, or suppress those that differ by few.",
        "Die Zählwerte vor und nach dem Widerspruch unterscheiden sich um eine Person: die Zählwerte beider \
         Zeiträume gerundet neu veröffentlichen oder diejenigen unterdrücken, die sich um wenige unterscheiden.",
    ),
    (
        "opt-outs",
        Words,
        "Who objected is still there under a new pseudonym: delete their rows at the source, not their pseudonym.",
        "Wer widersprochen hat, ist unter einem neuen Pseudonym noch da: die Zeilen an der Quelle löschen, \
         nicht das Pseudonym.",
    ),
    ("small-cells", Counts, "", ""),
    (
        "differencing",
        Words,
        "Tables that can be subtracted from each other need one protection together: suppress the parts of a sum with the \
         sum, publish {table} and what it is compared with by the same places, times and groups only, or round all of \
         them to multiples of the threshold.",
        "Tabellen, die sich voneinander abziehen lassen, brauchen einen gemeinsamen Schutz: die Teile einer \
         Summe mit der Summe unterdrücken, {table} und das, womit sie verglichen wird, nur nach denselben \
         Orten, Zeiten und Gruppen veröffentlichen oder alle auf Vielfache der Schwelle runden.",
    ),
    (
        "suppression-audit",
        Words,
        "A suppressed count that its total gives away needs a second one suppressed in the same sum, or the total \
         rounded or withdrawn.",
        "Ein unterdrückter Zählwert, den seine Summe preisgibt, erfordert, dass ein zweiter in derselben Summe \
         unterdrückt oder die Summe gerundet oder zurückgezogen wird.",
    ),
    (
        "dominance",
        Words,
        "Merge cells in which one contributor makes up most, or suppress them; limit how much one person may add to a \
         count.",
        "Zellen, in denen ein Beteiligter das meiste ausmacht, zusammenfassen oder unterdrücken; begrenzen, wie \
         viel eine Person zu einem Zählwert beitragen darf.",
    ),
    (
        "membership-inference.noise_p_value",
        Words,
        OTHER_NOISE[0],
        OTHER_NOISE[1],
    ),
    (
        "membership-inference.noise_consistent",
        Words,
        OTHER_NOISE[0],
        OTHER_NOISE[1],
    ),
    (
        "membership-inference.noise_ratio",
        Words,
        OTHER_NOISE[0],
        OTHER_NOISE[1],
    ),
    (
        "membership-inference.persons_beyond_sensitivity",
        Words,
        "Limit how many counts one person may add to, before the noise is added.",
        "Vor dem Rauschen begrenzen, zu wie vielen Zählwerten eine Person beitragen darf.",
    ),
    (
        "membership-inference",
        Words,
        "So many exact counts reveal who was counted: publish fewer of them (longer hours, larger places), suppress small \
         ones, limit how many counts one person adds to, and add noise with a stated guarantee (differential privacy).",
        "So viele genaue Zählwerte verraten, wer gezählt wurde: weniger davon veröffentlichen (längere \
         Zeitabschnitte, größere Orte), kleine unterdrücken, begrenzen, zu wie vielen Zählwerten eine Person \
         beiträgt, und Rauschen mit angegebener Garantie zufügen (Differential Privacy).",
    ),
    (
        "trajectory-recovery",
        Words,
        "The counts follow each other so closely that ways can be put together: publish them by longer hours and larger \
         places, and suppress or round the small ones.",
        "Die Zählwerte folgen so dicht aufeinander, dass sich Wege zusammensetzen lassen: nach längeren \
         Zeitabschnitten und größeren Orten veröffentlichen und die kleinen unterdrücken oder runden.",
    ),
    (
        "declarations",
        Words,
        "Correct what the manifest of the release says of {table}, and audit it again: every other measure of its counts relies \
         on it.",
        "Berichtigen, was das Manifest über {table} sagt, und erneut prüfen: alle anderen Maße ihrer Zählwerte stützen \
         sich darauf.",
    ),
    (
        "direct-identifiers",
        Words,
        "Delete {columns} from {table}, or put a random number in place of each value that is kept nowhere else. Names, \
         addresses and dates that are nobody's are answered for under `[table.harmless]`.",
        "{columns} aus {table} löschen oder jeden Wert durch eine Zufallszahl ersetzen, die sonst nirgends \
         aufbewahrt wird. Namen, Anschriften und Daten, die zu keiner Person gehören, lassen sich unter \
         `[table.harmless]` begründen.",
    ),
    (
        "undeclared-columns.second_identifiers",
        Words,
        "Delete {columns} from {table}, or replace it by the pseudonym of the person; what is nobody's number is \
         answered for under `[table.harmless]`.",
        "{columns} aus {table} löschen oder durch das Pseudonym der Person ersetzen; eine Nummer, die zu keiner Person \
         gehört, lässt sich unter `[table.harmless]` begründen.",
    ),
    (
        "undeclared-columns.private_attributes",
        Words,
        "State under `[table.harmless]` why {columns} say nothing of anybody, or list them under `sensitive`.",
        "Unter `[table.harmless]` begründen, warum {columns} über niemanden etwas sagen, oder unter `sensitive` aufführen.",
    ),
    (
        "undeclared-columns.known_attributes",
        Words,
        "Move {columns} of {table} from `sensitive` to `quasi_identifiers`, for others know it; where nobody can, say \
         why under `[table.harmless]`.",
        "{columns} in {table} von `sensitive` nach `quasi_identifiers` verschieben, denn andere kennen die Werte; wo \
         niemand sie kennen kann, unter `[table.harmless]` begründen, warum.",
    ),
    (
        "undeclared-columns",
        Words,
        "Give {columns} of {table} a role, so that it is measured, or delete it; where nobody can know its values, say \
         why under `[table.harmless]`.",
        "{columns} in {table} eine Rolle geben, damit sie gemessen wird, oder löschen; wo niemand die Werte kennen \
         kann, unter `[table.harmless]` begründen, warum.",
    ),
    (
        "reversible-pseudonyms",
        Words,
        "Draw {columns} at random, or compute it with a keyed hash (HMAC) whose key is destroyed; a plain hash of a \
         number that can be counted through protects nobody. All tables that carry it need the new one.",
        "{columns} zufällig ziehen oder mit einem schlüsselabhängigen Hash (HMAC) berechnen, dessen Schlüssel \
         vernichtet wird; ein bloßer Hash einer Zahl, die sich durchzählen lässt, schützt niemanden. Alle \
         Tabellen mit dieser Spalte brauchen die neuen Werte.",
    ),
    (
        "file-leaks.leaks.pseudonym-order",
        Words,
        "Draw the pseudonyms at random, anew for every person, and then shuffle the rows or sort them by pseudonym: \
         writing the files again does not change the order that the pseudonyms follow.",
        "Die Pseudonyme für jede Person neu und zufällig ziehen und danach die Zeilen mischen oder nach Pseudonym \
         sortieren: die Dateien neu zu schreiben ändert nichts an der Reihenfolge, der die Pseudonyme folgen.",
    ),
    (
        "file-leaks.leaks.pseudonym-periods",
        Words,
        "Draw the pseudonyms of each period at random and independently of those before, and shuffle the rows of each period \
         or sort them by pseudonym.",
        "Die Pseudonyme jedes Zeitraums zufällig und unabhängig von den vorherigen ziehen und die Zeilen jedes Zeitraums \
         mischen oder nach Pseudonym sortieren.",
    ),
    (
        "file-leaks.leaks.tied-rows",
        Words,
        "Shuffle the rows of {table} over all of its files, or sort them by published columns; if persons have several rows, \
         publish a pseudonym as `subject`, so that a person is not counted several times.",
        "Die Zeilen von {table} über alle Dateien mischen oder nach veröffentlichten Spalten sortieren; haben Personen mehrere \
         Zeilen, ein Pseudonym als `subject` veröffentlichen, damit eine Person nicht mehrfach zählt.",
    ),
    (
        "file-leaks.leaks.hidden-bits",
        Words,
        "In {columns} of {table} write missing values as nulls, and zeros without a sign (add 0.0).",
        "In {columns} von {table} fehlende Werte als Nullwerte schreiben und Nullen ohne Vorzeichen (0,0 addieren).",
    ),
    (
        "file-leaks",
        Words,
        "Write the files anew from the rows that are meant to be published: never edit or filter a file in place. \
         Nothing of the old file is taken over then.",
        "Die Dateien neu schreiben, aus den Zeilen, die veröffentlicht werden sollen: nie eine Datei an Ort und \
         Stelle bearbeiten oder filtern. So wird nichts aus der alten Datei übernommen.",
    ),
];

/// What to change for a finding to meet what is asked of it.
pub fn advice(finding: &Finding, report: &Report, language: Language) -> String {
    let Some((_, lever, english, german)) = line(finding) else {
        return String::new();
    };
    if let Some(text) = linked_rows(finding, language) {
        return text;
    }
    let named = |columns: &[String]| match columns.is_empty() {
        true => language.pick("the column", "die Spalte").to_owned(),
        false => quoted(columns, language),
    };
    let sensitive = finding.parameters.get("sensitive").map_or_else(
        || {
            language
                .pick("the sensitive column", "der sensiblen Spalte")
                .to_owned()
        },
        |name| format!("`{name}`"),
    );
    let words = language
        .pick(english, german)
        .replace("{columns}", &named(&finding.columns))
        .replace("{sensitive}", &sensitive)
        .replace("{table}", &format!("`{}`", finding.table));
    let known = match lever {
        Columns => columns(finding, report, language, !continues(&words)),
        Points => points(finding, report, language, !continues(&words)),
        Counts => counts(finding, language),
        Words => String::new(),
    };
    format!("{words} {known}").trim().to_owned()
}

/// The line of the table, the more special first.
fn line(finding: &Finding) -> Option<&'static Line> {
    let known = |id: &str| ADVICE.iter().find(|(of, ..)| *of == id);
    let kind = finding.parameters.get("kind");
    let of_kind = kind.map(|kind| format!("{}.{kind}", finding.id()));
    of_kind
        .and_then(|id| known(&id))
        .or_else(|| known(&finding.id()))
        .or_else(|| known(&finding.measure))
}

/// Whether what follows goes on with the sentence.
fn continues(words: &str) -> bool {
    !words.is_empty() && !words.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Criterion, Outcome, Requirement, Unit};
    use crate::measure;
    use crate::render::fixture;

    fn asked(mut finding: Finding, min: Option<f64>, max: Option<f64>) -> Finding {
        let outcome = Outcome::Fail;
        finding.requirement = Some(Requirement { min, max, outcome });
        finding
    }

    /// A policy may ask for any statistic: each has its advice, and no line is for nothing.
    #[test]
    fn every_statistic_has_its_advice() {
        let report = fixture::report();
        for doc in measure::docs() {
            for statistic in doc.statistics {
                let mut finding =
                    Finding::new(doc.id, statistic.name, doc.criterion, Unit::Share).value(1.0);
                finding.table = "subscribers".to_owned();
                let text = advice(&asked(finding, None, Some(0.0)), &report, Language::English);
                assert!(text.ends_with('.'), "{}.{}: {text}", doc.id, statistic.name);
                assert!(!text.contains('{') && !text.contains("  "), "{text}");
            }
        }
        for (of, ..) in ADVICE {
            let is_measure = measure::docs().any(|doc| doc.id == *of);
            let is_statistic = |id: &str| measure::statistic_by_id(id).is_some();
            let of_kind = of.rsplit_once('.').is_some_and(|(id, _)| is_statistic(id));
            assert!(is_measure || is_statistic(of) || of_kind, "{of}");
        }
    }

    #[test]
    fn the_column_that_contributes_most_is_named() {
        let mut report = fixture::report();
        for (column, share) in [("age", 0.2), ("postcode", 0.6), ("gender", 0.0)] {
            let mut finding = Finding::new(
                "quasi-identifier-subsets",
                "contribution",
                Criterion::SinglingOut,
                Unit::Share,
            )
            .columns(&[column.to_owned()])
            .value(share);
            finding.table = "subscribers".to_owned();
            report.findings.push(finding);
        }
        let text = advice(&report.findings[0], &report, Language::English);
        assert!(text.starts_with("Coarsen `postcode`"), "{text}");
        assert!(text.contains("then `age` (20.0 %)"), "{text}");
        // 1,950 of 1,967 are in classes below 11, as the fixture has it.
        assert!(text.ends_with("they are 99.14 % of all."), "{text}");
    }

    #[test]
    fn the_first_resolution_that_passes_is_named() {
        let mut report = fixture::report();
        let unicity = report
            .findings
            .iter()
            .find(|finding| finding.measure == "unicity" && finding.requirement.is_some())
            .unwrap()
            .clone();
        let none = advice(&unicity, &report, Language::English);
        assert!(none.contains("Otherwise cut the traces"), "{none}");
        for (time, share) in [("1h", 0.8), ("4h", 0.3), ("1d", 0.04), ("7d", 0.01)] {
            let mut finding = Finding::new(
                "unicity-resolution",
                "share_unique",
                Criterion::SinglingOut,
                Unit::Share,
            )
            .parameter("points", 4)
            .parameter("time", time)
            .parameter("place", "column")
            .value(share);
            finding.table = "movements".to_owned();
            report.findings.push(finding);
        }
        let text = advice(&unicity, &report, Language::English);
        assert!(
            text.contains("With times by 1 day and places as they are it would pass: 4.0 %"),
            "{text}"
        );
        let strict = asked(unicity, None, Some(0.001));
        let text = advice(&strict, &report, Language::English);
        assert!(text.contains("None of the 4 resolutions"), "{text}");
    }

    #[test]
    fn few_counts_are_suppressed_and_many_made_coarser() {
        let cells = |few| {
            let mut finding =
                Finding::new("small-cells", "cells", Criterion::SinglingOut, Unit::Cells)
                    .parameter("k", 11)
                    .count(few, Some(1_000));
            finding.table = "footfall".to_owned();
            advice(
                &asked(finding, None, Some(0.0)),
                &fixture::report(),
                Language::English,
            )
        };
        assert!(cells(50).starts_with("Suppress the 50 counts below 11 (5.0 % of all)"));
        assert!(cells(900).starts_with("Publish `footfall` by larger places"));
    }
}
