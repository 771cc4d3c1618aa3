//! The measures: their documentation, their registry and the contract between a measure and the audit.

mod alpha_k_anonymity;
mod attribute_inference;
mod beta_likeness;
mod column_linkability;
mod copula_uniqueness;
pub mod declarations;
mod delta_disclosure;
mod delta_presence;
mod differencing;
mod direct_identifiers;
mod dominance;
mod family;
mod file_leaks;
pub mod floors;
mod german;
mod group_disclosure;
mod home_work;
mod homogeneity_attack;
mod individual_risk;
mod joined_tables;
mod journalist_risk;
mod k_anonymity;
mod k_map;
mod km_anonymity;
mod l_diversity;
mod location_attacks;
mod membership_inference;
mod opt_outs;
mod population_uniqueness;
mod pseudonym_rotation;
mod quasi_identifier_subsets;
mod re_identification_risk;
mod record_linkage;
mod release_sequence;
mod reversible_pseudonyms;
mod rhythm_uniqueness;
mod scaling_law;
mod sensitive_places;
mod small_cells;
pub mod standards;
mod suda;
mod suppression_audit;
mod t_closeness;
mod top_places;
mod trace_k;
mod trace_linkage;
mod trajectory_recovery;
mod undeclared_columns;
mod unicity;
mod unicity_population;
mod unicity_resolution;
mod uniqueness;
mod unseen;

use crate::said;
use std::cell::RefCell;
use std::hash::{BuildHasher, Hash};

use rayon::prelude::*;

use crate::encode::changes::Zero;
use crate::encode::classes::{Classes, Comparison};
use crate::encode::flows::Flows;
use crate::encode::frame::{Axes, Frame};
use crate::encode::landmarks::Landmarks;
use crate::encode::presence::Presence;
use crate::encode::projection::{Projection, Times as BothTimes};
use crate::encode::published::Published;
use crate::encode::register::Register;
use crate::encode::sensitive::Sensitive;
use crate::encode::traces::Traces;
use crate::encode::traces::several::Several;
use crate::encode::visits::Scale as Times;
use crate::encode::visits::Visits;
use crate::encode::{Encoded, Needs, is_comparable};
use crate::error::{Error, Result};
use crate::finding::{Criterion, Finding, NotMeasured, Parameter, Parameters, Sample, Series};
use crate::language::{Language, Said};
use crate::link::gower::Scale;
use crate::link::{METHODS, Method};
use crate::progress::Progress;
use crate::release::input::{Domain, Input};
use crate::release::lists;
use crate::release::{
    Absent, AmountBin, Auxiliary, AuxiliaryKind, Column, Place, PlaceBin, PointDefinition, Release,
    Roles, Scenario, ScenarioKind, Table, TableKind, TimeBin, Tolerance,
};
use crate::settings::{At, Section, nearest};
use crate::stats::Draws;

use self::floors::{Floor, Floors};
pub use self::german::{Header, Prose, Spoken};

/// What nulls are in the quasi-identifiers, for the measures that compare records by them.
const OF_KNOWN: &str = "A null is a value of its own, NaN counts as null, -0.0 as 0.0. With \
                        `nulls = \"wildcard\"` a null matches anything, and where the manifest gives a \
                        hierarchy a value matches those that lie within it: the class of a record is then all \
                        that match it, and classes overlap.";
/// The same where there is a sensitive column as well.
const OF_KNOWN_AND_SENSITIVE: &str = "A null is a value of its own, NaN counts as null, -0.0 as 0.0. With `nulls = \"wildcard\"` a null in a \
     quasi-identifier matches anything, and where the manifest gives a hierarchy a value matches those that lie \
     within it: the class of a record is then all that match it, and classes overlap. A null in the sensitive \
     column is a value of its own always.";

/// What is compared where a table names subjects.
const COMPARED: &str = "Where a person has several rows the release itself ties them together: whoever finds one has them \
                        all, and whoever knows several finds them by all at once. Both are reported: `rows = each` \
                        compares row by row, a person counting once, in the smallest class they are in; with \
                        `rows = composite` a person's multiset of rows is their one class, compared by equality. Rows \
                        without a subject, where the manifest leaves them out, are reported as \
                        `rows = without-subject`: each stands for a person of its own, among the others of them and \
                        the persons equal to it, and adds to nobody else's class.";
/// That some rows of a person are known, as a parameter of findings on microdata: between `each` and `composite` of
/// [`Compared`](crate::encode::classes::Compared).
fn known_rows() -> Parameters {
    [("rows".to_owned(), "known".into())].into()
}

/// What is found `of` a trace by its points and, where its files tell more of a row, of that as well (`true`); the
/// parameter `precision` says which of them, or `both`.
fn at_each_precision(
    encoded: &Encoded,
    point: &Parameters,
    of: impl Fn(&Encoded, &Parameters, bool) -> Outcome,
) -> Outcome {
    let named = |mut point: Parameters, precision: &str| {
        point.insert("precision".to_owned(), precision.into());
        point
    };
    let Some(as_published) = encoded.at_published_precision() else {
        return of(encoded, &named(point.clone(), "both"), false);
    };
    let mut outcome = of(encoded, &named(point.clone(), "point"), false);
    let published = of(as_published, &named(Parameters::new(), "published"), true);
    outcome.findings.extend(published.findings);
    outcome.series.extend(published.series);
    outcome.not_measured.extend(published.not_measured);
    outcome
}

/// Whether a finding is about known rows of microdata, not about points of traces.
fn is_of_rows(finding: &Finding) -> bool {
    finding.parameters.contains_key("rows")
}

/// The thresholds of the measures that give each person a risk.
const RISK_THRESHOLD: Setting = Setting {
    key: "threshold",
    default: "[0.05, 0.09, 0.2]",
    meaning: "thresholds for `share_above`; those a policy names are added",
};
/// The thresholds of cells of flows.
const CELL_THRESHOLD: Setting = Setting {
    key: "k",
    default: "[2, 5, 11]",
    meaning: "thresholds: fewer persons are too few for a cell; those a policy names are added",
};
/// Unknown counts that linear programming takes together at most.
const LARGEST: u64 = 400;
const LARGEST_CIRCLE: Setting = Setting {
    key: "largest",
    default: "400",
    meaning: "unknown counts that linear programming takes together at most; more are listed as not measured",
};
/// What counts of flows stand for.
const OF_COUNTS: &str = "A count that is null was suppressed: it is none of the published; so is a zero where the manifest \
                         says `zero = \"suppressed\"`. A null in any other column is a value of its own.";
/// How published counts become persons.
const UNDONE: &str = "A published count c stands for every whole number n of persons whose count, times \
                      `extrapolation` and rounded as `rounding` says, is c: with a factor e and rounding to the nearest \
                      multiple of r for (c − r/2)/e ≤ n ≤ (c + r/2)/e. Rounding up, down or at random leaves multiples as \
                      they are and does not reach the next one: up (c − r)/e < n ≤ c/e, down c/e ≤ n < (c + r)/e, at \
                      random (c − r)/e < n < (c + r)/e. In two stages, the counts below a bound became one number first, \
                      which then stands for them. Noise of known width w widens the range by w persons on either side. A \
                      count that is no multiple of r was not rounded so, and stands for itself. Where the manifest says \
                      nothing of rounding, whole counts that were extrapolated were rounded to the nearest whole number.";
/// Who subtracts: somebody outside, or one of those who are counted, who takes away the own 1 as well.
const OUTSIDER: &str = "outsider";
const INSIDER: &str = "insider";
const ADVERSARIES: [&str; 2] = [OUTSIDER, INSIDER];
/// Where more of the counts of a table than this share are less than what they should be sums of, they are no sums.
const MOST_AGAINST: f64 = 0.01;
/// Where up to this share contradicts, two tables may still count the same persons, and it cannot be told.
const MOST_DOUBTED: f64 = 0.2;
/// Why cells are not told apart.
const REPEATED: Said = said!(
    "some cells are published more than once: give the column that tells them apart a role",
    "manche Zellen sind mehrfach veröffentlicht: die Spalte, die sie unterscheidet, braucht eine Rolle"
);
/// Why what needs the traces behind counts is not measured.
const UNCOUNTED: Said = said!(
    "the manifest names no traces that were counted (`counted`)",
    "das Manifest nennt keine Spuren, die gezählt wurden (`counted`)"
);
/// How rows of traces fall into cells.
const FALL: &str = "A row of the traces falls into the cell of its place, by equal values, and of the last bin of time \
                    that begins at or before it and is not over; a bin lasts as long as the commonest step from one \
                    time of the table to the next. Of attributes that are told apart besides only the total is looked \
                    at.";
/// How many persons are above them.
const SHARE_ABOVE: Statistic = Statistic {
    name: "share_above",
    title: "Persons above the risk threshold",
    of: "persons",
    meaning: |f| {
        let threshold = parameter(f, "threshold");
        let share = percent(real(f));
        format!("Of all persons, {share} have a risk greater than {threshold}.")
    },
};

/// What a measure is, in the words an authority reads. Written once; the command line, the report's
/// annex and the documentation all show this text.
pub struct Doc {
    pub id: &'static str,
    pub german: &'static Prose,
    pub title: &'static str,
    pub criterion: Criterion,
    /// The question it answers, for a privacy officer.
    pub question: &'static str,
    /// What the adversary knows and wants.
    pub adversary: &'static str,
    pub definition: &'static str,
    pub formula: &'static str,
    /// Who or what is counted.
    pub denominator: &'static str,
    pub nulls: &'static str,
    pub assumptions: &'static [&'static str],
    /// What it does not say.
    pub limits: &'static [&'static str],
    pub citations: &'static [&'static str],
    /// How it was validated.
    pub validation: &'static str,
    /// The figures of the validation, where they are many.
    pub table: Option<&'static Figures>,
    pub settings: &'static [Setting],
    pub statistics: &'static [Statistic],
}

