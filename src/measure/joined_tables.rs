//! Tables of one release are one release: what they say of a person together.

use super::{Doc, Held, Job, Measure, Other, Outcome, Planning, Run, Setting, Statistic};
use super::{parameter, percent, real};
use crate::encode::classes::{Compared, Comparison};
use crate::encode::linked::linked;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::release::{Nulls, Release, Table, TableKind, copies};
use crate::said;

pub struct JoinedTables;

const ID: &str = "joined-tables";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::joined_tables::PROSE,
    title: "Joined tables",
    criterion: Criterion::SinglingOut,
    question: "Does a person still hide in a group once the tables of the release are joined?",
    adversary: "Has all tables of the release and knows a person's quasi-identifiers in each of them; joins the tables \
                by the pseudonyms they share, or row by row where they are the same file.",
    definition: "Tables are linked that name the same subjects, whatever their columns are called: any equal text is \
                 the same subject, and whole numbers are where at least half of the smaller table's are equal or more \
                 than chance would make so, were both drawn at random from the range they lie in (by more than five \
                 standard deviations and one). A person who is in two or more linked tables of kind microdata is \
                 compared by all of them: by the classes of all their rows together in each. Their crowd are the persons \
                 who are in all of these tables, perhaps in others besides, and have the same class in each. Microdata of \
                 which one has no subject and that are read from the same files, or from equal copies of them, are \
                 joined row by row: their classes are those by the quasi-identifiers of all.",
    formula: "crowd(i) = |{j : T_j ⊇ T_i, class_t(j) = class_t(i) for all t in T_i}|, T_i the tables that person i is in; \
              k = min, highest risk = max of 1/crowd, over persons in two or more tables",
    denominator: "Persons who are in two or more linked tables of attributes, or in rows of tables that are the same \
                  file; all persons who are in two or more linked tables for `persons_linked`.",
    nulls: "A null is a value of its own. Values are compared by equality, also where a table lets nulls or hierarchies \
            match: joined tables are never safer than that.",
    assumptions: &[
        "Equal subjects in two tables are one person. Where tables use pseudonyms of their own, drawn at random, nothing \
         is joined; running numbers that begin anew in each table cannot be told from shared ones, and count as shared.",
        "Whoever is in one table alone is judged by it alone: the adversary does not know who is missing elsewhere.",
    ],
    limits: &[
        "A trace that shares pseudonyms with a table of attributes is told by `persons_linked`: whoever is found in one \
         is found in the other. What both give together, quasi-identifiers beside points, is not measured.",
        "Tables without subjects that hold the same persons in another order or another file are not recognised.",
    ],
    citations: &[
        "S. R. Ganta, S. P. Kasiviswanathan, A. Smith: Composition attacks and auxiliary information in data privacy. \
         KDD 2008.",
        "Article 29 Working Party: Opinion 05/2014 on Anonymisation Techniques (WP216), linkability.",
    ],
    validation: "Equal to a comparison of all pairs of persons on generated tables that share some of their subjects; \
                 tables under pseudonyms of their own are not joined, whether these are texts or numbers drawn at \
                 random.",
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
                    "{} persons are in several of these tables under the same pseudonym: {}.",
                    real(f),
                    parameter(f, "tables")
                )
            },
        },
        Statistic {
            name: "k",
            title: "Smallest class of joined tables",
            of: "persons",
            meaning: |f| match real(f) {
                1.0 => {
                    "With the tables joined, at least one person is like nobody else.".to_owned()
                }
                k => format!(
                    "With the tables joined, every person is like at least {} others.",
                    k - 1.0
                ),
            },
        },
        Statistic {
            name: "persons_below",
            title: "Persons in classes below k, tables joined",
            of: "persons",
            meaning: |f| {
                format!(
                    "With the tables joined, {} persons hide among fewer than {}, themselves included.",
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
                    "With the tables joined, {} of the persons in them can be told apart from everybody else.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "risk_max",
            title: "Highest risk, tables joined",
            of: "persons",
            meaning: |f| {
                format!(
                    "Whoever joins the tables names the record of the person most at risk with probability {:.3}.",
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
        jobs.extend(by_row(planning, &thresholds)?);
        Ok(jobs)
    }

    fn owes(&self, statistic: &str, _table: &Table, _release: &Release) -> bool {
        // Where nothing is joined there is no class, and nobody is linked.
        !["k", "persons_linked"].contains(&statistic)
    }
}

fn needs(table: &Table) -> Needs {
    Needs {
        tuples: table.kind == TableKind::Microdata,
        names: true,
        ..Needs::default()
    }
}

/// All tables with subjects, held against each other, where one of them is of attributes.
fn by_subject(planning: &Planning<'_>, thresholds: &[u64]) -> Option<Job> {
    let tables = planning.release.tables.iter().enumerate();
    let of_persons = tables.filter(|(_, table)| table.roles.subject.is_some());
    let (attributes, traces): (Vec<_>, Vec<_>) =
        of_persons.partition(|(_, table)| table.kind == TableKind::Microdata);
    let (first, described) = *attributes.first()?;
    let rest: Vec<(usize, &Table)> = attributes[1..].iter().chain(&traces).copied().collect();
    if rest.is_empty() {
        return None;
    }
    let held = rest.iter().map(|(at, table)| {
        let point = table.point.clone();
        planning.held(Other::Table(*at), first, point, needs(table))
    });
    let thresholds = thresholds.to_vec();
    Some(Job {
        measure: ID,
        table: first,
        needs: needs(described),
        run: Run::Held(
            held.collect(),
            Box::new(move |table, others, _| {
                let all: Vec<&Encoded> = std::iter::once(table)
                    .chain(others.iter().copied())
                    .collect();
                of_linked(&all, &thresholds)
            }),
        ),
    })
}

fn of_linked(tables: &[&Encoded], thresholds: &[u64]) -> Outcome {
    let mut outcome = Outcome::default();
    let mut joined = false;
    for group in linked(tables) {
        let of = || group.tables.iter().map(|at| tables[*at]);
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
        if !group.crowds.is_empty() {
            joined = true;
            outcome
                .findings
                .extend(of_crowds(&group.crowds, thresholds, &finding));
        }
    }
    if !joined {
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

/// Nobody is in danger by a join that there is not.
fn nothing_joined(thresholds: &[u64]) -> Vec<Finding> {
    let finding = |statistic, unit| Finding::new(ID, statistic, DOC.criterion, unit);
    let mut findings = vec![
        finding("share_unique", Unit::Share).value(0.0),
        finding("risk_max", Unit::Probability).value(0.0),
    ];
    findings.extend(thresholds.iter().map(|k| {
        finding("persons_below", Unit::Persons)
            .parameter("k", *k)
            .count(0, None)
    }));
    findings
}

/// Tables of attributes that are read from the same files, of which one at least has no subject: one job for each
/// group of them.
fn by_row(planning: &Planning<'_>, thresholds: &[u64]) -> Result<Vec<Job>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    'tables: for (at, _) in planning.tables(TableKind::Microdata) {
        for group in &mut groups {
            if copies::are_same(&planning.inputs[group[0]], &planning.inputs[at])? {
                group.push(at);
                continue 'tables;
            }
        }
        groups.push(vec![at]);
    }
    let tables = &planning.release.tables;
    let is_joined = |group: &&Vec<usize>| {
        let mut of = group.iter();
        group.len() > 1 && of.any(|at| tables[*at].roles.subject.is_none())
    };
    let job = |group: &Vec<usize>| {
        let described: Vec<&Table> = group.iter().map(|at| &tables[*at]).collect();
        let names: Vec<&str> = described.iter().map(|table| table.name.as_str()).collect();
        let (names, thresholds) = (names.join(", "), thresholds.to_vec());
        let held = Held {
            other: Other::Again(group[0]),
            table: together(&described),
            needs: Needs {
                tuples: true,
                ..Needs::default()
            },
        };
        Job {
            measure: ID,
            table: group[0],
            needs: Needs::default(),
            run: Run::against(held, move |_, joined, _| {
                of_rows(joined, &names, &thresholds)
            }),
        }
    };
    Ok(groups.iter().filter(is_joined).map(job).collect())
}

/// One table with the quasi-identifiers of all.
fn together(tables: &[&Table]) -> Table {
    let mut joined = tables[0].clone();
    for table in &tables[1..] {
        for column in &table.roles.quasi_identifiers {
            let known = &mut joined.roles.quasi_identifiers;
            if known.iter().all(|other| other.value != column.value) {
                known.push(column.clone());
            }
        }
    }
    let subject = tables.iter().find_map(|table| table.roles.subject.clone());
    let named = tables.iter().find(|table| table.roles.subject.is_some());
    joined.null_subject = named.map_or(joined.null_subject, |table| table.null_subject);
    joined.roles.subject = subject;
    joined.roles.sensitive.clear();
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
    Outcome {
        findings: of_crowds(&crowds, thresholds, &finding),
        ..Outcome::default()
    }
}
