//! Judges a transformation of one table: by the very measures that the policy asks for, planned on the table as it is
//! then described, computed from what it is then encoded as.

use std::collections::{BTreeMap, BTreeSet};

use super::ladder::Told;
use crate::audit::{self, Compared, Data, Files, Planned, Stages, Used};
use crate::encode::Encoded;
use crate::encode::flows::Flows;
use crate::encode::register::register;
use crate::encode::transformed::{Changes, Left};
use crate::error::Result;
use crate::finding::{Finding, NotMeasured, Outcome};
use crate::judge::{self, Policy, judge};
use crate::measure::{Job, Other, Run};
use crate::progress::Unheard;
use crate::release::{AuxiliaryKind, Release, TableKind, Transformation};
use crate::report::PolicyLine;

/// Measures of what no transformation changes: of files, of names, of those who objected, of columns that are only
/// ignored, of what the manifest says of the counts as they are; and of rows, which a transformed table has no more.
const OTHERWISE: [&str; 6] = [
    "reversible-pseudonyms",
    "undeclared-columns",
    "file-leaks",
    "opt-outs",
    "declarations",
    "group-disclosure",
];

/// All that candidates are judged with.
pub struct Bench<'a> {
    pub release: &'a Release,
    pub files: Files<'a>,
    pub policy: &'a Policy,
    pub encoded: &'a [Encoded],
    pub used: &'a [Used<'a>],
    pub known: &'a [Encoded],
    pub today: jiff::civil::Date,
    pub stages: &'a dyn Stages,
    /// Of the release as it is.
    pub findings: Vec<Finding>,
    pub not_measured: Vec<NotMeasured>,
    pub applicable: BTreeSet<(String, String)>,
    /// The measures of each table that are computed anew of what it is transformed to.
    pub computed: Vec<BTreeSet<&'static str>>,
    /// Those among them that take little: from the table alone, and not long.
    pub quick: Vec<BTreeSet<&'static str>>,
    /// What was chosen of tables of counts, against which others are held.
    pub chosen: Vec<Option<Encoded>>,
}

/// What was measured of a transformed table.
pub struct Judged {
    pub findings: Vec<Finding>,
    pub not_measured: Vec<NotMeasured>,
    /// The (statistic, table) pairs it calls for.
    pub applicable: BTreeSet<(String, String)>,
    pub lines: Vec<PolicyLine>,
    pub left: Left,
    /// Pairs of records told alike (microdata).
    pub discernibility: Option<f64>,
    /// The share of cells whose count is left out (flows).
    pub cells_left_out: Option<f64>,
}

/// Whether a job computes from what a transformed table still has: not from files, names, or the order of rows.
fn is_computed(job: &Job, release: &Release) -> bool {
    let needs = &job.needs;
    let untouched = needs.files
        || needs.names
        || needs.visits
        || needs.finer.is_some()
        || !needs.trails.is_empty();
    let alone = match &job.run {
        Run::Table(_) | Run::Long(_) => true,
        // Counts are held against the traces that were counted, which stay as they are.
        Run::Held(..) => release.tables[job.table].kind == TableKind::Flows,
        // Whoever has a register can tell it as coarsely as the table.
        Run::Register(..) => true,
        Run::Places(..) => false,
    };
    !untouched && alone && !OTHERWISE.contains(&job.measure)
}

/// For each table the measures of which all jobs can be computed of what it is transformed to.
pub fn computed(jobs: &[Job], release: &Release) -> Vec<BTreeSet<&'static str>> {
    of_tables(jobs, release, |job| is_computed(job, release))
}

/// Those that take little.
pub fn quick(jobs: &[Job], release: &Release) -> Vec<BTreeSet<&'static str>> {
    of_tables(jobs, release, |job| {
        is_computed(job, release) && matches!(job.run, Run::Table(_))
    })
}

