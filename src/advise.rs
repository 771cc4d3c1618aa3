//! The least that must be told more coarsely, or left out, for a release to pass its policy; and what that costs.
//!
//! The release is read and measured once, as `audit` does it. Each table of which something fails is then searched by
//! itself: candidates are computed from what it is encoded as, and judged by the same measures and the same policy as
//! the audit of the transformed files would.

mod bench;
mod fragment;
mod ladder;
mod lattice;
mod loss;
mod search;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use self::bench::{Bench, Judged, computed, quick};
use self::ladder::{How, Ladder, Told};
use self::search::{Search, candidate, frontier, least_class, thin};
use crate::audit::{self, Data, Files, Planned, Stages};
use crate::encode::Needs;
use crate::error::{Error, Result, Source};
use crate::finding::Outcome;
use crate::judge::{self, Policy, judge};
use crate::measure::{self, Job};
use crate::release::{Release, TableKind, Transformation, digest, regular, transformation};
use crate::report::advice::{self, Advice, Advised, Asked, Dimension, Otherwise, State, Step};
use crate::report::{PolicyLine, Tool, Verdict};

pub use fragment::fragment;

/// What to search, and how far.
#[derive(Debug, Clone)]
pub struct Options {
    /// A manifest (`.toml`), or Parquet files, folders or globs.
    pub paths: Vec<PathBuf>,
    /// A built-in policy's name or a file.
    pub policy: String,
    /// Instead of the manifest's.
    pub seed: Option<u64>,
    /// The share of persons of a table that may be left out at most.
    pub suppress: f64,
    /// Candidates of each table that are judged at most.
    pub budget: u64,
    /// Seconds after which no further candidate is looked at. What is found then depends on the machine.
    pub seconds: Option<u64>,
    /// Search these tables alone; empty: all of which something fails.
    pub tables: Vec<String>,
    /// Judge the transformations of this file instead of searching.
    pub given: Option<PathBuf>,
    /// Bytes the encoded tables may take.
    pub memory_limit: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            policy: "strict".to_owned(),
            seed: None,
            suppress: 0.05,
            budget: 2_000,
            seconds: None,
            tables: Vec::new(),
            given: None,
            memory_limit: None,
        }
    }
}

/// Combinations of steps of a table up to which it is searched; above, steps are left out.
const MOST: usize = 1 << 17;

