//! The program as its users meet it: exit codes, messages, files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use assert_cmd::Command;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn reidrisk() -> Command {
    let mut command = Command::cargo_bin("reidrisk").unwrap();
    command.env("NO_COLOR", "1");
    command
}

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(schema.clone(), arrays).unwrap();
    let file = std::fs::File::create(path).unwrap();
    let properties = WriterProperties::builder().build();
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn text<const N: usize>(values: [Option<&str>; N]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// A small trace: three persons, two of them at the same place at the same time.
struct Trace {
    persons: ArrayRef,
    times: ArrayRef,
    latitudes: ArrayRef,
    longitudes: ArrayRef,
}

impl Default for Trace {
    fn default() -> Self {
        let hour = 3_600_000_000;
        Self {
            persons: text([
                Some("anna-7"),
                Some("anna-7"),
                Some("bert-8"),
                Some("carl-9"),
            ]),
            times: Arc::new(TimestampMicrosecondArray::from(vec![0, hour, 0, 5 * hour])),
            latitudes: Arc::new(Float64Array::from(vec![49.4, 49.5, 49.4, 49.6])),
            longitudes: Arc::new(Float64Array::from(vec![11.0, 11.1, 11.0, 11.2])),
        }
    }
}

impl Trace {
    fn write(self, path: &Path) {
        write(
            path,
            vec![
                ("who", self.persons),
                ("at", self.times),
                ("lat", self.latitudes),
                ("lon", self.longitudes),
            ],
        );
    }
}

const TRACE: &str = r#"
[[table]]
name = "trace"
path = "trace.parquet"
kind = "trace"
subject = "who"
time = "at"
place = { latitude = "lat", longitude = "lon" }
"#;

const PERSONS: &str = r#"
[[table]]
name = "persons"
path = "persons.parquet"
kind = "microdata"
quasi_identifiers = ["town", "job"]
"#;

fn persons(path: &Path) {
    write(
        path,
        vec![
            (
                "town",
                text([Some("Fürth"), Some("Fürth"), Some("Erlangen-Secret")]),
            ),
            ("job", text([Some("baker"), Some("baker"), None])),
        ],
    );
}

/// A folder with a manifest; the data are put beside it.
fn folder(manifest: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("release.toml");
    std::fs::write(&path, manifest).unwrap();
    (folder, path)
}

/// Runs an audit that is refused; gives the message, folded to one line.
#[track_caller]
fn refused(folder: &TempDir, manifest: &Path, code: i32, more: &[&str]) -> String {
    let out = folder.path().join("out");
    let run = reidrisk()
        .arg("audit")
        .arg(manifest)
        .arg("--out")
        .arg(&out)
        .args(more)
        .output();
    let run = run.unwrap();
    let message = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(code), "{message}");
    assert!(run.stdout.is_empty(), "a refused audit prints no report");
    assert!(!out.exists(), "a refused audit writes nothing");
    assert!(!message.contains("panicked"), "{message}");
    for value in ["anna-7", "bert-8", "carl-9", "Erlangen-Secret"] {
        assert!(
            !message.contains(value),
            "a message shows a cell value: {message}"
        );
    }
    let words = message.replace(['│', '╰', '╭', '─', '▶'], " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "no `{part}` in: {message}");
    }
}

#[test]
fn the_naive_sample_fails_and_the_coarsened_passes() {
    let out = tempfile::tempdir().unwrap();
    for (name, code, verdict) in [("naive", 1, "fail"), ("coarsened", 0, "pass")] {
        let folder = out.path().join(name);
        let run = reidrisk()
            .current_dir(ROOT)
            .args([
                "audit",
                &format!("sample-data/{name}/release.toml"),
                "--out",
            ])
            .arg(&folder)
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(code), "{name}");
        let shown = String::from_utf8(run.stdout).unwrap();
        assert!(
            shown
                .trim_end()
                .ends_with(&format!("verdict: {}", verdict.to_uppercase()))
        );
        assert!(
            !shown.contains('\u{1b}'),
            "no colour where there is no terminal"
        );
        assert!(shown.lines().all(|line| line.chars().count() <= 80));
        let errors = String::from_utf8(run.stderr).unwrap();
        assert!(
            errors.lines().all(|line| line.starts_with("wrote ")),
            "no bars: {errors}"
        );
        let json = std::fs::read_to_string(folder.join("report.json")).unwrap();
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(report["verdict"], verdict);
        for file in ["report.html", "report.md"] {
            assert!(folder.join(file).metadata().unwrap().len() > 1_000);
        }
    }
}

