//! A commit whose events are given one by one, in memory only as far as it must be.

use super::draft::Draft;
use super::segment::NewSegment;
use super::writer::{Appended, Writer};
use crate::chain::Head;
use crate::log::entry::{Entries, Entry, Unlinked};
use crate::log::error::{Error, Result};

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

impl Writer {
    /// Appends events as one commit. A time before the last event's becomes that.
    ///
    /// # Errors
    /// [`Error::Refused`] if there are no events or one is too large: nothing was written. [`Error::Io`]: the
    /// commit was not recorded, or, if the disk fails in that too, may be there although nobody was told so; this writer
    /// refuses everything with [`Error::Poisoned`] from then on.
    pub fn append(&mut self, entries: &[Entry], recorded_at_us: i64) -> Result<Appended> {
        let mut bulk = self.bulk(recorded_at_us)?;
        for entry in entries {
            bulk.push(entry)?;
        }
        bulk.finish()
    }

    /// Begins a commit of any size, whose events are given one by one.
    ///
    /// # Errors
    /// [`Error::Poisoned`] after a failed write.
    pub fn bulk(&mut self, recorded_at_us: i64) -> Result<Bulk<'_>> {
        if self.poisoned {
            return Err(Error::Poisoned);
        }
        let (head, last_at) = self.cursor().map_or((Head::default(), i64::MIN), |last| (last.head, last.recorded_at));
        let draft = Draft::new(head, self.edge.clone(), last_at, recorded_at_us);
        Ok(Bulk::new(self, draft))
    }
}

impl<'w> Bulk<'w> {
    pub(in crate::log) fn new(writer: &'w mut Writer, draft: Draft) -> Bulk<'w> {
        Bulk { writer, draft, pending: Vec::new(), own_segment: None }
    }

    /// Adds an event.
    ///
    /// # Errors
    /// As [`Bulk::push_all`].
    pub fn push(&mut self, entry: &Entry) -> Result<()> {
        self.push_unlinked(entry.unlinked())
    }

    /// Adds events.
    ///
    /// # Errors
    /// [`Error::Refused`] if a payload is too long: those before it stay. [`Error::Io`]: nothing will be recorded, and the
    /// writer is poisoned. [`Error::Poisoned`] from then on.
    pub fn push_all(&mut self, entries: &Entries) -> Result<()> {
        entries.iter().try_for_each(|event| self.push_unlinked(event))
    }

    fn push_unlinked(&mut self, event: Unlinked<'_>) -> Result<()> {
        if self.writer.poisoned {
            return Err(Error::Poisoned);
        }
        self.draft.frame(event, &mut self.pending)?;
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
