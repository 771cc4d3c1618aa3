//! The Parquet files of a table: found, checked against each other, and read row group by row group.

pub(super) mod claims;
pub(super) mod find;
mod mixture;
mod thrift;

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, AsArray, DictionaryArray, Int32Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float64Type, Schema, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Encoding, EncodingMask};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use rayon::prelude::*;

use self::claims::{Footer, Wrong};
use self::find::{Found, Shown, find};
use crate::error::{Error, Place, Result, Source};
use crate::release::regular::{self, Stamp};
use crate::release::{Coarser, EpochUnit, Release, Roles, Table, digest};
use crate::settings::At;

/// Rows decoded at a time: few enough for the arrays to stay in the processor's cache.
const BATCH_ROWS: usize = 16_384;

/// What values of a column are, whatever width or layout a file stores them in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain {
    Boolean,
    Integer,
    /// 64-bit unsigned.
    Unsigned,
    Real,
    /// With its number of decimal places.
    Decimal(i8),
    Date,
    Time,
    Timestamp,
    Duration,
    Text,
    Bytes,
    /// Nothing but nulls.
    Null,
}

impl Domain {
    /// # Errors
    /// The type is nested or otherwise not one that can be compared cell by cell.
    pub fn of(data_type: &DataType) -> Option<Self> {
        Some(match data_type {
            DataType::Boolean => Self::Boolean,
            DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => Self::Integer,
            DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => Self::Integer,
            DataType::UInt64 => Self::Unsigned,
            DataType::Float16 | DataType::Float32 | DataType::Float64 => Self::Real,
            DataType::Decimal32(_, scale)
            | DataType::Decimal64(_, scale)
            | DataType::Decimal128(_, scale)
            | DataType::Decimal256(_, scale) => Self::Decimal(*scale),
            DataType::Date32 | DataType::Date64 => Self::Date,
            DataType::Time32(_) | DataType::Time64(_) => Self::Time,
            DataType::Timestamp(_, _) => Self::Timestamp,
            DataType::Duration(_) => Self::Duration,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Self::Text,
            DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_) => Self::Bytes,
            DataType::Null => Self::Null,
            DataType::Dictionary(_, values) => return Self::of(values),
            _ => return None,
        })
    }
}

/// A column of the table as all its files agree on it.
#[derive(Debug, Clone)]
pub struct InputColumn {
    pub name: String,
    /// `None` for a nested column, which no measure can use.
    pub domain: Option<Domain>,
    /// The type in the first file; of decimals one that holds those of all files.
    pub data_type: DataType,
    /// The finest time unit of any file; times of coarser files are brought to it.
    pub unit: Option<TimeUnit>,
    /// The value is in the folder's name, not in the file.
    pub partition: bool,
    /// Nulls that the files' statistics count; `None` where a file has none.
    pub nulls: Option<u64>,
    /// What its numbers count where the manifest says that they are times.
    pub epoch: Option<EpochUnit>,
}

#[derive(Clone)]
pub struct InputFile {
    /// Where it lies. Messages and reports show `label` and `shown`: a folder's name may hold a value.
    pub path: PathBuf,
    /// Relative to the manifest's folder, or within the table's where the manifest lies elsewhere: the same on every
    /// machine.
    pub shown: String,
    /// The same with all that the names of folders hold.
    placed: String,
    /// The path for messages.
    pub label: PathBuf,
    pub bytes: u64,
    metadata: ArrowReaderMetadata,
    footer: Arc<Footer>,
    partition: Vec<(String, Option<String>)>,
    /// As it was when it was opened.
    stamp: Stamp,
    /// Of which column chunks the pages were looked at, row group by row group.
    examined: Arc<[AtomicBool]>,
    digest: Arc<OnceLock<String>>,
}

/// All files of one table.
#[derive(Clone)]
pub struct Input {
    pub files: Vec<InputFile>,
    /// The folders among what the path stands for.
    pub folders: Vec<PathBuf>,
    pub columns: Vec<InputColumn>,
    pub rows: u64,
    /// Files that lie beside them and that nothing is known of, and those in the manifest's own folder.
    pub others: u64,
    pub around: u64,
}

/// A share of the work: rows of one row group.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    pub file: usize,
    pub row_group: usize,
    /// First row within the row group.
    pub offset: usize,
    pub rows: usize,
    /// Its share of the file's bytes, for progress.
    pub bytes: u64,
}

