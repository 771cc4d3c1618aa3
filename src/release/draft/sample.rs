//! A sample of the rows of a table, the same at every call: what roles are decided on.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit, UInt64Type};

use crate::error::Result;
use crate::release::input::{Domain, Input, InputColumn, Unit};

/// Rows that are looked at, and cells: of wide tables fewer rows.
const ROWS: u64 = 100_000;
const CELLS: u64 = 20_000_000;
/// Pieces that a larger table is looked at in, and of one row group: what lies before a piece is passed over.
const PIECES: u64 = 32;
const PIECES_OF_ONE: u64 = 4;
/// Of longer texts no more than this is kept.
const KEPT: usize = 64;
/// The code of null.
pub const NULL: u32 = u32::MAX;

pub struct Sample {
    pub rows: usize,
    /// Whether it is the whole table.
    pub whole: bool,
    /// Where in the sample a piece begins.
    pub pieces: Vec<usize>,
    /// One for each column of the table; nothing of nested ones.
    pub columns: Vec<Option<Column>>,
}

/// The values of a column.
pub struct Column {
    /// For each row the place of its value, in the order in which they were met.
    pub codes: Vec<u32>,
    pub values: Distinct,
}

pub enum Distinct {
    /// Numbers, and times in seconds since 1970, as exact as floats are.
    Numbers(Vec<f64>),
    /// The beginnings of texts, and how long they are.
    Texts(Vec<(String, usize)>),
    Bytes(Vec<Vec<u8>>),
}

impl Distinct {
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

impl Sample {
    /// # Errors
    /// The files cannot be decoded.
    pub fn of(input: &Input) -> Result<Self> {
        let read: Vec<usize> = (0..input.columns.len())
            .filter(|at| input.columns[*at].domain.is_some())
            .collect();
        let limit = ROWS.min(CELLS / (read.len() as u64).max(1)).max(1_000);
        let units = pieces(input, limit);
        let mut builders: Vec<Builder> = read
            .iter()
            .map(|at| Builder::new(&input.columns[*at]))
            .collect();
        let (mut rows, mut begins) = (0, Vec::new());
        for unit in &units {
            begins.push(rows);
            input.read(unit, &read, |arrays| {
                for (builder, array) in builders.iter_mut().zip(arrays) {
                    builder.push(array);
                }
                Ok(())
            })?;
            rows += unit.rows;
        }
        let mut columns: Vec<Option<Column>> = input.columns.iter().map(|_| None).collect();
        for (at, builder) in read.iter().zip(builders) {
            columns[*at] = Some(builder.column);
        }
        Ok(Self {
            rows,
            whole: rows as u64 == input.rows,
            pieces: begins,
            columns,
        })
    }
}

/// At most so many rows: all of them, or pieces that lie apart by as many rows each.
fn pieces(input: &Input, limit: u64) -> Vec<Unit> {
    let groups: Vec<Unit> = input
        .units(1)
        .into_iter()
        .fold(Vec::new(), |mut groups, unit| {
            match groups.last_mut() {
                Some(last) if (last.file, last.row_group) == (unit.file, unit.row_group) => {
                    last.rows += unit.rows;
                }
                _ => groups.push(unit),
            }
            groups
        });
    apart(&groups, limit)
}

fn apart(groups: &[Unit], limit: u64) -> Vec<Unit> {
    let rows: u64 = groups.iter().map(|group| group.rows as u64).sum();
    if rows <= limit {
        return groups.to_vec();
    }
    let count = PIECES.min(PIECES_OF_ONE * groups.len() as u64);
    let size = limit / count;
    let mut taken: Vec<Unit> = Vec::new();
    let (mut group, mut before) = (0, 0u64);
    for piece in 0..count {
        let first = piece * (rows - size) / (count - 1).max(1);
        while first >= before + groups[group].rows as u64 {
            before += groups[group].rows as u64;
            group += 1;
        }
        let unit = groups[group];
        let mut offset = (first - before) as usize;
        if let Some(last) = taken
            .last()
            .filter(|last| (last.file, last.row_group) == (unit.file, unit.row_group))
        {
            offset = offset.max(last.offset + last.rows);
        }
        let rows = (size as usize).min(unit.rows.saturating_sub(offset));
        if rows > 0 {
            taken.push(Unit {
                offset,
                rows,
                bytes: 0,
                ..unit
            });
        }
    }
    taken
}

struct Builder {
    column: Column,
    places: HashMap<Key, u32>,
    domain: Option<Domain>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Number(u64),
    Bytes(Vec<u8>),
}

impl Builder {
    fn new(source: &InputColumn) -> Self {
        let values = match source.domain {
            Some(Domain::Text) => Distinct::Texts(Vec::new()),
            Some(Domain::Bytes) => Distinct::Bytes(Vec::new()),
            _ => Distinct::Numbers(Vec::new()),
        };
        Self {
            column: Column {
                codes: Vec::new(),
                values,
            },
            places: HashMap::new(),
            domain: source.domain,
        }
    }

