//! Rows that belong to one person, rows of nobody, rows that fit everybody, and tables that belong together: what
//! `strict` says of a release in which each row, alone, looks safe.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use reidrisk::finding::{Finding, Outcome};
use reidrisk::report::Report;

use crate::chance::Chance;
use crate::parquet::write;

/// Audits by some measures under `strict`.
fn audited(folder: &Path, manifest: &str, only: &[&str]) -> Report {
    crate::judged(folder, manifest, only, "strict")
}

/// What was made of a statistic where its parameters are these.
fn outcomes(report: &Report, id: &str, parameters: &[(&str, &str)]) -> Vec<Outcome> {
    let is = |finding: &&Finding| {
        let mut parameters = parameters.iter();
        finding.id() == id
            && parameters.all(|(name, value)| {
                let known = finding.parameters.get(*name);
                known.is_some_and(|known| known.to_string() == *value)
            })
    };
    let found = report.findings.iter().filter(is);
    found
        .filter_map(|finding| Some(finding.requirement.as_ref()?.outcome))
        .collect()
}

fn texts(values: impl IntoIterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// A pseudonym that no order and no range tells anything about.
fn pseudonym(person: usize) -> String {
    let bits = (person as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("x{:016x}", bits ^ bits >> 29)
}

const SMALLEST: &str = "k-anonymity.k";

/// Nearly two hundred customers with five contracts each: many have the same contract, few the same five.
#[test]
fn rows_of_a_person_are_judged_together() {
    let folder = tempfile::tempdir().unwrap();
    let rows = (0..960).map(|row| (row / 5, row % 5));
    let contract =
        |(person, number): (usize, usize)| (person >> number & 1) + 2 * ((person >> 5) % 3);
    write(
        &folder.path().join("contracts.parquet"),
        vec![
            (
                "customer",
                texts(rows.clone().map(|(person, _)| pseudonym(person))),
            ),
            (
                "contract",
                texts(rows.clone().map(|row| format!("c{}", contract(row)))),
            ),
            (
                "branch",
                texts(rows.map(|(person, number)| format!("b{}", (person >> 7) + number % 2))),
            ),
        ],
    );
    let manifest = "[[table]]\nname = \"contracts\"\npath = \"contracts.parquet\"\nkind = \"microdata\"\n\
                    subject = \"customer\"\nquasi_identifiers = [\"contract\", \"branch\"]\n";
    let report = audited(folder.path(), manifest, &["k-anonymity"]);
    assert_eq!(
        outcomes(&report, SMALLEST, &[("rows", "each")]),
        [Outcome::Pass]
    );
    assert_eq!(
        outcomes(&report, SMALLEST, &[("rows", "composite")]),
        [Outcome::Fail]
    );
    // Where the manifest compares persons, rows are told as well.
    let composite = format!("{manifest}composite = true\n");
    let report = audited(folder.path(), &composite, &["k-anonymity"]);
    assert_eq!(
        outcomes(&report, SMALLEST, &[("rows", "each")]),
        [Outcome::Pass]
    );
    assert_eq!(
        outcomes(&report, SMALLEST, &[("rows", "composite")]),
        [Outcome::Fail]
    );
}

/// A thousand patients with several stays in hospital each: row by row everybody hides among a hundred and more, by
/// some of their stays, and by all of them, nearly everybody is alone.
#[test]
fn known_stays_find_a_patient() {
    let folder = tempfile::tempdir().unwrap();
    let mut chance = Chance::new(7);
    let mut stays: Vec<(usize, i64, i64)> = Vec::new();
    for person in 0..1_000 {
        for _ in 0..6 + chance.below(7) {
            stays.push((person, chance.below(12), chance.below(4)));
        }
    }
    let patients = || texts(stays.iter().map(|stay| pseudonym(stay.0)));
    let wards = || texts(stays.iter().map(|stay| format!("w{}", stay.2)));
    write(
        &folder.path().join("stays.parquet"),
        vec![
            ("patient", patients()),
            (
                "diagnosis",
                texts(stays.iter().map(|stay| format!("d{}", stay.1))),
            ),
            ("ward", wards()),
        ],
    );
    let manifest = "[[table]]\nname = \"stays\"\npath = \"stays.parquet\"\nkind = \"microdata\"\n\
                    subject = \"patient\"\nquasi_identifiers = [\"diagnosis\", \"ward\"]\n";
    let measures = [
        "k-anonymity",
        "uniqueness",
        "unicity",
        "km-anonymity",
        "population-uniqueness",
    ];
    let sampled = format!("population = 20_000\n{manifest}");
    let report = audited(folder.path(), &sampled, &measures);
    let value = |id: &str, parameters: &[(&str, &str)]| -> f64 {
        let is = |finding: &&Finding| {
            let has = |(name, value): &(&str, &str)| {
                let known = finding.parameters.get(*name);
                known.is_some_and(|known| known.to_string() == *value)
            };
            finding.id() == id && parameters.iter().all(has)
        };
        let found: Vec<&Finding> = report.findings.iter().filter(is).collect();
        assert_eq!(found.len(), 1, "{id} {parameters:?}");
        found[0].value.unwrap().as_f64()
    };
    assert!(value(SMALLEST, &[("rows", "each")]) > 100.0);
    assert_eq!(value("uniqueness.share_unique", &[("rows", "each")]), 0.0);
    let whole = value("uniqueness.share_unique", &[("rows", "composite")]);
    assert!(whole > 0.99, "{whole}");
    let pitman = [("rows", "composite"), ("estimator", "pitman")];
    assert!(value("population-uniqueness.share_unique", &pitman) > 0.9);
    let known = |points| {
        let parameters = [("rows", "known"), ("points", points), ("method", "sampled")];
        value("unicity.share_unique_all", &parameters)
    };
    let shares = ["1", "2", "3", "4", "5", "6"].map(known);
    assert!(shares.is_sorted(), "{shares:?}");
    // Of 48 kinds of stays with a chance of some 17 % each: 1,000 · 0.17⁴ others have four of them.
    assert!(
        shares[0] == 0.0 && shares[3] > 0.3 && shares[5] > 0.95,
        "{shares:?}"
    );
    let exposed = |m| {
        value(
            "km-anonymity.share_exposed",
            &[("rows", "known"), ("m", m), ("k", "5")],
        )
    };
    assert_eq!(exposed("1"), 0.0);
    assert!(exposed("3") > 0.99);
    for id in ["unicity.share_unique", "unicity.share_unique_all"] {
        let four = [("rows", "known"), ("points", "4")];
        assert_eq!(outcomes(&report, id, &four), [Outcome::Fail]);
    }
    // Whoever has the same stays as many others hides among them however many are known, and where everybody has one
    // stay nothing is asked.
    let four = [("rows", "known"), ("points", "4")];
    for (several, expected) in [(true, vec![Outcome::Pass]), (false, vec![])] {
        let stays: Vec<(usize, usize)> = (0..1_000)
            .flat_map(|person| (0..5).map(move |stay| (person, stay)))
            .filter(|(_, stay)| several || *stay == 0)
            .collect();
        let diagnosis =
            |(person, stay): &(usize, usize)| format!("d{}", (person % 20) * stay.min(&3));
        write(
            &folder.path().join("stays.parquet"),
            vec![
                ("patient", texts(stays.iter().map(|stay| pseudonym(stay.0)))),
                ("diagnosis", texts(stays.iter().map(diagnosis))),
                (
                    "ward",
                    texts(stays.iter().map(|stay| format!("w{}", stay.0 % 4))),
                ),
            ],
        );
        let report = audited(folder.path(), manifest, &measures);
        for id in ["unicity.share_unique", "unicity.share_unique_all"] {
            assert_eq!(outcomes(&report, id, &four), expected);
            let lines = report.policy.requirements.iter();
            let lines = lines.filter(|line| line.statistic == id);
            let outcome = match several {
                true => Outcome::Pass,
                false => Outcome::NotApplicable,
            };
            assert!(lines.map(|line| line.outcome).eq([outcome]), "{id}");
        }
    }
}

/// Twenty kinds of customers, each with the same contracts as nine others or more.
#[test]
fn rows_of_persons_who_are_alike_pass() {
    let folder = tempfile::tempdir().unwrap();
    let rows = (0..720).map(|row| (row / 3, row % 3));
    write(
        &folder.path().join("contracts.parquet"),
        vec![
            (
                "customer",
                texts(rows.clone().map(|(person, _)| pseudonym(person))),
            ),
            (
                "contract",
                texts(rows.map(|(person, number)| format!("c{}", (person % 20) * number))),
            ),
        ],
    );
    let manifest = "[[table]]\nname = \"contracts\"\npath = \"contracts.parquet\"\nkind = \"microdata\"\n\
                    subject = \"customer\"\nquasi_identifiers = [\"contract\"]\n";
    let report = audited(folder.path(), manifest, &["k-anonymity"]);
    for rows in ["each", "composite"] {
        assert_eq!(
            outcomes(&report, SMALLEST, &[("rows", rows)]),
            [Outcome::Pass],
            "{rows}"
        );
    }
}

/// Rows whose subject was taken away are still rows about somebody.
#[test]
fn rows_without_a_subject_are_judged() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[[table]]\nname = \"visits\"\npath = \"visits.parquet\"\nkind = \"microdata\"\n\
                    subject = \"guest\"\nnull_subject = \"exclude\"\nquasi_identifiers = [\"origin\", \"age\"]\n";
    // Of sixty rows of nobody each is unlike all others, or they are as those of the guests are.
    for (apart, expected) in [(true, Outcome::Fail), (false, Outcome::Pass)] {
        let guest: StringArray = (0..300)
            .map(|row| (row >= 60).then(|| pseudonym(row)))
            .collect();
        let origin = (0..300).map(|row| match row < 60 && apart {
            true => format!("o{row}"),
            false => format!("o{}", row % 4),
        });
        let age = (0..300).map(|row| i64::from(row % 2 == 0));
        write(
            &folder.path().join("visits.parquet"),
            vec![
                ("guest", Arc::new(guest) as ArrayRef),
                ("origin", texts(origin)),
                ("age", Arc::new(Int64Array::from_iter_values(age))),
            ],
        );
        let report = audited(folder.path(), manifest, &["k-anonymity"]);
        let without = [("rows", "without-subject")];
        assert_eq!(outcomes(&report, SMALLEST, &without), [expected]);
        assert_eq!(outcomes(&report, SMALLEST, &[]), [Outcome::Pass, expected]);
    }
}

/// The last rows fit everybody: by the size of the neighbourhood all are safe, by what an adversary believes none is.
#[test]
fn rows_that_fit_everybody_hide_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let persons = 240;
    let ids = || texts((0..persons + 15).map(pseudonym));
    let posterior = "re-identification-risk.posterior_max";
    let measures = ["re-identification-risk"];
    // Nulls that match anything.
    let column = |of: fn(usize) -> String| -> ArrayRef {
        let cells = (0..persons + 15).map(|row| (row < persons).then(|| of(row)));
        Arc::new(StringArray::from_iter(cells))
    };
    write(
        &folder.path().join("patients.parquet"),
        vec![
            ("patient", ids()),
            ("town", column(|row| format!("t{row}"))),
            ("sex", column(|row| format!("s{}", row % 2))),
        ],
    );
    let manifest = "[[table]]\nname = \"patients\"\npath = \"patients.parquet\"\nkind = \"microdata\"\n\
                    subject = \"patient\"\nquasi_identifiers = [\"town\", \"sex\"]\n";
    let wildcard = format!("{manifest}nulls = \"wildcard\"\n");
    let report = audited(folder.path(), &wildcard, &measures);
    assert_eq!(
        outcomes(&report, "re-identification-risk.prosecutor_max", &[]),
        [Outcome::Pass]
    );
    assert_eq!(outcomes(&report, posterior, &[]), [Outcome::Fail]);
    // Stars on a ladder of masks.
    let town = (0..persons + 15).map(|row| match row < persons {
        true => format!("{:05}", 10_007 + 311 * row),
        false => "*".to_owned(),
    });
    write(
        &folder.path().join("patients.parquet"),
        vec![("patient", ids()), ("town", texts(town))],
    );
    let masked = "[[table]]\nname = \"patients\"\npath = \"patients.parquet\"\nkind = \"microdata\"\n\
                  subject = \"patient\"\nquasi_identifiers = [\"town\"]\n[table.hierarchies]\ntown = \"mask\"\n";
    let report = audited(folder.path(), masked, &measures);
    assert_eq!(outcomes(&report, posterior, &[]), [Outcome::Fail]);
    // Honest suppression: who would be rare lacks the town, among others who lack it.
    let cells = (0..persons + 15).map(|row| (row < persons).then(|| format!("t{}", row % 12)));
    let town: ArrayRef = Arc::new(StringArray::from_iter(cells));
    let sex = (0..persons + 15).map(|_| "s".to_owned());
    write(
        &folder.path().join("patients.parquet"),
        vec![("patient", ids()), ("town", town), ("sex", texts(sex))],
    );
    let report = audited(folder.path(), &wildcard, &measures);
    assert_eq!(outcomes(&report, posterior, &[]), [Outcome::Pass]);
}

