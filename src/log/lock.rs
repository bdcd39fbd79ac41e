//! The writers' lock. Readers do not know it.

use std::fs::{File, OpenOptions, TryLockError};

use super::error::{Error, Result};
use super::layout::{Layout, refuse_what_is_no_file};

/// Held while it lives; the system releases it, even if the process is killed.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the lock is held by the open file")] File);

impl Lock {
    /// Waits until nobody else holds it.
    ///
    /// # Errors
    /// [`Error::Io`]; nothing was written to the log.
    pub(super) fn wait(layout: &Layout) -> Result<Lock> {
        let file = open(layout)?;
        file.lock().map_err(Error::io("lock the ledger (nothing was written)", &layout.lock()))?;
        Ok(Lock(file))
    }

    /// Takes it if nobody holds it.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::Io`]; nothing was written to the log.
    pub(super) fn try_now(layout: &Layout) -> Result<Lock> {
        let file = open(layout)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(Error::InUse(layout.dir().to_owned())),
            Err(TryLockError::Error(error)) => {
                Err(Error::io("lock the ledger (nothing was written)", &layout.lock())(error))
            }
        }
    }
}

fn open(layout: &Layout) -> Result<File> {
    let path = layout.lock();
    refuse_what_is_no_file(&path, "open the lock (nothing was written)")?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    file.map_err(Error::io("open the lock (nothing was written)", &path))
}
