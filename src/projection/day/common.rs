//! The part that the values of a side have in common.

use super::voices::voice::ValueId;

/// The part that the values of a side have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Common {
    pub(super) class: usize,
    /// The part, from and to: of the stated ends where they meet, else of the wider ones.
    pub(super) part: (usize, usize),
    /// Where the wider ends meet.
    pub(super) wide: (usize, usize),
    /// Values without which the part would be another.
    pub(super) holding: [Option<ValueId>; 2],
    /// Whether a value is approximate, so that what holds the part is to be looked at again.
    pub(super) has_approx: bool,
}
