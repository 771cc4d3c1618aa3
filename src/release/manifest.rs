//! `release.toml`: read, checked, every complaint with its line.

use std::path::{Path, PathBuf};

use super::auxiliary;
use super::hierarchy::Levels;
use super::reference;
use super::regular;
use super::{
    AuxiliaryKind, Column, Counting, EpochUnit, Hierarchy, NullSubject, Nulls, Place, PlaceBin,
    PointDefinition, Release, Roles, Scenario, Table, TableKind, TimeBin,
};
use crate::error::{Error, Result, Source};
use crate::settings::{At, Document, Section, nearest};

/// The seed where the manifest gives none.
pub const DEFAULT_SEED: u64 = 20_161;

/// Reads the manifest at `path`.
///
/// # Errors
/// The file cannot be read, is not TOML, or says what no release can be.
pub fn read(path: &Path) -> Result<Release> {
    read_with(path, true)
}

/// `earlier` says whether earlier releases that it names are read, too.
pub(super) fn read_with(path: &Path, earlier: bool) -> Result<Release> {
    let text = regular::text(path).map_err(|error| {
        Error::usage(format!(
            "cannot read the manifest {}: {error}",
            path.display()
        ))
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let source = Source {
        name: path.display().to_string(),
        text: text.into(),
    };
    parse_with(source, folder, Some(path.to_owned()), earlier)
}

/// Reads a manifest from its text; paths in it are relative to `folder`.
pub fn parse(source: Source, folder: &Path, manifest: Option<PathBuf>) -> Result<Release> {
    parse_with(source, folder, manifest, true)
}

fn parse_with(
    source: Source,
    folder: &Path,
    manifest: Option<PathBuf>,
    earlier: bool,
) -> Result<Release> {
    let document = Document::parse(&source)?;
    let root = document.root();
    let mut release = Release {
        manifest,
        name: "release".to_owned(),
        population: None,
        seed: DEFAULT_SEED,
        tables: Vec::new(),
        auxiliaries: Vec::new(),
        scenarios: Vec::new(),
        asked: Vec::new(),
        beside: Vec::new(),
        named: named(&root, folder)?,
        source: source.clone(),
    };
    if let Some(section) = root.section("release")? {
        if let Some(name) = section.string("name")? {
            release.name = name.value;
        }
        release.population = section.integer("population", 1)?.map(|at| at.value);
        if let Some(seed) = section.integer("seed", 0)? {
            release.seed = seed.value;
        }
        if let Some(beside) = section.section("beside")? {
            release.beside = reasons(&beside)?;
        }
        section.finish()?;
    }
    let mut names: Vec<String> = Vec::new();
    for section in root.sections("table")? {
        let table = table(&section, folder)?;
        unused_name(&section, &mut names, &table.name)?;
        section.finish()?;
        release.tables.push(table);
    }
    for section in root.sections("auxiliary")? {
        let auxiliary = auxiliary::read(&section, folder, earlier)?;
        unused_name(&section, &mut names, &auxiliary.name)?;
        section.finish()?;
        release.auxiliaries.push(auxiliary);
    }
    if release.tables.is_empty() {
        return Err(root.missing("table", "a release has at least one [[table]]"));
    }
    for table in &release.tables {
        check_counted(&release, table)?;
        check_relations(&release, table)?;
        reference::check_described(&release, table)?;
    }
    for auxiliary in &release.auxiliaries {
        auxiliary::check(&release, auxiliary)?;
    }
    scenarios(&root, &mut release)?;
    if root.is_there("transform") {
        let at = root.keys().into_iter().find(|key| key.value == "transform");
        let span = at.map_or(root.span(), |key| key.span);
        return Err(root
            .error(span, "a manifest transforms nothing: files are measured as they are")
            .help(
                "apply the transformation where the release is written and describe the new files; to judge it \
                 beforehand: reidrisk advise release.toml --try advice.toml",
            ));
    }
    // `[measure.*]` belongs to the measures, who read and check it when they plan.
    root.section("measure")?;
    root.finish()?;
    Ok(release)
}

/// The scenarios of a release: moments in them are those of the clocks of its tables.
fn scenarios(root: &Section<'_>, release: &mut Release) -> Result<()> {
    release.scenarios.clear();
    for section in root.sections("scenario")? {
        let scenario = Scenario::read(&section, release)?;
        let mut others = release.scenarios.iter();
        if others.any(|other| other.name == scenario.name && other.table == scenario.table) {
            let message = format!("there are two scenarios `{}` of this table", scenario.name);
            let error = section.error(section.span(), message);
            return Err(error.help("give each a `name`"));
        }
        section.finish()?;
        release.scenarios.push(scenario);
    }
    Ok(())
}

/// Gives a table the time zone that its files name, where the manifest names none.
///
/// # Errors
/// A moment that the manifest names is none by these clocks.
pub fn adopt_zone(release: &mut Release, table: usize, zone: jiff::tz::TimeZone) -> Result<()> {
    release.tables[table].timezone = Some(zone);
    let source = release.source.clone();
    let document = Document::parse(&source)?;
    scenarios(&document.root(), release)
}

/// `"README.md" = "describes the columns"`: what lies beside the published files, and why.
fn reasons(section: &Section<'_>) -> Result<Vec<(Column, String)>> {
    let mut reasons = Vec::new();
    for name in section.keys() {
        let reason = section.string(&name)?.expect("the key is there");
        if reason.trim().is_empty() {
            let error = section.error(reason.span.clone(), "a reason says something");
            return Err(error.help("say what the file is, and why it may be published"));
        }
        reasons.push((name, reason.value));
    }
    Ok(reasons)
}

/// The files that tables and measures are described by.
fn named(root: &Section<'_>, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    let mut strings = |section: &Section<'_>| -> Result<()> {
        for key in section.keys() {
            if section.is_string(&key) {
                names.extend(section.string(&key)?);
            }
        }
        Ok(())
    };
    for table in root.sections("table")? {
        for key in ["hierarchies", "made_of"] {
            if table.is_section(key) {
                table.section(key)?.iter().try_for_each(&mut strings)?;
            }
        }
    }
    if let Some(measures) = root.section("measure")? {
        for id in measures.keys() {
            if measures.is_section(&id) {
                measures.section(&id)?.iter().try_for_each(&mut strings)?;
            }
        }
    }
    Ok(names.iter().map(|name| folder.join(&name.value)).collect())
}

fn unused_name(section: &Section<'_>, names: &mut Vec<String>, name: &str) -> Result<()> {
    if names.iter().any(|used| used == name) {
        let message = format!("the name `{name}` is used twice");
        return Err(section.error(section.span(), message));
    }
    names.push(name.to_owned());
    Ok(())
}

fn table(section: &Section<'_>, folder: &Path) -> Result<Table> {
    let path = path(section, folder)?;
    let name = name(section, &path)?;
    let kind = section
        .string("kind")?
        .ok_or_else(|| section.missing("kind", "one of microdata, trace, flows, reference"))?;
    let kind = choice(
        section,
        &kind,
        "kind of table",
        &TableKind::ALL,
        TableKind::as_str,
    )?;
    let roles = roles(section)?;
    let null_subject = match section.string("null_subject")? {
        None => NullSubject::Error,
        Some(text) => choice(
            section,
            &text,
            "way to treat null subjects",
            &[NullSubject::Error, NullSubject::Exclude],
            |choice| match choice {
                NullSubject::Error => "error",
                NullSubject::Exclude => "exclude",
                NullSubject::Own => unreachable!("it is no choice"),
            },
        )?,
    };
    let nulls = match section.string("nulls")? {
        None => Nulls::Value,
        Some(text) => choice(
            section,
            &text,
            "meaning of nulls",
            &[Nulls::Value, Nulls::Wildcard],
            |choice| match choice {
                Nulls::Value => "value",
                Nulls::Wildcard => "wildcard",
            },
        )?,
    };
    let hierarchies = match section.section("hierarchies")? {
        None => Vec::new(),
        Some(section) => hierarchies(&section, folder)?,
    };
    let timezone = match section.string("timezone")? {
        None => None,
        Some(text) => Some(jiff::tz::TimeZone::get(&text).map_err(|_| {
            section
                .error(text.span.clone(), "not a known time zone")
                .help("use an IANA name such as \"Europe/Berlin\"")
        })?),
    };
    let composite = section.boolean("composite")?.is_some_and(|at| at.value);
    let harmless = match section.section("harmless")? {
        None => Vec::new(),
        Some(section) => harmless(&section)?,
    };
    let copies = section.string("copies")?;
    if let Some(reason) = &copies
        && (!reason.value.chars().any(char::is_alphabetic)
            || reason.value.contains(char::is_control))
    {
        let message =
            "`copies` must be the reason why rows of several persons are alike, in one line";
        let example = "such as: \"each person stands for as many as the weight said\"";
        return Err(section.error(reason.span.clone(), message).help(example));
    }
    let counting = Counting::read(section, folder)?;
    let point_section = section.section("point")?;
    if let (Some(point), false) = (&point_section, kind == TableKind::Trace) {
        return Err(section.error(point.span(), "only a trace has points"));
    }
    let point = PointDefinition::read(point_section, default_point(&roles))?;
    let table = Table {
        ignore: section.strings("ignore")?,
        name,
        kind,
        path,
        roles,
        null_subject,
        nulls,
        hierarchies,
        composite,
        timezone,
        point,
        counting,
        harmless,
        copies,
        describes: reference::read(section)?,
    };
    check_roles(section, &table)?;
    reference::check_keys(section, &table)?;
    check_harmless(section, &table)?;
    Ok(table)
}

/// `postcode = "mask"`, or `"intervals"`, `"prefix"`, or a file as ARX writes it.
fn hierarchies(section: &Section<'_>, folder: &Path) -> Result<Vec<(Column, Hierarchy)>> {
    let mut hierarchies = Vec::new();
    for column in section.keys() {
        let text = section.string(&column)?.expect("the key is there");
        let hierarchy = match Hierarchy::of_kind(&text) {
            Some(kind) => kind,
            None if Path::new(&text.value).extension().is_some() => {
                let levels = Levels::read(&folder.join(&text.value));
                let at_line =
                    |error: Error| error.at(section.source(), text.span.clone(), "named here");
                Hierarchy::Levels(levels.map_err(at_line)?)
            }
            None => {
                let message = format!("`{}` is no hierarchy", text.value);
                return Err(section.error(text.span.clone(), message).help(format!(
                    "use one of {}, or name a file such as \"hierarchies/postcode.csv\"",
                    Hierarchy::KINDS.join(", ")
                )));
            }
        };
        hierarchies.push((column, hierarchy));
    }
    Ok(hierarchies)
}

/// `note = "description of the product, written by the maker"`: columns with the reason why their text names nobody.
fn harmless(section: &Section<'_>) -> Result<Vec<(Column, At<String>)>> {
    let read = |column: Column| {
        let reason = section.string(&column)?.expect("the key is there");
        // `ok` and `n/a` are none.
        let letters = reason.value.chars().filter(|c| c.is_alphabetic()).count();
        let is_said = letters >= 10;
        if !is_said || reason.value.contains(char::is_control) {
            let message = format!(
                "`harmless.{}` must be the reason why the column names nobody: ten letters or more, in one line",
                column.value
            );
            let example = "such as: \"description of the product, written by its maker\"";
            return Err(section.error(reason.span, message).help(example));
        }
        Ok((column, reason))
    };
    section.keys().into_iter().map(read).collect()
}

/// What is called harmless is a column of the table, or a field of one.
fn check_harmless(section: &Section<'_>, table: &Table) -> Result<()> {
    let named = table.roles.iter().map(|(_, column)| column);
    let named: Vec<&str> = named
        .chain(&table.ignore)
        .map(|column| column.value.as_str())
        .collect();
    for (column, _) in &table.harmless {
        let within = |whole: &&str| {
            let rest = column.value.strip_prefix(*whole);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if named.iter().any(within) {
            continue;
        }
        let message = format!(
            "`{}` has no role and does not stand under `ignore`: there is nothing to call harmless",
            column.value
        );
        let error = section.error(column.span.clone(), message);
        return Err(match nearest(&column.value, named) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("name a column of this table"),
        });
    }
    Ok(())
}

pub(super) fn path(section: &Section<'_>, folder: &Path) -> Result<At<PathBuf>> {
    let path = section
        .string("path")?
        .ok_or_else(|| section.missing("path", "a file, a folder or a glob of Parquet files"))?;
    Ok(path.map(|path| folder.join(path)))
}

/// The name given, else the file's name without its ending.
pub(super) fn name(section: &Section<'_>, path: &Path) -> Result<String> {
    Ok(match section.string("name")? {
        Some(name) => name.value,
        None => path.file_stem().map_or("table".to_owned(), |stem| {
            stem.to_string_lossy().into_owned()
        }),
    })
}

pub(super) fn choice<T: Copy>(
    section: &Section<'_>,
    text: &At<String>,
    what: &str,
    choices: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T> {
    let found = choices
        .iter()
        .copied()
        .find(|choice| name(*choice) == text.value);
    found.ok_or_else(|| {
        let names: Vec<_> = choices.iter().map(|choice| name(*choice)).collect();
        section
            .error(text.span.clone(), format!("`{}` is no {what}", text.value))
            .help(format!("use one of {}", names.join(", ")))
    })
}

pub(super) fn roles(section: &Section<'_>) -> Result<Roles> {
    let place = if section.is_string("place") {
        section.string("place")?.map(Place::Cell)
    } else {
        match section.section("place")? {
            None => None,
            Some(pair) => {
                let column = |key: &str| -> Result<Column> {
                    pair.string(key)?.ok_or_else(|| {
                        pair.missing(key, "a place has latitude and longitude, or a geometry")
                    })
                };
                let place = match pair.string("geometry")? {
                    Some(geometry) => Place::Geometry(geometry),
                    None => Place::Coordinates {
                        latitude: column("latitude")?,
                        longitude: column("longitude")?,
                    },
                };
                pair.finish()?;
                Some(place)
            }
        }
    };
    let time_unit = match section.string("time_unit")? {
        None => None,
        Some(text) => {
            let unit = choice(
                section,
                &text,
                "unit of time",
                &EpochUnit::ALL,
                EpochUnit::as_str,
            )?;
            Some(text.map(|_| unit))
        }
    };
    if let (Some(unit), false) = (&time_unit, section.is_there("time")) {
        let message =
            "`time_unit` says what the numbers of the column `time` count, and there is no `time`";
        return Err(section.error(unit.span.clone(), message));
    }
    Ok(Roles {
        time_unit,
        subject: section.string("subject")?,
        quasi_identifiers: section.strings("quasi_identifiers")?,
        sensitive: section.strings("sensitive")?,
        direct_identifiers: section.strings("direct_identifiers")?,
        time: section.string("time")?,
        place,
        item: section.strings("item")?,
        amount: section.string("amount")?,
        weight: section.string("weight")?,
        origin: section.string("origin")?,
        destination: section.string("destination")?,
        count: section.string("count")?,
        key: section.string("key")?,
    })
}

/// All that the roles allow: times by the hour, places as they are or by a hundredth of a degree,
/// items; amounts only where the manifest says how to bin them.
fn default_point(roles: &Roles) -> PointDefinition {
    PointDefinition {
        time: roles.time.as_ref().map(|_| TimeBin::Seconds(3_600)),
        place: roles.place.as_ref().map(|place| match place {
            Place::Cell(_) => PlaceBin::Column,
            Place::Coordinates { .. } | Place::Geometry(_) => PlaceBin::Degrees(0.01),
        }),
        item: !roles.item.is_empty(),
        amount: None,
    }
}

pub(super) fn check_one_role_a_column(
    section: &Section<'_>,
    roles: &Roles,
    ignore: &[Column],
) -> Result<()> {
    let mut seen: Vec<(&str, &Column)> = Vec::new();
    let ignored = ignore.iter().map(|column| ("ignore", column));
    for (role, column) in roles.iter().chain(ignored) {
        if let Some((other, _)) = seen.iter().find(|(_, known)| known.value == column.value) {
            return Err(section
                .error(
                    column.span.clone(),
                    format!(
                        "column `{}` has two roles: `{other}` and `{role}`",
                        column.value
                    ),
                )
                .help("keep the one that says what an adversary could do with it"));
        }
        seen.push((role, column));
    }
    Ok(())
}

/// The traces that were counted are there.
fn check_counted(release: &Release, table: &Table) -> Result<()> {
    let Some(counted) = &table.counting.counted else {
        return Ok(());
    };
    let tables = release.tables.iter();
    let tables = tables.filter(|table| table.kind == TableKind::Trace);
    let auxiliaries = release.auxiliaries.iter();
    let auxiliaries = auxiliaries.filter(|auxiliary| auxiliary.kind == AuxiliaryKind::Traces);
    let names: Vec<&str> = tables
        .map(|table| table.name.as_str())
        .chain(auxiliaries.map(|auxiliary| auxiliary.name.as_str()))
        .collect();
    if names.contains(&counted.value.as_str()) {
        return Ok(());
    }
    let message = format!("there are no traces `{}`", counted.value);
    let error = release.error_at(counted, message);
    Err(error.help(match names.is_empty() {
        true => "name a table of kind trace, or an auxiliary of kind traces".to_owned(),
        false => format!("there are: {}", names.join(", ")),
    }))
}

/// What stands where a name was looked for: the nearest, all, or that the release has `none`.
pub(super) fn known(name: &str, names: &[&str], none: &str) -> String {
    match (nearest(name, names.iter().copied()), names.is_empty()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, true) => format!("the release has {none}"),
        (None, false) => format!("there are: {}", names.join(", ")),
    }
}

/// The tables of counts that one is part of, or has nothing to do with, are there.
fn check_relations(release: &Release, table: &Table) -> Result<()> {
    let counting = &table.counting;
    let others = || {
        let tables = release.tables.iter();
        let flows = tables.filter(|other| other.kind == TableKind::Flows);
        flows.filter(|other| other.name != table.name)
    };
    let apart = counting.apart_from.iter().map(|(other, _)| other);
    for other in counting.part_of.iter().chain(apart) {
        if others().any(|known| known.name == other.value) {
            continue;
        }
        let error = release.error_at(
            other,
            match other.value == table.name {
                true => "a table cannot be related to itself".to_owned(),
                false => format!("there is no other table of counts `{}`", other.value),
            },
        );
        let names: Vec<&str> = others().map(|known| known.name.as_str()).collect();
        let none = "no other table of kind flows";
        return Err(error.help(known(&other.value, &names, none)));
    }
    let Some(whole) = &counting.part_of else {
        return Ok(());
    };
    if counting
        .apart_from
        .iter()
        .any(|(other, _)| other.value == whole.value)
    {
        let message = format!(
            "`{}` cannot be part of a table that it is apart from",
            table.name
        );
        return Err(release.error_at(whole, message));
    }
    // Up through the wholes, of which there are no more than tables.
    let mut above = release.table(&whole.value);
    for _ in 0..release.tables.len() {
        let next = above.and_then(|table| table.counting.part_of.as_ref());
        above = next.and_then(|next| release.table(&next.value));
        if above.is_some_and(|above| above.name == table.name) {
            let message = format!("`{}` would be part of itself", table.name);
            return Err(release.error_at(whole, message));
        }
    }
    Ok(())
}

/// The columns that say what a cell of flows is.
fn check_dimensions(section: &Section<'_>, table: &Table) -> Result<()> {
    if table.kind != TableKind::Flows {
        return match table.counting.is_said() {
            true => Err(section.error(
                section.span(),
                "`rounding`, `totals`, `made_of`, `window`, `absent`, `zero`, `counted`, `part_of`, `apart_from` and \
                 `noise` are for tables of kind flows",
            )),
            false => Ok(()),
        };
    }
    let is_dimension = |column: &Column| {
        let mut dimensions = table.roles.dimensions();
        dimensions.any(|dimension| dimension.value == column.value)
    };
    for (column, _) in &table.counting.totals {
        if !is_dimension(column) {
            let message = format!("`{}` is no column that says what a cell is", column.value);
            return Err(section.error(column.span.clone(), message).help(
                "totals are published over places, times or quasi-identifiers: name such a column",
            ));
        }
    }
    for (column, _) in &table.counting.made_of {
        if !is_dimension(column) {
            let message = format!("`{}` is no column that says what a cell is", column.value);
            return Err(section
                .error(column.span.clone(), message)
                .help("name a column of places or a quasi-identifier"));
        }
        let totals = table.counting.totals.iter();
        let mut totals = totals.filter(|(total, _)| total.value == column.value);
        if totals.next().is_some() || table.hierarchy(column).is_some() {
            let message = format!(
                "`{}` has `made_of`, which says all there is to say of its sums",
                column.value
            );
            return Err(section.error(column.span.clone(), message).help(
                "name the parts of totals and regions there as well, and leave out the rest",
            ));
        }
    }
    if let (Some(window), None) = (&table.counting.window, &table.roles.time) {
        let message = "`window` says how long counts last, and the table has no `time`";
        return Err(section.error(window.span.clone(), message));
    }
    for (column, hierarchy) in &table.hierarchies {
        if !is_dimension(column) || !matches!(hierarchy, Hierarchy::Levels(_)) {
            let message = "the hierarchy of flows is a file, of a column that says what a cell is";
            return Err(section.error(column.span.clone(), message));
        }
    }
    Ok(())
}

/// Of a trace the levels of cells by name and of items may be given: they say how these can be told more coarsely,
/// which `advise` searches. No measure looks at them.
fn check_levels(section: &Section<'_>, table: &Table) -> Result<()> {
    for (column, hierarchy) in &table.hierarchies {
        let is_cell =
            matches!(&table.roles.place, Some(Place::Cell(cell)) if cell.value == column.value);
        let mut items = table.roles.item.iter();
        let has = is_cell || items.any(|item| item.value == column.value);
        if !has || !matches!(hierarchy, Hierarchy::Levels(_)) {
            let message = "the hierarchy of a trace is a file, of a column of cells or items";
            return Err(section.error(column.span.clone(), message));
        }
    }
    Ok(())
}

/// What is less specific is told apart where columns are compared one by one, in tables of persons.
fn check_matching(section: &Section<'_>, table: &Table) -> Result<()> {
    check_dimensions(section, table)?;
    if table.kind == TableKind::Flows && table.nulls == Nulls::Value {
        return Ok(());
    }
    if table.kind == TableKind::Trace && table.nulls == Nulls::Value {
        return check_levels(section, table);
    }
    let overlaps = table.nulls == Nulls::Wildcard || !table.hierarchies.is_empty();
    if overlaps && table.kind != TableKind::Microdata {
        let message = "`nulls` and `hierarchies` are for tables of kind microdata";
        return Err(section.error(section.span(), message));
    }
    if overlaps && table.composite {
        let message = "with `composite` a person's rows are compared as one: `nulls = \"wildcard\"` and \
                       `hierarchies` are for columns compared one by one";
        return Err(section.error(section.span(), message));
    }
    let roles = &table.roles;
    for (column, hierarchy) in &table.hierarchies {
        let has = |columns: &[Column]| columns.iter().any(|known| known.value == column.value);
        let sensitive = has(&roles.sensitive);
        if !sensitive && !has(&roles.quasi_identifiers) {
            let message = format!(
                "`{}` is neither quasi-identifier nor sensitive",
                column.value
            );
            return Err(section.error(column.span.clone(), message));
        }
        if sensitive && !matches!(hierarchy, Hierarchy::Levels(_)) {
            let message = "the hierarchy of a sensitive column is a file: distances are counted in its levels";
            return Err(section.error(column.span.clone(), message));
        }
    }
    Ok(())
}

/// The roles a kind of table needs are there, and those it has no use for are not.
fn check_roles(section: &Section<'_>, table: &Table) -> Result<()> {
    check_one_role_a_column(section, &table.roles, &table.ignore)?;
    let roles = &table.roles;
    let allowed: &[&str] = match table.kind {
        TableKind::Microdata => &[
            "subject",
            "quasi_identifiers",
            "sensitive",
            "direct_identifiers",
            "weight",
        ],
        TableKind::Trace => &[
            "subject",
            "sensitive",
            "direct_identifiers",
            "time",
            "place",
            "item",
            "amount",
        ],
        TableKind::Flows => &[
            "direct_identifiers",
            "quasi_identifiers",
            "sensitive",
            "time",
            "place",
            "origin",
            "destination",
            "count",
        ],
        TableKind::Reference => &["key"],
    };
    if let Some((role, column)) = roles.iter().find(|(role, _)| !allowed.contains(role)) {
        return Err(section
            .error(
                column.span.clone(),
                format!("a {} table has no role `{role}`", table.kind.as_str()),
            )
            .help(format!(
                "its roles are: {}; a column that plays no part stands under `ignore`, which the audit looks at all \
                 the same",
                allowed.join(", ")
            )));
    }
    check_matching(section, table)?;
    let point = &table.point;
    match table.kind {
        TableKind::Microdata if roles.quasi_identifiers.is_empty() => Err(section.missing(
            "quasi_identifiers",
            "the columns an adversary may know of a person",
        )),
        TableKind::Trace if roles.subject.is_none() => Err(section.missing(
            "subject",
            "the pseudonym that ties a person's points together",
        )),
        TableKind::Trace if *point == PointDefinition::default() => Err(section.missing(
            "time",
            "a trace needs at least one of time, place, item, or amount with its bins",
        )),
        TableKind::Trace => {
            let unbacked = [
                ("time", point.time.is_some() && roles.time.is_none()),
                ("place", point.place.is_some() && roles.place.is_none()),
                ("item", point.item && roles.item.is_empty()),
                ("amount", point.amount.is_some() && roles.amount.is_none()),
            ];
            if let Some((key, _)) = unbacked.iter().find(|(_, unbacked)| *unbacked) {
                return Err(section.missing(key, "the point definition uses it"));
            }
            let coordinates = matches!(
                roles.place,
                Some(Place::Coordinates { .. } | Place::Geometry(_))
            );
            match point.place {
                Some(PlaceBin::Column) if coordinates => Err(section
                    .error(
                        section.span(),
                        "coordinates cannot be used as they are for places",
                    )
                    .help("bin them: point = { place = \"0.01deg\" }, \"h3:9\" or \"geohash:6\"")),
                Some(PlaceBin::Degrees(_) | PlaceBin::H3(_) | PlaceBin::Geohash(_))
                    if !coordinates =>
                {
                    Err(section
                        .error(
                            section.span(),
                            "a column of cells cannot be binned by degrees",
                        )
                        .help(
                        "use point = { place = \"column\" }, or say where the coordinates are: place = \
                         { latitude = \"…\", longitude = \"…\" } or { geometry = \"…\" }",
                    ))
                }
                _ => Ok(()),
            }
        }
        TableKind::Flows if roles.count.is_none() => {
            Err(section.missing("count", "flows publish counts"))
        }
        TableKind::Flows if roles.origin.is_some() != roles.destination.is_some() => {
            let missing = match roles.origin {
                Some(_) => "destination",
                None => "origin",
            };
            Err(section.missing(missing, "a journey has an origin and a destination"))
        }
        TableKind::Flows if roles.dimensions().next().is_none() => Err(section.missing(
            "place",
            "counts are told apart by a place, an origin and a destination, a time or quasi_identifiers",
        )),
        _ => Ok(()),
    }
}
