//! The tree over all events, as RFC 6962 has it, with SHA-256: it proves to people without the log that an event is
//! in it, and that a later log contains an earlier one.
//!
//! The leaf of an event is its envelope, which holds the chain's link: tree and chain stand over the same bytes.

mod edge;
mod paths;
mod proof;

use sha2::{Digest, Sha256};

use crate::chain::Hash;

pub use edge::{Edge, NotNext, Span};
pub use paths::{consistency_ranges, inclusion_ranges, root_from};
pub use proof::{consistency_proof, inclusion_proof, root_of, verify_consistency, verify_inclusion};

/// The leaf of an event: the hash of a zero byte and its envelope.
#[must_use]
pub fn leaf(envelope: &[u8]) -> Hash {
    sha256(&[&[0], envelope])
}

/// The node over two others: the hash of a one byte and both.
fn parent(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], &left.0, &right.0])
}

/// The root of a tree without leaves.
fn empty_root() -> Hash {
    sha256(&[])
}

/// SHA-256 over parts, one behind the other.
pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

#[cfg(test)]
mod tests;
