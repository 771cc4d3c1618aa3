//! What a Parquet file claims of itself, held against its bytes before the decoder makes room for it: a few bytes can
//! claim rows, children or pages of any size.
//!
//! Source: Apache Parquet, parquet.thrift.

use std::fs::File;

use parquet::basic::{Compression, Type};
use parquet::file::metadata::ColumnChunkMetaData;

use super::thrift::{self, BINARY, Fault, I32, I64, LIST, Reader, STRUCT};
use crate::release::regular::read_at;

/// Levels of columns within columns that are read at most.
const DEEPEST: usize = 100;
/// What a page unpacks to is believed up to so many bytes, or so many times its size.
const LARGE_PAGE: u64 = 1 << 28;
const LARGE_FACTOR: u64 = 200;
/// Bytes of a page's header that are read at first, and at most: it may hold bounds of any length.
const HEADER: usize = 1 << 9;
const LONGEST_HEADER: usize = 1 << 24;
/// Some writers count the header of a dictionary out of its chunk (PARQUET-816).
const UNCOUNTED: u64 = 128;

/// Why a file cannot be read: a predicate of the file, and what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrong {
    pub what: String,
    pub help: &'static str,
}

const ANEW: &str = "write the file anew from its source";

impl Wrong {
    pub fn contradicts(what: impl std::fmt::Display) -> Self {
        Self {
            what: format!("contradicts itself: {what}"),
            help: ANEW,
        }
    }

    pub fn unsupported(what: impl std::fmt::Display) -> Self {
        Self {
            what: format!("uses what reidrisk does not read: {what}"),
            help: "write the file anew with the defaults of a common writer, such as pyarrow, DuckDB or Spark",
        }
    }

    pub fn encrypted() -> Self {
        Self {
            what: "is encrypted, wholly or in part".to_owned(),
            help: "what cannot be read cannot be examined: audit the file as its readers see it, decrypted",
        }
    }

    pub fn not_parquet() -> Self {
        Self {
            what: "is not a Parquet file".to_owned(),
            help: "a release is read from Parquet; convert it first (CSV: for example with DuckDB)",
        }
    }

    pub fn damaged(why: impl std::fmt::Display) -> Self {
        Self {
            what: format!("is damaged or truncated: {why}"),
            help: "write it again from its source",
        }
    }
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Cut => Self::damaged("its footer ends before what it began"),
            Fault::Malformed => Self::damaged("its footer is none"),
            Fault::Deep => Self::contradicts("its footer is nested without end"),
        }
    }
}

/// What a footer says besides what the decoder reads from it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Footer {
    /// Metadata of single column chunks, which no reader shows.
    pub entries: Vec<(String, String)>,
    /// It has fields that the format does not define.
    pub foreign: bool,
    /// Bytes behind its end.
    pub trailing: usize,
    pub rows: u64,
}

/// The bytes of a file's footer.
///
/// # Errors
/// The file is no Parquet, is encrypted, or ends early.
pub fn read(file: &File, bytes: u64) -> Result<Vec<u8>, Wrong> {
    let part = |at: u64, length: usize| -> Result<Vec<u8>, Wrong> {
        let mut part = vec![0; length];
        match read_at(file, &mut part, at) {
            Ok(read) if read == length => Ok(part),
            Ok(_) => Err(Wrong::damaged("it is shorter than it says")),
            Err(error) => Err(Wrong::damaged(error)),
        }
    };
    if bytes < 12 {
        return Err(match bytes >= 4 && part(0, 4)? == b"PAR1" {
            true => Wrong::damaged("it has no footer"),
            false => Wrong::not_parquet(),
        });
    }
    let (head, tail) = (part(0, 4)?, part(bytes - 8, 8)?);
    match (&head[..], &tail[4..]) {
        (_, b"PARE") | (b"PARE", _) => return Err(Wrong::encrypted()),
        (_, b"PAR1") => {}
        (b"PAR1", _) => return Err(Wrong::damaged("it has no footer")),
        _ => return Err(Wrong::not_parquet()),
    }
    let length = u32::from_le_bytes(tail[..4].try_into().expect("four bytes"));
    match u64::from(length) <= bytes - 12 {
        true => part(bytes - 8 - u64::from(length), length as usize),
        false => Err(Wrong::damaged("its footer is longer than the file")),
    }
}

