//! Tables of counts whose rows are records: what `declarations` says of amounts called counts, and that it says nothing
//! of counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, TimestampSecondArray};
use serde_json::Value;

use crate::{of_persons, text};

const POLICY: &str = "[[require]]\nstatistic = \"declarations.false_declarations\"\nmax = 0\n\
    [[exempt]]\ntable = \"persons\"\nreason = \"only its declarations are of interest here\"\n";

/// A generator of numbers that look drawn.
struct Drawn(u64);

impl Drawn {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }
}

fn whole(values: impl IntoIterator<Item = u64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(
        values.into_iter().map(|value| value as i64),
    ))
}

/// The kinds of declarations that are false.
fn wrong(columns: Vec<(&str, ArrayRef)>, table: &str) -> Vec<String> {
    let table = format!("kind = \"flows\"\n{table}");
    let (_, report) = of_persons(columns, &table, POLICY, "declarations");
    let findings = report["findings"].as_array().unwrap();
    let is_false =
        |finding: &&Value| finding["statistic"] == "false_declarations" && finding["value"] == 1.0;
    let kinds = findings.iter().filter(is_false);
    let kind = |finding: &Value| finding["parameters"]["kind"].as_str().unwrap().to_owned();
    kinds.map(kind).collect()
}

/// Employees: town, year of birth, grade and pay; and who they are.
struct Employees {
    towns: Vec<String>,
    years: Vec<u64>,
    grades: Vec<String>,
    pay: Vec<u64>,
    names: Vec<String>,
}

impl Employees {
    fn new(pay: impl Fn(&mut Drawn) -> u64) -> Self {
        let mut drawn = Drawn(5);
        let mut cells: BTreeMap<(u64, u64, u64), u64> = BTreeMap::new();
        for _ in 0..500 {
            let cell = (drawn.below(900), 1950 + drawn.below(55), drawn.below(6));
            cells.insert(cell, pay(&mut drawn));
        }
        let cells: Vec<_> = cells.into_iter().collect();
        Self {
            towns: cells
                .iter()
                .map(|((town, ..), _)| format!("town {town}"))
                .collect(),
            years: cells.iter().map(|((_, year, _), _)| *year).collect(),
            grades: cells
                .iter()
                .map(|((.., grade), _)| format!("E{grade}"))
                .collect(),
            pay: cells.iter().map(|(_, pay)| *pay).collect(),
            names: cells
                .iter()
                .map(|_| format!("q{:014x}", drawn.next() >> 8))
                .collect(),
        }
    }

    fn columns(&self) -> Vec<(&'static str, ArrayRef)> {
        vec![
            ("town", text(self.towns.clone())),
            ("born", whole(self.years.clone())),
            ("grade", text(self.grades.clone())),
            ("pay", whole(self.pay.clone())),
        ]
    }
}

const EMPLOYEES: &str =
    "place = \"town\"\nquasi_identifiers = [\"born\", \"grade\"]\ncount = \"pay\"\n";

#[test]
fn pay_is_no_count() {
    let employees = Employees::new(|drawn| 20_000 + drawn.below(60_000));
    assert_eq!(wrong(employees.columns(), EMPLOYEES), ["records"]);
    // Nor is any other number of each person.
    let employees = Employees::new(|drawn| 14 + drawn.below(40));
    assert_eq!(wrong(employees.columns(), EMPLOYEES), ["records"]);
    // A reason answers, and is listed.
    let answered =
        format!("{EMPLOYEES}[table.harmless]\npay = \"employees of the town, counted in May\"\n");
    assert!(wrong(employees.columns(), &answered).is_empty());
}

#[test]
fn pseudonyms_beside_counts_name_persons() {
    let employees = Employees::new(|drawn| 14 + drawn.below(40));
    let mut columns = employees.columns();
    columns.push(("row", text(employees.names.clone())));
    let counted = "[table.harmless]\npay = \"employees of the town, counted in May\"\n";
    let table = format!("{EMPLOYEES}ignore = [\"row\"]\n{counted}");
    assert_eq!(wrong(columns.clone(), &table), ["keys"]);
    let answered = format!("{table}row = \"key of the cell, drawn anew for this table\"\n");
    assert!(wrong(columns, &answered).is_empty());
}

