//! What the rows of a table have in each of its columns, as numbers that are equal where the values are.

use std::borrow::Cow;

use foldhash::HashMap;
use foldhash::HashMapExt;
use rayon::prelude::*;

/// The rows of a table whose persons are to be counted. A row without a subject is a person of its own: it is
/// published, whether or not other measures count it.
#[derive(Debug, Clone)]
pub struct Rows {
    /// Of each column that is compared its place among the published ones, and one key a row.
    keys: Vec<(usize, Vec<u64>)>,
    /// The places of a trace, which the points stand for where rows are compared.
    places: Vec<(usize, Vec<u64>)>,
    /// One a row, equal where the points of a trace are; of other tables none.
    points: Vec<u64>,
    persons: Persons,
    /// The rows that have no subject, in a table that names one.
    without_subject: Vec<u32>,
    /// What stands for null.
    null: u64,
}

/// Whose the rows are.
#[derive(Debug, Clone)]
enum Persons {
    /// Each row is a person.
    Rows(usize),
    /// The person of each row, and how many there are.
    Of(Vec<u32>, usize),
}

/// How the values of a column lie over persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// For each person the fewest persons, themselves included, who share the value of one of their rows.
    pub company: Vec<u32>,
    /// Distinct values, null among them.
    pub values: u64,
    /// Rows whose value only one person has, null not counted; and how many such values, and persons, there are.
    pub own_rows: u64,
    pub own_values: u64,
    pub own_persons: u64,
    /// Rows with a value.
    pub filled: u64,
}

impl Spread {
    /// Persons whose company is smaller than `k` and was not in `before`.
    pub fn newly_below(&self, before: &Self, k: u32) -> u64 {
        let pairs = self.company.iter().zip(&before.company);
        pairs.filter(|(now, then)| **now < k && **then >= k).count() as u64
    }

    /// Persons who share a value with fewer than `k`, themselves included.
    pub fn below(&self, k: u32) -> u64 {
        self.company.iter().filter(|company| **company < k).count() as u64
    }
}

impl Rows {
    /// Of rows and whose they are; `subjects` has one key a row, where the table names a subject.
    pub(super) fn new(
        keys: Vec<(usize, Vec<u64>)>,
        points: Vec<u64>,
        subjects: Option<Vec<u64>>,
        rows: usize,
        null: u64,
    ) -> Self {
        let Some(subjects) = subjects else {
            return Self {
                keys,
                places: Vec::new(),
                points,
                persons: Persons::Rows(rows),
                without_subject: Vec::new(),
                null,
            };
        };
        let mut named: Vec<u64> = subjects.iter().copied().filter(|of| *of != null).collect();
        named.par_sort_unstable();
        named.dedup();
        let mut count = named.len();
        let mut without_subject = Vec::new();
        let mut persons = Vec::with_capacity(subjects.len());
        for (row, subject) in subjects.iter().enumerate() {
            if *subject == null {
                without_subject.push(row as u32);
                persons.push(count as u32);
                count += 1;
            } else {
                let place = named.binary_search(subject);
                persons.push(place.expect("it is one of them") as u32);
            }
        }
        Self {
            keys,
            places: Vec::new(),
            points,
            persons: Persons::Of(persons, count),
            without_subject,
            null,
        }
    }

    /// The same with the places of a trace.
    pub(super) fn with_places(self, places: Vec<(usize, Vec<u64>)>) -> Self {
        Self { places, ..self }
    }

