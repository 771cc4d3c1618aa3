//! The values of a column chunk, read page by page: which of a dictionary's entries rows use, and which none does.

use std::collections::HashSet;
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use parquet::basic::{Encoding, Type};
use parquet::column::page::Page;
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::data_type::AsBytes;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;

/// Rows decoded at a time, where values are not looked up in a dictionary.
const BATCH_ROWS: usize = 8_192;

/// A column chunk of an open file.
pub struct Chunk<'a> {
    /// Opened for this chunk alone: a clone would share its position with others.
    pub file: Arc<File>,
    pub metadata: &'a ColumnChunkMetaData,
    pub rows: usize,
}

/// Why a chunk cannot be read.
pub type Reason = String;

impl Chunk<'_> {
    /// Gives `used` every value that a row has, at least once and in no particular order, and `unused` every entry
    /// of the dictionary that no row has. Values come as Parquet stores them plainly, null not among them, -0.0 as
    /// 0.0. How many entries the dictionary has.
    ///
    /// In memory are the dictionary, one bit for each of its entries, and one page.
    ///
    /// # Errors
    /// The chunk is damaged.
    pub fn values(
        &self,
        used: &mut dyn FnMut(&[u8]),
        unused: &mut dyn FnMut(&[u8]),
    ) -> Result<usize, Reason> {
        let mut dictionary: Option<Dictionary> = None;
        let mut plain = false;
        for page in self.pages().map_err(reason)? {
            let page = page.map_err(reason)?;
            if let Page::DictionaryPage {
                buf, num_values, ..
            } = &page
            {
                let entries = self.entries(buf, *num_values as usize)?;
                dictionary = Some(Dictionary {
                    used: vec![false; entries.len()],
                    bytes: buf.to_vec(),
                    entries,
                });
            } else if page.num_values() == 0 {
                // A page of nothing.
            } else if !is_dictionary(page.encoding()) || !has_plain_levels(&page) {
                plain = true;
            } else if let Some(dictionary) = &mut dictionary {
                self.mark(&page, dictionary)?;
            } else {
                return Err("a page is of a dictionary that is not there".to_owned());
            }
        }
        let Some(dictionary) = dictionary else {
            self.each(used)?;
            return Ok(0);
        };
        if plain {
            let entries = (0..dictionary.entries.len()).map(|at| self.normal(dictionary.entry(at)));
            let mut left: HashSet<Vec<u8>> = entries.map(<[u8]>::to_vec).collect();
            self.each(&mut |value| {
                left.remove(value);
                used(value);
            })?;
            left.iter().for_each(|value| unused(value));
        } else {
            let equal: HashSet<&[u8]> = (0..dictionary.entries.len())
                .filter(|at| dictionary.used[*at])
                .map(|at| self.normal(dictionary.entry(at)))
                .collect();
            equal.iter().for_each(|value| used(value));
            for at in 0..dictionary.entries.len() {
                let value = self.normal(dictionary.entry(at));
                if !equal.contains(value) {
                    unused(value);
                }
            }
        }
        Ok(dictionary.entries.len())
    }

    fn pages(&self) -> Result<SerializedPageReader<File>, ParquetError> {
        SerializedPageReader::new(self.file.clone(), self.metadata, self.rows, None)
    }

    /// Where each entry of a dictionary page lies.
    fn entries(&self, bytes: &[u8], count: usize) -> Result<Vec<Range<usize>>, Reason> {
        let contradicts = || "the dictionary is not as long as it says".to_owned();
        let width = match self.metadata.column_type() {
            Type::BYTE_ARRAY => None,
            Type::BOOLEAN => return Err("a dictionary of true and false".to_owned()),
            Type::INT32 | Type::FLOAT => Some(4),
            Type::INT64 | Type::DOUBLE => Some(8),
            Type::INT96 => Some(12),
            Type::FIXED_LEN_BYTE_ARRAY => {
                let length = self.metadata.column_descr().type_length();
                let length = usize::try_from(length).ok().filter(|length| *length > 0);
                Some(length.ok_or_else(contradicts)?)
            }
        };
        // An entry of four bytes at least, or of a width: no more room is made than there are bytes.
        let mut entries = Vec::with_capacity(count.min(bytes.len()));
        let mut at = 0usize;
        for _ in 0..count {
            let length = match width {
                Some(width) => width,
                None => {
                    let length = bytes.get(at..at + 4).ok_or_else(contradicts)?;
                    at += 4;
                    u32::from_le_bytes(length.try_into().expect("four bytes")) as usize
                }
            };
            let end = at.checked_add(length).filter(|end| *end <= bytes.len());
            entries.push(at..end.ok_or_else(contradicts)?);
            at = entries.last().expect("one was pushed").end;
        }
        Ok(entries)
    }

    /// Marks the entries that a page's rows use.
    fn mark(&self, page: &Page, dictionary: &mut Dictionary) -> Result<(), Reason> {
        let cut = || "a page is shorter than it says".to_owned();
        let count = page.num_values() as usize;
        let bytes: &[u8] = page.buffer();
        let descriptor = self.metadata.column_descr();
        let (repeated, defined) = (descriptor.max_rep_level(), descriptor.max_def_level());
        // Levels of repetition, levels of definition, indices; in the second version the header has the lengths.
        let (definitions, indices) = match page {
            Page::DataPageV2 {
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let rest = bytes.get(*rep_levels_byte_len as usize..).ok_or_else(cut)?;
                let length = *def_levels_byte_len as usize;
                rest.split_at_checked(length).ok_or_else(cut)?
            }
            _ => {
                let rest = match repeated > 0 {
                    true => levels(bytes).ok_or_else(cut)?.1,
                    false => bytes,
                };
                match defined > 0 {
                    true => levels(rest).ok_or_else(cut)?,
                    false => (&[][..], rest),
                }
            }
        };
        let mut present = count;
        if defined > 0 {
            present = 0;
            let width = i16::BITS - defined.leading_zeros();
            hybrid(definitions, width, count, &mut |level, times| {
                if level == defined as u32 {
                    present += times;
                }
                Some(())
            })
            .ok_or_else(cut)?;
        }
        if present == 0 {
            return Ok(());
        }
        let (width, runs) = indices.split_first().ok_or_else(cut)?;
        if *width > 32 {
            return Err("the indices of a page are wider than indices can be".to_owned());
        }
        let used = &mut dictionary.used;
        hybrid(runs, u32::from(*width), present, &mut |index, _| {
            *used.get_mut(index as usize)? = true;
            Some(())
        })
        .ok_or_else(|| "a page points beyond its dictionary, or ends early".to_owned())
    }

    /// Gives each value of each row, decoded by the library.
    fn each(&self, value: &mut dyn FnMut(&[u8])) -> Result<(), Reason> {
        let pages = Box::new(self.pages().map_err(reason)?);
        let reader = get_column_reader(self.metadata.column_descr_ptr(), pages);
        macro_rules! read {
            ($reader:ident) => {{
                let (mut defined, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
                loop {
                    defined.clear();
                    repeated.clear();
                    values.clear();
                    let (records, _, _) = $reader
                        .read_records(
                            BATCH_ROWS,
                            Some(&mut defined),
                            Some(&mut repeated),
                            &mut values,
                        )
                        .map_err(reason)?;
                    if records == 0 {
                        break;
                    }
                    values
                        .iter()
                        .for_each(|one| value(self.normal(one.as_bytes())));
                }
            }};
        }
        match reader {
            ColumnReader::BoolColumnReader(mut reader) => read!(reader),
            ColumnReader::Int32ColumnReader(mut reader) => read!(reader),
            ColumnReader::Int64ColumnReader(mut reader) => read!(reader),
            ColumnReader::Int96ColumnReader(mut reader) => read!(reader),
            ColumnReader::FloatColumnReader(mut reader) => read!(reader),
            ColumnReader::DoubleColumnReader(mut reader) => read!(reader),
            ColumnReader::ByteArrayColumnReader(mut reader) => read!(reader),
            ColumnReader::FixedLenByteArrayColumnReader(mut reader) => read!(reader),
        }
        Ok(())
    }

    /// -0.0 is 0.0: a bound of statistics is written as either.
    pub fn normal<'v>(&self, value: &'v [u8]) -> &'v [u8] {
        const NEGATIVE: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 0x80];
        match (self.metadata.column_type(), value) {
            (Type::DOUBLE, [..]) if *value == NEGATIVE => &[0; 8],
            (Type::FLOAT, [..]) if *value == NEGATIVE[4..] => &[0; 4],
            _ => value,
        }
    }
}

