//! Tables whose subjects are the same: whoever has them joins them.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::holdings::{Holdings, Revealed};
use super::intern::{Distinct, Texts, Values};
use super::{Encoded, Reduced, column, computed};
use crate::release::TableKind;
use crate::release::input::Domain;
use crate::stats::Draws;

/// Tables that share subjects, directly or by way of others.
pub struct Joined {
    /// Positions among those that were compared, ascending.
    pub tables: Vec<usize>,
    /// Persons who are in two or more of them.
    pub persons: u64,
    /// Of each person who is in two or more tables of attributes how many persons have the same in all of these.
    pub crowds: Vec<u64>,
    /// Of each sensitive column of these for how many of those persons everybody in their crowd has the same value; and,
    /// where there is a trace, for how many of its persons everybody with whom they share a point.
    pub revealed: Vec<Revealed>,
    /// For each trace and each number of points that somebody knows how many of the persons drawn are singled out by
    /// them within their class, and how many were drawn.
    pub within: Vec<Within>,
}

/// Persons of a trace, or of several, who are known by a class of attributes and some points.
pub struct Within {
    /// The positions of the traces among the tables that were compared.
    pub tables: Vec<usize>,
    pub points: usize,
    pub unique: u64,
    pub drawn: u64,
}

impl Encoded {
    /// The class of each person of microdata by all their rows together; `None` of other tables.
    fn classes_of_persons(&self) -> Option<Vec<u32>> {
        let (Some(Reduced::Persons(traces)), Some(shared)) = (&self.tuples, &self.shared) else {
            return None;
        };
        if let Some(composite) = &traces.composite {
            return Some(composite.clone());
        }
        if let Some(composite) = traces.multisets(&shared.groups) {
            return Some(composite);
        }
        let only = |person| traces.of(person).first();
        let group = |tuple: Option<&u32>| shared.groups.of[*tuple? as usize].into();
        let persons = 0..traces.persons();
        persons.map(|person| group(only(person))).collect()
    }
}

impl Encoded {
    /// The names of its sensitive columns, each with pairs of person and value; nothing where they were not asked for.
    fn sensitive_values(&self) -> Vec<(&str, Vec<(u32, u64)>)> {
        let (Some(Reduced::Persons(traces)), Some(shared)) = (&self.tuples, &self.shared) else {
            return Vec::new();
        };
        let words = traces.layout.words();
        let keys: Vec<&[u64]> = traces.keys.chunks_exact(words).collect();
        let attributes = self.attributes.iter().enumerate().skip(self.known);
        let pairs = |attribute: usize| {
            let of = |person: usize| {
                let tuples = traces.of(person).iter();
                let code = |tuple: &u32| traces.layout.code(attribute, keys[*tuple as usize]);
                tuples.map(move |tuple| (person as u32, u64::from(code(tuple))))
            };
            (0..traces.persons()).flat_map(of).collect()
        };
        attributes
            .take(shared.sensitive.len())
            .map(|(at, (name, _))| (name.as_str(), pairs(at)))
            .collect()
    }
}

/// A table that is compared, and the type of its subjects.
pub struct Side<'a> {
    pub table: &'a Encoded,
    pub domain: Option<Domain>,
}

