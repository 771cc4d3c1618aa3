//! The order in which rows lie, as far as it may tell what their cells do not: by which columns they are sorted, in
//! which order persons come and their pseudonyms count, and where row groups end.
//!
//! Memory: 104 bytes a person and 4 for each column that is watched, and the distinct values of these in the first rows
//! of persons; nothing a row.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use arrow::array::{Array, ArrayRef, AsArray, UInt64Array};
use arrow::compute::SortOptions;
use arrow::datatypes::{
    DataType, Int8Type, Int16Type, Int32Type, Int64Type, TimeUnit, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use foldhash::fast::RandomState;
use statrs::function::gamma::ln_gamma;

use super::column::per_day;
use super::column::{Attribute, Memory, times};
use super::counted::{self, Counted};
use super::periods::{self, Life};
use super::published::mix;
use super::{Distinct, Values};
use crate::stats::normal;

/// Each kind of order is reported of innocent data in one table of a thousand at most.
pub const LEVEL: f64 = 0.001;

/// What of a table's rows is watched; columns by their place among the decoded ones.
pub struct Watched {
    pub subject: Option<usize>,
    /// With the unit that all files are brought to.
    pub time: Option<(usize, Option<TimeUnit>)>,
    /// Columns that tell more than the release is meant to.
    pub keys: Vec<Attribute>,
    /// Columns that are published: rows in their order tell nothing, pseudonyms in their order do.
    pub published: Vec<Attribute>,
}

impl Watched {
    fn columns(&self) -> Vec<usize> {
        let first = self.subject.into_iter().chain(self.time.map(|(at, _)| at));
        first
            .chain(self.valued().map(|column| column.columns[0]))
            .collect()
    }

    /// The columns whose values are held against the pseudonyms.
    fn valued(&self) -> impl Iterator<Item = &Attribute> {
        self.keys.iter().chain(&self.published)
    }
}

/// How neighbouring rows of one row group follow each other by a column.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Steps {
    pub up: u64,
    pub down: u64,
    /// The logarithm of a bound on the chance that rows in random order would all go one way.
    pub ln_chance: f64,
}

impl Steps {
    fn count(&mut self, step: Ordering) {
        match step {
            Ordering::Less => self.up += 1,
            Ordering::Greater => self.down += 1,
            Ordering::Equal => {}
        }
    }

    /// Of several row groups with their rows. Of n rows that go up in u steps and down in none there are n!/Π nᵥ!
    /// orders, nᵥ of each of u + 1 values: least where all but one occur once, n!/(n − u)!. Down is as good as up.
    fn of(row_groups: impl Iterator<Item = (Self, u64)>) -> Self {
        let mut all = Self {
            ln_chance: std::f64::consts::LN_2,
            ..Self::default()
        };
        for (steps, rows) in row_groups {
            all.up += steps.up;
            all.down += steps.down;
            let (rows, taken) = (rows as f64, (steps.up + steps.down) as f64);
            all.ln_chance -= ln_gamma(rows + 1.0) - ln_gamma(rows - taken + 1.0);
        }
        if all.up > 0 && all.down > 0 {
            all.ln_chance = 0.0;
        }
        all
    }

    /// Whether rows are in the order of the column, where random order would be at most with this probability.
    pub fn is_order(&self, level: f64) -> bool {
        self.ln_chance <= level.ln()
    }
}

/// What one unit of work, or one row group, has seen.
pub struct Sequence {
    pub file: usize,
    pub row_group: usize,
    /// Where in the row group it begins, and in the table.
    offset: u64,
    start: u64,
    rows: u64,
    columns: Vec<usize>,
    steps: Vec<Steps>,
    /// Of each key the steps from a whole number to the next one.
    ones: Vec<u64>,
    ties: Steps,
    /// Neighbours of which both have a person, and those of two persons.
    pairs: u64,
    changes: u64,
    first: Option<Edge>,
    last: Option<Edge>,
    persons: HashMap<u32, Person, RandomState>,
    memories: Vec<Memory>,
    codes: Vec<Vec<u32>>,
}

