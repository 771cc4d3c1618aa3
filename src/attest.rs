//! The verdict as an attestation: an in-toto statement about the released files, in a DSSE envelope signed with
//! Ed25519.
//!
//! Sources: in-toto Attestation Framework, Statement v1; DSSE v1.0.2 (secure-systems-lab); RFC 8032.

use std::collections::BTreeSet;

use data_encoding::{BASE64, BASE64URL};
use ed25519_dalek::pkcs8::spki::EncodePublicKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::finding::{Finding, NotMeasured, Outcome};
use crate::release::digest::hexadecimal;
use crate::report::{BaselineReport, Exemption, Report, Tool, Verdict, Waiver};

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// The type of the predicate that says all of an audit: [`Predicate`].
pub const PREDICATE: &str = "https://docs.rs/reidrisk/0.1/reidrisk/attest/struct.Predicate.html";
/// The type of the predicate that tools know which know nothing of audits: [`Svr`].
pub const SVR: &str = "https://in-toto.io/attestation/svr/v0.1";
/// Who says so in a [`Svr`]; the version follows.
const VERIFIER: &str = "https://docs.rs/reidrisk/";
const PAYLOAD: &str = "application/vnd.in-toto+json";

/// What is signed: these files were audited with this outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement<P = Predicate> {
    #[serde(rename = "_type")]
    pub kind: String,
    pub subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    pub predicate_type: String,
    pub predicate: P,
}

/// A released file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// Its path from the folder of the manifest, with all folders: their names are data where a table is parted by them.
    pub name: String,
    pub digest: Digests,
    pub annotations: Place,
}

/// Where a file belongs in the release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub table: String,
    /// Within what the manifest names for the table.
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digests {
    pub sha256: String,
}

/// All that an audit says: by what it was judged, what was accepted and by whom, and what was not measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Predicate {
    pub tool: Tool,
    pub release: String,
    pub manifest_sha256: String,
    pub policy: Policy,
    pub seed: u64,
    /// The measures that alone were run, and those that were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<String>,
    pub verdict: Verdict,
    /// Of the `report.json` that says the same.
    pub report_sha256: String,
    pub findings: Vec<Finding>,
    pub not_measured: Vec<NotMeasured>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    pub name: String,
    pub sha256: String,
    /// The day the waivers were judged on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_sha256: Option<String>,
    /// What the baseline was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineReport>,
    pub waivers: Vec<Waiver>,
    /// Tables of which the policy asks nothing that concerns re-identification.
    pub exemptions: Vec<Exemption>,
}

/// A Simple Verification Result, version 0.1 of in-toto: what was verified, in words that other tools can ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Svr {
    pub verifier: Verifier,
    /// When the audit began.
    pub time_created: String,
    pub properties: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verifier {
    pub id: String,
    /// An extension that the predicate allows for.
    pub policy: Judged,
}

/// The policy by which was judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    pub name: String,
    pub digest: Digests,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload_type: String,
    payload: String,
    signatures: Vec<Signed>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Signed {
    #[serde(default)]
    keyid: String,
    sig: String,
}

/// What a report says of the released files; `sha256` is that of its file.
pub fn statement(report: &Report, sha256: &str) -> Statement {
    let policy = &report.policy;
    Statement {
        kind: STATEMENT.to_owned(),
        subject: subjects(report),
        predicate_type: PREDICATE.to_owned(),
        predicate: Predicate {
            tool: report.tool.clone(),
            release: report.release.name.clone(),
            manifest_sha256: report.release.manifest_sha256.clone(),
            policy: Policy {
                name: policy.name.clone(),
                sha256: policy.sha256.clone(),
                as_of: policy.as_of.clone(),
                baseline_sha256: policy.baseline_sha256.clone(),
                baseline: policy.baseline.clone(),
                waivers: policy.waivers.clone(),
                exemptions: policy.exemptions.clone(),
            },
            seed: report.settings.seed,
            only: report.settings.only.clone(),
            skip: report.settings.skip.clone(),
            verdict: report.verdict,
            report_sha256: sha256.to_owned(),
            findings: report.findings.clone(),
            not_measured: report.not_measured.clone(),
        },
    }
}

