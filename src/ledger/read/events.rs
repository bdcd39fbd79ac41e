//! Single events, read from where they stand in the log.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::replay::{self, Stored};
use crate::ledger::error::Error;
use crate::log::{self, Fetch, Log};
use crate::seq::Seq;

/// Reads single events of a log, once one was asked for.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Events {
    log: Mutex<Option<Fetch>>,
    /// Events that are not recorded.
    planned: BTreeMap<Seq, Stored>,
}

impl Events {
    /// Knows events besides that are not recorded.
    pub(super) fn with(planned: impl Iterator<Item = Stored>) -> Events {
        Events { planned: planned.map(|stored| (stored.recorded.seq, stored)).collect(), ..Events::default() }
    }

    /// What an event is about that stands at an offset in its segment; `None` if it cannot be read.
    pub(in crate::ledger) fn about(&self, dir: &Path, seq: Seq, offset: u64) -> Option<(Seq, Seq)> {
        self.event(dir, seq, offset).ok()?.map(|stored| stored.about)
    }

    /// Reads the event that stands at an offset in its segment; `None` if another one stands there.
    ///
    /// # Errors
    /// `Damaged` if it is no longer as it was, `Io`.
    pub(super) fn event(&self, dir: &Path, seq: Seq, offset: u64) -> Result<Option<Stored>, Error> {
        if let Some(planned) = self.planned.get(&seq) {
            return Ok(Some(planned.clone()));
        }
        let mut fetch = self.log.lock().unwrap_or_else(PoisonError::into_inner);
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
