//! File leaks: what Parquet files carry beyond the cells of their rows.

use statrs::distribution::{DiscreteCDF, Hypergeometric};

use super::{Doc, Job, Measure, Outcome, Planning, Run, Statistic, parameter, real};
use crate::encode::order::{Boundaries, LEVEL, Order, Relation};
use crate::encode::published::Published;
use crate::encode::{Encoded, Needs, together};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::release::files::{ColumnFacts, FileFacts, Leak, Said};
use crate::release::{Table, TableKind};

pub struct FileLeaks;

const ID: &str = "file-leaks";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::file_leaks::PROSE,
    title: "Leaks of the files",
    criterion: Criterion::Hygiene,
    question: "Do the files carry more than the cells of their rows: values that no row has, names, or an order \
               that tells something?",
    adversary: "Reads the bytes of the files, not only the rows that a query engine shows.",
    definition: "Values: `stale-dictionary`, columns with dictionary entries that no row of the table has (the \
                 categories of rows that were dropped, most often); `stale-statistics`, columns with bounds in \
                 statistics or page indexes that no row has; `hidden-bits`, columns of real numbers with more than six patterns \
                 for “not a number”, or with zeros of both signs (ten negative ones or more, one in twenty of all) and no negative \
                 number; `unreferenced-bytes`, files with more than 128 bytes, \
                 not zero, that belong to no part of them; `other-files`, files beside the published \
                 ones that the manifest neither names nor gives a reason for (`[release.beside]`): in folders of \
                 tables with all that is in them, and in folders within the manifest's in which single files of tables \
                 lie; empty ones and checksums not counted. Data among them (Parquet under any name, CSV, archives and \
                 the like, by their bytes, ending or form) is an error, also in the manifest's own folder. Metadata, by files: `origin`, a path, \
                 a person, a machine or a store is named there or in `created_by`; `foreign-columns`, columns are \
                 named that are not in the file; `row-index`, pandas numbers rows by anything but 0 to their \
                 count; `unknown-metadata`, entries that no known writer makes, or that have more than its form \
                 does; `descriptions`, columns with a \
                 comment or metadata of their own. Second copies of values that are in the rows, but are read \
                 without them: `statistics`, `page-index`, `bloom-filter` of columns under `ignore` or \
                 `direct_identifiers`; `subject-statistics` of all three of the subject. Order: `sorted-rows`, \
                 columns under `ignore` or `direct_identifiers` by which rows are sorted (a column that only numbers the rows \
                 as they lie says nothing more than they do); `time-order`, rows are \
                 sorted by time and those of one time, if of different persons, not by the subject, or rows are \
                 nearly in the order of time; `person-order`, columns under `ignore` or `direct_identifiers` whose \
                 order is that of persons in the file; `pseudonym-order`, orders (of first time, of first row, of \
                 any other column in the first row of a person) that the pseudonyms follow, as those do that \
                 were counted up, numbered in the order of another column or made from a clock; `pseudonym-periods`, \
                 pseudonyms that change by the hour, day, week, month or year (95 % have all rows in one) and are computed from \
                 those of the period before (in one of the ways of `joined-tables`), or stand in the same order, by their \
                 values or by rows, as equal first rows at the same places show; `tied-rows`, in microdata of which nothing names the \
                 person of a row, rows that lie as if persons had been written one after the other: neighbours in a file are alike in a \
                 column beyond the columns by which the rows are sorted, in runs of 200 rows at most on average and five or more of each \
                 value, or the rows of a file are, of 20 files or more with 200 rows at \
                 most on average, beyond what the files were parted by (in 20 % of the pairs that could be unlike by chance, and \
                 by eight standard deviations), or the rows at the same places of equally long files or sorted sections \
                 are; `row-groups`, row groups that end where a person ends.",
    formula: "sorted: no step up or no step down within row groups, and 2·Π(nᵍ − sᵍ)!/nᵍ! ≤ 0.001 over the row \
              groups' rows nᵍ and steps sᵍ; pseudonyms: |ρ|·√(n − 1) > z, Spearman's ρ; rows: |Σaᵢ|/√Σaᵢ² > √(2 ln(2m/0.001)), aᵢ \
              the product of the centred ranks of a person's mean place in row groups and of the column, m the \
              orders looked at; row groups: P(X ≥ x) ≤ 0.001, X hypergeometric, x of the boundaries at changes of \
              the person",
    denominator: "Columns that are in the files; of `statistics`, `page-index`, `bloom-filter` and of orders those \
                  under `ignore` and `direct_identifiers` (the time, the first row and all published columns for \
                  `pseudonym-order` besides); files; for `row-groups` boundaries between row groups of one file.",
    nulls: "Null is no value of dictionaries or bounds. In an order it comes first. Rows without a subject are of \
            nobody.",
    assumptions: &[
        "Rows sorted by the subject are no leak: in trace data they lie so most often, and the order of random \
         pseudonyms tells nothing. Nor are rows sorted by columns that are published.",
        "Innocent are rows in random order, rows sorted by random pseudonyms and rows sorted by published columns: \
         of each kind of order one table of a thousand is then reported by mistake, at most.",
        "Bounds of text that are not said to be exact may be cut from 16 bytes on; values are then compared with \
         what is left.",
    ],
    limits: &[
        "That persons in a file lie in the order of a column that was taken out (of telephone numbers, of a \
         register) cannot be seen in the file: sort by pseudonym before writing.",
        "Rows of one time may be sorted by a published column; they are reported where they are not sorted by the \
         subject.",
        "Of Bloom filters only that they are there is looked at, and nothing that is encrypted. Names of persons \
         in free text have no form to be found by.",
        "Orders are looked at from 20 persons on.",
        "That pseudonyms of several periods stand in the same order is seen where as many persons are in each of them and \
         begin it in the same way more often than by chance.",
        "Comments on columns are told from other metadata by their length: up to 120 bytes a column, 240 in one.",
    ],
    citations: &[
        "Apache Parquet: File format, Thrift definition, Encodings, Page index, Bloom filter; issue PARQUET-816.",
        "M. G. Kendall: Rank correlation methods. Griffin, 1948.",
        "B. Efron: Student's t-test under symmetry conditions. JASA 64, 1969.",
        "Regulation (EU) 2016/679, Art. 25 and 32.",
    ],
    validation: "Every kind is planted in files and found, and not found in files without it; dictionary entries \
                 and bounds equal a slow look through all rows; shuffled tables are reported no more often than \
                 stated.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "leaks",
            title: "Leaks of the files",
            of: "columns, files or entries examined",
            meaning: |f| {
                let kind = parameter(f, "kind");
                let known = KINDS.iter().find(|known| known.id == kind);
                known.map_or(String::new(), |kind| kind.meaning(f))
            },
        },
        Statistic {
            name: "values",
            title: "Values that are in no row",
            of: "values",
            meaning: |f| {
                format!(
                    "Dictionaries and statistics of the column hold {} that no row of the table has: write the \
                     file anew from its rows, categories as plain text.",
                    match real(f) {
                        1.0 => "one value".to_owned(),
                        count => format!("{count} values"),
                    }
                )
            },
        },
    ],
};

