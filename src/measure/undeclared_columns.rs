//! Undeclared columns: what the columns under `ignore` single out, although no attack of the audit uses them.

use super::{Doc, Job, Measure, Outcome, Planning, Run, Statistic, parameter, percent, real};
use crate::encode::published::{Published, PublishedColumn, Rows, Spread};
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::release::input::Domain;
use crate::release::{Release, Table, TableKind};

pub struct UndeclaredColumns;

const ID: &str = "undeclared-columns";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::undeclared_columns::PROSE,
    title: "Undeclared columns",
    criterion: Criterion::SinglingOut,
    question: "Do columns that the manifest ignores single persons out?",
    adversary: "Knows what a column under `ignore` says of a person, because it is in the file, and \
                the declared attributes besides.",
    definition: "A value, or a combination of values, singles a person out when no other person has \
                 a row with it. For each column under `ignore`, and each leaf of a nested one, \
                 `persons_unique` counts the persons singled out by the column alone and \
                 `persons_newly_unique` those whom the declared attributes do not single out already: \
                 in microdata by the column joined with the quasi-identifiers (`with` = \
                 `declared`), then by all such columns joined with them (`all`); in a trace by the \
                 column alone (`alone`) and by all of them joined, without the points (`together`). In \
                 microdata without a subject, or with one of its own for nearly each row, a column whose \
                 values repeat as those of a pseudonym would is also taken for the subject (`subject`): its rows then belong to one person. \
                 A column is a second identifier when persons keep its values over several rows and no \
                 other person has them.",
    formula: "|{p : ∃ row r of p, no other person has (declared, C)(r)} \\ {p : ∃ row r of p, no \
              other person has declared(r)}|",
    denominator: "Persons; rows for `distinct_share`; columns where columns are counted.",
    nulls: "A null is a value of its own, NaN counts as null, -0.0 as 0.0. A leaf with several values \
            in a row counts as their sequence.",
    assumptions: &[
        "A column whose values are the numbers of the rows in their file tells nothing that the order of \
         rows does not, and is passed over. The audit cannot tell another random key of rows from \
         a customer number: where a column singles out and nobody can know its values, \
         `[table.harmless]` says so with a reason, which the report shows.",
        "Repeats as a pseudonym: at least 20 values, on average of 200 rows or fewer, that are no \
         function of the quasi-identifiers or have the name or the form of a pseudonym.",
    ],
    limits: &[
        "Equality is compared as written: hierarchies and `nulls = \"wildcard\"` do not make rows match.",
        "Of the columns of a trace that vary from row to row only what they single out without the \
         points is counted.",
        "Forms of identifiers in these columns are reported by `direct-identifiers`.",
    ],
    citations: &[
        "Article 29 Working Party: Opinion 05/2014 on Anonymisation Techniques (WP216), singling out.",
    ],
    validation: "Equal to counting by comparison of all pairs of rows on random tables.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "examined",
            title: "Published columns examined",
            of: "columns",
            meaning: |f| {
                format!(
                    "{} published columns, leaves of nested ones among them, were decoded and scanned.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "undecoded",
            title: "Published columns that cannot be decoded",
            of: "columns",
            meaning: |f| match real(f) {
                0.0 => "Every published column could be decoded.".to_owned(),
                count => format!(
                    "{count} published columns hold values that cannot be decoded: nothing is known of them."
                ),
            },
        },
        Statistic {
            name: "harmless",
            title: "Columns declared harmless",
            of: "columns",
            meaning: |f| format!("The manifest declares {} columns harmless.", real(f)),
        },
        Statistic {
            name: "distinct_share",
            title: "Distinct values per row",
            of: "rows",
            meaning: |f| {
                format!(
                    "The column has a distinct value for {} of the rows.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "persons_unique",
            title: "Persons singled out by a column alone",
            of: "persons",
            meaning: |f| {
                format!(
                    "{} persons have a value in this column that nobody else has.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "persons_newly_unique",
            title: "Persons singled out by undeclared columns",
            of: "persons",
            meaning: |f| {
                let how = match parameter(f, "with").as_str() {
                    "subject" => "if the column is the pseudonym that it looks like",
                    "alone" => "by the column alone",
                    "together" => "by all these columns together",
                    "all" => "by all these columns with the declared ones",
                    _ => "by the column with the declared ones",
                };
                match real(f) {
                    0.0 => format!("Nobody is singled out {how} who was not before."),
                    count => format!(
                        "{count} persons are singled out {how} who were not before: give the column a role, \
                         remove it, or state under `harmless` why nobody can know it."
                    ),
                }
            },
        },
        Statistic {
            name: "decimal_places",
            title: "Decimal places published",
            of: "values",
            meaning: |f| {
                format!(
                    "Numbers are published with up to {} decimal places.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "time_step",
            title: "Step of published times",
            of: "seconds",
            meaning: |f| format!("Times are published in steps of {} seconds.", real(f)),
        },
        Statistic {
            name: "second_identifiers",
            title: "Identifiers beside the subject",
            of: "columns",
            meaning: |f| {
                match real(f) {
                0.0 => "No column identifies persons beside the subject.".to_owned(),
                1.0 => "One column identifies persons beside the subject: each person keeps a value that nobody else has."
                    .to_owned(),
                count => format!(
                    "{count} columns identify persons beside the subject: each person keeps a value that nobody else has."
                ),
            }
            },
        },
        Statistic {
            name: "dependent",
            title: "Columns that another column determines",
            of: "columns",
            meaning: |f| format!("{} columns are a function of another column.", real(f)),
        },
    ],
};

impl Measure for UndeclaredColumns {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    /// It says what ignored columns add to the declared ones, and nothing of those.
    fn is_about_persons(&self) -> bool {
        false
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let tables = planning.release.tables.iter().enumerate();
        let jobs = tables.map(|(at, table)| {
            let table = table.clone();
            Job {
                measure: ID,
                table: at,
                needs: Needs {
                    published: true,
                    linked: table.kind != TableKind::Flows,
                    ..Needs::default()
                },
                run: Run::Table(Box::new(move |encoded| measure(encoded, &table))),
            }
        });
        Ok(jobs.collect())
    }

    fn owes(&self, statistic: &str, table: &Table, _: &Release) -> bool {
        match statistic {
            "examined" | "undecoded" | "harmless" => true,
            "persons_newly_unique" | "second_identifiers" | "dependent" => {
                table.kind != TableKind::Flows
            }
            _ => false,
        }
    }
}

/// A column whose rows are compared.
struct Compared<'a> {
    at: usize,
    column: &'a PublishedColumn,
    keys: &'a [u64],
    spread: Spread,
}

fn finding(statistic: &str, unit: Unit) -> Finding {
    Finding::new(ID, statistic, DOC.criterion, unit)
}

fn columns(statistic: &str, names: &[String]) -> Finding {
    finding(statistic, Unit::Columns)
        .columns(names)
        .count(names.len() as u64, None)
}

fn measure(encoded: &Encoded, table: &Table) -> Outcome {
    let published = encoded.published().expect("it was asked for");
    let mut outcome = Outcome::default();
    let all = (published.columns.len() + published.undecoded.len()) as u64;
    let examined = published.columns.len() as u64;
    outcome
        .findings
        .push(finding("examined", Unit::Columns).count(examined, Some(all)));
    let undecoded = published.undecoded.iter().map(|column| column.name.clone());
    let undecoded: Vec<String> = undecoded.collect();
    outcome.findings.push(columns("undecoded", &undecoded));
    let harmless = published.columns.iter().map(|column| column.name.clone());
    let harmless: Vec<String> = harmless
        .filter(|name| table.harmless(name).is_some())
        .collect();
    outcome.findings.push(columns("harmless", &harmless));
    outcome.not_measured = Outcome::undecoded(published, ID, "persons_newly_unique");
    precision(published, &mut outcome);
    // The rows of flows are cells, not persons.
    if let Some(rows) = published.rows().filter(|_| table.kind != TableKind::Flows) {
        compare(published, rows, table, &mut outcome);
    }
    outcome
}

/// How finely ignored columns are published.
fn precision(published: &Published, outcome: &mut Outcome) {
    let ignored = published.columns.iter();
    for column in ignored.filter(|column| column.role == "ignore") {
        let name = std::slice::from_ref(&column.name);
        if let Some(places) = column.places() {
            let places = finding("decimal_places", Unit::Ratio).count(places as u64, None);
            outcome.findings.push(places.columns(name));
        }
        if let Some(step) = column.step() {
            let step = finding("time_step", Unit::Ratio).value(step);
            outcome.findings.push(step.columns(name));
        }
    }
}

fn compare(published: &Published, rows: &Rows, table: &Table, outcome: &mut Outcome) {
    let compared: Vec<Compared<'_>> = published
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !["subject", "direct_identifiers"].contains(&column.role))
        .filter_map(|(at, column)| {
            let keys = rows.column(at)?;
            Some(Compared {
                at,
                column,
                keys,
                spread: rows.spread(keys),
            })
        })
        .collect();
    let declared: Vec<usize> = published
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.role == "quasi_identifiers")
        .map(|(at, _)| at)
        .collect();
    let base = rows.joined(&declared);
    let known = rows.spread(&base).alone;
    let persons = rows.persons() as u64;
    let newly = |spread: &Spread| {
        let pairs = spread.alone.iter().zip(&known);
        pairs.filter(|(now, before)| **now && !**before).count() as u64
    };
    let unique = |how: &str, names: &[String], count: u64, of: u64| {
        finding("persons_newly_unique", Unit::Persons)
            .columns(names)
            .parameter("with", how)
            .count(count, Some(of))
    };
    let is_trace = table.kind == TableKind::Trace;
    let mut asked: Vec<&Compared<'_>> = Vec::new();
    for one in compared.iter().filter(|one| one.column.role == "ignore") {
        let name = std::slice::from_ref(&one.column.name);
        let alone = one.spread.alone.iter().filter(|alone| **alone).count() as u64;
        outcome.findings.push(
            finding("distinct_share", Unit::Share)
                .columns(name)
                .share(one.spread.values, rows.len() as u64),
        );
        outcome.findings.push(
            finding("persons_unique", Unit::Persons)
                .columns(name)
                .count(alone, Some(persons)),
        );
        let is_number = one.column.is_row_number && one.spread.values == rows.len() as u64;
        if is_number || table.harmless(&one.column.name).is_some() {
            continue;
        }
        asked.push(one);
        outcome.findings.push(match is_trace {
            true => unique("alone", name, newly(&one.spread), persons),
            false => {
                let joined = rows.spread(&rows.joined(&with(&declared, one.at)));
                unique("declared", name, newly(&joined), persons)
            }
        });
        if names_rows(rows) && is_like_a_subject(rows, one, &base) {
            let grouped = rows.grouped_by(one.at).expect("it is compared");
            let tuples = grouped.joined(&declared);
            let mut alone = grouped.spread(&tuples).alone;
            if looks_like_a_pseudonym(one.column) {
                let sets = grouped.sets(&tuples);
                let mut sorted = sets.clone();
                sorted.sort_unstable();
                let is_one = |set: &u64| {
                    let first = sorted.partition_point(|other| other < set);
                    sorted.get(first + 1) != Some(set)
                };
                let pairs = alone.iter_mut().zip(&sets);
                pairs.for_each(|(alone, set)| *alone |= is_one(set));
            }
            let count = alone.iter().filter(|alone| **alone).count() as u64;
            let of = grouped.persons() as u64;
            outcome.findings.push(unique("subject", name, count, of));
        }
    }
    let names: Vec<String> = asked.iter().map(|one| one.column.name.clone()).collect();
    let places: Vec<usize> = asked.iter().map(|one| one.at).collect();
    let how = if is_trace { "together" } else { "all" };
    let count = match (asked.is_empty(), is_trace) {
        (true, _) => 0,
        (false, true) => newly(&rows.spread(&rows.tuple(&places))),
        (false, false) => {
            let all: Vec<usize> = declared.iter().chain(&places).copied().collect();
            newly(&rows.spread(&rows.joined(&all)))
        }
    };
    outcome.findings.push(unique(how, &names, count, persons));
    let second: Vec<String> = compared
        .iter()
        .filter(|one| table.harmless(&one.column.name).is_none())
        .filter(|one| is_identifier(rows, one))
        .map(|one| one.column.name.clone())
        .collect();
    outcome
        .findings
        .push(columns("second_identifiers", &second));
    outcome
        .findings
        .push(columns("dependent", &dependent(rows, &compared)));
}

fn with(columns: &[usize], column: usize) -> Vec<usize> {
    columns.iter().copied().chain([column]).collect()
}

/// Whether nearly each row is a person of its own, so that a column that repeats may tie them together.
fn names_rows(rows: &Rows) -> bool {
    rows.persons() as u64 * 20 >= rows.len() as u64 * 19
}

/// Whether the values of a column repeat as those of a pseudonym would.
fn is_like_a_subject(rows: &Rows, one: &Compared<'_>, declared: &[u64]) -> bool {
    let (values, all) = (one.spread.values, rows.len() as u64);
    let repeats = values >= 20 && values * 200 >= all && values * 20 <= all * 19;
    repeats && (looks_like_a_pseudonym(one.column) || !rows.determines(declared, one.keys))
}

/// Whether the name or the values of a column are those of a pseudonym.
fn looks_like_a_pseudonym(column: &PublishedColumn) -> bool {
    const WORDS: &[&str] = &[
        "pid",
        "uid",
        "user",
        "customer",
        "client",
        "kunde",
        "kunden",
        "patient",
        "person",
        "subject",
        "member",
        "account",
        "device",
        "pseudonym",
        "household",
        "visitor",
        "session",
        "maid",
        "idfa",
        "gaid",
        "aaid",
        "subscriber",
        "participant",
    ];
    let name = column.name.to_lowercase();
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    if words.any(|word| WORDS.contains(&word)) {
        return true;
    }
    let token = |text: &str| {
        text.len() >= 8
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
            && text.chars().any(|c| c.is_ascii_digit())
            && text.chars().any(|c| c.is_ascii_alphabetic())
    };
    let tokens = (0..column.len()).filter(|at| column.text(*at).is_some_and(|text| token(&text)));
    column.domain == Domain::Text && !column.is_empty() && tokens.count() * 10 >= column.len() * 9
}

/// Whether persons keep the values of a column and nobody else has them.
fn is_identifier(rows: &Rows, one: &Compared<'_>) -> bool {
    let spread = &one.spread;
    let persons = rows.persons() as u64;
    let own = spread.filled > 0 && spread.own_rows * 20 >= spread.filled * 19;
    // Values of quasi-identifiers are known and judged by their classes.
    let is_asked = one.column.role != "quasi_identifiers";
    let repeats = !rows.is_anonymous() && rows.len() as u64 * 2 >= persons * 3;
    let kept = spread.own_rows * 2 >= spread.own_values * 3;
    let is_text = matches!(one.column.domain, Domain::Text | Domain::Bytes);
    let is_role = one.column.role != "ignore";
    own && is_asked
        && persons >= 20
        && spread.own_persons * 2 >= persons
        && match repeats {
            true => kept,
            // A person has one row: measured quantities may differ for each, texts should not.
            false => is_text && is_role,
        }
}

/// Columns that are a function of another that repeats.
fn dependent(rows: &Rows, compared: &[Compared<'_>]) -> Vec<String> {
    let half = rows.len() as u64 / 2;
    let is_function = |of: &&Compared<'_>| {
        let mut others = compared.iter().filter(|one| {
            one.at != of.at && one.spread.values >= of.spread.values && one.spread.values <= half
        });
        of.spread.values > 1 && others.any(|one| rows.determines(one.keys, of.keys))
    };
    let found = compared.iter().filter(is_function);
    found.map(|one| one.column.name.clone()).collect()
}
