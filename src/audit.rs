//! The whole way: release → encoded → findings → verdict → report.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Instant;

use jiff::tz::TimeZone;
use rayon::prelude::*;

use crate::compare::Baseline;
use crate::encode::landmarks::{Landmarks, landmarks};
use crate::encode::register::{Register, register};
use crate::encode::{self, Encoded, Needs};
use crate::error::{Error, Result};
use crate::finding::{Finding, NotMeasured, Scope, Series};
use crate::judge::{Bench, Policy, judge};
use crate::language::Said;
use crate::measure::{self, Earlier, Held, Job, Other, Outcome, Planning, Run};
use crate::progress::Progress;
use crate::release::input::{Domain, Input};
use crate::release::{
    self, Auxiliary, AuxiliaryKind, Column, Hierarchy, Nulls, PointDefinition, Release, Table,
    TableKind, copies, digest, epoch, manifest,
};
use crate::report::{self, Report};
use crate::said;
use crate::settings::Document;

/// What to audit, and how.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A manifest (`.toml`), or Parquet files, folders or globs.
    pub paths: Vec<PathBuf>,
    /// A built-in policy's name or a file.
    pub policy: String,
    /// The text of that policy where it is not to be read from the file: a report kept it.
    pub policy_text: Option<String>,
    /// The day on which waivers are looked at, where it is not today.
    pub as_of: Option<jiff::civil::Date>,
    /// An earlier report, whose findings are accepted as long as they get no worse.
    pub baseline: Option<Baseline>,
    /// Instead of the manifest's.
    pub seed: Option<u64>,
    /// Run these measures alone; empty: all.
    pub only: Vec<String>,
    pub skip: Vec<String>,
    /// Files that the program was given, or writes itself: they are no part of the release, wherever they lie.
    pub own: Vec<PathBuf>,
    /// Bytes the encoded tables may take.
    pub memory_limit: Option<u64>,
}

/// Watches the stages of an audit.
pub trait Stages: Progress {
    /// Decoding begins: so many bytes in so many tables.
    fn load(&self, bytes: u64, tables: usize);
    /// Measuring begins: so many jobs.
    fn measure(&self, jobs: usize);
    /// A job is done.
    fn measured(&self);
}

impl Stages for () {
    fn load(&self, _: u64, _: usize) {}
    fn measure(&self, _: usize) {}
    fn measured(&self) {}
}

/// Audits a release.
///
/// # Errors
/// The manifest or policy is wrong, data cannot be read, or the user cancelled. Nothing is written.
pub fn audit(options: &Options, stages: &dyn Stages) -> Result<Report> {
    let clock = Instant::now();
    let started = jiff::Timestamp::now();
    let mut release = open(&options.paths)?;
    if let Some(seed) = options.seed {
        release.seed = seed;
    }
    let names: Vec<String> = release
        .tables
        .iter()
        .map(|table| table.name.clone())
        .collect();
    let policy = match &options.policy_text {
        Some(text) => Policy::of_text(&options.policy, text, &names)?,
        None => Policy::load(&options.policy, &names)?,
    };
    if let Some(baseline) = &options.baseline {
        baseline.check(&release.name, &names, &policy.sha256)?;
    }
    let mut inputs = inputs(&release)?;
    let zones = adopt_zones(&mut release, &inputs)?;
    let (registers, earlier) = (registers(&release)?, earlier(&release)?);
    let files = Files {
        inputs: &inputs,
        registers: &registers,
        earlier: &earlier,
    };
    let Planned { jobs, shortfalls } = plan_some(&release, &files, &policy, |_| true)?;
    // What is wrong with the manifest is told before what lies around it.
    beside(&release, &mut inputs, (&registers, &earlier), options)?;
    let files = Files {
        inputs: &inputs,
        registers: &registers,
        earlier: &earlier,
    };
    let applicable = applicable(&jobs, &release);
    let (jobs, mut not_measured) = select(jobs, options, &release)?;
    not_measured.extend(shortfalls);
    let needs = needs(&jobs, &release);
    let used = used(&jobs, &release, &files);
    check_memory(options.memory_limit, &release, &inputs, &needs, &used)?;
    announce(&inputs, &used, stages);
    let listed = listed(&used);
    let digested = inputs.iter().chain(listed.iter().map(|at| used[*at].input));
    let (digests, (encoded, known)) = rayon::join(
        || digests(&digested.collect::<Vec<_>>(), stages),
        || {
            rayon::join(
                || encode_all(&release, &inputs, &needs, stages),
                || encode_used(&used, stages),
            )
        },
    );
    let (mut digests, encoded, known) = (digests?, encoded?, known?);
    let of_registers = digests.split_off(inputs.len());
    let compared = compare(&jobs, &release, &encoded, &used, &known)?;
    unchanged(&inputs, &registers, &earlier)?;
    stages.measure(jobs.len());
    let (mut findings, series, unmeasured) = run(
        &jobs,
        &Data {
            encoded: &encoded.iter().collect::<Vec<_>>(),
            compared: &compared,
            used: &used,
            known: &known,
        },
        stages,
    )?;
    not_measured.extend(unmeasured);
    not_measured.sort();
    not_measured.dedup();
    let today = jiff::tz::TimeZone::UTC.to_datetime(started).date();
    let bench = Bench {
        policy: &policy,
        not_measured: &not_measured,
        applicable: &applicable,
        tables: &names,
        today: options.as_of.unwrap_or(today),
        baseline: options.baseline.as_ref(),
    };
    let judgement = judge(&bench, &mut findings);
    let mut notes = notes(&release, &policy, &inputs, &encoded, &used, &zones)?;
    notes.extend(on_weights_alone(&release, &findings));
    let tables = release
        .tables
        .iter()
        .zip(&inputs)
        .zip(&encoded)
        .zip(digests);
    Ok(Report {
        schema: report::SCHEMA.to_owned(),
        tool: report::Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        release: report::Release {
            name: release.name.clone(),
            manifest: release.manifest.as_ref().and_then(|path| {
                path.file_name()
                    .map(|name| name.to_string_lossy().into_owned())
            }),
            manifest_sha256: digest::of_text(&release.source.text),
            population: release.population,
            tables: tables
                .map(|(((table, input), encoded), files)| report::Table {
                    line: line_of(&release, table),
                    ..describe((&release, table), input, encoded, files)
                })
                .collect(),
            auxiliaries: listed
                .iter()
                .zip(of_registers)
                .map(|(at, files)| describe_used(&release, &used[*at], &known[*at], files))
                .collect(),
        },
        settings: report::Settings {
            seed: release.seed,
            only: options.only.clone(),
            skip: options.skip.clone(),
        },
        policy: judgement.policy,
        findings,
        series,
        not_measured,
        notes,
        verdict: judgement.verdict,
        run: report::Run {
            started: started.to_string(),
            seconds: clock.elapsed().as_secs_f64(),
            threads: rayon::current_num_threads(),
            peak_rss_bytes: peak_rss(),
            paths: options
                .paths
                .iter()
                .map(|path| path.to_string_lossy().into_owned())
                .collect(),
        },
    })
}

