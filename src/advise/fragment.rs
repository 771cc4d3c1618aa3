//! `advice.toml`: the transformations as they were chosen, and what to do with them.

use std::fmt::Write;

use crate::release::{Coarser, Transformation};
use crate::report::advice::{Advice, Advised, State};

/// The transformations with comments.
pub fn fragment(advice: &Advice, transformations: &[Transformation]) -> String {
    let mut text = String::new();
    comment(
        &mut text,
        &format!(
            "What to change of “{}” under the policy “{}”.",
            advice.release, advice.policy
        ),
    );
    comment(
        &mut text,
        "reidrisk changes no data. Apply what stands here where the release is written, describe the new files in a \
         new manifest, and audit that. This file is no part of a manifest: `reidrisk advise release.toml --try \
         advice.toml` judges it again, also after you have changed it.",
    );
    if transformations.is_empty() {
        comment(&mut text, "There is nothing to be changed here.");
    }
    for transformation in transformations {
        text.push('\n');
        let table = advice
            .tables
            .iter()
            .find(|table| table.table == transformation.table);
        if let Some(table) = table {
            state(&mut text, table);
        }
        for line in instructions(transformation, table.map_or("", |table| &table.kind)) {
            comment(&mut text, &line);
        }
        text += &transformation.text();
    }
    if !advice.otherwise.is_empty() {
        text.push('\n');
        comment(&mut text, "Must be changed otherwise:");
        for entry in &advice.otherwise {
            let tables = match entry.tables.is_empty() {
                true => "the release".to_owned(),
                false => entry.tables.join(", "),
            };
            comment(
                &mut text,
                &format!("{tables}; {}: {}", entry.statistic, entry.advice),
            );
        }
    }
    text
}

fn state(text: &mut String, table: &Advised) {
    let candidate = table.chosen.and_then(|at| table.examined.get(at as usize));
    let Some(candidate) = candidate else { return };
    let passes = match table.state {
        State::Found => "All that was searched for passes then.".to_owned(),
        _ => format!(
            "THIS IS NOT ENOUGH: {} still fails.",
            candidate.failing.join(", ")
        ),
    };
    comment(
        text,
        &format!(
            "Loss {:.3}, {:.2} % left out. {passes}",
            candidate.loss,
            candidate.suppressed * 100.0
        ),
    );
}

/// What each part of a transformation of a table of this kind asks for, in words.
fn instructions(transformation: &Transformation, kind: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for (column, how) in &transformation.columns {
        lines.push(match how {
            Coarser::Drop => {
                format!("{column}: leave the column out of the files and of the manifest")
            }
            how => format!("{column}: {}", told(*how)),
        });
    }
    match transformation.time {
        Some(Coarser::Drop) => lines.push(
            "time: leave the column out; in the new manifest leave `time` out of the table and its point".to_owned(),
        ),
        Some(how) if kind == "flows" => lines.push(format!(
            "time: {}; sum the counts that fall together, as far as they are published",
            told(how)
        )),
        Some(how) => lines.push(format!(
            "time: {}; in the new manifest: point = {{ time = \"{how}\", … }}",
            told(how)
        )),
        None => {}
    }
    match transformation.place {
        Some(Coarser::Drop) => {
            lines.push("place: leave the coordinates out of files and manifest".to_owned())
        }
        Some(how) => lines.push(format!(
            "place: {}; say point = {{ place = \"{how}\", … }}",
            told(how)
        )),
        None => {}
    }
    if let Some(below) = transformation.below {
        lines.push(format!(
            "suppress: then leave out each person who has a row in a class of fewer than {below} persons, and again \
             until there is no such class"
        ));
    }
    if let Some(rotation) = transformation.rotation {
        let every = crate::release::TimeBin::Seconds(rotation);
        lines.push(format!(
            "rotation: a new random pseudonym for each person and period of {every}, counted from 1970-01-01 by the \
             clock of the table; whether pseudonyms can be put together again is asked by a [[scenario]] of kind rotation. Sampled figures of the new files may differ within their intervals: draws \
             follow the order of pseudonyms"
        ));
    }
    if let Some(minimum) = transformation.minimum {
        lines.push(format!(
            "minimum: write null for each count that stands for fewer than {minimum} persons"
        ));
    }
    lines
}

fn told(how: Coarser) -> String {
    match how {
        Coarser::Band(width) => {
            format!(
                "the lower end of its band of {width}, floor(x / {width}) * {width}; the type stays"
            )
        }
        Coarser::Prefix(length) => format!("its first {length} characters"),
        Coarser::Level(level) => {
            format!(
                "what level {level} of its hierarchy says, as text; level 0 is the value itself"
            )
        }
        Coarser::Month => "the first day of the month".to_owned(),
        Coarser::Year => "the first day of the year".to_owned(),
        Coarser::Decade => "the first day of the ten years it lies in".to_owned(),
        Coarser::Time(bin) => format!("the beginning of its bin of {bin}"),
        Coarser::Place(bin) => format!("the middle of its cell ({bin})"),
        Coarser::Drop => "left out".to_owned(),
    }
}

/// What to do about what no transformation changes.
pub fn otherwise(measure: &str) -> &'static str {
    match measure {
        "reversible-pseudonyms" => {
            "replace the pseudonyms by random numbers whose list nobody keeps, or by a keyed hash whose key is destroyed"
        }
        "file-leaks" => {
            "write the files anew from the rows alone: sorted, without metadata and unused dictionaries"
        }
        "opt-outs" => "take out those who objected before anything is derived or counted",
        "direct-identifiers" => "leave the columns out of the files",
        "undeclared-columns" => {
            "give the columns a role, leave them out of the files, or say under `harmless` why nobody can know them"
        }
        _ => {
            "it is measured from the order of rows or from what the table is held against, which is not searched: change \
              the table, then audit it again"
        }
    }
}

/// Lines of at most 100 characters behind a `#`.
fn comment(text: &mut String, words: &str) {
    let mut line = String::new();
    // A name may hold anything but must not end the comment.
    let clean: String = words
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    for word in clean.split(' ') {
        if !line.is_empty() && line.chars().count() + word.chars().count() > 97 {
            let _ = writeln!(text, "# {line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    let _ = writeln!(text, "# {line}");
}
