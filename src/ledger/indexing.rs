//! Putting what the log holds behind an index into it. The log is read by one thread, and decoded by others.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::erasures::erased_target;
use super::error::{Error, ErrorKind};
use super::register::id_of;
use super::replay::stored;
use crate::codec::{self, FactsDraft};
use crate::event::EventKind;
use crate::frame::Envelope;
use crate::index::{Batch, Belongs, Draft, Index, NameOf, Row, Seen, Unusable, UpTo};
use crate::log::{self, Erasures, Frame, Log, Scan};
use crate::seq::Seq;
use crate::threads::{Threads, Ticket, with_threads};
use crate::tree::leaf;

/// How many events one write holds: few writes, and about sixty megabytes. While one is written the next is read.
const WRITE_EVENTS: usize = 1 << 18;
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

/// Brings an index up to the log's end, or to the end of the commit that ends with this event, without making that last: what
/// is lost with the process is done again. `progress` is told how many events it holds.
pub(super) fn build(
    log: &Log,
    index: &mut Index,
    last: Option<Seq>,
    threads: usize,
    progress: &mut impl FnMut(u64),
) -> Result<Built, Stopped> {
    let before = index.up_to().cloned();
    let mut scan = log.commits_behind(before.as_ref().map(|up_to| &up_to.known))?;
    if before.is_some_and(|up_to| up_to.ledger != scan.ledger()) {
        return Err(log::Error::NotThere.into());
    }
    let held = Seq(index.size());
    let (built, index) = with_threads(threads, |threads| {
        thread::scope(|scope| {
            let (drafts, to_put) = sync_channel(0);
            let putting = scope.spawn(move || put_all(index, to_put));
            let mut building = Building::new(held, threads, drafts);
            let built = building.read(&mut scan, last, progress);
            drop(building);
            // Why it cannot be put in comes before that nobody takes it.
            let put = putting.join().unwrap_or_else(|_| Err(Unusable::Broken("a thread ended".to_owned())));
            put.map_err(Stopped::Index).and_then(|index| Ok((built?, index)))
        })
    })?;
    if let Built::Whole = built {
        index.settle()?;
    }
    Ok(built)
}

/// Puts drafts into the index, one after the other.
fn put_all(index: &mut Index, drafts: Receiver<(Draft, Option<UpTo>)>) -> Result<&mut Index, Unusable> {
    for (draft, up_to) in drafts {
        draft.put_into(index, up_to)?;
    }
    Ok(index)
}

/// The last event of the commits that were shown.
fn reached(scan: &Scan) -> Seq {
    Seq(scan.cursor().map_or(0, |cursor| cursor.head.size))
}

fn up_to(scan: &Scan) -> Option<UpTo> {
    Some(UpTo { ledger: scan.ledger(), known: scan.known()? })
}

/// An event as it was read.
struct Raw {
    envelope: Envelope,
    offset: u64,
    payload: Option<Vec<u8>>,
}

impl Raw {
    /// Adds it to a batch for the index.
    fn decode(self, batch: &mut Batch) -> Result<(), Error> {
        let Raw { envelope, offset, payload } = self;
        let (seq, about) = (Seq(envelope.seq), (Seq(envelope.subject), Seq(envelope.attribute)));
        let kind = EventKind::of_number(envelope.kind).filter(|kind| kind.is_claim() && seq > Seq(1));
        let mut facts = FactsDraft::default();
        let (kind, belongs, id, brief) = if let Some((kind, payload)) = kind.zip(payload.as_deref()) {
            // Of a claim no more is asked here than where it belongs.
            let brief = codec::brief_claim(payload);
            let brief = brief.map_err(|error| Error::new(ErrorKind::Damaged, error.to_string()))?;
            if brief.about == about {
                facts.claim(seq, &brief.facts);
            } else {
                facts.apart();
            }
            (kind, Belongs::ToKey, brief.id.as_deref().map(|id| NameOf::Id.bits(id)), Some(brief.bytes))
        } else {
            let stored = stored(&envelope, payload.as_deref())?;
            let event = stored.recorded.event.as_ref();
            match event {
                Some(event) => facts.event(seq, event),
                None => facts.erased(seq),
            }
            let id = event.and_then(id_of).map(|id| NameOf::Id.bits(id));
            (stored.kind, event.map_or(Belongs::ToKey, Belongs::of), id, payload)
        };
        let (at_micros, actor, leaf) = (envelope.recorded_at, Seq(envelope.actor), leaf(&envelope.to_bytes()));
        let seen = Seen { row: Row { kind, offset, about }, at_micros, actor, leaf, id, belongs };
        batch.push(seen, brief.as_deref(), &facts.done());
        Ok(())
    }
}

