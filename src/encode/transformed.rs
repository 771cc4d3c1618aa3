//! A table as it would be encoded after it is transformed, from what it is encoded as: no file is read again.
//!
//! Codes are replaced by coarser ones, tuples that become equal are one, persons in small classes are left out,
//! pseudonyms change with time. What comes of it is what encoding the transformed files would give: the values that
//! are left, in their order, without gaps.

use std::sync::Arc;

use rayon::prelude::*;

use super::axis::{Axis, Times};
use super::count::Tuples;
use super::groups::Groups;
use super::layout::Layout;
use super::recoding::Recoding;
use super::{Encoded, Reduced, Reductions, Values, column, paths, taxonomy};
use crate::error::Result;
use crate::release::input::Domain;
use crate::release::{Release, Table};

/// What becomes of an attribute.
#[derive(Debug, Clone)]
pub enum Change {
    Keep,
    Drop,
    Recode(Arc<Recoding>),
}

/// What is changed of an encoded table.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// One for each attribute, in their order.
    pub attributes: Vec<Change>,
    /// Persons in classes of fewer by the known attributes are left out, until there is no such class.
    pub below: Option<u64>,
    /// Seconds after which a person goes by another pseudonym.
    pub rotation: Option<u32>,
    /// Counts of fewer persons are left out.
    pub minimum: Option<u64>,
}

/// How many there are in a table, and how many of them are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    pub persons: u64,
    pub of: u64,
}

impl Left {
    /// The share that is left out.
    pub fn suppressed(self) -> f64 {
        match self.of {
            0 => 0.0,
            of => (of - self.persons) as f64 / of as f64,
        }
    }
}

/// Tuples under their new keys.
struct Moved {
    layout: Layout,
    /// The new distinct keys, ascending.
    keys: Vec<u64>,
    /// Which of them each tuple becomes.
    place: Vec<u32>,
}

impl Moved {
    fn len(&self) -> usize {
        self.keys.len() / self.layout.words()
    }
}

/// The keys of tuples of which some attributes are kept, each with the new code of each of its codes.
fn moved(layout: &Layout, keys: &[u64], kept: &[(usize, Option<&Recoding>)]) -> Moved {
    let capacity = |(attribute, recoding): &(usize, Option<&Recoding>)| match recoding {
        Some(recoding) => recoding.values.len().max(1) as u32,
        None => layout.capacity()[*attribute],
    };
    let to = Layout::new(kept.iter().map(capacity).collect());
    let (words, mine) = (to.words(), layout.words());
    let tuples = keys.len() / mine;
    let mut wide = vec![0u64; tuples * words];
    wide.par_chunks_mut(words)
        .zip(keys.par_chunks(mine))
        .for_each(|(out, key)| {
            for (at, (attribute, recoding)) in kept.iter().enumerate() {
                let code = layout.code(*attribute, key);
                let code = recoding.map_or(code, |recoding| recoding.codes[code as usize]);
                to.add(at, &[code], out);
            }
        });
    let key = |tuple: u32| &wide[tuple as usize * words..][..words];
    let mut order: Vec<u32> = (0..tuples as u32).collect();
    order.par_sort_unstable_by(|a, b| key(*a).cmp(key(*b)));
    let (mut place, mut distinct, mut next) = (vec![0u32; tuples], Vec::new(), 0);
    for same in order.chunk_by(|a, b| key(*a) == key(*b)) {
        same.iter().for_each(|tuple| place[*tuple as usize] = next);
        distinct.extend_from_slice(key(same[0]));
        next += 1;
    }
    Moved {
        layout: to,
        keys: distinct,
        place,
    }
}

/// Who has which tuple of a table without a subject, as the tuples become.
fn rows(tuples: &Tuples, moved: Moved, kept: Option<&[bool]>) -> Tuples {
    let mut rows = vec![0u64; moved.len()];
    let places = moved.place.iter().zip(&tuples.rows).enumerate();
    for (tuple, (place, count)) in places {
        if kept.is_none_or(|kept| kept[tuple]) {
            rows[*place as usize] += count;
        }
    }
    let words = moved.layout.words();
    let mut keys = Vec::with_capacity(moved.keys.len());
    for (key, rows) in moved.keys.chunks_exact(words).zip(&rows) {
        if *rows > 0 {
            keys.extend_from_slice(key);
        }
    }
    rows.retain(|rows| *rows > 0);
    Tuples {
        layout: moved.layout,
        keys,
        rows,
    }
}