impl Doc {
    /// What the denominator of each statistic counts, in the order of the statistics.
    pub fn denominators(&self, language: Language) -> Vec<&'static str> {
        let statistics = self.statistics.iter().zip(self.german.statistics);
        statistics
            .map(|(known, spoken)| language.pick(known.of, spoken.of))
            .collect()
    }

    /// All of it in one language, as reports and the command line show it.
    pub fn in_language(&'static self, language: Language) -> Words {
        let german = self.german;
        let settings = self.settings.iter().zip(german.settings);
        let statistics = self.statistics.iter().zip(german.statistics);
        let header = german
            .table
            .as_ref()
            .filter(|_| language == Language::German);
        Words {
            title: language.pick(self.title, german.title),
            question: language.pick(self.question, german.question),
            adversary: language.pick(self.adversary, german.adversary),
            definition: language.pick(self.definition, german.definition),
            formula: language.pick(self.formula, german.formula),
            denominator: language.pick(self.denominator, german.denominator),
            nulls: language.pick(self.nulls, german.nulls),
            assumptions: language.pick(self.assumptions, german.assumptions),
            limits: language.pick(self.limits, german.limits),
            validation: language.pick(self.validation, german.validation),
            settings: settings
                .map(|(setting, meaning)| (setting, language.pick(setting.meaning, *meaning)))
                .collect(),
            statistics: statistics
                .map(|(known, spoken)| (known.name, language.pick(known.title, spoken.title)))
                .collect(),
            table: self.table.map(|figures| figures.in_language(header)),
        }
    }
}

/// A [`Doc`] in one language.
pub struct Words {
    pub title: &'static str,
    pub question: &'static str,
    pub adversary: &'static str,
    pub definition: &'static str,
    pub formula: &'static str,
    pub denominator: &'static str,
    pub nulls: &'static str,
    pub assumptions: &'static [&'static str],
    pub limits: &'static [&'static str],
    pub validation: &'static str,
    pub table: Option<Shown>,
    /// Each with its meaning.
    pub settings: Vec<(&'static Setting, &'static str)>,
    /// Names and titles.
    pub statistics: Vec<(&'static str, &'static str)>,
}

/// [`Figures`] in one language.
pub struct Shown {
    pub title: &'static str,
    pub header: &'static [&'static str],
    pub rows: Vec<Vec<String>>,
}

/// A table of figures.
pub struct Figures {
    pub title: &'static str,
    pub header: &'static [&'static str],
    /// As many cells a row as the header has.
    pub rows: &'static [&'static [&'static str]],
}

impl Figures {
    /// As it is; under a German header, where there is one, in German.
    fn in_language(&'static self, german: Option<&Header>) -> Shown {
        let cell = |cell: &&'static str| match german {
            Some(german) => german.cell(cell),
            None => (*cell).to_owned(),
        };
        let row = |row: &&'static [&'static str]| row.iter().map(cell).collect();
        Shown {
            title: german.map_or(self.title, |german| german.title),
            header: german.map_or(self.header, |german| german.header),
            rows: self.rows.iter().map(row).collect(),
        }
    }

    /// Whether there is a row of these cells.
    pub fn has(&self, row: &[&str]) -> bool {
        self.rows.contains(&row)
    }
}

/// A key of `[measure.<id>]` in the manifest.
pub struct Setting {
    pub key: &'static str,
    pub default: &'static str,
    pub meaning: &'static str,
}

/// One statistic of a measure.
pub struct Statistic {
    pub name: &'static str,
    pub title: &'static str,
    /// What its denominator counts.
    pub of: &'static str,
    /// What this very number means, in a sentence a lawyer understands.
    pub meaning: fn(&Finding) -> String,
}

/// A measure: its documentation, and how it is planned.
pub trait Measure: Sync {
    fn doc(&self) -> &'static Doc;

    /// What is to be computed on each table. Checks all settings: nothing is read before every
    /// measure has agreed.
    ///
    /// # Errors
    /// A setting is wrong; the error points at the manifest's line.
    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>>;

    /// Whether a table for which it has a job owes a statistic: where it has none, a requirement on it fails.
    fn owes(&self, _statistic: &str, _table: &Table, _release: &Release) -> bool {
        true
    }

    /// How little the manifest may let it see before a policy no longer takes it for what it asks. Lists of numbers
    /// and of matchers have their floors without being named here.
    fn floors(&self) -> &'static [Floor] {
        &[]
    }

    /// Whether a policy that asks for it says something of the risk that a person of a table is found.
    fn is_about_persons(&self) -> bool {
        self.doc().criterion != Criterion::Hygiene
    }
}

/// What a measure plans from.
pub struct Planning<'a> {
    /// Whose plan it is.
    pub measure: &'static str,
    pub release: &'a Release,
    /// The files of each table, opened but not read, in the release's order.
    pub inputs: &'a [Input],
    /// The files of each auxiliary that is one table, in the release's order.
    pub registers: &'a [Option<Input>],
    /// The files of the tables of each auxiliary that is an earlier release; none of the others.
    pub earlier: &'a [Vec<Input>],
    /// `[measure.<id>]` of the manifest.
    pub settings: Option<&'a Section<'a>>,
    /// The statistics the policy asks for, with the parameters it names.
    pub demands: &'a [Demand],
    /// The floors that the policy states.
    pub floors: &'a Floors,
    /// What the manifest keeps from the measure, collected while it is planned; it holds of every table.
    pub shortfalls: RefCell<Vec<NotMeasured>>,
}

/// A statistic the policy asks for: `measure.statistic` where its parameters are these.
#[derive(Debug, Clone)]
pub struct Demand {
    pub statistic: String,
    pub parameters: Parameters,
}

