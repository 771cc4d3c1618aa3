//! What samples say of a population that is known: Adult, of which samples are drawn.
//!
//! The figures stand in the documentation of the measures; this test repeats them. The data may not be
//! copied into the project, so it runs where it lies beside the checkout, and says so where it does not.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::{AsArray, RecordBatch, UInt32Array};
use arrow::compute::{cast, concat_batches, take_record_batch};
use arrow::datatypes::DataType;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use reidrisk::audit::{Options, audit};
use reidrisk::finding::Finding;
use reidrisk::report::Report;
use reidrisk::stats::Draws;
use reidrisk::stats::copula::Copula;

const COLUMNS: [&str; 6] = [
    "age",
    "sex",
    "race",
    "marital-status",
    "education",
    "workclass",
];
const SAMPLES: u64 = 20;

/// All persons with these columns, or `None`, said aloud.
fn adult() -> Option<RecordBatch> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/adult.parquet");
    let Ok(file) = std::fs::File::open(path) else {
        eprintln!("SKIPPED: the validation data is not beside the checkout (adult)");
        return None;
    };
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    let all = concat_batches(&batches[0].schema(), &batches).unwrap();
    let places: Vec<usize> = COLUMNS
        .iter()
        .map(|name| all.schema().index_of(name).unwrap())
        .collect();
    Some(all.project(&places).unwrap())
}

/// The persons with each combination of the columns.
fn classes(all: &RecordBatch) -> BTreeMap<Vec<String>, u64> {
    let columns: Vec<_> = all
        .columns()
        .iter()
        .map(|column| cast(column, &DataType::Utf8).unwrap())
        .collect();
    let mut classes = BTreeMap::new();
    for row in 0..all.num_rows() {
        let cells = columns
            .iter()
            .map(|column| column.as_string::<i32>().value(row).to_owned());
        *classes.entry(cells.collect()).or_insert(0) += 1;
    }
    classes
}

fn audited(folder: &Path, sample: &RecordBatch, population: usize) -> Report {
    let path = folder.join("t.parquet");
    let mut writer =
        ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), sample.schema(), None).unwrap();
    writer.write(sample).unwrap();
    writer.close().unwrap();
    let manifest = folder.join("release.toml");
    let text = format!(
        "[release]\npopulation = {population}\n[[table]]\npath = \"t.parquet\"\nkind = \"microdata\"\n\
         quasi_identifiers = {COLUMNS:?}\n"
    );
    std::fs::write(&manifest, text).unwrap();
    let measures = ["population-uniqueness", "copula-uniqueness", "scaling-law"];
    let options = Options {
        paths: vec![manifest],
        policy: "exploratory".to_owned(),
        only: measures.map(str::to_owned).to_vec(),
        ..Options::default()
    };
    audit(&options, &()).unwrap()
}

/// Estimates against a truth: their ratio to it, and whether the interval holds it.
#[derive(Default)]
struct Held {
    ratios: Vec<f64>,
    covered: usize,
}

impl Held {
    fn add(&mut self, finding: &Finding, truth: f64) {
        let value = finding.value.unwrap().as_f64();
        self.ratios.push(value / truth);
        let holds = finding
            .interval
            .is_some_and(|i| i.low <= truth && truth <= i.high);
        self.covered += usize::from(holds);
    }

    /// Mean and deviation of the ratio, and how many intervals hold the truth.
    fn figures(&self) -> (String, String) {
        let n = self.ratios.len() as f64;
        let mean = self.ratios.iter().sum::<f64>() / n;
        let squares: f64 = self.ratios.iter().map(|ratio| (ratio - mean).powi(2)).sum();
        assert_eq!(self.ratios.len() as u64, SAMPLES, "all were measured");
        let figure = format!("{mean:.2} ± {:.2}", (squares / n).sqrt());
        (figure, self.covered.to_string())
    }
}

/// Notes the row if the documentation of a measure does not have it.
fn expect(missing: &mut Vec<String>, measure: &str, row: &[&str]) {
    let doc = reidrisk::measure::docs()
        .find(|doc| doc.id == measure)
        .unwrap();
    if !doc.table.unwrap().has(row) {
        missing.push(format!("{measure}: {row:?}"));
    }
}

