//! Single events, read from where they stand in the log.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::replay::{self, Stored};
use crate::ledger::error::Error;
use crate::log::{self, Fetch, Log};
use crate::seq::Seq;

/// Reads single events of a log, once one was asked for.
#[derive(Debug, Default)]
pub(super) struct Events(Mutex<Option<Fetch>>);

impl Events {
    /// What an event is about that stands at an offset in its segment; `None` if it cannot be read.
    pub(super) fn about(&self, dir: &Path, seq: Seq, offset: u64) -> Option<(Seq, Seq)> {
        self.event(dir, seq, offset).ok()?.map(|stored| stored.about)
    }

    /// Reads the event that stands at an offset in its segment; `None` if another one stands there.
    ///
    /// # Errors
    /// `Damaged` if it is no longer as it was, `Io`.
    pub(super) fn event(&self, dir: &Path, seq: Seq, offset: u64) -> Result<Option<Stored>, Error> {
        let mut fetch = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if fetch.is_none() {
            *fetch = Some(Log::open(dir)?.fetch()?);
        }
        let Some(fetch) = fetch.as_mut() else { return Ok(None) };
        let fetched = match fetch.event(seq.0, offset) {
            Err(log::Error::NotThere) => return Ok(None),
            fetched => fetched?,
        };
        let stored = replay::stored(&fetched.envelope, fetched.payload.as_deref())?;
        Ok(Some(Stored { hash: fetched.link(), offset, ..stored }))
    }
}
