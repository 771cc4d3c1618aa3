//! What is published, whatever role it has: every column, and every leaf of a nested one, read for its own sake.
//!
//! Of each the distinct values are kept, all of them or, where they would take more than a bound, a sample whose
//! choice depends on the set of values alone; values that are not kept are looked at before they are gone. Where the
//! rows are to be compared, each row has one number for each column, equal where the values are.
//!
//! Memory: at most 64 MiB a column for its distinct values, 16 for real numbers, 1 for dates and times; where rows are
//! compared 8 bytes a row and column besides, and 4 for its person.

mod bits;
mod flat;
mod naming;
mod rows;
mod sample;
mod text;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::{Arc, LazyLock, Mutex};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Int32Type};
use foldhash::quality::RandomState;
use rayon::prelude::*;

use self::bits::Bits;
use self::flat::{Cells, RowOf, cells, flatten};
use self::sample::{MOST, Sample};
use self::text::Form;
use super::column::{Memory, real};
use super::{Attribute, Distinct, Plan, Texts, Values};
use crate::error::{Error, Result};
use crate::identifier::{self, Kind, private};
use crate::progress::Progress;
use crate::release::draft::is_sensitive;
use crate::release::input::{Domain, Input, Unit};
use crate::release::leaves::{Leaf, leaves};
use crate::release::{Release, Table, TableKind};

pub use self::rows::{Rows, Spread, mix, scattered};

/// All that a table publishes.
#[derive(Debug)]
pub struct Published {
    /// Every column and leaf that can be decoded, in the order of the files.
    pub columns: Vec<Arc<PublishedColumn>>,
    /// Those that cannot.
    pub undecoded: Vec<Undecoded>,
    rows: Option<Rows>,
}

/// A column, or a leaf of a nested one.
#[derive(Debug, Clone)]
pub struct PublishedColumn {
    /// Its name, of a leaf the path that leads to it: `contact.phone`, `tags.element`.
    pub name: String,
    /// The column as the manifest names it.
    pub root: String,
    /// The role of that, `ignore` among them.
    pub role: &'static str,
    pub domain: Domain,
    pub nested: bool,
    /// The distinct values, or a sample of them.
    pub values: Values,
    /// Whether these are all.
    pub complete: bool,
    /// The forms of direct identifiers that the others have.
    pub beyond: BTreeSet<Kind>,
    /// Values that are not null; a row may have several of a leaf.
    pub filled: u64,
    /// Whether each value is the number of its row in its file, counted from wherever.
    pub is_row_number: bool,
    /// Whether its real numbers hold bits that no reader shows.
    pub has_hidden_bits: bool,
    form: Form,
}

/// A column or leaf whose values are of a type that cannot be decoded.
#[derive(Debug, Clone)]
pub struct Undecoded {
    pub name: String,
    pub root: String,
    pub role: &'static str,
    pub data_type: String,
}

impl Published {
    /// What the rows have in each column; `None` where it was not asked for.
    pub fn rows(&self) -> Option<&Rows> {
        self.rows.as_ref()
    }

    /// What is left of it in a table that has some columns no longer and others with other values.
    pub(super) fn transformed(&self, table: &Table, changed: &[(String, Values)]) -> Self {
        let described = |root: &String| {
            let roles = table.roles.iter().map(|(_, column)| column);
            roles
                .chain(&table.ignore)
                .any(|column| column.value == *root)
        };
        let columns = self.columns.iter().filter(|column| described(&column.root));
        let columns = columns.map(|column| {
            let mut changed = changed.iter().filter(|(name, _)| *name == column.name);
            let changed = changed.next().map(|(_, values)| values);
            match changed.filter(|values| values.known() != column.len()) {
                None => column.clone(),
                Some(values) => Arc::new(PublishedColumn {
                    domain: match values.distinct {
                        Distinct::Bytes(_) => Domain::Text,
                        Distinct::Numbers(_) => column.domain,
                    },
                    values: values.clone(),
                    complete: true,
                    beyond: BTreeSet::new(),
                    ..(**column).clone()
                }),
            }
        });
        let undecoded = self.undecoded.iter();
        Self {
            columns: columns.collect(),
            undecoded: undecoded
                .filter(|column| described(&column.root))
                .cloned()
                .collect(),
            rows: None,
        }
    }
}

