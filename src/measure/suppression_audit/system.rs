//! Counts that are not known, and all that published counts say of them: those of one table and of all that count the
//! same persons, as one system.

use std::collections::{BTreeSet, HashMap};

use super::super::family::Link;
use crate::encode::cover::Cover;
use crate::encode::flows::{Count, Flows, Group, parts};
use crate::encode::margins::{Margin, Margins};
use crate::encode::projection::{self, Parts, Projection, Wholes};
use crate::release::Absent;
use crate::stats::sums::{ANY, Bound, Range, Sum, System};

/// Cells that are absent, at most: more are not put into one system.
const MOST_ABSENT: u64 = 5_000_000;

/// A table of the family.
pub struct Node<'a> {
    pub flows: &'a Flows,
    pub absent: Absent,
    /// What a suppressed cell may be by itself.
    pub range: Range,
}

/// A count that is not known, of the table of this place in the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Missing {
    /// Of a cell, by its key.
    Cell(u32, u64),
    /// Of a part of areas or times that no cell is of alone, beside the same codes of all other dimensions.
    Part {
        node: u32,
        dimension: usize,
        rest: u64,
        part: u32,
    },
    /// Those of one margin of a part that is counted in a whole who are not in the part.
    Others { link: usize, margin: usize },
}

type Equation = (Vec<(Missing, i64)>, Range);

/// What a count may be of which nothing is known.
const ANYBODY: Range = Range {
    least: 0,
    most: ANY,
};

/// What the totals say of counts that are not known.
pub struct Assembled {
    unknowns: Vec<Range>,
    /// What each may be where suppressed cells may be of nobody.
    from_zero: Vec<Range>,
    /// What a table says of its own counts.
    own: Vec<Sum>,
    /// What other tables say of them.
    links: Vec<Sum>,
    /// Those of cells of the first table, by their numbers in the system, ascending, and whether each is published as a
    /// zero.
    pub cells: Vec<(u32, bool)>,
    /// The places in the family of the tables that have a part in it.
    pub with: Vec<usize>,
    /// And of those of which it cannot be told whether they count the same persons.
    pub doubted: Vec<usize>,
}

/// What is known of suppressed counts.
#[derive(Default)]
pub struct Solved {
    /// Of each of the cells.
    pub bounds: Vec<Bound>,
    /// Cells that are of nobody, or may be, where a suppressed cell was thought to be of one person at least.
    pub from_zero: u64,
    /// Cells of which another table says what cannot be: it counts other persons.
    pub unlinked: u64,
}

impl Assembled {
    /// The bounds of all cells. A suppressed cell is taken to be of somebody where the tables suggest it; where no counts
    /// satisfy all totals then, it may be of nobody as well; and where none do even so, other tables are left aside.
    pub fn solve(self, largest: usize) -> Solved {
        let Self {
            unknowns,
            from_zero,
            own,
            links,
            cells,
            ..
        } = self;
        let wanted: Vec<u32> = cells.iter().map(|(number, _)| *number).collect();
        let with_links = [own.as_slice(), links.as_slice()].concat();
        let mut system = System {
            unknowns,
            sums: with_links,
        };
        let mut solved = Solved {
            bounds: system.solve(&wanted, largest),
            from_zero: 0,
            unlinked: 0,
        };
        let starts = std::mem::take(&mut system.unknowns);
        for (unknowns, alone) in [(&from_zero, false), (&starts, true), (&from_zero, true)] {
            let against = |at: &usize| solved.bounds[*at] == Bound::Contradiction;
            let left: Vec<usize> = (0..wanted.len()).filter(against).collect();
            if left.is_empty() || alone && links.is_empty() {
                break;
            }
            if alone {
                system.sums.truncate(own.len());
            }
            system.unknowns.clone_from(unknowns);
            let numbers: Vec<u32> = left.iter().map(|at| wanted[*at]).collect();
            for (at, bound) in left.into_iter().zip(system.solve(&numbers, largest)) {
                solved.bounds[at] = bound;
                let is_solved = bound != Bound::Contradiction;
                solved.from_zero += u64::from(is_solved && std::ptr::eq(unknowns, &from_zero));
                solved.unlinked += u64::from(is_solved && alone);
            }
        }
        solved
    }
}