    fn place(&mut self, key: Key, add: impl FnOnce(&mut Distinct)) {
        let next = self.places.len() as u32;
        let code = *self.places.entry(key).or_insert_with(|| {
            add(&mut self.column.values);
            next
        });
        self.column.codes.push(code);
    }

    fn push(&mut self, array: &ArrayRef) {
        match self.domain {
            Some(Domain::Text) => {
                let texts = cast(array, &DataType::LargeUtf8).expect("it holds texts");
                for text in texts.as_string::<i64>() {
                    self.text(text);
                }
            }
            Some(Domain::Bytes) => {
                let bytes = cast(array, &DataType::LargeBinary).expect("it holds bytes");
                for bytes in bytes.as_binary::<i64>() {
                    match bytes {
                        None => self.column.codes.push(NULL),
                        Some(bytes) => self.place(Key::Bytes(bytes.to_vec()), |values| {
                            if let Distinct::Bytes(all) = values {
                                all.push(bytes[..bytes.len().min(KEPT)].to_vec());
                            }
                        }),
                    }
                }
            }
            _ => self.numbers(array),
        }
    }

    fn text(&mut self, text: Option<&str>) {
        let Some(text) = text else {
            self.column.codes.push(NULL);
            return;
        };
        self.place(Key::Bytes(text.as_bytes().to_vec()), |values| {
            if let Distinct::Texts(all) = values {
                all.push((text.chars().take(KEPT).collect(), text.chars().count()));
            }
        });
    }

    fn numbers(&mut self, array: &ArrayRef) {
        let mut add = |key: Option<u64>, number: f64| match key {
            None => self.column.codes.push(NULL),
            Some(key) => self.place(Key::Number(key), |values| {
                if let Distinct::Numbers(all) = values {
                    all.push(number);
                }
            }),
        };
        let per_second = match array.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => 1.0,
            DataType::Timestamp(TimeUnit::Millisecond, _) | DataType::Date64 => 1e3,
            DataType::Timestamp(TimeUnit::Microsecond, _) => 1e6,
            DataType::Timestamp(TimeUnit::Nanosecond, _) => 1e9,
            DataType::Date32 => 1.0 / 86_400.0,
            _ => 1.0,
        };
        let whole = match array.data_type() {
            DataType::UInt64 => {
                let numbers = array.as_primitive::<UInt64Type>();
                numbers
                    .iter()
                    .for_each(|number| add(number, number.unwrap_or(0) as f64));
                return;
            }
            DataType::Float16
            | DataType::Float32
            | DataType::Float64
            | DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..)
            | DataType::Null => None,
            DataType::Date32 | DataType::Time32(_) => cast(array, &DataType::Int32)
                .and_then(|array| cast(&array, &DataType::Int64))
                .ok(),
            _ => cast(array, &DataType::Int64).ok(),
        };
        if let Some(whole) = whole {
            for number in whole.as_primitive::<Int64Type>() {
                let seconds = number.unwrap_or(0) as f64 / per_second;
                add(number.map(|number| number as u64), seconds);
            }
            return;
        }
        // Single precision as the decimals that are meant.
        let single = array.data_type() == &DataType::Float32;
        match cast(array, &DataType::Float64) {
            Ok(reals) => {
                for real in reals.as_primitive::<Float64Type>() {
                    let real = real.filter(|real| !real.is_nan());
                    let number = match single {
                        true => real.and_then(|real| (real as f32).to_string().parse().ok()),
                        false => real,
                    };
                    add(
                        number.map(|real| (real + 0.0).to_bits()),
                        number.unwrap_or(0.0),
                    );
                }
            }
            Err(_) => (0..array.len()).for_each(|_| add(None, 0.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_lie_apart_and_stay_within_their_bounds() {
        let group = |row_group: usize, rows: usize| (row_group, rows);
        for groups in [
            vec![group(0, 1_000_000)],
            (0..40).map(|at| group(at, 50_000)).collect::<Vec<_>>(),
            vec![group(0, 10), group(1, 2_000_000), group(2, 3)],
        ] {
            let units: Vec<Unit> = groups
                .iter()
                .map(|(row_group, rows)| Unit {
                    file: 0,
                    row_group: *row_group,
                    offset: 0,
                    rows: *rows,
                    bytes: 0,
                })
                .collect();
            let taken = apart(&units, ROWS);
            let rows: usize = taken.iter().map(|unit| unit.rows).sum();
            assert!((rows as u64) <= ROWS && rows > 20_000, "{rows}");
            for unit in &taken {
                assert!(unit.offset + unit.rows <= groups[unit.row_group].1);
            }
            for pair in taken.windows(2) {
                let same = pair[0].row_group == pair[1].row_group;
                assert!(!same || pair[0].offset + pair[0].rows <= pair[1].offset);
            }
            assert_eq!(taken[0].offset, 0);
        }
    }
}