#[test]
fn results_are_the_same_for_any_number_of_threads() {
    let out = tempfile::tempdir().unwrap();
    let report = |threads: &str| {
        let folder = out.path().join(threads);
        reidrisk()
            .current_dir(ROOT)
            .args([
                "audit",
                "sample-data/naive/release.toml",
                "--format",
                "json",
            ])
            .args(["--threads", threads, "--out"])
            .arg(&folder)
            .assert()
            .code(1);
        let json = std::fs::read_to_string(folder.join("report.json")).unwrap();
        let mut report: serde_json::Value = serde_json::from_str(&json).unwrap();
        report.as_object_mut().unwrap().remove("run");
        report
    };
    let one = report("1");
    for threads in ["2", "3", "7"] {
        assert_eq!(one, report(threads), "{threads} threads");
    }
}

/// Whether a value stands somewhere by itself: five digits within a longer number are no postcode.
fn occurs(text: &str, value: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '.';
    text.match_indices(value).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + value.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[test]
fn no_value_of_the_sample_occurs_in_any_output() {
    let out = tempfile::tempdir().unwrap();
    let run = reidrisk()
        .current_dir(ROOT)
        .args(["audit", "sample-data/naive/release.toml", "--out"])
        .arg(out.path())
        .output()
        .unwrap();
    let mut outputs = String::from_utf8(run.stdout).unwrap();
    for file in ["report.html", "report.md", "report.json"] {
        outputs += &std::fs::read_to_string(out.path().join(file)).unwrap();
    }
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field as Cell;
    let mut looked_at = 0;
    for file in ["subscribers", "device_events", "purchases"] {
        let path = format!("{ROOT}/sample-data/naive/{file}.parquet");
        let reader = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
        for row in reader.get_row_iter(None).unwrap().take(5_000) {
            for (name, cell) in row.unwrap().get_column_iter() {
                let telling = ["pseudonym", "device", "merchant", "postcode", "handset"];
                if let (true, Cell::Str(value)) = (telling.contains(&name.as_str()), cell) {
                    assert!(!occurs(&outputs, value), "a value of {name} is shown");
                    looked_at += 1;
                }
            }
        }
    }
    assert!(looked_at > 10_000);
}

#[test]
fn without_a_manifest_the_roles_are_drafted() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("persons.parquet");
    persons(&data);
    let run = reidrisk()
        .arg("audit")
        .arg(&data)
        .arg("--out")
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    let shown = String::from_utf8(run.stdout).unwrap();
    assert!(shown.contains("There was no manifest"), "{shown}");
    let json = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let roles = &report["release"]["tables"][0]["roles"][0];
    assert_eq!(roles["role"], "quasi_identifiers");
    assert_eq!(roles["columns"], serde_json::json!(["town", "job"]));
}

/// What `init` says of the data of a folder; its own messages with it.
fn drafted(folder: &Path, data: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let run = reidrisk()
        .current_dir(folder)
        .args(["init", data])
        .args(more)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (run.status.code(), text(run.stdout), text(run.stderr))
}

#[test]
fn a_draft_is_a_manifest_with_a_reason_for_each_role() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    persons(&folder.path().join("data/persons.parquet"));
    let (code, printed, _) = drafted(folder.path(), "data/persons.parquet", &["--out", "-"]);
    assert_eq!(code, Some(0));
    let (code, _, said) = drafted(folder.path(), "data/persons.parquet", &[]);
    assert_eq!(code, Some(0), "{said}");
    says(&said, &["wrote", "release.toml", "check each line"]);
    let written = std::fs::read_to_string(folder.path().join("release.toml")).unwrap();
    assert_eq!(written, printed);
    let lines: Vec<&str> = written.lines().collect();
    for role in ["kind = ", "quasi_identifiers = "] {
        let at = lines
            .iter()
            .position(|line| line.starts_with(role))
            .unwrap();
        assert!(lines[at - 1].starts_with("# "), "{role}: {written}");
    }
    // It is audited as it is, and never overwritten by itself.
    let audited = |manifest: &str| {
        let mut run = reidrisk();
        let run =
            run.current_dir(folder.path())
                .args(["audit", manifest, "--policy", "exploratory"]);
        run.args(["--out", "reports", "--format", "json"])
            .output()
            .unwrap()
            .status
            .code()
    };
    // `exploratory` asks nothing about re-identification, and lets nothing pass for it.
    assert_eq!(audited("release.toml"), Some(1));
    let (code, _, said) = drafted(folder.path(), "data/persons.parquet", &[]);
    assert_eq!(code, Some(2));
    says(&said, &["is there already", "--force"]);
    let (code, ..) = drafted(folder.path(), "data/persons.parquet", &["--force"]);
    assert_eq!(code, Some(0));
    // Beside the data its paths are seen from there.
    let (code, _, said) = drafted(
        folder.path(),
        "data/persons.parquet",
        &["--out", "data/release.toml"],
    );
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(audited("data/release.toml"), Some(1));
    let (code, _, said) = drafted(folder.path(), "none.parquet", &["--force"]);
    assert_eq!(code, Some(3), "{said}");
    assert_eq!(
        std::fs::read_to_string(folder.path().join("release.toml")).unwrap(),
        written
    );
}

