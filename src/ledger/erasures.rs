//! Which payloads are gone, and whether a later erasure names each: what is gone without a name was taken out.

use std::collections::BTreeSet;

use super::error::{Error, ErrorKind};
use super::replay::Stored;
use crate::event::Event;
use crate::seq::Seq;

/// What a replay has seen of erasures so far.
#[derive(Debug, Default)]
pub(super) struct Erasures {
    gone: BTreeSet<Seq>,
    /// Named by an erasure, and still there: it was interrupted.
    unfinished: Vec<Seq>,
}

impl Erasures {
    pub(super) fn see(&mut self, stored: &Stored) {
        match &stored.recorded.event {
            None => drop(self.gone.insert(stored.recorded.seq)),
            Some(Event::PayloadErased { target, .. }) if *target < stored.recorded.seq && target.0 > 1 => {
                if !self.gone.remove(target) {
                    self.unfinished.push(*target);
                }
            }
            Some(_) => {}
        }
    }

    /// Events whose payloads are gone though no erasure names them.
    pub(super) fn unnamed(self) -> BTreeSet<Seq> {
        self.gone
    }

    /// What interrupted erasures have left to do.
    ///
    /// # Errors
    /// `Damaged` if a payload is gone that no erasure names.
    pub(super) fn unfinished(self) -> Result<Vec<Seq>, Error> {
        match self.gone.first() {
            None => Ok(self.unfinished),
            Some(seq) => Err(Error::new(
                ErrorKind::Damaged,
                format!("the log is damaged: the payload of {seq} is gone, and no erasure names it"),
            )),
        }
    }
}
