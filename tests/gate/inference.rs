//! What groups reveal: of the few whose value is known, over several rows and columns, in counts, in traces and once tables
//! are joined. Each planted leak has a harmless sibling, in which the same values lie over persons by chance.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};
use reidrisk::report::Report;

use crate::{drawn, judged, parquet, text};

const ILLNESSES: [&str; 6] = [
    "asthma",
    "HIV",
    "influenza",
    "migraine",
    "gout",
    "psoriasis",
];

/// An illness as if drawn at random.
fn illness(of: u64, salt: u64) -> &'static str {
    ILLNESSES[(drawn(of, salt) % 6) as usize]
}

fn pseudonym(of: u64) -> String {
    format!("{:016x}", drawn(of, 77))
}

/// Persons of ten regions and two sexes; the men of the fourth region are the group that leaks.
struct Person {
    number: u64,
    region: String,
    sex: &'static str,
    leaks: bool,
}

fn persons(count: u64) -> Vec<Person> {
    let person = |number: u64| {
        let (region, sex) = (number % 10, number / 10 % 2);
        Person {
            number,
            region: format!("region {region}"),
            sex: ["m", "f"][sex as usize],
            leaks: (region, sex) == (3, 0),
        }
    };
    (0..count).map(person).collect()
}

fn find(report: &Report, statistic: &str, by: &str) -> Option<u64> {
    let mut findings = report.findings.iter();
    let found = findings.find(|finding| {
        let is_so = |(name, value): (&String, &reidrisk::finding::Parameter)| {
            name == "by" && value.to_string() == by
        };
        finding.statistic == statistic && (by.is_empty() || finding.parameters.iter().any(is_so))
    });
    Some(found?.value?.as_f64() as u64)
}

fn disclosed(columns: Vec<(&str, ArrayRef)>, table: &str, by: &str) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    parquet::write(&folder.path().join("t.parquet"), columns);
    let manifest = format!("[[table]]\nname = \"t\"\npath = \"t.parquet\"\n{table}");
    let report = judged(
        folder.path(),
        &manifest,
        &["group-disclosure"],
        "exploratory",
    );
    let mut unmeasured = report.not_measured.iter();
    assert!(unmeasured.all(|entry| entry.measure != "group-disclosure"));
    find(&report, "persons_disclosed", by).expect("it is always told")
}

const MICRODATA: &str = "kind = \"microdata\"\nquasi_identifiers = [\"region\", \"sex\"]\n";

fn of_persons<'a>(persons: &[Person], more: Vec<(&'a str, ArrayRef)>) -> Vec<(&'a str, ArrayRef)> {
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("region", text(persons.iter().map(|person| &person.region))),
        ("sex", text(persons.iter().map(|person| person.sex))),
    ];
    columns.extend(more);
    columns
}

#[test]
fn the_few_whose_value_is_known_stand_for_the_others() {
    let persons = persons(3_000);
    let known = |person: &Person| (person.number / 20).is_multiple_of(6);
    // 25 of the 150 in each group are known; in the leaking one all but one have the same illness.
    let of = |leak: bool, missing: Option<&'static str>| -> ArrayRef {
        let values = persons.iter().map(|person| match known(person) {
            false => missing,
            true if leak && person.leaks && person.number > 20 => Some("HIV"),
            true => Some(illness(person.number, 1)),
        });
        Arc::new(StringArray::from_iter(values))
    };
    let table = format!("{MICRODATA}sensitive = [\"diagnosis\"]\n");
    for missing in [None, Some("unknown"), Some("k. A.")] {
        let audited = |leak| {
            let columns = of_persons(&persons, vec![("diagnosis", of(leak, missing))]);
            disclosed(columns, &table, "class")
        };
        assert_eq!(audited(true), 25, "{missing:?}");
        assert_eq!(audited(false), 0, "{missing:?}");
    }
}

