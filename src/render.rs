//! Reports for people and machines. Renderers see a [`Report`], or two of them compared, and nothing else.

mod advice;
mod advised;
mod difference;
mod foremost;
mod html;
mod json;
mod junit;
mod markdown;
mod number;
mod output;
mod plot;
mod sarif;
mod summary;
mod terminal;
mod unmeasured;
mod verdict;

#[cfg(test)]
mod fixture;

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::finding::{Finding, Outcome, Parameters};
use crate::language::Language;
use crate::printable::{printable, printable_lines};
use crate::report::{COVERAGE, PolicyLine, Report, Verdict, Waiver};
use crate::say;

pub use advised::{advised, advised_markdown};
pub use difference::difference;
pub use output::{is_writable, publish, retire};
pub use summary::summary;
pub use terminal::terminal;
pub use verdict::explain_verdict;

/// A form of the report that is written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Html,
    Markdown,
    Sarif,
    Junit,
}

impl Format {
    pub const ALL: [Self; 5] = [
        Self::Json,
        Self::Html,
        Self::Markdown,
        Self::Sarif,
        Self::Junit,
    ];

    pub fn file_name(self) -> &'static str {
        match self {
            Self::Json => "report.json",
            Self::Html => "report.html",
            Self::Markdown => "report.md",
            Self::Sarif => "report.sarif",
            Self::Junit => "junit.xml",
        }
    }

    /// The report in this form; `language` is that of the forms for people.
    pub fn render(self, report: &Report, language: Language) -> String {
        // Whatever name came where: nothing that is hidden gets into a file.
        let shown = |text: String| printable_lines(&text).into_owned();
        match self {
            Self::Json => json::json(report),
            Self::Html => shown(html::html(report, language)),
            Self::Markdown => shown(markdown::markdown(report, language)),
            Self::Sarif => sarif::sarif(report),
            Self::Junit => junit::junit(report),
        }
    }
}

/// The files of a report in all `formats`, by name; `language` is that of the forms for people.
pub fn files(
    report: &Report,
    formats: &[Format],
    language: Language,
) -> Vec<(&'static str, String)> {
    let file = |format: &Format| (format.file_name(), format.render(report, language));
    formats.iter().map(file).collect()
}

/// Writes files of these names and texts into `folder`, which is made if it is not there. Every file is first written
/// whole beside its place and then renamed, so that none is ever seen half-written.
///
/// # Errors
/// The folder cannot be written to, or the disk is full; nothing has changed then.
pub fn write_whole(files: &[(&str, String)], folder: &Path) -> Result<Vec<PathBuf>> {
    let refuse = |error: std::io::Error| output::refused(folder, &error);
    std::fs::create_dir_all(folder).map_err(refuse)?;
    let mut written = Vec::new();
    for (name, text) in files {
        let mut file = tempfile::Builder::new()
            .prefix(output::UNFINISHED)
            .tempfile_in(folder)
            .map_err(refuse)?;
        file.write_all(text.as_bytes()).map_err(refuse)?;
        readable(file.as_file()).map_err(refuse)?;
        file.as_file().sync_all().map_err(refuse)?;
        written.push((file, folder.join(name)));
    }
    let mut paths = Vec::new();
    for (file, path) in written {
        file.persist(&path).map_err(|error| refuse(error.error))?;
        paths.push(path);
    }
    Ok(paths)
}

/// Adds a text to the end of a file, which is made if it is not there.
///
/// # Errors
/// The file cannot be written to.
pub fn append(path: &Path, text: &str) -> Result<()> {
    let file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        Error::data(format!("cannot write to {}: {error}", path.display()))
            .help("choose another file with --summary")
    })
}

/// A temporary file belongs to its owner alone; a report is as readable as any new file.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// The title of a finding's statistic.
fn title(finding: &Finding, language: Language) -> String {
    crate::measure::statistic(finding)
        .map_or_else(|| finding.id(), |known| known.title(language).to_owned())
}

