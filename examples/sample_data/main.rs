//! Writes the sample data: an invented mobile operator's data, released once
//! carelessly (`naive/`) and once carefully (`coarsened/`).
//!
//! ```sh
//! cargo run --release --example sample_data [-- OUT_DIR]
//! ```

use std::path::PathBuf;
use std::process::ExitCode;

mod generator;

fn main() -> ExitCode {
    let out = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("sample-data"), PathBuf::from);
    match generator::generate(&out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot write {}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}
