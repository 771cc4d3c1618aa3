//! Whether those who objected are still counted: how well the counts fit their traces, held against how well they
//! fit traces of persons who are known to be in and, each taken out, of the same persons.

use std::collections::BTreeMap;

use super::super::{Behind, Job, Other, Outcome, Planning, Run};
use super::{DOC, ID, List, Settings, claims, objecting};
use crate::encode::Encoded;
use crate::encode::Needs;
use crate::encode::flows::Flows;
use crate::encode::frame::{Axes, Frame};
use crate::encode::presence::Presence;
use crate::encode::publishing::Publishing;
use crate::encode::trails::same_persons;
use crate::error::Result;
use crate::finding::{Finding, Parameters, Unit};
use crate::language::Said;
use crate::link::relinking::Relinking;
use crate::release::{AuxiliaryKind, Counting, Release, Table};
use crate::said;
use crate::stats::Draws;

/// Whether a table of counts can be asked: what was counted is at hand, and traces of persons by name.
pub fn is_asked(table: &Table, release: &Release) -> bool {
    let mut auxiliaries = release.auxiliaries.iter();
    table.counting.counted.is_some()
        && auxiliaries.any(|auxiliary| {
            auxiliary.kind == AuxiliaryKind::Traces && auxiliary.roles.subject.is_some()
        })
}

/// Traces of those who objected, from the time of the counts, against a table of counts.
pub fn counted(
    planning: &Planning<'_>,
    table: usize,
    list: &List<'_>,
    settings: &Settings,
) -> Result<Vec<Job>> {
    let described = &planning.release.tables[table];
    let unmeasured = |reason: Said| Job::without(ID, table, move || not_counted(&reason));
    if !is_asked(described, planning.release) {
        return Ok(vec![unmeasured(said!(
            "it takes the traces that were counted (`counted`) and traces of persons by name (an auxiliary of kind `traces`)",
            "dazu braucht es die gezählten Spuren (`counted`) und Spuren namentlich bekannter Personen (Zusatzwissen der Art `traces`)"
        ))]);
    }
    let behind = planning
        .axes(table, described)
        .and_then(|axes| Ok((axes, planning.behind(table, described)?)));
    let (axes, behind) = match behind {
        Ok(behind) => behind,
        Err(reason) => return Ok(vec![unmeasured(reason)]),
    };
    let mut jobs = Vec::new();
    for (at, auxiliary) in planning.release.auxiliaries.iter().enumerate() {
        // The traces that were counted are no others.
        if auxiliary.kind != AuxiliaryKind::Traces
            || auxiliary.roles.subject.is_none()
            || behind.held.other == Other::Auxiliary(at)
        {
            continue;
        }
        let theirs = match planning.in_cells(table, Other::Auxiliary(at)) {
            Ok(theirs) => theirs,
            Err(reason) => {
                jobs.push(unmeasured(reason));
                continue;
            }
        };
        let attack = Attack {
            list: list.auxiliary.name.clone(),
            source: auxiliary.name.clone(),
            counting: described.counting.clone(),
            columns: [described
                .roles
                .count
                .as_deref()
                .cloned()
                .unwrap_or_default()],
            settings: settings.clone(),
            axes,
            theirs: theirs.clone(),
            behind: behind.clone(),
        };
        jobs.push(Job {
            measure: ID,
            table,
            needs: Needs::of_cells(),
            run: Run::Held(
                vec![list.held.clone(), theirs.held, behind.held.clone()],
                Box::new(move |table, others, _| {
                    attack.measure(table, others[0], others[1], others[2])
                }),
            ),
        });
    }
    if jobs.is_empty() {
        jobs.push(unmeasured(said!(
            "no traces of persons by name are at hand but those that were counted",
            "Spuren namentlich bekannter Personen liegen nicht vor, außer den gezählten"
        )));
    }
    Ok(jobs)
}

const STATISTICS: [&str; 2] = ["counted", "counted_p_value"];

