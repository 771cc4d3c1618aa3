//! Direct identifiers are told by what the values are, whatever the columns are called.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, DurationMillisecondArray, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use serde_json::Value;

use crate::{Ran, of_persons, says, text};

const POLICY: &str = "[[require]]\nstatistic = \"direct-identifiers.columns\"\nwhere = { kind = \"any\" }\nmax = 0\n\
    [[exempt]]\ntable = \"persons\"\nreason = \"only its direct identifiers are of interest here\"\n";

struct Audited {
    ran: Ran,
    report: Value,
}

/// Audits a table whose column `v` holds these values by `POLICY`; `more` follows its roles in the manifest.
fn audited(name: &str, values: ArrayRef, more: &str) -> Audited {
    let rows = values.len();
    let sex: ArrayRef = Arc::new(StringArray::from_iter_values(
        (0..rows).map(|row| ["f", "m"][row % 2]),
    ));
    let table = format!(
        "kind = \"microdata\"\nquasi_identifiers = [\"sex\"]\nignore = [\"{name}\"]\n{more}"
    );
    let columns = vec![("sex", sex), (name, values)];
    let (ran, report) = of_persons(columns, &table, POLICY, "direct-identifiers");
    Audited { ran, report }
}

impl Audited {
    /// How many columns there are of a kind, or were set aside for a reason.
    fn columns(&self, statistic: &str, of: &str) -> u64 {
        let findings = self.report["findings"].as_array().unwrap();
        let is = |finding: &&Value| {
            let parameters = &finding["parameters"];
            finding["statistic"] == statistic
                && (parameters["kind"] == of || parameters["why"] == of)
        };
        let found = findings.iter().find(is);
        found.map_or(0, |finding| finding["value"].as_u64().unwrap())
    }

    #[track_caller]
    fn holds(&self, kind: &str) {
        assert_eq!(self.columns("columns", kind), 1, "{}", self.ran.out);
        assert_eq!(self.ran.code, 1, "{}", self.ran.out);
    }

    #[track_caller]
    fn passes(&self) {
        assert_eq!(self.ran.code, 0, "{}", self.ran.out);
    }
}

/// Forty persons of several countries.
fn persons() -> Vec<String> {
    let given = [
        "Katharina",
        "Giovanni",
        "Mehmet",
        "Siobhan",
        "Pierre",
        "Agnieszka",
        "Carlos",
        "Ingrid",
    ];
    let surnames = ["Schneider", "Rossi", "Yilmaz", "Dubois", "Kowalski"];
    let pairs = given.iter().flat_map(|given| {
        let surnames = surnames.iter();
        surnames.map(move |surname| format!("{given} {surname}"))
    });
    pairs.collect()
}

