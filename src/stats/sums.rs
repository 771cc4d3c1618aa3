//! What linear sums leave open for counts that are not known.

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome};
use rayon::prelude::*;

/// A whole number between two bounds; without the second anything from the first on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub least: i64,
    pub most: i64,
}

/// No count is greater: as many as fit a sum of some millions of them.
pub const ANY: i64 = 1 << 40;

impl Range {
    pub fn is_empty(self) -> bool {
        self.least > self.most
    }

    pub fn width(self) -> i64 {
        self.most - self.least
    }
}

/// The sum of some unknowns, each added or taken away, lies in a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// An unknown and 1 or −1.
    pub terms: Vec<(u32, i64)>,
    pub range: Range,
}

/// Unknown counts and the sums that are known of them.
#[derive(Debug, Default)]
pub struct System {
    pub unknowns: Vec<Range>,
    pub sums: Vec<Sum>,
}

/// What is known of an unknown in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The least and greatest value that satisfies all sums.
    Within(Range),
    /// No values satisfy them.
    Contradiction,
    /// Too many hang together in a circle.
    Unsolved,
}

/// Unknowns that hang together by sums.
struct Component {
    unknowns: Vec<u32>,
    sums: Vec<u32>,
}

/// How far narrowing came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Narrowed {
    /// No sum leaves less than the bounds.
    Fully,
    /// It was given up.
    InPart,
    /// Nothing is left.
    Empty,
}

impl System {
    /// The bounds of each of the `wanted` unknowns, which ascend. Where sums hang together as a tree narrowing them one by
    /// the other is exact; elsewhere the least and greatest are found by linear programming, in components of at most
    /// `largest` unknowns. What narrowing leaves no choice, and sums that say no more than the bounds do, hold nothing
    /// together.
    pub fn solve(&self, wanted: &[u32], largest: usize) -> Vec<Bound> {
        let mut bounds: Vec<Bound> = self
            .unknowns
            .iter()
            .map(|range| Bound::Within(*range))
            .collect();
        let components = self.components();
        let is_wanted = |unknown: &u32| wanted.binary_search(unknown).is_ok();
        let solved: Vec<Vec<Bound>> = components
            .par_iter()
            .map(|component| match component.unknowns.iter().any(is_wanted) {
                true => self.solve_component(component, wanted, largest),
                false => Vec::new(),
            })
            .collect();
        for (component, solved) in components.iter().zip(solved) {
            for (unknown, bound) in component.unknowns.iter().zip(solved) {
                bounds[*unknown as usize] = bound;
            }
        }
        wanted
            .iter()
            .map(|unknown| bounds[*unknown as usize])
            .collect()
    }

    /// All unknowns.
    pub fn all(&self) -> Vec<u32> {
        (0..self.unknowns.len() as u32).collect()
    }

    /// Of the unknowns that stand in a sum.
    fn components(&self) -> Vec<Component> {
        components(self.unknowns.len(), &self.sums)
    }

