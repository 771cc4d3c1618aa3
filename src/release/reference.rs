//! Tables about no person: each row describes a value of a column of another table, such as the name of a shop or the
//! district of a cell.
//!
//! To the rows of those tables such a row adds nothing but what follows from a declared column, so that it singles out
//! nobody whom that column does not: which is why only declared columns may be described.

use super::manifest::known;
use super::{Column, Described, Place, Release, Roles, Table, TableKind};
use crate::error::Result;
use crate::settings::Section;

const ROLES: [&str; 6] = [
    "quasi_identifiers",
    "sensitive",
    "place",
    "item",
    "origin",
    "destination",
];

/// `describes = { table = "footfall", column = "cell" }`, or a list of such.
pub fn read(section: &Section<'_>) -> Result<Vec<Described>> {
    let sections = match section.is_section("describes") {
        true => section.section("describes")?.into_iter().collect(),
        false => section.sections("describes")?,
    };
    let one = |section: Section<'_>| -> Result<Described> {
        let table = section.string("table")?;
        let column = section.string("column")?;
        let missing = |key| section.missing(key, "a row describes a value of a column of a table");
        let described = Described {
            table: table.ok_or_else(|| missing("table"))?,
            column: column.ok_or_else(|| missing("column"))?,
        };
        section.finish()?;
        Ok(described)
    };
    sections.into_iter().map(one).collect()
}

/// # Errors
/// A reference table does not say what it describes, or another table does.
pub fn check_keys(section: &Section<'_>, table: &Table) -> Result<()> {
    match (table.kind, table.describes.first()) {
        (TableKind::Reference, None) => Err(section.missing(
            "describes",
            "such as { table = \"footfall\", column = \"cell\" }: the column whose values the rows describe",
        )),
        (TableKind::Reference, Some(_)) if table.roles.key.is_none() => Err(section.missing(
            "key",
            "the column that has the values which the rows describe, each once",
        )),
        (TableKind::Reference, _) | (_, None) => Ok(()),
        (_, Some(described)) => Err(section.error(
            described.table.span.clone(),
            "only a table of kind reference can describe a column of another table",
        )),
    }
}

/// # Errors
/// What a table describes is not there, or is no column that adversaries are taken to know.
pub fn check_described(release: &Release, table: &Table) -> Result<()> {
    let is_of_data = |other: &&Table| other.kind != TableKind::Reference;
    for Described { table, column } in &table.describes {
        let others = || release.tables.iter().filter(is_of_data);
        let Some(other) = others().find(|other| other.name == table.value) else {
            let message = format!(
                "there is no table `{}` that could be described",
                table.value
            );
            let names: Vec<&str> = others().map(|other| other.name.as_str()).collect();
            let error = release.error_at(table, message);
            let none = "no table of persons or counts";
            return Err(error.help(known(&table.value, &names, none)));
        };
        let can = columns(&other.roles);
        if can.iter().any(|can| can.value == column.value) {
            continue;
        }
        let role = other
            .roles
            .iter()
            .find(|(_, known)| known.value == column.value);
        let message = match role {
            Some((role, _)) => format!(
                "`{}` is `{role}` in table `{}`: a reference table describes a column of the roles {}",
                column.value,
                other.name,
                ROLES.join(", ")
            ),
            None => format!(
                "`{}` has no column `{}` with a role that can be described",
                other.name, column.value
            ),
        };
        let names: Vec<&str> = can.iter().map(|column| column.value.as_str()).collect();
        let error = release.error_at(column, message);
        return Err(error.help(known(&column.value, &names, "no such column")));
    }
    Ok(())
}

/// The columns that a table of this kind may describe.
fn columns(roles: &Roles) -> Vec<&Column> {
    let is_of_values = |column: &Column| match &roles.place {
        Some(Place::Cell(_)) | None => true,
        Some(place) => (place.columns().iter()).all(|of_place| of_place.value != column.value),
    };
    let all = roles.iter().filter(|(role, _)| ROLES.contains(role));
    all.map(|(_, column)| column)
        .filter(|column| is_of_values(column))
        .collect()
}
