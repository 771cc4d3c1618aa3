//! Digests: which bytes were audited.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::regular;
use crate::error::{Error, Result};

/// The SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// It cannot be read, or is no regular file.
pub fn of_file(path: &Path) -> Result<String> {
    let digest = regular::open(path).and_then(of_open);
    digest.map_err(|error| Error::data(format!("cannot read {}: {error}", path.display())))
}

/// The SHA-256 of an open file.
///
/// # Errors
/// It cannot be read.
pub fn of_open(file: File) -> std::io::Result<String> {
    of_reader(Sha256::new(), file)
}

/// What a file is and where it lies, in one digest: of its path in the release and its bytes. The path cannot be guessed
/// from it without the bytes.
///
/// # Errors
/// It cannot be read.
pub fn of_placed(path: &str, file: File) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    hash.update(b"reidrisk: path and bytes of a file\0");
    hash.update((path.len() as u64).to_be_bytes());
    hash.update(path);
    of_reader(hash, file)
}

fn of_reader(mut hash: Sha256, mut file: File) -> std::io::Result<String> {
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hexadecimal(&hash.finalize())),
            count => hash.update(&buffer[..count]),
        }
    }
}

pub fn of_text(text: &str) -> String {
    hexadecimal(&Sha256::digest(text))
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
