//! Records against a register: persons planted there are found, and others are not.

#[path = "shared/parquet.rs"]
mod parquet_file;
#[path = "shared/threads.rs"]
mod threads;

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use reidrisk::audit::{Options, audit};
use reidrisk::finding::{Finding, Parameter};
use reidrisk::report::{Report, Verdict};
use reidrisk::stats::{Draws, Trial};

const METHODS: [&str; 3] = ["exact", "gower", "fellegi-sunter"];

/// A person: who, age, sex, income, postcode.
#[derive(Debug, Clone)]
struct Person {
    who: Option<i64>,
    age: i64,
    sex: usize,
    income: f64,
    postcode: usize,
}

fn persons(trial: &mut Trial, who: std::ops::Range<i64>) -> Vec<Person> {
    let person = |who| Person {
        who: Some(who),
        age: 18 + trial.below(70) as i64,
        sex: trial.below(2) as usize,
        income: trial.below(1 << 20) as f64 / 16.0,
        postcode: trial.below(300) as usize,
    };
    who.map(person).collect()
}

fn write(path: &Path, persons: &[Person]) {
    let postcode = |person: &Person| format!("P{:03}", person.postcode);
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "who",
            Arc::new(Int64Array::from_iter(persons.iter().map(|p| p.who))),
        ),
        (
            "age",
            Arc::new(Int64Array::from_iter_values(persons.iter().map(|p| p.age))),
        ),
        (
            "sex",
            Arc::new(StringArray::from_iter_values(
                persons.iter().map(|p| ["f", "m"][p.sex]),
            )),
        ),
        (
            "income",
            Arc::new(Float64Array::from_iter_values(
                persons.iter().map(|p| p.income),
            )),
        ),
        (
            "postcode",
            Arc::new(StringArray::from_iter_values(persons.iter().map(postcode))),
        ),
    ];
    parquet_file::write(path, columns);
}

const SUBJECT: &str = "subject = \"who\"";
const KNOWN: &str = "quasi_identifiers = [\"age\", \"sex\", \"income\", \"postcode\"]";

/// Audits a release against a register, by one thread and by three; both must find the same.
fn linked(release: &[Person], register: &[Person], roles: [&str; 2], more: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("t.parquet"), release);
    write(&folder.path().join("register.parquet"), register);
    let manifest = folder.path().join("release.toml");
    let text = format!(
        "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"microdata\"\n{}\n\
         [[auxiliary]]\nname = \"register\"\npath = \"register.parquet\"\nkind = \"population\"\n{}\n\
         [[scenario]]\nkind = \"register\"\ntable = \"t\"\nauxiliary = \"register\"\n{more}\n",
        roles[0], roles[1]
    );
    std::fs::write(&manifest, text).unwrap();
    let options = Options {
        paths: vec![manifest],
        policy: "exploratory".to_owned(),
        only: ["record-linkage", "column-linkability"]
            .map(str::to_owned)
            .to_vec(),
        ..Options::default()
    };
    threads::audited(&options).unwrap()
}

fn both(release: &[Person], register: &[Person]) -> Report {
    let roles = format!("{SUBJECT}\n{KNOWN}");
    linked(release, register, [&roles, &roles], "")
}

fn find<'a>(report: &'a Report, statistic: &str, method: &str) -> &'a Finding {
    let is_of = |finding: &&Finding| {
        let of = finding.parameters.get("method");
        finding.measure == "record-linkage"
            && finding.statistic == statistic
            && of.is_none_or(|of| of.matches(&Parameter::from(method)))
    };
    report
        .findings
        .iter()
        .find(is_of)
        .unwrap_or_else(|| panic!("no {statistic} by {method}: {:?}", report.not_measured))
}

fn value(report: &Report, statistic: &str, method: &str) -> f64 {
    find(report, statistic, method).value.unwrap().as_f64()
}

/// The one thing that could not be measured.
fn reason(report: &Report) -> &str {
    let mut reasons = report.not_measured.iter();
    let reason = reasons.find(|entry| entry.measure == "record-linkage");
    assert!(reasons.all(|entry| entry.measure != "record-linkage"));
    reason.expect("something was not measured").reason.english()
}

/// 400 of the release are among the 1,000 of the register, 100 are not; of the register half have no key.
fn planted(case: u64) -> (Vec<Person>, Vec<Person>) {
    let mut trial = Draws::new(case, "records", "t").trial(0);
    let mut register = persons(&mut trial, 0..1_000);
    let mut release: Vec<Person> = register[..400].to_vec();
    release.extend(persons(&mut trial, 2_000..2_100));
    register[500..]
        .iter_mut()
        .for_each(|person| person.who = None);
    (release, register)
}