/// One column chunk, as far as it is looked at.
#[derive(Default)]
struct Chunk {
    values: i64,
    encrypted: bool,
    codec: i64,
}

/// Looks through a footer.
///
/// # Errors
/// It claims what cannot be.
pub fn footer(bytes: &[u8]) -> Result<Footer, Wrong> {
    let mut found = Footer::default();
    let (mut schema, mut groups) = (Schema::default(), Vec::<(i64, Vec<Chunk>)>::new());
    let (mut rows, mut encrypted) = (0, false);
    let mut reader = Reader::new(bytes);
    reader.fields(|reader, id, kind| {
        found.foreign |= !(1..=9).contains(&id);
        match (id, kind) {
            (2, LIST) => reader.structs(|reader| schema.element(reader, &mut found.foreign))?,
            (3, I64) => rows = reader.number()?,
            (4, LIST) => reader.structs(|reader| {
                groups.push(row_group(reader, &mut found)?);
                Ok(())
            })?,
            (8, STRUCT) => {
                encrypted = true;
                return Ok(false);
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    found.trailing = bytes.len() - reader.position();
    let flat = schema.check()?;
    if encrypted
        || groups
            .iter()
            .flat_map(|(_, chunks)| chunks)
            .any(|chunk| chunk.encrypted)
    {
        return Err(Wrong::encrypted());
    }
    let mut sum = 0i64;
    for (rows, chunks) in &groups {
        if *rows < 0 || chunks.iter().any(|chunk| chunk.values < 0) {
            return Err(Wrong::contradicts("it counts fewer rows than none"));
        }
        if chunks.len() != flat.len() {
            return Err(Wrong::contradicts(
                "a row group has other columns than its schema",
            ));
        }
        // Of a column without repetition each row is a value, or null.
        let most = chunks.iter().zip(&flat).filter(|(_, flat)| **flat);
        let most = most.map(|(chunk, _)| chunk.values).max();
        if most.is_some_and(|most| most < *rows) {
            return Err(Wrong::contradicts(
                "a row group counts more rows than its columns have values",
            ));
        }
        if let Some(chunk) = chunks
            .iter()
            .find(|chunk| chunk.codec == 3 || chunk.codec > 7)
        {
            let name = if chunk.codec == 3 {
                "LZO"
            } else {
                "a codec of no name"
            };
            return Err(Wrong::unsupported(format!("compression by {name}")));
        }
        sum = sum.saturating_add(*rows);
    }
    if sum != rows {
        return Err(Wrong::contradicts(
            "its footer counts other rows than its row groups hold",
        ));
    }
    found.rows = sum as u64;
    Ok(found)
}

/// The elements of a schema, in the order of the tree.
#[derive(Default)]
struct Schema {
    /// Children, and whether it is repeated.
    elements: Vec<(Option<i64>, bool)>,
}

impl Schema {
    fn element(&mut self, reader: &mut Reader<'_>, foreign: &mut bool) -> thrift::Result<()> {
        let (mut children, mut repeated) = (None, false);
        reader.fields(|reader, id, kind| {
            *foreign |= !(1..=10).contains(&id);
            match (id, kind) {
                (3, I32) => repeated = reader.number()? == 2,
                (5, I32) => children = Some(reader.number()?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        self.elements.push((children, repeated));
        Ok(())
    }

    /// Of each leaf whether it and all above it come once a row at most.
    fn check(&self) -> Result<Vec<bool>, Wrong> {
        let wrong = || Wrong::contradicts("its schema counts other columns than it has");
        let mut leaves = Vec::new();
        // Children that are still to come of the elements above, and whether these are repeated.
        let mut above: Vec<(i64, bool)> = Vec::new();
        for (at, (children, repeated)) in self.elements.iter().enumerate() {
            let within = match above.last_mut() {
                None if at == 0 => false,
                None => return Err(wrong()),
                Some((left, within)) => {
                    *left -= 1;
                    *within
                }
            };
            let repeated = at > 0 && (within || *repeated);
            match children {
                Some(children) if *children > 0 => {
                    if *children > (self.elements.len() - at) as i64 {
                        return Err(wrong());
                    }
                    above.push((*children, repeated));
                    if above.len() > DEEPEST {
                        return Err(Wrong::unsupported(format!(
                            "columns within columns, more than {DEEPEST} levels"
                        )));
                    }
                }
                Some(children) if *children < 0 => return Err(wrong()),
                _ if at > 0 => leaves.push(!repeated),
                _ => {}
            }
            while above.last().is_some_and(|(left, _)| *left == 0) {
                above.pop();
            }
        }
        match above.is_empty() && !self.elements.is_empty() {
            true => Ok(leaves),
            false => Err(wrong()),
        }
    }
}

fn row_group(reader: &mut Reader<'_>, found: &mut Footer) -> thrift::Result<(i64, Vec<Chunk>)> {
    let (mut rows, mut chunks) = (0, Vec::new());
    reader.fields(|reader, id, kind| {
        found.foreign |= !(1..=7).contains(&id);
        match (id, kind) {
            (1, LIST) => reader.structs(|reader| {
                chunks.push(chunk(reader, found)?);
                Ok(())
            })?,
            (3, I64) => rows = reader.number()?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok((rows, chunks))
}

fn chunk(reader: &mut Reader<'_>, found: &mut Footer) -> thrift::Result<Chunk> {
    let mut chunk = Chunk::default();
    reader.fields(|reader, id, kind| {
        found.foreign |= !(1..=9).contains(&id);
        chunk.encrypted |= id >= 8;
        match (id, kind) {
            (3, STRUCT) => {
                reader.fields(|reader, id, kind| {
                    found.foreign |= !(1..=17).contains(&id);
                    match (id, kind) {
                        (4, I32) => chunk.codec = reader.number()?,
                        (5, I64) => chunk.values = reader.number()?,
                        (8, LIST) => reader.structs(|reader| {
                            found.entries.push(entry(reader, &mut found.foreign)?);
                            Ok(())
                        })?,
                        (12, STRUCT) => reader.fields(|_, id, _| {
                            found.foreign |= !(1..=9).contains(&id);
                            Ok(false)
                        })?,
                        _ => return Ok(false),
                    }
                    Ok(true)
                })?;
                Ok(true)
            }
            _ => Ok(false),
        }
    })?;
    Ok(chunk)
}

fn entry(reader: &mut Reader<'_>, foreign: &mut bool) -> thrift::Result<(String, String)> {
    let (mut key, mut value) = (String::new(), String::new());
    reader.fields(|reader, id, kind| {
        *foreign |= !(1..=2).contains(&id);
        match (id, kind) {
            (1, BINARY) => key = String::from_utf8_lossy(reader.binary()?).into_owned(),
            (2, BINARY) => value = String::from_utf8_lossy(reader.binary()?).into_owned(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok((key, value))
}

/// The header of one page.
#[derive(Default)]
struct Page {
    header: usize,
    unpacked: i64,
    packed: i64,
    /// Values of a page of data, and of one of a dictionary.
    values: i64,
    dictionary: Option<i64>,
}

/// Looks at the headers of a chunk's pages, without unpacking any.
///
/// # Errors
/// They claim what cannot be; the reason.
pub fn pages(file: &File, bytes: u64, chunk: &ColumnChunkMetaData) -> Result<(), String> {
    let offsets = [
        chunk.dictionary_page_offset(),
        Some(chunk.data_page_offset()),
    ];
    let offsets = offsets.into_iter().flatten().filter(|offset| *offset > 0);
    let start = offsets.min().unwrap_or(0) as u64;
    let length = u64::try_from(chunk.compressed_size()).unwrap_or(0);
    let end = start.saturating_add(length);
    if end > bytes {
        return Err("its pages lie beyond the end of the file".to_owned());
    }
    let (mut at, mut values) = (start, 0i64);
    while at < end && values < chunk.num_values() {
        let page = header(file, at, end.saturating_add(UNCOUNTED).min(bytes))?;
        let (packed, unpacked) = match (u64::try_from(page.packed), u64::try_from(page.unpacked)) {
            (Ok(packed), Ok(unpacked)) => (packed, unpacked),
            _ => return Err("a page is shorter than nothing".to_owned()),
        };
        at = at.saturating_add(page.header as u64).saturating_add(packed);
        if at > bytes {
            return Err("a page lies beyond the end of the file".to_owned());
        }
        let unpacks = chunk.compression() != Compression::UNCOMPRESSED;
        if unpacks && unpacked > room(chunk.compression(), packed) {
            return Err(format!(
                "a page of {packed} bytes claims to unpack to {unpacked}, which cannot be"
            ));
        }
        if let Some(count) = page.dictionary {
            let room = if unpacks { unpacked } else { packed };
            let each = match chunk.column_type() {
                Type::BOOLEAN => 1,
                Type::BYTE_ARRAY | Type::INT32 | Type::FLOAT => 4,
                Type::INT64 | Type::DOUBLE => 8,
                Type::INT96 => 12,
                Type::FIXED_LEN_BYTE_ARRAY => chunk.column_descr().type_length().max(0) as u64,
            };
            if u64::try_from(count).is_ok_and(|count| count.saturating_mul(each) <= room) {
                continue;
            }
            return Err("a dictionary claims more values than it has bytes".to_owned());
        }
        if page.values < 0 {
            return Err("a page counts fewer values than none".to_owned());
        }
        values += page.values;
    }
    match values < chunk.num_values() {
        true => Err("its pages have fewer values than the footer says".to_owned()),
        false => Ok(()),
    }
}

/// What so many bytes unpack to at most. Sources: the formats' longest runs: 64 bytes of a copy of three (Snappy), 258
/// of two bits (DEFLATE), 255 a byte (LZ4).
fn room(compression: Compression, packed: u64) -> u64 {
    let factor = match compression {
        Compression::SNAPPY => 22,
        Compression::LZ4 | Compression::LZ4_RAW => 255,
        Compression::GZIP(_) => 1_032,
        _ => u64::MAX,
    };
    let possible = packed.saturating_mul(factor).saturating_add(64);
    possible.min(packed.saturating_mul(LARGE_FACTOR).max(LARGE_PAGE))
}

fn header(file: &File, at: u64, end: u64) -> Result<Page, String> {
    let mut length = HEADER;
    loop {
        let whole = end - at <= length as u64;
        let mut bytes = vec![0; length.min((end - at) as usize)];
        let read = read_at(file, &mut bytes, at).map_err(|error| error.to_string())?;
        match page(&bytes[..read]) {
            Ok(page) => return Ok(page),
            Err(Fault::Cut) if !whole && length < LONGEST_HEADER => length *= 8,
            Err(_) => return Err("the header of a page is none".to_owned()),
        }
    }
}

fn page(bytes: &[u8]) -> thrift::Result<Page> {
    let mut page = Page::default();
    let mut reader = Reader::new(bytes);
    reader.fields(|reader, id, kind| {
        match (id, kind) {
            (2, I32) => page.unpacked = reader.number()?,
            (3, I32) => page.packed = reader.number()?,
            (5 | 7 | 8, STRUCT) => {
                let mut count = 0;
                reader.fields(|reader, id, kind| {
                    if (id, kind) == (1, I32) {
                        count = reader.number()?;
                        return Ok(true);
                    }
                    Ok(false)
                })?;
                match id {
                    7 => page.dictionary = Some(count),
                    _ => page.values = count,
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    page.header = reader.position();
    Ok(page)
}
