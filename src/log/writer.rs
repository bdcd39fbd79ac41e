//! The writer: one at a time, it appends commits that are on the disk before it answers.

use std::io;

use super::aside::MovedAside;
use super::bulk::Bulk;
use super::commit::Cursor;
use super::damage::Place;
use super::disk::DiskFile;
use super::draft::Draft;
use super::entry::Entry;
use super::error::{Error, Result};
use super::layout::Layout;
use super::lock::Lock;
use super::opening::Limits;
use super::segment::NewSegment;
use crate::chain::{Hash, Head};
use crate::frame::{HEADER_LEN, Header, Seal, Signature};
use crate::tree::Edge;

/// Signs a count of events and the root over them.
pub type Signer = dyn Fn(u64, Hash) -> Vec<Signature> + Send + Sync;

/// What an append gives back: the commit is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Number of its first event.
    pub first_seq: u64,
    /// Where its first frame stands; the others follow without gaps ([`crate::frame::frame_record_len`]).
    pub first_place: Place,
    /// The seal.
    pub seal: Seal,
    /// The place behind it: head, time and place.
    pub cursor: Cursor,
    /// The clock had gone back, and the last event's time was taken instead.
    pub clamped: bool,
}

/// Appends to a log, and keeps every other writer out while it lives.
pub struct Writer {
    pub(super) layout: Layout,
    pub(super) limits: Limits,
    /// None before the first commit.
    pub(super) last: Option<Last>,
    pub(super) edge: Edge,
    pub(super) ledger: Hash,
    pub(super) signer: Option<Box<Signer>>,
    pub(super) poisoned: bool,
    pub(super) moved_aside: Vec<MovedAside>,
    pub(super) _lock: Lock,
}

/// The last segment, and the seal that ends it.
pub(super) struct Last {
    pub(super) file: Box<dyn DiskFile>,
    pub(super) len: u64,
    pub(super) cursor: Cursor,
}

impl Last {
    /// Adds a commit, durably. If that fails it is cut off again, as far as it can be: nobody was told that it is there,
    /// and nobody may find it and build on it.
    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let written = self.file.write_at(self.len, bytes).and_then(|()| self.file.sync());
        written.inspect_err(|_| drop(self.file.set_len(self.len).and_then(|()| self.file.sync())))
    }
}

impl Writer {
    /// Signs every seal from now on.
    pub fn sign_with(&mut self, signer: Box<Signer>) {
        self.signer = Some(signer);
    }

    /// What was moved aside when this writer was opened.
    #[must_use]
    pub fn moved_aside(&self) -> &[MovedAside] {
        &self.moved_aside
    }

    /// The place behind the last commit.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.last.as_ref().map(|last| last.cursor)
    }

    /// The edge of the tree behind the last commit.
    #[must_use]
    pub fn edge(&self) -> &Edge {
        &self.edge
    }

    /// The ledger's id.
    #[must_use]
    pub fn ledger(&self) -> Hash {
        self.ledger
    }

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

    /// The header of the segment that would begin with this commit.
    pub(super) fn header_for(&self, draft: &Draft) -> Header {
        let prev = self.cursor().map_or(Hash::ZERO, |cursor| cursor.head.tip);
        let ledger = if self.last.is_some() { self.ledger } else { draft.first_link };
        Header { ledger, first_seq: draft.first_seq, prev }
    }

    /// Writes a commit to the end of the last segment: one write, one sync. A full segment is followed by a new one.
    pub(super) fn write_inline(&mut self, draft: Draft, seal: Seal, bytes: &[u8], seal_at: usize) -> Result<Appended> {
        let (len_max, path) = (self.limits.segment_len_max, self.layout.segment(self.segment()));
        let len = bytes.len() as u64;
        match &mut self.last {
            Some(last) if last.len + len <= len_max => {
                last.write(bytes).map_err(Error::io(APPENDING, &path))?;
                let (segment, start) = (last.cursor.seal.segment, last.len);
                last.len += len;
                let seal_at = Place { segment, offset: start + seal_at as u64 };
                Ok(self.advance(draft, seal, Place { segment, offset: start }, seal_at))
            }
            _ => {
                let mut segment = NewSegment::create(&self.layout, &self.header_for(&draft))?;
                segment.write(bytes)?;
                self.publish(draft, seal, segment, HEADER_LEN as u64 + seal_at as u64)
            }
        }
    }

    /// Makes a finished new segment the last one; the seal stands at `seal_offset` in it.
    pub(super) fn publish(
        &mut self,
        draft: Draft,
        seal: Seal,
        segment: NewSegment,
        seal_offset: u64,
    ) -> Result<Appended> {
        let (number, len) = (draft.first_seq, segment.len());
        let file = segment.publish()?;
        if self.last.is_none() {
            self.ledger = draft.first_link;
        }
        let first = Place { segment: number, offset: HEADER_LEN as u64 };
        let seal_at = Place { segment: number, offset: seal_offset };
        let cursor = Cursor { head: seal.head(), recorded_at: draft.recorded_at, seal: seal_at };
        self.last = Some(Last { file, len, cursor });
        Ok(self.advance(draft, seal, first, seal_at))
    }

    fn advance(&mut self, draft: Draft, seal: Seal, first_place: Place, seal_at: Place) -> Appended {
        let cursor = Cursor { head: seal.head(), recorded_at: draft.recorded_at, seal: seal_at };
        if let Some(last) = &mut self.last {
            last.cursor = cursor;
        }
        self.edge = draft.edge;
        Appended { first_seq: draft.first_seq, first_place, seal, cursor, clamped: draft.clamped }
    }

    fn segment(&self) -> u64 {
        self.cursor().map_or(1, |cursor| cursor.seal.segment)
    }
}

const APPENDING: &str = "append the commit (it was not recorded)";
