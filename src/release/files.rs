//! What the Parquet files of a table carry beyond the cells of their rows: plain facts, for the measures.

mod footer;
mod pages;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use parquet::basic::{LogicalType, Type};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::page_index::index_reader::decode_column_index;
use rayon::prelude::*;

pub use self::footer::Leak;

use self::pages::{Chunk, Reason};
use super::input::{CONTRADICTS, Input, InputFile, cannot_decode};
use crate::error::{Error, Place, Result};
use crate::progress::Progress;

/// Bytes that nothing in a file refers to are passed over up to so many: some writers count the header of a
/// dictionary out of its chunk (PARQUET-816).
const PADDING: usize = 128;
/// From this length on a bound that is not said to be exact may be the beginning of a value: writers cut at 16 or more.
const CUT: usize = 16;

/// The files of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FileFacts {
    pub files: u64,
    /// What their metadata says, one entry a way in which it can be wrong that was found.
    pub metadata: BTreeMap<Leak, Said>,
    /// Files with bytes that belong to no part of them.
    pub unreferenced: u64,
    /// Files in the table's folder that are none of its tables' files, empty ones not among them.
    pub others: u64,
    /// Columns that are in the files, in their order; of nested ones what is within them together.
    pub columns: Vec<ColumnFacts>,
}

/// Metadata of some files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    pub files: u64,
    /// As a report may show them.
    pub keys: BTreeSet<String>,
}

/// One column in all files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnFacts {
    pub name: String,
    /// The metadata describes it, or has metadata of its own for it.
    pub described: bool,
    /// Column chunks with bounds of their values, with bounds of each page, with a Bloom filter.
    pub statistics: u64,
    pub page_indexes: u64,
    pub bloom_filters: u64,
    /// Entries of its dictionaries.
    pub entries: u64,
    /// Distinct entries of its dictionaries that no row of the table has.
    pub unused: u64,
    /// Distinct bounds, of chunks and pages, that no row has.
    pub foreign_bounds: u64,
}

/// Looks through the files of a table, by column chunks in parallel.
///
/// # Errors
/// A file is damaged, or the user cancelled.
pub fn inspect(input: &Input, progress: &dyn Progress) -> Result<FileFacts> {
    let names = input.names();
    let stored = input.columns.iter().filter(|column| !column.partition);
    let mut facts = FileFacts {
        files: input.files.len() as u64,
        columns: stored
            .map(|column| ColumnFacts {
                name: column.name.clone(),
                ..ColumnFacts::default()
            })
            .collect(),
        others: input.others,
        ..FileFacts::default()
    };
    for file in &input.files {
        facts.footer(file, &names);
        let trailing = file.footer().trailing > PADDING;
        facts.unreferenced += u64::from(trailing || has_unreferenced(file)?);
    }
    let places: Vec<At> = places(input);
    let looked: Vec<Looked> = places
        .par_iter()
        .with_max_len(1)
        .map(|place| place.look(input, progress))
        .collect::<Result<_>>()?;
    for (place, looked) in places.iter().zip(&looked) {
        let column = facts.column(input.chunk(place));
        column.statistics += u64::from(looked.statistics);
        column.page_indexes += u64::from(looked.page_index);
        column.bloom_filters += u64::from(looked.bloom_filter);
        column.entries += looked.entries;
        column.foreign_bounds += looked.cut_bounds;
    }
    let leaves = places.iter().map(|place| place.leaf).max();
    for leaf in 0..leaves.map_or(0, |last| last + 1) {
        let (unused, bounds) = nowhere(input, leaf, &places, &looked, progress)?;
        let place = places.iter().find(|place| place.leaf == leaf);
        let chunk = input.chunk(place.expect("the leaf is of some chunk"));
        let column = facts.column(chunk);
        column.unused += unused;
        column.foreign_bounds += bounds;
    }
    Ok(facts)
}

/// What is written about columns, and whatever else the metadata of a table's files says in free words.
pub fn descriptions(input: &Input) -> BTreeSet<String> {
    let columns = input.names();
    let mut known: HashSet<(&str, &str)> = HashSet::new();
    let mut texts = BTreeSet::new();
    for file in &input.files {
        let names = names_within(file);
        let of = footer::File {
            columns: &columns,
            names: &names,
            rows: file.rows(),
        };
        for (key, value) in entries(file) {
            // Files of one table mostly say the same.
            if known.insert((key, value)) {
                texts.extend(footer::entry(key, value, &of).texts);
            }
        }
    }
    texts
}

/// All names in the schema of a file, also those within columns.
fn names_within(file: &InputFile) -> BTreeSet<String> {
    let schema = file.parquet().file_metadata().schema_descr().columns();
    let leaves = schema.iter();
    leaves
        .flat_map(|leaf| leaf.path().parts().to_vec())
        .collect()
}