/// For each table the measures of which all jobs are of some kind.
fn of_tables(
    jobs: &[Job],
    release: &Release,
    is: impl Fn(&Job) -> bool,
) -> Vec<BTreeSet<&'static str>> {
    let of_table = |table: usize| {
        let (mut some, mut others) = (BTreeSet::new(), BTreeSet::new());
        for job in jobs.iter().filter(|job| job.table == table) {
            match is(job) {
                true => some.insert(job.measure),
                false => others.insert(job.measure),
            };
        }
        &some - &others
    };
    (0..release.tables.len()).map(of_table).collect()
}

fn measure_of(statistic: &str) -> &str {
    statistic.split('.').next().unwrap_or_default()
}

impl Bench<'_> {
    /// What the policy asks of a table and a transformation can change.
    pub fn policy_of(&self, table: usize) -> Policy {
        let name = &self.release.tables[table].name;
        let asked = self.policy.requirements.iter().filter(|require| {
            let owed = self
                .applicable
                .contains(&(require.statistic.clone(), name.clone()));
            let measured = self
                .findings
                .iter()
                .any(|finding| finding.table == *name && finding.id() == require.statistic);
            let about = match require.tables.is_empty() {
                true => owed || measured,
                false => require.tables.contains(name),
            };
            about && self.computed[table].contains(measure_of(&require.statistic))
        });
        let mut policy = self.policy.clone();
        policy.requirements = asked.cloned().collect();
        for require in &mut policy.requirements {
            require.tables.retain(|known| known == name);
        }
        policy
    }

    /// The part of a table's policy that takes little to judge; `None` where that is all or nothing of it.
    pub fn quick_policy(&self, table: usize, policy: &Policy) -> Option<Policy> {
        let mut quick = policy.clone();
        let is_quick = |statistic: &str| self.quick[table].contains(measure_of(statistic));
        quick
            .requirements
            .retain(|require| is_quick(&require.statistic));
        let count = quick.requirements.len();
        (0 < count && count < policy.requirements.len()).then_some(quick)
    }

    /// Whether a table of counts is held against others of which something was chosen.
    pub fn is_beside_chosen(&self, table: usize) -> bool {
        let mut chosen = self.chosen.iter().enumerate();
        self.release.tables[table].kind == TableKind::Flows
            && chosen.any(|(at, chosen)| at != table && chosen.is_some())
    }

    /// A table as it is.
    pub fn as_it_is(&self, table: usize, policy: &Policy) -> Judged {
        let name = &self.release.tables[table].name;
        let persons = self.encoded[table].persons().unwrap_or(0);
        let mut judged = Judged {
            findings: self
                .findings
                .iter()
                .filter(|f| f.table == *name)
                .cloned()
                .collect(),
            not_measured: self
                .not_measured
                .iter()
                .filter(|n| n.table == *name)
                .cloned()
                .collect(),
            applicable: self
                .applicable
                .iter()
                .filter(|(_, t)| t == name)
                .cloned()
                .collect(),
            lines: Vec::new(),
            left: Left {
                persons,
                of: persons,
            },
            discernibility: discernibility(&self.encoded[table], 0),
            cells_left_out: self.encoded[table].flows().map(Flows::left_out),
        };
        judged.judge(policy, self.today);
        judged
    }

    /// A table as `transformation` makes it, by its `changes`; what is asked by `policy` is measured and no more.
    ///
    /// # Errors
    /// The table that comes of it is none, or the user cancelled.
    pub fn judge(
        &self,
        table: usize,
        policy: &Policy,
        transformation: &Transformation,
        changes: &Changes,
    ) -> Result<Judged> {
        let mut release = self.release.clone();
        release.tables[table] = transformation.describe(&self.release.tables[table]);
        let described = &release.tables[table];
        let (encoded, left) = match described.kind {
            TableKind::Flows => {
                self.encoded[table].transformed_flows(&release, described, changes)?
            }
            _ => self.encoded[table].transformed(&release, described, changes)?,
        };
        let mut inputs = self.files.inputs.to_vec();
        for (column, how) in &transformation.columns {
            inputs[table].describe(column, *how);
        }
        let mut registers = self.files.registers.to_vec();
        for (at, auxiliary) in release.auxiliaries.iter_mut().enumerate() {
            let (Some(input), AuxiliaryKind::Population) = (&mut registers[at], auxiliary.kind)
            else {
                continue;
            };
            for (column, how) in &transformation.columns {
                input.describe(column, *how);
            }
            auxiliary
                .roles
                .quasi_identifiers
                .retain(|column| !transformation.drops(column));
        }
        let files = Files {
            inputs: &inputs,
            registers: &registers,
            ..self.files
        };
        let asked: BTreeSet<&str> = policy
            .requirements
            .iter()
            .map(|require| measure_of(&require.statistic))
            .collect();
        let wanted = |id: &str| self.computed[table].contains(id) && asked.contains(id);
        let Planned { jobs, shortfalls } = audit::plan_some(&release, &files, policy, wanted)?;
        let name = &release.tables[table].name;
        let shortfalls = shortfalls.into_iter();
        let shortfalls = shortfalls.filter(|entry| entry.table == *name);
        let jobs: Vec<Job> = jobs.into_iter().filter(|job| job.table == table).collect();
        let applicable = audit::applicable(&jobs, &release);
        // What it is held against is as it was: who asks for something else is not computed here.
        let at_hand = |job: &Job| match &job.run {
            Run::Held(held, _) => held.iter().all(|held| match held.other {
                Other::Table(_) => true,
                _ => self.used.iter().any(|used| used.is(held)),
            }),
            _ => true,
        };
        let jobs: Vec<Job> = jobs.into_iter().filter(at_hand).collect();
        let others = self.encoded.iter().zip(&self.chosen);
        let others = others.map(|(as_it_is, chosen)| chosen.as_ref().unwrap_or(as_it_is));
        let mut all: Vec<&Encoded> = others.collect();
        all[table] = &encoded;
        let mut compared = BTreeMap::new();
        for job in &jobs {
            let Run::Register(at, _) = job.run else {
                continue;
            };
            if compared.contains_key(&(table, at)) {
                continue;
            }
            let held = &audit::held(job, &release)[0];
            let told = self.register(at, audit::find(self.used, held), transformation, &release)?;
            if let Some(told) = told {
                let register = register(&release, described, &encoded, &told)?;
                compared.insert((table, at), Compared::Register(register));
            }
        }
        // What cannot be told alike is not measured, and so does not pass.
        let jobs: Vec<Job> = jobs
            .into_iter()
            .filter(|job| match job.run {
                Run::Register(at, _) => compared.contains_key(&(table, at)),
                _ => true,
            })
            .collect();
        let data = Data {
            encoded: &all,
            compared: &compared,
            used: self.used,
            known: self.known,
        };
        let (findings, _, mut not_measured) = audit::run(&jobs, &data, &Unheard(self.stages))?;
        not_measured.extend(shortfalls);
        let mut judged = Judged {
            findings,
            not_measured,
            applicable,
            lines: Vec::new(),
            left,
            discernibility: discernibility(&encoded, left.of - left.persons),
            cells_left_out: encoded.flows().map(Flows::left_out),
        };
        judged.judge(policy, self.today);
        Ok(judged)
    }
}