impl Reduced {
    fn layout(&self) -> (&Layout, &[u64]) {
        match self {
            Self::Rows(tuples) => (&tuples.layout, &tuples.keys),
            Self::Persons(traces) => (&traces.layout, &traces.keys),
        }
    }

    /// Which tuples (rows) or persons stay where classes of fewer than `below` are left out, by the group of each
    /// tuple; and how many are left of how many.
    fn stay(&self, groups: &[u32], count: usize, below: u64) -> (Vec<bool>, Left) {
        match self {
            Self::Rows(tuples) => {
                let mut sizes = vec![0u64; count];
                for (group, rows) in groups.iter().zip(&tuples.rows) {
                    sizes[*group as usize] += rows;
                }
                let stay = groups.iter().map(|group| sizes[*group as usize] >= below);
                let of = sizes.iter().sum();
                let persons = sizes.iter().filter(|size| **size >= below).sum();
                (stay.collect(), Left { persons, of })
            }
            Self::Persons(traces) => {
                let of = |person: usize| {
                    let tuples = traces.of(person).iter();
                    let mut mine: Vec<u32> = tuples.map(|tuple| groups[*tuple as usize]).collect();
                    mine.sort_unstable();
                    mine.dedup();
                    mine
                };
                let all: Vec<Vec<u32>> = (0..traces.persons()).into_par_iter().map(of).collect();
                let mut sizes = vec![0u64; count];
                for group in all.iter().flatten() {
                    sizes[*group as usize] += 1;
                }
                let mut stay = vec![true; all.len()];
                // Who goes may leave too few behind in another class.
                loop {
                    let small =
                        |mine: &Vec<u32>| mine.iter().any(|group| sizes[*group as usize] < below);
                    let gone: Vec<usize> = (0..all.len())
                        .into_par_iter()
                        .filter(|person| stay[*person] && small(&all[*person]))
                        .collect();
                    if gone.is_empty() {
                        break;
                    }
                    for person in gone {
                        stay[person] = false;
                        all[person]
                            .iter()
                            .for_each(|group| sizes[*group as usize] -= 1);
                    }
                }
                let persons = stay.iter().filter(|stay| **stay).count() as u64;
                let of = all.len() as u64;
                (stay, Left { persons, of })
            }
        }
    }
}

impl Encoded {
    /// Whether persons can be left out of it: their rows are told apart from those of others.
    pub fn can_suppress(&self) -> bool {
        match &self.tuples {
            Some(Reduced::Rows(_)) => true,
            Some(Reduced::Persons(traces)) => {
                let support: u64 = traces
                    .support
                    .iter()
                    .map(|persons| u64::from(*persons))
                    .sum();
                traces.composite.is_none() && traces.rows.iter().sum::<u64>() == support
            }
            None => false,
        }
    }

    /// Whether its rows can be told more coarsely: a person's rows are not one key, and each has a subject.
    pub fn can_recode(&self) -> bool {
        match &self.tuples {
            Some(Reduced::Rows(_)) => true,
            Some(Reduced::Persons(traces)) => traces.composite.is_none() && self.unnamed.is_none(),
            None => false,
        }
    }

    /// How many records, of a trace (person, point) pairs, have each code of an attribute.
    ///
    /// # Panics
    /// No tuples were asked for.
    pub fn occurrences(&self, attribute: usize) -> Vec<u64> {
        let tuples = self.tuples.as_ref().expect("tuples were asked for");
        let (layout, keys) = tuples.layout();
        let mut counts = vec![0u64; layout.capacity()[attribute] as usize];
        let code = |key: &[u64]| layout.code(attribute, key) as usize;
        let codes = keys.chunks_exact(layout.words()).map(code);
        match tuples {
            Reduced::Rows(tuples) => {
                codes
                    .zip(&tuples.rows)
                    .for_each(|(code, rows)| counts[code] += rows);
            }
            Reduced::Persons(traces) if traces.rows.is_empty() => {
                let support = traces.support.iter();
                codes
                    .zip(support)
                    .for_each(|(code, n)| counts[code] += u64::from(*n));
            }
            Reduced::Persons(traces) => {
                codes
                    .zip(&traces.rows)
                    .for_each(|(code, rows)| counts[code] += rows);
            }
        }
        counts
    }