#[test]
fn what_everybody_has_in_one_of_several_rows_or_columns() {
    // Of the leaking group everybody has the same illness in one of four rows, in which others have theirs.
    let persons = persons(2_000);
    let value = |person: &Person, at: u64, leak: bool| match leak
        && person.leaks
        && person.number / 20 % 4 == at
    {
        true => "HIV",
        false => illness(person.number * 4 + at, 2),
    };
    let of_rows = |leak: bool| -> Vec<(&str, ArrayRef)> {
        let rows = || {
            persons
                .iter()
                .flat_map(|person| (0..4).map(move |at| (person, at)))
        };
        vec![
            (
                "subject",
                text(rows().map(|(person, _)| pseudonym(person.number))),
            ),
            ("region", text(rows().map(|(person, _)| &person.region))),
            ("sex", text(rows().map(|(person, _)| person.sex))),
            (
                "diagnosis",
                text(rows().map(|(person, at)| value(person, at, leak))),
            ),
        ]
    };
    let table = format!("{MICRODATA}subject = \"subject\"\nsensitive = [\"diagnosis\"]\n");
    assert_eq!(disclosed(of_rows(true), &table, "class"), 100);
    assert_eq!(disclosed(of_rows(false), &table, "class"), 0);

    let table = format!("{MICRODATA}sensitive = [\"first\", \"second\"]\n");
    let of_columns = |leak: bool| {
        let of = |at: u64| -> ArrayRef {
            let values = persons.iter().map(|person| match leak && person.leaks {
                true if person.number / 20 % 2 == at => "HIV",
                _ => illness(person.number, 3 + at),
            });
            text(values)
        };
        of_persons(&persons, vec![("first", of(0)), ("second", of(1))])
    };
    assert_eq!(disclosed(of_columns(true), &table, "columns"), 100);
    assert_eq!(
        disclosed(of_columns(true), &table, "class"),
        0,
        "each alone tells nothing"
    );
    assert_eq!(disclosed(of_columns(false), &table, "columns"), 0);
}

#[test]
fn a_sensitive_quasi_identifier_is_asked_by_name_and_by_value() {
    let persons = persons(2_000);
    let of = |leak: bool| {
        let values = persons.iter().map(|person| match leak && person.leaks {
            true => "HIV",
            false => illness(person.number, 5),
        });
        text(values)
    };
    for name in ["diagnosis", "group"] {
        let table = format!(
            "kind = \"microdata\"\nquasi_identifiers = [\"region\", \"sex\", \"{name}\"]\n"
        );
        let audited = |leak| disclosed(of_persons(&persons, vec![(name, of(leak))]), &table, "");
        assert_eq!((audited(true), audited(false)), (100, 0), "{name}");
    }
    // Nothing is asked of others.
    let codes = persons
        .iter()
        .map(|person| if person.leaks { "x" } else { "y" });
    let table = "kind = \"microdata\"\nquasi_identifiers = [\"region\", \"sex\", \"group\"]\n";
    assert_eq!(
        disclosed(
            of_persons(&persons, vec![("group", text(codes))]),
            table,
            ""
        ),
        0
    );
}

/// Counts by district, age and illness, 20 and more; in one district and age, where it leaks, of one illness alone.
fn counts(leak: bool, name: &str, value: impl Fn(usize) -> String) -> Vec<(&str, ArrayRef)> {
    let mut rows = Vec::new();
    for district in 0..8u64 {
        for age in 0..4u64 {
            for illness in 0..6 {
                if !leak || (district, age) != (4, 1) || illness == 1 {
                    let count = 20 + drawn(district * 100 + age * 10 + illness, 6) % 60;
                    rows.push((district, age, illness, count as i64));
                }
            }
        }
    }
    vec![
        (
            "district",
            text(rows.iter().map(|row| format!("district {}", row.0))),
        ),
        (
            "age",
            text(
                rows.iter()
                    .map(|row| format!("{}-{}", row.1 * 20, row.1 * 20 + 19)),
            ),
        ),
        (name, text(rows.iter().map(|row| value(row.2 as usize)))),
        (
            "persons",
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.3))),
        ),
    ]
}

const COUNTS: &str = "kind = \"flows\"\nplace = \"district\"\ncount = \"persons\"\n";

