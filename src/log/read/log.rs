//! A log, opened for reading.

use std::path::Path;

use super::commit::Commit;
use super::scan::{End, Scan};
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

impl Log {
    /// Opens the ledger in `dir` for reading.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none, [`Error::Unsupported`] if its first segment is of a later format,
    /// [`Error::Io`]. Damage shows when it is read.
    pub fn open(dir: &Path) -> Result<Log> {
        Log::open_in(Layout::new(dir))
    }

    /// Opens a ledger on any disk for reading.
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
        let layout = &self.layout;
        match since {
            Since::Start => Scan::from_segment(layout, 1, Some(Edge::new())),
            Since::Cursor(cursor) => Scan::after(layout, &cursor, None),
            Since::Known(known) => Scan::after(layout, &known.cursor, Some(known.edge)),
            Since::Seq(seq) => {
                let segments = layout.list()?.segments;
                let number = segments.into_iter().rev().find(|number| *number <= seq).unwrap_or(1);
                Ok(Scan::from_segment(layout, number, None)?.since(seq))
            }
        }
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