impl Planning<'_> {
    /// The numbers a setting lists, or `default`; joined by those the policy asks for, ascending.
    pub fn numbers(
        &self,
        key: &str,
        parameter: &str,
        default: &[f64],
        valid: impl Fn(f64) -> bool,
        expected: &str,
    ) -> Result<Vec<f64>> {
        let mut numbers = default.to_vec();
        if let Some(settings) = self.settings
            && let Some(given) = settings.numbers(key)?
        {
            if !given.iter().all(|number| valid(*number)) || given.is_empty() {
                return Err(settings.error(given.span, format!("`{key}` takes {expected}")));
            }
            let line = settings.source().line(given.span.start);
            self.check_list((key, parameter), &given.value, default, line);
            numbers = given.value;
        }
        for demand in self.demands {
            if let Some(Parameter::Number(number)) = demand.parameters.get(parameter)
                && valid(number.as_f64())
            {
                numbers.push(number.as_f64());
            }
        }
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        Ok(numbers)
    }

    /// A setting that is a whole number of at least 1, where it is given.
    fn count(&self, key: &str) -> Result<Option<u64>> {
        let Some(settings) = self.settings else {
            return Ok(None);
        };
        let most = floors::most(key);
        match settings.integer(key, 1)? {
            Some(given) if given.value > most => {
                let message = format!("`{key}` is at most {}", Language::English.grouped(most));
                Err(settings.error(given.span, message))
            }
            given => Ok(given.map(|at| at.value)),
        }
    }

    /// What a table is held against, as it is to be read. The manifest defines the points of its tables; those of an
    /// auxiliary are `point`.
    fn held(&self, other: Other, table: usize, point: PointDefinition, needs: Needs) -> Held {
        let described = match other {
            Other::Table(at) | Other::Again(at) => self.release.tables[at].clone(),
            Other::Auxiliary(at) => {
                let timezone = self.release.tables[table].timezone.clone();
                self.release.auxiliaries[at].table(point, timezone)
            }
            Other::Earlier(Earlier {
                auxiliary,
                table: at,
            }) => {
                let earlier = self.release.auxiliaries[auxiliary].release.as_deref();
                earlier.expect("it is an earlier release").tables[at].clone()
            }
        };
        Held {
            other,
            table: described,
            needs,
        }
    }

    /// The lists of those who objected, with their positions among the auxiliaries.
    fn lists(&self) -> impl Iterator<Item = (usize, &Auxiliary, &Input)> {
        let auxiliaries = self.release.auxiliaries.iter().zip(self.registers);
        let lists = auxiliaries
            .enumerate()
            .filter_map(|(at, (auxiliary, input))| Some((at, auxiliary, input.as_ref()?)));
        lists.filter(|(_, auxiliary, _)| auxiliary.kind == AuxiliaryKind::OptOuts)
    }

    /// All tables of earlier releases.
    fn earlier_tables(&self) -> impl Iterator<Item = Predecessor<'_>> {
        let auxiliaries = self.release.auxiliaries.iter().zip(self.earlier);
        auxiliaries
            .enumerate()
            .filter_map(|(at, (auxiliary, inputs))| {
                let release = auxiliary.release.as_deref()?;
                Some((at, auxiliary, release, inputs))
            })
            .flat_map(|(at, auxiliary, release, inputs)| {
                let tables = release.tables.iter().zip(inputs).enumerate();
                tables.map(move |(place, (table, input))| Predecessor {
                    earlier: Earlier {
                        auxiliary: at,
                        table: place,
                    },
                    name: &auxiliary.name,
                    release,
                    table,
                    input,
                })
            })
    }

    /// The tables of earlier releases that have the name of a table.
    fn predecessors<'a>(&'a self, table: &'a Table) -> impl Iterator<Item = Predecessor<'a>> {
        let all = self.earlier_tables();
        all.filter(|earlier| earlier.table.name == table.name && table.kind != TableKind::Reference)
    }

    /// # Errors
    /// Equal names of persons in a table and in what it is held against would not be found equal.
    fn check_names(
        &self,
        table: usize,
        (theirs, given): (&Column, &Input),
        owner: &Release,
        name: &str,
    ) -> Result<()> {
        let (described, known) = (&self.release.tables[table], &self.inputs[table]);
        let Some(mine) = &described.roles.subject else {
            return Ok(());
        };
        let domain = |input: &Input, column: &Column| {
            let at = input.column(column)?;
            input.columns[at].domain
        };
        // A number is found where it is written as a text.
        let written =
            |domain: Option<Domain>| matches!(domain, Some(Domain::Integer | Domain::Text));
        if written(domain(known, mine)) && written(domain(given, theirs)) {
            return Ok(());
        }
        self.comparable(table, (mine, known), (theirs, given), owner, name)
    }

    /// The lines of the file that a setting names, relative to the manifest's folder; `None` where it names none.
    fn list(&self, key: &str) -> Result<Option<Vec<String>>> {
        let Some(settings) = self.settings else {
            return Ok(None);
        };
        let Some(name) = settings.string(key)? else {
            return Ok(None);
        };
        let manifest = self.release.manifest.as_ref();
        let folder = manifest.and_then(|path| path.parent());
        let path = folder.map_or_else(
            || name.value.clone().into(),
            |folder| folder.join(&name.value),
        );
        let at_line = |error: Error| error.at(settings.source(), name.span.clone(), "named here");
        lists::read(&path).map(Some).map_err(at_line)
    }

    /// The setting [`RISK_THRESHOLD`].
    fn risk_thresholds(&self) -> Result<Vec<f64>> {
        let valid = |threshold: f64| threshold > 0.0 && threshold <= 1.0;
        let expected = "numbers above 0 and up to 1";
        self.numbers(
            "threshold",
            "threshold",
            &[0.05, 0.09, 0.2],
            valid,
            expected,
        )
    }

    /// One job for each microdata table.
    fn microdata_jobs(
        &self,
        measure: &'static str,
        needs: impl Fn(&Table) -> Needs,
        run: impl Fn(&Encoded) -> Outcome + Clone + Send + Sync + 'static,
    ) -> Vec<Job> {
        let job = |(table, described): (usize, &Table)| Job {
            measure,
            table,
            needs: Needs {
                tuples: true,
                ..needs(described)
            },
            run: Run::Table(Box::new(run.clone())),
        };
        self.tables(TableKind::Microdata).map(job).collect()
    }

    /// One job for each microdata table, over its classes and the columns that make them: those of each row, of all
    /// rows of a person together, and of the rows without subject, as far as the table has them. What was compared is
    /// the parameter `rows`.
    fn class_jobs(
        &self,
        measure: &'static str,
        run: impl Fn(&Comparison<'_>, &[String]) -> Outcome + Clone + Send + Sync + 'static,
    ) -> Vec<Job> {
        let run = move |encoded: &Encoded| {
            let columns = encoded.known_columns();
            let mut all = Outcome::default();
            for comparison in encoded.comparisons() {
                let mut outcome = run(&comparison, &columns);
                if let Some(compared) = comparison.compared {
                    outcome.say("rows", compared.as_str());
                }
                all.findings.extend(outcome.findings);
                all.series.extend(outcome.series);
                all.not_measured.extend(outcome.not_measured);
            }
            all
        };
        self.microdata_jobs(measure, |_| Needs::default(), run)
    }

    /// One job for each table of microdata with subjects, over the rows of its persons; where each has one alone, the
    /// classes say it all, and nothing is said here.
    fn several_jobs(
        &self,
        measure: &'static str,
        run: impl Fn(&Encoded, &Several) -> Outcome + Clone + Send + Sync + 'static,
    ) -> Vec<Job> {
        let needs = |_: &Table| Needs {
            several: true,
            ..Needs::default()
        };
        let run = move |encoded: &Encoded| match encoded.several() {
            Some(several) => run(encoded, &several),
            None => Outcome::default(),
        };
        let mut jobs = self.microdata_jobs(measure, needs, run);
        jobs.retain(|job| self.release.tables[job.table].roles.subject.is_some());
        jobs
    }

    /// One job for each microdata table, which says something of the population that the manifest states;
    /// where it states none, that is said.
    fn population_jobs(
        &self,
        measure: &'static str,
        run: impl Fn(&Encoded, u64) -> Outcome + Clone + Send + Sync + 'static,
    ) -> Vec<Job> {
        let population = self.release.population;
        let run = move |encoded: &Encoded| match population {
            Some(population) => run(encoded, population),
            None => Outcome::unmeasured(
                measure,
                said!(
                    "the manifest states no population",
                    "das Manifest nennt keine Grundgesamtheit"
                ),
            ),
        };
        self.microdata_jobs(measure, |_| Needs::default(), run)
    }

    /// One job for each trace, which needs its points; `make` is given the table.
    fn trace_jobs<R>(
        &self,
        measure: &'static str,
        needs: &Needs,
        make: impl Fn(&Table) -> R,
    ) -> Vec<Job>
    where
        R: Fn(&Encoded) -> Outcome + Send + Sync + 'static,
    {
        let points = Needs {
            tuples: true,
            ..needs.clone()
        };
        self.jobs_of_traces(measure, &points, make)
    }

    fn jobs_of_traces<R>(
        &self,
        measure: &'static str,
        needs: &Needs,
        make: impl Fn(&Table) -> R,
    ) -> Vec<Job>
    where
        R: Fn(&Encoded) -> Outcome + Send + Sync + 'static,
    {
        let job = |(table, described): (usize, &Table)| Job {
            measure,
            table,
            needs: needs.clone(),
            run: Run::Table(Box::new(make(described))),
        };
        self.tables(TableKind::Trace).map(job).collect()
    }

    /// One job for each trace, over the visits of its persons. `make` is given the table, and what of the
    /// definition of its points says where: findings carry it as parameters.
    fn visit_jobs<R>(
        &self,
        measure: &'static str,
        make: impl Fn(&Table, Parameters) -> R,
    ) -> Vec<Job>
    where
        R: Fn(&Visits) -> Outcome + Send + Sync + 'static,
    {
        let needs = Needs {
            visits: true,
            ..Needs::default()
        };
        self.jobs_of_traces(measure, &needs, |table| {
            let mut spot = table.point.parameters();
            spot.retain(|name, _| {
                name == "place" || (name == "item" && table.point.place.is_none())
            });
            let run = make(table, spot);
            move |encoded: &Encoded| match encoded.visits() {
                Some(visits) if visits.persons() > 0 => run(visits),
                Some(_) => Outcome::unmeasured(
                    measure,
                    said!("no row has a person", "keine Zeile gehört zu einer Person"),
                ),
                None => Outcome::unmeasured(
                    measure,
                    said!(
                        "its points have neither places nor items",
                        "ihre Punkte haben weder Orte noch Gegenstände"
                    ),
                ),
            }
        })
    }

    /// One job for each table of flows, over its counts alone or over its `cells`.
    fn flow_jobs<R>(
        &self,
        measure: &'static str,
        cells: impl Fn(&Table) -> bool,
        make: impl Fn(&Table) -> R,
    ) -> Vec<Job>
    where
        R: Fn(&Flows) -> Outcome + Send + Sync + 'static,
    {
        let job = |(table, described): (usize, &Table)| {
            let run = make(described);
            Job {
                measure,
                table,
                needs: Needs::of_counts(cells(described)),
                run: Run::Table(Box::new(move |encoded| {
                    run(encoded.flows().expect("they were asked for"))
                })),
            }
        };
        self.tables(TableKind::Flows).map(job).collect()
    }

    /// One job for each table of flows, over its places and times and the traces that were counted, as far as
    /// they are at hand.
    fn counted_jobs<R>(&self, measure: &'static str, make: impl Fn(&Table) -> R) -> Vec<Job>
    where
        R: Fn(&Aggregate<'_>, &dyn Progress) -> Outcome + Send + Sync + 'static,
    {
        let job = |(table, described): (usize, &Table)| {
            let run = make(described);
            let axes = self.axes(table, described);
            let by_cells = axes.is_ok();
            let behind = match &axes {
                Ok(_) => self.behind(table, described),
                Err(reason) => Err(reason.clone()),
            };
            let framed = move |flows: &Flows| -> std::result::Result<Frame, Said> {
                Frame::new(flows, axes.clone()?)
            };
            Job {
                measure,
                table,
                needs: Needs::of_counts(by_cells),
                run: match behind {
                    Err(reason) => Run::Long(Box::new(move |encoded, progress| {
                        let flows = encoded.flows().expect("they were asked for");
                        let traces = Err(reason.clone());
                        let frame = framed(flows);
                        run(
                            &Aggregate {
                                flows,
                                frame,
                                traces,
                            },
                            progress,
                        )
                    })),
                    Ok(Behind { held, zone }) => {
                        let features = held.needs.trails[0].clone();
                        Run::against(held, move |encoded, traces, progress| {
                            let flows = encoded.flows().expect("they were asked for");
                            let (frame, trails) = (framed(flows), traces.trails(&features));
                            let traces = match &frame {
                                Ok(frame) => Presence::new(flows, frame, trails, zone.as_ref()),
                                Err(reason) => Err(reason.clone()),
                            };
                            run(
                                &Aggregate {
                                    flows,
                                    frame,
                                    traces,
                                },
                                progress,
                            )
                        })
                    }
                },
            }
        };
        self.tables(TableKind::Flows).map(job).collect()
    }

    /// Which dimensions of a table of flows are its place and its time; why they are not, in plain words.
    fn axes(&self, table: usize, described: &Table) -> std::result::Result<Axes, Said> {
        let position = |wanted: &Column| {
            let mut dimensions = described.roles.dimensions();
            dimensions.position(|column| column.value == wanted.value)
        };
        let place = match &described.roles.place {
            Some(Place::Cell(column)) => position(column),
            Some(_) => {
                return Err(said!(
                    "places are coordinates: name the cells in a column",
                    "Orte sind Koordinaten: die Zellen sind in einer Spalte zu nennen"
                ));
            }
            None if described.roles.origin.is_none() => {
                return Err(said!("it has no place", "sie hat keinen Ort"));
            }
            None => {
                return Err(said!(
                    "it counts journeys from origins to destinations; only counts by place are attacked",
                    "sie zählt Fahrten von Ausgangsorten zu Zielen; angegriffen werden nur Zählwerte nach Orten"
                ));
            }
        };
        let time = match &described.roles.time {
            None => None,
            Some(column) => {
                let input = &self.inputs[table];
                let scale = input
                    .column(&column.value)
                    .and_then(|at| Times::of(&input.columns[at]))
                    .ok_or(said!(
                        "times are neither timestamps, dates nor numbers",
                        "Zeiten sind weder Zeitstempel noch Tage noch Zahlen"
                    ))?;
                position(column).map(|at| (at, scale))
            }
        };
        let place = place.ok_or(said!("it has no place", "sie hat keinen Ort"))?;
        Ok(Axes { place, time })
    }

    /// The traces that were counted in a table of flows by place; why they are not at hand, in plain words.
    fn behind(&self, table: usize, described: &Table) -> std::result::Result<Behind, Said> {
        let Some(counted) = &described.counting.counted else {
            return Err(UNCOUNTED);
        };
        let mut tables = self.release.tables.iter();
        let own = tables.position(|table| table.name == counted.value);
        let mut auxiliaries = self.release.auxiliaries.iter();
        let other = auxiliaries.position(|auxiliary| auxiliary.name == counted.value);
        let other = own.map(Other::Table).or(other.map(Other::Auxiliary));
        let other = other.ok_or(UNCOUNTED)?;
        self.in_cells(table, other).map_err(|why| {
            said!(
                "{}, the traces that were counted",
                "{}, den gezählten Spuren",
                why
            )
        })
    }

    /// Traces whose rows fall into the cells of a table of flows by place; why they do not, in plain words.
    fn in_cells(&self, table: usize, other: Other) -> std::result::Result<Behind, Said> {
        let described = &self.release.tables[table];
        let own = match other {
            Other::Table(at) => Some(&self.release.tables[at]),
            Other::Auxiliary(_) | Other::Earlier(_) | Other::Again(_) => None,
        };
        let found = match other {
            Other::Table(at) => {
                let table = &self.release.tables[at];
                Some((&table.name, &table.roles, &self.inputs[at]))
            }
            Other::Auxiliary(at) => {
                let auxiliary = &self.release.auxiliaries[at];
                let input = self.registers[at].as_ref();
                input.map(|input| (&auxiliary.name, &auxiliary.roles, input))
            }
            Other::Earlier(_) | Other::Again(_) => None,
        };
        let (name, roles, input) = found.ok_or(UNCOUNTED)?;
        let refused = |why: Said| Err(said!("{} in `{}`", "{} in `{}`", why, name));
        let (Some(Place::Cell(mine)), Some(Place::Cell(theirs))) =
            (&described.roles.place, &roles.place)
        else {
            return refused(said!(
                "places are not cells by name",
                "Orte sind keine Zellen mit Namen"
            ));
        };
        let column = |input: &Input, name: &Column| {
            input
                .column(&name.value)
                .map(|at| input.columns[at].clone())
        };
        let same = column(&self.inputs[table], mine).zip(column(input, theirs));
        if !same.is_some_and(|(mine, theirs)| is_comparable(&mine, &theirs)) {
            return refused(said!(
                "places are of another type",
                "Orte sind von anderem Typ"
            ));
        }
        let timed = described.roles.time.is_some();
        if timed && (roles.time.is_none() || own.is_some_and(|table| table.point.time.is_none())) {
            return refused(said!("points have no times", "Punkte haben keine Zeiten"));
        }
        let is_number = |column: &Column| {
            let domain = input
                .column(&column.value)
                .and_then(|at| input.columns[at].domain);
            matches!(
                domain,
                Some(Domain::Real | Domain::Integer | Domain::Decimal(_))
            )
        };
        let amount = roles.amount.as_ref().filter(|column| is_number(column));
        let features = PointDefinition {
            place: Some(PlaceBin::Column),
            amount: amount.map(|_| AmountBin::Column),
            ..PointDefinition::default()
        };
        // A null time is refused where points have times.
        let time = timed.then_some(TimeBin::Seconds(3_600));
        let zone = described.timezone.clone();
        let point = PointDefinition {
            time,
            ..features.clone()
        };
        let needs = Needs {
            trails: vec![features],
            ..Needs::default()
        };
        Ok(Behind {
            zone: zone.or(own.and_then(|table| table.timezone.clone())),
            held: self.held(other, table, point, needs),
        })
    }

    /// The ways in which the cells of one table of flows may be sums of those of another.
    fn projections(&self, table: usize, other: usize) -> Vec<Projection> {
        let tables = &self.release.tables;
        let (coarser, finer) = (&tables[table], &tables[other]);
        let theirs: Vec<&Column> = finer.roles.dimensions().collect();
        let mine: Vec<&Column> = coarser.roles.dimensions().collect();
        let is = |column: &Column, role: &Option<Column>| {
            role.as_ref().is_some_and(|role| role.value == column.value)
        };
        let time = mine
            .iter()
            .position(|column| is(column, &coarser.roles.time));
        // Of as many columns sums can be over times and over what areas are made of alone.
        let wider = time.is_some() || !coarser.counting.made_of.is_empty();
        if mine.len() > theirs.len() || mine.len() == theirs.len() && !wider {
            return Vec::new();
        }
        let at = |wanted: Option<&Column>| {
            let wanted = wanted?;
            let mut theirs = theirs.iter();
            theirs.position(|column| column.value == wanted.value)
        };
        let source = |table: usize, column: &Column| {
            let mut columns = self.inputs[table].columns.iter();
            columns.find(|known| known.name == column.value)
        };
        let places = |roles: &Roles| -> Vec<String> {
            let columns = roles.place.iter().flat_map(|place| place.columns());
            columns
                .into_iter()
                .map(|column| column.value.clone())
                .collect()
        };
        let scale = |table: usize, column: &Column| source(table, column).and_then(Times::of);
        // Where the other table has no place a place may be where journeys begin, or where they end.
        let ends = match finer.roles.place {
            Some(_) => vec![None],
            None => vec![
                finer.roles.origin.as_ref(),
                finer.roles.destination.as_ref(),
            ],
        };
        let map = |end: Option<&Column>| -> Option<Projection> {
            let dimension = |column: &&Column| -> Option<usize> {
                let roles = [
                    (&coarser.roles.time, &finer.roles.time),
                    (&coarser.roles.origin, &finer.roles.origin),
                    (&coarser.roles.destination, &finer.roles.destination),
                ];
                let same = roles.into_iter().find(|(mine, _)| is(column, mine));
                let found = match same {
                    Some((_, theirs)) => at(theirs.as_ref()),
                    None if places(&coarser.roles).contains(&column.value) => match end {
                        Some(end) => at(Some(end)),
                        None => {
                            let place = places(&finer.roles);
                            theirs
                                .iter()
                                .position(|column| place.contains(&column.value))
                        }
                    },
                    None => at(Some(column)),
                }?;
                let pair = (source(table, column)?, source(other, theirs[found])?);
                // Days beside hours, by the same clock.
                let are_times = is(column, &coarser.roles.time)
                    && coarser.timezone.is_none()
                    && finer.timezone.is_none()
                    && [pair.0, pair.1]
                        .map(Times::of)
                        .iter()
                        .all(|scale| matches!(scale, Some(Times::PerDay(_) | Times::PerSecond(_))));
                (are_times || is_comparable(pair.0, pair.1)).then_some(found)
            };
            let map: Option<Vec<usize>> = mine.iter().map(dimension).collect();
            let map = map?;
            let time = time.and_then(|time| {
                Some(BothTimes {
                    dimension: time,
                    scales: [scale(table, mine[time])?, scale(other, theirs[map[time]])?],
                    windows: [coarser, finer]
                        .map(|table| Some(table.counting.window.as_ref()?.value)),
                })
            });
            Some(Projection { map, time })
        };
        ends.into_iter().filter_map(map).collect()
    }

    /// The thresholds `k` for cells of flows.
    fn thresholds(&self) -> Result<Vec<u64>> {
        self.whole_numbers("k", &[2.0, 5.0, 11.0])
    }

    /// The whole numbers of a setting that is a parameter of the same name.
    fn whole_numbers(&self, key: &str, default: &[f64]) -> Result<Vec<u64>> {
        let valid = |number: f64| number >= 1.0 && number.fract() == 0.0 && number < 1e9;
        let numbers = self.numbers(key, key, default, valid, "whole numbers from 1 on")?;
        Ok(numbers.into_iter().map(|number| number as u64).collect())
    }

    /// One job for each sensitive column of each microdata table; `run` is given the column's name.
    fn sensitive_jobs(
        &self,
        measure: &'static str,
        run: impl Fn(&Encoded, &str) -> Outcome + Clone + Send + Sync + 'static,
    ) -> Vec<Job> {
        let mut jobs = Vec::new();
        for (table, described) in self.tables(TableKind::Microdata) {
            for sensitive in &described.roles.sensitive {
                let (run, name) = (run.clone(), sensitive.value.clone());
                jobs.push(Job {
                    measure,
                    table,
                    needs: Needs {
                        tuples: true,
                        sensitive: true,
                        ..Needs::default()
                    },
                    run: Run::Table(Box::new(move |encoded| run(encoded, &name))),
                });
            }
        }
        jobs
    }

    /// As [`Self::sensitive_jobs`]; `run` is given the column's distribution over the classes, the
    /// columns that make the classes and its own name.
    fn distribution_jobs(
        &self,
        measure: &'static str,
        run: impl Fn(&Sensitive, &[String], &str) -> Outcome + Clone + Send + Sync + 'static,
    ) -> Vec<Job> {
        self.sensitive_jobs(measure, move |encoded, name| {
            let sensitive = encoded.sensitive(name).expect("it was asked for");
            match sensitive.persons() {
                0 => Outcome::unmeasured(
                    measure,
                    said!("no row has a person", "keine Zeile gehört zu einer Person"),
                )
                .only("sensitive", name),
                _ => run(sensitive, &encoded.known_columns(), name),
            }
        })
    }

    /// One job for each table of persons and register that have columns in common; `run` is given the
    /// register's name.
    ///
    /// # Errors
    /// A column is of one type in the table and of another in the register.
    fn register_jobs(
        &self,
        measure: &'static str,
        run: impl Fn(&Register, &str) -> Outcome + Clone + Send + Sync + 'static,
    ) -> Result<Vec<Job>> {
        let mut jobs = Vec::new();
        for (table, described) in self.tables(TableKind::Microdata) {
            let registers = self.release.auxiliaries.iter().zip(self.registers);
            for (at, (auxiliary, input)) in registers.enumerate() {
                let (Some(input), AuxiliaryKind::Population) = (input, auxiliary.kind) else {
                    continue;
                };
                if !self.shares_columns(table, auxiliary, input)? {
                    continue;
                }
                let (run, name) = (run.clone(), auxiliary.name.clone());
                let run = match described.composite {
                    false => Run::Register(
                        at,
                        Box::new(move |register| match is_register(register) {
                            Ok(()) => run(register, &name),
                            Err(reason) => Outcome::unmeasured(measure, reason)
                                .only("auxiliary", name.as_str()),
                        }),
                    ),
                    true => Run::Table(Box::new(move |_| {
                        let reason = said!(
                            "a person's rows are compared as one, a register has one each",
                            "die Zeilen einer Person werden als Ganzes verglichen, ein Register hat je Person eine"
                        );
                        Outcome::unmeasured(measure, reason).only("auxiliary", name.as_str())
                    })),
                };
                jobs.push(Job {
                    measure,
                    table,
                    needs: Needs {
                        tuples: true,
                        ..Needs::default()
                    },
                    run,
                });
            }
        }
        Ok(jobs)
    }

    /// One job for each trace with places and each table of places of interest; `make` is given the trace and
    /// the name of the places.
    ///
    /// # Errors
    /// The places of the two are of different types.
    fn place_jobs<R>(
        &self,
        measure: &'static str,
        make: impl Fn(&Table, &str) -> R,
    ) -> Result<Vec<Job>>
    where
        R: Fn(&Encoded, &Landmarks) -> Outcome + Send + Sync + 'static,
    {
        let mut jobs = Vec::new();
        for (table, described) in self.tables(TableKind::Trace) {
            let (Some(bin), Some(mine)) = (described.point.place, &described.roles.place) else {
                continue;
            };
            let auxiliaries = self.release.auxiliaries.iter().zip(self.registers);
            for (at, (auxiliary, input)) in auxiliaries.enumerate() {
                let (Some(input), Some(theirs)) = (input, &auxiliary.roles.place) else {
                    continue;
                };
                if auxiliary.kind != AuxiliaryKind::Places {
                    continue;
                }
                if let (Place::Cell(mine), Place::Cell(theirs)) = (mine, theirs) {
                    let known = &self.inputs[table];
                    self.check_comparable(table, (mine, known), (theirs, input), &auxiliary.name)?;
                } else if matches!(bin, PlaceBin::Column) || matches!(theirs, Place::Cell(_)) {
                    let message = format!(
                        "the places of `{}` are cells by name or coordinates where those of table `{}` are not",
                        auxiliary.name, described.name
                    );
                    let help = "name cells in both, or give latitude and longitude in both";
                    return Err(self
                        .release
                        .error_at(theirs.columns()[0], message)
                        .help(help));
                }
                jobs.push(Job {
                    measure,
                    table,
                    needs: Needs {
                        tuples: true,
                        visits: true,
                        ..Needs::default()
                    },
                    run: Run::Places(at, Box::new(make(described, &auxiliary.name))),
                });
            }
        }
        Ok(jobs)
    }

    /// # Errors
    /// Equal features of the two tables of a scenario would not be found equal.
    fn check_features(&self, scenario: &Scenario, other: Other) -> Result<()> {
        let (name, roles, input) = match other {
            Other::Table(at) => {
                let table = &self.release.tables[at];
                (&table.name, &table.roles, Some(&self.inputs[at]))
            }
            Other::Auxiliary(at) => {
                let auxiliary = &self.release.auxiliaries[at];
                (
                    &auxiliary.name,
                    &auxiliary.roles,
                    self.registers[at].as_ref(),
                )
            }
            Other::Earlier(_) | Other::Again(_) => {
                unreachable!("scenarios name tables and auxiliaries")
            }
        };
        let (Some(input), mine) = (input, &self.release.tables[scenario.table].roles) else {
            return Ok(());
        };
        if let (Some(_), Other::Table(at)) = (scenario.features.time, other)
            && self.release.tables[at].timezone != self.release.tables[scenario.table].timezone
        {
            let message = format!("the clocks of `{name}` are of another time zone");
            let at = At {
                value: (),
                span: scenario.span.clone(),
            };
            let help = "give both tables one `timezone`, or leave `time` out of the features";
            return Err(self.release.error_at(&at, message).help(help));
        }
        let known = &self.inputs[scenario.table];
        let mut pairs: Vec<(&Column, &Column)> = Vec::new();
        pairs.extend(mine.subject.iter().zip(&roles.subject));
        if let (Some(_), Some(a), Some(b)) = (scenario.features.place, &mine.place, &roles.place) {
            match (a, b) {
                (Place::Cell(a), Place::Cell(b)) => pairs.push((a, b)),
                (Place::Cell(_), _) | (_, Place::Cell(_)) => {
                    let message = format!(
                        "places are cells by name on one side and coordinates in `{name}` on the other"
                    );
                    let help = "name cells in both, or give latitude and longitude in both";
                    let column = b.columns()[0];
                    return Err(self.release.error_at(column, message).help(help));
                }
                _ => {}
            }
        }
        if scenario.features.item {
            if mine.item.len() != roles.item.len() {
                let message = format!(
                    "an item is {} columns on one side and {} in `{name}`",
                    mine.item.len(),
                    roles.item.len()
                );
                return Err(self.release.error_at(&roles.item[0], message));
            }
            pairs.extend(mine.item.iter().zip(&roles.item));
        }
        for (a, b) in pairs {
            self.check_comparable(scenario.table, (a, known), (b, input), name)?;
        }
        Ok(())
    }

    /// The matchers that are named, or `default`; names of `others` are left out.
    ///
    /// # Errors
    /// One is named that there is not.
    fn methods(
        &self,
        names: &[Column],
        default: &[&str],
        others: &[&str],
    ) -> Result<Vec<&'static Method>> {
        let named = |name: &str| METHODS.iter().find(|method| method.name == name);
        let mut own = names.iter();
        if own.all(|name| others.contains(&name.value.as_str())) {
            return Ok(default.iter().filter_map(|name| named(name)).collect());
        }
        if let Some(first) = names.first() {
            let line = self.release.source.line(first.span.start);
            let own: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
            self.check_matchers(&own, default, "matcher", line);
        }
        let find = |name: &Column| {
            named(&name.value).ok_or_else(|| {
                let message = format!("there is no matcher `{}` here", name.value);
                let known = METHODS.iter().map(|method| method.name);
                let known: Vec<_> = known.chain(others.iter().copied()).collect();
                let near = nearest(&name.value, known.iter().copied());
                let near = near.map_or(String::new(), |near| format!("did you mean `{near}`? "));
                let help = format!("{near}there are {}", known.join(", "));
                self.release.error_at(name, message).help(help)
            })
        };
        let names = names.iter();
        let names = names.filter(|name| !others.contains(&name.value.as_str()));
        names.map(find).collect()
    }

    /// What is said of traces that no scenario names.
    fn without_scenario(&self, measure: &'static str) -> Vec<Job> {
        let named = |table: usize| {
            let scenarios = self.release.scenarios.iter();
            scenarios.clone().any(|scenario| {
                scenario.table == table || scenario.kind == ScenarioKind::Products(table)
            })
        };
        let traces = self.tables(TableKind::Trace);
        let job = |(table, _): (usize, &Table)| {
            Job::without(measure, table, move || {
                Outcome::unmeasured(
                    measure,
                    said!(
                        "the manifest declares no [[scenario]] for it",
                        "das Manifest beschreibt dafür kein Szenario ([[scenario]])"
                    ),
                )
            })
        };
        traces
            .filter(|(table, _)| !named(*table))
            .map(job)
            .collect()
    }

    /// # Errors
    /// Equal values of a column of a table and of one of an auxiliary would not be found equal.
    fn check_comparable(
        &self,
        table: usize,
        (mine, known): (&Column, &Input),
        (theirs, given): (&Column, &Input),
        auxiliary: &str,
    ) -> Result<()> {
        self.comparable(
            table,
            (mine, known),
            (theirs, given),
            self.release,
            auxiliary,
        )
    }

    /// The same where another manifest names their column.
    fn comparable(
        &self,
        table: usize,
        (mine, known): (&Column, &Input),
        (theirs, given): (&Column, &Input),
        owner: &Release,
        auxiliary: &str,
    ) -> Result<()> {
        let of = |input: &Input, column: &Column| {
            input.column(column).map(|at| input.columns[at].clone())
        };
        if let (Some(mine), Some(found)) = (of(known, mine), of(given, theirs))
            && !is_comparable(&mine, &found)
        {
            let message = format!(
                "column `{}` is {} in table `{}` and {}{} in `{auxiliary}`",
                mine.name,
                mine.data_type,
                self.release.tables[table].name,
                match mine.name == theirs.value {
                    true => String::new(),
                    false => format!("`{}` is ", theirs.value),
                },
                found.data_type
            );
            let help = "write both with one type, or nothing would be found in the other";
            return Err(owner.error_at(theirs, message).help(help));
        }
        Ok(())
    }

    /// The columns that a table and a register have in common, in the table's order, and how values of each are
    /// compared where distances matter; numbers in `categories` are names.
    ///
    /// # Errors
    /// Columns or subjects of the two are of different types, or a category is no column of the table.
    fn shared_scales(
        &self,
        table: usize,
        auxiliary: usize,
        categories: &[Column],
    ) -> Result<(Vec<String>, Vec<Scale>)> {
        let (described, known) = (&self.release.tables[table], &self.inputs[table]);
        let register = &self.release.auxiliaries[auxiliary];
        let mut columns = Vec::new();
        if let Some(input) = &self.registers[auxiliary] {
            self.shares_columns(table, register, input)?;
            if let (Some(a), Some(b)) = (&described.roles.subject, &register.roles.subject) {
                self.check_comparable(table, (a, known), (b, input), &register.name)?;
            }
            let theirs = &register.roles.quasi_identifiers;
            let mine = described.roles.quasi_identifiers.iter();
            let shared = mine.filter(|mine| theirs.iter().any(|column| column.value == mine.value));
            columns.extend(shared.map(|column| column.value.clone()));
        }
        let scales = self.scales(table, &columns, categories)?;
        Ok((columns, scales))
    }

    /// How values of some columns of a table are compared where distances matter.
    ///
    /// # Errors
    /// A category is no quasi-identifier of the table.
    fn scales(
        &self,
        table: usize,
        columns: &[String],
        categories: &[Column],
    ) -> Result<Vec<Scale>> {
        let known = &self.release.tables[table].roles.quasi_identifiers;
        for category in categories {
            if known.iter().all(|column| column.value != category.value) {
                let message = format!("`{}` is no quasi-identifier", category.value);
                let near = nearest(category, known.iter().map(|column| column.value.as_str()));
                let error = self.release.error_at(category, message);
                return Err(match near {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error,
                });
            }
        }
        let scale = |name: &String| {
            if categories.iter().any(|category| category.value == *name) {
                return Scale::Names;
            }
            let input = &self.inputs[table];
            let domain = input.column(name).and_then(|at| input.columns[at].domain);
            match domain {
                Some(Domain::Real) => Scale::Reals,
                Some(
                    Domain::Integer
                    | Domain::Unsigned
                    | Domain::Decimal(_)
                    | Domain::Date
                    | Domain::Time
                    | Domain::Timestamp
                    | Domain::Duration,
                ) => Scale::Numbers,
                _ => Scale::Names,
            }
        };
        Ok(columns.iter().map(scale).collect())
    }

    fn shares_columns(&self, table: usize, auxiliary: &Auxiliary, input: &Input) -> Result<bool> {
        let described = &self.release.tables[table];
        let known = &described.roles.quasi_identifiers;
        let mut shared = false;
        for column in &auxiliary.roles.quasi_identifiers {
            if known.iter().all(|mine| mine.value != column.value) {
                continue;
            }
            shared = true;
            let mine = (column, &self.inputs[table]);
            self.check_comparable(table, mine, (column, input), &auxiliary.name)?;
        }
        Ok(shared)
    }

    /// The tables of a kind, with their positions.
    pub fn tables(&self, kind: TableKind) -> impl Iterator<Item = (usize, &Table)> {
        let tables = self.release.tables.iter().enumerate();
        tables.filter(move |(_, table)| table.kind == kind)
    }
}

/// A table of an earlier release.
#[derive(Clone, Copy)]
struct Predecessor<'a> {
    earlier: Earlier,
    /// That of the auxiliary.
    name: &'a str,
    release: &'a Release,
    table: &'a Table,
    input: &'a Input,
}

