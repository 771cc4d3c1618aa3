//! What is changed of a table before it is released: columns told more coarsely or left out, persons left out,
//! pseudonyms that change, small counts left out.
//!
//! Nothing here changes data. A transformation is what `advise` proposes and what it can be asked to judge; whoever
//! writes the release applies it.

use std::collections::BTreeMap;
use std::fmt;

use super::point::{Place, PlaceBin, TimeBin, duration};
use super::{Column, Hierarchy, Release, Table, TableKind};
use crate::error::{Error, Result, Source};
use crate::settings::{At, Document, Section, nearest};

/// How the values of one column, or times, or places, are told more coarsely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Coarser {
    /// Numbers by the lower end of their band of this width: ⌊x / w⌋ · w.
    Band(f64),
    /// Texts by so many first characters.
    Prefix(usize),
    /// By what the hierarchy of the manifest has on this level; 0 are the values themselves.
    Level(usize),
    /// Dates by the first day of their month, by UTC.
    Month,
    /// Dates by the first day of their year.
    Year,
    /// Dates by the first day of their ten years.
    Decade,
    /// Times by the beginning of their bin.
    Time(TimeBin),
    /// Coordinates by the middle of their cell.
    Place(PlaceBin),
    /// Not at all.
    Drop,
}

impl Coarser {
    /// `band:10`, `prefix:3`, `level:2`, `month`, `year`, `decade`, `drop`.
    fn of_column(text: &str) -> Option<Self> {
        let count = |text: &str| text.parse().ok().filter(|count| *count > 0);
        Some(match (text, text.split_once(':')) {
            ("month", _) => Self::Month,
            ("year", _) => Self::Year,
            ("decade", _) => Self::Decade,
            ("drop", _) => Self::Drop,
            (_, Some(("band", width))) => {
                let width = width.parse().ok();
                Self::Band(width.filter(|width: &f64| width.is_finite() && *width > 0.0)?)
            }
            (_, Some(("prefix", length))) => Self::Prefix(count(length)?),
            (_, Some(("level", level))) => Self::Level(count(level)?),
            _ => return None,
        })
    }
}

impl fmt::Display for Coarser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Band(width) => write!(f, "band:{width}"),
            Self::Prefix(length) => write!(f, "prefix:{length}"),
            Self::Level(level) => write!(f, "level:{level}"),
            Self::Month => f.write_str("month"),
            Self::Year => f.write_str("year"),
            Self::Decade => f.write_str("decade"),
            Self::Time(bin) => bin.fmt(f),
            Self::Place(bin) => bin.fmt(f),
            Self::Drop => f.write_str("drop"),
        }
    }
}

/// What is changed of one table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transformation {
    pub table: String,
    /// Columns by name that are told more coarsely or not at all.
    pub columns: BTreeMap<String, Coarser>,
    /// The time of a trace or of counts.
    pub time: Option<Coarser>,
    /// Coordinates of a trace.
    pub place: Option<Coarser>,
    /// Persons in classes of fewer are left out, until there is no such class (microdata).
    pub below: Option<u64>,
    /// Seconds after which a person goes by another pseudonym, counted from the beginning of 1970 (traces).
    pub rotation: Option<u32>,
    /// Counts of fewer persons are left out (flows).
    pub minimum: Option<u64>,
}

impl Transformation {
    pub fn of(table: &str) -> Self {
        Self {
            table: table.to_owned(),
            ..Self::default()
        }
    }

    /// Whether the table stays as it is.
    pub fn is_nothing(&self) -> bool {
        *self == Self::of(&self.table)
    }

    /// Whether a column is left out.
    pub fn drops(&self, column: &str) -> bool {
        self.columns.get(column) == Some(&Coarser::Drop)
    }