impl Input {
    /// Describes a column as it is once it is told more coarsely: not there, or text where a hierarchy names values.
    pub fn describe(&mut self, column: &str, how: Coarser) {
        match how {
            Coarser::Drop => self.columns.retain(|known| known.name != column),
            Coarser::Level(_) => {
                let known = self.columns.iter_mut().find(|known| known.name == column);
                if let Some(known) = known {
                    (known.domain, known.unit) = (Some(Domain::Text), None);
                    known.data_type = DataType::Utf8;
                }
            }
            _ => {}
        }
    }

    /// Finds and opens the files of a path of which no roles are known yet.
    ///
    /// # Errors
    /// Nothing there, not Parquet, files whose columns contradict each other, or no rows at all.
    pub fn open(table: &str, path: &At<PathBuf>, manifest: &Source) -> Result<Self> {
        let folder = Path::new(&manifest.name).parent();
        Self::opened(table, path, (manifest, folder), None, &calendar)
    }

    /// Finds and opens the files of a table.
    ///
    /// # Errors
    /// Those of [`Input::open`].
    pub fn of(table: &Table, release: &Release) -> Result<Self> {
        let folder = release.manifest.as_ref().and_then(|path| path.parent());
        let tells = |column: &str| tells(&table.roles, column);
        let base = folder.unwrap_or(Path::new(""));
        Self::opened(
            &table.name,
            &table.path,
            (&release.source, Some(base)),
            folder,
            &tells,
        )
    }

    /// `folder` is where the manifest lies; `tells` says of which columns a path may show the values.
    fn opened(
        table: &str,
        path: &At<PathBuf>,
        (manifest, base): (&Source, Option<&Path>),
        folder: Option<&Path>,
        tells: &dyn Fn(&str) -> bool,
    ) -> Result<Self> {
        let at_manifest = |error: Error| {
            if path.span.is_empty() {
                error
            } else {
                error.at(manifest, path.span.clone(), "named here")
            }
        };
        let base = base.unwrap_or(Path::new(""));
        let (found, folders) = find(path, base).map_err(at_manifest)?;
        let shown = Shown::new(&found, tells);
        let mut files = Vec::with_capacity(found.len());
        for file in found {
            files.push(InputFile::open(file, folder, &shown)?);
        }
        settle(&files)?;
        let columns = reconcile(table, &files)?;
        let rows = files.iter().map(InputFile::rows).sum();
        if rows == 0 {
            return Err(Error::data(format!(
                "table `{table}` has no rows: {}",
                shown.of(path).display()
            ))
            .help("an empty release cannot be judged; check the step that wrote it"));
        }
        Ok(Self {
            files,
            folders,
            columns,
            rows,
            others: 0,
            around: 0,
        })
    }

    /// # Errors
    /// A file is not as it was when it was opened: what was read is of no one file.
    pub fn unchanged(&self) -> Result<()> {
        self.files.iter().try_for_each(InputFile::unchanged)
    }

    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The schema of each file.
    pub(super) fn schemas(&self) -> impl Iterator<Item = &Schema> {
        self.files
            .iter()
            .map(|file| file.metadata.schema().as_ref())
    }

    pub fn names(&self) -> Vec<String> {
        self.columns
            .iter()
            .map(|column| column.name.clone())
            .collect()
    }

    /// The work cut into row groups, or parts of them where there are fewer than `threads` could
    /// share.
    pub fn units(&self, threads: usize) -> Vec<Unit> {
        let row_groups: usize = self
            .files
            .iter()
            .map(|file| file.metadata.metadata().num_row_groups())
            .sum();
        let pieces = (threads * 2).div_ceil(row_groups.max(1));
        let mut units = Vec::new();
        for (file, input) in self.files.iter().enumerate() {
            for (row_group, metadata) in input.metadata.metadata().row_groups().iter().enumerate() {
                let rows = usize::try_from(metadata.num_rows()).unwrap_or(0);
                let share = rows.div_ceil(pieces).max(BATCH_ROWS * 16);
                let bytes = metadata.compressed_size().max(0) as u64;
                for offset in (0..rows).step_by(share) {
                    let part = share.min(rows - offset);
                    units.push(Unit {
                        file,
                        row_group,
                        offset,
                        rows: part,
                        bytes: bytes * part as u64 / rows as u64,
                    });
                }
            }
        }
        units
    }

