//! JUnit XML, for the test views of CI: a test case for each requirement and table.

use std::collections::BTreeSet;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{meaning, title};
use crate::finding::{Finding, Outcome};
use crate::language::Language::English;
use crate::printable::{printable, printable_lines};
use crate::report::{PolicyLine, Report};

/// One requirement on one table.
struct Case {
    /// The table, or `release` where it is about none.
    suite: String,
    name: String,
    outcome: Outcome,
    /// Why it fails or is skipped.
    text: String,
}

/// A test case fails where the gate does: skipped are those that do not apply, are waived, or are no worse than the
/// baseline. Waivers that are expired or unused are skipped cases, too.
pub fn junit(report: &Report) -> String {
    let mut cases: Vec<Case> = report
        .policy
        .requirements
        .iter()
        .flat_map(|line| of_line(report, line))
        .collect();
    let stale = report.policy.waivers.iter();
    let stale = stale.filter(|waiver| waiver.state != "used");
    cases.extend(stale.map(|waiver| Case {
        suite: "waivers".to_owned(),
        name: waiver.statistic.clone(),
        outcome: Outcome::NotApplicable,
        text: super::waiver(waiver, English),
    }));
    let mut suites: Vec<&str> = Vec::new();
    for case in &cases {
        if !suites.contains(&case.suite.as_str()) {
            suites.push(&case.suite);
        }
    }
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    let write = |xml: &mut Writer<Vec<u8>>| -> std::io::Result<()> {
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let all: Vec<&Case> = cases.iter().collect();
        let mut root = counted("testsuites", &report.release.name, &all);
        root.push_attribute(("time", report.run.seconds.to_string().as_str()));
        xml.write_event(Event::Start(root))?;
        for suite in suites {
            let own: Vec<&Case> = cases.iter().filter(|case| case.suite == suite).collect();
            let mut start = counted("testsuite", suite, &own);
            let second = report.run.started.get(..19).unwrap_or_default();
            start.push_attribute(("timestamp", second));
            xml.write_event(Event::Start(start))?;
            for case in own {
                write_case(xml, case)?;
            }
            xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
        }
        xml.write_event(Event::End(BytesEnd::new("testsuites")))
    };
    write(&mut xml).expect("memory takes what is written");
    let mut text = String::from_utf8(xml.into_inner()).expect("all that was written is text");
    text.push('\n');
    text
}

fn of_line(report: &Report, line: &PolicyLine) -> Vec<Case> {
    let name = super::line(line, English);
    let case = |suite: &str, outcome: Outcome, text: String| Case {
        suite: suite.to_owned(),
        name: name.clone(),
        outcome,
        text,
    };
    let missing = line.missing.iter();
    let mut cases: Vec<Case> = missing
        .map(|one| {
            case(
                &one.table,
                Outcome::Fail,
                format!("not measured: {}", one.reason),
            )
        })
        .collect();
    let judged: Vec<(Outcome, &Finding)> = line
        .judged
        .iter()
        .filter_map(|judged| Some((judged.outcome, report.findings.get(judged.finding)?)))
        .collect();
    let tables: BTreeSet<&str> = judged.iter().map(|(_, one)| one.table.as_str()).collect();
    for table in tables {
        let own = judged.iter().filter(|(_, finding)| finding.table == table);
        let own: Vec<_> = own.collect();
        let is = |wanted| own.iter().any(|(outcome, _)| *outcome == wanted);
        let order = [Outcome::Fail, Outcome::Waived, Outcome::Baseline];
        let outcome = order.into_iter().find(|outcome| is(*outcome));
        let outcome = outcome.unwrap_or(Outcome::Pass);
        let told = own.iter().filter(|(one, _)| *one == outcome);
        let told = told.map(|(_, finding)| {
            format!("{}: {}", title(finding, English), meaning(finding, English))
        });
        let text = match outcome {
            Outcome::Pass => String::new(),
            _ => told.collect::<Vec<_>>().join("\n"),
        };
        cases.push(case(table, outcome, text));
    }
    if cases.is_empty() {
        let text = line.reason.as_ref().map(ToString::to_string);
        let text = text.unwrap_or_else(|| "no table has what it asks about".to_owned());
        cases.push(case("release", line.outcome, text));
    }
    cases
}