/// Events on their way into the index.
struct Building<'t> {
    drafts: SyncSender<(Draft, Option<UpTo>)>,
    draft: Draft,
    threads: &'t Threads,
    batch: Vec<Raw>,
    under_way: VecDeque<Ticket<Result<Batch, Error>>>,
    /// How many were pushed since the last write.
    count: usize,
    /// The last event that the index held before.
    held: Seq,
    /// The last that was given to be put in.
    given: Seq,
    is_overtaken: bool,
    /// The last write ended inside a commit.
    ends_inside: bool,
}

impl<'t> Building<'t> {
    fn new(held: Seq, threads: &'t Threads, drafts: SyncSender<(Draft, Option<UpTo>)>) -> Building<'t> {
        Building {
            drafts,
            draft: Draft::from(Seq(held.0 + 1)),
            threads,
            batch: Vec::with_capacity(BATCH),
            under_way: VecDeque::new(),
            count: 0,
            held,
            given: held,
            is_overtaken: false,
            ends_inside: false,
        }
    }

    /// Reads the log to its end, or up to this event.
    fn read(&mut self, scan: &mut Scan, last: Option<Seq>, progress: &mut impl FnMut(u64)) -> Result<Built, Stopped> {
        let mut erasures = Erasures::default();
        while last.is_none_or(|last| reached(scan) < last)
            && let Some(mut commit) = scan.next_commit()?
        {
            let commit_last = Seq(commit.seal().head.size);
            while let Some(frame) = commit.next_frame()? {
                erasures.see(&frame, erased_target);
                self.push(&frame, commit_last)?;
                if self.count == WRITE_EVENTS {
                    self.write(None)?;
                    progress(self.given.0);
                }
            }
            if self.count > WRITE_EVENTS / 2 {
                self.write(up_to(scan))?;
                progress(self.given.0);
            }
        }
        if self.is_ahead() {
            self.write(up_to(scan))?;
        }
        Ok(if self.is_overtaken || erasures.is_any_unfinished() { Built::Overtaken } else { Built::Whole })
    }

    fn push(&mut self, frame: &Frame<'_>, commit_last: Seq) -> Result<(), Stopped> {
        let payload = frame.payload().map(<[u8]>::to_vec);
        self.batch.push(Raw { envelope: frame.envelope, offset: frame.place.offset, payload });
        self.draft.note_commit(commit_last);
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
        let raws = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.under_way.push_back(self.threads.give(move || {
            let mut batch = Batch::with_room_for(raws.len());
            raws.into_iter().try_for_each(|raw| raw.decode(&mut batch)).map(|()| batch)
        }));
    }

    fn take_oldest(&mut self) -> Result<(), Stopped> {
        let Some(ticket) = self.under_way.pop_front() else { return Ok(()) };
        let decoded = ticket.take().unwrap_or_else(|| Err(Error::new(ErrorKind::Io, "a thread ended")));
        let mut batch = decoded.map_err(Stopped::Ledger)?;
        let is_of_held = |seen: &mut Seen| matches!(seen.belongs, Belongs::Erases(target) if target <= self.held);
        self.is_overtaken |= batch.events_mut().any(is_of_held);
        self.draft.push(batch);
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
        self.given = Seq(self.given.0 + self.draft.len());
        let draft = std::mem::replace(&mut self.draft, Draft::from(Seq(self.given.0 + 1)));
        // Whoever puts them in has ended, and says why.
        self.drafts.send((draft, up_to)).map_err(|_| Error::new(ErrorKind::Io, "nobody takes it").into())
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Stopped {
        Stopped::Ledger(error)
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