    /// The table as it is described once it is transformed.
    pub fn describe(&self, table: &Table) -> Table {
        let mut described = table.clone();
        let kept = |column: &Column| !self.drops(column);
        let roles = &mut described.roles;
        roles.quasi_identifiers.retain(kept);
        roles.sensitive.retain(kept);
        roles.item.retain(kept);
        roles.direct_identifiers.retain(kept);
        described.hierarchies.retain(|(column, _)| kept(column));
        described.counting.totals.retain(|(column, _)| kept(column));
        if self.time == Some(Coarser::Drop) {
            roles.time = None;
            described.point.time = None;
        }
        if let Some(Coarser::Time(bin)) = self.time
            && table.kind == TableKind::Trace
        {
            described.point.time = Some(bin);
        }
        match self.place {
            Some(Coarser::Place(bin)) => described.point.place = Some(bin),
            Some(_) => (roles.place, described.point.place) = (None, None),
            None => {}
        }
        if roles
            .place
            .as_ref()
            .is_some_and(|place| place.columns().iter().any(|column| !kept(column)))
        {
            (roles.place, described.point.place) = (None, None);
        }
        if roles.amount.as_ref().is_some_and(|column| !kept(column)) {
            (roles.amount, described.point.amount) = (None, None);
        }
        described.point.item &= !roles.item.is_empty();
        described
    }

    /// As a `[[transform]]` section.
    pub fn text(&self) -> String {
        let mut text = format!("[[transform]]\ntable = {}\n", quoted(&self.table));
        if !self.columns.is_empty() {
            let columns = self.columns.iter();
            let columns = columns.map(|(name, how)| format!("{} = \"{how}\"", quoted(name)));
            let columns: Vec<String> = columns.collect();
            text += &format!("columns = {{ {} }}\n", columns.join(", "));
        }
        let told = [("time", &self.time), ("place", &self.place)];
        for (key, how) in told {
            if let Some(how) = how {
                text += &format!("{key} = \"{how}\"\n");
            }
        }
        if let Some(below) = self.below {
            text += &format!("suppress = {{ below = {below} }}\n");
        }
        if let Some(rotation) = self.rotation {
            text += &format!("rotation = \"{}\"\n", TimeBin::Seconds(rotation));
        }
        if let Some(minimum) = self.minimum {
            text += &format!("minimum = {minimum}\n");
        }
        text
    }
}

/// A name as TOML writes it: basic strings, or bare where they need no quotes.
fn quoted(name: &str) -> String {
    let mut text = String::from("\"");
    for c in name.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => text += &format!("\\u{:04X}", u32::from(c)),
            c => text.push(c),
        }
    }
    text + "\""
}

/// Reads `[[transform]]` sections, each for a table of the release.
///
/// # Errors
/// The text is no such thing, or names what the release does not have.
pub fn read(source: &Source, release: &Release) -> Result<Vec<Transformation>> {
    let document = Document::parse(source)?;
    let root = document.root();
    let mut all: Vec<Transformation> = Vec::new();
    for section in root.sections("transform")? {
        let one = transformation(&section, release)?;
        if all.iter().any(|known| known.table == one.table) {
            let message = format!("table `{}` is transformed twice", one.table);
            return Err(section.error(section.span(), message));
        }
        section.finish()?;
        all.push(one);
    }
    root.finish()?;
    match all.is_empty() {
        true => Err(root_missing(source)),
        false => Ok(all),
    }
}

fn root_missing(source: &Source) -> Error {
    Error::usage(format!("{} transforms nothing", source.name))
        .help("write a [[transform]] for a table, as `reidrisk advise` writes it into advice.toml")
}

