//! How many digests are made in a second on one core where random pseudonyms are searched: identifiers written, hashed
//! by all functions that the pseudonyms could be of, and looked for.
//!
//! `cargo bench --bench digests`.

use std::time::Instant;

use reidrisk::digest::form::of_texts;
use reidrisk::digest::search::{Budget, search};
use reidrisk::identifier::spaces::Space;
use reidrisk::stats::Draws;

/// Digests made of each form.
const DIGESTS: u64 = 50_000_000;

fn main() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let one = one.expect("a thread can be started");
    println!("hexadecimal digits   million digests a second   needed of 2,000");
    for digits in [8, 10, 16, 32, 40, 56, 64, 96, 128] {
        let (rate, needed) = one.install(|| rate(digits));
        let needed = needed.map_or("–".to_owned(), |needed| format!("{:.2e}", needed as f64));
        println!("{digits:18}   {:24.1}   {needed:>15}", rate / 1e6);
    }
}

fn rate(digits: usize) -> (f64, Option<u64>) {
    let draws = Draws::new(1, "digests", "bench");
    let mut trial = draws.trial(0);
    let mut token = || -> Vec<u8> {
        let digit = |_| b"0123456789abcdef"[trial.below(16) as usize];
        (0..digits).map(digit).collect()
    };
    let tokens: Vec<Vec<u8>> = (0..2_000).map(|_| token()).collect();
    let sets = of_texts(&tokens);
    let keys = |space: u64| [space, 1, 2, 3];
    let clock = Instant::now();
    let searched = search(&sets, &Space::all(), Budget::Digests(DIGESTS), &keys, &());
    let rate = searched.spent as f64 / clock.elapsed().as_secs_f64();
    (rate, searched.needed)
}
