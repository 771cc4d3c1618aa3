//! The files that a path stands for: a file, those of a folder, those of a glob.

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};
use crate::release::regular;

/// What Hive writes for null.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// A file of a table.
pub struct Found {
    pub path: PathBuf,
    /// Its path within what the path stands for.
    pub inside: PathBuf,
    /// The columns that its folders give, with their values; null where there is none.
    pub partition: Vec<(String, Option<String>)>,
}

/// The Parquet files a path stands for, in the order of their names, and the folders that were read whole; `base` is
/// the manifest's folder.
///
/// # Errors
/// There are none, or they cannot be taken for a table.
pub fn find(path: &Path, base: &Path) -> Result<(Vec<Found>, Vec<PathBuf>)> {
    let text = path.to_string_lossy();
    let is_glob = text.contains(['*', '?', '[']) && !path.exists();
    let (mut found, mut folders) = (Vec::new(), Vec::new());
    if is_glob {
        let paths = glob::glob(&text).map_err(|error| {
            Error::usage(format!("`{text}` is not a valid glob: {}", error.msg))
        })?;
        let root = fixed(path);
        for entry in paths {
            let entry = entry.map_err(|error| unreadable("", error.path(), error.error()))?;
            match look(&entry)?.is_dir() {
                true => {
                    Walk::new(&root, &entry)?.folder(&entry, &mut found)?;
                    folders.push(entry);
                }
                false => found.push(single(entry, &root, base)?),
            }
        }
    } else if look(path)?.is_dir() {
        Walk::new(path, path)?.folder(path, &mut found)?;
        folders.push(path.to_owned());
    } else {
        let root = path.parent().unwrap_or(Path::new("")).to_owned();
        found.push(single(path.to_owned(), &root, base)?);
    }
    if found.is_empty() {
        return Err(
            Error::data(format!("no Parquet file matches {}", hidden(path))).help(
                "files must end in .parquet or .pq; names that begin with _ or . are passed over",
            ),
        );
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup_by(|a, b| a.path == b.path);
    Ok((found, folders))
}

/// The folders of a glob that stand before its first pattern.
fn fixed(glob: &Path) -> PathBuf {
    let plain = |part: &Component<'_>| {
        let text = part.as_os_str().to_string_lossy();
        !text.contains(['*', '?', '['])
    };
    glob.components().take_while(plain).collect()
}

fn look(path: &Path) -> Result<std::fs::Metadata> {
    regular::look(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => {
            Error::data(format!("{} is a link that leads nowhere", hidden(path)))
                .help("remove the link, or put the file there")
        }
        io::ErrorKind::NotFound => {
            Error::data(format!("there is no file or folder {}", hidden(path)))
                .help("check the path; in a manifest it is relative to the manifest's folder")
        }
        _ => unreadable("", path, &error),
    })
}

fn unreadable(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::data(format!("cannot read {what}{}: {error}", hidden(path)))
        .help("check the path and the permissions")
}

fn single(path: PathBuf, root: &Path, base: &Path) -> Result<Found> {
    let folder = path.parent().unwrap_or(Path::new(""));
    refuse_history(folder)?;
    // The folders that the manifest names; those in which it lies itself are of this machine alone.
    let named = folder.strip_prefix(base).unwrap_or(folder);
    Ok(Found {
        partition: partition(named, &path)?,
        inside: path.strip_prefix(root).unwrap_or(&path).to_owned(),
        path,
    })
}

/// A folder that is read with all that is in it.
struct Walk<'a> {
    root: &'a Path,
    /// The folders that are being read, links followed.
    open: Vec<PathBuf>,
}

impl<'a> Walk<'a> {
    fn new(root: &'a Path, folder: &Path) -> Result<Self> {
        refuse_history(folder)?;
        Ok(Self {
            root,
            open: Vec::new(),
        })
    }

