//! The tree over all events, as RFC 6962 has it, with SHA-256: it proves to people without the log that an event is
//! in it, and that a later log contains an earlier one.
//!
//! The leaf of an event is its envelope, which holds the chain's link: tree and chain stand over the same bytes.

mod edge;
mod paths;
mod proof;

use crate::hash::{Hash, parent, sha256};

pub use crate::hash::leaf;
pub use edge::{Edge, NotNext, SUBTREE_LEVEL, Span};
pub use paths::{consistency_ranges, inclusion_ranges, root_from};
pub use proof::{consistency_proof, inclusion_proof, root_of, verify_consistency, verify_inclusion};

/// The root of a tree without leaves.
fn empty_root() -> Hash {
    sha256(&[])
}

#[cfg(test)]
mod tests;
