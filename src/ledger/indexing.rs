//! Putting what the log holds behind an index into it. The log is read by one thread, and checked and decoded by others.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::decoding::{Decoded, Decoder, Piece};
use super::erasures::erased_target;
use super::error::{Error, ErrorKind};
use crate::chain::Hash;
use crate::index::{Batch, Draft, Index, Unusable, UpTo};
use crate::log::blocks::Block;
use crate::log::{self, Cursor, Erasures, Known, Log, Scan, Sweep};
use crate::seq::Seq;
use crate::threads::{Threads, Ticket, with_threads};

/// So many events are one write, some two hundred bytes each: few runs to be made one. While one is written the next is read.
const WRITE_EVENTS: u64 = 1 << 20;
/// So many events of a commit are held until its end is seen; a longer one is first read to its end.
const OPEN_MAX: usize = 3 << 19;
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
/// is lost with the process is done again. `progress` is told how many events it holds.
pub(super) fn build(
    log: &Log,
    index: &mut Index,
    last: Option<Seq>,
    threads: usize,
    progress: &mut impl FnMut(u64),
) -> Result<Built, Stopped> {
    let before = index.up_to().cloned();
    let mut sweep = log.sweep_behind(before.as_ref().map(|up_to| &up_to.known))?;
    if before.is_some_and(|up_to| up_to.ledger != sweep.ledger()) {
        return Err(log::Error::NotThere.into());
    }
    let held = Seq(index.size());
    let (built, index) = with_threads(threads, |threads| {
        thread::scope(|scope| {
            let (drafts, to_put) = sync_channel(0);
            let putting = scope.spawn(move || put_all(index, to_put));
            let mut building = Building::new(held, last, drafts);
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
    /// Events of a commit whose end was not seen yet.
    open: Vec<Decoded>,
    erasures: Erasures,
    /// The last event that the index held before.
    held: Seq,
    /// Where to stop, if not at the log's end.
    last: Option<Seq>,
    /// The last that was given to be put in.
    given: Seq,
    is_overtaken: bool,
    /// The last write ended inside a commit.
    ends_inside: bool,
}

impl Building {
    fn new(held: Seq, last: Option<Seq>, drafts: SyncSender<(Draft, Option<UpTo>)>) -> Building {
        Building {
            drafts,
            draft: Draft::from(Seq(held.0 + 1)),
            open: Vec::new(),
            erasures: Erasures::default(),
            held,
            last,
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
                let mut block: Block = spare.pop().unwrap_or_default();
                is_more = sweep.next(&mut block)?;
                if is_more {
                    under_way.push_back(threads.give(move || (Piece::of(&block), block)));
                }
            }
            let Some((Some(piece), block)) = under_way.pop_front().and_then(Ticket::take) else { break };
            spare.push(block);
            let Some(ends) = sweep.fit(piece.swept, self.last.map(|last| last.0)) else { break };
            self.open.push(piece.sealed);
            if !ends.is_empty() {
                self.close(&ends);
                if self.draft.len() >= WRITE_EVENTS {
                    self.write(up_to(sweep.ledger(), sweep.known().cloned()), progress)?;
                }
            }
            self.open.push(piece.open);
            if self.open.iter().map(|decoded| decoded.batch.len()).sum::<usize>() > OPEN_MAX {
                break;
            }
        }
        self.open.clear();
        Ok(())
    }

    fn is_before_last(&self, cursor: Option<Cursor>) -> bool {
        self.last.is_none_or(|last| cursor.is_none_or(|cursor| cursor.head.size < last.0))
    }

    /// Takes the events in whose commits end with these.
    fn close(&mut self, ends: &[u64]) {
        for last in ends {
            self.draft.note_commit(Seq(*last));
        }
        for decoded in self.open.drain(..) {
            decoded.note_erasures(&mut self.erasures);
            self.is_overtaken |= decoded.erases_up_to(self.held);
            self.draft.push(decoded.batch);
        }
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
                if self.draft.len() + batch.len() as u64 == WRITE_EVENTS {
                    self.push(&mut batch);
                    self.write(None, progress)?;
                }
            }
            self.push(&mut batch);
            if self.draft.len() > WRITE_EVENTS / 2 {
                self.write(up_to(scan.ledger(), scan.known()), progress)?;
            }
        }
        if !self.draft.is_empty() || self.ends_inside {
            self.write(up_to(scan.ledger(), scan.known()), progress)?;
        }
        Ok(if self.is_overtaken || self.erasures.is_any_unfinished() { Built::Overtaken } else { Built::Whole })
    }

    fn push(&mut self, batch: &mut Batch) {
        self.is_overtaken |= batch.erased().any(|target| target <= self.held);
        batch.shrink();
        self.draft.push(std::mem::take(batch));
    }

    /// Writes everything so far, and what ended behind it, if that is not inside a commit.
    fn write(&mut self, up_to: Option<UpTo>, progress: &mut impl FnMut(u64)) -> Result<(), Stopped> {
        self.ends_inside = up_to.is_none();
        self.given = Seq(self.given.0 + self.draft.len());
        let draft = std::mem::replace(&mut self.draft, Draft::from(Seq(self.given.0 + 1)));
        // Whoever puts them in has ended, and says why.
        self.drafts.send((draft, up_to)).map_err(|_| Error::new(ErrorKind::Io, "nobody takes it"))?;
        progress(self.given.0);
        Ok(())
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
