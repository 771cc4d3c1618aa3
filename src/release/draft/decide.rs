//! Which role each column of a table is drafted for, and why: by how its values repeat and relate, and by what form they
//! are; names break ties.

use std::collections::HashSet;

use super::facts::{Facts, Form, rounded};
use super::sample::{NULL, Sample};
use super::words::*;
use crate::identifier::{self, Kind};
use crate::release::EpochUnit;
use crate::release::input::{Domain, Input};

/// A role's columns, with what a comment says of them.
#[derive(Debug, Clone)]
pub struct Entry {
    pub columns: Vec<usize>,
    pub why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Microdata,
    Trace,
    Flows,
}

#[derive(Debug, Clone)]
pub enum Where {
    Cell(usize),
    Coordinates(usize, usize),
    Geometry(usize),
}

/// How the numbers or texts of a column are times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    Typed,
    Counted(EpochUnit),
    /// As they are: texts, days as numbers of eight digits, hours of the week.
    AsTheyAre,
}

/// A table as it is drafted.
#[derive(Debug)]
pub struct Draft {
    pub layout: Layout,
    pub why: String,
    /// What is to be answered before anybody relies on the draft.
    pub questions: Vec<String>,
    /// Whether nothing says that rows are about persons; and whether much says that they are not.
    pub asked: bool,
    pub of_things: bool,
    pub subject: Option<Entry>,
    pub direct: Option<Entry>,
    pub time: Option<(Entry, Clock)>,
    pub place: Option<(Where, String)>,
    pub item: Option<Entry>,
    pub amount: Option<Entry>,
    pub weight: Option<Entry>,
    pub ends: Option<(usize, usize, String)>,
    pub count: Option<Entry>,
    pub known: Option<Entry>,
    pub sensitive: Option<Entry>,
    pub ignored: Vec<Entry>,
    /// Of these the numbers of rows.
    pub rows: Vec<usize>,
    /// Rows of the subject without a value.
    pub without_subject: bool,
}

/// Rows from which on a single value in all of them says that the column is constant.
const SOME: usize = 100;
/// Persons that a column must tell apart to be believed by its name alone.
const CROWD: usize = 20;

pub struct Table<'a> {
    pub facts: Vec<Facts<'a>>,
    pub sample: &'a Sample,
}

impl<'a> Table<'a> {
    pub fn new(input: &'a Input, sample: &'a Sample) -> Self {
        let columns = input.columns.iter().zip(&sample.columns);
        let facts = columns.map(|(source, column)| Facts::of(source, column.as_ref(), sample));
        Self {
            facts: facts.collect(),
            sample,
        }
    }

    fn codes(&self, column: usize) -> &[u32] {
        let column = self.sample.columns[column].as_ref();
        column.map_or(&[], |column| &column.codes)
    }

    /// How many combinations of values of some columns there are.
    fn combinations(&self, columns: &[usize]) -> usize {
        let codes: Vec<&[u32]> = columns.iter().map(|column| self.codes(*column)).collect();
        let tuple = |row: usize| codes.iter().map(|codes| codes[row]).collect::<Vec<u32>>();
        let tuples: HashSet<Vec<u32>> = (0..self.sample.rows).map(tuple).collect();
        tuples.len()
    }

    /// Whether (nearly) every value of a column stands with one value of another.
    fn determines(&self, column: usize, other: usize) -> bool {
        let (a, b) = (self.codes(column), self.codes(other));
        let pairs: HashSet<(u32, u32)> = a
            .iter()
            .copied()
            .zip(b.iter().copied())
            .filter(|pair| pair.0 != NULL && pair.1 != NULL)
            .collect();
        let first: HashSet<u32> = pairs.iter().map(|pair| pair.0).collect();
        !first.is_empty() && pairs.len() as f64 <= 1.01 * first.len() as f64
    }

    /// The share of the values of one column that another has as well, of the one with fewer.
    fn overlap(&self, a: usize, b: usize) -> f64 {
        use super::sample::Distinct::{Numbers, Texts};
        let values = |column: usize| -> HashSet<String> {
            match self.sample.columns[column]
                .as_ref()
                .map(|column| &column.values)
            {
                Some(Numbers(numbers)) => numbers.iter().map(f64::to_string).collect(),
                Some(Texts(texts)) => texts.iter().map(|(text, _)| text.clone()).collect(),
                _ => HashSet::new(),
            }
        };
        let (a, b) = (values(a), values(b));
        let both = a.intersection(&b).count();
        both as f64 / a.len().min(b.len()).max(1) as f64
    }

    fn all(&self, is: impl Fn(&Facts) -> bool) -> Vec<usize> {
        (0..self.facts.len())
            .filter(|at| is(&self.facts[*at]))
            .collect()
    }
}