#[test]
fn planted_persons_are_found() {
    let (release, register) = planted(1);
    let report = both(&release, &register);
    for method in METHODS {
        assert_eq!(value(&report, "persons_compared", method), 400.0);
        assert_eq!(value(&report, "persons_absent", method), 100.0);
        assert_eq!(value(&report, "recall", method), 1.0, "{method}");
        assert_eq!(value(&report, "risk", method), 1.0, "{method}");
        assert_eq!(value(&report, "correct_matches", method), 400.0);
        let recall = find(&report, "recall", method);
        // Everybody of the register counts, with and without key.
        assert_eq!(
            (recall.baseline, recall.denominator),
            (Some(0.001), Some(400))
        );
    }
    // Whoever is not there is nobody's equal, is nearest to somebody, and is hardly anybody by the weights.
    assert_eq!(value(&report, "precision", "exact"), 1.0);
    assert_eq!(value(&report, "precision", "gower"), 0.8);
    assert_eq!(value(&report, "precision", "fellegi-sunter"), 1.0);
    // What was fitted is no finding.
    for name in ["lambda", "m", "u"] {
        assert!(
            report
                .findings
                .iter()
                .all(|finding| finding.statistic != name)
        );
    }
}

#[test]
fn mistakes_are_forgiven_by_distance() {
    let (mut release, register) = planted(2);
    let mut trial = Draws::new(3, "records", "t").trial(0);
    for person in &mut release {
        person.income += trial.below(9) as f64 + 1.0;
        if trial.below(4) == 0 {
            person.age += 1;
        }
    }
    let report = both(&release, &register);
    assert_eq!(value(&report, "recall", "exact"), 0.0);
    assert!(value(&report, "recall", "gower") > 0.99);
    // Incomes never agree, and are near all the same.
    assert!(value(&report, "recall", "fellegi-sunter") > 0.99);
}

#[test]
fn values_dealt_out_anew_find_nobody() {
    let (mut release, register) = planted(4);
    // Whose values these are is drawn anew: everybody has the values of somebody else.
    let count = release.len();
    let values = release.clone();
    for (at, person) in release.iter_mut().enumerate() {
        let other = values[(at + 137) % count].clone();
        *person = Person {
            who: person.who,
            ..other
        };
    }
    let report = both(&release, &register);
    for method in METHODS {
        let recall = find(&report, "recall", method);
        let low = recall.interval.unwrap().low;
        assert!(low <= 0.001, "{method}: {recall:?}");
        assert!(value(&report, "risk", method) < 0.005);
    }
}

#[test]
fn ties_everywhere() {
    let (mut release, mut register) = planted(5);
    for person in release.iter_mut().chain(&mut register) {
        *person = Person {
            who: person.who,
            age: 40,
            sex: 1,
            income: 1.0,
            postcode: 7,
        };
    }
    let report = both(&release, &register);
    for method in METHODS {
        let recall = value(&report, "recall", method);
        assert!((recall - 0.001).abs() < 1e-12);
        assert!(value(&report, "risk", method).abs() < 1e-12);
        assert_eq!(find(&report, "precision", method).value, None);
        assert_eq!(value(&report, "claims", method), 0.0);
    }
}

#[test]
fn nobody_in_common_and_no_key() {
    let (mut release, register) = planted(6);
    for person in &mut release {
        person.who = person.who.map(|who| who + 10_000);
    }
    let report = both(&release, &register);
    assert!(reason(&report).contains("nobody of the release"));
    assert_eq!(value(&report, "persons_absent", "exact"), 500.0);
    // A register without a single key: nothing stands where its subjects are null, not even a 0.
    let (release, mut unnamed) = (planted(6).0, register.clone());
    unnamed.iter_mut().for_each(|person| person.who = None);
    let report = both(&release, &unnamed);
    assert_eq!(value(&report, "persons_absent", "exact"), 500.0);
    let with = format!("{SUBJECT}\n{KNOWN}");
    let without = format!("{KNOWN}\nignore = [\"who\"]");
    let report = linked(&release, &register, [&with, &without], "");
    assert!(reason(&report).contains("no answer key"));
    let report = linked(&release, &register, [&without, &with], "");
    assert!(reason(&report).contains("the table has no subject"));
    let specific = format!("{with}\nnulls = \"wildcard\"");
    let report = linked(&release, &register, [&specific, &with], "");
    assert!(reason(&report).contains("not equal"));
}

