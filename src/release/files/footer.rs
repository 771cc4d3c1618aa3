//! What a file's footer says besides the schema: key–value metadata, and who wrote it.

use std::collections::BTreeSet;

use arrow::datatypes::{Field, Schema};
use arrow::ipc::convert::try_schema_from_ipc_buffer;
use data_encoding::BASE64;
use serde_json::{Map, Value};

use crate::identifier::{self, Kind};

/// What can be wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leak {
    /// It names columns that are not in the file.
    ForeignColumns,
    /// It numbers the rows, and not from 0 to their count.
    RowIndex,
    /// It names a person, a machine or a path.
    Origin,
    /// Nothing is known of entries with this key.
    Unknown,
}

/// What is wrong with one entry.
#[derive(Debug, Default)]
pub struct Found {
    pub leaks: BTreeSet<Leak>,
    /// Columns with a description or metadata of their own.
    pub described: BTreeSet<String>,
}

/// The file that an entry stands in.
pub struct File<'a> {
    /// Also those that are in a folder's name.
    pub columns: &'a [String],
    pub rows: u64,
}

/// Keys of writers whose values are understood, or say nothing of the data.
const KNOWN: [&str; 13] = [
    "pandas",
    "ARROW:schema",
    "parquet.avro.schema",
    "avro.schema",
    "iceberg.schema",
    "geo",
    "writer.model.name",
    "writer.time.zone",
    "writer.date.proleptic",
    "hive.schema",
    "delta.schema",
    "parquet.proto.class",
    "duckdb.version",
];
/// What Spark writes begins so.
const OF_SPARK: &str = "org.apache.spark.";

/// Looks through one entry of the metadata.
pub fn entry(key: &str, value: &str, file: &File<'_>) -> Found {
    let mut found = Found::default();
    if !KNOWN.contains(&key) && !key.starts_with(OF_SPARK) {
        found.leaks.insert(Leak::Unknown);
    }
    if key == "ARROW:schema" {
        let schema = BASE64.decode(value.as_bytes()).ok();
        match schema.and_then(|bytes| try_schema_from_ipc_buffer(&bytes).ok()) {
            Some(schema) => found.arrow(&schema, file),
            None => {
                found.leaks.insert(Leak::Unknown);
            }
        }
    } else if let Ok(Value::Object(object)) = serde_json::from_str(value) {
        found.json(&object, file);
    } else if tells_origin(value) {
        found.leaks.insert(Leak::Origin);
    }
    found
}

/// The key as a report may show it: of one that looks like anything but a key nothing is shown.
pub fn shown(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".:_-".contains(c);
    match key.len() <= 60 && key.chars().all(plain) && identifier::recognise(key).is_none() {
        true => key.to_owned(),
        false => "a key that is no word".to_owned(),
    }
}

impl Found {
    fn arrow(&mut self, schema: &Schema, file: &File<'_>) {
        for field in schema.fields() {
            self.name(field.name(), file);
            if self.is_described(field) {
                self.described.insert(field.name().clone());
            }
        }
        for (key, value) in schema.metadata() {
            // What pandas and others say of the table stands in an entry of its own as well.
            if tells_origin(value) && !KNOWN.contains(&key.as_str()) {
                self.leaks.insert(Leak::Origin);
            }
        }
    }

    /// Whether a field, or one within it, has metadata of its own.
    fn is_described(&mut self, field: &Field) -> bool {
        let own = field.metadata().iter().filter(|(key, _)| {
            !key.starts_with("PARQUET:") && !key.starts_with("ARROW:extension:")
        });
        let mut described = false;
        for (_, value) in own {
            described = true;
            if tells_origin(value) {
                self.leaks.insert(Leak::Origin);
            }
        }
        let inner = match field.data_type() {
            arrow::datatypes::DataType::Struct(fields) => fields.iter().collect(),
            arrow::datatypes::DataType::List(field)
            | arrow::datatypes::DataType::LargeList(field)
            | arrow::datatypes::DataType::Map(field, _) => vec![field],
            _ => Vec::new(),
        };
        inner
            .into_iter()
            .fold(described, |any, field| self.is_described(field) | any)
    }

