//! The schema of a policy.

use serde_json::{Value, json};

use super::{DRAFT, boolean, choice, closed, number, open, sections, string, strings};
use crate::judge::policy::PRESETS;
use crate::measure;

pub fn schema() -> Value {
    let statistics: Vec<String> = measure::docs()
        .flat_map(|doc| {
            let names = doc.statistics.iter().map(|statistic| statistic.name);
            names.map(|name| format!("{}.{name}", doc.id))
        })
        .collect();
    let statistic = || choice("measure.statistic", statistics.iter().map(String::as_str));
    let wanted = || {
        let value = json!({"type": ["number", "string"]});
        let mut wanted = open("Parameters a finding must have, such as points = 4", value);
        wanted["properties"] =
            json!({"columns": strings("The columns it must be about, in any order")});
        wanted
    };
    let require = closed(
        "What findings must meet; of sampled figures the unfavourable end of the interval",
        json!({
            "statistic": statistic(),
            "where": wanted(),
            "tables": strings("Of these tables; default: of every table that has the statistic"),
            "min": number("The least value that passes"),
            "max": number("The greatest value that passes"),
        }),
        &["statistic"],
    );
    let mut require = require;
    require["anyOf"] = json!([{"required": ["min"]}, {"required": ["max"]}]);
    let text = |description: &str| {
        let mut text = string(description);
        text["pattern"] = json!("\\S");
        text
    };
    let waive = closed(
        "A risk that somebody accepts until a day",
        json!({
            "statistic": statistic(),
            "where": wanted(),
            "table": string("Of this table; default: of all"),
            "min": number("The least value that was accepted: below it the waiver does not hold"),
            "max": number("The greatest value that was accepted: above it the waiver does not hold"),
            "unmeasured": boolean("Accepts that the statistic could not be measured"),
            "until": json!({
                "type": "string",
                "format": "date",
                "description": "The last day it holds: a date of TOML, such as 2026-12-31",
            }),
            "reason": text("Why the risk is accepted"),
            "approved_by": text("Who accepted it"),
        }),
        &["statistic", "until", "reason", "approved_by"],
    );
    let exempt = closed(
        "A table of which nothing is asked that concerns re-identification",
        json!({
            "table": string("The table"),
            "reason": text("Why nothing need be asked about it"),
        }),
        &["table", "reason"],
    );
    let bound =
        json!({"type": ["number", "string"], "description": "A number, or \"any\" for no floor"});
    let floor = json!({"anyOf": [
        bound,
        {"type": "object", "additionalProperties": bound, "description": "The floors of a measure, by setting"},
    ]});
    let presets = PRESETS.iter().map(|(name, _)| *name);
    let properties = json!({
        "extends": choice("The built-in policy that this one adds to", presets),
        "require": sections("A requirement of the same statistic, tables and `where` replaces that of `extends`", require),
        "waive": sections("Waivers", waive),
        "exempt": sections("Tables of which nothing is asked that concerns re-identification", exempt),
        "floors": open("How little a manifest may let a measure see, by `measure.setting`; default: what the program does", floor),
    });
    let mut schema = closed("What a release must meet to be published", properties, &[]);
    schema["$schema"] = json!(DRAFT);
    schema["title"] = json!("reidrisk policy");
    schema["anyOf"] = json!([{"required": ["extends"]}, {"required": ["require"]}]);
    schema
}