pub fn decide(table: &Table<'_>) -> Draft {
    let facts = &table.facts;
    let times = times(table);
    let pairs = coordinates(table);
    let is_coordinate = |at: &usize| pairs.iter().any(|pair| pair.columns().contains(at));
    let projected = projected(table);
    let rows: Vec<usize> = row_ids(table);
    let direct: Vec<(usize, Kind)> = direct(table);
    let time = times.first().cloned();
    let taken = |at: &usize| {
        is_coordinate(at) || projected.contains(at) || times.iter().any(|time| time.column == *at)
    };
    let geometry = table.all(|facts| {
        facts.form == Form::Point
            || (facts.source.domain == Some(Domain::Bytes) && facts.words.any(GEOMETRIES))
    });
    let located = !pairs.is_empty() || !geometry.is_empty() || !projected.is_empty();
    let things = things(table);
    let persons = subject(
        table,
        &taken,
        &rows,
        time.is_some(),
        located,
        things.is_some(),
        &direct,
    );
    let mut draft = Draft {
        layout: Layout::Microdata,
        why: String::new(),
        questions: Vec::new(),
        asked: false,
        of_things: false,
        subject: None,
        direct: None,
        time: None,
        place: None,
        item: None,
        amount: None,
        weight: None,
        ends: None,
        count: None,
        known: None,
        sensitive: None,
        ignored: Vec::new(),
        rows: Vec::new(),
        without_subject: false,
    };
    let mut used: HashSet<usize> = HashSet::new();
    let direct: Vec<(usize, Kind)> = direct
        .into_iter()
        .filter(|(at, _)| {
            persons
                .subject
                .as_ref()
                .is_none_or(|subject| subject.column != *at)
        })
        .collect();
    // Who, when, and where or what or how much: a trace, where rows of a person repeat.
    let is_subject = |at: &usize| {
        persons
            .subject
            .as_ref()
            .is_some_and(|subject| subject.column == *at)
    };
    let mut cells = cells(table, &taken);
    if let Some(subject) = &persons.subject {
        // Where somebody lives is no place of a moment.
        cells.retain(|at| *at != subject.column && !table.determines(subject.column, *at));
    }
    let named = |at: &usize| direct.iter().any(|(direct, _)| direct == at);
    let aside = |at: &usize| {
        persons
            .aside
            .iter()
            .any(|(columns, _)| columns.contains(at))
    };
    let free = |at: &usize| {
        !is_subject(at) && !taken(at) && !rows.contains(at) && !named(at) && !aside(at)
    };
    let mut items: Vec<usize> = table.all(is_item);
    items.retain(|at| free(at) && !cells.contains(at));
    let mut amounts =
        table.all(|facts| facts.is_number() && !facts.is_constant() && facts.words.any(AMOUNTS));
    amounts.retain(|at| free(at) && !items.contains(at));
    if let Some(subject) = &persons.subject
        && !located
        && items.is_empty()
        && amounts.is_empty()
        && cells.is_empty()
    {
        // Whatever changes from row to row of a person, and is none of their own attributes.
        let other = |at: &usize| {
            let facts = &table.facts[*at];
            let repeats =
                facts.distinct > 1 && facts.each() >= 3.0 && !facts.words.any(DEMOGRAPHICS);
            let told = facts.is_text() || facts.source.domain == Some(Domain::Integer);
            repeats && told && !is_sensitive(facts) && facts.form != Form::Prose
        };
        let others = table
            .all(|_| true)
            .into_iter()
            .filter(|at| free(at) && other(at));
        items = others
            .filter(|at| !table.determines(subject.column, *at))
            .collect();
    }
    let what = What {
        pairs: pairs.clone(),
        geometry,
        cells,
        items,
        amounts,
    };
    if let (Some(subject), Some(time)) = (&persons.subject, &time)
        && let Some(why) = is_trace(table, subject, located, &what)
    {
        draft.layout = Layout::Trace;
        draft.why = why;
        trace(&mut draft, table, &what, time, &mut used);
    } else if persons.subject.is_none()
        && direct.is_empty()
        && let Some(flows) = flows(table, &times, &pairs, &what.cells, &rows)
    {
        draft.layout = Layout::Flows;
        draft.why = "it has no persons, but a number of them for each place or journey".to_owned();
        counts(&mut draft, table, flows, &mut used);
    }
    if let Some(subject) = persons
        .subject
        .as_ref()
        .filter(|_| draft.layout != Layout::Flows)
    {
        let source = &facts[subject.column];
        draft.without_subject =
            source.nulls > 0 || source.source.nulls.is_some_and(|nulls| nulls > 0);
        used.insert(subject.column);
        draft.subject = Some(Entry {
            columns: vec![subject.column],
            why: subject.why.clone(),
        });
    }
    if !direct.is_empty() {
        let kinds = direct
            .iter()
            .map(|(at, kind)| format!("{}: {}", facts[*at].source.name, kind.as_str()));
        let kinds: Vec<String> = kinds.collect();
        used.extend(direct.iter().map(|(at, _)| *at));
        draft.direct = Some(Entry {
            columns: direct.iter().map(|(at, _)| *at).collect(),
            why: format!(
                "named like what identifies a person directly ({}): take these columns out before publishing",
                kinds.join(", ")
            ),
        });
    }
    for (columns, why) in &persons.aside {
        let columns: Vec<usize> = columns
            .iter()
            .copied()
            .filter(|at| used.insert(*at))
            .collect();
        if !columns.is_empty() {
            draft.ignored.push(Entry {
                columns,
                why: why.clone(),
            });
        }
    }
    let rows: Vec<usize> = rows.into_iter().filter(|at| used.insert(*at)).collect();
    draft.rows.clone_from(&rows);
    if !rows.is_empty() {
        draft.ignored.push(Entry {
            why: format!(
                "another value in each of {} rows: numbers of rows, not of persons",
                table.sample.rows
            ),
            columns: rows,
        });
    }
    match draft.layout {
        Layout::Microdata => attributes(&mut draft, table, &pairs, &times, &mut used),
        _ => {
            let rest: Vec<usize> = (0..facts.len()).filter(|at| used.insert(*at)).collect();
            if !rest.is_empty() {
                draft.ignored.push(Entry {
                    columns: rest,
                    why: "points and cells do without them; they are published all the same, and examined. What says \
                          more of a moment belongs to a role"
                        .to_owned(),
                });
            }
        }
    }
    question(&mut draft, things, &pairs);
    if let Some(pair) = pairs.iter().find(|pair| pair.swapped) {
        draft.questions.push(format!(
            "the values of `{}` and `{}` are swapped: those of the first reach beyond 90 degrees",
            facts[pair.longitude].source.name, facts[pair.latitude].source.name
        ));
    }
    draft
}

// When.

#[derive(Debug, Clone)]
struct Time {
    column: usize,
    clock: Clock,
    why: String,
    rank: (u8, u8),
}