impl PublishedColumn {
    /// Distinct values that are kept, null not among them.
    pub fn len(&self) -> usize {
        self.values.known()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A distinct value as a person would read it; `None` for bytes that are no text.
    pub fn text(&self, at: usize) -> Option<Cow<'_, str>> {
        match &self.values.distinct {
            Distinct::Numbers(numbers) => Some(Cow::Owned(self.form.number(numbers[at]))),
            Distinct::Bytes(texts) => text::bytes(texts.get(at)),
        }
    }

    /// The key of each distinct value that is kept.
    pub fn keys(&self) -> impl Iterator<Item = u64> {
        (0..self.len()).map(|at| match &self.values.distinct {
            Distinct::Numbers(numbers) => HASHES.hash_one(numbers[at]),
            Distinct::Bytes(texts) => HASHES.hash_one(texts.get(at)),
        })
    }

    /// Of texts and real numbers that are whole numbers the key of each with that of the whole number.
    pub fn keys_of_numbers(&self) -> HashMap<u64, u64> {
        let whole = |at: usize| -> Option<i64> {
            match &self.values.distinct {
                Distinct::Numbers(stored) => {
                    let number = real(stored[at]);
                    (number.fract() == 0.0).then_some(number as i64)
                }
                Distinct::Bytes(texts) => {
                    std::str::from_utf8(texts.get(at)).ok()?.trim().parse().ok()
                }
            }
        };
        let is_written =
            self.domain == Domain::Real || matches!(self.values.distinct, Distinct::Bytes(_));
        let keys = self.keys().enumerate().filter(|_| is_written);
        let keys = keys.filter_map(|(at, key)| Some((key, HASHES.hash_one(whole(at)?))));
        keys.collect()
    }

    /// The number of each key of a row, as far as it is kept; texts that are written as numbers are numbers.
    pub fn numbers_by_key(&self) -> HashMap<u64, f64> {
        match &self.values.distinct {
            Distinct::Numbers(stored) => {
                let keys = stored.iter().map(|stored| HASHES.hash_one(*stored));
                keys.zip(self.numbers()).collect()
            }
            Distinct::Bytes(texts) => {
                let number = |at: usize| {
                    let text = texts.get(at);
                    let number: f64 = std::str::from_utf8(text).ok()?.trim().parse().ok()?;
                    number.is_finite().then(|| (HASHES.hash_one(text), number))
                };
                (0..texts.len()).filter_map(number).collect()
            }
        }
    }

    /// The keys of those texts, as far as they are kept, of which `is` holds.
    pub fn keys_of_texts(&self, is: impl Fn(&str) -> bool) -> HashSet<u64> {
        let Distinct::Bytes(texts) = &self.values.distinct else {
            return HashSet::new();
        };
        let key = |at: usize| {
            let text = texts.get(at);
            let is_one = std::str::from_utf8(text).is_ok_and(&is);
            is_one.then(|| HASHES.hash_one(text))
        };
        (0..texts.len()).filter_map(key).collect()
    }

    /// Whether it is named like something that is nobody else's business, or its values are of such a kind: illnesses,
    /// medicines, faiths, parties.
    pub fn is_private(&self) -> bool {
        is_sensitive(&self.name)
            || match &self.values.distinct {
                Distinct::Numbers(_) => false,
                Distinct::Bytes(texts) => {
                    let texts = (0..texts.len()).filter_map(|at| text::bytes(texts.get(at)));
                    private::is_private(texts)
                }
            }
    }

