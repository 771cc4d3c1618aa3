//! Nearest records by a sum of dissimilarities, one a column: found without comparing all pairs, and exactly.
//!
//! Columns compared by equality are grouped by the set S of those that agree, the cheapest disagreements
//! first. Within records that agree on S the cost of these columns is known, and what is left are distances
//! of numbers, searched in a k-d tree of each such group. Whoever has a nearest record at a distance below the
//! cost of the next S is done. A record that agrees on more than S was met before at less cost, so nothing is
//! counted twice.
//!
//! Time: for each S that is looked at the known once, a sort of those that may agree on S with somebody who is
//! not done, and one search for each of these: sets S × (known log known + sought log known) at worst, where the
//! trees help; usually few S are needed. Where few are left, these are compared with all of the known.

use crate::encode::parts::parted;
use crate::language::Said;
use crate::said;
use rayon::prelude::*;

/// Distances that differ by less are equal.
pub const EPSILON: f64 = 1e-9;
/// Groups of at most so many are searched one by one.
const LEAF: usize = 16;
/// As many columns can be compared by equality (one with numbers and nulls counts as one of them too).
pub const MOST_COLUMNS: usize = 20;

/// What two values of a column cost.
#[derive(Debug, Clone)]
pub enum Cost {
    /// So much where they differ.
    Equal(f64),
    /// So much where they differ, by the code of the sought; infinitely much where they must not.
    Valued(Vec<f64>),
    /// The difference of their places, those of the codes; NaN is null, which differs from every number by 1.
    Number(Vec<f64>),
}

impl Cost {
    fn between(&self, a: u32, b: u32) -> f64 {
        match self {
            _ if a == b => 0.0,
            Self::Equal(cost) => *cost,
            Self::Valued(costs) => costs[a as usize],
            Self::Number(places) => {
                let difference = (places[a as usize] - places[b as usize]).abs();
                if difference.is_nan() { 1.0 } else { difference }
            }
        }
    }
}

/// The distance between two combinations of two tables, the first that of the sought.
pub fn distance(costs: &[Cost], a: &[Vec<u32>], at_a: usize, b: &[Vec<u32>], at_b: usize) -> f64 {
    let columns = costs.iter().zip(a.iter().zip(b));
    columns
        .map(|(cost, (a, b))| cost.between(a[at_a], b[at_b]))
        .sum()
}

/// The nearest of the known.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// Infinite where nobody is known.
    pub distance: f64,
    /// Persons at this distance, once for each combination of theirs.
    pub persons: u64,
    /// Some of the combinations at this distance, where they were asked for.
    pub of: Vec<u32>,
}

/// The known: their combinations, and how many persons have each.
pub struct Known<'a> {
    pub codes: &'a [Vec<u32>],
    pub persons: &'a [u64],
}

/// For each of the sought combinations the nearest of the known, with at most `listed` of these.
///
/// # Errors
/// There are too many columns, or they have too many values.
pub fn nearest(
    costs: &[Cost],
    sought: &[Vec<u32>],
    known: &Known<'_>,
    listed: usize,
) -> Result<Vec<Nearest>, Said> {
    let search = Search::new(costs, sought, known, listed)?;
    let count = sought.first().map_or(0, Vec::len);
    let mut best: Vec<(u32, Nearest)> = (0..count as u32)
        .map(|at| {
            let nobody = Nearest {
                distance: f64::INFINITY,
                persons: 0,
                of: Vec::new(),
            };
            (at, nobody)
        })
        .collect();
    let mut done: Vec<(u32, Nearest)> = Vec::with_capacity(count);
    let sets = search.sets();
    for (at, (base, set)) in sets.iter().enumerate() {
        let finished = |(_, nearest): &mut (u32, Nearest)| {
            *base > nearest.distance + EPSILON || base.is_infinite()
        };
        done.extend(best.extract_if(.., finished));
        if best.is_empty() {
            break;
        }
        let farthest = best.iter().map(|(_, nearest)| nearest.distance);
        let farthest = farthest.fold(0.0, f64::max);
        let left = sets[at..].partition_point(|(cost, _)| *cost <= farthest + EPSILON);
        // To look at a record by a set takes about as long as to compare sixteen values.
        if best.len() * costs.len() <= 16 * left {
            best.par_iter_mut()
                .for_each(|(sought, nearest)| search.compare_all(*sought, nearest));
            break;
        }
        // What the set costs at least may be less than what it costs one of the sought.
        let cost = |sought: u32| match search.is_valued {
            true => search.base(*set, sought),
            false => *base,
        };
        let may_find = |sought: u32, nearest: &Nearest| {
            let cost = cost(sought);
            cost.is_finite() && cost <= nearest.distance + EPSILON
        };
        let wanted: Vec<u32> = best
            .par_iter()
            .filter(|(sought, nearest)| may_find(*sought, nearest))
            .map(|(sought, _)| *sought)
            .collect();
        if wanted.is_empty() {
            continue;
        }
        let index = Index::new(&search, *set, wanted.into_iter());
        best.par_iter_mut()
            .with_min_len(64)
            .for_each_init(Vec::new, |place, (sought, nearest)| {
                if may_find(*sought, nearest) {
                    index.search(*sought, cost(*sought), place, nearest);
                }
            });
    }
    done.extend(best);
    done.par_sort_unstable_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, nearest)| nearest).collect())
}

