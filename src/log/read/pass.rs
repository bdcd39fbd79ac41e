//! One ordered pass over a log, on all cores: blocks are read one after the other, hashed by whoever is free, and given in
//! their order to whoever asks for the next. Memory holds a few blocks for each thread, and no more.

use std::collections::BTreeMap;
use std::io;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::blocks::{Block, Blocks};
use super::hashed::{self, Step};
use crate::hash::Lanes;
use crate::log::error::{Error, Result};

/// How many blocks may be hashed before the one that is due, for each thread.
const AHEAD: usize = 4;

/// A block, and what was made of it.
#[derive(Debug)]
pub(crate) struct HashedBlock<R> {
    pub(crate) block: Block,
    pub(crate) steps: Vec<Step<R>>,
}

impl<R> Default for HashedBlock<R> {
    fn default() -> Self {
        HashedBlock { block: Block::default(), steps: Vec::new() }
    }
}

/// Where blocks come from.
#[derive(Debug)]
struct Feed {
    blocks: Blocks,
    /// How many were given out.
    taken: u64,
    is_over: bool,
}

/// Where hashed blocks wait to be asked for.
#[derive(Debug)]
struct Desk<R> {
    /// Number of the block that is asked for next.
    due: u64,
    early: BTreeMap<u64, HashedBlock<R>>,
    /// How many blocks there are, once that is known, and why there are not more.
    end: Option<u64>,
    failed: Option<Error>,
    /// Memory to use again.
    spare: Vec<HashedBlock<R>>,
}

/// A pass, shared by the threads that hash and the one that asks. With every frame it gives what `F` makes of the payload.
#[derive(Debug)]
pub(crate) struct Pass<R, F> {
    feed: Mutex<Feed>,
    desk: Mutex<Desk<R>>,
    /// Something changed on the desk.
    moved_on: Condvar,
    early_max: usize,
    lanes: Lanes,
    read: F,
}

impl<R: Default, F: Fn(u16, &[u8]) -> R> Pass<R, F> {
    /// Over these blocks, for so many threads, the one that asks among them.
    pub(crate) fn new(blocks: Blocks, threads: usize, lanes: Lanes, read: F) -> Pass<R, F> {
        let desk = Desk { due: 0, early: BTreeMap::new(), end: None, failed: None, spare: Vec::new() };
        Pass {
            feed: Mutex::new(Feed { blocks, taken: 0, is_over: false }),
            desk: Mutex::new(desk),
            moved_on: Condvar::new(),
            early_max: AHEAD * threads.max(1),
            lanes,
            read,
        }
    }

    /// The next block; hashes one itself as long as the one that is due is not there. None behind the last.
    ///
    /// # Errors
    /// [`Error::Io`], behind the blocks that could be read.
    pub(crate) fn next(&self) -> Result<Option<HashedBlock<R>>> {
        let mut desk = lock(&self.desk);
        loop {
            let due = desk.due;
            if let Some(hashed) = desk.early.remove(&due) {
                desk.due += 1;
                self.moved_on.notify_all();
                return Ok(Some(hashed));
            }
            if desk.end == Some(due) {
                return desk.failed.take().map_or(Ok(None), Err);
            }
            if desk.end.is_some() || desk.early.len() >= self.early_max {
                desk = self.moved_on.wait(desk).unwrap_or_else(PoisonError::into_inner);
            } else {
                let spare = desk.spare.pop().unwrap_or_default();
                drop(desk);
                self.hash_next(spare);
                desk = lock(&self.desk);
            }
        }
    }

    /// Takes memory back, to use it again.
    pub(crate) fn give_back(&self, hashed: HashedBlock<R>) {
        lock(&self.desk).spare.push(hashed);
    }

    /// Hashes blocks on this thread, until there are no more.
    pub(crate) fn help(&self) {
        loop {
            let mut desk = lock(&self.desk);
            while desk.end.is_none() && desk.early.len() >= self.early_max {
                desk = self.moved_on.wait(desk).unwrap_or_else(PoisonError::into_inner);
            }
            if desk.end.is_some() {
                return;
            }
            let spare = desk.spare.pop().unwrap_or_default();
            drop(desk);
            self.hash_next(spare);
        }
    }

