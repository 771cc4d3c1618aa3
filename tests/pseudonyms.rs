//! Pseudonyms that are hashes of identifiers are computed back; those with a salt and random ones are not.

#[path = "shared/parquet.rs"]
mod parquet_file;
#[path = "shared/threads.rs"]
mod threads;

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, Int64Array, StringArray};
use reidrisk::audit::{Options, audit};
use reidrisk::digest::{Encoding, Function};
use reidrisk::error::Error;
use reidrisk::finding::{Finding, Outcome};
use reidrisk::identifier::spaces::Space;
use reidrisk::report::Report;
use reidrisk::stats::Draws;

fn run(subjects: ArrayRef, settings: &str, list: &str) -> Result<Report, Error> {
    let folder = tempfile::tempdir().unwrap();
    let rows = subjects.len() as i64;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("who", subjects),
        (
            "age",
            Arc::new(Int64Array::from_iter_values((0..rows).map(|row| row % 5))),
        ),
    ];
    parquet_file::write(&folder.path().join("t.parquet"), columns);
    std::fs::write(folder.path().join("list.txt"), list).unwrap();
    let manifest = folder.path().join("release.toml");
    let text = format!(
        "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"microdata\"\nsubject = \"who\"\n\
         quasi_identifiers = [\"age\"]\n[measure.reversible-pseudonyms]\n{settings}\n"
    );
    std::fs::write(&manifest, text).unwrap();
    let options = Options {
        paths: vec![manifest],
        policy: "exploratory".to_owned(),
        only: vec!["reversible-pseudonyms".to_owned()],
        ..Options::default()
    };
    // A budget in seconds reaches as far as the machine is quick.
    match settings.contains("seconds") {
        true => audit(&options, &()),
        false => threads::audited(&options),
    }
}

fn texts(values: impl IntoIterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn find<'a>(
    report: &'a Report,
    statistic: &str,
    kind: &str,
    function: &str,
) -> Option<&'a Finding> {
    report.findings.iter().find(|f| {
        f.statistic == statistic
            && f.parameters["kind"].to_string() == kind
            && f.parameters
                .get("function")
                .is_none_or(|of| of.to_string() == function)
    })
}

fn value(report: &Report, statistic: &str, kind: &str, function: &str) -> f64 {
    let found = find(report, statistic, kind, function);
    let found = found.unwrap_or_else(|| panic!("no {statistic} of {kind} by {function}"));
    found.value.unwrap().as_f64()
}

/// Identifiers of a space by chance.
fn drawn(space: &Space, count: usize, spelling: usize) -> Vec<Vec<u8>> {
    let draws = Draws::new(7, "pseudonyms", space.as_str());
    let mut trial = draws.trial(spelling as u64);
    let one = |_| {
        let mut text = Vec::new();
        space.write(trial.below(space.size()), spelling, &mut text);
        text
    };
    (0..count).map(one).collect()
}

fn hashed(function: Function, encoding: Encoding, bits: u32, of: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let written = |text: &Vec<u8>| encoding.encode(&function.digest(text), bits);
    of.iter().map(written).collect()
}

fn utf8(texts: Vec<Vec<u8>>) -> Vec<String> {
    texts
        .into_iter()
        .map(|text| String::from_utf8(text).unwrap())
        .collect()
}

