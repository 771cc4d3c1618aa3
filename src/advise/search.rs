//! Searches the combinations of steps of one table for the cheapest that passes.
//!
//! Combinations are looked at in the order of what they lose at least. Whether enough persons stand in classes that
//! are large enough is found out first: it is cheap, and what passes still passes where anything is told more
//! coarsely, so that one test says it of many combinations (predictive tagging along halved paths: K. El Emam and
//! others: A Globally Optimal k-Anonymity Method for the De-Identification of Health Data. Journal of the American
//! Medical Informatics Association 16(5), 2009; F. Kohlmayer and others: Flash: Efficient, Stable and Optimal
//! k-Anonymity. PASSAT 2012; K. LeFevre, D. J. DeWitt, R. Ramakrishnan: Incognito: Efficient Full-Domain k-Anonymity.
//! SIGMOD 2005). Merging classes makes none smaller; and of those who stand in classes that are large enough all
//! still do. What else the policy asks is judged of the combinations that pass, whatever it is: of sampled figures, of
//! distances to a table from which others were left out, that nothing is known of coarser ones. What takes long, such as
//! attacks, is tried on those alone that pass the rest.
//!
//! Let g be what a combination loses of the columns, s the share of persons that must be left out. It loses
//! s + (1 − s) · g, which is at least g: once one passes, those with a greater g need no look.

use std::collections::BTreeMap;
use std::time::Instant;

use super::Options;
use super::bench::{Bench, Judged};
use super::ladder::{How, Ladder, Told};
use super::lattice::{Lattice, Tag};
use crate::encode::transformed::{Change, Changes, Left};
use crate::error::{Error, Result};
use crate::judge::Policy;
use crate::release::{TableKind, Transformation};
use crate::report::advice::Candidate;

/// Coarser ones that are judged beyond the cheapest, to show what less risk would cost.
const BEYOND: usize = 6;

/// What was found of a table.
pub struct Found {
    pub examined: Vec<Candidate>,
    /// What was judged, by its place among the examined.
    pub judged: Vec<(usize, Transformation, Judged)>,
    /// Among the judged ones: the cheapest that passes.
    pub best: Option<usize>,
    pub checked: u64,
    pub complete: bool,
}

/// The persons that each class must have, as far as a requirement says so; `None` where none does.
pub fn least_class(policy: &Policy) -> Option<u64> {
    let of = |require: &crate::judge::policy::Require| {
        match (require.statistic.as_str(), require.min, require.max) {
            ("k-anonymity.k", Some(min), _) => Some(min.ceil().max(1.0) as u64),
            ("uniqueness.share_unique" | "uniqueness.unique_persons", _, Some(0.0)) => Some(2),
            // The least k with 1/k at most the threshold, as the measure divides.
            ("re-identification-risk.prosecutor_max", _, Some(max)) if max > 0.0 => {
                let near = (1.0 / max).floor().max(1.0) as u64;
                (near..near + 3).find(|k| 1.0 / *k as f64 <= max)
            }
            _ => None,
        }
    };
    policy.requirements.iter().filter_map(of).max()
}

/// One table to be searched.
pub struct Search<'a> {
    pub bench: &'a Bench<'a>,
    pub table: usize,
    pub told: &'a Told<'a>,
    pub ladders: &'a [Ladder],
    pub policy: &'a Policy,
    /// The part of it that takes little to judge: whoever fails that is not judged by the rest.
    pub quick: Option<Policy>,
    pub options: &'a Options,
    pub deadline: Option<Instant>,
}