#[test]
fn numbers_of_persons_are_no_places() {
    let mut drawn = Drawn(13);
    let visits = || (0..40u64).flat_map(|who| (0..12u64).map(move |month| (who, month)));
    let counts: Vec<u64> = visits()
        .map(|(who, month)| 20 + who + month + drawn.below(3))
        .collect();
    let with = |name: &'static str, beyond: &str| {
        let columns = vec![
            (name, whole(visits().map(|(who, _)| 41_000 + who * 7))),
            (
                "month",
                text(visits().map(|(_, month)| format!("M{month:02}"))),
            ),
            ("visits", whole(counts.iter().copied())),
        ];
        let table = format!(
            "place = \"{name}\"\nquasi_identifiers = [\"month\"]\ncount = \"visits\"\n{beyond}"
        );
        wrong(columns, &table)
    };
    assert_eq!(with("customer_id", ""), ["keys"]);
    let answered = "[table.harmless]\ncustomer_id = \"shops, which buy of a wholesaler\"\n";
    assert!(with("customer_id", answered).is_empty());
    assert!(with("shop_id", "").is_empty());
}

#[test]
fn several_rows_of_a_cell_are_no_counts() {
    let mut drawn = Drawn(7);
    let rows: Vec<(u64, u64, u64)> = (0..300)
        .map(|_| (drawn.below(4), drawn.below(60), 500 + drawn.below(4_000)))
        .collect();
    let columns = vec![
        (
            "ward",
            text(rows.iter().map(|row| format!("ward {}", row.0))),
        ),
        ("age", whole(rows.iter().map(|row| 20 + row.1))),
        ("spent", whole(rows.iter().map(|row| row.2))),
    ];
    let found = wrong(
        columns,
        "place = \"ward\"\nquasi_identifiers = [\"age\"]\ncount = \"spent\"\n",
    );
    assert!(found.contains(&"cells".to_owned()), "{found:?}");
}

#[test]
fn payments_at_a_second_in_cents_are_events() {
    let mut drawn = Drawn(11);
    let payment = |drawn: &mut Drawn| {
        let price = [299, 499, 999, 1_499, 2_499, 4_999][drawn.below(6) as usize];
        (
            drawn.below(50),
            drawn.below(2_000_000) as i64,
            price + drawn.below(2) * 1_000,
        )
    };
    let rows: Vec<(u64, i64, u64)> = (0..800).map(|_| payment(&mut drawn)).collect();
    let at = TimestampSecondArray::from_iter_values(rows.iter().map(|row| 1_770_000_000 + row.1));
    let shops = || text(rows.iter().map(|row| format!("shop {}", row.0)));
    let by = "place = \"shop\"\ntime = \"paid\"\ncount = \"cents\"\n";
    // By their moments.
    let even = whole(rows.iter().map(|row| 1_000 + row.2 * 7 % 3_001));
    let columns = vec![
        ("shop", shops()),
        ("paid", Arc::new(at) as ArrayRef),
        ("cents", even),
    ];
    assert_eq!(wrong(columns, by), ["records"]);
    // By the last digits of prices: one payment of each shop and hour.
    let mut cells: BTreeMap<(u64, i64), u64> = BTreeMap::new();
    for row in &rows {
        cells.insert((row.0, row.1 / 3_600), row.2);
    }
    let hours = cells.keys().map(|cell| 1_769_997_600 + cell.1 * 3_600);
    let columns = vec![
        (
            "shop",
            text(cells.keys().map(|cell| format!("shop {}", cell.0))),
        ),
        (
            "paid",
            Arc::new(TimestampSecondArray::from_iter_values(hours)) as ArrayRef,
        ),
        ("cents", whole(cells.values().copied())),
    ];
    assert_eq!(wrong(columns, by), ["records"]);
}

