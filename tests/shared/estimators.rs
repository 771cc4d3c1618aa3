//! What estimators say of populations that are known: samples are drawn from real tables and audited as a release would
//! be, and what is said of the whole table is held against it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, UInt32Array};
use arrow::compute::{cast, concat_batches, take_record_batch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimestampMicrosecondType};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use reidrisk::audit::{Options, audit};
use reidrisk::finding::Finding;
use reidrisk::report::Report;
use reidrisk::stats::Draws;

/// Samples drawn of each population, for each share of it.
pub const REPEATS: u64 = 20;
/// Microseconds of an hour and of a day.
const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// A table whose persons are all there are.
pub struct Population {
    pub name: &'static str,
    pub rows: RecordBatch,
    /// The rows of each person.
    persons: Vec<Vec<u32>>,
    kind: Kind,
    /// Parts of it that samples are drawn of, in percent.
    pub percent: &'static [u64],
}

enum Kind {
    /// One row a person, of these quasi-identifiers.
    Attributes,
    /// Rows of a person that make points, and what the manifest says of the columns.
    Points(&'static str),
}

/// What was said of one sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    pub statistic: String,
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub truth: f64,
}

impl Estimate {
    fn new(statistic: String, finding: &Finding, truth: f64) -> Self {
        let interval = finding.interval;
        Self {
            statistic,
            value: finding.value.map_or(f64::NAN, |value| value.as_f64()),
            low: interval.map_or(f64::NAN, |interval| interval.low),
            high: interval.map_or(f64::NAN, |interval| interval.high),
            truth,
        }
    }

    pub fn holds(&self) -> bool {
        self.low <= self.truth && self.truth <= self.high
    }

    /// In the form in which it is kept: six digits.
    pub fn line(&self) -> String {
        let figures = [self.value, self.low, self.high, self.truth];
        let figures = figures.map(|figure| format!("{figure:.5e}")).join(",");
        format!("{},{figures}", self.statistic)
    }
}

/// All populations, or the name of the file that is not in the folder.
pub fn populations(folder: &Path) -> Result<Vec<Population>, String> {
    let [adult, check_ins, purchases, taxis, meters] = [
        "adult.parquet",
        "foursquare_nyc.parquet",
        "online_retail.parquet",
        "cabspotting_events.parquet",
        "lcl_smart_meter_2013_a.parquet",
    ]
    .map(|name| read(&folder.join(name)).ok_or_else(|| name.to_owned()));
    let (adult, check_ins, purchases, taxis, meters) =
        (adult?, check_ins?, purchases?, taxis?, meters?);
    let of_adult = |name, columns: &[&str]| attributes(name, projected(&adult, columns), &[5, 20]);
    Ok(vec![
        of_adult("Adult, 6 columns", &OF_ADULT),
        of_adult("Adult, 3 columns", &["age", "native-country", "occupation"]),
        of_adult(
            "Adult, 4 columns",
            &["age", "sex", "race", "marital-status"],
        ),
        attributes("customers", of_customers(&purchases), SMALL),
        attributes("visitors", of_visitors(&check_ins), SMALL),
        attributes("cabs", of_cabs(&taxis), SMALL),
        attributes("households by week", of_households(&meters), SMALL),
        points(
            "purchases",
            purchases,
            "customer_id",
            &[20],
            "time = \"ts\"\nitem = [\"item\"]\nignore = [\"quantity\", \"unit_price\", \"country\"]\n\
             point = { time = \"30d\", item = true }\nnull_subject = \"exclude\"\n",
        ),
        points(
            "check-ins",
            check_ins,
            "user_id",
            SMALL,
            "time = \"ts\"\nplace = { latitude = \"lat\", longitude = \"lon\" }\n\
             ignore = [\"venue_id\", \"category_id\"]\npoint = { time = \"7d\", place = \"0.05deg\" }\n",
        ),
        points(
            "taxis",
            taxis,
            "cab_id",
            SMALL,
            "time = \"ts\"\nplace = { latitude = \"lat\", longitude = \"lon\" }\nignore = [\"event\"]\n\
             point = { time = \"1d\", place = \"0.02deg\" }\n",
        ),
    ])
}