#[test]
fn estimates_from_samples_of_adult() {
    let Some(all) = adult() else { return };
    let persons = all.num_rows();
    let truth = classes(&all);
    let uniques = truth.values().filter(|size| **size == 1).count() as f64;
    let correctness = truth.len() as f64 / persons as f64;
    let draws = Draws::new(1, "population-test", "adult");
    let folder = tempfile::tempdir().unwrap();
    let mut missing = Vec::new();
    for (case, (percent, size)) in [("5 %", 1_508), ("20 %", 6_032)].into_iter().enumerate() {
        let mut held: BTreeMap<&str, Held> = BTreeMap::new();
        for repeat in 0..SAMPLES {
            let chosen = draws
                .trial(case as u64 * SAMPLES + repeat)
                .subset(size, persons as u64);
            let places = UInt32Array::from_iter_values(chosen.iter().map(|at| *at as u32));
            let sample = take_record_batch(&all, &places).unwrap();
            let alone: Vec<_> = classes(&sample)
                .into_iter()
                .filter(|(_, n)| *n == 1)
                .collect();
            let alone_in_all = alone.iter().filter(|(key, _)| truth[key] == 1).count() as f64;
            let report = audited(folder.path(), &sample, persons);
            for finding in &report.findings {
                let estimator = finding.parameters.get("estimator").map(ToString::to_string);
                let (name, truth) = match (finding.id().as_str(), estimator.as_deref()) {
                    ("population-uniqueness.unique_persons", Some("pitman")) => ("pitman", uniques),
                    ("population-uniqueness.unique_persons", Some("zayatz")) => ("zayatz", uniques),
                    ("population-uniqueness.unique_persons", Some("snb")) => ("snb", uniques),
                    ("population-uniqueness.unique_persons", Some("dankar")) => ("dankar", uniques),
                    ("population-uniqueness.unique_persons", Some(_)) => ("log-linear", uniques),
                    ("copula-uniqueness.mean_uniqueness", _) => {
                        ("likelihood", alone_in_all / alone.len() as f64)
                    }
                    ("scaling-law.correctness", _) => ("correctness", correctness),
                    ("scaling-law.uniqueness", _) => ("uniqueness", uniques / persons as f64),
                    _ => continue,
                };
                held.entry(name).or_default().add(finding, truth);
            }
        }
        for (name, held) in &held {
            let (figure, covered) = held.figures();
            match *name {
                "likelihood" => {
                    expect(
                        &mut missing,
                        "copula-uniqueness",
                        &["mean", percent, &figure],
                    );
                }
                "correctness" | "uniqueness" => expect(
                    &mut missing,
                    "scaling-law",
                    &["Adult", percent, name, &figure, &covered],
                ),
                _ => expect(
                    &mut missing,
                    "population-uniqueness",
                    &["Adult", percent, name, &figure, &covered],
                ),
            }
        }
    }
    assert!(missing.is_empty(), "not in the documentation: {missing:#?}");
}

/// How well the likelihood tells those of the sample's uniques who are unique in the population, and
/// how it is calibrated.
#[test]
fn likelihood_of_uniqueness_in_adult() {
    let Some(all) = adult() else { return };
    let persons = all.num_rows();
    let truth = classes(&all);
    let mut missing = Vec::new();
    let mut bins = vec![(0.0, 0.0, 0.0); 5];
    let draws = Draws::new(2, "population-test", "adult");
    for (trial, (percent, size)) in [(1, 302), (5, 1_508), (10, 3_016), (33, 10_054)]
        .into_iter()
        .enumerate()
    {
        let chosen = draws.trial(trial as u64).subset(size, persons as u64);
        let places = UInt32Array::from_iter_values(chosen.iter().map(|at| *at as u32));
        let sample = classes(&take_record_batch(&all, &places).unwrap());
        let values: Vec<Vec<&String>> = (0..COLUMNS.len())
            .map(|at| {
                let all: std::collections::BTreeSet<&String> =
                    sample.keys().map(|key| &key[at]).collect();
                all.into_iter().collect()
            })
            .collect();
        let code = |at: usize, key: &[String]| values[at].binary_search(&&key[at]).unwrap() as u32;
        let codes: Vec<Vec<u32>> = (0..COLUMNS.len())
            .map(|at| sample.keys().map(|key| code(at, key)).collect())
            .collect();
        let capacity: Vec<usize> = values.iter().map(Vec::len).collect();
        let counts: Vec<u64> = sample.values().copied().collect();
        let ordered = COLUMNS.map(|name| name == "age");
        let copula = Copula::fit(&codes, &capacity, &counts, &ordered);
        let mut scored: Vec<(f64, bool)> = sample
            .iter()
            .filter(|(_, count)| **count == 1)
            .map(|(key, _)| {
                let codes: Vec<u32> = (0..COLUMNS.len()).map(|at| code(at, key)).collect();
                let likelihood = (1.0 - copula.mass(&codes)).powf(persons as f64 - 1.0);
                (likelihood, truth[key] == 1)
            })
            .collect();
        scored.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut others, mut ahead) = (0.0, 0.0);
        for (likelihood, unique) in &scored {
            match unique {
                true => ahead += others,
                false => others += 1.0,
            }
            let bin = &mut bins[((likelihood * 5.0) as usize).min(4)];
            *bin = (bin.0 + likelihood, bin.1 + f64::from(*unique), bin.2 + 1.0);
        }
        let auc = ahead / others / (scored.len() as f64 - others);
        let row = ["AUC", &format!("{percent} %"), &format!("{auc:.2}")];
        expect(&mut missing, "copula-uniqueness", &row);
    }
    for (likelihood, unique, count) in bins {
        let (likelihood, unique) = (likelihood / count, unique / count);
        let row = [
            "calibration",
            &format!("{likelihood:.2}"),
            &format!("{unique:.2}"),
        ];
        expect(&mut missing, "copula-uniqueness", &row);
    }
    assert!(missing.is_empty(), "not in the documentation: {missing:#?}");
}
