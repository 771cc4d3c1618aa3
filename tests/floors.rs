//! The house: a floor imports only from the floors below it, and a measure from no other measure.

use std::path::{Path, PathBuf};

/// The floors, lowest first; modules of one floor may know each other.
const FLOORS: [&[&str]; 8] = [
    &[
        "error",
        "settings",
        "stats",
        "finding",
        "identifier",
        "digest",
        "language",
        "printable",
        "progress",
    ],
    &["release"],
    &["encode"],
    &["link"],
    &["measure"],
    &["judge", "compare", "report", "attest", "schema"],
    &["render"],
    &["audit", "advise", "cli", "verify"],
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

/// The modules that a file names as `crate::module`, also within `use crate::{…}`.
fn imports(text: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let word = |text: &str| {
            let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
            text[..end.unwrap_or(text.len())].to_owned()
        };
        match rest.strip_prefix('{') {
            Some(group) => {
                let inner = &group[..group.find("};").unwrap_or(group.len())];
                modules.extend(inner.split(',').map(|part| word(part.trim())));
            }
            None => modules.push(word(rest)),
        }
    }
    modules
}

#[test]
fn imports_go_down() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&source, &mut found);
    let mut checked = 0;
    for path in found {
        let inside = path.strip_prefix(&source).unwrap();
        let first = inside.iter().next().unwrap().to_string_lossy();
        let module = first.trim_end_matches(".rs");
        if ["lib", "main"].contains(&module) {
            continue;
        }
        let mine = floor(module).unwrap_or_else(|| panic!("{module} stands on no floor"));
        let text = std::fs::read_to_string(&path).unwrap();
        for import in imports(&text) {
            if let Some(theirs) = floor(&import) {
                assert!(
                    theirs <= mine,
                    "{} imports {import}, a floor above",
                    inside.display()
                );
                checked += 1;
            }
        }
        if inside.starts_with("measure") {
            let siblings = [
                "use super::unicity",
                "use super::k_anonymity",
                "crate::measure::",
            ];
            assert!(
                !siblings.iter().any(|sibling| text.contains(sibling)),
                "{}",
                inside.display()
            );
            let forbidden = ["std::fs", "crate::judge", "crate::render", "println!"];
            assert!(
                !forbidden.iter().any(|word| text.contains(word)),
                "{}",
                inside.display()
            );
        }
    }
    assert!(checked > 60, "the imports were found: {checked}");
}

#[test]
fn imports_are_read_as_they_are_written() {
    let text =
        "use crate::error::Error;\nuse crate::{finding, report::Report};\ncrate::stats::wilson";
    assert_eq!(imports(text), ["error", "finding", "report", "stats"]);
}