    /// How many rows of the table lie before those of a unit.
    pub fn first_row(&self, unit: &Unit) -> u64 {
        let before: u64 = self.files[..unit.file].iter().map(InputFile::rows).sum();
        let groups = &self.files[unit.file].parquet().row_groups()[..unit.row_group];
        let own: i64 = groups.iter().map(|group| group.num_rows()).sum();
        before + own.max(0) as u64 + unit.offset as u64
    }

    /// Whether a unit is a whole row group.
    pub fn is_whole(&self, unit: &Unit) -> bool {
        let group = self.files[unit.file].parquet().row_group(unit.row_group);
        usize::try_from(group.num_rows()) == Ok(unit.rows)
    }

    /// Decodes `columns` of one unit, batch by batch. Arrays come in the order of `columns`; text
    /// and binary columns come as dictionaries where the file stores them so, as views otherwise.
    ///
    /// # Errors
    /// The file is damaged; the error names row group and column.
    pub fn read(
        &self,
        unit: &Unit,
        columns: &[usize],
        mut batch: impl FnMut(&[ArrayRef]) -> Result<()>,
    ) -> Result<()> {
        let read = catch_unwind(AssertUnwindSafe(|| self.decode(unit, columns, &mut batch)));
        match read {
            Ok(Ok(())) => Ok(()),
            Ok(Err(Failure::Ours(error))) => Err(error),
            Ok(Err(Failure::Decoder(reason))) => Err(self.damaged(unit, columns, reason)),
            Err(_) => Err(self.damaged(unit, columns, CONTRADICTS.to_owned())),
        }
    }

    fn decode(
        &self,
        unit: &Unit,
        columns: &[usize],
        batch: &mut dyn FnMut(&[ArrayRef]) -> Result<()>,
    ) -> std::result::Result<(), Failure> {
        let input = &self.files[unit.file];
        let schema = input.schema_for(unit.row_group);
        let roots: Vec<Option<usize>> = columns
            .iter()
            .map(|&column| schema.index_of(&self.columns[column].name).ok())
            .collect();
        let metadata = ArrowReaderMetadata::try_new(
            input.metadata.metadata().clone(),
            ArrowReaderOptions::new().with_schema(schema),
        )
        .map_err(|error| Failure::Decoder(error.to_string()))?;
        let file = input.reopen().map_err(Failure::Ours)?;
        let present: Vec<usize> = roots.iter().flatten().copied().collect();
        input
            .examine(&file, unit.row_group, &present)
            .map_err(Failure::Decoder)?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
        let mask = ProjectionMask::roots(builder.parquet_schema(), present.iter().copied());
        let mut in_file_order = present;
        in_file_order.sort_unstable();
        let mut builder = builder
            .with_projection(mask)
            .with_row_groups(vec![unit.row_group])
            .with_batch_size(BATCH_ROWS);
        if unit.offset > 0 {
            builder = builder.with_offset(unit.offset);
        }
        let reader = builder
            .with_limit(unit.rows)
            .build()
            .map_err(|error| Failure::Decoder(error.to_string()))?;
        let mut seen = 0;
        for decoded in reader {
            let decoded = decoded.map_err(|error| Failure::Decoder(error.to_string()))?;
            seen += decoded.num_rows();
            let arrays = roots.iter().zip(columns).map(|(root, &column)| {
                let described = &self.columns[column];
                let Some(root) = root else {
                    return Ok(input.partition_array(&described.name, decoded.num_rows()));
                };
                let position = in_file_order.binary_search(root);
                let stored = decoded.column(position.expect("it was asked for"));
                let array = described.times(stored).map_err(Failure::Ours)?;
                mixture::fitted(described, &array).map_err(|why| {
                    Failure::Ours(
                        Error::data(format!("{}: {why}", self.place(unit, &described.name)))
                            .help("write all files of the table with one type"),
                    )
                })
            });
            let arrays: Vec<ArrayRef> = arrays.collect::<std::result::Result<_, _>>()?;
            batch(&arrays).map_err(Failure::Ours)?;
        }
        if seen == unit.rows {
            Ok(())
        } else {
            Err(Failure::Decoder(format!(
                "{seen} of {} rows could be read",
                unit.rows
            )))
        }
    }

