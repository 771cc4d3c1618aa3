//! A manifest drafted from the data itself: for an audit without one, and as a first version.
//!
//! The draft is wary: a column it does not understand becomes a quasi-identifier, because an
//! adversary might know it.

mod decide;
mod facts;
mod flows;
mod places;
mod reference;
mod sample;
mod times;
mod words;

pub use self::words::{is_known_to_others, is_sensitive};

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use self::decide::{Clock, Draft, Entry, Layout, Part, Table, Where, decide};
use self::reference::Describes;
use self::sample::Sample;
use super::Release;
use super::input::Input;
use super::manifest;
use crate::error::{Error, Result, Source};
use crate::settings::At;

/// Drafts a release from Parquet files, folders or globs: one table each.
///
/// # Errors
/// A path cannot be opened, nothing in it can take a role, or a table is by all signs about no persons: figures about
/// its rows would be none about anybody.
pub fn draft(paths: &[PathBuf]) -> Result<Release> {
    let (text, asked) = written(paths, Path::to_path_buf)?;
    if let Some((table, _)) = asked.iter().find(|(_, of_things)| *of_things) {
        return Err(Error::usage(format!(
            "table `{table}` does not look like one about persons: its columns are named like those of goods, weather, \
             timetables or instruments, and nothing in it stands for a person"
        ))
        .help(
            "without a manifest its rows would be measured as if they were persons. Draft one with `reidrisk init`, answer \
             the question in it, and audit that",
        ));
    }
    let source = Source {
        name: "drafted manifest".to_owned(),
        text: text.into(),
    };
    let mut release = manifest::parse(source, Path::new(""), None)?;
    release.asked = asked.into_iter().map(|(table, _)| table).collect();
    Ok(release)
}

/// The draft as a text, each role with its reason in a comment. `shown` says how a path is written in it.
///
/// # Errors
/// A path cannot be opened.
pub fn text(paths: &[PathBuf], shown: impl Fn(&Path) -> PathBuf) -> Result<String> {
    Ok(written(paths, shown)?.0)
}

/// The draft; and the tables of which it asks whether they are about persons, with whether all signs say that they are
/// not.
fn written(
    paths: &[PathBuf],
    shown: impl Fn(&Path) -> PathBuf,
) -> Result<(String, Vec<(String, bool)>)> {
    let mut text = format!(
        "# Drafted from the names and types of columns and from a sample of their values. Check each line; what it says\n\
         # of a column decides what is tried on it.\n\n[release]\nname = {}\n# population = 45_000_000  # persons the \
         subjects were drawn from: needed for what is said of the population\n",
        quoted(&title(paths))
    );
    let mut names: Vec<String> = Vec::new();
    let mut tables = Vec::new();
    for path in paths {
        for (path, input) in opened(path)? {
            let name = unused(stem(&path), &mut names);
            let sample = Sample::of(&input)?;
            let draft = decide(&Table::new(&input, &sample));
            tables.push(Drafted {
                name,
                path,
                input,
                sample,
                draft,
            });
        }
    }
    let mut asked = Vec::new();
    for (at, drafted) in tables.iter().enumerate() {
        let Drafted {
            name,
            path,
            input,
            sample,
            draft,
        } = drafted;
        let shown = shown(path);
        if let Some(describes) = reference::describes(&tables, at) {
            reference_table(&mut text, drafted, &shown, &describes, &tables);
            continue;
        }
        if draft.asked {
            asked.push((name.clone(), draft.of_things));
        }
        table(&mut text, name, &shown, input, sample, draft, None);
        for part in &draft.parts {
            let of = format!("{name}-{}", input.columns[part.column].name);
            let part_name = unused(of, &mut names);
            let own = counted_apart(draft, *part);
            let whole = Some((name.as_str(), part.nested));
            table(&mut text, &part_name, &shown, input, sample, &own, whole);
        }
    }
    Ok((text, asked))
}