impl Search<'_> {
    fn transformation(&self, steps: &[usize]) -> Transformation {
        let mut of = Transformation::of(&self.told.table.name);
        for (ladder, step) in self.ladders.iter().zip(steps) {
            ladder.of.set(ladder.steps[*step].how, &mut of);
        }
        of
    }

    fn changes(&self, steps: &[usize]) -> Changes {
        let mut changes = self.told.nothing();
        for (ladder, step) in self.ladders.iter().zip(steps) {
            let step = &ladder.steps[*step];
            match step.how {
                How::Lasts(seconds) => changes.rotation = Some(seconds),
                How::Minimum(least) => changes.minimum = Some(least),
                How::AsItIs | How::Told(_) => {
                    if let Some(at) = self.told.attribute(&ladder.of) {
                        changes.attributes[at] = step.change.clone();
                    }
                }
            }
        }
        changes
    }

    /// Whether something is left that an adversary may know: without it there is no such table.
    fn is_table(&self, steps: &[usize]) -> bool {
        if self.told.table.kind == TableKind::Flows {
            return true;
        }
        let changes = self.changes(steps);
        let known = &changes.attributes[..self.told.encoded.known];
        known.iter().any(|change| !matches!(change, Change::Drop))
    }

    fn shown(&self, steps: &[usize], below: Option<u64>) -> BTreeMap<String, String> {
        let told = self.ladders.iter().zip(steps);
        let told = told.filter(|(ladder, step)| ladder.steps[**step].how != How::AsItIs);
        let told = told.map(|(ladder, step)| {
            let how = ladder.steps[*step].how.to_string();
            (ladder.of.name().to_owned(), how)
        });
        let below = below.map(|below| ("suppress".to_owned(), format!("below {below}")));
        told.chain(below).collect()
    }

    fn out_of_time(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
    }

    pub fn run(&self) -> Result<Found> {
        let losses = |ladder: &Ladder| ladder.steps.iter().map(|step| step.loss).collect();
        let lattice = Lattice::new(self.ladders.iter().map(losses).collect());
        // Where records match that are not equal, equal ones are not what a class is.
        let has_classes =
            self.told.table.kind == TableKind::Microdata && !self.told.encoded.overlaps();
        let below = least_class(self.policy).filter(|_| has_classes);
        let limit = match self.told.encoded.can_suppress() {
            true => self.options.suppress,
            false => 0.0,
        };
        let untested = below.map_or(Tag::Passes, |_| Tag::Unknown);
        let mut tags = vec![untested; lattice.len()];
        let mut left: BTreeMap<usize, Left> = BTreeMap::new();
        let mut found = Found {
            examined: Vec::new(),
            judged: Vec::new(),
            best: None,
            checked: 0,
            complete: true,
        };
        let mut best: Option<(f64, usize)> = None;
        for (coarsening, at) in lattice.by_loss() {
            if best.is_some_and(|(loss, _)| coarsening >= loss) {
                break;
            }
            if self.bench.stages.cancelled() {
                return Err(Error::interrupted());
            }
            if found.judged.len() as u64 >= self.options.budget || self.out_of_time() {
                found.complete = false;
                break;
            }
            if tags[at] == Tag::Unknown {
                lattice.settle(&mut tags, at, |at| {
                    let changes = Changes {
                        below,
                        ..self.changes(&lattice.steps(at))
                    };
                    let of = self.told.encoded.left(&changes);
                    left.insert(at, of);
                    Ok::<bool, Error>(of.suppressed() <= limit)
                })?;
            }
            let steps = lattice.steps(at);
            if tags[at] == Tag::Fails || !self.is_table(&steps) {
                continue;
            }
            if let (Some(below), false) = (below, left.contains_key(&at)) {
                let changes = Changes {
                    below: Some(below),
                    ..self.changes(&steps)
                };
                left.insert(at, self.told.encoded.left(&changes));
            }
            let suppressed = left.get(&at).map_or(0.0, |left| left.suppressed());
            let loss = suppressed + (1.0 - suppressed) * coarsening;
            if best.is_some_and(|(least, _)| loss >= least) {
                continue;
            }
            let passes =
                self.judge(&mut found, &lattice, at, below.filter(|_| suppressed > 0.0))?;
            if let Some(loss) = passes {
                let is_less = best.is_none_or(|(least, _)| loss < least);
                if is_less {
                    best = Some((loss, at));
                    found.best = Some(found.judged.len() - 1);
                }
            }
        }
        found.checked = left.len() as u64;
        left.retain(|_, left| left.suppressed() > limit);
        let too_small = left
            .iter()
            .map(|(at, left)| self.too_small(&lattice, *at, left.suppressed(), below, limit));
        found.examined.extend(too_small);
        if let Some((_, at)) = best {
            self.beyond(&mut found, &lattice, at, below)?;
        }
        Ok(found)
    }

    /// A combination under which too many would have to be left out.
    fn too_small(
        &self,
        lattice: &Lattice,
        at: usize,
        suppressed: f64,
        below: Option<u64>,
        limit: f64,
    ) -> Candidate {
        let steps = lattice.steps(at);
        let coarsening = lattice.loss(&steps);
        Candidate {
            changes: self.shown(&steps, below),
            loss: suppressed + (1.0 - suppressed) * coarsening,
            coarsening,
            suppressed,
            discernibility: None,
            cells_left_out: None,
            bits: None,
            risk: finite(suppressed / limit),
            judged: false,
            passes: false,
            failing: vec!["k-anonymity.k".to_owned()],
        }
    }

    /// Judges some ever coarser ones than the cheapest.
    fn beyond(
        &self,
        found: &mut Found,
        lattice: &Lattice,
        best: usize,
        below: Option<u64>,
    ) -> Result<()> {
        let mut steps = lattice.steps(best);
        for _ in 0..BEYOND {
            let further = (0..steps.len()).filter_map(|dimension| {
                let mut further = steps.clone();
                further[dimension] += 1;
                let there = further[dimension] < self.ladders[dimension].steps.len();
                (there && self.is_table(&further)).then_some(further)
            });
            let loss = |steps: &Vec<usize>| lattice.loss(steps);
            let Some(next) = further.min_by(|a, b| loss(a).total_cmp(&loss(b))) else {
                return Ok(());
            };
            if found.judged.len() as u64 >= self.options.budget || self.out_of_time() {
                return Ok(());
            }
            let changes = Changes {
                below,
                ..self.changes(&next)
            };
            let left_out =
                below.is_some_and(|_| self.told.encoded.left(&changes).suppressed() > 0.0);
            let at = lattice.place(&next);
            self.judge(found, lattice, at, below.filter(|_| left_out))?;
            steps = next;
        }
        Ok(())
    }

    /// Judges by all that is asked what failed by a part of it already.
    pub fn whole(
        &self,
        of: &mut Candidate,
        transformation: &Transformation,
        judged: &mut Judged,
    ) -> Result<()> {
        let changes = self.told.changes(transformation);
        let changes = changes.map_err(|key| super::no_way(transformation, &key))?;
        *judged = self
            .bench
            .judge(self.table, self.policy, transformation, &changes)?;
        let (shown, bits) = (std::mem::take(&mut of.changes), of.bits.unwrap_or(0.0));
        *of = candidate(shown, of.coarsening, bits, judged, self.told.table.kind);
        Ok(())
    }

    /// Judges a combination; what it loses, where it passes.
    fn judge(
        &self,
        found: &mut Found,
        lattice: &Lattice,
        at: usize,
        below: Option<u64>,
    ) -> Result<Option<f64>> {
        let steps = lattice.steps(at);
        let mut transformation = self.transformation(&steps);
        transformation.below = below;
        let changes = Changes {
            below,
            ..self.changes(&steps)
        };
        let mut is_whole = true;
        let mut judged = None;
        if let Some(quick) = &self.quick {
            let first = self
                .bench
                .judge(self.table, quick, &transformation, &changes)?;
            is_whole = first.passes();
            judged = (!is_whole).then_some(first);
        }
        let judged = match judged {
            Some(judged) => judged,
            None => self
                .bench
                .judge(self.table, self.policy, &transformation, &changes)?,
        };
        let coarsening = lattice.loss(&steps);
        let pairs = self.ladders.iter().zip(&steps);
        let bits = pairs.map(|(ladder, step)| ladder.steps[*step].bits).sum();
        let shown = self.shown(&steps, below);
        let mut candidate = candidate(shown, coarsening, bits, &judged, self.told.table.kind);
        candidate.judged = is_whole;
        let (loss, passes) = (candidate.loss, candidate.passes);
        found.examined.push(candidate);
        found
            .judged
            .push((found.examined.len() - 1, transformation, judged));
        Ok(passes.then_some(loss))
    }
}