    /// The error for a unit that could not be decoded; reads it again column by column to name the
    /// one at fault.
    fn damaged(&self, unit: &Unit, columns: &[usize], reason: String) -> Error {
        let mut reason = reason;
        let fails = |&&column: &&usize| {
            let read = catch_unwind(AssertUnwindSafe(|| {
                self.decode(unit, &[column], &mut |_| Ok(()))
            }));
            match read {
                Ok(Ok(())) => false,
                Ok(Err(Failure::Decoder(_) | Failure::Ours(_))) | Err(_) => true,
            }
        };
        let guilty = columns.iter().find(fails);
        let place = Place {
            file: Some(&self.files[unit.file].label),
            row_group: Some(unit.row_group),
            column: guilty.map(|&column| self.columns[column].name.as_str()),
        };
        if guilty.is_none() && reason == CONTRADICTS {
            reason =
                "the program failed on it, which is a defect of reidrisk: please report it".into();
        }
        cannot_decode(&place, &reason)
    }

    /// Takes the numbers of the column of times for what the manifest says that they count.
    ///
    /// # Errors
    /// The column holds no numbers, they cannot count that, or they cannot be read.
    pub fn declare_times(&mut self, roles: &Roles, release: &Release) -> Result<()> {
        let (Some(unit), Some(time)) = (&roles.time_unit, &roles.time) else {
            return Ok(());
        };
        let Some(at) = self.column(time) else {
            return Ok(());
        };
        let column = &self.columns[at];
        let domain = match column.domain {
            Some(domain @ (Domain::Integer | Domain::Unsigned | Domain::Real)) => domain,
            Some(Domain::Timestamp | Domain::Date) => {
                let message = format!(
                    "column `{}` is {}: its type says what its times count",
                    time.value, column.data_type
                );
                return Err(release
                    .error_at(unit, message)
                    .help("leave out `time_unit`: it is for times that are stored as numbers"));
            }
            _ => {
                let message = format!(
                    "column `{}` is {}, and `time_unit` is for times that are stored as numbers",
                    time.value, column.data_type
                );
                return Err(release.error_at(unit, message).help(
                    "write the times as timestamps, dates or whole numbers where the release is written",
                ));
            }
        };
        if let Some((least, greatest)) = self.bounds(at)?
            && let Some(why) = unit.refuses(least, greatest)
        {
            let message = format!(
                "the numbers of column `{}` cannot be times in `{}`: {why}",
                time.value,
                unit.as_str()
            );
            let error = release.error_at(unit, message);
            return Err(match EpochUnit::guess(least, greatest) {
                Some(other) => error.help(format!(
                    "as times in `{0}` they lie between 1980 and 2100: time_unit = \"{0}\"",
                    other.as_str()
                )),
                None => error.help(
                    "numbers that count nothing since 1970, such as hours of the week, are taken as they are by \
                     point = { time = \"column\" } without `time_unit`",
                ),
            });
        }
        let column = &mut self.columns[at];
        (column.domain, column.data_type, column.unit) = {
            let (domain, data_type, unit) = unit.types(domain);
            (Some(domain), data_type, unit)
        };
        column.epoch = Some(unit.value);
        Ok(())
    }

    /// The least and the greatest number of a column of numbers; `None` where all are null.
    fn bounds(&self, column: usize) -> Result<Option<(f64, f64)>> {
        let bounds = |unit: &Unit| {
            let mut bounds: Option<(f64, f64)> = None;
            self.read(unit, &[column], |arrays| {
                let numbers = cast(&arrays[0], &DataType::Float64);
                let numbers = numbers.expect("the column was checked to hold numbers");
                let numbers = numbers.as_primitive::<Float64Type>();
                for number in numbers.iter().flatten().filter(|number| !number.is_nan()) {
                    let (least, greatest) = bounds.unwrap_or((number, number));
                    bounds = Some((least.min(number), greatest.max(number)));
                }
                Ok(())
            })?;
            Ok(bounds)
        };
        let join = |a: Option<(f64, f64)>, b: Option<(f64, f64)>| match (a, b) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        let units = self.units(rayon::current_num_threads());
        let bounds = units.par_iter().with_max_len(1).map(bounds);
        bounds.try_reduce(|| None, |a, b| Ok(join(a, b)))
    }

    /// The time zones that the files name for a column of instants, each once; `None` for a file that names none.
    pub fn zones(&self, column: &str) -> Vec<Option<String>> {
        let mut zones: Vec<Option<String>> = Vec::new();
        for file in &self.files {
            let schema = file.metadata.schema();
            let field = schema.field_with_name(column).ok();
            let zone = field.and_then(|field| match field.data_type() {
                DataType::Timestamp(_, zone) => zone.as_deref().map(str::to_owned),
                _ => None,
            });
            if !zones.contains(&zone) {
                zones.push(zone);
            }
        }
        zones
    }