/// Counts that are not known, with what sums say of them.
struct Unknown<'a> {
    nodes: &'a [Node<'a>],
    unknowns: Vec<Range>,
    from_zero: Vec<Range>,
    numbers: HashMap<Missing, u32>,
}

impl Unknown<'_> {
    /// What a count may be by itself, and what where suppressed cells may be of nobody.
    fn range(&self, count: Missing) -> (Range, Range) {
        let Missing::Cell(node, key) = count else {
            return (ANYBODY, ANYBODY);
        };
        let Node { flows, range, .. } = &self.nodes[node as usize];
        // A total that was left out may be of more than any single cell.
        let mut dimensions = flows.dimensions.iter().enumerate();
        let stands_for_others =
            dimensions.any(|(dimension, of)| of.wholes[flows.code(dimension, key) as usize]);
        if stands_for_others {
            return (ANYBODY, ANYBODY);
        }
        let from_zero = Range { least: 0, ..*range };
        let as_zero = (flows.find(key)).is_some_and(|at| flows.count(at).as_zero);
        match as_zero {
            true => (from_zero, from_zero),
            false => (*range, from_zero),
        }
    }

    /// `None` where there are too many counts.
    fn add(&mut self, sums: impl IntoIterator<Item = Equation>, into: &mut Vec<Sum>) -> Option<()> {
        for (counts, range) in sums {
            let mut terms = Vec::with_capacity(counts.len());
            for (count, sign) in counts {
                let next = self.unknowns.len() as u32;
                let number = *self.numbers.entry(count).or_insert(next);
                if number == next {
                    let (range, from_zero) = self.range(count);
                    self.unknowns.push(range);
                    self.from_zero.push(from_zero);
                }
                terms.push((number, sign));
            }
            into.push(Sum { terms, range });
            if self.unknowns.len() as u64 > MOST_ABSENT {
                return None;
            }
        }
        Some(())
    }
}

