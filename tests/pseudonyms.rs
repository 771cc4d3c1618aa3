//! Pseudonyms that are hashes of identifiers are computed back; those with a salt and random ones are not.

#[path = "shared/parquet.rs"]
mod parquet_file;
#[path = "shared/threads.rs"]
mod threads;

use std::collections::BTreeSet;
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
    run_as(subjects, settings, "", list, 1)
}

/// With more lines about the table, and a seed.
fn run_as(
    subjects: ArrayRef,
    settings: &str,
    of_table: &str,
    list: &str,
    seed: u64,
) -> Result<Report, Error> {
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
        "[release]\nseed = {seed}\n[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"microdata\"\n\
         subject = \"who\"\nquasi_identifiers = [\"age\"]\n{of_table}\n\
         [measure.reversible-pseudonyms]\n{settings}\n"
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

/// Identifiers of a space by chance, each once.
fn drawn(space: &Space, count: usize, spelling: usize) -> Vec<Vec<u8>> {
    let draws = Draws::new(7, "pseudonyms", space.kind.as_str());
    let mut trial = draws.trial(spelling as u64);
    let mut numbers = BTreeSet::new();
    while numbers.len() < count {
        numbers.insert(trial.below(space.size()));
    }
    let write = |number| {
        let mut text = Vec::new();
        space.write(number, spelling, &mut text);
        text
    };
    numbers.into_iter().map(write).collect()
}

/// Random hexadecimal digits.
fn tokens(count: usize, digits: usize) -> Vec<String> {
    let draws = Draws::new(9, "pseudonyms", "tokens");
    let mut trial = draws.trial(digits as u64);
    let mut tokens = BTreeSet::new();
    while tokens.len() < count {
        let digit = |_| char::from(b"0123456789abcdef"[trial.below(16) as usize]);
        tokens.insert((0..digits).map(digit).collect());
    }
    tokens.into_iter().collect()
}

/// Whether the column was searched well enough, and if not, what the report says.
fn unmeasured(report: &Report) -> Option<String> {
    let mut entries = report.not_measured.iter();
    let entry = entries.find(|entry| entry.statistic.as_deref() == Some("reversed"))?;
    Some(entry.reason.english().to_owned())
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
    let days = drawn(&Space::dates(), 20_000, 1);
    let count = days.len() as f64;
    for (function, encoding, bits) in [
        (Function::Md5, Encoding::HexLower, 128),
        (Function::Sha1, Encoding::HexUpper, 160),
        (Function::Sha256, Encoding::Base64, 256),
        (Function::Sha512, Encoding::Base64Url, 120),
    ] {
        let subjects = texts(utf8(hashed(function, encoding, bits, &days)));
        let report = run(subjects, "budget = 100_000_000", "").unwrap();
        let (kind, name) = ("birth-dates", function.as_str());
        assert_eq!(value(&report, "reversed", kind, name), count, "{name}");
        assert_eq!(value(&report, "reversed", "any", "any"), count);
        assert_eq!(value(&report, "share_of_space", kind, name), 1.0);
        assert!(
            find(&report, "estimated", kind, name).is_none(),
            "all is known"
        );
        assert_eq!(unmeasured(&report), None, "what is found needs no power");
    }
    let bytes = hashed(Function::Sha256, Encoding::Binary, 256, &days);
    let subjects = Arc::new(BinaryArray::from_iter_values(bytes));
    let report = run(subjects, "budget = 100_000_000", "").unwrap();
    assert_eq!(value(&report, "reversed", "birth-dates", "sha-256"), count);
    let crc = |text: &Vec<u8>| {
        i64::from(u32::from_be_bytes(
            Function::Crc32.digest(text).bytes().try_into().unwrap(),
        ))
    };
    let numbers: BTreeSet<i64> = days.iter().map(crc).collect();
    let count = numbers.len() as f64;
    let report = run(Arc::new(Int64Array::from_iter_values(numbers)), "", "").unwrap();
    assert_eq!(value(&report, "reversed", "birth-dates", "crc32"), count);
}

/// Whole numbers are tried first, and all of them fall once some have.
#[test]
fn running_numbers_fall_whatever_their_width() {
    for (from, width) in [(1, 0), (250_001, 8)] {
        let numbers: Vec<Vec<u8>> = (from..from + 3_000)
            .map(|n: u32| format!("{n:0width$}").into_bytes())
            .collect();
        let hashes = hashed(Function::Sha256, Encoding::HexLower, 256, &numbers);
        let report = run(texts(utf8(hashes)), "budget = 300_000_000", "").unwrap();
        assert_eq!(value(&report, "reversed", "numbers", "sha-256"), 3_000.0);
    }
}

/// Values of several forms stand in one column: upper case behind a prefix, hashes of hashes, and one of no form.
#[test]
fn mixtures_are_told_apart_value_by_value() {
    let numbers = drawn(&Space::mobile_numbers("CH").remove(0), 9_000, 4);
    assert!(numbers[0].contains(&b' '), "as people write them");
    let plain = hashed(Function::Sha256, Encoding::HexUpper, 256, &numbers[..4_500]);
    let mut subjects: Vec<String> = utf8(plain)
        .iter()
        .map(|hash| format!("user-{hash}"))
        .collect();
    let days = drawn(&Space::dates(), 4_500, 0);
    let inner = utf8(hashed(Function::Md5, Encoding::HexLower, 128, &days));
    let inner: Vec<Vec<u8>> = inner.into_iter().map(String::into_bytes).collect();
    subjects.extend(utf8(hashed(Function::Md5, Encoding::HexLower, 128, &inner)));
    subjects.push("unknown".to_owned());
    let report = run(texts(subjects), "budget = 200_000_000", "").unwrap();
    assert_eq!(
        value(&report, "reversed", "birth-dates", "md5(hex(md5))"),
        4_500.0
    );
    assert!(value(&report, "reversed", "mobile-numbers", "sha-256") > 1_000.0);
}

/// What could not have been found was not measured: the power is stated, and a kind with too little of it fails what
/// asks for it, unless the publisher says how the pseudonyms were drawn.
#[test]
fn what_could_not_have_been_found_was_not_measured() {
    let numbers = drawn(&Space::mobile_numbers("DE").remove(0), 40, 0);
    let hashes = || {
        texts(utf8(hashed(
            Function::Sha256,
            Encoding::HexLower,
            256,
            &numbers,
        )))
    };
    let budget = "budget = 20_000_000";
    let report = run(hashes(), budget, "").unwrap();
    assert_eq!(value(&report, "reversed", "any", "any"), 0.0);
    let reason = unmeasured(&report).unwrap();
    for part in [
        "mobile-numbers",
        "below 95 %",
        "set `budget = ",
        "[table.harmless]",
    ] {
        assert!(reason.contains(part), "{reason}");
    }
    let power = find(&report, "power", "mobile-numbers", "any");
    assert!(power.is_none_or(|f| f.value.unwrap().as_f64() < 0.95));
    let said = "[table.harmless]\nwho = \"drawn at random\"";
    let report = run_as(hashes(), budget, said, "", 1).unwrap();
    assert_eq!(unmeasured(&report), None);
    // So few and short that nothing tells them from chance.
    let report = run(texts(tokens(12, 8)), budget, "").unwrap();
    assert!(unmeasured(&report).is_some(), "{:?}", report.findings);
}

/// Random pseudonyms of a usual length are searched with enough power, and nothing is found: whatever the seed.
#[test]
fn random_pseudonyms_are_searched_well_enough() {
    let subjects = || texts(tokens(50_000, 10));
    let reports: Vec<Report> = (1..3)
        .map(|seed| run_as(subjects(), "budget = 120_000_000", "", "", seed).unwrap())
        .collect();
    let report = &reports[0];
    assert_eq!(value(report, "reversed", "any", "any"), 0.0);
    assert_eq!(unmeasured(report), None);
    for kind in [
        "numbers",
        "birth-dates",
        "postcodes",
        "mobile-numbers",
        "plates",
        "ip-addresses",
    ] {
        let mut powers = report.findings.iter().filter(|f| f.statistic == "power");
        let power = powers.find(|f| f.parameters["kind"].to_string() == kind);
        assert!(power.unwrap().value.unwrap().as_f64() >= 0.95, "{kind}");
    }
    assert_eq!(
        reports[0].findings, reports[1].findings,
        "no seed of the manifest changes what is tried"
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
    let report = run(subjects, "list = \"list.txt\"\nbudget = 1_000_000", list).unwrap();
    let found = find(&report, "reversed", "any", "any").unwrap();
    assert_eq!((found.numerator, found.denominator), (Some(2), Some(3)));
    let text = serde_json::to_string(&report).unwrap();
    assert!(!text.contains("otto@"), "a report shows no value");

    let devices = Space::devices(vec![35_209_900]);
    let subjects = texts(utf8(hashed(
        Function::Sha1,
        Encoding::HexLower,
        160,
        &drawn(&devices, 5_000, 1),
    )));
    let report = run(subjects, "tacs = [\"35209900\"]\nbudget = 200_000_000", "").unwrap();
    let fell = value(&report, "reversed", "imei", "sha-1");
    assert!(fell > 4_000.0, "{fell}");

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
    let salted: Vec<Vec<u8>> = drawn(&Space::dates(), 20_000, 0)
        .into_iter()
        .map(|day| [b"4f8a".to_vec(), day].concat())
        .collect();
    let salted = utf8(hashed(Function::Sha256, Encoding::HexLower, 256, &salted));
    let uuid = |text: String| {
        let (a, b, c, d) = (&text[..8], &text[8..12], &text[13..16], &text[17..20]);
        format!("{a}-{b}-4{c}-a{d}-{}", &text[20..])
    };
    let uuids = tokens(20_000, 32).into_iter().map(uuid).collect();
    for subjects in [salted, tokens(20_000, 8), tokens(20_000, 32), uuids] {
        let report = run(texts(subjects), "budget = 30_000_000", "").unwrap();
        let found: Vec<_> = report
            .findings
            .iter()
            .filter(|f| f.statistic == "reversed" && f.value.is_some_and(|v| v.as_f64() > 0.0))
            .map(|f| format!("{:?}", f.parameters))
            .collect();
        assert_eq!(value(&report, "reversed", "any", "any"), 0.0, "{found:?}");
        assert_eq!(value(&report, "patterned", "any", ""), 0.0);
    }
}

#[test]
fn patterns_and_other_characters_are_told() {
    let numbered = texts((1..200).map(|n| format!("subscriber-{n}")));
    let report = run(numbered, "", "").unwrap();
    assert_eq!(value(&report, "patterned", "sequential", ""), 1.0);
    let imsi = (0..50u64).map(|n| format!("26201{:010}", n * n * 3_141_593 + 77));
    let imsi = texts(imsi);
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
    // What begins a number goes with the year, of which the decade is published.
    assert_eq!(judged(&report, "patterned", "any"), (1.0, fail));
    assert_eq!(value(&report, "patterned", "attributes", ""), 1.0);
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

#[test]
fn of_a_part_of_a_space_the_rest_is_foretold() {
    let space = Space::mobile_numbers("DE").remove(0);
    let numbers = drawn(&space, 20_000, 0);
    let hashes = utf8(hashed(Function::Sha256, Encoding::HexLower, 256, &numbers));
    let report = run(texts(hashes), "budget = 60_000_000", "").unwrap();
    let (kind, name) = ("mobile-numbers", "sha-256");
    let reversed = find(&report, "reversed", kind, name).unwrap();
    let share = value(&report, "share_of_space", kind, name);
    assert!(share > 0.01 && share < 0.6, "{share}");
    let (found, expected) = (reversed.value.unwrap().as_f64(), 20_000.0 * share);
    assert!(
        (found - expected).abs() < 4.0 * expected.sqrt(),
        "{found} of {expected}"
    );
    let estimated = find(&report, "estimated", kind, name).unwrap();
    let interval = estimated.interval.unwrap();
    assert!(
        interval.low <= 20_000.0 && interval.high >= 19_000.0,
        "{interval:?}"
    );
    assert!(value(&report, "candidates_left", kind, name) > 0.0);
    assert!(reversed.baseline.unwrap() < 1e-60);
}

/// With a time instead of a budget the report says what it depends on.
#[test]
fn what_depends_on_the_machine_says_so() {
    let report = run(texts(tokens(200, 64)), "seconds = 0.01", "").unwrap();
    let mut powers = report.findings.iter().filter(|f| f.statistic == "power");
    let until = powers.next().unwrap().parameters["until"].to_string();
    assert!(until.contains("this machine"), "{until}");
    assert!(unmeasured(&report).is_some());
}

/// The kinds of patterns that a column of pseudonyms has, in a table whose rows are sorted by them; beside a number of
/// the rows that is left in.
fn patterns(subjects: &[String]) -> (BTreeSet<String>, Report) {
    let mut subjects = subjects.to_vec();
    subjects.sort();
    let folder = tempfile::tempdir().unwrap();
    let rows = subjects.len() as i64;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("who", texts(subjects)),
        (
            "few",
            Arc::new(Int64Array::from_iter_values((0..rows).map(|row| row % 3))),
        ),
        ("row", Arc::new(Int64Array::from_iter_values(0..rows))),
    ];
    parquet_file::write(&folder.path().join("t.parquet"), columns);
    let manifest = folder.path().join("release.toml");
    let text = "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"microdata\"\nsubject = \"who\"\n\
                quasi_identifiers = [\"few\"]\nignore = [\"row\"]\n[measure.reversible-pseudonyms]\nbudget = 1\n";
    std::fs::write(&manifest, text).unwrap();
    let report = threads::audited(&Options {
        paths: vec![manifest],
        policy: "exploratory".to_owned(),
        only: vec!["reversible-pseudonyms".to_owned(), "file-leaks".to_owned()],
        ..Options::default()
    })
    .unwrap();
    let found = report.findings.iter().filter(|f| {
        matches!(f.statistic.as_str(), "patterned" | "reversed" | "leaks")
            && f.value.unwrap().as_f64() > 0.0
            && [
                "patterned",
                "reversed",
                "sorted-rows",
                "person-order",
                "pseudonym-order",
            ]
            .iter()
            .any(|kind| f.statistic == *kind || f.parameters["kind"].to_string() == *kind)
    });
    let kinds = found.map(|f| f.parameters["kind"].to_string());
    (kinds.filter(|kind| kind != "any").collect(), report)
}

#[test]
fn counts_clocks_and_identifiers_in_other_characters_are_no_pseudonyms() {
    let number = |n: u64| 40_000 + n;
    let letters = |n: u64| {
        let letter = |at: u32| char::from(b'a' + (n / 26u64.pow(at) % 26) as u8);
        [3, 2, 1, 0].map(letter).iter().collect::<String>()
    };
    let version_1 = |n: u64| {
        let ticks = 0x01ef_0000_0000_0000u64 + n * 600_000_000;
        let (low, middle, high) = (ticks & 0xffff_ffff, ticks >> 32 & 0xffff, ticks >> 48);
        format!("{low:08x}-{middle:04x}-1{high:03x}-a123-0242ac120002")
    };
    let backwards = |n: u64| -> String {
        let phone = format!("0170{:07}", (n * n * 6_007 + 1_234_567) % 10_000_000);
        phone.chars().rev().collect()
    };
    let mail = |n: u64| data_encoding::BASE64.encode(format!("user{n}@example.org").as_bytes());
    let kinds: [(&str, &dyn Fn(u64) -> String); 7] = [
        ("sequential", &|n| format!("{:x}", number(n))),
        ("sequential", &letters),
        ("sequential", &|n| format!("user-{:06}-x", number(n))),
        ("sequential", &|n| {
            format!("{}{:02}", number(n), 98 - number(n) * 100 % 97)
        }),
        ("clock", &version_1),
        ("phone", &backwards),
        ("email", &mail),
    ];
    for (kind, write) in kinds {
        let subjects: Vec<String> = (0..300).map(write).collect();
        let (found, _) = patterns(&subjects);
        assert!(found.contains(kind), "{kind}: {found:?}");
    }
    // Random ones, by which the rows are sorted, and the number of the row beside them: nothing.
    for digits in [16, 32, 64] {
        let (found, _) = patterns(&tokens(300, digits));
        assert!(found.is_empty(), "{digits}: {found:?}");
    }
}