    /// Where a unit is, for messages.
    pub fn place<'a>(&'a self, unit: &Unit, column: &'a str) -> Place<'a> {
        Place {
            file: Some(&self.files[unit.file].label),
            row_group: Some(unit.row_group),
            column: Some(column),
        }
    }

    /// Least and greatest value of an integer-like column by the files' statistics, in each file's
    /// own unit; `None` where any row group has none.
    pub fn range(&self, column: usize) -> Option<(i64, i64)> {
        use parquet::file::statistics::Statistics;
        let name = &self.columns[column].name;
        let mut range: Option<(i64, i64)> = None;
        for file in &self.files {
            let root = file.metadata.schema().index_of(name).ok()?;
            let leaf = file.leaf(root)?;
            for row_group in file.metadata.metadata().row_groups() {
                let (low, high) = match row_group.column(leaf).statistics()? {
                    Statistics::Int32(s) => (i64::from(*s.min_opt()?), i64::from(*s.max_opt()?)),
                    Statistics::Int64(s) => (*s.min_opt()?, *s.max_opt()?),
                    _ => return None,
                };
                range = Some(match range {
                    None => (low, high),
                    Some((least, greatest)) => (least.min(low), greatest.max(high)),
                });
            }
        }
        range
    }
}

impl InputColumn {
    /// Stored values, as times where its numbers are.
    fn times(&self, stored: &ArrayRef) -> Result<ArrayRef> {
        let Some(unit) = self.epoch else {
            return Ok(stored.clone());
        };
        unit.times(stored).ok_or_else(|| {
            let message = format!("a number of column `{}` is beyond all times", self.name);
            Error::data(message).help("correct it, or write null where a time is not known")
        })
    }
}

enum Failure {
    /// The decoder's reason.
    Decoder(String),
    /// What the caller made of a batch.
    Ours(Error),
}

/// What a panic of the decoder means.
pub(super) const CONTRADICTS: &str = "the data contradicts itself";

/// The error for what could not be decoded, with what to do: what others read is not damaged.
pub(super) fn cannot_decode(place: &Place<'_>, reason: &str) -> Error {
    let lower = reason.to_lowercase();
    let missing = ["nyi", "not supported", "unsupported", "not implemented"];
    let error = Error::data(format!("cannot decode {place}: {reason}"));
    error.help(match missing.iter().any(|word| lower.contains(word)) {
        true => Wrong::unsupported("").help,
        false => "the file is damaged or truncated: write it again from its source",
    })
}

/// Columns of which the values in the names of folders are parts of the calendar.
fn calendar(column: &str) -> bool {
    const CALENDAR: [&str; 18] = [
        "year", "quarter", "month", "week", "day", "date", "hour", "minute", "dt", "ds", "time",
        "jahr", "quartal", "monat", "woche", "tag", "datum", "stunde",
    ];
    CALENDAR.contains(&column.to_ascii_lowercase().as_str())
}

/// Whether the name of a folder may show a column's value: a part of the calendar that says nothing of a person.
fn tells(roles: &Roles, column: &str) -> bool {
    let of_persons = roles.subject.iter();
    let mut of_persons = of_persons
        .chain(&roles.direct_identifiers)
        .chain(&roles.sensitive)
        .chain(&roles.quasi_identifiers);
    calendar(column) && of_persons.all(|known| known.value != column)
}

/// A path in a table's folder, for messages.
pub(super) fn shown(roles: &Roles, path: &Path) -> String {
    let tells = |column: &str| tells(roles, column);
    Shown::new(&[], &tells).of(path).display().to_string()
}

