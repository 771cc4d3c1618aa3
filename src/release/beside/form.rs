//! What a file is by its first bytes and its name: data, or something else.

use std::fs::File;
use std::io::Result;
use std::path::Path;

use serde_json::Value;

use crate::release::regular::{self, read_at};

/// What a file beside the released ones is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Empty, or a checksum of its neighbour.
    Nothing,
    /// Data, in this form.
    Data(&'static str),
    Other,
}

/// Forms of data by their first bytes.
const MAGIC: [(&[u8], &str); 40] = [
    (b"PAR1", "Parquet"),
    (b"PARE", "encrypted Parquet"),
    (b"ARROW1", "Arrow"),
    (b"FEA1", "Feather"),
    (b"\xff\xff\xff\xff", "Arrow"),
    (b"ORC", "ORC"),
    (b"Obj\x01", "Avro"),
    (b"SQLite format 3\0", "SQLite"),
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"PK\x07\x08", "a ZIP archive"),
    (b"\x1f\x8b", "compressed by gzip"),
    (b"\x1f\x9d", "compressed"),
    (b"\x1f\xa0", "compressed"),
    (b"\x28\xb5\x2f\xfd", "compressed by Zstandard"),
    (b"BZh", "compressed by bzip2"),
    (b"\xfd7zXZ\0", "compressed by xz"),
    (b"LZIP", "compressed by lzip"),
    (b"\x04\x22\x4d\x18", "compressed by LZ4"),
    (b"\xff\x06\0\0sNaPpY", "compressed by Snappy"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"MSCF", "a CAB archive"),
    (b"\x89HDF\r\n\x1a\n", "HDF5"),
    (b"CDF\x01", "NetCDF"),
    (b"CDF\x02", "NetCDF"),
    (b"\x93NUMPY", "NumPy"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a spreadsheet or document of Office",
    ),
    (b"\0\x01\0\0Standard ", "Access"),
    (b"$FL2", "SPSS"),
    (b"$FL3", "SPSS"),
    (b"<stata_dta>", "Stata"),
    (b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60", "SAS"),
    (b"HEADER RECORD***", "SAS"),
    (b"RDX2\n", "R"),
    (b"RDX3\n", "R"),
    (b"RDA3\n", "R"),
    (b"X\n\0\0\0", "R"),
    (b"fgb\x03", "FlatGeobuf"),
    (b"PGDMP", "a dump of PostgreSQL"),
];

/// Endings of files of data. Compressed ones are among them, whatever is in them.
const ENDINGS: &str = "parquet parq pq csv tsv tab psv jsonl ndjson geojson topojson arrow arrows feather ipc orc \
    avro sqlite sqlite3 db db3 duckdb mdb accdb xlsx xls xlsm xlsb ods numbers zip gz tgz bz2 xz \
    zst lz4 7z rar tar br z snappy lzo lz h5 hdf hdf5 nc npy npz mat rds rda rdata sav zsav por \
    dta sas7bdat xpt pkl pickle dbf gpkg kml gpx fgb sql lance";

/// Endings that are put behind the one that says what it is.
const AGAIN: [&str; 9] = [
    "bak", "old", "orig", "backup", "tmp", "save", "copy", "part", "txt",
];

/// Bytes at the beginning of a text that are looked at.
const HEAD: usize = 1 << 16;

/// # Errors
/// The file cannot be read.
pub fn of(path: &Path, bytes: u64) -> Result<Form> {
    if bytes == 0 {
        return Ok(Form::Nothing);
    }
    let file = regular::open(path)?;
    let mut head = vec![0; HEAD];
    let read = read_at(&file, &mut head, 0)?;
    head.truncate(read);
    if is_checksum(path, &head, bytes) {
        return Ok(Form::Nothing);
    }
    if let Some(what) = by_bytes(&file, &head, bytes)? {
        return Ok(Form::Data(what));
    }
    if has_ending_of_data(path) {
        return Ok(Form::Data("data by its ending"));
    }
    Ok(
        match text(&head).and_then(|text| by_text(text, read as u64 == bytes)) {
            Some(what) => Form::Data(what),
            None => Form::Other,
        },
    )
}

