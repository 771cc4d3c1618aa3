//! What lies in the folders of a release: nothing is published that nobody examined, nothing is counted twice, and no
//! name of a folder gives a value away.

#[path = "shared/parquet.rs"]
mod parquet_files;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, RecordBatch, StringArray};
use arrow::array::{Int64Array, TimestampMicrosecondArray, TimestampNanosecondArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use parquet_files::write;
use reidrisk::audit::{Options, audit};
use reidrisk::error::Error;
use reidrisk::report::Report;
use tempfile::TempDir;

const PERSONS: &str = "kind = \"microdata\"\nquasi_identifiers = [\"city\"]\n";

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn cities(path: &Path, of: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    write(path, vec![("city", texts(&[of, "Fuerth", "Fuerth"]))]);
}

/// A folder `t` with one file, and what is put beside it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    cities(&folder.path().join("t/good.parquet"), "Nuernberg");
    folder
}

fn manifest(folder: &Path, path: &str, more: &str) -> PathBuf {
    let text = format!("{more}\n[[table]]\nname = \"t\"\npath = \"{path}\"\n{PERSONS}");
    fs::write(folder.join("release.toml"), text).unwrap();
    folder.join("release.toml")
}

fn audited(paths: Vec<PathBuf>) -> Result<Report, Error> {
    let options = Options {
        paths,
        policy: "exploratory".to_owned(),
        only: vec!["file-leaks".to_owned(), "k-anonymity".to_owned()],
        ..Options::default()
    };
    audit(&options, &())
}

fn of_folder(folder: &TempDir) -> Result<Report, Error> {
    audited(vec![manifest(folder.path(), "t", "")])
}

fn refused(report: Result<Report, Error>, says: &[&str]) {
    let error = report.expect_err("it is refused");
    let text = format!("{error:?}");
    assert_eq!(error.exit_code(), 3, "{text}");
    for says in says {
        assert!(text.contains(says), "{text}");
    }
}

fn others(report: &Report) -> u64 {
    let is = |f: &&reidrisk::finding::Finding| {
        f.statistic == "leaks" && f.parameters["kind"].to_string() == "other-files"
    };
    let found = report.findings.iter().find(is).unwrap();
    found.value.unwrap().as_f64() as u64
}

fn noted(report: &Report, text: &str) -> bool {
    let notes = serde_json::to_string(&report.notes).unwrap();
    notes.contains(text)
}

#[test]
fn data_under_any_name_in_a_tables_folder_is_an_error() {
    for name in [
        "A.PARQUET",
        "b.parq",
        "000000_0",
        "_old.parquet",
        ".hidden.parquet",
        "c.parquet.bak",
        ".trash/c.parquet",
        "_temporary/0/part-0",
    ] {
        let folder = folder();
        cities(&folder.path().join("t").join(name), "Zirndorf");
        refused(of_folder(&folder), &[name, "nobody examined it"]);
        // Without a manifest as well.
        refused(audited(vec![folder.path().join("t")]), &[name]);
    }
    for (name, bytes) in [
        ("names.csv", &b"a;b"[..]),
        ("names.txt", &b"PK\x03\x04..."[..]),
        ("names", &b"PARE...."[..]),
    ] {
        let folder = folder();
        fs::write(folder.path().join("t").join(name), bytes).unwrap();
        refused(of_folder(&folder), &[name]);
        let reason = format!("[release.beside]\n\"t/{name}\" = \"harmless\"");
        let excused = manifest(folder.path(), "t", &reason);
        refused(audited(vec![excused]), &[name, "no data"]);
    }
}