    /// The text of each key of a row, as far as it is kept.
    pub fn texts_by_key(&self) -> HashMap<u64, Cow<'_, str>> {
        let keys = self.keys().enumerate();
        keys.filter_map(|(at, key)| Some((key, self.text(at)?)))
            .collect()
    }

    /// Whether it names persons, by its name or because its values look drawn.
    pub fn names_persons(&self) -> bool {
        naming::names_persons(self)
    }

    /// Whether its name says that it holds numbers or names of persons, such as `customer_id` or `card_no`.
    pub fn is_named_as_an_identifier(&self) -> bool {
        naming::is_named_as_an_identifier(self)
    }

    /// Whether a word of its name says that it holds pseudonyms.
    pub fn is_named_as_a_pseudonym(&self) -> bool {
        naming::is_named_as_a_pseudonym(self)
    }

    /// All of them.
    pub fn texts(&self) -> impl IndexedParallelIterator<Item = Option<Cow<'_, str>>> {
        (0..self.len()).into_par_iter().map(|at| self.text(at))
    }

    /// The numbers that stand in the files for times; of other columns none.
    pub fn stored(&self) -> impl IndexedParallelIterator<Item = Option<Cow<'_, str>>> {
        let numbers = match &self.values.distinct {
            Distinct::Numbers(numbers) => numbers.as_slice(),
            Distinct::Bytes(_) => &[],
        };
        let numbers = numbers.par_iter();
        numbers.map(|number| Some(Cow::Owned(number.to_string())))
    }

    /// Whether most of its times lie where no calendar of persons has them: before 1900 or after 2100, or in the first
    /// years that computers count, and not at midnight.
    pub fn is_out_of_calendar(&self) -> bool {
        const DAY: f64 = 86_400.0;
        const FROM_1900_TO_2100: std::ops::Range<f64> = -25_567.0..47_483.0;
        const FROM_1970_TO_1980: std::ops::Range<f64> = 0.0..3_652.0;
        let Distinct::Numbers(numbers) = &self.values.distinct else {
            return false;
        };
        let per_day = match (self.domain, self.form.unit) {
            (Domain::Date, None) => 1.0,
            (_, unit) => unit.map_or(DAY, |unit| super::column::per_second(unit) as f64 * DAY),
        };
        let is_out = |number: &&i64| {
            let day = **number as f64 / per_day;
            !FROM_1900_TO_2100.contains(&day)
                || FROM_1970_TO_1980.contains(&day) && day.fract() != 0.0
        };
        !numbers.is_empty() && numbers.par_iter().filter(is_out).count() * 2 > numbers.len()
    }

    /// The most decimal places of a number; `None` where it has no numbers with a fraction.
    pub fn places(&self) -> Option<usize> {
        let Distinct::Numbers(numbers) = &self.values.distinct else {
            return None;
        };
        match self.domain {
            Domain::Real | Domain::Decimal(_) => {
                let places = numbers.par_iter().map(|number| self.form.places(*number));
                places.max()
            }
            _ => None,
        }
    }

    /// The greatest number of seconds of which all times are whole multiples; `None` where it has no times, or one.
    pub fn step(&self) -> Option<f64> {
        let Distinct::Numbers(numbers) = &self.values.distinct else {
            return None;
        };
        let per_second = match (self.domain, self.form.unit) {
            (Domain::Date, None) => 1.0 / 86_400.0,
            (Domain::Date | Domain::Timestamp | Domain::Time, unit) => {
                super::column::per_second(unit?) as f64
            }
            _ => return None,
        };
        let divisor = numbers.iter().fold(0, |divisor, number| {
            let number = i64::try_from(number.unsigned_abs()).unwrap_or(1);
            super::common_divisor(divisor, number)
        });
        (divisor > 0).then_some(divisor as f64 / per_second)
    }

    /// The distinct numbers that are kept; of texts and wide decimals none.
    pub fn numbers(&self) -> Vec<f64> {
        let Distinct::Numbers(numbers) = &self.values.distinct else {
            return Vec::new();
        };
        let divisor = match self.domain {
            Domain::Decimal(scale) => 10f64.powi(scale.into()),
            _ => 1.0,
        };
        let number = |stored: &i64| match self.domain {
            Domain::Real => real(*stored),
            _ => *stored as f64 / divisor,
        };
        numbers.iter().map(number).collect()
    }
}

