//! What the manifest says of counts, tested against them.

use super::linked::{Table, release};
use super::value;

fn is_false(table: &Table, kind: &str) -> bool {
    let report = release(&[table], "");
    value(
        &report,
        "declarations.false_declarations",
        &[("kind", kind)],
    ) > 0.0
}

fn counts(counts: impl IntoIterator<Item = Option<i64>>, more: &str) -> Table {
    let mut table = Table::new("a", &["area", "sex"], more);
    for (at, count) in counts.into_iter().enumerate() {
        table.row(&[&format!("area {at}"), "f"], count);
    }
    table
}

#[test]
fn rows_of_persons_are_no_counts() {
    assert!(is_false(&counts([None; 30], ""), "counts"));
    assert!(is_false(&counts([Some(0); 30], ""), "counts"));
    assert!(is_false(&counts([Some(1); 30], ""), "counts"));
    // A panel that stays the same.
    assert!(!is_false(&counts([Some(100); 30], ""), "counts"));
    // Some counts among rows that tell of an income each; by area alone counts are merely suppressed.
    let few = || (0..30).map(|at| (at < 3).then_some(40 + at));
    let mut incomes = counts(few(), "");
    (0..)
        .zip(&mut incomes.rows)
        .for_each(|(at, row)| row.0[1] = format!("{}", 31_000 + 17 * at));
    assert!(is_false(&incomes, "counts"));
    assert!(!is_false(&counts(few(), ""), "counts"));
    let most = (0..30).map(|at| (at > 9).then_some(40 + at));
    assert!(!is_false(&counts(most, ""), "counts"));
    assert!(!is_false(&counts([Some(1)], ""), "counts"));
}

#[test]
fn rounding_is_what_was_done() {
    let multiples = |of: i64| (1..40).map(move |at| Some(of * (3 + at * at % 97)));
    for (of, said, expected) in [
        (5, "rounding = 5", false),
        (5, "", true),
        (10, "rounding = 5", true),
        (5, "rounding = 10", true),
        (1, "", false),
        (1, "rounding = 5", true),
        (5, "rounding = { to = 5, how = \"random\" }", false),
        (5, "rounding = [{ below = 4, to = 0 }, 5]", false),
        // The factor makes them multiples of ten.
        (10, "extrapolation = 10\nrounding = 5", false),
        (10, "extrapolation = 10", false),
    ] {
        assert_eq!(
            is_false(&counts(multiples(of), said), "rounding"),
            expected,
            "{of} {said}"
        );
    }
}

#[test]
fn factors_are_those_that_give_the_counts() {
    let times = |factor: f64| (1..40).map(move |at| Some((f64::from(at) * factor).round() as i64));
    for (factor, said, expected) in [
        (2.8, "extrapolation = 2.8", false),
        (2.8, "extrapolation = 2.75", true),
        (2.8, "extrapolation = 2.8\nrounding = 1", false),
        (1.0, "extrapolation = 2.8", true),
    ] {
        let table = counts(times(factor), said);
        assert_eq!(
            is_false(&table, "extrapolation"),
            expected,
            "{factor} {said}"
        );
    }
    let shrunk = counts(
        times(1.0),
        "extrapolation = { factor = 0.5, reason = \"journeys, two a person\" }",
    );
    let report = release(&[&shrunk], "");
    let found = super::find(
        &report,
        "declarations.false_declarations",
        &[("kind", "extrapolation")],
    );
    let reason = found.unwrap().parameters["reason"].to_string();
    assert_eq!(reason, "journeys, two a person");
}

/// Areas by sex, the total called so; `less` is taken from each total.
fn with_totals(total: &str, less: i64, more: &str) -> Table {
    let mut table = Table::new("a", &["area", "sex"], more);
    for at in 0..15 {
        let (f, m) = (40 + 3 * at, 60 + at * at % 7);
        let area = format!("area {at}");
        table.row(&[&area, "f"], Some(f));
        table.row(&[&area, "m"], Some(m));
        table.row(&[&area, total], Some(f + m - less));
    }
    table
}

#[test]
fn totals_are_totals_and_are_named() {
    let named = "totals = { sex = \"x\" }";
    assert!(!is_false(&with_totals("x", 0, named), "totals"));
    assert!(is_false(&with_totals("x", 3, named), "totals"));
    assert!(is_false(
        &with_totals("x", 0, "totals = { sex = \"f\" }"),
        "totals"
    ));
    // Not named: found by what they are, or by what they are called.
    let unnamed = |table: &Table| {
        let report = release(&[table], "");
        super::find(
            &report,
            "declarations.false_declarations",
            &[("kind", "totals")],
        )
        .is_some_and(|finding| finding.value.unwrap().as_f64() > 0.0)
    };
    assert!(unnamed(&with_totals("x", 0, "")));
    assert!(!unnamed(&with_totals("x", 9, "")));
    let mut hidden = with_totals("Insgesamt", 0, "");
    hidden.rows.retain(|(values, _)| values[1] != "m");
    assert!(unnamed(&hidden));
    hidden.rows.iter_mut().for_each(|(values, _)| {
        if values[1] == "Insgesamt" {
            values[1] = "x".to_owned();
        }
    });
    assert!(
        !unnamed(&hidden),
        "two values of which one is more say nothing"
    );
}

