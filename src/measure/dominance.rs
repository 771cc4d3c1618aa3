//! Dominance: cells of which one or two persons make up most.

use rayon::prelude::*;

use super::{
    Aggregate, Doc, FALL, Job, Measure, Outcome, Planning, Setting, Statistic, parameter, percent,
    real,
};
use crate::encode::presence::Presence;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Series, Unit};
use crate::release::{Release, Table};
use crate::said;

pub struct Dominance;

const ID: &str = "dominance";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::dominance::PROSE,
    title: "Dominance",
    criterion: Criterion::Inference,
    question: "In which cells do one or two persons make up so much that others, or the second of them, can tell what \
               they did?",
    adversary: "Knows the total of a cell and, as one who contributed to it, their own part: what is left is nearly \
                that of the greatest contributor.",
    definition: FALL,
    formula: "Contributions x1 ≥ x2 ≥ … of persons to a cell of sum X: the number of a person's rows in it, or the sum \
              of their amounts, without its sign, where the traces have an `amount`. The (n, k) rule: a cell is \
              dominated where x1 + … + xn > k/100 · X. The p % rule: where X − x1 − x2 < p/100 · x1. share = cells / all \
              cells with contributions.",
    denominator: "Cells with contributions.",
    nulls: "A null place is a place of its own; a null amount adds nothing. Rows in no place or time of the table are \
            left out.",
    assumptions: &[
        "What is counted are rows, or amounts. Of distinct persons each contributes one: then a cell is dominated where \
         it holds few, and `small-cells` says so.",
        "The n greatest contributors may pool what they know; under the p % rule the second greatest acts alone.",
    ],
    limits: &[
        "It looks at the contributions, not at what was published: rounding or noise may protect a dominated cell.",
        "Without the traces that were counted (`counted`) nothing is measured.",
    ],
    citations: &[
        "A. Hundepool et al.: Statistical Disclosure Control. Wiley, 2012, section 4.2.2 (dominance and p % rules).",
        "L. H. Cox: Linear sensitivity measures in statistical disclosure control. Journal of Statistical Planning and \
         Inference 5(2), 1981.",
    ],
    validation: "Equal to the rules cell by cell over sorted contributions on generated traces, by rows and by amounts; \
                 planted dominated cells are found, and none where ten persons contribute alike.",
    table: None,
    settings: &[
        Setting {
            key: "n",
            default: "[1, 2]",
            meaning: "how many persons make up most of a cell; those a policy names are added",
        },
        Setting {
            key: "percent",
            default: "[75, 85]",
            meaning: "of how much of a cell, one for each `n` (n = 1: 75 %, n = 2: 85 %)",
        },
        Setting {
            key: "p",
            default: "10",
            meaning: "to what percent the greatest contribution may be found out by the second",
        },
    ],
    statistics: &[
        Statistic {
            name: "cells",
            title: "Dominated cells",
            of: "cells with contributions",
            meaning: |f| {
                format!(
                    "In {} cells {} contributed more than {} % of the whole.",
                    real(f),
                    persons(f),
                    parameter(f, "percent")
                )
            },
        },
        Statistic {
            name: "share",
            title: "Share of dominated cells",
            of: "cells with contributions",
            meaning: |f| {
                format!(
                    "In {} of the cells {} contributed more than {} % of the whole.",
                    percent(real(f)),
                    persons(f),
                    parameter(f, "percent")
                )
            },
        },
        Statistic {
            name: "p_percent_cells",
            title: "Cells whose greatest contribution the second can tell",
            of: "cells with contributions",
            meaning: |f| {
                format!(
                    "In {} cells the second greatest contributor can tell the greatest contribution to within {} %.",
                    real(f),
                    parameter(f, "p")
                )
            },
        },
        Statistic {
            name: "p_percent_share",
            title: "Share of cells whose greatest contribution the second can tell",
            of: "cells with contributions",
            meaning: |f| {
                format!(
                    "In {} of the cells the second greatest contributor can tell the greatest contribution to within {} %.",
                    percent(real(f)),
                    parameter(f, "p")
                )
            },
        },
    ],
};