/// The entries of a file's metadata, and of those of its column chunks.
fn entries(file: &InputFile) -> impl Iterator<Item = (&str, &str)> {
    let of_file = file.parquet().file_metadata().key_value_metadata();
    let of_file = of_file.into_iter().flatten();
    let of_file = of_file.map(|entry| {
        (
            entry.key.as_str(),
            entry.value.as_deref().unwrap_or_default(),
        )
    });
    let of_chunks = file.footer().entries.iter();
    of_file.chain(of_chunks.map(|(key, value)| (key.as_str(), value.as_str())))
}

impl FileFacts {
    fn column(&mut self, chunk: &ColumnChunkMetaData) -> &mut ColumnFacts {
        let name = &chunk.column_path().parts()[0];
        let found = self.columns.iter_mut().find(|column| column.name == *name);
        found.expect("the files have the columns of the table")
    }

    fn say(&mut self, leak: Leak, key: &str, already: &mut BTreeSet<Leak>) {
        let said = self.metadata.entry(leak).or_default();
        said.files += u64::from(already.insert(leak));
        said.keys.insert(footer::shown(key));
    }

    fn footer(&mut self, file: &InputFile, columns: &[String]) {
        let metadata = file.parquet();
        let known = footer::File {
            columns,
            names: &names_within(file),
            rows: file.rows(),
        };
        let mut already = BTreeSet::new();
        for (key, value) in entries(file) {
            let found = footer::entry(key, value, &known);
            for leak in found.leaks {
                self.say(leak, key, &mut already);
            }
            for column in &mut self.columns {
                column.described |= found.described.contains(&column.name);
            }
        }
        if file.footer().foreign {
            self.say(Leak::Unknown, "fields-not-of-the-format", &mut already);
        }
        let created_by = metadata.file_metadata().created_by();
        if created_by.is_some_and(|text| !footer::is_product(text)) {
            self.say(Leak::Origin, "created_by", &mut already);
        }
        let mut chunks = metadata
            .row_groups()
            .iter()
            .flat_map(|row_group| row_group.columns());
        if chunks.any(|chunk| chunk.file_path().is_some_and(footer::tells_origin)) {
            self.say(Leak::Origin, "file_path", &mut already);
        }
    }
}

/// A column chunk of the table.
struct At {
    file: usize,
    row_group: usize,
    leaf: usize,
}

fn places(input: &Input) -> Vec<At> {
    let mut places = Vec::new();
    for (file, opened) in input.files.iter().enumerate() {
        for (row_group, metadata) in opened.parquet().row_groups().iter().enumerate() {
            let leaves = 0..metadata.num_columns();
            places.extend(leaves.map(|leaf| At {
                file,
                row_group,
                leaf,
            }));
        }
    }
    places
}

impl Input {
    fn chunk(&self, at: &At) -> &ColumnChunkMetaData {
        let metadata = self.files[at.file].parquet();
        metadata.row_group(at.row_group).column(at.leaf)
    }
}

/// What one chunk has.
#[derive(Default)]
struct Looked {
    statistics: bool,
    page_index: bool,
    bloom_filter: bool,
    entries: u64,
    unused: HashSet<Vec<u8>>,
    /// Bounds as they are that no row of the chunk has.
    bounds: HashSet<Vec<u8>>,
    /// How many bounds that may be the beginnings of values are of no value of the chunk.
    cut_bounds: u64,
}

impl At {
    fn look(&self, input: &Input, progress: &dyn Progress) -> Result<Looked> {
        self.read(input, progress, |chunk| {
            let metadata = chunk.metadata;
            let mut looked = Looked {
                statistics: metadata.statistics().is_some_and(|statistics| {
                    statistics.min_bytes_opt().is_some() || statistics.max_bytes_opt().is_some()
                }) || metadata.geo_statistics().is_some(),
                page_index: metadata.column_index_range().is_some(),
                bloom_filter: metadata.bloom_filter_offset().is_some(),
                ..Looked::default()
            };
            let mut bounds = Bounds::of(chunk)?;
            let mut unused = HashSet::new();
            let entries = chunk.values(&mut |value| bounds.seen(value), &mut |value| {
                unused.insert(value.to_vec());
            })?;
            looked.entries = entries as u64;
            looked.unused = unused;
            looked.cut_bounds = bounds.cut.values().map(|cut| cut.len() as u64).sum();
            looked.bounds = bounds.whole;
            Ok(looked)
        })
    }

