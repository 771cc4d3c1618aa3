//! A manifest drafted from the data itself: for an audit without one, and as a first version.
//!
//! The draft is wary: a column it does not understand becomes a quasi-identifier, because an
//! adversary might know it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::Release;
use super::input::{Domain, Input, InputColumn};
use super::manifest;
use crate::error::{Result, Source};
use crate::identifier;
use crate::settings::At;

/// Drafts a release from Parquet files, folders or globs: one table each.
///
/// # Errors
/// A path cannot be opened, or nothing in it can take a role.
pub fn draft(paths: &[PathBuf]) -> Result<Release> {
    let source = Source {
        name: "drafted manifest".to_owned(),
        text: text(paths, Path::to_path_buf)?.into(),
    };
    manifest::parse(source, Path::new(""), None)
}

/// The draft as a text, each role with its reason in a comment. `written` says how a path is written in it.
///
/// # Errors
/// A path cannot be opened.
pub fn text(paths: &[PathBuf], written: impl Fn(&Path) -> PathBuf) -> Result<String> {
    let mut text = format!(
        "# Drafted from the names and types of columns: no cell was read. Check each line; what it says of a column \
         decides\n# what is tried on it.\n\n[release]\nname = {}\n# population = 45_000_000  # persons the subjects \
         were drawn from: needed for what is said of the population\n",
        quoted(&title(paths))
    );
    let nowhere = Source {
        name: String::new(),
        text: "".into(),
    };
    let mut names: Vec<String> = Vec::new();
    for path in paths {
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut name = stem.clone();
        let mut copy = 2;
        while names.contains(&name) {
            name = format!("{stem}-{copy}");
            copy += 1;
        }
        let at = At {
            value: path.clone(),
            span: 0..0,
        };
        let input = Input::open(&name, &at, &nowhere)?;
        table(&mut text, &name, &written(path), &input);
        names.push(name);
    }
    Ok(text)
}

fn title(paths: &[PathBuf]) -> String {
    let stems = paths.iter().filter_map(|path| path.file_stem());
    let stems: Vec<_> = stems.map(|stem| stem.to_string_lossy()).collect();
    stems.join(", ")
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The roles a column's name suggests.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hint {
    Direct,
    Subject,
    Time,
    Latitude,
    Geometry,
    Longitude,
    Place,
    Item,
    Amount,
    Count,
    Origin,
    Destination,
    Sensitive,
    Nested,
    Other,
}

const SUBJECTS: &[&str] = &[
    "user",
    "customer",
    "person",
    "subscriber",
    "subject",
    "pseudonym",
    "household",
    "cab",
    "patient",
    "client",
    "member",
    "account",
    "kunde",
    "uid",
    "userid",
    "pid",
    "respondent",
    "taxi",
    "participant",
];
const PLACES: &[&str] = &[
    "cell", "place", "location", "venue", "site", "zone", "tile", "station", "h3", "geohash",
    "poi", "antenna", "district",
];
const ITEMS: &[&str] = &[
    "item",
    "merchant",
    "product",
    "sku",
    "article",
    "device",
    "event",
    "state",
    "category",
    "shop",
    "description",
    "stockcode",
    "action",
];
const AMOUNTS: &[&str] = &[
    "amount", "price", "kwh", "value", "cost", "quantity", "spend", "total", "volume", "sales",
];
const SENSITIVE: &[&str] = &[
    "salary",
    "income",
    "diagnosis",
    "disease",
    "religion",
    "illness",
    "icd",
    "wage",
    "spend",
    "debt",
    "payment",
    "health",
    "condition",
];

