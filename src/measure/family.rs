//! Tables of counts that may count the same persons: those of the release and of earlier ones that tell something in
//! common.

use super::{BothTimes, Earlier, Held, Other, Planning, Times};
use crate::encode::flows::Flows;
use crate::encode::margins::{Margins, Pair};
use crate::encode::projection::Projection;
use crate::encode::{Needs, is_comparable};
use crate::error::Result;
use crate::language::Said;
use crate::release::input::Input;
use crate::release::{Absent, Column, Place, PointDefinition, Table, TableKind};
use crate::said;

/// The share of a total that the unknown cells of a table may hold where nothing but that total tells that another
/// table counts the same persons.
pub const MOST_LACKING: f64 = 0.1;

/// How the persons of two tables of counts are related.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They are the same, as far as nothing speaks against it.
    Same,
    /// The manifest says that those of the first are among those of the second.
    Part,
    /// The manifest says that they are others.
    Apart,
}

/// Two tables of a family that have margins in common.
#[derive(Debug, Clone)]
pub struct Link {
    /// Their places in the family.
    pub tables: [usize; 2],
    /// The dimensions that both have.
    pub shared: Vec<Pair>,
    /// Whether they may have a total in common where they have nothing else.
    pub may_share_total: bool,
    pub relation: Relation,
    /// The ways in which counts of the first may be sums of those of the second, and the other way round.
    pub sums: [Vec<Projection>; 2],
}

impl Link {
    /// What both tell in common: the margins of the dimensions that both have, or the total where they have none of the
    /// same values. `None` where that cannot be told.
    pub fn margins(&self, flows: [&Flows; 2], absent: [bool; 2]) -> Option<Margins> {
        if !self.shared.is_empty() {
            let margins = Margins::new(flows, &self.shared, absent)?;
            if !margins.pairs.is_empty() || !self.may_share_total {
                return Some(margins);
            }
        }
        let total = || Margins::new(flows, &[], absent);
        self.may_share_total.then(total).flatten()
    }

    /// Whether the persons of both are the same as far as their common margins tell, and so whether what is said of
    /// one holds of the other.
    pub fn is_believed(&self, margins: &Margins) -> bool {
        let all = margins.pairs.len() as u64;
        let few = |against: u64| against as f64 <= super::MOST_AGAINST * all as f64;
        match self.relation {
            // One total says less than many margins.
            Relation::Same if margins.is_total => margins.complete(MOST_LACKING),
            Relation::Same => few(margins.unequal()),
            // Whoever says otherwise is not believed where all margins are the same.
            Relation::Part | Relation::Apart => margins.agree(super::MOST_AGAINST),
        }
    }

    /// Whether they count other persons in some margins and the same in most, so that it cannot be told.
    pub fn is_doubtful(&self, margins: &Margins) -> bool {
        let all = margins.pairs.len() as u64;
        self.relation == Relation::Same
            && !margins.is_total
            && margins.unequal() as f64 <= super::MOST_DOUBTED * all as f64
    }

    /// Whether the first table counts a part of those whom the second counts, as the manifest says and as far as their
    /// margins tell.
    pub fn is_part(&self, margins: &Margins) -> bool {
        let all = margins.pairs.len() as u64;
        self.relation == Relation::Part
            && margins.exceeding() as f64 <= super::MOST_AGAINST * all as f64
    }

    /// Which of the two tables counts a part of the other's persons: by the manifest, or where it says nothing, because
    /// it counts no more in any margin and nearly as many in most.
    pub fn part(&self, margins: &Margins) -> Option<usize> {
        match self.relation {
            Relation::Part => self.is_part(margins).then_some(0),
            Relation::Apart => None,
            Relation::Same => (0..2).find(|side| margins.is_nearly(*side, MOST_LACKING)),
        }
    }
}

/// A table of counts, and those that may count the same persons.
#[derive(Clone)]
pub struct Family {
    /// All but the first, which is the table itself.
    pub held: Vec<Held>,
    /// What each is called, the first among them.
    pub names: Vec<Said>,
    /// What the manifest says of absent cells.
    pub absent: Vec<Option<Absent>>,
    pub links: Vec<Link>,
}

/// A table and its files.
#[derive(Clone, Copy)]
struct Member<'a> {
    table: &'a Table,
    input: &'a Input,
    /// Its place in the release; `None` where it is of an earlier one.
    own: Option<usize>,
    earlier: Option<(Earlier, &'a str)>,
}