/// One kind of leak.
struct Kind {
    id: &'static str,
    unit: Unit,
    /// What there is none of, one of, several of; and what to do.
    none: &'static str,
    one: &'static str,
    many: &'static str,
    advice: &'static str,
}

impl Kind {
    fn meaning(&self, finding: &Finding) -> String {
        match real(finding) {
            0.0 => format!("{}.", self.none),
            1.0 => format!("{}: {}.", self.one, self.advice),
            count => format!("{count} {}: {}.", self.many, self.advice),
        }
    }
}

const ANEW: &str = "write the file anew from its rows, categories as plain text";
const WITHOUT: &str = "write the file without this entry of its metadata";
const SHUFFLE: &str = "sort the rows by a random pseudonym before writing";

static KINDS: [Kind; 21] = [
    Kind {
        id: "stale-dictionary",
        unit: Unit::Columns,
        none: "Every value of the dictionaries is in some row",
        one: "One column has a dictionary with values of no row",
        many: "columns have dictionaries with values of no row",
        advice: ANEW,
    },
    Kind {
        id: "stale-statistics",
        unit: Unit::Columns,
        none: "Every bound of the statistics is in some row",
        one: "The statistics of one column have a value of no row",
        many: "columns have statistics with values of no row",
        advice: "write the file anew from its rows",
    },
    Kind {
        id: "hidden-bits",
        unit: Unit::Columns,
        none: "No real numbers hold bits that readers do not show",
        one: "One column of real numbers holds bits that readers do not show",
        many: "columns of real numbers hold bits that readers do not show",
        advice: "write missing values as nulls and zeros without a sign (add 0.0)",
    },
    Kind {
        id: "unreferenced-bytes",
        unit: Unit::Files,
        none: "Every byte of the files belongs to a part of them",
        one: "One file has bytes that belong to no part of it, such as rows that were there before",
        many: "files have bytes that belong to no part of them, such as rows that were there before",
        advice: "write the file anew instead of changing it in place",
    },
    Kind {
        id: "other-files",
        unit: Unit::Files,
        none: "No other files lie in the folders of the release",
        one: "One other file lies in a folder of the release and would be published with it",
        many: "other files lie in folders of the release and would be published with it",
        advice: "remove what is not to be published, or say in the manifest why it is there: [release.beside] \
                 \"README.md\" = \"describes the columns\"",
    },
    Kind {
        id: "origin",
        unit: Unit::Files,
        none: "No metadata names a path, a person or a machine",
        one: "The metadata of one file names a path, a person or a machine",
        many: "files have metadata that names a path, a person or a machine",
        advice: WITHOUT,
    },
    Kind {
        id: "foreign-columns",
        unit: Unit::Files,
        none: "No metadata names columns that are not in the file",
        one: "The metadata of one file names columns that are not in it",
        many: "files have metadata that names columns that are not in them",
        advice: "drop the columns before the file is written, and write it without this entry of its metadata",
    },
    Kind {
        id: "row-index",
        unit: Unit::Files,
        none: "No metadata numbers the rows but by their count",
        one: "The metadata of one file tells which rows of a longer table are in it",
        many: "files have metadata that tells which rows of a longer table are in them",
        advice: "write the file without an index (pandas: reset_index, index=False)",
    },
    Kind {
        id: "unknown-metadata",
        unit: Unit::Files,
        none: "All metadata is of a known kind",
        one: "One file has metadata that this program cannot judge",
        many: "files have metadata that this program cannot judge",
        advice: "look at it, or write the file without this entry of its metadata",
    },
    Kind {
        id: "descriptions",
        unit: Unit::Columns,
        none: "No column has a description in the metadata",
        one: "One column has a description in the metadata",
        many: "columns have descriptions in the metadata",
        advice: "look whether it may be published, or write the file without it",
    },
    Kind {
        id: "statistics",
        unit: Unit::Columns,
        none: "No column that is ignored or a direct identifier has statistics",
        one: "The statistics of one column that is ignored or a direct identifier hold values of it",
        many: "columns that are ignored or direct identifiers have statistics that hold values of them",
        advice: "leave the column out, or write the file without statistics for it",
    },
    Kind {
        id: "page-index",
        unit: Unit::Columns,
        none: "No column that is ignored or a direct identifier has a page index",
        one: "The page index of one column that is ignored or a direct identifier holds values of it",
        many: "columns that are ignored or direct identifiers have page indexes that hold values of them",
        advice: "leave the column out, or write the file without a page index for it",
    },
    Kind {
        id: "bloom-filter",
        unit: Unit::Columns,
        none: "No column that is ignored or a direct identifier has a Bloom filter",
        one: "The Bloom filter of one column that is ignored or a direct identifier tells whether a value is in it",
        many: "columns that are ignored or direct identifiers have Bloom filters that tell whether a value is in them",
        advice: "leave the column out, or write the file without a Bloom filter for it",
    },
    Kind {
        id: "subject-statistics",
        unit: Unit::Columns,
        none: "The column of the subject has neither statistics nor a Bloom filter",
        one: "Statistics or a Bloom filter hold pseudonyms beside the rows, which are read without these",
        many: "columns of subjects have statistics or Bloom filters",
        advice: "no harm where the pseudonyms are random; otherwise write the file without statistics for it",
    },
    Kind {
        id: "sorted-rows",
        unit: Unit::Columns,
        none: "Rows are sorted by no column that is ignored or a direct identifier",
        one: "Rows are sorted by a column that is ignored or a direct identifier: the order stays when the column \
              is taken out",
        many: "columns that are ignored or direct identifiers sort the rows: the order stays when they are taken \
               out",
        advice: SHUFFLE,
    },
    Kind {
        id: "time-order",
        unit: Unit::Columns,
        none: "The order of rows tells no more of times than the times do",
        one: "Rows lie in the order of time beyond what their times tell: who came before whom can be read off",
        many: "columns of times are more exact by the order of rows",
        advice: "sort the rows by pseudonym, or by time and pseudonym, before writing",
    },
    Kind {
        id: "person-order",
        unit: Unit::Columns,
        none: "Persons lie in the order of no column that is ignored or a direct identifier",
        one: "Persons lie in the order of a column that is ignored or a direct identifier",
        many: "columns that are ignored or direct identifiers give the order of persons in the file",
        advice: SHUFFLE,
    },
    Kind {
        id: "pseudonym-order",
        unit: Unit::Columns,
        none: "The pseudonyms follow no order",
        one: "The pseudonyms follow an order, as those do that were counted up, numbered in the order of another \
              column or made from a clock",
        many: "orders are followed by the pseudonyms, as by those that were counted up, numbered in the order of \
               other columns or made from a clock",
        advice: "draw pseudonyms at random, and shuffle the rows or sort them by pseudonym",
    },
    Kind {
        id: "pseudonym-periods",
        unit: Unit::Persons,
        none: "Pseudonyms that change do not follow from those before",
        one: "One pseudonym follows from one of the period before",
        many: "pseudonyms follow from those of the period before, so that persons are followed as if they kept one",
        advice: "draw the pseudonyms of each period at random, and shuffle its rows or sort them by pseudonym",
    },
    Kind {
        id: "tied-rows",
        unit: Unit::Records,
        none: "No rows are tied by where they lie",
        one: "One row is tied to others by where it lies",
        many: "rows seem to belong together because of where they lie (next to each other, in one file, or at the same position in \
               several files), so that one person counts several times",
        advice: "sort the rows by published columns or shuffle them, over all files together; if persons have several rows, name \
                 them by a `subject`",
    },
    Kind {
        id: "row-groups",
        unit: Unit::RowGroups,
        none: "Row groups do not end where persons do, more often than by chance",
        one: "A row group ends where a person ends, which chance would hardly do",
        many: "row groups end where a person ends, which chance would hardly do: they are batches of persons",
        advice: "write row groups of equal length",
    },
];

