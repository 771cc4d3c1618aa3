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
pub mod delta_disclosure;
pub mod delta_presence;
pub mod differencing;
pub mod direct_identifiers;
pub mod dominance;
pub mod file_leaks;
pub mod home_work;
pub mod homogeneity_attack;
pub mod individual_risk;
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

use crate::finding::Finding;
use crate::language::Language;

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
        let mut words = self.words.iter();
        match words.find(|(known, _)| *known == english) {
            Some((_, german)) => (*german).to_owned(),
            None => decimal_commas(english),
        }
    }
}

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
                        angibt, passt ein Wert auf alle, die er umfasst: Die Klasse eines Datensatzes sind dann alle, \
                        die auf ihn passen, und Klassen überlappen.";
const OF_KNOWN_AND_SENSITIVE: &str = "Ein Nullwert ist ein eigener Wert, NaN gilt als Nullwert, -0,0 als 0,0. Mit `nulls = \"wildcard\"` passt ein \
     Nullwert in einem Quasi-Identifikator auf jeden Wert, und wo das Manifest eine Hierarchie angibt, passt ein Wert \
     auf alle, die er umfasst: Die Klasse eines Datensatzes sind dann alle, die auf ihn passen, und Klassen überlappen. \
     Ein Nullwert in der sensiblen Spalte ist stets ein eigener Wert.";
const RISK_THRESHOLD: &str =
    "Schwellen für `share_above`; hinzu kommen die, die eine Richtlinie nennt";
const CELL_THRESHOLD: &str = "Schwellen: weniger Personen sind für eine Zelle zu wenige; hinzu kommen die, die eine \
                              Richtlinie nennt";
const LARGEST_CIRCLE: &str = "höchste Zahl unbekannter Zählwerte, die die lineare Optimierung zusammen behandelt; mehr \
                              werden als nicht gemessen aufgeführt";
const OF_COUNTS: &str = "Ein fehlender Zählwert (Nullwert) wurde unterdrückt: Er ist keiner der veröffentlichten. In \
                         jeder anderen Spalte ist ein Nullwert ein eigener Wert.";
const UNDONE: &str = "Ein veröffentlichter Zählwert c steht für jede ganze Zahl n von Personen, deren Zählwert, mit \
                      `extrapolation` vervielfacht und nach `rounding` gerundet, c ist: bei einem Faktor e und Rundung \
                      auf das nächste Vielfache von r für (c − r/2)/e ≤ n ≤ (c + r/2)/e. Sagt das Manifest nichts über \
                      eine Rundung, so gelten ganze hochgerechnete Zählwerte als auf die nächste ganze Zahl gerundet.";
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
