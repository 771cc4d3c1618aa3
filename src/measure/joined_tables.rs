//! Tables of one release are one release: what they say of a person together.

use rayon::prelude::*;

use super::{Doc, Held, Job, Measure, Other, Outcome, Planning, Run, Setting, Statistic};
use super::{parameter, percent, real};
use crate::encode::classes::{Compared, Comparison};
use crate::encode::crossed;
use crate::encode::holdings::Revealed;
use crate::encode::joined::{self, Side};
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::release::input::{Domain, Input, InputFile};
use crate::release::{Column, Nulls, Release, Table, TableKind, copies};
use crate::said;
use crate::stats::{Draws, wilson};

pub struct JoinedTables;

const ID: &str = "joined-tables";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::joined_tables::PROSE,
    title: "Joined tables",
    criterion: Criterion::SinglingOut,
    question: "Are persons still hidden in a group once the tables of the release are joined?",
    adversary: "Has all tables of the release and knows a person's quasi-identifiers in each of them; joins the tables \
                on the pseudonyms they share, or that one table computes from another's, on other columns that name the same persons, or \
                row by row.",
    definition: "Tables are linked where they name the same subjects, whatever their columns are called. Subjects are \
                 compared as they are written, whole numbers with texts too; where that links nothing, by their letters \
                 and digits alone, in lower case and without leading zeros, as long as no two subjects of a table \
                 become equal by that. One equal text links two tables. Whole numbers may be equal by chance: they link \
                 two tables where at least half of the smaller table's are equal, or more of them than if both had been \
                 drawn at random from the range they lie in (by more than five standard deviations and one). Where that links \
                 nothing either, subjects are linked that follow from each other: by the same characters before or after \
                 them, backwards, by a sum or a product, by a key that is added to each place or joined by exclusive or, with their characters \
                 in another order or each replaced by another, in hexadecimal or Base64, or as digests or beginnings of digests of 11 hash \
                 functions without a key (as in `reversible-pseudonyms`). A person \
                 who is in two or more linked tables of kind microdata is compared by all of them: in each by the class \
                 of all their rows together. The crowd of a person are those who are in all of these tables, perhaps in \
                 others too, and have the same class in each. Microdata tables that have files in common, or equal \
                 copies of files, are joined row by row: the rows of each of them are compared by the quasi-identifiers \
                 of all, under each subject that one of the tables names, and all rows of a person together. Two tables are also \
                 joined by a column of each (`by` = `column`) whose values name persons, one of them not the subject: at least 20 values \
                 and half of those of the smaller column are equal, and more than chance explains; such columns are \
                 subjects, columns of any role but quasi-identifiers with a value of its own for nine rows in ten or persons, and \
                 those with the name or form of pseudonyms. Two microdata tables without subjects and with as many rows, 50 or more, are joined \
                 by the order of rows (`by` = `order`) unless equal rows stand together in one of them. Where none of this joins two \
                 microdata tables of as many persons, 50 or more, they are joined by the attributes they share (`by` = `attributes`): \
                 columns in which each value occurs for as many persons in both tables, in combination too. Such columns show \
                 that the persons are the same where two independent tables would agree by chance less than once in 10^9 \
                 and the agreement is not that of an even design; columns of different names need that each by itself. What both tables say of a person \
                 is certain where everybody with the same shared attributes has the same quasi-identifiers in one of \
                 the tables. The crowd of such a person is the greatest number of persons who can have these quasi-identifiers in both: the sum, over the values of the \
                 shared attributes, of the lesser of the two tables' numbers; there `persons_disclosed` leaves out what one of the tables reveals alone. Where a trace and \
                 microdata share subjects, `share_unique_with_points` is the share of persons whom somebody singles out \
                 in the trace who knows their class in the microdata and 1 or 4 of their points, drawn at random, as finely as they are \
                 published; of who has no more, all. Where traces share subjects, the same is asked of who is in two or more of \
                 them, by points drawn from all of these together, and by the class if there is one. `persons_disclosed` counts the persons in whose crowd everybody has the same \
                 value of a sensitive column at least once, and the persons of a trace who share a point with others who \
                 all have the same value in another table, if that is no accident (as in `group-disclosure`); a value that four in five persons of the table \
                 have is revealed by no crowd.",
    formula: "crowd(i) = |{j : T_j ⊇ T_i, class_t(j) = class_t(i) for all t in T_i}|, T_i the tables that person i is in; \
              by attributes crowd = sum over s of min(n_1(q_1, s), n_2(q_2, s)), s the shared attributes, q_t the quasi-identifiers in table t; \
              k = min, highest risk = max of 1/crowd, over persons in two or more tables",
    denominator: "Persons in two or more linked microdata tables (`by = subject`), or all persons of a table that has \
                  files in common with others (`by = row`), or all whom both tables have (`by = column`, `by = order`), or those of whom it is certain what both say (`by = attributes`); for `persons_linked` all persons in two or more linked \
                  tables, traces among them.",
    nulls: "A null is a value of its own. Joined tables are compared by equality, also where a table lets nulls or \
            hierarchies match. Rows without a subject are in no join by subject.",
    assumptions: &[
        "Equal subjects in two tables are one person. Where each table has pseudonyms of its own, drawn at random, nothing \
         is joined; running numbers that begin anew in each table cannot be told from shared ones and count as shared.",
        "Persons who are in one table only are judged by that table alone: the adversary does not know who is missing \
         from the others.",
    ],
    limits: &[
        "A trace that is joined by another column than the subject counts as not measured.",
        "Tables in another order whose persons only partly overlap, as two waves do, or that share attributes at different \
         precision only, are not recognised without a column that names the persons; nor \
         are pseudonyms that one table enciphers from another's by a cipher proper.",
        "Two tables of as many rows that were shuffled are taken for one: whoever sorts one of them by what it says is \
         safe.",
    ],
    citations: &[
        "S. R. Ganta, S. P. Kasiviswanathan, A. Smith: Composition attacks and auxiliary information in data privacy. \
         KDD 2008.",
        "Article 29 Working Party: Opinion 05/2014 on Anonymisation Techniques (WP216), linkability.",
    ],
    validation: "Equal to a comparison of all pairs of persons on three generated tables that share some of their \
                 subjects, and on one file named as two tables. Tables with pseudonyms of their own are not joined, \
                 whether these are texts or numbers drawn at random. Crowds by attributes are equal to a comparison of all pairs of rows. Shared pseudonyms are found in other types and \
                 spellings.",
    table: None,
    settings: &[Setting {
        key: "k",
        default: "[2, 5, 11]",
        meaning: "thresholds for `persons_below`; those a policy names are added",
    }],
    statistics: &[
        Statistic {
            name: "persons_linked",
            title: "Persons in several tables",
            of: "persons",
            meaning: |f| {
                format!(
                    "{} persons appear in several of these tables under the same pseudonym: {}.",
                    real(f),
                    parameter(f, "tables")
                )
            },
        },
        Statistic {
            name: "k",
            title: "Smallest class of joined tables",
            of: "persons",
            meaning: |f| {
                match real(f) {
                1.0 => "Once the tables are joined, at least one person is unlike everybody else."
                    .to_owned(),
                2.0 => "Once the tables are joined, at least one person has only one other who looks the same."
                    .to_owned(),
                k => format!(
                    "Once the tables are joined, every person still has at least {} others who look the same.",
                    k - 1.0
                ),
            }
            },
        },
        Statistic {
            name: "persons_below",
            title: "Persons in classes below k, tables joined",
            of: "persons",
            meaning: |f| {
                format!(
                    "Once the tables are joined, {} persons are in groups of fewer than {}.",
                    real(f),
                    parameter(f, "k")
                )
            },
        },
        Statistic {
            name: "share_unique",
            title: "Share of unique persons, tables joined",
            of: "persons",
            meaning: |f| {
                format!(
                    "Once the tables are joined, {} of the persons in them are unique.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "share_unique_with_points",
            title: "Share of unique persons, known by attributes and points",
            of: "persons drawn",
            meaning: |f| {
                format!(
                    "Anyone who knows a person's attributes and {} random points of theirs singles out {} of the persons.",
                    parameter(f, "points"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "persons_disclosed",
            title: "Persons whose group reveals a sensitive value, tables joined",
            of: "persons",
            meaning: |f| match (real(f), f.parameters.contains_key("sensitive")) {
                (_, false) => "No sensitive column is in tables that can be joined.".to_owned(),
                (0.0, _) => format!(
                    "Once the tables are joined, no group reveals {}.",
                    parameter(f, "sensitive")
                ),
                (persons, _) => format!(
                    "Once the tables are joined, {persons} persons are in groups that reveal {} of everybody in them.",
                    parameter(f, "sensitive")
                ),
            },
        },
        Statistic {
            name: "risk_max",
            title: "Highest risk, tables joined",
            of: "persons",
            meaning: |f| {
                format!(
                    "By joining the tables an adversary finds the person most at risk with probability {:.3}.",
                    real(f)
                )
            },
        },
    ],
};

impl Measure for JoinedTables {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let thresholds = planning.whole_numbers("k", &[2.0, 5.0, 11.0])?;
        let mut jobs: Vec<Job> = by_subject(planning, &thresholds).into_iter().collect();
        let told: Vec<usize> = jobs.iter().map(|job| job.table).collect();
        jobs.extend(by_column(planning, &thresholds, &told));
        jobs.extend(by_row(planning, &thresholds)?);
        Ok(jobs)
    }

    fn is_about_persons(&self) -> bool {
        // That tables cannot be joined says nothing of any one of them.
        false
    }

    fn owes(&self, statistic: &str, _table: &Table, _release: &Release) -> bool {
        // Where nothing is joined there is no class, and nobody is linked.
        ![
            "k",
            "persons_linked",
            "persons_disclosed",
            "share_unique_with_points",
        ]
        .contains(&statistic)
    }
}

fn needs(table: &Table) -> Needs {
    Needs {
        tuples: true,
        sensitive: table.kind == TableKind::Microdata,
        precise: table.kind == TableKind::Trace,
        names: true,
        ..Needs::default()
    }
}

/// All tables of persons held against each other by their columns and the order of their rows. Where nothing is joined
/// it says so, but of the tables of which another job does.
fn by_column(planning: &Planning<'_>, thresholds: &[u64], told: &[usize]) -> Option<Job> {
    let tables = planning.release.tables.iter().enumerate();
    let mut of_persons = tables.filter(|(_, table)| table.kind.is_of_persons());
    let (first, described) = of_persons.next()?;
    let needs = || Needs {
        published: true,
        linked: true,
        ..Needs::default()
    };
    let rest: Vec<(usize, &Table)> = of_persons.collect();
    let all = std::iter::once(described).chain(rest.iter().map(|(_, table)| *table));
    let kinds: Vec<TableKind> = all.map(|table| table.kind).collect();
    if rest.is_empty() || !kinds.contains(&TableKind::Microdata) {
        return None;
    }
    let held = rest.iter().map(|(at, table)| {
        let point = table.point.clone();
        planning.held(Other::Table(*at), first, point, needs())
    });
    let thresholds = thresholds.to_vec();
    let is_told = told.contains(&first);
    Some(Job {
        measure: ID,
        table: first,
        needs: needs(),
        run: Run::Held(
            held.collect(),
            Box::new(move |table, others, _| {
                let all = std::iter::once(table).chain(others.iter().copied());
                let tables: Vec<&Encoded> = all.collect();
                let sides = tables.iter().zip(&kinds).map(|(table, kind)| {
                    let published = table.published()?;
                    Some(crossed::Side {
                        kind: *kind,
                        published,
                        rows: published.rows()?,
                    })
                });
                let sides: Option<Vec<crossed::Side<'_>>> = sides.collect();
                let Some(sides) = sides else {
                    return Outcome::default();
                };
                let mut outcome = of_crossed(&tables, &sides, &thresholds);
                if !is_told && outcome.findings.is_empty() {
                    outcome.findings = nothing_joined(&thresholds);
                }
                outcome
            }),
        ),
    })
}

fn of_crossed(tables: &[&Encoded], sides: &[crossed::Side<'_>], thresholds: &[u64]) -> Outcome {
    let mut outcome = Outcome::default();
    for crossed in crossed::crossed(sides) {
        let names = crossed.tables.map(|at| tables[at].name.as_str()).join(", ");
        let finding = |statistic, unit| {
            Finding::new(ID, statistic, DOC.criterion, unit)
                .columns(&crossed.columns)
                .parameter("tables", names.as_str())
                .parameter("by", crossed.by)
        };
        let linked = finding("persons_linked", Unit::Persons).count(crossed.persons, None);
        outcome.findings.push(linked);
        if !crossed.crowds.is_empty() {
            outcome
                .findings
                .extend(of_crowds(&crossed.crowds, thresholds, &finding));
            let revealed = crossed.revealed.iter().map(|(side, revealed)| Revealed {
                table: tables[crossed.tables[*side]].name.clone(),
                ..revealed.clone()
            });
            let revealed: Vec<Revealed> = revealed.collect();
            outcome
                .findings
                .extend(of_revealed(&revealed, crossed.persons, &finding));
            continue;
        }
        let reason = said!(
            "a trace and another table hold the same persons, as columns under other roles show: what both give together is not known",
            "eine Spur und eine andere Tabelle enthalten dieselben Personen, wie Spalten anderer Rolle zeigen: was beide zusammen ergeben, ist nicht bekannt"
        );
        for statistic in ["persons_below", "risk_max", "share_unique"] {
            let entry = Outcome::not_measured(ID, Some(statistic), reason.clone());
            outcome.not_measured.push(entry);
        }
    }
    outcome
}

/// All tables with subjects, held against each other.
fn by_subject(planning: &Planning<'_>, thresholds: &[u64]) -> Option<Job> {
    let tables = planning.release.tables.iter().enumerate();
    let of_persons = tables.filter(|(_, table)| table.roles.subject.is_some());
    let (attributes, traces): (Vec<_>, Vec<_>) =
        of_persons.partition(|(_, table)| table.kind == TableKind::Microdata);
    let is_of_attributes = !attributes.is_empty();
    let all: Vec<(usize, &Table)> = attributes.into_iter().chain(traces).collect();
    let (first, described) = *all.first()?;
    let rest = all[1..].to_vec();
    if rest.is_empty() {
        return None;
    }
    let held = rest.iter().map(|(at, table)| {
        let point = table.point.clone();
        planning.held(Other::Table(*at), first, point, needs(table))
    });
    let thresholds = thresholds.to_vec();
    let draws = Draws::new(planning.release.seed, ID, &described.name);
    let domain = |(at, table): &(usize, &Table)| {
        let input = &planning.inputs[*at];
        let subject = input.column(table.roles.subject.as_ref()?)?;
        input.columns[subject].domain
    };
    let domains: Vec<Option<Domain>> = std::iter::once(&(first, described))
        .chain(&rest)
        .map(domain)
        .collect();
    Some(Job {
        measure: ID,
        table: first,
        needs: needs(described),
        run: Run::Held(
            held.collect(),
            Box::new(move |table, others, _| {
                let all = std::iter::once(table).chain(others.iter().copied());
                let side = |(table, domain): (_, &_)| Side {
                    table,
                    domain: *domain,
                };
                let sides: Vec<Side<'_>> = all.zip(&domains).map(side).collect();
                of_joined(&sides, &thresholds, &draws, is_of_attributes)
            }),
        ),
    })
}

fn of_joined(
    sides: &[Side<'_>],
    thresholds: &[u64],
    draws: &Draws,
    is_of_attributes: bool,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut joined = false;
    for group in joined::joined(sides, draws) {
        let of = || group.tables.iter().map(|at| sides[*at].table);
        let names: Vec<&str> = of().map(|table| table.name.as_str()).collect();
        let names = names.join(", ");
        let columns: Vec<String> = of()
            .filter(|table| table.kind == TableKind::Microdata)
            .flat_map(Encoded::known_columns)
            .collect();
        let finding = |statistic, unit| {
            Finding::new(ID, statistic, DOC.criterion, unit)
                .columns(&columns)
                .parameter("tables", names.as_str())
                .parameter("by", "subject")
        };
        let linked = finding("persons_linked", Unit::Persons).count(group.persons, None);
        outcome.findings.push(linked);
        for within in &group.within {
            let traces = within
                .tables
                .iter()
                .map(|at| sides[*at].table.name.as_str());
            let traces: Vec<&str> = traces.collect();
            let mut share = finding("share_unique_with_points", Unit::Share)
                .parameter("trace", traces.join(", ").as_str())
                .parameter("points", within.points as u64)
                .share(within.unique, within.drawn);
            share.interval = Some(wilson(within.unique, within.drawn));
            outcome.findings.push(share);
        }
        if !group.crowds.is_empty() {
            joined = true;
            outcome
                .findings
                .extend(of_crowds(&group.crowds, thresholds, &finding));
        }
        outcome
            .findings
            .extend(of_revealed(&group.revealed, group.persons, &finding));
    }
    if !joined && is_of_attributes {
        outcome.findings.extend(nothing_joined(thresholds));
    }
    outcome
}

type Said<'a> = dyn Fn(&'static str, Unit) -> Finding + 'a;

fn of_crowds(crowds: &[u64], thresholds: &[u64], finding: &Said<'_>) -> Vec<Finding> {
    let persons = crowds.len() as u64;
    let below = |k: u64| crowds.iter().filter(|crowd| **crowd < k).count() as u64;
    let smallest = crowds.iter().copied().min().unwrap_or(u64::MAX);
    let mut findings = vec![
        finding("k", Unit::Persons).count(smallest, None),
        finding("share_unique", Unit::Share).share(below(2), persons),
        finding("risk_max", Unit::Probability).value(1.0 / smallest as f64),
    ];
    findings.extend(thresholds.iter().map(|k| {
        finding("persons_below", Unit::Persons)
            .parameter("k", *k)
            .count(below(*k), Some(persons))
    }));
    findings
}

/// For how many of `persons` the crowd of each reveals a sensitive column.
fn of_revealed(revealed: &[Revealed], persons: u64, finding: &Said<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = revealed
        .iter()
        .map(|of| {
            let mut finding = finding("persons_disclosed", Unit::Persons)
                .parameter("sensitive", of.column.as_str())
                .parameter("of", of.table.as_str())
                .count(of.persons, Some(persons));
            if let Some(trace) = &of.trace {
                finding = finding.parameter("trace", trace.as_str());
            }
            finding
        })
        .collect();
    if findings.is_empty() {
        findings.push(finding("persons_disclosed", Unit::Persons).count(0, Some(persons)));
    }
    findings
}

/// Nobody is in danger by a join that there is not.
fn nothing_joined(thresholds: &[u64]) -> Vec<Finding> {
    let finding = |statistic, unit| Finding::new(ID, statistic, DOC.criterion, unit);
    let mut findings = vec![
        finding("share_unique", Unit::Share).value(0.0),
        finding("risk_max", Unit::Probability).value(0.0),
        finding("persons_disclosed", Unit::Persons).count(0, None),
    ];
    findings.extend(thresholds.iter().map(|k| {
        finding("persons_below", Unit::Persons)
            .parameter("k", *k)
            .count(0, None)
    }));
    findings
}

/// Tables of attributes that have files in common: one job for each of them that has other files than those before it.
fn by_row(planning: &Planning<'_>, thresholds: &[u64]) -> Result<Vec<Job>> {
    let tables = &planning.release.tables;
    let is_of_attributes = |at: usize| tables[at].kind == TableKind::Microdata;
    // The first table that each has files in common with, directly or by way of others.
    let mut group: Vec<usize> = (0..tables.len()).collect();
    for (one, other) in copies::shared(planning.inputs)? {
        if !is_of_attributes(one) || !is_of_attributes(other) {
            continue;
        }
        let (a, b) = (group[one], group[other]);
        group
            .iter_mut()
            .filter(|of| **of == a.max(b))
            .for_each(|of| *of = a.min(b));
    }
    let mut jobs = Vec::new();
    for first in (0..tables.len()).filter(|at| group[*at] == *at) {
        let members: Vec<usize> = (0..tables.len()).filter(|at| group[*at] == first).collect();
        if members.len() < 2 {
            continue;
        }
        let described: Vec<&Table> = members.iter().map(|at| &tables[*at]).collect();
        let names: Vec<&str> = described.iter().map(|table| table.name.as_str()).collect();
        let names = names.join(", ");
        let mut subjects: Vec<&Column> = Vec::new();
        for subject in described
            .iter()
            .filter_map(|table| table.roles.subject.as_ref())
        {
            if subjects.iter().all(|known| known.value != subject.value) {
                subjects.push(subject);
            }
        }
        let subjects: Vec<Option<&Column>> = match subjects.is_empty() {
            true => vec![None],
            false => subjects.into_iter().map(Some).collect(),
        };
        let mut files: Vec<Vec<String>> = Vec::new();
        for base in members {
            let mut of: Vec<String> = planning.inputs[base]
                .files
                .iter()
                .map(InputFile::sha256)
                .collect::<Result<_>>()?;
            of.sort_unstable();
            if files.contains(&of) {
                continue;
            }
            files.push(of);
            for subject in &subjects {
                let held = Held {
                    other: Other::Again(base),
                    table: together(&tables[base], &described, *subject, &planning.inputs[base]),
                    needs: Needs {
                        tuples: true,
                        sensitive: true,
                        ..Needs::default()
                    },
                };
                let (names, thresholds) = (names.clone(), thresholds.to_vec());
                jobs.push(Job {
                    measure: ID,
                    table: base,
                    needs: Needs::default(),
                    run: Run::against(held, move |_, joined, _| {
                        of_rows(joined, &names, &thresholds)
                    }),
                });
            }
        }
    }
    Ok(jobs)
}

/// A table with the quasi-identifiers of all, as far as its files have them.
fn together(base: &Table, tables: &[&Table], subject: Option<&Column>, input: &Input) -> Table {
    let mut joined = base.clone();
    let has = |column: &Column| input.column(column).is_some();
    for table in tables {
        for column in &table.roles.quasi_identifiers {
            let known = &mut joined.roles.quasi_identifiers;
            if has(column) && known.iter().all(|other| other.value != column.value) {
                known.push(column.clone());
            }
        }
    }
    joined.roles.subject = subject.filter(|subject| has(subject)).cloned();
    let is_subject = |table: &&&Table| {
        let own = table.roles.subject.as_ref();
        own.zip(joined.roles.subject.as_ref())
            .is_some_and(|(own, subject)| own.value == subject.value)
    };
    if let Some(of) = tables.iter().find(is_subject) {
        joined.null_subject = of.null_subject;
    }
    if let Some(subject) = &joined.roles.subject {
        let known = &mut joined.roles.quasi_identifiers;
        known.retain(|column| column.value != subject.value);
    }
    let mut sensitive: Vec<Column> = Vec::new();
    for column in tables.iter().flat_map(|table| &table.roles.sensitive) {
        let known = joined.roles.quasi_identifiers.iter();
        let mut known = known.chain(&joined.roles.subject).chain(&sensitive);
        if has(column) && known.all(|other| other.value != column.value) {
            sensitive.push(column.clone());
        }
    }
    joined.roles.sensitive = sensitive;
    joined.roles.weight = None;
    joined.hierarchies.clear();
    joined.nulls = Nulls::Value;
    joined.composite = false;
    joined
}

fn of_rows(joined: &Encoded, names: &str, thresholds: &[u64]) -> Outcome {
    let columns = joined.known_columns();
    let finding = |statistic, unit| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(&columns)
            .parameter("tables", names)
            .parameter("by", "row")
    };
    let mut comparisons = joined.comparisons();
    let is_composite = |of: &Comparison<'_>| of.compared == Some(Compared::Composite);
    // All rows of a person together, where they have several.
    let at = comparisons.iter().position(is_composite).unwrap_or(0);
    let comparison = (!comparisons.is_empty()).then(|| comparisons.swap_remove(at));
    let sizes = comparison.map(|comparison| comparison.classes.persons.clone());
    let sizes = sizes.unwrap_or_default();
    let crowds: Vec<u64> = sizes
        .iter()
        .flat_map(|(size, persons)| std::iter::repeat_n(*size, *persons as usize))
        .collect();
    if crowds.is_empty() {
        let reason = said!("no row has a person", "keine Zeile gehört zu einer Person");
        return Outcome::unmeasured(ID, reason);
    }
    let sensitive = joined.attributes[joined.known..].iter();
    let revealed = sensitive.filter_map(|(name, _)| {
        let sensitive = joined.sensitive(name)?;
        let all: u64 = sensitive.overall.iter().sum();
        let most = sensitive.overall.iter().max().copied().unwrap_or(0);
        // What nearly everybody has is revealed by no group.
        let is_usual = 5 * most >= 4 * all;
        let certain = sensitive
            .classes()
            .map(|class| class.greatest_share() >= 1.0 && !is_usual);
        Some(Revealed {
            table: joined.name.clone(),
            column: name.clone(),
            trace: None,
            persons: sensitive.persons_in(&certain.collect::<Vec<bool>>()),
        })
    });
    let revealed: Vec<Revealed> = revealed.collect();
    let mut findings = of_crowds(&crowds, thresholds, &finding);
    findings.extend(of_revealed(&revealed, crowds.len() as u64, &finding));
    Outcome {
        findings,
        ..Outcome::default()
    }
}
