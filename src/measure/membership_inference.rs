//! Whether a known person is in the counts.

mod attacks;
mod groups;
mod likelihood;
mod privacy;

use super::floors::{Floor, Rule};
use super::{
    Aggregate, Doc, FALL, Figures, Job, Measure, Outcome, Planning, Setting, Statistic, UNCOUNTED,
    parameter, percent, real,
};
use crate::encode::flows::Flows;
use crate::encode::presence::Presence;
use crate::encode::publishing::Publishing;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Parameter, Sample, Series, Unit};
use crate::progress::Progress;
use crate::release::{Counting, Noise as Stated, Release, Table};
use crate::said;
use crate::stats::roc::{Estimate, Scores, Told, reached_at, told};
use crate::stats::{Draws, Interval};

use attacks::{ATTACKS, Experiments, Spots};
use groups::Pool;
use privacy::Check;

pub struct MembershipInference;

const ID: &str = "membership-inference";
/// Fewer persons make no experiments.
const FEWEST: usize = 20;
/// At the size of the table, of which policies ask, so many times as many targets are tried.
const AT_TABLE: usize = 4;

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::membership_inference::PROSE,
    title: "Membership in aggregates",
    criterion: Criterion::Inference,
    question: "Can somebody who knows where a person was tell from the counts whether that person is among those who \
               were counted?",
    adversary: "Knows the target's places and times and the rules by which counts are made. For knock-knock and \
                likelihood-ratio it also has the traces of a share of the others; for all other attacks nothing but the \
                published counts.",
    definition: "An experiment: a group of m persons, the target and m − 1 others drawn at random, or those others \
                 without the target, is counted and published as the table is: extrapolated, rounded, with noise as \
                 stated, cells left out that would have counts below the least of the table (where cells are left out). \
                 Each attack gives a score. Each target is tried once in a group and once out of another. The greatest \
                 size is that of the table itself: all persons of the traces, or all but the target.",
    formula: "count-threshold: share of the target's cells with at least one person. two-threshold: share with at least h, \
              h of 1, 2, 3, 5, 10, 20, 50. knock-knock: log-odds of a ridge logistic regression over the roots of the \
              counts in the target's cells (at most 200, those least visited), fitted on 50 groups of known persons \
              without the target and the same with it; zero-knowledge: the same, fitted on counts of synthetic persons: \
              each cell Poisson with mean A_t · A_(s,τ) / A_τ of the released counts A themselves, t the time, s the \
              place, τ the time of day. likelihood-ratio: Σ_c ln (Σ_x P(x) L(a_c | x + 1) / Σ_x P(x) L(a_c | x)) over \
              all cells c of the target, a_c what is published, P the beta-binomial distribution of how many of the \
              m − 1 others are in the cell, with parameters n_c + ½ and K − n_c + ½ where n_c of the K known persons are, \
              L(a | x) the probability (for noise that takes any value the density) that a is published for x persons: \
              1 or 0 for exact counts; for rounded ones whether x lies in the interval of a; with noise what its \
              distribution has in that interval; for a cell that is left out, in all that lies below the least count. auc = P(score in > score out) + ½ P(equal). advantage = P(score in ≥ θ) − \
              P(score out ≥ θ), θ (and h) chosen on one half of the experiments, judged on the other, and the other way \
              round. advantage_bound = (e^ε − 1 + 2δ)/(e^ε + 1). The noise of published counts c over persons n, c/e − n, \
              goes through the stated distribution to numbers that are even between 0 and 1 (rounded counts anywhere \
              between the two ends; zeros anywhere below where no count is negative; given that they are published \
              where cells are left out): noise_p_value is that of Kolmogorov and Smirnov.",
    denominator: "Experiments; for `counts_explained` published cells, for `persons_beyond_sensitivity` persons.",
    nulls: "A null place is a place of its own. A count that is null was left out. Rows in no place or time of the \
            table are left out, and persons without any other row.",
    assumptions: &[
        FALL,
        "The traces named by `counted` are those that were counted, each person once a cell: `counts_explained` says how \
         far that gives the published counts.",
        "Others than the target are anybody: an adversary who knows that some are in for certain has a smaller group to \
         tell apart.",
        "The noise of the mechanism is drawn for each cell by itself, and `sensitivity` is that of one person's whole \
         trace.",
        "likelihood-ratio takes the others to be independent, and to be in each cell independently: among such it is the \
         strongest. Where the same persons meet day after day its cells say the same several times, and knock-knock or \
         zero-knowledge may find more.",
        "Tables count the same persons unless `apart_from` says otherwise, and draw their noise independently.",
    ],
    limits: &[
        "Other attacks may do better: the figures are what is at least possible. The bound holds for all of them, if the \
         noise is what is stated and the sensitivity covers all that a person adds.",
        "One threshold serves for all targets; one for each may tell more.",
        "In groups of more persons than the adversary knows, those it learns from hold some several times.",
        "Without traces (`counted`) only what noise must look like in any case is checked: too many zeros, too many \
         counts far below zero. Too little noise cannot be seen then.",
        "Counts of journeys from origins to destinations are not attacked.",
        "Tables are attacked one by one; what several tell together is bounded by composition where all of them have \
         noise, and not bounded where one has none.",
        "At few false positives the threshold itself is uncertain: with 2,000 targets the lower end of the interval at a \
         false positive rate of 0.1 % is 0, whatever is found, as no threshold is then known to let so few through; the \
         upper end, by which requirements are judged, holds all the same. With fewer targets than 1/f nothing is \
         measured.",
        "Power: a requirement is judged at the upper end of the 95 % interval, so that an attack whose true advantage \
         is above the bound passes in no more than 2.5 % of audits (power 0.975), however few the experiments: few make \
         the interval wide, and fail. That an attack is not seen to do better than guessing (`vanishing_size`) says \
         less: with 500 targets an advantage of 0.12 is seen with a power of 0.95, smaller ones more rarely.",
    ],
    citations: &[
        "A. Pyrgelis, C. Troncoso, E. De Cristofaro: Knock knock, who's there? Membership inference on aggregate location \
         data. NDSS 2018 (there a person out of the group is replaced by another).",
        "J. Neyman, E. S. Pearson: On the problem of the most efficient tests of statistical hypotheses. Philosophical \
         Transactions of the Royal Society A 231, 1933 (the likelihood ratio); S. Sankararaman, G. Obozinski, M. I. \
         Jordan, E. Halperin: Genomic privacy and limits of individual detection in a pool. Nature Genetics 41, 2009 (the \
         same for sums of independent Bernoulli variables).",
        "N. Carlini, S. Chien, M. Nasr, S. Song, A. Terzis, F. Tramèr: Membership inference attacks from first principles. \
         IEEE S&P 2022 (true positives at few false positives).",
        "V. Guan, F. Guépin, A.-M. Cretu, Y.-A. de Montjoye: A zero auxiliary knowledge membership inference attack on \
         aggregate location data. PoPETs 2024(4).",
        "P. Kairouz, S. Oh, P. Viswanath: The composition theorem for differential privacy. ICML 2015; T. Humphries et \
         al.: Investigating membership inference attacks under data dependencies. CSF 2023 (the bound).",
        "E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson: Comparing the areas under two or more correlated receiver \
         operating characteristic curves. Biometrics 44, 1988 (interval of the AUC).",
        "A. Agresti, B. Caffo: Simple and effective confidence intervals for proportions and differences of proportions. \
         The American Statistician 54, 2000 (interval of the advantage).",
    ],
    validation: "The area equals the share of all pairs; its interval holds the truth in 95 of 100 generated cases, that of \
                 the advantage in more. On generated towns members are found, the less the larger the group; where all \
                 counts are left out, or noise hides all, alarms are no more frequent than stated. Noise of each \
                 mechanism, rounded, extrapolated, cut at zero or left out below a threshold, is believed; half of it, \
                 none, noise for occupied cells alone, or another law is not.",
    table: Some(&Figures {
        title: "Counts made of real traces: check-ins in New York (Foursquare) by the hour in cells of H3 of resolution 7, \
                and by the week in cells of resolution 5, rounded to tens, those below twenty left out; taxis in San \
                Francisco (Cabspotting) by the hour, each counted where last seen, and by six hours of one day, in cells \
                of resolutions 7 and 6: the strongest attack at the size of the table",
        header: &["counts", "persons", "attack", "advantage"],
        rows: &[
            &[
                "check-ins by hour",
                "1083",
                "likelihood-ratio",
                "1.000 (0.990–1.000)",
            ],
            &[
                "check-ins by week",
                "812",
                "likelihood-ratio",
                "0.116 (0.034–0.197)",
            ],
            &[
                "taxis every hour",
                "509",
                "likelihood-ratio",
                "0.862 (0.798–0.926)",
            ],
            &[
                "taxis of a day",
                "478",
                "knock-knock",
                "0.242 (0.125–0.360)",
            ],
        ],
    }),
    settings: &[
        Setting {
            key: "group_size",
            default: "[10, 30, 100, 300, 1000, 3000]",
            meaning: "persons in a group, up to half of all; those a policy names are added, and the size of the table",
        },
        Setting {
            key: "targets",
            default: "500",
            meaning: "experiments of each size with a target in the group, and as many with it out; at the size of the \
                      table four times as many, each once where nothing is left to chance",
        },
        Setting {
            key: "known",
            default: "0.5",
            meaning: "share of the persons whose traces the adversary of knock-knock has; targets are others",
        },
        Setting {
            key: "base_rates",
            default: "[0.5, 0.1, 0.01]",
            meaning: "shares of members among those an adversary asks about, for which precision is stated",
        },
        Setting {
            key: "persons",
            default: "10000",
            meaning: "the most persons that groups are drawn from; with more, all of these stand for the table, which \
                      hides a person better, unless cells of few are left out",
        },
    ],
    statistics: &[
        Statistic {
            name: "auc",
            title: "Area under the curve",
            of: "experiments",
            meaning: |f| {
                format!(
                    "In groups of {} persons, somebody who is in scores higher than somebody who is not with a chance of \
                     {:.2}, by {}; guessing gives 0.5.",
                    parameter(f, "group_size"),
                    real(f),
                    parameter(f, "attack")
                )
            },
        },
        Statistic {
            name: "advantage",
            title: "Advantage of an adversary over guessing",
            of: "experiments",
            meaning: |f| format!("With counts {}", advantage(f)),
        },
        Statistic {
            name: "advantage_at_table",
            title: "Advantage at the size of the table, strongest attack",
            of: "experiments",
            meaning: |f| {
                format!(
                    "At the size of the table, or of as much of it as groups are drawn from, with counts {}",
                    advantage(f)
                )
            },
        },
        Statistic {
            name: "tpr_at_fpr",
            title: "Members recognised at a given false positive rate",
            of: "experiments",
            meaning: |f| {
                format!(
                    "At the size of the table {} recognises {} of the members while it takes {} of all others for members.",
                    parameter(f, "attack"),
                    percent(real(f)),
                    percent(share(f, "false_positive_rate"))
                )
            },
        },
        Statistic {
            name: "precision",
            title: "Accusations that are right, strongest attack",
            of: "experiments",
            meaning: |f| {
                format!(
                    "Where {} of those asked about are members, and {} of the others are taken for members, {} of those \
                     whom {} names are members.",
                    percent(share(f, "base_rate")),
                    percent(share(f, "false_positive_rate")),
                    percent(real(f)),
                    parameter(f, "attack")
                )
            },
        },
        Statistic {
            name: "vanishing_size",
            title: "Group size at which the advantage vanishes",
            of: "persons",
            meaning: |f| match f.value {
                Some(_) => format!(
                    "From groups of {} persons on, {} is not seen to do better than guessing.",
                    real(f),
                    parameter(f, "attack")
                ),
                None => format!(
                    "In groups of no size that was tried {} does no better than guessing.",
                    parameter(f, "attack")
                ),
            },
        },
        Statistic {
            name: "counts_explained",
            title: "Counts that the traces give",
            of: "published cells",
            meaning: |f| {
                format!(
                    "For {} of the published counts the traces named by `counted` give that count.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "advantage_bound",
            title: "Bound on the advantage by differential privacy",
            of: "persons",
            meaning: |f| {
                format!(
                    "If the counts have the noise that is stated (ε = {}), no attack has an advantage of more than {}.",
                    parameter(f, "epsilon"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "advantage_bound_composed",
            title: "Bound on the advantage from all tables with noise together",
            of: "persons",
            meaning: |f| {
                format!(
                    "From all {} tables with noise together (ε = {} in sum) no attack has an advantage of more than {}, \
                     if each has the noise that is stated.",
                    parameter(f, "tables"),
                    parameter(f, "epsilon"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "noise_consistent",
            title: "Whether the noise is that of the stated mechanism",
            of: "published cells",
            meaning: |f| {
                let by = match parameter(f, "basis").as_str() {
                    "traces" => "against the persons who were counted",
                    _ => "by the counts alone, which shows little",
                };
                match real(f) {
                    1.0 => format!("The counts can have the noise that is stated, {by}."),
                    _ => format!(
                        "The counts cannot have the noise that is stated, {by}: the bound does not hold for them."
                    ),
                }
            },
        },
        Statistic {
            name: "noise_p_value",
            title: "Chance of such noise under the stated mechanism",
            of: "published cells",
            meaning: |f| {
                format!(
                    "Noise as stated lies as far from what is expected, or farther, with a chance of {:.3}; below 0.01 it \
                     is not believed.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "noise_ratio",
            title: "Noise over the noise that was stated",
            of: "published cells",
            meaning: |f| {
                format!(
                    "The noise of the counts is {:.2} times as wide as the stated mechanism makes it.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "persons_beyond_sensitivity",
            title: "Persons who add more than the stated sensitivity",
            of: "persons",
            meaning: |f| match real(f) {
                0.0 => "Nobody adds more to the counts than the stated sensitivity allows for."
                    .to_owned(),
                share => format!(
                    "{} of the persons add more to the counts than the stated sensitivity allows for: for them the \
                     promise of differential privacy does not hold.",
                    percent(share)
                ),
            },
        },
    ],
};

fn advantage(f: &Finding) -> String {
    format!(
        "of {} persons {} recognises members more often than it takes others for them, by {}.",
        parameter(f, "group_size"),
        parameter(f, "attack"),
        percent(real(f)).replace('%', "percentage points")
    )
}

fn share(f: &Finding, name: &str) -> f64 {
    match f.parameters.get(name) {
        Some(Parameter::Number(number)) => number.as_f64(),
        _ => f64::NAN,
    }
}

#[derive(Clone)]
struct Settings {
    sizes: Vec<usize>,
    /// Those that the manifest or the policy names.
    asked: Vec<usize>,
    targets: usize,
    known: f64,
    persons: usize,
    base_rates: Vec<f64>,
    seed: u64,
}

impl Measure for MembershipInference {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn owes(&self, statistic: &str, table: &Table, _: &Release) -> bool {
        match statistic {
            "advantage_bound" | "noise_consistent" => table.counting.noise.is_some(),
            _ => table.counting.counted.is_some(),
        }
    }

    fn floors(&self) -> &'static [Floor] {
        &[
            Floor {
                key: "targets",
                rule: Rule::Least(500.0),
            },
            Floor {
                key: "known",
                rule: Rule::Least(0.5),
            },
            Floor {
                key: "persons",
                rule: Rule::Least(10_000.0),
            },
        ]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |size: f64| size >= 2.0 && size.fract() == 0.0 && size < 1e8;
        let default = [10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0];
        let expected = "whole numbers from 2 on";
        let sizes = planning.numbers("group_size", "group_size", &default, valid, expected)?;
        let is_given = planning
            .settings
            .is_some_and(|given| given.is_there("group_size"));
        let asked = sizes
            .iter()
            .filter(|size| is_given || !default.contains(size));
        let asked = asked.map(|size| *size as usize).collect();
        let mut known = 0.5;
        if let Some(settings) = planning.settings
            && let Some(share) = settings.number("known")?
        {
            if share.value <= 0.0 || share.value >= 1.0 {
                return Err(settings.error(share.span, "`known` is a share between 0 and 1"));
            }
            known = share.value;
        }
        let settings = Settings {
            sizes: sizes.into_iter().map(|size| size as usize).collect(),
            asked,
            targets: planning.count("targets")?.unwrap_or(500).clamp(4, 1 << 20) as usize,
            known,
            persons: planning.count("persons")?.unwrap_or(10_000) as usize,
            base_rates: planning.numbers(
                "base_rates",
                "base_rate",
                &[0.5, 0.1, 0.01],
                |rate| rate > 0.0 && rate < 1.0,
                "shares between 0 and 1",
            )?,
            seed: planning.release.seed,
        };
        Ok(planning.counted_jobs(ID, |table| {
            let attack = Attack {
                settings: settings.clone(),
                counting: table.counting.clone(),
                together: noisy_of_the_same(table, planning.release),
                columns: [table.roles.count.as_deref().cloned().unwrap_or_default()],
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
    /// ε and δ of this table and of all others with noise that count the same persons.
    together: Vec<(f64, f64)>,
    columns: [String; 1],
    draws: Draws,
}

/// ε and δ of all tables with noise that are not said to count other persons than this one.
fn noisy_of_the_same(table: &Table, release: &Release) -> Vec<(f64, f64)> {
    let says_apart = |one: &Table, other: &Table| {
        let mut apart = one.counting.apart_from.iter();
        apart.any(|(name, _)| name.value == other.name)
    };
    let same = release
        .tables
        .iter()
        .filter(|other| !says_apart(table, other) && !says_apart(other, table));
    same.filter_map(|other| other.counting.noise.as_ref())
        .map(|noise| (noise.epsilon, noise.delta))
        .collect()
}

/// What the experiments with groups of one size gave.
struct Measured {
    size: usize,
    /// Targets.
    trials: u64,
    /// One an attack.
    told: Vec<Told>,
    /// At the size of the table: one an attack for each of the false positive rates.
    reached: Vec<[Option<Estimate>; 2]>,
}

/// The shares of others taken for members at which it is told how many members are recognised.
const ALARMS: [f64; 2] = [0.001, 0.01];

impl Attack {
    fn finding(&self, statistic: &str, unit: Unit) -> Finding {
        Finding::new(ID, statistic, DOC.criterion, unit).columns(&self.columns)
    }

    fn run(&self, aggregate: &Aggregate<'_>, progress: &dyn Progress) -> Outcome {
        let mut outcome = match &aggregate.traces {
            Ok(traces) => self.members(aggregate, traces, progress),
            Err(reason) => Outcome::unmeasured(ID, reason),
        };
        if let Some(stated) = &self.counting.noise {
            self.privacy(aggregate, stated, &mut outcome);
            if aggregate.traces.is_err() {
                // The noise was looked at all the same: what is missing are the attacks.
                outcome.not_measured = [
                    "auc",
                    "advantage",
                    "advantage_at_table",
                    "tpr_at_fpr",
                    "precision",
                    "vanishing_size",
                ]
                .map(|statistic| {
                    let reason = aggregate.traces.as_ref().err();
                    let reason = reason.cloned().unwrap_or(UNCOUNTED);
                    Outcome::not_measured(ID, Some(statistic), reason)
                })
                .to_vec();
            }
        }
        outcome
    }

    fn members(
        &self,
        aggregate: &Aggregate<'_>,
        traces: &Presence,
        progress: &dyn Progress,
    ) -> Outcome {
        let frame = aggregate.frame.as_ref().expect("traces are in its cells");
        let publishing = Publishing::of(aggregate.flows, frame, &self.counting);
        let Settings { persons, known, .. } = self.settings;
        let pool = Pool::draw(traces, persons, known, &mut self.draws.trial(1));
        if pool.len() < FEWEST {
            let reason = said!(
                "fewer than {} persons of the traces are in cells of the table",
                "weniger als {} Personen der Spuren liegen in Zellen der Tabelle",
                FEWEST
            );
            return Outcome::unmeasured(ID, &reason);
        }
        let mut outcome = Outcome::default();
        if self.counting.noise.is_none() {
            outcome
                .findings
                .push(self.explained(aggregate.flows, traces));
        }
        let whole = (0..traces.persons()).filter(|person| !traces.of(*person).is_empty());
        let is_whole = whole.count() == pool.len();
        let sizes = self.settings.sizes.iter().copied();
        let mut sizes: Vec<usize> = sizes.filter(|size| *size <= pool.len() / 2).collect();
        sizes.push(pool.len());
        let experiments = Experiments {
            traces,
            pool: &pool,
            publishing: &publishing,
            draws: &self.draws,
            spots: &Spots::new(traces, frame),
        };
        let trials = |size: usize| match size == pool.len() {
            // Without chance another try with the same target gives the same.
            true if publishing.is_certain() => {
                (AT_TABLE * self.settings.targets).min(pool.unknown().len())
            }
            true => AT_TABLE * self.settings.targets,
            false => self.settings.targets,
        };
        progress.seek(sizes.iter().map(|size| trials(*size) as u64).sum());
        let mut measured = Vec::new();
        for size in sizes {
            let Some(scores) = experiments.scores(size, trials(size), progress) else {
                return outcome;
            };
            measured.push(Measured {
                size,
                trials: trials(size) as u64,
                told: scores.iter().map(|ways| told(ways)).collect(),
                reached: match size == pool.len() {
                    true => {
                        let at = |ways: &Vec<Scores>| ALARMS.map(|share| reached_at(ways, share));
                        scores.iter().map(at).collect()
                    }
                    false => Vec::new(),
                },
            });
        }
        // With more persons the target is the better hidden, unless the cells of few are left out.
        let stands_for_table = is_whole || !publishing.leaves_out();
        self.report(&measured, stands_for_table, &mut outcome);
        for size in self
            .settings
            .asked
            .iter()
            .filter(|size| **size > pool.len() / 2)
        {
            if *size != pool.len() {
                let reason = said!(
                    "groups of {} are more than half of the {} persons",
                    "Gruppen von {} sind mehr als die Hälfte der {} Personen",
                    size,
                    pool.len()
                );
                let entries = ["auc", "advantage"].map(|statistic| {
                    Outcome::not_measured(ID, Some(statistic), &reason)
                        .parameter("group_size", *size as u64)
                });
                outcome.not_measured.extend(entries);
            }
        }
        if !stands_for_table {
            let reason = said!(
                "more persons were counted than the {} that groups are drawn from (`persons`), and cells of few are left out, so that groups say little of the table",
                "gezählt wurden mehr Personen als die {}, aus denen Gruppen gezogen werden (`persons`), und Zellen mit wenigen sind weggelassen: Gruppen sagen daher wenig über die Tabelle",
                pool.len()
            );
            let entries = ["advantage_at_table", "tpr_at_fpr", "precision"]
                .map(|statistic| Outcome::not_measured(ID, Some(statistic), &reason));
            outcome.not_measured.extend(entries);
        }
        outcome
    }

    fn report(&self, measured: &[Measured], stands_for_table: bool, outcome: &mut Outcome) {
        let sampled = |mut finding: Finding, at: &Measured, attack: usize| {
            finding.sample = Some(Sample {
                seed: self.settings.seed,
                persons: at.trials,
                trials: 2 * at.trials,
            });
            finding
                .parameter("attack", ATTACKS[attack])
                .parameter("group_size", at.size as u64)
        };
        let advantage = |statistic, at: &Measured, attack: usize| {
            let told = at.told[attack].advantage;
            let finding = self.finding(statistic, Unit::Share).value(told.value);
            let mut finding = sampled(finding, at, attack);
            finding.interval = Some(told.interval);
            finding.baseline = Some(0.0);
            finding
        };
        for (attack, name) in ATTACKS.iter().enumerate() {
            for at in measured {
                let told = at.told[attack].auc;
                let auc = self.finding("auc", Unit::Probability).value(told.value);
                let mut auc = sampled(auc, at, attack);
                auc.interval = Some(told.interval);
                auc.baseline = Some(0.5);
                outcome.findings.push(auc);
                outcome.findings.push(advantage("advantage", at, attack));
            }
            let seen = |at: &Measured| at.told[attack].advantage.interval.low > 0.0;
            let last_seen = measured.iter().rposition(seen);
            let vanishing = self
                .finding("vanishing_size", Unit::Persons)
                .parameter("attack", *name);
            let first = measured.get(last_seen.map_or(0, |at| at + 1));
            outcome.findings.push(match first {
                Some(at) => vanishing.value(at.size as u64),
                None => vanishing,
            });
            outcome.series.push(self.series(measured, attack));
        }
        if let (true, Some(at)) = (stands_for_table, measured.last()) {
            let value = |attack: &usize| at.told[*attack].advantage.value;
            let strongest = (0..ATTACKS.len()).max_by(|a, b| value(a).total_cmp(&value(b)));
            let strongest = strongest.expect("there are attacks");
            outcome
                .findings
                .push(advantage("advantage_at_table", at, strongest));
            self.at_few_alarms(at, &sampled, outcome);
        }
    }

    /// How many members are recognised at the size of the table while few others are taken for members, and by the
    /// attack that recognises most, how many of those it names are members.
    fn at_few_alarms(
        &self,
        at: &Measured,
        sampled: &dyn Fn(Finding, &Measured, usize) -> Finding,
        outcome: &mut Outcome,
    ) {
        for (which, alarms) in ALARMS.iter().enumerate() {
            let reached = |attack: usize| at.reached.get(attack).and_then(|of| of[which]);
            let of = |statistic, unit, attack: usize, estimate: Estimate| {
                let finding = self.finding(statistic, unit).value(estimate.value);
                let mut finding = sampled(finding, at, attack);
                finding.interval = Some(estimate.interval);
                finding.parameter("false_positive_rate", *alarms)
            };
            let all: Vec<(usize, Estimate)> = (0..ATTACKS.len())
                .filter_map(|attack| Some((attack, reached(attack)?)))
                .collect();
            for (attack, estimate) in &all {
                let mut rate = of("tpr_at_fpr", Unit::Share, *attack, *estimate);
                rate.baseline = Some(*alarms);
                outcome.findings.push(rate);
            }
            let strongest = all.iter().reduce(|best, next| {
                if next.1.value > best.1.value {
                    next
                } else {
                    best
                }
            });
            let Some((attack, rate)) = strongest else {
                let reason = said!(
                    "{} targets are too few for a false positive rate of {}",
                    "{} Zielpersonen sind zu wenige für eine Falsch-positiv-Rate von {}",
                    at.trials,
                    alarms
                );
                let entries = ["tpr_at_fpr", "precision"].map(|statistic| {
                    Outcome::not_measured(ID, Some(statistic), &reason)
                        .parameter("false_positive_rate", *alarms)
                });
                outcome.not_measured.extend(entries);
                continue;
            };
            for base in &self.settings.base_rates {
                let right = |reached: f64| match reached > 0.0 {
                    true => base * reached / (base * reached + alarms * (1.0 - base)),
                    false => 0.0,
                };
                let estimate = Estimate {
                    value: right(rate.value),
                    interval: Interval {
                        low: right(rate.interval.low),
                        high: right(rate.interval.high),
                        ..rate.interval
                    },
                };
                let mut precision = of("precision", Unit::Share, *attack, estimate);
                precision.baseline = Some(*base);
                outcome
                    .findings
                    .push(precision.parameter("base_rate", *base));
            }
        }
    }

    fn series(&self, measured: &[Measured], attack: usize) -> Series {
        let advantages = || measured.iter().map(|at| at.told[attack].advantage);
        Series {
            measure: ID.to_owned(),
            name: "advantage_by_size".to_owned(),
            table: String::new(),
            columns: self.columns.to_vec(),
            parameters: [("attack".to_owned(), ATTACKS[attack].into())].into(),
            x: measured.iter().map(|at| at.size as f64).collect(),
            y: advantages().map(|estimate| estimate.value).collect(),
            y_low: advantages().map(|estimate| estimate.interval.low).collect(),
            y_high: advantages()
                .map(|estimate| estimate.interval.high)
                .collect(),
            x_unit: "persons in the group".to_owned(),
            y_unit: "advantage over guessing".to_owned(),
        }
    }

    /// How many of the published counts are those that the traces give.
    fn explained(&self, flows: &Flows, traces: &Presence) -> Finding {
        let mut persons = vec![0u64; flows.len()];
        for (at, count) in traces.published.iter().zip(traces.counts()) {
            if let Some(at) = at {
                persons[*at as usize] = u64::from(count);
            }
        }
        let counts = (0..flows.len()).map(|at| flows.count(at)).zip(persons);
        let published = counts.filter(|(count, _)| !count.is_suppressed());
        let (mut given, mut all) = (0, 0);
        for (count, persons) in published {
            all += 1;
            given += u64::from((count.least..=count.most).contains(&persons));
        }
        self.finding("counts_explained", Unit::Share)
            .share(given, all)
    }

    fn privacy(&self, aggregate: &Aggregate<'_>, stated: &Stated, outcome: &mut Outcome) {
        let of = |finding: Finding| {
            finding
                .parameter("mechanism", stated.mechanism.as_str())
                .parameter("epsilon", stated.epsilon)
        };
        let bound = privacy::bound(stated.epsilon, stated.delta);
        let bound = self.finding("advantage_bound", Unit::Share).value(bound);
        outcome
            .findings
            .push(of(bound).parameter("delta", stated.delta));
        if self.together.len() > 1 {
            let (epsilon, delta) = privacy::basic(&self.together);
            let composed = privacy::composed(&self.together);
            let composed = self
                .finding("advantage_bound_composed", Unit::Share)
                .value(composed)
                .parameter("tables", self.together.len() as u64)
                .parameter("epsilon", epsilon)
                .parameter("delta", delta);
            outcome.findings.push(composed);
        }
        let frame = aggregate.frame.as_ref();
        let (check, basis) = match (&aggregate.traces, frame) {
            (Ok(traces), Ok(frame)) => {
                let (beyond, persons) = privacy::beyond(traces, stated);
                let beyond = self
                    .finding("persons_beyond_sensitivity", Unit::Share)
                    .share(beyond, persons);
                outcome
                    .findings
                    .push(of(beyond).parameter("sensitivity", stated.sensitivity));
                let mut trial = self.draws.trial(2);
                let flows = aggregate.flows;
                let check = privacy::with_traces(flows, frame, traces, &self.counting, &mut trial);
                (check, "traces")
            }
            (_, frame) => (
                privacy::without_traces(aggregate.flows, frame.ok(), &self.counting),
                "counts",
            ),
        };
        let Some(check) = check else {
            let reason = said!(
                "no count is published, or counts were rounded at random, which hides the noise",
                "es ist kein Zählwert veröffentlicht, oder Zählwerte wurden zufällig gerundet, was das Rauschen verdeckt"
            );
            let entries = ["noise_consistent", "noise_p_value", "noise_ratio"]
                .map(|statistic| Outcome::not_measured(ID, Some(statistic), &reason));
            outcome.not_measured.extend(entries);
            return;
        };
        let checked = |finding: Finding| of(finding).parameter("basis", basis);
        let Check { chance, ratio, .. } = check;
        let consistent = self.finding("noise_consistent", Unit::Ratio);
        let consistent = consistent.value(u64::from(check.is_consistent()));
        let chance = self
            .finding("noise_p_value", Unit::Probability)
            .value(chance);
        for mut finding in [consistent, chance] {
            finding.denominator = Some(check.cells);
            outcome.findings.push(checked(finding));
        }
        if let Some(ratio) = ratio {
            let ratio = self.finding("noise_ratio", Unit::Ratio).value(ratio);
            outcome.findings.push(checked(ratio));
        }
    }
}
