//! Attestations signed, checked, refused.

use std::process::Command;

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::reports::flip;
use crate::{Place, Ran, STRICT, says};

/// The example keys of RFC 8410, section 10, in the form that openssl writes.
pub const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\n\
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
-----END PRIVATE KEY-----\n";
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
-----END PUBLIC KEY-----\n";
/// Another one: the first test of RFC 8032, section 7.1.
const OTHER: &str = "-----BEGIN PUBLIC KEY-----\n\
MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n\
-----END PUBLIC KEY-----\n";

const PASSING: &str = "[[require]]\nstatistic = \"k-anonymity.k\"\nmin = 1\n";

fn attested(policy: &str) -> Place {
    let place = Place::new(policy);
    place.write("key.pem", PRIVATE);
    place.write("pub.pem", PUBLIC);
    place.write("other.pem", OTHER);
    place.audit(&["--attest", "key.pem", "--quiet"]);
    place
}

fn verify(place: &Place, key: &str, published: &[&str]) -> Ran {
    let usual = [
        "verify",
        "--attestation",
        "out/attestation.json",
        "--key",
        key,
    ];
    place.run(&[&usual, published].concat())
}

fn payload(place: &Place) -> Value {
    let envelope = place.json("out/attestation.json");
    let payload = BASE64
        .decode(envelope["payload"].as_str().unwrap().as_bytes())
        .unwrap();
    serde_json::from_slice(&payload).unwrap()
}

#[test]
fn the_statement_names_files_policy_findings_and_verdict() {
    let place = attested(PASSING);
    let envelope = place.json("out/attestation.json");
    assert_eq!(envelope["payloadType"], "application/vnd.in-toto+json");
    let statement = payload(&place);
    let report = place.json("out/report.json");
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    let kind = statement["predicateType"].as_str().unwrap();
    assert!(kind.starts_with("https://"), "{kind}");
    let subject = &statement["subject"][0];
    assert_eq!(subject["name"], "subscribers.parquet");
    assert_eq!(subject["annotations"]["table"], "subscribers");
    assert_eq!(
        subject["digest"]["sha256"],
        report["release"]["tables"][0]["files"][0]["sha256"]
    );
    let predicate = &statement["predicate"];
    assert_eq!(predicate["verdict"], "pass");
    assert_eq!(predicate["policy"]["sha256"], report["policy"]["sha256"]);
    assert_eq!(predicate["findings"], report["findings"]);
    let text = place.read("out/report.json");
    assert_eq!(
        predicate["reportSha256"],
        reidrisk::release::digest::of_text(&text).as_str()
    );
    // Signed afterwards it is the same: Ed25519 has no chance in it.
    let ran = place.run(&[
        "attest",
        "out/report.json",
        "--key",
        "key.pem",
        "--out",
        "-",
    ]);
    assert_eq!((ran.code, ran.out), (0, place.read("out/attestation.json")));
}

#[test]
fn published_files_that_passed_are_let_through() {
    let place = attested(PASSING);
    for published in [&["data"][..], &["data/subscribers.parquet"], &[]] {
        let ran = verify(&place, "pub.pem", published);
        assert_eq!(ran.code, 0, "{published:?} {} {}", ran.out, ran.err);
        says(&ran.out, &["signed by the key", "PASS"]);
    }
    says(
        &verify(&place, "pub.pem", &[]).out,
        &["the signature alone was checked"],
    );
}

#[test]
fn a_file_that_differs_by_one_byte_is_refused() {
    let place = attested(PASSING);
    flip(&place.path("data/subscribers.parquet"));
    let ran = verify(&place, "pub.pem", &["data"]);
    assert_eq!(ran.code, 1);
    says(
        &ran.out,
        &[
            "refused: data/subscribers.parquet is no file that was audited",
            "audited, but not among these files: subscribers.parquet",
        ],
    );
    // A file nobody audited is refused as well.
    let place = attested(PASSING);
    place.write("data/extra.csv", "name\n");
    let ran = verify(&place, "pub.pem", &["data"]);
    assert_eq!(ran.code, 1);
    says(&ran.out, &["refused: data/extra.csv", "2 of 3 files"]);
    assert_eq!(verify(&place, "pub.pem", &["no-such-folder"]).code, 3);
    std::fs::create_dir(place.path("empty")).unwrap();
    assert_eq!(
        verify(&place, "pub.pem", &["empty"]).code,
        2,
        "nothing is no proof"
    );
}

