//! Declarations: whether what the manifest says of the data holds of the data.
//!
//! A further kind of declaration is an entry of [`KINDS`] and a job that tests it: whatever the test, its result is a
//! [`Tested`].

mod counts;
mod parts;
mod persons;
mod records;
mod reference;
mod related;
#[cfg(test)]
mod tests;
mod undeclared;

use super::{
    Doc, Job, Measure, OF_COUNTS, Outcome, Planning, REPEATED, Run, Statistic, parameter, real,
};
use crate::encode::Needs;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::release::TableKind;

pub struct Declarations;

const ID: &str = "declarations";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::declarations::PROSE,
    title: "Declarations",
    criterion: Criterion::Hygiene,
    question: "Does what the manifest says of the data agree with the data?",
    adversary: "Reads the published data, not the manifest: sees by which multiples counts were rounded, which counts are \
                the sums of which others and which tables count the same persons. Whoever relies on a declaration that \
                does not hold underestimates what such an adversary can work out.",
    definition: "Every declaration that other measures rely on is tested against the published data. Of tables of counts: \
                 `counts`: at least one count above 0 is published, the counts are not all of one person, and no more than half of the rows (20 or more) are without a \
                 count and have, nine in ten of them, a value of their own of one quasi-identifier. `rounding`: every count is a multiple of what the manifest states, and not \
                 all are multiples of something coarser (tested with the factor and the way of rounding that are \
                 stated); whole counts of which nothing is stated are not all multiples of a number above 1. \
                 `extrapolation`: every count is that of a whole number of persons; a factor below 1 needs a reason. \
                 `totals`, `hierarchies`, `made_of`, `window`: parts are no more than their totals, and no value that \
                 stands for the others is left undeclared. `absent`: where absent cells are said to be of nobody, \
                 totals are no more than the parts that are there. `noise`: where each count has noise of its own, \
                 totals are not all exactly the sums of their parts. `part_of`: no margin of the part holds more \
                 persons than the whole. `apart_from`: the margins of the two tables are not the same. Whether rows are cells at \
                 all, rather than records of persons with a number called a count: `cells`: no cell has several rows. \
                 `population`: no count exceeds the stated population, and the cells of one time together do not exceed it \
                 100 times. `keys`: no column under `ignore` holds pseudonyms, by its name or because its values were drawn \
                 at random, unless it is a label of the declared columns, and no declared column of 20 values or more is named as \
                 a number of persons (`customer_id`). `records`: where a cell leads one to expect at \
                 least 22 persons in a neighbouring one, neighbours are there; counts depend on the declared columns; whole \
                 counts do not end in the same digit; and moments are not each in one row. `parts`: no column without the role of a \
                 count tells how many fewer than 11 of those counted are something else, or what was left out of a total. `details`: no \
                 column under `ignore` tells something of single cells. Of tables of persons: \
                 `population`: those of microdata are no more than it. `subject`: a subject is a person, so that a trace has more than one row of most, and no two subjects are \
                 the same stem with a counter or another ending (`a7f-1`, `a7f-2`). `copies`: the persons are not few \
                 ones repeated under other names: the sizes of the classes of persons whose rows agree in all published \
                 columns, in the quasi-identifiers, in these without one column, or in one column have no factor in \
                 common; and no whole traces are equal whose points nobody else has. Of tables about no person \
                 (`reference`): `describes`: each row describes another value that occurs in a column it is said to describe, so \
                 that it adds to the rows with that value only what follows from a declared column. `no_person`: no other \
                 column holds subjects of the release, or pseudonyms by its name or because its values were drawn at random; and where a quasi-identifier is described, none is private by \
                 its name or its values. `parts`: none tells how many persons were counted at a value, where the counts \
                 tell less.",
    formula: "contradicting(kind) = number of counts, sums or margins that contradict the declaration; \
              false_declarations(kind) = 1 where contradicting > 0 (`totals`, `hierarchies`, `made_of`, `window`, \
              `part_of`: where it is more than one in a hundred of those tested), else 0. Coarser rounding: n distinct \
              counts above 0, all multiples of m times the stated multiple, where a share s of the counts that the \
              declaration allows are such multiples: false where sⁿ < 10⁻⁶. Undeclared total: for each column without \
              `totals` and each of its values, over the groups of cells that differ in that column alone, the sum of \
              ln((T + 1)/(w + 1)) over the groups in which the count T of that value is the sum of the others, which are \
              known to within w: false above ln(10⁹ · values), unless more than one group in a hundred contradicts; or where, of 64 \
              values at most with exact counts, a value is in every group the sum of two or more of those with lesser totals, by \
              elimination with one solution, in at least five groups with persons beyond the rank of these; a \
              value called “all”, “total” or the like is taken for a total where it is never less than the others \
              together. The same margins: as for an undeclared total, over margins, above ln(10⁶). `records`: false \
              where one of four holds. (1) For each column d of 2 to 50 values that is no function of another, a cell \
              with count c and value v expects c·N(w)/N(v) persons where d = w instead, N(v) the sum of the counts of v \
              and w the commonest other value, in persons; over all cells and columns with an expectation of 22 or more, and of twice \
              the least count or 1,000, 100 at least, 90% have no cell that differs in d alone, or 70% where 10 times \
              as many are expected. (2) Of 200 cells or more whose counts have a variance \
              above 10 times their mean, the logarithm of the count has an adjusted R² below 0.05 on one effect for \
              each value of each column. (3) Of 50 whole counts from 100 on, neither rounded nor extrapolated, 40% end in \
              the same digit, but not all in 0. (4) Of 50 rows or more nine in ten have a time of their own, in steps below \
              five minutes, and no more than half are of one place. `parts`: of columns under `ignore`, `quasi_identifiers` or `sensitive` that no other column, nor two of several, \
              determine, where the remaining declared columns tell 99% of the rows apart: whole numbers x, in 99% of the rows no more \
              than the count n, false where 1 ≤ x ≤ 10 or 1 ≤ n − x ≤ 10 in some row; or no less than n, false where 1 ≤ x − n ≤ 10 in \
              10% of the rows; or shares x of 1 or 100, to a unit u, where x·n is a whole number to within n·u/2 in every row with n·u/2 ≤ \
              0.1, the product of 2·(n·u/2) over these rows is below 10⁻⁶, and x·n or n − x·n is from 1 to 10; or numbers that another column determines, of 5 values or more, for nine in ten of \
              which x is the sum of their counts or at most a tenth more, and for one of them more; or numbers of which n/x is the same to \
              within 1% for each value of another column, where n was left out in some row, or as shares of 1 or 100 tell a total of which \
              at most a tenth was left out; with rounding to multiples of m, and c counts of a value that together are at least \
              10·m·c, totals may deviate by m·c besides, and those that deviate by at least 1 tell more. In a `reference` table the \
              same totals are sought for each key and number. `details`: of columns under `ignore`, but for numbers with decimals \
              or with different values in half of the rows, and values that occur in one row each, those that no other column, nor two of several, determine, where the declared columns \
              tell 99% of the rows apart, and are two or more; and all such nested columns. `subject`: false where 95% of 20 rows of a trace or more have a \
              subject of their own; or where, of 20 stems or more with 50 subjects each at most on average, half of all \
              subjects share theirs and the endings of 80% of these stems are numbers or letters without a gap, or \
              the stem has 10 places that look drawn (8 different characters, none in a third). Stems are what precedes or \
              follows the first or the last separator, or all but 1 to 3 characters at an end. `copies`: false where a number m \
              from 2 to 100 divides a share s of the sizes of n classes, n ≥ 9 and s ≥ 0.8, and exp(−n·D) < 10⁻⁶, \
              D the Kullback–Leibler divergence of s from min(0.6, 2/m); if 80% are of one size, only where no single \
              column and no full crossing of columns makes these classes. Traces: false where 20% of persons, 10 at least, \
              have 4 rows or more, the very rows of somebody else, and half of them at points that only persons with the same trace have. \
              `describes`: contradicting = rows without a key, with the key of an earlier row, or with one that is in none of the \
              described columns. `no_person`: contradicting = columns that have more than e + 5·√e + 1 values in common with the subjects of a table, e = \
              |A|·|B|/S for the sizes of the two sets of values and S the number of values between the least and the \
              greatest, without end for texts that are no numbers (e = 0); that hold pseudonyms, of 20 values or more; or that are private.",
    denominator: "Declarations tested for `false_declarations`; the counts, sums or margins that were tested for \
                  `contradicting`.",
    nulls: OF_COUNTS,
    assumptions: &[
        "The published data are what the adversary has: where they and the manifest disagree the manifest is wrong.",
        "Counts that were not rounded hit multiples of m no more often than chance would have it.",
        "Where counts of persons are as unusual as records (`records`), or a key names a cell and no person (`keys`), \
         `[table.harmless]` says of the column of counts what was counted, or of the key what it names.",
        "Persons may be alike for a reason, such as weights that were expanded or groups of one size that were averaged; \
         `copies` says which. Where subjects with a stem in common are different persons, such as the patients of a site, \
         `[table.harmless]` says so of the subject.",
    ],
    limits: &[
        "A declaration that the data do not contradict need not be true: noise may be less than stated where no sums \
         are published, and a factor of extrapolation cannot be seen in counts that were rounded coarsely.",
        "Totals that are more than their parts contradict nothing, because some persons may be in no part: \
         `differencing` says how many they are.",
        "Whether persons or something else were counted cannot be seen in counts. A table of persons in which each place \
         has one row cannot be told from a table of places with their attributes.",
        "Copies with values changed in more than every fifth class, and copies of each person in another number, are found in \
         traces only.",
    ],
    citations: &[
        "A. Hundepool et al.: Statistical Disclosure Control. Wiley, 2012, sections 4.2 and 5.4 (rounding, additivity of \
         protected tables).",
        "Article 29 Working Party: Opinion 05/2014 on Anonymisation Techniques, section 3.2 (aggregation).",
    ],
    validation: "On generated tables, rounded each way, extrapolated, with noise, with totals and with absent cells, a \
                 true description is never called false in 4,000 tables, and every planted false one is found: rounding \
                 that did not happen, was finer or coarser, a wrong factor, wrong and undeclared totals, noise that was \
                 not added, cells that were left out where they are said to be of nobody. Of 371 tables of counts \
                 made of real data (a census, check-ins, journeys of taxis, purchases, meters; one to five columns, cells of 5 or 11 persons \
                 or more), on which the bounds of `records` were set, none is taken for records by (1) to (3); of persons, one row each, with \
                 amounts as counts, those are found whose attributes tell most of them apart. Of 203 tables of attributes drawn from a \
                 census and from purchases none is taken for copies. Pseudonyms of ten common forms have no stem in 300 tables, and sizes by \
                 chance no factor in 4,000; planted stems and copies are found.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "false_declarations",
            title: "Declarations that the data contradict",
            of: "declarations tested",
            meaning: |f| match real(f) {
                0.0 => format!(
                    "What the manifest says of {} agrees with the data.",
                    subject(f)
                ),
                _ => format!(
                    "What the manifest says of {} is not so: {}",
                    subject(f),
                    kind(f).map_or("the data contradict it.", |kind| kind.wrong)
                ),
            },
        },
        Statistic {
            name: "contradicting",
            title: "What contradicts a declaration",
            of: "counts, sums or margins tested",
            meaning: |f| {
                format!(
                    "{} of {} {} contradict what the manifest says of {}.",
                    real(f),
                    f.denominator.unwrap_or(0),
                    kind(f).map_or("items", |kind| kind.tested),
                    subject(f)
                )
            },
        },
    ],
};