fn transformation(section: &Section<'_>, release: &Release) -> Result<Transformation> {
    let name = section
        .string("table")?
        .ok_or_else(|| section.missing("table", "the name of a table of the release"))?;
    let Some(table) = release.table(&name) else {
        let message = format!("the release has no table `{}`", name.value);
        let error = section.error(name.span.clone(), message);
        let names = release.tables.iter().map(|table| table.name.as_str());
        return Err(match nearest(&name, names.clone()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("it has {}", names.collect::<Vec<_>>().join(", "))),
        });
    };
    let mut of = Transformation::of(&name);
    if let Some(columns) = section.section("columns")? {
        for column in columns.keys() {
            let how = columns.string(&column)?.expect("the key is there");
            let how = of_column(&columns, table, &column, &how)?;
            of.columns.insert(column.value, how);
        }
    }
    if of.columns.keys().any(|name| is_total(table, name)) {
        let at = section.span();
        return Err(section
            .error(at, "values of a column with a total stand for others")
            .help("columns whose totals are published stay as they are"));
    }
    let only = |key: &str, kind: TableKind| match section.is_there(key) && table.kind != kind {
        true => Err(section
            .error(section.span(), format!("`{key}` is of no use here"))
            .help(format!(
                "`{}` is a table of kind {}; `{key}` is for kind {}",
                table.name,
                table.kind.as_str(),
                kind.as_str()
            ))),
        false => Ok(()),
    };
    only("place", TableKind::Trace)?;
    only("rotation", TableKind::Trace)?;
    only("suppress", TableKind::Microdata)?;
    only("minimum", TableKind::Flows)?;
    of.time = time(section, table)?;
    if let (Some(_), Some(_)) = (of.time, &table.counting.window) {
        return Err(section
            .error(
                section.span(),
                "times that last as long as a `window` may overlap",
            )
            .help("counts over a window stay as they are"));
    }
    of.place = place(section, table)?;
    if let Some(suppress) = section.section("suppress")? {
        let below = suppress.integer("below", 2)?;
        of.below = Some(
            below
                .ok_or_else(|| {
                    suppress.missing("below", "persons in classes of fewer are left out")
                })?
                .value,
        );
        suppress.finish()?;
    }
    if let Some(text) = section.string("rotation")? {
        let width = duration(&text).ok_or_else(|| {
            section
                .error(text.span.clone(), "not how long a pseudonym lasts")
                .help("such as \"1d\", \"7d\" or \"30d\"")
        })?;
        of.rotation = Some(width);
    }
    of.minimum = section.integer("minimum", 2)?.map(|at| at.value);
    Ok(of)
}

/// Whether values of a column of counts stand for others, as the manifest says.
fn is_total(table: &Table, name: &str) -> bool {
    let totals = table.counting.totals.iter().map(|(column, _)| column);
    let made_of = table.counting.made_of.iter().map(|(column, _)| column);
    totals.chain(made_of).any(|column| column.value == name)
}

/// The columns of a table that can be told more coarsely or left out, each by itself; those that name persons come
/// last.
pub fn changeable(table: &Table) -> Vec<&Column> {
    let roles = &table.roles;
    let mut columns: Vec<&Column> = Vec::new();
    match table.kind {
        TableKind::Microdata => {
            columns.extend(&roles.quasi_identifiers);
            columns.extend(&roles.sensitive);
        }
        TableKind::Trace => {
            if let (Some(Place::Cell(column)), Some(_)) = (&roles.place, table.point.place) {
                columns.push(column);
            }
            if table.point.item {
                columns.extend(&roles.item);
            }
            columns.extend(roles.amount.iter().filter(|_| table.point.amount.is_some()));
        }
        TableKind::Flows => {
            let times = &roles.time;
            let is_time = |column: &Column| {
                times
                    .as_ref()
                    .is_some_and(|time| time.value == column.value)
            };
            columns.extend(roles.dimensions().filter(|column| !is_time(column)));
        }
        TableKind::Reference => {}
    }
    columns.extend(&roles.direct_identifiers);
    columns
}

