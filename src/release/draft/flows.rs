//! Tables of counts: which columns are numbers of persons, and which say what was counted. A count is known by its values:
//! whole numbers that are not negative, one for each combination of the columns beside it, none of which is a person.

use std::collections::HashSet;

use super::decide::{Clock, Draft, Entry, Part, Table, Where, list_of};
use super::facts::Facts;
use super::places::Pair;
use super::sample::{Distinct, NULL};
use super::times::Time;
use super::words::*;
use crate::release::input::Domain;

pub struct Found {
    count: usize,
    parts: Vec<Part>,
    ends: Option<(usize, usize)>,
    place: Option<Where>,
    /// Whether no name says that the place is one.
    guessed: bool,
    time: Option<Time>,
    known: Vec<usize>,
    /// Weather, shares and means beside the counts.
    figures: Vec<usize>,
}

/// Combinations of the other columns that must be there for each row: of counts that are named as such and told apart by
/// time, a few rows may be further ones of the same cell, as of two districts of one name.
const DENSE: f64 = 0.98;
const NEARLY: f64 = 0.9;
/// Columns that counts are told apart by, besides time and place.
const WIDE: usize = 4;

/// Counts of persons by place, where each combination of what they are counted by stands once.
pub fn find(
    table: &Table<'_>,
    times: &[Time],
    pairs: &[Pair],
    rows: &[usize],
    objects: bool,
) -> Option<Found> {
    let facts = &table.facts;
    let is_time = |at: usize| times.iter().any(|time| time.column == at);
    let is_coordinate = |at: usize| pairs.iter().any(|pair| pair.columns().contains(&at));
    // A district in each row is no number of the row.
    let is_row = |at: usize| rows.contains(&at) && !facts[at].words.any(PLACES);
    let could_count = |at: usize| {
        let facts = &facts[at];
        let tells_time = is_time(at) && facts.words.last(TIMES);
        facts.counts()
            && !facts.is_constant()
            && !facts.words.any(&["id", "id*"])
            && !facts.words.any(FIGURES)
            && !tells_time
            && !is_row(at)
            && !is_coordinate(at)
    };
    let whole = |at: usize| facts[at].numbers.is_some_and(|numbers| numbers.whole);
    let named = |at: usize| {
        let words = &facts[at].words;
        let first = words.list.first().is_some_and(|first| {
            Words {
                list: vec![first.clone()],
                joined: first.clone(),
            }
            .any(COUNTING)
        });
        words.last(COUNTS) || whole(at) && !words.any(SUMS) && (first || words.any(NUMBERS_OF))
    };
    let by_name: Vec<usize> = (0..facts.len())
        .filter(|at| could_count(*at) && named(*at))
        .collect();
    let is_named = !by_name.is_empty();
    if !is_named && objects {
        return None;
    }
    // Without a name to go by: whole numbers that are of nothing else.
    let unnamed = |at: usize| {
        let words = &facts[at].words;
        let lists = [
            DEMOGRAPHICS,
            OBJECTS,
            SENSITIVE,
            AMOUNTS,
            SUMS,
            PLACES,
            ORIGINS,
            DESTINATIONS,
            TIMES,
            WEIGHTS,
            CLINICAL,
            BARE,
        ];
        could_count(at)
            && whole(at)
            && !is_time(at)
            && facts[at].form == super::facts::Form::Other
            && !lists.iter().any(|list| words.any(list))
    };
    let by_value: Vec<usize> = (0..facts.len())
        .filter(|at| !by_name.contains(at) && unnamed(*at))
        .collect();
    if by_name.is_empty() && by_value.is_empty() {
        return None;
    }
    let counts = |at: usize| by_name.contains(&at) || by_value.contains(&at);
    let place_like = |at: &usize| {
        let facts = &facts[*at];
        let kinds = facts.is_text()
            || matches!(
                facts.source.domain,
                Some(Domain::Integer | Domain::Unsigned)
            );
        kinds && !counts(*at) && !is_row(*at) && facts.distinct > 1 && !is_time(*at)
    };
    let called = |list: &'static [&'static str]| -> Vec<usize> {
        (0..facts.len())
            .filter(|at| facts[*at].words.any(list) && place_like(at))
            .collect()
    };
    let (from, to) = (called(ORIGINS), called(DESTINATIONS));
    let ends = from
        .iter()
        .flat_map(|from| to.iter().map(move |to| (*from, *to)))
        .find(|(from, to)| from != to && table.overlap(*from, *to) >= 0.3);
    let about = |at: &usize, lists: &[&[&str]]| lists.iter().any(|list| facts[*at].words.any(list));
    let mut cells = called(PLACES);
    cells.retain(|at| !about(at, &[AMOUNTS, DEMOGRAPHICS]));
    cells.sort_by_key(|at| std::cmp::Reverse(facts[*at].distinct));
    // Two columns of one set of areas are ends whatever they are called.
    let ends = ends.or_else(|| {
        let areas = (0..facts.len()).filter(|at| {
            place_like(at) && facts[*at].distinct >= 10 && !about(at, &[DEMOGRAPHICS, SENSITIVE])
        });
        let areas: Vec<usize> = areas.collect();
        let mut twos = areas
            .iter()
            .flat_map(|a| areas.iter().map(move |b| (*a, *b)));
        twos.find(|(a, b)| a < b && table.overlap(*a, *b) >= 0.5 && !table.determines(*a, *b))
    });
    let time = times.iter().find(|time| !counts(time.column)).cloned();
    if time
        .as_ref()
        .is_some_and(|time| is_of_journeys(table, time))
    {
        return None;
    }
    let pair = pairs.iter().find(|pair| !pair.texts);
    // What is called like nothing else, with the most values.
    let mut others: Vec<usize> = (0..facts.len())
        .filter(|at| {
            let lists = [
                DEMOGRAPHICS,
                SENSITIVE,
                OBJECTS,
                BARE,
                PERSONS,
                PROXIES,
                HOUSEHOLDS,
                ITEMS,
            ];
            facts[*at].is_text() && place_like(at) && !about(at, &lists) && facts[*at].each() >= 2.0
        })
        .collect();
    others.sort_by_key(|at| std::cmp::Reverse(facts[*at].distinct));
    let mut guessed = false;
    let place = match (ends, cells.first(), pair) {
        (Some(_), ..) => None,
        (_, Some(cell), _) => Some(Where::Cell(*cell)),
        (_, None, Some(pair)) => Some(Where::Coordinates(pair.latitude, pair.longitude)),
        _ => {
            guessed = true;
            Some(Where::Cell(*others.first()?))
        }
    };
    let mut dimensions: Vec<usize> = match (&ends, &place) {
        (Some((from, to)), _) => vec![*from, *to],
        (_, Some(Where::Cell(cell))) => vec![*cell],
        (_, Some(Where::Coordinates(a, b))) => vec![*a, *b],
        _ => Vec::new(),
    };
    dimensions.extend(time.as_ref().map(|time| time.column));
    let mut known: Vec<usize> = Vec::new();
    let mut figures: Vec<usize> = Vec::new();
    for at in 0..facts.len() {
        let facts = &facts[at];
        let told = dimensions
            .iter()
            .any(|dimension| table.determines(*dimension, at));
        if dimensions.contains(&at) || counts(at) || is_row(at) || facts.is_constant() || told {
            continue;
        }
        let is_real = facts.is_number() && facts.numbers.is_some_and(|numbers| !numbers.whole);
        if facts.words.any(FIGURES) || facts.words.any(OBJECTS) {
            figures.push(at);
        } else if is_coordinate(at) || is_time(at) {
            // A second one of the same cell: the hour beside the day.
            match is_time(at) && facts.distinct <= 200 {
                true => known.push(at),
                false => figures.push(at),
            }
        } else if is_real || facts.words.any(WEIGHTS) || is_of_persons(facts) {
            // Who has ages, incomes and weights beside a count is a person with a number of something.
            return None;
        } else if facts.distinct <= 200 {
            known.push(at);
        } else if facts.is_text() && !is_named {
            return None;
        }
    }
    // Each combination stands once; numbers that nobody has named may be what tells them apart.
    let keys = |known: &[usize]| {
        let all: Vec<usize> = dimensions.iter().chain(known).copied().collect();
        table.combinations(&all) as f64 / (table.sample.rows as f64).max(1.0)
    };
    let dense = match is_named && time.is_some() {
        true => NEARLY,
        false => DENSE,
    };
    let mut spare = by_value;
    spare.sort_by_key(|at| std::cmp::Reverse(facts[*at].distinct));
    if !is_named && spare.len() < 2 && keys(&known) < dense {
        return None;
    }
    while keys(&known) < dense && known.len() < WIDE {
        match spare.pop().filter(|at| facts[*at].distinct <= 200) {
            Some(at) => known.push(at),
            None => return None,
        }
    }
    known.sort_unstable();
    if keys(&known) < dense || known.len() > WIDE {
        return None;
    }
    let all: Vec<usize> = dimensions.iter().chain(&known).copied().collect();
    let alone = all.len() == 1;
    if alone && (guessed || !is_named && !facts[all[0]].words.any(PLACES)) {
        return None;
    }
    if !is_named {
        // As many rows as there can be combinations, or a good part of them: crossed on purpose.
        let product: f64 = all.iter().map(|at| facts[*at].distinct as f64).product();
        let crossed = table.sample.rows as f64 >= 0.3 * product;
        let of_whom = |at: &usize| {
            let words = &facts[*at].words;
            let lists = [BARE, PERSONS, PROXIES, HOUSEHOLDS, ROW_IDS];
            lists.iter().any(|list| words.made_of(list, IDS))
        };
        let is_table = ends.is_some() || time.is_some() && all.len() >= 2 || alone;
        if !crossed || !is_table || spare.is_empty() || all.iter().any(of_whom) {
            return None;
        }
    }
    spare.sort_unstable();
    let mut counted: Vec<usize> = by_name.into_iter().chain(spare).collect();
    counted.sort_unstable();
    let named_first = counted.iter().copied().filter(|at| !is_named || named(*at));
    let count = whole_of(table, &named_first.collect::<Vec<usize>>(), &counted)?;
    let parts = counted.iter().filter(|at| **at != count).map(|at| Part {
        column: *at,
        nested: !are_apart(&facts[count].words, &facts[*at].words) && includes(table, count, *at),
    });
    Some(Found {
        count,
        parts: parts.collect(),
        ends,
        place,
        guessed,
        time,
        known,
        figures,
    })
}

