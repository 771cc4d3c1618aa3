//! From Arrow arrays to codes: one attribute of a tuple, binned and interned batch by batch.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, Int32Array, OffsetSizeTrait, UInt32Array,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::*;
use foldhash::HashMap;
use jiff::tz::TimeZone;

use super::decimal::{self, Bins, Width};
pub use super::intern::Dictionary;
use super::intern::{Distinct, SHORT, Values};
use crate::release::Period;
use crate::release::input::{Domain, InputColumn};

/// How the cells of one attribute become numbers or bytes before they are interned.
#[derive(Debug, Clone)]
pub enum Binning {
    /// As they are.
    Identity,
    /// floor(instant / width), both in the column's unit; local time where a zone is given. Of what comes
    /// again, how far into it the instant is.
    Time {
        width: i64,
        /// What comes again, and how many units make a day.
        period: Option<(Period, i64)>,
        zone: Option<Zone>,
    },
    /// floor(latitude / step), floor(longitude / step), both as decimals.
    Degrees(Width),
    H3(h3o::Resolution),
    Geohash(usize),
    /// floor(amount / width), or the number of edges at or below the amount.
    Amount(Bins),
}

/// A time zone, and how many units of the column make a second.
#[derive(Debug, Clone)]
pub struct Zone {
    pub zone: TimeZone,
    pub per_second: i64,
}

/// What a batch may hold that no attribute can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    NotACoordinate,
    OutOfRange,
    NotAPoint,
}

/// One attribute: the columns it is made of (positions among the decoded arrays) and its values.
pub struct Attribute {
    pub name: String,
    pub columns: Vec<usize>,
    pub binning: Binning,
    pub dictionary: Dictionary,
    /// What brings each column's values of a coarser time unit to the table's.
    pub unit: Option<TimeUnit>,
}

/// Whether the cells of a column are interned as bytes, if they are not binned.
fn is_bytes(source: &InputColumn) -> bool {
    match source.domain {
        Some(Domain::Text | Domain::Bytes) => true,
        // Wider than a 64-bit number.
        Some(Domain::Decimal(_)) => matches!(
            source.data_type,
            DataType::Decimal128(19.., _) | DataType::Decimal256(_, _)
        ),
        _ => false,
    }
}

/// Whether equal cells of two columns are interned as equal values.
pub fn is_comparable(a: &InputColumn, b: &InputColumn) -> bool {
    a.domain.is_some() && a.domain == b.domain && a.unit == b.unit && is_bytes(a) == is_bytes(b)
}

/// What one thread remembers of an attribute between the batches of one unit of work.
#[derive(Default)]
pub struct Memory {
    translated: Option<Translation>,
    window_start: i64,
    /// Codes of the numbers from `window_start`; `u32::MAX` where not yet known.
    window: Vec<u32>,
    cache: HashMap<i64, u32>,
    numbers: Vec<i64>,
}

/// The last batch's dictionary, and the codes of those of its values that were met.
struct Translation {
    values: ArrayRef,
    codes: Vec<u32>,
    unknown: usize,
}

const UNKNOWN: u32 = u32::MAX;
const PENDING: u32 = u32::MAX - 1;
/// Numbers whose codes are looked up by position rather than by hash: 256 KiB, within L2.
const WINDOW: i64 = 1 << 16;
/// Numbers cached by hash; with more the shared dictionary is asked at once for the whole batch.
const CACHE: usize = 1 << 13;

impl Attribute {
    /// The dictionary that fits an attribute's values.
    pub fn new(name: &str, columns: Vec<usize>, binning: Binning, source: &InputColumn) -> Self {
        let bytes = matches!(binning, Binning::Identity) && is_bytes(source);
        let dictionary = if bytes {
            Dictionary::bytes()
        } else {
            Dictionary::numbers()
        };
        Self {
            name: name.to_owned(),
            columns,
            binning,
            dictionary,
            unit: source.unit,
        }
    }

    /// The dictionary, once all is read.
    pub fn take(&mut self) -> Dictionary {
        std::mem::replace(&mut self.dictionary, Dictionary::numbers())
    }

