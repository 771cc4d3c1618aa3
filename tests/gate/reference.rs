//! Tables about no person: those that only say what cells or districts are pass, and those that hide persons do not.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use reidrisk::finding::{Finding, Number, Outcome};
use reidrisk::report::Verdict;
use tempfile::TempDir;

use super::chance::Chance;
use super::{judged, parquet, run, text};

const CELLS: usize = 60;
const HOURS: usize = 24;

const FOOTFALL: &str = "[[table]]\nname = \"footfall\"\npath = \"footfall.parquet\"\nkind = \"flows\"\nplace = \"cell\"\n\
    time = \"hour\"\ncount = \"visitors\"\n";
const REFERENCE: &str = "[[table]]\nname = \"cells\"\npath = \"cells.parquet\"\nkind = \"reference\"\nkey = \"cell\"\n\
    describes = { table = \"footfall\", column = \"cell\" }\n";

fn cell(at: usize) -> String {
    format!("C{at:03}")
}

fn whole(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

/// Visitors of each cell in each hour, more at some cells and by day.
fn visitors() -> Vec<i64> {
    let mut chance = Chance::new(3);
    let mut visitors = Vec::new();
    for at in 0..CELLS as i64 {
        let size = 20 + at * 7;
        for hour in 0..HOURS as i64 {
            let by_day = if (8..20).contains(&hour) { 6 } else { 1 };
            let mean = size * by_day;
            visitors.push(mean + chance.below(mean / 5 + 2));
        }
    }
    visitors
}

fn footfall(folder: &Path, visitors: &[i64]) {
    let rows = || (0..CELLS).flat_map(|at| (0..HOURS).map(move |hour| (at, hour)));
    parquet::write(
        &folder.join("footfall.parquet"),
        vec![
            ("cell", text(rows().map(|(at, _)| cell(at)))),
            (
                "hour",
                text(rows().map(|(_, hour)| format!("{hour:02}:00"))),
            ),
            ("visitors", whole(visitors.iter().copied())),
        ],
    );
}

/// What is said of each cell and is nobody's.
fn attributes() -> Vec<(&'static str, ArrayRef)> {
    let kinds = ["station", "shop", "park", "school"];
    vec![
        ("cell", text((0..CELLS).map(cell))),
        ("kind", text((0..CELLS).map(|at| kinds[at * 7 % 4]))),
        (
            "area",
            whole((0..CELLS as i64).map(|at| 300 + at * 7_919 % 2_003)),
        ),
        (
            "latitude",
            Arc::new(Float64Array::from_iter_values(
                (0..CELLS).map(|at| 52.3 + (at * 37 % 101) as f64 / 400.0),
            )) as ArrayRef,
        ),
    ]
}

fn release(reference: Vec<(&str, ArrayRef)>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    footfall(folder.path(), &visitors());
    parquet::write(&folder.path().join("cells.parquet"), reference);
    folder
}

/// The kinds of declarations about the reference table that are false, with how many rows or columns contradict them.
fn wrong(folder: &Path, manifest: &str) -> Vec<(String, f64)> {
    let report = judged(folder, manifest, &["declarations"], "strict");
    let findings = report.findings.iter();
    let mine: Vec<&Finding> = findings
        .filter(|finding| finding.table == "cells")
        .collect();
    let kind = |finding: &Finding| finding.parameters["kind"].to_string();
    let is_false = |finding: &&&Finding| {
        finding.statistic == "false_declarations" && finding.value.map(Number::as_f64) == Some(1.0)
    };
    let against = |of: &Finding| {
        let same =
            |finding: &&&Finding| finding.statistic == "contradicting" && kind(finding) == kind(of);
        mine.iter().find(same).unwrap().value.unwrap().as_f64()
    };
    let wrong = mine.iter().filter(is_false);
    wrong
        .map(|finding| (kind(finding), against(finding)))
        .collect()
}

fn manifest(ignored: &str) -> String {
    format!("{FOOTFALL}{REFERENCE}ignore = [{ignored}]\n")
}

const IGNORED: &str = "\"kind\", \"area\", \"latitude\"";

#[test]
fn what_cells_are_is_nobodys_and_passes() {
    let folder = release(attributes());
    let report = judged(folder.path(), &manifest(IGNORED), &[], "strict");
    let failed = report.policy.requirements.iter();
    let failed: Vec<String> = failed
        .filter(|line| line.outcome == Outcome::Fail)
        .map(|line| format!("{} {:?}", line.statistic, line.tables))
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(report.verdict, Verdict::Pass);
    let cells = report
        .release
        .tables
        .iter()
        .find(|table| table.name == "cells")
        .unwrap();
    assert_eq!((cells.kind.as_str(), cells.persons), ("reference", None));
    // Every column of it is examined like any other.
    let examined = report
        .findings
        .iter()
        .find(|finding| finding.table == "cells" && finding.statistic == "examined");
    assert_eq!(examined.unwrap().value.map(Number::as_f64), Some(4.0));
    let telephones = text((0..CELLS).map(|at| format!("+49 170 {:07}", 1_234_567 + at * 7_919)));
    let mut columns = attributes();
    columns[1] = ("kind", telephones);
    let folder = release(columns);
    let report = judged(
        folder.path(),
        &manifest(IGNORED),
        &["direct-identifiers"],
        "strict",
    );
    let named = report.findings.iter().any(|finding| {
        finding.table == "cells"
            && finding.columns == ["kind"]
            && finding.value.map(Number::as_f64) == Some(1.0)
    });
    assert!(named, "{:?}", report.findings);
}

#[test]
fn each_row_describes_another_value_that_occurs() {
    let keys = |key: &dyn Fn(usize) -> Option<String>| {
        let mut columns = attributes();
        let keys: StringArray = (0..CELLS).map(key).collect();
        columns[0] = ("cell", Arc::new(keys));
        let folder = release(columns);
        wrong(folder.path(), &manifest(IGNORED))
    };
    assert!(keys(&|at| Some(cell(at))).is_empty());
    let told = |against: f64| vec![("describes".to_owned(), against)];
    // Eleven rows are of cells that nobody was counted in: they could be anybody's.
    assert_eq!(keys(&|at| Some(cell(at + 11))), told(11.0));
    assert_eq!(keys(&|at| Some(cell(at.max(4)))), told(4.0));
    assert_eq!(keys(&|at| (at > 2).then(|| cell(at))), told(3.0));
}

#[test]
fn keys_are_the_same_in_other_types() {
    let folder = tempfile::tempdir().unwrap();
    let rows = || (0..CELLS).flat_map(|at| (0..HOURS).map(move |hour| (at, hour)));
    parquet::write(
        &folder.path().join("footfall.parquet"),
        vec![
            ("cell", whole(rows().map(|(at, _)| 10_007 * at as i64))),
            (
                "hour",
                text(rows().map(|(_, hour)| format!("{hour:02}:00"))),
            ),
            ("visitors", whole(visitors())),
        ],
    );
    let numbers = || (0..CELLS).map(|at| 10_007 * at as i64);
    let keys: [ArrayRef; 3] = [
        whole(numbers()),
        text(numbers().map(|number| number.to_string())),
        Arc::new(Float64Array::from_iter_values(
            numbers().map(|number| number as f64),
        )),
    ];
    for key in keys {
        let mut columns = attributes();
        columns[0] = ("cell", key);
        parquet::write(&folder.path().join("cells.parquet"), columns);
        assert!(wrong(folder.path(), &manifest(IGNORED)).is_empty());
    }
}

#[test]
fn exact_totals_beside_rounded_or_suppressed_counts_are_counts() {
    let exact = visitors();
    let totals: Vec<i64> = exact.chunks(HOURS).map(|of| of.iter().sum()).collect();
    let columns = || {
        let mut columns = attributes();
        columns.push(("load", whole(totals.iter().copied())));
        columns
    };
    let ignored = format!("{IGNORED}, \"load\"");
    // Of exact counts they say nothing new.
    let folder = release(columns());
    assert!(wrong(folder.path(), &manifest(&ignored)).is_empty());
    let rounded: Vec<i64> = exact.iter().map(|count| (count + 2) / 5 * 5).collect();
    footfall(folder.path(), &rounded);
    let flows = FOOTFALL.replace("count =", "rounding = 5\ncount =");
    let of = |flows: &str| format!("{flows}{REFERENCE}ignore = [{ignored}]\n");
    let found = wrong(folder.path(), &of(&flows));
    assert!(
        matches!(found.as_slice(), [(kind, against)] if kind == "parts" && *against > 20.0),
        "{found:?}"
    );
    let answered = format!(
        "{}[table.harmless]\nload = \"seats of each building\"\n",
        of(&flows)
    );
    assert!(wrong(folder.path(), &answered).is_empty());
}

/// Microdata of persons under pseudonyms, in groups of 30.
fn persons(folder: &Path) -> Vec<String> {
    let mut chance = Chance::new(11);
    let mut name = || {
        format!(
            "{:08x}{:08x}",
            chance.below(i64::from(u32::MAX)),
            chance.below(i64::from(u32::MAX))
        )
    };
    let names: Vec<String> = (0..600).map(|_| name()).collect();
    parquet::write(
        &folder.join("persons.parquet"),
        vec![
            ("pseudonym", text(&names)),
            (
                "district",
                text((0..600).map(|at| format!("D{:02}", at % 20))),
            ),
        ],
    );
    names
}

const PERSONS: &str = "[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\nkind = \"microdata\"\n\
    subject = \"pseudonym\"\nquasi_identifiers = [\"district\"]\n";

#[test]
fn neither_subjects_nor_what_is_private_stand_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let names = persons(folder.path());
    let reference = "[[table]]\nname = \"cells\"\npath = \"cells.parquet\"\nkind = \"reference\"\nkey = \"district\"\n\
        describes = { table = \"persons\", column = \"district\" }\nignore = [\"said\"]\n";
    let with = |said: ArrayRef, beyond: &str| {
        let districts = text((0..20).map(|at| format!("D{at:02}")));
        let columns = vec![("district", districts), ("said", said)];
        parquet::write(&folder.path().join("cells.parquet"), columns);
        wrong(folder.path(), &format!("{PERSONS}{reference}{beyond}"))
    };
    let told = || vec![("no_person".to_owned(), 1.0)];
    assert!(with(text((0..20).map(|at| format!("Area {}", at % 7))), "").is_empty());
    assert_eq!(with(text((0..20).map(|at| &names[at * 3])), ""), told());
    // Names of others that look like pseudonyms.
    let others = text((0..20u64).map(|at| format!("{:016x}", super::drawn(at, 5))));
    assert_eq!(with(others.clone(), ""), told());
    assert!(
        with(
            others,
            "[table.harmless]\nsaid = \"digests of the outlines of districts\"\n"
        )
        .is_empty()
    );
    // What all persons of a district have.
    let illnesses = ["HIV", "influenza", "diabetes", "asthma"];
    assert_eq!(with(text((0..20).map(|at| illnesses[at % 4])), ""), told());
}

