//! A ledger's index, with what its log holds behind that.

use std::path::Path;

use super::Item;
use crate::codec;
use crate::event::{Event, EventKind, First, Recorded};
use crate::frame::Seal;
use crate::index::{Index, Unusable};
use crate::ledger::head::Head;
use crate::ledger::replay::{Stored, stored_of, unfinished};
use crate::log::{self, Fetch, Log};
use crate::seq::Seq;
use crate::threads::with_parts;

/// An index with what was appended behind it.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) index: Index,
    fetch: Fetch,
    /// What the log holds behind the index.
    pub(super) tail: Vec<Item>,
    pub(super) head: Head,
    pub(super) unfinished: Option<String>,
}

/// Where an event stands in the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct InLog {
    pub(super) seq: Seq,
    pub(super) kind: EventKind,
    /// Of its record in its segment, in bytes.
    pub(super) offset: u64,
}

/// Why the index could not be read.
#[derive(Debug)]
pub(in crate::ledger) enum Unread {
    Index(Unusable),
    /// The log itself cannot be read: a replay tells why.
    Log,
}

impl Unread {
    /// What is wrong with the index, if it is to blame.
    pub(in crate::ledger) fn of_index(self) -> Option<Unusable> {
        match self {
            Unread::Index(unusable) => Some(unusable),
            Unread::Log => None,
        }
    }
}

impl Indexed {
    /// Opens a ledger's index and reads what the log holds behind it.
    pub(super) fn open(dir: &Path) -> Result<Indexed, Unread> {
        let log = Log::open(dir)?;
        let index = open_index(dir, &log)?;
        let up_to = index.up_to().ok_or(Unusable::Missing)?;
        let mut scan = log.commits_behind(Some(&up_to.known))?;
        let mut tail = Vec::new();
        while let Some(mut commit) = scan.next_commit()? {
            read_commit(&mut commit, &mut tail)?;
        }
        let known = scan.known().filter(|_| scan.ledger() == up_to.ledger).ok_or_else(not_of_this_log)?;
        let mut fetch = log.fetch()?;
        let head = head_of(&known.cursor, fetch.seal(known.cursor.seal)?);
        let unfinished = unfinished(&scan.end()?);
        Ok(Indexed { index, fetch, tail, head, unfinished })
    }

    /// The same for a writer, who keeps the ledger's lock from then on.
    pub(super) fn open_to_write(dir: &Path, now_micros: i64) -> Result<(Indexed, log::Writer), Unread> {
        let index = open_index(dir, &Log::open(dir)?)?;
        let up_to = index.up_to().cloned().ok_or(Unusable::Missing)?;
        // Whether an erasure at the very end was ended is for the replay to see.
        if index.row(Seq(index.size()))?.is_none_or(|row| row.kind == EventKind::PayloadErased) {
            return Err(Unusable::Broken("it ends with an erasure".to_owned()).into());
        }
        let mut tail = Vec::new();
        let opening = log::Opening { known: Some(up_to.known), ..log::Opening::default() };
        let opened = log::Writer::open_and_see(dir, now_micros, opening, |commit| read_commit(commit, &mut tail));
        let writer = opened?;
        let cursor = writer.cursor().filter(|_| writer.ledger() == up_to.ledger).ok_or_else(not_of_this_log)?;
        let mut fetch = Log::open(dir)?.fetch()?;
        let head = head_of(&cursor, fetch.seal(cursor.seal)?);
        Ok((Indexed { index, fetch, tail, head, unfinished: None }, writer))
    }

    /// The last event there was when it was opened.
    pub(super) fn head_at_opening(&self) -> Seq {
        Seq(self.head.size)
    }

    /// An event as the log has it.
    pub(super) fn event(&mut self, seq: Seq) -> Result<(EventKind, Option<Event>), Unread> {
        self.stored(seq).map(|stored| (stored.kind, stored.recorded.event))
    }

    /// Shows events as the log has them, whose places the index said. Many are read by several threads.
    pub(super) fn events_at(&self, places: &[InLog], mut see: impl FnMut(Seq, Option<Event>)) -> Result<(), Unread> {
        /// As many are read sooner than a thread begins.
        const A_THREAD: usize = 128;
        for read in with_parts(places, A_THREAD, |part| read_events(&mut self.fetch.another(), part)) {
            for (seq, event) in read? {
                see(seq, event);
            }
        }
        Ok(())
    }

