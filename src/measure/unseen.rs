//! Whether a sample holds the values of the population, as far as its columns tell.

use crate::encode::combinations::Combinations;
use crate::language::{Language, Said};
use crate::said;

/// The share of the population beyond the sample whose value in a column may be one that the sample lacks.
pub const MOST: f64 = 0.05;

/// Whether models that know the sample's values alone may speak of the population: no column has values that few
/// persons share.
///
/// The share of a population that has values which the sample lacks is about that of the persons of the sample who are
/// alone with theirs (I. J. Good: The population frequencies of species and the estimation of population parameters.
/// Biometrika 40, 1953), and nobody's once everybody is in the sample.
///
/// # Errors
/// A column has too many such values.
pub fn check(combinations: &Combinations, columns: &[String], population: u64) -> Result<(), Said> {
    let persons: u64 = combinations.persons.iter().sum();
    let beyond = 1.0 - persons as f64 / population as f64;
    let attributes = combinations.codes.iter().zip(&combinations.capacity);
    for ((codes, capacity), name) in attributes.zip(columns) {
        let mut of_value = vec![0u64; *capacity];
        for (code, persons) in codes.iter().zip(&combinations.persons) {
            of_value[*code as usize] += persons;
        }
        let alone = of_value.iter().filter(|persons| **persons == 1).count();
        let unseen = alone as f64 / persons as f64 * beyond;
        if unseen > MOST {
            let told = |language: Language| language.percent(100.0 * unseen, 0);
            let told = Said::new(told(Language::English), told(Language::German));
            return Err(said!(
                "an estimated {} of the population have a value of `{}` that the table lacks, and the model knows no \
                 values but those of the table",
                "schätzungsweise {} der Grundgesamtheit haben in `{}` einen Wert, der in der Tabelle fehlt, und das \
                 Modell kennt nur die Werte der Tabelle",
                told,
                name
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(counts: &[u64]) -> Combinations {
        Combinations {
            codes: vec![(0..counts.len() as u32).collect()],
            capacity: vec![counts.len()],
            records: counts.to_vec(),
            persons: counts.to_vec(),
            members: None,
        }
    }

    #[test]
    fn values_of_few_persons_tell_of_others_that_are_not_there() {
        let column = ["v".to_owned()];
        let is_known =
            |counts: &[u64], population: u64| check(&of(counts), &column, population).is_ok();
        assert!(
            !is_known(&[1; 100], 10_000),
            "everybody has a value of their own"
        );
        assert!(is_known(&[10; 100], 1_000_000));
        // Six of a hundred are alone: too many in a small sample, few where nine in ten are in it.
        let some = [[1; 6].as_slice(), &[47, 47]].concat();
        assert!(!is_known(&some, 10_000));
        assert!(is_known(&some, 110));
        // Everybody is in the sample.
        assert!(is_known(&[1; 100], 100));
    }
}
