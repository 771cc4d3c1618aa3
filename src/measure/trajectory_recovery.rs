//! Traces recovered from counts by place and time.

mod truth;

use crate::said;
use rayon::prelude::*;

use super::{
    Aggregate, Doc, FALL, Figures, Job, Measure, OF_COUNTS, Outcome, Planning, Setting, Statistic,
    parameter, percent, real,
};
use crate::encode::flows::{Count, Flows};
use crate::encode::frame::Frame;
use crate::encode::presence::Presence;
use crate::encode::publishing::Publishing;
use crate::encode::visits::Clock;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Sample, Unit};
use crate::link::ash::{Bin, Counted, Follow, Structure};
use crate::progress::Progress;
use crate::release::{Counting, Release, Table};
use crate::stats::{Draws, Trial};

use truth::{Recovered, Truth, Unique};

pub struct TrajectoryRecovery;

const ID: &str = "trajectory-recovery";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::trajectory_recovery::PROSE,
    title: "Traces recovered from counts",
    criterion: Criterion::Inference,
    question: "Can traces of single persons be put together from counts by place and time, although no count names \
               anybody?",
    adversary: "Has the published counts alone, and knows that people stay at home by night, go on by day as they went \
                before, and do the same day after day.",
    definition: "As many slots are followed as persons are counted at once at most; who is not counted at a time is \
                 nowhere, which is a place of its own, and comes back as though from where they were seen last. From each \
                 time to the next the slots are given to the persons counted so that the sum of costs is least: by night \
                 (0 to 6 o'clock) the distance from the last place, by day that from where the last step would have led \
                 on; where the places have no coordinates (cells of H3 do), 0 for staying and 1 for going. Each day is \
                 recovered by itself; days are joined so that the entropy of all places, weighted by points, grows least. \
                 Where the traces that were counted are at hand (`counted`), the attack is run: on the counts of all their \
                 persons, or of so many drawn at random, published as the table is, and its traces are matched one to one \
                 with the persons so that the most points agree. Otherwise nothing is recovered, and only the structure of \
                 the counts is reported.",
    formula: "accuracy = Σ points of persons that the traces matched with them have / Σ points of persons, a point being \
              a place at a time. share_unique_recovered = traces whose n most frequent places no other trace has / traces \
              with n places; share_unique_right = those of them whose places are the n most frequent of the person matched \
              / unique ones. staying = mean over steps of Σ_places min(c_t, c_(t+1)) / max(Σ c_t, Σ c_(t+1)). \
              forced_steps = steps at which persons leave one place at most, or come to one at most, if whoever can stays; \
              nowhere is a place. variation = (most − fewest) / most persons counted at once. lone_cells = counts of one \
              person / counts.",
    denominator: "Points of persons; recovered traces; steps from one time to the next; published cells other than 0.",
    nulls: OF_COUNTS,
    assumptions: &[
        FALL,
        "Persons are counted once at a place and time. Who is at several at one time is several slots then.",
        "Published counts are brought back to persons by the factor of the extrapolation, to the nearest whole number.",
    ],
    limits: &[
        "The match with the persons is the best there is, which an adversary does not have: what guessing reaches by it \
         is the baseline.",
        "Fewer persons are easier to follow than more: the figure for a group says nothing of a larger table. Compare the \
         sizes.",
        "An independent re-evaluation doubts the figures of the paper (73 to 91 %): they depend on how often persons are \
         seen.",
        "Other ways to follow may do better: the figures are what is at least possible.",
        "It is no search that may find nothing: traces are put together in any case, and `accuracy` says how right they \
         are, with its interval. What a better attack would recover is not bounded by it.",
    ],
    citations: &[
        "F. Xu, Z. Tu, Y. Li, P. Zhang, X. Fu, D. Jin: Trajectory recovery from ash: user privacy is not preserved in \
         aggregated mobility data. WWW 2017.",
        "N. D'Silva, T. Shahi, Ø. T. D. Husveg, A. Sanjeeve, E. Buchholz, S. S. Kanhere: Demystifying trajectory recovery \
         from ash: an open-source evaluation and enhancement. 2024 (arXiv 2409.14645).",
        "R. Jonker, A. Volgenant: A shortest augmenting path algorithm for dense and sparse linear assignment problems. \
         Computing 38, 1987.",
    ],
    validation: "Persons of a generated town who do the same every day are recovered from their counts, those who go \
                 anywhere by chance no better than by guessing. Each step's assignment costs as little as the best of all \
                 permutations. On real traces, counted by us, far less is recovered than the paper reports, as the \
                 re-evaluation found: where persons are seen now and then hardly more than guessing, where they are \
                 seen at every hour a third. Supposing that whoever can stays does as well as the paper's way. The interval \
                 of `accuracy` is that of a ratio over persons, made as that of a mean in `location-attacks`.",
    table: Some(&Figures {
        title: "Counts made of real traces (the same as for `membership-inference`): accuracy with 300 persons",
        header: &["counts", "ash", "whoever can stays", "guessing"],
        rows: &[
            &[
                "check-ins by hour",
                "0.063 (0.045–0.087)",
                "0.044 (0.031–0.063)",
                "0.022",
            ],
            &[
                "check-ins by week",
                "0.549 (0.524–0.573)",
                "0.549 (0.524–0.573)",
                "0.523",
            ],
            &[
                "taxis every hour",
                "0.307 (0.292–0.325)",
                "0.330 (0.316–0.346)",
                "0.199",
            ],
            &[
                "taxis of a day",
                "0.340 (0.327–0.355)",
                "0.340 (0.327–0.355)",
                "0.333",
            ],
        ],
    }),
    settings: &[
        Setting {
            key: "persons",
            default: "[100, 300]",
            meaning: "persons drawn from the traces and counted anew, where there are more; all of them where there are \
                      fewer",
        },
        Setting {
            key: "n",
            default: "[2]",
            meaning: "most frequent places by which a recovered trace is unique",
        },
    ],
    statistics: &[
        Statistic {
            name: "accuracy",
            title: "Points recovered from the counts",
            of: "points of persons",
            meaning: |f| {
                let by = match parameter(f, "attack").as_str() {
                    "ash" => "following persons from count to count",
                    _ => "supposing that whoever can stays",
                };
                format!(
                    "From the counts of {} persons {by} recovers {} of where they were when; guessing recovers {}.",
                    parameter(f, "persons"),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Statistic {
            name: "share_unique_recovered",
            title: "Recovered traces that are unique",
            of: "recovered traces",
            meaning: |f| {
                format!(
                    "Of the traces recovered from the counts of {} persons {} are the only ones with their {} most frequent \
                     places: whoever knows these finds the rest.",
                    parameter(f, "persons"),
                    percent(real(f)),
                    parameter(f, "n")
                )
            },
        },
        Statistic {
            name: "share_unique_right",
            title: "Unique recovered traces with the right places",
            of: "unique recovered traces",
            meaning: |f| {
                format!(
                    "Of the unique recovered traces {} have the {} most frequent places of the person they belong to.",
                    percent(real(f)),
                    parameter(f, "n")
                )
            },
        },
        Statistic {
            name: "lone_cells",
            title: "Counts of one person",
            of: "published cells other than 0",
            meaning: |f| {
                format!(
                    "{} of the counts may be of one person, who is seen there all alone.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "forced_steps",
            title: "Steps with one way to go",
            of: "steps",
            meaning: |f| {
                format!(
                    "At {} of the steps from one time to the next the counts leave one way only, if whoever can stays.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "staying",
            title: "Persons who can have stayed",
            of: "steps",
            meaning: |f| {
                format!(
                    "From one time to the next {} of the persons counted can have stayed where they were: the more, the \
                     easier they are to follow.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "variation",
            title: "How the number of persons counted varies",
            of: "the most persons counted at once",
            meaning: |f| {
                format!(
                    "The number of persons counted at once varies by {} of the most: those who are missing are followed as \
                     though they were at a place of their own.",
                    percent(real(f))
                )
            },
        },
    ],
};

/// The ways to follow that are reported.
const ATTACKS: [(&str, Follow); 2] = [("ash", Follow::Ash), ("stay", Follow::Stay)];
/// More cannot be followed at once: time and memory grow with their square and more.
const MOST: usize = 3_000;
/// Until then it is night.
const MORNING: u8 = 6;

#[derive(Clone)]
struct Settings {
    persons: Vec<usize>,
    places: Vec<usize>,
    seed: u64,
}

impl Measure for TrajectoryRecovery {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn owes(&self, _: &str, table: &Table, _: &Release) -> bool {
        table.counting.counted.is_some()
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let whole = |least: f64, most: f64| {
            move |number: f64| number >= least && number <= most && number.fract() == 0.0
        };
        let persons = planning.numbers(
            "persons",
            "persons",
            &[100.0, 300.0],
            whole(2.0, MOST as f64),
            "whole numbers from 2 to 3000",
        )?;
        let places = planning.numbers(
            "n",
            "n",
            &[2.0],
            whole(1.0, 100.0),
            "whole numbers from 1 to 100",
        )?;
        let count = |numbers: Vec<f64>| numbers.into_iter().map(|number| number as usize).collect();
        let settings = Settings {
            persons: count(persons),
            places: count(places),
            seed: planning.release.seed,
        };
        Ok(planning.counted_jobs(ID, |table| {
            let attack = Attack {
                settings: settings.clone(),
                counting: table.counting.clone(),
                columns: [table.roles.count.as_deref().cloned().unwrap_or_default()],
                zone: table.timezone.clone(),
                draws: Draws::new(settings.seed, ID, &table.name),
            };
            move |aggregate: &Aggregate<'_>, progress: &dyn Progress| {
                attack.run(aggregate, progress)
            }
        }))
    }
}

/// What is known of a table before its data.
struct Attack {
    settings: Settings,
    counting: Counting,
    columns: [String; 1],
    /// By whose clocks it is night.
    zone: Option<jiff::tz::TimeZone>,
    draws: Draws,
}

/// The statistics of what is recovered, beside those of the counts alone.
const RECOVERED: [&str; 3] = ["accuracy", "share_unique_recovered", "share_unique_right"];

impl Attack {
    fn finding(&self, statistic: &str, unit: Unit) -> Finding {
        Finding::new(ID, statistic, DOC.criterion, unit).columns(&self.columns)
    }

    fn run(&self, aggregate: &Aggregate<'_>, progress: &dyn Progress) -> Outcome {
        let frame = match &aggregate.frame {
            Ok(frame) => frame,
            Err(reason) => return Outcome::unmeasured(ID, reason),
        };
        if frame.begins.len() < 2 {
            return Outcome::unmeasured(
                ID,
                said!(
                    "all counts are of one time: there is nothing to follow",
                    "alle Zählwerte gelten für dieselbe Zeit: es gibt nichts zu verfolgen"
                ),
            );
        }
        let mut outcome = Outcome::default();
        self.structure(aggregate.flows, frame, &mut outcome);
        match &aggregate.traces {
            Err(reason) => {
                let reason = said!(
                    "{}: no trace is recovered, the structure of the counts alone is reported",
                    "{}: keine Spur wird rekonstruiert, berichtet wird allein der Aufbau der Zählwerte",
                    reason
                );
                outcome.not_measured = RECOVERED
                    .map(|statistic| Outcome::not_measured(ID, Some(statistic), &reason))
                    .to_vec();
            }
            Ok(traces) => self.recover(aggregate.flows, frame, traces, progress, &mut outcome),
        }
        outcome
    }

    /// What the table itself gives away.
    fn structure(&self, flows: &Flows, frame: &Frame, outcome: &mut Outcome) {
        let cells = frame.counts(flows);
        let shown = || {
            let counts = cells.iter().filter_map(|(_, count)| *count);
            counts.filter(|count| !count.is_suppressed() && !count.is_zero())
        };
        let (lone, all) = (
            shown().filter(|count| count.least <= 1).count(),
            shown().count(),
        );
        let factor = self.counting.extrapolation;
        let persons = |(cell, count): &(u32, Option<Count>)| {
            let published = count.and_then(|count| count.published).unwrap_or(0.0);
            (*cell, nearest(published / factor))
        };
        let counted = self.counted(flows, frame, cells.iter().map(persons));
        let structure = Structure::of(&counted);
        let lone = self
            .finding("lone_cells", Unit::Share)
            .share(lone as u64, all as u64);
        let forced = self
            .finding("forced_steps", Unit::Share)
            .share(structure.forced, structure.steps);
        let mut staying = self
            .finding("staying", Unit::Share)
            .value(structure.staying);
        staying.denominator = Some(structure.steps);
        let spread = structure.most - structure.fewest;
        let variation = self
            .finding("variation", Unit::Share)
            .share(spread, structure.most);
        outcome.findings.extend([lone, forced, staying, variation]);
    }

    /// Cells with their persons, time by time.
    fn counted(
        &self,
        flows: &Flows,
        frame: &Frame,
        cells: impl Iterator<Item = (u32, u32)>,
    ) -> Counted {
        let mut clock = Clock::new(self.zone.as_ref());
        let mut bins: Vec<Bin> = frame
            .begins
            .iter()
            .map(|begin| {
                let (day, is_night) = match (frame.is_binned, frame.of_days) {
                    (true, _) => (0, false),
                    (false, true) => (begin.div_euclid(86_400), false),
                    (false, false) => {
                        let wall = clock.wall(*begin);
                        (wall.day, wall.hour < MORNING)
                    }
                };
                Bin {
                    day,
                    is_night,
                    persons: Vec::new(),
                }
            })
            .collect();
        // Days of one time each have nothing to be followed within them.
        if frame.of_days || frame.width >= 86_400 {
            bins.iter_mut().for_each(|bin| bin.day = 0);
        }
        for (cell, persons) in cells.filter(|(_, persons)| *persons > 0) {
            let (bin, place) = frame.of(cell);
            bins[bin].persons.push((place, persons));
        }
        bins.iter_mut().for_each(|bin| bin.persons.sort_unstable());
        let positions = frame
            .positions(flows)
            .map(|positions| kilometres(&positions));
        Counted { bins, positions }
    }

    fn recover(
        &self,
        flows: &Flows,
        frame: &Frame,
        traces: &Presence,
        progress: &dyn Progress,
        outcome: &mut Outcome,
    ) {
        let all = 0..traces.persons() as u32;
        let all: Vec<u32> = all
            .filter(|who| !traces.of(*who as usize).is_empty())
            .collect();
        if all.len() < 2 {
            let reason = said!(
                "fewer than two persons of the traces are in cells of the table",
                "weniger als zwei Personen der Spuren liegen in Zellen der Tabelle"
            );
            outcome
                .not_measured
                .extend(RECOVERED.map(|name| Outcome::not_measured(ID, Some(name), &reason)));
            return;
        }
        let mut sizes = self.settings.persons.clone();
        sizes
            .iter_mut()
            .for_each(|size| *size = (*size).min(all.len()));
        sizes.dedup();
        let publishing = Publishing::of(flows, frame, &self.counting);
        progress.seek(sizes.len() as u64);
        let groups: Vec<Outcome> = sizes
            .par_iter()
            .filter(|_| !progress.cancelled())
            .map(|size| {
                let mut trial = self.draws.trial(*size as u64);
                let drawn = trial.subset(*size, all.len() as u64);
                let group: Vec<u32> = drawn.into_iter().map(|at| all[at as usize]).collect();
                let cells = published(traces, &group, &publishing, &mut trial);
                let counted = self.counted(flows, frame, cells.into_iter());
                let truth = Truth::new(frame, traces, &group);
                let found = self.group(&counted, &truth, *size, &mut trial);
                progress.sought(1);
                found
            })
            .collect();
        for group in groups {
            outcome.findings.extend(group.findings);
            outcome.not_measured.extend(group.not_measured);
        }
    }

    /// What is recovered of a group.
    fn group(&self, counted: &Counted, truth: &Truth, size: usize, trial: &mut Trial) -> Outcome {
        let slots = counted.slots();
        if slots > MOST {
            let reason = said!(
                "the counts of {} persons add up to {} at once, more than the {} that can be followed",
                "die Zählwerte von {} Personen ergeben zusammen {} zur selben Zeit, mehr als die {}, die sich verfolgen lassen",
                size,
                slots,
                MOST
            );
            return Outcome {
                not_measured: RECOVERED
                    .map(|name| {
                        Outcome::not_measured(ID, Some(name), &reason)
                            .parameter("persons", size as u64)
                    })
                    .to_vec(),
                ..Outcome::default()
            };
        }
        let sample = Some(Sample {
            seed: self.settings.seed,
            persons: size as u64,
            trials: 1,
        });
        let guessed = truth.judge(&counted.recover(Follow::Random, trial));
        let mut findings = Vec::new();
        for (attack, follow) in ATTACKS {
            let named = |statistic| {
                let mut finding = self.finding(statistic, Unit::Share);
                finding.sample = sample;
                finding
                    .parameter("attack", attack)
                    .parameter("persons", size as u64)
            };
            let recovered = counted.recover(follow, trial);
            let Recovered {
                accuracy,
                person_of,
            } = truth.judge(&recovered);
            let mut finding = named("accuracy").value(accuracy.value);
            finding.interval = Some(accuracy.interval);
            finding.baseline = Some(guessed.accuracy.value);
            findings.push(finding);
            for n in self.settings.places.iter().copied() {
                let Unique {
                    traces,
                    unique,
                    right,
                } = truth.unique(&recovered, &person_of, n);
                let share = named("share_unique_recovered").share(unique, traces);
                let right = named("share_unique_right").share(right, unique);
                let of_places = [share, right]
                    .into_iter()
                    .filter(|finding| finding.value.is_some());
                findings.extend(of_places.map(|finding| finding.parameter("n", n as u64)));
            }
        }
        Outcome {
            findings,
            ..Outcome::default()
        }
    }
}

/// The persons an adversary reads off the counts of a group, by cell.
fn published(
    traces: &Presence,
    group: &[u32],
    publishing: &Publishing,
    trial: &mut Trial,
) -> Vec<(u32, u32)> {
    let mut persons = vec![0u32; traces.cells.len()];
    for cell in group.iter().flat_map(|person| traces.of(*person as usize)) {
        persons[*cell as usize] += 1;
    }
    let seen =
        |(cell, persons): (&u32, u32)| (*cell, nearest(publishing.seen(persons, trial).into()));
    traces.cells.iter().zip(persons).map(seen).collect()
}

fn nearest(persons: f64) -> u32 {
    persons.round().max(0.0) as u32
}

/// Degrees as kilometres east and north of nowhere in particular: near enough within a town or a country.
fn kilometres(positions: &[Option<(f64, f64)>]) -> Vec<Option<[f64; 2]>> {
    const OF_A_DEGREE: f64 = 111.2;
    let latitudes: Vec<f64> = positions
        .iter()
        .flatten()
        .map(|(latitude, _)| *latitude)
        .collect();
    let middle = latitudes.iter().sum::<f64>() / latitudes.len().max(1) as f64;
    let shrink = middle.to_radians().cos();
    let flat = |position: &Option<(f64, f64)>| {
        let (latitude, longitude) = (*position)?;
        Some([longitude * shrink * OF_A_DEGREE, latitude * OF_A_DEGREE])
    };
    positions.iter().map(flat).collect()
}