/// What a finding means, in a sentence.
fn meaning(finding: &Finding, language: Language) -> String {
    let meaning = crate::measure::statistic(finding)
        .map_or(String::new(), |known| known.meaning(finding, language));
    let Some(columns) = particular(finding, language).filter(|_| !meaning.is_empty()) else {
        return meaning;
    };
    match finding.columns.len() {
        1 => say!(
            language,
            "{meaning} Column: {columns}.",
            "{meaning} Spalte: {columns}."
        ),
        _ => say!(
            language,
            "{meaning} Columns: {columns}.",
            "{meaning} Spalten: {columns}."
        ),
    }
}

/// The title of a finding, with the columns it is about.
fn named(finding: &Finding, language: Language) -> String {
    let title = title(finding, language);
    match particular(finding, language) {
        Some(columns) => format!("{title}: {}", columns.replace('`', "")),
        None => title,
    }
}

/// The measures whose findings are each about columns of their own.
const ABOUT_COLUMNS: [&str; 4] = [
    "direct-identifiers",
    "undeclared-columns",
    "reversible-pseudonyms",
    "file-leaks",
];

/// The columns that a finding is about, the first few by name; `None` where its measure speaks of the table.
fn particular(finding: &Finding, language: Language) -> Option<String> {
    const NAMED: usize = 5;
    let of_columns =
        ABOUT_COLUMNS.contains(&finding.measure.as_str()) || finding.statistic == "smallest_size";
    let columns = finding.columns.iter();
    let mut named: Vec<String> = columns
        .map(|column| format!("`{}`", printable(column)))
        .collect();
    if !of_columns || named.is_empty() {
        return None;
    }
    if named.len() > NAMED {
        let more = named.len() - NAMED + 1;
        named.truncate(NAMED - 1);
        named.push(say!(language, "{more} more", "{more} weitere"));
    }
    Some(named.join(", "))
}

/// What tells a finding from its siblings, as one would say it: `4 points`, `k = 5`. The definition of
/// the point is left to the annex, and a method that is the usual one goes without saying.
fn parameters(parameters: &Parameters, language: Language) -> String {
    let told = parameters.iter().filter_map(|(name, value)| {
        let plain = value.to_string();
        let value = value.in_language(language);
        match (name.as_str(), plain.as_str()) {
            ("time" | "place" | "item" | "amount", _) => None,
            ("kind", "any") | ("method", "sampled") => None,
            ("method", _) => Some(value),
            ("points", "1") => Some(language.pick("1 point", "1 Punkt").to_owned()),
            ("points", _) => Some(say!(language, "{value} points", "{value} Punkte")),
            ("sensitive" | "distance" | "estimator", _) => Some(value),
            // What undeclared columns are joined with.
            ("with", "declared") => Some(
                language
                    .pick("with the declared ones", "mit den deklarierten")
                    .to_owned(),
            ),
            ("with", "all") => Some(
                language
                    .pick("all, with the declared ones", "alle, mit den deklarierten")
                    .to_owned(),
            ),
            ("with", "alone") => Some(language.pick("alone", "allein").to_owned()),
            ("with", "together") => Some(language.pick("together", "zusammen").to_owned()),
            ("with", "matched") => Some(
                language
                    .pick(
                        "where unequal records match",
                        "wo ungleiche Datensätze passen",
                    )
                    .to_owned(),
            ),
            ("with", "subject") => Some(
                language
                    .pick("as the pseudonym", "als Pseudonym")
                    .to_owned(),
            ),
            ("auxiliary", _) => Some(say!(language, "against {value}", "gegenüber {value}")),
            _ => Some(format!("{name} = {value}")),
        }
    });
    told.collect::<Vec<_>>().join(", ")
}

/// The verdict in a sentence, and how many published columns it rests on.
fn sentence(report: &Report, language: Language) -> String {
    match examined(report, language) {
        Some(examined) => format!("{} {examined}", decision(report, language)),
        None => decision(report, language),
    }
}