#[test]
fn other_files_are_counted_until_the_manifest_says_why_they_are_there() {
    let folder = folder();
    assert_eq!(others(&of_folder(&folder).unwrap()), 0);
    fs::write(folder.path().join("t/README.md"), "about the columns").unwrap();
    assert_eq!(others(&of_folder(&folder).unwrap()), 1);
    let with = |lines: &str| {
        let lines = format!("[release.beside]\n{lines}");
        audited(vec![manifest(folder.path(), "t", &lines)])
    };
    let answered = with("\"t/README.md\" = \"describes the columns\"").unwrap();
    assert_eq!(others(&answered), 0);
    assert!(noted(&answered, "describes the columns") && noted(&answered, "t/README.md"));
    for wrong in [
        "\"t/README.md\" = \" \"",
        "\"t/LICENSE\" = \"not there\"",
        "\"t/good.parquet\" = \"a table\"",
    ] {
        assert_eq!(with(wrong).err().unwrap().exit_code(), 2, "{wrong}");
    }
}

#[test]
fn a_manifest_publishes_its_own_folder_and_what_is_below_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    cities(&at("a.parquet"), "Nuernberg");
    fs::write(at("README.md"), "about").unwrap();
    fs::write(at("about.json"), "{\"title\": \"x\"}").unwrap();
    // A repository around it is no part of the release.
    fs::create_dir_all(at("src")).unwrap();
    fs::write(at("src/data.csv"), "a;b").unwrap();
    let named = || manifest(folder.path(), "a.parquet", "");
    let report = audited(vec![named()]).unwrap();
    assert_eq!(others(&report), 0);
    assert!(noted(
        &report,
        "Files beside the manifest that it does not name: 2."
    ));
    cities(&at("b.parquet"), "Zirndorf");
    refused(audited(vec![named()]), &["b.parquet"]);
    // One file of a folder, named by nobody or from elsewhere, is published alone.
    assert!(audited(vec![at("a.parquet")]).is_ok());
    let elsewhere = tempfile::tempdir().unwrap();
    let path = at("a.parquet").to_string_lossy().into_owned();
    assert!(audited(vec![manifest(elsewhere.path(), &path, "")]).is_ok());
    // What the manifest names is known.
    let auxiliary = "[[auxiliary]]\nname = \"all\"\nkind = \"population\"\npath = \"b.parquet\"\n\
                     quasi_identifiers = [\"city\"]\n";
    assert!(audited(vec![manifest(folder.path(), "a.parquet", auxiliary)]).is_ok());
    // In a folder of data below it everything counts.
    fs::remove_file(at("b.parquet")).unwrap();
    cities(&at("data/c.parquet"), "Nuernberg");
    fs::write(at("data/notes.txt"), "about").unwrap();
    let below = audited(vec![manifest(folder.path(), "data/c.parquet", "")]).unwrap();
    assert_eq!(others(&below), 1);
}

#[test]
fn equal_files_of_a_table_are_an_error() {
    let copied = |to: &str, roles: &str| {
        let folder = tempfile::tempdir().unwrap();
        cities(&folder.path().join("t/part=1/a.parquet"), "Nuernberg");
        let to = folder.path().join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(folder.path().join("t/part=1/a.parquet"), to).unwrap();
        let path = manifest(folder.path(), "t", "");
        let text = fs::read_to_string(&path)
            .unwrap()
            .replace("[\"city\"]", roles);
        fs::write(&path, text).unwrap();
        audited(vec![path])
    };
    let counted = "[\"city\", \"part\"]";
    refused(
        copied("t/part=1/a (1).parquet", counted),
        &["equal, byte for byte"],
    );
    // Folders tell rows apart, as long as their values count.
    let report = copied("t/part=2/a.parquet", counted).unwrap();
    assert_eq!(report.release.tables[0].rows, 6);
    let ignored = "[\"city\"]\nignore = [\"part\"]";
    refused(
        copied("t/part=2/a.parquet", ignored),
        &["equal, byte for byte", "`part` a role"],
    );

    let folder = tempfile::tempdir().unwrap();
    cities(&folder.path().join("data1.parquet"), "Nuernberg");
    fs::hard_link(
        folder.path().join("data1.parquet"),
        folder.path().join("data2.parquet"),
    )
    .unwrap();
    let glob = || audited(vec![manifest(folder.path(), "data*.parquet", "")]);
    refused(glob(), &["the same file is named twice"]);
    // Files without rows are often equal: Spark writes them by the dozen.
    fs::remove_file(folder.path().join("data2.parquet")).unwrap();
    for name in ["data2.parquet", "data3.parquet"] {
        write(&folder.path().join(name), vec![("city", texts(&[]))]);
    }
    assert_eq!(glob().unwrap().release.tables[0].rows, 3);
}