fn not_counted(reason: &Said) -> Outcome {
    let entry = |statistic| Outcome::not_measured(ID, Some(statistic), reason);
    Outcome {
        not_measured: STATISTICS.map(entry).to_vec(),
        ..Outcome::default()
    }
}

struct Attack {
    list: String,
    source: String,
    counting: Counting,
    columns: [String; 1],
    settings: Settings,
    axes: Axes,
    theirs: Behind,
    behind: Behind,
}

/// How well counts fit the traces of some persons.
struct Fits {
    /// Of those who objected, as it was published.
    sought: Vec<f64>,
    /// Of controls, with their own trace taken out of the counts, and with it.
    without: Vec<f64>,
    with: Vec<f64>,
}

impl Attack {
    fn measure(
        &self,
        table: &Encoded,
        list: &Encoded,
        source: &Encoded,
        counted: &Encoded,
    ) -> Outcome {
        match self.fits(table, list, source, counted) {
            Ok(Fits {
                sought,
                without,
                with,
            }) => match Relinking::of_leads(&sought, without, &with, self.settings.level) {
                Some(relinking) => self.findings(&relinking),
                None => self.without_value(
                    &said!("fewer persons who did not object are known to be counted than it takes to tell a claim from chance", "von zu wenigen Personen ohne Widerspruch ist bekannt, dass sie gezählt wurden: eine Behauptung ist so nicht vom Zufall zu unterscheiden"),
                ),
            },
            Err(reason) => self.without_value(&reason),
        }
    }

    fn fits(
        &self,
        table: &Encoded,
        list: &Encoded,
        source: &Encoded,
        counted: &Encoded,
    ) -> std::result::Result<Fits, Said> {
        let flows = table.flows().expect("they were asked for");
        let frame = Frame::new(flows, self.axes)?;
        let in_cells = |encoded: &Encoded, behind: &Behind| {
            let trails = encoded.trails(&behind.held.needs.trails[0]);
            Presence::new(flows, &frame, trails, behind.zone.as_ref())
        };
        let (theirs, mine) = (
            in_cells(source, &self.theirs)?,
            in_cells(counted, &self.behind)?,
        );
        let (Some(listed), Some(subjects)) = (list.subjects(), source.subjects()) else {
            return Err(said!(
                "the list `{}` has no pseudonyms",
                "die Liste `{}` hat keine Pseudonyme",
                self.list
            ));
        };
        let (objects, same) = (objecting(listed, subjects), same_persons(source, counted));
        let publishing = Publishing::of(flows, &frame, &self.counting);
        let seen = Seen::new(flows, &frame, &self.counting);
        let truth = mine.counts();
        let draws = Draws::new(self.settings.seed, ID, &table.name);
        let mut fits = Fits {
            sought: Vec::new(),
            without: Vec::new(),
            with: Vec::new(),
        };
        let is_there = |person: &usize| !theirs.of(*person).is_empty();
        let controls: Vec<usize> = (0..theirs.persons())
            .filter(is_there)
            .filter(|person| !objects[*person] && same[*person].is_some())
            .collect();
        let places = draws.trial(0).subset(
            controls.len().min(self.settings.controls as usize),
            controls.len() as u64,
        );
        for person in (0..theirs.persons()).filter(is_there) {
            if objects[person] {
                let cells = theirs.of(person).iter();
                let cells = cells.map(|at| theirs.cells[*at as usize]);
                let cells = cells.map(|cell| (cell, seen.persons[cell as usize]));
                fits.sought.push(seen.fit(cells, &BTreeMap::new()));
            }
        }
        for person in places.into_iter().map(|place| controls[place as usize]) {
            let own = mine.of(same[person].expect("it is a control") as usize);
            let mut trial = draws.trial(1 + person as u64);
            let mut both = |all: u32, is_in: bool| {
                let without = publishing.seen(all - u32::from(is_in), &mut trial);
                [without, publishing.seen(all, &mut trial)]
            };
            // What the places owe to this person alone, over all times.
            let mut owed: BTreeMap<u32, f32> = BTreeMap::new();
            for at in own {
                let [without, with] = both(truth[*at as usize], true);
                let place = seen.place(mine.cells[*at as usize]);
                *owed.entry(place).or_default() += with - without;
            }
            let cells: Vec<(u32, [f32; 2])> = theirs
                .of(person)
                .iter()
                .map(|at| {
                    let cell = theirs.cells[*at as usize];
                    let at = mine.cells.binary_search(&cell).ok();
                    let all = at.map_or(0, |at| truth[at]);
                    let is_in = at.is_some_and(|at| own.binary_search(&(at as u32)).is_ok());
                    (cell, both(all, is_in))
                })
                .collect();
            let fit = |side: usize, owed: &BTreeMap<u32, f32>| {
                seen.fit(cells.iter().map(|(cell, seen)| (*cell, seen[side])), owed)
            };
            fits.without.push(fit(0, &owed));
            fits.with.push(fit(1, &BTreeMap::new()));
        }
        Ok(fits)
    }