#[test]
fn what_failed_is_not_let_through() {
    let place = attested(STRICT);
    let ran = verify(&place, "pub.pem", &["data"]);
    assert_eq!(ran.code, 1);
    says(
        &ran.out,
        &[
            "FAIL",
            "the audit failed: these files must not be published",
        ],
    );
}

#[test]
fn wrong_keys_and_malformed_envelopes_are_refused() {
    let place = attested(PASSING);
    let refuse = |key: &str, parts: &[&str]| {
        let ran = verify(&place, key, &["data"]);
        assert_eq!(ran.code, 2, "{parts:?} {} {}", ran.out, ran.err);
        says(&ran.err, parts);
    };
    refuse("other.pem", &["was not signed by this key"]);
    refuse("key.pem", &["no public Ed25519 key"]);
    refuse("none.pem", &["cannot read none.pem"]);
    let envelope = place.json("out/attestation.json");
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = envelope.clone();
        change(&mut changed);
        place.write("out/attestation.json", &changed.to_string());
    };
    let mut forged = payload(&place);
    forged["predicate"]["release"] = json!("another");
    with(&|envelope| envelope["payload"] = json!(BASE64.encode(forged.to_string().as_bytes())));
    refuse("pub.pem", &["was not signed by this key"]);
    with(&|envelope| envelope["signatures"] = json!([]));
    refuse("pub.pem", &["was not signed by this key"]);
    with(&|envelope| envelope["payload"] = json!("%%%"));
    refuse("pub.pem", &["its payload is not base64"]);
    with(&|envelope| envelope["payloadType"] = json!("text/plain"));
    refuse("pub.pem", &["its payload is no in-toto statement"]);
    place.write("out/attestation.json", "[]");
    refuse("pub.pem", &["it is no DSSE envelope"]);
    // A private key that is none, and a report that was changed, are not signed.
    let ran = place.run(&["attest", "out/report.json", "--key", "pub.pem"]);
    assert_eq!(ran.code, 2);
    says(&ran.err, &["no private Ed25519 key", "openssl genpkey"]);
    let mut report = place.json("out/report.json");
    report["verdict"] = json!("fail");
    place.write("out/report.json", &report.to_string());
    let ran = place.run(&["attest", "out/report.json", "--key", "key.pem"]);
    assert_eq!(ran.code, 2);
    says(&ran.err, &["contradicts itself"]);
    assert_eq!(
        place
            .run(&["verify", "--attestation", "out/attestation.json"])
            .code,
        2
    );
}

