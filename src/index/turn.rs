//! Whose turn it is to write an index. It outlasts the index's folder, which may go meanwhile and come again.

use std::path::Path;
use std::thread;
use std::time::Duration;

use super::unusable::Unusable;
use crate::log::disk::{Access, Disk as _, DiskFile, SystemDisk};

/// Held while it lives; the system ends it with the process.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "the open file is locked")] Box<dyn DiskFile>);

impl Turn {
    /// Waits until nobody else has the turn at the index of this folder, but no longer than this.
    ///
    /// # Errors
    /// [`Unusable::Locked`] if somebody still has it; [`Unusable::Broken`] with what the system says.
    pub fn wait(folder: &Path, at_most: Duration) -> Result<Turn, Unusable> {
        const PAUSE: Duration = Duration::from_millis(5);
        let mut waited = Duration::ZERO;
        let file = SystemDisk.open(&folder.with_extension("lock"), Access::Create)?;
        while !file.try_lock()? {
            if waited >= at_most {
                return Err(Unusable::Locked);
            }
            thread::sleep(PAUSE);
            waited += PAUSE;
        }
        Ok(Turn(file))
    }
}