    /// Of the unknowns that are not wanted no bounds but the first.
    fn solve_component(&self, component: &Component, wanted: &[u32], largest: usize) -> Vec<Bound> {
        let unknowns = &component.unknowns;
        let place = |unknown: u32| unknowns.binary_search(&unknown).expect("it is one of them");
        let sums = component.sums.iter().map(|at| {
            let sum = &self.sums[*at as usize];
            let terms = sum.terms.iter();
            Sum {
                terms: terms
                    .map(|(unknown, sign)| (place(*unknown) as u32, *sign))
                    .collect(),
                range: sum.range,
            }
        });
        let sums = together(sums.collect());
        let mut ranges: Vec<Range> = unknowns
            .iter()
            .map(|unknown| self.unknowns[*unknown as usize])
            .collect();
        let all = |bound: Bound| vec![bound; unknowns.len()];
        let narrowed = narrow(&sums, &mut ranges);
        if narrowed == Narrowed::Empty {
            return all(Bound::Contradiction);
        }
        if narrowed == Narrowed::Fully && is_tree(unknowns.len(), &sums) {
            return ranges.into_iter().map(Bound::Within).collect();
        }
        let open = together(sums.iter().filter_map(|sum| rest(sum, &ranges)).collect());
        let mut bounds: Vec<Bound> = ranges.iter().map(|range| Bound::Within(*range)).collect();
        for part in components(unknowns.len(), &open) {
            let place = |unknown: u32| part.unknowns.binary_search(&unknown);
            let of_part = |at: &u32| {
                let sum = &open[*at as usize];
                let number = |unknown| place(unknown).expect("it is one of them") as u32;
                let terms = sum.terms.iter();
                Sum {
                    terms: terms
                        .map(|(unknown, sign)| (number(*unknown), *sign))
                        .collect(),
                    range: sum.range,
                }
            };
            let sums: Vec<Sum> = part.sums.iter().map(of_part).collect();
            if narrowed == Narrowed::Fully && is_tree(part.unknowns.len(), &sums) {
                continue;
            }
            if part.unknowns.len() > largest {
                part.unknowns
                    .iter()
                    .for_each(|unknown| bounds[*unknown as usize] = Bound::Unsolved);
                continue;
            }
            let ranges: Vec<Range> = (part.unknowns.iter())
                .map(|unknown| ranges[*unknown as usize])
                .collect();
            let is_wanted = |at: usize| {
                let unknown = unknowns[part.unknowns[at] as usize];
                wanted.binary_search(&unknown).is_ok()
            };
            match program(&sums, &ranges, is_wanted) {
                Ok(solved) => {
                    for (unknown, range) in part.unknowns.iter().zip(solved) {
                        bounds[*unknown as usize] = Bound::Within(range);
                    }
                }
                Err(Bound::Contradiction) => return all(Bound::Contradiction),
                Err(bound) => {
                    (part.unknowns.iter()).for_each(|unknown| bounds[*unknown as usize] = bound)
                }
            }
        }
        bounds
    }
}

/// Whether sums hang together as a tree, so that nothing says more of two unknowns than of each.
fn is_tree(unknowns: usize, sums: &[Sum]) -> bool {
    let edges: usize = sums.iter().map(|sum| sum.terms.len()).sum();
    edges + 1 == unknowns + sums.len()
}

fn components(unknowns: usize, sums: &[Sum]) -> Vec<Component> {
    let mut leader: Vec<u32> = (0..unknowns as u32).collect();
    fn find(leader: &mut [u32], mut at: u32) -> u32 {
        while leader[at as usize] != at {
            leader[at as usize] = leader[leader[at as usize] as usize];
            at = leader[at as usize];
        }
        at
    }
    for sum in sums {
        for pair in sum.terms.windows(2) {
            let (a, b) = (find(&mut leader, pair[0].0), find(&mut leader, pair[1].0));
            leader[a.max(b) as usize] = a.min(b);
        }
    }
    let mut of: Vec<(u32, u32)> = Vec::new();
    for (at, sum) in (0..).zip(sums) {
        if let Some((unknown, _)) = sum.terms.first() {
            of.push((find(&mut leader, *unknown), at));
        }
    }
    of.sort_unstable();
    let mut members: Vec<(u32, u32)> = sums
        .iter()
        .flat_map(|sum| &sum.terms)
        .map(|(unknown, _)| *unknown)
        .collect::<Vec<u32>>()
        .into_iter()
        .map(|unknown| (find(&mut leader, unknown), unknown))
        .collect();
    members.sort_unstable();
    members.dedup();
    let members = members.chunk_by(|a, b| a.0 == b.0);
    members
        .zip(of.chunk_by(|a, b| a.0 == b.0))
        .map(|(unknowns, sums)| Component {
            unknowns: unknowns.iter().map(|(_, unknown)| *unknown).collect(),
            sums: sums.iter().map(|(_, sum)| *sum).collect(),
        })
        .collect()
}