/// A relative path as it is written on every system.
fn slashed(path: &Path) -> String {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    let parts = parts.map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// Waits for the little while in which a further change to a file could not be told from its last one.
fn settle(files: &[InputFile]) -> Result<()> {
    let left = files.iter().filter_map(|file| file.stamp.unsettled()).max();
    if let Some(left) = left {
        std::thread::sleep(left);
        return files.iter().try_for_each(InputFile::unchanged);
    }
    Ok(())
}

impl InputFile {
    fn open(found: Found, folder: Option<&Path>, shown: &Shown<'_>) -> Result<Self> {
        let label = shown.of(&found.path);
        let unreadable = |error: std::io::Error| {
            Error::data(format!("cannot open {}: {error}", label.display()))
                .help("check the path and the permissions")
        };
        let wrong = |wrong: Wrong| {
            Error::data(format!("{} {}", label.display(), wrong.what)).help(wrong.help)
        };
        let file = regular::open(&found.path).map_err(unreadable)?;
        let stamp = Stamp::of(&file.metadata().map_err(unreadable)?);
        let footer = claims::read(&file, stamp.bytes).map_err(wrong)?;
        let footer = claims::footer(&footer).map_err(wrong)?;
        let metadata = decoded(&file).map_err(wrong)?;
        let leaves = metadata.parquet_schema().num_columns();
        let chunks = metadata.metadata().num_row_groups() * leaves;
        // What lies within the manifest's folder is shown from there.
        let within = folder.and_then(|folder| found.path.strip_prefix(folder).ok());
        let plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        let within = within.filter(|path| path.components().all(plain));
        let within = within.unwrap_or(&found.inside);
        let file = Self {
            shown: slashed(&shown.of(within)),
            placed: slashed(within),
            path: found.path,
            bytes: stamp.bytes,
            metadata,
            footer: Arc::new(footer),
            partition: found.partition,
            stamp,
            examined: (0..chunks).map(|_| AtomicBool::new(false)).collect(),
            digest: Arc::default(),
            label,
        };
        file.is_plausible()?;
        Ok(file)
    }

    /// Opens the file once more.
    ///
    /// # Errors
    /// It is not as it was when it was opened first.
    pub(super) fn reopen(&self) -> Result<File> {
        let file = regular::open(&self.path).map_err(|error| self.unreadable(&error))?;
        match file
            .metadata()
            .is_ok_and(|found| Stamp::of(&found) == self.stamp)
        {
            true => Ok(file),
            false => Err(self.changed()),
        }
    }

    fn unchanged(&self) -> Result<()> {
        let found = regular::look(&self.path).map_err(|error| self.unreadable(&error))?;
        match Stamp::of(&found) == self.stamp {
            true => Ok(()),
            false => Err(self.changed()),
        }
    }

    fn changed(&self) -> Error {
        Error::data(format!(
            "{} was changed while it was audited; nothing was judged",
            self.label.display()
        ))
        .help("audit the files when nobody writes to them any more, or a copy of them")
    }

    fn unreadable(&self, error: &std::io::Error) -> Error {
        Error::data(format!("cannot read {}: {error}", self.label.display()))
    }

    /// The SHA-256 of the file, in hexadecimal.
    ///
    /// # Errors
    /// It cannot be read, or was changed.
    pub fn sha256(&self) -> Result<String> {
        if let Some(known) = self.digest.get() {
            return Ok(known.clone());
        }
        let digest = digest::of_open(self.reopen()?).map_err(|error| self.unreadable(&error))?;
        self.unchanged()?;
        Ok(self.digest.get_or_init(|| digest).clone())
    }

    /// Its path in the release with all that the names of folders hold: not for reports.
    pub fn placed(&self) -> &str {
        &self.placed
    }

    /// The SHA-256 of the whole path in the release and the bytes; `None` where `shown` is the whole path.
    ///
    /// # Errors
    /// It cannot be read, or was changed.
    pub fn placed_sha256(&self) -> Result<Option<String>> {
        if self.placed == self.shown {
            return Ok(None);
        }
        let file = self.reopen()?;
        let digest =
            digest::of_placed(&self.placed, file).map_err(|error| self.unreadable(&error))?;
        self.unchanged()?;
        Ok(Some(digest))
    }

    /// Which file it is, on this machine.
    pub(super) fn identity(&self) -> Option<(u64, u64)> {
        self.stamp.file
    }

    /// The folders' values, as the file's rows have them.
    pub(super) fn partition(&self) -> &[(String, Option<String>)] {
        &self.partition
    }

    pub(super) fn footer(&self) -> &Footer {
        &self.footer
    }

    /// Looks at the pages of columns before they are decoded, once.
    ///
    /// # Errors
    /// They claim what cannot be; the reason.
    pub(super) fn examine(
        &self,
        file: &File,
        row_group: usize,
        roots: &[usize],
    ) -> std::result::Result<(), String> {
        let parquet = self.metadata.parquet_schema();
        let leaves = parquet.num_columns();
        for leaf in (0..leaves).filter(|&leaf| roots.contains(&parquet.get_column_root_idx(leaf))) {
            let examined = &self.examined[row_group * leaves + leaf];
            if examined.load(Relaxed) {
                continue;
            }
            let chunk = self.parquet().row_group(row_group).column(leaf);
            claims::pages(file, self.bytes, chunk)?;
            examined.store(true, Relaxed);
        }
        Ok(())
    }

    /// # Errors
    /// It claims many rows for its bytes, and its pages do not have them.
    fn is_plausible(&self) -> Result<()> {
        const ROWS_A_BYTE: u64 = 64;
        if self.rows() / ROWS_A_BYTE <= self.bytes {
            return Ok(());
        }
        let file = self.reopen()?;
        let all: Vec<usize> = (0..self.metadata.schema().fields().len()).collect();
        for row_group in 0..self.parquet().num_row_groups() {
            let examined = self.examine(&file, row_group, &all);
            examined.map_err(|reason| {
                let place = Place {
                    file: Some(&self.label),
                    row_group: Some(row_group),
                    column: None,
                };
                cannot_decode(&place, &reason)
            })?;
        }
        Ok(())
    }

    pub(super) fn parquet(&self) -> &ParquetMetaData {
        self.metadata.metadata()
    }

    pub fn rows(&self) -> u64 {
        self.footer.rows
    }

    /// The leaf column of a top-level field that is not nested.
    fn leaf(&self, root: usize) -> Option<usize> {
        let parquet = self.metadata.parquet_schema();
        let leaves = parquet.num_columns();
        (0..leaves).find(|&leaf| parquet.get_column_root_idx(leaf) == root)
    }

    /// The file's schema with text and binary columns as this row group is best read: dictionaries
    /// where it stores them so, that values are hashed once a dictionary and not once a row.
    fn schema_for(&self, row_group: usize) -> Arc<Schema> {
        let metadata = self.metadata.metadata().row_group(row_group);
        let fields: Vec<Field> = self
            .metadata
            .schema()
            .fields()
            .iter()
            .enumerate()
            .map(|(root, field)| {
                let Some(leaf) = self.leaf(root) else {
                    return field.as_ref().clone();
                };
                let values = match field.data_type() {
                    DataType::Dictionary(_, values) => values,
                    other => other,
                };
                let dictionary = is_dictionary(metadata.column(leaf));
                let (flat, view) = match values {
                    DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                        (DataType::Utf8, DataType::Utf8View)
                    }
                    DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
                        (DataType::Binary, DataType::BinaryView)
                    }
                    plain => {
                        return field.as_ref().clone().with_data_type(plain.clone());
                    }
                };
                field.as_ref().clone().with_data_type(if dictionary {
                    DataType::Dictionary(Box::new(DataType::Int32), Box::new(flat))
                } else {
                    view
                })
            })
            .collect();
        Arc::new(Schema::new(fields))
    }

    fn partition_array(&self, column: &str, rows: usize) -> ArrayRef {
        let value = self.partition.iter().find(|(name, _)| name == column);
        let value = value.and_then(|(_, value)| value.as_deref());
        let keys = match value {
            Some(_) => Int32Array::from(vec![0; rows]),
            None => Int32Array::new_null(rows),
        };
        let values = Arc::new(StringArray::from(vec![value.unwrap_or_default()]));
        Arc::new(DictionaryArray::new(keys, values))
    }
}