/// How many published columns were examined and how; `None` where that was not measured.
fn examined(report: &Report, language: Language) -> Option<String> {
    let sum = |statistic: &str| -> Option<f64> {
        let findings = report.findings.iter();
        let of = findings.filter(|finding| {
            finding.measure == "undeclared-columns" && finding.statistic == statistic
        });
        let values: Vec<f64> = of
            .filter_map(|finding| Some(finding.value?.as_f64()))
            .collect();
        (!values.is_empty()).then(|| values.iter().sum())
    };
    let columns = sum("examined")?;
    let undecoded = sum("undecoded").unwrap_or(0.0);
    let grouped = |count: f64| language.grouped(count as u64);
    let scanned = match undecoded > 0.0 {
        false => say!(
            language,
            "All {} published columns were decoded and scanned",
            "Alle {} veröffentlichten Spalten wurden dekodiert und durchsucht",
            grouped(columns)
        ),
        true => say!(
            language,
            "{} of {} published columns were decoded and scanned, the others cannot be decoded",
            "{} von {} veröffentlichten Spalten wurden dekodiert und durchsucht, die übrigen lassen sich nicht \
             dekodieren",
            grouped(columns),
            grouped(columns + undecoded)
        ),
    };
    let with_role = |role: &str| -> usize {
        let tables = report.release.tables.iter();
        let roles = tables.flat_map(|table| &table.roles);
        let roles = roles.filter(|known| known.role == role);
        roles.map(|known| known.columns.len()).sum()
    };
    let harmless = sum("harmless").unwrap_or(0.0) as usize;
    let described = [
        (with_role("ignore"), ["ignored", "ignoriert"]),
        (with_role("sensitive"), ["sensitive", "sensibel"]),
        (with_role("weight"), ["weights", "Gewichte"]),
        (harmless, ["harmless", "unbedenklich"]),
    ];
    let described = described.into_iter().filter(|(count, _)| *count > 0);
    let described: Vec<String> = described
        .map(|(count, what)| {
            format!(
                "{} {}",
                grouped(count as f64),
                language.pick(what[0], what[1])
            )
        })
        .collect();
    let described = match described.is_empty() {
        true => String::new(),
        false => say!(
            language,
            " The manifest declares: {}.",
            " Das Manifest deklariert: {}.",
            described.join(", ")
        ),
    };
    let nobodys: u64 = report
        .release
        .tables
        .iter()
        .map(|table| table.rows_without_subject)
        .sum();
    let nobodys = match nobodys {
        0 => String::new(),
        rows => say!(
            language,
            " {} rows name no subject.",
            " {} Zeilen nennen kein Subjekt.",
            grouped(rows as f64)
        ),
    };
    Some(format!("{scanned}.{described}{nobodys}"))
}

/// The verdict in one sentence.
fn decision(report: &Report, language: Language) -> String {
    let count = |outcome| {
        let lines = report.policy.requirements.iter();
        lines.filter(|line| line.outcome == outcome).count()
    };
    let asked = report.policy.requirements.len() - count(Outcome::NotApplicable);
    let policy = &report.policy.name;
    match report.verdict {
        Verdict::Fail => say!(
            language,
            "This release must not be published under the policy “{}”: {} of {} requirements fail.",
            "Nach der Richtlinie „{}“ dürfen diese Daten nicht veröffentlicht werden: {} von {} Anforderungen sind \
             nicht erfüllt.",
            policy,
            count(Outcome::Fail),
            asked
        ),
        Verdict::Pass => {
            let waived = match count(Outcome::Waived) {
                0 => String::new(),
                some => say!(
                    language,
                    ", {} of them by a waiver",
                    ", {} davon durch eine Ausnahme",
                    some
                ),
            };
            let known = match count(Outcome::Baseline) {
                0 => String::new(),
                some => say!(
                    language,
                    ", {} of them only because nothing is worse than in the baseline",
                    ", {} davon nur, weil nichts schlechter ist als im Ausgangsstand",
                    some
                ),
            };
            say!(
                language,
                "This release meets the policy “{}”: all {} requirements that apply are met{waived}{known}.",
                "Diese Veröffentlichung erfüllt die Richtlinie „{}“: alle {} anwendbaren Anforderungen sind \
                 erfüllt{waived}{known}.",
                policy,
                asked
            )
        }
    }
}