/// The columns that are times, the one at which a row happened first.
fn times(table: &Table<'_>) -> Vec<Time> {
    let mut times: Vec<Time> = Vec::new();
    for (column, facts) in table.facts.iter().enumerate() {
        let named = facts.words.any(TIMES);
        if facts.words.any(BIRTHS) || (facts.distinct < 2 && table.sample.rows >= SOME) {
            continue;
        }
        // Numbers of ten digits in a narrow range may be running numbers as well.
        let lists = [
            PERSONS, PROXIES, HOUSEHOLDS, SESSIONS, THINGS, ROW_IDS, BARE,
        ];
        let identifies = lists.iter().any(|list| facts.words.made_of(list, IDS))
            || facts.words.any(&[
                "*id", "*nr", "*no", "*num", "*nummer", "*number", "*key", "*code", "*phone",
                "tel", "amount", "price",
            ]);
        let (clock, coarse, what) = if facts.is_time() {
            let what = match facts.source.domain {
                Some(Domain::Date) => "days",
                _ => "instants",
            };
            (Clock::Typed, 0, what.to_owned())
        } else if let Some(unit) = facts.epoch().filter(|unit| match unit {
            // Small numbers count days only where the name says so.
            EpochUnit::Days => facts.words.any(DAYS),
            _ => named || (facts.distinct > 10 && !facts.running && !identifies),
        }) {
            let what = format!(
                "numbers that count time since 1970: in `{}` all of them lie between 1980 and 2100",
                unit.as_str()
            );
            (Clock::Counted(unit), 0, what)
        } else if matches!(facts.form, Form::Instant | Form::Day) && (named || facts.is_text()) {
            let what = match facts.is_text() {
                true => {
                    "times written as texts: taken as they are, for texts have no hours or days; write them as \
                         timestamps to have them binned"
                }
                false => {
                    "dates written as numbers of eight digits: taken as they are; write them as dates to have \
                          them binned"
                }
            };
            (Clock::AsTheyAre, 1, what.to_owned())
        } else if named
            && facts.words.last(TIMES)
            && facts.numbers.is_some_and(|n| n.whole && n.least >= 0.0)
            && facts.is_number()
            && !facts.is_unique()
        {
            let what = "whole numbers named like times: taken as they are, as hours of the week or numbers of days".to_owned();
            (Clock::AsTheyAre, 2, what)
        } else {
            continue;
        };
        let handled = match () {
            _ if facts.words.any(HANDLED) => 3,
            _ if facts.words.any(ENDS) => 2,
            _ if named => 0,
            _ => 1,
        };
        times.push(Time {
            column,
            clock,
            why: format!("{what} ({})", facts.told()),
            rank: (coarse, handled),
        });
    }
    times.sort_by_key(|time| (time.rank, time.column));
    times
}

// Where.

#[derive(Debug, Clone)]
struct Pair {
    latitude: usize,
    longitude: usize,
    swapped: bool,
    /// Numbers written as texts, which have no grid.
    texts: bool,
}

impl Pair {
    fn columns(&self) -> [usize; 2] {
        [self.latitude, self.longitude]
    }
}

/// Latitudes and longitudes, each with its own, in the order of the columns.
fn coordinates(table: &Table<'_>) -> Vec<Pair> {
    let within = |facts: &Facts, most: f64| {
        let numbers = facts
            .numbers
            .filter(|_| facts.distinct > 1 || table.sample.rows < SOME);
        numbers.is_some_and(|numbers| numbers.least >= -most && numbers.greatest <= most)
    };
    let usable = |facts: &Facts| {
        matches!(
            facts.source.domain,
            Some(Domain::Real | Domain::Integer | Domain::Decimal(_))
        ) || facts.form == Form::Number
    };
    let named = |list: &'static [&'static str]| {
        table.all(move |facts| usable(facts) && facts.words.any(list))
    };
    let (latitudes, longitudes) = (named(LATITUDES), named(LONGITUDES));
    let mut pairs: Vec<Pair> = Vec::new();
    let mut gone: Vec<usize> = Vec::new();
    for latitude in latitudes {
        let rest = |at: usize, list: &[&str]| {
            let words = table.facts[at].words.without(list);
            words
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<String>>()
        };
        let own = rest(latitude, LATITUDES);
        let free = longitudes
            .iter()
            .filter(|at| !gone.contains(at) && **at != latitude);
        let free: Vec<usize> = free.copied().collect();
        let same = free.iter().find(|at| rest(**at, LONGITUDES) == own);
        let Some(longitude) = same.or(free.first()).copied() else {
            continue;
        };
        let (a, b) = (&table.facts[latitude], &table.facts[longitude]);
        let texts = a.is_text() || b.is_text();
        if within(a, 90.0) && within(b, 180.0) {
            pairs.push(Pair {
                latitude,
                longitude,
                swapped: false,
                texts,
            });
        } else if within(a, 180.0) && within(b, 90.0) {
            pairs.push(Pair {
                latitude: longitude,
                longitude: latitude,
                swapped: true,
                texts,
            });
        } else {
            continue;
        }
        gone.push(longitude);
    }
    // x and y in degrees: most with three decimal places.
    let (xs, ys) = (named(EASTINGS), named(NORTHINGS));
    for (x, y) in xs.into_iter().zip(ys) {
        let fine = |at: usize| {
            table.facts[at]
                .numbers
                .is_some_and(|numbers| numbers.fine > 0.5)
        };
        let texts = table.facts[x].is_text() || table.facts[y].is_text();
        if within(&table.facts[y], 90.0) && within(&table.facts[x], 180.0) && fine(x) && fine(y) {
            pairs.push(Pair {
                latitude: y,
                longitude: x,
                swapped: false,
                texts,
            });
        }
    }
    pairs.sort_by_key(|pair| pair.latitude.min(pair.longitude));
    pairs
}

/// Coordinates in metres, or degrees as whole numbers: pairs by name that are none in degrees.
fn projected(table: &Table<'_>) -> Vec<usize> {
    let far = |facts: &Facts| {
        let numbers = facts.numbers.filter(|_| facts.is_number());
        numbers.is_some_and(|numbers| numbers.greatest.abs().max(numbers.least.abs()) > 180.0)
    };
    let named =
        |list: &'static [&'static str]| table.all(move |facts| far(facts) && facts.words.any(list));
    let mut found = Vec::new();
    for (a, b) in [(EASTINGS, NORTHINGS), (LONGITUDES, LATITUDES)] {
        let (a, b) = (named(a), named(b));
        if !a.is_empty() && !b.is_empty() {
            found.extend(a.into_iter().chain(b));
        }
    }
    found
}