#[test]
fn tables_of_one_file_are_told() {
    let folder = tempfile::tempdir().unwrap();
    cities(&folder.path().join("a.parquet"), "Nuernberg");
    fs::copy(
        folder.path().join("a.parquet"),
        folder.path().join("b.parquet"),
    )
    .unwrap();
    let two = "[[table]]\nname = \"other\"\npath = \"b.parquet\"\nkind = \"microdata\"\nquasi_identifiers = [\"city\"]\n";
    let report = audited(vec![manifest(folder.path(), "a.parquet", two)]).unwrap();
    assert!(noted(
        &report,
        "The tables other and t have a file in common"
    ));
}

#[test]
fn tables_with_a_history_are_refused_by_name() {
    for (mark, name) in [
        ("_delta_log/00000000000000000000.json", "Delta"),
        (".hoodie/hoodie.properties", "Hudi"),
        ("metadata/v1.metadata.json", "Iceberg"),
        ("metadata/00000-5d2.metadata.json", "Iceberg"),
    ] {
        let folder = folder();
        let mark = folder.path().join("t").join(mark);
        fs::create_dir_all(mark.parent().unwrap()).unwrap();
        fs::write(mark, "{}").unwrap();
        cities(&folder.path().join("t/data/week=1/a.parquet"), "Nuernberg");
        for path in [
            "t",
            "t/*.parquet",
            "t/good.parquet",
            "t/data",
            "t/data/week=1/a.parquet",
            ".",
        ] {
            let report = audited(vec![manifest(folder.path(), path, "")]);
            refused(report, &[name, "snapshot"]);
        }
    }
    let folder = folder();
    fs::create_dir(folder.path().join("t/metadata")).unwrap();
    fs::write(folder.path().join("t/metadata/about.txt"), "columns").unwrap();
    assert!(
        of_folder(&folder).is_ok(),
        "a folder that is only called so"
    );
}