    /// An event behind the index.
    pub(super) fn in_tail(&self, seq: Seq) -> Option<&Item> {
        let place = seq.0.checked_sub(self.tail.first()?.recorded.seq.0)?;
        self.tail.get(usize::try_from(place).ok()?)
    }

    /// The same with all that its envelope says.
    pub(super) fn stored(&mut self, seq: Seq) -> Result<Stored, Unread> {
        if let Some(Item { recorded, kind, about, link, .. }) = self.in_tail(seq) {
            let hash = link.unwrap_or_default();
            return Ok(Stored { recorded: recorded.clone(), kind: *kind, about: *about, hash });
        }
        let row = self.index.row(seq)?.ok_or_else(not_of_this_log)?;
        let fetched = fetched(&mut self.fetch, seq, row.offset)?;
        let hash = fetched.link();
        let (event, first) = decoded(row.kind, fetched.payload)?;
        let (at_micros, actor) = (fetched.envelope.recorded_at, Seq(fetched.envelope.actor));
        let recorded = Recorded { seq, at_micros, actor, event, first };
        Ok(Stored { recorded, kind: row.kind, about: row.about, hash })
    }
}

fn fetched(fetch: &mut Fetch, seq: Seq, offset: u64) -> Result<log::Fetched, Unread> {
    Ok(fetch.event(seq.0, offset)?)
}

fn read_events(fetch: &mut Fetch, places: &[InLog]) -> Result<Vec<(Seq, Option<Event>)>, Unread> {
    // They are large: room is made once.
    let mut read = Vec::with_capacity(places.len());
    for place in places {
        let fetched = fetched(fetch, place.seq, place.offset)?;
        read.push((place.seq, decoded(place.kind, fetched.payload)?.0));
    }
    Ok(read)
}

fn decoded(kind: EventKind, payload: Option<Vec<u8>>) -> Result<(Option<Event>, Option<First>), Unusable> {
    let entered = payload.map(|payload| codec::decode(kind, &payload)).transpose();
    let entered = entered.map_err(|error| Unusable::Broken(error.to_string()))?;
    Ok(entered.map_or((None, None), |entered| (Some(entered.event), entered.first)))
}

fn read_commit(commit: &mut log::Commit<'_>, into: &mut Vec<Item>) -> Result<(), Unread> {
    let commit_last = Seq(commit.seal().head.size);
    while let Some(frame) = commit.next_frame()? {
        let stored = stored_of(&frame).map_err(|_| Unread::Log)?;
        if stored.kind == EventKind::PayloadErased {
            return Err(Unusable::Broken("an event was erased since it was made".to_owned()).into());
        }
        let link = Some(frame.link());
        into.push(Item { recorded: stored.recorded, kind: stored.kind, commit_last, about: stored.about, link });
    }
    Ok(())
}

/// A head whose origin is not known yet.
fn head_of(cursor: &log::Cursor, seal: Seal) -> Head {
    let mut head = Head { recorded_at_micros: cursor.recorded_at, ..Head::default() };
    head.take(seal);
    head
}

/// Opens a ledger's index, and of it no more than is needed for reading the rest from the log to be quick.
///
/// # Errors
/// As [`Index::open`].
fn open_index(dir: &Path, log: &Log) -> Result<Index, Unusable> {
    /// Reading as much is a matter of milliseconds, as is opening what spares it.
    const NEAR_BYTES: u64 = 1 << 20;
    Index::open(dir, |up_to| log.bytes_behind(up_to.known.cursor.seal).is_ok_and(|bytes| bytes <= NEAR_BYTES))
}

fn not_of_this_log() -> Unread {
    Unusable::Broken("it is not of this log".to_owned()).into()
}

impl From<Unusable> for Unread {
    fn from(error: Unusable) -> Unread {
        Unread::Index(error)
    }
}

impl From<log::Error> for Unread {
    fn from(error: log::Error) -> Unread {
        if let log::Error::NotThere = error { not_of_this_log() } else { Unread::Log }
    }
}