/// Columns of cells by name or form, the finest first.
fn cells(table: &Table<'_>, taken: &dyn Fn(&usize) -> bool) -> Vec<usize> {
    let mut cells = table.all(|facts| {
        let by_name =
            facts.words.any(PLACES) && !facts.words.any(AMOUNTS) && !facts.words.any(DEMOGRAPHICS);
        let kinds = facts.is_text()
            || matches!(
                facts.source.domain,
                Some(Domain::Integer | Domain::Unsigned | Domain::Bytes)
            );
        let told = facts.distinct > 1 || table.sample.rows < SOME;
        (facts.form == Form::H3 || by_name && kinds)
            && told
            && !facts.is_unique()
            && !matches!(
                facts.form,
                Form::Prose | Form::Point | Form::Instant | Form::Day
            )
    });
    cells.retain(|at| !taken(at));
    cells.sort_by_key(|at| std::cmp::Reverse(table.facts[*at].distinct));
    cells
}

// Who.

struct Person {
    column: usize,
    why: String,
}

struct Persons {
    subject: Option<Person>,
    /// What is told of other columns of persons, households and devices.
    aside: Vec<(Vec<usize>, String)>,
}

fn subject(
    table: &Table<'_>,
    taken: &dyn Fn(&usize) -> bool,
    rows: &[usize],
    timed: bool,
    located: bool,
    of_things: bool,
    direct: &[(usize, Kind)],
) -> Persons {
    let moves = timed && located;
    let elsewhere = |words: &Words| {
        let lists = [
            THINGS,
            PLACES,
            ITEMS,
            OBJECTS,
            DEMOGRAPHICS,
            SENSITIVE,
            AMOUNTS,
            SESSIONS,
            ORIGINS,
            DESTINATIONS,
        ];
        lists.iter().any(|list| words.any(list))
    };
    // The likelier first.
    let rank = |facts: &Facts| -> Option<(u8, &str)> {
        let words = &facts.words;
        let has_id = words.any(IDS) || words.any(&["*id", "*nr", "*hash", "*nummer"]);
        let hashed = matches!(facts.form, Form::Uuid | Form::Hash);
        Some(if words.made_of(PERSONS, IDS) && (has_id || hashed) {
            (1, "named like a pseudonym of persons")
        } else if words.made_of(PERSONS, IDS) {
            (2, "named like a person")
        } else if words.made_of(PROXIES, IDS) && (has_id || hashed || words.list.len() == 1) {
            (3, "named like what a person carries or owns")
        } else if words.made_of(BARE, IDS) {
            (4, "named like a pseudonym")
        } else if words.made_of(HOUSEHOLDS, IDS) {
            (5, "named like a pseudonym of households")
        } else if hashed && !words.any(THINGS) && !words.any(PLACES) {
            (6, "of the form of pseudonyms")
        } else if words.made_of(SESSIONS, IDS) && has_id && !of_things {
            (7, "named like what links rows for a while")
        } else if has_id && !of_things && facts.each() >= 2.0 && !elsewhere(words) {
            (
                8,
                "named like an identifier, of nothing that the other columns are about",
            )
        } else {
            return None;
        })
    };
    let believed = |at: usize, rank: u8| {
        let facts = &table.facts[at];
        if !facts.could_be_pseudonyms() || facts.distinct < 2 || rows.contains(&at) {
            return false;
        }
        if (facts.rows as f64) < 0.2 * table.sample.rows as f64 {
            return false;
        }
        let few = table.sample.rows < 200;
        let crowd =
            facts.distinct >= CROWD || (few && facts.distinct as f64 * 20.0 >= facts.rows as f64);
        match rank {
            1 if timed => {
                crowd || moves || facts.distinct >= 3 && facts.is_text() || facts.distinct >= 10
            }
            // Types of devices, a taxi or not.
            _ => crowd && (timed || facts.each() <= 100.0),
        }
    };
    // A telephone number in each row names a person; in many rows of a trace it is all that ties them together.
    let names_a_person = |at: usize| {
        let facts = &table.facts[at];
        let ties = timed && facts.each() >= 3.0;
        !matches!(facts.form, Form::Uuid | Form::Hash) && !ties
    };
    let mut candidates: Vec<(u8, usize, &str)> = Vec::new();
    for at in 0..table.facts.len() {
        if taken(&at) {
            continue;
        }
        if let Some((rank, why)) = rank(&table.facts[at])
            && believed(at, rank)
            && !(direct.iter().any(|(direct, _)| *direct == at) && names_a_person(at))
        {
            candidates.push((rank, at, why));
        }
    }
    candidates.sort_by_key(|(rank, at, _)| (*rank, *at));
    let households: Vec<usize> = table.all(|facts| {
        facts.words.made_of(HOUSEHOLDS, IDS) && facts.could_be_pseudonyms() && facts.distinct >= 2
    });
    let households: Vec<usize> = households
        .into_iter()
        .filter(|at| !taken(at) && !rows.contains(at))
        .collect();
    let mut aside: Vec<(Vec<usize>, String)> = Vec::new();
    // Numbers of persons within their household say nothing without it: with it they are a row each.
    if let Some(household) = households.first() {
        let within = (0..table.facts.len()).find(|at| {
            let facts = &table.facts[*at];
            let person = facts
                .numbers
                .is_some_and(|n| n.whole && n.least >= 0.0 && n.least <= 1.0 && n.greatest <= 30.0);
            person
                && !facts.words.any(DEMOGRAPHICS)
                && table.combinations(&[*household, *at]) as f64 >= 0.99 * table.sample.rows as f64
                && !table.facts[*household].is_unique()
                && facts.each() > 3.0
        });
        if let Some(within) = within {
            let facts = &table.facts[*household];
            aside.push((
                vec![*household],
                format!(
                    "a household's number ({}) ties its members together; with `{}`, which counts the persons of each, \
                     a row is a person",
                    facts.told(),
                    table.facts[within].source.name
                ),
            ));
            return Persons {
                subject: None,
                aside,
            };
        }
    }
    let Some((_, first, named)) = candidates.first().copied() else {
        return Persons {
            subject: None,
            aside,
        };
    };
    let mut chosen = (first, named);
    // A device that several households have is a kind of device.
    if let Some((_, household, why)) = candidates.iter().find(|(rank, ..)| *rank == 5)
        && candidates[0].0 == 3
        && !table.determines(first, *household)
    {
        chosen = (*household, why);
    }
    let (column, named) = chosen;
    let facts = &table.facts[column];
    let mut why = format!("{named}, and told apart by values: {}", facts.told());
    for household in households.iter().filter(|at| **at != column) {
        let told = &table.facts[*household];
        let relation = match table.determines(column, *household) {
            true => "each person is of one household",
            false => "persons are of several households",
        };
        why.push_str(&format!(
            "; `{}` is of households ({} of them, {relation})",
            told.source.name, told.distinct
        ));
        aside.push((
            vec![*household],
            format!(
                "the pseudonym of a household ties its members together ({}): take it out, or say under [table.harmless] \
                 why nobody can know it",
                told.told()
            ),
        ));
    }
    for (rank, other, _) in &candidates {
        if *other != column && *rank <= 6 && !households.contains(other) {
            let relation = match (
                table.determines(*other, column),
                table.determines(column, *other),
            ) {
                (true, true) => "stands for the same persons",
                (true, false) => "is part of what one person has",
                (false, true) => "is shared by several persons",
                (false, false) => "changes from row to row",
            };
            aside.push((
                vec![*other],
                format!(
                    "a second pseudonym beside `{}`: it {relation} ({})",
                    facts.source.name,
                    table.facts[*other].told()
                ),
            ));
        }
    }
    Persons {
        subject: Some(Person { column, why }),
        aside,
    }
}

