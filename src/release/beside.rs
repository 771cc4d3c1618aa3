//! What lies beside the published files: whoever publishes a folder publishes all that is in it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::input::find::{canonical, circle};
use super::input::{Input, shown};
use super::{Release, Roles, regular};
use crate::error::{Error, Result};

mod form;

use form::Form;

/// Holds the folders of a release against what its manifest names.
///
/// The folders are those that tables name, with all that is in them, and, where they are the manifest's folder or within
/// it, those in which single files of tables lie, without what is further down. A manifest elsewhere publishes the files
/// that it names; paths without a manifest are those files and nothing else.
///
/// `named` are the files of auxiliaries and earlier releases, `own` those that the program was given or has written
/// itself. What is no data and nothing is known of is counted in [`Input::others`]; in the manifest's own folder, where
/// the manifest and what describes the release lie, in [`Input::around`].
///
/// # Errors
/// There is data that nobody examined, something that is no file, or a reason for a file that is not there.
pub fn examine(
    release: &Release,
    inputs: &mut [Input],
    named: &[&Input],
    own: &[PathBuf],
) -> Result<()> {
    let mut known = HashSet::new();
    for file in inputs
        .iter()
        .chain(named.iter().copied())
        .flat_map(|input| &input.files)
    {
        known.insert(canonical(&file.path)?);
    }
    let manifests = release.auxiliaries.iter().filter(|at| at.release.is_some());
    let manifests = manifests.map(|auxiliary| &auxiliary.path.value);
    let given = manifests.chain(&release.manifest).chain(&release.named);
    known.extend(given.chain(own).filter_map(|path| path.canonicalize().ok()));
    let mut reasons = Vec::new();
    for (name, _) in &release.beside {
        let folder = release.manifest.as_ref().and_then(|path| path.parent());
        let path = folder.unwrap_or(Path::new("")).join(&name.value);
        reasons.push(path.canonicalize().ok());
    }
    let mut search = Search {
        known,
        seen: HashSet::new(),
        answered: vec![false; reasons.len()],
        reasons,
    };
    let counts = search.all(release, inputs)?;
    for (input, (others, around)) in inputs.iter_mut().zip(counts) {
        (input.others, input.around) = (others, around);
    }
    let unused = search.answered.iter().position(|answered| !answered);
    match unused {
        None => Ok(()),
        Some(at) => {
            let (name, _) = &release.beside[at];
            let message = format!(
                "there is no file `{}` beside the published ones that needs a reason",
                name.value
            );
            Err(Error::usage(message)
                .at(&release.source, name.span.clone(), "named here")
                .help("write its path as seen from the manifest, or take the line out"))
        }
    }
}

struct Search {
    /// Files that somebody knows.
    known: HashSet<PathBuf>,
    seen: HashSet<PathBuf>,
    /// The files of which the manifest says why they are there, and which of them were met.
    reasons: Vec<Option<PathBuf>>,
    answered: Vec<bool>,
}

impl Search {
    /// How many unknown files lie in the folders of each table, and in the manifest's own; those of a folder count for
    /// the first table in it.
    fn all(&mut self, release: &Release, inputs: &[Input]) -> Result<Vec<(u64, u64)>> {
        let mut counts = vec![(0, 0); inputs.len()];
        let tables = || release.tables.iter().zip(inputs).enumerate();
        for (at, (table, input)) in tables() {
            for folder in &input.folders {
                counts[at].0 += self.folder(folder, &table.roles, &mut Some(Vec::new()))?;
            }
        }
        let Some(manifest) = &release.manifest else {
            return Ok(counts);
        };
        let home = canonical(manifest.parent().unwrap_or(Path::new("")))?;
        for (at, (table, input)) in tables() {
            let mut folders: Vec<&Path> = input
                .files
                .iter()
                .filter_map(|file| file.path.parent())
                .collect();
            folders.dedup();
            for folder in folders {
                let real = canonical(folder)?;
                if !real.starts_with(&home) {
                    continue;
                }
                let count = self.folder(folder, &table.roles, &mut None)?;
                match real == home {
                    true => counts[at].1 += count,
                    false => counts[at].0 += count,
                }
            }
        }
        Ok(counts)
    }

    /// How many unknown files a folder has; with `above`, the folders in which it lies, also further down.
    fn folder(
        &mut self,
        folder: &Path,
        roles: &Roles,
        above: &mut Option<Vec<PathBuf>>,
    ) -> Result<u64> {
        let real = canonical(folder)?;
        if above.as_ref().is_some_and(|above| above.contains(&real)) {
            return Err(circle(folder));
        }
        if !self.seen.insert(real.clone()) {
            return Ok(0);
        }
        let name = |path: &Path| shown(roles, path);
        let refuse = |path: &Path, error: std::io::Error| {
            Error::data(format!("cannot read {}: {error}", name(path)))
                .help("it lies in a folder of the release: remove it, or put the release in a folder of its own")
        };
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(&real).map_err(|error| refuse(folder, error))? {
            let entry = entry.map_err(|error| refuse(folder, error))?;
            paths.push(folder.join(entry.file_name()));
        }
        paths.sort();
        let mut count = 0;
        if let Some(above) = above {
            above.push(real);
        }
        for path in paths {
            let found = regular::look(&path).map_err(|error| refuse(&path, error))?;
            if found.is_dir() {
                if above.is_some() {
                    count += self.folder(&path, roles, above)?;
                }
                continue;
            }
            regular::check(&found).map_err(|error| refuse(&path, error))?;
            let real = canonical(&path)?;
            if self.known.contains(&real) {
                continue;
            }
            let is = |reason: &Option<PathBuf>| reason.as_ref() == Some(&real);
            let reason = self.reasons.iter().position(is);
            if let Some(at) = reason {
                self.answered[at] = true;
            }
            let form = form::of(&path, found.len()).map_err(|error| refuse(&path, error))?;
            match form {
                Form::Nothing => {}
                Form::Other => count += u64::from(reason.is_none()),
                Form::Data(what) => return Err(unexamined(&name(&path), what, reason.is_some())),
            }
        }
        if let Some(above) = above {
            above.pop();
        }
        Ok(count)
    }
}

fn unexamined(path: &str, what: &str, excused: bool) -> Error {
    let message = format!(
        "{path} ({what}) lies in a folder of the release, and the manifest does not name it: it would be published, \
         and nobody examined it"
    );
    Error::data(message).help(match excused {
        true => {
            "[release.beside] takes reasons for what is no data; name the file as a [[table]], or take it out of the \
             folder"
        }
        false => "name it as a [[table]], or take it out of the folder; readers differ in which names they pass over",
    })
}