#[test]
fn more_persons_than_there_are() {
    let mut drawn = Drawn(13);
    let of =
        |drawn: &mut Drawn| -> Vec<u64> { (0..60).map(|_| 30_000 + drawn.below(9_000)).collect() };
    let columns = |counts: Vec<u64>| {
        vec![
            ("area", text((0..60).map(|area| format!("area {area}")))),
            ("persons", whole(counts)),
        ]
    };
    let verdict = |population: u64, columns| {
        let folder = tempfile::tempdir().unwrap();
        crate::parquet::write(&folder.path().join("areas.parquet"), columns);
        let manifest = format!(
            "population = {population}\n[[table]]\nname = \"areas\"\npath = \"areas.parquet\"\nkind = \"flows\"\n\
             place = \"area\"\ncount = \"persons\"\n"
        );
        let report = crate::judged(folder.path(), &manifest, &["declarations"], "strict");
        let population = report.findings.iter().find(|finding| {
            finding.statistic == "false_declarations"
                && finding.parameters["kind"].to_string() == "population"
        });
        population.unwrap().value.map(|value| value.as_f64())
    };
    let counts = of(&mut drawn);
    assert_eq!(verdict(20_000, columns(counts.clone())), Some(1.0));
    assert_eq!(verdict(3_000_000, columns(counts)), Some(0.0));
}

/// Journeys between places by hour and purpose, cells of few left out, with labels and further figures of the cells.
#[test]
fn counts_are_taken_for_counts() {
    for seed in 0..12 {
        let mut drawn = Drawn(1_000 + seed);
        let weight = |drawn: &mut Drawn| (1.0 + drawn.below(40) as f64).powi(2) / 100.0;
        let places: Vec<f64> = (0..14).map(|_| weight(&mut drawn)).collect();
        let hours: Vec<f64> = (0..24).map(|_| weight(&mut drawn)).collect();
        let purposes = [4.0, 2.0, 1.0];
        let scale = [0.02, 0.1, 1.0][seed as usize % 3];
        let mut rows = Vec::new();
        for (place, a) in places.iter().enumerate() {
            for (hour, b) in hours.iter().enumerate() {
                for (purpose, c) in purposes.iter().enumerate() {
                    let mean = scale * a * b * c * (0.5 + drawn.below(100) as f64 / 100.0);
                    let spread = (drawn.below(1_000) as f64 / 500.0 - 1.0) * mean.sqrt();
                    let count = (mean + spread).round();
                    if count >= 11.0 {
                        rows.push((place, hour, purpose, count as u64));
                    }
                }
            }
        }
        if rows.len() < 30 {
            continue;
        }
        let columns = vec![
            (
                "place",
                text(rows.iter().map(|row| format!("place {}", row.0))),
            ),
            ("hour", whole(rows.iter().map(|row| row.1 as u64))),
            (
                "purpose",
                text(rows.iter().map(|row| format!("purpose {}", row.2))),
            ),
            ("journeys", whole(rows.iter().map(|row| row.3))),
            // A label, a key of the place that looks drawn, a running number, a second figure.
            (
                "region",
                text(rows.iter().map(|row| format!("region {}", row.0 / 4))),
            ),
            (
                "place_key",
                text(
                    rows.iter()
                        .map(|row| format!("{:016x}", Drawn(row.0 as u64).next())),
                ),
            ),
            ("line", whole(0..rows.len() as u64)),
            (
                "revenue",
                whole(rows.iter().map(|row| row.3 * 250 + drawn.below(5_000))),
            ),
        ];
        let table = "place = \"place\"\nquasi_identifiers = [\"hour\", \"purpose\"]\ncount = \"journeys\"\n\
                     absent = \"suppressed\"\nignore = [\"region\", \"place_key\", \"line\", \"revenue\"]\n";
        let found = wrong(columns, table);
        assert!(found.is_empty(), "{seed}: {} cells, {found:?}", rows.len());
    }
}

