//! The command: exit codes, files, refusals; and that nothing of the data is told.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray, TimestampSecondArray};
use assert_cmd::Command;
use reidrisk::advise::{Options, advise};
use reidrisk::report::Verdict;
use reidrisk::report::advice::State;
use reidrisk::stats::Draws;

use super::{advised, parquet_file, table};

fn reidrisk(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("reidrisk").unwrap();
    let output = command
        .env("NO_COLOR", "1")
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

const MANIFEST: &str = "[release]\nname = \"Clinic\"\n[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\n\
                        kind = \"microdata\"\nsubject = \"who\"\nquasi_identifiers = [\"age\", \"town\"]\nsensitive = \
                        [\"illness\"]\ndirect_identifiers = [\"mail\"]\n";
const POLICY: &str = "[[require]]\nstatistic = \"k-anonymity.k\"\nmin = 5\n[[require]]\nstatistic = \
                      \"direct-identifiers.columns\"\nwhere = { kind = \"any\" }\nmax = 0\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let draws = Draws::new(9, "advise", "command");
    let persons: Vec<(i64, u64)> = (0..300)
        .map(|person| {
            let mut trial = draws.trial(person);
            (700_017 + trial.below(60) as i64, trial.below(3))
        })
        .collect();
    let text = |of: &dyn Fn(usize) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values((0..300).map(of)))
    };
    let ages = persons.iter().map(|(age, _)| *age);
    parquet_file::write(
        &folder.path().join("persons.parquet"),
        vec![
            ("who", text(&|at| format!("secretwho{at}"))),
            ("mail", text(&|at| format!("secretmail{at}@example.org"))),
            ("age", Arc::new(Int64Array::from_iter_values(ages))),
            ("town", text(&|at| format!("secrettown{}", persons[at].1))),
            ("illness", text(&|at| format!("secretill{}", at % 4))),
        ],
    );
    std::fs::write(folder.path().join("release.toml"), MANIFEST).unwrap();
    std::fs::write(folder.path().join("policy.toml"), POLICY).unwrap();
    folder
}

#[test]
fn advice_is_written_and_passes_when_tried() {
    let folder = folder();
    let (code, shown, _) = reidrisk(
        folder.path(),
        &[
            "advise",
            "release.toml",
            "--policy",
            "policy.toml",
            "--out",
            "out",
        ],
    );
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.starts_with("PASS\nClinic\n") && shown.ends_with("advice: PASS\n"),
        "{shown}"
    );
    assert!(
        shown.contains("mail: drop") && shown.contains("age: band:"),
        "{shown}"
    );
    assert!(
        shown.lines().all(|line| line.chars().count() <= 80),
        "{shown}"
    );
    let read = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    let [toml, json, markdown] = ["advice.toml", "advice.json", "advice.md"].map(read);
    for text in [&shown, &toml, &json, &markdown] {
        assert!(
            !text.contains("secret") && !text.contains("7000"),
            "a value is told: {text}"
        );
    }
    let schema = reidrisk::schema::advice();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let wrong: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&json)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(wrong, [""; 0]);
    let again = [
        "advise",
        "release.toml",
        "--policy",
        "policy.toml",
        "--try",
        "out/advice.toml",
    ];
    let (code, tried, _) = reidrisk(folder.path(), &again);
    assert_eq!(code, 0, "{tried}");
    let loss = |text: &str| {
        text.lines()
            .find(|line| line.contains("Cost: loss"))
            .map(str::to_owned)
    };
    assert_eq!(loss(&tried), loss(&shown), "the same costs the same");
}

#[test]
fn what_no_transformation_changes_is_said() {
    let folder = folder();
    let more = format!(
        "{POLICY}[[require]]\nstatistic = \"file-leaks.leaks\"\nwhere = {{ kind = \"origin\" }}\nmin = 1e9\n"
    );
    std::fs::write(folder.path().join("policy.toml"), more).unwrap();
    let advice = advised(folder.path(), None);
    assert_eq!(
        (advice.before, advice.after),
        (Verdict::Fail, Verdict::Fail)
    );
    assert_eq!(
        table(&advice, "persons").state,
        State::Found,
        "the rest is searched all the same"
    );
    assert_eq!(advice.otherwise.len(), 1);
    assert_eq!(advice.otherwise[0].statistic, "file-leaks.leaks");
    let (code, shown, _) = reidrisk(
        folder.path(),
        &["advise", "release.toml", "--policy", "policy.toml"],
    );
    assert_eq!(code, 1);
    assert!(shown.contains("Must be changed otherwise"), "{shown}");
}

#[test]
fn a_budget_that_runs_out_is_said() {
    let folder = folder();
    let (_, shown, _) = reidrisk(
        folder.path(),
        &[
            "advise",
            "release.toml",
            "--policy",
            "policy.toml",
            "--budget",
            "1",
            "--suppress",
            "0",
        ],
    );
    assert!(
        shown.contains("budget ran out") || shown.contains("1 were judged"),
        "{shown}"
    );
    let (code, _, wrong) = reidrisk(
        folder.path(),
        &["advise", "release.toml", "--suppress", "1"],
    );
    assert_eq!(code, 2);
    assert!(wrong.contains("less than 1"), "{wrong}");
}