struct Dictionary {
    bytes: Vec<u8>,
    entries: Vec<Range<usize>>,
    used: Vec<bool>,
}

impl Dictionary {
    fn entry(&self, at: usize) -> &[u8] {
        &self.bytes[self.entries[at].clone()]
    }
}

fn reason(error: ParquetError) -> Reason {
    error.to_string()
}

fn is_dictionary(encoding: Encoding) -> bool {
    #[allow(deprecated, reason = "old files have it")]
    let old = Encoding::PLAIN_DICTIONARY;
    encoding == Encoding::RLE_DICTIONARY || encoding == old
}

/// Whether a page's levels are in the encoding that is in use; the old one is left to the library.
fn has_plain_levels(page: &Page) -> bool {
    match page {
        Page::DataPage {
            def_level_encoding,
            rep_level_encoding,
            ..
        } => [def_level_encoding, rep_level_encoding]
            .iter()
            .all(|encoding| **encoding == Encoding::RLE),
        _ => true,
    }
}

/// The levels of a page of the first version, which begin with their length, and what follows them.
fn levels(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

/// Reads `count` numbers of `width` bits from runs: of one number, or packed by eights. What pads the last eight is
/// passed over. `None` where the bytes end early, or where `each`, given a number and how often it comes, says so.
///
/// Source: Apache Parquet format, Encodings, "Run Length Encoding / Bit-Packing Hybrid".
fn hybrid(
    mut bytes: &[u8],
    width: u32,
    count: usize,
    each: &mut dyn FnMut(u32, usize) -> Option<()>,
) -> Option<()> {
    let mut left = count;
    while left > 0 {
        let header = varint(&mut bytes)?;
        let length = usize::try_from(header >> 1).ok()?;
        if header & 1 == 0 {
            let (value, rest) = bytes.split_at_checked(width.div_ceil(8) as usize)?;
            bytes = rest;
            let number = value.iter().rev().fold(0u32, |n, b| n << 8 | u32::from(*b));
            let times = length.min(left);
            if times == 0 {
                return None;
            }
            each(number, times)?;
            left -= times;
        } else {
            // A writer may leave out the bytes of the last run that no number needs.
            let taken = length.checked_mul(8)?.min(left);
            let room = length.checked_mul(width as usize)?.min(bytes.len());
            if taken == 0 || (taken * width as usize).div_ceil(8) > room {
                return None;
            }
            let (packed, rest) = bytes.split_at(room);
            bytes = rest;
            unpack(packed, width, taken, each)?;
            left -= taken;
        }
    }
    Some(())
}

fn unpack(
    packed: &[u8],
    width: u32,
    count: usize,
    each: &mut dyn FnMut(u32, usize) -> Option<()>,
) -> Option<()> {
    let (mut buffer, mut bits, mut packed) = (0u64, 0, packed.iter());
    for _ in 0..count {
        while bits < width {
            buffer |= u64::from(*packed.next()?) << bits;
            bits += 8;
        }
        let mask = (1u64 << width) - 1;
        each((buffer & mask) as u32, 1)?;
        buffer >>= width;
        bits -= width;
    }
    Some(())
}

/// An unsigned number of seven bits a byte, the lowest first.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..35).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{ArrayRef, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    use parquet::file::properties::{WriterProperties, WriterVersion};
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn read(bytes: &[u8], width: u32, count: usize) -> Option<Vec<u32>> {
        let mut numbers = Vec::new();
        let mut push = |number, times| {
            numbers.extend(std::iter::repeat_n(number, times));
            Some(())
        };
        hybrid(bytes, width, count, &mut push)?;
        Some(numbers)
    }

    #[test]
    fn packed_runs_are_those_of_the_specification() {
        // The example of the format's text: 0 to 7, three bits each.
        let packed = [0b0000_0011, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(read(&packed, 3, 8), Some((0..8).collect()));
        // Padding is no number.
        assert_eq!(read(&packed, 3, 5), Some((0..5).collect()));
    }

    #[test]
    fn runs_of_one_number() {
        // Three times 4, then 300 times 5 in nine bits.
        assert_eq!(read(&[6, 4], 3, 3), Some(vec![4; 3]));
        let long = [0b1101_1000, 0b0000_0100, 5, 0];
        assert_eq!(read(&long, 9, 300), Some(vec![5; 300]));
        assert_eq!(read(&[6], 0, 3), Some(vec![0; 3]), "of no bits: all 0");
    }

    #[test]
    fn what_ends_early_is_told() {
        assert_eq!(read(&[3, 0b1000_1000], 3, 8), None);
        assert_eq!(read(&[6, 4], 3, 4), None);
        assert_eq!(read(&[0, 4], 3, 1), None, "a run of none goes on for ever");
        assert_eq!(read(&[0xff; 9], 3, 1), None);
        assert_eq!(read(&[], 3, 0), Some(vec![]));
        let mut never = |_, _| None;
        assert_eq!(hybrid(&[6, 4], 3, 3, &mut never), None);
    }

    /// A file with one column of texts, one in five of them null.
    fn column(trial: &mut crate::stats::Trial, version: WriterVersion) -> Vec<u8> {
        let distinct = 2 + trial.below(400);
        let rows = (0..400).map(|_| {
            let value = trial.below(distinct);
            (trial.below(5) > 0).then(|| format!("{value:04}"))
        });
        let array: ArrayRef = Arc::new(StringArray::from_iter(rows));
        let batch = RecordBatch::try_from_iter_with_nullable([("c", array, true)]).unwrap();
        let properties = WriterProperties::builder()
            .set_writer_version(version)
            .set_data_page_row_count_limit(150)
            .set_write_batch_size(50)
            .build();
        let mut bytes = Vec::new();
        let mut writer =
            ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        bytes
    }

    /// Bits of the indices are cleared, so that entries are left without rows: those that the marks tell are those
    /// that a look at every row of the library's tells.
    #[test]
    fn unused_entries_are_those_of_a_slow_look_at_all_rows() {
        let draws = crate::stats::Draws::new(1, "pages", "test");
        let folder = tempfile::tempdir().unwrap();
        let (mut compared, mut with_unused) = (0, 0);
        for case in 0..300 {
            let mut trial = draws.trial(case);
            let version = match case % 2 {
                0 => WriterVersion::PARQUET_1_0,
                _ => WriterVersion::PARQUET_2_0,
            };
            let mut bytes = column(&mut trial, version);
            let path = folder.path().join("c.parquet");
            std::fs::write(&path, &bytes).unwrap();
            let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
            let metadata = reader.metadata().row_group(0).column(0).clone();
            let (start, length) = metadata.byte_range();
            let from = metadata.data_page_offset() as u64 + 60;
            for _ in 0..trial.below(8) {
                let at = from + trial.below(start + length - from);
                bytes[at as usize] &= trial.below(256) as u8;
            }
            std::fs::write(&path, &bytes).unwrap();
            let chunk = Chunk {
                file: Arc::new(File::open(&path).unwrap()),
                metadata: &metadata,
                rows: 400,
            };
            let (mut used, mut unused) = (HashSet::new(), HashSet::new());
            let mut slow = HashSet::new();
            // The library may panic on what is damaged, as where it is called in earnest.
            let read = catch_unwind(AssertUnwindSafe(|| {
                let entries = chunk
                    .values(&mut |value| _ = used.insert(value.to_vec()), &mut |value| {
                        _ = unused.insert(value.to_vec())
                    })?;
                chunk.each(&mut |value| _ = slow.insert(value.to_vec()))?;
                Ok::<_, Reason>(entries)
            }));
            if let Ok(Ok(entries)) = read {
                assert_eq!(used, slow, "{case}");
                assert!(unused.is_disjoint(&slow), "{case}");
                assert_eq!(used.len() + unused.len(), entries, "{case}");
                compared += 1;
                with_unused += usize::from(!unused.is_empty());
            }
        }
        assert!(
            compared > 150 && with_unused > 20,
            "{compared}, {with_unused}"
        );
    }
}