/// Whether it is what Hadoop writes beside a file to check it, `.name.crc`, and no longer than that.
fn is_checksum(path: &Path, head: &[u8], bytes: u64) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let checked = name
        .strip_prefix('.')
        .and_then(|name| name.strip_suffix(".crc"));
    let (Some(checked), Some(each)) = (checked, head.strip_prefix(b"crc\0")) else {
        return false;
    };
    let each = each
        .first_chunk::<4>()
        .map_or(0, |each| u32::from_be_bytes(*each));
    let Ok(found) = regular::look(&path.with_file_name(checked)) else {
        return false;
    };
    each >= 64 && bytes == 8 + 4 * found.len().div_ceil(u64::from(each))
}

fn by_bytes(file: &File, head: &[u8], bytes: u64) -> Result<Option<&'static str>> {
    // Readers find a Parquet file's footer from its end, whatever it begins with.
    let mut tail = [0; 4];
    read_at(file, &mut tail, bytes.saturating_sub(4))?;
    if tail == *b"PAR1" || tail == *b"PARE" {
        return Ok(Some("Parquet"));
    }
    let begins = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    let within =
        |at: usize, magic: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(magic));
    Ok(match begins {
        Some((_, what)) => Some(what),
        None if within(8, b"DUCK") => Some("DuckDB"),
        None if within(257, b"ustar") => Some("a tar archive"),
        // A pickle of Python, of the second protocol or a later one.
        None if head.len() > 2 && head[0] == 0x80 && (2..=5).contains(&head[1]) => Some("a pickle"),
        None => None,
    })
}

fn has_ending_of_data(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let mut parts = name
        .trim_end_matches('~')
        .split('.')
        .skip(1)
        .collect::<Vec<_>>();
    while let Some(last) = parts.pop() {
        if ENDINGS.split_whitespace().any(|known| known == last) {
            return true;
        }
        let number = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
        if !AGAIN.contains(&last) && !number {
            return false;
        }
    }
    false
}

/// The whole characters at the beginning of a text.
fn text(head: &[u8]) -> Option<&str> {
    match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        // A character that the end of the buffer cut.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    }
}

/// JSON, and lines of as many fields each.
fn by_text(text: &str, whole: bool) -> Option<&'static str> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.contains('\0') {
        return None;
    }
    if text.starts_with(['{', '[']) {
        let json = |text: &str| serde_json::from_str::<Value>(text);
        let is_data = match json(text) {
            Ok(value) => is_list(&value),
            // One that is longer than what was read, or one a line.
            Err(error) => {
                let first = text.lines().next().unwrap_or_default();
                (!whole && error.is_eof()) || json(first).is_ok()
            }
        };
        return is_data.then_some("JSON");
    }
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    if !whole {
        lines.pop();
    }
    if lines.len() < 10 {
        return None;
    }
    // A table in Markdown has such a line below its head.
    let rule = |line: &&&str| line.contains("--") && line.chars().all(|c| "|-: ".contains(c));
    let markdown = lines.iter().any(|line| rule(&line));
    [',', ';', '\t', '|'].into_iter().find_map(|separator| {
        let fields = |line: &&str| line.matches(separator).count();
        let first = fields(&lines[0]);
        let alike = lines.iter().filter(|line| fields(line) == first).count();
        let is = first > 0 && alike * 100 >= lines.len() * 95 && !(separator == '|' && markdown);
        is.then_some("lines of fields, such as CSV")
    })
}

