//! Reports repeated, compared, taken as a baseline.

use std::io::{Read, Seek, SeekFrom, Write};

use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

use crate::formats::check_sarif;
use crate::{Place, STRICT, says};

/// A place with a report in `out`.
fn audited() -> Place {
    let place = Place::new(STRICT);
    assert_eq!(place.audit(&["--quiet"]).code, 1);
    place
}

/// Writes the report anew with something changed.
fn change(place: &Place, what: impl FnOnce(&mut Value)) {
    let mut report = place.json("out/report.json");
    what(&mut report);
    place.write("out/report.json", &report.to_string());
}

#[test]
fn a_report_is_the_same_again() {
    let place = audited();
    let ran = place.run(&["verify", "out/report.json"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    says(&ran.out, &["the same:", "from the same files"]);
    // From another folder the manifest is found beside or above the report, or is named.
    std::fs::copy(
        place.path("out/report.json"),
        place.path("data/report.json"),
    )
    .unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let report = place.path("data/report.json");
    let ran = crate::run(elsewhere.path(), &["verify", report.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    // What lies beside the manifest is part of what a report says.
    std::fs::remove_file(&report).unwrap();
    let report = place.path("out/report.json");
    let ran = crate::run(elsewhere.path(), &["verify", report.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    says(&ran.err, &["is not to be found from here", "--release"]);
    let release = place.path("data/release.toml");
    let named = [
        "verify",
        report.to_str().unwrap(),
        "--release",
        release.to_str().unwrap(),
    ];
    assert_eq!(crate::run(elsewhere.path(), &named).code, 0);
    // The policy is in the report: the file may go.
    std::fs::remove_file(place.path("gate.toml")).unwrap();
    assert_eq!(
        place
            .run(&["verify", "out/report.json", "--threads", "1"])
            .code,
        0
    );
}

#[test]
fn the_whole_sample_is_the_same_again() {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().to_str().unwrap();
    let audit = [
        "audit",
        "sample-data/naive/release.toml",
        "--out",
        folder,
        "--format",
        "json",
        "--quiet",
    ];
    assert_eq!(crate::reidrisk(&audit).code, 1);
    let path = out.path().join("report.json");
    let report: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&reidrisk::schema::report()).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let parsed: reidrisk::report::Report = serde_json::from_value(report).unwrap();
    let keys: std::collections::BTreeSet<String> =
        parsed.findings.iter().map(|f| f.key()).collect();
    assert_eq!(
        keys.len(),
        parsed.findings.len(),
        "no two findings have one key"
    );
    let ran = crate::reidrisk(&["verify", path.to_str().unwrap(), "--threads", "1"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
}

#[test]
fn a_drafted_release_is_found_by_its_files() {
    let place = Place::new(STRICT);
    place.run(&[
        "audit",
        "data/subscribers.parquet",
        "--out",
        "out",
        "--only",
        "k-anonymity",
        "--quiet",
    ]);
    let ran = place.run(&["verify", "out/report.json"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
}

#[test]
fn what_differs_is_told_finding_by_finding() {
    let place = audited();
    change(&place, |report| {
        let findings = report["findings"].as_array_mut().unwrap();
        let classes = findings
            .iter_mut()
            .find(|finding| finding["statistic"] == "classes");
        classes.unwrap()["value"] = json!(17);
    });
    let ran = place.run(&["verify", "out/report.json"]);
    assert_eq!(ran.code, 1);
    says(
        &ran.out,
        &[
            "k-anonymity.classes of subscribers",
            "value reported 17 repeated",
            "1 difference",
        ],
    );
    let place = audited();
    place.write(
        "data/release.toml",
        &crate::MANIFEST
            .replace("\"handset\"", "")
            .replace(", ]", "]")
            .replace("sensitive = [", "sensitive = [\"handset\", "),
    );
    let ran = place.run(&["verify", "out/report.json"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    says(
        &ran.out,
        &["release: manifest_sha256", "k-anonymity.k of subscribers"],
    );
}

#[test]
fn data_that_changed_or_is_gone_is_told() {
    let place = audited();
    let file = place.path("data/subscribers.parquet");
    // The same rows in other bytes.
    let open = std::fs::File::open(&file).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(open).unwrap();
    let batches: Vec<_> = builder.build().unwrap().map(Result::unwrap).collect();
    let create = std::fs::File::create(&file).unwrap();
    let mut writer = ArrowWriter::try_new(create, batches[0].schema(), None).unwrap();
    for batch in &batches {
        writer.write(batch).unwrap();
    }
    writer.close().unwrap();
    let ran = place.run(&["verify", "out/report.json"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    says(&ran.out, &["table subscribers: files"]);
    std::fs::remove_file(&file).unwrap();
    let ran = place.run(&["verify", "out/report.json"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
}

#[test]
fn reports_that_were_changed_are_refused() {
    let refuse = |what: &dyn Fn(&mut Value), parts: &[&str]| {
        let place = audited();
        change(&place, what);
        let ran = place.run(&["verify", "out/report.json"]);
        assert_eq!(ran.code, 2, "{parts:?} {} {}", ran.out, ran.err);
        says(&ran.err, parts);
    };
    refuse(
        &|report| report["verdict"] = json!("pass"),
        &["contradicts itself", "the verdict does not follow"],
    );
    refuse(
        &|report| report["tool"]["version"] = json!("0.0.9"),
        &["written by version 0.0.9"],
    );
    refuse(
        &|report| report["schema"] = json!("reidrisk/report/2"),
        &["its schema is `reidrisk/report/2`"],
    );
    refuse(
        &|report| {
            let text = report["policy"]["text"]
                .as_str()
                .unwrap()
                .replace("11", "1");
            report["policy"]["text"] = json!(text);
        },
        &["contradicts itself", "the digest of the policy"],
    );
    refuse(
        &|report| report["policy"]["name"] = json!("strict"),
        &["contradicts itself", "strict is built in"],
    );
    refuse(
        &|report| {
            report["policy"].as_object_mut().unwrap().remove("text");
        },
        &["does not have the text of the policy"],
    );
    refuse(
        &|report| {
            let findings = report["findings"].as_array_mut().unwrap();
            let k = findings
                .iter_mut()
                .find(|finding| finding["statistic"] == "k");
            k.unwrap()["value"] = json!(12);
        },
        &["the outcome of `k-anonymity.k` (line 1 of gate.toml) does not follow"],
    );
    refuse(
        &|report| report["findings"] = json!("none"),
        &["something is missing or of another kind"],
    );
    let place = audited();
    place.write("out/report.json", "{ not json");
    let ran = place.run(&["verify", "out/report.json"]);
    assert_eq!(ran.code, 2);
    says(&ran.err, &["it is not JSON"]);
    assert_eq!(place.run(&["verify", "no.json"]).code, 2);
    assert_eq!(place.run(&["verify"]).code, 2);
}

/// Two audits, the second of coarser data.
fn coarser() -> Place {
    let place = audited();
    std::fs::rename(place.path("out/report.json"), place.path("old.json")).unwrap();
    place.write(
        "data/release.toml",
        &crate::MANIFEST
            .replace("\"postcode\", \"tariff\", \"handset\"", "\"tariff\"")
            .replace(
                "payment_status\"]",
                "payment_status\"]\nignore = [\"postcode\", \"handset\"]",
            ),
    );
    place.audit(&["--quiet"]);
    std::fs::rename(place.path("out/report.json"), place.path("new.json")).unwrap();
    place
}

#[test]
fn nothing_rises_between_equal_reports() {
    let place = audited();
    let ran = place.run(&["diff", "out/report.json", "out/report.json"]);
    assert_eq!(ran.code, 0);
    says(&ran.out, &["findings are the same", "no risk rose"]);
}

#[test]
fn what_rose_and_fell_is_told_and_decides() {
    let place = audited();
    let same = |place: &Place, what: &dyn Fn(&mut Value)| {
        let mut report = place.json("out/report.json");
        for finding in report["findings"].as_array_mut().unwrap() {
            what(finding);
        }
        place.write("now.json", &report.to_string());
        place.run(&["diff", "out/report.json", "now.json"])
    };
    // k is worse where it is lower, by the policy; unique persons where there are more, by the statistic.
    let ran = same(&place, &|finding| {
        if finding["statistic"] == "k" {
            finding["value"] = json!(5);
        }
    });
    assert_eq!(ran.code, 0, "{}", ran.out);
    says(
        &ran.out,
        &[
            "Fell: for the better",
            "k-anonymity.k of subscribers",
            "1 person → 5 persons",
        ],
    );
    let ran = same(&place, &|finding| {
        if finding["statistic"] == "unique_persons" {
            finding["value"] = json!(finding["value"].as_u64().unwrap() + 1);
        }
    });
    assert_eq!(ran.code, 1);
    says(
        &ran.out,
        &[
            "Rose: for the worse",
            "uniqueness.unique_persons",
            "risk rose",
        ],
    );
    // A count of classes is no risk.
    let ran = same(&place, &|finding| {
        if finding["statistic"] == "classes" {
            finding["value"] = json!(1);
        }
    });
    assert_eq!(ran.code, 0);
    says(&ran.out, &["Moved, neither for better nor for worse"]);
    // Within both intervals nothing rose.
    let sampled = |value: f64, low: f64, high: f64| {
        move |finding: &mut Value| {
            if finding["statistic"] == "share_unique" {
                finding["value"] = json!(value);
                finding["interval"] = json!({"low": low, "high": high, "confidence": 0.95});
            }
        }
    };
    same(&place, &sampled(0.50, 0.45, 0.55));
    std::fs::rename(place.path("now.json"), place.path("out/report.json")).unwrap();
    let ran = same(&place, &sampled(0.56, 0.52, 0.60));
    assert_eq!(ran.code, 0, "{}", ran.out);
    says(&ran.out, &["Another value, within the interval"]);
    assert_eq!(same(&place, &sampled(0.66, 0.62, 0.70)).code, 1);
}

#[test]
fn what_appears_and_vanishes_is_told_in_both_forms() {
    let place = coarser();
    let ran = place.run(&["diff", "old.json", "new.json", "--format", "json"]);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found["before"]["verdict"], "fail");
    let count = |list: &str| found[list].as_array().unwrap().len();
    assert!(
        count("appeared") > 0 && count("vanished") > 0,
        "other columns make other findings"
    );
    let k = |entry: &&Value| entry["id"] == "k-anonymity.k";
    let gone = found["vanished"]
        .as_array()
        .unwrap()
        .iter()
        .find(k)
        .unwrap();
    assert_eq!(
        (&gone["side"]["value"], &gone["side"]["outcome"]),
        (&json!(1), &json!("fail"))
    );
    assert_eq!(
        gone["rise"], true,
        "it was asked for, and its table is still there"
    );
    assert_eq!(ran.code, 1);
    assert_eq!(place.run(&["diff", "old.json", "none.json"]).code, 2);
    let ran = place.run(&["diff", "old.json", "new.json", "--quiet"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
}

#[test]
fn what_is_no_worse_than_the_baseline_passes_and_is_shown() {
    let place = audited();
    std::fs::rename(place.path("out/report.json"), place.path("base.json")).unwrap();
    let all = "terminal,json,html,markdown,sarif,junit";
    let refused = place.audit(&["--baseline", "base.json", "--quiet"]);
    assert_eq!(refused.code, 2, "anybody can write a report");
    says(
        &refused.err,
        &[
            "nothing vouches for the baseline base.json",
            "--baseline-sha256",
        ],
    );
    let ran = place.audit(&[
        "--baseline",
        "base.json",
        "--baseline-sha256",
        &digest(&place, "base.json"),
        "--format",
        all,
        "--summary",
        "summary.md",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    says(&ran.out, &["Smallest class", "baseline", "verdict: PASS"]);
    let told = "The baseline is a report that failed on 20";
    says(&ran.out, &[told]);
    says(
        &place.read("summary.md"),
        &["1 finding fails and is no worse than the baseline", told],
    );
    says(&place.read("out/report.md"), &[told]);
    says(&place.read("out/report.html"), &[told]);
    says(
        &place.read("out/report.html"),
        &[
            "accepted only because they are no worse than in the baseline:",
            "Smallest class on subscribers: 1 person",
        ],
    );
    says(
        &place.read("out/junit.xml"),
        &["skipped message=\"no worse than the baseline"],
    );
    let log = place.json("out/report.sarif");
    check_sarif(&log);
    let results = &log["runs"][0]["results"];
    assert_eq!(results[0]["baselineState"], "unchanged");
    let report = place.json("out/report.json");
    assert_eq!(report["policy"]["requirements"][0]["outcome"], "baseline");
    // It is part of what is repeated.
    assert_eq!(place.run(&["verify", "out/report.json"]).code, 2);
    assert_eq!(
        place
            .run(&["verify", "out/report.json", "--baseline", "base.json"])
            .code,
        0
    );
    // Had it been better before, it fails.
    let mut better = place.json("base.json");
    let findings = better["findings"].as_array_mut().unwrap();
    findings
        .iter_mut()
        .find(|finding| finding["statistic"] == "k")
        .unwrap()["value"] = json!(2);
    place.write("better.json", &better.to_string());
    let by = |name: &str| {
        let digest = digest(&place, name);
        place.audit(&["--baseline", name, "--baseline-sha256", &digest, "--quiet"])
    };
    assert_eq!(by("better.json").code, 1);
    // A finding that the baseline does not have is not accepted.
    let mut empty = place.json("base.json");
    empty["findings"] = json!([]);
    place.write("empty.json", &empty.to_string());
    assert_eq!(by("empty.json").code, 1);
    assert_eq!(by("gate.toml").code, 2);
    // A report of something else accepts nothing here.
    for (path, other) in [
        ("/release/name", "Others"),
        ("/release/tables/0/name", "others"),
        ("/policy/sha256", "0"),
    ] {
        let mut report = place.json("base.json");
        *report.pointer_mut(path).unwrap() = json!(other);
        place.write("other.json", &report.to_string());
        let ran = by("other.json");
        assert_eq!(ran.code, 2, "{path}");
        says(&ran.err, &["the baseline does not fit"]);
    }
}

#[test]
fn what_was_not_measured_is_not_in_any_baseline() {
    let place = audited();
    std::fs::rename(place.path("out/report.json"), place.path("base.json")).unwrap();
    let ran = place.audit(&[
        "--baseline",
        "base.json",
        "--baseline-sha256",
        &digest(&place, "base.json"),
        "--skip",
        "k-anonymity",
        "--quiet",
    ]);
    assert_eq!(ran.code, 1);
}

/// A run that cannot judge leaves no older verdict that looks current.
#[test]
fn older_reports_are_set_aside_whatever_comes() {
    let place = Place::new("[[require]]\nstatistic = \"k-anonymity.k\"\nmin = 1\n");
    assert_eq!(place.audit(&["--quiet"]).code, 0);
    assert!(place.path("out/report.html").exists());
    std::fs::write(place.path("data/subscribers.parquet"), "no Parquet").unwrap();
    let ran = place.audit(&["--quiet"]);
    assert_eq!(ran.code, 3);
    says(&ran.err, &["the older reports are in out/previous"]);
    assert!(!place.path("out/report.json").exists() && !place.path("out/report.html").exists());
    assert_eq!(place.json("out/previous/report.json")["verdict"], "pass");
}

fn digest(place: &Place, name: &str) -> String {
    reidrisk::release::digest::of_file(&place.path(name)).unwrap()
}

/// One byte of a file, changed.
pub fn flip(path: &std::path::Path) {
    let mut file = std::fs::File::options()
        .read(true)
        .write(true)
        .open(path)
        .unwrap();
    let mut byte = [0];
    file.seek(SeekFrom::Start(100)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(100)).unwrap();
    file.write_all(&[byte[0] ^ 1]).unwrap();
}