/// Which columns have one number a row, so that rows can be compared: of all tables but traces all; of traces all but
/// those of which its points are made, for which the points themselves stand, and of these the names of places.
pub fn is_keyed(table: &Table, leaf: &Leaf, role: &str) -> bool {
    leaf.domain.is_some()
        && match table.kind {
            TableKind::Microdata | TableKind::Flows | TableKind::Reference => true,
            TableKind::Trace => {
                role != "time" && (role != "place" || leaf.domain == Some(Domain::Text))
            }
        }
}

/// The role of a column of the input.
pub fn role_of(table: &Table, column: &str) -> &'static str {
    let mut roles = table.roles.iter();
    roles
        .find(|(_, named)| named.value == column)
        .map_or("ignore", |(role, _)| role)
}

/// Equal values have equal keys in all tables of a run.
static HASHES: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// What is read of one leaf by all threads.
struct Reader {
    leaf: Leaf,
    root: String,
    role: &'static str,
    form: Form,
    kept: Kept,
    beyond: Mutex<BTreeSet<Kind>>,
    keyed: bool,
}

enum Kept {
    Numbers(Sample<i64>),
    Bytes(Sample<Box<[u8]>>),
}

/// A dictionary of a file, its values as views, and the hashes of those that were met.
struct Dictionary {
    values: ArrayRef,
    views: ArrayRef,
    hashes: Vec<Option<u64>>,
}

/// What one thread knows of one leaf within a unit of work.
#[derive(Default)]
struct State {
    /// Hashes of values that are known to be kept or lost, each at the place of its lowest bits.
    seen: Vec<u64>,
    /// The last dictionary, and the hashes of those of its values that were met.
    dictionary: Option<Dictionary>,
    filled: u64,
    null: bool,
    /// One a row, where rows are compared.
    keys: Vec<u64>,
    numbering: Numbering,
    bits: Bits,
}

/// What lies between the values of a column and the numbers of their rows.
#[derive(Default, Clone, Copy, PartialEq)]
enum Numbering {
    #[default]
    Unknown,
    From(i64),
    None,
}

const SEEN: usize = 1 << 12;

impl State {
    /// Whether a value was not seen lately.
    fn is_new(&mut self, hash: u64) -> bool {
        if self.seen.is_empty() {
            self.seen.resize(SEEN, 0);
        }
        let slot = &mut self.seen[hash as usize % SEEN];
        std::mem::replace(slot, hash) != hash
    }

    fn number(&mut self, value: Option<i64>, row: u64) {
        let from = value.and_then(|value| value.checked_sub_unsigned(row));
        self.numbering = match (self.numbering, from) {
            (Numbering::Unknown, Some(from)) => Numbering::From(from),
            (Numbering::From(known), Some(from)) if known == from => self.numbering,
            _ => Numbering::None,
        };
    }
}

impl Reader {
    fn new(leaf: Leaf, root: String, role: &'static str, domain: Domain, keyed: bool) -> Self {
        let is_wide = matches!(
            leaf.data_type,
            DataType::Decimal128(19.., _) | DataType::Decimal256(_, _)
        );
        let kept = match domain {
            Domain::Text | Domain::Bytes => Kept::Bytes(Sample::new(MOST)),
            Domain::Decimal(_) if is_wide => Kept::Bytes(Sample::new(MOST)),
            Domain::Real => Kept::Numbers(Sample::new(MOST / 4)),
            Domain::Integer | Domain::Unsigned | Domain::Decimal(_) => {
                Kept::Numbers(Sample::new(MOST))
            }
            _ => Kept::Numbers(Sample::new(MOST / 64)),
        };
        let form = Form {
            domain,
            unit: leaf.unit,
            single: matches!(leaf.data_type, DataType::Float16 | DataType::Float32),
        };
        Self {
            leaf,
            root,
            role,
            form,
            kept,
            beyond: Mutex::default(),
            keyed,
        }
    }

