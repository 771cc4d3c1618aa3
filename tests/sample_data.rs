//! The committed sample data are what the generator writes, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "../examples/sample_data/generator/mod.rs"]
mod generator;

/// What the repository is willing to carry.
const MOST_BYTES: usize = 10_000_000;

/// Every file under `root` by its relative path.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative = path.strip_prefix(root).expect("it lies under the root");
                let content = fs::read(&path).expect("the file can be read");
                found.insert(relative.to_path_buf(), content);
            }
        }
    }
    found
}

#[test]
fn regenerating_gives_the_committed_bytes() {
    let fresh = tempfile::tempdir().expect("a temporary folder");
    generator::generate(fresh.path()).expect("the sample data can be written");
    let fresh = files(fresh.path());
    let committed = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data"));

    let paths = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&fresh), paths(&committed), "the files differ");
    for (path, content) in &fresh {
        assert!(
            committed[path] == *content,
            "{} differs: run `cargo run --release --example sample_data`",
            path.display()
        );
    }
}

#[test]
fn the_sample_data_are_small() {
    let committed = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data"));
    let bytes: usize = committed.values().map(Vec::len).sum();
    assert!(bytes <= MOST_BYTES, "{bytes} bytes");
}