    /// The code of each row of a batch.
    pub fn encode(
        &self,
        arrays: &[ArrayRef],
        memory: &mut Memory,
        codes: &mut Vec<u32>,
    ) -> Result<(), Refused> {
        let array = &arrays[self.columns[0]];
        codes.clear();
        if let (Binning::Identity, DataType::Dictionary(_, _)) = (&self.binning, array.data_type())
        {
            self.dictionary_codes(array, memory, codes);
            return Ok(());
        }
        if matches!(self.binning, Binning::Identity) && self.byte_codes(array, codes) {
            return Ok(());
        }
        let mut numbers = std::mem::take(&mut memory.numbers);
        numbers.clear();
        let nulls = match (&self.binning, &self.columns[..]) {
            (_, [latitude, longitude]) => {
                self.cells(&arrays[*latitude], &arrays[*longitude], &mut numbers)?
            }
            (Binning::Degrees(_) | Binning::H3(_) | Binning::Geohash(_), _) => {
                let (latitude, longitude) = points(array)?;
                self.cells(&latitude, &longitude, &mut numbers)?
            }
            _ => self.numbers(array, &mut numbers),
        };
        self.number_codes(&numbers, nulls.as_ref(), memory, codes);
        memory.numbers = numbers;
        Ok(())
    }