/// Visitors by district and day, and how many of them were something else.
#[test]
fn numbers_beside_counts_are_parts_of_them() {
    let mut drawn = Drawn(11);
    let cells: Vec<(u64, u64, u64)> = (0..30)
        .flat_map(|district| (0..20).map(move |day| (district, day)))
        .map(|(district, day)| (district, day, 40 + 9 * district + drawn.below(60)))
        .collect();
    let few: Vec<u64> = cells.iter().map(|_| drawn.below(5)).collect();
    let wrong_with = |column: ArrayRef, table: &str| {
        let columns = vec![
            (
                "district",
                text(
                    cells
                        .iter()
                        .map(|cell| format!("district {}", cell.0))
                        .collect::<Vec<_>>(),
                ),
            ),
            (
                "day",
                text(
                    cells
                        .iter()
                        .map(|cell| format!("day {}", cell.1))
                        .collect::<Vec<_>>(),
                ),
            ),
            ("visitors", whole(cells.iter().map(|cell| cell.2))),
            ("other", column),
        ];
        let table =
            format!("place = \"district\"\ncount = \"visitors\"\nabsent = \"zero\"\n{table}");
        wrong(columns, &table)
    };
    let ignored = "quasi_identifiers = [\"day\"]\nignore = [\"other\"]\n";
    let as_quasi_identifier = "quasi_identifiers = [\"day\", \"other\"]\n";
    let numbers = || whole(few.iter().copied());
    assert_eq!(wrong_with(numbers(), ignored), ["parts"]);
    assert!(wrong_with(numbers(), as_quasi_identifier).contains(&"parts".to_owned()));
    // Written as text, as a share, and as all the others.
    let texts = text(few.iter().map(u64::to_string));
    assert_eq!(wrong_with(texts, ignored), ["parts"]);
    let shares = few
        .iter()
        .zip(&cells)
        .map(|(few, cell)| *few as f64 / cell.2 as f64);
    let shares: ArrayRef = Arc::new(Float64Array::from_iter_values(shares));
    assert_eq!(wrong_with(shares, ignored), ["parts"]);
    let others = few.iter().zip(&cells).map(|(few, cell)| cell.2 - few);
    assert_eq!(wrong_with(whole(others), ignored), ["parts"]);
    // With a reason, or as attributes of a district or a day, they are none.
    let answered =
        format!("{ignored}[table.harmless]\nother = \"number of sensors that were running\"\n");
    assert!(wrong_with(numbers(), &answered).is_empty());
    let of_district = whole(cells.iter().map(|cell| 1 + cell.0 % 7));
    assert!(wrong_with(of_district, ignored).is_empty());
    let of_day = whole(cells.iter().map(|cell| 1 + cell.1 % 7));
    assert!(wrong_with(of_day, ignored).is_empty());
    let degrees = cells.iter().map(|_| 5.0 + drawn.below(200) as f64 / 10.0);
    let degrees: ArrayRef = Arc::new(Float64Array::from_iter_values(degrees));
    assert!(wrong_with(degrees, ignored).is_empty());
    // The age of the youngest, whatever it is stored as.
    let ages = text(
        cells
            .iter()
            .map(|_| format!("{} years", 20 + drawn.below(60))),
    );
    assert_eq!(wrong_with(ages, ignored), ["details"]);
    // The name of the cell is in one row alone.
    let cell = text(cells.iter().map(|cell| format!("{}-{}", cell.0, cell.1)));
    assert!(wrong_with(cell, ignored).is_empty());
}

/// Buyers of goods: what is said of the goods is nobody's.
#[test]
fn attributes_of_goods_are_no_details() {
    let mut drawn = Drawn(13);
    let columns = vec![
        ("product", text((0..200).map(|at| format!("product {at}")))),
        ("buyers", whole((0..200).map(|_| 20 + drawn.below(900)))),
        (
            "colour",
            text((0..200).map(|at| ["red", "blue", "green"][at * at % 7 % 3])),
        ),
    ];
    let table =
        "place = \"product\"\ncount = \"buyers\"\nabsent = \"suppressed\"\nignore = [\"colour\"]\n";
    assert!(wrong(columns, table).is_empty());
}