/// The system of the first table and of all that it is linked with. `None` where too many cells of it are absent.
pub fn system(nodes: &[Node<'_>], links: &[Link]) -> Option<Assembled> {
    let mut unknown = Unknown {
        nodes,
        unknowns: Vec::new(),
        from_zero: Vec::new(),
        numbers: HashMap::new(),
    };
    let mut doubted = Vec::new();
    let mut told: Vec<([usize; 2], Vec<Equation>)> = Vec::new();
    for (at, link) in links.iter().enumerate() {
        match link_sums(at, link, nodes)? {
            Linked::Sums(sums) => told.push((link.tables, sums)),
            Linked::Doubtful if link.tables.contains(&0) => {
                doubted.extend(link.tables.iter().filter(|table| **table > 0));
            }
            Linked::Doubtful | Linked::Nothing => {}
        }
    }
    let reached = reached(told.iter().map(|(tables, _)| *tables));
    let (mut own, mut linked) = (Vec::new(), Vec::new());
    for at in &reached {
        let node = &nodes[*at];
        if node.flows.repeated > 0 {
            continue;
        }
        let added = unknown.add(own_sums(*at as u32, node), &mut own);
        // Of the others as much is taken as there is room for.
        if *at == 0 {
            added?;
        }
    }
    for (tables, sums) in told {
        if reached.contains(&tables[0]) {
            unknown.add(sums, &mut linked)?;
        }
    }
    let with = reached.into_iter().filter(|table| *table > 0).collect();
    let flows = nodes[0].flows;
    let cells = unknown.numbers.iter();
    let cells = cells.filter_map(|(count, number)| match count {
        Missing::Cell(0, key) => {
            let as_zero = (flows.find(*key)).is_some_and(|at| flows.count(at).as_zero);
            Some((*number, as_zero))
        }
        _ => None,
    });
    let mut cells: Vec<(u32, bool)> = cells.collect();
    cells.sort_unstable();
    Some(Assembled {
        unknowns: unknown.unknowns,
        from_zero: unknown.from_zero,
        own,
        links: linked,
        cells,
        with,
        doubted,
    })
}

/// What two tables say of each other.
enum Linked {
    Sums(Vec<Equation>),
    /// They do not count the same persons, or leave nothing open.
    Nothing,
    /// They may or may not.
    Doubtful,
}

/// The tables that the first is linked with by pairs that say something of each other, itself among them.
fn reached(pairs: impl Iterator<Item = [usize; 2]> + Clone) -> BTreeSet<usize> {
    let mut reached = BTreeSet::from([0]);
    loop {
        let known = reached.len();
        for pair in pairs.clone() {
            if pair.iter().any(|table| reached.contains(table)) {
                reached.extend(pair);
            }
        }
        if reached.len() == known {
            return reached;
        }
    }
}

/// What the totals of a table say of its counts.
fn own_sums(at: u32, node: &Node<'_>) -> Vec<Equation> {
    let Node { flows, absent, .. } = node;
    let mut all = Vec::new();
    let dimensions = flows.dimensions.iter().enumerate();
    for (dimension, of) in dimensions.filter(|(_, of)| of.has_sums()) {
        if let Some(cover) = &of.cover {
            let sums = flows.groups(dimension, |rest, group| {
                overlapping(at, node, dimension, cover, rest, group)
            });
            all.extend(sums.into_iter().flatten());
            continue;
        }
        let sums = flows.groups(dimension, |rest, group| {
            let sums = parts(group, of, |_| true);
            let missing: Vec<Vec<u32>> = match absent {
                Absent::Zero => vec![Vec::new(); sums.len()],
                Absent::Suppressed => {
                    let places = |whole: &(usize, Vec<usize>)| of.missing(group, whole.0);
                    sums.iter().map(places).collect()
                }
            };
            let of_group = |(sum, missing): ((usize, Vec<usize>), Vec<u32>)| {
                let cell = |code: u32| Missing::Cell(at, flows.with(dimension, rest, code));
                equation(cell, group, sum, &missing)
            };
            sums.into_iter()
                .zip(missing)
                .filter_map(of_group)
                .collect::<Vec<_>>()
        });
        all.extend(sums.into_iter().flatten());
    }
    all
}

/// What two tables say of each other; `None` where too many cells are absent.
fn link_sums(at: usize, link: &Link, nodes: &[Node<'_>]) -> Option<Linked> {
    let [first, second] = link.tables.map(|table| &nodes[table]);
    if first.flows.repeated + second.flows.repeated > 0 {
        return Some(Linked::Nothing);
    }
    for (side, ways) in link.sums.iter().enumerate() {
        let [coarser, finer] = [link.tables[side], link.tables[1 - side]];
        let mut sums = Vec::new();
        let mut is_sum = false;
        for way in ways {
            let Some(across) = Across::new([coarser, finer], nodes, way) else {
                continue;
            };
            is_sum = true;
            match across.equations(nodes[finer].absent) {
                Some(equations) => sums.extend(equations),
                None if finer == 0 => return None,
                None => {}
            }
        }
        if is_sum {
            return Some(Linked::Sums(sums));
        }
    }
    let absent = [first, second].map(|node| node.absent == Absent::Suppressed);
    let flows = [first.flows, second.flows];
    let Some(mut margins) = link.margins(flows, absent) else {
        return Some(Linked::Nothing);
    };
    let mut is_same = link.is_believed(&margins);
    if !is_same && !link.is_part(&margins) {
        // Where only margins with absent cells differ these were left out, whatever is said of them.
        let left_out = link.margins(flows, [true, true]);
        let is_less =
            |left_out: &Margins| margins.differ_by_absent(left_out, super::super::MOST_AGAINST);
        match left_out.filter(is_less) {
            Some(left_out) => (margins, is_same) = (left_out, true),
            None if link.is_doubtful(&margins) => return Some(Linked::Doubtful),
            None => return Some(Linked::Nothing),
        }
    }
    let mut sums = Vec::new();
    for (number, [mine, theirs]) in margins.pairs.iter().enumerate() {
        let terms = |table: usize, margin: &Margin, sign: i64| -> Vec<(Missing, i64)> {
            let cells = margin.unknown.iter();
            cells
                .map(|cell| (Missing::Cell(link.tables[table] as u32, *cell), sign))
                .collect()
        };
        let mut terms = [terms(0, mine, 1), terms(1, theirs, -1)].concat();
        if terms.is_empty() || mine.is_open && theirs.is_open {
            continue;
        }
        let whole = |persons: u64| i64::try_from(persons).unwrap_or(ANY).min(ANY);
        let mut range = Range {
            least: whole(theirs.least) - whole(mine.most),
            most: whole(theirs.most) - whole(mine.least),
        };
        if !is_same {
            let others = Missing::Others {
                link: at,
                margin: number,
            };
            terms.push((others, 1));
        }
        // What may be counted in further cells bounds from one side alone.
        if mine.is_open {
            range.least = -ANY;
        }
        if theirs.is_open {
            range.most = ANY;
        }
        sums.push((terms, range));
    }
    Some(match sums.is_empty() {
        true => Linked::Nothing,
        false => Linked::Sums(sums),
    })
}

/// Published counts of another table that are sums of cells.
struct Across<'a> {
    /// The places of the two tables in the family.
    tables: [usize; 2],
    flows: &'a Flows,
    coarser: &'a Flows,
    wholes: Wholes<'a>,
    /// Of each cell of the other table what is published of it.
    parts: Vec<Parts>,
}

impl<'a> Across<'a> {
    /// `None` where they are no such sums.
    fn new(tables: [usize; 2], nodes: &'a [Node<'a>], way: &Projection) -> Option<Self> {
        let [coarser, flows] = tables.map(|table| nodes[table].flows);
        let wholes = Wholes::new(coarser, flows, way)?;
        let across = Self {
            tables,
            flows,
            coarser,
            parts: projection::parts(coarser, flows, &wholes),
            wholes,
        };
        let known =
            (0..across.coarser.len()).filter(|at| !across.coarser.count(*at).is_suppressed());
        let examined = known.filter(|at| across.parts[*at].cells > 0);
        let (mut all, mut against) = (0, 0);
        for at in examined {
            (all, against) = (all + 1, against + usize::from(across.is_less(at)));
        }
        (against as f64 <= super::super::MOST_AGAINST * f64::from(all)).then_some(across)
    }

    fn is_less(&self, at: usize) -> bool {
        self.coarser.count(at).most < self.parts[at].least
    }

    /// What each count says of the unknown cells among its parts; `None` where too many are absent.
    fn equations(&self, absent: Absent) -> Option<Vec<Equation>> {
        let flows = self.flows;
        let suppressed = (0..flows.len()).filter(|at| flows.count(*at).is_suppressed());
        let mut unknown: Vec<(usize, Option<u64>)> = suppressed
            .flat_map(|at| {
                self.wholes
                    .find(flows.key(at))
                    .map(move |whole| (whole, Some(flows.key(at))))
            })
            .collect();
        if absent == Absent::Suppressed {
            let sizes = || flows.dimensions.iter().map(|of| of.values.len() as u64);
            let possible = sizes().try_fold(1u64, u64::checked_mul)?;
            if possible > MOST_ABSENT + flows.len() as u64 {
                return None;
            }
            let key = |mut number: u64| {
                let code = |size: u64| {
                    let code = (number % size) as u32;
                    number /= size;
                    code
                };
                flows.key_of(&sizes().map(code).collect::<Vec<u32>>())
            };
            let missing = (0..possible)
                .map(key)
                .filter(|key| flows.find(*key).is_none());
            unknown.extend(
                missing.flat_map(|key| self.wholes.find(key).map(move |whole| (whole, Some(key)))),
            );
        }
        unknown.sort_unstable();
        // A count of the other table that was left out is as unknown as they are, where published ones are the sums
        // of all their parts.
        let has_unknown = |at: &usize| {
            let next = unknown.partition_point(|(whole, _)| whole < at);
            unknown.get(next).is_some_and(|(whole, _)| whole == at)
        };
        let of_parts = (0..self.coarser.len()).filter(|at| self.parts[*at].cells > 0);
        let (left_out, told): (Vec<usize>, Vec<usize>) =
            of_parts.partition(|at| self.coarser.count(*at).is_suppressed());
        let complete = || told.iter().filter(|at| !has_unknown(at));
        let more = complete().filter(|at| self.coarser.count(**at).least > self.parts[**at].most);
        if more.count() as f64 <= super::super::MOST_AGAINST * complete().count() as f64 {
            unknown.extend(left_out.into_iter().map(|at| (at, None)));
            unknown.sort_unstable();
        }
        let of_total = |cells: &[(usize, Option<u64>)]| {
            let at = cells[0].0;
            let (total, parts) = (self.coarser.count(at), self.parts[at]);
            if !total.is_suppressed() && self.is_less(at) {
                return None;
            }
            let keys = cells.iter().filter_map(|(_, key)| *key);
            let finer = self.tables[1] as u32;
            let terms: Vec<(Missing, i64)> =
                keys.map(|key| (Missing::Cell(finer, key), 1)).collect();
            let whole = Missing::Cell(self.tables[0] as u32, self.coarser.key(at));
            bounded(terms, (parts.least as i64, parts.most as i64), total, whole)
        };
        let totals = unknown.chunk_by(|a, b| a.0 == b.0);
        Some(totals.filter_map(of_total).collect())
    }
}

