//! Whether who is in one set of traces is found again in another.

use super::{
    Doc, Job, Measure, Other, Outcome, Planning, Run, Setting, Statistic, of_scenario, parameter,
    percent, real,
};
use crate::encode::trails::same_persons;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, NotMeasured, Parameters, Sample, Series, Unit};
use crate::language::Said;
use crate::link::alignment::Move;
use crate::link::assignment::assign;
use crate::link::ensemble::{Ensemble, ensemble};
use crate::link::exposure::exposures;
use crate::link::{Gallery, METHODS, Matcher, Method, Parted, Ranked, Sides, Success, rank_all};
use crate::progress::Progress;
use crate::release::{Release, Scenario, ScenarioKind, Split, Table};
use crate::said;
use crate::stats::{Draws, Interval, wilson, wilson_expected};

pub struct TraceLinkage;

const ID: &str = "trace-linkage";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::trace_linkage::PROSE,
    title: "Linkage of traces",
    criterion: Criterion::Linkability,
    question: "If pseudonyms were dropped, could the same person be found again: in a later period, in another \
               table, in traces that somebody has from elsewhere?",
    adversary: "Holds two sets of traces without common names (`[[scenario]]` of the manifest: two periods of a \
                table, two tables, or a table and identified traces) and names for each of the sought the one \
                of the known that fits best.",
    definition: "Each person has a profile: how many of their rows show which feature (a place, an item, with \
                 their bin of time where the scenario says so). Every one of the sought is compared with all of \
                 the known by each matcher; persons with fewer than `min_rows` rows on a side take no part \
                 there and are counted. Of two periods the gallery is open: everybody in the later one is sought \
                 among everybody in the earlier one, whether they are in both or not (`gallery = open`). Beside it \
                 stands the closed gallery of those who are in both (`gallery = closed`); where nobody is in one \
                 period alone the two are the same and reported once, as open. Where the scenario tolerates mistakes, each count of the sought is \
                 shared out evenly among the features within so many bins of time and rings of cells. Where \
                 two tables are compared, the adversary lays one map, and one clock, over the other; where a move (of \
                 places by a constant, or by a constant and a scale; of times by a constant) makes them agree better \
                 than none by a quarter, everybody is sought once more after it (`aligned`). Where \
                 the adversary names only some, those come first in which the best match is farthest ahead of \
                 the runner-up (its lead); of equal leads wrong matches come first.",
    formula: "top_k = mean over the present of max(0, min(1, (k − b) / (1 + e))) with b others that fit better \
              and e that fit equally well; mean_reciprocal_rank = mean of 1/rank; hit_precision = mean of \
              1 − min(r, k)/k, r the rank from 0; both the mean over the places that equals share. risk = \
              (top1 − 1/n) / (1 − 1/n), n known. precision_at_coverage = right / made among the surest claims \
              for such a share of the sought; recall_at_coverage = right / present. false_claims = share of the \
              sought who would be named, as surely, if they were not among the known. \
              tfidf-cosine: tf = count, idf = ln((1 + n)/(1 + df)) + 1, df of the known, cosine. \
              jensen-shannon: least divergence of the shares of rows. co-occurrence: distinct features in \
              common. wyci: Σ ln((n_r + a)/(n + aR)) over the rows of the sought, a = 0.1, R the features that anybody \
              of either side shows. pois: \
              log-likelihood ratio of Poisson visits recorded with probability p by the known, q by the sought side \
              (0.5 where there are more rows a person, less in proportion on the other): λpq + a ln(1 − q) + \
              b ln(1 − p) + ln Σ_k k! C(a,k) C(b,k) (λ(1 − p)(1 − q))^−k. home-work: same place by \
              night (22 to 7) and by weekday office hours (9 to 17). gm: Σ rows ln(P/(εB)), P = (1 − ε) Σ_lag \
              π(lag) Σ_y w(y) K(x | y) + εB, a Gaussian K of the distance, lags of one bin, gaps of up to 8 bins \
              filled in by the moves of all, ε = 0.1: whoever was elsewhere then has P = εB like whoever was not seen then, \
              no less. ensemble: conditional logit over the scores of the others, \
              fitted on a half of the sought, judged on the other, among the ten best of each. Moves: of places the \
              greatest Σ √(n_c n_c′) over pairs of the 1,200 busiest cells of either side at the same difference; of \
              times the greatest Σ over cells of Σ n_t n_t′ / Σ n n′ at the same difference of bins. recall and \
              precision: right over present and over named where everybody is given to one alone (auction \
              among the ten best, within a thousandth of a candidate's mean worth).",
    denominator: "The sought who are among the known; of coverage, precision and false claims all who are sought.",
    nulls: "A null is a feature of its own.",
    assumptions: &[
        "The answer key is right: the same subject on both sides is the same person.",
        "Everybody who takes part has `min_rows` rows on a side: others are not linked, and not safe either.",
        "wyci takes rows to be drawn independently from a person's habits; a feature that only the sought show is as \
         probable by every candidate with as many rows.",
        "gm takes being seen elsewhere for no evidence against a candidate (its published form counts it by the \
         distance): wrong clocks and shared accounts rule nobody out.",
        "pois takes both sides to record the same visits; over two periods it compares habits instead.",
    ],
    limits: &[
        "Other matchers may do better: the figures are what is at least possible.",
        "Moves are found of places with coordinates, and of times that features have; a move of less than half a cell is \
         not undone, and whoever is near the edge of a cell may land in the next one.",
        "Nothing is made of the order in which places follow each other. Tried on periods of real traces by cells of 0.01 \
         degrees, it gained nothing on the ensemble: a Markov chain of each person's moves with back-off to their places \
         found 0.564 of 935 persons again by check-ins in New York (ensemble 0.619), and 0.002 of 505 taxis \
         in San Francisco (0.161); moves as features of tfidf-cosine 0.494 and 0.044.",
        "`strongest` is the greatest top1 of the single matchers: the best of several is a little too high.",
        "Equal scores are those that differ by less than 1e-12.",
    ],
    citations: &[
        "F. M. Naini, J. Unnikrishnan, P. Thiran, M. Vetterli: Where you are is who you are: user identification \
         by matching statistics. IEEE TIFS 11(2), 2016.",
        "M. Maouche, S. Ben Mokhtar, S. Bouchenak: AP-attack: a novel user re-identification attack on mobility \
         datasets. MobiQuitous 2017.",
        "C. Riederer, Y. Kim, A. Chaintreau, N. Korula, S. Lattanzi: Linking users across domains with location \
         data: theory and validation. WWW 2016.",
        "L. Rossi, M. Musolesi: It's the way you check-in: identifying users in location-based social networks. \
         COSN 2014.",
        "H. Wang, C. Gao, Y. Li, G. Wang, D. Jin, J. Sun: De-anonymization of mobility trajectories: dissecting \
         the gaps between theory and practice. NDSS 2018.",
        "A. Narayanan, V. Shmatikov: Robust de-anonymization of large sparse datasets. IEEE S&P 2008 (the lead \
         over the runner-up as confidence).",
    ],
    validation: "tfidf-cosine and jensen-shannon equal to independent values on check-ins (three kinds of \
                 features), taxis, online purchases and smart meters, persons, ties and mean rank included, in \
                 the closed gallery. The open one equal to a comparison of all pairs of persons on generated \
                 habits, where a third of the persons are in one period alone. Ranks equal to a comparison of all pairs on generated profiles. pois equal to a sum over all \
                 numbers of visits.",
    table: None,
    settings: &[Setting {
        key: "coverage",
        default: "[0.1, 0.25, 0.5, 1]",
        meaning: "the shares of the sought for which an adversary makes claims; those a policy names are added",
    }],
    statistics: &[
        Statistic {
            name: "top1",
            title: "Persons found again at first try",
            of: "persons sought",
            meaning: |f| {
                format!(
                    "By {}, {} of the persons are found again at first try; guessing finds {}.",
                    parameter(f, "matcher"),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Statistic {
            name: "strongest",
            title: "Persons found again by the strongest matcher",
            of: "persons sought",
            meaning: |f| {
                format!(
                    "In scenario “{}”, {} of the persons are found again at first try; guessing finds {}.",
                    parameter(f, "scenario"),
                    percent(real(f)),
                    percent(f.baseline.unwrap_or(0.0))
                )
            },
        },
        Statistic {
            name: "persons_fitted",
            title: "Persons the ensemble was fitted on",
            of: "persons on both sides",
            meaning: |f| {
                format!(
                    "The ensemble was fitted on {} persons and judged on the others.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "top5",
            title: "Persons among the best five",
            of: "persons sought",
            meaning: |f| among(f, "five"),
        },
        Statistic {
            name: "top10",
            title: "Persons among the best ten",
            of: "persons sought",
            meaning: |f| among(f, "ten"),
        },
        Statistic {
            name: "risk",
            title: "Risk of being found again",
            of: "persons sought",
            meaning: |f| {
                format!(
                    "Beyond guessing the attack by {} finds {} of those whom guessing does not.",
                    parameter(f, "matcher"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "mean_reciprocal_rank",
            title: "Mean reciprocal rank",
            of: "persons sought",
            meaning: |f| {
                format!(
                    "1 would mean that everybody is found at first try; it is {:.3}.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "hit_precision",
            title: "Hit-precision",
            of: "persons sought",
            meaning: |f| {
                format!(
                    "Each person found at first try counts 1, later ones less, none after place {}: {:.3} on \
                     average.",
                    parameter(f, "k"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "mean_rank",
            title: "Mean rank of the true person",
            of: "persons sought",
            meaning: |f| format!("The true person stands at place {:.1} on average.", real(f)),
        },
        Statistic {
            name: "precision_at_coverage",
            title: "Precision where the adversary dares",
            of: "claims",
            meaning: |f| {
                format!(
                    "An adversary who names the surest {} of the persons is right in {} of these cases.",
                    coverage(f),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "recall_at_coverage",
            title: "Persons found where the adversary dares",
            of: "persons sought",
            meaning: |f| {
                format!(
                    "An adversary who names the surest {} finds {} of those who are there.",
                    coverage(f),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "coverage_at_precision",
            title: "Persons named with near certainty",
            of: "persons sought",
            meaning: |f| {
                let precision = number(f, "precision");
                format!(
                    "The adversary is right in at least {} of the {} of cases in which it dares.",
                    percent(precision),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "false_claims",
            title: "Persons named who are not there",
            of: "persons sought",
            meaning: |f| {
                format!(
                    "Of persons who are not among the known, {} would be named by an adversary who names {} of \
                     those who are.",
                    percent(real(f)),
                    coverage(f)
                )
            },
        },
        Statistic {
            name: "recall",
            title: "Persons found again, everybody given to one alone",
            of: "persons sought",
            meaning: |f| {
                format!(
                    "If nobody is named twice, {} finds {} of the persons.",
                    parameter(f, "matcher"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "precision",
            title: "Right names, everybody given to one alone",
            of: "persons named",
            meaning: |f| {
                format!(
                    "If nobody is named twice, {} of the names that {} gives are right.",
                    percent(real(f)),
                    parameter(f, "matcher")
                )
            },
        },
        Statistic {
            name: "top1_of_group",
            title: "Who is found again",
            of: "persons of the group",
            meaning: |f| {
                format!(
                    "Of the third of persons with the {} {}, {} are found again at first try.",
                    parameter(f, "group"),
                    parameter(f, "by"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "map_shift",
            title: "By how much maps look shifted",
            of: "traces of both sides",
            meaning: |f| {
                format!(
                    "Maps of both sides fit best when one is moved by {:.4} degrees; what is found then is reported as \
                     `aligned`.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "map_scale",
            title: "By how much maps look scaled",
            of: "traces of both sides",
            meaning: |f| {
                format!(
                    "Maps of both sides fit best when one is scaled by {:.3}.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "clock_shift",
            title: "By how much clocks look shifted",
            of: "traces of both sides",
            meaning: |f| {
                format!(
                    "Times of both sides fit best when one is moved by {} bins.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "persons_compared",
            title: "Persons on both sides",
            of: "persons",
            meaning: |f| format!("{} persons are on both sides and were sought.", real(f)),
        },
        Statistic {
            name: "persons_apart",
            title: "Persons who could not be compared",
            of: "persons",
            meaning: |f| {
                format!(
                    "{} persons have rows enough {}.",
                    real(f),
                    match parameter(f, "side").as_str() {
                        "known" => "on the side of the known alone",
                        "sought" => "on the side of the sought alone",
                        _ => "on neither side",
                    }
                )
            },
        },
    ],
};

fn among(f: &Finding, words: &str) -> String {
    format!(
        "By {}, {} of the persons are among the best {words}; guessing puts {} there.",
        parameter(f, "matcher"),
        percent(real(f)),
        percent(f.baseline.unwrap_or(0.0))
    )
}

fn number(f: &Finding, name: &str) -> f64 {
    parameter(f, name).parse().unwrap_or(0.0)
}

fn coverage(f: &Finding) -> String {
    percent(number(f, "coverage"))
}

/// The precision of [`Claims::coverage`](crate::link::success::Claims::coverage) that is reported.
const NEARLY_CERTAIN: f64 = 0.95;
/// Of the others the best so many are looked at: two give the lead, a third where the true one is not known.
const KEEP: usize = 3;

impl Measure for TraceLinkage {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn owes(&self, _: &str, table: &Table, release: &Release) -> bool {
        // What nobody described cannot be mounted.
        let at = release
            .tables
            .iter()
            .position(|known| known.name == table.name);
        let mut scenarios = release.scenarios.iter();
        scenarios.any(|scenario| {
            let is_linkage = !matches!(
                scenario.kind,
                ScenarioKind::Rotation(_) | ScenarioKind::Register(_)
            );
            is_linkage && Some(scenario.table) == at
        })
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let coverages = planning.numbers(
            "coverage",
            "coverage",
            &[0.1, 0.25, 0.5, 1.0],
            |share| share > 0.0 && share <= 1.0,
            "shares above 0 and up to 1",
        )?;
        let all: Vec<&str> = METHODS.iter().map(|method| method.name).collect();
        let mut jobs = Vec::new();
        for scenario in &planning.release.scenarios {
            let other = match scenario.kind {
                ScenarioKind::Periods(_) => None,
                ScenarioKind::Auxiliary(at) => Some(Other::Auxiliary(at)),
                ScenarioKind::Products(at) => Some(Other::Table(at)),
                ScenarioKind::Rotation(_) | ScenarioKind::Register(_) => continue,
            };
            planning.check_scenario(scenario);
            if let Some(other) = other {
                planning.check_features(scenario, other)?;
            }
            let attack = Attack {
                scenario: scenario.clone(),
                methods: planning.methods(&scenario.matchers, &all, &[ENSEMBLE])?,
                ensemble: with_ensemble(scenario),
                seed: planning.release.seed,
                zone: planning.release.tables[scenario.table].timezone.clone(),
                coverages: coverages.clone(),
            };
            let needs = Needs {
                trails: vec![scenario.features.clone()],
                ..Needs::default()
            };
            let run = match (other, scenario.kind.clone()) {
                (Some(other), _) => {
                    let sought_is_other = matches!(other, Other::Auxiliary(_));
                    let (table, point) = (scenario.table, scenario.features.clone());
                    let held = planning.held(other, table, point, needs.clone());
                    Run::against(held, move |mine, theirs, progress| match sought_is_other {
                        true => attack.tables(mine, theirs, progress),
                        false => attack.tables(theirs, mine, progress),
                    })
                }
                (None, ScenarioKind::Periods(split)) => {
                    Run::Long(Box::new(move |table, progress| {
                        attack.periods(table, &split, progress)
                    }))
                }
                (None, _) => unreachable!("the other kinds were left out"),
            };
            jobs.push(Job {
                measure: ID,
                table: scenario.table,
                needs,
                run,
            });
        }
        jobs.extend(planning.without_scenario(ID));
        Ok(jobs)
    }
}

/// The name of all matchers together.
const ENSEMBLE: &str = "ensemble";

fn with_ensemble(scenario: &Scenario) -> bool {
    let mut named = scenario.matchers.iter();
    scenario.matchers.is_empty() || named.any(|name| name.value == ENSEMBLE)
}

/// The statistics of each matcher.
const BY_MATCHER: [&str; 13] = [
    "top1",
    "top5",
    "top10",
    "risk",
    "mean_reciprocal_rank",
    "mean_rank",
    "hit_precision",
    "precision_at_coverage",
    "recall_at_coverage",
    "false_claims",
    "coverage_at_precision",
    "recall",
    "precision",
];

/// A scenario with all it needs.
struct Attack {
    scenario: Scenario,
    methods: Vec<&'static Method>,
    ensemble: bool,
    seed: u64,
    zone: Option<jiff::tz::TimeZone>,
    coverages: Vec<f64>,
}

impl Attack {
    fn periods(&self, table: &Encoded, split: &Split, progress: &dyn Progress) -> Outcome {
        let trails = table.trails(&self.scenario.features);
        let (least, tolerance) = (self.scenario.min_rows, self.scenario.tolerance);
        let zone = self.zone.clone();
        let sides = |gallery: Gallery| {
            let zone = zone.clone();
            Sides::periods(trails, split, gallery, least, tolerance, zone)
        };
        let of = |gallery: Gallery| {
            let (sides, parted) = sides(gallery);
            let column = &trails.visits.column;
            let outcome = self.measure(&sides, parted, column, Some(gallery), false, progress);
            (outcome, parted)
        };
        let (mut outcome, parted) = of(Gallery::Open);
        // Where nobody is in one period alone both galleries are the same.
        if parted.both > 0 && parted.known_only + parted.sought_only > 0 {
            let (closed, _) = of(Gallery::Closed);
            outcome.findings.extend(closed.findings);
        }
        outcome
    }

    fn tables(&self, known: &Encoded, sought: &Encoded, progress: &dyn Progress) -> Outcome {
        let features = &self.scenario.features;
        let same = same_persons(sought, known);
        let (known, sought) = (known.trails(features), sought.trails(features));
        let column = &known.visits.column;
        let (least, tolerance) = (self.scenario.min_rows, self.scenario.tolerance);
        let (sides, parted) =
            Sides::tables(known, sought, &same, least, tolerance, self.zone.clone());
        let mut outcome = self.measure(&sides, parted, column, None, false, progress);
        drop(sides);
        // Maps and clocks that look moved are moved back, and everybody is sought once more.
        if let Some(by) = Move::find(known, sought) {
            let zone = self.zone.clone();
            let (sides, parted) = Sides::aligned(known, sought, &same, &by, least, tolerance, zone);
            let aligned = self.measure(&sides, parted, column, None, true, progress);
            outcome.findings.extend(aligned.findings);
            outcome.series.extend(aligned.series);
            outcome.not_measured.extend(aligned.not_measured);
            let moved = |statistic, value: f64| {
                Finding::new(ID, statistic, DOC.criterion, Unit::Ratio)
                    .columns(&column.split(", ").map(str::to_owned).collect::<Vec<_>>())
                    .parameters(&of_scenario(&self.scenario))
                    .value(value)
            };
            let scale = f64::midpoint(by.scale[0], by.scale[1]);
            outcome.findings.extend([
                moved("map_shift", by.offset[0].hypot(by.offset[1])),
                moved("map_scale", scale),
                moved("clock_shift", by.bins as f64),
            ]);
        }
        outcome
    }

    /// The findings on two sides. Of the closed gallery, beside the open one, what each matcher finds is all.
    fn measure(
        &self,
        sides: &Sides<'_>,
        parted: Parted,
        column: &str,
        gallery: Option<Gallery>,
        is_aligned: bool,
        progress: &dyn Progress,
    ) -> Outcome {
        let mut parameters = of_scenario(&self.scenario);
        if is_aligned {
            parameters.insert("aligned".to_owned(), "yes".into());
        }
        let columns: Vec<String> = column.split(", ").map(str::to_owned).collect();
        let all = parted.both + parted.known_only + parted.sought_only + parted.neither;
        let mut outcome = Outcome::default();
        let beside = gallery == Some(Gallery::Closed);
        if !beside {
            let count = |statistic, count| {
                Finding::new(ID, statistic, DOC.criterion, Unit::Persons)
                    .columns(&columns)
                    .parameters(&parameters)
                    .count(count, Some(all))
            };
            outcome.findings.extend([
                count("persons_compared", parted.both),
                count("persons_apart", parted.known_only).parameter("side", "known"),
                count("persons_apart", parted.sought_only).parameter("side", "sought"),
                count("persons_apart", parted.neither).parameter("side", "neither"),
            ]);
        }
        if let Some(gallery) = gallery {
            parameters.insert("gallery".to_owned(), gallery.as_str().into());
        }
        let finding = |statistic, unit| {
            Finding::new(ID, statistic, DOC.criterion, unit)
                .columns(&columns)
                .parameters(&parameters)
        };
        if parted.both == 0 {
            let reason = said!(
                "scenario `{}`: nobody has rows enough on both sides",
                "Szenario `{}`: niemand hat auf beiden Seiten genug Zeilen",
                self.scenario.name
            );
            // Without a value, so that a requirement fails even where other scenarios have one.
            let unmeasured = ["strongest", "top1", "top5", "top10", "risk"];
            let unmeasured = unmeasured.map(|statistic| finding(statistic, Unit::Share));
            outcome.findings.extend(unmeasured);
            outcome
                .not_measured
                .push(Outcome::not_measured(ID, None, &reason).parameters(&parameters));
            return outcome;
        }
        let headline = outcome.findings.len();
        let mut matchers: Vec<Box<dyn Matcher + '_>> = Vec::new();
        let mut best: Option<(f64, &str, Vec<Ranked>)> = None;
        let known = sides.known.persons.len();
        for method in &self.methods {
            let matcher = match (method.prepare)(sides) {
                Ok(matcher) => matcher,
                Err(reason) => {
                    let name = &self.scenario.name;
                    let reason = said!(
                        "scenario `{}`, {}: {}",
                        "Szenario `{}`, {}: {}",
                        name,
                        method.name,
                        reason
                    );
                    outcome
                        .not_measured
                        .extend(without_matcher(&parameters, &reason, method.name));
                    continue;
                }
            };
            let ranked = rank_all(matcher.as_ref(), &sides.truth, KEEP, progress);
            let success = Success::new(&ranked, known);
            let finding =
                |statistic, unit| finding(statistic, unit).parameter("matcher", method.name);
            outcome.findings.extend(self.findings(&success, &finding));
            outcome
                .series
                .push(curve(&success, method.name, &parameters, &columns));
            if self.scenario.one_to_one && !beside {
                let assigned = one_to_one(matcher.as_ref(), &sides.truth, &finding, progress);
                outcome.findings.extend(assigned);
            }
            let top1 = success.top(1);
            if best.as_ref().is_none_or(|(best, ..)| top1 > *best) {
                best = Some((top1, method.name, ranked));
            }
            if self.ensemble && !beside {
                matchers.push(matcher);
            }
        }
        if self.ensemble && !beside {
            let draws = Draws::new(self.seed, ID, &self.scenario.name);
            match ensemble(&matchers, &sides.truth, &draws, progress) {
                Some(Ensemble { ranked, fitted, .. }) => {
                    let success = Success::new(&ranked, known);
                    let sample = Sample {
                        seed: self.seed,
                        persons: success.present,
                        trials: success.present,
                    };
                    let sampled = |statistic, unit| {
                        let mut finding = finding(statistic, unit).parameter("matcher", ENSEMBLE);
                        finding.sample = Some(sample);
                        finding
                    };
                    outcome.findings.push(
                        finding("persons_fitted", Unit::Persons).count(fitted, Some(parted.both)),
                    );
                    outcome.findings.extend(self.findings(&success, &sampled));
                    outcome
                        .series
                        .push(curve(&success, ENSEMBLE, &parameters, &columns));
                }
                None => {
                    let name = &self.scenario.name;
                    let reason = said!(
                        "scenario `{}`, {}: too few persons to part",
                        "Szenario `{}`, {}: zu wenige Personen, um sie aufzuteilen",
                        name,
                        ENSEMBLE
                    );
                    outcome
                        .not_measured
                        .extend(without_matcher(&parameters, &reason, ENSEMBLE));
                }
            }
        }
        if best.is_none() {
            let reason = said!(
                "scenario `{}`: none of its matchers can be used",
                "Szenario `{}`: keines seiner Zuordnungsverfahren ist anwendbar",
                self.scenario.name
            );
            let entries = ["strongest", "top1_of_group"].map(|statistic| {
                Outcome::not_measured(ID, Some(statistic), &reason).parameters(&parameters)
            });
            outcome.not_measured.extend(entries);
        }
        if let Some((right, name, ranked)) = best {
            let mut strongest = finding("strongest", Unit::Share)
                .parameter("matcher", name)
                .value(right / parted.both as f64);
            strongest.denominator = Some(parted.both);
            strongest.interval = Some(wilson_expected(right, parted.both));
            strongest.baseline = Some(1.0 / known as f64);
            outcome.findings.insert(headline, strongest);
            if beside {
                return outcome;
            }
            for exposure in exposures(sides, &ranked) {
                for ((right, persons), group) in exposure
                    .thirds
                    .into_iter()
                    .zip(["lowest", "middle", "highest"])
                {
                    let mut share = finding("top1_of_group", Unit::Share)
                        .parameter("matcher", name)
                        .parameter("by", exposure.by.clone())
                        .parameter("group", group);
                    if persons > 0 {
                        share = share.value(right / persons as f64);
                        share.interval = Some(wilson_expected(right, persons));
                    }
                    share.denominator = Some(persons);
                    share.baseline = Some(1.0 / sides.known.persons.len() as f64);
                    outcome.findings.push(share);
                }
            }
        }
        outcome
    }

    fn findings(
        &self,
        success: &Success<'_>,
        finding: &dyn Fn(&'static str, Unit) -> Finding,
    ) -> Vec<Finding> {
        let present = success.present;
        let expected = |statistic, right: f64, of: u64| {
            let mut share = finding(statistic, Unit::Share);
            if of > 0 {
                share = share.value(right / of as f64);
            }
            share.denominator = Some(of);
            share.interval = Some(wilson_expected(right, of));
            share
        };
        let mut findings = Vec::new();
        for (name, k) in [("top1", 1), ("top5", 5), ("top10", 10)] {
            let mut top = expected(name, success.top(k), present);
            top.baseline = Some(success.guessed(k));
            findings.push(top);
        }
        findings.push(risk(success, finding));
        let mean = |statistic, value: f64, unit| {
            let mut mean = finding(statistic, unit).value(value);
            mean.denominator = Some(present);
            mean
        };
        findings.extend([
            mean(
                "mean_reciprocal_rank",
                success.mean_reciprocal_rank(),
                Unit::Ratio,
            ),
            mean("mean_rank", success.mean_rank(), Unit::Ratio),
        ]);
        for k in [5, 10] {
            let hit = mean("hit_precision", success.hit_precision(k), Unit::Ratio);
            findings.push(hit.parameter("k", k));
        }
        let claims = success.claims();
        for &coverage in &self.coverages {
            let (right, dared) = claims.right(coverage);
            let at = |share: Finding| share.parameter("coverage", coverage);
            findings.push(at(expected("precision_at_coverage", right, dared)));
            findings.push(at(expected("recall_at_coverage", right, present)));
            let named = claims.false_claims(coverage);
            findings.push(at(expected("false_claims", named as f64, claims.all())));
        }
        let mut covered = finding("coverage_at_precision", Unit::Share)
            .parameter("precision", NEARLY_CERTAIN)
            .value(claims.coverage(NEARLY_CERTAIN));
        covered.denominator = Some(claims.all());
        findings.push(covered);
        findings
    }
}

/// What is missing where a matcher cannot be used. The strongest of the others stands all the same.
fn without_matcher(
    parameters: &Parameters,
    reason: &Said,
    matcher: &'static str,
) -> impl Iterator<Item = NotMeasured> {
    BY_MATCHER.into_iter().map(move |statistic| {
        Outcome::not_measured(ID, Some(statistic), reason)
            .parameters(parameters)
            .parameter("matcher", matcher)
    })
}

/// Candidates of each of the sought that may be assigned to it.
const CANDIDATES: usize = 10;

/// What an adversary gets who gives everybody to one person alone.
fn one_to_one(
    matcher: &dyn Matcher,
    truth: &[Option<u32>],
    finding: &dyn Fn(&'static str, Unit) -> Finding,
    progress: &dyn Progress,
) -> Vec<Finding> {
    // Nobody is told who the true one is.
    let ranked = rank_all(matcher, &vec![None; truth.len()], CANDIDATES, progress);
    let worth = |ranked: &Ranked| -> Vec<(u32, f64)> {
        let last = ranked.others.last().map_or(0.0, |(score, _)| *score);
        let worth = ranked.others.iter().map(|(score, at)| (*at, score - last));
        worth.filter(|(_, worth)| *worth > 0.0).collect()
    };
    let candidates: Vec<Vec<(u32, f64)>> = ranked.iter().map(worth).collect();
    let all = || candidates.iter().flatten().map(|(_, worth)| *worth);
    let mean = all().sum::<f64>() / all().count().max(1) as f64;
    let assigned = assign(&candidates, matcher.known(), mean / 1_000.0);
    let (mut right, mut named) = (0, 0);
    for (assigned, truth) in assigned.iter().zip(truth) {
        named += u64::from(assigned.is_some());
        right += u64::from(assigned.is_some() && assigned == truth);
    }
    let present = truth.iter().flatten().count() as u64;
    let share = |statistic, of: u64| {
        let mut share = finding(statistic, Unit::Share)
            .parameter("assignment", "one-to-one")
            .share(right, of);
        share.interval = Some(wilson(right, of));
        share
    };
    let mut found = share("recall", present);
    found.baseline = Some(1.0 / matcher.known() as f64);
    vec![found, share("precision", named)]
}

/// (top1 − guess) / (1 − guess), its interval that of top1.
fn risk(success: &Success<'_>, finding: &dyn Fn(&'static str, Unit) -> Finding) -> Finding {
    let guess = success.guessed(1);
    let beyond = |share: f64| match guess < 1.0 {
        true => (share - guess) / (1.0 - guess),
        false => 0.0,
    };
    let interval = wilson_expected(success.top(1), success.present);
    let mut risk =
        finding("risk", Unit::Ratio).value(beyond(success.top(1) / success.present as f64));
    risk.interval = Some(Interval {
        low: beyond(interval.low),
        high: beyond(interval.high),
        ..interval
    });
    risk.denominator = Some(success.present);
    risk.baseline = Some(guess);
    risk
}

/// Precision against coverage.
fn curve(
    success: &Success<'_>,
    matcher: &str,
    parameters: &Parameters,
    columns: &[String],
) -> Series {
    let claims = success.claims();
    let shares: Vec<f64> = (1..=50).map(|at| f64::from(at) / 50.0).collect();
    let points = shares.iter().map(|share| claims.right(*share));
    let points: Vec<(f64, u64)> = points.collect();
    let bounds = points
        .iter()
        .map(|(right, dared)| wilson_expected(*right, *dared));
    let mut parameters = parameters.clone();
    parameters.insert("matcher".to_owned(), matcher.into());
    Series {
        measure: ID.to_owned(),
        name: "precision_by_coverage".to_owned(),
        table: String::new(),
        columns: columns.to_vec(),
        parameters,
        x: shares,
        y: points
            .iter()
            .map(|(right, dared)| right / *dared as f64)
            .collect(),
        y_low: bounds.clone().map(|bound| bound.low).collect(),
        y_high: bounds.map(|bound| bound.high).collect(),
        x_unit: "share of persons named".to_owned(),
        y_unit: "precision".to_owned(),
    }
}