impl Planning<'_> {
    /// The tables of counts that are linked to one by what they tell in common, directly or by others.
    pub(super) fn family(&self, table: usize) -> Family {
        let own = |(at, described): (usize, _)| Member {
            table: described,
            input: &self.inputs[at],
            own: Some(at),
            earlier: None,
        };
        let before = self.earlier_tables();
        let before = before.filter(|earlier| earlier.table.kind == TableKind::Flows);
        let before = before.map(|earlier| Member {
            table: earlier.table,
            input: earlier.input,
            own: None,
            earlier: Some((earlier.earlier, earlier.name)),
        });
        let others = self.tables(TableKind::Flows).filter(|(at, _)| *at != table);
        let mut rest: Vec<Member<'_>> = others.map(own).chain(before).collect();
        let mut members = vec![own((table, &self.release.tables[table]))];
        let mut links = Vec::new();
        let mut at = 0;
        while at < members.len() {
            let mut apart = Vec::new();
            for other in std::mem::take(&mut rest) {
                match self.link(&members[at], &other, [at, members.len()]) {
                    Some(link) => {
                        links.push(link);
                        members.push(other);
                    }
                    None => apart.push(other),
                }
            }
            rest = apart;
            at += 1;
        }
        // Those that were found by one may be linked to others as well.
        for second in 1..members.len() {
            for first in 0..second {
                let is_known = |link: &Link| link.tables == [first, second];
                if !links.iter().any(is_known) {
                    links.extend(self.link(&members[first], &members[second], [first, second]));
                }
            }
        }
        links.sort_by_key(|link| link.tables);
        let name = |member: &Member<'_>| match member.earlier {
            None => said!("`{}`", "`{}`", member.table.name),
            Some((_, release)) => said!(
                "`{}` of the earlier release `{}`",
                "`{}` der früheren Veröffentlichung `{}`",
                member.table.name,
                release
            ),
        };
        let held = |member: &Member<'_>| {
            let other = match (member.own, member.earlier) {
                (Some(at), _) => Other::Table(at),
                (_, earlier) => Other::Earlier(earlier.expect("it is one of the two").0),
            };
            self.held(other, table, PointDefinition::default(), Needs::of_cells())
        };
        Family {
            held: members[1..].iter().map(held).collect(),
            names: members.iter().map(name).collect(),
            absent: (members.iter())
                .map(|member| member.table.counting.absent)
                .collect(),
            links,
        }
    }

    /// How two tables are linked; `None` where they tell nothing in common. Of the two the first to be named is the
    /// first of the link, but where the manifest calls the second a whole.
    fn link(&self, one: &Member<'_>, other: &Member<'_>, places: [usize; 2]) -> Option<Link> {
        let names = |table: &Table, other: &Table| {
            let apart = table.counting.apart_from.iter();
            let part = table.counting.part_of.iter();
            (
                part.clone().any(|name| name.value == other.name),
                apart.clone().any(|(name, _)| name.value == other.name),
            )
        };
        // What a manifest says, it says of its own release.
        let are_own = one.own.is_some() && other.own.is_some();
        let (part, apart) = names(one.table, other.table);
        let (whole, set_apart) = names(other.table, one.table);
        let relation = match (are_own, part || whole, apart || set_apart) {
            (true, true, _) => Relation::Part,
            (true, _, true) => Relation::Apart,
            _ => Relation::Same,
        };
        let (mut members, mut tables) = ([*one, *other], places);
        if relation == Relation::Part && whole {
            members.reverse();
            tables.reverse();
        }
        let [first, second] = members;
        // Who was at a place need not have come from elsewhere: journeys are no parts of those.
        let of_journeys =
            |table: &Table| table.roles.origin.is_some() || table.roles.destination.is_some();
        let of_places = |table: &Table| table.roles.place.is_some();
        if (of_journeys(first.table) && of_places(second.table))
            || (of_places(first.table) && of_journeys(second.table))
        {
            return None;
        }
        let shared = shared(&first, &second);
        let sums = match (first.own, second.own, relation) {
            (Some(one), Some(other), Relation::Same) => {
                [self.projections(one, other), self.projections(other, one)]
            }
            _ => [Vec::new(), Vec::new()],
        };
        let is_linked = !shared.is_empty() || sums.iter().any(|ways| !ways.is_empty());
        // Tables of one release may count the same persons by different things.
        let may_share_total = are_own && relation != Relation::Part;
        (is_linked || may_share_total).then_some(Link {
            tables,
            may_share_total,
            shared,
            relation,
            sums,
        })
    }

    /// # Errors
    /// A table is said to be part of another with which it tells nothing in common.
    pub(super) fn check_relations(&self) -> Result<()> {
        for (at, table) in self.tables(TableKind::Flows) {
            let apart = table.counting.apart_from.iter().map(|(other, _)| other);
            for named in table.counting.part_of.iter().chain(apart) {
                let mut tables = self.release.tables.iter();
                let Some(other) = tables.position(|other| other.name == named.value) else {
                    continue;
                };
                let member = |at: usize| Member {
                    table: &self.release.tables[at],
                    input: &self.inputs[at],
                    own: Some(at),
                    earlier: None,
                };
                if self.link(&member(at), &member(other), [0, 1]).is_none() {
                    let message = format!(
                        "`{}` and `{}` have no column in common by which counts could be compared",
                        table.name, named.value
                    );
                    let help = "places, times and quasi-identifiers of the same names and types are compared";
                    return Err(self.release.error_at(named, message).help(help));
                }
            }
        }
        Ok(())
    }
}

