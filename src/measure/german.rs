//! The measures in German: for each the twin of its documentation, and the sentences of its findings.
//!
//! A twin says what the English says, no more and no less: as many assumptions, limits, settings and statistics, the
//! same figures, the same names in backticks. The tests compare them.

// The twins.
pub mod alpha_k_anonymity;
pub mod attribute_inference;
pub mod beta_likeness;
pub mod column_linkability;
pub mod copula_uniqueness;
pub mod declarations;
pub mod delta_disclosure;
pub mod delta_presence;
pub mod differencing;
pub mod direct_identifiers;
pub mod dominance;
pub mod file_leaks;
pub mod group_disclosure;
pub mod home_work;
pub mod homogeneity_attack;
pub mod individual_risk;
pub mod joined_tables;
pub mod journalist_risk;
pub mod k_anonymity;
pub mod k_map;
pub mod km_anonymity;
pub mod l_diversity;
pub mod location_attacks;
pub mod membership_inference;
pub mod opt_outs;
pub mod population_uniqueness;
pub mod pseudonym_rotation;
pub mod quasi_identifier_subsets;
pub mod re_identification_risk;
pub mod record_linkage;
pub mod release_sequence;
pub mod reversible_pseudonyms;
pub mod rhythm_uniqueness;
pub mod scaling_law;
pub mod sensitive_places;
pub mod small_cells;
pub mod suda;
pub mod suppression_audit;
pub mod t_closeness;
pub mod top_places;
pub mod trace_k;
pub mod trace_linkage;
pub mod trajectory_recovery;
pub mod undeclared_columns;
pub mod unicity;
pub mod unicity_population;
pub mod unicity_resolution;
pub mod uniqueness;

use crate::finding::Finding;
use crate::language::Language;

#[cfg(test)]
#[path = "../../tests/shared/figures.rs"]
mod shared;

/// What [`super::Doc`] says, in German. Sources are cited in the language they are written in.
pub struct Prose {
    pub title: &'static str,
    pub question: &'static str,
    pub adversary: &'static str,
    pub definition: &'static str,
    pub formula: &'static str,
    pub denominator: &'static str,
    pub nulls: &'static str,
    pub assumptions: &'static [&'static str],
    pub limits: &'static [&'static str],
    pub validation: &'static str,
    /// Of the table of figures, where there is one.
    pub table: Option<Header>,
    /// What each setting means, in the order of the English ones.
    pub settings: &'static [&'static str],
    /// In the order of the English ones.
    pub statistics: &'static [Spoken],
}

/// What stands over a table of figures; the figures are those of the English one.
pub struct Header {
    pub title: &'static str,
    pub header: &'static [&'static str],
    /// The cells that are words: the English and the German.
    pub words: &'static [(&'static str, &'static str)],
}

impl Header {
    /// A cell in German: words as they are given, figures with the decimal comma.
    pub fn cell(&self, english: &'static str) -> String {
        let mut words = self.words.iter().chain(POPULATIONS);
        match words.find(|(known, _)| *known == english) {
            Some((_, german)) => (*german).to_owned(),
            None => decimal_commas(english).replace(" %", "\u{202f}%"),
        }
    }
}

/// Was die Grenzen von Schätzverfahren für eine Grundgesamtheit über deren Konfidenzintervalle sagen.
const WIDENED: &str = "Das Konfidenzintervall der Stichprobenziehung allein wird auf beiden Seiten um den größten Vorhersagefehler, auf der \
                       Logit-Skala, von 39 zufälligen Teilen der Veröffentlichung erweitert. Jeder Teil sagt die \
                       Veröffentlichung selbst vorher und verhält sich zu ihr wie sie zur Grundgesamtheit, hat aber mindestens 200 \
                       Personen, wenn sie 400 oder mehr hat; der Fehler wird dann mit ln(N/n) / ln(n/Teil) multipliziert. Bei \
                       weniger als 100 Personen, oder wenn eine halbe Stichprobe oder ein Teil keinen Schätzwert liefert, umfasst das Konfidenzintervall alles \
                       Mögliche.";

