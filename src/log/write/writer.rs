//! The writer: one at a time, it appends commits that are on the disk before it answers.

use std::io;

use super::aside::MovedAside;
use super::draft::{Draft, Signer};
use super::segment::NewSegment;
use crate::chain::Hash;
use crate::frame::{HEADER_LEN, Header, Seal};
use crate::log::cursor::Cursor;
use crate::log::damage::Place;
use crate::log::disk::DiskFile;
use crate::log::error::{Error, Result};
use crate::log::layout::Layout;
use crate::log::lock::Lock;
use crate::tree::Edge;

/// How large segments and commits in them may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A commit that would make a segment longer than this begins a new one, in bytes.
    pub segment_len_max: u64,
    /// A commit longer than this gets a segment of its own, in bytes.
    pub commit_inline_max: usize,
}

impl Default for Limits {
    /// 256 MiB and 4 MiB.
    fn default() -> Limits {
        Limits { segment_len_max: 256 << 20, commit_inline_max: 4 << 20 }
    }
}

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
    pub(in crate::log) layout: Layout,
    pub(in crate::log) limits: Limits,
    /// None before the first commit.
    pub(in crate::log) last: Option<Last>,
    pub(in crate::log) edge: Edge,
    pub(in crate::log) ledger: Hash,
    pub(in crate::log) signer: Option<Box<Signer>>,
    pub(in crate::log) poisoned: bool,
    pub(in crate::log) moved_aside: Vec<MovedAside>,
    pub(in crate::log) _lock: Lock,
}

/// The last segment, and the seal that ends it.
pub(in crate::log) struct Last {
    pub(in crate::log) file: Box<dyn DiskFile>,
    pub(in crate::log) len: u64,
    pub(in crate::log) cursor: Cursor,
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

    /// The header of the segment that would begin with this commit.
    pub(in crate::log) fn header_for(&self, draft: &Draft) -> Header {
        let prev = self.cursor().map_or(Hash::ZERO, |cursor| cursor.head.tip);
        let ledger = if self.last.is_some() { self.ledger } else { draft.first_link };
        Header { ledger, first_seq: draft.first_seq, prev }
    }

    /// Writes a commit to the end of the last segment: one write, one sync. A full segment is followed by a new one.
    pub(in crate::log) fn write_inline(
        &mut self,
        draft: Draft,
        seal: Seal,
        bytes: &[u8],
        seal_at: usize,
    ) -> Result<Appended> {
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
    pub(in crate::log) fn publish(
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
