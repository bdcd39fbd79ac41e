//! How much stays in memory, and where the rest goes.

use std::path::{Path, PathBuf};

use crate::index;

/// Room for what is set aside.
#[derive(Clone, Debug)]
pub(in crate::ledger) struct Room {
    /// Of the index.
    pub(in crate::ledger) folder: PathBuf,
    /// So many entries or rows of a kind are in memory.
    pub(in crate::ledger) entries_max: usize,
    /// So much of a bucket is in memory, in bytes.
    pub(in crate::ledger) bucket_max: usize,
}

impl Room {
    /// Beside the index of a ledger: about 16 megabytes of each kind are in memory.
    pub(in crate::ledger) fn of_ledger(dir: &Path) -> Room {
        // Seven eighths of a power of two: a hash map of so many is just full.
        Room { folder: index::folder(dir), entries_max: 7 << 16, bucket_max: 1 << 16 }
    }
}
