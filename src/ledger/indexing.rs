//! Putting what the log holds behind an index into it. The log is read by one thread, and checked and decoded by others.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::decoding::{Decoded, Decoder, Noted, Piece, Room};
use super::erasures::erased_target;
use super::error::{Error, ErrorKind};
use crate::chain::Hash;
use crate::index::{Batch, Draft, Gathered, Index, Part, Unusable, UpTo};
use crate::log::blocks::Block;
use crate::log::{self, Cursor, Erasures, Known, Log, Scan, Sweep};
use crate::seq::Seq;
use crate::threads::{Threads, Ticket, with_threads};

/// How many events are dealt with at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// So many are one write, some two hundred bytes each: few runs to be made one. While one is written the next is read.
    pub(super) write: u64,
    /// So many of a commit are in memory until its end is seen: each has with it where that is. More are set aside.
    pub(super) open: usize,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes { write: 1 << 20, open: 3 << 19 }
    }
}

/// How many blocks are under way for each thread.
const BLOCKS_A_THREAD: usize = 3;

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
/// is lost with the process is done again. `progress` is told how many events were read, with those that it held.
pub(super) fn build(
    log: &Log,
    index: &mut Index,
    last: Option<Seq>,
    threads: usize,
    sizes: Sizes,
    progress: &mut impl FnMut(u64),
) -> Result<Built, Stopped> {
    let before = index.up_to().cloned();
    let mut sweep = log.sweep_behind(before.as_ref().map(|up_to| &up_to.known))?;
    if before.is_some_and(|up_to| up_to.ledger != sweep.ledger()) {
        return Err(log::Error::NotThere.into());
    }
    let (held, open) = (Seq(index.size()), Gathered::new(index.folder(), sizes.open));
    let (built, index) = with_threads(threads, |threads| {
        thread::scope(|scope| {
            let (drafts, to_put) = sync_channel(0);
            let putting = scope.spawn(move || put_all(index, to_put));
            let mut building = Building::new(held, last, (open, sizes.write), drafts);
            let built = building.sweep(&mut sweep, threads, progress).and_then(|()| {
                let mut scan = log.commits_behind(sweep.known())?;
                building.scan(&mut scan, progress)
            });
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

fn up_to(ledger: Hash, known: Option<Known>) -> Option<UpTo> {
    Some(UpTo { ledger, known: known? })
}

/// Events on their way into the index.
struct Building {
    drafts: SyncSender<(Draft, Option<UpTo>)>,
    draft: Draft,
    /// So many events are one write.
    write_events: u64,
    /// Events of a commit whose end was not seen yet, and what they say of erasures.
    open: Gathered,
    open_notes: Vec<Noted>,
    erasures: Erasures,
    /// The last event that the index held before.
    held: Seq,
    /// Where to stop, if not at the log's end.
    last: Option<Seq>,
    /// How many were read, with those before.
    read: u64,
    /// The last that was given to be put in.
    given: Seq,
    is_overtaken: bool,
    /// The last write ended inside a commit.
    ends_inside: bool,
}

impl Building {
    fn new(
        held: Seq,
        last: Option<Seq>,
        (open, write_events): (Gathered, u64),
        drafts: SyncSender<(Draft, Option<UpTo>)>,
    ) -> Building {
        Building {
            drafts,
            draft: Draft::from(Seq(held.0 + 1)),
            write_events,
            open,
            open_notes: Vec::new(),
            erasures: Erasures::default(),
            held,
            last,
            read: held.0,
            given: held,
            is_overtaken: false,
            ends_inside: false,
        }
    }

    /// Takes in commits as long as everything is as it was written.
    fn sweep(&mut self, sweep: &mut Sweep, threads: &Threads, progress: &mut impl FnMut(u64)) -> Result<(), Stopped> {
        let (mut under_way, mut spare, mut is_more) = (VecDeque::new(), Vec::new(), true);
        while self.is_before_last(sweep.known().map(|known| known.cursor)) {
            while is_more && under_way.len() < threads.count() * BLOCKS_A_THREAD {
                let (mut block, mut room): (Block, Room) = spare.pop().unwrap_or_default();
                is_more = sweep.next(&mut block)?;
                if is_more {
                    under_way.push_back(threads.give(move || (Piece::of(&block, &mut room), (block, room))));
                }
            }
            let Some((Some(piece), used)) = under_way.pop_front().and_then(Ticket::take) else { break };
            spare.push(used);
            let Some(ends) = sweep.fit(piece.swept, self.last.map(|last| last.0)) else { break };
            self.hold(piece.sealed)?;
            if !ends.is_empty() {
                self.close(&ends)?;
                if self.draft.len() >= self.write_events {
                    self.write(up_to(sweep.ledger(), sweep.known().cloned()))?;
                }
            }
            self.hold(piece.open)?;
            progress(self.read);
        }
        // A commit without an end is nothing.
        drop(self.open.take());
        Ok(())
    }

    fn is_before_last(&self, cursor: Option<Cursor>) -> bool {
        self.last.is_none_or(|last| cursor.is_none_or(|cursor| cursor.head.size < last.0))
    }

    /// Holds events until the end of their commit is seen.
    fn hold(&mut self, decoded: Decoded) -> Result<(), Unusable> {
        let Decoded { batch, mut notes } = decoded;
        self.open_notes.append(&mut notes);
        self.read += batch.len() as u64;
        if batch.is_empty() { Ok(()) } else { self.open.push(batch) }
    }

    /// Takes the events in whose commits end with these.
    fn close(&mut self, ends: &[u64]) -> Result<(), Stopped> {
        for noted in self.open_notes.drain(..) {
            self.is_overtaken |= noted.target.is_some_and(|target| target <= self.held.0);
            self.erasures.note(noted.seq, noted.body, noted.target);
        }
        for part in self.open.take() {
            let Part { batches, is_last } = part?;
            for last in ends {
                self.draft.note_commit(Seq(*last));
            }
            for batch in batches {
                self.draft.push(batch);
            }
            if !is_last {
                self.write(None)?;
            }
        }
        Ok(())
    }

    /// Takes in what a sweep left, and says why that is, if the log is damaged.
    fn scan(&mut self, scan: &mut Scan, progress: &mut impl FnMut(u64)) -> Result<Built, Stopped> {
        while self.is_before_last(scan.cursor())
            && let Some(mut commit) = scan.next_commit()?
        {
            let (mut batch, mut decoder) = (Batch::default(), Decoder::default());
            self.draft.note_commit(Seq(commit.seal().head.size));
            while let Some(frame) = commit.next_frame()? {
                self.erasures.see(&frame, erased_target);
                decoder.decode(&frame, &mut batch)?;
                batch.leaf(frame.leaf(), None);
                if self.draft.len() + batch.len() as u64 == self.write_events {
                    self.push(&mut batch);
                    self.write(None)?;
                    progress(self.given.0);
                }
            }
            self.push(&mut batch);
            if self.draft.len() > self.write_events / 2 {
                self.write(up_to(scan.ledger(), scan.known()))?;
                progress(self.given.0);
            }
        }
        if !self.draft.is_empty() || self.ends_inside {
            self.write(up_to(scan.ledger(), scan.known()))?;
        }
        Ok(if self.is_overtaken || self.erasures.is_any_unfinished() { Built::Overtaken } else { Built::Whole })
    }

    fn push(&mut self, batch: &mut Batch) {
        self.is_overtaken |= batch.erased().any(|target| target <= self.held);
        self.draft.push(batch.take_from(0));
    }

    /// Writes everything so far, and what ended behind it, if that is not inside a commit.
    fn write(&mut self, up_to: Option<UpTo>) -> Result<(), Stopped> {
        self.ends_inside = up_to.is_none();
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