/// The same as a Simple Verification Result. Its properties are what was verified: of a release that fails no more
/// than that it was audited.
pub fn svr(report: &Report) -> Statement<Svr> {
    let policy = &report.policy;
    let mut properties = vec!["REIDRISK_AUDITED"];
    if report.verdict == Verdict::Pass {
        let used = |waiver: &Waiver| waiver.state == "used";
        let held = policy.requirements.iter();
        let held = held.flat_map(|line| &line.judged);
        let all = [
            ("REIDRISK_PASS", true),
            ("REIDRISK_NO_WAIVERS", !policy.waivers.iter().any(used)),
            ("REIDRISK_NO_EXEMPTIONS", policy.exemptions.is_empty()),
            (
                "REIDRISK_NO_BASELINE",
                policy.baseline_sha256.is_none()
                    && held
                        .clone()
                        .all(|judged| judged.outcome != Outcome::Baseline),
            ),
            ("REIDRISK_ALL_MEASURED", report.not_measured.is_empty()),
        ];
        properties.extend(all.iter().filter(|(_, holds)| *holds).map(|(name, _)| name));
    }
    Statement {
        kind: STATEMENT.to_owned(),
        subject: subjects(report),
        predicate_type: SVR.to_owned(),
        predicate: Svr {
            verifier: Verifier {
                id: format!("{VERIFIER}{}", report.tool.version),
                policy: Judged {
                    name: policy.name.clone(),
                    digest: Digests {
                        sha256: policy.sha256.clone(),
                    },
                },
            },
            time_created: report.run.started.clone(),
            properties: properties.into_iter().map(str::to_owned).collect(),
        },
    }
}

fn subjects(report: &Report) -> Vec<Subject> {
    let tables = report.release.tables.iter();
    let subjects = tables.flat_map(|table| {
        table.files.iter().map(|file| Subject {
            name: file.name(&table.name),
            digest: Digests {
                sha256: file.sha256.clone(),
            },
            annotations: Place {
                table: table.name.clone(),
                path: file.path.clone(),
            },
        })
    });
    subjects.collect()
}

/// The key to sign with: PKCS#8 in PEM, as `openssl genpkey -algorithm ed25519` writes it.
///
/// # Errors
/// It is no such key.
pub fn private_key(pem: &str) -> Result<SigningKey> {
    SigningKey::from_pkcs8_pem(pem).map_err(|_| {
        Error::usage("the key is no private Ed25519 key in PKCS#8 PEM")
            .help("make one with: openssl genpkey -algorithm ed25519 -out key.pem")
    })
}

/// The key to check with, as `openssl pkey -pubout` writes it.
///
/// # Errors
/// It is no such key.
pub fn public_key(pem: &str) -> Result<VerifyingKey> {
    VerifyingKey::from_public_key_pem(pem).map_err(|_| {
        Error::usage("the key is no public Ed25519 key in PEM").help(
            "take it from the private one with: openssl pkey -in key.pem -pubout -out pub.pem",
        )
    })
}

/// The envelope of a statement, as JSON.
pub fn sign<P: Serialize>(statement: &Statement<P>, key: &SigningKey) -> String {
    let payload = serde_json::to_vec(statement).expect("a statement has no map but by name");
    let signature = key.sign(&pre_authentication(PAYLOAD, &payload));
    let envelope = Envelope {
        payload_type: PAYLOAD.to_owned(),
        payload: BASE64.encode(&payload),
        signatures: vec![Signed {
            keyid: key_id(&key.verifying_key()),
            sig: BASE64.encode(&signature.to_bytes()),
        }],
    };
    let mut text = serde_json::to_string_pretty(&envelope).expect("it is plain text");
    text.push('\n');
    text
}

/// The statement of an envelope that `key` has signed.
///
/// # Errors
/// It is no envelope, nothing in it was signed by this key, or it states something else than an audit.
pub fn open(envelope: &str, key: &VerifyingKey) -> Result<Statement> {
    let malformed = |what: &str| {
        Error::usage(format!("the attestation is malformed: {what}")).help(
            "name the attestation.json that `reidrisk audit --attest` or `reidrisk attest` wrote",
        )
    };
    let envelope: Envelope =
        serde_json::from_str(envelope).map_err(|_| malformed("it is no DSSE envelope"))?;
    if envelope.payload_type != PAYLOAD {
        return Err(malformed("its payload is no in-toto statement"));
    }
    let payload =
        decode(&envelope.payload).ok_or_else(|| malformed("its payload is not base64"))?;
    let message = pre_authentication(&envelope.payload_type, &payload);
    let signed = envelope.signatures.iter().any(|signed| {
        let signature = decode(&signed.sig).and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| key.verify_strict(&message, &signature).is_ok())
    });
    if !signed {
        return Err(Error::usage("the attestation was not signed by this key").help(
            "either the attestation was changed, or it is another key: ask who published it for the \
             fingerprint of theirs",
        ));
    }
    let stated: Stated = serde_json::from_slice(&payload)
        .map_err(|_| malformed("its payload is no statement of an audit"))?;
    if stated.kind != STATEMENT || stated.predicate_type != PREDICATE {
        return Err(malformed(match stated.predicate_type.as_str() {
            SVR => "it is the short form for other tools: name the attestation.json beside it",
            "reidrisk:audit/1" => {
                "it was made by an earlier version, which said neither waivers nor folders: attest again"
            }
            _ => "its payload is no statement of an audit",
        }));
    }
    serde_json::from_slice(&payload)
        .map_err(|_| malformed("its payload is no statement of an audit"))
}

