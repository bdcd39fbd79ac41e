//! A commit whose events are given one by one, in memory only as far as it must be.

use super::draft::Draft;
use super::entry::Entry;
use super::error::{Error, Result};
use super::segment::NewSegment;
use super::writer::{Appended, Writer};

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
}

impl<'w> Bulk<'w> {
    pub(super) fn new(writer: &'w mut Writer, draft: Draft) -> Bulk<'w> {
        Bulk { writer, draft, pending: Vec::new(), own_segment: None }
    }

    /// Adds an event.
    ///
    /// # Errors
    /// [`Error::Refused`] if its payload is too long: the others stay. [`Error::Io`]: nothing will be recorded, and the
    /// writer is poisoned. [`Error::Poisoned`] from then on.
    pub fn push(&mut self, entry: &Entry) -> Result<()> {
        if self.writer.poisoned {
            return Err(Error::Poisoned);
        }
        self.draft.frame(entry, &mut self.pending)?;
        let kept_max = if self.own_segment.is_some() { WRITE_LEN } else { self.writer.limits.commit_inline_max };
        if self.pending.len() > kept_max {
            self.spill().inspect_err(|_| self.writer.poisoned = true)?;
        }
        Ok(())
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