const JOINED: &str = "joined-tables.persons_below";

fn table(name: &str, path: &str, subject: &str, known: &str, ignored: &str) -> String {
    format!(
        "[[table]]\nname = \"{name}\"\npath = \"{path}\"\nkind = \"microdata\"\n{subject}\
         quasi_identifiers = [\"{known}\"]\nignore = [{ignored}]\n"
    )
}

/// Four hundred persons by two columns, each of which makes classes of twenty, and both together of one.
fn halves(row: usize) -> (String, String) {
    (format!("f{}", row / 20), format!("g{}", row % 20))
}

#[test]
fn one_file_as_several_tables_is_one_table() {
    let folder = tempfile::tempdir().unwrap();
    let write_both = |name: &str, rows: std::ops::Range<usize>| {
        write(
            &folder.path().join(name),
            vec![
                ("card", texts(rows.clone().map(pseudonym))),
                ("first", texts(rows.clone().map(|row| halves(row).0))),
                ("second", texts(rows.map(|row| halves(row).1))),
            ],
        );
    };
    write_both("whole.parquet", 0..400);
    let subject = "subject = \"card\"\n";
    let twice = table("one", "whole.parquet", subject, "first", "\"second\"")
        + &table("other", "whole.parquet", subject, "second", "\"first\"");
    let without = table("one", "whole.parquet", "", "first", "\"card\", \"second\"")
        + &table(
            "other",
            "whole.parquet",
            "",
            "second",
            "\"card\", \"first\"",
        );
    for manifest in [&twice, &without] {
        let report = audited(folder.path(), manifest, &["joined-tables"]);
        let by_row = outcomes(&report, JOINED, &[("by", "row"), ("k", "11")]);
        assert_eq!(by_row, [Outcome::Fail], "{manifest}");
    }
    // A copy beside other rows is a copy.
    std::fs::create_dir(folder.path().join("more")).unwrap();
    std::fs::copy(
        folder.path().join("whole.parquet"),
        folder.path().join("more/a.parquet"),
    )
    .unwrap();
    write_both("more/b.parquet", 400..440);
    let copied = table("one", "whole.parquet", subject, "first", "\"second\"")
        + &table("other", "more", "", "second", "\"card\", \"first\"");
    let report = audited(folder.path(), &copied, &["joined-tables"]);
    let by_row = outcomes(&report, JOINED, &[("by", "row"), ("k", "11")]);
    assert_eq!(by_row, [Outcome::Fail; 2]);
}