/// What must be changed, and the transformations that were chosen.
///
/// # Errors
/// As [`audit::audit`]; and where a given transformation is none of the release.
pub fn advise(options: &Options, stages: &dyn Stages) -> Result<(Advice, Vec<Transformation>)> {
    let mut release = audit::open(&options.paths)?;
    if let Some(seed) = options.seed {
        release.seed = seed;
    }
    let names: Vec<String> = release
        .tables
        .iter()
        .map(|table| table.name.clone())
        .collect();
    if let Some(unknown) = options.tables.iter().find(|name| !names.contains(name)) {
        return Err(
            Error::usage(format!("the release has no table `{unknown}`"))
                .help(format!("it has {}", names.join(", "))),
        );
    }
    let policy = Policy::load(&options.policy, &names)?;
    let given = match &options.given {
        Some(path) => Some(read(path, &release)?),
        None => None,
    };
    let mut inputs = audit::inputs(&release)?;
    let (registers, earlier) = (audit::registers(&release)?, audit::earlier(&release)?);
    let of_audit = audit::Options {
        policy: options.policy.clone(),
        own: options.given.iter().cloned().collect(),
        ..audit::Options::default()
    };
    audit::beside(&release, &mut inputs, (&registers, &earlier), &of_audit)?;
    let files = Files {
        inputs: &inputs,
        registers: &registers,
        earlier: &earlier,
    };
    let asked: BTreeSet<&str> = policy
        .requirements
        .iter()
        .filter_map(|require| measure::statistic_by_id(&require.statistic))
        .map(|known| known.doc.id)
        .collect();
    let Planned { jobs, shortfalls } =
        audit::plan_some(&release, &files, &policy, |id| asked.contains(id))?;
    let applicable = audit::applicable(&jobs, &release);
    let needs = needs(&jobs, &release);
    let used = audit::used(&jobs, &release, &files);
    audit::check_memory(options.memory_limit, &release, &inputs, &needs, &used)?;
    audit::announce(&inputs, &used, stages);
    let encoded = audit::encode_all(&release, &inputs, &needs, stages)?;
    let known = audit::encode_used(&used, stages)?;
    let compared = audit::compare(&jobs, &release, &encoded, &used, &known)?;
    stages.measure(jobs.len());
    let (findings, _, mut not_measured) = audit::run(
        &jobs,
        &Data {
            encoded: &encoded.iter().collect::<Vec<_>>(),
            compared: &compared,
            used: &used,
            known: &known,
        },
        stages,
    )?;
    not_measured.extend(shortfalls);
    let mut bench = Bench {
        release: &release,
        files,
        policy: &policy,
        encoded: &encoded,
        used: &used,
        known: &known,
        today: jiff::tz::TimeZone::UTC
            .to_datetime(jiff::Timestamp::now())
            .date(),
        stages,
        findings,
        not_measured,
        applicable,
        computed: computed(&jobs, &release),
        quick: quick(&jobs, &release),
        chosen: release.tables.iter().map(|_| None).collect(),
    };
    let deadline = options
        .seconds
        .map(|seconds| Instant::now() + Duration::from_secs(seconds));
    for at in 0..release.tables.len() {
        if is_named_otherwise(&bench, at) {
            bench.computed[at].remove("direct-identifiers");
        }
    }
    let of = |bench: &Bench<'_>, at: usize| table(bench, at, options, given.as_deref(), deadline);
    let mut tables: Vec<Table> = Vec::new();
    if let Some(given) = &given {
        for at in 0..release.tables.len() {
            let name = &release.tables[at].name;
            if let Some(one) = given.iter().find(|one| one.table == *name) {
                choose(&mut bench, at, one)?;
            }
        }
    }
    // What was chosen of the others when a table was looked at last.
    let mut beside: Vec<Vec<Transformation>> = Vec::new();
    for at in 0..release.tables.len() {
        let table = of(&bench, at)?;
        if let (Some((transformation, _)), None) = (&table.chosen, &given) {
            choose(&mut bench, at, transformation)?;
        }
        beside.push(others(&tables, at));
        tables.push(table);
    }
    // Counts are held against those of other tables, of which something may have been chosen since: whoever no longer
    // passes is searched again.
    for _ in 0..ROUNDS {
        let mut again = false;
        for at in 0..release.tables.len() {
            let now = others(&tables, at);
            if given.is_some() || now == beside[at] || !bench.is_beside_chosen(at) {
                continue;
            }
            beside[at] = now;
            if again_judged(&bench, at, &mut tables[at])? {
                continue;
            }
            tables[at] = of(&bench, at)?;
            if let Some((transformation, _)) = &tables[at].chosen {
                choose(&mut bench, at, transformation)?;
            }
            again = true;
        }
        if !again {
            break;
        }
    }
    for at in 0..release.tables.len() {
        if given.is_none() && others(&tables, at) != beside[at] && bench.is_beside_chosen(at) {
            again_judged(&bench, at, &mut tables[at])?;
        }
    }
    Ok(conclude(&bench, options, tables))
}

/// What was chosen of the tables of counts but one, as far as something was.
fn others(tables: &[Table], at: usize) -> Vec<Transformation> {
    let is_other = |(other, table): &(usize, &Table)| {
        *other != at && table.advised.kind == TableKind::Flows.as_str()
    };
    let others = tables.iter().enumerate().filter(is_other);
    let chosen = others.filter_map(|(_, table)| table.chosen.as_ref());
    let chosen = chosen.map(|(transformation, _)| transformation.clone());
    chosen.filter(|one| !one.is_nothing()).collect()
}

/// Judges what was chosen of a table beside what was chosen of others since. Whether it passes, or was not searched.
fn again_judged(bench: &Bench<'_>, at: usize, table: &mut Table) -> Result<bool> {
    let policy = bench.policy_of(at);
    let transformation = match table.chosen.take() {
        Some((transformation, _)) => transformation,
        None => Transformation::of(&bench.release.tables[at].name),
    };
    let changes = told(bench, at).changes(&transformation);
    let changes = changes.map_err(|key| no_way(&transformation, &key))?;
    let judged = bench.judge(at, &policy, &transformation, &changes)?;
    let settled = judged.passes() || table.advised.state == State::NotSearched;
    table.rejudged(&policy, judged, transformation);
    Ok(settled)
}

