//! Opening a log for appending: nothing is built on what is not whole, or might not outlast a power cut.

use std::path::Path;

use super::aside::{self, MovedAside};
use super::draft::Signer;
use super::writer::{Appended, Last, Limits, Writer};
use crate::chain::Hash;
use crate::log::cursor::Known;
use crate::log::disk::{self, Access};
use crate::log::entry::Entry;
use crate::log::error::{Error, Result};
use crate::log::layout::Layout;
use crate::log::lock::Lock;
use crate::log::read::commit::Commit;
use crate::log::read::log::{Log, Since};
use crate::log::read::scan::Scan;
use crate::tree::Edge;

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

/// Moves aside what an interrupted append left behind, and says what and where. `now_us` names the files.
///
/// # Errors
/// As [`Writer::open`]: a damaged log is left exactly as it is.
pub fn repair(dir: &Path, now_us: i64) -> Result<Vec<MovedAside>> {
    Writer::open(dir, now_us).map(|writer| writer.moved_aside().to_vec())
}

impl Log {
    /// Begins a ledger in `dir`: makes the folders and writes the first commit.
    ///
    /// # Errors
    /// [`Error::Exists`] if there is one, [`Error::Refused`], [`Error::InUse`], [`Error::Io`]; there is none then.
    pub fn create(dir: &Path, entries: &[Entry], recorded_at_us: i64) -> Result<Appended> {
        Log::create_with(dir, entries, recorded_at_us, Limits::default())
    }

    /// Begins a ledger with a first commit that is signed.
    ///
    /// # Errors
    /// As [`Log::create`].
    pub fn create_signed(
        dir: &Path,
        entries: &[Entry],
        recorded_at_us: i64,
        signer: Option<Box<Signer>>,
    ) -> Result<Appended> {
        let mut writer = Writer::create(Layout::new(dir), Limits::default(), recorded_at_us)?;
        writer.signer = signer;
        writer.append(entries, recorded_at_us)
    }

    /// Begins a ledger with other sizes of segments.
    ///
    /// # Errors
    /// As [`Log::create`].
    pub fn create_with(dir: &Path, entries: &[Entry], recorded_at_us: i64, limits: Limits) -> Result<Appended> {
        Log::create_in(Layout::new(dir), entries, recorded_at_us, limits)
    }

    /// Begins a ledger on any disk.
    pub(in crate::log) fn create_in(
        layout: Layout,
        entries: &[Entry],
        recorded_at_us: i64,
        limits: Limits,
    ) -> Result<Appended> {
        Writer::create(layout, limits, recorded_at_us)?.append(entries, recorded_at_us)
    }
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

    /// Opens a log for appending from a known place on, showing every commit behind it: what others appended in the meantime.
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

    /// Opens a log for appending, on any disk.
    pub(in crate::log) fn open_in<E: From<Error>>(
        layout: Layout,
        now_us: i64,
        opening: Opening,
        mut see: impl FnMut(&mut Commit<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<Writer, E> {
        let log = Log::open_in(layout.clone())?;
        let lock = if opening.refuse_if_locked { Lock::try_now(&layout) } else { Lock::wait(&layout) }?;
        let mut scan = log.commits(opening.known.map_or(Since::Start, Since::Known))?;
        while let Some(mut commit) = scan.next_commit()? {
            see(&mut commit)?;
        }
        Ok(Writer::behind(layout, lock, opening.limits, &scan, now_us)?)
    }

    /// Takes over where a scan that checked roots ended.
    fn behind(layout: Layout, lock: Lock, limits: Limits, scan: &Scan, now_us: i64) -> Result<Writer> {
        let moved_aside = aside::clear(&layout, scan.tail(), now_us)?;
        let end = scan.good();
        let path = layout.segment(end.segment);
        let file = layout.disk().open(&path, Access::Write).map_err(Error::io(OPENING, &path))?;
        // Whoever wrote what was read may have been killed before it was durable; nothing is built on that.
        file.sync().map_err(Error::io(SETTLING, &path))?;
        layout.sync_names()?;
        let (edge, ledger) = (scan.known().map(|known| known.edge).unwrap_or_default(), scan.ledger());
        let last = scan.cursor().map(|cursor| Last { file, len: end.offset, cursor });
        Ok(Writer { layout, limits, last, edge, ledger, signer: None, poisoned: false, moved_aside, _lock: lock })
    }

    /// Begins a ledger: makes the folders and writes the first commit.
    ///
    /// # Errors
    /// [`Error::Exists`] if there is one; [`Error::Refused`], [`Error::InUse`], [`Error::Io`]. There is no ledger then.
    pub(in crate::log) fn create(layout: Layout, limits: Limits, now_us: i64) -> Result<Writer> {
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

const SETTLING: &str =
    "make durable what was recorded before (nothing was written; restart the machine before you write)";
const OPENING: &str = "open the segment for appending (nothing was written)";