/// Digits with the check digit of Luhn (ISO/IEC 7812-1) behind them.
fn with_luhn(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, c)| {
            let digit = u32::from(c - b'0');
            match at % 2 {
                0 if digit > 4 => 2 * digit - 9,
                0 => 2 * digit,
                _ => digit,
            }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

#[test]
fn names_of_persons_are_found_under_any_name_of_a_column() {
    audited("v", text(persons()), "").holds("person-name");
    let reversed = persons();
    let reversed = reversed.iter().map(|name| {
        let (given, surname) = name.split_once(' ').unwrap();
        format!("{}, {given}", surname.to_uppercase())
    });
    audited("town", text(reversed), "").holds("person-name");
    // Forty of two hundred.
    let towns = (0..160).map(|at| format!("District {at}"));
    audited("v", text(persons().into_iter().chain(towns)), "").holds("person-name");
}

#[test]
fn towns_shops_and_goods_are_no_persons() {
    let towns = [
        "Berlin",
        "Hamburg",
        "München",
        "Köln",
        "Frankfurt am Main",
        "Stuttgart",
        "Düsseldorf",
        "Leipzig",
        "Dortmund",
        "Essen",
        "Bremen",
        "Dresden",
        "Hannover",
        "Nürnberg",
        "Duisburg",
        "Bochum",
        "Wuppertal",
        "Bielefeld",
        "Bonn",
        "Münster",
        "Mannheim",
        "Karlsruhe",
        "Augsburg",
        "Wiesbaden",
        "Paris",
        "Lyon",
        "Marseille",
        "Madrid",
        "Sevilla",
        "Roma",
        "Milano",
        "Napoli",
        "Amsterdam",
        "Utrecht",
        "Warszawa",
        "Kraków",
    ];
    audited("v", text(towns), "").passes();
    let shops = [
        "Thai Restaurant",
        "Coffee Shop",
        "Book Store",
        "Train Station",
        "Gym / Fitness Centre",
        "Bank",
        "Bakery",
        "Burger Joint",
        "Post Office",
        "Mexican Restaurant",
        "Art Gallery",
        "Music Venue",
        "Park",
        "Hotel",
        "Department Store",
        "Drug Store",
        "Gas Station",
        "Pizza Place",
        "Clothing Store",
        "Movie Theater",
    ];
    audited("v", text(shops), "").passes();
    let goods = [
        "RED WOOLLY HOTTIE",
        "JAM MAKING SET",
        "PAPER CHAIN KIT",
        "VINTAGE UNION JACK BUNTING",
        "HAND WARMER OWL",
        "LUNCH BAG SUKI DESIGN",
        "SET OF 3 CAKE TINS",
        "PARTY BUNTING",
        "REGENCY CAKESTAND",
        "WOODEN FRAME WHITE",
        "ROSE COTTAGE KEEPSAKE BOX",
        "GLASS STAR FROSTED T-LIGHT HOLDER",
        "RETROSPOT HEART HOT WATER BOTTLE",
    ];
    audited("v", text(goods), "").passes();
}

#[test]
fn numbers_are_told_by_their_check_digits() {
    let cards =
        (0..30u64).map(|at| with_luhn(&format!("4539{:011}", at * 7_919_777_777 % 99_999_999_999)));
    audited("v", text(cards), "").holds("card");
    // Sixteen digits of no check digit.
    let codes = (0..200u64).map(|at| format!("4539{:012}", at * 79_197_777_771 % 999_999_999_999));
    audited("v", text(codes), "").passes();
    let devices =
        (0..30u64).map(|at| with_luhn(&format!("35{:012}", at * 79_197_777_771 % 999_999_999_999)));
    let devices = devices.map(|number| number.parse::<i64>().unwrap());
    let devices: ArrayRef = Arc::new(Int64Array::from_iter_values(devices));
    audited("v", devices, "").holds("imei");
}

#[test]
fn numbers_in_types_for_times_are_read() {
    let phones = || (0..60i64).map(|at| 4_915_110_000_000 + at * 7_919_003 % 9_999_991);
    let spans: ArrayRef = Arc::new(DurationMillisecondArray::from_iter_values(phones()));
    audited("v", spans, "").holds("phone");
    let times: ArrayRef = Arc::new(TimestampMicrosecondArray::from_iter_values(phones()));
    audited("v", times, "").holds("phone");
    // Calls of up to an hour, and visits of last year.
    let calls = (0..60i64).map(|at| at * 7_919_003 % 3_600_000);
    let calls: ArrayRef = Arc::new(DurationMillisecondArray::from_iter_values(calls));
    audited("v", calls, "").passes();
    let visits =
        (0..60i64).map(|at| 1_700_000_000_000_000 + at * 7_919_003 % 9_999_991 * 3_000_000);
    let visits: ArrayRef = Arc::new(TimestampMicrosecondArray::from_iter_values(visits));
    audited("v", visits, "").passes();
}

#[test]
fn addresses_and_profiles_are_found() {
    let streets = [
        "Lindenstraße",
        "Am Markt",
        "Goethestr.",
        "Bahnhofstraße",
        "Schulweg",
    ];
    let houses = (1..9).flat_map(|house| streets.map(|street| format!("{street} {house}")));
    audited("v", text(houses), "").holds("postal-address");
    let page = [
        "",
        "https://www.linkedin.com/in/katharina-schneider-2381/",
        "none",
    ];
    let pages = (0..60).map(|row| {
        if row == 31 {
            page[1]
        } else {
            page[row % 2 * 2]
        }
    });
    audited("v", text(pages), "").holds("profile");
}

#[test]
fn days_of_birth_are_told_from_other_days() {
    // From 1940 on, on any day of the week.
    let births = (0..300).map(|at| -10_957 + at * 83);
    let births: ArrayRef = Arc::new(Date32Array::from_iter_values(births));
    audited("since", births, "").holds("birth-date");
    // Of one year.
    let orders: ArrayRef = Arc::new(Date32Array::from_iter_values(
        (0..300).map(|at| 18_262 + at),
    ));
    audited("since", orders, "").passes();
    // A decade says little, whatever its column is called.
    let decades = (0..60).map(|row| format!("{}0s", 192 + row % 8));
    let coarse = audited("date_of_birth", text(decades), "");
    coarse.passes();
    assert_eq!(coarse.columns("set_aside", "coarse"), 1);
}

#[test]
fn advertising_ids_identify_a_device() {
    let id = |at: u64| {
        let mixed = (at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let hex = format!("{mixed:016x}{:016x}", mixed.rotate_left(29) ^ 0x5bd1_e995);
        let parts = [
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..32],
        ];
        format!(
            "{}-{}-4{}-a{}-{}",
            parts[0], parts[1], parts[2], parts[3], parts[4]
        )
    };
    audited("idfa", text((0..60).map(id)), "").holds("uuid");
    // Any other column of UUIDs may hold pseudonyms.
    audited("v", text((0..60).map(id)), "").passes();
}

/// What somebody wrote about each row.
fn notes() -> ArrayRef {
    let what = [
        "asked for the bill again",
        "wants to be called back",
        "moved house last month",
    ];
    text((0..60).map(|row| {
        format!(
            "The customer of contract {row} {} and was told so",
            what[row % 3]
        )
    }))
}

#[test]
fn free_text_is_not_measured_until_it_is_answered_for() {
    let silent = audited("v", notes(), "");
    assert_eq!(silent.ran.code, 1);
    says(
        &silent.report["not_measured"].to_string(),
        &["free text", "column `v`", "[table.harmless]"],
    );
    let reason = "texts of a form letter, which no customer wrote";
    let answered = audited(
        "v",
        notes(),
        &format!("[table.harmless]\nv = \"{reason}\"\n"),
    );
    answered.passes();
    says(&answered.ran.out, &[reason]);
    // The same few texts again and again are descriptions.
    let few = (0..60).map(|row| {
        let kind = [
            "a large and heavy parcel for the ground floor",
            "a small parcel that fits through the letter box",
        ];
        kind[row % 2]
    });
    audited("v", text(few), "").passes();
}

#[test]
fn what_is_proof_cannot_be_excused() {
    let harmless = "[table.harmless]\nv = \"these are names of our own shops\"\n";
    let shops = audited("v", text(persons()), harmless);
    shops.passes();
    assert_eq!(shops.columns("set_aside", "harmless"), 1);
    let mail = (0..40).map(|row| format!("customer{row}@example.org"));
    audited("v", text(mail), harmless).holds("email");
    let telephones = (0..40u64).map(|row| format!("+49 171 {:07}", row * 76_543 % 9_999_999));
    audited("v", text(telephones), harmless).holds("phone");
}

/// What all rows have in common is nobody's, and answers are no telephone numbers.
#[test]
fn constants_and_categories_are_set_aside() {
    let rows = |values: &[&str]| text((0..60).map(|row| values[row % values.len()].to_owned()));
    let office = audited("contact", rows(&["office@statistics.example"]), "");
    office.passes();
    assert_eq!(office.columns("set_aside", "constant"), 1);
    audited("contact", rows(&["a@b.example", "c@d.example"]), "").holds("email");
    // Of ten persons it may be one of them.
    let few = text((0..10).map(|_| "office@statistics.example"));
    audited("contact", few, "").holds("email");
    let service = audited("telephone", rows(&["yes", "no", "unknown"]), "");
    service.passes();
    assert_eq!(service.columns("set_aside", "category"), 1);
    let numbers = text((0..60).map(|row| format!("extension {row}")));
    audited("telephone", numbers, "").holds("name");
}

/// Persons as columns, and as files.
#[test]
fn names_of_columns_and_files_are_read() {
    let addresses = ["ada@mail.example", "ben@mail.example"];
    let numbers = || -> ArrayRef { Arc::new(Int64Array::from_iter_values(0..60)) };
    let sex = || text((0..60).map(|row| ["f", "m"][row % 2]));
    let columns = vec![
        ("sex", sex()),
        (addresses[0], numbers()),
        (addresses[1], numbers()),
    ];
    let table = "kind = \"microdata\"\nquasi_identifiers = [\"sex\"]\nignore = [\"ada@mail.example\", \"ben@mail.example\"]\n";
    let (ran, report) = of_persons(columns, table, POLICY, "direct-identifiers");
    Audited { ran, report }.holds("email");

    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let manifest = "[[table]]\nname = \"persons\"\npath = \"data\"\nkind = \"microdata\"\nquasi_identifiers = [\"sex\"]\nignore = [\"n\"]\n";
    let write = |name: &str, from: i64| {
        let own: ArrayRef = Arc::new(Int64Array::from_iter_values(from..from + 60));
        let path = folder.path().join("data").join(name);
        crate::parquet::write(&path, vec![("sex", sex()), ("n", own)]);
    };
    let judged = || crate::judged(folder.path(), manifest, &["direct-identifiers"], "strict");
    let kinds = |kind: &str| {
        let report = judged();
        let mut findings = report.findings.into_iter();
        let found = findings.find(|finding| {
            finding.statistic == "columns" && finding.parameters["kind"].to_string() == kind
        });
        found.unwrap().value.unwrap().as_f64()
    };
    write(
        "part-00000-4f6c1b1e-8f0a-4a53-9d3e-4a1d0a6f2b7c-c000.snappy.parquet",
        0,
    );
    write("2026-11-30.parquet", 60);
    assert_eq!(kinds("any"), 0.0);
    write("+4917110082926.parquet", 120);
    assert_eq!((kinds("any"), kinds("phone")), (1.0, 1.0));
}

/// A few names among many other values.
#[test]
fn names_written_otherwise_are_read() {
    let rot13 = |c: char| match c {
        'a'..='z' => char::from((c as u8 - b'a' + 13) % 26 + b'a'),
        'A'..='Z' => char::from((c as u8 - b'A' + 13) % 26 + b'A'),
        other => other,
    };
    let ways: [&dyn Fn(&str) -> String; 4] = [
        &|name| name.chars().rev().collect(),
        &|name| name.chars().map(rot13).collect(),
        &|name| data_encoding::BASE64.encode(name.as_bytes()),
        &|name| data_encoding::HEXLOWER.encode(name.as_bytes()),
    ];
    let others = || (0..230u32).map(|at| format!("grade {} of {}", at % 23, at / 23));
    for way in ways {
        let written = persons().into_iter().map(|name| way(&name));
        audited("level", text(others().chain(written)), "").holds("person-name");
    }
    audited("level", text(others()), "").passes();
}

#[test]
fn columns_and_tables_are_not_named_by_pseudonyms() {
    let subjects: Vec<String> = (0..60u64)
        .map(|at| format!("{:012x}", crate::drawn(at, 5) >> 16))
        .collect();
    let table = |column: &str| {
        let sex = text((0..60).map(|row| ["f", "m"][row % 2]));
        let columns = vec![
            ("who", text(&subjects)),
            ("sex", sex),
            (column, text(["x"; 60])),
        ];
        let roles = "kind = \"microdata\"\nsubject = \"who\"\nquasi_identifiers = [\"sex\"]\n";
        let (ran, report) = of_persons(
            columns,
            &format!("{roles}ignore = [\"{column}\"]\n"),
            POLICY,
            "direct-identifiers",
        );
        Audited { ran, report }
    };
    let named = table(&format!("seen_{}", subjects[17]));
    assert_eq!(named.columns("columns", "pseudonym"), 1);
    assert_eq!(named.ran.code, 1);
    table("seen_0123456789ab").passes();
}

/// Sixty persons by sex, with this said of the column in the metadata.
fn described(said: &str) -> Audited {
    let folder = tempfile::tempdir().unwrap();
    let who: Vec<String> = (0..60u64)
        .map(|at| format!("{:012x}", crate::drawn(at, 5) >> 16))
        .collect();
    let said = HashMap::from([("comment".to_owned(), said.to_owned())]);
    let schema = Schema::new(vec![
        Field::new("who", DataType::Utf8, false),
        Field::new("sex", DataType::Utf8, false).with_metadata(said),
    ]);
    let sex = text((0..60).map(|row| ["f", "m"][row % 2]));
    let batch = RecordBatch::try_new(Arc::new(schema), vec![text(&who), sex]).unwrap();
    let file = std::fs::File::create(folder.path().join("persons.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let manifest = "[release]\nname = \"r\"\n[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\n\
        kind = \"microdata\"\nsubject = \"who\"\nquasi_identifiers = [\"sex\"]\n";
    std::fs::write(folder.path().join("release.toml"), manifest).unwrap();
    std::fs::write(folder.path().join("gate.toml"), POLICY).unwrap();
    let arguments = "audit release.toml --policy gate.toml --only direct-identifiers --out out --format json,terminal";
    let ran = crate::run(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
    assert!(ran.code < 2, "{}", ran.err);
    let report = std::fs::read_to_string(folder.path().join("out/report.json")).unwrap();
    Audited {
        ran,
        report: serde_json::from_str(&report).unwrap(),
    }
}

#[test]
fn descriptions_of_columns_name_nobody() {
    // What a dictionary of data says.
    for said in [
        "sex as registered at birth (f, m); source: register of residents, reference date 2026-01-31",
        "Charles River dummy variable: 1 if tract bounds river, 0 otherwise",
        "ISO 3166-1 alpha-2 code; see table 4.1, pages 12-14, of the handbook (ISBN 978-3-16-148410-0)",
        "1 = yes, 2 = no, 9 = not stated. May include persons in Victoria Park or St. Martin",
    ] {
        described(said).passes();
    }
    let number = described("sex, asked by telephone; call +49 171 10082926 for the key");
    assert_eq!(number.columns("columns", "phone"), 1, "{}", number.ran.out);
    assert_eq!(number.ran.code, 1);
    let mail = described("sex (owner: Ada Example <ada@mail.example>)");
    assert_eq!(mail.columns("columns", "email"), 1, "{}", mail.ran.out);
    let persons = persons().join(", ");
    let names = described(&format!("sex; not yet checked: {}", &persons[..150]));
    assert_eq!(
        names.columns("columns", "person-name"),
        1,
        "{}",
        names.ran.out
    );
    let pseudonym = format!("{:012x}", crate::drawn(17, 5) >> 16);
    let subject = described(&format!("sex; unknown of {pseudonym}"));
    assert_eq!(
        subject.columns("columns", "pseudonym"),
        1,
        "{}",
        subject.ran.out
    );
    assert!(!subject.ran.out.contains(&pseudonym));
}

/// Sixty texts of this form, with a drawn digit for each `#`.
fn drawn_after(form: &str) -> ArrayRef {
    let written = |at: u64| -> String {
        let places = form.chars().zip(0u64..);
        let digit = |place: u64| crate::drawn(at * 64 + place, 9) % 10;
        let draw = |(c, place): (char, u64)| match c {
            '#' => digit(place).to_string(),
            other => other.to_string(),
        };
        places.map(draw).collect()
    };
    text((0..60).map(written))
}

#[test]
fn mobile_numbers_of_other_countries_are_telephones() {
    let written = [
        "(1#) 9####-####",
        "8 (9##) ###-##-##",
        "13# #### ####",
        "06 ## ## ## ##",
    ];
    for form in written {
        audited("v", drawn_after(form), "").holds("phone");
    }
    for form in ["(##) 3####-####", "### #### ####"] {
        audited("v", drawn_after(form), "").passes();
    }
}