/// A row at which units of work meet.
struct Edge {
    cells: Vec<ArrayRef>,
    person: Option<u32>,
}

/// What is known of a person's rows.
#[derive(Debug, Clone, Default)]
struct Person {
    rows: u64,
    /// Sum of their positions within row groups.
    positions: u64,
    first_row: u64,
    times: i128,
    timed: u64,
    first_time: i64,
    last_time: i64,
    /// The codes of the keys and of the published columns in the first row.
    values: Vec<u32>,
}

impl Person {
    fn add(&mut self, other: Self) {
        if self.rows == 0 || (other.rows > 0 && other.first_row < self.first_row) {
            self.first_row = other.first_row;
            self.values = other.values;
        }
        if self.timed == 0 || (other.timed > 0 && other.first_time < self.first_time) {
            self.first_time = other.first_time;
        }
        if self.timed == 0 || (other.timed > 0 && other.last_time > self.last_time) {
            self.last_time = other.last_time;
        }
        self.rows += other.rows;
        self.positions += other.positions;
        self.times += other.times;
        self.timed += other.timed;
    }
}

impl Sequence {
    /// Of a unit of work that begins at a row of its row group, and of the table.
    pub fn new(
        watched: &Watched,
        (file, row_group): (usize, usize),
        offset: u64,
        start: u64,
    ) -> Self {
        let columns = watched.columns();
        Self {
            file,
            row_group,
            offset,
            start,
            rows: 0,
            steps: vec![Steps::default(); columns.len()],
            columns,
            ones: vec![0; watched.keys.len()],
            ties: Steps::default(),
            pairs: 0,
            changes: 0,
            first: None,
            last: None,
            persons: HashMap::default(),
            memories: watched.valued().map(|_| Memory::default()).collect(),
            codes: vec![Vec::new(); watched.valued().count()],
        }
    }

    /// Adds the rows of a batch; `persons` are their codes, and `null` that of nobody.
    pub fn push(
        &mut self,
        watched: &Watched,
        arrays: &[ArrayRef],
        persons: Option<&[u32]>,
        null: Option<u32>,
    ) {
        let rows = arrays[0].len();
        if rows == 0 {
            return;
        }
        let person = |row: usize| {
            let person = persons.map(|persons| persons[row]);
            person.filter(|person| Some(*person) != null)
        };
        let cells = |row: usize| Edge {
            cells: self
                .columns
                .iter()
                .map(|at| arrays[*at].slice(row, 1))
                .collect(),
            person: person(row),
        };
        let (first, last) = (cells(0), cells(rows - 1));
        if let Some(before) = self.last.take() {
            self.meet(watched, &before, &first);
        }
        let own: Vec<ArrayRef> = self.columns.iter().map(|at| arrays[*at].clone()).collect();
        self.follow(
            watched,
            &own,
            &own,
            rows - 1,
            |row| (person(row), person(row + 1)),
            1,
        );
        if persons.is_some() {
            self.persons(watched, arrays, rows, person);
        }
        self.rows += rows as u64;
        self.first.get_or_insert(first);
        self.last = Some(last);
    }

    /// The step from one row to the next, where the two come from different batches.
    fn meet(&mut self, watched: &Watched, before: &Edge, after: &Edge) {
        let persons = (before.person, after.person);
        self.follow(watched, &before.cells, &after.cells, 1, |_| persons, 0);
    }

