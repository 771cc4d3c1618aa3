//! SARIF, JUnit, the job summary, stdout.

use std::collections::BTreeSet;
use std::path::Path;

use arrow::array::AsArray;
use arrow::datatypes::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::{Place, ROOT, STRICT, reidrisk, says};

/// SARIF by the rules of its specification that a scanner stumbles over, and by its schema where that is at hand: its
/// licence does not let it be kept here.
pub fn check_sarif(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let mut ids: Vec<&str> = rules
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    for result in run["results"].as_array().unwrap() {
        let at = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[at]["id"], result["ruleId"]);
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        assert!(
            !place["artifactLocation"]["uri"]
                .as_str()
                .unwrap()
                .contains([' ', '\\'])
        );
        let print = result["partialFingerprints"]["reidriskFinding/v1"]
            .as_str()
            .unwrap();
        assert_eq!(print.len(), 64);
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rules.len(), "rules are told apart");
    match std::env::var_os("SARIF_SCHEMA") {
        None => eprintln!("SKIPPED: SARIF_SCHEMA does not name the schema of OASIS"),
        Some(path) => {
            let text = std::fs::read_to_string(path).unwrap();
            let mut schema: Value = serde_json::from_str(&text).unwrap();
            // One pattern of it, for the language of the texts, is no regular expression.
            for object in ["run", "toolComponent"] {
                let path = format!("/definitions/{object}/properties/language");
                let language = schema.pointer_mut(&path).unwrap();
                language.as_object_mut().unwrap().remove("pattern");
            }
            let validator = jsonschema::validator_for(&schema).unwrap();
            let errors: Vec<String> = validator.iter_errors(log).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
    }
}

#[test]
fn sarif_points_at_the_line_of_the_policy_or_of_the_manifest() {
    let place = Place::new(STRICT);
    assert_eq!(place.audit(&["--format", "sarif"]).code, 1);
    let log = place.json("out/report.sarif");
    check_sarif(&log);
    let results = &log["runs"][0]["results"];
    assert_eq!(results.as_array().unwrap().len(), 1);
    assert_eq!(results[0]["ruleId"], "k-anonymity");
    let at = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(at["artifactLocation"]["uri"], "gate.toml");
    let line = at["region"]["startLine"].as_u64().unwrap() as usize;
    assert_eq!(STRICT.lines().nth(line - 1), Some("[[require]]"));
    assert_eq!(line, 1);
    let ran = place.run(&[
        "audit",
        "data/release.toml",
        "--out",
        "out",
        "--format",
        "sarif",
        "--quiet",
    ]);
    assert_eq!(ran.code, 1);
    let log = place.json("out/report.sarif");
    check_sarif(&log);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let of_table = |result: &&Value| result["properties"]["statistic"] == "k-anonymity.k";
    let at = &results.iter().find(of_table).unwrap()["locations"][0]["physicalLocation"];
    assert_eq!(at["artifactLocation"]["uri"], "data/release.toml");
    assert_eq!(
        at["region"]["startLine"], 6,
        "where the table names its files"
    );
}

#[test]
fn fingerprints_are_the_same_from_run_to_run() {
    let place = Place::new(STRICT);
    let print = |place: &Place| {
        place.audit(&["--format", "sarif", "--quiet"]);
        let log = place.json("out/report.sarif");
        log["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    let first = print(&place);
    // The line moves, the figure stays what it is about.
    place.write("gate.toml", &format!("# a comment\n\n{STRICT}"));
    assert_eq!(print(&place), first);
    assert!(first.is_object());
}

#[test]
fn junit_fails_where_the_gate_does() {
    let place = Place::new(STRICT);
    assert_eq!(place.audit(&["--format", "junit"]).code, 1);
    let text = place.read("out/junit.xml");
    says(
        &text,
        &[
            "<testsuites name=\"Subscribers\" tests=\"2\" failures=\"1\"",
            "<testcase classname=\"subscribers\" name=\"uniqueness.share_unique ≤ 0.995\"/>",
            "finds this person&apos;s record with certainty.</failure>",
        ],
    );
    place.write("gate.toml", &STRICT.replace("min = 11", "min = 1"));
    assert_eq!(place.audit(&["--format", "junit"]).code, 0);
    says(&place.read("out/junit.xml"), &["failures=\"0\""]);
}

#[test]
fn one_format_goes_to_stdout_and_nothing_else() {
    let place = Place::new(STRICT);
    let to_stdout = |format: &str| {
        place.run(&[
            "audit",
            "data/release.toml",
            "--policy",
            "gate.toml",
            "--format",
            format,
            "--out",
            "-",
            "--only",
            crate::ONLY,
        ])
    };
    let ran = to_stdout("json");
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["verdict"], "fail");
    assert!(to_stdout("junit").out.starts_with("<?xml"));
    assert!(to_stdout("markdown").out.starts_with("# ❌ FAIL"));
    for wrong in ["terminal", "json,html"] {
        let ran = to_stdout(wrong);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{wrong}");
        says(&ran.err, &["name its format", "sarif"]);
    }
    assert!(!place.path("reports").exists() && !place.path("-").exists());
}

#[test]
fn quiet_is_quiet_and_the_exit_code_speaks() {
    let place = Place::new(STRICT);
    let ran = place.audit(&["--quiet"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, "", ""));
    assert!(place.path("out/report.json").exists());
    let ran = place.audit(&["--quiet", "--seed", "x"]);
    assert_eq!(ran.code, 2);
    assert!(!ran.err.is_empty(), "errors are told");
}

#[test]
fn a_summary_is_added_to_what_is_there() {
    let place = Place::new(STRICT);
    place.write("summary.md", "# before\n");
    place.audit(&["--summary", "summary.md", "--quiet"]);
    place.audit(&["--summary", "summary.md", "--quiet"]);
    let text = place.read("summary.md");
    assert!(text.starts_with("# before\n"));
    assert_eq!(text.matches("## ❌ FAIL: Subscribers").count(), 2);
    says(
        &text,
        &[
            "1 of 2 requirements fail",
            "| subscribers | Smallest class | 1 person | ≥ 11 |",
        ],
    );
    let ran = place.audit(&["--summary", "no/such/folder.md", "--quiet"]);
    assert_eq!(ran.code, 3);
    says(&ran.err, &["cannot write to no/such/folder.md"]);
}

#[test]
fn the_verdict_is_explained_by_the_line_that_decided() {
    let place = Place::new(STRICT);
    let ran = place.audit(&["--explain-verdict", "--format", "terminal"]);
    says(
        &ran.out,
        &[
            "Why this release fails: one line of the policy decides it.",
            "FAIL k-anonymity.k ≥ 11 (gate.toml, line 1) subscribers: 1 person.",
            "pass uniqueness.share_unique ≤ 0.995 (gate.toml, line 4)",
        ],
    );
}

#[test]
fn help_names_the_environment() {
    let ran = crate::reidrisk(&["--help"]);
    says(
        &ran.out,
        &["NO_COLOR", "RAYON_NUM_THREADS", "GITHUB_STEP_SUMMARY"],
    );
}

/// All texts of eight characters or more in the Parquet files of a folder, however deep: pseudonyms, addresses of
/// devices, names of shops. Shorter ones may be words or figures of a report by chance.
fn values(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            values(&path, found);
        }
        if path.extension().is_none_or(|ending| ending != "parquet") {
            continue;
        }
        let open = std::fs::File::open(&path).unwrap();
        let builder = ParquetRecordBatchReaderBuilder::try_new(open).unwrap();
        for batch in builder.build().unwrap() {
            for column in batch.unwrap().columns() {
                if !matches!(
                    column.data_type(),
                    DataType::Utf8 | DataType::Dictionary(..)
                ) {
                    continue;
                }
                let texts = arrow::compute::cast(column, &DataType::Utf8).unwrap();
                let texts = texts.as_string::<i32>().iter().flatten();
                found.extend(texts.filter(|text| text.len() >= 8).map(str::to_owned));
            }
        }
    }
}