#[test]
fn what_is_no_transformation_is_refused() {
    let folder = folder();
    let refused = |text: &str| {
        std::fs::write(folder.path().join("given.toml"), text).unwrap();
        let arguments = [
            "advise",
            "release.toml",
            "--policy",
            "policy.toml",
            "--try",
            "given.toml",
        ];
        let (code, _, wrong) = reidrisk(folder.path(), &arguments);
        assert_eq!(code, 2, "{text}: {wrong}");
        wrong
    };
    let says = |text: &str, what: &str| {
        let wrong = refused(&format!("[[transform]]\ntable = \"persons\"\n{text}\n"));
        // Lines are broken where the terminal ends.
        let words: Vec<&str> = wrong
            .split_whitespace()
            .filter(|word| *word != "│")
            .collect();
        assert!(words.join(" ").contains(what), "{text}: {wrong}");
    };
    assert!(refused("").contains("transforms nothing"));
    assert!(refused("[[transform]]\ntable = \"person\"\n").contains("did you mean `persons`?"));
    says("colums = { age = \"drop\" }", "did you mean `columns`?");
    says("columns = { agee = \"drop\" }", "did you mean `age`?");
    says("columns = { age = \"bnd:10\" }", "no way to tell a column");
    says("columns = { age = \"band:-1\" }", "no way to tell a column");
    says("columns = { town = \"level:1\" }", "no file of levels");
    says(
        "columns = { town = \"band:5\" }",
        "cannot be told like this",
    );
    says("columns = { illness = \"prefix:1\" }", "is sensitive");
    says("columns = { mail = \"prefix:1\" }", "names persons");
    says("rotation = \"1d\"", "is for kind trace");
    says("minimum = 11", "is for kind flows");
    says("time = \"1d\"", "has no times");
    says(
        "suppress = { belw = 5 }",
        "`transform.suppress.below` is missing",
    );
    says(
        "suppress = { below = 5, belw = 5 }",
        "did you mean `below`?",
    );
    says(
        "columns = { age = \"drop\", town = \"drop\" }",
        "leave nothing",
    );
}

#[test]
fn a_manifest_transforms_nothing() {
    let folder = folder();
    let manifest = format!("{MANIFEST}[[transform]]\ntable = \"persons\"\n");
    std::fs::write(folder.path().join("release.toml"), manifest).unwrap();
    for command in ["audit", "advise"] {
        let (code, _, wrong) = reidrisk(folder.path(), &[command, "release.toml"]);
        assert_eq!(code, 2);
        assert!(
            wrong.contains("measured as they are") && wrong.contains("--try"),
            "{wrong}"
        );
    }
}

/// Two tables of counts, a trace and persons: the advice is the same for any number of threads.
#[test]
fn threads_change_nothing() {
    let folder = folder();
    let times = || {
        Arc::new(TimestampSecondArray::from_iter_values(
            (0..2_000).map(|n| n / 10 * 1_800),
        ))
    };
    let number = |of: fn(i64) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values((0..2_000).map(of)))
    };
    parquet_file::write(
        &folder.path().join("seen.parquet"),
        vec![
            ("at", times() as ArrayRef),
            ("cell", number(|n| n % 10)),
            ("n", number(|n| n * 7 % 31)),
        ],
    );
    parquet_file::write(
        &folder.path().join("trips.parquet"),
        vec![
            ("at", times() as ArrayRef),
            ("from", number(|n| n % 10)),
            ("to", number(|n| n * n % 10)),
            ("n", number(|n| n * 5 % 23)),
        ],
    );
    parquet_file::write(
        &folder.path().join("visits.parquet"),
        vec![
            ("who", number(|n| n % 80)),
            ("at", times() as ArrayRef),
            ("cell", number(|n| n * 37 % 11)),
        ],
    );
    let more = "[[table]]\npath = \"seen.parquet\"\nkind = \"flows\"\nplace = \"cell\"\ntime = \"at\"\ncount = \"n\"\n\
                [[table]]\npath = \"trips.parquet\"\nkind = \"flows\"\norigin = \"from\"\ndestination = \"to\"\ntime = \
                \"at\"\ncount = \"n\"\n[[table]]\npath = \"visits.parquet\"\nkind = \"trace\"\nsubject = \"who\"\ntime = \
                \"at\"\nplace = \"cell\"\n[table.hierarchies]\ncell = \"cells.csv\"\n";
    let cells: String = (0..11)
        .map(|cell| format!("{cell};{};*\n", if cell < 5 { "low" } else { "high" }))
        .collect();
    std::fs::write(folder.path().join("cells.csv"), cells).unwrap();
    std::fs::write(
        folder.path().join("release.toml"),
        format!("{MANIFEST}{more}"),
    )
    .unwrap();
    let by = |threads: usize| {
        let options = Options {
            paths: vec![folder.path().join("release.toml")],
            ..Options::default()
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| advise(&options, &())).unwrap()
    };
    let ((one, chosen), (four, others)) = (by(1), by(4));
    assert_eq!(
        serde_json::to_string(&one).unwrap(),
        serde_json::to_string(&four).unwrap()
    );
    assert_eq!(chosen, others);
    let visits = table(&one, "visits");
    let cell = visits
        .dimensions
        .iter()
        .find(|dimension| dimension.name == "cell")
        .unwrap();
    let steps: Vec<&str> = cell.steps.iter().map(|step| step.how.as_str()).collect();
    assert_eq!(
        steps,
        ["as it is", "level:1", "drop"],
        "the levels of a trace's cells"
    );
    for name in ["seen", "trips", "visits"] {
        assert_ne!(table(&one, name).state, State::NotSearched, "{name}");
    }
}