    /// Counts the steps from each of `count` rows of `left` to the row `ahead` of it in `right`.
    fn follow(
        &mut self,
        watched: &Watched,
        left: &[ArrayRef],
        right: &[ArrayRef],
        count: usize,
        persons: impl Fn(usize) -> (Option<u32>, Option<u32>),
        ahead: usize,
    ) {
        let comparators: Vec<_> = left
            .iter()
            .zip(right)
            .map(|(a, b)| arrow::array::make_comparator(a, b, SortOptions::default()).ok())
            .collect();
        for (steps, compare) in self.steps.iter_mut().zip(&comparators) {
            let Some(compare) = compare else { continue };
            (0..count).for_each(|row| steps.count(compare(row, row + ahead)));
        }
        let at_time = usize::from(watched.subject.is_some());
        let at_keys = at_time + usize::from(watched.time.is_some());
        for (at, ones) in self.ones.iter_mut().enumerate() {
            let (left, right) = (&left[at_keys + at], &right[at_keys + at]);
            *ones += (0..count)
                .filter(|row| is_next(left, *row, right, row + ahead))
                .count() as u64;
        }
        for row in 0..count {
            let (Some(a), Some(b)) = persons(row) else {
                continue;
            };
            self.pairs += 1;
            if a == b {
                continue;
            }
            self.changes += 1;
            if let (Some(_), Some(Some(time)), Some(subject)) =
                (watched.time, comparators.get(at_time), &comparators[0])
                && time(row, row + ahead) == Ordering::Equal
            {
                self.ties.count(subject(row, row + ahead));
            }
        }
    }

    fn persons(
        &mut self,
        watched: &Watched,
        arrays: &[ArrayRef],
        rows: usize,
        person: impl Fn(usize) -> Option<u32>,
    ) {
        let first = self.first_rows(rows, &person);
        let firsts = taken(watched, arrays, &first);
        let valued = watched.valued().zip(&mut self.memories);
        for ((column, memory), codes) in valued.zip(&mut self.codes) {
            // A column as it is: nothing about it can be refused.
            let _ = column.encode(&firsts, memory, codes);
        }
        let mut first = first.values().iter().zip(0..).peekable();
        let mut moments = Vec::new();
        let nulls = watched
            .time
            .and_then(|(at, unit)| times(&arrays[at], unit, &mut moments));
        for row in 0..rows {
            let Some(code) = person(row) else { continue };
            let known = self.persons.entry(code).or_default();
            let at = self.rows + row as u64;
            if let Some((_, place)) = first.next_if(|(first, _)| **first == row as u64) {
                known.first_row = self.start + at;
                known.values = self.codes.iter().map(|codes| codes[place]).collect();
            }
            known.rows += 1;
            known.positions += self.offset + at;
            if !moments.is_empty() && nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)) {
                let time = moments[row];
                if known.timed == 0 || time < known.first_time {
                    known.first_time = time;
                }
                if known.timed == 0 || time > known.last_time {
                    known.last_time = time;
                }
                known.times += i128::from(time);
                known.timed += 1;
            }
        }
    }

    /// The rows of a batch in which a person comes for the first time.
    fn first_rows(&self, rows: usize, person: impl Fn(usize) -> Option<u32>) -> UInt64Array {
        let mut new: HashSet<u32, RandomState> = HashSet::default();
        let is_first = |row: &u64| {
            person(*row as usize)
                .is_some_and(|code| !self.persons.contains_key(&code) && new.insert(code))
        };
        UInt64Array::from_iter_values((0..rows as u64).filter(is_first))
    }

    /// The unit of work that follows in the same row group, added to this.
    fn join(&mut self, watched: &Watched, next: Self) {
        if let (Some(before), Some(after)) = (&self.last.take(), &next.first) {
            self.meet(watched, before, after);
        }
        for (steps, more) in self.steps.iter_mut().zip(&next.steps) {
            steps.up += more.up;
            steps.down += more.down;
        }
        for (ones, more) in self.ones.iter_mut().zip(&next.ones) {
            *ones += more;
        }
        self.ties.up += next.ties.up;
        self.ties.down += next.ties.down;
        self.pairs += next.pairs;
        self.changes += next.changes;
        self.rows += next.rows;
        self.last = next.last;
    }

    /// Gives up what is known of persons, and where nothing more can follow, the cells of the edges.
    pub fn take_persons(&mut self, whole: bool) -> Persons {
        if whole {
            let edges = self.first.iter_mut().chain(&mut self.last);
            edges.for_each(|edge| edge.cells.clear());
        }
        self.memories.clear();
        self.codes.clear();
        Persons(std::mem::take(&mut self.persons))
    }
}