/// The known populations of which samples are drawn, in the tables of several measures.
const POPULATIONS: &[(&str, &str)] = &[
    ("Adult 3 columns", "Adult, 3 Spalten"),
    ("Adult 4 columns", "Adult, 4 Spalten"),
    ("Adult 6 columns", "Adult, 6 Spalten"),
    ("customers", "Kunden"),
    ("visitors", "Besucher"),
    ("cabs", "Taxis"),
    ("households by week", "Haushaltswochen"),
];

/// What [`super::Statistic`] says, in German.
pub struct Spoken {
    pub name: &'static str,
    pub title: &'static str,
    /// What its denominator counts, in the dative: `von 30.162 Datensätzen`.
    pub of: &'static str,
    pub meaning: fn(&Finding) -> String,
}

const OF_KNOWN: &str = "Ein Nullwert ist ein eigener Wert, NaN gilt als Nullwert, -0,0 als 0,0. Mit \
                        `nulls = \"wildcard\"` passt ein Nullwert auf jeden Wert, und wo das Manifest eine Hierarchie \
                        angibt, passt ein Wert auf alle, die er umfasst: die Klasse eines Datensatzes sind dann alle, \
                        die auf ihn passen, und Klassen überlappen.";
const OF_KNOWN_AND_SENSITIVE: &str = "Ein Nullwert ist ein eigener Wert, NaN gilt als Nullwert, -0,0 als 0,0. Mit `nulls = \"wildcard\"` passt ein \
     Nullwert in einem Quasi-Identifikator auf jeden Wert, und wo das Manifest eine Hierarchie angibt, passt ein Wert \
     auf alle, die er umfasst: die Klasse eines Datensatzes sind dann alle, die auf ihn passen, und Klassen überlappen. \
     Ein Nullwert in der sensiblen Spalte ist stets ein eigener Wert.";
const COMPARED: &str = "Hat eine Person mehrere Zeilen, so verknüpft die Veröffentlichung selbst sie: wer eine findet, hat alle, und \
     wer mehrere kennt, findet sie an allen zugleich. Beides wird berichtet: `rows = each` vergleicht Zeile für Zeile, \
     und eine Person zählt einmal, in ihrer kleinsten Klasse; bei `rows = composite` bildet die Multimenge der Zeilen \
     einer Person ihre eine Klasse, auf Gleichheit verglichen. Zeilen ohne Subjekt, die das Manifest ausschließt, \
     werden als `rows = without-subject` berichtet: jede steht für eine eigene Person, unter den übrigen von ihnen \
     und den Personen, die ihr gleichen, und vergrößert die Klasse von niemand anderem.";
const RISK_THRESHOLD: &str =
    "Schwellen für `share_above`; hinzu kommen die, die eine Richtlinie nennt";
const CELL_THRESHOLD: &str = "Schwellen: weniger Personen sind für eine Zelle zu wenige; hinzu kommen die, die eine \
                              Richtlinie nennt";
const LARGEST_CIRCLE: &str = "höchste Zahl unbekannter Zählwerte, die die lineare Optimierung zusammen behandelt; mehr \
                              werden als nicht gemessen aufgeführt";
const OF_COUNTS: &str = "Ein fehlender Zählwert (Nullwert) wurde unterdrückt: er ist keiner der veröffentlichten; ebenso \
                         eine Null, wo das Manifest `zero = \"suppressed\"` sagt. In jeder anderen Spalte ist ein Nullwert \
                         ein eigener Wert.";
const UNDONE: &str = "Ein veröffentlichter Zählwert c steht für jede ganze Zahl n von Personen, deren Zählwert, mit \
                      `extrapolation` vervielfacht und nach `rounding` gerundet, c ist: bei einem Faktor e und Rundung \
                      auf das nächste Vielfache von r für (c − r/2)/e ≤ n ≤ (c + r/2)/e. Auf-, Ab- und zufälliges Runden \
                      lässt Vielfache, wie sie sind, und erreicht das nächste nicht: auf (c − r)/e < n ≤ c/e, ab c/e ≤ n < \
                      (c + r)/e, zufällig (c − r)/e < n < (c + r)/e. Bei zwei Stufen wurden Zählwerte unter einer Grenze \
                      zuerst zu einer Zahl, die dann für sie steht. Rauschen bekannter Breite w erweitert den Bereich nach \
                      beiden Seiten um w Personen. Ein Zählwert, der kein Vielfaches von r ist, wurde nicht so gerundet \
                      und steht für sich. Sagt das Manifest nichts über eine Rundung, so gelten ganze hochgerechnete \
                      Zählwerte als auf die nächste ganze Zahl gerundet.";