/// A kind of declaration: what is said of it, in both languages.
pub struct Kind {
    pub id: &'static str,
    /// What is tested one by one.
    pub tested: &'static str,
    /// What is the matter where it is false, and what to do.
    pub wrong: &'static str,
}

pub static KINDS: &[Kind] = &[
    Kind {
        id: "counts",
        tested: "rows",
        wrong: "this is no table of counts. Its rows count nobody, or one person each, or have no count and a value of their \
                own each. If its rows are persons, declare it as `microdata`; if not, leave out the rows without a \
                count.",
    },
    Kind {
        id: "cells",
        tested: "rows",
        wrong: "several rows are of the same cell. If a column that tells them apart has no role, give it one; if rows are \
                persons or events, declare the table as `microdata` or `trace`.",
    },
    Kind {
        id: "population",
        tested: "rows or persons",
        wrong: "more persons are counted, or have rows, than `population` states. If the numbers are amounts and rows are \
                persons, declare the table as `microdata`; if not, correct `population` or `extrapolation`.",
    },
    Kind {
        id: "keys",
        tested: "columns",
        wrong: "a column names persons, so rows are records, not counts. Remove it, declare the table as \
                `microdata` or `trace`, or say under `[table.harmless]` what else it names.",
    },
    Kind {
        id: "records",
        tested: "rows",
        wrong: "the rows look like records of persons or events, not like counts of cells: cells next to frequent ones are \
                missing, or the numbers depend on no column, end as prices do, or each have a moment of their own. Declare \
                the table as `microdata` or `trace`; if these are counts of persons, say under `[table.harmless]` of \
                the column of counts what was counted.",
    },
    Kind {
        id: "parts",
        tested: "rows",
        wrong: "a column that is not declared as a count gives the number or the share of some of those counted, and in \
                some rows they are fewer than 11. Declare the file a second time with this column as its `count` and \
                the first table under `part_of`, so that the column is examined as counts are; if it does not count \
                persons, say under `[table.harmless]` what it counts.",
    },
    Kind {
        id: "details",
        tested: "rows",
        wrong: "an ignored column says something about single cells that the declared columns do not, such as who was in \
                them. Remove it, give it a role, or say under `[table.harmless]` what it means.",
    },
    Kind {
        id: "subject",
        tested: "subjects",
        wrong: "subjects name rows, not persons. Give all rows of a person one pseudonym; if each row is another person, \
                declare the table as `microdata`, and where a stem means something else say under `[table.harmless]` of \
                the subject what it means.",
    },
    Kind {
        id: "copies",
        tested: "persons",
        wrong: "the same few persons seem to be repeated under other names, which hides nobody: the sizes of classes have a common \
                factor, or whole traces are equal. Publish each person once; if they are alike for a reason, state it as `copies`.",
    },
    Kind {
        id: "describes",
        tested: "rows",
        wrong: "a row has no key, the key of another row, or one that does not occur in what the table describes. Publish one \
                row for each value that occurs; if rows are persons, declare the table as `microdata`.",
    },
    Kind {
        id: "no_person",
        tested: "ignored columns",
        wrong: "a column holds subjects of the release or other pseudonyms, or says something private about a group of persons. Remove \
                it, or declare it as what it is in the table of persons; if it only looks like that, say under \
                `[table.harmless]` what it holds.",
    },
    Kind {
        id: "rounding",
        tested: "counts",
        wrong: "counts that are no multiples of it were not rounded so, and if all are multiples of more, they were \
                rounded more coarsely. State the `rounding` that all counts of the table went through, totals included.",
    },
    Kind {
        id: "extrapolation",
        tested: "counts",
        wrong: "no whole number of persons times the factor (1 where none is stated) gives these counts. If they were \
                extrapolated, state the factor with all its digits and the `rounding` that followed it.",
    },
    Kind {
        id: "totals",
        tested: "sums",
        wrong: "parts are more than the total, or one value is the sum of all others and is not declared. Name under \
                `totals` the value that stands for all others of the column.",
    },
    Kind {
        id: "hierarchies",
        tested: "sums",
        wrong: "values that lie within another are counted more often than it. Correct the file of the hierarchy.",
    },
    Kind {
        id: "made_of",
        tested: "sums",
        wrong: "parts of an area are counted more often than it. Correct the file that says what areas are made of.",
    },
    Kind {
        id: "window",
        tested: "series of overlapping counts",
        wrong: "no numbers of persons satisfy all counts that overlap. State how long a count lasts from its time on.",
    },
    Kind {
        id: "absent",
        tested: "sums with absent cells",
        wrong: "totals hold more persons than the cells that are there, so that absent cells cannot all be of nobody. Say \
                `absent = \"suppressed\"`, or publish the cells that are missing.",
    },
    Kind {
        id: "noise",
        tested: "sums",
        wrong: "all totals are exactly the sums of their parts, which noise of its own in each count does not leave. \
                Either none was added, or totals were added up from noisy parts: then they tell nothing, deviate by more \
                than the stated `width`, and can be left out.",
    },
    Kind {
        id: "part_of",
        tested: "margins",
        wrong: "more persons are counted in the part than in the whole. Correct `part_of`, or say with `apart_from` why \
                the two tables count different persons.",
    },
    Kind {
        id: "apart_from",
        tested: "margins",
        wrong: "the two tables have the same margins, so that an adversary takes them to count the same persons. Take the \
                line out.",
    },
];