/// A column, or whether one is null, in the keys.
struct Facet {
    /// The least there is.
    cost: f64,
    /// The column whose values have their own.
    valued: Option<usize>,
    bits: u128,
    /// The column whose nulls it tells.
    nulls_of: Option<usize>,
}

/// A column of numbers.
struct Axis {
    sought: Vec<f64>,
    known: Vec<f64>,
    /// The facet that tells its nulls.
    nulls: Option<usize>,
}

struct Search<'a> {
    costs: &'a [Cost],
    sought: &'a [Vec<u32>],
    known: &'a Known<'a>,
    facets: Vec<Facet>,
    is_valued: bool,
    axes: Vec<Axis>,
    sought_keys: Vec<u128>,
    known_keys: Vec<u128>,
    listed: usize,
}

impl<'a> Search<'a> {
    fn new(
        costs: &'a [Cost],
        sought: &'a [Vec<u32>],
        known: &'a Known<'a>,
        listed: usize,
    ) -> Result<Self, Said> {
        let count = |codes: &[Vec<u32>]| codes.first().map_or(0, Vec::len);
        let mut search = Self {
            costs,
            sought,
            known,
            facets: Vec::new(),
            is_valued: costs.iter().any(|cost| matches!(cost, Cost::Valued(_))),
            axes: Vec::new(),
            sought_keys: vec![0; count(sought)],
            known_keys: vec![0; count(known.codes)],
            listed,
        };
        let mut width = 0;
        for (column, cost) in costs.iter().enumerate() {
            let (mine, theirs) = (&sought[column], &known.codes[column]);
            match cost {
                Cost::Equal(_) | Cost::Valued(_) => {
                    let most = mine.iter().chain(theirs).max().copied().unwrap_or(0);
                    let wide = u32::BITS - most.leading_zeros();
                    let cost = match cost {
                        Cost::Equal(cost) => *cost,
                        Cost::Valued(costs) => {
                            let of = mine.iter().map(|code| costs[*code as usize]);
                            of.fold(f64::INFINITY, f64::min)
                        }
                        Cost::Number(_) => unreachable!("numbers have an arm of their own"),
                    };
                    search.facet(&mut width, wide, cost, None, |code| code, column)?;
                }
                Cost::Number(places) => {
                    let is_null = |code: u32| u32::from(places[code as usize].is_nan());
                    let null = places.iter().any(|place| place.is_nan());
                    if null {
                        search.facet(&mut width, 1, 1.0, Some(column), is_null, column)?;
                    }
                    let place = |code: &u32| match places[*code as usize] {
                        null if null.is_nan() => 0.0,
                        place => place,
                    };
                    search.axes.push(Axis {
                        sought: mine.iter().map(place).collect(),
                        known: theirs.iter().map(place).collect(),
                        nulls: null.then(|| search.facets.len() - 1),
                    });
                }
            }
        }
        Ok(search)
    }

