//! `reidrisk` audits a data release for re-identification risk before it is published.
//!
//! Data flows one way: [`release`] (what, roles) → [`encode`] (integers and shared reductions) →
//! [`measure`] (findings, by [`link`] where persons are found again) → [`judge`] (verdict) → [`render`] (reports). [`audit`] runs the whole
//! way, [`cli`] is its command line. A floor imports only from the floors below it.

#![forbid(unsafe_code)]

pub mod digest;
pub mod error;
pub mod finding;
pub mod identifier;
pub mod language;
pub mod printable;
pub mod settings;
pub mod stats;

pub mod progress;
pub mod release;

pub mod encode;

pub mod link;

pub mod measure;

pub mod attest;
pub mod compare;
pub mod judge;
pub mod report;
pub mod schema;

pub mod render;

pub mod advise;
pub mod audit;
pub mod cli;
pub mod verify;
