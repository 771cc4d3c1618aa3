//! A generated operator of 45 million subscribers, scaled down by a thousand: unicity as the literature has
//! it, and foretold for all from a twentieth of them.
//!
//! Scaled down are the persons and the antennas alike, so that an antenna serves as many of them in an hour
//! as in the published data (1.5 million persons, 6,500 antennas, 114 points a person and month): what others
//! share a point with depends on that and not on how many there are in all.

#[path = "shared/parquet.rs"]
mod parquet_file;

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, TimestampSecondArray, UInt32Array};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use reidrisk::audit::{Options, audit};
use reidrisk::measure;
use reidrisk::report::Report;

const SCALE: usize = 1_000;
const PERSONS: usize = 45_000_000 / SCALE;
/// Antennas stand in a square of so many by so many.
const SIDE: usize = 14;
const DAYS: i64 = 30;
const POINTS: f64 = 114.0;

struct Chance(ChaCha8Rng);

impl Chance {
    fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn pick(&mut self, weights: &[f64]) -> usize {
        let mut at = self.uniform() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            at -= weight;
            if at < 0.0 {
                return place;
            }
        }
        weights.len() - 1
    }
}

/// How many calls are made in each hour of the day.
const CALLS: [f64; 24] = [
    2., 1., 1., 1., 1., 2., 5., 10., 16., 19., 21., 22., 22., 21., 20., 21., 22., 23., 23., 20.,
    16., 11., 7., 4.,
];

/// One person's month: (second, antenna).
///
/// Exploration and preferential return (C. Song, T. Koren, P. Wang, A.-L. Barabási, Modelling the scaling
/// properties of human mobility, Nature Physics 6, 2010: ρ = 0.6, γ = 0.21), with nights at home and office
/// hours at work; new places are near, by the power of their distance.
fn month(person: usize, popular: &[f64]) -> Vec<(i64, usize)> {
    let mut chance = Chance(ChaCha8Rng::seed_from_u64(person as u64));
    let near = |from: usize| -> Vec<f64> {
        let at = |antenna: usize| ((antenna / SIDE) as f64, (antenna % SIDE) as f64);
        let (y, x) = at(from);
        let weight = |antenna: usize| {
            let (other_y, other_x) = at(antenna);
            let distance = (y - other_y).hypot(x - other_x);
            popular[antenna] / (distance + 1.0).powf(1.55)
        };
        (0..SIDE * SIDE).map(weight).collect()
    };
    let home = chance.pick(popular);
    let around = near(home);
    let work = chance.pick(&around);
    // Some call much, most call little.
    let normal: f64 = (0..12).map(|_| chance.uniform()).sum::<f64>() - 6.0;
    let points = (POINTS * (0.6 * normal - 0.18).exp()).round().max(4.0) as usize;
    let mut visits: Vec<(usize, f64)> = vec![(home, 3.0), (work, 2.0)];
    let mut moments: Vec<i64> = (0..points)
        .map(|_| {
            let day = (chance.uniform() * DAYS as f64) as i64;
            let hour = chance.pick(&CALLS) as i64;
            day * 86_400 + hour * 3_600 + (chance.uniform() * 3_600.0) as i64
        })
        .collect();
    moments.sort_unstable();
    let mut month = Vec::with_capacity(points);
    for second in moments {
        let (day, hour) = (second / 86_400, second % 86_400 / 3_600);
        let habit = match hour {
            22.. | 0..7 if chance.uniform() < 0.85 => Some(home),
            9..17 if day % 7 < 5 && chance.uniform() < 0.6 => Some(work),
            _ => None,
        };
        let antenna = habit.unwrap_or_else(|| {
            let known = visits.len() as f64;
            if chance.uniform() < 0.6 * known.powf(-0.21) {
                chance.pick(&around)
            } else {
                let weights: Vec<f64> = visits.iter().map(|(_, weight)| *weight).collect();
                visits[chance.pick(&weights)].0
            }
        });
        match visits.iter_mut().find(|(place, _)| *place == antenna) {
            Some((_, count)) => *count += 1.0,
            None => visits.push((antenna, 1.0)),
        }
        month.push((second, antenna));
    }
    month
}

