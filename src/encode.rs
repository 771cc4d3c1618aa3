//! The release as integers: each column decoded once, each value hashed once a dictionary, each
//! table reduced to what the measures ask of it.
//!
//! A table without a subject becomes its distinct tuples with their counts ([`count`]) while it is
//! read; a table with one becomes the tuples of each person ([`traces`]). Everything here is
//! immutable once built, and the same for any number of threads.

mod agreement;
pub mod axis;
pub mod cells;
pub mod changes;
pub mod classes;
mod column;
pub mod combinations;
mod computed;
pub mod count;
pub mod counted;
pub mod cover;
pub mod crossed;
mod decimal;
pub mod flows;
pub mod frame;
pub mod groups;
pub mod holders;
pub mod holdings;
mod intern;
pub mod joined;
pub mod landmarks;
pub mod layout;
pub mod margins;
pub mod marked;
mod matching;
pub mod moments;
mod neighbours;
pub mod order;
mod overlap;
pub mod parts;
mod paths;
mod periods;
pub mod posterior;
mod precision;
pub mod presence;
pub mod projection;
pub mod published;
pub mod publishing;
mod ranges;
pub mod recoding;
pub mod records;
pub mod register;
mod rollup;
mod seats;
pub mod sensitive;
pub mod subsets;
pub mod succession;
pub mod taxonomy;
pub mod together;
pub mod traces;
pub mod trails;
pub mod transformed;
mod undeclared;
pub mod visits;
pub mod weights;
pub mod written;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, RwLock};

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::DataType;
use rayon::prelude::*;

pub use self::column::is_comparable;
pub use self::intern::{Distinct, Texts, Values};
pub use self::transformed::numbers;

use self::axis::{Amounts, Axis, Times};
use self::cells::Cells;
use self::classes::{Classes, Compared, Comparison};
use self::column::{Attribute, Binning, Memory, Refused, Zone};
use self::combinations::Combinations;
use self::count::{Counter, Tuples};
use self::cover::Cover;
use self::decimal::{Bins, Edges, Width};
use self::flows::{Dimension, Flows};
use self::groups::Groups;
use self::layout::Layout;
use self::moments::Moments;
use self::order::{Order, Persons, Sequence, Watched};
use self::overlap::Overlap;
use self::paths::{Paths, Refusal};
use self::posterior::Posterior;
use self::published::Published;
use self::seats::{Seats, Turnout};
use self::sensitive::Sensitive;
use self::taxonomy::Taxonomy;
use self::traces::several::Several;
use self::traces::{Rows, Traces, Wanted};
use self::trails::{Followed, Followers, Trails};
use self::visits::{Scale, Visits};
use self::weights::Weighted;
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::release::files::{FileFacts, inspect};
use crate::release::input::{Domain, Input, Unit};
use crate::release::leaves;
use crate::release::{
    AmountBin, Column, Hierarchy, NullSubject, Nulls, Place, PlaceBin, PointDefinition, Release,
    Table, TableKind, TimeBin,
};
use crate::settings::At;

/// What the planned measures need of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Needs {
    /// Classes of microdata, or the points of traces.
    pub tuples: bool,
    /// Of microdata besides the rows of each person, where persons have several.
    pub several: bool,
    /// How the sensitive columns are distributed over the classes.
    pub sensitive: bool,
    /// The largest size of subsets of the attributes whose classes are counted; 0 for none.
    pub subsets: usize,
    /// The weights of the rows.
    pub weight: bool,
    /// The rows of each person in the order of time.
    pub visits: bool,
    /// Points of which the times are in bins that divide so many seconds.
    pub finer: Option<u32>,
    /// Besides them the points of the definition.
    pub defined: bool,
    /// Besides the points of traces what the files tell of each, where that is finer.
    pub precise: bool,
    /// The rows of each person in the order of time, by each of these definitions of what a row tells.
    pub trails: Vec<PointDefinition>,
    /// The distinct values of these columns.
    pub values: Vec<String>,
    /// The distinct subjects and direct identifiers.
    pub names: bool,
    /// The counts of flows.
    pub counts: bool,
    /// Besides them the cells that have them.
    pub cells: bool,
    /// What the files carry beyond the cells, and how the rows lie.
    pub files: bool,
    /// The distinct values of every column and leaf, whatever its role.
    pub published: bool,
    /// Besides them what each row has in each column.
    pub linked: bool,
}

impl Needs {
    /// Those of the counts of flows, with their cells or without.
    pub fn of_counts(cells: bool) -> Self {
        Self {
            counts: true,
            cells,
            ..Self::default()
        }
    }

    /// Those of the cells of flows.
    pub fn of_cells() -> Self {
        Self::of_counts(true)
    }

    /// What these and others need together.
    pub fn join(&mut self, others: &Self) {
        // Who asks for finer points asks for no others.
        self.defined |= others.defined || (others.tuples && others.finer.is_none());
        self.tuples |= others.tuples;
        self.several |= others.several;
        self.sensitive |= others.sensitive;
        self.weight |= others.weight;
        self.visits |= others.visits;
        self.precise |= others.precise;
        self.counts |= others.counts;
        self.cells |= others.cells;
        self.names |= others.names;
        self.files |= others.files;
        self.published |= others.published;
        self.linked |= others.linked;
        self.subsets = self.subsets.max(others.subsets);
        self.finer = match (self.finer, others.finer) {
            (Some(a), Some(b)) => Some(common_divisor(a.into(), b.into()) as u32),
            (a, b) => a.or(b),
        };
        for features in &others.trails {
            if !self.trails.contains(features) {
                self.trails.push(features.clone());
            }
        }
        for column in &others.values {
            if !self.values.contains(column) {
                self.values.push(column.clone());
            }
        }
    }
}

/// A table as integers.
pub struct Encoded {
    pub name: String,
    pub kind: TableKind,
    pub rows: u64,
    pub rows_without_subject: u64,
    /// Rows whose time is before that of the row above, of the same person.
    pub rows_out_of_order: u64,
    /// The attributes of a tuple, in its order, and their values: those an adversary may know, then
    /// the sensitive ones.
    pub attributes: Vec<(String, Values)>,
    /// How many attributes an adversary may know.
    pub known: usize,
    /// Distinct subjects, where they were told apart.
    persons: Option<u64>,
    tuples: Option<Reduced>,
    /// The tuples of the rows of microdata that name no subject, where they are left out of all persons.
    unnamed: Option<Tuples>,
    /// What the values of each attribute of a point are.
    axes: Vec<Axis>,
    finer: Option<Finer>,
    /// A trace as finely as its files tell it, where that is finer than its points are.
    precise: Option<Box<Encoded>>,
    /// Distinct (person, tuple) pairs, of a trace by the definition of its points.
    pairs: Option<u64>,
    visits: Option<Visits>,
    trails: Vec<Trails>,
    flows: Option<Flows>,
    /// The column of the subject, and that of each person, ascending.
    subjects: Option<(String, Values)>,
    /// The columns that name persons outright.
    direct_identifiers: Vec<String>,
    /// The weight of each code of the attribute that stands behind all others in a tuple.
    weights: Option<Vec<f64>>,
    /// Distinct values of the columns that were asked for and are no attribute of the tuples.
    others: BTreeMap<String, Values>,
    files: Option<(FileFacts, Order)>,
    published: Option<Published>,
    /// Microdata with their ignored columns among the quasi-identifiers, where records match that are not equal.
    with_undeclared: Option<Box<Encoded>>,
    /// What is shared by the measures of microdata. It is made here and not when first asked for: a
    /// measure that waits for another to make it could wait for itself, on a thread that took up the
    /// second while the first was waiting for its parts.
    shared: Option<Reductions>,
}

/// The points with finer times than the definition has.
struct Finer {
    traces: Traces,
    axes: Vec<Axis>,
    times: Values,
}

/// Combinations of columns by which somebody is alone, while by no part of them.
pub struct MinimalUniques {
    /// For each set of attributes who is alone by it: classes of one row, or, where persons have several rows, persons,
    /// each once for every combination of values.
    pub of: Vec<(Vec<usize>, Vec<u32>)>,
    /// Whether persons have several rows.
    pub several: bool,
}

struct Reductions {
    groups: Groups,
    classes: Classes,
    /// One a sensitive attribute.
    sensitive: Vec<Sensitive>,
    /// Where records match that are not equal.
    overlap: Option<Overlap>,
    posterior: Option<Posterior>,
    /// What the classes of `classes` compare, where persons have several rows.
    compared: Option<Compared>,
    /// What else can be compared.
    others: Vec<(Compared, Classes)>,
}

enum Reduced {
    Rows(Tuples),
    Persons(Box<Traces>),
}

impl Encoded {
    /// Distinct subjects, or rows where a row is a person; `None` where nobody was counted.
    pub fn persons(&self) -> Option<u64> {
        match &self.tuples {
            Some(Reduced::Rows(_)) => Some(self.rows),
            _ => self.persons,
        }
    }

    /// Distinct (person, tuple) pairs, of a trace by the definition of its points; `None` for a table without
    /// subject.
    pub fn pairs(&self) -> Option<u64> {
        self.pairs
    }

    /// The tuples of each person; `None` for a table without subject. Where finer points were asked for and those
    /// of the definition were not, they are the finer ones.
    pub fn traces(&self) -> Option<&Traces> {
        match &self.tuples {
            Some(Reduced::Persons(traces)) => Some(traces),
            _ => None,
        }
    }

    /// The rows of the persons of microdata by what an adversary may know; `None` where nobody has several, or where
    /// no tuples were asked for.
    pub fn several(&self) -> Option<Several> {
        let traces = self.traces()?;
        let shared = self.shared.as_ref()?;
        let several = traces.has_several_rows();
        several.then(|| Several::new(traces, &shared.groups))
    }

