//! Writing commits, and gathering on the way what the index will have of them. The events of a large one are encoded and
//! committed to by threads, and handed to the log in their order by another.

use std::fmt;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use super::error::{Error, ErrorKind};
use super::replay::entry_of;
use super::salt::Salts;
use super::stage::Numbered;
use crate::chain::SALT_LEN;
use crate::codec::{Brief, FactsDraft};
use crate::event::Event;
use crate::index::{Batch, Belongs, Gathered, NameOf, Row, Seen};
use crate::log::{self, Appended, Bulk, Entry};
use crate::seq::Seq;
use crate::threads::{Threads, Ticket, with_parts};

/// How many events are encoded at a time.
const BATCH: usize = 1024;
/// How many batches are under way for each thread.
const BATCHES_A_THREAD: usize = 3;
/// How many more, about ten megabytes, so that staging goes on while the disk is waited for.
const BATCHES_AHEAD: usize = 16;
/// A commit being encoded and written.
pub(super) struct Encoding<'s, 'w, 't> {
    threads: &'t Threads,
    actor: Seq,
    batch: Vec<Numbered>,
    encoded: SyncSender<Ticket<Result<Encoded, Error>>>,
    writing: Option<ScopedJoinHandle<'s, Result<Written<'w>, Error>>>,
}

/// Some events as they are written, and as the index has them.
struct Encoded {
    entries: Vec<Entry>,
    batch: Batch,
}

/// A commit that is written but for its seal.
pub(super) struct Written<'w> {
    pub(super) bulk: Bulk<'w>,
    /// What the index will have of it, unless that could not be kept.
    pub(super) gathered: Option<Gathered>,
}

impl<'s, 'w: 's, 't> Encoding<'s, 'w, 't> {
    /// Begins to write a commit, gathering what the index will have of it.
    pub(super) fn begin(
        scope: &'s Scope<'s, '_>,
        bulk: Bulk<'w>,
        threads: &'t Threads,
        actor: Seq,
        gathered: Gathered,
    ) -> Encoding<'s, 'w, 't> {
        let (encoded, to_write) = sync_channel(threads.count() * BATCHES_A_THREAD + BATCHES_AHEAD);
        let writing = Some(scope.spawn(move || write(bulk, gathered, to_write)));
        Encoding { threads, actor, batch: Vec::with_capacity(BATCH), encoded, writing }
    }

    /// The events that are not passed on yet, for adding others.
    pub(super) fn batch(&mut self) -> &mut Vec<Numbered> {
        &mut self.batch
    }

    /// Passes the events on if they are many.
    ///
    /// # Errors
    /// `Io` if earlier ones cannot be written: nothing will be recorded.
    pub(super) fn pass_on(&mut self) -> Result<(), Error> {
        if self.batch.len() < BATCH { Ok(()) } else { self.encode() }
    }

    /// Writes everything, but no seal.
    ///
    /// # Errors
    /// `Io`: nothing was recorded.
    pub(super) fn finish(mut self) -> Result<Written<'w>, Error> {
        self.encode()?;
        let Encoding { encoded, writing, .. } = self;
        drop(encoded);
        written(writing)
    }

    fn encode(&mut self) -> Result<(), Error> {
        let (batch, actor) = (std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH)), self.actor);
        let ticket = self.threads.give(move || Encoded::of(&salted(&batch, &mut Salts::new())?, actor));
        match self.encoded.send(ticket) {
            Ok(()) => Ok(()),
            // Whoever writes has ended, and says why.
            Err(_) => written(self.writing.take()).map(drop),
        }
    }
}

/// What writing came to.
fn written<'w>(writing: Option<ScopedJoinHandle<'_, Result<Written<'w>, Error>>>) -> Result<Written<'w>, Error> {
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

impl Encoded {
    fn of(salted: &[Salted<'_>], actor: Seq) -> Result<Encoded, Error> {
        let (mut brief, mut facts) = (Brief::default(), FactsDraft::default());
        let (mut entries, mut batch) = (Vec::with_capacity(salted.len()), Batch::with_room_for(salted.len()));
        for (Numbered { seq, event, first, about, .. }, salt) in salted {
            let entry = entry_of(event, first.as_ref(), *about, actor, *salt)?;
            let row = Row { kind: event.kind(), offset: 0, about: *about };
            let id = event.own_id().map(|id| NameOf::Id.bits(id));
            let seen = Seen { row, at_micros: 0, actor, id, belongs: Belongs::of(event) };
            facts.clear();
            let kept = if let Event::ClaimAsserted(claim) = event {
                brief.cut(claim);
                facts.claim(*seq, brief.facts());
                brief.bytes()
            } else {
                facts.event(*seq, event);
                entry.body.payload()
            };
            batch.push(seen, Some(kept), facts.bytes());
            entries.push(entry);
        }
        Ok(Encoded { entries, batch: batch.take_from(0) })
    }

    /// Adds the events to a commit.
    fn push_to(self, bulk: &mut Bulk<'_>) -> Result<Batch, Error> {
        let Encoded { entries, mut batch } = self;
        for (place, entry) in entries.iter().enumerate() {
            let pushed = bulk.push(entry)?;
            batch.written(place, pushed.offset, bulk.recorded_at());
            batch.leaf(pushed.leaf, pushed.subtree);
        }
        Ok(batch)
    }
}

/// Appends events as one commit, durably, and gives back what the index will have of them.
///
/// # Errors
/// `Invalid` if one is too long, `Io`: nothing was recorded.
pub(super) fn append(
    log: &mut log::Writer,
    numbered: &[Numbered],
    actor: Seq,
    salts: &mut Salts,
    now_micros: i64,
) -> Result<(Appended, Vec<Batch>), Error> {
    /// As many are encoded sooner than a thread begins.
    const A_THREAD: usize = 256;
    let encoded = with_parts(&salted(numbered, salts)?, A_THREAD, |part| Encoded::of(part, actor));
    let mut bulk = log.bulk(now_micros)?;
    let batches = encoded.into_iter().map(|encoded| encoded?.push_to(&mut bulk));
    let mut batches = batches.collect::<Result<Vec<_>, _>>()?;
    let appended = bulk.finish()?;
    for batch in &mut batches {
        batch.begins_at(appended.first_place.offset);
    }
    Ok((appended, batches))
}

fn write(
    mut bulk: Bulk<'_>,
    gathered: Gathered,
    to_write: Receiver<Ticket<Result<Encoded, Error>>>,
) -> Result<Written<'_>, Error> {
    let mut gathered = Some(gathered);
    for ticket in to_write {
        let batch = ticket.take().unwrap_or_else(|| Err(ended()))?.push_to(&mut bulk)?;
        gathered = gathered.and_then(|mut gathered| gathered.push(batch).ok().map(|()| gathered));
    }
    Ok(Written { bulk, gathered })
}

impl fmt::Debug for Encoding<'_, '_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoding").field("batch", &self.batch.len()).finish_non_exhaustive()
    }
}
