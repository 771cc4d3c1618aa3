//! Tables about no person: whether each row describes one value of a column that it is said to describe, and says
//! nothing of persons beside that.

use std::collections::{HashMap, HashSet};

use super::super::{Held, Job, Other, Outcome, Planning, Run};
use super::{ID, Tested, parts};
use crate::encode::crossed;
use crate::encode::published::{Published, PublishedColumn};
use crate::encode::{Encoded, Needs};
use crate::release::{PointDefinition, Table, TableKind};
use crate::said;

/// Values of a column below which they do not look drawn.
const FEWEST: usize = 20;

/// A table beside the reference table, and what it is to be asked.
struct Beside {
    /// The columns that are described.
    described: Vec<Named>,
    /// The published multiple that its counts were rounded to; `None` where it has no counts.
    rounded_to: Option<f64>,
}

struct Named {
    column: String,
    /// As a person reads it: `footfall.cell`.
    name: String,
    /// Whether it says something about persons, rather than where they were or what they did.
    is_of_persons: bool,
}

/// A described column of counts, row by row.
struct Counted<'a> {
    cells: &'a [u64],
    /// Of cells and keys those that are told in another type, see [`crossed::alias`].
    alias: HashMap<u64, u64>,
    counts: Vec<Option<f64>>,
    rounded_to: f64,
}

struct About {
    table: Table,
    rows: u64,
    beside: Vec<Beside>,
}

/// One job, which holds the table against all that it describes and against all tables with subjects.
pub fn job(planning: &Planning<'_>, at: usize) -> Job {
    let table = &planning.release.tables[at];
    let (mut held, mut beside): (Vec<Held>, Vec<Beside>) = (Vec::new(), Vec::new());
    for (other, described) in planning.release.tables.iter().enumerate() {
        let named = table.describes.iter();
        let named = named.filter(|of| of.table.value == described.name);
        let named: Vec<Named> = named
            .map(|of| Named {
                column: of.column.value.clone(),
                name: format!("{}.{}", described.name, of.column.value),
                is_of_persons: (described.roles.quasi_identifiers.iter())
                    .any(|known| known.value == of.column.value),
            })
            .collect();
        if named.is_empty() && described.roles.subject.is_none() {
            continue;
        }
        let is_of_counts = described.kind == TableKind::Flows;
        let needs = Needs {
            published: true,
            linked: is_of_counts,
            ..Needs::default()
        };
        held.push(planning.held(Other::Table(other), at, PointDefinition::default(), needs));
        let rounding = &described.counting.rounding;
        beside.push(Beside {
            described: named,
            rounded_to: is_of_counts.then(|| rounding.as_ref().map_or(0.0, |rounding| rounding.to)),
        });
    }
    let about = About {
        table: table.clone(),
        rows: planning.inputs[at].rows,
        beside,
    };
    Job {
        measure: ID,
        table: at,
        needs: Needs {
            published: true,
            linked: true,
            ..Needs::default()
        },
        run: Run::Held(
            held,
            Box::new(move |mine, others, _| about.outcome(mine, others)),
        ),
    }
}

fn column(
    published: &Published,
    is: impl Fn(&PublishedColumn) -> bool,
) -> Option<(usize, &PublishedColumn)> {
    let mut columns = published.columns.iter().enumerate();
    let found = columns.find(|(_, column)| is(column));
    found.map(|(at, column)| (at, &**column))
}

fn key(published: &Published) -> Option<(usize, &PublishedColumn)> {
    column(published, |column| column.role == "key")
}

impl About {
    fn outcome(&self, mine: &Encoded, others: &[&Encoded]) -> Outcome {
        let published = mine.published().expect("it was asked for");
        let others: Vec<(&Beside, &Published)> = self
            .beside
            .iter()
            .zip(others)
            .map(|(beside, other)| (beside, other.published().expect("it was asked for")))
            .collect();
        let counts = self.counts(published, &others);
        let mut outcome =
            super::outcome(self.private(published, &others).into_iter().chain([counts]));
        let names = others.iter().flat_map(|(beside, _)| &beside.described);
        let names: Vec<&str> = names.map(|named| named.name.as_str()).collect();
        match self.keys(published, &others) {
            Some(tested) => {
                let mut keys = super::outcome([tested]);
                keys.say("with", &names.join(", "));
                outcome.findings.extend(keys.findings);
            }
            None => {
                let reason = said!(
                    "the key or a column that it describes has too many values to compare them all",
                    "der Schlüssel oder eine Spalte, die er beschreibt, hat zu viele Werte, um sie alle zu vergleichen"
                );
                let entry = Outcome::not_measured(ID, Some("false_declarations"), reason);
                outcome.not_measured.push(entry);
            }
        }
        outcome
    }