/// Whether a cell is the whole number that follows the one of another.
fn is_next(left: &ArrayRef, at: usize, right: &ArrayRef, next: usize) -> bool {
    let one = |array: &ArrayRef, row: usize| -> Option<i128> {
        if !array.is_valid(row) {
            return None;
        }
        macro_rules! whole {
            ($($kind:ident => $primitive:ty),*) => {
                match array.data_type() {
                    $(DataType::$kind => Some(i128::from(array.as_primitive::<$primitive>().value(row))),)*
                    _ => None,
                }
            };
        }
        whole!(
            Int8 => Int8Type, Int16 => Int16Type, Int32 => Int32Type, Int64 => Int64Type,
            UInt8 => UInt8Type, UInt16 => UInt16Type, UInt32 => UInt32Type, UInt64 => UInt64Type
        )
    };
    match (one(left, at), one(right, next)) {
        (Some(a), Some(b)) => a + 1 == b,
        _ => false,
    }
}

/// The columns whose values are needed, at some rows alone; the others as they are.
fn taken(watched: &Watched, arrays: &[ArrayRef], rows: &UInt64Array) -> Vec<ArrayRef> {
    let mut taken = arrays.to_vec();
    for column in watched.valued() {
        let at = column.columns[0];
        taken[at] = arrow::compute::take(&arrays[at], rows, None).expect("the rows are there");
    }
    taken
}

/// What is known of the rows of persons, by their codes.
#[derive(Default)]
pub struct Persons(HashMap<u32, Person, RandomState>);

impl Persons {
    pub fn add(&mut self, other: Self) {
        for (code, person) in other.0 {
            self.0.entry(code).or_default().add(person);
        }
    }
}

/// How the rows of a table lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub persons: u64,
    /// Whether rows are sorted by their subjects, or by another published column.
    pub sorted: bool,
    /// By the time, and between rows of one time and of different persons, by the subject.
    pub time: Option<Steps>,
    pub ties: Steps,
    /// Each column that tells more than is meant to be published.
    pub keys: Vec<Key>,
    /// How the persons come in the file, and how their pseudonyms count, by the time.
    pub by_time: Relation,
    /// How pseudonyms count by the rows in which their persons first come; none where rows are sorted.
    pub by_row: Option<f64>,
    /// How they count by what is published of the person in the first row.
    pub by_published: Vec<(String, Option<f64>)>,
    /// Pseudonyms that follow from those of the period before.
    pub by_period: u64,
    pub boundaries: Boundaries,
}

/// Orders in which pseudonyms were looked for, and those they are in.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed<'a> {
    pub orders: u64,
    pub followed: u64,
    /// The columns among those that are followed, the time but by its flag.
    pub columns: Vec<&'a str>,
    pub by_time: bool,
}

/// One column that tells more than is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    pub name: String,
    pub steps: Steps,
    /// Whether it numbers the rows as they lie, and says nothing else.
    pub numbers_rows: bool,
    pub relation: Relation,
}

/// Rank correlations over persons, as deviates of the standard normal distribution, or bounded like those.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Relation {
    /// Of the mean place of their rows in a row group; none where rows are sorted.
    pub rows: Option<f64>,
    /// Of their pseudonyms.
    pub pseudonyms: Option<f64>,
}

/// Where row groups of one file meet.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Boundaries {
    pub all: u64,
    /// Those at which the person changes.
    pub at_change: u64,
    /// Neighbouring rows with persons, and those of two persons.
    pub pairs: u64,
    pub changes: u64,
}

