//! Hashing: one message, or many at once. BLAKE3 and SHA-256 live here only.
//!
//! What hashes mean is told where they are used: links and heads in `chain`, commitments in `frame`, leaves and nodes in
//! `tree`.

mod digest;
mod function;
mod lanes;
mod many;
mod one;
mod trial;

pub use digest::{HASH_LEN, Hash, NotAHash};
pub use many::{Lanes, Salted};
pub(crate) use one::sha256;
pub use one::{
    LINK_CONTEXT, PAYLOAD_CONTEXT, SALT_LEN, SEAL_CONTEXT, SEGMENT_CONTEXT, cache_name, commitment, digest, digest_of,
    leaf, link, lookup, parent, segment_checksum, tip,
};

#[cfg(test)]
pub(crate) mod tests;
