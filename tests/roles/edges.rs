//! Values on the edges of bins lie in the bins that begin there, whatever type they are stored as.

use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Float32Array};

use super::{MARCH, audited, folder, instants, reals, texts, value};

/// One person at each place, over three days, and how many are alone with one point.
fn alone(latitudes: ArrayRef, longitudes: ArrayRef, step: &str) -> f64 {
    let rows = latitudes.len() as i64;
    let folder = folder(vec![
        ("who", texts((0..rows).map(|row| format!("p{row}")))),
        ("when", instants((0..rows).map(|_| MARCH + 9 * 3_600))),
        ("lat", latitudes),
        ("lon", longitudes),
    ]);
    let lines = format!(
        "kind = \"trace\"\nsubject = \"who\"\ntime = \"when\"\nplace = {{ latitude = \"lat\", longitude = \"lon\" }}\n\
         point = {{ time = \"1d\", place = \"{step}deg\" }}"
    );
    let report = audited(&folder, Some(&lines), &["unicity"]).unwrap();
    value(
        &report,
        "unicity",
        "share_unique",
        &[("points", "1"), ("method", "exact")],
    )
}

#[test]
fn rounded_coordinates_are_told_apart_by_a_grid_of_their_rounding() {
    // Each tenth from −60.0 to 60.0: a thousandth of them shares no cell with its neighbour.
    let tenths = || -600..=600i64;
    let latitudes = || tenths().map(|tenth| tenth as f64 / 10.0);
    let longitudes = || tenths().map(|tenth| (tenth * 2 + 1) as f64 / 10.0);
    assert_eq!(alone(reals(latitudes()), reals(longitudes()), "0.1"), 1.0);
    let single = |values: &mut dyn Iterator<Item = f64>| -> ArrayRef {
        Arc::new(Float32Array::from_iter_values(
            values.map(|value| value as f32),
        ))
    };
    assert_eq!(
        alone(single(&mut latitudes()), single(&mut longitudes()), "0.1"),
        1.0
    );
    let decimal = |values: &mut dyn Iterator<Item = i64>| -> ArrayRef {
        let array = Decimal128Array::from_iter_values(values.map(i128::from));
        Arc::new(array.with_precision_and_scale(8, 1).unwrap())
    };
    let odd = &mut tenths().map(|tenth| tenth * 2 + 1);
    assert_eq!(alone(decimal(&mut tenths()), decimal(odd), "0.1"), 1.0);
    // By two tenths two share a cell, but for the first and the last of an odd number.
    let pairs = alone(reals(latitudes()), reals(tenths().map(|_| 0.0)), "0.2");
    assert_eq!(pairs, 1.0 / 1_201.0);
}

#[test]
fn amounts_on_an_edge_lie_above_it() {
    // Prices in cents, each person another: bins of a tenth hold ten, also where they are negative.
    let cents = || -3_000..3_000i64;
    let types: [ArrayRef; 3] = [
        reals(cents().map(|cent| cent as f64 / 100.0)),
        Arc::new(Float32Array::from_iter_values(
            cents().map(|cent| cent as f32 / 100.0),
        )),
        Arc::new(
            Decimal128Array::from_iter_values(cents().map(i128::from))
                .with_precision_and_scale(30, 2)
                .unwrap(),
        ),
    ];
    for prices in types {
        let folder = folder(vec![
            ("who", texts(cents().map(|cent| format!("p{cent}")))),
            ("when", instants(cents().map(|_| MARCH))),
            ("price", prices),
        ]);
        for (bins, each) in [("0.1", 10.0), ("0.07", 7.0), ("0.01", 1.0)] {
            let lines = format!(
                "kind = \"trace\"\nsubject = \"who\"\ntime = \"when\"\namount = \"price\"\n\
                 point = {{ time = \"1d\", amount = {bins} }}"
            );
            let report = audited(&folder, Some(&lines), &["unicity"]).unwrap();
            let found = value(&report, "unicity", "median_candidates", &[("points", "1")]);
            assert_eq!(found, each, "{bins}");
        }
        let lines = "kind = \"trace\"\nsubject = \"who\"\ntime = \"when\"\namount = \"price\"\n\
                     point = { time = \"1d\", amount = [-0.3, 0.3, 0.35] }";
        let report = audited(&folder, Some(lines), &["unicity"]).unwrap();
        // Five cents from 0.30 to 0.34 are the smallest bin.
        let shares = value(
            &report,
            "unicity",
            "share_unique",
            &[("points", "1"), ("method", "exact")],
        );
        assert_eq!(shares, 0.0);
    }
}
