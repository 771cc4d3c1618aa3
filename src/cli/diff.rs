//! `reidrisk diff`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::reports;
use crate::error::Result;
use crate::{compare, render};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Diff {
    /// The report.json of before
    old: PathBuf,
    /// The report.json of now
    new: PathBuf,
    /// How to show it
    #[arg(long, default_value = "terminal")]
    format: Form,
    /// Write nothing but errors; the exit code says the rest
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Terminal,
    Json,
}

const EXAMPLES: &str = "\
A finding rose where it is worse and its interval lies beyond that of before; exact figures rise by any
difference. Which way is worse, the policy says; else the statistic. A new finding that fails is a rise,
and so is one that a policy asked about and that is gone although its table is still there.

Exit codes: 0 nothing rose; 1 something did; 2 a report cannot be read.

Examples:
  reidrisk diff reports/week-11/report.json reports/week-12/report.json
  reidrisk diff old.json new.json --format json | jq '.changed[] | select(.change == \"worse\")'";

pub fn run(arguments: &Diff) -> Result<ExitCode> {
    let (old, new) = (
        reports::read(&arguments.old)?,
        reports::read(&arguments.new)?,
    );
    let difference = compare::difference(&old.report, &new.report);
    let text = match arguments.format {
        Form::Terminal => render::difference(&difference, super::width()),
        Form::Json => {
            let text = serde_json::to_string_pretty(&difference);
            text.expect("it has no map but by name") + "\n"
        }
    };
    if !arguments.quiet {
        super::print(&text)?;
    }
    Ok(ExitCode::from(u8::from(difference.rose)))
}