#[test]
fn a_cell_of_counts_with_one_illness_alone() {
    let words = |at: usize| ILLNESSES[at].to_owned();
    let codes = |at: usize| ["J45.0", "B20.1", "J10.1", "G43.9", "M10.0", "L40.0"][at].to_owned();
    let letters = |at: usize| ["u", "v", "w", "x", "y", "z"][at].to_owned();
    let as_known = |name: &str| format!("{COUNTS}quasi_identifiers = [\"age\", \"{name}\"]\n");
    let declared = format!("{COUNTS}quasi_identifiers = [\"age\"]\nsensitive = [\"group\"]\n");
    let of = 20 + drawn(411, 6) % 60;
    for leak in [true, false] {
        let expected = if leak { of } else { 0 };
        let audited = |columns, table: &str| disclosed(columns, table, "");
        assert_eq!(
            audited(counts(leak, "diagnosis", letters), &as_known("diagnosis")),
            expected
        );
        assert_eq!(
            audited(counts(leak, "group", words), &as_known("group")),
            expected
        );
        assert_eq!(
            audited(counts(leak, "group", codes), &as_known("group")),
            expected
        );
        assert_eq!(audited(counts(leak, "group", letters), &declared), expected);
    }
    // What is not sensitive, or for a stated reason not, is not asked.
    let harmless = "[table.harmless]\ndiagnosis = \"groups of hospital departments\"\n";
    let excused = format!("{}{harmless}", as_known("diagnosis"));
    assert_eq!(
        disclosed(counts(true, "diagnosis", letters), &excused, ""),
        0
    );
    assert_eq!(
        disclosed(counts(true, "group", letters), &as_known("group"), ""),
        0
    );
    // Cells that were left out may hold as many as the smallest that is published, less one.
    let hidden = format!("{}absent = \"suppressed\"\n", as_known("diagnosis"));
    assert_eq!(disclosed(counts(true, "diagnosis", words), &hidden, ""), 0);
}

#[test]
fn a_total_says_that_nothing_else_was_left_out() {
    // The other illnesses of the group are suppressed, and the total leaves two persons for all of them.
    let with_totals = |left: i64| -> Vec<(&str, ArrayRef)> {
        let mut rows: Vec<(String, String, i64)> = Vec::new();
        for district in 0..6u64 {
            let mut total = 0;
            for (at, illness) in ILLNESSES
                .iter()
                .enumerate()
                .filter(|(at, _)| district != 2 || *at == 1)
            {
                let count = 30 + (drawn(district * 10 + at as u64, 8) % 50) as i64;
                total += count;
                rows.push((format!("district {district}"), (*illness).to_owned(), count));
            }
            let total = total + if district == 2 { left } else { 0 };
            rows.push((format!("district {district}"), "all".to_owned(), total));
        }
        vec![
            ("district", text(rows.iter().map(|row| &row.0))),
            ("diagnosis", text(rows.iter().map(|row| &row.1))),
            (
                "persons",
                Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.2))),
            ),
        ]
    };
    let table = format!(
        "{COUNTS}quasi_identifiers = [\"diagnosis\"]\nabsent = \"suppressed\"\ntotals = {{ diagnosis = \"all\" }}\n"
    );
    assert_eq!(
        disclosed(with_totals(2), &table, ""),
        30 + drawn(21, 8) % 50
    );
    assert_eq!(disclosed(with_totals(60), &table, ""), 0);
}

/// Traces of five days over four areas; whoever was in one of them on the first day has, where it leaks, the same illness.
fn traces(leak: bool, of_places: bool) -> Vec<(&'static str, ArrayRef)> {
    let mut rows: Vec<(u64, i64, String, &str)> = Vec::new();
    for person in 0..1_500u64 {
        let area = |day: u64| drawn(person * 5 + day, 9) % 4;
        let illness = match leak && area(0) == 2 {
            true => "HIV",
            false => illness(person, 10),
        };
        for day in 0..5 {
            let place = match of_places && day == 4 && illness == "HIV" {
                true => "HIV clinic".to_owned(),
                false => format!("area {}", area(day)),
            };
            rows.push((person, day as i64, place, illness));
        }
    }
    rows.sort_by_key(|row| drawn(row.0 * 5 + row.1 as u64, 11));
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("who", text(rows.iter().map(|row| pseudonym(row.0)))),
        (
            "day",
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.1))),
        ),
        ("area", text(rows.iter().map(|row| &row.2))),
    ];
    if !of_places {
        columns.push(("group", text(rows.iter().map(|row| row.3))));
    }
    columns
}