/// Sums of the same unknowns as one, which lies in all of their ranges: several tables may say the same.
fn together(mut sums: Vec<Sum>) -> Vec<Sum> {
    for sum in &mut sums {
        sum.terms.sort_unstable();
        if sum.terms.first().is_some_and(|(_, sign)| *sign < 0) {
            sum.terms.iter_mut().for_each(|(_, sign)| *sign = -*sign);
            sum.range = Range {
                least: -sum.range.most,
                most: -sum.range.least,
            };
        }
    }
    sums.sort_by(|a, b| a.terms.cmp(&b.terms));
    let same = sums.chunk_by(|a, b| a.terms == b.terms);
    same.map(|same| Sum {
        terms: same[0].terms.clone(),
        range: Range {
            least: same.iter().map(|sum| sum.range.least).max().expect("one"),
            most: same.iter().map(|sum| sum.range.most).min().expect("one"),
        },
    })
    .collect()
}

/// What a sum says of the unknowns that are not known by now; `None` where that is no more than their bounds.
fn rest(sum: &Sum, ranges: &[Range]) -> Option<Sum> {
    let (mut terms, mut range, mut reach) = (Vec::new(), sum.range, (0i64, 0i64));
    for (unknown, sign) in &sum.terms {
        let of = ranges[*unknown as usize];
        if of.width() == 0 {
            range.least -= sign * of.least;
            range.most -= sign * of.least;
            continue;
        }
        terms.push((*unknown, *sign));
        let ends = match *sign > 0 {
            true => (of.least, of.most),
            false => (-of.most, -of.least),
        };
        reach = (reach.0 + ends.0, reach.1 + ends.1);
    }
    let says = reach.0 < range.least || reach.1 > range.most;
    says.then_some(Sum { terms, range })
}

/// Narrows what each unknown can be by what the others of a sum leave it, until nothing changes.
fn narrow(sums: &[Sum], ranges: &mut [Range]) -> Narrowed {
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); ranges.len()];
    for (at, sum) in sums.iter().enumerate() {
        sum.terms
            .iter()
            .for_each(|(unknown, _)| of[*unknown as usize].push(at));
    }
    let mut waits = vec![true; sums.len()];
    let mut queue: std::collections::VecDeque<usize> = (0..sums.len()).collect();
    // Circles may narrow by one again and again: what they leave is for linear programming.
    let mut steps = 64 * sums.len() + 1024;
    while let Some(at) = queue.pop_front() {
        waits[at] = false;
        let Some(left) = steps.checked_sub(1) else {
            return Narrowed::InPart;
        };
        steps = left;
        let sum = &sums[at];
        let ends = |ranges: &[Range], (unknown, sign): (u32, i64)| {
            let range = ranges[unknown as usize];
            match sign > 0 {
                true => (range.least, range.most),
                false => (-range.most, -range.least),
            }
        };
        let (mut least, mut most) = (0i64, 0i64);
        for term in &sum.terms {
            let (low, high) = ends(ranges, *term);
            (least, most) = (least + low, most + high);
        }
        if least > sum.range.most || most < sum.range.least {
            return Narrowed::Empty;
        }
        for term in &sum.terms {
            let (low, high) = ends(ranges, *term);
            // What the sum leaves beside the others.
            let narrow_low = low.max(sum.range.least - (most - high));
            let narrow_high = high.min(sum.range.most - (least - low));
            if narrow_low > narrow_high {
                return Narrowed::Empty;
            }
            if (narrow_low, narrow_high) == (low, high) {
                continue;
            }
            ranges[term.0 as usize] = match term.1 > 0 {
                true => Range {
                    least: narrow_low,
                    most: narrow_high,
                },
                false => Range {
                    least: -narrow_high,
                    most: -narrow_low,
                },
            };
            (least, most) = (least - low + narrow_low, most - high + narrow_high);
            for other in &of[term.0 as usize] {
                if !std::mem::replace(&mut waits[*other], true) {
                    queue.push_back(*other);
                }
            }
        }
    }
    Narrowed::Fully
}