    fn lose(&self, text: &str) {
        if let Some(kind) = identifier::recognise(text) {
            self.beyond.lock().expect("no holder panics").insert(kind);
        }
    }

    /// Looks at a number that is not kept: only of whole ones something can be recognised.
    fn lose_number(&self, stored: i64) {
        let could_be = match self.form.domain {
            Domain::Real => real(stored).fract() == 0.0,
            Domain::Integer | Domain::Unsigned | Domain::Decimal(_) => true,
            _ => false,
        };
        if could_be {
            self.lose(&self.form.number(stored));
        }
    }

    fn add_number(&self, state: &mut State, hash: u64, value: i64) {
        if let (Kept::Numbers(sample), true) = (&self.kept, state.is_new(hash)) {
            sample.add(hash, &value, |value| *value, &|lost| {
                self.lose_number(*lost)
            });
        }
    }

    fn add_bytes(&self, state: &mut State, hash: u64, value: &[u8]) {
        if let (Kept::Bytes(sample), true) = (&self.kept, state.is_new(hash)) {
            sample.add(
                hash,
                value,
                |value: &[u8]| value.into(),
                &|lost: &[u8]| {
                    if let Some(text) = text::bytes(lost) {
                        self.lose(&text);
                    }
                },
            );
        }
    }

    /// The values of a batch; `first` is the number of its first row among those of the table.
    fn push(
        &self,
        hashes: &RandomState,
        state: &mut State,
        array: &ArrayRef,
        rows: RowOf<'_>,
        (batch, first): (usize, u64),
    ) -> std::result::Result<(), arrow::error::ArrowError> {
        let null = rows::null(hashes);
        state.bits.look(array);
        let mut keys: Vec<u64> = Vec::with_capacity(array.len());
        match cells(array, self.leaf.unit)? {
            Cells::Numbers(numbers, nulls) => {
                let numbered = rows.is_none()
                    && matches!(self.form.domain, Domain::Integer | Domain::Unsigned);
                let mut last: Option<(i64, u64)> = None;
                for (at, value) in numbers.into_iter().enumerate() {
                    let is_null = nulls.as_ref().is_some_and(|nulls| nulls.is_null(at));
                    if numbered && state.numbering != Numbering::None {
                        state.number((!is_null).then_some(value), first + at as u64);
                    }
                    if is_null || self.form.domain == Domain::Null {
                        keys.push(null);
                        continue;
                    }
                    let hash = match last {
                        Some((known, hash)) if known == value => hash,
                        _ => {
                            let hash = hashes.hash_one(value);
                            self.add_number(state, hash, value);
                            hash
                        }
                    };
                    last = Some((value, hash));
                    keys.push(hash);
                }
            }
            Cells::Bytes(array) => {
                let array = array.as_binary_view();
                for at in 0..array.len() {
                    if array.is_null(at) {
                        keys.push(null);
                        continue;
                    }
                    let value = array.value(at);
                    let hash = hashes.hash_one(value);
                    self.add_bytes(state, hash, value);
                    keys.push(hash);
                }
            }
            Cells::Coded(array, values) => self.coded(hashes, state, &array, &values, &mut keys)?,
        }
        let absent = keys.iter().filter(|key| **key == null).count();
        state.null |= absent > 0;
        state.filled += (keys.len() - absent) as u64;
        if self.keyed {
            match rows {
                None => state.keys.append(&mut keys),
                Some(rows) => rows::together(null, batch, rows, &keys, &mut state.keys),
            }
        }
        Ok(())
    }