impl Predecessor<'_> {
    /// As it is to be read, its points as its own manifest defines them.
    fn held(&self, needs: Needs) -> Held {
        Held {
            other: Other::Earlier(self.earlier),
            table: self.table.clone(),
            needs,
        }
    }
}

/// The earlier tables of the name of a table, as far as the manifests say.
fn earlier_versions<'a>(table: &'a Table, release: &'a Release) -> impl Iterator<Item = &'a Table> {
    let releases = release.auxiliaries.iter();
    let releases = releases.filter_map(|auxiliary| auxiliary.release.as_deref());
    releases.filter_map(|earlier| earlier.table(&table.name))
}

/// For each column that says what a cell of flows is the place of the same one in an earlier table; why the cells
/// of the two are not the same, otherwise.
fn same_cells(later: &Table, earlier: &Table) -> std::result::Result<Vec<usize>, Said> {
    let theirs: Vec<&Column> = earlier.roles.dimensions().collect();
    let place = |column: &Column| {
        let mut theirs = theirs.iter();
        theirs.position(|known| known.value == column.value)
    };
    let map: Option<Vec<usize>> = later.roles.dimensions().map(place).collect();
    match map {
        Some(map) if map.len() == theirs.len() => Ok(map),
        _ => Err(said!(
            "its cells are told apart by other columns in the earlier release",
            "ihre Zellen werden in der früheren Veröffentlichung durch andere Spalten unterschieden"
        )),
    }
}