fn of_column(
    section: &Section<'_>,
    table: &Table,
    column: &Column,
    text: &At<String>,
) -> Result<Coarser> {
    let known = changeable(table);
    if known.iter().all(|known| known.value != column.value) {
        let message = format!(
            "`{}` is no column of `{}` that can be told more coarsely",
            column.value, table.name
        );
        let error = section.error(column.span.clone(), message);
        let names = known.iter().map(|known| known.value.as_str());
        return Err(match nearest(column, names.clone()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!(
                "there are {}",
                names.collect::<Vec<_>>().join(", ")
            )),
        });
    }
    let wrong =
        |message: String, help: &str| Err(section.error(text.span.clone(), message).help(help));
    let Some(how) = Coarser::of_column(text) else {
        return wrong(
            format!("`{}` is no way to tell a column more coarsely", text.value),
            "use \"band:10\", \"prefix:3\", \"level:1\" of its hierarchy, \"month\", \"year\", \"decade\" or \"drop\"",
        );
    };
    let levels = match table.hierarchy(column) {
        Some((_, Hierarchy::Levels(levels))) => Some(levels.height),
        _ => None,
    };
    let mut names = table.roles.direct_identifiers.iter();
    let is_name = names.any(|known| known.value == column.value);
    match (how, levels) {
        (Coarser::Drop, _) if is_name || table.kind != TableKind::Flows => Ok(how),
        _ if is_name => wrong(
            format!("`{}` names persons", column.value),
            "it can only be left out: \"drop\"",
        ),
        (Coarser::Level(level), Some(height)) if level <= height => Ok(how),
        (Coarser::Level(_), Some(height)) => wrong(
            format!("the hierarchy of `{}` has {height} levels", column.value),
            "the last of them stands for all",
        ),
        (Coarser::Level(_), None) => wrong(
            format!("the manifest has no file of levels for `{}`", column.value),
            "name one under [table.hierarchies]",
        ),
        (_, Some(_)) => wrong(
            format!("`{}` has a hierarchy", column.value),
            "tell it by one of its levels: \"level:1\"",
        ),
        _ if table.kind != TableKind::Microdata => wrong(
            format!("`{text}` is for columns of microdata", text = text.value),
            "items and places by name are left out (\"drop\", of traces) or told by a level of their hierarchy",
        ),
        _ if table
            .roles
            .sensitive
            .iter()
            .any(|known| known.value == column.value) =>
        {
            wrong(
                format!("`{}` is sensitive", column.value),
                "what is sensitive is left out (\"drop\") or told by a level of its hierarchy",
            )
        }
        _ => Ok(how),
    }
}

fn time(section: &Section<'_>, table: &Table) -> Result<Option<Coarser>> {
    let Some(text) = section.string("time")? else {
        return Ok(None);
    };
    let wrong = |message: &str, help: &str| {
        Err(section
            .error(text.span.clone(), message)
            .help(help.to_owned()))
    };
    let binned = match table.kind {
        TableKind::Trace => table.point.time.is_some(),
        TableKind::Flows => table.roles.time.is_some(),
        TableKind::Microdata | TableKind::Reference => false,
    };
    if !binned {
        return wrong("this table has no times", "leave `time` out here");
    }
    if text.value == "drop" {
        return match table.kind {
            TableKind::Trace => Ok(Some(Coarser::Drop)),
            _ => wrong("counts keep their times", "sum them: time = \"1d\""),
        };
    }
    let Some(width) = duration(&text) else {
        return wrong(
            "not a width of bins of time",
            "such as \"4h\" or \"1d\", or \"drop\"",
        );
    };
    let own = match table.kind {
        TableKind::Trace => table.point.time.unwrap_or(TimeBin::Column),
        _ => TimeBin::Seconds(1),
    };
    let coarser = match own {
        TimeBin::Seconds(own) => width % own == 0,
        _ => false,
    };
    match coarser {
        true => Ok(Some(Coarser::Time(TimeBin::Seconds(width)))),
        false => wrong(
            "bins of this width cannot be made of the points' own",
            "name a multiple of the width under `point`, or \"drop\"",
        ),
    }
}

fn place(section: &Section<'_>, table: &Table) -> Result<Option<Coarser>> {
    let Some(text) = section.string("place")? else {
        return Ok(None);
    };
    let wrong = |message: &str, help: &str| {
        Err(section
            .error(text.span.clone(), message)
            .help(help.to_owned()))
    };
    let own = match (&table.roles.place, table.point.place) {
        (Some(Place::Coordinates { .. } | Place::Geometry(_)), Some(own)) => own,
        (Some(Place::Cell(_)), Some(_)) => {
            return wrong(
                "places are cells by name",
                "name their column under `columns`: \"level:1\" of its hierarchy, or \"drop\"",
            );
        }
        _ => return wrong("this table has no places", "leave `place` out here"),
    };
    if text.value == "drop" {
        return Ok(Some(Coarser::Drop));
    }
    let nested = super::point::place_of(&text).filter(|bin| levels_between(own, *bin).is_some());
    match nested {
        Some(bin) => Ok(Some(Coarser::Place(bin))),
        None => wrong(
            "cells of this kind do not hold whole cells of the points' own",
            "double the step of a grid, take a coarser resolution of H3 or fewer characters of a geohash, or \"drop\"",
        ),
    }
}