fn finite(risk: f64) -> Option<f64> {
    risk.is_finite().then_some(risk)
}

/// What was judged, for the report.
pub fn candidate(
    changes: BTreeMap<String, String>,
    coarsening: f64,
    bits: f64,
    judged: &Judged,
    kind: TableKind,
) -> Candidate {
    let suppressed = judged.left.suppressed();
    Candidate {
        changes,
        loss: suppressed + (1.0 - suppressed) * coarsening,
        coarsening,
        suppressed,
        discernibility: judged.discernibility,
        cells_left_out: judged.cells_left_out,
        bits: (kind == TableKind::Trace).then_some(bits),
        risk: finite(judged.risk()),
        judged: true,
        passes: judged.passes(),
        failing: judged.failing(),
    }
}

/// Those than which none has both less risk and less loss, the riskiest first.
pub fn frontier(examined: &[Candidate]) -> Vec<u64> {
    let mut order: Vec<usize> = (0..examined.len())
        .filter(|at| examined[*at].risk.is_some())
        .collect();
    let key = |at: &usize| {
        (
            examined[*at].loss,
            examined[*at].risk.unwrap_or(f64::INFINITY),
        )
    };
    order.sort_by(|a, b| key(a).partial_cmp(&key(b)).expect("neither is NaN"));
    let mut least = f64::INFINITY;
    order.retain(|at| {
        let risk = examined[*at].risk.unwrap_or(f64::INFINITY);
        let lower = risk < least;
        least = least.min(risk);
        lower
    });
    order.into_iter().map(|at| at as u64).collect()
}

/// Drops every other step between the first and the last of the longest ladder, until there are no more than so many
/// combinations. The names of what was thinned.
pub fn thin(ladders: &mut [Ladder], most: usize) -> Vec<String> {
    let mut thinned = Vec::new();
    let count = |ladders: &[Ladder]| {
        let steps = ladders.iter().map(|ladder| ladder.steps.len());
        steps.fold(1usize, usize::saturating_mul)
    };
    while count(ladders) > most {
        let longest = (0..ladders.len())
            .rev()
            .max_by_key(|at| ladders[*at].steps.len());
        let Some(ladder) = longest
            .map(|at| &mut ladders[at])
            .filter(|l| l.steps.len() > 2)
        else {
            break;
        };
        let last = ladder.steps.len() - 1;
        let mut at = 0;
        ladder.steps.retain(|_| {
            let kept = at == 0 || at == last || at % 2 == 0;
            at += 1;
            kept
        });
        thinned.push(ladder.of.name().to_owned());
    }
    thinned.sort();
    thinned.dedup();
    thinned
}