    fn facet(
        &mut self,
        width: &mut u32,
        wide: u32,
        cost: f64,
        nulls_of: Option<usize>,
        bits: impl Fn(u32) -> u32 + Sync,
        column: usize,
    ) -> Result<(), Said> {
        if self.facets.len() == MOST_COLUMNS {
            return Err(said!(
                "there are more than 20 columns to compare: name fewer quasi-identifiers in the register",
                "mehr als 20 Spalten wären zu vergleichen: im Register sind weniger Quasi-Identifikatoren zu nennen"
            ));
        }
        if *width + wide > u128::BITS {
            return Err(said!(
                "the columns have too many values to compare: name fewer quasi-identifiers in the register",
                "die Spalten haben zu viele Werte für einen Vergleich: im Register sind weniger Quasi-Identifikatoren zu nennen"
            ));
        }
        let shift = *width;
        let put = |keys: &mut [u128], codes: &[u32]| {
            let pairs = keys.par_iter_mut().zip(codes);
            pairs.for_each(|(key, code)| *key |= u128::from(bits(*code)) << (shift % u128::BITS));
        };
        put(&mut self.sought_keys, &self.sought[column]);
        put(&mut self.known_keys, &self.known.codes[column]);
        self.facets.push(Facet {
            cost,
            valued: matches!(self.costs[column], Cost::Valued(_)).then_some(column),
            bits: match wide {
                0 => 0,
                wide => (u128::MAX >> (u128::BITS - wide)) << shift,
            },
            nulls_of,
        });
        *width += wide;
        Ok(())
    }

    /// What one of the sought loses with those that agree on a set of facets alone.
    fn base(&self, set: u32, sought: u32) -> f64 {
        let facets = self.facets.iter().enumerate();
        let apart = facets.filter(|(at, _)| set >> at & 1 == 0);
        apart
            .map(|(_, facet)| match facet.valued {
                Some(column) => {
                    let code = self.sought[column][sought as usize];
                    self.costs[column].between(code, u32::MAX)
                }
                None => facet.cost,
            })
            .sum()
    }

    /// All sets of facets that may agree, with the least cost of the others; the cheapest first.
    fn sets(&self) -> Vec<(f64, u32)> {
        let cost = |set: u32| -> f64 {
            let facets = self.facets.iter().enumerate();
            let apart = facets.filter(|(at, _)| set >> at & 1 == 0);
            apart.map(|(_, facet)| facet.cost).sum()
        };
        let mut sets: Vec<(f64, u32)> = (0..1u32 << self.facets.len())
            .map(|set| (cost(set), set))
            .collect();
        sets.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        sets
    }

    /// The slow way.
    fn compare_all(&self, sought: u32, nearest: &mut Nearest) {
        nearest.distance = f64::INFINITY;
        for (at, persons) in self.known.persons.iter().enumerate() {
            let mut distance = 0.0;
            for (cost, (a, b)) in self
                .costs
                .iter()
                .zip(self.sought.iter().zip(self.known.codes))
            {
                distance += cost.between(a[sought as usize], b[at]);
                if distance > nearest.distance + EPSILON {
                    break;
                }
            }
            self.meet(nearest, distance, *persons, &[at as u32]);
        }
    }

    /// Takes note of combinations at a distance.
    fn meet(&self, nearest: &mut Nearest, distance: f64, persons: u64, combinations: &[u32]) {
        if distance > nearest.distance + EPSILON || distance.is_infinite() {
            return;
        }
        if distance < nearest.distance - EPSILON {
            nearest.persons = 0;
            nearest.of.clear();
        }
        nearest.distance = nearest.distance.min(distance);
        nearest.persons += persons;
        let room = self.listed.saturating_sub(nearest.of.len());
        nearest.of.extend(combinations.iter().take(room));
    }
}

/// The known, grouped by what they have in the facets that agree.
struct Index<'a> {
    search: &'a Search<'a>,
    /// The bits that are compared, and those of them that are to differ.
    mask: u128,
    flipped: u128,
    axes: Vec<&'a Axis>,
    /// Of each group what its records have, ascending.
    keys: Vec<u128>,
    /// Where each group begins in `order`; one more than groups.
    starts: Vec<u32>,
    order: Vec<u32>,
    persons: Vec<u64>,
    /// Of large groups, by their numbers; ascending.
    trees: Vec<(u32, Tree)>,
}