/// What the baseline was, for the first screen: what it accepts is not met.
fn baseline(report: &Report, language: Language) -> Option<String> {
    let known = report.policy.baseline.as_ref()?;
    let when = language.moment(&known.started);
    let verdict = match known.verdict {
        Verdict::Pass => language.pick("passed", "bestanden"),
        Verdict::Fail => language.pick("failed", "nicht bestanden"),
    };
    Some(say!(
        language,
        "The baseline is a report that {verdict} on {when}: what fails is accepted where it is no worse than there.",
        "Der Ausgangsstand ist ein Bericht vom {when} mit dem Ergebnis „{verdict}“: was nicht erfüllt ist, wird zugelassen, wo es nicht schlechter ist als dort."
    ))
}

/// `k-anonymity.k ≥ 11`.
fn line(line: &PolicyLine, language: Language) -> String {
    if line.statistic == COVERAGE {
        let asked = language.pick(
            "something is asked of every table",
            "zu jeder Tabelle wird etwas gefordert",
        );
        return asked.to_owned();
    }
    let mut text = line.statistic.clone();
    let told = asked_of(&line.parameters, &line.columns, language);
    if !told.is_empty() {
        text += &format!(" ({told})");
    }
    let threshold = number::threshold(line.min, line.max, None, language);
    format!("{text} {threshold}")
}

/// What a line of a policy says of the findings it is about.
fn asked_of(wanted: &Parameters, columns: &[String], language: Language) -> String {
    let told = parameters(wanted, language);
    let columns = match columns.is_empty() {
        true => None,
        false => Some(say!(
            language,
            "columns {}",
            "Spalten {}",
            columns.join(", ")
        )),
    };
    let told = Some(told).filter(|told| !told.is_empty());
    let both: Vec<String> = told.into_iter().chain(columns).collect();
    both.join(", ")
}

/// A waiver in a sentence: what became of it, and on whose word it stood.
fn waiver(waiver: &Waiver, language: Language) -> String {
    let mut what = waiver.statistic.clone();
    let told = asked_of(&waiver.parameters, &waiver.columns, language);
    if !told.is_empty() {
        what += &format!(" ({told})");
    }
    if let Some(table) = &waiver.table {
        what += &say!(language, " on {table}", " bei {table}");
    }
    let Waiver {
        reason,
        approved_by,
        ..
    } = waiver;
    let until = language.day(&waiver.until);
    let state = match waiver.state.as_str() {
        "expired" => say!(
            language,
            "expired on {until} and accepts nothing any more",
            "ist am {until} abgelaufen und lässt nichts mehr zu"
        ),
        "unused" => say!(
            language,
            "until {until} is unused: nothing fails that it would accept",
            "bis {until} ist ungenutzt: nichts verfehlt die Richtlinie, was sie zuließe"
        ),
        "exceeded" => say!(
            language,
            "until {until} does not hold: something is beyond the {} that was accepted",
            "bis {until} gilt nicht: etwas liegt jenseits der zugelassenen Grenze {}",
            number::threshold(waiver.min, waiver.max, None, language)
        ),
        _ => say!(
            language,
            "until {until} accepts what fails{}",
            "bis {until} lässt zu, was die Prüfkriterien nicht erfüllt{}",
            match (waiver.min, waiver.max) {
                (None, None) => String::new(),
                (min, max) => say!(
                    language,
                    ", as long as it is {}",
                    ", solange es {} ist",
                    number::threshold(min, max, None, language)
                ),
            }
        ),
    };
    say!(
        language,
        "The waiver for {what} {state}. Reason: {reason}; approved by {approved_by}.",
        "Die Ausnahme für {what} {state}. Begründung: {reason}; genehmigt von {approved_by}."
    )
}

