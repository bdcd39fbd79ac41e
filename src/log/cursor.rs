//! Places from which reading can go on.

use super::damage::Place;
use crate::chain::Head;
use crate::tree::Edge;

/// A place behind a seal, from where reading can go on. It is checked against the log before it is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The head that the seal names.
    pub head: Head,
    /// When the last event under it was recorded, in microseconds.
    pub recorded_at: i64,
    /// Where the seal stands.
    pub seal: Place,
}

/// What a caller remembers of an earlier state of the log, so that only what came after has to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The last seal it has seen.
    pub cursor: Cursor,
    /// The edge of the tree under that seal.
    pub edge: Edge,
}
