//! Where the reports of a run go: as one set, in place of the set before.
//!
//! Whoever looks into the folder of a release finds the reports of one run, never half of them and never those of an
//! earlier run that look current: these are set aside before the audit begins, and come back under no circumstances.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::error::{Error, Result};

/// All that a run may write beside each other.
const NAMES: [&str; 7] = [
    "report.json",
    "report.html",
    "report.md",
    "report.sarif",
    "junit.xml",
    "attestation.json",
    "attestation-svr.json",
];

/// Where within a folder the reports of the run before are kept.
const PREVIOUS: &str = "previous";

/// Begins the names of what is not whole yet: then comes the number of the process.
const STAGING: &str = ".reidrisk-";
/// Begins the names of single files that are not whole yet.
pub(super) const UNFINISHED: &str = ".report-";

/// Looks whether reports can be written into a folder, before hours are spent on what goes into them.
///
/// # Errors
/// It is no folder, it cannot be made, or nothing may be written into it.
pub fn is_writable(folder: &Path) -> Result<()> {
    let refuse = |error: std::io::Error| refused(folder, &error);
    let here = Path::new(".");
    let mut there = folder
        .ancestors()
        .map(|path| match path.as_os_str().is_empty() {
            true => here,
            false => path,
        });
    let there = there.find(|path| path.symlink_metadata().is_ok());
    let there = there.unwrap_or(here);
    if !there.is_dir() {
        return Err(refuse(std::io::ErrorKind::NotADirectory.into()));
    }
    tempfile::tempfile_in(there).map(drop).map_err(refuse)
}

/// Sets older reports aside, into the folder `previous` within their own, which they are then seen to be of. Whether
/// there were any.
///
/// # Errors
/// They cannot be moved.
pub fn retire(folder: &Path) -> Result<bool> {
    let there: Vec<&str> = NAMES
        .into_iter()
        .filter(|name| folder.join(name).symlink_metadata().is_ok())
        .collect();
    if there.is_empty() {
        return Ok(false);
    }
    let aside = folder.join(PREVIOUS);
    let move_all = || -> std::io::Result<()> {
        fs::create_dir_all(&aside)?;
        for name in NAMES {
            if aside.join(name).symlink_metadata().is_ok() {
                fs::remove_file(aside.join(name))?;
            }
        }
        for name in there {
            fs::rename(folder.join(name), aside.join(name))?;
        }
        Ok(())
    };
    move_all().map_err(|error| {
        Error::data(format!(
            "cannot set the older reports in {} aside: {error}",
            folder.display()
        ))
        .help("choose another folder with --out: an older report must not be taken for that of this run")
    })?;
    Ok(true)
}

/// Writes files of these names and texts into a folder, as a set: into a folder beside it, which then takes its place.
/// Where the folder holds anything else the files are moved into it one by one, each of them whole.
///
/// # Errors
/// The folder cannot be written to, or the disk is full.
pub fn publish(files: &[(&str, String)], folder: &Path) -> Result<Vec<PathBuf>> {
    let refuse = |error: std::io::Error| refused(folder, &error);
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if folder.symlink_metadata().is_ok() && !folder.is_dir() {
        return Err(refuse(std::io::ErrorKind::NotADirectory.into()));
    }
    fs::create_dir_all(parent).map_err(refuse)?;
    sweep(parent);
    sweep(folder);
    retire(folder)?;
    let Ok(staging) = Staging::new(parent) else {
        // The folder itself may be ours all the same.
        return super::write_whole(files, folder);
    };
    for (name, text) in files {
        let write = || -> std::io::Result<()> {
            let mut file = fs::File::create_new(staging.path.join(name))?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().map_err(refuse)?;
    }
    let paths = files.iter().map(|(name, _)| folder.join(name)).collect();
    if !is_ours(folder) || staging.take_the_place_of(folder).is_err() {
        fs::create_dir_all(folder).map_err(refuse)?;
        // What machines read comes last: where it is, all is.
        let mut names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        names.sort_by_key(|name| *name == NAMES[0]);
        for name in names {
            fs::rename(staging.path.join(name), folder.join(name)).map_err(refuse)?;
        }
    }
    Ok(paths)
}

pub(super) fn refused(folder: &Path, error: &std::io::Error) -> Error {
    Error::data(format!(
        "cannot write the report into {}: {error}",
        folder.display()
    ))
    .help("choose another folder with --out, or make room; nothing was written")
}

/// Whether a folder is not there, or holds nothing but reports of before, and may be replaced.
fn is_ours(folder: &Path) -> bool {
    let Ok(known) = folder.symlink_metadata() else {
        return true;
    };
    let is_here = || {
        let here = std::env::current_dir().and_then(fs::canonicalize);
        let folder = fs::canonicalize(folder);
        here.ok()
            .zip(folder.ok())
            .is_none_or(|(here, folder)| here.starts_with(folder))
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    let is_previous = |entry: std::io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| entry.file_name() == PREVIOUS && entry.path().is_dir())
    };
    known.is_dir() && !is_here() && entries.into_iter().all(is_previous)
}