#[test]
fn several_rows_and_fewer_columns() {
    // Everybody has two rows in the release; the register has two of the columns.
    let (release, register) = planted(7);
    let mut trial = Draws::new(8, "records", "t").trial(0);
    let mut rows = release.clone();
    for person in persons(&mut trial, 0..400) {
        rows.push(Person {
            income: -1.0,
            ..person
        });
    }
    let few = format!(
        "{SUBJECT}\nquasi_identifiers = [\"postcode\", \"income\"]\nignore = [\"age\", \"sex\"]"
    );
    let with = format!("{SUBJECT}\n{KNOWN}");
    let report = linked(
        &rows,
        &register,
        [&with, &few],
        "matchers = [\"gower\", \"exact\"]",
    );
    for method in ["exact", "gower"] {
        assert_eq!(value(&report, "recall", method), 1.0);
        assert_eq!(
            find(&report, "recall", method).columns,
            ["income", "postcode"]
        );
    }
}

/// Persons as a census has them: columns that depend on each other, and values of very different frequency.
#[derive(Debug, Clone)]
struct Citizen {
    who: Option<i64>,
    /// Age, hours a week.
    numbers: [i64; 2],
    /// Degree, marital status, kin (of marital status and sex), sex, country, occupation.
    names: [u64; 6],
}

fn citizens(trial: &mut Trial, count: i64) -> Vec<Citizen> {
    // The lesser of several is the likelier.
    let skewed =
        |trial: &mut Trial, of: u64, times: u32| (0..times).map(|_| trial.below(of)).min().unwrap();
    let citizen = |who: i64| {
        let age = 17 + trial.below(40) as i64 + trial.below(35) as i64;
        let sex = trial.below(2);
        let marital = match age < 30 {
            true => skewed(trial, 6, 5),
            false => 1 + skewed(trial, 5, 2),
        };
        let kin = match trial.below(10) {
            0 => trial.below(6),
            _ => (marital * 2 + sex) % 6,
        };
        let degree = skewed(trial, 16, 2);
        let hours = match trial.below(2) {
            0 => 40,
            _ => 20 + trial.below(40) as i64,
        };
        Citizen {
            who: Some(who),
            numbers: [age, hours],
            names: [
                degree,
                marital,
                kin,
                sex,
                skewed(trial, 40, 12),
                trial.below(14),
            ],
        }
    };
    (0..count).map(citizen).collect()
}

/// Audits citizens against a register by all methods: the recall of each.
fn recalls(release: &[Citizen], register: &[Citizen], more: &str) -> [f64; 3] {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, citizens: &[Citizen]| {
        let number = |of: &dyn Fn(&Citizen) -> Option<i64>| {
            Arc::new(Int64Array::from_iter(citizens.iter().map(of))) as ArrayRef
        };
        let text = |at: usize| {
            let texts = citizens
                .iter()
                .map(|citizen| format!("v{:02}", citizen.names[at]));
            Arc::new(StringArray::from_iter_values(texts)) as ArrayRef
        };
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("who", number(&|citizen| citizen.who)),
            ("age", number(&|citizen| Some(citizen.numbers[0]))),
            ("hours", number(&|citizen| Some(citizen.numbers[1]))),
            ("degree", text(0)),
            ("marital", text(1)),
            ("kin", text(2)),
            ("sex", text(3)),
            ("country", text(4)),
            ("occupation", text(5)),
        ];
        parquet_file::write(&folder.path().join(name), columns);
    };
    write("t.parquet", release);
    write("register.parquet", register);
    let roles = "subject = \"who\"\nquasi_identifiers = [\"age\", \"hours\", \"degree\", \"marital\", \"kin\", \
                 \"sex\", \"country\", \"occupation\"]";
    let manifest = folder.path().join("release.toml");
    let text = format!(
        "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"microdata\"\n{roles}\n\
         [[auxiliary]]\nname = \"register\"\npath = \"register.parquet\"\nkind = \"population\"\n{roles}\n\
         [[scenario]]\nkind = \"register\"\ntable = \"t\"\nauxiliary = \"register\"\n{more}\n"
    );
    std::fs::write(&manifest, text).unwrap();
    let options = Options {
        paths: vec![manifest],
        policy: "exploratory".to_owned(),
        only: vec!["record-linkage".to_owned()],
        ..Options::default()
    };
    let report = audit(&options, &()).unwrap();
    METHODS.map(|method| value(&report, "recall", method))
}