fn is_dictionary(column: &ColumnChunkMetaData) -> bool {
    let dictionary = EncodingMask::new_from_encodings(
        [Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY].iter(),
    );
    match column.page_encoding_stats_mask() {
        Some(mask) => mask.as_i32() & !dictionary.as_i32() == 0,
        None => column.dictionary_page_offset().is_some(),
    }
}

/// The footer as the decoder understands it.
fn decoded(file: &File) -> std::result::Result<ArrowReaderMetadata, Wrong> {
    let load = |options: ArrowReaderOptions| {
        let load = || ArrowReaderMetadata::load(file, options);
        match catch_unwind(AssertUnwindSafe(load)) {
            Ok(Ok(metadata)) => Ok(metadata),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("its footer contradicts itself".to_owned()),
        }
    };
    let plain = ArrowReaderOptions::new();
    let without_hints = plain.clone().with_skip_arrow_metadata(true);
    // What Arrow says of its types in the metadata is a hint: where it is wrong, readers go by Parquet's own types.
    load(plain).or_else(|reason| {
        load(without_hints).map_err(|_| {
            let lower = reason.to_lowercase();
            match [
                "nyi",
                "not supported",
                "unsupported",
                "not implemented",
                "unexpected",
            ]
            .iter()
            .any(|word| lower.contains(word))
            {
                true => Wrong::unsupported(reason),
                false => Wrong::damaged(reason),
            }
        })
    })
}

