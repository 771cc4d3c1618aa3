//! Digests: which bytes were audited.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// The SHA-256 of a file, in hexadecimal.
pub fn of_file(path: &Path) -> Result<String> {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(path)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 18];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(hexadecimal(&hash.finalize())),
                count => hash.update(&buffer[..count]),
            }
        }
    };
    read().map_err(|error| Error::data(format!("cannot read {}: {error}", path.display())))
}

pub fn of_text(text: &str) -> String {
    hexadecimal(&Sha256::digest(text))
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