    fn folder(&mut self, folder: &Path, found: &mut Vec<Found>) -> Result<()> {
        let real = canonical(folder)?;
        if self.open.contains(&real) {
            return Err(circle(folder));
        }
        self.open.push(real);
        let refuse = |error: &io::Error| unreadable("the folder ", folder, error);
        for entry in std::fs::read_dir(folder).map_err(|error| refuse(&error))? {
            let path = entry.map_err(|error| refuse(&error))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // Spark and Hive keep their own files beside the data: _SUCCESS, .crc and the like. What else lies there is
            // looked at with all that lies beside the release.
            if name.starts_with(['_', '.']) {
                if HISTORIES.iter().any(|history| history.mark == name) {
                    refuse_history(folder)?;
                }
                continue;
            }
            if look(&path)?.is_dir() {
                if name == METADATA {
                    refuse_history(folder)?;
                }
                self.folder(&path, found)?;
            } else if name.ends_with(".parquet") || name.ends_with(".pq") {
                let inside = path.strip_prefix(self.root).unwrap_or(&path).to_owned();
                found.push(Found {
                    partition: partition(inside.parent().unwrap_or(Path::new("")), &path)?,
                    inside,
                    path,
                });
            }
        }
        self.open.pop();
        Ok(())
    }
}

/// # Errors
/// The folder cannot be read.
pub fn canonical(path: &Path) -> Result<PathBuf> {
    let path = match path.as_os_str().is_empty() {
        true => Path::new("."),
        false => path,
    };
    path.canonicalize()
        .map_err(|error| unreadable("", path, &error))
}

/// A folder that is within itself.
pub fn circle(folder: &Path) -> Error {
    Error::data(format!(
        "{} leads back to a folder above it: its links go in a circle",
        hidden(folder)
    ))
    .help("remove the link")
}

/// A table whose folder keeps more than its current rows.
struct History {
    mark: &'static str,
    name: &'static str,
    snapshot: &'static str,
}

const METADATA: &str = "metadata";

const HISTORIES: [History; 3] = [
    History {
        mark: "_delta_log",
        name: "a Delta table",
        snapshot: "DuckDB: COPY (FROM delta_scan('TABLE')) TO 'snapshot.parquet'; or Spark: \
                   spark.read.format(\"delta\").load(\"TABLE\").write.parquet(\"snapshot\")",
    },
    History {
        mark: ".hoodie",
        name: "a Hudi table",
        snapshot: "Spark: spark.read.format(\"hudi\").load(\"TABLE\").write.parquet(\"snapshot\")",
    },
    History {
        mark: METADATA,
        name: "an Iceberg table",
        snapshot: "DuckDB: COPY (FROM iceberg_scan('TABLE')) TO 'snapshot.parquet'; or Spark: \
                   spark.table(\"TABLE\").write.parquet(\"snapshot\")",
    },
];

/// # Errors
/// The folder is of a table that keeps a history, or lies within one: its files hold rows that were deleted or changed
/// since.
pub fn refuse_history(folder: &Path) -> Result<()> {
    let folder = canonical(folder)?;
    for above in folder.ancestors() {
        let is = |history: &&History| match history.mark {
            METADATA => is_iceberg(&above.join(METADATA)),
            mark => above.join(mark).is_dir(),
        };
        let Some(history) = HISTORIES.iter().find(is) else {
            continue;
        };
        let name = above.file_name().unwrap_or_default().to_string_lossy();
        return Err(Error::data(format!(
            "`{}` is {}: a table with a history, whose files hold rows that its current snapshot may not have",
            hidden(Path::new(&*name)),
            history.name
        ))
        .help(format!(
            "write the current snapshot out to a folder of its own, and audit and publish that. {}",
            history.snapshot
        )));
    }
    Ok(())
}

/// Whether a folder has the metadata of an Iceberg table: `v3.metadata.json`, `00003-….metadata.json`, or either
/// compressed.
fn is_iceberg(metadata: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(metadata) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let number = name.strip_prefix('v').unwrap_or(&name);
        number.starts_with(|c: char| c.is_ascii_digit())
            && (name.ends_with(".metadata.json") || name.ends_with(".metadata.json.gz"))
            || name == "version-hint.text"
    })
}

/// The columns that folders give a file: `week=12` is the value 12 of the column `week`.
fn partition(folders: &Path, file: &Path) -> Result<Vec<(String, Option<String>)>> {
    let mut columns: Vec<(String, Option<String>)> = Vec::new();
    for part in folders {
        let Some((name, value)) = hive(&part.to_string_lossy()) else {
            continue;
        };
        if columns.iter().any(|(known, _)| *known == name) {
            return Err(Error::data(format!(
                "two folders above {} give it the column `{name}`",
                hidden(file)
            ))
            .help("a column has one value a row: rename one of the folders"));
        }
        columns.push((name, (value != NULL).then_some(value)));
    }
    Ok(columns)
}