    fn dictionary_codes(&self, array: &ArrayRef, memory: &mut Memory, codes: &mut Vec<u32>) {
        let dictionary = array.as_any_dictionary();
        let values = dictionary.values();
        let keys = array.as_dictionary::<Int32Type>().keys();
        let known = memory.translated.as_ref().is_some_and(|last| {
            Arc::ptr_eq(&last.values, values) || last.values.to_data().ptr_eq(&values.to_data())
        });
        if !known {
            memory.translated = Some(Translation {
                values: values.clone(),
                codes: vec![UNKNOWN; values.len()],
                unknown: values.len(),
            });
        }
        let translated = memory.translated.as_mut().expect("it was just made");
        self.translate_used(keys, translated);
        let translation = &translated.codes;
        match keys.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => codes.extend(keys.values().iter().map(|&key| translation[key as usize])),
            Some(nulls) => {
                let null = self.dictionary.null();
                let pairs = keys.values().iter().zip(nulls.iter());
                codes.extend(pairs.map(|(&key, valid)| {
                    if valid {
                        translation[key as usize]
                    } else {
                        null
                    }
                }));
            }
        }
    }

    /// Gives codes to those values of a dictionary that rows use: a dictionary may hold values that
    /// no row has, and they are nobody's.
    fn translate_used(&self, keys: &Int32Array, translation: &mut Translation) {
        if translation.unknown == 0 {
            return;
        }
        let mut used: Vec<u32> = Vec::new();
        for (at, &key) in keys.values().iter().enumerate() {
            if keys.is_valid(at) && translation.codes[key as usize] == UNKNOWN {
                translation.codes[key as usize] = PENDING;
                used.push(key as u32);
            }
        }
        if used.is_empty() {
            return;
        }
        let places = UInt32Array::from(used);
        let values = arrow::compute::take(&translation.values, &places, None)
            .expect("the keys lie within their dictionary");
        let mut codes = Vec::with_capacity(places.len());
        if !self.byte_codes(&values, &mut codes) {
            unreachable!("only text and bytes are read as dictionaries")
        }
        for (key, code) in places.values().iter().zip(codes) {
            translation.codes[*key as usize] = code;
        }
        translation.unknown -= places.len();
    }

    /// Codes of text, bytes and wide decimals; false where the array is something else.
    fn byte_codes(&self, array: &ArrayRef, codes: &mut Vec<u32>) -> bool {
        fn offsets<O: OffsetSizeTrait, T: ByteArrayType<Offset = O>>(
            attribute: &Attribute,
            array: &ArrayRef,
            codes: &mut Vec<u32>,
        ) where
            T::Native: AsRef<[u8]>,
        {
            let array = array.as_bytes::<T>();
            attribute.texts(
                array.len(),
                array.nulls(),
                |at| array.value(at).as_ref(),
                codes,
            );
        }
        fn wide<T: ArrowPrimitiveType>(
            attribute: &Attribute,
            array: &ArrayRef,
            codes: &mut Vec<u32>,
            bytes: impl Fn(T::Native) -> Vec<u8>,
        ) {
            let array = array.as_primitive::<T>();
            let values: Vec<_> = array.values().iter().map(|value| bytes(*value)).collect();
            attribute.texts(array.len(), array.nulls(), |at| &values[at], codes);
        }
        match array.data_type() {
            DataType::Utf8 => offsets::<i32, Utf8Type>(self, array, codes),
            DataType::LargeUtf8 => offsets::<i64, LargeUtf8Type>(self, array, codes),
            DataType::Binary => offsets::<i32, BinaryType>(self, array, codes),
            DataType::LargeBinary => offsets::<i64, LargeBinaryType>(self, array, codes),
            DataType::Utf8View => {
                let array = array.as_string_view();
                if array.null_count() == 0 && self.views(array.views(), codes) {
                    return true;
                }
                let value = |at| array.value(at).as_bytes();
                self.texts(array.len(), array.nulls(), value, codes);
            }
            DataType::BinaryView => {
                let array = array.as_binary_view();
                self.texts(array.len(), array.nulls(), |at| array.value(at), codes);
            }
            DataType::FixedSizeBinary(_) => {
                let array = array.as_fixed_size_binary();
                self.texts(array.len(), array.nulls(), |at| array.value(at), codes);
            }
            // Big-endian with the sign bit flipped, so that bytes sort as numbers do.
            DataType::Decimal128(19.., _) => wide::<Decimal128Type>(self, array, codes, |value| {
                (value ^ i128::MIN).to_be_bytes().to_vec()
            }),
            DataType::Decimal256(_, _) => wide::<Decimal256Type>(self, array, codes, |value| {
                let mut bytes = value.to_be_bytes().to_vec();
                bytes[0] ^= 0x80;
                bytes
            }),
            _ => return false,
        }
        true
    }

    /// The codes of short texts by their views; false where one is longer than a view holds.
    fn views(&self, views: &[u128], codes: &mut Vec<u32>) -> bool {
        let longest = views.iter().map(|view| *view as u32).max();
        if longest.is_none_or(|longest| longest > SHORT as u32) {
            return false;
        }
        let repeats = views.windows(2).filter(|pair| pair[0] == pair[1]).count();
        if repeats * 4 < views.len() {
            codes.resize(views.len(), 0);
            self.dictionary.many_views(views, codes);
            return true;
        }
        // Rows that repeat the row before (a table sorted by this column) need no look-up.
        let runs: Vec<&[u128]> = views.chunk_by(|a, b| a == b).collect();
        let firsts: Vec<u128> = runs.iter().map(|run| run[0]).collect();
        let mut found = vec![0; firsts.len()];
        self.dictionary.many_views(&firsts, &mut found);
        for (run, code) in runs.iter().zip(found) {
            codes.extend(std::iter::repeat_n(code, run.len()));
        }
        true
    }

    fn texts<'a>(
        &self,
        rows: usize,
        nulls: Option<&NullBuffer>,
        value: impl Fn(usize) -> &'a [u8],
        codes: &mut Vec<u32>,
    ) {
        // Rows that repeat the row before (a table sorted by this column) need no look-up.
        let mut first_of_run: Vec<u32> = Vec::new();
        let mut run_of_row: Vec<u32> = Vec::with_capacity(rows);
        let mut last: Option<&[u8]> = None;
        for at in 0..rows {
            if nulls.is_some_and(|nulls| nulls.is_null(at)) {
                run_of_row.push(UNKNOWN);
                continue;
            }
            let text = value(at);
            if last != Some(text) {
                first_of_run.push(at as u32);
                last = Some(text);
            }
            run_of_row.push(first_of_run.len() as u32 - 1);
        }
        let mut found = vec![0; first_of_run.len()];
        self.dictionary
            .many_texts(|run| value(first_of_run[run] as usize), &mut found);
        codes.extend(run_of_row.into_iter().map(|run| match run {
            UNKNOWN => self.dictionary.null(),
            run => found[run as usize],
        }));
    }

    fn number_codes(
        &self,
        numbers: &[i64],
        nulls: Option<&NullBuffer>,
        memory: &mut Memory,
        codes: &mut Vec<u32>,
    ) {
        // What stands where nothing but nulls are is no value; of a batch without rows there is none.
        if numbers.is_empty() || nulls.is_some_and(|nulls| nulls.null_count() == numbers.len()) {
            codes.resize(numbers.len(), self.dictionary.null());
            return;
        }
        let (mut least, mut greatest) = (i64::MAX, i64::MIN);
        for &number in numbers {
            least = least.min(number);
            greatest = greatest.max(number);
        }
        if memory.fit(least, greatest) {
            let start = memory.window_start;
            codes.extend(numbers.iter().map(|&number| {
                let slot = &mut memory.window[(number - start) as usize];
                if *slot == UNKNOWN {
                    *slot = self.dictionary.number(number);
                }
                *slot
            }));
        } else if memory.cache.len() < CACHE {
            let cache = &mut memory.cache;
            let mut last = (numbers[0].wrapping_add(1), 0);
            codes.extend(numbers.iter().map(|&number| {
                if number != last.0 {
                    let code = *cache
                        .entry(number)
                        .or_insert_with(|| self.dictionary.number(number));
                    last = (number, code);
                }
                last.1
            }));
        } else {
            let mut first_of_run = vec![numbers[0]];
            let mut run_of_row = Vec::with_capacity(numbers.len());
            for &number in numbers {
                if first_of_run[first_of_run.len() - 1] != number {
                    first_of_run.push(number);
                }
                run_of_row.push(first_of_run.len() as u32 - 1);
            }
            let mut found = vec![0; first_of_run.len()];
            self.dictionary.many_numbers(&first_of_run, &mut found);
            codes.extend(run_of_row.into_iter().map(|run| found[run as usize]));
        }
        if let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) {
            let null = self.dictionary.null();
            for (code, valid) in codes.iter_mut().zip(nulls.iter()) {
                if !valid {
                    *code = null;
                }
            }
        }
    }
}

