//! A large commit: its events are encoded and committed to by threads, and handed to the log in their order.

use std::collections::VecDeque;
use std::fmt;

use super::error::Error;
use super::replay::entry_of;
use super::salt::Salts;
use super::stage::Numbered;
use crate::log::{Appended, Bulk, Entry};
use crate::seq::Seq;
use crate::threads::{Threads, Ticket};

/// How many events are encoded at a time.
const BATCH: usize = 1024;
/// How many batches are under way for each thread.
const BATCHES_A_THREAD: usize = 3;

/// A commit being encoded and written.
pub(super) struct Encoding<'w, 't> {
    bulk: Bulk<'w>,
    threads: &'t Threads,
    actor: Seq,
    batch: Vec<Numbered>,
    under_way: VecDeque<Ticket<Result<Vec<Entry>, Error>>>,
}

impl<'w, 't> Encoding<'w, 't> {
    pub(super) fn new(bulk: Bulk<'w>, threads: &'t Threads, actor: Seq) -> Self {
        Encoding { bulk, threads, actor, batch: Vec::with_capacity(BATCH), under_way: VecDeque::new() }
    }

    /// Adds events.
    ///
    /// # Errors
    /// `Io` if earlier ones cannot be written: nothing will be recorded.
    pub(super) fn push(&mut self, events: impl IntoIterator<Item = Numbered>) -> Result<(), Error> {
        self.batch.extend(events);
        if self.batch.len() >= BATCH {
            self.encode();
            while self.under_way.len() > self.threads.count() * BATCHES_A_THREAD {
                self.write_next()?;
            }
        }
        Ok(())
    }

    /// Makes the commit durable.
    ///
    /// # Errors
    /// `Io`: nothing was recorded.
    pub(super) fn finish(mut self) -> Result<Appended, Error> {
        self.encode();
        while !self.under_way.is_empty() {
            self.write_next()?;
        }
        Ok(self.bulk.finish()?)
    }

    fn encode(&mut self) {
        let (batch, actor) = (std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH)), self.actor);
        self.under_way.push_back(self.threads.give(move || {
            let mut salts = Salts::new();
            let entry = |numbered: &Numbered| entry_of(&numbered.event, numbered.about, actor, salts.next()?);
            batch.iter().map(entry).collect()
        }));
    }

    fn write_next(&mut self) -> Result<(), Error> {
        // A thread that panicked passes that on when it ends.
        for entry in self.under_way.pop_front().and_then(Ticket::take).unwrap_or(Ok(Vec::new()))? {
            self.bulk.push(&entry)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Encoding<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoding").field("under_way", &self.under_way.len()).finish_non_exhaustive()
    }
}