#[test]
fn folders_give_no_value_away() {
    let folder = tempfile::tempdir().unwrap();
    for (diagnosis, week) in [("HIV", 11), ("flu", 11), ("flu", 12)] {
        let path = format!("t/diagnosis={diagnosis}/week={week}/part.parquet");
        cities(&folder.path().join(path), &format!("{diagnosis}{week}"));
    }
    let roles = "sensitive = [\"diagnosis\"]\nignore = [\"week\"]\n";
    let audited = || {
        let path = manifest(folder.path(), "t", "");
        let text = fs::read_to_string(&path).unwrap() + roles;
        fs::write(&path, text).unwrap();
        audited(vec![path])
    };
    let files = |report: &Report| report.release.tables[0].files.clone();
    let before = files(&audited().unwrap());
    let paths: Vec<&str> = before.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "t/diagnosis=…1/week=11/part.parquet",
            "t/diagnosis=…2/week=11/part.parquet",
            "t/diagnosis=…2/week=12/part.parquet"
        ]
    );
    // A value that is not shown is still bound.
    fs::rename(
        folder.path().join("t/diagnosis=HIV"),
        folder.path().join("t/diagnosis=AIDS"),
    )
    .unwrap();
    let after = files(&audited().unwrap());
    assert_eq!(before[0].path, after[0].path);
    assert_eq!(before[0].sha256, after[0].sha256);
    assert_ne!(before[0].placed_sha256, after[0].placed_sha256);
    assert_eq!(before[1], after[1]);
    // Errors show it no more than reports.
    let damaged = folder.path().join("t/diagnosis=AIDS/week=11/part.parquet");
    let bytes = fs::read(&damaged).unwrap();
    fs::write(&damaged, &bytes[..bytes.len() - 9]).unwrap();
    let error = format!("{:?}", audited().unwrap_err());
    assert!(
        error.contains("diagnosis=…1/week=11") && !error.contains("AIDS"),
        "{error}"
    );
    fs::write(&damaged, &bytes).unwrap();
    fs::copy(&damaged, damaged.with_extension("bak")).unwrap();
    let error = format!("{:?}", audited().unwrap_err());
    assert!(
        error.contains("diagnosis=…/week=11/part.bak") && !error.contains("AIDS"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_and_not_waited_for() {
    use std::os::unix::fs::symlink;
    let pipe = |path: &Path| {
        let made = std::process::Command::new("mkfifo")
            .arg(path)
            .status()
            .unwrap();
        assert!(made.success());
    };
    for name in ["pipe.parquet", "pipe", ".pipe"] {
        let folder = folder();
        pipe(&folder.path().join("t").join(name));
        refused(of_folder(&folder), &["named pipe"]);
    }
    let folder = folder();
    pipe(&folder.path().join("pipe.parquet"));
    refused(
        audited(vec![folder.path().join("pipe.parquet")]),
        &["named pipe"],
    );
    pipe(&folder.path().join("pipe.toml"));
    let manifest = audited(vec![folder.path().join("pipe.toml")]).unwrap_err();
    assert!(manifest.message().contains("named pipe") && manifest.exit_code() == 2);
    let policy = Options {
        paths: vec![folder.path().join("t")],
        policy: folder
            .path()
            .join("pipe.toml")
            .to_string_lossy()
            .into_owned(),
        ..Options::default()
    };
    assert!(
        audit(&policy, &())
            .unwrap_err()
            .message()
            .contains("named pipe")
    );
    for (from, to) in [
        ("t/up", "t"),
        ("t/circle", "t/circle"),
        ("t/nowhere.parquet", "gone"),
    ] {
        symlink(folder.path().join(to), folder.path().join(from)).unwrap();
        let error = of_folder(&folder).unwrap_err();
        let text = format!("{error:?}");
        assert!(
            text.contains("circle") || text.contains("nowhere"),
            "{text}"
        );
        assert_eq!(error.exit_code(), 3);
        fs::remove_file(folder.path().join(from)).unwrap();
    }
}

/// Swaps while an audit runs: either it judges the file whose digest it reports, or it is an error.
#[test]
fn a_file_that_is_swapped_never_gets_the_digest_of_another() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    let many = |distinct: usize| -> Vec<u8> {
        let values = (0..60_000).map(|row| format!("{:05}", row % distinct));
        let array: ArrayRef = Arc::new(StringArray::from_iter_values(values));
        let batch = RecordBatch::try_from_iter([("city", array)]).unwrap();
        let mut bytes = Vec::new();
        let properties = WriterProperties::builder()
            .set_dictionary_enabled(false)
            .build();
        let mut writer =
            ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        bytes
    };
    let (good, bad) = (many(10), many(60_000));
    let digest = |bytes: &[u8]| {
        fs::write(folder.path().join("x"), bytes).unwrap();
        reidrisk::release::digest::of_file(&folder.path().join("x")).unwrap()
    };
    let digests = [digest(&good), digest(&bad)];
    fs::write(&path, &good).unwrap();
    fs::remove_file(folder.path().join("x")).unwrap();
    let stop = AtomicBool::new(false);
    let (mut judged, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut turn = 0u64;
            while !stop.load(Ordering::Relaxed) {
                let bytes = if turn.is_multiple_of(2) { &bad } else { &good };
                let aside = folder.path().join(".aside.swp");
                match turn % 4 < 2 {
                    true => fs::write(&path, bytes).unwrap(),
                    false => {
                        fs::write(&aside, bytes).unwrap();
                        fs::rename(&aside, &path).unwrap();
                    }
                }
                std::thread::sleep(std::time::Duration::from_millis(turn * 7 % 60));
                turn += 1;
            }
        });
        for _ in 0..40 {
            match audited(vec![path.clone()]) {
                Ok(report) => {
                    let k = report
                        .findings
                        .iter()
                        .find(|f| f.id() == "k-anonymity.k")
                        .unwrap();
                    let is_good = k.value.unwrap().as_f64() > 1.0;
                    let sha256 = &report.release.tables[0].files[0].sha256;
                    assert_eq!(*sha256, digests[usize::from(!is_good)]);
                    judged += 1;
                }
                Err(error) => {
                    assert_eq!(error.exit_code(), 3, "{error:?}");
                    refused += 1;
                }
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(refused > 0, "{judged} judged, none refused");
}

fn decimals(values: &[i128], precision: u8, scale: i8) -> ArrayRef {
    let array = Decimal128Array::from(values.to_vec());
    Arc::new(array.with_precision_and_scale(precision, scale).unwrap())
}

#[test]
fn equal_decimals_are_one_value_in_files_of_any_width() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("t")).unwrap();
    let at = |name: &str| folder.path().join("t").join(name);
    write(
        &at("a.parquet"),
        vec![("city", decimals(&[150, 250, -175], 5, 2))],
    );
    write(
        &at("b.parquet"),
        vec![("city", decimals(&[1_500, 2_500, -1_750], 12, 3))],
    );
    write(
        &at("c.parquet"),
        vec![("city", decimals(&[150, 250, -175], 25, 2))],
    );
    write(
        &at("d.parquet"),
        vec![("city", decimals(&[15_000, 25_000, -17_500], 38, 4))],
    );
    let report = of_folder(&folder).unwrap();
    let value = |id: &str| {
        let found = report.findings.iter().find(|f| f.id() == id).unwrap();
        found.value.unwrap().as_f64()
    };
    assert_eq!(
        (value("k-anonymity.k"), value("k-anonymity.classes")),
        (4.0, 3.0)
    );
}