    /// # Errors
    /// The chunk is damaged, or the user cancelled.
    fn read<T>(
        &self,
        input: &Input,
        progress: &dyn Progress,
        look: impl Fn(&Chunk<'_>) -> Result<T, Reason>,
    ) -> Result<T> {
        if progress.cancelled() {
            return Err(Error::interrupted());
        }
        let opened = &input.files[self.file];
        let file = Arc::new(opened.reopen()?);
        let read = || {
            let metadata = input.files[self.file].parquet().row_group(self.row_group);
            let root = opened.parquet().file_metadata().schema_descr();
            let root = root.get_column_root_idx(self.leaf);
            opened.examine(&file, self.row_group, &[root])?;
            look(&Chunk {
                file: file.clone(),
                metadata: metadata.column(self.leaf),
                rows: usize::try_from(metadata.num_rows()).unwrap_or(0),
            })
        };
        let reason = match catch_unwind(AssertUnwindSafe(read)) {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(reason)) => reason,
            Err(_) => CONTRADICTS.to_owned(),
        };
        let column = input.chunk(self).column_path().string();
        let place = Place {
            file: Some(&opened.label),
            row_group: Some(self.row_group),
            column: Some(&column),
        };
        Err(cannot_decode(&place, &reason))
    }
}

/// How many of the values that chunks of a leaf have in dictionaries, and in bounds, no row of the table has.
fn nowhere(
    input: &Input,
    leaf: usize,
    places: &[At],
    looked: &[Looked],
    progress: &dyn Progress,
) -> Result<(u64, u64)> {
    let own = places.iter().zip(looked).filter(|(at, _)| at.leaf == leaf);
    let claimed = own
        .clone()
        .flat_map(|(_, looked)| looked.unused.iter().chain(&looked.bounds));
    let claimed: HashMap<&[u8], AtomicBool> = claimed
        .map(|value| (value.as_slice(), AtomicBool::new(false)))
        .collect();
    if claimed.is_empty() {
        return Ok((0, 0));
    }
    let of_leaf: Vec<&At> = own.clone().map(|(at, _)| at).collect();
    if of_leaf.len() > 1 {
        of_leaf.par_iter().with_max_len(1).try_for_each(|at| {
            at.read(input, progress, |chunk| {
                let mut seen = |value: &[u8]| {
                    if let Some(seen) = claimed.get(value) {
                        seen.store(true, Relaxed);
                    }
                };
                chunk.values(&mut seen, &mut |_| ())
            })?;
            Ok::<_, Error>(())
        })?;
    }
    let absent = |values: &dyn Fn(&Looked) -> &HashSet<Vec<u8>>| {
        let values: HashSet<&[u8]> = own
            .clone()
            .flat_map(|(_, looked)| values(looked).iter().map(Vec::as_slice))
            .filter(|value| !claimed[value].load(Relaxed))
            .collect();
        values.len() as u64
    };
    Ok((
        absent(&|looked| &looked.unused),
        absent(&|looked| &looked.bounds),
    ))
}

/// The bounds of a chunk and of its pages, as long as no row with them has been seen.
#[derive(Default)]
struct Bounds {
    whole: HashSet<Vec<u8>>,
    /// What may be the beginning of a value, by its length.
    cut: BTreeMap<usize, HashSet<Vec<u8>>>,
}

impl Bounds {
    fn of(chunk: &Chunk<'_>) -> Result<Self, Reason> {
        let mut bounds = Self::default();
        let metadata = chunk.metadata;
        // Of the first there is no order, and -0.0 of the second is written in either way.
        let odd = metadata.column_type() == Type::INT96
            || metadata.column_descr().logical_type_ref() == Some(&LogicalType::Float16);
        if odd {
            return Ok(bounds);
        }
        let text = matches!(
            metadata.column_type(),
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY
        );
        let mut push = |value: &[u8], greatest: bool, exact: bool| {
            if exact || !text || value.len() < CUT {
                bounds.whole.insert(chunk.normal(value).to_vec());
                return;
            }
            // Of a greatest value that was cut the last character is the next one.
            let kept = match greatest {
                true => before_last(value),
                false => value,
            };
            let cut = bounds.cut.entry(kept.len()).or_default();
            cut.insert(kept.to_vec());
        };
        if let Some(statistics) = metadata.statistics() {
            if let Some(least) = statistics.min_bytes_opt() {
                push(least, false, statistics.min_is_exact());
            }
            if let Some(greatest) = statistics.max_bytes_opt() {
                push(greatest, true, statistics.max_is_exact());
            }
        }
        if let Some(range) = metadata.column_index_range() {
            let bytes = bytes(&chunk.file, &range).map_err(|error| error.to_string())?;
            let index = decode_column_index(&bytes, metadata.column_type())
                .map_err(|error| error.to_string())?;
            each_bound(&index, |value, greatest| push(value, greatest, false));
        }
        Ok(bounds)
    }

