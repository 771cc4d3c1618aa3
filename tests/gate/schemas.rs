//! The published schemas against what the readers accept.

use std::collections::BTreeSet;
use std::path::Path;

use jsonschema::Validator;
use reidrisk::error::Source;
use reidrisk::judge::Policy;
use reidrisk::release::manifest;
use reidrisk::{measure, schema};
use serde_json::{Value, json};
use toml::de::{DeTable, DeValue};

use crate::{ROOT, reidrisk, says};

fn validator(schema: &Value) -> Validator {
    let options = jsonschema::options().should_validate_formats(true);
    options.build(schema).unwrap()
}

fn errors(validator: &Validator, instance: &Value) -> Vec<String> {
    let errors = validator.iter_errors(instance);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// TOML as JSON; dates become texts.
fn to_json(text: &str) -> Value {
    fn value(of: &DeValue<'_>) -> Value {
        match of {
            DeValue::String(text) => json!(text),
            DeValue::Boolean(flag) => json!(flag),
            DeValue::Datetime(date) => json!(date.to_string()),
            DeValue::Integer(digits) => {
                json!(i64::from_str_radix(digits.as_str(), digits.radix()).unwrap())
            }
            DeValue::Float(digits) => json!(digits.as_str().parse::<f64>().unwrap()),
            DeValue::Array(values) => values.iter().map(|inner| value(inner.get_ref())).collect(),
            DeValue::Table(inner) => table(inner),
        }
    }
    fn table(of: &DeTable<'_>) -> Value {
        let entries = of.iter();
        let entries =
            entries.map(|(key, inner)| (key.get_ref().to_string(), value(inner.get_ref())));
        Value::Object(entries.collect())
    }
    table(DeTable::parse(text).unwrap().get_ref())
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

/// Every manifest in a folder, however deep.
fn manifests(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(manifests(&path));
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            found.push(std::fs::read_to_string(path).unwrap());
        }
    }
    found
}

#[test]
fn the_command_prints_them() {
    for (of, schema) in [
        ("manifest", schema::manifest()),
        ("policy", schema::policy()),
        ("report", schema::report()),
    ] {
        let ran = reidrisk(&["schema", of]);
        assert_eq!(ran.code, 0);
        assert_eq!(
            serde_json::from_str::<Value>(&ran.out).unwrap(),
            schema,
            "{of}"
        );
    }
    assert_eq!(reidrisk(&["schema", "findings"]).code, 2);
}

#[test]
fn sample_manifests_and_presets_are_valid() {
    let of_manifests = validator(&schema::manifest());
    let root = Path::new(ROOT);
    let mut all = manifests(&root.join("sample-data"));
    all.extend(manifests(&root.join("tests/manifests")));
    assert!(all.len() >= 9, "{}", all.len());
    for text in all {
        assert_eq!(errors(&of_manifests, &to_json(&text)), [""; 0], "{text}");
    }
    let of_policies = validator(&schema::policy());
    for (name, text) in reidrisk::judge::policy::PRESETS {
        assert_eq!(errors(&of_policies, &to_json(text)), [""; 0], "{name}");
    }
}

#[test]
fn what_the_readers_refuse_the_schemas_refuse() {
    let of_manifests = validator(&schema::manifest());
    let sample = read("sample-data/naive/release.toml");
    for (from, to) in [
        ("kind = \"microdata\"", "kind = \"micro\""),
        ("population = 5_600", "population = 0"),
        (
            "sensitive = [\"monthly_spend_band\"",
            "sensetive = [\"monthly_spend_band\"",
        ),
        ("extrapolation = 2.8", "extrapolation = 0"),
        (
            "subject = \"pseudonym\"\ntime = \"observed_at\"",
            "time = \"observed_at\"",
        ),
    ] {
        assert!(sample.contains(from), "{from}");
        let changed = sample.replacen(from, to, 1);
        assert!(!of_manifests.is_valid(&to_json(&changed)), "{to}");
        let source = Source {
            name: "release.toml".into(),
            text: changed.into(),
        };
        let folder = Path::new(ROOT).join("sample-data/naive");
        assert!(manifest::parse(source, &folder, None).is_err(), "{to}");
    }
    let of_policies = validator(&schema::policy());
    for wrong in [
        "",
        "[[require]]\nstatistic = \"k-anonymity.k\"\n",
        "[[require]]\nstatistic = \"k-anonymty.k\"\nmin = 3\n",
        "extends = \"stricter\"\n",
        "extends = \"strict\"\n[[waive]]\nstatistic = \"k-anonymity.k\"\nuntil = 2026-12-31\nreason = \" \"\napproved_by = \"a\"\n",
        "extends = \"strict\"\n[[waive]]\nstatistic = \"k-anonymity.k\"\nuntil = 2026-12-31\nreason = \"r\"\n",
    ] {
        assert!(!of_policies.is_valid(&to_json(wrong)), "{wrong}");
        assert!(
            Policy::of_text("policy.toml", wrong, &[]).is_err(),
            "{wrong}"
        );
    }
}

