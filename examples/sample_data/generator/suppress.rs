//! Local suppression in traces until every combination of points is shared.
//!
//! The property is k^m-anonymity (Terrovitis, Mamoulis and Kalnis 2008): any
//! combination of up to m points that occurs in the trace of one person occurs
//! in those of at least k. It bounds unicity at 1 to m points from above by 0.
//! Persons are counted, not pseudonyms: a person does not hide among their own
//! other days.

/// The points that one pseudonym of a person is published with.
pub struct Trace {
    /// Index of the person; never published.
    pub person: usize,
    /// One bit a point.
    pub points: u64,
}

/// Most points that an adversary is assumed to know.
const MOST_KNOWN: usize = 5;

/// Suppresses points of `traces` until the property holds for k = `persons`,
/// and drops the traces of which nothing is left. Points are `0..universe`.
pub fn suppress(traces: &mut Vec<Trace>, universe: usize, persons: u16) {
    // Support counts a person once: their traces must lie together.
    traces.sort_by_key(|t| t.person);
    let ranks = Ranks::new(universe);
    loop {
        let support = ranks.support(traces);
        let mut suppressed = 0;
        for trace in traces.iter_mut() {
            if let Some(point) = worst_point(trace.points, &ranks, &support, persons) {
                trace.points &= !(1 << point);
                suppressed += 1;
            }
        }
        if suppressed == 0 {
            break;
        }
    }
    traces.retain(|t| t.points != 0);
}

/// The point in the most combinations that are shared too little, the rarest
/// of several; none if all combinations are shared enough.
fn worst_point(points: u64, ranks: &Ranks, support: &[u16], persons: u16) -> Option<usize> {
    let mut exposed = [0u32; 64];
    let members = members(points);
    // Smaller combinations are shared by at least as many.
    let size = members.len().min(MOST_KNOWN);
    ranks.each(&members, size, &mut |rank, combination| {
        if support[rank] < persons {
            for &point in combination {
                exposed[point] += 1;
            }
        }
    });
    members
        .into_iter()
        .filter(|&point| exposed[point] > 0)
        .max_by_key(|&point| {
            let common = support[ranks.single(point)];
            (exposed[point], std::cmp::Reverse(common), point)
        })
}

fn members(points: u64) -> Vec<usize> {
    (0..64).filter(|point| points >> point & 1 == 1).collect()
}

/// Numbers the combinations of up to [`MOST_KNOWN`] points (the combinatorial
/// number system), so that their support fits into one array.
struct Ranks {
    /// `choose[n][k]`
    choose: Vec<[usize; MOST_KNOWN + 1]>,
    /// Where the combinations of each size begin.
    begin: [usize; MOST_KNOWN + 2],
}

impl Ranks {
    fn new(universe: usize) -> Self {
        assert!(universe <= 64, "points are bits of a word");
        let mut choose = vec![[0; MOST_KNOWN + 1]; universe + 1];
        choose[0][0] = 1;
        for n in 1..=universe {
            choose[n][0] = 1;
            for k in 1..=MOST_KNOWN {
                choose[n][k] = choose[n - 1][k - 1] + choose[n - 1][k];
            }
        }
        let mut begin = [0; MOST_KNOWN + 2];
        for size in 1..=MOST_KNOWN {
            begin[size + 1] = begin[size] + choose[universe][size];
        }
        Self { choose, begin }
    }

    fn single(&self, point: usize) -> usize {
        self.begin[1] + self.choose[point][1]
    }

    /// Calls `visit` with the rank and the points of every combination of
    /// `size` members.
    fn each(&self, members: &[usize], size: usize, visit: &mut impl FnMut(usize, &[usize])) {
        let mut chosen = [0; MOST_KNOWN];
        self.extend(members, size, 0, self.begin[size], &mut chosen, visit);
    }

    fn extend(
        &self,
        members: &[usize],
        size: usize,
        depth: usize,
        rank: usize,
        chosen: &mut [usize; MOST_KNOWN],
        visit: &mut impl FnMut(usize, &[usize]),
    ) {
        if depth == size {
            visit(rank, &chosen[..size]);
            return;
        }
        for (index, &point) in members.iter().enumerate() {
            chosen[depth] = point;
            let rank = rank + self.choose[point][depth + 1];
            self.extend(&members[index + 1..], size, depth + 1, rank, chosen, visit);
        }
    }

    /// The number of persons in whose traces each combination occurs.
    fn support(&self, traces: &[Trace]) -> Vec<u16> {
        let combinations = self.begin[MOST_KNOWN + 1];
        let mut support = vec![0; combinations];
        let mut last = vec![usize::MAX; combinations];
        for trace in traces {
            let members = members(trace.points);
            for size in 1..=members.len().min(MOST_KNOWN) {
                self.each(&members, size, &mut |rank, _| {
                    if last[rank] != trace.person {
                        last[rank] = trace.person;
                        support[rank] += 1;
                    }
                });
            }
        }
        support
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_left_is_shared_by_enough_persons() {
        let trace = |person, points| Trace { person, points };
        // Persons 0 to 2 share points 0 and 1. Only person 2 has point 2. Person
        // 3 shares point 3 with nobody but their own other day.
        let mut traces = vec![
            trace(0, 0b0011),
            trace(1, 0b0011),
            trace(2, 0b0111),
            trace(3, 0b1000),
            trace(3, 0b1000),
        ];
        suppress(&mut traces, 4, 3);
        let left: Vec<_> = traces.iter().map(|t| (t.person, t.points)).collect();
        assert_eq!(left, [(0, 0b0011), (1, 0b0011), (2, 0b0011)]);
    }

    #[test]
    fn ranks_are_distinct_and_dense() {
        let ranks = Ranks::new(9);
        let mut seen = vec![false; ranks.begin[MOST_KNOWN + 1]];
        for size in 1..=MOST_KNOWN {
            let members: Vec<usize> = (0..9).collect();
            ranks.each(&members, size, &mut |rank, _| {
                assert!(!std::mem::replace(&mut seen[rank], true));
            });
        }
        assert!(seen.into_iter().all(|seen| seen));
    }
}