/// Whatever was done to the values, the weights of agreements find at least what equality and distance find.
#[test]
fn weights_do_not_fall_below_equality_and_distance() {
    type Change = fn(&mut Citizen, &Citizen, &mut Trial);
    let mistakes: Change = |citizen, other, trial| {
        for at in 0..6 {
            if trial.below(10) == 0 {
                citizen.names[at] = other.names[at];
            }
        }
        for at in 0..2 {
            if trial.below(10) == 0 {
                citizen.numbers[at] = other.numbers[at];
            }
        }
    };
    let coarsened: Change = |citizen, _, _| {
        citizen.numbers[0] = citizen.numbers[0] / 5 * 5;
        citizen.numbers[1] = citizen.numbers[1] / 10 * 10;
    };
    let noisy: Change = |citizen, _, trial| {
        citizen.numbers[0] += trial.below(5) as i64 - 2;
        citizen.numbers[1] += trial.below(7) as i64 - 3;
    };
    let coarsened_with_mistakes: Change = |citizen, other, trial| {
        citizen.numbers[0] = citizen.numbers[0] / 5 * 5;
        for at in 0..6 {
            if trial.below(12) == 0 {
                citizen.names[at] = other.names[at];
            }
        }
    };
    let few: Change = |citizen, other, trial| {
        // Half of the columns say nothing, and depend on each other.
        for at in [0, 4, 5] {
            citizen.names[at] = other.names[at];
        }
        if trial.below(20) == 0 {
            citizen.numbers[0] = other.numbers[0];
        }
    };
    let changes: [(&str, Change); 6] = [
        ("none", |_, _, _| {}),
        ("mistakes", mistakes),
        ("coarsened", coarsened),
        ("noisy", noisy),
        ("coarsened with mistakes", coarsened_with_mistakes),
        ("few columns", few),
    ];
    for (name, change) in changes {
        let mut trial = Draws::new(31, "records", "citizens").trial(0);
        let register = citizens(&mut trial, 2_000);
        let mut release = register[..800].to_vec();
        for citizen in &mut release {
            let other = register[trial.below(2_000) as usize].clone();
            change(citizen, &other, &mut trial);
        }
        let [exact, gower, weights] = recalls(&release, &register, "");
        println!("{name}: exact {exact:.3}, gower {gower:.3}, fellegi-sunter {weights:.3}");
        // Of 800 one in a hundred more or less is a tie.
        assert!(
            weights > exact.max(gower) - 0.01,
            "{name}: {exact} {gower} {weights}"
        );
        if name == "mistakes" {
            assert!(
                weights > exact.max(gower) + 0.05,
                "{exact} {gower} {weights}"
            );
            // Columns that are said never to differ, and do, hide persons.
            let exactly = "[measure.record-linkage]\nexact = [\"sex\", \"degree\"]";
            let [.., blocked] = recalls(&release, &register, exactly);
            assert!(blocked < weights, "{blocked} {weights}");
            let given = "[measure.record-linkage]\nkept = { age = 0.91, degree = 0.9 }";
            let [.., given] = recalls(&release, &register, given);
            assert!((given - weights).abs() < 0.03, "{given} {weights}");
        }
    }
}

/// Who publishes may not choose a weak matcher alone where a policy asks for linkage.
#[test]
fn matchers_that_are_left_out_are_missing() {
    let (release, register) = planted(12);
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("t.parquet"), &release);
    write(&folder.path().join("register.parquet"), &register);
    let judged = |more: &str, floors: &str| {
        let manifest = folder.path().join("release.toml");
        let text = format!(
            "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"microdata\"\n{SUBJECT}\n{KNOWN}\n\
             [[auxiliary]]\nname = \"register\"\npath = \"register.parquet\"\nkind = \"population\"\n{SUBJECT}\n\
             {KNOWN}\n[[scenario]]\nkind = \"register\"\ntable = \"t\"\nauxiliary = \"register\"\n{more}\n"
        );
        std::fs::write(&manifest, text).unwrap();
        let policy = folder.path().join("policy.toml");
        let asked = "[[require]]\nstatistic = \"record-linkage.recall\"\nmax = 1\n";
        std::fs::write(&policy, format!("{asked}{floors}")).unwrap();
        let options = Options {
            paths: vec![manifest],
            policy: policy.to_string_lossy().into_owned(),
            only: vec!["record-linkage".to_owned()],
            ..Options::default()
        };
        let report = audit(&options, &()).unwrap();
        let entries = report.not_measured.iter();
        let entries = entries.filter(|entry| entry.measure == "record-linkage");
        let reasons: Vec<String> = entries.map(|entry| entry.reason.to_string()).collect();
        (report.verdict == Verdict::Pass, reasons)
    };
    assert_eq!(judged("", ""), (true, Vec::new()));
    let (passes, reasons) = judged("matchers = [\"exact\"]", "");
    assert!(!passes);
    for name in ["gower", "fellegi-sunter"] {
        let wanted = format!("leaves {name} out of `matchers`");
        assert!(
            reasons.iter().any(|reason| reason.contains(&wanted)),
            "{reasons:?}"
        );
    }
    // What is said of columns beforehand is for the policy to allow.
    let kept = "[measure.record-linkage]\nexact = [\"sex\"]";
    assert!(!judged(kept, "").0);
    let any = "[floors]\n\"record-linkage.exact\" = \"any\"\n";
    assert_eq!(judged(kept, any), (true, Vec::new()));
}

