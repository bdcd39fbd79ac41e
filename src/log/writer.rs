//! The writer: one at a time, it appends commits that are on the disk before it answers.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use super::aside::{self, MovedAside};
use super::bulk::Bulk;
use super::commit::{Commit, Cursor};
use super::damage::Place;
use super::draft::Draft;
use super::entry::Entry;
use super::error::{Error, Result};
use super::layout::{Layout, sync_dir};
use super::lock::Lock;
use super::segment::NewSegment;
use super::walk::Walk;
use crate::chain::{Hash, Head};
use crate::frame::{HEADER_LEN, Header, Seal, Signature};
use crate::tree::Edge;

/// Signs a head and a root.
pub type Signer = dyn Fn(Head, Hash) -> Vec<Signature> + Send + Sync;

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

/// What a caller remembers of an earlier state of the log, so that only what came after has to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The last seal it has seen.
    pub cursor: Cursor,
    /// The edge of the tree under that seal.
    pub edge: Edge,
}

/// How to open a writer.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// From where to read on; none: from the start.
    pub known: Option<Known>,
    /// Refuse with [`Error::InUse`] instead of waiting for another writer.
    pub refuse_if_locked: bool,
    /// Sizes.
    pub limits: Limits,
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
    pub(super) layout: Layout,
    pub(super) limits: Limits,
    /// None before the first commit.
    last: Option<Last>,
    edge: Edge,
    ledger: Hash,
    pub(super) signer: Option<Box<Signer>>,
    pub(super) poisoned: bool,
    moved_aside: Vec<MovedAside>,
    _lock: Lock,
}

/// The last segment, and the seal that ends it.
struct Last {
    file: File,
    len: u64,
    cursor: Cursor,
}

impl Writer {
    /// Opens a log for appending: waits for the lock, reads and checks the whole log, moves aside what an interrupted
    /// append left behind. `now_us` only names the file it is moved to.
    ///
    /// # Errors
    /// As [`Writer::open_and_see`].
    pub fn open(dir: &Path, now_us: i64) -> Result<Writer> {
        Writer::open_and_see(dir, now_us, Opening::default(), |_| Ok::<(), Error>(()))
    }

    /// The same from a known place on, showing every commit behind it: what others appended in the meantime.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Unsupported`], [`Error::InUse`], [`Error::Io`], whatever `see` returns, and
    /// [`Error::NotThere`] if the log does not contain the known place. Nothing was written.
    pub fn open_and_see<E: From<Error>>(
        dir: &Path,
        now_us: i64,
        opening: Opening,
        mut see: impl FnMut(&mut Commit<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<Writer, E> {
        let layout = Layout::new(dir);
        super::Log::open(dir)?;
        let lock = if opening.refuse_if_locked { Lock::try_now(&layout) } else { Lock::wait(&layout) }?;
        let mut walk = match opening.known {
            Some(Known { cursor, edge }) => Walk::after(&layout, &cursor, Some(edge))?,
            None => Walk::from_segment(&layout, 1, Some(Edge::new()))?,
        };
        while let Some(mut commit) = walk.next_commit()? {
            see(&mut commit)?;
        }
        Ok(Writer::behind(layout, lock, opening.limits, &walk, now_us)?)
    }

    /// Takes over where a walk ended.
    fn behind(layout: Layout, lock: Lock, limits: Limits, walk: &Walk, now_us: i64) -> Result<Writer> {
        let moved_aside = aside::clear(&layout, walk.tail, now_us)?;
        let state = walk.state();
        let path = layout.segment(walk.segment());
        let file = OpenOptions::new().write(true).open(&path).map_err(Error::io(OPENING, &path))?;
        let last = walk.cursor().map(|cursor| Last { file, len: state.offset, cursor });
        let edge = state.edge.clone().unwrap_or_default();
        let ledger = walk.ledger;
        Ok(Writer { layout, limits, last, edge, ledger, signer: None, poisoned: false, moved_aside, _lock: lock })
    }

    /// Begins a ledger: makes the folders and writes the first commit.
    ///
    /// # Errors
    /// [`Error::Exists`] if there is one; [`Error::Refused`], [`Error::InUse`], [`Error::Io`]. There is no ledger then.
    pub(super) fn create(dir: &Path, limits: Limits, now_us: i64) -> Result<Writer> {
        let layout = Layout::new(dir);
        let log = layout.log();
        fs::create_dir_all(&log).map_err(Error::io("make the folder", &log))?;
        let lock = Lock::try_now(&layout)?;
        let listing = layout.list()?;
        if !listing.segments.is_empty() || !listing.misnamed.is_empty() {
            return Err(Error::Exists(dir.to_owned()));
        }
        let moved_aside = aside::clear(&layout, None, now_us)?;
        sync_dir(layout.dir())?;
        if let Some(parent) = layout.dir().parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_dir(parent)?;
        }
        Ok(Writer {
            layout,
            limits,
            last: None,
            edge: Edge::new(),
            ledger: Hash::ZERO,
            signer: None,
            poisoned: false,
            moved_aside,
            _lock: lock,
        })
    }

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
    /// [`Error::Refused`] if there are no events or one is too large: nothing was written. [`Error::Io`]: whether the
    /// commit is in the log is not known, and this writer refuses everything with [`Error::Poisoned`] from then on.
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
        let prev = self.cursor().map_or(Hash::ZERO, |cursor| cursor.head.hash);
        let ledger = if self.last.is_some() { self.ledger } else { draft.first_link };
        Header { ledger, first_seq: draft.first_seq, prev }
    }

    /// Writes a commit to the end of the last segment: one write, one sync. A full segment is followed by a new one.
    pub(super) fn write_inline(&mut self, draft: Draft, seal: Seal, bytes: &[u8], seal_at: usize) -> Result<Appended> {
        let (len_max, path) = (self.limits.segment_len_max, self.layout.segment(self.segment()));
        let len = bytes.len() as u64;
        match &mut self.last {
            Some(last) if last.len + len <= len_max => {
                let written = last.file.seek(SeekFrom::Start(last.len)).and_then(|_| last.file.write_all(bytes));
                written.and_then(|()| last.file.sync_data()).map_err(Error::io(APPENDING, &path))?;
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
        let cursor = Cursor { head: draft.head, recorded_at: draft.recorded_at, seal: seal_at };
        self.last = Some(Last { file, len, cursor });
        Ok(self.advance(draft, seal, first, seal_at))
    }

    fn advance(&mut self, draft: Draft, seal: Seal, first_place: Place, seal_at: Place) -> Appended {
        let cursor = Cursor { head: draft.head, recorded_at: draft.recorded_at, seal: seal_at };
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

const OPENING: &str = "open the segment for appending (nothing was written)";
const APPENDING: &str = "append the commit (it was not recorded)";