impl Order {
    /// The orders that the pseudonyms follow: of first time, of first row, and of columns. Of random pseudonyms one is
    /// found with at most the probability `level`, over all orders together.
    pub fn followed(&self, level: f64) -> Followed<'_> {
        let named = |name, deviate: Option<f64>| deviate.map(|deviate| (name, deviate));
        // The order of rows is looked at by itself.
        let keys = self.keys.iter().filter(|key| !key.numbers_rows);
        let keys = keys.filter_map(|key| named(Some(key.name.as_str()), key.relation.pseudonyms));
        let published = self.by_published.iter();
        let published = published.filter_map(|(name, z)| named(Some(name.as_str()), *z));
        let columns: Vec<(Option<&str>, f64)> = keys.chain(published).collect();
        let orders = [self.by_time.pseudonyms, self.by_row].into_iter().flatten();
        let orders = orders.count() + columns.len();
        let bound = -normal::quantile(level / 2.0 / orders.max(1) as f64);
        let follows = |deviate: Option<f64>| deviate.is_some_and(|deviate| deviate.abs() > bound);
        let by_time = follows(self.by_time.pseudonyms);
        let columns = columns.into_iter().filter(|(_, z)| z.abs() > bound);
        let columns: Vec<&str> = columns.filter_map(|(name, _)| name).collect();
        let beside = u64::from(by_time) + u64::from(follows(self.by_row));
        Followed {
            orders: orders as u64,
            followed: beside + columns.len() as u64,
            columns,
            by_time,
        }
    }

    /// `subjects` are the persons' values and `order` brings their codes into the order of the values, the first of
    /// which is null where `subjects` say so.
    pub fn new(
        watched: Watched,
        sequences: Vec<Sequence>,
        persons: Persons,
        subjects: Option<(&Values, &[u32])>,
    ) -> Self {
        let groups = row_groups(&watched, sequences);
        let steps = |at: usize| Steps::of(groups.iter().map(|group| (group.steps[at], group.rows)));
        let at_time = usize::from(watched.subject.is_some());
        let at_keys = at_time + usize::from(watched.time.is_some());
        let at_published = at_keys + watched.keys.len();
        let published = at_published..at_published + watched.published.len();
        let mut by_period = 0;
        let per_day = watched.time.map(|(_, unit)| per_day(unit));
        let first_published = watched.keys.len();
        let ranked = subjects.map_or_else(Vec::new, |(values, order)| {
            let mut ranked: Vec<(u64, Person)> = persons
                .0
                .into_iter()
                .map(|(code, person)| (u64::from(order[code as usize]), person))
                .collect();
            ranked.sort_by_key(|(place, _)| *place);
            let counted = Counted::read(values);
            let is_count = counted
                .as_ref()
                .is_some_and(|counted| counted::is_dense(counted.numbers()));
            if let (Some(per_day), false) = (per_day, is_count) {
                by_period = periods::followed(&lives(values, &ranked, first_published), per_day);
            }
            if let Some(counted) = counted {
                let numbers = counted.numbers();
                let null = u64::from(values.null);
                for (place, _) in &mut ranked {
                    let at = place.checked_sub(null);
                    *place = at.map_or(0, |at| numbers[at as usize]);
                }
                ranked.sort_by_key(|(number, _)| *number);
            }
            ranked
        });
        let by_subject =
            watched.subject.is_some() && (is_sorted(&steps(0)) || is_in_runs(&groups, &ranked));
        let time = watched.time.map(|_| steps(at_time));
        let ties = Steps::of(groups.iter().map(|group| (group.ties, group.rows)));
        let by_both = time.as_ref().is_some_and(is_sorted) && is_sorted(&ties);
        let sorted = by_subject || by_both || published.into_iter().any(|at| is_sorted(&steps(at)));
        let pseudonyms: Vec<f64> = ranked.iter().map(|(place, _)| *place as f64).collect();
        let places: Vec<f64> = ranked
            .iter()
            .map(|(_, person)| person.positions as f64 / person.rows.max(1) as f64)
            .collect();
        let relation =
            |of: &dyn Fn(&Person) -> f64, mean: &dyn Fn(&Person) -> f64, steps: &Steps| {
                let values = |of: &dyn Fn(&Person) -> f64| -> Vec<f64> {
                    ranked.iter().map(|(_, person)| of(person)).collect()
                };
                Relation {
                    rows: match sorted || is_sorted(steps) {
                        true => None,
                        false => symmetric(&places, &values(mean)),
                    },
                    pseudonyms: spearman(&pseudonyms, &values(of)),
                }
            };
        let timed = ranked.iter().all(|(_, person)| person.timed > 0);
        let by_time = match (time, timed) {
            (Some(steps), true) => relation(
                &|person| person.first_time as f64,
                &|person| (person.times / i128::from(person.timed)) as f64,
                &steps,
            ),
            _ => Relation::default(),
        };
        let first_rows: Vec<f64> = ranked.iter().map(|(_, p)| p.first_row as f64).collect();
        let by_row = match sorted {
            true => None,
            false => spearman(&pseudonyms, &first_rows),
        };
        let boundaries = boundaries(&groups);
        let steps_of_keys: Vec<Steps> = (0..watched.keys.len())
            .map(|at| steps(at_keys + at))
            .collect();
        let rows: u64 = groups.iter().map(|group| group.rows).sum();
        let numbers_rows = |at: usize| {
            let all_next = groups
                .iter()
                .all(|group| group.ones[at] + 1 >= group.rows.max(1));
            rows > groups.len() as u64 && all_next
        };
        let numbers_rows: Vec<bool> = (0..watched.keys.len()).map(numbers_rows).collect();
        let at_others = watched.keys.len();
        let by_published = watched.published.into_iter().zip(at_others..);
        let by_published = by_published.map(|(column, at)| {
            let (_, order) = column.dictionary.finish();
            let own = |(_, person): &(u64, Person)| f64::from(order[person.values[at] as usize]);
            let own: Vec<f64> = ranked.iter().map(own).collect();
            (column.name, spearman(&pseudonyms, &own))
        });
        let by_published = by_published.collect();
        let keys = watched.keys.into_iter().zip(steps_of_keys).enumerate();
        let keys = keys.map(|(at, (key, steps))| {
            let name = key.name;
            let (_, order) = key.dictionary.finish();
            let of = |person: &Person| f64::from(order[person.values[at] as usize]);
            Key {
                name,
                steps,
                numbers_rows: numbers_rows[at],
                relation: relation(&of, &of, &steps),
            }
        });
        Self {
            keys: keys.collect(),
            persons: ranked.len() as u64,
            sorted,
            time,
            ties,
            by_time,
            by_row,
            by_published,
            by_period,
            boundaries,
        }
    }
}