#[test]
fn times_that_a_finer_unit_cannot_hold_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("t")).unwrap();
    let at = |name: &str| folder.path().join("t").join(name);
    let year = 31_556_952_000_000i64;
    let coarse = |years: i64| -> ArrayRef {
        let values = (0..20).map(|row| (years + row) * year);
        Arc::new(TimestampMicrosecondArray::from_iter_values(values))
    };
    let fine =
        TimestampNanosecondArray::from_iter_values((0..20).map(|row| (30 + row) * year * 1_000));
    write(&at("a.parquet"), vec![("city", coarse(30))]);
    write(&at("b.parquet"), vec![("city", Arc::new(fine))]);
    let report = of_folder(&folder).unwrap();
    let k = report
        .findings
        .iter()
        .find(|f| f.id() == "k-anonymity.k")
        .unwrap();
    assert_eq!(
        k.value.unwrap().as_f64(),
        2.0,
        "the same instants in two units"
    );
    write(&at("a.parquet"), vec![("city", coarse(1_030))]);
    refused(of_folder(&folder), &["`city`", "finer unit"]);
}

/// A file of one column of numbers, whose bytes can be changed.
fn numbers(compression: Compression) -> Vec<u8> {
    let array: ArrayRef = Arc::new(Int64Array::from_iter_values((0..500).map(|row| row % 7)));
    let batch = RecordBatch::try_from_iter([("city", array)]).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_dictionary_enabled(false)
        .set_created_by("x".to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// A number as Thrift's compact protocol writes it.
fn zigzag(number: i64) -> Vec<u8> {
    let (mut number, mut bytes) = (((number << 1) ^ (number >> 63)) as u64, Vec::new());
    loop {
        match number {
            ..0x80 => {
                bytes.push(number as u8);
                return bytes;
            }
            _ => bytes.push(number as u8 | 0x80),
        }
        number >>= 7;
    }
}

/// The file with bytes of its footer replaced, every time they come.
fn with_footer(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let length = u32::from_le_bytes(bytes[bytes.len() - 8..][..4].try_into().unwrap()) as usize;
    let start = bytes.len() - 8 - length;
    let (mut footer, mut rest) = (Vec::new(), &bytes[start..bytes.len() - 8]);
    let mut replaced = 0;
    while let Some(first) = rest.first() {
        if rest.starts_with(from) {
            footer.extend(to);
            rest = &rest[from.len()..];
            replaced += 1;
        } else {
            footer.push(*first);
            rest = &rest[1..];
        }
    }
    assert!(replaced > 0);
    let length = (footer.len() as u32).to_le_bytes();
    [&bytes[..start], &footer, &length, b"PAR1"].concat()
}

fn of_bytes(bytes: &[u8]) -> Result<Report, Error> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.parquet"), bytes).unwrap();
    audited(vec![manifest(folder.path(), "t.parquet", "")])
}

#[test]
fn claims_that_no_bytes_bear_out_are_refused() {
    let plain = numbers(Compression::UNCOMPRESSED);
    assert!(of_bytes(&plain).is_ok());
    // The rows of the footer: the third field, a long.
    let rows = |count: i64| [&[0x16][..], &zigzag(count)].concat();
    let claimed = with_footer(
        &plain,
        &[&rows(500)[..], &[0x19]].concat(),
        &[&rows(1 << 40)[..], &[0x19]].concat(),
    );
    refused(
        of_bytes(&claimed),
        &["counts other rows than its row groups"],
    );
    // Everywhere, consistently: the pages do not have them.
    let everywhere = with_footer(&plain, &rows(500), &rows(1 << 40));
    refused(
        of_bytes(&everywhere),
        &["fewer values than the footer says"],
    );
    // Children of the root.
    let root = [&[0x15][..], &zigzag(1), &[0]].concat();
    let children = with_footer(
        &plain,
        &root,
        &[&[0x15][..], &zigzag(i64::from(i32::MAX)), &[0]].concat(),
    );
    refused(of_bytes(&children), &["schema counts other columns"]);
    // A page of a few bytes that unpacks to two gigabytes.
    for compression in [Compression::SNAPPY, Compression::LZ4_RAW, Compression::LZ4] {
        let mut bytes = numbers(compression);
        // The page's header begins the file: its kind, then the size it unpacks to.
        let (kind, size) = ([0x15, 0], zigzag(4_000));
        let at = 4 + [&kind[..], &[0x15], &size].concat().len();
        assert_eq!(bytes[4..at], [&kind[..], &[0x15], &size].concat());
        let huge = zigzag(i64::from(i32::MAX));
        let added = huge.len() - size.len();
        bytes.splice(4 + 3..at, huge);
        let length = bytes.len();
        // Nothing in the footer points beyond the first page's beginning; the chunk is as much longer.
        let chunk = |bytes: &[u8]| {
            let mut reader = parquet::file::metadata::ParquetMetaDataReader::new();
            let file = tempfile::tempfile().unwrap();
            std::io::Write::write_all(&mut &file, bytes).unwrap();
            reader.try_parse(&file).unwrap();
            reader
                .finish()
                .unwrap()
                .row_group(0)
                .column(0)
                .compressed_size()
        };
        let size = chunk(&bytes);
        let field = |size: i64| [&[0x16][..], &zigzag(size)].concat();
        let bytes = with_footer(&bytes, &field(size), &field(size + added as i64));
        assert!(bytes.len() >= length);
        refused(of_bytes(&bytes), &["claims to unpack to 2147483647"]);
    }
    // Encrypted.
    let mut encrypted = plain.clone();
    let end = encrypted.len() - 4;
    encrypted[end..].copy_from_slice(b"PARE");
    refused(of_bytes(&encrypted), &["encrypted"]);
}