/// What the counts of areas or times that overlap say of those that are missing; nothing where none is.
fn overlapping(
    at: u32,
    node: &Node<'_>,
    dimension: usize,
    cover: &Cover,
    rest: u64,
    group: Group<'_>,
) -> Vec<Equation> {
    let Node { flows, absent, .. } = node;
    let counts: HashMap<u32, Count> = group.iter().copied().collect();
    let codes = 0..cover.len() as u32;
    let alone = codes.filter(|code| cover.parts(*code).len() == 1);
    let alone: HashMap<u32, u32> = alone.map(|code| (cover.parts(code)[0], code)).collect();
    let is_absent = |code: &u32| !counts.contains_key(code);
    let missing = *absent == Absent::Suppressed && alone.values().any(is_absent);
    if !missing && !group.iter().any(|(_, count)| count.is_suppressed()) {
        return Vec::new();
    }
    let cell = |code: u32| Missing::Cell(at, flows.with(dimension, rest, code));
    let equation = |(code, total): &(u32, Count)| {
        let (taken, left) = cover.sum(*code, |part| counts.contains_key(&part));
        let (mut terms, mut least, mut most) = (Vec::new(), 0i64, 0i64);
        for part in taken {
            let count = counts[&part];
            match count.is_suppressed() {
                true => terms.push((cell(part), 1)),
                false => (least, most) = (least + count.least as i64, most + count.most as i64),
            }
        }
        terms.extend(
            left.into_iter()
                .filter_map(|part| match (alone.get(&part), absent) {
                    (Some(_), Absent::Zero) => None,
                    (Some(code), Absent::Suppressed) => Some((cell(*code), 1)),
                    (None, _) => {
                        let part = Missing::Part {
                            node: at,
                            dimension,
                            rest,
                            part,
                        };
                        Some((part, 1))
                    }
                }),
        );
        bounded(terms, (least, most), *total, cell(*code))
    };
    let wholes = group
        .iter()
        .filter(|(code, _)| cover.parts(*code).len() > 1);
    wholes.filter_map(equation).collect()
}