/// Where the rows of each person lie, `ranked` by their pseudonyms. What their first row says is what the columns from one on
/// hold in it.
fn lives(values: &Values, ranked: &[(u64, Person)], from: usize) -> Vec<Life> {
    let null = u64::from(values.null);
    let timed = ranked.iter().filter(|(_, person)| person.timed > 0);
    let life = |(place, person): &(u64, Person)| {
        let at = place.checked_sub(null)? as usize;
        let content = person.values[from..].iter();
        Some(Life {
            text: match &values.distinct {
                Distinct::Numbers(numbers) => numbers[at].to_string().into_bytes(),
                Distinct::Bytes(texts) => texts.get(at).to_vec(),
            },
            first_time: person.first_time,
            last_time: person.last_time,
            first_row: person.first_row,
            content: content.fold(0, |content, code| mix(content, u64::from(*code))),
        })
    };
    timed.filter_map(life).collect()
}

/// Whether rows go one way by a column that has more than one value.
fn is_sorted(steps: &Steps) -> bool {
    (steps.up == 0) != (steps.down == 0)
}

/// Whether the rows of each person lie together, and the persons in the order of their pseudonyms or its reverse.
fn is_in_runs(groups: &[Sequence], ranked: &[(u64, Person)]) -> bool {
    let runs: u64 = groups.iter().map(|group| group.changes + 1).sum();
    let together = runs <= ranked.len() as u64 + groups.len() as u64;
    let rows = || {
        ranked
            .windows(2)
            .map(|pair| pair[0].1.first_row < pair[1].1.first_row)
    };
    together && (rows().all(|up| up) || rows().all(|up| !up))
}

