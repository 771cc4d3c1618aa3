//! Codes with blanks at their ends can be named, and an error about values that are missing says in which rows.

use super::{audited, folder, texts, value, whole};

const LINES: &str = "kind = \"microdata\"\nquasi_identifiers = [\"district\", \"sex\"]\n[table.hierarchies]\n\
                     district = \"levels.csv\"";

fn districts() -> tempfile::TempDir {
    let codes = [" 7", " 8", "12", " 8"];
    folder(vec![
        ("district", texts((0..80).map(|row| codes[row % 4]))),
        ("sex", texts((0..80).map(|row| ["m", "f"][row / 40]))),
    ])
}

#[test]
fn codes_in_quotes_keep_their_blanks() {
    let folder = districts();
    std::fs::write(
        folder.path().join("levels.csv"),
        "\" 7\"; east ;*\n\" 8\" ;east;*\n12;west;*\n",
    )
    .unwrap();
    let report = audited(&folder, Some(LINES), &["k-anonymity"]).unwrap();
    assert_eq!(value(&report, "k-anonymity", "k", &[]), 10.0);
}

#[test]
fn the_rows_of_missing_values_are_told_and_the_values_are_not() {
    let folder = districts();
    std::fs::write(
        folder.path().join("levels.csv"),
        "7;east;*\n8;east;*\n12;west;*\n",
    )
    .unwrap();
    let error = audited(&folder, Some(LINES), &["k-anonymity"]).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    let said = error.message().to_owned();
    assert!(said.contains("2 values of column `district`"), "{said}");
    assert!(
        said.contains("60 rows, the first of them 1, 2, 4, 5, 6"),
        "{said}"
    );
    let shown = format!("{error:?}");
    assert!(shown.contains("in quotes"), "{shown}");
    std::fs::write(folder.path().join("levels.csv"), "\" 8\";east\n12;west\n").unwrap();
    let error = audited(&folder, Some(LINES), &["k-anonymity"]).unwrap_err();
    assert!(
        error.message().contains("a value of column `district`"),
        "{}",
        error.message()
    );
    assert!(
        error
            .message()
            .contains("20 rows, the first of them 1, 5, 9"),
        "{}",
        error.message()
    );
}

#[test]
fn totals_are_named_with_their_blanks() {
    let places = || (0..4).flat_map(|place| (0..5).map(move |day| (place, day)));
    let names = [" a", " b", "c ", " all"];
    let folder = folder(vec![
        ("place", texts(places().map(|(place, _)| names[place]))),
        ("day", whole(places().map(|(_, day)| day))),
        (
            "n",
            whole(places().map(|(place, _)| if place == 3 { 90 } else { 30 })),
        ),
    ]);
    let lines = |total: &str| {
        format!(
            "kind = \"flows\"\nplace = \"place\"\ntime = \"day\"\ncount = \"n\"\n[table.totals]\nplace = \"{total}\""
        )
    };
    assert!(audited(&folder, Some(&lines(" all")), &["small-cells"]).is_ok());
    let error = audited(&folder, Some(&lines("all")), &["differencing"]).unwrap_err();
    assert!(
        format!("{error:?}").contains("other blanks at its ends"),
        "{error:?}"
    );
    // Areas that are made up of others.
    std::fs::write(
        folder.path().join("areas.csv"),
        "\" all\";\" a\"\n\" all\";\" b\"\n\" all\";\"c \"\n",
    )
    .unwrap();
    let lines = "kind = \"flows\"\nplace = \"place\"\ntime = \"day\"\ncount = \"n\"\n[table.made_of]\nplace = \"areas.csv\"";
    assert!(audited(&folder, Some(lines), &["differencing"]).is_ok());
    std::fs::write(
        folder.path().join("areas.csv"),
        "\" all\";\" a\"\n\" all\";\" b\"\n",
    )
    .unwrap();
    let error = audited(&folder, Some(lines), &["differencing"]).unwrap_err();
    assert!(
        error.message().contains("5 rows")
            || error.message().contains("rows 11, 12, 13, 14 and 15"),
        "{}",
        error.message()
    );
}