/// The columns of each role of a manifest, without what only a person can decide: how points are binned.
fn roles(manifest: &str) -> std::collections::BTreeMap<String, Vec<String>> {
    let lines = manifest.lines().map(|line| line.split('#').next().unwrap());
    let pairs = lines.filter_map(|line| line.split_once(" = "));
    let own = pairs.filter(|(key, _)| !["name", "path", "point", "ignore"].contains(key));
    let columns = |value: &str| {
        value
            .split('"')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    own.map(|(key, value)| (key.to_owned(), columns(value)))
        .collect()
}

#[test]
fn drafts_of_real_data_are_those_of_a_person_but_for_a_line() {
    let shared = Path::new(ROOT).join("../shared/data");
    for (data, manifest) in [
        ("adult.parquet", "adult.toml"),
        ("cabspotting_events.parquet", "taxis.toml"),
        ("foursquare_nyc.parquet", "check-ins.toml"),
        ("geolife_sample.parquet", "tracks.toml"),
        ("lcl_smart_meter_2013_a.parquet", "smart-meters.toml"),
        ("online_retail.parquet", "purchases.toml"),
    ] {
        if !shared.join(data).exists() {
            eprintln!("SKIPPED: the validation data is not beside the checkout ({data})");
            continue;
        }
        let (code, draft, said) = drafted(&shared, data, &["--out", "-"]);
        assert_eq!(code, Some(0), "{said}");
        let by_hand = Path::new(ROOT).join("tests/manifests").join(manifest);
        let by_hand = roles(&std::fs::read_to_string(by_hand).unwrap());
        let draft = roles(&draft);
        // Lines to write anew because a column is missing in them, and lines to strike out.
        let lacks = |(role, columns): &(&String, &Vec<String>)| {
            let drafted = draft.get(*role);
            let has = |column: &String| drafted.is_some_and(|drafted| drafted.contains(column));
            !columns.iter().all(has)
        };
        let anew = by_hand.iter().filter(lacks).count();
        let out = draft
            .keys()
            .filter(|role| !by_hand.contains_key(*role))
            .count();
        assert!(anew + out <= 1, "{data}: {draft:?} instead of {by_hand:?}");
        assert_eq!(draft["kind"], by_hand["kind"], "{data}");
    }
}

#[test]
fn missing_file() {
    let (folder, manifest) = folder(PERSONS);
    let message = refused(&folder, &manifest, 3, &[]);
    says(
        &message,
        &[
            "there is no file or folder",
            "persons.parquet",
            "relative to the manifest",
        ],
    );
    let message = refused(&folder, &folder.path().join("none.toml"), 2, &[]);
    says(&message, &["cannot read the manifest"]);
}

#[test]
fn not_parquet_and_truncated() {
    let (folder, manifest) = folder(PERSONS);
    let data = folder.path().join("persons.parquet");
    std::fs::write(&data, "town,job\n1,2\n").unwrap();
    says(
        &refused(&folder, &manifest, 3, &[]),
        &["is not a Parquet file", "convert"],
    );
    std::fs::write(&data, "").unwrap();
    says(
        &refused(&folder, &manifest, 3, &[]),
        &["is not a Parquet file"],
    );
    persons(&data);
    let whole = std::fs::read(&data).unwrap();
    for length in [whole.len() - 1, whole.len() / 2, 5] {
        std::fs::write(&data, &whole[..length]).unwrap();
        says(
            &refused(&folder, &manifest, 3, &[]),
            &["damaged or truncated", "write it again"],
        );
    }
}

#[test]
fn corrupt_pages_are_refused_or_read_never_a_panic() {
    let (folder, manifest) = folder(PERSONS);
    let data = folder.path().join("persons.parquet");
    persons(&data);
    let whole = std::fs::read(&data).unwrap();
    let mut named = 0;
    for at in 4..whole.len() - 8 {
        let mut broken = whole.clone();
        broken[at] ^= 0xff;
        std::fs::write(&data, &broken).unwrap();
        if at % 3 > 0 && at > 200 {
            continue;
        }
        let out = folder.path().join("out");
        let run = reidrisk()
            .arg("audit")
            .arg(&manifest)
            .arg("--out")
            .arg(&out)
            .output()
            .unwrap();
        let message = String::from_utf8(run.stderr).unwrap();
        let code = run.status.code();
        assert!(matches!(code, Some(0..=3)), "byte {at}: {code:?} {message}");
        assert!(!message.contains("panicked"), "byte {at}: {message}");
        assert!(!message.contains("defect"), "byte {at}: {message}");
        named += usize::from(message.contains("row group 0") && message.contains("column"));
    }
    assert!(
        named > 20,
        "damaged pages are named by row group and column: {named}"
    );
}

#[test]
fn empty_table_and_all_null_column() {
    let (folder, manifest) = folder(PERSONS);
    let data = folder.path().join("persons.parquet");
    write(&data, vec![("town", text([])), ("job", text([]))]);
    says(
        &refused(&folder, &manifest, 3, &[]),
        &["table `persons` has no rows"],
    );
    write(
        &data,
        vec![("town", text([None, None])), ("job", text([None, None]))],
    );
    let out = folder.path().join("out");
    reidrisk()
        .arg("audit")
        .arg(&manifest)
        .arg("--out")
        .arg(&out)
        .assert()
        .code(1);
    let json = std::fs::read_to_string(out.join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        report["findings"][0]["value"], 2,
        "null is a value of its own: one class of two"
    );
}

#[test]
fn roles_and_columns_must_agree() {
    for (change, code, parts) in [
        (
            ("\"job\"", "\"jop\""),
            2,
            ["no column `jop`", "did you mean `job`?", "release.toml"],
        ),
        (
            (", \"job\"", ""),
            2,
            ["`job` has no role", "ignore", "release.toml"],
        ),
        (
            ("\"job\"", "\"town\""),
            2,
            ["two roles", "column `town`", "release.toml"],
        ),
        (("kind =", "knid ="), 2, ["kind", "missing", "release.toml"]),
        (
            ("path =", "weigth = \"x\"\npath ="),
            2,
            [
                "unknown key `weigth`",
                "did you mean `weight`?",
                "release.toml",
            ],
        ),
        (
            ("\"microdata\"", "\"mikrodata\""),
            2,
            [
                "no kind of table",
                "microdata, trace, flows",
                "release.toml",
            ],
        ),
        (
            ("[[table]]", "[[table"),
            2,
            ["not valid TOML", "release.toml", ""],
        ),
        (
            ("[[table]]", "[measure.unicty]\nx = 1\n[[table]]"),
            2,
            ["unknown key `unicty`", "did you mean `unicity`?", ""],
        ),
        (
            ("[[table]]", "[measure.k-anonymity]\nk = [1.5]\n[[table]]"),
            2,
            ["`k` takes whole numbers", "", ""],
        ),
    ] {
        let (folder, manifest) = folder(&PERSONS.replace(change.0, change.1));
        persons(&folder.path().join("persons.parquet"));
        says(&refused(&folder, &manifest, code, &[]), &parts);
    }
}

#[test]
fn policies_must_be_policies() {
    let (folder, manifest) = folder(PERSONS);
    persons(&folder.path().join("persons.parquet"));
    let policy = folder.path().join("policy.toml");
    for (content, part) in [
        ("extends = \"strikt\"", "no built-in policy `strikt`"),
        (
            "[[require]]\nstatistic = \"k-anonymity.k\"\nmn = 3",
            "`min` or a `max`",
        ),
        (
            "[[require]]\nstatistic = \"k-anonymity.k\"\nmin = 3\nmaxi = 4",
            "did you mean `max`?",
        ),
        (
            "[[require]]\nstatistic = \"k-anonymity.kk\"\nmin = 3",
            "no statistic `k-anonymity.kk`",
        ),
    ] {
        std::fs::write(&policy, content).unwrap();
        let message = refused(
            &folder,
            &manifest,
            2,
            &["--policy", policy.to_str().unwrap()],
        );
        says(&message, &[part, "policy.toml"]);
    }
    says(
        &refused(&folder, &manifest, 2, &["--policy", "strickt"]),
        &["built-in policies: strict"],
    );
}

#[test]
fn a_policy_of_ones_own_decides() {
    let (folder, manifest) = folder(PERSONS);
    persons(&folder.path().join("persons.parquet"));
    let policy = folder.path().join("policy.toml");
    let judge = |content: &str, more: &[&str]| {
        std::fs::write(&policy, content).unwrap();
        let mut command = reidrisk();
        command
            .arg("audit")
            .arg(&manifest)
            .arg("--policy")
            .arg(&policy)
            .args(more);
        let run = command
            .arg("--out")
            .arg(folder.path().join("out"))
            .output()
            .unwrap();
        (run.status.code(), String::from_utf8(run.stdout).unwrap())
    };
    let k = |min: u32| format!("[[require]]\nstatistic = \"k-anonymity.k\"\nmin = {min}\n");
    assert_eq!(judge(&k(1), &[]).0, Some(0));
    assert_eq!(judge(&k(2), &[]).0, Some(1));
    let (code, shown) = judge(&k(1), &["--skip", "k-anonymity"]);
    assert_eq!(code, Some(1), "what was not measured never passes");
    assert!(shown.contains("left out on the command line"), "{shown}");
    let seven =
        "[[require]]\nstatistic = \"k-anonymity.share_below\"\nwhere = { k = 7 }\nmax = 1\n";
    assert_eq!(
        judge(seven, &[]).0,
        Some(0),
        "the policy's own k is measured"
    );
}

#[test]
fn times_and_subjects_must_be_there() {
    let (folder, manifest) = folder(TRACE);
    let data = folder.path().join("trace.parquet");
    Trace {
        times: Arc::new(TimestampMicrosecondArray::from(vec![
            Some(0),
            None,
            Some(1),
            Some(2),
        ])),
        ..Trace::default()
    }
    .write(&data);
    let message = refused(&folder, &manifest, 3, &[]);
    says(
        &message,
        &[
            "trace.parquet, row group 0, column `at`: a time is null",
            "help",
        ],
    );
    Trace {
        persons: text([Some("anna-7"), None, Some("bert-8"), Some("carl-9")]),
        ..Trace::default()
    }
    .write(&data);
    let message = refused(&folder, &manifest, 3, &[]);
    says(
        &message,
        &[
            "column `who`: a subject is null",
            "null_subject = \"exclude\"",
        ],
    );
    let lenient = TRACE.replace("subject =", "null_subject = \"exclude\"\nsubject =");
    std::fs::write(&manifest, lenient).unwrap();
    let run = reidrisk()
        .arg("audit")
        .arg(&manifest)
        .args(["--format", "terminal"])
        .output();
    let shown = String::from_utf8(run.unwrap().stdout).unwrap();
    assert!(shown.contains("1 of 4 rows have no subject"), "{shown}");
    assert!(shown.contains("4 rows of 3 persons"), "{shown}");
}

#[test]
fn times_out_of_order_are_told_and_change_nothing() {
    let (folder, manifest) = folder(TRACE);
    let data = folder.path().join("trace.parquet");
    Trace::default().write(&data);
    let findings = |out: &str| {
        let out = folder.path().join(out);
        let run = reidrisk()
            .arg("audit")
            .arg(&manifest)
            .arg("--out")
            .arg(&out)
            .output()
            .unwrap();
        let json = std::fs::read_to_string(out.join("report.json")).unwrap();
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        (
            report["findings"].clone(),
            String::from_utf8(run.stdout).unwrap(),
        )
    };
    let (ordered, shown) = findings("ordered");
    assert!(!shown.contains("before the row above"));
    let hour = 3_600_000_000;
    Trace {
        times: Arc::new(TimestampMicrosecondArray::from(vec![hour, 0, 0, 5 * hour])),
        latitudes: Arc::new(Float64Array::from(vec![49.5, 49.4, 49.4, 49.6])),
        longitudes: Arc::new(Float64Array::from(vec![11.1, 11.0, 11.0, 11.2])),
        ..Trace::default()
    }
    .write(&data);
    let (shuffled, shown) = findings("shuffled");
    assert_eq!(ordered, shuffled);
    assert!(
        shown.contains("1 rows lie before the row above them in time"),
        "{shown}"
    );
}

#[test]
fn coordinates_must_be_coordinates() {
    for (latitude, part) in [
        (f64::NAN, "a coordinate is NaN or infinite"),
        (f64::INFINITY, "a coordinate is NaN or infinite"),
        (91.0, "a coordinate is out of range"),
    ] {
        let (folder, manifest) = folder(TRACE);
        Trace {
            latitudes: Arc::new(Float64Array::from(vec![49.4, latitude, 49.4, 49.6])),
            ..Trace::default()
        }
        .write(&folder.path().join("trace.parquet"));
        let message = refused(&folder, &manifest, 3, &[]);
        says(&message, &["row group 0", "column `lat`, `lon`", part]);
    }
}

#[test]
fn nested_columns_are_refused_unless_ignored() {
    let (folder, manifest) = folder(PERSONS);
    let lists = vec![Some(vec![Some(1)]), None, Some(vec![])];
    let nested: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists));
    let town = text([Some("a"), Some("a"), Some("b")]);
    write(
        &folder.path().join("persons.parquet"),
        vec![("town", town), ("job", nested)],
    );
    says(
        &refused(&folder, &manifest, 2, &[]),
        &["column `job` is nested", "ignore"],
    );
    let ignored = PERSONS.replace("[\"town\", \"job\"]", "[\"town\"]\nignore = [\"job\"]");
    std::fs::write(&manifest, ignored).unwrap();
    reidrisk()
        .arg("audit")
        .arg(&manifest)
        .args(["--format", "terminal"])
        .assert()
        .code(1);
}