/// Everything that a hand can change of a report that fails, so that it looks as if it passed.
#[test]
fn reports_that_were_made_to_pass_by_hand_are_not_signed() {
    let place = attested(STRICT);
    let honest = place.json("out/report.json");
    assert_eq!(honest["verdict"], "fail");
    let failing = honest["policy"]["requirements"][0]["judged"][0]["finding"].as_u64();
    let failing = failing.unwrap() as usize;
    let passes = |report: &mut Value| {
        report["verdict"] = json!("pass");
        for line in report["policy"]["requirements"].as_array_mut().unwrap() {
            line["outcome"] = json!("pass");
            line["failed"] = json!(0);
            for judged in line["judged"].as_array_mut().unwrap() {
                judged["outcome"] = json!("pass");
            }
        }
        for finding in report["findings"].as_array_mut().unwrap() {
            if finding["requirement"].is_object() {
                finding["requirement"]["outcome"] = json!("pass");
            }
        }
    };
    type Forgery<'a> = (&'a str, &'a dyn Fn(&mut Value));
    let forgeries: [Forgery<'_>; 7] = [
        ("the verdict alone", &|report| {
            report["verdict"] = json!("pass")
        }),
        ("every outcome", &passes),
        ("lower thresholds", &|report| {
            passes(report);
            report["policy"]["requirements"][0]["min"] = json!(1);
            report["findings"][failing]["requirement"]["min"] = json!(1);
        }),
        ("a line that is gone", &|report| {
            passes(report);
            report["policy"]["requirements"]
                .as_array_mut()
                .unwrap()
                .remove(0);
        }),
        ("a waiver nobody gave", &|report| {
            passes(report);
            report["policy"]["requirements"][0]["outcome"] = json!("waived");
            report["policy"]["requirements"][0]["judged"][0]["outcome"] = json!("waived");
            report["policy"]["waivers"] = json!([{
                "statistic": "k-anonymity.k", "table": null, "until": "2999-12-31", "reason": "r",
                "approved_by": "a", "state": "used"
            }]);
        }),
        ("a baseline nobody had", &|report| {
            passes(report);
            report["policy"]["requirements"][0]["outcome"] = json!("baseline");
            report["policy"]["requirements"][0]["judged"][0]["outcome"] = json!("baseline");
        }),
        ("a finding that no line is about", &|report| {
            passes(report);
            let line = &mut report["policy"]["requirements"][0];
            line["judged"] = json!([]);
            line["applied"] = json!(0);
        }),
    ];
    for (what, forge) in forgeries {
        let mut report = honest.clone();
        forge(&mut report);
        place.write("forged.json", &report.to_string());
        let ran = place.run(&["attest", "forged.json", "--key", "key.pem", "--out", "-"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{what}: {}", ran.err);
        says(&ran.err, &["contradicts itself"]);
    }
}

#[test]
fn what_was_accepted_is_stated_and_can_be_refused() {
    let waived = format!(
        "{STRICT}[[waive]]\nstatistic = \"k-anonymity.k\"\nmin = 1\nuntil = 2999-12-31\nreason = \"internal\"\n\
         approved_by = \"DPO\"\n"
    );
    let place = attested(&waived);
    let ran = verify(&place, "pub.pem", &["data"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    says(
        &ran.out,
        &[
            "no baseline",
            "waiver (used): k-anonymity.k, until 2999-12-31: internal; approved by DPO",
        ],
    );
    let ran = verify(&place, "pub.pem", &["data", "--no-waivers"]);
    assert_eq!(ran.code, 1);
    says(
        &ran.out,
        &["refused: the audit accepted something by a waiver"],
    );
    let report = place.json("out/report.json");
    let policy = report["policy"]["sha256"].as_str().unwrap();
    let demand = |sha256: &str| {
        verify(
            &place,
            "pub.pem",
            &["data", "--no-baseline", "--policy-sha256", sha256],
        )
        .code
    };
    assert_eq!(demand(policy), 0);
    assert_eq!(
        demand(&policy.replace(|c: char| c.is_ascii_digit(), "0")),
        1
    );
    // The short form, for tools that know nothing of audits.
    let envelope = place.json("out/attestation-svr.json");
    let payload = BASE64.decode(envelope["payload"].as_str().unwrap().as_bytes());
    let svr: Value = serde_json::from_slice(&payload.unwrap()).unwrap();
    assert_eq!(
        svr["predicateType"],
        "https://in-toto.io/attestation/svr/v0.1"
    );
    let of = &svr["predicate"];
    assert!(
        of["verifier"]["id"]
            .as_str()
            .unwrap()
            .starts_with("https://")
    );
    assert_eq!(of["timeCreated"], report["run"]["started"]);
    let properties = of["properties"].as_array().unwrap();
    assert!(properties.contains(&json!("REIDRISK_PASS")));
    assert!(!properties.contains(&json!("REIDRISK_NO_WAIVERS")));
}

/// openssl knows nothing of this program and checks the same signature.
#[test]
fn openssl_agrees() {
    let place = attested(PASSING);
    let envelope = place.json("out/attestation.json");
    let text = |value: &Value| BASE64.decode(value.as_str().unwrap().as_bytes()).unwrap();
    let body = text(&envelope["payload"]);
    let kind = envelope["payloadType"].as_str().unwrap();
    let head = format!("DSSEv1 {} {kind} {} ", kind.len(), body.len());
    std::fs::write(place.path("message"), [head.as_bytes(), &body].concat()).unwrap();
    std::fs::write(
        place.path("signature"),
        text(&envelope["signatures"][0]["sig"]),
    )
    .unwrap();
    let mut openssl = Command::new("openssl");
    let openssl = openssl.current_dir(place.folder.path()).args([
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "pub.pem",
        "-rawin",
        "-in",
        "message",
        "-sigfile",
        "signature",
    ]);
    match openssl.output() {
        Err(_) => eprintln!("SKIPPED: there is no openssl"),
        Ok(output) => assert!(
            output.status.success(),
            "{:?}",
            String::from_utf8(output.stderr)
        ),
    }
}