/// Of each district some counts were left out, and its total or the shares of the days were not.
#[test]
fn what_was_left_out_is_not_told_beside() {
    let mut drawn = Drawn(12);
    let cells: Vec<(u64, u64, u64)> = (0..12)
        .flat_map(|district| (0..10).map(move |day| (district, day)))
        .map(|(district, day)| {
            (
                district,
                day,
                if day == district % 10 {
                    3
                } else {
                    40 + drawn.below(60)
                },
            )
        })
        .collect();
    let total = |district: u64| -> u64 {
        let of = cells.iter().filter(|cell| cell.0 == district);
        of.map(|cell| cell.2).sum()
    };
    let wrong_with = |column: ArrayRef, hides: bool| {
        let counts = cells
            .iter()
            .map(|cell| (!hides || cell.2 > 10).then_some(cell.2 as i64));
        let columns = vec![
            (
                "district",
                text(cells.iter().map(|cell| format!("district {}", cell.0))),
            ),
            (
                "day",
                text(cells.iter().map(|cell| format!("day {}", cell.1))),
            ),
            (
                "visitors",
                Arc::new(Int64Array::from_iter(counts)) as ArrayRef,
            ),
            ("other", column),
        ];
        let table = "place = \"district\"\ncount = \"visitors\"\nquasi_identifiers = [\"day\"]\nignore = [\"other\"]\n";
        wrong(columns, table)
    };
    let totals = || whole(cells.iter().map(|cell| total(cell.0)));
    assert_eq!(wrong_with(totals(), true), ["parts"]);
    assert!(wrong_with(totals(), false).is_empty());
    let shares = || -> ArrayRef {
        let shares = cells
            .iter()
            .map(|cell| 100.0 * cell.2 as f64 / total(cell.0) as f64);
        Arc::new(Float64Array::from_iter_values(
            shares.map(|share| (share * 100.0).round() / 100.0),
        ))
    };
    assert_eq!(wrong_with(shares(), true), ["parts"]);
    // Left out where the count is, they still tell what all are together.
    let told = shares();
    let told: &Float64Array = told.as_any().downcast_ref().unwrap();
    let told = told
        .iter()
        .zip(&cells)
        .map(|(share, cell)| share.filter(|_| cell.2 > 10));
    let told: ArrayRef = Arc::new(told.collect::<Float64Array>());
    assert_eq!(wrong_with(told, true), ["parts"]);
    assert!(wrong_with(shares(), false).is_empty());
    // The size of a district is no total of its visitors.
    let sizes = whole(cells.iter().map(|cell| 9_000 + 131 * cell.0));
    assert!(wrong_with(sizes, true).is_empty());
}

/// A table of frequencies, by sex and education, has no place; small counts are found in it all the same.
#[test]
fn counts_need_no_place() {
    let sexes = ["f", "m", "f", "m", "f", "m"];
    let education = ["low", "low", "middle", "middle", "high", "high"];
    let policy = "[[require]]\nstatistic = \"small-cells.cells\"\nwhere = { k = 11 }\nmax = 0\n\
        [[exempt]]\ntable = \"persons\"\nreason = \"only its small counts are of interest here\"\n";
    for (least, passes) in [(3, false), (60, true)] {
        let columns = vec![
            ("sex", text(sexes)),
            ("education", text(education)),
            ("n", whole([120, 140, 90, least, 75, 66])),
        ];
        let table =
            "kind = \"flows\"\nquasi_identifiers = [\"sex\", \"education\"]\ncount = \"n\"\n";
        let (ran, report) = of_persons(columns, table, policy, "small-cells");
        assert_eq!(ran.code == 0, passes);
        assert_eq!(report["verdict"], if passes { "pass" } else { "fail" });
    }
}
