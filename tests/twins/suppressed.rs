//! An attack on tables whose cells were suppressed: the adversary knows the table as it was and holds it against what
//! was published.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};
use reidrisk::stats::Draws;

use super::{audited, value, write};

const TABLE: &str = "kind = \"microdata\"\nsubject = \"who\"\nnulls = \"wildcard\"\n\
                     quasi_identifiers = [\"a\", \"b\", \"c\"]";

type Cells = [Option<i64>; 3];

fn posterior(rows: &[Cells]) -> (f64, f64) {
    let folder = tempfile::tempdir().unwrap();
    let column =
        |at: usize| -> ArrayRef { Arc::new(Int64Array::from_iter(rows.iter().map(|row| row[at]))) };
    let who = Int64Array::from_iter_values(0..rows.len() as i64);
    let columns: [(&str, ArrayRef); 4] = [
        ("who", Arc::new(who)),
        ("a", column(0)),
        ("b", column(1)),
        ("c", column(2)),
    ];
    write(&folder.path().join("t.parquet"), &columns, 1_000);
    let report = audited(folder.path(), TABLE);
    let found = |name| value(&report, "re-identification-risk", name, &[]).unwrap();
    (found("posterior_max"), found("posterior_mean"))
}

fn fits(record: &Cells, values: &[i64; 3]) -> bool {
    let mut pairs = record.iter().zip(values);
    pairs.all(|(cell, value)| cell.is_none_or(|cell| cell == *value))
}

/// How probable it is that the adversary names each person's record: of those that fit the person the one that fits
/// the fewest, by the table as it was; any of them where several fit as few.
fn attack(whole: &[[i64; 3]], published: &[Cells]) -> Vec<f64> {
    let mut counts: BTreeMap<Cells, usize> = BTreeMap::new();
    for record in published {
        *counts.entry(*record).or_default() += 1;
    }
    let persons: BTreeMap<&Cells, usize> = counts
        .keys()
        .map(|record| {
            let of = whole.iter().filter(|values| fits(record, values));
            (record, of.count())
        })
        .collect();
    let guess = |person: usize| {
        let candidates = counts.keys().filter(|record| fits(record, &whole[person]));
        let fewest = candidates.clone().map(|record| persons[record]).min();
        let best: Vec<&Cells> = candidates
            .filter(|record| Some(persons[*record]) == fewest)
            .collect();
        let tied: usize = best.iter().map(|record| counts[*record]).sum();
        match best.contains(&&published[person]) {
            true => 1.0 / tied as f64,
            false => 0.0,
        }
    };
    (0..whole.len()).map(guess).collect()
}

/// Persons of a few kinds, some of which are rare.
fn whole(trial: &mut reidrisk::stats::Trial, persons: usize) -> Vec<[i64; 3]> {
    (0..persons)
        .map(|_| {
            // The smaller of two draws: some values are frequent, others rare.
            let mut cell = |most| trial.below(most).min(trial.below(most)) as i64;
            [cell(6), cell(5), cell(3)]
        })
        .collect()
}

#[test]
fn no_attack_beats_the_posterior_where_cells_were_suppressed_at_random() {
    let draws = Draws::new(1, "suppressed", "t");
    for (case, share) in [(0, 0.05), (1, 0.2), (2, 0.5)] {
        let mut trial = draws.trial(case);
        let whole = whole(&mut trial, 150);
        let trials = 40;
        let (mut success, mut sure) = (vec![0.0; whole.len()], 0.0);
        let (mut mean_success, mut greatest) = (0.0, 0.0f64);
        for _ in 0..trials {
            let mut suppressed = |value: i64| {
                let drawn = trial.below(1_000) as f64 / 1_000.0;
                (drawn >= share).then_some(value)
            };
            let published: Vec<Cells> = whole
                .iter()
                .map(|values| values.map(&mut suppressed))
                .collect();
            let (max, mean) = posterior(&published);
            let found = attack(&whole, &published);
            mean_success += found.iter().sum::<f64>() / found.len() as f64;
            sure += mean;
            greatest = greatest.max(max);
            success
                .iter_mut()
                .zip(&found)
                .for_each(|(all, one)| *all += one);
        }
        let (mean_success, sure) = (mean_success / trials as f64, sure / trials as f64);
        assert!(
            mean_success <= sure,
            "{share}: {mean_success} found, {sure} at most"
        );
        for all in success {
            assert!(all / trials as f64 <= greatest + 1e-12);
        }
    }
}

/// Eleven empty rows beside six hundred that are all different: each of them is found, the empty ones are not.
#[test]
fn empty_rows_hide_nobody() {
    let row = |at: i64| [Some(at), Some(at % 7), Some(at % 3)];
    let mut rows: Vec<Cells> = (0..600).map(row).collect();
    rows.extend([[None; 3]; 11]);
    let (max, mean) = posterior(&rows);
    assert_eq!(max, 1.0);
    assert!((mean - 601.0 / 611.0).abs() < 1e-12, "{mean}");
    // However many they are.
    rows.extend([[None; 3]; 5_000]);
    assert_eq!(posterior(&rows).0, 1.0);
}

/// Each record lacks another cell, so that all match many and each says two thirds of what there is to know.
#[test]
fn suppression_in_turns_hides_nobody() {
    let row = |at: i64| {
        let mut cells = [Some(at), Some(at + 1_000), Some(at % 2)];
        cells[(at % 2) as usize] = None;
        cells
    };
    let rows: Vec<Cells> = (0..400).map(row).collect();
    assert_eq!(posterior(&rows).0, 1.0);
}

/// Records that lack a cell count as what they fit, and hide those who lack it among themselves.
#[test]
fn suppression_counts_for_what_it_is_worth() {
    let mut rows: Vec<Cells> = Vec::new();
    for a in 0..10 {
        rows.extend([[Some(a), Some(1), Some(1)]; 12]);
    }
    assert_eq!(posterior(&rows).0, 1.0 / 12.0);
    rows.extend([[None, Some(1), Some(1)]; 5]);
    assert_eq!(posterior(&rows).0, 1.0 / 5.0);
    // Empty rows are candidates for them, too: each has the weight of one in all, and five and those are enough; but
    // ten of them are a crowd of ten.
    rows.extend([[None; 3]; 10]);
    assert!((posterior(&rows).0 - 1.0 / 10.0).abs() < 1e-12);
    // With twenty the classes of twelve are the smallest crowds again.
    rows.extend([[None; 3]; 10]);
    assert!((posterior(&rows).0 - 1.0 / 12.0).abs() < 1e-12);
}
