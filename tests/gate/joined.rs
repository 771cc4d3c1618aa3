//! Tables of one release that hold the same persons without naming them alike: by pseudonyms computed from each other, by
//! other columns, by the order of rows; and traces beside attributes.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, Int64Array};
use reidrisk::finding::Outcome;
use reidrisk::report::Report;

use crate::parquet::write;
use crate::text;

const PERSONS: u64 = 500;

fn drawn(of: u64) -> u64 {
    crate::drawn(of, 0x0dd_ba11)
}

fn name(person: u64) -> String {
    format!("m{:015x}", drawn(person) >> 4)
}

/// What two tables say of the persons, in an order of their own each: age and region here, trade and degree there.
struct Halves {
    /// The persons in the order of the rows of each.
    orders: [Vec<u64>; 2],
}

impl Halves {
    fn new() -> Self {
        let order = |salt: u64| {
            let mut order: Vec<u64> = (0..PERSONS).collect();
            order.sort_by_key(|person| drawn(*person * 7 + salt));
            order
        };
        Self {
            orders: [order(1), order(2)],
        }
    }

    /// Both tables, the rows of each with these further columns and lines of the manifest.
    fn audited(&self, more: [(&str, &dyn Fn(u64) -> ArrayValue); 2], lines: [&str; 2]) -> Report {
        let folder = tempfile::tempdir().unwrap();
        let mut manifest = String::new();
        for (at, order) in self.orders.iter().enumerate() {
            let [one, other] = [["age", "region"], ["trade", "degree"]][at];
            let value = |person: u64, what: u64| {
                format!(
                    "{what}-{}",
                    drawn(person * 11 + what + 4 * at as u64) % [5, 4][what as usize]
                )
            };
            let mut columns = vec![
                (one, text(order.iter().map(|person| value(*person, 0)))),
                (other, text(order.iter().map(|person| value(*person, 1)))),
            ];
            let (column, of) = more[at];
            if !column.is_empty() {
                let values: Vec<ArrayValue> = order.iter().map(|person| of(*person)).collect();
                columns.push((column, array(&values)));
            }
            let table = ["here", "there"][at];
            write(&folder.path().join(format!("{table}.parquet")), columns);
            manifest += &format!(
                "[[table]]\nname = \"{table}\"\npath = \"{table}.parquet\"\nkind = \"microdata\"\n\
                 quasi_identifiers = [\"{one}\", \"{other}\"]\n{}",
                lines[at]
            );
        }
        crate::judged(folder.path(), &manifest, &["joined-tables"], "strict")
    }
}

enum ArrayValue {
    Text(String),
    Whole(i64),
    Real(f64),
}

fn array(values: &[ArrayValue]) -> ArrayRef {
    match values[0] {
        ArrayValue::Text(_) => text(values.iter().map(|value| match value {
            ArrayValue::Text(text) => text.clone(),
            _ => unreachable!("all are texts"),
        })),
        ArrayValue::Whole(_) => Arc::new(Int64Array::from_iter_values(values.iter().map(
            |value| match value {
                ArrayValue::Whole(number) => *number,
                _ => unreachable!("all are whole"),
            },
        ))),
        ArrayValue::Real(_) => Arc::new(Float64Array::from_iter_values(values.iter().map(
            |value| match value {
                ArrayValue::Real(number) => *number,
                _ => unreachable!("all are real"),
            },
        ))),
    }
}

/// By what tables were joined, and whether few were found alike.
fn by(report: &Report) -> Vec<(String, Outcome)> {
    let findings = report
        .findings
        .iter()
        .filter(|finding| finding.statistic == "persons_below");
    let asked = findings.filter(|finding| finding.parameters.contains_key("by"));
    asked
        .filter_map(|finding| {
            let outcome = finding.requirement.as_ref()?.outcome;
            Some((finding.parameters["by"].to_string(), outcome))
        })
        .collect()
}

fn fails(by: &str) -> Vec<(String, Outcome)> {
    vec![(by.to_owned(), Outcome::Fail)]
}

const SUBJECT: &str = "subject = \"member\"\n";