fn persons(f: &Finding) -> String {
    match parameter(f, "n").as_str() {
        "1" => "one person".to_owned(),
        n => format!("{n} persons together"),
    }
}

/// Of so many persons more than so much.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rule {
    n: usize,
    percent: f64,
}

#[derive(Clone)]
struct Rules {
    dominance: Vec<Rule>,
    p: f64,
}

impl Measure for Dominance {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn owes(&self, _: &str, table: &Table, _: &Release) -> bool {
        table.counting.counted.is_some()
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let rules = rules(planning)?;
        Ok(planning.counted_jobs(ID, |table| {
            let column = table.roles.count.as_deref().cloned().unwrap_or_default();
            let rules = rules.clone();
            move |aggregate: &Aggregate<'_>, _| match &aggregate.traces {
                Err(reason) => Outcome::unmeasured(ID, reason),
                Ok(traces) => measure(traces, &rules, &column),
            }
        }))
    }
}

/// # Errors
/// A setting is wrong.
fn rules(planning: &Planning<'_>) -> Result<Rules> {
    let mut rules = Rules {
        dominance: vec![
            Rule {
                n: 1,
                percent: 75.0,
            },
            Rule {
                n: 2,
                percent: 85.0,
            },
        ],
        p: 10.0,
    };
    let Some(settings) = planning.settings else {
        return Ok(rules);
    };
    let list = |key: &str, valid: &dyn Fn(f64) -> bool, expected: &str| -> Result<Option<_>> {
        let Some(given) = settings.numbers(key)? else {
            return Ok(None);
        };
        match given.value.iter().all(|number| valid(*number)) && !given.value.is_empty() {
            true => Ok(Some(given)),
            false => Err(settings.error(given.span, format!("`{key}` takes {expected}"))),
        }
    };
    let n = list(
        "n",
        &|n| n >= 1.0 && n.fract() == 0.0 && n < 1e6,
        "whole numbers from 1 on",
    )?;
    let share = |percent: f64| percent > 0.0 && percent < 100.0;
    let percents = list("percent", &share, "numbers between 0 and 100")?;
    match (n, percents) {
        (None, None) => {}
        (Some(n), Some(percents)) if n.value.len() == percents.value.len() => {
            let pairs = n.value.into_iter().zip(percents.value);
            rules.dominance = pairs
                .map(|(n, percent)| Rule {
                    n: n as usize,
                    percent,
                })
                .collect();
        }
        (Some(given), _) | (None, Some(given)) => {
            let message = "`n` and `percent` go together: give one percent for each n";
            return Err(settings.error(given.span, message));
        }
    }
    if let Some(p) = settings.number("p")? {
        if !share(p.value) {
            return Err(settings.error(p.span, "`p` takes a number between 0 and 100"));
        }
        rules.p = p.value;
    }
    Ok(rules)
}

/// What persons contributed to a cell.
#[derive(Debug, Clone, PartialEq)]
struct Cell {
    sum: f64,
    /// The greatest contributions, descending.
    greatest: Vec<f64>,
}

impl Cell {
    /// The greatest `most` of some contributions.
    fn new(contributions: &mut [f64], most: usize) -> Self {
        contributions.sort_by(|a, b| b.total_cmp(a));
        Self {
            sum: contributions.iter().sum(),
            greatest: contributions.iter().take(most).copied().collect(),
        }
    }

    fn of_greatest(&self, n: usize) -> f64 {
        self.greatest.iter().take(n).sum()
    }

    fn is_dominated(&self, rule: Rule) -> bool {
        self.of_greatest(rule.n) > rule.percent / 100.0 * self.sum * (1.0 + 1e-12)
    }

    fn can_be_told(&self, p: f64) -> bool {
        let rest = self.sum - self.of_greatest(2);
        rest < p / 100.0 * self.greatest[0] * (1.0 - 1e-12)
    }
}

