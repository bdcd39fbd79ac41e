//! The writers' lock. Readers do not know it.

use std::path::Path;

use super::disk::{Access, DiskFile};
use super::error::{Error, Result};
use super::layout::Layout;

/// Held while it lives; the system releases it, even if the process is killed.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the lock is held by the open file")] Box<dyn DiskFile>);

impl Lock {
    /// Waits until nobody else holds it.
    ///
    /// # Errors
    /// [`Error::Io`]; nothing was written to the log.
    pub(super) fn wait(layout: &Layout) -> Result<Lock> {
        let file = open(layout)?;
        file.lock().map_err(Error::io(LOCKING, &layout.lock()))?;
        Ok(Lock(file))
    }

    /// Takes it if nobody holds it.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::Io`]; nothing was written to the log.
    pub(super) fn try_now(layout: &Layout) -> Result<Lock> {
        let file = open(layout)?;
        let is_ours = file.try_lock().map_err(Error::io(LOCKING, &layout.lock()))?;
        if is_ours { Ok(Lock(file)) } else { Err(Error::InUse(layout.dir().to_owned())) }
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

const LOCKING: &str = "lock the ledger (nothing was written)";
