//! Records of a release and of a register: the distinct combinations of the columns both have, and who has
//! which of them.

use rayon::prelude::*;

use super::column;
use super::register::merged;
use super::trails::same_persons;
use super::{Encoded, Reduced, Values};

/// The records of both, the values of each column under one code.
#[derive(Debug)]
pub struct Records {
    pub columns: Vec<Compared>,
    pub released: Side,
    pub registered: Side,
    /// For each person of the release the same person of the register; `None` for those that it lacks.
    pub same: Vec<Option<u32>>,
}

/// A column by which records are compared.
#[derive(Debug, Clone)]
pub struct Compared {
    pub name: String,
    pub values: Values,
}

/// Distinct combinations, and the persons who have them.
#[derive(Debug)]
pub struct Side {
    /// For each column the code of each combination.
    pub codes: Vec<Vec<u32>>,
    /// Distinct persons with each combination.
    pub persons: Vec<u64>,
    /// Where the combinations of each person begin; one more than persons.
    starts: Vec<usize>,
    of: Vec<u32>,
}

impl Compared {
    /// The numbers of the column by their codes, NaN for null and where it holds none. `real`: they are
    /// kept by their ordered bits.
    pub fn numbers(&self, real: bool) -> Vec<f64> {
        column::reals(&self.values, real, 1.0)
    }
}

impl Records {
    /// Compares a table with a register.
    ///
    /// # Panics
    /// No tuples were asked for.
    pub fn new(release: &Encoded, register: &Encoded) -> Self {
        let (mine, theirs) = (release.known_columns(), register.known_columns());
        let mut columns = Vec::new();
        let (mut at_mine, mut at_theirs) = (Vec::new(), Vec::new());
        for (at, name) in mine.iter().enumerate() {
            if let Some(there) = theirs.iter().position(|known| known == name) {
                at_mine.push(at);
                at_theirs.push(there);
            }
        }
        let (mut my_codes, mut their_codes) = (Vec::new(), Vec::new());
        for (mine, theirs) in at_mine.iter().zip(&at_theirs) {
            let (name, a) = &release.attributes[*mine];
            let (values, of_a, of_b) = merged(a, &register.attributes[*theirs].1);
            columns.push(Compared {
                name: name.clone(),
                values,
            });
            my_codes.push(of_a);
            their_codes.push(of_b);
        }
        Self {
            columns,
            released: Side::new(release, &at_mine).recoded(&my_codes),
            registered: Side::new(register, &at_theirs).recoded(&their_codes),
            same: same_persons(release, register),
        }
    }

    /// A table without a register.
    ///
    /// # Panics
    /// No tuples were asked for.
    pub fn alone(release: &Encoded) -> Self {
        let known = release.attributes[..release.known].iter();
        let columns: Vec<Compared> = known
            .map(|(name, values)| Compared {
                name: name.clone(),
                values: values.clone(),
            })
            .collect();
        let released = Side::new(release, &(0..columns.len()).collect::<Vec<_>>());
        let nobody = Side::of_persons(vec![Vec::new(); columns.len()], vec![0], Vec::new());
        Self {
            same: vec![None; released.people()],
            columns,
            released,
            registered: nobody,
        }
    }

    /// Persons of the release who are in the register.
    pub fn present(&self) -> u64 {
        self.same.iter().flatten().count() as u64
    }
}

impl Side {
    /// The combinations of some of the known columns of a table.
    ///
    /// # Panics
    /// No tuples were asked for.
    pub fn new(encoded: &Encoded, columns: &[usize]) -> Self {
        let (shared, tuples) = (encoded.shared.as_ref(), encoded.tuples.as_ref());
        let (shared, tuples) = shared.zip(tuples).expect("tuples were asked for");
        let groups = &shared.groups;
        let combinations = tuples.combinations(groups, encoded.known, false);
        let (combinations, becomes) = combinations.project(columns);
        let (mut starts, mut of) = (vec![0], Vec::new());
        match tuples {
            Reduced::Rows(_) => {
                for (combination, rows) in combinations.records.iter().enumerate() {
                    for _ in 0..*rows {
                        of.push(combination as u32);
                        starts.push(of.len());
                    }
                }
            }
            Reduced::Persons(traces) => {
                for person in 0..traces.persons() {
                    let first = of.len();
                    let mine = traces.groups_of(person, groups);
                    of.extend(mine.map(|group| becomes[group as usize]));
                    if of.len() > first + 1 {
                        of[first..].sort_unstable();
                        let mut kept = first;
                        for at in first + 1..of.len() {
                            if of[at] != of[kept] {
                                kept += 1;
                                of[kept] = of[at];
                            }
                        }
                        of.truncate(kept + 1);
                    }
                    starts.push(of.len());
                }
            }
        }
        Self::of_persons(combinations.codes, starts, of)
    }

    fn of_persons(codes: Vec<Vec<u32>>, starts: Vec<usize>, of: Vec<u32>) -> Self {
        let combinations = match codes.first() {
            Some(codes) => codes.len(),
            None => of.iter().max().map_or(0, |last| *last as usize + 1),
        };
        let mut persons = vec![0; combinations];
        of.iter().for_each(|at| persons[*at as usize] += 1);
        Self {
            codes,
            persons,
            starts,
            of,
        }
    }

    /// Persons with their records: one row of codes a record.
    #[cfg(test)]
    pub fn of_rows(persons: &[Vec<Vec<u32>>]) -> Self {
        let mut distinct: Vec<&Vec<u32>> = persons.iter().flatten().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let (mut starts, mut of) = (vec![0], Vec::new());
        for rows in persons {
            let mut mine: Vec<u32> = rows
                .iter()
                .map(|row| distinct.binary_search(&row).unwrap() as u32)
                .collect();
            mine.sort_unstable();
            mine.dedup();
            of.extend(mine);
            starts.push(of.len());
        }
        let width = distinct.first().map_or(0, |row| row.len());
        let column = |at: usize| distinct.iter().map(|row| row[at]).collect();
        Self::of_persons((0..width).map(column).collect(), starts, of)
    }

    fn recoded(mut self, codes: &[Vec<u32>]) -> Self {
        self.codes.par_iter_mut().zip(codes).for_each(|(of, to)| {
            of.iter_mut().for_each(|code| *code = to[*code as usize]);
        });
        self
    }

    /// How many combinations there are.
    pub fn len(&self) -> usize {
        self.persons.len()
    }

    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// How many persons there are.
    pub fn people(&self) -> usize {
        self.starts.len() - 1
    }

    /// The combinations of a person, ascending.
    pub fn of(&self, person: usize) -> &[u32] {
        &self.of[self.starts[person]..self.starts[person + 1]]
    }

    /// How many records there are: a person's combination is one.
    pub fn records(&self) -> u64 {
        self.of.len() as u64
    }

    /// Whether everybody has one combination alone.
    pub fn is_single(&self) -> bool {
        self.of.len() == self.people()
    }

    /// For each combination the persons who have it, ascending.
    pub fn members(&self) -> Vec<Vec<u32>> {
        let mut members = vec![Vec::new(); self.len()];
        for person in 0..self.people() {
            for at in self.of(person) {
                members[*at as usize].push(person as u32);
            }
        }
        members
    }
}