#[test]
fn whole_spaces_are_computed_back() {
    let days = drawn(&Space::BirthDates, 300, 1);
    let distinct = |report: &Report| {
        find(report, "reversed", "any", "any")
            .unwrap()
            .denominator
            .unwrap() as f64
    };
    for (function, encoding, bits) in [
        (Function::Md5, Encoding::HexLower, 128),
        (Function::Sha1, Encoding::HexUpper, 160),
        (Function::Sha256, Encoding::Base64, 256),
        (Function::Sha512, Encoding::Base64Url, 120),
        (Function::Blake3, Encoding::HexLower, 64),
    ] {
        let subjects = texts(utf8(hashed(function, encoding, bits, &days)));
        let report = run(subjects, "budget = 6_000_000", "").unwrap();
        let (kind, name) = ("birth-dates", function.as_str());
        assert_eq!(
            value(&report, "reversed", kind, name),
            distinct(&report),
            "{name}"
        );
        assert_eq!(value(&report, "reversed", "any", "any"), distinct(&report));
        assert_eq!(value(&report, "share_of_space", kind, name), 1.0);
        assert!(
            find(&report, "estimated", kind, name).is_none(),
            "all is known"
        );
    }
    let bytes = hashed(Function::Sha256, Encoding::Binary, 256, &days);
    let report = run(Arc::new(BinaryArray::from_iter_values(bytes)), "", "").unwrap();
    assert_eq!(
        value(&report, "reversed", "birth-dates", "sha-256"),
        distinct(&report)
    );
    let crc = |text: &Vec<u8>| {
        i64::from(u32::from_be_bytes(
            Function::Crc32.digest(text).bytes().try_into().unwrap(),
        ))
    };
    let numbers = Int64Array::from_iter_values(days.iter().map(crc));
    let report = run(Arc::new(numbers), "", "").unwrap();
    assert_eq!(
        value(&report, "reversed", "birth-dates", "crc32"),
        distinct(&report)
    );
}

#[test]
fn of_a_part_of_a_space_the_rest_is_foretold() {
    let numbers = drawn(&Space::MobileShort, 3_000, 0);
    let subjects = || {
        texts(utf8(hashed(
            Function::Sha256,
            Encoding::HexLower,
            256,
            &numbers,
        )))
    };
    let report = run(subjects(), "budget = 12_000_000", "").unwrap();
    let (kind, name) = ("mobile-numbers", "sha-256");
    let reversed = find(&report, "reversed", kind, name).unwrap();
    let share = value(&report, "share_of_space", kind, name);
    assert!(share > 0.02 && share < 0.1, "{share}");
    let found = reversed.value.unwrap().as_f64();
    assert!(
        (found - 3_000.0 * share).abs() < 4.0 * (3_000.0 * share).sqrt(),
        "{found}"
    );
    let estimated = find(&report, "estimated", kind, name).unwrap();
    let interval = estimated.interval.unwrap();
    assert!(
        interval.low <= 3_000.0 && interval.high >= 2_900.0,
        "{interval:?}"
    );
    let left = value(&report, "candidates_left", kind, name);
    assert_eq!(left, 130_000_000.0 - (share * 130_000_000.0).round());
    assert!(reversed.baseline.unwrap() < 1e-60);
    // With a time instead of a budget the report says what it depends on.
    let timed = run(subjects(), "seconds = 0.01", "").unwrap();
    let share = timed
        .findings
        .iter()
        .find(|f| f.statistic == "share_of_space")
        .unwrap();
    assert!(
        share.parameters["until"]
            .to_string()
            .contains("this machine")
    );
}

#[test]
fn lists_and_device_numbers() {
    let list = "Anna.Muster@example.org\notto@example.org\nnobody@example.org\n";
    let mails = [
        b"anna.muster@example.org".to_vec(),
        b"otto@example.org".to_vec(),
        b"else@example.org".to_vec(),
    ];
    let subjects = texts(utf8(hashed(Function::Md5, Encoding::HexLower, 128, &mails)));
    let report = run(subjects, "list = \"list.txt\"\nbudget = 4_000_000", list).unwrap();
    assert_eq!(value(&report, "reversed", "list", "md5"), 2.0);
    assert_eq!(
        find(&report, "reversed", "any", "any").unwrap().denominator,
        Some(3)
    );
    let text = serde_json::to_string(&report).unwrap();
    assert!(!text.contains("otto@"), "a report shows no value");

    let devices = Space::Imei(Arc::new(vec![35_209_900]));
    let subjects = texts(utf8(hashed(
        Function::Sha1,
        Encoding::HexLower,
        160,
        &drawn(&devices, 200, 1),
    )));
    let report = run(subjects, "tacs = [\"35209900\"]\nbudget = 10_000_000", "").unwrap();
    let fell = value(&report, "reversed", "imei", "sha-1");
    assert!(fell > 150.0, "{fell}");

    let message = |settings: &str| {
        let who = texts(["a", "b"].map(str::to_owned));
        let error = run(who, settings, "").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        format!("{error:?}")
    };
    assert!(message("tacs = [\"123\"]").contains("eight digits"));
    assert!(message("list = \"none.txt\"").contains("cannot read the list"));
    assert!(message("list = \"list.txt\"").contains("is empty"));
    assert!(message("seconds = 0").contains("greater than 0"));
    assert!(message("bugdet = 5").contains("did you mean `budget`?"));
}

