//! Reading a log: without a lock, without writing, while others write.

use std::path::{Path, PathBuf};

use super::commit::Commit;
use super::tail::TornTail;
use super::walk::Walk;
use super::window::{SegmentFile, header_of, refuse_draft};
use crate::chain::Hash;
use crate::log::cursor::{Cursor, Known};
use crate::log::error::{Error, Result};
use crate::log::layout::Layout;
use crate::tree::Edge;

/// A log, for reading.
#[derive(Clone, Debug)]
pub struct Log {
    layout: Layout,
}

/// From where to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// The first event. Roots are checked on the way.
    Start,
    /// The commit that contains this event. What lies in earlier segments is not looked at.
    Seq(u64),
    /// Behind the seal of this cursor.
    Cursor(Cursor),
    /// Behind a seal of which the tree's edge is known too. Roots are checked on the way.
    Known(Known),
}

/// How a scan ended: the log is whole up to here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The place behind the last commit; none if there is none.
    pub cursor: Option<Cursor>,
    /// What an append left there that was never acknowledged, or is just being made.
    pub tail: Option<TornTail>,
    /// New segments that were never published, or are just being written.
    pub leftovers: Vec<PathBuf>,
}

impl Log {
    /// Opens the ledger in `dir` for reading.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none, [`Error::Unsupported`] if its first segment is of a later format,
    /// [`Error::Io`]. Damage shows when it is read.
    pub fn open(dir: &Path) -> Result<Log> {
        Log::open_in(Layout::new(dir))
    }

    /// The same on any disk.
    pub(in crate::log) fn open_in(layout: Layout) -> Result<Log> {
        let first = layout.list()?.segments.first().copied();
        let first = first.ok_or_else(|| Error::NotFound(layout.dir().to_owned()))?;
        let file = SegmentFile::open(&layout, first)?;
        file.header()?.ok();
        refuse_draft(&layout, &file)?;
        Ok(Log { layout })
    }

    /// The ledger's id: the link of its first event, as the header of the first segment has it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Damaged`], [`Error::Unsupported`], [`Error::Io`].
    pub fn ledger(&self) -> Result<Hash> {
        let first = self.layout.list()?.segments.first().copied();
        let first = first.ok_or_else(|| Error::NotFound(self.layout.dir().to_owned()))?;
        Ok(header_of(&SegmentFile::open(&self.layout, first)?)?.ledger)
    }

    pub(in crate::log) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Reads commits from there on, one after the other.
    ///
    /// # Errors
    /// [`Error::NotThere`] if the log has no such place, and as [`Scan::next_commit`].
    pub fn commits(&self, since: Since) -> Result<Scan> {
        let (walk, seq) = match since {
            Since::Start => (Walk::from_segment(&self.layout, 1, Some(Edge::new())), 0),
            Since::Cursor(cursor) => (Walk::after(&self.layout, &cursor, None), 0),
            Since::Known(known) => (Walk::after(&self.layout, &known.cursor, Some(known.edge)), 0),
            Since::Seq(seq) => {
                let segments = self.layout.list()?.segments;
                let number = segments.into_iter().rev().find(|number| *number <= seq).unwrap_or(1);
                (Walk::from_segment(&self.layout, number, None), seq)
            }
        };
        Ok(Scan { layout: self.layout.clone(), walk: walk?, seq })
    }

    /// Shows every commit from there on to `see`, and says how the log ends.
    ///
    /// # Errors
    /// As [`Log::commits`] and [`Scan::next_commit`]; whatever `see` returns ends the scan.
    pub fn scan<E: From<Error>>(
        &self,
        since: Since,
        mut see: impl FnMut(&mut Commit<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<End, E> {
        let mut scan = self.commits(since)?;
        while let Some(mut commit) = scan.next_commit()? {
            see(&mut commit)?;
        }
        Ok(scan.end()?)
    }
}

/// Commits, one after the other.
#[derive(Debug)]
pub struct Scan {
    layout: Layout,
    walk: Walk,
    /// Commits wholly before this event are not shown.
    seq: u64,
}

impl Scan {
    /// The next commit, checked as a whole; none at the log's end.
    ///
    /// # Errors
    /// [`Error::Damaged`] at the first thing that is not as it was written, [`Error::Unsupported`], [`Error::Io`].
    pub fn next_commit(&mut self) -> Result<Option<Commit<'_>>> {
        while let Some(checked) = self.walk.next_checked()? {
            if checked.seal.size >= self.seq {
                return Ok(Some(Commit::new(&mut self.walk, checked)));
            }
        }
        Ok(None)
    }

    /// The place behind the last commit that was shown.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.walk.cursor()
    }

    /// The place behind the last commit that was shown, and the tree's edge there; none if roots are not checked on the way,
    /// or no commit was shown.
    #[must_use]
    pub fn known(&self) -> Option<Known> {
        Some(Known { cursor: self.walk.cursor()?, edge: self.walk.state().edge.clone()? })
    }

    /// The ledger's id.
    #[must_use]
    pub fn ledger(&self) -> Hash {
        self.walk.ledger
    }

    /// How the log ends; to be asked when there are no more commits.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn end(&self) -> Result<End> {
        let leftovers = self.layout.list()?.leftovers;
        Ok(End { cursor: self.walk.cursor(), tail: self.walk.tail, leftovers })
    }
}
