//! JSON Schemas (draft 2020-12) of what users write and what the program writes: the manifest and the policy, as
//! their TOML is in JSON, and `report.json`. Statistics, measures and their settings come from the registry.

mod manifest;
mod policy;

use serde_json::{Map, Value, json};

use crate::report;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of `release.toml`.
pub fn manifest() -> Value {
    manifest::schema()
}

/// The schema of a policy.
pub fn policy() -> Value {
    policy::schema()
}

/// The schema of `report.json`, derived from the types that are written.
pub fn report() -> Value {
    let mut schema = schemars::schema_for!(report::Report).to_value();
    schema["title"] = json!("reidrisk report");
    schema["properties"]["schema"] = json!({"const": report::SCHEMA});
    schema
}

/// The schema of `advice.json`, derived from the types that are written.
pub fn advice() -> Value {
    let mut schema = schemars::schema_for!(report::advice::Advice).to_value();
    schema["title"] = json!("reidrisk advice");
    schema["properties"]["schema"] = json!({"const": report::advice::SCHEMA});
    schema
}

/// An object with these keys and no others.
fn closed(description: &str, properties: Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "description": description,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// An object whose keys are free.
fn open(description: &str, of: Value) -> Value {
    json!({"type": "object", "description": description, "additionalProperties": of})
}

fn string(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

/// One of these words.
fn choice<'a>(description: &str, words: impl IntoIterator<Item = &'a str>) -> Value {
    json!({"enum": words.into_iter().collect::<Vec<_>>(), "description": description})
}

/// A string or a list of them.
fn strings(description: &str) -> Value {
    json!({
        "description": description,
        "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    })
}

fn number(description: &str) -> Value {
    json!({"type": "number", "description": description})
}

fn positive(description: &str) -> Value {
    json!({"type": "number", "exclusiveMinimum": 0, "description": description})
}

/// A whole number of at least `least`.
fn whole(description: &str, least: u64) -> Value {
    json!({"type": "integer", "minimum": least, "description": description})
}

fn boolean(description: &str) -> Value {
    json!({"type": "boolean", "description": description})
}

/// A list of sections.
fn sections(description: &str, of: Value) -> Value {
    json!({"type": "array", "items": of, "minItems": 1, "description": description})
}

/// Puts objects of properties together.
fn merged(parts: impl IntoIterator<Item = Value>) -> Value {
    let mut all = Map::new();
    for part in parts {
        if let Value::Object(part) = part {
            all.extend(part);
        }
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_schema_is_one_by_the_draft_it_names() {
        for schema in [manifest(), policy(), report(), advice()] {
            assert_eq!(schema["$schema"], DRAFT);
            assert!(jsonschema::meta::is_valid(&schema), "{}", schema["title"]);
        }
    }
}
