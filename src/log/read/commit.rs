//! What a scan lends out: commits, and the frames in them, without a copy of any payload.

use super::frame::Frame;
use super::walk::{Checked, Walk};
use crate::frame::Seal;
use crate::log::cursor::Cursor;
use crate::log::damage::Place;
use crate::log::error::Result;

/// One atomic commit. Everything in it has been checked already: lengths, numbers, links, commitments and seal.
#[derive(Debug)]
pub struct Commit<'a> {
    walk: &'a mut Walk,
    checked: Checked,
    next_offset: u64,
}

impl Walk {
    /// Checks the next commit; none at the log's end, and then `tail` is set.
    pub(in crate::log) fn next_commit(&mut self) -> Result<Option<Commit<'_>>> {
        Ok(self.next_checked()?.map(|checked| Commit::new(self, checked)))
    }
}

impl<'a> Commit<'a> {
    pub(in crate::log) fn new(walk: &'a mut Walk, checked: Checked) -> Commit<'a> {
        let next_offset = checked.start;
        Commit { walk, checked, next_offset }
    }

    /// Number of its first event.
    #[must_use]
    pub fn first_seq(&self) -> u64 {
        self.checked.first_seq
    }

    /// Count of its events, at least one.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.checked.seal.size + 1 - self.checked.first_seq
    }

    /// The seal that closes it.
    #[must_use]
    pub fn seal(&self) -> &Seal {
        &self.checked.seal
    }

    /// The place behind it.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.checked.cursor
    }

    /// Lends the first frame next, whatever was lent before.
    pub fn begin_again(&mut self) {
        self.next_offset = self.checked.start;
    }

    /// Lends the next frame; none behind the last.
    ///
    /// # Errors
    /// [`super::Error::Io`]; [`super::Error::Damaged`] if the file changed since the commit was checked.
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>> {
        if self.next_offset >= self.checked.cursor.seal.offset {
            return Ok(None);
        }
        let place = Place { segment: self.checked.cursor.seal.segment, offset: self.next_offset };
        let (frame, len) = self.walk.frame_again(self.checked.start, place)?;
        self.next_offset += len;
        Ok(Some(frame))
    }
}