#[test]
fn files_of_one_table_must_fit_together() {
    let (folder, manifest) = folder(&PERSONS.replace("\"persons.parquet\"", "\"part-*.parquet\""));
    let town = || text([Some("a"), Some("b")]);
    let number: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    write(
        &folder.path().join("part-1.parquet"),
        vec![("town", town()), ("job", town())],
    );
    write(
        &folder.path().join("part-2.parquet"),
        vec![("job", number), ("town", town())],
    );
    let message = refused(&folder, &manifest, 3, &[]);
    says(
        &message,
        &[
            "do not fit together",
            "`job` is of another type",
            "job: Utf8",
            "job: Int64",
        ],
    );
    write(
        &folder.path().join("part-2.parquet"),
        vec![("job", town()), ("town", town())],
    );
    reidrisk()
        .arg("audit")
        .arg(&manifest)
        .args(["--format", "terminal"])
        .assert()
        .code(1);
    #[cfg(unix)]
    {
        let link = folder.path().join("part-3.parquet");
        std::os::unix::fs::symlink(folder.path().join("part-1.parquet"), link).unwrap();
        let message = refused(&folder, &manifest, 3, &[]);
        says(
            &message,
            &[
                "the same file is named twice",
                "part-1.parquet",
                "part-3.parquet",
            ],
        );
    }
}