impl Bench<'_> {
    /// A register told as coarsely as a table; `None` where it cannot be: a value is not in the hierarchy.
    fn register(
        &self,
        auxiliary: usize,
        used: usize,
        transformation: &Transformation,
        release: &Release,
    ) -> Result<Option<Encoded>> {
        let (of, known) = (&self.used[used], &self.known[used]);
        let described = self.release.auxiliaries[auxiliary]
            .table(of.held.table.point.clone(), of.held.table.timezone.clone());
        let mut own = Transformation::of(&described.name);
        for (column, how) in &transformation.columns {
            let mut columns = described.roles.quasi_identifiers.iter();
            if columns.any(|known| known.value == *column) {
                own.columns.insert(column.clone(), *how);
            }
        }
        // Levels are those of the table's hierarchies.
        let mut told = described.clone();
        let tables = self.release.tables.iter();
        let mut tables = tables.filter(|table| table.name == transformation.table);
        if let Some(table) = tables.next() {
            told.hierarchies.clone_from(&table.hierarchies);
        }
        let changes = Told {
            table: &told,
            input: of.input,
            encoded: known,
        }
        .changes(&own);
        let Ok(changes) = changes else {
            return Ok(None);
        };
        let (encoded, _) = known.transformed(release, &own.describe(&described), &changes)?;
        Ok(Some(encoded))
    }
}