/// How often tables of counts are looked at again beside what was chosen of the others, at most.
const ROUNDS: usize = 3;

/// Notes what a table of counts is to become: others are held against that.
fn choose(bench: &mut Bench<'_>, at: usize, transformation: &Transformation) -> Result<()> {
    if bench.release.tables[at].kind != TableKind::Flows {
        return Ok(());
    }
    let changes = told(bench, at).changes(transformation);
    let changes = changes.map_err(|key| no_way(transformation, &key))?;
    let described = transformation.describe(&bench.release.tables[at]);
    let of = bench.encoded[at].transformed_flows(bench.release, &described, &changes)?;
    bench.chosen[at] = Some(of.0);
    Ok(())
}

fn told<'a>(bench: &Bench<'a>, at: usize) -> Told<'a> {
    Told {
        table: &bench.release.tables[at],
        input: &bench.files.inputs[at],
        encoded: &bench.encoded[at],
    }
}

fn no_way(transformation: &Transformation, key: &str) -> Error {
    let table = &transformation.table;
    Error::usage(format!("table `{table}`: `{key}` cannot be told like this")).help(
        "bands are of numbers, prefixes of texts, months of dates; bins and periods hold whole bins of the table's own \
         times; a level has all values",
    )
}

/// Reads the transformations to be tried.
fn read(path: &std::path::Path, release: &Release) -> Result<Vec<Transformation>> {
    let text = regular::text(path).map_err(|error| {
        Error::usage(format!("cannot read {}: {error}", path.display()))
            .help("name a file with [[transform]] sections, such as an advice.toml")
    })?;
    let source = Source {
        name: path.display().to_string(),
        text: text.into(),
    };
    transformation::read(&source, release)
}

/// What the jobs need, and what transformations are computed from.
fn needs(jobs: &[Job], release: &Release) -> Vec<Needs> {
    let mut needs = audit::needs(jobs, release);
    for (needs, table) in needs.iter_mut().zip(&release.tables) {
        match table.kind {
            TableKind::Flows => needs.join(&Needs::of_cells()),
            TableKind::Reference => {}
            kind => needs.join(&Needs {
                tuples: true,
                // What could be left out must be there to be left out.
                sensitive: kind == TableKind::Microdata,
                ..Needs::default()
            }),
        }
    }
    needs
}

/// What became of a table.
struct Table {
    advised: Advised,
    /// What was chosen, and what is measured then.
    chosen: Option<(Transformation, Judged)>,
    before: Judged,
}

impl Table {
    /// What is measured of what was chosen, beside what was chosen of others.
    fn rejudged(&mut self, policy: &Policy, judged: Judged, transformation: Transformation) {
        self.advised.requirements = asked(policy, &self.before, &judged);
        self.advised.state = match (judged.passes(), self.advised.state) {
            (false, State::Passes | State::Found) => State::Fails,
            (_, state) => state,
        };
        if let Some(at) = self.advised.chosen {
            let candidate = &mut self.advised.examined[at as usize];
            candidate.passes = judged.passes();
            candidate.failing = judged.failing();
            candidate.risk = Some(judged.risk()).filter(|risk| risk.is_finite());
            self.advised.frontier = frontier(&self.advised.examined);
        }
        self.chosen = Some((transformation, judged));
    }
}

