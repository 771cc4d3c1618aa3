//! Which columns are times, and at which of them a row happened.

use super::decide::{Clock, SOME, Table};
use super::facts::Form;
use super::words::*;
use crate::release::EpochUnit;
use crate::release::input::Domain;

#[derive(Debug, Clone)]
pub struct Time {
    pub column: usize,
    pub clock: Clock,
    pub why: String,
    rank: (u8, u8),
}

/// The columns that are times, the one at which a row happened first.
pub fn times(table: &Table<'_>) -> Vec<Time> {
    let mut times: Vec<Time> = Vec::new();
    for (column, facts) in table.facts.iter().enumerate() {
        let named = facts.words.any(TIMES);
        if facts.words.any(BIRTHS) || (facts.distinct < 2 && table.sample.rows >= SOME) {
            continue;
        }
        // Numbers of ten digits in a narrow range may be running numbers as well.
        let lists = [
            PERSONS, PROXIES, HOUSEHOLDS, SESSIONS, THINGS, ROW_IDS, BARE,
        ];
        let identifies = lists.iter().any(|list| facts.words.made_of(list, IDS))
            || facts.words.any(&[
                "*id", "*nr", "*no", "*num", "*nummer", "*number", "*key", "*code", "*phone",
                "tel", "amount", "price",
            ]);
        let (clock, coarse, what) = if facts.is_time() {
            let what = match facts.source.domain {
                Some(Domain::Date) => "days",
                _ => "instants",
            };
            (Clock::Typed, 0, what.to_owned())
        } else if let Some(unit) = facts.epoch().filter(|unit| match unit {
            // Small numbers count days only where the name says so.
            EpochUnit::Days => facts.words.any(DAYS),
            _ => named || (facts.distinct > 10 && !facts.running && !identifies),
        }) {
            let what = format!(
                "numbers that count time since 1970: in `{}` all of them lie between 1980 and 2100",
                unit.as_str()
            );
            (Clock::Counted(unit), 0, what)
        } else if matches!(facts.form, Form::Instant | Form::Day) && (named || facts.is_text()) {
            let what = match facts.is_text() {
                true => {
                    "times written as texts: taken as they are, for texts have no hours or days; write them as \
                         timestamps to have them binned"
                }
                false => {
                    "dates written as numbers of eight digits: taken as they are; write them as dates to have \
                          them binned"
                }
            };
            (Clock::AsTheyAre, 1, what.to_owned())
        } else if named
            && facts.words.last(TIMES)
            && facts.numbers.is_some_and(|n| n.whole && n.least >= 0.0)
            && facts.is_number()
            && !facts.is_unique()
        {
            let what = "whole numbers named like times: taken as they are, as hours of the week or numbers of days".to_owned();
            (Clock::AsTheyAre, 2, what)
        } else {
            continue;
        };
        let handled = match () {
            _ if facts.words.any(HANDLED) => 3,
            _ if facts.words.any(ENDS) => 2,
            _ if named => 0,
            _ => 1,
        };
        times.push(Time {
            column,
            clock,
            why: format!("{what} ({})", facts.told()),
            rank: (coarse, handled),
        });
    }
    times.sort_by_key(|time| (time.rank, time.column));
    times
}