impl Memory {
    /// Makes the window span `least` to `greatest`, where it is not too wide for that.
    fn fit(&mut self, least: i64, greatest: i64) -> bool {
        if self.window.is_empty() {
            self.window_start = least;
        }
        let start = self.window_start.min(least);
        let end = (self
            .window_start
            .saturating_add(self.window.len() as i64 - 1))
        .max(greatest);
        match end.checked_sub(start) {
            Some(width) if (0..WINDOW).contains(&width) => {
                if start < self.window_start {
                    let before = (self.window_start - start) as usize;
                    self.window
                        .splice(0..0, std::iter::repeat_n(UNKNOWN, before));
                    self.window_start = start;
                }
                self.window.resize(width as usize + 1, UNKNOWN);
                true
            }
            _ => false,
        }
    }
}

/// Nulls take the place of a value that is there, so that they widen no window.
fn fill_nulls(numbers: &mut [i64], nulls: Option<&NullBuffer>) {
    let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else {
        return;
    };
    let present = nulls.valid_indices().next().map_or(0, |at| numbers[at]);
    for (number, valid) in numbers.iter_mut().zip(nulls.iter()) {
        if !valid {
            *number = present;
        }
    }
}

impl Attribute {
    /// The binned numbers of a column, and which of them are null (NaN counts as null).
    fn numbers(&self, array: &ArrayRef, numbers: &mut Vec<i64>) -> Option<NullBuffer> {
        let nulls = match &self.binning {
            Binning::Amount(bins) => amounts(array, bins, numbers),
            _ => integers(array, self.unit, numbers),
        };
        fill_nulls(numbers, nulls.as_ref());
        if let Binning::Time {
            width,
            period,
            zone,
        } = &self.binning
        {
            if let Some(zone) = zone {
                zone.localise(numbers);
            }
            let into = |time: i64| match period {
                None => time,
                Some((period, day)) => period.fold(time, *day),
            };
            let bins = numbers.iter_mut();
            bins.for_each(|time| *time = into(*time).div_euclid(*width));
        }
        nulls
    }

    /// The cells of coordinates; a place with either of them null is null.
    fn cells(
        &self,
        latitude: &ArrayRef,
        longitude: &ArrayRef,
        numbers: &mut Vec<i64>,
    ) -> Result<Option<NullBuffer>, Refused> {
        let nulls = NullBuffer::union(latitude.nulls(), longitude.nulls());
        let (latitudes, longitudes) = (degrees(latitude), degrees(longitude));
        for (at, (&latitude, &longitude)) in latitudes.iter().zip(&longitudes).enumerate() {
            if nulls.as_ref().is_some_and(|nulls| nulls.is_null(at)) {
                numbers.push(0);
                continue;
            }
            if !(latitude.is_finite() && longitude.is_finite()) {
                return Err(Refused::NotACoordinate);
            }
            if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
                return Err(Refused::OutOfRange);
            }
            numbers.push(match &self.binning {
                Binning::H3(resolution) => {
                    let point = h3o::LatLng::new(latitude, longitude).expect("it is finite");
                    u64::from(point.to_cell(*resolution)) as i64
                }
                Binning::Geohash(length) => geohash_bits(latitude, longitude, *length),
                Binning::Degrees(step) => (step.bin(latitude) << 32) + step.bin(longitude),
                _ => unreachable!("coordinates are binned by grid, H3 or geohash"),
            });
        }
        fill_nulls(numbers, nulls.as_ref());
        Ok(nulls)
    }
}