#[test]
fn absent_cells_are_nobody_s_where_that_is_said() {
    let mut table = with_totals("x", 0, "totals = { sex = \"x\" }\nabsent = \"zero\"");
    assert!(
        super::find(
            &release(&[&table], ""),
            "declarations.contradicting",
            &[("kind", "absent")]
        )
        .is_none()
    );
    table.rows.remove(4);
    assert!(is_false(&table, "absent"));
    // Nobody was there.
    let total = table
        .rows
        .iter_mut()
        .find(|(values, _)| *values == ["area 1", "x"]);
    total.unwrap().1 = Some(43);
    assert!(!is_false(&table, "absent"));
}

#[test]
fn noise_leaves_no_sum_exact() {
    let said = "totals = { sex = \"x\" }\nnoise = { mechanism = \"bounded\", width = 3 }";
    let mut table = with_totals("x", 0, said);
    let few = table.rows.clone();
    for (values, count) in few {
        let more = if values[1] == "x" { 4 } else { 2 };
        table.rows.push((
            vec![format!("more {}", values[0]), values[1].clone()],
            count.map(|count| count + more),
        ));
    }
    assert!(is_false(&table, "noise"));
    for (at, (_, count)) in table.rows.iter_mut().enumerate() {
        *count = count.map(|count| count + (at * at % 5) as i64 - 2);
    }
    assert!(!is_false(&table, "noise"));
    assert!(!is_false(&table, "totals"));
}

#[test]
fn hierarchies_areas_and_windows_hold_what_they_say() {
    for (said, kind, file, lines) in [
        (
            "hierarchies = { area = \"levels.csv\" }",
            "hierarchies",
            "levels.csv",
            "A;north\nB;north\nC;south\nD;south\n",
        ),
        (
            "made_of = { area = \"areas.csv\" }",
            "made_of",
            "areas.csv",
            "north;A\nnorth;B\nsouth;C\nsouth;D\n",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file), lines).unwrap();
        for (north, expected) in [(70, 0.0), (69, 1.0)] {
            let mut table = Table::new("a", &["area", "sex"], said);
            for (area, count) in [
                ("A", 30),
                ("B", 40),
                ("C", 20),
                ("D", 25),
                ("north", north),
                ("south", 45),
            ] {
                table.row(&[area, "f"], Some(count));
            }
            table.write(folder.path());
            let report = super::audited(folder.path(), &table.manifest()).unwrap();
            let found = value(
                &report,
                "declarations.false_declarations",
                &[("kind", kind)],
            );
            assert_eq!(found, expected, "{said} {north}");
        }
    }
}

/// Counts of areas by grade, one of which is several others together, whatever it is called.
#[test]
fn totals_of_some_values_are_found() {
    let grades = ["A", "B", "C", "D", "E"];
    let table = |some: &dyn Fn(&[i64]) -> i64, more: &str| {
        let mut table = Table::new("a", &["area", "grade"], more);
        for at in 0..20i64 {
            let counts: Vec<i64> = (1..=5)
                .map(|of| 20 + (at * at * of * 7 + at * 3 + of) % (31 + of))
                .collect();
            let area = format!("area {at}");
            for (grade, count) in grades.iter().zip(&counts) {
                // One is left out here and there.
                table.row(
                    &[&area, grade],
                    (*grade != "B" || at % 5 > 0).then_some(*count),
                );
            }
            table.row(&[&area, "Kreis 3"], Some(some(&counts)));
        }
        table
    };
    // Of totals that are not there nothing is said.
    let is_found = |table: &Table| {
        let report = release(&[table], "");
        let kind = [("kind", "totals")];
        super::find(&report, "declarations.false_declarations", &kind).is_some()
    };
    let of_three = |counts: &[i64]| counts[..3].iter().sum();
    assert!(is_found(&table(&of_three, "")));
    let nearly = |counts: &[i64]| counts[..3].iter().sum::<i64>() + counts[4] % 3;
    assert!(!is_found(&table(&nearly, "")));
    assert!(!is_found(&table(&|counts| 2 * counts[0] + counts[1], "")));
}
