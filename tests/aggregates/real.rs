//! The attacks on counts of real traces, aggregated here.
//!
//! The data may not be copied into the project, so these tests run where it lies beside the checkout, and say so where
//! it does not.

use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int64Type, TimestampMicrosecondType};
use h3o::{LatLng, Resolution};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use reidrisk::finding::Finding;
use reidrisk::report::Report;

use super::{ATTACKS, COUNTED, Case, HOUR, Row, find, published, recovered, value};

/// The traces of a file by the cells of H3, or `None`, said aloud, where it is not at hand.
fn traces(name: &str, subject: &str, resolution: Resolution) -> Option<Vec<Row>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    let Ok(file) = std::fs::File::open(&path) else {
        eprintln!("SKIPPED: the validation data is not beside the checkout ({name})");
        return None;
    };
    let mut rows = Vec::new();
    let mut names = std::collections::BTreeMap::new();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    for batch in reader.map(Result::unwrap) {
        let column = |name: &str| batch.column_by_name(name).unwrap().clone();
        let who: Vec<i64> = match column(subject).as_primitive_opt::<Int64Type>() {
            Some(numbers) => numbers.values().to_vec(),
            None => {
                let texts =
                    arrow::compute::cast(&column(subject), &arrow::datatypes::DataType::Utf8);
                let texts = texts.unwrap();
                let texts = texts.as_string::<i32>();
                let mut number = |text: &str| {
                    let next = names.len() as i64;
                    *names.entry(text.to_owned()).or_insert(next)
                };
                (0..texts.len()).map(|at| number(texts.value(at))).collect()
            }
        };
        let [latitude, longitude, at] = ["lat", "lon", "ts"].map(column);
        let latitude = latitude.as_primitive::<Float64Type>();
        let longitude = longitude.as_primitive::<Float64Type>();
        let at = at.as_primitive::<TimestampMicrosecondType>();
        for (row, who) in who.into_iter().enumerate() {
            let place = LatLng::new(latitude.value(row), longitude.value(row)).unwrap();
            let cell = u64::from(place.to_cell(resolution)) as i64;
            rows.push((who, at.value(row).div_euclid(1_000_000), cell, 1.0));
        }
    }
    Some(rows)
}

/// Attacks counts of real traces and prints what is found.
fn attacked(name: &str, rows: &[Row], how: &str, publish: impl Fn(u64) -> Option<f64>) -> Report {
    let cells = published(rows, publish);
    let how = format!("{COUNTED}\n{how}");
    let report = Case::new(rows, &cells, &how).audit("");
    for finding in &report.findings {
        let measures = ["membership-inference", "trajectory-recovery"];
        if measures.contains(&finding.measure.as_str()) {
            let names = finding.parameters.iter();
            let names: Vec<String> = names
                .map(|(name, value)| format!("{name} {value}"))
                .collect();
            let value = finding.value.map_or(f64::NAN, |value| value.as_f64());
            let interval = finding.interval.map_or(String::new(), |interval| {
                format!(" ({:.3} to {:.3})", interval.low, interval.high)
            });
            let baseline = finding.baseline.unwrap_or(0.0);
            let (id, names) = (finding.id(), names.join(", "));
            println!("{name}: {id} [{names}] {value:.3}{interval}, baseline {baseline:.3}");
        }
    }
    let explained = value(&report, "membership-inference.counts_explained", &[]);
    assert_eq!(explained, 1.0);
    documented(name, &report);
    report
}

/// The methodology says what is found here.
fn documented(name: &str, report: &Report) {
    let figure = |finding: &Finding| {
        let (value, interval) = (finding.value.unwrap().as_f64(), finding.interval.unwrap());
        format!("{value:.3} ({:.3}–{:.3})", interval.low, interval.high)
    };
    let has = |id: &str, row: &[&str]| {
        let mut docs = reidrisk::measure::docs();
        let table = docs.find(|doc| doc.id == id).unwrap().table.unwrap();
        assert!(table.has(row), "{id}: the methodology has no row {row:?}");
    };
    let advantage = find(report, "membership-inference.advantage_at_table", &[]);
    let [persons, attack] =
        ["group_size", "attack"].map(|name| advantage.parameters[name].to_string());
    has(
        "membership-inference",
        &[name, &persons, &attack, &figure(advantage)],
    );
    let of = |attack: &str| {
        let asked = [("attack", attack.into()), ("persons", 300.into())];
        find(report, "trajectory-recovery.accuracy", &asked)
    };
    let guessing = format!("{:.3}", of("ash").baseline.unwrap());
    let [ash, stay] = ["ash", "stay"].map(|attack| figure(of(attack)));
    has("trajectory-recovery", &[name, &ash, &stay, &guessing]);
}

