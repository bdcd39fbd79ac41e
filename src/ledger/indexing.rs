//! Putting what the log holds behind an index into it. The log is read by one thread, and decoded by others.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::erasures::erased_target;
use super::error::{Error, ErrorKind};
use super::register::id_of;
use super::replay::stored;
use crate::chain::Hash;
use crate::codec;
use crate::event::{Event, EventKind};
use crate::frame::Envelope;
use crate::index::{Draft, Entry, Index, Row, Seen, Unusable, UpTo};
use crate::log::{self, Erasures, Frame, Log, Scan};
use crate::seq::Seq;
use crate::threads::{Threads, Ticket, with_threads};
use crate::tree::leaf;

/// How many events one write holds: few writes, and about a hundred megabytes.
const WRITE_EVENTS: usize = 1 << 19;
/// How many events are decoded at a time.
const BATCH: usize = 512;
/// How many batches are under way for each thread.
const BATCHES_A_THREAD: usize = 4;

/// What building came to.
pub(super) enum Built {
    /// The index goes up to the log's end.
    Whole,
    /// An event that the index holds is erased or to be erased: it has to be made anew, or not at all for now.
    Overtaken,
}

/// Why it was not built.
pub(super) enum Stopped {
    Log(log::Error),
    Ledger(Error),
    Index(Unusable),
}

/// Brings an index up to the log's end, without making that last: what is lost with the process is done again.
/// `progress` is told how many events it holds.
pub(super) fn build(
    log: &Log,
    index: &mut Index,
    threads: usize,
    progress: &mut impl FnMut(u64),
) -> Result<Built, Stopped> {
    with_threads(threads, |threads| {
        let before = index.up_to().cloned();
        let mut scan = log.commits_behind(before.as_ref().map(|up_to| &up_to.known))?;
        if before.is_some_and(|up_to| up_to.ledger != scan.ledger()) {
            return Err(log::Error::NotThere.into());
        }
        let mut building = Building::new(index, threads);
        let mut erasures = Erasures::default();
        while let Some(mut commit) = scan.next_commit()? {
            let commit_last = Seq(commit.seal().head.size);
            while let Some(frame) = commit.next_frame()? {
                erasures.see(&frame, erased_target);
                building.push(&frame, commit_last)?;
                if building.count == WRITE_EVENTS {
                    building.write(None)?;
                    progress(building.index.size());
                }
            }
            if building.count > WRITE_EVENTS / 2 {
                building.write(up_to(&scan))?;
                progress(building.index.size());
            }
        }
        if building.is_ahead() {
            building.write(up_to(&scan))?;
        }
        if building.is_overtaken || erasures.is_any_unfinished() {
            return Ok(Built::Overtaken);
        }
        building.index.settle()?;
        Ok(Built::Whole)
    })
}

fn up_to(scan: &Scan) -> Option<UpTo> {
    Some(UpTo { ledger: scan.ledger(), known: scan.known()? })
}

/// An event as it was read.
struct Raw {
    envelope: Envelope,
    offset: u64,
    commit_last: Seq,
    payload: Option<Vec<u8>>,
}

/// An event as the index takes it.
struct Decoded {
    entry: Entry<'static>,
    /// Itself, unless it is a claim or was erased.
    event: Option<Event>,
    facts: Option<Vec<u8>>,
    id: Option<String>,
    row: Row,
    leaf: Hash,
}

impl Raw {
    fn decode(self) -> Result<Decoded, Error> {
        let envelope = &self.envelope;
        let kind = EventKind::of_number(envelope.kind).filter(|kind| kind.is_claim() && envelope.seq > 1);
        let about = (Seq(envelope.subject), Seq(envelope.attribute));
        let mut facts = None;
        let (kind, event, id, brief) = if let Some((kind, payload)) = kind.zip(self.payload.as_deref()) {
            // Of a claim no more is asked here than where it belongs.
            let brief = codec::brief_claim(payload);
            let brief = brief.map_err(|error| Error::new(ErrorKind::Damaged, error.to_string()))?;
            facts = Some(brief.facts).filter(|_| brief.about == about);
            (kind, None, brief.id, Some(brief.bytes))
        } else {
            let stored = stored(envelope, self.payload.as_deref())?;
            let event = stored.recorded.event;
            let id = event.as_ref().and_then(id_of).map(str::to_owned);
            (stored.kind, event, id, self.payload)
        };
        let entry = Entry {
            seq: Seq(envelope.seq),
            commit_last: self.commit_last,
            at_micros: envelope.recorded_at,
            actor: Seq(envelope.actor),
            offset: self.offset,
            kind,
            brief: brief.map(Cow::Owned),
        };
        let row = Row { kind, offset: self.offset, about };
        Ok(Decoded { entry, event, facts, id, row, leaf: leaf(&envelope.to_bytes()) })
    }
}