    /// Values by way of a dictionary: those that rows use, each looked at once.
    fn coded(
        &self,
        hashes: &RandomState,
        state: &mut State,
        array: &ArrayRef,
        values: &ArrayRef,
        keys: &mut Vec<u64>,
    ) -> std::result::Result<(), arrow::error::ArrowError> {
        let null = rows::null(hashes);
        let same = |known: &Dictionary| {
            let (known, values) = (&known.values, values);
            Arc::ptr_eq(known, values) || known.to_data().ptr_eq(&values.to_data())
        };
        let mut dictionary = match state.dictionary.take().filter(same) {
            Some(known) => known,
            None => Dictionary {
                values: values.clone(),
                views: arrow::compute::cast(values, &DataType::BinaryView)?,
                hashes: vec![None; values.len()],
            },
        };
        let views = dictionary.views.as_binary_view();
        let nulls: Option<NullBuffer> = array.logical_nulls();
        let codes = array.as_dictionary::<Int32Type>().keys();
        for (at, code) in codes.values().iter().enumerate() {
            if nulls.as_ref().is_some_and(|nulls| nulls.is_null(at)) {
                keys.push(null);
                continue;
            }
            let known = &mut dictionary.hashes[*code as usize];
            let hash = match *known {
                Some(hash) => hash,
                None => {
                    let value = views.value(*code as usize);
                    let hash = hashes.hash_one(value);
                    self.add_bytes(state, hash, value);
                    *known = Some(hash);
                    hash
                }
            };
            keys.push(hash);
        }
        state.dictionary = Some(dictionary);
        Ok(())
    }

    fn finish(self, states: &[(usize, State)]) -> PublishedColumn {
        let (distinct, level) = match self.kept {
            Kept::Numbers(sample) => {
                let (numbers, level) = sample.finish();
                (Distinct::Numbers(numbers), level)
            }
            Kept::Bytes(sample) => {
                let (texts, level) = sample.finish();
                (Distinct::Bytes(texts.iter().collect()), level)
            }
        };
        let numberings = states.iter().map(|(file, state)| (*file, state.numbering));
        let numberings: Vec<(usize, Numbering)> = numberings.collect();
        let is_row_number = numberings.iter().all(|(file, numbering)| {
            let mut others = numberings.iter().filter(|(other, _)| other == file);
            matches!(numbering, Numbering::From(_)) && others.all(|(_, other)| other == numbering)
        });
        PublishedColumn {
            name: self.leaf.path,
            root: self.root,
            role: self.role,
            domain: self.form.domain,
            nested: self.leaf.nested,
            values: Values {
                null: states.iter().any(|(_, state)| state.null),
                distinct,
            },
            complete: level == 0,
            beyond: self.beyond.into_inner().expect("no holder panics"),
            filled: states.iter().map(|(_, state)| state.filled).sum(),
            is_row_number,
            has_hidden_bits: Bits::of(states.iter().map(|(_, state)| &state.bits)).are_hidden(),
            form: self.form,
        }
    }
}

impl<'a> FromIterator<&'a Box<[u8]>> for Texts {
    fn from_iter<T: IntoIterator<Item = &'a Box<[u8]>>>(texts: T) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all.push(text));
        all
    }
}

/// What is done with a table: its columns read, and where rows are compared the points of a trace made.
struct Reading<'a> {
    input: &'a Input,
    readers: Vec<Reader>,
    /// The columns of the input that are decoded, and where among the readers the leaves of each are.
    columns: Vec<(usize, Vec<usize>)>,
    hashes: RandomState,
    /// What makes the points of a trace, and the attributes themselves.
    points: Option<Plan<'a>>,
}