impl Zone {
    /// Instants as the clock on the wall shows them. The offset from UTC holds until the zone's next
    /// transition.
    fn localise(&self, times: &mut [i64]) {
        let (mut from, mut until, mut offset) = (0, 0, 0);
        for time in times {
            let second = time.div_euclid(self.per_second);
            if !(from..until).contains(&second) {
                let at = jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::MAX);
                offset = i64::from(self.zone.to_offset(at).seconds());
                let before = self.zone.preceding(at).next();
                let after = self.zone.following(at).next();
                from = before
                    .map_or(second, |t| t.timestamp().as_second())
                    .min(second);
                until = after.map_or(i64::MAX, |t| t.timestamp().as_second());
            }
            *time += offset * self.per_second;
        }
    }
}

/// Latitudes and longitudes of points in well-known binary, plain or with SRID (EWKB), with or without
/// heights; an empty point is null.
/// Source: OGC 06-103r4, 8.2; GeoParquet 1.1.
fn points(array: &ArrayRef) -> Result<(ArrayRef, ArrayRef), Refused> {
    let binary = arrow::compute::cast(array, &DataType::LargeBinary)
        .expect("the column was checked to hold bytes");
    let binary = binary.as_binary::<i64>();
    let point = |bytes: &[u8]| {
        let (order, rest) = bytes.split_first()?;
        let little = match order {
            0 => false,
            1 => true,
            _ => return None,
        };
        let number = |at: usize| -> Option<[u8; 8]> { rest.get(at..at + 8)?.try_into().ok() };
        let real = |at: usize| match little {
            true => number(at).map(f64::from_le_bytes),
            false => number(at).map(f64::from_be_bytes),
        };
        let kind: [u8; 4] = rest.get(..4)?.try_into().ok()?;
        let kind = match little {
            true => u32::from_le_bytes(kind),
            false => u32::from_be_bytes(kind),
        };
        // The high bits say what else is there; ISO adds thousands for heights and measures.
        if (kind & 0x0fff_ffff) % 1_000 != 1 {
            return None;
        }
        let skipped = if kind & 0x2000_0000 != 0 { 8 } else { 4 };
        Some((real(skipped)?, real(skipped + 8)?))
    };
    let (mut latitudes, mut longitudes) = (Vec::new(), Vec::new());
    for bytes in binary {
        let place = match bytes {
            None => None,
            Some(bytes) => Some(point(bytes).ok_or(Refused::NotAPoint)?),
        };
        let known = place.filter(|(x, y)| !(x.is_nan() && y.is_nan()));
        longitudes.push(known.map(|(x, _)| x));
        latitudes.push(known.map(|(_, y)| y));
    }
    Ok((
        Arc::new(Float64Array::from(latitudes)),
        Arc::new(Float64Array::from(longitudes)),
    ))
}

/// A geohash of `length` characters as its bits: 5 a character, longitude first.
/// Source: G. Niemeyer 2008, geohash.org.
pub(super) fn geohash_bits(latitude: f64, longitude: f64, length: usize) -> i64 {
    let coordinate = geohash::Coord {
        x: longitude,
        y: latitude,
    };
    let text = geohash::encode(coordinate, length).expect("the coordinates are in range");
    let digit = |letter: u8| {
        let alphabet = b"0123456789bcdefghjkmnpqrstuvwxyz";
        alphabet
            .iter()
            .position(|known| *known == letter)
            .unwrap_or(0) as i64
    };
    text.bytes()
        .fold(0, |bits, letter| bits << 5 | digit(letter))
}