/// Numbers of rows: another in each, and nobody's.
fn row_ids(table: &Table<'_>) -> Vec<usize> {
    table.all(|facts| {
        if !facts.is_unique() || facts.nulls > 0 || facts.is_time() {
            return false;
        }
        let words = &facts.words;
        let persons = [PERSONS, PROXIES, HOUSEHOLDS]
            .iter()
            .any(|list| words.made_of(list, IDS));
        let numbered = facts.numbers.is_some_and(|numbers| numbers.whole) && facts.is_number();
        let named = words.made_of(ROW_IDS, ROW_IDS) || words.list.is_empty();
        let of_things = words.made_of(THINGS, IDS) || words.made_of(SESSIONS, IDS);
        let identifies = words.any(&["id", "*id", "uuid", "guid", "nr", "key", "hash"])
            || matches!(facts.form, Form::Uuid | Form::Hash);
        let digests = words.any(&["hash", "*hash", "hashed", "pseudonym*", "pseudo"]);
        let pseudonyms = digests && table.sample.rows >= CROWD;
        !persons
            && !pseudonyms
            && ((numbered && facts.running)
                || (named && (numbered || facts.is_text()))
                || (of_things && identifies)
                || (identifies && table.sample.rows >= CROWD && facts.could_be_pseudonyms()))
    })
}

/// Columns named like direct identifiers whose values do not say otherwise.
fn direct(table: &Table<'_>) -> Vec<(usize, Kind)> {
    let mut found = Vec::new();
    for (at, facts) in table.facts.iter().enumerate() {
        let Some(kind) = identifier::recognise_name(&facts.source.name) else {
            continue;
        };
        let many = table.sample.rows >= SOME;
        let coarse = match kind {
            // A year, a decade, an age.
            Kind::BirthDate => {
                let years = facts
                    .numbers
                    .is_some_and(|numbers| numbers.greatest < 2_200.0);
                !facts.is_time() && (years || facts.form == Form::Other)
            }
            Kind::PersonName => facts.distinct < 50 && facts.each() > 50.0,
            _ => false,
        };
        let empty = facts.rows == 0 || (facts.is_constant() && many);
        if facts.source.domain.is_some() && !coarse && !empty {
            found.push((at, kind));
        }
    }
    found
}

// Traces.

fn is_item(facts: &Facts) -> bool {
    let kinds = facts.is_text()
        || matches!(
            facts.source.domain,
            Some(Domain::Integer | Domain::Unsigned | Domain::Boolean)
        );
    kinds
        && facts.distinct > 1
        && facts.words.any(ITEMS)
        && !facts
            .words
            .any(&["quantity", "qty", "price", "amount", "menge", "preis"])
        && !matches!(facts.form, Form::Prose | Form::Instant | Form::Day)
}

/// Why the rows of a subject are a trace; `None` where they are attributes of persons.
fn is_trace(table: &Table<'_>, subject: &Person, located: bool, what: &What) -> Option<String> {
    let facts = &table.facts[subject.column];
    let few = table.sample.rows < 200;
    let repeats = facts.each() >= 3.0 || few && facts.each() > 1.0;
    // Of a piece of a large table, each of many persons may have no more than one row.
    let repeats = repeats || !table.sample.whole && located;
    let told = |is: &dyn Fn(&Facts) -> bool| table.facts.iter().any(is);
    let what = match () {
        _ if !repeats => return None,
        _ if located => "where they were",
        // Records of persons over time: visits to a hospital, interviews.
        _ if told(&is_sensitive) && told(&|facts| facts.words.any(DEMOGRAPHICS)) => return None,
        _ if !what.items.is_empty() => "what they did, bought or used",
        _ if !what.cells.is_empty() => "where they were",
        _ if !what.amounts.is_empty() => "how much it was",
        _ => return None,
    };
    Some(format!(
        "it says of persons when and {what}: {} rows each on average",
        rounded(facts.each())
    ))
}