#[test]
fn partitions_are_columns() {
    let manifest = PERSONS
        .replace("persons.parquet", "data/")
        .replace("\"town\", \"job\"", "\"town\", \"year\"");
    let (folder, manifest) = folder(&manifest);
    for year in ["2025", "2026"] {
        let inside = folder.path().join(format!("data/year={year}"));
        std::fs::create_dir_all(&inside).unwrap();
        write(
            &inside.join("a.parquet"),
            vec![("town", text([Some("a"), Some("a")]))],
        );
    }
    let out = folder.path().join("out");
    reidrisk()
        .arg("audit")
        .arg(&manifest)
        .arg("--out")
        .arg(&out)
        .assert()
        .code(1);
    let json = std::fs::read_to_string(out.join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let value = |at: usize| report["findings"][at]["value"].clone();
    assert_eq!(
        (value(0), value(1)),
        (2.into(), 2.into()),
        "two classes of two"
    );
}

#[cfg(unix)]
#[test]
fn reports_that_cannot_be_written_leave_nothing() {
    let (folder, manifest) = folder(PERSONS);
    persons(&folder.path().join("persons.parquet"));
    let blocked = folder.path().join("blocked");
    std::fs::write(&blocked, "a file, not a folder").unwrap();
    let run = reidrisk()
        .arg("audit")
        .arg(&manifest)
        .arg("--out")
        .arg(&blocked)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(3));
    assert!(
        String::from_utf8(run.stderr)
            .unwrap()
            .contains("cannot write the report")
    );
    // It is found before anything is read.
    let run = reidrisk()
        .args(["audit", "no-such-manifest.toml", "--out"])
        .arg(&blocked)
        .output()
        .unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.contains("cannot write the report"), "{said}");
    // A limit on file sizes stands in for a full disk: the write fails midway.
    let out = folder.path().join("full");
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec '{}' audit '{}' --out '{}' --format html",
        env!("CARGO_BIN_EXE_reidrisk"),
        manifest.display(),
        out.display()
    );
    let run = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    let message = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(3), "{message}");
    assert!(message.contains("nothing was written"), "{message}");
    let written = std::fs::read_dir(&out).map_or(0, Iterator::count);
    assert_eq!(written, 0, "nothing half-written");
}