#[test]
fn tables_under_the_same_pseudonyms_are_one_table() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = table("one", "one.parquet", "subject = \"card\"\n", "first", "")
        + &table(
            "other",
            "other.parquet",
            "subject = \"client\"\n",
            "second",
            "",
        );
    let number = |row: usize| 1_000_000 + (row as i64 * 7_919_993) % 8_999_993;
    let persons = 0..400usize;
    let numbers = || persons.clone().map(number);
    type Subjects = Box<dyn Fn() -> ArrayRef>;
    let as_texts: Subjects = Box::new(|| texts((0..400).map(pseudonym)));
    let as_numbers: Subjects =
        Box::new(move || Arc::new(Int64Array::from_iter_values((0..400).map(number))));
    let upper: Subjects = Box::new(|| texts((0..400).map(|row| pseudonym(row).to_uppercase())));
    let hyphens: Subjects = Box::new(|| {
        texts(
            (0..400)
                .map(pseudonym)
                .map(|text| format!("{}-{}", &text[..5], &text[5..])),
        )
    });
    let reals: Subjects = Box::new(move || {
        Arc::new(Float64Array::from_iter_values(
            (0..400).map(|row| number(row) as f64),
        ))
    });
    let padded: Subjects =
        Box::new(move || texts((0..400).map(|row| format!("{:012}", number(row)))));
    let others: Subjects = Box::new(|| texts((0..400).map(|row| pseudonym(row + 1_000_000))));
    // Drawn from the same range by themselves: some are equal by chance.
    let drawn: Subjects = Box::new(move || {
        let own = (0..400).map(|row| 1_000_000 + (row as i64 * 5_800_079 + 4_321) % 8_999_993);
        Arc::new(Int64Array::from_iter_values(own))
    });
    assert_eq!(
        numbers().collect::<std::collections::BTreeSet<_>>().len(),
        400
    );
    for (mine, theirs, second, expected) in [
        (&as_texts, &as_texts, 20, Outcome::Fail),
        (&as_texts, &upper, 20, Outcome::Fail),
        (&as_texts, &hyphens, 20, Outcome::Fail),
        (&as_numbers, &as_numbers, 20, Outcome::Fail),
        (&as_numbers, &reals, 20, Outcome::Fail),
        (&reals, &padded, 20, Outcome::Fail),
        // Pseudonyms of their own, or columns that are coarse together.
        (&as_texts, &others, 20, Outcome::Pass),
        (&as_numbers, &drawn, 20, Outcome::Pass),
        (&as_texts, &as_texts, 1, Outcome::Pass),
    ] {
        write(
            &folder.path().join("one.parquet"),
            vec![
                ("card", mine()),
                ("first", texts(persons.clone().map(|row| halves(row).0))),
            ],
        );
        let seconds = persons.clone().map(|row| format!("g{}", row % second));
        write(
            &folder.path().join("other.parquet"),
            vec![("client", theirs()), ("second", texts(seconds))],
        );
        let report = audited(folder.path(), &manifest, &["joined-tables", "k-anonymity"]);
        assert_eq!(outcomes(&report, JOINED, &[("k", "11")]), [expected]);
        // One by one they are safe.
        assert_eq!(outcomes(&report, SMALLEST, &[]), [Outcome::Pass; 2]);
    }
}
