//! A commit whose events are given one by one, in memory only as far as it must be.

use super::draft::Draft;
use super::entry::Entry;
use super::error::{Error, Result};
use super::segment::NewSegment;
use super::writer::{Appended, Writer};
use crate::chain::Hash;

/// How much of a large commit is written at once, in bytes.
const WRITE_LEN: usize = 1 << 20;

/// How much of it is written before that is made durable, in bytes.
const SYNC_LEN: u64 = 32 << 20;

/// A commit being written. Nothing of it is in the log until [`Bulk::finish`]; dropped, it never was.
pub struct Bulk<'w> {
    writer: &'w mut Writer,
    draft: Draft,
    /// Records that are not written yet.
    pending: Vec<u8>,
    /// Where the records before them are, once there are too many to keep.
    own_segment: Option<NewSegment>,
    /// Length of all records so far, in bytes.
    len: u64,
}

/// What an event became in a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// Its number.
    pub seq: u64,
    /// Where its record stands, in bytes from where the first of the commit does.
    pub offset: u64,
    /// Its leaf in the tree.
    pub leaf: Hash,
    /// The root of the subtree of 256 leaves that it ends, if it ends one.
    pub subtree: Option<Hash>,
}

impl<'w> Bulk<'w> {
    pub(super) fn new(writer: &'w mut Writer, draft: Draft) -> Bulk<'w> {
        Bulk { writer, draft, pending: Vec::new(), own_segment: None, len: 0 }
    }

    /// Adds an event and says what it became.
    ///
    /// # Errors
    /// [`Error::Refused`] if its payload is too long: the others stay. [`Error::Io`]: nothing will be recorded, and the
    /// writer is poisoned. [`Error::Poisoned`] from then on.
    pub fn push(&mut self, entry: &Entry) -> Result<Pushed> {
        if self.writer.poisoned {
            return Err(Error::Poisoned);
        }
        let (before, offset) = (self.pending.len(), self.len);
        let (seq, leaf, subtree) = self.draft.frame(entry, &mut self.pending)?;
        self.len += (self.pending.len() - before) as u64;
        let kept_max = if self.own_segment.is_some() { WRITE_LEN } else { self.writer.limits.commit_inline_max };
        if self.pending.len() > kept_max {
            self.spill().inspect_err(|_| self.writer.poisoned = true)?;
        }
        Ok(Pushed { seq, offset, leaf, subtree })
    }

    /// When its events are recorded, in microseconds.
    #[must_use]
    pub fn recorded_at(&self) -> i64 {
        self.draft.recorded_at
    }

    /// Seals the commit and makes it durable.
    ///
    /// # Errors
    /// As [`Writer::append`].
    pub fn finish(mut self) -> Result<Appended> {
        if self.writer.poisoned {
            return Err(Error::Poisoned);
        }
        let seal_at = self.pending.len();
        let seal = self.draft.seal(self.writer.signer.as_deref(), &mut self.pending)?;
        let Bulk { writer, draft, pending, own_segment, .. } = self;
        let appended = match own_segment {
            None => writer.write_inline(draft, seal, &pending, seal_at),
            Some(mut segment) => {
                let seal_offset = segment.len() + seal_at as u64;
                segment.write(&pending).and_then(|()| writer.publish(draft, seal, segment, seal_offset))
            }
        };
        appended.inspect_err(|_| writer.poisoned = true)
    }

    fn spill(&mut self) -> Result<()> {
        let segment = match &mut self.own_segment {
            Some(segment) => segment,
            none => none.insert(NewSegment::create(&self.writer.layout, &self.writer.header_for(&self.draft))?),
        };
        let before = segment.len();
        segment.write(&self.pending)?;
        self.pending.clear();
        if before / SYNC_LEN == segment.len() / SYNC_LEN { Ok(()) } else { segment.sync() }
    }
}
