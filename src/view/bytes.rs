//! Bytes of a run, in memory or in a file.

use std::borrow::Cow;
use std::sync::Arc;

use crate::log::disk::DiskFile;

/// A part of a run.
#[derive(Clone, Debug)]
pub(super) enum Bytes {
    Memory(Vec<u8>),
    File {
        file: Arc<dyn DiskFile>,
        at: u64,
        len: u64,
        /// CRC-32 of all of them.
        crc: u32,
    },
}

impl Default for Bytes {
    fn default() -> Bytes {
        Bytes::Memory(Vec::new())
    }
}

impl Bytes {
    pub(super) fn len(&self) -> u64 {
        match self {
            Bytes::Memory(bytes) => bytes.len() as u64,
            Bytes::File { len, .. } => *len,
        }
    }

    /// So many bytes from a place on; `None` if they are not there.
    pub(super) fn read(&self, from: u64, count: usize) -> Option<Cow<'_, [u8]>> {
        match self {
            Bytes::Memory(bytes) => {
                let from = usize::try_from(from).ok()?;
                bytes.get(from..from.checked_add(count)?).map(Cow::Borrowed)
            }
            Bytes::File { file, at, len, .. } => {
                if from.checked_add(count as u64)? > *len {
                    return None;
                }
                let mut bytes = vec![0; count];
                (file.read_at(at.checked_add(from)?, &mut bytes).ok()? == count).then_some(Cow::Owned(bytes))
            }
        }
    }

    /// All of them, if they are as they were written.
    pub(super) fn checked(&self) -> Option<Cow<'_, [u8]>> {
        let all = self.all()?;
        match self {
            Bytes::File { crc, .. } if crc32fast::hash(&all) != *crc => None,
            _ => Some(all),
        }
    }

    /// CRC-32 of all of them.
    pub(super) fn crc(&self) -> Option<u32> {
        self.all().map(|all| crc32fast::hash(&all))
    }

    /// All of them.
    pub(super) fn all(&self) -> Option<Cow<'_, [u8]>> {
        self.read(0, usize::try_from(self.len()).ok()?)
    }
}
