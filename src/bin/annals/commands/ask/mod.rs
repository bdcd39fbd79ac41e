//! Questions: what a ledger answers about its keys, its days and its events.

pub(super) mod first;
pub(super) mod history;
mod keyed;
pub(super) mod log;
pub(super) mod state;
pub(super) mod time;