fn outcome(outcome: Outcome, language: Language) -> &'static str {
    match outcome {
        Outcome::Pass => language.pick("pass", "erfüllt"),
        Outcome::Fail => language.pick("FAIL", "VERFEHLT"),
        Outcome::Waived => language.pick("waived", "Ausnahme"),
        Outcome::Baseline => language.pick("baseline", "Ausgangsstand"),
        Outcome::NotApplicable => language.pick("not applicable", "nicht anwendbar"),
    }
}

/// The kind of a table of data.
fn kind(kind: &str, language: Language) -> String {
    let german = match kind {
        "microdata" => "Mikrodaten",
        "trace" => "Spuren",
        "flows" => "Ströme",
        "reference" => "Nachschlagetabelle",
        other => other,
    };
    language.pick(kind, german).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_appear_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("new");
        let all = [Format::Json, Format::Html, Format::Markdown];
        let files = files(&fixture::report(), &all, Language::German);
        let paths = publish(&files, &inside).unwrap();
        assert_eq!(paths.len(), 3);
        let names = std::fs::read_dir(&inside).unwrap().count();
        assert_eq!(names, 3, "no temporary file is left");
        let blocked = inside.join("report.json");
        for error in [publish(&files, &blocked), write_whole(&files, &blocked)] {
            let error = error.unwrap_err();
            assert_eq!(error.exit_code(), 3);
            assert!(error.message().contains("cannot write the report into"));
        }
    }

    /// The fixture with a name in every place that a name can be in.
    fn named(name: &str) -> Report {
        let mut report = fixture::report();
        report.release.name = name.to_owned();
        report.policy.name = name.to_owned();
        for finding in &mut report.findings {
            finding.table = name.to_owned();
            finding.columns = vec![name.to_owned()];
            finding
                .parameters
                .insert("auxiliary".to_owned(), name.into());
        }
        for table in &mut report.release.tables {
            table.name = name.to_owned();
            table.roles[0].columns = vec![name.to_owned()];
            table.files[0].path = format!("{name}/{name}.parquet");
        }
        for line in &mut report.policy.requirements {
            line.tables = vec![name.to_owned()];
            line.columns = vec![name.to_owned()];
            line.reason = Some(crate::language::Said::name(name.to_owned()));
            line.outcome = Outcome::Fail;
        }
        for waiver in &mut report.policy.waivers {
            waiver.table = Some(name.to_owned());
            waiver.reason = name.to_owned();
            waiver.approved_by = name.to_owned();
        }
        report.not_measured[0].table = name.to_owned();
        report.notes[0].table = Some(name.to_owned());
        report.run.paths = vec![name.to_owned()];
        report
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

        /// No format shows a character that is not seen, whatever a name holds.
        #[test]
        fn nothing_hidden_is_printed(
            name in "[a-z\u{0}-\u{1f}\u{7f}-\u{9f}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}]{1,12}"
        ) {
            let report = named(&format!("{name}\u{202e}\u{1b}[31m\r\n"));
            let hidden = |text: &str| {
                text.chars().find(|c| crate::printable::is_hidden(*c) && *c != '\n')
            };
            for language in Language::ALL {
                for format in [Format::Json, Format::Html, Format::Markdown, Format::Sarif, Format::Junit] {
                    let text = format.render(&report, language);
                    proptest::prop_assert_eq!(hidden(&text), None, "{:?}", format);
                }
                for text in [
                    terminal(&report, language, 80, false),
                    explain_verdict(&report, language, 80),
                    summary(&report, language),
                ] {
                    proptest::prop_assert_eq!(hidden(&text), None);
                }
            }
            let json = Format::Json.render(&report, Language::English);
            let read: Report = serde_json::from_str(&json).unwrap();
            proptest::prop_assert_eq!(read.release.name, report.release.name);
        }
    }
}