/// The AUC of an attack from the smallest groups to the table.
fn areas(report: &Report, attack: &str) -> Vec<f64> {
    let has = |finding: &&Finding| {
        finding.id() == "membership-inference.auc"
            && finding.parameters["attack"].matches(&attack.into())
    };
    let areas = report.findings.iter().filter(has);
    areas
        .map(|finding| finding.value.unwrap().as_f64())
        .collect()
}

/// On the largest set of persons that was attacked: fewer tell too little of small differences.
fn beats_guessing(report: &Report) {
    for attack in ["ash", "stay"] {
        let of = |finding: &&Finding| {
            finding.id() == "trajectory-recovery.accuracy"
                && finding.parameters["attack"].matches(&attack.into())
        };
        let found = report.findings.iter().filter(of);
        let accuracy = found.max_by_key(|finding| finding.sample.unwrap().persons);
        let accuracy = accuracy.unwrap();
        let found = accuracy.interval.unwrap().low;
        assert!(found > accuracy.baseline.unwrap(), "{attack}: {accuracy:?}");
    }
}

/// The last days of traces, times in bins of so many hours.
fn last(mut rows: Vec<Row>, days: i64, hours: i64) -> Vec<Row> {
    let end = rows.iter().map(|row| row.1).max().unwrap();
    rows.retain(|row| row.1 > end - days * 24 * HOUR);
    let width = hours * HOUR;
    rows.iter_mut()
        .for_each(|row| row.1 = row.1.div_euclid(width) * width);
    rows
}

/// Everybody counted every hour, where they were seen last.
fn filled(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| (row.0, row.1));
    let end = rows.iter().map(|row| row.1).max().unwrap();
    let mut all = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let next = rows.get(at + 1).filter(|next| next.0 == row.0);
        let until = next.map_or(end + HOUR, |next| next.1).div_euclid(HOUR);
        // Of several places in an hour the last.
        all.extend((row.1.div_euclid(HOUR)..until).map(|hour| (row.0, hour * HOUR, row.2, 1.0)));
    }
    all
}

const CHECK_INS: (&str, &str) = ("foursquare_nyc.parquet", "user_id");
const TAXIS: (&str, &str) = ("cabspotting_events.parquet", "cab_id");

#[test]
fn check_ins_by_hour_and_neighbourhood() {
    if let Some(rows) = traces(CHECK_INS.0, CHECK_INS.1, Resolution::Seven) {
        let report = attacked("check-ins by hour", &rows, "", |n| Some(n as f64));
        // Everybody was somewhere where nobody else was.
        for attack in ATTACKS {
            assert!(
                areas(&report, attack).iter().all(|area| *area > 0.99),
                "{attack}"
            );
        }
        beats_guessing(&report);
    }
}

#[test]
fn check_ins_by_week_and_district_rounded() {
    if let Some(rows) = traces(CHECK_INS.0, CHECK_INS.1, Resolution::Five) {
        let rows = last(rows, 56, 168);
        let how = "rounding = 10\nabsent = \"suppressed\"";
        let publish = |n: u64| (n >= 20).then(|| (n as f64 / 10.0).round() * 10.0);
        let report = attacked("check-ins by week", &rows, how, publish);
        let at_table = find(&report, "membership-inference.advantage_at_table", &[]);
        assert!(at_table.interval.unwrap().high < 0.2);
        // Nobody is told apart in places that all share: nothing is found beyond guessing.
        let accuracy = recovered(&report, "accuracy", "ash");
        let above = accuracy.value.unwrap().as_f64() - accuracy.baseline.unwrap();
        assert!(above.abs() < 0.04, "{above}");
    }
}

#[test]
fn taxis_of_a_day_by_part_of_the_day() {
    if let Some(rows) = traces(TAXIS.0, TAXIS.1, Resolution::Six) {
        let report = attacked("taxis of a day", &last(rows, 1, 6), "", |n| Some(n as f64));
        for attack in ATTACKS {
            let areas = areas(&report, attack);
            assert!(
                areas.windows(2).all(|pair| pair[0] > pair[1] + 0.02),
                "{attack}: {areas:?}"
            );
            assert!(areas[0] > 0.75 && areas[areas.len() - 1] < 0.75);
        }
    }
}

#[test]
fn taxis_seen_every_hour() {
    if let Some(rows) = traces(TAXIS.0, TAXIS.1, Resolution::Seven) {
        let rows = filled(last(rows, 4, 1));
        let report = attacked("taxis every hour", &rows, "", |n| Some(n as f64));
        beats_guessing(&report);
        let accuracy = recovered(&report, "accuracy", "ash");
        let above = accuracy.value.unwrap().as_f64() - accuracy.baseline.unwrap();
        assert!(above > 0.1, "{above}");
    }
}
