//! The writers' lock. Readers do not know it.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::disk::{Access, DiskFile, holder};
use super::error::{Error, Result};
use super::layout::Layout;

/// How long this process waits for a lock, in seconds.
static PATIENCE_SECONDS: AtomicU64 = AtomicU64::new(60);

/// Says how long this process waits for others who write to a ledger, in seconds; 0: not at all. Left out, 60.
pub fn wait_at_most(seconds: u64) {
    PATIENCE_SECONDS.store(seconds, Ordering::Relaxed);
}

/// Held while it lives; the system releases it, even if the process is killed.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the lock is held by the open file")] Box<dyn DiskFile>);

impl Lock {
    /// Waits until nobody else holds it, but no longer than this process waits for anybody.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::Io`]; nothing was written to the log.
    pub(super) fn wait(layout: &Layout) -> Result<Lock> {
        let locked = locked(open(layout)?).map_err(Error::io(LOCKING, &layout.lock()))?;
        locked.map(Lock).ok_or_else(|| in_use(layout))
    }

    /// Takes it if nobody holds it.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::Io`]; nothing was written to the log.
    pub(super) fn try_now(layout: &Layout) -> Result<Lock> {
        let file = open(layout)?;
        let is_ours = file.try_lock().map_err(Error::io(LOCKING, &layout.lock()))?;
        if is_ours { Ok(Lock(file)) } else { Err(in_use(layout)) }
    }
}

/// The file, once nobody else has it locked; `None` if somebody still has when the time is up.
///
/// # Errors
/// What the system said.
pub(crate) fn locked(file: Box<dyn DiskFile>) -> io::Result<Option<Box<dyn DiskFile>>> {
    let seconds = PATIENCE_SECONDS.load(Ordering::Relaxed);
    if file.try_lock()? {
        return Ok(Some(file));
    }
    if seconds == 0 {
        return Ok(None);
    }
    let (done, wait) = mpsc::channel();
    thread::spawn(move || {
        let locked = file.lock().map(|()| file);
        // Where nobody waits any more the file is closed, and the lock is free again.
        let _ = done.send(locked);
    });
    match wait.recv_timeout(Duration::from_secs(seconds)) {
        Ok(locked) => locked.map(Some),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(RecvTimeoutError::Disconnected) => Err(io::Error::other("whoever waited for the lock ended")),
    }
}

/// Whether somebody writes to the ledger in `dir` just now.
#[must_use]
pub fn is_locked(dir: &Path) -> bool {
    let layout = Layout::new(dir);
    let lock = layout.disk().open(&layout.lock(), Access::Read);
    lock.and_then(|file| file.try_lock()).is_ok_and(|is_free| !is_free)
}

fn open(layout: &Layout) -> Result<Box<dyn DiskFile>> {
    let path = layout.lock();
    layout.disk().open(&path, Access::Create).map_err(Error::io("open the lock (nothing was written)", &path))
}

fn in_use(layout: &Layout) -> Error {
    Error::InUse { dir: layout.dir().to_owned(), by: holder(&layout.lock()) }
}

const LOCKING: &str = "lock the ledger (nothing was written)";