/// What a payload is, whatever it says.
#[derive(Deserialize)]
struct Stated {
    #[serde(rename = "_type")]
    kind: String,
    #[serde(rename = "predicateType")]
    predicate_type: String,
}

/// What a published file is to a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'a> {
    /// The audited file of this name, or the manifest.
    Audited(&'a str),
    /// The bytes of an audited file, in another place: folders can be data.
    Elsewhere(&'a str),
    Unknown,
}

impl Statement {
    /// What a file of this SHA-256 is, that lies at `path` below a folder that was named, `above` being the parts of
    /// the path down to that folder.
    pub fn knows(&self, sha256: &str, above: &[String], path: &[String]) -> Known<'_> {
        if self.predicate.manifest_sha256 == sha256 {
            return Known::Audited("the manifest");
        }
        let mut elsewhere = Known::Unknown;
        for subject in &self.subject {
            if subject.digest.sha256 != sha256 {
                continue;
            }
            let name = subject.name.as_str();
            if lies_at(name, above, path) || lies_at(&subject.annotations.path, above, path) {
                return Known::Audited(name);
            }
            elsewhere = Known::Elsewhere(name);
        }
        elsewhere
    }

    /// The audited files that are not among those found, by name.
    pub fn absent(&self, found: &BTreeSet<String>) -> Vec<&str> {
        let subjects = self.subject.iter();
        let absent = subjects.filter(|subject| !found.contains(&subject.name));
        absent.map(|subject| subject.name.as_str()).collect()
    }
}

/// Whether a path ends in that of a subject, and nothing above it would be read as a column.
fn lies_at(subject: &str, above: &[String], path: &[String]) -> bool {
    let wanted: Vec<&str> = subject.split('/').collect();
    let all: Vec<&String> = above.iter().chain(path).collect();
    let Some(before) = all.len().checked_sub(wanted.len()) else {
        return false;
    };
    let is = |(wanted, found): (&&str, &&String)| match wanted.strip_suffix("=*") {
        // The value is not told, and cannot be held against.
        Some(key) => found.split_once('=').is_some_and(|(found, _)| found == key),
        None => wanted == found,
    };
    let is_column = |part: &String| part.contains('=');
    // Of the folders above the one that was named only the nearest can belong to the table.
    let inner = all[..before].iter().skip(above.len());
    let nearest = all[..before].last();
    wanted.iter().zip(&all[before..]).all(is) && !inner.chain(nearest).any(|part| is_column(part))
}

/// What is signed: type and payload with their lengths, so that none can be taken for the other.
fn pre_authentication(kind: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// Either alphabet, as DSSE asks.
fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    BASE64
        .decode(bytes)
        .or_else(|_| BASE64URL.decode(bytes))
        .ok()
}

/// SHA-256 of the public key in DER: its fingerprint.
pub fn key_id(key: &VerifyingKey) -> String {
    let der = key
        .to_public_key_der()
        .expect("a public key can be written");
    hexadecimal(&Sha256::digest(der.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_that_of_the_dsse_specification() {
        let message = pre_authentication("http://example.com/HelloWorld", b"hello world");
        let expected = "DSSEv1 29 http://example.com/HelloWorld 11 hello world";
        assert_eq!(message, expected.as_bytes());
    }

    #[test]
    fn folders_are_part_of_the_name() {
        let parts = |path: &str| -> Vec<String> {
            path.split('/')
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let lies =
            |subject: &str, above: &str, path: &str| lies_at(subject, &parts(above), &parts(path));
        let name = "movements/week=11/a.parquet";
        assert!(lies(name, "/srv/pub", "movements/week=11/a.parquet"));
        assert!(lies(name, "/srv", "pub/movements/week=11/a.parquet"));
        assert!(lies(name, "/srv/movements/week=11", "a.parquet"));
        assert!(lies(
            "week=11/a.parquet",
            "/env=live/tables",
            "week=11/a.parquet"
        ));
        for renamed in [
            "movements/diagnosis=HIV/a.parquet",
            "movements/week=12/a.parquet",
            "diagnosis=HIV/movements/week=11/a.parquet",
            "movements/week=11/b.parquet",
            "a.parquet",
        ] {
            assert!(!lies(name, "/srv/pub", renamed), "{renamed}");
        }
        assert!(!lies("a.parquet", "/srv/pub", "diagnosis=HIV/a.parquet"));
        assert!(!lies("a.parquet", "/srv/diagnosis=HIV", "a.parquet"));
        assert!(lies("pid=*/a.parquet", "", "pid=17/a.parquet"));
        assert!(!lies("pid=*/a.parquet", "", "diagnosis=17/a.parquet"));
    }

    #[test]
    fn both_alphabets_are_read() {
        assert_eq!(decode("-_8="), decode("+/8="));
        assert!(decode("no base64").is_none());
    }
}