/// Units of work put together to row groups, in the order of the table.
fn row_groups(watched: &Watched, mut sequences: Vec<Sequence>) -> Vec<Sequence> {
    sequences.sort_by_key(|unit| (unit.file, unit.row_group, unit.offset));
    let mut groups: Vec<Sequence> = Vec::new();
    for unit in sequences {
        match groups.last_mut() {
            Some(group) if (group.file, group.row_group) == (unit.file, unit.row_group) => {
                group.join(watched, unit);
            }
            _ => groups.push(unit),
        }
    }
    groups
}

fn boundaries(groups: &[Sequence]) -> Boundaries {
    let mut found = Boundaries::default();
    for group in groups {
        found.pairs += group.pairs;
        found.changes += group.changes;
    }
    for pair in groups
        .windows(2)
        .filter(|pair| pair[0].file == pair[1].file)
    {
        let person = |edge: &Option<Edge>| edge.as_ref().and_then(|edge| edge.person);
        let (Some(a), Some(b)) = (person(&pair[0].last), person(&pair[1].first)) else {
            continue;
        };
        found.all += 1;
        found.at_change += u64::from(a != b);
        found.pairs += 1;
        found.changes += u64::from(a != b);
    }
    found
}

/// Ranks from 0, of equal values the mean.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for run in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let rank = start as f64 + (run.len() - 1) as f64 / 2.0;
        run.iter().for_each(|at| ranks[*at] = rank);
        start += run.len();
    }
    ranks
}

/// Persons there must be for a rank correlation to say something.
const FEWEST: usize = 20;

/// Spearman's rank correlation times √(n − 1): about standard normal where one of the two is in random order,
/// whatever the other is. `None` of fewer than [`FEWEST`] persons, or where all are equal.
///
/// Source: M. G. Kendall, Rank correlation methods, 1948, chapters 4 and 5.
fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.len() < FEWEST {
        return None;
    }
    let centre = (a.len() - 1) as f64 / 2.0;
    let (a, b) = (ranks(a), ranks(b));
    let (mut product, mut squares_a, mut squares_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(&b) {
        product += (a - centre) * (b - centre);
        squares_a += (a - centre).powi(2);
        squares_b += (b - centre).powi(2);
    }
    let scale = (squares_a * squares_b).sqrt();
    (scale > 0.0).then(|| product / scale * ((a.len() - 1) as f64).sqrt())
}