impl<'a> Index<'a> {
    /// Of the known those alone that may agree with some of the `sought`.
    fn new(search: &'a Search<'a>, set: u32, sought: impl ExactSizeIterator<Item = u32>) -> Self {
        let agrees = |facet: usize| set >> facet & 1 == 1;
        let (mut mask, mut flipped) = (0, 0);
        for (at, facet) in search.facets.iter().enumerate() {
            match (agrees(at), facet.nulls_of) {
                (true, _) => mask |= facet.bits,
                // Of two possible values the other one.
                (false, Some(_)) => {
                    mask |= facet.bits;
                    flipped |= facet.bits;
                }
                (false, None) => {}
            }
        }
        let axes = search.axes.iter();
        let axes: Vec<&Axis> = axes.filter(|axis| axis.nulls.is_none_or(agrees)).collect();
        let mut filter = Filter::new(sought.len());
        for sought in sought {
            filter.add((search.sought_keys[sought as usize] ^ flipped) & mask);
        }
        let keys = search.known_keys.par_iter().enumerate();
        let keys = keys.map(|(at, key)| (key & mask, at as u32));
        let mut sorted: Vec<(u128, u32)> = keys.filter(|(key, _)| filter.may_hold(*key)).collect();
        sorted.par_sort_unstable();
        let (mut keys, mut starts, mut persons) = (Vec::new(), Vec::new(), Vec::new());
        for (at, (key, combination)) in sorted.iter().enumerate() {
            if keys.last() != Some(key) {
                keys.push(*key);
                starts.push(at as u32);
                persons.push(0);
            }
            *persons.last_mut().expect("one was just pushed") +=
                search.known.persons[*combination as usize];
        }
        starts.push(sorted.len() as u32);
        let mut order: Vec<u32> = sorted.into_par_iter().map(|(_, at)| at).collect();
        let mut trees = Vec::new();
        if !axes.is_empty() {
            let lengths = starts.windows(2);
            let lengths = lengths.map(|bounds| (bounds[1] - bounds[0]) as usize);
            let groups = (0u32..).zip(parted(&mut order, lengths));
            let groups: Vec<_> = groups.filter(|(_, mine)| mine.len() > LEAF).collect();
            let built = groups.into_par_iter();
            trees = built
                .map(|(group, mine)| (group, Tree::new(&axes, search.known.persons, mine)))
                .collect();
        }
        Self {
            search,
            mask,
            flipped,
            axes,
            keys,
            starts,
            order,
            persons,
            trees,
        }
    }

    fn search(&self, sought: u32, base: f64, place: &mut Vec<f64>, nearest: &mut Nearest) {
        let key = (self.search.sought_keys[sought as usize] ^ self.flipped) & self.mask;
        let Ok(group) = self.keys.binary_search(&key) else {
            return;
        };
        let mine = self.starts[group] as usize..self.starts[group + 1] as usize;
        let mine = &self.order[mine];
        if self.axes.is_empty() {
            self.search.meet(nearest, base, self.persons[group], mine);
            return;
        }
        place.clear();
        place.extend(self.axes.iter().map(|axis| axis.sought[sought as usize]));
        match self
            .trees
            .binary_search_by_key(&(group as u32), |(group, _)| *group)
        {
            Ok(tree) => self.descend(&self.trees[tree].1, 0, mine, base, place, nearest),
            Err(_) => self.look_at(mine, base, place, nearest),
        }
    }

    fn look_at(&self, combinations: &[u32], base: f64, place: &[f64], nearest: &mut Nearest) {
        for combination in combinations {
            let at = *combination as usize;
            let axes = self.axes.iter().zip(place);
            let distance: f64 = axes
                .map(|(axis, place)| (axis.known[at] - place).abs())
                .sum();
            let persons = self.search.known.persons[at];
            self.search
                .meet(nearest, base + distance, persons, &[*combination]);
        }
    }

    fn descend(
        &self,
        tree: &Tree,
        at: usize,
        mine: &[u32],
        base: f64,
        place: &[f64],
        nearest: &mut Nearest,
    ) {
        let node = &tree.nodes[at];
        let least = base + tree.least(at, place);
        if least > nearest.distance + EPSILON {
            return;
        }
        let here = &mine[node.start as usize..node.end as usize];
        match node.children {
            _ if node.is_point => self.search.meet(nearest, least, node.persons, here),
            None => self.look_at(here, base, place, nearest),
            Some([a, b]) => {
                let (a, b) = (a as usize, b as usize);
                let (first, second) = match tree.least(a, place) <= tree.least(b, place) {
                    true => (a, b),
                    false => (b, a),
                };
                self.descend(tree, first, mine, base, place, nearest);
                self.descend(tree, second, mine, base, place, nearest);
            }
        }
    }
}