#[test]
fn what_has_a_secret_does_not_fall() {
    let draws = Draws::new(8, "pseudonyms", "random");
    let mut trial = draws.trial(0);
    let salted: Vec<Vec<u8>> = drawn(&Space::BirthDates, 300, 0)
        .into_iter()
        .map(|day| [b"4f8a".to_vec(), day].concat())
        .collect();
    let mut hex = |digits: usize| -> Vec<String> {
        let mut one = || -> String {
            (0..digits)
                .map(|_| char::from(b"0123456789abcdef"[trial.below(16) as usize]))
                .collect()
        };
        (0..300).map(|_| one()).collect()
    };
    let (short, long) = (hex(8), hex(32));
    let uuid = |text: &String| {
        format!(
            "{}-{}-4{}-a{}-{}",
            &text[..8],
            &text[8..12],
            &text[13..16],
            &text[17..20],
            &text[20..]
        )
    };
    let uuids: Vec<String> = long.iter().map(uuid).collect();
    let salted = utf8(hashed(Function::Sha256, Encoding::HexLower, 256, &salted));
    let mails =
        ["x@example.org", "y@example.org"].map(|mail| Function::Sha256.digest(mail.as_bytes()));
    let few =
        mails.map(|digest| String::from_utf8(Encoding::HexLower.encode(&digest, 256)).unwrap());
    for subjects in [salted, short, long, few.to_vec()] {
        let report = run(texts(subjects), "budget = 3_000_000", "").unwrap();
        assert_eq!(value(&report, "reversed", "any", "any"), 0.0);
        assert!(value(&report, "share_of_space", "birth-dates", "any") > 0.0);
        assert!(value(&report, "candidates_left", "imsi", "any") > 1e10);
        assert_eq!(value(&report, "patterned", "any", ""), 0.0);
    }
    let report = run(texts(uuids), "", "").unwrap();
    assert_eq!(value(&report, "reversed", "any", "any"), 0.0);
    assert!(
        find(&report, "share_of_space", "postcodes", "any").is_none(),
        "nothing is tried"
    );
}

#[test]
fn patterns_and_other_characters_are_told() {
    let numbered = texts((1..200).map(|n| format!("subscriber-{n}")));
    let report = run(numbered, "", "").unwrap();
    assert_eq!(value(&report, "patterned", "sequential", ""), 1.0);
    let imsi = texts(utf8(drawn(&Space::Imsi, 50, 0)));
    let report = run(imsi, "", "").unwrap();
    assert_eq!(value(&report, "patterned", "imsi", ""), 1.0);
    assert_eq!(value(&report, "reversed", "any", "any"), 0.0);
    let base64 = |n: u32| data_encoding::BASE64.encode(format!("user{n}@example.org").as_bytes());
    let report = run(texts((1_000..1_100).map(base64)), "budget = 1_000_000", "").unwrap();
    assert_eq!(value(&report, "reversed", "email", "none"), 100.0);
    assert_eq!(value(&report, "reversed", "any", "any"), 100.0);
}

