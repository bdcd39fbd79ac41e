//! Which event an erasure names, and that every payload that is gone is named by one.

use crate::codec;
use crate::event::{Event, EventKind};
use crate::ledger::error::{Error, ErrorKind};
use crate::log::Erasures;
use crate::seq::Seq;

/// The event that a payload erases, if it is an erasure.
pub(crate) fn erased_target(kind: u16, payload: &[u8]) -> Option<u64> {
    let kind = EventKind::of_number(kind).filter(|kind| *kind == EventKind::PayloadErased)?;
    match codec::decode(kind, payload).map(|entered| entered.event) {
        Ok(Event::PayloadErased { target, .. }) => Some(target.0),
        _ => None,
    }
}

/// Requires that an erasure names every payload that is gone.
///
/// # Errors
/// `Damaged` if not.
pub(crate) fn all_named(erasures: &Erasures) -> Result<(), Error> {
    match erasures.unnamed().next().map(Seq) {
        None => Ok(()),
        Some(seq) => Err(Error::new(
            ErrorKind::Damaged,
            format!("the log is damaged: the payload of {seq} is gone, and no erasure names it"),
        )),
    }
}