/// The columns all files agree on.
fn reconcile(table: &str, files: &[InputFile]) -> Result<Vec<InputColumn>> {
    let first = &files[0];
    let mut columns: Vec<InputColumn> = Vec::new();
    for field in first.metadata.schema().fields() {
        if columns.iter().any(|column| column.name == *field.name()) {
            return Err(Error::data(format!(
                "{} has two columns `{}`",
                first.label.display(),
                field.name()
            ))
            .help("a role names a column by its name: rename one of them"));
        }
        columns.push(InputColumn {
            name: field.name().clone(),
            domain: Domain::of(field.data_type()),
            data_type: field.data_type().clone(),
            unit: unit(field.data_type()),
            partition: false,
            nulls: Some(0),
            epoch: None,
        });
    }
    for (name, _) in &first.partition {
        if columns.iter().all(|column| column.name != *name) {
            columns.push(InputColumn {
                name: name.clone(),
                domain: Some(Domain::Text),
                data_type: DataType::Utf8,
                unit: None,
                partition: true,
                nulls: None,
                epoch: None,
            });
        }
    }
    for file in files {
        let schema = file.metadata.schema();
        let refuse = |why: String| {
            Error::data(format!(
                "the files of table `{table}` do not fit together: {why}"
            ))
            .help(format!(
                "{} has ({}); {} has ({}). Write all files with one schema, or make them two \
                     tables",
                first.label.display(),
                outline(first.metadata.schema()),
                file.label.display(),
                outline(schema),
            ))
        };
        let stored = columns.iter().filter(|column| !column.partition).count();
        if schema.fields().len() != stored {
            return Err(refuse("they have different columns".to_owned()));
        }
        for column in columns.iter_mut() {
            if column.partition {
                if file.partition.iter().all(|(name, _)| *name != column.name) {
                    return Err(refuse(format!(
                        "only one has the partition `{}`",
                        column.name
                    )));
                }
                continue;
            }
            let Ok(root) = schema.index_of(&column.name) else {
                return Err(refuse(format!("only one has the column `{}`", column.name)));
            };
            let data_type = schema.field(root).data_type();
            let domain = Domain::of(data_type);
            let other = || refuse(format!("column `{}` is of another type", column.name));
            match (column.domain, domain) {
                (Some(Domain::Null), _) => {
                    (column.domain, column.data_type) = (domain, data_type.clone());
                }
                (_, Some(Domain::Null)) => {}
                (Some(Domain::Decimal(_)), Some(Domain::Decimal(_))) => {
                    let common = mixture::common_decimal(&column.data_type, data_type);
                    column.data_type = common.ok_or_else(other)?;
                    column.domain = Domain::of(&column.data_type);
                }
                (mine, theirs) if mine == theirs => {}
                _ => return Err(other()),
            }
            column.unit = column.unit.max(unit(data_type));
            column.nulls = add(column.nulls, file.nulls(root));
        }
    }
    Ok(columns)
}

fn add(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    Some(a? + b?)
}

impl InputFile {
    fn nulls(&self, root: usize) -> Option<u64> {
        let leaf = self.leaf(root)?;
        let row_groups = self.metadata.metadata().row_groups();
        row_groups
            .iter()
            .map(|row_group| row_group.column(leaf).statistics()?.null_count_opt())
            .sum()
    }
}

pub(super) fn unit(data_type: &DataType) -> Option<TimeUnit> {
    match data_type {
        DataType::Timestamp(unit, _)
        | DataType::Duration(unit)
        | DataType::Time32(unit)
        | DataType::Time64(unit) => Some(*unit),
        DataType::Date64 => Some(TimeUnit::Millisecond),
        DataType::Dictionary(_, values) => unit(values),
        _ => None,
    }
}

fn outline(schema: &Schema) -> String {
    let fields: Vec<_> = schema
        .fields()
        .iter()
        .map(|field| format!("{}: {}", field.name(), field.data_type()))
        .collect();
    fields.join(", ")
}