/// A table as it is drafted by itself.
struct Drafted {
    name: String,
    path: PathBuf,
    input: Input,
    sample: Sample,
    draft: Draft,
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// A name that no table has yet.
fn unused(stem: String, names: &mut Vec<String>) -> String {
    let mut name = stem.clone();
    let mut copy = 2;
    while names.contains(&name) {
        name = format!("{stem}-{copy}");
        copy += 1;
    }
    names.push(name.clone());
    name
}

/// What lies at a path: one table, or one for each file of a folder whose files all have other columns.
fn opened(path: &Path) -> Result<Vec<(PathBuf, Input)>> {
    let nowhere = Source {
        name: String::new(),
        text: "".into(),
    };
    let open = |path: &Path| {
        let at = At {
            value: path.to_path_buf(),
            span: 0..0,
        };
        Input::open(&stem(path), &at, &nowhere)
    };
    let whole = match open(path) {
        Ok(input) => return Ok(vec![(path.to_path_buf(), input)]),
        Err(error) => error,
    };
    let Some(files) = apart(path) else {
        return Err(whole);
    };
    let mut inputs: Vec<(PathBuf, Input)> = Vec::new();
    for file in files {
        let Ok(input) = open(&file) else {
            return Err(whole);
        };
        let columns = |input: &Input| -> Vec<String> {
            input
                .columns
                .iter()
                .map(|column| column.name.clone())
                .collect()
        };
        if inputs
            .iter()
            .any(|(_, other)| columns(other) == columns(&input))
        {
            return Err(whole);
        }
        inputs.push((file, input));
    }
    Ok(inputs)
}

/// The files of a folder that has no folders; `None` where it is none, or has one file.
fn apart(folder: &Path) -> Option<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        if path.is_dir() {
            return None;
        }
        if path.extension().is_some_and(|ending| ending == "parquet") {
            files.push(path);
        }
    }
    files.sort();
    (files.len() > 1).then_some(files)
}