/// The columns of Adult that most is said of.
pub const OF_ADULT: [&str; 6] = [
    "age",
    "sex",
    "race",
    "marital-status",
    "education",
    "workclass",
];

pub fn projected(rows: &RecordBatch, columns: &[&str]) -> RecordBatch {
    let schema = rows.schema();
    let places = columns
        .iter()
        .map(|column| schema.index_of(column).unwrap());
    rows.project(&places.collect::<Vec<usize>>()).unwrap()
}

/// Of populations of a few hundred or thousand.
const SMALL: &[u64] = &[20, 50];

/// All of a table, or `None` where it is not there.
pub fn read(path: &Path) -> Option<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).ok()?);
    let batches = reader.unwrap().build().unwrap().map(Result::unwrap);
    let batches: Vec<RecordBatch> = batches.collect();
    Some(concat_batches(&batches[0].schema(), &batches).unwrap())
}

fn attributes(name: &'static str, rows: RecordBatch, percent: &'static [u64]) -> Population {
    Population {
        name,
        persons: (0..rows.num_rows() as u32).map(|row| vec![row]).collect(),
        rows,
        kind: Kind::Attributes,
        percent,
    }
}

fn points(
    name: &'static str,
    rows: RecordBatch,
    subject: &str,
    percent: &'static [u64],
    roles: &'static str,
) -> Population {
    let of = grouped(&rows, &[subject]);
    Population {
        name,
        persons: of.into_values().collect(),
        rows,
        kind: Kind::Points(roles),
        percent,
    }
}

fn texts(rows: &RecordBatch, column: &str) -> StringArray {
    let column = rows.column_by_name(column).unwrap();
    cast(column, &DataType::Utf8).unwrap().as_string().clone()
}

/// The rows with each combination of these columns, none of them null.
fn grouped(rows: &RecordBatch, columns: &[&str]) -> BTreeMap<Vec<String>, Vec<u32>> {
    let columns: Vec<StringArray> = columns.iter().map(|column| texts(rows, column)).collect();
    let mut groups: BTreeMap<Vec<String>, Vec<u32>> = BTreeMap::new();
    for row in 0..rows.num_rows() {
        if columns.iter().any(|column| column.is_null(row)) {
            continue;
        }
        let key = columns.iter().map(|column| column.value(row).to_owned());
        groups.entry(key.collect()).or_default().push(row as u32);
    }
    groups
}

fn times(rows: &RecordBatch) -> Vec<i64> {
    let times = rows.column_by_name("ts").unwrap();
    times
        .as_primitive::<TimestampMicrosecondType>()
        .values()
        .to_vec()
}

fn numbers(rows: &RecordBatch, column: &str) -> Vec<f64> {
    let column = cast(rows.column_by_name(column).unwrap(), &DataType::Float64).unwrap();
    column.as_primitive::<Float64Type>().values().to_vec()
}

/// The commonest of some values, the least of equally common ones.
fn commonest<T: Ord>(values: impl Iterator<Item = T>) -> T {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_insert(0u64) += 1;
    }
    let mut best = counts.into_iter().rev();
    let first = best.next().unwrap();
    let better = |best: (T, u64), next: (T, u64)| if next.1 >= best.1 { next } else { best };
    best.fold(first, better).0
}

/// Doublings of a number.
fn doublings(count: usize) -> i64 {
    i64::from(count.max(1).ilog2())
}

fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter(columns).unwrap()
}

