//! What the estimators of this program say of populations that are known, from samples of them: bias, coverage and
//! width of every one.
//!
//! `cargo run --release --example estimators FOLDER` draws 20 samples of each part of each population from the real
//! tables in the folder, audits each as a release would be, prints a line for each statistic, and writes every estimate
//! to `reports/estimators.csv`, which the tests hold the methodology to.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

#[path = "../../tests/shared/estimators.rs"]
mod estimators;

use estimators::{Estimate, REPEATS, populations, summary};

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: estimators FOLDER, with the tables that the documentation names");
        return ExitCode::from(2);
    };
    let only = std::env::args().nth(2);
    let populations = match populations(Path::new(&folder)) {
        Ok(populations) => populations,
        Err(name) => {
            eprintln!("{name} is not in {folder}");
            return ExitCode::from(3);
        }
    };
    let mut lines = "population,percent,repeat,statistic,value,low,high,truth\n".to_owned();
    println!(
        "population, percent, statistic: estimate/truth, intervals that hold the truth, median width"
    );
    let is_asked = |name: &str| only.as_deref().is_none_or(|only| name.starts_with(only));
    for population in populations
        .iter()
        .filter(|population| is_asked(population.name))
    {
        let truth = population.truth();
        for percent in population.percent {
            let mut of: BTreeMap<String, Vec<Estimate>> = BTreeMap::new();
            for repeat in 0..REPEATS {
                for estimate in population.estimates(*percent, repeat, &truth) {
                    let name = population.name.replace(',', "");
                    let _ = writeln!(lines, "{name},{percent},{repeat},{}", estimate.line());
                    of.entry(estimate.statistic.clone())
                        .or_default()
                        .push(estimate);
                }
            }
            for (statistic, estimates) in &of {
                let summary = summary(estimates);
                println!(
                    "{}, {percent} %, {statistic}: {:.2} ± {:.2}, {} of {}, {:.3} (truth {:.3})",
                    population.name,
                    summary.ratio.0,
                    summary.ratio.1,
                    summary.held,
                    summary.samples,
                    summary.width,
                    estimates[0].truth,
                );
            }
        }
    }
    if only.is_none() {
        std::fs::write("reports/estimators.csv", lines)
            .expect("the folder of reports can be written to");
    }
    ExitCode::SUCCESS
}