/// The release of a manifest, or of the one in a folder; where there is none, one drafted from the data.
pub fn open(paths: &[PathBuf]) -> Result<Release> {
    if let [folder] = paths {
        let manifest = folder.join("release.toml");
        if manifest.is_file() {
            return release::read(&manifest);
        }
    }
    match paths {
        [manifest] if manifest.extension().is_some_and(|ending| ending == "toml") => {
            release::read(manifest)
        }
        [] => Err(Error::usage(
            "name a release.toml, or Parquet files, folders or globs",
        )),
        paths => release::draft::draft(paths),
    }
}

/// The files of all that is read.
#[derive(Clone, Copy)]
pub(crate) struct Files<'a> {
    pub(crate) inputs: &'a [Input],
    pub(crate) registers: &'a [Option<Input>],
    pub(crate) earlier: &'a [Vec<Input>],
}

pub(crate) fn inputs(release: &Release) -> Result<Vec<Input>> {
    let open = |table: &Table| {
        let mut input = Input::of(table, release)?;
        release.check_columns(table, &input.names())?;
        copies::refuse(table, &input)?;
        input.declare_times(&table.roles, release)?;
        Ok(input)
    };
    // One after the other, so that of several errors it is always the first that is told.
    release.tables.iter().map(open).collect()
}

/// By whose clocks the times of a table are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clocks {
    /// It has no instants.
    None,
    Manifest,
    File,
    /// The files name different zones, or one that nobody knows.
    Unclear,
    Utc,
}

/// Gives tables the time zone that their files name, where the manifest names none; and says by whose clocks each is
/// read.
fn adopt_zones(release: &mut Release, inputs: &[Input]) -> Result<Vec<Clocks>> {
    let mut clocks = Vec::with_capacity(inputs.len());
    for (at, input) in inputs.iter().enumerate() {
        let table = &release.tables[at];
        let time = table.roles.time.as_ref();
        let instants = time.filter(|time| {
            let column = input.column(time).map(|at| &input.columns[at]);
            column.is_some_and(|column| column.domain == Some(Domain::Timestamp))
        });
        let Some(time) = instants else {
            clocks.push(Clocks::None);
            continue;
        };
        if table.timezone.is_some() {
            clocks.push(Clocks::Manifest);
            continue;
        }
        let zones: Vec<Option<String>> = input.zones(time).into_iter().collect();
        let known =
            |zone: &Option<String>| zone.as_deref().map_or(Some(TimeZone::UTC), epoch::zone);
        let found: Option<Vec<TimeZone>> = zones.iter().map(known).collect();
        clocks.push(match found.as_deref() {
            Some([zone, rest @ ..]) if rest.iter().all(|other| other == zone) => {
                match *zone == TimeZone::UTC {
                    true => Clocks::Utc,
                    false => {
                        manifest::adopt_zone(release, at, zone.clone())?;
                        Clocks::File
                    }
                }
            }
            _ => Clocks::Unclear,
        });
    }
    Ok(clocks)
}