    /// The points of a trace by when and what; `None` where there are none.
    pub fn moments(&self) -> Option<Moments<'_>> {
        let values = self.attributes.iter().map(|(_, values)| values);
        Some(Moments::new(self.traces()?, &self.axes, values.collect()))
    }

    /// The same with the finer times that were asked for.
    pub fn finer_moments(&self) -> Option<Moments<'_>> {
        let Some(finer) = &self.finer else {
            return self.moments();
        };
        let rest = self.attributes[1..].iter().map(|(_, values)| values);
        let values = std::iter::once(&finer.times).chain(rest).collect();
        Some(Moments::new(&finer.traces, &finer.axes, values))
    }

    /// The trace with all that its rows say as its points; `None` where that was not asked for, or is no finer than
    /// the definition.
    pub fn at_published_precision(&self) -> Option<&Self> {
        self.precise.as_deref()
    }

    /// Where each person was, in the order of time; `None` where it was not asked for, or where the points
    /// of the table have neither places nor items.
    pub fn visits(&self) -> Option<&Visits> {
        self.visits.as_ref()
    }

    /// What rows tell by a definition of it.
    ///
    /// # Panics
    /// It was not asked for.
    pub fn trails(&self, features: &PointDefinition) -> &Trails {
        let mut trails = self.trails.iter();
        let found = trails.find(|trails| trails.definition == *features);
        found.expect("it was asked for")
    }

    /// Microdata as if their ignored columns were quasi-identifiers; `None` where that was not asked for, where records
    /// match only if they are equal, or where no such column could tell more.
    pub fn with_undeclared(&self) -> Option<&Self> {
        self.with_undeclared.as_deref()
    }

    /// The cells of flows, or their counts alone; `None` where they were not asked for.
    pub fn flows(&self) -> Option<&Flows> {
        self.flows.as_ref()
    }

    /// The names of the attributes an adversary may know.
    pub fn known_columns(&self) -> Vec<String> {
        let known = self.attributes[..self.known].iter();
        known.map(|(name, _)| name.clone()).collect()
    }

    /// The equivalence classes of microdata; `None` where no tuples were asked for.
    pub fn classes(&self) -> Option<&Classes> {
        Some(&self.shared.as_ref()?.classes)
    }

    /// The equivalence classes of microdata by all that is compared, those of the manifest first; nothing where no
    /// tuples were asked for.
    pub fn comparisons(&self) -> Vec<Comparison<'_>> {
        let Some(shared) = &self.shared else {
            return Vec::new();
        };
        let first = Comparison {
            compared: shared.compared,
            classes: &shared.classes,
            posterior: shared.posterior.as_ref(),
        };
        let others = shared.others.iter().map(|(compared, classes)| Comparison {
            compared: Some(*compared),
            classes,
            posterior: None,
        });
        std::iter::once(first).chain(others).collect()
    }

    /// The distribution of a sensitive column over the classes; `None` where it was not asked for.
    pub fn sensitive(&self, column: &str) -> Option<&Sensitive> {
        let mut names = self.attributes[self.known..].iter();
        let at = names.position(|(name, _)| name == column)?;
        self.shared.as_ref()?.sensitive.get(at)
    }

    /// Whether records match that are not equal: classes are neighbourhoods then, which overlap.
    pub fn overlaps(&self) -> bool {
        self.shared
            .as_ref()
            .is_some_and(|shared| shared.overlap.is_some())
    }

    /// The distinct combinations of the known attributes, without who has them; `None` where no tuples
    /// were asked for.
    pub fn combinations(&self) -> Option<Combinations> {
        let groups = &self.shared.as_ref()?.groups;
        Some(
            self.tuples
                .as_ref()?
                .combinations(groups, self.known, false),
        )
    }

    /// The distinct combinations of the known attributes, with who has them.
    ///
    /// # Panics
    /// No tuples were asked for.
    fn all_combinations(&self) -> Combinations {
        let (shared, tuples) = (self.shared.as_ref(), self.tuples.as_ref());
        let (shared, tuples) = shared.zip(tuples).expect("tuples were asked for");
        tuples.combinations(&shared.groups, self.known, true)
    }

    /// The minimal sample uniques by at most `largest` of the known attributes; `None` where no tuples
    /// were asked for, or where persons have several rows and records match that are not equal.
    pub fn minimal_uniques(&self, largest: usize) -> Option<MinimalUniques> {
        let shared = self.shared.as_ref()?;
        if let Reduced::Persons(traces) = self.tuples.as_ref()?
            && traces.has_several_rows()
        {
            let combinations = self.combinations()?;
            return shared.overlap.is_none().then(|| MinimalUniques {
                of: subsets::minimal_uniques_of_persons(
                    traces,
                    &shared.groups,
                    &combinations,
                    largest,
                ),
                several: true,
            });
        }
        let of = match &shared.overlap {
            Some(Overlap {
                paths,
                combinations,
            }) => overlap::minimal_uniques(combinations, paths, largest),
            None => subsets::minimal_uniques(&self.combinations()?, largest),
        };
        Some(MinimalUniques { of, several: false })
    }

    /// The classes with the weights of their persons; `None` where weights were not asked for, or say
    /// nothing of classes: where a person's rows are one key, or where persons have several rows and
    /// classes overlap.
    pub fn weighted(&self) -> Option<Weighted> {
        let shared = self.shared.as_ref()?;
        let (tuples, weights) = (self.tuples.as_ref()?, self.weights.as_ref()?);
        let attribute = self.attributes.len();
        Weighted::new(
            tuples,
            &shared.groups,
            shared.overlap.as_ref(),
            attribute,
            weights,
        )
    }

    /// Who has which sensitive value in which class; `None` where it was not asked for.
    pub fn cells(&self, column: &str) -> Option<Cells> {
        let mut names = self.attributes[self.known..].iter();
        let attribute = self.known + names.position(|(name, _)| name == column)?;
        let groups = &self.shared.as_ref()?.groups;
        Some(match self.tuples.as_ref()? {
            Reduced::Rows(tuples) => Cells::of_rows(tuples, groups, self.known, attribute),
            Reduced::Persons(traces) => Cells::of_persons(traces, groups, self.known, attribute),
        })
    }

    /// The classes of every subset of at most `largest` of the known attributes; `None` where no tuples
    /// were asked for, or where a person's rows are one key.
    pub fn subsets(&self, largest: usize) -> Option<Vec<subsets::Subset>> {
        let shared = self.shared.as_ref()?;
        if let Some(Overlap {
            paths,
            combinations,
        }) = &shared.overlap
        {
            return Some(overlap::subsets(combinations, paths, largest));
        }
        match self.tuples.as_ref()? {
            Reduced::Rows(_) => Some(subsets::of_rows(&self.combinations()?, largest)),
            Reduced::Persons(traces) if traces.composite.is_some() => None,
            Reduced::Persons(traces) => {
                let combinations = self.combinations()?;
                Some(subsets::of_persons(
                    traces,
                    &shared.groups,
                    &combinations,
                    largest,
                ))
            }
        }
    }

    /// The distinct subjects; `None` where they were not asked for, or where there is no such column.
    pub fn subjects(&self) -> Option<&Values> {
        self.subjects.as_ref().map(|(_, values)| values)
    }

    /// The columns that name persons outright and their distinct values, where these were asked for.
    pub fn direct_identifiers(&self) -> impl Iterator<Item = (&str, &Values)> {
        let columns = self.direct_identifiers.iter();
        columns.filter_map(|name| Some((name.as_str(), self.others.get(name)?)))
    }

    /// What the files carry beyond the cells, and how the rows lie; `None` where it was not asked for.
    pub fn files(&self) -> Option<(&FileFacts, &Order)> {
        let (facts, order) = self.files.as_ref()?;
        Some((facts, order))
    }

    /// All that is published; `None` where it was not asked for.
    pub fn published(&self) -> Option<&Published> {
        self.published.as_ref()
    }

    /// The distinct values of a column that was asked for.
    pub fn values(&self, column: &str) -> Option<&Values> {
        let attributes = self.attributes.iter();
        attributes
            .filter(|(name, _)| name == column)
            .map(|(_, values)| values)
            .next()
            .or_else(|| match &self.subjects {
                Some((subject, values)) if subject == column => Some(values),
                _ => self.others.get(column),
            })
    }
}

impl Reduced {
    fn combinations(&self, groups: &Groups, known: usize, named: bool) -> Combinations {
        match self {
            Self::Rows(tuples) => Combinations::of_rows(tuples, groups, known),
            Self::Persons(traces) => Combinations::of_persons(traces, groups, known, named),
        }
    }
}

impl Reductions {
    /// `paths` of the known attributes, where records match that are not equal; `unnamed` rows have no subject.
    fn new(
        tuples: &Reduced,
        unnamed: Option<&Tuples>,
        known: usize,
        sensitive: &[(String, Values)],
        paths: Option<Vec<Paths>>,
    ) -> Self {
        let (layout, keys) = match tuples {
            Reduced::Rows(tuples) => (&tuples.layout, &tuples.keys),
            Reduced::Persons(traces) => (&traces.layout, &traces.keys),
        };
        let groups = Groups::by_prefix(layout, keys, known);
        let sensitive = sensitive.iter().enumerate().map(|(at, (_, values))| {
            let ordered = matches!(values.distinct, Distinct::Numbers(_));
            let attribute = known + at;
            match tuples {
                Reduced::Rows(tuples) => Sensitive::of_rows(tuples, &groups, attribute, ordered),
                Reduced::Persons(traces) => {
                    Sensitive::of_persons(traces, &groups, attribute, ordered)
                }
            }
        });
        let sensitive: Vec<Sensitive> = sensitive.collect();
        let (mut compared, mut others) = (None, Vec::new());
        if let Reduced::Persons(traces) = tuples {
            if traces.composite.is_some() && traces.has_several_rows() {
                compared = Some(Compared::Composite);
                others.push((Compared::Each, Classes::of_each(traces, &groups)));
            } else if let Some(composite) = traces.multisets(&groups) {
                compared = Some(Compared::Each);
                others.push((Compared::Composite, Classes::of_multisets(&composite)));
            }
            if let Some(unnamed) = unnamed {
                let classes = Classes::of_unnamed(unnamed, traces, &groups, known);
                others.push((Compared::WithoutSubject, classes));
            }
        }
        let Some(paths) = paths else {
            return Self {
                classes: match tuples {
                    Reduced::Rows(tuples) => Classes::of_rows(tuples, &groups),
                    Reduced::Persons(traces) => Classes::of_persons(traces, &groups),
                },
                groups,
                sensitive,
                overlap: None,
                posterior: None,
                compared,
                others,
            };
        };
        let combinations = tuples.combinations(&groups, known, true);
        let (classes, sizes) = overlap::classes(&combinations, &paths);
        let posterior = posterior::posterior(&combinations, &paths);
        let sensitive = sensitive.into_iter().enumerate().map(|(at, sensitive)| {
            let own = match (&combinations.members, tuples) {
                (Some(_), Reduced::Persons(traces)) => traces.values_of(&groups, known + at),
                _ => sensitive.pairs(),
            };
            let distributions = overlap::distributions(&combinations, &paths, &own);
            sensitive.overlapping(distributions, sizes.clone())
        });
        Self {
            sensitive: sensitive.collect(),
            overlap: Some(Overlap {
                paths,
                combinations,
            }),
            groups,
            classes,
            posterior,
            compared,
            others,
        }
    }
}

