//! Hash functions that pseudonyms are made with, the ways their digests are written, and the search for what was
//! hashed: a crate of its own, so that it is optimised in every build.

pub use reidrisk_preimage::{
    Digest, Encoding, Function, Watch, form, is_digest, power, recipe, search, targets,
};
