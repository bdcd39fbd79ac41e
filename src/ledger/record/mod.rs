//! Everything that is written to a log: commits, keys, erasures, and what takes them back.

pub(super) mod bulk;
mod copies;
pub(super) mod create;
pub(super) mod erase;
pub(super) mod erasures;
pub(super) mod key_acts;
mod opening;
pub(super) mod sealer;
pub(super) mod stager;
pub(super) mod undo;
pub(super) mod writer;