fn hint(column: &InputColumn) -> Hint {
    let lower = column.name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let number = matches!(
        column.domain,
        Some(Domain::Real | Domain::Integer | Domain::Decimal(_) | Domain::Unsigned)
    );
    match column.domain {
        None => Hint::Nested,
        _ if identifier::recognise_name(&column.name).is_some() => Hint::Direct,
        Some(Domain::Timestamp | Domain::Date) => Hint::Time,
        Some(Domain::Bytes) if any(&["geometry", "geom", "geo", "wkb"]) => Hint::Geometry,
        Some(Domain::Real) if any(&["lat", "latitude"]) => Hint::Latitude,
        Some(Domain::Real) if any(&["lon", "lng", "long", "longitude"]) => Hint::Longitude,
        _ if any(&["from", "origin"]) => Hint::Origin,
        _ if any(&["to", "destination"]) => Hint::Destination,
        _ if any(&["count", "visitors", "travellers", "trips"]) && number => Hint::Count,
        _ if any(SUBJECTS) => Hint::Subject,
        _ if any(SENSITIVE) => Hint::Sensitive,
        _ if any(AMOUNTS) && number => Hint::Amount,
        _ if any(PLACES) => Hint::Place,
        _ if any(ITEMS) => Hint::Item,
        _ => Hint::Other,
    }
}

