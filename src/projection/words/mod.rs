//! An answer in words: why it is so, and how values, claims and dates are called.

pub(super) mod explain;
pub(super) mod names;
pub(super) mod reason;
mod tell;
pub(super) mod valid;
pub(super) mod why;