/// For each unknown that is wanted the whole numbers between the least and greatest that linear programming finds, for
/// the others their bounds. An end that some solution is seen to reach is not sought.
fn program(
    sums: &[Sum],
    ranges: &[Range],
    is_wanted: impl Fn(usize) -> bool,
) -> Result<Vec<Range>, Bound> {
    let mut seen: Vec<Option<Range>> = vec![None; ranges.len()];
    let mut solved = ranges.to_vec();
    for at in (0..ranges.len()).filter(|at| is_wanted(*at)) {
        if ranges[at].width() == 0 {
            continue;
        }
        for direction in [
            OptimizationDirection::Minimize,
            OptimizationDirection::Maximize,
        ] {
            let is_least = direction == OptimizationDirection::Minimize;
            let is_reached = seen[at].is_some_and(|seen| match is_least {
                true => seen.least <= ranges[at].least,
                false => seen.most >= ranges[at].most,
            });
            if is_reached {
                continue;
            }
            let values = optimum(sums, ranges, at, direction)?;
            // Counts are whole; the program's are so but for rounding.
            match is_least {
                true => solved[at].least = (values[at] - 1e-6).ceil() as i64,
                false => solved[at].most = (values[at] + 1e-6).floor() as i64,
            }
            for (seen, value) in seen.iter_mut().zip(&values) {
                let whole = value.round();
                if (value - whole).abs() < 1e-6 {
                    let whole = whole as i64;
                    let range = seen.get_or_insert(Range {
                        least: whole,
                        most: whole,
                    });
                    range.least = range.least.min(whole);
                    range.most = range.most.max(whole);
                }
            }
        }
        if solved[at].is_empty() {
            return Err(Bound::Contradiction);
        }
    }
    Ok(solved)
}

