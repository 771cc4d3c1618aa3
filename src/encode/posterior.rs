//! How sure an adversary can be of a record where records match that are not equal.
//!
//! A record fits the persons whose own record says no less: whose record lies within it. Told that a person is
//! sought whom several records fit, an adversary prefers those that fit few: a record that fits f persons is that of
//! any one of them with the weight 1/f. Of a person's own record r the surely possible ones are r itself and those
//! that say less, so the adversary who knows the person's values is right with at most
//!
//! (1/f(r)) / min(1, Σ over records s that say no more than r of 1/f(s)) = 1 / min(f(r), Σ f(r)/f(s)),
//!
//! one over the crowd of r. Where only equal records match, f is the size of the class, the sum is as well, and the
//! crowd is the class.

use std::collections::BTreeMap;

use super::combinations::Combinations;
use super::matching::matching_where;
use super::paths::Paths;

/// The best guess of an adversary, over persons; each at the record that gives them away most.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    pub max: f64,
    pub mean: f64,
    /// Persons by the whole part of the crowd they stand in.
    pub crowds: BTreeMap<u64, u64>,
}

/// `None` where there are no persons.
pub fn posterior(combinations: &Combinations, paths: &[Paths]) -> Option<Posterior> {
    let risks: Vec<f64> = crowds(combinations, paths)
        .into_iter()
        .map(|crowd| 1.0 / crowd)
        .collect();
    let of_persons: Vec<(f64, u64)> = match &combinations.members {
        None => {
            let persons = combinations.persons.iter();
            risks.iter().copied().zip(persons.copied()).collect()
        }
        Some(members) => {
            let mut greatest = vec![0.0f64; members.all];
            for (at, risk) in risks.iter().enumerate() {
                for person in members.of(at) {
                    let mine = &mut greatest[*person as usize];
                    *mine = mine.max(*risk);
                }
            }
            greatest.into_iter().map(|risk| (risk, 1)).collect()
        }
    };
    let persons: u64 = of_persons.iter().map(|(_, persons)| persons).sum();
    let present = of_persons.iter().filter(|(_, persons)| *persons > 0);
    let max = present.clone().map(|(risk, _)| *risk).fold(0.0, f64::max);
    let sum: f64 = present
        .clone()
        .map(|(risk, persons)| risk * *persons as f64)
        .sum();
    let mut crowds = BTreeMap::new();
    for (risk, persons) in present {
        // A sum of shares that is a whole number but for rounding is that number.
        *crowds.entry((1.0 / risk + 1e-9) as u64).or_insert(0) += persons;
    }
    (persons > 0).then(|| Posterior {
        max,
        mean: sum / persons as f64,
        crowds,
    })
}

/// The crowd of each combination.
fn crowds(combinations: &Combinations, paths: &[Paths]) -> Vec<f64> {
    let paths: Vec<&Paths> = paths.iter().collect();
    let says_no_less = |mine: &[usize], theirs: &[usize]| {
        let mut depths = mine.iter().zip(theirs);
        depths.all(|(mine, theirs)| theirs >= mine)
    };
    let fits: Vec<u64> = matching_where(
        &paths,
        combinations,
        combinations,
        &combinations.persons,
        says_no_less,
        |_, parts, sum| match &combinations.members {
            None => sum,
            Some(members) => members.union(parts),
        },
    );
    let crowd = |at: usize, parts: &[&[u32]], _: u64| {
        let mine = fits[at] as f64;
        let others = parts.iter().flat_map(|part| part.iter());
        let weighed = others.map(|other| (*other as usize, mine / fits[*other as usize] as f64));
        let sum: f64 = match &combinations.members {
            None => {
                let of = weighed.map(|(other, weight)| weight * combinations.persons[other] as f64);
                of.sum()
            }
            Some(members) => {
                // A person with several of these records counts once, by that which fits fewest.
                let mut all: Vec<(u32, f64)> = weighed
                    .flat_map(|(other, weight)| {
                        let persons = members.of(other).iter();
                        persons.map(move |person| (*person, weight))
                    })
                    .collect();
                all.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
                all.dedup_by_key(|(person, _)| *person);
                all.iter().map(|(_, weight)| weight).sum()
            }
        };
        mine.min(sum)
    };
    matching_where(
        &paths,
        combinations,
        combinations,
        &combinations.persons,
        |mine, theirs| says_no_less(theirs, mine),
        crowd,
    )
}
