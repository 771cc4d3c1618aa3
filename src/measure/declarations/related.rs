//! What the manifest says of two tables of counts, tested against their margins.

use super::super::family::{Link, Relation};
use super::super::{Job, MOST_AGAINST, Outcome, Planning, Run};
use super::{ID, Tested};
use crate::encode::Needs;

/// One job for each table that a table is said to be part of, or apart from.
pub fn jobs(planning: &Planning<'_>, table: usize) -> Vec<Job> {
    let counting = &planning.release.tables[table].counting;
    if counting.part_of.is_none() && counting.apart_from.is_empty() {
        return Vec::new();
    }
    let family = planning.family(table);
    let columns = planning.release.tables[table].roles.count_column();
    let job = |link: &Link| {
        let side = link.tables.iter().position(|at| *at == 0)?;
        let other = link.tables[1 - side];
        let held = family.held[other - 1].clone();
        let kind = match link.relation {
            Relation::Part if side == 0 => "part_of",
            Relation::Apart => "apart_from",
            _ => return None,
        };
        let named = &held.table.name;
        let reason = counting.apart_from.iter();
        let reason = reason.clone().find(|(name, _)| name.value == *named);
        if kind == "apart_from" && reason.is_none() {
            // The other table says so, and is asked.
            return None;
        }
        let reason = reason.map(|(_, reason)| reason.value.clone());
        let (link, columns) = (link.clone(), columns.clone());
        let with = family.names[other].clone();
        Some(Job {
            measure: ID,
            table,
            needs: Needs::of_cells(),
            run: Run::against(held, move |mine, theirs, _| {
                let flows = [mine, theirs].map(|table| table.flows().expect("they were asked for"));
                let mut tables = flows;
                if side == 1 {
                    tables.reverse();
                }
                let Some(margins) = link.margins(tables, [false, false]) else {
                    return Outcome::default();
                };
                let all = margins.pairs.len() as u64;
                let tested = match kind {
                    "part_of" => Tested::mostly(kind, &columns, margins.exceeding(), all),
                    _ => {
                        let against = match margins.agree(MOST_AGAINST) {
                            true => margins.equal(),
                            false => 0,
                        };
                        Tested::strictly(kind, &columns, against, all)
                    }
                };
                let mut outcome = super::outcome([tested]);
                for finding in &mut outcome.findings {
                    let parameters = &mut finding.parameters;
                    parameters.insert("with".to_owned(), with.clone().into());
                    if let Some(reason) = &reason {
                        parameters.insert("reason".to_owned(), reason.as_str().into());
                    }
                }
                outcome
            }),
        })
    };
    family.links.iter().filter_map(job).collect()
}
