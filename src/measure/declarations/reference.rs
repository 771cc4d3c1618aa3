//! Tables about no person: whether each row describes one value of a column that it is said to describe, and says
//! nothing of persons beside that.

use std::collections::{HashMap, HashSet};

use super::super::{Held, Job, Other, Outcome, Planning, Run};
use super::{ID, Tested, parts};
use crate::encode::crossed;
use crate::encode::published::{Published, PublishedColumn};
use crate::encode::{Encoded, Needs};
use crate::release::{PointDefinition, TableKind};
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

struct About {
    key: String,
    rows: u64,
    /// Columns with a reason why they name nobody.
    harmless: Vec<String>,
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
    let harmless = table.harmless.iter();
    let about = About {
        key: table
            .roles
            .key
            .as_ref()
            .map_or_else(String::new, |key| key.value.clone()),
        rows: planning.inputs[at].rows,
        harmless: harmless.map(|(column, _)| column.value.clone()).collect(),
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

fn column<'a>(published: &'a Published, name: &str) -> Option<(usize, &'a PublishedColumn)> {
    let mut columns = published.columns.iter().enumerate();
    let found = columns.find(|(_, column)| column.name == name);
    found.map(|(at, column)| (at, &**column))
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
                    "the key `{}` or a column that it describes has too many values to hold them all against each other",
                    "der Schlüssel `{}` oder eine Spalte, die er beschreibt, hat zu viele Werte, um sie alle zu vergleichen",
                    self.key
                );
                let entry = Outcome::not_measured(ID, Some("false_declarations"), reason);
                outcome.not_measured.push(entry);
            }
        }
        outcome
    }

    /// Rows without a key, with one that another row has, or with one that is in none of the described columns.
    fn keys(&self, published: &Published, others: &[(&Beside, &Published)]) -> Option<Tested> {
        let (_, key) = column(published, &self.key).filter(|(_, key)| key.complete)?;
        let mut unused: HashSet<u64> = key.keys().collect();
        for (beside, other) in others {
            for named in &beside.described {
                let (_, described) =
                    column(other, &named.column).filter(|(_, described)| described.complete)?;
                for used in crossed::shared(key, described) {
                    unused.remove(&used);
                }
            }
        }
        let repeated = self.rows - key.len() as u64;
        let columns = [self.key.clone()];
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
        let open = published.columns.iter().filter(|column| {
            !self.harmless.contains(&column.root) && !self.harmless.contains(&column.name)
        });
        let open: Vec<&PublishedColumn> = open
            .map(|column| &**column)
            .filter(|column| column.role == "ignore")
            .collect();
        let found = open.iter().filter(|column| is_private(column));
        let found: Vec<String> = found.map(|column| column.name.clone()).collect();
        (!open.is_empty())
            .then(|| Tested::strictly("no_person", &found, found.len() as u64, open.len() as u64))
    }

    /// Numbers that are those of all who were counted at a value, where fewer are published of it.
    fn counts(&self, published: &Published, others: &[(&Beside, &Published)]) -> Tested {
        let (mut found, mut most) = (Vec::new(), 0);
        let (rows, key) = (published.rows(), column(published, &self.key));
        let keys = rows
            .zip(key)
            .and_then(|(rows, (at, key))| Some((rows, key, rows.column(at)?)));
        if let Some((rows, key, keys)) = keys {
            for (at, told) in published.columns.iter().enumerate() {
                if told.role != "ignore" || self.harmless.contains(&told.root) {
                    continue;
                }
                let Some(values) = rows.column(at) else {
                    continue;
                };
                let known = told.numbers_by_key();
                let by_key: HashMap<u64, f64> = (keys.iter().zip(values))
                    .filter_map(|(key, value)| Some((*key, *known.get(value)?)))
                    .collect();
                let of =
                    |(beside, other): &(&Beside, &Published)| of_table(beside, other, key, &by_key);
                let told_of = others.iter().map(of).max().unwrap_or(0);
                if told_of > 0 {
                    found.push(told.name.clone());
                    most = most.max(told_of);
                }
            }
        }
        Tested::strictly("parts", &found, most, self.rows)
    }
}

/// Of how many values of a described column of counts `by_key` tells the persons, more exactly than the counts.
fn of_table(
    beside: &Beside,
    other: &Published,
    key: &PublishedColumn,
    by_key: &HashMap<u64, f64>,
) -> u64 {
    let (Some(to), Some(rows)) = (beside.rounded_to, other.rows()) else {
        return 0;
    };
    let mut columns = other.columns.iter().enumerate();
    let count = columns.find(|(_, column)| column.role == "count");
    let Some((count, counted)) = count.and_then(|(at, count)| Some((count, rows.column(at)?)))
    else {
        return 0;
    };
    let counts = parts::numbers(count, counted);
    let of = |named: &Named| {
        let Some((at, described)) = column(other, &named.column) else {
            return 0;
        };
        let Some(cells) = rows.column(at) else {
            return 0;
        };
        let alias = crossed::alias(described, key);
        let same = |key: &u64| alias.get(key).copied().unwrap_or(*key);
        let known: HashMap<u64, f64> =
            (by_key.iter().map(|(key, number)| (same(key), *number))).collect();
        let number = |cell: &u64| known.get(&same(cell)).copied();
        let numbers: Vec<Option<f64>> = cells.iter().map(number).collect();
        parts::total_of_each(cells, &numbers, &counts, to)
    };
    beside.described.iter().map(of).max().unwrap_or(0)
}