#[test]
fn all_who_were_somewhere_share_what_is_sensitive() {
    let trace = "kind = \"trace\"\nsubject = \"who\"\ntime = \"day\"\nplace = \"area\"\n\
                 point = { time = \"column\", place = \"column\" }\n";
    for more in ["", "ignore = [\"group\"]\n", "sensitive = [\"group\"]\n"] {
        let table = format!("{trace}{more}");
        let audited = |leak| disclosed(traces(leak, more.is_empty()), &table, "points");
        let leaking = (0..1_500u64)
            .filter(|person| drawn(person * 5, 9) % 4 == 2)
            .count();
        assert_eq!(audited(true), leaking as u64, "{more}");
        assert_eq!(audited(false), 0, "{more}");
    }
}

/// Two tables of the same persons: region, sex and illness, and job; whoever has one region, sex and job has, where it
/// leaks, the same illness, which neither table tells by itself.
fn two_tables(folder: &Path, leak: bool, with_subject: bool) {
    let mut persons = persons(4_000);
    persons.sort_by_key(|person| drawn(person.number, 12));
    let job = |person: &Person| drawn(person.number, 13) % 4;
    let illness = |person: &Person| match leak && person.leaks && job(person) == 1 {
        true => "HIV",
        false => illness(person.number, 14),
    };
    let mut first = of_persons(
        &persons,
        vec![("diagnosis", text(persons.iter().map(illness)))],
    );
    let jobs = persons.iter().map(|person| format!("job {}", job(person)));
    let mut second = vec![("job", text(jobs))];
    if with_subject {
        for columns in [&mut first, &mut second] {
            let names = persons.iter().map(|person| pseudonym(person.number));
            columns.push(("who", text(names)));
        }
    }
    parquet::write(&folder.join("first.parquet"), first);
    parquet::write(&folder.join("second.parquet"), second);
}

#[test]
fn what_is_ignored_is_known_by_its_values_and_by_all_rows_of_a_person() {
    let persons = persons(2_000);
    let audited = |columns, table: &str| -> Report {
        let folder = tempfile::tempdir().unwrap();
        parquet::write(&folder.path().join("t.parquet"), columns);
        let manifest = format!("[[table]]\nname = \"t\"\npath = \"t.parquet\"\n{table}");
        judged(
            folder.path(),
            &manifest,
            &["undeclared-columns"],
            "exploratory",
        )
    };
    let table = format!("{MICRODATA}ignore = [\"group\"]\n");
    let of = |values: &[&str]| {
        let at = |person: &Person| drawn(person.number, 15) as usize % values.len();
        let column = text(persons.iter().map(|person| values[at(person)]));
        find(
            &audited(of_persons(&persons, vec![("group", column)]), &table),
            "private_attributes",
            "",
        )
    };
    assert_eq!(of(&ILLNESSES), Some(1));
    assert_eq!(of(&["E11.9", "F32.1", "J45.0"]), Some(1));
    assert_eq!(
        of(&["evangelisch", "römisch-katholisch", "konfessionslos"]),
        Some(1)
    );
    assert_eq!(of(&["T01", "T02", "T03"]), Some(0));

    // Each row is like many others; all rows of a person together are like no other's.
    let rows = || {
        persons
            .iter()
            .flat_map(|person| (0..6u64).map(move |at| (person, at)))
    };
    let columns = || -> Vec<(&str, ArrayRef)> {
        let shop = |(person, at): (&Person, u64)| {
            format!("shop {}", drawn(person.number * 6 + at, 16) % 8)
        };
        vec![
            (
                "who",
                text(rows().map(|(person, _)| pseudonym(person.number))),
            ),
            ("region", text(rows().map(|(person, _)| &person.region))),
            ("sex", text(rows().map(|(person, _)| person.sex))),
            ("shop", text(rows().map(shop))),
        ]
    };
    let newly = |report: &Report| {
        let mut findings = report.findings.iter();
        let found = findings.find(|finding| {
            let with = finding.parameters.get("with").map(ToString::to_string);
            finding.statistic == "persons_newly_unique" && with.as_deref() == Some("rows")
        });
        found
            .expect("persons have several rows")
            .value
            .unwrap()
            .as_f64()
    };
    let table = |more: &str| format!("{MICRODATA}subject = \"who\"\n{more}");
    for role in ["ignore", "sensitive"] {
        let report = audited(columns(), &table(&format!("{role} = [\"shop\"]\n")));
        assert!(newly(&report) > 500.0, "{role}");
    }
    let reason =
        "sensitive = [\"shop\"]\n[table.harmless]\nshop = \"drawn at random for this test\"\n";
    assert_eq!(newly(&audited(columns(), &table(reason))), 0.0);
    let known = "kind = \"microdata\"\nquasi_identifiers = [\"region\", \"sex\", \"shop\"]\nsubject = \"who\"\n";
    assert_eq!(newly(&audited(columns(), known)), 0.0);
}