impl Side<'_> {
    fn subjects(&self) -> Option<&Values> {
        self.table.subjects.as_ref().map(|(_, values)| values)
    }

    /// Each subject as anybody would read it, in whatever type and spelling: letters and digits alone, in small
    /// letters, without zeros in front. `None` where two of them would read the same.
    fn plain(&self) -> Option<HashMap<Vec<u8>, u32>> {
        let texts: Vec<Vec<u8>> = self.texts()?.iter().map(|text| plain(text)).collect();
        let all = texts.len();
        let plain: HashMap<Vec<u8>, u32> = texts.into_iter().zip(0..).collect();
        (plain.len() == all && !plain.contains_key([].as_slice())).then_some(plain)
    }

    /// Each subject as a text.
    fn texts(&self) -> Option<Vec<Vec<u8>>> {
        let subjects = self.subjects()?;
        let number = |number: i64| match self.domain {
            Some(Domain::Real) => column::real(number).to_string(),
            Some(Domain::Decimal(scale)) if scale > 0 => {
                (number as f64 / 10f64.powi(scale.into())).to_string()
            }
            _ => number.to_string(),
        };
        Some(match &subjects.distinct {
            Distinct::Numbers(numbers) => numbers
                .iter()
                .map(|stored| number(*stored).into_bytes())
                .collect(),
            Distinct::Bytes(texts) => (0..texts.len()).map(|at| texts.get(at).to_vec()).collect(),
        })
    }

    /// Where each of its subjects is among those of another, if they are the same persons.
    fn places_in(&self, other: &Self) -> Option<Vec<Option<u32>>> {
        let (mine, theirs) = (self.subjects()?, other.subjects()?);
        let is_real = |side: &Self| matches!(side.domain, Some(Domain::Real | Domain::Decimal(_)));
        if is_real(self) == is_real(other) {
            let found = mine.places_in(theirs);
            let shared = found.iter().flatten().count();
            if are_joined(mine, theirs, shared) {
                return Some(found);
            }
        }
        if let (Some(mine), Some(theirs)) = (self.plain(), other.plain())
            && let Some(found) = Self::by_spelling(mine, theirs)
        {
            return Some(found);
        }
        computed::places(&self.texts()?, &other.texts()?)
    }

    fn by_spelling(
        mine: HashMap<Vec<u8>, u32>,
        theirs: HashMap<Vec<u8>, u32>,
    ) -> Option<Vec<Option<u32>>> {
        let mut found = vec![None; mine.len()];
        for (text, at) in &mine {
            found[*at as usize] = theirs.get(text).copied();
        }
        let shared = found.iter().flatten().count();
        let written = |plain: HashMap<Vec<u8>, u32>| {
            let texts: Vec<Vec<u8>> = plain.into_keys().collect();
            Values {
                null: false,
                distinct: Distinct::Bytes(Texts::of(&texts)),
            }
        };
        are_joined(&written(mine), &written(theirs), shared).then_some(found)
    }
}

fn plain(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let letters = text.chars().filter(|letter| letter.is_alphanumeric());
    let small: String = letters.flat_map(char::to_lowercase).collect();
    let without = small.trim_start_matches('0');
    match without.is_empty() && !small.is_empty() {
        true => vec![b'0'],
        false => without.as_bytes().to_vec(),
    }
}