/// Events on their way into the index.
struct Building<'i, 't> {
    index: &'i mut Index,
    draft: Draft,
    threads: &'t Threads,
    batch: Vec<Raw>,
    under_way: VecDeque<Ticket<Result<Vec<Decoded>, Error>>>,
    /// How many were pushed since the last write.
    count: usize,
    /// The last event that the index held before.
    held: Seq,
    is_overtaken: bool,
    /// The last write ended inside a commit.
    ends_inside: bool,
}

impl<'i, 't> Building<'i, 't> {
    fn new(index: &'i mut Index, threads: &'t Threads) -> Building<'i, 't> {
        let (draft, held) = (Draft::behind(index), Seq(index.size()));
        let (batch, under_way) = (Vec::with_capacity(BATCH), VecDeque::new());
        Building { index, draft, threads, batch, under_way, count: 0, held, is_overtaken: false, ends_inside: false }
    }

    fn push(&mut self, frame: &Frame<'_>, commit_last: Seq) -> Result<(), Stopped> {
        let payload = frame.payload().map(<[u8]>::to_vec);
        self.batch.push(Raw { envelope: frame.envelope, offset: frame.place.offset, commit_last, payload });
        self.count += 1;
        if self.batch.len() == BATCH {
            self.give();
            while self.under_way.len() > self.threads.count() * BATCHES_A_THREAD {
                self.take_oldest()?;
            }
        }
        Ok(())
    }

    fn give(&mut self) {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.under_way.push_back(self.threads.give(move || batch.into_iter().map(Raw::decode).collect()));
    }

    fn take_oldest(&mut self) -> Result<(), Stopped> {
        let Some(ticket) = self.under_way.pop_front() else { return Ok(()) };
        let decoded = ticket.take().unwrap_or_else(|| Err(Error::new(ErrorKind::Io, "a thread ended")));
        for Decoded { entry, event, facts, id, row, leaf } in decoded.map_err(Stopped::Ledger)? {
            if let Some(Event::PayloadErased { target, .. }) = &event {
                self.is_overtaken |= *target <= self.held;
            }
            let (event, facts, id) = (event.as_ref(), facts.as_deref(), id.as_deref());
            self.draft.take(self.index, &Seen { entry, event, facts, id, row, leaf })?;
        }
        Ok(())
    }

    /// Whether there is anything to write.
    fn is_ahead(&self) -> bool {
        self.count > 0 || self.ends_inside
    }

    /// Writes everything pushed so far.
    fn write(&mut self, up_to: Option<UpTo>) -> Result<(), Stopped> {
        self.give();
        while !self.under_way.is_empty() {
            self.take_oldest()?;
        }
        self.ends_inside = up_to.is_none();
        self.count = 0;
        let draft = std::mem::replace(&mut self.draft, Draft::behind(self.index));
        draft.put_into(self.index, up_to)?;
        self.draft = Draft::behind(self.index);
        Ok(())
    }
}

impl From<log::Error> for Stopped {
    fn from(error: log::Error) -> Stopped {
        Stopped::Log(error)
    }
}

impl From<Unusable> for Stopped {
    fn from(error: Unusable) -> Stopped {
        Stopped::Index(error)
    }
}

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Error {
        match stopped {
            Stopped::Log(error) => error.into(),
            Stopped::Ledger(error) => error,
            Stopped::Index(error) => error.into(),
        }
    }
}