fn hive(folder: &str) -> Option<(String, String)> {
    let (name, value) = folder.split_once('=')?;
    (!name.is_empty()).then(|| (unescaped(name), unescaped(value)))
}

/// Hive and Spark write characters that have no place in the name of a folder as `%3A`.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).ok();
                digits
                    .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            }
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = &tail[if escaped.is_some() { 2 } else { 0 }..];
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Shows a path without the values that its folders give to columns of which the values must not be told. Of several
/// values of a column each gets its number.
pub struct Shown<'a> {
    /// Whether the values of a column may be told.
    tells: &'a dyn Fn(&str) -> bool,
    /// The values of the columns that are not told, ascending.
    hidden: Vec<(String, Vec<Option<String>>)>,
}

impl<'a> Shown<'a> {
    pub fn new(found: &[Found], tells: &'a dyn Fn(&str) -> bool) -> Self {
        let mut hidden: Vec<(String, Vec<Option<String>>)> = Vec::new();
        for (name, value) in found.iter().flat_map(|found| &found.partition) {
            if tells(name) {
                continue;
            }
            match hidden.iter_mut().find(|(known, _)| known == name) {
                Some((_, values)) => values.push(value.clone()),
                None => hidden.push((name.clone(), vec![value.clone()])),
            }
        }
        for (_, values) in &mut hidden {
            values.sort();
            values.dedup();
        }
        Self { tells, hidden }
    }

    pub fn of(&self, path: &Path) -> PathBuf {
        path.components().map(|part| self.part(part)).collect()
    }

    fn part(&self, part: Component<'_>) -> PathBuf {
        let text = part.as_os_str().to_string_lossy();
        let told = || PathBuf::from(part.as_os_str());
        let Some((name, value)) = hive(&text).filter(|_| matches!(part, Component::Normal(_)))
        else {
            return told();
        };
        if (self.tells)(&name) {
            return told();
        }
        let value = (value != NULL).then_some(value);
        let values = self.hidden.iter().find(|(known, _)| *known == name);
        let number = values
            .filter(|(_, values)| values.len() > 1)
            .and_then(|(_, values)| values.binary_search(&value).ok())
            .map_or(String::new(), |at| (at + 1).to_string());
        PathBuf::from(format!("{name}=…{number}"))
    }
}

/// A path without any value of a folder, for messages of what is not yet known to be a table.
pub fn hidden(path: &Path) -> String {
    let shown = Shown {
        tells: &|_| false,
        hidden: Vec::new(),
    };
    shown.of(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_give_columns() {
        let of = |folders: &str| partition(Path::new(folders), Path::new("x")).unwrap();
        let value = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        assert_eq!(
            of("t/week=12/plain/day=3"),
            [value("week", "12"), value("day", "3")]
        );
        assert_eq!(
            of("mail=anna%40example.org"),
            [value("mail", "anna@example.org")]
        );
        assert_eq!(
            of("rate=100%/x=%zz"),
            [value("rate", "100%"), value("x", "%zz")]
        );
        assert_eq!(of(&format!("week={NULL}")), [("week".to_owned(), None)]);
        let twice = partition(Path::new("a=1/a=2"), Path::new("d/a=1/a=2/x")).unwrap_err();
        assert!(!twice.message().contains("a=1"), "{twice}");
    }

    #[test]
    fn values_that_must_not_be_told_are_numbered() {
        let paths = ["diagnosis=HIV/week=1/x", "diagnosis=flu/week=1/x"];
        let found: Vec<Found> = paths
            .iter()
            .map(|path| Found {
                path: path.into(),
                inside: path.into(),
                partition: partition(Path::new(path), Path::new(path)).unwrap(),
            })
            .collect();
        let tells = |name: &str| name == "week";
        let shown = Shown::new(&found, &tells);
        let of = |path: &str| shown.of(Path::new(path)).to_string_lossy().into_owned();
        assert_eq!(of(paths[0]), "diagnosis=…1/week=1/x");
        assert_eq!(of(paths[1]), "diagnosis=…2/week=1/x");
        let one = Shown::new(&found[..1], &tells);
        assert_eq!(
            one.of(Path::new(paths[0])),
            Path::new("diagnosis=…/week=1/x")
        );
        assert_eq!(hidden(Path::new("/a/who=7/x=1")), "/a/who=…/x=…");
    }
}
