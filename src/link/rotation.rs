//! Pseudonyms that change: from window to window the same persons under other names.

use std::ops::Range;

use super::{Method, Sides, rank_all};
use crate::encode::trails::Trails;
use crate::encode::visits::Clock;
use crate::language::Said;
use crate::progress::Progress;
use crate::release::{Scenario, Tolerance};

/// What a linker gets of each person.
pub struct Rotation {
    pub windows: usize,
    /// Persons in both of two windows that follow each other, over all of these.
    pub links: u64,
    /// Of each person with a link to be made, the share that was right, equals by their chance.
    pub right: Vec<f64>,
    /// What guessing gives on average.
    pub guessed: f64,
    /// Of each person the rows in the longest run of windows that right links join, and in the window with
    /// most of their rows, each over all of theirs.
    pub stitched: Vec<f64>,
    pub longest_window: Vec<f64>,
    /// For j = 1, 2, …: how many runs of j links there could be, each from a person in a window to the same
    /// person j windows later, in all windows between; and how many of them have all links right.
    pub chains: Vec<(u64, u64)>,
}

/// Windows of so many seconds that cover all moments, by local midnight where they are whole days.
pub fn windows(trails: &Trails, width: u32, zone: Option<&jiff::tz::TimeZone>) -> Vec<Range<i64>> {
    let Some([first, last]) = trails.visits.span() else {
        return Vec::new();
    };
    let width = i64::from(width);
    let local = Clock::new(zone).local(first);
    let unit = if width % 86_400 == 0 { 86_400 } else { width };
    let start = first - local.rem_euclid(unit);
    (0..)
        .map(|at| start + at * width..start + (at + 1) * width)
        .take_while(|window| window.start <= last)
        .collect()
}

/// Links each window to the one before, by one matcher; why it cannot, otherwise.
pub fn rotation(
    trails: &Trails,
    windows: &[Range<i64>],
    method: &Method,
    scenario: &Scenario,
    zone: Option<&jiff::tz::TimeZone>,
    progress: &dyn Progress,
) -> Result<Rotation, Said> {
    let persons = trails.visits.persons();
    let (least, tolerance): (u64, Tolerance) = (scenario.min_rows, scenario.tolerance);
    // For each window after the first: the chance with which each person in both was linked.
    let mut linked: Vec<Vec<(u32, f64)>> = Vec::new();
    let mut guesses = 0.0;
    for pair in windows.windows(2) {
        let both = [pair[0].clone(), pair[1].clone()];
        let sides = Sides::windows(trails, both, least, tolerance, zone.cloned());
        let matcher = (method.prepare)(&sides)?;
        let ranked = rank_all(matcher.as_ref(), &sides.truth, 1, progress);
        let pairs = sides.sought.persons.iter().zip(ranked);
        let present = pairs.filter(|(_, ranked)| ranked.own.is_some());
        let chances: Vec<(u32, f64)> = present
            .map(|(person, ranked)| (*person, ranked.within(1)))
            .collect();
        guesses += chances.len() as f64 / sides.known.persons.len().max(1) as f64;
        linked.push(chances);
    }
    let links: u64 = linked.iter().map(|chances| chances.len() as u64).sum();
    let mut of_person: Vec<Vec<(usize, f64)>> = vec![Vec::new(); persons];
    for (window, chances) in linked.into_iter().enumerate() {
        for (person, chance) in chances {
            of_person[person as usize].push((window, chance));
        }
    }
    let mut rotation = Rotation {
        windows: windows.len(),
        links,
        right: Vec::new(),
        guessed: guesses / links.max(1) as f64,
        stitched: Vec::with_capacity(persons),
        longest_window: Vec::with_capacity(persons),
        chains: Vec::new(),
    };
    for (person, links) in of_person.iter().enumerate() {
        if !links.is_empty() {
            let right: f64 = links.iter().map(|(_, chance)| chance).sum();
            rotation.right.push(right / links.len() as f64);
        }
        rotation.count_chains(links);
        let rows: Vec<usize> = windows
            .iter()
            .map(|window| trails.visits.within(person, window).len())
            .collect();
        let all: usize = rows.iter().sum();
        let (stitched, longest) = stitched(&rows, links);
        rotation.stitched.push(stitched as f64 / all.max(1) as f64);
        rotation
            .longest_window
            .push(longest as f64 / all.max(1) as f64);
    }
    Ok(rotation)
}

/// The rows of the longest run of windows that sure links join, and of the window with most: of each window
/// its rows, of each link the window it leads from and its chance.
fn stitched(rows: &[usize], links: &[(usize, f64)]) -> (usize, usize) {
    let longest = rows.iter().copied().max().unwrap_or(0);
    let sure = |from: usize| {
        let found = links.binary_search_by_key(&from, |(from, _)| *from);
        found.is_ok_and(|at| links[at].1 == 1.0)
    };
    let (mut run, mut best) = (0, 0);
    for (window, rows) in rows.iter().enumerate() {
        run = match window.checked_sub(1).is_some_and(sure) {
            true => run + rows,
            false => *rows,
        };
        best = best.max(run);
    }
    (best, longest)
}

impl Rotation {
    /// Adds a person's runs of links: those of windows that follow each other.
    fn count_chains(&mut self, links: &[(usize, f64)]) {
        let follows = |a: &(usize, f64), b: &(usize, f64)| b.0 == a.0 + 1;
        for run in links.chunk_by(follows) {
            for first in 0..run.len() {
                let mut all_right = true;
                for (length, (_, chance)) in run[first..].iter().enumerate() {
                    if self.chains.len() == length {
                        self.chains.push((0, 0));
                    }
                    all_right &= *chance == 1.0;
                    self.chains[length].0 += 1;
                    self.chains[length].1 += u64::from(all_right);
                }
            }
        }
    }

    /// The mean number of right links in a row from a random person and window that has a next one.
    pub fn mean_links(&self) -> f64 {
        let starts = self.chains.first().map_or(0, |(all, _)| *all);
        let right: u64 = self.chains.iter().map(|(_, right)| right).sum();
        right as f64 / starts.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined_by_sure_links() {
        // Links lead from windows 0, 1 and 3; that from 1 is wrong, that from 3 a tie.
        let links = [(0, 1.0), (1, 0.0), (3, 0.5)];
        assert_eq!(stitched(&[3, 4, 5, 6, 1], &links), (7, 6));
        assert_eq!(stitched(&[3, 4, 5, 6, 1], &[(1, 1.0), (2, 1.0)]), (15, 6));
        assert_eq!(stitched(&[], &[]), (0, 0));
        let mut rotation = Rotation {
            windows: 5,
            links: 3,
            right: Vec::new(),
            guessed: 0.0,
            stitched: Vec::new(),
            longest_window: Vec::new(),
            chains: Vec::new(),
        };
        rotation.count_chains(&links);
        rotation.count_chains(&[(0, 1.0), (1, 1.0), (2, 1.0)]);
        // Runs of one link: 6, of which 4 right; of two: 0-1 wrong, 0-1 and 1-2 right; of three: one.
        assert_eq!(rotation.chains, [(6, 4), (3, 2), (1, 1)]);
        assert!((rotation.mean_links() - 7.0 / 6.0).abs() < 1e-15);
    }
}