#[test]
fn memory_is_refused_beforehand() {
    let (folder, manifest) = folder(TRACE);
    Trace::default().write(&folder.path().join("trace.parquet"));
    let message = refused(&folder, &manifest, 3, &["--memory-limit", "8"]);
    says(&message, &["MiB", "--memory-limit"]);
}

/// Reports speak two languages, what machines read speaks one.
#[test]
fn the_language_is_chosen() {
    let explained = |arguments: &[&str]| {
        let run = reidrisk().arg("explain").args(arguments).output().unwrap();
        assert_eq!(run.status.code(), Some(0), "{arguments:?}");
        String::from_utf8(run.stdout).unwrap()
    };
    let german = explained(&["--lang", "de", "unicity"]);
    says(
        &german,
        &["Unizität", "Angreifer", "Annahmen", "de Montjoye"],
    );
    let list = explained(&["--lang", "de"]);
    says(&list, &["k-anonymity (Herausgreifen)", "Statistiken: "]);
    let folder = tempfile::tempdir().unwrap();
    for command in ["audit", "explain"] {
        let run = reidrisk()
            .current_dir(folder.path())
            .args([command, "--lang", "xx", "unicity"])
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(2), "{command}");
        let message = String::from_utf8(run.stderr).unwrap();
        says(&message, &["'xx'", "[possible values: en, de]"]);
    }
    let help = reidrisk().args(["audit", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let flowing = help.split_whitespace().collect::<Vec<_>>().join(" ");
    says(&flowing, &["JSON, SARIF, JUnit and errors are English"]);
}

#[test]
fn the_help_shows_examples_and_measures_are_explained() {
    let help = String::from_utf8(reidrisk().arg("--help").output().unwrap().stdout).unwrap();
    let flowing = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flowing.contains("Examples:") && flowing.contains("Exit codes"),
        "{help}"
    );
    let explained = reidrisk().args(["explain", "unicity"]).output().unwrap();
    assert!(
        String::from_utf8(explained.stdout)
            .unwrap()
            .contains("de Montjoye")
    );
    reidrisk().args(["explain", "unicty"]).assert().code(2);
    reidrisk().args(["audit"]).assert().code(2);
}