/// The sum of products of centred ranks over the root of the sum of their squares. Where each person's place lies as
/// likely above the middle as below, P(≥ t) ≤ exp(−t²/2), though persons with many rows lie nearer to the middle.
///
/// Source: B. Efron, Student's t-test under symmetry conditions, JASA 64 (1969); W. Hoeffding, Probability
/// inequalities for sums of bounded random variables, JASA 58 (1963), theorem 2.
fn symmetric(places: &[f64], values: &[f64]) -> Option<f64> {
    if places.len() < FEWEST {
        return None;
    }
    let centre = (places.len() - 1) as f64 / 2.0;
    let (places, values) = (ranks(places), ranks(values));
    let products = || {
        let pairs = places.iter().zip(&values);
        pairs.map(|(place, value)| (place - centre) * (value - centre))
    };
    let squares: f64 = products().map(|product| product * product).sum();
    (squares > 0.0).then(|| products().sum::<f64>() / squares.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Draws;

    #[test]
    fn ranks_of_equal_values_are_their_mean() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [2.5, 0.0, 2.5, 1.0]);
    }

    #[test]
    fn spearman_by_hand() {
        // One to twenty against themselves, turned, and with two swapped: r = 1 − 6 Σd²/(n³ − n).
        let up: Vec<f64> = (0..20).map(f64::from).collect();
        let down: Vec<f64> = up.iter().rev().copied().collect();
        let root = 19f64.sqrt();
        assert!((spearman(&up, &up).unwrap() - root).abs() < 1e-12);
        assert!((spearman(&up, &down).unwrap() + root).abs() < 1e-12);
        let mut swapped = up.clone();
        swapped.swap(0, 19);
        let r = 1.0 - 6.0 * 2.0 * 361.0 / (8_000.0 - 20.0);
        assert!((spearman(&up, &swapped).unwrap() - r * root).abs() < 1e-12);
        assert_eq!(spearman(&up, &[1.0; 20]), None);
        assert_eq!(spearman(&up[..19], &up[..19]), None);
    }

    /// Random orders exceed the bounds no more often than they may, also with ties, and where persons of early
    /// times have few rows and lie far from the middle.
    #[test]
    fn random_orders_exceed_the_bounds_as_often_as_stated() {
        let draws = Draws::new(1, "order", "test");
        let (mut ranked, mut placed) = (0, 0);
        let trials = 4_000;
        for trial in 0..trials {
            let mut trial = draws.trial(trial);
            let values: Vec<f64> = (0..100).map(|person| f64::from(person / 3)).collect();
            let mut shuffled: Vec<f64> = (0..100).map(f64::from).collect();
            (1..100).for_each(|at| shuffled.swap(at, trial.below(at as u64 + 1) as usize));
            ranked += usize::from(spearman(&shuffled, &values).unwrap().abs() > 1.96);
            let places: Vec<f64> = (0..100u32)
                .map(|person| {
                    let rows = 1 + person / 5;
                    let sum: u64 = (0..rows).map(|_| trial.below(10_000)).sum();
                    sum as f64 / f64::from(rows)
                })
                .collect();
            // exp(−t²/2) · 2 = 0.05
            let bound = (2.0 * 40f64.ln()).sqrt();
            placed += usize::from(symmetric(&places, &values).unwrap().abs() > bound);
        }
        // 200 expected, standard deviation 14.
        assert!((140..260).contains(&ranked), "{ranked}");
        assert!(placed < 200, "{placed}");
    }

    #[test]
    fn chances_of_steps() {
        let group = |up, down| Steps {
            up,
            down,
            ln_chance: 0.0,
        };
        // 7! orders of seven values, two of them in order; of two row groups 4! · 4!.
        let one = Steps::of([(group(6, 0), 7)].into_iter());
        assert!((one.ln_chance - (2.0f64 / 5_040.0).ln()).abs() < 1e-9);
        let two = Steps::of([(group(0, 3), 4), (group(0, 3), 4)].into_iter());
        assert!((two.ln_chance - (2.0f64 / 576.0).ln()).abs() < 1e-9);
        assert!(one.is_order(1e-3) && !two.is_order(1e-3));
        // Two steps among a hundred rows: at least 100 · 99 orders.
        let few = Steps::of([(group(2, 0), 100)].into_iter());
        assert!((few.ln_chance - (2.0f64 / 9_900.0).ln()).abs() < 1e-9);
        let mixed = Steps::of([(group(900, 0), 901), (group(0, 1), 2)].into_iter());
        assert!(!mixed.is_order(0.5));
    }
}
