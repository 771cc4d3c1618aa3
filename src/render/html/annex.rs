//! What an authority needs to follow the report: method and parameters of each measure, the policy line by line, what
//! was not measured and why.

use std::collections::BTreeMap;

use super::Mark;
use super::text::{Marked, marked};
use crate::finding::Outcome;
use crate::language::Language;
use crate::measure::standards::{AnsweredBy, Rule, STANDARDS, Standard};
use crate::measure::{self, Doc, Words};
use crate::render::line as told;
use crate::render::number;
use crate::report::{PolicyLine, Report};
use crate::say;

pub struct Method {
    pub id: &'static str,
    pub words: Words,
    pub citations: &'static [&'static str],
    /// Parameters of its findings.
    pub parameters: Vec<Used>,
}

/// A parameter with the values that are named, and how many more there are.
pub struct Used {
    pub name: String,
    pub values: Vec<String>,
    pub more: String,
}

/// Values of a parameter that are named; the others are counted.
const VALUES: usize = 16;

/// The measures that found something.
pub fn methods(report: &Report, language: Language) -> Vec<Method> {
    let used = |doc: &&Doc| report.findings.iter().any(|f| f.measure == doc.id);
    measure::docs()
        .filter(used)
        .map(|doc| Method {
            id: doc.id,
            words: doc.in_language(language),
            citations: doc.citations,
            parameters: parameters(report, doc, language),
        })
        .collect()
}

fn parameters(report: &Report, doc: &Doc, language: Language) -> Vec<Used> {
    let mut known: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.measure == doc.id) {
        for (name, value) in &finding.parameters {
            let values = known.entry(name).or_default();
            let value = value.in_language(language);
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    let told = |(name, mut values): (&str, Vec<String>)| {
        let more = match values.len().saturating_sub(VALUES) {
            0 => String::new(),
            more => say!(
                language,
                " and {} more",
                " und {} weitere",
                language.grouped(more as u64)
            ),
        };
        values.truncate(VALUES);
        Used {
            name: name.to_owned(),
            values,
            more,
        }
    };
    known.into_iter().map(told).collect()
}

pub struct Line {
    pub text: String,
    pub tables: String,
    pub applied: String,
    pub mark: Mark,
    pub reason: Marked,
}

pub fn line(line: &PolicyLine, language: Language) -> Line {
    Line {
        text: told(line, language),
        tables: match line.tables.is_empty() {
            true => language
                .pick("every table that has it", "jede Tabelle, die sie hat")
                .to_owned(),
            false => line.tables.join(", "),
        },
        applied: match line.applied {
            0 => language.pick("none", "keine").to_owned(),
            some => say!(
                language,
                "{}, {} of them fail",
                "{}, davon {} verfehlt",
                some,
                line.failed
            ),
        },
        mark: Mark::of(Some(line.outcome), language),
        reason: marked(
            line.reason
                .as_ref()
                .map_or("", |said| said.in_language(language)),
        ),
    }
}

/// The role of a column, as the manifest names it, or in German words.
pub fn role(role: &str, language: Language) -> &str {
    let german = match role {
        "subject" => "Subjekt",
        "quasi_identifiers" | "quasi-identifiers" => "Quasi-Identifikatoren",
        "sensitive" => "sensibel",
        "direct_identifiers" | "direct-identifiers" => "direkte Identifikatoren",
        "time" => "Zeit",
        "place" => "Ort",
        "origin" => "Ausgangsort",
        "destination" => "Ziel",
        "item" => "Gegenstand",
        "amount" => "Betrag",
        "count" => "Zählwert",
        "weight" => "Gewicht",
        "group" => "Gruppe",
        other => other,
    };
    language.pick(role, german)
}

/// What a standard asks, and what this report answers.
pub struct Asked {
    pub id: &'static str,
    pub title: &'static str,
    pub citation: &'static str,
    pub rules: Vec<Answered>,
}

pub struct Answered {
    pub clause: &'static str,
    pub text: &'static str,
    /// Measures of this report, each with where the annex tells its method.
    pub measures: Vec<&'static str>,
    pub answer: String,
}

pub fn standards(report: &Report, language: Language) -> Vec<Asked> {
    let asked = |standard: &'static Standard| Asked {
        id: standard.id,
        title: standard.title(language),
        citation: standard.citation,
        rules: standard
            .rules
            .iter()
            .map(|rule| answered(report, rule, language))
            .collect(),
    };
    STANDARDS.iter().map(asked).collect()
}