/// How many levels a way to bin places is coarser than another: of a grid its step is doubled with each.
pub fn levels_between(own: PlaceBin, coarser: PlaceBin) -> Option<u8> {
    match (own, coarser) {
        (PlaceBin::Degrees(own), PlaceBin::Degrees(coarser)) => {
            (0..=16u8).find(|level| own * f64::from(1u32 << level) == coarser)
        }
        (PlaceBin::H3(own), PlaceBin::H3(coarser)) => u8::from(own).checked_sub(coarser.into()),
        (PlaceBin::Geohash(own), PlaceBin::Geohash(coarser)) => own.checked_sub(coarser),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::manifest;
    use std::path::Path;

    fn source(text: &str) -> Source {
        Source {
            name: "advice.toml".into(),
            text: text.into(),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = "[[table]]\nname = \"a \\\"b\\\"\"\npath = \"a.parquet\"\nkind = \"microdata\"\n\
                    quasi_identifiers = [\"age.of\", \"born\", \"sex\"]\nsensitive = [\"ill\"]\n[[table]]\n\
                    path = \"t.parquet\"\nkind = \"trace\"\nsubject = \"who\"\ntime = \"at\"\nplace = { latitude = \
                    \"lat\", longitude = \"lon\" }\nitem = [\"shop\"]\n[[table]]\npath = \"f.parquet\"\nkind = \
                    \"flows\"\nplace = \"cell\"\ntime = \"at\"\ncount = \"n\"\n";
        let release = manifest::parse(source(text), Path::new(""), None).unwrap();
        let columns = [
            ("age.of", Coarser::Band(2.5)),
            ("born", Coarser::Decade),
            ("sex", Coarser::Prefix(1)),
            ("ill", Coarser::Drop),
        ];
        let persons = Transformation {
            columns: columns.map(|(name, how)| (name.to_owned(), how)).into(),
            below: Some(11),
            ..Transformation::of("a \"b\"")
        };
        let trace = Transformation {
            columns: [("shop".to_owned(), Coarser::Drop)].into(),
            time: Some(Coarser::Time(TimeBin::Seconds(14_400))),
            place: Some(Coarser::Place(PlaceBin::Degrees(0.04))),
            rotation: Some(604_800),
            ..Transformation::of("t")
        };
        let flows = Transformation {
            time: Some(Coarser::Time(TimeBin::Seconds(86_400))),
            minimum: Some(11),
            ..Transformation::of("f")
        };
        let all = [persons, trace, flows];
        let text: String = all.iter().map(Transformation::text).collect();
        assert_eq!(read(&source(&text), &release).unwrap(), all);
        let described = all[1].describe(&release.tables[1]);
        assert_eq!(described.point.time, Some(TimeBin::Seconds(14_400)));
        assert_eq!(described.point.place, Some(PlaceBin::Degrees(0.04)));
        assert!(!described.point.item && described.roles.item.is_empty());
    }

    #[test]
    fn cells_hold_whole_cells_or_are_none() {
        let degrees = PlaceBin::Degrees;
        assert_eq!(levels_between(degrees(0.01), degrees(0.08)), Some(3));
        assert_eq!(levels_between(degrees(0.01), degrees(0.03)), None);
        assert_eq!(levels_between(degrees(0.04), degrees(0.01)), None);
        assert_eq!(
            levels_between(PlaceBin::Geohash(6), PlaceBin::Geohash(4)),
            Some(2)
        );
        assert_eq!(levels_between(PlaceBin::Geohash(6), degrees(0.08)), None);
    }
}
