//! Which role each column of a table is drafted for, and why: by how its values repeat and relate, and by what form they
//! are; names break ties.

use std::collections::HashSet;

use super::facts::{Facts, Form, Numbers, rounded};
use super::flows;
use super::places::{Pair, cells, coordinates, projected};
use super::sample::{NULL, Sample};
use super::times::{Time, times};
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

/// A further count of a table of counts.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub column: usize,
    /// Hardly a row has more of it than of the count: it counts some of the same persons.
    pub nested: bool,
}

/// A table as it is drafted.
#[derive(Debug, Clone)]
pub struct Draft {
    pub layout: Layout,
    pub why: String,
    /// What is to be answered before anybody relies on the draft.
    pub questions: Vec<String>,
    /// Whether nothing says that rows are about persons; and whether much says that they are not.
    pub asked: bool,
    pub of_things: bool,
    /// Whether nothing in it stands for a person or says something about one.
    pub of_nobody: bool,
    pub subject: Option<Entry>,
    pub direct: Option<Entry>,
    pub time: Option<(Entry, Clock)>,
    pub place: Option<(Where, String)>,
    pub item: Option<Entry>,
    pub amount: Option<Entry>,
    pub weight: Option<Entry>,
    pub ends: Option<(usize, usize, String)>,
    pub count: Option<Entry>,
    /// Further counts, each of which is a table of its own on the same file.
    pub parts: Vec<Part>,
    pub known: Option<Entry>,
    pub sensitive: Option<Entry>,
    pub ignored: Vec<Entry>,
    /// Of these the numbers of rows that are named like nothing else.
    pub rows: Vec<usize>,
    /// Rows of the subject without a value.
    pub without_subject: bool,
}