/// The columns that two tables have in common: by their roles, and quasi-identifiers by name.
fn shared(one: &Member<'_>, other: &Member<'_>) -> Vec<Pair> {
    let theirs: Vec<&Column> = other.table.roles.dimensions().collect();
    let pair = |(at, column): (usize, &Column)| {
        let found = partner(column, one.table, other.table)?;
        let found = theirs.iter().position(|known| known.value == found.value)?;
        let source = |member: &Member<'_>, column: &Column| {
            let at = member.input.column(&column.value)?;
            Some(member.input.columns[at].clone())
        };
        let sources = (source(one, column)?, source(other, theirs[found])?);
        let is_time = |table: &Table, column: &Column| {
            (table.roles.time.as_ref()).is_some_and(|time| time.value == column.value)
        };
        let scales = match is_time(one.table, column) {
            true => Times::of(&sources.0).zip(Times::of(&sources.1)),
            false => None,
        };
        let time = scales.map(|(mine, theirs)| BothTimes {
            dimension: at,
            scales: [mine, theirs],
            windows: [one, other].map(|member| Some(member.table.counting.window.as_ref()?.value)),
        });
        let on_clocks = scales.is_some_and(|(mine, theirs)| {
            let on_clock = |scale| matches!(scale, Times::PerDay(_) | Times::PerSecond(_));
            let zones = [one, other].map(|member| member.table.timezone.is_none());
            on_clock(mine) && on_clock(theirs) && zones == [true; 2]
        });
        (on_clocks || is_comparable(&sources.0, &sources.1)).then_some(Pair {
            dimensions: [at, found],
            time,
        })
    };
    let mine = one.table.roles.dimensions().enumerate();
    let pairs: Vec<Pair> = mine.filter_map(pair).collect();
    // One half of a pair of coordinates is no place.
    let places = |table: &Table| -> Vec<String> {
        let places = table.roles.place.iter().flat_map(Place::columns);
        places.map(|column| column.value.clone()).collect()
    };
    let mine = places(one.table);
    let is_place = |pair: &&Pair| {
        let mut dimensions = one.table.roles.dimensions();
        let column = dimensions.nth(pair.dimensions[0]);
        column.is_some_and(|column| mine.contains(&column.value))
    };
    match pairs.iter().filter(is_place).count() {
        0 => pairs,
        found if found == mine.len() => pairs,
        _ => Vec::new(),
    }
}

/// The column of another table that plays the same part.
fn partner<'a>(column: &Column, one: &Table, other: &'a Table) -> Option<&'a Column> {
    let (mine, theirs) = (&one.roles, &other.roles);
    let is = |role: &Option<Column>| {
        role.as_ref()
            .is_some_and(|known| known.value == column.value)
    };
    for (mine, theirs) in [
        (&mine.time, &theirs.time),
        (&mine.origin, &theirs.origin),
        (&mine.destination, &theirs.destination),
    ] {
        if is(mine) {
            return theirs.as_ref();
        }
    }
    let places: Vec<&Column> = mine.place.iter().flat_map(Place::columns).collect();
    if let Some(at) = places.iter().position(|place| place.value == column.value) {
        let theirs: Vec<&Column> = theirs.place.iter().flat_map(Place::columns).collect();
        return (places.len() == theirs.len()).then(|| theirs[at]);
    }
    let mut known = theirs.quasi_identifiers.iter();
    known.find(|known| known.value == column.value)
}