    /// What is kept of each attribute of a tuple, those an adversary knows first; the weight stands last.
    fn kept<'a>(&self, changes: &'a [Change]) -> Vec<(usize, Option<&'a Recoding>)> {
        let attributes = changes.iter().enumerate();
        let kept = attributes.filter_map(|(at, change)| match change {
            Change::Keep => Some((at, None)),
            Change::Drop => None,
            Change::Recode(recoding) => Some((at, Some(&**recoding))),
        });
        let weight = self.weights.iter().map(|_| (self.attributes.len(), None));
        kept.chain(weight).collect()
    }

    /// How many persons are left where those in small classes are left out; all where nobody is.
    ///
    /// # Panics
    /// No tuples were asked for.
    pub fn left(&self, changes: &Changes) -> Left {
        let tuples = self.tuples.as_ref().expect("tuples were asked for");
        let known = self.kept(&changes.attributes[..self.known]);
        let known: Vec<_> = known
            .into_iter()
            .filter(|(at, _)| *at < self.known)
            .collect();
        let (layout, keys) = tuples.layout();
        let moved = moved(layout, keys, &known);
        let below = changes.below.unwrap_or(0);
        tuples.stay(&moved.place, moved.len(), below).1
    }

    /// The table as it is after `changes`, as `table` describes it then; and how many persons are left. Where the
    /// order of rows, flows, finer times or files are asked for they are not there.
    ///
    /// # Errors
    /// The values that are left do not fit the hierarchies of `table`.
    ///
    /// # Panics
    /// No tuples were asked for, or there are more attributes than changes.
    pub fn transformed(
        &self,
        release: &Release,
        table: &Table,
        changes: &Changes,
    ) -> Result<(Self, Left)> {
        let tuples = self.tuples.as_ref().expect("tuples were asked for");
        let (layout, keys) = tuples.layout();
        let kept = self.kept(&changes.attributes);
        let all = moved(layout, keys, &kept);
        let known = kept.iter().filter(|(at, _)| *at < self.known).count();
        let groups = Groups::by_prefix(&all.layout, &all.keys, known);
        let stay = changes.below.map(|below| {
            let of: Vec<u32> = all.place.iter().map(|at| groups.of[*at as usize]).collect();
            tuples.stay(&of, groups.count, below)
        });
        let (stay, left) = stay.unzip();
        let mut attributes: Vec<(String, Values)> = Vec::new();
        let mut axes: Vec<Axis> = Vec::new();
        let present = kept.iter().filter(|(at, _)| *at < self.attributes.len());
        for (at, recoding) in present {
            let (name, values) = &self.attributes[*at];
            let values = recoding.map_or(values, |recoding| &recoding.values);
            attributes.push((name.clone(), values.clone()));
            if let Some(axis) = self.axes.get(*at) {
                let moved = recoding.and_then(|recoding| recoding.axis.clone());
                axes.push(moved.unwrap_or_else(|| axis.clone()));
            }
        }
        let periods = changes
            .rotation
            .map(|width| self.periods(layout, keys, width));
        let tuples = match tuples {
            Reduced::Rows(tuples) => Reduced::Rows(rows(tuples, all, stay.as_deref())),
            Reduced::Persons(traces) => Reduced::Persons(Box::new(traces.moved(
                all.layout,
                all.keys,
                &all.place,
                stay.as_deref(),
                periods.as_deref(),
            ))),
        };
        let mut transformed = Self {
            name: self.name.clone(),
            kind: self.kind,
            rows: 0,
            rows_without_subject: self.rows_without_subject,
            rows_out_of_order: self.rows_out_of_order,
            attributes,
            known,
            persons: None,
            tuples: None,
            unnamed: None,
            axes,
            finer: None,
            precise: None,
            pairs: None,
            visits: None,
            trails: Vec::new(),
            flows: None,
            subjects: None,
            direct_identifiers: names(table),
            weights: self.weights.clone(),
            others: self.others.clone(),
            files: None,
            published: None,
            with_undeclared: None,
            shared: None,
        };
        let tuples = transformed.compact(tuples);
        // Of a trace the attributes are bins: what is published is told as it was.
        let changed = match self.axes.is_empty() {
            true => &transformed.attributes[..],
            false => &[],
        };
        let published = self.published.as_ref();
        transformed.published = published.map(|published| published.transformed(table, changed));
        transformed.count(self, &tuples, stay.as_deref());
        if !self.axes.is_empty() {
            transformed.tuples = Some(tuples);
        } else {
            let of_known = &transformed.attributes[..known];
            let paths = paths(release, table, None, of_known)?;
            let sensitive = &transformed.attributes[known..];
            let mut shared = Reductions::new(&tuples, None, known, sensitive, paths);
            for (of, (name, values)) in shared.sensitive.iter_mut().zip(sensitive) {
                of.taxonomy = taxonomy(release, table, None, name, values)?;
            }
            transformed.tuples = Some(tuples);
            transformed.shared = Some(shared);
        }
        let persons = self.persons().unwrap_or(0);
        let left = left.unwrap_or(Left {
            persons,
            of: persons,
        });
        Ok((transformed, left))
    }

    /// The counts after `changes`, one for each column that says what a cell is; and how much of what was published
    /// is.
    ///
    /// # Errors
    /// A value that is left is not in its hierarchy.
    ///
    /// # Panics
    /// No cells were asked for, or a column is dropped.
    pub fn transformed_flows(
        &self,
        release: &Release,
        table: &Table,
        changes: &Changes,
    ) -> Result<(Self, Left)> {
        let flows = self.flows.as_ref().expect("cells were asked for");
        let recodings: Vec<Option<&Recoding>> = changes
            .attributes
            .iter()
            .map(|change| match change {
                Change::Keep => None,
                Change::Recode(recoding) => Some(&**recoding),
                Change::Drop => unreachable!("counts keep their columns"),
            })
            .collect();
        let dimensions = flows.dimensions.iter().zip(&recodings);
        let dimensions = dimensions.map(|(known, recoding)| match recoding {
            None => Ok(known.clone()),
            Some(recoding) => {
                let (name, values) = (known.name.clone(), recoding.values.clone());
                super::dimension(release, table, None, None, name, values)
            }
        });
        let dimensions = dimensions.collect::<Result<_>>()?;
        let told = flows.told(dimensions, &recodings, changes.minimum, &table.counting);
        let left = Left {
            persons: told.published().round() as u64,
            of: flows.published().round() as u64,
        };
        let transformed = Self {
            name: self.name.clone(),
            kind: self.kind,
            rows: told.len() as u64,
            rows_without_subject: 0,
            rows_out_of_order: 0,
            attributes: Vec::new(),
            known: 0,
            persons: None,
            tuples: None,
            unnamed: None,
            axes: Vec::new(),
            finer: None,
            precise: None,
            pairs: None,
            visits: None,
            trails: Vec::new(),
            flows: Some(told),
            subjects: None,
            direct_identifiers: names(table),
            weights: None,
            others: self.others.clone(),
            files: None,
            with_undeclared: None,
            published: self
                .published
                .as_ref()
                .map(|published| published.transformed(table, &[])),
            shared: None,
        };
        Ok((transformed, left))
    }

    /// The period of each tuple, where pseudonyms change after `width` seconds.
    fn periods(&self, layout: &Layout, keys: &[u64], width: u32) -> Vec<i64> {
        let (_, values) = &self.attributes[0];
        let Some(Axis::Time(times)) = self.axes.first() else {
            unreachable!("only what has times has periods")
        };
        let period = |key: &[u64]| {
            let number = values
                .number(layout.code(0, key))
                .expect("times are numbers");
            let period = times.coarser(number, width.into());
            period.expect("it was found that bins make periods")
        };
        keys.par_chunks(layout.words()).map(period).collect()
    }

    /// Whether pseudonyms can change after so many seconds: the bins of the points' times make such periods.
    pub fn can_rotate(&self, width: u32) -> bool {
        match self.axes.first() {
            Some(Axis::Time(
                times @ (Times::Instants { .. } | Times::Bins { again: None, .. }),
            )) => times.coarser(0, width.into()).is_some(),
            _ => false,
        }
    }

    /// The tuples without codes that none of them has; the values of these are dropped.
    fn compact(&mut self, tuples: Reduced) -> Reduced {
        let (layout, keys) = tuples.layout();
        let weight = usize::from(self.weights.is_some());
        let mut recodings = Vec::new();
        for attribute in 0..self.attributes.len() + weight {
            let mut used = vec![false; layout.capacity()[attribute] as usize];
            for key in keys.chunks_exact(layout.words()) {
                used[layout.code(attribute, key) as usize] = true;
            }
            if attribute == self.attributes.len() {
                let weights = self.weights.take().expect("the weight stands last");
                let pairs = weights.iter().zip(&used);
                let kept: Vec<f64> = pairs.filter(|(_, used)| **used).map(|(w, _)| *w).collect();
                let numbers = Values {
                    null: false,
                    distinct: super::Distinct::Numbers((0..weights.len() as i64).collect()),
                };
                recodings.push(Recoding::of_kept(&numbers, &used));
                self.weights = Some(kept);
                continue;
            }
            let (_, values) = &mut self.attributes[attribute];
            used.resize(values.len(), false);
            let recoding = Recoding::of_kept(values, &used);
            *values = recoding.values.clone();
            recodings.push(recoding);
        }
        if recodings
            .iter()
            .zip(layout.capacity())
            .all(|(recoding, capacity)| recoding.values.len().max(1) as u32 == *capacity)
        {
            return tuples;
        }
        let kept: Vec<_> = recodings.iter().map(Some).enumerate().collect();
        let moved = moved(layout, keys, &kept);
        match tuples {
            Reduced::Rows(tuples) => Reduced::Rows(rows(&tuples, moved, None)),
            Reduced::Persons(traces) => Reduced::Persons(Box::new(traces.moved(
                moved.layout,
                moved.keys,
                &moved.place,
                None,
                None,
            ))),
        }
    }

    /// Rows, persons, pairs and subjects that are left of those of `before`.
    fn count(&mut self, before: &Self, tuples: &Reduced, stay: Option<&[bool]>) {
        match tuples {
            Reduced::Rows(tuples) => self.rows = tuples.rows.iter().sum(),
            Reduced::Persons(traces) => {
                self.rows = match traces.rows.is_empty() {
                    true => before.rows,
                    false => traces.rows.iter().sum(),
                };
                self.persons = Some(traces.persons() as u64);
                self.pairs = Some(traces.pairs());
            }
        }
        self.subjects = before.subjects.as_ref().map(|(name, values)| {
            let kept = match (stay, tuples) {
                (Some(stay), Reduced::Persons(_)) => {
                    let null = values.null.then_some(true);
                    let kept = null.into_iter().chain(stay.iter().copied());
                    values.kept(&kept.collect::<Vec<_>>())
                }
                _ => values.clone(),
            };
            (name.clone(), kept)
        });
    }
}

