//! How many digests are made in a second on one core where random pseudonyms are searched: identifiers written, hashed
//! by all functions that the pseudonyms could be of, and looked for.
//!
//! `cargo bench -p reidrisk-preimage`.

use std::time::Instant;

use reidrisk_preimage::form::of_texts;
use reidrisk_preimage::search::{Budget, search};
use reidrisk_preimage::spaces::Space;

/// Digests made of each form.
const DIGESTS: u64 = 100_000_000;

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
    let mut state = 1u64;
    let mut digit = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        b"0123456789abcdef"[(state >> 60) as usize]
    };
    let mut token = || -> Vec<u8> { (0..digits).map(|_| digit()).collect() };
    let tokens: Vec<Vec<u8>> = (0..2_000).map(|_| token()).collect();
    let sets = of_texts(&tokens);
    let keys = |space: u64| [space, 1, 2, 3];
    let clock = Instant::now();
    let searched = search(&sets, &Space::all(), Budget::Digests(DIGESTS), &keys, &());
    let rate = searched.spent as f64 / clock.elapsed().as_secs_f64();
    (rate, searched.needed)
}
