//! Waivers and contradictions.

use crate::formats::check_sarif;
use crate::{Place, Ran, STRICT, says};

fn waiver(until: &str, more: &str) -> String {
    format!(
        "{STRICT}\n[[waive]]\nstatistic = \"k-anonymity.k\"\nuntil = {until}\nreason = \"internal \
         recipients only\"\napproved_by = \"DPO\"\n{more}"
    )
}

fn audited(policy: &str, more: &[&str]) -> (Place, Ran) {
    let place = Place::new(policy);
    let ran = place.audit(&[&["--format", "terminal,json,markdown,sarif,junit"], more].concat());
    (place, ran)
}

#[test]
fn a_waiver_holds_until_its_day_and_is_shown_everywhere() {
    let (place, ran) = audited(&waiver("2999-12-31", ""), &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told = "The waiver for k-anonymity.k until 2999-12-31 accepts what fails. Reason: internal \
                recipients only; approved by DPO.";
    says(&ran.out, &[told, "waived"]);
    says(&place.read("out/report.md"), &["accepts what fails"]);
    let log = place.json("out/report.sarif");
    check_sarif(&log);
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["suppressions"][0]["kind"], "external");
    says(
        result["suppressions"][0]["justification"].as_str().unwrap(),
        &["approved by DPO, until 2999-12-31"],
    );
    says(
        &place.read("out/junit.xml"),
        &["skipped message=\"waived: "],
    );
    assert_eq!(place.run(&["verify", "out/report.json"]).code, 0);
}

#[test]
fn an_expired_one_fails_and_an_unused_one_is_told() {
    let (place, ran) = audited(&waiver("2020-01-31", ""), &["--explain-verdict"]);
    assert_eq!(ran.code, 1, "what it accepted fails again");
    says(
        &ran.out,
        &[
            "The waiver for k-anonymity.k expired on 2020-01-31",
            "(gate.toml, line 8)",
        ],
    );
    says(&place.read("out/report.md"), &["expired on 2020-01-31"]);
    says(
        &place.read("out/junit.xml"),
        &["<testsuite name=\"waivers\"", "expired on 2020-01-31"],
    );
    let log = place.json("out/report.sarif");
    check_sarif(&log);
    let results = &log["runs"][0]["results"];
    let results = results.as_array().unwrap();
    let stale = results
        .iter()
        .find(|result| result["ruleId"] == "waiver")
        .unwrap();
    assert_eq!(stale["level"], "warning");
    assert_eq!(
        stale["locations"][0]["physicalLocation"]["region"]["startLine"],
        8
    );
    let unused = waiver("2999-12-31", "").replace("min = 11", "min = 1");
    let (place, ran) = audited(&unused, &[]);
    assert_eq!(ran.code, 0);
    says(&ran.out, &["is unused: nothing fails that it would accept"]);
    says(&place.read("out/junit.xml"), &["is unused"]);
    says(&place.read("out/report.sarif"), &["is unused"]);
}

/// A report is judged again on the day it was judged on, not today.
#[test]
fn waivers_are_repeated_on_their_day() {
    let (place, _) = audited(&waiver("2999-12-31", ""), &[]);
    let report = place.json("out/report.json");
    let day = report["policy"]["as_of"].as_str().unwrap();
    assert_eq!(day.len(), 10);
    let text = place.read("out/report.json").replace(day, "2999-12-31");
    place.write("out/report.json", &text);
    let ran = place.run(&["verify", "out/report.json"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn policies_that_cannot_be_meant_are_refused_at_their_line() {
    let refuse = |policy: &str, parts: &[&str]| {
        let (place, ran) = audited(policy, &[]);
        assert_eq!(ran.code, 2, "{parts:?} {}", ran.err);
        assert!(ran.out.is_empty() && !place.path("out").exists());
        says(&ran.err, parts);
    };
    let until = "2999-12-31";
    refuse(
        &waiver(until, "").replace("reason = \"internal recipients only\"\n", ""),
        &["gate.toml:8", "states why the risk is accepted"],
    );
    refuse(
        &waiver(until, "").replace("internal recipients only", " "),
        &["states why the risk is accepted"],
    );
    refuse(
        &waiver(until, "").replace("approved_by = \"DPO\"\n", ""),
        &["gate.toml:8", "states who accepted the risk"],
    );
    refuse(
        &waiver(until, "").replace(
            "[[waive]]\nstatistic = \"k-anonymity.k\"",
            "[[waive]]\nstatistic = \"unicity.share_unique\"",
        ),
        &[
            "gate.toml:8",
            "there is nothing to waive",
            "asks nothing of `unicity.share_unique`",
        ],
    );
    refuse(
        "[[require]]\nstatistic = \"k-anonymity.share_below\"\nwhere = { k = 5 }\nmax = 0\n[[waive]]\n\
         statistic = \"k-anonymity.share_below\"\nwhere = { k = 11 }\nuntil = 2999-12-31\nreason = \"r\"\n\
         approved_by = \"a\"\n",
        &["gate.toml:5", "there is nothing to waive"],
    );
    refuse(
        "[[require]]\nstatistic = \"k-anonymity.k\"\nmin = 11\nmax = 5\n",
        &["gate.toml:4", "no value is at least `min`"],
    );
    let twice =
        |second: &str| format!("{STRICT}\n[[require]]\nstatistic = \"k-anonymity.k\"\n{second}\n");
    refuse(
        &twice("min = 3"),
        &[
            "gate.toml:8",
            "`k-anonymity.k` is asked twice of the same: the other is in line 1",
        ],
    );
    refuse(
        &twice("max = 5\ntables = [\"subscribers\"]"),
        &[
            "gate.toml:8",
            "no value of `k-anonymity.k` meets this and line 1 of gate.toml",
        ],
    );
    refuse(
        "extends = \"strict\"\n[[require]]\nstatistic = \"k-anonymity.k\"\nmax = 5\ntables = [\"subscribers\"]\n",
        &["gate.toml:2", &format!("line {} of strict", line_of_k())],
    );
}

/// Where the strict policy asks for k.
fn line_of_k() -> usize {
    let strict = include_str!("../../src/judge/presets/strict.toml");
    let k = strict
        .lines()
        .position(|line| line == "statistic = \"k-anonymity.k\"");
    k.expect("the line before says that it is a requirement")
}

#[test]
fn what_does_not_contradict_is_taken() {
    for policy in [
        // Stricter for one table than for all.
        "[[require]]\nstatistic = \"k-anonymity.k\"\nmin = 1\n[[require]]\nstatistic = \"k-anonymity.k\"\n\
         min = 1\ntables = [\"subscribers\"]\n",
        // Other parameters are other findings.
        "[[require]]\nstatistic = \"k-anonymity.share_below\"\nwhere = { k = 5 }\nmin = 0.5\n[[require]]\n\
         statistic = \"k-anonymity.share_below\"\nwhere = { k = 2 }\nmax = 1\n",
    ] {
        let (_, ran) = audited(policy, &[]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    // Said anew, what a preset asks is replaced, even by what is weaker.
    let weaker = "extends = \"strict\"\n[[require]]\nstatistic = \"k-anonymity.k\"\nmax = 5\n";
    assert_eq!(audited(weaker, &[]).1.code, 1);
}