#[test]
fn joined_tables_reveal_what_neither_does() {
    let table = |name: &str, role: &str, columns: &str| {
        format!(
            "[[table]]\nname = \"{name}\"\npath = \"{name}.parquet\"\nkind = \"microdata\"\n{role}{columns}\n"
        )
    };
    let known = "quasi_identifiers = [\"region\", \"sex\"]\nsensitive = [\"diagnosis\"]";
    let (subject, ignored) = ("subject = \"who\"\n", "ignore = [\"who\"]\n");
    for (with_subject, roles, by) in [
        (true, [subject, subject], "subject"),
        (true, [subject, ignored], "column"),
        (false, ["", ""], "order"),
    ] {
        let manifest = table("first", roles[0], known)
            + &table("second", roles[1], "quasi_identifiers = [\"job\"]");
        let audited = |leak: bool| {
            let folder = tempfile::tempdir().unwrap();
            two_tables(folder.path(), leak, with_subject);
            let only = ["joined-tables", "homogeneity-attack"];
            let report = judged(folder.path(), &manifest, &only, "exploratory");
            let alone = find(&report, "share_certain", "");
            assert_eq!(alone, Some(0), "{by}: the first table alone");
            find(&report, "persons_disclosed", by).expect("they are joined")
        };
        let leaking = persons(4_000)
            .iter()
            .filter(|person| person.leaks && drawn(person.number, 13) % 4 == 1)
            .count();
        assert_eq!(audited(true), leaking as u64, "{by}");
        assert_eq!(audited(false), 0, "{by}");
    }
}

#[test]
fn a_trace_joined_with_attributes_reveals_them_by_its_points() {
    let manifest = "[[table]]\nname = \"first\"\npath = \"first.parquet\"\nkind = \"microdata\"\nsubject = \"who\"\n\
                    quasi_identifiers = [\"sex\"]\nsensitive = [\"diagnosis\"]\n\
                    [[table]]\nname = \"second\"\npath = \"second.parquet\"\nkind = \"trace\"\nsubject = \"who\"\n\
                    time = \"day\"\nplace = \"area\"\npoint = { time = \"column\", place = \"column\" }\n";
    let audited = |leak: bool| {
        let area = |person: u64, day: u64| drawn(person * 5 + day, 9) % 8;
        let persons = || (0..1_500u64).map(|at| drawn(at, 17) % 1_000_000 * 1_500 + at);
        let illness = |person: u64| match leak && area(person, 2) == 3 {
            true => "HIV",
            false => illness(person, 18),
        };
        let folder = tempfile::tempdir().unwrap();
        let first: Vec<(&str, ArrayRef)> = vec![
            ("who", text(persons().map(pseudonym))),
            (
                "sex",
                text(persons().map(|person| ["m", "f"][(person % 2) as usize])),
            ),
            ("diagnosis", text(persons().map(illness))),
        ];
        parquet::write(&folder.path().join("first.parquet"), first);
        let rows = || persons().flat_map(|person| (0..5u64).map(move |day| (person, day)));
        let second: Vec<(&str, ArrayRef)> = vec![
            ("who", text(rows().map(|(person, _)| pseudonym(person)))),
            (
                "day",
                Arc::new(Int64Array::from_iter_values(
                    rows().map(|(_, day)| day as i64),
                )),
            ),
            (
                "area",
                text(rows().map(|(person, day)| format!("area {}", area(person, day)))),
            ),
        ];
        parquet::write(&folder.path().join("second.parquet"), second);
        let report = judged(folder.path(), manifest, &["joined-tables"], "exploratory");
        let leaking = persons().filter(|person| area(*person, 2) == 3).count() as u64;
        (find(&report, "persons_disclosed", "subject"), leaking)
    };
    let (found, leaking) = audited(true);
    assert_eq!(found, Some(leaking));
    assert_eq!(audited(false).0, Some(0));
}
