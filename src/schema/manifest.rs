//! The schema of `release.toml`.

use serde_json::{Map, Value, json};

use super::{
    DRAFT, boolean, choice, closed, merged, open, positive, sections, string, strings, whole,
};
use crate::measure;
use crate::release::{AuxiliaryKind, EpochUnit, TableKind};

pub fn schema() -> Value {
    let properties = json!({
        "release": closed("The release as a whole", json!({
            "name": string("What the release is called"),
            "population": whole("Persons the subjects were drawn from", 1),
            "seed": whole("Seed of the sampled measures", 0),
            "beside": open("File beside the published ones, such as README.md, to the reason why it is there",
                           json!({"type": "string"})),
        }), &[]),
        "table": sections("The tables that are to be published", table()),
        "auxiliary": sections("What an adversary has besides", auxiliary()),
        "scenario": sections("Who could be found again", scenario()),
        "measure": measures(),
    });
    let mut schema = closed(
        "What is released, and which column plays which role",
        properties,
        &["table"],
    );
    schema["$schema"] = json!(DRAFT);
    schema["title"] = json!("reidrisk manifest");
    schema
}

/// The roles of columns, which tables and auxiliaries have.
fn roles() -> Value {
    json!({
        "subject": string("The pseudonym of a person"),
        "quasi_identifiers": strings("What an adversary may know of a person; of counts, what is told apart"),
        "sensitive": strings("What an adversary would like to learn"),
        "direct_identifiers": strings("What names a person"),
        "time": string("When"),
        "time_unit": choice("What times count since 1970 where they are stored as numbers",
                            EpochUnit::ALL.map(EpochUnit::as_str)),
        "place": place(),
        "item": strings("What: a merchant, a product, a device, a state"),
        "amount": string("How much"),
        "weight": string("How many persons of the population a record stands for"),
        "origin": string("From where"),
        "destination": string("To where"),
        "count": string("The count that is published"),
        "key": string("The value that a row of a reference table describes"),
        "ignore": strings("Columns without a role"),
    })
}

fn place() -> Value {
    let pair = closed(
        "Coordinates in degrees, or a column of geometries",
        json!({
            "latitude": string("A column"),
            "longitude": string("A column"),
            "geometry": string("A column of points in WKB"),
        }),
        &[],
    );
    let mut pair = pair;
    pair["oneOf"] = json!([{"required": ["geometry"]}, {"required": ["latitude", "longitude"]}]);
    json!({"description": "Where: a column of cells, or coordinates", "oneOf": [{"type": "string"}, pair]})
}

fn point(description: &str) -> Value {
    let mut point = closed(
        description,
        json!({
            "time": string("A bin such as \"1h\", \"15min\", \"1d\", \"1h of week\"; or \"column\""),
            "place": string("\"column\", \"0.01deg\", \"h3:9\" or \"geohash:6\""),
            "item": boolean("Whether what it was is known"),
            "amount": json!({
                "description": "A width, edges in ascending order, \"quantiles:10\" or \"column\"",
                "oneOf": [
                    {"type": "number", "exclusiveMinimum": 0},
                    {"type": "array", "items": {"type": "number"}, "minItems": 1},
                    {"type": "string"},
                ],
            }),
        }),
        &[],
    );
    point["minProperties"] = json!(1);
    point
}

fn described() -> Value {
    let one = closed(
        "A column of a table of persons or counts",
        json!({"table": string("A table of this release"), "column": string("One of its columns")}),
        &["table", "column"],
    );
    json!({
        "description": "The columns whose values the rows of a reference table describe",
        "oneOf": [one, {"type": "array", "items": one, "minItems": 1}],
    })
}

fn table() -> Value {
    let own = json!({
        "name": string("Default: the name of the file without its ending"),
        "path": string("A Parquet file, a folder of them or a glob, beside the manifest"),
        "kind": choice("microdata: rows of attributes; trace: person, time, what; flows: counts; reference: what values of another \
                        table's column stand for",
                       TableKind::ALL.map(TableKind::as_str)),
        "null_subject": choice("Rows without a subject; default: error", ["error", "exclude"]),
        "nulls": choice("What a null matches; default: value", ["value", "wildcard"]),
        "hierarchies": open("Column to \"intervals\", \"mask\", \"prefix\" or a file as ARX writes it; of a trace a file, \
                             for `advise`",
                            json!({"type": "string"})),
        "timezone": string("An IANA name: times are binned by the clocks there"),
        "composite": boolean("Whether all rows of a person are compared as one"),
        "point": point("What an adversary may know of one moment of a trace"),
        "extrapolation": extrapolation(),
        "rounding": rounding(),
        "totals": open("Column to the value that stands for all others", json!({"type": "string"})),
        "made_of": open("Column to a file that names what each of its values is made up of",
                        json!({"type": "string"})),
        "window": string("How long a count lasts from its time on, such as \"7d\": such times may overlap"),
        "absent": choice("What a cell is that is not there", ["suppressed", "zero"]),
        "zero": choice("What a published zero is: nobody, or a count that was left out because it was small (or nobody); \
                        default: nobody", ["nobody", "suppressed"]),
        "counted": string("The traces behind the counts: a table or an auxiliary"),
        "part_of": string("The table of counts whose persons include all that are counted here: residents among visitors"),
        "apart_from": open("Tables of counts that count other persons than this one, each with the reason, which the \
                            report shows", json!({"type": "string", "minLength": 1})),
        "noise": noise(),
        "describes": described(),
        "copies": json!({"type": "string", "pattern": "\\p{L}", "description":
                         "Why the rows of several persons are alike although they are no copies; the report shows it"}),
        "harmless": open("Column to the reason why its text names nobody; the report shows it",
                         json!({"type": "string", "pattern": "\\p{L}"})),
    });
    let mut table = closed("A table", merged([roles(), own]), &["path", "kind"]);
    let of = |kind: TableKind, keys: &[&str]| {
        json!({
            "if": {"properties": {"kind": {"const": kind.as_str()}}},
            "then": {"required": keys},
        })
    };
    table["allOf"] = json!([
        of(TableKind::Microdata, &["quasi_identifiers"]),
        of(TableKind::Trace, &["subject"]),
        of(TableKind::Flows, &["count"]),
        of(TableKind::Reference, &["key", "describes"]),
    ]);
    table
}

