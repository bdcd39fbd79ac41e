//! Opening a log for appending: nothing is built on what is not whole, or might not outlast a power cut.

use std::path::Path;

use super::aside;
use super::commit::{Commit, Cursor};
use super::disk::{self, Access};
use super::error::{Error, Result};
use super::layout::Layout;
use super::lock::Lock;
use super::walk::Walk;
use super::writer::{Last, Writer};
use crate::chain::Hash;
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
        see: impl FnMut(&mut Commit<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<Writer, E> {
        Writer::open_in(Layout::new(dir), now_us, opening, see)
    }

    /// The same on any disk.
    pub(super) fn open_in<E: From<Error>>(
        layout: Layout,
        now_us: i64,
        opening: Opening,
        mut see: impl FnMut(&mut Commit<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<Writer, E> {
        super::Log::open_in(layout.clone())?;
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
        let file = layout.disk().open(&path, Access::Write).map_err(Error::io(OPENING, &path))?;
        let last = walk.cursor().map(|cursor| Last { file, len: state.offset, cursor });
        let edge = state.edge.clone().unwrap_or_default();
        let ledger = walk.ledger;
        Ok(Writer { layout, limits, last, edge, ledger, signer: None, poisoned: false, moved_aside, _lock: lock })
    }

    /// Begins a ledger: makes the folders and writes the first commit.
    ///
    /// # Errors
    /// [`Error::Exists`] if there is one; [`Error::Refused`], [`Error::InUse`], [`Error::Io`]. There is no ledger then.
    pub(super) fn create(layout: Layout, limits: Limits, now_us: i64) -> Result<Writer> {
        let log = layout.log();
        disk::make_folders(layout.disk(), &log).map_err(Error::io("make the folder", &log))?;
        let lock = Lock::try_now(&layout)?;
        let listing = layout.list()?;
        if !listing.segments.is_empty() || !listing.misnamed.is_empty() {
            return Err(Error::Exists(layout.dir().to_owned()));
        }
        let moved_aside = aside::clear(&layout, None, now_us)?;
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
}

const OPENING: &str = "open the segment for appending (nothing was written)";