    /// The rows of which nothing says whose they are: all of a table that names no subject, and of others those that
    /// have none; `None` where there are none.
    pub fn nobodys(&self) -> Option<Cow<'_, Self>> {
        if self.is_anonymous() {
            return Some(Cow::Borrowed(self));
        }
        let of = |column: &[u64]| -> Vec<u64> {
            let rows = self.without_subject.iter();
            rows.map(|row| column[*row as usize]).collect()
        };
        let keys = self.keys.iter();
        (!self.without_subject.is_empty()).then(|| {
            Cow::Owned(Self {
                keys: keys.map(|(at, column)| (*at, of(column))).collect(),
                places: Vec::new(),
                points: match self.points.is_empty() {
                    true => Vec::new(),
                    false => of(&self.points),
                },
                persons: Persons::Rows(self.without_subject.len()),
                without_subject: Vec::new(),
                null: self.null,
            })
        })
    }

    pub fn len(&self) -> usize {
        match &self.persons {
            Persons::Rows(rows) => *rows,
            Persons::Of(persons, _) => persons.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many persons there are.
    pub fn persons(&self) -> usize {
        match self.persons {
            Persons::Rows(count) | Persons::Of(_, count) => count,
        }
    }

    /// What stands for null among the keys.
    pub fn null(&self) -> u64 {
        self.null
    }

    /// Whether a row is a person.
    pub fn is_anonymous(&self) -> bool {
        matches!(self.persons, Persons::Rows(_))
    }

    pub fn person(&self, row: usize) -> u32 {
        match &self.persons {
            Persons::Rows(_) => row as u32,
            Persons::Of(persons, _) => persons[row],
        }
    }

    /// One key a row of a published column; `None` where it is not compared.
    pub fn column(&self, column: usize) -> Option<&[u64]> {
        let mut keys = self.keys.iter();
        let found = keys.find(|(known, _)| *known == column);
        found.map(|(_, keys)| keys.as_slice())
    }

    /// One key a row of a column that is compared, or of the places of a trace.
    pub fn values(&self, column: usize) -> Option<&[u64]> {
        let mut places = self.places.iter();
        let place = places.find(|(known, _)| *known == column);
        let place = place.map(|(_, keys)| keys.as_slice());
        place.or_else(|| self.column(column))
    }

    /// One key a row: equal where all these columns are, and in a trace the points.
    pub fn joined(&self, columns: &[usize]) -> Vec<u64> {
        let mut joined = match self.points.is_empty() {
            true => vec![self.null; self.len()],
            false => self.points.clone(),
        };
        for column in columns.iter().filter_map(|column| self.column(*column)) {
            self.join(&mut joined, column);
        }
        joined
    }

    /// The same of columns alone.
    pub fn tuple(&self, columns: &[usize]) -> Vec<u64> {
        let mut joined = vec![self.null; self.len()];
        for column in columns.iter().filter_map(|column| self.column(*column)) {
            self.join(&mut joined, column);
        }
        joined
    }

    /// Adds a column to keys.
    pub fn join(&self, keys: &mut [u64], column: &[u64]) {
        let keys = keys.par_iter_mut().zip(column);
        keys.with_min_len(1 << 14)
            .for_each(|(key, column)| *key = mix(*key, *column));
    }

    /// How the values of a column, or of several joined, lie over persons.
    pub fn spread(&self, keys: &[u64]) -> Spread {
        let mut pairs: Vec<(u64, u32)> = keys
            .par_iter()
            .enumerate()
            .with_min_len(1 << 14)
            .map(|(row, key)| (*key, self.person(row)))
            .collect();
        pairs.par_sort_unstable();
        let mut spread = Spread {
            company: vec![u32::MAX; self.persons()],
            values: 0,
            own_rows: 0,
            own_values: 0,
            own_persons: 0,
            filled: 0,
        };
        let mut owners = vec![false; self.persons()];
        for same in pairs.chunk_by(|a, b| a.0 == b.0) {
            let (key, first) = same[0];
            let persons = same.chunk_by(|a, b| a.1 == b.1).count() as u32;
            let rows = same.len() as u64;
            spread.values += 1;
            for (_, person) in same {
                let company = &mut spread.company[*person as usize];
                *company = persons.min(*company);
            }
            if key != self.null {
                spread.filled += rows;
                if persons == 1 {
                    spread.own_rows += rows;
                    spread.own_values += 1;
                    owners[first as usize] = true;
                }
            }
        }
        spread.own_persons = owners.iter().filter(|owner| **owner).count() as u64;
        spread
    }

    /// The same rows as if each value of a column were a person; `None` where the column is not compared. Rows without
    /// a value are a person each.
    pub fn grouped_by(&self, column: usize) -> Option<Self> {
        let subjects = self.column(column)?.to_vec();
        Some(Self::new(
            self.keys.clone(),
            self.points.clone(),
            Some(subjects),
            self.len(),
            self.null,
        ))
    }

    /// Whether rows that are equal in the first keys are so in the second.
    pub fn determines(&self, first: &[u64], second: &[u64]) -> bool {
        let mut known: HashMap<u64, u64> = HashMap::new();
        let mut pairs = first.iter().zip(second);
        pairs.all(|(first, second)| *known.entry(*first).or_insert(*second) == *second)
    }

    /// One key a person, of one key a row: equal where all rows of the persons are, in whatever order.
    pub fn of_persons(&self, keys: &[u64]) -> Vec<u64> {
        let mut persons = vec![0u64; self.persons()];
        for (row, key) in keys.iter().enumerate() {
            let person = &mut persons[self.person(row) as usize];
            *person = person.wrapping_add(scattered(*key));
        }
        persons
    }

    /// The values of each person in a column, as one key a person: equal where the sets of values are.
    pub fn sets(&self, keys: &[u64]) -> Vec<u64> {
        let mut pairs: Vec<(u32, u64)> = keys
            .iter()
            .enumerate()
            .map(|(row, key)| (self.person(row), *key))
            .collect();
        pairs.par_sort_unstable();
        pairs.dedup();
        let mut sets = vec![self.null; self.persons()];
        for (person, key) in pairs {
            let set = &mut sets[person as usize];
            *set = mix(*set, key);
        }
        sets
    }
}

/// What stands for null: no value has it but by a chance of 2⁻⁶⁴.
pub fn null(hashes: &impl std::hash::BuildHasher) -> u64 {
    hashes.hash_one(("null", u64::MAX))
}

/// A key over all of its bits, so that sums of keys are equal where their terms are (S. Vigna's SplitMix64).
pub fn scattered(key: u64) -> u64 {
    let mixed = (key ^ key >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// Two keys as one.
pub fn mix(a: u64, b: u64) -> u64 {
    let a = u128::from(a ^ 0x243f_6a88_85a3_08d3);
    let product = a * u128::from(b ^ 0x1319_8a2e_0370_7344);
    (product as u64 ^ (product >> 64) as u64).rotate_left(17)
}

/// The keys of all values of a row as one, in their order; `rows` has the row of each, ascending. What is added to
/// `all` is one key for each of `batch` rows; a row that has no value has the key of null.
pub fn together(null: u64, batch: usize, rows: &[u32], keys: &[u64], all: &mut Vec<u64>) {
    let start = all.len();
    all.resize(start + batch, null);
    for (row, key) in rows.iter().zip(keys) {
        let of = &mut all[start + *row as usize];
        *of = mix(*of, *key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(subjects: Option<&[u64]>, columns: &[&[u64]]) -> Rows {
        let keys = columns.iter().enumerate();
        let keys = keys.map(|(at, column)| (at, column.to_vec())).collect();
        let subjects = subjects.map(<[u64]>::to_vec);
        Rows::new(keys, Vec::new(), subjects, columns[0].len(), 0)
    }

    #[test]
    fn persons_and_their_company() {
        let rows = rows(Some(&[7, 7, 8, 9, 9]), &[&[1, 2, 2, 3, 3]]);
        assert_eq!((rows.persons(), rows.len()), (3, 5));
        let spread = rows.spread(rows.column(0).unwrap());
        assert_eq!(spread.company, [1, 2, 1]);
        assert_eq!(
            (spread.values, spread.own_values, spread.own_rows),
            (3, 2, 3)
        );
        assert_eq!((spread.own_persons, spread.filled), (2, 5));
        assert_eq!((spread.below(2), spread.below(3)), (2, 3));
        assert!(rows.nobodys().is_none());
        let everybody = rows.spread(&[4; 5]);
        assert_eq!(
            (
                spread.newly_below(&everybody, 2),
                spread.newly_below(&everybody, 4)
            ),
            (2, 0)
        );
    }

    #[test]
    fn a_row_without_a_subject_is_a_person_of_its_own() {
        let rows = rows(Some(&[7, 0, 7, 0]), &[&[1, 2, 3, 4]]);
        assert_eq!((rows.persons(), rows.len()), (3, 4));
        assert!(rows.person(1) != rows.person(3));
        let nobodys = rows.nobodys().unwrap();
        assert!(nobodys.is_anonymous());
        assert_eq!(nobodys.column(0).unwrap(), [2, 4]);
    }

    #[test]
    fn all_rows_of_a_person_as_one_key() {
        let rows = rows(Some(&[7, 7, 8, 8, 9, 9]), &[&[1, 2, 2, 1, 1, 1]]);
        let keys = rows.of_persons(rows.column(0).unwrap());
        assert_eq!(keys[0], keys[1], "in whatever order");
        assert!(keys[0] != keys[2], "how often they come counts");
    }

    #[test]
    fn a_function_of_another_column() {
        let rows = rows(None, &[&[1, 2, 1, 3], &[5, 6, 5, 6], &[1, 1, 2, 1]]);
        let column = |at| rows.column(at).unwrap();
        assert!(rows.determines(column(0), column(1)));
        assert!(!rows.determines(column(1), column(0)));
        assert!(!rows.determines(column(0), column(2)));
        assert!(rows.determines(&rows.joined(&[0, 2]), column(0)));
    }

    #[test]
    fn several_values_a_row() {
        let mut all = Vec::new();
        together(0, 3, &[0, 0, 2], &[5, 6, 5], &mut all);
        together(0, 2, &[0, 1, 1], &[5, 6, 5], &mut all);
        assert_eq!(all.len(), 5);
        assert_eq!(all[1], 0, "no value");
        assert_eq!(all[2], all[3], "the same value");
        assert!(all[0] != all[4], "in another order");
    }
}