fn prose(doc: &reidrisk::measure::Doc) -> String {
    let parts = [doc.question, doc.adversary, doc.definition, doc.formula];
    let lists = [doc.assumptions, doc.limits, doc.citations].concat();
    [&parts[..], &lists].concat().join("\n")
}

#[test]
fn no_value_of_a_cell_is_in_any_output() {
    let mut found = BTreeSet::new();
    values(&Path::new(ROOT).join("sample-data/naive"), &mut found);
    values(&Path::new(ROOT).join("sample-data/auxiliary"), &mut found);
    // A kind of place, such as "party office", is a word of the methodology, too.
    let words: String = reidrisk::measure::docs().map(prose).collect();
    found.retain(|value| !words.contains(value.as_str()));
    assert!(found.len() > 4_000, "{}", found.len());
    let place = Place::new(STRICT);
    place.write("key.pem", crate::attest::PRIVATE);
    let out = place.path("out");
    let key = place.path("key.pem");
    let ran = reidrisk(&[
        "audit",
        "sample-data/naive/release.toml",
        "--out",
        out.to_str().unwrap(),
        "--format",
        "terminal,json,html,markdown,sarif,junit",
        "--attest",
        key.to_str().unwrap(),
        "--summary",
        place.path("out-summary.md").to_str().unwrap(),
        "--explain-verdict",
    ]);
    assert_eq!(ran.code, 1);
    let mut texts = vec![
        ("terminal".to_owned(), ran.out),
        ("messages".to_owned(), ran.err),
    ];
    texts.push(("summary".to_owned(), place.read("out-summary.md")));
    let german = place.path("german");
    let ran = reidrisk(&[
        "audit",
        "sample-data/naive/release.toml",
        "--lang",
        "de",
        "--out",
        german.to_str().unwrap(),
        "--format",
        "terminal,html,markdown",
    ]);
    texts.push(("terminal in German".to_owned(), ran.out));
    // What is advised: the search, and what was found in all its forms.
    let advice = place.path("advice");
    let ran = reidrisk(&[
        "advise",
        "sample-data/naive/release.toml",
        "--table",
        "subscribers",
        "--out",
        advice.to_str().unwrap(),
    ]);
    assert_eq!(ran.code, 1);
    texts.extend([
        ("advice".to_owned(), ran.out),
        ("its messages".to_owned(), ran.err),
    ]);
    let folders = [&out, &german, &advice].map(|folder| std::fs::read_dir(folder).unwrap());
    for entry in folders.into_iter().flatten() {
        let path = entry.unwrap().path();
        let mut text = std::fs::read_to_string(&path).unwrap();
        if path.ends_with("attestation.json") || path.ends_with("attestation-svr.json") {
            let envelope: Value = serde_json::from_str(&text).unwrap();
            let payload = envelope["payload"].as_str().unwrap().as_bytes();
            text = String::from_utf8(data_encoding::BASE64.decode(payload).unwrap()).unwrap();
        }
        texts.push((path.display().to_string(), text));
    }
    assert_eq!(texts.len(), 18);
    for (name, text) in texts {
        let shown = found.iter().find(|value| text.contains(value.as_str()));
        assert!(shown.is_none(), "{name} shows {shown:?}");
    }
}