/// The files of the auxiliaries that are one table.
pub(crate) fn registers(release: &Release) -> Result<Vec<Option<Input>>> {
    let open = |auxiliary: &Auxiliary| {
        if auxiliary.kind == AuxiliaryKind::EarlierRelease {
            return Ok(None);
        }
        let table = auxiliary.table(PointDefinition::default(), None);
        let mut input = Input::of(&table, release)?;
        release.check_columns(&table, &input.names())?;
        copies::refuse(&table, &input)?;
        input.declare_times(&table.roles, release)?;
        Ok(Some(input))
    };
    release.auxiliaries.iter().map(open).collect()
}

/// The files of the tables of the auxiliaries that are earlier releases.
pub(crate) fn earlier(release: &Release) -> Result<Vec<Vec<Input>>> {
    let open = |auxiliary: &Auxiliary| match &auxiliary.release {
        Some(earlier) => inputs(earlier),
        None => Ok(Vec::new()),
    };
    release.auxiliaries.iter().map(open).collect()
}

/// Looks at what lies beside the files of the release.
pub(crate) fn beside(
    release: &Release,
    inputs: &mut [Input],
    (registers, earlier): (&[Option<Input>], &[Vec<Input>]),
    options: &Options,
) -> Result<()> {
    let named: Vec<&Input> = registers
        .iter()
        .flatten()
        .chain(earlier.iter().flatten())
        .collect();
    let mut own = options.own.clone();
    own.push(PathBuf::from(&options.policy));
    release::beside::examine(release, inputs, &named, &own)
}

/// # Errors
/// A file is not as it was when it was opened.
fn unchanged(inputs: &[Input], registers: &[Option<Input>], earlier: &[Vec<Input>]) -> Result<()> {
    let all = inputs
        .iter()
        .chain(registers.iter().flatten())
        .chain(earlier.iter().flatten());
    all.into_iter().try_for_each(Input::unchanged)
}

/// An auxiliary, or a table of one, that some job compares a table with.
pub(crate) struct Used<'a> {
    pub(crate) held: Held,
    /// Whose manifest describes it.
    release: &'a Release,
    pub(crate) input: &'a Input,
}

impl Used<'_> {
    pub(crate) fn is(&self, held: &Held) -> bool {
        let (mine, theirs) = (&self.held.table, &held.table);
        let named = |of: &Table| {
            let value = |column: &Column| column.value.clone();
            let known: Vec<String> = of.roles.quasi_identifiers.iter().map(value).collect();
            (of.roles.subject.as_ref().map(value), known)
        };
        self.held.other == held.other
            && mine.point == theirs.point
            && mine.timezone == theirs.timezone
            && named(mine) == named(theirs)
    }
}