fn extrapolation() -> Value {
    let mut reasoned = closed(
        "A factor with its reason, which one below 1 needs",
        json!({
            "factor": positive("Published count per counted person"),
            "reason": string("Why fewer persons are published than were counted; the report shows it"),
        }),
        &["factor"],
    );
    reasoned["anyOf"] = json!([
        {"properties": {"factor": {"minimum": 1}}},
        {"required": ["reason"]},
    ]);
    json!({
        "description": "Published count per counted person",
        "oneOf": [{"type": "number", "minimum": 1}, reasoned],
    })
}

fn rounding() -> Value {
    let pair = closed(
        "To what, and how",
        json!({
            "to": positive("The multiple that counts were rounded to"),
            "how": choice("Default: nearest", ["nearest", "up", "down", "random"]),
        }),
        &["to"],
    );
    let small = closed(
        "What counts above 0 and below a bound became first",
        json!({
            "below": positive("The bound"),
            "to": json!({"description": "What they became", "type": "number", "minimum": 0}),
        }),
        &["below", "to"],
    );
    let multiple = json!({"oneOf": [{"type": "number", "exclusiveMinimum": 0}, pair]});
    let stages = json!({
        "description": "Two stages: small counts, then all",
        "type": "array",
        "prefixItems": [small, multiple],
        "minItems": 2,
        "maxItems": 2,
    });
    json!({
        "description": "How counts were rounded",
        "oneOf": [{"type": "number", "exclusiveMinimum": 0}, pair, stages],
    })
}

fn noise() -> Value {
    let mut noise = closed(
        "The noise that was added to counts",
        json!({
            "mechanism": choice("How it was drawn; bounded: as nobody knows, but no farther than `width`",
                                ["laplace", "geometric", "gaussian", "bounded"]),
            "epsilon": positive("How much one person may change the odds"),
            "delta": positive("What the Gaussian mechanism leaves open"),
            "sensitivity": positive("By how much one person changes the counts; default: 1"),
            "width": positive("Of bounded noise: by how many persons a count was moved at most, up or down (cell keys)"),
        }),
        &["mechanism"],
    );
    noise["if"] = json!({"properties": {"mechanism": {"const": "bounded"}}});
    noise["then"] = json!({"required": ["width"]});
    noise["else"] = json!({"required": ["epsilon"]});
    noise
}

fn auxiliary() -> Value {
    let own = json!({
        "name": string("Default: the name of the file without its ending"),
        "kind": choice("What it is", AuxiliaryKind::ALL.map(AuxiliaryKind::as_str)),
        "path": string("Parquet as for tables; of an earlier release its manifest"),
    });
    closed(
        "What an adversary has besides",
        merged([roles(), own]),
        &["kind", "path"],
    )
}

fn scenario() -> Value {
    closed(
        "Who could be found again",
        json!({
            "name": string("Told in the findings"),
            "kind": choice("What is held against what", ["periods", "rotation", "auxiliary", "products", "register"]),
            "table": string("A table of the release"),
            "other": string("Of products: the other table"),
            "auxiliary": string("The auxiliary it is held against"),
            "split": string("Of periods: \"midpoint\", \"per-person-median\" or a moment"),
            "windows": strings("Of periods: four moments, from, to before, from, to before"),
            "every": strings("Of rotation: how often pseudonyms change, such as [\"1d\", \"7d\"]"),
            "features": point("What a profile counts"),
            "min_rows": whole("Rows a person must have on each side", 1),
            "matchers": strings("Default: all"),
            "tolerance": closed("How far off a row may be", json!({
                "time": whole("In bins", 0),
                "place": whole("In rings of cells", 0),
            }), &[]),
            "one_to_one": boolean("Whether nobody is named twice"),
        }),
        &["kind", "table"],
    )
}

/// `[measure.<id>]`: the settings that the registry documents.
fn measures() -> Value {
    let mut measures = Map::new();
    for doc in measure::docs() {
        let settings = doc.settings.iter().map(|setting| {
            let description = format!("{} (default: {})", setting.meaning, setting.default);
            let value = json!({"description": description, "type": ["number", "string", "boolean", "array", "object"]});
            (setting.key.to_owned(), value)
        });
        let settings: Map<String, Value> = settings.collect();
        measures.insert(
            doc.id.to_owned(),
            closed(doc.title, Value::Object(settings), &[]),
        );
    }
    closed("Settings of measures", Value::Object(measures), &[])
}