#[test]
fn pseudonyms_computed_from_each_other_join() {
    let halves = Halves::new();
    let plain = |person: u64| ArrayValue::Text(name(person));
    let number = |person: u64| 10_000_000 + (drawn(person) % 80_000_000) as i64;
    let hashed = |text: String| {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(text.as_bytes());
        digest
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let ways: [&dyn Fn(u64) -> ArrayValue; 4] = [
        &|person| ArrayValue::Text(format!("there:{}", name(person))),
        &|person| ArrayValue::Text(name(person).chars().rev().collect()),
        &|person| ArrayValue::Text(hashed(name(person))),
        &|person| ArrayValue::Text(hashed(name(person))[..16].to_uppercase()),
    ];
    for way in ways {
        let report = halves.audited([("member", &plain), ("member", way)], [SUBJECT; 2]);
        assert_eq!(by(&report), fails("subject"));
        let report = halves.audited([("member", way), ("member", &plain)], [SUBJECT; 2]);
        assert_eq!(by(&report), fails("subject"));
    }
    let numbers = |person| ArrayValue::Whole(number(person));
    let sums: [&dyn Fn(u64) -> ArrayValue; 2] = [
        &|person| ArrayValue::Whole(number(person) + 123_456_789),
        &|person| ArrayValue::Whole(7 * number(person) - 1),
    ];
    for way in sums {
        let report = halves.audited([("member", &numbers), ("member", way)], [SUBJECT; 2]);
        assert_eq!(by(&report), fails("subject"));
    }
    // Drawn anew for each table.
    let anew = |person: u64| ArrayValue::Text(name(person + 10_000));
    let report = halves.audited([("member", &plain), ("member", &anew)], [SUBJECT; 2]);
    assert!(by(&report).is_empty());
}

#[test]
fn other_columns_that_name_the_same_persons_join() {
    let halves = Halves::new();
    let plain = |person: u64| ArrayValue::Text(name(person));
    // The subject of one as a column of the other, harmless by its word.
    let lines = [
        SUBJECT,
        "ignore = [\"key\"]\n[table.harmless]\nkey = \"drawn key of the row\"\n",
    ];
    let report = halves.audited([("member", &plain), ("key", &plain)], lines);
    assert_eq!(by(&report), fails("column"));
    // Weights and other measured quantities, exactly.
    let weight = |person: u64| ArrayValue::Real((100_000 + drawn(person) % 900_000) as f64 / 100.0);
    for role in [
        "weight = \"w\"\n",
        "ignore = [\"w\"]\n",
        "sensitive = [\"w\"]\n",
    ] {
        let report = halves.audited([("w", &weight), ("w", &weight)], [role; 2]);
        assert_eq!(by(&report), fails("column"), "{role}");
    }
    // A number here, a text there.
    let number = |person: u64| ArrayValue::Whole((drawn(person) % 9_000_000_000) as i64);
    let written = |person: u64| ArrayValue::Text((drawn(person) % 9_000_000_000).to_string());
    let ignored = "ignore = [\"key\"]\n";
    let report = halves.audited([("key", &number), ("key", &written)], [ignored; 2]);
    assert_eq!(by(&report), fails("column"));
    // Quantities of other persons, ages, running numbers.
    let other =
        |person: u64| ArrayValue::Real((100_000 + drawn(person + 9_000) % 900_000) as f64 / 100.0);
    let age = |person: u64| ArrayValue::Whole(18 + (drawn(person) % 70) as i64);
    let running = |person: u64| ArrayValue::Whole(person as i64);
    let sorted = Halves {
        orders: Halves::new().orders.map(|mut order| {
            order.sort_by_key(|person| (drawn(*person * 11) % 5, drawn(*person * 11 + 1) % 4));
            order
        }),
    };
    let pairs: [[&dyn Fn(u64) -> ArrayValue; 2]; 3] =
        [[&weight, &other], [&age, &age], [&running, &running]];
    for [one, another] in pairs {
        let report = sorted.audited([("w", one), ("w", another)], ["ignore = [\"w\"]\n"; 2]);
        assert!(by(&report).is_empty());
    }
}

/// Two tables under pseudonyms of their own: of each its columns, by name and role, with the value of a person.
type Described<'a> = (&'a str, &'a str, &'a dyn Fn(u64) -> String);
type Columns<'a> = &'a [Described<'a>];

fn under_own_pseudonyms(tables: [Columns<'_>; 2], persons: [std::ops::Range<u64>; 2]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let mut manifest = String::new();
    for (at, (columns, persons)) in tables.into_iter().zip(persons).enumerate() {
        let mut order: Vec<u64> = persons.collect();
        order.sort_by_key(|person| drawn(*person * 13 + at as u64));
        let subjects = text(order.iter().map(|of| name(of + 50_000 * (1 + at as u64))));
        let mut written = vec![("member", subjects)];
        let mut roles = std::collections::BTreeMap::<&str, Vec<&str>>::new();
        for (column, role, value) in columns {
            written.push((column, text(order.iter().map(|person| value(*person)))));
            roles.entry(role).or_default().push(column);
        }
        write(&folder.path().join(format!("{at}.parquet")), written);
        manifest += &format!(
            "[[table]]\nname = \"of {at}\"\npath = \"{at}.parquet\"\nkind = \"microdata\"\nsubject = \"member\"\n"
        );
        for (role, columns) in roles {
            manifest += &format!("{role} = {columns:?}\n");
        }
    }
    crate::judged(folder.path(), &manifest, &["joined-tables"], "strict")
}

fn counted(report: &Report, statistic: &str, of: Option<&str>) -> Option<f64> {
    let mut findings = report.findings.iter().filter(|finding| {
        let parameter = |key: &str| finding.parameters.get(key).map(ToString::to_string);
        finding.statistic == statistic
            && parameter("by").as_deref() == Some("attributes")
            && of.is_none_or(|of| parameter("sensitive").as_deref() == Some(of))
    });
    findings
        .next()?
        .value
        .map(reidrisk::finding::Number::as_f64)
}

#[test]
fn attributes_that_two_tables_share_join_them() {
    let one_of = |person: u64, salt: u64, of: u64| (drawn(person * 17 + salt) % of).to_string();
    let age = |person: u64| one_of(person, 1, 5);
    let town = |person: u64| one_of(person, 2, 4);
    let trade = |person: u64| one_of(person, 3, 5);
    let degree = |person: u64| one_of(person, 4, 4);
    // Neither names anybody by itself: 14 persons a day, 25 an amount; together nearly everybody.
    let day = |person: u64| format!("day {}", one_of(person, 5, 35));
    let paid = |person: u64| format!("paid {}", one_of(person, 6, 20));
    let illness = |person: u64| format!("illness {}", one_of(person, 7, 6));
    let known = "quasi_identifiers";
    let persons = [0..PERSONS, 0..PERSONS];
    let first: Columns<'_> = &[
        ("age", known, &age),
        ("town", known, &town),
        ("day", "sensitive", &day),
        ("paid", "sensitive", &paid),
        ("illness", "sensitive", &illness),
    ];
    let second: Columns<'_> = &[
        ("trade", known, &trade),
        ("degree", known, &degree),
        ("date", "sensitive", &day),
        ("paid", "sensitive", &paid),
    ];
    let report = under_own_pseudonyms([first, second], persons.clone());
    assert_eq!(by(&report), fails("attributes"));
    // Every person held against every other, by the definition.
    let here = |of: u64| (age(of), town(of));
    let there = |of: u64| (trade(of), degree(of));
    let both = |of: u64| (day(of), paid(of));
    let all = || 0..PERSONS;
    let is_certain = |person: &u64| {
        let alike: Vec<u64> = all().filter(|of| both(*of) == both(*person)).collect();
        alike.iter().all(|of| here(*of) == here(*person))
            || alike.iter().all(|of| there(*of) == there(*person))
    };
    let crowd = |person: u64| -> usize {
        let of = |is: &dyn Fn(u64) -> bool| {
            let mut often = std::collections::HashMap::<_, usize>::new();
            let persons = all().filter(|of| is(*of));
            persons.for_each(|of| *often.entry(both(of)).or_default() += 1);
            often
        };
        let mine = of(&|of| here(of) == here(person));
        let theirs = of(&|of| there(of) == there(person));
        let least = mine
            .iter()
            .map(|(both, persons)| theirs.get(both).unwrap_or(&0).min(persons));
        least.sum()
    };
    let certain: Vec<u64> = all().filter(is_certain).collect();
    let unique = certain.iter().filter(|person| crowd(**person) == 1).count();
    assert!(certain.len() > 200 && unique > 20);
    let linked = counted(&report, "persons_linked", None);
    assert_eq!(linked, Some(certain.len() as f64));
    let share = counted(&report, "share_unique", None);
    assert_eq!(share, Some(unique as f64 / certain.len() as f64));
    assert!(counted(&report, "persons_disclosed", Some("illness")).unwrap() >= unique as f64 / 2.0);

    // Of other persons, drawn alike; of another number of them; under the amount alone.
    let others = [0..PERSONS, 9_000..9_000 + PERSONS];
    assert!(by(&under_own_pseudonyms([first, second], others)).is_empty());
    let fewer = [0..PERSONS, 0..PERSONS - 20];
    assert!(by(&under_own_pseudonyms([first, second], fewer)).is_empty());
    let amount: Columns<'_> = &[("trade", known, &trade), ("paid", "sensitive", &paid)];
    assert!(by(&under_own_pseudonyms([first, amount], persons)).is_empty());
}