/// # Errors
/// Equal cells of the two tables would not be found equal.
fn check_cells(planning: &Planning<'_>, table: usize, earlier: &Predecessor<'_>) -> Result<()> {
    let known = &planning.inputs[table];
    for mine in planning.release.tables[table].roles.dimensions() {
        let mut theirs = earlier.table.roles.dimensions();
        if let Some(theirs) = theirs.find(|theirs| theirs.value == mine.value) {
            let theirs = (theirs, earlier.input);
            planning.comparable(table, (mine, known), theirs, earlier.release, earlier.name)?;
        }
    }
    Ok(())
}

/// Whether what a table does not have is nobody: unless it says that small cells were left out.
fn zero(later: &Table, earlier: &Table) -> Zero {
    let is = |table: &Table| table.counting.absent != Some(Absent::Suppressed);
    Zero {
        later: is(later),
        earlier: is(earlier),
    }
}

/// The counts of a table of flows, and what was counted.
struct Aggregate<'a> {
    flows: &'a Flows,
    /// Its places and times; why it has none, otherwise.
    frame: std::result::Result<Frame, Said>,
    /// The traces that were counted; why they are not at hand, otherwise.
    traces: std::result::Result<Presence, Said>,
}

/// Traces in the cells of a table of counts: those that were counted, or others.
#[derive(Clone)]
struct Behind {
    held: Held,
    /// By whose clocks days begin.
    zone: Option<jiff::tz::TimeZone>,
}