/// The groups of tables that share subjects, each by its first table.
pub fn joined(sides: &[Side<'_>], draws: &Draws) -> Vec<Joined> {
    // The table of the lowest position that each is joined with.
    let mut group: Vec<usize> = (0..sides.len()).collect();
    let mut places: BTreeMap<(usize, usize), Vec<Option<u32>>> = BTreeMap::new();
    for later in 0..sides.len() {
        for earlier in 0..later {
            let Some(found) = sides[later].places_in(&sides[earlier]) else {
                continue;
            };
            let (a, b) = (group[later], group[earlier]);
            group
                .iter_mut()
                .filter(|of| **of == a.max(b))
                .for_each(|of| *of = a.min(b));
            places.insert((later, earlier), found);
        }
    }
    let first = |at: &usize| group[*at] == *at;
    let members = |at: usize| -> Vec<usize> {
        let of = (0..sides.len()).filter(|other| group[*other] == at);
        of.collect()
    };
    (0..sides.len())
        .filter(first)
        .map(members)
        .filter(|members| members.len() > 1)
        .map(|members| join(sides, members, &places, draws))
        .collect()
}

/// Whether subjects of two tables are the same persons. Whole numbers may be equal by chance: drawn at random from the
/// range that both lie in, so many would be; running numbers from one on are equal altogether, and nobody can see
/// whether they mean the same.
fn are_joined(a: &Values, b: &Values, shared: usize) -> bool {
    if shared == 0 {
        return false;
    }
    let (Some(mine), Some(theirs)) = (range(a), range(b)) else {
        return true;
    };
    let low = mine.0.min(theirs.0) as f64;
    let high = mine.1.max(theirs.1) as f64;
    let expected = a.known() as f64 * b.known() as f64 / (high - low + 1.0);
    let shared = shared as f64;
    let most = a.known().min(b.known()) as f64;
    2.0 * shared >= most || shared > expected + 5.0 * expected.sqrt() + f64::from(expected >= 0.01)
}

/// The least and the greatest of whole numbers, also of those written as texts.
fn range(values: &Values) -> Option<(i64, i64)> {
    match &values.distinct {
        Distinct::Numbers(numbers) => Some((*numbers.first()?, *numbers.last()?)),
        Distinct::Bytes(texts) => {
            let number = |at: usize| -> Option<i64> {
                let text = texts.get(at);
                let digits = text.iter().all(u8::is_ascii_digit);
                std::str::from_utf8(text)
                    .ok()
                    .filter(|_| digits)?
                    .parse()
                    .ok()
            };
            let mut range: Option<(i64, i64)> = None;
            for at in 0..texts.len() {
                let number = number(at)?;
                let (low, high) = range.unwrap_or((number, number));
                range = Some((low.min(number), high.max(number)));
            }
            range
        }
    }
}

fn join(
    sides: &[Side<'_>],
    members: Vec<usize>,
    places: &BTreeMap<(usize, usize), Vec<Option<u32>>>,
    draws: &Draws,
) -> Joined {
    // The number of each person of each table, over all of them.
    let mut numbers: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    let mut all = 0;
    for table in &members {
        let persons = sides[*table].subjects().map_or(0, Values::known);
        let mut mine: Vec<Option<u32>> = vec![None; persons];
        for (earlier, theirs) in &numbers {
            let Some(found) = places.get(&(*table, *earlier)) else {
                continue;
            };
            for (number, place) in mine.iter_mut().zip(found) {
                *number = number.or(place.map(|place| theirs[place as usize]));
            }
        }
        let mut number = |known: Option<u32>| {
            known.unwrap_or_else(|| {
                all += 1;
                all - 1
            })
        };
        let mine = mine.into_iter().map(&mut number).collect();
        numbers.insert(*table, mine);
    }
    let mut tables_of = vec![0u32; all as usize];
    for number in numbers.values().flatten() {
        tables_of[*number as usize] += 1;
    }
    let persons = tables_of.iter().filter(|tables| **tables > 1).count() as u64;
    // What is known of each person: the class in each table of attributes that they are in.
    let mut known: Vec<Vec<(u32, u32)>> = vec![Vec::new(); all as usize];
    for (at, table) in (0u32..).zip(&members) {
        let Some(classes) = sides[*table].table.classes_of_persons() else {
            continue;
        };
        for (number, class) in numbers[table].iter().zip(classes) {
            known[*number as usize].push((at, class));
        }
    }
    let classes = classes(&known);
    let mut sensitive: Vec<(u32, String, Holdings)> = Vec::new();
    for (at, table) in (0u32..).zip(&members) {
        for (column, pairs) in sides[*table].table.sensitive_values() {
            let of = &numbers[table];
            let pairs = pairs.into_iter();
            let pairs = pairs.map(|(person, value)| (of[person as usize], value));
            let holdings = Holdings::new(all as usize, pairs.collect());
            sensitive.push((at, column.to_owned(), holdings));
        }
    }
    let (crowds, of_crowds) = crowds(&known, &sensitive);
    let name = |at: usize| sides[at].table.name.clone();
    let disclosed = |persons: u64, (at, column, _): &(u32, String, Holdings)| Revealed {
        table: name(members[*at as usize]),
        column: column.clone(),
        trace: None,
        persons,
    };
    let mut revealed = Vec::new();
    // Nobody is compared where only one of the tables is of attributes.
    if !crowds.is_empty() {
        let pairs = of_crowds.iter().zip(&sensitive);
        revealed.extend(pairs.map(|(persons, sensitive)| disclosed(*persons, sensitive)));
    }
    let mut within: Vec<Within> = Vec::new();
    for table in &members {
        let of = &numbers[table];
        let Some(points) = points_of(sides[*table].table, of.len()) else {
            continue;
        };
        let pointed = Pointed::new(points);
        let own: Vec<Option<u32>> = of.iter().map(|number| classes[*number as usize]).collect();
        within.extend(pointed.within(&[*table], &own, |person| own[person].is_some(), draws));
        for sensitive in &sensitive {
            revealed.push(Revealed {
                trace: Some(name(*table)),
                ..disclosed(pointed.revealed(of, &sensitive.2), sensitive)
            });
        }
    }
    within.extend(within_several(sides, &numbers, &classes, draws));
    Joined {
        persons,
        crowds,
        revealed,
        tables: members,
        within,
    }
}

/// Persons who are in several traces, known by points of all of these and by their class, if they have one.
fn within_several(
    sides: &[Side<'_>],
    numbers: &BTreeMap<usize, Vec<u32>>,
    classes: &[Option<u32>],
    draws: &Draws,
) -> Vec<Within> {
    let mut tables = Vec::new();
    let mut of: Vec<Vec<u32>> = vec![Vec::new(); classes.len()];
    let mut traces_of = vec![0u32; classes.len()];
    let mut before = 0;
    for (table, numbers) in numbers {
        let Some(points) = points_of(sides[*table].table, numbers.len()) else {
            continue;
        };
        tables.push(*table);
        let mut most = 0;
        for (own, number) in points.into_iter().zip(numbers) {
            let number = *number as usize;
            traces_of[number] += u32::from(!own.is_empty());
            most = own.iter().copied().max().unwrap_or(0).max(most);
            of[number].extend(own.iter().map(|tuple| before + tuple));
        }
        before += most + 1;
    }
    if tables.len() < 2 {
        return Vec::new();
    }
    let pointed = Pointed::new(of.iter().map(Vec::as_slice).collect());
    pointed.within(&tables, classes, |person| traces_of[person] > 1, draws)
}

/// The class of each person by all tables of attributes that they are in, as one number; `None` of those who are in none.
fn classes(known: &[Vec<(u32, u32)>]) -> Vec<Option<u32>> {
    let mut numbers: BTreeMap<&[(u32, u32)], u32> = BTreeMap::new();
    let number = |of: &'_ Vec<(u32, u32)>| !of.is_empty();
    for of in known.iter().filter(|of| number(of)) {
        let next = numbers.len() as u32;
        numbers.entry(of).or_insert(next);
    }
    known
        .iter()
        .map(|of| numbers.get(of.as_slice()).copied())
        .collect()
}

/// The points of each person of a trace, as finely as they are published; `None` of what is no trace, or of other persons.
fn points_of(table: &Encoded, persons: usize) -> Option<Vec<&[u32]>> {
    let traces = table.at_published_precision().unwrap_or(table).traces()?;
    let is_whole = table.kind == TableKind::Trace && traces.persons() == persons;
    is_whole.then(|| (0..persons).map(|person| traces.of(person)).collect())
}

/// How many points somebody knows besides a class.
const POINTS: [usize; 2] = [1, 4];
/// Persons who are drawn, and how often the points of each are.
const DRAWN: usize = 2_000;
const TIMES: u64 = 5;

/// Persons and points, both ways round.
struct Pointed<'a> {
    /// The points of each person.
    of: Vec<&'a [u32]>,
    /// The persons who have each point.
    holders: Vec<Vec<u32>>,
}

impl<'a> Pointed<'a> {
    fn new(of: Vec<&'a [u32]>) -> Self {
        let mut holders: Vec<Vec<u32>> = Vec::new();
        for (person, own) in of.iter().enumerate() {
            for point in *own {
                let point = *point as usize;
                if holders.len() <= point {
                    holders.resize_with(point + 1, Vec::new);
                }
                holders[point].push(person as u32);
            }
        }
        Self { of, holders }
    }

    /// How many are singled out by their class and each number of points; nothing where nobody is asked.
    fn within(
        &self,
        tables: &[usize],
        classes: &[Option<u32>],
        is_asked: impl Fn(usize) -> bool,
        draws: &Draws,
    ) -> Vec<Within> {
        let known = POINTS.into_iter().filter_map(|points| {
            let (unique, drawn) = self.singled_out(classes, &is_asked, points, draws);
            (drawn > 0).then(|| Within {
                tables: tables.to_vec(),
                points,
                unique,
                drawn,
            })
        });
        known.collect()
    }

    /// Of persons whose class and some of whose points are known how many are singled out, and of how many drawn. Who has
    /// no more points is known by all.
    fn singled_out(
        &self,
        classes: &[Option<u32>],
        is_asked: impl Fn(usize) -> bool,
        points: usize,
        draws: &Draws,
    ) -> (u64, u64) {
        let mut persons: Vec<usize> = (0..self.of.len())
            .filter(|person| is_asked(*person) && !self.of[*person].is_empty())
            .collect();
        if persons.len() > DRAWN {
            draws.trial(0).leave(&mut persons, DRAWN);
        }
        let outcomes = persons.par_iter().map(|person| {
            let own = self.of[*person];
            let mut trial = draws.trial(1 + *person as u64);
            let times = if own.len() <= points { 1 } else { TIMES };
            let mut unique = 0;
            for _ in 0..times {
                let mut chosen = own.to_vec();
                trial.leave(&mut chosen, points);
                let rarest = chosen
                    .iter()
                    .min_by_key(|point| self.holders[**point as usize].len());
                let rarest = rarest.expect("there is a point");
                let mut others = self.holders[*rarest as usize]
                    .iter()
                    .map(|other| *other as usize);
                let fits = |other: usize| {
                    let theirs = self.of[other];
                    other != *person
                        && classes[other] == classes[*person]
                        && chosen.iter().all(|point| theirs.contains(point))
                };
                unique += u64::from(!others.any(fits));
            }
            // Of who has few points all are known: they weigh as much as the others.
            (unique * TIMES / times, TIMES)
        });
        outcomes.reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
    }

    /// Persons who share a point with others of whom everybody has the same sensitive value in another table; `numbers`
    /// are those of the persons over all tables.
    fn revealed(&self, numbers: &[u32], holdings: &Holdings) -> u64 {
        let looked_at = (self.holders.len() * holdings.values()) as f64;
        let members = |persons: &Vec<u32>| -> Vec<u32> {
            let numbers = persons.iter().map(|person| numbers[*person as usize]);
            numbers
                .filter(|number| !holdings.of(*number).is_empty())
                .collect()
        };
        let found = self.holders.par_iter().map(members);
        let found = found.filter(|members| holdings.is_certain_beyond_chance(members, looked_at));
        let mut persons: Vec<u32> = found.flatten_iter().collect();
        persons.sort_unstable();
        persons.dedup();
        persons.len() as u64
    }
}

/// Of each person known from two or more tables how many are in all of these and have the same class in each; and for
/// each sensitive column, of the table at a place of the group, for how many of them all of these have a value in common.
fn crowds(
    known: &[Vec<(u32, u32)>],
    sensitive: &[(u32, String, Holdings)],
) -> (Vec<u64>, Vec<u64>) {
    let tables = |of: &[(u32, u32)]| of.iter().map(|(table, _)| *table).collect::<Vec<_>>();
    let mut sets: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
    for (person, of) in (0u32..).zip(known).filter(|(_, of)| of.len() > 1) {
        sets.entry(tables(of)).or_default().push(person);
    }
    let mut crowds = Vec::new();
    let mut revealed = vec![0; sensitive.len()];
    for (set, persons) in sets {
        let within = |of: &Vec<(u32, u32)>| -> Option<Vec<u32>> {
            let class = |table: &u32| {
                let mut of = of.iter();
                of.find(|(known, _)| known == table)
                    .map(|(_, class)| *class)
            };
            set.iter().map(class).collect()
        };
        let mut members: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
        for (person, of) in (0u32..).zip(known) {
            if let Some(classes) = within(of) {
                members.entry(classes).or_default().push(person);
            }
        }
        let mut own: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
        for classes in persons
            .iter()
            .filter_map(|person| within(&known[*person as usize]))
        {
            crowds.push(members[&classes].len() as u64);
            *own.entry(classes).or_default() += 1;
        }
        for ((table, _, holdings), revealed) in sensitive.iter().zip(&mut revealed) {
            if set.contains(table) {
                let certain = own
                    .iter()
                    .filter(|(classes, _)| holdings.is_certain(&members[*classes]));
                *revealed += certain.map(|(_, persons)| persons).sum::<u64>();
            }
        }
    }
    (crowds, revealed)
}