fn table(
    bench: &Bench<'_>,
    at: usize,
    options: &Options,
    given: Option<&[Transformation]>,
    deadline: Option<Instant>,
) -> Result<Table> {
    let described = &bench.release.tables[at];
    let encoded = &bench.encoded[at];
    let policy = bench.policy_of(at);
    let before = bench.as_it_is(at, &policy);
    let told = told(bench, at);
    let kind = described.kind;
    let first = candidate(Default::default(), 0.0, 0.0, &before, kind);
    let mut advised = Advised {
        table: described.name.clone(),
        kind: kind.as_str().to_owned(),
        state: State::Passes,
        dimensions: Vec::new(),
        lattice: 0,
        checked: 0,
        judged: 0,
        complete: true,
        notes: Vec::new(),
        requirements: Vec::new(),
        examined: vec![first],
        chosen: None,
        frontier: Vec::new(),
    };
    let can = !kind.is_of_persons() || encoded.can_recode();
    if !can {
        advised.notes.push(
            "A person's rows are compared as one (`composite`), or rows without a subject are judged on their own: how \
             they become alike is not searched."
                .to_owned(),
        );
    }
    if kind == TableKind::Trace && encoded.at_published_precision().is_some() {
        advised.notes.push(
            "The files are more precise than the point. The advice holds only for files that are published no more \
             precisely than the point, without the columns it does not use."
                .to_owned(),
        );
    }
    let mut ladders = match can {
        true => told.ladders(
            &naming(&before).cloned().collect::<Vec<_>>(),
            least_cell(&policy),
        ),
        false => Vec::new(),
    };
    let mine = given.map(|given| given.iter().find(|one| one.table == described.name));
    let chosen = match mine {
        Some(None) => None,
        Some(Some(given)) if can => {
            let chosen = tried(bench, at, &told, &ladders, &policy, given, &mut advised)?;
            Some(chosen)
        }
        _ if before.passes() && !bench.is_beside_chosen(at) => None,
        _ if !can || (!options.tables.is_empty() && !options.tables.contains(&described.name)) => {
            if !before.passes() {
                advised.state = State::NotSearched;
            }
            None
        }
        _ => {
            let thinned = thin(&mut ladders, MOST);
            if !thinned.is_empty() {
                advised.notes.push(format!(
                    "There are too many combinations: of {} every other step was left out.",
                    thinned.join(", ")
                ));
            }
            searched(
                bench,
                at,
                &told,
                &ladders,
                &policy,
                options,
                deadline,
                &mut advised,
            )?
        }
    };
    if given.is_some() && mine == Some(None) && !before.passes() {
        advised.state = State::Fails;
    }
    advised.dimensions = ladders.iter().map(dimension).collect();
    let after = chosen.as_ref().map_or(&before, |(_, judged)| judged);
    advised.requirements = asked(&policy, &before, after);
    advised.frontier = frontier(&advised.examined);
    Ok(Table {
        advised,
        chosen,
        before,
    })
}

fn dimension(ladder: &Ladder) -> Dimension {
    let step = |step: &ladder::Step| Step {
        how: step.how.to_string(),
        loss: step.loss,
    };
    Dimension {
        name: ladder.of.name().to_owned(),
        steps: ladder.steps.iter().map(step).collect(),
    }
}

/// Whether a column that names persons cannot be left out: it is the pseudonym.
fn is_named_otherwise(bench: &Bench<'_>, at: usize) -> bool {
    let before = bench.as_it_is(at, &bench.policy_of(at));
    let can = transformation::changeable(&bench.release.tables[at]);
    let can = |name: &String| can.iter().any(|column| column.value == *name);
    !naming(&before).all(can)
}

/// The columns in which persons are named, as far as the policy forbids it.
fn naming(before: &Judged) -> impl Iterator<Item = &String> {
    let named = before.lines.iter().filter(|line| {
        line.statistic == "direct-identifiers.columns" && line.outcome == Outcome::Fail
    });
    let found = named.flat_map(|line| line.judged.iter());
    found.flat_map(|judged| before.findings[judged.finding].columns.iter())
}

/// The least persons of a count, as far as the policy says so.
fn least_cell(policy: &Policy) -> Option<u64> {
    let asked = policy.requirements.iter().filter(|require| {
        require.max == Some(0.0)
            && ["small-cells.cells", "small-cells.share"].contains(&require.statistic.as_str())
    });
    let k = asked.filter_map(|require| match require.parameters.get("k")? {
        crate::finding::Parameter::Number(k) => Some(k.as_f64() as u64),
        crate::finding::Parameter::Text(_) => None,
    });
    k.max()
}

