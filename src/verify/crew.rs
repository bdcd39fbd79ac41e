//! The threads: whoever is free takes the next block, hashes it, and hands in what it found; whoever holds the next
//! one that is due fits it to what came before. So memory holds a few blocks for each thread, and no more.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::Options;
use super::hashing::{self, Step};
use super::joining::Joining;
use super::sealing::Due;
use crate::hash::Lanes;
use crate::log::Error;
use crate::log::read::blocks::{Block, Blocks};

/// How many blocks may be hashed before the one that is due, for each thread.
const AHEAD: u64 = 4;

/// Where blocks come from.
struct Feed {
    blocks: Blocks,
    taken: u64,
}

/// Where what was found goes.
struct Desk<'a> {
    joining: Joining<'a>,
    due: u64,
    early: BTreeMap<u64, (Vec<Step>, u64)>,
    /// Memory to use again.
    spare: Vec<Vec<Step>>,
    failed: Option<Error>,
}

struct Crew<'a> {
    feed: Mutex<Feed>,
    desk: Mutex<Desk<'a>>,
    /// Somebody handed in what was due.
    moved_on: Condvar,
    threads: u64,
    lanes: Lanes,
}

/// Works through all blocks.
pub(super) fn work<'a>(
    blocks: Blocks,
    joining: Joining<'a>,
    options: &Options<'_>,
    lanes: Lanes,
) -> Result<Joining<'a>, Error> {
    let threads = options.threads.max(1);
    let desk = Desk { joining, due: 0, early: BTreeMap::new(), spare: Vec::new(), failed: None };
    let crew = Crew {
        feed: Mutex::new(Feed { blocks, taken: 0 }),
        desk: Mutex::new(desk),
        moved_on: Condvar::new(),
        threads: threads as u64,
        lanes,
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| crew.hash_blocks(options));
        }
        crew.hash_blocks(options);
    });
    let desk = crew.desk.into_inner().unwrap_or_else(PoisonError::into_inner);
    desk.failed.map_or(Ok(desk.joining), Err)
}

impl Crew<'_> {
    fn hash_blocks(&self, options: &Options<'_>) {
        let mut block = Block::default();
        loop {
            let number = match self.take(&mut block) {
                Ok(Some(number)) => number,
                Ok(None) => return self.check_to_the_end(),
                Err(error) => {
                    lock(&self.desk).failed.get_or_insert(error);
                    self.moved_on.notify_all();
                    return;
                }
            };
            let mut steps = lock(&self.desk).spare.pop().unwrap_or_default();
            hashing::hash(&block, options, self.lanes, &mut steps);
            if !self.hand_in(number, steps, block.len_bytes()) {
                return;
            }
            self.check_signatures();
        }
    }

    /// Checks signatures as long as there are any to check.
    fn check_signatures(&self) {
        loop {
            let due = lock(&self.desk).joining.take_due();
            if due.is_empty() {
                return;
            }
            let checked = due.into_iter().map(Due::check).collect();
            lock(&self.desk).joining.checked(checked);
        }
    }

    /// The same when no block is left to hash, until all that others still hash has been fitted.
    fn check_to_the_end(&self) {
        let taken = lock(&self.feed).taken;
        loop {
            self.check_signatures();
            let desk = lock(&self.desk);
            if desk.failed.is_some() || desk.due >= taken {
                drop(desk);
                return self.check_signatures();
            }
            drop(self.moved_on.wait(desk).unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn take(&self, block: &mut Block) -> Result<Option<u64>, Error> {
        let mut feed = lock(&self.feed);
        if !feed.blocks.next(block)? {
            return Ok(None);
        }
        feed.taken += 1;
        Ok(Some(feed.taken - 1))
    }

    /// Hands in a block's steps, and fits all that are due by now. False: somebody failed.
    fn hand_in(&self, number: u64, steps: Vec<Step>, len_bytes: u64) -> bool {
        let mut desk = lock(&self.desk);
        while desk.failed.is_none() && number >= desk.due + AHEAD * self.threads {
            desk = self.moved_on.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
        desk.early.insert(number, (steps, len_bytes));
        loop {
            let due = desk.due;
            let Some((mut steps, len_bytes)) = desk.early.remove(&due) else { break };
            desk.joining.take(&mut steps, len_bytes);
            desk.spare.push(steps);
            desk.due += 1;
        }
        self.moved_on.notify_all();
        desk.failed.is_none()
    }
}

/// A thread that panicked takes the others with it when they are joined; until then its lock is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