/// The bins of amounts of any type, each by the decimal it is; NaN counts as null.
fn amounts(array: &ArrayRef, bins: &Bins, out: &mut Vec<i64>) -> Option<NullBuffer> {
    fn units<T: ArrowPrimitiveType>(
        array: &ArrayRef,
        out: &mut Vec<i64>,
        bin: impl Fn(T::Native) -> i64,
    ) {
        let values = array.as_primitive::<T>().values();
        out.extend(values.iter().map(|value| bin(*value)));
    }
    match array.data_type() {
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            let (values, nulls) = decimals(array);
            out.extend(values.iter().map(|value| bins.bin(*value)));
            return nulls;
        }
        DataType::Decimal32(_, places) => {
            let bins = bins.of_units(*places);
            units::<Decimal32Type>(array, out, |value| bins.bin(value.into()));
        }
        DataType::Decimal64(_, places) => {
            let bins = bins.of_units(*places);
            units::<Decimal64Type>(array, out, |value| bins.bin(value));
        }
        DataType::Decimal128(_, places) => {
            let bins = bins.of_units(*places);
            units::<Decimal128Type>(array, out, |value| match i64::try_from(value) {
                Ok(value) => bins.bin(value),
                Err(_) => bins.wide(i256::from_i128(value)),
            });
        }
        DataType::Decimal256(_, places) => {
            let bins = bins.of_units(*places);
            units::<Decimal256Type>(array, out, |value| bins.wide(value));
        }
        _ => {
            let first = out.len();
            let nulls = integers(array, None, out);
            let bins = bins.of_units(0);
            out[first..]
                .iter_mut()
                .for_each(|value| *value = bins.bin(*value));
            return nulls;
        }
    }
    array.logical_nulls()
}

/// Floats as the decimals they stand for; NaN counts as null.
fn decimals(array: &ArrayRef) -> (Vec<f64>, Option<NullBuffer>) {
    type Half = <Float16Type as ArrowPrimitiveType>::Native;
    let values: Vec<f64> = match array.data_type() {
        DataType::Float32 => {
            let values = array.as_primitive::<Float32Type>().values();
            values
                .iter()
                .map(|value| decimal::of_single(*value))
                .collect()
        }
        DataType::Float16 => {
            let values = array.as_primitive::<Float16Type>().values();
            let of = |value: &Half| {
                decimal::of_half(value.to_f64(), |other| Half::from_f64(other) == *value)
            };
            values.iter().map(of).collect()
        }
        _ => return as_reals(array),
    };
    let nulls = without_nan(&values, array.nulls().cloned());
    (values, nulls)
}

/// Coordinates of any type of numbers, nulls among them as they come.
fn degrees(array: &ArrayRef) -> Vec<f64> {
    let scale = match array.data_type() {
        DataType::Decimal32(_, places)
        | DataType::Decimal64(_, places)
        | DataType::Decimal128(_, places) => Some(*places),
        _ => None,
    };
    let (mut values, _) = decimals(array);
    if let Some(places) = scale {
        values
            .iter_mut()
            .for_each(|value| *value = decimal::of_units(*value, places));
    }
    values
}

/// Whole numbers of any width, times in the table's unit, reals by their order-preserving bits.
fn integers(array: &ArrayRef, unit: Option<TimeUnit>, out: &mut Vec<i64>) -> Option<NullBuffer> {
    macro_rules! take {
        ($type:ty, $convert:expr) => {{
            let array = array.as_primitive::<$type>();
            out.extend(array.values().iter().map($convert));
        }};
    }
    let factor = |from: TimeUnit| per_second(unit.unwrap_or(from)) / per_second(from);
    match array.data_type() {
        DataType::Null => out.resize(array.len(), 0),
        DataType::Boolean => {
            let values = array.as_boolean().values();
            out.extend(values.iter().map(i64::from));
        }
        DataType::Int8 => take!(Int8Type, |v| i64::from(*v)),
        DataType::Int16 => take!(Int16Type, |v| i64::from(*v)),
        DataType::Int32 => take!(Int32Type, |v| i64::from(*v)),
        DataType::Int64 => take!(Int64Type, |v| *v),
        DataType::UInt8 => take!(UInt8Type, |v| i64::from(*v)),
        DataType::UInt16 => take!(UInt16Type, |v| i64::from(*v)),
        DataType::UInt32 => take!(UInt32Type, |v| i64::from(*v)),
        // One to one; above 2⁶³ the order is another, the identity is not.
        DataType::UInt64 => take!(UInt64Type, |v| *v as i64),
        DataType::Decimal32(_, _) => take!(Decimal32Type, |v| i64::from(*v)),
        DataType::Decimal64(_, _) => take!(Decimal64Type, |v| *v),
        // At most 18 digits; wider ones are interned as bytes.
        DataType::Decimal128(_, _) => take!(Decimal128Type, |v| *v as i64),
        DataType::Date32 => take!(Date32Type, |v| i64::from(*v) * per_day(unit)),
        DataType::Date64 => take!(Date64Type, |v| v
            .saturating_mul(factor(TimeUnit::Millisecond))),
        DataType::Time32(TimeUnit::Second) => {
            take!(Time32SecondType, |v| i64::from(*v)
                * factor(TimeUnit::Second))
        }
        DataType::Time32(_) => {
            take!(Time32MillisecondType, |v| i64::from(*v)
                * factor(TimeUnit::Millisecond))
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            take!(Time64MicrosecondType, |v| v
                .saturating_mul(factor(TimeUnit::Microsecond)))
        }
        DataType::Time64(_) => take!(Time64NanosecondType, |v| *v),
        DataType::Timestamp(from, _) | DataType::Duration(from) => {
            let factor = factor(*from);
            let data = array.to_data();
            let values = data.buffers()[0].typed_data::<i64>();
            let values = &values[data.offset()..data.offset() + data.len()];
            out.extend(values.iter().map(|value| value.saturating_mul(factor)));
        }
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            let (values, nulls) = as_reals(array);
            out.extend(values.iter().map(|value| ordered_bits(*value)));
            return nulls;
        }
        other => unreachable!("{other} is refused when the table is opened"),
    }
    array.logical_nulls()
}