    fn seen(&mut self, value: &[u8]) {
        if !self.whole.is_empty() {
            self.whole.remove(value);
        }
        for (length, cut) in &mut self.cut {
            match value.get(..*length) {
                Some(beginning) if !cut.is_empty() => _ = cut.remove(beginning),
                _ => {}
            }
        }
    }
}

/// Without the last character of a text, or the last byte of anything else.
fn before_last(value: &[u8]) -> &[u8] {
    let end = match std::str::from_utf8(value) {
        Ok(text) => text.char_indices().next_back().map_or(0, |(at, _)| at),
        Err(_) => value.len().saturating_sub(1),
    };
    &value[..end]
}

fn each_bound(index: &ColumnIndexMetaData, mut bound: impl FnMut(&[u8], bool)) {
    macro_rules! numbers {
        ($index:expr, $bytes:expr) => {{
            let bytes = $bytes;
            let least = $index.min_values_iter().flatten();
            least.for_each(|value| bound(&bytes(value), false));
            let greatest = $index.max_values_iter().flatten();
            greatest.for_each(|value| bound(&bytes(value), true));
        }};
    }
    match index {
        ColumnIndexMetaData::BOOLEAN(index) => numbers!(index, |v: &bool| [u8::from(*v)]),
        ColumnIndexMetaData::INT32(index) => numbers!(index, |v: &i32| v.to_le_bytes()),
        ColumnIndexMetaData::INT64(index) => numbers!(index, |v: &i64| v.to_le_bytes()),
        ColumnIndexMetaData::FLOAT(index) => numbers!(index, |v: &f32| v.to_le_bytes()),
        ColumnIndexMetaData::DOUBLE(index) => numbers!(index, |v: &f64| v.to_le_bytes()),
        ColumnIndexMetaData::BYTE_ARRAY(index)
        | ColumnIndexMetaData::FIXED_LEN_BYTE_ARRAY(index) => {
            let least = index.min_values_iter().flatten();
            least.for_each(|value| bound(value, false));
            let greatest = index.max_values_iter().flatten();
            greatest.for_each(|value| bound(value, true));
        }
        ColumnIndexMetaData::INT96(_) => {}
    }
}

fn bytes(mut file: &File, range: &Range<u64>) -> std::io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(range.start))?;
    let mut bytes = Vec::new();
    file.take(range.end.saturating_sub(range.start))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a file has bytes that are not zero and belong to no column chunk, index, filter or footer: what is left of
/// row groups that were dropped, or of a footer that was written anew.
fn has_unreferenced(file: &InputFile) -> Result<bool> {
    let refuse = |error: std::io::Error| {
        Error::data(format!("cannot read {}: {error}", file.label.display()))
    };
    let opened = file.reopen()?;
    let tail = bytes(&opened, &(file.bytes.saturating_sub(8)..file.bytes)).map_err(refuse)?;
    let length = tail
        .first_chunk::<4>()
        .map_or(0, |length| u32::from_le_bytes(*length));
    let mut known = vec![
        0..4,
        file.bytes.saturating_sub(u64::from(length) + 8)..file.bytes,
    ];
    // Filters of which the length is not written, and copies of metadata that old writers put behind a chunk.
    let mut open_ends = BTreeSet::new();
    for row_group in file.parquet().row_groups() {
        for chunk in row_group.columns() {
            let offsets = [
                chunk.dictionary_page_offset(),
                Some(chunk.data_page_offset()),
            ];
            let start = offsets
                .into_iter()
                .flatten()
                .filter(|offset| *offset > 0)
                .min();
            let (start, length) = (start.unwrap_or(0), chunk.compressed_size());
            let end = start.saturating_add(length).max(start) as u64;
            known.push(start as u64..end);
            open_ends.insert(end);
            known.extend(chunk.column_index_range());
            known.extend(chunk.offset_index_range());
            if let Some(offset) = chunk.bloom_filter_offset() {
                let offset = u64::try_from(offset).unwrap_or(0);
                match chunk.bloom_filter_length() {
                    Some(length) => known.push(offset..offset + length.max(0) as u64),
                    None => _ = open_ends.insert(offset),
                }
            }
            if u64::try_from(chunk.file_offset()).ok() != Some(end) {
                open_ends.remove(&end);
            }
        }
    }
    known.sort_by_key(|range| range.start);
    let mut reached = 0;
    for range in known {
        let gap = reached..range.start;
        reached = reached.max(range.end);
        if gap.end <= gap.start + PADDING as u64 || open_ends.contains(&gap.start) {
            continue;
        }
        let bytes = bytes(&opened, &gap).map_err(refuse)?;
        if bytes.iter().filter(|byte| **byte != 0).count() > PADDING {
            return Ok(true);
        }
    }
    Ok(false)
}
