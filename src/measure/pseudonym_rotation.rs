//! Whether pseudonyms that change hide anybody.

use super::floors::{Floor, Rule};
use super::{
    Doc, Job, Measure, Outcome, Planning, Run, Setting, Statistic, of_scenario, parameter, percent,
    real,
};
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Interval, Series, Unit};
use crate::language::Said;
use crate::link::Method;
use crate::link::rotation::{Rotation, rotation, windows};
use crate::progress::Progress;
use crate::release::{Scenario, ScenarioKind, TimeBin};
use crate::said;
use crate::stats::mean::of_mean;

pub struct PseudonymRotation;

const ID: &str = "pseudonym-rotation";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::pseudonym_rotation::PROSE,
    title: "Rotation of pseudonyms",
    criterion: Criterion::Linkability,
    question: "If pseudonyms changed every day, week or month, how much of a person's trace could still be put \
               together?",
    adversary: "Sees all windows of time, in each of them everybody under another pseudonym, and links each \
                pseudonym of a window to the one of the window before that fits it best.",
    definition: "Windows of the interval's width follow each other, from local midnight of the first day on. In a \
                 window is who has at least `min_rows` rows in it. Everybody in a window is sought among all who \
                 are in the window before; profiles and matchers are those of `trace-linkage`. A link counts as \
                 sure where the true person fits better than anybody else. A run of windows is stitched where \
                 each is surely linked to the one before; who is missing from a window breaks it.",
    formula: "top1 = mean over persons of the share of their links that is right (1/(equals + 1) where the true \
              one is among the best); stitched_share = mean over persons of rows in their longest run / all \
              their rows; its baseline: rows in their longest window / all their rows. mean_links = Σ_j right \
              runs of j links / links",
    denominator: "top1: persons with a link to be made, who are in two windows that follow each other; \
                  stitched_share: all persons.",
    nulls: "A null is a feature of its own.",
    assumptions: &[
        "Pseudonyms all change at once at the end of each window; if they change at times of their own, the change \
         itself gives them away.",
        "The adversary links window by window; whoever used all windows together would do better.",
    ],
    limits: &[
        "It says what would be if pseudonyms changed: the table is looked at under its own pseudonyms, which must \
         be longer-lived than the interval.",
        "A change of clocks moves the windows by an hour until the next.",
    ],
    citations: &[
        "Y. De Mulder, G. Danezis, L. Batina, B. Preneel: Identification via location-profiling in GSM networks. \
         WPES 2008.",
        "A. Cecaj, M. Mamei, F. Zambonelli: Re-identification and information fusion between anonymized CDR and \
         social network data. JAIHC 7, 2016.",
        "A.-M. Creţu, F. Monti, S. Marrone, X. Dong, M. Bronstein, Y.-A. de Montjoye: Interaction data are \
         identifiable even across long periods of time. Nature Communications 13, 2022.",
    ],
    validation: "Runs and chains against hand-worked cases; matchers as for `trace-linkage`. On generated traces \
                 with habits of their own everybody is stitched, on traces dealt out anew in each window nobody \
                 is beyond guessing. The interval of a mean over persons covers as the table of `location-attacks` \
                 says.",
    table: None,
    settings: &[Setting {
        key: "most_windows",
        default: "400",
        meaning: "more windows than this of an interval are not linked: it is listed as not measured",
    }],
    statistics: &[
        Statistic {
            name: "top1",
            title: "Pseudonyms linked to the one before",
            of: "persons",
            meaning: |f| {
                format!(
                    "With new pseudonyms every {}, {} of the changes are seen through; guessing sees through {}.",
                    parameter(f, "rotation"),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Statistic {
            name: "stitched_share",
            title: "Share of a trace that can be put together",
            of: "persons",
            meaning: |f| {
                format!(
                    "With new pseudonyms every {}, {} of a person's rows can be put together again on average; \
                     without any link it would be {}.",
                    parameter(f, "rotation"),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Statistic {
            name: "mean_links",
            title: "Links before a chain breaks",
            of: "links",
            meaning: |f| {
                format!(
                    "With new pseudonyms every {}, a person is followed over {:.1} changes on average.",
                    parameter(f, "rotation"),
                    real(f)
                )
            },
        },
    ],
};

impl Measure for PseudonymRotation {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[Floor {
            key: "most_windows",
            rule: Rule::Least(400.0),
        }]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let most = planning.count("most_windows")?.unwrap_or(400);
        let mut jobs = Vec::new();
        for scenario in &planning.release.scenarios {
            let ScenarioKind::Rotation(widths) = &scenario.kind else {
                continue;
            };
            planning.check_scenario(scenario);
            let attack = Attack {
                methods: planning.methods(&scenario.matchers, &["tfidf-cosine"], &[])?,
                widths: widths.clone(),
                scenario: scenario.clone(),
                zone: planning.release.tables[scenario.table].timezone.clone(),
                most: most as usize,
            };
            jobs.push(Job {
                measure: ID,
                table: scenario.table,
                needs: Needs {
                    trails: vec![scenario.features.clone()],
                    ..Needs::default()
                },
                run: Run::Long(Box::new(move |table, progress| {
                    attack.measure(table, progress)
                })),
            });
        }
        Ok(jobs)
    }
}

struct Attack {
    scenario: Scenario,
    methods: Vec<&'static Method>,
    widths: Vec<u32>,
    zone: Option<jiff::tz::TimeZone>,
    most: usize,
}

impl Attack {
    /// What is said of an interval that cannot be linked.
    fn unmeasured(&self, outcome: &mut Outcome, rotation: &str, reason: &Said) {
        let reason = said!(
            "scenario `{}`, {}: {}",
            "Szenario `{}`, {}: {}",
            self.scenario.name,
            rotation,
            reason
        );
        let entry = Outcome::not_measured(ID, None, &reason);
        let entry = entry.parameters(&of_scenario(&self.scenario));
        let entry = entry.parameter("rotation", rotation);
        outcome.not_measured.push(entry);
        // Without a value, so that a requirement fails even where other intervals have one.
        let none = ["top1", "stitched_share"].map(|statistic| {
            Finding::new(ID, statistic, DOC.criterion, Unit::Share)
                .parameters(&of_scenario(&self.scenario))
                .parameter("rotation", rotation)
        });
        outcome.findings.extend(none);
    }

    fn measure(&self, table: &Encoded, progress: &dyn Progress) -> Outcome {
        let trails = table.trails(&self.scenario.features);
        let mut outcome = Outcome::default();
        for width in &self.widths {
            let name = TimeBin::Seconds(*width).to_string();
            let windows = windows(trails, *width, self.zone.as_ref());
            if !trails.visits.on_a_clock {
                self.unmeasured(
                    &mut outcome,
                    &name,
                    &said!(
                        "its times are no moments",
                        "ihre Zeiten sind keine Zeitpunkte"
                    ),
                );
                continue;
            }
            if windows.len() < 2 {
                self.unmeasured(
                    &mut outcome,
                    &name,
                    &said!(
                        "the table covers one window alone",
                        "die Tabelle umfasst nur ein Zeitfenster"
                    ),
                );
                continue;
            }
            if windows.len() > self.most {
                let count = windows.len();
                let reason = said!(
                    "the table covers {} windows, more than `most_windows`",
                    "die Tabelle umfasst {} Zeitfenster, mehr als `most_windows`",
                    count
                );
                self.unmeasured(&mut outcome, &name, &reason);
                continue;
            }
            for method in &self.methods {
                let zone = self.zone.as_ref();
                match rotation(trails, &windows, method, &self.scenario, zone, progress) {
                    Err(reason) => {
                        let reason = said!("{}: {}", "{}: {}", method.name, reason);
                        self.unmeasured(&mut outcome, &name, &reason);
                    }
                    Ok(rotation) if rotation.links == 0 => {
                        let reason = said!(
                            "nobody is in two windows that follow each other",
                            "niemand kommt in zwei aufeinanderfolgenden Zeitfenstern vor"
                        );
                        self.unmeasured(&mut outcome, &name, &reason);
                    }
                    Ok(rotation) => {
                        let columns = trails.visits.column.split(", ").map(str::to_owned);
                        let finding = |statistic, unit| {
                            Finding::new(ID, statistic, DOC.criterion, unit)
                                .columns(&columns.clone().collect::<Vec<_>>())
                                .parameters(&of_scenario(&self.scenario))
                                .parameter("rotation", name.as_str())
                                .parameter("matcher", method.name)
                        };
                        outcome.findings.extend(findings(&rotation, &finding));
                        outcome.series.push(survival(&rotation, &finding));
                    }
                }
            }
        }
        outcome
    }
}

fn findings(rotation: &Rotation, finding: &dyn Fn(&'static str, Unit) -> Finding) -> Vec<Finding> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let share = |statistic, values: &[f64], baseline: f64| {
        let mut share = finding(statistic, Unit::Share).value(mean(values));
        share.interval = Some(of_mean(values));
        share.denominator = Some(values.len() as u64);
        share.baseline = Some(baseline);
        share
    };
    let mut links = finding("mean_links", Unit::Ratio).value(rotation.mean_links());
    links.denominator = Some(rotation.links);
    vec![
        share("top1", &rotation.right, rotation.guessed),
        share(
            "stitched_share",
            &rotation.stitched,
            mean(&rotation.longest_window),
        ),
        links,
    ]
}

/// How many chains are still right after so many links.
fn survival(rotation: &Rotation, finding: &dyn Fn(&'static str, Unit) -> Finding) -> Series {
    let like = finding("mean_links", Unit::Ratio);
    let chains = || rotation.chains.iter();
    let bounds: Vec<Interval> = chains()
        .map(|(all, right)| crate::stats::wilson(*right, *all))
        .collect();
    Series {
        measure: ID.to_owned(),
        name: "chain_survival".to_owned(),
        table: String::new(),
        columns: like.columns,
        parameters: like.parameters,
        x: (1..=rotation.chains.len())
            .map(|links| links as f64)
            .collect(),
        y: chains()
            .map(|(all, right)| *right as f64 / *all as f64)
            .collect(),
        y_low: bounds.iter().map(|bound| bound.low).collect(),
        y_high: bounds.iter().map(|bound| bound.high).collect(),
        x_unit: "links".to_owned(),
        y_unit: "share of chains".to_owned(),
    }
}