/// What a unit of work has found.
struct Part {
    file: usize,
    states: Vec<State>,
    /// One a row: equal where the points are.
    points: Vec<u64>,
}

/// Reads all that a table publishes; `linked` where rows are to be compared.
///
/// # Errors
/// The files cannot be decoded, a coordinate is none, or the user cancelled.
pub(super) fn read(
    release: &Release,
    table: &Table,
    input: &Input,
    linked: bool,
    progress: &dyn Progress,
) -> Result<Published> {
    let (mut readers, mut undecoded) = (Vec::new(), Vec::new());
    let mut columns: Vec<(usize, Vec<usize>)> = Vec::new();
    for leaf in leaves(input) {
        let root = input.columns[leaf.column].name.clone();
        let role = role_of(table, &root);
        let Some(domain) = leaf.domain else {
            undecoded.push(Undecoded {
                name: leaf.path,
                root,
                role,
                data_type: leaf.data_type.to_string(),
            });
            continue;
        };
        match columns
            .last_mut()
            .filter(|(column, _)| *column == leaf.column)
        {
            Some((_, readers_of)) => readers_of.push(readers.len()),
            None => columns.push((leaf.column, vec![readers.len()])),
        }
        let keyed = linked && is_keyed(table, &leaf, role);
        readers.push(Reader::new(leaf, root, role, domain, keyed));
    }
    let points = match linked && table.kind == TableKind::Trace {
        true => {
            let mut plan = Plan::blank(release, table, input);
            plan.point(None)?;
            if let Some((at, _)) = plan.quantiles {
                plan.attributes.remove(at);
            }
            for column in &plan.decoded {
                if columns.iter().all(|(known, _)| known != column) {
                    columns.push((*column, Vec::new()));
                }
            }
            Some(plan)
        }
        false => None,
    };
    let reading = Reading {
        input,
        readers,
        columns,
        hashes: HASHES.clone(),
        points,
    };
    let units = input.units(rayon::current_num_threads());
    let parts: Vec<Part> = units
        .par_iter()
        .with_max_len(1)
        .map(|unit| reading.unit(unit, progress))
        .collect::<Result<_>>()?;
    Ok(Published {
        undecoded,
        ..reading.finish(parts, linked)
    })
}