/// A key that no reader knows and that is near to none.
const UNKNOWN: &str = "xxxxxxxxxxxxxxxxxxxx";

/// The keys that a reader says it knows when it meets another one.
fn known(refusal: reidrisk::error::Error) -> BTreeSet<String> {
    let text = format!("{refusal:?}");
    assert!(text.contains(UNKNOWN), "{text}");
    let (_, keys) = text.split_once("known keys here: ").unwrap();
    let (keys, _) = keys.split_once('"').unwrap();
    keys.split(", ").map(str::to_owned).collect()
}

/// What the reader of manifests knows where `text` has the unknown key.
fn of_manifest(text: &str) -> BTreeSet<String> {
    let source = Source {
        name: "release.toml".into(),
        text: text.replace('§', &format!("{UNKNOWN} = 1")).into(),
    };
    let folder = Path::new(ROOT).join("sample-data/naive");
    known(manifest::parse(source, &folder, None).unwrap_err())
}

fn properties(schema: &Value, path: &str) -> BTreeSet<String> {
    let found = schema.pointer(path).unwrap_or_else(|| panic!("no {path}"));
    let found = found["properties"].as_object().unwrap();
    found.keys().cloned().collect()
}

const PERSONS: &str = "[[table]]\nname = \"p\"\npath = \"p.parquet\"\nkind = \"microdata\"\nquasi_identifiers = [\"a\"]\n";
const TRACE: &str = "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"trace\"\nsubject = \"s\"\ntime = \"w\"\nitem = [\"i\"]\n";
const COUNTS: &str = "[[table]]\nname = \"c\"\npath = \"c.parquet\"\nkind = \"flows\"\nplace = \"p\"\ncount = \"n\"\n";
const KNOWN: &str = "[[auxiliary]]\nname = \"a\"\npath = \"a.parquet\"\nkind = \"traces\"\nsubject = \"s\"\ntime = \"w\"\nitem = [\"i\"]\n\
                     [[auxiliary]]\nname = \"r\"\npath = \"r.parquet\"\nkind = \"population\"\nquasi_identifiers = [\"a\"]\n";