/// The auxiliaries that jobs ask for, each once for each way to bin its points.
pub(crate) fn used<'a>(jobs: &[Job], release: &'a Release, files: &Files<'a>) -> Vec<Used<'a>> {
    let mut used: Vec<(Earlier, Used<'a>)> = Vec::new();
    for held in jobs.iter().flat_map(|job| held(job, release)) {
        if let Some((_, known)) = used.iter_mut().find(|(_, known)| known.is(&held)) {
            known.held.needs.join(&held.needs);
            continue;
        }
        let (place, release, input) = match held.other {
            Other::Table(_) => continue,
            Other::Auxiliary(auxiliary) => {
                let input = files.registers[auxiliary].as_ref();
                let place = Earlier {
                    auxiliary,
                    table: 0,
                };
                (place, release, input.expect("it is one table"))
            }
            Other::Again(table) => {
                // After all that the manifest names besides.
                let place = Earlier {
                    auxiliary: usize::MAX,
                    table,
                };
                (place, release, &files.inputs[table])
            }
            Other::Earlier(earlier) => {
                let of = release.auxiliaries[earlier.auxiliary].release.as_deref();
                let input = &files.earlier[earlier.auxiliary][earlier.table];
                (earlier, of.expect("it is a release"), input)
            }
        };
        used.push((
            place,
            Used {
                held,
                release,
                input,
            },
        ));
    }
    // In the order in which the manifest names them.
    used.sort_by_key(|(place, _)| *place);
    used.into_iter().map(|(_, used)| used).collect()
}

pub(crate) fn find(used: &[Used<'_>], held: &Held) -> usize {
    let place = used.iter().position(|used| used.is(held));
    place.expect("a job uses it")
}

/// What a job holds its table against, and what is needed of it.
pub(crate) fn held(job: &Job, release: &Release) -> Vec<Held> {
    let table = &release.tables[job.table];
    let auxiliary = |at: usize, point: PointDefinition, needs: Needs| Held {
        other: Other::Auxiliary(at),
        table: release.auxiliaries[at].table(point, table.timezone.clone()),
        needs,
    };
    let tuples = || Needs {
        tuples: true,
        ..Needs::default()
    };
    match &job.run {
        Run::Table(_) | Run::Long(_) => Vec::new(),
        Run::Register(at, _) => vec![auxiliary(*at, PointDefinition::default(), tuples())],
        Run::Places(at, _) => {
            let point = PointDefinition {
                place: table.point.place,
                ..PointDefinition::default()
            };
            vec![auxiliary(*at, point, tuples())]
        }
        Run::Held(held, _) => held.clone(),
    }
}

pub(crate) fn encode_used(used: &[Used<'_>], stages: &dyn Stages) -> Result<Vec<Encoded>> {
    let encode = |used: &Used| {
        let Used {
            held,
            release,
            input,
        } = used;
        encode::encode(release, &held.table, input, &held.needs, stages)
    };
    used.iter().map(encode).collect()
}

/// A table against an auxiliary.
pub(crate) enum Compared {
    Register(Register),
    Places(Landmarks),
}

/// Each table against each auxiliary that a job asks for, by their positions.
pub(crate) fn compare(
    jobs: &[Job],
    release: &Release,
    encoded: &[Encoded],
    used: &[Used<'_>],
    known: &[Encoded],
) -> Result<BTreeMap<(usize, usize), Compared>> {
    let mut compared = BTreeMap::new();
    for job in jobs {
        let (Run::Register(at, _) | Run::Places(at, _)) = job.run else {
            continue;
        };
        if compared.contains_key(&(job.table, at)) {
            continue;
        }
        let place = find(used, &held(job, release)[0]);
        let (described, encoded) = (&release.tables[job.table], &encoded[job.table]);
        let found = match job.run {
            Run::Places(..) => Compared::Places(landmarks(encoded, &known[place])),
            _ => Compared::Register(register(release, described, encoded, &known[place])?),
        };
        compared.insert((job.table, at), found);
    }
    Ok(compared)
}

/// What is to be computed, and what the manifest keeps from measures that the policy asks for.
pub(crate) struct Planned {
    pub(crate) jobs: Vec<Job>,
    pub(crate) shortfalls: Vec<NotMeasured>,
}

/// What is to be computed by some measures; sections of the manifest for others are not looked at.
pub(crate) fn plan_some(
    release: &Release,
    files: &Files<'_>,
    policy: &Policy,
    wanted: impl Fn(&str) -> bool,
) -> Result<Planned> {
    let document = Document::parse(&release.source)?;
    let root = document.root();
    let section = root.section("measure")?;
    let (mut jobs, mut shortfalls) = (Vec::new(), Vec::new());
    let mut all = true;
    for measure in measure::registry() {
        let id = measure.doc().id;
        if !wanted(id) {
            all = false;
            continue;
        }
        let settings = match &section {
            Some(section) => section.section(id)?,
            None => None,
        };
        let planning = Planning {
            measure: id,
            release,
            inputs: files.inputs,
            registers: files.registers,
            earlier: files.earlier,
            settings: settings.as_ref(),
            demands: &policy.demands(id),
            floors: &policy.floors,
            shortfalls: RefCell::default(),
        };
        let own = measure.plan(&planning)?;
        planning.check_floors(measure.floors())?;
        let tables: BTreeSet<usize> = own.iter().map(|job| job.table).collect();
        for entry in planning.shortfalls.into_inner() {
            shortfalls.extend(tables.iter().map(|at| NotMeasured {
                table: release.tables[*at].name.clone(),
                ..entry.clone()
            }));
        }
        jobs.extend(own);
        if let Some(settings) = settings {
            settings.finish()?;
        }
    }
    if let Some(section) = section.filter(|_| all) {
        section.finish()?;
    }
    Ok(Planned { jobs, shortfalls })
}

/// The (statistic, table) pairs that the release calls for.
pub(crate) fn applicable(jobs: &[Job], release: &Release) -> BTreeSet<(String, String)> {
    let mut pairs = BTreeSet::new();
    for measure in measure::registry() {
        let doc = measure.doc();
        for job in jobs.iter().filter(|job| job.measure == doc.id) {
            let table = &release.tables[job.table];
            let owed = doc.statistics.iter().map(|statistic| statistic.name);
            let owed = owed.filter(|statistic| measure.owes(statistic, table, release));
            pairs.extend(owed.map(|name| (format!("{}.{name}", doc.id), table.name.clone())));
        }
    }
    pairs
}

/// Leaves out what the user does not want to run; it then counts as not measured.
fn select(
    jobs: Vec<Job>,
    options: &Options,
    release: &Release,
) -> Result<(Vec<Job>, Vec<NotMeasured>)> {
    for id in options.only.iter().chain(&options.skip) {
        if measure::docs().all(|doc| doc.id != *id) {
            return Err(measure::unknown(id));
        }
    }
    let wanted = |job: &Job| {
        let named = |list: &[String]| list.iter().any(|id| id == job.measure);
        (options.only.is_empty() || named(&options.only)) && !named(&options.skip)
    };
    let (jobs, left_out): (Vec<Job>, Vec<Job>) = jobs.into_iter().partition(wanted);
    let left_out = left_out.iter().map(|job| NotMeasured {
        measure: job.measure.to_owned(),
        table: release.tables[job.table].name.clone(),
        reason: said!(
            "left out on the command line",
            "auf der Befehlszeile ausgelassen"
        ),
        ..NotMeasured::default()
    });
    Ok((jobs, left_out.collect()))
}

/// What the jobs on each table need together.
pub(crate) fn needs(jobs: &[Job], release: &Release) -> Vec<Needs> {
    let mut needs = vec![Needs::default(); release.tables.len()];
    for job in jobs {
        needs[job.table].join(&job.needs);
        for held in held(job, release) {
            if let Other::Table(at) = held.other {
                needs[at].join(&held.needs);
            }
        }
    }
    needs
}

/// Tells how much is to be read.
pub(crate) fn announce(inputs: &[Input], used: &[Used<'_>], stages: &dyn Stages) {
    let whole = || inputs.iter().chain(used.iter().map(|used| used.input));
    let bytes = whole()
        .flat_map(|input| input.units(1))
        .map(|unit| unit.bytes);
    stages.load(bytes.sum(), whole().count());
}

/// # Errors
/// The rows that must be kept would not fit.
pub(crate) fn check_memory(
    limit: Option<u64>,
    release: &Release,
    inputs: &[Input],
    needs: &[Needs],
    used: &[Used<'_>],
) -> Result<()> {
    let Some(limit) = limit else { return Ok(()) };
    let tables = release.tables.iter().zip(inputs).zip(needs);
    let tables = tables.map(|((table, input), needs)| (table, input, needs));
    let used = used
        .iter()
        .map(|used| (&used.held.table, used.input, &used.held.needs));
    let kept = tables
        .chain(used)
        .map(|(table, input, needs)| encode::bytes_per_row(table, input, needs) * input.rows);
    let needed: u64 = kept.sum();
    if needed <= limit {
        return Ok(());
    }
    let mebibytes = |bytes: u64| bytes.div_ceil(1 << 20);
    Err(Error::data(format!(
        "the rows to keep need about {} MiB, more than the limit of {} MiB",
        mebibytes(needed),
        mebibytes(limit)
    ))
    .help("raise --memory-limit, audit the tables one by one, or leave out measures with --skip"))
}

pub(crate) fn encode_all(
    release: &Release,
    inputs: &[Input],
    needs: &[Needs],
    stages: &dyn Stages,
) -> Result<Vec<Encoded>> {
    let tables: Vec<_> = release.tables.iter().zip(inputs).zip(needs).collect();
    let encoded: Vec<Result<Encoded>> = tables
        .into_par_iter()
        .map(|((table, input), needs)| encode::encode(release, table, input, needs, stages))
        .collect();
    encoded.into_iter().collect()
}

/// The digests of a file: of its bytes and, where its path does not show all, of both.
type Digests = (String, Option<String>);

fn digests(inputs: &[&Input], stages: &dyn Stages) -> Result<Vec<Vec<Digests>>> {
    let of_table = |input: &&Input| -> Result<Vec<Digests>> {
        let files = input.files.par_iter();
        files
            .map(|file| {
                if stages.cancelled() {
                    return Err(Error::interrupted());
                }
                Ok((file.sha256()?, file.placed_sha256()?))
            })
            .collect()
    };
    inputs.par_iter().map(of_table).collect()
}

pub(crate) type Measured = (Vec<Finding>, Vec<Series>, Vec<NotMeasured>);

/// What jobs compute from.
pub(crate) struct Data<'a> {
    pub(crate) encoded: &'a [&'a Encoded],
    pub(crate) compared: &'a BTreeMap<(usize, usize), Compared>,
    pub(crate) used: &'a [Used<'a>],
    /// One a used auxiliary.
    pub(crate) known: &'a [Encoded],
}

pub(crate) fn run(jobs: &[Job], data: &Data<'_>, stages: &dyn Stages) -> Result<Measured> {
    let Data {
        encoded, compared, ..
    } = data;
    let outcomes: Vec<Outcome> = jobs
        .par_iter()
        .map(|job| {
            if stages.cancelled() {
                return Err(Error::interrupted());
            }
            let table = encoded[job.table];
            let with = |at: &usize| &compared[&(job.table, *at)];
            let outcome = match &job.run {
                Run::Table(run) => run(table),
                Run::Long(run) => run(table, stages),
                Run::Register(at, run) => match with(at) {
                    Compared::Register(register) => run(register),
                    Compared::Places(_) => unreachable!("a list of places is no register"),
                },
                Run::Places(at, run) => match with(at) {
                    Compared::Places(landmarks) => run(table, landmarks),
                    Compared::Register(_) => unreachable!("a register is no list of places"),
                },
                Run::Held(held, run) => {
                    let others = held.iter().map(|held| match held.other {
                        Other::Table(at) => encoded[at],
                        _ => &data.known[find(data.used, held)],
                    });
                    run(table, &others.collect::<Vec<_>>(), stages)
                }
            };
            stages.measured();
            // What was asked to stop has stopped half way.
            if stages.cancelled() {
                return Err(Error::interrupted());
            }
            Ok(outcome)
        })
        .collect::<Result<_>>()?;
    let (mut findings, mut series, mut not_measured) = (Vec::new(), Vec::new(), Vec::new());
    for (job, mut outcome) in jobs.iter().zip(outcomes) {
        let table = &encoded[job.table].name;
        outcome
            .findings
            .iter_mut()
            .for_each(|finding| finding.table.clone_from(table));
        outcome
            .series
            .iter_mut()
            .for_each(|series| series.table.clone_from(table));
        outcome
            .not_measured
            .iter_mut()
            .for_each(|entry| entry.table.clone_from(table));
        findings.extend(outcome.findings);
        series.extend(outcome.series);
        not_measured.extend(outcome.not_measured);
    }
    Ok((findings, series, not_measured))
}

fn describe(
    (release, table): (&Release, &Table),
    input: &Input,
    encoded: &Encoded,
    digests: Vec<Digests>,
) -> report::Table {
    let mut roles: Vec<report::Role> = Vec::new();
    let ignored = table.ignore.iter().map(|column| ("ignore", column));
    for (role, column) in table.roles.iter().chain(ignored) {
        match roles.last_mut().filter(|last| last.role == role) {
            Some(last) => last.columns.push(column.value.clone()),
            None => roles.push(report::Role {
                role: role.to_owned(),
                columns: vec![column.value.clone()],
            }),
        }
    }
    let files = input.files.iter().zip(digests);
    let folder = release.manifest.as_ref();
    let folder = folder.and_then(|manifest| manifest.parent());
    let made_of = table.counting.made_of.iter();
    report::Table {
        name: table.name.clone(),
        kind: table.kind.as_str().to_owned(),
        rows: input.rows,
        persons: encoded.persons(),
        points: match table.kind {
            TableKind::Trace => encoded.pairs(),
            _ => None,
        },
        rows_without_subject: encoded.rows_without_subject,
        roles,
        files: files
            .map(|(file, (sha256, placed_sha256))| report::File {
                path: file.shown.clone(),
                released_as: (folder.as_ref())
                    .filter(|folder| file.path.starts_with(folder))
                    .map(|_| file.shown.clone()),
                bytes: file.bytes,
                sha256,
                placed_sha256,
            })
            .collect(),
        nulls: (table.nulls == Nulls::Wildcard).then(|| "wildcard".to_owned()),
        line: None,
        manifest_sha256: None,
        hierarchies: table
            .hierarchies
            .iter()
            .map(|(column, hierarchy)| report::Hierarchy {
                column: column.value.clone(),
                kind: hierarchy.kind().to_owned(),
                sha256: match hierarchy {
                    Hierarchy::Levels(levels) => Some(levels.sha256.clone()),
                    _ => None,
                },
            })
            .chain(made_of.map(|(column, made_of)| report::Hierarchy {
                column: column.value.clone(),
                kind: "made_of".to_owned(),
                sha256: Some(made_of.sha256.clone()),
            }))
            .collect(),
    }
}

/// Where the manifest names the files of a table.
fn line_of(release: &Release, table: &Table) -> Option<u64> {
    release.manifest.as_ref()?;
    Some(release.source.line(table.path.span.start))
}

/// Of the used auxiliaries each once, however many ways there are to bin its points.
fn listed(used: &[Used<'_>]) -> Vec<usize> {
    let first = |at: &usize| {
        let mut before = used[..*at].iter();
        let is_own = matches!(used[*at].held.other, Other::Again(_));
        !is_own && before.all(|known| known.held.other != used[*at].held.other)
    };
    (0..used.len()).filter(first).collect()
}

fn describe_used(
    release: &Release,
    used: &Used<'_>,
    encoded: &Encoded,
    files: Vec<Digests>,
) -> report::Table {
    let mut table = describe((used.release, &used.held.table), used.input, encoded, files);
    if let Other::Earlier(earlier) = used.held.other {
        let name = &release.auxiliaries[earlier.auxiliary].name;
        table.name = format!("{name}/{}", table.name);
        table.manifest_sha256 = Some(digest::of_text(&used.release.source.text));
    }
    table
}

/// A warning for each table whose weights alone say anything about the population.
fn on_weights_alone<'a>(
    release: &'a Release,
    findings: &'a [Finding],
) -> impl Iterator<Item = report::Note> + 'a {
    let weighted = |finding: &&Finding| finding.measure == "individual-risk";
    let speaks = |finding: &&Finding| {
        finding.scope == Scope::Population
            && !["individual-risk", "suda"].contains(&finding.measure.as_str())
    };
    let is_alone = move |table: &&Table| {
        let of = || {
            findings
                .iter()
                .filter(|finding| finding.table == table.name)
        };
        of().any(|finding| weighted(&finding)) && !of().any(|finding| speaks(&finding))
    };
    release.tables.iter().filter(is_alone).map(|table| report::Note {
        table: Some(table.name.clone()),
        text: said!(
            "`individual-risk` is the only estimate of the risk in the population here, and it is often far too low for rare persons (see its limits). Set `population` under `[release]` so that other estimators run, or name a register.",
            "`individual-risk` ist hier die einzige Schätzung des Risikos in der Grundgesamtheit und für seltene Personen oft viel zu niedrig (siehe seine Grenzen). Unter `[release]` ist `population` anzugeben, damit weitere Schätzverfahren rechnen, oder ein Register zu nennen."
        ),
    })
}

/// What a reader should know about how the data was read.
fn notes(
    release: &Release,
    policy: &Policy,
    inputs: &[Input],
    encoded: &[Encoded],
    used: &[Used<'_>],
    clocks: &[Clocks],
) -> Result<Vec<report::Note>> {
    let mut notes = Vec::new();
    let mut note = |table: Option<&str>, text: Said| {
        notes.push(report::Note {
            table: table.map(str::to_owned),
            text,
        });
    };
    if release.manifest.is_none() {
        note(
            None,
            said!(
                "There was no manifest: the roles of the columns were drafted from their names, their types and a sample of their values. Check them before relying on the verdict.",
                "Es gab kein Manifest: Die Rollen der Spalten wurden nach ihren Namen, ihren Typen und einer Stichprobe ihrer Werte entworfen. Sie sind zu prüfen, bevor man sich auf das Urteil verlässt."
            ),
        );
    }
    for exempt in &policy.exemptions {
        note(
            Some(&exempt.table),
            said!(
                "The policy asks nothing about re-identification of this table, by its own word: {}",
                "Die Prüfkriterien fragen bei dieser Tabelle ausdrücklich nicht nach Re-Identifizierung: {}",
                exempt.reason
            ),
        );
    }
    for (table, encoded) in release.tables.iter().zip(encoded) {
        let name = Some(table.name.as_str());
        if encoded.rows_without_subject > 0 {
            note(
                name,
                said!(
                    "{} of {} rows have no subject and were left out of all counts of persons, as the manifest says.",
                    "{} von {} Zeilen haben kein Subjekt und wurden, wie es das Manifest vorsieht, bei allen Personenzahlen ausgelassen.",
                    encoded.rows_without_subject,
                    encoded.rows
                ),
            );
        }
        for (column, reason) in &table.harmless {
            note(
                name,
                said!(
                    "The publisher calls column `{}` harmless: {}",
                    "Spalte `{}` ist nach Angabe der veröffentlichenden Stelle unbedenklich: {}",
                    column.value,
                    reason.value
                ),
            );
        }
        if let Some(reason) = &table.copies {
            note(
                name,
                said!(
                    "Whether persons of this table are copies of others was not tested, as the manifest says why they are alike: {}",
                    "Ob Personen dieser Tabelle Kopien anderer sind, wurde nicht geprüft, denn das Manifest sagt, warum sie sich gleichen: {}",
                    reason.value
                ),
            );
        }
        if encoded.overlaps() {
            note(
                name,
                said!(
                    "Records of this table match that are not equal: nulls that stand for anything, or values that lie within others. The class of a record is all that match it; such classes overlap.",
                    "In dieser Tabelle passen Datensätze aufeinander, die nicht gleich sind: Nullwerte stehen für jeden Wert, oder Werte umfassen andere. Die Klasse eines Datensatzes sind alle, die auf ihn passen; solche Klassen überlappen."
                ),
            );
        }
        if encoded.rows_out_of_order > 0 {
            note(
                name,
                said!(
                    "{} rows lie before the row above them in time, of the same person. No measure depends on the order of rows.",
                    "{} Zeilen liegen zeitlich vor der Zeile derselben Person über ihnen. Kein Maß hängt von der Reihenfolge der Zeilen ab.",
                    encoded.rows_out_of_order
                ),
            );
        }
    }
    for table in &release.asked {
        note(
            Some(table),
            said!(
                "Nothing in this table says that its rows are about persons. Each row was taken for a person; if that is wrong, no figure about this table says anything.",
                "Nichts an dieser Tabelle zeigt, dass ihre Zeilen von Personen handeln. Jede Zeile wurde als eine Person behandelt; ist das falsch, so besagt keine Zahl zu dieser Tabelle etwas."
            ),
        );
    }
    for (table, clocks) in release.tables.iter().zip(clocks) {
        let name = Some(table.name.as_str());
        if let (Some(unit), Some(time)) = (&table.roles.time_unit, &table.roles.time) {
            note(
                name,
                said!(
                    "The numbers of column `{}` are read as times since 1970 in the unit `{}`, as the manifest says.",
                    "Die Zahlen der Spalte `{}` werden, wie es das Manifest angibt, als Zeiten seit 1970 in der Einheit `{}` gelesen.",
                    time.value,
                    unit.as_str()
                ),
            );
        }
        let zone = table.timezone.as_ref().and_then(epoch::name_of);
        match (clocks, zone) {
            (Clocks::File, Some(zone)) => note(
                name,
                said!(
                    "Days and hours are those of {}: the files name this time zone, and the manifest names none.",
                    "Tage und Stunden gelten in {}: Die Dateien nennen diese Zeitzone, das Manifest nennt keine.",
                    zone
                ),
            ),
            (Clocks::Utc, _) => note(
                name,
                said!(
                    "Days and hours are those of UTC: neither the manifest (`timezone`) nor the files name another time zone.",
                    "Tage und Stunden gelten in UTC: Das Manifest nennt keine `timezone`, und auch die Dateien nennen keine andere."
                ),
            ),
            (Clocks::Unclear, _) => note(
                name,
                said!(
                    "Days and hours are those of UTC: the files name several time zones, or one that is not known. A `timezone` in the manifest decides.",
                    "Tage und Stunden gelten in UTC: Die Dateien nennen mehrere Zeitzonen oder eine unbekannte. Eine `timezone` im Manifest entscheidet."
                ),
            ),
            _ => {}
        }
    }
    let auxiliaries = release.auxiliaries.iter().enumerate();
    let unused: Vec<_> = auxiliaries
        .filter(|(at, _)| {
            used.iter().all(|used| match used.held.other {
                Other::Table(_) | Other::Again(_) => true,
                Other::Auxiliary(known) => known != *at,
                Other::Earlier(earlier) => earlier.auxiliary != *at,
            })
        })
        .map(|(_, auxiliary)| auxiliary.name.as_str())
        .collect();
    if !unused.is_empty() {
        note(
            None,
            said!(
                "No measure that was run uses the auxiliary data: {}.",
                "Keines der angewandten Maße nutzt dieses Zusatzwissen: {}.",
                unused.join(", ")
            ),
        );
    }
    for (name, reason) in &release.beside {
        note(
            None,
            said!(
                "{} lies beside the published files. The manifest says why: {}",
                "{} liegt neben den veröffentlichten Dateien. Das Manifest begründet das so: {}",
                name.value,
                reason
            ),
        );
    }
    let around: u64 = inputs.iter().map(|input| input.around).sum();
    if around > 0 {
        note(
            None,
            said!(
                "Files beside the manifest that it does not name: {}. They do not look like data and were not examined: publish only the files it names.",
                "Dateien neben dem Manifest, die es nicht nennt: {}. Sie sind der Form nach keine Daten, und niemand hat sie geprüft: nur die genannten Dateien sind zu veröffentlichen.",
                around
            ),
        );
    }
    for (a, b) in copies::shared(inputs)? {
        note(
            None,
            said!(
                "The tables {} and {} have a file in common, or equal ones: whoever has both has one table with the columns of both.",
                "Die Tabellen {} und {} haben eine Datei gemeinsam oder gleiche Dateien: wer beide hat, hat eine Tabelle mit den Spalten beider.",
                release.tables[a].name,
                release.tables[b].name
            ),
        );
    }
    notes.sort();
    Ok(notes)
}

/// The most memory the process has held, where the system tells.
fn peak_rss() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}