fn halves(report: &Report, statistic: &str) -> Finding {
    let mut findings = report.findings.iter();
    let found = findings.find(|finding| {
        let ties = finding.parameters.get("ties");
        finding.measure == "column-linkability"
            && finding.statistic == statistic
            && ties.is_some_and(|ties| ties.matches(&"in-order".into()))
    });
    found
        .unwrap_or_else(|| panic!("no {statistic}: {:?}", report.not_measured))
        .clone()
}

#[test]
fn two_sources_are_brought_together() {
    // Everybody has an income and an age with a postcode of their own: the release links all of its persons
    // and hardly anybody else.
    let (release, register) = planted(10);
    let roles = format!("{SUBJECT}\n{KNOWN}");
    let more =
        "[measure.column-linkability]\nhalves = [[\"income\"], [\"age\", \"postcode\", \"sex\"]]";
    let report = linked(&release, &register, [&roles, &roles], more);
    let value = |statistic| halves(&report, statistic).value.unwrap().as_f64();
    assert!(value("success") > 0.97, "{}", value("success"));
    assert!(value("control") < 0.03, "{}", value("control"));
    assert!(value("risk") > 0.93);
    let success = halves(&report, "success");
    assert_eq!(
        (success.denominator, success.baseline),
        (Some(400), Some(0.002))
    );
    assert_eq!(halves(&report, "control").denominator, Some(600));
    assert_eq!(
        success.parameters["halves"].to_string(),
        "income | age, postcode, sex"
    );
    // A register without a key: there is no control.
    let without = format!("{KNOWN}\nignore = [\"who\"]");
    let report = linked(&release, &register, [&roles, &without], more);
    let alone = halves(&report, "risk");
    assert_eq!(alone.baseline, Some(0.002));
    assert_eq!(halves(&report, "success").denominator, Some(500));
    let mut entries = report.not_measured.iter();
    assert!(entries.any(|entry| entry.statistic.as_deref() == Some("control")));
}

#[test]
fn what_is_wrong_is_pointed_at() {
    let (release, register) = planted(9);
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("t.parquet"), &release);
    write(&folder.path().join("register.parquet"), &register);
    let plan = |more: &str| {
        let manifest = folder.path().join("release.toml");
        let text = format!(
            "[[table]]\npath = \"t.parquet\"\nkind = \"microdata\"\n{SUBJECT}\n{KNOWN}\n\
             [[auxiliary]]\npath = \"register.parquet\"\nkind = \"population\"\n{SUBJECT}\n{KNOWN}\n\
             [[scenario]]\nkind = \"register\"\ntable = \"t\"\nauxiliary = \"register\"\n{more}\n"
        );
        std::fs::write(&manifest, text).unwrap();
        let options = Options {
            paths: vec![manifest],
            policy: "exploratory".to_owned(),
            ..Options::default()
        };
        audit(&options, &()).map(|_| ()).unwrap_err().to_string()
    };
    assert!(plan("matchers = [\"gowers\"]").contains("no matcher `gowers`"));
    for (halves, message) in [
        ("[[\"age\"]]", "two lists of columns"),
        ("[[\"age\"], [\"size\"]]", "`size` is no quasi-identifier"),
        ("[[\"age\"], [\"age\"]]", "`age` is named twice"),
        ("[\"age\", \"sex\"]", "lists of strings"),
    ] {
        let wrong = plan(&format!("[measure.column-linkability]\nhalves = {halves}"));
        assert!(wrong.contains(message), "{wrong}");
    }
    for (setting, message) in [
        ("exact = [\"size\"]", "`size` is no quasi-identifier"),
        ("kept = { age = 1 }", "a share between 0 and 1"),
    ] {
        let wrong = plan(&format!("[measure.record-linkage]\n{setting}"));
        assert!(wrong.contains(message), "{wrong}");
    }
    let wrong = plan("[measure.record-linkage]\ncategories = [\"postal\"]");
    assert!(wrong.contains("`postal` is no quasi-identifier"));
}