    /// Nobody will ask for more: the threads that help come to an end.
    pub(crate) fn give_up(&self) {
        let mut desk = lock(&self.desk);
        desk.end = desk.end.or(Some(0));
        self.moved_on.notify_all();
    }

    /// Takes the next block and hashes it, if there is one.
    fn hash_next(&self, mut hashed: HashedBlock<R>) {
        let _told = ToldOfPanic(self);
        let mut feed = lock(&self.feed);
        if feed.is_over {
            return;
        }
        let (number, read) = (feed.taken, feed.blocks.next(&mut hashed.block));
        if let Ok(true) = read {
            feed.taken += 1;
            drop(feed);
            hashed.steps.clear();
            hashed::hash(&hashed.block, self.lanes, &self.read, &mut hashed.steps);
            lock(&self.desk).early.insert(number, hashed);
        } else {
            feed.is_over = true;
            let mut desk = lock(&self.desk);
            (desk.end, desk.failed) = (Some(number), read.err());
        }
        self.moved_on.notify_all();
    }
}

/// Ends the pass where its thread panics, so that nobody waits for the block that this thread had.
struct ToldOfPanic<'p, R, F>(&'p Pass<R, F>);

impl<R, F> Drop for ToldOfPanic<'_, R, F> {
    fn drop(&mut self) {
        if thread::panicking() {
            let mut desk = lock(&self.0.desk);
            let source = io::Error::other("a thread that hashes panicked");
            desk.early.clear();
            desk.end = Some(desk.due);
            desk.failed = Some(Error::Io { doing: "read the log", path: PathBuf::new(), source });
            self.0.moved_on.notify_all();
        }
    }
}

impl<R: Default + Send, F: Fn(u16, &[u8]) -> R + Sync> Pass<R, F> {
    /// Gives every block to `take`, in order, while so many threads hash, this one among them.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn give_all(&self, threads: usize, mut take: impl FnMut(&mut HashedBlock<R>)) -> Result<()> {
        thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| self.help());
            }
            let given = loop {
                match self.next() {
                    Ok(Some(mut hashed)) => {
                        take(&mut hashed);
                        self.give_back(hashed);
                    }
                    ended => break ended.map(|_| ()),
                }
            };
            self.give_up();
            given
        })
    }
}

/// A pass whose threads end once nobody asks any more.
#[derive(Debug)]
pub(super) struct Background<R: Default, F: Fn(u16, &[u8]) -> R>(Arc<Pass<R, F>>);

impl<R, F> Pass<R, F>
where
    R: Default + Send + 'static,
    F: Fn(u16, &[u8]) -> R + Send + Sync + 'static,
{
    /// Begins threads that hash: so many, with the one that asks.
    pub(super) fn in_background(self, threads: usize) -> Background<R, F> {
        let pass = Arc::new(self);
        for _ in 1..threads {
            let pass = Arc::clone(&pass);
            // Where no thread can be had, the one that asks does everything.
            let _ = thread::Builder::new().spawn(move || pass.help());
        }
        Background(pass)
    }
}

impl<R: Default, F: Fn(u16, &[u8]) -> R> Deref for Background<R, F> {
    type Target = Pass<R, F>;

    fn deref(&self) -> &Pass<R, F> {
        &self.0
    }
}

impl<R: Default, F: Fn(u16, &[u8]) -> R> Drop for Background<R, F> {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

/// A thread that panicked takes the others with it when they are joined; until then its lock is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Log;
    use crate::log::layout::Layout;
    use crate::log::tests::{SMALL, entry};

    #[test]
    fn nobody_waits_for_a_thread_that_panicked() {
        let dir = tempfile::tempdir().unwrap();
        Log::create_with(dir.path(), &[entry("one")], 1, SMALL).unwrap();
        let layout = Layout::new(dir.path());
        let blocks = Blocks::new(&layout, &layout.list().unwrap().segments);
        let pass = Pass::new(blocks, 2, Lanes::none(), |_, _| -> () { panic!("as a fault of ours would") });
        let helped: thread::Result<()> = thread::scope(|scope| scope.spawn(|| pass.help()).join());
        assert!(helped.is_err());
        assert!(pass.next().is_err());
    }
}