/// An element with the number of its cases.
fn counted<'a>(element: &'a str, name: &str, cases: &[&Case]) -> BytesStart<'a> {
    let count = |wanted: &[Outcome]| {
        let of = cases.iter().filter(|case| wanted.contains(&case.outcome));
        of.count().to_string()
    };
    let mut start = BytesStart::new(element);
    start.push_attribute(("name", &*printable(name)));
    start.push_attribute(("tests", cases.len().to_string().as_str()));
    start.push_attribute(("failures", count(&[Outcome::Fail]).as_str()));
    start.push_attribute(("errors", "0"));
    let skipped = [Outcome::NotApplicable, Outcome::Waived, Outcome::Baseline];
    start.push_attribute(("skipped", count(&skipped).as_str()));
    start
}

fn write_case(xml: &mut Writer<Vec<u8>>, case: &Case) -> std::io::Result<()> {
    let mut start = BytesStart::new("testcase");
    start.push_attribute(("classname", &*printable(&case.suite)));
    start.push_attribute(("name", &*printable(&case.name)));
    let (element, message) = match case.outcome {
        Outcome::Pass => return xml.write_event(Event::Empty(start)),
        Outcome::Fail => ("failure", format!("the policy asks for {}", case.name)),
        Outcome::Waived => ("skipped", format!("waived: {}", case.text)),
        Outcome::Baseline => (
            "skipped",
            format!("no worse than the baseline: {}", case.text),
        ),
        Outcome::NotApplicable => ("skipped", case.text.clone()),
    };
    xml.write_event(Event::Start(start))?;
    let mut inner = BytesStart::new(element);
    inner.push_attribute(("message", &*printable(&message)));
    match case.outcome {
        Outcome::Fail => {
            inner.push_attribute(("type", "requirement"));
            xml.write_event(Event::Start(inner))?;
            xml.write_event(Event::Text(BytesText::new(&printable_lines(&case.text))))?;
            xml.write_event(Event::End(BytesEnd::new(element)))?;
        }
        _ => xml.write_event(Event::Empty(inner))?,
    }
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    /// Reads it back: elements with their attributes, texts joined.
    fn read(text: &str) -> Vec<(String, String)> {
        let mut reader = quick_xml::Reader::from_str(text);
        let mut found = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => return found,
                Event::Start(start) | Event::Empty(start) => {
                    let name = start.name().as_ref().to_owned();
                    let attributes = start.attributes().map(Result::unwrap);
                    let attributes: Vec<String> =
                        attributes.map(|one| one.value.to_string()).collect();
                    found.push((name, attributes.join(" | ")));
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_case_fails_where_the_gate_does() {
        for report in [fixture::report(), fixture::hostile()] {
            let found = read(&junit(&report));
            let count = |name: &str| found.iter().filter(|(element, _)| element == name).count();
            assert_eq!(count("failure"), report.unmet().count());
            assert_eq!(
                count("testcase"),
                4,
                "three requirements and an unused waiver"
            );
            assert_eq!(count("skipped"), 1);
        }
    }

    #[test]
    fn nothing_that_was_waived_or_known_fails() {
        let mut report = fixture::report();
        for line in &mut report.policy.requirements {
            for judged in &mut line.judged {
                judged.outcome = match judged.outcome {
                    Outcome::Fail => Outcome::Baseline,
                    other => other,
                };
            }
        }
        let found = read(&junit(&report));
        assert!(found.iter().all(|(element, _)| element != "failure"));
        let told = found
            .iter()
            .any(|(_, text)| text.contains("no worse than the baseline"));
        assert!(told);
    }
}