/// A table of persons with numbers and years, the year of whom is published in tens; judged by the strict policy.
fn numbered(persons: &[(i64, i64)], more: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let of = |value: fn(&(i64, i64)) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(persons.iter().map(value)))
    };
    let columns = vec![
        ("who", of(|(who, _)| *who)),
        ("decade", of(|(_, year)| year / 10)),
        ("few", of(|(who, _)| who % 20)),
    ];
    parquet_file::write(&folder.path().join("t.parquet"), columns);
    let manifest = folder.path().join("release.toml");
    let text = format!(
        "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"microdata\"\nsubject = \"who\"\n\
         quasi_identifiers = [\"decade\"]\nignore = [\"few\"]\n{more}"
    );
    std::fs::write(&manifest, text).unwrap();
    threads::audited(&Options {
        paths: vec![manifest],
        policy: "strict".to_owned(),
        only: vec!["reversible-pseudonyms".to_owned(), "file-leaks".to_owned()],
        ..Options::default()
    })
    .unwrap()
}

/// The strict policy asks whether pseudonyms were counted up. Numbers 1 to n may have been drawn for the release: the
/// publisher can say so, and is not believed where they follow an order.
#[test]
fn numbers_that_were_counted_up_fail_strict_unless_they_are_explained_and_in_no_order() {
    const SAID: &str = "[table.harmless]\nwho = \"numbered in random order for this release\"\n";
    let draws = Draws::new(8, "pseudonyms", "numbered");
    let mut trial = draws.trial(0);
    let years: Vec<i64> = (0..400).map(|_| 1_940 + trial.below(70) as i64).collect();
    let mut shuffled = |mut rows: Vec<(i64, i64)>| {
        (1..rows.len()).for_each(|at| rows.swap(at, trial.below(at as u64 + 1) as usize));
        rows
    };
    let joined = |years: &[i64]| -> Vec<(i64, i64)> { (1..).zip(years.iter().copied()).collect() };
    let judged = |report: &Report, statistic: &str, kind: &str| {
        let found = report.findings.iter().find(|f| {
            f.statistic == statistic
                && f.parameters["kind"].to_string() == kind
                && f.columns.iter().all(|column| column != "few")
        });
        let found = found.unwrap();
        let outcome = found.requirement.as_ref().unwrap().outcome;
        (found.value.unwrap().as_f64(), outcome)
    };
    let (pass, fail) = (Outcome::Pass, Outcome::Fail);
    // In random order, and said to be so.
    let random = shuffled(joined(&years));
    for (more, any) in [("", (1.0, fail)), (SAID, (0.0, pass))] {
        let report = numbered(&random, more);
        assert_eq!(judged(&report, "patterned", "any"), any);
        assert_eq!(
            value(&report, "patterned", "sequential", ""),
            1.0,
            "it is reported all the same"
        );
        assert_eq!(judged(&report, "leaks", "pseudonym-order"), (0.0, pass));
    }
    // In the order of years, of which only the decade is published; rows as they came, and shuffled.
    let mut sorted = years.clone();
    sorted.sort_unstable();
    for rows in [joined(&sorted), shuffled(joined(&sorted))] {
        let report = numbered(&rows, SAID);
        assert_eq!(
            judged(&report, "patterned", "any"),
            (1.0, fail),
            "it was found to be untrue"
        );
        let (followed, outcome) = judged(&report, "leaks", "pseudonym-order");
        assert!(followed >= 1.0 && outcome == fail);
    }
    // Numbers that are not in a row but in an order.
    let gaps: Vec<(i64, i64)> = joined(&sorted)
        .into_iter()
        .map(|(who, year)| (who * 1_000_003 + who * who % 7_919, year))
        .collect();
    let report = numbered(&shuffled(gaps), "");
    assert_eq!(judged(&report, "patterned", "any"), (0.0, pass));
    assert_eq!(judged(&report, "leaks", "pseudonym-order").1, fail);
    // Few numbers in a row under `ignore` are no pseudonyms.
    let of_few = report
        .findings
        .iter()
        .filter(|f| f.statistic == "patterned" && f.columns == ["few"]);
    assert!(
        of_few.clone().count() == 1 && of_few.clone().all(|f| f.value.unwrap().as_f64() == 0.0)
    );
}
