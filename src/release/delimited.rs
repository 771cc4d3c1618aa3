//! Files of values that belong together, one record a line: hierarchies, what areas are made of.
//!
//! A code may begin or end with blanks: it stands in quotes then. Blanks around a cell without quotes are none of its
//! own.

use csv_core::{ReadFieldResult, ReaderBuilder};

/// A line of a file, and its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub line: usize,
    pub cells: Vec<String>,
}

/// The records of a text whose cells are separated by `;`, tabs or `,`, whichever of them its first line has.
pub fn records(text: &str) -> Vec<Record> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default().as_bytes();
    let separator = [b';', b'\t', b','].into_iter();
    let separator = separator
        .clone()
        .find(|separator| first.contains(separator));
    let mut reader = ReaderBuilder::new()
        .delimiter(separator.unwrap_or(b';'))
        .build();
    let mut records = Vec::new();
    let (mut at, mut line) = (0, 1);
    let mut record: Option<Record> = None;
    // No cell is longer than the text.
    let mut cell = vec![0; text.len()];
    loop {
        let (begin, mut length) = (at, 0);
        let ends = loop {
            let (result, read, written) =
                reader.read_field(&text.as_bytes()[at..], &mut cell[length..]);
            (at, length) = (at + read, length + written);
            match result {
                ReadFieldResult::Field { record_end } => break Some(record_end),
                ReadFieldResult::End => break None,
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            }
        };
        let Some(ends) = ends else { return records };
        // Before a record its reader passes over the ends of the lines above.
        let source = &text[begin..at];
        let own = match record {
            None => source.trim_start_matches(['\r', '\n']),
            Some(_) => source,
        };
        line += source[..source.len() - own.len()].matches('\n').count();
        let content = String::from_utf8_lossy(&cell[..length]);
        let mine = record.get_or_insert_with(|| Record {
            line,
            cells: Vec::new(),
        });
        mine.cells.push(value(own, &content));
        line += own.matches('\n').count();
        if ends {
            records.extend(record.take());
        }
    }
}

/// What a cell says: in quotes as it stands there, without them less the blanks around it. Blanks around the quotes are
/// outside.
fn value(source: &str, content: &str) -> String {
    let quoted = source.trim_start_matches(' ').strip_prefix('"');
    quoted
        .and_then(inside)
        .unwrap_or_else(|| content.trim().to_owned())
}

/// What stands before the closing quotes; `None` where there are none. Quotes within are doubled.
fn inside(text: &str) -> Option<String> {
    let mut inside = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        inside.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                inside.push('"');
                rest = after;
            }
            None => return Some(inside),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        records(text)
            .into_iter()
            .map(|record| record.cells)
            .collect()
    }

    #[test]
    fn blanks_count_in_quotes_alone() {
        let expected = [
            ["\u{a0}7", "A"].map(String::from),
            ["  7 ", "A"].map(String::from),
        ];
        assert_eq!(cells("\"\u{a0}7\";A\n\"  7 \" ; A\n"), expected);
        assert_eq!(cells(" 7 ;\tA \n")[0], ["7", "A"]);
        // Blanks before the quotes are outside.
        assert_eq!(cells("x, \" y \"\n")[0], ["x", " y "]);
        assert_eq!(cells("x, \"say \"\"y\"\"\"\n")[0], ["x", "say \"y\""]);
        assert_eq!(cells("\"a;b\";c")[0], ["a;b", "c"]);
    }

    #[test]
    fn records_know_their_lines() {
        let records = records("\u{feff}a;b\r\n\r\n\"c\nd\";e\nf\n");
        let lines: Vec<_> = records.iter().map(|record| record.line).collect();
        assert_eq!(lines, [1, 3, 5]);
        assert_eq!(records[1].cells, ["c\nd", "e"]);
        assert_eq!(records[2].cells, ["f"]);
        assert!(super::records("").is_empty() && super::records("\n\n").is_empty());
    }
}
