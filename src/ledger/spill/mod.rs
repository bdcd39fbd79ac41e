//! What would grow with every event of a ledger, set aside in files beyond so much: memory stays bounded however many
//! events there are.
//!
//! The files have no names any more when the first byte is written: whatever becomes of the process, they go with it.

mod buckets;
mod events;
mod filter;
mod numbers;
mod room;
mod run;
mod scratch;
#[cfg(test)]
mod tests;

use std::borrow::Borrow;
use std::io;

use super::error::{Error, ErrorKind};

pub(super) use buckets::Buckets;
pub(super) use events::{Brief, Events};
pub(super) use numbers::Numbers;
pub(super) use room::Room;

/// Why nothing was recorded when something cannot be set aside, or read again.
pub(super) fn not_set_aside(error: impl Borrow<io::Error>) -> Error {
    let message = "could not set aside what has to be known of every event; nothing was recorded";
    Error::new(ErrorKind::Io, message).because(error.borrow())
}