impl Measure for FileLeaks {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let tables = planning.release.tables.iter().enumerate();
        let job = |(at, table): (usize, &Table)| {
            let is_of_attributes = table.kind == TableKind::Microdata;
            let files = planning.inputs[at].files.iter();
            let files: Vec<usize> = files.map(|file| file.rows() as usize).collect();
            let names = |columns: &[crate::release::Column]| -> Vec<String> {
                columns.iter().map(|column| column.value.clone()).collect()
            };
            let mut hidden = names(&table.roles.direct_identifiers);
            hidden.extend(names(&table.ignore));
            let subject = table.roles.subject.as_ref().map(|at| at.value.clone());
            let time = table.roles.time.as_ref().map(|at| at.value.clone());
            let watched = Watched {
                hidden,
                time,
                subject,
            };
            Job {
                measure: ID,
                table: at,
                needs: Needs {
                    tuples: table.roles.subject.is_some(),
                    files: true,
                    published: true,
                    linked: is_of_attributes,
                    ..Needs::default()
                },
                run: Run::Table(Box::new(move |encoded| {
                    let mut outcome = measure(encoded, &watched);
                    let published = encoded.published().filter(|_| is_of_attributes);
                    outcome.findings.push(of_rows(published, &files));
                    outcome.findings.push(of_bits(encoded));
                    outcome
                })),
            }
        };
        Ok(tables.map(job).collect())
    }
}

