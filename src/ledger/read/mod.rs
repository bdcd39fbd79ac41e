//! From the log's bytes to a ledger that can be asked: events decoded, also where the log is damaged, and what later
//! events say of earlier ones.

pub(super) mod compare;
pub(super) mod despite;
pub(crate) mod erased;
pub(super) mod events;
mod every_key;
pub(super) mod mentions;
pub(super) mod names;
pub(super) mod nearest;
pub(super) mod open;
pub(super) mod redraft;
pub(super) mod remarks;
pub(crate) mod replay;
pub(super) mod salvage;
mod then;