/// The numbers of a column of whole numbers or times, nulls among them as they come.
pub fn whole_numbers(array: &ArrayRef, out: &mut Vec<i64>) {
    integers(array, None, out);
}

/// The same brought to `unit`, and where they are null.
pub fn times(array: &ArrayRef, unit: Option<TimeUnit>, out: &mut Vec<i64>) -> Option<NullBuffer> {
    integers(array, unit, out)
}

/// -0.0 as 0.0; bits that sort as the numbers do.
pub fn ordered_bits(value: f64) -> i64 {
    let bits = (value + 0.0).to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// The bits of [`ordered_bits`] turned back.
pub fn real(ordered: i64) -> f64 {
    f64::from_bits((ordered ^ (((ordered >> 63) as u64) >> 1) as i64) as u64)
}

/// The numbers of a column by their codes: stored as they are over `divisor`, reals by their ordered
/// bits. Wide decimals and null are NaN.
pub fn reals(values: &Values, real: bool, divisor: f64) -> Vec<f64> {
    let null = values.null.then_some(f64::NAN);
    let number = |stored: &i64| match real {
        true => self::real(*stored),
        false => *stored as f64 / divisor,
    };
    match &values.distinct {
        Distinct::Numbers(numbers) => null.into_iter().chain(numbers.iter().map(number)).collect(),
        Distinct::Bytes(_) => vec![f64::NAN; values.len()],
    }
}

fn as_reals(array: &ArrayRef) -> (Vec<f64>, Option<NullBuffer>) {
    let values: Vec<f64> = match array.data_type() {
        DataType::Float64 => array.as_primitive::<Float64Type>().values().to_vec(),
        DataType::Float32 => {
            let values = array.as_primitive::<Float32Type>().values();
            values.iter().map(|value| f64::from(*value)).collect()
        }
        DataType::Float16 => {
            let values = array.as_primitive::<Float16Type>().values();
            values.iter().map(|value| f64::from(*value)).collect()
        }
        _ => {
            let mut numbers = Vec::with_capacity(array.len());
            let nulls = integers(array, None, &mut numbers);
            return (numbers.iter().map(|value| *value as f64).collect(), nulls);
        }
    };
    let nulls = without_nan(&values, array.nulls().cloned());
    (values, nulls)
}

fn without_nan(values: &[f64], nulls: Option<NullBuffer>) -> Option<NullBuffer> {
    if values.iter().all(|value| !value.is_nan()) {
        return nulls;
    }
    let numbers: NullBuffer = values.iter().map(|value| !value.is_nan()).collect();
    NullBuffer::union(nulls.as_ref(), Some(&numbers))
}

/// Units in a second.
pub fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// Units in a day; a table with dates alone counts in days.
pub fn per_day(unit: Option<TimeUnit>) -> i64 {
    unit.map_or(1, |unit| 86_400 * per_second(unit))
}