fn table(text: &mut String, name: &str, path: &Path, input: &Input) {
    let hints: Vec<(Hint, &InputColumn)> = input.columns.iter().map(|c| (hint(c), c)).collect();
    let all = |hint: Hint| -> Vec<&str> {
        let of = hints.iter().filter(|(known, _)| *known == hint);
        of.map(|(_, column)| column.name.as_str()).collect()
    };
    let first = |hint: Hint| all(hint).first().copied();
    let subject = first(Hint::Subject);
    let time = first(Hint::Time);
    let coordinates = first(Hint::Latitude).zip(first(Hint::Longitude));
    let place = first(Hint::Place);
    let geometry = first(Hint::Geometry);
    let amount = first(Hint::Amount);
    let located = coordinates.is_some() || place.is_some() || geometry.is_some();
    let what = located || !all(Hint::Item).is_empty();
    let is_trace = subject.is_some() && time.is_some() && (what || amount.is_some());
    let flow = first(Hint::Origin).zip(first(Hint::Destination));
    let is_flows = !is_trace
        && subject.is_none()
        && first(Hint::Count).is_some()
        && (flow.is_some() || place.is_some());
    let (kind, why) = match (is_trace, is_flows) {
        (true, _) => (
            "trace",
            "it has a person, a time, and what was done, where, or how much",
        ),
        (_, true) => (
            "flows",
            "it has no person, but a count of journeys or of a place",
        ),
        _ => ("microdata", "rows of attributes about persons"),
    };
    let _ = write!(
        text,
        "\n[[table]]\nname = {}\npath = {}\n# {why}\nkind = \"{kind}\"\n",
        quoted(name),
        quoted(&path.to_string_lossy())
    );
    let mut used: Vec<&str> = Vec::new();
    let one = |text: &mut String, role: &str, column: Option<&'_ str>, why: &str| {
        if let Some(column) = column {
            let _ = writeln!(text, "# {why}\n{role} = {}", quoted(column));
        }
    };
    if !is_flows {
        one(
            text,
            "subject",
            subject,
            "named like what stands for a person, one value a person",
        );
        used.extend(subject);
    }
    let direct = all(Hint::Direct);
    if !direct.is_empty() {
        let kinds = direct.iter().filter_map(|column| {
            let kind = identifier::recognise_name(column)?;
            Some(format!("{column}: {}", kind.as_str()))
        });
        let kinds: Vec<String> = kinds.collect();
        let _ = writeln!(
            text,
            "# named like what names a person outright ({}): take these columns out before publishing",
            comment(&kinds.join(", "))
        );
        let _ = writeln!(text, "direct_identifiers = {}", list(&direct));
        used.extend(&direct);
    }
    if is_trace {
        one(text, "time", time, "the first column of instants or days");
        used.extend(time);
        if let Some(geometry) = geometry.filter(|_| place.is_none()) {
            let _ = writeln!(
                text,
                "# a column of points\nplace = {{ geometry = {} }}",
                quoted(geometry)
            );
            used.push(geometry);
        } else if let Some((latitude, longitude)) = coordinates.filter(|_| place.is_none()) {
            let (latitude, longitude) = (quoted(latitude), quoted(longitude));
            let _ = writeln!(
                text,
                "# degrees of latitude and longitude\nplace = {{ latitude = {latitude}, longitude = {longitude} }}"
            );
            used.extend(coordinates.map(|(latitude, _)| latitude));
            used.extend(coordinates.map(|(_, longitude)| longitude));
        } else {
            one(text, "place", place, "named like a place");
            used.extend(place);
        }
        // A place tells what an item of the same visit tells.
        if !located && !all(Hint::Item).is_empty() {
            let items = all(Hint::Item);
            let _ = writeln!(
                text,
                "# named like what was bought, used or happened\nitem = {}",
                list(&items)
            );
            used.extend(items);
        }
        one(text, "amount", amount, "a number named like how much");
        used.extend(amount);
        if !what {
            // Nothing but a reading: it is what the adversary knows.
            let _ = writeln!(
                text,
                "# what an adversary may know of one moment\npoint = {{ time = \"1h\", amount = \"column\" }}"
            );
        }
    } else if is_flows {
        one(text, "time", time, "the first column of instants or days");
        used.extend(time);
        if let Some((origin, destination)) = flow {
            one(
                text,
                "origin",
                Some(origin),
                "named like where journeys begin",
            );
            one(text, "destination", Some(destination), "and where they end");
            used.extend([origin, destination]);
        } else {
            one(text, "place", place, "named like a place");
            used.extend(place);
        }
        one(
            text,
            "count",
            first(Hint::Count),
            "a number named like a count",
        );
        let _ = writeln!(
            text,
            "# how counts were made: extrapolation = 2.8, rounding = 5, absent = \"suppressed\", totals = {{ … }}"
        );
        used.extend(first(Hint::Count));
    } else {
        let mut sensitive = all(Hint::Sensitive);
        let open = |(hint, column): &(Hint, &InputColumn)| {
            !matches!(hint, Hint::Direct | Hint::Nested | Hint::Sensitive)
                && Some(column.name.as_str()) != subject
        };
        let mut known: Vec<&str> = hints
            .iter()
            .filter(|pair| open(pair))
            .map(|(_, column)| column.name.as_str())
            .collect();
        if known.is_empty() {
            // Something must be known of a person for the attacks to begin.
            std::mem::swap(&mut known, &mut sensitive);
        }
        let _ = writeln!(
            text,
            "# what somebody might know of a person; what must not come out goes to `sensitive`, what nobody can know to \
             `ignore`\nquasi_identifiers = {}",
            list(&known)
        );
        if !sensitive.is_empty() {
            let _ = writeln!(text, "# named like what must not come out of a person");
            let _ = writeln!(text, "sensitive = {}", list(&sensitive));
        }
        used.extend(known);
        used.extend(sensitive);
    }
    let rest: Vec<&str> = input
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .filter(|column| !used.contains(column))
        .collect();
    if !rest.is_empty() {
        let _ = writeln!(
            text,
            "# no attack uses them; what says more of a visit or a person belongs to a role\nignore = {}",
            list(&rest)
        );
    }
    let nulls = subject.and_then(|subject| input.columns[input.column(subject)?].nulls);
    if nulls.is_some_and(|nulls| nulls > 0) && !is_flows {
        let _ = writeln!(
            text,
            "# some rows have no subject: they are nobody's, and left out\nnull_subject = \"exclude\""
        );
    }
}

/// A text that stays in its line.
fn comment(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn list(columns: &[&str]) -> String {
    let columns: Vec<_> = columns.iter().map(|column| quoted(column)).collect();
    format!("[{}]", columns.join(", "))
}
