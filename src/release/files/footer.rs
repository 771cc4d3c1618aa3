//! What a file's footer says besides the schema: key–value metadata, and who wrote it.

use std::collections::BTreeSet;

use arrow::datatypes::{DataType, Field, Schema};
use arrow::ipc::convert::{IpcSchemaEncoder, try_schema_from_ipc_buffer};
use arrow::ipc::writer::DictionaryTracker;
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
    /// What stands in it that has no form: descriptions, comments.
    pub texts: BTreeSet<String>,
}

/// The file that an entry stands in.
pub struct File<'a> {
    /// Also those that are in a folder's name.
    pub columns: &'a [String],
    /// All names of its schema, also those within columns.
    pub names: &'a BTreeSet<String>,
    pub rows: u64,
}

/// What may stand in an entry besides what is understood of it: comments, names of types nobody knows. So many bytes a
/// column and so many besides are taken for that; in more there is room for anything.
const FREE_A_COLUMN: usize = 120;
const FREE: usize = 200;
/// What describes a system of coordinates is longer.
const FREE_COORDINATES: usize = 6_000;
/// The longest single text of that kind.
const LONGEST: usize = 240;

/// Looks through one entry of the metadata. An entry of a writer that is known is read by its form; what does not have
/// it, or has more, is unknown.
pub fn entry(key: &str, value: &str, file: &File<'_>) -> Found {
    let mut found = Reader {
        found: Found::default(),
        file,
        free: 0,
        column: None,
    };
    found.entry(key, value);
    let room = FREE + FREE_A_COLUMN * file.columns.len();
    let room = if key == "geo" {
        room + FREE_COORDINATES
    } else {
        room
    };
    if found.free > room {
        found.leak(Leak::Unknown);
    }
    found.found
}

/// The key as a report may show it: of one that looks like anything but a key nothing is shown.
pub fn shown(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".:_-".contains(c);
    match key.len() <= 60 && key.chars().all(plain) && identifier::recognise(key).is_none() {
        true => key.to_owned(),
        false => "a key that is no word".to_owned(),
    }
}

/// Reads one entry.
struct Reader<'a> {
    found: Found,
    file: &'a File<'a>,
    /// Bytes of free text so far.
    free: usize,
    /// The column that is being described.
    column: Option<String>,
}

type Object = Map<String, Value>;

