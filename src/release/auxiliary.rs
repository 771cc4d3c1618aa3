//! What the adversary has besides, as the manifest names it.

use std::path::Path;

use super::manifest::{check_one_role_a_column, choice, name, path, read_with, roles};
use super::{Auxiliary, AuxiliaryKind, Release, Table};
use crate::error::Result;
use crate::settings::Section;

/// Reads an `[[auxiliary]]`; `earlier` says whether the manifest of an earlier release is read, too.
///
/// # Errors
/// It says what no auxiliary can be, or the manifest of the earlier release is wrong.
pub fn read(section: &Section<'_>, folder: &Path, earlier: bool) -> Result<Auxiliary> {
    let path = path(section, folder)?;
    let kind = section.string("kind")?.ok_or_else(|| {
        section.missing(
            "kind",
            "one of population, traces, earlier_release, opt_outs, places",
        )
    })?;
    let auxiliary = Auxiliary {
        name: name(section, &path)?,
        kind: choice(
            section,
            &kind,
            "kind of auxiliary",
            &AuxiliaryKind::ALL,
            AuxiliaryKind::as_str,
        )?,
        roles: roles(section)?,
        ignore: section.strings("ignore")?,
        path,
        release: None,
    };
    check_one_role_a_column(section, &auxiliary.roles, &auxiliary.ignore)?;
    match auxiliary.kind {
        AuxiliaryKind::EarlierRelease => {
            let release = match earlier {
                true => Some(Box::new(earlier_release(section, &auxiliary)?)),
                // An earlier release of an earlier one was audited with that.
                false => None,
            };
            Ok(Auxiliary {
                release,
                ..auxiliary
            })
        }
        AuxiliaryKind::OptOuts => {
            check_list(section, &auxiliary)?;
            Ok(auxiliary)
        }
        _ => Ok(auxiliary),
    }
}

/// An earlier release is described by a manifest of its own.
fn earlier_release(section: &Section<'_>, auxiliary: &Auxiliary) -> Result<Release> {
    let path = &auxiliary.path;
    if let Some((_, column)) = auxiliary.roles.iter().next() {
        let message =
            "an earlier release has a manifest of its own, which says what its columns are";
        return Err(section.error(column.span.clone(), message));
    }
    if path.extension().is_none_or(|ending| ending != "toml") {
        let message = "an earlier release is named by its manifest";
        return Err(section
            .error(path.span.clone(), message)
            .help("write a release.toml for it, with the names that its tables have here"));
    }
    if !path.is_file() {
        let message = format!("there is no manifest {}", path.display());
        return Err(section.error(path.span.clone(), message));
    }
    read_with(path, false)
}

/// A list of those who objected names them, and says nothing else.
fn check_list(section: &Section<'_>, auxiliary: &Auxiliary) -> Result<()> {
    const ROLES: [&str; 2] = ["subject", "direct_identifiers"];
    let mut roles = auxiliary.roles.iter();
    if let Some((role, column)) = roles.find(|(role, _)| !ROLES.contains(role)) {
        let message = format!("a list of opt-outs has no role `{role}`");
        return Err(section.error(column.span.clone(), message).help(
            "its roles are: subject, direct_identifiers; list other columns under `ignore`",
        ));
    }
    if auxiliary.roles.iter().next().is_none() {
        let why = "the pseudonyms of those who objected; or `direct_identifiers`, such as their telephone numbers";
        return Err(section.missing("subject", why));
    }
    Ok(())
}

/// The tables of an earlier release are compared with those of the same name.
///
/// # Errors
/// There are none, or they are of another kind.
pub fn check(release: &Release, auxiliary: &Auxiliary) -> Result<()> {
    let Some(earlier) = &auxiliary.release else {
        return Ok(());
    };
    let pairs = earlier.tables.iter();
    let pairs = pairs.filter_map(|theirs| Some((release.table(&theirs.name)?, theirs)));
    let pairs: Vec<(&Table, &Table)> = pairs.collect();
    if let Some((mine, theirs)) = pairs.iter().find(|(mine, theirs)| mine.kind != theirs.kind) {
        let message = format!(
            "table `{}` is {} here and {} in the earlier release",
            mine.name,
            mine.kind.as_str(),
            theirs.kind.as_str()
        );
        return Err(release.error_at(&auxiliary.path, message));
    }
    if pairs.is_empty() {
        let names: Vec<&str> = earlier
            .tables
            .iter()
            .map(|table| table.name.as_str())
            .collect();
        let message = "no table of the earlier release has the name of one of this release";
        return Err(release.error_at(&auxiliary.path, message).help(format!(
            "tables are compared by their names; it has: {}",
            names.join(", ")
        )));
    }
    Ok(())
}