const FALL: &str = "Eine Zeile der Spuren fällt in die Zelle ihres Ortes (bei gleichen Werten) und des letzten \
                    Zeitabschnitts, der spätestens mit ihr beginnt und noch nicht zu Ende ist; ein Zeitabschnitt dauert \
                    so lange wie der häufigste Schritt von einer Zeit der Tabelle zur nächsten. Wird daneben nach \
                    Merkmalen unterschieden, so wird nur die Gesamtzahl betrachtet.";
const SHARE_ABOVE: Spoken = Spoken {
    name: "share_above",
    title: "Personen über der Risikoschwelle",
    of: "Personen",
    meaning: |f| {
        let threshold = parameter(f, "threshold");
        let share = percent(real(f));
        format!("Von allen Personen haben {share} ein Risiko über {threshold}.")
    },
};

/// A share in words, as [`super::percent`].
fn percent(share: f64) -> String {
    let sign = Language::German.percent_sign();
    match Language::German.fixed(share * 100.0, 1).as_str() {
        "0,0" if share > 0.0 => format!("weniger als 0,1{sign}"),
        "100,0" if share < 1.0 => format!("mehr als 99,9{sign}"),
        "0,0" | "−0,0" => format!("0{sign}"),
        "100,0" => format!("100{sign}"),
        rounded => format!("{rounded}{sign}"),
    }
}

use super::real;

/// A number with the digits it has: `1.234`, `0,05`.
fn number(number: f64) -> String {
    Language::German.number(number)
}

/// A number with so many decimal places: `12,50`.
fn fixed(number: f64, places: usize) -> String {
    Language::German.fixed(number, places)
}

/// A parameter of a finding: numbers in their German form.
fn parameter(finding: &Finding, name: &str) -> String {
    (finding.parameters.get(name))
        .map_or("?".to_owned(), |known| known.in_language(Language::German))
}

/// A parameter of a finding as machines read it, where a sentence depends on which it is.
fn key(finding: &Finding, name: &str) -> String {
    (finding.parameters.get(name)).map_or("?".to_owned(), ToString::to_string)
}

