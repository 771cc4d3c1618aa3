//! The command line: arguments in, exit code out. Machine output goes to files or stdout, messages
//! and progress to stderr.

mod advise;
mod attest;
mod bars;
mod completions;
mod diff;
mod explain;
mod init;
mod man;
mod methodology;
mod reports;
mod schema;
mod verify;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::audit::{self, Options};
use crate::error::{Error, Result};
use crate::language::Language;
use crate::printable::{printable, printable_output};
use crate::render::{self, Format};
use crate::report::{Report, Verdict};
use bars::Bars;

/// Audits a data release for re-identification risk before it is published.
///
/// Mounts the attacks an adversary would, judges the findings by a policy and writes a report.
/// Exit codes: 0 the policy passes; 1 it fails; 2 the command line, manifest or policy is wrong;
/// 3 data could not be read or a report not written; 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "reidrisk", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  reidrisk audit release.toml                  judge a release by the policy strict
  reidrisk audit --policy gate.toml release.toml
  reidrisk audit customers.parquet             without a manifest: roles are drafted
  reidrisk init data/*.parquet                 a first release.toml, to be checked
  reidrisk explain unicity                     what a measure means, and its sources
  reidrisk audit --lang de release.toml        the reports in German
  reidrisk audit --format json --out - release.toml | jq .verdict
  reidrisk audit --baseline reports/last/report.json release.toml
  reidrisk advise release.toml                 what must change for it to pass?
  reidrisk verify report.json                  the same files, the same findings?
  reidrisk diff old/report.json new/report.json

Environment:
  NO_COLOR             set to anything: no colours on the terminal
  RAYON_NUM_THREADS    threads, where --threads is not given
  GITHUB_STEP_SUMMARY  file to which a summary in Markdown is added, where --summary is not given";

#[derive(Debug, Subcommand)]
enum Command {
    /// Audit a release and judge it by a policy
    Audit(Audit),
    /// Say what must be told more coarsely, or left out, for a release to pass its policy
    Advise(advise::Advise),
    /// Draft a release.toml: kinds of tables and roles of columns, each with its reason
    Init(init::Init),
    /// Explain a measure: definition, formula, assumptions, limits, sources
    Explain {
        /// Such as k-anonymity; without one, all measures are listed
        measure: Option<String>,
        /// Print the whole methodology as Markdown: every measure, every id of a finding
        #[arg(long, conflicts_with = "measure")]
        all: bool,
        /// Language; sources are in their own
        #[arg(long, default_value = "en", value_name = "LANGUAGE")]
        lang: Lang,
    },
    /// Compare two reports: what rose, fell, appeared, vanished
    Diff(diff::Diff),
    /// Repeat the audit of a report, or hold published files against an attestation
    Verify(verify::Verify),
    /// Sign the verdict of a report and the digests of its files
    Attest(attest::Attest),
    /// Print the JSON Schema of what is read or written
    Schema {
        /// Of what
        of: schema::Of,
    },
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages into a folder; without one, print the first
    Man {
        /// The folder, which must be there
        folder: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
struct Audit {
    /// A release.toml, or Parquet files, folders or globs
    #[arg(required = true, value_name = "RELEASE")]
    paths: Vec<PathBuf>,
    /// strict, ema-0070, exploratory, or a policy file
    #[arg(long, default_value = "strict", value_name = "POLICY")]
    policy: String,
    /// Where the reports go; - writes the one report of --format to stdout [default: reports/<name of the release>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Which reports
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "terminal,json,html,markdown"
    )]
    format: Vec<Shown>,
    /// Language of what people read: HTML, Markdown, terminal, summary. JSON, SARIF, JUnit and errors are English
    #[arg(long, default_value = "en", value_name = "LANGUAGE")]
    lang: Lang,
    /// A file to which a summary in Markdown is added, that of a CI job [default: what GITHUB_STEP_SUMMARY names]
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
    /// A report.json of the same release and policy: what fails and is no worse than in it does not fail the gate
    #[arg(long, value_name = "REPORT")]
    baseline: Option<PathBuf>,
    /// The SHA-256 of that report, as it was approved
    #[arg(long, value_name = "HEX", requires = "baseline")]
    baseline_sha256: Option<String>,
    /// An attestation of that report, instead of its digest
    #[arg(
        long,
        value_name = "FILE",
        requires = "baseline",
        requires = "baseline_key"
    )]
    baseline_attestation: Option<PathBuf>,
    /// The public key in PEM that must have signed it
    #[arg(long, value_name = "PUB.PEM", requires = "baseline_attestation")]
    baseline_key: Option<PathBuf>,
    /// Also write attestation.json, signed with this private Ed25519 key (PKCS#8 in PEM)
    #[arg(long, value_name = "KEY.PEM")]
    attest: Option<PathBuf>,
    /// Tell which lines of the policy decided, and why
    #[arg(long)]
    explain_verdict: bool,
    /// Write nothing to the terminal but errors
    #[arg(long, short)]
    quiet: bool,
    /// Seed of the sampled measures, instead of the manifest's
    #[arg(long)]
    seed: Option<u64>,
    /// Threads [default: one a processor]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Refuse if the rows to keep need more: 512M, 8G
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    memory_limit: Option<u64>,
    /// When to show progress on stderr
    #[arg(long, default_value = "auto")]
    progress: When,
    /// Run only these measures; the others count as not measured
    #[arg(long, value_name = "MEASURE", value_delimiter = ',')]
    only: Vec<String>,
    /// Leave these measures out; they count as not measured
    #[arg(long, value_name = "MEASURE", value_delimiter = ',')]
    skip: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shown {
    Terminal,
    Json,
    Html,
    Markdown,
    Sarif,
    Junit,
}

impl Shown {
    fn file(self) -> Option<Format> {
        match self {
            Self::Terminal => None,
            Self::Json => Some(Format::Json),
            Self::Html => Some(Format::Html),
            Self::Markdown => Some(Format::Markdown),
            Self::Sarif => Some(Format::Sarif),
            Self::Junit => Some(Format::Junit),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// English
    En,
    /// German
    De,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::English,
            Lang::De => Self::German,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

/// Set by Ctrl-C; long work looks at it and stops.
static CANCELLED: AtomicBool = AtomicBool::new(false);
/// Set while a reader is waited for, who may never come.
static BLOCKED: AtomicBool = AtomicBool::new(false);
/// How long work that was told to stop may take to do so.
const GRACE: Duration = Duration::from_secs(5);

pub fn main() -> ExitCode {
    // A panic is told as an error of ours, not as a trace of the stack.
    std::panic::set_hook(Box::new(|_| {}));
    // Without a handler Ctrl-C still ends the process, as it does anywhere.
    let _ = ctrlc::set_handler(|| {
        if CANCELLED.swap(true, Relaxed) || BLOCKED.load(Relaxed) {
            std::process::exit(130);
        }
        // What waits for a pipe or a disk does not look at the flag.
        std::thread::spawn(|| {
            std::thread::sleep(GRACE);
            std::process::exit(130);
        });
    });
    let cli = Cli::parse();
    match std::panic::catch_unwind(|| run(&cli)) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => fail(error),
        Err(_) => fail(
            Error::data("reidrisk itself failed; nothing was judged")
                .help("this is a defect: please report it with the command you ran"),
        ),
    }
}

fn run(cli: &Cli) -> Result<ExitCode> {
    match &cli.command {
        Command::Audit(arguments) => audit(arguments),
        Command::Advise(arguments) => advise::run(arguments),
        Command::Explain { measure, all, lang } => {
            print(&match all {
                true => methodology::methodology((*lang).into()),
                false => explain::explain(measure.as_deref(), (*lang).into())?,
            })?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Init(arguments) => init::run(arguments).map(|()| ExitCode::SUCCESS),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Attest(arguments) => attest::run(arguments).map(|()| ExitCode::SUCCESS),
        Command::Schema { of } => print(&schema::text(*of)).map(|()| ExitCode::SUCCESS),
        Command::Completions { shell } => {
            let text = completions::completions(*shell, Cli::command());
            print(&text).map(|()| ExitCode::SUCCESS)
        }
        Command::Man { folder } => {
            man::run(folder.as_deref(), Cli::command()).map(|()| ExitCode::SUCCESS)
        }
    }
}

/// More threads than any machine has use for: each takes memory of its own.
const MOST_THREADS: u16 = 1_024;

fn start_threads(threads: Option<u16>) -> Result<()> {
    let given = std::env::var("RAYON_NUM_THREADS").ok();
    let given = given.and_then(|text| text.trim().parse::<u64>().ok());
    let wanted = threads.map(u64::from).or(given).unwrap_or(0);
    if wanted > MOST_THREADS.into() {
        let what = match threads {
            Some(_) => "--threads",
            None => "RAYON_NUM_THREADS",
        };
        let message = format!("{what} is {wanted}; it is at most {MOST_THREADS}");
        return Err(Error::usage(message).help("leave it out for one thread a processor"));
    }
    let Some(threads) = threads else {
        return Ok(());
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.into())
        .build_global()
        .map_err(|error| Error::usage(format!("cannot start {threads} threads: {error}")))
}

fn audit(arguments: &Audit) -> Result<ExitCode> {
    start_threads(arguments.threads)?;
    let to_stdout = to_stdout(arguments)?;
    let key = arguments.attest.as_deref().map(attest::key).transpose()?;
    let attestation = arguments.baseline_attestation.as_deref();
    let voucher = reports::Voucher {
        sha256: arguments.baseline_sha256.as_deref(),
        attestation: attestation.zip(arguments.baseline_key.as_deref()),
    };
    let options = Options {
        paths: arguments.paths.clone(),
        policy: arguments.policy.clone(),
        seed: arguments.seed,
        only: arguments.only.clone(),
        skip: arguments.skip.clone(),
        memory_limit: arguments.memory_limit,
        baseline: match &arguments.baseline {
            Some(path) => Some(reports::vouched(path, &voucher)?),
            None => None,
        },
        own: own(arguments),
        ..Options::default()
    };
    let set_aside = retire(arguments)?;
    let bars = bars(arguments.progress, arguments.quiet);
    let report = audit::audit(&options, &bars);
    bars.clear();
    let report = report.inspect_err(|_| {
        for folder in &set_aside {
            let aside = folder.join("previous");
            let aside = aside.to_string_lossy();
            tell(&format!("the older reports are in {}", printable(&aside)));
        }
    })?;
    if CANCELLED.load(Relaxed) {
        return Err(Error::interrupted());
    }
    match to_stdout {
        Some(format) => print(&format.render(&report, arguments.lang.into()))?,
        None => show(arguments, &report, key.as_ref())?,
    }
    let of_job = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    if let Some(path) = arguments.summary.clone().or(of_job.map(PathBuf::from)) {
        render::append(&path, &render::summary(&report, arguments.lang.into()))?;
    }
    Ok(match report.verdict {
        Verdict::Pass => ExitCode::SUCCESS,
        Verdict::Fail => ExitCode::from(1),
    })
}

/// The files that the command names or may have written before: none of them is a part of the release.
fn own(arguments: &Audit) -> Vec<PathBuf> {
    let reports = Path::new("reports");
    let folders = std::fs::read_dir(reports).into_iter().flatten().flatten();
    let folders = folders
        .map(|entry| entry.path())
        .chain(arguments.out.clone());
    let mut own: Vec<PathBuf> = folders.flat_map(|folder| reports::files(&folder)).collect();
    let named = [&arguments.baseline, &arguments.attest, &arguments.summary];
    own.extend(named.into_iter().flatten().cloned());
    own
}

/// The format that `--out -` asks for.
///
/// # Errors
/// There is not exactly one that can be written to stdout.
fn to_stdout(arguments: &Audit) -> Result<Option<Format>> {
    if arguments.out.as_deref() != Some(Path::new("-")) {
        return Ok(None);
    }
    let format = match arguments.format[..] {
        [shown] => shown.file(),
        _ => None,
    };
    if arguments.explain_verdict || arguments.attest.is_some() {
        let message = "--out - writes a report alone, without --explain-verdict and --attest";
        return Err(Error::usage(message));
    }
    let wrong = || Error::usage("--out - writes one report to stdout: name its format");
    let help = "such as --format json --out -; the formats are json, html, markdown, sarif, junit";
    format.ok_or_else(|| wrong().help(help)).map(Some)
}

/// The report on the terminal, and the files.
fn show(arguments: &Audit, report: &Report, key: Option<&ed25519_dalek::SigningKey>) -> Result<()> {
    let language = arguments.lang.into();
    if arguments.format.contains(&Shown::Terminal) && !arguments.quiet {
        print(&render::terminal(report, language, width(), colour()))?;
    }
    if arguments.explain_verdict && !arguments.quiet {
        print(&format!(
            "\n{}",
            render::explain_verdict(report, language, width())
        ))?;
    }
    let formats = arguments.format.iter();
    let formats: Vec<Format> = formats.filter_map(|shown| shown.file()).collect();
    if formats.is_empty() && key.is_none() {
        return Ok(());
    }
    let folder = match &arguments.out {
        Some(folder) => folder.clone(),
        None => of_release(&report.release.name),
    };
    let mut files = render::files(report, &formats, language);
    if let Some(key) = key {
        files.extend(attest::attest(report, key));
    }
    for path in render::publish(&files, &folder)? {
        if !arguments.quiet {
            tell(&format!("wrote {}", printable(&path.to_string_lossy())));
        }
    }
    Ok(())
}

/// Sets aside the reports of earlier runs that this one replaces, before anything can go wrong: a run that fails must
/// leave none that looks current. Where the folder goes by the name of the release, which may have changed, they are
/// those that were made of the same files. The folders they were in.
fn retire(arguments: &Audit) -> Result<Vec<PathBuf>> {
    let writes =
        arguments.attest.is_some() || arguments.format.iter().any(|shown| shown.file().is_some());
    let folders = match &arguments.out {
        _ if !writes => Vec::new(),
        Some(folder) if folder == Path::new("-") => Vec::new(),
        Some(folder) => vec![folder.clone()],
        None => {
            let named = arguments.paths.iter();
            let named: Vec<String> = named
                .map(|path| path.to_string_lossy().into_owned())
                .collect();
            let entries = std::fs::read_dir(REPORTS).into_iter().flatten().flatten();
            let is_same = |folder: &PathBuf| {
                let known = reports::read(&folder.join("report.json"));
                known.is_ok_and(|known| known.report.run.paths == named)
            };
            entries.map(|entry| entry.path()).filter(is_same).collect()
        }
    };
    let out = arguments.out.as_deref().unwrap_or(Path::new(REPORTS));
    if writes && out != Path::new("-") {
        render::is_writable(out)?;
    }
    let mut set_aside = Vec::new();
    for folder in folders {
        if render::retire(&folder)? {
            set_aside.push(folder);
        }
    }
    Ok(set_aside)
}

/// Where reports go by themselves.
const REPORTS: &str = "reports";

/// The folder for the reports of a release. Where another release has it, and for names that cannot be told in plain
/// letters, the digest of the name follows: no two releases share one.
fn of_release(name: &str) -> PathBuf {
    let slug = slug(name);
    let digest = crate::release::digest::of_text(name);
    let unique = format!("{slug}-{}", digest.get(..8).unwrap_or_default());
    let folder = |name: &str| Path::new(REPORTS).join(name);
    let is_taken = || {
        let known = reports::read(&folder(&slug).join("report.json"));
        known.is_ok_and(|known| known.report.release.name != name)
    };
    match name.is_ascii() && slug != NAMELESS && !is_taken() {
        true => folder(&slug),
        false => folder(&unique),
    }
}

/// Progress on stderr.
fn bars(when: When, quiet: bool) -> Bars {
    let visible = match when {
        When::Auto => std::io::stderr().is_terminal(),
        When::Always => true,
        When::Never => false,
    };
    Bars::new(visible && !quiet, &CANCELLED)
}

/// A name of which no plain letter is left.
const NAMELESS: &str = "release";

/// A release's name as the name of a folder.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    match slug.get(..slug.len().min(60)) {
        None | Some("") => NAMELESS.to_owned(),
        Some(slug) => slug.to_owned(),
    }
}

/// Tells the user something beside the output. Where nobody can be told, the work is done all the same.
fn tell(text: &str) {
    let line = format!("{}\n", printable_output(text, true));
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Writes to stdout. A reader that has gone away (`| head`) wants no more.
fn print(text: &str) -> Result<()> {
    let text = printable_output(text, colour());
    let mut out = std::io::stdout();
    BLOCKED.store(true, Relaxed);
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    BLOCKED.store(false, Relaxed);
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::data(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Writes a file whole, or not at all.
fn write(path: &Path, text: &str) -> Result<()> {
    let folder = match path.parent() {
        None => Path::new("."),
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
    };
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Error::usage("--out names a file, or - for stdout"))?;
    for path in render::write_whole(&[(name, text.to_owned())], folder)? {
        tell(&format!("wrote {}", printable(&path.to_string_lossy())));
    }
    Ok(())
}

/// The terminal's width; 80 where there is none.
fn width() -> u16 {
    let columns = comfy_table::Table::new().width();
    columns
        .filter(|_| std::io::stdout().is_terminal())
        .unwrap_or(80)
        .clamp(60, 140)
}

fn colour() -> bool {
    std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// `512M`, `8G`, or plain bytes.
fn bytes(text: &str) -> std::result::Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor: u64 = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "t" | "tib" => 1 << 40,
        _ => return Err("write a number with K, M, G or T".to_owned()),
    };
    let count = digits
        .parse::<u64>()
        .ok()
        .and_then(|count| count.checked_mul(factor));
    count.ok_or_else(|| "write a number with K, M, G or T".to_owned())
}

fn fail(error: Error) -> ExitCode {
    let code = error.exit_code();
    let fancy = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let theme = match fancy {
        true => miette::GraphicalTheme::unicode(),
        false => miette::GraphicalTheme::unicode_nocolor(),
    };
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(80);
    let mut text = String::new();
    if handler.render_report(&mut text, &error).is_err() {
        text = error.to_string();
    }
    tell(text.trim_end());
    ExitCode::from(code)
}