fn whole(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

/// Country, the months of the first and last purchase, doublings of the number of articles.
fn of_customers(rows: &RecordBatch) -> RecordBatch {
    let (customers, at) = (grouped(rows, &["customer_id"]), times(rows));
    let country = texts(rows, "country");
    let each = || customers.values();
    let months = |of: fn(i64, i64) -> i64| {
        let month = |rows: &Vec<u32>| {
            let times = rows.iter().map(|row| at[*row as usize] / (30 * DAY));
            times.reduce(of).unwrap()
        };
        whole(each().map(month))
    };
    table(vec![
        (
            "country",
            Arc::new(StringArray::from_iter_values(
                each().map(|rows| country.value(rows[0] as usize)),
            )),
        ),
        ("first", months(i64::min)),
        ("last", months(i64::max)),
        ("articles", whole(each().map(|rows| doublings(rows.len())))),
    ])
}

fn cell(rows: &RecordBatch, step: f64) -> Vec<String> {
    let [lat, lon] = ["lat", "lon"].map(|column| numbers(rows, column));
    let places = lat.iter().zip(lon);
    places
        .map(|(lat, lon)| format!("{}/{}", (lat / step).floor(), (lon / step).floor()))
        .collect()
}

/// The commonest cell, category and hour, doublings of the number of check-ins.
fn of_visitors(rows: &RecordBatch) -> RecordBatch {
    let (visitors, at, cells) = (grouped(rows, &["user_id"]), times(rows), cell(rows, 0.05));
    let category = rows.column_by_name("category_id").unwrap();
    let category = cast(category, &DataType::Int64).unwrap();
    let category = category.as_primitive::<Int64Type>();
    let each = || visitors.values();
    let of = |value: &dyn Fn(usize) -> i64| {
        whole(each().map(|rows| commonest(rows.iter().map(|row| value(*row as usize)))))
    };
    let home = each().map(|rows| commonest(rows.iter().map(|row| &cells[*row as usize])));
    table(vec![
        ("home", Arc::new(StringArray::from_iter_values(home))),
        (
            "category",
            of(&|row| match category.is_null(row) {
                true => -1,
                false => category.value(row),
            }),
        ),
        ("hour", of(&|row| at[row] / HOUR % 24 / 3)),
        ("check_ins", whole(each().map(|rows| doublings(rows.len())))),
    ])
}

/// The commonest cell and hour, the day of the first fare, tens of fares.
fn of_cabs(rows: &RecordBatch) -> RecordBatch {
    let (cabs, at, cells) = (grouped(rows, &["cab_id"]), times(rows), cell(rows, 0.02));
    let each = || cabs.values();
    let place = each().map(|rows| commonest(rows.iter().map(|row| &cells[*row as usize])));
    let hour = |rows: &Vec<u32>| commonest(rows.iter().map(|row| at[*row as usize] / HOUR % 24));
    table(vec![
        ("place", Arc::new(StringArray::from_iter_values(place))),
        ("hour", whole(each().map(hour))),
        ("fares", whole(each().map(|rows| rows.len() as i64 / 500))),
    ])
}

/// A week of a household: its month, tens of kilowatt hours, the hour with most, and whether nights have a fifth.
fn of_households(rows: &RecordBatch) -> RecordBatch {
    let (at, used) = (times(rows), numbers(rows, "kwh"));
    let households = texts(rows, "household_id");
    let mut weeks: BTreeMap<(&str, i64), Vec<usize>> = BTreeMap::new();
    for (row, at) in at.iter().enumerate() {
        let week = at / (7 * DAY);
        weeks
            .entry((households.value(row), week))
            .or_default()
            .push(row);
    }
    let [mut month, mut tens, mut peak, mut nightly] = [const { Vec::new() }; 4];
    for ((_, week), rows) in &weeks {
        let sum = |is_of: &dyn Fn(i64) -> bool| -> f64 {
            let rows = rows.iter().filter(|row| is_of(at[**row] / HOUR % 24));
            rows.map(|row| used[*row])
                .filter(|used| used.is_finite())
                .sum()
        };
        let all = sum(&|_| true);
        let by_hour = (0..24).map(|hour| sum(&|at| at == hour));
        let most = by_hour.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        month.push(week / 4);
        tens.push((all / 10.0) as i64);
        peak.push(most.unwrap().0 as i64);
        nightly.push(i64::from(sum(&|hour| hour < 6) > 0.2 * all));
    }
    table(vec![
        ("month", whole(month)),
        ("tens", whole(tens)),
        ("peak", whole(peak)),
        ("nightly", whole(nightly)),
    ])
}

impl Population {
    /// How many persons a sample of so many percent has.
    fn drawn(&self, percent: u64) -> usize {
        self.persons.len() * percent as usize / 100
    }

    fn sample(&self, percent: u64, repeat: u64) -> RecordBatch {
        let draws = Draws::new(percent, "estimators", self.name);
        let all = self.persons.len() as u64;
        let chosen = draws.trial(repeat).subset(self.drawn(percent), all);
        let rows = chosen
            .iter()
            .flat_map(|person| &self.persons[*person as usize]);
        let rows = UInt32Array::from_iter_values(rows.copied());
        take_record_batch(&self.rows, &rows).unwrap()
    }

    fn audited(&self, population: Option<usize>, folder: &Path, rows: &RecordBatch) -> Report {
        let file = File::create(folder.join("t.parquet")).unwrap();
        let mut writer = ArrowWriter::try_new(file, rows.schema(), None).unwrap();
        writer.write(rows).unwrap();
        writer.close().unwrap();
        let population = population.map_or(String::new(), |n| format!("population = {n}\n"));
        let head =
            format!("[release]\n{population}[[table]]\nname = \"t\"\npath = \"t.parquet\"\n");
        let schema = rows.schema();
        let columns: Vec<&String> = schema.fields().iter().map(|field| field.name()).collect();
        let (text, measures): (_, &[&str]) = match self.kind {
            Kind::Attributes => (
                format!("{head}kind = \"microdata\"\nquasi_identifiers = {columns:?}\n"),
                &["population-uniqueness", "copula-uniqueness", "scaling-law"],
            ),
            Kind::Points(roles) => (
                format!(
                    "{head}kind = \"trace\"\nsubject = {:?}\n{roles}[measure.unicity]\npoints = {POINTS:?}\n\
                     [measure.unicity-population]\npoints = {POINTS:?}\n",
                    columns[0]
                ),
                &["unicity", "unicity-population"],
            ),
        };
        let manifest = folder.join("release.toml");
        std::fs::write(&manifest, text).unwrap();
        let options = Options {
            paths: vec![manifest],
            policy: "exploratory".to_owned(),
            only: measures.iter().map(|id| (*id).to_owned()).collect(),
            ..Options::default()
        };
        audit(&options, &()).unwrap()
    }

    /// What is true of the population, from all of it.
    pub fn truth(&self) -> Truth {
        match self.kind {
            Kind::Attributes => Truth::Classes(classes(&self.rows)),
            Kind::Points(_) => {
                let folder = tempfile::tempdir().unwrap();
                let all: Vec<u32> = self.persons.iter().flatten().copied().collect();
                let all = take_record_batch(&self.rows, &UInt32Array::from(all)).unwrap();
                let report = self.audited(None, folder.path(), &all);
                let of = |points: &u64| {
                    let is_of = |finding: &&Finding| {
                        finding.id() == "unicity.share_unique"
                            && finding.parameters["points"].to_string() == points.to_string()
                    };
                    let found = report.findings.iter().find(is_of).unwrap();
                    (*points, found.value.unwrap().as_f64())
                };
                Truth::Unicity(POINTS.iter().map(of).collect())
            }
        }
    }

    /// What is said of it from one sample.
    pub fn estimates(&self, percent: u64, repeat: u64, truth: &Truth) -> Vec<Estimate> {
        let sample = self.sample(percent, repeat);
        let folder = tempfile::tempdir().unwrap();
        let report = self.audited(Some(self.persons.len()), folder.path(), &sample);
        let all = self.persons.len() as f64;
        let text = |finding: &Finding, name: &str| match finding.parameters.get(name) {
            Some(value) => value.to_string(),
            None => String::new(),
        };
        let of = |finding: &Finding| {
            let id = finding.id();
            let (statistic, truth) = match (truth, id.as_str()) {
                (Truth::Classes(sizes), "population-uniqueness.share_unique") => {
                    let alone = sizes.values().filter(|size| **size == 1).count() as f64;
                    (format!("{id} {}", text(finding, "estimator")), alone / all)
                }
                (Truth::Classes(sizes), "scaling-law.correctness") => {
                    (id, sizes.len() as f64 / all)
                }
                (Truth::Classes(sizes), "scaling-law.uniqueness") => {
                    let alone = sizes.values().filter(|size| **size == 1).count() as f64;
                    (id, alone / all)
                }
                (Truth::Classes(sizes), id)
                    if ["mean_uniqueness", "mean_correctness"]
                        .map(|name| format!("copula-uniqueness.{name}"))
                        .contains(&id.to_owned()) =>
                {
                    let few = classes(&sample);
                    let alone = few.iter().filter(|(_, size)| **size == 1);
                    let sizes: Vec<f64> = alone.map(|(key, _)| sizes[key] as f64).collect();
                    let of = |size: &f64| match id.ends_with("uniqueness") {
                        true => f64::from(u8::from(*size == 1.0)),
                        false => 1.0 / size,
                    };
                    (
                        id.to_owned(),
                        sizes.iter().map(of).sum::<f64>() / sizes.len() as f64,
                    )
                }
                (Truth::Unicity(known), "unicity-population.share_unique") => {
                    let points = text(finding, "points");
                    let truth = known[&points.parse::<u64>().unwrap()];
                    (format!("{id} {points}"), truth)
                }
                _ => return None,
            };
            Some(Estimate::new(statistic, finding, truth))
        };
        report.findings.iter().filter_map(of).collect()
    }
}

/// Points that the adversary knows.
const POINTS: [u64; 2] = [2, 4];

pub enum Truth {
    /// Persons with each combination.
    Classes(BTreeMap<Vec<String>, u64>),
    /// Unicity by the number of points.
    Unicity(BTreeMap<u64, f64>),
}

/// The persons with each combination of the columns.
pub fn classes(rows: &RecordBatch) -> BTreeMap<Vec<String>, u64> {
    let columns = rows.columns().iter();
    let columns: Vec<StringArray> = columns
        .map(|column| cast(column, &DataType::Utf8).unwrap().as_string().clone())
        .collect();
    let mut sizes = BTreeMap::new();
    for row in 0..rows.num_rows() {
        let key = columns.iter().map(|column| column.value(row).to_owned());
        *sizes.entry(key.collect()).or_insert(0) += 1;
    }
    sizes
}

/// Estimates of one statistic from all samples of a kind.
pub struct Summary {
    pub samples: usize,
    /// Estimate over truth: mean and standard deviation.
    pub ratio: (f64, f64),
    pub held: usize,
    /// The median width of the intervals.
    pub width: f64,
}

pub fn summary(estimates: &[Estimate]) -> Summary {
    let n = estimates.len() as f64;
    let ratios: Vec<f64> = (estimates.iter())
        .map(|estimate| estimate.value / estimate.truth)
        .collect();
    let mean = ratios.iter().sum::<f64>() / n;
    let squares: f64 = ratios.iter().map(|ratio| (ratio - mean).powi(2)).sum();
    let widths = estimates
        .iter()
        .map(|estimate| estimate.high - estimate.low);
    let mut widths: Vec<f64> = widths.collect();
    widths.sort_by(f64::total_cmp);
    Summary {
        samples: estimates.len(),
        ratio: (mean, (squares / n).sqrt()),
        held: estimates.iter().filter(|estimate| estimate.holds()).count(),
        width: widths[widths.len() / 2],
    }
}