/// A set of keys, of which it says that it may hold one: always where it does, seldom where not.
struct Filter {
    bits: Vec<u64>,
    shift: u32,
}

impl Filter {
    fn new(keys: usize) -> Self {
        let room = (keys * 16).next_power_of_two().max(1 << 12);
        Self {
            bits: vec![0; room / 64],
            shift: 64 - room.trailing_zeros(),
        }
    }

    /// Multiplied by the golden ratio, of which the highest bits depend on all.
    fn place(&self, key: u128) -> usize {
        let folded = key as u64 ^ ((key >> 64) as u64).rotate_left(32);
        (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    fn add(&mut self, key: u128) {
        let place = self.place(key);
        self.bits[place / 64] |= 1 << (place % 64);
    }

    fn may_hold(&self, key: u128) -> bool {
        let place = self.place(key);
        self.bits[place / 64] >> (place % 64) & 1 == 1
    }
}

/// A k-d tree over the numbers of one group.
struct Tree {
    nodes: Vec<Node>,
    /// Of each node the least and the greatest place on each axis.
    bounds: Vec<[f64; 2]>,
    axes: usize,
}

struct Node {
    start: u32,
    end: u32,
    children: Option<[u32; 2]>,
    persons: u64,
    /// All are at one place.
    is_point: bool,
}

impl Tree {
    fn new(axes: &[&Axis], persons: &[u64], group: &mut [u32]) -> Self {
        let mut tree = Self {
            nodes: Vec::new(),
            bounds: Vec::new(),
            axes: axes.len(),
        };
        tree.grow(axes, persons, group, 0);
        tree
    }

    fn grow(&mut self, axes: &[&Axis], persons: &[u64], group: &mut [u32], start: usize) -> u32 {
        let at = self.nodes.len();
        for axis in axes {
            let places = group
                .iter()
                .map(|combination| axis.known[*combination as usize]);
            let bounds = places.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], place| {
                [low.min(place), high.max(place)]
            });
            self.bounds.push(bounds);
        }
        let spread = |axis: &usize| {
            let [low, high] = self.bounds[at * self.axes + axis];
            high - low
        };
        let widest = (0..axes.len())
            .max_by(|a, b| spread(a).total_cmp(&spread(b)))
            .expect("a tree has an axis");
        let of = group.iter().map(|at| persons[*at as usize]);
        let node = Node {
            start: start as u32,
            end: (start + group.len()) as u32,
            children: None,
            persons: of.sum(),
            is_point: spread(&widest) == 0.0,
        };
        let is_leaf = node.is_point || group.len() <= LEAF;
        self.nodes.push(node);
        if !is_leaf {
            let middle = group.len() / 2;
            let known = &axes[widest].known;
            group.select_nth_unstable_by(middle, |a, b| {
                known[*a as usize].total_cmp(&known[*b as usize])
            });
            let (low, high) = group.split_at_mut(middle);
            let low = self.grow(axes, persons, low, start);
            let high = self.grow(axes, persons, high, start + middle);
            self.nodes[at].children = Some([low, high]);
        }
        at as u32
    }