/// The columns that may say what happened at a moment.
struct What {
    /// Latitudes and longitudes.
    pairs: Vec<Pair>,
    geometry: Vec<usize>,
    cells: Vec<usize>,
    items: Vec<usize>,
    amounts: Vec<usize>,
}

fn trace(
    draft: &mut Draft,
    table: &Table<'_>,
    what: &What,
    time: &Time,
    used: &mut HashSet<usize>,
) {
    let facts = &table.facts;
    let What {
        pairs,
        geometry,
        cells,
        items,
        amounts,
    } = what;
    draft.time = Some((
        Entry {
            columns: vec![time.column],
            why: time.why.clone(),
        },
        time.clock,
    ));
    used.insert(time.column);
    let usable = pairs.iter().find(|pair| !pair.texts);
    let rest = |pair: &&Pair| usable.is_none_or(|usable| usable.columns() != pair.columns());
    let mut item: Vec<usize> = pairs.iter().filter(rest).flat_map(Pair::columns).collect();
    item.extend(projected(table));
    let far = !item.is_empty();
    if let Some(pair) = usable {
        draft.place = Some((
            Where::Coordinates(pair.latitude, pair.longitude),
            format!(
                "degrees of latitude and longitude: within 90 and 180, {} and {} distinct values",
                facts[pair.latitude].distinct, facts[pair.longitude].distinct
            ),
        ));
        used.extend(pair.columns());
    } else if let Some(at) = geometry.first() {
        draft.place = Some((
            Where::Geometry(*at),
            format!("points in well-known binary ({})", facts[*at].told()),
        ));
        used.insert(*at);
    } else if let Some(cell) = cells.iter().find(|at| !items.contains(at)).filter(|_| !far) {
        draft.place = Some((
            Where::Cell(*cell),
            format!("cells by name: {}", facts[*cell].told()),
        ));
        used.insert(*cell);
    }
    // A place tells what an item of the same visit tells, but for what was bought there.
    let bought = matches!(draft.place, Some((Where::Cell(_), _))) && !amounts.is_empty();
    let told: Vec<usize> = match (draft.place.is_none() || bought) && item.is_empty() {
        true => items.to_vec(),
        false => item,
    };
    if !told.is_empty() {
        used.extend(&told);
        draft.item = Some(Entry {
            why: match far {
                true => "coordinates that are no degrees in numbers, or a second pair: taken as they are, each value a \
                         place of its own"
                    .to_owned(),
                false => format!(
                    "what was bought, used or happened: {}",
                    list_of(table, &told, |facts| format!("{} values", facts.distinct))
                ),
            },
            columns: told,
        });
    }
    if let Some(amount) = amounts.iter().find(|at| !used.contains(at)) {
        used.insert(*amount);
        draft.amount = Some(Entry {
            columns: vec![*amount],
            why: format!("how much: numbers, {}", facts[*amount].told()),
        });
    }
}

fn list_of(table: &Table<'_>, columns: &[usize], say: impl Fn(&Facts) -> String) -> String {
    let parts = columns.iter().map(|at| {
        let facts = &table.facts[*at];
        format!("`{}` {}", facts.source.name, say(facts))
    });
    parts.collect::<Vec<_>>().join(", ")
}

// Flows.

struct Found {
    count: usize,
    others: Vec<usize>,
    ends: Option<(usize, usize)>,
    place: Option<Where>,
    time: Option<Time>,
    known: Vec<usize>,
}