/// Whether JSON is a list of things rather than a document about one.
fn is_list(value: &Value) -> bool {
    const LONG: usize = 100;
    let is_thing = |value: &Value| value.is_object() || value.is_array();
    let things = |values: &Vec<Value>| values.len() > 1 && values.iter().any(is_thing);
    fn longest(value: &Value) -> usize {
        match value {
            Value::Array(values) => values.iter().map(longest).fold(values.len(), usize::max),
            Value::Object(values) => values.values().map(longest).fold(values.len(), usize::max),
            _ => 0,
        }
    }
    value.as_array().is_some_and(things) || longest(value) >= LONG
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, bytes: &[u8]) -> Form {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        of(&path, bytes.len() as u64).unwrap()
    }

    #[test]
    fn data_is_known_by_its_bytes_whatever_its_name() {
        for (magic, _) in MAGIC {
            let bytes = [magic, &[0; 40]].concat();
            assert!(matches!(form("README", &bytes), Form::Data(_)), "{magic:?}");
        }
        let with = |at: usize, what: &[u8]| [&vec![b' '; at], what].concat();
        for bytes in [
            with(8, b"DUCK"),
            with(257, b"ustar"),
            with(900, b"PAR1"),
            b"\x80\x04x".to_vec(),
        ] {
            assert!(matches!(form("x.txt", &bytes), Form::Data(_)));
        }
    }

    #[test]
    fn data_is_known_by_its_ending() {
        for name in [
            "a.CSV",
            "a.parquet.bak",
            "a.orc~",
            "a.tsv.old",
            "a.csv.1",
            ".a.sql",
            "a.xlsx.txt",
        ] {
            assert!(matches!(form(name, b"x"), Form::Data(_)), "{name}");
        }
        for name in [
            "a.md",
            "csv",
            "README",
            "a.csv.license",
            "LICENSE.txt",
            "a.1",
        ] {
            assert_eq!(form(name, b"x"), Form::Other, "{name}");
        }
    }

    #[test]
    fn tables_in_plain_text_are_data_and_prose_is_not() {
        let rows: String = (0..12)
            .map(|row| format!("{row};name {row};{}\n", row * 7))
            .collect();
        assert!(matches!(form("notes.txt", rows.as_bytes()), Form::Data(_)));
        let named = br#" [{"name": "a"}, {"name": "b"}]"#;
        assert!(matches!(form("notes", named), Form::Data(_)));
        let long = format!("{{\"names\": {:?}}}", vec!["a name"; 100]);
        assert!(matches!(form("about.json", long.as_bytes()), Form::Data(_)));
        let about = br#"{"title": "x", "columns": [{"name": "age"}, {"name": "sex"}]}"#;
        assert_eq!(form("about.json", about), Form::Other);
        assert!(matches!(
            form("notes", b"{\"a\": 1}\n{\"a\": 2}\n{\"a\""),
            Form::Data(_)
        ));
        let long = format!("[{}", "\"a name\", ".repeat(20_000));
        assert!(matches!(form("notes", long.as_bytes()), Form::Data(_)));
        let prose = "Counts by area, day and sex.\nRounded to fives; see the paper.\n\n".repeat(9);
        assert_eq!(form("README.md", prose.as_bytes()), Form::Other);
        let columns: String = (0..30)
            .map(|at| format!("| column{at} | what it is |\n"))
            .collect();
        let table = format!("| name | meaning |\n|---|---|\n{columns}");
        assert_eq!(form("columns.md", table.as_bytes()), Form::Other);
        assert_eq!(form("a.toml", b"[release]\nname = \"x\"\n"), Form::Other);
        assert_eq!(
            form("picture.png", b"\x89PNG\r\n\x1a\n\xff\xfe"),
            Form::Other
        );
    }

    #[test]
    fn checksums_are_nothing_as_long_as_they_are_that_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".a.parquet.crc");
        let with = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            of(&path, bytes.len() as u64).unwrap()
        };
        let sums = [&b"crc\0"[..], &512u32.to_be_bytes(), &[7; 8]].concat();
        assert_eq!(with(&sums), Form::Other, "of no file");
        std::fs::write(folder.path().join("a.parquet"), [1; 700]).unwrap();
        assert_eq!(with(&sums), Form::Nothing);
        assert_eq!(with(&[&sums[..], b"more"].concat()), Form::Other);
        assert_eq!(with(b"crc"), Form::Other);
        assert_eq!(form("_SUCCESS", b""), Form::Nothing);
    }
}