/// One computation of a measure on one table.
pub struct Job {
    pub measure: &'static str,
    /// Position in the release.
    pub table: usize,
    pub needs: Needs,
    pub run: Run,
}

impl Job {
    /// That only says why nothing is measured.
    fn without(
        measure: &'static str,
        table: usize,
        outcome: impl Fn() -> Outcome + Send + Sync + 'static,
    ) -> Self {
        Self {
            measure,
            table,
            needs: Needs::default(),
            run: Run::Table(Box::new(move |_| outcome())),
        }
    }
}

type OfPlaces = dyn Fn(&Encoded, &Landmarks) -> Outcome + Send + Sync;
type OfOne = dyn Fn(&Encoded, &dyn Progress) -> Outcome + Send + Sync;
type OfHeld = dyn Fn(&Encoded, &[&Encoded], &dyn Progress) -> Outcome + Send + Sync;

/// What a table is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// The table of this position in the release.
    Table(usize),
    /// Of this position among the auxiliaries.
    Auxiliary(usize),
    /// A table of the earlier release that is this auxiliary.
    Earlier(Earlier),
    /// The table of this position in the release, described in another way.
    Again(usize),
}

/// A table of an earlier release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Earlier {
    /// The release's position among the auxiliaries.
    pub auxiliary: usize,
    /// The table's position in it.
    pub table: usize,
}

/// Something that a table is held against, as it is to be read.
#[derive(Debug, Clone)]
pub struct Held {
    pub other: Other,
    pub table: Table,
    pub needs: Needs,
}

/// What a job computes from.
pub enum Run {
    /// The table alone.
    Table(Box<dyn Fn(&Encoded) -> Outcome + Send + Sync>),
    /// The same for what takes long.
    Long(Box<OfOne>),
    /// The table against the register of this position among the auxiliaries.
    Register(usize, Box<dyn Fn(&Register) -> Outcome + Send + Sync>),
    /// The table and which of its places are those of this auxiliary.
    Places(usize, Box<OfPlaces>),
    /// The table and others that it is held against.
    Held(Vec<Held>, Box<OfHeld>),
}

