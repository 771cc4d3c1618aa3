//! `reidrisk advise`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering::Relaxed;

use clap::Args;

use crate::advise::{self, Options};
use crate::error::{Error, Result};
use crate::render;

/// Say what must be told more coarsely, or left out, for a release to pass
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Advise {
    /// A release.toml, or Parquet files, folders or globs
    #[arg(required = true, value_name = "RELEASE")]
    paths: Vec<PathBuf>,
    /// strict, ema-0070, exploratory, or a policy file
    #[arg(long, default_value = "strict", value_name = "POLICY")]
    policy: String,
    /// Judge the [[transform]] sections of this file; nothing is searched
    #[arg(long = "try", value_name = "ADVICE.TOML")]
    given: Option<PathBuf>,
    /// Where advice.toml, advice.json and advice.md go [default: nothing is written]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Share of the persons of a table that may be left out at most
    #[arg(long, default_value = "0.05", value_name = "SHARE", value_parser = share)]
    suppress: f64,
    /// Candidates of a table that are judged at most
    #[arg(long, default_value = "2000", value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    budget: u64,
    /// Look at no further candidate after so many seconds: what is found then depends on the machine
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// Search these tables alone
    #[arg(long = "table", value_name = "TABLE", value_delimiter = ',')]
    tables: Vec<String>,
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
    #[arg(long, value_name = "BYTES", value_parser = super::bytes)]
    memory_limit: Option<u64>,
    /// When to show progress on stderr
    #[arg(long, default_value = "auto")]
    progress: super::When,
}

const EXAMPLES: &str = "\
Columns are told in wider bands, by fewer first digits, by months and years, by the levels of a hierarchy that \
the manifest names, or left out; persons in small classes are left out; times and places of traces are told \
more coarsely, pseudonyms change; small counts are left out and times of counts summed. Each candidate is \
judged by the measures that the policy asks for, as an audit of the transformed files would. No data are \
changed.

Exit codes: 0 the release passes, as it is or transformed; 1 something fails that no transformation found \
changes; 2 the command line, manifest or policy is wrong; 3 data could not be read or a file not written.

Examples:
  reidrisk advise release.toml
  reidrisk advise release.toml --policy gate.toml --suppress 0.01 --out advice
  reidrisk advise release.toml --try advice/advice.toml";

pub fn run(arguments: &Advise) -> Result<ExitCode> {
    super::start_threads(arguments.threads)?;
    let options = Options {
        paths: arguments.paths.clone(),
        policy: arguments.policy.clone(),
        seed: arguments.seed,
        suppress: arguments.suppress,
        budget: arguments.budget,
        seconds: arguments.seconds,
        tables: arguments.tables.clone(),
        given: arguments.given.clone(),
        memory_limit: arguments.memory_limit,
    };
    let bars = super::bars(arguments.progress, arguments.quiet);
    let advice = advise::advise(&options, &bars);
    bars.clear();
    let (advice, transformations) = advice?;
    if super::CANCELLED.load(Relaxed) {
        return Err(Error::interrupted());
    }
    if !arguments.quiet {
        super::print(&render::advised(&advice, super::width()))?;
    }
    if let Some(folder) = &arguments.out {
        write(folder, &advice, &transformations, arguments.quiet)?;
    }
    Ok(ExitCode::from(u8::from(!advice.passes())))
}

fn write(
    folder: &Path,
    advice: &crate::report::advice::Advice,
    transformations: &[crate::release::Transformation],
    quiet: bool,
) -> Result<()> {
    let json = serde_json::to_string_pretty(advice);
    let files = [
        ("advice.toml", advise::fragment(advice, transformations)),
        (
            "advice.json",
            json.expect("it has no map but by name") + "\n",
        ),
        ("advice.md", render::advised_markdown(advice)),
    ];
    for path in render::write_whole(&files, folder)? {
        if !quiet {
            super::tell(&format!("wrote {}", path.display()));
        }
    }
    Ok(())
}

/// A share from 0 to 1, 1 left out: somebody must be left.
fn share(text: &str) -> std::result::Result<f64, String> {
    let share = text.parse::<f64>().ok();
    let valid = share.filter(|share| (0.0..1.0).contains(share));
    valid.ok_or_else(|| "write a share such as 0.05: at least 0, less than 1".to_owned())
}
