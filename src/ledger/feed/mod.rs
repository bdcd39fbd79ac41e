//! Feeding the index with commits as they were gathered on their way into the log, so that nobody reads them again.

#[cfg(test)]
mod tests;

use std::path::Path;

use super::catch_up::open_or_anew;
use super::error::Error;
use super::indexing::{Built, Sizes, Stopped, build};
use super::proof::keep_roots;
use crate::index::{self, Batch, Draft, Gathered, Index, Part, UpTo};
use crate::log::{self, Cursor, Known, Log};
use crate::seq::Seq;

/// What the index will have of a commit.
pub(super) struct Fresh {
    pub(super) gathered: Gathered,
    /// Where its first event stands in its segment, in bytes.
    pub(super) offset: u64,
}

impl Fresh {
    /// The same with the place where the commit begins, and its end.
    pub(super) fn fed(self, begin: Cursor, up_to: UpTo) -> Fed {
        let commits = vec![Seq(up_to.known.cursor.head.size)];
        Fed { fresh: self, begin, commits, up_to }
    }
}

/// Commits in a row as they were gathered on their way into the log, where they are durable.
pub(super) struct Fed {
    pub(super) fresh: Fresh,
    /// The place where the first begins.
    pub(super) begin: Cursor,
    /// The last event of each.
    pub(super) commits: Vec<Seq>,
    /// The end of the last.
    pub(super) up_to: UpTo,
}

/// Commits that a writer recorded, held until the index is brought up to date.
#[derive(Default)]
pub(super) struct Held(Option<Fed>);

impl Held {
    /// Adds a commit by its parts, whose places are those in its segment. It began at `begin`, and the log ends with it.
    pub(super) fn add(&mut self, batches: Vec<Batch>, begin: Option<Cursor>, log: &log::Writer) {
        let follows = |fed: &Fed| Some(fed.up_to.known.cursor) == begin;
        let held = self.0.take().filter(follows);
        self.0 = begin.zip(end_of(log)).and_then(|(begin, up_to)| {
            let last = Seq(up_to.known.cursor.head.size);
            let mut fed = held.unwrap_or_else(|| {
                // They are fewer than those that were recorded at once.
                let gathered = Gathered::new(Path::new(""), usize::MAX);
                Fed { fresh: Fresh { gathered, offset: 0 }, begin, commits: Vec::new(), up_to: up_to.clone() }
            });
            batches.into_iter().try_for_each(|batch| fed.fresh.gathered.push(batch)).ok()?;
            fed.commits.push(last);
            Some(Fed { up_to, ..fed })
        });
    }

    /// Takes them all out.
    pub(super) fn take(&mut self) -> Option<Fed> {
        self.0.take()
    }
}

/// Where a log ends to which somebody writes.
pub(super) fn end_of(log: &log::Writer) -> Option<UpTo> {
    let known = Known { cursor: log.cursor()?, edge: log.edge().clone() };
    Some(UpTo { ledger: log.ledger(), known })
}

/// Brings the index up to the end of commits without reading them again, and says whether it was done: not if the index does
/// not go just up to where they begin, or cannot be brought so far. Nobody else may write meanwhile, or what was
/// gathered might be of an event that is erased by now.
///
/// # Errors
/// As [`rebuild`](super::rebuild).
pub(super) fn feed(dir: &Path, fed: Fed, threads: usize) -> Result<bool, Error> {
    let mut index = open_or_anew(dir)?;
    let is_fed = feed_open(dir, &mut index, fed, threads)?;
    if is_fed {
        index.flush()?;
    }
    Ok(is_fed)
}

/// The same for an open index, without making it last.
///
/// # Errors
/// As [`rebuild`](super::rebuild).
pub(super) fn feed_open(dir: &Path, index: &mut Index, fed: Fed, threads: usize) -> Result<bool, Error> {
    let Fed { fresh: Fresh { mut gathered, offset }, begin, commits, up_to } = fed;
    if !index.is_writable() {
        *index = Index::open_or_make(&index::folder(dir))?;
    }
    let ends_there = |index: &Index| {
        index.up_to().is_some_and(|before| before.ledger == up_to.ledger && before.known.cursor == begin)
    };
    if !ends_there(index) {
        match build(&Log::open(dir)?, index, Some(Seq(begin.head.size)), threads, Sizes::default(), &mut |_| {}) {
            Ok(Built::Whole) => {}
            Ok(Built::Overtaken) | Err(Stopped::Log(log::Error::NotThere)) => return Ok(false),
            Err(stopped) => return Err(stopped.into()),
        }
        if !ends_there(index) {
            return Ok(false);
        }
    }
    let mut next = Seq(begin.head.size + 1);
    for part in gathered.take() {
        let (Part { batches, is_last }, mut draft) = (part?, Draft::from(next));
        draft.begins_at(offset);
        for last in &commits {
            draft.note_commit(*last);
        }
        for batch in batches {
            draft.push(batch);
        }
        next = Seq(next.0 + draft.len());
        draft.put_into(index, is_last.then(|| up_to.clone()))?;
    }
    index.settle()?;
    keep_roots(dir, index);
    Ok(true)
}
