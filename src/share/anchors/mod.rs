//! Heads and what authorities of time say of them, kept beside the log in `anchors/`. They are no part of the log: it
//! neither needs them nor vouches for them.

mod check;
mod folder;
mod make;

pub use check::{AnchorState, CLOCKS_APART_MICROS, HeldBy, Unheld, anchor_recorded_as, check_anchors, is_to_come};
pub use folder::{Anchor, anchors, authorities};
pub use make::{Anchored, attach_stamp, request_stamp};

#[cfg(test)]
mod tests;