#[test]
fn names_that_would_steer_the_terminal_do_not() {
    let (folder, _) = folder(PERSONS);
    let data = folder.path().join("odd.parquet");
    let field = Field::new("town\u{1b}[31m", DataType::Utf8, true);
    let schema = Arc::new(Schema::new(vec![field]));
    let batch = RecordBatch::try_new(schema.clone(), vec![text([Some("a")])]).unwrap();
    let mut writer =
        ArrowWriter::try_new(std::fs::File::create(&data).unwrap(), schema, None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let run = reidrisk()
        .arg("audit")
        .arg(&data)
        .args(["--format", "terminal"])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    assert!(!String::from_utf8(run.stdout).unwrap().contains('\u{1b}'));
}

/// Ctrl-C comes as soon as the program is seen to handle it: the whole audit is still ahead then.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_leaves_nothing() {
    use std::time::{Duration, Instant};
    const INTERRUPT: u64 = 1 << (2 - 1);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_reidrisk"))
        .args(["audit", "sample-data/naive/release.toml", "--out"])
        .arg(&out)
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let handled = || {
        let status = std::fs::read_to_string(&status).unwrap();
        let caught = status
            .lines()
            .find_map(|line| line.strip_prefix("SigCgt:"))
            .unwrap();
        u64::from_str_radix(caught.trim(), 16).unwrap() & INTERRUPT != 0
    };
    let started = Instant::now();
    while !handled() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        assert!(started.elapsed() < Duration::from_secs(60), "no handler");
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    let run = child.wait_with_output().unwrap();
    assert_eq!(run.status.code(), Some(130));
    assert!(
        String::from_utf8(run.stderr)
            .unwrap()
            .contains("interrupted")
    );
    assert!(
        run.stdout.is_empty() && !out.exists(),
        "nothing was written"
    );
}

#[test]
fn hierarchies_must_be_hierarchies() {
    let (folder, manifest) = folder(PERSONS);
    persons(&folder.path().join("persons.parquet"));
    let with = |more: &str| {
        std::fs::write(&manifest, format!("{PERSONS}{more}\n")).unwrap();
        refused(&folder, &manifest, 2, &[])
    };
    let kind = with("hierarchies = { town = \"interval\" }");
    says(
        &kind,
        &[
            "`interval` is no hierarchy",
            "intervals, mask, prefix",
            ".csv\"",
        ],
    );
    let file = with("hierarchies = { town = \"towns.csv\" }");
    says(&file, &["cannot read the hierarchy", "towns.csv"]);
    std::fs::write(folder.path().join("towns.csv"), "Fürth;Bavaria;*\n").unwrap();
    let unknown = with("hierarchies = { town = \"towns.csv\" }");
    says(
        &unknown,
        &[
            "a value of column `town` is not in its hierarchy",
            "add a line",
        ],
    );
    // A file that no manifest names any more would lie beside the release.
    std::fs::remove_file(folder.path().join("towns.csv")).unwrap();
    let role = with("hierarchies = { twon = \"mask\" }");
    says(&role, &["`twon` is neither quasi-identifier nor sensitive"]);
    let nulls = with("nulls = \"anything\"");
    says(
        &nulls,
        &["`anything` is no meaning of nulls", "value, wildcard"],
    );
    let whole = with("composite = true\nnulls = \"wildcard\"");
    says(&whole, &["compared as one"]);
    std::fs::write(&manifest, format!("{TRACE}nulls = \"wildcard\"\n")).unwrap();
    says(
        &refused(&folder, &manifest, 2, &[]),
        &["for tables of kind microdata"],
    );
    let bands = text([Some("10-19"), Some("15-24"), Some("Erlangen-Secret")]);
    let reals: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, 3.0]));
    write(
        &folder.path().join("persons.parquet"),
        vec![("town", bands), ("job", reals)],
    );
    let overlapping = with("hierarchies = { town = \"intervals\" }");
    says(
        &overlapping,
        &[
            "values of column `town` share some but not all",
            "one set of bands",
        ],
    );
    let real = with("hierarchies = { job = \"intervals\" }");
    says(
        &real,
        &["column `job` is Float64", "neither texts nor whole numbers"],
    );
}