impl Encoded {
    /// What the values of an attribute of a point are; `None` of microdata.
    pub fn axis(&self, attribute: usize) -> Option<&Axis> {
        self.axes.get(attribute)
    }

    /// The share of pairs of points of a person that are of two pseudonyms where these change after `width` seconds:
    /// 1 − Σ n(person, period)² / Σ n(person)².
    pub fn parted(&self, width: u32) -> f64 {
        let Some(Reduced::Persons(traces)) = &self.tuples else {
            return 0.0;
        };
        let periods = self.periods(&traces.layout, &traces.keys, width);
        let of = |person: usize| {
            let mine = traces.of(person).iter();
            let mut mine: Vec<i64> = mine.map(|tuple| periods[*tuple as usize]).collect();
            mine.sort_unstable();
            let square = |n: usize| (n * n) as u64;
            let parts = mine.chunk_by(|a, b| a == b).map(|part| square(part.len()));
            (parts.sum::<u64>(), square(mine.len()))
        };
        let add = |a: (u64, u64), b: (u64, u64)| (a.0 + b.0, a.1 + b.1);
        let persons = (0..traces.persons()).into_par_iter();
        let (within, all) = persons.map(of).reduce(|| (0, 0), add);
        match all {
            0 => 0.0,
            all => 1.0 - within as f64 / all as f64,
        }
    }
}

/// The columns that name persons outright.
fn names(table: &Table) -> Vec<String> {
    let names = table.roles.direct_identifiers.iter();
    names.map(|column| column.value.clone()).collect()
}

/// The numbers that values stand for; NaN for null and for what is no number.
pub fn numbers(values: &Values, domain: Option<Domain>) -> Vec<f64> {
    let divisor = match domain {
        Some(Domain::Decimal(scale)) => 10f64.powi(scale.into()),
        _ => 1.0,
    };
    column::reals(values, domain == Some(Domain::Real), divisor)
}