/// The values of all unknowns where one is least or greatest.
fn optimum(
    sums: &[Sum],
    ranges: &[Range],
    at: usize,
    direction: OptimizationDirection,
) -> Result<Vec<f64>, Bound> {
    let mut problem = Problem::new(direction);
    let variables: Vec<_> = ranges
        .iter()
        .enumerate()
        .map(|(unknown, range)| {
            let weight = if unknown == at { 1.0 } else { 0.0 };
            problem.add_var(weight, (range.least as f64, range.most as f64))
        })
        .collect();
    for sum in sums {
        let terms = || {
            let terms = sum.terms.iter();
            terms
                .map(|(unknown, sign)| (variables[*unknown as usize], *sign as f64))
                .collect::<Vec<_>>()
        };
        if sum.range.width() == 0 {
            problem.add_constraint(terms(), ComparisonOp::Eq, sum.range.least as f64);
            continue;
        }
        // An end that the bounds do not reach says nothing.
        let (mut least, mut most) = (0i64, 0i64);
        for (unknown, sign) in &sum.terms {
            let range = ranges[*unknown as usize];
            let (low, high) = match *sign > 0 {
                true => (range.least, range.most),
                false => (-range.most, -range.least),
            };
            (least, most) = (least + low, most + high);
        }
        if least < sum.range.least {
            problem.add_constraint(terms(), ComparisonOp::Ge, sum.range.least as f64);
        }
        if most > sum.range.most {
            problem.add_constraint(terms(), ComparisonOp::Le, sum.range.most as f64);
        }
    }
    match problem.solve() {
        Ok(SolveOutcome::Solution(solution)) => Ok((variables.iter())
            .map(|variable| solution.var_value(*variable))
            .collect()),
        Err(microlp::Error::Infeasible) => Err(Bound::Contradiction),
        _ => Err(Bound::Unsolved),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every assignment of whole numbers, one after the other.
    fn slow(system: &System) -> Vec<Bound> {
        let mut seen: Vec<Option<Range>> = vec![None; system.unknowns.len()];
        let mut values: Vec<i64> = system.unknowns.iter().map(|range| range.least).collect();
        loop {
            let fits = |sum: &Sum| {
                let terms = sum.terms.iter();
                let total: i64 = terms
                    .map(|(unknown, sign)| sign * values[*unknown as usize])
                    .sum();
                (sum.range.least..=sum.range.most).contains(&total)
            };
            if system.sums.iter().all(fits) {
                for (seen, value) in seen.iter_mut().zip(&values) {
                    let range = seen.get_or_insert(Range {
                        least: *value,
                        most: *value,
                    });
                    range.least = range.least.min(*value);
                    range.most = range.most.max(*value);
                }
            }
            let Some(next) = (0..values.len()).find(|at| values[*at] < system.unknowns[*at].most)
            else {
                break;
            };
            values[next] += 1;
            for (value, range) in values[..next].iter_mut().zip(&system.unknowns) {
                *value = range.least;
            }
        }
        seen.into_iter()
            .map(|range| range.map_or(Bound::Contradiction, Bound::Within))
            .collect()
    }

    /// Sums over rows and over columns of a table, some cells of which are unknown.
    fn tables() -> impl Strategy<Value = System> {
        let cells = prop::collection::vec((0i64..4, prop::bool::ANY), 9);
        (cells, 0i64..2).prop_map(|(cells, slack)| {
            let mut system = System::default();
            let mut number = [None; 9];
            for (at, (_, unknown)) in cells.iter().enumerate() {
                if *unknown {
                    number[at] = Some(system.unknowns.len() as u32);
                    system.unknowns.push(Range { least: 0, most: 4 });
                }
            }
            let rows = (0..3).map(|row| [0, 1, 2].map(|column| 3 * row + column));
            let columns = (0..3).map(|column| [0, 3, 6].map(|row| row + column));
            for line in rows.chain(columns) {
                let terms: Vec<(u32, i64)> = line
                    .iter()
                    .filter_map(|at| Some((number[*at]?, 1)))
                    .collect();
                let total: i64 = line
                    .iter()
                    .filter(|at| number[**at].is_some())
                    .map(|at| cells[*at].0)
                    .sum();
                if !terms.is_empty() {
                    let range = Range {
                        least: total - slack,
                        most: total + slack,
                    };
                    system.sums.push(Sum { terms, range });
                }
            }
            system
        })
    }

    proptest! {
        #[test]
        fn bounds_are_those_of_all_assignments(system in tables()) {
            prop_assume!(system.unknowns.len() <= 7);
            prop_assert_eq!(system.solve(&system.all(), 100), slow(&system));
        }
    }

    #[test]
    fn what_contradicts_itself_and_what_is_too_large() {
        let range = |least, most| Range { least, most };
        let mut system = System {
            unknowns: vec![range(0, ANY), range(0, 3)],
            sums: vec![Sum {
                terms: vec![(0, 1), (1, 1)],
                range: range(9, 9),
            }],
        };
        assert_eq!(
            system.solve(&system.all(), 0),
            [Bound::Within(range(6, 9)), Bound::Within(range(0, 3))]
        );
        system.sums.push(Sum {
            terms: vec![(1, 1)],
            range: range(5, 5),
        });
        assert_eq!(system.solve(&system.all(), 0), [Bound::Contradiction; 2]);
        // A total that is unknown itself.
        let system = System {
            unknowns: vec![range(1, 4), range(2, 2), range(0, ANY)],
            sums: vec![Sum {
                terms: vec![(0, 1), (1, 1), (2, -1)],
                range: range(-5, -5),
            }],
        };
        assert_eq!(
            system.solve(&system.all(), 0)[2],
            Bound::Within(range(8, 11))
        );
        let circle = System {
            unknowns: vec![range(0, 9); 4],
            sums: [[0, 1], [1, 2], [2, 3], [3, 0]]
                .map(|pair| Sum {
                    terms: pair.map(|at| (at, 1)).to_vec(),
                    range: range(5, 5),
                })
                .to_vec(),
        };
        assert_eq!(circle.solve(&circle.all(), 3), [Bound::Unsolved; 4]);
        assert_eq!(
            circle.solve(&circle.all(), 4),
            [Bound::Within(range(0, 5)); 4]
        );
        assert_eq!(circle.solve(&[1, 3], 4), [Bound::Within(range(0, 5)); 2]);
    }
}
