//! `reidrisk schema`.

use clap::ValueEnum;

use crate::schema;

/// What there is a schema of.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Of {
    /// release.toml
    Manifest,
    /// A policy
    Policy,
    /// report.json
    Report,
    /// advice.json
    Advice,
}

/// The schema as text.
pub fn text(of: Of) -> String {
    let schema = match of {
        Of::Manifest => schema::manifest(),
        Of::Policy => schema::policy(),
        Of::Report => schema::report(),
        Of::Advice => schema::advice(),
    };
    format!("{schema:#}\n")
}
