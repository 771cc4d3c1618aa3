//! Names made safe to print, wherever they are printed. Names of files, columns, tables and releases come from others:
//! nothing in them may steer a terminal, begin a line, or be seen otherwise than it is read.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character is not seen, or changes how others are seen: controls, marks that turn the direction of text,
/// line and paragraph separators, and characters without width.
///
/// The joiners of emoji and of the scripts that need them (U+200C, U+200D) stay: they change only what is beside them.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}'
                | '\u{ffff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A name in one line, each hidden character spelled out: `\u{202e}`.
pub fn printable(text: &str) -> Cow<'_, str> {
    spelled(text, is_hidden)
}

/// A text of several lines, line breaks kept.
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    spelled(text, |c| is_hidden(c) && c != '\n')
}

/// All that goes to standard output: scripts of shells have tabs, and the colours of a terminal are ours.
pub fn printable_output(text: &str, coloured: bool) -> Cow<'_, str> {
    let ours = |c: char| matches!(c, '\n' | '\t') || (coloured && c == '\u{1b}');
    spelled(text, |c| is_hidden(c) && !ours(c))
}

/// A text that errors quote: as many bytes as before, so that places in it stay where they are.
pub fn printable_source(text: &str) -> Cow<'_, str> {
    let hides = |c: char| is_hidden(c) && !matches!(c, '\n' | '\t' | '\r');
    if !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match hides(c) {
            true => shown.extend(std::iter::repeat_n('?', c.len_utf8())),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// JSON of which nothing is hidden: within strings, where alone such characters can be, they are escaped. What is read
/// from it is the same.
pub fn printable_json(json: &str) -> Cow<'_, str> {
    let hides = |c: char| is_hidden(c) && !matches!(c, '\n' | '\t' | '\r');
    if !json.contains(hides) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        if hides(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

fn spelled(text: &str, hides: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match hides(c) {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_spelled_out() {
        assert_eq!(
            printable("a\nb\u{202e}c\u{1b}[31m"),
            "a\\u{a}b\\u{202e}c\\u{1b}[31m"
        );
        assert_eq!(printable_lines("a\nb\u{9b}c"), "a\nb\\u{9b}c");
        for plain in ["Zürich 👩‍👩‍👧, 東京", "شاهنشاه", "नमस्ते", "12,5\u{202f}%"]
        {
            assert_eq!(printable(plain), plain);
        }
    }

    #[test]
    fn places_in_a_source_stay() {
        let text = "name = \"a\u{202e}b\u{1b}\"\n";
        let shown = printable_source(text);
        assert_eq!(shown.len(), text.len());
        assert_eq!(shown, "name = \"a???b?\"\n");
    }

    #[test]
    fn json_reads_the_same() {
        let name = "a\n\u{1b}\u{202e}\u{e0041}\u{85}ü";
        let json = serde_json::to_string_pretty(&[name]).unwrap();
        let shown = printable_json(&json);
        assert!(!shown.contains(|c| is_hidden(c) && c != '\n'));
        let read: Vec<String> = serde_json::from_str(&shown).unwrap();
        assert_eq!(read, [name]);
    }
}