/// Counts of persons by place, where each combination of what they are counted by stands once.
fn flows(
    table: &Table<'_>,
    times: &[Time],
    pairs: &[Pair],
    cells: &[usize],
    rows: &[usize],
) -> Option<Found> {
    let facts = &table.facts;
    let is_time = |at: usize| times.iter().any(|time| time.column == at);
    let counted: Vec<usize> = (0..facts.len())
        .filter(|at| {
            facts[*at].counts()
                && facts[*at].words.last(COUNTS)
                && !facts[*at].words.any(&["id", "id*"])
        })
        .filter(|at| {
            let tells_time = is_time(*at) && facts[*at].words.last(TIMES);
            !rows.contains(at) && !tells_time
        })
        .collect();
    let count = *counted.first()?;
    let place_like = |at: &usize| {
        let facts = &facts[*at];
        !counted.contains(at)
            && !rows.contains(at)
            && facts.distinct > 1
            && (facts.is_text()
                || matches!(
                    facts.source.domain,
                    Some(Domain::Integer | Domain::Unsigned)
                ))
            && !facts.is_time()
    };
    let named = |list: &'static [&'static str]| -> Vec<usize> {
        (0..facts.len())
            .filter(|at| facts[*at].words.any(list) && place_like(at))
            .collect()
    };
    let (from, to) = (named(ORIGINS), named(DESTINATIONS));
    let ends = from
        .iter()
        .flat_map(|from| to.iter().map(move |to| (*from, *to)))
        .find(|(from, to)| from != to && table.overlap(*from, *to) >= 0.3);
    // Two columns of one set of areas are ends whatever they are called.
    let alike = || {
        let cells: Vec<usize> = cells.iter().copied().filter(place_like).collect();
        let mut twos = cells
            .iter()
            .flat_map(|a| cells.iter().map(move |b| (*a, *b)));
        twos.find(|(a, b)| a < b && table.overlap(*a, *b) >= 0.5 && !table.determines(*a, *b))
    };
    let ends = ends.or_else(alike);
    let pair = pairs.iter().find(|pair| !pair.texts);
    let cell = cells
        .iter()
        .copied()
        .find(|at| *at != count && place_like(at));
    let place = match (ends, cell, pair) {
        (Some(_), ..) => None,
        (_, Some(cell), _) => Some(Where::Cell(cell)),
        (_, None, Some(pair)) => Some(Where::Coordinates(pair.latitude, pair.longitude)),
        _ => return None,
    };
    let time = times
        .iter()
        .find(|time| !counted.contains(&time.column))
        .cloned();
    // Instants to the second are those of journeys, not of counts.
    if let Some(time) = time.as_ref().filter(|time| time.clock != Clock::AsTheyAre) {
        let unit = match time.clock {
            Clock::Counted(unit) => unit.seconds(),
            _ => 1.0,
        };
        let values = table.sample.columns[time.column]
            .as_ref()
            .map(|column| &column.values);
        if let Some(super::sample::Distinct::Numbers(numbers)) = values {
            let coarse = numbers
                .iter()
                .filter(|number| (**number * unit).rem_euclid(300.0) < 1e-6);
            if (coarse.count() as f64) < 0.95 * numbers.len() as f64 {
                return None;
            }
        }
    }
    let mut dimensions: Vec<usize> = match (&ends, &place) {
        (Some((from, to)), _) => vec![*from, *to],
        (_, Some(Where::Cell(cell))) => vec![*cell],
        (_, Some(Where::Coordinates(a, b))) => vec![*a, *b],
        _ => Vec::new(),
    };
    dimensions.extend(time.as_ref().map(|time| time.column));
    let rest: Vec<usize> = (0..facts.len())
        .filter(|at| !dimensions.contains(at) && !counted.contains(at) && !rows.contains(at))
        .collect();
    // Who has ages, incomes and weights beside a count is a person with a number of something.
    let of_persons = |at: &usize| {
        let facts = &facts[*at];
        let is_real = facts.is_number() && facts.numbers.is_some_and(|n| !n.whole);
        (facts.words.any(WEIGHTS)
            || is_sensitive(facts)
            || is_real
                && !facts
                    .words
                    .any(&["share", "percent", "pct", "rate", "anteil", "mean", "avg"]))
            && !pairs.iter().any(|pair| pair.columns().contains(at))
    };
    if rest.iter().any(of_persons) {
        return None;
    }
    let known: Vec<usize> = rest
        .into_iter()
        .filter(|at| {
            let facts = &facts[*at];
            let few = facts.distinct > 1 && facts.distinct <= 200;
            few && !is_time(*at)
                && (facts.is_text()
                    || facts.source.domain == Some(Domain::Boolean)
                    || facts.numbers.is_some_and(|n| n.whole))
                && !dimensions
                    .iter()
                    .any(|dimension| table.determines(*dimension, *at))
        })
        .collect();
    let all: Vec<usize> = dimensions.iter().chain(&known).copied().collect();
    let keys = table.combinations(&all);
    // A table of persons has several in a cell; and one of many attributes has as many cells as rows.
    let dense = keys as f64 >= 0.98 * table.sample.rows as f64;
    let wide = known.len() <= 4;
    (dense && wide).then_some(Found {
        count,
        others: counted[1..].to_vec(),
        ends,
        place,
        time,
        known,
    })
}

fn counts(draft: &mut Draft, table: &Table<'_>, found: Found, used: &mut HashSet<usize>) {
    let facts = &table.facts;
    if let Some(time) = &found.time {
        used.insert(time.column);
        let entry = Entry {
            columns: vec![time.column],
            why: time.why.clone(),
        };
        draft.time = Some((entry, time.clock));
    }
    if let Some((from, to)) = found.ends {
        used.extend([from, to]);
        draft.ends = Some((
            from,
            to,
            format!(
                "where journeys begin and end: {} and {} values, {:.0} % of them the same",
                facts[from].distinct,
                facts[to].distinct,
                100.0 * table.overlap(from, to)
            ),
        ));
    }
    if let Some(place) = found.place {
        let why = match &place {
            Where::Cell(cell) => {
                used.insert(*cell);
                format!("where they were counted: {}", facts[*cell].told())
            }
            Where::Coordinates(a, b) => {
                used.extend([*a, *b]);
                "degrees of latitude and longitude of where they were counted".to_owned()
            }
            Where::Geometry(at) => {
                used.insert(*at);
                "points in well-known binary".to_owned()
            }
        };
        draft.place = Some((place, why));
    }
    used.insert(found.count);
    draft.count = Some(Entry {
        columns: vec![found.count],
        why: "numbers that are not negative, one for each combination of the columns above"
            .to_owned(),
    });
    if !found.known.is_empty() {
        used.extend(&found.known);
        draft.known = Some(Entry {
            why: format!(
                "what is told apart besides: {}",
                list_of(table, &found.known, |facts| format!(
                    "{} values",
                    facts.distinct
                ))
            ),
            columns: found.known,
        });
    }
    if !found.others.is_empty() {
        used.extend(&found.others);
        draft.ignored.push(Entry {
            columns: found.others,
            why: "further counts: a table has one. Describe the file a second time for each, with this column as its count"
                .to_owned(),
        });
    }
}

// Attributes of persons.

/// Words that make of a name something else than what is sensitive itself.
pub const ABOUT: &[&str] = &[
    "id",
    "region",
    "area",
    "zip",
    "postcode",
    "date",
    "time",
    "year",
    "month",
    "method",
    "type",
    "center",
    "centre",
    "provider",
    "hospital",
    "department",
    "ward",
    "plan",
    "insurance",
];

fn is_sensitive(facts: &Facts) -> bool {
    facts.words.any(SENSITIVE) && !facts.words.last(ABOUT) && facts.distinct > 1 && !facts.is_time()
}

/// Whether the numbers say how many persons of a population a row stands for.
fn is_weight(table: &Table<'_>, facts: &Facts) -> bool {
    let Some(numbers) = facts.numbers.filter(|_| facts.is_number()) else {
        return false;
    };
    if !facts.words.last(WEIGHTS) && !facts.words.made_of(WEIGHTS, SURVEYS) || facts.distinct < 2 {
        return false;
    }
    if facts.words.any(SURVEYS) {
        return true;
    }
    // Kilograms and pounds: beside a height, or about as many as a body has.
    let bodies = table.facts.iter().any(|facts| facts.words.any(BODIES));
    let body =
        numbers.least >= 1.0 && numbers.greatest <= 700.0 && (25.0..=250.0).contains(&numbers.mean);
    !bodies && !body
}