#[test]
fn a_manifest_says_what_is_described() {
    let folder = release(attributes());
    let told = |manifest: &str| {
        let text = format!("[release]\nname = \"release\"\n{manifest}");
        std::fs::write(folder.path().join("release.toml"), text).unwrap();
        let ran = run(
            folder.path(),
            &["audit", "release.toml", "--only", "declarations"],
        );
        assert_eq!(ran.code, 2, "{}", ran.err);
        ran.err
    };
    let reference = |old: &str, new: &str| {
        let text = manifest(IGNORED).replace(old, new);
        assert_ne!(text, manifest(IGNORED));
        told(&text)
    };
    let describes = "describes = { table = \"footfall\", column = \"cell\" }\n";
    assert!(reference(describes, "").contains("`table.describes` is missing"));
    assert!(reference("key = \"cell\"\n", "").contains("`table.key` is missing"));
    let other = reference(describes, &describes.replace("footfall", "footfal"));
    assert!(other.contains("did you mean `footfall`?"), "{other}");
    let count = reference(describes, &describes.replace("\"cell\"", "\"visitors\""));
    assert!(
        count.contains("`visitors` is `count` in table `footfall`"),
        "{count}"
    );
    let itself = reference(describes, &describes.replace("footfall", "cells"));
    assert!(
        itself.contains("there is no table `cells` that could be described"),
        "{itself}"
    );
    let flows = told(&format!("{FOOTFALL}{describes}"));
    assert!(flows.contains("only a table of kind reference"), "{flows}");
}

#[test]
fn a_draft_of_a_folder_finds_the_tables_and_what_they_describe() {
    let folder = release(attributes());
    let ran = run(folder.path(), &["init", ".", "--out", "release.toml"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let draft = std::fs::read_to_string(folder.path().join("release.toml")).unwrap();
    assert!(draft.contains("kind = \"reference\""), "{draft}");
    assert!(
        draft.contains("describes = { table = \"footfall\", column = \"cell\" }"),
        "{draft}"
    );
    assert!(draft.contains("kind = \"flows\""), "{draft}");
    let ran = run(
        folder.path(),
        &["audit", "release.toml", "--policy", "strict"],
    );
    assert_eq!(ran.code, 0, "{}", ran.out);
}