/// Words anywhere in a name that make of whole numbers a count of persons.
const NUMBERS_OF: &[&str] = &[
    "visitors",
    "visitor",
    "passanten",
    "pedestrians",
    "besucher*",
    "visiteurs",
    "visitantes",
    "personen*",
    "anzahl*",
    "*anzahl",
];

/// An attribute of one person, with more values than a table of counts has rows for.
fn is_of_persons(facts: &Facts) -> bool {
    facts.words.any(SENSITIVE) && facts.is_number() || facts.words.made_of(PERSONS, IDS)
}

/// Instants to the second are those of journeys, not of counts.
fn is_of_journeys(table: &Table<'_>, time: &Time) -> bool {
    let unit = match time.clock {
        Clock::AsTheyAre => return false,
        Clock::Counted(unit) => unit.seconds(),
        Clock::Typed => 1.0,
    };
    let values = table.sample.columns[time.column]
        .as_ref()
        .map(|column| &column.values);
    let Some(Distinct::Numbers(numbers)) = values else {
        return false;
    };
    let coarse = numbers
        .iter()
        .filter(|number| (**number * unit).rem_euclid(300.0) < 1e-6);
    (coarse.count() as f64) < 0.95 * numbers.len() as f64
}

/// The numbers of two columns, row by row, where both have one.
fn both(table: &Table<'_>, a: usize, b: usize) -> Vec<(f64, f64)> {
    let column = |at: usize| table.sample.columns[at].as_ref();
    let (Some(first), Some(second)) = (column(a), column(b)) else {
        return Vec::new();
    };
    let (Distinct::Numbers(of_first), Distinct::Numbers(of_second)) =
        (&first.values, &second.values)
    else {
        return Vec::new();
    };
    let rows = first.codes.iter().zip(&second.codes);
    rows.filter(|(a, b)| **a != NULL && **b != NULL)
        .map(|(a, b)| (of_first[*a as usize], of_second[*b as usize]))
        .collect()
}