/// The columns of a table whose cells are text, bytes or whole numbers: those in which a direct
/// identifier could stand.
pub fn is_scannable(domain: Option<Domain>) -> bool {
    matches!(
        domain,
        Some(Domain::Text | Domain::Bytes | Domain::Integer | Domain::Unsigned)
    )
}

/// Bytes held at most for each row of a table, but for what is held once a distinct tuple: nothing where rows are
/// counted as they come. Where persons are told apart, person and tuple, once as read and once in the order of
/// persons; 8 where the rows of persons who have several are looked at; for subsets of the attributes 8 a row, and for each thread 12 a row and 4 for each attribute of its
/// subset; where the order of time is needed, 8 a row and as much for what is measured on it; for each definition
/// of what a row tells, 48. Points with finer times are told apart in the same room, and who has them after the
/// rows are freed; points of the definition besides them take 4 a row, and the points
/// as the files tell them 12. Cells of flows take 28. Where rows are compared
/// in all that is published each column and leaf takes 8, the person 4, the points of a trace 8, and what is measured
/// on one column 16. The distinct values of published columns have a bound of their own, however many rows there are.
pub fn bytes_per_row(table: &Table, input: &Input, needs: &Needs) -> u64 {
    let compared = |leaf: &leaves::Leaf| {
        let role = published::role_of(table, &input.columns[leaf.column].name);
        published::is_keyed(table, leaf, role)
    };
    let linked = match needs.linked {
        true => {
            28 + 8 * leaves::leaves(input)
                .iter()
                .filter(|leaf| compared(leaf))
                .count() as u64
        }
        false => 0,
    };
    linked + bytes_per_row_of_roles(table, needs)
}

fn bytes_per_row_of_roles(table: &Table, needs: &Needs) -> u64 {
    let trails = 48 * needs.trails.len() as u64;
    let visits = if needs.visits { 16 } else { 0 };
    let cells = if needs.cells { 28 } else { 0 };
    match (needs.tuples, &table.roles.subject) {
        (true, Some(_)) => {
            let at_hand = needs.subsets * rayon::current_num_threads();
            let subsets = if needs.subsets > 0 {
                12 + 4 * at_hand
            } else {
                0
            };
            let finer = match (needs.finer, needs.defined) {
                (Some(_), true) => 4,
                _ => 0,
            };
            let precise = match needs.precise && table.kind == TableKind::Trace {
                true => 12,
                false => 0,
            };
            // Twice: two measures may look at them at once.
            let several = match needs.several && table.kind == TableKind::Microdata {
                true => 8,
                false => 0,
            };
            16 + subsets as u64 + visits + finer + precise + several + trails
        }
        _ => trails + visits + cells,
    }
}

/// Reads and encodes one table.
///
/// # Errors
/// The files cannot be decoded, a column cannot take its role, a subject or time is null, a
/// coordinate is none, or the user cancelled.
pub fn encode(
    release: &Release,
    table: &Table,
    input: &Input,
    needs: &Needs,
    progress: &dyn Progress,
) -> Result<Encoded> {
    if needs.precise && needs.tuples && table.kind == TableKind::Trace {
        return encode_twice(release, table, input, needs, progress);
    }
    let plan = Plan::new(release, table, input, needs)?;
    let facts = match needs.files {
        true => Some(inspect(input, progress)?),
        false => None,
    };
    let published = match needs.published || needs.linked {
        true => Some(published::read(
            release,
            table,
            input,
            needs.linked,
            progress,
        )?),
        false => None,
    };
    let units = input.units(rayon::current_num_threads());
    let seats = plan.seats(&units, progress)?;
    // What is read twice is half read once it is counted.
    let counted = |unit: &Unit| seats.as_ref().map_or(0, |_| unit.bytes / 2);
    let shared = Shared {
        layout: RwLock::new(None),
        counters: Mutex::default(),
        rows: Mutex::default(),
        followers: Mutex::default(),
        counted: Mutex::default(),
        sequences: Mutex::default(),
        without_subject: AtomicU64::new(0),
        out_of_order: AtomicU64::new(0),
    };
    units
        .par_iter()
        .enumerate()
        .with_max_len(1)
        .try_for_each(|(at, unit)| {
            plan.read(at, unit, &shared, seats.as_ref(), progress)?;
            progress.decoded(unit.bytes - counted(unit));
            Ok::<_, Error>(())
        })?;
    let encoded = plan.finish(shared, seats, facts)?;
    let with_undeclared = match &published {
        Some(published) if needs.linked => {
            undeclared::joined(release, table, input, (&encoded, published), progress)?
        }
        _ => None,
    };
    Ok(Encoded {
        published,
        with_undeclared: with_undeclared.map(Box::new),
        ..encoded
    })
}

/// The same with what the files tell of each point, from a second reading.
fn encode_twice(
    release: &Release,
    table: &Table,
    input: &Input,
    needs: &Needs,
    progress: &dyn Progress,
) -> Result<Encoded> {
    let mut once = Needs {
        precise: false,
        ..needs.clone()
    };
    let examined = precision::examined(table, input);
    let examined = examined
        .into_iter()
        .filter(|name| !needs.values.contains(name));
    let examined: Vec<String> = examined.collect();
    once.values.extend(examined.iter().cloned());
    let mut encoded = encode(release, table, input, &once, progress)?;
    let precise = precision::published(release, table, input, &encoded, progress)?;
    encoded.precise = precise.map(Box::new);
    for name in examined {
        encoded.others.remove(&name);
    }
    Ok(encoded)
}

/// Which columns are decoded and what becomes of each.
struct Plan<'a> {
    release: &'a Release,
    table: &'a Table,
    input: &'a Input,
    /// Positions in the input of the columns to decode.
    decoded: Vec<usize>,
    attributes: Vec<Attribute>,
    /// What the values of each attribute of a point are.
    axes: Vec<Axis>,
    /// How many bins of the first attribute make one of the point's definition, and whether points of the
    /// definition are asked for as well.
    finer: i64,
    defined: bool,
    /// How many of them an adversary may know.
    known: usize,
    others: Vec<Attribute>,
    subject: Option<Attribute>,
    /// Where among the decoded columns the time is.
    time: Option<usize>,
    /// What of a row is a visit.
    visited: Option<Visited>,
    followed: Vec<Followed>,
    /// The count of flows, and what divides a stored one to give its value.
    counted: Option<(Attribute, f64)>,
    /// What of the order of rows is watched.
    watched: Option<Watched>,
    /// What divides a stored weight to give its value, where the last attribute is the weight.
    divisor: Option<f64>,
    /// The attribute whose values are put into so many bins once all rows are known.
    quantiles: Option<(usize, u32)>,
}

/// What of a row is a visit.
struct Visited {
    spot: Spot,
    /// The decoded column of the time, and what a stored time is in seconds.
    time: Option<(usize, Scale)>,
}

/// Where a visit was: an attribute of the points, or of its own where nobody asks for points.
enum Spot {
    OfPoint(usize),
    Own(Box<Attribute>),
}

/// The attributes of points.
struct Point {
    attributes: Vec<Attribute>,
    axes: Vec<Axis>,
    /// How many bins of the first attribute make one of the definition.
    finer: i64,
    /// The attribute whose values are put into so many bins once all rows are known.
    quantiles: Option<(usize, u32)>,
}

impl Default for Point {
    fn default() -> Self {
        Self {
            attributes: Vec::new(),
            axes: Vec::new(),
            finer: 1,
            quantiles: None,
        }
    }
}

/// What the threads build together.
struct Shared {
    layout: RwLock<Option<Arc<Layout>>>,
    counters: Mutex<Vec<Counter>>,
    rows: Mutex<Vec<(usize, Rows)>>,
    /// One a definition of what a row tells.
    followers: Mutex<Vec<(usize, Vec<Followers>)>>,
    /// Rows by the code of their count.
    counted: Mutex<Vec<u64>>,
    sequences: Mutex<(Vec<Sequence>, Persons)>,
    without_subject: AtomicU64,
    out_of_order: AtomicU64,
}

impl<'a> Plan<'a> {
    /// Nothing is decoded.
    fn blank(release: &'a Release, table: &'a Table, input: &'a Input) -> Self {
        Self {
            release,
            table,
            input,
            decoded: Vec::new(),
            attributes: Vec::new(),
            axes: Vec::new(),
            finer: 1,
            defined: false,
            known: 0,
            others: Vec::new(),
            subject: None,
            time: None,
            visited: None,
            followed: Vec::new(),
            counted: None,
            watched: None,
            divisor: None,
            quantiles: None,
        }
    }