fn kind(finding: &Finding) -> Option<&'static Kind> {
    let id = parameter(finding, "kind");
    KINDS.iter().find(|kind| kind.id == id)
}

/// In words, of what the manifest says it.
fn subject(finding: &Finding) -> String {
    let by = match finding.parameters.get("with") {
        Some(with) => format!(" ({with})"),
        None => String::new(),
    };
    format!("`{}`{by}", parameter(finding, "kind"))
}

/// Whether it says of a table whether its rows describe what occurs in another, and nobody.
pub fn is_about_no_person(finding: &Finding) -> bool {
    finding.measure == ID
        && finding.statistic == "false_declarations"
        && parameter(finding, "kind") == "describes"
}

/// What the data say of a declaration.
#[derive(Debug, Clone, PartialEq)]
pub struct Tested {
    /// One of [`KINDS`].
    pub kind: &'static str,
    pub columns: Vec<String>,
    /// What was tested, and how much of it contradicts the declaration.
    pub of: u64,
    pub against: u64,
    pub is_false: bool,
}

impl Tested {
    /// One that a single contradiction shows to be false.
    pub fn strictly(kind: &'static str, columns: &[String], against: u64, of: u64) -> Self {
        Self {
            kind,
            columns: columns.to_vec(),
            of,
            against,
            is_false: against > 0,
        }
    }

