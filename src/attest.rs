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
use crate::finding::Finding;
use crate::release::digest::hexadecimal;
use crate::report::{Report, Tool, Verdict};

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// What the predicate is. A name, not an address: nothing is to be had from it.
pub const PREDICATE: &str = "reidrisk:audit/1";
const PAYLOAD: &str = "application/vnd.in-toto+json";

/// What is signed: these files were audited with this outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    #[serde(rename = "_type")]
    pub kind: String,
    pub subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    pub predicate_type: String,
    pub predicate: Predicate,
}

/// A released file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// The table's name and the file's path within what the manifest names.
    pub name: String,
    pub digest: Digests,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digests {
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Predicate {
    pub tool: Tool,
    pub release: String,
    pub manifest_sha256: String,
    pub policy: Policy,
    pub seed: u64,
    pub verdict: Verdict,
    /// Of the `report.json` that says the same.
    pub report_sha256: String,
    pub findings: Vec<Finding>,
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
    let tables = report.release.tables.iter();
    let subjects = tables.flat_map(|table| {
        table.files.iter().map(|file| Subject {
            name: format!("{}/{}", table.name, file.path),
            digest: Digests {
                sha256: file.sha256.clone(),
            },
        })
    });
    let policy = &report.policy;
    Statement {
        kind: STATEMENT.to_owned(),
        subject: subjects.collect(),
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
            },
            seed: report.settings.seed,
            verdict: report.verdict,
            report_sha256: sha256.to_owned(),
            findings: report.findings.clone(),
        },
    }
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
pub fn sign(statement: &Statement, key: &SigningKey) -> String {
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
    let statement: Statement = serde_json::from_slice(&payload)
        .map_err(|_| malformed("its payload is no statement of an audit"))?;
    if statement.kind != STATEMENT || statement.predicate_type != PREDICATE {
        return Err(malformed("its payload is no statement of an audit"));
    }
    Ok(statement)
}

impl Statement {
    /// Whether a file of this SHA-256 was audited, or is the manifest.
    pub fn names(&self, sha256: &str) -> bool {
        let mut subjects = self.subject.iter();
        subjects.any(|subject| subject.digest.sha256 == sha256)
            || self.predicate.manifest_sha256 == sha256
    }

    /// The audited files that are not among those found.
    pub fn absent(&self, found: &BTreeSet<String>) -> Vec<&str> {
        let subjects = self.subject.iter();
        let absent = subjects.filter(|subject| !found.contains(&subject.digest.sha256));
        absent.map(|subject| subject.name.as_str()).collect()
    }
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
    fn both_alphabets_are_read() {
        assert_eq!(decode("-_8="), decode("+/8="));
        assert!(decode("no base64").is_none());
    }
}
