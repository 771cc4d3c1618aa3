//! Undeclared columns: what the columns under `ignore` single out, although no attack of the audit uses them.

use std::borrow::Cow;

use rayon::prelude::*;

use super::{
    Doc, Job, Measure, Outcome, Planning, Run, Setting, Statistic, parameter, percent, real,
};
use crate::encode::classes::Classes;
use crate::encode::published::{Published, PublishedColumn, Rows, Spread};
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, NotMeasured, Unit};
use crate::language::Language::English;
use crate::release::draft::is_known_to_others;
use crate::release::input::Domain;
use crate::release::{Nulls, Release, Table, TableKind};
use crate::said;

pub struct UndeclaredColumns;

const ID: &str = "undeclared-columns";

/// Rows a person from which on they are events, as those of a trace are.
const MANY_ROWS: usize = 4;

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
                 column alone (`alone`) and by all of them joined, without the points (`together`). A \
                 `weight` of microdata is such a column. `persons_newly_below` counts, in microdata, those \
                 whom fewer than k persons, themselves included, resemble in these columns and at least k in \
                 the declared ones alone. Where hierarchies or `nulls = \"wildcard\"` let unequal records \
                 match, both are also counted by the crowds of `re-identification-risk`: those of the table \
                 whose flat ignored columns are quasi-identifiers against those of the table as it is declared \
                 (`matched`). Among rows without a subject, or of which nearly each has one of its own, a column whose \
                 values repeat as those of a pseudonym would is also taken for the subject (`subject`): its rows then belong to one person. \
                 A column is a second identifier when persons keep its values over several rows and no \
                 other person has them; where a person has one row, when it is a text or a whole number of \
                 which every row has its own, and is no quasi-identifier: of whole numbers that are \
                 named as a pseudonym would be, or spread evenly from the least to the greatest, as \
                 quantities are not. Where all rows of microdata agree in the quasi-identifiers, so that nothing an \
                 adversary knows is declared, `sensitive` columns count as undeclared as well. \
                 `known_attributes` counts the `sensitive` columns of microdata that are named as an age, a sex, a \
                 birth or a postal code and have more than one value; `private_attributes` the columns of microdata under \
                 `ignore` that are named like an illness, an income or a religion, or whose values are of such a kind (codes of \
                 the ICD-10 or of the ATC classification, names of illnesses, faiths, parties, sexual orientations), and have more than one value. Where \
                 persons have several rows, `with` = `rows` compares all rows of a person together, by the columns of `all`; \
                 where there are four rows a person or more also by those `sensitive` columns whose names and values do not say that they are.",
    formula: "|{p : ∃ row r of p, no other person has (declared, C)(r)} \\ {p : ∃ row r of p, no \
              other person has declared(r)}|; with fewer than k persons in place of one for \
              `persons_newly_below`. Evenly: greatest distance of the distribution from the uniform one below \
              1.36/√n, n ≥ 100 (Kolmogorov–Smirnov, 5 %).",
    denominator: "Persons; rows for `distinct_share`; columns where columns are counted.",
    nulls: "A null is a value of its own, NaN counts as null, -0.0 as 0.0. A leaf with several values \
            in a row counts as their sequence. A row without a subject is a person of its own, whatever \
            `null_subject` says: it is published.",
    assumptions: &[
        "A column whose values are the numbers of the rows in their file tells nothing that the order of \
         rows does not, and is passed over. The audit cannot tell another random key of rows from \
         a customer number: where a column singles out and nobody can know its values, \
         `[table.harmless]` says so with a reason, which the report shows.",
        "Repeats as a pseudonym: at least 20 values, on average of 200 rows or fewer, that are no \
         function of the quasi-identifiers or have the name or the form of a pseudonym.",
    ],
    limits: &[
        "Equality is compared as written, but for `matched`, which leaves nested columns out.",
        "A leaf of a nested column of a trace belongs to no point. Unless the points and the flat columns under \
         `ignore` determine it, what it adds to them is not measured.",
        "Of the columns of a trace that vary from row to row only what they single out without the \
         points is counted.",
        "Forms of identifiers in these columns are reported by `direct-identifiers`.",
    ],
    citations: &[
        "Article 29 Working Party: Opinion 05/2014 on Anonymisation Techniques (WP216), singling out.",
    ],
    validation: "Equal to counting by comparison of all pairs of rows on random tables.",
    table: None,
    settings: &[Setting {
        key: "k",
        default: "[5, 11]",
        meaning: "thresholds for `persons_newly_below`; those a policy names are added",
    }],
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
                let how = means(f);
                match real(f) {
                    0.0 => format!(
                        "Nobody is singled out {how} who is not already singled out by what is declared."
                    ),
                    count => format!(
                        "{} persons are singled out {how}, but not by what is declared alone: give the column a role, \
                         remove it, or state under `harmless` why nobody can know it.",
                        English.number(count)
                    ),
                }
            },
        },
        Statistic {
            name: "persons_newly_below",
            title: "Persons in groups below k by undeclared columns",
            of: "persons",
            meaning: |f| {
                let (how, k) = (means(f), parameter(f, "k"));
                match real(f) {
                    0.0 => format!(
                        "Nobody falls into a group of fewer than {k} {how} who is not already in one by what is declared."
                    ),
                    count => format!(
                        "{} persons fall into groups of fewer than {k} {how}, but not by what is declared alone: give the \
                         column a role, remove it, or state under `harmless` why nobody can know it.",
                        English.number(count)
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
            name: "known_attributes",
            title: "Sensitive columns that others know",
            of: "columns",
            meaning: |f| {
                match real(f) {
                0.0 => "No sensitive column is named as an age, a sex, a birth or a postal code.".to_owned(),
                1.0 => "One sensitive column is named as an age, a sex, a birth or a postal code, which others know: \
                        list it under `quasi_identifiers`, or state under `harmless` why nobody can know it."
                    .to_owned(),
                count => format!(
                    "{count} sensitive columns are named as an age, a sex, a birth or a postal code, which others \
                     know: list them under `quasi_identifiers`, or state under `harmless` why nobody can know them."
                ),
            }
            },
        },
        Statistic {
            name: "private_attributes",
            title: "Ignored columns that are sensitive",
            of: "columns",
            meaning: |f| {
                match real(f) {
                0.0 => "No ignored column is named like an illness, an income or a religion, or holds such values.".to_owned(),
                1.0 => "One ignored column is named like an illness, an income or a religion, or holds such values: list it under \
                        `sensitive`, so that the audit measures what groups reveal about it, or state under `harmless` why it \
                        says nothing about anybody."
                    .to_owned(),
                count => format!(
                    "{count} ignored columns are named like an illness, an income or a religion, or hold such values: list them under \
                     `sensitive`, so that the audit measures what groups reveal about them, or state under `harmless` why they \
                     say nothing about anybody."
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

/// By what persons are singled out, as the parameter `with` says.
fn means(finding: &Finding) -> &'static str {
    match parameter(finding, "with").as_str() {
        "subject" => "if the column is the pseudonym that it looks like",
        "alone" => "by the column alone",
        "together" => "by all these columns together",
        "all" => "by all these columns together with the declared ones",
        "rows" => "by all rows of a person together, in these columns and the declared ones",
        "matched" => {
            "by all these columns together with the declared ones, where unequal records match"
        }
        _ => "by the column together with the declared ones",
    }
}

impl Measure for UndeclaredColumns {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    /// It says what ignored columns add to the declared ones, and nothing of those.
    fn is_about_persons(&self) -> bool {
        false
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let valid = |k: f64| k.fract() == 0.0 && (2.0..=f64::from(u32::MAX)).contains(&k);
        let ks = planning.numbers("k", "k", &[5.0, 11.0], valid, "whole numbers from 2")?;
        let ks: Vec<u32> = ks.into_iter().map(|k| k as u32).collect();
        let tables = planning.release.tables.iter().enumerate();
        let jobs = tables.map(|(at, table)| {
            let (table, ks) = (table.clone(), ks.clone());
            // Whether unequal records match shows when they are counted.
            let may_overlap = table.kind == TableKind::Microdata
                && (table.nulls == Nulls::Wildcard || !table.hierarchies.is_empty());
            Job {
                measure: ID,
                table: at,
                needs: Needs {
                    published: true,
                    linked: table.kind.is_of_persons(),
                    tuples: may_overlap,
                    ..Needs::default()
                },
                run: Run::Table(Box::new(move |encoded| measure(encoded, &table, &ks))),
            }
        });
        Ok(jobs.collect())
    }

    fn owes(&self, statistic: &str, table: &Table, _: &Release) -> bool {
        match statistic {
            "examined" | "undecoded" | "harmless" => true,
            "persons_newly_unique" | "second_identifiers" | "dependent" => {
                table.kind.is_of_persons()
            }
            "persons_newly_below" | "known_attributes" | "private_attributes" => {
                table.kind == TableKind::Microdata
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

fn measure(encoded: &Encoded, table: &Table, ks: &[u32]) -> Outcome {
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
    if table.kind == TableKind::Microdata {
        let below = Outcome::undecoded(published, ID, "persons_newly_below");
        outcome.not_measured.extend(below);
    }
    precision(published, &mut outcome);
    // The rows of flows are cells, not persons.
    if let Some(rows) = published.rows().filter(|_| table.kind.is_of_persons()) {
        compare(published, rows, (table, ks), &mut outcome);
    }
    matched(encoded, ks, &mut outcome);
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

fn newly_unique(how: &str, names: &[String], count: u64, of: u64) -> Finding {
    finding("persons_newly_unique", Unit::Persons)
        .columns(names)
        .parameter("with", how)
        .count(count, Some(of))
}

fn newly_below(how: &str, names: &[String], k: u32, count: u64, of: u64) -> Finding {
    finding("persons_newly_below", Unit::Persons)
        .columns(names)
        .parameter("with", how)
        .parameter("k", u64::from(k))
        .count(count, Some(of))
}

fn compare(
    published: &Published,
    rows: &Rows,
    (table, ks): (&Table, &[u32]),
    outcome: &mut Outcome,
) {
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
    let known = rows.spread(&base);
    let persons = rows.persons() as u64;
    let is_trace = table.kind == TableKind::Trace;
    // What `how` the spread of these columns singles out, and leaves among few.
    let singled = |how: &str, names: &[String], spread: &Spread| {
        let unique = newly_unique(how, names, spread.newly_below(&known, 2), persons);
        let ks = if is_trace { &[] } else { ks };
        let below = ks
            .iter()
            .map(|k| newly_below(how, names, *k, spread.newly_below(&known, *k), persons));
        std::iter::once(unique).chain(below).collect::<Vec<_>>()
    };
    let is_declared = |one: &&Compared<'_>| match one.column.role {
        "ignore" => false,
        "weight" => is_trace,
        // Who declares nothing that an adversary knows declares nothing; of a trace points are what is declared.
        "sensitive" => known.values > 1 && !is_trace,
        _ => true,
    };
    let left_out = rows.nobodys();
    let is_left_out = !rows.is_anonymous() && left_out.is_some();
    let nobodys = left_out.or_else(|| names_rows(rows).then_some(Cow::Borrowed(rows)));
    let nobodys = nobodys.map(|rows| {
        let base = rows.joined(&declared);
        (rows, base)
    });
    let mut asked: Vec<&Compared<'_>> = Vec::new();
    let undeclared = compared.iter().filter(|one| !is_declared(one));
    for one in undeclared {
        let name = std::slice::from_ref(&one.column.name);
        outcome.findings.push(
            finding("distinct_share", Unit::Share)
                .columns(name)
                .share(one.spread.values, rows.len() as u64),
        );
        outcome.findings.push(
            finding("persons_unique", Unit::Persons)
                .columns(name)
                .count(one.spread.below(2), Some(persons)),
        );
        let is_number = one.column.is_row_number && one.spread.values == rows.len() as u64;
        if is_number || table.harmless(&one.column.name).is_some() {
            continue;
        }
        asked.push(one);
        outcome.findings.extend(match is_trace {
            true => singled("alone", name, &one.spread),
            false => {
                let joined = rows.spread(&rows.joined(&with(&declared, one.at)));
                singled("declared", name, &joined)
            }
        });
        let tied = nobodys
            .as_ref()
            .and_then(|(rows, base)| tied((rows, base), one, &declared, is_left_out));
        if let Some((count, of)) = tied {
            outcome
                .findings
                .push(newly_unique("subject", name, count, of));
        }
    }
    let names: Vec<String> = asked.iter().map(|one| one.column.name.clone()).collect();
    let places: Vec<usize> = asked.iter().map(|one| one.at).collect();
    let how = if is_trace { "together" } else { "all" };
    let together = match (asked.is_empty(), is_trace) {
        (true, _) => known.clone(),
        (false, true) => rows.spread(&rows.tuple(&places)),
        (false, false) => {
            let all: Vec<usize> = declared.iter().chain(&places).copied().collect();
            rows.spread(&rows.joined(&all))
        }
    };
    outcome.findings.extend(singled(how, &names, &together));
    if !is_trace && rows.persons() < rows.len() {
        let are_many = rows.len() >= MANY_ROWS * rows.persons();
        let is_event = |one: &&Compared<'_>| {
            let column = one.column;
            column.role == "sensitive"
                && are_many
                && !places.contains(&one.at)
                && table.harmless(&column.name).is_none()
                && !column.is_private()
        };
        let told: Vec<&Compared<'_>> = asked
            .iter()
            .copied()
            .chain(compared.iter().filter(is_event))
            .collect();
        let names: Vec<String> = told.iter().map(|one| one.column.name.clone()).collect();
        let all: Vec<usize> = declared
            .iter()
            .copied()
            .chain(told.iter().map(|one| one.at))
            .collect();
        let before = crowds(rows, &base);
        let now = match told.is_empty() {
            true => before.clone(),
            false => crowds(rows, &rows.joined(&all)),
        };
        let newly = |k: u32| {
            let pairs = now.iter().zip(&before);
            pairs.filter(|(now, then)| **now < k && **then >= k).count() as u64
        };
        outcome
            .findings
            .push(newly_unique("rows", &names, newly(2), persons));
        let below = ks
            .iter()
            .map(|k| newly_below("rows", &names, *k, newly(*k), persons));
        outcome.findings.extend(below);
    }
    if is_trace {
        outcome.not_measured.extend(beside_points(rows, &asked));
    }
    let second: Vec<String> = compared
        .iter()
        .filter(|one| table.harmless(&one.column.name).is_none())
        .filter(|one| is_identifier(rows, one))
        .map(|one| one.column.name.clone())
        .collect();
    outcome
        .findings
        .push(columns("second_identifiers", &second));
    if !is_trace {
        let found = |role: &str, is_one: &dyn Fn(&PublishedColumn) -> bool| -> Vec<String> {
            let of_role = compared.iter().filter(|one| one.column.role == role);
            of_role
                .filter(|one| one.spread.values > 1 && is_one(one.column))
                .map(|one| one.column.name.clone())
                .filter(|name| table.harmless(name).is_none())
                .collect()
        };
        let known = found("sensitive", &|column| is_known_to_others(&column.name));
        outcome.findings.push(columns("known_attributes", &known));
        let private = found("ignore", &PublishedColumn::is_private);
        outcome
            .findings
            .push(columns("private_attributes", &private));
    }
    outcome
        .findings
        .push(columns("dependent", &dependent(rows, &compared)));
}

/// What the ignored columns add where records match that are not equal.
fn matched(encoded: &Encoded, ks: &[u32], outcome: &mut Outcome) {
    let Some(joined) = encoded.with_undeclared() else {
        return;
    };
    let crowds = |of: &Encoded| {
        let comparisons = of.comparisons();
        let posterior = comparisons.first()?.posterior?;
        Some(posterior.crowds.clone())
    };
    let (Some(before), Some(now)) = (crowds(encoded), crowds(joined)) else {
        return;
    };
    let declared = encoded.known_columns();
    let names: Vec<String> = joined.known_columns();
    let names: Vec<String> = names
        .into_iter()
        .filter(|name| !declared.contains(name))
        .collect();
    let persons = Classes::total(&now);
    let newly = |k: u32| {
        let below = |crowds| Classes::below(crowds, k.into());
        below(&now).saturating_sub(below(&before))
    };
    let unique = newly_unique("matched", &names, newly(2), persons);
    outcome.findings.push(unique);
    let below = ks
        .iter()
        .map(|k| newly_below("matched", &names, *k, newly(*k), persons));
    outcome.findings.extend(below);
}

/// The leaves of nested columns of a trace that its points and flat columns do not determine: no attack joins them to
/// the points.
fn beside_points(rows: &Rows, asked: &[&Compared<'_>]) -> Vec<NotMeasured> {
    // A column of which nearly every row has its own value determines everything, and nobody knows it.
    let is_key = |one: &Compared<'_>| one.spread.values * 20 >= rows.len() as u64 * 19;
    let flat = asked
        .iter()
        .filter(|one| !one.column.nested && !is_key(one))
        .map(|one| one.at);
    let points = rows.joined(&flat.collect::<Vec<_>>());
    let beside = asked
        .iter()
        .filter(|one| one.column.nested && !rows.determines(&points, one.keys));
    let told = beside.map(|one| {
        let reason = said!(
            "`{}` lies in a nested column, which is joined to no point of the trace: write it as a column of its own, \
             remove it, or state under `harmless` why nobody can know it",
            "`{}` liegt in einer verschachtelten Spalte, die zu keinem Punkt der Spur gehört: als eigene Spalte \
             schreiben, entfernen oder unter `harmless` begründen, warum niemand sie kennen kann",
            one.column.name
        );
        Outcome::not_measured(ID, Some("persons_newly_unique"), reason)
    });
    told.collect()
}

/// Of each person how many have the same rows, by one key a row.
fn crowds(rows: &Rows, keys: &[u64]) -> Vec<u32> {
    let keys = rows.of_persons(keys);
    let mut sorted = keys.clone();
    sorted.par_sort_unstable();
    let crowd = |key: &u64| {
        let from = sorted.partition_point(|other| other < key);
        let to = sorted.partition_point(|other| other <= key);
        (to - from) as u32
    };
    keys.par_iter().map(crowd).collect()
}

fn with(columns: &[usize], column: usize) -> Vec<usize> {
    columns.iter().copied().chain([column]).collect()
}

/// Whether nearly each row is a person of its own, so that its subject ties it to no other.
fn names_rows(rows: &Rows) -> bool {
    !rows.is_anonymous() && rows.persons() as u64 * 20 >= rows.len() as u64 * 19
}

/// If a column ties rows of which nothing says whose they are, with one key each of what is declared: the persons whom it
/// then singles out, of how many. `are_left_out`: they are some of the rows of which the column's spread is known.
fn tied(
    (rows, base): (&Rows, &[u64]),
    one: &Compared<'_>,
    declared: &[usize],
    are_left_out: bool,
) -> Option<(u64, u64)> {
    let keys = rows.column(one.at).expect("it is compared");
    let values = match are_left_out {
        true => rows.spread(keys).values,
        false => one.spread.values,
    };
    if !is_like_a_subject(rows, one.column, (keys, values), base) {
        return None;
    }
    let grouped = rows.grouped_by(one.at).expect("it is compared");
    let tuples = grouped.joined(declared);
    let company = grouped.spread(&tuples).company;
    let mut alone: Vec<bool> = company.iter().map(|company| *company == 1).collect();
    // All rows of a shop or a doctor together are like no other's, too: the name or the form must tell, or that the
    // table has subjects and these rows were left without.
    if looks_like_a_pseudonym(one.column) || are_left_out {
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
    Some((count, grouped.persons() as u64))
}

/// Whether the values of a column repeat as those of a pseudonym would; its keys, and how many different ones there are.
fn is_like_a_subject(
    rows: &Rows,
    column: &PublishedColumn,
    (keys, values): (&[u64], u64),
    declared: &[u64],
) -> bool {
    let all = rows.len() as u64;
    let repeats = values >= 20 && values * 200 >= all && values * 20 <= all * 19;
    repeats && (looks_like_a_pseudonym(column) || !rows.determines(declared, keys))
}

/// Whether the name or the values of a column are those of a pseudonym.
fn looks_like_a_pseudonym(column: &PublishedColumn) -> bool {
    if column.is_named_as_a_pseudonym() {
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
            // A person has one row: measured quantities may differ for each, texts and numbers that were drawn or
            // counted should not.
            false => is_role && (is_text || is_number_of_persons(one)),
        }
}

/// Whether whole numbers of which each row has its own were drawn or counted, and not measured.
fn is_number_of_persons(one: &Compared<'_>) -> bool {
    let column = one.column;
    let is_whole = match column.domain {
        Domain::Integer | Domain::Unsigned | Domain::Decimal(0) => true,
        Domain::Real => column.numbers().iter().all(|number| number.fract() == 0.0),
        _ => false,
    };
    let is_own = one.spread.own_values == one.spread.filled;
    is_whole && is_own && (column.is_named_as_a_pseudonym() || is_even(column.numbers()))
}

/// Whether numbers spread evenly from the least to the greatest: Kolmogorov and Smirnov's test at 5 %.
fn is_even(mut numbers: Vec<f64>) -> bool {
    numbers.sort_unstable_by(f64::total_cmp);
    let count = numbers.len() as f64;
    let (Some(least), Some(greatest)) = (numbers.first(), numbers.last()) else {
        return false;
    };
    let range = greatest - least;
    let distance = |(at, number): (usize, &f64)| {
        let expected = (number - least) / range;
        let (before, after) = (at as f64 / count, (at + 1) as f64 / count);
        (expected - before).abs().max((after - expected).abs())
    };
    let distances = numbers.iter().enumerate().map(distance);
    let greatest = distances.fold(0.0, f64::max);
    numbers.len() >= 100 && range > 0.0 && greatest * count.sqrt() < 1.36
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