impl Reading<'_> {
    fn unit(&self, unit: &Unit, progress: &dyn Progress) -> Result<Part> {
        let mut states: Vec<State> = self.readers.iter().map(|_| State::default()).collect();
        let columns: Vec<usize> = self.columns.iter().map(|(column, _)| *column).collect();
        let attributes = self.points.iter().flat_map(|plan| &plan.attributes);
        let mut memories: Vec<Memory> = attributes.map(|_| Memory::default()).collect();
        let (mut points, mut codes) = (Vec::new(), Vec::new());
        let mut first = self.input.first_row(unit);
        if columns.is_empty() {
            return Ok(Part {
                file: unit.file,
                states,
                points,
            });
        }
        self.input.read(unit, &columns, |arrays| {
            if progress.cancelled() {
                return Err(Error::interrupted());
            }
            let rows = arrays[0].len();
            for ((column, readers), array) in self.columns.iter().zip(arrays) {
                let failed = |error: arrow::error::ArrowError| {
                    let name = &self.input.columns[*column].name;
                    let place = self.input.place(unit, name);
                    Error::data(format!("cannot decode {place}: {error}"))
                        .help("write the column in another form, or leave it out of the release")
                };
                self.column(readers, &mut states, array, (rows, first))
                    .map_err(failed)?;
            }
            if let Some(plan) = &self.points {
                // As the plan knows them: in the order in which it decodes them.
                let place = |column: &usize| columns.iter().position(|known| known == column);
                let decoded = plan.decoded.iter().map(place);
                let decoded = decoded.map(|at| arrays[at.expect("it is read")].clone());
                let decoded: Vec<ArrayRef> = decoded.collect();
                let start = points.len();
                points.resize(start + rows, rows::null(&self.hashes));
                for (attribute, memory) in plan.attributes.iter().zip(&mut memories) {
                    let attribute: &Attribute = attribute;
                    plan.codes(attribute, unit, &decoded, memory, &mut codes)?;
                    for (point, code) in points[start..].iter_mut().zip(&codes) {
                        *point = self.hashes.hash_one((*point, *code));
                    }
                }
            }
            first += rows as u64;
            Ok(())
        })?;
        Ok(Part {
            file: unit.file,
            states,
            points,
        })
    }

    /// The leaves of a column.
    fn column(
        &self,
        readers: &[usize],
        states: &mut [State],
        array: &ArrayRef,
        (batch, first): (usize, u64),
    ) -> std::result::Result<(), arrow::error::ArrowError> {
        let Some(only) = readers.first() else {
            return Ok(());
        };
        let at = (batch, first);
        if !self.readers[*only].leaf.nested {
            return self.readers[*only].push(&self.hashes, &mut states[*only], array, None, at);
        }
        let root = &self.input.columns[self.readers[*only].leaf.column].name;
        let mut outcome = Ok(());
        flatten(root, array, None, &mut |path, values, rows| {
            let domain = Domain::of(values.data_type());
            let mut readers = readers.iter().filter(|at| {
                let leaf = &self.readers[**at].leaf;
                leaf.path == path && leaf.domain == domain
            });
            if let (Some(reader), Ok(())) = (readers.next(), &outcome) {
                let state = &mut states[*reader];
                outcome = self.readers[*reader].push(&self.hashes, state, values, rows, at);
            }
        })?;
        outcome?;
        // A file that nests the column in another way has none of the leaf's values.
        let read = readers.iter().map(|at| states[*at].keys.len()).max();
        for reader in readers.iter().filter(|at| self.readers[**at].keyed) {
            let null = rows::null(&self.hashes);
            states[*reader].keys.resize(read.unwrap_or(0), null);
        }
        Ok(())
    }

    /// The rows of all parts, one after the other.
    fn rows(&self, parts: &mut [Part]) -> Rows {
        let (mut keys, mut places) = (Vec::new(), Vec::new());
        let keyed = self.readers.iter().enumerate();
        for (at, reader) in keyed.filter(|(_, reader)| reader.keyed) {
            let parts = parts.iter_mut();
            let mut all = Vec::with_capacity(self.input.rows as usize);
            parts.for_each(|part| all.append(&mut part.states[at].keys));
            match self.points.is_some() && reader.role == "place" {
                true => places.push((at, all)),
                false => keys.push((at, all)),
            }
        }
        let mut points = Vec::new();
        let parts = parts.iter_mut();
        parts.for_each(|part| points.append(&mut part.points));
        let is_subject = |(at, _): &(usize, Vec<u64>)| self.readers[*at].role == "subject";
        let mut subjects = keys.iter().filter(|column| is_subject(column));
        let subjects = subjects.next().map(|(_, subjects)| subjects.clone());
        let null = rows::null(&self.hashes);
        Rows::new(keys, points, subjects, self.input.rows as usize, null).with_places(places)
    }

    fn finish(self, mut parts: Vec<Part>, linked: bool) -> Published {
        let rows = match linked {
            true => Some(self.rows(&mut parts)),
            false => None,
        };
        let mut of_readers: Vec<Vec<(usize, State)>> = Vec::new();
        of_readers.resize_with(self.readers.len(), Vec::new);
        for part in parts {
            for (states, state) in of_readers.iter_mut().zip(part.states) {
                states.push((part.file, state));
            }
        }
        let columns = self.readers.into_iter().zip(&of_readers);
        Published {
            columns: columns
                .map(|(reader, states)| Arc::new(reader.finish(states)))
                .collect(),
            undecoded: Vec::new(),
            rows,
        }
    }
}