impl Reader<'_> {
    fn leak(&mut self, leak: Leak) {
        self.found.leaks.insert(leak);
    }

    fn unless(&mut self, known: bool) {
        if !known {
            self.leak(Leak::Unknown);
        }
    }

    fn entry(&mut self, key: &str, value: &str) {
        let json = || serde_json::from_str::<Value>(value).ok();
        match key {
            "ARROW:schema" => {
                let bytes = BASE64.decode(value.as_bytes()).ok();
                let schema = bytes.and_then(|bytes| {
                    let schema = try_schema_from_ipc_buffer(&bytes).ok()?;
                    Some((bytes.len(), schema))
                });
                match schema {
                    Some((bytes, schema)) => self.arrow(&schema, bytes),
                    None => self.leak(Leak::Unknown),
                }
                return;
            }
            "pandas" => match json() {
                Some(Value::Object(object)) => self.pandas(&object),
                _ => self.leak(Leak::Unknown),
            },
            "PANDAS_ATTRS" => self.unless(value.trim() == "{}"),
            "org.apache.spark.sql.parquet.row.metadata"
            | "parquet.avro.schema"
            | "avro.schema"
            | "iceberg.schema"
            | "hive.schema"
            | "delta.schema" => match json() {
                Some(schema) => self.schema(&schema),
                None => self.leak(Leak::Unknown),
            },
            "geo" => match json() {
                Some(Value::Object(object)) => self.geo(&object),
                _ => self.leak(Leak::Unknown),
            },
            "r" => self.of_r(value),
            "org.apache.spark.version" => self.unless(is_version(value)),
            "org.apache.spark.legacyDateTime" | "org.apache.spark.legacyINT96" => {
                self.unless(value.is_empty());
            }
            "org.apache.spark.timeZone" | "writer.time.zone" => self.unless(is_zone(value)),
            "writer.date.proleptic" | "writer.zone.conversion.legacy" => {
                self.unless(["true", "false"].contains(&value));
            }
            "writer.model.name" => self.unless(is_word(value) || is_version(value)),
            "parquet.proto.class" | "parquet.thrift.class" | "thrift.class" => {
                self.unless(is_word(value));
            }
            // What fastparquet says of categories, beside each chunk.
            "numpy_dtype" | "label_dtype" => self.data_type(value),
            "num_categories" => self.unless(value.parse::<u64>().is_ok()),
            "duckdb.version" | "duckdb.interval_bloom_filter" => {
                self.unless(is_version(value) || is_word(value));
            }
            _ => self.leak(Leak::Unknown),
        }
        // Whatever it is: what names somebody is told apart from what says nothing.
        match json() {
            Some(Value::Object(object)) => {
                // Of a form that is not known the columns are still looked for.
                if self.found.leaks.contains(&Leak::Unknown) {
                    self.named(&object);
                }
                if object
                    .iter()
                    .any(|(key, value)| names_somebody(Some(key), value))
                {
                    self.leak(Leak::Origin);
                }
            }
            _ if tells_origin(value) => self.leak(Leak::Origin),
            _ => {}
        }
    }

    /// A column that is named outright.
    fn name(&mut self, name: &str) {
        if self.file.columns.iter().all(|column| column != name) {
            self.leak(Leak::ForeignColumns);
        }
    }

    /// A name within a column.
    fn inner(&mut self, name: &str) {
        // What lists and maps call their parts differs between a file's schema and those of other systems.
        const PARTS: [&str; 12] = [
            "item",
            "element",
            "list",
            "array",
            "key",
            "value",
            "key_value",
            "entries",
            "map",
            "bag",
            "array_element",
            "entry",
        ];
        if !self.file.names.contains(name) && !PARTS.contains(&name) {
            self.leak(Leak::ForeignColumns);
        }
    }

    /// Text of no form.
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.free += text.len();
        self.found.texts.insert(text.to_owned());
        if text.len() > LONGEST {
            self.leak(Leak::Unknown);
        }
        if tells_origin(text) {
            self.leak(Leak::Origin);
        }
        if let Some(column) = &self.column {
            self.found.described.insert(column.clone());
        }
    }

    /// The name of a type, in any of the languages that have them.
    fn data_type(&mut self, text: &str) {
        let zone = text
            .split_once("64[")
            .and_then(|(_, rest)| rest.split_once(", "))
            .and_then(|(_, rest)| rest.strip_suffix(']'));
        let text = match zone {
            Some(zone) if is_zone(zone) => text.strip_suffix(&format!(", {zone}]")).unwrap_or(text),
            _ => text,
        };
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        let known = |word: &str| {
            let letters = word
                .trim_end_matches(|c: char| c.is_ascii_digit())
                .to_ascii_lowercase();
            let digits = word.len() - letters.len();
            (digits <= 4 && (letters.is_empty() || is_in(TYPES, &letters)))
                || self.file.names.contains(word)
        };
        let all = words.filter(|word| !word.is_empty()).all(known);
        if !(all && text.len() <= LONGEST) {
            self.text(text);
        }
    }

    fn arrow(&mut self, schema: &Schema, bytes: usize) {
        // Bytes that are no part of the schema: what it takes when it is written again is less.
        let mut dictionaries = DictionaryTracker::new(false);
        let mut encoder = IpcSchemaEncoder::new().with_dictionary_tracker(&mut dictionaries);
        let own = encoder.schema_to_fb(schema).finished_data().len();
        self.unless(bytes <= own + own / 2 + 256);
        for field in schema.fields() {
            self.name(field.name());
            self.column = Some(field.name().clone());
            self.field(field);
            self.column = None;
        }
        for (key, value) in schema.metadata() {
            self.entry(key, value);
        }
    }

    /// The type and metadata of a field, and of those within it.
    fn field(&mut self, field: &Field) {
        for (key, value) in field.metadata() {
            match key.as_str() {
                "PARQUET:field_id" => self.unless(value.parse::<i64>().is_ok()),
                "ARROW:extension:name" => self.unless(is_word(value)),
                "ARROW:extension:metadata" if value.len() <= 64 => {}
                "ARROW:extension:metadata" => match serde_json::from_str(value) {
                    Ok(Value::Object(object)) => self.coordinates(&Value::Object(object), 0),
                    _ => self.leak(Leak::Unknown),
                },
                "google:sqlType" => self.data_type(value),
                // What Polars keeps of its own types.
                key if key.starts_with("_PL_") && value.len() <= 24 => {}
                key => {
                    // Always a description, of whatever length.
                    self.text(key);
                    self.text(value);
                }
            }
        }
        let inner: Vec<&Field> = match field.data_type() {
            DataType::Struct(fields) => fields.iter().map(AsRef::as_ref).collect(),
            DataType::List(field)
            | DataType::LargeList(field)
            | DataType::ListView(field)
            | DataType::LargeListView(field)
            | DataType::FixedSizeList(field, _)
            | DataType::Map(field, _) => vec![field.as_ref()],
            DataType::Timestamp(_, Some(zone)) => {
                self.unless(is_zone(zone));
                Vec::new()
            }
            DataType::Dictionary(_, values) => match values.as_ref() {
                DataType::Timestamp(_, Some(zone)) => {
                    self.unless(is_zone(zone));
                    Vec::new()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        for field in inner {
            self.inner(field.name());
            self.field(field);
        }
    }

    /// What pandas says of a table. Source: pandas, developer's documentation, "Storing pandas DataFrame objects in
    /// Apache Parquet format".
    fn pandas(&mut self, object: &Object) {
        for (key, value) in object {
            match (key.as_str(), value) {
                ("columns" | "column_indexes", Value::Array(columns)) => {
                    for column in columns {
                        match column {
                            Value::Object(column) => self.pandas_column(column, key == "columns"),
                            _ => self.leak(Leak::Unknown),
                        }
                    }
                }
                ("index_columns", Value::Array(columns)) => {
                    columns.iter().for_each(|column| self.pandas_index(column));
                }
                ("partition_columns", Value::Array(columns)) => {
                    for column in columns {
                        match column {
                            Value::String(name) => self.name(name),
                            _ => self.leak(Leak::Unknown),
                        }
                    }
                }
                ("creator", Value::Object(creator)) => self.creator(creator),
                ("pandas_version", Value::String(version)) => self.unless(is_version(version)),
                ("pandas_version", Value::Null) => {}
                // What the user keeps beside the table.
                ("attributes", Value::Object(attributes)) => self.unless(attributes.is_empty()),
                _ => self.leak(Leak::Unknown),
            }
        }
    }

    fn creator(&mut self, creator: &Object) {
        for (key, value) in creator {
            let text = value.as_str().unwrap_or("\n");
            self.unless(match key.as_str() {
                "library" => is_word(text),
                "version" => is_version(text),
                _ => false,
            });
        }
    }

    fn pandas_column(&mut self, column: &Object, named: bool) {
        let string = |key: &str| column.get(key).and_then(Value::as_str);
        // An index that pandas writes as a column has a name of the file beside its own.
        let field = string("field_name").or(string("name"));
        if let (true, Some(name)) = (named, field) {
            self.name(name);
            self.column = Some(name.to_owned());
        }
        for (key, value) in column {
            match (key.as_str(), value) {
                (_, Value::Null) => {}
                ("name" | "field_name", Value::String(name)) => {
                    let known = self.file.columns.contains(name);
                    let own = named && field == Some(name.as_str());
                    if !(known || own || is_word(name)) {
                        self.text(name);
                    }
                }
                ("pandas_type" | "numpy_type", Value::String(name)) => self.data_type(name),
                ("metadata", Value::Object(metadata)) => {
                    for (key, value) in metadata {
                        let text = value.as_str();
                        self.unless(match key.as_str() {
                            "encoding" => text.is_some_and(is_word),
                            "timezone" => text.is_some_and(is_zone),
                            "num_categories" | "precision" | "scale" => value.is_number(),
                            "ordered" => value.is_boolean(),
                            _ => false,
                        });
                    }
                }
                _ => self.leak(Leak::Unknown),
            }
        }
        self.column = None;
    }

    fn pandas_index(&mut self, column: &Value) {
        match column {
            Value::String(name) => self.name(name),
            Value::Object(range) => {
                let number = |key: &str| range.get(key).and_then(Value::as_i64);
                let (start, stop, step) = (number("start"), number("stop"), number("step"));
                if (start, step) != (Some(0), Some(1)) || stop != i64::try_from(self.file.rows).ok()
                {
                    self.leak(Leak::RowIndex);
                }
                for (key, value) in range {
                    let word = value.as_str().is_none_or(is_word);
                    let known = ["kind", "name", "start", "stop", "step"].contains(&key.as_str());
                    self.unless(known && word && !value.is_object() && !value.is_array());
                }
            }
            _ => self.leak(Leak::Unknown),
        }
    }

    /// A schema in the words of Spark, Avro or Iceberg, or what stands in one.
    fn schema(&mut self, value: &Value) {
        let object = match value {
            Value::Object(object) => object,
            Value::String(text) => return self.data_type(text),
            Value::Array(values) => return values.iter().for_each(|value| self.schema(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => return,
        };
        let name = object.get("name").and_then(Value::as_str);
        // The columns are the fields of the outermost; an Avro record has a name of its own.
        let is_record = object.get("fields").is_some_and(Value::is_array);
        let outermost = self.column.is_none();
        for (key, value) in object {
            match (key.as_str(), value) {
                ("fields", Value::Array(fields)) if outermost => {
                    for field in fields {
                        let name = field.get("name").and_then(Value::as_str);
                        match name {
                            Some(name) => self.name(name),
                            None => self.leak(Leak::Unknown),
                        }
                        self.column = Some(name.unwrap_or_default().to_owned());
                        self.schema(field);
                        self.column = None;
                    }
                }
                ("name" | "namespace", Value::String(text)) => {
                    if is_record || key == "namespace" {
                        self.unless(is_word(text));
                    } else {
                        let own = self.column.as_deref() == Some(text);
                        if !own {
                            self.inner(text);
                        }
                    }
                }
                (
                    "type" | "fields" | "elementType" | "keyType" | "valueType" | "items"
                    | "values" | "key" | "value" | "element" | "sqlType" | "logicalType",
                    value,
                ) => self.schema(value),
                (
                    "nullable" | "containsNull" | "valueContainsNull" | "required"
                    | "element-required" | "value-required" | "adjust-to-utc",
                    Value::Bool(_),
                ) => {}
                (
                    "id" | "schema-id" | "element-id" | "key-id" | "value-id" | "field-id"
                    | "precision" | "scale" | "size",
                    Value::Number(_),
                ) => {}
                ("identifier-field-ids", Value::Array(ids)) if ids.iter().all(Value::is_number) => {
                }
                ("doc" | "comment" | "description", Value::String(text)) => self.text(text),
                ("class" | "pyClass" | "connect.name", Value::String(text)) => {
                    self.unless(is_word(text))
                }
                ("metadata", Value::Object(metadata)) => self.schema_metadata(metadata),
                (_, Value::Null) => {}
                (
                    "default" | "initial-default" | "write-default" | "symbols" | "aliases",
                    value,
                ) => match value {
                    Value::Bool(_) | Value::Number(_) => {}
                    Value::String(text) => self.text(text),
                    other => self.text(&other.to_string()),
                },
                _ => self.leak(Leak::Unknown),
            }
        }
        if outermost && !is_record && name.is_none() {
            self.leak(Leak::Unknown);
        }
    }

    fn schema_metadata(&mut self, metadata: &Object) {
        for (key, value) in metadata {
            match (key.as_str(), value) {
                ("HIVE_TYPE_STRING" | "__CHAR_VARCHAR_TYPE_STRING", Value::String(text)) => {
                    self.data_type(text);
                }
                ("parquet.field.id" | "delta.columnMapping.id", Value::Number(_)) => {}
                (key, Value::String(text)) => {
                    if key != "comment" {
                        self.text(key);
                    }
                    self.text(text);
                }
                (key, other) => {
                    self.text(key);
                    self.text(&other.to_string());
                }
            }
        }
    }

    /// Source: GeoParquet 1.1.
    fn geo(&mut self, object: &Object) {
        for (key, value) in object {
            match (key.as_str(), value) {
                ("version" | "schema_version", Value::String(version)) => {
                    self.unless(is_version(version))
                }
                ("primary_column", Value::String(name)) => self.name(name),
                ("creator", Value::Object(creator)) => self.creator(creator),
                ("columns", Value::Object(columns)) => {
                    for (name, column) in columns {
                        self.name(name);
                        match column {
                            Value::Object(column) => self.geometry(column),
                            _ => self.leak(Leak::Unknown),
                        }
                    }
                }
                _ => self.leak(Leak::Unknown),
            }
        }
    }

    fn geometry(&mut self, column: &Object) {
        let numbers = |value: &Value| match value {
            Value::Array(values) => values.len() <= 8 && values.iter().all(Value::is_number),
            _ => false,
        };
        for (key, value) in column {
            match (key.as_str(), value) {
                ("encoding" | "edges" | "orientation", Value::String(text)) => {
                    self.unless(is_word(text))
                }
                ("geometry_type", Value::String(text)) => self.data_type(text),
                ("geometry_types" | "geometry_type", Value::Array(types)) => {
                    for value in types {
                        match value {
                            Value::String(text) => self.data_type(text),
                            _ => self.leak(Leak::Unknown),
                        }
                    }
                }
                ("bbox", value) => self.unless(numbers(value)),
                ("epoch", Value::Number(_)) | ("crs", Value::Null) => {}
                ("crs", crs) => self.coordinates(crs, 0),
                ("covering", Value::Object(covering)) => {
                    let paths = covering.values().filter_map(Value::as_object);
                    for path in paths.flat_map(|corners| corners.values()) {
                        for part in path.as_array().into_iter().flatten() {
                            match part {
                                Value::String(name) => self.inner(name),
                                _ => self.leak(Leak::Unknown),
                            }
                        }
                    }
                }
                _ => self.leak(Leak::Unknown),
            }
        }
    }

    /// A system of coordinates in PROJJSON, or its name.
    fn coordinates(&mut self, value: &Value, depth: usize) {
        match value {
            Value::String(text) => {
                self.free += text.len();
                self.unless(text.len() <= LONGEST);
            }
            Value::Array(values) if depth < 12 => {
                values
                    .iter()
                    .for_each(|value| self.coordinates(value, depth + 1));
            }
            Value::Object(object) if depth < 12 => {
                for (key, value) in object {
                    self.unless(is_in(PROJJSON, key));
                    self.coordinates(value, depth + 1);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
            _ => self.leak(Leak::Unknown),
        }
    }

    /// What R keeps of a data frame: its attributes as R serializes them in ASCII, a number or a word a line.
    fn of_r(&mut self, value: &str) {
        const WORDS: [&str; 19] = [
            "A",
            "NA",
            "attributes",
            "columns",
            "class",
            "names",
            "row.names",
            "data.frame",
            "tbl_df",
            "tbl",
            "levels",
            "tzone",
            "UTC",
            "UTF-8",
            "factor",
            "ordered",
            "POSIXct",
            "POSIXt",
            "Date",
        ];
        let known = value.lines().all(|line| {
            line.parse::<f64>().is_ok_and(|number| number.abs() < 1e7)
                || WORDS.contains(&line)
                || self.file.columns.iter().any(|column| column == line)
        });
        self.unless(known && value.len() <= 200 * (self.file.columns.len() + 4));
    }

    /// The columns that a form nobody knows seems to name.
    fn named(&mut self, object: &Object) {
        for list in ["columns", "fields"] {
            let listed = object.get(list).and_then(Value::as_array);
            for column in listed.into_iter().flatten().filter_map(Value::as_object) {
                if let Some(name) = column.get("name").and_then(Value::as_str) {
                    self.name(name);
                }
            }
        }
    }
}

/// Words that names of types are made of; digits at their end are left away.
const TYPES: &str = "int uint integer float double half halffloat bool boolean str string utf object unicode \
    bytes binary datetime datetimetz timedelta timedelta64 date time timestamp timestamptz \
    timestamp_ntz timestamp_ltz decimal categorical category empty mixed complex period interval \
    sparse array list struct record map union enum fixed null none ns us ms s d h m w day days \
    year month second left right both neither python pyarrow numpy numpy_nullable na nan large \
    large_string large_list large_binary string_view binary_view view dictionary values indices \
    ordered item field not nullable extension geometry geography arrow duration tz utc byte \
    short long tinyint smallint bigint real number numeric char varchar varbinary uuid variant \
    udt void millis micros nanos local point linestring polygon multipoint multilinestring \
    multipolygon geometrycollection z";

/// The members of PROJJSON. Source: PROJ, projjson.schema.json, 0.7.
const PROJJSON: &str = "$schema type name crs crs_type edges datum datum_ensemble members ellipsoid semi_major_axis \
    semi_minor_axis inverse_flattening radius accuracy coordinate_system subtype axis \
    abbreviation direction unit meridian longitude scope area bbox south_latitude west_longitude \
    north_latitude east_longitude vertical_extent temporal_extent minimum maximum start end id \
    ids authority code version authority_citation uri conversion method parameters value \
    base_crs prime_meridian usages usage remarks conversion_factor frame_reference_epoch frame \
    anchor anchor_epoch time_origin calendar source_crs target_crs interpolation_crs \
    transformation components deformation_models geoid_model geoid_models range_meaning \
    minimum_value maximum_value coordinateEpoch coordinates epoch";

/// Whether a word is one of a list.
fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

/// A word such as programs give names: no blank, no identifier of anybody.
fn is_word(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.:$-".contains(c);
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && text.len() <= 64 && text.chars().all(plain) && identifier::recognise(text).is_none()
}

/// The version of a program.
fn is_version(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.+-".contains(c);
    let number = text.strip_prefix('v').unwrap_or(text);
    number.starts_with(|c: char| c.is_ascii_digit())
        && text.len() <= 48
        && text.chars().all(plain)
        && identifier::recognise(text).is_none()
}

/// A time zone by its name, or by its distance from UTC.
fn is_zone(text: &str) -> bool {
    let offset = text.strip_prefix(['+', '-']).is_some_and(|rest| {
        rest.len() <= 8 && rest.chars().all(|c| c.is_ascii_digit() || c == ':')
    });
    text.is_empty()
        || text == "UTC"
        || text == "Z"
        || offset
        || jiff::tz::TimeZone::get(text).is_ok()
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
    // The build stands in brackets at the end; what stands in others is a part of the name.
    let (product, build) = match created_by.rsplit_once('(') {
        Some((product, build)) if created_by.trim_end().ends_with(')') => {
            (product, build.trim_end().strip_suffix(')'))
        }
        _ => (created_by, Some("build")),
    };
    let mut inner = product.split('(').skip(1);
    let one_word = inner.all(|part| {
        let word = part.split_once(')').map_or("", |(word, _)| word);
        !word.is_empty() && !word.contains(char::is_whitespace)
    });
    let product = product.replace(['(', ')'], " ");
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
    named && one_word && built && !tells_origin(created_by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Leak::{ForeignColumns, Origin, RowIndex, Unknown};
    use std::collections::HashMap;

    fn leaks(key: &str, value: &str) -> Vec<Leak> {
        let file = File {
            columns: &["age".to_owned(), "sex".to_owned()],
            names: &["age".to_owned(), "sex".to_owned()].into(),
            rows: 10,
        };
        entry(key, value, &file).leaks.into_iter().collect()
    }

    fn described(key: &str, value: &str) -> usize {
        let file = File {
            columns: &["age".to_owned(), "sex".to_owned()],
            names: &["age".to_owned(), "sex".to_owned()].into(),
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
        let spark = "org.apache.spark.version";
        assert_eq!(leaks(spark, "/home/amuster/spark-3.5"), [Origin, Unknown]);
        assert_eq!(leaks("note", r#"{"user": "amuster"}"#), [Origin, Unknown]);
        assert_eq!(leaks("note", "nothing"), [Unknown]);
        assert_eq!(leaks("ARROW:schema", "not base64"), [Unknown]);
    }

    /// A key from pseudonym to name, in every place where a writer's entry has room for a text.
    #[test]
    fn a_known_key_excuses_no_other_value() {
        let key: String = (0..60)
            .map(|at| format!("P{at:03}=Anna Muster {at};"))
            .collect();
        let pandas = |what: &str| {
            format!(r#"{{"columns": [{{"name": "age", "field_name": "age"{what}}}]}}"#)
        };
        let spark = |what: &str| {
            format!(
                r#"{{"type": "struct", "fields": [{{"name": "age", "type": "integer"{what}}}]}}"#
            )
        };
        for (entry, value) in [
            ("pandas", key.clone()),
            ("pandas", format!(r#"{{"attributes": {{"a": "{key}"}}}}"#)),
            ("pandas", format!(r#"{{"note": "{key}"}}"#)),
            ("pandas", pandas(&format!(r#", "numpy_type": "{key}""#))),
            (
                "pandas",
                pandas(&format!(r#", "metadata": {{"timezone": "{key}"}}"#)),
            ),
            (
                "pandas",
                format!(r#"{{"column_indexes": [{{"name": "{key}"}}]}}"#),
            ),
            (
                "pandas",
                format!(r#"{{"creator": {{"library": "{key}"}}}}"#),
            ),
            ("pandas", format!(r#"{{"pandas_version": "{key}"}}"#)),
            ("PANDAS_ATTRS", format!(r#"{{"a": "{key}"}}"#)),
            ("ARROW:schema", BASE64.encode(key.as_bytes())),
            ("org.apache.spark.version", key.clone()),
            ("org.apache.spark.timeZone", key.clone()),
            ("org.apache.spark.whatever", "x".to_owned()),
            (
                "org.apache.spark.sql.parquet.row.metadata",
                spark(&format!(r#", "metadata": {{"comment": "{key}"}}"#)),
            ),
            (
                "org.apache.spark.sql.parquet.row.metadata",
                spark(&format!(r#", "note": "{key}""#)),
            ),
            ("iceberg.schema", spark(&format!(r#", "doc": "{key}""#))),
            (
                "parquet.avro.schema",
                spark(&format!(r#", "default": "{key}""#)),
            ),
            ("hive.schema", key.clone()),
            ("writer.model.name", key.clone()),
            ("writer.time.zone", key.clone()),
            ("duckdb.version", key.clone()),
            ("parquet.proto.class", key.clone()),
            (
                "geo",
                format!(r#"{{"columns": {{"age": {{"crs": "{key}"}}}}}}"#),
            ),
            ("geo", format!(r#"{{"note": "{key}"}}"#)),
            ("r", key.replace(';', "\n")),
        ] {
            assert!(
                leaks(entry, &value).contains(&Unknown),
                "{entry}: {value:.60}"
            );
        }
        // Short comments of many columns are room for a list as well.
        let many: Vec<String> = (0..20)
            .map(|at| {
                format!(
                    r#"{{"name": "age", "type": "int", "doc": "{}"}}"#,
                    "x".repeat(30 + at)
                )
            })
            .collect();
        let many = format!(
            r#"{{"type": "record", "name": "r", "fields": [{}]}}"#,
            many.join(",")
        );
        assert_eq!(leaks("avro.schema", &many), [Unknown]);
    }

    fn arrow(fields: Vec<Field>, padding: usize) -> String {
        let encoded = parquet::arrow::encode_arrow_schema(&Schema::new(fields));
        let bytes = BASE64.decode(encoded.as_bytes()).unwrap();
        BASE64.encode(&[bytes, vec![b'x'; padding]].concat())
    }

    #[test]
    fn schemas_of_arrow() {
        let plain = || {
            vec![
                Field::new("age", DataType::Int64, true),
                Field::new("sex", DataType::Utf8, true),
            ]
        };
        let of = |fields: Vec<Field>| leaks("ARROW:schema", &arrow(fields, 0));
        assert_eq!(of(plain()), []);
        assert_eq!(
            leaks("ARROW:schema", &arrow(plain(), 2_000)),
            [Unknown],
            "bytes of nothing"
        );
        let with = |key: &str, value: &str| {
            let own: HashMap<String, String> = [(key.to_owned(), value.to_owned())].into();
            of(vec![
                Field::new("age", DataType::Int64, true).with_metadata(own),
            ])
        };
        let category = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
        assert_eq!(of(vec![Field::new("sex", category, true)]), []);
        assert_eq!(with("PARQUET:field_id", "7"), []);
        assert_eq!(with("_PL_CATEGORICAL2", "0;0;u32;"), []);
        assert_eq!(with("ARROW:extension:name", "arrow.uuid"), []);
        assert_eq!(with("comment", "age in years"), []);
        assert_eq!(with("PARQUET:field_id", "P1=Anna"), [Unknown]);
        assert_eq!(with("comment", &"P1=Anna Muster;".repeat(40)), [Unknown]);
        let zone = |zone: &str| {
            let unit = arrow::datatypes::TimeUnit::Second;
            of(vec![Field::new(
                "age",
                DataType::Timestamp(unit, Some(zone.into())),
                true,
            )])
        };
        assert_eq!(zone("Europe/Berlin"), []);
        assert_eq!(zone("+01:00"), []);
        assert_eq!(zone("Anna Muster"), [Unknown]);
    }

    #[test]
    fn entries_of_geography_and_r() {
        let geo = r#"{"version": "1.1.0", "primary_column": "age", "columns": {"age": {"encoding": "WKB",
            "geometry_types": ["Point", "MultiPolygon Z"], "bbox": [5.8, 47.2, 15.0, 55.1], "edges": "planar", "crs":
            {"$schema": "https://proj.org/schemas/v0.7/projjson.schema.json", "type": "GeographicCRS",
            "name": "WGS 84 (CRS84)", "datum_ensemble": {"name": "World Geodetic System 1984 ensemble", "members":
            [{"name": "World Geodetic System 1984 (Transit)", "id": {"authority": "EPSG", "code": 1166}}], "ellipsoid":
            {"name": "WGS 84", "semi_major_axis": 6378137, "inverse_flattening": 298.257223563}, "accuracy": "2.0"},
            "id": {"authority": "OGC", "code": "CRS84"}}}},
            "creator": {"library": "geopandas", "version": "1.1.1"}}"#;
        assert_eq!(leaks("geo", geo), []);
        assert_eq!(leaks("geo", &geo.replace("age", "home")), [ForeignColumns]);
        let r = "A\n3\n263168\n197888\n5\nUTF-8\n531\n1\n531\n2\n1026\n1\n262153\n5\nclass\n16\n3\n262153\n\
                 6\ntbl_df\n262153\n3\ntbl\n262153\n10\ndata.frame\n254\n1026\n1\n262153\n7\ncolumns\n254\nage\n";
        assert_eq!(leaks("r", r), []);
        assert_eq!(leaks("r", &r.replace("tbl_df", "Anna Muster")), [Unknown]);
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
            "Polars (python) version 2.1.0 (build 7f902bd3ffd27ff82d14278a09a295ff2f7aed92)",
            "Trino version 468",
        ] {
            assert!(is_product(text), "{text}");
        }
        for text in [
            "etl run by amuster on ws-17",
            "written by anna",
            "anna@ws-17.example.org",
            "exporter version 2 (build /home/anna/exporter)",
            "exporter version 2 of the 3rd",
            "exporter (of anna muster) version 2 (build 7)",
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