    fn new(
        release: &'a Release,
        table: &'a Table,
        input: &'a Input,
        needs: &Needs,
    ) -> Result<Self> {
        let mut plan = Self {
            defined: needs.defined,
            ..Self::blank(release, table, input)
        };
        if needs.tuples {
            match table.kind {
                TableKind::Microdata => {
                    for (column, _) in &table.hierarchies {
                        let what =
                            "given a hierarchy: its values are neither texts nor whole numbers";
                        plan.expect(column, what, &[Domain::Text, Domain::Integer])?;
                    }
                    for column in &table.roles.quasi_identifiers {
                        let attribute = plan.attribute(column, Binning::Identity)?;
                        plan.attributes.push(attribute);
                    }
                }
                TableKind::Trace => plan.point(needs.finer)?,
                TableKind::Flows | TableKind::Reference => {}
            }
            plan.known = plan.attributes.len();
            if needs.sensitive {
                for column in &table.roles.sensitive {
                    let attribute = plan.attribute(column, Binning::Identity)?;
                    plan.attributes.push(attribute);
                }
            }
            if let (true, Some(column)) = (needs.weight, &table.roles.weight) {
                plan.divisor = Some(plan.amount(column)?);
                let attribute = plan.attribute(column, Binning::Identity)?;
                plan.attributes.push(attribute);
            }
        }
        if let (true, Some(count)) = (needs.counts, &table.roles.count) {
            let divisor = plan.amount(count)?;
            plan.counted = Some((plan.attribute(count, Binning::Identity)?, divisor));
            if needs.cells {
                for column in table.roles.dimensions() {
                    let attribute = plan.attribute(column, Binning::Identity)?;
                    plan.attributes.push(attribute);
                }
            }
        }
        if needs.visits && table.kind == TableKind::Trace {
            plan.visited = plan.visited(needs.tuples)?;
        }
        for features in &needs.trails {
            let followed = plan.followed(features)?;
            plan.followed.push(followed);
        }
        let followed = plan.followed.iter().map(|followed| followed.time);
        let mut times = followed.chain(plan.visited.iter().map(|visited| visited.time));
        if let (Some(_), Some((time, _))) = (table.point.time, times.find_map(|time| time)) {
            plan.time = plan.time.or(Some(time));
        }
        let is_of_persons = needs.tuples || !needs.trails.is_empty() || plan.visited.is_some();
        if let (Some(subject), true) = (&table.roles.subject, is_of_persons) {
            plan.subject = Some(plan.attribute(subject, Binning::Identity)?);
        }
        let names = table
            .roles
            .subject
            .iter()
            .chain(&table.roles.direct_identifiers);
        let mut values: Vec<Column> = names.filter(|_| needs.names).cloned().collect();
        values.extend(needs.values.iter().map(|name| Column {
            value: name.clone(),
            span: 0..0,
        }));
        for column in values {
            let known = |attribute: &Attribute| {
                attribute.name == *column.value && matches!(attribute.binning, Binning::Identity)
            };
            let read = plan.attributes.iter().chain(&plan.subject);
            if !read.chain(&plan.others).any(known) {
                let attribute = plan.attribute(&column, Binning::Identity)?;
                plan.others.push(attribute);
            }
        }
        if needs.files {
            plan.watched = Some(plan.watched()?);
        }
        Ok(plan)
    }

    /// What of the order of rows is watched: the columns that are in the files and not meant to be, those of persons
    /// and times, and those that are published.
    fn watched(&mut self) -> Result<Watched> {
        let roles = &self.table.roles;
        let stored = |column: &&crate::release::Column| {
            let input = self.input.column(column).map(|at| &self.input.columns[at]);
            input.is_some_and(|source| source.domain.is_some() && !source.partition)
        };
        let hidden = roles.direct_identifiers.iter().chain(&self.table.ignore);
        let hidden: Vec<_> = hidden.filter(stored).collect();
        let time: Vec<_> = roles.time.iter().filter(stored).collect();
        let is_published =
            |(role, _): &(&str, _)| !["subject", "time", "direct_identifiers"].contains(role);
        let published = roles.iter().filter(is_published).map(|(_, column)| column);
        let published: Vec<_> = published.filter(stored).collect();
        let mut watched = Watched {
            subject: self.subject.as_ref().map(|subject| subject.columns[0]),
            time: None,
            keys: Vec::new(),
            published: Vec::new(),
        };
        if let ([_], Some((decoded, _))) = (&time[..], self.moment()?) {
            let unit = self.input.columns[self.decoded[decoded]].unit;
            watched.time = Some((decoded, unit));
        }
        for column in hidden {
            watched
                .keys
                .push(self.attribute(column, Binning::Identity)?);
        }
        for column in published {
            watched
                .published
                .push(self.attribute(column, Binning::Identity)?);
        }
        Ok(watched)
    }

    /// The attributes of the table's points.
    fn point(&mut self, finer: Option<u32>) -> Result<()> {
        let table = self.table;
        let point = self.attributes_of(&table.point, finer)?;
        if let Some(Axis::Time(_)) = point.axes.first() {
            self.time = Some(point.attributes[0].columns[0]);
        }
        self.finer = point.finer;
        self.axes = point.axes;
        self.attributes = point.attributes;
        self.quantiles = point.quantiles;
        Ok(())
    }

    /// What a row tells by a definition of its own.
    fn followed(&mut self, features: &PointDefinition) -> Result<Followed> {
        let point = self.attributes_of(features, None)?;
        Ok(Followed {
            features: features.clone(),
            attributes: point.attributes,
            axes: point.axes,
            time: self.moment()?,
        })
    }

    /// The attributes of points by a definition, time first so that a trace is in the order of time.
    fn attributes_of(&mut self, point: &PointDefinition, finer: Option<u32>) -> Result<Point> {
        let table = self.table;
        let mut of = Point::default();
        if let (Some(bin), Some(column)) = (point.time, &table.roles.time) {
            let binning = self.time_binning(bin, column)?;
            let (binning, times, bins) = self.finer(binning, bin, column, finer)?;
            of.finer = bins;
            of.axes.push(Axis::Time(times));
            of.attributes.push(self.attribute(column, binning)?);
        }
        match (point.place, &table.roles.place) {
            (Some(_), Some(Place::Cell(column))) => {
                of.axes.push(Axis::Names);
                of.attributes
                    .push(self.attribute(column, Binning::Identity)?);
            }
            (Some(bin), Some(place)) => {
                let (binning, axis) = match bin {
                    PlaceBin::Degrees(step) => {
                        (Binning::Degrees(Width::new(step)), Axis::Degrees(step))
                    }
                    PlaceBin::H3(resolution) => (Binning::H3(resolution), Axis::H3(resolution)),
                    PlaceBin::Geohash(length) => {
                        (Binning::Geohash(length.into()), Axis::Geohash(length))
                    }
                    PlaceBin::Column => unreachable!("the manifest refuses it"),
                };
                of.axes.push(axis);
                let (what, domains): (_, &[Domain]) = match place {
                    Place::Geometry(_) => ("a point in well-known binary", &[Domain::Bytes]),
                    _ => ("a coordinate in degrees", &[Domain::Real, Domain::Integer]),
                };
                for column in place.columns() {
                    let decimal = self.decimal(column)?;
                    if !(decimal && matches!(place, Place::Coordinates { .. })) {
                        self.expect(column, what, domains)?;
                    }
                }
                let mut attribute = self.attribute(place.columns()[0], binning)?;
                if let Place::Coordinates { longitude, .. } = place {
                    attribute.name = "place".to_owned();
                    attribute.columns.push(self.decode(longitude)?);
                }
                of.attributes.push(attribute);
            }
            _ => {}
        }
        if point.item {
            for column in &table.roles.item {
                of.axes.push(Axis::Names);
                of.attributes
                    .push(self.attribute(column, Binning::Identity)?);
            }
        }
        if let (Some(bin), Some(column)) = (&point.amount, &table.roles.amount) {
            let source = &self.input.columns[self.position(column)?];
            of.axes.push(Axis::Amount(match (bin, source.domain) {
                (AmountBin::Width(_), _) => Amounts::Bins,
                (AmountBin::Column, Some(Domain::Real)) => Amounts::Reals,
                _ => Amounts::Numbers,
            }));
            let binning = match bin {
                AmountBin::Column => Binning::Identity,
                AmountBin::Quantiles(bins) => {
                    self.amount(column)?;
                    of.quantiles = Some((of.attributes.len(), *bins));
                    Binning::Identity
                }
                AmountBin::Width(width) => {
                    self.amount(column)?;
                    Binning::Amount(Bins::Width(Width::new(*width)))
                }
                AmountBin::Edges(edges) => {
                    self.amount(column)?;
                    Binning::Amount(Bins::Edges(Edges(edges.clone())))
                }
            };
            of.attributes.push(self.attribute(column, binning)?);
        }
        Ok(of)
    }

    /// Where a row's place, or without places its first item, and its time are; `of_points` where the attributes of
    /// the points are read as well.
    fn visited(&mut self, of_points: bool) -> Result<Option<Visited>> {
        let point = &self.table.point;
        let alone = PointDefinition {
            time: None,
            place: point.place,
            item: point.item && point.place.is_none(),
            amount: None,
        };
        let spot = match (of_points, point.place.is_some() || point.item) {
            (_, false) => return Ok(None),
            // The attributes are time, place, items, amount, as far as the point has them.
            (true, _) => Spot::OfPoint(usize::from(point.time.is_some())),
            (false, _) => {
                let attributes = self.attributes_of(&alone, None)?.attributes;
                let mut attributes = attributes.into_iter();
                Spot::Own(Box::new(
                    attributes.next().expect("it has a place or items"),
                ))
            }
        };
        let time = self.moment()?;
        Ok(Some(Visited { spot, time }))
    }

    /// A seat for each row of each person, where they are visits: from a first reading.
    fn seats(&self, units: &[Unit], progress: &dyn Progress) -> Result<Option<Seats>> {
        let (Some(subject), Some(visited)) = (&self.subject, &self.visited) else {
            return Ok(None);
        };
        let turnout = Turnout::new(visited.time);
        let mut needed = subject.columns.clone();
        needed.extend(visited.time.map(|(time, _)| time));
        let columns: Vec<usize> = needed.iter().map(|at| self.decoded[*at]).collect();
        let count = |unit: &Unit| {
            let (mut memory, mut persons) = (Memory::default(), Vec::new());
            self.input.read(unit, &columns, |arrays| {
                if progress.cancelled() {
                    return Err(Error::interrupted());
                }
                // As they stand among all columns: the others are not looked at.
                let mut all = vec![arrays[0].clone(); self.decoded.len()];
                for (at, array) in needed.iter().zip(arrays) {
                    all[*at] = array.clone();
                }
                self.codes(subject, unit, &all, &mut memory, &mut persons)?;
                let nulls = all[subject.columns[0]].logical_null_count();
                let null = (nulls > 0).then(|| subject.dictionary.null());
                turnout.add(&all, &persons, null);
                Ok(())
            })?;
            progress.decoded(unit.bytes / 2);
            Ok::<_, Error>(())
        };
        units.par_iter().with_max_len(1).try_for_each(count)?;
        Ok(Some(Seats::new(
            &turnout,
            subject.dictionary.len() as usize,
        )))
    }