fn write(path: &Path, persons: impl Iterator<Item = usize>) {
    // Towns and country: some antennas serve many.
    let popular: Vec<f64> = (0..SIDE * SIDE)
        .map(|at| 1.0 / (1 + at * 37 % 196) as f64)
        .collect();
    let popular: Vec<f64> = popular.iter().map(|weight| weight.powf(0.5)).collect();
    let (mut who, mut when, mut latitude, mut longitude) = (vec![], vec![], vec![], vec![]);
    for person in persons {
        for (second, antenna) in month(person, &popular) {
            who.push(person as u32);
            when.push(1_769_990_400 + second);
            latitude.push(50.005 + (antenna / SIDE) as f64 * 0.01);
            longitude.push(10.005 + (antenna % SIDE) as f64 * 0.01);
        }
    }
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("who", Arc::new(UInt32Array::from(who))),
        (
            "when",
            Arc::new(TimestampSecondArray::from(when).with_timezone("UTC")),
        ),
        ("latitude", Arc::new(Float64Array::from(latitude))),
        ("longitude", Arc::new(Float64Array::from(longitude))),
    ];
    parquet_file::write(path, columns);
}

fn audited(persons: impl Iterator<Item = usize>) -> Report {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("traces.parquet"), persons);
    let manifest = folder.path().join("release.toml");
    let text = format!(
        "[release]\npopulation = {PERSONS}\n[[table]]\npath = \"traces.parquet\"\nkind = \"trace\"\nsubject = \"who\"\n\
         time = \"when\"\nplace = {{ latitude = \"latitude\", longitude = \"longitude\" }}\n\
         point = {{ time = \"1h\", place = \"0.01deg\" }}\n"
    );
    std::fs::write(&manifest, text).unwrap();
    let options = Options {
        paths: vec![manifest],
        policy: "exploratory".to_owned(),
        only: ["unicity", "unicity-population", "unicity-resolution"]
            .map(str::to_owned)
            .to_vec(),
        ..Options::default()
    };
    audit(&options, &())
        .map_err(|error| format!("{error:?}"))
        .unwrap()
}

fn value(report: &Report, id: &str, parameters: &[(&str, &str)]) -> f64 {
    let has = |finding: &&reidrisk::finding::Finding| {
        let parameter = |name: &str| finding.parameters.get(name).map(ToString::to_string);
        finding.id() == id
            && !finding.parameters.contains_key("noise")
            && parameters
                .iter()
                .all(|(name, value)| parameter(name).as_deref() == Some(*value))
    };
    let found = report.findings.iter().find(has).unwrap();
    found.value.unwrap().as_f64()
}

/// A figure as the methodology states it: where the two differ, one of them must be changed.
fn stands(id: &str, row: &[&str]) {
    let doc = measure::docs().find(|doc| doc.id == id).unwrap();
    let table = doc.table.unwrap();
    assert!(table.has(row), "{id}: the methodology has no row {row:?}");
}

#[test]
fn unicity_is_as_the_literature_has_it() {
    let all = audited(0..PERSONS);
    let unicity = |report: &Report, p: &str| {
        value(
            report,
            "unicity.share_unique",
            &[("points", p), ("method", "sampled")],
        )
    };
    for (p, published) in [
        ("1", "–"),
        ("2", "> 0.50"),
        ("3", "–"),
        ("4", "0.95"),
        ("5", "–"),
        ("8", "–"),
        ("10", "–"),
    ] {
        stands(
            "unicity",
            &[p, published, &format!("{:.3}", unicity(&all, p))],
        );
    }
    let exponent = value(&all, "unicity-resolution.decay_exponent", &[]);
    let misfit = value(&all, "unicity-resolution.decay_misfit", &[]);
    stands(
        "unicity-resolution",
        &[
            "exponent",
            "0.1",
            &format!("{exponent:.3} (misfit {misfit:.3})"),
        ],
    );
    // Every twentieth person: what does it say of all?
    let part = audited((0..PERSONS).step_by(20));
    let estimate = |f: &&reidrisk::finding::Finding| f.id() == "unicity-population.share_unique";
    let estimate = part.findings.iter().find(estimate).unwrap();
    let interval = estimate.interval.unwrap();
    let truth = unicity(&all, "4");
    let ratio = estimate.value.unwrap().as_f64() / truth;
    let held = u8::from(interval.low <= truth && truth <= interval.high);
    stands(
        "unicity-population",
        &[
            "generated operator",
            "5 %",
            "4",
            &format!("{ratio:.2}"),
            &format!("{held}/1"),
            &format!("{:.3}", interval.high - interval.low),
        ],
    );
}
