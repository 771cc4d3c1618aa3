//! `reidrisk man`.

use std::path::Path;

use crate::error::{Error, Result};

/// Writes a page a command into `folder`; without one, prints that of the whole program.
///
/// # Errors
/// The folder cannot be written to.
pub fn run(folder: Option<&Path>, command: clap::Command) -> Result<()> {
    let refuse = |error: std::io::Error| Error::data(format!("cannot write the manual: {error}"));
    match folder {
        Some(folder) => clap_mangen::generate_to(command, folder).map_err(refuse),
        None => {
            let mut text = Vec::new();
            let page = clap_mangen::Man::new(command);
            page.render(&mut text).map_err(refuse)?;
            super::print(&String::from_utf8_lossy(&text))
        }
    }
}