    /// A table's schema in the words of pandas, Spark, Avro or Iceberg, or anything else.
    fn json(&mut self, object: &Map<String, Value>, file: &File<'_>) {
        for list in ["columns", "fields"] {
            let Some(columns) = object.get(list) else {
                continue;
            };
            let listed = columns.as_array().into_iter().flatten();
            for column in listed.filter_map(Value::as_object) {
                // An index that pandas writes as a column has a name of the file beside its own.
                let name = ["field_name", "name"]
                    .iter()
                    .find_map(|key| column.get(*key)?.as_str());
                let Some(name) = name else { continue };
                self.name(name, file);
                if list == "fields" && describes(column) {
                    self.described.insert(name.to_owned());
                }
            }
            for (name, _) in columns.as_object().into_iter().flatten() {
                self.name(name, file);
            }
        }
        let index = object.get("index_columns").and_then(Value::as_array);
        for column in index.into_iter().flatten() {
            match column {
                Value::String(name) => self.name(name, file),
                Value::Object(range) => {
                    let number = |key: &str| range.get(key).and_then(Value::as_i64);
                    let (start, stop, step) = (number("start"), number("stop"), number("step"));
                    if (start, step) != (Some(0), Some(1)) || stop != i64::try_from(file.rows).ok()
                    {
                        self.leaks.insert(Leak::RowIndex);
                    }
                }
                _ => {}
            }
        }
        if object
            .iter()
            .any(|(key, value)| names_somebody(Some(key), value))
        {
            self.leaks.insert(Leak::Origin);
        }
    }

    fn name(&mut self, name: &str, file: &File<'_>) {
        if file.columns.iter().all(|column| column != name) {
            self.leaks.insert(Leak::ForeignColumns);
        }
    }
}

/// Whether a field of a schema, or one within it, has a description or metadata that is more than its type.
fn describes(field: &Map<String, Value>) -> bool {
    field.iter().any(|(key, value)| match key.as_str() {
        "doc" | "comment" | "description" => value.as_str().is_some_and(|text| !text.is_empty()),
        "metadata" => value.as_object().is_some_and(|metadata| {
            let of_type = ["HIVE_TYPE_STRING", "__CHAR_VARCHAR_TYPE_STRING"];
            metadata.keys().any(|key| !of_type.contains(&key.as_str()))
        }),
        "type" | "fields" | "elementType" | "valueType" => match value {
            Value::Object(inner) => describes(inner),
            Value::Array(inner) => inner.iter().filter_map(Value::as_object).any(describes),
            _ => false,
        },
        _ => false,
    })
}

/// Whether a value of metadata, or one within it, names a person, a machine or a path.
fn names_somebody(key: Option<&str>, value: &Value) -> bool {
    const WHO: [&str; 12] = [
        "user",
        "username",
        "user_name",
        "host",
        "hostname",
        "host_name",
        "author",
        "owner",
        "operator",
        "machine",
        "path",
        "file",
    ];
    match value {
        Value::String(text) => {
            let said = key.is_some_and(|key| WHO.contains(&key.to_ascii_lowercase().as_str()));
            (said && !text.is_empty()) || tells_origin(text)
        }
        Value::Array(values) => values.iter().any(|value| names_somebody(None, value)),
        Value::Object(object) => object
            .iter()
            .any(|(key, value)| names_somebody(Some(key), value)),
        _ => false,
    }
}

/// Whether a text has a path, an address of a store, or an identifier of a person or machine in it.
pub fn tells_origin(text: &str) -> bool {
    let parts = text.split(|c: char| c.is_whitespace() || ",;\"'()[]{}<>=|".contains(c));
    parts.filter(|part| !part.is_empty()).any(|part| {
        let named = matches!(
            identifier::recognise(part),
            Some(Kind::Email | Kind::Iban | Kind::MacAddress | Kind::IpAddress)
        );
        named || is_path(part)
    })
}

