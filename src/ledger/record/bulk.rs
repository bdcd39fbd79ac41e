//! Writing commits. The events of a large one are encoded and
//! committed to by threads, and handed to the log in their order by another.

use std::fmt;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use crate::chain::SALT_LEN;
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::files::salt::Salts;
use crate::ledger::knowledge::numbered::Numbered;
use crate::ledger::read::replay::encode_for_log;
use crate::log::{self, Appended, Bulk, Entries};
use crate::seq::Seq;
use crate::threads::{Threads, Ticket, with_parts};

/// How many events are encoded at a time: so many that a processor keeps them near, from when they are made.
const BATCH: usize = 256;
/// How many batches are under way for each thread.
const BATCHES_A_THREAD: usize = 3;
/// How many more, about ten megabytes, so that staging goes on while the disk is waited for.
const BATCHES_AHEAD: usize = 64;
/// A commit being encoded and written.
pub(in crate::ledger) struct Encoding<'s, 'w, 't> {
    threads: &'t Threads,
    actor: Seq,
    batch: Vec<Numbered>,
    encoded: SyncSender<Ticket<Result<Entries, Error>>>,
    writing: Option<ScopedJoinHandle<'s, Result<Bulk<'w>, Error>>>,
}

impl<'s, 'w: 's, 't> Encoding<'s, 'w, 't> {
    /// Begins to write a commit.
    pub(in crate::ledger) fn begin(
        scope: &'s Scope<'s, '_>,
        bulk: Bulk<'w>,
        threads: &'t Threads,
        actor: Seq,
    ) -> Encoding<'s, 'w, 't> {
        let (encoded, to_write) = sync_channel(threads.count() * BATCHES_A_THREAD + BATCHES_AHEAD);
        let writing = Some(scope.spawn(move || write(bulk, to_write)));
        Encoding { threads, actor, batch: Vec::with_capacity(BATCH), encoded, writing }
    }

    /// The events that are not passed on yet, for adding others.
    pub(in crate::ledger) fn batch(&mut self) -> &mut Vec<Numbered> {
        &mut self.batch
    }

    /// Passes the events on if they are many.
    ///
    /// # Errors
    /// `Io` if earlier ones cannot be written: nothing will be recorded.
    pub(in crate::ledger) fn pass_on(&mut self) -> Result<(), Error> {
        if self.batch.len() < BATCH { Ok(()) } else { self.encode() }
    }

    /// Writes everything, but no seal.
    ///
    /// # Errors
    /// `Io`: nothing was recorded.
    pub(in crate::ledger) fn finish(mut self) -> Result<Bulk<'w>, Error> {
        self.encode()?;
        let Encoding { encoded, writing, .. } = self;
        drop(encoded);
        written(writing)
    }

    fn encode(&mut self) -> Result<(), Error> {
        let (batch, actor) = (std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH)), self.actor);
        let ticket = self.threads.give(move || encoded(&salted(&batch, &mut Salts::new())?, actor));
        match self.encoded.send(ticket) {
            Ok(()) => Ok(()),
            // Whoever writes has ended, and says why.
            Err(_) => written(self.writing.take()).map(drop),
        }
    }
}

/// What writing came to.
fn written<'w>(writing: Option<ScopedJoinHandle<'_, Result<Bulk<'w>, Error>>>) -> Result<Bulk<'w>, Error> {
    // A thread that panicked passes that on when it ends.
    writing.and_then(|writing| writing.join().ok()).unwrap_or_else(|| Err(ended()))
}

fn ended() -> Error {
    Error::new(ErrorKind::Io, "a thread ended; nothing was recorded")
}

/// An event with the salt of its commitment.
type Salted<'n> = (&'n Numbered, [u8; SALT_LEN]);

fn salted<'n>(numbered: &'n [Numbered], salts: &mut Salts) -> Result<Vec<Salted<'n>>, Error> {
    numbered.iter().map(|numbered| Ok((numbered, salts.next()?))).collect()
}

/// Events as the log takes them in.
fn encoded(salted: &[Salted<'_>], actor: Seq) -> Result<Entries, Error> {
    Entries::commit(salted, |(numbered, salt), payloads| {
        let Numbered { event, first, about, .. } = numbered;
        encode_for_log(event, first.as_ref(), *about, actor, *salt, payloads)
    })
}

/// Appends events as one commit, durably.
///
/// # Errors
/// `Invalid` if one is too long, `Io`: nothing was recorded.
pub(in crate::ledger) fn append(
    log: &mut log::Writer,
    numbered: &[Numbered],
    actor: Seq,
    salts: &mut Salts,
    now_micros: i64,
) -> Result<Appended, Error> {
    /// As many are encoded sooner than a thread begins.
    const A_THREAD: usize = 256;
    let parts = with_parts(&salted(numbered, salts)?, A_THREAD, |part| encoded(part, actor));
    let mut bulk = log.bulk(now_micros)?;
    for part in parts {
        bulk.push_all(&part?)?;
    }
    Ok(bulk.finish()?)
}

fn write(mut bulk: Bulk<'_>, to_write: Receiver<Ticket<Result<Entries, Error>>>) -> Result<Bulk<'_>, Error> {
    for ticket in to_write {
        bulk.push_all(&ticket.take().unwrap_or_else(|| Err(ended()))?)?;
    }
    Ok(bulk)
}

impl fmt::Debug for Encoding<'_, '_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoding").field("batch", &self.batch.len()).finish_non_exhaustive()
    }
}