    /// Rows without a key, with one that another row has, or with one that is in none of the described columns.
    fn keys(&self, published: &Published, others: &[(&Beside, &Published)]) -> Option<Tested> {
        let (_, key) = key(published).filter(|(_, key)| key.complete)?;
        let mut unused: HashSet<u64> = key.keys().collect();
        for (beside, other) in others {
            for named in &beside.described {
                let described = column(other, |column| column.name == named.column);
                let (_, described) = described.filter(|(_, described)| described.complete)?;
                for used in crossed::shared(key, described) {
                    unused.remove(&used);
                }
            }
        }
        let repeated = self.rows - key.len() as u64;
        let columns = [key.name.clone()];
        let against = repeated + unused.len() as u64;
        Some(Tested::strictly("describes", &columns, against, self.rows))
    }

    /// Columns that hold subjects of the release or pseudonyms, or say of groups of persons what is nobody's business.
    fn private(&self, published: &Published, others: &[(&Beside, &Published)]) -> Option<Tested> {
        let describes_persons = others
            .iter()
            .flat_map(|(beside, _)| &beside.described)
            .any(|named| named.is_of_persons);
        let subjects: Vec<&PublishedColumn> = others
            .iter()
            .flat_map(|(_, other)| &other.columns)
            .filter(|column| column.role == "subject")
            .map(|column| &**column)
            .collect();
        let is_private = |column: &PublishedColumn| {
            let is_told = describes_persons && column.len() > 1 && column.is_private();
            let has_pseudonyms = column.len() >= FEWEST && column.names_persons();
            is_told
                || has_pseudonyms
                || subjects
                    .iter()
                    .any(|subject| crossed::have_in_common(column, subject))
        };
        let open: Vec<&PublishedColumn> = self.open(published).map(|(_, column)| column).collect();
        let found = open.iter().filter(|column| is_private(column));
        let found: Vec<String> = found.map(|column| column.name.clone()).collect();
        (!open.is_empty())
            .then(|| Tested::strictly("no_person", &found, found.len() as u64, open.len() as u64))
    }

    /// What is said of each key, but for columns with a reason why it is harmless.
    fn open<'a>(
        &'a self,
        published: &'a Published,
    ) -> impl Iterator<Item = (usize, &'a PublishedColumn)> {
        let columns = published.columns.iter().enumerate();
        columns
            .map(|(at, column)| (at, &**column))
            .filter(|(_, column)| column.role == "ignore")
            .filter(|(_, column)| self.table.harmless(&column.name).is_none())
    }

    /// Numbers that are those of all who were counted at a value, where fewer are published of it.
    fn counts(&self, published: &Published, others: &[(&Beside, &Published)]) -> Tested {
        let (mut found, mut most) = (Vec::new(), 0);
        let keys = published.rows().zip(key(published));
        let keys = keys.and_then(|(rows, (at, key))| Some((rows, key, rows.column(at)?)));
        if let Some((rows, key, keys)) = keys {
            let others = others.iter();
            let counted: Vec<Counted<'_>> =
                (others.flat_map(|(beside, other)| counted(beside, other, key))).collect();
            for (at, told) in self.open(published) {
                let Some(values) = rows.column(at) else {
                    continue;
                };
                let known = told.numbers_by_key();
                let of_keys: Vec<(u64, f64)> = (keys.iter().zip(values))
                    .filter_map(|(key, value)| Some((*key, *known.get(value)?)))
                    .collect();
                let totals = counted.iter().map(|counted| counted.totals(&of_keys));
                let totals = totals.max().unwrap_or(0);
                if totals > 0 {
                    found.push(told.name.clone());
                    most = most.max(totals);
                }
            }
        }
        Tested::strictly("parts", &found, most, self.rows)
    }
}

/// The described columns of a table of counts.
fn counted<'a>(
    beside: &'a Beside,
    other: &'a Published,
    key: &PublishedColumn,
) -> Vec<Counted<'a>> {
    let (Some(rounded_to), Some(rows)) = (beside.rounded_to, other.rows()) else {
        return Vec::new();
    };
    let Some(counts) = parts::counts(other, rows) else {
        return Vec::new();
    };
    let of = |named: &Named| {
        let (at, described) = column(other, |column| column.name == named.column)?;
        Some(Counted {
            cells: rows.column(at)?,
            alias: crossed::alias(described, key),
            counts: counts.clone(),
            rounded_to,
        })
    };
    beside.described.iter().filter_map(of).collect()
}

impl Counted<'_> {
    /// Of how many values these numbers, each of a key, tell the persons more exactly than the counts do.
    fn totals(&self, of_keys: &[(u64, f64)]) -> u64 {
        let same = |key: &u64| self.alias.get(key).copied().unwrap_or(*key);
        let known: HashMap<u64, f64> =
            (of_keys.iter().map(|(key, number)| (same(key), *number))).collect();
        let cells = self.cells.iter();
        let numbers: Vec<Option<f64>> = cells.map(|cell| known.get(&same(cell)).copied()).collect();
        parts::total_of_each(self.cells, &numbers, &self.counts, self.rounded_to)
    }
}