/// What a total says of its unknown parts, those that are known being so many persons at least and at most; `None` where
/// all is known.
fn bounded(
    mut terms: Vec<(Missing, i64)>,
    (least, most): (i64, i64),
    total: Count,
    whole: Missing,
) -> Option<Equation> {
    let range = match total.is_suppressed() {
        true => {
            terms.push((whole, -1));
            Range {
                least: -most,
                most: -least,
            }
        }
        false => Range {
            least: total.least as i64 - most,
            most: total.most as i64 - least,
        },
    };
    (!terms.is_empty()).then_some((terms, range))
}

/// What a total says of its unknown parts; `None` where there are none.
fn equation(
    cell: impl Fn(u32) -> Missing,
    group: Group<'_>,
    (whole, parts): (usize, Vec<usize>),
    missing: &[u32],
) -> Option<Equation> {
    let mut terms: Vec<(Missing, i64)> = Vec::new();
    let (mut least, mut most) = (0i64, 0i64);
    for (code, count) in parts.into_iter().map(|part| group[part]) {
        match count.is_suppressed() {
            true => terms.push((cell(code), 1)),
            false => (least, most) = (least + count.least as i64, most + count.most as i64),
        }
    }
    terms.extend(missing.iter().map(|code| (cell(*code), 1)));
    let (code, total) = group[whole];
    bounded(terms, (least, most), total, cell(code))
}