    /// The rows of a table are others than when they were counted.
    fn changed(table: &Table) -> Error {
        Error::data(format!(
            "table `{}`: the rows changed while they were read",
            table.name
        ))
        .help("audit files that nobody writes to")
    }

    /// The decoded column of the time, and what a stored time is in seconds.
    fn moment(&mut self) -> Result<Option<(usize, Scale)>> {
        let Some(column) = &self.table.roles.time else {
            return Ok(None);
        };
        let decoded = self.decode(column)?;
        let scale = Scale::of(&self.input.columns[self.decoded[decoded]]);
        Ok(scale.map(|scale| (decoded, scale)))
    }

    /// Whether a column holds decimals of at most 18 digits.
    fn decimal(&self, column: &crate::release::Column) -> Result<bool> {
        let source = &self.input.columns[self.position(column)?];
        Ok(matches!(
            source.data_type,
            DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..=18, _)
        ))
    }

    /// What divides a stored amount to give its value: 10^scale for a decimal.
    fn amount(&self, column: &crate::release::Column) -> Result<f64> {
        let at = self.position(column)?;
        match self.input.columns[at].domain {
            Some(Domain::Real | Domain::Integer) => Ok(1.0),
            Some(Domain::Decimal(scale)) => Ok(10f64.powi(scale.into())),
            _ => Err(self.wrong_type(column, "it must be a number")),
        }
    }

    fn time_binning(&self, bin: TimeBin, column: &crate::release::Column) -> Result<Binning> {
        let at = self.position(column)?;
        let source = &self.input.columns[at];
        let Some(seconds) = bin.width() else {
            return Ok(Binning::Identity);
        };
        let seconds = i64::from(seconds);
        match (source.domain, source.unit) {
            (Some(Domain::Timestamp), Some(unit)) => {
                let per_second = column::per_second(unit);
                let zone = self.table.timezone.clone();
                Ok(Binning::Time {
                    width: seconds * per_second,
                    period: bin.period().map(|period| (period, 86_400 * per_second)),
                    zone: zone.map(|zone| Zone { zone, per_second }),
                })
            }
            (Some(Domain::Date), unit) => {
                let per_day = unit.map_or(1, |unit| 86_400 * column::per_second(unit));
                if seconds > 86_400 && seconds % 86_400 != 0 {
                    return Err(self.wrong_type(column, "dates can be binned by whole days only"));
                }
                if bin.period().is_some() && seconds < 86_400 {
                    return Err(self.wrong_type(column, "dates have no hours"));
                }
                Ok(Binning::Time {
                    width: (seconds / 86_400).max(1) * per_day,
                    period: bin.period().map(|period| (period, per_day)),
                    zone: None,
                })
            }
            (Some(Domain::Integer | Domain::Unsigned | Domain::Real), _) => Err(self
                .release
                .error_at(
                    column,
                    format!(
                        "column `{}` is {}: numbers have no bins of \"{bin}\" until the manifest says what they count",
                        column.value, source.data_type
                    ),
                )
                .help(
                    "say what they count since 1970: time_unit = \"s\", \"ms\", \"us\", \"ns\" or \"d\" beside `time`; \
                     numbers that are bins already, such as hours of the week, are taken as they are by \
                     point = { time = \"column\" }",
                )),
            (Some(Domain::Text), _) => Err(self
                .release
                .error_at(
                    column,
                    format!("column `{}` is text, and texts have no bins of \"{bin}\"", column.value),
                )
                .help(
                    "write its times as timestamps or dates where the release is written (DuckDB: CAST(… AS \
                     TIMESTAMP)); texts that are bins already are taken as they are by point = { time = \"column\" }",
                )),
            _ => Err(self.wrong_type(column, "a time must be a timestamp, a date or a number with `time_unit`")),
        }
    }

    /// The binning with bins that divide `finer` seconds as well, what its numbers are, and how many of
    /// these bins make one of the definition.
    fn finer(
        &self,
        binning: Binning,
        bin: TimeBin,
        column: &crate::release::Column,
        finer: Option<u32>,
    ) -> Result<(Binning, Times, i64)> {
        let source = &self.input.columns[self.position(column)?];
        let per_second = match (source.domain, source.unit) {
            (Some(Domain::Timestamp), Some(unit)) => Some(column::per_second(unit)),
            _ => None,
        };
        Ok(match (binning, bin.width(), per_second) {
            (
                Binning::Time {
                    width,
                    period,
                    zone,
                },
                Some(seconds),
                _,
            ) => {
                // Of dates the least width is a day.
                let day = if per_second.is_some() { 1 } else { 86_400 };
                let seconds = i64::from(seconds).max(day);
                let divisor = finer.map_or(seconds, |finer| common_divisor(seconds, finer.into()));
                let divisor = if divisor % day == 0 { divisor } else { day };
                let bins = seconds / divisor;
                let again = bin.period().map(|period| period.days() * 86_400 / divisor);
                let binning = Binning::Time {
                    width: width / bins,
                    period,
                    zone,
                };
                let times = Times::Bins {
                    width: divisor,
                    again,
                };
                (binning, times, bins)
            }
            (binning, _, Some(per_second)) => (binning, Times::Instants { per_second }, 1),
            (binning, _, None) => (binning, Times::Numbers, 1),
        })
    }

    fn wrong_type(&self, column: &crate::release::Column, why: &str) -> Error {
        let found = self.input.column(column).map_or(String::new(), |at| {
            self.input.columns[at].data_type.to_string()
        });
        self.release
            .error_at(
                column,
                format!("column `{}` is {found}: {why}", column.value),
            )
            .help("give the column another role, or convert it where the release is written")
    }

    fn expect(
        &self,
        column: &crate::release::Column,
        what: &str,
        domains: &[Domain],
    ) -> Result<()> {
        let at = self.position(column)?;
        match self.input.columns[at].domain {
            Some(domain) if domains.contains(&domain) => Ok(()),
            _ => Err(self.wrong_type(column, &format!("it cannot be {what}"))),
        }
    }

    fn position(&self, column: &crate::release::Column) -> Result<usize> {
        let position = self.input.column(column);
        position.ok_or_else(|| {
            let message = format!(
                "table `{}` has no column `{}`",
                self.table.name, column.value
            );
            self.release.error_at(column, message)
        })
    }

    /// Where a column stands among the decoded ones.
    fn decode(&mut self, column: &crate::release::Column) -> Result<usize> {
        let position = self.position(column)?;
        if self.input.columns[position].domain.is_none() {
            return Err(self
                .release
                .error_at(
                    column,
                    format!(
                        "column `{}` is nested ({}): only flat columns can be compared",
                        column.value, self.input.columns[position].data_type
                    ),
                )
                .help("list it under `ignore`, or write its parts as columns of their own"));
        }
        Ok(match self.decoded.iter().position(|at| *at == position) {
            Some(at) => at,
            None => {
                self.decoded.push(position);
                self.decoded.len() - 1
            }
        })
    }

    fn attribute(
        &mut self,
        column: &crate::release::Column,
        binning: Binning,
    ) -> Result<Attribute> {
        let at = self.decode(column)?;
        let source = &self.input.columns[self.decoded[at]];
        Ok(Attribute::new(column, vec![at], binning, source))
    }

    /// Decodes and encodes one unit of work.
    fn read(
        &self,
        at: usize,
        unit: &Unit,
        shared: &Shared,
        seats: Option<&Seats>,
        progress: &dyn Progress,
    ) -> Result<()> {
        if self.decoded.is_empty() {
            return Ok(());
        }
        let mut counts: Vec<u64> = Vec::new();
        let mut spot_memory = Memory::default();
        let mut memories: Vec<Memory> = (0..self.attributes.len() + self.others.len() + 1)
            .map(|_| Memory::default())
            .collect();
        let mut trackers: Vec<Tracker> = self.followed.iter().map(Tracker::new).collect();
        // Rows that are nobody's are counted by what they say.
        let unnamed = self.table.kind == TableKind::Microdata
            && self.table.null_subject == NullSubject::Exclude;
        let mut counter = match self.subject {
            Some(_) if !unnamed => None,
            _ => shared.counters.lock().expect("no holder panics").pop(),
        };
        let mut nobodys = Vec::new();
        let mut chunks: Vec<Rows> = Vec::new();
        let mut sequence = self.watched.as_ref().map(|watched| {
            let at = (unit.file, unit.row_group);
            let start = self.input.first_row(unit);
            Sequence::new(watched, at, unit.offset as u64, start)
        });
        let (mut codes, mut keys, mut persons) = (Vec::new(), Vec::new(), Vec::new());
        let mut all_codes: Vec<Vec<u32>> = vec![Vec::new(); self.attributes.len()];
        self.input.read(unit, &self.decoded, |arrays| {
            if progress.cancelled() {
                return Err(Error::interrupted());
            }
            let (tuple_memories, rest) = memories.split_at_mut(self.attributes.len());
            let (subject_memory, other_memories) = rest.split_first_mut().expect("there is one");
            for (other, memory) in self.others.iter().zip(other_memories) {
                self.codes(other, unit, arrays, memory, &mut codes)?;
            }
            if let Some((counted, _)) = &self.counted {
                // Nobody has a subject where counts are published: theirs is the place of one.
                self.codes(counted, unit, arrays, subject_memory, &mut persons)?;
                for code in &persons {
                    let code = *code as usize;
                    if code >= counts.len() {
                        counts.resize(code + 1, 0);
                    }
                    counts[code] += 1;
                }
            }
            if let (None, Some(watched), Some(sequence)) =
                (&self.subject, &self.watched, &mut sequence)
            {
                sequence.push(watched, arrays, None, None);
            }
            if self.attributes.is_empty() && self.followed.is_empty() && seats.is_none() {
                return Ok(());
            }
            self.check_times(unit, arrays)?;
            let attributes = self.attributes.iter().zip(tuple_memories);
            for ((attribute, memory), codes) in attributes.zip(&mut all_codes) {
                self.codes(attribute, unit, arrays, memory, codes)?;
            }
            let layout = (!self.attributes.is_empty()).then(|| self.layout(&shared.layout));
            if let Some(layout) = &layout {
                keys.clear();
                keys.resize(arrays[0].len() * layout.words(), 0);
                for (attribute, codes) in all_codes.iter().enumerate() {
                    layout.add(attribute, codes, &mut keys);
                }
            }
            let Some(subject) = &self.subject else {
                if let (Some(layout), Some(_)) = (&layout, &self.counted) {
                    rows_under(&mut chunks, layout).push(&keys, &persons, None);
                } else if let Some(layout) = layout {
                    counter
                        .get_or_insert_with(|| Counter::new(layout.clone()))
                        .count(&layout, &keys);
                }
                return Ok(());
            };
            self.codes(subject, unit, arrays, subject_memory, &mut persons)?;
            let null = self.check_subjects(subject, unit, arrays, shared)?;
            self.count_out_of_order(arrays, &persons, shared);
            if let (Some(watched), Some(sequence)) = (&self.watched, &mut sequence) {
                sequence.push(watched, arrays, Some(&persons), null);
            }
            for (followed, tracker) in self.followed.iter().zip(&mut trackers) {
                let attributes = followed.attributes.iter().zip(&mut tracker.memories);
                for ((attribute, memory), codes) in attributes.zip(&mut tracker.codes) {
                    self.codes(attribute, unit, arrays, memory, codes)?;
                }
                let rows = &mut tracker.rows;
                rows.push(arrays, followed.time, &persons, &tracker.codes, null);
            }
            if let (Some(visited), Some(seats)) = (&self.visited, seats) {
                let spots = match &visited.spot {
                    Spot::OfPoint(at) => &all_codes[*at],
                    Spot::Own(attribute) => {
                        self.codes(attribute, unit, arrays, &mut spot_memory, &mut codes)?;
                        &codes
                    }
                };
                let put = seats.put(arrays, &persons, spots, null);
                put.map_err(|_| Self::changed(self.table))?;
            }
            let Some(layout) = layout else { return Ok(()) };
            if let (true, Some(null)) = (unnamed, null) {
                nobodys.clear();
                let rows = keys.chunks_exact(layout.words()).zip(&persons);
                let of_nobody = rows.filter(|(_, person)| **person == null);
                of_nobody.for_each(|(key, _)| nobodys.extend_from_slice(key));
                counter
                    .get_or_insert_with(|| Counter::new(layout.clone()))
                    .count(&layout, &nobodys);
            }
            rows_under(&mut chunks, &layout).push(&keys, &persons, null);
            Ok(())
        })?;
        let mut all = shared.counted.lock().expect("no holder panics");
        let longest = all.len().max(counts.len());
        all.resize(longest, 0);
        all.iter_mut()
            .zip(counts)
            .for_each(|(all, rows)| *all += rows);
        drop(all);
        if let Some(counter) = counter {
            shared
                .counters
                .lock()
                .expect("no holder panics")
                .push(counter);
        }
        if let Some(mut sequence) = sequence {
            let whole = self.input.is_whole(unit);
            let persons = sequence.take_persons(whole);
            let mut all = shared.sequences.lock().expect("no holder panics");
            all.0.push(sequence);
            all.1.add(persons);
        }
        let mut rows = shared.rows.lock().expect("no holder panics");
        rows.extend(chunks.into_iter().map(|chunk| (at, chunk)));
        if !trackers.is_empty() {
            let followers = trackers.into_iter().map(|tracker| tracker.rows).collect();
            let mut all = shared.followers.lock().expect("no holder panics");
            all.push((at, followers));
        }
        Ok(())
    }

    fn codes(
        &self,
        attribute: &Attribute,
        unit: &Unit,
        arrays: &[ArrayRef],
        memory: &mut Memory,
        codes: &mut Vec<u32>,
    ) -> Result<()> {
        attribute.encode(arrays, memory, codes).map_err(|refused| {
            let columns: Vec<_> = attribute
                .columns
                .iter()
                .map(|at| self.input.columns[self.decoded[*at]].name.as_str())
                .collect();
            let place = self.input.place(unit, &columns.join("`, `")).to_string();
            let (what, help) = match refused {
                Refused::NotACoordinate => (
                    "a coordinate is NaN or infinite",
                    "write a null where a place is not known; a null is a value of its own",
                ),
                Refused::OutOfRange => (
                    "a coordinate is out of range",
                    "latitudes lie within ±90, longitudes within ±180 degrees; are the two columns \
                     swapped, or is this another coordinate system?",
                ),
                Refused::NotAPoint => (
                    "a geometry is not a point in well-known binary",
                    "a person is at one point at a time: write points, or the cells that the areas \
                     stand for",
                ),
            };
            Error::data(format!("{place}: {what}")).help(help)
        })
    }

    fn check_times(&self, unit: &Unit, arrays: &[ArrayRef]) -> Result<()> {
        let Some(time) = self.time.filter(|time| arrays[*time].null_count() > 0) else {
            return Ok(());
        };
        let column = &self.input.columns[self.decoded[time]].name;
        Err(Error::data(format!("{}: a time is null", self.input.place(unit, column))).help(
            "a moment without a time cannot be placed in a trace: write the time, drop the row where \
             the release is written, or leave `time` out of the point definition",
        ))
    }

    /// The code of null, where rows without a subject are left out.
    fn check_subjects(
        &self,
        subject: &Attribute,
        unit: &Unit,
        arrays: &[ArrayRef],
        shared: &Shared,
    ) -> Result<Option<u32>> {
        let nulls = arrays[subject.columns[0]].logical_null_count() as u64;
        if nulls == 0 {
            return Ok(None);
        }
        if self.table.null_subject == NullSubject::Error {
            let place = self.input.place(unit, &subject.name);
            return Err(Error::data(format!("{place}: a subject is null")).help(
                "a row of nobody cannot be counted in persons. If such rows stand for no person, \
                 say so with `null_subject = \"exclude\"`; the report will state how many there are",
            ));
        }
        shared.without_subject.fetch_add(nulls, Relaxed);
        match self.table.null_subject {
            NullSubject::Own => Ok(None),
            _ => Ok(Some(subject.dictionary.null())),
        }
    }

    fn count_out_of_order(&self, arrays: &[ArrayRef], persons: &[u32], shared: &Shared) {
        let Some(time) = self.time else { return };
        let mut times = Vec::with_capacity(persons.len());
        if matches!(
            arrays[time].data_type(),
            DataType::Dictionary(_, _) | DataType::Utf8View
        ) {
            return;
        }
        column::whole_numbers(&arrays[time], &mut times);
        let steps = times.windows(2).zip(persons.windows(2));
        let back = steps.filter(|(time, person)| person[0] == person[1] && time[1] < time[0]);
        shared.out_of_order.fetch_add(back.count() as u64, Relaxed);
    }

    /// A layout with room for every code handed out so far.
    fn layout(&self, shared: &RwLock<Option<Arc<Layout>>>) -> Arc<Layout> {
        let used = || self.attributes.iter().map(|a| a.dictionary.len().max(1));
        let fits = |layout: &Arc<Layout>| {
            layout
                .capacity()
                .iter()
                .zip(used())
                .all(|(room, used)| used <= *room)
        };
        {
            let current = shared.read().expect("no holder panics");
            if let Some(layout) = current.as_ref().filter(|layout| fits(layout)) {
                return layout.clone();
            }
        }
        let mut current = shared.write().expect("no holder panics");
        if let Some(layout) = current.as_ref().filter(|layout| fits(layout)) {
            return layout.clone();
        }
        let capacity = match current.as_ref() {
            None => used().collect(),
            // Half as much again, so that a growing attribute is laid out anew only rarely.
            Some(layout) => {
                let room = layout.capacity().iter().zip(used());
                room.map(|(room, used)| match used <= *room {
                    true => *room,
                    false => used.max(room.saturating_add(room / 2)),
                })
                .collect()
            }
        };
        let layout = Arc::new(Layout::new(capacity));
        *current = Some(layout.clone());
        layout
    }

    fn finish(
        mut self,
        mut shared: Shared,
        seats: Option<Seats>,
        facts: Option<FileFacts>,
    ) -> Result<Encoded> {
        let watched = self.watched.take();
        let (sequences, persons) = shared.sequences.into_inner().expect("no holder panics");
        let order_of = |subjects: Option<(&Values, &[u32])>| {
            Some(Order::new(watched?, sequences, persons, subjects))
        };
        let mut order_of = Some(order_of);
        let rows_without_subject = shared.without_subject.into_inner();
        let real = self.attributes.last().is_some_and(|last| {
            self.input.columns[self.decoded[last.columns[0]]].domain == Some(Domain::Real)
        });
        let mut attributes = Vec::new();
        let mut orders = Vec::new();
        for attribute in self.attributes {
            let (values, order) = attribute.dictionary.finish();
            attributes.push((attribute.name, values));
            orders.push(order);
        }
        let weights = match (self.divisor, &self.table.roles.weight) {
            (Some(divisor), Some(column)) => {
                let (_, values) = attributes.pop().expect("the weight is the last attribute");
                let weights = column::reals(&values, real, divisor);
                let usable = |weight: &f64| weight.is_finite() && *weight > 0.0;
                if values.null || !weights.iter().all(usable) {
                    let message = format!(
                        "table `{}`: a weight in column `{}` is null, not positive or not a number",
                        self.table.name, column.value
                    );
                    return Err(Error::data(message).help(
                        "a weight says how many persons of the population a record stands for",
                    ));
                }
                Some(weights)
            }
            _ => None,
        };
        let mut others = BTreeMap::new();
        for attribute in self.others {
            others.insert(attribute.name, attribute.dictionary.finish().0);
        }
        let paths = match self.table.kind {
            TableKind::Microdata => {
                let known = &attributes[..self.known];
                paths(self.release, self.table, Some(self.input), known)?
            }
            _ => None,
        };
        let (mut visits, mut finer, mut pairs) = (None, None, None);
        let (mut trails, mut subjects, mut distinct) = (Vec::new(), None, None);
        let mut lie = None;
        let axes = self.axes;
        let mut point_axes = axes.clone();
        let mut flows = None;
        if let Some((counted, divisor)) = self.counted {
            let real =
                self.input.columns[self.decoded[counted.columns[0]]].domain == Some(Domain::Real);
            let (values, order) = counted.dictionary.finish();
            let values = column::reals(&values, real, divisor);
            let mut by_value = vec![0u64; values.len()];
            let by_code = shared.counted.into_inner().expect("no holder panics");
            for (code, rows) in by_code.into_iter().enumerate() {
                by_value[order[code] as usize] += rows;
            }
            check_counts(self.table, &values)?;
            let counts = flows::counts(&values, &by_value, &self.table.counting);
            flows = Some(match attributes.is_empty() {
                true => Flows::of_counts(counts),
                false => {
                    let mut rows = shared.rows.into_inner().expect("no holder panics");
                    rows.sort_by_key(|(at, _)| *at);
                    let rows = rows.into_iter().map(|(_, rows)| rows).collect();
                    let attributes = std::mem::take(&mut attributes).into_iter();
                    let dimensions: Vec<Dimension> = attributes
                        .map(|(name, values)| {
                            let scale = self.input.column(&name);
                            let scale = scale.and_then(|at| Scale::of(&self.input.columns[at]));
                            let input = Some(self.input);
                            dimension(self.release, self.table, input, scale, name, values)
                        })
                        .collect::<Result<_>>()?;
                    let built = Flows::build(rows, dimensions, &orders, &order, counts);
                    built.map_err(|why| {
                        Error::data(format!("table `{}`: {why}", self.table.name))
                            .help("leave columns that say nothing of persons under `ignore`")
                    })?
                }
            });
            shared.rows = Mutex::default();
        }
        let mut unnamed = None;
        let tuples = match self.subject {
            None if attributes.is_empty() => None,
            None => {
                let counters = shared.counters.into_inner().expect("no holder panics");
                Some(Reduced::Rows(count::merge(counters, &orders)))
            }
            Some(subject) => {
                let (values, mut order) = subject.dictionary.finish();
                lie = order_of.take().and_then(|of| of(Some((&values, &order))));
                // Null stands first in the order, and is no person.
                let null = order.iter().position(|place| values.null && *place == 0);
                if null.is_some() {
                    order
                        .iter_mut()
                        .for_each(|place| *place = place.saturating_sub(1));
                }
                let mut persons = values.len() - usize::from(values.null);
                let mut rows = shared.rows.into_inner().expect("no holder panics");
                rows.sort_by_key(|(at, _)| *at);
                let mut rows: Vec<Rows> = rows.into_iter().map(|(_, rows)| rows).collect();
                if let (Some(null), NullSubject::Own) = (null, self.table.null_subject) {
                    let unnamed = rows.iter_mut().flat_map(|rows| &mut rows.persons);
                    for person in unnamed.filter(|person| **person == null as u32) {
                        *person = order.len() as u32;
                        order.push(persons as u32);
                        persons += 1;
                    }
                }
                if let Some((attribute, bins)) = self.quantiles {
                    let (_, values) = &mut attributes[attribute];
                    quantiles(&rows, attribute, bins, values, &mut orders[attribute]);
                }
                let wanted = Wanted {
                    rows: self.table.kind == TableKind::Microdata,
                    composite: self.table.composite.then_some(self.known),
                };
                // Who asks only for visits or for what rows tell asks for no points.
                let only_rows = !self.followed.is_empty() || self.visited.is_some();
                let points = (!attributes.is_empty() || !only_rows).then(|| {
                    let traces = Traces::build(rows, &orders, &order, persons, wanted);
                    points(traces, self.finer, self.defined, &mut attributes, &axes)
                });
                if let Some((visited, seats)) = self.visited.take().zip(seats) {
                    let built = match visited.spot {
                        Spot::OfPoint(at) => {
                            seats.visits(&orders[at], &order, null, attributes[at].0.clone())
                        }
                        Spot::Own(attribute) => {
                            let (_, spots) = attribute.dictionary.finish();
                            seats.visits(&spots, &order, null, attribute.name)
                        }
                    };
                    visits = Some(built.map_err(|_| Self::changed(self.table))?);
                }
                let mut followers = shared.followers.into_inner().expect("no holder panics");
                followers.sort_by_key(|(at, _)| *at);
                let mut units: Vec<_> = followers
                    .into_iter()
                    .map(|(_, definitions)| definitions.into_iter())
                    .collect();
                for mut followed in self.followed {
                    let rows = units.iter_mut().filter_map(Iterator::next).collect();
                    let dictionaries = followed.attributes.iter_mut().map(Attribute::take);
                    let (values, orders): (Vec<_>, Vec<_>) =
                        dictionaries.map(column::Dictionary::finish).unzip();
                    trails.push(Trails::build(
                        rows, followed, values, &orders, &order, persons,
                    ));
                }
                subjects = Some((subject.name, values));
                distinct = Some(persons as u64);
                let counters = shared.counters.into_inner().expect("no holder panics");
                if !counters.is_empty() {
                    unnamed = Some(count::merge(counters, &orders));
                }
                points.map(|points| {
                    (pairs, finer, point_axes) = (Some(points.pairs), points.finer, points.axes);
                    Reduced::Persons(Box::new(points.traces))
                })
            }
        };
        if let Some(of) = order_of {
            lie = of(None);
        }
        let mut reductions = match &tuples {
            Some(tuples) if self.table.kind == TableKind::Microdata => Some(Reductions::new(
                tuples,
                unnamed.as_ref(),
                self.known,
                &attributes[self.known..],
                paths,
            )),
            _ => None,
        };
        if let Some(reductions) = &mut reductions {
            let sensitive = reductions.sensitive.iter_mut();
            for (sensitive, (name, values)) in sensitive.zip(&attributes[self.known..]) {
                sensitive.taxonomy =
                    taxonomy(self.release, self.table, Some(self.input), name, values)?;
            }
        }
        if let (None, Some(subject)) = (&subjects, &self.table.roles.subject) {
            // Read for their own sake.
            subjects = others.remove(&subject.value).map(|values| {
                distinct = Some((values.len() - usize::from(values.null)) as u64);
                (subject.value.clone(), values)
            });
        }
        let direct_identifiers = self.table.roles.direct_identifiers.iter();
        Ok(Encoded {
            name: self.table.name.clone(),
            kind: self.table.kind,
            rows: self.input.rows,
            rows_without_subject,
            rows_out_of_order: shared.out_of_order.into_inner(),
            attributes,
            known: self.known,
            persons: distinct,
            tuples,
            unnamed,
            axes: point_axes,
            finer,
            precise: None,
            pairs,
            visits,
            trails,
            flows,
            subjects,
            direct_identifiers: direct_identifiers.map(|name| name.value.clone()).collect(),
            weights,
            others,
            files: facts.zip(lie),
            published: None,
            with_undeclared: None,
            shared: reductions,
        })
    }
}