/// The columns whose copies and orders are looked for.
struct Watched {
    hidden: Vec<String>,
    time: Option<String>,
    subject: Option<String>,
}

fn measure(encoded: &Encoded, watched: &Watched) -> Outcome {
    let (facts, order) = encoded.files().expect("they were asked for");
    let mut outcome = Outcome::default();
    of_values(facts, &mut outcome);
    of_metadata(facts, &mut outcome);
    of_copies(facts, watched, &mut outcome);
    of_order(order, watched, &mut outcome);
    outcome
}

fn of_bits(encoded: &Encoded) -> Finding {
    let published = encoded.published().expect("it was asked for");
    let all = published.columns.len();
    let hidden = published
        .columns
        .iter()
        .filter(|column| column.has_hidden_bits);
    let hidden: Vec<String> = hidden.map(|column| column.name.clone()).collect();
    columns("hidden-bits", &hidden, all)
}

/// Rows that are tied by where they lie, though nothing names their persons.
fn of_rows(published: Option<&Published>, files: &[usize]) -> Finding {
    let tied = published.and_then(|published| together::tied(published, files));
    let (named, count) = tied.unwrap_or_default();
    let all: usize = files.iter().sum();
    finding("tied-rows")
        .columns(&named)
        .count(count, Some(all as u64))
}