/// Judges a transformation that was given.
fn tried(
    bench: &Bench<'_>,
    at: usize,
    told: &Told<'_>,
    ladders: &[Ladder],
    policy: &Policy,
    given: &Transformation,
    advised: &mut Advised,
) -> Result<(Transformation, Judged)> {
    let wrong =
        |what: &str, why: &str| Error::usage(format!("table `{}`: `{what}` {why}", given.table));
    let changes = told.changes(given).map_err(|key| no_way(given, &key))?;
    if given.below.is_some() && !told.encoded.can_suppress() {
        return Err(wrong("suppress", "is of no use: rows of persons repeat"));
    }
    let described = given.describe(told.table);
    let nothing = described.kind == TableKind::Microdata
        && described.roles.quasi_identifiers.is_empty()
        || described.kind == TableKind::Trace && described.point == Default::default();
    if nothing {
        return Err(wrong("columns", "leave nothing that an adversary may know"));
    }
    let judged = bench.judge(at, policy, given, &changes)?;
    let (coarsening, bits) = told.lost(given, ladders);
    let mut shown: std::collections::BTreeMap<String, String> = Default::default();
    let columns = given
        .columns
        .iter()
        .map(|(name, how)| (name.clone(), how.to_string()));
    shown.extend(columns);
    let mut set = |key: &str, text: Option<String>| {
        shown.extend(text.map(|text| (key.to_owned(), text)));
    };
    set("time", given.time.map(|how| how.to_string()));
    set("place", given.place.map(|how| how.to_string()));
    set(
        "suppress",
        given.below.map(|below| format!("below {below}")),
    );
    set(
        "rotation",
        given
            .rotation
            .map(|seconds| How::Lasts(seconds).to_string()),
    );
    set(
        "minimum",
        given.minimum.map(|least| How::Minimum(least).to_string()),
    );
    let one = candidate(shown, coarsening, bits, &judged, told.table.kind);
    advised.state = match one.passes {
        true => State::Found,
        false => State::Fails,
    };
    advised.examined.push(one);
    (advised.judged, advised.chosen) = (1, Some(1));
    Ok((given.clone(), judged))
}

#[allow(clippy::too_many_arguments)]
fn searched(
    bench: &Bench<'_>,
    table: usize,
    told: &Told<'_>,
    ladders: &[Ladder],
    policy: &Policy,
    options: &Options,
    deadline: Option<Instant>,
    advised: &mut Advised,
) -> Result<Option<(Transformation, Judged)>> {
    let steps = ladders.iter().map(|ladder| ladder.steps.len());
    let lattice = steps.fold(1usize, usize::saturating_mul);
    advised.lattice = lattice as u64;
    if lattice > MOST {
        advised.state = State::NotSearched;
        advised.notes.push(format!(
            "There are {lattice} combinations of {} things to be told more coarsely: too many to search.",
            ladders.len()
        ));
        return Ok(None);
    }
    if least_class(policy).is_some() && !told.encoded.can_suppress() {
        advised.notes.push(
            "Rows of persons repeat: nobody is left out, for it is not known whose they are."
                .to_owned(),
        );
    }
    if told.encoded.overlaps() {
        advised.notes.push(
            "Records match that are not equal: which persons would have to be left out is not searched."
                .to_owned(),
        );
    }
    let search = Search {
        bench,
        table,
        told,
        ladders,
        policy,
        quick: bench.quick_policy(table, policy),
        options,
        deadline,
    };
    let mut found = search.run()?;
    (advised.checked, advised.complete) = (found.checked, found.complete);
    advised.judged = found.judged.len() as u64;
    // The table as it is stands first already.
    let offset = advised.examined.len();
    let of = |at: usize| &found.examined[found.judged[at].0];
    let nearest = (0..found.judged.len()).min_by(|a, b| {
        let key = |at: usize| (of(at).risk.unwrap_or(f64::INFINITY), of(at).loss);
        key(*a).partial_cmp(&key(*b)).expect("neither is NaN")
    });
    let chosen = found.best.or(nearest);
    advised.state = match found.best {
        Some(best) if found.judged[best].1.is_nothing() => State::Passes,
        Some(_) => State::Found,
        None => State::Fails,
    };
    advised.chosen = chosen.map(|at| (offset + found.judged[at].0) as u64);
    let mut chosen = chosen.map(|at| found.judged.swap_remove(at));
    if let Some((at, transformation, judged)) = &mut chosen
        && !found.examined[*at].judged
    {
        search.whole(&mut found.examined[*at], transformation, judged)?;
    }
    advised.examined.append(&mut found.examined);
    Ok(chosen.map(|(_, transformation, judged)| (transformation, judged)))
}

/// What is asked of a table, before and after.
fn asked(policy: &Policy, before: &Judged, after: &Judged) -> Vec<Asked> {
    let found = |judged: &Judged, line: &PolicyLine| advice::Found {
        outcome: line.outcome,
        finding: judged.worst(line).cloned(),
    };
    let lines = policy
        .requirements
        .iter()
        .zip(before.lines.iter().zip(&after.lines));
    // What is left out is not asked about any more: that is told where it failed before.
    let lines = lines.filter(|(_, (before, after))| {
        after.outcome != Outcome::NotApplicable || before.outcome == Outcome::Fail
    });
    lines
        .map(|(require, (old, new))| Asked {
            statistic: require.statistic.clone(),
            parameters: require.parameters.clone(),
            min: require.min,
            max: require.max,
            before: found(before, old),
            after: found(after, new),
        })
        .collect()
}