/// The rows that are kept under a layout, the last of all.
fn rows_under<'a>(chunks: &'a mut Vec<Rows>, layout: &Arc<Layout>) -> &'a mut Rows {
    let last = chunks.last();
    if last.is_none_or(|chunk| !Arc::ptr_eq(&chunk.layout, layout)) {
        chunks.push(Rows::new(layout.clone()));
    }
    chunks.last_mut().expect("one was just pushed")
}

/// What one thread holds of what rows tell, by one definition of it.
struct Tracker {
    memories: Vec<Memory>,
    codes: Vec<Vec<u32>>,
    rows: Followers,
}

impl Tracker {
    fn new(followed: &Followed) -> Self {
        let memories = followed.attributes.iter().map(|_| Memory::default());
        Self {
            memories: memories.collect(),
            codes: vec![Vec::new(); followed.attributes.len()],
            rows: Followers::default(),
        }
    }
}

/// The greatest number that divides both.
pub fn common_divisor(mut a: i64, mut b: i64) -> i64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The tuples of each person, of a trace by the definition of its points and with finer times.
struct Points {
    traces: Traces,
    axes: Vec<Axis>,
    pairs: u64,
    finer: Option<Finer>,
}

/// `bins` of the first attribute of the traces make one of the definition, whose points are wanted as well where
/// `defined` says so.
fn points(
    traces: Traces,
    bins: i64,
    defined: bool,
    attributes: &mut [(String, Values)],
    axes: &[Axis],
) -> Points {
    let axes = axes.to_vec();
    let as_they_are = |traces: Traces, pairs: u64, axes: Vec<Axis>| Points {
        traces,
        axes,
        pairs,
        finer: None,
    };
    if bins == 1 {
        let pairs = traces.pairs();
        return as_they_are(traces, pairs, axes);
    }
    let (coarser, times) = coarser(&attributes[0].1, bins);
    if !defined {
        let pairs = traces.pairs_with_coarser_first(&coarser);
        return as_they_are(traces, pairs, axes);
    }
    let defined = traces.with_coarser_first(&coarser);
    let mut wide = axes.clone();
    if let Axis::Time(Times::Bins { width, again }) = &mut wide[0] {
        *width *= bins;
        *again = again.map(|again| again / bins);
    }
    Points {
        pairs: defined.pairs(),
        traces: defined,
        axes: wide,
        finer: Some(Finer {
            traces,
            axes,
            times: std::mem::replace(&mut attributes[0].1, times),
        }),
    }
}

