//! Each combination of class and sensitive value, with who has it: what an adversary learns from who
//! wants to predict the value.

use super::count::Tuples;
use super::groups::Groups;
use super::layout::Layout;
use super::traces::Traces;

/// The distinct (class, sensitive value) pairs of a table.
#[derive(Debug)]
pub struct Cells {
    /// For each attribute an adversary may know, the code of each cell.
    pub known: Vec<Vec<u32>>,
    /// Codes of each attribute are below this.
    pub capacity: Vec<usize>,
    /// The equivalence class of each cell; cells of a class are neighbours.
    pub class: Vec<u32>,
    /// The sensitive value of each cell.
    pub value: Vec<u32>,
    /// Sensitive codes are below this.
    pub values: usize,
    /// Distinct persons with each cell.
    pub persons: Vec<u64>,
    /// The cells of each person; `None` where a person is one row, and so in one cell.
    pub members: Option<Vec<Vec<u32>>>,
}

impl Cells {
    pub fn of_rows(tuples: &Tuples, groups: &Groups, known: usize, attribute: usize) -> Self {
        let (mut cells, of) = Self::new(&tuples.layout, &tuples.keys, groups, known, attribute);
        for (cell, rows) in of.iter().zip(&tuples.rows) {
            cells.persons[*cell as usize] += rows;
        }
        cells
    }

    pub fn of_persons(traces: &Traces, groups: &Groups, known: usize, attribute: usize) -> Self {
        let (mut cells, of) = Self::new(&traces.layout, &traces.keys, groups, known, attribute);
        let mut members = Vec::with_capacity(traces.persons());
        for person in 0..traces.persons() {
            let tuples = traces.of(person).iter();
            let mut mine: Vec<u32> = tuples.map(|tuple| of[*tuple as usize]).collect();
            mine.sort_unstable();
            mine.dedup();
            for cell in &mine {
                cells.persons[*cell as usize] += 1;
            }
            members.push(mine);
        }
        cells.members = Some(members);
        cells
    }

    /// The cells, nobody in them yet, and the cell of each tuple.
    fn new(
        layout: &Layout,
        keys: &[u64],
        groups: &Groups,
        known: usize,
        attribute: usize,
    ) -> (Self, Vec<u32>) {
        let keys: Vec<&[u64]> = keys.chunks_exact(layout.words()).collect();
        let pair = |tuple: u32| {
            let value = layout.code(attribute, keys[tuple as usize]);
            (groups.of[tuple as usize], value)
        };
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        order.sort_unstable_by_key(|tuple| (pair(*tuple), *tuple));
        let mut cells = Self {
            known: vec![Vec::new(); known],
            capacity: layout.capacity()[..known]
                .iter()
                .map(|c| *c as usize)
                .collect(),
            class: Vec::new(),
            value: Vec::new(),
            values: layout.capacity()[attribute] as usize,
            persons: Vec::new(),
            members: None,
        };
        let mut of = vec![0; keys.len()];
        for tuple in order {
            let (class, value) = pair(tuple);
            if (cells.class.last(), cells.value.last()) != (Some(&class), Some(&value)) {
                cells.class.push(class);
                cells.value.push(value);
                for (attribute, codes) in cells.known.iter_mut().enumerate() {
                    codes.push(layout.code(attribute, keys[tuple as usize]));
                }
            }
            of[tuple as usize] = cells.class.len() as u32 - 1;
        }
        cells.persons = vec![0; cells.class.len()];
        (cells, of)
    }
}