/// A text of figures with decimal commas.
fn decimal_commas(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| letters.get(at))
            .is_some_and(char::is_ascii_digit)
    };
    let letter = |(at, letter): (usize, &char)| match letter {
        '.' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => ',',
        other => *other,
    };
    letters.iter().enumerate().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{Doc, docs};
    use super::*;
    use crate::finding::{Number, Unit};

    /// The figures of a text in this language.
    fn figures(text: &str, language: Language) -> BTreeSet<String> {
        let (thousands, point) = language.pick((',', '.'), ('.', ','));
        shared::figures(text, thousands, point)
    }

    /// The texts of a measure in both languages, each pair with its name.
    fn pairs(
        doc: &'static Doc,
        german: &'static Prose,
    ) -> Vec<(String, &'static str, &'static str)> {
        let single = [
            ("title", doc.title, german.title),
            ("question", doc.question, german.question),
            ("adversary", doc.adversary, german.adversary),
            ("definition", doc.definition, german.definition),
            ("formula", doc.formula, german.formula),
            ("denominator", doc.denominator, german.denominator),
            ("nulls", doc.nulls, german.nulls),
            ("validation", doc.validation, german.validation),
        ];
        let mut pairs: Vec<_> = single
            .into_iter()
            .map(|(name, english, german)| (name.to_owned(), english, german))
            .collect();
        let lists = [
            ("assumption", doc.assumptions, german.assumptions),
            ("limit", doc.limits, german.limits),
        ];
        for (name, english, german) in lists {
            assert_eq!(english.len(), german.len(), "{}: {name}s", doc.id);
            let both = english.iter().zip(german).enumerate();
            pairs.extend(both.map(|(at, (a, b))| (format!("{name} {at}"), *a, *b)));
        }
        assert_eq!(doc.settings.len(), german.settings.len(), "{}", doc.id);
        for (setting, german) in doc.settings.iter().zip(german.settings) {
            pairs.push((setting.key.to_owned(), setting.meaning, german));
        }
        for (statistic, spoken) in doc.statistics.iter().zip(german.statistics) {
            pairs.push((statistic.name.to_owned(), statistic.title, spoken.title));
            pairs.push((statistic.name.to_owned(), statistic.of, spoken.of));
        }
        if let (Some(figures), Some(header)) = (doc.table, &german.table) {
            assert_eq!(figures.header.len(), header.header.len(), "{}", doc.id);
            pairs.push(("table".to_owned(), figures.title, header.title));
        }
        pairs
    }

    /// Names in backticks.
    fn names(text: &str) -> BTreeSet<&str> {
        text.split('`').skip(1).step_by(2).collect()
    }

    #[test]
    fn twins_say_what_the_english_says() {
        let mut faults = Vec::new();
        for doc in docs() {
            let german = doc.german;
            let own: Vec<&str> = doc.statistics.iter().map(|one| one.name).collect();
            let twins: Vec<&str> = german.statistics.iter().map(|one| one.name).collect();
            assert_eq!(own, twins, "{}", doc.id);
            assert_eq!(doc.table.is_some(), german.table.is_some(), "{}", doc.id);
            for (what, english, german) in pairs(doc, german) {
                let at = format!("{}, {what}:\n  {english}\n  {german}", doc.id);
                if names(english) != names(german) {
                    faults.push(format!("other names: {at}"));
                }
                if figures(english, Language::English) != figures(german, Language::German) {
                    faults.push(format!(
                        "other figures {:?} {:?}: {at}",
                        figures(english, Language::English),
                        figures(german, Language::German)
                    ));
                }
                // Names of methods are the same in every language.
                if english == german && english.contains(' ') {
                    faults.push(format!("not translated: {at}"));
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    /// Every sentence of every statistic, for values that take another branch: the same figures in both languages.
    #[test]
    fn sentences_have_the_same_figures() {
        let values = [0.0, 1.0, 2.0, 17.0, 0.37, 1_234.0].map(Number::Real);
        let mut faults = Vec::new();
        for doc in docs() {
            for (statistic, spoken) in doc.statistics.iter().zip(doc.german.statistics) {
                let values = values.into_iter().map(Some).chain([None]);
                for value in values {
                    let mut finding =
                        Finding::new(doc.id, statistic.name, doc.criterion, Unit::Ratio)
                            .parameter("k", 11)
                            .parameter("points", 4)
                            .parameter("population", 45_000)
                            .parameter("threshold", 0.05);
                    finding.value = value;
                    finding.denominator = Some(2_000);
                    let english = (statistic.meaning)(&finding);
                    let german = (spoken.meaning)(&finding);
                    let same = figures(&english, Language::English)
                        == figures(&german, Language::German)
                        && names(&english) == names(&german);
                    let is_said = english.is_empty() || english != german;
                    if !same || !is_said {
                        faults.push(format!("{}: {english}\n  {german}", finding.id()));
                    }
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn words_of_tables_are_in_them() {
        for doc in docs() {
            let (Some(figures), Some(header)) = (doc.table, &doc.german.table) else {
                continue;
            };
            for (english, _) in header.words {
                let is_there = figures.rows.iter().any(|row| row.contains(english));
                assert!(is_there, "{}: {english}", doc.id);
            }
        }
    }

    #[test]
    fn figures_are_read_in_both_forms() {
        let english = figures("1,234 of 0.05, x1 and 12.5 %", Language::English);
        let german = figures("1.234 von 0,05, x1 und 12,5\u{202f}%", Language::German);
        assert_eq!(english, german);
        assert_eq!(
            decimal_commas("0.063 (0.047–0.080). End."),
            "0,063 (0,047–0,080). End."
        );
    }
}