    /// One of which some may be mistaken.
    pub fn mostly(kind: &'static str, columns: &[String], against: u64, of: u64) -> Self {
        Self {
            is_false: against as f64 > super::MOST_AGAINST * of as f64,
            ..Self::strictly(kind, columns, against, of)
        }
    }

    fn findings(self) -> [Finding; 2] {
        let finding = |statistic, unit| {
            Finding::new(ID, statistic, DOC.criterion, unit)
                .columns(&self.columns)
                .parameter("kind", self.kind)
        };
        [
            finding("false_declarations", Unit::Declarations)
                .count(u64::from(self.is_false), Some(1)),
            finding("contradicting", Unit::Cells).count(self.against, Some(self.of)),
        ]
    }
}

/// What was found of some declarations.
fn outcome(tested: impl IntoIterator<Item = Tested>) -> Outcome {
    Outcome {
        findings: tested.into_iter().flat_map(Tested::findings).collect(),
        ..Outcome::default()
    }
}

impl Measure for Declarations {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        planning.check_relations()?;
        let population = planning.release.population;
        let tables = planning.release.tables.iter().enumerate();
        let of_persons = tables.filter(|(_, table)| table.kind.is_of_persons());
        let mut jobs: Vec<Job> = of_persons
            .map(|(at, table)| {
                let table = table.clone();
                Job {
                    measure: ID,
                    table: at,
                    needs: Needs {
                        published: true,
                        linked: true,
                        names: true,
                        ..Needs::default()
                    },
                    run: Run::Table(Box::new(move |encoded| {
                        outcome(persons::tested(encoded, &table, population))
                    })),
                }
            })
            .collect();
        for (table, _) in planning.tables(TableKind::Reference) {
            jobs.push(reference::job(planning, table));
        }
        for (table, described) in planning.tables(TableKind::Flows) {
            let about = counts::About::new(described);
            let records = records::Records::new(planning.release, described);
            let parts = parts::Parts::new(planning.release, described);
            jobs.push(Job {
                measure: ID,
                table,
                needs: Needs {
                    published: true,
                    linked: true,
                    ..Needs::of_cells()
                },
                run: Run::Table(Box::new(move |encoded| {
                    let flows = encoded.flows().expect("they were asked for");
                    let mut tested = about.counts(flows);
                    tested.extend(records.tested(flows, encoded.published()));
                    let is_told_apart = flows.repeated == 0;
                    if let Some(published) = encoded.published() {
                        tested.extend(parts.tested(published));
                    }
                    if is_told_apart {
                        tested.extend(about.sums(flows));
                        tested.extend(undeclared::totals(flows, about.time()));
                    }
                    let mut outcome = outcome(tested);
                    if let Some(reason) = &about.reason {
                        for finding in &mut outcome.findings {
                            if parameter(finding, "kind") == "extrapolation" {
                                let reason = reason.as_str();
                                finding
                                    .parameters
                                    .insert("reason".to_owned(), reason.into());
                            }
                        }
                    }
                    if !is_told_apart {
                        let entry = Outcome::not_measured(ID, Some("false_declarations"), REPEATED);
                        outcome.not_measured.push(entry);
                    }
                    outcome
                })),
            });
            jobs.extend(related::jobs(planning, table));
        }
        Ok(jobs)
    }
}

#[cfg(test)]
mod twins {
    use super::super::german::declarations;
    use super::*;

    #[test]
    fn every_kind_is_told_in_both_languages_and_defined() {
        let german: Vec<&str> = declarations::KINDS.iter().map(|(kind, ..)| *kind).collect();
        let english: Vec<&str> = KINDS.iter().map(|kind| kind.id).collect();
        assert_eq!(english, german);
        for kind in english {
            let name = format!("`{kind}`");
            assert!(DOC.definition.contains(&name), "{kind}");
            assert!(DOC.german.definition.contains(&name), "{kind}");
        }
    }
}