fn finding(kind: &str) -> Finding {
    let known = KINDS.iter().find(|known| known.id == kind);
    let unit = known.expect("the kind is one of them").unit;
    Finding::new(ID, "leaks", DOC.criterion, unit).parameter("kind", kind)
}

/// So many columns of a kind, named, of `all`.
fn columns(kind: &str, found: &[String], all: usize) -> Finding {
    let count = found.len() as u64;
    finding(kind).columns(found).count(count, Some(all as u64))
}

fn chosen(facts: &FileFacts, is: impl Fn(&&ColumnFacts) -> bool) -> Vec<String> {
    let found = facts.columns.iter().filter(is);
    found.map(|column| column.name.clone()).collect()
}

fn of_values(facts: &FileFacts, outcome: &mut Outcome) {
    let all = facts.columns.len();
    let dictionaries = chosen(facts, |column| column.unused > 0);
    let bounds = chosen(facts, |column| column.foreign_bounds > 0);
    outcome.findings.extend([
        columns("stale-dictionary", &dictionaries, all),
        columns("stale-statistics", &bounds, all),
        finding("unreferenced-bytes").count(facts.unreferenced, Some(facts.files)),
        finding("other-files").count(facts.others, Some(facts.files + facts.others)),
    ]);
    for column in &facts.columns {
        let name = std::slice::from_ref(&column.name);
        let mut push = |kind: &str, count: u64, of: Option<u64>| {
            if count > 0 {
                let finding = Finding::new(ID, "values", DOC.criterion, Unit::Values);
                let finding = finding.parameter("kind", kind).columns(name);
                outcome.findings.push(finding.count(count, of));
            }
        };
        push("stale-dictionary", column.unused, Some(column.entries));
        push("stale-statistics", column.foreign_bounds, None);
    }
}

fn of_metadata(facts: &FileFacts, outcome: &mut Outcome) {
    let none = Said::default();
    for (kind, leak) in [
        ("origin", Leak::Origin),
        ("foreign-columns", Leak::ForeignColumns),
        ("row-index", Leak::RowIndex),
        ("unknown-metadata", Leak::Unknown),
    ] {
        let said = facts.metadata.get(&leak).unwrap_or(&none);
        let mut finding = finding(kind).count(said.files, Some(facts.files));
        if !said.keys.is_empty() {
            let keys: Vec<&str> = said.keys.iter().map(String::as_str).collect();
            finding = finding.parameter("keys", keys.join(", ").as_str());
        }
        outcome.findings.push(finding);
    }
    let described = chosen(facts, |column| column.described);
    let all = facts.columns.len();
    outcome
        .findings
        .push(columns("descriptions", &described, all));
}

fn of_copies(facts: &FileFacts, watched: &Watched, outcome: &mut Outcome) {
    let hidden = |column: &ColumnFacts| watched.hidden.contains(&column.name);
    let all = chosen(facts, |column| hidden(column)).len();
    let mut push = |kind: &str, chunks: fn(&ColumnFacts) -> u64| {
        let found = chosen(facts, |column| hidden(column) && chunks(column) > 0);
        outcome.findings.push(columns(kind, &found, all));
    };
    push("statistics", |column| column.statistics);
    push("page-index", |column| column.page_indexes);
    push("bloom-filter", |column| column.bloom_filters);
    let subject = |column: &ColumnFacts| watched.subject.as_ref() == Some(&column.name);
    let copied = chosen(facts, |column| {
        let copies = column.statistics + column.page_indexes + column.bloom_filters;
        subject(column) && copies > 0
    });
    let subjects = chosen(facts, |column| subject(column)).len();
    outcome
        .findings
        .push(columns("subject-statistics", &copied, subjects));
}