/// Whether hardly a row counts less of the one than of the other: no more than a part may have by noise.
fn includes(table: &Table<'_>, whole: usize, part: usize) -> bool {
    let rows = both(table, whole, part);
    let more = rows.iter().filter(|(whole, part)| part > whole);
    !rows.is_empty() && more.count() * 100 <= rows.len()
}

/// Counts of others by their names, however their numbers compare: women beside men, exits beside entries.
const APART: &[&[&[&str]]] = &[
    &[
        &[
            "men",
            "male",
            "males",
            "man",
            "maenner",
            "maennlich",
            "hommes",
            "hombres",
            "uomini",
            "mannen",
            "m",
        ],
        &[
            "women", "female", "females", "woman", "frauen", "weiblich", "femmes", "mujeres",
            "donne", "vrouwen", "w", "f",
        ],
        &["diverse", "divers", "other", "nonbinary"],
    ],
    &[
        &[
            "entries",
            "entry",
            "in",
            "boardings",
            "einsteiger",
            "einsteigende",
            "arrivals",
            "entrees",
            "montees",
            "entradas",
            "subidas",
            "ingressi",
        ],
        &[
            "exits",
            "exit",
            "out",
            "alightings",
            "aussteiger",
            "aussteigende",
            "departures",
            "sorties",
            "descentes",
            "salidas",
            "bajadas",
            "uscite",
        ],
    ],
    &[&["cases", "*cases"], &["controls", "*controls"]],
];