/// The whole release after what was chosen: what is not computed anew is as it was.
fn conclude(
    bench: &Bench<'_>,
    options: &Options,
    tables: Vec<Table>,
) -> (Advice, Vec<Transformation>) {
    let tables_named = bench.release.tables.iter();
    let names: Vec<String> = tables_named.map(|table| table.name.clone()).collect();
    let judged = |findings: &mut Vec<_>, not_measured: &[_], applicable: &BTreeSet<_>| {
        let bench = judge::Bench {
            policy: bench.policy,
            not_measured,
            applicable,
            tables: &names,
            today: bench.today,
            baseline: None,
        };
        judge(&bench, findings)
    };
    let mut findings = bench.findings.clone();
    let before = judged(&mut findings, &bench.not_measured, &bench.applicable).verdict;
    let mut findings = bench.findings.clone();
    let mut not_measured = bench.not_measured.clone();
    let mut applicable = bench.applicable.clone();
    for (at, table) in tables.iter().enumerate() {
        let Some((_, after)) = &table.chosen else {
            continue;
        };
        let (name, computed) = (&bench.release.tables[at].name, &bench.computed[at]);
        let of = |statistic: &str| statistic.split('.').next().unwrap_or_default().to_owned();
        let anew = |table: &str, measure: &str| table == name && computed.contains(measure);
        findings.retain(|finding| !anew(&finding.table, &finding.measure));
        not_measured.retain(|entry| !anew(&entry.table, &entry.measure));
        applicable.retain(|(statistic, table)| !anew(table, &of(statistic)));
        findings.extend(after.findings.iter().cloned());
        not_measured.extend(after.not_measured.iter().cloned());
        applicable.extend(after.applicable.iter().cloned());
    }
    let after = judged(&mut findings, &not_measured, &applicable);
    let mut otherwise: Vec<Otherwise> = Vec::new();
    for line in after
        .policy
        .requirements
        .iter()
        .filter(|line| line.outcome == Outcome::Fail)
    {
        let failing = line
            .judged
            .iter()
            .filter(|judged| judged.outcome == Outcome::Fail);
        let failing = failing.map(|judged| findings[judged.finding].table.clone());
        let missing = line.missing.iter().map(|missing| missing.table.clone());
        let mut names: Vec<String> = failing.chain(missing).collect();
        names.sort();
        names.dedup();
        let measure = line.statistic.split('.').next().unwrap_or_default();
        // What was searched says itself what still fails.
        let is_searched = |name: &String| {
            let mut tables = bench.release.tables.iter();
            let at = tables.position(|table| table.name == *name);
            at.is_some_and(|at| bench.computed[at].contains(measure))
        };
        let nobodys = names.is_empty();
        names.retain(|name| !is_searched(name));
        let advice = match nobodys {
            true => line.reason.clone().unwrap_or_default().to_string(),
            false => fragment::otherwise(measure).to_owned(),
        };
        if nobodys || !names.is_empty() {
            otherwise.push(Otherwise {
                tables: names,
                statistic: line.statistic.clone(),
                parameters: line.parameters.clone(),
                advice,
            });
        }
    }
    let release = bench.release;
    let advice = Advice {
        schema: advice::SCHEMA.to_owned(),
        tool: Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        release: release.name.clone(),
        manifest_sha256: digest::of_text(&release.source.text),
        policy: bench.policy.name.clone(),
        policy_sha256: bench.policy.sha256.clone(),
        suppress: options.suppress,
        budget: options.budget,
        tried: options.given.is_some(),
        otherwise,
        before,
        after: after.verdict,
        tables: tables.iter().map(|table| table.advised.clone()).collect(),
    };
    let chosen = tables.into_iter().filter_map(|table| table.chosen);
    let chosen = chosen.map(|(transformation, _)| transformation);
    (advice, chosen.filter(|one| !one.is_nothing()).collect())
}

impl Advice {
    /// Whether it passes by transformation alone.
    pub fn passes(&self) -> bool {
        self.after == Verdict::Pass
    }
}
