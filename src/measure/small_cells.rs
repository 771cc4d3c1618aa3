//! Small cells: counts of so few that they speak of persons.

use std::collections::BTreeMap;

use super::{
    CELL_THRESHOLD, Doc, Job, Measure, OF_COUNTS, Outcome, Planning, Statistic, UNDONE, parameter,
    percent, real,
};
use crate::encode::flows::{Count, Flows};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Series, Unit};

pub struct SmallCells;

const ID: &str = "small-cells";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::small_cells::PROSE,
    title: "Small cells",
    criterion: Criterion::SinglingOut,
    question: "Which published counts stand for so few persons that they speak of them?",
    adversary: "Knows the factor of the extrapolation and the rule of rounding, which a buyer can read off the counts \
                themselves: all are multiples of something.",
    definition: UNDONE,
    formula: "cells(k) = |{cells : c ≠ 0 and least n < k}|; share(k) = cells(k) / |{cells : c ≠ 0}|; persons(k) = sum of \
              the greatest n of those cells; k = least n over cells with c ≠ 0",
    denominator: "Published cells whose count is not 0 for `cells` and `share`; the persons in all published cells, each \
                  counted once a cell, for `persons`; all rows for `zeros`, `suppressed` and `inconsistent`.",
    nulls: OF_COUNTS,
    assumptions: &[
        "Every count is of persons. A cell that counts journeys or visits may be of fewer persons than it says.",
        "Where rounding leaves several numbers of persons open the least counts: a cell is small that may be.",
    ],
    limits: &[
        "A zero speaks, too: nobody of a known group was there. Zeros are counted apart.",
        "Cells that are not small may give small ones by subtraction: `differencing`, `suppression-audit`.",
        "Where the manifest names `noise` counts are not those of the persons: see `membership-inference` for what they \
         give away.",
    ],
    citations: &[
        "A. Hundepool et al.: Statistical Disclosure Control. Wiley, 2012, section 4.2.1 (threshold rule).",
        "Article 29 Working Party: Opinion 05/2014 on Anonymisation Techniques, section 3.2 (aggregation).",
    ],
    validation: "Equal to a count row by row on generated flows with every way of rounding, with and without \
                 extrapolation; planted cells of one person are found, and none where each holds k or more.",
    table: None,
    settings: &[CELL_THRESHOLD],
    statistics: &[
        Statistic {
            name: "cells",
            title: "Small cells",
            of: "published cells",
            meaning: |f| {
                format!(
                    "{} of {} published counts may stand for fewer than {} persons.",
                    real(f),
                    f.denominator.unwrap_or(0),
                    parameter(f, "k")
                )
            },
        },
        Statistic {
            name: "share",
            title: "Share of small cells",
            of: "published cells",
            meaning: |f| {
                format!(
                    "Of the published counts {} may stand for fewer than {} persons.",
                    percent(real(f)),
                    parameter(f, "k")
                )
            },
        },
        Statistic {
            name: "persons",
            title: "Persons in small cells",
            of: "persons, once a cell",
            meaning: |f| {
                format!(
                    "The cells of fewer than {} persons stand for {} persons together, who are counted once in each \
                     cell that they are in.",
                    parameter(f, "k"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "k",
            title: "Persons in the smallest cell",
            of: "persons",
            meaning: |f| {
                format!(
                    "The smallest published count may stand for {} persons.",
                    real(f)
                )
            },
        },
        Statistic {
            name: "zeros",
            title: "Cells published as zero",
            of: "cells",
            meaning: |f| format!("{} cells say outright that nobody was there.", real(f)),
        },
        Statistic {
            name: "suppressed",
            title: "Suppressed cells",
            of: "cells",
            meaning: |f| format!("{} cells are there without their count.", real(f)),
        },
        Statistic {
            name: "inconsistent",
            title: "Counts that no number of persons gives",
            of: "cells",
            meaning: |f| {
                match real(f) {
                0.0 => "Every count is that of a whole number of persons, extrapolated and rounded as the manifest says."
                    .to_owned(),
                count => format!(
                    "{count} counts are those of no whole number of persons: they were extrapolated or rounded \
                     otherwise than the manifest says. They are taken for the next numbers."
                ),
            }
            },
        },
    ],
};

impl Measure for SmallCells {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let thresholds = planning.thresholds()?;
        Ok(planning.flow_jobs(
            ID,
            |_| false,
            |table| {
                let columns = table.roles.count_column();
                let thresholds = thresholds.clone();
                move |flows: &Flows| measure(&flows.counts, &thresholds, &columns)
            },
        ))
    }
}

fn measure(counts: &[Count], thresholds: &[u64], columns: &[String]) -> Outcome {
    let finding =
        |statistic, unit| Finding::new(ID, statistic, DOC.criterion, unit).columns(columns);
    let rows = |of: &dyn Fn(&Count) -> bool| -> u64 {
        counts
            .iter()
            .filter(|count| of(count))
            .map(|count| count.rows)
            .sum()
    };
    let persons = |of: &dyn Fn(&Count) -> bool| -> u64 {
        let counts = counts.iter().filter(|count| of(count));
        counts
            .map(|count| count.most.saturating_mul(count.rows))
            .fold(0, u64::saturating_add)
    };
    let all = rows(&|_| true);
    let is_published = |count: &Count| !count.is_suppressed() && !count.is_zero();
    let published = rows(&is_published);
    let mut outcome = Outcome::default();
    for k in thresholds.iter().copied() {
        let small = |count: &Count| count.is_below(k);
        let (cells, of) = (rows(&small), persons(&is_published));
        outcome.findings.push(
            finding("cells", Unit::Cells)
                .parameter("k", k)
                .count(cells, Some(published)),
        );
        if published > 0 {
            outcome.findings.push(
                finding("share", Unit::Share)
                    .parameter("k", k)
                    .share(cells, published),
            );
        }
        outcome.findings.push(
            finding("persons", Unit::Persons)
                .parameter("k", k)
                .count(persons(&small), Some(of)),
        );
    }
    let least = counts
        .iter()
        .filter(|count| is_published(count) && count.rows > 0);
    if let Some(least) = least.map(|count| count.least).min() {
        outcome
            .findings
            .push(finding("k", Unit::Persons).value(least));
    }
    for (statistic, count) in [
        ("zeros", rows(&Count::is_zero)),
        ("suppressed", rows(&Count::is_suppressed)),
        ("inconsistent", rows(&|count| !count.consistent)),
    ] {
        outcome
            .findings
            .push(finding(statistic, Unit::Cells).count(count, Some(all)));
    }
    let mut sizes: BTreeMap<u64, u64> = BTreeMap::new();
    for count in counts.iter().filter(|count| is_published(count)) {
        *sizes.entry(count.least).or_default() += count.rows;
    }
    outcome.series.push(Series {
        measure: ID.to_owned(),
        name: "cell_sizes".to_owned(),
        table: String::new(),
        columns: columns.to_vec(),
        parameters: Default::default(),
        x: sizes.keys().map(|size| *size as f64).collect(),
        y: sizes.values().map(|cells| *cells as f64).collect(),
        y_low: Vec::new(),
        y_high: Vec::new(),
        x_unit: "persons".to_owned(),
        y_unit: "cells".to_owned(),
    });
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::flows;
    use crate::finding::Number;
    use crate::release::Counting;

    #[test]
    fn by_hand() {
        // Extrapolated by 2.8: 3 is one person, 28 are ten, 31 are eleven; 4 is nobody's.
        let counting = Counting {
            extrapolation: 2.8,
            ..Counting::default()
        };
        let counts = flows::counts(
            &[f64::NAN, 0.0, 3.0, 4.0, 28.0, 31.0],
            &[2, 5, 7, 1, 1, 4],
            &counting,
        );
        let outcome = measure(&counts, &[2, 11], &["visitors".to_owned()]);
        let value = |statistic: &str, k: Option<u64>| {
            let mut findings = outcome.findings.iter();
            let found = findings.find(|f| {
                f.statistic == statistic && k.is_none_or(|k| f.parameters["k"].matches(&k.into()))
            });
            found.and_then(|f| f.value)
        };
        assert_eq!(value("cells", Some(2)), Some(Number::Count(8)));
        assert_eq!(value("cells", Some(11)), Some(Number::Count(9)));
        assert_eq!(value("share", Some(11)), Some(Number::Real(9.0 / 13.0)));
        // Seven times one, once one or two, once ten.
        assert_eq!(value("persons", Some(11)), Some(Number::Count(19)));
        assert_eq!(value("k", None), Some(Number::Count(1)));
        assert_eq!(value("zeros", None), Some(Number::Count(5)));
        assert_eq!(value("suppressed", None), Some(Number::Count(2)));
        assert_eq!(value("inconsistent", None), Some(Number::Count(1)));
        assert_eq!(outcome.series[0].x, [1.0, 10.0, 11.0]);
    }
}