/// An absolute path of two names at least, of Unix or Windows, a share, or an address in a store; not one of the
/// web, which is what schemas have.
fn is_path(part: &str) -> bool {
    let word = |name: &str| {
        let plain = |c: char| c.is_alphanumeric() || "._-~$ %".contains(c);
        !name.is_empty() && name.chars().all(plain)
    };
    if let Some((scheme, rest)) = part.split_once("://") {
        let letters = |c: char| c.is_ascii_alphanumeric() || "+-:".contains(c);
        let web = ["http", "https", "urn"].contains(&scheme);
        return !web && !rest.is_empty() && !scheme.is_empty() && scheme.chars().all(letters);
    }
    if part.starts_with("\\\\") {
        return true;
    }
    let mut letters = part.chars();
    let drive = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.next() == Some(':')
        && letters.next().is_some_and(|c| c == '\\' || c == '/');
    let root = part.trim_start_matches("file:");
    let home = root.starts_with("~/");
    drive
        || home
        || root.strip_prefix('/').is_some_and(|inside| {
            let names: Vec<&str> = inside.trim_end_matches('/').split('/').collect();
            names.len() >= 2 && names.iter().all(|name| word(name))
        })
}

/// Whether `created_by` says no more than a product and its version: up to four words, a version, a build.
pub fn is_product(created_by: &str) -> bool {
    let (product, build) = match created_by.split_once('(') {
        Some((product, build)) => (product, build.trim_end().strip_suffix(')')),
        None => (created_by, Some("build")),
    };
    let plain = |word: &str| {
        let letters = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
        word.chars().all(letters)
    };
    let relates = ["by", "on", "at", "for", "from", "user", "host"];
    let words: Vec<&str> = product.split_whitespace().collect();
    let is_version = |word: &str| {
        let word = word.strip_prefix('v').unwrap_or(word);
        word.starts_with(|c: char| c.is_ascii_digit())
    };
    let version = words.iter().position(|word| *word == "version");
    let names = match version {
        // What follows `version` is one word.
        Some(at) if words.len() == at + 2 => &words[..at],
        Some(_) => return false,
        None => match words.split_last() {
            Some((last, rest)) if is_version(last) => rest,
            _ => &words[..],
        },
    };
    let named = (1..=4).contains(&names.len())
        && words.iter().all(|word| plain(word))
        && names
            .iter()
            .all(|word| !relates.contains(&word.to_ascii_lowercase().as_str()));
    let built = build.is_some_and(|build| {
        let words: Vec<&str> = build.split_whitespace().collect();
        words.len() <= 2 && words.iter().all(|word| plain(word))
    });
    named && built && !tells_origin(created_by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Leak::{ForeignColumns, Origin, RowIndex, Unknown};

    fn leaks(key: &str, value: &str) -> Vec<Leak> {
        let file = File {
            columns: &["age".to_owned(), "sex".to_owned()],
            rows: 10,
        };
        entry(key, value, &file).leaks.into_iter().collect()
    }

    fn described(key: &str, value: &str) -> usize {
        let file = File {
            columns: &["age".to_owned(), "sex".to_owned()],
            rows: 10,
        };
        entry(key, value, &file).described.len()
    }

    #[test]
    fn pandas() {
        let of = |index: &str, column: &str| {
            let text = format!(
                r#"{{"index_columns": [{index}], "column_indexes": [{{"name": null, "field_name": null,
                "pandas_type": "unicode", "numpy_type": "object", "metadata": {{"encoding": "UTF-8"}}}}],
                "columns": [{{"name": "age", "field_name": "age", "pandas_type": "int64", "metadata": null}},
                {{"name": {column}, "field_name": {column}, "pandas_type": "unicode", "metadata": null}}],
                "creator": {{"library": "pyarrow", "version": "21.0.0"}}, "pandas_version": "2.3.1"}}"#
            );
            leaks("pandas", &text)
        };
        let range = |start, stop| {
            format!(
                r#"{{"kind": "range", "name": null, "start": {start}, "stop": {stop}, "step": 1}}"#
            )
        };
        assert_eq!(of(&range(0, 10), "\"sex\""), []);
        assert_eq!(of(&range(5, 15), "\"sex\""), [RowIndex]);
        assert_eq!(of(&range(0, 12), "\"sex\""), [RowIndex]);
        assert_eq!(of(&range(0, 10), "\"msisdn\""), [ForeignColumns]);
        assert_eq!(of("\"__index_level_0__\"", "\"sex\""), [ForeignColumns]);
    }

    #[test]
    fn spark_and_avro() {
        let spark = |metadata: &str| {
            format!(
                r#"{{"type":"struct","fields":[{{"name":"age","type":"integer","nullable":true,"metadata":{metadata}}}]}}"#
            )
        };
        let key = "org.apache.spark.sql.parquet.row.metadata";
        assert_eq!(
            (leaks(key, &spark("{}")), described(key, &spark("{}"))),
            (vec![], 0)
        );
        let comment = spark(r#"{"comment":"age at contract"}"#);
        assert_eq!(
            (leaks(key, &comment), described(key, &comment)),
            (vec![], 1)
        );
        assert_eq!(
            described(key, &spark(r#"{"__CHAR_VARCHAR_TYPE_STRING":"char(3)"}"#)),
            0
        );
        let avro = r#"{"type":"record","name":"row","fields":[{"name":"sex","type":"string","doc":"m or f"},
                      {"name":"imsi","type":"string"}]}"#;
        assert_eq!(leaks("parquet.avro.schema", avro), [ForeignColumns]);
        assert_eq!(described("parquet.avro.schema", avro), 1);
        assert_eq!(leaks("org.apache.spark.version", "3.5.1"), []);
    }

    #[test]
    fn origins() {
        for text in [
            "/home/anna/data/raw.csv",
            r"C:\Users\Anna\Desktop\x.csv",
            "from \\\\server17\\share",
            "s3://bucket/customers",
            "hdfs://nn1:8020/x",
            "~/x",
            "file:/data/x.csv",
            "mail anna.muster@example.org",
            "host 192.168.14.250",
        ] {
            assert!(tells_origin(text), "{text}");
        }
        for text in [
            "Europe/Berlin",
            "application/json",
            "km/h",
            "https://example.org/schemas/row/1",
            "and/or",
            "2026-03-02T10:11:12Z",
            "a / b",
            "parquet-cpp-arrow version 21.0.0",
            "1/2",
            "",
        ] {
            assert!(!tells_origin(text), "{text}");
        }
        assert_eq!(leaks("note", r#"{"user": "amuster"}"#), [Origin, Unknown]);
        assert_eq!(leaks("note", "nothing"), [Unknown]);
        assert_eq!(leaks("ARROW:schema", "not base64"), [Unknown]);
    }

    #[test]
    fn products() {
        for text in [
            "parquet-rs version 60.1.0",
            "parquet-cpp-arrow version 21.0.0",
            "parquet-mr version 1.13.1 (build db4183109d5b734ec5930d870cdae161e408ddba)",
            "DuckDB version v1.3.2 (build 0b83e5d2f6)",
            "fastparquet-python version 2024.11.0 (build 0)",
            "impala version 1.3.0-INTERNAL (build 8a48ddb1eff84592b3fc06bc6f51ec120e1fffc9)",
            "Polars",
            "reidrisk sample data",
            "AWS Glue Parquet Writer 2.0",
        ] {
            assert!(is_product(text), "{text}");
        }
        for text in [
            "etl run by amuster on ws-17",
            "written by anna",
            "anna@ws-17.example.org",
            "exporter version 2 (build /home/anna/exporter)",
            "exporter version 2 of the 3rd",
            "C:\\exporter.exe",
            "",
        ] {
            assert!(!is_product(text), "{text}");
        }
    }

    #[test]
    fn keys_are_shown_as_words() {
        assert_eq!(shown("ARROW:schema"), "ARROW:schema");
        assert_eq!(shown("/home/anna"), "a key that is no word");
        assert_eq!(shown("491701234567"), "a key that is no word");
    }
}
