//! `reidrisk init`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::error::{Error, Result};
use crate::release::draft;

/// Draft a release.toml from Parquet files
#[derive(Debug, Args)]
pub struct Init {
    /// Parquet files, folders or globs: one table each
    #[arg(required = true, value_name = "DATA")]
    paths: Vec<PathBuf>,
    /// Where the draft goes; - prints it
    #[arg(long, default_value = "release.toml", value_name = "FILE")]
    out: PathBuf,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

/// # Errors
/// The data cannot be opened, the file is there already, or cannot be written.
pub fn run(arguments: &Init) -> Result<()> {
    let Init { paths, out, force } = arguments;
    if out.as_os_str() == "-" {
        return super::print(&draft::text(paths, Path::to_path_buf)?);
    }
    if out.exists() && !force {
        return Err(Error::usage(format!("{} is there already", out.display()))
            .help("choose another with --out, or write over it with --force"));
    }
    let folder = out.parent().unwrap_or(Path::new(""));
    super::write(out, &draft::text(paths, |path| seen_from(path, folder))?)?;
    super::tell(&format!(
        "check each line, then: reidrisk audit {}",
        out.display()
    ));
    Ok(())
}

/// A path as a manifest in a folder names it: relative to it where it lies inside.
fn seen_from(path: &Path, folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() || path.is_absolute() {
        return path.to_path_buf();
    }
    match path.strip_prefix(folder) {
        Ok(inside) => inside.to_path_buf(),
        Err(_) => std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()),
    }
}
