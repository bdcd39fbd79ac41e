//! Writing the log: opening it for appending, commits, new segments, and erasing in place.

pub(super) mod aside;
pub(super) mod bulk;
pub(super) mod draft;
pub(super) mod erase;
pub(super) mod opening;
mod segment;
pub(super) mod writer;
