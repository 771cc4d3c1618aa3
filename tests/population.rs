//! What samples say of populations that are known, of which samples are drawn.
//!
//! The figures stand in the documentation of the measures; this test repeats them. The data may not be
//! copied into the project, so it runs where it lies beside the checkout, and says so where it does not.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use reidrisk::stats::Draws;
use reidrisk::stats::copula::Copula;

#[path = "shared/estimators.rs"]
mod estimators;

use estimators::{Estimate, OF_ADULT, REPEATS, classes, populations, projected, read, summary};

/// All persons of Adult with six columns, or `None`, said aloud.
fn adult() -> Option<RecordBatch> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/adult.parquet");
    let all = read(&path);
    if all.is_none() {
        eprintln!("SKIPPED: the validation data is not beside the checkout (adult)");
    }
    Some(projected(&all?, &OF_ADULT))
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

/// Every estimate that `cargo run --release --example estimators` wrote, by population and percent.
fn kept() -> BTreeMap<(String, u64), Vec<(u64, Estimate)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/estimators.csv");
    let mut kept: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for line in std::fs::read_to_string(path).unwrap().lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let whole = |at: usize| cells[at].parse::<u64>().unwrap();
        let figure = |at: usize| cells[at].parse::<f64>().unwrap();
        let estimate = Estimate {
            statistic: cells[3].to_owned(),
            value: figure(4),
            low: figure(5),
            high: figure(6),
            truth: figure(7),
        };
        let of = kept.entry((cells[0].to_owned(), whole(1)));
        of.or_default().push((whole(2), estimate));
    }
    kept
}

/// What the methodology quotes is what was written.
#[test]
fn the_methodology_quotes_the_simulations() {
    let mut missing = Vec::new();
    let mut statistics = BTreeMap::new();
    for ((population, percent), estimates) in kept() {
        let mut of: BTreeMap<String, Vec<Estimate>> = BTreeMap::new();
        for (_, estimate) in estimates {
            of.entry(estimate.statistic.clone())
                .or_default()
                .push(estimate);
        }
        for (id, estimates) in of {
            let (measure, name) = id.split_once('.').unwrap();
            let name = name.strip_prefix("share_unique ").unwrap_or(name);
            let summary = summary(&estimates);
            let row = [
                population.clone(),
                format!("{percent} %"),
                name.to_owned(),
                format!("{:.2} ± {:.2}", summary.ratio.0, summary.ratio.1),
                format!("{}/{}", summary.held, summary.samples),
                format!("{:.3}", summary.width),
            ];
            *statistics.entry(measure.to_owned()).or_insert(0) += 1;
            expect(&mut missing, measure, &row.each_ref().map(String::as_str));
        }
    }
    assert!(missing.is_empty(), "not in the documentation: {missing:#?}");
    assert_eq!(statistics.len(), 4, "{statistics:?}");
}

/// What was written is what comes out: the first sample of each kind again.
#[test]
fn simulations_come_out_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let populations = match populations(&folder) {
        Ok(populations) => populations,
        Err(name) => {
            eprintln!("SKIPPED: the validation data is not beside the checkout ({name})");
            return;
        }
    };
    let kept = kept();
    for population in populations {
        let truth = population.truth();
        let percent = population.percent[0];
        let known = &kept[&(population.name.replace(',', ""), percent)];
        let last = known.iter().map(|(repeat, _)| *repeat).max();
        assert_eq!(last, Some(REPEATS - 1), "{}", population.name);
        let known = known.iter().filter(|(repeat, _)| *repeat == 0);
        let known: Vec<String> = known.map(|(_, estimate)| estimate.line()).collect();
        let again = population.estimates(percent, 0, &truth);
        let again: Vec<String> = again.iter().map(Estimate::line).collect();
        assert_eq!(again, known, "{}", population.name);
    }
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
        let values: Vec<Vec<&String>> = (0..OF_ADULT.len())
            .map(|at| {
                let all: std::collections::BTreeSet<&String> =
                    sample.keys().map(|key| &key[at]).collect();
                all.into_iter().collect()
            })
            .collect();
        let code = |at: usize, key: &[String]| values[at].binary_search(&&key[at]).unwrap() as u32;
        let codes: Vec<Vec<u32>> = (0..OF_ADULT.len())
            .map(|at| sample.keys().map(|key| code(at, key)).collect())
            .collect();
        let capacity: Vec<usize> = values.iter().map(Vec::len).collect();
        let counts: Vec<u64> = sample.values().copied().collect();
        let ordered = OF_ADULT.map(|name| name == "age");
        let copula = Copula::fit(&codes, &capacity, &counts, &ordered);
        let mut scored: Vec<(f64, bool)> = sample
            .iter()
            .filter(|(_, count)| **count == 1)
            .map(|(key, _)| {
                let codes: Vec<u32> = (0..OF_ADULT.len()).map(|at| code(at, key)).collect();
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
        let (percent, auc) = (format!("{percent} %"), format!("{auc:.2}"));
        let row = ["Adult 6 columns", &percent, "AUC", &auc, "–", "–"];
        expect(&mut missing, "copula-uniqueness", &row);
    }
    for (likelihood, unique, count) in bins {
        let (likelihood, unique) = (likelihood / count, unique / count);
        let figure = format!("{likelihood:.2}: {unique:.2}");
        let row = ["Adult 6 columns", "all", "calibration", &figure, "–", "–"];
        expect(&mut missing, "copula-uniqueness", &row);
    }
    assert!(missing.is_empty(), "not in the documentation: {missing:#?}");
}