impl Stages for Unheard<'_> {
    fn load(&self, _: u64, _: usize) {}
    fn measure(&self, _: usize) {}
    fn measured(&self) {}
}

/// Σ n² over the classes, n their persons; those left out are told from nobody: each counts as often as there are
/// persons (R. J. Bayardo, R. Agrawal: Data Privacy through Optimal k-Anonymization. ICDE 2005).
fn discernibility(encoded: &Encoded, left_out: u64) -> Option<f64> {
    let classes = encoded.classes()?;
    let square = |(size, count): (&u64, &u64)| (*size as f64).powi(2) * *count as f64;
    let alike: f64 = classes.classes.iter().map(square).sum();
    let all = encoded.persons()? + left_out;
    Some(alike + left_out as f64 * all as f64)
}

impl Judged {
    fn judge(&mut self, policy: &Policy, today: jiff::civil::Date) {
        let bench = judge::Bench {
            policy,
            not_measured: &self.not_measured,
            applicable: &self.applicable,
            // What is asked of a table is known beforehand.
            tables: &[],
            today,
            baseline: None,
        };
        self.lines = judge(&bench, &mut self.findings).policy.requirements;
    }

    pub fn passes(&self) -> bool {
        self.lines.iter().all(|line| line.outcome != Outcome::Fail)
    }

    /// The statistics that fail.
    pub fn failing(&self) -> Vec<String> {
        let failing = self
            .lines
            .iter()
            .filter(|line| line.outcome == Outcome::Fail);
        let mut names: Vec<String> = failing.map(|line| line.statistic.clone()).collect();
        names.dedup();
        names
    }

    /// How far the worst requirement is from its threshold.
    pub fn risk(&self) -> f64 {
        let risks = self.lines.iter().map(|line| self.risk_of(line));
        risks.fold(0.0, f64::max)
    }

    /// How far a requirement is from its threshold, at the worst of its findings; without bound where something is
    /// not measured. What is waived or accepted is at its threshold at most.
    pub fn risk_of(&self, line: &PolicyLine) -> f64 {
        if line.reason.is_some() {
            return f64::INFINITY;
        }
        let asked = (line.min, line.max);
        let of = |judged: &crate::report::Judged| {
            let risk = far(asked, &self.findings[judged.finding]);
            match judged.outcome {
                Outcome::Fail => risk,
                _ => risk.min(1.0),
            }
        };
        line.judged.iter().map(of).fold(0.0, f64::max)
    }

    /// The finding that meets a requirement worst.
    pub fn worst(&self, line: &PolicyLine) -> Option<&Finding> {
        let asked = (line.min, line.max);
        let findings = line
            .judged
            .iter()
            .map(|judged| &self.findings[judged.finding]);
        let worse = |a: &&Finding, b: &&Finding| far(asked, a).total_cmp(&far(asked, b));
        // Of equals the first.
        findings.rev().max_by(worse)
    }
}

/// A value over what it may be at most, or what it must be at least over the value; 1 is the threshold. Where nothing
/// at all is allowed, 1 and what there is.
fn far((min, max): (Option<f64>, Option<f64>), finding: &Finding) -> f64 {
    let Some((low, high)) = finding.ends() else {
        return f64::INFINITY;
    };
    let over = |max: f64| match max > 0.0 {
        true => high / max,
        false if high > max => 1.0 + (high - max),
        false => 0.0,
    };
    let under = |min: f64| match low > 0.0 {
        true => min / low,
        false if min > low => f64::INFINITY,
        false => 0.0,
    };
    max.map_or(0.0, over).max(min.map_or(0.0, under))
}