fn measure(traces: &Presence, rules: &Rules, column: &str) -> Outcome {
    let most = rules.dominance.iter().map(|rule| rule.n).max();
    let cells = cells(traces, most.unwrap_or(0).max(2));
    if cells.is_empty() {
        return Outcome::unmeasured(
            ID,
            said!(
                "no row of the traces falls into a cell of the table",
                "keine Zeile der Spuren fällt in eine Zelle der Tabelle"
            ),
        );
    }
    let columns = [column.to_owned()];
    let by = match traces.has_amounts() {
        true => "amount",
        false => "rows",
    };
    let finding = |statistic, unit| {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(&columns)
            .parameter("contribution", by)
    };
    let all = cells.len() as u64;
    let mut outcome = Outcome::default();
    let mut report = |names: [&'static str; 2], of: &dyn Fn(Finding) -> Finding, count: u64| {
        let share = of(finding(names[1], Unit::Share)).share(count, all);
        let cells = of(finding(names[0], Unit::Cells)).count(count, Some(all));
        outcome.findings.extend([cells, share]);
    };
    for rule in rules.dominance.iter().copied() {
        let dominated = cells.iter().filter(|cell| cell.is_dominated(rule)).count();
        let named = |finding: Finding| {
            finding
                .parameter("n", rule.n as u64)
                .parameter("percent", rule.percent)
        };
        report(["cells", "share"], &named, dominated as u64);
    }
    let told = cells.iter().filter(|cell| cell.can_be_told(rules.p));
    let named = |finding: Finding| finding.parameter("p", rules.p);
    let told = told.count() as u64;
    report(["p_percent_cells", "p_percent_share"], &named, told);
    outcome.series.push(largest_shares(&cells, &columns));
    outcome
}

/// The contributions to each cell that has any.
fn cells(traces: &Presence, most: usize) -> Vec<Cell> {
    let mut all: Vec<(u32, f64)> = (0..traces.persons())
        .into_par_iter()
        .flat_map_iter(|person| traces.contributions(person))
        .map(|(cell, contribution)| (cell, contribution.abs()))
        .filter(|(_, contribution)| *contribution > 0.0)
        .collect();
    all.par_sort_by_key(|(cell, _)| *cell);
    all.par_chunk_by(|a, b| a.0 == b.0)
        .map(|of_cell| {
            let mut contributions: Vec<f64> = of_cell.iter().map(|(_, x)| *x).collect();
            Cell::new(&mut contributions, most)
        })
        .collect()
}

/// How many cells owe how much to their greatest contributor, by tenths.
fn largest_shares(cells: &[Cell], columns: &[String]) -> Series {
    let mut tenths = [0u64; 10];
    for cell in cells {
        let share = cell.greatest[0] / cell.sum;
        tenths[((share * 10.0) as usize).min(9)] += 1;
    }
    Series {
        measure: ID.to_owned(),
        name: "largest_shares".to_owned(),
        table: String::new(),
        columns: columns.to_vec(),
        parameters: Default::default(),
        x: (1..=10).map(|tenth| f64::from(tenth) / 10.0).collect(),
        y: tenths.iter().map(|cells| *cells as f64).collect(),
        y_low: Vec::new(),
        y_high: Vec::new(),
        x_unit: "share of the greatest contributor".to_owned(),
        y_unit: "cells".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_by_hand() {
        // Hundepool et al., 4.2.2: contributions 50, 30, 10, 10 of 100.
        let cell = Cell::new(&mut [10.0, 50.0, 10.0, 30.0], 2);
        let rule = |n, percent| Rule { n, percent };
        assert!(cell.is_dominated(rule(1, 49.9)) && !cell.is_dominated(rule(1, 50.0)));
        assert!(cell.is_dominated(rule(2, 79.9)) && !cell.is_dominated(rule(2, 80.0)));
        // 20 are left beside the two greatest: 40 % of 50.
        assert!(cell.can_be_told(40.1) && !cell.can_be_told(40.0));
        let alone = Cell::new(&mut [3.0], 2);
        assert!(alone.is_dominated(rule(1, 99.0)) && alone.can_be_told(1.0));
        let alike = Cell::new(&mut [2.0; 10], 2);
        assert!(!alike.is_dominated(rule(1, 10.0)) && !alike.can_be_told(99.0));
    }
}