fn attributes(
    draft: &mut Draft,
    table: &Table<'_>,
    pairs: &[Pair],
    times: &[Time],
    used: &mut HashSet<usize>,
) {
    let facts = &table.facts;
    draft.why = match &draft.subject {
        Some(subject) => format!(
            "rows of attributes about persons: {} rows each on average",
            rounded(facts[subject.columns[0]].each())
        ),
        None => "rows of attributes about persons: no column stands for a person in several rows, so that a row is a person".to_owned(),
    };
    let coordinate = |at: usize| pairs.iter().any(|pair| pair.columns().contains(&at));
    let free = |used: &HashSet<usize>, is: &dyn Fn(usize) -> bool| -> Vec<usize> {
        (0..facts.len())
            .filter(|at| !used.contains(at) && is(*at))
            .collect()
    };
    let weights = free(used, &|at| is_weight(table, &facts[at]));
    let positive =
        |at: &&usize| facts[**at].numbers.is_some_and(|n| n.least > 0.0) && facts[**at].nulls == 0;
    if let Some(weight) = weights.iter().find(positive) {
        let numbers = facts[*weight].numbers;
        let mean = numbers.map_or(0.0, |numbers| numbers.mean);
        draft.weight = Some(Entry {
            columns: vec![*weight],
            why: format!(
                "how many persons of the population a row stands for: positive numbers in every row, {} on average",
                rounded(mean)
            ),
        });
    }
    let chosen = draft.weight.as_ref().map(|weight| weight.columns[0]);
    used.extend(&weights);
    let rest: Vec<usize> = weights
        .into_iter()
        .filter(|at| Some(*at) != chosen)
        .collect();
    if !rest.is_empty() {
        draft.ignored.push(Entry {
            columns: rest,
            why: "further weights, or some that are zero or missing: a table has one, positive in every row".to_owned(),
        });
    }
    let nested = free(used, &|at| facts[at].source.domain.is_none());
    if !nested.is_empty() {
        used.extend(&nested);
        draft.ignored.push(Entry {
            columns: nested,
            why: "nested: write their parts as columns of their own to give them roles".to_owned(),
        });
    }
    let constant = free(used, &|at| {
        facts[at].is_constant() && table.sample.rows >= SOME && !coordinate(at)
    });
    if !constant.is_empty() {
        used.extend(&constant);
        draft.ignored.push(Entry {
            columns: constant,
            why: format!(
                "one value, or none, in {} rows: it tells nobody from another",
                table.sample.rows
            ),
        });
    }
    let prose = free(used, &|at| {
        facts[at].form == Form::Prose && facts[at].each() < 2.0
    });
    if !prose.is_empty() {
        used.extend(&prose);
        draft.ignored.push(Entry {
            columns: prose,
            why: "sentences, nearly all of them different: nobody can examine what they say of whom. Take them out, or \
                  say under [table.harmless] why they are about no person"
                .to_owned(),
        });
    }
    let is_time = |at: usize| times.iter().any(|time| time.column == at);
    let mut sensitive = free(used, &|at| {
        is_sensitive(&facts[at]) && !is_time(at) && !coordinate(at)
    });
    used.extend(&sensitive);
    let mut known = free(used, &|_| true);
    used.extend(&known);
    if known.is_empty() {
        // Something must be known of a person for the attacks to begin.
        std::mem::swap(&mut known, &mut sensitive);
    }
    if !known.is_empty() {
        draft.known = Some(Entry {
            why: format!(
                "what somebody might know of a person ({}); what must not come out goes to `sensitive`, what nobody can \
                 know to `ignore`",
                list_of(table, &known, |facts| facts.distinct.to_string()) + " values"
            ),
            columns: known,
        });
    }
    if !sensitive.is_empty() {
        draft.sensitive = Some(Entry {
            why: format!(
                "named like what must not come out of a person, and told apart by values: {}",
                list_of(table, &sensitive, |facts| facts.distinct.to_string()) + " values"
            ),
            columns: sensitive,
        });
    }
}

/// How many of how many columns are named like those of things, where they are many and none is named like one of
/// persons; `(0, all)` where no name says anything, `None` where some are of persons.
fn things(table: &Table<'_>) -> Option<(usize, usize)> {
    let told = || {
        let facts = table.facts.iter();
        facts.filter(|facts| facts.source.domain.is_some())
    };
    let of_persons = |facts: &Facts| {
        let named = |list: &&[&str]| facts.words.made_of(list, IDS);
        let sensitive = is_sensitive(facts) && !facts.words.any(OBJECTS);
        facts.words.any(DEMOGRAPHICS)
            || sensitive
            || [PERSONS, PROXIES, HOUSEHOLDS].iter().any(named)
    };
    if told().any(of_persons) {
        return None;
    }
    let (all, objects) = (
        told().count(),
        told().filter(|facts| facts.words.any(OBJECTS)).count(),
    );
    let many = objects >= 2 && objects * 4 >= all || objects >= 1 && objects * 2 >= all;
    Some((if many { objects } else { 0 }, all))
}

/// What a table without persons is asked about.
fn question(draft: &mut Draft, things: Option<(usize, usize)>, pairs: &[Pair]) {
    let named = draft.subject.is_some() || draft.direct.is_some() || draft.weight.is_some();
    let Some((objects, all)) = things.filter(|_| !named && draft.layout == Layout::Microdata)
    else {
        return;
    };
    draft.asked = objects > 0 || pairs.is_empty();
    if objects > 0 {
        draft.of_things = true;
        draft.questions.push(format!(
            "is this table about persons? {objects} of its {all} columns are named like those of goods, weather, \
             timetables or instruments, and none like one of persons. If no row is about a person, name the file under \
             [release.beside] with the reason instead of describing it as a table; if each row is about one, such as a \
             receipt or a journey, check the roles below"
        ));
    } else if pairs.is_empty() {
        draft.questions.push(
            "is this table about persons? Nothing in it says so. If no row is about a person, name the file under \
             [release.beside] with the reason instead of describing it as a table"
                .to_owned(),
        );
    }
}