fn of_order(order: &Order, watched: &Watched, outcome: &mut Outcome) {
    let keys = order.keys.len();
    let level = LEVEL / keys.max(1) as f64;
    let chosen = |is: &dyn Fn(&crate::encode::order::Key) -> bool| -> Vec<String> {
        let found = order.keys.iter().filter(|key| is(key));
        found.map(|key| key.name.clone()).collect()
    };
    // A number of the rows says of their order what anybody sees.
    let sorted = chosen(&|key| key.steps.is_order(level) && !key.numbers_rows);
    let placed = |relation: &Relation, of: usize| {
        let bound = (2.0 * (2.0 * of as f64 / LEVEL).ln()).sqrt();
        relation.rows.is_some_and(|t| t.abs() > bound)
    };
    let persons = chosen(&|key| placed(&key.relation, keys) && !key.numbers_rows);
    let time: Vec<String> = watched.time.iter().cloned().collect();
    let ties = order.ties.up > 0 && order.ties.down > 0;
    let in_order = order.time.is_some_and(|steps| steps.is_order(LEVEL)) && ties;
    let timed = match in_order || placed(&order.by_time, 1) {
        true => time.as_slice(),
        false => &[],
    };
    let followed = order.followed(LEVEL);
    let by_time = time.iter().filter(|_| followed.by_time).cloned();
    let columns_followed = followed.columns.iter().map(|name| (*name).to_owned());
    let named: Vec<String> = by_time.chain(columns_followed).collect();
    let all_times = usize::from(order.time.is_some());
    outcome.findings.extend([
        columns("sorted-rows", &sorted, keys),
        columns("time-order", timed, all_times),
        columns("person-order", &persons, keys),
        finding("pseudonym-order")
            .columns(&named)
            .count(followed.followed, Some(followed.orders)),
        finding("pseudonym-periods")
            .count(order.by_period, Some(order.persons.max(order.by_period))),
        finding("row-groups").count(
            match is_batched(&order.boundaries) {
                true => order.boundaries.at_change,
                false => 0,
            },
            Some(order.boundaries.all),
        ),
    ]);
}

/// Whether row groups end where persons do more often than chance would have them.
fn is_batched(boundaries: &Boundaries) -> bool {
    let Boundaries {
        all,
        at_change,
        pairs,
        changes,
    } = *boundaries;
    if at_change == 0 || changes == pairs {
        return false;
    }
    match Hypergeometric::new(pairs, changes, all) {
        Ok(chance) => chance.sf(at_change - 1) <= LEVEL,
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_by_hand() {
        let batched = |all, at_change, pairs, changes| {
            is_batched(&Boundaries {
                all,
                at_change,
                pairs,
                changes,
            })
        };
        // Three of three where one neighbour in ten changes: about 1 in 1,000, a little less without replacement.
        assert!(batched(3, 3, 1_000, 100));
        assert!(!batched(3, 3, 1_000, 110));
        assert!(!batched(3, 2, 1_000, 100));
        assert!(!batched(3, 3, 1_000, 1_000), "a row is a person");
        assert!(!batched(0, 0, 0, 0));
        // P = 1/2000 for one boundary.
        assert!(batched(1, 1, 2_000, 1) && !batched(1, 1, 900, 1));
    }

    #[test]
    fn kinds_have_their_german() {
        let german = &super::super::german::file_leaks::KINDS;
        let ids = |of: &[&'static str]| of.to_vec();
        let english = ids(&KINDS.each_ref().map(|kind| kind.id));
        assert_eq!(english, ids(&german.each_ref().map(|kind| kind.id)));
        for kind in &KINDS {
            for count in [0, 1, 2] {
                let told = finding(kind.id).count(count, Some(9));
                let spoken = DOC.german.statistics[0].meaning;
                let (english, german) = (kind.meaning(&told), spoken(&told));
                assert!(!german.is_empty() && english != german);
                assert_eq!(german.starts_with("2 "), english.starts_with("2 "));
            }
        }
    }

    #[test]
    fn kinds_are_told_apart() {
        for (at, kind) in KINDS.iter().enumerate() {
            assert!(KINDS[..at].iter().all(|other| other.id != kind.id));
            let said = |count| kind.meaning(&finding(kind.id).count(count, Some(9)));
            assert!(!said(0).contains(kind.advice), "{}", kind.id);
            assert!(said(1).contains(kind.advice) && said(2).starts_with("2 "));
        }
    }
}