/// The same attributes in two tables that differ in what else they say: nobody's group is smaller for that.
#[test]
fn tables_that_were_parted_hide_everybody_still() {
    let one_of = |person: u64, salt: u64, of: u64| (drawn(person * 17 + salt) % of).to_string();
    let age = |person: u64| one_of(person, 1, 5);
    let town = |person: u64| one_of(person, 2, 4);
    let illness = |person: u64| format!("illness {}", one_of(person, 7, 6));
    let income = |person: u64| format!("income {}", one_of(person, 8, 6));
    let known = "quasi_identifiers";
    let common: [Described<'_>; 2] = [("age", known, &age), ("town", known, &town)];
    let with = |more| [common[0], common[1], more];
    let tables: [Columns<'_>; 2] = [
        &with(("illness", "sensitive", &illness)),
        &with(("income", "sensitive", &income)),
    ];
    let report = under_own_pseudonyms(tables, [0..PERSONS, 0..PERSONS]);
    assert_eq!(by(&report), vec![("attributes".to_owned(), Outcome::Pass)]);
    assert_eq!(
        counted(&report, "persons_linked", None),
        Some(PERSONS as f64)
    );
    assert_eq!(counted(&report, "persons_disclosed", None), Some(0.0));
    // A design: as many persons for each age and town in both tables, whoever they are.
    let by_design = |person: u64| (person % 5).to_string();
    let town_by_design = |person: u64| (person / 5 % 4).to_string();
    let designed: [Described<'_>; 2] = [
        ("age", "sensitive", &by_design),
        ("town", "sensitive", &town_by_design),
    ];
    let tables: [Columns<'_>; 2] = [
        &[("region", known, &age), designed[0], designed[1]],
        &[("trade", known, &town), designed[0], designed[1]],
    ];
    let persons = [0..PERSONS, 9_000..9_000 + PERSONS];
    assert!(by(&under_own_pseudonyms(tables, persons)).is_empty());
}

#[test]
fn rows_in_the_same_order_join() {
    let none = |_: u64| ArrayValue::Whole(0);
    let mut halves = Halves::new();
    halves.orders[1] = halves.orders[0].clone();
    let report = halves.audited([("", &none), ("", &none)], [""; 2]);
    assert_eq!(by(&report), fails("order"));
    // Sorted by what one of them says nobody knows whose row it is.
    halves.orders[0].sort_by_key(|person| (drawn(*person * 11) % 5, drawn(*person * 11 + 1) % 4));
    let report = halves.audited([("", &none), ("", &none)], [""; 2]);
    assert!(by(&report).is_empty());
    // Other persons are another number of rows.
    let mut halves = Halves::new();
    halves.orders[1].truncate(480);
    let report = halves.audited([("", &none), ("", &none)], [""; 2]);
    assert!(by(&report).is_empty());
}

/// Members by town, and their visits on some days; towns and visits that hide everybody by themselves.
fn visits(folder: &Path, of: impl Fn(u64, u64) -> u64, subject: impl Fn(u64) -> String) -> Report {
    let members = || 0..PERSONS;
    write(
        &folder.join("members.parquet"),
        vec![
            ("member", text(members().map(name))),
            (
                "town",
                text(members().map(|person| format!("town {}", person % 20))),
            ),
        ],
    );
    let rows = || members().flat_map(|person| (0..6u64).map(move |moment| (person, moment)));
    write(
        &folder.join("visits.parquet"),
        vec![
            ("member", text(rows().map(|row| subject(row.0)))),
            (
                "day",
                Arc::new(Date32Array::from_iter_values(
                    rows().map(|row| 20_000 + of(row.0, row.1) as i32),
                )),
            ),
            ("site", text(rows().map(|row| format!("site {}", row.1)))),
        ],
    );
    let manifest = "[[table]]\nname = \"members\"\npath = \"members.parquet\"\nkind = \"microdata\"\nsubject = \"member\"\n\
                    quasi_identifiers = [\"town\"]\n\
                    [[table]]\nname = \"visits\"\npath = \"visits.parquet\"\nkind = \"trace\"\nsubject = \"member\"\n\
                    time = \"day\"\nplace = \"site\"\npoint = { time = \"1d\", place = \"column\" }\n";
    crate::judged(folder, manifest, &["joined-tables"], "strict")
}

#[test]
fn a_trace_beside_attributes_is_known_by_both() {
    let folder = tempfile::tempdir().unwrap();
    let share = |report: &Report, points: u64| {
        let finding = report.findings.iter().find(|finding| {
            finding.statistic == "share_unique_with_points"
                && finding.parameters["points"].to_string() == points.to_string()
        });
        let finding = finding.expect("it was measured");
        (
            finding.value.unwrap().as_f64(),
            finding.requirement.as_ref().map(|of| of.outcome),
        )
    };
    // Twenty-five members of each town and eight ways to spend the days: one way is that of three of a town.
    let of = |person: u64, moment: u64| drawn(person / 20 % 8 * 10 + moment) % 3;
    let report = visits(folder.path(), of, name);
    assert_eq!(share(&report, 4), (0.0, Some(Outcome::Pass)));
    // Days of their own: four of six, of three each, single out most within a town and few among all.
    let of = |person: u64, moment: u64| drawn(person * 10 + moment) % 3;
    let report = visits(folder.path(), of, name);
    let (unique, outcome) = share(&report, 4);
    // Within a town 24 others, each with all four days by chance (1/3)⁴.
    let expected = (1.0f64 - 3f64.powi(-4)).powi(24);
    assert!((unique - expected).abs() < 0.05, "{unique} {expected}");
    assert_eq!(outcome, Some(Outcome::Fail));
    let expected = (2.0f64 / 3.0).powi(24);
    assert!((share(&report, 1).0 - expected).abs() < 0.01);
    // Under other names nothing is joined.
    let report = visits(folder.path(), of, |person| name(person + 7_000));
    assert!(
        report
            .findings
            .iter()
            .all(|finding| finding.statistic != "share_unique_with_points")
    );
}

/// Sites in the first week and purchases in the second, each of which alone single out nobody.
#[test]
fn two_traces_under_one_name_are_known_by_both() {
    let folder = tempfile::tempdir().unwrap();
    let share = |later: &dyn Fn(u64) -> String| {
        let mut manifest = String::new();
        for (table, salt) in [("sites", 0u64), ("shops", 1)] {
            // Twenty-five ways to spend the days here and twenty-five there.
            let rows = || (0..PERSONS).flat_map(|person| (0..3u64).map(move |day| (person, day)));
            let way =
                |person: u64| [person / 20, person % 20 + person / 20 * 7][salt as usize] % 25;
            let place = |(person, day): (u64, u64)| {
                format!("{}", drawn(way(person) * 16 + day * 2 + salt) % 9)
            };
            let own = |(person, _): (u64, u64)| match salt {
                0 => name(person),
                _ => later(person),
            };
            let days = rows().map(|(_, day)| 19_000 + day as i32);
            let columns: Vec<(&str, ArrayRef)> = vec![
                ("member", text(rows().map(own))),
                ("day", Arc::new(Date32Array::from_iter_values(days))),
                ("place", text(rows().map(place))),
            ];
            write(&folder.path().join(format!("{table}.parquet")), columns);
            manifest += &format!(
                "[[table]]\nname = \"{table}\"\npath = \"{table}.parquet\"\nkind = \"trace\"\nsubject = \"member\"\n\
                 time = \"day\"\nplace = \"place\"\npoint = {{ time = \"1d\", place = \"column\" }}\n"
            );
        }
        let report = crate::judged(folder.path(), &manifest, &["joined-tables"], "strict");
        let mut findings = report.findings.into_iter();
        let found = findings.find(|finding| {
            finding.statistic == "share_unique_with_points"
                && finding.parameters["points"].to_string() == "4"
        });
        found.map(|finding| {
            assert_eq!(finding.parameters["trace"].to_string(), "sites, shops");
            (
                finding.value.unwrap().as_f64(),
                finding.requirement.map(|of| of.outcome),
            )
        })
    };
    let (unique, outcome) = share(&name).expect("they are joined");
    assert!(unique > 0.2, "{unique}");
    assert_eq!(outcome, Some(Outcome::Fail));
    // By a key that is added to each pseudonym.
    let keyed = |person: u64| {
        let number = u64::from_str_radix(&name(person)[1..], 16).unwrap();
        format!("m{:015x}", number ^ 0x0012_3456_789a_bcde)
    };
    assert!(share(&keyed).is_some());
    assert_eq!(share(&|person| name(person + 7_000)), None);
}