/// A table about no person.
fn reference_table(
    text: &mut String,
    drafted: &Drafted,
    path: &Path,
    describes: &Describes,
    tables: &[Drafted],
) {
    let column = |of: &Drafted, at: usize| quoted(&of.input.columns[at].name);
    let _ = write!(
        text,
        "\n[[table]]\nname = {}\npath = {}\n",
        quoted(&drafted.name),
        quoted(&path.to_string_lossy())
    );
    comment(
        text,
        &format!(
            "nothing in it is about a person; all {} rows were looked at. If rows are persons, write kind = \
             \"microdata\" and what an adversary knows of them under `quasi_identifiers`",
            drafted.sample.rows
        ),
    );
    text.push_str("kind = \"reference\"\n");
    comment(text, "each row has a value of its own");
    let _ = writeln!(text, "key = {}", column(drafted, describes.key));
    comment(text, "where these values occur");
    let described = describes.columns.iter().map(|(at, of)| {
        let table = &tables[*at];
        format!(
            "{{ table = {}, column = {} }}",
            quoted(&table.name),
            column(table, *of)
        )
    });
    let described: Vec<String> = described.collect();
    let _ = match described.as_slice() {
        [one] => writeln!(text, "describes = {one}"),
        several => writeln!(text, "describes = [{}]", several.join(", ")),
    };
    let rest = (0..drafted.input.columns.len()).filter(|at| *at != describes.key);
    let rest: Vec<String> = rest.map(|at| column(drafted, at)).collect();
    if !rest.is_empty() {
        comment(text, "what is said of each value");
        let _ = writeln!(text, "ignore = [{}]", rest.join(", "));
    }
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

/// The same table with another of its counts.
fn counted_apart(draft: &Draft, part: Part) -> Draft {
    let mut own = draft.clone();
    own.questions.clear();
    let first = own.count.as_mut().expect("it has parts");
    let whole = std::mem::replace(&mut first.columns, vec![part.column]);
    first.why = match part.nested {
        true => {
            "hardly ever above the count of the table above: it counts some of the same persons"
                .to_owned()
        }
        false => "a further count of the same file".to_owned(),
    };
    for ignored in &mut own.ignored {
        ignored.columns.retain(|column| *column != part.column);
    }
    own.ignored.retain(|entry| !entry.columns.is_empty());
    own.ignored.insert(
        0,
        Entry {
            columns: whole,
            why: "the count of the table above".to_owned(),
        },
    );
    own
}

fn table(
    text: &mut String,
    name: &str,
    path: &Path,
    input: &Input,
    sample: &Sample,
    draft: &Draft,
    whole: Option<(&str, bool)>,
) {
    text.push('\n');
    for question in &draft.questions {
        comment(text, &format!("Question: {question}."));
    }
    let _ = writeln!(
        text,
        "[[table]]\nname = {}\npath = {}",
        quoted(name),
        quoted(&path.to_string_lossy())
    );
    let extent = match sample.whole {
        true => format!("all {} rows were looked at", sample.rows),
        false => format!("{} of {} rows were looked at", sample.rows, input.rows),
    };
    let kind = match draft.layout {
        Layout::Microdata => "microdata",
        Layout::Trace => "trace",
        Layout::Flows => "flows",
    };
    comment(text, &format!("{}; {extent}", draft.why));
    let _ = writeln!(text, "kind = \"{kind}\"");
    let column = |at: usize| quoted(&input.columns[at].name);
    let one = |text: &mut String, role: &str, entry: &Option<Entry>| {
        if let Some(Entry { columns, why }) = entry {
            comment(text, why);
            let _ = writeln!(text, "{role} = {}", column(columns[0]));
        }
    };
    let many = |text: &mut String, role: &str, entry: &Option<Entry>| {
        if let Some(Entry { columns, why }) = entry {
            comment(text, why);
            let columns: Vec<String> = columns.iter().map(|at| column(*at)).collect();
            let _ = writeln!(text, "{role} = [{}]", columns.join(", "));
        }
    };
    one(text, "subject", &draft.subject);
    if draft.without_subject {
        comment(
            text,
            "some rows have no subject: they are nobody's, and left out",
        );
        text.push_str("null_subject = \"exclude\"\n");
    }
    many(text, "direct_identifiers", &draft.direct);
    if let Some((entry, clock)) = &draft.time {
        one(text, "time", &Some(entry.clone()));
        if let Clock::Counted(unit) = clock {
            let _ = writeln!(text, "time_unit = \"{}\"", unit.as_str());
        }
    }
    if let Some((from, to, why)) = &draft.ends {
        comment(text, why);
        let _ = writeln!(
            text,
            "origin = {}\ndestination = {}",
            column(*from),
            column(*to)
        );
    }
    if let Some((place, why)) = &draft.place {
        comment(text, why);
        let _ = match place {
            Where::Cell(at) => writeln!(text, "place = {}", column(*at)),
            Where::Geometry(at) => writeln!(text, "place = {{ geometry = {} }}", column(*at)),
            Where::Coordinates(latitude, longitude) => writeln!(
                text,
                "place = {{ latitude = {}, longitude = {} }}",
                column(*latitude),
                column(*longitude)
            ),
        };
    }
    many(text, "item", &draft.item);
    one(text, "amount", &draft.amount);
    one(text, "count", &draft.count);
    match whole {
        Some((whole, true)) => {
            comment(
                text,
                "the table whose persons include all that are counted here",
            );
            let _ = writeln!(text, "part_of = {}", quoted(whole));
        }
        Some((whole, false)) => {
            comment(
                text,
                &format!(
                    "if these are other persons than those of the table above, say why: apart_from = {{ {} = \"…\" }}",
                    quoted(whole)
                ),
            );
        }
        None => {}
    }
    if draft.count.is_some() {
        comment(
            text,
            "how counts were made: extrapolation = 2.8, rounding = 5, absent = \"suppressed\", totals = { … }",
        );
    }
    many(text, "quasi_identifiers", &draft.known);
    many(text, "sensitive", &draft.sensitive);
    one(text, "weight", &draft.weight);
    point(text, draft);
    if !draft.ignored.is_empty() {
        for Entry { columns, why } in &draft.ignored {
            let names: Vec<String> = columns
                .iter()
                .map(|at| input.columns[*at].name.clone())
                .collect();
            comment(text, &format!("{}: {why}", names.join(", ")));
        }
        let columns = draft.ignored.iter().flat_map(|entry| &entry.columns);
        let columns: Vec<String> = columns.map(|at| column(*at)).collect();
        let _ = writeln!(text, "ignore = [{}]", columns.join(", "));
        if !draft.rows.is_empty() {
            comment(text, "where nothing else has these numbers, say so:");
            text.push_str("# [table.harmless]\n");
            for at in &draft.rows {
                let _ = writeln!(
                    text,
                    "# {} = \"numbers the rows of this file, and stands nowhere else\"",
                    column(*at)
                );
            }
        }
    }
}

/// The definition of points where it is not the default one.
fn point(text: &mut String, draft: &Draft) {
    if draft.layout != Layout::Trace {
        return;
    }
    let as_they_are = matches!(draft.time, Some((_, Clock::AsTheyAre)));
    let amount_alone = draft.place.is_none() && draft.item.is_none();
    if !as_they_are && !amount_alone {
        return;
    }
    let time = if as_they_are { "column" } else { "1h" };
    let mut parts = vec![format!("time = \"{time}\"")];
    match &draft.place {
        Some((Where::Cell(_), _)) => parts.push("place = \"column\"".to_owned()),
        Some(_) => parts.push("place = \"0.01deg\"".to_owned()),
        None => {}
    }
    if draft.item.is_some() {
        parts.push("item = true".to_owned());
    }
    if amount_alone && draft.amount.is_some() {
        // Nothing but a reading: it is what the adversary knows.
        parts.push("amount = \"column\"".to_owned());
    }
    comment(text, "what an adversary may know of one moment");
    let _ = writeln!(text, "point = {{ {} }}", parts.join(", "));
}

/// A comment, in lines that are not too long.
fn comment(text: &mut String, say: &str) {
    let say = say.replace(char::is_control, " ");
    let mut line = String::from("#");
    for word in say.split(' ').filter(|word| !word.is_empty()) {
        if line.len() + word.len() > 115 && line.len() > 1 {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}