impl Run {
    /// The table and one other.
    fn against(
        other: Held,
        run: impl Fn(&Encoded, &Encoded, &dyn Progress) -> Outcome + Send + Sync + 'static,
    ) -> Self {
        Self::Held(
            vec![other],
            Box::new(move |table, others, progress| run(table, others[0], progress)),
        )
    }
}

/// What a job found. The table's name is filled in by the audit.
#[derive(Debug, Default)]
pub struct Outcome {
    pub findings: Vec<Finding>,
    pub series: Vec<Series>,
    pub not_measured: Vec<NotMeasured>,
}

impl Outcome {
    /// Nothing of a measure could be computed.
    pub fn unmeasured(measure: &str, reason: impl Into<Said>) -> Self {
        Self {
            not_measured: vec![Self::not_measured(measure, None, reason)],
            ..Self::default()
        }
    }

    /// Adds a parameter to all findings and series.
    fn say(&mut self, name: &str, value: &str) {
        let findings = self.findings.iter_mut();
        let series = self.series.iter_mut();
        let findings = findings.map(|finding| &mut finding.parameters);
        for parameters in findings.chain(series.map(|series| &mut series.parameters)) {
            parameters.insert(name.to_owned(), value.into());
        }
    }

    pub fn not_measured(
        measure: &str,
        statistic: Option<&str>,
        reason: impl Into<Said>,
    ) -> NotMeasured {
        NotMeasured {
            measure: measure.to_owned(),
            statistic: statistic.map(str::to_owned),
            reason: reason.into(),
            ..NotMeasured::default()
        }
    }

    /// A statistic on each published column that cannot be decoded.
    fn undecoded(published: &Published, measure: &str, statistic: &str) -> Vec<NotMeasured> {
        let columns = published.undecoded.iter();
        let told = columns.map(|column| {
            let reason = said!(
                "values of the type {} cannot be decoded: column `{}`",
                "Werte des Typs {} lassen sich nicht dekodieren: Spalte `{}`",
                column.data_type,
                column.name
            );
            Self::not_measured(measure, Some(statistic), reason)
        });
        told.collect()
    }

    /// Narrows what was not measured to findings of this parameter.
    fn only(mut self, name: &str, value: impl Into<Parameter>) -> Self {
        let value = value.into();
        let missing = self.not_measured.into_iter();
        let missing = missing.map(|entry| entry.parameter(name, value.clone()));
        self.not_measured = missing.collect();
        self
    }
}

/// Every measure, in the order of the report.
pub fn registry() -> &'static [&'static dyn Measure] {
    &[
        &k_anonymity::KAnonymity,
        &uniqueness::Uniqueness,
        &re_identification_risk::ReIdentificationRisk,
        &journalist_risk::JournalistRisk,
        &k_map::KMap,
        &delta_presence::DeltaPresence,
        &individual_risk::IndividualRisk,
        &joined_tables::JoinedTables,
        &quasi_identifier_subsets::QuasiIdentifierSubsets,
        &suda::Suda,
        &population_uniqueness::PopulationUniqueness,
        &copula_uniqueness::CopulaUniqueness,
        &scaling_law::ScalingLaw,
        &unicity::Unicity,
        &unicity_resolution::UnicityResolution,
        &unicity_population::UnicityPopulation,
        &top_places::TopPlaces,
        &home_work::HomeWork,
        &location_attacks::LocationAttacks,
        &rhythm_uniqueness::RhythmUniqueness,
        &km_anonymity::KmAnonymity,
        &trace_k::TraceK,
        &trace_linkage::TraceLinkage,
        &pseudonym_rotation::PseudonymRotation,
        &record_linkage::RecordLinkage,
        &column_linkability::ColumnLinkability,
        &opt_outs::OptOuts,
        &release_sequence::ReleaseSequence,
        &l_diversity::LDiversity,
        &t_closeness::TCloseness,
        &beta_likeness::BetaLikeness,
        &delta_disclosure::DeltaDisclosure,
        &alpha_k_anonymity::AlphaKAnonymity,
        &homogeneity_attack::HomogeneityAttack,
        &group_disclosure::GroupDisclosure,
        &attribute_inference::AttributeInference,
        &sensitive_places::SensitivePlaces,
        &small_cells::SmallCells,
        &dominance::Dominance,
        &differencing::Differencing,
        &suppression_audit::SuppressionAudit,
        &membership_inference::MembershipInference,
        &trajectory_recovery::TrajectoryRecovery,
        &declarations::Declarations,
        &direct_identifiers::DirectIdentifiers,
        &undeclared_columns::UndeclaredColumns,
        &reversible_pseudonyms::ReversiblePseudonyms,
        &file_leaks::FileLeaks,
    ]
}

/// The measure of this id.
pub fn by_id(id: &str) -> Option<&'static dyn Measure> {
    let mut all = registry().iter().copied();
    all.find(|measure| measure.doc().id == id)
}

/// The documentation of every measure, in the order of the report.
pub fn docs() -> impl Iterator<Item = &'static Doc> {
    registry().iter().map(|measure| measure.doc())
}

/// What the limits of estimators for a population say of their intervals.
const WIDENED: &str = "The interval that sampling alone would give is widened on both sides by the largest prediction error, on \
                       the logit scale, of 39 random parts of the release. Each part predicts the release itself, and is to \
                       the release as the release is to the population, but has at least 200 persons where the release has \
                       400 or more; the error is then multiplied by ln(N/n) / ln(n/part). Below 100 persons, or where a \
                       half-sample or a part gives no estimate, the interval is everything possible.";

/// The error for a measure that does not exist.
pub fn unknown(id: &str) -> Error {
    let error = Error::usage(format!("there is no measure `{id}`"));
    match nearest(id, docs().map(|doc| doc.id)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("`reidrisk explain` lists them"),
    }
}

/// A statistic, and what is said of it in both languages.
#[derive(Clone, Copy)]
pub struct Known {
    pub doc: &'static Doc,
    pub statistic: &'static Statistic,
    german: &'static Spoken,
}

impl Known {
    pub fn title(self, language: Language) -> &'static str {
        language.pick(self.statistic.title, self.german.title)
    }

    /// What its denominator counts.
    pub fn of(self, language: Language) -> &'static str {
        language.pick(self.statistic.of, self.german.of)
    }

    /// What the number of a finding means, in a sentence.
    pub fn meaning(self, finding: &Finding, language: Language) -> String {
        language.pick(self.statistic.meaning, self.german.meaning)(finding)
    }
}

/// The statistic of this id, `measure.statistic`.
pub fn statistic_by_id(id: &str) -> Option<Known> {
    let (measure, name) = id.split_once('.')?;
    let doc = docs().find(|doc| doc.id == measure)?;
    let mut both = doc.statistics.iter().zip(doc.german.statistics);
    let (statistic, german) = both.find(|(statistic, _)| statistic.name == name)?;
    Some(Known {
        doc,
        statistic,
        german,
    })
}

/// The statistic a finding reports.
pub fn statistic(finding: &Finding) -> Option<Known> {
    statistic_by_id(&finding.id())
}

/// What the denominator of a finding counts.
pub fn counted(finding: &Finding, language: Language) -> &'static str {
    match finding.sample {
        Some(sample) if finding.denominator == Some(sample.trials) => {
            language.pick("draws", "Ziehungen")
        }
        _ => statistic(finding).map_or("", |statistic| statistic.of(language)),
    }
}

/// The persons of a sample whose classes stand for a `population`; why they cannot, otherwise.
fn sampled_persons(classes: &Classes, population: u64) -> std::result::Result<u64, Said> {
    let persons = Classes::total(&classes.persons);
    let memberships: u64 = classes
        .classes
        .iter()
        .map(|(size, count)| size * count)
        .sum();
    if persons == 0 {
        return Err(said!(
            "no row has a person",
            "keine Zeile gehört zu einer Person"
        ));
    }
    if memberships != persons {
        return Err(said!(
            "persons stand in several classes: a sample of persons is not one of classes",
            "Personen stehen in mehreren Klassen: eine Stichprobe von Personen ist keine von Klassen"
        ));
    }
    if population < persons {
        return Err(said!(
            "the manifest states a population of {}, fewer than the {} persons of the table",
            "das Manifest nennt eine Grundgesamtheit von {}, weniger als die {} Personen der Tabelle",
            population,
            persons
        ));
    }
    if population == persons {
        return Err(said!(
            "the table holds the whole population: `uniqueness` is exact",
            "die Tabelle enthält die ganze Grundgesamtheit: `uniqueness` ist genau"
        ));
    }
    Ok(persons)
}

/// Whether a register can say anything about a release; why it cannot, otherwise.
fn is_register(register: &Register) -> std::result::Result<(), Said> {
    match (register.persons, register.persons - register.unmatched) {
        (0, _) => Err(said!(
            "no row has a person",
            "keine Zeile gehört zu einer Person"
        )),
        (_, 0) => Err(said!(
            "nobody in the release matches anybody in the register: are values written alike?",
            "auf niemanden in der Veröffentlichung passt jemand aus dem Register: sind Werte gleich geschrieben?"
        )),
        _ => Ok(()),
    }
}