#[test]
fn registers_must_fit_the_release() {
    let (folder, manifest) = folder(PERSONS);
    persons(&folder.path().join("persons.parquet"));
    let jobs: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let towns = || text([Some("Fürth"), Some("Nürnberg")]);
    write(
        &folder.path().join("register.parquet"),
        vec![
            ("town", towns()),
            ("job", jobs),
            ("name", text([None, None])),
        ],
    );
    let register = |roles: &str| {
        format!(
            "{PERSONS}\n[[auxiliary]]\nname = \"register\"\nkind = \"population\"\n\
             path = \"register.parquet\"\n{roles}\n"
        )
    };
    let with = |roles: &str| std::fs::write(&manifest, register(roles)).unwrap();
    with("quasi_identifiers = [\"town\", \"job\"]\nignore = [\"name\"]");
    let types = refused(&folder, &manifest, 2, &[]);
    says(
        &types,
        &["column `job` is Utf8 in table `persons` and Int64 in `register`"],
    );
    with("quasi_identifiers = [\"town\"]\nignore = [\"job\"]");
    let unnamed = refused(&folder, &manifest, 2, &[]);
    says(&unnamed, &["table `register`: `name` has no role"]);
    with("quasi_identifiers = [\"town\"]\nignore = [\"job\", \"name\"]");
    let run = reidrisk()
        .args(["audit", manifest.to_str().unwrap(), "--out"])
        .arg(folder.path().join("out"))
        .output()
        .unwrap();
    assert_eq!(
        run.status.code(),
        Some(1),
        "{:?}",
        String::from_utf8(run.stderr)
    );
    let json = std::fs::read_to_string(folder.path().join("out/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let register = &report["release"]["auxiliaries"][0];
    assert_eq!(
        (&register["name"], &register["rows"]),
        (&"register".into(), &2.into())
    );
    assert_eq!(
        register["files"][0]["sha256"].as_str().map(str::len),
        Some(64)
    );
    let of = |statistic: &str| {
        let findings = report["findings"].as_array().unwrap();
        let found = findings
            .iter()
            .find(|finding| finding["statistic"] == statistic);
        found.unwrap()["value"].as_f64().unwrap()
    };
    assert!((of("share_unmatched") - 1.0 / 3.0).abs() < 1e-12);
    // Two in the release come from Fürth and but one in the register, which is therefore incomplete.
    assert_eq!(of("mean"), 2.0 / 3.0);
}

#[test]
fn weights_must_be_weights() {
    let weighted = format!("{PERSONS}weight = \"stands_for\"\n");
    let (folder, manifest) = folder(&weighted);
    let file = folder.path().join("persons.parquet");
    let with = |weights: ArrayRef| {
        let town = text([Some("Fürth"), Some("Fürth"), Some("Erlangen-Secret")]);
        let job = text([Some("baker"), Some("baker"), None]);
        write(
            &file,
            vec![("town", town), ("job", job), ("stands_for", weights)],
        );
    };
    with(text([Some("3"), Some("4"), Some("5")]));
    says(
        &refused(&folder, &manifest, 2, &[]),
        &["`stands_for` is Utf8", "must be a number"],
    );
    for weights in [
        vec![Some(3.0), None, Some(5.0)],
        vec![Some(3.0), Some(0.0), Some(5.0)],
        vec![Some(3.0), Some(f64::NAN), Some(5.0)],
        vec![Some(3.0), Some(f64::INFINITY), Some(5.0)],
    ] {
        with(Arc::new(Float64Array::from(weights)));
        let message = refused(&folder, &manifest, 3, &[]);
        says(
            &message,
            &["a weight in column `stands_for` is null, not positive or not a number"],
        );
    }
}

#[test]
fn the_methodology_that_is_kept_is_that_of_this_version() {
    for (language, name) in [("en", "methodology.md"), ("de", "methodology.de.md")] {
        let output = reidrisk()
            .args(["explain", "--all", "--lang", language])
            .output()
            .unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let kept = std::fs::read_to_string(Path::new(ROOT).join("reports").join(name)).unwrap();
        assert!(
            kept == text,
            "write reports/{name} anew, as reports/README.md says"
        );
        for doc in reidrisk::measure::docs() {
            for statistic in doc.statistics {
                let id = format!("[`{}.{}`](#{})", doc.id, statistic.name, doc.id);
                assert!(text.contains(&id), "{id} in {name}");
            }
        }
    }
}
