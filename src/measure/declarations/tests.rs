//! How often true descriptions are called false.

use super::counts::About;
use super::undeclared;
use crate::encode::flows::tests::table;
use crate::encode::flows::{Dimension, Flows};
use crate::release::counting::{Rounding, Small, Towards};
use crate::release::{Absent, Counting, Table};
use crate::stats::{Draws, Trial};

const AREAS: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
const SEXES: [&str; 4] = ["d", "f", "m", "x"];

/// Counts of areas by sex with a total, as many persons as it pleases.
fn persons(trial: &mut Trial, scale: f64) -> Vec<Vec<u64>> {
    let count = |trial: &mut Trial| (-scale * trial.uniform().max(1e-12).ln()) as u64;
    let area = |trial: &mut Trial| -> Vec<u64> {
        let mut counts: Vec<u64> = (0..3).map(|_| count(trial)).collect();
        counts.push(counts.iter().sum());
        counts
    };
    (0..12).map(|_| area(trial)).collect()
}

fn described(counting: Counting) -> Table {
    let text = "[[table]]\npath = \"t\"\nkind = \"flows\"\nplace = \"area\"\nquasi_identifiers = [\"sex\"]\ncount = \"n\"";
    let source = crate::error::Source {
        name: "m".into(),
        text: text.into(),
    };
    let release = crate::release::manifest::parse(source, std::path::Path::new(""), None).unwrap();
    let mut table = release.tables[0].clone();
    table.counting = counting;
    table
}

/// The counts made by one description and read by another; cells of nobody without a row.
fn made(
    trial: &mut Trial,
    counting: &Counting,
    said: &Counting,
    scale: f64,
    [is_named, has_totals]: [bool; 2],
) -> Flows {
    let persons = persons(trial, scale);
    let mut cells: Vec<([u32; 2], f64)> = Vec::new();
    for (area, counts) in persons.iter().enumerate() {
        for (sex, count) in counts.iter().enumerate() {
            if *count == 0 || sex == 3 && !has_totals {
                continue;
            }
            let width = counting.bounded_noise.unwrap_or(0.0);
            let noise = ((2.0 * width + 1.0) * trial.uniform()).floor() - width;
            let noisy = (*count as f64 + noise).max(0.0);
            let published = counting.publish(noisy, true, || trial.uniform());
            cells.push(([area as u32, sex as u32], published));
        }
    }
    let cells: Vec<(&[u32], f64)> = (cells.iter())
        .map(|(codes, count)| (codes.as_slice(), *count))
        .collect();
    let dimensions: [(&str, &[&str]); 2] = [("area", &AREAS), ("sex", &SEXES)];
    let mut flows = table(&dimensions, &cells, std::slice::from_ref(said));
    if is_named {
        let Dimension { name, values, .. } = flows.dimensions[1].clone();
        flows.dimensions[1] = Dimension::new(name, values, Some("x"), None).unwrap();
    }
    flows
}

fn descriptions() -> Vec<Counting> {
    let rounded = |to: f64, how, small| Counting {
        rounding: Some(Rounding { small, to, how }),
        ..Counting::default()
    };
    let small = Some(Small {
        below: 3.0,
        to: 0.0,
    });
    let zero = |counting: Counting| Counting {
        absent: Some(Absent::Zero),
        ..counting
    };
    let times = |factor: f64, counting: Counting| Counting {
        extrapolation: factor,
        ..counting
    };
    let noisy = |width: f64, counting: Counting| Counting {
        bounded_noise: Some(width),
        ..counting
    };
    vec![
        zero(Counting::default()),
        zero(rounded(5.0, Towards::Nearest, None)),
        zero(rounded(3.0, Towards::Down, None)),
        rounded(10.0, Towards::Up, None),
        rounded(5.0, Towards::Random, None),
        rounded(5.0, Towards::Nearest, small),
        times(2.8, Counting::default()),
        times(10.0, rounded(5.0, Towards::Nearest, None)),
        noisy(4.0, Counting::default()),
        noisy(2.0, rounded(3.0, Towards::Nearest, None)),
    ]
}

#[test]
fn true_descriptions_are_believed() {
    let draws = Draws::new(9, "declarations", "true");
    let descriptions = descriptions();
    for case in 0..4_000u64 {
        let counting = &descriptions[case as usize % descriptions.len()];
        let mut trial = draws.trial(case);
        let has_totals = case % 3 > 0;
        let scale = [3.0, 30.0, 300.0, 3_000.0][trial.below(4) as usize];
        let flows = made(&mut trial, counting, counting, scale, [has_totals; 2]);
        let about = About::new(&described(counting.clone()));
        let mut tested = about.counts(&flows);
        tested.extend(about.sums(&flows));
        tested.extend(undeclared::totals(&flows, None));
        let wrong: Vec<_> = tested.iter().filter(|tested| tested.is_false).collect();
        assert!(wrong.is_empty(), "case {case}: {counting:?} {wrong:?}");
    }
}

#[test]
fn planted_false_ones_are_found() {
    let draws = Draws::new(9, "declarations", "false");
    let descriptions = descriptions();
    let plain = Counting::default();
    let is_false = |flows: &Flows, said: &Counting, kind: &str| {
        let about = About::new(&described(said.clone()));
        let mut tested = about.counts(flows);
        tested.extend(about.sums(flows));
        tested.extend(undeclared::totals(flows, None));
        tested
            .iter()
            .any(|tested| tested.kind == kind && tested.is_false)
    };
    for case in 0..200u64 {
        let mut trial = draws.trial(case);
        let exact = made(&mut trial, &plain, &plain, 300.0, [true, true]);
        // Rounding that did not happen, was coarser, or is not told of.
        for rounding in descriptions.iter().filter(|said| said.rounding.is_some()) {
            if rounding.extrapolation > 1.0 || rounding.bounded_noise.is_some() {
                continue;
            }
            assert!(
                is_false(&exact, rounding, "rounding"),
                "{case} {rounding:?}"
            );
        }
        // A total that is not named.
        let unnamed = made(&mut trial, &plain, &plain, 300.0, [false, true]);
        assert!(is_false(&unnamed, &plain, "totals"), "{case}");
        // Another factor.
        let other = Counting {
            extrapolation: 3.1,
            ..plain.clone()
        };
        let times = made(&mut trial, &descriptions[6], &other, 300.0, [true, true]);
        assert!(is_false(&times, &other, "extrapolation"), "{case}");
    }
}