/// What the scenario of a finding is, beside its features.
fn of_scenario(scenario: &Scenario) -> Parameters {
    let mut parameters = scenario.features.parameters();
    parameters.insert("scenario".to_owned(), scenario.name.as_str().into());
    if scenario.min_rows > 1 {
        parameters.insert("min_rows".to_owned(), scenario.min_rows.into());
    }
    let Tolerance { bins, rings } = scenario.tolerance;
    if (bins, rings) != (0, 0) {
        let bins = match bins {
            0 => None,
            1 => Some(said!("1 bin", "1 Zeitabschnitt")),
            count => Some(said!("{} bins", "{} Zeitabschnitte", count)),
        };
        let rings = match rings {
            0 => None,
            1 => Some(said!("1 ring", "1 Ring")),
            count => Some(said!("{} rings", "{} Ringe", u32::from(count))),
        };
        let tolerance = Said::joined(bins.iter().chain(&rings), ", ");
        parameters.insert("tolerance".to_owned(), tolerance.into());
    }
    parameters
}

/// Points drawn at random from the traces of persons drawn at random.
struct Drawn {
    /// Whose points, once a draw.
    persons: Vec<u32>,
    points: Vec<Vec<u32>>,
    sample: Sample,
}

impl Drawn {
    /// Draws `wanted` of the persons `among` those with at least `p` points, and `p` points of each: every person as
    /// often as any other, several times where there are fewer persons. `None` where nobody has so many.
    fn new(
        traces: &Traces,
        among: impl Fn(u32) -> bool,
        p: usize,
        wanted: u64,
        seed: u64,
        draws: &Draws,
    ) -> Option<Self> {
        let eligible: Vec<u32> = (0..traces.persons() as u32)
            .filter(|person| among(*person) && traces.of(*person as usize).len() >= p)
            .collect();
        // Trials are numbered p, person, draw; number 0 of each p draws the persons.
        let stream = (p as u64) << 56;
        let persons = wanted.min(eligible.len() as u64);
        if persons == 0 {
            return None;
        }
        let chosen: Vec<u32> = if persons == eligible.len() as u64 {
            eligible
        } else {
            let mut trial = draws.trial(stream);
            let places = trial.subset(persons as usize, eligible.len() as u64);
            let place = |place: u64| eligible[place as usize];
            places.into_iter().map(place).collect()
        };
        let repeats = wanted.div_ceil(persons);
        let draw = |person: u32, repeat: u64| -> Vec<u32> {
            let trace = traces.of(person as usize);
            let number = stream + ((u64::from(person) + 1) << 20) + repeat;
            let places = draws.trial(number).subset(p, trace.len() as u64);
            places
                .into_iter()
                .map(|place| trace[place as usize])
                .collect()
        };
        let draws = chosen
            .par_iter()
            .flat_map_iter(|person| (0..repeats).map(|repeat| (*person, draw(*person, repeat))));
        let (persons_drawn, points) = draws.unzip();
        Some(Self {
            persons: persons_drawn,
            points,
            sample: Sample {
                seed,
                persons,
                trials: persons * repeats,
            },
        })
    }
}

/// Persons by a key of theirs: those of one key cannot be told apart by it.
struct Alike {
    persons: u64,
    /// Persons whose key nobody else has.
    unique: u64,
    /// Persons with the rarest key, and with the most frequent.
    smallest: u64,
    largest: u64,
}

impl Alike {
    /// No class: any other is larger than the largest and smaller than the smallest.
    const NOBODY: Self = Self {
        persons: 0,
        unique: 0,
        smallest: u64::MAX,
        largest: 0,
    };

    /// Of so many persons, as far as they have a key. Keys are made when they are looked at and not kept: 16 bytes
    /// a person.
    fn of<K: Hash + Eq>(persons: usize, key: impl Fn(usize) -> Option<K> + Sync) -> Self {
        let state = foldhash::fast::RandomState::default();
        let hashed = |person: u32| Some((state.hash_one(key(person as usize)?), person));
        let mut hashes: Vec<(u64, u32)> = (0..persons as u32)
            .into_par_iter()
            .filter_map(hashed)
            .collect();
        hashes.par_sort_unstable();
        let classes = |hashes: &[(u64, u32)]| {
            if hashes.len() == 1 {
                return Self::NOBODY.with(1);
            }
            // Equal keys have equal hashes, rarely others as well.
            let mut rest: Vec<u32> = hashes.iter().map(|(_, person)| *person).collect();
            let mut alike = Self::NOBODY;
            while let Some(first) = rest.first().map(|first| key(*first as usize)) {
                let before = rest.len();
                rest.retain(|person| key(*person as usize) != first);
                alike = alike.with((before - rest.len()) as u64);
            }
            alike
        };
        let classes = hashes.par_chunk_by(|a, b| a.0 == b.0).map(classes);
        let all = classes.reduce(|| Self::NOBODY, Self::and);
        match all.persons {
            0 => Self { smallest: 0, ..all },
            _ => all,
        }
    }

    /// With one more class.
    fn with(self, class: u64) -> Self {
        self.and(Self {
            persons: class,
            unique: u64::from(class == 1),
            smallest: class,
            largest: class,
        })
    }

    fn and(self, others: Self) -> Self {
        Self {
            persons: self.persons + others.persons,
            unique: self.unique + others.unique,
            smallest: self.smallest.min(others.smallest),
            largest: self.largest.max(others.largest),
        }
    }
}

/// A share in words: never nothing where there is something, never all where one is missing.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let rounded = format!("{percent:.1} %");
    match rounded.as_str() {
        "0.0 %" if share > 0.0 => "less than 0.1 %".to_owned(),
        "100.0 %" if share < 1.0 => "more than 99.9 %".to_owned(),
        "0.0 %" => "0 %".to_owned(),
        "100.0 %" => "100 %".to_owned(),
        _ => rounded,
    }
}

/// The value of a finding as a number, 0 where there is none.
fn real(finding: &Finding) -> f64 {
    finding.value.map_or(0.0, |value| value.as_f64())
}

fn parameter(finding: &Finding, name: &str) -> String {
    finding
        .parameters
        .get(name)
        .map_or("?".to_owned(), Parameter::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The class of each person of a population drawn by the Chinese restaurant process with discount
    /// `d` and concentration `alpha`.
    pub fn restaurant(
        draws: &crate::stats::Draws,
        case: u64,
        persons: u64,
        d: f64,
        alpha: f64,
    ) -> Vec<u32> {
        let mut trial = draws.trial(case);
        let mut uniform = || trial.below(1 << 53) as f64 / (1u64 << 53) as f64;
        let mut of: Vec<u32> = Vec::new();
        let mut classes = 0u32;
        let mut sizes: Vec<f64> = Vec::new();
        for n in 0..persons {
            let new = (alpha + d * f64::from(classes)) / (n as f64 + alpha);
            // An old class with probability (size − d) / (n + α): one of its persons, rejected so that
            // each class loses d.
            let class = if n == 0 || uniform() < new {
                classes += 1;
                sizes.push(0.0);
                classes - 1
            } else {
                loop {
                    let at = of[(uniform() * n as f64) as usize];
                    let size = sizes[at as usize];
                    if uniform() < (size - d) / size {
                        break at;
                    }
                }
            };
            sizes[class as usize] += 1.0;
            of.push(class);
        }
        of
    }

    /// The class sizes of a population and of a simple random sample of it.
    pub fn sampled(
        classes: &[u32],
        persons: usize,
        trial: &mut crate::stats::Trial,
    ) -> (Vec<u64>, Vec<u64>) {
        let count = |of: &mut dyn Iterator<Item = u32>| {
            let mut sizes = std::collections::BTreeMap::new();
            of.for_each(|class| *sizes.entry(class).or_insert(0u64) += 1);
            sizes.into_values().collect::<Vec<u64>>()
        };
        let chosen = trial.subset(persons, classes.len() as u64);
        (
            count(&mut classes.iter().copied()),
            count(&mut chosen.into_iter().map(|person| classes[person as usize])),
        )
    }

    #[test]
    fn ids_are_unique_and_documented() {
        let mut ids = BTreeSet::new();
        for doc in docs() {
            assert!(ids.insert(doc.id), "{} is there twice", doc.id);
            let texts = [
                doc.title,
                doc.question,
                doc.adversary,
                doc.definition,
                doc.formula,
            ];
            let more = [doc.denominator, doc.nulls, doc.validation];
            assert!(
                texts.iter().chain(&more).all(|text| text.len() > 5),
                "{}",
                doc.id
            );
            assert!(
                !doc.citations.is_empty() && !doc.limits.is_empty(),
                "{}",
                doc.id
            );
            let whole = |figures: &Figures| {
                let cells = figures.header.len();
                // A screen reader says of each cell what stands over it.
                let is_headed = figures.header.iter().all(|cell| !cell.is_empty());
                is_headed && figures.rows.iter().all(|row| row.len() == cells)
            };
            assert!(doc.table.is_none_or(whole), "{}", doc.id);
            let names: BTreeSet<_> = doc.statistics.iter().map(|s| s.name).collect();
            assert_eq!(names.len(), doc.statistics.len(), "{}", doc.id);
            assert!(!names.is_empty(), "{}", doc.id);
        }
    }

    #[test]
    fn alike_by_hand() {
        let alike = Alike::of(4, |person| ["a", "b", "a"].get(person));
        assert_eq!(
            (alike.persons, alike.unique, alike.smallest, alike.largest),
            (3, 1, 1, 2)
        );
        let nobody = Alike::of(3, |_| None::<u32>);
        assert_eq!((nobody.persons, nobody.unique, nobody.smallest), (0, 0, 0));
    }

    #[test]
    fn percent_neither_hides_nor_exaggerates() {
        for (share, text) in [
            (0.0, "0 %"),
            (0.0004, "less than 0.1 %"),
            (0.123, "12.3 %"),
            (0.9999, "more than 99.9 %"),
            (1.0, "100 %"),
        ] {
            assert_eq!(percent(share), text);
        }
    }
}