/// The greatest number that ascending ones are apart by a multiple of; 0 where there is one alone.
fn width(numbers: &[i64]) -> i64 {
    let steps = numbers.windows(2).map(|pair| pair[1] - pair[0]);
    steps.fold(0, common_divisor)
}

/// The bins that so many of the bins of `times` make, by the code of each and as values.
fn coarser(times: &Values, bins: i64) -> (Vec<u32>, Values) {
    let mut numbers: Vec<i64> = Vec::new();
    let mut codes: Vec<u32> = Vec::with_capacity(times.len());
    if let Distinct::Numbers(fine) = &times.distinct {
        for number in fine {
            let coarse = number.div_euclid(bins);
            if numbers.last() != Some(&coarse) {
                numbers.push(coarse);
            }
            codes.push(numbers.len() as u32 - 1);
        }
    }
    // Null times were refused when they were read.
    let values = Values {
        null: false,
        distinct: Distinct::Numbers(numbers),
    };
    (codes, values)
}

/// Puts the values of an attribute into at most `bins` bins: a bin ends with the least value below or at
/// which there are as many rows as it and the bins before it should have. Null stays apart.
fn quantiles(rows: &[Rows], attribute: usize, bins: u32, values: &mut Values, order: &mut [u32]) {
    let mut counts = vec![0u64; values.len()];
    for rows in rows {
        rows.for_each(|key, _| {
            let code = rows.layout.code(attribute, key);
            counts[order[code as usize] as usize] += 1;
        });
    }
    let null = usize::from(values.null);
    if counts.len() == null {
        return;
    }
    let all: u64 = counts[null..].iter().sum();
    let (mut below, mut bin, mut last) = (0, 0u32, None);
    let mut bin_of: Vec<u32> = (0..null as u32).collect();
    for count in &counts[null..] {
        // The value lies in the bin that the rows below it do not fill.
        let wanted = (below * u64::from(bins) / all.max(1)) as u32;
        if last.is_some_and(|last| last != wanted) {
            bin += 1;
        }
        last = Some(wanted);
        bin_of.push(null as u32 + bin);
        below += count;
    }
    order
        .iter_mut()
        .for_each(|code| *code = bin_of[*code as usize]);
    values.distinct = Distinct::Numbers((0..=i64::from(bin)).collect());
}