#[test]
fn the_manifest_has_the_keys_of_its_schema_and_no_others() {
    let schema = schema::manifest();
    let same = |path: &str, texts: &[String]| {
        let accepted = texts.iter().flat_map(|text| of_manifest(text));
        let accepted: BTreeSet<String> = accepted.collect();
        assert_eq!(accepted, properties(&schema, path), "{path}");
    };
    same("", &[format!("§\n{PERSONS}")]);
    same("/properties/release", &[format!("[release]\n§\n{PERSONS}")]);
    same(
        "/properties/table/items",
        &[
            format!("{PERSONS}§\n"),
            format!("{TRACE}§\n"),
            format!("{COUNTS}§\n"),
        ],
    );
    let table = "/properties/table/items/properties";
    same(
        &format!("{table}/point"),
        &[format!("{TRACE}[table.point]\nitem = true\n§\n")],
    );
    same(
        &format!("{table}/rounding/oneOf/1"),
        &[format!("{COUNTS}[table.rounding]\nto = 5\n§\n")],
    );
    let noise = "mechanism = \"gaussian\"\nepsilon = 1\ndelta = 0.1\n";
    same(
        &format!("{table}/noise"),
        &[
            format!("{COUNTS}[table.noise]\n{noise}§\n"),
            format!("{COUNTS}[table.noise]\nmechanism = \"bounded\"\nwidth = 5\n§\n"),
        ],
    );
    let place = |inner: &str| format!("{}[table.place]\n{inner}§\n", TRACE);
    same(
        &format!("{table}/place/oneOf/1"),
        &[
            place("geometry = \"g\"\n"),
            place("latitude = \"y\"\nlongitude = \"x\"\n"),
        ],
    );
    same(
        "/properties/auxiliary/items",
        &[format!("{PERSONS}{KNOWN}§\n")],
    );
    let scenario = |inner: &str| {
        format!(
            "{PERSONS}{TRACE}{}{KNOWN}[[scenario]]\n{inner}",
            TRACE.replace("\"t\"", "\"u\"")
        )
    };
    let kinds = [
        "kind = \"periods\"\ntable = \"t\"\n§\n",
        "kind = \"rotation\"\ntable = \"t\"\n§\n",
        "kind = \"auxiliary\"\ntable = \"t\"\nauxiliary = \"a\"\n§\n",
        "kind = \"products\"\ntable = \"t\"\nother = \"u\"\n§\n",
        "kind = \"register\"\ntable = \"p\"\nauxiliary = \"r\"\n§\n",
    ];
    same("/properties/scenario/items", &kinds.map(scenario));
    let tolerance = scenario("kind = \"periods\"\ntable = \"t\"\n[scenario.tolerance]\n§\n");
    same(
        "/properties/scenario/items/properties/tolerance",
        &[tolerance],
    );
    let features =
        scenario("kind = \"periods\"\ntable = \"t\"\n[scenario.features]\nitem = true\n§\n");
    same(
        "/properties/scenario/items/properties/features",
        &[features],
    );
}

#[test]
fn the_policy_has_the_keys_of_its_schema_and_no_others() {
    let schema = schema::policy();
    let same = |path: &str, text: &str| {
        let text = text.replace('§', &format!("{UNKNOWN} = 1"));
        let accepted = known(Policy::of_text("policy.toml", &text, &[]).unwrap_err());
        assert_eq!(accepted, properties(&schema, path), "{path}");
    };
    let require = "[[require]]\nstatistic = \"k-anonymity.k\"\nmin = 3\n";
    same("", &format!("§\n{require}"));
    same("/properties/require/items", &format!("{require}§\n"));
    let waive = "[[waive]]\nstatistic = \"k-anonymity.k\"\nuntil = 2026-12-31\nreason = \"r\"\napproved_by = \"a\"\n";
    same("/properties/waive/items", &format!("{require}{waive}§\n"));
}

/// Each measure refuses a setting that its documentation, from which the schema is made, does not have. The other way
/// round: what is documented is known to the measure.
#[test]
fn measures_have_the_settings_of_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let sample = read("sample-data/naive/release.toml");
    let data = Path::new(ROOT).join("sample-data");
    let sample = sample.replace("../auxiliary", data.join("auxiliary").to_str().unwrap());
    let naive = data.join("naive");
    let sample = sample.replace(
        "path = \"",
        &format!("path = \"{}/", naive.to_str().unwrap()),
    );
    let sample = sample.replace(&format!("{}//", naive.to_str().unwrap()), "/");
    let path = folder.path().join("release.toml");
    for doc in measure::docs() {
        let text = format!("{sample}\n[measure.{}]\n{UNKNOWN} = 1\n", doc.id);
        std::fs::write(&path, text).unwrap();
        let options = reidrisk::audit::Options {
            paths: vec![path.clone()],
            policy: "exploratory".into(),
            ..Default::default()
        };
        let refusal = reidrisk::audit::audit(&options, &()).unwrap_err();
        let text = format!("{refusal:?}");
        let documented: BTreeSet<String> = doc
            .settings
            .iter()
            .map(|setting| setting.key.to_owned())
            .collect();
        if documented.is_empty() {
            says(&text, &[UNKNOWN]);
        } else {
            assert_eq!(known(refusal), documented, "{}", doc.id);
        }
    }
}
