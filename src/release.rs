//! The release: which tables it has, what role every column plays, and where the files are.

mod auxiliary;
pub mod beside;
pub mod copies;
pub mod counting;
mod delimited;
pub mod digest;
pub mod draft;
pub mod epoch;
pub mod files;
pub mod hierarchy;
pub mod input;
pub mod leaves;
pub mod lists;
pub mod made_of;
pub mod manifest;
pub mod point;
pub mod reference;
pub mod regular;
pub mod scenario;
pub mod transformation;

use std::path::PathBuf;

use crate::error::{Error, Result, Source};
use crate::settings::At;
pub use counting::{Absent, Counting, Mechanism, Noise};
pub use epoch::EpochUnit;
pub use hierarchy::Hierarchy;
pub use manifest::read;
pub use point::{AmountBin, Period, Place, PlaceBin, PointDefinition, TimeBin};
pub use scenario::{Scenario, ScenarioKind, Split, Tolerance};
pub use transformation::{Coarser, Transformation};

/// A column named by the manifest, and where it is named.
pub type Column = At<String>;

/// The candidate release as its manifest describes it.
#[derive(Debug, Clone)]
pub struct Release {
    /// The manifest's text; drafted where the user gave none.
    pub source: Source,
    /// The manifest's path as given; `None` for a drafted one.
    pub manifest: Option<PathBuf>,
    pub name: String,
    /// Persons the subjects were drawn from.
    pub population: Option<u64>,
    pub seed: u64,
    pub tables: Vec<Table>,
    pub auxiliaries: Vec<Auxiliary>,
    pub scenarios: Vec<Scenario>,
    /// Of a drafted manifest the tables of which nothing says that they are about persons.
    pub asked: Vec<String>,
    /// Files beside the published ones, as the manifest names them, and why they are there.
    pub beside: Vec<(Column, String)>,
    /// Hierarchies, lists and the like that the manifest names.
    pub named: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// Rows of attributes about persons.
    Microdata,
    /// Person, time, what or where.
    Trace,
    /// Aggregates: counts by place and time.
    Flows,
    /// What the values of a column of another table stand for: shops, cells, products. No row is about a person.
    Reference,
}

impl TableKind {
    pub const ALL: [Self; 4] = [Self::Microdata, Self::Trace, Self::Flows, Self::Reference];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Microdata => "microdata",
            Self::Trace => "trace",
            Self::Flows => "flows",
            Self::Reference => "reference",
        }
    }

    /// Whether its rows are about persons, one by one.
    pub fn is_of_persons(self) -> bool {
        matches!(self, Self::Microdata | Self::Trace)
    }
}

/// What to do with rows whose subject is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NullSubject {
    /// Refuse the table: a row of nobody cannot be counted in persons.
    Error,
    /// Leave the rows out of all counts, and state how many.
    Exclude,
    /// Each such row is a person of its own: in a register, whoever is not in the release.
    Own,
}

/// What a null in a quasi-identifier matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// Other nulls: it is a value of its own.
    Value,
    /// Anything.
    Wildcard,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub name: String,
    pub kind: TableKind,
    /// Resolved against the manifest's folder: a file, a folder or a glob.
    pub path: At<PathBuf>,
    pub roles: Roles,
    pub ignore: Vec<Column>,
    pub null_subject: NullSubject,
    /// What a null matches (microdata).
    pub nulls: Nulls,
    /// The quasi-identifiers and sensitive columns some of whose values are less specific than others.
    pub hierarchies: Vec<(Column, Hierarchy)>,
    /// A person's multiset of tuples is one key (microdata).
    pub composite: bool,
    /// Local time for time bins; UTC where absent.
    pub timezone: Option<jiff::tz::TimeZone>,
    pub point: PointDefinition,
    /// How the counts were made (flows).
    pub counting: Counting,
    /// Columns of text that the publisher calls harmless, each with the reason.
    pub harmless: Vec<(Column, At<String>)>,
    /// Why several persons are told in the same words, where that is no accident and they are no copies.
    pub copies: Option<At<String>>,
    /// The columns of other tables whose values its keys are (reference).
    pub describes: Vec<Described>,
}

/// A column of another table of the release.
#[derive(Debug, Clone)]
pub struct Described {
    pub table: At<String>,
    pub column: Column,
}

/// The columns by the part they play.
#[derive(Debug, Clone, Default)]
pub struct Roles {
    pub subject: Option<Column>,
    pub quasi_identifiers: Vec<Column>,
    pub sensitive: Vec<Column>,
    pub direct_identifiers: Vec<Column>,
    pub time: Option<Column>,
    /// What times count where they are stored as numbers.
    pub time_unit: Option<At<EpochUnit>>,
    pub place: Option<Place>,
    pub item: Vec<Column>,
    pub amount: Option<Column>,
    pub weight: Option<Column>,
    pub origin: Option<Column>,
    pub destination: Option<Column>,
    pub count: Option<Column>,
    /// What a row of a reference table describes.
    pub key: Option<Column>,
}

impl Roles {
    /// The name of the column of counts, where there is one.
    pub fn count_column(&self) -> Vec<String> {
        self.count
            .iter()
            .map(|column| column.value.clone())
            .collect()
    }

    /// The columns that say what a cell of flows is: from where, to where or where, when, of whom.
    pub fn dimensions(&self) -> impl Iterator<Item = &Column> {
        let ends = self.origin.iter().chain(&self.destination);
        let places = self.place.iter().flat_map(Place::columns);
        ends.chain(places)
            .chain(&self.time)
            .chain(&self.quasi_identifiers)
            .chain(&self.sensitive)
    }