fn are_apart(a: &Words, b: &Words) -> bool {
    let kind = |words: &Words, kinds: &[&[&str]]| kinds.iter().position(|kind| words.any(kind));
    APART
        .iter()
        .any(|kinds| match (kind(a, kinds), kind(b, kinds)) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        })
}

/// Of several counts the one that most others are parts of; the first where they are none of each other's.
fn whole_of(table: &Table<'_>, candidates: &[usize], counted: &[usize]) -> Option<usize> {
    let parts = |whole: usize| {
        let parts = counted.iter().filter(|part| **part != whole);
        parts.filter(|part| includes(table, whole, **part)).count()
    };
    let most = candidates.iter().map(|at| parts(*at)).max()?;
    candidates.iter().copied().find(|at| parts(*at) == most)
}

/// Takes what was found into a draft.
pub fn counts(draft: &mut Draft, table: &Table<'_>, found: Found, used: &mut HashSet<usize>) {
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
                if found.guessed {
                    draft.questions.push(format!(
                        "is `{}` where they were counted? No name of a column says where; of those that may, it has \
                         the most values. A table of counts needs a place, or an origin and a destination",
                        facts[*cell].source.name
                    ));
                }
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
    if !found.parts.is_empty() {
        let columns: Vec<usize> = found.parts.iter().map(|part| part.column).collect();
        used.extend(&columns);
        draft.ignored.push(Entry {
            columns,
            why: "further counts: a table has one, so each of these is described below as a table of its own"
                .to_owned(),
        });
        draft.parts = found.parts;
    }
    if !found.figures.is_empty() {
        used.extend(&found.figures);
        draft.ignored.push(Entry {
            columns: found.figures,
            why: "weather, shares, means and the like: they count nobody".to_owned(),
        });
    }
}
