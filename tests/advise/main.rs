//! What `advise` says of a transformed table is what `audit` says of the transformed files; what it finds is the
//! cheapest there is.

#[path = "../shared/parquet.rs"]
mod parquet_file;

mod cheapest;
mod command;
mod samples;
mod transformed;

use std::path::Path;

use reidrisk::advise::{Options, advise};
use reidrisk::audit::{self, audit};
use reidrisk::finding::Finding;
use reidrisk::report::Report;
use reidrisk::report::advice::{Advice, Advised};

/// The advice on a manifest in a folder by a policy there, with a transformation to try where one is given.
fn advised(folder: &Path, given: Option<&str>) -> Advice {
    let given = given.map(|text| {
        let path = folder.join("given.toml");
        std::fs::write(&path, text).unwrap();
        path
    });
    let options = Options {
        paths: vec![folder.join("release.toml")],
        policy: folder.join("policy.toml").display().to_string(),
        given,
        ..Options::default()
    };
    advise(&options, &()).unwrap().0
}

fn audited(manifest: &Path, policy: &Path) -> Report {
    let options = audit::Options {
        paths: vec![manifest.to_owned()],
        policy: policy.display().to_string(),
        ..audit::Options::default()
    };
    audit(&options, &()).unwrap()
}

fn table<'a>(advice: &'a Advice, name: &str) -> &'a Advised {
    advice
        .tables
        .iter()
        .find(|table| table.table == name)
        .unwrap()
}

/// Each statistic that advice shows of a table after it is transformed is a finding of the report of the transformed
/// files. How many there are.
#[track_caller]
fn same(advised: &Advised, report: &Report) -> usize {
    let mut compared = 0;
    for asked in &advised.requirements {
        let Some(said) = &asked.after.finding else {
            continue;
        };
        let is = |finding: &&Finding| finding.key() == said.key();
        let found = report.findings.iter().find(is);
        let found = found.unwrap_or_else(|| panic!("no {} {:?}", said.key(), said.parameters));
        let value = |finding: &Finding| {
            (
                finding.value,
                finding.numerator,
                finding.denominator,
                finding.interval,
            )
        };
        assert_eq!(value(said), value(found), "{}", said.key());
        compared += 1;
    }
    compared
}

/// A policy that asks all of these statistics, each for something no release has.
fn asks(statistics: &[&str]) -> String {
    let mut text = String::new();
    for statistic in statistics {
        let (statistic, told) = statistic.split_once(' ').unwrap_or((statistic, ""));
        text += &format!("[[require]]\nstatistic = \"{statistic}\"\n{told}\nmin = 1e12\n\n");
    }
    text
}

/// The least persons of whom a published whole number may be, each counted 2.8 times; where no whole number of them
/// gives it, as with sums, those nearest below.
fn least_persons(published: f64) -> f64 {
    let (least, most) = (
        ((published - 0.5) / 2.8).ceil().max(0.0),
        ((published + 0.5) / 2.8).floor(),
    );
    match least <= most {
        true => least,
        false => (published / 2.8).floor(),
    }
}