fn answered(report: &Report, rule: &'static Rule, language: Language) -> Answered {
    let answers = |doc: &&Doc| rule.is_answered_by(doc.id, doc.criterion);
    let used = |doc: &&Doc| report.findings.iter().any(|f| f.measure == doc.id);
    let measures = measure::docs().filter(answers).filter(used);
    Answered {
        clause: rule.clause(language),
        text: rule.text(language),
        measures: measures.map(|doc| doc.id).collect(),
        answer: answer(report, rule, language),
    }
}

/// How a report answers a rule: by the greatest value where the rule says how great it may be, else by what the policy
/// asks.
fn answer(report: &Report, rule: &Rule, language: Language) -> String {
    if let AnsweredBy::AtMost(id, most) = rule.answered_by {
        let values = report.findings.iter().filter(|finding| finding.id() == id);
        let values = values.filter_map(|finding| Some((finding.value?.as_f64(), finding)));
        let Some((value, greatest)) = values.max_by(|a, b| a.0.total_cmp(&b.0)) else {
            return unanswered(language);
        };
        let (told, table) = (number::value(greatest, language), &greatest.table);
        return match value <= most {
            true => say!(
                language,
                "met: {} at most, on {}",
                "erfüllt: höchstens {}, an {}",
                told,
                table
            ),
            false => say!(
                language,
                "not met: {} on {}",
                "nicht erfüllt: {} an {}",
                told,
                table
            ),
        };
    }
    let findings = report.findings.iter();
    let findings = findings.filter(|f| rule.is_answered_by(&f.measure, f.criterion));
    let outcomes: Vec<Option<Outcome>> = findings
        .map(|finding| finding.requirement.map(|asked| asked.outcome))
        .collect();
    let of = |wanted: Outcome| {
        outcomes
            .iter()
            .filter(|known| **known == Some(wanted))
            .count()
    };
    let asked = outcomes.iter().flatten();
    let asked = asked.filter(|outcome| **outcome != Outcome::NotApplicable);
    match (outcomes.len(), asked.count(), of(Outcome::Fail)) {
        (0, ..) => unanswered(language),
        (1, 0, _) => language
            .pick(
                "1 finding; the policy asks nothing",
                "1 Befund; die Richtlinie fordert nichts",
            )
            .to_owned(),
        (all, 0, _) => say!(
            language,
            "{} findings; the policy asks nothing",
            "{} Befunde; die Richtlinie fordert nichts",
            all
        ),
        (all, asked, 0) => say!(
            language,
            "{} of {} findings are asked for, and none fails",
            "{} von {} Befunden sind gefordert, keiner ist verfehlt",
            asked,
            all
        ),
        (all, asked, failed) => say!(
            language,
            "{} of {} findings are asked for, and {} fail",
            "{} von {} Befunden sind gefordert, {} davon verfehlt",
            asked,
            all,
            failed
        ),
    }
}

fn unanswered(language: Language) -> String {
    language
        .pick(
            "not measured on this release",
            "an dieser Veröffentlichung nicht gemessen",
        )
        .to_owned()
}

/// What was not measured for one reason, as it is shown.
pub struct Unmeasured {
    pub reason: Marked,
    pub what: Vec<(String, String)>,
}

/// By reason, in the order in which they first occur.
pub fn unmeasured(report: &Report, language: Language) -> Vec<Unmeasured> {
    let groups = crate::render::unmeasured::unmeasured(report).into_iter();
    let shown = groups.map(|group| Unmeasured {
        reason: marked(group.reason.in_language(language)),
        what: (group.what.into_iter())
            .map(|(id, tables)| (id, tables.join(", ")))
            .collect(),
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::NotMeasured;
    use crate::language::Said;
    use crate::render::fixture;

    #[test]
    fn what_was_not_measured_stands_by_reason() {
        let mut report = fixture::report();
        let entry = |measure: &str, table: &str, reason: &str| NotMeasured {
            measure: measure.to_owned(),
            statistic: None,
            table: table.to_owned(),
            reason: Said::name(reason.to_owned()),
            ..NotMeasured::default()
        };
        report.not_measured = vec![
            entry("unicity", "a", "no points"),
            entry("suda", "a", "no columns"),
            entry("unicity", "b", "no points"),
        ];
        let groups = unmeasured(&report, Language::English);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].what, [("unicity".to_owned(), "a, b".to_owned())]);
    }

    #[test]
    fn methods_are_of_the_measures_that_were_used() {
        let report = fixture::report();
        let methods = methods(&report, Language::English);
        let unicity = methods.iter().find(|m| m.id == "unicity").unwrap();
        let points = unicity
            .parameters
            .iter()
            .find(|used| used.name == "points")
            .unwrap();
        assert_eq!(points.values.join(", "), "1, 2, 3, 4, 5");
        assert!(points.more.is_empty());
        assert!(methods.iter().all(|method| method.id != "suda"));
    }
}