    /// Every role and its columns, in a fixed order; a column may stand in one of them only.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Column)> {
        let roles: [(&'static str, Vec<&Column>); 13] = [
            ("subject", self.subject.iter().collect()),
            ("quasi_identifiers", self.quasi_identifiers.iter().collect()),
            ("sensitive", self.sensitive.iter().collect()),
            (
                "direct_identifiers",
                self.direct_identifiers.iter().collect(),
            ),
            ("time", self.time.iter().collect()),
            (
                "place",
                self.place.iter().flat_map(Place::columns).collect(),
            ),
            ("item", self.item.iter().collect()),
            ("amount", self.amount.iter().collect()),
            ("weight", self.weight.iter().collect()),
            ("origin", self.origin.iter().collect()),
            ("destination", self.destination.iter().collect()),
            ("count", self.count.iter().collect()),
            ("key", self.key.iter().collect()),
        ];
        roles
            .into_iter()
            .flat_map(|(role, columns)| columns.into_iter().map(move |column| (role, column)))
    }
}

/// What the adversary has besides the release.
#[derive(Debug, Clone)]
pub struct Auxiliary {
    pub name: String,
    pub kind: AuxiliaryKind,
    /// Of an earlier release its manifest.
    pub path: At<PathBuf>,
    pub roles: Roles,
    pub ignore: Vec<Column>,
    /// What an earlier release is, as its own manifest describes it.
    pub release: Option<Box<Release>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuxiliaryKind {
    Population,
    Traces,
    EarlierRelease,
    OptOuts,
    Places,
}

impl AuxiliaryKind {
    pub const ALL: [Self; 5] = [
        Self::Population,
        Self::Traces,
        Self::EarlierRelease,
        Self::OptOuts,
        Self::Places,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Population => "population",
            Self::Traces => "traces",
            Self::EarlierRelease => "earlier_release",
            Self::OptOuts => "opt_outs",
            Self::Places => "places",
        }
    }
}

impl Table {
    /// Whether some cells of flows are sums of others of the table, as the manifest says.
    pub fn has_sums(&self) -> bool {
        self.counting.has_sums() || self.counting.window.is_some() || !self.hierarchies.is_empty()
    }

    /// Why the publisher calls a column harmless, where the manifest says so of it or of the column it is a field of.
    pub fn harmless(&self, column: &str) -> Option<&At<String>> {
        let mut harmless = self.harmless.iter();
        let within = |whole: &str| {
            let rest = column.strip_prefix(whole);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let found = harmless.find(|(known, _)| within(&known.value));
        found.map(|(_, reason)| reason)
    }

    /// The hierarchy of a column, and where the manifest names it.
    pub fn hierarchy(&self, column: &str) -> Option<&(Column, Hierarchy)> {
        let mut hierarchies = self.hierarchies.iter();
        hierarchies.find(|(known, _)| known.value == column)
    }
}

impl Auxiliary {
    /// The table it is: of persons with their attributes, or of points as `point` defines them, by the
    /// clocks of `timezone`.
    pub fn table(&self, point: PointDefinition, timezone: Option<jiff::tz::TimeZone>) -> Table {
        Table {
            name: self.name.clone(),
            kind: match self.kind {
                AuxiliaryKind::Places | AuxiliaryKind::Traces => TableKind::Trace,
                _ => TableKind::Microdata,
            },
            path: self.path.clone(),
            roles: self.roles.clone(),
            ignore: self.ignore.clone(),
            null_subject: match self.kind {
                AuxiliaryKind::Population => NullSubject::Own,
                _ => NullSubject::Error,
            },
            nulls: Nulls::Value,
            hierarchies: Vec::new(),
            composite: false,
            timezone,
            point,
            counting: Counting::default(),
            harmless: Vec::new(),
            copies: None,
            describes: Vec::new(),
        }
    }
}

impl Release {
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// An error about a column the manifest names.
    pub fn error_at(&self, column: &At<impl Sized>, message: impl Into<String>) -> Error {
        Error::usage(message).at(&self.source, column.span.clone(), "named here")
    }

    /// # Errors
    /// The columns that are there and the columns the manifest names do not agree.
    pub fn check_columns(&self, table: &Table, present: &[String]) -> Result<()> {
        let roles: Vec<_> = table.roles.iter().collect();
        let ignored = table.ignore.iter().map(|column| ("ignore", column));
        for (role, column) in roles.iter().copied().chain(ignored) {
            if !present.contains(&column.value) {
                let error = self.error_at(
                    column,
                    format!(
                        "table `{}` has no column `{}` (role `{role}`)",
                        table.name, column.value
                    ),
                );
                let near = crate::settings::nearest(column, present.iter().map(String::as_str));
                return Err(error.help(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it has: {}", present.join(", ")),
                }));
            }
        }
        let named = |name: &String| {
            roles.iter().any(|(_, column)| column.value == *name)
                || table.ignore.iter().any(|column| column.value == *name)
        };
        let unnamed: Vec<_> = present.iter().filter(|name| !named(name)).collect();
        if unnamed.is_empty() {
            return Ok(());
        }
        let list: Vec<_> = unnamed.iter().map(|name| format!("`{name}`")).collect();
        Err(Error::usage(format!(
            "table `{}`: {} {} no role",
            table.name,
            list.join(", "),
            if list.len() == 1 { "has" } else { "have" }
        ))
        .at(&self.source, table.path.span.clone(), "in this table")
        .help(
            "give each column a role (quasi_identifiers, sensitive, …), or list it under `ignore` \
             if no adversary can know it",
        ))
    }
}