    /// The least distance that anything within a node can have.
    fn least(&self, node: usize, place: &[f64]) -> f64 {
        let bounds = &self.bounds[node * self.axes..][..self.axes];
        let axes = bounds.iter().zip(place);
        axes.map(|([low, high], place)| (low - place).max(place - high).max(0.0))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn twin(costs: &[Cost], sought: &[Vec<u32>], known: &Known<'_>) -> Vec<(f64, u64, Vec<u32>)> {
        let of = |at: usize| {
            let all = (0..known.persons.len()).map(|b| distance(costs, sought, at, known.codes, b));
            let all: Vec<f64> = all.collect();
            let least = all.iter().copied().fold(f64::INFINITY, f64::min);
            let tied = (0..all.len()).filter(|b| least.is_finite() && all[*b] <= least + EPSILON);
            let tied: Vec<u32> = tied.map(|b| b as u32).collect();
            let persons = tied.iter().map(|b| known.persons[*b as usize]).sum();
            (least, persons, tied)
        };
        (0..sought[0].len()).map(of).collect()
    }

    /// Two columns of names, two of numbers with nulls and without; the cost of the first name.
    type Case = (Vec<[u32; 4]>, Vec<[u32; 4]>, f64);

    fn cases() -> impl Strategy<Value = Case> {
        let rows = |most| prop::collection::vec([0u32..5, 0u32..4, 0u32..7, 0u32..7], 1..most);
        (rows(60), rows(400), 0.3f64..3.0)
    }

    fn columns(rows: &[[u32; 4]]) -> Vec<Vec<u32>> {
        (0..4)
            .map(|at| rows.iter().map(|row| row[at]).collect())
            .collect()
    }

    proptest! {
        #[test]
        fn nearest_are_those_of_all_pairs((sought, known, cost) in cases(), valued in any::<bool>()) {
            let (sought, codes) = (columns(&sought), columns(&known));
            let persons: Vec<u64> = (1..=codes[0].len() as u64).collect();
            let known = Known { codes: &codes, persons: &persons };
            let sixth = |code: u32| f64::from(code) / 6.0;
            let with_null = |code: u32| if code == 0 { f64::NAN } else { f64::from(code - 1) / 5.0 };
            let costs = [
                match valued {
                    true => Cost::Valued(vec![cost, 0.5 * cost, f64::INFINITY, 0.1, 2.0 * cost]),
                    false => Cost::Equal(cost),
                },
                Cost::Equal(1.0),
                Cost::Number((0..7).map(sixth).collect()),
                Cost::Number((0..7).map(with_null).collect()),
            ];
            let expected = twin(&costs, &sought, &known);
            let found = nearest(&costs, &sought, &known, 1_000).unwrap();
            // By the groups alone, whatever their number.
            let search = Search::new(&costs, &sought, &known, 1_000).unwrap();
            for (at, (least, persons, tied)) in expected.into_iter().enumerate() {
                let mut by_groups = Nearest { distance: f64::INFINITY, persons: 0, of: Vec::new() };
                for (_, set) in search.sets() {
                    let base = search.base(set, at as u32);
                    if base.is_finite() && base <= by_groups.distance + EPSILON {
                        let index = Index::new(&search, set, std::iter::once(at as u32));
                        index.search(at as u32, base, &mut Vec::new(), &mut by_groups);
                    }
                }
                for mut found in [found[at].clone(), by_groups] {
                    let is_far = least.is_infinite() && found.distance.is_infinite();
                    prop_assert!(is_far || (found.distance - least).abs() < 1e-12);
                    prop_assert_eq!(found.persons, persons);
                    found.of.sort_unstable();
                    prop_assert_eq!(&found.of, &tied);
                }
            }
        }
    }

    #[test]
    fn many_names_and_many_numbers() {
        // Enough for trees within groups, and for sets of names that are looked at one by one.
        let mut trial = crate::stats::Draws::new(1, "nearest", "t").trial(0);
        let mut draw = |count: usize, below: u64| -> Vec<u32> {
            (0..count).map(|_| trial.below(below) as u32).collect()
        };
        let sought = [draw(400, 3), draw(400, 2), draw(400, 500), draw(400, 300)];
        let codes = [
            draw(3_000, 3),
            draw(3_000, 2),
            draw(3_000, 500),
            draw(3_000, 300),
        ];
        let persons = vec![1; 3_000];
        let known = Known {
            codes: &codes,
            persons: &persons,
        };
        let over = |most: u32| {
            (0..most)
                .map(|code| f64::from(code) / f64::from(most))
                .collect()
        };
        let costs = [
            Cost::Equal(1.0),
            Cost::Equal(0.02),
            Cost::Number(over(500)),
            Cost::Number(over(300)),
        ];
        let found = nearest(&costs, &sought, &known, 10_000).unwrap();
        for (found, (least, persons, _)) in found.iter().zip(twin(&costs, &sought, &known)) {
            assert!((found.distance - least).abs() < 1e-12);
            assert_eq!(found.persons, persons);
        }
    }
}
