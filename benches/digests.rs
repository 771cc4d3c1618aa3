//! How many identifiers are tried in a second on one core: written, hashed and looked for among 100,000 pseudonyms;
//! beside what `openssl speed` makes of as short texts on the same core.
//!
//! `cargo bench --bench digests`. OpenSSL's figure is of the hash alone.

use std::process::Command;
use std::time::Instant;

use reidrisk::digest::search::{Budget, search};
use reidrisk::digest::{Encoding, Form, Function};
use reidrisk::identifier::spaces::Space;
use reidrisk::stats::Draws;

/// Identifiers tried of each function.
const TRIED: u64 = 20_000_000;

fn main() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let one = one.expect("a thread can be started");
    println!("function      million a second   openssl speed   ratio");
    for function in Function::ALL {
        let rate = one.install(|| rate(function)) / 1e6;
        let name = function.as_str();
        match openssl(function) {
            Some(theirs) => println!(
                "{name:12}  {rate:16.1}   {theirs:13.1}   {:5.2}",
                rate / theirs
            ),
            None => println!("{name:12}  {rate:16.1}               –       –"),
        }
    }
}

fn rate(function: Function) -> f64 {
    let draws = Draws::new(1, "digests", "bench");
    let mut trial = draws.trial(0);
    let form = Form {
        function,
        encoding: Encoding::HexLower,
        bits: function.bits().min(128),
    };
    let pseudonym = |_| {
        let digest = function.digest(&trial.below(u64::MAX).to_le_bytes());
        form.encoding.encode(&digest, form.bits)
    };
    let pseudonyms: Vec<Vec<u8>> = (0..100_000).map(pseudonym).collect();
    let texts = pseudonyms.iter().map(Vec::as_slice);
    let clock = Instant::now();
    let budget = Budget::Digests(TRIED);
    let searched = search(texts, &[form], &[Space::MobileShort], budget, &draws, &());
    let tried: u64 = searched.combinations.iter().map(|one| one.tried).sum();
    tried as f64 / clock.elapsed().as_secs_f64()
}

/// Million texts of 16 bytes a second, where OpenSSL is there and has the function.
fn openssl(function: Function) -> Option<f64> {
    let name = match function {
        Function::Sha256 => "sha256",
        Function::Md5 => "md5",
        Function::Sha1 => "sha1",
        Function::Sha512 => "sha512",
        Function::Sha224 => "sha224",
        Function::Sha384 => "sha384",
        Function::Blake2b512 => "blake2b512",
        Function::Blake2s => "blake2s256",
        Function::Blake2b256 | Function::Blake3 | Function::Crc32 => return None,
    };
    let run = Command::new("openssl")
        .args(["speed", "-evp", name, "-bytes", "16", "-seconds", "3"])
        .output()
        .ok()?;
    let text = String::from_utf8(run.stdout).ok()?;
    // The last line: the name, and thousands of bytes a second.
    let last = text.lines().last()?.split_whitespace().last()?;
    let thousands: f64 = last.trim_end_matches('k').parse().ok()?;
    Some(thousands * 1e3 / 16.0 / 1e6)
}
