//! What single events of a run are found by, for those who write: the hashes of what they say, and which attributes and words
//! were used.

mod hashes;
mod sought;
mod uses;

pub(super) use hashes::{Entries, Hashes};
pub use sought::{Bare, Sought};
pub use uses::{Uses, unit_of};