/// Rows from which on a single value in all of them says that the column is constant.
pub const SOME: usize = 100;
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

    pub fn codes(&self, column: usize) -> &[u32] {
        let column = self.sample.columns[column].as_ref();
        column.map_or(&[], |column| &column.codes)
    }

    /// How many combinations of values of some columns there are.
    pub fn combinations(&self, columns: &[usize]) -> usize {
        let codes: Vec<&[u32]> = columns.iter().map(|column| self.codes(*column)).collect();
        let tuple = |row: usize| codes.iter().map(|codes| codes[row]).collect::<Vec<u32>>();
        let tuples: HashSet<Vec<u32>> = (0..self.sample.rows).map(tuple).collect();
        tuples.len()
    }

    /// Whether (nearly) every value of a column stands with one value of another.
    pub fn determines(&self, column: usize, other: usize) -> bool {
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
    pub fn overlap(&self, a: usize, b: usize) -> f64 {
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

    pub fn all(&self, is: impl Fn(&Facts) -> bool) -> Vec<usize> {
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
    let mut persons = subject(
        table,
        &taken,
        &rows,
        time.is_some(),
        located,
        things.is_some(),
        &direct,
    );
    // A column named like persons, without a number of theirs, may count them: as its values and the others' say.
    let could_count = |person: &Person| {
        let facts = &facts[person.column];
        let words = &facts.words;
        facts.counts()
            && words.any(COUNTS)
            && !words.any(&["id", "*id", "nr", "no", "*nr", "*nummer"])
    };
    let found = (direct.is_empty() && persons.subject.as_ref().is_none_or(could_count))
        .then(|| {
            let objects = things.is_some_and(|(objects, _)| objects > 0);
            flows::find(table, &times, &pairs, &rows, objects)
        })
        .flatten();
    if found.is_some() {
        persons.subject = None;
        persons.aside.clear();
    }
    let rows: Vec<usize> = rows
        .into_iter()
        .filter(|at| {
            persons
                .subject
                .as_ref()
                .is_none_or(|subject| subject.column != *at)
        })
        .collect();
    let mut draft = Draft {
        layout: Layout::Microdata,
        why: String::new(),
        questions: Vec::new(),
        asked: false,
        of_things: false,
        of_nobody: false,
        subject: None,
        direct: None,
        time: None,
        place: None,
        item: None,
        amount: None,
        weight: None,
        ends: None,
        count: None,
        parts: Vec::new(),
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
    // With pages the rest says which browser it was.
    if items.iter().any(|at| facts[*at].words.any(PAGES)) {
        items.retain(|at| facts[*at].words.any(WEB));
    }
    // The shop is where the goods were bought.
    if !located && cells.is_empty() && items.iter().any(|at| facts[*at].words.any(GOODS)) {
        let is_shop = |at: &usize| facts[*at].words.any(SHOPS) && !facts[*at].words.any(GOODS);
        cells = items.iter().copied().filter(is_shop).collect();
        cells.sort_by_key(|at| std::cmp::Reverse(facts[*at].distinct));
        items.retain(|at| !is_shop(at));
    }
    let mut amounts =
        table.all(|facts| facts.is_number() && !facts.is_constant() && facts.words.any(AMOUNTS));
    amounts.retain(|at| free(at) && !items.contains(at));
    // Where nothing else is told of a moment, a country is where it was.
    let is_country = |at: &usize| facts[*at].words.last(COUNTRIES);
    if located || !items.is_empty() || !amounts.is_empty() || cells.iter().any(|at| !is_country(at))
    {
        cells.retain(|at| !is_country(at));
    }
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
        && let Some(why) = is_trace(table, subject, time, located, &what)
    {
        draft.layout = Layout::Trace;
        draft.why = why;
        trace(&mut draft, table, &what, time, &mut used);
    } else if let Some(found) = found {
        draft.layout = Layout::Flows;
        draft.why = "it has no persons, but a number of them for each place or journey".to_owned();
        flows::counts(&mut draft, table, found, &mut used);
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
                "what identifies a person directly, by name or values ({}): take these columns out before publishing",
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
    let (rows, numbers): (Vec<usize>, Vec<usize>) = rows.into_iter().partition(|at| {
        let words = &facts[*at].words;
        words.list.is_empty() || words.made_of(ROW_IDS, ROW_IDS) || !identifies(words)
    });
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
    if !numbers.is_empty() {
        draft.ignored.push(Entry {
            why: format!(
                "a different value in each of {} rows, and named like a number that another file or a register may \
                 hold as well: whoever has that file finds the row by it. Take it out, or replace it with a number \
                 that appears nowhere else",
                table.sample.rows
            ),
            columns: numbers,
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
    if let Some(subject) = persons.subject.as_ref().filter(|subject| subject.asked)
        && draft.layout != Layout::Flows
    {
        draft.questions.push(format!(
            "whose number is `{}`? It is taken for the number of a person. If a register, an employer or another file \
             holds it as well, replace it before publishing; if it is the number of a thing, put it under `ignore`",
            facts[subject.column].source.name
        ));
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

// Who.

struct Person {
    column: usize,
    why: String,
    /// Its name does not say that it is of persons.
    asked: bool,
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
        } else if has_id
            && !of_things
            && facts.each() >= 2.0
            && !elsewhere(words)
            && identifier::recognise_name(&facts.source.name).is_none()
        {
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
                && !facts.words.any(COUNTS)
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
            let counts_persons = !table.facts[within].words.any(TIMES);
            let within_too = counts_persons.then_some(within);
            aside.push((
                within_too.into_iter().collect(),
                format!(
                    "counts the members of each household ({}): nobody knows it of a person, and together with `{}` it \
                     identifies one",
                    table.facts[within].told(),
                    facts.source.name
                ),
            ));
            return Persons {
                subject: None,
                aside,
            };
        }
    }
    // In a table about persons, a number that is another in each row and of nothing by its name may be a person's.
    if candidates.is_empty() && is_about_persons(table) {
        let unknown = rows.iter().copied().find(|at| {
            let words = &table.facts[*at].words;
            let hashed = matches!(table.facts[*at].form, Form::Uuid | Form::Hash);
            let is_thing = [THINGS, SESSIONS]
                .iter()
                .any(|list| words.made_of(list, IDS) || words.any(list));
            let named = identifies(words) && !words.made_of(ROW_IDS, ROW_IDS);
            let bare = hashed && words.made_of(BARE, IDS) && !words.made_of(ROW_IDS, ROW_IDS);
            table.sample.rows >= CROWD && (named || bare) && !is_thing
        });
        if let Some(column) = unknown {
            let told = table.facts[column].told();
            return Persons {
                subject: Some(Person {
                    column,
                    why: format!(
                        "a number in a table about persons, of nothing else by its name: {told}"
                    ),
                    asked: true,
                }),
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
        subject: Some(Person {
            column,
            why,
            asked: facts.is_unique() && facts.form == Form::Other && facts.words.any(REGISTERED),
        }),
        aside,
    }
}

/// Words of numbers that a register or an employer gives out.
const REGISTERED: &[&str] = &[
    "emp",
    "empl",
    "employee",
    "personnel",
    "staff",
    "melde",
    "meldenr",
    "matrikel*",
    "personal*",
    "akten*",
    "dossier*",
];

/// Whether a name is one of a number of something: the last of its words says so.
fn identifies(words: &Words) -> bool {
    words.last(NUMBERED) || words.last(&["*nr", "*nummer", "*number"])
}

/// Whether two columns at least are what people know of each other.
fn is_about_persons(table: &Table<'_>) -> bool {
    table.all(|facts| facts.words.any(DEMOGRAPHICS)).len() >= 2
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

/// Columns named like direct identifiers whose values do not say otherwise, and those whose values are names of persons,
/// addresses, e-mail addresses or account numbers whatever they are called.
fn direct(table: &Table<'_>) -> Vec<(usize, Kind)> {
    let mut found = Vec::new();
    for (at, facts) in table.facts.iter().enumerate() {
        let empty = facts.rows == 0 || (facts.is_constant() && table.sample.rows >= SOME);
        if facts.source.domain.is_none() || empty {
            continue;
        }
        let born = facts.words.any(BIRTHS) && (facts.is_time() || facts.form == Form::Day);
        let named = named_directly(facts)
            .or(born.then_some(Kind::BirthDate))
            .filter(|kind| !is_denied(table, facts, *kind));
        if let Some(kind) = named.or_else(|| by_values(table, facts)) {
            found.push((at, kind));
        }
    }
    found
}

/// What the name says: of a name alone only where it is one of a person.
fn named_directly(facts: &Facts) -> Option<Kind> {
    let words = &facts.words;
    let of_persons = || {
        let whose = [PERSONS, NAME_PARTS, &["host", "owner", "author"]];
        let whose = whose.iter().any(|list| words.any(list));
        words.last(NAMES) && words.list.len() == 2 && whose || words.made_of(NAME_PARTS, NAMES)
    };
    let by_name = || {
        let told = facts.is_text() && of_persons() && !words.any(NAMED_AFTER);
        told.then_some(Kind::PersonName)
    };
    identifier::recognise_name(&facts.source.name).or_else(by_name)
}

/// Whether the values are not what the name says: an age for a birth, yes and no for a telephone number, two kinds of
/// places for an address.
fn is_denied(table: &Table<'_>, facts: &Facts, kind: Kind) -> bool {
    let few = facts.distinct < 20 && table.sample.rows >= SOME && facts.each() > 20.0;
    match kind {
        // A year, a decade, an age.
        Kind::BirthDate => {
            let years = facts
                .numbers
                .is_some_and(|numbers| numbers.greatest < 2_200.0);
            !facts.is_time() && (years || facts.form == Form::Other)
        }
        Kind::PersonName => {
            let coarse = facts.distinct < 50 && facts.each() > 50.0;
            coarse && facts.share_of(Kind::PersonName) < 0.5
        }
        Kind::PostalAddress => few && facts.longest <= 8 && !facts.is_number(),
        _ => few && facts.share_of(kind) == 0.0 && facts.is_text() && facts.longest <= 20,
    }
}

fn by_values(table: &Table<'_>, facts: &Facts) -> Option<Kind> {
    let words = &facts.words;
    if !facts.is_text() || facts.form != Form::Other || facts.distinct < 5 {
        return None;
    }
    let matches = facts.survey.matches(table.facts.len());
    let kinds = identifier::survey::kinds(&matches).into_iter();
    let mut kinds = kinds.filter(|(_, found)| found.seen * 2 >= facts.survey.texts());
    let lists = [
        THINGS,
        PLACES,
        ITEMS,
        OBJECTS,
        NAMED_AFTER,
        ORIGINS,
        DESTINATIONS,
        SHOPS,
    ];
    let of_things = lists.iter().any(|list| words.any(list));
    kinds
        .find(|(kind, _)| match kind {
            // Squares and schools have the names of persons, and few of them.
            Kind::PersonName | Kind::PostalAddress => {
                !of_things && (facts.distinct >= 50 || facts.each() <= 50.0)
            }
            Kind::Email | Kind::Iban | Kind::Profile => true,
            _ => false,
        })
        .map(|(kind, _)| kind)
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
        && !facts.words.any(DEMOGRAPHICS)
        && !facts
            .words
            .any(&["quantity", "qty", "price", "amount", "menge", "preis"])
        && !matches!(facts.form, Form::Prose | Form::Instant | Form::Day)
}

/// Why the rows of a subject are a trace; `None` where they are attributes of persons.
fn is_trace(
    table: &Table<'_>,
    subject: &Person,
    time: &Time,
    located: bool,
    what: &What,
) -> Option<String> {
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
        // A panel: persons with their attributes once a year.
        _ if is_yearly(table, time) && is_about_persons(table) => return None,
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

/// Whether times are no finer than years or waves of interviews.
fn is_yearly(table: &Table<'_>, time: &Time) -> bool {
    let facts = &table.facts[time.column];
    let named = facts.words.any(&[
        "year", "*year", "jahr", "*jahr", "annee", "ano", "anio", "anno", "jaar", "wave", "welle",
        "round",
    ]);
    let years = |numbers: Numbers| numbers.whole && numbers.greatest < 2_200.0;
    named && time.clock == Clock::AsTheyAre && facts.numbers.is_some_and(years)
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
    let second: Vec<usize> = pairs.iter().filter(rest).flat_map(Pair::columns).collect();
    let mut item = Vec::new();
    if usable.is_none() {
        item.extend(second);
    } else if !second.is_empty() {
        used.extend(&second);
        draft.ignored.push(Entry {
            columns: second,
            why: "a second place, such as where a journey ended: a point has one. They are published and examined; to \
                  have both ends attacked, write each as a row of its own"
                .to_owned(),
        });
    }
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
                true => {
                    "coordinates that are no degrees in numbers: taken as they are, each value a \
                         place of its own"
                        .to_owned()
                }
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

pub fn list_of(table: &Table<'_>, columns: &[usize], say: impl Fn(&Facts) -> String) -> String {
    let parts = columns.iter().map(|at| {
        let facts = &table.facts[*at];
        format!("`{}` {}", facts.source.name, say(facts))
    });
    parts.collect::<Vec<_>>().join(", ")
}

// Attributes of persons.

fn is_sensitive(facts: &Facts) -> bool {
    let weather = facts.words.any(&["weather", "wetter", "meteo", "tiempo"]);
    facts.words.are_sensitive() && !weather && facts.distinct > 1 && !facts.is_time()
}

/// When somebody died, which is no moment of a table of persons.
const DEATHS: &[&str] = &[
    "dod",
    "death",
    "deathdate",
    "dateofdeath",
    "sterbedatum",
    "todesdatum",
    "deces",
    "fallecimiento",
];

/// Marks of a school by number: `G1`, `exam2`.
fn is_mark(facts: &Facts) -> bool {
    let word = facts
        .words
        .joined
        .trim_end_matches(|c: char| c.is_ascii_digit());
    let marks = ["g", "q", "exam", "test", "mark", "note", "quiz"];
    let numbers = facts
        .numbers
        .filter(|_| facts.is_number() && facts.distinct > 2);
    word.len() < facts.words.joined.len()
        && marks.contains(&word)
        && numbers.is_some_and(|numbers| numbers.least >= 0.0 && numbers.greatest <= 100.0)
}

/// Whether a table is one of patients: two columns or more are named like what a clinic measures, or one like a finding
/// beside the course of an illness.
fn is_clinical(table: &Table<'_>) -> bool {
    let named = |list: &'static [&'static str]| table.all(|facts| facts.words.any(list)).len();
    let (values, findings) = (named(CLINICAL), named(FINDINGS));
    values >= 2 || values + findings >= 2 && named(COURSES) >= 1 || {
        let observed = table.all(|facts| facts.words.made_of(OBSERVED, &[]) && facts.is_number());
        values + findings >= 1 && named(COURSES) >= 1 && !observed.is_empty()
    }
}

/// Of a table of patients: what a clinic measures, how the illness went, and numbers that are called like nothing that
/// others know.
fn is_of_a_clinic(table: &Table<'_>, facts: &Facts) -> bool {
    let words = &facts.words;
    if facts.distinct < 2 || words.any(DEMOGRAPHICS) || facts.is_time() {
        return false;
    }
    let lists = [
        PLACES,
        PERSONS,
        HOUSEHOLDS,
        BODIES,
        THINGS,
        KNOWN_OF_PATIENTS,
    ];
    let known = lists.iter().any(|list| words.any(list)) || words.last(TIMES);
    words.any(CLINICAL)
        || words.any(COURSES)
        || words.any(FINDINGS)
        || words.made_of(OBSERVED, &[]) && facts.is_number() && !facts.is_unique()
        || !known && facts.is_number() && table.all(|facts| facts.words.any(CLINICAL)).len() >= 2
}

/// What others know of a patient, as such tables call it.
const KNOWN_OF_PATIENTS: &[&str] = &[
    "black",
    "white",
    "race",
    "school",
    "insurance",
    "privins",
    "medicaid",
    "inst",
    "year",
    "centre",
    "center",
    "clinic",
    "age",
    "agea",
    "self",
    "outwork",
    "work",
    "smsa",
    "urban",
    "edlevel",
];

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
    if draft.subject.is_some() {
        let numbers = free(used, &|at| {
            let facts = &facts[at];
            let sequence = facts.words.made_of(SEQUENCES, IDS) && facts.is_number();
            let lists = [THINGS, PLACES, DEMOGRAPHICS, OBJECTS, COUNTS];
            let of_something = facts.words.list.len() > 1
                && facts.words.last(&["id", "nr", "key", "uuid", "hash"])
                && !lists.iter().any(|list| facts.words.any(list))
                && facts.distinct >= CROWD
                && facts.could_be_pseudonyms();
            sequence || of_something
        });
        if !numbers.is_empty() {
            used.extend(&numbers);
            draft.ignored.push(Entry {
                why: format!(
                    "further numbers beside the subject, of stays, visits or the order of rows ({}): nobody knows them \
                     of a person without another file, and whoever has that file links its rows to these by them",
                    list_of(table, &numbers, |facts| format!("{} values", facts.distinct))
                ),
                columns: numbers,
            });
        }
    }
    let clinical = is_clinical(table);
    let school = facts.iter().any(|facts| facts.words.any(SCHOOLS));
    let mut sensitive = free(used, &|at| {
        let deaths = facts[at].words.any(DEATHS);
        let by_name = is_sensitive(&facts[at]) && !is_time(at)
            || deaths && facts[at].distinct > 1
            || school && is_mark(&facts[at])
            || clinical && is_of_a_clinic(table, &facts[at]);
        by_name && !coordinate(at)
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
                "what somebody might know of a person ({}); what must not become known goes to `sensitive`, what nobody can \
                 know to `ignore`",
                list_of(table, &known, |facts| facts.distinct.to_string()) + " values"
            ),
            columns: known,
        });
    }
    if !sensitive.is_empty() {
        draft.sensitive = Some(Entry {
            why: format!(
                "{}: {}",
                match clinical {
                    true => {
                        "what must not become known of a patient, such as findings, measured values and the course of \
                         the illness"
                    }
                    false => "named like what must not become known of a person",
                },
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
    let all = told().count();
    let of_persons = |facts: &&Facts| {
        let named = |list: &&[&str]| facts.words.made_of(list, IDS);
        let sensitive = is_sensitive(facts) && !facts.words.any(OBJECTS);
        // A number of what persons own must tell many of them apart.
        let many = facts.distinct >= CROWD && facts.each() <= 100.0;
        sensitive
            || [PERSONS, HOUSEHOLDS].iter().any(named)
            || many && facts.words.made_of(PROXIES, IDS)
    };
    // An age with a fraction, of nobody's sex or birth, may be that of a house.
    let demographic = told().filter(|facts| facts.words.any(DEMOGRAPHICS));
    let thin = demographic.count() <= 1
        && !told().any(|facts| {
            let whole = facts.numbers.is_none_or(|numbers| numbers.whole);
            facts.words.any(DEMOGRAPHICS) && (whole || !facts.words.any(&["age", "alter"]))
        });
    if told().any(|facts| of_persons(&facts)) || !thin || is_clinical(table) {
        return None;
    }
    let objects = told().filter(|facts| facts.words.any(OBJECTS)).count();
    let many = objects >= 2 && objects * 4 >= all || objects >= 1 && objects * 2 >= all;
    Some((if many { objects } else { 0 }, all))
}

/// What to do with a table without persons.
const OF_NOBODY: &str = "If each row describes a value of a column of another table, such as a shop or a cell, write kind = \
                         \"reference\" with its `key` and what it `describes`; if no row is about a person, publish the \
                         file apart from this release; if its numbers count persons, write kind = \"flows\" with their \
                         `count`, and the `place` or the `origin` and `destination` they were counted by";

/// What a table without persons is asked about.
fn question(draft: &mut Draft, things: Option<(usize, usize)>, pairs: &[Pair]) {
    let named = draft.subject.is_some() || draft.weight.is_some();
    let Some((objects, all)) = things.filter(|_| !named && draft.layout == Layout::Microdata)
    else {
        return;
    };
    draft.of_nobody = draft.direct.is_none();
    draft.asked = objects > 0 || pairs.is_empty();
    if objects > 0 {
        draft.of_things = draft.direct.is_none();
        draft.questions.push(format!(
            "is this table about persons? {objects} of its {all} columns are named like those of goods, weather, \
             timetables or instruments, and none like one of persons. {OF_NOBODY}; if each row is about one person, such \
             as a receipt or a journey, check the roles below"
        ));
    } else if pairs.is_empty() {
        draft.questions.push(format!(
            "is this table about persons? Nothing in it says so. {OF_NOBODY}"
        ));
    }
}