    fn parameters(&self) -> Parameters {
        let names = [("auxiliary", &self.list), ("traces", &self.source)];
        names
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.as_str().into()))
            .collect()
    }

    /// Findings without a value, so that a requirement fails even where other sources have one.
    fn without_value(&self, reason: &Said) -> Outcome {
        let finding = |(statistic, unit)| {
            Finding::new(ID, statistic, DOC.criterion, unit)
                .columns(&self.columns)
                .parameters(&self.parameters())
        };
        let units = [Unit::Persons, Unit::Probability];
        Outcome {
            findings: STATISTICS.into_iter().zip(units).map(finding).collect(),
            ..not_counted(&said!("`{}`: {}", "`{}`: {}", self.source, reason))
        }
    }

    fn findings(&self, relinking: &Relinking) -> Outcome {
        let finding = |statistic: &str, unit| {
            Finding::new(ID, statistic, DOC.criterion, unit)
                .columns(&self.columns)
                .parameters(&self.parameters())
                .parameter("level", self.settings.level)
        };
        Outcome {
            findings: claims("counted", relinking, 1, self.settings.seed, finding),
            ..Outcome::default()
        }
    }
}

/// Persons added to all counts, so that an empty cell speaks against whoever is said to have been there, but does not
/// rule them out: one trace in ten may be wrong about it.
const LEAST: f32 = 0.1;

/// What is read off the counts.
struct Seen {
    /// Persons in each cell of the frame; 0 where nothing is published.
    persons: Vec<f32>,
    /// And on average at its place.
    usual: Vec<f32>,
    places: u32,
    /// How many times there are.
    times: f32,
}

impl Seen {
    fn new(flows: &Flows, frame: &Frame, counting: &Counting) -> Self {
        let mut persons = vec![0.0; frame.len()];
        for (cell, count) in frame.counts(flows) {
            let published = count.and_then(|count| count.published).unwrap_or(0.0);
            persons[cell as usize] = (published / counting.extrapolation).max(0.0) as f32;
        }
        let mut usual = vec![0.0; frame.places];
        for (cell, persons) in persons.iter().enumerate() {
            usual[frame.of(cell as u32).1 as usize] += persons / frame.begins.len() as f32;
        }
        Self {
            persons,
            usual,
            places: frame.places as u32,
            times: frame.begins.len() as f32,
        }
    }

    fn place(&self, cell: u32) -> u32 {
        cell % self.places
    }

    /// How much more persons there are in some cells than at their places usually: the mean logarithm of the ratio.
    /// `owed` is what is not there of the persons at a place over all times.
    fn fit(&self, cells: impl Iterator<Item = (u32, f32)>, owed: &BTreeMap<u32, f32>) -> f64 {
        let (mut sum, mut all) = (0.0, 0);
        for (cell, persons) in cells {
            let place = self.place(cell);
            let less = owed.get(&place).map_or(0.0, |persons| persons / self.times);
            let usual = (self.usual[place as usize] - less).max(0.0);
            sum += f64::from((persons + LEAST) / (usual + LEAST)).ln();
            all += 1;
        }
        sum / f64::from(all.max(1))
    }
}