/// A folder that is filled before it takes the place of another; it is gone where that fails.
struct Staging {
    path: PathBuf,
}

impl Staging {
    fn new(parent: &Path) -> std::io::Result<Self> {
        let own = std::process::id();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let nanos = now.map_or(0, |since| since.as_nanos());
        let path = parent.join(format!("{STAGING}{own}-{nanos}"));
        fs::create_dir(&path)?;
        Ok(Self { path })
    }

    fn take_the_place_of(&self, folder: &Path) -> std::io::Result<()> {
        if let Ok(known) = folder.metadata() {
            fs::set_permissions(&self.path, known.permissions())?;
            let previous = folder.join(PREVIOUS);
            let has_previous = previous.is_dir();
            if has_previous {
                fs::rename(&previous, self.path.join(PREVIOUS))?;
            }
            if let Err(error) = fs::remove_dir(folder) {
                if has_previous {
                    fs::rename(self.path.join(PREVIOUS), &previous)?;
                }
                return Err(error);
            }
        }
        fs::rename(&self.path, folder)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes what runs left behind that were ended while they wrote.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let is_old = || {
            let changed = entry.metadata().and_then(|known| known.modified());
            let age = changed.ok().and_then(|changed| changed.elapsed().ok());
            age.is_some_and(|age| age > Duration::from_secs(600))
        };
        if let Some(rest) = name.strip_prefix(STAGING) {
            let process = rest
                .split('-')
                .next()
                .and_then(|digits| digits.parse().ok());
            if process.is_some_and(is_gone) || is_old() {
                let _ = fs::remove_dir_all(entry.path());
            }
        } else if name.starts_with(UNFINISHED) && is_old() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a process is known to have ended.
fn is_gone(process: u32) -> bool {
    let all = Path::new("/proc");
    all.join("self").exists() && !all.join(process.to_string()).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    fn read(folder: &Path, name: &str) -> String {
        fs::read_to_string(folder.join(name)).unwrap()
    }

    #[test]
    fn a_set_replaces_the_one_before() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("reports/week");
        let set = |text: &str, names: &[&'static str]| -> Vec<(&'static str, String)> {
            names.iter().map(|name| (*name, text.to_owned())).collect()
        };
        publish(&set("1", &["report.json", "report.html"]), &folder).unwrap();
        assert_eq!(names(&folder), ["report.html", "report.json"]);
        // A format that is not written any more does not stay from the run before.
        publish(&set("2", &["report.json"]), &folder).unwrap();
        assert_eq!(names(&folder), ["previous", "report.json"]);
        assert_eq!(read(&folder, "report.json"), "2");
        assert_eq!(read(&folder.join("previous"), "report.html"), "1");
        publish(&set("3", &["report.json"]), &folder).unwrap();
        assert_eq!(names(&folder.join("previous")), ["report.json"]);
        assert_eq!(read(&folder.join("previous"), "report.json"), "2");
        assert_eq!(
            names(&root.path().join("reports")),
            ["week"],
            "nothing is left beside"
        );
        // What is not ours stays.
        fs::write(folder.join("notes.txt"), "mine").unwrap();
        publish(&set("4", &["report.json"]), &folder).unwrap();
        assert_eq!(names(&folder), ["notes.txt", "previous", "report.json"]);
        assert_eq!(names(&root.path().join("reports")), ["week"]);
    }

    #[test]
    fn older_reports_are_set_aside_and_leftovers_are_swept() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("out");
        assert!(!retire(&folder).unwrap(), "there is nothing yet");
        publish(&[("report.json", "pass".to_owned())], &folder).unwrap();
        assert!(retire(&folder).unwrap());
        assert_eq!(names(&folder), ["previous"]);
        // No process has this number.
        fs::create_dir(root.path().join(".reidrisk-4294967295-1")).unwrap();
        fs::write(root.path().join(".reidrisk-4294967295-1/report.json"), "").unwrap();
        let alive = format!(".reidrisk-{}-1", std::process::id());
        fs::create_dir(root.path().join(&alive)).unwrap();
        publish(&[("report.json", "fail".to_owned())], &folder).unwrap();
        let expected = match Path::new("/proc/self").exists() {
            true => vec![alive.as_str(), "out"],
            false => vec![alive.as_str(), ".reidrisk-4294967295-1", "out"],
        };
        assert_eq!(names(root.path()), expected);
        fs::write(root.path().join("file"), "").unwrap();
        let error = publish(&[("report.json", String::new())], &root.path().join("file"));
        assert_eq!(error.unwrap_err().exit_code(), 3);
    }
}