/// What the values of a column stand for, where the manifest says so; `scale` is that of times. `input` is where the
/// values are read from.
fn dimension(
    release: &Release,
    table: &Table,
    input: Option<&Input>,
    scale: Option<Scale>,
    name: String,
    values: Values,
) -> Result<Dimension> {
    let counting = &table.counting;
    let mut made_of = counting.made_of.iter();
    if let Some((column, made_of)) = made_of.find(|(column, _)| column.value == name) {
        return match Cover::of_areas(&values, made_of) {
            Ok(cover) => Ok(Dimension::covering(name, values, cover)),
            Err(missing) => {
                let rows = rows_with(input, column, &missing)?;
                let what = match missing.len() {
                    1 => format!(
                        "the file says of a value of column `{name}` neither what it is made of nor what it is part \
                         of{rows}"
                    ),
                    count => format!(
                        "the file says of {count} values of column `{name}` neither what they are made of nor what \
                         they are part of{rows}"
                    ),
                };
                Err(release.error_at(column, what).help(
                    "add a line for each part of them, or take them for parts of another value; a value with blanks \
                     at its ends stands in quotes",
                ))
            }
        };
    }
    let is_time = table
        .roles
        .time
        .as_ref()
        .is_some_and(|time| time.value == name);
    if let (Some(window), true) = (&counting.window, is_time) {
        return timed(release, table, scale, window, name, values);
    }
    let mut totals = counting.totals.iter();
    let total = totals.find(|(column, _)| column.value == name);
    let hierarchy = table.hierarchy(&name);
    let levels = match hierarchy {
        Some((_, Hierarchy::Levels(levels))) => Some(levels),
        _ => None,
    };
    let label = total.map(|(_, label)| label.value.as_str());
    let unblanked = |text: &str| label.is_some_and(|label| label.trim() == text.trim());
    let labels = paths::labels(&values);
    let blanks = labels.iter().flatten().any(|text| unblanked(text));
    drop(labels);
    let known = hierarchy.map(|_| values.clone());
    Dimension::new(name, values, label, levels).map_err(|refusal| match (refusal, total) {
        (Refusal::NoTotal, Some((column, label))) => release
            .error_at(
                label,
                format!("no row of column `{}` has this value", column.value),
            )
            .help(match blanks {
                true => "a value has other blanks at its ends: name it with them, as it is written in the table",
                false => "name the value that stands for all, as it is written in the table",
            }),
        (refusal, _) => {
            let pair = hierarchy.zip(known.as_ref());
            let (pair, values) = pair.expect("only a hierarchy refuses a value");
            refused(release, input, pair, values, refusal)
        }
    })
}

/// Times that last as long as the manifest says.
fn timed(
    release: &Release,
    table: &Table,
    scale: Option<Scale>,
    window: &At<u32>,
    name: String,
    values: Values,
) -> Result<Dimension> {
    let stated = |column: &Column| column.value == name;
    if table
        .counting
        .totals
        .iter()
        .any(|(column, _)| stated(column))
        || table.hierarchy(&name).is_some()
    {
        let message = format!("`{name}` has a `window`, which says which times lie in which");
        let error = release.error_at(window, message);
        return Err(error.help("leave out its totals and its hierarchy, or the window"));
    }
    let scale = scale.filter(|scale| *scale != Scale::Binned);
    let scale = scale.ok_or_else(|| {
        let message = format!("times in column `{name}` are neither timestamps nor dates");
        let error = release.error_at(window, message);
        error.help("a `window` takes them from a clock: write them as timestamps or dates")
    })?;
    Ok(match Cover::of_times(&values, scale, window.value) {
        Some(cover) => Dimension::covering(name, values, cover),
        None => Dimension::new(name, values, None, None).expect("nothing refuses a value"),
    })
}

/// # Errors
/// A count is no count of persons: infinite, or negative where no noise was added.
fn check_counts(table: &Table, values: &[f64]) -> Result<()> {
    let noisy = table.counting.is_noisy();
    let wrong = |value: &f64| value.is_infinite() || (*value < 0.0 && !noisy);
    if !values.iter().any(wrong) {
        return Ok(());
    }
    let column = table.roles.count.as_deref().map_or("", String::as_str);
    let message = format!(
        "table `{}`: a count in column `{column}` is negative or infinite",
        table.name
    );
    Err(Error::data(message).help(
        "nobody is counted less than never: correct the table, or name the mechanism under `noise` where it makes \
         counts negative",
    ))
}

/// How the values of the known attributes match; `None` where only equal ones do.
fn paths(
    release: &Release,
    table: &Table,
    input: Option<&Input>,
    attributes: &[(String, Values)],
) -> Result<Option<Vec<Paths>>> {
    let wildcard = table.nulls == Nulls::Wildcard;
    let paths = attributes
        .iter()
        .map(|(name, values)| match table.hierarchy(name) {
            None => Ok(Paths::equal(values, wildcard)),
            Some(pair) => Paths::new(values, &pair.1, wildcard)
                .map_err(|refusal| refused(release, input, pair, values, refusal)),
        });
    let paths: Vec<Paths> = paths.collect::<Result<_>>()?;
    let equality = paths.iter().all(Paths::is_equality);
    Ok((!equality).then_some(paths))
}

/// The levels above the values of a sensitive column, where the manifest names them.
fn taxonomy(
    release: &Release,
    table: &Table,
    input: Option<&Input>,
    name: &str,
    values: &Values,
) -> Result<Option<Taxonomy>> {
    let Some(pair @ (_, Hierarchy::Levels(levels))) = table.hierarchy(name) else {
        return Ok(None);
    };
    let taxonomy = Taxonomy::new(values, levels);
    taxonomy
        .map(Some)
        .map_err(|refusal| refused(release, input, pair, values, refusal))
}

fn refused(
    release: &Release,
    input: Option<&Input>,
    (column, hierarchy): &(Column, Hierarchy),
    values: &Values,
    refusal: Refusal,
) -> Error {
    let name = &column.value;
    let Refusal::Unknown(codes) = refusal else {
        let what =
            format!("values of column `{name}` share some but not all of what they stand for");
        return release.error_at(column, what).help(
            "in a hierarchy one of two values lies within the other, or they are apart: use one set of \
             bands, each the union of narrower ones",
        );
    };
    let rows = match rows_with(input, column, &codes) {
        Ok(rows) => rows,
        Err(error) => return error,
    };
    let what = match codes.len() {
        1 => format!("a value of column `{name}` is not in its hierarchy{rows}"),
        count => format!("{count} values of column `{name}` are not in its hierarchy{rows}"),
    };
    let labels = paths::labels(values);
    let blanks = match hierarchy {
        Hierarchy::Levels(levels) => codes.iter().any(|code| {
            let label = labels[*code as usize].as_deref();
            label.is_some_and(|label| levels.knows_without_blanks(label))
        }),
        _ => false,
    };
    release.error_at(column, what).help(match blanks {
        true => {
            "the file names such values with other blanks at their ends: in the table blanks count, and in the file \
             those in quotes do, as in \" 1\";north"
        }
        false => "add a line for each of them, or generalise them to a value that is there",
    })
}

/// Rows that are named in an error.
const NAMED: usize = 5;

/// In how many rows and in which of them the values of these codes are, for the end of a sentence. The column is read
/// again: codes stand in the order of values, and are the same.
fn rows_with(input: Option<&Input>, column: &Column, codes: &[u32]) -> Result<String> {
    let Some((input, at)) = input.and_then(|input| Some((input, input.column(column)?))) else {
        return Ok(String::new());
    };
    let attribute = Attribute::new(column, vec![0], Binning::Identity, &input.columns[at]);
    let mut all = Vec::new();
    for unit in input.units(1) {
        let (mut memory, mut batch) = (Memory::default(), Vec::new());
        input.read(&unit, &[at], |arrays| {
            attribute
                .encode(arrays, &mut memory, &mut batch)
                .expect("values as they are fit any column");
            all.append(&mut batch);
            Ok(())
        })?;
    }
    let (_, order) = attribute.dictionary.finish();
    let is_one = |code: &u32| codes.contains(&order[*code as usize]);
    let rows = all.iter().zip(1u64..).filter(|(code, _)| is_one(code));
    let rows: Vec<u64> = rows.map(|(_, row)| row).collect();
    let first: Vec<String> = rows.iter().take(NAMED).map(u64::to_string).collect();
    let counted = match input.files.len() {
        1 => "",
        _ => ", counted through all files in the order of their names",
    };
    Ok(match (&rows[..], &first[..]) {
        ([], _) => String::new(),
        ([row], _) => format!(": row {row}{counted}"),
        (rows, [others @ .., last]) if rows.len() <= NAMED => {
            format!(": rows {} and {last}{counted}", others.join(", "))
        }
        (rows, first) => format!(
            ": {} rows, the first of them {}{counted}",
            rows.len(),
            first.join(", ")
        ),
    })
}
